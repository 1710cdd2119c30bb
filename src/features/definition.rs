//! From a brief to the place that it leans on.

use crate::text::{FileId, Span, Text};
use crate::workspace::Snapshot;

/// Where to jump.
#[derive(Debug, Clone)]
pub struct Jump {
    /// The key, locator or quotation in the brief, in bytes.
    pub origin: Span,
    /// The file to open.
    pub file: FileId,
    /// Its text, in which the spans are offsets.
    pub text: Text,
    /// The whole passage or entry.
    pub target: Span,
    /// Where the cursor goes: the very words.
    pub focus: Span,
}

/// The passage, or the very words, that byte `offset` of the brief `file` points to.
#[must_use]
pub fn definition(_snap: &Snapshot, _file: &FileId, _offset: usize) -> Option<Jump> {
    None
}

/// The library entry of the citation at byte `offset` of the brief `file`.
#[must_use]
pub fn declaration(_snap: &Snapshot, _file: &FileId, _offset: usize) -> Option<Jump> {
    None
}
