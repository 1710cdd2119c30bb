//! Full text over passages, behind one narrow interface (tantivy does the work).

use super::source::{SourceText, TextId};

/// A passage found by a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The text it stands in.
    pub text: TextId,
    /// Place in [`SourceText::passages`].
    pub passage: usize,
    /// BM25; greater is better.
    pub score: f32,
}

/// An immutable view of the index. Cheap to clone. The default one is empty.
#[derive(Clone, Default)]
pub struct Index {}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

impl Index {
    /// The `limit` passages that fit `words` best, best first, ties by text and passage.
    #[must_use]
    pub fn search(&self, _words: &str, _limit: usize) -> Vec<Hit> {
        Vec::new()
    }

    /// The same within one text.
    #[must_use]
    pub fn search_in(&self, _text: TextId, _words: &str, _limit: usize) -> Vec<Hit> {
        Vec::new()
    }
}

/// Where texts are added and removed; [`Indexer::commit`] makes a new view of it.
pub struct Indexer {}

impl Indexer {
    /// An empty index in memory.
    ///
    /// # Errors
    /// When the memory for it can't be had.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {})
    }

    /// Adds the passages of `text`, furniture excluded, under its id.
    pub fn add(&mut self, _text: &SourceText) {}

    /// Removes what was added under `id`.
    pub fn remove(&mut self, _id: TextId) {}

    /// Makes what was added and removed visible in a new view.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn commit(&mut self) -> anyhow::Result<Index> {
        Ok(Index {})
    }
}
