//! Collects possible names text by text. Each text is read once, however often the workspace is loaded. Words
//! are numbered, so that joining them across texts only compares numbers.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::aliases::{Aliases, Gazetteer};
use super::entities::Entities;
use super::join::join;
use super::ledger::{Ledger, Numbers};
use super::scan::{self, Doubt, Style};
use super::text_names::{How, NONE, Place, Places, Tally, TextNames, narrow};
use super::words::{self, class};
use crate::corpus::source::{Class, SourceText, TextId, Volume};
use crate::text::language::Language;

/// Reads the names of texts and keeps them as long as the texts exist.
#[derive(Debug, Default)]
pub struct Gatherer {
    pub(super) ledger: Ledger,
    texts: HashMap<TextId, Arc<TextNames>>,
    /// Occurrences of names in `texts`, and in texts removed since the ledger was last tidied.
    held: usize,
    removed: usize,
}

/// The names of texts, to be kept on disk for a later run. Belongs to one alias file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gathered {
    aliases: Arc<Aliases>,
    numbers: Numbers,
    /// Sorted by id.
    texts: Vec<Arc<TextNames>>,
}

impl Gathered {
    /// The texts.
    pub fn ids(&self) -> impl Iterator<Item = TextId> {
        self.texts.iter().map(|names| names.id)
    }

    /// The alias file by which they were read.
    #[must_use]
    pub fn aliases(&self) -> &Arc<Aliases> {
        &self.aliases
    }
}

/// The names of a text before the ledger numbers them.
struct Scanned {
    found: Vec<(u32, How, scan::Found)>,
    small: HashMap<String, u32>,
}

impl Gatherer {
    /// Uses `aliases` from now on. If they changed, the next [`Gatherer::gather`] rereads every text.
    pub fn set_aliases(&mut self, aliases: Arc<Aliases>) {
        if self.ledger.aliases != aliases {
            self.ledger = Ledger::with_aliases(aliases);
            self.texts.clear();
            (self.held, self.removed) = (0, 0);
        }
    }

    /// What has been read, to be kept.
    #[must_use]
    pub fn gathered(&self) -> Gathered {
        let mut texts: Vec<Arc<TextNames>> = self.texts.values().cloned().collect();
        texts.sort_unstable_by_key(|names| names.id);
        Gathered { aliases: self.ledger.aliases.clone(), numbers: self.ledger.numbers(), texts }
    }

    /// Takes over what an earlier run kept. Does nothing if texts have been read already, or if the alias file
    /// was another one, by which names are read differently.
    pub fn recall(&mut self, gathered: Gathered) {
        if !self.texts.is_empty() || gathered.aliases != self.ledger.aliases {
            return;
        }
        let mut ledger = Ledger::with_numbers(self.ledger.aliases.clone(), gathered.numbers);
        for names in gathered.texts {
            ledger.count(&names.small.counts());
            self.held += names.places.len();
            self.texts.insert(names.id, names);
        }
        self.ledger = ledger;
    }

    /// The entities of `texts`. Only reads texts that were not in the previous call.
    pub fn gather<'a>(&mut self, texts: impl Iterator<Item = &'a Arc<Volume>>) -> Entities {
        let mut texts: Vec<&Arc<Volume>> = texts.collect();
        // Sorted by file, so that the first of several equals is the same after every start.
        texts.sort_by(|a, b| a.file.cmp(&b.file));
        texts.dedup_by_key(|text| text.id);
        let wanted: std::collections::HashSet<TextId> = texts.iter().map(|text| text.id).collect();
        let gone: Vec<TextId> = self.texts.keys().filter(|id| !wanted.contains(id)).copied().collect();
        for id in gone {
            if let Some(names) = self.texts.remove(&id) {
                self.held -= names.places.len();
                self.removed += names.places.len();
                self.ledger.discount(&names.small.counts());
            }
        }
        // Only then, so that each removal costs no more than reading the text did.
        if self.removed > self.held {
            self.tidy(&texts);
        }
        let new: Vec<&Arc<Volume>> =
            texts.iter().filter(|text| !self.texts.contains_key(&text.id)).copied().collect();
        // Texts per batch: scanning takes more memory than the names that are kept.
        const BATCH: usize = 512;
        for batch in new.chunks(BATCH) {
            let scanned: Vec<Option<Scanned>> = batch
                .par_iter()
                .map(|text| Some(scanned(text.glance()?.as_ref(), &self.ledger.gazetteer)))
                .collect();
            for (text, scanned) in batch.iter().zip(scanned) {
                // Its file has changed, and will be read again.
                let Some(scanned) = scanned else { continue };
                let names = numbered(&mut self.ledger, text.id, scanned);
                self.held += names.places.len();
                self.texts.insert(text.id, Arc::new(names));
            }
        }
        let names = texts.iter().filter_map(|text| self.texts.get(&text.id).cloned()).collect();
        join(&mut self.ledger, names)
    }

    /// Frees all spellings, keys and words that only removed texts had: enters those of `texts` into a new
    /// ledger.
    fn tidy(&mut self, texts: &[&Arc<Volume>]) {
        let new = Ledger::with_aliases(self.ledger.aliases.clone());
        let old = std::mem::replace(&mut self.ledger, new);
        let words = old.word_texts();
        for text in texts {
            if let Some(names) = self.texts.get_mut(&text.id) {
                *names = Arc::new(renumbered(&mut self.ledger, &old, &words, names));
            }
        }
        self.removed = 0;
    }
}

/// `names`, whose numbers are those of `old` and its `words`, with the numbers of `ledger`.
fn renumbered(ledger: &mut Ledger, old: &Ledger, words: &[&str], names: &TextNames) -> TextNames {
    let mut name = |(spelling, key): (u32, u32)| match old.name_facts.get(spelling as usize) {
        Some(facts) => ledger.spelled(&facts.spelling, &old.key_facts[key as usize].text),
        None => (NONE, NONE),
    };
    let places = names.places.iter();
    let places = places.map(|place| Place {
        name: name(place.name),
        left: name(place.left),
        right: name(place.right),
        ..place
    });
    let places: Vec<Place> = places.collect();
    let mut key = |key: u32| ledger.key(&old.key_facts[key as usize].text);
    let ties = names.ties.iter().map(|&(short, long)| (key(short), key(long))).collect();
    let small = names.small.counts().into_iter();
    let small: Vec<(u32, u32)> =
        small.map(|(word, count)| (ledger.word(words[word as usize]), count)).collect();
    ledger.count(&small);
    TextNames { id: names.id, places: Places::new(&places), small: Tally::new(small), ties }
}

/// Enters the names of text `id` into the ledger.
fn numbered(ledger: &mut Ledger, id: TextId, scanned: Scanned) -> TextNames {
    let mut places = Vec::with_capacity(scanned.found.len());
    let mut ties = Vec::new();
    for (passage, doubt, found) in scanned.found {
        let name = ledger.name(&found.name);
        let mut place = Place {
            start: narrow(found.name.span.start),
            end: narrow(found.name.span.end),
            second: 0,
            first_end: 0,
            passage,
            name,
            left: (NONE, NONE),
            right: (NONE, NONE),
            signs: found.signs,
            doubt,
        };
        match &found.doubt {
            Doubt::None | Doubt::First(None) => {}
            Doubt::First(Some(tail)) => {
                place.second = narrow(tail.span.start);
                place.right = ledger.name(tail);
            }
            Doubt::Hyphen(left, right) => {
                place.first_end = narrow(left.span.end);
                place.second = narrow(right.span.start);
                (place.left, place.right) = (ledger.name(left), ledger.name(right));
            }
        }
        if let Some(tied) = &found.tied {
            let tied = ledger.name(tied).1;
            // The short form is the one without a blank.
            let long =
                if ledger.key_facts[tied as usize].words > 1 { (name.1, tied) } else { (tied, name.1) };
            ties.push(long);
        }
        places.push(place);
    }
    let small: Vec<(u32, u32)> =
        scanned.small.into_iter().map(|(word, count)| (ledger.word(&word), count)).collect();
    ledger.count(&small);
    TextNames { id, places: Places::new(&places), small: Tally::new(small), ties }
}

fn scanned(text: &SourceText, gazetteer: &Gazetteer) -> Scanned {
    let mut scanned = Scanned { found: Vec::new(), small: HashMap::new() };
    let all_nouns = Language::of(text.language).tables().any(|tables| tables.capitalises_nouns);
    for (at, passage) in text.passages.iter().enumerate() {
        let style = match passage.class {
            Class::Furniture(_) => continue,
            Class::Title | Class::Heading => Style::Heading,
            Class::Standfirst | Class::Body | Class::BlockQuotation | Class::ListItem | Class::Table
                if all_nouns =>
            {
                Style::Heading
            }
            Class::Standfirst | Class::Body | Class::BlockQuotation | Class::ListItem | Class::Table => {
                Style::Prose
            }
        };
        let small = &mut scanned.small;
        let mut count = |word: &str| {
            if word.len() > 2 && class(word) & words::FUNCTION == 0 {
                match small.get_mut(word) {
                    Some(count) => *count += 1,
                    None => {
                        small.insert(word.to_owned(), 1);
                    }
                }
            }
        };
        for found in scan::scan(text.text.as_str(), &[passage.span], style, gazetteer, &mut count) {
            let doubt = match (&found.doubt, style) {
                (Doubt::Hyphen(..), _) => How::Hyphen,
                (_, Style::Heading) => How::Heading,
                (Doubt::First(_), Style::Prose) => How::First,
                (Doubt::None, Style::Prose) => How::Sure,
            };
            scanned.found.push((narrow(at), doubt, found));
        }
    }
    scanned
}
