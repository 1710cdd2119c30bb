//! Recognizes files that changed on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::text::FileId;

/// A file that was written less than this long before it was read may have been written again since, within the
/// same tick of its clock: two seconds on FAT, the coarsest.
pub(in crate::workspace) const TICK: Duration = Duration::from_secs(2);

/// Identifies the state of a file on disk; a file with the same stamp counts as unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// When the file was changed or put there, in seconds and nanoseconds, if the system knows: a copy may
    /// have the modification time of its original.
    placed: Option<(i64, i64)>,
}

impl Stamp {
    /// Whether the file was written less than `time` ago, as far as its clock and ours agree.
    pub(in crate::workspace) fn is_younger_than(&self, time: Duration) -> bool {
        self.modified.is_some_and(|modified| modified.elapsed().is_ok_and(|age| age < time))
    }
}

impl Stamp {
    /// The size of the file in bytes.
    pub(in crate::workspace) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether a file with this stamp, read just now, can be changed without changing the stamp.
    pub(in crate::workspace) fn is_settled(&self) -> bool {
        let old = |modified: SystemTime| modified.elapsed().is_ok_and(|age| age >= TICK);
        self.modified.is_some_and(old)
    }

    /// Whether it can be kept on disk: its times are not before 1970.
    pub(in crate::workspace) fn is_storable(&self) -> bool {
        self.modified.is_none_or(|modified| modified >= SystemTime::UNIX_EPOCH)
    }
}

/// The files of `stamps` that have changed on disk, except those that are `open` in the editor.
#[must_use]
pub fn changed(stamps: &BTreeMap<FileId, Stamp>, open: &dyn Fn(&FileId) -> bool) -> Vec<FileId> {
    let differs = |(file, old): &(&FileId, &Stamp)| !open(file) && stamp(file.path()) != Some(**old);
    stamps.iter().filter(differs).map(|(file, _)| file.clone()).collect()
}

/// The stamp of the file at `path`; `None` if it cannot be read.
pub(super) fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let placed = {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.ctime(), metadata.ctime_nsec()))
    };
    #[cfg(not(unix))]
    let placed = None;
    Some(Stamp { bytes: metadata.len(), modified: metadata.modified().ok(), placed })
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_file_of_the_same_size_and_time_is_another_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (folder.path().join("a.txt"), folder.path().join("b.txt"));
        std::fs::write(&old, "one").expect("written");
        let before = stamp(&old).expect("there");
        std::thread::sleep(std::time::Duration::from_millis(20));
        std::fs::write(&new, "two").expect("written");
        let file = std::fs::File::options().write(true).open(&new).expect("opened");
        file.set_modified(before.modified.expect("told")).expect("set");
        std::fs::rename(&new, &old).expect("renamed");
        let after = stamp(&old).expect("there");
        assert_eq!((before.bytes, before.modified), (after.bytes, after.modified));
        assert_ne!(before, after);
    }
}
