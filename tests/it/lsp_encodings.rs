//! Every feature that takes or returns positions, in UTF-8, UTF-16 and UTF-32: the real program over pipes,
//! on files with CRLF, letters outside the basic plane, and combining marks before every target. Columns are
//! written by hand: bytes, UTF-16 units, code points.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::desk::Desk;
use crate::folder::Folder;

/// The characters of line 2, where `é` is `e` and a combining accent: ¶ `𝄞 é _ “ nobody asked them ” _ [ @
/// rail2021 , _ ¶ _ 2 ] .`
const BRIEF: &str =
    "# 𝄞 Rail\r\n\r\n𝄞e\u{301} “nobody asked them” [@rail2021, ¶ 2].\r\n\r\n𝄞 @nope99 and [@rai";

const SOURCE: &str = "Rails 𝄞\r\n\r\nFreight on the 𝄞e\u{301} line has doubled since spring.\r\n\r\n\
                      𝄞e\u{301} The drivers say that nobody asked them.\r\n\r\n\
                      Photo by Ada Moss via Getty Images\r\n\r\n\
                      Sign up for our newsletter to get the best of The Gauge every morning.\r\n";

const LIBRARY: &str = "% ours\r\n𝄞 @online{rail2021, author={Orlova, Vera}, title={𝄞}, date={2021}, url={https://x.example/r}, file={sources/rail.txt}}\r\n";

/// A column in the three encodings.
type Column = [u32; 3];

/// A stretch of one line.
type Stretch = (u32, Column, Column);

const QUOTATION: Stretch = (2, [8, 5, 4], [31, 24, 23]);
const WORDS: Stretch = (2, [11, 6, 5], [28, 23, 22]);
const CITATION: Stretch = (2, [33, 26, 25], [42, 35, 34]);
const KEY: Stretch = (2, [34, 27, 26], [42, 35, 34]);
const LOCATOR: Stretch = (2, [44, 37, 36], [48, 40, 39]);
const TO_LOCATOR: Stretch = (2, [33, 26, 25], [48, 40, 39]);
const BRACKET: Stretch = (2, [32, 25, 24], [49, 41, 40]);
const SENTENCE: Stretch = (2, [0, 0, 0], [50, 42, 41]);
/// The blank before the bracket, the bracket and the full stop.
const MOVED: Stretch = (2, [31, 24, 23], [50, 42, 41]);
const UNKNOWN: Stretch = (4, [5, 3, 2], [12, 10, 9]);
const HALF: Stretch = (4, [18, 16, 15], [22, 20, 19]);
const TYPED: Stretch = (4, [19, 17, 16], [22, 20, 19]);
const END: Stretch = (4, [22, 20, 19], [22, 20, 19]);
/// The quoted words in the source, and their paragraph.
const ORIGINAL: Stretch = (4, [29, 26, 25], [46, 43, 42]);
const PASSAGE: Stretch = (4, [0, 0, 0], [47, 44, 43]);
const FIRST: Stretch = (2, [0, 0, 0], [53, 50, 49]);
const TITLE: Stretch = (0, [0, 0, 0], [10, 8, 7]);
/// The key of the entry, and the path in it.
const ENTRY: Stretch = (1, [13, 11, 10], [21, 19, 18]);
const PATH: Stretch = (1, [106, 102, 100], [122, 118, 116]);

/// A desk and the index of its encoding.
struct Columns {
    desk: Desk,
    at: usize,
}

impl Columns {
    fn new(at: usize) -> Self {
        let folder = Folder::of(&[("sources/rail.txt", SOURCE), ("refs.bib", LIBRARY), ("brief.md", BRIEF)]);
        let mut client = Client::initialized(&folder.path, &[["utf-8", "utf-16", "utf-32"][at]]);
        client.open(&folder.path.join("sources/rail.txt"), "plaintext", SOURCE);
        Self { desk: Desk::with(folder, client), at }
    }

    fn source(&self) -> PathBuf {
        self.desk.path.join("sources/rail.txt")
    }

    fn range(&self, (line, from, to): Stretch) -> Value {
        json!({"start": {"line": line, "character": from[self.at]}, "end": {"line": line, "character": to[self.at]}})
    }

    fn location(&self, file: &Path, stretch: Stretch) -> Value {
        json!({"uri": uri(file), "range": self.range(stretch)})
    }

    fn edit(&self, stretch: Stretch, new: &str) -> Value {
        json!({"range": self.range(stretch), "newText": new})
    }

    /// Sends a request at the second character of `stretch`, which is ASCII in all of them.
    fn ask(&mut self, what: &str, file: &Path, (line, from, _): Stretch, more: Value) -> Value {
        let position = json!({"line": line, "character": from[self.at] + 1});
        let mut params =
            json!({"textDocument": {"uri": uri(file)}, "position": position, "positions": [position]});
        params["range"] = json!({"start": position, "end": position});
        for (name, value) in more.as_object().expect("an object") {
            params[name] = value.clone();
        }
        let reply = self.desk.client.request(&format!("textDocument/{what}"), params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    }

    /// Sends a request about all of `file`.
    fn of(&mut self, what: &str, file: &Path) -> Value {
        let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let params = json!({"textDocument": {"uri": uri(file)}, "range": all});
        let reply = self.desk.client.request(&format!("textDocument/{what}"), params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    }
}

/// The `range` of each item in a list.
fn ranges(list: &Value) -> Vec<Value> {
    list.as_array().expect("a list").iter().map(|one| one["range"].clone()).collect()
}

fn each(test: impl Fn(&mut Columns)) {
    (0..3).for_each(|at| test(&mut Columns::new(at)));
}

#[test]
fn cards_and_jumps() {
    each(|desk| {
        let (brief, source, library) = (desk.desk.brief(), desk.source(), desk.desk.path.join("refs.bib"));
        for (asked, shown) in [(WORDS, QUOTATION), (CITATION, CITATION), (KEY, CITATION)] {
            let card = desk.ask("hover", &brief, asked, json!({}));
            assert_eq!(card["range"], desk.range(shown), "{card}");
        }
        // The sign of the locator takes several bytes, so ask after it.
        let sign: Stretch = (2, [45, 37, 36], LOCATOR.2);
        let card = desk.ask("hover", &brief, sign, json!({}));
        assert_eq!(card["range"], desk.range(LOCATOR), "{card}");
        let card = desk.ask("hover", &source, ORIGINAL, json!({}));
        assert_eq!(card["range"], desk.range(PASSAGE), "{card}");

        let jump = desk.ask("definition", &brief, WORDS, json!({}));
        assert_eq!(jump, desk.location(&source, ORIGINAL));
        let jump = desk.ask("definition", &brief, KEY, json!({}));
        assert_eq!(jump, desk.location(&source, PASSAGE));
        for (file, place) in [(&brief, KEY), (&source, ORIGINAL)] {
            let jump = desk.ask("declaration", file, place, json!({}));
            assert_eq!(jump, desk.location(&library, ENTRY));
        }
    });
}

#[test]
fn references_highlights_and_renames() {
    each(|desk| {
        let (brief, source, library) = (desk.desk.brief(), desk.source(), desk.desk.path.join("refs.bib"));
        let context = json!({"context": {"includeDeclaration": true}});
        let found = desk.ask("references", &brief, KEY, context.clone());
        assert_eq!(found, json!([desk.location(&library, ENTRY), desk.location(&brief, CITATION)]));
        let found = desk.ask("references", &source, ORIGINAL, context.clone());
        assert_eq!(found, json!([desk.location(&brief, QUOTATION), desk.location(&brief, CITATION)]));
        let found = desk.ask("references", &library, ENTRY, context);
        assert_eq!(found[1], desk.location(&brief, CITATION));

        let lit = desk.ask("documentHighlight", &brief, KEY, json!({}));
        assert_eq!(ranges(&lit), [desk.range(CITATION)]);

        let prepared = desk.ask("prepareRename", &library, ENTRY, json!({}));
        assert_eq!(prepared["range"], desk.range(ENTRY));
        let done = desk.ask("rename", &brief, KEY, json!({"newName": "steppe"}));
        assert_eq!(done["changes"][uri(&brief)], json!([desk.edit(KEY, "steppe")]));
        assert_eq!(done["changes"][uri(&library)], json!([desk.edit(ENTRY, "steppe")]));

        let files = json!([{"oldUri": uri(&source), "newUri": uri(&desk.desk.path.join("sources/r.txt"))}]);
        let done = desk.desk.client.request("workspace/willRenameFiles", json!({"files": files}));
        let edit = desk.edit(PATH, "sources/r.txt");
        assert_eq!(done["result"]["changes"][uri(&library)], json!([edit]), "{done}");
    });
}

#[test]
fn what_is_shown_beside_the_text() {
    each(|desk| {
        let (brief, source) = (desk.desk.brief(), desk.source());
        let symbols = desk.of("documentSymbol", &brief);
        let whole = json!({"start": {"line": 0, "character": 0}, "end": desk.range(END)["end"]});
        let locations = |symbols: &Value| -> Vec<Value> {
            symbols.as_array().expect("a list").iter().map(|one| one["location"]["range"].clone()).collect()
        };
        assert_eq!(locations(&symbols), [whole.clone(), desk.range(QUOTATION)]);
        let symbols = desk.of("documentSymbol", &source);
        assert_eq!(locations(&symbols), [desk.range(FIRST), desk.range(PASSAGE)]);

        let hints = desk.of("inlayHint", &brief);
        let places: Vec<&Value> =
            hints.as_array().expect("hints").iter().map(|one| &one["position"]).collect();
        assert_eq!(places, [&desk.range(QUOTATION)["end"], &desk.range(CITATION)["end"]]);

        let links = desk.of("documentLink", &brief);
        assert_eq!(ranges(&links), [desk.range(CITATION)]);
        let links = desk.of("documentLink", &source);
        assert_eq!(ranges(&links), [desk.range(TITLE)]);

        let lenses = desk.of("codeLens", &source);
        assert_eq!(ranges(&lenses), [desk.range(FIRST), desk.range(PASSAGE)]);
        let lenses = desk.of("codeLens", &brief);
        assert_eq!(ranges(&lenses)[0]["start"], json!({"line": 0, "character": 0}));
        let folds = desk.of("foldingRange", &source);
        assert_eq!(folds, json!([{"startLine": 6, "endLine": 8, "kind": "region"}]));

        let grown = desk.ask("selectionRange", &brief, KEY, json!({}));
        let mut chain = Vec::new();
        let mut selection = &grown[0];
        while let Some(range) = selection.get("range") {
            chain.push(range.clone());
            selection = &selection["parent"];
        }
        let block = json!({"start": {"line": 2, "character": 0}, "end": {"line": 3, "character": 0}});
        let stretches = [KEY, CITATION, TO_LOCATOR, BRACKET, SENTENCE].map(|stretch| desk.range(stretch));
        assert_eq!(chain, [&stretches[..], &[block, whole]].concat());
    });
}

#[test]
fn colours() {
    each(|desk| {
        let at = desk.at;
        let brief = desk.desk.brief();
        let (words, key, locator) = (WORDS.1[at], CITATION.1[at], LOCATOR.1[at]);
        let half = HALF.1[at] - UNKNOWN.1[at];
        let length = LOCATOR.2[at] - LOCATOR.1[at];
        let expected = json!([
            2,
            words,
            17,
            2,
            1,
            0,
            key - words,
            9,
            0,
            0,
            0,
            locator - key,
            length,
            1,
            0,
            2,
            UNKNOWN.1[at],
            7,
            0,
            0,
            0,
            half,
            4,
            0,
            0
        ]);
        let full = desk.of("semanticTokens/full", &brief);
        assert_eq!(full["data"], expected);
        assert_eq!(desk.of("semanticTokens/range", &brief)["data"], expected);
        let previous = json!({"previousResultId": full["resultId"]});
        let delta = desk.ask("semanticTokens/full/delta", &brief, KEY, previous);
        assert_eq!(delta["edits"], json!([]));
    });
}

#[test]
fn findings_actions_and_completions() {
    each(|desk| {
        let brief = desk.desk.brief();
        let found: Vec<Value> = desk.desk.findings.iter().map(|one| one["range"].clone()).collect();
        assert_eq!(found, [desk.range(UNKNOWN), desk.range(HALF)]);

        let actions = desk.ask("codeAction", &brief, KEY, json!({"context": {"diagnostics": []}}));
        let note = actions
            .as_array()
            .expect("actions")
            .iter()
            .find(|one| one["title"] == "Move the citation into a footnote");
        let edits = &note.expect("the action")["edit"]["changes"][uri(&brief)];
        let definition = "\r\n\r\n[^1]: [@rail2021, ¶ 2].";
        assert_eq!(*edits, json!([desk.edit(MOVED, ".[^1]"), desk.edit(END, definition)]));

        let place = (TYPED.0, TYPED.2.map(|column| column - 1), TYPED.2);
        let list = desk.ask("completion", &brief, place, json!({}));
        assert_eq!(list["items"][0]["textEdit"], desk.edit(TYPED, "rail2021"), "{list}");
    });
}

#[test]
fn an_edit_lands_where_it_was_made() {
    each(|desk| {
        let brief = desk.desk.brief();
        // From the blank after the accent to the mark, replaced by three characters of all widths.
        let from: Column = [7, 4, 3];
        let to: Column = [8, 5, 4];
        let change = json!({"range": desk.range((2, from, to)), "text": " 𝄞 "});
        let document = json!({"uri": uri(&brief), "version": 2});
        desk.desk
            .client
            .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
        let moved = |(line, from, to): Stretch| -> Stretch {
            let by = |column: Column| [column[0] + 5, column[1] + 3, column[2] + 2];
            (line, by(from), by(to))
        };
        let card = desk.ask("hover", &brief, moved(KEY), json!({}));
        assert_eq!(card["range"], desk.range(moved(CITATION)), "{card}");
        let card = desk.ask("hover", &brief, moved(WORDS), json!({}));
        assert_eq!(card["range"], desk.range(moved(QUOTATION)), "{card}");
    });
}
