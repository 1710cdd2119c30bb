//! Quotations in quotation marks, within a paragraph or continued in the next. Which characters are marks is
//! decided elsewhere.

use super::blocks::is_item;
use super::incise::{incises, without};
use super::marks::{Mark, Marks, Open};
use super::ownership::{inline_owners, nearby, noted};
use super::prose::{Glyph, Prose, pieces, with_code};
use super::sentences::sentences;
use super::shape::{Form, Passage, Quotation};
use crate::brief::citation::{Citation, citations_in};
use crate::brief::markdown::{Block, Markdown};
use crate::text::Span;

/// How many blanks a pair of different marks must enclose to be a separate quotation within an unclosed one:
/// as many as in a quotation long enough for a warning.
const WORDS_WITHIN: usize = 5;

/// Reads the inline quotations of one block.
pub(super) fn inline(
    text: &str,
    block: &Block,
    prose: &Prose,
    citations: &[Citation],
    markdown: &Markdown,
    carried: &mut Option<Open>,
    out: &mut Vec<Quotation>,
) {
    let glyphs = &prose.glyphs;
    let marks = Marks::new(glyphs);
    let mut open: Option<Open> = None;
    let mut found: Vec<Open> = Vec::new();
    let mut from = 0;
    if let Some(mut old) = carried.take() {
        let again = glyphs.iter().position(|glyph| !glyph.c.is_whitespace());
        // Two items of a list are two, also where the first is not closed.
        let again = again.filter(|&i| {
            old.footnote == block.footnote && marks.opening(i) == Some(old.mark) && !is_item(text, block)
        });
        if let Some(i) = again {
            old.breaks.push(old.words.len());
            // Keep the line break between the two paragraphs so that their words stay separate.
            if let Some(at) = text.get(old.end..block.span.start).and_then(|gap| gap.find('\n')) {
                old.words.push(Span::new(old.end + at, old.end + at + 1));
            }
            from = i + old.mark.width();
            old.carry_on(from);
            open = Some(old);
        } else {
            out.extend(close_inline(text, old, citations, markdown));
        }
    }
    for i in from..glyphs.len() {
        if let Some(current) = &mut open {
            if i >= current.from && marks.closes(i, current) {
                found.extend(open.take().map(|open| ended(open, glyphs, i)));
            }
        } else if let Some(mark) = marks.opening(i) {
            open = Some(Open { footnote: block.footnote.clone(), ..Open::at(glyphs, mark, i) });
        }
    }
    let mut unclosed: Option<Open> = None;
    if let Some(open) = open {
        let parts = open.within();
        let first = open.first_within().unwrap_or(glyphs.len());
        unclosed = break_off(&marks, open, glyphs, first, &mut found);
        for (at, &(start, end)) in parts.iter().enumerate() {
            found.extend(unclosed.take());
            let mark = found.last().map_or(Mark::Curly, |open| open.mark);
            let part = Open { footnote: block.footnote.clone(), ..Open::at(glyphs, mark, start) };
            let next = parts.get(at + 1).map_or(glyphs.len(), |next| next.0);
            match end {
                Some(end) => found.push(ended(part, glyphs, end)),
                None => unclosed = break_off(&marks, part, glyphs, next, &mut found),
            }
        }
    }
    let spans: Vec<Span> =
        found.iter().chain(&unclosed).map(|open| Span::new(open.start, open.end)).collect();
    let starts = sentences(markdown.language, prose, &spans);
    let sentence = |at: usize| {
        let next = starts.partition_point(|&start| start <= at);
        let start = next.checked_sub(1).map_or(block.span.start, |i| starts[i]);
        Span::new(start, starts.get(next).copied().unwrap_or(block.span.end))
    };
    let place = |open: &mut Open| {
        if open.start >= block.span.start {
            open.sentence = sentence(open.start);
        }
        open.last_sentence = sentence(open.start.max(block.span.start));
        open.paragraph = block.span;
    };
    for mut open in found {
        place(&mut open);
        out.extend(close_inline(text, open, citations, markdown));
    }
    let Some(mut open) = unclosed else { return };
    place(&mut open);
    // A speech continued in the next paragraph is cited where it ends.
    if citations_in(citations, Span::new(open.start.max(block.span.start), block.span.end)).is_empty() {
        *carried = Some(open);
    } else {
        out.extend(close_inline(text, open, citations, markdown));
    }
}

/// Completes `open`, which is closed by the mark at glyph `i`.
fn ended(mut open: Open, glyphs: &[Glyph], i: usize) -> Open {
    let until = (i + 1).saturating_sub(open.mark.width()).max(open.from);
    open.words.extend(pieces(&glyphs[open.from..until]));
    (open.end, open.closed) = (glyphs[i].end(), true);
    open
}

/// Handles `open`, which is not closed before glyph `until`. If other marks open and close before that,
/// around too many words for a name or term within it, those are separate quotations, and `found` receives
/// all of them.
fn break_off(
    marks: &Marks,
    open: Open,
    glyphs: &[Glyph],
    until: usize,
    found: &mut Vec<Open>,
) -> Option<Open> {
    let mut inner: Option<Open> = None;
    let mut others: Vec<(Open, usize)> = Vec::new();
    for i in open.from..until {
        if let Some(current) = &mut inner {
            if i >= current.from && marks.closes(i, current) {
                let blanks = glyphs[current.from..i].iter().filter(|glyph| glyph.c.is_whitespace()).count();
                others.extend(inner.take().filter(|_| blanks >= WORDS_WITHIN).map(|inner| (inner, i)));
            }
        } else if let Some(mark) = marks.opening(i).filter(|mark| mark.is_double() && *mark != open.mark) {
            inner = Some(Open { footnote: open.footnote.clone(), ..Open::at(glyphs, mark, i) });
        }
    }
    let Some((first, _)) = others.first() else { return Some(broken_off(open, glyphs, until)) };
    let head = first.from - first.mark.width();
    found.push(broken_off(open, glyphs, head));
    found.extend(others.into_iter().map(|(other, end)| ended(other, glyphs, end)));
    None
}

/// Ends `open`, which is not closed before glyph `until`.
fn broken_off(mut open: Open, glyphs: &[Glyph], until: usize) -> Open {
    let blank = |glyph: &Glyph| glyph.c.is_whitespace() || glyph.is_tag();
    let from = open.from.min(until);
    let end = glyphs[from..until].iter().rposition(|glyph| !blank(glyph)).map_or(from, |at| from + at + 1);
    open.words.extend(pieces(&glyphs[from..end]));
    open.end = glyphs[..end].last().map_or(open.end, |glyph| glyph.end());
    open
}

/// The finished quotation; `None` if it has no words.
pub(super) fn close_inline(
    text: &str,
    open: Open,
    citations: &[Citation],
    markdown: &Markdown,
) -> Option<Quotation> {
    if open.words.is_empty() {
        return None;
    }
    let span = Span::new(open.start, open.end);
    let mut owners = inline_owners(text, span, open.sentence, open.last_sentence, citations);
    if owners.is_empty()
        && let Some(label) = &open.footnote
    {
        let blocks = markdown.blocks.iter().filter(|block| block.footnote.as_ref() == Some(label));
        owners = blocks.flat_map(|block| citations_in(citations, block.span)).collect();
        owners.sort_unstable();
        owners.dedup();
    }
    if owners.is_empty() {
        // A note mark after the words, in the same sentence.
        owners = noted(text, Span::new(open.end, open.last_sentence.end.max(open.end)), markdown, citations);
    }
    let passages = paragraphs(text, &open, markdown);
    let words = with_code(text, open.words, span, markdown);
    // Over several paragraphs the words are read as they are.
    let said = if passages.is_empty() { incises(text, &words) } else { Vec::new() };
    let words = if said.is_empty() { words } else { without(&words, &said) };
    let nearby = nearby(citations, span, open.paragraph);
    Some(Quotation {
        form: Form::Inline,
        span,
        words,
        citations: owners,
        nearby,
        closed: open.closed,
        asides: said.into_iter().map(|said| vec![said]).collect(),
        passages,
    })
}

/// The words of each paragraph that `open` spans; empty if there is only one.
fn paragraphs(text: &str, open: &Open, markdown: &Markdown) -> Vec<Passage> {
    if open.breaks.is_empty() {
        return Vec::new();
    }
    let ends = open.breaks.iter().copied().chain([open.words.len()]);
    let mut start = 0;
    let mut out = Vec::new();
    for end in ends {
        let words = open.words.get(start..end).unwrap_or_default().to_vec();
        start = end;
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let span = Span::new(first.start, last.end);
            out.push(Passage { words: with_code(text, words, span, markdown), apart: false });
        }
    }
    out
}
