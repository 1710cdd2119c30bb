//! Checks that a writer's bracketed words still mean what they replace. A bracket may explain, name or adapt
//! a word to the sentence, but it must not reverse a statement or make it more certain.

use std::ops::Range;

use crate::text::language::Language;
use crate::text::words::Words;

/// Whether `word`, in lower case, is a number that no other may replace: not “one”, which often means
/// “somebody”, nor “dozen”, which equals twelve.
fn is_number(language: Language, word: &str) -> bool {
    let indefinite = || language.has(word, |tables| &tables.numbers.indefinite);
    language.counts(word) && !indefinite() || word.starts_with(|c: char| c.is_numeric())
}

/// Whether the words `inside` of `quoted`, in brackets, say something else than the words `taken` of `source`, which
/// they stand for. `language` is that of the source and of the brief.
pub(super) fn turns(
    language: Language,
    source: &Words,
    taken: Range<usize>,
    quoted: &Words,
    inside: Range<usize>,
) -> bool {
    let theirs = || taken.clone().map(|at| source.lower(at));
    let mine = || inside.clone().map(|at| quoted.lower(at));
    let denies = |word: &str| language.negates(word);
    if theirs().any(denies) != mine().any(denies) {
        return true;
    }
    let hedged = |word: &str| language.has(word, |tables| &tables.statements.hedges);
    // Lower case only: “Almost Famous” is a name.
    let small = |at: usize| source.written(at).starts_with(char::is_lowercase);
    if taken.clone().any(|at| hedged(source.lower(at)) && small(at)) && !mine().any(hedged) {
        return true;
    }
    let row = |word: &str| {
        let mut modals = language.tables().enumerate();
        modals.find_map(|(at, tables)| Some((at, tables.statements.modals.row(word)?)))
    };
    let is_number = |word: &str| is_number(language, word);
    if let (Some(theirs), Some(mine)) = (theirs().find_map(row), mine().find_map(row))
        && theirs != mine
    {
        return true;
    }
    // A bracket may replace “that” by a number or a number by a name, but not one number by another.
    if inside.is_empty() {
        let digits = |c: char| !c.is_ascii_digit();
        let numbers = || quoted.gap(inside.start).split(digits).filter(|number| !number.is_empty());
        return theirs().any(is_number) && !theirs().any(|word| numbers().any(|number| number == word));
    }
    let (mut his, mut my) = (theirs().filter(|w| is_number(w)), mine().filter(|w| is_number(w)).peekable());
    his.next().is_some_and(|first| my.peek().is_some() && !my.any(|word| word == first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn turned(source: &str, bracket: &str) -> bool {
        let read = |text: &str| Words::read(text, [[Span::new(0, text.len())].as_slice()]);
        let (source, bracket) = (read(source), read(bracket));
        turns(Language::english(), &source, 0..source.len(), &bracket, 0..bracket.len())
    }

    #[test]
    fn a_bracket_may_explain_but_not_turn_round() {
        for (source, bracket) in [
            ("it", "the minister"),
            ("", "of 2019"),
            ("that year", "In 1999"),
            ("In 1999", "Then"),
            ("will", "would"),
            ("may", "might"),
            ("the 3 ministers", "these 3 men"),
            ("never", "not"),
            ("has", "may have"),
        ] {
            assert!(!turned(source, bracket), "{source} {bracket}");
        }
        let put = |source: &str| {
            let read = |text: &str| Words::read(text, [[Span::new(0, text.len())].as_slice()]);
            let (source, quoted) = (read(source), read("in [1999] they"));
            turns(Language::english(), &source, 0..source.len(), &quoted, 1..1)
        };
        assert!(!put("that year") && !put("the year 1999") && put("1989"));
        for (source, bracket) in [
            ("is not", "is"),
            ("is", "is not"),
            ("probably", "then"),
            ("may", "will"),
            ("must", "can"),
            ("75", "85"),
            ("nine million", "ten million"),
        ] {
            assert!(turned(source, bracket), "{source} {bracket}");
        }
    }
}
