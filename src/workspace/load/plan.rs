//! What a load reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::text::Text;

/// The file that an entry's text is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Document {
    /// One that is read, whether it is there or not.
    Text(PathBuf),
    /// Of a kind that is not read.
    Unread(PathBuf),
    /// Where the user's settings do not allow to read.
    Barred(PathBuf),
}

impl Document {
    /// The file, when it is one that is read.
    pub(super) fn text(&self) -> Option<&PathBuf> {
        match self {
            Self::Text(path) => Some(path),
            Self::Unread(_) | Self::Barred(_) => None,
        }
    }
}

/// What is to be read.
pub(super) struct Plan {
    pub(super) settings_text: Option<Text>,
    /// Which file holds the text of which entry.
    pub(super) documents: BTreeMap<Arc<str>, Document>,
    /// The files that hold texts.
    pub(super) wanted: BTreeSet<PathBuf>,
    /// Documents of kinds that are not read.
    pub(super) unread: Vec<PathBuf>,
    /// Files among the sources that are none.
    pub(super) other: Vec<PathBuf>,
}
