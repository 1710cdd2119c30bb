//! The possible verdicts on a quotation, from verbatim to not found, and the evidence for them. Decided by
//! [`super::check()`].

use super::locate::EditKind;
use crate::corpus::source::{Passage, SourceId};
use crate::text::Span;

/// The verdict on a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Word for word, apart from typography.
    Verbatim,
    /// Changed only in permitted ways.
    Edited,
    /// Some words differ.
    Altered,
    /// Its parts occur in the source, but in a different order or far apart.
    Spliced,
    /// The source continues with “but”, “unless” …, or a “not” before the quotation was cut off.
    Truncated,
    /// The text omitted by an ellipsis limits the statement.
    HiddenLimiter,
    /// Occurs only in furniture.
    Furniture,
    /// Occurs in a different source from the one cited.
    OtherSource,
    /// The source attributes the words to someone else.
    WrongSpeaker,
    /// Not found anywhere.
    NotFound,
    /// Could not be checked, or is not a quotation.
    Unchecked,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 11] = [
        Self::Verbatim,
        Self::Edited,
        Self::Altered,
        Self::Spliced,
        Self::Truncated,
        Self::HiddenLimiter,
        Self::Furniture,
        Self::OtherSource,
        Self::WrongSpeaker,
        Self::NotFound,
        Self::Unchecked,
    ];

    /// The name used in JSON, in kebab-case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Edited => "edited",
            Self::Altered => "altered",
            Self::Spliced => "spliced",
            Self::Truncated => "truncated",
            Self::HiddenLimiter => "hidden-limiter",
            Self::Furniture => "furniture",
            Self::OtherSource => "other-source",
            Self::WrongSpeaker => "wrong-speaker",
            Self::NotFound => "not-found",
            Self::Unchecked => "unchecked",
        }
    }

    /// The name for readers, as written after a count: `2 verbatim, 1 cut off`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Edited => "edited",
            Self::Altered => "altered",
            Self::Spliced => "spliced",
            Self::Truncated => "cut off",
            Self::HiddenLimiter => "hiding a limiting word",
            Self::Furniture => "from furniture",
            Self::OtherSource => "from another source",
            Self::WrongSpeaker => "from another speaker",
            Self::NotFound => "not found",
            Self::Unchecked => "unchecked",
        }
    }
}

/// A place in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// Index of the passage (the first one, if the words span several).
    pub passage: usize,
    /// The words themselves, in bytes of the source's text.
    pub span: Span,
}

/// Words in which a quotation differs from its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The brief's words, in bytes from the start of the quotation; empty if words are missing.
    pub at: Span,
    /// The brief's words as text.
    pub brief: String,
    /// The source's words, in bytes of its text; empty if words were added.
    pub span: Span,
    /// The source's words as text, on one line.
    pub source: String,
    /// Whether they include a number, a name, a negation, a modal verb or a hedge.
    pub weighty: bool,
    /// Whether the source's words can safely replace the brief's without a look. Not if unlike words meet at
    /// an end of the quotation or next to omitted words: the writer may have added one, and the other may
    /// belong to something else.
    pub sure: bool,
}

/// The evidence about one quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The verdict.
    pub verdict: Verdict,
    /// Number of words in the quotation.
    pub words: usize,
    /// The permitted edits, in the order of [`EditKind`].
    pub edits: Vec<EditKind>,
    /// Where the words occur, or the place they were taken from.
    pub place: Option<Place>,
    /// All passages where the words occur like this, if they occur word for word.
    pub passages: Vec<usize>,
    /// The citation that names the source of `place`, as an index into [`Quotation::citations`](crate::brief::quotation::Quotation::citations).
    pub owner: Option<usize>,
    /// The differing words. If some of several passages were not found, those passages.
    pub differences: Vec<Difference>,
    /// The speaker, if the source itself quotes these words and names one.
    pub speaker: Option<String>,
    /// Whether the source of `place` is cited only in another sentence of the paragraph, so that the words
    /// alone show that it is meant.
    pub nearby: bool,
    /// The reason for the verdict: the limiting word, the speaker named by the brief, why nothing was
    /// checked.
    pub why: String,
}

impl Evidence {
    /// Whether the words occur in `passage`, which has index `at` in its source. They may span several
    /// passages, or occur verbatim in more than one.
    #[must_use]
    pub fn is_in(&self, at: usize, passage: &Passage) -> bool {
        self.passages.contains(&at)
            || self.place.is_some_and(|place| {
                place.passage == at
                    || (place.span.start < passage.span.end && passage.span.start < place.span.end)
            })
    }
}

/// Quotations with fewer words are never reported as wrong: of the quoted spans of up to three words in 1,008
/// news articles, 19 to 40 % quoted no one (scare quotes, titles, terms).
pub const FEWEST_JUDGED: usize = 4;

/// Uncited quotations with at least this many words are looked up in the whole corpus: 97 % of the spans of
/// eight words in the same articles were somebody's words.
pub const FEWEST_UNCITED: usize = 8;

/// Why a quotation without a citation is unchecked if no source that was searched has its words.
pub const UNCITED: &str = "no citation belongs to it";
