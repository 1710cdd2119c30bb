//! A small blocking client of our own server, for the tour: one thread reads frames, one writes, and every
//! wait has a time limit. Must not interpret answers. Also converts between paths and file URIs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// Time limit for one answer. Answers take milliseconds; this allows for a machine under load.
const PATIENCE: Duration = Duration::from_secs(20);

/// Largest frame accepted: far above any answer, far below what would fill memory.
const LARGEST: usize = 64 << 20;

/// A running server and the messages received from it.
pub(super) struct Client {
    child: Child,
    /// `None` once the server has been told to exit.
    to_server: Option<Sender<Value>>,
    from_server: Receiver<Value>,
    next: u64,
    /// The latest findings by URI, as the server writes it, and how often they were published.
    published: BTreeMap<String, (u32, Vec<Value>)>,
    /// Whether some progress has ended: the first load, for a server that reports it.
    progress_ended: bool,
}

impl Client {
    /// Starts `program serve` in `root`.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub(super) fn start(program: &Path, root: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("{}: cannot start the server", program.display()))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("the server has no pipes");
        };
        let (to_server, outgoing) = mpsc::channel();
        let (incoming, from_server) = mpsc::channel();
        std::thread::spawn(move || write_frames(stdin, &outgoing));
        std::thread::spawn(move || read_frames(BufReader::new(stdout), &incoming));
        Ok(Self {
            child,
            to_server: Some(to_server),
            from_server,
            next: 0,
            published: BTreeMap::new(),
            progress_ended: false,
        })
    }

    /// Sends a request and waits for the answer.
    ///
    /// # Errors
    /// If the answer is an error or does not arrive in time.
    pub(super) fn request(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        self.next += 1;
        let id = self.next;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        let until = Instant::now() + PATIENCE;
        loop {
            let Some(message) = self.receive(until)? else {
                bail!("the server did not answer {method} within {} seconds", PATIENCE.as_secs());
            };
            if message.get("method").is_none() && message["id"] == json!(id) {
                if let Some(error) = message.get("error") {
                    bail!(
                        "the server answered {method} with an error: {}",
                        error["message"].as_str().unwrap_or("?")
                    );
                }
                return Ok(message["result"].clone());
            }
        }
    }

    /// Sends a notification.
    ///
    /// # Errors
    /// If the server has exited.
    pub(super) fn notify(&mut self, method: &str, params: Value) -> anyhow::Result<()> {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Waits until findings of `file` have been published more than `seen` times. `None` if that does not
    /// happen within `patience`, or shortly after the server's progress ends.
    ///
    /// # Errors
    /// If the server has exited.
    pub(super) fn findings(
        &mut self,
        file: &Path,
        seen: u32,
        patience: Duration,
    ) -> anyhow::Result<Option<Vec<Value>>> {
        /// How long findings may take after the load has ended.
        const AFTER_LOAD: Duration = Duration::from_secs(3);
        let mut until = Instant::now() + patience;
        loop {
            if let Some((count, list)) = self.published_for(file)
                && *count > seen
            {
                return Ok(Some(list.clone()));
            }
            if std::mem::take(&mut self.progress_ended) {
                until = until.min(Instant::now() + AFTER_LOAD);
            }
            if self.receive(until)?.is_none() {
                return Ok(None);
            }
        }
    }

    /// How often findings of `file` have been published.
    pub(super) fn published_count(&self, file: &Path) -> u32 {
        self.published_for(file).map_or(0, |(count, _)| *count)
    }

    fn published_for(&self, file: &Path) -> Option<&(u32, Vec<Value>)> {
        self.published.iter().find(|(uri, _)| path_of(uri).as_deref() == Some(file)).map(|(_, list)| list)
    }

    /// Shuts the server down as an editor does.
    ///
    /// # Errors
    /// If it does not answer.
    pub(super) fn end(mut self) -> anyhow::Result<()> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        self.to_server = None;
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the server did not end within {} seconds", PATIENCE.as_secs())
    }

    fn send(&self, message: Value) -> anyhow::Result<()> {
        let sent = self.to_server.as_ref().is_some_and(|to_server| to_server.send(message).is_ok());
        if sent { Ok(()) } else { bail!("the server has ended") }
    }

    /// The next message; `None` once `until` has passed. Answers the server's own requests.
    fn receive(&mut self, until: Instant) -> anyhow::Result<Option<Value>> {
        let left = until.saturating_duration_since(Instant::now());
        let message = match self.from_server.recv_timeout(left) {
            Ok(message) => message,
            Err(mpsc::RecvTimeoutError::Timeout) => return Ok(None),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                bail!("the server ended, or sent a malformed message")
            }
        };
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let uri = message["params"]["uri"].as_str().unwrap_or_default().to_owned();
                let list = message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
                let entry = self.published.entry(uri).or_default();
                *entry = (entry.0 + 1, list);
            }
            Some("$/progress") if message["params"]["value"]["kind"] == "end" => self.progress_ended = true,
            Some("workspace/configuration") => {
                // Like an editor without settings: one null per item.
                let asked = message["params"]["items"].as_array().map_or(0, Vec::len);
                self.answer(&message, json!(vec![Value::Null; asked]))?;
            }
            Some(_) if message.get("id").is_some() => self.answer(&message, Value::Null)?,
            Some(_) | None => {}
        }
        Ok(Some(message))
    }

    fn answer(&self, question: &Value, result: Value) -> anyhow::Result<()> {
        self.send(json!({ "jsonrpc": "2.0", "id": question["id"], "result": result }))
    }
}

impl Drop for Client {
    /// Kills the server if it is still running.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn write_frames(mut stdin: ChildStdin, outgoing: &Receiver<Value>) {
    for message in outgoing {
        let body = message.to_string();
        let sent = write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).and_then(|()| stdin.flush());
        if sent.is_err() {
            return;
        }
    }
}

fn read_frames(mut stdout: BufReader<ChildStdout>, incoming: &Sender<Value>) {
    while let Some(message) = read_frame(&mut stdout) {
        if incoming.send(message).is_err() {
            return;
        }
    }
}

/// Reads one message; `None` at end of input or on a malformed frame.
fn read_frame(from: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.by_ref().take(4096).read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>().ok()?);
        }
    }
    let length = length.filter(|&length| length <= LARGEST)?;
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The `file:` URI of an absolute path (RFC 8089).
pub(super) fn uri_of(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    let slash = if text.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", percent_encoded(&text))
}

/// Percent-encodes everything except unreserved characters and `/` (RFC 3986, 2.3).
pub(super) fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte.into())
            }
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// The path of a `file:` URI.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let mut bytes = Vec::new();
    let mut at = rest.bytes();
    while let Some(byte) = at.next() {
        if byte == b'%' {
            let (high, low) = (char::from(at.next()?).to_digit(16)?, char::from(at.next()?).to_digit(16)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    // `/C:/desk` is a path on a Windows drive.
    let drive = path.as_bytes().get(2) == Some(&b':') && std::path::MAIN_SEPARATOR == '\\';
    Some(PathBuf::from(if drive { path[1..].replace('/', "\\") } else { path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        assert_eq!(uri_of(Path::new("/desk/a brief#1 é.md")), "file:///desk/a%20brief%231%20%C3%A9.md");
        assert_eq!(path_of("file:///desk/a%20brief%231%20%c3%a9.md"), Some("/desk/a brief#1 é.md".into()));
        assert_eq!(path_of("untitled:Untitled-1"), None);
        assert_eq!(path_of("file:///a%2"), None);
    }

    #[test]
    fn frames() {
        let mut from =
            &b"content-length: 4\r\nContent-Type: x\r\n\r\nnullContent-Length: 9999999999\r\n\r\n"[..];
        assert_eq!(read_frame(&mut from), Some(Value::Null));
        assert_eq!(read_frame(&mut from), None);
    }
}
