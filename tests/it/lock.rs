//! `glossator lock`, and what `check` and an editor say when a source has changed since.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;
use crate::lsp::UTF16;

const HARBOURS: &str = "On Harbours\n\n\
    Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring.\n\n\
    The port authority said it would begin work before the winter if the money came.\n";

const TIDES: &str = "<html><head><title>Tides</title></head><body><article><p>Tide tables were first printed for the pilots of \
    the estuary, who sold them to captains at a shilling for each copy.</p></article></body></html>\n";

const BRIEF: &str = "# Ports\n\n\
    The authority “said it would begin\nwork before the winter” [@moss2020, ¶ 2].\n\n\
    > Tide tables were first printed for the pilots […] who sold them to captains\n> [@reed2021]\n\n\
    It was “dull beyond all measure, he thought” [@moss2020]. See [@moss2020, ¶ 1] and [@hale2022].\n";

/// SHA-256 of `HARBOURS`, by coreutils.
const SUM: &str = "0e0f15d3195c904f6ea16f7552db463973238f3500587bec5363ce95e0cfb178";

fn files() -> Folder {
    Folder::of(&[
        (
            "refs.bib",
            "@online{reed2021, title = {Tides}, file = {sources/reed.html}}\n@book{hale2022, title = {Sails}}\n",
        ),
        ("sources/moss2020.txt", HARBOURS),
        ("sources/reed.html", TIDES),
        ("briefs/ports.md", BRIEF),
        ("glossator.toml", ""),
    ])
}

fn locked() -> Folder {
    let folder = files();
    let said = folder.run(&["lock"]);
    assert_eq!(said.code, 0, "{said:?}");
    folder
}

impl Folder {
    fn lock(&self) -> String {
        std::fs::read_to_string(self.path.join("glossator.lock")).expect("there")
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path.join(name)).expect("there");
        assert!(text.contains(from), "{text}");
        self.write(name, &text.replace(from, to));
    }

    /// The codes and messages of the findings, other than that of the quotation that was never right.
    fn found(&self) -> Vec<(String, String)> {
        let said = self.check(&["--format", "json"]);
        let report: Value = serde_json::from_str(&said.out).expect("JSON");
        let mut all = Vec::new();
        for file in report["files"].as_array().expect("files") {
            for one in file["findings"].as_array().expect("findings") {
                let text = |name: &str| one[name].as_str().expect("a text").to_owned();
                all.push((text("code"), text("message")));
            }
        }
        let never = "These words were not found in the text of moss2020.";
        all.retain(|(_, message)| message != never);
        all
    }
}

fn pair(code: &str, message: &str) -> (String, String) {
    (code.to_owned(), message.to_owned())
}

#[test]
fn what_is_quoted_is_recorded_and_the_file_stays_the_same() {
    let folder = files();
    let said = folder.run(&["lock"]);
    assert_eq!(
        said.out,
        "moss2020 (sources/moss2020.txt): new\n\
         \u{20} + briefs/ports.md, ¶ 2: “said it would begin work before the winter”\n\
         reed2021 (sources/reed.html): new\n\
         \u{20} + briefs/ports.md, ¶ 1: “Tide tables were first printed for the pilots of the\n\
         \u{20}     estuary, who sold them to captains”\n\
         Wrote glossator.lock: 2 sources, 2 quotations.\n"
    );
    assert_eq!(
        said.err,
        "glossator: not recorded, because there is no text: hale2022\n\
         glossator: not recorded, because the words are not in the source: 1 quotation (moss2020)\n"
    );
    let lock = folder.lock();
    let (_, lock) = lock.split_once("version = 1\n").expect("a version");
    let (moss, reed) = lock.split_once("\n[[source]]\nkey = \"reed2021\"\n").expect("two sources");
    assert_eq!(
        moss,
        format!(
            "\n[[source]]\nkey = \"moss2020\"\nfile = \"sources/moss2020.txt\"\nsha256 = \"{SUM}\"\n\n\
             [[source.quotation]]\nbrief = \"briefs/ports.md\"\n\
             words = \"said it would begin work before the winter\"\nlocator = \"¶ 2\"\n"
        )
    );
    let (_, quotation) = reed.split_once("[[source.quotation]]\n").expect("a quotation");
    assert_eq!(
        quotation,
        "brief = \"briefs/ports.md\"\n\
         words = \"Tide tables were first printed for the pilots […] who sold them to captains\"\n\
         source = \"Tide tables were first printed for the pilots of the estuary, who sold them to captains\"\n\
         locator = \"¶ 1\"\n"
    );
    let said = folder.run(&["lock"]);
    assert_eq!(said.out, "glossator.lock is unchanged: 2 sources, 2 quotations.\n");
    assert_eq!(folder.run(&["lock", "--check"]).code, 0);
    assert_eq!(folder.found(), []);
    let left = std::fs::read_dir(&folder.path).expect("there").flatten().map(|entry| entry.file_name());
    let mut left: Vec<_> = left.map(|name| name.to_string_lossy().into_owned()).collect();
    left.sort();
    assert_eq!(left, ["briefs", "glossator.lock", "glossator.toml", "refs.bib", "sources"]);
}

#[test]
fn words_that_are_gone_are_shown_as_they_were() {
    let folder = locked();
    let before = folder.lock();
    folder.replace("sources/moss2020.txt", "before the winter", "before the summer");
    folder.replace("sources/reed.html", "Tide tables were first printed", "Nobody printed anything");
    folder.replace("sources/reed.html", "who sold them to captains", "or for anybody else who asked");
    let found = folder.found();
    assert_eq!(
        found,
        [
            pair(
                "source-changed",
                "moss2020 has changed since it was locked: it had these words (¶ 2); now it has “said it would begin work before the summer” (¶ 2)."
            ),
            pair(
                "source-changed",
                "reed2021 has changed since it was locked: it had “Tide tables were first printed for the pilots of the estuary, who sold them to captains” (¶ 1); now it has not."
            ),
        ]
    );
    assert_eq!(folder.check(&[]).code, 1);
    // The brief is not rewritten to agree with a source that someone changed.
    let brief = std::fs::read_to_string(folder.path.join("briefs/ports.md")).expect("there");
    assert_eq!(folder.check(&["--diff"]).out, "");
    folder.check(&["--fix"]);
    assert_eq!(std::fs::read_to_string(folder.path.join("briefs/ports.md")).expect("there"), brief);

    let diff = "moss2020 (sources/moss2020.txt): changed\n\
         \u{20} - briefs/ports.md, ¶ 2: gone: “said it would begin work before the winter”\n\
         \u{20} + briefs/ports.md, ¶ 2: nearest: “said it would begin work before the summer”\n\
         reed2021 (sources/reed.html): changed\n\
         \u{20} - briefs/ports.md, ¶ 1: gone: “Tide tables were first printed for the pilots\n\
         \u{20}     of the estuary, who sold them to captains”\n";
    let said = folder.run(&["lock", "--check"]);
    assert_eq!((said.code, said.out.as_str()), (1, diff));
    let said = folder.run(&["lock"]);
    let kept = "glossator.lock is unchanged: 2 sources, 2 quotations.\n\
        What has changed is still recorded as it was. Review it, then accept it with --update.\n";
    assert_eq!((said.code, said.out), (0, format!("{diff}{kept}")));
    assert_eq!(folder.lock(), before);
    let said = folder.run(&["lock", "--update"]);
    assert_eq!(said.out, format!("{diff}Wrote glossator.lock: 2 sources, 0 quotations.\n"));
    // Now it is the brief that is wrong.
    let codes: Vec<String> = folder.found().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["altered-quotation", "quotation-not-found"]);
    assert_eq!(folder.run(&["lock", "--check"]).code, 0);
}

#[test]
fn a_change_elsewhere_stays_silent() {
    for (name, text) in [
        // As git and editors write it on Windows.
        ("sources/moss2020.txt", format!("\u{feff}{}", HARBOURS.replace('\n', "\r\n"))),
        ("sources/moss2020.txt", HARBOURS.to_owned()),
    ] {
        let folder = locked();
        folder.write(name, &text);
        assert_eq!(folder.found(), []);
        assert_eq!(folder.run(&["lock", "--check"]).code, 0);
    }
    let folder = locked();
    folder.replace("sources/moss2020.txt", "since the spring", "since the autumn");
    // The same words in other bytes.
    folder.replace("sources/reed.html", "<p>", "<p class=\"new\">");
    // Rewrapped in the brief, which says something else around it now.
    folder.replace(
        "briefs/ports.md",
        "The authority “said it would begin\nwork",
        "He “said it would\nbegin work",
    );
    assert_eq!(folder.found(), []);
    let said = folder.run(&["lock", "--check"]);
    assert_eq!(
        said.out,
        "moss2020 (sources/moss2020.txt): changed; all quoted words are still there\n\
         reed2021 (sources/reed.html): changed; all quoted words are still there\n"
    );
    // A quotation that the writer changed is judged as before.
    folder.replace("briefs/ports.md", "before the winter”", "before the summer”");
    let codes: Vec<String> = folder.found().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["altered-quotation"]);
}

#[test]
fn words_are_found_again_where_they_are_now() {
    let folder = locked();
    folder.replace(
        "sources/moss2020.txt",
        "The port authority",
        "It rained for a week.\n\nThe port authority",
    );
    let moved = "The quoted words are in ¶ 3, not in ¶ 2. They were in ¶ 2 when the source was locked.";
    assert_eq!(folder.found(), [pair("locator-mismatch", moved)]);
    assert!(
        folder.run(&["lock", "--check"]).out.contains(
            "  - briefs/ports.md, ¶ 2: “said it would begin work before the winter”\n  + briefs/ports.md, ¶ 3: “said"
        )
    );

    // The key is that of the file.
    let folder = locked();
    std::fs::rename(folder.path.join("sources/moss2020.txt"), folder.path.join("sources/moss.txt"))
        .expect("moved");
    let unknown = "Unknown citation key moss2020: it was sources/moss2020.txt when it was locked, and moss has the words that were quoted from it.";
    let found = folder.found();
    assert!(
        !found.is_empty() && found.iter().all(|one| *one == pair("unknown-citation", unknown)),
        "{found:#?}"
    );
    let said = folder.run(&["lock", "--update"]);
    assert!(said.out.starts_with("moss2020 (sources/moss2020.txt): has no text any more\n"), "{said:?}");
    assert!(folder.lock().contains("begin work before the winter"), "it is still cited");

    // Gone.
    std::fs::remove_file(folder.path.join("sources/moss.txt")).expect("removed");
    let unknown = "Unknown citation key moss2020: it was sources/moss2020.txt when it was locked, and no source has this key now.";
    assert!(folder.found().contains(&pair("unknown-citation", unknown)), "{:#?}", folder.found());

    // The entry has followed the file.
    let folder = locked();
    std::fs::rename(folder.path.join("sources/reed.html"), folder.path.join("tides.html")).expect("moved");
    folder.replace("refs.bib", "sources/reed.html", "tides.html");
    assert_eq!(folder.found(), []);
    assert_eq!(folder.run(&["lock", "--check"]).out, "reed2021 (tides.html): was sources/reed.html\n");
}

#[test]
fn a_source_whose_text_is_gone_is_reported_once() {
    let folder = locked();
    std::fs::remove_file(folder.path.join("sources/reed.html")).expect("removed");
    let missing = "The text of reed2021, which was sources/reed.html when it was locked, cannot be read now: there is no such file. Its quotations are not checked.";
    let found = folder.found();
    assert_eq!(found.iter().filter(|(code, _)| code == "source-missing").count(), 1, "{found:#?}");
    assert!(found.contains(&pair("source-missing", missing)), "{found:#?}");
    // hale2022 never had one.
    assert!(!found.iter().any(|(_, message)| message.contains("hale2022")), "{found:#?}");
}

#[test]
fn what_is_not_cited_any_more_is_dropped_when_asked() {
    let folder = locked();
    folder.write("briefs/other.md", "He “has not paid for dredging since the spring” [@moss2020].\n");
    folder.write("briefs/ports.md", "Nothing, says [@moss2020].\n");
    // Only what the named brief quotes is added.
    let said = folder.run(&["lock", "briefs/other.md"]);
    assert!(said.out.contains("2 sources, 3 quotations"), "{said:?}");
    let said = folder.run(&["lock", "--update", "briefs/other.md"]);
    assert!(said.out.contains("reed2021 (sources/reed.html): not cited any more\n"), "{said:?}");
    assert!(said.out.contains("1 source, 2 quotations"), "{said:?}");
    assert!(folder.lock().contains("before the winter"), "the other brief was not reviewed");
    let said = folder.run(&["lock", "--update"]);
    assert!(said.out.contains("  - briefs/ports.md, ¶ 2: “said it would"), "{said:?}");
    assert!(said.out.contains("1 source, 1 quotation."), "{said:?}");
    // A brief that is gone.
    std::fs::remove_file(folder.path.join("briefs/other.md")).expect("removed");
    folder.run(&["lock", "--update"]);
    assert!(!folder.lock().contains("[[source.quotation]]"));
}

#[test]
fn a_lock_that_cannot_be_read_is_never_replaced() {
    for (from, to, line, message) in [
        ("version = 1", "version = 9", 3, "This lock has format 9"),
        ("key = \"reed2021\"", "kye = \"reed2021\"", 16, "unknown field `kye`"),
        ("sha256 = ", "<<<<<<< ours\nsha256 = ", 8, "This is an unresolved merge conflict."),
    ] {
        let folder = locked();
        folder.replace("glossator.lock", from, to);
        let damaged = folder.lock();
        for arguments in [&["lock"][..], &["lock", "--update"], &["lock", "--check"]] {
            let said = folder.run(arguments);
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
            let start = format!("glossator: glossator.lock:{line}: {message}");
            assert!(said.err.starts_with(&start), "{said:?}");
            assert!(said.err.contains("delete"), "{said:?}");
        }
        assert_eq!(folder.lock(), damaged);
        // The rest is checked.
        let said = folder.check(&[]);
        assert!(said.err.contains(&format!("glossator.lock: Line {line}: {message}")), "{said:?}");
        assert!(said.out.contains("quotation-not-found"), "{said:?}");
    }
}

#[test]
fn an_editor_shows_the_change_and_forgets_it_once_it_is_accepted() {
    let folder = locked();
    let brief = folder.path.join("briefs/ports.md");
    let mut client = Client::initialized(&folder.path, UTF16);
    client.open(&brief, "markdown", BRIEF);
    let codes = |findings: &[Value]| {
        findings.iter().map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&client.findings(&brief)), ["quotation-not-found"]);
    let changed = |client: &mut Client, name: &str| {
        let change = json!({"uri": uri(&folder.path.join(name)), "type": 2});
        client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    };
    folder.replace("sources/moss2020.txt", "before the winter", "before the summer");
    changed(&mut client, "sources/moss2020.txt");
    let found = client.findings(&brief);
    assert_eq!(codes(&found), ["source-changed", "quotation-not-found"]);
    assert_eq!(found[0]["severity"], 2, "{found:#?}");
    let fixes = client.request(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri(&brief)}, "range": found[0]["range"], "context": {"diagnostics": [found[0]]}}),
    );
    let fixes = fixes["result"].as_array().expect("actions").clone();
    let fix = fixes.iter().find(|fix| fix["title"] == "Quote what the source has now");
    let fix = fix.unwrap_or_else(|| panic!("{fixes:#?}"));
    assert_eq!(fix["edit"]["changes"][uri(&brief)][0]["newText"], "summer", "{fix:#?}");
    assert_ne!(fix["isPreferred"], true, "{fix:#?}");
    assert_eq!(folder.run(&["lock", "--update"]).code, 0);
    changed(&mut client, "glossator.lock");
    assert_eq!(codes(&client.findings(&brief)), ["altered-quotation", "quotation-not-found"]);
}
