//! The words of prose without Markdown's marks: escapes, entities, attributes, addresses.

/// Length of the attributes `{…}` that `text` starts with, or 0.
pub(super) fn attributes(text: &str) -> usize {
    if text.starts_with('{') { text.find('}').map_or(0, |at| at + 1) } else { 0 }
}

/// Whether what stands in `<` and `>` is an address, and no tag.
pub(super) fn address(gap: &str) -> bool {
    gap.contains("://") || gap.contains('@') && !gap.contains([' ', '"', '\n'])
}

/// The entities that writers type by hand, and what they mean; all others stay as written.
const ENTITIES: [(&str, &str); 15] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("sect", "§"),
    ("para", "¶"),
];

/// What the entity means that `text`, behind an `&`, starts with, and its length with the `;`.
fn entity(text: &str) -> Option<(&'static str, usize)> {
    let (name, _) = text.split_once(';')?;
    let (_, meaning) = ENTITIES.iter().find(|(other, _)| *other == name)?;
    Some((meaning, name.len() + 1))
}

/// The words of prose: escapes and entities resolved, marks of what is set high or low taken off.
pub(super) fn unescaped(text: &str, out: &mut String) {
    let mut close = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let behind = &text[at + c.len_utf8()..];
        match c {
            '\\' if behind.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(chars.next().map(|(_, c)| c));
            }
            '&' => match entity(behind) {
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
