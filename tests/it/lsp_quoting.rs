//! Quotations in an editor: completed, shown inline and taken from a source, in all three encodings, after
//! letters that take one, two or four units.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::{UTF16, rail, range};

/// ¶ 1 of the folder's source.
const FREIGHT: &str = "Freight on the northern line has doubled since spring";

/// The length of `text` in units.
fn units(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// `text` (one line) after `edit`, whose columns count in `encoding`.
fn edited(text: &str, edit: &Value, new: &str, encoding: &str) -> String {
    let at = |end: &str| {
        let wanted = edit[end]["character"].as_u64().expect("a number") as usize;
        assert_eq!(edit[end]["line"], 0);
        text.char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .find(|&at| units(&text[..at], encoding) == wanted)
    };
    let (start, end) = (at("start").expect("a place"), at("end").expect("a place"));
    format!("{}{new}{}", &text[..start], &text[end..])
}

/// A client with `text` open as the brief's only line, the line without the `<|>` that marks the cursor, and
/// the cursor's column.
fn open(folder: &Folder, text: &str, encoding: &str, ghosts: bool) -> (Client, String, u32) {
    let cursor = text.find("<|>").expect("a cursor");
    let line = text.replace("<|>", "");
    let mut client = Client::start(&folder.path);
    client.ghosts = ghosts;
    let offered = client.initialize(&folder.path, &[encoding]);
    assert_eq!(offered["capabilities"].get("inlineCompletionProvider").is_some(), ghosts, "{offered}");
    client.notify("initialized", json!({}));
    client.open(&folder.brief(), "markdown", &line);
    client.findings(&folder.brief());
    let character = units(&line[..cursor], encoding) as u32;
    (client, line, character)
}

#[test]
fn a_quotation_is_finished_in_every_unit() {
    let folder = rail();
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        for (typed, expected) in [
            ("𝕏 é “Freight on the <|>", format!("𝕏 é “{FREIGHT}” [@rail2021, ¶ 1]")),
            ("𝕏 é “Freight on the north<|>” 𝕏.", format!("𝕏 é “{FREIGHT}” [@rail2021, ¶ 1] 𝕏.")),
            ("𝕏 é @rail2021 says “Freight on th<|>", format!("𝕏 é @rail2021 [¶ 1] says “{FREIGHT}”")),
            ("𝕏 é “Freight on the <|>” [@rail2021, ¶ 1].", format!("𝕏 é “{FREIGHT}” [@rail2021, ¶ 1].")),
        ] {
            let (mut client, line, character) = open(&folder, typed, encoding, true);
            let list = client.at("completion", &folder.brief(), 0, character);
            let item = &list["items"][0];
            let edit = &item["textEdit"];
            let start = edit["range"]["start"]["character"].as_u64().expect("a number") as usize;
            let all: Vec<char> = line.chars().collect();
            let word: String = (0..all.len())
                .filter(|&at| {
                    let before: String = all[..at].iter().collect();
                    (start..character as usize).contains(&units(&before, encoding))
                })
                .map(|at| all[at])
                .collect();
            assert!(
                item["filterText"].as_str().is_some_and(|filter| filter.starts_with(&word)),
                "{word} {item}"
            );
            let mut text = edited(&line, &edit["range"], edit["newText"].as_str().expect("text"), encoding);
            if let Some(also) = item["additionalTextEdits"].as_array() {
                for more in also {
                    text = edited(&text, &more["range"], more["newText"].as_str().expect("text"), encoding);
                }
            }
            assert_eq!(text, expected, "{encoding}: {item}");
            // The same as inline completion, which may only change text at the cursor.
            let shown = client.at("inlineCompletion", &folder.brief(), 0, character);
            let shown = &shown["items"][0];
            let text = edited(&line, &shown["range"], shown["insertText"].as_str().expect("text"), encoding);
            assert_eq!(text, expected.replace("@rail2021 [¶ 1]", "@rail2021"), "{encoding}: {shown}");
        }
    }
}

#[test]
fn elsewhere_the_answer_is_null() {
    let folder = rail();
    for typed in [
        "Freight on the <|>",
        "“Freight on <|>",
        "“Freight on the” <|>",
        "“Freight over the <|>",
        "`“Freight on the <|>`",
        "$“Freight on the <|> x$",
        "The drivers' freight on the <|>",
        "ISIS’ freight on the <|>",
        "<|>",
    ] {
        let (mut client, _, character) = open(&folder, typed, "utf-16", false);
        for method in ["completion", "inlineCompletion"] {
            assert_eq!(client.at(method, &folder.brief(), 0, character), Value::Null, "{typed}");
        }
    }
    let front = "---\ntitle: “Freight on the \n---\n";
    let mut client = folder.open(UTF16, front);
    assert_eq!(client.at("completion", &folder.brief(), 1, 23), Value::Null);
}

#[test]
fn the_card_of_the_passage_comes_with_the_candidate() {
    let folder = rail();
    let (mut client, _, character) = open(&folder, "“Freight on the <|>", "utf-16", false);
    let item = client.at("completion", &folder.brief(), 0, character)["items"][0].clone();
    assert_eq!(item["detail"], "rail2021, ¶ 1");
    let resolved = client.request("completionItem/resolve", item);
    let card = resolved["result"]["documentation"]["value"].as_str().expect("a card").to_owned();
    assert!(card.contains("has doubled since spring"), "{card}");
}

#[test]
fn a_selection_in_a_source_is_quoted() {
    let folder = rail();
    let source = folder.path.join("sources/rail.txt");
    let quotation = "“the northern line has doubled” [@rail2021, ¶ 1]";
    let mut client = folder.open(UTF16, "# Rail\n");
    client.open(&source, "plaintext", &std::fs::read_to_string(&source).expect("there"));
    let run = |client: &mut Client, argument: Value| {
        let params = json!({"command": "glossator.quote", "arguments": [argument]});
        let reply = client.request("workspace/executeCommand", params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    };
    // From within “the” to within “doubled”.
    let place = json!({"textDocument": {"uri": uri(&source)}, "range": range(2, 12, 38)});
    let answer = run(&mut client, place.clone());
    assert_eq!(
        (&answer["text"], &answer["key"], &answer["locator"]),
        (&json!(quotation), &json!("rail2021"), &json!("¶ 1"))
    );
    // A brief is not a source to quote from.
    let nothing = json!({"textDocument": {"uri": uri(&folder.brief())}, "range": range(0, 0, 3)});
    assert_eq!(run(&mut client, nothing), Value::Null);

    let params = json!({
        "textDocument": {"uri": uri(&source)},
        "range": range(2, 12, 38),
        "context": {"diagnostics": [], "only": ["refactor.extract"]},
    });
    let actions = client.request("textDocument/codeAction", params)["result"].clone();
    let actions = actions.as_array().expect("actions");
    assert_eq!(actions[0]["title"], "Quote the selection at the end of brief.md");
    let edit = &actions[0]["edit"]["changes"][uri(&folder.brief())][0];
    assert_eq!(edit["newText"], format!("\n\n{quotation}\n"), "{edit}");
    assert_eq!(
        edit["range"],
        json!({"start": {"line": 0, "character": 6}, "end": {"line": 1, "character": 0}})
    );
    // For an editor that discards the result of a command.
    let command = &actions[1]["command"];
    let params = json!({"command": command["command"], "arguments": command["arguments"]});
    client.request("workspace/executeCommand", params);
    let told = client.wait("a message", |message| message["method"] == "window/showMessage");
    assert_eq!(told["params"]["message"], quotation);
}
