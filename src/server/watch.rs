//! What changed on disk or in the settings: one thread owns the loader, takes orders, and hands
//! over what it read. The client watches files where it can, else we do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Progress as ProgressNotification;
use tower_lsp::lsp_types::request::WorkDoneProgressCreate;
use tower_lsp::lsp_types::*;

use super::state::State;
use crate::text::FileId;
use crate::workspace::load::{Loader, Notice, Progress};

/// An export writes a library in several steps: so long nothing must have changed before it is read.
const QUIET: Duration = Duration::from_millis(200);

/// Which files the client is asked to watch.
const WATCHED: &str = "**/{*.toml,*.bib,*.json,*.yaml,*.yml,*.txt,*.text,*.md,*.markdown}";

/// What the loader's thread is told.
#[derive(Debug)]
pub(super) enum Order {
    /// These files changed.
    Changed(Vec<PathBuf>),
    /// The client's settings are now these.
    Settings(Value),
}

/// Begins to load and to publish. Called once, from `initialized`.
pub(super) fn start(client: &Client, state: &Arc<State>) {
    tokio::spawn(super::publish::run(client.clone(), state.clone()));
    if let Some(root) = state.session().root.clone() {
        begin(client, state, root);
    } else if let Some(file) = state.snapshot().open_files().next() {
        opened(client, state, &file.clone());
    }
}

/// Without a root the first file that is opened decides which workspace it is.
pub(super) fn opened(client: &Client, state: &Arc<State>, file: &FileId) {
    if state.orders.get().is_none() && state.session().root.is_none() {
        let path = file.path();
        let root = if path.is_absolute() { Loader::root_of(path) } else { PathBuf::from("/nonexistent") };
        begin(client, state, root);
    }
}

/// The settings may have changed: asks for them where the client can be asked.
pub(super) fn settings_changed(client: &Client, state: &Arc<State>, sent: Value) {
    let (client, state) = (client.clone(), state.clone());
    // In a task of its own: a text-sync or configuration handler must never wait for the client.
    tokio::spawn(async move {
        let settings = if state.session().configuration {
            let item = ConfigurationItem { scope_uri: None, section: Some("glossator".into()) };
            client.configuration(vec![item]).await.ok().and_then(|mut answers| answers.pop())
        } else {
            Some(super::own_settings(&sent))
        };
        if let (Some(settings), Some(orders)) = (settings, state.orders.get()) {
            let settings = if settings.is_object() { settings } else { state.session().settings.clone() };
            let _ = orders.send(Order::Settings(settings));
        }
    });
}

fn begin(client: &Client, state: &Arc<State>, root: PathBuf) {
    let (orders, inbox) = channel();
    if state.orders.set(orders.clone()).is_err() {
        return;
    }
    let mut loader = Loader::new(root.clone());
    loader.set_client_settings(state.session().settings.clone());
    let worker = Worker { client: client.clone(), state: state.clone(), handle: Handle::current(), loader };
    let watches = state.session().watches;
    std::thread::spawn(move || {
        // Before the first load, so that no change falls between the two.
        let watcher = (!watches).then(|| watcher(&root, orders));
        if let Some(Err(error)) = &watcher {
            tracing::warn!(%error, "files are not watched");
        }
        worker.run(&inbox);
    });
    if state.session().configuration {
        settings_changed(client, state, Value::Null);
    }
    if watches {
        let client = client.clone();
        tokio::spawn(async move {
            let options = json!({"watchers": [{"globPattern": WATCHED}]});
            let registration = Registration {
                id: "glossator-files".into(),
                method: "workspace/didChangeWatchedFiles".into(),
                register_options: Some(options),
            };
            if let Err(error) = client.register_capability(vec![registration]).await {
                tracing::warn!(%error, "the client does not watch files");
            }
        });
    }
}

/// Our own watcher, for clients that have none; it watches until it is dropped.
fn watcher(root: &Path, orders: Sender<Order>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            let _ = orders.send(Order::Changed(event.paths));
        }
    })?;
    watcher.watch(root, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// The thread that owns the loader.
struct Worker {
    client: Client,
    state: Arc<State>,
    handle: Handle,
    loader: Loader,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Order>) {
        self.load(true);
        while let Ok(order) = inbox.recv() {
            let mut concerned = self.take(order);
            loop {
                match inbox.recv_timeout(QUIET) {
                    Ok(order) => concerned |= self.take(order),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            if concerned {
                self.load(false);
            }
        }
    }

    /// Whether the order asks for a load.
    fn take(&mut self, order: Order) -> bool {
        match order {
            Order::Changed(paths) => paths.iter().any(|path| self.loader.concerns(path)),
            Order::Settings(settings) => {
                self.loader.set_client_settings(settings);
                true
            }
        }
    }

    fn load(&mut self, first: bool) {
        self.loader.set_shadows(self.state.snapshot().shadows());
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
        let loaded = self.loader.load_without_names(&report);
        let notices = loaded.notices.clone();
        let end = format!("{} sources", loaded.corpus.sources().len());
        let corpus = loaded.corpus.clone();
        self.state.loaded(loaded);
        super::refresh::ask(&self.client, &self.state, &self.handle);
        if let Some(token) = &token {
            let end = WorkDoneProgressEnd { message: Some(end) };
            send(&self.handle, &self.client, token, WorkDoneProgress::End(end));
        }
        self.tell(notices, first);
        // Behind the load: until it is done answers take a little longer.
        corpus.prepare();
        if self.state.named(self.loader.names()) {
            super::refresh::ask(&self.client, &self.state, &self.handle);
        }
    }

    /// `None` when the client shows no progress.
    fn begin_progress(&self) -> Option<NumberOrString> {
        if !self.state.session().progress {
            return None;
        }
        let token = NumberOrString::String("glossator-load".into());
        let create = self
            .client
            .send_request::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token: token.clone() });
        // On this thread it may be waited for; a client that never answers costs a second.
        let created =
            self.handle.block_on(async { tokio::time::timeout(Duration::from_secs(1), create).await });
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

    /// Logs each notice; shows one message that names the first and counts the others.
    fn tell(&self, notices: Vec<Notice>, first: bool) {
        let client = self.client.clone();
        self.handle.spawn(async move {
            for notice in &notices {
                client
                    .log_message(
                        MessageType::WARNING,
                        format!("{}: {}", notice.path.display(), notice.message),
                    )
                    .await;
            }
            if let (Some(notice), true) = (notices.first(), first) {
                let more = match notices.len() - 1 {
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
    // In order: the loader's thread waits until it is handed over.
    handle.block_on(client.send_notification::<ProgressNotification>(params));
}
