//! Malformed and unusual messages: the server reports them and answers the next message.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::{BRIEF, UTF16, answers, rail};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

fn hover(folder: &Folder, id: Value) -> String {
    let place =
        json!({"textDocument": {"uri": uri(&folder.brief())}, "position": {"line": 2, "character": 25}});
    json!({"jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": place}).to_string()
}

fn with_length(length: impl std::fmt::Display, body: &str) -> Vec<u8> {
    format!("Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// Checks that the server carries on after `bytes`, and reports them with `code` no later than its answer to
/// the next message.
fn is_refused(what: &str, bytes: &dyn Fn(&Folder) -> Vec<u8>, code: i64) {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    client.raw(&bytes(&folder));
    answers(&mut client, &folder.brief());
    let refusal = client.wait(what, |message| message.get("error").is_some());
    assert_eq!(refusal["error"]["code"], code, "{what}: {refusal}");
    assert_eq!(refusal["id"], Value::Null, "{what}");
    // Reported once.
    answers(&mut client, &folder.brief());
    let again = client.unasked().iter().find(|message| message.get("error").is_some());
    assert_eq!(again, None, "{what}");
}

#[test]
fn reading_goes_on_behind_a_wrong_header() {
    let body = |folder: &Folder| hover(folder, json!("lost"));
    is_refused("a negative length", &|folder| with_length(-5, &body(folder)), PARSE_ERROR);
    is_refused("no number", &|folder| with_length("12abc", &body(folder)), PARSE_ERROR);
    is_refused("past all numbers", &|folder| with_length("9".repeat(40), &body(folder)), PARSE_ERROR);
    is_refused("far too long", &|folder| with_length(99_999_999_999_u64, &body(folder)), INVALID_REQUEST);
    is_refused("too short", &|folder| with_length(10, &body(folder)), PARSE_ERROR);
    is_refused("too long for what comes", &|folder| with_length(200_000_000, &body(folder)), PARSE_ERROR);
    is_refused("none", &|_| with_length(0, ""), PARSE_ERROR);
    is_refused(
        "no length",
        &|folder| format!("Content-Type: x\r\n\r\n{}", body(folder)).into_bytes(),
        PARSE_ERROR,
    );
    is_refused("no header", &|folder| body(folder).into_bytes(), PARSE_ERROR);
}

#[test]
fn reading_goes_on_behind_what_is_no_message() {
    is_refused("bytes", &|_| b"\0\xff\xfe: ?".to_vec(), PARSE_ERROR);
    is_refused("a line", &|_| b"out of cheese\r\n".to_vec(), PARSE_ERROR);
    is_refused("a page", &|_| b"<html>\r\n\r\n<p>a: b</p>\r\n\r\n</html>".to_vec(), PARSE_ERROR);
    is_refused("a long line", &|_| b"x".repeat(1_000_000), PARSE_ERROR);
    for deep in ["[", "{\"a\":"] {
        let body = deep.repeat(100_000);
        is_refused(deep, &|_| with_length(body.len(), &body), PARSE_ERROR);
    }
    is_refused(
        "a batch",
        &|folder| {
            let batch = format!("[{}]", hover(folder, json!("lost")));
            with_length(batch.len(), &batch)
        },
        INVALID_REQUEST,
    );
}

#[test]
fn a_message_is_found_in_what_was_taken_for_the_end_of_another() {
    for more in [3, 30, 100] {
        let folder = rail();
        let mut client = folder.open(UTF16, BRIEF);
        let body = hover(&folder, json!("first"));
        client.raw(&with_length(body.len() + more, &body));
        // Its header is split in two, or is part of what was read as the previous body.
        let second = hover(&folder, json!("second"));
        client.body(second.as_bytes());
        let reply = client.wait("the second", |message| message["id"] == "second");
        assert!(reply.get("error").is_none(), "{more}: {reply}");
        answers(&mut client, &folder.brief());
    }
}

#[test]
fn headers_may_be_written_in_any_legal_way() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let body = hover(&folder, json!("odd"));
    let length = body.len();
    for header in [
        format!("CONTENT-LENGTH :  {length}  \r\n\r\n"),
        format!("Content-Length: {length}\n\n"),
        format!("Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n"),
        format!("Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: {length}\r\n\r\n"),
        format!("Content-Length: {length}\r\nX-Of-A-Proxy: yes: indeed\r\n\r\n"),
        format!("\r\n\r\nContent-Length: {length}\r\n\r\n"),
    ] {
        // One byte at a time: nothing may depend on a message arriving in one piece.
        for byte in format!("{header}{body}").into_bytes() {
            client.raw(&[byte]);
        }
        let reply = client.wait("a reply", |message| message["id"] == "odd");
        assert!(reply["result"]["contents"]["value"].is_string(), "{header}: {reply}");
    }
    assert!(client.unasked().iter().all(|message| message.get("error").is_none()), "{:?}", client.unasked());
}

#[test]
fn a_second_length_is_not_waited_for() {
    for (what, first, second) in
        [("longer", 0, 500), ("far longer", 0, 200_000_000), ("longer first", 500, 0)]
    {
        let folder = rail();
        let mut client = folder.open(UTF16, BRIEF);
        let body = hover(&folder, json!("twice"));
        let (first, second) = (body.len() + first, body.len() + second);
        let header = format!("Content-Length: {first}\r\nContent-Length: {second}\r\n\r\n");
        client.raw(format!("{header}{body}").as_bytes());
        let answer = client.wait(what, |message| message.get("id") == Some(&json!("twice")));
        assert!(answer.get("result").is_some(), "{what}: {answer}");
    }
}

#[test]
fn odd_ids_and_parameters_are_answered() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    for id in [json!(-5), json!(""), json!("é\n"), json!(i64::MAX)] {
        client.body(hover(&folder, id.clone()).as_bytes());
        let reply = client.wait("a reply", |message| message["id"] == id && message.get("method").is_none());
        assert!(reply["result"]["contents"]["value"].is_string(), "{reply}");
    }
    for id in [json!(1.5), json!(true), json!([1]), json!({"a": 1}), json!(u64::MAX)] {
        client.body(hover(&folder, id.clone()).as_bytes());
        let reply = client.wait("a refusal", |message| message.get("error").is_some());
        assert_eq!(reply["error"]["code"], INVALID_REQUEST, "{id}: {reply}");
    }
    let document = json!({"uri": uri(&folder.brief())});
    for params in [
        json!(null),
        json!([]),
        json!("x"),
        json!({}),
        json!({"textDocument": {"uri": "/no/scheme.md"}, "position": {"line": 0, "character": 0}}),
        json!({"textDocument": document, "position": {"line": -1, "character": 0}}),
        json!({"textDocument": document, "position": {"line": 0.5, "character": 0}}),
    ] {
        let reply = client.request("textDocument/hover", params.clone());
        assert_eq!(reply["error"]["code"], -32602, "{params}: {reply}");
    }
    // A notification with an id, a request without one.
    let reply = client.request("textDocument/didSave", json!({"textDocument": document}));
    assert!(reply.get("error").is_some(), "{reply}");
    client.notify(
        "textDocument/hover",
        json!({"textDocument": document, "position": {"line": 0, "character": 0}}),
    );
    answers(&mut client, &folder.brief());
}

#[test]
fn what_comes_too_early_or_too_late_is_refused() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    let place =
        json!({"textDocument": {"uri": uri(&folder.brief())}, "position": {"line": 2, "character": 25}});
    for method in ["textDocument/hover", "shutdown"] {
        let reply = client.request(method, place.clone());
        assert_eq!(reply["error"]["code"], -32002, "{method}: {reply}");
    }
    // A refused `initialize` can be repeated.
    let reply = client.request("initialize", json!({"capabilities": 7}));
    assert_eq!(reply["error"]["code"], -32602, "{reply}");
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", BRIEF);
    client.findings(&folder.brief());
    let reply = client.request("initialize", json!({"capabilities": {}}));
    assert_eq!(reply["error"]["code"], INVALID_REQUEST, "{reply}");
    answers(&mut client, &folder.brief());
    assert!(client.request("shutdown", json!({})).get("error").is_none());
    for (method, params) in [("textDocument/hover", place), ("initialize", json!({"capabilities": {}}))] {
        let reply = client.request(method, params);
        assert_eq!(reply["error"]["code"], INVALID_REQUEST, "{method}: {reply}");
    }
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(std::time::Duration::from_secs(5)), Some(0));
}

#[test]
fn half_a_pair_of_utf16_is_text_of_the_same_width() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    // The first half of a train, then the second; a backslash before `ud83d` keeps it from being an escape.
    let change = |version: i32, at: u32, text: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{"textDocument":{{"uri":"{}","version":{version}}},"contentChanges":[{{"range":{{"start":{{"line":2,"character":{at}}},"end":{{"line":2,"character":{at}}}}},"text":"{text}"}}]}}}}"#,
            uri(&folder.brief())
        )
    };
    client.body(change(2, 0, r"\ud83d").as_bytes());
    client.body(change(3, 1, r"\\ud83d \ud83d\ude82 \ude82").as_bytes());
    // One unit, then seven letters, the pair and the half with two blanks.
    let hover = client.at("hover", &folder.brief(), 2, 25 + 12);
    assert_eq!(hover["range"], crate::lsp::range(2, 21 + 12, 30 + 12), "{hover}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_server_ends_with_an_editor_that_nobody_buries() {
    let folder = rail();
    let mut editor = std::process::Command::new("sleep").arg("60").spawn().expect("started");
    let mut client = Client::start(&folder.path);
    client.process = Some(editor.id());
    client.initialize(&folder.path, UTF16);
    editor.kill().expect("ours");
    // Not waited for, so it stays in the process table.
    assert_eq!(client.exit_code(std::time::Duration::from_secs(20)), Some(1));
    editor.wait().expect("ours");
}
