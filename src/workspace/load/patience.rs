//! Files that look half written: the last good version stays in force for a moment, and no longer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait. Programs that write a file in two steps pause for less than half a second in between;
/// someone who empties a file on purpose has to wait about as long as it takes to type a word.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// The files being waited for, and since when.
#[derive(Debug, Default)]
pub(super) struct Patience {
    since: BTreeMap<PathBuf, Instant>,
}

impl Patience {
    /// Starts waiting for `path`, which looks half written now; any earlier wait is forgotten.
    pub(super) fn begin(&mut self, path: &Path) {
        self.since.insert(path.to_path_buf(), Instant::now());
    }

    /// Whether to keep waiting for `path`, which looks half written; starts a wait if there is none.
    pub(super) fn waits(&mut self, path: &Path) -> bool {
        self.since.entry(path.to_path_buf()).or_insert_with(Instant::now).elapsed() < GRACE
    }

    /// Stops waiting for `path`. Returns whether it was being waited for.
    pub(super) fn forget(&mut self, path: &Path) -> bool {
        self.since.remove(path).is_some()
    }

    /// When the first wait ends.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since.values().min().map(|since| *since + GRACE)
    }
}
