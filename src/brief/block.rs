//! Blocks: the stretches of prose in a Markdown text.

use crate::text::Span;

/// The kind of a block, as far as citations and quotations care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Running prose: a paragraph, a table cell, the text of a list item.
    Paragraph,
    /// A heading.
    Heading,
    /// YAML front matter.
    Metadata,
}

/// A stretch of prose that is read by itself: citations and sentences never cross its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The kind of block.
    pub kind: BlockKind,
    /// The whole block, including markup.
    pub span: Span,
    /// The number of block quotations (`>`) around it.
    pub quote_depth: u8,
    /// The number of the innermost block quotation around it, counted from 0 through the text.
    pub quote: Option<usize>,
    /// The label of the footnote definition it belongs to.
    pub footnote: Option<String>,
    /// The prose within `span`, in order and not overlapping: no code, HTML, link targets, math, `>` prefixes
    /// or list indentation. Emphasis marks, escapes and line breaks are kept; the brackets of links and
    /// images are not.
    pub prose: Vec<Span>,
}

/// What remains of `pieces` without `cuts`. Both must be sorted and free of overlaps.
pub(super) fn apart(pieces: &[Span], cuts: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut first = 0;
    for piece in pieces {
        while first < cuts.len() && cuts[first].end <= piece.start {
            first += 1;
        }
        let mut at = piece.start;
        let mut next = first;
        while next < cuts.len() && cuts[next].start < piece.end {
            if cuts[next].start > at {
                left.push(Span::new(at, cuts[next].start));
            }
            at = at.max(cuts[next].end);
            next += 1;
        }
        first = next.saturating_sub(1).max(first);
        if at < piece.end {
            left.push(Span::new(at, piece.end));
        }
    }
    left
}
