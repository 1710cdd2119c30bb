//! Which places a workspace may read: everything below its root, and outside it only what the user's own
//! settings allow. A folder from somebody else must not make the server read private files, or ask another
//! machine for them (as a UNC path does on Windows).

use std::path::{Path, PathBuf};

use super::own;
use super::paths::{home, normalize};

/// The places that may be read.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    root: PathBuf,
    /// Other folders and files, absolute and free of `.` and `..`.
    outside: Vec<PathBuf>,
    /// All of these with links resolved, as far as they exist.
    real: Vec<PathBuf>,
}

impl Reach {
    /// Only what lies below `root`, which must be absolute and free of `.` and `..`.
    pub(super) fn of(root: PathBuf) -> Self {
        Self { root, outside: Vec::new(), real: Vec::new() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The places with links resolved, as far as they exist.
    pub(super) fn real(&self) -> &[PathBuf] {
        &self.real
    }

    /// Also allows these folders and files, replacing earlier ones; `~` is the user's home folder.
    pub(super) fn allow(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let absolute = |path: PathBuf| {
            let path = home(&path);
            path.is_absolute().then(|| normalize(&path))
        };
        self.outside = paths.into_iter().filter_map(absolute).collect();
        let all = std::iter::once(&self.root).chain(&self.outside);
        self.real = all.filter_map(|path| path.canonicalize().ok()).collect();
    }

    /// Whether `path`, absolute and free of `.` and `..`, may be read, judging by the path alone without
    /// asking the disk.
    ///
    /// # Errors
    /// If not; the reason and the remedy are for the user.
    pub(super) fn may(&self, path: &Path) -> Result<(), String> {
        let within =
            path.starts_with(&self.root) || self.outside.iter().any(|folder| path.starts_with(folder));
        if within { Ok(()) } else { Err(outside(path)) }
    }

    /// The same, but for the target that `path` leads to through links. A missing file leads nowhere.
    ///
    /// # Errors
    /// If not; the reason and the remedy are for the user.
    pub(super) fn check(&self, path: &Path) -> Result<(), String> {
        self.may(path)?;
        let Ok(target) = path.canonicalize() else { return Ok(()) };
        if self.real.iter().any(|place| target.starts_with(place)) { Ok(()) } else { Err(outside(&target)) }
    }
}

/// The message about a place outside the workspace.
fn outside(path: &Path) -> String {
    // By name alone: do not ask another machine whether it is a folder.
    let folder = if path.extension().is_some() { path.parent().unwrap_or(path) } else { path };
    let own = own::own_file().map_or_else(String::new, |file| format!(" in {}", file.display()));
    format!(
        "it is outside the workspace, at {}; to allow that, write outside = [{:?}] under [corpus]{own}",
        path.display(),
        folder.display().to_string(),
    )
}
