//! Quotations that differ from their source, with the source's words and a fix.

use std::cell::OnceCell;
use std::sync::Arc;

use rayon::prelude::*;

use super::finding::{Finding, Fix, finding};
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::markdown::{Block, BlockKind};
use crate::brief::quotation::Quotation;
use crate::config::{Code, Level};
use crate::corpus::source::{Labels, Source};
use crate::evidence::{
    self,
    verdict::{Difference, Evidence, Place, Reason, Verdict},
};
use crate::features::{card, second};
use crate::text::{FileId, FileSpan, Locus, LocusRange, Span};
use crate::workspace::Snapshot;

/// Shorter quotations get a hint at most: of quoted spans of four and five words, 7 to 8 % quoted no one, of
/// six and more 3 % (measured on 8,076 spans in 1,008 news articles).
const FEWEST_WARNED: usize = 6;

/// With more differences than this, one finding covers all of them: a quotation full of squiggles is
/// unreadable.
const MOST_SHOWN: usize = 4;

/// Longest omission, in words, that is offered for insertion. With more, the writer skipped a clause or
/// sentence, and what is missing is an ellipsis.
const MOST_PUT_IN: usize = 12;

/// Longest excerpt of the source in a message, in characters.
const SHOWN: usize = 120;

/// Fewest paragraphs of a brief that begin alike in an earlier or exported text of it, and most that are looked for.
const FEWEST_SHARED: usize = 3;
const MOST_BEGINNINGS: usize = 60;

/// Length of those beginnings, in characters: no two writers begin three paragraphs alike for so long.
const BEGINNING: usize = 50;

/// Between two beginnings.
const SEPARATOR: &str = "\0";

pub(super) fn check(snap: &Snapshot, brief: &Brief, findings: &mut Vec<Finding>) {
    let beginnings = OnceCell::new();
    // All at once: in a brief that was just opened, none is known from before.
    let evidence = brief.quotations.par_iter().map(|quotation| {
        (!snap.cancel.is_set()).then(|| evidence::check(&snap.corpus, &snap.memo, brief, quotation))
    });
    let evidence: Vec<Option<Arc<Evidence>>> = evidence.collect();
    for (quotation, evidence) in brief.quotations.iter().zip(evidence) {
        let Some(evidence) = evidence else { return };
        let from = findings.len();
        let about = About { snap, brief, quotation, evidence: &evidence, beginnings: &beginnings };
        if about.is_from_a_draft() {
            continue;
        }
        about.verdict(findings);
        about.locator(findings);
        if evidence.words < FEWEST_WARNED {
            findings[from..].iter_mut().for_each(|found| found.level = found.level.min(Level::Hint));
        }
    }
}

/// The beginnings of the brief's own paragraphs, those without quotations, by [`SEPARATOR`].
fn beginnings(brief: &Brief) -> String {
    let quotes = |block: &Block| {
        let at = brief.quotations.partition_point(|quotation| quotation.span.start < block.span.start);
        brief.quotations.get(at).is_some_and(|quotation| block.span.contains(quotation.span.start))
    };
    let own = brief
        .markdown
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Paragraph && block.quote_depth == 0 && !quotes(block));
    let beginnings = own.filter_map(|block| {
        let words = brief.text.slice(*block.prose.first()?);
        words.char_indices().nth(BEGINNING).map(|(end, _)| &words[..end])
    });
    beginnings.take(MOST_BEGINNINGS).collect::<Vec<_>>().join(SEPARATOR)
}

/// A quotation and the evidence for it.
struct About<'a> {
    snap: &'a Snapshot,
    brief: &'a Brief,
    quotation: &'a Quotation,
    evidence: &'a Evidence,
    /// Those of [`beginnings`], read once for all quotations.
    beginnings: &'a OnceCell<String>,
}

impl About<'_> {
    fn verdict(&self, findings: &mut Vec<Finding>) {
        let Some(place) = &self.evidence.place else {
            if self.evidence.verdict == Verdict::NotFound {
                findings.push(self.not_found());
            }
            findings.extend(self.in_archive());
            return;
        };
        let source = self.snap.corpus.source(place.source);
        let whole = self.quotation.span;
        let at = self.at(source, place);
        let mut found = match self.evidence.verdict {
            Verdict::Altered => return self.altered(source, place, findings),
            Verdict::Verbatim | Verdict::Edited if self.is_uncited() => {
                let mut found =
                    finding(Code::QuotationUncited, whole, format!("These words appear in {at}. Cite it."));
                found.fixes.extend(self.cite(source, place));
                found
            }
            Verdict::Verbatim | Verdict::Edited | Verdict::NotFound | Verdict::Unchecked => return,
            Verdict::Spliced => {
                let message = format!(
                    "The parts of this quotation do not follow one another in the source. The first one is in {at}."
                );
                finding(Code::SplicedQuotation, whole, message)
            }
            Verdict::Truncated | Verdict::HiddenLimiter | Verdict::WrongSpeaker => {
                let (code, message) = match &self.evidence.reason {
                    Reason::Before(word) => (
                        Code::QuotationTruncated,
                        format!("The source has “{word}” right before these words ({at})."),
                    ),
                    Reason::After(word) => (
                        Code::QuotationTruncated,
                        format!("The source’s sentence continues with “{word}” ({at})."),
                    ),
                    Reason::Omitted(word) => {
                        (Code::QuotationHidesLimiter, format!("The ellipsis omits “{word}” ({at})."))
                    }
                    Reason::Named(named) => {
                        let speaker = self.evidence.speaker.as_deref().unwrap_or_default();
                        let message =
                            format!("The source attributes these words to {speaker}, not to {named} ({at}).");
                        (Code::QuotationWrongSpeaker, message)
                    }
                    Reason::Words | Reason::Unchecked(_) => return,
                };
                finding(code, whole, message)
            }
            Verdict::Furniture => {
                let class = self.class(source, place);
                let message = format!(
                    "These words appear only in a {class} of {}, not in the article itself.",
                    source.key
                );
                finding(Code::QuotationFromFurniture, whole, message)
            }
            Verdict::OtherSource => {
                let mut found = finding(
                    Code::QuotationFromOtherSource,
                    whole,
                    format!("These words are not in the cited source. They appear in {at}."),
                );
                found.fixes.extend(self.recite(source, place));
                found
            }
        };
        found.related.extend(self.related(source, place.span));
        findings.push(found);
    }

    /// Whether no citation, in its sentence or nearby, names the source.
    fn is_uncited(&self) -> bool {
        self.quotation.citations.is_empty() && !self.evidence.nearby
    }

    /// Whether the words are uncited and in an earlier or exported text of the brief rather than in one that it quotes: a
    /// text that has no entry, is not cited, and has the beginnings of several of the brief's own paragraphs.
    fn is_from_a_draft(&self) -> bool {
        let Some(place) = self.evidence.place.as_ref().filter(|_| self.is_uncited()) else { return false };
        let source = self.snap.corpus.source(place.source);
        let cited = |citation: &Citation| citation.key == *source.key;
        let Some(text) = source.text().filter(|_| source.entry.is_none()) else { return false };
        if self.brief.citations.iter().any(cited) {
            return false;
        }
        let beginnings = self.beginnings.get_or_init(|| beginnings(self.brief));
        self.snap.memo.is_draft(text.id, beginnings, || {
            let shared = beginnings.split(SEPARATOR).filter(|words| text.text.as_str().contains(words));
            !beginnings.is_empty() && shared.take(FEWEST_SHARED).count() == FEWEST_SHARED
        })
    }

    fn not_found(&self) -> Finding {
        let keys: Vec<&str> = self.citations().map(|citation| citation.key.as_str()).collect();
        let message = format!("These words were not found in the text of {}.", keys.join(" or "));
        // If only some of several passages were not found, mark those.
        let missing = &self.evidence.differences;
        let whole = match (missing.first(), missing.last()) {
            (Some(first), Some(last)) => self.in_brief(Span::new(first.at.start, last.at.end)),
            _ => self.quotation.span,
        };
        finding(Code::QuotationNotFound, whole, message)
    }

    /// A hint that an archive has words that no source of the workspace has.
    fn in_archive(&self) -> Option<Finding> {
        let question = second::question(self.brief, self.quotation, self.evidence)?;
        let found = self.snap.second.found(&question).next()?;
        let how = match second::key(self.snap, found) {
            Some(key) => format!("Cite it as @{key}."),
            None => "To cite it, create its entry.".to_owned(),
        };
        let message = format!("These words appear in {}. {how}", second::place(found));
        let hint = finding(Code::QuotationUncited, self.quotation.span, message);
        Some(Finding { level: Level::Hint, ..hint })
    }

    fn altered(&self, source: &Source, place: &Place, findings: &mut Vec<Finding>) {
        let differences = &self.evidence.differences;
        let uncited = self.is_uncited();
        let all = Fix {
            title: "Replace all differences with the source’s words".into(),
            edits: differences.iter().map(|difference| self.replace(difference)).collect(),
            sure: differences.iter().all(|difference| difference.sure),
            restores: false,
        };
        let judged = !self.quotation.citations.is_empty() && self.evidence.words >= FEWEST_WARNED;
        let mut add = |span: Span, message: String, fixes: Vec<Fix>, theirs: Span| {
            let mut found = finding(Code::AlteredQuotation, span, message);
            found.fixes = fixes;
            let long = |d: &Difference| d.brief.is_empty() && d.source.split(' ').count() > MOST_PUT_IN;
            if differences.len() > 1 && !differences.iter().any(long) {
                found.fixes.push(all.clone());
            }
            if uncited {
                // Nothing says that the words were taken from this source.
                found.level = Level::Hint;
            }
            found.related.extend(self.related(source, theirs));
            findings.push(found);
        };
        let at = self.at(source, place);
        if differences.len() > MOST_SHOWN {
            let words = shown(source.text().map_or("", |text| text.text.slice(place.span)));
            let message =
                format!("{} places differ from the source, which has “{words}” ({at}).", differences.len());
            add(self.quotation.span, message, Vec::new(), place.span);
            return;
        }
        for difference in differences {
            let (mine, theirs) = (shown(&difference.brief), shown(&difference.source));
            let message = match (mine.is_empty(), theirs.is_empty()) {
                (false, false) => format!("The source has “{theirs}” here, not “{mine}” ({at})."),
                (true, _) => {
                    format!("The source has “{theirs}” here, omitted without an ellipsis ({at}).")
                }
                (false, true) => format!("The source does not have “{mine}” here ({at})."),
            };
            let title = match (mine.is_empty(), theirs.is_empty()) {
                (_, true) => format!("Remove “{mine}”"),
                (true, false) => format!("Insert “{theirs}”"),
                (false, false) => format!("Write “{theirs}”"),
            };
            let (edits, sure) = (vec![self.replace(difference)], difference.sure);
            let put = Fix { title, edits, sure, restores: sure && judged };
            let fixes = if mine.is_empty() {
                let (at, _) = self.replace(difference);
                let mark = Fix::new("Mark the omission with […]", vec![(at, " […]".into())]);
                if difference.source.split(' ').count() > MOST_PUT_IN { vec![mark] } else { vec![put, mark] }
            } else {
                vec![put]
            };
            add(self.underlined(difference), message, fixes, difference.span);
        }
    }

    /// The differing words; where words are missing, those on both sides.
    fn underlined(&self, difference: &Difference) -> Span {
        let span = self.in_brief(difference.at);
        if !span.is_empty() {
            return span;
        }
        let text = self.brief.text.as_str();
        let whole = self.quotation.span;
        let word = |c: char| c.is_alphanumeric() || matches!(c, '’' | '\'');
        let before = text[whole.start..span.start].trim_end_matches(|c| !word(c));
        let start = before
            .rfind(|c| !word(c))
            .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
        let after = &text[span.end..whole.end];
        let skipped = after.find(word).unwrap_or(0);
        let length = after[skipped..].find(|c| !word(c)).unwrap_or(after.len() - skipped);
        Span::new(whole.start + start, span.end + skipped + length)
    }

    /// The edit that replaces the differing words with the source's.
    fn replace(&self, difference: &Difference) -> (Span, String) {
        let span = self.in_brief(difference.at);
        let text = self.brief.text.as_str();
        if difference.brief.is_empty() {
            return match text[..span.start].ends_with(|c: char| c.is_alphanumeric()) {
                true => (span, format!(" {}", difference.source)),
                false => (span, format!("{} ", difference.source)),
            };
        }
        if difference.source.is_empty() {
            let blank = text[..span.start].ends_with(' ');
            return (Span::new(span.start - usize::from(blank), span.end), String::new());
        }
        (span, difference.source.clone())
    }

    /// Reports a locator that names other passages than those with the words.
    fn locator(&self, findings: &mut Vec<Finding>) {
        let stands = matches!(
            self.evidence.verdict,
            Verdict::Verbatim
                | Verdict::Edited
                | Verdict::Truncated
                | Verdict::HiddenLimiter
                | Verdict::WrongSpeaker
                | Verdict::Altered
        );
        let (Some(place), Some(owner), true) = (&self.evidence.place, self.evidence.owner, stands) else {
            return;
        };
        let Some(locator) = self.citations().nth(owner).and_then(|citation| citation.locator.as_ref()) else {
            return;
        };
        let source = self.snap.corpus.source(place.source);
        let Some(text) = source.text() else { return };
        let loci = &locator.loci;
        // A locator past the end has a separate finding. Times are not checked to the second, because writers
        // often cite the beginning of a scene; lines may be those of a poem, and figures surrounded by text.
        let held = |range: &LocusRange| {
            !matches!(range.last, Locus::Time(_) | Locus::Line(_) | Locus::Figure(_))
                && text.has(&range.last) == Some(true)
        };
        let Some(range) = loci.first().filter(|_| loci.iter().all(held)) else { return };
        let by_paragraph = range.paragraphs().is_some();
        let Some(passage) = text.passages.get(place.passage) else { return };
        if by_paragraph && passage.number.is_none() {
            return;
        }
        let others = self.evidence.passages.iter().filter(|at| **at != place.passage);
        let mut others = others.filter_map(|&at| text.passages.get(at));
        if text.allows(loci, passage, place.span) || others.any(|other| text.allows(loci, other, other.span))
        {
            return;
        }
        // `para. 2.3` of a source whose paragraph begins with 2.3.
        let part = locator.value.trim();
        let parted = by_paragraph && part.split('.').count() > 1;
        let own = text.text.slice(passage.span);
        let begins = own.strip_prefix(part).is_some_and(|rest| rest.starts_with(['.', ')', ' ', '\t', '\n']));
        if parted && begins && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return;
        }
        let cited = self.brief.text.slice(locator.span);
        let there = text.locus_like(passage, place.span, &range.first);
        let message = match &there {
            Some(locator) => format!("The quoted words are in {locator}, not in {cited}."),
            None if by_paragraph => {
                format!("The quoted words are outside the numbered paragraphs, not in {cited}.")
            }
            None => format!("The quoted words are not in {cited}."),
        };
        let mut found = finding(Code::LocatorMismatch, locator.span, message);
        // Pages without numbers of their own: the brief may cite those of the book that the file comes from.
        let counted = matches!(range.first, Locus::Page(_)) && text.labels == Labels::Counted;
        if counted {
            found.level = Level::Information;
            found.message.push_str(" Pages are counted from the first of the file.");
        }
        // Keep the label as written.
        let written = self.brief.text.slice(locator.span);
        let value = written.rfind(&locator.value).filter(|_| !locator.value.is_empty());
        if let (Some(value), Some(there)) = (value, there) {
            let start = locator.span.start + value;
            let edits = vec![(Span::new(start, start + locator.value.len()), there.value())];
            let title = format!("Correct the locator to {there}");
            found.fixes.push(Fix { sure: !counted, ..Fix::new(title, edits) });
        }
        found.related.extend(self.related(source, place.span));
        findings.push(found);
    }

    fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.quotation.citations.iter().filter_map(|&at| self.brief.citations.get(at))
    }

    /// Converts a span relative to the quotation to bytes of the brief.
    fn in_brief(&self, span: Span) -> Span {
        Span::new(self.quotation.span.start + span.start, self.quotation.span.start + span.end)
    }

    fn class(&self, source: &Source, place: &Place) -> &'static str {
        source.text().and_then(|text| text.passages.get(place.passage)).map_or("passage", |p| p.class.name())
    }

    /// `moss2020, ¶ 2`.
    fn at(&self, source: &Source, place: &Place) -> String {
        let there = source.text().and_then(|text| Some(card::place(text, text.passages.get(place.passage)?)));
        there.map_or(source.key.to_string(), |there| format!("{}, {there}", source.key))
    }

    fn related(&self, source: &Source, span: Span) -> Option<(FileId, FileSpan, String)> {
        let text = source.text()?;
        Some((text.shown().clone(), text.text.in_file(span), "the source’s words".into()))
    }

    fn reference(&self, source: &Source, place: &Place) -> String {
        let locator =
            source.text().and_then(|text| text.locus_of(text.passages.get(place.passage)?, place.span));
        locator.map_or(format!("@{}", source.key), |locator| format!("@{}, {locator}", source.key))
    }

    /// Adds a citation after an uncited quotation.
    fn cite(&self, source: &Source, place: &Place) -> Option<Fix> {
        let at = self.quotation.place_of_citation(self.brief.text.as_str());
        let reference = self.reference(source, place);
        let at = Span::new(at, at);
        Some(Fix::new(format!("Cite {reference}"), vec![(at, format!(" [{reference}]"))]))
    }

    /// Replaces the only cited source with the one that contains the words.
    fn recite(&self, source: &Source, place: &Place) -> Option<Fix> {
        let mut citations = self.citations();
        let (citation, None) = (citations.next()?, citations.next()) else { return None };
        if citation.author_in_text {
            return None;
        }
        let end = citation.locator.as_ref().map_or(citation.span.end, |locator| locator.span.end);
        let reference = self.reference(source, place);
        let edits = vec![(Span::new(citation.span.start, end.max(citation.span.end)), reference.clone())];
        Some(Fix::new(format!("Cite {reference} instead"), edits))
    }
}

/// `text` for a message: on one line, shortened in the middle.
fn shown(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = flat.chars().count();
    if count <= SHOWN {
        return flat;
    }
    let head: String = flat.chars().take(SHOWN / 2).collect();
    let tail: String = flat.chars().skip(count - SHOWN / 2).collect();
    format!("{} … {}", head.trim_end(), tail.trim_start())
}
