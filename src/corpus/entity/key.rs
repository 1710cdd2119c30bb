//! The key of a name, which is the same for all spellings that count as equal.

use super::tokens::{self, Shape, Token};
use crate::text::Span;

/// A name as written in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its span in bytes, from the first word to the last.
    pub span: Span,
    /// The name as written, on one line.
    pub spelling: String,
    /// Its key: see [`key`].
    pub key: String,
}

/// The key of a name: its words in lower case, without accents and separated by blanks, so that `Al-Qaeda`
/// and `al-Qaeda` share one. Words in all capitals are kept, so that `IS` differs from `is`.
#[must_use]
pub fn key(spelling: &str) -> String {
    let span = Span::new(0, spelling.len());
    let tokens = tokens::read(spelling, &[span]);
    let words: Vec<String> = tokens.iter().map(|token| folded(spelling, token)).collect();
    words.join(" ")
}

/// One word of a key.
pub(super) fn folded(text: &str, token: &Token) -> String {
    use unicode_normalization::UnicodeNormalization;
    let word = &text[token.span.start..token.span.end];
    match token.shape {
        // A plural: NGOs.
        Shape::Acronym => word.chars().filter(|c| *c != '.').take_while(|c| !c.is_lowercase()).collect(),
        Shape::Number => word.to_owned(),
        _ if word.is_ascii() => {
            let plain = word.bytes().filter(|byte| *byte != b'.' && *byte != b'\'');
            plain.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
        }
        _ => word
            .nfd()
            .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !matches!(c, '.' | '’' | 'ʼ'))
            .flat_map(char::to_lowercase)
            .collect(),
    }
}
