//! File renames announced by an editor, and actions that edit a library: the real program over pipes.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::desk::Desk;
use crate::folder::Folder;

const LIBRARY: &str = "% 𝄞 ours\n@misc{rail2021, title = {𝄞}, file = {sources/rail.txt}}\n";

const BRIEF: &str = "---\nbibliography: refs.bib\n---\n𝄞 [@tides] and <https://x.example/a> [@rail2021].\n";

/// An editor that announces its renames.
struct Renaming(Desk);

impl Renaming {
    fn new() -> Self {
        let folder = Folder::of(&[
            ("sources/rail.txt", "Rail\n\nFreight on the northern line has doubled since spring.\n"),
            ("sources/tides.txt", "Tides\n\nTide tables were printed for the pilots of the estuary.\n"),
            ("refs.bib", LIBRARY),
            ("brief.md", BRIEF),
            ("glossator.toml", "[corpus]\nroots = [\"sources\"]\nlibrary = [\"refs.bib\"]\n"),
        ]);
        let mut client = Client::start(&folder.path);
        let offered = client.initialize(&folder.path, &["utf-16"]);
        let filters = &offered["capabilities"]["workspace"]["fileOperations"]["willRename"]["filters"];
        assert_eq!(filters[0]["pattern"]["matches"], "file", "{offered}");
        assert_eq!(filters[1]["pattern"], json!({"glob": "**/*", "matches": "folder"}));
        client.notify("initialized", json!({}));
        Self(Desk::with(folder, client))
    }

    /// The edits required before `from` is renamed to `to`, by file name, as `line:from-to text`.
    fn renames(&mut self, moves: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        let files: Vec<Value> = moves
            .iter()
            .map(|(from, to)| json!({"oldUri": uri(&self.0.path.join(from)), "newUri": uri(&self.0.path.join(to))}))
            .collect();
        let reply = self.0.client.request("workspace/willRenameFiles", json!({"files": files}));
        assert!(reply.get("error").is_none(), "{reply}");
        self.changes(&reply["result"])
    }

    fn changes(&self, edit: &Value) -> Vec<(String, Vec<String>)> {
        let Some(changes) = edit["changes"].as_object() else { return Vec::new() };
        let line = |edit: &Value| {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            format!(
                "{}:{}-{} {}",
                start["line"],
                start["character"],
                end["character"],
                edit["newText"].as_str().expect("a text")
            )
        };
        let name =
            |of: &String| of.strip_prefix(&format!("{}/", uri(&self.0.path))).expect("below").to_owned();
        changes
            .iter()
            .map(|(file, edits)| (name(file), edits.as_array().expect("edits").iter().map(line).collect()))
            .collect()
    }

    /// The titles of the actions at a position of the brief, with their edits.
    fn actions(&mut self, line: u32, character: u32) -> Vec<(String, Value)> {
        let place = json!({"line": line, "character": character});
        let params = json!({
            "textDocument": {"uri": uri(&self.0.path.join("brief.md"))},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], "triggerKind": 1},
        });
        let reply = self.0.client.request("textDocument/codeAction", params);
        let all = reply["result"].as_array().expect("actions").clone();
        all.into_iter()
            .map(|one| (one["title"].as_str().expect("a title").to_owned(), one["edit"].clone()))
            .collect()
    }
}

#[test]
fn a_source_that_is_renamed_keeps_its_entry() {
    let mut desk = Renaming::new();
    let file = desk.renames(&[("sources/rail.txt", "sources/rail 2.txt")]);
    // Percent-encoded or not, the name is the file's.
    assert_eq!(file, [("refs.bib".to_owned(), vec!["1:38-54 sources/rail 2.txt".to_owned()])]);
    let folder = desk.renames(&[("sources", "texts")]);
    let expected = [("glossator.toml", "1:9-18 \"texts\""), ("refs.bib", "1:38-54 texts/rail.txt")];
    assert_eq!(folder, expected.map(|(name, edit)| (name.to_owned(), vec![edit.to_owned()])));
}

#[test]
fn a_library_and_a_source_without_an_entry_are_followed() {
    let mut desk = Renaming::new();
    let library = desk.renames(&[("refs.bib", "lib/refs.bib")]);
    let expected = [
        ("brief.md", "1:14-22 lib/refs.bib"),
        ("glossator.toml", "2:11-21 \"lib/refs.bib\""),
        ("refs.bib", "1:38-54 ../sources/rail.txt"),
    ];
    assert_eq!(library, expected.map(|(name, edit)| (name.to_owned(), vec![edit.to_owned()])));
    let key = desk.renames(&[("sources/tides.txt", "sources/ebb.txt")]);
    assert_eq!(key, [("brief.md".to_owned(), vec!["3:5-10 ebb".to_owned()])]);
    assert!(desk.renames(&[("other.txt", "another.txt")]).is_empty());
}

#[test]
fn an_entry_is_created_in_the_library() {
    let mut desk = Renaming::new();
    let actions = desk.actions(3, 6);
    let titles: Vec<&str> = actions.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Move the citation into a footnote",
            "Create the entry tides in refs.bib",
            "Create the entry x in refs.bib",
            "Create the entry x in refs.bib and cite it here",
            "Write the list of references",
        ]
    );
    let entry = "1:56-56 \n\n@misc{tides,\n  title = {Tides},\n  file = {sources/tides.txt},\n}";
    assert_eq!(desk.changes(&actions[1].1), [("refs.bib".to_owned(), vec![entry.to_owned()])]);
    let page = "1:56-56 \n\n@online{x,\n  url = {https://x.example/a},\n}";
    let both = [("brief.md", "3:16-37 [@x]"), ("refs.bib", page)];
    assert_eq!(
        desk.changes(&actions[3].1),
        both.map(|(name, edit)| (name.to_owned(), vec![edit.to_owned()]))
    );
}

#[test]
fn a_library_is_made_by_editors_that_make_files() {
    let tides = "Tides\n\nTide tables were printed for the pilots.\n";
    let folder = Folder::of(&[("sources/tides.txt", tides), ("brief.md", "[@tides]\n")]);
    let (path, brief) = (folder.path.clone(), folder.brief());
    for makes in [true, false] {
        let mut client = Client::start(&path);
        let edits = json!({"documentChanges": true, "resourceOperations": if makes { json!(["create"]) } else { json!([]) }});
        let capabilities = json!({"workspace": {"workspaceEdit": edits, "didChangeWatchedFiles": {"dynamicRegistration": true}}});
        client.request(
            "initialize",
            json!({"processId": null, "rootUri": uri(&path), "capabilities": capabilities}),
        );
        client.notify("initialized", json!({}));
        client.open(&brief, "markdown", "[@tides]\n");
        client.findings(&brief);
        let place = json!({"line": 0, "character": 3});
        let params = json!({"textDocument": {"uri": uri(&brief)}, "range": {"start": place, "end": place}, "context": {"diagnostics": []}});
        let reply = client.request("textDocument/codeAction", params);
        let all = reply["result"].as_array().expect("actions");
        let made = all.iter().find(|one| one["title"] == "Create the entry tides in library.bib");
        let Some(made) = made else {
            assert!(!makes, "{reply}");
            continue;
        };
        let changes = &made["edit"]["documentChanges"];
        assert_eq!(changes[0]["kind"], "create", "{made}");
        assert_eq!(changes[0]["uri"], uri(&path.join("library.bib")));
        let start = json!({"line": 0, "character": 0});
        let text = "@misc{tides,\n  title = {Tides},\n  file = {sources/tides.txt},\n}\n";
        assert_eq!(changes[1]["edits"], json!([{"range": {"start": start, "end": start}, "newText": text}]));
        assert!(makes, "{made}");
    }
}
