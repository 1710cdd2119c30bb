//! Questions about sentences and quotations, for which an archive is asked in the background.

use std::sync::Arc;

use serde_json::json;

use super::client::Client;
use super::fault::Fault;
use super::query::{Found, LONGEST_EXTRACT, clip};
use crate::text::Span;
use crate::text::position::floor;
use crate::text::words::Words;

/// The most passages in an answer. A menu has no room for more besides those of the workspace.
const MOST_FOUND: usize = 8;

/// Fewest words of a sentence worth asking for: with fewer, anything matches.
const FEWEST_WORDS: usize = 3;

/// Longest sentence that is asked for, in bytes; of a longer one, about as much of its end. Longer queries take an archive longer and
/// rank no better.
const LONGEST_SENTENCE: usize = 1_000;

/// Longest quotation that is asked for, in bytes: longer ones span several passages.
const LONGEST_QUOTATION: usize = 4_000;

/// How much more text than the quotation itself is read in an index of another program, which cuts it at sentences.
const AROUND: usize = 3;

/// The most words of a quotation in the query: these are found in one place, or the whole is not.
const MOST_PHRASE: usize = 32;

/// A question to an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The passages that best match this sentence.
    Matching(Arc<str>),
    /// The passages that have these words, one after the other.
    Quoting(Arc<str>),
}

impl Question {
    /// Asks for passages that match `sentence`. `None` if it is too short.
    #[must_use]
    pub fn matching(sentence: &str) -> Option<Self> {
        let start = floor(sentence, sentence.len().saturating_sub(LONGEST_SENTENCE));
        let words: Vec<&str> = sentence[start..].split_whitespace().collect();
        let counted = words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        (counted >= FEWEST_WORDS).then(|| Self::Matching(words.join(" ").into()))
    }

    /// Asks for passages that have the `quoted` words. `None` if there is no phrase in it that can be asked for.
    #[must_use]
    pub fn quoting(quoted: &str) -> Option<Self> {
        let is_short = quoted.len() <= LONGEST_QUOTATION;
        (is_short && !phrase(&read(quoted)).is_empty()).then(|| Self::Quoting(quoted.into()))
    }
}

impl Client {
    /// Answers `question`, best passages first.
    ///
    /// # Errors
    /// If the archive does not answer, or only some of its shards do.
    pub fn answer(&self, question: &Question) -> Result<Vec<Found>, Fault> {
        match question {
            Question::Matching(sentence) => self.search(sentence, MOST_FOUND),
            Question::Quoting(quoted) => {
                let words = read(quoted);
                let text = &self.archive().fields.text;
                let query = json!({"match_phrase": {text: phrase(&words)}});
                let around = LONGEST_EXTRACT.max(quoted.len() * AROUND);
                let mut found = self.passages(&query, around, MOST_FOUND)?;
                // An archive may say anything, and its rules for words are not ours.
                found.retain(|passage| has(&read(&passage.text), &words));
                found.iter_mut().for_each(clip);
                Ok(found)
            }
        }
    }
}

fn read(text: &str) -> Words {
    Words::read(text, [[Span::new(0, text.len())].as_slice()])
}

/// The longest run of words without an apostrophe, which an archive may have in another form.
fn phrase(words: &Words) -> String {
    let is_plain = |at: &usize| !words.written(*at).contains('\'');
    let (mut best, mut at) = (0..0, 0);
    while at < words.len() {
        let end = (at..words.len()).find(|at| !is_plain(at)).unwrap_or(words.len());
        if end - at > best.len() {
            best = at..end;
        }
        at = end + 1;
    }
    if best.len() < FEWEST_WORDS {
        return String::new();
    }
    best.take(MOST_PHRASE).map(|at| words.written(at)).collect::<Vec<_>>().join(" ")
}

/// Returns true if `text` has all of `wanted`, one word after the other.
fn has(text: &Words, wanted: &Words) -> bool {
    if wanted.is_empty() {
        return false;
    }
    text.places(wanted.lower(0)).iter().any(|&start| {
        let start = start as usize;
        start + wanted.len() <= text.len()
            && (0..wanted.len()).all(|at| text.lower(start + at) == wanted.lower(at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_without_an_apostrophe_is_asked_for() {
        for (quoted, expected) in [
            ("the port of Vessby slept", "the port of Vessby slept"),
            ("the ship’s crew did not sleep through it", "crew did not sleep through it"),
            ("it’s no one’s fault", ""),
            ("", ""),
        ] {
            assert_eq!(phrase(&read(quoted)), expected);
            assert_eq!(Question::quoting(quoted).is_some(), !expected.is_empty(), "{quoted}");
        }
    }

    #[test]
    fn typography_is_no_difference_but_a_word_is() {
        let text = read("In 1920 the ship’s crew slept — through the winter — and no grain was moved.");
        for quoted in ["the ship's crew slept - through the winter", "The Ship’s Crew"] {
            assert!(has(&text, &read(quoted)), "{quoted}");
        }
        for near_miss in ["the ship’s crew slept through the summer", "crew the ship’s", "moved in", ""] {
            assert!(!has(&text, &read(near_miss)), "{near_miss}");
        }
    }

    #[test]
    fn a_sentence_of_a_word_or_two_is_not_asked_for() {
        assert_eq!(Question::matching("Grain — moved."), None);
        assert_eq!(
            Question::matching(" Grain was\n moved. "),
            Some(Question::Matching("Grain was moved.".into()))
        );
        let Some(Question::Matching(asked)) = Question::matching(&"Wörter von Vessby ".repeat(200)) else {
            panic!("it is asked")
        };
        assert!(asked.len() <= LONGEST_SENTENCE + 3);
    }
}
