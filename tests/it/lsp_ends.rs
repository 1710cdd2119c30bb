//! Early ends: cancelled requests, abandoned waits, sessions and parent processes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::{BRIEF, UTF16, answers, rail};

/// The LSP error code for a cancelled request.
const CANCELLED: i64 = -32800;

fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn ask(id: &str, method: &str, params: Value) -> Vec<u8> {
    frame(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
}

fn cancel(id: &str) -> Vec<u8> {
    frame(&json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}}))
}

fn hover(folder: &Folder) -> Value {
    json!({"textDocument": {"uri": uri(&folder.brief())}, "position": {"line": 2, "character": 25}})
}

fn pull(folder: &Folder) -> Value {
    json!({"textDocument": {"uri": uri(&folder.brief())}})
}

fn is_cancelled(client: &mut Client, id: &str) {
    let reply = client.wait(id, |message| message["id"] == id && message.get("method").is_none());
    assert_eq!(reply["error"]["code"], CANCELLED, "{reply}");
}

/// The brief followed by so much text that parsing it takes far longer than reading the next message.
fn long_brief(paragraphs: usize) -> String {
    format!("{BRIEF}{}", "\nThe *drivers* say “nobody asked” [@rail2021].\n".repeat(paragraphs))
}

#[test]
fn waiting_requests_are_cancelled_however_many() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    client.pulls = true;
    client.initialize(&folder.path, UTF16);
    client.open(&folder.brief(), "markdown", BRIEF);
    // Findings wait for the first load, which `initialized` starts.
    let ids: Vec<String> = (0..300).map(|number| format!("waits-{number}")).collect();
    for id in &ids {
        client.raw(&ask(id, "textDocument/diagnostic", pull(&folder)));
    }
    for id in &ids {
        client.raw(&cancel(id));
    }
    for id in &ids {
        is_cancelled(&mut client, id);
    }
    client.raw(&cancel("never asked"));
    client.notify("initialized", json!({}));
    let reply = client.request("textDocument/diagnostic", pull(&folder));
    assert_eq!(reply["result"]["kind"], "full", "{reply}");
    answers(&mut client, &folder.brief());
}

#[test]
fn a_request_that_is_worked_on_is_cancelled() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&folder.brief())}}));
    client.open(&folder.brief(), "markdown", &long_brief(20_000));
    client.raw(&[ask("works", "textDocument/hover", hover(&folder)), cancel("works")].concat());
    is_cancelled(&mut client, "works");
}

#[test]
fn shutdown_does_not_wait_for_work() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&folder.brief())}}));
    client.open(&folder.brief(), "markdown", &long_brief(20_000));
    client.raw(&ask("works", "textDocument/hover", hover(&folder)));
    let reply = client.request("shutdown", Value::Null);
    assert!(reply.get("error").is_none(), "{reply}");
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(Duration::from_secs(20)), Some(0));
}

#[test]
fn an_answer_that_nobody_waits_for_breaks_nothing() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    client.mute_progress = true;
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", BRIEF);
    // Findings arrive after the load, which gave up waiting for the answer.
    client.findings(&folder.brief());
    let asked = client.wait("progress", |message| message["method"] == "window/workDoneProgress/create");
    for id in [asked["id"].clone(), asked["id"].clone(), json!("never asked")] {
        client.raw(&frame(&json!({"jsonrpc": "2.0", "id": id, "result": null})));
        answers(&mut client, &folder.brief());
    }
}

#[test]
fn fifty_megabytes_are_opened() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let large = folder.path.join("large.txt");
    client.open(&large, "plaintext", &"The drivers say that nobody asked them.\n".repeat(1_250_000));
    answers(&mut client, &folder.brief());
}

#[test]
#[cfg(target_os = "linux")]
fn the_server_ends_with_its_editor() {
    let folder = rail();
    // Any process will do as the editor.
    let editor = Client::start(&folder.path);
    let mut client = Client::start(&folder.path);
    client.process = Some(editor.id());
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", BRIEF);
    client.findings(&folder.brief());
    answers(&mut client, &folder.brief());
    drop(editor);
    assert_eq!(client.exit_code(Duration::from_secs(20)), Some(1));
}
