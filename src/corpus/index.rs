//! Full-text index over passages, in memory, built on tantivy. Texts are added and removed by id; a search
//! accepts whatever a user types and never fails on it. Must not read files, know keys or sources, or expose
//! any type of the engine.

mod forms;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter,
    TextAnalyzer, TokenizerManager,
};
use tantivy::{
    DocSet, IndexReader, IndexWriter, ReloadPolicy, Score, Searcher, SegmentReader, TERMINATED,
    TantivyDocument, Term,
};

use super::shelf::{Answer, Asked, Hit, Shelf, Unavailable};
use super::source::{SourceText, TextId};
use crate::text::language::english;

/// Most words in one query; the rarest are used. Rare words distinguish passages and cost microseconds;
/// common ones take most of the time and decide nothing. A long sentence has about 25 distinct words besides
/// stop words.
const MAX_QUERY_TERMS: usize = 32;

/// How many words of a query to read before choosing the rarest, so that a megabyte of words costs no more
/// than a page.
const MAX_QUERY_WORDS: usize = 2048;

/// Most postings to read for a query with stand-ins. Rare stand-ins are admitted first, and none if the words
/// themselves are too common. Without stand-ins the engine can skip most postings; with them it cannot.
const MAX_POSTINGS: u64 = 120_000;

/// Longer words, in bytes, are addresses or encoded files rather than words.
const MAX_WORD_BYTES: usize = 40;

/// Memory budget of the single writer thread in bytes; the engine requires at least 15 million.
const WRITER_BYTES: usize = 20_000_000;

/// A segment with fewer passages than this is small: rewriting it takes milliseconds.
const SMALL_SEGMENT: u32 = 5_000;

/// How many small segments to keep. Each file saved in the editor adds one; a commit merges them when there
/// are more.
const MAX_SMALL_SEGMENTS: usize = 8;

/// Scores are rounded to this fraction before comparison, because the engine adds up the words of a query in
/// varying order and equal passages must tie.
const SCORE_STEPS: f32 = 4096.0;

/// The name of [`analyzer`] in the index.
const ENGLISH: &str = "english";

/// Whether `word`, in lower case, occurs in any English text and is ignored in ranking.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    let english = english::index();
    english.stop_words.has(word) || english.halves.has(word)
}

/// An immutable view of the index. Cheap to clone; empty by default.
#[derive(Clone, Default)]
pub struct Index {
    /// `None` until something has been added.
    searcher: Option<Searcher>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let passages = self.searcher.as_ref().map_or(0, Searcher::num_docs);
        f.debug_struct("Index").field("passages", &passages).finish()
    }
}

impl Shelf for Index {
    fn ranked(&self, within: Option<TextId>, asked: &[Asked<'_>], limit: usize) -> Answer<Vec<Hit>> {
        let Some(searcher) = &self.searcher else { return Ok(Vec::new()) };
        let limit = limit.min(usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX));
        if limit == 0 {
            return Ok(Vec::new());
        }
        match query(searcher, within, asked).map_err(unavailable)? {
            Some(query) => ranked(searcher, query.as_ref(), limit).map_err(unavailable),
            None => Ok(Vec::new()),
        }
    }

    fn with_all(&self, words: &str, most: usize, take: &mut dyn FnMut(TextId, usize) -> bool) -> Answer<()> {
        let Some(searcher) = &self.searcher else { return Ok(()) };
        with_all(searcher, words, most, take).map_err(unavailable)
    }

    fn weight(&self, asked: &[Asked<'_>]) -> Answer<f32> {
        let Some(searcher) = &self.searcher else { return Ok(1.0) };
        let passages = searcher.num_docs() as f32;
        let words = schema().1.words;
        let mut weight = 0.0;
        for one in asked {
            let frequency = searcher.doc_freq(&Term::from_field_text(words, &one.stem));
            let frequency = frequency.map_err(unavailable)? as f32;
            weight += one.weight * (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
        }
        Ok(weight.max(f32::MIN_POSITIVE))
    }
}

fn unavailable(error: tantivy::TantivyError) -> Unavailable {
    Unavailable::new(format!("the index could not be searched ({error})"))
}

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
struct Fields {
    words: Field,
    text: Field,
    passage: Field,
}

/// The schema, created once because it is the same for every index.
fn schema() -> &'static (Schema, Fields) {
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

/// The field with the number of a [`TextId`].
const TEXT: &str = "text";

/// The field with the index of a passage in its text.
const PASSAGE: &str = "passage";

/// The analyzer for passages. Keeps stop words, so that positions match the text.
fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD_BYTES))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(forms::Forms)
        .filter(Stemmer::new(Language::English))
        .build()
}

/// The analyzer for queries. Removes stop words before stemming, which could turn other words into them.
fn query_analyzer() -> TextAnalyzer {
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

/// A word of a query that occurs somewhere, or for which a stand-in does.
struct Standing<'a> {
    asked: &'a Asked<'a>,
    /// Number of passages that contain the word itself.
    frequency: u64,
    /// Its stand-ins, each with the number of passages that contain it.
    others: Vec<(u64, Term)>,
}

/// The query for `asked`, restricted to `text` if given; `None` if no passage can match.
fn query(
    searcher: &Searcher,
    text: Option<TextId>,
    asked: &[Asked<'_>],
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let fields = schema().1;
    let term = |word: &String| Term::from_field_text(fields.words, word);
    let mut words = Vec::with_capacity(asked.len());
    for asked in asked {
        let frequency = searcher.doc_freq(&term(&asked.stem))?;
        let mut others = Vec::new();
        for other in asked.others.iter().map(term) {
            let frequency = searcher.doc_freq(&other)?;
            if frequency > 0 {
                others.push((frequency, other));
            }
        }
        if frequency > 0 || !others.is_empty() {
            words.push(Standing { asked, frequency, others });
        }
    }
    // Words that do not occur themselves go last. Ties are broken consistently.
    let order = |word: &Standing<'_>| (word.frequency == 0, word.frequency);
    words.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.asked.stem.cmp(&b.asked.stem)));
    words.truncate(MAX_QUERY_TERMS);
    let most = frequent(&words);
    let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(words.len());
    for Standing { asked, frequency, others } in words {
        let query = |term: Term, weight: f32| -> Box<dyn Query> {
            let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            if weight < 1.0 { Box::new(BoostQuery::new(query, weight)) } else { query }
        };
        let itself = (frequency > 0).then(|| query(term(&asked.stem), asked.weight));
        let others = others.into_iter().filter(|(frequency, _)| *frequency <= most);
        let others = others.map(|(_, other)| query(other, asked.weight * asked.other));
        let mut best: Vec<Box<dyn Query>> = itself.into_iter().chain(others).collect();
        match best.len() {
            0 => {}
            1 => any.extend(best.pop().map(|query| (Occur::Should, query))),
            _ => any.push((Occur::Should, Box::new(DisjunctionMaxQuery::new(best)))),
        }
    }
    if any.is_empty() {
        return Ok(None);
    }
    let any = Box::new(BooleanQuery::new(any));
    let Some(text) = text else { return Ok(Some(any)) };
    let inside = TermQuery::new(Term::from_field_u64(fields.text, text.0), IndexRecordOption::Basic);
    let inside = Box::new(ConstScoreQuery::new(Box::new(inside), 0.0));
    Ok(Some(Box::new(BooleanQuery::new(vec![(Occur::Must, inside), (Occur::Must, any)]))))
}

/// The highest frequency at which stand-ins for `words` are admitted, so that all of them together stay
/// within [`MAX_POSTINGS`].
fn frequent(words: &[Standing<'_>]) -> u64 {
    let mut left = MAX_POSTINGS.saturating_sub(words.iter().map(|word| word.frequency).sum());
    let mut all: Vec<u64> = words.iter().flat_map(|word| &word.others).map(|other| other.0).collect();
    all.sort_unstable();
    let mut most = 0;
    for of_one_frequency in all.chunk_by(|a, b| a == b) {
        let cost: u64 = of_one_frequency.iter().sum();
        if cost > left {
            break;
        }
        left -= cost;
        most = of_one_frequency[0];
    }
    most
}

/// See [`Shelf::with_all`].
fn with_all(
    searcher: &Searcher,
    words: &str,
    mut most: usize,
    take: &mut dyn FnMut(TextId, usize) -> bool,
) -> tantivy::Result<()> {
    let field = schema().1.words;
    let mut distinct = BTreeSet::new();
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(words);
    while stream.advance() {
        // Single letters occur everywhere, and those of `U.S.` are one word in the index.
        if stream.token().text.len() > 1 {
            distinct.insert(stream.token().text.clone());
        }
    }
    let terms: Vec<Term> = distinct.iter().map(|word| Term::from_field_text(field, word)).collect();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let infos: Option<Vec<_>> = terms.iter().map(|term| index.get_term_info(term).transpose()).collect();
        let Some(infos) = infos else { continue };
        let mut infos = infos.into_iter().collect::<std::io::Result<Vec<_>>>()?;
        infos.sort_by_key(|info| info.doc_freq);
        let lists =
            infos.iter().map(|info| index.read_postings_from_terminfo(info, IndexRecordOption::Basic));
        let mut lists = lists.collect::<std::io::Result<Vec<_>>>()?;
        let Some((rarest, others)) = lists.split_first_mut() else { continue };
        let (texts, passages) = columns(segment)?;
        let mut at = rarest.doc();
        while at != TERMINATED {
            let Some(left) = most.checked_sub(1) else { return Ok(()) };
            most = left;
            // Skip to where the other words continue before looking at the rarest one again.
            let next = others.iter_mut().map(|list| if list.doc() < at { list.seek(at) } else { list.doc() });
            let next = next.max().unwrap_or(at);
            if next > at {
                at = if next == TERMINATED { TERMINATED } else { rarest.seek(next) };
                continue;
            }
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(at))
                && let (Some(text), Some(passage)) = (texts.first(at), passages.first(at))
                && !take(TextId(text), usize::try_from(passage).unwrap_or(usize::MAX))
            {
                return Ok(());
            }
            at = rarest.advance();
        }
    }
    Ok(())
}

/// The columns of a segment with the text and passage of each document.
fn columns(segment: &SegmentReader) -> tantivy::Result<(Column<u64>, Column<u64>)> {
    Ok((segment.fast_fields().u64(TEXT)?, segment.fast_fields().u64(PASSAGE)?))
}

/// The best `limit` (at least one) documents for `query`.
fn ranked(searcher: &Searcher, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<Hit>> {
    // Ranked by score alone, the engine can skip most of a long list. One extra hit shows whether the cut
    // falls between equal scores; only then is every document examined.
    let best = searcher.search(query, &TopDocs::with_limit(limit.saturating_add(1)).order_by_score())?;
    let cut_between_equals =
        best.get(limit - 1).zip(best.get(limit)).is_some_and(|(a, b)| rounded(a.0) == rounded(b.0));
    let mut keys: Vec<Key> = if cut_between_equals {
        let exact = TopDocs::with_limit(limit).tweak_score(|segment: &SegmentReader| {
            let columns = columns(segment).ok();
            move |doc: u32, score: Score| {
                let (text, passage) =
                    columns.as_ref().map_or((None, None), |(t, p)| (t.first(doc), p.first(doc)));
                key(score, text, passage)
            }
        });
        searcher.search(query, &exact)?.into_iter().map(|(key, _)| key).collect()
    } else {
        let all = searcher.segment_readers().iter().map(columns).collect::<tantivy::Result<Vec<_>>>()?;
        best.into_iter()
            .filter_map(|(score, at)| {
                let (text, passage) = all.get(at.segment_ord as usize)?;
                Some(key(score, text.first(at.doc_id), passage.first(at.doc_id)))
            })
            .collect()
    };
    keys.sort_by(|a, b| b.cmp(a));
    keys.truncate(limit);
    Ok(keys
        .into_iter()
        .map(|(steps, Reverse(text), Reverse(passage))| Hit {
            text: TextId(text),
            passage: usize::try_from(passage).unwrap_or(usize::MAX),
            score: steps as f32 / SCORE_STEPS,
        })
        .collect())
}

/// Rounded score, text, passage; the greater the better.
type Key = (u64, Reverse<u64>, Reverse<u64>);

fn key(score: Score, text: Option<u64>, passage: Option<u64>) -> Key {
    // Every document has both; one without them would be useless and goes last.
    (rounded(score), Reverse(text.unwrap_or(u64::MAX)), Reverse(passage.unwrap_or(u64::MAX)))
}

/// The score in units of [`SCORE_STEPS`].
fn rounded(score: Score) -> u64 {
    (score * SCORE_STEPS).round() as u64
}

/// Adds and removes texts; [`Indexer::commit`] creates a new view.
pub struct Indexer {
    /// Created with the first text, because its threads take time that an empty corpus need not spend.
    engine: Option<Engine>,
    /// The ids of all texts added and not removed.
    present: HashSet<TextId>,
    /// Whether anything has changed since `view` was created.
    changed: bool,
    /// Whether a text is missing because the engine rejected it or could not be started.
    refused: bool,
    view: Index,
}

struct Engine {
    writer: IndexWriter,
    reader: IndexReader,
}

impl std::fmt::Debug for Indexer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexer").field("texts", &self.present.len()).field("changed", &self.changed).finish()
    }
}

impl Engine {
    fn new() -> tantivy::Result<Self> {
        // Includes the engine's own tokenizers, which it requests even for number fields.
        let tokenizers = TokenizerManager::default();
        tokenizers.register(ENGLISH, analyzer());
        let index =
            tantivy::Index::builder().schema(schema().0.clone()).tokenizers(tokenizers).create_in_ram()?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .build();
        let writer: IndexWriter = index.writer_with_options(options)?;
        // Background merges would change the counts behind the scores at unpredictable times; `Engine::tidy`
        // merges during a commit instead.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { writer, reader })
    }

    fn add(&self, text: &SourceText) -> tantivy::Result<()> {
        let fields = schema().1;
        for (place, passage) in text.passages.iter().enumerate() {
            if passage.class.furniture().is_some() {
                continue;
            }
            let mut document = TantivyDocument::new();
            document.add_text(fields.words, forms::joined(text.words(passage)));
            document.add_u64(fields.text, text.id.0);
            document.add_u64(fields.passage, place as u64);
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> tantivy::Result<Index> {
        self.writer.commit()?;
        self.reader.reload()?;
        if self.tidy()? {
            self.reader.reload()?;
        }
        Ok(Index { searcher: Some(self.reader.searcher()) })
    }

    /// Merges small segments if there are many, and rewrites large ones that consist mostly of removed texts.
    /// Returns whether it did anything.
    fn tidy(&mut self) -> tantivy::Result<bool> {
        let (mut small, mut hollow) = (Vec::new(), Vec::new());
        for segment in self.reader.searcher().segment_readers() {
            if segment.max_doc() < SMALL_SEGMENT {
                small.push(segment.segment_id());
            } else if segment.num_deleted_docs() > segment.max_doc() / 2 {
                hollow.push(segment.segment_id());
            }
        }
        let mut groups: Vec<Vec<SegmentId>> = hollow.into_iter().map(|id| vec![id]).collect();
        if small.len() > MAX_SMALL_SEGMENTS {
            groups.push(small);
        }
        for group in &groups {
            self.writer.merge(group).wait()?;
        }
        Ok(!groups.is_empty())
    }
}

impl Indexer {
    /// Creates an empty index in memory, at no cost until the first [`Indexer::add`].
    ///
    /// # Errors
    /// None at present; engine errors occur with the first text and are logged there.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            engine: None,
            present: HashSet::new(),
            changed: false,
            refused: false,
            view: Index::default(),
        })
    }

    /// Adds the passages of `text`, except furniture, under its id, replacing any text with that id. If the
    /// engine rejects a text, the error is logged and [`Indexer::commit`] fails from then on.
    pub fn add(&mut self, text: &SourceText) {
        self.remove(text.id);
        if self.engine.is_none() {
            match Engine::new() {
                Ok(engine) => self.engine = Some(engine),
                Err(error) => {
                    tracing::error!(%error, "no index could be made; texts can't be searched");
                    self.refused = true;
                    return;
                }
            }
        }
        let Some(engine) = &self.engine else { return };
        if let Err(error) = engine.add(text) {
            tracing::error!(%error, file = %text.file.path().display(), "a text could not be indexed");
            self.refused = true;
        }
        // Even after a failure: some of its passages may be in the index and must be removed with it.
        self.present.insert(text.id);
        self.changed = true;
    }

    /// Removes the text added under `id`, if there is one.
    pub fn remove(&mut self, id: TextId) {
        if !self.present.remove(&id) {
            return;
        }
        if let Some(engine) = &self.engine {
            engine.writer.delete_term(Term::from_field_u64(schema().1.text, id.0));
            self.changed = true;
        }
    }

    /// Publishes all additions and removals in a new view. Earlier views stay unchanged.
    ///
    /// # Errors
    /// If the index cannot be written, or lacks a text that was added.
    pub fn commit(&mut self) -> anyhow::Result<Index> {
        anyhow::ensure!(!self.refused, "a text could not be indexed");
        if let Some(engine) = &mut self.engine
            && self.changed
        {
            self.view = engine.commit()?;
            self.changed = false;
        }
        Ok(self.view.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::corpus::source::{Class, Furniture, Passage};
    use crate::text::{FileId, Span, Text};

    fn text_of(paragraphs: &[(&str, Class)]) -> SourceText {
        let (mut text, mut passages) = (String::new(), Vec::new());
        for &(paragraph, class) in paragraphs {
            let start = text.len();
            text.push_str(paragraph);
            passages.push(Passage::counted(Span::new(start, text.len()), class, None));
            text.push_str("\n\n");
        }
        // Each in its own file, so that equal texts have different ids.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let file = FileId::new(format!("/briefs/sources/invented{number}.md"));
        let id = TextId::of(&file, text.as_bytes());
        SourceText::plain(id, file, Text::new(text), passages)
    }

    fn body(paragraphs: &[&str]) -> SourceText {
        text_of(&paragraphs.iter().map(|&paragraph| (paragraph, Class::Body)).collect::<Vec<_>>())
    }

    fn search(index: &Index, words: &str, limit: usize) -> Vec<Hit> {
        within(index, None, &plain(words), limit)
    }

    fn within(index: &Index, text: Option<TextId>, asked: &[Asked<'_>], limit: usize) -> Vec<Hit> {
        index.ranked(text, asked, limit).expect("memory")
    }

    fn places(hits: &[Hit]) -> Vec<(TextId, usize)> {
        hits.iter().map(|hit| (hit.text, hit.passage)).collect()
    }

    #[test]
    fn an_empty_index_answers_with_nothing() {
        assert_eq!(search(&Index::default(), "grain", 10), []);
        let mut indexer = Indexer::new().expect("memory");
        indexer.remove(TextId(7));
        let index = indexer.commit().expect("memory");
        assert_eq!(search(&index, "grain", 10), []);
        assert!(indexer.engine.is_none(), "no thread is started for nothing");
    }

    #[test]
    fn words_are_found_in_other_forms() {
        let harbour = body(&["The harbours were dredged.", "Café prices in Muğla rose.", "It rained."]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&harbour);
        let index = indexer.commit().expect("memory");
        assert_eq!(places(&search(&index, "DREDGING a harbour", 10)), [(harbour.id, 0)]);
        assert_eq!(places(&search(&index, "cafe in Mugla", 10)), [(harbour.id, 1)]);
        assert_eq!(search(&index, "harm", 10), []);
        assert_eq!(search(&index, "harbour", 0), []);
        assert_eq!(places(&search(&index, "harbour", usize::MAX)), [(harbour.id, 0)]);
    }

    #[test]
    fn furniture_is_left_out_and_places_are_kept() {
        let text = text_of(&[
            ("Grain at the port", Class::Title),
            ("Wheat 211.5 +0.3, grain futures", Class::Furniture(Furniture::Ticker)),
            ("The port moved more grain than ever.", Class::Body),
        ]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        let index = indexer.commit().expect("memory");
        let mut found = places(&search(&index, "grain", 10));
        found.sort_unstable();
        assert_eq!(found, [(text.id, 0), (text.id, 2)]);
        assert_eq!(search(&index, "futures", 10), []);
    }

    #[test]
    fn what_is_removed_is_hidden_and_old_views_stay() {
        let (first, second) =
            (body(&["The glacier shrinks."]), body(&["The glacier is old.", "So is the inn."]));
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&first);
        indexer.add(&second);
        let before = indexer.commit().expect("memory");
        let both = search(&before, "glacier", 10);
        assert_eq!(both.len(), 2);

        indexer.remove(first.id);
        assert_eq!(search(&before, "glacier", 10), both);
        let without = indexer.commit().expect("memory");
        assert_eq!(places(&search(&without, "glacier", 10)), [(second.id, 0)]);
        assert_eq!(within(&without, Some(first.id), &plain("glacier"), 10), []);
        assert_eq!(search(&before, "glacier", 10), both);

        // Added again, twice: it is found once.
        indexer.add(&first);
        indexer.add(&first);
        let again = indexer.commit().expect("memory");
        assert_eq!(places(&within(&again, Some(first.id), &plain("glacier"), 10)), [(first.id, 0)]);
        assert_eq!(search(&again, "glacier", 10).len(), 2);
        assert_eq!(places(&search(&without, "glacier", 10)), [(second.id, 0)]);
        drop(indexer);
        assert_eq!(search(&before, "glacier", 10), both, "a view outlives the indexer");
    }

    #[test]
    fn many_small_commits_are_joined_and_lose_nothing() {
        let mut indexer = Indexer::new().expect("memory");
        let mut view = Index::default();
        let texts: Vec<SourceText> =
            (0..30).map(|n| body(&[&format!("Report number{n} of the weather station.")])).collect();
        for (at, text) in texts.iter().enumerate() {
            indexer.add(text);
            if at >= 3 && at % 3 == 0 {
                indexer.remove(texts[at - 3].id);
            }
            view = indexer.commit().expect("memory");
        }
        let segments = view.searcher.as_ref().map_or(0, |searcher| searcher.segment_readers().len());
        assert!(segments <= MAX_SMALL_SEGMENTS, "{segments}");
        // 0, 3, … 24 were removed: nine of thirty.
        assert_eq!(search(&view, "weather", 100).len(), 21);
        assert_eq!(search(&view, "number24", 5), []);
        assert_eq!(places(&search(&view, "number27", 5)), [(texts[27].id, 0)]);
    }

    #[test]
    fn equals_come_in_order_of_text_and_passage_also_at_the_cut() {
        let mut texts: Vec<SourceText> = (0..6)
            .map(|_| body(&["All rights reserved by Vessby Press.", "All rights reserved by Vessby Press."]))
            .collect();
        texts.sort_by_key(|text| text.id);
        let expected =
            [(texts[0].id, 0), (texts[0].id, 1), (texts[1].id, 0), (texts[1].id, 1), (texts[2].id, 0)];
        let mut indexer = Indexer::new().expect("memory");
        for text in texts.iter().rev() {
            indexer.add(text);
            indexer.commit().expect("memory");
        }
        let index = indexer.commit().expect("memory");
        for _ in 0..3 {
            assert_eq!(places(&search(&index, "rights reserved Vessby Press", 5)), expected);
        }
        assert_eq!(places(&within(&index, Some(texts[4].id), &plain("press"), 1)), [(texts[4].id, 0)]);
    }

    #[test]
    fn nothing_in_a_query_is_syntax() {
        let text = body(&["Ships AND barges waited at the lock.", "Nothing else moved."]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        let index = indexer.commit().expect("memory");
        for nothing in
            ["", "   ", "\"", "AND OR *", "***", "-", "(((", "text:[0 TO *]", "the of and", "\0", "\u{301}"]
        {
            assert_eq!(search(&index, nothing, 10), [], "{nothing:?}");
        }
        for lock in
            ["\"lock", "lock~2", "-lock", "words:lock", "(lock", "lock AND missing", "+missing lock^9"]
        {
            assert_eq!(places(&search(&index, lock, 10)), [(text.id, 0)], "{lock:?}");
        }
    }

    #[test]
    fn a_megabyte_of_words_is_answered_like_a_page() {
        let text = body(&["Ships waited at the lock."]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        let index = indexer.commit().expect("memory");
        let same = "lock ".repeat(200_000);
        let other: String = (0..150_000).map(|n| format!("w{n} ")).collect();
        let one = "x".repeat(1_000_000);
        assert_eq!(places(&search(&index, &same, 10)), [(text.id, 0)]);
        assert_eq!(search(&index, &other, 10), []);
        assert_eq!(search(&index, &one, 10), []);
    }

    #[test]
    fn of_many_words_the_rarest_decide() {
        let mut paragraphs: Vec<String> = Vec::new();
        let common: Vec<String> = (0..40).map(|n| format!("common{n}")).collect();
        for _ in 0..3 {
            paragraphs.push(common.join(" "));
        }
        paragraphs.push("A lone wolverine".to_owned());
        let text = body(&paragraphs.iter().map(String::as_str).collect::<Vec<_>>());
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        let index = indexer.commit().expect("memory");
        let hits = search(&index, &format!("{} wolverine", common.join(" ")), 10);
        assert!(places(&hits).contains(&(text.id, 3)), "the fortieth word counts, for it is rare: {hits:?}");
    }

    #[test]
    fn passages_with_all_of_some_words_are_given_one_by_one() {
        let text = text_of(&[
            ("The port of grain", Class::Title),
            ("The port and the grain of it", Class::Furniture(Furniture::Caption)),
            ("Grain came to the port of Vessby, and it rotted.", Class::Body),
            ("The port of Vessby closed.", Class::Body),
        ]);
        let gone = body(&["The grain of the port"]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        indexer.add(&gone);
        indexer.commit().expect("memory");
        indexer.remove(gone.id);
        let index = indexer.commit().expect("memory");
        let all = |words: &str, most: usize, wanted: usize| {
            let mut found = Vec::new();
            index
                .with_all(words, most, &mut |text, passage| {
                    found.push((text, passage));
                    found.len() < wanted
                })
                .expect("memory");
            found.sort_unstable();
            found
        };
        assert_eq!(all("the grain of the port", 100, 10), [(text.id, 0), (text.id, 2)]);
        assert_eq!(all("the grain of the port", 100, 1).len(), 1);
        assert_eq!(all("the grain of the port", 0, 10), []);
        assert_eq!(all("of the", 100, 10).len(), 3, "stop words count here");
        assert_eq!(all("the grain of Atlantis", 100, 10), []);
        assert_eq!(all("", 100, 10), []);
        let nothing = Index::default().with_all("grain", 9, &mut |_, _| panic!("there is nothing"));
        assert_eq!(nothing, Ok(()));
    }

    #[test]
    fn two_indexes_of_the_same_texts_agree() {
        let texts: Vec<SourceText> = (0..20)
            .map(|n| {
                body(&[
                    &format!("Barley and oats in year {n}."),
                    "Oats were dear.",
                    "Barley was cheap, oats were not.",
                ])
            })
            .collect();
        let build = || {
            let mut indexer = Indexer::new().expect("memory");
            for text in &texts {
                indexer.add(text);
            }
            indexer.commit().expect("memory")
        };
        let (one, other) = (build(), build());
        for words in ["oats", "barley oats", "cheap barley in the year 7", "dear"] {
            assert_eq!(search(&one, words, 7), search(&other, words, 7), "{words}");
        }
    }

    #[test]
    fn a_word_counts_once_however_many_stand_for_it() {
        let ships =
            body(&["Ships, vessels, boats and craft.", "Ships waited at the pier.", "A pier and a lock."]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&ships);
        let index = indexer.commit().expect("memory");
        let words = |text: &str| stems(text).remove(0);
        let ship =
            Asked { stem: words("ship"), others: &stems("vessel boat craft"), other: 0.5, weight: 1.0 };
        let pier = Asked { stem: words("pier"), others: &[], other: 0.0, weight: 1.0 };
        let hits = within(&index, None, &[ship, pier], 3);
        assert_eq!(places(&hits), [(ships.id, 1), (ships.id, 0), (ships.id, 2)]);
        // A missing word is found through its stand-in, at the stand-in's weight.
        let full = Asked { stem: words("craft"), others: &[], other: 0.0, weight: 1.0 };
        let half = Asked { stem: words("dinghy"), others: &stems("craft"), other: 0.5, weight: 1.0 };
        let (full, half) = (within(&index, None, &[full], 3), within(&index, None, &[half], 3));
        assert_eq!(places(&half), places(&full));
        assert!((half[0].score * 2.0 - full[0].score).abs() < 0.01, "{half:?} {full:?}");
    }

    #[test]
    fn the_weight_is_that_of_all_words() {
        let text = body(&["Ships waited at the pier.", "Trucks waited at the gate.", "Planes waited."]);
        let mut indexer = Indexer::new().expect("memory");
        indexer.add(&text);
        let index = indexer.commit().expect("memory");
        let weight = |index: &Index, asked: &[Asked<'_>]| index.weight(asked).expect("memory");
        let all = weight(&index, &plain("ships waited at the pier"));
        let best = search(&index, "ships waited at the pier", 1)[0].score;
        assert!((0.7..1.3).contains(&(best / all)), "{best} of {all}");
        assert!(weight(&index, &plain("ships and absent words")) > all, "absent words weigh most");
        assert!(weight(&index, &[]) > 0.0 && weight(&Index::default(), &[]) > 0.0);
    }
}
