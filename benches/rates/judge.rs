//! Writes a workspace, runs the program on it and collects the answer for each case.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::cases::{Case, Source, bare, habits::LEFT_OUT};

/// The program's answer for one case.
pub(crate) struct Answer {
    /// The verdicts on its quotations.
    pub(crate) verdicts: Vec<String>,
    /// The codes of its findings of level warning or error, and of the lower ones.
    pub(crate) loud: Vec<String>,
    pub(crate) soft: Vec<String>,
    /// The differing words: the brief's and the source's.
    pub(crate) differences: Vec<(String, String)>,
}

impl Answer {
    /// Whether an altered quotation caused no warning.
    pub(crate) fn misses(&self) -> bool {
        const FOUND: [&str; 4] =
            ["altered-quotation", "spliced-quotation", "quotation-not-found", "quotation-from-other-source"];
        !self.loud.iter().any(|code| FOUND.contains(&code.as_str()))
    }

    /// Whether the reported differences are exactly the words that were changed.
    pub(crate) fn names(&self, case: &Case) -> bool {
        let (mine, theirs) = (bare(&case.brief), bare(&case.source));
        if case.kind == LEFT_OUT {
            return self.differences.iter().all(|(mine, _)| bare(mine).is_empty());
        }
        if case.kind == "words swapped" {
            let inside = |text: &String, all: &str| bare(text).split(' ').all(|word| all.contains(word));
            return !self.differences.is_empty()
                && self.differences.iter().all(|(a, b)| inside(a, &mine) && inside(b, &theirs));
        }
        matches!(&self.differences[..], [(a, b)] if bare(a) == mine && bare(b) == theirs)
    }
}

/// Number of cases per brief, to keep briefs a realistic length.
const TOGETHER: usize = 250;

/// The answers to `cases`, in order.
pub(crate) fn answers(sources: &[Source], cases: &[Case]) -> Vec<Answer> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let mut library = String::new();
    for source in sources {
        let plain = || source.paragraphs.join("\n\n") + "\n";
        write(&format!("{}.{}", source.key, source.ending), &source.laid.clone().unwrap_or_else(plain));
        let key = &source.key;
        let _ = write!(
            library,
            "@misc{{{key},\n  title = {{Text of {key}}},\n  file = {{{key}.{}}},\n}}\n\n",
            source.ending
        );
    }
    write("library.bib", &library);
    write("glossator.toml", "[briefs]\ninclude = [\"brief*.md\"]\n");
    let mut spans: Vec<(String, usize, usize)> = Vec::new();
    for (number, some) in cases.chunks(TOGETHER).enumerate() {
        let (name, mut text) = (format!("brief{number:03}.md"), String::from("# Quotations\n\n"));
        for case in some {
            let start = text.len();
            text.push_str(&case.paragraph);
            spans.push((name.clone(), start, text.len()));
            text.push_str("\n\n");
        }
        write(&name, &text);
    }
    let report = run(folder.path());
    let file = |name: &str| {
        let files = report["files"].as_array().expect("files");
        files.iter().find(|file| file["path"] == name).unwrap_or(&Value::Null)
    };
    let empty = Vec::new();
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_else(|| empty.clone());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut last = (String::new(), Vec::new(), Vec::new());
    let mut out = Vec::new();
    for (name, start, end) in spans {
        if last.0 != name {
            last = (name.clone(), list(&file(&name)["findings"]), list(&file(&name)["quotations"]));
            assert!(!last.2.is_empty(), "{name} has quotations");
        }
        let inside =
            |bytes: &Value| bytes[0].as_u64().is_some_and(|at| (start..end).contains(&(at as usize)));
        let mut answer = Answer { verdicts: vec![], loud: vec![], soft: vec![], differences: vec![] };
        for found in last.1.iter().filter(|found| inside(&found["range"]["bytes"])) {
            let loud = matches!(found["severity"].as_str(), Some("warning" | "error"));
            if loud { &mut answer.loud } else { &mut answer.soft }.push(text(&found["code"]));
        }
        for quotation in last.2.iter().filter(|quotation| inside(&quotation["bytes"])) {
            answer.verdicts.push(text(&quotation["verdict"]));
            for one in list(&quotation["differences"]) {
                answer.differences.push((text(&one["brief"]), text(&one["source"])));
            }
        }
        out.push(answer);
    }
    out
}

fn run(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_glossator"))
        .args(["check", "--format", "json", "."])
        .current_dir(folder)
        .output()
        .expect("the program runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
