//! Paths, without looking at the disk.

use std::path::{Component, Path, PathBuf};

/// `path` without `.` and `..`, without looking at the disk: symbolic links are not resolved.
#[must_use]
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}
