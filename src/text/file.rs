//! The text of a file as shown in an editor ([`FileText`]), and places in it.
//!
//! Offsets and spans in a file have separate types. The words of a web page are at different bytes than in
//! its HTML, so a place in one text must never be mistaken for a place in the other.

use std::sync::{Arc, OnceLock};

use super::position::floor;
use super::{Encoding, LineIndex, Position};

/// A byte offset into a [`FileText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileOffset(pub usize);

/// A half-open range of byte offsets into a [`FileText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileSpan {
    /// Offset of the first byte.
    pub start: FileOffset,
    /// Offset just past the last byte.
    pub end: FileOffset,
}

impl FileSpan {
    /// The span from `start` to `end`; empty at `start` if `end` comes before it.
    #[must_use]
    pub fn new(start: FileOffset, end: FileOffset) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Whether `offset` lies in the span or at its end, as a cursor does after a word.
    #[must_use]
    pub fn touches(self, offset: FileOffset) -> bool {
        self.start <= offset && offset <= self.end
    }
}

impl From<std::ops::Range<usize>> for FileSpan {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(FileOffset(range.start), FileOffset(range.end))
    }
}

impl From<FileSpan> for [usize; 2] {
    fn from(span: FileSpan) -> Self {
        [span.start.0, span.end.0]
    }
}

/// The decoded text of a file, immutable, with an index of its lines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileText {
    text: Arc<str>,
    /// Made on first use: the lines of most files are never asked for.
    lines: Arc<OnceLock<LineIndex>>,
}

impl FileText {
    /// Wraps `text`.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), lines: Arc::default() }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of `span`, clamped to the text and to character boundaries.
    #[must_use]
    pub fn slice(&self, span: FileSpan) -> &str {
        let end = floor(&self.text, span.end.0);
        &self.text[floor(&self.text, span.start.0).min(end)..end]
    }

    /// The line index.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The position of `offset`; see [`LineIndex::position`].
    #[must_use]
    pub fn position(&self, offset: FileOffset, encoding: Encoding) -> Position {
        self.lines().position(&self.text, offset.0, encoding)
    }

    /// The positions of both ends of `span`.
    #[must_use]
    pub fn range(&self, span: FileSpan, encoding: Encoding) -> (Position, Position) {
        (self.position(span.start, encoding), self.position(span.end, encoding))
    }

    /// The offset of `position`; see [`LineIndex::offset`].
    #[must_use]
    pub fn offset(&self, position: Position, encoding: Encoding) -> FileOffset {
        FileOffset(self.lines().offset(&self.text, position, encoding))
    }
}
