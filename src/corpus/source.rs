//! Sources and their passages.

use std::sync::Arc;

use super::library::Entry;
use crate::text::{FileId, Span, Text};

/// Place of a source in [`super::Corpus::sources`]; good for one corpus only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Names one text in the index for as long as the text stays as it is; a text that is read again
/// gets a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u64);

impl TextId {
    /// One that no text of this process has.
    #[must_use]
    pub fn fresh() -> Self {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        Self(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }
}

/// One document that briefs are written from: what the library says of it, and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The citation key: the entry's, or made from the file's name.
    pub key: Arc<str>,
    /// What the library says; `None` for a file that no entry names.
    pub entry: Option<Arc<Entry>>,
    /// Its text, as far as it can be had.
    pub document: TextState,
}

impl Source {
    /// The text, when it could be read.
    #[must_use]
    pub fn text(&self) -> Option<&Arc<SourceText>> {
        match &self.document {
            TextState::Present(text) => Some(text),
            TextState::Unnamed | TextState::Missing { .. } => None,
        }
    }

    /// The best title there is: the entry's, else the text's own; `None` when neither has one.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.entry.as_ref().and_then(|entry| entry.title.as_deref()).or_else(|| self.text()?.title())
    }
}

/// Whether the text of a source can be read.
#[derive(Debug, Clone)]
pub enum TextState {
    /// It was read.
    Present(Arc<SourceText>),
    /// The entry names no file.
    Unnamed,
    /// The entry names a file that could not be read.
    Missing {
        /// The file as it was looked for.
        file: FileId,
        /// Why, in words for the user: "no such file", "permission denied".
        why: String,
    },
}

/// The text of a source, cut into passages.
#[derive(Debug)]
pub struct SourceText {
    /// Its name in the index.
    pub id: TextId,
    /// Where it stands.
    pub file: FileId,
    /// The decoded text; byte offsets in it are the file's own when the file is UTF-8 without a
    /// byte order mark.
    pub text: Text,
    /// In order, apart, each without surrounding white space.
    pub passages: Vec<Passage>,
    /// ISO 639-3 code, when the detector was sure.
    pub language: Option<&'static str>,
}

impl SourceText {
    /// The words of `passage`.
    #[must_use]
    pub fn words(&self, passage: &Passage) -> &str {
        self.text.slice(passage.span)
    }

    /// The passage with number `number` (counted from 1).
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<usize> {
        self.passages.iter().position(|passage| passage.number == Some(number))
    }

    /// How many passages are numbered: the largest locator `¶ n` that there is.
    #[must_use]
    pub fn numbered_count(&self) -> u32 {
        self.passages.iter().filter_map(|passage| passage.number).max().unwrap_or(0)
    }

    /// The title that the text itself carries.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        let passage = self.passages.iter().find(|passage| passage.class == Class::Title)?;
        Some(self.words(passage))
    }
}

/// A piece of a source: the unit that is indexed, numbered and cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Byte offsets into the text.
    pub span: Span,
    /// What it is.
    pub class: Class,
    /// Its number among the passages of class body or block quotation, counted from 1 over the
    /// whole source: the `n` of the locator `¶ n`. The other classes have none.
    pub number: Option<u32>,
}

/// What a passage is in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The title.
    Title,
    /// The editors' summary between title and body.
    Standfirst,
    /// A heading in the body.
    Heading,
    /// A paragraph of the argument.
    Body,
    /// A paragraph that is all somebody else's words.
    BlockQuotation,
    /// Text of the page that is nobody's argument.
    Furniture(Furniture),
}

/// Kinds of [`Class::Furniture`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Furniture {
    /// Market prices, counters.
    Ticker,
    /// A sentence of the body set again in large type.
    PullQuote,
    /// Caption or credit of a picture.
    Caption,
    /// A form for comments, with its notices.
    CommentForm,
    /// Beginning of another article.
    Teaser,
    /// Invitation to a newsletter.
    Newsletter,
    /// A notice about the reader's browser.
    BrowserNotice,
    /// Who the author is.
    Bio,
    /// What the outlet says of itself or disclaims.
    Disclaimer,
    /// Words explained to learners of the language.
    Vocabulary,
    /// Heading of a list of other articles.
    RelatedContent,
    /// Who wrote it, and when it appeared.
    Byline,
    /// What one presses, menus, labels, keywords and advertisements.
    Control,
}

impl Furniture {
    /// Its name in a card: lower case, singular.
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
        }
    }
}

impl Class {
    /// Whether passages of this class are counted by the locator `¶ n`.
    #[must_use]
    pub fn is_numbered(self) -> bool {
        match self {
            Self::Body | Self::BlockQuotation => true,
            Self::Title | Self::Standfirst | Self::Heading | Self::Furniture(_) => false,
        }
    }

    /// Its name in a card and in JSON: lower case, singular.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Standfirst => "standfirst",
            Self::Heading => "heading",
            Self::Body => "body",
            Self::BlockQuotation => "block quotation",
            Self::Furniture(kind) => kind.name(),
        }
    }
}

/// A citation key made of a file's name: what Pandoc does not take in a key becomes `_`. A key
/// starts with a letter, digit or `_`; of its other marks none may end it or stand doubled.
#[must_use]
pub fn key_of_file_name(stem: &str) -> String {
    const INNER: &str = ":.#$%&-+?<>~/";
    let mut key = String::new();
    let mut letters = stem.chars().peekable();
    while let Some(letter) = letters.next() {
        let inner = INNER.contains(letter)
            && key.chars().last().is_some_and(|before| before.is_alphanumeric() || before == '_')
            && letters.peek().is_some_and(|next| next.is_alphanumeric());
        key.push(if letter.is_alphanumeric() || inner { letter } else { '_' });
    }
    if key.is_empty() { "_".into() } else { key }
}
