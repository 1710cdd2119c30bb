//! A document being taken apart, for formats that have paragraphs, tables, notes and boxes: Word, OpenDocument
//! and RTF. The reader says where each begins and ends; the parts come out in reading order.

use std::borrow::Cow;

use super::extract::{Part, Role};
use crate::corpus::source::Furniture;

/// Most bytes of words in a document: five long books.
const MOST_BYTES: usize = 10_000_000;

/// Deepest nesting of tables, boxes and notes that keeps its shape; deeper words are read as part of the
/// innermost.
const DEPTH: usize = 24;

/// A table with a cell of this many words is made for its layout, such as a judgment with its numbers in a
/// margin.
const LAYOUT_WORDS: usize = 40;

/// From this many words on, an item of a numbered list is a numbered paragraph.
const PARAGRAPH_WORDS: usize = 12;

/// Verse has at least this many lines of at most this many characters. Other line breaks in a paragraph are spaces.
const VERSE_LINES: usize = 3;
const VERSE_COLUMNS: usize = 60;

/// A document being taken apart.
#[derive(Default)]
pub(super) struct Draft {
    flow: Flow,
    /// The flows around the current one.
    outer: Vec<Flow>,
    /// Opened flows that are too deep to have their own.
    deeper: usize,
    /// Pages that have begun since the last word.
    pending: Vec<usize>,
    /// The number of pages that have begun.
    pages: usize,
    bytes: usize,
}

/// A run of paragraphs: the document, a cell, a note or a box.
#[derive(Default)]
struct Flow {
    kind: Kind,
    words: Words,
    parts: Vec<Part>,
    /// What follows the current paragraph: its notes and boxes.
    after: Vec<Part>,
}

#[derive(Default, Clone, PartialEq)]
enum Kind {
    #[default]
    Body,
    /// A note, with its mark.
    Note(Option<Box<str>>),
    Box,
    /// The rows of a table: cells of parts. Its notes are in `after`.
    Table(Vec<Vec<Vec<Part>>>),
    Cell,
}

/// Words being written. White space is one space; `\n` is a line break.
#[derive(Default)]
struct Words {
    text: String,
    breaks: Vec<(usize, usize)>,
    gap: Gap,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    Line,
    Paragraph,
}

impl Draft {
    /// Adds words to the current paragraph.
    pub(super) fn words(&mut self, words: &str) {
        for c in words.chars() {
            self.letter(c);
        }
    }

    fn letter(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' | '\n' => self.gap(Gap::Space),
            // A soft hyphen is a place to break a word, and a zero-width no-break space is nothing.
            '\u{ad}' | '\u{feff}' => {}
            c if c.is_control() || (c.is_whitespace() && !self.has_words()) => {}
            c => {
                if self.bytes >= MOST_BYTES {
                    return;
                }
                let words = &mut self.flow.words;
                if !words.text.is_empty() {
                    words.text.push_str(match words.gap {
                        Gap::None => "",
                        Gap::Space => " ",
                        Gap::Line => "\n",
                        Gap::Paragraph => "\n\n",
                    });
                }
                words.gap = Gap::None;
                if !self.pending.is_empty() && self.outer.iter().chain([&self.flow]).all(Flow::has_pages) {
                    let words = &mut self.flow.words;
                    let at = words.text.len();
                    words.breaks.extend(self.pending.drain(..).map(|page| (at, page)));
                }
                self.flow.words.text.push(c);
                self.bytes += c.len_utf8();
            }
        }
    }

    fn gap(&mut self, gap: Gap) {
        let words = &mut self.flow.words;
        words.gap = words.gap.max(gap);
    }

    /// Adds a line break.
    pub(super) fn line(&mut self) {
        let words = &mut self.flow.words;
        words.gap = if words.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
    }

    /// Begins a page.
    pub(super) fn page(&mut self) {
        self.pending.push(self.pages);
        self.pages += 1;
    }

    /// Whether nothing has been read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The role of `words`, an item of a numbered list: in judgments and resolutions it is a paragraph.
    pub(super) fn item(words: &str) -> Role {
        let prose = words.ends_with(['.', ';', ':', '!', '?', ',', '”', '"', '»'])
            || words.split_whitespace().nth(PARAGRAPH_WORDS - 1).is_some();
        if prose { Role::Paragraph } else { Role::Item }
    }

    /// Whether the current paragraph has words.
    pub(super) fn has_words(&self) -> bool {
        !self.flow.words.text.is_empty()
    }

    /// The words of the current paragraph.
    pub(super) fn current(&self) -> &str {
        &self.flow.words.text
    }

    /// Writes `label`, a number that the document does not spell out, before the words of the current paragraph.
    pub(super) fn label(&mut self, label: &str) {
        if self.has_words() {
            self.flow.words.text.insert_str(0, &format!("{label} "));
            for (at, _) in &mut self.flow.words.breaks {
                *at = if *at == 0 { 0 } else { *at + label.len() + 1 };
            }
        }
    }

    /// Ends the current paragraph, which is a `role` with `mark`.
    pub(super) fn paragraph(&mut self, role: Role, mark: Option<Box<str>>, why: Option<Cow<'static, str>>) {
        let words = std::mem::take(&mut self.flow.words);
        let mut mark = mark;
        for (words, breaks) in words.paragraphs() {
            self.flow.parts.push(Part { role, words, breaks, mark: mark.take(), why: why.clone() });
        }
        if !matches!(self.flow.kind, Kind::Cell | Kind::Note(_)) {
            let after = std::mem::take(&mut self.flow.after);
            self.flow.parts.extend(after);
        }
    }

    fn open(&mut self, kind: Kind) {
        if self.outer.len() >= DEPTH {
            self.deeper += 1;
            return;
        }
        self.outer.push(std::mem::replace(&mut self.flow, Flow { kind, ..Flow::default() }));
    }

    /// Ends the current flow and returns it; `None` if it was too deep to have one.
    fn close(&mut self) -> Option<Flow> {
        if self.deeper > 0 {
            self.deeper -= 1;
            self.gap(Gap::Space);
            return None;
        }
        let outer = self.outer.pop()?;
        if self.has_words() {
            self.paragraph(Role::Paragraph, None, None);
        }
        Some(std::mem::replace(&mut self.flow, outer))
    }

    /// Begins a note with `mark`, which follows the current paragraph.
    pub(super) fn begin_note(&mut self, mark: Option<Box<str>>) {
        self.open(Kind::Note(mark));
    }

    /// Gives the note that is open its mark.
    pub(super) fn mark_note(&mut self, new: Box<str>) {
        if let Kind::Note(mark) = &mut self.flow.kind {
            *mark = Some(new);
        }
    }

    /// Ends a note.
    pub(super) fn end_note(&mut self) {
        if !matches!(self.flow.kind, Kind::Note(_)) && self.deeper == 0 {
            return;
        }
        let Some(note) = self.close() else { return };
        let Kind::Note(mark) = note.kind else { return };
        self.note(mark, note.parts);
        self.flow.after.extend(note.after);
    }

    /// Adds a note of `parts` with `mark`, which follows the current paragraph.
    pub(super) fn note(&mut self, mut mark: Option<Box<str>>, mut parts: Vec<Part>) {
        for part in &mut parts {
            part.role = Role::Furniture(Furniture::Note);
            part.mark = mark.take();
            part.breaks.clear();
        }
        self.flow.after.extend(parts);
    }

    /// Begins a text box, which follows the current paragraph.
    pub(super) fn begin_box(&mut self) {
        self.open(Kind::Box);
    }

    /// Ends a text box.
    pub(super) fn end_box(&mut self) {
        if self.flow.kind != Kind::Box && self.deeper == 0 {
            return;
        }
        let Some(mut inner) = self.close() else { return };
        for part in &mut inner.parts {
            if part.role == Role::Paragraph {
                part.role = Role::Furniture(Furniture::Aside);
                part.why = Some("a text box".into());
            }
        }
        self.flow.after.extend(inner.parts);
        self.flow.after.extend(inner.after);
    }

    /// Begins a table.
    pub(super) fn begin_table(&mut self) {
        if self.has_words() {
            self.paragraph(Role::Paragraph, None, None);
        }
        self.open(Kind::Table(Vec::new()));
    }

    /// Begins a row of the table.
    pub(super) fn begin_row(&mut self) {
        if let Kind::Table(rows) = &mut self.flow.kind {
            rows.push(Vec::new());
        }
    }

    /// Begins a cell of the row.
    pub(super) fn begin_cell(&mut self) {
        self.open(Kind::Cell);
    }

    /// Ends a cell.
    pub(super) fn end_cell(&mut self) {
        if self.flow.kind != Kind::Cell && self.deeper == 0 {
            return;
        }
        let Some(cell) = self.close() else { return };
        self.flow.after.extend(cell.after);
        match &mut self.flow.kind {
            Kind::Table(rows) => {
                if rows.is_empty() {
                    rows.push(Vec::new());
                }
                if let Some(row) = rows.last_mut() {
                    row.push(cell.parts);
                }
            }
            _ => self.flow.parts.extend(cell.parts),
        }
    }

    /// Ends a table.
    pub(super) fn end_table(&mut self) {
        if !matches!(self.flow.kind, Kind::Table(_)) && self.deeper == 0 {
            return;
        }
        let Some(table) = self.close() else { return };
        let Kind::Table(rows) = table.kind else { return };
        self.flow.parts.extend(table.parts);
        if is_layout(&rows) {
            rows.into_iter().for_each(|row| self.flow.parts.extend(laid_out(row)));
        } else {
            self.flow.parts.extend(joined(rows));
        }
        let is_cell = self.flow.kind == Kind::Cell;
        (if is_cell { &mut self.flow.after } else { &mut self.flow.parts }).extend(table.after);
    }

    /// The parts. If the document ended too early, everything that is open ends with it.
    ///
    /// # Errors
    /// If there are more words than are read.
    pub(super) fn finish(mut self) -> Result<Vec<Part>, String> {
        if self.bytes >= MOST_BYTES {
            return Err(format!("it has more than {} MB of words", MOST_BYTES / 1_000_000));
        }
        self.deeper = 0;
        while !self.outer.is_empty() {
            match self.flow.kind {
                Kind::Note(_) => self.end_note(),
                Kind::Box => self.end_box(),
                Kind::Table(_) => self.end_table(),
                Kind::Cell => self.end_cell(),
                Kind::Body => break,
            }
        }
        if self.has_words() || !self.flow.after.is_empty() {
            self.paragraph(Role::Paragraph, None, None);
        }
        Ok(self.flow.parts)
    }
}

impl Flow {
    /// Whether page breaks in it are in reading order.
    fn has_pages(&self) -> bool {
        !matches!(self.kind, Kind::Note(_) | Kind::Box)
    }
}

impl Words {
    /// The paragraphs: the words between empty lines.
    fn paragraphs(self) -> Vec<(String, Vec<(usize, usize)>)> {
        let Self { mut text, breaks, .. } = self;
        if text.is_empty() {
            return Vec::new();
        }
        if text.contains('\n') {
            let verse = text.split("\n\n").all(|part| {
                let short = |line: &str| line.chars().count() <= VERSE_COLUMNS;
                part.lines().count() >= VERSE_LINES && part.lines().all(short)
            });
            if !verse {
                // Empty lines remain: both bytes of them are line breaks.
                let bytes = text.as_bytes();
                let is_line = |at: usize| bytes.get(at) == Some(&b'\n');
                let single: Vec<usize> = (0..bytes.len())
                    .filter(|&at| is_line(at) && !is_line(at + 1) && !(at > 0 && is_line(at - 1)))
                    .collect();
                for at in single {
                    text.replace_range(at..=at, " ");
                }
            }
        }
        let mut paragraphs = Vec::new();
        let mut breaks = breaks.into_iter().peekable();
        let mut start = 0;
        for part in text.split("\n\n") {
            let end = start + part.len();
            let own = std::iter::from_fn(|| breaks.next_if(|(at, _)| *at < end));
            let words = part.trim_end();
            let own = own.map(|(at, page)| ((at - start).min(words.len()), page)).collect();
            paragraphs.push((words.to_owned(), own));
            start = end + 2;
        }
        paragraphs
    }
}

/// Whether a table is made for its layout: a frame around text, or with whole paragraphs in a cell.
fn is_layout(rows: &[Vec<Vec<Part>>]) -> bool {
    let long = |cell: &Vec<Part>| {
        cell.iter().flat_map(|part| part.words.split_whitespace()).nth(LAYOUT_WORDS - 1).is_some()
            || cell.iter().any(|part| matches!(part.role, Role::Heading(_) | Role::Title))
    };
    let single = rows.iter().all(|row| row.len() <= 1);
    single || rows.iter().flatten().any(long)
}

/// The parts of a row of such a table. A number in a cell of its own belongs to the words beside it.
fn laid_out(row: Vec<Vec<Part>>) -> Vec<Part> {
    /// `12.`, `(iv)`
    const LONGEST: usize = 6;
    let mut parts: Vec<Part> = Vec::new();
    for part in row.into_iter().flatten() {
        match parts.last_mut() {
            Some(number)
                if number.words.len() <= LONGEST
                    && number.words.ends_with(['.', ')', ']'])
                    && part.role == Role::Paragraph =>
            {
                let shift = number.words.len() + 1;
                number.words.push(' ');
                number.words.push_str(&part.words);
                number.breaks.extend(part.breaks.iter().map(|(at, page)| (at + shift, *page)));
                number.role = part.role;
            }
            _ => parts.push(part),
        }
    }
    parts
}

/// A table as one part: a line per row, cells separated by tabs.
fn joined(rows: Vec<Vec<Vec<Part>>>) -> Option<Part> {
    let mut table = Part::new(Role::Table, "");
    for row in rows {
        let filled = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if filled == 0 {
            continue;
        }
        if !table.words.is_empty() {
            table.words.push('\n');
        }
        for (at, cell) in row.into_iter().take(filled).enumerate() {
            if at > 0 {
                table.words.push('\t');
            }
            for (nth, part) in cell.into_iter().enumerate() {
                if nth > 0 {
                    table.words.push(' ');
                }
                let shift = table.words.len();
                table.breaks.extend(part.breaks.iter().map(|(at, page)| (at + shift, *page)));
                table.words.push_str(&part.words.replace(['\n', '\t'], " "));
            }
        }
    }
    (!table.words.is_empty()).then_some(table)
}
