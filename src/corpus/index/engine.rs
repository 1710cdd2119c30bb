//! The engine behind an index, in memory or in a folder: adds, removes and merges.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::forms;
use super::schema::{schema, tokenizers};
use super::view::Layer;
use crate::corpus::source::{SourceText, TextId};

/// Memory budget of the single writer thread in bytes; the engine requires at least 15 million.
const WRITER_BYTES: usize = 20_000_000;

/// A segment with fewer passages than this is small: rewriting it takes milliseconds.
const SMALL_SEGMENT: u32 = 5_000;

/// How many small segments to keep. Each file saved in the editor adds one; a commit merges them when there
/// are more.
pub(super) const MAX_SMALL_SEGMENTS: usize = 8;

/// The engine of one index.
pub(super) struct Engine {
    index: tantivy::Index,
    reader: IndexReader,
    /// Created with the first change, because its threads take time that an unchanged index need not spend.
    writer: Option<IndexWriter>,
    /// Whether there are changes since the last commit.
    pub(super) changed: bool,
}

impl Engine {
    /// An empty index in memory.
    pub(super) fn in_memory() -> tantivy::Result<Self> {
        let index = tantivy::Index::builder().schema(schema().0.clone()).tokenizers(tokenizers());
        Self::of(index.create_in_ram()?)
    }

    /// The engine of `index`, which must have our schema and analyzers.
    pub(super) fn of(index: tantivy::Index) -> tantivy::Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, writer: None, changed: false })
    }

    /// The index itself.
    pub(super) fn index(&self) -> &tantivy::Index {
        &self.index
    }

    /// What is in the index since the last commit or [`Engine::reload`], without the texts `hidden`.
    pub(super) fn layer(&self, hidden: BTreeSet<TextId>) -> Layer {
        Layer { searcher: self.reader.searcher(), hidden: Arc::new(hidden) }
    }

    /// Looks at the index anew, after another process wrote to it.
    pub(super) fn reload(&self) -> tantivy::Result<()> {
        self.reader.reload()
    }

    fn writer(&mut self) -> tantivy::Result<&mut IndexWriter> {
        if self.writer.is_none() {
            let options = IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(WRITER_BYTES)
                .build();
            let writer: IndexWriter = self.index.writer_with_options(options)?;
            // Background merges would change the counts behind the scores at unpredictable times;
            // `Engine::tidy` merges during a commit instead.
            writer.set_merge_policy(Box::new(NoMergePolicy));
            self.writer = Some(writer);
        }
        Ok(self.writer.as_mut().expect("made above"))
    }

    /// Adds the passages of `text`, except furniture. Returns whether there are any.
    pub(super) fn add(&mut self, text: &SourceText) -> tantivy::Result<bool> {
        let fields = schema().1;
        let writer = self.writer()?;
        let mut any = false;
        for (place, passage) in text.passages.iter().enumerate() {
            if passage.class.furniture().is_some() {
                continue;
            }
            let mut document = TantivyDocument::new();
            document.add_text(fields.words, forms::joined(text.words(passage)));
            document.add_u64(fields.text, text.id.0);
            document.add_u64(fields.passage, place as u64);
            writer.add_document(document)?;
            any = true;
        }
        self.changed |= any;
        Ok(any)
    }

    /// Removes the passages of the text `id`.
    pub(super) fn remove(&mut self, id: TextId) -> tantivy::Result<()> {
        self.writer()?.delete_term(Term::from_field_u64(schema().1.text, id.0));
        self.changed = true;
        Ok(())
    }

    /// Makes all changes visible and, in a folder, lasting.
    pub(super) fn commit(&mut self) -> tantivy::Result<()> {
        if self.changed {
            self.writer()?.commit()?;
            self.reader.reload()?;
            if self.tidy()? {
                self.reader.reload()?;
            }
            self.changed = false;
        }
        Ok(())
    }

    /// Ends the threads that write, with the memory that they keep. Loses what is not committed.
    pub(super) fn rest(&mut self) {
        self.writer = None;
    }

    /// Deletes the files that no commit names: a process that was killed leaves some.
    pub(super) fn sweep(&mut self) -> tantivy::Result<()> {
        self.writer()?.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Merges small segments if there are many, and rewrites large ones that consist mostly of removed texts.
    /// Returns whether it did anything.
    fn tidy(&mut self) -> tantivy::Result<bool> {
        let (mut small, mut hollow) = (Vec::new(), Vec::new());
        for segment in self.reader.searcher().segment_readers() {
            if segment.max_doc() < SMALL_SEGMENT {
                small.push(segment.segment_id());
            } else if segment.num_deleted_docs() > segment.max_doc() / 2 {
                hollow.push(segment.segment_id());
            }
        }
        let mut groups: Vec<Vec<SegmentId>> = hollow.into_iter().map(|id| vec![id]).collect();
        if small.len() > MAX_SMALL_SEGMENTS {
            groups.push(small);
        }
        for group in &groups {
            self.writer()?.merge(group).wait()?;
        }
        Ok(!groups.is_empty())
    }
}
