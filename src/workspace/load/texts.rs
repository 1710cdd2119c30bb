//! Reads the texts of the sources in parallel, and adds them to the index.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::patience::GRACE;
use super::read::read_bytes;
use super::stamp::{Stamp, stamp};
use super::{Loader, Progress};
use crate::corpus::index::Index;
use crate::corpus::ingest;
use crate::corpus::shelf::{Down, Shelf};
use crate::corpus::source::{SourceText, TextId};
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
                (Some(shadow), Some((_, Ok(text)))) => {
                    text.text().is_some_and(|text| text.text.file().as_str() == shadow.as_str())
                }
                (None, Some((Some(old), _))) => stamp == Some(*old) && !self.unsettled.contains(path),
                _ => false,
            };
            if !fresh {
                stale.push((path.clone(), stamp, shadow));
            }
        }
        let total = stale.len();
        let mut bytes = 0;
        for (batch, chunk) in stale.chunks(BATCH).enumerate() {
            progress(Progress { done: batch * BATCH, total, bytes });
            bytes += chunk.iter().filter_map(|(_, stamp, _)| stamp.as_ref()).map(Stamp::bytes).sum::<u64>();
            let read: Vec<_> = chunk
                .par_iter()
                .map(|(path, stamp, shadow)| {
                    let file = FileId::new(path.clone());
                    let before = self.texts.get(path).and_then(|(_, text)| text.as_ref().ok());
                    let bytes = match shadow {
                        Some(text) => Ok(Cow::Borrowed(text.as_str().as_bytes())),
                        None => {
                            let most = ingest::most_bytes(path);
                            self.reach.check(path).and_then(|()| read_bytes(path, most)).map(Cow::Owned)
                        }
                    };
                    let text = bytes.and_then(|bytes| match (before, shadow) {
                        // Touched, or saved without changes: keep what was made of it.
                        (Some(before), _) if before.id == TextId::of(&file, &bytes) => Ok(None),
                        (_, Some(_)) => ingest::read(file, &bytes).map(Some),
                        (_, None) => self.cache.read(file, &bytes).map(Some),
                    });
                    (path.clone(), *stamp, text)
                })
                .collect();
            for (path, stamp, text) in read {
                if let Ok(Some(text)) = &text
                    && self.is_half_written(&path, stamp, text)
                    && self.patience.waits(&path)
                {
                    continue;
                }
                self.patience.forget(&path);
                self.unsaved = true;
                match stamp {
                    Some(stamp) if !stamp.is_settled() => self.unsettled.insert(path.clone()),
                    _ => self.unsettled.remove(&path),
                };
                match text {
                    Ok(None) => {
                        if let Some((known, _)) = self.texts.get_mut(&path) {
                            *known = stamp;
                        }
                    }
                    Ok(Some(text)) => {
                        self.forget_text(&path);
                        // What is not saved is not kept either.
                        self.indexer.get_or_insert_default().add(&text, stamp.is_some());
                        self.texts.insert(path, (stamp, Ok(Arc::new(text.into()))));
                    }
                    Err(why) => {
                        self.forget_text(&path);
                        self.texts.insert(path, (stamp, Err(why)));
                    }
                }
            }
        }
        progress(Progress { done: total, total, bytes });
    }

    /// Whether `text`, read just now, is empty or a beginning of the earlier text, and was written a moment
    /// ago.
    fn is_half_written(&self, path: &Path, stamp: Option<Stamp>, text: &SourceText) -> bool {
        let (Some((Some(_), Ok(before))), Some(stamp)) = (self.texts.get(path), stamp) else { return false };
        // What an earlier run kept can't be served any more: its words are gone.
        let Some(before) = before.in_memory() else { return false };
        let [before, text] = [before, text].map(|text| text.text.file().as_str().trim_end());
        let begins = text.len() < before.len() && before.starts_with(text);
        begins && stamp.is_younger_than(GRACE)
    }

    fn forget_text(&mut self, path: &Path) {
        let Some((_, text)) = self.texts.remove(path) else { return };
        self.unsaved = true;
        self.unsettled.remove(path);
        if let (Ok(text), Some(indexer)) = (text, &mut self.indexer) {
            indexer.remove(text.id);
        }
    }

    /// The shelf with all texts read so far.
    pub(super) fn shelf(&mut self) -> Arc<dyn Shelf> {
        let Some(indexer) = &mut self.indexer else { return Arc::new(Index::default()) };
        let mut made = indexer.commit();
        if let (Err(error), true) = (&made, indexer.is_on_disk()) {
            tracing::warn!("The index on disk is not used any more, but made anew in memory: {error:#}.");
            self.index_in_memory();
            made = self.indexer.get_or_insert_default().commit();
        }
        match made {
            Ok(index) => {
                if let Some(indexer) = &mut self.indexer {
                    indexer.rest();
                }
                Arc::new(index)
            }
            Err(error) => {
                tracing::error!(%error, "the index could not be written: sources are not searched");
                Arc::new(Down::new("the index of the sources could not be written"))
            }
        }
    }
}
