//! Which workspace a file belongs to. A client may open several folders, and files that stand in none of
//! them; each is checked against the sources of its own workspace.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use tokio::sync::Notify;

use super::state::{State, compute, lock};
use super::watch::Order;
use crate::text::FileId;
use crate::workspace::load::{Loader, changed};
use crate::workspace::{Change, Host, Snapshot};

/// How long a request waits for the disk to be read.
const LONGEST: Duration = Duration::from_secs(10);

/// One workspace that is served.
#[derive(Default)]
pub(super) struct Served {
    /// `None` for texts that stand in no folder.
    pub(super) root: Option<PathBuf>,
    pub(super) host: Mutex<Host>,
    /// Told when a load was applied.
    pub(super) fresh: Notify,
    /// Where orders for the loader go, once it runs.
    pub(super) orders: OnceLock<Sender<Order>>,
}

impl Served {
    fn at(root: PathBuf) -> Self {
        Self { root: Some(root), ..Self::default() }
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        lock(&self.host).snapshot()
    }

    /// Returns once the first load was applied.
    pub(super) async fn first_load(&self) {
        // Made before the look, so that a load between the two is not missed.
        let fresh = self.fresh.notified();
        if !self.snapshot().loaded {
            fresh.await;
        }
    }

    /// What is known once the briefs, libraries and settings are those that stand on disk, with the open files of
    /// `asked`: an edit must not be made for a text that is another by now. `None` when the disk
    /// changes faster than it is read.
    pub(super) async fn current(&self, asked: &Snapshot) -> Option<Snapshot> {
        let latest = tokio::time::Instant::now() + LONGEST;
        loop {
            let fresh = self.fresh.notified();
            let snap = self.snapshot().with_open_of(asked);
            let looked = compute(move |_| {
                let changed = changed(&snap.stamps, &|file| snap.version(file).is_some());
                changed.is_empty().then_some(snap)
            });
            match looked.await {
                Ok(None) => {}
                Ok(current) => return current,
                Err(_) => return None,
            }
            let _ = self.orders.get()?.send(Order::Now);
            tokio::time::timeout_at(latest, fresh).await.ok()?;
        }
    }

    /// Has the disk read again because `files` changed.
    pub(super) fn reload(&self, files: &[FileId]) {
        if let Some(orders) = self.orders.get() {
            let paths = files.iter().map(|file| file.path().to_path_buf()).collect();
            let _ = orders.send(Order::Changed(paths));
        }
    }

    fn depth(&self, path: &Path) -> Option<usize> {
        let root = self.root.as_deref().filter(|root| path.starts_with(root))?;
        Some(root.components().count())
    }
}

impl State {
    /// All workspaces, those of the client's folders first.
    pub(super) fn all(&self) -> Vec<Arc<Served>> {
        lock(&self.workspaces).clone()
    }

    /// The workspace of what belongs to no file.
    pub(super) fn first(&self) -> Arc<Served> {
        let mut all = lock(&self.workspaces);
        if all.is_empty() {
            all.push(Arc::default());
        }
        all.iter().find(|one| one.root.is_some()).unwrap_or(&all[0]).clone()
    }

    /// The workspace that `file` belongs to: where it is open, or the innermost with it below its root, or
    /// one that reads it from elsewhere.
    pub(super) fn of(&self, file: &FileId) -> Arc<Served> {
        self.known(file).unwrap_or_else(|| self.first())
    }

    fn known(&self, file: &FileId) -> Option<Arc<Served>> {
        let all = self.all();
        if let [only] = all.as_slice()
            && only.root.is_some()
            && only.depth(file.path()).is_some()
        {
            return Some(only.clone());
        }
        let open = all.iter().find(|one| one.snapshot().version(file).is_some());
        let around = || all.iter().filter(|one| one.depth(file.path()).is_some());
        let around = || around().max_by_key(|one| one.depth(file.path()));
        let reading = || all.iter().find(|one| one.snapshot().file_text(file).is_some());
        open.or_else(around).or_else(reading).cloned()
    }

    /// The workspace of a file that is opened. One that stands elsewhere brings its own, if a library,
    /// `glossator.toml` or `.git` beside or above it says where that begins, or if there is no other.
    pub(super) fn home(&self, file: &FileId) -> Arc<Served> {
        if let Some(known) = self.known(file) {
            return known;
        }
        let rooted = self.all().iter().any(|one| one.root.is_some());
        let root = file.path().is_absolute().then(|| match Loader::described_root_of(file.path()) {
            None if !rooted => Some(Loader::root_of(file.path())),
            root => root,
        });
        match root.flatten() {
            Some(root) => self.add(root).0,
            None => self.first(),
        }
    }

    /// The workspace at `root`, and whether it is new. Open files below it, which had to do with another one
    /// so far, become its own.
    pub(super) fn add(&self, root: PathBuf) -> (Arc<Served>, bool) {
        let all = self.all();
        if let Some(there) = all.iter().find(|one| one.root.as_deref() == Some(&root)) {
            return (there.clone(), false);
        }
        let new = Arc::new(Served::at(root));
        for other in &all {
            let snap = other.snapshot();
            let comes = |file: &&FileId| new.depth(file.path()) > other.depth(file.path());
            for file in snap.open_files().filter(comes) {
                let (Some(text), Some(version)) = (snap.file_text(file), snap.version(file)) else {
                    continue;
                };
                let language = if snap.brief(file).is_some() { "markdown" } else { "" }.to_owned();
                let (opened, text) = (file.clone(), text.as_str().to_owned());
                lock(&new.host).apply(Change::Opened { file: opened, language, version, text });
                lock(&other.host).apply(Change::Closed { file: file.clone() });
            }
        }
        lock(&self.workspaces).push(new.clone());
        (new, true)
    }

    /// No longer serves the workspace at `root`, unless a file of it is open.
    pub(super) fn remove(&self, root: &Path) {
        let is_it = |one: &Arc<Served>| {
            one.root.as_deref() == Some(root) && one.snapshot().open_files().next().is_none()
        };
        let gone: Vec<Arc<Served>> = lock(&self.workspaces).extract_if(.., |one| is_it(one)).collect();
        for orders in gone.iter().filter_map(|one| one.orders.get()) {
            let _ = orders.send(Order::End);
        }
        // What was said of its files is taken back.
        let known: Vec<FileId> = lock(&self.published).keys().cloned().collect();
        self.look_at(known);
    }
}
