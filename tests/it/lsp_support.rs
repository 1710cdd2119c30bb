//! Support for a sentence, over the protocol: through code actions and through a command.

use serde_json::{Value, json};

use crate::client::uri;
use crate::desk::Desk;

const SOURCE: &str = "Rails across the steppe\n\nFreight on the northern line has doubled since spring.\n\n\
                      The drivers say that nobody asked them before the night shifts began.\n";
const ENTRY: &str = "@online{rail2021,\n  author = {Orlova, Vera},\n  title = {Rails across the steppe},\n  file = {sources/rail.txt},\n}\n";
const BRIEF: &str = "A 𝄞 is a clef. Night shifts started, drivers 𝄞 say, without their being asked. So.\n";

/// The server's answers for a brief when asked about the sentence at `characters`.
fn ask(encoding: &str, characters: (u32, u32), trigger: Value) -> (Value, Value, String) {
    let files = [("sources/rail.txt", SOURCE), ("refs.bib", ENTRY), ("brief.md", BRIEF)];
    let mut desk = Desk::of(encoding, &files);
    let (brief, client) = (desk.brief(), &mut desk.client);
    let place = |character: u32| json!({"line": 0, "character": character});
    let range = json!({"start": place(characters.0), "end": place(characters.1)});
    let mut context = json!({"diagnostics": []});
    if !trigger.is_null() {
        context["triggerKind"] = trigger;
    }
    let params = json!({"textDocument": {"uri": uri(&brief)}, "range": range, "context": context});
    let actions = client.request("textDocument/codeAction", params)["result"].clone();
    let argument = json!({"textDocument": {"uri": uri(&brief)}, "range": range});
    let params = json!({"command": "glossator.support", "arguments": [argument]});
    let items = client.request("workspace/executeCommand", params)["result"]["items"].clone();
    (actions, items, uri(&brief))
}

#[test]
fn the_menu_and_the_command_cite_the_passage_that_speaks_to_the_sentence() {
    // The clef is two units in UTF-16, four bytes in UTF-8 and one code point in UTF-32.
    for (encoding, clef) in [("utf-16", 2), ("utf-8", 4), ("utf-32", 1)] {
        let cursor = clef + 20;
        let (actions, items, brief) = ask(encoding, (cursor, cursor), json!(1));
        // Before the full stop: two clefs and 75 other characters.
        let stop = json!({"line": 0, "character": 2 * clef + 75});
        let edit = json!({"range": {"start": stop, "end": stop}, "newText": " [@rail2021, ¶ 2]"});
        assert_eq!(actions.as_array().map(Vec::len), Some(1), "{encoding}: {actions}");
        assert_eq!(
            actions[0]["title"],
            "Passage: rail2021, ¶ 2: “The drivers say that nobody asked them before the night shifts began.”"
        );
        assert_eq!(actions[0]["kind"], "refactor.rewrite.support");
        assert_eq!(actions[0]["edit"]["changes"][&brief], json!([edit]), "{encoding}: {actions}");
        assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
        assert_eq!(items[0]["edit"], edit, "{encoding}: {items}");
        assert_eq!(items[0]["label"], "rail2021, ¶ 2");
        assert_eq!(items[0]["detail"], "Orlova");
        assert_eq!(items[0]["range"]["start"], json!({"line": 4, "character": 0}));
    }
}

#[test]
fn only_who_asks_for_it_is_offered_support() {
    let (actions, ..) = ask("utf-16", (24, 24), json!(2));
    assert_eq!(actions, json!([]), "the editor asks by itself");
    let (actions, ..) = ask("utf-16", (24, 24), Value::Null);
    assert_eq!(actions.as_array().map(Vec::len), Some(1), "the client does not say why it asks");
    let (actions, items, _) = ask("utf-16", (4, 4), json!(1));
    assert_eq!((actions, items), (json!([]), json!([])), "no passage speaks of clefs");
}

#[test]
fn selected_words_are_the_claim() {
    // “drivers 𝄞 say” in the second sentence, and “is a clef” in the first.
    let (_, items, _) = ask("utf-16", (38, 52), json!(1));
    assert_eq!(items[0]["label"], "rail2021, ¶ 2", "{items}");
    let (_, items, _) = ask("utf-16", (5, 14), json!(1));
    assert_eq!(items, json!([]));
}
