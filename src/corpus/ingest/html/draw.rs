//! Writes the reading text of a web page: its words with single spaces, an empty line between paragraphs, and
//! the marks of Markdown before headings, quotations and items.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};

use crate::text::{FileSpan, Span};

/// What a paragraph of a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// An item of a list, with a bullet.
    Item,
    /// An item with a number, which is written before it.
    Numbered,
    Quotation,
    /// A row of a table, by the index of the table's node.
    Row(usize),
    Caption,
    /// A paragraph of a note, by the index of the note in [`Drawing::notes`].
    Note(usize),
}

/// A paragraph as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) role: Role,
    /// Its words in the reading text, without the marks before them.
    pub(super) span: Span,
    /// Whether it belongs to the page rather than the article.
    pub(super) framed: bool,
}

/// A text being written.
#[derive(Default)]
pub(super) struct Drawing<'t> {
    file: &'t str,
    pub(super) pieces: Vec<(FileSpan, Option<Cow<'static, str>>)>,
    /// Number of bytes written.
    drawn: usize,
    /// The gap before the next word.
    gap: Gap,
    /// The role of the next paragraph.
    pub(super) role: Role,
    /// What is written before the next paragraph: the number of an item.
    pub(super) label: Option<String>,
    /// Whether the next words belong to the page rather than the article.
    pub(super) framed: bool,
    /// Whether the next words belong to the paragraph before them.
    held: bool,
    pub(super) blocks: Vec<Block>,
    /// The marks of the notes.
    pub(super) notes: Vec<Option<Box<str>>>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    /// Between the cells of a table.
    Cell,
    /// A line break within a paragraph.
    Line,
    Paragraph,
}

impl<'t> Drawing<'t> {
    pub(super) fn of(file: &'t str) -> Self {
        Self { file, gap: Gap::Paragraph, ..Self::default() }
    }

    pub(super) fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    pub(super) fn cell(&mut self) {
        self.gap = self.gap.max(Gap::Cell);
    }

    /// A line break; a second one ends the paragraph.
    pub(super) fn line(&mut self) {
        self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
    }

    pub(super) fn part(&mut self) {
        self.gap = if self.held { Gap::Space } else { Gap::Paragraph };
    }

    /// Writes the next words into the same paragraph, whatever begins there.
    pub(super) fn hold(&mut self) {
        self.held = !self.begins();
        if self.held {
            self.gap = Gap::Space;
        }
    }

    /// Returns true if the next word begins a paragraph.
    pub(super) fn begins(&self) -> bool {
        self.gap == Gap::Paragraph
    }

    /// Writes the words at `span`. In `pre`, line breaks are kept.
    pub(super) fn text(&mut self, span: Span, pre: bool) {
        let mut at = span.start;
        while at < span.end {
            let rest = &self.file[at..span.end];
            let byte = rest.as_bytes()[0];
            if byte.is_ascii_whitespace() {
                if pre && byte == b'\n' {
                    self.line();
                } else {
                    self.space();
                }
                at += 1;
                continue;
            }
            if byte == b'&' {
                let length = entity(rest);
                let letters = decoded(&rest[..length]);
                if letters.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
                    self.space();
                } else {
                    self.put(Span::new(at, at + length), letters);
                }
                at += length;
                continue;
            }
            let length = rest.bytes().position(|byte| byte.is_ascii_whitespace() || byte == b'&');
            let length = length.unwrap_or(rest.len());
            self.begin(at);
            self.push(Span::new(at, at + length), None);
            at += length;
        }
    }

    /// Writes `words` for what the file has at `at`.
    pub(super) fn put(&mut self, at: Span, words: impl Into<Cow<'static, str>>) {
        self.begin(at.start);
        self.push(at, Some(words.into()));
    }

    /// Writes the gap before a word at byte `at` of the file.
    fn begin(&mut self, at: usize) {
        let gap = std::mem::take(&mut self.gap);
        self.held = false;
        let nothing = Span::new(at, at);
        let mut mark = |words: Cow<'static, str>| self.mark(nothing, words);
        if gap == Gap::Paragraph {
            if !self.blocks.is_empty() {
                self.mark(nothing, "\n\n".into());
            }
            match self.role {
                Role::Heading(level) => self.mark(nothing, format!("{} ", "#".repeat(level.into())).into()),
                Role::Item => self.mark(nothing, "- ".into()),
                Role::Quotation => self.mark(nothing, "> ".into()),
                Role::Paragraph | Role::Numbered | Role::Row(_) | Role::Caption | Role::Note(_) => {}
            }
            let span = Span::new(self.drawn, self.drawn);
            self.blocks.push(Block { role: self.role, span, framed: self.framed });
            if let Some(label) = self.label.take() {
                self.push(nothing, Some(label.into()));
            }
            // The second paragraph of an item is no item.
            if matches!(self.role, Role::Item | Role::Numbered) {
                self.role = Role::Paragraph;
            }
        } else if gap == Gap::Cell {
            mark("\t".into());
        } else if gap != Gap::None {
            mark(" ".into());
        }
    }

    fn mark(&mut self, at: Span, words: Cow<'static, str>) {
        self.drawn += words.len();
        self.pieces.push(((at.start..at.end).into(), Some(words)));
    }

    /// Removes the dot or arrow that follows the mark of a note, of which nothing else has been written.
    pub(super) fn text_of_note(&mut self, span: Span) {
        let words = &self.file[span.start..span.end];
        let begins =
            words.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ')' | '↑' | '^'));
        self.text(Span::new(span.end - begins.len(), span.end), false);
    }

    fn push(&mut self, of: Span, read: Option<Cow<'static, str>>) {
        self.drawn += read.as_ref().map_or(of.len(), |read| read.len());
        self.pieces.push(((of.start..of.end).into(), read));
        if let Some(block) = self.blocks.last_mut() {
            block.span.end = self.drawn;
            // A paragraph with words of the article belongs to it.
            block.framed &= self.framed;
        }
    }
}

/// The length of the entity at the start of `text`, which begins with `&`; 1 if it is not an entity.
fn entity(text: &str) -> usize {
    /// `&CounterClockwiseContourIntegral;`
    const LONGEST: usize = 33;
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = 1 + text.as_bytes()[1..].iter().take(LONGEST).take_while(|byte| name(byte)).count();
    if text.as_bytes().get(length) == Some(&b';') { length + 1 } else { length }
}

/// The text an entity stands for.
fn decoded(entity: &str) -> String {
    let words = Tokenizer::new(entity).filter_map(Result::ok).filter_map(|token| match token {
        Token::String(words) => Some(String::from_utf8_lossy(&words.value.0).into_owned()),
        _ => None,
    });
    words.collect()
}

/// `text` with entities decoded and single spaces, as for the title in a page's metadata.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let length = entity(&rest[at..]);
        out.push_str(&decoded(&rest[at..at + length]));
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
