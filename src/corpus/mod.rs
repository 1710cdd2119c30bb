//! The corpus that briefs are written from: files turned into sources and passages, with their library and
//! index. Immutable once built; never sees a brief.

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

/// All sources, with the library files they come from.
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
    /// Files in a sources folder that are not sources, by the key they would have.
    left_out: HashMap<String, FileId>,
    /// A library that could not be read, so its entries are unknown.
    unreadable: Option<FileId>,
    /// Whether some texts have not been read yet.
    partly: bool,
    /// The library files with their problems, sorted by path.
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
    /// Builds a corpus from `sources`, whose keys must be distinct.
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

    /// Records `files` that are in a sources folder without being sources.
    #[must_use]
    pub fn with_left_out(mut self, files: impl IntoIterator<Item = FileId>) -> Self {
        let key = |file: &FileId| Some(source::key_of_file_name(&file.path().file_stem()?.to_string_lossy()));
        self.left_out = files.into_iter().filter_map(|file| Some((key(&file)?, file))).collect();
        self
    }

    /// Records that `library` could not be read, so that its entries are missing.
    #[must_use]
    pub fn with_unreadable(mut self, library: Option<FileId>) -> Self {
        self.unreadable = library;
        self
    }

    /// A library that could not be read. An unknown key may belong to it.
    #[must_use]
    pub fn unreadable(&self) -> Option<&FileId> {
        self.unreadable.as_ref()
    }

    /// The file in a sources folder that is not a source but whose name would give `key`.
    #[must_use]
    pub fn left_out(&self, key: &str) -> Option<&FileId> {
        self.left_out.get(key)
    }

    /// Marks some texts as not read yet, so that what is not found may still exist.
    #[must_use]
    pub fn partly_read(mut self) -> Self {
        self.partly = true;
        self
    }

    /// Whether some texts have not been read yet.
    #[must_use]
    pub fn is_partly_read(&self) -> bool {
        self.partly
    }

    /// All sources, sorted by key; their index is their [`SourceId`].
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The source with this id.
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

    /// The source whose text is in `file`.
    #[must_use]
    pub fn of_file(&self, file: &FileId) -> Option<SourceId> {
        self.by_file.get(file).copied()
    }

    /// The source that now has another key from its entry, but was called `key` after its file before an
    /// entry named that file. `None` if there are two.
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

    /// The entries with citation key `key` in all library files, in file order; only the first from each
    /// file.
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

    /// The sources whose keys begin or end like `key`, sorted: at most a thousand, however large the library.
    #[must_use]
    pub fn with_key_like(&self, key: &str) -> Vec<SourceId> {
        self.keys.get_or_init(|| Keys::new(&self.sources)).like(key)
    }

    /// The sources whose entry has an author and a date in `year`, sorted by key.
    #[must_use]
    pub fn of_year(&self, year: i32) -> &[SourceId] {
        self.years().get(&year).map_or(&[], Vec::as_slice)
    }

    /// The source whose entry has the address `url`, or the first by key if there are several. Ignores `http`
    /// or `https`, `www.`, a fragment and a trailing `/`.
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

    /// The `limit` passages that match `words` best, best first. `words` is free text: it has no syntax, and
    /// stop words are ignored.
    ///
    /// # Errors
    /// If the shelf cannot be searched.
    pub fn search(&self, words: &str, limit: usize) -> Answer<Vec<Hit>> {
        self.shelf.ranked(None, &plain(words), limit)
    }

    /// The searchable rows of all sources, for completing a key while it is typed.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::new(&self.sources))
    }

    /// Builds everything that the first keystrokes would otherwise wait for.
    pub fn prepare(&self) {
        self.rows().prepare();
        self.keys.get_or_init(|| Keys::new(&self.sources));
        self.years();
        self.addresses();
    }
}

/// An address without the parts that do not distinguish pages.
#[must_use]
pub fn page(url: &str) -> &str {
    let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    let url = url.strip_prefix("www.").unwrap_or(url);
    url.split('#').next().unwrap_or_default().trim_end_matches('/')
}
