//! The character references that writers type by hand or copy from a page; all others stay as written.

/// Each with its semicolon, and what it means.
const ENTITIES: [(&str, &str); 30] = [
    ("amp;", "&"),
    ("lt;", "<"),
    ("gt;", ">"),
    ("quot;", "\""),
    ("apos;", "'"),
    ("nbsp;", "\u{a0}"),
    ("#160;", "\u{a0}"),
    ("#xa0;", "\u{a0}"),
    ("ensp;", "\u{2002}"),
    ("emsp;", "\u{2003}"),
    ("thinsp;", "\u{2009}"),
    ("#8239;", "\u{202f}"),
    ("ndash;", "–"),
    ("mdash;", "—"),
    ("hellip;", "…"),
    ("lsquo;", "‘"),
    ("rsquo;", "’"),
    ("ldquo;", "“"),
    ("rdquo;", "”"),
    ("sbquo;", "‚"),
    ("bdquo;", "„"),
    ("laquo;", "«"),
    ("raquo;", "»"),
    ("#34;", "\""),
    ("#39;", "'"),
    ("#8217;", "’"),
    ("#8220;", "“"),
    ("#8221;", "”"),
    ("sect;", "§"),
    ("para;", "¶"),
];

/// The meaning of the reference that `text`, which follows an `&`, starts with, and its length with the `;`.
pub(super) fn entity(text: &str) -> Option<(&'static str, usize)> {
    let (name, meaning) = ENTITIES.iter().find(|(name, _)| text.starts_with(name))?;
    Some((meaning, name.len()))
}
