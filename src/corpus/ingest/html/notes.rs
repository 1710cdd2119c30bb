//! The notes of a web page and their marks.

use super::tree::{Node, NodeKind, Tree};

/// Returns true if element `at` is a note: by its role, or as an item of a list of notes.
pub(super) fn is_note(tree: &Tree<'_>, at: usize) -> bool {
    let node = &tree.nodes[at];
    let has = |node: &Node<'_>, name: &[u8], words: &[&str]| {
        node.attribute(name).is_some_and(|value| {
            value
                .split(|byte| byte.is_ascii_whitespace())
                .any(|value| words.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes())))
        })
    };
    const NOTES: [&str; 6] = ["doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"];
    if has(node, b"role", &NOTES[..2]) || has(node, b"epub:type", &NOTES) {
        return true;
    }
    if !matches!(node.name(), b"li" | b"p" | b"div" | b"aside" | b"dd") {
        return false;
    }
    const LISTS: [&str; 8] = [
        "references",
        "footnotes",
        "endnotes",
        "footnotes-list",
        "doc-endnotes",
        "fn-list",
        "easy-footnotes-wrapper",
        "notes-list",
    ];
    let list = |node: &Node<'_>| {
        has(node, b"class", &LISTS)
            || has(node, b"role", &["doc-endnotes"])
            || has(node, b"epub:type", &LISTS)
    };
    if has(node, b"class", &["footnote", "footnote-content", "footnote-definition", "endnote"]) {
        return true;
    }
    if node.name() == b"li" {
        let parent = &tree.nodes[node.parent];
        return list(parent) || list(&tree.nodes[parent.parent]);
    }
    // `<aside id="fn3">`, `<p id="fn:3">`
    let id = node.attribute(b"id").unwrap_or_default();
    [&b"fn"[..], b"ftn", b"footnote", b"endnote", b"_ftn", b"note-"].iter().any(|begin| {
        id.strip_prefix(*begin).is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            let rest = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b":")).unwrap_or(rest);
            !rest.is_empty() && rest.iter().all(u8::is_ascii_digit)
        })
    })
}

/// The words inside element `at`, if they are few.
pub(super) fn few_words(tree: &Tree<'_>, file: &str, at: usize) -> Option<String> {
    const MOST: usize = 40;
    /// Limits the time for nested elements without words.
    const NODES: usize = 20;
    let mut out = String::new();
    if tree.inside(at).len() > NODES {
        return None;
    }
    for inner in tree.inside(at) {
        if let NodeKind::Words(span) = tree.nodes[inner].kind {
            out.push_str(&file[span.start..span.end]);
            if out.len() > MOST {
                return None;
            }
        }
    }
    Some(out.replace("&#160;", " ").replace("&nbsp;", " ").trim().to_owned())
}

/// Returns true if superscript text is a note mark: a number, a letter or a sign, with or without brackets.
pub(super) fn is_mark(tree: &Tree<'_>, file: &str, at: usize) -> bool {
    const LONGEST: usize = 6;
    let Some(words) = few_words(tree, file, at) else { return false };
    let linked = tree.inside(at).any(|inner| tree.nodes[inner].name() == b"a")
        || tree.nodes[tree.nodes[at].parent].name() == b"a";
    let bare = bare(&words);
    let number =
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '–' | '-'));
    words.len() <= LONGEST && (number || linked || matches!(bare, "*" | "†" | "‡" | "**"))
}

fn bare(words: &str) -> &str {
    words.trim_matches(['[', ']', '(', ')'])
}

/// The mark of a note, if element `at` inside the note is its mark or a link back to the text; empty for an
/// arrow.
pub(super) fn mark_of_note(tree: &Tree<'_>, file: &str, at: usize) -> Option<String> {
    const LONGEST: usize = 12;
    let words = few_words(tree, file, at)?;
    let node = &tree.nodes[at];
    let back = node.name() == b"sup" || node.attribute(b"href").is_some_and(|href| href.contains(&b'#'));
    let bare = bare(&words).trim_end_matches(['.', ':']);
    let number = !bare.is_empty() && bare.chars().count() <= 4 && !bare.contains(char::is_whitespace);
    let arrow = !words.contains(char::is_alphanumeric);
    (back && words.len() <= LONGEST && (number || arrow || words.starts_with('&')))
        .then(|| if words.starts_with('&') { String::new() } else { bare.to_owned() })
}
