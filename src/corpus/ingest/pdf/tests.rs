//! Whole documents, written here by [`Paper`].

use super::read;
use crate::corpus::ingest::extract::{Extract, Role};
use crate::corpus::source::{Furniture, Labels};

/// A PDF in the making. Its letters are of Courier: each is as wide as six tenths of the font size.
#[derive(Default)]
struct Paper {
    pages: Vec<String>,
    /// Entries of the catalog.
    catalog: &'static str,
    /// The annotations of every page.
    marks: &'static str,
}

impl Paper {
    fn page(mut self) -> Self {
        self.pages.push(String::new());
        self
    }

    /// Writes `words` with the first letter at `x` and the baseline at `y` from the top.
    fn at(mut self, x: u32, y: u32, size: u32, words: &str) -> Self {
        let words = words.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let page = self.pages.last_mut().expect("a page");
        page.push_str(&format!("BT /F {size} Tf 1 0 0 1 {x} {} Tm ({words}) Tj ET\n", 600 - y));
        self
    }

    /// Writes lines of size 10 below one another.
    fn lines(mut self, x: u32, y: u32, lines: &[&str]) -> Self {
        for (at, line) in lines.iter().enumerate() {
            self = self.at(x, y + 12 * u32::try_from(at).expect("few"), 10, line);
        }
        self
    }

    fn bytes(self) -> Vec<u8> {
        let kids: Vec<String> = (0..self.pages.len()).map(|at| format!("{} 0 R", 4 + 2 * at)).collect();
        let mut objects = vec![
            format!("<</Type/Catalog/Pages 2 0 R {}>>", self.catalog),
            format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), kids.join(" ")),
            "<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>".to_owned(),
        ];
        for (at, content) in self.pages.iter().enumerate() {
            objects.push(format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Resources<</Font<</F 3 0 R>>>>/Annots[{}]/Contents {} 0 R>>",
                self.marks,
                5 + 2 * at
            ));
            objects.push(format!("<</Length {}>>stream\n{content}endstream", content.len()));
        }
        let mut file = "%PDF-1.4\n".to_owned();
        let mut offsets = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            offsets.push(format!("{:010} 00000 n \n", file.len()));
            file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
        }
        let start = file.len();
        let size = objects.len() + 1;
        file.push_str(&format!("xref\n0 {size}\n0000000000 65535 f \n{}", offsets.concat()));
        file.push_str(&format!("trailer <</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"));
        file.into_bytes()
    }

    fn read(self) -> Extract {
        read(&self.bytes()).expect("a PDF")
    }
}

fn texts(extract: &Extract, role: Role) -> Vec<&str> {
    extract.parts.iter().filter(|part| part.role == role).map(|part| &*part.words).collect()
}

fn labels(extract: &Extract) -> Vec<&str> {
    extract.pages.iter().map(|label| label.as_deref().unwrap_or("-")).collect()
}

/// Two pages with heads, numbers and a paragraph over the page end.
fn minutes() -> Paper {
    let first = [
        "  The board met in the spring and heard",
        "the miller, who had an under-",
        "standing with the town, and a well-",
        "known surveyor, who had none of it and",
    ];
    let second = [
        "said so at length, until it was evening.",
        "  The understanding was then read aloud,",
        "and nobody but the well-known surveyor",
        "was surprised.",
    ];
    Paper::default()
        .page()
        .at(50, 40, 8, "Minutes of the board            117")
        .lines(50, 100, &first)
        .page()
        .at(50, 40, 8, "118            Minutes of the board")
        .lines(50, 100, &second)
}

#[test]
fn a_paragraph_runs_over_hyphens_and_pages_and_heads_are_no_part_of_it() {
    let extract = minutes().read();
    let expected = [
        "The board met in the spring and heard the miller, who had an understanding with the town, and a \
         well-known surveyor, who had none of it and said so at length, until it was evening.",
        "The understanding was then read aloud, and nobody but the well-known surveyor was surprised.",
    ];
    assert_eq!(texts(&extract, Role::Paragraph), expected);
    let first = extract.parts.iter().find(|part| part.role == Role::Paragraph).expect("a paragraph");
    let (at, page) = first.breaks[0];
    assert!(page == 1 && first.words[at..].starts_with("said so"), "{:?}", first.breaks);
    assert_eq!(texts(&extract, Role::Furniture(Furniture::RunningHead)).len(), 2);
    assert_eq!((labels(&extract), extract.labels), (vec!["117", "118"], Labels::Printed));
}

#[test]
fn labels_that_the_file_states_win() {
    let paper = Paper { catalog: "/PageLabels<</Nums[0<</S/r>>1<</S/D/St 9>>]>>", ..minutes() };
    let extract = paper.read();
    assert_eq!((labels(&extract), extract.labels), (vec!["i", "9"], Labels::Stated));
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "The weir was lost in the",
        "night, and with it went",
        "the gate that the miller",
        "had mended in that year.",
    ];
    let right = [
        "Nobody paid for the new",
        "one, so the town went on",
        "without a weir for eleven",
        "years and a half of one.",
    ];
    let extract = Paper::default().page().lines(30, 100, &left).lines(220, 100, &right).read();
    let all = extract.parts.iter().map(|part| &*part.words).collect::<Vec<_>>().join(" ");
    assert_eq!(all, format!("{} {}", left.join(" "), right.join(" ")));
}

/// Lines of a column that runs over, of 24 letters each.
const COLUMN: [&str; 6] = [
    "The weir was lost in the",
    "night, and with it went",
    "the gate that the miller",
    "had mended in that year.",
    "Nobody paid for the new",
    "one, so the town went on",
];

#[test]
fn a_last_column_of_two_lines_is_a_column() {
    let last = ["without a weir for eleven", "years and a half of one."];
    let paper = Paper::default().page().lines(30, 100, &COLUMN).lines(220, 100, &COLUMN);
    let extract = paper.page().lines(30, 100, &COLUMN).lines(220, 100, &last).read();
    let all = extract.parts.iter().map(|part| &*part.words).collect::<Vec<_>>().join(" ");
    assert!(all.ends_with(&format!("went on {}", last.join(" "))), "{all}");
    // Cells of a table in the same place are no column, nor are words of lines across the page.
    let paper = Paper::default().page().lines(30, 100, &COLUMN).lines(220, 100, &COLUMN);
    let extract = paper
        .page()
        .lines(30, 100, &["Rye", "Oats"])
        .lines(220, 100, &["12", "19"])
        .lines(30, 140, &["Nobody mended the gate for eleven years after that, or any."])
        .read();
    let all = extract.parts.iter().map(|part| &*part.words).collect::<Vec<_>>().join(" ");
    assert!(all.contains("Rye 12") || all.contains("Rye\t12"), "{all}");
}

#[test]
fn columns_of_hebrew_begin_on_the_right() {
    // Each word is one glyph that the file says the letters of; lines of four words fill a column.
    let word = |x: u32, y: u32, letter: char| {
        let hex: String =
            format!("{letter}{letter}{letter}").encode_utf16().map(|unit| format!("{unit:04x}")).collect();
        format!(
            "/Span<</ActualText<feff{hex}>>>BDC BT /F 10 Tf 1 0 0 1 {x} {} Tm (mmmm) Tj EMC ( ) Tj ET\n",
            600 - y
        )
    };
    let mut paper = Paper::default().page();
    let page = paper.pages.last_mut().expect("a page");
    for line in 0..6 {
        for column in [0, 1] {
            for at in 0..4 {
                let letter = char::from_u32(0x5d0 + 6 * column + line).expect("a letter");
                page.push_str(&word(30 + 190 * column + 30 * at, 100 + 12 * line, letter));
            }
        }
    }
    let words = paper.read().parts.into_iter().map(|part| part.words).collect::<Vec<_>>().join(" ");
    let first: Vec<char> = words.split(' ').step_by(4).filter_map(|word| word.chars().next()).collect();
    let expected: Vec<char> = (6..12).chain(0..6).filter_map(|at| char::from_u32(0x5d0 + at)).collect();
    assert_eq!(first, expected);
}

#[test]
fn points_drawn_before_their_letter_stay_with_it() {
    // A sign above the line and its letter, as one piece of text: the sign comes first.
    let content = "BT /F 10 Tf 1 0 0 1 50 400 Tm (mm) Tj ET\n\
        /Span<</ActualText<feff0627064b>>>BDC BT /F 0.01 Tf 1 0 0 1 65 404 Tm (m) Tj \
        /F 10 Tf 1 0 0 1 62 400 Tm (m) Tj ET EMC\n";
    let mut paper = Paper::default().page();
    paper.pages[0].push_str(content);
    let extract = paper.read();
    assert_eq!(extract.parts[0].words, "\u{627}\u{64b}mm");
}

#[test]
fn headings_with_numbers_at_the_top_are_no_running_heads() {
    let page = |paper: Paper, number: u32, top: &[&str]| {
        let paper = paper.page().at(50, 40, 8, "Statutes of the guild").at(200, 570, 8, &number.to_string());
        paper.lines(50, 80, top).lines(50, 80 + 12 * u32::try_from(top.len()).expect("few"), &COLUMN)
    };
    let mut paper = Paper::default();
    for (number, top) in [
        &["Article 4", "The guild meets in May."][..],
        &["Article 16", "The guild pays its millers."],
        &["A sentence that begins on the page before it ends here."],
        &["Another one does so as well on this page of it."],
        &["And a third one, with which the statutes are at an end."],
    ]
    .into_iter()
    .enumerate()
    {
        paper = page(paper, u32::try_from(number + 1).expect("few"), top);
    }
    let extract = paper.read();
    let heads = texts(&extract, Role::Furniture(Furniture::RunningHead));
    assert!(!heads.iter().any(|head| head.contains("Article")), "{heads:?}");
    assert_eq!(heads.iter().filter(|head| **head == "Statutes of the guild").count(), 5);
    assert!(extract.parts.iter().any(|part| part.words.contains("Article 16")));
    // Outside the text of every page, it is the head of a statute.
    let mut paper = Paper::default();
    for section in [3, 4, 9, 11, 12] {
        paper = paper.page().at(50, 40, 8, &format!("Section {section}")).lines(50, 100, &COLUMN);
    }
    let heads = paper.read();
    let heads = texts(&heads, Role::Furniture(Furniture::RunningHead));
    assert_eq!(heads.iter().filter(|head| head.starts_with("Section")).count(), 5, "{heads:?}");
}

#[test]
fn only_units_have_exponents() {
    let raised = |before: &str, number: &str| {
        let width = 6 * u32::try_from(before.len()).expect("short");
        let paper = Paper::default().page().at(50, 100, 10, before).at(50 + width, 96, 6, number);
        let extract = paper.at(50 + width + 20, 100, 10, "and more of it").read();
        extract.parts[0].words.clone()
    };
    assert_eq!(raised("They were rougher in", "13"), "They were rougher in and more of it");
    assert_eq!(raised("They were rougher in", "2"), "They were rougher in and more of it");
    assert_eq!(raised("They had 9 km", "12"), "They had 9 km and more of it");
    assert_eq!(raised("They had 9 in", "2"), "They had 9 in2 and more of it");
    assert_eq!(raised("They had 9 km", "2"), "They had 9 km2 and more of it");
}

#[test]
fn notes_come_after_the_text_with_their_marks() {
    let text = [
        "The gate was mended twice in that year",
        "and was never paid for by anybody at",
        "all, as the books of the town show.",
    ];
    let extract = Paper::default()
        .page()
        .lines(50, 300, &text)
        .at(50, 500, 7, "1 Books of the town, folio 3, and those of the guild.")
        .at(50, 509, 7, "2 The same, folio 9, in another hand than before it.")
        .read();
    assert_eq!(texts(&extract, Role::Paragraph), [text.join(" ")]);
    let notes: Vec<(&str, &str)> =
        extract.parts.iter().filter_map(|part| Some((part.mark.as_deref()?, &*part.words))).collect();
    let expected = [
        ("1", "Books of the town, folio 3, and those of the guild."),
        ("2", "The same, folio 9, in another hand than before it."),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn numbers_of_lines_are_no_words() {
    let lines = [
        "The weir was lost in the night, and with",
        "it went the gate that the miller had put",
        "there in the spring of the year when the",
        "ice had broken so late that nobody could",
        "say when the boats would be back, or how",
        "many of them there would be at the quay.",
    ];
    let mut paper = Paper::default().page().lines(80, 100, &lines);
    for (at, y) in (0..6).map(|at| (at, 100 + 12 * at)) {
        paper = paper.at(50, y, 7, &(at + 1).to_string());
    }
    let extract = paper.read();
    assert_eq!(texts(&extract, Role::Paragraph), [lines.join(" ")]);
    assert_eq!(texts(&extract, Role::Furniture(Furniture::RunningHead)), ["1 2 3 4 5 6"]);
}

#[test]
fn pages_without_text_are_named() {
    let extract = Paper::default().page().page().lines(50, 100, &["The weir was lost."]).page().page().read();
    assert_eq!(extract.remarks, ["Pages 1, 3 and 4 have no text; they may be scans."]);
    assert_eq!(labels(&extract), ["1", "2", "3", "4"]);
}

#[test]
fn what_is_damaged_is_read_as_far_as_possible() {
    let whole = minutes().bytes();
    // Without its last third, where the table of objects is.
    let cut = read(&whole[..whole.len() * 2 / 3]).expect("the first page");
    assert!(cut.parts.iter().any(|part| part.words.contains("an understanding with the town")));
    for bytes in [&b""[..], b"%PDF-1.4\n", b"%PDF-1.4\ntrailer <</Root 1 0 R>>"] {
        assert!(read(bytes).is_err_and(|why| why.contains("damaged")));
    }
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] = bytes[at].wrapping_add(41);
        let _ = read(&bytes);
    }
}

#[test]
fn loops_of_objects_end() {
    let paper =
        Paper { catalog: "/Outlines 1 0 R/First 1 0 R/Next 1 0 R/PageLabels<</Kids[1 0 R]>>", ..minutes() };
    assert_eq!(labels(&paper.read()), ["117", "118"]);
}

#[test]
fn words_that_readers_marked_come_with_their_comments() {
    // Letters of size 10 are 6 wide; the first baseline is at 500 from below.
    let marks = "<</Subtype/Highlight/QuadPoints[74 509 110 509 74 498 110 498]/Contents(Who?)>> \
        <</Subtype/Underline/QuadPoints[170 497 248 497 170 486 248 486 50 485 98 485 50 474 98 474]>> \
        <</Subtype/Highlight/Rect[74 498 110 509]/Contents(miller)>> \
        <</Subtype/Text/Rect[0 0 9 9]/Contents(A note beside the text.)>> \
        <</Subtype/Highlight/QuadPoints[0 0 1]/Rect[1 1 2 2]/Contents(Nothing there.)>>";
    let lines =
        ["the miller, who had an agree-", "ment with the town, and an under-", "standing with a surveyor."];
    let paper = Paper { marks, ..Paper::default() }.page().lines(50, 100, &lines);
    let found: Vec<(usize, String, String)> =
        paper.read().marks.into_iter().map(|mark| (mark.page, mark.words, mark.comment)).collect();
    let found: Vec<(usize, &str, &str)> =
        found.iter().map(|(page, words, comment)| (*page, &**words, &**comment)).collect();
    assert_eq!(
        found,
        [
            (0, "miller", "Who?"),
            (0, "and an understanding", ""),
            (0, "miller", ""),
            (0, "", "Nothing there."),
        ]
    );
}
