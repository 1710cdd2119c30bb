//! Notes in an editor: written from a source and from a brief, found again from the passage, quoted in a brief.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::lsp::{UTF16, rail, range};

const NOTE: &str = "---\nsource: rail2021\n---\n\n> nobody asked them\n> [@rail2021, ¶ 2] ^asked\n\nAsk the union. #drivers\n";

/// A client that makes files or does not.
fn started(folder: &crate::folder::Folder, makes: bool) -> Client {
    let mut client = Client::start(&folder.path);
    let operations = if makes { json!(["create"]) } else { json!([]) };
    let edits = json!({"documentChanges": true, "resourceOperations": operations});
    let capabilities = json!({"workspace": {"workspaceEdit": edits}});
    let params = json!({"processId": null, "rootUri": uri(&folder.path), "capabilities": capabilities});
    client.request("initialize", params);
    client.notify("initialized", json!({}));
    client
}

fn actions(client: &mut Client, file: &std::path::Path, range: Value) -> Vec<Value> {
    let params = json!({"textDocument": {"uri": uri(file)}, "range": range, "context": {"diagnostics": []}});
    let reply = client.request("textDocument/codeAction", params);
    reply["result"].as_array().expect("actions").clone()
}

fn named<'a>(actions: &'a [Value], title: &str) -> Option<&'a Value> {
    actions.iter().find(|one| one["title"].as_str().is_some_and(|own| own == title))
}

#[test]
fn a_selection_in_a_source_becomes_the_first_note_on_it() {
    let folder = rail();
    let source = folder.path.join("sources/rail.txt");
    let text = std::fs::read_to_string(&source).expect("the source");
    for makes in [true, false] {
        let mut client = started(&folder, makes);
        client.open(&folder.brief(), "markdown", crate::lsp::BRIEF);
        client.findings(&folder.brief());
        client.open(&source, "plaintext", &text);
        let all = actions(&mut client, &source, range(4, 21, 38));
        let Some(made) = named(&all, "Annotate the selection in rail2021.md") else {
            assert!(!makes, "{all:?}");
            continue;
        };
        assert!(makes, "{made}");
        let file = folder.path.join("notes/rail2021.md");
        let changes = &made["edit"]["documentChanges"];
        assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(uri(&file))));
        let written = "---\nsource: rail2021\n---\n\n> nobody asked them\n> [@rail2021, ¶ 2]\n\n";
        assert_eq!(changes[1]["edits"][0]["newText"], written);
        assert_eq!(made["command"]["command"], "glossator.show");
        assert_eq!(made["command"]["arguments"][0]["line"], 7);
    }
}

#[test]
fn a_note_is_found_from_its_passage_and_quoted_in_the_open_brief() {
    let folder = rail();
    folder.write("notes/rail.md", NOTE);
    let (source, note) = (folder.path.join("sources/rail.txt"), folder.path.join("notes/rail.md"));
    let text = std::fs::read_to_string(&source).expect("the source");
    let mut client = started(&folder, true);
    client.open(&folder.brief(), "markdown", crate::lsp::BRIEF);
    client.findings(&folder.brief());
    client.open(&source, "plaintext", &text);
    client.open(&note, "markdown", NOTE);
    let card = client.at("hover", &source, 4, 24);
    let card = card["contents"]["value"].as_str().expect("a card");
    assert!(card.contains("Note in rail.md: Ask the union. #drivers"), "{card}");
    let document = json!({"uri": uri(&source)});
    let asked = json!({"textDocument": document, "position": {"line": 4, "character": 4}, "context": {"includeDeclaration": false}});
    let found = client.request("textDocument/references", asked)["result"].clone();
    let files: Vec<&Value> = found.as_array().expect("places").iter().map(|one| &one["uri"]).collect();
    assert!(files.contains(&&json!(uri(&note))) && files.contains(&&json!(uri(&folder.brief()))), "{found}");
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let hints = client.request("textDocument/inlayHint", json!({"textDocument": document, "range": whole}));
    assert!(hints["result"].to_string().contains("¶ 2 · 1 note"), "{hints}");
    let symbols = client.request("workspace/symbol", json!({"query": "#driv"}));
    let names: Vec<&Value> =
        symbols["result"].as_array().expect("symbols").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["#drivers Ask the union. #drivers"]);
    let all = actions(&mut client, &note, range(4, 4, 4));
    let quoted = named(&all, "Insert into brief.md as a quotation").unwrap_or_else(|| panic!("{all:?}"));
    let edits = quoted["edit"].to_string();
    assert!(edits.contains("“nobody asked them” [@rail2021, ¶ 2]"), "{edits}");
}

#[test]
fn notes_are_listed_by_tag_and_source() {
    let folder = rail();
    folder.write("notes/rail.md", NOTE);
    folder.write(
        "notes/lost.md",
        "> seven sailors sang of a whale and of the chandler's dog [@rail2021]\n\nGone. #odd/one\n",
    );
    let said = folder.run(&["notes", "--source", "@rail2021", "--tag", "drivers"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("rail2021, ¶ 2\n    “nobody asked them”\n    Ask the union. #drivers"),
        "{}",
        said.out
    );
    let said = folder.run(&["notes", "--tag", "#odd"]);
    assert!(said.out.contains("rail2021 (its words are no longer there)"), "{}", said.out);
    let said = folder.run(&["notes", "--format", "json"]);
    let all: Value = serde_json::from_str(&said.out).expect("JSON");
    let told: Vec<(&Value, &Value)> =
        all["notes"].as_array().expect("notes").iter().map(|one| (&one["file"], &one["anchor"])).collect();
    assert_eq!(
        told,
        [(&json!("notes/lost.md"), &json!("orphan")), (&json!("notes/rail.md"), &json!("located"))]
    );
    let said = folder.run(&["notes", "--source", "rail2012"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("Did you mean rail2021?"), "{}", said.err);
    assert!(folder.run(&["notes", "--tag", "none"]).out.contains("No such notes"));
}

#[test]
fn a_link_of_obsidian_leads_to_the_literature_note() {
    let folder = rail();
    folder.write("vault/@rail2021.md", "> nobody asked them\n\nWho did? #drivers\n");
    let text = "See [[@rail2021]] and [@rail2021].\n";
    let mut client = folder.open(UTF16, text);
    let note = uri(&folder.path.join("vault/@rail2021.md"));
    let link = client.at("definition", &folder.brief(), 0, 8).to_string();
    assert!(link.contains(&note), "{link}");
    let key = client.at("definition", &folder.brief(), 0, 26).to_string();
    assert!(key.contains("sources/rail.txt"), "{key}");
    let card = client.at("hover", &folder.brief(), 0, 26).to_string();
    assert!(card.contains("Who did?"), "{card}");
}

#[test]
fn notes_go_out_and_come_back_on_the_command_line() {
    let folder = rail();
    folder.write("notes/rail.md", NOTE);
    let out = folder.path.join("out.json");
    let file = out.to_str().expect("a name");
    let said = folder.run(&["notes", "export", "--hypothesis", "--tag", "drivers", "-o", file]);
    assert_eq!(said.code, 0, "{}", said.err);
    let other = rail();
    let tried = other.run(&["notes", "import", "--dry-run", file]);
    assert!(tried.out.contains("1 note would be added"), "{}{}", tried.out, tried.err);
    let written = other.path.join("notes/rail2021.md");
    assert!(!written.exists());
    let said = other.run(&["notes", "import", file]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(std::fs::read_to_string(&written).expect("written"), NOTE);
    let again = other.run(&["notes", "import", file]);
    assert!(again.out.contains("0 notes added, 1 already there"), "{}", again.out);
    assert_eq!(std::fs::read_to_string(&written).expect("written"), NOTE);
    other.write("odd.txt", "Nothing.\n");
    let odd = other.path.join("odd.txt");
    let said = other.run(&["notes", "import", odd.to_str().expect("a name")]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("odd.txt: its format is unknown"), "{}", said.err);
}

/// A PDF with one line in Courier, of size 10 at 50, 500: each letter is 6 wide. The letters `from..to` are
/// highlighted, with a comment.
fn marked(line: &str, from: usize, to: usize, comment: &str) -> Vec<u8> {
    let content = format!("BT /F 10 Tf 1 0 0 1 50 500 Tm ({line}) Tj ET\n");
    let (left, right) = (50 + 6 * from, 50 + 6 * to);
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R/Annots[6 0 R]>>".to_owned(),
        format!("<</Length {}>>stream\n{content}endstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>".to_owned(),
        format!("<</Type/Annot/Subtype/Highlight/Rect[{left} 497 {right} 509]/QuadPoints[{left} 509 {right} 509 {left} 497 {right} 497]/Contents({comment})>>"),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = String::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n{offsets}"));
    file.push_str(&format!("trailer <</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
    file.into_bytes()
}

#[test]
fn highlights_in_a_pdf_become_notes() {
    let folder = rail();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("from-the-tablet.pdf");
    let line = "Freight on the northern line has doubled since spring.";
    std::fs::write(&file, marked(line, 0, 28, "Whose?")).expect("written");
    let said = folder.run(&["notes", "import", file.to_str().expect("a name")]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("1 annotation of a PDF"), "{}", said.out);
    let written = std::fs::read_to_string(folder.path.join("notes/rail2021.md")).expect("written");
    assert_eq!(
        written,
        "---\nsource: rail2021\n---\n\n> Freight on the northern line\n> [@rail2021, ¶ 1]\n\nWhose?\n"
    );
}
