//! Works out the meaning of names in each text, the number of mentions of each entity, and its name.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Join, is_letters};
use crate::corpus::entity::entities::Entities;
use crate::corpus::entity::ledger::Surname;
use crate::corpus::entity::meaning::{Entity, EntityId, Kind, Meaning, one_or_several};
use crate::corpus::entity::rank::Ranked;
use crate::corpus::entity::scan::{NAMED, TITLED, TOLD};
use crate::corpus::entity::spelling::Spellings;
use crate::corpus::entity::text_names::{How, NONE, Place, TextNames, narrow};
use crate::corpus::entity::words::{self, class};
use crate::text::language::english;

/// An entity under construction.
#[derive(Default)]
struct Draft {
    /// Its spellings, each with the number of mentions.
    spellings: Vec<(u32, u32)>,
    texts: Vec<(u32, u32)>,
    listed: Option<usize>,
}

impl Join<'_> {
    /// Assigns meanings to names in each text and counts mentions accordingly.
    pub(super) fn finish(
        mut self,
        texts: Vec<Arc<TextNames>>,
        ties: &[Vec<(u32, u32)>],
        shorts: &HashMap<u32, Vec<u32>>,
        surnames: HashMap<u32, Vec<Surname>>,
        spelt: &[Vec<(u32, u32)>],
    ) -> Entities {
        let size = narrow(self.known.len());
        // Number entities by root for now; they are sorted by name at the end.
        let mut number = vec![NONE; size as usize];
        let mut count = 0;
        let mut ambiguous = self.ambiguous(&surnames);
        ambiguous.extend(shorts.iter().map(|(short, full)| (*short, full.clone())));
        for key in 0..size {
            let root = self.root(key) as usize;
            if self.known[key as usize] && !ambiguous.contains_key(&key) && number[root] == NONE {
                number[root] = count;
                count += 1;
            }
        }
        let mut meanings: Vec<Option<Meaning>> = Vec::with_capacity(size as usize);
        for key in 0..size {
            let meaning = if !self.known[key as usize] {
                None
            } else if let Some(full) = ambiguous.get(&key) {
                let full = full.clone().into_iter();
                one_or_several(full.map(|full| EntityId(number[self.root(full) as usize])))
            } else {
                Some(Meaning::One(EntityId(number[self.root(key) as usize])))
            };
            meanings.push(meaning);
        }
        let mut local: Vec<Vec<(u32, Meaning)>> = Vec::with_capacity(texts.len());
        for (text, ties) in texts.iter().zip(ties) {
            local.push(self.local(text, ties, &surnames, &number, &meanings));
        }
        let mut entities = Entities {
            by_text: texts.iter().enumerate().map(|(at, text)| (text.id, narrow(at))).collect(),
            local,
            keys: (0..size)
                .filter(|key| meanings[*key as usize].is_some())
                .map(|key| (self.from.key_facts[key as usize].text.clone(), key))
                .collect(),
            key_texts: self.from.key_facts.iter().map(|facts| facts.text.clone()).collect(),
            meanings,
            split: std::mem::take(&mut self.split),
            surnames: surnames
                .into_iter()
                .map(|(key, full)| (self.from.key_facts[key as usize].text.clone(), full))
                .collect(),
            gazetteer: self.from.gazetteer.clone(),
            texts,
            ..Entities::default()
        };
        self.tally(&mut entities, count as usize, spelt);
        entities
    }

    /// The names that mean something different in `text` than elsewhere.
    fn local(
        &mut self,
        text: &TextNames,
        ties: &[(u32, u32)],
        surnames: &HashMap<u32, Vec<Surname>>,
        number: &[u32],
        meanings: &[Option<Meaning>],
    ) -> Vec<(u32, Meaning)> {
        let mut keys: Vec<u32> = text.places.iter().flat_map(|place| [place.name.1, place.right.1]).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut local = Vec::new();
        for key in keys.iter().filter(|key| **key != NONE) {
            let Some(full) = surnames.get(key) else { continue };
            if self.listed.contains_key(key) {
                continue;
            }
            let here: Vec<u32> =
                full.iter().map(|one| one.full).filter(|full| keys.binary_search(full).is_ok()).collect();
            let here = here.into_iter().map(|full| EntityId(number[self.root(full) as usize]));
            if let Some(meaning) = one_or_several(here)
                && meanings[*key as usize].as_ref() != Some(&meaning)
            {
                local.push((*key, meaning));
            }
        }
        for (short, full) in ties {
            local.push((*short, Meaning::One(EntityId(number[self.root(*full) as usize]))));
        }
        local
    }

    /// Counts mentions, names the entities and sorts them.
    fn tally(&mut self, entities: &mut Entities, count: usize, spelt: &[Vec<(u32, u32)>]) {
        // Entity, spelling, text, count.
        let mut rows: Vec<(u32, u32, u32, u32)> = Vec::new();
        let mut best: Vec<Option<(u32, u32, u32)>> = vec![None; count];
        let mut here: Vec<(u32, u32)> = Vec::new();
        for (text, names) in entities.texts.iter().enumerate() {
            let text = narrow(text);
            here.clear();
            for (at, place) in names.places.iter().enumerate() {
                for (_, name, key, meaning) in entities.readings(text, place) {
                    let Meaning::One(id) = meaning else { continue };
                    here.push((id.0, name));
                    let score = self.telling(&place, key);
                    let known = &mut best[id.0 as usize];
                    if known.is_none_or(|(so_far, ..)| score > so_far) {
                        *known = Some((score, text, narrow(at)));
                    }
                }
            }
            here.sort_unstable();
            for run in here.chunk_by(|a, b| a == b) {
                rows.push((run[0].0, run[0].1, text, narrow(run.len())));
            }
        }
        rows.sort_unstable();
        let mut drafts: Vec<Draft> = (0..count).map(|_| Draft::default()).collect();
        for one in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let draft = &mut drafts[one[0].0 as usize];
            draft.spellings.push((one.iter().map(|row| row.3).sum(), one[0].1));
            draft.texts.extend(one.iter().map(|row| (row.2, row.3)));
        }
        for (at, names) in spelt.iter().enumerate() {
            let Some(Meaning::One(id)) = names.first().and_then(|(_, key)| entities.meaning(*key)) else {
                continue;
            };
            drafts[id.0 as usize].listed = Some(at);
            for (name, _) in names {
                if drafts[id.0 as usize].spellings.iter().all(|(_, known)| known != name) {
                    drafts[id.0 as usize].spellings.push((0, *name));
                }
            }
        }
        let mut made = Vec::with_capacity(count);
        for (old, draft) in drafts.into_iter().enumerate() {
            // Nothing is left of a split or doubtful name.
            if draft.spellings.is_empty() {
                continue;
            }
            let (entity, texts) = self.entity(draft);
            made.push((entity, narrow(old), texts));
        }
        made.sort_by(|a, b| a.0.name.cmp(&b.0.name).then(a.1.cmp(&b.1)));
        let mut new = vec![NONE; count];
        for (at, (_, old, _)) in made.iter().enumerate() {
            new[*old as usize] = narrow(at);
        }
        let renamed = |meaning: &Meaning| {
            let ids = match meaning {
                Meaning::One(id) => std::slice::from_ref(id),
                Meaning::Several(ids) => ids,
            };
            one_or_several(ids.iter().map(|id| EntityId(new[id.0 as usize])).filter(|id| id.0 != NONE))
        };
        for meaning in &mut entities.meanings {
            *meaning = meaning.as_ref().and_then(renamed);
        }
        for local in &mut entities.local {
            *local = local.iter().filter_map(|(key, meaning)| Some((*key, renamed(meaning)?))).collect();
        }
        entities.keys.retain(|_, key| entities.meanings[*key as usize].is_some());
        entities.introductions =
            made.iter().map(|(_, old, _)| best[*old as usize].map(|(_, text, at)| (text, at))).collect();
        for (entity, _, texts) in made {
            entities.all.push(entity);
            entities.places.push(texts);
        }
        let counts = entities.spelling_counts(self.from.name_facts.len());
        entities.ranked = Ranked::new(self.from, &counts, &entities.meanings, &entities.all);
        entities.spellings = Spellings::new(self.from, &entities.meanings, &entities.all);
    }

    /// How informative an occurrence is about its entity; the fuller name wins a tie.
    fn telling(&self, place: &Place, key: u32) -> u32 {
        if place.doubt == How::Heading {
            return 0;
        }
        let said = match place.signs {
            signs if signs & TOLD != 0 => 8,
            signs if signs & NAMED != 0 => 6,
            signs if signs & TITLED != 0 => 3,
            _ => 0,
        };
        1 + said + 2 * self.words(key).min(3)
    }

    fn entity(&self, draft: Draft) -> (Entity, Vec<(u32, u32)>) {
        let Draft { mut spellings, mut texts, listed } = draft;
        spellings.sort_by(|a, b| b.0.cmp(&a.0).then(self.spelling(a.1).cmp(self.spelling(b.1))));
        let mentions = spellings.iter().map(|(count, _)| count).sum();
        let aliases = &self.from.aliases;
        let fullest = spellings.iter().max_by_key(|(count, name)| {
            let key = self.from.name_facts[*name as usize].key;
            let whole = self.text(key).split(' ').filter(|word| word.chars().count() > 1).count();
            (whole, *count, std::cmp::Reverse(self.spelling(*name)))
        });
        let name: Arc<str> = match listed {
            Some(at) => aliases.entities[at].name.as_str().into(),
            None => fullest.map_or("".into(), |(_, name)| self.spelling(*name).into()),
        };
        let kind = match listed.and_then(|at| aliases.entities[at].kind) {
            Some(kind) => Some(kind),
            None => self.kind(&spellings),
        };
        let aliases = spellings.iter().map(|(_, name)| &self.from.name_facts[*name as usize].spelling);
        let aliases = aliases.filter(|spelling| **spelling != name).cloned().collect();
        texts.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (text, count) in texts {
            match joined.last_mut() {
                Some((last, so_far)) if *last == text => *so_far += count,
                _ => joined.push((text, count)),
            }
        }
        joined.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        (Entity { name, aliases, kind, mentions, listed: listed.is_some() }, joined)
    }

    fn spelling(&self, name: u32) -> &str {
        &self.from.name_facts[name as usize].spelling
    }

    /// The kind suggested by the names and the words around them.
    fn kind(&self, spellings: &[(u32, u32)]) -> Option<Kind> {
        let keys: Vec<u32> =
            spellings.iter().map(|(_, name)| self.from.name_facts[*name as usize].key).collect();
        let mut body = None;
        let mut person = false;
        for key in keys {
            let text = self.text(key);
            let counts = self.counts[key as usize];
            let last = text.split(" of ").next().and_then(|head| head.rsplit(' ').next()).unwrap_or_default();
            if class(text) & words::COUNTRY != 0 {
                return Some(Kind::Place);
            }
            if self.words(key) > 1 {
                person |= self.full_person(key) == Some(true);
                match class(last) & (words::ORGANISATION | words::PLACE) {
                    // May name either a state or a party.
                    _ if english::names().states.has(last) => {}
                    words::ORGANISATION => body = Some(Kind::Organisation),
                    words::PLACE => body = Some(Kind::Place),
                    _ => {}
                }
                if class(text.rsplit(' ').next().unwrap_or_default()) & words::COUNTRY != 0
                    && english::names().directions.has(text.split(' ').next().unwrap_or_default())
                {
                    return Some(Kind::Place);
                }
            } else if !is_letters(text) {
                person |= counts.titled > 0 && self.is_surname(key);
            }
        }
        if person { Some(Kind::Person) } else { body }
    }
}
