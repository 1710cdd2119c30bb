//! Decides which candidates are names, and which names mean the same. Decided over all texts at once, on
//! numbers; the cost grows with the number of occurrences, not with the length of the texts.

mod people;
mod tally;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::entities::Entities;
use super::ledger::Ledger;
use super::scan::{AT, FIRST, PERSON, THE, TITLED};
use super::text_names::{How, TextNames, narrow};
use super::words::{self, class};
use crate::text::language::english;

/// Keys of short forms, each with the key of the long form that a text ties to it.
type Ties = Vec<(u32, u32)>;

/// Evidence from all occurrences of one key.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// Occurrences where the capital shows that it is a name.
    sure: u32,
    /// Occurrences at the start of a sentence.
    first: u32,
    /// Occurrences joined by a hyphen.
    hyphen: u32,
    titled: u32,
    person: u32,
    the: u32,
    at: u32,
}

struct Join<'a> {
    from: &'a Ledger,
    counts: Vec<Counts>,
    /// Whether each key is a name.
    known: Vec<bool>,
    split: HashSet<u32>,
    /// The key that each key is joined to; itself if it is the first.
    roots: Vec<u32>,
    /// Keys from the alias file, and the index of their entity in it.
    listed: HashMap<u32, usize>,
    /// Pairs of keys that must stay apart.
    apart: Vec<(u32, u32)>,
}

pub(super) fn join(from: &mut Ledger, texts: Vec<Arc<TextNames>>) -> Entities {
    let aliases = from.aliases.clone();
    let mut listed = HashMap::new();
    let mut apart = Vec::new();
    let mut spelt: Vec<Vec<(u32, u32)>> = Vec::new();
    for (at, entity) in aliases.entities.iter().enumerate() {
        let names: Vec<(u32, u32)> =
            std::iter::once(&entity.name).chain(&entity.aliases).map(|name| from.listed(name)).collect();
        for (_, key) in &names {
            listed.insert(*key, at);
        }
        for other in &entity.not {
            let (_, other) = from.listed(other);
            apart.extend(names.first().map(|(_, key)| (*key, other)));
        }
        spelt.push(names);
    }
    let size = from.key_facts.len();
    let mut join = Join {
        from,
        counts: vec![Counts::default(); size],
        known: vec![false; size],
        split: HashSet::new(),
        roots: (0..narrow(size)).collect(),
        listed,
        apart,
    };
    join.count(&texts);
    join.choose();
    for names in &spelt {
        for pair in names.windows(2) {
            join.unite(pair[0].1, pair[1].1);
        }
    }
    let (ties, shorts) = join.short_forms(&texts);
    join.variants();
    let surnames = join.surnames();
    join.finish(texts, &ties, &shorts, surnames, &spelt)
}

impl Join<'_> {
    fn text(&self, key: u32) -> &str {
        &self.from.key_facts[key as usize].text
    }

    fn words(&self, key: u32) -> u32 {
        self.from.key_facts[key as usize].words
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.from.keys.get(key).copied().filter(|key| self.known[*key as usize])
    }

    fn count(&mut self, texts: &[Arc<TextNames>]) {
        for place in texts.iter().flat_map(|text| text.places.iter()) {
            let counts = &mut self.counts[place.name.1 as usize];
            match place.doubt {
                How::Sure => counts.sure += 1,
                How::First => counts.first += 1,
                How::Hyphen if place.signs & FIRST == 0 => counts.hyphen += 1,
                How::Hyphen | How::Heading => continue,
            }
            counts.titled += u32::from(place.signs & TITLED != 0);
            counts.person += u32::from(place.signs & PERSON != 0);
            counts.the += u32::from(place.signs & THE != 0);
            counts.at += u32::from(place.signs & AT != 0);
        }
        // The signs of a doubtful occurrence do not apply to its second reading, so count none.
    }

    /// Decides which keys are names.
    fn choose(&mut self) {
        let small = |key: u32| self.from.small[self.from.key_facts[key as usize].first as usize];
        for key in 0..self.counts.len() {
            let counts = self.counts[key];
            let key = narrow(key);
            self.known[key as usize] = if self.words(key) > 1 || is_letters(self.text(key)) {
                counts.sure > 0
            } else {
                // A word that is mostly written in lower case was capitalized for emphasis: the Government.
                counts.sure > small(key)
            };
        }
        // Hyphenated names and those that only begin sentences depend on what is known by now.
        let surely = self.known.clone();
        let mut further = Vec::new();
        for key in 0..self.counts.len() {
            let counts = self.counts[key];
            let key = narrow(key);
            if surely[key as usize] || self.words(key) < 2 {
                continue;
            }
            if counts.hyphen > 0 {
                further.push(key);
            } else if counts.first > 0 {
                let text = self.text(key);
                let (first, tail) = text.split_once(' ').unwrap_or((text, ""));
                let tail_known = self.from.keys.get(tail).is_some_and(|tail| surely[*tail as usize]);
                let given = class(first) & words::GIVEN != 0;
                let inflected = ["ing", "ed", "ly"].iter().any(|ending| first.ends_with(ending));
                let part = english::names().directions.has(first);
                if given || part || !tail_known && !inflected && small(key) == 0 && !is_letters(first) {
                    further.push(key);
                }
            }
        }
        for key in further {
            self.known[key as usize] = true;
        }
        self.known_last_names();
        let mut listed: Vec<u32> = self.listed.keys().copied().collect();
        listed.sort_unstable();
        for key in listed {
            self.known[key as usize] = true;
        }
        for ignored in &self.from.aliases.ignored {
            if let Some(key) = self.from.keys.get(ignored.as_str()) {
                self.known[*key as usize] = false;
            }
        }
    }

    fn root(&mut self, key: u32) -> u32 {
        let mut root = key;
        while self.roots[root as usize] != root {
            let above = self.roots[self.roots[root as usize] as usize];
            self.roots[root as usize] = above;
            root = above;
        }
        root
    }

    /// Joins two keys, unless the alias file says that they differ.
    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        if let (Some(one), Some(other)) = (self.owner(a), self.owner(b))
            && one != other
        {
            return;
        }
        if self.kept_apart(a, b) {
            return;
        }
        // Keep the listed one on top, so that its owner is found at the root.
        let (top, below) =
            if self.listed.contains_key(&b) && !self.listed.contains_key(&a) { (b, a) } else { (a, b) };
        self.roots[below as usize] = top;
    }

    /// Whether the alias file says that `a` and `b` are different.
    fn kept_apart(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        // One of each pair is a listed entity, and those stay on top.
        if self.apart.is_empty() || !self.listed.contains_key(&a) && !self.listed.contains_key(&b) {
            return false;
        }
        self.apart.clone().into_iter().any(|(one, other)| {
            let (one, other) = (self.root(one), self.root(other));
            (one, other) == (a, b) || (one, other) == (b, a)
        })
    }

    /// Whether other keys are joined to each key.
    fn members(&mut self) -> Vec<bool> {
        let mut members = vec![false; self.roots.len()];
        for key in 0..narrow(self.roots.len()) {
            let root = self.root(key);
            members[root as usize] |= root != key;
        }
        members
    }

    fn owner(&self, root: u32) -> Option<usize> {
        self.listed.get(&root).copied()
    }

    /// Joins short and long forms. A short form tied to several long ones means, in each text, the one in
    /// that text. Returns those ties by text, and the ambiguous short forms with all their possible meanings.
    fn short_forms(&mut self, texts: &[Arc<TextNames>]) -> (Vec<Ties>, HashMap<u32, Vec<u32>>) {
        let mut long: HashMap<u32, Vec<u32>> = HashMap::new();
        for (short, full) in texts.iter().flat_map(|text| &text.ties) {
            if self.known[*full as usize] {
                self.known[*short as usize] = true;
                long.entry(*short).or_default().push(*full);
            }
        }
        let mut shorts: Vec<u32> = long.keys().copied().collect();
        shorts.sort_unstable();
        let mut several = HashMap::new();
        for short in shorts {
            let full = long.get_mut(&short).map(std::mem::take).unwrap_or_default();
            let mut roots: Vec<u32> = full.iter().map(|full| self.root(*full)).collect();
            roots.sort_unstable();
            roots.dedup();
            match roots.as_slice() {
                [one] => self.unite(short, *one),
                _ => {
                    several.insert(short, roots);
                }
            }
        }
        let ties = texts.iter().map(|text| {
            let mut ties = text.ties.clone();
            ties.retain(|(short, _)| several.contains_key(short));
            ties
        });
        let ties = ties.collect();
        self.implied(&several);
        (ties, several)
    }

    /// Joins short forms that no text ties to a long one, but whose letters are the initials of exactly one
    /// name.
    fn implied(&mut self, several: &HashMap<u32, Vec<u32>>) {
        let mut by_initials: HashMap<String, Vec<u32>> = HashMap::new();
        for key in 0..narrow(self.known.len()) {
            if !self.known[key as usize] || self.words(key) < 2 || !self.names_body(key) {
                continue;
            }
            let text = self.text(key);
            let mut all = String::new();
            let mut bare = String::new();
            for word in text.split(' ') {
                let initial = word.chars().next().unwrap_or(' ');
                all.extend(initial.to_uppercase());
                if class(word) & (words::PARTICLE | words::FUNCTION) == 0
                    || !matches!(word, "of" | "for" | "the" | "and")
                {
                    bare.extend(initial.to_uppercase());
                }
            }
            if all != bare {
                by_initials.entry(all).or_default().push(key);
            }
            by_initials.entry(bare).or_default().push(key);
        }
        let members = self.members();
        for key in 0..narrow(self.known.len()) {
            if !self.known[key as usize]
                || self.words(key) > 1
                || several.contains_key(&key)
                || !is_letters(self.text(key))
            {
                continue;
            }
            // One that a text ties has been joined already.
            if self.root(key) != key || members[key as usize] {
                continue;
            }
            let Some(full) = by_initials.get(self.text(key)) else { continue };
            let mut roots: Vec<u32> = full.clone().into_iter().map(|full| self.root(full)).collect();
            roots.sort_unstable();
            roots.dedup();
            if let [one] = roots.as_slice() {
                self.unite(*one, key);
            }
        }
    }

    /// Whether a name's words mark it as an organisation or country rather than a person.
    fn names_body(&self, key: u32) -> bool {
        let counts = self.counts[key as usize];
        counts.titled == 0
            && self.text(key).split(' ').any(|word| class(word) & (words::ORGANISATION | words::PLACE) != 0)
    }

    /// Joins spellings of one name: ISIS-K and ISIS-Khorasan, Nato and NATO, Artemy M. Kalinovsky and Artemy
    /// Kalinovsky.
    fn variants(&mut self) {
        let mut shortened: HashMap<(String, char), Vec<u32>> = HashMap::new();
        let mut single_initials = Vec::new();
        for key in 0..narrow(self.known.len()) {
            if !self.known[key as usize] {
                continue;
            }
            let text = self.text(key).to_owned();
            if self.words(key) == 1 {
                if is_letters(&text)
                    && text.len() > 3
                    && let Some(small) = self.number(&text.to_lowercase())
                {
                    self.unite(key, small);
                }
                continue;
            }
            let words: Vec<&str> = text.split(' ').collect();
            if let Some((last, head)) = words.split_last() {
                let initial = last.chars().next().unwrap_or(' ');
                if last.chars().count() == 1 && is_letters(head[0]) {
                    single_initials.push((key, head.join(" "), initial));
                } else if is_letters(head[0]) {
                    shortened.entry((head.join(" "), initial)).or_default().push(key);
                }
            }
            // A middle initial does not distinguish; a middle name does: Ahmad Shah Massoud is not Ahmad
            // Massoud.
            if words.len() > 2 && words[1..words.len() - 1].iter().all(|word| word.chars().count() == 1) {
                let bare = format!("{} {}", words[0], words[words.len() - 1]);
                if let Some(bare) = self.number(&bare) {
                    self.unite(bare, key);
                }
            }
        }
        for (key, head, initial) in single_initials {
            if let Some([full]) = shortened.get(&(head, initial)).map(Vec::as_slice) {
                self.unite(*full, key);
            }
        }
        // Two names joined by a hyphen.
        let members = self.members();
        for key in 0..narrow(self.known.len()) {
            let counts = self.counts[key as usize];
            if counts.hyphen == 0
                || counts.sure > 0
                || self.root(key) != key
                || self.listed.contains_key(&key)
            {
                continue;
            }
            if members[key as usize] {
                continue;
            }
            let text = self.text(key).to_owned();
            let halves = text.match_indices(' ').find_map(|(at, _)| {
                let (left, right) = (self.number(&text[..at])?, self.number(&text[at + 1..])?);
                (self.counts[left as usize].sure > 0 && self.counts[right as usize].sure > 0).then_some(())
            });
            if halves.is_some() {
                self.split.insert(key);
            }
        }
    }
}

/// Whether a key consists of capitals: NATO, US.
pub(super) fn is_letters(key: &str) -> bool {
    key.chars().any(char::is_uppercase) && !key.contains(' ')
}
