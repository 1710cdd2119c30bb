//! What a load is to read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::corpus::library::Entry;
use crate::text::Text;

/// The file that an entry's text is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Document {
    /// A file that can be read, whether or not it exists.
    Text(PathBuf),
    /// A file of an unsupported kind.
    Unread(PathBuf),
    /// A file that the user's settings do not allow to be read.
    Barred(PathBuf),
}

impl Document {
    /// The file, if it can be read.
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
    /// The file that holds the text of each entry.
    pub(super) documents: BTreeMap<Arc<str>, Document>,
    /// The further files that hold the text of an entry.
    pub(super) alternates: Vec<(Arc<Entry>, PathBuf)>,
    /// The files that hold texts.
    pub(super) wanted: BTreeSet<PathBuf>,
    /// Documents of unsupported kinds.
    pub(super) unread: Vec<PathBuf>,
    /// Files in sources folders that are not sources.
    pub(super) other: Vec<PathBuf>,
}
