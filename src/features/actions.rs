//! What can be done at a place although nothing is wrong there: one file for each family.

mod locator;
mod support;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::features::edits::Edits;
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// The kind of an action that writes the same in another form, as the protocol names it.
pub const REWRITE: &str = "refactor.rewrite";

/// What the user asks about.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The state.
    pub snap: &'a Snapshot,
    /// The file: a brief, a source or a library.
    pub file: &'a FileId,
    /// The selection, or an empty span at the cursor, in bytes.
    pub range: Span,
    /// Whether the user asked for a list; otherwise the editor asks at every movement of the cursor,
    /// and what is always possible would only be noise.
    pub invoked: bool,
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub struct Action {
    /// What the menu shows.
    pub title: String,
    /// Its kind as the protocol names it, such as [`REWRITE`].
    pub kind: &'static str,
    /// What is edited, per file; files that do not exist have an empty text.
    pub edits: BTreeMap<FileId, Edits>,
    /// A command of the server and its argument, run when the action is chosen and after its edits.
    pub command: Option<(&'static str, Value)>,
}

impl Ask<'_> {
    /// Whether the selection holds or touches a part of `span`.
    #[must_use]
    pub fn touches(&self, span: Span) -> bool {
        span.start <= self.range.end && self.range.start <= span.end
    }

    /// An action that edits the file asked about. `None` when we do not have its text.
    #[must_use]
    pub fn action(&self, title: String, kind: &'static str, edits: Vec<(Span, String)>) -> Option<Action> {
        let text = self.snap.text(self.file)?;
        let edits = [(self.file.clone(), Edits { text, edits })].into_iter().collect();
        Some(Action { title, kind, edits, command: None })
    }
}

/// The actions for what is asked about, in the order of the menu.
#[must_use]
pub fn at(ask: &Ask<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    locator::at(ask, &mut actions);
    support::at(ask, &mut actions);
    actions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::harbours;

    /// The brief after each action whose title holds `title`. The fixture is that of
    /// [`harbours`]; the cursor is an empty selection.
    pub(super) fn check(brief: &str, title: &str, expected: &[&str]) {
        let at = harbours(brief);
        let ask =
            Ask { snap: &at.snap, file: &at.file, range: Span::new(at.offset, at.offset), invoked: true };
        let seen: Vec<String> = super::at(&ask)
            .into_iter()
            .filter(|action| action.title.contains(title))
            .map(|action| action.edits[&at.file].applied())
            .collect();
        assert_eq!(seen, expected, "{brief}");
    }
}
