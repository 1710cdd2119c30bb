//! The citations of a brief, ready to be printed.

use std::collections::HashMap;

use crate::brief::Brief;
use crate::brief::markdown::BlockKind;
use crate::corpus::style::{Cite, Cluster};
use crate::text::Span;

/// A citation to print, and what it replaces.
#[derive(Debug)]
pub(super) struct Cited {
    /// The whole of it, in bytes of the brief.
    pub(super) span: Span,
    /// The works.
    pub(super) cluster: Cluster,
    /// Whether the first author is part of the sentence: `@key [p. 3]`.
    pub(super) author_in_text: bool,
    /// Whether it is in a note already.
    pub(super) in_note: bool,
}

/// The citations of `brief`, in order. `known` has the index of each key's item; a citation with another key is ignored.
/// With `notes`, each one outside a note gets the number of a note of its own.
pub(super) fn citations(brief: &Brief, known: &HashMap<&str, usize>, notes: bool) -> Vec<Cited> {
    let mut out: Vec<Cited> = Vec::new();
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); brief.groups.len()];
    for (at, citation) in brief.citations.iter().enumerate() {
        if let Some(group) = groups.get_mut(citation.group) {
            group.push(at);
        }
    }
    for (group, members) in brief.groups.iter().zip(&groups) {
        if !members.iter().all(|at| known.contains_key(brief.citations[*at].key.as_str())) {
            continue;
        }
        let block = brief.markdown.block_at(group.span.start);
        if block.is_some_and(|block| block.kind == BlockKind::Metadata) {
            continue;
        }
        let cite = |at: &usize| {
            let citation = &brief.citations[*at];
            Cite {
                item: known[citation.key.as_str()],
                locator: citation.locator.as_ref().map(|one| (one.label.to_owned(), one.value.clone())),
                prefix: plain(&citation.prefix),
                suffix: plain(&citation.suffix),
                without_author: citation.suppress_author,
            }
        };
        let in_note =
            block.is_some_and(|block| block.footnote.is_some()) || in_inline_note(brief, group.span.start);
        let mut put = |span: Span, members: &[usize]| {
            let cites = members.iter().map(cite).collect();
            let author_in_text = members.first().is_some_and(|at| brief.citations[*at].author_in_text);
            out.push(Cited { span, cluster: Cluster { cites, note: None }, author_in_text, in_note });
        };
        if group.keyless_parts.is_empty() {
            put(group.span, members);
        } else {
            // Pandoc does not take the bracket for a citation, only the keys in it.
            for at in members {
                put(brief.citations[*at].span, std::slice::from_ref(at));
            }
        }
    }
    out.sort_by_key(|one| one.span.start);
    // A citation within the suffix of another is printed with it.
    let mut end = 0;
    out.retain(|one| {
        let apart = one.span.start >= end;
        end = end.max(one.span.end);
        apart
    });
    if notes {
        for (at, one) in out.iter_mut().enumerate() {
            one.cluster.note = Some(at + 1);
        }
    }
    out
}

/// Returns true if `offset` is in a note written in the text: `^[…]`.
fn in_inline_note(brief: &Brief, offset: usize) -> bool {
    let Some(block) = brief.markdown.block_at(offset) else { return false };
    let before = &brief.text.as_str()[block.span.start..offset];
    let Some(at) = before.rfind("^[") else { return false };
    let mut depth = 0_i32;
    for c in before[at + 1..].chars() {
        depth += i32::from(c == '[') - i32::from(c == ']');
        if depth == 0 {
            return false;
        }
    }
    true
}

/// `words` without marks of emphasis and on one line.
fn plain(words: &str) -> String {
    let words = words.replace(['*', '`'], "");
    let gap = if words.starts_with(char::is_whitespace) { " " } else { "" };
    format!("{gap}{}", words.split_whitespace().collect::<Vec<_>>().join(" "))
}
