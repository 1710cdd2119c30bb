//! Last names, and the people whom texts name in full.

use std::collections::HashMap;

use super::{Join, is_letters};
use crate::corpus::entity::ledger::Surname;
use crate::corpus::entity::meaning::Kind;
use crate::corpus::entity::text_names::narrow;
use crate::corpus::entity::words::{self, class};

/// If a last name follows `in`, `from` and the like in more than this share of its occurrences, it is also a
/// town or country: Washington.
const PLACE_SHARE: f64 = 0.12;

/// Extra occurrences allowed beyond that share when there are few: one in five, as in `trust in Orlova`.
const PLACE_SLACK: f64 = 0.4;

/// A name that follows `the` in more than this share of its occurrences is not a last name: the Taliban.
const THE_SHARE: f64 = 0.3;

impl Join<'_> {
    /// Whether a key may be a person's full name; `Some(true)` if there is evidence for it.
    pub(super) fn full_person(&self, key: u32) -> Option<bool> {
        let counts = self.counts[key as usize];
        let text = self.text(key);
        let words: Vec<&str> = text.split(' ').collect();
        let (first, last) = (words.first()?, words.last()?);
        let said = counts.titled > 0 || counts.person > 0;
        let given = class(first) & words::GIVEN != 0;
        let kind = self.listed.get(&key).and_then(|at| self.from.aliases.entities[*at].kind);
        if words.len() < 2 || words.len() > 5 || words.iter().any(|word| is_letters(word)) {
            return None;
        }
        match kind {
            Some(Kind::Person) => return Some(true),
            Some(_) => return None,
            None => {}
        }
        let body = class(last)
            & (words::ORGANISATION | words::PLACE | words::COUNTRY | words::CALENDAR | words::FUNCTION)
            != 0;
        let qualified = class(first) & (words::QUALIFIER | words::DEMONYM | words::COUNTRY) != 0 && !given;
        if (body || qualified) && !(said && given)
            || words.iter().any(|word| matches!(*word, "of" | "for" | "the"))
        {
            return None;
        }
        if counts.the * 3 > counts.sure + counts.first {
            return None;
        }
        Some(said || given)
    }

    /// A word that only begins sentences is a name if it ends somebody's full name and no text has it in
    /// lower case.
    pub(super) fn known_last_names(&mut self) {
        let mut found = Vec::new();
        for full in 0..narrow(self.known.len()) {
            if !self.known[full as usize] || self.words(full) < 2 || self.full_person(full).is_none() {
                continue;
            }
            let last = self.text(full).rsplit(' ').next().unwrap_or_default();
            if let Some(last) = self.from.keys.get(last) {
                let small = self.from.small[self.from.key_facts[*last as usize].first as usize];
                if self.counts[*last as usize].first > 0 && small == 0 {
                    found.push(*last);
                }
            }
        }
        for last in found {
            self.known[last as usize] = true;
        }
    }

    /// The full names that end in each last name. If all texts use a last name for one person, the two are
    /// joined.
    pub(super) fn surnames(&mut self) -> HashMap<u32, Vec<Surname>> {
        let mut surnames: HashMap<u32, Vec<Surname>> = HashMap::new();
        for full in 0..narrow(self.known.len()) {
            if !self.known[full as usize] || self.words(full) < 2 {
                continue;
            }
            let Some(sure) = self.full_person(full) else { continue };
            let text = self.text(full).to_owned();
            let last = text.rsplit(' ').next().unwrap_or_default();
            let head = text[..text.len() - last.len()].trim_end();
            let with_particle = head
                .rsplit_once(' ')
                .filter(|(_, word)| class(word) & words::PARTICLE != 0)
                .map(|(first, word)| (first, format!("{word} {last}")));
            let given_last = class(last) & words::GIVEN != 0 && self.counts[full as usize].titled == 0;
            let endings = [(!given_last).then(|| last.to_owned()), with_particle.map(|(_, name)| name)];
            for ending in endings.into_iter().flatten() {
                let name = self.number(&ending).filter(|name| self.is_surname(*name));
                if let Some(name) = name.filter(|name| !self.kept_apart(full, *name)) {
                    surnames.entry(name).or_default().push(Surname { full, sure });
                }
            }
        }
        let mut names: Vec<u32> = surnames.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            let (roots, sure) = self.people(&surnames[&name]);
            if let ([one], true) = (roots.as_slice(), sure) {
                self.unite(*one, name);
            }
        }
        surnames
    }

    /// Whether a single name may be a last name: not a place, an organisation or letters.
    pub(super) fn is_surname(&self, name: u32) -> bool {
        let counts = self.counts[name as usize];
        let text = self.text(name);
        if is_letters(text)
            || self.listed.contains_key(&name)
                && self.owner_kind(name).is_some_and(|kind| kind != Kind::Person)
        {
            return false;
        }
        let class = class(text);
        if class & words::COUNTRY != 0
            || class & (words::ORGANISATION | words::PLACE) != 0 && counts.titled == 0
        {
            return false;
        }
        let all = f64::from((counts.sure + counts.first).max(1));
        f64::from(counts.at) <= PLACE_SHARE * all + PLACE_SLACK && f64::from(counts.the) / all <= THE_SHARE
    }

    /// The people behind these names, sorted and without duplicates, and whether one of the names is
    /// certainly a person's.
    fn people(&mut self, full: &[Surname]) -> (Vec<u32>, bool) {
        let mut roots: Vec<u32> = full.iter().map(|one| self.root(one.full)).collect();
        roots.sort_unstable();
        roots.dedup();
        (roots, full.iter().any(|one| one.sure))
    }

    fn owner_kind(&self, key: u32) -> Option<Kind> {
        self.from.aliases.entities[*self.listed.get(&key)?].kind
    }

    /// Last names shared by several people, with those people: alone they are ambiguous.
    pub(super) fn ambiguous(&mut self, surnames: &HashMap<u32, Vec<Surname>>) -> HashMap<u32, Vec<u32>> {
        let mut ambiguous = HashMap::new();
        let mut names: Vec<u32> = surnames.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            let (roots, sure) = self.people(&surnames[&name]);
            let joined = self.root(name) != name || roots.contains(&name) || self.listed.contains_key(&name);
            if roots.len() > 1 && sure && !joined {
                ambiguous.insert(name, roots);
            }
        }
        ambiguous
    }
}
