//! A file that `check` has read.

use std::path::PathBuf;

use crate::features::diagnostics::Finding;
use crate::text::{FileId, Text};
use crate::workspace::Snapshot;

/// A brief or library with its findings.
pub(super) struct Checked {
    pub(super) root: PathBuf,
    pub(super) snapshot: Snapshot,
    pub(super) file: FileId,
    pub(super) text: Text,
    pub(super) findings: Vec<Finding>,
}
