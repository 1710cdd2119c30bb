//! `glossator check` as hooks and editors run it: text on standard input, fixes, baselines, short output.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::folder::Folder;

const SOURCE: &str = "On mills\n\nThe miller opened every gate that the council had closed in spring.\n\n\
                      Nobody asked who would pay for the gates, and nobody wanted to know.\n";

/// A workspace with one source, `mill2020`, and the brief `brief.md`.
fn folder(brief: &str) -> Folder {
    Folder::of(&[
        ("refs.bib", "@misc{mill2020, title={On mills}, file={mill.txt}}\n"),
        ("mill.txt", SOURCE),
        ("brief.md", brief),
    ])
}

fn run(folder: &Path, input: &[u8], arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_glossator"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    // A program that does not read its input may be gone by now.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    (text(&output.stdout), text(&output.stderr))
}

const RIGHT: &str = "The “miller opened every gate that the council had closed” [@mill2020].\n";
const WRONG: &str = "The “miller opened every door that the council had closed” [@mill2020].\n";

#[test]
fn a_text_on_standard_input_is_checked_as_the_file_it_is_named() {
    let at = folder(RIGHT);
    std::fs::create_dir(at.path.join("new")).expect("made");
    for name in ["brief.md", "new/other.md"] {
        let output = run(&at.path, WRONG.as_bytes(), &["check", "--stdin", "--stdin-filename", name]);
        let (out, err) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{err}");
        assert!(out.contains(&format!("{name}:1:26 warning[altered-quotation]")), "{out}");
        assert!(out.contains("in 1 of 1 file."), "{out}");
    }
    let output = run(&at.path, RIGHT.as_bytes(), &["check", "--stdin"]);
    assert_eq!(output.status.code(), Some(0), "{:?}", texts(&output));
    for (name, told) in [
        ("gone/brief.md", "no such file or folder"),
        ("mill.txt", "is not a brief. Name a Markdown file"),
        ("..", "is not the name of a file"),
    ] {
        let output = run(&at.path, WRONG.as_bytes(), &["check", "--stdin", "--stdin-filename", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(texts(&output).1.contains(told), "{name}: {}", texts(&output).1);
    }
    let output = run(&at.path, b"a\xff\xfe\0\x01\x02\x03", &["check", "--stdin"]);
    assert!(output.status.code().is_some_and(|code| code == 0 || code == 2), "{:?}", texts(&output));
}

#[test]
fn only_certain_words_of_cited_quotations_are_restored() {
    let brief = format!(
        "{WRONG}\r\nÉ “nobody asked who should pay for the gates” [@mill2020].\r\n\n\
         Uncited: “opened every door that the council had closed in spring”.\n\n\
         Short: “opened every door that” [@mill2020].\n\n\
         At its end: “opened every gate that the council had shut” [@mill2020].\n\n\
         <!-- glossator: ignore altered-quotation -->\nMeant: “every door that the council had closed in spring” [@mill2020]."
    );
    let at = folder(&brief);
    let path = at.path.join("brief.md");
    let output = run(&at.path, b"", &["check", "--diff", "brief.md"]);
    let (diff, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), brief, "a diff changes nothing");
    for line in [
        "--- a/brief.md",
        "+++ b/brief.md",
        "-The “miller opened every door that the council had closed” [@mill2020].",
        "+The “miller opened every gate that the council had closed” [@mill2020].",
    ] {
        assert!(diff.contains(&format!("{line}\n")), "{line} in {diff}");
    }
    let output = run(&at.path, b"", &["check", "--fix", "brief.md"]);
    let (out, err) = texts(&output);
    assert!(out.starts_with("--- a/brief.md\n"), "{out}");
    assert!(err.contains("restored the source’s words in 2 places of 1 file"), "{err}");
    let fixed = brief.replacen("every door", "every gate", 1).replace("should pay", "would pay");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), fixed);
    let output = run(&at.path, b"", &["check", "--diff", "brief.md"]);
    assert_eq!(texts(&output).0, "", "nothing is left to fix");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_fix_keeps_the_byte_order_mark_and_leaves_other_encodings_alone() {
    let at = folder("");
    let path = at.path.join("brief.md");
    std::fs::write(&path, format!("\u{feff}{WRONG}")).expect("written");
    run(&at.path, b"", &["check", "--fix", "brief.md"]);
    assert_eq!(std::fs::read_to_string(&path).expect("there"), format!("\u{feff}{RIGHT}"));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(WRONG.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, &wide).expect("written");
    let output = run(&at.path, b"", &["check", "--fix", "brief.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(texts(&output).1.contains("brief.md: not fixed: it is not in UTF-8"), "{}", texts(&output).1);
    assert_eq!(std::fs::read(&path).expect("there"), wide);
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let at = folder("");
    let output = run(&at.path, WRONG.as_bytes(), &["check", "--stdin", "--fix"]);
    assert_eq!(texts(&output).0, RIGHT);
    assert_eq!(output.status.code(), Some(0), "{}", texts(&output).1);
}

#[test]
fn findings_of_a_baseline_are_not_reported_wherever_they_move() {
    let at = folder(WRONG);
    let output = run(&at.path, b"", &["check", "--baseline", "known.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        texts(&output)
            .1
            .contains("known.json: can't be read as a baseline: there is no such file. Write it with")
    );
    let output = run(&at.path, b"", &["check", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(texts(&output).1.contains("wrote 1 finding to known.json"), "{}", texts(&output).1);
    let check = || run(&at.path, b"", &["check", "--baseline", "known.json"]);
    assert_eq!(check().status.code(), Some(0));
    // Nor are its words compared with those of the source.
    assert!(texts(&run(&at.path, b"", &["check"])).0.contains(" altered from "));
    assert!(!texts(&check()).0.contains(" altered from "), "{}", texts(&check()).0);
    let moved = format!("# Mills\n\n{WRONG}");
    std::fs::write(at.path.join("brief.md"), &moved).expect("written");
    assert_eq!(check().status.code(), Some(0), "{:?}", texts(&check()));
    // The same mistake once more is a new one.
    std::fs::write(at.path.join("brief.md"), format!("{moved}\n{WRONG}")).expect("written");
    let output = check();
    assert_eq!(output.status.code(), Some(1));
    assert!(texts(&output).0.contains("1 warning in 1 of"), "{}", texts(&output).0);
    std::fs::write(at.path.join("brief.md"), RIGHT).expect("written");
    let told = "gone since known.json was written: 1 finding. Update it with --write-baseline";
    assert!(texts(&check()).1.contains(told), "{}", texts(&check()).1);
    // A file that is not checked has no findings that are gone.
    std::fs::write(at.path.join("other.md"), RIGHT).expect("written");
    let output = run(&at.path, b"", &["check", "--baseline", "known.json", "other.md"]);
    assert_eq!(texts(&output).1, "");
    for (text, told) in
        [("[]", "is not a baseline ("), ("{\"version\": 9, \"findings\": []}", "of version 9")]
    {
        std::fs::write(at.path.join("known.json"), text).expect("written");
        assert_eq!(check().status.code(), Some(2));
        assert!(texts(&check()).1.contains(told), "{}", texts(&check()).1);
    }
}

#[test]
fn output_can_be_short() {
    let at = folder(&format!("{WRONG}\n{WRONG}\nSee [@gone2020].\n"));
    let (out, _) = texts(&run(&at.path, b"", &["check", "--statistics"]));
    assert_eq!(out, "2  altered-quotation  warning\n1  unknown-citation  warning\n");
    let output = run(&at.path, b"", &["check", "--quiet"]);
    let (out, err) = texts(&output);
    assert!(out.contains("warning[unknown-citation]") && !out.contains("Quotations:"), "{out}");
    assert!(!out.contains("Compared with") && !out.contains(" in 1 of") && err.is_empty(), "{out}{err}");
    assert_eq!(output.status.code(), Some(1));
    std::fs::write(at.path.join("brief.md"), RIGHT).expect("written");
    assert_eq!(texts(&run(&at.path, b"", &["check", "-q"])).0, "");
}

#[test]
fn gitlab_gets_a_code_quality_report() {
    let at = folder(&format!("# Mills\n\n{WRONG}\n{WRONG}"));
    let report = || run(&at.path, b"", &["check", "--format", "gitlab"]);
    let read =
        |output: &Output| -> Vec<serde_json::Value> { serde_json::from_slice(&output.stdout).expect("JSON") };
    let issues = read(&report());
    let [first, second] = issues.as_slice() else { panic!("{issues:#?}") };
    assert_eq!(first["check_name"], "altered-quotation");
    assert_eq!(first["severity"], "minor");
    assert_eq!(first["location"], serde_json::json!({"path": "brief.md", "lines": {"begin": 3}}));
    assert_ne!(first["fingerprint"], second["fingerprint"]);
    // The same finding on another line is the same.
    std::fs::write(at.path.join("brief.md"), format!("# Mills\n\nNew.\n\n{WRONG}")).expect("written");
    assert_eq!(read(&report())[0]["fingerprint"], first["fingerprint"]);
}

/// Shells on Windows leave patterns as they are.
#[test]
fn a_pattern_names_the_briefs_that_match() {
    let at = folder(WRONG);
    at.write("briefs/deep/one.md", WRONG);
    at.write("briefs/two.qmd", WRONG);
    at.write("briefs/[draft] three.md", WRONG);
    at.write(".hidden/four.md", WRONG);
    let checked = |pattern: &str| {
        let said = at.check(&["--quiet", pattern]);
        assert_eq!(said.code, 1, "{pattern}: {said:?}");
        let files = said.out.lines().filter_map(|line| line.split_once(":1:26 warning"));
        files.map(|(file, _)| file.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(checked("*.md"), ["brief.md"]);
    assert_eq!(checked("briefs/*"), ["briefs/[draft] three.md", "briefs/two.qmd"]);
    assert_eq!(checked("**/*.md"), ["brief.md", "briefs/[draft] three.md", "briefs/deep/one.md"]);
    assert_eq!(checked("./briefs/t?o.{qmd,rmd}"), ["briefs/two.qmd"]);
    assert_eq!(checked(&at.path.join("b*.md").to_string_lossy()), ["brief.md"]);
    // A file of that name is no pattern.
    assert_eq!(checked("briefs/[draft] three.md"), ["briefs/[draft] three.md"]);
    let none = at.check(&["briefs/*.txt"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("briefs/*.txt: no Markdown file matches"), "{}", none.err);
}
