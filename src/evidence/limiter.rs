//! Words that limit or reverse a statement: a quotation that omits them is verbatim and still misleading.
//! Informational only, and silent if the brief says the same in its own words.

use std::ops::Range;

use super::asked::Asked;
use super::locate::Located;
use super::negation::is_negation;
use crate::text::words::Words;

/// The limiting word that continues the source's sentence, or that was cut off before the quotation.
pub(super) fn cut_off(
    asked: &Asked,
    whole: &Range<usize>,
    sentence_before: &str,
    sentence_after: &str,
) -> Option<String> {
    if let Some(limiter) = limited(asked, whole.end) {
        const CARRIED: [&str; 12] = [
            "but", "yet", "however", "although", "though", "unless", "except", "only", "while", "if", "not",
            "still",
        ];
        if !says(sentence_after, &CARRIED) {
            return Some(limiter);
        }
    }
    denied(asked, whole.start, sentence_before)
}

/// The word right before word `start` that reverses what follows, unless the brief also denies it before the
/// quotation.
pub(super) fn denied(asked: &Asked, start: usize, sentence_before: &str) -> Option<String> {
    let words = &asked.words.words;
    let before = start.checked_sub(1).filter(|_| !stops(words.gap(start)))?;
    let cut = words.lower(before);
    let runs_on = words.part(before) == words.part(start);
    const DENIED: [&str; 19] = [
        "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without", "hardly",
        "scarcely", "barely", "denied", "denies", "deny", "rejected", "rejects", "refused",
    ];
    let denies =
        says(sentence_before, &DENIED) || sentence_before.contains("n’t") || sentence_before.contains("n't");
    (runs_on && matches!(cut, "not" | "never" | "hardly") && !denies).then(|| cut.to_owned())
}

/// The limiting word with which the source's sentence continues at word `end`, which is not its first word.
pub(super) fn limited(asked: &Asked, end: usize) -> Option<String> {
    let words = &asked.words.words;
    if end >= words.len() || !asked.stream().runs_on(end - 1, end) || stops(words.gap(end)) {
        return None;
    }
    let next = words.lower(end);
    let only_if = next == "only" && end + 1 < words.len() && words.lower(end + 1) == "if";
    (matches!(next, "but" | "unless" | "except") || only_if)
        .then(|| if only_if { "only if".into() } else { next.to_owned() })
}

/// Whether `text` contains one of the words in `list`.
fn says(text: &str, list: &[&str]) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    words.any(|word| list.contains(&word.to_lowercase().as_str()))
}

/// Whether a sentence ends or breaks off in the gap between two words.
fn stops(gap: &str) -> bool {
    gap.contains(['.', '?', '!', '\n', ';'])
}

/// A limiting word in the text that ellipses omit, either in the sentence that breaks off or in the one that
/// resumes.
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
