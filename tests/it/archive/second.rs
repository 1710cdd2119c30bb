//! The second look in an editor: what archives answer comes later, and nothing waits for it.

use std::io::Write;
use std::net::TcpListener;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::nodes::until;
use super::{Liar, SOURCE, User, library, record, reply};
use crate::client::{Client, uri};

const BRIEF: &str = "He wrote that “the port of Vessby slept through the winter, and no grain was moved” that year.\n\n\
    Grain was not moved from Vessby in winter [@\n\n\
    He wrote that “the port of Vessby slept through the summer, and no grain was moved” once more.\n";

/// Where a key is being written.
const AT: (u32, u32) = (2, 44);

/// The id of the document that the archive has, and the key that its title and id make.
const ID: &str = "4f0c9e7788";
const KEY: &str = "the-winter-4f0c9e";

/// An answer to a search: a document with the first quotation of the brief.
fn hits() -> String {
    let found =
        json!({"kind": "passage", "document": ID, "title": "The winter", "place": "¶ 1", "text": SOURCE});
    reply(
        "200 OK",
        &json!({"_shards": {"failed": 0}, "hits": {"hits": [{"_id": "x", "_source": found}]}}).to_string(),
    )
}

/// An archive that answers only once the sender is gone.
fn held() -> (Liar, Sender<()>) {
    let (gate, opens) = channel::<()>();
    let liar = Liar::serving(move |mut stream| {
        let _ = opens.recv();
        let _ = stream.write_all(hits().as_bytes());
    });
    (liar, gate)
}

fn editor(user: &User) -> Client {
    let mut client = Client::of(&mut user.command(&["serve"]));
    client.initialize(&user.folder.path, &["utf-8"]);
    client.notify("initialized", json!({}));
    client.open(&user.folder.brief(), "markdown", BRIEF);
    client
}

fn files() -> [(&'static str, &'static str); 3] {
    const LIBRARY: &str = "@misc{tar1901, title = {Tar}, file = {tar.txt}}\n";
    [("brief.md", BRIEF), ("library.bib", LIBRARY), ("tar.txt", "Tar was shipped to Vessby in winter.\n")]
}

fn status(client: &mut Client) -> Value {
    let params = json!({"command": "glossator.status", "arguments": [{}]});
    client.request("workspace/executeCommand", params)["result"]["archives"].clone()
}

/// What a keystroke brings: completion, card, hints and findings.
fn keystroke(client: &mut Client, user: &User) -> [Value; 4] {
    let brief = user.folder.brief();
    let edit = json!({"range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}}, "text": ""});
    let document = json!({"uri": uri(&brief), "version": 2});
    client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [edit]}));
    let completion = client.at("completion", &brief, AT.0, AT.1);
    let card = client.at("hover", &brief, 0, 30);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let params = json!({"textDocument": {"uri": uri(&brief)}, "range": range});
    let hints = client.request("textDocument/inlayHint", params)["result"].clone();
    let findings = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri(&brief)}}));
    let answers = [completion, card, hints, findings["result"]["items"].clone()];
    // The folders of two users differ, and nothing else.
    let folder = user.folder.path.display().to_string();
    answers
        .map(|answer| answer.to_string().replace(&folder, ""))
        .map(|answer| serde_json::from_str(&answer).expect("JSON"))
}

fn keys(completion: &Value) -> Vec<&str> {
    let items = completion["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item["textEdit"]["newText"].as_str()).collect()
}

#[test]
fn a_keystroke_is_answered_alike_whether_the_archive_is_down_silent_or_up() {
    // Down: nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let down = User::new(&[format!("http://{gone}")], &files());
    let (mute, never) = held();
    let silent = User::new(std::slice::from_ref(&mute.url), &files());
    let (liar, gate) = held();
    let up = User::new(std::slice::from_ref(&liar.url), &files());
    let mut editors = [&down, &silent, &up].map(|user| (editor(user), user));
    let answers = editors.each_mut().map(|(client, user)| {
        client.findings(&user.folder.brief());
        keystroke(client, user)
    });
    assert_eq!(keys(&answers[0][0]), ["tar1901"], "{answers:?}");
    assert_eq!(answers[0][0]["isIncomplete"], true);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    // What the archive found comes later, and of itself.
    drop(gate);
    let (client, user) = &mut editors[2];
    let later = client.findings(&user.folder.brief());
    let told: Vec<&str> =
        later.iter().filter_map(|one| one["message"].as_str()).filter(|it| it.contains("newsroom")).collect();
    assert_eq!(
        told,
        ["These words appear in “The winter”, ¶ 1, in the archive newsroom. To cite it, create its entry."]
    );
    let found = later.iter().find(|one| one["message"].as_str() == Some(told[0])).expect("it is there");
    assert_eq!((&found["severity"], &found["range"]["start"]["line"]), (&json!(4), &json!(0)), "{found}");
    let mut completion = Value::Null;
    until("the document of the archive", || {
        completion = client.at("completion", &user.folder.brief(), AT.0, AT.1);
        keys(&completion).contains(&KEY)
    });
    assert_eq!(keys(&completion), ["tar1901", KEY]);
    assert_eq!(status(client)[0]["online"], true);
    // The others go on without.
    for (at, (client, user)) in editors.iter_mut().take(2).enumerate() {
        assert_eq!(keystroke(client, user), answers[at]);
    }
    until("the state of an archive that is down", || status(&mut editors[0].0)[0]["online"] == false);
    let says = status(&mut editors[0].0)[0]["says"].to_string();
    assert!(says.contains("newsroom: offline since ") && says.contains("cannot be reached"), "{says}");
    // An editor without such a command has it in its log.
    let is_log = |message: &Value| {
        message["method"] == "window/logMessage"
            && message["params"]["message"].to_string().contains("is offline")
    };
    editors[0].0.wait("a line in the log", is_log);
    drop(never);
}

#[test]
fn what_an_archive_has_is_cited_with_a_new_entry() {
    let liar = Liar::new(hits());
    let user = User::new(std::slice::from_ref(&liar.url), &files());
    let mut client = editor(&user);
    let is_told = |findings: &[Value]| format!("{findings:?}").contains("in the archive newsroom");
    while !is_told(&client.findings(&user.folder.brief())) {}
    let range = json!({"start": {"line": 0, "character": 20}, "end": {"line": 0, "character": 20}});
    let document = json!({"uri": uri(&user.folder.brief())});
    let params = json!({"textDocument": document, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params)["result"].clone();
    let title = format!("Create the entry {KEY} in library.bib and cite it here");
    let actions = actions.as_array().expect("a list");
    let action =
        actions.iter().find(|action| action["title"] == *title).unwrap_or_else(|| panic!("{actions:?}"));
    let edits = action["edit"].to_string();
    assert!(edits.contains(&format!("archive = {{newsroom:{ID}}}")), "{edits}");
    assert!(edits.contains(&format!(" [@{KEY}, ¶ 1]")), "{edits}");
    // The other quotation differs in a word, and the archive has only said that it may be the same.
    let far = json!({"start": {"line": 4, "character": 20}, "end": {"line": 4, "character": 20}});
    let params = json!({"textDocument": document, "range": far, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", params)["result"].to_string();
    assert!(!actions.contains(KEY), "{actions}");
}

#[test]
fn an_archive_that_may_not_be_searched_is_not_asked_for_sentences() {
    let liar = Liar::new(reply("200 OK", &record(&json!({"text": SOURCE}).to_string())));
    let user = User::new(std::slice::from_ref(&liar.url), &files());
    let settings = user.home.path().join("glossator/glossator.toml");
    let text = std::fs::read_to_string(&settings).expect("there");
    // Off unless the user says otherwise.
    std::fs::write(&settings, text.replace("search = true\n", "")).expect("written");
    let cited = format!("{BRIEF}\nA document of the archive is cited [@halden2020].\n");
    user.folder.write("library.bib", &library("17"));
    let mut client = Client::of(&mut user.command(&["serve"]));
    client.initialize(&user.folder.path, &["utf-8"]);
    client.notify("initialized", json!({}));
    client.open(&user.folder.brief(), "markdown", &cited);
    client.findings(&user.folder.brief());
    let completion = keystroke(&mut client, &user)[0].clone();
    assert!(keys(&completion).contains(&"halden2020"), "{completion}");
    // Documents are fetched all the same; a sentence would have been asked for first.
    let asked = || liar.asked.lock().expect("free").clone();
    until("the document to be asked for", || !asked().is_empty());
    assert!(asked().iter().all(|request| request.contains(r#"{"ids":{"values":["17"]}}"#)), "{:?}", asked());
}

#[test]
fn a_quotation_is_asked_for_once_it_has_been_written() {
    let liar = Liar::new(hits());
    let user = User::new(std::slice::from_ref(&liar.url), &files());
    let mut client = Client::of(&mut user.command(&["serve"]));
    client.initialize(&user.folder.path, &["utf-8"]);
    client.notify("initialized", json!({}));
    let brief = user.folder.brief();
    client.open(&brief, "markdown", "He wrote that “” that year.\n");
    client.findings(&brief);
    // Between marks that the editor has closed already.
    let words = "the port of Vessby slept through the winter, and no grain was moved";
    let mut at = "He wrote that “".len();
    for (version, word) in (2..).zip(words.split_inclusive(' ')) {
        let place = json!({"line": 0, "character": at});
        let edit = json!({"range": {"start": place, "end": place}, "text": word});
        let document = json!({"uri": uri(&brief), "version": version});
        client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [edit]}));
        at += word.len();
        std::thread::sleep(Duration::from_millis(100));
    }
    let found =
        |message: &Value| message["params"]["diagnostics"].to_string().contains("in the archive newsroom");
    client.wait("what the archive has", found);
    let asked = liar.asked.lock().expect("free").clone();
    let phrases: Vec<&String> = asked.iter().filter(|request| request.contains("match_phrase")).collect();
    // One more, should this machine stand still for a second.
    assert!(phrases.len() <= 2 && phrases.iter().any(|one| one.contains("was moved")), "{phrases:#?}");
}

#[test]
fn neither_a_workspace_nor_an_editor_makes_the_server_call_a_host() {
    let bad = Liar::new(hits());
    let archive = json!([{"name": "newsroom", "url": bad.url, "index": "x"}]);
    let toml = format!("[[archive]]\nname = \"newsroom\"\nurl = \"{}\"\nindex = \"x\"\n", bad.url);
    let cited = format!("{BRIEF}\nThe port slept [@halden2020].\n");
    let files = [("brief.md", &*cited), ("library.bib", &library("17")), ("glossator.toml", &*toml)];
    let user = User::new(&[], &files);
    std::fs::write(user.home.path().join("glossator/glossator.toml"), "").expect("written");
    let mut client = Client::of(&mut user.command(&["serve"]));
    client.options = json!({"archive": archive});
    client.settings = Some(json!({"archive": archive}));
    client.initialize(&user.folder.path, &["utf-8"]);
    client.notify("initialized", json!({}));
    client.open(&user.folder.brief(), "markdown", &cited);
    client.findings(&user.folder.brief());
    let settings = json!({"settings": {"glossator": {"archive": archive}}});
    client.notify("workspace/didChangeConfiguration", settings);
    keystroke(&mut client, &user);
    assert_eq!(status(&mut client), json!([]));
    for arguments in
        [&["archive", "pull"][..], &["check", "."], &["archive", "search", "--in", "newsroom", "port"]]
    {
        user.run(arguments);
    }
    assert_eq!(bad.count.load(std::sync::atomic::Ordering::SeqCst), 0);
}

/// Users whose archive has the quotation, is down, and must not be searched, with what they are to be told of it.
fn three(liar: &Liar) -> [(User, String); 3] {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let up = User::new(std::slice::from_ref(&liar.url), &files());
    let down = User::new(&[format!("http://{gone}")], &files());
    let closed = User::new(std::slice::from_ref(&liar.url), &files());
    let settings = closed.home.path().join("glossator/glossator.toml");
    let text = std::fs::read_to_string(&settings).expect("there");
    std::fs::write(&settings, text.replace("search = true\n", "")).expect("written");
    [
        (up, format!("archive = {{newsroom:{ID}}}")),
        (down, "The archive newsroom was not searched: it cannot be reached".to_owned()),
        (closed, "The archive newsroom was not asked".to_owned()),
    ]
}

#[test]
fn drafting_tools_hear_what_the_archive_has_or_that_it_was_not_asked() {
    let liar = Liar::new(hits());
    for (user, expected) in three(&liar) {
        let mut server = crate::mcp::Server::started(&mut user.command(&["mcp"]));
        let (said, failed) = server.call("search", json!({"query": "Vessby winter"}));
        assert!(!failed && said.contains("tar1901") && said.contains(&expected), "{said}");
        assert!(!said.contains("secret"));
        let words = "the port of Vessby slept through the winter, and no grain was moved";
        let (said, _) = server.call("verify_quotation", json!({"quotation": words}));
        assert!(said.starts_with("NOT FOUND in any of 1 text.") && said.contains(&expected), "{said}");
        assert_eq!(said.contains("HAS these words"), expected.contains(ID), "{said}");
        assert_eq!(said.contains("Do not present"), !expected.contains(ID), "{said}");
        // The archive sends the same passage, which does not have these.
        let wrong = words.replace("winter", "summer");
        let (said, _) = server.call("verify_quotation", json!({"quotation": wrong}));
        assert!(!said.contains("HAS these words") && said.contains("Do not present"), "{said}");
        let (said, _) = server.call("verify_draft", json!({"draft": format!("He wrote: “{words}”.")}));
        assert!(said.contains("Archives were not asked"), "{said}");
    }
    assert!(liar.asked.lock().expect("free").iter().any(|request| request.contains("match_phrase")));
}

#[test]
fn a_search_on_the_command_line_asks_the_archives_that_may_be_searched() {
    let liar = Liar::new(hits());
    for (user, expected) in three(&liar) {
        let asked = liar.count.load(std::sync::atomic::Ordering::SeqCst);
        let (said, code) = user.run(&["search", "Vessby", "winter"]);
        assert!(code == Some(0) && said.contains("1. tar1901") && said.contains(&expected), "{said}");
        let (said, _) = user.run(&["search", "Vessby", "winter", "--format", "json"]);
        let said: Value = serde_json::from_str(&said).expect("JSON");
        let archive = &said["archives"][0];
        assert_eq!(archive["name"], "newsroom");
        let asked = liar.count.load(std::sync::atomic::Ordering::SeqCst) - asked;
        if expected.contains(ID) {
            assert_eq!(asked, 2);
            let passage = json!({"archive": format!("newsroom:{ID}"), "title": "The winter", "place": "¶ 1", "text": SOURCE});
            assert_eq!(archive["passages"], json!([passage]));
        } else {
            assert_eq!(asked, 0);
            assert_eq!(archive["asked"], expected.contains("not searched"));
        }
    }
}

#[test]
fn a_search_waits_for_a_silent_archive_no_longer_than_its_time_limit() {
    let (first, never) = held();
    let (second, nor) = held();
    let user = User::new(&[first.url.clone(), second.url.clone()], &files());
    let settings = user.home.path().join("glossator/glossator.toml");
    let text = std::fs::read_to_string(&settings).expect("there");
    std::fs::write(&settings, text.replace("timeout = 5", "timeout = 2")).expect("written");
    let begin = Instant::now();
    let (said, _) = user.run(&["search", "Vessby", "winter"]);
    assert!(said.contains("tar1901") && said.contains("it did not answer in time"), "{said}");
    // Two nodes would take four seconds, and the rest of the program less than one.
    assert!(begin.elapsed() < Duration::from_millis(3_900), "{:?}", begin.elapsed());
    drop((never, nor));
}
