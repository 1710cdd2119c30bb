//! What an editor shows around a text, from the real program: hints, lenses, links, folds, selections and
//! colours. Their full text is tested with the code that makes them.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::UTF16;

const SOURCE: &str = "Rails across the steppe\n\nFreight on the northern line has doubled since spring.\n\n\
                      The drivers say that nobody asked them.\n\n\
                      Photo by Ada Moss via Getty Images\n\n\
                      Sign up for our newsletter to get the best of The Gauge every morning.\n";

/// The quotation is at 0..42 of line 2, the key with its `@` at 44..53.
const BRIEF: &str = "# Rail\n\n“Freight on the northern line has doubled” [@rail2021, ¶ 1].\n";

fn rail() -> Folder {
    let entry = "@online{rail2021, author={Orlova, Vera}, date={2021-09-02}, url={https://gauge.example/rail}, file={sources/rail.txt}}\n";
    Folder::of(&[("sources/rail.txt", SOURCE), ("refs.bib", entry), ("brief.md", BRIEF)])
}

/// The answer to `textDocument/{what}` for all of `file`.
fn of_file(client: &mut Client, what: &str, file: &Path) -> Value {
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let params = json!({"textDocument": {"uri": uri(file)}, "range": range});
    let reply = client.request(&format!("textDocument/{what}"), params);
    assert!(reply.get("error").is_none(), "{reply}");
    reply["result"].clone()
}

#[test]
fn hints_stand_behind_keys_and_quotations() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let hints = of_file(&mut client, "inlayHint", &folder.brief());
    let hints: Vec<_> = hints
        .as_array()
        .expect("hints")
        .iter()
        .map(|hint| (hint["position"]["character"].clone(), hint["label"].clone()))
        .collect();
    assert_eq!(hints, [(json!(42), json!("✓")), (json!(53), json!("Orlova 2021"))]);
}

#[test]
fn lenses_count_above_headings_and_cited_passages() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let source = folder.path.join("sources/rail.txt");
    client.open(&source, "plaintext", SOURCE);
    let mut lenses = |file: &Path| {
        let lenses = of_file(&mut client, "codeLens", file);
        let line = |lens: &Value| (lens["range"]["start"]["line"].clone(), lens["command"]["title"].clone());
        lenses.as_array().expect("lenses").iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(lenses(&folder.brief()), [(json!(0), json!("1 citation · 1 quotation: 1 verbatim"))]);
    assert_eq!(
        lenses(&source),
        [(json!(2), json!("Whole source: cited once")), (json!(2), json!("cited once in brief.md"))]
    );
}

#[test]
fn a_key_leads_to_the_quoted_words_on_the_web() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let links = of_file(&mut client, "documentLink", &folder.brief());
    assert_eq!(links.as_array().map(Vec::len), Some(1), "{links}");
    assert_eq!(links[0]["range"]["start"], json!({"line": 2, "character": 44}));
    assert_eq!(
        links[0]["target"],
        "https://gauge.example/rail#:~:text=Freight%20on%20the%20northern%20line%20has%20doubled"
    );
}

#[test]
fn what_is_asked_for_once_waits_for_the_sources() {
    let folder = rail();
    let source = folder.path.join("sources/rail.txt");
    // Requested at once, as editors do; many cannot be told to ask again.
    for (what, file, text, count) in [
        ("documentLink", folder.brief(), BRIEF, 1),
        ("inlayHint", folder.brief(), BRIEF, 2),
        ("codeLens", folder.brief(), BRIEF, 1),
        ("foldingRange", source, SOURCE, 1),
    ] {
        let mut client = Client::initialized(&folder.path, &["utf-16"]);
        client.open(&file, "markdown", text);
        let found = of_file(&mut client, what, &file);
        assert_eq!(found.as_array().map(Vec::len), Some(count), "{what}: {found}");
    }
}

#[test]
fn the_furniture_of_a_source_folds() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let source = folder.path.join("sources/rail.txt");
    client.open(&source, "plaintext", SOURCE);
    let folds = of_file(&mut client, "foldingRange", &source);
    assert_eq!(folds, json!([{"startLine": 6, "endLine": 8, "kind": "region"}]));
}

#[test]
fn a_selection_grows_from_the_key() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let place = json!({"line": 2, "character": 50});
    let params = json!({"textDocument": {"uri": uri(&folder.brief())}, "positions": [place]});
    let reply = client.request("textDocument/selectionRange", params);
    let mut columns = Vec::new();
    let mut selection = &reply["result"][0];
    while let Some(range) = selection.get("range") {
        columns.push((range["start"]["character"].clone(), range["end"]["character"].clone()));
        selection = &selection["parent"];
    }
    let expected = [(45, 53), (44, 53), (44, 58), (43, 59), (0, 60), (0, 0), (0, 0)];
    assert_eq!(columns, expected.map(|(start, end)| (json!(start), json!(end))));
}

#[test]
fn keys_and_quotations_are_coloured() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    // Each: lines and columns from the previous one, length, type, modifiers.
    let expected = json!([2, 1, 40, 2, 1, 0, 43, 9, 0, 0, 0, 11, 3, 1, 0]);
    for what in ["semanticTokens/full", "semanticTokens/range"] {
        assert_eq!(of_file(&mut client, what, &folder.brief())["data"], expected, "{what}");
    }
}

/// Applies the edits of a delta to the numbers that it is based on.
fn applied(mut data: Vec<Value>, delta: &Value) -> Vec<Value> {
    for edit in delta["edits"].as_array().expect("edits").iter().rev() {
        let place =
            |name: &str| edit[name].as_u64().map(|n| usize::try_from(n).expect("small")).expect("a number");
        let new = edit.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        data.splice(place("start")..place("start") + place("deleteCount"), new);
    }
    data
}

#[test]
fn after_an_edit_only_the_colours_that_changed_are_sent() {
    let folder = rail();
    let mut client = folder.open(UTF16, BRIEF);
    let brief = folder.brief();
    let full = |client: &mut Client| of_file(client, "semanticTokens/full", &brief);
    let since = |client: &mut Client, id: &Value| {
        let params = json!({"textDocument": {"uri": uri(&brief)}, "previousResultId": id});
        client.request("textDocument/semanticTokens/full/delta", params)["result"].clone()
    };
    let edit = |client: &mut Client, version: i32, at: (u32, u32), to: (u32, u32), text: &str| {
        let place = |(line, character): (u32, u32)| json!({"line": line, "character": character});
        let change = json!({"range": {"start": place(at), "end": place(to)}, "text": text});
        let document = json!({"uri": uri(&brief), "version": version});
        client
            .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    };
    let first = full(&mut client);
    let mut data = first["data"].as_array().expect("numbers").clone();
    let same = since(&mut client, &first["resultId"]);
    assert_eq!(same["edits"], json!([]), "{same}");

    // Adds a citation at the end, removes the quotation, and puts a letter of two units before everything:
    // each time the delta must lead to the full answer.
    let steps = [
        ((2, 60), (2, 60), "\n\nSee @rail2021 [¶ 2] too.\n"),
        ((2, 0), (2, 43), ""),
        ((2, 0), (2, 0), "𝄞 "),
        ((0, 0), (0, 0), "\n"),
    ];
    let mut id = same["resultId"].clone();
    for (version, (at, to, text)) in (2..).zip(steps) {
        edit(&mut client, version, at, to, text);
        let delta = since(&mut client, &id);
        data = applied(data, &delta);
        let now = full(&mut client);
        assert_eq!(Value::from(data.clone()), now["data"], "{text}: {delta}");
        assert_ne!(delta["resultId"], id, "{delta}");
        id = now["resultId"].clone();
    }

    // For an unknown previous answer, everything is sent.
    let all = since(&mut client, &first["resultId"]);
    assert_eq!(all["data"], Value::from(data), "{all}");
    let document = json!({"textDocument": {"uri": uri(&brief)}});
    client.notify("textDocument/didClose", document);
    let closed = since(&mut client, &all["resultId"]);
    assert!(closed.get("data").is_some() && closed.get("resultId").is_none(), "{closed}");
}

#[test]
fn an_editor_is_told_to_ask_again_once_the_sources_are_read() {
    let folder = rail();
    let mut client = Client::start(&folder.path);
    let workspace = json!({"inlayHint": {"refreshSupport": true}, "codeLens": {"refreshSupport": true}, "semanticTokens": {"refreshSupport": true}});
    let params =
        json!({"processId": null, "rootUri": uri(&folder.path), "capabilities": {"workspace": workspace}});
    client.request("initialize", params);
    client.notify("initialized", json!({}));
    for what in ["inlayHint", "codeLens", "semanticTokens"] {
        let method = format!("workspace/{what}/refresh");
        client.wait(&method, |message| message["method"] == method);
    }
}
