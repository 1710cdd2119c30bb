//! Finds the labels that a text defines for its parts, such as figures and example list items.

use std::collections::BTreeSet;

use super::examples::examples;
use crate::brief::markdown::Block;

/// The labels that a text defines for its parts. References to them look like citations.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in crate::brief) struct Labelled {
    /// Labels of example list items, sorted.
    examples: Vec<String>,
    /// See [`identifiers`].
    identifiers: BTreeSet<String>,
}

impl Labelled {
    /// The labels in `part` of `text`, which contains `blocks`.
    pub(in crate::brief) fn of(text: &str, part: &str, blocks: &[Block]) -> Self {
        let examples = blocks.iter().flat_map(|block| examples(text, block));
        let mut examples: Vec<String> = examples.map(|(_, label)| label.to_owned()).collect();
        examples.sort_unstable();
        Self { examples, identifiers: identifiers(part).map(str::to_owned).collect() }
    }

    /// The labels of example list items, sorted.
    pub(super) fn examples(&self) -> &[String] {
        &self.examples
    }

    /// Whether an example list item has this label.
    pub(super) fn is_example(&self, label: &str) -> bool {
        self.examples.binary_search_by(|known| known.as_str().cmp(label)).is_ok()
    }

    /// Whether a figure, section or other element has this identifier.
    pub(super) fn is_identifier(&self, written: &str) -> bool {
        self.identifiers.contains(written)
    }
}

/// Identifiers defined in `text` that filters refer to like citations: `{#vid-map}` or `<figure id="vid-map">` for
/// `@vid-map`. One with a year, as in a heading `{#brandt2031}`, counts only with letters before a dash or colon.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    const FORMS: [(&str, char); 3] = [("{#", '}'), (" id=\"", '"'), (" id='", '\'')];
    let all = FORMS.into_iter().flat_map(move |(opens, closes)| {
        text.match_indices(opens).map(move |(at, _)| (at + opens.len(), closes))
    });
    all.filter_map(move |(at, closes)| {
        let written = &text[at..];
        let end = written.find(|c: char| c.is_whitespace() || c == closes).unwrap_or(written.len());
        let written = &written[..end];
        let kind = written.find(['-', ':']).filter(|&length| (2..=8).contains(&length));
        let kind = kind.is_some_and(|kind| written[..kind].bytes().all(|byte| byte.is_ascii_alphabetic()));
        let digits = |byte: &[u8]| byte.iter().all(u8::is_ascii_digit);
        let dated = written.as_bytes().windows(4).any(digits);
        (!written.is_empty() && (kind || !dated)).then_some(written)
    })
}
