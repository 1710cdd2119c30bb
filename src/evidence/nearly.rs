//! Finds the stretches of a source that are nearly the quoted words, with the distance of each, so that a
//! caller can see how far ahead the best one is.
//!
//! [`super::align`] finds the best alignment and judges each difference; this compares places. A place counts
//! by its edit distance in letters: words are inserted, dropped or replaced, and words that begin alike differ
//! by their letters.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::align::alike;
use super::locate::Stream;

/// A stretch of a source that resembles the quoted words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    /// The words of the source.
    pub(super) words: Range<usize>,
    /// The edit distance, in letters.
    pub(super) distance: usize,
}

/// The stretches found, nearest first.
#[derive(Debug, Default)]
pub(super) struct Nearly {
    /// They do not overlap.
    pub(super) places: Vec<Near>,
    /// Whether no stretch within the distance asked for can have been missed.
    pub(super) complete: bool,
}

/// A pair of differing words, as indices into the quoted words and those of the source; one may be missing.
pub(super) type Change = (Option<usize>, Option<usize>);

/// Most places returned: the best, the second best, and one more to choose from.
const MOST: usize = 3;

/// Cells of the table filled for one quotation: a quotation of 100 words may be compared with 40,000 words of
/// a source, in about 20 ms.
const MOST_CELLS: usize = 4_000_000;

/// Words that occur more often say nothing about where a quotation is from.
const MOST_PLACES: usize = 256;

/// The letters of a word and the blank after it.
fn weight(word: &str) -> usize {
    word.chars().count() + 1
}

/// The weight of all `quoted` words, in letters: the largest distance.
pub(super) fn weight_of(quoted: &[&str]) -> usize {
    quoted.iter().map(|word| weight(word)).sum()
}

/// The distance between two words in letters. Unlike words differ in all of them.
fn between(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    let most = weight(a).max(weight(b));
    if alike(a, b) { strsim::osa_distance(a, b).min(most) } else { most }
}

/// The places of `quoted`, words in lower case, within `limit` letters.
pub(super) fn find(stream: &Stream<'_>, quoted: &[&str], limit: usize) -> Nearly {
    let mut nearly = Nearly { places: Vec::new(), complete: true };
    let mut ends: Vec<Near> = Vec::new();
    for window in windows(stream, quoted, limit, &mut nearly.complete) {
        ends.extend(scan(stream, quoted, window, limit));
    }
    // Of stretches that differ as much, the longest.
    ends.sort_by_key(|near| (near.distance, near.words.start, Reverse(near.words.end)));
    for near in ends {
        let apart = |known: &Near| known.words.end <= near.words.start || near.words.end <= known.words.start;
        if nearly.places.iter().all(apart) {
            nearly.places.push(near);
            if nearly.places.len() == MOST {
                break;
            }
        }
    }
    nearly
}

/// The parts of the source worth looking at, without overlaps: those around the rarer words of the quotation.
/// A place within the limit has one of them unless the words that it keeps are all frequent.
fn windows(stream: &Stream<'_>, quoted: &[&str], limit: usize, complete: &mut bool) -> Vec<Range<usize>> {
    let count = stream.words.len();
    // Even if all changes are additions of the shortest words.
    let slack = limit / 2 + 1;
    let mut seeds: Vec<(usize, &[u32])> =
        quoted.iter().map(|word| stream.words.places(word)).enumerate().collect();
    let known = seeds.iter().filter(|(_, places)| !places.is_empty()).count();
    seeds.retain(|(_, places)| !places.is_empty() && places.len() <= MOST_PLACES);
    *complete &= seeds.len() == known || 2 * seeds.len() > quoted.len();
    seeds.sort_by_key(|(_, places)| places.len());
    let mut near: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut cells = 0;
    'all: for (at, places) in seeds {
        for &place in places {
            let middle = place as usize;
            let window = (
                middle.saturating_sub(at + slack),
                (middle + quoted.len().saturating_sub(at) + slack).min(count),
            );
            if near.insert(window) {
                cells += (window.1 - window.0) * quoted.len();
            }
            // Most windows overlap, so this counts some words several times.
            if cells > 4 * MOST_CELLS {
                *complete = false;
                break 'all;
            }
        }
    }
    let mut merged: Vec<Range<usize>> = Vec::new();
    for (start, end) in near {
        match merged.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => merged.push(start..end),
        }
    }
    let mut left = MOST_CELLS;
    for window in &mut merged {
        let most = left / quoted.len().max(1);
        if window.len() > most {
            window.end = window.start + most;
            *complete = false;
        }
        left -= window.len() * quoted.len();
    }
    merged.retain(|window| !window.is_empty());
    merged
}

/// For each word of `window` at which a stretch within `limit` may end, the best one that ends there.
fn scan(stream: &Stream<'_>, quoted: &[&str], window: Range<usize>, limit: usize) -> Vec<Near> {
    // One column of the table: the distance, and where the stretch begins.
    let mut column: Vec<(usize, usize)> = Vec::with_capacity(quoted.len() + 1);
    column.push((0, window.start));
    for word in quoted {
        let last = column[column.len() - 1].0;
        column.push((last + weight(word), window.start));
    }
    let weights: Vec<usize> = quoted.iter().map(|word| weight(word)).collect();
    let mut out = Vec::new();
    for at in window {
        let word = stream.words.lower(at);
        let own = weight(word);
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for i in 0..quoted.len() {
            let replaced = (diagonal.0 + between(quoted[i], word), diagonal.1.min(at));
            diagonal = column[i + 1];
            let added = (column[i + 1].0 + own, column[i + 1].1);
            let dropped = (column[i].0 + weights[i], column[i].1);
            column[i + 1] = replaced.min(added).min(dropped);
        }
        let (distance, start) = column[quoted.len()];
        if distance <= limit && start <= at && stream.runs_on(start, at) {
            out.push(Near { words: start..at + 1, distance });
        }
    }
    out
}

/// The words in which `quoted` differs from the stretch `words` of the source.
pub(super) fn changes(stream: &Stream<'_>, quoted: &[&str], words: Range<usize>) -> Vec<Change> {
    let (rows, columns) = (quoted.len(), words.len());
    let theirs: Vec<&str> = words.clone().map(|at| stream.words.lower(at)).collect();
    let mut table = vec![vec![0; columns + 1]; rows + 1];
    for i in 1..=rows {
        table[i][0] = table[i - 1][0] + weight(quoted[i - 1]);
    }
    for j in 1..=columns {
        table[0][j] = table[0][j - 1] + weight(theirs[j - 1]);
    }
    for i in 1..=rows {
        for j in 1..=columns {
            table[i][j] = (table[i - 1][j - 1] + between(quoted[i - 1], theirs[j - 1]))
                .min(table[i - 1][j] + weight(quoted[i - 1]))
                .min(table[i][j - 1] + weight(theirs[j - 1]));
        }
    }
    let (mut i, mut j) = (rows, columns);
    let mut out = Vec::new();
    while i > 0 || j > 0 {
        if i > 0 && j > 0 && table[i][j] == table[i - 1][j - 1] + between(quoted[i - 1], theirs[j - 1]) {
            (i, j) = (i - 1, j - 1);
            if quoted[i] != theirs[j] {
                out.push((Some(i), Some(words.start + j)));
            }
        } else if i > 0 && table[i][j] == table[i - 1][j] + weight(quoted[i - 1]) {
            i -= 1;
            out.push((Some(i), None));
        } else {
            j -= 1;
            out.push((None, Some(words.start + j)));
        }
    }
    out.reverse();
    out
}
