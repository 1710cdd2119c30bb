//! Strips Markdown from prose: escapes, entities, attributes and addresses.

use crate::brief::entities;

/// The length of the attributes `{…}` at the start of `text`, or 0.
pub(super) fn attributes(text: &str) -> usize {
    if text.starts_with('{') { text.find('}').map_or(0, |at| at + 1) } else { 0 }
}

/// Whether the contents of `<…>` are an address rather than a tag.
pub(super) fn address(gap: &str) -> bool {
    gap.contains("://") || gap.contains('@') && !gap.contains([' ', '"', '\n'])
}

/// Appends the plain words of `text`: escapes and entities resolved, superscript and subscript marks removed.
pub(super) fn unescaped(text: &str, out: &mut String) {
    let mut close = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let behind = &text[at + c.len_utf8()..];
        match c {
            '\\' if behind.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(chars.next().map(|(_, c)| c));
            }
            '&' => match entities::entity(behind) {
                Some((meaning, length)) => {
                    out.push_str(meaning);
                    while chars.next_if(|(next, _)| *next <= at + length).is_some() {}
                }
                None => out.push(c),
            },
            '^' | '~' if close == Some(at) => close = None,
            '^' | '~' if close.is_none() => {
                let end =
                    behind.find(c).filter(|end| *end > 0 && !behind[..*end].contains(char::is_whitespace));
                close = end.map(|end| at + 1 + end);
                if close.is_none() {
                    out.push(c);
                }
            }
            _ => out.push(c),
        }
    }
}
