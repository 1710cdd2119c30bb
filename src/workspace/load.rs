//! Reading the disk: settings, library, sources and briefs of one workspace. Used by the server
//! and the command line alike; the one place where a corpus is put together.
//!
//! Where no `[corpus] library` is set, a library counts when its name and place say so (any `.bib`;
//! at the root `library`, `references` or `bibliography` as CSL-JSON or Hayagriva), or when a brief
//! names it as Pandoc reads it: `bibliography:` in its front matter, a path or a list of paths,
//! relative to the brief. That is read from the file on disk, so it takes effect on saving.
//!
//! Nothing that is wrong with one file stops the rest: it becomes a [`Notice`]. Files that did not
//! change since the last load, by size and times, are not read again.

mod changes;
mod find;
mod front;
mod names;
mod read;
mod sources;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::BriefFile;
use crate::config::Config;
use crate::corpus::Corpus;
use crate::corpus::entity::{Aliases, Entities, Gatherer};
use crate::corpus::index::{Index, Indexer};
use crate::corpus::ingest;
use crate::corpus::library::{Entry, Format, Library, ProblemKind};
use crate::corpus::source::{SourceText, TextId};
use crate::text::{FileId, Text};
use changes::{Stamp, stamp};
pub use find::{has_markdown_name, in_folder_of_notes, is_read_only, normalize};
pub use front::bibliography;
use read::read_bytes;
pub use read::read_text;

/// The name of the file that describes a workspace.
pub const CONFIG_FILE: &str = "glossator.toml";

/// What stands for a path in a [`Notice`] about the settings that the client sent.
pub const CLIENT_SETTINGS: &str = "the editor's settings";

/// Libraries of more bytes are not read. One of 100,000 entries with abstracts has 58 MB.
const MAX_LIBRARY: u64 = 250_000_000;

/// Settings of more bytes are not read: they are a few lines.
const MAX_SETTINGS: u64 = 1_000_000;

/// Files at the root in which Quarto and bookdown name the libraries of all briefs.
const PROJECTS: [&str; 4] = ["_quarto.yml", "_quarto.yaml", "_bookdown.yml", "_metadata.yml"];

/// How many files are read between two reports of progress.
const BATCH: usize = 128;

/// What one reading of the disk brought.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings in force.
    pub config: Arc<Config>,
    /// The file that describes the workspace, when there is one.
    pub settings: Option<Arc<Path>>,
    /// The text of that file, when it could be read.
    pub settings_text: Option<Text>,
    /// The sources.
    pub corpus: Arc<Corpus>,
    /// Who and what the sources mention.
    pub entities: Arc<Entities>,
    /// The briefs on disk.
    pub briefs: Arc<BTreeMap<FileId, Arc<BriefFile>>>,
    /// What could not be read or was not understood, for the user; sorted by file.
    pub notices: Vec<Notice>,
}

/// One thing that went wrong while reading, which did not stop the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong and what to do, in one or two sentences, file not repeated.
    pub message: String,
    /// What it is about.
    pub about: About,
}

/// What a [`Notice`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Settings that cannot be read, or name what is not there: the workspace is not what its owner means.
    Settings,
    /// A file that could not be read, or not all of it.
    File,
    /// Nothing is wrong: something is not done that somebody may wait for.
    Remark,
}

impl Notice {
    /// About a file.
    fn of_file(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::File }
    }

    /// About the settings at `path`, or what they name.
    fn of_settings(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), about: About::Settings }
    }
}

/// How far a load is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files read.
    pub done: usize,
    /// Files to read.
    pub total: usize,
}

/// A source's text, or why it could not be read, in words for the user.
type ReadText = Result<Arc<SourceText>, String>;

/// Reads a workspace, and reads it again when it changes.
pub struct Loader {
    root: PathBuf,
    client: Value,
    /// The settings of the last load.
    config: Arc<Config>,
    shadows: BTreeMap<FileId, Text>,
    libraries: BTreeMap<PathBuf, (Option<Stamp>, Arc<Library>)>,
    /// The libraries that briefs hold in their metadata.
    inline: Vec<Arc<Library>>,
    /// Entries that a half-written library no longer shows, by library.
    kept: BTreeMap<PathBuf, Vec<Arc<Entry>>>,
    texts: BTreeMap<PathBuf, (Option<Stamp>, ReadText)>,
    briefs: BTreeMap<PathBuf, (Stamp, Arc<BriefFile>)>,
    indexer: Option<Indexer>,
    /// What was read of the alias file last.
    aliases: Arc<Aliases>,
    gatherer: Gatherer,
    /// What was gathered last, and from which texts and aliases.
    entities: Arc<Entities>,
    gathered: (Vec<TextId>, Arc<Aliases>),
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Loader {
    /// For the workspace at `root`, which must be absolute.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self {
            root: normalize(&root),
            client: Value::Null,
            config: Arc::default(),
            shadows: BTreeMap::new(),
            libraries: BTreeMap::new(),
            inline: Vec::new(),
            kept: BTreeMap::new(),
            texts: BTreeMap::new(),
            briefs: BTreeMap::new(),
            indexer: None,
            aliases: Arc::default(),
            gatherer: Gatherer::default(),
            entities: Arc::default(),
            gathered: Default::default(),
        }
    }

    /// The root of the workspace that `path` (an absolute path of a file or folder) belongs to:
    /// the nearest folder at or above it that holds `glossator.toml`, else the nearest that holds
    /// a library or `.git`, else the folder itself.
    #[must_use]
    pub fn root_of(path: &Path) -> PathBuf {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        Self::described_root_of(path).unwrap_or_else(|| folder.to_path_buf())
    }

    /// The same where a file or folder says so; `None` where only the place of `path` itself would count.
    #[must_use]
    pub fn described_root_of(path: &Path) -> Option<PathBuf> {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let holds = |test: &dyn Fn(&Path) -> bool| {
            folder.ancestors().find(|folder| test(folder)).map(Path::to_path_buf)
        };
        holds(&|folder| folder.join(CONFIG_FILE).is_file())
            .or_else(|| holds(&|folder| folder.join(".git").exists() || find::holds_library(folder)))
    }

    /// The root of this workspace.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Settings that the client sent; they win over `glossator.toml`. Takes effect with the next load.
    pub fn set_client_settings(&mut self, settings: Value) {
        self.client = settings;
    }

    /// Texts of open files that shadow what stands on disk. Takes effect with the next load.
    pub fn set_shadows(&mut self, shadows: BTreeMap<FileId, Text>) {
        self.shadows = shadows;
    }

    /// Reads what is new or changed on disk since the last time (everything, the first time), and
    /// the names in it.
    pub fn load(&mut self, progress: &dyn Fn(Progress)) -> Loaded {
        let loaded = self.load_without_names(progress);
        Loaded { entities: self.names(), ..loaded }
    }

    /// The same as [`Loader::load`]; but when there is much text, the names are those that were known
    /// before, and [`Loader::names`] has the new ones.
    pub fn load_without_names(&mut self, progress: &dyn Fn(Progress)) -> Loaded {
        let mut notices = Vec::new();
        let (config, settings_text) = self.read_config(&mut notices);
        self.config = Arc::new(config);
        let config = self.config.clone();
        let found = find::find(&self.root, &config, &mut notices);
        self.read_briefs(&found.briefs, &mut notices);
        let mut libraries = found.libraries;
        if config.library.is_none() {
            libraries.extend(self.named_libraries(&mut notices));
            libraries.sort();
            libraries.dedup();
        }
        self.read_libraries(&libraries, &mut notices);
        self.inline = self.inline_libraries();
        let documents = self.documents(&mut notices);
        let wanted: BTreeSet<PathBuf> = found
            .sources
            .iter()
            .filter(|path| !self.libraries.contains_key(*path))
            .chain(documents.values().filter_map(|document| document.text()))
            .cloned()
            .collect();
        self.read_texts(&wanted, progress);
        let listed: HashSet<&PathBuf> = documents.values().filter_map(|document| document.text()).collect();
        for (path, (_, text)) in &self.texts {
            if let (Err(why), false) = (text, listed.contains(path)) {
                notices.push(Notice::of_file(path, format!("Not read: {why}.")));
            }
        }
        // What is read as a source is no brief.
        self.briefs.retain(|path, _| !wanted.contains(path));
        let sources = self.sources(&documents, &found.unread, &mut notices);
        let index = self.index();
        let libraries = self.libraries.values().map(|(_, library)| library);
        let libraries = libraries.chain(&self.inline).cloned().collect();
        self.read_aliases(&config, &mut notices);
        notices.sort();
        notices.dedup();
        if self.has_few_texts() {
            self.names();
        }
        let settings = self.root.join(CONFIG_FILE);
        let described = self.shadows.contains_key(&FileId::new(settings.clone())) || settings.is_file();
        Loaded {
            config,
            settings: described.then(|| settings.into()),
            settings_text,
            corpus: Arc::new(Corpus::new(sources, libraries, index)),
            entities: self.entities.clone(),
            briefs: Arc::new(
                self.briefs
                    .iter()
                    .map(|(path, (_, brief))| (FileId::new(path.clone()), brief.clone()))
                    .collect(),
            ),
            notices,
        }
    }

    /// Built-in, then `glossator.toml`, then the client's settings; and the text of the file.
    fn read_config(&self, notices: &mut Vec<Notice>) -> (Config, Option<Text>) {
        let mut config = Config::default();
        let mut written = None;
        let path = self.root.join(CONFIG_FILE);
        let shadow = self.shadows.get(&FileId::new(path.clone())).map(|text| text.as_str().to_owned());
        let content = match shadow {
            Some(text) => Ok(Some(text)),
            None if path.symlink_metadata().is_err_and(|why| why.kind() == std::io::ErrorKind::NotFound) => {
                Ok(None)
            }
            None => read_bytes(&path, MAX_SETTINGS).and_then(|bytes| ingest::decode(&bytes)).map(Some),
        };
        let mut tell = |message: String| notices.push(Notice::of_settings(&path, message));
        match content {
            Ok(None) => {}
            Err(why) => {
                tell(format!("The settings could not be read: {why}. The built-in ones are in force."))
            }
            Ok(Some(text)) => {
                match toml::from_str::<Value>(&text) {
                    Ok(settings) => config.apply(&settings).into_iter().for_each(&mut tell),
                    Err(error) => {
                        let start = error.span().map_or(0, |span| span.start.min(text.len()));
                        let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
                        tell(format!(
                            "Line {line} is not TOML: {}. The built-in settings are in force until it is mended.",
                            error.message()
                        ));
                    }
                }
                written = Some(Text::new(text));
            }
        }
        for complaint in config.apply(&self.client) {
            notices.push(Notice::of_settings(CLIENT_SETTINGS, complaint));
        }
        (config, written)
    }

    fn read_libraries(&mut self, paths: &[PathBuf], notices: &mut Vec<Notice>) {
        let listed = self.config.library.is_some();
        self.libraries.retain(|path, _| paths.contains(path));
        for path in paths {
            let file = FileId::new(path.clone());
            let read = if let Some(text) = self.shadows.get(&file) {
                Ok((None, text.clone()))
            } else {
                let stamp = stamp(path);
                if let (Some(new), Some((Some(old), _))) = (stamp, self.libraries.get(path))
                    && new == *old
                {
                    continue;
                }
                read_bytes(path, MAX_LIBRARY)
                    .and_then(|bytes| ingest::decode(&bytes))
                    .map(|text| (stamp, Text::new(text)))
            };
            match read {
                Ok((stamp, text)) => {
                    let library = Library::read(file, text);
                    if library.entries.is_empty() && !Format::is_known(&library.file) {
                        let message = "This is no library that Glossator reads: those are BibLaTeX (.bib), CSL-JSON (.json), CSL or Hayagriva in YAML (.yaml) and RIS (.ris). Export it as one of them.";
                        notices.push(Notice::of_file(path, message));
                    }
                    self.keep_last_good(path, &library);
                    self.libraries.insert(path.clone(), (stamp, Arc::new(library)));
                }
                Err(why) => {
                    // A library that is being replaced is gone for a moment: its entries stay.
                    let notice = Notice::of_file(path, format!("The library could not be read: {why}."));
                    let about = if listed { About::Settings } else { About::File };
                    notices.push(Notice { about, ..notice });
                }
            }
        }
    }

    /// A library caught half written has a broken entry, or breaks off within a line of what it was,
    /// and lacks entries that it had: those stay in force until it can be read again whole.
    fn keep_last_good(&mut self, path: &Path, library: &Library) {
        let broken = library.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Broken(_)));
        if !broken && !self.libraries.get(path).is_some_and(|(_, before)| library.breaks_off(before)) {
            self.kept.remove(path);
            return;
        }
        let Some((_, before)) = self.libraries.get(path) else { return };
        let now: HashSet<&str> = library.entries.iter().map(|entry| &*entry.key).collect();
        let mut kept = self.kept.remove(path).unwrap_or_default();
        kept.extend(before.entries.iter().cloned());
        kept.retain(|entry| !now.contains(&*entry.key));
        self.kept.insert(path.to_path_buf(), kept);
    }

    /// All entries, of two with one key only the first.
    fn entries(&self) -> Vec<Arc<Entry>> {
        let mut seen = HashSet::new();
        let read = self.libraries.values().flat_map(|(_, library)| &library.entries);
        let inline = self.inline.iter().flat_map(|library| &library.entries);
        read.chain(self.kept.values().flatten())
            .chain(inline)
            .filter(|entry| seen.insert(entry.key.clone()))
            .cloned()
            .collect()
    }

    fn read_texts(&mut self, wanted: &BTreeSet<PathBuf>, progress: &dyn Fn(Progress)) {
        let gone: Vec<PathBuf> = self.texts.keys().filter(|path| !wanted.contains(*path)).cloned().collect();
        for path in gone {
            self.forget_text(&path);
        }
        let mut stale = Vec::new();
        for path in wanted {
            let shadow = self.shadows.get(&FileId::new(path.clone())).cloned();
            let stamp = if shadow.is_some() { None } else { stamp(path) };
            let fresh = match (&shadow, self.texts.get(path)) {
                (Some(shadow), Some((_, Ok(text)))) => text.text.in_file().as_str() == shadow.as_str(),
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
                            read_bytes(path, ingest::MAX_BYTES).and_then(|bytes| ingest::read(file, &bytes))
                        }
                    };
                    (path.clone(), *stamp, text.map(Arc::new))
                })
                .collect();
            for (path, stamp, text) in read {
                self.forget_text(&path);
                if let Ok(text) = &text {
                    self.add_to_index(text);
                }
                self.texts.insert(path, (stamp, text));
            }
        }
        progress(Progress { done: total, total });
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

    fn index(&mut self) -> Index {
        let Some(indexer) = &mut self.indexer else { return Index::default() };
        indexer.commit().unwrap_or_else(|error| {
            tracing::error!(%error, "the index could not be committed: sources are not ranked");
            Index::default()
        })
    }

    fn read_briefs(&mut self, paths: &[PathBuf], notices: &mut Vec<Notice>) {
        let mut briefs = BTreeMap::new();
        for path in paths {
            let Some(stamp) = stamp(path) else { continue };
            match self.briefs.remove(path) {
                Some((old, brief)) if old == stamp => {
                    briefs.insert(path.clone(), (stamp, brief));
                }
                _ => match read_bytes(path, ingest::MAX_BYTES).and_then(|bytes| ingest::decode(&bytes)) {
                    Ok(text) => {
                        briefs.insert(path.clone(), (stamp, Arc::new(BriefFile::of_text(Text::new(text)))));
                    }
                    Err(why) => {
                        notices.push(Notice::of_file(path, format!("Not read: {why}.")));
                    }
                },
            }
        }
        self.briefs = briefs;
    }

    /// The libraries that briefs hold in their metadata, as `references:`.
    fn inline_libraries(&self) -> Vec<Arc<Library>> {
        let read = |(path, (_, brief)): (&PathBuf, &(Stamp, Arc<BriefFile>))| {
            let file = FileId::new(path.clone());
            let text = self.shadows.get(&file).unwrap_or_else(|| brief.text());
            Library::in_brief(&file, text).map(Arc::new)
        };
        self.briefs.iter().filter_map(read).collect()
    }

    /// The libraries that the front matter of briefs names; one outside the workspace needs an absolute path.
    fn named_libraries(&self, notices: &mut Vec<Notice>) -> Vec<PathBuf> {
        let mut named = Vec::new();
        let projects = PROJECTS.map(|name| self.root.join(name));
        let projects = projects.iter().filter_map(|path| Some((path, read_text(path).ok()?)));
        let mut named_in: Vec<(&PathBuf, Vec<PathBuf>)> =
            projects.map(|(path, text)| (path, front::of_yaml(&text))).collect();
        let briefs = self.briefs.iter();
        named_in.extend(briefs.map(|(path, (_, brief))| (path, front::bibliography(brief.text().as_str()))));
        for (brief, written) in named_in {
            for written in written {
                let path = normalize(&brief.parent().unwrap_or(&self.root).join(&written));
                if written.is_absolute() || path.starts_with(&self.root) {
                    named.push(path);
                } else {
                    let message = format!(
                        "bibliography: {} leaves the workspace: not read. Write an absolute path if it is meant.",
                        written.display()
                    );
                    notices.push(Notice::of_file(brief, message));
                }
            }
        }
        named
    }
}

/// Whether `path`, as somebody wrote it, climbs out of the folder that it starts from.
fn climbs_out(path: &Path) -> bool {
    let mut depth = 0i32;
    for part in path.components() {
        match part {
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
