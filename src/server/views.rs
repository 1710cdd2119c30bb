//! Places in documents that are no text files: their views are written when an editor is about to be sent there.

use tower_lsp::lsp_types::Url;

use super::state::State;
use crate::text::FileId;
use crate::workspace::{Snapshot, cache};

/// Makes sure that an editor can open `file`. Returns false if it is the view of a document and cannot be
/// written, which is logged.
pub(super) fn is_there(snap: &Snapshot, file: &FileId) -> bool {
    let Some(text) = snap.viewed(file) else { return true };
    let written = cache::show(text);
    if let Err(error) = &written {
        tracing::error!(%error, path = %file.path().display(), "the text of a document cannot be shown");
    }
    written.is_ok()
}

/// The URI of `file`, a place in which is about to be sent to the client, in the client's spelling.
pub(super) fn uri(state: &State, snap: &Snapshot, file: &FileId) -> Option<Url> {
    state.uri(file).filter(|_| is_there(snap, file))
}
