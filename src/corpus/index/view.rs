//! An immutable view of the index, and the queries on it.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, Query,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Score, Searcher, SegmentReader, TERMINATED, Term};

use super::schema::{PASSAGE, TEXT, analyzer, schema};
use crate::corpus::shelf::{Answer, Asked, Hit, Shelf, Unavailable};
use crate::corpus::source::TextId;

/// Most words in one query; the rarest are used. Rare words distinguish passages and cost microseconds;
/// common ones take most of the time and decide nothing. A long sentence has about 25 distinct words besides
/// stop words.
const MAX_QUERY_TERMS: usize = 32;

/// Most postings to read for a query with stand-ins. Rare stand-ins are admitted first, and none if the words
/// themselves are too common. Without stand-ins the engine can skip most postings; with them it cannot.
const MAX_POSTINGS: u64 = 120_000;

/// Scores are rounded to this fraction before comparison, because the engine adds up the words of a query in
/// varying order and equal passages must tie.
const SCORE_STEPS: f32 = 4096.0;

/// An immutable view of the index. Cheap to clone; empty by default.
#[derive(Clone, Default)]
pub struct Index {
    layers: Vec<Layer>,
}

/// A part of an index: what is on disk, or what is in memory. No text is in two layers.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) searcher: Searcher,
    /// Texts in it that do not belong to the corpus: they were removed from it, or belong to another process.
    pub(super) hidden: Arc<BTreeSet<TextId>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("passages", &self.passages()).finish()
    }
}

impl Index {
    pub(super) fn new(layers: Vec<Layer>) -> Self {
        Self { layers }
    }

    /// The number of passages.
    fn passages(&self) -> u64 {
        self.layers.iter().map(|layer| layer.searcher.num_docs()).sum()
    }

    /// The number of segments.
    #[cfg(test)]
    pub(super) fn segments(&self) -> usize {
        self.layers.iter().map(|layer| layer.searcher.segment_readers().len()).sum()
    }
}

impl Shelf for Index {
    fn ranked(&self, within: Option<TextId>, asked: &[Asked<'_>], limit: usize) -> Answer<Vec<Hit>> {
        let limit = limit.min(usize::try_from(self.passages()).unwrap_or(usize::MAX));
        if limit == 0 {
            return Ok(Vec::new());
        }
        match query(self, within, asked).map_err(unavailable)? {
            Some(query) => ranked(self, query.as_ref(), limit).map_err(unavailable),
            None => Ok(Vec::new()),
        }
    }

    fn with_all(&self, words: &str, most: usize, take: &mut dyn FnMut(TextId, usize) -> bool) -> Answer<()> {
        with_all(self, words, most, take).map_err(unavailable)
    }

    fn weight(&self, asked: &[Asked<'_>]) -> Answer<f32> {
        if self.layers.is_empty() {
            return Ok(1.0);
        }
        let passages = self.passages() as f32;
        let words = schema().1.words;
        let mut weight = 0.0;
        for one in asked {
            let frequency = self.doc_freq(&Term::from_field_text(words, &one.stem));
            let frequency = frequency.map_err(unavailable)? as f32;
            weight += one.weight * (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
        }
        Ok(weight.max(f32::MIN_POSITIVE))
    }
}

/// The counts over all layers, so that scores in one are comparable with those in another.
impl Bm25StatisticsProvider for Index {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.layers.iter().map(|layer| layer.searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.layers.iter().map(|layer| layer.searcher.total_num_docs()).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.layers.iter().map(|layer| layer.searcher.doc_freq(term)).sum()
    }
}

fn unavailable(error: tantivy::TantivyError) -> Unavailable {
    Unavailable::new(format!("the index could not be searched ({error})"))
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
    index: &Index,
    text: Option<TextId>,
    asked: &[Asked<'_>],
) -> tantivy::Result<Option<Box<dyn Query>>> {
    let fields = schema().1;
    let term = |word: &String| Term::from_field_text(fields.words, word);
    let mut words = Vec::with_capacity(asked.len());
    for asked in asked {
        let frequency = index.doc_freq(&term(&asked.stem))?;
        let mut others = Vec::new();
        for other in asked.others.iter().map(term) {
            let frequency = index.doc_freq(&other)?;
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
    index: &Index,
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
    let segments = index
        .layers
        .iter()
        .flat_map(|layer| layer.searcher.segment_readers().iter().map(|segment| (segment, &layer.hidden)));
    for (segment, hidden) in segments {
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
                && !hidden.contains(&TextId(text))
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
pub(super) fn columns(segment: &SegmentReader) -> tantivy::Result<(Column<u64>, Column<u64>)> {
    Ok((segment.fast_fields().u64(TEXT)?, segment.fast_fields().u64(PASSAGE)?))
}

/// The best `limit` (at least one) documents for `query`.
fn ranked(index: &Index, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<Hit>> {
    let mut keys: Vec<Key> = Vec::new();
    for layer in &index.layers {
        keys.extend(best(index, layer, shown(layer, query).as_ref(), limit)?);
    }
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

/// `query` without the hidden texts of `layer`.
fn shown(layer: &Layer, query: &dyn Query) -> Box<dyn Query> {
    if layer.hidden.is_empty() {
        return query.box_clone();
    }
    let field = schema().1.text;
    let hidden = TermSetQuery::new(layer.hidden.iter().map(|id| Term::from_field_u64(field, id.0)));
    let parts: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, query.box_clone()), (Occur::MustNot, Box::new(hidden))];
    Box::new(BooleanQuery::new(parts))
}

/// The best `limit` (at least one) documents of `layer` for `query`, in arbitrary order.
fn best(index: &Index, layer: &Layer, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<Key>> {
    let searcher = &layer.searcher;
    // Ranked by score alone, the engine can skip most of a long list. One extra hit shows whether the cut
    // falls between equal scores; only then is every document examined.
    let top = TopDocs::with_limit(limit.saturating_add(1)).order_by_score();
    let best = searcher.search_with_statistics_provider(query, &top, index)?;
    let cut_between_equals =
        best.get(limit - 1).zip(best.get(limit)).is_some_and(|(a, b)| rounded(a.0) == rounded(b.0));
    if cut_between_equals {
        let exact = TopDocs::with_limit(limit).tweak_score(|segment: &SegmentReader| {
            let columns = columns(segment).ok();
            move |doc: u32, score: Score| {
                let (text, passage) =
                    columns.as_ref().map_or((None, None), |(t, p)| (t.first(doc), p.first(doc)));
                key(score, text, passage)
            }
        });
        let found = searcher.search_with_statistics_provider(query, &exact, index)?;
        return Ok(found.into_iter().map(|(key, _)| key).collect());
    }
    let all = searcher.segment_readers().iter().map(columns).collect::<tantivy::Result<Vec<_>>>()?;
    let found = best.into_iter().filter_map(|(score, at)| {
        let (text, passage) = all.get(at.segment_ord as usize)?;
        Some(key(score, text.first(at.doc_id), passage.first(at.doc_id)))
    });
    Ok(found.collect())
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
