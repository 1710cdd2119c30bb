//! Candidate keys for an unknown one. Considers a bounded number of keys however large the library is, and
//! leaves ranking them to the caller.

use std::sync::Arc;

use super::sorted::{Delta, Sorted};
use super::source::{Source, SourceId};

/// A typo leaves the first letter of a key intact …
const SAME_START: usize = 1;

/// … or its last four characters, usually the year.
const SAME_END: usize = 4;

/// Most keys returned for each of the two. Among the keys that agree, the nearest in sort order are taken, so
/// the more letters a key shares the surer it is to be included. Comparing two 14-letter keys takes about 3
/// µs, so a misspelt key costs at most 2 ms.
const MOST: usize = 300;

/// The keys of a corpus, indexed by their start and by their end.
#[derive(Debug)]
pub(super) struct Keys {
    /// Lower-case keys.
    starts: Sorted<Arc<str>>,
    /// The same keys reversed.
    ends: Sorted<Arc<str>>,
}

impl Keys {
    pub(super) fn new(sources: &[Arc<Source>]) -> Self {
        Self { starts: Sorted::new(sources, start), ends: Sorted::new(sources, end) }
    }

    /// The keys of `sources`, derived from these; `delta` is the change from the old sources to the new ones.
    pub(super) fn after(&self, delta: &Delta, sources: &[Arc<Source>]) -> Self {
        Self { starts: self.starts.after(delta, sources, start), ends: self.ends.after(delta, sources, end) }
    }

    /// The sources whose keys begin or end like `key`, sorted, without duplicates.
    pub(super) fn like(&self, key: &str) -> Vec<SourceId> {
        let key = key.to_lowercase();
        let start: String = key.chars().take(SAME_START).collect();
        let end: String = key.chars().rev().take(SAME_END).collect();
        let mut found: Vec<SourceId> = around(self.starts.all(), &start, &key)
            .chain(around(self.ends.all(), &end, &reversed(&key)))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The value by which a source is found if the start of the key matches.
#[expect(clippy::unnecessary_wraps, reason = "sources without a value are absent from other lists")]
fn start(source: &Source) -> Option<Arc<str>> {
    Some(source.key.to_lowercase().into())
}

/// The value by which a source is found if the end of the key matches.
#[expect(clippy::unnecessary_wraps, reason = "sources without a value are absent from other lists")]
fn end(source: &Source) -> Option<Arc<str>> {
    Some(reversed(&source.key.to_lowercase()).into())
}

fn reversed(key: &str) -> String {
    key.chars().rev().collect()
}

/// Of the keys in `sorted` that begin with `head`, the [`MOST`] nearest to `key`.
fn around<'a>(
    sorted: &'a [(Arc<str>, SourceId)],
    head: &str,
    key: &str,
) -> impl Iterator<Item = SourceId> + 'a {
    let first = sorted.partition_point(|(one, _)| &**one < head);
    let count = sorted[first..].partition_point(|(one, _)| one.starts_with(head));
    let range = &sorted[first..first + count];
    let place = range.partition_point(|(one, _)| &**one < key);
    let from = place.saturating_sub(MOST / 2).min(count.saturating_sub(MOST));
    range[from..].iter().take(MOST).map(|(_, id)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::source::TextState;

    fn like(keys: &[&str], key: &str) -> Vec<u32> {
        let source =
            |key: &&str| Arc::new(Source { key: (*key).into(), entry: None, document: TextState::Unnamed });
        let sources: Vec<Arc<Source>> = keys.iter().map(source).collect();
        Keys::new(&sources).like(key).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn the_start_or_the_end_must_agree() {
        let keys = ["moss2020", "reed2021", "Tenzer2021", "xmosz2021"];
        assert_eq!(like(&keys, "moz2019"), [0]);
        assert_eq!(like(&keys, "xoss2020"), [0, 3]);
        assert_eq!(like(&keys, "denzer2021"), [1, 2, 3]);
        assert_eq!(like(&keys, "pier1999"), [0_u32; 0]);
        assert_eq!(like(&keys, ""), [0, 1, 2, 3]);
    }

    #[test]
    fn a_large_library_hands_out_few() {
        let keys: Vec<String> = (0..5_000).map(|n| format!("smith{n:04}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let found = like(&keys, "smith1234x");
        assert!(found.len() <= 2 * MOST && found.contains(&1234), "{}", found.len());
    }
}
