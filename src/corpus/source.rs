//! Sources and their passages.

use std::borrow::Cow;
use std::hash::Hasher;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use unicode_normalization::UnicodeNormalization;

use super::library::Entry;
use crate::text::locus::Time;
use crate::text::{FileId, Span, Text};

/// Index of a source in [`super::Corpus::sources`]; valid for one corpus only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Identifies a text by its file and content, in this process and in later ones: the same bytes from the same
/// file have the same id, and any change gives a different one.
///
/// The file is included because a text belongs to one source. Two files with equal bytes are two texts, so
/// that each is found, cited and removed separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextId(pub u64);

impl TextId {
    /// The id of the text in `file` with content `bytes`: SipHash-1-3, with this fixed key, of the path, a
    /// zero byte and the content. Ids are stored, so the key must never change. The probability that any two
    /// of 100,000 texts share an id is 3 in 10 billion.
    #[must_use]
    pub fn of(file: &FileId, bytes: &[u8]) -> Self {
        const KEY: (u64, u64) = (0x676c_6f73_7361_746f, 0x725f_7465_7874_6964);
        let mut hasher = SipHasher13::new_with_keys(KEY.0, KEY.1);
        hasher.write(file.path().as_os_str().as_encoded_bytes());
        hasher.write(&[0]);
        hasher.write(bytes);
        Self(hasher.finish())
    }
}

/// A document that briefs are written from: its library entry and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The citation key, from the entry or from the file name.
    pub key: Arc<str>,
    /// The library entry; `None` for a file that no entry names.
    pub entry: Option<Arc<Entry>>,
    /// The text, as far as it is available.
    pub document: TextState,
}

impl Source {
    /// The text, if it could be read. Reads it now if only its catalogue entry is known.
    #[must_use]
    pub fn text(&self) -> Option<&Arc<SourceText>> {
        self.volume()?.text()
    }

    /// What is known about the text without reading it, if there is one.
    #[must_use]
    pub fn volume(&self) -> Option<&Arc<Volume>> {
        match &self.document {
            TextState::Present(volume) => Some(volume),
            TextState::Unnamed
            | TextState::Missing { .. }
            | TextState::Waiting { .. }
            | TextState::Unread { .. } => None,
        }
    }

    /// The documents that the entry names, as written, such as a saved page and a PDF. The text is that of
    /// the first one that can be read.
    #[must_use]
    pub fn documents(&self) -> &[PathBuf] {
        self.entry.as_ref().map_or(&[], |entry| &entry.files)
    }

    /// The documents other than the one that the text was read from.
    #[must_use]
    pub fn other_documents(&self) -> Vec<&Path> {
        let name = self.volume().and_then(|text| text.file.path().file_name());
        let is_read = |path: &&PathBuf| name.is_some() && path.file_name() == name;
        match self.documents().iter().position(|path| is_read(&path)) {
            Some(read) => {
                let others = self.documents().iter().enumerate().filter(|(at, _)| *at != read);
                others.map(|(_, path)| path.as_path()).collect()
            }
            None => Vec::new(),
        }
    }

    /// The best available title: the entry's, else the text's own; `None` if neither has one.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.entry
            .as_ref()
            .and_then(|entry| entry.title.as_deref())
            .or_else(|| self.volume()?.facts.title.as_deref())
    }
}

/// Whether the text of a source is available.
#[derive(Debug, Clone)]
pub enum TextState {
    /// It has been read, now or in an earlier run.
    Present(Arc<Volume>),
    /// The entry names no file.
    Unnamed,
    /// The entry names a file that could not be read.
    Missing {
        /// The path that was tried.
        file: FileId,
        /// The reason, as shown to the user: "no such file", "permission denied".
        why: String,
    },
    /// It is still to be read.
    Waiting {
        /// The file.
        file: FileId,
    },
    /// Its file is of an unsupported kind or out of reach, which is not a mistake.
    Unread {
        /// The file.
        file: FileId,
        /// The reason and the remedy, as shown to the user.
        why: String,
    },
}

/// A text as the corpus knows it: what finds and lists need, and the text itself, which is read when it is
/// first asked for.
pub struct Volume {
    /// Its id.
    pub id: TextId,
    /// The file it was read from.
    pub file: FileId,
    /// The file that shows it in an editor; see [`SourceText::view`].
    pub view: Option<FileId>,
    /// What lists say about it.
    pub facts: Facts,
    text: OnceLock<Option<Arc<SourceText>>>,
    reader: Option<Arc<dyn Reader>>,
}

/// What is known about a text without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The title given in the text itself.
    pub title: Option<Box<str>>,
    /// The first and last paragraph number that locators use; see [`SourceText::paragraphs`].
    pub paragraphs: Option<(u32, u32)>,
    /// The number of counted passages.
    pub counted: u32,
    /// The length of the reading text in bytes.
    pub bytes: usize,
}

/// Reads texts that are not in memory.
pub trait Reader: Send + Sync {
    /// The text of `volume`; `None` if its file has changed or cannot be read.
    fn read(&self, volume: &Volume) -> Option<SourceText>;
}

impl Volume {
    /// The text `id` in `file`, which `reader` reads when it is first asked for.
    #[must_use]
    pub fn unread(
        id: TextId,
        file: FileId,
        view: Option<FileId>,
        facts: Facts,
        reader: Arc<dyn Reader>,
    ) -> Self {
        Self { id, file, view, facts, text: OnceLock::new(), reader: Some(reader) }
    }

    /// The text. Reads it now if that has not been done; `None` if its file has changed meanwhile, of which the
    /// next load takes note.
    #[must_use]
    pub fn text(&self) -> Option<&Arc<SourceText>> {
        self.text.get_or_init(|| self.read_anew()).as_ref()
    }

    /// The text, which is not kept in memory if it was not there.
    #[must_use]
    pub fn glance(&self) -> Option<Arc<SourceText>> {
        self.text.get().cloned().unwrap_or_else(|| self.read_anew())
    }

    /// The text, if it is in memory.
    #[must_use]
    pub fn in_memory(&self) -> Option<&Arc<SourceText>> {
        self.text.get()?.as_ref()
    }

    fn read_anew(&self) -> Option<Arc<SourceText>> {
        self.reader.as_ref()?.read(self).map(Arc::new)
    }

    /// The file to open in an editor: the file itself, or its view.
    #[must_use]
    pub fn shown(&self) -> &FileId {
        self.view.as_ref().unwrap_or(&self.file)
    }
}

impl From<SourceText> for Volume {
    /// A text in memory.
    fn from(text: SourceText) -> Self {
        Arc::new(text).into()
    }
}

impl From<Arc<SourceText>> for Volume {
    /// A text in memory.
    fn from(text: Arc<SourceText>) -> Self {
        Self {
            id: text.id,
            file: text.file.clone(),
            view: text.view.clone(),
            facts: Facts {
                title: text.title().map(Into::into),
                paragraphs: text.paragraphs().map(|range| (*range.start(), *range.end())),
                counted: text.numbered_count(),
                bytes: text.text.as_str().len(),
            },
            text: OnceLock::from(Some(text)),
            reader: None,
        }
    }
}

impl std::fmt::Debug for Volume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Volume").field("id", &self.id).field("file", &self.file).finish_non_exhaustive()
    }
}

/// The text of a source, split into passages.
#[derive(Debug)]
pub struct SourceText {
    /// Its id in the index.
    pub id: TextId,
    /// The file it was read from.
    pub file: FileId,
    /// The file that shows it in an editor, if `file` is no text: its view, in the cache. It is written when it
    /// is first opened.
    pub view: Option<FileId>,
    /// The decoded text; its byte offsets are those of the file if the file is UTF-8 without a byte order
    /// mark.
    pub text: Text,
    /// In order and not overlapping, each without surrounding whitespace.
    pub passages: Vec<Passage>,
    /// The range of paragraph numbers that the source itself prints, if it certainly does; locators then use
    /// them. `None` if passages are counted.
    pub own: Option<RangeInclusive<u32>>,
    /// Its pages, in order; empty if they are not known.
    pub pages: Vec<Page>,
    /// Where the labels of its pages come from.
    pub labels: Labels,
    /// Its sections, in the order in which they begin. A section contains its subsections.
    pub sections: Vec<Section>,
    /// Its notes, in order.
    pub notes: Vec<Noted>,
    /// When its words were spoken, in the order of both; empty if it is not a recording.
    pub times: Vec<Timed>,
    /// The ISO 639-3 code, if the detector was certain.
    pub language: Option<&'static str>,
    /// What the document says about itself, apart from its words.
    pub metadata: Metadata,
    /// What could not be read of it, for the user: whole sentences.
    pub remarks: Vec<String>,
    /// Why a format's reader took parts for furniture: byte offset of the part, and the rule; in order.
    pub reasons: Vec<(usize, Cow<'static, str>)>,
}

impl SourceText {
    /// A text of `passages` without pages and the like, in no known language.
    #[must_use]
    pub fn plain(id: TextId, file: FileId, text: Text, passages: Vec<Passage>) -> Self {
        Self {
            id,
            file,
            view: None,
            text,
            passages,
            own: None,
            pages: Vec::new(),
            labels: Labels::default(),
            sections: Vec::new(),
            notes: Vec::new(),
            times: Vec::new(),
            language: None,
            metadata: Metadata::default(),
            remarks: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// The file to open in an editor: the file itself, or its view.
    #[must_use]
    pub fn shown(&self) -> &FileId {
        self.view.as_ref().unwrap_or(&self.file)
    }

    /// Why the reader of its format took `passage` for furniture, if it did.
    #[must_use]
    pub fn reason(&self, passage: &Passage) -> Option<&str> {
        let at = self.reasons.binary_search_by_key(&passage.span.start, |(at, _)| *at).ok()?;
        Some(&self.reasons[at].1)
    }

    /// The words of `passage`.
    #[must_use]
    pub fn words(&self, passage: &Passage) -> &str {
        self.text.slice(passage.span)
    }

    /// The number of counted passages.
    #[must_use]
    pub fn numbered_count(&self) -> u32 {
        self.passages.iter().filter_map(|passage| passage.number).max().unwrap_or(0)
    }

    /// The index of the first counted passage.
    #[must_use]
    pub fn first_numbered(&self) -> Option<usize> {
        self.passages.iter().position(|passage| passage.number.is_some())
    }

    /// The range of paragraph numbers that locators for this source use; `None` if it has none.
    #[must_use]
    pub fn paragraphs(&self) -> Option<RangeInclusive<u32>> {
        let count = self.numbered_count();
        self.own.clone().or_else(|| (count > 0).then_some(1..=count))
    }

    /// The title given in the text itself.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        let passage = self.passages.iter().find(|passage| passage.class == Class::Title)?;
        Some(self.words(passage))
    }
}

/// A piece of a source: the unit that is indexed, numbered and cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its span in the text, in bytes.
    pub span: Span,
    /// Its class.
    pub class: Class,
    /// Its number among the body and block quotation passages, counted from 1 through the source: the `n` of
    /// the locator `¶ n`. Other classes have none.
    pub number: Option<u32>,
    /// The number printed in the source for the paragraph that this passage is or belongs to; `None` if there
    /// is none. A locator may use it as well as the count.
    pub printed: Option<u32>,
    /// The `n` of the locator `¶ n` that we write for it: the source's own number if that is certain, or the
    /// count in a source without numbers. `None` for a passage that neither covers.
    pub paragraph: Option<u32>,
}

/// A page of a source. Its number in the file is its index in [`SourceText::pages`], counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its span in the text, in bytes.
    pub span: Span,
    /// The printed page number, as written: `12`, `iv`, `A-3`. `None` if none was found.
    pub label: Option<Box<str>>,
}

/// Where the labels of a document's pages come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Labels {
    /// They are printed on the pages.
    #[default]
    Printed,
    /// The file states them, as a PDF does in `/PageLabels`.
    Stated,
    /// They are counted from 1, because neither the pages nor the file have any.
    Counted,
}

/// A section or chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// From its heading to the next one of its level or above, in bytes of the text.
    pub span: Span,
    /// Its level, from 1.
    pub level: u8,
    /// Its number as written, without a word before it: `4.2`, `IV`. `None` if it has none.
    pub number: Option<Box<str>>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its span in the text, in bytes.
    pub span: Span,
    /// Its mark: `3`, `*`.
    pub mark: Box<str>,
}

/// What a document says about itself: in the properties of the file, or in the metadata of a web page. Anything
/// absent is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The title.
    pub title: Option<String>,
    /// The authors, each as written.
    pub authors: Vec<String>,
    /// The date of publication, else of creation, as written: `2021-08-19`.
    pub date: Option<String>,
    /// The newspaper, journal, site or publisher.
    pub outlet: Option<String>,
    /// The address it was saved from.
    pub url: Option<String>,
    /// Its language tag, as written.
    pub language: Option<String>,
}

/// The time at which some words of a recording were spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// Byte offset of the words in the text.
    pub at: usize,
    /// When they begin.
    pub start: Time,
    /// When they end.
    pub end: Time,
}

impl Passage {
    /// A passage that is numbered by the count alone.
    #[must_use]
    pub fn counted(span: Span, class: Class, number: Option<u32>) -> Self {
        Self { span, class, number, printed: None, paragraph: number }
    }
}

/// The class of a passage in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The title.
    Title,
    /// The editors' summary between title and body.
    Standfirst,
    /// A heading in the body.
    Heading,
    /// A paragraph of the body.
    Body,
    /// A paragraph that consists entirely of somebody else's words.
    BlockQuotation,
    /// An item of a list. It counts as a paragraph.
    ListItem,
    /// A table, or a row of one.
    Table,
    /// Text of the page rather than of the article.
    Furniture(Furniture),
}

/// Kinds of [`Class::Furniture`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Furniture {
    /// Market prices, counters.
    Ticker,
    /// A sentence of the body repeated in large type.
    PullQuote,
    /// The caption or credit of a picture.
    Caption,
    /// A comment form with its notices.
    CommentForm,
    /// The beginning of another article.
    Teaser,
    /// An invitation to a newsletter.
    Newsletter,
    /// A notice about the reader's browser.
    BrowserNotice,
    /// A description of the author.
    Bio,
    /// What the outlet says about itself, or a disclaimer.
    Disclaimer,
    /// Vocabulary explained to language learners.
    Vocabulary,
    /// The heading of a list of other articles.
    RelatedContent,
    /// Author and date.
    Byline,
    /// Buttons, menus, labels, keywords and advertisements.
    Control,
    /// Text repeated on every printed page: running heads and feet, page numbers, banners.
    RunningHead,
    /// A footnote or endnote.
    Note,
    /// Sentences in a box beside the text of a web page: they may be quoted like the text, but are not counted.
    Aside,
}

impl Furniture {
    /// The name shown on a card: lower case, singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ticker => "ticker",
            Self::PullQuote => "pull quote",
            Self::Caption => "caption",
            Self::CommentForm => "comment form",
            Self::Teaser => "teaser of another article",
            Self::Newsletter => "newsletter prompt",
            Self::BrowserNotice => "browser notice",
            Self::Bio => "author's bio",
            Self::Disclaimer => "disclaimer",
            Self::Vocabulary => "vocabulary list",
            Self::RelatedContent => "related content",
            Self::Byline => "byline",
            Self::Control => "page control",
            Self::RunningHead => "running head",
            Self::Note => "note",
            Self::Aside => "box beside the text",
        }
    }
}

impl Class {
    /// Whether the locator `¶ n` counts passages of this class.
    #[must_use]
    pub fn is_numbered(self) -> bool {
        match self {
            Self::Body | Self::BlockQuotation | Self::ListItem => true,
            Self::Title | Self::Standfirst | Self::Heading | Self::Table | Self::Furniture(_) => false,
        }
    }

    /// Its kind, if it is text of the page rather than of the article.
    #[must_use]
    pub fn furniture(self) -> Option<Furniture> {
        match self {
            Self::Furniture(kind) => Some(kind),
            Self::Title
            | Self::Standfirst
            | Self::Heading
            | Self::Body
            | Self::BlockQuotation
            | Self::ListItem
            | Self::Table => None,
        }
    }

    /// The name used on cards and in JSON: lower case, singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Standfirst => "standfirst",
            Self::Heading => "heading",
            Self::Body => "body",
            Self::BlockQuotation => "block quotation",
            Self::ListItem => "list item",
            Self::Table => "table",
            Self::Furniture(kind) => kind.name(),
        }
    }
}

/// Makes a citation key from a file name, replacing anything that Pandoc does not accept in a key by `_`. A
/// key starts with a letter, digit or `_`; other punctuation must be neither doubled nor last.
#[must_use]
pub fn key_of_file_name(stem: &str) -> String {
    const INNER: &str = ":.#$%&-+?<>~/";
    let mut key = String::new();
    // macOS decomposes letters in file names.
    let mut letters = stem.nfc().peekable();
    while let Some(letter) = letters.next() {
        let inner = INNER.contains(letter)
            && key.chars().last().is_some_and(|before| before.is_alphanumeric() || before == '_')
            && letters.peek().is_some_and(|next| next.is_alphanumeric());
        key.push(if letter.is_alphanumeric() || inner { letter } else { '_' });
    }
    if key.is_empty() { "_".into() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_texts_outlive_the_process_and_tell_places_and_contents_apart() {
        let file = FileId::new("/sources/moss.txt");
        let id = TextId::of(&file, b"The port handled grain.\n");
        // Computed with another implementation of SipHash-1-3.
        assert_eq!(id, TextId(0xac26_b925_eb9b_db87));
        assert_ne!(id, TextId::of(&file, b"The port handled grain."));
        assert_ne!(id, TextId::of(&FileId::new("/sources/copy.txt"), b"The port handled grain.\n"));
    }
}
