//! Recognizes a name, a date or a place in a book by the look of its words, as they are written beside quoted ones.

use crate::text::language::{Attributions, Language, WordList};
use crate::text::words::spelled;

/// Most words in a name with a title and a page.
pub(super) const MOST_WORDS: usize = 12;

/// Longest aside in characters; the addresses of links are hidden beforehand.
pub(super) const LONGEST: usize = 200;

/// Most words in a role after a name: “Clara Voss, mayor of the old town”.
const OFFICE: usize = 6;

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a list of any language has `word`.
fn is_in(word: &str, list: impl Fn(&'static Attributions) -> &'static WordList) -> bool {
    Language::every().has(&spelled(&bare(word).to_lowercase()), |tables| list(&tables.attributions))
}

pub(super) fn is_place_word(word: &str) -> bool {
    is_in(word, |words| &words.places)
}

/// Whether `words` are only a place in a book: `p. 12`, `Highlight (yellow) - Page 5 · Location 102`.
pub(super) fn is_place(words: &str) -> bool {
    let count = words.split_whitespace().count();
    let numbered = words.chars().any(|c| c.is_ascii_digit());
    let first = words.split_whitespace().find(|word| !bare(word).is_empty());
    let labelled = words.split(|c: char| !c.is_alphanumeric()).filter(|word| is_place_word(word)).count();
    count <= MOST_WORDS
        && numbered
        && labelled > 0
        && first.is_some_and(|first| {
            is_place_word(first)
                || first.contains(|c: char| c.is_ascii_digit())
                || is_in(first, |words| &words.refers)
                || labelled > 1
        })
}

/// Whether `words` are a name and a role in lower case: `Clara Voss, miller`, `Clara Voss (miller)`.
pub(super) fn has_office(words: &str) -> bool {
    let office = words.split_once([',', '(']).filter(|(name, office)| {
        let count = office.split_whitespace().count();
        is_name(name) && (1..=OFFICE).contains(&count) && !office.contains(['.', '?', '!', ';', ':'])
    });
    office.is_some_and(|(name, _)| name.split_whitespace().count() > 1)
}

/// Whether `words` are a date in any language: a day first, a year last, and at most three words between.
pub(super) fn is_date(words: &str) -> bool {
    let tokens: Vec<&str> = words.split_whitespace().map(bare).collect();
    let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    (2..=5).contains(&tokens.len())
        && (1..=2).contains(&first.len())
        && digits(first)
        && last.len() == 4
        && digits(last)
}

/// Whether `words` look like a name, possibly with an office or title in capitals, a year or a page.
pub(super) fn is_name(words: &str) -> bool {
    let tokens: Vec<&str> = words.split_whitespace().filter(|word| !bare(word).is_empty()).collect();
    let Some((first, rest)) = tokens.split_first() else { return false };
    if tokens.len() > MOST_WORDS || words.chars().count() > LONGEST {
        return false;
    }
    let capital = |word: &&str| bare(word).starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let number = |word: &&str| bare(word).starts_with(|c: char| c.is_ascii_digit());
    let small = |word: &&str| is_in(word, |words| &words.particles) || is_place_word(word);
    let elided = |word: &&str| bare(word).starts_with("d’") || bare(word).starts_with("d'");
    let page = |word: &&str| word.contains('.') && word.len() > 4 && !word.ends_with('.');
    let opens = capital(first) || elided(first) || is_in(first, |words| &words.openers);
    // A sentence that ends in the middle is not a name: `Brandt. The wall fell`.
    let ends = tokens[..tokens.len() - 1].iter().any(|word| {
        word.ends_with(['.', '?', '!'])
            && bare(word).chars().count() > 4
            && bare(word).chars().skip(1).all(char::is_lowercase)
    });
    let all =
        rest.iter().all(|word| capital(word) || number(word) || small(word) || elided(word) || page(word));
    opens && all && !ends && tokens.iter().any(capital)
}
