//! Our citations against Pandoc's: the recorded answers of Pandoc 3.9 to inputs of our own
//! (`tests/data/pandoc/record.py`). Every difference is listed here with its reason, and a listed
//! one that is gone fails the test too.

use std::fmt::Write as _;

use glossator::brief::citation::{self, Citation};
use glossator::brief::markdown::Markdown;

const URL: &str = "a key inside a bare URL is part of the URL";
const QUARTO: &str = "Quarto's cross-references are written like citations";
const ENT: &str = "an entity in a suffix is kept as written";
const SUP: &str = "superscript marks in a suffix are kept as written";
const NOTE: &str = "ours come in the order of the text, Pandoc's notes where they are referred to";
const STAR: &str = "Pandoc loses a group whose key runs into an asterisk without a partner";
const SPACE: &str = "a link whose target holds a space is none to CommonMark; the suffix keeps it as written";

/// Inputs that we read otherwise than Pandoc, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("http://x.org/@a", URL),
    ("see http://x.org/@a and [@b]", URL),
    ("@fig-one", QUARTO),
    ("@tbl-x and @sec-y", QUARTO),
    ("[@fig-one]", QUARTO),
    ("[@a; @fig-one]", QUARTO),
    ("@eq-x [p. 3]", QUARTO),
    ("[@a &amp; x]", ENT),
    ("[see @a, [x](u; v)]", SPACE),
    ("[@a ^2^]", SUP),
    ("x[^n] @b\n\n[^n]: Note @a.\n\n    more [@c]\n", NOTE),
    ("Prose [see @x*y, p. 3] here.", STAR),
];

#[derive(serde::Deserialize)]
struct Recorded {
    key: String,
    mode: String,
    prefix: String,
    suffix: String,
}

/// Words alone: typography and white space are Pandoc's to choose.
fn words(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '“' | '”' => out.push('"'),
            '‘' | '’' => out.push('\''),
            '–' => out.push_str("--"),
            '—' => out.push_str("---"),
            '…' => out.push_str("..."),
            _ if c.is_whitespace() => {}
            _ => out.push(c),
        }
    }
    out.trim_start_matches(',').to_owned()
}

fn ours(text: &str, citation: &Citation) -> String {
    let mode = match (citation.suppress_author, citation.author_in_text) {
        (true, _) => "suppress",
        (false, true) => "author_in_text",
        (false, false) => "normal",
    };
    let locator = citation.locator.as_ref().map_or("", |l| &text[l.span.start..l.span.end]);
    let suffix = words(&format!("{locator}{}", citation.suffix));
    format!("{} {mode} <{}> <{suffix}>", citation.key, words(&citation.prefix))
}

fn theirs(recorded: &Recorded) -> String {
    format!("{} {} <{}> <{}>", recorded.key, recorded.mode, words(&recorded.prefix), words(&recorded.suffix))
}

#[test]
fn citations_are_those_that_pandoc_reads() {
    let inputs: Vec<String> = serde_json::from_str(include_str!("../data/pandoc/inputs.json")).unwrap();
    let golden: Vec<Vec<Recorded>> =
        serde_json::from_str(include_str!("../data/pandoc/golden.json")).unwrap();
    assert_eq!(inputs.len(), golden.len(), "record.py has not been run since the inputs changed");
    let mut report = String::new();
    let mut differing = 0;
    for (input, golden) in inputs.iter().zip(&golden) {
        let (citations, _) = citation::find(input, &Markdown::read(input));
        let ours: Vec<String> = citations.iter().map(|citation| ours(input, citation)).collect();
        let theirs: Vec<String> = golden.iter().map(theirs).collect();
        let listed = DIFFERENCES.iter().any(|(listed, _)| listed == input);
        differing += usize::from(ours != theirs);
        if (ours == theirs) == listed {
            let what = if listed { "no longer differs" } else { "differs" };
            let _ = writeln!(report, "{input:?} {what}\n    ours    {ours:?}\n    Pandoc  {theirs:?}");
        }
    }
    for (listed, reason) in DIFFERENCES {
        assert!(inputs.iter().any(|input| input == listed), "{listed:?} ({reason}) is no input");
    }
    assert!(report.is_empty(), "{differing} of {} differ\n{report}", inputs.len());
}
