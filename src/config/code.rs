//! Findings: one table of their codes, default levels and one-line descriptions. Settings, diagnostics,
//! SARIF rules, the table in `docs/findings.md` and the pages in `docs/findings` all come from it.

/// Severity of a finding.
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
    /// Every level, lowest first.
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

    /// The level called `name`, if there is one.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Address of the directory with one page per finding, in the public repository. To move it, change
/// `repository` in `Cargo.toml`: diagnostics, SARIF and the JSON schema all follow.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/findings");

/// Expands the table below into [`Code`] and its look-ups, so that a row is all that a code needs.
macro_rules! codes {
    ($($variant:ident = $name:literal, $level:ident, $help:literal;)*) => {
        /// The kinds of findings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $help] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name used in settings, diagnostics and JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The level unless settings change it.
            #[must_use]
            pub fn default_level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)* }
            }

            /// What the finding means, in one sentence.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// Its page in `docs/findings`, as Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("../../docs/findings/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    UnknownCitation = "unknown-citation", Warning,
        "A citation key that no library entry and no source file has.";
    LocatorOutOfRange = "locator-out-of-range", Warning,
        "A paragraph locator past the last numbered paragraph of the source.";
    CitationPartWithoutKey = "citation-part-without-key", Warning,
        "A part of a citation bracket without a key, which makes Pandoc ignore the whole bracket.";
    DuplicateEntry = "duplicate-entry", Warning,
        "A library entry whose key an earlier entry already has.";
    BrokenEntry = "broken-entry", Error,
        "A library entry that cannot be read; the other entries still count.";
    MissingSourceFile = "missing-source-file", Warning,
        "A library entry that names a file that cannot be read.";
    QuotationNotFound = "quotation-not-found", Warning,
        "Quoted words that do not appear in the cited source.";
    AlteredQuotation = "altered-quotation", Warning,
        "A quotation whose words differ from its source's.";
    SplicedQuotation = "spliced-quotation", Warning,
        "A quotation made of parts that do not follow one another in the source.";
    QuotationFromOtherSource = "quotation-from-other-source", Warning,
        "Quoted words that appear in a source other than the cited one.";
    QuotationFromFurniture = "quotation-from-furniture", Information,
        "Quoted words that appear only in page furniture, such as a caption, a teaser or an author bio.";
    QuotationTruncated = "quotation-truncated", Information,
        "A quotation cut off right before the source's “but” or “unless”, or right after its “not”.";
    QuotationHidesLimiter = "quotation-hides-limiter", Information,
        "An ellipsis that omits “but”, “not”, “only” or another word that limits the statement.";
    QuotationWrongSpeaker = "quotation-wrong-speaker", Warning,
        "Words that the source attributes to someone other than the speaker the sentence names.";
    QuotationUncited = "quotation-uncited", Hint,
        "A quotation without a citation whose words appear in a source.";
    LocatorMismatch = "locator-mismatch", Warning,
        "A locator that points to a different passage than the one with the quoted words.";
    SourceChanged = "source-changed", Warning,
        "A quotation whose words its source had when it was locked, and has no longer.";
    SourceMissing = "source-missing", Information,
        "A cited source whose text was there when it was locked, and is no longer.";
    OrphanedNote = "orphaned-note", Warning,
        "A note with words that its source no longer has.";
    UnusedIgnore = "unused-ignore", Information,
        "An ignore comment that suppresses nothing.";
    FigureMismatch = "figure-mismatch", Off,
        "A number that does not appear in the passages cited beside it.";
    LikelihoodWithConfidence = "likelihood-with-confidence", Warning,
        "A confidence level and a likelihood term in one sentence, where the chosen scale forbids it.";
    MixedLikelihoodTerms = "mixed-likelihood-terms", Information,
        "Likelihood terms from two rows of the chosen scale, or from another scale.";
    EntitySpelling = "entity-spelling", Off,
        "A name spelled differently from the only spelling the sources use.";
}

impl Code {
    /// The code called `name`, if there is one.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// The address of its page.
    #[must_use]
    pub fn url(self) -> String {
        format!("{PAGES}/{}.md", self.name())
    }
}
