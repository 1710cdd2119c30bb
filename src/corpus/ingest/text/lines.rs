//! Classifies single lines: a sentence, an unfinished line, a quotation.

use crate::text::language::Language;

/// Most words in a heading; the longest in the seeds has 8.
pub(super) const HEADING_WORDS: usize = 15;

/// Whether `c` is white space, or an invisible character that separates nothing.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// Closing marks, which do not affect how a sentence ends.
const CLOSING: [char; 12] = ['”', '"', '»', '’', ')', '\'', '“', '‘', '」', '』', '）', '*'];

/// `words` without closing marks, spaces and note numbers at their end.
fn without_closing(words: &str) -> &str {
    let mut words = words;
    loop {
        let mut rest =
            words.trim_end_matches(|c: char| is_space(c) || CLOSING.contains(&c) || "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c));
        if let Some(inner) = rest.strip_suffix(']')
            && let Some((before, note)) = inner.rsplit_once('[')
            && note.len() <= 4
            && note.chars().all(|c| c.is_ascii_alphanumeric() || c == ',')
        {
            rest = before;
        }
        // `reasons.1`, where the note mark is not superscript.
        let bare = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        let glued = bare.len() + 3 >= rest.len()
            && bare
                .strip_suffix(['.', '!', '?', '”', '"', ')'])
                .is_some_and(|stem| stem.ends_with(char::is_alphabetic));
        if glued {
            rest = bare;
        }
        if rest.len() == words.len() {
            return rest;
        }
        words = rest;
    }
}

/// Whether `words` are a line of at most `most` words that does not end like a sentence. A question could be
/// either; a short one is usually a heading.
pub(super) fn is_line(words: &str, most: usize) -> bool {
    let count = words.split_whitespace().take(most + 1).count();
    let end = without_closing(words);
    let starts = words.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
    let ends = match end.chars().last() {
        Some('.') => is_abbreviation(end),
        Some('!' | '…' | ':' | ';' | ',' | '。' | '！' | '：' | '।' | '؛' | '،' | '，' | '；') => {
            false
        }
        Some(_) => true,
        None => false,
    };
    count <= most && starts && ends
}

/// Whether `words` end with initials, whose period is not a full stop: `U.S.`
fn is_abbreviation(words: &str) -> bool {
    let last = words.rsplit(is_space).next().unwrap_or("");
    let mut parts = last.split_terminator('.');
    last.matches('.').count() >= 2
        && parts.all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase))
}

/// Whether `words` end like a sentence.
pub(super) fn ends_sentence(words: &str) -> bool {
    without_closing(words)
        .ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '：', '؟', '।', '۔', '．', '｡'])
}

/// Whether `words` end like a paragraph of prose or a list item: with a sentence, a comma, a semicolon, or
/// the word before the last item.
pub(super) fn is_prose_end(words: &str) -> bool {
    let end = without_closing(words);
    ends_sentence(words)
        || end.ends_with([';', ',', '；', '，', '—', '–'])
        // In whatever language: none of these ends a paragraph in another.
        || end
            .rsplit(is_space)
            .next()
            .is_some_and(|last| Language::every().has(last, |tables| &tables.sentences.joins))
}

/// Whether `words` are a question.
pub(super) fn is_question(words: &str) -> bool {
    without_closing(words).ends_with(['?', '？', '؟'])
}

/// Whether one sentence ends within `words` and another begins: a word of at least three letters, its full
/// stop or question mark, then a capital.
pub(super) fn has_two_sentences(words: &str) -> bool {
    /// “Mr. Roos”, “No. 4”, “St. John”: shorter words with a period are abbreviations.
    const WORD: usize = 3;
    let mut before = "";
    for word in words.split_whitespace() {
        let begins = word.chars().find(|c| c.is_alphanumeric() || *c == '¿' || *c == '¡');
        if begins.is_some_and(|c| c.is_uppercase() || c == '¿' || c == '¡') {
            let end = before.trim_end_matches(CLOSING);
            let stem = end.trim_end_matches(['.', '?', '!', '…']);
            let letters = stem.chars().rev().take_while(|c| c.is_lowercase()).count();
            if stem.len() < end.len() && letters >= WORD {
                return true;
            }
        }
        before = word;
    }
    words.char_indices().any(|(at, c)| {
        matches!(c, '。' | '？' | '！') && !without_closing(&words[at + c.len_utf8()..]).is_empty()
    })
}

/// How far a quotation at the start of some words extends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// There is none, or it ends before they do.
    None,
    /// To the end.
    Whole,
    /// It is not closed.
    Open,
}

pub(super) fn is_quoted(words: &str) -> bool {
    reach(words) == Reach::Whole
}

pub(super) fn reach(words: &str) -> Reach {
    let mut chars = words.chars();
    let closing: &[char] = match chars.next() {
        Some('“') => &['”'],
        // German quotations close with the mark that opens English ones.
        Some('„') => &['“', '”'],
        Some('«') => &['»'],
        Some('»') => &['«'],
        Some('"') => &['"'],
        _ => return Reach::None,
    };
    let Some(first) = words.chars().next() else { return Reach::None };
    let mut depth = 1usize;
    for (at, c) in words.char_indices().skip(1) {
        if closing.contains(&c) {
            depth -= 1;
        } else if c == first {
            depth += 1;
        }
        if depth == 0 {
            return if ends_after(&words[at + c.len_utf8()..]) { Reach::Whole } else { Reach::None };
        }
    }
    Reach::Open
}

/// Whether only a full stop, a note number or a speaker's name after a dash follows the closing mark.
fn ends_after(rest: &str) -> bool {
    const SPEAKER_WORDS: usize = 8;
    let rest =
        rest.trim_start_matches(|c: char| is_space(c) || matches!(c, '.' | ',' | ';' | '!' | '?' | '…'));
    let speaker = rest.trim_start_matches(['—', '–', '-', '(']);
    let names = speaker.trim_start_matches(is_space).chars().next().is_none_or(char::is_uppercase);
    rest.is_empty()
        || rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '*'))
        || (speaker.len() < rest.len() && names && speaker.split_whitespace().count() <= SPEAKER_WORDS)
}
