//! The bundled brief as a newcomer sees it: all its findings, and every quotation in place.

use std::path::Path;
use std::process::Command;

use expect_test::expect;
use serde_json::Value;

fn check(format: &str) -> (Option<i32>, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_glossator"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["check", "--format", format])
        .output()
        .expect("the program runs");
    (done.status.code(), String::from_utf8(done.stdout).expect("UTF-8"))
}

#[test]
fn its_three_mistakes_are_found_and_nothing_else() {
    let (code, seen) = check("human");
    assert_eq!(code, Some(1));
    expect![[r#"
        seeds/briefs/taliban-and-moscow.md:82:83 warning[unknown-citation] Unknown
            citation key kalinovski2024. Did you mean kalinovsky2024?
            | …e removal from the terrorist list is not settled [@kalinovski2024, ¶ 9].
            |                                                    ^^^^^^^^^^^^^^^
            help: Change to kalinovsky2024

        seeds/briefs/taliban-and-moscow.md:84:79 warning[locator-out-of-range]
            csactu2021 has no ¶ 41: its passages are ¶ 1 to ¶ 14.
            | …ons of September 2021 kept the Kremlin busy at home [@csactu2021, ¶ 41].
            |                                                                    ^^^^

        seeds/briefs/taliban-and-moscow.md:86:80 warning[citation-part-without-key]
            Pandoc ignores this bracket because “and elsewhere” has no citation key.
            Replace the semicolon with a comma, or add a key.
            | …what to expect of Kabul's new masters [@tenzer2021, ¶ 7; and elsewhere].
            |                                                          ^^^^^^^^^^^^^^
            help: Replace the semicolon with a comma

        Quotations: 23 verbatim.
        Compared with seeds/library.bib (5 entries) and 5 texts.
        3 warnings in 1 of 2 files.
    "#]]
    .assert_eq(&seen);
}

#[test]
fn every_quotation_stands_verbatim_where_its_locator_says() {
    let (_, seen) = check("json");
    let seen: Value = serde_json::from_str(&seen).expect("JSON");
    let brief = seen["files"]
        .as_array()
        .expect("files")
        .iter()
        .find(|file| file["path"].as_str().is_some_and(|path| path.ends_with(".md")));
    let brief = brief.expect("the brief");
    let quotations = brief["quotations"].as_array().expect("quotations");
    // Counted by hand in the brief.
    assert_eq!(quotations.len(), QUOTATIONS);
    for quotation in quotations {
        assert_eq!(quotation["verdict"], "verbatim", "{quotation}");
    }
}

/// 22 in quotation marks (as many as the brief has “) and one block quotation.
const QUOTATIONS: usize = 23;
