//! Random sessions with the real server: one brief whose expected findings are known, another full of odd
//! characters, sources and libraries that change on disk, and requests of all kinds in between. Every answer
//! is compared with a model that shares no code with the server.
//!
//! `GLOSSATOR_SESSION_SECONDS` sets the duration, `GLOSSATOR_SESSION_SEED` the seed; a failure names its
//! seed.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::odd::PIECES;

/// Duration of a session within a run of all tests.
const SECONDS: u64 = 4;
const SEED: u64 = 20_261_130;

const WORDS: &str = "harbour keeper lantern tide ferry ledger winter barrel copper sailor market bridge letter \
    garden widow timber anchor island supper candle mirror orchard gravel cellar blanket saddle kettle thunder \
    meadow printer falcon chimney pebble velvet walnut shepherd granite hammer ribbon basket carried opened \
    counted painted measured gathered mended borrowed answered followed watched promised buried lifted quiet \
    broken narrow heavy golden bitter gentle hollow sudden distant crooked slowly seldom nearly gladly twice";

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("small")
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn units(c: char, encoding: &str) -> usize {
    match encoding {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    }
}

/// Where the lines of `text` begin and end, by the protocol's rule.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        if c == '\n' || c == '\r' {
            let mut next = at + 1;
            if c == '\r' && letters.next_if(|(_, c)| *c == '\n').is_some() {
                next += 1;
            }
            out.push((start, at));
            start = next;
        }
    }
    out.push((start, text.len()));
    out
}

fn position(text: &str, offset: usize, encoding: &str) -> Value {
    let lines = lines(text);
    let line = lines.iter().rposition(|(start, _)| *start <= offset).expect("a line");
    let (start, end) = lines[line];
    let before = &text[start..offset.min(end)];
    json!({"line": line, "character": before.chars().map(|c| units(c, encoding)).sum::<usize>()})
}

/// The byte offset of `position`; `None` if there is no such place.
fn offset(text: &str, position: &Value, encoding: &str) -> Option<usize> {
    let number = |name: &str| usize::try_from(position[name].as_u64()?).ok();
    let (start, end) = *lines(text).get(number("line")?)?;
    let wanted = number("character")?;
    let mut seen = 0;
    for (at, c) in text[start..end].char_indices() {
        if seen == wanted {
            return Some(start + at);
        }
        seen += units(c, encoding);
    }
    (seen == wanted).then_some(end)
}

fn span(text: &str, range: &Value, encoding: &str) -> Option<(usize, usize)> {
    let (start, end) = (offset(text, &range["start"], encoding)?, offset(text, &range["end"], encoding)?);
    (start <= end).then_some((start, end))
}

/// A paragraph of the known brief, and its expected finding.
#[derive(Clone)]
struct Paragraph {
    text: String,
    finding: Option<&'static str>,
}

struct Session {
    client: Client,
    dice: Dice,
    encoding: &'static str,
    folder: tempfile::TempDir,
    root: PathBuf,
    /// Key and paragraphs of each source.
    sources: Vec<(String, Vec<String>)>,
    known: Vec<Paragraph>,
    /// The texts of the two open briefs, and their versions.
    texts: [String; 2],
    versions: [i64; 2],
    about: String,
}

const BRIEFS: [&str; 2] = ["known.md", "wild.md"];

impl Session {
    fn begin(seed: u64, encoding: &'static str, watches: bool) -> Self {
        let mut dice = Dice(seed);
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("there");
        std::fs::create_dir(root.join("sources")).expect("made");
        let sources: Vec<_> = (0..5)
            .map(|at| {
                let paragraphs = (0..6).map(|_| sentence(&mut dice)).collect();
                (format!("src{at}year{}", 2000 + at), paragraphs)
            })
            .collect();
        let mut client = Client::start(&root);
        client.watches = watches;
        let about = format!("seed {seed}, {encoding}");
        let mut session = Self {
            client,
            dice,
            encoding,
            folder,
            root,
            sources,
            known: Vec::new(),
            texts: Default::default(),
            versions: [1, 1],
            about,
        };
        session.write_sources();
        session.write_library("");
        session.known = (0..6).map(|_| session.paragraph()).collect();
        session.texts = [session.known_text(), "# Wild\n\nSee @src0year2000.\n".into()];
        let agreed = session.client.initialize(&session.root.clone(), &[encoding]);
        let agreed = agreed["capabilities"]["positionEncoding"].as_str().unwrap_or("utf-16").to_owned();
        assert_eq!(agreed, encoding);
        session.client.notify("initialized", json!({}));
        for at in 0..2 {
            session.open(at);
        }
        session.check_known();
        session
    }

    fn open(&mut self, at: usize) {
        let path = self.root.join(BRIEFS[at]);
        std::fs::write(&path, &self.texts[at]).expect("written");
        self.versions[at] = 1;
        self.client.open(&path, "markdown", &self.texts[at].clone());
    }

    fn uri(&self, name: &str) -> String {
        uri(&self.root.join(name))
    }

    fn write_sources(&self) {
        for (key, paragraphs) in &self.sources {
            let text = format!("Notes of {key}\n\n{}\n", paragraphs.join("\n\n"));
            std::fs::write(self.root.join(format!("sources/{key}.txt")), text).expect("written");
        }
    }

    fn write_library(&self, more: &str) {
        let entry = |(key, _): &(String, Vec<String>)| {
            format!(
                "@misc{{{key},\n  title = {{On {key}}},\n  author = {{Moss, Ada}},\n  file = {{sources/{key}.txt}}\n}}\n"
            )
        };
        let entries: String = self.sources.iter().map(entry).collect();
        std::fs::write(self.root.join("library.bib"), entries + more).expect("written");
    }

    fn paragraph(&mut self) -> Paragraph {
        let which = self.dice.below(self.sources.len());
        let (key, paragraphs) = self.sources[which].clone();
        let number = self.dice.below(paragraphs.len() - 1);
        let words: Vec<&str> = paragraphs[number].split(' ').take(9).collect();
        let (kind, mut quoted) = (self.dice.below(6), words.clone());
        let place = number + 1;
        let (text, finding) = match kind {
            0 => (sentence(&mut self.dice), None),
            1 => (format!("She wrote that “{}” [@{key}, ¶ {place}].", quoted.join(" ")), None),
            2 => {
                quoted[4] = "zebras";
                (
                    format!("She wrote that “{}” [@{key}, ¶ {place}].", quoted.join(" ")),
                    Some("altered-quotation"),
                )
            }
            3 => (format!("As others say [@qqq{}].", "x".repeat(3 + number)), Some("unknown-citation")),
            4 => (
                format!("She wrote that “{}” [@{key}, ¶ {}].", quoted.join(" "), place + 1),
                Some("locator-mismatch"),
            ),
            _ => (format!("It is said elsewhere [@{key}, ¶ 99]."), Some("locator-out-of-range")),
        };
        Paragraph { text, finding }
    }

    fn known_text(&self) -> String {
        let paragraphs: Vec<&str> = self.known.iter().map(|one| one.text.as_str()).collect();
        format!("# Known\n\n{}\n", paragraphs.join("\n\n"))
    }

    /// Replaces bytes `start..end` of an open brief with `new`.
    fn edit(&mut self, at: usize, start: usize, end: usize, new: &str) {
        let text = &self.texts[at];
        let range = json!({
            "start": position(text, start, self.encoding),
            "end": position(text, end, self.encoding),
        });
        self.texts[at].replace_range(start..end, new);
        self.change(at, json!({"range": range, "text": new}));
    }

    fn change(&mut self, at: usize, change: Value) {
        self.versions[at] += 1;
        let document = json!({"uri": self.uri(BRIEFS[at]), "version": self.versions[at]});
        self.client
            .notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    }

    /// Changes the known brief by a paragraph.
    fn edit_known(&mut self) {
        let at = self.dice.below(self.known.len());
        match self.dice.below(3) {
            0 if self.known.len() > 3 => {
                self.known.remove(at);
            }
            1 if self.known.len() < 40 => {
                let new = self.paragraph();
                self.known.insert(at, new);
            }
            _ => self.known[at] = self.paragraph(),
        }
        self.become_known();
    }

    /// Edits the open brief into its intended text, in one change.
    fn become_known(&mut self) {
        let (old, new) = (self.texts[0].clone(), self.known_text());
        let same = old.char_indices().zip(new.char_indices()).find(|((_, a), (_, b))| a != b);
        let start = same.map_or(old.len().min(new.len()), |((at, _), _)| at);
        let behind = |text: &str| text[start..].chars().rev().collect::<Vec<char>>();
        let (tail, other) = (behind(&old), behind(&new));
        let kept: usize =
            tail.iter().zip(&other).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
        self.edit(0, start, old.len() - kept, &new[start..new.len() - kept]);
    }

    fn edit_wild(&mut self) {
        let place = |dice: &mut Dice, text: &str| {
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *dice.one(&ends);
            // An editor's cursor is never inside a line break.
            if text[..at].ends_with('\r') && text[at..].starts_with('\n') { at - 1 } else { at }
        };
        let (a, b) = (place(&mut self.dice, &self.texts[1]), place(&mut self.dice, &self.texts[1]));
        let count = self.dice.below(6);
        let new: String = (0..count)
            .map(|_| PIECES.get(self.dice.below(PIECES.len() + 1)).copied().unwrap_or("@src0year2000"))
            .collect();
        let (start, end) = if self.texts[1].len() > 2_000 { (a.min(b), a.max(b)) } else { (a, a) };
        self.edit(1, start, end, &new);
    }

    /// The expected findings in the known brief: code and line of the paragraph.
    fn expected(&self) -> Vec<(String, u64)> {
        let mut line = 2;
        let mut out = Vec::new();
        for paragraph in &self.known {
            out.extend(paragraph.finding.map(|code| (code.to_owned(), line)));
            line += 2;
        }
        out
    }

    fn found(&mut self) -> Vec<(String, u64)> {
        let document = json!({"textDocument": {"uri": self.uri(BRIEFS[0])}});
        let reply = self.client.request("textDocument/diagnostic", document);
        let items = reply["result"]["items"].as_array().unwrap_or_else(|| panic!("{reply}")).clone();
        for item in &items {
            assert!(span(&self.texts[0], &item["range"], self.encoding).is_some(), "{}: {item}", self.about);
        }
        let found = items.iter().map(|item| {
            let line = item["range"]["start"]["line"].as_u64().expect("a line");
            (item["code"].as_str().expect("a code").to_owned(), line)
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(_, line)| *line);
        found
    }

    /// Checks that the known brief has its expected findings, waiting a while after a change on disk.
    fn check_known(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let (found, expected) = (self.found(), self.expected());
            if found == expected {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{}: {found:?}, not {expected:?}, in:\n{}",
                self.about,
                self.texts[0]
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Changes something on disk that does not affect the expected findings.
    fn change_disk(&mut self) {
        match self.dice.below(3) {
            0 => {
                let more = format!("@misc{{more{}, title = {{More}}}}\n", self.dice.below(100));
                self.write_library(&more);
                self.tell("library.bib");
            }
            1 => {
                let which = self.dice.below(self.sources.len());
                let new = sentence(&mut self.dice);
                self.sources[which].1.push(new);
                self.write_sources();
                let name = format!("sources/{}.txt", self.sources[which].0);
                self.tell(&name);
            }
            _ => {
                let text = sentence(&mut self.dice);
                let name = format!("sources/extra{}.txt", self.dice.below(4));
                std::fs::write(self.root.join(&name), text).expect("written");
                self.tell(&name);
            }
        }
    }

    fn tell(&mut self, name: &str) {
        if self.client.watches {
            let change = json!({"uri": self.uri(name), "type": 2});
            self.client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
        }
    }

    /// Sends a random request at a random place and checks the answer.
    fn ask(&mut self) {
        const KINDS: [&str; 17] = [
            "hover",
            "definition",
            "declaration",
            "references",
            "completion",
            "codeAction",
            "codeLens",
            "inlayHint",
            "documentSymbol",
            "foldingRange",
            "selectionRange",
            "semanticTokens/full",
            "documentLink",
            "documentHighlight",
            "prepareRename",
            "rename",
            "semanticTokens/range",
        ];
        let kind = *self.dice.one(&KINDS);
        let at = self.dice.below(2);
        let text = self.texts[at].clone();
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (a, b) = (*self.dice.one(&ends), *self.dice.one(&ends));
        let [start, end] = [a.min(b), a.max(b)].map(|at| position(&text, at, self.encoding));
        let mut params = json!({"textDocument": {"uri": self.uri(BRIEFS[at])}});
        match kind {
            "codeLens" | "documentSymbol" | "foldingRange" | "semanticTokens/full" | "documentLink" => {}
            "codeAction" | "inlayHint" | "semanticTokens/range" => {
                params["range"] = json!({"start": start, "end": end});
                params["context"] = json!({"diagnostics": []});
            }
            "selectionRange" => params["positions"] = json!([start, end]),
            _ => {
                params["position"] = start.clone();
                params["context"] = json!({"includeDeclaration": true, "triggerKind": 1});
                params["newName"] = json!(format!("new{}", self.dice.below(1_000)));
            }
        }
        let reply = self.client.request(&format!("textDocument/{kind}"), params.clone());
        let about = format!("{}: {kind} {params}: {reply}\n{text:?}", self.about);
        if let Some(error) = reply.get("error") {
            // A name that is not a key, or nothing to rename.
            assert!(kind.contains("ename") && error["code"] == -32602, "{about}");
            return;
        }
        let result = &reply["result"];
        self.check_ranges(result, &self.uri(BRIEFS[at]), &text, &about);
        match kind {
            "selectionRange" => {
                for (one, place) in result.as_array().expect("a list").iter().zip([&start, &end]) {
                    let place = offset(&text, place, self.encoding).expect("a place");
                    let mut inner = (place, place);
                    let mut one = one;
                    while one.is_object() {
                        let (a, b) = span(&text, &one["range"], self.encoding).expect("in the text");
                        assert!(a <= inner.0 && inner.1 <= b, "{about}");
                        (inner, one) = ((a, b), &one["parent"]);
                    }
                }
            }
            "semanticTokens/full" | "semanticTokens/range" => self.check_tokens(result, &text, &about),
            "inlayHint" => {
                let [a, b] =
                    [&start, &end].map(|place| offset(&text, place, self.encoding).expect("a place"));
                for hint in result.as_array().into_iter().flatten() {
                    let place = offset(&text, &hint["position"], self.encoding).expect("in the text");
                    assert!(a <= place && place <= b, "{about}");
                }
            }
            "codeAction" => {
                for action in result.as_array().into_iter().flatten() {
                    self.check_edits(&action["edit"], &about);
                }
            }
            "rename" => self.check_edits(result, &about),
            _ => {}
        }
    }

    /// Checks that every range in `value` lies in the text of its file.
    fn check_ranges(&self, value: &Value, file: &str, text: &str, about: &str) {
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.check_ranges(one, file, text, about)),
            Value::Object(fields) => {
                let target = ["uri", "targetUri"].iter().find_map(|name| fields.get(*name)?.as_str());
                let other = target.filter(|target| *target != file).map(|target| self.text_of(target));
                let text = other.as_deref().unwrap_or(text);
                for (name, value) in fields {
                    match name.as_str() {
                        // These refer to the requested file, or to several files.
                        "originSelectionRange" | "changes" | "documentChanges" | "data" => {}
                        name if name.to_lowercase().ends_with("range") && value.get("start").is_some() => {
                            assert!(span(text, value, self.encoding).is_some(), "{name} {value}: {about}");
                        }
                        _ => self.check_ranges(value, target.unwrap_or(file), text, about),
                    }
                }
            }
            _ => {}
        }
    }

    /// The text of an open brief, or of a file on disk.
    fn text_of(&self, uri: &str) -> String {
        match BRIEFS.iter().position(|name| self.uri(name) == uri) {
            Some(at) => self.texts[at].clone(),
            None => std::fs::read_to_string(uri.trim_start_matches("file://")).expect("a file"),
        }
    }

    /// Checks that the edits of each file lie in its text and do not overlap.
    fn check_edits(&self, edit: &Value, about: &str) {
        for (uri, edits) in edit["changes"].as_object().into_iter().flatten() {
            let text = self.text_of(uri);
            let edits = edits.as_array().expect("a list");
            let mut spans: Vec<_> = edits
                .iter()
                .map(|edit| span(&text, &edit["range"], self.encoding).unwrap_or_else(|| panic!("{about}")))
                .collect();
            spans.sort_unstable();
            assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{about}");
        }
    }

    /// Checks that the tokens lie in the text, each on one line, in order and without overlap.
    fn check_tokens(&self, tokens: &Value, text: &str, about: &str) {
        let data: Vec<u64> =
            tokens["data"].as_array().into_iter().flatten().map(|n| n.as_u64().expect("a number")).collect();
        let (mut line, mut character, mut last) = (0, 0, 0);
        for token in data.chunks(5) {
            character = if token[0] == 0 { character + token[1] } else { token[1] };
            line += token[0];
            let place = |character: u64| json!({"line": line, "character": character});
            let range = json!({"start": place(character), "end": place(character + token[2])});
            let (start, end) =
                span(text, &range, self.encoding).unwrap_or_else(|| panic!("{range}: {about}"));
            assert!(last <= start && start < end, "{range}: {about}");
            last = end;
        }
    }

    /// Checks that the answers stay the same after the whole text is sent again.
    fn check_sync(&mut self) {
        // Changes on disk have been read, so nothing else affects the answers in between.
        self.check_known();
        let at = self.dice.below(2);
        let ask = |session: &mut Self| {
            let document = json!({"textDocument": {"uri": session.uri(BRIEFS[at])}});
            ["semanticTokens/full", "documentSymbol", "foldingRange", "documentLink"].map(|kind| {
                session.client.request(&format!("textDocument/{kind}"), document.clone())["result"].clone()
            })
        };
        let without_id = |mut answers: [Value; 4]| {
            if let Some(fields) = answers[0].as_object_mut() {
                fields.remove("resultId");
            }
            answers
        };
        let before = without_id(ask(self));
        let text = self.texts[at].clone();
        self.change(at, json!({"text": text}));
        let after = without_id(ask(self));
        assert_eq!(before, after, "{}: {text:?}", self.about);
    }

    /// Saves, closes, renames elsewhere, and opens again.
    fn close_and_open(&mut self) {
        let path = self.root.join(BRIEFS[1]);
        std::fs::write(&path, &self.texts[1]).expect("written");
        self.client.notify("textDocument/didClose", json!({"textDocument": {"uri": self.uri(BRIEFS[1])}}));
        let key = self.sources[0].0.clone();
        if let Some(at) = self.texts[0].find(&format!("@{key}")) {
            let place = position(&self.texts[0], at + 2, self.encoding);
            let params = json!({
                "textDocument": {"uri": self.uri(BRIEFS[0])},
                "position": place,
                "newName": "moved2000",
            });
            let reply = self.client.request("textDocument/rename", params);
            let about = format!("{}: {reply}", self.about);
            for (uri, edits) in reply["result"]["changes"].as_object().into_iter().flatten() {
                let text = self.text_of(uri);
                for edit in edits.as_array().expect("a list") {
                    let (a, b) =
                        span(&text, &edit["range"], self.encoding).unwrap_or_else(|| panic!("{about}"));
                    assert_eq!(&text[a..b], key, "{about}");
                }
            }
        }
        self.open(1);
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=4 => self.edit_known(),
            5..=9 => self.edit_wild(),
            10 => self.change_disk(),
            11 => self.check_known(),
            12 => self.check_sync(),
            13 if self.dice.below(4) == 0 => self.close_and_open(),
            _ => self.ask(),
        }
    }

    /// Compares the findings with those of a new process for the same texts.
    fn check_afresh(&mut self) {
        self.check_known();
        for (name, text) in BRIEFS.iter().zip(&self.texts) {
            std::fs::write(self.root.join(name), text).expect("written");
        }
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_glossator"))
            .args(["check", "--format", "json", BRIEFS[0]])
            .current_dir(self.folder.path())
            .output()
            .expect("the program runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let findings = report["files"][0]["findings"].as_array().expect("findings");
        let mut found: Vec<(String, u64)> = findings
            .iter()
            .map(|one| {
                let line = one["range"]["start"]["line"].as_u64().expect("a line");
                (one["code"].as_str().expect("a code").to_owned(), line)
            })
            .collect();
        found.sort_by_key(|(_, line)| *line);
        assert_eq!(found, self.expected(), "{}", self.about);
    }
}

/// A sentence of fourteen words.
fn sentence(dice: &mut Dice) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut sentence: Vec<&str> = (0..14).map(|_| *dice.one(&words)).collect();
    sentence.dedup();
    let mut sentence = sentence.join(" ");
    sentence[..1].make_ascii_uppercase();
    sentence + "."
}

#[test]
fn no_answer_of_a_random_session_is_wrong() {
    let number = |name: &str, unless: u64| {
        std::env::var(name)
            .map_or(unless, |value| value.parse().unwrap_or_else(|_| panic!("{name}: a number")))
    };
    let (seconds, seed) =
        (number("GLOSSATOR_SESSION_SECONDS", SECONDS), number("GLOSSATOR_SESSION_SEED", SEED));
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut steps = 0;
    for round in 0.. {
        let encoding = ENCODINGS[round as usize % ENCODINGS.len()];
        let mut session = Session::begin(seed + round, encoding, round % 2 == 0);
        let until = end.min(Instant::now() + Duration::from_secs(15.min(seconds / 3 + 1)));
        while Instant::now() < until {
            session.step();
            steps += 1;
        }
        session.check_afresh();
        if Instant::now() >= end {
            break;
        }
    }
    assert!(steps > 100, "{steps} steps in {seconds} s");
}
