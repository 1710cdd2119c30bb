//! What the user is told about a load.

use std::path::PathBuf;

/// The name of the file that describes a workspace.
pub const CONFIG_FILE: &str = "glossator.toml";

/// What stands for a path in a [`Notice`] about the settings that the client sent.
pub const CLIENT_SETTINGS: &str = "the editor's settings";

/// One thing that went wrong while reading, which did not stop the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong and what to do, in one or two sentences, file not repeated.
    pub message: String,
    /// What it is about.
    pub about: About,
}

/// What a [`Notice`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Settings that cannot be read, or name what is not there: the workspace is not what its owner means.
    Settings,
    /// A file that could not be read, or not all of it.
    File,
    /// Nothing is wrong: something is not done that somebody may wait for.
    Remark,
}

impl Notice {
    /// About a file.
    pub(super) fn of_file(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::File }
    }

    /// About the settings at `path`, or what they name.
    pub(super) fn of_settings(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::Settings }
    }
}
