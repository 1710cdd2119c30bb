//! The lines and paragraphs of a text as laid out.

use crate::text::Span;

/// A paragraph as laid out.
#[derive(Debug, Clone)]
pub(super) struct Block<'t> {
    /// Its byte spans in the text, without markers and surrounding whitespace: one, or several if a page ends
    /// within the paragraph. Never empty.
    pub pieces: Vec<Span>,
    /// The words from the first piece to the last.
    pub words: &'t str,
    /// The marker before it.
    pub marker: Marker,
    /// The least indentation of its lines, in columns; a tab is four.
    pub indent: usize,
    /// Blank lines before it.
    pub gap: usize,
    /// Whether it belongs to the page rather than the text: a running head, a page number.
    pub of_page: bool,
}

/// The marker at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// Nothing.
    Plain,
    /// A bullet.
    Bullet,
    /// `#` (Markdown only), or underlined.
    Heading,
    /// `>`.
    Quote,
}

impl Block<'_> {
    /// From its first piece to its last.
    pub(super) fn span(&self) -> Span {
        let end = self.pieces.last().map_or(0, |piece| piece.end);
        Span::new(self.pieces.first().map_or(end, |piece| piece.start), end)
    }
}

/// A non-blank line.
pub(super) struct Line<'t> {
    /// Byte offset of its words.
    pub start: usize,
    /// Its words, without the marker.
    pub words: &'t str,
    /// Columns before it.
    pub indent: usize,
    /// The column at which its words begin, after the marker.
    pub column: usize,
    pub marker: Marker,
    /// Blank lines before it.
    pub gap: usize,
    /// Whether it is the first of a page.
    pub feed: bool,
    /// The number of characters in its words.
    pub chars: usize,
}
