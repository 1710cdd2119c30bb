//! Finds where sentences begin in a paragraph, since a citation owns the words of its sentence. Must not end
//! a sentence inside a quotation or after an abbreviation.

use super::prose::{Glyph, Prose};
use crate::text::Span;

/// Abbreviations, in lower case, whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 44] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "maj", "adm", "sen", "rep", "gov",
    "pres", "st", "jr", "sr", "vs", "etc", "cf", "al", "vol", "ed", "eds", "inc", "ltd", "co", "corp", "jan",
    "feb", "aug", "sept", "oct", "nov", "dec", "para", "fig", "ca", "approx", "p", "pp", "brig",
];

/// Words that begin a sentence even after `U.S.`.
const STARTERS: [&str; 14] =
    ["The", "A", "An", "In", "It", "He", "She", "They", "But", "This", "That", "We", "Its", "These"];

/// Where the sentences of `prose` begin, in order and without the first. No sentence ends inside one of
/// `quotations`; a citation after a full stop belongs to the sentence it closes.
pub(super) fn sentences(prose: &Prose, quotations: &[Span]) -> Vec<usize> {
    let glyphs = &prose.glyphs;
    let mut out = Vec::new();
    let (mut quotation, mut cited) = (0, 0);
    let mut i = 0;
    while i < glyphs.len() {
        let stop = i;
        i += 1;
        if !matches!(glyphs[stop].c, '.' | '?' | '!' | '…') {
            continue;
        }
        let closer =
            |c: char| matches!(c, '”' | '"' | '’' | '\'' | '»' | '“' | ')' | ']' | '.' | '?' | '!' | '…');
        while glyphs.get(i).is_some_and(|glyph| closer(glyph.c)) {
            i += 1;
        }
        let closed = i;
        while glyphs.get(i).is_some_and(|glyph| glyph.c.is_whitespace()) {
            i += 1;
        }
        let end = glyphs[closed - 1].end();
        let next = glyphs.get(i).copied();
        while prose.cited.get(cited).is_some_and(|(span, _)| span.start < end) {
            cited += 1;
        }
        // An author-in-text citation before the next word begins the next sentence.
        let mut author = None;
        let mut ahead = cited;
        while let Some(&(span, author_in_text)) = prose.cited.get(ahead)
            && next.is_none_or(|next| span.start < next.at)
            && author.is_none()
        {
            author = author_in_text.then_some(span.start);
            ahead += 1;
        }
        let Some(start) = author.or(next.map(|next| next.at)) else { break };
        while quotations.get(quotation).is_some_and(|span| span.end <= glyphs[stop].at) {
            quotation += 1;
        }
        let inside =
            quotations.get(quotation).is_some_and(|span| span.start < glyphs[stop].at && start < span.end);
        let begins = author.is_some()
            || closed < i
                && next.is_some_and(|next| {
                    next.c.is_uppercase()
                        || next.c.is_numeric()
                        || matches!(next.c, '“' | '"' | '‘' | '«' | '„' | '(' | '[')
                });
        if !inside && begins && !(glyphs[stop].c == '.' && closed == stop + 1 && abbreviates(glyphs, stop, i))
        {
            out.push(start);
        }
    }
    out
}

/// Whether the full stop at `stop` belongs to an abbreviation or initial, given that the next word is at
/// `next`.
fn abbreviates(glyphs: &[Glyph], stop: usize, next: usize) -> bool {
    // Longer than any abbreviation, so that long runs of letters need not be read.
    const LONGEST: usize = 12;
    let before = glyphs[..stop].iter().rev().take(LONGEST + 1);
    let mut token: Vec<char> = before.map(|g| g.c).take_while(|&c| c.is_alphanumeric() || c == '.').collect();
    token.reverse();
    let token: String = token.into_iter().collect();
    let word: String =
        glyphs[next..].iter().map(|g| g.c).take_while(|c| c.is_alphanumeric()).take(LONGEST).collect();
    if token.chars().count() > LONGEST {
        return false;
    }
    if token.contains('.') && token.chars().any(char::is_alphabetic) {
        return !STARTERS.contains(&word.as_str());
    }
    let initial = token.chars().count() == 1 && token.chars().all(char::is_uppercase) && token != "I";
    let number = token == "No" || token == "Nos";
    initial
        || number && word.starts_with(|c: char| c.is_ascii_digit())
        || ABBREVIATIONS.contains(&token.to_lowercase().as_str())
}
