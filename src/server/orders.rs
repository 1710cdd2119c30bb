//! What the thread of the loader is told.

use std::path::PathBuf;

use serde_json::Value;

/// An order for the loader of a workspace.
#[derive(Debug)]
pub(super) enum Order {
    /// These files changed.
    Changed(Vec<PathBuf>),
    /// A request waits for the state of the disk.
    Now,
    /// The client sent new settings.
    Settings(Value),
    /// The workspace is no longer served.
    End,
}
