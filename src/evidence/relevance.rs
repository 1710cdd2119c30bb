//! Which sources and passages speak to a sentence.

use std::collections::HashMap;

use crate::corpus::Corpus;
use crate::corpus::source::SourceId;

/// How well each source fits `sentence`: the score of its best passage, greater is better.
/// Sources that share no word with it are absent.
#[must_use]
pub fn sources(_corpus: &Corpus, _sentence: &str) -> HashMap<SourceId, f32> {
    HashMap::new()
}

/// How well each passage of `source` fits `sentence`; the key is its place in the source's
/// passages.
#[must_use]
pub fn passages(_corpus: &Corpus, _source: SourceId, _sentence: &str) -> HashMap<usize, f32> {
    HashMap::new()
}
