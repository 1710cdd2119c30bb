//! What briefs are written from: files made into sources and passages, with their library and
//! their index. Immutable once built; never sees a brief.

pub mod date;
pub mod entity;
pub mod furniture;
pub mod index;
pub mod ingest;
mod keys;
pub mod library;
pub mod printed;
pub mod rows;
pub mod shelf;
pub mod source;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::text::FileId;
use index::{Index, plain};
use keys::Keys;
use library::{Entry, Library};
use rows::Rows;
use shelf::{Answer, Hit, Shelf};
use source::{Source, SourceId, TextId};

/// All sources, with the library files they came from.
#[derive(Debug)]
pub struct Corpus {
    /// Sorted by key.
    sources: Vec<Source>,
    by_key: HashMap<Arc<str>, SourceId>,
    by_file: HashMap<FileId, SourceId>,
    by_text: HashMap<TextId, SourceId>,
    rows: OnceLock<Rows>,
    keys: OnceLock<Keys>,
    years: OnceLock<HashMap<i32, Vec<SourceId>>>,
    addresses: OnceLock<HashMap<Box<str>, SourceId>>,
    entries: OnceLock<HashMap<Arc<str>, Vec<Arc<Entry>>>>,
    once: OnceLock<HashMap<String, Option<SourceId>>>,
    /// Files among the sources that are none, by the keys that they would have.
    left_out: HashMap<String, FileId>,
    /// A library that could not be read: what it holds nobody knows.
    unreadable: Option<FileId>,
    /// Whether some texts are not read yet.
    partly: bool,
    /// The library files, sorted by path, with what is wrong in each.
    pub libraries: Vec<Arc<Library>>,
    /// Where the texts are searched.
    pub shelf: Arc<dyn Shelf>,
}

impl Default for Corpus {
    fn default() -> Self {
        Self::new(Vec::new(), Vec::new(), Arc::new(Index::default()))
    }
}

impl Corpus {
    /// Joins `sources`, of which no two may have the same key.
    #[must_use]
    pub fn new(mut sources: Vec<Source>, libraries: Vec<Arc<Library>>, shelf: Arc<dyn Shelf>) -> Self {
        sources.sort_by(|a, b| a.key.cmp(&b.key));
        let id = |at: usize| SourceId(u32::try_from(at).unwrap_or(u32::MAX));
        let by_key = sources.iter().enumerate().map(|(at, s)| (s.key.clone(), id(at))).collect();
        let by_file =
            sources.iter().enumerate().filter_map(|(at, s)| Some((s.text()?.file.clone(), id(at)))).collect();
        let by_text = sources.iter().enumerate().filter_map(|(at, s)| Some((s.text()?.id, id(at)))).collect();
        Self {
            sources,
            by_key,
            by_file,
            by_text,
            rows: OnceLock::new(),
            keys: OnceLock::new(),
            years: OnceLock::new(),
            addresses: OnceLock::new(),
            entries: OnceLock::new(),
            once: OnceLock::new(),
            left_out: HashMap::new(),
            unreadable: None,
            partly: false,
            libraries,
            shelf,
        }
    }

    /// The same with `files`, which lie among the sources and are none.
    #[must_use]
    pub fn with_left_out(mut self, files: impl IntoIterator<Item = FileId>) -> Self {
        let key = |file: &FileId| Some(source::key_of_file_name(&file.path().file_stem()?.to_string_lossy()));
        self.left_out = files.into_iter().filter_map(|file| Some((key(&file)?, file))).collect();
        self
    }

    /// The same without what `library` would have added, which could not be read.
    #[must_use]
    pub fn with_unreadable(mut self, library: Option<FileId>) -> Self {
        self.unreadable = library;
        self
    }

    /// A library that could not be read, so that a key that nobody has may be one of its own.
    #[must_use]
    pub fn unreadable(&self) -> Option<&FileId> {
        self.unreadable.as_ref()
    }

    /// The file among the sources that is none, and whose name would make `key`.
    #[must_use]
    pub fn left_out(&self, key: &str) -> Option<&FileId> {
        self.left_out.get(key)
    }

    /// The same while some texts are not read yet: of what is not found nobody knows that it is not there.
    #[must_use]
    pub fn partly_read(mut self) -> Self {
        self.partly = true;
        self
    }

    /// Whether some texts are not read yet.
    #[must_use]
    pub fn is_partly_read(&self) -> bool {
        self.partly
    }

    /// All sources, sorted by key; their place in the slice is their [`SourceId`].
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The source that `id` names.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The source with citation key `key`.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<SourceId> {
        self.by_key.get(key).copied()
    }

    /// The source that `text` belongs to.
    #[must_use]
    pub fn of_text(&self, text: TextId) -> Option<SourceId> {
        self.by_text.get(&text).copied()
    }

    /// The source whose text stands in `file`.
    #[must_use]
    pub fn of_file(&self, file: &FileId) -> Option<SourceId> {
        self.by_file.get(file).copied()
    }

    /// The source that an entry gave another key, and that had `key`, made from the name of its file, as
    /// long as no entry named that. `None` also where that fits two.
    #[must_use]
    pub fn once_called(&self, key: &str) -> Option<SourceId> {
        let once = self.once.get_or_init(|| {
            let mut once: HashMap<String, Option<SourceId>> = HashMap::new();
            for (at, source) in self.sources.iter().enumerate().filter(|(_, source)| source.entry.is_some()) {
                let Some(stem) = source.text().and_then(|text| text.file.path().file_stem()) else {
                    continue;
                };
                let id = SourceId(u32::try_from(at).unwrap_or(u32::MAX));
                let known = once.entry(source::key_of_file_name(&stem.to_string_lossy()));
                known.and_modify(|other| *other = None).or_insert(Some(id));
            }
            once
        });
        once.get(key).copied().flatten()
    }

    /// The entries with citation key `key` in all library files, in the order of the files; of two in
    /// one file only the first.
    #[must_use]
    pub fn entries(&self, key: &str) -> &[Arc<Entry>] {
        let entries = self.entries.get_or_init(|| {
            let mut entries: HashMap<Arc<str>, Vec<Arc<Entry>>> = HashMap::new();
            for entry in self.libraries.iter().flat_map(|library| &library.entries) {
                entries.entry(entry.key.clone()).or_default().push(entry.clone());
            }
            entries
        });
        entries.get(key).map_or(&[], Vec::as_slice)
    }

    /// The sources whose keys begin or end like `key`, sorted: at most a thousand, however large
    /// the library.
    #[must_use]
    pub fn with_key_like(&self, key: &str) -> Vec<SourceId> {
        self.keys.get_or_init(|| Keys::new(&self.sources)).like(key)
    }

    /// The sources whose entry has an author and a date in `year`, in the order of their keys.
    #[must_use]
    pub fn of_year(&self, year: i32) -> &[SourceId] {
        self.years().get(&year).map_or(&[], Vec::as_slice)
    }

    /// The source whose entry has the address `url`, of several the first by key; `http` or `https`, `www.`,
    /// a fragment and a last `/` do not part one page from another.
    #[must_use]
    pub fn of_address(&self, url: &str) -> Option<SourceId> {
        self.addresses().get(page(url)).copied()
    }

    fn addresses(&self) -> &HashMap<Box<str>, SourceId> {
        self.addresses.get_or_init(|| {
            let mut addresses = HashMap::new();
            for (at, source) in self.sources.iter().enumerate() {
                if let Some(url) = source.entry.as_ref().and_then(|entry| entry.url.as_deref()) {
                    let id = SourceId(u32::try_from(at).unwrap_or(u32::MAX));
                    addresses.entry(page(url).into()).or_insert(id);
                }
            }
            addresses
        })
    }

    fn years(&self) -> &HashMap<i32, Vec<SourceId>> {
        self.years.get_or_init(|| {
            let mut years: HashMap<i32, Vec<SourceId>> = HashMap::new();
            for (at, source) in self.sources.iter().enumerate() {
                let entry = source.entry.as_ref().filter(|entry| !entry.authors.is_empty());
                if let Some(date) = entry.and_then(|entry| entry.date.as_ref()) {
                    years.entry(date.year).or_default().push(SourceId(u32::try_from(at).unwrap_or(u32::MAX)));
                }
            }
            years
        })
    }

    /// The `limit` passages that fit `words` best, best first. `words` is free text: nothing in it is syntax,
    /// and stop words do not count.
    ///
    /// # Errors
    /// When the shelf cannot be searched.
    pub fn search(&self, words: &str, limit: usize) -> Answer<Vec<Hit>> {
        self.shelf.ranked(None, &plain(words), limit)
    }

    /// What each source can be found by while a key is typed.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::new(&self.sources))
    }

    /// Makes what the first keystrokes would wait for.
    pub fn prepare(&self) {
        self.rows().prepare();
        self.keys.get_or_init(|| Keys::new(&self.sources));
        self.years();
        self.addresses();
    }
}

/// An address without what does not part one page from another.
#[must_use]
pub fn page(url: &str) -> &str {
    let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    let url = url.strip_prefix("www.").unwrap_or(url);
    url.split('#').next().unwrap_or_default().trim_end_matches('/')
}
