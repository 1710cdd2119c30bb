//! Completes the tags of notes: `#dr` to `#dredging`.

use std::collections::BTreeMap;

use super::candidate::{Candidate, Completions, LIMIT};
use crate::brief::Brief;
use crate::brief::markdown::BlockKind;
use crate::features::notes;
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// The tags of the workspace's notes that may be meant at byte `offset` of the brief `file`, the most frequent
/// first. `None` outside a note and where no tag has been begun.
pub(super) fn complete(snap: &Snapshot, file: &FileId, offset: usize) -> Option<Completions> {
    let brief = snap.brief(file)?;
    let said = brief.brief();
    let text = said.text.as_str();
    let before = text.get(..offset)?;
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let typed = before.get(start..)?.strip_prefix('#')?;
    if !typed.chars().all(is_of_tag) || !is_in_note(snap, file, said, start) {
        return None;
    }
    let end = text[offset..].find(|c: char| !is_of_tag(c)).map_or(text.len(), |at| offset + at);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for note in notes::all(snap) {
        let own = note.file == file && note.span().touches(start);
        for tag in &note.annotation.tags {
            // The tag being written is not known yet.
            if !(own && text.get(start + 1..end) == Some(tag)) {
                *counts.entry(tag.clone()).or_default() += 1;
            }
        }
    }
    let lower = typed.to_lowercase();
    counts.retain(|tag, _| tag.to_lowercase().contains(&lower));
    let mut tags: Vec<(String, usize)> = counts.into_iter().collect();
    let begins = |tag: &str| tag.to_lowercase().starts_with(&lower);
    tags.sort_by(|a, b| begins(&b.0).cmp(&begins(&a.0)).then(b.1.cmp(&a.1)).then(a.0.cmp(&b.0)));
    let incomplete = tags.len() > LIMIT;
    let candidate = |(tag, count): (String, usize)| {
        let written = format!("#{tag}");
        let filter = if tag.starts_with(typed) { written.clone() } else { format!("#{typed} {written}") };
        Candidate {
            label: written.clone(),
            detail: notes::counted(count),
            filter,
            replace: Span::new(start, end),
            about: (written.clone(), None),
            insert: written,
            also: Vec::new(),
        }
    };
    Some(Completions { candidates: tags.into_iter().take(LIMIT).map(candidate).collect(), incomplete })
}

/// Returns true if `c` may be part of a tag.
fn is_of_tag(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/')
}

/// Returns true if a tag at byte `at` would belong to a note: after a block quotation that is one or would become
/// one by its first tag, without a heading in between.
fn is_in_note(snap: &Snapshot, file: &FileId, said: &Brief, at: usize) -> bool {
    let last = said.annotations.iter().rev().find_map(|annotation| {
        let quotation = said.quotations.get(annotation.quotation)?;
        (quotation.span.start < at).then_some((annotation, quotation))
    });
    let Some((annotation, quotation)) = last else { return false };
    let about_one = || snap.brief(file).is_some() && notes::source_of_file(file, said).is_some();
    let between = said.markdown.blocks.iter().filter(|block| {
        block.span.start >= quotation.span.end && block.span.end <= at && block.span.start < at
    });
    let headed = between.into_iter().any(|block| block.kind == BlockKind::Heading || block.quote.is_some());
    (!annotation.citations.is_empty() || about_one()) && !headed
}
