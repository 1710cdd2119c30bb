//! Names by their beginning, most mentioned first, without looking at all of them.

use std::collections::BinaryHeap;
use std::sync::Arc;

use super::key::key;
use super::ledger::{Ledger, NONE, TextNames, narrow};
use super::meaning::{Entity, EntityId, Kind, Meaning};
use super::words::{self, class};

/// A name that begins as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The whole name, or the last name alone, in the spelling of the sources.
    pub name: Arc<str>,
    /// Whose it is.
    pub entity: EntityId,
}

/// So many places of the texts that are near are looked at: 0.1 ms.
const NEAR: usize = 50_000;

/// One name under one of its beginnings.
#[derive(Debug)]
struct Row {
    /// In small letters without accents: what is compared.
    lower: String,
    name: Arc<str>,
    entity: EntityId,
    /// Of the spelling, over all texts.
    mentions: u32,
    /// The number of the key.
    key: u32,
    /// Whether it is the last name alone.
    last: bool,
}

/// All names, sorted by their beginnings, with the most mentioned of each stretch.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    rows: Vec<Row>,
    /// A tree over `rows`: the place of the most mentioned in each half, and the halves of the halves.
    best: Vec<u32>,
    /// For each key the rows of the whole name and of the last name.
    by_key: Vec<[u32; 2]>,
}

impl Ranked {
    /// Ranks the names of `from`. `counts` go by the number of a spelling, `meanings` by that of a key,
    /// `entities` by [`EntityId`].
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
            // The last name of a person whom the texts only name in full.
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
        // Of two spellings of one name the more frequent is offered.
        rows.dedup_by(|later, first| later.lower == first.lower && later.entity == first.entity);
        let mut by_key = vec![[NONE; 2]; from.key_facts.len()];
        for (at, row) in rows.iter().enumerate() {
            by_key[row.key as usize][usize::from(row.last)] = narrow(at);
        }
        let mut ranked = Self { best: Vec::new(), rows, by_key };
        ranked.grow();
        ranked
    }

    /// The tree: leaf `n` of the rows is node `rows.len() + n`, and node `n` is above `2n` and `2n + 1`.
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

    /// See [`Entities::beginning`].
    pub(super) fn beginning(&self, typed: &str, near: &[&Arc<TextNames>], most: usize) -> Vec<Offer> {
        let typed = key(typed).to_lowercase();
        if typed.is_empty() || self.rows.is_empty() {
            return Vec::new();
        }
        let first = self.rows.partition_point(|row| row.lower < typed);
        let end = first + self.rows[first..].partition_point(|row| row.lower.starts_with(&typed));
        // The best of all, by halving the stretch around each that was found.
        let mut heap = BinaryHeap::new();
        let push = |heap: &mut BinaryHeap<_>, from: usize, to: usize| {
            if let Some(top) = self.top(from, to) {
                heap.push((self.rows[top as usize].mentions, std::cmp::Reverse(top), from, to));
            }
        };
        push(&mut heap, first, end);
        // Those of the near texts may be rare: they are looked up by themselves.
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

    /// How often `near` mentions each of the rows `from..to` that it has.
    fn near(&self, from: usize, to: usize, near: &[&Arc<TextNames>]) -> Vec<(u32, u32)> {
        let mut counts: Vec<(u32, u32)> = Vec::new();
        for place in near.iter().flat_map(|names| &names.places).take(NEAR) {
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
