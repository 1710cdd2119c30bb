//! What is wrong in a brief or a library, with its fix.

use crate::config::{Code, Level};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How loud, by the settings; never [`Level::Off`].
    pub level: Level,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong, and what to do.
    pub message: String,
    /// Ways out, the likeliest first.
    pub fixes: Vec<Fix>,
    /// Other places that belong to it: file, bytes of its text, why.
    pub related: Vec<(FileId, Span, String)>,
}

/// A way out of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the menu shows.
    pub title: String,
    /// What is replaced (bytes of the finding's own file) and by what; sorted, apart.
    pub edits: Vec<(Span, String)>,
}

/// The findings of `file`, a brief or a library, sorted by place. Empty until the first load is done.
#[must_use]
pub fn of_file(_snap: &Snapshot, _file: &FileId) -> Vec<Finding> {
    Vec::new()
}
