//! Callouts of Obsidian and GitHub: block quotations that begin with a kind in brackets, `> [!note] Title`.
//! Two kinds quote somebody; all others contain the writer's own words.

use crate::brief::markdown::Block;
use crate::text::Span;

/// A block quotation that is a callout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Callout {
    /// Whether its words are quoted: its kind is `quote` or `cite`, Obsidian's two names for it.
    pub(super) quotes: bool,
    /// Its first line, kind and title, which are not quoted; for a callout with a single line, only the kind.
    /// In bytes, up to the end of the line or of the kind.
    pub(super) title: Span,
}

impl Callout {
    /// The callout that begins with `first`, the first block of a block quotation, if it is one; `next` is
    /// the block after it.
    pub(super) fn of(text: &str, first: &Block, next: Option<&Block>) -> Option<Self> {
        let start = first.prose.first()?.start;
        let line = text.get(start..first.span.end)?.lines().next()?;
        let (kind, title) = line.trim_start().strip_prefix("[!")?.split_once(']')?;
        // `[!quote|right]`, `[!quote right]`: the rest only affects the appearance.
        let kind = kind.split(['|', ' ']).next().unwrap_or_default();
        let named = !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let quotes = kind.eq_ignore_ascii_case("quote") || kind.eq_ignore_ascii_case("cite");
        let more = text.get(start + line.len()..first.span.end).is_some_and(|rest| !rest.trim().is_empty());
        let alone = !more && next.is_none_or(|next| next.quote.is_none() || next.quote != first.quote);
        let length = if alone { line.len() - title.trim_start_matches(['+', '-']).len() } else { line.len() };
        named.then(|| Self { quotes, title: Span::new(start, start + length) })
    }
}
