//! What a completion list holds.

use crate::text::Span;

/// Most candidates sent at once.
pub const LIMIT: usize = 50;

/// An item of a completion list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The label in the list: the key, or the locator.
    pub label: String,
    /// The text next to it: `Author · Outlet · year`, or the beginning of the passage.
    pub detail: String,
    /// The text that the client filters by; starts with what was typed.
    pub filter: String,
    /// The bytes of the brief to replace.
    pub replace: Span,
    /// The replacement.
    pub insert: String,
    /// Additional edits before the cursor.
    pub also: Vec<(Span, String)>,
    /// Key of the source, and number of the passage for a locator: what [`card`](super::card()) needs. For a name, the name
    /// after a space.
    pub about: (String, Option<u32>),
}

/// A completion list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Best first, at most [`LIMIT`].
    pub candidates: Vec<Candidate>,
    /// Whether typing more may bring up others.
    pub incomplete: bool,
}

impl Candidate {
    /// Whether it is a name and not a key or a locator.
    #[must_use]
    pub fn is_name(&self) -> bool {
        self.about.0.starts_with(NAME)
    }
}

/// Marks a name in [`Candidate::about`], where others have a key; no key begins with a space.
pub(super) const NAME: &str = " ";
