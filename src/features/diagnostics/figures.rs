//! Numbers beside a citation that do not appear in the cited passages. Off by default, because a writer may
//! have calculated them.

use super::finding::{Finding, finding};
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::config::{Code, Level};
use crate::corpus::source::{Passage, SourceText};
use crate::evidence::figures::{self, Figure};
use crate::features::lookup::source_of;
use crate::text::Span;
use crate::text::language::Language;
use crate::workspace::Snapshot;

/// How many of the source's own figures to list.
const LISTED: usize = 6;

pub(super) fn check(snap: &Snapshot, brief: &Brief, findings: &mut Vec<Finding>) {
    if snap.config.level(Code::FigureMismatch) == Level::Off {
        return;
    }
    let text = brief.text.as_str();
    for block in &brief.markdown.blocks {
        let citations: Vec<&Citation> =
            brief.citations.iter().filter(|citation| block.span.covers(citation.span)).collect();
        if citations.is_empty() {
            continue;
        }
        for sentence in brief.sentences(block) {
            let cited = || citations.iter().filter(|citation| sentence.contains(citation.span.start));
            let Some(theirs) = cited().map(|citation| known(snap, citation)).collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            if theirs.is_empty() {
                continue;
            }
            let theirs: Vec<Figure> = theirs.into_iter().flatten().collect();
            let claim = figures::of(brief.markdown.language, text, &prose(brief, &block.prose, sentence));
            let mut own: Vec<&str> = theirs.iter().map(|figure| figure.written.as_str()).collect();
            own.dedup();
            let keys: Vec<&str> = cited().map(|citation| citation.key.as_str()).collect();
            for figure in figures::missing(&claim, &theirs) {
                let have = match own.len() {
                    0 => "they contain no figures".to_owned(),
                    _ => format!("the figures there are {}", own[..own.len().min(LISTED)].join(", ")),
                };
                let message = format!(
                    "{} does not appear in the cited passages of {}; {have}.",
                    figure.written,
                    keys.join(", ")
                );
                findings.push(finding(Code::FigureMismatch, figure.span, message));
            }
        }
    }
}

/// The figures in the passages that `citation` names, or in the whole text, plus the year of publication.
/// `None` if there is no text to compare with.
fn known(snap: &Snapshot, citation: &Citation) -> Option<Vec<Figure>> {
    let source = snap.corpus.source(source_of(&snap.corpus, citation)?);
    let text: &SourceText = source.text()?;
    let loci = citation.locator.as_ref().map_or(&[][..], |locator| &locator.loci);
    let whole = !text.counts_by(loci);
    let wanted = text.wanted(loci);
    let named = |passage: &&Passage| whole || wanted.allows(passage);
    let spans: Vec<Span> = text.passages.iter().filter(named).map(|passage| passage.span).collect();
    let mut found = figures::of(Language::of(text.language), text.text.as_str(), &spans);
    if let Some(date) = source.entry.as_ref().and_then(|entry| entry.date.as_ref()) {
        let year = date.year.to_string();
        found.extend(figures::of(Language::default(), &year, &[Span::new(0, year.len())]));
    }
    Some(found)
}

/// The parts of `sentence` that are the writer's own prose: no quotations, no citations.
fn prose(brief: &Brief, prose: &[Span], sentence: Span) -> Vec<Span> {
    let mut out = Vec::new();
    for piece in prose {
        let mut start = piece.start.max(sentence.start);
        let end = piece.end.min(sentence.end);
        let quotations = brief.quotations.iter().map(|quotation| quotation.span);
        let mut holes: Vec<Span> = quotations.chain(brief.groups.iter().map(|group| group.span)).collect();
        holes.sort_unstable();
        for hole in holes {
            if hole.start >= end || hole.end <= start {
                continue;
            }
            if start < hole.start {
                out.push(Span::new(start, hole.start));
            }
            start = start.max(hole.end);
        }
        if start < end {
            out.push(Span::new(start, end));
        }
    }
    out
}
