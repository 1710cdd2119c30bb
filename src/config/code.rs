//! The kinds of findings and their default levels.

/// The level of a finding.
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
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::Off, Self::Hint, Self::Information, Self::Warning, Self::Error];

    /// The name used in settings and JSON.
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

    /// The level called `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A citation key that no source has.
    UnknownCitation,
    /// A locator past the last passage of its source.
    LocatorOutOfRange,
    /// A part of a citation bracket, between semicolons, without a key.
    CitationPartWithoutKey,
    /// A second library entry with the same key.
    DuplicateEntry,
    /// A library entry that cannot be read.
    BrokenEntry,
    /// A library entry whose file cannot be read.
    MissingSourceFile,
    /// Quoted words that do not occur in the cited source.
    QuotationNotFound,
    /// A quotation that differs from its source in some words.
    AlteredQuotation,
    /// A quotation joined from parts that are not adjacent in the source.
    SplicedQuotation,
    /// Quoted words that occur in a different source from the one cited.
    QuotationFromOtherSource,
    /// Quoted words that occur only in page furniture: a caption, a teaser, a bio.
    QuotationFromFurniture,
    /// A quotation that stops before the source's “but” or “unless”, or starts after its “not”.
    QuotationTruncated,
    /// An ellipsis that omits a limiting word.
    QuotationHidesLimiter,
    /// Words that the source attributes to a different speaker from the one the sentence names.
    QuotationWrongSpeaker,
    /// An uncited quotation whose words occur in a source.
    QuotationUncited,
    /// A locator that names a different passage from the one with the quoted words.
    LocatorMismatch,
    /// An ignore comment that suppresses nothing.
    UnusedIgnore,
    /// A number beside a citation that does not appear in the cited passages.
    FigureMismatch,
    /// A level of confidence and a term of likelihood in the same sentence, where the chosen scale forbids
    /// it.
    LikelihoodWithConfidence,
    /// Terms of likelihood from two rows of the chosen scale, or from another scale.
    MixedLikelihoodTerms,
    /// A name spelled differently from the only spelling that the sources use.
    EntitySpelling,
}

impl Code {
    /// All codes, in the order of the documentation.
    pub const ALL: [Self; 21] = [
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
        Self::LikelihoodWithConfidence,
        Self::MixedLikelihoodTerms,
        Self::EntitySpelling,
    ];

    /// The name used in settings, diagnostics and JSON.
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
            Self::LikelihoodWithConfidence => "likelihood-with-confidence",
            Self::MixedLikelihoodTerms => "mixed-likelihood-terms",
            Self::EntitySpelling => "entity-spelling",
        }
    }

    /// The default level.
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
            | Self::LocatorMismatch
            | Self::LikelihoodWithConfidence => Level::Warning,
            Self::QuotationFromFurniture
            | Self::QuotationTruncated
            | Self::QuotationHidesLimiter
            | Self::UnusedIgnore
            | Self::MixedLikelihoodTerms => Level::Information,
            Self::QuotationUncited => Level::Hint,
            Self::FigureMismatch | Self::EntitySpelling => Level::Off,
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
            Self::EntitySpelling => "A name that the sources spell otherwise, in one way only.",
            Self::FigureMismatch => "A number beside a citation that the cited passages do not have.",
            Self::UnusedIgnore => "A comment that takes off a finding which is not there.",
            Self::LikelihoodWithConfidence => {
                "A level of confidence and a term of likelihood in one sentence, where the scale chosen forbids it."
            }
            Self::MixedLikelihoodTerms => {
                "Terms of likelihood of two rows of the scale chosen, or of another scale."
            }
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
