//! Decides which elements of a web page belong to the article.

use super::notes::is_note;
use super::tree::{Node, NodeKind, Tree};

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The same as the element that it is in.
    Inherit,
    /// It is not visible.
    Drop,
    /// It belongs to the page.
    Frame,
    /// It belongs to the article.
    Article,
}

/// Elements whose text is not visible on the page.
const UNSEEN: [&[u8]; 15] = [
    b"script",
    b"style",
    b"noscript",
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
];

/// WAI-ARIA roles of elements around the text.
const FRAME_ROLES: [&[u8]; 8] = [
    b"navigation",
    b"banner",
    b"contentinfo",
    b"complementary",
    b"search",
    b"dialog",
    b"alertdialog",
    b"menu",
];

/// The fate of each node of `tree`.
pub(super) fn fates(tree: &Tree<'_>) -> Vec<Fate> {
    let mut fates = vec![Fate::Inherit; tree.nodes.len()];
    let main = main(tree);
    let titled = tree.nodes.iter().any(|node| node.name() == b"h1");
    let mut words_of_article = false;
    let (mut at, mut framed) = (0, 0);
    let mut quoted = 0;
    while let Some(node) = tree.nodes.get(at) {
        let name = node.name();
        if is_unseen(node) || (name == b"title" && titled) {
            fates[at] = Fate::Drop;
            at = node.next;
            continue;
        }
        let outside = main.is_some_and(|main| at < main || at >= tree.nodes[main].next);
        let in_main = main.is_some() && !outside;
        if name == b"blockquote" {
            quoted = quoted.max(node.next);
        }
        let around = match name {
            b"aside" => !is_note(tree, at),
            b"nav" | b"form" => true,
            b"header" => main.is_none(),
            b"footer" => at >= quoted && !in_main,
            _ => node.attribute(b"role").is_some_and(|role| FRAME_ROLES.contains(&role)),
        };
        if name == b"title" {
            fates[at] = Fate::Article;
            at = node.next;
            continue;
        }
        if around && !main.is_some_and(|main| at <= main && main < node.next) {
            fates[at] = Fate::Frame;
            framed = framed.max(node.next);
        } else if outside && !main.is_some_and(|main| at < main && main < node.next) {
            fates[at] = Fate::Frame;
        } else if Some(at) == main {
            fates[at] = Fate::Article;
        }
        words_of_article |= matches!(node.kind, NodeKind::Words(_)) && at >= framed && !outside;
        at += 1;
    }
    // If all of the page's text is in frames, they do not mean what they usually do.
    if !words_of_article {
        fates.iter_mut().filter(|fate| **fate == Fate::Frame).for_each(|fate| *fate = Fate::Inherit);
    }
    fates
}

fn is_unseen(node: &Node<'_>) -> bool {
    UNSEEN.contains(&node.name())
        || node.attribute(b"hidden").is_some()
        || node.attribute(b"aria-hidden") == Some(b"true")
        || node.attribute(b"style").is_some_and(is_hidden)
}

fn is_hidden(style: &[u8]) -> bool {
    let style: Vec<u8> = style.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
    memchr::memmem::find(&style.to_ascii_lowercase(), b"display:none").is_some()
}

/// The element that contains the article, if the page marks it: its only `article`, or its `main`.
fn main(tree: &Tree<'_>) -> Option<usize> {
    let only = |wanted: &[u8]| {
        let mut all = (0..tree.nodes.len()).filter(|at| tree.nodes[*at].name() == wanted);
        all.next().filter(|_| all.next().is_none())
    };
    only(b"article").or_else(|| only(b"main"))
}
