//! Whether the writer's words in brackets still say what they replace. A bracket may explain, name or
//! fit a word into the sentence; it may not turn a statement round or make it surer.

use std::ops::Range;

use super::figures;
use super::negation::is_negation;
use crate::text::words::Words;

/// Words that make a statement less sure, and that no bracket may take away.
const HEDGES: [&str; 20] = [
    "probably",
    "perhaps",
    "possibly",
    "maybe",
    "likely",
    "unlikely",
    "allegedly",
    "reportedly",
    "apparently",
    "supposedly",
    "seemingly",
    "presumably",
    "purportedly",
    "nearly",
    "almost",
    "hardly",
    "rarely",
    "seldom",
    "sometimes",
    "only",
];

/// Modal verbs in rows: within a row a bracket may fit one to the sentence (`[would]` for “will”).
const MODALS: [&[&str]; 4] =
    [&["may", "might"], &["can", "could"], &["will", "would"], &["shall", "should", "must", "ought"]];

/// Whether `word`, lower case, is a number that no other may stand for: not “one”, which is “somebody” as
/// often, nor “dozen”, which is twelve.
fn is_number(word: &str) -> bool {
    let spelled = figures::spelled(word).is_some() && !matches!(word, "one" | "dozen");
    spelled || matches!(word, "thousand" | "million") || word.starts_with(|c: char| c.is_numeric())
}

/// Whether the words `inside` of `quoted`, in brackets, say something else than the words `taken` of
/// `source`, which they stand for.
pub(super) fn turns(source: &Words, taken: Range<usize>, quoted: &Words, inside: Range<usize>) -> bool {
    let theirs = || taken.clone().map(|at| source.lower(at));
    let mine = || inside.clone().map(|at| quoted.lower(at));
    if theirs().any(is_negation) != mine().any(is_negation) {
        return true;
    }
    let hedged = |word: &str| HEDGES.contains(&word);
    // Not “Almost Famous”, which is a name.
    let small = |at: usize| source.written(at).starts_with(char::is_lowercase);
    if taken.clone().any(|at| hedged(source.lower(at)) && small(at)) && !mine().any(hedged) {
        return true;
    }
    let row = |word: &str| MODALS.iter().position(|row| row.contains(&word));
    if let (Some(theirs), Some(mine)) = (theirs().find_map(row), mine().find_map(row))
        && theirs != mine
    {
        return true;
    }
    // A bracket may put a number for “that” and a name for a number, but no other number.
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
        turns(&source, 0..source.len(), &bracket, 0..bracket.len())
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
            turns(&source, 0..source.len(), &quoted, 1..1)
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
