//! A finding and its fixes.

use crate::config::{Code, Level};
use crate::text::{FileId, FileSpan, Span};

/// A problem in a brief or a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind of problem.
    pub code: Code,
    /// The level from the settings, possibly lowered by the rule; never [`Level::Off`].
    pub level: Level,
    /// Where it is, in bytes of the file.
    pub span: Span,
    /// What is wrong, and what to do about it.
    pub message: String,
    /// Possible fixes, the likeliest first.
    pub fixes: Vec<Fix>,
    /// Related places: file, bytes of its text, reason.
    pub related: Vec<(FileId, FileSpan, String)>,
}

/// A fix for a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The title shown in the menu.
    pub title: String,
    /// The edits (in bytes of the finding's own file), sorted and not overlapping.
    pub edits: Vec<(Span, String)>,
    /// Whether it is safe to apply without review, because it cannot make a correct text wrong.
    pub sure: bool,
    /// Whether it restores the source's words in a cited quotation that is long enough to be judged, and is safe
    /// to apply without review.
    pub restores: bool,
}

impl Fix {
    /// A fix that is safe to apply without review.
    #[must_use]
    pub fn new(title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        Self { title: title.into(), edits, sure: true, restores: false }
    }
}

/// A finding without fixes, at the highest level. Rules may lower the level; the settings are applied last.
pub(super) fn finding(code: Code, span: Span, message: String) -> Finding {
    Finding { code, level: Level::Error, span, message, fixes: Vec::new(), related: Vec::new() }
}
