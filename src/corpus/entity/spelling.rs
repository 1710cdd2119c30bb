//! Names spelled differently from the sources: Assad for Asad. Looks a word up instead of comparing it with
//! every name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::key::key;
use super::ledger::Ledger;
use super::meaning::{Entity, EntityId, Meaning};
use super::words::class;

/// How often the sources must use a spelling before a different one is reported.
const OFTEN: u32 = 3;

/// Shorter words are too similar to each other: Iran and Iraq.
const SHORTEST: usize = 4;

/// The words of names, indexed by what remains once spelling variants are ignored.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// Every word of a name, and every lower-case word in a text.
    known: HashSet<Box<str>>,
    /// Keyed by skeleton.
    by_skeleton: HashMap<String, Vec<Known>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    /// In lower case.
    lower: Box<str>,
    /// The most frequent spelling in the sources.
    written: Arc<str>,
    entity: EntityId,
    mentions: u32,
}

impl Spellings {
    /// Indexes the words of the names in `from`. `meanings` is indexed by the number of a key, `entities` by
    /// [`EntityId`].
    pub(super) fn new(from: &Ledger, meanings: &[Option<Meaning>], entities: &[Entity]) -> Self {
        let mut known: HashSet<Box<str>> = HashSet::new();
        for facts in &from.key_facts {
            known.extend(facts.text.split(' ').map(|word| word.to_lowercase().into()));
        }
        for name in from.aliases.entities.iter().flat_map(|one| one.aliases.iter().chain([&one.name])) {
            known.extend(key(name).split(' ').map(|word| word.to_lowercase().into()));
        }
        known.extend(from.used_small().map(Into::into));
        let mut by_skeleton: HashMap<String, Vec<Known>> = HashMap::new();
        for facts in &from.name_facts {
            let Some(Some(Meaning::One(entity))) = meanings.get(facts.key as usize) else { continue };
            let mentions = entities[entity.0 as usize].mentions;
            for written in facts.spelling.split([' ', '-']) {
                let lower = key(written);
                if lower.chars().count() < SHORTEST || lower != lower.to_lowercase() || class(&lower) != 0 {
                    continue;
                }
                let rows = by_skeleton.entry(skeleton(&lower)).or_default();
                if rows.iter().all(|row| (&*row.lower, row.entity) != (lower.as_str(), *entity)) {
                    rows.push(Known {
                        lower: lower.into(),
                        written: written.into(),
                        entity: *entity,
                        mentions,
                    });
                }
            }
        }
        Self { known, by_skeleton }
    }

    /// See [`Entities::respelt`](super::Entities::respelt).
    pub(super) fn near(&self, word: &str) -> Option<(Arc<str>, EntityId)> {
        let lower = key(word);
        let length = lower.chars().count();
        if length < SHORTEST || lower.contains(' ') || lower != lower.to_lowercase() {
            return None;
        }
        if self.known.contains(lower.as_str()) || class(&lower) != 0 {
            return None;
        }
        // The plural of a known name.
        if lower.strip_suffix('s').is_some_and(|stem| self.known.contains(stem)) {
            return None;
        }
        let mut near: Vec<&Known> = Vec::new();
        let shapes = std::iter::once(lower.clone()).chain(swapped(&lower));
        for shape in shapes {
            for row in self.by_skeleton.get(&skeleton(&shape)).into_iter().flatten() {
                let same_start = row.lower.chars().next() == lower.chars().next()
                    || strsim::osa_distance(&row.lower, &lower) == 1;
                let distance = strsim::osa_distance(&row.lower, &lower);
                let swap = shape != lower;
                if same_start && distance <= if swap { 1 } else { FARTHEST } && !near.contains(&row) {
                    near.push(row);
                }
            }
        }
        let first = near.first()?;
        let one = near.iter().all(|row| row.entity == first.entity && row.lower == first.lower);
        (one && first.mentions >= OFTEN).then(|| (first.written.clone(), first.entity))
    }
}

/// Most letters by which two spellings of a name differ: Zelensky and Zelenskyy, Hizbullah and Hezbollah.
const FARTHEST: usize = 2;

/// `word` with each pair of adjacent letters swapped, as in typing errors.
fn swapped(word: &str) -> impl Iterator<Item = String> + '_ {
    let letters: Vec<char> = word.chars().collect();
    (1..letters.len()).filter_map(move |at| {
        let mut letters = letters.clone();
        letters.swap(at - 1, at);
        (letters[at - 1] != letters[at]).then(|| letters.into_iter().collect())
    })
}

/// Removes from `word` the differences between English transliterations of foreign names: doubled letters,
/// `y` and `j` for `i`, `q` and `c` for `k`, `w` for `v`, `ph` for `f`, `kh` for `h`, `e` for `i`, `o` for
/// `u`.
fn skeleton(word: &str) -> String {
    let word =
        word.replace("ph", "f").replace("kh", "h").replace("gh", "g").replace("dh", "d").replace("ks", "x");
    let mut out = String::new();
    for c in word.chars() {
        let c = match c {
            'y' | 'j' | 'e' => 'i',
            'q' | 'c' => 'k',
            'w' => 'v',
            'o' => 'u',
            '\'' | '’' => continue,
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_skeleton() {
        for (a, b) in [
            ("asad", "assad"),
            ("zelensky", "zelenskiy"),
            ("hezbollah", "hizbullah"),
            ("muhriddin", "mukhriddin"),
        ] {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
        for (a, b) in
            [("iran", "iraq"), ("austria", "australia"), ("lavrov", "lavrova"), ("johnson", "johnston")]
        {
            assert_ne!(skeleton(a), skeleton(b), "{a} {b}");
        }
    }
}
