//! Our own loop around tower-lsp's `LspService`: frames, order, panics, exit. Tower-lsp's `Server` ends the
//! process on a malformed message, dies with a panicking handler, and never ends on `exit` while standard
//! input is open.
//!
//! One thread reads frames and polls each handler once, in the order in which messages arrive, which applies
//! every change in order; the handler then continues as a task. Another thread writes frames.

mod frames;

use std::io::{BufReader, Read, Write};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use futures::{FutureExt, Sink, SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tower::Service;
use tower_lsp::jsonrpc::{Request, Response};
use tower_lsp::{ClientSocket, LspService};

use frames::{INVALID_REQUEST, Incoming};

/// How often to check whether the editor is still running.
const PARENT: Duration = Duration::from_secs(3);

// Error codes of JSON-RPC 2.0, section 5.1.
const METHOD_NOT_FOUND: i64 = -32601;
const INTERNAL_ERROR: i64 = -32603;

/// Serves until the client sends `exit` or closes `input`, and returns the exit code. Handlers run on
/// `runtime`; the caller's thread reads the input, and another thread writes `output` and calls `gone` when
/// nobody reads that any more.
pub(super) fn run<S>(
    runtime: &Handle,
    service: LspService<S>,
    socket: ClientSocket,
    input: impl Read,
    output: impl Write + Send + 'static,
    gone: impl FnOnce() + Send + 'static,
) -> i32
where
    S: tower_lsp::LanguageServer,
{
    let (out, to_writer) = mpsc::channel::<Vec<u8>>();
    let load = Arc::new(Load::default());
    let out = Out { channel: out, load: load.clone() };
    let writer = std::thread::spawn({
        let load = load.clone();
        move || {
            let left = write(&to_writer, output, &load);
            load.close();
            if left {
                gone();
            }
        }
    });
    let (mut requests, responses) = socket.split();
    let to_client = out.clone();
    let pump = runtime.spawn(async move {
        while let Some(request) = requests.next().await {
            post(&to_client, &request);
        }
    });
    let mut desk = Desk { runtime, service, responses, out, shut_down: Arc::default(), shows_ghosts: false };
    let mut code = None;
    // Handle each message on the thread that read it, which saves one wake-up per answer.
    frames::read(BufReader::new(input), &mut |incoming| {
        load.wait();
        code = desk.take(incoming);
        code.is_none()
    });
    pump.abort();
    drop(desk);
    // Answers given before `exit` still go out, but a blocked writer must not hold up the process.
    let deadline = std::time::Instant::now() + Duration::from_millis(200);
    while !writer.is_finished() && std::time::Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(2));
    }
    code.unwrap_or(1)
}

/// Receives incoming messages.
struct Desk<'a, S, R> {
    runtime: &'a Handle,
    service: LspService<S>,
    /// The client's responses to our requests.
    responses: R,
    out: Out,
    shut_down: Arc<AtomicBool>,
    /// Whether the client supports inline completion (LSP 3.18).
    shows_ghosts: bool,
}

impl<S: tower_lsp::LanguageServer, R: Sink<Response> + Unpin> Desk<'_, S, R> {
    /// Handles an incoming message; returns the exit code when nothing more is to be read.
    fn take(&mut self, incoming: Incoming) -> Option<i32> {
        // The specification requires 1 unless `shutdown` came first.
        let code = i32::from(!self.shut_down.load(Ordering::SeqCst));
        let mut message = match incoming {
            Incoming::Message(message) => message,
            Incoming::Malformed(code, why) => {
                refuse(&self.out, Value::Null, code, &why);
                return None;
            }
            Incoming::End => return Some(code),
        };
        let Some(method) = message.get("method").map(|method| method.as_str().unwrap_or_default().to_owned())
        else {
            self.response(message);
            return None;
        };
        if method == "exit" {
            return Some(code);
        }
        if method == "shutdown"
            && let Some(fields) = message.as_object_mut()
        {
            // Some clients send `null` or `{}`, which the router rejects as invalid parameters.
            fields.remove("params");
        }
        if method == "initialize" {
            name_as_the_types_do(&mut message);
            // lsp-types 0.94 only covers LSP 3.17.
            let asked = message.pointer("/params/capabilities/textDocument/inlineCompletion");
            self.shows_ghosts = asked.is_some_and(Value::is_object);
        }
        let id = message.get("id").cloned();
        if let (Some(id), true) = (&id, method.starts_with("$/")) {
            refuse(&self.out, id.clone(), METHOD_NOT_FOUND, "Method not found");
            return None;
        }
        match serde_json::from_value::<Request>(message) {
            Ok(request) => self.request(method, id, request),
            Err(error) => refuse(&self.out, id.unwrap_or_default(), INVALID_REQUEST, &error.to_string()),
        }
        None
    }

    fn response(&mut self, message: Value) {
        match serde_json::from_value::<Response>(message) {
            // The router panics if nobody is waiting for the response any more.
            Ok(response) => {
                let send = || self.responses.send(response).now_or_never();
                drop(std::panic::catch_unwind(AssertUnwindSafe(send)));
            }
            Err(error) => refuse(&self.out, Value::Null, INVALID_REQUEST, &error.to_string()),
        }
    }

    fn request(&mut self, method: String, id: Option<Value>, request: Request) {
        let service = &mut self.service;
        if self.runtime.block_on(std::future::poll_fn(|cx| service.poll_ready(cx))).is_err() {
            return;
        }
        let (out, shut_down) = (self.out.clone(), self.shut_down.clone());
        let running = id.is_some().then(|| Running::new(&self.out.load));
        let offers_ghosts = self.shows_ghosts && method == "initialize";
        let call = AssertUnwindSafe(service.call(request)).catch_unwind();
        let mut handled = Box::pin(async move {
            let _running = running;
            match call.await {
                Ok(Ok(Some(response))) => {
                    if method == "shutdown" && response.is_ok() {
                        shut_down.store(true, Ordering::SeqCst);
                    }
                    post(&out, &if offers_ghosts { with_ghosts(response) } else { response });
                }
                Ok(Ok(None) | Err(_)) => {}
                Err(_) => {
                    tracing::error!(method, "a handler panicked");
                    if let Some(id) = id {
                        refuse(
                            &out,
                            id,
                            INTERNAL_ERROR,
                            "Internal error. Only this request failed; the server is still running.",
                        );
                    }
                }
            }
        });
        let _inside = self.runtime.enter();
        if (&mut handled).now_or_never().is_none() {
            self.runtime.spawn(handled);
        }
    }
}

/// Renames a capability: the specification says `workspace.diagnostics`, lsp-types 0.94 reads
/// `workspace.diagnostic`.
fn name_as_the_types_do(initialize: &mut Value) {
    let workspace = initialize.pointer_mut("/params/capabilities/workspace").and_then(Value::as_object_mut);
    if let Some(workspace) = workspace
        && let Some(diagnostics) = workspace.remove("diagnostics")
    {
        workspace.insert("diagnostic".into(), diagnostics);
    }
}

/// Adds a capability unknown to lsp-types 0.94 to the answer to `initialize`.
fn with_ghosts(initialized: Response) -> Response {
    let (id, mut result) = initialized.into_parts();
    let capabilities = result.as_mut().ok().and_then(|result| result.get_mut("capabilities"));
    if let Some(capabilities) = capabilities.and_then(Value::as_object_mut) {
        capabilities.insert("inlineCompletionProvider".into(), true.into());
    }
    Response::from_parts(id, result)
}

/// The channel for messages to the client.
#[derive(Clone)]
struct Out {
    channel: mpsc::Sender<Vec<u8>>,
    load: Arc<Load>,
}

/// Running requests and unwritten output. While there is too much of either, nothing is read, so a client
/// that does not read, or asks faster than we can answer, has to wait.
#[derive(Default)]
struct Load {
    state: Mutex<LoadState>,
    less: Condvar,
}

#[derive(Default)]
struct LoadState {
    /// Unanswered requests.
    running: usize,
    /// Unwritten bytes.
    unwritten: usize,
    /// Whether nobody reads any more, so that there is nothing to wait for.
    closed: bool,
}

/// Most requests at the same time; an editor has a handful, a fuzzer some hundreds.
const MOST_RUNNING: usize = 2_000;

/// Most unwritten bytes; the answer with all tokens of a book takes 1 MB.
const MOST_UNWRITTEN: usize = 32 << 20;

/// Longest wait for running requests, because one of them may itself be waiting for an answer from the
/// client, which must then be read.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

impl Load {
    fn state(&self) -> MutexGuard<'_, LoadState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut LoadState)) {
        change(&mut self.state());
        self.less.notify_all();
    }

    fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Returns once there is room for another message: after [`LONGEST_WAIT`] at the latest if too many
    /// requests are running, but only once the client reads if too much output is unwritten.
    fn wait(&self) {
        let crowded = |state: &mut LoadState| state.running >= MOST_RUNNING && !state.closed;
        drop(self.less.wait_timeout_while(self.state(), LONGEST_WAIT, crowded));
        drop(self.less.wait_while(self.state(), |state| state.unwritten >= MOST_UNWRITTEN && !state.closed));
    }
}

/// A request that is being answered or was abandoned.
struct Running(Arc<Load>);

impl Running {
    fn new(load: &Arc<Load>) -> Self {
        load.change(|state| state.running += 1);
        Self(load.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.change(|state| state.running -= 1);
    }
}

fn refuse(out: &Out, id: Value, code: i64, why: &str) {
    post(out, &json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": why}}));
}

fn post(out: &Out, message: &impl serde::Serialize) {
    match serde_json::to_vec(message) {
        Ok(body) => {
            out.load.change(|state| state.unwritten += body.len());
            drop(out.channel.send(body));
        }
        Err(error) => tracing::error!(%error, "a message could not be written"),
    }
}

/// Writes messages as they come; returns true if the client is gone, so that nothing more can be written.
fn write(inbox: &mpsc::Receiver<Vec<u8>>, mut output: impl Write, load: &Load) -> bool {
    while let Ok(body) = inbox.recv() {
        let length = body.len();
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend_from_slice(&body);
        if output.write_all(&frame).and_then(|()| output.flush()).is_err() {
            return true;
        }
        load.change(|state| state.unwritten -= length);
    }
    false
}

/// Ends the process when the client that started it is gone. Only on systems that can tell; elsewhere the end
/// of our input has the same effect.
pub(super) fn watch_parent(process: Option<u32>) {
    let Some(process) = process.filter(|_| cfg!(target_os = "linux")) else { return };
    let path = std::path::PathBuf::from(format!("/proc/{process}/stat"));
    // An ended process stays listed until its parent collects it: state Z, after its name in brackets.
    let lives = move || {
        std::fs::read_to_string(&path).is_ok_and(|stat| {
            !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X']))
        })
    };
    if !lives() {
        return; // Another process namespace, where its number means nothing.
    }
    std::thread::spawn(move || {
        while lives() {
            std::thread::sleep(PARENT);
        }
        std::process::exit(1);
    });
}

#[cfg(test)]
mod tests;
