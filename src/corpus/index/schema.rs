//! The fields of the index, and the analyzers that split passages and queries into its words.

use std::collections::HashSet;
use std::sync::OnceLock;

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter,
    TextAnalyzer, TokenStream as _, TokenizerManager,
};

use super::forms;
use crate::corpus::shelf::Asked;
use crate::text::language::english;

/// How many words of a query to read before choosing the rarest, so that a megabyte of words costs no more
/// than a page.
const MAX_QUERY_WORDS: usize = 2048;

/// Longer words, in bytes, are addresses or encoded files rather than words.
const MAX_WORD_BYTES: usize = 40;

/// The name of [`analyzer`] in the index.
const ENGLISH: &str = "english";

/// Whether `word`, in lower case, occurs in any English text and is ignored in ranking.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    let english = english::index();
    english.stop_words.has(word) || english.halves.has(word)
}

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) words: Field,
    pub(super) text: Field,
    pub(super) passage: Field,
}

/// The schema, created once because it is the same for every index.
pub(super) fn schema() -> &'static (Schema, Fields) {
    static SCHEMA: OnceLock<(Schema, Fields)> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(ENGLISH)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = schema.add_text_field("words", TextOptions::default().set_indexing_options(indexing));
        let text = schema.add_u64_field(TEXT, INDEXED | FAST);
        let passage = schema.add_u64_field(PASSAGE, FAST);
        (schema.build(), Fields { words, text, passage })
    })
}

/// The field with the number of a `TextId`.
pub(super) const TEXT: &str = "text";

/// The field with the index of a passage in its text.
pub(super) const PASSAGE: &str = "passage";

/// The analyzers of an index, by name. Includes the engine's own, which it requests even for number fields.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(ENGLISH, analyzer());
    tokenizers
}

/// The analyzer for passages. Keeps stop words, so that positions match the text.
pub(super) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(forms::Forms)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The analyzer for queries. Removes stop words before stemming, which could turn other words into them.
pub(super) fn query_analyzer() -> TextAnalyzer {
    static FILTER: OnceLock<StopWordFilter> = OnceLock::new();
    let stop = FILTER.get_or_init(|| {
        let english = english::index();
        StopWordFilter::remove(english.stop_words.iter().chain(english.halves.iter()).map(str::to_owned))
    });
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(stop.clone())
        .filter(forms::Forms)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The words to search for in the free text `words`: each by itself, without stop words.
#[must_use]
pub fn plain(words: &str) -> Vec<Asked<'static>> {
    let alone = |stem| Asked { stem, others: &[], other: 0.0, weight: 1.0 };
    stems(words).into_iter().map(alone).collect()
}

/// The distinct words of `text` as the index stores them, without stop words, in order.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    stemmed(text).into_iter().map(|(stem, _)| stem).collect()
}

/// The same, each with the lower-case word that it was made from.
#[must_use]
pub fn stemmed(text: &str) -> Vec<(String, String)> {
    let mut distinct = Vec::new();
    let mut seen = HashSet::new();
    let mut analyzer = query_analyzer();
    let joined = forms::joined(text);
    let mut stream = analyzer.token_stream(&joined);
    for _ in 0..MAX_QUERY_WORDS {
        if !stream.advance() {
            break;
        }
        let token = stream.token();
        if !seen.contains(&token.text) {
            seen.insert(token.text.clone());
            let word = text.get(token.offset_from..token.offset_to).unwrap_or_default();
            distinct.push((token.text.clone(), word.to_lowercase()));
        }
    }
    distinct
}
