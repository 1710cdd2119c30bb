//! The ledger of names: a number for every spelling, key and word in the texts, so that names can be compared
//! as numbers.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::aliases::{Aliases, Gazetteer};
use super::key::{Written, key};
use super::text_names::narrow;
use crate::text::Span;

/// A key and what is known about it.
#[derive(Debug)]
pub(super) struct KeyFacts {
    pub(super) text: Arc<str>,
    /// The number of its first word in lower case.
    pub(super) first: u32,
    pub(super) words: u32,
}

/// A spelling and its key.
#[derive(Debug)]
pub(super) struct NameFacts {
    pub(super) spelling: Arc<str>,
    pub(super) key: u32,
}

/// A full name that ends with a last name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surname {
    /// The number of the full name's key.
    pub(super) full: u32,
    /// Whether the texts show that it is a person's.
    pub(super) sure: bool,
}

/// The numbers of all spellings, keys and words, and the current alias file.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) keys: HashMap<Arc<str>, u32>,
    pub(super) key_facts: Vec<KeyFacts>,
    names: HashMap<Arc<str>, u32>,
    pub(super) name_facts: Vec<NameFacts>,
    words: HashMap<Box<str>, u32>,
    /// How often each word occurs in lower case, across all texts.
    pub(super) small: Vec<u32>,
    pub(super) aliases: Arc<Aliases>,
    pub(super) gazetteer: Gazetteer,
}

/// The numbers of a ledger, as they are kept on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Numbers {
    words: Vec<Box<str>>,
    /// With the number of the first word.
    keys: Vec<(Box<str>, u32)>,
    /// With the number of the key.
    names: Vec<(Box<str>, u32)>,
}

impl Ledger {
    /// An empty ledger that uses `aliases`.
    pub(super) fn with_aliases(aliases: Arc<Aliases>) -> Self {
        Self { gazetteer: aliases.gazetteer(), aliases, ..Self::default() }
    }

    /// Its words, keys and spellings, each in the order of their numbers.
    pub(super) fn numbers(&self) -> Numbers {
        let key = |facts: &KeyFacts| (facts.text.as_ref().into(), facts.first);
        let name = |facts: &NameFacts| (facts.spelling.as_ref().into(), facts.key);
        Numbers {
            words: self.word_texts().into_iter().map(Into::into).collect(),
            keys: self.key_facts.iter().map(key).collect(),
            names: self.name_facts.iter().map(name).collect(),
        }
    }

    /// A ledger with these `numbers` that uses `aliases`; no word occurs yet.
    pub(super) fn with_numbers(aliases: Arc<Aliases>, numbers: Numbers) -> Self {
        let mut ledger = Self::with_aliases(aliases);
        ledger.small = vec![0; numbers.words.len()];
        ledger.words = numbers.words.into_iter().enumerate().map(|(at, word)| (word, narrow(at))).collect();
        for (text, first) in numbers.keys {
            let (text, words): (Arc<str>, _) = (text.as_ref().into(), narrow(text.split(' ').count()));
            ledger.keys.insert(text.clone(), narrow(ledger.key_facts.len()));
            ledger.key_facts.push(KeyFacts { text, first, words });
        }
        for (spelling, key) in numbers.names {
            let spelling: Arc<str> = spelling.as_ref().into();
            ledger.names.insert(spelling.clone(), narrow(ledger.name_facts.len()));
            ledger.name_facts.push(NameFacts { spelling, key });
        }
        ledger
    }

    /// The number of `word`, assigning a new one if it has none.
    pub(super) fn word(&mut self, word: &str) -> u32 {
        if let Some(number) = self.words.get(word) {
            return *number;
        }
        let number = narrow(self.small.len());
        self.words.insert(word.into(), number);
        self.small.push(0);
        number
    }

    /// Adds the `counts` of a text: numbers of words, and how often each occurs.
    pub(super) fn count(&mut self, counts: &[(u32, u32)]) {
        for (word, count) in counts {
            self.small[*word as usize] += count;
        }
    }

    /// Takes away the `counts` of a text.
    pub(super) fn discount(&mut self, counts: &[(u32, u32)]) {
        for (word, count) in counts {
            self.small[*word as usize] -= count;
        }
    }

    /// The numbers of a name's spelling and of its key.
    pub(super) fn name(&mut self, written: &Written) -> (u32, u32) {
        self.spelled(&written.spelling, &written.key)
    }

    /// The same for a name whose `spelling` and `key` are known.
    pub(super) fn spelled(&mut self, spelling: &str, key: &str) -> (u32, u32) {
        if let Some(number) = self.names.get(spelling) {
            return (*number, self.name_facts[*number as usize].key);
        }
        let key = self.key(key);
        let number = narrow(self.name_facts.len());
        let spelling: Arc<str> = spelling.into();
        self.names.insert(spelling.clone(), number);
        self.name_facts.push(NameFacts { spelling, key });
        (number, key)
    }

    /// The words, indexed by their numbers.
    pub(super) fn word_texts(&self) -> Vec<&str> {
        let mut texts = vec![""; self.small.len()];
        self.words.iter().for_each(|(word, number)| texts[*number as usize] = word);
        texts
    }

    /// The number of `key`, assigning a new one if it has none.
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

    /// The words that occur in lower case in some text.
    pub(super) fn used_small(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, number)| self.small[**number as usize] > 0).map(|(word, _)| &**word)
    }

    /// The numbers of the spelling and the key of a name in the alias file.
    pub(super) fn listed(&mut self, spelling: &str) -> (u32, u32) {
        let written = Written { span: Span::new(0, 0), spelling: spelling.to_owned(), key: key(spelling) };
        self.name(&written)
    }
}
