//! Lines to running text: hyphens at line ends, spaces, and marks of notes.

use std::collections::HashSet;

use super::columns::Line;
use super::letters::is_cjk;
use super::rows::Word;

/// The words of a document, in lower case, to tell hyphens that a line break made from those of the writer.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(HashSet<String>);

/// What is written with a hyphen before most words, where the document itself does not tell.
const LEADS: [&str; 24] = [
    "self", "well", "ex", "vice", "half", "quasi", "so", "all", "ill", "far", "long", "short", "high", "low",
    "much", "once", "twice", "two", "three", "four", "five", "six", "ten", "cross",
];

impl Vocabulary {
    /// Adds the words of `line`, without those that may be cut by its ends.
    pub(super) fn add(&mut self, line: &Line) {
        let words = &line.words;
        for (at, word) in words.iter().enumerate() {
            let cut = at == 0 || (at + 1 == words.len() && word.text.ends_with(is_hyphen));
            if !cut {
                let core = core(&word.text);
                if core.chars().any(char::is_alphabetic) {
                    self.0.insert(core.to_lowercase());
                }
            }
        }
    }

    /// Returns true if the document has `left` and `right` as one word.
    fn has(&self, left: &str, right: &str) -> bool {
        self.0.contains(&format!("{}{}", core(left), core(right)).to_lowercase())
    }

    /// Returns true if `hyphen` between `left` and `right`, at the end of a line, belongs to the word.
    fn keeps(&self, left: &str, right: &str, hyphen: char) -> bool {
        if self.has(left, right) {
            return false;
        }
        let (left, right) = (core(left), core(right));
        if self.0.contains(&format!("{left}-{right}").to_lowercase()) {
            return true;
        }
        // “state-of-the-”: the word has hyphens already. Programs that hyphenate use the character for it.
        hyphen == '-' && (left.contains('-') || LEADS.contains(&&*left.to_lowercase()))
    }
}

fn core(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Returns true if `c` joins parts of a word and may have been set by a line break.
fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{ad}' | '¬')
}

/// Appends `line` to the running text before it. Returns the offset of its first word.
pub(super) fn append(text: &mut String, line: &Line, vocabulary: &Vocabulary) -> usize {
    let mut start = None;
    let mut kept =
        line.words.iter().enumerate().filter(|(at, word)| !is_mark(&line.words, *at, word)).peekable();
    while let Some((at, word)) = kept.next() {
        if start.is_none() {
            join(text, &word.text, vocabulary);
            start = Some(text.len());
        } else if !(word.glued || kept.peek().is_none() && is_loose_hyphen(&line.words, at)) {
            text.push(' ');
        }
        let is_last = kept.peek().is_none();
        push(text, &word.text, is_last);
    }
    start.unwrap_or(text.len())
}

/// Returns true if the word at `at` is a hyphen that a program set apart from its word.
fn is_loose_hyphen(words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let near = at > 0 && word.x.0 - words[at - 1].x.1 < 0.4 * word.size;
    matches!(word.text.as_str(), "\u{2010}" | "\u{ad}") || word.text == "-" && near
}

/// Appends the letters of a word. A soft hyphen is kept only where the line may break at it.
fn push(text: &mut String, word: &str, is_last: bool) {
    let end = word.trim_end_matches('\u{ad}').len();
    text.extend(word[..end].chars().filter(|c| *c != '\u{ad}'));
    if is_last && end < word.len() {
        text.push('\u{ad}');
    }
}

/// Prepares `text` for the first word of the next line.
fn join(text: &mut String, next: &str, vocabulary: &Vocabulary) {
    let Some(last) = text.chars().last() else { return };
    let first = next.chars().next().unwrap_or(' ');
    let before = text.trim_end_matches(is_hyphen);
    let follows_letter = before.chars().last().is_some_and(char::is_alphanumeric);
    if last == '\u{ad}' || last == '¬' {
        text.truncate(before.len());
        return;
    }
    if is_hyphen(last) && follows_letter && before.len() + last.len_utf8() == text.len() {
        let left = before.rsplit(char::is_whitespace).next().unwrap_or(before);
        let letter = before.chars().last().is_some_and(char::is_alphabetic);
        if first.is_lowercase() && letter {
            let right = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or(next);
            // “pre- and post-war” keeps its hyphen and its space.
            let is_joint = ["and", "or", "und", "oder", "bzw", "et", "и", "или"].contains(&next);
            if is_joint && last == '-' && !vocabulary.has(left, right) {
                text.push(' ');
            } else if !vocabulary.keeps(left, right, last) {
                text.truncate(before.len());
            }
        } else if !first.is_alphanumeric() {
            text.push(' ');
        }
        return;
    }
    if is_cjk(last) && (is_cjk(first) || !first.is_alphanumeric()) || is_cjk(first) && is_wide_end(last) {
        return;
    }
    let glued_dash = |c: char| matches!(c, '—' | '–' | '/');
    let before_last = text[..text.len() - last.len_utf8()].chars().last();
    let is_glued = glued_dash(last) && before_last.is_some_and(|c| c.is_alphanumeric());
    let spaced = last == '/'
        && !text.rsplit(' ').next().unwrap_or_default().contains("//")
        && !first.is_alphanumeric();
    if is_glued && !spaced || first == '—' && next.chars().nth(1).is_some_and(char::is_alphanumeric) {
        return;
    }
    text.push(' ');
}

fn is_wide_end(c: char) -> bool {
    is_cjk(c) || matches!(c, '“' | '‘' | '—' | '…')
}

/// Returns true if the word at `at` is the mark of a note: small, raised, a number or a symbol, and after a word
/// that takes no exponent.
pub(super) fn is_mark(words: &[Word], at: usize, word: &Word) -> bool {
    const UNITS: [&str; 10] = ["m", "km", "cm", "mm", "ft", "mi", "in", "dm", "yd", "s"];
    const VARIABLES: [&str; 2] = ["x", "r"];
    if !word.raised || word.text.chars().count() > 8 {
        return false;
    }
    let is_symbol = |c: char| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '∗' | '#');
    let is_list = |c: char| c.is_ascii_digit() || matches!(c, ',' | '–' | '-' | '[' | ']' | '(' | ')' | ' ');
    let text = &word.text;
    let looks = text.chars().all(is_symbol)
        || text.chars().all(is_list) && text.chars().any(|c| c.is_ascii_digit())
        || text.chars().count() == 1 && text.chars().all(|c| matches!(c, 'a'..='f')) && word.glued;
    if !looks {
        return false;
    }
    let Some(before) = at.checked_sub(1).map(|at| &*words[at].text) else { return true };
    let ends_number = |word: &str| word.chars().last().is_some_and(|c| c.is_ascii_digit());
    // “in” is a word more often than a unit.
    let is_measured = before != "in" || at >= 2 && ends_number(&words[at - 2].text);
    let is_power = matches!(text.trim_start_matches(['-', '–']), "1" | "2" | "3" | "4");
    !(ends_number(before)
        || UNITS.contains(&before) && is_power && is_measured
        || VARIABLES.contains(&before))
}
