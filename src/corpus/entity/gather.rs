//! What may be a name, text by text. Each text is read once, however often the workspace is loaded;
//! words are numbered, so that joining them over all texts compares numbers.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::aliases::{Aliases, Gazetteer};
use super::scan::{self, Doubt, Style, Written};
use super::words::{self, class};
use super::{Entities, join};
use crate::corpus::source::{Class, SourceText, TextId};
use crate::text::Span;

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// A place where a name stands, numbers for words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where the second name of a doubtful one begins, and where the first of a hyphenated one ends.
    pub(super) second: u32,
    pub(super) first_end: u32,
    pub(super) passage: u32,
    /// Spelling and key of the whole.
    pub(super) name: (u32, u32),
    /// Of the part before a hyphen.
    pub(super) left: (u32, u32),
    /// Of the part behind a hyphen, or without the first word.
    pub(super) right: (u32, u32),
    pub(super) signs: u16,
    pub(super) doubt: How,
}

/// What is doubtful of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Sure,
    /// A sentence begins with it.
    First,
    /// It stands in a heading.
    Heading,
    /// A hyphen joins it.
    Hyphen,
}

/// Span, spelling and key of a name.
type Reading = Option<(Span, u32, u32)>;

impl Place {
    /// What stands there: the whole, or without its first word, or the two sides of a hyphen.
    pub(super) fn readings(&self, split: impl Fn(u32) -> bool, known: impl Fn(u32) -> bool) -> [Reading; 2] {
        let span = |from: u32, to: u32| Span::new(from as usize, to as usize);
        let whole = (span(self.start, self.end), self.name.0, self.name.1);
        match self.doubt {
            How::Hyphen if split(self.name.1) => [
                Some((span(self.start, self.first_end), self.left.0, self.left.1)),
                Some((span(self.second, self.end), self.right.0, self.right.1)),
            ],
            How::First if self.right.1 != NONE && !known(self.name.1) => {
                [Some((span(self.second, self.end), self.right.0, self.right.1)), None]
            }
            _ => [Some(whole), None],
        }
    }
}

/// The names of one text.
#[derive(Debug)]
pub(super) struct TextNames {
    pub(super) id: TextId,
    /// In order and apart.
    pub(super) places: Vec<Place>,
    /// Words that are written small, and how often.
    small: Vec<(u32, u32)>,
    /// Keys of short and long forms that the text ties.
    pub(super) ties: Vec<(u32, u32)>,
}

/// What is known of a key by itself.
#[derive(Debug)]
pub(super) struct KeyFacts {
    pub(super) text: Arc<str>,
    /// The first word as it would be written small.
    pub(super) first: u32,
    pub(super) words: u32,
}

/// A spelling.
#[derive(Debug)]
pub(super) struct NameFacts {
    pub(super) spelling: Arc<str>,
    pub(super) key: u32,
}

/// Reads names and keeps what it read.
#[derive(Debug, Default)]
pub struct Gatherer {
    pub(super) keys: HashMap<Arc<str>, u32>,
    pub(super) key_facts: Vec<KeyFacts>,
    names: HashMap<Arc<str>, u32>,
    pub(super) name_facts: Vec<NameFacts>,
    words: HashMap<Box<str>, u32>,
    /// How often each word is written small, over all texts.
    pub(super) small: Vec<u32>,
    texts: HashMap<TextId, Arc<TextNames>>,
    pub(super) aliases: Arc<Aliases>,
    pub(super) gazetteer: Gazetteer,
}

/// What a text yields before its words have numbers.
struct Scanned {
    found: Vec<(u32, How, scan::Found)>,
    small: HashMap<String, u32>,
}

impl Gatherer {
    /// From now on `aliases` count. When they changed, every text is read again.
    pub fn set_aliases(&mut self, aliases: Arc<Aliases>) {
        if self.aliases != aliases {
            self.gazetteer = aliases.gazetteer();
            self.aliases = aliases;
            self.texts.clear();
            self.small.fill(0);
        }
    }

    /// The entities of `texts`. Only those texts are read that were not there the last time.
    pub fn gather<'a>(&mut self, texts: impl Iterator<Item = &'a Arc<SourceText>>) -> Entities {
        let mut texts: Vec<&Arc<SourceText>> = texts.collect();
        texts.sort_by_key(|text| text.id);
        texts.dedup_by_key(|text| text.id);
        let wanted: std::collections::HashSet<TextId> = texts.iter().map(|text| text.id).collect();
        let gone: Vec<TextId> = self.texts.keys().filter(|id| !wanted.contains(id)).copied().collect();
        for id in gone {
            if let Some(names) = self.texts.remove(&id) {
                for (word, count) in &names.small {
                    self.small[*word as usize] -= count;
                }
            }
        }
        let new: Vec<&Arc<SourceText>> =
            texts.iter().filter(|text| !self.texts.contains_key(&text.id)).copied().collect();
        // So many at a time: what was scanned is larger than what is kept of it.
        const BATCH: usize = 512;
        for batch in new.chunks(BATCH) {
            let scanned: Vec<Scanned> = batch.par_iter().map(|text| scanned(text, &self.gazetteer)).collect();
            for (text, scanned) in batch.iter().zip(scanned) {
                let names = self.numbered(text.id, scanned);
                self.texts.insert(text.id, Arc::new(names));
            }
        }
        let names = texts.iter().filter_map(|text| self.texts.get(&text.id).cloned()).collect();
        join::join(self, names)
    }

    fn numbered(&mut self, id: TextId, scanned: Scanned) -> TextNames {
        let mut places = Vec::with_capacity(scanned.found.len());
        let mut ties = Vec::new();
        for (passage, doubt, found) in scanned.found {
            let name = self.name(&found.name);
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
                    place.right = self.name(tail);
                }
                Doubt::Hyphen(left, right) => {
                    place.first_end = narrow(left.span.end);
                    place.second = narrow(right.span.start);
                    (place.left, place.right) = (self.name(left), self.name(right));
                }
            }
            if let Some(tied) = &found.tied {
                let tied = self.name(tied).1;
                // The short one is the one without a blank.
                let long =
                    if self.key_facts[tied as usize].words > 1 { (name.1, tied) } else { (tied, name.1) };
                ties.push(long);
            }
            places.push(place);
        }
        let mut small: Vec<(u32, u32)> =
            scanned.small.into_iter().map(|(word, count)| (self.word(&word), count)).collect();
        small.sort_unstable();
        for (word, count) in &small {
            self.small[*word as usize] += count;
        }
        TextNames { id, places, small, ties }
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(number) = self.words.get(word) {
            return *number;
        }
        let number = narrow(self.small.len());
        self.words.insert(word.into(), number);
        self.small.push(0);
        number
    }

    /// The numbers of a name's spelling and key.
    fn name(&mut self, written: &Written) -> (u32, u32) {
        if let Some(number) = self.names.get(written.spelling.as_str()) {
            return (*number, self.name_facts[*number as usize].key);
        }
        let key = self.key(&written.key);
        let number = narrow(self.name_facts.len());
        let spelling: Arc<str> = written.spelling.as_str().into();
        self.names.insert(spelling.clone(), number);
        self.name_facts.push(NameFacts { spelling, key });
        (number, key)
    }

    pub(super) fn key(&mut self, key: &str) -> u32 {
        if let Some(number) = self.keys.get(key) {
            return *number;
        }
        let first = self.word(&key.split(' ').next().unwrap_or_default().to_lowercase());
        let number = narrow(self.key_facts.len());
        let text: Arc<str> = key.into();
        self.keys.insert(text.clone(), number);
        self.key_facts.push(KeyFacts { text, first, words: narrow(key.split(' ').count()) });
        number
    }

    /// The words that some text writes small.
    pub(super) fn used_small(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, number)| self.small[**number as usize] > 0).map(|(word, _)| &**word)
    }

    /// The numbers of a name that the alias file has.
    pub(super) fn listed(&mut self, spelling: &str) -> (u32, u32) {
        let written =
            Written { span: Span::new(0, 0), spelling: spelling.to_owned(), key: scan::key(spelling) };
        self.name(&written)
    }
}

/// In these languages other words than names have capitals too (ISO 639-3).
const ALL_NOUNS: [&str; 2] = ["deu", "ltz"];

fn scanned(text: &SourceText, gazetteer: &Gazetteer) -> Scanned {
    let mut scanned = Scanned { found: Vec::new(), small: HashMap::new() };
    let all_nouns = text.language.is_some_and(|language| ALL_NOUNS.contains(&language));
    for (at, passage) in text.passages.iter().enumerate() {
        let style = match passage.class {
            Class::Furniture(_) => continue,
            Class::Title | Class::Heading => Style::Heading,
            Class::Standfirst | Class::Body | Class::BlockQuotation if all_nouns => Style::Heading,
            Class::Standfirst | Class::Body | Class::BlockQuotation => Style::Prose,
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

/// Texts have at most 20 MB.
pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
