//! The server in an editor: the real program over pipes, on small workspaces written here. The full text of
//! cards and findings is tested with the code that makes them.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;

const SOURCE: &str = "Rails across the steppe\n\nFreight on the northern line has doubled since spring.\n\n\
                      The drivers say that nobody asked them.\n";

/// The key with its `@` is at 21..30 of line 2, the locator at 32..35.
pub(crate) const BRIEF: &str = "# Rail\n\nFreight has doubled [@rail2021, ¶ 2].\n";

pub(crate) const UTF16: &[&str] = &["utf-16"];

/// A source, a library with its entry, and the brief that cites it.
pub(crate) fn rail() -> Folder {
    let entry = "@online{rail2021,\n  author = {Orlova, Vera},\n  title = {Rails across the steppe},\n  date = {2021-09-02},\n  file = {sources/rail.txt},\n}\n";
    Folder::of(&[("sources/rail.txt", SOURCE), ("refs.bib", entry), ("brief.md", BRIEF)])
}

pub(crate) fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

fn card(hover: &Value) -> &str {
    hover["contents"]["value"].as_str().unwrap_or_default()
}

/// Checks that the server still works by asking for the card of the brief's key.
pub(crate) fn answers(client: &mut Client, brief: &Path) {
    let hover = client.at("hover", brief, 2, 25);
    assert!(card(&hover).contains("Vera Orlova"), "{hover}");
}

#[test]
fn an_unknown_key_is_published() {
    let folder = rail();
    let mut client = Client::initialized(&folder.path, UTF16);
    client.open(&folder.brief(), "markdown", "# Rail\n\nFreight has doubled [@rial2021].\n");
    let findings = client.findings(&folder.brief());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["code"], "unknown-citation");
    assert_eq!(findings[0]["source"], "glossator");
    assert_eq!(findings[0]["range"]["start"]["line"], 2);
}

#[test]
fn a_key_has_a_card_and_a_locator_leads_to_its_line() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let hover = client.at("hover", &folder.brief(), 2, 25);
    assert!(card(&hover).starts_with("**Rails across the steppe**"), "{hover}");
    assert_eq!(hover["range"], range(2, 21, 30));
    let place = client.at("definition", &folder.brief(), 2, 34);
    assert_eq!(place["uri"], uri(&folder.path.join("sources/rail.txt")));
    assert_eq!(place["range"]["start"]["line"], 4, "{place}");
}

#[test]
fn completion_replaces_what_was_typed() {
    let folder = rail();
    let mut client = folder.open(UTF16, "# Rail\n\nFreight has doubled [@ra].\n");
    let list = client.at("completion", &folder.brief(), 2, 24);
    let first = &list["items"][0];
    assert_eq!(first["textEdit"]["range"]["end"], json!({"line": 2, "character": 24}), "{list}");
    assert!(first["textEdit"]["newText"].as_str().is_some_and(|text| text.contains("rail2021")), "{list}");
}

#[test]
fn a_client_that_can_show_more_is_told_more() {
    let folder = rail();
    for knows in [true, false] {
        let mut client = Client::start(&folder.path);
        let types =
            if knows { json!(["string", "citation", "locator", "quotation"]) } else { json!(["string"]) };
        let text = json!({
            "completion": {"completionItem": {"labelDetailsSupport": knows}},
            "semanticTokens": {"requests": {}, "tokenTypes": types, "tokenModifiers": [], "formats": []},
        });
        let params = json!({"rootUri": uri(&folder.path), "capabilities": {"textDocument": text}});
        let offered = client.request("initialize", params)["result"]["capabilities"].clone();
        let expected =
            if knows { ["citation", "locator", "quotation"] } else { ["variable", "number", "string"] };
        assert_eq!(offered["semanticTokensProvider"]["legend"]["tokenTypes"], json!(expected));
        client.notify("initialized", json!({}));
        client.open(&folder.brief(), "markdown", "# Rail\n\nFreight has doubled [@ra].\n");
        client.findings(&folder.brief());
        let first = client.at("completion", &folder.brief(), 2, 24)["items"][0].clone();
        let (detail, description) = (&first["detail"], &first["labelDetails"]["description"]);
        let (shown, other) = if knows { (description, detail) } else { (detail, description) };
        assert_eq!(shown, "Orlova · 2021", "{first}");
        assert!(other.is_null(), "{first}");
    }
}

#[test]
fn the_last_of_a_thousand_edits_counts() {
    let folder = rail();
    let mut client = folder.open(UTF16, "# Rail\n\nFreight has doubled [@rail202].\n");
    let document = uri(&folder.brief());
    let hover = client.at("hover", &folder.brief(), 2, 25);
    assert!(!card(&hover).contains("Vera Orlova"), "{hover}");
    // Types a digit and deletes it, over and over; the last edit leaves the correct key.
    for version in 0..1000 {
        let change = match version % 2 {
            _ if version == 999 => json!({"range": range(2, 29, 30), "text": "1"}),
            0 => json!({"range": range(2, 29, 29), "text": "9"}),
            _ => json!({"range": range(2, 29, 30), "text": ""}),
        };
        client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": document, "version": version + 2}, "contentChanges": [change]}),
        );
    }
    answers(&mut client, &folder.brief());
}

#[test]
fn edits_that_overtake_each_other_are_put_in_order() {
    let folder = rail();
    let mut client = folder.open(UTF16, "# Rail\n\nFreight has doubled [@rai].\n");
    let document = uri(&folder.brief());
    // As Helix sends an accepted completion: “rai” is taken back, the key written, then a blank behind the sentence.
    for (version, change) in [
        (3, json!({"range": range(2, 22, 22), "text": "rail2021"})),
        (2, json!({"range": range(2, 22, 25), "text": ""})),
        (4, json!({"range": range(2, 32, 32), "text": " "})),
    ] {
        client.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": document, "version": version}, "contentChanges": [change]}),
        );
    }
    answers(&mut client, &folder.brief());
    client.wait("the end of the finding", |message| {
        let params = &message["params"];
        params["version"] == 4 && params["diagnostics"].as_array().is_some_and(Vec::is_empty)
    });
}

#[test]
fn broken_messages_are_refused_and_nothing_else_breaks() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let bodies: [(&[u8], i64); 5] = [
        (b"{\"jsonrpc\": \"2.0\", \"id\": 7,", -32700),
        (b"{\"jsonrpc\": \"2.0\", \"method\": \"\xff\xfe\"}", -32700),
        (b"[]", -32600),
        (b"{}", -32600),
        (b"\"hover\"", -32600),
    ];
    for (body, code) in bodies {
        client.body(body);
        let reply = client.wait("a refusal", |message| message.get("error").is_some());
        assert_eq!(reply["error"]["code"], code, "{} {reply}", String::from_utf8_lossy(body));
        answers(&mut client, &folder.brief());
    }
    client.body(b"{\"id\": \"bare\", \"method\": \"textDocument/hover\"}");
    client.wait("a refusal", |message| message["id"] == "bare" && message.get("error").is_some());
    answers(&mut client, &folder.brief());
    client.raw(b"Nothing: here\r\nbut garbage\r\n\r\n");
    client.wait("a refusal", |message| message["error"]["code"] == -32700);
    answers(&mut client, &folder.brief());
}

#[test]
fn header_names_may_be_lower_case() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let body = json!({
        "jsonrpc": "2.0",
        "id": "low",
        "method": "textDocument/hover",
        "params": {"textDocument": {"uri": uri(&folder.brief())}, "position": {"line": 2, "character": 25}},
    })
    .to_string();
    client.raw(format!("content-length:{}\r\n\r\n{body}", body.len()).as_bytes());
    let reply = client.wait("a reply", |message| message["id"] == "low");
    assert!(card(&reply["result"]).contains("Vera Orlova"), "{reply}");
}

#[test]
fn unknown_requests_are_said_to_be_unknown() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    for method in ["textDocument/embroider", "$/embroider"] {
        let reply = client.request(method, json!({}));
        assert_eq!(reply["error"]["code"], -32601, "{method}: {reply}");
    }
    client.notify("$/embroider", json!({}));
    answers(&mut client, &folder.brief());
}

#[test]
fn exit_after_shutdown_ends_with_0_while_input_is_open() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let reply = client.request("shutdown", Value::Null);
    assert!(reply.get("error").is_none(), "{reply}");
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(Duration::from_secs(5)), Some(0));
}

#[test]
fn an_end_without_shutdown_is_1() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(Duration::from_secs(5)), Some(1));
    let mut client = folder.open(UTF16, BRIEF);
    client.hang_up();
    assert_eq!(client.exit_code(Duration::from_secs(5)), Some(1));
}

#[test]
fn columns_count_in_the_agreed_units() {
    // The train is 4 bytes, 2 UTF-16 units, 1 code point; the key starts right after `[`.
    let text = "# Rail\r\n\r\n🚂 doubled [@rail2021].\r\n";
    for (encodings, agreed, from) in [
        (&["utf-16", "utf-8"][..], "utf-8", 14),
        (&["utf-16"], "utf-16", 12),
        (&[], "utf-16", 12),
        (&["utf-32"], "utf-32", 11),
    ] {
        let folder = rail();
        let mut client = Client::start(&folder.path);
        let offered = client.initialize(&folder.path, encodings);
        assert_eq!(offered["capabilities"]["positionEncoding"], agreed);
        client.notify("initialized", json!({}));
        client.open(&folder.brief(), "markdown", text);
        client.findings(&folder.brief());
        for column in [from, from + 8] {
            let hover = client.at("hover", &folder.brief(), 2, column);
            assert_eq!(hover["range"], range(2, from, from + 9), "{agreed}");
        }
        assert_eq!(client.at("hover", &folder.brief(), 2, from - 2), Value::Null, "{agreed}");
        // A position past the end of a line means its end; past the end of the text, the end of the text.
        for (line, column) in [(2, 4000), (4000, 0), (u32::MAX >> 1, u32::MAX >> 1)] {
            assert_eq!(client.at("hover", &folder.brief(), line, column), Value::Null, "{agreed}");
        }
    }
}

/// Hovers over the locator until its card contains `wanted`.
fn until_card_has(client: &mut Client, brief: &Path, wanted: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let hover = client.at("hover", brief, 2, 34);
        if card(&hover).contains(wanted) {
            return;
        }
        assert!(Instant::now() < deadline, "{hover}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_source_that_changed_on_disk_is_read_again() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    until_card_has(&mut client, &folder.brief(), "nobody asked them");
    folder.write("sources/rail.txt", &SOURCE.replace("nobody asked them", "the ministry paid them late"));
    let change = json!({"uri": uri(&folder.path.join("sources/rail.txt")), "type": 2});
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    until_card_has(&mut client, &folder.brief(), "the ministry paid them late");
}

#[test]
fn the_server_watches_where_the_editor_does_not() {
    // Helix says that it watches, and does not.
    for (name, watches) in [(None, false), (Some("helix"), true)] {
        let folder = rail();
        let mut client = Client::start(&folder.path);
        (client.name, client.watches) = (name, watches);
        client.initialize(&folder.path, UTF16);
        client.notify("initialized", json!({}));
        client.open(&folder.brief(), "markdown", BRIEF);
        client.findings(&folder.brief());
        until_card_has(&mut client, &folder.brief(), "nobody asked them");
        folder.write("sources/rail.txt", &SOURCE.replace("nobody asked them", "the ministry paid them late"));
        until_card_has(&mut client, &folder.brief(), "the ministry paid them late");
    }
}

#[test]
fn where_the_editor_refuses_to_watch_the_server_does() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    client.refuses_to_watch = true;
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.wait("a registration", |message| message["method"] == "client/registerCapability");
    client.open(&folder.brief(), "markdown", BRIEF);
    client.findings(&folder.brief());
    until_card_has(&mut client, &folder.brief(), "nobody asked them");
    folder.write("sources/rail.txt", &SOURCE.replace("nobody asked them", "the ministry paid them late"));
    until_card_has(&mut client, &folder.brief(), "the ministry paid them late");
}

#[test]
fn an_editor_that_watches_is_asked_to() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let asked = client.wait("a registration", |message| message["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let pattern = registration["registerOptions"]["watchers"][0]["globPattern"].as_str().expect("a pattern");
    // `bib`, `pdf` and so on; Eglot can't read more than words between braces.
    let endings = pattern.strip_prefix("**/*.{").and_then(|rest| rest.strip_suffix('}')).expect("endings");
    assert!(endings.split(',').any(|ending| ending == "bib"), "{endings}");
    assert!(endings.chars().all(|c| c.is_ascii_alphanumeric() || c == ','), "{endings}");
}

#[test]
fn an_open_source_hides_its_file() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let edited = SOURCE.replace("nobody asked them", "the dispatcher lied");
    let source = folder.path.join("sources/rail.txt");
    client.open(&source, "plaintext", &edited);
    until_card_has(&mut client, &folder.brief(), "the dispatcher lied");
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&source)}}));
    until_card_has(&mut client, &folder.brief(), "nobody asked them");
}

#[test]
fn nothing_is_published_before_the_sources_are_read() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    client.initialize(&folder.path, UTF16);
    client.open(&folder.brief(), "markdown", BRIEF);
    // `initialized` starts the load: before it, no key may be reported as unknown.
    std::thread::sleep(Duration::from_millis(400));
    assert!(client.unasked().is_empty(), "{:?}", client.unasked());
    client.notify("initialized", json!({}));
    assert_eq!(client.findings(&folder.brief()), Vec::<Value>::new());
}
