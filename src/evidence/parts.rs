//! Quotations joined from parts of their source without an ellipsis: whole sentences omitted, or passages
//! assembled. Each part is verbatim, so none of its words may be reported as changed.

use std::collections::HashMap;
use std::ops::Range;

use super::align::{Alignment, Change, MOST_VOTES, Row};
use super::locate::Stream;

/// Longest quotation examined, in words; longer ones are aligned piece by piece anyway.
const LONGEST: usize = 400;

/// Fewer words in a row occur in any long text.
const SHORTEST: usize = 4;

/// Minimum share of a part's words that the source contains in a row; with less, words were changed too.
const SURE: f64 = 0.75;

/// Number of offsets between quotation and source to consider.
const MOST_WAYS: usize = 16;

/// If more words than this are missing, they were not omitted: the parts were assembled. A page has about
/// 400.
const MOST_LEFT_OUT: usize = 400;

const MATCH: i32 = 6;
const CHANGED: i32 = -6;
/// Slightly cheaper than [`SHORTEST`] matching words, so that a part of that length is found.
const SWITCH: i32 = -18;

/// The parts of a quotation.
pub(super) struct Parts {
    /// The alignment of the whole quotation with the source.
    pub(super) alignment: Alignment,
    /// Whether they follow one another in the source, close enough that the text between them may have been
    /// omitted.
    pub(super) in_order: bool,
}

/// Splits the rows `quoted` into parts that each match consecutive words of the source. `None` unless there
/// are at least two parts and each is certainly from the source.
pub(super) fn parts(stream: &Stream<'_>, quoted: &[Row<'_>]) -> Option<Parts> {
    if quoted.len() < 2 * SHORTEST || quoted.len() > LONGEST {
        return None;
    }
    let ways = ways(stream, quoted);
    let chosen = choose(stream, quoted, &ways)?;
    let mut runs: Vec<(Range<usize>, i64)> = Vec::new();
    for (row, &way) in chosen.iter().enumerate() {
        match runs.last_mut() {
            Some((rows, last)) if *last == ways[way] => rows.end = row + 1,
            Some(_) | None => runs.push((row..row + 1, ways[way])),
        }
    }
    let meets = |row: usize, way: i64| {
        let at = usize::try_from(row as i64 + way).ok()?;
        (at < stream.words.len() && quoted[row].is(stream.words.lower(at))).then_some(at)
    };
    let sure = |(rows, way): &(Range<usize>, i64)| {
        let matched = rows.clone().filter(|row| meets(*row, *way).is_some()).count();
        matched >= SHORTEST && matched as f64 >= SURE * rows.len() as f64
    };
    if runs.len() < 2 || !runs.iter().all(sure) {
        return None;
    }
    let mut changes: Vec<Change> = Vec::new();
    let mut matched = 0;
    let mut in_order = true;
    let mut stretch: Option<Range<usize>> = None;
    // How far quotation and source have been read.
    let (mut read, mut source) = (0, 0);
    for (rows, way) in runs {
        for row in rows {
            let Some(at) = meets(row, way) else { continue };
            let first = stretch.is_none();
            let follows = first || at >= source;
            in_order &= follows && (first || at - source <= MOST_LEFT_OUT && stream.runs_on(source - 1, at));
            let left_out = if follows && !first { source..at } else { at..at };
            if row > read || !left_out.is_empty() {
                changes.push(Change { quoted: read..row, source: left_out });
            }
            (read, source) = (row + 1, at + 1);
            matched += 1;
            stretch = Some(stretch.map_or(at..at + 1, |all| all.start.min(at)..all.end.max(at + 1)));
        }
    }
    if read < quoted.len() {
        changes.push(Change { quoted: read..quoted.len(), source: source..source });
    }
    let alignment = Alignment { stretch: stretch?, changes, matched, unlike: 0 };
    Some(Parts { alignment: alignment.in_words(quoted), in_order })
}

/// The offsets from quotation to source at which several of its words occur in a row, the most likely first.
fn ways(stream: &Stream<'_>, quoted: &[Row<'_>]) -> Vec<i64> {
    let count = stream.words.len();
    let mut votes: HashMap<i64, usize> = HashMap::new();
    for (row, word) in quoted.iter().enumerate() {
        let places = stream.words.places(word.lower);
        if places.is_empty() || places.len() > MOST_VOTES {
            continue;
        }
        let weight = 1 + (count / places.len()).max(1).ilog2() as usize;
        for &place in places {
            *votes.entry(i64::from(place) - row as i64).or_default() += weight;
        }
    }
    let mut ranked: Vec<(i64, usize)> = votes.into_iter().collect();
    ranked.sort_unstable_by_key(|&(way, votes)| (std::cmp::Reverse(votes), way));
    ranked.into_iter().take(MOST_WAYS).map(|(way, _)| way).collect()
}

/// For each row, the index into `ways` of the offset to read it with: the choice that matches the most words
/// in the fewest runs.
fn choose(stream: &Stream<'_>, quoted: &[Row<'_>], ways: &[i64]) -> Option<Vec<usize>> {
    if ways.len() < 2 {
        return None;
    }
    let gain = |row: usize, way: i64| {
        let at = usize::try_from(row as i64 + way).ok().filter(|&at| at < stream.words.len());
        if at.is_some_and(|at| quoted[row].is(stream.words.lower(at))) { MATCH } else { CHANGED }
    };
    let mut best: Vec<i32> = ways.iter().map(|&way| gain(0, way)).collect();
    let mut from: Vec<Vec<usize>> = Vec::with_capacity(quoted.len());
    for row in 1..quoted.len() {
        let (top, most) =
            best.iter().copied().enumerate().max_by_key(|&(at, score)| (score, usize::MAX - at))?;
        let step = |at: usize| if best[at] >= most + SWITCH { (at, best[at]) } else { (top, most + SWITCH) };
        let steps: Vec<(usize, i32)> = (0..ways.len()).map(step).collect();
        from.push(steps.iter().map(|(at, _)| *at).collect());
        best = steps.iter().zip(ways).map(|((_, score), &way)| score + gain(row, way)).collect();
    }
    let mut at = best.iter().enumerate().max_by_key(|&(at, score)| (score, usize::MAX - at))?.0;
    let mut chosen = vec![at];
    for steps in from.iter().rev() {
        at = steps[at];
        chosen.push(at);
    }
    chosen.reverse();
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use crate::text::words::Words;

    const SOURCE: &str = "The ferry left the quay at dawn with forty people. Nobody had paid. The sea was calm, the master slept, \
        and the boy held the wheel for an hour. At noon they saw the lighthouse of the cape. It was dark, as it had been since \
        the war. They landed before night and were given soup.";

    /// Each change as `quoted>source`, and whether the parts are in order.
    fn found(quoted: &str) -> Option<(Vec<String>, bool)> {
        let read = |text: &str| Words::read(text, [&[Span::new(0, text.len())][..]]);
        let (source, quoted) = (read(SOURCE), read(quoted));
        let stream = Stream {
            words: &source,
            apart_from: usize::MAX,
            language: crate::text::language::Language::english(),
        };
        let row = |word| Row {
            words: word..word + 1,
            lower: quoted.lower(word),
            stub: None,
            cut: None,
            behind_omission: false,
            behind_bracket: None,
        };
        let rows: Vec<Row<'_>> = (0..quoted.len()).map(row).collect();
        let parts = parts(&stream, &rows)?;
        let words = |words: &Words, range: &Range<usize>| {
            range.clone().map(|at| words.written(at)).collect::<Vec<_>>().join(" ")
        };
        let shown = |c: &Change| format!("{}>{}", words(&quoted, &c.quoted), words(&source, &c.source));
        Some((parts.alignment.changes.iter().map(shown).collect(), parts.in_order))
    }

    #[test]
    fn no_word_of_a_part_is_called_changed() {
        let quoted =
            "The ferry left the quay at dawn with forty people. At noon they saw the lighthouse of the cape.";
        let gap = ">Nobody had paid The sea was calm the master slept and the boy held the wheel for an hour";
        assert_eq!(found(quoted), Some((vec![gap.to_owned()], true)));
        let quoted = "They landed before night and were given soup. The ferry left the quay at dawn";
        assert_eq!(found(quoted), Some((vec![], false)));
    }

    #[test]
    fn a_changed_word_in_a_part_is_named() {
        let quoted = "The ferry left the quay at dusk with forty people. They landed before night and were given soup.";
        let (changes, in_order) = found(quoted).expect("two parts");
        assert_eq!(changes[0], "dusk>dawn");
        assert!(changes.len() == 2 && in_order && changes[1].starts_with(">Nobody had paid"), "{changes:?}");
    }

    #[test]
    fn a_tail_that_is_nobody_s_is_no_part() {
        assert_eq!(
            found("The ferry left the quay at dawn with the whole council of the town on board"),
            None
        );
        assert_eq!(found("The ferry left the quay at dawn with forty people. Nobody had paid."), None);
    }
}
