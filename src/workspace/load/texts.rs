//! Reads the texts of the sources in parallel, and adds them to the index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::patience::GRACE;
use super::read::read_bytes;
use super::stamp::{Stamp, stamp};
use super::{Loader, Progress, ReadText};
use crate::corpus::index::{Index, Indexer};
use crate::corpus::ingest;
use crate::corpus::shelf::{Down, Shelf};
use crate::corpus::source::SourceText;
use crate::text::FileId;

/// How many files to read between two progress reports.
const BATCH: usize = 128;

impl Loader {
    /// Drops the texts that are not `wanted` any more.
    pub(super) fn forget_texts(&mut self, wanted: &BTreeSet<PathBuf>) {
        let gone: Vec<PathBuf> = self.texts.keys().filter(|path| !wanted.contains(*path)).cloned().collect();
        for path in gone {
            self.forget_text(&path);
        }
    }

    /// Reads those of the texts `wanted` that are new or have changed.
    pub(super) fn read_texts(&mut self, wanted: &BTreeSet<PathBuf>, progress: &dyn Fn(Progress)) {
        let mut stale = Vec::new();
        for path in wanted {
            let shadow = self.shadows.get(&FileId::new(path.clone())).cloned();
            let stamp = if shadow.is_some() { None } else { stamp(path) };
            let fresh = match (&shadow, self.texts.get(path)) {
                (Some(shadow), Some((_, Ok(text)))) => text.text.file().as_str() == shadow.as_str(),
                (None, Some((Some(old), _))) => stamp == Some(*old),
                _ => false,
            };
            if !fresh {
                stale.push((path.clone(), stamp, shadow));
            }
        }
        let total = stale.len();
        for (batch, chunk) in stale.chunks(BATCH).enumerate() {
            progress(Progress { done: batch * BATCH, total });
            let read: Vec<_> = chunk
                .par_iter()
                .map(|(path, stamp, shadow)| {
                    let file = FileId::new(path.clone());
                    let text = match shadow {
                        Some(text) => ingest::read(file, text.as_str().as_bytes()),
                        None => {
                            let most = ingest::most_bytes(path);
                            let bytes = self.reach.check(path).and_then(|()| read_bytes(path, most));
                            bytes.and_then(|bytes| self.cache.read(file, &bytes))
                        }
                    };
                    (path.clone(), *stamp, text.map(Arc::new))
                })
                .collect();
            for (path, stamp, text) in read {
                if self.is_half_written(&path, stamp, &text) && self.patience.waits(&path) {
                    continue;
                }
                self.patience.forget(&path);
                // Touched, or saved without changes: keep what was made of it.
                if let (Some((known, Ok(before))), Ok(text)) = (self.texts.get_mut(&path), &text)
                    && before.id == text.id
                {
                    *known = stamp;
                    continue;
                }
                self.forget_text(&path);
                if let Ok(text) = &text {
                    self.add_to_index(text);
                }
                self.texts.insert(path, (stamp, text));
            }
        }
        progress(Progress { done: total, total });
    }

    /// Whether `text`, read just now, is empty or a beginning of the earlier text, and was written a moment
    /// ago.
    fn is_half_written(&self, path: &Path, stamp: Option<Stamp>, text: &ReadText) -> bool {
        let (Some((Some(_), Ok(before))), Ok(text), Some(stamp)) = (self.texts.get(path), text, stamp) else {
            return false;
        };
        let [before, text] = [before, text].map(|text| text.text.file().as_str().trim_end());
        text.len() < before.len() && before.starts_with(text) && stamp.is_younger_than(GRACE)
    }

    fn forget_text(&mut self, path: &Path) {
        if let (Some((_, Ok(text))), Some(indexer)) = (self.texts.remove(path), &mut self.indexer) {
            indexer.remove(text.id);
        }
    }

    fn add_to_index(&mut self, text: &SourceText) {
        if self.indexer.is_none() {
            match Indexer::new() {
                Ok(indexer) => self.indexer = Some(indexer),
                Err(error) => tracing::error!(%error, "no index: sources are not ranked"),
            }
        }
        if let Some(indexer) = &mut self.indexer {
            indexer.add(text);
        }
    }

    /// The shelf with all texts read so far.
    pub(super) fn shelf(&mut self) -> Arc<dyn Shelf> {
        let Some(indexer) = &mut self.indexer else { return Arc::new(Index::default()) };
        match indexer.commit() {
            Ok(index) => Arc::new(index),
            Err(error) => {
                tracing::error!(%error, "the index could not be written: sources are not searched");
                Arc::new(Down::new("the index of the sources could not be written"))
            }
        }
    }
}
