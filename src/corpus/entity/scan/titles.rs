//! Words before a name that are not part of it: titles, and words that begin sentences.

use super::Scanner;
use crate::corpus::entity::tokens::{Gap, Shape};
use crate::corpus::entity::words;
use crate::text::language::{Language, english};

impl Scanner<'_> {
    /// Whether the word at `at` is not part of the name that may follow it in the run up to `to`.
    pub(super) fn is_filler(&self, at: usize, to: usize) -> bool {
        let token = &self.tokens[at];
        if token.shape == Shape::Acronym {
            return false;
        }
        let class = self.class(at);
        if class & words::CALENDAR != 0 && to - at > 1 && class & words::GIVEN == 0 {
            return !self.is(to - 1, words::ORGANISATION | words::PLACE);
        }
        if class & words::FUNCTION == 0 {
            return false;
        }
        let lower = self.word(at).to_lowercase();
        // `New York`, `World Bank`: other occurrences show whether it belongs to the name.
        let names = words::QUALIFIER | words::ORGANISATION | words::PLACE | words::GIVEN | words::RANK;
        let names = class & names != 0 || english::names().bodies.has(&lower);
        // Without a matter of their own: with a capital, too, they are no part of the name behind them.
        let small = Language::english().has(&lower, |tables| &tables.sentences.small);
        small || token.start && !(names && to - at > 1)
    }

    /// The end of the title that begins at `at`: `Foreign Minister`, `Secretary of State`.
    pub(super) fn title(&self, at: usize, to: usize) -> Option<usize> {
        let mut end = at;
        while end < to && self.is(end, words::RANK) && !self.is(end, words::TITLE) {
            end += 1;
        }
        let mut titles = 0;
        while end < to && self.is(end, words::TITLE) && self.shape(end) != Some(Shape::Acronym) {
            // Shah, King and Marshal can also be names, after another name.
            if self.is(end, words::GIVEN)
                && (titles > 0 || end > 0 && end > at || end + 1 == to || self.follows_name(end))
            {
                break;
            }
            titles += 1;
            end += 1;
            while end < to
                && self.is(end, words::RANK)
                && end + 1 < to
                && self.is(end + 1, words::TITLE | words::RANK)
            {
                end += 1;
            }
            // Secretary-General, Attorney General.
            if end < to && self.is(end, words::RANK) && matches!(self.word(end), "General" | "Major") {
                end += 1;
            }
        }
        (titles > 0).then_some(end)
    }

    /// Whether the word before belongs to a name that continues at `at`.
    fn follows_name(&self, at: usize) -> bool {
        at > 0
            && self.is_capital(at - 1)
            && self.tokens[at].gap == Gap::Blank
            && !self.is(at - 1, words::TITLE | words::FUNCTION | words::DEMONYM)
    }
}
