//! Names in an editor, in each encoding and after letters that each encoding counts differently: the real
//! program over pipes. Which names are found is tested with the code that finds them.

use serde_json::{Value, json};

use crate::desk::Desk;

/// The name follows two letters of four bytes: 8, 4 or 2 units.
const SOURCE: &str = "Rails across the steppe\n\n𝄞𝄞 Vera Orlova, the engineer, works for the Northern Rail Authority (NRA).\n\n\
                      Nobody at the NRA asked Orlova.\n";

const BRIEF: &str = "# Rail\n\n𝄞𝄞 Orlova built it [@rail2021].\n\n𝄞𝄞 It was Nort\n";

/// The name of the encoding, and the length of `𝄞𝄞 ` in its units.
const ENCODINGS: [(&str, u32); 3] = [("utf-8", 9), ("utf-16", 5), ("utf-32", 3)];

fn desk(encoding: &str) -> Desk {
    let library = "@online{rail2021,\n  file = {sources/rail.txt},\n}\n";
    Desk::of(encoding, &[("sources/rail.txt", SOURCE), ("refs.bib", library), ("brief.md", BRIEF)])
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

#[test]
fn a_name_has_a_card_and_leads_to_its_introduction() {
    for (encoding, lead) in ENCODINGS {
        let mut desk = desk(encoding);
        let card = desk.at("hover", "brief.md", 2, lead + 2);
        assert_eq!(card["range"], range(2, lead, lead + 6), "{encoding}: {card}");
        let words = card["contents"]["value"].as_str().expect("a card");
        assert!(words.starts_with("**Vera Orlova** · person"), "{words}");
        let source = desk.at("hover", "sources/rail.txt", 2, lead + 1);
        assert_eq!(source["range"], range(2, lead, lead + 11), "{encoding}: {source}");
        let there = json!({"uri": desk.uri("sources/rail.txt"), "range": range(2, lead, lead + 11)});
        assert_eq!(desk.at("definition", "brief.md", 2, lead + 2), there, "{encoding}");
    }
}

#[test]
fn all_mentions_are_listed_and_light_up() {
    for (encoding, lead) in ENCODINGS {
        let mut desk = desk(encoding);
        let params = json!({
            "textDocument": {"uri": desk.uri("sources/rail.txt")},
            "position": {"line": 4, "character": 26},
            "context": {"includeDeclaration": true},
        });
        let all = desk.client.request("textDocument/references", params)["result"].clone();
        let expected = json!([
            {"uri": desk.uri("brief.md"), "range": range(2, lead, lead + 6)},
            {"uri": desk.uri("sources/rail.txt"), "range": range(2, lead, lead + 11)},
            {"uri": desk.uri("sources/rail.txt"), "range": range(4, 24, 30)},
        ]);
        assert_eq!(all, expected, "{encoding}");
        let lit = desk.at("documentHighlight", "sources/rail.txt", 4, 26);
        assert_eq!(
            lit,
            json!([{"range": range(2, lead, lead + 11)}, {"range": range(4, 24, 30)}]),
            "{encoding}"
        );
    }
}

#[test]
fn a_name_is_completed_and_found_among_the_symbols() {
    for (encoding, lead) in ENCODINGS {
        let mut desk = desk(encoding);
        // After `It was Nort`.
        let list = desk.at("completion", "brief.md", 4, lead + 11);
        let item = list["items"][0].clone();
        assert_eq!(item["label"], "Northern Rail Authority", "{list}");
        let edit = json!({"range": range(4, lead + 7, lead + 11), "newText": "Northern Rail Authority"});
        assert_eq!(item["textEdit"], edit, "{encoding}");
        let whole = desk.client.request("completionItem/resolve", item)["result"].clone();
        let card = whole["documentation"]["value"].as_str().expect("a card");
        assert!(card.starts_with("**Northern Rail Authority** · organisation"), "{card}");
        let found = desk.client.request("workspace/symbol", json!({"query": "orlova"}))["result"].clone();
        assert_eq!(found[0]["name"], "Vera Orlova · Orlova", "{found}");
        assert_eq!(found[0]["location"]["range"], range(2, lead, lead + 11), "{encoding}");
    }
}

#[test]
fn the_alias_file_takes_effect_when_it_is_saved() {
    let mut desk = desk("utf-16");
    let change = |desk: &mut Desk| {
        let change = json!({"uri": desk.uri("entities.toml"), "type": 2});
        desk.client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
        let brief = desk.path.join("brief.md");
        desk.client.unasked();
        brief
    };
    let path = desk.path.join("entities.toml");
    std::fs::write(
        &path,
        "[[entity]]\nname = \"V. N. Orlova\"\nkind = \"person\"\naliases = [\"Vera Orlova\"]\n",
    )
    .expect("written");
    change(&mut desk);
    let mut card = Value::Null;
    for _ in 0..50 {
        card = desk.at("hover", "brief.md", 2, 7);
        if card["contents"]["value"]
            .as_str()
            .is_some_and(|card| card.starts_with("**V. N. Orlova** · person"))
        {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let words = card["contents"]["value"].as_str().expect("a card");
    assert!(words.starts_with("**V. N. Orlova** · person"), "{words}");
    // A broken file is reported with its line, and the last version that could be read stays in force.
    std::fs::write(&path, "[[entity]]\nname = \n").expect("written");
    change(&mut desk);
    let told = desk.client.wait("a complaint", |message| {
        message["method"] == "window/logMessage"
            && message["params"]["message"].as_str().is_some_and(|words| words.contains("entities.toml"))
    });
    let words = told["params"]["message"].as_str().expect("words");
    assert!(words.contains("Line 2: This is not TOML") && words.contains("last good version"), "{words}");
    let card = desk.at("hover", "brief.md", 2, 7);
    assert!(
        card["contents"]["value"].as_str().is_some_and(|card| card.starts_with("**V. N. Orlova**")),
        "{card}"
    );
}
