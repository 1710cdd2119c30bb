//! Words that limit or turn round what is said: a quotation that leaves them out is word for word
//! and still misleads. Information only, and none where the brief says the same in its own words.

use std::ops::Range;

use super::asked::Asked;
use super::locate::{Located, is_negation};
use crate::text::words::Words;

/// The limiting word with which the source's sentence goes on, or that was cut off before.
pub(super) fn cut_off(
    asked: &Asked,
    whole: &Range<usize>,
    sentence_before: &str,
    sentence_after: &str,
) -> Option<String> {
    let words = &asked.words.words;
    let stops = |gap: &str| gap.contains(['.', '?', '!', '\n', ';']);
    let says = |text: &str, list: &[&str]| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
        words.any(|word| list.contains(&word.to_lowercase().as_str()))
    };
    if whole.end < words.len()
        && asked.stream().runs_on(whole.end - 1, whole.end)
        && !stops(words.gap(whole.end))
    {
        let next = words.lower(whole.end);
        let only_if = next == "only" && whole.end + 1 < words.len() && words.lower(whole.end + 1) == "if";
        const CARRIED: [&str; 12] = [
            "but", "yet", "however", "although", "though", "unless", "except", "only", "while", "if", "not",
            "still",
        ];
        if (matches!(next, "but" | "unless" | "except") || only_if) && !says(sentence_after, &CARRIED) {
            return Some(if only_if { "only if".into() } else { next.to_owned() });
        }
    }
    let before = whole.start.checked_sub(1).filter(|_| !stops(words.gap(whole.start)))?;
    let cut = words.lower(before);
    let runs_on = words.part(before) == words.part(whole.start);
    const DENIED: [&str; 19] = [
        "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without", "hardly",
        "scarcely", "barely", "denied", "denies", "deny", "rejected", "rejects", "refused",
    ];
    let denies =
        says(sentence_before, &DENIED) || sentence_before.contains("n’t") || sentence_before.contains("n't");
    (runs_on && matches!(cut, "not" | "never" | "hardly") && !denies).then(|| cut.to_owned())
}

/// A limiting word in what the ellipses leave out: in the sentence that is broken off, or in the
/// one that is taken up again.
pub(super) fn hidden(asked: &Asked, found: &Located) -> Option<String> {
    const LIMITERS: [&str; 8] = ["but", "not", "unless", "except", "only", "however", "probably", "if"];
    let words = &asked.words.words;
    let stops = |at: usize| words.gap(at).contains(['.', '?', '!', '\n', ';']);
    for pair in found.stretches.windows(2) {
        let (start, end) = (pair[0].end, pair[1].start);
        let head = (start..end).take_while(|&at| !stops(at));
        let tail_from = (start..=end).rev().find(|&at| stops(at)).unwrap_or(end).max(start);
        for at in head.chain(tail_from..end) {
            if LIMITERS.contains(&words.lower(at)) || words.lower(at).ends_with("n't") {
                return Some(words.lower(at).to_owned());
            }
        }
    }
    None
}

/// Whether word `at` is a number, a name, a negation, a modal verb or a hedge.
pub(super) fn weighty(words: &Words, at: usize) -> bool {
    const WORDS: [&str; 48] = [
        "may",
        "might",
        "must",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "ought",
        "probably",
        "likely",
        "unlikely",
        "possibly",
        "perhaps",
        "allegedly",
        "reportedly",
        "apparently",
        "almost",
        "nearly",
        "about",
        "roughly",
        "some",
        "all",
        "most",
        "many",
        "few",
        "only",
        "always",
        "often",
        "sometimes",
        "rarely",
        "seems",
        "appears",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "hundred",
        "thousand",
        "million",
        "billion",
    ];
    let lower = words.lower(at);
    let starts = at == 0 || words.gap(at).contains(['.', '?', '!', '\n']);
    let name = !starts && words.written(at).starts_with(char::is_uppercase);
    name || is_negation(lower)
        || WORDS.contains(&lower)
        || lower.starts_with(|c: char| c.is_numeric() || "$€£¥%".contains(c))
}
