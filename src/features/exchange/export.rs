//! Notes as annotations.

use std::path::Path;

use super::annotation::{About, Annotation, Own, Portable};
use crate::evidence::anchor::{Anchor, Rung};
use crate::features::markup;
use crate::features::notes::Note;
use crate::text::Span;
use crate::workspace::Snapshot;

/// Letters of context on each side of the words: as many as Hypothesis keeps.
const CONTEXT: usize = 32;

/// `notes` as annotations; paths are relative to `root`.
#[must_use]
pub fn annotations(snap: &Snapshot, notes: &[Note<'_>], root: &Path) -> Vec<Portable> {
    let mut out: Vec<Portable> = Vec::new();
    let mut number = 0;
    let mut last = None;
    for note in notes {
        number = if last == Some(note.file) { number + 1 } else { 1 };
        last = Some(note.file);
        let id = match &note.annotation.id {
            Some(id) => format!("^{id}"),
            None => format!("note-{number}"),
        };
        let annotation = annotation(snap, note, root);
        let about = &annotation.about;
        let source = about.url.clone().or_else(|| about.file.clone()).or_else(|| about.key.clone());
        let id = format!("{}#{id}", slashed(note.file.path().strip_prefix(root).unwrap_or(note.file.path())));
        out.push(Portable { id, source: source.unwrap_or_default(), annotation });
    }
    out
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn annotation(snap: &Snapshot, note: &Note<'_>, root: &Path) -> Annotation {
    let key = note.keys().first().map(|key| key.to_string());
    let id = key.as_deref().and_then(|key| snap.corpus.find(key));
    let source = id.map(|id| snap.corpus.source(id));
    let entry = source.and_then(|source| source.entry.as_deref());
    let text = source.and_then(|source| source.text());
    let about = About {
        url: entry
            .and_then(|entry| entry.url.clone())
            .or_else(|| text.and_then(|text| text.metadata.url.clone())),
        title: source.and_then(|source| source.title()).map(str::to_owned),
        file: text.and_then(|text| text.file.path().strip_prefix(root).ok()).map(slashed),
        key,
    };
    let quoted = note.quoted();
    let written = quotation(note);
    let held = id.map(|id| note.anchor(snap, id)).and_then(|anchor| match anchor {
        Anchor::Held(Rung::Located | Rung::Unique, place) => Some(place),
        _ => None,
    });
    let found = held.and_then(|place| {
        let text = snap.corpus.source(place.source).text()?;
        let locus = text.locus_of(text.passages.get(place.passage)?, place.span);
        let all = text.text.as_str();
        let before: String = one_blank(all[..place.span.start].chars().rev()).take(CONTEXT).collect();
        let before: String = before.chars().rev().collect();
        let after: String = one_blank(all[place.span.end..].chars()).take(CONTEXT).collect();
        let words = markup::flat(text.text.slice(place.span));
        Some((words, (before, after), locus.map(|locus| locus.to_string())))
    });
    let cited = note.citations().find_map(|citation| citation.locator.as_ref());
    let cited = cited.map(|locator| note.brief.text().slice(locator.span).to_owned());
    let (words, around, locator) = match found {
        Some((words, around, locus)) => (words, Some(around), cited.or(locus)),
        None => (quoted, None, cited),
    };
    let quotation = (written != words).then_some(written);
    Annotation {
        about,
        words,
        around,
        comment: comment(note),
        tags: note.annotation.tags.clone(),
        locator,
        own: Some(Own { quotation, ending: ending(note) }),
    }
}

/// `chars` with one blank for each run of white space.
fn one_blank(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut blank = false;
    chars.filter_map(move |c| {
        let again = std::mem::replace(&mut blank, c.is_whitespace());
        match (c.is_whitespace(), again) {
            (true, true) => None,
            (true, false) => Some(' '),
            (false, _) => Some(c),
        }
    })
}

/// The lines of `span` without the marks of a block quotation.
fn unquoted(text: &str, span: Span) -> String {
    let lines = text[span.start..span.end].lines().map(|line| {
        let mut line = line.trim_start();
        while let Some(rest) = line.strip_prefix('>') {
            line = rest.trim_start();
        }
        line.trim_end()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The quotation in Markdown, without `>`.
fn quotation(note: &Note<'_>) -> String {
    let words =
        note.quotation().and_then(|one| Some(Span::new(one.words.first()?.start, one.words.last()?.end)));
    words.map_or_else(String::new, |words| unquoted(note.brief.text().as_str(), words))
}

/// What follows the quoted words: citation, tags and id.
fn ending(note: &Note<'_>) -> String {
    let Some(one) = note.quotation() else { return String::new() };
    let from = one.words.last().map_or(one.span.start, |words| words.end);
    unquoted(note.brief.text().as_str(), Span::new(from, one.span.end.max(from))).trim().to_owned()
}

/// The comment in Markdown, as written.
fn comment(note: &Note<'_>) -> String {
    let said = note.brief.brief();
    let text = said.text.as_str();
    let blocks = said.markdown.blocks.get(note.annotation.blocks.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return String::new() };
    // The mark of a list item is before its block.
    let start = text[..first.span.start].rfind('\n').map_or(0, |at| at + 1);
    text[start..last.span.end.max(start)].trim_matches('\n').trim_end().to_owned()
}
