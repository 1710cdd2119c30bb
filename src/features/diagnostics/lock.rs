//! Findings that come from `glossator.lock`: sources that have changed or vanished since they were locked.

use std::collections::HashSet;

use super::finding::{Finding, Fix, finding};
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::quotation::Quotation;
use crate::config::{Code, Level};
use crate::corpus::source::{SourceText, TextState};
use crate::evidence;
use crate::evidence::verdict::{Evidence, Place, Verdict};
use crate::features::lock::{is_wrong, keys_of};
use crate::features::lookup::{self, source_of};
use crate::features::{key, markup, rename};
use crate::text::Text;
use crate::workspace::Snapshot;
use crate::workspace::lock::{LockedQuotation, LockedSource};

/// Longest excerpt of a source in a message, in characters.
const SHOWN: usize = 160;

/// Number of quotations of a missing source that are looked for in others: more agree with the first ones.
const MOST_SOUGHT: usize = 3;

/// Adds to `findings` what the lock knows. A finding that it explains is replaced or completed, so that each
/// place has one.
pub(super) fn check(snap: &Snapshot, brief: &Brief, findings: &mut Vec<Finding>) {
    if snap.lock.sources.is_empty() || snap.corpus.is_partly_read() {
        return;
    }
    for quotation in brief.quotations.iter().take_while(|_| !snap.cancel.is_set()) {
        let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
        let changed = snap.config.level(Code::SourceChanged) != Level::Off;
        if is_wrong(evidence.verdict) && changed {
            words(snap, brief, quotation, &evidence, findings);
        }
        place(snap, brief, quotation, &evidence, findings);
    }
    let mut seen = HashSet::new();
    for citation in brief.citations.iter().take_while(|_| !snap.cancel.is_set()) {
        let Some(locked) = snap.lock.sources.get(&citation.key) else { continue };
        match source_of(&snap.corpus, citation) {
            None => unknown(snap, brief, citation, locked, findings),
            Some(id) if seen.insert(&citation.key) => {
                findings.extend(missing(&snap.corpus.source(id).document, citation, locked));
            }
            Some(_) => {}
        }
    }
}

/// Reports a quotation whose words were in its source and are not any more.
fn words(
    snap: &Snapshot,
    brief: &Brief,
    quotation: &Quotation,
    evidence: &Evidence,
    findings: &mut Vec<Finding>,
) {
    let quoted = quotation.text(brief.text.as_str());
    let lost = keys_of(brief, quotation).into_iter().find_map(|key| {
        let locked = snap.lock.find(key, &quoted)?;
        let text = snap.corpus.source(snap.corpus.find(key)?).text()?;
        // Also wrong if the brief marks something else, or another version of this program reads it.
        (!has(text.text.as_str(), locked.of_source())).then_some((key, locked, text))
    });
    let Some((key, locked, text)) = lost else { return };
    let of_quotation =
        |found: &Finding, codes: &[Code]| codes.contains(&found.code) && quotation.span.covers(found.span);
    if evidence.verdict == Verdict::OtherSource {
        let other = |found: &&mut Finding| of_quotation(found, &[Code::QuotationFromOtherSource]);
        if let Some(found) = findings.iter_mut().find(other) {
            found.message.push_str(&format!(" {key} had them when it was locked{}.", at(locked)));
        }
        return;
    }
    let codes = [Code::QuotationNotFound, Code::AlteredQuotation, Code::SplicedQuotation];
    let mut fixes = Vec::new();
    let mut known = false;
    findings.retain_mut(|found| {
        let replaced = of_quotation(found, &codes);
        if replaced {
            fixes.append(&mut found.fixes);
        }
        known |= replaced;
        !replaced
    });
    // Not reported, because it is not judged.
    if !known {
        return;
    }
    let had = match locked.source.as_deref() {
        Some(words) => format!("it had “{}”{}", markup::clip(words, SHOWN), at(locked)),
        None => format!("it had these words{}", at(locked)),
    };
    let near =
        evidence.place.filter(|place| evidence.verdict == Verdict::Altered && is_in(snap, *place, text));
    let has = match near {
        Some(place) => {
            let words = markup::clip(&markup::flat(text.text.slice(place.span)), SHOWN);
            let there = text.passages.get(place.passage).and_then(|one| text.locus_of(one, place.span));
            let there = there.map(|there| format!(" ({there})")).unwrap_or_default();
            format!("now it has “{words}”{there}")
        }
        None => "now it has not".to_owned(),
    };
    let message = format!("{key} has changed since it was locked: {had}; {has}.");
    let mut found = finding(Code::SourceChanged, quotation.span, message);
    // The writer may mean the words as they were.
    let all = fixes.iter().position(|fix| fix.edits.len() > 1).unwrap_or(0);
    if let Some(fix) = fixes.into_iter().nth(all) {
        let title = match near {
            Some(_) => "Quote what the source has now".to_owned(),
            None => fix.title,
        };
        found.fixes.push(Fix { title, sure: false, restores: false, ..fix });
    }
    if let Some(place) = near {
        let there = text.text.in_file(place.span);
        found.related.push((text.shown().clone(), there, "the source’s words now".into()));
    }
    findings.push(found);
}

/// Says of a locator that does not lead to the words any more where they were.
fn place(
    snap: &Snapshot,
    brief: &Brief,
    quotation: &Quotation,
    evidence: &Evidence,
    findings: &mut [Finding],
) {
    let owner = evidence.owner.and_then(|owner| brief.citations.get(*quotation.citations.get(owner)?));
    let Some((owner, locator)) = owner.and_then(|owner| Some((owner, owner.locator.as_ref()?))) else {
        return;
    };
    let mismatch = |found: &&mut Finding| found.code == Code::LocatorMismatch && found.span == locator.span;
    let Some(found) = findings.iter_mut().find(mismatch) else { return };
    let quoted = quotation.text(brief.text.as_str());
    let was = snap.lock.find(&owner.key, &quoted).and_then(|locked| locked.locator.as_deref());
    let now = evidence.place.and_then(|place| {
        let text = snap.corpus.source(place.source).text()?;
        Some(text.locus_of(text.passages.get(place.passage)?, place.span)?.to_string())
    });
    if let Some(was) = was.filter(|was| now.as_deref() != Some(was)) {
        found.message.push_str(&format!(" They were in {was} when the source was locked."));
    }
}

/// Says of an unknown key which source it was, and which one has its words now.
fn unknown(
    snap: &Snapshot,
    brief: &Brief,
    citation: &Citation,
    locked: &LockedSource,
    findings: &mut [Finding],
) {
    let here = |found: &&mut Finding| found.code == Code::UnknownCitation && found.span == citation.span;
    let Some(found) = findings.iter_mut().find(here) else { return };
    if lookup::once_called(&snap.corpus, &citation.key).is_some() {
        return;
    }
    let was = format!("Unknown citation key {}: it was {} when it was locked", citation.key, locked.file);
    let Some(id) = moved_to(snap, locked) else {
        found.message = format!("{was}, and no source has this key now.");
        return;
    };
    let source = snap.corpus.source(id);
    found.message = format!("{was}, and {} has the words that were quoted from it.", source.key);
    if let Some(form) = key::form(&source.key) {
        let all = brief.citations.iter().filter(|other| other.key == citation.key);
        let edits = rename::in_brief(&brief.text, all, &source.key, form);
        let title = match edits.len() {
            1 => format!("Write @{}", source.key),
            places => format!("Write @{} (all {places} places)", source.key),
        };
        found.fixes = vec![Fix { sure: false, ..Fix::new(title, edits) }];
    }
}

/// The only source that has the first few quotations of `locked` word for word.
fn moved_to(snap: &Snapshot, locked: &LockedSource) -> Option<crate::corpus::source::SourceId> {
    let mut all = locked.quotations.iter().take(MOST_SOUGHT).map(|quotation| {
        let asked = Brief::read(Text::new(format!("> {}\n", markup::escape(quotation.of_source()))));
        let place = evidence::only_place(&snap.corpus, &snap.memo, &asked, asked.quotations.first()?)?;
        Some(snap.corpus.of_document(place.source))
    });
    let first = all.next()??;
    all.all(|other| other == Some(first)).then_some(first)
}

/// Reports a source whose entry is there, but whose text is not.
fn missing(state: &TextState, citation: &Citation, locked: &LockedSource) -> Option<Finding> {
    let why = match state {
        TextState::Missing { why, .. } => format!("cannot be read now: {why}"),
        TextState::Unnamed => "is not named by its entry any more".into(),
        // Not a change: it is read later, or this machine does not read it.
        TextState::Present(_) | TextState::Waiting { .. } | TextState::Unread { .. } => return None,
    };
    let (key, file) = (&citation.key, &locked.file);
    let message = format!(
        "The text of {key}, which was {file} when it was locked, {why}. Its quotations are not checked."
    );
    Some(finding(Code::SourceMissing, citation.span, message))
}

fn is_in(snap: &Snapshot, place: Place, text: &SourceText) -> bool {
    snap.corpus.source(place.source).volume().is_some_and(|volume| volume.id == text.id)
}

/// ` (¶ 2)`, if it is known.
fn at(locked: &LockedQuotation) -> String {
    locked.locator.as_deref().map(|locator| format!(" ({locator})")).unwrap_or_default()
}

/// Returns true if `text` has `words`, with any white space between them.
fn has(text: &str, words: &str) -> bool {
    let mut parts = words.split_whitespace();
    let Some(first) = parts.next() else { return true };
    text.match_indices(first).any(|(at, _)| {
        let mut rest = &text[at + first.len()..];
        parts.clone().all(|part| {
            let next = rest.trim_start();
            let found = next.len() < rest.len() && next.starts_with(part);
            rest = next.get(part.len()..).unwrap_or_default();
            found
        })
    })
}
