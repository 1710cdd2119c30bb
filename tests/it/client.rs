//! A small editor for the tests: starts the real server over pipes and speaks the protocol with it.
//! It knows nothing of what is said; no wait is longer than [`PATIENCE`].

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The longest wait for anything: far above what a loaded machine needs, far below a hung test run.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    inbox: Receiver<Value>,
    /// What came while something else was waited for.
    kept: Vec<Value>,
    next: i64,
    /// Whether this editor offers to watch files, so that the server does not.
    pub(crate) watches: bool,
    /// Whether this editor asks for the findings of open files.
    pub(crate) pulls: bool,
    /// The process that the server is told to belong to.
    pub(crate) process: Option<u32>,
    /// Whether this editor shows progress, but does not answer when asked to.
    pub(crate) mute_progress: bool,
    /// Whether this editor shows text that nobody asked for.
    pub(crate) ghosts: bool,
    /// What it answers when it is asked for settings; `None` when it can't be asked.
    pub(crate) settings: Option<Value>,
    /// What it sends as `initializationOptions`.
    pub(crate) options: Value,
    /// Which formats it shows cards in; `None` when it does not say.
    pub(crate) formats: Option<Value>,
}

impl Client {
    /// A server to which nothing was said yet.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_glossator"))
            .arg("serve")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let (give, inbox) = channel();
        std::thread::spawn(move || {
            while let Some(message) = frame(&mut stdout) {
                if give.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            stdin,
            inbox,
            kept: Vec::new(),
            next: 0,
            watches: true,
            pulls: false,
            process: None,
            mute_progress: false,
            ghosts: false,
            settings: None,
            options: Value::Null,
            formats: None,
        }
    }

    /// A server that took `initialize` with these encodings and `initialized`.
    pub(crate) fn initialized(folder: &Path, encodings: &[&str]) -> Self {
        let mut client = Self::start(folder);
        client.initialize(folder, encodings);
        client.notify("initialized", json!({}));
        client
    }

    /// Answers what the server offers.
    pub(crate) fn initialize(&mut self, folder: &Path, encodings: &[&str]) -> Value {
        let mut capabilities = json!({
            "general": {"positionEncodings": encodings},
            "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": self.watches}},
        });
        if self.mute_progress {
            capabilities["window"]["workDoneProgress"] = json!(true);
        }
        if self.ghosts {
            capabilities["textDocument"]["inlineCompletion"] = json!({"dynamicRegistration": false});
        }
        if self.settings.is_some() {
            capabilities["workspace"]["configuration"] = json!(true);
        }
        if let Some(formats) = &self.formats {
            capabilities["textDocument"]["hover"] = json!({"contentFormat": formats});
            capabilities["textDocument"]["completion"] =
                json!({"completionItem": {"documentationFormat": formats}});
        }
        if self.pulls {
            capabilities["textDocument"]["diagnostic"] = json!({});
            capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
        }
        let params = json!({
            "processId": self.process,
            "rootUri": uri(folder),
            "capabilities": capabilities,
            "initializationOptions": self.options,
        });
        self.request("initialize", params)["result"].clone()
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the server reads");
    }

    /// Writes `body` with a right header.
    pub(crate) fn body(&mut self, body: &[u8]) {
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(body);
        self.raw(&bytes);
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        let message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        self.body(message.to_string().as_bytes());
    }

    /// Sends a request and answers the whole reply.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.body(message.to_string().as_bytes());
        self.wait(method, |message| message.get("method").is_none() && message["id"] == id)
    }

    /// The first message, kept or to come, that `wanted` takes.
    pub(crate) fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.kept.iter().position(&wanted) {
            return self.kept.remove(place);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(message) = self.inbox.recv_timeout(left) else {
                panic!("waited in vain for {what}; kept: {:?}", self.kept)
            };
            let mute = self.mute_progress && message["method"] == "window/workDoneProgress/create";
            if let (Some(id), true, false) = (message.get("id"), message.get("method").is_some(), mute) {
                let asked = message["method"] == "workspace/configuration";
                let result = self.settings.as_ref().filter(|_| asked).map(|settings| json!([settings]));
                let reply = json!({"jsonrpc": "2.0", "id": id, "result": result});
                self.body(reply.to_string().as_bytes());
            }
            if wanted(&message) {
                return message;
            }
            self.kept.push(message);
        }
    }

    /// Waits until findings for `file` are published, and answers them.
    pub(crate) fn findings(&mut self, file: &Path) -> Vec<Value> {
        let uri = uri(file);
        let message = self.wait("findings", |message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// What has come so far and nobody asked for.
    pub(crate) fn unasked(&mut self) -> &[Value] {
        self.kept.extend(self.inbox.try_iter());
        &self.kept
    }

    pub(crate) fn open(&mut self, file: &Path, language: &str, text: &str) {
        let document = json!({"uri": uri(file), "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// What `textDocument/{what}` answers at a place: the result, or the error.
    pub(crate) fn at(&mut self, what: &str, file: &Path, line: u32, character: u32) -> Value {
        let position = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": uri(file)}, "position": position});
        let reply = self.request(&format!("textDocument/{what}"), params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    }

    /// The number of the server's process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Closes the server's input.
    pub(crate) fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// The exit code, `None` when the process is still there after `limit`.
    pub(crate) fn exit_code(&mut self, limit: Duration) -> Option<i32> {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("our child") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The URI of a file; the tests' names need no escapes.
pub(crate) fn uri(file: &Path) -> String {
    format!("file://{}", file.display())
}

fn frame(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
