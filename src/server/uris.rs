//! Converts between files and URIs. Keeps the client's own spelling of a URI, because it may not recognize a
//! file under another one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tower_lsp::lsp_types::Url;

use crate::text::FileId;
use crate::workspace::load::normalize;

/// The URIs of files. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Uris {
    /// As the client wrote them on opening each file.
    written: Arc<BTreeMap<FileId, Url>>,
}

impl Uris {
    /// Remembers the client's spelling of the URI of `file`.
    pub(super) fn remember(&mut self, file: &FileId, uri: &Url) {
        Arc::make_mut(&mut self.written).insert(file.clone(), uri.clone());
    }

    /// The URI of `file`, in the client's spelling if that is known.
    pub(super) fn of(&self, file: &FileId) -> Option<Url> {
        self.written.get(file).cloned().or_else(|| uri(file))
    }
}

/// The file that `uri` names; a URI with another scheme is used as is.
pub(super) fn file(uri: &Url) -> FileId {
    match uri.to_file_path() {
        Ok(path) if uri.scheme() == "file" => FileId::new(normalize(&path)),
        _ => FileId::new(PathBuf::from(uri.as_str())),
    }
}

/// The URI of `file` in our own spelling.
pub(super) fn uri(file: &FileId) -> Option<Url> {
    Url::from_file_path(file.path()).ok().or_else(|| Url::parse(file.path().to_str()?).ok())
}
