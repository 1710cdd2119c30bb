//! The further documents of entries: a PDF beside a saved page, say. They are not in the catalogue, so that each
//! entry is offered and listed once, but they are searched, cited and opened like other sources.

use std::collections::HashMap;
use std::sync::Arc;

use super::source::{Source, SourceId, TextId, TextState, Volume};
use crate::text::FileId;

/// The further documents. Their ids are counted down from the highest, so that they stay apart from those of the
/// catalogue.
#[derive(Debug, Clone, Default)]
pub(super) struct Alternates {
    all: Vec<Arc<Source>>,
    by_text: HashMap<TextId, SourceId>,
    by_file: HashMap<FileId, SourceId>,
    by_key: HashMap<Arc<str>, Vec<SourceId>>,
}

impl Alternates {
    /// All of `sources` must have a text, and the key of a source in the catalogue.
    pub(super) fn new(sources: Vec<Arc<Source>>) -> Self {
        let mut alternates = Self { all: sources, ..Self::default() };
        for (at, source) in alternates.all.iter().enumerate() {
            let Some(text) = source.volume() else { continue };
            let id = id(at);
            alternates.by_text.insert(text.id, id);
            alternates.by_file.insert(text.shown().clone(), id);
            alternates.by_key.entry(source.key.clone()).or_default().push(id);
        }
        alternates
    }

    pub(super) fn get(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.all.get((u32::MAX - id.0) as usize)
    }

    pub(super) fn with_text(&self, text: TextId) -> Option<SourceId> {
        self.by_text.get(&text).copied()
    }

    pub(super) fn with_file(&self, file: &FileId) -> Option<SourceId> {
        self.by_file.get(file).copied()
    }

    pub(super) fn with_key(&self, key: &str) -> &[SourceId] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }

    /// The same after some texts changed; see [`super::Corpus::with_texts`].
    pub(super) fn with_texts(&self, texts: &[(TextId, Arc<Volume>)]) -> Self {
        if !texts.iter().any(|(old, _)| self.by_text.contains_key(old)) {
            return self.clone();
        }
        let mut all = self.all.clone();
        for (old, new) in texts {
            if let Some(source) = self.with_text(*old).and_then(|id| all.get_mut((u32::MAX - id.0) as usize))
            {
                let document = TextState::Present(new.clone());
                *source = Arc::new(Source { document, ..Source::clone(source) });
            }
        }
        Self::new(all)
    }
}

/// The id of the alternate at `place`.
fn id(place: usize) -> SourceId {
    SourceId(u32::MAX - u32::try_from(place).unwrap_or(u32::MAX))
}
