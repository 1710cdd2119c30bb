//! A finding and its fixes.

use crate::config::{Code, Level};
use crate::text::{FileId, FileSpan, Span};

/// Something wrong in a brief or a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// The level that the settings give its code, or a lower one that its rule allows; never [`Level::Off`].
    pub level: Level,
    /// Its place, in bytes of the file.
    pub span: Span,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// Fixes, the likeliest first.
    pub fixes: Vec<Fix>,
    /// Related places: a file, bytes of its text, and why.
    pub related: Vec<(FileId, FileSpan, String)>,
}

/// A fix of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The title shown in the menu.
    pub title: String,
    /// The edits (in bytes of the finding's own file), sorted and not overlapping.
    pub edits: Vec<(Span, String)>,
    /// Whether it may be applied without review: it can't make a right text wrong.
    pub sure: bool,
}

impl Fix {
    /// A fix that may be applied without review.
    #[must_use]
    pub fn new(title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        Self { title: title.into(), edits, sure: true }
    }
}

/// A finding without fixes, at the highest level. A rule may lower it, and the settings do in the end.
pub(super) fn finding(code: Code, span: Span, message: String) -> Finding {
    Finding { code, level: Level::Error, span, message, fixes: Vec::new(), related: Vec::new() }
}
