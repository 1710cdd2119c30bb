//! Tests the transport with a server that does on demand what the real one never should: panic.

use std::sync::mpsc;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::*;
use tower_lsp::{LanguageServer, LspService};

struct Clumsy;

#[tower_lsp::async_trait]
impl LanguageServer for Clumsy {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        panic!("in a notification");
    }

    async fn hover(&self, _: HoverParams) -> Result<Option<Hover>> {
        panic!("at once");
    }

    async fn completion(&self, _: CompletionParams) -> Result<Option<CompletionResponse>> {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        panic!("after an await");
    }

    async fn symbol(&self, _: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        Ok(None)
    }
}

/// Passes on what is written, piece by piece.
struct Output(mpsc::Sender<Vec<u8>>);

impl std::io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An input that blocks until something is put in, and ends when nothing more can be.
struct Inlet {
    pieces: mpsc::Receiver<Vec<u8>>,
    rest: Vec<u8>,
}

impl std::io::Read for Inlet {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.pieces.recv().unwrap_or_default();
        }
        let read = self.rest.as_slice().read(into)?;
        self.rest.drain(..read);
        Ok(read)
    }
}

fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The next reply, which a single frame contains.
fn reply(output: &mpsc::Receiver<Vec<u8>>) -> Value {
    let frame = output.recv_timeout(std::time::Duration::from_secs(20)).expect("a reply");
    let body = frame.windows(4).position(|four| four == b"\r\n\r\n").expect("a header") + 4;
    serde_json::from_slice(&frame[body..]).expect("JSON")
}

#[test]
fn a_handler_that_panics_costs_its_own_request() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build();
    let runtime = runtime.expect("a runtime");
    let (give, pieces) = mpsc::channel();
    let (write, output) = mpsc::channel();
    let handle = runtime.handle().clone();
    let server = std::thread::spawn(move || {
        let (service, socket) = LspService::new(|_| Clumsy);
        super::run(&handle, service, socket, Inlet { pieces, rest: Vec::new() }, Output(write), || {})
    });
    let say = |message: Value| give.send(frame(&message)).expect("read");
    let ask = |id: i64, method: &str, params: Value| {
        say(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
    };
    ask(1, "initialize", json!({"capabilities": {}}));
    assert_eq!(reply(&output)["id"], 1);
    let place = json!({"textDocument": {"uri": "file:///a.md"}, "position": {"line": 0, "character": 0}});
    for (id, method) in [(2, "textDocument/hover"), (3, "textDocument/completion"), (4, "textDocument/hover")]
    {
        ask(id, method, place.clone());
        let failed = reply(&output);
        assert_eq!((&failed["id"], &failed["error"]["code"]), (&json!(id), &json!(-32603)), "{failed}");
    }
    say(json!({"jsonrpc": "2.0", "method": "textDocument/didSave", "params": place}));
    ask(5, "workspace/symbol", json!({"query": ""}));
    assert_eq!(reply(&output), json!({"jsonrpc": "2.0", "id": 5, "result": null}));
    ask(6, "shutdown", Value::Null);
    assert_eq!(reply(&output)["id"], 6);
    say(json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(server.join().expect("no panic"), 0);
}
