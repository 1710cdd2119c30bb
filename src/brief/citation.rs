//! Citations exactly as Pandoc 3.9 reads them: keys, groups, prefixes, locators, suffixes.

use super::markdown::Markdown;
use crate::text::Span;

/// One citation of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The key, without `@` and braces.
    pub key: String,
    /// From `-` or `@` to the end of the key, closing brace included: where the card is shown.
    pub span: Span,
    /// The key alone, without `@` and braces: what is replaced when a key is renamed.
    pub key_span: Span,
    /// Index of its group in the list of groups.
    pub group: usize,
    /// Written `@key`, outside a bracket: the author is part of the sentence.
    pub author_in_text: bool,
    /// Written `-@key`.
    pub suppress_author: bool,
    /// The words before the key in its bracket.
    pub prefix: String,
    /// The words behind the key, locator excluded.
    pub suffix: String,
    /// Where in the source.
    pub locator: Option<Locator>,
}

/// Where in a source a citation points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// CSL's name of the label: `paragraph`, `page`, `chapter` …
    pub label: &'static str,
    /// What follows the label, as written: `7`, `7-9`, `iv`.
    pub value: String,
    /// The label and the value in the brief.
    pub span: Span,
}

/// What holds citations together: a bracket, or one author-in-text citation with the bracket
/// behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// From `[` to `]`, or all of an author-in-text citation.
    pub span: Span,
    /// Parts between semicolons that hold no key. Pandoc then reads no group at all, so such
    /// keys come out as author-in-text citations.
    pub keyless_parts: Vec<Span>,
}

/// Finds the citations of `text`, and their groups, both sorted by offset.
#[must_use]
pub fn find(_text: &str, _markdown: &Markdown) -> (Vec<Citation>, Vec<Group>) {
    (Vec::new(), Vec::new())
}
