//! No text does harm: whatever a brief, a source or a library contains, every request is answered, and none
//! with an internal error, which is how a panic in the server would show.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;

use crate::desk::Desk;

const SOURCE: &str = "The ferry report\n\nThe Ministry of Ports said that “the ferry is not safe”, and Vera Orlova likely \
    knew it.\n\nIn 2019 the port had 75% of its 9 million tonnes, but Orlova’s deputy denied it.\n\nRead more: Ports\n";

const LIBRARY: &str = "@online{ferry2021,\n  author = {Orlova, Vera},\n  title = {The ferry},\n  date = {2021-07~},\n  \
    file = {sources/ferry.txt},\n}\n";

const SETTINGS: &str = "[diagnostics]\nfigure-mismatch = \"hint\"\nentity-spelling = \"hint\"\n\
    [standards]\nlikelihood = \"icd203\"\n";

/// Building blocks for texts: the words of the source, the marks that carry meaning, and characters that
/// programs tend to miscount (several bytes or units or code points, zero width, line ends, two letters in
/// the other case).
const PIECES: &[&str] = &[
    "the ferry is not safe",
    "Vera Orlova likely knew it.",
    "In 2019 the port had 85% of its nine million tonnes",
    "It is very likely, with high confidence.",
    "[@ferry2021, ¶ 2]",
    "[see @ferry2021, p. 3; -@nobody]",
    "@ferry2021 [¶ 1, 3-2]",
    "@{ferry 2021}",
    "Orlova (2021)",
    "[^1]",
    "[^1]: ",
    "^[",
    "<!-- glossator: ignore altered-quotation -->",
    " #tag ^id",
    "“",
    "”",
    "\"",
    "‘",
    "’",
    "'",
    "«\u{202f}",
    "»",
    "„",
    "\n> ",
    "\n>\u{a0}",
    "\n\n",
    "\n",
    "\r\n",
    "\r",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\t",
    "\n    ",
    "\n# ",
    "\n- ",
    "\n| a | b |\n|---|---|\n| ",
    "\n---\n",
    "---\ntitle: @",
    "\n```\n",
    "`",
    "$",
    "*",
    "__",
    "[",
    "]",
    "(",
    "{",
    "}",
    "@",
    "-@",
    "\\",
    "<b>",
    "&amp;",
    "…",
    " . . . ",
    "[sic]",
    "; ",
    ", ",
    "¶ ",
    "\0",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "İ",
    "ß",
    "ﬁ",
    "ŉ",
    "ᾳ",
    "Σς",
    "𝒜",
    "👩\u{200d}👧",
    "中文。",
    "½",
    "٣",
    "@online{ferry2021,\n  title = {",
    "},\n",
    " = ",
    "date = {2021-07~}",
];

/// Every request at a position, with its other parameters.
fn at_a_place() -> Vec<(&'static str, Value)> {
    vec![
        ("hover", json!({})),
        ("definition", json!({})),
        ("declaration", json!({})),
        ("completion", json!({})),
        ("inlineCompletion", json!({"context": {"triggerKind": 1}})),
        ("references", json!({"context": {"includeDeclaration": true}})),
        ("documentHighlight", json!({})),
        ("prepareRename", json!({})),
        ("rename", json!({"newName": "port2021"})),
    ]
}

/// Every request about a whole file or a range of it, and every command.
fn of_a_file(document: &Value, range: &Value) -> Vec<(String, Value)> {
    let mut asked = Vec::new();
    for what in
        ["diagnostic", "documentSymbol", "foldingRange", "codeLens", "documentLink", "semanticTokens/full"]
    {
        asked.push((format!("textDocument/{what}"), json!({"textDocument": document})));
    }
    let params = json!({"textDocument": document, "range": range, "context": {"diagnostics": []}});
    asked.push(("textDocument/codeAction".into(), params));
    asked.push(("textDocument/inlayHint".into(), json!({"textDocument": document, "range": range})));
    let params = json!({"textDocument": document, "positions": [range["start"]]});
    asked.push(("textDocument/selectionRange".into(), params));
    asked.push(("workspace/symbol".into(), json!({"query": "or"})));
    let argument = json!({"query": "", "textDocument": document, "position": range["start"], "range": range});
    for command in ["preview", "quote", "sources", "status", "support"] {
        let params = json!({"command": format!("glossator.{command}"), "arguments": [argument]});
        asked.push(("workspace/executeCommand".into(), params));
    }
    asked
}

/// The files of the workspace.
const BRIEF: &str = "brief.md";
const FERRY: &str = "sources/ferry.txt";
const REFS: &str = "refs.bib";

/// A workspace of one source, with all its texts open.
struct Open {
    desk: Desk,
    version: i32,
}

impl Open {
    fn new(encoding: &str) -> Self {
        let files = [(FERRY, SOURCE), (REFS, LIBRARY), ("glossator.toml", SETTINGS), (BRIEF, "")];
        let mut desk = Desk::of(encoding, &files);
        for (name, language, text) in [(FERRY, "plaintext", SOURCE), (REFS, "bibtex", LIBRARY)] {
            desk.client.open(&desk.path.join(name), language, text);
        }
        Self { desk, version: 1 }
    }

    /// Writes `text` into the file `name`, sends every request there, and returns the first that was answered
    /// with an internal error.
    fn harmed(&mut self, text: &str, name: &str, line: u32, character: u32, lines: u32) -> Option<String> {
        self.version += 1;
        let document = json!({"uri": self.desk.uri(name)});
        let mut versioned = document.clone();
        versioned["version"] = json!(self.version);
        let change = json!({"textDocument": versioned, "contentChanges": [{"text": text}]});
        self.desk.client.notify("textDocument/didChange", change);
        let place = json!({"line": line, "character": character});
        let range = json!({"start": place, "end": {"line": line + lines, "character": character + 7}});
        let mut asked = of_a_file(&document, &range);
        for (what, mut params) in at_a_place() {
            params["textDocument"] = document.clone();
            params["position"] = place.clone();
            asked.push((format!("textDocument/{what}"), params));
        }
        asked.into_iter().find_map(|(method, params)| {
            let reply = self.desk.client.request(&method, params);
            (reply["error"]["code"] == -32603).then(|| format!("{method}: {reply}"))
        })
    }
}

fn no_harm(encoding: &str, name: &str) {
    let open = RefCell::new(Open::new(encoding));
    let texts = vec(0..PIECES.len(), 0..24);
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(pieces in texts, line in 0..6u32, character in 0..60u32, lines in 0..3u32)| {
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        let harm = open.borrow_mut().harmed(&text, name, line, character, lines);
        prop_assert_eq!(harm, None, "{:?}", text);
    });
}

#[test]
fn no_text_of_a_brief_does_harm_in_utf_8() {
    no_harm("utf-8", BRIEF);
}

#[test]
fn no_text_of_a_brief_does_harm_in_utf_16() {
    no_harm("utf-16", BRIEF);
}

#[test]
fn no_text_of_a_source_does_harm() {
    no_harm("utf-32", FERRY);
}

#[test]
fn no_text_of_a_library_does_harm() {
    no_harm("utf-16", REFS);
}
