//! Example lists, `(@label) words`, whose markers look like citations but are not.

use crate::brief::markdown::{Block, BlockKind};
use crate::text::Span;

/// The markers of the example list items in `block`, with their labels: `(@label)`, `@label.` or `@label)`,
/// followed by a space. The first must begin the block, each other one a line.
pub(super) fn examples<'a>(text: &'a str, block: &Block) -> Vec<(Span, &'a str)> {
    let mut found = Vec::new();
    let Some(first) = block.prose.first().filter(|_| block.kind == BlockKind::Paragraph) else {
        return found;
    };
    let line = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    // A table cell is not an item.
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

/// The length and label of the marker at the start of `prose`.
fn example(prose: &str) -> Option<(usize, &str)> {
    let inner = prose.strip_prefix('(').unwrap_or(prose).strip_prefix('@')?;
    let length = inner.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(inner.len());
    let behind = inner[length..].chars().next()?;
    let ends = behind == ')' || behind == '.' && !prose.starts_with('(');
    let rest = &inner[length + behind.len_utf8()..];
    let spaced = rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']);
    (ends && spaced).then(|| (prose.len() - inner.len() + length + 1, &inner[..length]))
}
