//! Settings: which there are, what they are unless set, and how what is written over them is read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

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
    /// Quoted words that the text of the cited source does not have.
    QuotationNotFound,
    /// A quotation with words that differ from its source's.
    AlteredQuotation,
    /// A quotation made of parts that do not follow one another in the source.
    SplicedQuotation,
    /// Quoted words that stand in another source than the cited one.
    QuotationFromOtherSource,
    /// Quoted words that stand only in furniture: a caption, a teaser, a bio.
    QuotationFromFurniture,
    /// A quotation that stops before the source's “but” or “unless”, or behind its “not”.
    QuotationTruncated,
    /// An ellipsis that leaves out a limiting word.
    QuotationHidesLimiter,
    /// Words that the source has from another speaker than the one the sentence names.
    QuotationWrongSpeaker,
    /// An uncited quotation whose words stand in a source.
    QuotationUncited,
    /// A locator that names another passage than the one in which the quoted words stand.
    LocatorMismatch,
    /// A comment that takes off a finding which is not there.
    UnusedIgnore,
    /// A number beside a citation that the cited passages do not have.
    FigureMismatch,
}

impl Code {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 18] = [
        Self::UnknownCitation,
        Self::LocatorOutOfRange,
        Self::CitationPartWithoutKey,
        Self::DuplicateEntry,
        Self::BrokenEntry,
        Self::MissingSourceFile,
        Self::QuotationNotFound,
        Self::AlteredQuotation,
        Self::SplicedQuotation,
        Self::QuotationFromOtherSource,
        Self::QuotationFromFurniture,
        Self::QuotationTruncated,
        Self::QuotationHidesLimiter,
        Self::QuotationWrongSpeaker,
        Self::QuotationUncited,
        Self::LocatorMismatch,
        Self::UnusedIgnore,
        Self::FigureMismatch,
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
            Self::QuotationNotFound => "quotation-not-found",
            Self::AlteredQuotation => "altered-quotation",
            Self::SplicedQuotation => "spliced-quotation",
            Self::QuotationFromOtherSource => "quotation-from-other-source",
            Self::QuotationFromFurniture => "quotation-from-furniture",
            Self::QuotationTruncated => "quotation-truncated",
            Self::QuotationHidesLimiter => "quotation-hides-limiter",
            Self::QuotationWrongSpeaker => "quotation-wrong-speaker",
            Self::QuotationUncited => "quotation-uncited",
            Self::LocatorMismatch => "locator-mismatch",
            Self::UnusedIgnore => "unused-ignore",
            Self::FigureMismatch => "figure-mismatch",
        }
    }

    /// The level unless the settings say otherwise.
    #[must_use]
    pub fn default_level(self) -> Level {
        match self {
            Self::UnknownCitation | Self::LocatorOutOfRange | Self::CitationPartWithoutKey => Level::Warning,
            Self::DuplicateEntry | Self::MissingSourceFile => Level::Warning,
            Self::BrokenEntry => Level::Error,
            Self::QuotationNotFound
            | Self::AlteredQuotation
            | Self::SplicedQuotation
            | Self::QuotationFromOtherSource
            | Self::QuotationWrongSpeaker
            | Self::LocatorMismatch => Level::Warning,
            Self::QuotationFromFurniture
            | Self::QuotationTruncated
            | Self::QuotationHidesLimiter
            | Self::UnusedIgnore => Level::Information,
            Self::QuotationUncited => Level::Hint,
            Self::FigureMismatch => Level::Off,
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
            Self::QuotationNotFound => "Quoted words that the text of the cited source does not have.",
            Self::AlteredQuotation => "A quotation with words that differ from its source's.",
            Self::SplicedQuotation => {
                "A quotation made of parts that do not follow one another in the source."
            }
            Self::QuotationFromOtherSource => "Quoted words that stand in another source than the cited one.",
            Self::QuotationFromFurniture => {
                "Quoted words that stand only in furniture: a caption, a teaser, a bio."
            }
            Self::QuotationTruncated => {
                "A quotation that stops before the source's “but” or “unless”, or behind its “not”."
            }
            Self::QuotationHidesLimiter => "An ellipsis that leaves out a limiting word.",
            Self::QuotationWrongSpeaker => {
                "Words that the source has from another speaker than the one the sentence names."
            }
            Self::QuotationUncited => "An uncited quotation whose words stand in a source.",
            Self::LocatorMismatch => {
                "A locator that names another passage than the one in which the quoted words stand."
            }
            Self::FigureMismatch => "A number beside a citation that the cited passages do not have.",
            Self::UnusedIgnore => "A comment that takes off a finding which is not there.",
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
    /// Folders or files with sources, as written; `None` means: find them.
    pub roots: Option<Vec<PathBuf>>,
    /// Library files, as written; `None` means: find them.
    pub library: Option<Vec<PathBuf>>,
    /// Globs, relative to the workspace's root, of the files that are briefs.
    pub include: Vec<String>,
    /// Which marks the editor shows between the words of a brief.
    pub hints: Hints,
    levels: BTreeMap<Code, Level>,
}

/// Which inlay hints a brief gets: `[hints]` in `glossator.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// Author and year behind a key.
    pub author: bool,
    /// What became of a quotation, behind it.
    pub verdict: bool,
}

impl Default for Hints {
    fn default() -> Self {
        Self { author: true, verdict: true }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            roots: None,
            library: None,
            include: vec!["**/*.md".into()],
            hints: Hints::default(),
            levels: BTreeMap::new(),
        }
    }
}

impl Config {
    /// How loud findings of `code` are.
    #[must_use]
    pub fn level(&self, code: Code) -> Level {
        self.levels.get(&code).copied().unwrap_or_else(|| code.default_level())
    }

    /// Puts `settings`, an object of the shape of `glossator.toml`, over what is in force. Returns
    /// one sentence for each key that was not understood; the rest takes effect.
    pub fn apply(&mut self, settings: &Value) -> Vec<String> {
        let mut complaints = Vec::new();
        let Some(sections) = settings.as_object() else {
            if !settings.is_null() {
                complaints.push(format!("The settings must be an object with {SECTIONS}."));
            }
            return complaints;
        };
        for (section, content) in sections {
            match (section.as_str(), content.as_object()) {
                ("corpus", Some(keys)) => {
                    for (key, value) in keys {
                        match key.as_str() {
                            "roots" => set_paths(&mut self.roots, "corpus.roots", value, &mut complaints),
                            "library" => {
                                set_paths(&mut self.library, "corpus.library", value, &mut complaints)
                            }
                            other => complaints
                                .push(unknown(&format!("corpus.{other}"), "corpus.roots, corpus.library")),
                        }
                    }
                }
                ("briefs", Some(keys)) => {
                    for (key, value) in keys {
                        match key.as_str() {
                            "include" => match strings(value) {
                                Some(globs) => self.include = globs,
                                None => complaints
                                    .push(wrong("briefs.include", "a list of globs, such as [\"**/*.md\"]")),
                            },
                            other => complaints.push(unknown(&format!("briefs.{other}"), "briefs.include")),
                        }
                    }
                }
                ("hints", Some(keys)) => {
                    for (key, value) in keys {
                        let shown = match key.as_str() {
                            "author" => &mut self.hints.author,
                            "verdict" => &mut self.hints.verdict,
                            other => {
                                complaints
                                    .push(unknown(&format!("hints.{other}"), "hints.author, hints.verdict"));
                                continue;
                            }
                        };
                        match value.as_bool() {
                            Some(value) => *shown = value,
                            None => complaints.push(wrong(&format!("hints.{key}"), "true or false")),
                        }
                    }
                }
                ("diagnostics", Some(keys)) => {
                    for (key, value) in keys {
                        let Some(code) = Code::ALL.into_iter().find(|code| code.name() == key) else {
                            let known: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
                            complaints.push(unknown(&format!("diagnostics.{key}"), &known.join(", ")));
                            continue;
                        };
                        match value.as_str().and_then(Level::of_name) {
                            Some(level) => {
                                self.levels.insert(code, level);
                            }
                            None => complaints.push(wrong(
                                &format!("diagnostics.{key}"),
                                "\"off\", \"hint\", \"information\", \"warning\" or \"error\"",
                            )),
                        }
                    }
                }
                // Where the library is listed beside [corpus], as many write it first.
                ("library", None) => set_paths(&mut self.library, "library", content, &mut complaints),
                // The editor extensions' own settings: which server they start, what they log.
                ("server" | "trace", _) => {}
                ("corpus" | "briefs" | "hints" | "diagnostics", None) => {
                    complaints.push(wrong(section, "a section with keys"));
                }
                (other, _) => complaints.push(unknown(other, SECTIONS)),
            }
        }
        complaints
    }
}

const SECTIONS: &str = "corpus, briefs, hints, diagnostics";

fn set_paths(paths: &mut Option<Vec<PathBuf>>, key: &str, value: &Value, complaints: &mut Vec<String>) {
    match strings(value) {
        Some(list) => *paths = Some(list.into_iter().map(PathBuf::from).collect()),
        None => complaints.push(wrong(key, "a list of paths, such as [\"sources\"]")),
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(str::to_owned)).collect()
}

fn unknown(key: &str, known: &str) -> String {
    format!("There is no setting `{key}`; it was left out. Known here: {known}.")
}

fn wrong(key: &str, wanted: &str) -> String {
    format!("The setting `{key}` must be {wanted}; it was left as it was.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wrong_key_is_named_and_the_rest_stays_in_force() {
        let mut config = Config::default();
        let complaints = config.apply(&json!({
            "corpus": {"roots": ["texts"], "rots": 1},
            "diagnostics": {"unknown-citation": "hint", "locator-out-of-range": "loud", "nonsense": "off"},
            "brief": {},
        }));
        assert_eq!(config.roots, Some(vec![PathBuf::from("texts")]));
        assert_eq!(config.level(Code::UnknownCitation), Level::Hint);
        assert_eq!(config.level(Code::LocatorOutOfRange), Level::Warning);
        assert_eq!(complaints.len(), 4);
        for named in ["corpus.rots", "diagnostics.locator-out-of-range", "diagnostics.nonsense", "`brief`"] {
            assert!(complaints.iter().any(|complaint| complaint.contains(named)), "{named}: {complaints:?}");
        }
    }

    #[test]
    fn hints_are_shown_unless_switched_off() {
        let mut config = Config::default();
        assert_eq!(config.hints, Hints { author: true, verdict: true });
        let complaints = config.apply(&json!({"hints": {"author": false, "verdict": "no", "year": true}}));
        assert_eq!(config.hints, Hints { author: false, verdict: true });
        assert_eq!(
            complaints,
            [
                "The setting `hints.verdict` must be true or false; it was left as it was.",
                "There is no setting `hints.year`; it was left out. Known here: hints.author, hints.verdict.",
            ]
        );
        assert_eq!(config.apply(&json!({"hints": true})).len(), 1);
    }

    #[test]
    fn what_comes_later_wins() {
        let mut config = Config::default();
        config.apply(&json!({"diagnostics": {"duplicate-entry": "off"}, "library": ["a.bib"]}));
        config.apply(&json!({"diagnostics": {"duplicate-entry": "error"}}));
        assert_eq!(config.level(Code::DuplicateEntry), Level::Error);
        assert_eq!(config.library, Some(vec![PathBuf::from("a.bib")]));
    }
}
