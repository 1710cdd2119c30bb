//! The card for what stands under the cursor.

use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// A card and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// CommonMark, source text escaped.
    pub markdown: String,
    /// The key, locator or quotation, in bytes of the brief.
    pub span: Span,
}

/// The card for byte `offset` of the brief `file`; `None` for what is not ours.
#[must_use]
pub fn hover(_snap: &Snapshot, _file: &FileId, _offset: usize) -> Option<Hover> {
    None
}
