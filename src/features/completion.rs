//! Citation keys behind `@`, locators behind a key.

use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows: the key, or the locator.
    pub label: String,
    /// Beside it: `Author · Outlet · year`, or the beginning of the passage.
    pub detail: String,
    /// What the client filters by: starts with what is typed.
    pub filter: String,
    /// The bytes of the brief that are replaced.
    pub replace: Span,
    /// By what.
    pub insert: String,
    /// Key of the source, and number of the passage for a locator: what [`card`] needs.
    pub about: (String, Option<u32>),
}

/// The choices, best first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// At most [`LIMIT`].
    pub candidates: Vec<Candidate>,
    /// Whether typing on may bring others.
    pub incomplete: bool,
}

/// The longest list that is sent.
pub const LIMIT: usize = 50;

/// What may be written at byte `offset` of the brief `file`.
#[must_use]
pub fn complete(_snap: &Snapshot, _file: &FileId, _offset: usize) -> Completions {
    Completions::default()
}

/// The card of a candidate, from its `about`.
#[must_use]
pub fn card(_snap: &Snapshot, _key: &str, _number: Option<u32>) -> Option<String> {
    None
}
