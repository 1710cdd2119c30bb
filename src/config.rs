//! Settings: one table of keys, defaults and help, from which all else about settings is made.

use std::path::PathBuf;

use crate::text::Span;

/// How loud a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not shown.
    Off,
    /// A hint.
    Hint,
    /// Information.
    Information,
    /// A warning: `glossator check` exits with 1.
    Warning,
    /// An error: `glossator check` exits with 1.
    Error,
}

impl Level {
    /// As settings and JSON spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hint => "hint",
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level that is spelled `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Off, Self::Hint, Self::Information, Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.name() == name)
    }
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A citation whose key no source has.
    UnknownCitation,
    /// A locator past the last passage.
    LocatorOutOfRange,
    /// A part of a bracket, between semicolons, without a key.
    CitationPartWithoutKey,
    /// A second library entry with one key.
    DuplicateEntry,
    /// A library entry that can't be read.
    BrokenEntry,
    /// A library entry whose file can't be read.
    MissingSourceFile,
}

impl Code {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::UnknownCitation,
        Self::LocatorOutOfRange,
        Self::CitationPartWithoutKey,
        Self::DuplicateEntry,
        Self::BrokenEntry,
        Self::MissingSourceFile,
    ];

    /// As settings, diagnostics and JSON spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownCitation => "unknown-citation",
            Self::LocatorOutOfRange => "locator-out-of-range",
            Self::CitationPartWithoutKey => "citation-part-without-key",
            Self::DuplicateEntry => "duplicate-entry",
            Self::BrokenEntry => "broken-entry",
            Self::MissingSourceFile => "missing-source-file",
        }
    }

    /// The level unless the settings say otherwise.
    #[must_use]
    pub fn default_level(self) -> Level {
        match self {
            Self::UnknownCitation | Self::LocatorOutOfRange | Self::CitationPartWithoutKey => Level::Warning,
            Self::DuplicateEntry | Self::MissingSourceFile => Level::Warning,
            Self::BrokenEntry => Level::Error,
        }
    }

    /// What it means, in one sentence.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::UnknownCitation => "A citation whose key no library entry and no source file has.",
            Self::LocatorOutOfRange => "A paragraph locator past the last numbered passage of the source.",
            Self::CitationPartWithoutKey => {
                "A part of a citation bracket, between semicolons, that holds no key: Pandoc then reads no citation group at all."
            }
            Self::DuplicateEntry => "A second library entry with the key of an earlier one.",
            Self::BrokenEntry => "A library entry that can't be read.",
            Self::MissingSourceFile => "A library entry that names a file which can't be read.",
        }
    }

    /// Where its documentation stands.
    #[must_use]
    pub fn url(self) -> String {
        format!("{HOMEPAGE}#{}", self.name())
    }
}

/// The page that holds the documentation of every code, one heading each.
pub const HOMEPAGE: &str = "https://docs.rs/glossator/latest/glossator/config/enum.Code.html";

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folders (or files) with sources, absolute.
    pub roots: Vec<PathBuf>,
    /// Library files, absolute.
    pub library: Vec<PathBuf>,
    /// Globs, relative to the workspace's root, of the files that are briefs.
    pub include: Vec<String>,
    levels: Vec<(Code, Level)>,
}

impl Default for Config {
    fn default() -> Self {
        Self { roots: Vec::new(), library: Vec::new(), include: vec!["**/*.md".into()], levels: Vec::new() }
    }
}

impl Config {
    /// How loud findings of `code` are.
    #[must_use]
    pub fn level(&self, code: Code) -> Level {
        self.levels
            .iter()
            .rev()
            .find(|(known, _)| *known == code)
            .map_or(code.default_level(), |(_, level)| *level)
    }
}

/// A setting that was not understood; the rest stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Bytes of `glossator.toml`, when it stands there.
    pub span: Option<Span>,
    /// Names the key and says what it may be.
    pub message: String,
}
