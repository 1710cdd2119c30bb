//! Findings that the editor asks for, and what can be done about findings.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::lsp::{BRIEF, Folder, UTF16};

const UNKNOWN: &str = "# Rail\n\nFreight has doubled [@rial2021].\n";

fn pulling(folder: &Folder) -> (Client, Value) {
    let mut client = Client::start(&folder.path);
    client.pulls = true;
    let offered = client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    (client, offered)
}

fn pull(client: &mut Client, folder: &Folder, previous: &Value) -> Value {
    let params = json!({"textDocument": {"uri": uri(&folder.brief())}, "previousResultId": previous});
    let reply = client.request("textDocument/diagnostic", params);
    assert!(reply.get("error").is_none(), "{reply}");
    reply["result"].clone()
}

fn is_refresh(message: &Value) -> bool {
    message["method"] == "workspace/diagnostic/refresh"
}

fn is_push_for_brief(message: &Value, folder: &Folder) -> bool {
    message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri(&folder.brief())
}

#[test]
fn an_editor_that_asks_for_findings_is_answered_and_not_told() {
    let folder = Folder::new();
    let (mut client, offered) = pulling(&folder);
    let provider =
        json!({"identifier": "glossator", "interFileDependencies": true, "workspaceDiagnostics": false});
    assert_eq!(offered["capabilities"]["diagnosticProvider"], provider);
    client.open(&folder.brief(), "markdown", UNKNOWN);
    let first = pull(&mut client, &folder, &Value::Null);
    assert_eq!(first["kind"], "full", "{first}");
    assert_eq!(first["items"][0]["code"], "unknown-citation", "{first}");
    assert!(first["resultId"].is_string(), "{first}");
    let again = pull(&mut client, &folder, &first["resultId"]);
    assert_eq!(again, json!({"kind": "unchanged", "resultId": first["resultId"]}));
    client.wait("a refresh", is_refresh);
    // The library has the key now: the editor is asked to ask again.
    folder.write("refs.bib", "@online{rial2021,\n  title = {Rails across the steppe},\n}\n");
    let change = json!({"uri": uri(&folder.path.join("refs.bib")), "type": 2});
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    client.wait("a refresh", is_refresh);
    let mended = pull(&mut client, &folder, &first["resultId"]);
    assert_eq!(mended["kind"], "full", "{mended}");
    assert_eq!(mended["items"], json!([]), "{mended}");
    assert!(!client.unasked().iter().any(|message| is_push_for_brief(message, &folder)));
}

#[test]
fn an_editor_that_does_not_ask_is_offered_nothing_and_told() {
    let folder = Folder::new();
    let mut client = Client::start(&folder.path);
    let offered = client.initialize(&folder.path, UTF16);
    assert!(offered["capabilities"].get("diagnosticProvider").is_none(), "{offered}");
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", BRIEF);
    assert_eq!(client.findings(&folder.brief()), Vec::<Value>::new());
    assert!(!client.unasked().iter().any(is_refresh));
}
