//! Which places the files of a workspace may name. Below its root all; outside of it only what the user's own
//! settings allow: a folder that came from somebody else must not have the server read what is not its own,
//! nor ask another machine for it (a UNC path does, on Windows).

use std::path::{Path, PathBuf};

use super::own;
use super::paths::normalize;

/// The places that may be read.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    root: PathBuf,
    /// Other folders and files, absolute and without `.` and `..`.
    outside: Vec<PathBuf>,
    /// All of these without links, as far as they are there.
    real: Vec<PathBuf>,
}

impl Reach {
    /// Nothing but what lies below `root`, which is absolute and without `.` and `..`.
    pub(super) fn of(root: PathBuf) -> Self {
        Self { root, outside: Vec::new(), real: Vec::new() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The places without links in their paths, as far as they are there.
    pub(super) fn real(&self) -> &[PathBuf] {
        &self.real
    }

    /// From now on these folders and files, too; `~` is the user's own folder.
    pub(super) fn allow(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let home = std::env::home_dir();
        let absolute = |path: PathBuf| match (path.strip_prefix("~"), &home) {
            (Ok(rest), Some(home)) => Some(normalize(&home.join(rest))),
            _ => path.is_absolute().then(|| normalize(&path)),
        };
        self.outside = paths.into_iter().filter_map(absolute).collect();
        let all = std::iter::once(&self.root).chain(&self.outside);
        self.real = all.filter_map(|path| path.canonicalize().ok()).collect();
    }

    /// Whether `path`, absolute and without `.` and `..`, may be read, by its words alone: the disk is not asked.
    ///
    /// # Errors
    /// Why not and the way out, in words for the user.
    pub(super) fn may(&self, path: &Path) -> Result<(), String> {
        let within =
            path.starts_with(&self.root) || self.outside.iter().any(|folder| path.starts_with(folder));
        if within { Ok(()) } else { Err(outside(path)) }
    }

    /// The same of where `path` leads over links. What is not there leads nowhere.
    ///
    /// # Errors
    /// Why not and the way out, in words for the user.
    pub(super) fn check(&self, path: &Path) -> Result<(), String> {
        self.may(path)?;
        let Ok(target) = path.canonicalize() else { return Ok(()) };
        if self.real.iter().any(|place| target.starts_with(place)) { Ok(()) } else { Err(outside(&target)) }
    }
}

/// What is said of a place outside of the workspace.
fn outside(path: &Path) -> String {
    // By its name alone: another machine is not asked whether that is a folder.
    let folder = if path.extension().is_some() { path.parent().unwrap_or(path) } else { path };
    let own = own::own_file().map_or_else(String::new, |file| format!(" in {}", file.display()));
    format!(
        "it is outside the workspace, at {}; to allow that, write outside = [{:?}] under [corpus]{own}",
        path.display(),
        folder.display().to_string(),
    )
}
