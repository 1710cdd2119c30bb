//! Notes with words that their source no longer has, with the places that come nearest.

use super::finding::{Finding, Fix, finding};
use crate::brief::markdown::BlockKind;
use crate::brief::quotation::Quotation;
use crate::config::{Code, Level};
use crate::corpus::source::{Labels, SourceId};
use crate::evidence::anchor::{Anchor, Candidate};
use crate::evidence::{self, verdict::Verdict};
use crate::features::notes::{self, Note};
use crate::features::{markup, quote};
use crate::text::{FileId, Span};
use crate::workspace::{BriefFile, Snapshot};

/// Longest excerpt of the source in the title of a fix, in characters.
const EXCERPT: usize = 60;

/// Replaces the finding that the words of a note were not found by one that says where they may be now.
pub(super) fn check(snap: &Snapshot, file: &FileId, brief: &BriefFile, findings: &mut Vec<Finding>) {
    if snap.config.level(Code::OrphanedNote) == Level::Off || snap.corpus.is_partly_read() {
        return;
    }
    for note in notes::of_file(file, brief).take_while(|_| !snap.cancel.is_set()) {
        let Some(quotation) = note.quotation() else { continue };
        let evidence = evidence::check(&snap.corpus, &snap.memo, brief.brief(), quotation);
        // Anything that was found is reported as what it is: altered, spliced, from another source.
        let lost = match note.annotation.citations.is_empty() {
            true => evidence.place.is_none() && !is_emphasis(&note, quotation),
            false => evidence.verdict == Verdict::NotFound,
        };
        if !lost {
            continue;
        }
        let sources: Vec<SourceId> = note.keys().iter().filter_map(|key| snap.corpus.find(key)).collect();
        let mut candidates: Vec<Candidate> = Vec::new();
        let orphaned = sources.iter().all(|&source| match note.anchor(snap, source) {
            Anchor::Orphan(found) => {
                candidates.extend(found);
                true
            }
            Anchor::Held(..) | Anchor::Several(_) | Anchor::Unknown => false,
        });
        // Without a citation the words may be the writer's own, unless the source has some like them.
        let own = note.annotation.citations.is_empty() && candidates.is_empty();
        if sources.is_empty() || !orphaned || own {
            continue;
        }
        candidates.sort_by_key(|one| one.differs);
        findings.retain(|found| found.code != Code::QuotationNotFound || !quotation.span.covers(found.span));
        findings.push(orphan(snap, &note, quotation, &candidates));
    }
}

fn orphan(snap: &Snapshot, note: &Note<'_>, quotation: &Quotation, candidates: &[Candidate]) -> Finding {
    let keys = note.keys().join(" or ");
    let mut message = format!("The words of this note are no longer in the text of {keys}.");
    let mut found = finding(Code::OrphanedNote, quotation.span, String::new());
    for one in candidates {
        let source = snap.corpus.source(one.place.source);
        let Some(text) = source.text() else { continue };
        let words = markup::flat(text.text.slice(one.place.span));
        let locus = text
            .passages
            .get(one.place.passage)
            .and_then(|passage| text.locus_of(passage, one.place.span))
            .map(|locus| locus.to_string());
        let place = locus.as_deref().unwrap_or("another passage");
        if found.related.is_empty() {
            message.push_str(&format!(" {place} comes nearest ({} % differ).", one.differs.max(1)));
        }
        let place_in_file = text.text.in_file(one.place.span);
        found.related.push((text.shown().clone(), place_in_file, format!("{place}: “{words}”")));
        let title = format!("Re-anchor to {place}: “{}”", markup::clip(&words, EXCERPT));
        if let Some(edits) = moved(note, quotation, &source.key, &words, locus.as_deref()) {
            // Only the writer knows whether the note is about these words.
            let counted =
                text.labels == Labels::Counted && locus.as_deref().is_some_and(|l| l.starts_with('p'));
            if !counted || found.fixes.is_empty() {
                found.fixes.push(Fix { title, edits, sure: false, restores: false });
            }
        }
    }
    if found.related.is_empty() {
        message.push_str(" Find its passage, or delete the note.");
    }
    found.message = message;
    found
}

/// The edits that give the note the words `words` of the source `key` and their locator.
fn moved(
    note: &Note<'_>,
    quotation: &Quotation,
    key: &str,
    words: &str,
    locus: Option<&str>,
) -> Option<Vec<(Span, String)>> {
    let (first, last) = (quotation.words.first()?, quotation.words.last()?);
    let mut edits = vec![(Span::new(first.start, last.end), quote::set(words, None))];
    let citation = note.citations().find(|citation| citation.key == *key);
    if let Some((citation, locus)) = citation.zip(locus) {
        edits.push(match &citation.locator {
            Some(locator) => (locator.span, locus.to_owned()),
            None => (Span::new(citation.span.end, citation.span.end), format!(", {locus}")),
        });
    }
    edits.sort_unstable();
    let overlaps = edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start);
    (!overlaps).then_some(edits)
}

/// Returns true if the whole quotation is emphasised: a warning or a summary of the writer's, or an e-mail above
/// which `… wrote:` stands.
fn is_emphasis(note: &Note<'_>, quotation: &Quotation) -> bool {
    let said = note.brief.brief();
    let text = said.text.as_str();
    let (Some(first), Some(last)) = (quotation.words.first(), quotation.words.last()) else { return true };
    let marked = text[..first.start].trim_end_matches(' ').ends_with(['*', '_'])
        && text[last.end..].trim_start_matches(' ').starts_with(['*', '_']);
    let above = said.markdown.blocks.iter().rfind(|block| block.span.end <= quotation.span.start);
    let mail = above.is_some_and(|block| {
        block.kind == BlockKind::Paragraph && said.text.slice(block.span).trim_end().ends_with(':')
    });
    marked || mail
}

#[cfg(test)]
mod tests {
    use crate::features::diagnostics::{self, Finding};
    use crate::features::edits::Edits;
    use crate::features::fixture::{Fixture, workspace};
    use crate::text::FileId;

    const SOURCE: &str = "//- refs.bib\n@online{moss2020, author={Moss, Ada}, title={On Harbours}, file={sources/moss.txt}}\n//- sources/moss.txt\nOn Harbours\n\n\
        Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year.\n\n\
        Fishermen from the northern villages now land their catch across the bay, where the water is deep enough at every tide.\n";

    fn noted(name: &str, note: &str) -> (Fixture, Vec<Finding>) {
        let at = workspace(&format!("{SOURCE}//- {name}\n{note}"));
        let file = FileId::new(at.folder().join(name));
        let found = diagnostics::of_file(&at.snap, &file);
        (at, found)
    }

    fn codes(name: &str, note: &str) -> Vec<&'static str> {
        noted(name, note).1.iter().map(|found| found.code.name()).collect()
    }

    #[test]
    fn an_orphan_is_offered_the_nearest_places() {
        let note = "> the council has always paid for every dredging of the basin since the winter\n> [@moss2020, ¶ 2] ^paid\n\nAsk.\n";
        let (at, found) = noted("notes/moss.md", note);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.code.name(), "orphaned-note");
        assert!(one.message.contains("¶ 1 comes nearest"), "{}", one.message);
        let fix = &one.fixes[0];
        assert!(!fix.sure && fix.title.starts_with("Re-anchor to ¶ 1: “the council has not paid"), "{fix:?}");
        let text = at.snap.reading_text(&FileId::new(at.folder().join("notes/moss.md"))).expect("a text");
        let after = Edits { text, edits: fix.edits.clone() }.applied();
        assert_eq!(
            after,
            "> the council has not paid for dredging since the spring\n> [@moss2020, ¶ 1] ^paid\n\nAsk.\n"
        );
        assert!(codes("notes/moss.md", &after).is_empty());
    }

    #[test]
    fn an_orphan_that_resembles_nothing_is_kept_and_reported() {
        let note =
            "> seven sailors sang of a whale that swallowed the chandler and his dog [@moss2020]\n\nOdd.\n";
        assert_eq!(codes("notes/moss.md", note), ["orphaned-note"]);
        // In a brief it is an ordinary quotation.
        assert_eq!(codes("brief.md", note), ["quotation-not-found"]);
    }

    #[test]
    fn a_note_that_is_fine_is_silent() {
        for note in [
            "> Harbours silt up when nobody dredges them [@moss2020, ¶ 1]\n",
            "> Harbours silt up … the council has not paid for dredging [@moss2020, ¶ 1]\n",
            "> too short [@moss2020]\n",
            "> whatever this source that nobody has may say at any length [@holm1911]\n\nNo text.\n",
        ] {
            let found = codes("notes/moss.md", note);
            assert!(!found.contains(&"orphaned-note"), "{note}: {found:?}");
        }
    }

    #[test]
    fn the_writers_own_words_in_a_literature_note_are_no_orphans() {
        for note in [
            "> **The council must read this before the vote in the spring of that year.**\n",
            "> [!note] The council has always paid for dredging in the spring of that year\n",
            "> A summary in my own words of all that the author says about ports.\n",
            "On 4 May Ada wrote:\n\n> the council has always paid for every dredging since the winter\n",
        ] {
            assert!(codes("lit/@moss2020.md", note).is_empty(), "{note}");
        }
        let note = "> the council has always paid for every dredging since the winter\n\nAsk.\n";
        assert_eq!(codes("lit/@moss2020.md", note), ["orphaned-note"]);
        assert!(codes("lit/moss2020.md", note).is_empty());
    }
}
