//! Symbols: the headings and quotations of a brief, the passages of a source, and the sources and entities of
//! the workspace.

use std::collections::HashMap;

use crate::brief::markdown::BlockKind;
use crate::corpus::entity::{self, EntityId};
use crate::corpus::source::{Passage, Source, SourceId, SourceText};
use crate::evidence;
use crate::features::excerpt::{any_of, excerpt};
use crate::features::lookup::Opened;
use crate::features::notes::{self, Note};
use crate::features::{card, completion, lookup, markup};
use crate::text::language::Language;
use crate::text::{FileId, Span, Text};
use crate::workspace::{BriefFile, Snapshot};

/// The kind of a [`Symbol`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A heading of a brief, with everything under it.
    Heading,
    /// A quotation in a brief.
    Quotation,
    /// A numbered passage of a source.
    Passage,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its words on one line, possibly shortened; never empty.
    pub name: String,
    /// The text next to it: for a quotation, the verdict and the place of its words.
    pub detail: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its whole span, in bytes.
    pub span: Span,
    /// Where to put the cursor; inside `span`.
    pub focus: Span,
    /// The symbols inside it, in order.
    pub children: Vec<Symbol>,
}

/// The kind of a [`Found`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// A source.
    Source,
    /// An entity, with its kind if known.
    Entity(Option<entity::Kind>),
    /// A numbered passage of a source.
    Passage,
    /// A note with a tag.
    Note,
}

/// A match for a query.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its kind.
    pub which: Which,
    /// `key · Authors · Title`, all names, or number and words: everything the query may have matched,
    /// because clients filter by it again.
    pub name: String,
    /// `Author · Outlet · year`, the number of mentions, or the key of the passage's source.
    pub detail: String,
    /// The file of its text, or the library if there is none; for an entity, the text that introduces it.
    pub file: FileId,
    /// The content of that file.
    pub text: Text,
    /// The beginning of the text, the key of the entry, the name, or the passage, in bytes.
    pub span: Span,
}

/// Most matches returned for a query.
pub const MOST: usize = 100;

/// How many entities follow the matching sources.
const ENTITIES: usize = 25;

/// How many passages follow everything else.
const PASSAGES: usize = 10;

/// How many of the best passages to consider for those.
const PASSAGES_ASKED: usize = 50;

/// A query with fewer words is a name or a key rather than the text of a passage.
const WORDS_OF_PASSAGE: usize = 2;

/// Longest name in bytes.
const LONGEST: usize = 80;

/// Level below every heading: HTML has six.
const BELOW: usize = 7;

/// The symbols of a source or brief, in order, with the text that their spans refer to.
#[must_use]
pub fn of_file(snap: &Snapshot, file: &FileId) -> Option<(Text, Vec<Symbol>)> {
    if let Some(opened) = Opened::of(snap, file) {
        return Some((opened.text.text.clone(), passages(&opened.text)));
    }
    let brief = snap.brief(file)?;
    Some((brief.text().clone(), parts(snap, file, brief)))
}

fn passages(text: &SourceText) -> Vec<Symbol> {
    let symbol = |passage: &Passage| {
        passage.number?;
        let name = headed(text, passage, &named(text.words(passage)));
        let (kind, span) = (Kind::Passage, passage.span);
        Some(Symbol { name, detail: None, kind, span, focus: span, children: Vec::new() })
    };
    text.passages.iter().filter_map(symbol).collect()
}

/// `words` after the locator of their passage.
fn headed(text: &SourceText, passage: &Passage, words: &str) -> String {
    text.locus(passage).map_or(words.to_owned(), |locus| format!("{locus} {words}"))
}

/// Headings with the quotations under them.
fn parts(snap: &Snapshot, file: &FileId, contents: &BriefFile) -> Vec<Symbol> {
    let brief = contents.brief();
    let tags: HashMap<usize, String> = notes::of_file(file, contents)
        .filter(|note| !note.annotation.tags.is_empty())
        .map(|note| (note.annotation.quotation, tagged(&note)))
        .collect();
    let text = brief.text.as_str();
    let headings: Vec<(usize, String, Span)> = brief
        .markdown
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Heading && block.quote_depth == 0)
        .map(|block| {
            let (level, words) = heading(brief.text.slice(block.span));
            (level, words, block.span)
        })
        .collect();
    let mut all: Vec<(usize, Symbol)> = Vec::new();
    for (at, (level, name, focus)) in headings.iter().enumerate() {
        let next = headings[at + 1..].iter().find(|(other, ..)| other <= level);
        let end = next.map_or(text.len(), |(.., span)| span.start);
        let span = Span::new(focus.start, end.max(focus.end));
        let (kind, focus) = (Kind::Heading, *focus);
        all.push((
            *level,
            Symbol { name: name.clone(), detail: None, kind, span, focus, children: Vec::new() },
        ));
    }
    for (at, quotation) in brief.quotations.iter().enumerate() {
        let detail = snap.loaded.then(|| {
            let found = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
            let place = found.place.and_then(|place| {
                let source = snap.corpus.source(place.source);
                let text = source.text()?;
                let at = card::place(text, text.passages.get(place.passage)?);
                Some(format!(" · {}, {at}", source.key))
            });
            format!("{}{}", found.verdict.name(), place.unwrap_or_default())
        });
        let (kind, span) = (Kind::Quotation, quotation.span);
        let name = named(brief.text.slice(span).trim_start_matches(['>', ' ']));
        let own = tags.get(&at).cloned();
        let detail = match (own, detail) {
            (Some(tags), Some(detail)) => Some(format!("{tags} · {detail}")),
            (tags, detail) => tags.or(detail),
        };
        all.push((BELOW, Symbol { name, detail, kind, span, focus: span, children: Vec::new() }));
    }
    all.sort_by_key(|(level, symbol)| (symbol.span.start, *level));
    nest(all)
}

/// The level of a heading, from 1, and its words.
pub(super) fn heading(written: &str) -> (usize, String) {
    let written = written.trim();
    let marks = written.bytes().take_while(|byte| *byte == b'#').count();
    if marks > 0 {
        return (marks.min(BELOW - 1), named(written[marks..].trim_end().trim_end_matches('#')));
    }
    let (words, line) = written.rsplit_once('\n').unwrap_or((written, "-"));
    (if line.trim_start().starts_with('=') { 1 } else { 2 }, named(words))
}

/// Puts each symbol under the nearest preceding one with a lower level.
fn nest(all: Vec<(usize, Symbol)>) -> Vec<Symbol> {
    fn close(open: &mut Vec<(usize, Symbol)>, roots: &mut Vec<Symbol>) {
        if let Some((_, done)) = open.pop() {
            open.last_mut().map_or(roots, |(_, above)| &mut above.children).push(done);
        }
    }
    let (mut roots, mut open) = (Vec::new(), Vec::<(usize, Symbol)>::new());
    for (level, symbol) in all {
        while open.last().is_some_and(|(other, _)| *other >= level) {
            close(&mut open, &mut roots);
        }
        open.push((level, symbol));
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

/// The sources whose key, author, title, outlet or file matches `query`, ranked as in completion, or all of
/// them by key if it is empty; then the entities with that name, and for several words the passages that
/// contain them. A query that begins with `#` finds the notes with that tag. At most [`MOST`].
#[must_use]
pub fn of_workspace(snap: &Snapshot, query: &str) -> Vec<Found> {
    let query = query.trim();
    if let Some(tag) = query.strip_prefix('#') {
        return with_tag(snap, tag);
    }
    let ids: Vec<SourceId> = if query.is_empty() {
        (0..).map(SourceId).take(snap.corpus.sources().len().min(MOST)).collect()
    } else {
        completion::by_match(snap, query, &HashMap::new(), MOST)
    };
    let sources = ids.into_iter().filter_map(|id| found(snap, snap.corpus.source(id)));
    let entities = snap.entities.matching(query, if query.is_empty() { 0 } else { ENTITIES });
    let several = query.split_whitespace().count() >= WORDS_OF_PASSAGE;
    let passages = if several { passages_with(snap, query) } else { Vec::new() };
    let mut all: Vec<Found> = sources.take(MOST - entities.len() - passages.len()).collect();
    all.extend(entities.into_iter().filter_map(|id| introduced(snap, id)));
    all.extend(passages);
    all
}

/// The notes with a tag that contains `wanted`, ordered by file and offset. At most [`MOST`].
fn with_tag(snap: &Snapshot, wanted: &str) -> Vec<Found> {
    let wanted = wanted.to_lowercase();
    let tagged_so =
        |note: &Note<'_>| note.annotation.tags.iter().any(|tag| tag.to_lowercase().contains(&wanted));
    let found = notes::all(snap).filter(tagged_so).filter_map(|note| {
        let comment = note.comment();
        let words = if comment.is_empty() { note.quoted() } else { comment };
        Some(Found {
            which: Which::Note,
            name: named(&format!("{} {words}", tagged(&note))),
            detail: note.keys().join(", "),
            file: note.file.clone(),
            text: note.brief.text().clone(),
            span: note.quotation()?.span,
        })
    });
    found.take(MOST).collect()
}

/// `#dredging #council`.
fn tagged(note: &Note<'_>) -> String {
    note.annotation.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
}

/// Of the passages that contain every word of `query`, the best matches.
fn passages_with(snap: &Snapshot, query: &str) -> Vec<Found> {
    let asked: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let hits = lookup::passages(&snap.corpus, query, PASSAGES_ASKED).into_iter();
    let found = hits.filter_map(|hit| {
        let source = snap.corpus.source(snap.corpus.of_text(hit.text)?);
        let text = source.text()?;
        let passage = text.passages.get(hit.passage)?;
        let words = markup::flat(text.words(passage));
        let lower = words.to_lowercase();
        if !asked.iter().all(|word| lower.contains(word)) {
            return None;
        }
        let words = excerpt(Language::of(text.language), words, any_of(query).as_ref());
        Some(Found {
            which: Which::Passage,
            name: passage.number.map(|_| headed(text, passage, &named(&words)))?,
            detail: source.key.to_string(),
            file: text.shown().clone(),
            text: text.text.clone(),
            span: passage.span,
        })
    });
    found.take(PASSAGES).collect()
}

/// Where the sources introduce the entity `id`; `None` if no source mentions it.
fn introduced(snap: &Snapshot, id: EntityId) -> Option<Found> {
    let one = snap.entities.entity(id);
    let (text, _, span) = snap.entities.introduction(id)?;
    let text = snap.corpus.source(snap.corpus.of_text(text)?).text()?;
    let name = std::iter::once(&one.name).chain(&one.aliases).map(|name| name.to_string());
    let detail = match one.mentions {
        1 => "1 mention".into(),
        n => format!("{n} mentions"),
    };
    Some(Found {
        which: Which::Entity(one.kind),
        name: name.collect::<Vec<_>>().join(" · "),
        detail,
        file: text.shown().clone(),
        text: text.text.clone(),
        span,
    })
}

/// The location of `source`; `None` if neither its text nor its entry is available.
pub(super) fn found(snap: &Snapshot, source: &Source) -> Option<Found> {
    let (file, text, span) = match (source.text(), &source.entry) {
        (Some(text), _) => {
            let first = text.passages.first().map_or(0, |passage| passage.span.start);
            (text.shown().clone(), text.text.clone(), Span::new(first, first))
        }
        (None, Some(entry)) => (entry.library.clone(), snap.reading_text(&entry.library)?, entry.key_span),
        (None, None) => return None,
    };
    let authors = source.entry.iter().flat_map(|entry| &entry.authors).map(|author| author.full());
    let authors = authors.collect::<Vec<_>>().join(", ");
    let words = [authors.as_str(), source.title().unwrap_or_default()];
    let words = words.into_iter().filter(|part| !part.is_empty()).map(named);
    let name = std::iter::once(source.key.to_string()).chain(words).collect::<Vec<_>>().join(" · ");
    Some(Found { which: Which::Source, name, detail: card::detail(source), file, text, span })
}

/// `words` on one line, shortened; never empty, because clients reject empty names.
fn named(words: &str) -> String {
    let line = markup::clip(&words.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST);
    if line.is_empty() { "(empty)".into() } else { line }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::{harbours, workspace};

    use super::*;

    /// One line each: two blanks per level, name, detail.
    fn outline(symbols: &[Symbol], depth: usize, out: &mut String) {
        for one in symbols {
            assert!(one.span.covers(one.focus), "{one:?}");
            let detail = one.detail.as_ref().map_or(String::new(), |detail| format!(" [{detail}]"));
            out.push_str(&format!("{}{}{detail}\n", "  ".repeat(depth), one.name));
            outline(&one.children, depth + 1, out);
        }
    }

    #[test]
    fn headings_hold_their_quotations() {
        let at = harbours(
            "“Begin work” before all.\n\n# Harbours #\n\nIt would “begin work before the winter” [@moss2020].\n\n### Silt\n\nTides\n=====\n\nHe said “nothing of that kind was ever said” [@moss2020].\n\n> # Not ours\n\n```\n# code\n```\n",
        );
        let (_, symbols) = of_file(&at.snap, &at.file).expect("a brief");
        let mut seen = String::new();
        outline(&symbols, 0, &mut seen);
        let expected = "\
“Begin work” [unchecked]
Harbours
  “begin work before the winter” [verbatim · moss2020, ¶ 2]
  Silt
Tides
  “nothing of that kind was ever said” [not-found]
";
        assert!(seen.starts_with(expected), "{seen}");
        assert_eq!(symbols[1].span.end, symbols[2].span.start);
        assert!(!seen.contains("code") && !seen.contains("\n# Not") && !seen.contains("\nNot"), "{seen}");
    }

    #[test]
    fn a_source_has_its_numbered_passages() {
        let at = workspace("//- sources/moss.txt\nOn Har<|>bours\n\nThey silt up.\n\nNobody\nminds.\n");
        let (_, symbols) = of_file(&at.snap, &at.file).expect("a source");
        let names: Vec<&str> = symbols.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["¶ 1 They silt up.", "¶ 2 Nobody minds."]);
    }

    #[test]
    fn sources_are_found_by_key_author_and_title() {
        let at = harbours("");
        let names = |query: &str| -> Vec<String> {
            of_workspace(&at.snap, query).into_iter().map(|one| one.name).collect()
        };
        let moss = "moss2020 · Ada Moss · On Harbours";
        assert_eq!(names("moss20"), [moss]);
        assert_eq!(names("Ada Moss"), [moss]);
        assert_eq!(names("harbours"), [moss]);
        assert_eq!(names(" ").len(), 3);
        assert!(names("xylophone").is_empty());
    }

    #[test]
    fn a_source_without_a_text_is_found_in_its_library() {
        let at = harbours("");
        let piers = of_workspace(&at.snap, "fenn2022").remove(0);
        assert_eq!(piers.text.slice(piers.span), "fenn2022");
    }

    #[test]
    fn several_words_find_the_passages_that_have_them() {
        let at = harbours("");
        let found = |query: &str| {
            let all = of_workspace(&at.snap, query).into_iter().filter(|one| one.which == Which::Passage);
            all.map(|one| format!("{} [{}] {}", one.name, one.detail, one.text.slice(one.span).len()))
                .collect::<Vec<_>>()
        };
        let pilots = "¶ 1 Tide tables were first printed for the pilots of the estuary, who sold them to… [reed2021] 116";
        assert_eq!(found("shilling copy"), [pilots]);
        assert_eq!(found("Pilots estuary"), [pilots]);
        for query in ["pilots", "pilots nobody-at-all", "Ada Moss", "", "the of"] {
            assert_eq!(found(query), Vec::<String>::new(), "{query}");
        }
    }

    #[test]
    fn a_large_library_is_cut() {
        let entries: String = (0..150).map(|n| format!("@online{{moss{n:03}, title={{Tides}}}}\n")).collect();
        let at = workspace(&format!("//- refs.bib\n{entries}//- brief.md\n"));
        assert_eq!((of_workspace(&at.snap, "moss").len(), of_workspace(&at.snap, "").len()), (100, 100));
    }
}
