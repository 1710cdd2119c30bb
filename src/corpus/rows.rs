//! The searchable row of each source, used to complete a key while it is typed, with an index that finds rows
//! by the beginning of a word without scanning all of them.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::index;
use super::sorted::{Delta, id, merged};
use super::source::{Source, SourceId};

/// Most sources returned for one prefix; a list shows a few dozen.
const MOST: usize = 1_000;

/// Shortest prefix, in bytes, that two forms of a word must share.
const SHORTEST_STEM: usize = 3;

/// A word whose prefix matches more words than this does not distinguish sources.
const TELLING: usize = 200;

/// One lower-case row per source: key, authors, outlet, title and file name.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<Arc<str>>,
    /// The row and byte offset of each word, sorted by the text that starts there.
    starts: OnceLock<Vec<(u32, u32)>>,
}

impl Rows {
    pub(super) fn new(sources: &[Arc<Source>]) -> Self {
        let rows = sources.par_iter().map(|source| row(source).into());
        Self { rows: rows.collect(), starts: OnceLock::new() }
    }

    /// The rows of `sources`, derived from these; `delta` is the change from the old sources to the new ones.
    /// Prepared if these are.
    pub(super) fn after(&self, delta: &Delta, sources: &[Arc<Source>]) -> Self {
        let mut rows: Vec<Arc<str>> = vec![Arc::default(); sources.len()];
        for (at, row) in self.rows.iter().enumerate() {
            if let Some(place) = delta.kept(id(at)) {
                rows[place.0 as usize] = row.clone();
            }
        }
        for place in &delta.fresh {
            rows[place.0 as usize] = row(&sources[place.0 as usize]).into();
        }
        let starts = OnceLock::new();
        if let Some(old) = self.starts.get() {
            let mut fresh: Vec<(u32, u32)> =
                delta.fresh.iter().flat_map(|id| word_starts(id.0, &rows[id.0 as usize])).collect();
            fresh.sort_unstable_by(|a, b| ordered(&rows, *a, *b));
            let keep = |&(row, start): &(u32, u32)| Some((delta.kept(SourceId(row))?.0, start));
            let before = |old: &(u32, u32), new: &(u32, u32)| {
                let place = delta.place(SourceId(old.0)).0;
                let order = self.at(*old).cmp(at(&rows, *new));
                order.then((place, old.1).cmp(new)).is_lt()
            };
            let _ = starts.set(merged(old, keep, fresh, before));
        }
        Self { rows, starts }
    }

    /// All rows; a row's index is the source's [`SourceId`].
    #[must_use]
    pub fn all(&self) -> &[Arc<str>] {
        &self.rows
    }

    /// Builds the index behind [`Rows::beginning`]. Takes most of a second for 100,000 sources, so never call
    /// it on a keystroke.
    pub fn prepare(&self) {
        self.starts.get_or_init(|| {
            // The first letters decide most comparisons, and stand beside the place.
            let rows = self.rows.par_iter().enumerate();
            let mut starts: Vec<(u64, (u32, u32))> = rows
                .flat_map_iter(|(at, row)| word_starts(id(at).0, row))
                .map(|place| (first_letters(self.at(place)), place))
                .collect();
            starts.par_sort_unstable_by(|(a, one), (b, other)| {
                a.cmp(b).then_with(|| ordered(&self.rows, *one, *other))
            });
            starts.into_iter().map(|(_, place)| place).collect()
        });
    }

    /// At most a thousand sources with a word that starts with `typed` (lower case), sorted. `None` until
    /// [`Rows::prepare`] has finished.
    #[must_use]
    pub fn beginning(&self, typed: &str) -> Option<Vec<SourceId>> {
        let starts = self.starts.get()?;
        let first = starts.partition_point(|place| self.at(*place).cmp(typed) == Ordering::Less);
        let mut found: Vec<SourceId> = starts[first..]
            .iter()
            .take_while(|place| self.at(**place).starts_with(typed))
            .take(MOST)
            .map(|place| SourceId(place.0))
            .collect();
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    /// The sources with a word whose stem is `stem`, the stem of `word` (lower case), sorted. Empty if the
    /// word is too common to distinguish sources, or until [`Rows::prepare`] has finished.
    #[must_use]
    pub fn with_stem(&self, stem: &str, word: &str) -> Vec<SourceId> {
        let Some(starts) = self.starts.get() else { return Vec::new() };
        // The prefix that the forms of a word share: four letters for `happi` and `happy`.
        let shared = stem.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        let Some(begun) = word.get(..shared).filter(|begun| begun.len() >= SHORTEST_STEM) else {
            return Vec::new();
        };
        let first = starts.partition_point(|place| self.at(*place).cmp(begun) == Ordering::Less);
        let behind = &starts[first..];
        let count = behind.partition_point(|place| self.at(*place).starts_with(begun));
        if count > TELLING {
            return Vec::new();
        }
        let word_at = |place: (u32, u32)| {
            let rest = self.at(place);
            &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())]
        };
        // The index is sorted by word, so equal words come in a row: stem each only once.
        let mut last = (word, true);
        let mut found = Vec::new();
        for place in &behind[..count] {
            let other = word_at(*place);
            if other != last.0 {
                let same = other == word || index::stems(other).first().is_some_and(|other| other == stem);
                last = (other, same);
            }
            if last.1 {
                found.push(SourceId(place.0));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn at(&self, place: (u32, u32)) -> &str {
        at(&self.rows, place)
    }
}

/// The text of a row from byte `start` on.
fn at(rows: &[Arc<str>], (row, start): (u32, u32)) -> &str {
    &rows[row as usize][start as usize..]
}

/// The first eight bytes of `text` as a number that orders it as they do.
fn first_letters(text: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = text.len().min(bytes.len());
    bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

/// Orders two places by the text from there on, then by row and byte.
fn ordered(rows: &[Arc<str>], a: (u32, u32), b: (u32, u32)) -> Ordering {
    at(rows, a).cmp(at(rows, b)).then(a.cmp(&b))
}

/// The places where words begin in `row`, the row with this number.
fn word_starts(number: u32, row: &str) -> impl Iterator<Item = (u32, u32)> {
    let words = row.char_indices().scan(' ', |before, (start, c)| {
        let begins = c.is_alphanumeric() && !before.is_alphanumeric();
        *before = c;
        Some(begins.then_some(start))
    });
    words.flatten().map(move |start| (number, u32::try_from(start).unwrap_or(u32::MAX)))
}

/// The row of a source.
pub(super) fn row(source: &Source) -> String {
    let mut row = source.key.to_lowercase();
    let mut add = |part: &str| {
        row.push(' ');
        row.push_str(&part.to_lowercase());
    };
    if let Some(entry) = &source.entry {
        entry.authors.iter().for_each(|author| add(&author.full()));
        entry.outlet.iter().for_each(|outlet| add(outlet));
    }
    source.title().into_iter().for_each(&mut add);
    if let Some(name) = source.volume().and_then(|text| text.file.path().file_name()) {
        add(&name.to_string_lossy());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::source::TextState;

    #[test]
    fn words_are_found_by_their_beginning() {
        let source =
            |key: &str| Arc::new(Source { key: key.into(), entry: None, document: TextState::Unnamed });
        let rows = Rows::new(&["Moss2020", "reed:tides", "Ülo-moss"].map(source));
        assert_eq!(rows.beginning("moss"), None);
        rows.prepare();
        let found =
            |typed| rows.beginning(typed).expect("it is prepared").iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(found("moss"), [0, 2]);
        assert_eq!(found("moss2"), [0]);
        assert_eq!(found("tid"), [1]);
        assert_eq!(found("reed:t"), [1]);
        assert_eq!(found("ü"), [2]);
        assert_eq!(found("oss"), [0; 0]);
    }

    #[test]
    fn words_are_found_in_other_forms() {
        let source =
            |key: &str| Arc::new(Source { key: key.into(), entry: None, document: TextState::Unnamed });
        let mut keys = vec!["happiness of harbours", "a happy harbour", "harrow"];
        let many: Vec<String> = (0..=TELLING).map(|n| format!("report{n} common")).collect();
        keys.extend(many.iter().map(String::as_str));
        let rows = Rows::new(&keys.into_iter().map(source).collect::<Vec<_>>());
        let found = |word: &str| {
            let stem = index::stems(word).pop().expect("a stem");
            rows.with_stem(&stem, word).iter().map(|id| id.0).collect::<Vec<_>>()
        };
        assert_eq!(found("harbours"), [0; 0], "it is not prepared");
        rows.prepare();
        assert_eq!(found("harbours"), [0, 1]);
        assert_eq!(found("happy"), [0, 1]);
        assert_eq!(found("harrows"), [2]);
        assert_eq!(found("har"), [0; 0]);
        assert_eq!(found("common"), [0; 0], "it tells nothing");
        assert_eq!(found("report7"), [10]);
    }
}
