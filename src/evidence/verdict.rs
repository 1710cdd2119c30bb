//! What can become of a quotation when its source is asked, from verbatim to not found, and what
//! shows it. Decides nothing: [`super::check`] does.

use super::locate::EditKind;
use crate::corpus::source::SourceId;
use crate::text::Span;

/// What was found out about a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Word for word, typography aside.
    Verbatim,
    /// Changed only as writers may.
    Edited,
    /// Words differ.
    Altered,
    /// Its parts stand in the source, but not in this order or not near each other.
    Spliced,
    /// The source goes on with “but”, “unless” …, or a “not” before it was cut off.
    Truncated,
    /// What the ellipsis leaves out limits what is said.
    HiddenLimiter,
    /// Stands only in furniture.
    Furniture,
    /// Stands in another source than the cited.
    OtherSource,
    /// The source has these words from somebody else.
    WrongSpeaker,
    /// Stands nowhere.
    NotFound,
    /// Could not be checked, or is no quotation.
    Unchecked,
}

impl Verdict {
    /// All of them.
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

    /// Its name in JSON: kebab-case.
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
}

/// A place in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// Place in its passages (the first, when the words run over several).
    pub passage: usize,
    /// The very words, in bytes of the source's text.
    pub span: Span,
}

/// Words in which a quotation differs from its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The brief's words, in bytes from the start of the quotation; empty when words are missing.
    pub at: Span,
    /// The same as text.
    pub brief: String,
    /// The source's words, in bytes of its text; empty when words were put in.
    pub span: Span,
    /// The same as text, on one line.
    pub source: String,
    /// A number, a name, a negation, a modal verb or a hedge is among them.
    pub weighty: bool,
    /// The source's words may be put in place of the brief's without a look. Not so where unlike words meet
    /// at an end of the quotation or beside words left out: the writer may have added the one, and the
    /// source has the other for something else.
    pub sure: bool,
}

/// What was found out about one quotation, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The verdict.
    pub verdict: Verdict,
    /// How many words the quotation has.
    pub words: usize,
    /// What was edited, and may be; in the order of [`EditKind`].
    pub edits: Vec<EditKind>,
    /// Where the words stand, or what they were made of.
    pub place: Option<Place>,
    /// All passages in which they stand like that, when they stand there word for word.
    pub passages: Vec<usize>,
    /// Which of the quotation's citations (its place among [`Quotation::citations`]) names the
    /// source of `place`.
    pub owner: Option<usize>,
    /// The words that differ. When some passages of several were not found, those.
    pub differences: Vec<Difference>,
    /// Whose words they are, when the source itself quotes them and names the speaker.
    pub speaker: Option<String>,
    /// The source of `place` is cited, but in another sentence of the paragraph: the words alone say that it is
    /// meant.
    pub nearby: bool,
    /// What the verdict turns on: the limiting words, the speaker that the brief names, why
    /// nothing was checked.
    pub why: String,
}

/// Quotations of fewer words are never called wrong: of the quoted spans of up to three words in
/// 1,008 news articles 19 to 40 % were nobody's words (scare quotes, titles, terms).
pub const FEWEST_JUDGED: usize = 4;

/// From so many words on an uncited quotation is looked up in the whole corpus: 97 % of the spans
/// of eight words in the same articles were somebody's words.
pub const FEWEST_UNCITED: usize = 8;
