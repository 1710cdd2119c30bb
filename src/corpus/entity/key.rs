//! The key of a name: what two spellings of one name have in common.

use super::tokens::{self, Shape, Token};
use crate::text::Span;

/// A name as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Bytes of the text, from the first word to the last.
    pub span: Span,
    /// As it is written, on one line.
    pub spelling: String,
    /// What equal names have in common: see [`key`].
    pub key: String,
}

/// The key of a name: its words in small letters without accents and joined by blanks, so that
/// `Al-Qaeda` and `al-Qaeda` have one key; letters that are all capitals stay, so that `IS` is not `is`.
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
