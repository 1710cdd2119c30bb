//! An index in a folder of the cache, shared by all processes that serve one workspace. One of them writes.
//!
//! What is there is never trusted blindly: a process may have been killed, a disk may be damaged, and another
//! program may have written to the folder. An index that is not as we left it is made anew.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{fs, io};

use anyhow::{Context as _, ensure};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED};

use super::engine::Engine;
use super::schema::{schema, tokenizers};
use super::view::columns;
use crate::corpus::source::{SourceText, TextId};

/// The file with the stamps of the other files, as the last commit left them. Files with other stamps are
/// trusted only if their checksum is right.
const STAMPS: &str = "stamps";

/// An index in a folder.
pub(super) struct Disk {
    folder: PathBuf,
    engine: Engine,
    /// The texts in it, including those added since the last commit.
    ids: HashSet<TextId>,
    /// Whether this process may write to it.
    writes: bool,
}

impl Disk {
    /// Opens the index in `folder`. If it is missing or damaged, a process that `writes` makes a new one.
    ///
    /// # Errors
    /// If there is none that can be used.
    pub(super) fn open(folder: &Path, writes: bool) -> anyhow::Result<Self> {
        let is_there = folder.join("meta.json").exists();
        let opened = if is_there { guarded(|| Self::open_checked(folder, writes)) } else { Ok(None) };
        match opened {
            Ok(Some(disk)) => return Ok(disk),
            Ok(None) => {}
            Err(why) if writes => {
                tracing::warn!("The index in {} is made anew: {why:#}.", folder.display());
            }
            Err(why) => return Err(why),
        }
        ensure!(writes, "there is no index yet");
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        guarded(|| {
            let index = tantivy::Index::builder().schema(schema().0.clone()).tokenizers(tokenizers());
            let engine = Engine::of(index.create_in_dir(folder)?)?;
            Ok(Self { folder: folder.to_owned(), engine, ids: HashSet::new(), writes })
        })
    }

    fn open_checked(folder: &Path, writes: bool) -> anyhow::Result<Option<Self>> {
        ensure!(folder.join(".managed.json").exists(), "the list of its files is missing");
        let mut index = tantivy::Index::open_in_dir(folder)?;
        ensure!(index.schema() == schema().0, "it has other fields");
        index.set_tokenizers(tokenizers());
        let known = read_stamps(folder);
        for file in segment_files(&index)? {
            let Some(stamp) = stamp(&folder.join(&file)) else { continue };
            let name = file.to_string_lossy();
            if known.get(&*name) != Some(&stamp) {
                ensure!(index.directory().validate_checksum(&file)?, "{name} is damaged");
            }
        }
        let engine = Engine::of(index)?;
        let ids = ids(&engine)?;
        let mut disk = Self { folder: folder.to_owned(), engine, ids, writes };
        if writes && disk.has_strangers() {
            disk.engine.sweep()?;
            disk.engine.rest();
            disk.remove_strangers();
        }
        Ok(Some(disk))
    }

    /// Whether it has the text `id`.
    pub(super) fn has(&self, id: TextId) -> bool {
        self.ids.contains(&id)
    }

    /// The texts in it.
    pub(super) fn ids(&self) -> &HashSet<TextId> {
        &self.ids
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether this process may write to it.
    pub(super) fn writes(&self) -> bool {
        self.writes
    }

    /// Records that this process may write from now on.
    pub(super) fn may_write(&mut self) {
        self.writes = true;
    }

    /// Adds `text`, to be kept with the next commit.
    ///
    /// # Errors
    /// If it cannot be written. The index is not to be used any more.
    pub(super) fn add(&mut self, text: &SourceText) -> anyhow::Result<()> {
        if guarded(|| Ok(self.engine.add(text)?))? {
            self.ids.insert(text.id);
        }
        Ok(())
    }

    /// Removes the text `id` with the next commit.
    ///
    /// # Errors
    /// Like [`Disk::add`].
    pub(super) fn remove(&mut self, id: TextId) -> anyhow::Result<()> {
        if self.ids.remove(&id) {
            guarded(|| Ok(self.engine.remove(id)?))?;
        }
        Ok(())
    }

    /// Makes all changes visible and lasting.
    ///
    /// # Errors
    /// Like [`Disk::add`].
    pub(super) fn commit(&mut self) -> anyhow::Result<()> {
        if !self.engine.changed {
            return Ok(());
        }
        guarded(|| Ok(self.engine.commit()?))?;
        // Without them the next start takes longer, and nothing else.
        if let Err(error) = self.write_stamps() {
            tracing::debug!(%error, "the stamps of the index could not be written");
        }
        Ok(())
    }

    /// Ends the threads that write; the next change starts them again.
    pub(super) fn rest(&mut self) {
        if !self.engine.changed {
            self.engine.rest();
        }
    }

    /// Looks for what another process has written. Returns whether anything has changed.
    pub(super) fn follow(&mut self) -> bool {
        if self.writes {
            return false;
        }
        let read = guarded(|| {
            self.engine.reload()?;
            ids(&self.engine)
        });
        match read {
            Ok(ids) if ids != self.ids => {
                self.ids = ids;
                true
            }
            Ok(_) => false,
            Err(error) => {
                tracing::debug!(%error, "the index could not be read again; what was read stays in use");
                false
            }
        }
    }

    fn write_stamps(&self) -> anyhow::Result<()> {
        let mut lines = String::new();
        for file in segment_files(self.engine.index())? {
            if let Some((bytes, modified)) = stamp(&self.folder.join(&file)) {
                lines.push_str(&format!("{} {bytes} {modified}\n", file.display()));
            }
        }
        let new = self.folder.join(format!("{STAMPS}.new"));
        fs::write(&new, lines)?;
        Ok(fs::rename(&new, self.folder.join(STAMPS))?)
    }

    /// The files in the folder that belong neither to the engine's index nor to us.
    fn strangers(&self) -> io::Result<Vec<PathBuf>> {
        let index = self.engine.index();
        let mut known = segment_files(index).map_err(io::Error::other)?;
        known.extend(["meta.json", ".managed.json", STAMPS].map(PathBuf::from));
        known.extend([".tantivy-writer.lock", ".tantivy-meta.lock"].map(PathBuf::from));
        let files = fs::read_dir(&self.folder)?.filter_map(Result::ok);
        Ok(files
            .filter(|file| !known.contains(Path::new(&file.file_name())))
            .map(|file| file.path())
            .collect())
    }

    fn has_strangers(&self) -> bool {
        self.strangers().is_ok_and(|files| !files.is_empty())
    }

    /// Deletes what a killed process left in the folder.
    fn remove_strangers(&self) {
        for file in self.strangers().unwrap_or_default() {
            // One that another process is reading cannot be deleted on Windows; the next start tries again.
            let _ = fs::remove_file(file);
        }
    }
}

/// The names of the files that the last commit of `index` consists of; not all of them need exist.
fn segment_files(index: &tantivy::Index) -> tantivy::Result<BTreeSet<PathBuf>> {
    Ok(index.load_metas()?.list_segment_files().into_iter().collect())
}

/// The texts that `engine` has.
fn ids(engine: &Engine) -> anyhow::Result<HashSet<TextId>> {
    let field = schema().1.text;
    let mut ids = HashSet::new();
    for segment in engine.layer(Default::default()).searcher.segment_readers() {
        let (texts, passages) = columns(segment)?;
        let whole = texts.num_docs() == segment.max_doc() && passages.num_docs() == segment.max_doc();
        ensure!(whole, "its counts do not agree");
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let id = <[u8; 8]>::try_from(terms.key()).context("an id is damaged")?;
            let is_alive = match segment.alive_bitset() {
                None => true,
                Some(alive) => {
                    let mut places =
                        index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                    while places.doc() != TERMINATED && !alive.is_alive(places.doc()) {
                        places.advance();
                    }
                    places.doc() != TERMINATED
                }
            };
            if is_alive {
                ids.insert(TextId(u64::from_be_bytes(id)));
            }
        }
    }
    Ok(ids)
}

/// Size in bytes and modification time in nanoseconds of the file at `path`.
fn stamp(path: &Path) -> Option<(u64, u128)> {
    let metadata = fs::metadata(path).ok()?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), modified.as_nanos()))
}

fn read_stamps(folder: &Path) -> BTreeMap<String, (u64, u128)> {
    let lines = fs::read_to_string(folder.join(STAMPS)).unwrap_or_default();
    let stamp = |line: &str| {
        let mut parts = line.split(' ');
        let name = parts.next()?.to_owned();
        Some((name, (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)))
    };
    lines.lines().filter_map(stamp).collect()
}

/// Runs `work`, in which the engine may panic about files that it does not expect.
fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the search engine panicked")))
}
