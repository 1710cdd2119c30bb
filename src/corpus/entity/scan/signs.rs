//! Evidence about a name from the words around it.

use super::{AT, NAMED, PERSON, Scanner, THE, TOLD};
use crate::corpus::entity::tokens::{Gap, Shape};
use crate::corpus::entity::words::{self, class};
use crate::text::language::english;
use crate::text::position::floor;

/// How many words after “a” or “the” to search for a trade: `the son of`, `then the French minister`.
const PERSON_REACH: usize = 4;

impl Scanner<'_> {
    /// Whether the quotation that begins with a name also ends with it.
    pub(super) fn quotation_ends(&self, to: usize) -> bool {
        let rest = &self.text[self.tokens[to - 1].span.end..];
        let rest = rest.trim_start_matches([',', '.']);
        rest.starts_with(['”', '"', '“', '»', '’'])
    }

    /// The evidence from the words around `from..to`.
    pub(super) fn signs(&self, from: usize, to: usize) -> u16 {
        let before = self.before(from, to);
        let end = self.tokens[to - 1];
        if end.possessive { before } else { before | self.behind(from, end.span.end, before & THE != 0) }
    }

    /// The evidence from the words before it: `in`, `the`, `the warlord`.
    fn before(&self, from: usize, to: usize) -> u16 {
        let mut signs = 0;
        let blank = |at: usize| self.tokens[at].gap == Gap::Blank;
        let Some(mut at) = from.checked_sub(1).filter(|_| blank(from)) else { return 0 };
        if self.is(at, words::PERSON) && !self.tokens[at].possessive {
            signs |= NAMED | PERSON;
        }
        if self.word(at).eq_ignore_ascii_case("the") {
            // The Biden administration: the article does not belong to the name.
            let next = self.tokens.get(to);
            let noun = next.is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
                && !self.is(to, words::FUNCTION);
            signs |= if noun { 0 } else { THE };
            match at.checked_sub(1).filter(|_| blank(at)) {
                Some(before) => at = before,
                None => return signs,
            }
        }
        if self.is(at, words::AT) && self.shape(at) != Some(Shape::Acronym) {
            signs |= AT;
        }
        signs
    }

    /// The evidence from the words after byte `end`, where the name ends: `, a port in the north,`, ` is the
    /// `.
    fn behind(&self, from: usize, end: usize, the: bool) -> u16 {
        let mut signs = 0;
        let rest = &self.text[end..floor(self.text, end + REACH)];
        let marks = [", ", " — ", " ("];
        if let Some(rest) = marks.iter().find_map(|mark| rest.strip_prefix(mark)) {
            let first = rest.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
            let says = english::names().introducing.has(first);
            let person = says && (first == "who" || names_person(rest, PERSON_REACH + 1));
            let sentence = &rest[..rest.find(['.', ';', '?', '!']).unwrap_or(rest.len())];
            if says && sentence.contains([',', '—', ')']) || person {
                signs |= TOLD;
            }
            if person {
                signs |= PERSON;
            }
            // Its military intelligence, the GRU, …
            let before = &self.text[..self.tokens[from].span.start];
            if before.strip_suffix("the ").unwrap_or(before).ends_with(", ") {
                signs |= NAMED;
                // The minister, Vera Orlova, …
                if from > 0 && !the && self.is(from - 1, words::PERSON) {
                    signs |= PERSON;
                }
            }
        }
        if let Some(rest) = behind_verb(rest) {
            signs |= TOLD;
            if names_person(rest, PERSON_REACH) {
                signs |= PERSON;
            }
        }
        signs
    }
}

/// How far after a name to look, in bytes: the rest of a long sentence.
const REACH: usize = 400;

/// Whether one of the first `reach` words describes a person by trade or kinship.
fn names_person(text: &str, reach: usize) -> bool {
    let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.take(reach).any(|word| class(word) & words::PERSON != 0)
}

/// What stands in `rest` behind a verb that says what a name is: ` is a port` gives `port`.
fn behind_verb(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(' ')?;
    english::names().verbs.iter().find_map(|verb| {
        let mut words = verb.iter();
        words.try_fold(rest, |rest, word| rest.strip_prefix(&**word)?.strip_prefix(' '))
    })
}
