//! Measures of single elements of a web page: letters, prose, visibility, likeness.

use super::tree::Node;

/// Elements whose text is not visible on the page.
const UNSEEN: [&[u8]; 15] = [
    b"script",
    b"style",
    b"template",
    b"svg",
    b"math",
    b"iframe",
    b"object",
    b"canvas",
    b"audio",
    b"video",
    b"select",
    b"button",
    b"textarea",
    b"datalist",
    b"noframes",
];

/// Shorter paragraphs, in letters, are no evidence of an article: they are labels, headings and links.
pub(super) const PROSE: usize = 60;
/// A paragraph with a larger percentage of letters in links is a list of links.
const LINKED_PERCENT: usize = 50;
/// Returns true if two elements have the same name and most of their classes in common.
pub(super) fn is_akin(one: &Node<'_>, other: &Node<'_>) -> bool {
    /// Classes beyond these are not compared.
    const CLASSES: usize = 12;
    let classes = |node: &Node<'_>| -> Vec<Vec<u8>> {
        let all = node.attribute(b"class").unwrap_or_default().split(|byte| byte.is_ascii_whitespace());
        all.filter(|class| !class.is_empty()).take(CLASSES).map(<[u8]>::to_vec).collect()
    };
    let (ones, others) = (classes(one), classes(other));
    let shared = ones.iter().filter(|class| others.contains(class)).count();
    one.name() == other.name() && shared > 1 && shared * 2 >= ones.len().max(others.len())
}

/// Returns true if a paragraph with `letters`, of which `linked` are in links, is prose.
pub(super) fn is_prose(letters: usize, linked: usize) -> bool {
    letters >= PROSE && linked * 100 <= letters * LINKED_PERCENT
}

/// The number of letters in `words`. An ideograph says as much as two.
pub(super) fn letters(words: &str) -> usize {
    words.chars().filter(|c| !c.is_whitespace()).map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum()
}

/// Returns true if `node` is not visible; what is for readers without scripts is if `noscript`.
pub(super) fn is_unseen(node: &Node<'_>, noscript: bool) -> bool {
    UNSEEN.contains(&node.name())
        || (node.name() == b"noscript" && !noscript)
        || node.attribute(b"hidden").is_some()
        || node.attribute(b"aria-hidden") == Some(b"true")
        || node.attribute(b"style").is_some_and(is_hidden)
}

fn is_hidden(style: &[u8]) -> bool {
    /// The beginning of a style, which is enough.
    const MOST: usize = 400;
    let style = style.iter().take(MOST).filter(|byte| !byte.is_ascii_whitespace());
    let style: Vec<u8> = style.map(u8::to_ascii_lowercase).collect();
    memchr::memmem::find(&style, b"display:none").is_some()
        || memchr::memmem::find(&style, b"visibility:hidden").is_some()
}
