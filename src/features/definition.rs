//! Jumps from a brief to the place in a source that it relies on, and from a name to the passage that
//! introduces it.

use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::evidence;
use crate::features::lookup::{self, Opened, Thing, source_of};
use crate::features::names;
use crate::features::target::Jump;
use crate::text::{FileId, FileOffset, Span};
use crate::workspace::Snapshot;
use crate::workspace::load::literature_key;

/// The passage or words that `at` in the brief `file` refers to. A key or locator leads to the passage that
/// the citation names (without a locator, the first passage), a verbatim quotation to its words. A key leads
/// to its source even if the locator names no passage of it; an entry without a text is its own target. A
/// name, in a brief or a source, leads to the passage that introduces it. A link `[[@key]]` leads to the note
/// `@key.md` if there is one.
#[must_use]
pub fn definition(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Jump> {
    of_thing(snap, file, at).or_else(|| names::definition(snap, file, at))
}

fn of_thing(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Jump> {
    let brief = snap.brief(file)?.brief();
    let thing = lookup::at(brief, brief.text.offset_of(at))?;
    let origin = brief.text.in_file(thing.span());
    if let Thing::Key(citation) = thing
        && let Some(jump) = literature_note(snap, brief, citation)
    {
        return Some(jump);
    }
    let citation = match thing {
        Thing::Key(citation) | Thing::Locator(citation, _) => citation,
        Thing::Quotation(quotation) => {
            let place = evidence::check(&snap.corpus, &snap.memo, brief, quotation).place?;
            let text = snap.corpus.source(place.source).text()?;
            let target = text.passages.get(place.passage)?.span;
            let target = Span::new(target.start, target.end.max(place.span.end));
            return Some(Jump {
                origin,
                file: text.shown().clone(),
                text: text.text.clone(),
                target,
                focus: place.span,
            });
        }
    };
    let source = snap.corpus.source(source_of(&snap.corpus, citation)?);
    let Some(text) = source.text() else { return declaration(snap, file, at) };
    let loci = citation.locator.as_ref().map_or(&[][..], |locator| &locator.loci);
    let named = loci.first().filter(|_| text.counts_by(loci)).map(|range| range.first.clone());
    let wanted = match (named.map(|locus| text.passage_at(locus)), thing) {
        (Some(Some(passage)), _) => passage,
        // A missing paragraph has no place to jump to, as the finding says, but the key does.
        (Some(None), Thing::Locator(..)) => return None,
        (Some(None) | None, _) => text.first_numbered().unwrap_or(0),
    };
    let target = text.passages.get(wanted).map_or(Span::new(0, 0), |passage| passage.span);
    Some(Jump { origin, file: text.shown().clone(), text: text.text.clone(), target, focus: target })
}

/// The note `@key.md` that a link of Obsidian or Zettlr opens, if `citation` is written as one: `[[@key]]`.
fn literature_note(snap: &Snapshot, brief: &Brief, citation: &Citation) -> Option<Jump> {
    let text = brief.text.as_str();
    let linked = text[..citation.span.start].ends_with("[[") && text[citation.span.end..].starts_with("]]");
    if !linked {
        return None;
    }
    let named = |file: &&FileId| literature_key(file.path()) == Some(&*citation.key);
    let briefs = snap.briefs();
    let file = briefs.iter().map(|(file, _)| *file).find(named)?;
    let text = snap.brief(file)?.text().clone();
    let start = Span::new(0, 0);
    Some(Jump {
        origin: brief.text.in_file(citation.span),
        file: file.clone(),
        text,
        target: start,
        focus: start,
    })
}

/// The library entry of the citation at `at` in the brief `file`, or of the source `file` from any of its
/// passages.
#[must_use]
pub fn declaration(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Jump> {
    let (origin, source) = if let Some(brief) = snap.brief(file) {
        let text = brief.text();
        let thing = lookup::at(brief.brief(), text.offset_of(at))?;
        let (Thing::Key(citation) | Thing::Locator(citation, _)) = thing else { return None };
        (text.in_file(thing.span()), source_of(&snap.corpus, citation)?)
    } else {
        let opened = Opened::of(snap, file)?;
        let passage = opened.text.passages.get(opened.passage_at(at)?)?;
        (opened.text.text.in_file(passage.span), opened.id)
    };
    let entry = snap.corpus.source(source).entry.clone()?;
    let library = snap.corpus.libraries.iter().find(|library| library.file == entry.library)?;
    Some(Jump {
        origin,
        file: entry.library.clone(),
        text: library.text.clone(),
        target: entry.span,
        focus: entry.key_span,
    })
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::{harbours, workspace};

    use super::*;

    fn check(
        find: fn(&Snapshot, &FileId, FileOffset) -> Option<Jump>,
        brief: &str,
        expected: Option<(&str, &str)>,
    ) {
        let at = harbours(brief);
        let jump = find(&at.snap, &at.file, at.cursor);
        let seen = jump.as_ref().map(|jump| {
            let name = jump.file.path().file_name().and_then(|name| name.to_str()).expect("a name");
            (name, jump.text.slice(jump.focus))
        });
        match (seen, expected) {
            (Some((file, words)), Some((wanted, beginning))) => {
                assert_eq!(file, wanted);
                assert!(words.starts_with(beginning), "{words}");
            }
            (seen, expected) => assert_eq!(seen, expected),
        }
    }

    #[test]
    fn a_key_leads_to_the_first_passage_or_the_cited_one() {
        check(definition, "See [@mo<|>ss2020].\n", Some(("moss.txt", "Harbours silt up")));
        check(definition, "See [@mo<|>ss2020, para. 3].\n", Some(("moss.txt", "Fishermen from")));
        check(definition, "See [@moss2020, ¶ <|>2].\n", Some(("moss.txt", "The port authority")));
    }

    #[test]
    fn a_key_leads_to_its_source_whatever_its_locator_says() {
        for locator in ["¶ 99", "¶ 0", "para. 40-41", "p. 7", "chap. 2"] {
            let brief = format!("See [@mo<|>ss2020, {locator}].\n");
            check(definition, &brief, Some(("moss.txt", "Harbours silt up")));
        }
        check(definition, "See @mo<|>ss2020 [¶ 12].\n", Some(("moss.txt", "Harbours silt up")));
        // Only the first number counts, and that passage exists.
        check(definition, "See [@mo<|>ss2020, ¶ 3, 99].\n", Some(("moss.txt", "Fishermen from")));
    }

    #[test]
    fn a_time_leads_to_what_is_said_then() {
        let talk = "//- refs.bib\n@misc{talk, file={sources/talk.srt}}\n//- sources/talk.srt\n\
            1\n00:00:01,000 --> 00:00:04,000\nThe weir was mended twice in that year.\n\n\
            2\n00:01:05,500 --> 00:01:09,000\nNobody paid the millers for the flour.\n\n\
            3\n00:01:10,000 --> 00:01:12,000\nThat was the end of it, she said.\n//- brief.md\n";
        let at = |locator: &str| {
            let at = workspace(&format!("{talk}See [@talk, <|>{locator}].\n"));
            let jump = definition(&at.snap, &at.file, at.cursor)?;
            Some(jump.text.slice(jump.focus).to_owned())
        };
        assert_eq!(at("00:01:06").as_deref(), Some("Nobody paid the millers for the flour."));
        // If nothing is said at that moment, what was said last is meant.
        assert_eq!(at("1:09").as_deref(), Some("Nobody paid the millers for the flour."));
        assert_eq!(at("0:00").as_deref(), Some("The weir was mended twice in that year."));
        assert_eq!(at("2:00:00"), None);
        // It has no pages: both key and locator lead to the text.
        assert_eq!(at("p. 7").as_deref(), Some("The weir was mended twice in that year."));
    }

    #[test]
    fn a_verbatim_quotation_leads_to_its_words() {
        check(
            definition,
            "It would “begin wo<|>rk before the winter” [@moss2020].\n",
            Some(("moss.txt", "begin work before the winter")),
        );
    }

    #[test]
    fn the_declaration_is_the_entry() {
        check(declaration, "See [@mo<|>ss2020, ¶ 2].\n", Some(("refs.bib", "moss2020")));
        check(definition, "See [@fe<|>nn2022].\n", Some(("refs.bib", "fenn2022")));
    }

    #[test]
    fn a_source_leads_to_its_entry() {
        let at = harbours("");
        let moss = at.snap.corpus.source(at.snap.corpus.find("moss2020").expect("moss"));
        let file = moss.text().expect("a text").file.clone();
        let jump = declaration(&at.snap, &file, FileOffset(20)).expect("a jump");
        assert_eq!(jump.text.slice(jump.focus), "moss2020");
        assert_eq!(jump.origin.start, FileOffset(13));
        assert!(definition(&at.snap, &file, FileOffset(20)).is_none());
    }

    #[test]
    fn what_is_not_ours_leads_nowhere() {
        check(definition, "See <|>[@moss2020].\n", None);
        check(definition, "See [@nob<|>ody1999].\n", None);
        check(definition, "See [@moss2020, ¶ 9<|>9].\n", None);
        check(definition, "See [link](h<|>ttps://x.example).\n", None);
    }
}
