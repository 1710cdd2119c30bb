//! Example lists, `(@label) words`: their markers look like citations and are none.

use crate::brief::markdown::{Block, BlockKind};
use crate::text::Span;

/// The markers of the example list items in `block`, `(@label)`, `@label.` or `@label)` and a space,
/// with their labels. The first must begin the block, the others a line each.
pub(super) fn examples<'a>(text: &'a str, block: &Block) -> Vec<(Span, &'a str)> {
    let mut found = Vec::new();
    let Some(first) = block.prose.first().filter(|_| block.kind == BlockKind::Paragraph) else {
        return found;
    };
    let line = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    // A cell of a table is no item.
    if text[line..first.start].contains('|') || text[first.start..first.end].contains(" | ") {
        return found;
    }
    let Some((length, label)) = example(&text[first.start..first.end]) else { return found };
    found.push((Span::new(first.start, first.start + length), label));
    for piece in &block.prose {
        let starts = text[piece.start..piece.end].match_indices('\n').map(|(at, _)| piece.start + at + 1);
        for start in std::iter::once(piece.start).chain(starts).filter(|start| *start > first.start) {
            if text[..start].ends_with('\n')
                && let Some((length, label)) = example(&text[start..piece.end])
            {
                found.push((Span::new(start, start + length), label));
            }
        }
    }
    found
}

/// The marker that `prose` starts with: its length, and its label.
fn example(prose: &str) -> Option<(usize, &str)> {
    let inner = prose.strip_prefix('(').unwrap_or(prose).strip_prefix('@')?;
    let length = inner.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(inner.len());
    let behind = inner[length..].chars().next()?;
    let ends = behind == ')' || behind == '.' && !prose.starts_with('(');
    let rest = &inner[length + behind.len_utf8()..];
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']);
    (ends && spaced).then(|| (prose.len() - inner.len() + length + 1, &inner[..length]))
}
