//! From a source, a passage or a library entry to the places in briefs that rely on it. Uses what each brief
//! has worked out once: a request looks at the briefs, never at the library.

use std::sync::Arc;

use crate::brief::Brief;
use crate::brief::citation::{Citation, Locator};
use crate::corpus::source::SourceId;
use crate::evidence;
use crate::evidence::verdict::Evidence;
use crate::features::lookup::{self, Opened, Thing};
pub use crate::features::target::{Reference, What};
use crate::features::{names, notes};
use crate::text::{FileId, FileOffset};
use crate::workspace::{BriefFile, Snapshot};

/// Everything that relies on the thing at `at` in `file`, ordered by file and offset:
///
/// - for a key, in a brief or a library: its citations, and its entries if `and_entry`;
/// - for a locator in a brief, or anywhere in a passage of a source: the citations that name the passage and
///   the quotations found in it, also those of notes;
/// - for a quotation in a brief: the other quotations of its passage;
/// - for a name elsewhere: the mentions of the same entity, in briefs and sources.
#[must_use]
pub fn references(snap: &Snapshot, file: &FileId, at: FileOffset, and_entry: bool) -> Vec<Reference> {
    let mentions = || {
        let mention = |(file, text, span)| Reference { file, text, span, what: What::Mention };
        Some(names::references(snap, file, at)?.into_iter().map(mention).collect())
    };
    // In a source, a name takes precedence over the passage around it.
    let first = if snap.brief(file).is_none() { mentions() } else { None };
    first.or_else(|| found(snap, file, at, and_entry)).or_else(mentions).unwrap_or_default()
}

fn found(snap: &Snapshot, file: &FileId, at: FileOffset, and_entry: bool) -> Option<Vec<Reference>> {
    if let Some(brief) = snap.brief(file)
        && let Some(thing) = thing_at(brief.brief(), at)
    {
        return match thing {
            Thing::Key(citation) => Some(of_key(snap, &citation.key, and_entry)),
            Thing::Locator(citation, locator) => {
                let source = lookup::source_of(&snap.corpus, citation)?;
                let text = snap.corpus.source(source).text()?;
                Some(of_passages(snap, source, &text.passages_at(&locator.loci)))
            }
            Thing::Quotation(quotation) => {
                let place = evidence::check(&snap.corpus, &snap.memo, brief.brief(), quotation).place?;
                let mut all = of_passages(snap, place.source, &[place.passage]);
                all.retain(|one| {
                    matches!(one.what, What::Quotation(..))
                        && (one.file != *file || one.span != quotation.span)
                });
                Some(all)
            }
        };
    }
    if let Some(entry) = lookup::entry_at(snap, file, at) {
        return Some(of_key(snap, &entry.key, and_entry));
    }
    let opened = Opened::of(snap, file)?;
    let at = opened.known(snap, opened.passage_at(at)?)?;
    Some(of_passages(snap, opened.id, &[at]))
}

fn thing_at(brief: &Brief, at: FileOffset) -> Option<Thing<'_>> {
    let offset = brief.text.offset_of(at);
    lookup::at(brief, offset).or_else(|| lookup::key_at(brief, offset).map(Thing::Key))
}

/// All citations of `key`, preceded by its entries if `and_entry`.
fn of_key(snap: &Snapshot, key: &str, and_entry: bool) -> Vec<Reference> {
    let entries = snap.corpus.entries(key).filter(|_| and_entry).filter_map(|entry| {
        let (file, text) = (entry.library.clone(), snap.reading_text(&entry.library)?);
        Some(Reference { file, text, span: entry.key_span, what: What::Entry })
    });
    let mut all: Vec<Reference> = entries.collect();
    for (file, brief) in snap.briefs() {
        all.extend(brief.citations_of(key).map(|citation| cited(file, brief, citation)));
    }
    all
}

/// The citations that name one of `passages` of `source`, and the quotations found in one.
pub(super) fn of_passages(snap: &Snapshot, source: SourceId, passages: &[usize]) -> Vec<Reference> {
    let key = &snap.corpus.source(source).key;
    let Some(text) = snap.corpus.source(source).text() else { return Vec::new() };
    let passages: Vec<_> = passages.iter().filter_map(|&at| Some((at, text.passages.get(at)?))).collect();
    let names = |locator: &Locator| {
        let wanted = text.wanted(&locator.loci);
        passages.iter().any(|(_, passage)| wanted.names(passage))
    };
    let holds = |evidence: &Evidence| passages.iter().any(|(at, passage)| evidence.is_in(*at, passage));
    let mut all = Vec::new();
    for (file, brief) in snap.briefs() {
        let citations = brief.citations_of(key).filter(|c| c.locator.as_ref().is_some_and(names));
        let mut quotations = brief.leaning_on(snap, source);
        quotations.retain(|(_, evidence)| holds(evidence));
        // A note in a file about this source need not cite it.
        for note in notes::of_file(file, brief).filter(|note| note.annotation.citations.is_empty()) {
            let on = |at: &usize| passages.iter().any(|(passage, _)| passage == at);
            let at = note.annotation.quotation;
            if note.keys().iter().any(|own| *own == **key)
                && quotations.iter().all(|(known, _)| *known != at)
                && note.passages(snap, source).iter().any(on)
                && let Some(quotation) = note.quotation()
            {
                quotations.push((at, evidence::check(&snap.corpus, &snap.memo, brief.brief(), quotation)));
            }
        }
        all.extend(together(file, brief, citations, quotations.into_iter()));
    }
    all
}

/// Everything that relies on the source `key`, ordered by file and offset: its citations, and the quotations
/// whose words occur in its text or that cite it.
#[must_use]
pub fn leaning(snap: &Snapshot, key: &str) -> Vec<Reference> {
    let source = snap.corpus.find(key);
    let mut all = Vec::new();
    for (file, brief) in snap.briefs() {
        let mut quotations = source.map(|source| brief.leaning_on(snap, source)).unwrap_or_default();
        let said = brief.brief();
        let cites = |at: &usize| said.citations.get(*at).is_some_and(|citation| citation.key == key);
        for (at, quotation) in said.quotations.iter().enumerate() {
            if quotation.citations.iter().any(cites) && quotations.iter().all(|(known, _)| *known != at) {
                let evidence = evidence::check(&snap.corpus, &snap.memo, said, quotation);
                // A quotation found in another source relies on that one.
                if evidence.place.is_none() {
                    quotations.push((at, evidence));
                }
            }
        }
        all.extend(together(file, brief, brief.citations_of(key), quotations.into_iter()));
    }
    all
}

/// Citations and quotations of one brief, in order.
fn together<'a>(
    file: &FileId,
    brief: &BriefFile,
    citations: impl Iterator<Item = &'a Citation>,
    quotations: impl Iterator<Item = (usize, Arc<Evidence>)>,
) -> Vec<Reference> {
    let quotations = quotations.filter_map(|(at, evidence)| {
        let quotation = brief.brief().quotations.get(at)?.clone();
        let (file, text, span) = (file.clone(), brief.text().clone(), quotation.span);
        Some(Reference { file, text, span, what: What::Quotation(quotation, evidence) })
    });
    let mut all: Vec<Reference> =
        citations.map(|citation| cited(file, brief, citation)).chain(quotations).collect();
    all.sort_by_key(|one| one.span);
    all
}

fn cited(file: &FileId, brief: &BriefFile, citation: &Citation) -> Reference {
    let what = What::Citation(citation.locator.clone());
    Reference { file: file.clone(), text: brief.text().clone(), span: citation.span, what }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::{Fixture, harbours, notes_on_harbours, workspace};

    use super::*;

    /// `name:offset words` of each reference.
    fn seen(at: &Fixture, and_entry: bool) -> Vec<String> {
        let all = references(&at.snap, &at.file, at.cursor, and_entry);
        let row = |one: &Reference| {
            let name = one.file.path().file_name().and_then(|name| name.to_str()).expect("a name");
            format!("{name}:{} {}", one.span.start, one.text.slice(one.span))
        };
        all.iter().map(row).collect()
    }

    /// Two briefs and a source; `source` replaces its text, to put the cursor there.
    fn two(first: &str, second: &str, library: &str, source: &str) -> Fixture {
        workspace(&format!(
            "//- refs.bib\n{library}\n//- sources/moss.txt\n{source}//- a.md\n{first}//- b.md\n{second}"
        ))
    }

    const ENTRY: &str = "@online{moss2020, title={On Harbours}, file={sources/moss.txt}}";
    const SOURCE: &str = "On Harbours

Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year.

The port authority said that it would begin work before the winter if the money came, which nobody on the quay believed.
";
    const FIRST: &str = "Silt [@moss2020, ¶ 1] and money [see @moss2020, ¶¶ 1-2].\n";
    const SECOND: &str = "It “would begin work before the winter” [@moss2020, ¶ 2]. See @other2020.\n";

    #[test]
    fn a_key_leads_to_its_citations_in_all_briefs() {
        let at = two(&FIRST.replacen("@moss", "@mo<|>ss", 1), SECOND, ENTRY, SOURCE);
        let citations = ["a.md:6 @moss2020", "a.md:38 @moss2020", "b.md:45 @moss2020"];
        assert_eq!(seen(&at, false), citations);
        assert_eq!(seen(&at, true), [&["refs.bib:8 moss2020"][..], &citations].concat());
    }

    #[test]
    fn the_key_of_an_entry_leads_to_the_same() {
        let at = two(FIRST, SECOND, &ENTRY.replace("moss2020", "moss2020<|>"), SOURCE);
        assert_eq!(seen(&at, false), ["a.md:6 @moss2020", "a.md:38 @moss2020", "b.md:45 @moss2020"]);
        let title = two(FIRST, SECOND, &ENTRY.replace("On", "O<|>n"), SOURCE);
        assert!(seen(&title, true).is_empty());
    }

    #[test]
    fn a_passage_leads_to_what_names_it_and_what_is_quoted_from_it() {
        let second =
            ["a.md:38 @moss2020", "b.md:3 “would begin work before the winter”", "b.md:45 @moss2020"];
        let at = two(FIRST, SECOND, ENTRY, &SOURCE.replace("believed.", "believed.<|>"));
        assert_eq!(seen(&at, false), second);
        let at = two(FIRST, SECOND, ENTRY, &SOURCE.replace("Harbours silt", "Harb<|>ours silt"));
        assert_eq!(seen(&at, false), ["a.md:6 @moss2020", "a.md:38 @moss2020"]);
        let locator = two(FIRST, &SECOND.replace("¶ 2", "¶ <|>2"), ENTRY, SOURCE);
        assert_eq!(seen(&locator, false), second);
        let title = two(FIRST, SECOND, ENTRY, &SOURCE.replace("On Harb", "On<|> Harb"));
        assert!(seen(&title, false).is_empty());
    }

    #[test]
    fn a_quotation_leads_to_the_others_of_its_passage() {
        let first = "They would “begin w<|>ork before the winter” [@moss2020].\n";
        let at = two(first, SECOND, ENTRY, SOURCE);
        assert_eq!(seen(&at, true), ["b.md:3 “would begin work before the winter”"]);
        let alone = two(first, "Of “silt up when nobody dredges them” [@moss2020].\n", ENTRY, SOURCE);
        assert!(seen(&alone, true).is_empty());
    }

    #[test]
    fn notes_are_among_the_references() {
        let at = notes_on_harbours("It “would begin” [@moss2020, ¶ <|>2].\n");
        assert_eq!(
            seen(&at, false),
            [
                "brief.md:3 “would begin”",
                "brief.md:22 @moss2020",
                "moss.md:10 begin work before the winter\n> [@moss2020, ¶ 2] ^promise\n",
                "moss.md:42 @moss2020",
                "moss.md:177 which nobody on the quay believed [@moss2020]\n",
            ]
        );
    }

    #[test]
    fn what_is_not_ours_has_no_references() {
        assert!(seen(&harbours("S<|>ee [@moss2020].\n"), true).is_empty());
        assert!(seen(&harbours("A [link](h<|>ttps://x.example) [@moss2020].\n"), true).is_empty());
        assert!(seen(&harbours("See `@mo<|>ss2020` [@moss2020].\n"), true).is_empty());
    }

    #[test]
    fn a_quotation_leans_on_where_it_stands_or_else_on_what_it_cites() {
        let brief = "A “begin work before the winter” [@reed2021] b “nothing of that kind was ever said” [@moss2020].\n";
        let at = harbours(brief);
        let row = |one: Reference| one.text.slice(one.span).to_owned();
        let moss: Vec<String> = leaning(&at.snap, "moss2020").into_iter().map(row).collect();
        let words = ["“begin work before the winter”", "“nothing of that kind was ever said”", "@moss2020"];
        assert_eq!(moss, words);
        let reed: Vec<String> = leaning(&at.snap, "reed2021").into_iter().map(row).collect();
        assert_eq!(reed, ["@reed2021"]);
    }
}
