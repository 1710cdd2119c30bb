//! Files that look as they do while somebody writes them: what was read of them before stays in force for a
//! moment, and no longer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long. Programs that write a file in two steps pause for less than half a second between them; whoever
/// empties a file on purpose waits no longer than for a word to be typed.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// The files that are waited for, and since when.
#[derive(Debug, Default)]
pub(super) struct Patience {
    since: BTreeMap<PathBuf, Instant>,
}

impl Patience {
    /// `path` looks half written now; what it looked like before does not count.
    pub(super) fn begin(&mut self, path: &Path) {
        self.since.insert(path.to_path_buf(), Instant::now());
    }

    /// Whether `path`, which looks half written, is still waited for; the first time it is.
    pub(super) fn waits(&mut self, path: &Path) -> bool {
        self.since.entry(path.to_path_buf()).or_insert_with(Instant::now).elapsed() < GRACE
    }

    /// `path` is what it is. Whether it was waited for.
    pub(super) fn forget(&mut self, path: &Path) -> bool {
        self.since.remove(path).is_some()
    }

    /// When the first of them is waited for no more.
    pub(super) fn due(&self) -> Option<Instant> {
        self.since.values().min().map(|since| *since + GRACE)
    }
}
