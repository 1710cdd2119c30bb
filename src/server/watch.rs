//! Reacts to changes on disk and in the settings: one thread owns the loader, takes orders, and hands over
//! what it has read. The client watches files if it can; otherwise we do.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Progress as ProgressNotification;
use tower_lsp::lsp_types::request::WorkDoneProgressCreate;
use tower_lsp::lsp_types::*;

use super::desk;
use super::orders::Order;
use super::session;
use super::state::State;
use super::workspaces::Served;
use crate::config::Config;
use crate::corpus::ingest::kind;
use crate::text::FileId;
use crate::workspace::load::{
    About, CLIENT_SETTINGS, CONFIG_FILE, Loaded, Loader, Notice, Progress, own_settings,
};
use crate::workspace::lock::LOCK_FILE;

/// How long nothing must have changed before files are read: an export writes a library in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// The same if only a few known sources changed: whoever saves a text writes it at once, and a text that is half
/// written is recognized.
const BRIEF_QUIET: Duration = Duration::from_millis(50);

/// How many sources are a few. A change of branch touches hundreds.
const FEW: usize = 4;

/// Longest delay if something keeps changing.
const LONGEST: Duration = Duration::from_secs(2);

/// How often a server looks whether the one that writes the index of its workspace has ended.
const TAKE_OVER: Duration = Duration::from_secs(1);

/// Time limit for an answer from the client.
const ANSWER: Duration = Duration::from_secs(1);

/// The events that the client reports for everything, including folders: creation and deletion. When a folder
/// is moved, some clients report nothing but its own name.
const MADE_OR_GONE: u32 = 1 | 4;

/// Starts loading and publishing. Called once, from `initialized`.
pub(super) fn start(client: &Client, state: &Arc<State>) {
    if state.ready.set(()).is_err() {
        return;
    }
    tokio::spawn(super::publish::run(client.clone(), state.clone()));
    for workspace in state.all() {
        if workspace.root.is_some() || workspace.snapshot().open_files().next().is_some() {
            begin(client, state, &workspace);
        }
    }
}

/// An opened file may bring its own workspace, or be the first file of one.
pub(super) fn opened(client: &Client, state: &Arc<State>, file: &FileId) {
    begin(client, state, &state.of(file));
}

/// The client opened or closed folders.
pub(super) fn folders_changed(client: &Client, state: &Arc<State>, event: &WorkspaceFoldersChangeEvent) {
    for folder in event.removed.iter().filter_map(|folder| session::folder(&folder.uri)) {
        state.remove(&Loader::root_of(&folder));
    }
    for folder in event.added.iter().filter_map(|folder| session::folder(&folder.uri)) {
        let (workspace, _) = state.add(Loader::root_of(&folder));
        begin(client, state, &workspace);
    }
}

/// The settings may have changed: asks the client for them if it supports that.
pub(super) fn settings_changed(client: &Client, state: &Arc<State>, sent: Value) {
    let (client, state) = (client.clone(), state.clone());
    // In a separate task: a text-sync or configuration handler must never wait for the client.
    tokio::spawn(async move {
        let settings = if state.session().configuration {
            let item = ConfigurationItem { scope_uri: None, section: Some("glossator".into()) };
            client.configuration(vec![item]).await.ok().and_then(|mut answers| answers.pop())
        } else {
            of_us(&sent)
        };
        // With null the client says that it has none, so those of the first message still apply.
        let settings = settings.filter(|settings| !settings.is_null());
        state.set_settings(settings);
        let settings = state.settings();
        for workspace in state.all() {
            if let Some(orders) = workspace.orders.get() {
                let _ = orders.send(Order::Settings(settings.clone()));
            }
        }
    });
}

/// Our settings in what the client sent; `None` if it only contains those of other servers, since some
/// clients send all of their user's settings to every server.
fn of_us(sent: &Value) -> Option<Value> {
    let of_others = |all: &serde_json::Map<String, Value>| {
        !all.is_empty() && all.keys().all(|section| !Config::has_section(section))
    };
    match sent.get("glossator") {
        None if sent.as_object().is_some_and(of_others) => None,
        _ => Some(session::own_settings(sent)),
    }
}

/// Starts loading `workspace`, unless that has been done.
fn begin(client: &Client, state: &Arc<State>, workspace: &Arc<Served>) {
    let (orders, inbox) = channel();
    // Not before `initialized`, which also loads what was opened earlier.
    if state.ready.get().is_none() || workspace.orders.set(orders.clone()).is_err() {
        return;
    }
    let root = workspace.root.clone().unwrap_or_else(|| PathBuf::from("/nonexistent"));
    let session = state.session();
    let mut loader = Loader::new(root.clone());
    let own = own_settings().unwrap_or_else(|why| {
        tracing::warn!("{why}");
        Value::Null
    });
    loader.set_own_settings(own, session.settings.clone());
    loader.set_client_settings(state.settings());
    let mut worker = Worker {
        client: client.clone(),
        state: state.clone(),
        workspace: workspace.clone(),
        handle: Handle::current(),
        loader,
        orders,
        watcher: None,
        watched: BTreeMap::new(),
        told: BTreeSet::new(),
        shown: BTreeSet::new(),
        at_once: false,
        changed: BTreeSet::new(),
        whole: false,
        ended: false,
    };
    // A client watches what is in its folders.
    let watches = session.watches && state.refused.get().is_none();
    let watched = watches && session.folders.iter().any(|folder| root.starts_with(folder));
    std::thread::spawn(move || {
        if !watched && root.is_dir() {
            // Before the first load, so that no change in between is missed.
            worker.watch(BTreeMap::from([(root, true)]));
        }
        worker.run(&inbox);
    });
    if session.configuration {
        settings_changed(client, state, Value::Null);
    }
    if session.watches && state.registered.set(()).is_ok() {
        let (client, state) = (client.clone(), state.clone());
        tokio::spawn(async move {
            let options = json!({"watchers": [
                // Only plain words in braces: Eglot refuses all patterns if one has a star there.
                {"globPattern": format!("**/*.{{{}}}", kind::watched().join(","))},
                {"globPattern": format!("**/{LOCK_FILE}")},
                {"globPattern": "**/*", "kind": MADE_OR_GONE},
            ]});
            let registration = Registration {
                id: "glossator-files".into(),
                method: "workspace/didChangeWatchedFiles".into(),
                register_options: Some(options),
            };
            if let Err(error) = client.register_capability(vec![registration]).await {
                tracing::warn!(%error, "the client does not watch files, so the server does");
                let _ = state.refused.set(());
                for workspace in state.all() {
                    if let Some(orders) = workspace.orders.get() {
                        let _ = orders.send(Order::Watch);
                    }
                }
            }
        });
    }
}

/// The thread that owns the loader.
struct Worker {
    client: Client,
    state: Arc<State>,
    workspace: Arc<Served>,
    handle: Handle,
    loader: Loader,
    orders: Sender<Order>,
    /// Our own watcher: for the root if the client does not watch, and for places outside it, which no client
    /// watches.
    watcher: Option<RecommendedWatcher>,
    /// The watched folders, and whether each is watched recursively.
    watched: BTreeMap<PathBuf, bool>,
    /// The notices of the last load.
    told: BTreeSet<Notice>,
    /// Those notices that were shown, not only logged.
    shown: BTreeSet<Notice>,
    /// Whether a caller is waiting for the next load.
    at_once: bool,
    /// Files that changed since the last load.
    changed: BTreeSet<PathBuf>,
    /// Whether the next load must look at everything, whatever changed.
    whole: bool,
    /// Whether the thread should end.
    ended: bool,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Order>) {
        if self.state.session().configuration {
            self.await_settings(inbox);
        }
        self.load(true);
        loop {
            let now = Instant::now();
            let due = self.loader.due();
            let look = self.loader.is_follower().then(|| now + TAKE_OVER);
            let order = match due.into_iter().chain(look).min() {
                Some(next) => match inbox.recv_timeout(next.saturating_duration_since(now)) {
                    Err(RecvTimeoutError::Timeout) => {
                        if due == Some(next) {
                            self.whole = true;
                            self.load(false);
                        } else {
                            self.loader.take_over();
                        }
                        continue;
                    }
                    order => order.ok(),
                },
                None => inbox.recv().ok(),
            };
            let Some(order) = order else { return };
            if !self.take(order) && !self.ended {
                continue;
            }
            let latest = Instant::now() + LONGEST;
            let mut quiet = Instant::now() + self.quiet();
            while !self.at_once {
                match inbox.recv_timeout(quiet.min(latest).saturating_duration_since(Instant::now())) {
                    Ok(order) => {
                        if self.take(order) {
                            quiet = Instant::now() + self.quiet();
                        } else if Instant::now() > quiet {
                            break;
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            if self.ended {
                return;
            }
            self.at_once = false;
            self.load(false);
        }
    }

    /// Waits for the client's settings, so that no finding appears that its user has switched off.
    fn await_settings(&mut self, inbox: &Receiver<Order>) {
        let latest = Instant::now() + ANSWER;
        while let Ok(order) = inbox.recv_timeout(latest.saturating_duration_since(Instant::now())) {
            let answered = matches!(order, Order::Settings(_));
            self.take(order);
            if answered || self.ended {
                return;
            }
        }
    }

    /// How long nothing more must change before what has changed so far is read.
    fn quiet(&self) -> Duration {
        let few = !self.whole && !self.changed.is_empty() && self.changed.len() <= FEW;
        if few && self.changed.iter().all(|path| self.loader.is_text_alone(path)) {
            BRIEF_QUIET
        } else {
            QUIET
        }
    }

    /// Whether the order calls for a load.
    fn take(&mut self, order: Order) -> bool {
        match order {
            Order::Now => {
                self.at_once = true;
                self.whole = true;
                true
            }
            Order::Changed(mut paths) => {
                paths.retain(|path| self.loader.concerns(path));
                let concerns = !paths.is_empty();
                self.changed.extend(paths);
                concerns
            }
            Order::Watch => {
                let root = self.loader.root().to_path_buf();
                if root.is_dir() {
                    self.watch(BTreeMap::from([(root, true)]));
                }
                // Something may have changed while nobody watched.
                self.whole = true;
                true
            }
            Order::Fetched(outcome) => {
                let is_new = self.loader.set_outcome(outcome);
                self.at_once |= is_new;
                self.whole |= is_new;
                is_new
            }
            Order::Settings(settings) => {
                self.whole = true;
                self.loader.set_client_settings(settings);
                true
            }
            Order::End => {
                self.ended = true;
                false
            }
        }
    }

    fn load(&mut self, first: bool) {
        self.loader.set_shadows(self.workspace.snapshot().shadows());
        let token = first.then(|| self.begin_progress()).flatten();
        let (client, handle) = (self.client.clone(), self.handle.clone());
        let report = |progress: Progress| {
            if let (Some(token), true) = (&token, progress.total > 0) {
                let share = u32::try_from(progress.done * 100 / progress.total).unwrap_or(100);
                let report = WorkDoneProgressReport {
                    percentage: Some(share),
                    message: Some(format!("{} of {} sources", progress.done, progress.total)),
                    ..WorkDoneProgressReport::default()
                };
                send(&handle, &client, token, WorkDoneProgress::Report(report));
            }
        };
        let (workspace, state, client, handle) =
            (self.workspace.clone(), self.state.clone(), self.client.clone(), self.handle.clone());
        let open = || workspace.snapshot().shadows();
        let mut publish = |loaded: Loaded| {
            desk::correspond(&client, &state, &workspace, &handle, &loaded.config.archives);
            state.loaded(&workspace, loaded);
            super::refresh::ask(&client, &state, &handle);
        };
        let (whole, changed) = (std::mem::take(&mut self.whole), std::mem::take(&mut self.changed));
        let texts_alone = if first || whole { None } else { self.loader.load_texts(&changed, &report) };
        let loaded = texts_alone.unwrap_or_else(|| self.loader.load_in_steps(&report, &open, &mut publish));
        let notices = loaded.notices.clone();
        let end = format!("{} sources", loaded.corpus.sources().len());
        let corpus = loaded.corpus.clone();
        desk::correspond(&self.client, &self.state, &self.workspace, &self.handle, &loaded.config.archives);
        self.state.loaded(&self.workspace, loaded);
        super::refresh::ask(&self.client, &self.state, &self.handle);
        if let Some(token) = &token {
            let end = WorkDoneProgressEnd { message: Some(end) };
            send(&self.handle, &self.client, token, WorkDoneProgress::End(end));
        }
        self.watch(self.loader.outside());
        self.tell(notices, first);
        // After the load: until this is done, answers take a little longer.
        corpus.prepare();
        if self.state.named(&self.workspace, self.loader.names()) {
            super::refresh::ask(&self.client, &self.state, &self.handle);
        }
        if first {
            self.loader.tidy();
        }
    }

    /// `None` if the client shows no progress.
    fn begin_progress(&self) -> Option<NumberOrString> {
        if !self.state.session().progress {
            return None;
        }
        let token = NumberOrString::String("glossator-load".into());
        let create = self
            .client
            .send_request::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token: token.clone() });
        // This thread may wait; a client that never answers costs a second.
        let created = self.handle.block_on(async { tokio::time::timeout(ANSWER, create).await });
        if !matches!(created, Ok(Ok(()))) {
            return None;
        }
        let begin = WorkDoneProgressBegin {
            title: "Reading sources".into(),
            percentage: Some(0),
            ..WorkDoneProgressBegin::default()
        };
        send(&self.handle, &self.client, &token, WorkDoneProgress::Begin(begin));
        Some(token)
    }

    /// Also watches `folders`; existing watches stay.
    fn watch(&mut self, folders: BTreeMap<PathBuf, bool>) {
        for (folder, below) in folders {
            if self.watched.get(&folder).is_some_and(|watched| *watched || !below) {
                continue;
            }
            let mode = if below { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            if let Err(error) = self.watcher().and_then(|watcher| watcher.watch(&folder, mode)) {
                tracing::warn!(%error, folder = %folder.display(), "not watched");
            }
            // Do not try again with every load.
            self.watched.insert(folder, below);
        }
    }

    fn watcher(&mut self) -> notify::Result<&mut RecommendedWatcher> {
        if self.watcher.is_none() {
            let orders = self.orders.clone();
            let made = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                if let Ok(event) = event
                    && !event.kind.is_access()
                {
                    let _ = orders.send(Order::Changed(event.paths));
                }
            });
            self.watcher = Some(made?);
        }
        self.watcher.as_mut().ok_or_else(|| notify::Error::generic("no watcher"))
    }

    /// Logs each new notice. Shows one message that names the first and counts the others: after the first
    /// load for all notices, later only for settings, which somebody has just changed.
    fn tell(&mut self, notices: Vec<Notice>, first: bool) {
        let now: BTreeSet<Notice> = notices.into_iter().collect();
        let new: Vec<Notice> = now.difference(&self.told).cloned().collect();
        self.shown.retain(|notice| now.contains(notice));
        let settings = self.loader.root().join(CONFIG_FILE);
        let is_shown = |notice: &&Notice| {
            let of_settings = notice.path == settings && !self.loader.is_unsaved(&settings);
            (first && notice.about != About::Remark)
                || of_settings
                || notice.path == Path::new(CLIENT_SETTINGS)
        };
        let shown: Vec<Notice> = now.difference(&self.shown).filter(is_shown).cloned().collect();
        self.shown.extend(shown.iter().cloned());
        self.told = now;
        let client = self.client.clone();
        self.handle.spawn(async move {
            for notice in new {
                let message = format!("{}: {}", notice.path.display(), notice.message);
                let level = match notice.about {
                    About::Settings | About::File => MessageType::WARNING,
                    About::Remark => MessageType::INFO,
                };
                client.log_message(level, message).await;
            }
            if let Some((notice, others)) = shown.split_first() {
                let more = match others.len() {
                    0 => String::new(),
                    count => format!(" ({count} more in the log)"),
                };
                let message = format!("Glossator: {}: {}{more}", notice.path.display(), notice.message);
                client.show_message(MessageType::WARNING, message).await;
            }
        });
    }
}

fn send(handle: &Handle, client: &Client, token: &NumberOrString, value: WorkDoneProgress) {
    let params = ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(value) };
    // In order: the loader's thread waits until it has been sent.
    handle.block_on(client.send_notification::<ProgressNotification>(params));
}
