//! Compares our citations with recorded answers of Pandoc 3.9 to our own inputs
//! (`tests/data/pandoc/record.py`). Every difference is listed here with its reason; the test also fails if a
//! listed one has disappeared.

use std::fmt::Write as _;

use glossator::brief::citation::{self, Citation};
use glossator::brief::markdown::Markdown;

const URL: &str = "a key inside a bare URL is part of the URL";
const QUARTO: &str = "Quarto's cross-references are written like citations";
const ADDRESS: &str = "a person on a server is no source";
const NOTE: &str = "ours come in the order of the text, Pandoc's notes where they are referred to";
const SPACE: &str = "a link whose target holds a space is none to CommonMark; the suffix keeps it as written";

/// Inputs that we read differently from Pandoc, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("http://x.org/@a", URL),
    ("see http://x.org/@a and [@b]", URL),
    ("@user@mastodon.social", ADDRESS),
    ("@fig-one", QUARTO),
    ("@tbl-x and @sec-y", QUARTO),
    ("[@fig-one]", QUARTO),
    ("[@a; @fig-one]", QUARTO),
    ("@eq-x [p. 3]", QUARTO),
    ("[see @a, [x](u; v)]", SPACE),
    ("x[^n] @b\n\n[^n]: Note @a.\n\n    more [@c]\n", NOTE),
];

#[derive(serde::Deserialize)]
struct Recorded {
    key: String,
    mode: String,
    prefix: String,
    suffix: String,
}

/// Words only: Pandoc may choose its own typography and whitespace.
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

/// A label and value, ignoring typography.
fn same_value(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '–' => out.push('-'),
            '“' | '”' => out.push('"'),
            '‘' | '’' => out.push('\''),
            '…' => out.push_str("..."),
            _ => out.push(c),
        }
    }
    out.replace("--", "-")
}

/// Pandoc 3.9's citeproc, recorded by `tests/data/pandoc/locators.lua`. One difference is deliberate: for
/// braces with a single word and no term it gives no label, although its manual promises `page`; we follow
/// the manual.
#[test]
fn locators_are_those_that_pandoc_reads() {
    let suffixes: Vec<String> = serde_json::from_str(include_str!("../data/pandoc/locators.json")).unwrap();
    let golden: Vec<Option<(String, String)>> =
        serde_json::from_str(include_str!("../data/pandoc/locators-golden.json")).unwrap();
    assert_eq!(suffixes.len(), golden.len(), "locators.lua has not been run since the inputs changed");
    assert!(suffixes.len() >= 300);
    let mut report = String::new();
    for (suffix, golden) in suffixes.iter().zip(golden) {
        let input = format!("[@a{suffix}]");
        let (citations, _) = citation::find(&input, &Markdown::read(&input));
        let locator = citations.first().and_then(|citation| citation.locator.as_ref());
        let ours = locator.map(|locator| (locator.label.to_owned(), same_value(&locator.value)));
        let page = |label: String| if label.is_empty() { "page".to_owned() } else { label };
        let theirs = golden.map(|(label, value)| (page(label), same_value(&value)));
        if ours != theirs {
            let _ = writeln!(report, "{suffix:?}\n    ours    {ours:?}\n    Pandoc  {theirs:?}");
        }
    }
    assert!(report.is_empty(), "{report}");
}
