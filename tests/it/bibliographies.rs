//! Libraries as people keep them: in several formats, in briefs, in copies.

use crate::desk::Desk;
use crate::folder::Folder;

const BRIEF: (&str, &str) =
    ("brief.md", "---\nbibliography: refs.ENDING\n---\n\nAs said [@moss2020, p. 3] and [@nobody1999].\n");

/// The output of `check` for the brief beside the library `text` in a file with extension `ending`.
fn said(ending: &str, text: &str) -> (i32, String) {
    let brief = BRIEF.1.replace("ENDING", ending);
    let name = format!("refs.{ending}");
    let said = Folder::of(&[(BRIEF.0, &brief), (&name, text)]).check(&["."]);
    (said.code, said.out + &said.err)
}

#[test]
fn what_pandoc_reads_is_a_library() {
    for (ending, text) in [
        ("ris", "TY  - JOUR\nID  - moss2020\nAU  - Moss, Ada\nER  - \n"),
        ("yaml", "references:\n- id: moss2020\n  title: Silt\n"),
        ("yml", "- {id: moss2020, title: Silt}\n"),
        ("yaml", "moss2020:\n  type: book\n  title: Silt\n"),
        ("json", "[{\"id\": \"moss2020\"}]"),
        ("bibtex", "@misc{moss2020}"),
    ] {
        let (code, said) = said(ending, text);
        assert_eq!((code, said.matches("unknown-citation").count()), (1, 1), "{ending}: {said}");
        assert!(said.contains("key nobody1999"), "{ending}: {said}");
    }
}

#[test]
fn a_library_of_another_kind_is_named() {
    let (_, said) = said("enl", "Some EndNote bytes");
    assert!(said.contains("refs.enl: Not a library format"), "{said}");
}

#[test]
fn the_libraries_that_a_project_names_are_read() {
    let folder = Folder::of(&[
        ("_quarto.yml", "project:\n  type: book\nbibliography: data/refs.json\n"),
        ("data/refs.json", "[{\"id\": \"moss2020\"}]"),
        ("index.qmd", "See [@moss2020] and [@mos2020].\n"),
    ]);
    let said = folder.check(&["."]).out;
    assert!(said.contains("Change to moss2020") && said.contains("1 warning"), "{said}");
}

#[test]
fn a_chapter_names_its_library_from_the_book() {
    let folder = Folder::of(&[
        ("data/refs.json", "[{\"id\": \"moss2020\"}]"),
        ("chapters/one.Rmd", "---\nbibliography: data/refs.json\n---\n\nSee [@moss2020] and [@mos2020].\n"),
    ]);
    let said = folder.check(&["."]);
    assert!(said.out.contains("Change to moss2020") && said.err.is_empty(), "{said:?}");
}

#[test]
fn nothing_is_said_aloud_of_keys_while_a_library_is_missing() {
    let brief = "---\nbibliography: [refs.bib, gone.bib]\n---\n\nSee [@moss2020] and [@nobody1999].\n";
    let folder = Folder::of(&[("brief.md", brief), ("refs.bib", "@misc{moss2020}\n")]);
    let said = folder.check(&["."]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.out.contains("1 hint") && said.err.contains("gone.bib: Cannot read the library"),
        "{said:?}"
    );
}

#[test]
fn copies_are_one_and_others_are_not() {
    let entry = "@misc{moss2020, title = {Silt}, date = {2020}}\n";
    let check = |other: &str| {
        Folder::of(&[("refs.bib", entry), ("docs/refs.bib", other), ("brief.md", "See [@moss2020].\n")])
            .check(&["."])
            .out
    };
    assert!(!check(entry).contains("duplicate-entry"));
    assert!(
        !check(&format!("% A copy.\n\n{}{entry}", entry.replace(", ", ",\n  "))).contains("duplicate-entry")
    );
    assert!(check(&entry.replace("2020}}", "2021}}")).contains("duplicate-entry"));
    assert!(check(&format!("@misc{{other}}\n{}", entry.replace("Silt", "Salt"))).contains("duplicate-entry"));
}

#[test]
fn a_brief_that_holds_its_library_is_served_and_renamed() {
    let brief = "---\nreferences:\n- id: moss2020\n  title: Silt\n  author: [{family: Moss, given: Ada}]\n---\n\nSee @moss2020.\n";
    let mut desk = Desk::of("utf-16", &[("brief.md", brief)]);
    let card = desk.at("hover", "brief.md", 7, 8);
    assert!(card["contents"]["value"].as_str().is_some_and(|card| card.contains("Ada Moss")), "{card}");
    let place = desk.at("declaration", "brief.md", 7, 8);
    let place = if place.is_array() { place[0].clone() } else { place };
    let range = place.get("targetSelectionRange").or_else(|| place.get("range")).expect("a range");
    assert_eq!(range["start"]["line"], 2, "{place}");
    let renamed = desk.ask("rename", "brief.md", 7, 8, &[("newName", "moss2021".into())]);
    let edits = renamed["result"].to_string();
    assert_eq!(edits.matches("moss2021").count(), 2, "{edits}");
}

#[test]
fn an_abbreviation_that_nobody_defines_is_no_error() {
    let folder = Folder::of(&[
        ("refs.bib", "@article{moss2020, journal = JHR, year = n.d.}\n"),
        ("brief.md", "See [@moss2020].\n"),
    ]);
    let said = folder.check(&["."]).out;
    assert!(said.contains("2 warnings") && !said.contains("error["), "{said}");
}
