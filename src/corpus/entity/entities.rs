//! The entities of a corpus and the queries on them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::aliases::Gazetteer;
use super::key::{Written, key};
use super::ledger::Surname;
use super::meaning::{Entity, EntityId, Meaning, Mention, one_or_several};
use super::rank::{Offer, Ranked};
use super::scan::{self, Doubt, Style};
use super::spelling::Spellings;
use super::text_names::{Place, TextNames, narrow};
use super::words;
use crate::corpus::source::TextId;
use crate::text::Span;

/// All entities of a corpus. Immutable; empty by default.
#[derive(Debug, Default)]
pub struct Entities {
    pub(super) all: Vec<Entity>,
    /// For each entity, the texts that mention it and how often, most mentions first.
    pub(super) places: Vec<Vec<(u32, u32)>>,
    /// For each entity, the text and the occurrence in it that introduce it.
    pub(super) introductions: Vec<Option<(u32, u32)>>,
    pub(super) texts: Vec<Arc<TextNames>>,
    pub(super) by_text: HashMap<TextId, u32>,
    /// For each text, the names that mean something different there than elsewhere.
    pub(super) local: Vec<Vec<(u32, Meaning)>>,
    /// The number of each key that has a meaning.
    pub(super) keys: HashMap<Arc<str>, u32>,
    /// The key for each number.
    pub(super) key_texts: Vec<Arc<str>>,
    /// The meaning of each key, by its number.
    pub(super) meanings: Vec<Option<Meaning>>,
    /// Keys that are two names joined by a hyphen.
    pub(super) split: HashSet<u32>,
    /// Last names, with the full names that end in them.
    pub(super) surnames: HashMap<Arc<str>, Vec<Surname>>,
    pub(super) gazetteer: Gazetteer,
    pub(super) ranked: Ranked,
    pub(super) spellings: Spellings,
}

impl Entities {
    /// All entities, sorted by name.
    #[must_use]
    pub fn all(&self) -> &[Entity] {
        &self.all
    }

    /// The entity with this id.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.all[id.0 as usize]
    }

    /// The meaning of `name` where no text says otherwise.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Meaning> {
        self.meaning(*self.keys.get(key(name).as_str())?)
    }

    pub(super) fn meaning(&self, key: u32) -> Option<&Meaning> {
        self.meanings.get(key as usize)?.as_ref()
    }

    /// The meaning of `key` in `text`, if it differs from the usual one.
    #[must_use]
    pub fn find_in(&self, text: TextId, key: &str) -> Option<Meaning> {
        let key = *self.keys.get(key)?;
        let text = *self.by_text.get(&text)?;
        let local = &self.local[text as usize];
        local.iter().find(|(known, _)| *known == key).map(|(_, meaning)| meaning.clone())
    }

    /// The texts that mention `id` and how often, most mentions first.
    pub fn mentioned(&self, id: EntityId) -> impl Iterator<Item = (TextId, u32)> + '_ {
        let places = self.places.get(id.0 as usize).map_or(&[][..], Vec::as_slice);
        places.iter().map(|(text, count)| (self.texts[*text as usize].id, *count))
    }

    /// The mentions in `text`, in order and not overlapping.
    pub fn mentions_in(&self, text: TextId) -> impl Iterator<Item = Mention> + '_ {
        let text = self.by_text.get(&text).copied();
        let names = text.map(|text| (text, &self.texts[text as usize]));
        names.into_iter().flat_map(move |(text, names)| {
            names.places.iter().flat_map(move |place| self.readings(text, place)).map(
                |(span, _, key, meaning)| Mention {
                    span,
                    meaning,
                    key: self.key_texts[key as usize].clone(),
                },
            )
        })
    }

    /// The mention at byte `offset` of `text`, or ending there.
    #[must_use]
    pub fn mention_at(&self, text: TextId, offset: usize) -> Option<Mention> {
        let text = *self.by_text.get(&text)?;
        let places = self.texts[text as usize].places.iter();
        let before = places.take_while(|place| place.start as usize <= offset);
        // The last two.
        let near = before.fold([None, None], |[_, last], place| [last, Some(place)]);
        near.into_iter()
            .flatten()
            .flat_map(|place| self.readings(text, place))
            .find(|(span, ..)| span.touches(offset))
            .map(|(span, _, key, meaning)| Mention {
                span,
                meaning,
                key: self.key_texts[key as usize].clone(),
            })
    }

    /// The passage that explains what `id` is, or else the first that gives its full name: the text, the
    /// index of the passage, and the name in bytes.
    #[must_use]
    pub fn introduction(&self, id: EntityId) -> Option<(TextId, usize, Span)> {
        let (text, at) = (*self.introductions.get(id.0 as usize)?)?;
        let names = &self.texts[text as usize];
        let place = names.places.iter().nth(at as usize)?;
        let span = self.readings(text, place).find(|(.., meaning)| *meaning == Meaning::One(id))?.0;
        Some((names.id, place.passage as usize, span))
    }

    /// The passages of `text` that mention `id`, by index, and how often each does.
    #[must_use]
    pub fn passages(&self, id: EntityId, text: TextId) -> Vec<(usize, u32)> {
        let mut all: Vec<(usize, u32)> = Vec::new();
        let Some(text) = self.by_text.get(&text).copied() else { return all };
        for place in self.texts[text as usize].places.iter() {
            let count =
                self.readings(text, place).filter(|(.., meaning)| *meaning == Meaning::One(id)).count();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            match all.last_mut() {
                Some((passage, so_far)) if *passage == place.passage as usize => *so_far += count,
                _ => all.push((place.passage as usize, count)),
            }
        }
        all.retain(|(_, count)| *count > 0);
        all
    }

    /// The names at `place` of a text: span, number of the spelling, number of the key, meaning.
    pub(super) fn readings(
        &self,
        text: u32,
        place: Place,
    ) -> impl Iterator<Item = (Span, u32, u32, Meaning)> {
        let local = self.local.get(text as usize).map_or(&[][..], Vec::as_slice);
        place
            .readings(|key| self.split.contains(&key), |key| self.meaning(key).is_some())
            .into_iter()
            .flatten()
            .filter_map(|(span, name, key)| {
                let here = local.iter().find(|(known, _)| *known == key).map(|(_, meaning)| meaning);
                Some((span, name, key, here.or_else(|| self.meaning(key))?.clone()))
            })
    }

    /// How often the texts use each of the `spellings` spellings, by number.
    pub(super) fn spelling_counts(&self, spellings: usize) -> Vec<u32> {
        let mut counts = vec![0_u32; spellings];
        for (text, names) in self.texts.iter().enumerate() {
            for place in names.places.iter() {
                for (_, name, ..) in self.readings(narrow(text), place) {
                    counts[name as usize] += 1;
                }
            }
        }
        counts
    }

    /// The names in running text that is not a source: `pieces` of `text`, where each piece is a list of
    /// spans that are read as one. Returns the names with a meaning, in order, and the unknown names.
    #[must_use]
    pub fn read<'a>(
        &self,
        text: &str,
        pieces: impl IntoIterator<Item = &'a [Span]>,
    ) -> (Vec<Mention>, Vec<Written>) {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for piece in pieces {
            for found in scan::scan(text, piece, Style::Prose, &self.gazetteer, &mut |_| {}) {
                let number = |name: &Written| self.keys.get(name.key.as_str()).copied();
                let full = number(&found.name);
                let parts = match &found.doubt {
                    Doubt::Hyphen(left, right) if full.is_none_or(|key| self.split.contains(&key)) => {
                        Some([left, right])
                    }
                    _ => None,
                };
                if let Some(parts) = parts.filter(|parts| parts.iter().all(|part| number(part).is_some())) {
                    known.extend(parts.into_iter().filter_map(|part| self.mention(part)));
                } else if let Some(mention) = self.mention(&found.name) {
                    known.push(mention);
                } else if let Doubt::First(Some(tail)) = &found.doubt
                    && let Some(mention) = self.mention(tail)
                    && words::class(found.name.key.split(' ').next().unwrap_or_default()) & words::GIVEN == 0
                {
                    known.push(mention);
                } else {
                    unknown.push(found.name);
                }
            }
        }
        self.settle(&mut known, &unknown);
        (known, unknown)
    }

    fn mention(&self, name: &Written) -> Option<Mention> {
        let key = *self.keys.get(name.key.as_str())?;
        let meaning = self.meaning(key)?.clone();
        Some(Mention { span: name.span, meaning, key: self.key_texts[key as usize].clone() })
    }

    /// A last name refers to the full name in the same text. If that full name is unknown to the corpus, the
    /// last name is dropped.
    fn settle(&self, known: &mut Vec<Mention>, unknown: &[Written]) {
        let strangers: Vec<&str> = unknown
            .iter()
            .filter_map(|name| name.key.contains(' ').then(|| name.key.rsplit(' ').next()).flatten())
            .collect();
        let named: HashSet<Arc<str>> = known.iter().map(|mention| mention.key.clone()).collect();
        let mut lost = Vec::new();
        for mention in known.iter_mut() {
            if strangers.contains(&&*mention.key) && self.surnames.contains_key(&mention.key) {
                lost.push(mention.span);
                continue;
            }
            let Some(full) = self.surnames.get(&mention.key) else { continue };
            let here = full.iter().filter(|one| named.contains(&self.key_texts[one.full as usize]));
            if let Some(meaning) = one_or_several(here.filter_map(|one| match self.meaning(one.full) {
                Some(Meaning::One(id)) => Some(*id),
                _ => None,
            })) {
                mention.meaning = meaning;
            }
        }
        known.retain(|mention| !lost.contains(&mention.span));
    }

    /// Up to `most` names that begin with `typed` (or end in a last name that does), best first: those
    /// mentioned most in `near`, then those mentioned most in all sources.
    #[must_use]
    pub fn beginning(&self, typed: &str, near: &[TextId], most: usize) -> Vec<Offer> {
        let near: Vec<&Arc<TextNames>> = near
            .iter()
            .filter_map(|id| self.by_text.get(id))
            .map(|text| &self.texts[*text as usize])
            .collect();
        self.ranked.beginning(typed, &near, most)
    }

    /// Up to `most` entities with a name or last name that begins with `query`, most mentioned first.
    #[must_use]
    pub fn matching(&self, query: &str, most: usize) -> Vec<EntityId> {
        let mut found: Vec<EntityId> = Vec::new();
        for offer in self.ranked.beginning(query, &[], most * 2) {
            if !found.contains(&offer.entity) {
                found.push(offer.entity);
            }
        }
        found.truncate(most);
        found
    }

    /// The sources' spelling of a name close to `word`, if they use only one and do not know `word`.
    #[must_use]
    pub fn respelt(&self, word: &str) -> Option<(Arc<str>, EntityId)> {
        self.spellings.near(word)
    }
}
