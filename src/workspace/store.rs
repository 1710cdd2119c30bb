//! What is kept of one workspace in the cache: its index, and a catalogue of its texts, so that a start reads
//! only what has changed. All processes that serve the workspace share it; one of them writes.
//!
//! ```text
//! workspaces/4f0c…/format      the version that wrote the rest, and the root of the workspace
//!                  lock        held by the process that writes
//!                  index/      the engine's index
//!                  walk        the files that were found
//!                  catalogue   the texts: path, stamp, id, title
//!                  names       the names in them
//! ```

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::cache::{Cache, create, is_older, keep, keep_unless, read_kept, read_with_sum};
use super::load::stamp::Stamp;
use crate::corpus::entity::{Aliases, Gathered};
use crate::corpus::source::{Facts, TextId};

/// Identifies what is kept, by a hash of the code that makes it (`build.rs`). What another version kept is not
/// used.
pub(super) const FORMAT: &str = env!("GLOSSATOR_CORPUS");

/// How long what is kept of a workspace outlasts its last use.
const UNUSED: Duration = Duration::from_secs(90 * DAY);

/// The same if the workspace cannot be found. It may be on a disk that is not plugged in.
const GONE: Duration = Duration::from_secs(7 * DAY);

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// The folder of one workspace.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    /// Held while this process writes; the system releases it with the process, however that ends.
    lock: Option<File>,
}

/// The texts of a workspace, as they were read last.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Catalogue {
    pub(super) texts: Vec<Kept>,
}

/// A text, or why it could not be read.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) path: PathBuf,
    /// `None` if the file may have changed since without changing its stamp.
    pub(super) stamp: Option<Stamp>,
    pub(super) text: Result<KeptText, String>,
}

/// What is known about a text.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptText {
    pub(super) id: u64,
    pub(super) view: Option<PathBuf>,
    pub(super) facts: Facts,
}

/// Which names are kept on disk.
#[derive(Debug, Default)]
pub(super) struct KeptNames {
    /// The texts that they were read from.
    pub(super) texts: HashSet<TextId>,
    /// The alias file by which they were read.
    pub(super) aliases: Arc<Aliases>,
}

impl KeptNames {
    /// Which names `names` has.
    pub(super) fn of(names: &Gathered) -> Self {
        Self { texts: names.ids().collect(), aliases: names.aliases().clone() }
    }
}

impl Store {
    /// Opens what is kept of the workspace at `root`; `None` if nothing is kept, or another version is using it.
    pub(super) fn open(cache: &Cache, root: &Path) -> Option<Self> {
        let folder = cache.of_workspace(root)?;
        match Self::at(folder, root) {
            Ok(store) => store,
            Err(error) => {
                tracing::warn!(%error, "Nothing is kept of this workspace; its index is made anew at every start");
                None
            }
        }
    }

    fn at(folder: PathBuf, root: &Path) -> io::Result<Option<Self>> {
        create(&folder)?;
        let mut store = Self { folder, lock: None };
        store.take();
        let file = store.folder.join("format");
        let ours = format!("{FORMAT}\n{}\n", root.display());
        let theirs = fs::read_to_string(&file).ok();
        let is_ours = theirs.as_ref().is_some_and(|theirs| *theirs == ours);
        if !store.writes() {
            return Ok(is_ours.then_some(store));
        }
        if !is_ours {
            if theirs.is_some() {
                tracing::info!("The index of this workspace is from another version and is made anew.");
            }
            store.clear()?;
        }
        store.sweep();
        // Also tells when the workspace was last used.
        fs::write(file, ours)?;
        Ok(Some(store))
    }

    /// Whether there is something to open for the workspace at `root`.
    pub(super) fn exists(cache: &Cache, root: &Path) -> bool {
        cache.of_workspace(root).is_some_and(|folder| folder.join("format").exists())
    }

    /// Whether this process writes.
    pub(super) fn writes(&self) -> bool {
        self.lock.is_some()
    }

    /// Deletes what is kept of the workspace at `root`. Returns whether there was anything.
    ///
    /// # Errors
    /// If another process is using it, or it cannot be deleted. The message is for the user.
    pub(super) fn remove(cache: &Cache, root: &Path) -> Result<bool, String> {
        let Some(folder) = cache.of_workspace(root).filter(|folder| folder.exists()) else {
            return Ok(false);
        };
        let mut store = Self { folder, lock: None };
        if !store.take() {
            return Err(format!(
                "{} is in use by another Glossator; close the editors that have this workspace open",
                store.folder.display()
            ));
        }
        store.clear().map_err(|error| format!("{}: {error}", store.folder.display()))?;
        // An empty lock may stay: another process may be waiting for it.
        Ok(true)
    }

    /// Deletes what is kept of workspaces that were not opened for [`UNUSED`], or are gone. Those in use are left.
    pub(super) fn tidy(cache: &Cache) {
        let Some(all) = cache.workspaces().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        for folder in all.filter_map(|entry| Some(entry.ok()?.path())) {
            let format = folder.join("format");
            let root = fs::read_to_string(&format).unwrap_or_default();
            let is_gone = !root.lines().nth(1).is_some_and(|root| Path::new(root).exists());
            if !is_older(&format, if is_gone { GONE } else { UNUSED }) {
                continue;
            }
            let mut store = Self { folder, lock: None };
            if store.take() && store.clear().is_ok() {
                tracing::info!("Deleted {}: unused.", store.folder.display());
                drop(store.lock.take());
                let _ = fs::remove_dir_all(&store.folder);
            }
        }
    }

    /// The folder, and the size of everything in it in bytes.
    pub(super) fn size(&self) -> (&Path, u64) {
        fn below(folder: &Path) -> u64 {
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            entries
                .map(|entry| match entry.metadata() {
                    Ok(metadata) if metadata.is_dir() => below(&entry.path()),
                    Ok(metadata) => metadata.len(),
                    Err(_) => 0,
                })
                .sum()
        }
        (&self.folder, below(&self.folder))
    }

    /// Tries to become the process that writes. Returns whether this process is.
    pub(super) fn take(&mut self) -> bool {
        if self.lock.is_none() {
            let path = self.folder.join("lock");
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
            self.lock = file.ok().filter(|file| file.try_lock().is_ok());
        }
        self.writes()
    }

    /// Deletes files that a killed process had begun to write.
    fn sweep(&self) {
        let files = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        for file in files.filter(|file| file.file_name().to_string_lossy().ends_with(".new")) {
            let _ = fs::remove_file(file.path());
        }
    }

    /// Deletes everything that is kept.
    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else if path.file_name().is_some_and(|name| name != "lock") {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// The folder of the index.
    pub(super) fn index(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// The walk that was kept of the workspace at `root`, as [`Store::keep_walk`] got it, with its checksum. Does not open
    /// the store, and does not tell whether another version kept it.
    pub(super) fn walk<T: DeserializeOwned>(cache: &Cache, root: &Path) -> Option<(u64, T)> {
        read_with_sum(&cache.of_workspace(root)?.join("walk"))
    }

    /// Replaces the walk, unless its checksum is `there`. Returns its checksum; `None` if it could not be written.
    pub(super) fn keep_walk(&self, walk: &impl Serialize, there: Option<u64>) -> Option<u64> {
        let kept = keep_unless(&self.folder.join("walk"), walk, there);
        kept.inspect_err(|error| {
            tracing::debug!(%error, "the walk could not be written; the next start waits for its own");
        })
        .ok()
    }

    fn catalogue_file(&self) -> PathBuf {
        self.folder.join("catalogue")
    }

    /// The catalogue; empty if there is none, or it is damaged.
    pub(super) fn catalogue(&self) -> Catalogue {
        read_kept(&self.catalogue_file()).unwrap_or_default()
    }

    fn names_file(&self) -> PathBuf {
        self.folder.join("names")
    }

    /// The names in the texts, if they are kept.
    pub(super) fn names(&self) -> Option<Gathered> {
        read_kept(&self.names_file())
    }

    /// Replaces the names.
    pub(super) fn keep_names(&self, names: &Gathered) {
        if self.writes()
            && let Err(error) = keep(&self.names_file(), names)
        {
            tracing::debug!(%error, "the names could not be written; the next start reads them again");
        }
    }

    /// Replaces the catalogue.
    pub(super) fn keep(&self, catalogue: &Catalogue) {
        if self.writes()
            && let Err(error) = keep(&self.catalogue_file(), catalogue)
        {
            tracing::debug!(%error, "the catalogue could not be written; the next start reads more");
        }
    }
}
