//! A quotation that is near to a stretch of its source and not the same: the words in which it
//! differs, and no others. What [`super::locate`] lets pass in a quotation that is otherwise right
//! passes here too.

use std::ops::Range;

use super::align::{Alignment, Change, Row};
use super::asked::Asked;
use super::bracket;
use super::check::Check;
use super::limiter;
use super::locate::{EditKind, MOST_REPLACED, misprint, possessive, welded};
use super::notes;
use super::quoted::Element;
use super::verdict::{Difference, Evidence, Verdict};
use crate::text::Span;

impl Check<'_> {
    /// The words that are compared with a source: all but the writer's own.
    pub(super) fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        let (mut behind_omission, mut behind_bracket) = (false, None);
        for element in &self.quoted.elements {
            let (words, word, stub) = match element {
                Element::Word(at) => (*at..at + 1, *at, None),
                Element::Stub { at, start, end } => {
                    // The letters in brackets stand before or behind.
                    let words = if start.is_empty() { at.saturating_sub(1)..at + 1 } else { *at..at + 2 };
                    (words, *at, Some((start.as_str(), end.as_str())))
                }
                Element::Added(inside) => {
                    behind_bracket = Some(inside.clone());
                    continue;
                }
                Element::Omission => {
                    behind_omission = true;
                    continue;
                }
            };
            let words = words.start..words.end.min(self.quoted.words.len());
            let lower = self.quoted.words.lower(word);
            let behind_bracket = behind_bracket.take();
            rows.push(Row { words, lower, stub, behind_omission, behind_bracket });
            behind_omission = false;
        }
        rows
    }

    /// The evidence for a quotation that `alignment` finds near in `asked`.
    pub(super) fn altered(&self, asked: &Asked, alignment: Alignment, words: usize) -> Evidence {
        let source = &asked.words.words;
        let rows = self.rows();
        let row_at = |word: usize| {
            let at = rows.binary_search_by_key(&word, |row| row.words.start).ok()?;
            rows.get(at)
        };
        let mut differences = Vec::new();
        let mut edits = Vec::new();
        let ends =
            (rows.first().map_or(0, |row| row.words.start), rows.last().map_or(0, |row| row.words.end));
        for mut change in alignment.changes {
            self.whole_words(asked, &mut change, ends);
            self.within_sentence(asked, &mut change, ends);
            let Some(change) = self.without_typography(asked, change) else {
                edits.push(EditKind::Punctuation);
                continue;
            };
            let row = row_at(change.quoted.start).filter(|_| change.quoted.is_empty());
            if row.is_some_and(|row| row.behind_omission) {
                edits.push(EditKind::Omission);
                continue;
            }
            // What the bracket before this word may stand for.
            let bracket = row.and_then(|row| row.behind_bracket.clone());
            match bracket {
                Some(inside)
                    if change.source.len() <= MOST_REPLACED
                        && !bracket::turns(
                            source,
                            change.source.clone(),
                            &self.quoted.words,
                            inside.clone(),
                        ) =>
                {
                    edits.push(EditKind::Brackets);
                }
                Some(inside) if !inside.is_empty() && change.source.len() <= MOST_REPLACED => {
                    differences.push(self.difference(asked, inside, change.source));
                }
                _ => differences.push(self.difference(asked, change.quoted, change.source)),
            }
        }
        differences.extend(self.turned_by_brackets(asked, &alignment.stretch, &differences));
        differences.sort_by_key(|difference| difference.at.start);
        edits.sort_unstable();
        edits.dedup();
        let altered = !differences.is_empty();
        if !altered && edits.is_empty() {
            edits.push(EditKind::Brackets);
        }
        Evidence {
            verdict: if altered { Verdict::Altered } else { Verdict::Edited },
            words,
            edits: if altered { Vec::new() } else { edits },
            place: Some(asked.place(&alignment.stretch)),
            passages: vec![asked.passage(alignment.stretch.start), asked.passage(alignment.stretch.end - 1)],
            owner: asked.owner,
            differences,
            ..self.unchecked("")
        }
    }

    /// Brackets that put a “not” into words that are otherwise the source's.
    fn turned_by_brackets(
        &self,
        asked: &Asked,
        stretch: &Range<usize>,
        known: &[Difference],
    ) -> Vec<Difference> {
        let source = &asked.words.words;
        let denied = stretch.clone().any(|at| super::locate::is_negation(source.lower(at)));
        let mut out = Vec::new();
        for element in &self.quoted.elements {
            let Element::Added(inside) = element else { continue };
            if denied || !inside.clone().any(|at| super::locate::is_negation(self.quoted.words.lower(at))) {
                continue;
            }
            let end = stretch.end;
            let difference = self.difference(asked, inside.clone(), end..end);
            if !known.iter().any(|other| other.at == difference.at) {
                out.push(difference);
            }
        }
        out
    }

    /// Completes a word at an end of the quotation (the words `ends`) that the source parts with a
    /// hyphen, and of which the alignment needed but one part.
    fn whole_words(&self, asked: &Asked, change: &mut Change, ends: (usize, usize)) {
        let (mine, theirs) = (&self.quoted.words, &asked.words.words);
        let (quoted, source) = (change.quoted.clone(), &mut change.source);
        if quoted.is_empty() || source.start == source.end {
            return;
        }
        let parted = |at: usize| at > 0 && at < theirs.len() && theirs.gap(at) == "-";
        if quoted.start == ends.0
            && parted(source.start)
            && welded(mine.lower(quoted.start), theirs, source.start - 1) == Some(2)
        {
            source.start -= 1;
        }
        if quoted.end == ends.1
            && parted(source.end)
            && welded(mine.lower(quoted.end - 1), theirs, source.end - 1) == Some(2)
        {
            source.end += 1;
        }
    }

    /// Takes words of the sentences around from a change at an end of the quotation (the words `ends`):
    /// for “It is late” the source has “It’s late” and not “more. It’s late”.
    fn within_sentence(&self, asked: &Asked, change: &mut Change, ends: (usize, usize)) {
        let source = &asked.words.words;
        let stops = |at: &usize| source.gap(*at).contains(['.', '?', '!', '\n']);
        let quoted = change.quoted.clone();
        let mine = (quoted.start + 1..quoted.end)
            .any(|at| self.quoted.words.gap(at).contains(['.', '?', '!', '\n']));
        if mine || change.source.len() < 2 || quoted.is_empty() {
            return;
        }
        let inside = change.source.start + 1..change.source.end;
        if quoted.start == ends.0 {
            change.source.start = inside.clone().rev().find(stops).unwrap_or(change.source.start);
        } else if quoted.end == ends.1 {
            change.source.end = inside.clone().find(stops).unwrap_or(change.source.end);
        }
    }

    /// `change` without words at its ends that are the same but for hyphens and the like; `None` when
    /// nothing is left.
    fn without_typography(&self, asked: &Asked, change: Change) -> Option<Change> {
        let (mine, theirs) = (&self.quoted.words, &asked.words.words);
        let Change { quoted: mut q, source: mut s } = change;
        let same = |a: usize, b: usize| {
            possessive(mine.lower(a), theirs.lower(b)) || misprint(theirs.lower(b), mine.lower(a))
        };
        /// Parts of one word.
        const MOST_PARTS: usize = 4;
        // Marks of notes.
        while !s.is_empty() && notes::is_mark(theirs, s.start) {
            s.start += 1;
        }
        while !s.is_empty() && notes::is_mark(theirs, s.end - 1) {
            s.end -= 1;
        }
        while !q.is_empty() && !s.is_empty() {
            if let Some(count) = welded(mine.lower(q.start), theirs, s.start).filter(|n| *n <= s.len()) {
                (q.start, s.start) = (q.start + 1, s.start + count);
            } else if let Some(count) = welded(theirs.lower(s.start), mine, q.start).filter(|n| *n <= q.len())
            {
                (q.start, s.start) = (q.start + count, s.start + 1);
            } else if same(q.start, s.start) {
                (q.start, s.start) = (q.start + 1, s.start + 1);
            } else {
                break;
            }
        }
        while !q.is_empty() && !s.is_empty() {
            let theirs_parted = (2..=MOST_PARTS.min(s.len()))
                .find(|count| welded(mine.lower(q.end - 1), theirs, s.end - count) == Some(*count));
            let mine_parted = (2..=MOST_PARTS.min(q.len()))
                .find(|count| welded(theirs.lower(s.end - 1), mine, q.end - count) == Some(*count));
            if let Some(count) = theirs_parted {
                (q.end, s.end) = (q.end - 1, s.end - count);
            } else if let Some(count) = mine_parted {
                (q.end, s.end) = (q.end - count, s.end - 1);
            } else if same(q.end - 1, s.end - 1) {
                (q.end, s.end) = (q.end - 1, s.end - 1);
            } else {
                break;
            }
        }
        (!q.is_empty() || !s.is_empty()).then_some(Change { quoted: q, source: s })
    }

    fn difference(&self, asked: &Asked, quoted: Range<usize>, source: Range<usize>) -> Difference {
        let (mine, theirs) = (&self.quoted.words, &asked.words.words);
        let text = self.brief.text.as_str();
        let at = match (quoted.is_empty(), quoted.start.checked_sub(1)) {
            (false, _) => {
                let (mut start, mut end) = (mine.span(quoted.start).start, mine.span(quoted.end - 1).end);
                // A bracket that is cut in two can't be replaced.
                let inside = &text[start..end];
                let (opened, closed) = (inside.matches('[').count(), inside.matches(']').count());
                let bracketed =
                    opened == closed && text[..start].ends_with('[') && text[end..].starts_with(']');
                if closed > opened || bracketed {
                    start = text[..start].rfind('[').unwrap_or(start);
                }
                if opened > closed || bracketed {
                    end += text[end..].find(']').map_or(0, |close| close + 1);
                }
                Span::new(start, end)
            }
            (true, Some(before)) => {
                let end = mine.span(before).end;
                // Not into the bracket that ends before.
                let closing = text[end..].bytes().take_while(|c| matches!(c, b']' | b')')).count();
                Span::new(end + closing, end + closing)
            }
            (true, None) => Span::new(mine.span(0).start, mine.span(0).start),
        };
        let span = match source.is_empty() {
            false => asked.span(&source),
            true => {
                let end = source.start.checked_sub(1).map_or(0, |before| theirs.span(before).end);
                Span::new(end, end)
            }
        };
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let weighty = quoted.clone().any(|word| limiter::weighty(mine, word))
            || source.clone().any(|word| limiter::weighty(theirs, word));
        Difference {
            at: super::check::relative(at, self.quotation.span),
            brief: flat(self.brief.text.slice(at)),
            span,
            source: flat(asked.text.text.slice(span)),
            weighty,
        }
    }
}
