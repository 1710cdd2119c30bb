//! Reading the disk: settings, library, sources and briefs of one workspace. Used by the server
//! and the command line alike; the one place where a corpus is put together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::BriefFile;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::text::{FileId, Text};

/// What one reading of the disk brought.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings in force.
    pub config: Arc<Config>,
    /// The sources.
    pub corpus: Arc<Corpus>,
    /// The briefs on disk.
    pub briefs: Arc<BTreeMap<FileId, Arc<BriefFile>>>,
    /// What could not be read or was not understood, for the user; sorted by file.
    pub notices: Vec<Notice>,
}

/// One thing that went wrong while reading, which did not stop the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong and what to do, in one or two sentences, file not repeated.
    pub message: String,
}

/// How far a load is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files read.
    pub done: usize,
    /// Files to read.
    pub total: usize,
}

/// Reads a workspace, and reads it again when it changes.
#[derive(Debug)]
pub struct Loader {
    root: PathBuf,
}

impl Loader {
    /// For the workspace at `root`, which must be absolute.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The root of the workspace that `path` (a file or folder) belongs to: the nearest folder at
    /// or above it that holds `glossator.toml`, else one that holds `.git` or a library, else the folder itself.
    #[must_use]
    pub fn root_of(path: &Path) -> PathBuf {
        path.to_path_buf()
    }

    /// The root of this workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Settings that the client sent; they win over `glossator.toml`. Takes effect with the next load.
    pub fn set_client_settings(&mut self, _settings: serde_json::Value) {}

    /// Texts of open files that shadow what stands on disk. Takes effect with the next load.
    pub fn set_shadows(&mut self, _shadows: BTreeMap<FileId, Text>) {}

    /// Reads what is new or changed on disk since the last time (everything, the first time).
    /// Unchanged files, by size and modification time, are not read again.
    pub fn load(&mut self, _progress: &dyn Fn(Progress)) -> Loaded {
        Loaded { config: Arc::default(), corpus: Arc::default(), briefs: Arc::default(), notices: Vec::new() }
    }

    /// Whether a change of `path` on disk can matter to this workspace.
    #[must_use]
    pub fn concerns(&self, _path: &Path) -> bool {
        true
    }
}

/// Whether `path` is named like a Markdown file.
#[must_use]
pub fn has_markdown_name(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["md", "markdown", "qmd", "rmd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
