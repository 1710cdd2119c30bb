//! Callouts, as Obsidian and GitHub have them: block quotations by their markup that begin with a kind in
//! brackets, `> [!note] Title`. Those of two kinds quote somebody; the others hold the writer's own words.

use crate::brief::markdown::Block;
use crate::text::Span;

/// A block quotation that is a callout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Callout {
    /// Its words are quoted: its kind is `quote` or `cite`, the two names that Obsidian has for it.
    pub(super) quotes: bool,
    /// Its first line: kind and title, which nobody quotes; of a callout that has no other line, the kind
    /// alone. Bytes, up to the end of the line or of the kind.
    pub(super) title: Span,
}

impl Callout {
    /// The callout that begins with `first`, the first block of a block quotation, if it is one; `next` is the
    /// block behind.
    pub(super) fn of(text: &str, first: &Block, next: Option<&Block>) -> Option<Self> {
        let start = first.prose.first()?.start;
        let line = text.get(start..first.span.end)?.lines().next()?;
        let (kind, title) = line.trim_start().strip_prefix("[!")?.split_once(']')?;
        // `[!quote|right]`, `[!quote right]`: what stands behind is for the looks.
        let kind = kind.split(['|', ' ']).next().unwrap_or_default();
        let named = !kind.is_empty() && kind.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let quotes = kind.eq_ignore_ascii_case("quote") || kind.eq_ignore_ascii_case("cite");
        let more = text.get(start + line.len()..first.span.end).is_some_and(|rest| !rest.trim().is_empty());
        let alone = !more && next.is_none_or(|next| next.quote.is_none() || next.quote != first.quote);
        let length = if alone { line.len() - title.trim_start_matches(['+', '-']).len() } else { line.len() };
        named.then(|| Self { quotes, title: Span::new(start, start + length) })
    }
}
