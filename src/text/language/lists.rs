//! The kinds of lists that a language file holds.

use std::collections::{HashMap, HashSet};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::text::words::spelled;

/// Words, looked up as [`crate::text::words::Words`] compares them: in lower case, with straight apostrophes,
/// ß and ligatures written out, ё as е. In a file: one text, blanks between the words.
#[derive(Debug, Default)]
pub struct WordList(HashSet<Box<str>>);

impl WordList {
    /// Whether `word`, as [`crate::text::words::Words::lower`] gives it, is in the list.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// The words, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }
}

impl<'de> Deserialize<'de> for WordList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(text.split_whitespace().map(|word| spelled(word).into()).collect()))
    }
}

/// Groups of words, each with its number, counted from 0. In a file: a list of texts.
#[derive(Debug, Default)]
pub struct Rows {
    /// As written, in order.
    written: Vec<Vec<String>>,
    rows: HashMap<Box<str>, usize>,
}

impl Rows {
    /// The first row that holds `word`, spelled as for [`WordList::has`].
    #[must_use]
    pub fn row(&self, word: &str) -> Option<usize> {
        self.rows.get(word).copied()
    }

    /// The words of all rows, spelled as for [`WordList::has`], in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(AsRef::as_ref)
    }

    /// The words of row `at` as they are written in the file.
    #[must_use]
    pub fn written(&self, at: usize) -> &[String] {
        self.written.get(at).map_or(&[], Vec::as_slice)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = Vec::<String>::deserialize(deserializer)?;
        let mut all = Self::default();
        for (row, line) in lines.iter().enumerate() {
            for word in line.split_whitespace() {
                all.rows.entry(spelled(word).into()).or_insert(row);
            }
            all.written.push(line.split_whitespace().map(str::to_owned).collect());
        }
        Ok(all)
    }
}

/// Phrases of one word or more, spelled as for [`WordList::has`].
#[derive(Debug, Default)]
pub struct Phrases(Vec<Vec<Box<str>>>);

impl Phrases {
    /// The phrases, each as its words.
    pub fn iter(&self) -> impl Iterator<Item = &[Box<str>]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// Whether one of them is `words`, all of it.
    #[must_use]
    pub fn has(&self, words: &[&str]) -> bool {
        self.iter().any(|phrase| phrase.iter().map(AsRef::as_ref).eq(words.iter().copied()))
    }
}

impl<'de> Deserialize<'de> for Phrases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let phrases = Vec::<String>::deserialize(deserializer)?;
        let words = |phrase: &String| phrase.split_whitespace().map(|word| spelled(word).into()).collect();
        Ok(Self(phrases.iter().map(words).collect()))
    }
}

/// Words for numbers, spelled as for [`WordList::has`], with their amounts. In a file: a row for each
/// amount, `"2 two"`.
#[derive(Debug, Default)]
pub struct Amounts(HashMap<Box<str>, f64>);

impl Amounts {
    /// The amount that `word` stands for.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<f64> {
        self.0.get(word).copied()
    }

    /// All of them, sorted by the word.
    #[must_use]
    pub fn sorted(&self) -> Vec<(&str, f64)> {
        let mut all: Vec<(&str, f64)> = self.0.iter().map(|(word, amount)| (&**word, *amount)).collect();
        all.sort_by_key(|(word, _)| *word);
        all
    }
}

impl<'de> Deserialize<'de> for Amounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = HashMap::new();
        for row in Vec::<String>::deserialize(deserializer)? {
            let (amount, words) = row.split_once(' ').unwrap_or((&row, ""));
            let amount: f64 = amount.parse().map_err(|_| D::Error::custom(format!("no number: {amount}")))?;
            all.extend(words.split_whitespace().map(|word| (spelled(word).into(), amount)));
        }
        Ok(Self(all))
    }
}

/// Abbreviations as they are written: one with a capital must have it in a text, of the others the case does
/// not matter. In a file: one text, blanks between them.
#[derive(Debug, Default)]
pub struct Abbreviations {
    written: HashSet<Box<str>>,
    small: HashSet<Box<str>>,
}

impl Abbreviations {
    /// Whether `word`, as a text has it and without its full stop, is one of them.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.written.contains(word) || self.small.contains(word) || {
            let upper = word.chars().any(char::is_uppercase);
            upper && self.small.contains(word.to_lowercase().as_str())
        }
    }
}

impl<'de> Deserialize<'de> for Abbreviations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut all = Self::default();
        for word in text.split_whitespace() {
            let list = if word.chars().any(char::is_uppercase) { &mut all.written } else { &mut all.small };
            list.insert(word.into());
        }
        Ok(all)
    }
}
