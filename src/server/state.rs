//! The state of the server: plain data behind one lock, and another lock for each workspace.
//!
//! No lock may be held across an `.await` or I/O. Every change is applied before the first `.await` of its
//! handler, so that messages take effect in the order in which they arrive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;
use tokio::sync::Notify;
use tower_lsp::jsonrpc;
use tower_lsp::lsp_types::*;

use super::colours::Colours;
use super::session::Session;
use super::uris::{self, Uris};
use super::work::{compute, lock};
use super::workspaces::{Served, Workspaces};
use crate::config::{Code, Level};
use crate::corpus::entity::Entities;
use crate::text::{Encoding, FileId};
use crate::workspace::{Change, Snapshot};

/// The findings last published for a file.
pub(super) struct Published {
    pub(super) findings: Vec<Diagnostic>,
    /// The opening and version of the file, if it was open.
    pub(super) place: Option<(u64, i32)>,
}

/// A later version has already been published.
pub(super) struct Outdated;

/// The data that messages change.
#[derive(Default)]
struct Kept {
    workspaces: Workspaces,
    /// The settings that the client sent last; `None` while those of the first message apply.
    settings: Option<Value>,
    uris: Uris,
    /// Files whose findings may have changed.
    stale: BTreeSet<FileId>,
    /// The findings last published, by file.
    published: BTreeMap<FileId, Published>,
    colours: Colours,
}

/// Everything that outlives one message.
#[derive(Default)]
pub(super) struct State {
    session: OnceLock<Session>,
    /// Whether the client has sent `initialized`.
    pub(super) ready: OnceLock<()>,
    /// Whether the client has been asked to watch files.
    pub(super) registered: OnceLock<()>,
    /// Whether it has refused.
    pub(super) refused: OnceLock<()>,
    /// Notified when files become stale.
    pub(super) changed: Notify,
    /// Must not be locked while holding a host's lock; the reverse is fine.
    kept: Mutex<Kept>,
}

impl State {
    pub(super) fn begin(&self, session: Session) {
        // The router rejects a second `initialize`, so the first one counts.
        for root in session.roots.clone() {
            self.add(root);
        }
        let _ = self.session.set(session);
    }

    /// The session. The router lets no other request through before `initialize`.
    pub(super) fn session(&self) -> &Session {
        self.session.get_or_init(|| Session::new(&tower_lsp::lsp_types::InitializeParams::default()))
    }

    /// The client's settings: those it sent last, or else those of its first message.
    pub(super) fn settings(&self) -> Value {
        let sent = lock(&self.kept).settings.clone();
        sent.unwrap_or_else(|| self.session().settings.clone())
    }

    /// Replaces the client's settings with `sent`; `None` restores those of the first message.
    pub(super) fn set_settings(&self, sent: Option<Value>) {
        lock(&self.kept).settings = sent;
    }

    pub(super) fn file(&self, uri: &Url) -> FileId {
        uris::file(uri)
    }

    /// Remembers the client's spelling of a URI, under which findings are published.
    pub(super) fn remember(&self, file: &FileId, uri: &Url) {
        lock(&self.kept).uris.remember(file, uri);
    }

    pub(super) fn uris(&self) -> Uris {
        lock(&self.kept).uris.clone()
    }

    pub(super) fn uri(&self, file: &FileId) -> Option<Url> {
        self.uris().of(file)
    }

    /// All workspaces, those of the client's folders first.
    pub(super) fn all(&self) -> Vec<Arc<Served>> {
        self.workspaces().all
    }

    fn workspaces(&self) -> Workspaces {
        lock(&self.kept).workspaces.clone()
    }

    /// The workspace for anything that belongs to no file.
    pub(super) fn first(&self) -> Arc<Served> {
        lock(&self.kept).workspaces.first()
    }

    /// The workspace that `file` belongs to, or else the first.
    pub(super) fn of(&self, file: &FileId) -> Arc<Served> {
        self.workspaces().of(file).unwrap_or_else(|| self.first())
    }

    /// The workspace for a file being opened: the one it belongs to, else a new one if something beside or
    /// above the file marks a root, else the first.
    fn home(&self, file: &FileId) -> Arc<Served> {
        let all = self.workspaces();
        if let Some(known) = all.of(file) {
            return known;
        }
        match all.root_for(file) {
            Some(root) => self.add(root).0,
            None => self.first(),
        }
    }

    /// The workspace at `root`, and whether it is new.
    pub(super) fn add(&self, root: PathBuf) -> (Arc<Served>, bool) {
        let all = self.workspaces();
        if let Some(there) = all.at(&root) {
            return (there, false);
        }
        let new = all.open(root);
        lock(&self.kept).workspaces.push(new.clone());
        (new, true)
    }

    /// Stops serving the workspace at `root` and withdraws its findings, unless one of its files is open.
    pub(super) fn remove(&self, root: &Path) {
        lock(&self.kept).workspaces.remove(root);
        self.look_at(self.published_files());
    }

    fn published_files(&self) -> Vec<FileId> {
        lock(&self.kept).published.keys().cloned().collect()
    }

    /// Takes the files whose findings may have changed.
    pub(super) fn take_stale(&self) -> BTreeSet<FileId> {
        std::mem::take(&mut lock(&self.kept).stale)
    }

    /// Puts back files returned by [`Self::take_stale`].
    pub(super) fn put_back(&self, files: BTreeSet<FileId>) {
        lock(&self.kept).stale.extend(files);
    }

    /// Records what is being published for `file`, and returns what was published before. Fails if a command
    /// has published findings for a later version meanwhile.
    pub(super) fn publish(&self, file: &FileId, now: Published) -> Result<Option<Published>, Outdated> {
        let published = &mut lock(&self.kept).published;
        if published.get(file).is_some_and(|known| now.place.is_some() && now.place < known.place) {
            return Err(Outdated);
        }
        Ok(published.insert(file.clone(), now))
    }

    /// `tokens` of the file at `uri` with an id by which the client may ask for later changes.
    pub(super) fn colours(&self, uri: &Url, tokens: SemanticTokens) -> SemanticTokens {
        let id = Self::keep_colours(&mut lock(&self.kept), &self.file(uri), &tokens.data);
        SemanticTokens { result_id: id, ..tokens }
    }

    /// The changes since the answer `previous`, or all of `tokens` if that answer is no longer known.
    pub(super) fn colours_since(
        &self,
        uri: &Url,
        previous: &str,
        tokens: SemanticTokens,
    ) -> SemanticTokensFullDeltaResult {
        let file = self.file(uri);
        let mut kept = lock(&self.kept);
        let edits = kept.colours.since(&file, previous, &tokens.data);
        let id = Self::keep_colours(&mut kept, &file, &tokens.data);
        match edits {
            Some(edits) => SemanticTokensDelta { result_id: id, edits }.into(),
            None => SemanticTokens { result_id: id, ..tokens }.into(),
        }
    }

    /// Stores an answer and returns its id; `None` for a file that is not open, for which nothing is stored.
    /// Checks this under the lock, so that a file closed meanwhile is forgotten after this.
    fn keep_colours(kept: &mut Kept, file: &FileId, tokens: &[SemanticToken]) -> Option<String> {
        kept.workspaces.of(file)?.snapshot().version(file)?;
        Some(kept.colours.keep(file, tokens))
    }

    /// Called once `file` is no longer open.
    pub(super) fn forget_colours(&self, file: &FileId) {
        lock(&self.kept).colours.forget(file);
    }

    /// Applies `change` to `file` and marks its findings as stale. If the file is not a brief but belongs to
    /// the corpus, this reloads the corpus.
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

    /// Returns once the sources for the file at `uri` have been read.
    pub(super) async fn first_load(&self, uri: &Url) {
        self.of(&self.file(uri)).first_load().await;
    }

    /// Applies a load and marks the findings of all open briefs and libraries as stale.
    pub(super) fn loaded(&self, workspace: &Served, loaded: crate::workspace::load::Loaded) {
        let snap = {
            let mut host = lock(&workspace.host);
            host.apply(Change::Loaded(loaded));
            host.snapshot()
        };
        workspace.fresh.notify_waiters();
        let known = self.published_files();
        let libraries = snap.corpus.libraries.iter().map(|library| library.file.clone());
        self.look_at(snap.open_files().cloned().chain(libraries).chain(known));
    }

    /// Applies the names in what was loaded last. Returns whether they may affect findings.
    pub(super) fn named(&self, workspace: &Served, entities: Arc<Entities>) -> bool {
        let snap = {
            let mut host = lock(&workspace.host);
            if Arc::ptr_eq(host.entities(), &entities) {
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
        lock(&self.kept).stale.extend(files);
        self.changed.notify_one();
    }

    /// Answers a request about `uri` from the current state, outside the protocol's tasks.
    pub(super) async fn answer<T: Send + 'static>(
        &self,
        uri: &Url,
        work: impl FnOnce(&Snapshot, &FileId, Encoding) -> Option<T> + Send + 'static,
    ) -> jsonrpc::Result<Option<T>> {
        let snap = self.of(&self.file(uri)).snapshot();
        self.answer_from(snap, uri, work).await
    }

    /// The same from `snap`.
    pub(super) async fn answer_from<T: Send + 'static>(
        &self,
        mut snap: Snapshot,
        uri: &Url,
        work: impl FnOnce(&Snapshot, &FileId, Encoding) -> Option<T> + Send + 'static,
    ) -> jsonrpc::Result<Option<T>> {
        let file = self.file(uri);
        let encoding = self.session().encoding;
        compute(move |cancel| {
            snap.cancel = cancel.clone();
            if cancel.is_set() { None } else { work(&snap, &file, encoding) }
        })
        .await
    }
}
