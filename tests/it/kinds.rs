//! Kinds of files: which are read for their words alone, which are not read and reported once, and how
//! `check` treats them.

use serde_json::Value;

use crate::desk::Desk;
use crate::folder::{Folder, Said};

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Weir news</title></head><body>\n<nav><a href=\"/\">Home</a></nav>\n<h1>The weir at Holm</h1>\n<p>The weir was <em>mended</em> twice &amp; never\n  paid for by the <a href=\"/t\">town</a>.</p>\n</body></html>\n";

#[test]
fn a_web_page_is_quoted_and_found_by_its_words() {
    let brief = "It “was mended twice & never paid for by the town” [@holm, ¶ 1].\n";
    let library = "@online{holm, title = {The weir}, file = {Snapshot:pages/weir.html:text/html}}\n";
    let mut desk =
        Desk::of("utf-16", &[("brief.md", brief), ("library.bib", library), ("pages/weir.html", PAGE)]);
    let card = desk.at("hover", "brief.md", 0, 10);
    let card = card["contents"]["value"].as_str().expect("a card").to_owned();
    assert!(card.contains("Verbatim") && card.contains("never paid for by the town"), "{card}");
    assert!(!card.contains("<em>") && !card.contains("&amp;"), "{card}");
    let place = desk.at("definition", "brief.md", 0, 10);
    let place = if place.is_array() { place[0].clone() } else { place };
    let range = place.get("targetSelectionRange").or_else(|| place.get("range")).expect("a range");
    assert_eq!((&range["start"]["line"], &range["start"]["character"]), (&4.into(), &12.into()), "{place}");
    assert_eq!((&range["end"]["line"], &range["end"]["character"]), (&5.into(), &35.into()), "{place}");
    // In the page itself, in the middle of the words in a tag.
    let card = desk.at("hover", "pages/weir.html", 5, 34);
    assert!(card["contents"]["value"].as_str().is_some_and(|card| card.contains("¶ 1")), "{card}");
}

#[test]
fn kinds_that_are_not_read_are_named_once_and_nobody_is_blamed() {
    let library = "@misc{a, file = {papers/a.djvu}}\n@misc{b, file = {/nowhere/else/b.djvu}}\n@misc{c, file = {papers/c.pptx}}\n@misc{d, file = {/nowhere/else/d.html}}\n";
    let brief = "It “was mended twice and never paid for by anyone” [@a]; “so they said it was in the end” [@b; @c; @d].\n\nAlso [@minutes].\n";
    let folder = Folder::of(&[
        ("brief.md", brief),
        ("library.bib", library),
        ("papers/a.djvu", "AT&TFORM: words that are no words."),
        ("papers/c.pptx", "PK\u{3}\u{4}"),
        ("sources/minutes.djvu", "AT&TFORM"),
    ]);
    let said = folder.check(&["."]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.err.matches("Not read yet").count(), 1, "{}", said.err);
    assert!(said.err.contains("DjVu: 3") && said.err.contains("slides: 1"), "{}", said.err);
    assert!(said.err.contains("as a.txt") || said.err.contains("as b.txt"), "{}", said.err);
    assert!(said.out.contains("there is no text of the cited source (a, b, c and 1 more)"), "{}", said.out);
    let json: Value = serde_json::from_str(&folder.check(&["--format", "json"]).out).expect("JSON");
    let quotations = &json["files"][0]["quotations"];
    assert_eq!(quotations[0]["why"], "there is no text of the cited source");
}

#[test]
fn the_text_beside_a_file_of_another_kind_is_its_text() {
    let folder = Folder::of(&[
        ("brief.md", "It “was mended twice and never paid for” [@a].\n"),
        ("library.bib", "@misc{a, file = {papers/a.djvu}}\n"),
        ("papers/a.djvu", "AT&TFORM"),
        ("papers/a.txt", "The weir was mended twice and never paid for by the town.\n"),
    ]);
    let said = folder.check(&["."]);
    assert!(said.code == 0 && said.out.contains("1 verbatim") && said.err.is_empty(), "{said:?}");
}

#[test]
fn a_missing_text_and_a_text_that_is_none_are_told() {
    let folder = Folder::of(&[
        ("brief.md", "See [@a; @b].\n"),
        ("library.bib", "@misc{a, file = {a.txt}}\n@misc{b, file = {b.txt}}\n"),
        ("b.txt", "%!PS The weir was mended twice."),
    ]);
    let Said { code, out, .. } = folder.check(&["."]);
    assert_eq!((code, out.matches("missing-source-file").count()), (1, 2), "{out}");
    assert!(out.contains("it is PostScript"), "{out}");
    // The way out, as it is told.
    folder.write("b.txt", "The weir was mended twice.\n");
    let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("save it as plain text under the same name"), "{flat}");
    assert_eq!(folder.check(&["."]).out.matches("missing-source-file").count(), 1);
}

#[test]
fn an_attachment_that_only_its_bytes_tell_is_no_missing_source() {
    let folder = Folder::of(&[
        ("brief.md", "See [@a].\n"),
        ("library.bib", "@misc{a, file = {papers/paper}}\n"),
        ("papers/paper", "%PDF-1.4\n"),
    ]);
    let Said { code, out, .. } = folder.check(&["."]);
    assert_eq!((code, out.matches("missing-source-file").count()), (0, 0), "{out}");
}

#[test]
fn markup_and_boxes_of_a_source_are_no_words_of_it() {
    let markdown =
        "# The weir\n\nThe weir $W$ was mended[[4]](#cite-4) twice^12^ and about $90\\%$ of it held.$^{3}$\n";
    let page = "<html><body><h1>The weir</h1><p>It is old.</p><aside><p>The weir was mended twice and never paid for.</p></aside></body></html>";
    let folder = Folder::of(&[
        (
            "brief.md",
            "“The weir $W$ was mended twice and about 90% of it held” [@weir].\n\n“was mended twice and never paid for” [@page].\n",
        ),
        ("library.bib", "@misc{weir, file = {weir.md}}\n@misc{page, file = {page.html}}\n"),
        ("weir.md", markdown),
        ("page.html", page),
        ("glossator.toml", "[briefs]\ninclude = [\"brief.md\"]\n"),
    ]);
    let said = folder.check(&["."]);
    assert!(said.code == 0 && said.out.contains("2 verbatim"), "{said:?}");
}

#[test]
fn names_of_packages_and_accounts_are_no_unknown_keys() {
    let brief = "See [@a]. Use @types/node@20.1 and the field \"@context\", thanks to [@vera](https://x.example/vera). \
        %%[@hidden]%% [[refs/@a#Notes]] @chart-x\n\n<figure id=\"chart-x\"></figure>\n\n[@gone]\n";
    let folder = Folder::of(&[("A.MD", brief), ("library.bib", "@misc{a}\n")]);
    let Said { out, .. } = folder.check(&["."]);
    assert!(out.matches("unknown-citation").count() == 1 && out.contains("gone"), "{out}");
}

#[test]
fn a_check_of_nothing_is_no_clean_bill() {
    let brief = ("brief.md", "So it is [@holm2020, p. 3], as @vera says.\n");
    let said = Folder::of(&[brief]).check(&["."]);
    assert!(said.out.contains("1 citation was not checked: no library was found"), "{}", said.out);
    // A brief without citations still counts as one.
    let said = Folder::of(&[("brief.md", "So it is, as @vera says.\n")]).check(&["."]);
    assert_eq!(said.out, "No findings in 1 file.\n");
    let said = Folder::of(&[("notes.org", "So it is.\n")]).check(&["."]);
    assert!(said.out.contains("No briefs here"), "{}", said.out);
}

#[test]
fn settings_that_name_nothing_fail_the_check() {
    let brief = ("brief.md", "So it is.\n");
    for settings in [
        "[corpus]\nroots = [\"gone\"]\n",
        "[corpus]\nlibrary = [\"gone.bib\"]\n",
        "[corpus\n",
        "[briefs]\ninclude = [\"a{\"]\n",
        "[corpus]\nroots = \"sources\"\n",
    ] {
        let said = Folder::of(&[brief, ("glossator.toml", settings)]).check(&["."]);
        assert_eq!(said.code, 2, "{settings}: {said:?}");
        assert!(said.err.contains("glossator.toml") || said.err.contains("gone"), "{settings}: {said:?}");
    }
    let good = "[corpus]\nroots = [\"texts\"]\n\n[briefs]\ninclude = [\"*.md\"]\n";
    let said = Folder::of(&[brief, ("glossator.toml", good), ("texts/a.txt", "Salt.\n")]).check(&["."]);
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn subtitles_are_sources_and_other_files_among_them_are_named() {
    let cue = "1\n00:00:01,000 --> 00:00:04,000\nThe weir was mended\n\n2\n00:00:04,500 --> 00:00:06,000\ntwice and never paid for.\n";
    let folder = Folder::of(&[
        ("brief.md", "It “was mended twice and never paid for” [@talk]; see [@memo] and [@nobody].\n"),
        ("library.bib", "@misc{other}\n"),
        ("sources/talk.srt", cue),
        ("sources/memo.tex", "Memo\n"),
        ("sources/map.png", "\u{89}PNG"),
    ]);
    let Said { code, out, err } = folder.check(&["."]);
    assert_eq!((code, out.matches("unknown-citation").count()), (1, 2), "{out}");
    let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("1 verbatim") && flat.contains("memo.tex is not read as a source"), "{out}");
    assert!(err.contains("Ignored in the sources folder: memo.tex. ") && !err.contains("map.png"), "{err}");
    assert!(out.contains("Cited, but in no library: sources/talk.srt"), "{out}");
}

#[test]
fn an_attachment_of_another_machine_is_nobodys_fault() {
    let of = |file: &str| {
        let library = format!("@misc{{k, file = {{{file}}}}}\n");
        let said = Folder::of(&[("brief.md", "See [@k].\n"), ("library.bib", &library)]).check(&["."]);
        (said.code, said.out.contains("missing-source-file"))
    };
    for silent in [
        "Full Text:/home/eva/a.pdf:application/pdf;Snapshot:/home/eva/a.html:text/html",
        "C\\:\\\\Users\\\\eva\\\\a.pdf",
        ":C$\\backslash$:/Users/eva/a.pdf:pdf",
        "ftp://x.example/a.ps",
        "zotero://select/items/1",
        "papers/a.docx",
    ] {
        assert_eq!(of(silent), (0, false), "{silent}");
    }
    for told in ["papers/a.txt", "papers/a.md", "notes", "papers/a.pdf;papers/a.txt"] {
        assert_eq!(of(told), (1, true), "{told}");
    }
}

#[test]
fn all_documents_of_an_entry_are_searched() {
    let page = "<!DOCTYPE html><html><body><h1>The weir</h1>\n<p>The weir was mended twice and never paid for by the town.</p></body></html>";
    let report = "The weir\n\nNobody in the valley had ever asked the miller for a receipt of that kind.\n";
    let brief = "It “was mended twice and never paid for by the town” [@weir]. They say “had ever asked the miller for a receipt” [@weir]. \
        They say “had ever asked the baker for a receipt of that kind” [@weir]. And “asked the miller for a receipt of that kind”.\n";
    let folder = Folder::of(&[
        ("brief.md", brief),
        (
            "library.bib",
            "@misc{weir, file = {Snapshot:a/weir.html:text/html;Text:a/report.txt:text/plain}}\n",
        ),
        ("a/weir.html", page),
        ("a/report.txt", report),
    ]);
    let json: Value = serde_json::from_str(&folder.check(&["--format", "json"]).out).expect("JSON");
    let found: Vec<String> = json["files"][0]["quotations"]
        .as_array()
        .expect("quotations")
        .iter()
        .map(|one| {
            format!("{} {} {}", one["verdict"], one["source"]["key"], one["source"]["path"]).replace('"', "")
        })
        .collect();
    let expected = [
        "verbatim weir a/weir.html",
        "verbatim weir a/report.txt",
        "altered weir a/report.txt",
        "verbatim weir a/report.txt",
    ];
    assert_eq!(found, expected);
    // Each entry is offered once.
    let mut desk = Desk::of(
        "utf-16",
        &[
            ("brief.md", "The miller’s receipt [@\n"),
            ("library.bib", "@misc{weir, file = {a/weir.html;a/report.txt}}\n"),
            ("a/weir.html", page),
            ("a/report.txt", report),
        ],
    );
    let offered = desk.at("completion", "brief.md", 0, 23);
    let labels: Vec<&str> = offered["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|item| item["label"].as_str())
        .collect();
    assert_eq!(labels.iter().filter(|label| label.starts_with("weir")).count(), 1, "{labels:?}");
}

/// A Word file with the paragraphs `words`.
fn word_file(words: &[&str]) -> Vec<u8> {
    use std::io::Write;
    let paragraphs: String =
        words.iter().map(|words| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")).collect();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("a member");
    let document = format!("<w:document><w:body>{paragraphs}</w:body></w:document>");
    writer.write_all(document.as_bytes()).expect("its content");
    writer.finish().expect("a ZIP file").into_inner()
}

#[test]
fn documents_of_offices_are_sources_whatever_they_are_called() {
    let book = "* Rents\nThe keeper of the /lower/ weir kept no book for nine years.\n";
    let mail = "From: Ada <ada@holm.example>\nMIME-Version: 1.0\nSubject: The weir\nContent-Type: text/plain\n\nWe have not seen the keeper since the end of\nthat long winter.\n";
    let brief = "“was mended twice and never paid for” [@word]; “the town has sold both of its mills” [@rich]; \
        “kept no book for nine years” [@org]; “since the end of that long winter” [@mail].\n";
    let folder = Folder::of(&[
        ("brief.md", brief),
        (
            "library.bib",
            "@misc{word, file = {word.docx}}\n@misc{rich, file = {rich.txt}}\n@misc{org, file = {a.org}}\n@misc{mail, file = {a.eml}}\n@misc{gone, file = {gone.docx}}\n",
        ),
        ("rich.txt", "{\\rtf1\\ansi In May the town has sold both of its mills.\\par}"),
        ("a.org", book),
        ("a.eml", mail),
    ]);
    let bytes = word_file(&["The weir", "The weir was mended twice and never paid for by the town."]);
    std::fs::write(folder.path.join("word.docx"), &bytes).expect("a Word file");
    let said = folder.check(&["."]);
    assert!(said.code == 0 && said.out.contains("4 verbatim"), "{said:?}");
}

/// A PDF of two pages with one paragraph each, in a font that every viewer has, made by hand after ISO 32000-1. The
/// pages are numbered `i` and `1`.
fn pdf(paragraphs: [&[&str]; 2]) -> Vec<u8> {
    let page = |lines: &[&str]| {
        let shown: String = lines.iter().map(|line| format!("({line}) Tj T*\n")).collect();
        format!("BT /F1 11 Tf 14 TL 72 700 Td\n{shown}ET")
    };
    let stream = |content: String| format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len());
    let leaf = |content: usize| {
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 7 0 R >> >> /Contents {content} 0 R >>"
        )
    };
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >> >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_owned(),
        leaf(5),
        leaf(6),
        stream(page(paragraphs[0])),
        stream(page(paragraphs[1])),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in &offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

#[test]
fn a_pdf_is_quoted_by_page_and_opens_as_its_text() {
    let report = pdf([
        &[
            "The weir at Holm was mended twice in that year, and nobody in the",
            "town ever paid the masons for the under-",
            "standing that they had shown.",
        ],
        &[
            "Eleven years later the miller still wrote letters to the council, which",
            "were filed and never answered by anyone.",
        ],
    ]);
    let brief = "They had “paid the masons for the understanding that they had shown” [@report, p. i]. He “still wrote letters to the council” [@report, p. i]. \
        They had “paid the bakers for the understanding that they had shown” [@report].\n";
    let folder =
        Folder::of(&[("brief.md", brief), ("library.bib", "@misc{report, file = {papers/report.pdf}}\n")]);
    folder.write_bytes("papers/report.pdf", &report);
    let said = folder.check(&["--format", "json", "--exit-zero"]);
    let json: Value = serde_json::from_str(&said.out).expect("JSON");
    let verdicts: Vec<String> = json["files"][0]["quotations"]
        .as_array()
        .expect("quotations")
        .iter()
        .map(|one| {
            format!("{} {} {}", one["verdict"], one["source"]["locator"], one["source"]["bytes"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(verdicts, ["verbatim p. i null", "verbatim p. 1 null", "altered p. i null"]);
    let codes: Vec<&str> = (json["files"][0]["findings"].as_array().expect("findings").iter())
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert_eq!(codes, ["locator-mismatch", "altered-quotation"]);
}
