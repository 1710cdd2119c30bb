//! The state of a workspace: a [`Host`] takes [`Change`]s and gives immutable [`Snapshot`]s.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use super::cache;
use super::cancel::Cancel;
use super::load::has_markdown_name;
use super::load::stamp::Stamp;
use super::lock::Lock;
use super::notice::Notice;
use super::second::{Report, SecondLook};
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::markdown::BlockKind;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::corpus::entity::{Entities, Meaning, Mention, Written};
use crate::corpus::ingest;
use crate::corpus::library::Format;
use crate::corpus::source::{SourceId, SourceText};
use crate::corpus::style::StyleFiles;
use crate::evidence::memo::Memo;
use crate::evidence::verdict::Evidence;
use crate::text::{Document, Edit, Encoding, FileId, FileText, Text};

/// A brief, or another file that is open in an editor. Everything derived from its text is computed on first
/// use.
#[derive(Debug)]
pub struct BriefFile {
    text: OnceLock<Text>,
    document: Option<Document>,
    /// The language tag of its project.
    project: Option<Arc<str>>,
    brief: OnceLock<Brief>,
    /// The last version whose brief was parsed, which is reused in parsing this one.
    before: Mutex<Option<Arc<Self>>>,
    source: OnceLock<Option<Arc<SourceText>>>,
    /// The citations of each key, as indices into the brief's.
    keys: OnceLock<HashMap<String, Vec<usize>>>,
    /// The result of [`Self::leaning_on`], and the memo of the corpus it is for.
    leaning: Mutex<Option<(Weak<Memo>, Arc<Leaning>)>>,
    /// The names in it, and the entities by which they were read.
    names: Mutex<Option<(Weak<Entities>, Arc<Names>)>>,
}

/// The names in a brief.
#[derive(Debug, Default)]
pub struct Names {
    /// Those known to the corpus, in order.
    pub known: Vec<Mention>,
    /// Those unknown to the corpus.
    pub unknown: Vec<Written>,
}

/// For each source, the quotations found in it: their indices in the brief, and the evidence.
type Leaning = HashMap<SourceId, Vec<(usize, Arc<Evidence>)>>;

impl BriefFile {
    /// A brief on disk, of a project in the language `project`.
    #[must_use]
    pub fn of_text(text: Text, project: Option<Arc<str>>) -> Self {
        Self::new(OnceLock::from(text), None, project)
    }

    /// A brief that is open in an editor.
    fn of_document(document: Document, project: Option<Arc<str>>) -> Self {
        Self::new(OnceLock::new(), Some(document), project)
    }

    /// The same text in a project in the language `project`.
    pub(super) fn moved_to(&self, project: Option<Arc<str>>) -> Self {
        Self::new(self.text.clone(), self.document.clone(), project)
    }

    /// The language tag of its project.
    pub(super) fn project(&self) -> Option<&Arc<str>> {
        self.project.as_ref()
    }

    /// The brief `before` after an edit that turned it into `document`.
    fn edited(before: Arc<Self>, document: Document) -> Self {
        let project = before.project.clone();
        let read = match before.brief.get() {
            Some(_) => Some(before),
            None => before.before.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        };
        Self { before: Mutex::new(read), ..Self::of_document(document, project) }
    }

    fn new(text: OnceLock<Text>, document: Option<Document>, project: Option<Arc<str>>) -> Self {
        let (brief, keys, source) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let (names, before, leaning) = (Mutex::new(None), Mutex::new(None), Mutex::new(None));
        Self { text, document, project, brief, before, source, keys, leaning, names }
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &Text {
        self.text.get_or_init(|| self.document.as_ref().map_or_else(|| Text::new(""), Document::text))
    }

    /// The parsed brief.
    #[must_use]
    pub fn brief(&self) -> &Brief {
        self.brief.get_or_init(|| {
            let text = self.text().clone();
            let before = self.before.lock().unwrap_or_else(PoisonError::into_inner).take();
            let before = before.and_then(|before| match Arc::try_unwrap(before) {
                Ok(before) => before.brief.into_inner(),
                Err(shared) => shared.brief.get().cloned(),
            });
            before.map_or_else(
                || Brief::read_in(text.clone(), self.project.clone()),
                |before| before.read_again(text.clone()),
            )
        })
    }

    /// Its citations of `key`, as indices into [`Brief::citations`], in order.
    #[must_use]
    pub fn places_of(&self, key: &str) -> &[usize] {
        let keys = self.keys.get_or_init(|| {
            let mut keys: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, citation) in self.brief().citations.iter().enumerate() {
                keys.entry(citation.key.clone()).or_default().push(at);
            }
            keys
        });
        keys.get(key).map_or(&[], Vec::as_slice)
    }

    /// Its citations of `key`, in order.
    pub fn citations_of(&self, key: &str) -> impl Iterator<Item = &Citation> {
        self.places_of(key).iter().filter_map(|&at| self.brief().citations.get(at))
    }

    /// Its quotations whose words occur in `source`, as far as `snap` knows, in order: their indices in
    /// [`Brief::quotations`], and the evidence. Computed once per text and corpus.
    #[must_use]
    pub fn leaning_on(&self, snap: &Snapshot, source: SourceId) -> Vec<(usize, Arc<Evidence>)> {
        let memo = Arc::downgrade(&snap.memo);
        let known = match &*self.leaning.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((of, leaning)) if of.ptr_eq(&memo) => Some(leaning.clone()),
            _ => None,
        };
        // Outside the lock, because a long brief takes a while.
        let leaning = known.unwrap_or_else(|| {
            let mut made = Leaning::new();
            for (at, quotation) in self.brief().quotations.iter().enumerate() {
                let evidence = crate::evidence::check(&snap.corpus, &snap.memo, self.brief(), quotation);
                if let Some(place) = evidence.place {
                    made.entry(place.source).or_default().push((at, evidence));
                }
            }
            let made = Arc::new(made);
            *self.leaning.lock().unwrap_or_else(PoisonError::into_inner) = Some((memo, made.clone()));
            made
        });
        leaning.get(&source).cloned().unwrap_or_default()
    }

    /// The names in it, judged by the corpus of `snap`. Read once per text and corpus.
    #[must_use]
    pub fn names(&self, snap: &Snapshot) -> Arc<Names> {
        let entities = &snap.entities;
        let of = Arc::downgrade(entities);
        match &*self.names.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((known, names)) if known.ptr_eq(&of) => return names.clone(),
            _ => {}
        }
        let brief = self.brief();
        let prose = brief.markdown.blocks.iter().filter(|block| block.kind != BlockKind::Metadata);
        let (mut known, unknown) =
            entities.read(brief.text.as_str(), prose.map(|block| block.prose.as_slice()));
        known.sort_by_key(|mention| mention.span);
        for mention in &mut known {
            if let Meaning::Several(_) = mention.meaning
                && let Some(meaning) = meant(snap, brief, mention)
            {
                mention.meaning = meaning;
            }
        }
        let names = Arc::new(Names { known, unknown });
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = Some((of, names.clone()));
        names
    }

    /// Its text read as the source `file`, on first use.
    fn source(&self, file: &FileId) -> Option<&Arc<SourceText>> {
        let read = || ingest::read(file.clone(), self.text().as_str().as_bytes()).ok().map(Arc::new);
        self.source.get_or_init(read).as_ref()
    }

    /// The client's version, if it is open in an editor.
    #[must_use]
    pub fn version(&self) -> Option<i32> {
        self.document.as_ref().map(Document::version)
    }
}

/// Who is meant by an ambiguous last name: the person meant in the sources that its paragraph cites, or else
/// in those that the brief cites. `None` if they disagree.
fn meant(snap: &Snapshot, brief: &Brief, mention: &Mention) -> Option<Meaning> {
    let among = |within: &dyn Fn(&Citation) -> bool| {
        let texts = brief.citations.iter().filter(|citation| within(citation)).filter_map(|citation| {
            let source = snap.corpus.source(snap.corpus.find(&citation.key)?);
            snap.entities.find_in(source.text()?.id, &mention.key)
        });
        let mut meanings: Vec<Meaning> = texts.collect();
        meanings.dedup();
        (meanings.len() == 1).then(|| meanings.remove(0))
    };
    let block = brief.markdown.block_at(mention.span.start).map(|block| block.span);
    among(&|citation| block.is_some_and(|block| block.covers(citation.span))).or_else(|| among(&|_| true))
}

/// How far a load has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Entries and file names are known; no text has been read.
    Keys,
    /// The texts cited by the open briefs have been read.
    Cited,
    /// Everything has been read.
    All,
}

/// The result of a load.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// How far the load has got.
    pub step: Step,
    /// The settings in force.
    pub config: Arc<Config>,
    /// The file that describes the workspace, if there is one.
    pub settings: Option<Arc<Path>>,
    /// The text of that file, if it could be read.
    pub settings_text: Option<Text>,
    /// The sources.
    pub corpus: Arc<Corpus>,
    /// The entities that the sources mention.
    pub entities: Arc<Entities>,
    /// The briefs on disk.
    pub briefs: Arc<BTreeMap<FileId, Arc<BriefFile>>>,
    /// What the briefs quoted when the sources were last reviewed.
    pub lock: Arc<Lock>,
    /// The language tags of projects, by folder.
    pub languages: Arc<BTreeMap<PathBuf, Arc<str>>>,
    /// The citation styles that settings and briefs name by their files.
    pub styles: Arc<StyleFiles>,
    /// The stamps of briefs, libraries and settings on disk, by which they count as unchanged.
    pub stamps: Arc<BTreeMap<FileId, Stamp>>,
    /// What could not be read or understood, for the user; sorted by file.
    pub notices: Vec<Notice>,
}

/// Everything that can change.
#[derive(Debug)]
pub enum Change {
    /// A file was opened in the editor.
    Opened {
        /// The file.
        file: FileId,
        /// Its language as named by the client.
        language: String,
        /// The client's version.
        version: i32,
        /// Its text.
        text: String,
    },
    /// An open file was edited; the edits apply one after the other.
    Edited {
        /// The file.
        file: FileId,
        /// The client's version after the edits.
        version: i32,
        /// The edits.
        edits: Vec<Edit>,
        /// The encoding of their positions.
        encoding: Encoding,
    },
    /// A file was closed in the editor; the version on disk counts again.
    Closed {
        /// The file.
        file: FileId,
    },
    /// The disk was read.
    Loaded(Loaded),
    /// The names in what was read are known.
    Named(Arc<Entities>),
    /// An archive answered.
    Heard(Vec<Report>),
}

/// An open file.
#[derive(Debug, Clone)]
struct Open {
    contents: Arc<BriefFile>,
    is_markdown: bool,
    /// The number of this opening, distinct from all others.
    opening: u64,
}

/// The mutable state. Must not be locked across I/O.
#[derive(Debug, Default)]
pub struct Host {
    config: Arc<Config>,
    corpus: Arc<Corpus>,
    entities: Arc<Entities>,
    memo: Arc<Memo>,
    on_disk: Arc<BTreeMap<FileId, Arc<BriefFile>>>,
    open: Arc<BTreeMap<FileId, Open>>,
    lock: Arc<Lock>,
    notices: Arc<Vec<Notice>>,
    settings: Option<Arc<Path>>,
    settings_text: Option<Text>,
    languages: Arc<BTreeMap<PathBuf, Arc<str>>>,
    styles: Arc<StyleFiles>,
    stamps: Arc<BTreeMap<FileId, Stamp>>,
    second: Arc<SecondLook>,
    loaded: bool,
    revision: u64,
}

/// The language tag in `languages` of the project that `file` belongs to: that of the nearest folder.
pub(super) fn language_of(languages: &BTreeMap<PathBuf, Arc<str>>, file: &FileId) -> Option<Arc<str>> {
    if languages.is_empty() {
        return None;
    }
    file.path().ancestors().skip(1).find_map(|folder| languages.get(folder)).cloned()
}

impl Host {
    /// Applies `change`. An edit of a file that is not open is logged and dropped.
    pub fn apply(&mut self, change: Change) {
        self.revision += 1;
        match change {
            Change::Opened { file, language, version, text } => {
                let project = language_of(&self.languages, &file);
                let contents = Arc::new(BriefFile::of_document(Document::new(&text, version), project));
                let is_markdown = is_markdown(&file, &language);
                let opening = self.revision;
                Arc::make_mut(&mut self.open).insert(file, Open { contents, is_markdown, opening });
            }
            Change::Edited { file, version, edits, encoding } => {
                let Some(open) = Arc::make_mut(&mut self.open).get_mut(&file) else {
                    tracing::warn!(file = %file.path().display(), "edit of a file that is not open: dropped");
                    return;
                };
                let mut document = open
                    .contents
                    .document
                    .clone()
                    .unwrap_or_else(|| Document::new(open.contents.text().as_str(), version));
                document.change(version, edits, encoding);
                open.contents = Arc::new(BriefFile::edited(open.contents.clone(), document));
            }
            Change::Closed { file } => drop(Arc::make_mut(&mut self.open).remove(&file)),
            Change::Loaded(loaded) => {
                self.config = loaded.config;
                self.memo = Arc::new(self.memo.for_corpus(&loaded.corpus));
                self.corpus = loaded.corpus;
                self.entities = loaded.entities;
                self.on_disk = loaded.briefs;
                if self.languages != loaded.languages {
                    self.languages = loaded.languages;
                    for (file, open) in Arc::make_mut(&mut self.open) {
                        let project = language_of(&self.languages, file);
                        if open.contents.project() != project.as_ref() {
                            open.contents = Arc::new(open.contents.moved_to(project));
                        }
                    }
                }
                self.lock = loaded.lock;
                self.notices = Arc::new(loaded.notices);
                self.settings = loaded.settings;
                self.settings_text = loaded.settings_text;
                self.styles = loaded.styles;
                self.stamps = loaded.stamps;
                self.loaded |= loaded.step >= Step::Cited;
            }
            Change::Named(entities) => self.entities = entities,
            Change::Heard(reports) => {
                let second = Arc::make_mut(&mut self.second);
                reports.into_iter().for_each(|report| second.take(report));
            }
        }
    }

    /// Whether `file` is open in the editor.
    #[must_use]
    pub fn is_open(&self, file: &FileId) -> bool {
        self.open.contains_key(file)
    }

    /// The names that the sources mention.
    #[must_use]
    pub fn entities(&self) -> &Arc<Entities> {
        &self.entities
    }

    /// A snapshot of the current state.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            config: self.config.clone(),
            corpus: self.corpus.clone(),
            entities: self.entities.clone(),
            memo: self.memo.clone(),
            on_disk: self.on_disk.clone(),
            open: self.open.clone(),
            lock: self.lock.clone(),
            notices: self.notices.clone(),
            settings: self.settings.clone(),
            settings_text: self.settings_text.clone(),
            styles: self.styles.clone(),
            stamps: self.stamps.clone(),
            second: self.second.clone(),
            loaded: self.loaded,
            revision: self.revision,
            cancel: Cancel::default(),
        }
    }
}

/// The state at one moment. Cheap to clone; never changes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The settings.
    pub config: Arc<Config>,
    /// The sources.
    pub corpus: Arc<Corpus>,
    /// The entities that the sources mention; lags a little behind changed sources.
    pub entities: Arc<Entities>,
    /// Cached results for these sources.
    pub memo: Arc<Memo>,
    on_disk: Arc<BTreeMap<FileId, Arc<BriefFile>>>,
    open: Arc<BTreeMap<FileId, Open>>,
    /// What the briefs quoted when the sources were last reviewed; empty without a lock.
    pub lock: Arc<Lock>,
    /// What the last load could not read or understand, sorted by file.
    pub notices: Arc<Vec<Notice>>,
    /// The file that describes the workspace, if there is one.
    pub settings: Option<Arc<Path>>,
    settings_text: Option<Text>,
    /// The citation styles that settings and briefs name by their files.
    pub styles: Arc<StyleFiles>,
    /// The stamps of briefs, libraries and settings on disk, by which they count as unchanged.
    pub stamps: Arc<BTreeMap<FileId, Stamp>>,
    /// What archives have answered so far.
    pub second: Arc<SecondLook>,
    /// Whether the first load has finished, or at least everything that open briefs cite has been read. Until
    /// then nothing may be reported as unknown.
    pub loaded: bool,
    /// Counts the changes.
    pub revision: u64,
    /// Set when the request that this snapshot answers is cancelled.
    pub cancel: Cancel,
}

impl Snapshot {
    /// The brief in `file`, from the editor or else from disk. `None` if it is not a brief: another kind of
    /// file, a source, or one outside `[briefs] include` that is not open.
    #[must_use]
    pub fn brief(&self, file: &FileId) -> Option<&Arc<BriefFile>> {
        match self.open.get(file) {
            Some(open) => self.is_brief(file, open).then_some(&open.contents),
            None => self.on_disk.get(file),
        }
    }

    /// Whether the settings declare `file` to be a brief, rather than it just being Markdown in the workspace
    /// or open.
    #[must_use]
    pub fn is_named_brief(&self, file: &FileId) -> bool {
        self.config.include != Config::default().include && self.on_disk.contains_key(file)
    }

    /// The text of `file` as an editor shows it, wherever we have it: brief, open file, source, library or
    /// settings. Positions from and for an editor refer to it.
    #[must_use]
    pub fn file_text(&self, file: &FileId) -> Option<FileText> {
        let open = self.open.get(file).map(|open| open.contents.text().file().clone());
        open.or_else(|| Some(self.read_text(file)?.file().clone()))
    }

    /// The reading text of `file`: for a web page the text without its markup, for most other files the text
    /// itself. For an open file it is current, except for a source whose reading text was drawn from the
    /// file, which is as of the last load.
    #[must_use]
    pub fn reading_text(&self, file: &FileId) -> Option<Text> {
        let read = || self.read_text(file);
        match self.open.get(file) {
            Some(open) => {
                let drawn = read().filter(|text| text.is_drawn());
                Some(drawn.unwrap_or_else(|| open.contents.text()).clone())
            }
            None => read().cloned(),
        }
    }

    /// The text of `file` as last read from disk.
    fn read_text(&self, file: &FileId) -> Option<&Text> {
        if let Some(brief) = self.on_disk.get(file) {
            return Some(brief.text());
        }
        if let Some(source) = self.corpus.of_file(file).and_then(|id| self.corpus.source(id).text()) {
            return Some(&source.text);
        }
        if self.settings.as_deref() == Some(file.path()) {
            return self.settings_text.as_ref();
        }
        self.corpus.libraries.iter().find(|library| library.file == *file).map(|library| &library.text)
    }

    /// The document whose view is `file`.
    #[must_use]
    pub fn viewed(&self, file: &FileId) -> Option<&Arc<SourceText>> {
        let text = self.corpus.source(self.corpus.of_file(file)?).text()?;
        Some(text).filter(|text| text.view.as_ref() == Some(file))
    }

    /// The text of an open file, read as a source. `None` if it is not open or cannot be read as one.
    #[must_use]
    pub fn open_source(&self, file: &FileId) -> Option<&Arc<SourceText>> {
        self.open.get(file)?.contents.source(file)
    }

    /// All briefs, open and on disk, sorted by file.
    #[must_use]
    pub fn briefs(&self) -> Vec<(&FileId, &Arc<BriefFile>)> {
        let briefs = self.open.iter().filter(|(file, open)| self.is_brief(file, open));
        let open = briefs.map(|(file, open)| (file, &open.contents));
        let on_disk = self.on_disk.iter().filter(|(file, _)| !self.open.contains_key(*file));
        let mut all: Vec<_> = open.chain(on_disk).collect();
        all.sort_by_key(|(file, _)| *file);
        all
    }

    /// The files that are open in the editor, sorted.
    pub fn open_files(&self) -> impl Iterator<Item = &FileId> {
        self.open.keys()
    }

    /// Returns true if the open file is a brief: Markdown, and not one of the sources.
    fn is_brief(&self, file: &FileId, open: &Open) -> bool {
        open.is_markdown && self.corpus.of_file(file).is_none()
    }

    /// The open files with their texts, which shadow sources, libraries and settings.
    #[must_use]
    pub fn shadows(&self) -> BTreeMap<FileId, Text> {
        self.open.iter().map(|(file, open)| (file.clone(), open.contents.text().clone())).collect()
    }

    /// The same, with the open files of `other`, an earlier snapshot.
    #[must_use]
    pub fn with_open_of(mut self, other: &Self) -> Self {
        self.open = other.open.clone();
        self
    }

    /// The number of this opening of an open file: no two are the same.
    #[must_use]
    pub fn opening(&self, file: &FileId) -> Option<u64> {
        self.open.get(file).map(|open| open.opening)
    }

    /// The client's version of an open file.
    #[must_use]
    pub fn version(&self, file: &FileId) -> Option<i32> {
        self.open.get(file)?.contents.version()
    }
}

/// Returns true if a file is Markdown, by the client's language or by its name: editors have their own names for
/// dialects (`gfm`, `vimwiki`, `markdown.pandoc`). A library is not, whatever the client calls it: to read one of
/// 63 MB as a brief takes half a second per keystroke. Nor is the view of a document, even if the document has
/// changed and the view is no longer that of a source.
fn is_markdown(file: &FileId, language: &str) -> bool {
    if Format::is_known(file) || cache::is_view(file) {
        return false;
    }
    let language = language.to_ascii_lowercase();
    let named =
        matches!(&*language, "quarto" | "rmd" | "pandoc" | "gfm" | "mdx") || language.contains("markdown");
    named || has_markdown_name(file.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a file called `name` is a brief once the client has opened it.
    fn opened(name: &str, language: &str) -> bool {
        let mut host = Host::default();
        let file = FileId::new(name);
        let (language, text) = (language.to_owned(), "See [@moss2020].\n".to_owned());
        host.apply(Change::Opened { file: file.clone(), language, version: 1, text });
        host.snapshot().brief(&file).is_some()
    }

    #[test]
    fn the_view_of_a_document_is_not_a_brief_even_if_the_document_has_changed() {
        let cache = dirs::cache_dir().expect("a cache folder").join("glossator");
        let stale = cache.join("views/0011223344556677/report.md");
        assert!(!opened(stale.to_str().expect("a name"), "markdown"));
        let near_miss = cache.join("brief.md");
        assert!(opened(near_miss.to_str().expect("a name"), "markdown"));
    }

    #[test]
    fn a_library_is_not_a_brief_whatever_the_client_calls_it() {
        for (name, language) in
            [("/a/brief.md", "plaintext"), ("/a/notes.txt", "markdown"), ("/a/b.qmd", "quarto")]
        {
            assert!(opened(name, language), "{name} {language}");
        }
        for (name, language) in
            [("/a/refs.bib", "markdown"), ("/a/refs.ris", "pandoc"), ("/a/refs.bib", "bibtex")]
        {
            assert!(!opened(name, language), "{name} {language}");
        }
    }
}
