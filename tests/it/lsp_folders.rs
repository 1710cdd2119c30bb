//! Several folders in one editor, none, and files outside them: each brief is checked against the sources of
//! its own workspace.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::{BRIEF, rail};

/// A folder like the others, but with a different key.
fn port() -> Folder {
    let folder = rail();
    let library = std::fs::read_to_string(folder.path.join("refs.bib")).expect("there");
    folder.write("refs.bib", &library.replace("rail2021", "port2020").replace("Orlova", "Petrova"));
    folder.write("brief.md", &port_brief());
    folder
}

fn port_brief() -> String {
    BRIEF.replace("rail2021", "port2020")
}

fn start(params: Value) -> Client {
    let mut client = Client::start(Path::new("/"));
    let mut all = json!({"capabilities": {"workspace": {"workspaceFolders": true}}, "rootUri": null});
    for (name, value) in params.as_object().expect("an object") {
        all[name] = value.clone();
    }
    let reply = client.request("initialize", all);
    let folders = &reply["result"]["capabilities"]["workspace"]["workspaceFolders"];
    assert_eq!(*folders, json!({"supported": true, "changeNotifications": true}));
    client.notify("initialized", json!({}));
    client
}

fn named(folder: &Folder) -> Value {
    json!({"uri": uri(&folder.path), "name": "a folder"})
}

/// Checks that the brief has no findings and that its key has the card of `author`.
fn is_at_home(client: &mut Client, folder: &Folder, author: &str) {
    let brief = folder.brief();
    assert_eq!(client.findings(&brief), Vec::<Value>::new(), "{author}");
    let card = client.at("hover", &brief, 2, 25);
    assert!(card["contents"]["value"].as_str().is_some_and(|card| card.contains(author)), "{card}");
}

#[test]
fn each_folder_has_its_own_sources() {
    let (rail, port) = (rail(), port());
    let mut client = start(json!({"workspaceFolders": [named(&rail), named(&port)]}));
    client.open(&rail.brief(), "markdown", BRIEF);
    is_at_home(&mut client, &rail, "Vera Orlova");
    client.open(&port.brief(), "markdown", &port_brief());
    is_at_home(&mut client, &port, "Vera Petrova");
    // Completions and their cards also come from the brief's own folder.
    for (folder, key, author) in [(&rail, "rail2021", "Orlova"), (&port, "port2020", "Petrova")] {
        let list = client.at("completion", &folder.brief(), 2, 22)["items"].clone();
        let labels: Vec<&Value> = list.as_array().expect("items").iter().map(|one| &one["label"]).collect();
        assert_eq!(labels, [&json!(format!("{key}  {author} · 2021"))]);
        let card =
            client.request("completionItem/resolve", list[0].clone())["result"]["documentation"].clone();
        assert!(card.to_string().contains(author), "{card}");
    }
    // Workspace requests are answered for all folders.
    let found = client.request("workspace/symbol", json!({"query": "steppe"}))["result"].to_string();
    assert!(found.contains("rail2021") && found.contains("port2020"), "{found}");
    let check = json!({"command": "glossator.check", "arguments": []});
    assert_eq!(client.request("workspace/executeCommand", check)["result"]["briefs"], 2);
}

#[test]
fn folders_come_and_go() {
    let (rail, port) = (rail(), port());
    let mut client = start(json!({"workspaceFolders": [named(&rail)]}));
    client.open(&rail.brief(), "markdown", BRIEF);
    is_at_home(&mut client, &rail, "Vera Orlova");
    let change = |client: &mut Client, added: Vec<Value>, removed: Vec<Value>| {
        let event = json!({"event": {"added": added, "removed": removed}});
        client.notify("workspace/didChangeWorkspaceFolders", event);
    };
    change(&mut client, vec![named(&port)], vec![named(&rail)]);
    client.open(&port.brief(), "markdown", &port_brief());
    is_at_home(&mut client, &port, "Vera Petrova");
    // Its editor is still open.
    let card = client.at("hover", &rail.brief(), 2, 25);
    assert!(card.to_string().contains("Vera Orlova"), "{card}");
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri(&rail.brief())}}));
    change(&mut client, vec![], vec![named(&rail)]);
    let found = client.request("workspace/symbol", json!({"query": "steppe"}))["result"].to_string();
    assert!(!found.contains("rail2021") && found.contains("port2020"), "{found}");
}

#[test]
fn a_file_that_stands_elsewhere_brings_its_own_sources() {
    let (rail, port) = (rail(), port());
    let mut client = start(json!({"rootUri": uri(&rail.path)}));
    client.open(&rail.brief(), "markdown", BRIEF);
    is_at_home(&mut client, &rail, "Vera Orlova");
    client.open(&port.brief(), "markdown", &port_brief());
    is_at_home(&mut client, &port, "Vera Petrova");
    // A file outside any workspace uses the one that is open.
    let scratch = tempfile::tempdir().expect("a folder");
    let note = scratch.path().canonicalize().expect("there").join("note.md");
    client.open(&note, "markdown", BRIEF);
    assert_eq!(client.findings(&note), Vec::<Value>::new());
}

#[test]
fn without_a_folder_the_first_file_does() {
    let (rail, port) = (rail(), port());
    let mut client = start(json!({}));
    let untitled = "untitled:Untitled-1";
    let document = json!({"uri": untitled, "languageId": "markdown", "version": 1, "text": BRIEF});
    client.notify("textDocument/didOpen", json!({"textDocument": document}));
    client.wait("findings", |message| message["params"]["uri"] == untitled);
    client.open(&rail.brief(), "markdown", BRIEF);
    is_at_home(&mut client, &rail, "Vera Orlova");
    client.open(&port.brief(), "markdown", &port_brief());
    is_at_home(&mut client, &port, "Vera Petrova");
}

#[test]
fn old_editors_send_the_path_of_their_folder() {
    let rail = rail();
    let mut client = start(json!({"rootPath": rail.path}));
    let brief = json!({"uri": "untitled:Untitled-1", "languageId": "markdown", "version": 1, "text": BRIEF});
    client.notify("textDocument/didOpen", json!({"textDocument": brief}));
    let message = client.wait("findings", |message| message["params"]["uri"] == "untitled:Untitled-1");
    assert_eq!(message["params"]["diagnostics"], json!([]), "the key is known");
}
