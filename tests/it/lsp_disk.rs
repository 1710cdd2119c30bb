//! Changes outside the open texts: files, folders and settings, and what the user is told about them.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::{BRIEF, UTF16, rail};

const UNKNOWN: &str = "# Rail\n\nFreight has doubled [@rial2021].\n";

/// With an editor that watches files, or one for which the server must.
fn opened(folder: &Folder, watches: bool, text: &str) -> Client {
    opened_with(folder, watches, text, Value::Null)
}

/// The same with settings in the first message.
fn opened_with(folder: &Folder, watches: bool, text: &str, options: Value) -> Client {
    let mut client = Client::start(&folder.path);
    client.watches = watches;
    client.options = options;
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", text);
    client.findings(&folder.brief());
    client
}

/// Repeats a request until `right` accepts the answer.
fn until(what: &str, mut ask: impl FnMut() -> Value, right: impl Fn(&Value) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = ask();
        if right(&answer) {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: {answer}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn until_card_has(client: &mut Client, brief: &Path, column: u32, wanted: &str) {
    let has = |card: &Value| card["contents"]["value"].as_str().is_some_and(|card| card.contains(wanted));
    until(wanted, || client.at("hover", brief, 2, column), has);
}

fn replace(path: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(path).expect("there");
    assert!(text.contains(old));
    std::fs::write(path, text.replace(old, new)).expect("written");
}

#[test]
fn libraries_and_sources_outside_of_the_workspace_are_watched() {
    for watches in [true, false] {
        let (folder, outside) = (rail(), rail());
        let (library, source) = (outside.path.join("refs.bib"), outside.path.join("sources/rail.txt"));
        replace(&library, "rail2021", "steppe2021");
        replace(&library, "sources/rail.txt", source.to_str().expect("a name"));
        folder.write("glossator.toml", &format!("[corpus]\nlibrary = [{library:?}]\n"));
        let brief = "# Rail\n\nFreight doubled [@steppe2021, ¶ 2].\n";
        // A workspace alone cannot refer to anything outside itself.
        let mut client = opened(&folder, watches, brief);
        let card = client.at("hover", &folder.brief(), 2, 20).to_string();
        assert!(card.contains("Unknown citation key") || card.contains("null"), "{card}");
        let options = json!({"corpus": {"outside": [outside.path]}});
        let mut client = opened_with(&folder, watches, brief, options);
        until_card_has(&mut client, &folder.brief(), 20, "Vera Orlova");
        replace(&library, "Orlova", "Petrova");
        until_card_has(&mut client, &folder.brief(), 20, "Vera Petrova");
        // As most editors save: a new file replaces the old one.
        let saved = outside.path.join("sources/saved~");
        std::fs::copy(&source, &saved).expect("copied");
        replace(&saved, "nobody asked", "somebody asked");
        std::fs::rename(&saved, &source).expect("renamed");
        until_card_has(&mut client, &folder.brief(), 31, "somebody asked");
    }
}

#[test]
fn a_log_that_grows_all_the_time_holds_nothing_up() {
    let folder = rail();
    let mut client = opened(&folder, false, BRIEF);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let names = ["build.log", "notes.json"].map(|name| folder.path.join(name));
    let writer = std::thread::spawn(move || {
        while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
            for name in &names {
                std::fs::write(name, "1").expect("written");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    std::thread::sleep(Duration::from_millis(300));
    replace(&folder.path.join("sources/rail.txt"), "nobody asked", "the ministry asked");
    until_card_has(&mut client, &folder.brief(), 34, "the ministry asked");
    drop(stop);
    writer.join().expect("no panic");
}

#[test]
fn a_folder_that_is_moved_in_or_out_counts() {
    let (folder, outside) = (rail(), tempfile::tempdir().expect("a folder"));
    let (elsewhere, here) = (outside.path().join("port"), folder.path.join("sources/port"));
    std::fs::create_dir(&elsewhere).expect("made");
    std::fs::write(elsewhere.join("quay.txt"), "The quay\n\nNobody on the quay believed a word of it.\n")
        .expect("written");
    let mut client = opened(&folder, false, BRIEF);
    let mut named = |there: bool| {
        let ask = || client.request("workspace/symbol", json!({"query": "quay"}))["result"].clone();
        until("the source", ask, |found| found.to_string().contains("quay.txt") == there);
    };
    named(false);
    std::fs::rename(&elsewhere, &here).expect("moved");
    named(true);
    std::fs::rename(&here, &elsewhere).expect("moved");
    named(false);
    // An editor that watches files is asked to report folders too.
    let mut client = opened(&folder, true, BRIEF);
    let asked = client.wait("a registration", |message| message["method"] == "client/registerCapability");
    let watchers = &asked["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert!(
        watchers.as_array().is_some_and(|all| all.contains(&json!({"globPattern": "**/*", "kind": 5}))),
        "{asked}"
    );
    std::fs::rename(&elsewhere, &here).expect("moved");
    let change = json!({"uri": uri(&here), "type": 1});
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    let ask = || client.request("workspace/symbol", json!({"query": "quay"}))["result"].clone();
    until("the source", ask, |found| found.to_string().contains("quay.txt"));
}

fn shown(client: &mut Client) -> Vec<String> {
    let messages = client.unasked().iter().filter(|message| message["method"] == "window/showMessage");
    messages.map(|message| message["params"]["message"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn a_wrong_setting_is_shown_when_it_is_saved_and_once() {
    let folder = rail();
    let mut client = opened(&folder, true, BRIEF);
    let settings = folder.path.join("glossator.toml");
    let tell = |client: &mut Client| {
        let change = json!({"uri": uri(&settings), "type": 2});
        client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    };
    client.open(&settings, "toml", "[corpus]\nrots = 1\n");
    let logged = client.wait("a log", |message| message["method"] == "window/logMessage");
    assert!(logged.to_string().contains("corpus.rots"), "{logged}");
    assert_eq!(shown(&mut client), Vec::<String>::new(), "while it is written");
    folder.write("glossator.toml", "[corpus]\nrots = 1\n");
    tell(&mut client);
    let message = client.wait("a message", |message| message["method"] == "window/showMessage");
    let text = message["params"]["message"].as_str().expect("text");
    assert!(text.contains("glossator.toml") && text.contains("`corpus.rots`"), "{text}");
    // Another source is read; the complaint is not repeated.
    replace(&folder.path.join("sources/rail.txt"), "nobody asked", "the ministry asked");
    tell(&mut client);
    until_card_has(&mut client, &folder.brief(), 34, "the ministry asked");
    assert_eq!(shown(&mut client), Vec::<String>::new(), "once");
}

/// The levels of the findings that are published next.
fn severities(client: &mut Client, folder: &Folder) -> Vec<Value> {
    client.findings(&folder.brief()).iter().map(|one| one["severity"].clone()).collect()
}

#[test]
fn settings_are_taken_and_wrong_ones_named() {
    let folder = rail();
    let mut client = opened(&folder, true, UNKNOWN);
    let mut send = |settings: Value| {
        client.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    };
    send(json!({"glossator": {"diagnostics": {"unknown-citation": "error"}}}));
    assert_eq!(severities(&mut client, &folder), [1]);
    let mut send = |settings: Value| {
        client.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    };
    // Settings of other servers: none of ours, and nothing wrong with them.
    send(json!({"gopls": {"staticcheck": true}, "pylsp": {}}));
    assert_eq!(severities(&mut client, &folder), [2]);
    assert_eq!(shown(&mut client), Vec::<String>::new());
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"glossator": {"diagnostics": {"unknown-citation": "loud"}}}}),
    );
    let message = client.wait("a message", |message| message["method"] == "window/showMessage");
    assert!(message.to_string().contains("`diagnostics.unknown-citation`"), "{message}");
}

#[test]
fn nothing_is_said_that_the_settings_of_the_editor_switch_off() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    client.settings = Some(json!({"diagnostics": {"unknown-citation": "off"}}));
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", UNKNOWN);
    // The first findings; nothing was published before.
    assert_eq!(client.findings(&folder.brief()), Vec::<Value>::new());
}

#[test]
fn an_editor_without_markdown_gets_plain_cards() {
    let folder = rail();
    replace(&folder.path.join("refs.bib"), "{Rails across", "{Rails <b>across</b>");
    let mut client = Client::start(&folder.path);
    client.formats = Some(json!(["plaintext"]));
    client.initialize(&folder.path, UTF16);
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", BRIEF);
    client.findings(&folder.brief());
    let card = client.at("hover", &folder.brief(), 2, 25)["contents"].clone();
    assert_eq!(card["kind"], "plaintext");
    assert!(
        card["value"]
            .as_str()
            .is_some_and(|text| text.starts_with("Rails <b>across</b> the steppe\nVera Orlova\n")),
        "{card}"
    );
    let item = client.at("completion", &folder.brief(), 2, 25)["items"][0].clone();
    let card = client.request("completionItem/resolve", item)["result"]["documentation"].clone();
    assert_eq!(card["kind"], "plaintext");
    assert!(card["value"].as_str().is_some_and(|text| text.starts_with("Rails <b>across")), "{card}");
}
