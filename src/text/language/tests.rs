use std::collections::BTreeSet;

use toml::{Table, Value};

use super::*;
use crate::text::Span;
use crate::text::words::Words;

/// Lists that a language may well have nothing for.
const MAY_BE_EMPTY: [&str; 3] =
    ["statements.negation_beginnings", "statements.negation_endings", "numbers.signs"];

/// What is not read in small letters: abbreviations and the calendar are as they are written.
const AS_WRITTEN: [&str; 3] = ["abbreviations.", "calendar.", "numbers.joint"];

fn english() -> Table {
    let english = FILES.iter().find(|file| file.tag == "en").expect("en.toml");
    english.text.parse().expect("en.toml is TOML")
}

/// What is wrong with the language file `tag`, in the words that its author needs.
fn faults(tag: &str, text: &str) -> Vec<String> {
    if let Err(error) = toml::from_str::<Tables>(text) {
        return vec![format!("{tag}.toml: {error}")];
    }
    let table: Table = text.parse().expect("it was read");
    let mut out = Vec::new();
    for name in ["code", "name", "script"] {
        if table.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            out.push(format!("{tag}.toml: {name} is missing"));
        }
    }
    let filled = table.get("scope").and_then(Value::as_str) == Some("checks");
    for (section, lists) in english().iter().filter_map(|(name, value)| Some((name, value.as_table()?))) {
        for list in lists.keys() {
            let path = format!("{section}.{list}");
            let found = table.get(section).and_then(|section| section.get(list));
            let is_empty = found.is_none_or(|found| words(found).is_empty());
            if filled && is_empty && !MAY_BE_EMPTY.contains(&path.as_str()) {
                out.push(format!("{tag}.toml: {path} is missing or empty"));
            }
        }
    }
    for (section, lists) in table.iter().filter_map(|(name, value)| Some((name, value.as_table()?))) {
        for (list, value) in lists {
            let path = format!("{section}.{list}");
            let mut seen = BTreeSet::new();
            for word in words(value) {
                let as_written = AS_WRITTEN.iter().any(|written| path.starts_with(written));
                if !as_written && word != word.to_lowercase() {
                    out.push(format!("{tag}.toml: {path}: {word} must be in lower case"));
                }
                if word.trim() != word || word.is_empty() || word.contains(['’', '“', '”']) {
                    out.push(format!("{tag}.toml: {path}: “{word}” has a blank or a mark too many"));
                }
                let cut = |word: &str| Words::read(word, [[Span::new(0, word.len())].as_slice()]).len();
                if !as_written && matches!(value, Value::String(_)) && cut(&word) != 1 {
                    out.push(format!("{tag}.toml: {path}: {word} is cut in texts, and never found"));
                }
                if !seen.insert(word.clone()) {
                    out.push(format!("{tag}.toml: {path}: {word} is there twice"));
                }
            }
        }
    }
    for (list, rows) in [("months", 12), ("weekdays", 7)] {
        let found = table.get("calendar").and_then(|calendar| calendar.get(list)).and_then(Value::as_array);
        if let Some(found) = found.filter(|found| found.len() != rows) {
            out.push(format!("{tag}.toml: calendar.{list} has {} rows, not {rows}", found.len()));
        }
    }
    out
}

/// The words or phrases of a list.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(words) => words.split_whitespace().map(str::to_owned).collect(),
        Value::Array(phrases) => phrases.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_language_has_every_table() {
    assert!(FILES.len() >= 6, "build.rs found the files");
    let faults: Vec<String> = FILES.iter().flat_map(|file| faults(file.tag, file.text)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let codes: BTreeSet<&str> = FILES.iter().map(|file| file.code).collect();
    assert_eq!(codes.len(), FILES.len(), "two files have the same code");
    for file in FILES {
        assert!(whatlang::Lang::from_code(file.code).is_some(), "{}: no such code", file.code);
    }
}

#[test]
fn a_fault_in_a_file_is_named() {
    let english = FILES.iter().find(|file| file.tag == "en").expect("en.toml").text;
    for (was, is, named) in [
        ("[speech]", "[speach]", "unknown field `speach`"),
        ("negations =", "negatoins =", "unknown field `negatoins`"),
        ("\njoins = \"and or\"", "", "sentences.joins is missing or empty"),
        ("joins = \"and or\"", "joins = \"and or and\"", "sentences.joins: and is there twice"),
        ("joins = \"and or\"", "joins = \"and Or\"", "sentences.joins: Or must be in lower case"),
        ("\"Sunday Sun\",", "", "calendar.weekdays has 6 rows, not 7"),
        ("joins = \"and or\"", "joins = \"and-or\"", "sentences.joins: and-or is cut in texts"),
        ("[\"according to\"]", "[\"according to \"]", "a blank or a mark too many"),
    ] {
        let broken = english.replacen(was, is, 1);
        assert_ne!(broken, english, "{was}");
        let faults = faults("xx", &broken).join("\n");
        assert!(faults.contains(named), "{named}: {faults}");
    }
    assert!(faults("en", english).is_empty());
}

#[test]
fn a_month_and_a_word_of_limits_mean_one_thing_in_all_languages() {
    for (at, file) in FILES.iter().enumerate() {
        for month in 0..12 {
            for word in tables(at).calendar.months.written(month) {
                let found = Language::every().month(&crate::text::words::spelled(word));
                assert_eq!(found, Some(month), "{}: {word}", file.tag);
            }
        }
        for phrase in tables(at).statements.limiters.iter() {
            let first = phrase[0].as_ref();
            let reverses = Language::every().has(first, |tables| &tables.statements.reversals);
            assert!(!(phrase.len() == 1 && reverses), "{}: {first} limits and reverses", file.tag);
        }
    }
}

#[test]
fn the_detector_chooses_the_tables() {
    let negates = |code, word| Language::of(code).negates(word);
    assert!(negates(Some("eng"), "not") && negates(Some("eng"), "don't") && !negates(Some("eng"), "nicht"));
    assert!(negates(Some("deu"), "nicht") && !negates(Some("deu"), "not"));
    assert!(negates(Some("fra"), "n'est") && negates(Some("rus"), "не") && negates(Some("ukr"), "ні"));
    // Nobody knows: English, and what can't be English.
    assert!(negates(None, "not") && negates(None, "не") && !negates(None, "sin"));
    assert_eq!(Language::of(Some("swe")), Language::unknown());
    assert_eq!(Language::of_tag(Some("de-AT")), Language::of(Some("deu")));
    assert_eq!(Language::of_tag(None), Language::unknown());
}

#[test]
fn numbers_are_read_in_each_language() {
    let number = |code, word| Language::of(Some(code)).number(word);
    assert_eq!(number("eng", "forty"), Some(40.0));
    assert_eq!((number("deu", "fünfundzwanzig"), number("deu", "hund")), (Some(25.0), None));
    assert_eq!((number("rus", "четырех"), number("ukr", "п'ять")), (Some(4.0), Some(5.0)));
    assert_eq!(Language::of(Some("rus")).scale("млрд"), Some(1e9));
    assert_eq!(Language::english().scale("bn"), Some(1e9));
}
