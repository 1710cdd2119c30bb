//! Our references and citations beside Pandoc's: `tests/bibliography/pandoc` has what Pandoc 3.9 made of the same library, brief
//! and styles (`pandoc.py` there says how). Where the two differ is listed in `tests/bibliography/agreement.md`.

#![allow(clippy::print_stderr)] // with SHOW set, the differences are for whoever looks into them

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use expect_test::expect_file;
use glossator::corpus::style;
use glossator::features::bibliography::{self, export};
use glossator::text::FileId;
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host, Snapshot};
use regex::Regex;

const STYLES: [&str; 12] = [
    "american-medical-association",
    "american-political-science-association",
    "apa",
    "chicago-author-date",
    "chicago-notes",
    "harvard-cite-them-right",
    "ieee",
    "mla",
    "modern-humanities-research-association",
    "nature",
    "turabian-author-date",
    "vancouver",
];

fn data() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bibliography"))
}

/// A workspace with the library and `brief`.
fn loaded(folder: &Path, brief: &str) -> (Snapshot, FileId) {
    std::fs::copy(data().join("library.bib"), folder.join("library.bib")).expect("the library");
    let path = folder.join("brief.md");
    std::fs::write(&path, brief).expect("the brief");
    let mut host = Host::default();
    host.apply(Change::Loaded(Loader::new(folder.to_path_buf()).load(&|_| {})));
    (host.snapshot(), FileId::new(path))
}

/// `html` with no tags but those of emphasis.
fn bare(html: &str) -> String {
    let tags = Regex::new("</?(a|span|u|p)\\b[^>]*>").expect("a pattern");
    let text = tags.replace_all(html, "");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // A blank at the end of emphasis looks the same outside.
    text.replace(" </em>", "</em> ")
}

/// A key and the text that is printed for it.
type Row = (String, String);

/// The rows of the golden data: those of references, and those of the brief.
fn golden(name: &str) -> (Vec<Row>, Vec<Row>) {
    let text =
        std::fs::read_to_string(data().join("pandoc").join(format!("{name}.tsv"))).expect("golden data");
    let row = |line: &str| {
        line.split_once('\t').map(|(key, text)| (key.to_owned(), text.replace(" </em>", "</em> ")))
    };
    let rows: Vec<_> = text.lines().filter_map(row).collect();
    rows.into_iter().partition(|(key, _)| !key.starts_with(|c: char| c.is_uppercase()))
}

/// The paragraphs of an exported brief by their first word, with notes in braces as in the golden data.
fn paragraphs(html: &str) -> BTreeMap<String, String> {
    let note = Regex::new(r#"(?s)<div class="footnote-definition" id="([^"]+)">.*?<p>(.*?)</p>"#)
        .expect("a pattern");
    let notes: BTreeMap<&str, String> = note
        .captures_iter(html)
        .map(|found| (found.get(1).expect("an id").as_str(), bare(&found[2])))
        .collect();
    let mark = Regex::new(r##"<sup class="footnote-reference"><a href="#([^"]+)">[^<]*</a></sup>"##)
        .expect("a pattern");
    let paragraph = Regex::new("(?s)<p>(A\\d\\d) (.*?)</p>").expect("a pattern");
    let with_notes = |text: &str| {
        bare(&mark.replace_all(text, |found: &regex::Captures<'_>| format!(" {{{}}}", notes[&found[1]])))
    };
    paragraph.captures_iter(html).map(|found| (found[1].to_owned(), with_notes(&found[2]))).collect()
}

#[test]
fn references_and_citations_agree_with_pandoc_but_for_those_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (all, all_file) = loaded(folder.path(), "---\nnocite: \"@*\"\n---\n");
    let works = bibliography::cited(&all, std::slice::from_ref(&all_file));
    assert_eq!(works.items.len(), 40);
    let forms = tempfile::tempdir().expect("a folder");
    let brief = std::fs::read_to_string(data().join("brief.md")).expect("the brief");
    let (snap, file) = loaded(forms.path(), &brief);
    let mut table =
        String::from("| style | references | order | citations | that differ |\n|---|---|---|---|---|\n");
    for name in STYLES {
        let (references, citations) = golden(name);
        let style = style::named(name).expect("a style");
        let ours = bibliography::list(&style, &works.items, None).expect("a list");
        let order = ours.iter().map(|entry| &entry.key).eq(references.iter().map(|(key, _)| key));
        let ours: BTreeMap<String, String> =
            ours.iter().map(|entry| (entry.key.clone(), bare(&entry.whole().html()))).collect();
        let exported = export::export(&snap, &file, &style, false).expect("an export");
        let forms = paragraphs(&exported.html("brief"));
        let differ = |rows: &[(String, String)], ours: &BTreeMap<String, String>| -> Vec<String> {
            rows.iter()
                .filter(|(key, text)| ours.get(key) != Some(text))
                .map(|(key, _)| key.clone())
                .collect()
        };
        let (mut other, cites) = (differ(&references, &ours), differ(&citations, &forms));
        if std::env::var_os("SHOW").is_some() {
            for (key, text) in references.iter().filter(|(key, _)| other.contains(key)) {
                eprintln!("{name} {key}\n  pandoc {text}\n  ours   {}", ours[key]);
            }
            for (key, text) in citations.iter().filter(|(key, _)| cites.contains(key)) {
                eprintln!(
                    "{name} {key}\n  pandoc {text}\n  ours   {}",
                    forms.get(key).map_or("", String::as_str)
                );
            }
        }
        other.sort();
        let (same, agree) = (references.len() - other.len(), citations.len() - cites.len());
        other.extend(cites);
        let order = if order { "the same" } else { "differs" };
        let other = if other.is_empty() { "none".into() } else { other.join(", ") };
        writeln!(
            table,
            "| {name} | {same} of {} | {order} | {agree} of {} | {other} |",
            references.len(),
            citations.len()
        )
        .expect("written");
    }
    expect_file!["../bibliography/agreement.md"].assert_eq(&table);
    let page = include_str!("../../docs/bibliography.md");
    assert!(page.contains(&table), "docs/bibliography.md has another table of agreement");
}

/// No mark that is only for our own use, and no escape code, is left in what is printed.
#[test]
fn every_built_in_style_prints_every_reference() {
    let folder = tempfile::tempdir().expect("a folder");
    let (all, file) = loaded(folder.path(), "---\nnocite: \"@*\"\n---\n");
    let works = bibliography::cited(&all, std::slice::from_ref(&file));
    for name in style::names() {
        let style = style::named(name).expect("a style");
        let list = bibliography::list(&style, &works.items, None).expect(name);
        assert_eq!(list.len(), works.items.len(), "{name}");
        for entry in &list {
            let text = entry.whole().text();
            assert!(!text.trim().is_empty(), "{name} {}", entry.key);
            let odd = |c: char| {
                c.is_control() && c != '\n' || ('\u{e000}'..='\u{f8ff}').contains(&c) || c > '\u{f0000}'
            };
            assert!(!text.contains(odd), "{name} {}: {text:?}", entry.key);
        }
    }
}
