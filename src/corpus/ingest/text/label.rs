//! The number or letter that a paragraph begins with: `12.`, `(12)`, `[12]`, `(a)`.

use super::lines::is_space;
use crate::corpus::printed::month;

/// The punctuation around a number before a paragraph. All paragraphs of one numbering have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dress {
    /// `12.`
    Stop,
    /// `12)`
    Bracket,
    /// `(12)`
    Brackets,
    /// `[12]`
    Square,
    /// `12` and white space.
    Bare,
    /// `¹²`, as in notes.
    Raised,
}

/// A number before a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label<'t> {
    pub dress: Dress,
    pub number: u32,
    /// The words after it; empty if there are none.
    pub rest: &'t str,
}

/// Most digits in a paragraph number: the longest judgments have several thousand paragraphs.
pub(super) const DIGITS: usize = 4;

/// The number at the start of `words`, if it is written like a paragraph number.
pub(super) fn label(words: &str) -> Option<Label<'_>> {
    let words = words.trim_start_matches(['*', '_', '¶']).trim_start_matches(is_space);
    let words = named(words);
    let (open, inner) = match words.chars().next()? {
        '(' | '（' => (Some(true), words.trim_start_matches(['(', '（'])),
        '[' => (Some(false), &words[1..]),
        _ => (None, words),
    };
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > DIGITS || inner.starts_with('0') {
        return None;
    }
    let number = inner[..digits].parse().ok()?;
    let mut rest = &inner[digits..];
    let dress = match (open, rest.chars().next()) {
        (Some(true), Some(c @ (')' | '）'))) => {
            rest = &rest[c.len_utf8()..];
            Dress::Brackets
        }
        (Some(false), Some(']')) => {
            rest = &rest[1..];
            Dress::Square
        }
        (None, Some('.' | '．')) => {
            rest = rest.trim_start_matches(['.', '．']);
            // `12.- `, as Spanish laws have it.
            rest = rest.strip_prefix(['-', '–', '—']).unwrap_or(rest);
            Dress::Stop
        }
        (None, Some(c)) if is_space(c) && dashed(rest).is_some() => {
            rest = dashed(rest).unwrap_or(rest);
            Dress::Stop
        }
        (None, Some('\\')) if rest[1..].starts_with('.') => {
            rest = &rest[2..];
            Dress::Stop
        }
        (None, Some(')' | '）')) => {
            rest = rest.trim_start_matches([')', '）']);
            Dress::Bracket
        }
        (None, Some(c)) if is_space(c) => Dress::Bare,
        _ => return None,
    };
    let marks = rest.trim_start_matches(['*', '_']);
    let words = marks.trim_start_matches(is_space);
    let apart = words.len() < marks.len();
    let begins =
        words.chars().find(|c| !matches!(c, '“' | '"' | '‘' | '«' | '„' | '\'' | '(' | '[' | '*' | '_'));
    let fits = match (dress, begins) {
        (_, None) => words.is_empty() && dress != Dress::Bare,
        // “12 boats were lost” and “5 May” begin a sentence.
        (Dress::Bare, Some(c)) => c.is_alphabetic() && !c.is_lowercase() && !is_date(words, true),
        // `1.1`, `3.5 million`, `1.a`: never the start of a paragraph.
        (Dress::Stop, Some(c)) => (apart || c.is_uppercase()) && !is_date(words, false),
        (_, Some(c)) => apart || c.is_alphabetic(),
    };
    fits.then_some(Label { dress, number, rest: words })
}

/// What follows the dash in `12 – The mill`, its space included.
fn dashed(rest: &str) -> Option<&str> {
    let behind = rest.trim_start_matches(is_space).strip_prefix(['-', '–', '—'])?;
    let begins = behind.trim_start_matches(is_space).chars().next()?;
    (behind.starts_with(is_space) && begins.is_alphabetic() && !begins.is_lowercase()).then_some(behind)
}

/// `words` without what drafts and law reports write before the number itself: `OP12.`, `Rn. 12`, `Para. 12`.
fn named(words: &str) -> &str {
    const NAMES: [&str; 5] = ["OP", "Rn.", "Rz.", "Para.", "Paragraph"];
    let number = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    let rest = NAMES.iter().find_map(|name| Some(words.strip_prefix(name)?.trim_start_matches(is_space)));
    rest.filter(number).unwrap_or(words)
}

/// Whether `words` begin with the number of a part of a numbered paragraph: `1.1`, `2.3.1.`
pub(super) fn is_part(words: &str) -> bool {
    let number = words.split(is_space).next().unwrap_or_default();
    let mut parts = number.trim_end_matches(['.', ')']).split('.');
    let digits = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let begins = words[number.len()..].trim_start_matches(is_space).chars().next();
    parts.clone().count() > 1 && parts.all(digits) && begins.is_some_and(|c| c.is_uppercase())
}

/// Whether `words`, which follow a number, make it a date: `May 2031 …`, `Mai 2031`. If `bare`, the year may
/// be missing.
fn is_date(words: &str, bare: bool) -> bool {
    let mut words = words.split(is_space);
    let named = words.next().is_some_and(|word| {
        month(&word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).is_some()
    });
    let year = words.next().unwrap_or("").trim_end_matches(|c: char| !c.is_alphanumeric());
    named && (bare || (year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())))
}

/// Whether `words` begin with the letter or roman number of a list item: `(a)`, `(iv)`, `b)`.
pub(super) fn is_item(words: &str) -> bool {
    let inner = words.trim_start_matches('(');
    let letters = inner.bytes().take_while(u8::is_ascii_alphabetic).count();
    let close = &inner[letters..];
    let roman = || inner[..letters].bytes().all(|byte| b"ivxlcIVXLC".contains(&byte));
    (letters == 1 || (letters <= 5 && letters > 0 && roman()))
        && (close.starts_with(')') || (letters == 1 && close.starts_with(". ") && inner.len() == words.len()))
}

/// The longest chain of labels with the same `dress` whose numbers rise, mostly by one, as indices of blocks.
pub(super) fn chain(labels: &[Option<Label<'_>>], dress: Dress) -> Vec<usize> {
    /// A step by more than one costs as much as one paragraph adds.
    const JUMP: i32 = 2;
    let numbers = labels.iter().flatten().filter(|label| label.dress == dress).map(|label| label.number);
    let size = numbers.max().map_or(0, |most| most as usize + 1);
    // For each number, the best chain that ends with it: its score and its block. Then the same for all
    // numbers up to it, stored as a Fenwick tree.
    let mut ends: Vec<Option<(i32, usize)>> = vec![None; size];
    let mut up_to: Vec<Option<(i32, usize)>> = vec![None; size];
    let mut before: Vec<Option<usize>> = vec![None; labels.len()];
    let mut best: Option<(i32, usize)> = None;
    for (at, label) in labels.iter().enumerate() {
        // A raised zero is no number of a note.
        let Some(label) = label.filter(|label| label.dress == dress && label.number > 0) else { continue };
        let number = label.number as usize;
        let mut lower = None;
        let mut node = number - 1;
        while node > 0 {
            lower = lower.max(up_to[node]);
            node &= node - 1;
        }
        let next = ends[number - 1].map(|(worth, end)| (worth + 1, Some(end)));
        let jump = lower.map(|(worth, end)| (worth + 1 - JUMP, Some(end)));
        let (worth, from) = next.max(jump).filter(|(worth, _)| *worth > 1).unwrap_or((1, None));
        before[at] = from;
        // Prefer the nearer of two with the same score.
        ends[number] = ends[number].max(Some((worth, at)));
        let mut node = number;
        while node < size {
            up_to[node] = up_to[node].max(Some((worth, at)));
            node += node & node.wrapping_neg();
        }
        best = best.max(Some((worth, at)));
    }
    let mut places = Vec::new();
    let mut at = best.map(|(_, at)| at);
    while let Some(place) = at {
        places.push(place);
        at = before[place];
    }
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_begins_with_one_or_more() {
        let label = |number| Some(Label { dress: Dress::Raised, number, ..label("1. x").expect("a label") });
        assert_eq!(chain(&[label(0), label(1), label(2)], Dress::Raised), [1, 2]);
        assert_eq!(chain(&[label(0), label(0)], Dress::Raised), [0_usize; 0]);
    }

    #[test]
    fn numbers_before_paragraphs_are_read_in_every_dress() {
        let dress = |words| label(words).map(|label| (label.dress, label.number));
        assert_eq!(dress("12. The mill burned."), Some((Dress::Stop, 12)));
        assert_eq!(dress("12.\tThe mill burned."), Some((Dress::Stop, 12)));
        assert_eq!(dress("12.The mill burned."), Some((Dress::Stop, 12)));
        assert_eq!(dress("4. (C) The mayor said"), Some((Dress::Stop, 4)));
        assert_eq!(dress("**7.** The mill"), Some((Dress::Stop, 7)));
        assert_eq!(dress("7\\. The mill"), Some((Dress::Stop, 7)));
        assert_eq!(dress("12) The mill"), Some((Dress::Bracket, 12)));
        assert_eq!(dress("(12) The mill"), Some((Dress::Brackets, 12)));
        assert_eq!(dress("[12] The mill"), Some((Dress::Square, 12)));
        assert_eq!(dress("12\tThe mill"), Some((Dress::Bare, 12)));
        assert_eq!(dress("¶ 12. The mill"), Some((Dress::Stop, 12)));
        assert_eq!(dress("12.- The mill"), Some((Dress::Stop, 12)));
        assert_eq!(dress("12 – The mill"), Some((Dress::Stop, 12)));
        assert_eq!(dress("OP12. The mill"), Some((Dress::Stop, 12)));
        assert_eq!(dress("Rn. 12 The mill"), Some((Dress::Bare, 12)));
        assert!(is_part("1.1 The mill") && !is_part("1. The mill") && !is_part("3.5 million"));
        for words in [
            "1.1 The mill",
            "3.5 million",
            "12 boats were lost",
            "5 May 2031 was a Monday",
            "5. Mai 2031 kam er",
            "007. Bond",
            "12",
            "12,000 people",
            "12:30 The bell rang",
            "(1998) 3 LR 17",
            "mill 12.",
            "12 – 15 May",
            "12 - the mill",
            "OPEC 12",
            "1st",
            "10% of them",
            "12345. Far",
            "(a) The mill",
        ] {
            // A bracketed year before a reference has a different dress, and occurs alone.
            assert!(
                dress(words).is_none_or(|(dress, _)| words.starts_with("(1998)") && dress == Dress::Brackets),
                "{words}"
            );
        }
    }
}
