//! References, highlights, renames and symbols in an editor: the real program over pipes. Which places are
//! found is tested with the code that finds them.

use serde_json::{Value, json};

use crate::client::uri;
use crate::desk::Desk;

const SOURCE: &str = "Rails across the steppe\n\nFreight on the northern line has doubled since spring.\n\n\
                      The drivers say that nobody asked them.\n";

const ENTRY: &str = "@online{rail2021,\n  author = {Orlova, Vera},\n  title = {Rails across the steppe},\n  file = {sources/rail.txt},\n}\n";

/// The citation with its `@` is at 1..10 of line 2; in line 3 it follows a letter of two UTF-16 units.
const BRIEF: &str = "# Rail\n\n[@rail2021, ¶ 2]\n𝄞 @rail2021 “nobody asked them” [-@rail2021].\n";

fn desk() -> Desk {
    Desk::of("utf-16", &[("sources/rail.txt", SOURCE), ("refs.bib", ENTRY), ("brief.md", BRIEF)])
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[test]
fn a_passage_knows_who_leans_on_it() {
    let mut desk = desk();
    let brief = uri(&desk.path.join("brief.md"));
    let context = [("context", json!({"includeDeclaration": true}))];
    let passage = desk.ask("references", "sources/rail.txt", 4, 3, &context);
    let expected =
        json!([{"uri": brief, "range": range(2, 1, 10)}, {"uri": brief, "range": range(3, 13, 32)}]);
    assert_eq!(passage["result"], expected, "{passage}");
    let key = desk.ask("references", "brief.md", 2, 4, &context);
    let first = json!({"uri": uri(&desk.path.join("refs.bib")), "range": range(0, 8, 16)});
    assert_eq!(key["result"][0], first, "{key}");
    assert_eq!(key["result"].as_array().map(Vec::len), Some(4), "{key}");
}

#[test]
fn a_source_that_is_open_shows_who_leans_on_it_and_what_was_noted() {
    let mut desk = desk();
    let note = desk.path.join("notes/rail.md");
    let noted = "> that nobody asked them [@rail2021, ¶ 2] ^asked\n\nHearsay. #labour\n";
    desk.client.open(&note, "markdown", noted);
    // An unsaved edit: another paragraph before it.
    let source = desk.path.join("sources/rail.txt");
    let text = SOURCE.replace("Freight", "The line was built late, and nobody knows why.\n\nFreight");
    desk.client.open(&source, "plaintext", &text);
    let card = desk.ask("hover", "sources/rail.txt", 6, 3, &[])["result"].clone();
    assert_eq!(card["range"], range(6, 0, 39), "{card}");
    let words = card["contents"]["value"].as_str().expect("a card");
    assert!(words.starts_with("**¶ 3** of 3 · rail2021"), "{words}");
    assert!(words.contains("Quoted once, in brief.md."), "{words}");
    assert!(words.ends_with("Note in rail.md: Hearsay. #labour"), "{words}");
}

#[test]
fn a_key_lights_up_in_its_brief() {
    let mut desk = desk();
    let lit = desk.ask("documentHighlight", "brief.md", 2, 4, &[]);
    let expected =
        json!([{"range": range(2, 1, 10)}, {"range": range(3, 3, 12)}, {"range": range(3, 34, 44)}]);
    assert_eq!(lit["result"], expected, "{lit}");
}

#[test]
fn a_key_is_renamed_in_brief_and_library() {
    let mut desk = desk();
    let prepared = desk.ask("prepareRename", "refs.bib", 0, 10, &[]);
    // A library that is not open in the editor is still renamed in.
    assert_eq!(prepared["result"], json!({"range": range(0, 8, 16), "placeholder": "rail2021"}));
    let done = desk.ask("rename", "brief.md", 2, 4, &[("newName", json!("steppe"))]);
    let changes = &done["result"]["changes"];
    let edit = |line, from, to| json!({"range": range(line, from, to), "newText": "steppe"});
    assert_eq!(changes[uri(&desk.path.join("refs.bib"))], json!([edit(0, 8, 16)]), "{done}");
    let brief = json!([edit(2, 2, 10), edit(3, 4, 12), edit(3, 36, 44)]);
    assert_eq!(changes[uri(&desk.path.join("brief.md"))], brief, "{done}");
}

#[test]
fn a_key_in_a_file_that_is_read_only_is_not_renamed() {
    let mut desk = desk();
    let library = desk.path.join("refs.bib");
    let mut permissions = std::fs::metadata(&library).expect("there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&library, permissions).expect("set");
    let refused = desk.ask("rename", "brief.md", 2, 4, &[("newName", json!("steppe"))]);
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("refs.bib has the key too but is read-only"), "{refused}");
    assert!(message.contains("nothing was renamed"), "{refused}");
}

#[test]
fn a_name_that_is_no_key_is_refused_in_words() {
    let mut desk = desk();
    let refused = desk.ask("rename", "brief.md", 2, 4, &[("newName", json!("two words"))]);
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("`two words` is not a citation key"), "{refused}");
    assert_eq!(desk.ask("prepareRename", "brief.md", 0, 3, &[])["result"], Value::Null);
}

#[test]
fn a_brief_a_source_and_the_library_have_symbols() {
    let mut desk = desk();
    let names = |reply: &Value| -> Vec<String> {
        let all = reply["result"].as_array().expect("a list").iter();
        all.map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
    };
    let brief = desk.ask("documentSymbol", "brief.md", 0, 0, &[]);
    assert_eq!(names(&brief), ["Rail", "“nobody asked them”"], "{brief}");
    assert_eq!(brief["result"][1]["containerName"], "Rail");
    assert_eq!(brief["result"][1]["location"]["range"], range(3, 13, 32));
    let source = desk.ask("documentSymbol", "sources/rail.txt", 0, 0, &[]);
    assert_eq!(names(&source)[1], "¶ 2 The drivers say that nobody asked them.", "{source}");
    let found = desk.client.request("workspace/symbol", json!({"query": "orlova"}));
    assert_eq!(names(&found), ["rail2021 · Vera Orlova · Rails across the steppe"], "{found}");
    let file = json!(uri(&desk.path.join("sources/rail.txt")));
    assert_eq!(found["result"][0]["location"]["uri"], file, "{found}");
}
