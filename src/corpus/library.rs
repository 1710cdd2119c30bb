//! Bibliographic entries and the files that they name, read entry by entry: one broken entry
//! costs one entry. BibLaTeX, CSL-JSON and Hayagriva YAML.

use std::path::PathBuf;
use std::sync::Arc;

use super::date::Date;
use crate::text::{FileId, Span, Text};

/// One library file.
#[derive(Debug)]
pub struct Library {
    /// Where it stands.
    pub file: FileId,
    /// Its text.
    pub text: Text,
    /// The entries that could be read, in order; of two with one key only the first.
    pub entries: Vec<Arc<Entry>>,
    /// What is wrong in it, in order.
    pub problems: Vec<Problem>,
}

/// What the library says of one source. A field that is absent is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The citation key.
    pub key: Arc<str>,
    /// The library file.
    pub library: FileId,
    /// The whole entry in the library file, in bytes.
    pub span: Span,
    /// The key in the library file, in bytes.
    pub key_span: Span,
    /// Type as the file names it: `online`, `article-newspaper` …
    pub kind: String,
    /// Title with its subtitle.
    pub title: Option<String>,
    /// The authors; editors when there are none.
    pub authors: Vec<Author>,
    /// The authors' affiliation.
    pub affiliation: Option<String>,
    /// Newspaper, journal, web site or publisher: who brought it out.
    pub outlet: Option<String>,
    /// When it came out.
    pub date: Option<Date>,
    /// Address.
    pub url: Option<String>,
    /// When it was looked at.
    pub accessed: Option<Date>,
    /// Language, as written.
    pub language: Option<String>,
    /// The files that hold its text, as written, relative to the library file.
    pub files: Vec<PathBuf>,
    /// The analyst's own words about it (`note`, `annotation`).
    pub notes: Vec<String>,
}

/// One author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Family name, or all of an organisation's name.
    pub family: String,
    /// Given names; empty for an organisation.
    pub given: String,
}

impl Author {
    /// Given name first.
    #[must_use]
    pub fn full(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{} {}", self.given, self.family) }
    }
}

/// Something wrong in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes of the library file.
    pub span: Span,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// An entry that can't be read, and why, in words for the user.
    Broken(String),
    /// A second entry with the key of an earlier one in this file.
    Duplicate {
        /// The key.
        key: Arc<str>,
        /// The key of the first, in bytes of the library file.
        first: Span,
    },
}

impl Library {
    /// Reads the library file `file` with content `text`; its format goes by the extension:
    /// `json` is CSL-JSON, `yaml` and `yml` are Hayagriva, all else is BibLaTeX.
    #[must_use]
    pub fn read(file: FileId, text: Text) -> Self {
        Self { file, text, entries: Vec::new(), problems: Vec::new() }
    }
}
