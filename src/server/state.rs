//! The state behind its lock, snapshots of it, and work off the protocol's tasks.
//!
//! The lock must not be held across an `.await` or I/O; every change is applied before the first
//! `.await` of its handler, so that messages take effect in the order in which they came.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{Diagnostic, Url};

use super::capabilities::Session;
use super::colours::Colours;
use super::convert;
use super::workspaces::Served;
use crate::config::{Code, Level};
use crate::corpus::entity::Entities;
use crate::text::{Encoding, FileId};
use crate::workspace::{Cancel, Change, Snapshot};

/// Findings, and the opening and version of the open file that they are of.
type Told = (Vec<Diagnostic>, Option<(u64, i32)>);

/// All that outlives one message.
#[derive(Default)]
pub(super) struct State {
    pub(super) workspaces: Mutex<Vec<Arc<Served>>>,
    session: OnceLock<Session>,
    /// The settings that the client sent last; `None` while those of the first message are in force.
    pub(super) settings: Mutex<Option<Value>>,
    /// Whether the client said `initialized`.
    pub(super) ready: OnceLock<()>,
    /// Whether the client was asked to watch files.
    pub(super) registered: OnceLock<()>,
    /// The client's own spelling of the URIs of open files.
    uris: Mutex<BTreeMap<FileId, Url>>,
    /// Files whose findings may have changed.
    pub(super) stale: Mutex<BTreeSet<FileId>>,
    /// Told when `stale` grows.
    pub(super) changed: Notify,
    /// What the client was told last, and of which opening and version of an open file.
    pub(super) published: Mutex<BTreeMap<FileId, Told>>,
    /// What the client was told last of the colours of each open file.
    pub(super) colours: Mutex<BTreeMap<FileId, Colours>>,
}

impl State {
    pub(super) fn begin(&self, session: Session) {
        // A second `initialize` is refused by the router: the first stands.
        for root in session.roots.clone() {
            self.add(root);
        }
        let _ = self.session.set(session);
    }

    /// What was agreed. The router lets no other request through before `initialize`.
    pub(super) fn session(&self) -> &Session {
        self.session.get_or_init(|| Session::new(&tower_lsp::lsp_types::InitializeParams::default()))
    }

    pub(super) fn file(&self, uri: &Url) -> FileId {
        convert::file(uri)
    }

    /// Keeps the client's spelling of a URI, under which findings are published.
    pub(super) fn remember(&self, file: &FileId, uri: &Url) {
        lock(&self.uris).insert(file.clone(), uri.clone());
    }

    pub(super) fn uri(&self, file: &FileId) -> Option<Url> {
        lock(&self.uris).get(file).cloned().or_else(|| convert::uri(file))
    }

    /// Applies `change` to `file`, and has its findings looked at. A change of a text that is no
    /// brief changes the corpus, if it belongs to it.
    pub(super) fn change(&self, file: &FileId, change: Change) {
        let workspace = if matches!(change, Change::Opened { .. }) { self.home(file) } else { self.of(file) };
        let snap = {
            let mut host = lock(&workspace.host);
            host.apply(change);
            host.snapshot()
        };
        if snap.brief(file).is_none() || snap.corpus.of_file(file).is_some() {
            workspace.reload(std::slice::from_ref(file));
        }
        self.look_at([file.clone()]);
    }

    /// Returns once the sources are read that the file at `uri` is checked against.
    pub(super) async fn first_load(&self, uri: &Url) {
        self.of(&self.file(uri)).first_load().await;
    }

    /// Applies what was loaded; every open brief and every library is looked at again.
    pub(super) fn loaded(&self, workspace: &Served, loaded: crate::workspace::load::Loaded) {
        let snap = {
            let mut host = lock(&workspace.host);
            host.apply(Change::Loaded(loaded));
            host.snapshot()
        };
        workspace.fresh.notify_waiters();
        let known: Vec<FileId> = lock(&self.published).keys().cloned().collect();
        let libraries = snap.corpus.libraries.iter().map(|library| library.file.clone());
        self.look_at(snap.open_files().cloned().chain(libraries).chain(known));
    }

    /// Applies the names of what was loaded last. Answers whether findings may differ for them.
    pub(super) fn named(&self, workspace: &Served, entities: Arc<Entities>) -> bool {
        let snap = {
            let mut host = lock(&workspace.host);
            if Arc::ptr_eq(&host.snapshot().entities, &entities) {
                return false;
            }
            host.apply(Change::Named(entities));
            host.snapshot()
        };
        let told = snap.config.level(Code::EntitySpelling) != Level::Off;
        if told {
            self.look_at(snap.open_files().cloned());
        }
        told
    }

    pub(super) fn look_at(&self, files: impl IntoIterator<Item = FileId>) {
        lock(&self.stale).extend(files);
        self.changed.notify_one();
    }

    /// Answers a request about `uri` from the state as it is now, off the protocol's tasks.
    pub(super) async fn answer<T: Send + 'static>(
        &self,
        uri: &Url,
        work: impl FnOnce(&Snapshot, &FileId, Encoding) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let snap = self.of(&self.file(uri)).snapshot();
        self.answer_from(snap, uri, work).await
    }

    /// The same from `snap`.
    pub(super) async fn answer_from<T: Send + 'static>(
        &self,
        mut snap: Snapshot,
        uri: &Url,
        work: impl FnOnce(&Snapshot, &FileId, Encoding) -> Option<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let file = self.file(uri);
        let encoding = self.session().encoding;
        compute(move |cancel| {
            snap.cancel = cancel.clone();
            if cancel.is_set() { None } else { work(&snap, &file, encoding) }
        })
        .await
    }
}

/// Runs `work` on a thread of its own. When the caller is dropped (the request was cancelled)
/// `work` is told; when it panics the request fails, and nothing else.
pub(super) async fn compute<T: Send + 'static>(
    work: impl FnOnce(&Cancel) -> T + Send + 'static,
) -> Result<T> {
    struct Guard(Cancel);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.set();
        }
    }
    let cancel = Cancel::default();
    let guard = Guard(cancel.clone());
    let done =
        tokio::task::spawn_blocking(move || std::panic::catch_unwind(AssertUnwindSafe(|| work(&cancel))))
            .await;
    drop(guard);
    match done {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => {
            tracing::error!("a request panicked");
            Err(Error::internal_error())
        }
    }
}

/// The lock of `mutex`; a panic while it was held costs nothing else, as every change is whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_fails_its_request_alone() {
        let failed = compute(|_| -> u8 { panic!("on purpose") }).await;
        assert_eq!(failed.map_err(|error| error.code.code()), Err(-32603));
        assert_eq!(compute(|_| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_is_told_that_its_request_was_cancelled() {
        let (give, cancels) = std::sync::mpsc::channel();
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let mut asked = Box::pin(compute(move |cancel| {
            give.send(cancel.clone()).expect("taken");
            let _ = gate.recv();
        }));
        assert!(futures::poll!(&mut asked).is_pending());
        let cancel = cancels.recv().expect("the work runs");
        assert!(!cancel.is_set());
        drop(asked);
        assert!(cancel.is_set());
        drop(go);
    }
}
