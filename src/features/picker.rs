//! Sources and single passages to cite at a place, for a list in the editor. Found by any of their words, so
//! that nobody has to remember a key.

use std::collections::HashMap;

use crate::brief::Brief;
use crate::corpus::source::{Source, SourceId};
use crate::evidence::relevance::{self, Claim};
use crate::features::claim::{self, Stated};
use crate::features::excerpt::{any_of, excerpt};
use crate::features::{card, completion, lookup, markup, symbols};
use crate::text::language::Language;
use crate::text::{FileId, Locus, Span, Text};
use crate::workspace::Snapshot;

/// Something to cite.
#[derive(Debug, Clone)]
pub struct Pick {
    /// The citation key.
    pub key: String,
    /// How the passage is cited; `None` for the source as a whole.
    pub locus: Option<Locus>,
    /// The key, with the locator of a passage.
    pub label: String,
    /// `Author · Outlet · year`.
    pub detail: String,
    /// The passage, starting with the sentence that has a word of the query; or the title.
    pub preview: String,
    /// The text to insert at the place, with any blanks and brackets it needs there.
    pub insert: String,
    /// Its location: the file, its text, and the span in bytes.
    pub file: FileId,
    /// See `file`.
    pub text: Text,
    /// See `file`.
    pub span: Span,
}

/// Most sources listed.
const SOURCES: usize = 40;

/// Most passages listed. They come after the sources that match by name; if a passage is not among the first
/// dozens, another word will find it.
const PASSAGES: usize = 40;

/// The matches for `query` or, if it is blank, for the sentence at `place` (a brief and a byte offset). A
/// passage that matches comes before a source that is merely listed.
#[must_use]
pub fn picks(snap: &Snapshot, query: &str, place: Option<(&FileId, usize)>) -> Vec<Pick> {
    let brief = place.and_then(|(file, offset)| Some((snap.brief(file)?.brief(), offset)));
    let form = brief.map_or(Form::Bracket { blank: false }, |(brief, offset)| form(brief, offset));
    let query = query.trim();
    if query.is_empty() {
        let stated = brief.map(|(brief, offset)| claim::at(brief, offset));
        let claim = stated.as_ref().map_or(Claim { sentence: "", before: "" }, Stated::claim);
        let support = relevance::support(&snap.corpus, claim, PASSAGES).into_iter();
        let mut picks: Vec<Pick> =
            support.filter_map(|hit| passage(snap, hit.source, hit.passage, form, None)).collect();
        if snap.cancel.is_set() {
            return Vec::new();
        }
        let fit = relevance::sources(&snap.corpus, claim);
        picks.extend(completion::by_fit(snap, &fit).into_iter().filter_map(|id| whole(snap, id, form)));
        return picks;
    }
    let by_name = completion::by_match(snap, query, &HashMap::new(), SOURCES);
    let mut picks: Vec<Pick> = by_name.iter().filter_map(|&id| whole(snap, id, form)).collect();
    let asked = any_of(query);
    for hit in lookup::passages(&snap.corpus, query, PASSAGES) {
        if snap.cancel.is_set() {
            return Vec::new();
        }
        let found =
            snap.corpus.of_text(hit.text).and_then(|id| passage(snap, id, hit.passage, form, asked.as_ref()));
        picks.extend(found);
    }
    picks
}

fn whole(snap: &Snapshot, id: SourceId, form: Form) -> Option<Pick> {
    let source = snap.corpus.source(id);
    let place = symbols::found(snap, source)?;
    let preview = source.title().map(markup::flat).unwrap_or_default();
    Some(pick(source, None, preview, form, (place.file, place.text, place.span)))
}

fn passage(
    snap: &Snapshot,
    id: SourceId,
    at: usize,
    form: Form,
    asked: Option<&regex::Regex>,
) -> Option<Pick> {
    let source = snap.corpus.source(id);
    let text = source.text()?;
    let passage = text.passages.get(at)?;
    // Page furniture cannot be cited.
    passage.number?;
    let place = (text.shown().clone(), text.text.clone(), passage.span);
    let preview = excerpt(Language::of(text.language), markup::flat(text.words(passage)), asked);
    Some(pick(source, text.locus(passage), preview, form, place))
}

fn pick(
    source: &Source,
    locus: Option<Locus>,
    preview: String,
    form: Form,
    (file, text, span): (FileId, Text, Span),
) -> Pick {
    let key = source.key.to_string();
    let label = locus.as_ref().map_or_else(|| key.clone(), |locus| format!("{key}, {locus}"));
    let written = format!("@{label}");
    let insert = match form {
        Form::Bracket { blank } => format!("{}[{written}]", if blank { " " } else { "" }),
        Form::Part { mark } => format!("{mark}{written}"),
    };
    Pick { detail: card::detail(source), key, locus, label, preview, insert, file, text, span }
}

/// How to write a citation at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In its own bracket, after a blank if the place touches a word.
    Bracket { blank: bool },
    /// As a part of the bracket that is open there, after a separator.
    Part { mark: &'static str },
}

fn form(brief: &Brief, offset: usize) -> Form {
    let text = brief.text.as_str();
    let start = brief.markdown.block_at(offset).map_or(0, |block| block.span.start);
    let before = text.get(start..offset).unwrap_or_default();
    let open = before.rfind(['[', ']']).filter(|&at| before[at..].starts_with('['));
    let touches = before.chars().next_back().is_some_and(|last| !last.is_whitespace() && last != '(');
    let Some(open) = open else { return Form::Bracket { blank: touches } };
    let part = before[open + 1..].rsplit(';').next().unwrap_or_default();
    let mark = match (part.contains('@'), part.is_empty() || part.ends_with(' ')) {
        (true, _) => "; ",
        (false, true) if part.is_empty() && before.ends_with(';') => " ",
        (false, true) => "",
        (false, false) => " ",
    };
    Form::Part { mark }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::harbours;

    /// The text inserted by each pick; the cursor is at `<|>`.
    fn written(brief: &str, query: &str) -> Vec<String> {
        let at = harbours(brief);
        picks(&at.snap, query, Some((&at.file, at.offset))).into_iter().map(|pick| pick.insert).collect()
    }

    #[test]
    fn passages_that_fit_the_sentence_come_first_then_all_sources() {
        let all = written("Pilots sold printed tables to captains. <|>\n", "");
        assert_eq!(all[0], "[@reed2021, ¶ 1]");
        for source in ["[@moss2020]", "[@reed2021]", "[@fenn2022]"] {
            assert_eq!(all.iter().filter(|one| *one == source).count(), 1, "{source} in {all:?}");
        }
    }

    #[test]
    fn any_word_finds_a_source_or_a_passage() {
        assert_eq!(written("See <|>\n", "Ada")[0], "[@moss2020]");
        assert_eq!(written("See <|>\n", "fishermen villages"), ["[@moss2020, ¶ 3]"]);
        assert_eq!(written("See <|>\n", "zzzz"), Vec::<String>::new());
    }

    #[test]
    fn what_is_written_fits_the_place() {
        for (brief, expected) in [
            ("So it is <|>.\n", "[@fenn2022]"),
            ("So it is<|>.\n", " [@fenn2022]"),
            ("So “it” (<|>).\n", "[@fenn2022]"),
            ("So it is [<|>].\n", "@fenn2022"),
            ("So it is [see <|>].\n", "@fenn2022"),
            ("So it is [see<|>].\n", " @fenn2022"),
            ("So it is [@moss2020, ¶ 2<|>].\n", "; @fenn2022"),
            ("So it is [@moss2020;<|>].\n", " @fenn2022"),
            ("So it is [@moss2020; <|>].\n", "@fenn2022"),
            ("So [@moss2020] it is <|>.\n", "[@fenn2022]"),
        ] {
            assert_eq!(written(brief, "fenn2022")[0], expected, "{brief}");
        }
    }

    #[test]
    fn outside_of_briefs_a_bracket_is_written() {
        let at = harbours("");
        let all = picks(&at.snap, "shilling", None);
        assert_eq!(all[0].label, "reed2021, ¶ 1");
        assert_eq!(all[0].detail, "Reed · 2021");
        assert_eq!(all[0].insert, "[@reed2021, ¶ 1]");
        assert!(all[0].text.slice(all[0].span).starts_with("Tide tables were first printed"));
    }
}
