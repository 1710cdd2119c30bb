//! Short forms and the long forms that a text ties to them: `Long Form (LF)`, `LF (Long Form)`.

use super::Scanner;
use crate::corpus::entity::key::Written;
use crate::corpus::entity::tokens::{Gap, Shape};
use crate::corpus::entity::words;

impl Scanner<'_> {
    /// Long forms tied to a short form in brackets, `Long Form (LF)`: the first word, the end, and the short
    /// form.
    pub(super) fn tied(&self) -> Vec<(usize, usize, usize)> {
        let mut all = Vec::new();
        for short in 1..self.tokens.len() {
            if self.shape(short) != Some(Shape::Acronym) || !self.opens(short) {
                continue;
            }
            let letters: Vec<char> = self.word(short).chars().filter(|c| c.is_alphabetic()).collect();
            if letters.len() < 2 || self.is(short, words::LETTERS) {
                continue;
            }
            if let Some(from) = self.long_form(short, &letters) {
                all.push((from, short, short));
            }
        }
        all
    }

    /// Whether word `at` comes right after `(`, with only a blank before that.
    fn opens(&self, at: usize) -> bool {
        let before = self.tokens[at - 1].span.end;
        matches!(&self.text[before..self.tokens[at].span.start], " (" | "\u{a0}(" | "\n(" | "” (" | "\" (")
    }

    /// Whether `)` comes right after word `at`, or after what a hyphen joins to it.
    fn closes(&self, at: usize) -> bool {
        let rest = &self.text[self.tokens[at].span.end..];
        let rest = rest.strip_prefix('-').map_or(rest, |rest| rest.trim_start_matches(char::is_alphabetic));
        rest.starts_with(')')
    }

    /// Where the long form begins whose short form, made of `letters`, is at `short`.
    fn long_form(&self, short: usize, letters: &[char]) -> Option<usize> {
        // Each letter begins a word; small words may be skipped.
        let mut left = letters.len();
        let mut at = short;
        while left > 0 && at > 0 && short - at < letters.len() * 2 + 1 {
            at -= 1;
            let initial = self.word(at).chars().next().unwrap_or(' ');
            let fits = initial.to_uppercase().eq(letters[left - 1].to_uppercase());
            match self.shape(at) {
                Some(Shape::Capital) if fits => left -= 1,
                Some(Shape::Lower) if fits && left > 1 && !self.is(at, words::FUNCTION) => left -= 1,
                Some(Shape::Lower) if self.is(at, words::FUNCTION) => {}
                _ => break,
            }
            if left > 0 && self.tokens[at].gap == Gap::Mark {
                break;
            }
        }
        if left == 0 && self.shape(at) == Some(Shape::Capital) && letters.len() > 1 && self.closes(short) {
            return Some(at);
        }
        // Letters from another language: Federal Security Services (FSB). Requires as many words as letters,
        // a matching first word, and the name of an organisation.
        let from = (0..short).rev().take_while(|at| self.run(*at) == Some(short)).last()?;
        let from = (from..short).find(|at| !self.is(*at, words::FUNCTION))?;
        let capitals = (from..short).filter(|at| self.is_capital(*at)).count();
        let organisation = (from..short).any(|at| self.is(at, words::ORGANISATION));
        let first = self.word(from).starts_with(letters[0]);
        (capitals == letters.len() && capitals > 2 && organisation && first && self.closes(short))
            .then_some(from)
    }

    /// The long form after a short one: `ANA (Afghan National Army)`.
    pub(super) fn reversed(&self, from: usize, to: usize) -> Option<Written> {
        if to - from != 1
            || self.tokens[from].shape != Shape::Acronym
            || to >= self.tokens.len()
            || !self.opens(to)
        {
            return None;
        }
        let end = self.run(to)?;
        let initials: String = (to..end)
            .filter(|at| self.is_capital(*at))
            .filter_map(|at| self.word(at).chars().next())
            .collect();
        (initials == self.word(from) && self.closes(end - 1)).then(|| self.written(to, end))
    }
}
