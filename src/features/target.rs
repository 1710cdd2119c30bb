//! Places that answers point to: jump targets, and references to a source.

use std::sync::Arc;

use crate::brief::citation::Locator;
use crate::brief::quotation::Quotation;
use crate::evidence::verdict::Evidence;
use crate::text::{FileId, FileSpan, Span, Text};

/// A jump target.
#[derive(Debug, Clone)]
pub struct Jump {
    /// The key, locator, quotation or name to jump from, in the file asked about.
    pub origin: FileSpan,
    /// The file to open.
    pub file: FileId,
    /// Its text; the spans below are offsets into it.
    pub text: Text,
    /// The whole passage or entry.
    pub target: Span,
    /// Where to put the cursor: the exact words.
    pub focus: Span,
}

/// A place that relies on a source.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The file.
    pub file: FileId,
    /// The text; the span is an offset into it.
    pub text: Text,
    /// The citation, the quotation or the key of the entry, in bytes.
    pub span: Span,
    /// What is there.
    pub what: What,
}

/// The kinds of reference to a source.
#[derive(Debug, Clone)]
pub enum What {
    /// A citation, with its locator.
    Citation(Option<Locator>),
    /// A quotation and the evidence for it.
    Quotation(Quotation, Arc<Evidence>),
    /// The entry itself.
    Entry,
    /// A name.
    Mention,
}
