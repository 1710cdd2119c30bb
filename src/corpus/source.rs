//! Sources and their passages.

use std::hash::Hasher;
use std::ops::RangeInclusive;
use std::sync::Arc;

use siphasher::sip::SipHasher13;
use unicode_normalization::UnicodeNormalization;

use super::library::Entry;
use crate::text::{FileId, Span, Text};

/// Place of a source in [`super::Corpus::sources`]; good for one corpus only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Identifies a text by its file and content, in this process and in later ones: the same bytes read from
/// the same place have the same id, and any change gives another.
///
/// The place is part of it because a text belongs to one source. Two files with equal bytes are two texts,
/// so that each is found, cited and removed on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u64);

impl TextId {
    /// The id of the text in `file` with content `bytes`: SipHash-1-3 with this fixed key over the path, a
    /// zero byte and the content. Ids are stored, so the key must never change. Among 100,000 texts two
    /// share an id with a probability of 3 in 10 billion.
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
            TextState::Unnamed
            | TextState::Missing { .. }
            | TextState::Waiting { .. }
            | TextState::Unread { .. } => None,
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
    /// It will be read.
    Waiting {
        /// The file.
        file: FileId,
    },
    /// Its file is of a kind that is not read, or out of reach: no fault of anybody's.
    Unread {
        /// The file.
        file: FileId,
        /// What it is and the way out, in words for the user.
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
    /// The numbers that the source gives its paragraphs itself, from the first to the last, where it
    /// surely does; locators are written with them. `None` where passages are counted.
    pub own: Option<RangeInclusive<u32>>,
    /// ISO 639-3 code, when the detector was sure.
    pub language: Option<&'static str>,
}

impl SourceText {
    /// The words of `passage`.
    #[must_use]
    pub fn words(&self, passage: &Passage) -> &str {
        self.text.slice(passage.span)
    }

    /// The passages that `ranges` of paragraph numbers name, by their places: by the source's own numbers
    /// where it has such, by the count else.
    #[must_use]
    pub fn passages_at(&self, ranges: &[RangeInclusive<u32>]) -> Vec<usize> {
        let found = self.places(|passage| self.names(ranges, passage));
        match (ranges.first(), &self.own) {
            // A scan may have lost a number, and its words go on with the paragraph before.
            (Some(range), Some(own)) if found.is_empty() && own.contains(range.start()) => {
                let before = self.passages.iter().filter_map(|passage| passage.printed);
                let before = before.filter(|number| number < range.start()).max();
                self.places(|passage| before.is_some() && passage.printed == before)
            }
            _ => found,
        }
    }

    fn places(&self, wanted: impl Fn(&Passage) -> bool) -> Vec<usize> {
        let passages = self.passages.iter().enumerate();
        passages.filter(|(_, passage)| wanted(passage)).map(|(at, _)| at).collect()
    }

    /// Whether `ranges` of paragraph numbers name `passage`, which is one of this text: by the source's
    /// own numbers where it has such, by the count else. See [`Passage::is_in`] for what is no error.
    #[must_use]
    pub fn names(&self, ranges: &[RangeInclusive<u32>], passage: &Passage) -> bool {
        match &self.own {
            None => is_in(ranges, passage.number),
            Some(own) => {
                is_in(ranges, passage.printed)
                    || is_in(ranges, passage.number.filter(|number| !own.contains(number)))
            }
        }
    }

    /// The first passage that the paragraph locator `number` names.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<usize> {
        self.passages_at(&[number..=number]).first().copied()
    }

    /// How many passages are counted.
    #[must_use]
    pub fn numbered_count(&self) -> u32 {
        self.passages.iter().filter_map(|passage| passage.number).max().unwrap_or(0)
    }

    /// The first passage that is counted, by its place.
    #[must_use]
    pub fn first_numbered(&self) -> Option<usize> {
        self.passages.iter().position(|passage| passage.number.is_some())
    }

    /// The numbers that locators of this source are written with; `None` when there is none.
    #[must_use]
    pub fn loci(&self) -> Option<RangeInclusive<u32>> {
        let count = self.numbered_count();
        self.own.clone().or_else(|| (count > 0).then_some(1..=count))
    }

    /// Whether a paragraph locator `number` names something, by either way of counting.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        (1..=self.numbered_count()).contains(&number)
            || self.own.as_ref().is_some_and(|own| own.contains(&number))
            || self.passages.iter().any(|passage| passage.printed == Some(number))
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
    /// The number that the source itself gives to the paragraph that this passage is, or is a part of;
    /// `None` where it numbers none. A locator that names it is as right as one that names the count.
    pub printed: Option<u32>,
    /// The `n` of the locator `¶ n` that is written for it: the source's own number where that is sure,
    /// and the count in a source that numbers nothing. `None` for a passage that neither names.
    pub locus: Option<u32>,
}

impl Passage {
    /// A passage that only the count numbers.
    #[must_use]
    pub fn counted(span: Span, class: Class, number: Option<u32>) -> Self {
        Self { span, class, number, printed: None, locus: number }
    }

    /// Whether one of `ranges` of paragraph numbers names it, either way of counting.
    #[must_use]
    pub fn is_in(&self, ranges: &[RangeInclusive<u32>]) -> bool {
        is_in(ranges, self.number) || is_in(ranges, self.printed)
    }

    /// Its locator as a brief writes it, `¶ 7`; `None` where it has none.
    #[must_use]
    pub fn locator(&self) -> Option<String> {
        self.locus.map(pilcrow)
    }
}

fn is_in(ranges: &[RangeInclusive<u32>], number: Option<u32>) -> bool {
    number.is_some_and(|number| ranges.iter().any(|range| range.contains(&number)))
}

/// The locator of paragraph `number`, as a brief writes it: `¶ 7`.
#[must_use]
pub fn pilcrow(number: u32) -> String {
    format!("¶ {number}")
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
    /// What comes again on every page of print: running heads and feet, page numbers, banners.
    RunningHead,
    /// A note at the foot of a page or at the end.
    Note,
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
            Self::RunningHead => "running head",
            Self::Note => "note",
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
    // macOS takes letters apart in the names of files.
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
        // Worked out by another implementation of SipHash-1-3.
        assert_eq!(id, TextId(0xac26_b925_eb9b_db87));
        assert_ne!(id, TextId::of(&file, b"The port handled grain."));
        assert_ne!(id, TextId::of(&FileId::new("/sources/copy.txt"), b"The port handled grain.\n"));
    }
}
