//! Quotations in quotation marks, within a paragraph or carried on into the next. Which characters
//! are marks is not decided here.

use super::marks::{Marks, Open};
use super::ownership::{citations_in, inline_owners, noted};
use super::prose::{Prose, pieces, with_code};
use super::sentences::sentences;
use super::{Form, Quotation};
use crate::brief::citation::Citation;
use crate::brief::markdown::{Block, Markdown};
use crate::text::Span;

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
        let again = again.filter(|&i| old.footnote == block.footnote && marks.opening(i) == Some(old.mark));
        if let Some(i) = again {
            // The line break between the two paragraphs keeps their words apart.
            if let Some(at) = text.get(old.end..block.span.start).and_then(|gap| gap.find('\n')) {
                old.words.push(Span::new(old.end + at, old.end + at + 1));
            }
            (old.from, old.depth, old.inner) = (i + 1, 1, 0);
            from = i + 1;
            open = Some(old);
        } else {
            out.extend(close_inline(text, old, citations, markdown));
        }
    }
    for i in from..glyphs.len() {
        if let Some(current) = &mut open {
            if marks.closes(i, current) {
                let mut closed = open.take().into_iter();
                found.extend(closed.by_ref().map(|mut open| {
                    open.words.extend(pieces(&glyphs[open.from..i]));
                    open.end = glyphs[i].end();
                    open
                }));
            }
        } else if let Some(mark) = marks.opening(i) {
            open = Some(Open { footnote: block.footnote.clone(), ..Open::at(glyphs, mark, i) });
        }
    }
    let unclosed = open.map(|mut open| {
        let end =
            glyphs.iter().rposition(|glyph| !glyph.c.is_whitespace()).map_or(open.from, |last| last + 1);
        let end = end.max(open.from);
        open.words.extend(pieces(&glyphs[open.from..end]));
        open.end = glyphs[..end].last().map_or(open.end, |glyph| glyph.end());
        open
    });
    let spans: Vec<Span> =
        found.iter().chain(&unclosed).map(|open| Span::new(open.start, open.end)).collect();
    let starts = sentences(prose, &spans);
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
    };
    for mut open in found {
        place(&mut open);
        out.extend(close_inline(text, open, citations, markdown));
    }
    *carried = unclosed.map(|mut open| {
        place(&mut open);
        open
    });
}

/// The finished quotation, or none when it has no words.
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
        // A note's mark behind the words, in the same sentence.
        owners = noted(text, Span::new(open.end, open.last_sentence.end.max(open.end)), markdown, citations);
    }
    let words = with_code(text, open.words, span, markdown);
    Some(Quotation { form: Form::Inline, span, words, citations: owners })
}
