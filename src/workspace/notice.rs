//! Notices to the user about a load.

use std::path::PathBuf;

/// The name of the file that describes a workspace.
pub const CONFIG_FILE: &str = "glossator.toml";

/// Used as the path in a [`Notice`] about settings sent by the client.
pub const CLIENT_SETTINGS: &str = "the editor's settings";

/// A problem during a load that did not stop the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file or folder.
    pub path: PathBuf,
    /// The problem and what to do about it, in one or two sentences, without repeating the file.
    pub message: String,
    /// What it is about.
    pub about: About,
}

/// What a [`Notice`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Settings that cannot be read, or that name something missing, so that the workspace is not what its
    /// owner intends.
    Settings,
    /// A file that could not be read, at least not completely.
    File,
    /// Not a problem: something that the user may expect is not done.
    Remark,
}

impl Notice {
    /// A notice about a file.
    pub(super) fn of_file(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::File }
    }

    /// A notice about the settings at `path`, or what they name.
    pub(super) fn of_settings(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::Settings }
    }
}
