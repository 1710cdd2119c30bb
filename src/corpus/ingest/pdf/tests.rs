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
