//! Looks up names by prefix, most mentioned first, without scanning all of them.

use std::collections::BinaryHeap;
use std::sync::Arc;

use super::key::key;
use super::ledger::Ledger;
use super::meaning::{Entity, EntityId, Kind, Meaning};
use super::text_names::{NONE, TextNames, narrow};
use super::words::{self, class};

/// A name offered for a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The whole name, or just the last name, as spelled in the sources.
    pub name: Arc<str>,
    /// The entity it belongs to.
    pub entity: EntityId,
}

/// How many occurrences in nearby texts to look at; takes 0.1 ms.
const NEAR: usize = 50_000;

/// A name, listed under one of its prefixes.
#[derive(Debug)]
struct Row {
    /// In lower case and without accents, for comparison.
    lower: String,
    name: Arc<str>,
    entity: EntityId,
    /// Mentions with this spelling, over all texts.
    mentions: u32,
    /// The number of the key.
    key: u32,
    /// Whether this is the last name only.
    last: bool,
}

/// All names, sorted for prefix search, with the most mentioned name of each range.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    rows: Vec<Row>,
    /// A segment tree over `rows`: each node has the index of the most mentioned row below it.
    best: Vec<u32>,
    /// For each key, the rows of the whole name and of the last name.
    by_key: Vec<[u32; 2]>,
}

impl Ranked {
    /// Ranks the names in `from`. `counts` is indexed by the number of a spelling, `meanings` by that of a
    /// key, `entities` by [`EntityId`].
    pub(super) fn new(
        from: &Ledger,
        counts: &[u32],
        meanings: &[Option<Meaning>],
        entities: &[Entity],
    ) -> Self {
        let mut rows = Vec::new();
        for (facts, &mentions) in from.name_facts.iter().zip(counts) {
            let entity = match meanings.get(facts.key as usize).and_then(Option::as_ref) {
                Some(Meaning::One(id)) => *id,
                Some(Meaning::Several(ids)) => ids[0],
                None => continue,
            };
            let Entity { kind, listed, .. } = &entities[entity.0 as usize];
            if mentions == 0 && !listed {
                continue;
            }
            let whole = &from.key_facts[facts.key as usize].text;
            rows.push(Row {
                lower: whole.to_lowercase(),
                name: facts.spelling.clone(),
                entity,
                mentions,
                key: facts.key,
                last: false,
            });
            let means_something =
                |name: &str| from.keys.get(name).is_some_and(|key| meanings[*key as usize].is_some());
            // The last name of a person who is always named in full.
            if *kind == Some(Kind::Person)
                && let Some((_, last)) = whole.rsplit_once(' ')
                && class(last) & (words::ORGANISATION | words::PLACE) == 0
                && !means_something(last)
                && let Some((_, spelling)) = facts.spelling.rsplit_once([' ', '-'])
                && key(spelling) == last
            {
                let (lower, name) = (last.to_owned(), spelling.into());
                rows.push(Row { lower, name, entity, mentions, key: facts.key, last: true });
            }
        }
        rows.sort_by(|a, b| {
            a.lower.cmp(&b.lower).then(b.mentions.cmp(&a.mentions)).then(a.name.cmp(&b.name))
        });
        // Of two spellings of a name, offer the more frequent.
        rows.dedup_by(|later, first| later.lower == first.lower && later.entity == first.entity);
        let mut by_key = vec![[NONE; 2]; from.key_facts.len()];
        for (at, row) in rows.iter().enumerate() {
            by_key[row.key as usize][usize::from(row.last)] = narrow(at);
        }
        let mut ranked = Self { best: Vec::new(), rows, by_key };
        ranked.grow();
        ranked
    }

    /// Builds the tree: leaf `n` is node `rows.len() + n`, and node `n` is the parent of `2n` and `2n + 1`.
    fn grow(&mut self) {
        let size = self.rows.len();
        self.best = vec![0; size * 2];
        for at in 0..size {
            self.best[size + at] = narrow(at);
        }
        for node in (1..size).rev() {
            let (a, b) = (self.best[node * 2], self.best[node * 2 + 1]);
            self.best[node] = self.better(a, b);
        }
    }

    fn better(&self, a: u32, b: u32) -> u32 {
        let order = |at: u32| (self.rows[at as usize].mentions, std::cmp::Reverse(at));
        if order(a) >= order(b) { a } else { b }
    }

    /// The most mentioned of the rows `from..to`.
    fn top(&self, from: usize, to: usize) -> Option<u32> {
        let size = self.rows.len();
        let (mut from, mut to) = (from + size, to + size);
        let mut top: Option<u32> = None;
        while from < to {
            if from % 2 == 1 {
                top = Some(top.map_or(self.best[from], |known| self.better(known, self.best[from])));
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                top = Some(top.map_or(self.best[to], |known| self.better(known, self.best[to])));
            }
            from /= 2;
            to /= 2;
        }
        top
    }

    /// See [`Entities::beginning`](super::Entities::beginning).
    pub(super) fn beginning(&self, typed: &str, near: &[&Arc<TextNames>], most: usize) -> Vec<Offer> {
        let typed = key(typed).to_lowercase();
        if typed.is_empty() || self.rows.is_empty() {
            return Vec::new();
        }
        let first = self.rows.partition_point(|row| row.lower < typed);
        let end = first + self.rows[first..].partition_point(|row| row.lower.starts_with(&typed));
        // Find the best overall by splitting the range around each row found.
        let mut heap = BinaryHeap::new();
        let push = |heap: &mut BinaryHeap<_>, from: usize, to: usize| {
            if let Some(top) = self.top(from, to) {
                heap.push((self.rows[top as usize].mentions, std::cmp::Reverse(top), from, to));
            }
        };
        push(&mut heap, first, end);
        // Names in nearby texts may be rare, so they are looked up separately.
        let mut found: Vec<(u32, u32)> = self.near(first, end, near);
        let mut rest = Vec::new();
        while rest.len() < most * 2 {
            let Some((_, std::cmp::Reverse(top), from, to)) = heap.pop() else { break };
            rest.push((0, top));
            push(&mut heap, from, top as usize);
            push(&mut heap, top as usize + 1, to);
        }
        for one in rest {
            if found.iter().all(|(_, row)| *row != one.1) {
                found.push(one);
            }
        }
        found.sort_by_key(|(count, row)| {
            (std::cmp::Reverse((*count, self.rows[*row as usize].mentions)), *row)
        });
        let mut offers: Vec<Offer> = Vec::new();
        for (_, row) in found {
            let row = &self.rows[row as usize];
            if offers.iter().all(|offer| offer.name != row.name) {
                offers.push(Offer { name: row.name.clone(), entity: row.entity });
            }
        }
        offers.truncate(most);
        offers
    }

    /// How often `near` mentions each of the rows `from..to`, for those it mentions.
    fn near(&self, from: usize, to: usize, near: &[&Arc<TextNames>]) -> Vec<(u32, u32)> {
        let mut counts: Vec<(u32, u32)> = Vec::new();
        for place in near.iter().flat_map(|names| names.places.iter()).take(NEAR) {
            for key in [place.name.1, place.right.1] {
                for row in self.by_key.get(key as usize).copied().unwrap_or([NONE; 2]) {
                    if !(from..to).contains(&(row as usize)) {
                        continue;
                    }
                    match counts.iter_mut().find(|(_, known)| *known == row) {
                        Some((count, _)) => *count += 1,
                        None => counts.push((1, row)),
                    }
                }
            }
        }
        counts
    }
}
