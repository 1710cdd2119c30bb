//! A code action, and the place it is requested for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::features::edits::Edits;
use crate::text::{FileId, FileSpan, Span, Text};
use crate::workspace::Snapshot;

/// The kind of actions that rewrite something in another form, as named in the protocol.
pub const REWRITE: &str = "refactor.rewrite";

/// What the user asks about.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The state.
    pub snap: &'a Snapshot,
    /// The file: a brief, a source or a library.
    pub file: &'a FileId,
    /// The selection, or an empty span at the cursor.
    pub place: FileSpan,
    /// The same in the reading text of the file.
    pub(super) range: Span,
    /// Whether the user asked for a list. If not, the editor asks on every cursor movement, and actions that
    /// are always available would be noise.
    pub invoked: bool,
}

/// A code action.
#[derive(Debug, Clone)]
pub struct Action {
    /// The title shown in the menu.
    pub title: String,
    /// The kind as named in the protocol, such as [`REWRITE`].
    pub kind: &'static str,
    /// The edits for each file; files that do not exist yet have an empty text.
    pub edits: BTreeMap<FileId, Edits>,
    /// A server command with its argument, to run after the edits when the action is chosen.
    pub command: Option<(&'static str, Value)>,
}

impl<'a> Ask<'a> {
    /// Asks about `place` in `file`; see [`Ask::invoked`].
    #[must_use]
    pub fn new(snap: &'a Snapshot, file: &'a FileId, place: FileSpan, invoked: bool) -> Self {
        let words = snap.reading_text(file).unwrap_or_else(|| Text::new(""));
        Self { snap, file, place, range: words.span_of(place), invoked }
    }

    /// Whether the selection overlaps or touches `span`.
    #[must_use]
    pub fn touches(&self, span: Span) -> bool {
        span.start <= self.range.end && self.range.start <= span.end
    }

    /// An action that edits [`Self::file`]. `None` if its text is not available.
    #[must_use]
    pub fn action(&self, title: String, kind: &'static str, edits: Vec<(Span, String)>) -> Option<Action> {
        let text = self.snap.reading_text(self.file)?;
        let edits = [(self.file.clone(), Edits { text, edits })].into_iter().collect();
        Some(Action { title, kind, edits, command: None })
    }
}
