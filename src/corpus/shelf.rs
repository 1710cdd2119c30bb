//! Where the texts of a corpus are kept and searched. A narrow interface, implemented in memory by
//! [`super::index`] and open to an index on disk or a remote archive. Must not know keys or entries, or how
//! any shelf works.

use std::fmt;

use super::source::TextId;

/// A place where texts are kept and searched.
///
/// Besides finding something or nothing, it has a third answer: [`Unavailable`], *cannot say*. Callers must
/// never treat it as "not there".
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Up to `limit` passages that match `asked`, best first, ties ordered by text and passage; only in the
    /// text `within`, if given. A passage needs one of the words. Of many words only the rarest count, and of
    /// a word and its stand-ins the best match. Furniture is never found.
    ///
    /// # Errors
    /// If the shelf cannot be searched.
    fn ranked(&self, within: Option<TextId>, asked: &[Asked<'_>], limit: usize) -> Answer<Vec<Hit>>;

    /// Calls `take` with each passage that contains all `words` (stop words included, single letters
    /// ignored), in arbitrary order, until it returns false. `words` has no syntax. Looks at no more than
    /// `most` of the passages with the rarest word, so that common words cost no more than others.
    ///
    /// # Errors
    /// If the shelf cannot be searched; some passages may have been passed to `take` by then.
    fn with_all(&self, words: &str, most: usize, take: &mut dyn FnMut(TextId, usize) -> bool) -> Answer<()>;

    /// The score of a passage of average length that contains each word of `asked` once; above zero. Scores
    /// from two shelves are comparable after dividing each by its own weight.
    ///
    /// # Errors
    /// If the shelf cannot answer.
    fn weight(&self, asked: &[Asked<'_>]) -> Answer<f32>;
}

/// The answer of a [`Shelf`].
pub type Answer<T> = Result<T, Unavailable>;

/// A shelf cannot answer now: it is down, too slow or damaged. What was asked for may still exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// The reason, for the user: part of a sentence, in lower case and without a full stop.
    pub why: String,
}

impl Unavailable {
    /// With the reason `why`; see [`Self::why`].
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Unavailable {}

/// A passage found by a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The text that contains it.
    pub text: TextId,
    /// Its index in [`super::source::SourceText::passages`].
    pub passage: usize,
    /// The BM25 score; higher is better.
    pub score: f32,
}

/// One word of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<'a> {
    /// The word in the form returned by [`super::index::stems`].
    pub stem: String,
    /// Words that may stand in for it, in the same form.
    pub others: &'a [String],
    /// The weight of the word, at most 1.
    pub weight: f32,
    /// The weight of a stand-in relative to the word, at most 1.
    pub other: f32,
}

/// A shelf that is unreachable: it always answers [`Unavailable`].
#[derive(Debug)]
pub struct Down(Unavailable);

impl Down {
    /// Down for the reason `why`; see [`Unavailable::why`].
    pub fn new(why: impl Into<String>) -> Self {
        Self(Unavailable::new(why))
    }
}

impl Shelf for Down {
    fn ranked(&self, _: Option<TextId>, _: &[Asked<'_>], _: usize) -> Answer<Vec<Hit>> {
        Err(self.0.clone())
    }

    fn with_all(&self, _: &str, _: usize, _: &mut dyn FnMut(TextId, usize) -> bool) -> Answer<()> {
        Err(self.0.clone())
    }

    fn weight(&self, _: &[Asked<'_>]) -> Answer<f32> {
        Err(self.0.clone())
    }
}
