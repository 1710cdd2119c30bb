//! Likelihood and ratings over the protocol, if the workspace chooses a scale.

use serde_json::{Value, json};

use crate::desk::Desk;

const ENTRY: &str =
    "@online{rail2021,\n  author = {Orlova, Vera},\n  title = {Rails},\n  rating = {C3},\n}\n";
const BRIEF: &str = "𝄞 With high confidence, a deal is very likely [@rail2021]. It is highly likely.\n";

fn scaled(encoding: &str, settings: &str) -> Desk {
    Desk::of(encoding, &[("refs.bib", ENTRY), ("brief.md", BRIEF), ("glossator.toml", settings)])
}

#[test]
fn a_chosen_scale_shows_ranges_and_marks_what_does_not_fit() {
    // How many units more the clef takes than one code point.
    for (encoding, more) in [("utf-16", 1), ("utf-8", 3), ("utf-32", 0)] {
        let mut desk = scaled(encoding, "[standards]\nlikelihood = \"icd203\"\n");
        let findings = desk.findings.clone();
        let seen: Vec<(&str, &Value)> = findings
            .iter()
            .map(|found| (found["code"].as_str().expect("a code"), &found["range"]["start"]["character"]))
            .collect();
        let (level, other) = (json!(7 + more), json!(65 + more));
        let expected = [("likelihood-with-confidence", &level), ("mixed-likelihood-terms", &other)];
        assert_eq!(seen, expected, "{encoding}: {findings:?}");
        let card = desk.at("hover", "brief.md", 0, 36 + more);
        assert_eq!(
            card["range"],
            json!({"start": {"line": 0, "character": 34 + more}, "end": {"line": 0, "character": 45 + more}})
        );
        let words = card["contents"]["value"].as_str().expect("a card");
        assert!(words.starts_with("**very likely**: 80–95 % (ICD 203)"), "{words}");
        let card = desk.at("hover", "brief.md", 0, 50 + more);
        let words = card["contents"]["value"].as_str().expect("a card");
        assert!(words.contains("Rating C3: fairly reliable, possibly true"), "{words}");
    }
}

#[test]
fn without_a_scale_nothing_is_said() {
    let mut desk = scaled("utf-16", "");
    assert_eq!(desk.findings, Vec::<Value>::new());
    assert_eq!(desk.at("hover", "brief.md", 0, 37), Value::Null);
    let wrong = "[standards]\nlikelihood = \"kent\"\n";
    let desk = scaled("utf-16", wrong);
    assert_eq!(desk.findings, Vec::<Value>::new());
}
