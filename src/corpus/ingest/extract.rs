//! The shape into which the reader of a document format (PDF, Word, EPUB, …) takes a document apart, and the
//! text made of it.
//!
//! Such a file is no text that an editor can open. Its *view* is: a Markdown file with the words, the page
//! marks and the numbers of the notes. Positions refer to the view. The reading text is drawn from it, without
//! the page marks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::text;
use crate::corpus::source::{Class, Furniture, Labels, Metadata, Noted, Page, SourceText, TextId};
use crate::text::words::is_sole;
use crate::text::{FileId, FileSpan, FileText, Span, Text};

/// A document taken apart, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// The parts, in reading order. Footnotes never interrupt a sentence: they come after the paragraph that their
    /// page ends with or, if that runs over to the next page, before it.
    pub parts: Vec<Part>,
    /// The labels of all pages, in order, including pages without text. Empty if the format has no pages.
    pub pages: Vec<Option<Box<str>>>,
    /// Where the labels come from.
    pub labels: Labels,
    /// What the document says about itself.
    pub metadata: Metadata,
    /// What could not be read, for the user: whole sentences, such as “Page 3 has no text; it may be a scan.”
    pub remarks: Vec<String>,
    /// What readers have marked in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Words that a reader has marked, with a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The index of its page.
    pub page: usize,
    /// The words, on one line; empty if it marks none.
    pub words: String,
    /// The comment; may be empty.
    pub comment: String,
}

/// A paragraph, heading, note or other part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// Its words, without markup, note marks and hyphens of line breaks. A line break is one that the document
    /// itself makes, as in verse or between the rows of a table; never an empty line.
    pub words: String,
    /// Where pages begin in it, in order: byte offset in `words`, and index in [`Extract::pages`]. The first
    /// part of a page begins with one at 0.
    pub breaks: Vec<(usize, usize)>,
    /// The mark of a note: `3`, `*`. The number of a heading or chapter that its words do not contain: `4.2`.
    pub mark: Option<Box<str>>,
    /// The rule that took it for furniture, for `glossator read`.
    pub why: Option<Cow<'static, str>>,
}

/// What a part of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// The title of the document.
    Title,
    /// A heading, with its level from 1.
    Heading(u8),
    /// A paragraph. Its words decide whether it is body, byline, caption and so on.
    Paragraph,
    /// A quotation set apart.
    Quotation,
    /// An item of a list.
    Item,
    /// A table: a line per row, cells separated by tabs.
    Table,
    /// Text of the page rather than of the article, or a note.
    Furniture(Furniture),
}

impl Part {
    /// A part without page breaks.
    pub fn new(role: Role, words: impl Into<String>) -> Self {
        Self { role, words: words.into(), breaks: Vec::new(), mark: None, why: None }
    }
}

impl Extract {
    /// The source made of it: the document `file` with content id `id`. Its view is named relative to the folder
    /// of all views, which only the loader knows.
    #[must_use]
    pub fn source(self, id: TextId, file: FileId) -> SourceText {
        let name =
            file.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem =
            file.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let view = FileId::new(format!("{:016x}/{stem}.md", id.0));
        let mut drawing = View::default();
        drawing.mark(&format!("<!-- The text of {name} as Glossator reads it, for reading only. -->\n\n"));
        let mut reasons = Vec::new();
        for part in self.parts {
            let start = drawing.part(&part, &self.pages);
            reasons.extend(part.why.map(|why| (start, why)));
        }
        let View { text, pieces, known, begins, notes, numbers, .. } = drawing;
        let text = Text::drawn(&FileText::new(text), pieces.into_iter().map(|piece| (piece, None)));
        let end = text.as_str().len();
        let mut pages: Vec<Page> = Vec::with_capacity(self.pages.len());
        let mut begins = begins.into_iter().peekable();
        for (at, label) in self.pages.into_iter().enumerate() {
            // A page without text is empty, and where the next one begins.
            let start = loop {
                match begins.peek() {
                    Some((page, _)) if *page < at => begins.next(),
                    Some((_, start)) => break *start,
                    None => break end,
                };
            };
            if let Some(last) = pages.last_mut() {
                last.span.end = start.max(last.span.start);
            }
            pages.push(Page { span: Span::new(start, end), label });
        }
        let mut read = text::read(id, file, text, true, &known);
        for section in &mut read.sections {
            let given = numbers.binary_search_by_key(&section.span.start, |(start, _)| *start);
            if let (None, Ok(at)) = (&section.number, given) {
                section.number = Some(numbers[at].1.clone());
            }
        }
        SourceText {
            view: Some(view),
            pages,
            labels: self.labels,
            notes,
            metadata: self.metadata,
            remarks: self.remarks,
            reasons,
            ..read
        }
    }
}

/// Where a page begins that breaks at byte `at` of `words`: a word that the break cuts belongs to the page before.
/// Letters of scripts without spaces are words of their own.
fn behind_word(words: &str, at: usize) -> usize {
    let cut = words[..at].ends_with(char::is_alphanumeric) && words[at..].starts_with(char::is_alphanumeric);
    if !cut || words[..at].ends_with(is_sole) || words[at..].starts_with(is_sole) {
        return at;
    }
    let end = words[at..].find(char::is_whitespace).map_or(words.len(), |end| at + end);
    words[end..].find(|c: char| !c.is_whitespace()).map_or(words.len(), |next| end + next)
}

/// A view being written, with the reading text drawn from it.
#[derive(Default)]
struct View {
    text: String,
    /// The parts of the view that belong to the reading text.
    pieces: Vec<FileSpan>,
    /// The length of the reading text so far.
    read: usize,
    known: Vec<text::Known>,
    /// The pages that begin, with the offset in the reading text.
    begins: Vec<(usize, usize)>,
    notes: Vec<Noted>,
    /// The numbers of headings that their words do not contain, with the offset in the reading text.
    numbers: Vec<(usize, Box<str>)>,
}

impl View {
    /// Writes `words` into the view alone.
    fn mark(&mut self, words: &str) {
        self.text.push_str(words);
    }

    /// Writes `words` into both texts.
    fn words(&mut self, words: &str) {
        let start = self.text.len();
        self.text.push_str(words);
        self.read += words.len();
        match self.pieces.last_mut() {
            Some(last) if last.end.0 == start => last.end.0 = self.text.len(),
            _ => self.pieces.push((start..self.text.len()).into()),
        }
    }

    fn page(&mut self, page: usize, labels: &[Option<Box<str>>], end: &str) {
        let label = labels.get(page).and_then(Option::as_deref);
        let label =
            label.map_or_else(|| format!("page {} of the file", page + 1), |label| format!("p. {label}"));
        self.mark(&format!("⟦{label}⟧{end}"));
        self.begins.push((page, self.read));
    }

    /// Writes `part`; returns the offset of its words in the reading text.
    fn part(&mut self, part: &Part, labels: &[Option<Box<str>>]) -> usize {
        let mut breaks = part.breaks.iter().copied().peekable();
        while let Some((_, page)) = breaks.next_if(|(at, _)| *at == 0) {
            self.page(page, labels, "\n\n");
        }
        let marker = match part.role {
            Role::Title => "# ",
            // The title is the only heading of the first level.
            Role::Heading(1) => "## ",
            Role::Heading(2) => "### ",
            Role::Heading(3) => "#### ",
            Role::Heading(4) => "##### ",
            Role::Heading(_) => "###### ",
            Role::Quotation => "> ",
            Role::Item => "- ",
            Role::Paragraph | Role::Table | Role::Furniture(_) => "",
        };
        self.words(marker);
        match (&part.mark, part.role) {
            (Some(mark), Role::Heading(_)) => {
                let label = format!("{mark} ");
                let number = text::heading_number(&label).unwrap_or(mark).trim_end_matches(['.', ')']);
                self.numbers.push((self.read, number.into()));
                self.mark(&label);
            }
            (Some(mark), _) => self.mark(&format!("[^{mark}]: ")),
            (None, _) => {}
        }
        let start = self.read;
        let mut from = 0;
        for (at, page) in breaks {
            let at = behind_word(&part.words, at).max(from);
            self.words(&part.words[from..at]);
            self.page(page, labels, " ");
            from = at;
        }
        self.words(&part.words[from..]);
        let span = Span::new(start, self.read);
        if let (Role::Furniture(Furniture::Note), Some(mark)) = (part.role, &part.mark) {
            self.notes.push(Noted { span, mark: mark.clone() });
        }
        let class = match part.role {
            Role::Title => Some(Class::Title),
            Role::Heading(_) => Some(Class::Heading),
            Role::Quotation => Some(Class::BlockQuotation),
            Role::Item => Some(Class::ListItem),
            Role::Table => Some(Class::Table),
            Role::Furniture(kind) => Some(Class::Furniture(kind)),
            Role::Paragraph => None,
        };
        if class.is_some() {
            self.known.push(text::Known { span, class });
        }
        self.words("\n\n");
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Encoding, Locus};

    fn report() -> SourceText {
        let part = |role, words: &str, breaks: &[(usize, usize)]| Part {
            breaks: breaks.to_vec(),
            ..Part::new(role, words)
        };
        let note =
            Part { mark: Some("1".into()), ..part(Role::Furniture(Furniture::Note), "Minutes, f. 3.", &[]) };
        let extract = Extract {
            parts: vec![
                part(Role::Title, "The Weir", &[(0, 0)]),
                part(Role::Heading(1), "1. Rents", &[]),
                part(
                    Role::Paragraph,
                    "The miller paid until the gate was lost, and then he left.",
                    &[(33, 2)],
                ),
                note,
                part(Role::Item, "two sacks of rye", &[]),
                part(Role::Table, "Year\tSacks\n1911\t12", &[]),
                part(Role::Heading(1), "2. Repairs", &[]),
                part(Role::Paragraph, "Nobody mended the gate for eleven years after that.", &[]),
            ],
            pages: vec![Some("i".into()), None, Some("1".into())],
            ..Extract::default()
        };
        extract.source(TextId(7), FileId::new("/s/weir.pdf"))
    }

    #[test]
    fn a_document_becomes_passages_of_known_classes() {
        let source = report();
        let seen: Vec<String> = source
            .passages
            .iter()
            .map(|passage| format!("{} {:?} {}", passage.class.name(), passage.number, source.words(passage)))
            .collect();
        let expected = [
            "title None The Weir",
            "heading None 1. Rents",
            "body Some(1) The miller paid until the gate was lost, and then he left.",
            "note None Minutes, f. 3.",
            "list item Some(2) two sacks of rye",
            "table None Year\tSacks",
            "table None 1911\t12",
            "heading None 2. Repairs",
            "body Some(3) Nobody mended the gate for eleven years after that.",
        ];
        assert_eq!(seen, expected);
        let notes: Vec<(&str, &str)> =
            source.notes.iter().map(|note| (&*note.mark, source.text.slice(note.span))).collect();
        assert_eq!(notes, [("1", "Minutes, f. 3.")]);
        let sections: Vec<_> = source.sections.iter().map(|section| section.number.as_deref()).collect();
        assert_eq!(sections, [Some("1"), Some("2")]);
        assert!(source.text.slice(source.sections[0].span).ends_with("12\n\n## "));
    }

    #[test]
    fn a_word_that_a_page_break_cuts_belongs_to_the_page_before() {
        // The break of the report's paragraph is in the middle of “was”.
        let source = report();
        assert!(source.text.slice(source.pages[2].span).starts_with("lost"));
        assert_eq!(behind_word("the wéir was", 7), 10);
        // Chinese has no spaces: the page begins where it does, not after the paragraph.
        let chinese = "不得被判为犯有刑事罪。刑罚不得重于法律规定。";
        let at = chinese.find("刑事罪").expect("the break");
        assert_eq!(behind_word(chinese, at), at);
    }

    #[test]
    fn pages_begin_within_paragraphs_and_may_be_empty() {
        let source = report();
        let pages: Vec<(Option<&str>, &str)> = source
            .pages
            .iter()
            .map(|page| (page.label.as_deref(), source.text.slice(page.span).trim()))
            .collect();
        assert_eq!(pages[0].0, Some("i"));
        assert!(pages[0].1.ends_with("The miller paid until the gate was"), "{}", pages[0].1);
        assert_eq!(pages[1], (None, ""));
        assert_eq!(pages[2].0, Some("1"));
        assert!(pages[2].1.starts_with("lost, and then he left."), "{}", pages[2].1);
        assert_eq!(source.passages_at(&[Locus::Page("1".into()).into()]).first(), Some(&2));
        assert_eq!(source.passages_at(&[Locus::Page("i".into()).into()]), [0, 1, 2]);
    }

    #[test]
    fn the_view_shows_pages_and_note_marks_that_are_no_words() {
        let source = report();
        let view = source.text.file().as_str();
        assert!(view.starts_with("<!-- The text of weir.pdf "), "{view}");
        assert!(view.contains("⟦p. i⟧\n\n# The Weir\n\n## 1. Rents\n\n"), "{view}");
        assert!(view.contains("until the gate was ⟦p. 1⟧ lost"), "{view}");
        assert!(view.contains("[^1]: Minutes, f. 3."), "{view}");
        let lost = source.text.as_str().find("lost").expect("the word");
        let place = source.text.position(lost, Encoding::Utf8);
        let line = view.lines().nth(place.line as usize).expect("a line");
        assert!(line[place.character as usize..].starts_with("lost, and"), "{line}");
        assert_eq!(source.view, Some(FileId::new("0000000000000007/weir.md")));
    }
}
