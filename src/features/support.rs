//! Passages that support a sentence, each with the edit that cites it there.

use std::collections::HashSet;

use crate::brief::Brief;
use crate::brief::citation::{Citation, Group};
use crate::corpus::source::Source;
use crate::evidence::relevance::{self, Claim};
use crate::features::{card, claim, markup};
use crate::text::{FileId, Locus, Span, Text};
use crate::workspace::Snapshot;

/// A passage that supports the sentence.
#[derive(Debug, Clone)]
pub struct Found {
    /// The key of its source.
    pub key: String,
    /// How it is cited.
    pub locus: Locus,
    /// `Author · Outlet · year`.
    pub detail: String,
    /// The words of the passage, on one line.
    pub words: String,
    /// The edit of the brief, in bytes: it adds the citation, merging it into a group that closes the
    /// sentence.
    pub edit: (Span, String),
    /// Its location: the file, its text, and the span in bytes.
    pub file: FileId,
    /// See `file`.
    pub text: Text,
    /// See `file`.
    pub span: Span,
}

/// How many extra passages to fetch, since those already cited are skipped; no sentence cites more than this
/// many.
const CITED: usize = 20;

/// Up to `limit` passages that support the claim at `range` of the brief `file`, best first: the selected
/// words, or the sentence at the cursor if `range` is at most one word. Skips passages that match poorly and
/// those that the sentence already cites.
#[must_use]
pub fn support(snap: &Snapshot, file: &FileId, range: Span, limit: usize) -> Vec<Found> {
    let Some(brief) = snap.brief(file) else { return Vec::new() };
    let brief = brief.brief();
    let selected = brief.text.slice(range).trim();
    let end = range.start + brief.text.slice(range).trim_end().len();
    // The end of a selection belongs to the sentence of its last character, not to the next.
    let last = selected.chars().next_back().map_or(0, char::len_utf8);
    let stated = claim::at(brief, end - last.min(end));
    let hidden = brief.markdown.code.iter().chain(&brief.markdown.comments);
    if hidden.into_iter().any(|span| span.contains(range.start)) {
        return Vec::new();
    }
    let Some(place) = Place::of(brief, stated.span) else { return Vec::new() };
    let words = claim::words(brief, range);
    // Some editors send the character or word at the cursor as a selection.
    let asked = match selected.contains(char::is_whitespace) {
        false => stated.claim(),
        true => Claim { sentence: &words, before: "" },
    };
    let found = relevance::support(&snap.corpus, asked, limit.saturating_add(CITED));
    let mut known = HashSet::new();
    let shown = relevance::worth_showing(found).into_iter().filter_map(|hit| {
        let source = snap.corpus.source(hit.source);
        let text = source.text()?;
        let passage = text.passages.get(hit.passage)?;
        // A paragraph interrupted by a page, or with items, counts once.
        let locus = text.locus(passage).filter(|locus| known.insert((hit.source, locus.clone())))?;
        Some(Found {
            edit: place.citing(source, &locus)?,
            key: source.key.to_string(),
            locus,
            detail: card::detail(source),
            words: markup::flat(text.words(passage)),
            file: text.shown().clone(),
            text: text.text.clone(),
            span: passage.span,
        })
    });
    shown.take_while(|_| !snap.cancel.is_set()).take(limit).collect()
}

/// Where a sentence takes a citation.
struct Place<'a> {
    /// The citations of the sentence.
    cited: Vec<&'a Citation>,
    /// The offset inside the bracket that closes the sentence, or before its full stop.
    at: usize,
    /// Whether that is inside a bracket.
    joins: bool,
    /// The groups of the brief.
    groups: &'a [Group],
    /// The brief.
    brief: &'a Brief,
}

impl<'a> Place<'a> {
    /// The place in `sentence`; `None` if there is no sentence, or if a citation there would become the
    /// locator of an author-in-text one.
    fn of(brief: &'a Brief, sentence: Span) -> Option<Self> {
        if sentence.is_empty() {
            return None;
        }
        let text = brief.text.slice(sentence);
        let mut end = text.len();
        // Skip footnote marks and punctuation, from the end of the sentence backwards.
        loop {
            let head = text[..end].trim_end();
            let stop = head.trim_end_matches(['.', '?', '!', '…', ':', ';', ',']);
            let note = stop.ends_with(']').then(|| stop.rfind("[^")).flatten();
            match note.filter(|open| !stop[*open..stop.len() - 1].contains(']')) {
                Some(open) => end = open,
                None => {
                    end = stop.len();
                    break;
                }
            }
        }
        let cited: Vec<&Citation> =
            brief.citations.iter().filter(|citation| sentence.covers(citation.span)).collect();
        let at = sentence.start + end;
        // A bracket after the full stop also closes the sentence.
        let groups = &brief.groups;
        if let Some(group) = groups.iter().find(|group| group.span.end == at) {
            let bracket = brief.text.slice(group.span).ends_with(']') && group.keyless_parts.is_empty();
            return bracket.then_some(Self { cited, at: at - 1, joins: true, groups, brief });
        }
        (end > 0).then_some(Self { cited, at, joins: false, groups, brief })
    }

    /// The edit that cites `locus` of `source`; `None` if the sentence does so already.
    fn citing(&self, source: &Source, locus: &Locus) -> Option<(Span, String)> {
        let key = &*source.key;
        let locator = locus.to_string();
        let of_source = || self.cited.iter().filter(|citation| citation.key == key);
        let names = |citation: &Citation| {
            citation
                .locator
                .as_ref()
                .is_some_and(|locator| locator.loci.iter().any(|range| range.contains(locus)))
        };
        // A bracket that Pandoc does not accept must be fixed first.
        let broken = |citation: &Citation| {
            self.groups.get(citation.group).is_some_and(|group| !group.keyless_parts.is_empty())
        };
        if of_source().any(|citation| names(citation) || broken(citation)) {
            return None;
        }
        // Add the locator to a source that is cited as a whole.
        let whole = of_source().find(|citation| citation.locator.is_none() && citation.suffix.is_empty());
        if let Some(citation) = whole {
            let end = Span::new(citation.span.end, citation.span.end);
            let written =
                if citation.author_in_text { format!(" [{locator}]") } else { format!(", {locator}") };
            return Some((end, written));
        }
        // Add the passage to a source whose passages the closing bracket already names.
        let last = of_source().rfind(|citation| self.joins && citation.span.end <= self.at);
        if let Some(edit) = last.and_then(|citation| self.one_more(citation, locus)) {
            return Some(edit);
        }
        let cited = match key.chars().all(|c| c.is_alphanumeric() || "_:.#$%&-+?<>~/".contains(c)) {
            true => format!("@{key}, {locator}"),
            false => format!("@{{{key}}}, {locator}"),
        };
        let written = if self.joins { format!("; {cited}") } else { format!(" [{cited}]") };
        Some((Span::new(self.at, self.at), written))
    }

    /// The edit that adds the paragraph `locus` to the locator of `citation`, in the bracket that closes the
    /// sentence: `¶ 5` becomes `¶¶ 5, 7`. `None` unless the locator is a plain list of numbers after ¶ with
    /// no words after it, which might refer to it.
    fn one_more(&self, citation: &Citation, locus: &Locus) -> Option<(Span, String)> {
        let Locus::Paragraph(number) = locus else { return None };
        let group = self.groups.get(citation.group).filter(|group| group.span.end == self.at + 1)?;
        let locator = citation.locator.as_ref().filter(|_| citation.suffix.trim().is_empty())?;
        let written = self.brief.text.slice(locator.span).trim_start_matches('¶').trim();
        let plain = |part: &str| {
            let mut ends = part.split(['-', '–']);
            let numbers = ends.by_ref().take(2).all(|end| end.trim().parse::<u32>().is_ok());
            numbers && ends.next().is_none()
        };
        let marked = self.brief.text.slice(locator.span).starts_with('¶') && group.span.covers(locator.span);
        if !marked || !written.split(',').all(plain) {
            return None;
        }
        let first = |part: &str| part.split(['-', '–']).next().and_then(|n| n.trim().parse::<u32>().ok());
        let added = number.to_string();
        let mut parts: Vec<&str> = written.split(',').map(str::trim).chain([added.as_str()]).collect();
        parts.sort_by_key(|part| first(part));
        Some((locator.span, format!("¶¶ {}", parts.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::harbours;

    #[test]
    fn a_cursor_as_wide_as_a_letter_or_a_word_asks_for_its_sentence() {
        let at = harbours("They say so. Pilots sold printed tables to the captains. So it is.\n");
        let start = 13; // of `Pilots`
        for length in [0, 1, 6] {
            let found = support(&at.snap, &at.file, Span::new(start, start + length), 5);
            let found: Vec<_> = found.iter().map(|found| (found.key.as_str(), found.locus.clone())).collect();
            assert_eq!(found, [("reed2021", Locus::Paragraph(1))], "{length}");
        }
    }
}
