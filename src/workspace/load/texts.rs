//! Reads the texts of the sources in parallel, and adds them to the index.

use std::borrow::Cow;
use std::collections::BTreeSet;
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
    pub(super) fn forget_texts(&mut self, wanted: &BTreeSet<FileId>) {
        let gone: Vec<FileId> = self.texts.keys().filter(|file| !wanted.contains(file)).cloned().collect();
        for file in gone {
            self.forget_text(&file);
        }
    }

    /// Reads those of the texts `wanted` that are new or have changed.
    pub(super) fn read_texts(&mut self, wanted: &BTreeSet<FileId>, progress: &dyn Fn(Progress)) {
        let stale = |file: &FileId| {
            let shadow = self.shadows.get(file).cloned();
            let stamp = if shadow.is_some() { None } else { stamp(file.path()) };
            let fresh = match (&shadow, self.texts.get(file)) {
                (Some(shadow), Some((_, Ok(text)))) => {
                    text.text().is_some_and(|text| text.text.file().as_str() == shadow.as_str())
                }
                (None, Some((Some(old), _))) => stamp == Some(*old) && !self.unsettled.contains(file),
                _ => false,
            };
            (!fresh).then(|| (file.clone(), stamp, shadow))
        };
        let stale: Vec<_> = wanted.par_iter().filter_map(stale).collect();
        let total = stale.len();
        let mut bytes = 0;
        for (batch, chunk) in stale.chunks(BATCH).enumerate() {
            progress(Progress { done: batch * BATCH, total, bytes });
            bytes += chunk.iter().filter_map(|(_, stamp, _)| stamp.as_ref()).map(Stamp::bytes).sum::<u64>();
            let read: Vec<_> = chunk
                .par_iter()
                .map(|(file, stamp, shadow)| {
                    let path = file.path();
                    let before = self.texts.get(file).and_then(|(_, text)| text.as_ref().ok());
                    let bytes = match shadow {
                        Some(text) => Ok(Cow::Borrowed(text.as_str().as_bytes())),
                        None => {
                            let most = ingest::most_bytes(path);
                            self.reach.check(path).and_then(|()| read_bytes(path, most)).map(Cow::Owned)
                        }
                    };
                    let text = bytes.and_then(|bytes| match (before, shadow) {
                        // Touched, or saved without changes: keep what was made of it.
                        (Some(before), _) if before.id == TextId::of(file, &bytes) => Ok(None),
                        (_, Some(_)) => ingest::read(file.clone(), &bytes).map(Some),
                        (_, None) => self.cache.read(file.clone(), &bytes).map(Some),
                    });
                    (file.clone(), *stamp, text)
                })
                .collect();
            for (file, stamp, text) in read {
                if let Ok(Some(text)) = &text
                    && self.is_half_written(&file, stamp, text)
                    && self.patience.waits(file.path())
                {
                    continue;
                }
                self.patience.forget(file.path());
                self.unsaved = true;
                match stamp {
                    Some(stamp) if !stamp.is_settled() => self.unsettled.insert(file.clone()),
                    _ => self.unsettled.remove(&file),
                };
                match text {
                    Ok(None) => {
                        if let Some((known, _)) = self.texts.get_mut(&file) {
                            *known = stamp;
                        }
                    }
                    Ok(Some(text)) => {
                        self.forget_text(&file);
                        // What is not saved is not kept either.
                        self.indexer.get_or_insert_default().add(&text, stamp.is_some());
                        self.texts.insert(file, (stamp, Ok(Arc::new(text.into()))));
                    }
                    Err(why) => {
                        self.forget_text(&file);
                        self.texts.insert(file, (stamp, Err(why)));
                    }
                }
            }
        }
        progress(Progress { done: total, total, bytes });
    }

    /// Whether `text`, read just now, is empty or a beginning of the earlier text, and was written a moment
    /// ago.
    fn is_half_written(&self, file: &FileId, stamp: Option<Stamp>, text: &SourceText) -> bool {
        let (Some((Some(_), Ok(before))), Some(stamp)) = (self.texts.get(file), stamp) else { return false };
        // What an earlier run kept can't be served any more: its words are gone.
        let Some(before) = before.in_memory() else { return false };
        let [before, text] = [before, text].map(|text| text.text.file().as_str().trim_end());
        let begins = text.len() < before.len() && before.starts_with(text);
        begins && stamp.is_younger_than(GRACE)
    }

    fn forget_text(&mut self, file: &FileId) {
        let Some((_, text)) = self.texts.remove(file) else { return };
        self.unsaved = true;
        self.unsettled.remove(file);
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
