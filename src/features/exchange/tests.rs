use std::path::Path;

use serde_json::Value;

use super::*;
use crate::features::fixture::{Fixture, workspace};
use crate::features::notes;

const SOURCES: &str = "//- refs.bib
@online{moss2020, author={Moss, Ada}, title={On Harbours}, date={2020-05-04}, url={https://gauge.example/1}, file={sources/moss.txt}}

@book{reed2021, author={Reed, Tom}, title={A History of Tides}, date={2021}, file={sources/reed.txt}}
//- sources/moss.txt
On Harbours

Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year.

Fishermen from the northern villages now land their catch across the bay, where the water is deep enough at every tide.
//- sources/reed.txt
A History of Tides

Tide tables were first printed for the pilots of the estuary, who sold them to captains at a shilling for each copy.
";

const NOTES: &str = "//- notes/moss.md
# Moss

> Harbours silt up … the council has not paid for dredging
> [@moss2020, ¶ 1] ^silt

Whose job is it? See *the minutes*: #dredging #council/2020

- of May,
- of June. #minutes

> Fishermen from the *northern* villages [@moss2020, ¶ 2; @reed2021]

> seven sailors sang of a whale and of the chandler's dog [@moss2020] #odd

Where was this? [Here](https://x.example/a).
//- vault/@reed2021.md
> Tide tables were first printed for the pilots of the estuary ^tables

When?

> who sold them to captains
>
> at a shilling for each copy
> [@reed2021, ¶ 1]
";

/// Everything that a note says, without its place in the workspace.
fn told(at: &Fixture) -> Vec<String> {
    let tell = |note: notes::Note<'_>| {
        let loci: Vec<&str> = note
            .citations()
            .map(|one| one.locator.as_ref().map_or("", |locator| note.brief.text().slice(locator.span)))
            .collect();
        format!(
            "{} | {:?} {loci:?} | {} | {:?} {:?}",
            note.quoted(),
            note.keys(),
            note.comment(),
            note.annotation.tags,
            note.annotation.id
        )
    };
    let mut all: Vec<String> = notes::all(&at.snap).map(tell).collect();
    all.sort();
    all
}

/// A workspace with the sources and what an import wrote.
fn imported(imported: &Imported, folder: &Path) -> Fixture {
    let files = imported.edits.iter().map(|(file, edits)| {
        let name = file.path().strip_prefix(folder).expect("below").display().to_string();
        format!("//- {name}\n{}", edits.applied())
    });
    workspace(&format!("{SOURCES}{}", files.collect::<String>()))
}

fn exported(at: &Fixture, as_json: fn(&[Portable]) -> Value) -> String {
    let all: Vec<notes::Note<'_>> = notes::all(&at.snap).collect();
    as_json(&annotations(&at.snap, &all, at.folder())).to_string()
}

#[test]
fn nothing_is_lost_on_the_way_out_and_back() {
    for (format, as_json) in
        [(Format::W3c, w3c as fn(&[Portable]) -> Value), (Format::Hypothesis, hypothesis)]
    {
        let there = workspace(&format!("{SOURCES}{NOTES}"));
        let text = exported(&there, as_json);
        let (found, all, left) = read(&text).expect("a known format");
        assert_eq!((found, all.len(), left), (format, 5, 0));
        let empty = workspace(SOURCES);
        let result = import(&empty.snap, &all);
        assert_eq!((result.added, result.known, result.left.len()), (5, 0, 0));
        let back = imported(&result, empty.folder());
        let citing = told(&back).join("\n");
        // A note without a citation gets one, since it may go to a file about several sources.
        assert_eq!(
            citing,
            told(&there).join("\n").replace("[\"reed2021\"] [] | When?", "[\"reed2021\"] [\"¶ 1\"] | When?")
        );
        assert_eq!(import(&back.snap, &all).edits.len(), 0);
        assert_eq!(import(&back.snap, &all).known, 5);
        assert_eq!(import(&there.snap, &all).known, 5);
    }
}

#[test]
fn an_export_has_what_other_programs_look_for() {
    let there = workspace(&format!("{SOURCES}{NOTES}"));
    let page: Value = serde_json::from_str(&exported(&there, w3c)).expect("JSON");
    let fishermen = &page["items"][1];
    assert_eq!(fishermen["type"], "Annotation");
    assert_eq!(fishermen["target"]["source"], "https://gauge.example/1");
    let selector = &fishermen["target"]["selector"];
    assert_eq!(selector["type"], "TextQuoteSelector");
    assert_eq!(selector["exact"], "Fishermen from the northern villages");
    assert_eq!(selector["prefix"], " since the spring of that year. ");
    assert_eq!(selector["suffix"], " now land their catch across the");
    assert_eq!(page["items"][0]["body"][0]["purpose"], "commenting");
    assert_eq!(page["items"][0]["body"][1]["value"], "dredging");
    let file: Value = serde_json::from_str(&exported(&there, hypothesis)).expect("JSON");
    let first = &file["annotations"][0];
    assert_eq!(first["uri"], "https://gauge.example/1");
    assert_eq!(first["target"][0]["selector"][0]["type"], "TextQuoteSelector");
    assert_eq!(first["tags"], serde_json::json!(["dredging", "council/2020", "minutes"]));
}

/// The text that an import of `text` writes to the only file it writes.
fn written(text: &str) -> String {
    let at = workspace(SOURCES);
    let (_, all, _) = read(text).expect("a known format");
    let result = import(&at.snap, &all);
    assert!(result.left.is_empty(), "{:?}", result.left);
    let [edits] = result.edits.values().collect::<Vec<_>>()[..] else { panic!("{:?}", result.edits) };
    edits.applied()
}

const FISHERMEN: &str =
    "---\nsource: moss2020\n---\n\n> the water is deep enough at every tide\n> [@moss2020, ¶ 2]\n";

#[test]
fn hypothesis_is_read() {
    let text = r#"{"export_date": "2026-11-30T10:00:00Z", "annotations": [
        {"id": "a", "uri": "https://gauge.example/1", "text": "Since when?", "tags": ["tide levels", "2020"], "target": [{"source": "https://gauge.example/1",
         "selector": [{"type": "TextPositionSelector", "start": 1, "end": 2}, {"type": "TextQuoteSelector", "exact": "the water is deep enough at every tide", "prefix": "where ", "suffix": "."}]}]},
        {"id": "b", "uri": "https://gauge.example/1", "text": "A note on the page.", "tags": [], "target": [{"source": "https://gauge.example/1"}]}]}"#;
    assert_eq!(written(text), format!("{FISHERMEN}\nSince when? #tide-levels\n"));
    assert_eq!(read(text).expect("read").2, 1);
}

#[test]
fn web_annotations_are_read_in_any_shape() {
    let one = r#"{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "bodyValue": "Since when?",
        "target": {"source": {"id": "https://gauge.example/1"}, "selector": [{"type": "XPathSelector", "value": "/p[1]", "refinedBy": {"type": "TextQuoteSelector", "exact": "the water is deep enough at every tide"}}]}}"#;
    let page = format!(
        r#"{{"type": "AnnotationCollection", "first": {{"type": "AnnotationPage", "items": [{one}]}}}}"#
    );
    for text in [one.to_owned(), format!("[{one}]"), page] {
        assert_eq!(written(&text), format!("{FISHERMEN}\nSince when?\n"));
    }
}

#[test]
fn notes_of_zotero_are_read() {
    let linked = "# Annotations  \n(30/11/2026, 10:00:00)\n\n“the water is deep enough at every tide” ([Moss, 2020, p. 3](zotero://select/library/items/AB12)) ([pdf](zotero://open-pdf/library/items/CD34?page=3&annotation=EF56)) Since when?\n";
    assert_eq!(written(linked), format!("{FISHERMEN}\nSince when?\n"));
    let words = "> [“the water is deep enough at every tide”](zotero://open-pdf/library/items/CD34?page=3&annotation=EF56) ([Moss, 2020, p. 3](zotero://select/library/items/AB12))\n\n![](zotero://x?annotation=9)\n";
    assert_eq!(written(words), format!("{FISHERMEN}"));
    let plain = "# Annotations\n\n“the water is deep enough at every tide” (Moss, 2020, p. 3) Since when?\n";
    assert_eq!(written(plain), format!("{FISHERMEN}\nSince when?\n"));
}

#[test]
fn annotator_is_read() {
    let text = "---\nannotation-target: sources/moss.txt\n---\n\n>%%\n>```annotation-json\n>{\"created\":\"2026-11-30\",\"text\":\"Since when?\",\"target\":[{\"source\":\"vault:/sources/moss.txt\",\"selector\":[{\"type\":\"TextQuoteSelector\",\"exact\":\"the water is deep enough at every tide\",\"prefix\":\"where \",\"suffix\":\".\"}]}]}\n>```\n>%%\n>*%%PREFIX%%where%%HIGHLIGHT%% ==the water is deep enough at every tide== %%POSTFIX%%.*\n>%%LINK%%[[#^x1|show annotation]]\n>%%COMMENT%%\n>Since when?\n>%%TAGS%%\n>#tides\n^x1\n";
    assert_eq!(written(text), format!("{FISHERMEN}\nSince when? #tides\n"));
}

#[test]
fn annotator_is_read_where_a_comment_has_code() {
    let text = "---\nannotation-target: sources/moss.txt\n---\n\n>%%\n>```annotation-json\n>{\"text\":\"Thus:\\n\\n```yaml\\ndepth: 3\\n```\",\"target\":[{\"source\":\"vault:/sources/moss.txt\",\"selector\":[{\"type\":\"TextQuoteSelector\",\"exact\":\"the water is deep enough at every tide\"}]}]}\n>```\n>%%\n>*%%HIGHLIGHT%% ==the water is deep enough at every tide== *\n>%%COMMENT%%\n>Thus:\n>\n>```yaml\n>depth: 3\n>```\n>%%TAGS%%\n>#tides\n^x1\n";
    let (_, all, _) = read(text).expect("read");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].words, "the water is deep enough at every tide");
    assert_eq!(all[0].comment, "Thus:\n\n```yaml\ndepth: 3\n```");
    assert_eq!(all[0].tags, ["tides"]);
    assert!(written(text).starts_with(FISHERMEN), "{}", written(text));
}

#[test]
fn kindle_is_read_with_the_note_on_a_highlight() {
    let text = "\u{feff}On Harbours (Ada Moss)\r\n- Your Highlight on page 3 | Location 170-171 | Added on Sunday, 29 November 2026 10:00:00\r\n\r\nthe water is deep enough at every tide\r\n==========\r\n\u{feff}On Harbours (Ada Moss)\r\n- Your Note on page 3 | Location 171 | Added on Sunday, 29 November 2026 10:01:00\r\n\r\nSince when?\r\n==========\r\nOn Harbours (Ada Moss)\r\n- Your Bookmark on page 3 | Location 180 | Added on Sunday, 29 November 2026 10:02:00\r\n\r\n\r\n==========\r\n";
    assert_eq!(written(text), format!("{FISHERMEN}\nSince when?\n"));
}

#[test]
fn readwise_is_read() {
    let csv = "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at,Document tags\n\"the water is deep enough at every tide\",On Harbours,Ada Moss,,\"Since when, and \"\"why\"\"?\",yellow,\"tides,bay\",page,3,2026-11-30,\n";
    assert_eq!(written(csv), format!("{FISHERMEN}\nSince when, and \"why\"? #tides #bay\n"));
    let markdown = "# On Harbours\n\n## Metadata\n- Author: [[Ada Moss]]\n- Full Title: On Harbours\n- Category: #articles\n\n## Highlights\n- the water is deep enough at every tide ([Location 12](https://readwise.io/open/1))\n    - Tags: [[tides]]\n    - Note: Since when?\n";
    assert_eq!(written(markdown), format!("{FISHERMEN}\nSince when? #tides\n"));
}

#[test]
fn readwise_is_read_with_links_as_templates_write_them() {
    let of = |ending: &str| {
        let text = format!("# On Harbours\n\n## Highlights\n- the water is deep{ending}\n");
        let (_, all, _) = read(&text).expect("read");
        (all[0].words.clone(), all[0].locator.clone())
    };
    let words = "the water is deep".to_owned();
    for ending in [
        "",
        " ([View Highlight](https://read.readwise.io/read/01a))",
        " ([Location 12](https://readwise.io/to_kindle?a=1)) ^rw12",
        " [View Highlight](https://readwise.io/open/922040594) ^rw922040594 ",
        " [View Highlight](https://readwise.io/open/922040594)",
        " ^rw922040594",
    ] {
        assert_eq!(of(ending), (words.clone(), None), "{ending}");
    }
    assert_eq!(of(" ([Page 3](https://readwise.io/1)) ^rw1"), (words.clone(), Some("p. 3".into())));
    // Words that only look like it.
    for own in [" [here](https://tides.example/1)", " at 2^rw3", " ^top", " [sic]"] {
        assert_eq!(of(own).0, format!("{words}{own}"));
    }
}

#[test]
fn a_source_that_is_not_named_is_found_by_the_words() {
    let text = "Unheard Of (Nobody)\n- Your Highlight | Location 1-2 | Added on 1\n\nthe water is deep enough at every tide\n==========\n";
    assert_eq!(written(text), FISHERMEN);
    let unknown =
        text.replace("the water is deep enough at every tide", "the moon was full of herons and of clerks");
    let at = workspace(SOURCES);
    let result = import(&at.snap, &read(&unknown).expect("read").1);
    assert_eq!((result.added, result.edits.len()), (0, 0));
    assert_eq!(result.left[0].why, "no source here is Unheard Of (Nobody), and none has these words alone");
}

#[test]
fn an_import_adds_to_what_is_there_and_only_once() {
    let note = "---\nsource: moss2020\n---\n\n> Harbours silt up when nobody dredges them\n> [@moss2020, ¶ 1]\n\nMine.\n";
    let text = "On Harbours\n- Your Highlight | Location 1-2 | Added on 1\n\nHarbours silt up when nobody dredges them\n==========\nOn Harbours\n- Your Highlight | Location 3-4 | Added on 1\n\nthe water is deep enough at every tide\n==========\nOn Harbours\n- Your Note | Location 4 | Added on 1\n\n# Deep\n> is it?\n==========\nOn Harbours\n- Your Highlight | Location 3-4 | Added on 2\n\nthe water is deep enough at every tide\n==========\n";
    let at = workspace(&format!("{SOURCES}//- notes/mine.md\n{note}"));
    let result = import(&at.snap, &read(text).expect("read").1);
    assert_eq!((result.added, result.known), (1, 2));
    let edits = result.edits.values().next().expect("edits");
    let expected = format!(
        "{note}\n> the water is deep enough at every tide\n> [@moss2020, ¶ 2]\n\n\\# Deep > is it?\n"
    );
    assert_eq!(edits.applied(), expected);
}

#[test]
fn what_is_no_file_of_annotations_is_refused_with_the_formats() {
    for text in ["", "# A brief\n\nWith text.\n", "{\"a\": ", "a,b\n1,2\n"] {
        let why = read(text).expect_err("no annotations");
        assert!(why.contains("Hypothesis") || why.contains("is not"), "{why}");
    }
    // Whatever is broken in it, it does no harm.
    for text in [
        "[{}]",
        "{\"annotations\": 3}",
        "{\"annotations\": [{\"target\": [{\"selector\": [{\"exact\": 4}]}]}]}",
        "==========\n\n- x\n=",
        "```annotation-json\n{",
    ] {
        assert!(read(text).is_ok_and(|(_, all, _)| all.is_empty()), "{text}");
    }
}
