//! Loads a workspace from disk: settings, library, sources and briefs. Used by the server and the command
//! line alike; the only place where a corpus is assembled.
//!
//! If `[corpus] library` is not set, a library is found by name and place (any `.bib`; at the root `library`,
//! `references` or `bibliography` as CSL-JSON or Hayagriva), or because a brief names it as in Pandoc:
//! `bibliography:` in its front matter, a path or list of paths relative to the brief. That is read from the
//! file on disk, so it takes effect on saving.
//!
//! A problem with one file never stops the rest: it becomes a [`Notice`]. Files unchanged since the last
//! load, judged by size and times, are not read again; those of a large workspace not even in a later run
//! (`store`).

mod again;
mod away;
mod changes;
mod find;
mod front;
mod kept;
mod languages;
mod libraries;
mod lock;
mod names;
mod own;
mod paths;
mod patience;
mod plan;
mod reach;
pub(in crate::workspace) mod read;
mod settings;
mod sources;
pub(in crate::workspace) mod stamp;
mod styles;
mod texts;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::archived::Outcome;
use super::cache::Cache;
use super::host::{BriefFile, language_of};
pub use super::host::{Loaded, Step};
use super::lock::Lock;
pub use super::notice::{About, CLIENT_SETTINGS, CONFIG_FILE, Notice};
use super::store::{KeptNames, Store};
use crate::archive::Reference;
use crate::brief::Brief;
use crate::config::{Archive, Config};
use crate::corpus::Corpus;
use crate::corpus::entity::{Aliases, Entities, Gatherer};
use crate::corpus::index::Indexer;
use crate::corpus::ingest::kind::Kind;
use crate::corpus::library::{Entry, Library, Lists};
use crate::corpus::source::{TextId, Volume, key_of_file_name};
use crate::corpus::style::Style;
use crate::text::{FileId, Text};
use find::Found;
pub use find::{
    has_markdown_name, in_folder_of_notes, is_among_sources, is_read_only, literature_key, markdown_below,
    sources_below,
};
pub use front::bibliography;
pub use own::{own_file, own_settings};
pub use paths::normalize;
use patience::Patience;
use plan::{Document, Plan};
use reach::Reach;
pub use read::{read_bytes, read_text, read_text_within};
pub use stamp::changed;
use stamp::{Stamp, stamp};

/// Number of texts from which the first load is done in steps, however small they are: 1,000 texts of 5 KB take 1.6 s
/// on one core.
const STEPS_FROM: usize = 300;

/// The callbacks for intermediate results.
struct Steps<'a> {
    open: &'a dyn Fn() -> BTreeMap<FileId, Text>,
    publish: &'a mut dyn FnMut(Loaded),
}

/// The number of files that a load has read.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files read.
    pub done: usize,
    /// Files to read.
    pub total: usize,
    /// The bytes of the files read.
    pub bytes: u64,
}

/// A source's text, or why it could not be read, in words for the user.
type ReadText = Result<Arc<Volume>, String>;

/// A citation style, or why its file cannot be used, in words for the user.
type ReadStyle = Result<Arc<Style>, String>;

/// Loads a workspace, and reloads it when it changes.
pub struct Loader {
    reach: Reach,
    cache: Arc<Cache>,
    /// What is kept of this workspace, if anything.
    store: Option<Store>,
    /// Whether the catalogue in the store is outdated.
    unsaved: bool,
    /// A checksum of the walk in the store.
    kept_walk: Option<u64>,
    /// Whether an index is kept even if the workspace is small.
    keeps_always: bool,
    client: Value,
    /// The user's own settings: from a file of theirs, and from the editor's first message, neither of which
    /// a workspace can influence.
    own: [Value; 2],
    patience: Patience,
    /// The settings of the last load.
    config: Arc<Config>,
    shadows: BTreeMap<FileId, Text>,
    /// Files whose text in the editor has changed since the last load.
    reshadowed: BTreeSet<PathBuf>,
    /// Whether settings have been sent that no load has read yet.
    set_anew: bool,
    /// The result of the last load.
    last: Option<Loaded>,
    libraries: BTreeMap<PathBuf, (Option<Stamp>, Arc<Library>)>,
    /// The first library that could not be read.
    unreadable: Option<FileId>,
    /// Which libraries are read together.
    lists: Arc<Lists>,
    /// Citation styles in files.
    styles: BTreeMap<PathBuf, (Option<Stamp>, ReadStyle)>,
    /// Libraries in the metadata of briefs.
    inline: Vec<Arc<Library>>,
    /// Entries missing from a half-written library, by library.
    kept: BTreeMap<PathBuf, Vec<Arc<Entry>>>,
    texts: BTreeMap<FileId, (Option<Stamp>, ReadText)>,
    /// Files that were read so soon after they were written that they may have been written again.
    unsettled: BTreeSet<FileId>,
    briefs: BTreeMap<PathBuf, (Stamp, Arc<BriefFile>)>,
    /// The language tags of projects, by folder.
    languages: Arc<BTreeMap<PathBuf, Arc<str>>>,
    /// The lock as last read.
    lock: (Option<Stamp>, Arc<Lock>),
    indexer: Option<Indexer>,
    /// Documents of archives that the last load missed.
    away: BTreeSet<(Archive, Reference)>,
    /// What became of the documents that were asked for.
    outcome: Outcome,
    /// The alias file as last read.
    aliases: Arc<Aliases>,
    gatherer: Gatherer,
    /// The names last gathered, and the texts and aliases they come from.
    entities: Arc<Entities>,
    gathered: (Vec<TextId>, Arc<Aliases>),
    /// The names in the store; `None` until it has been asked for them.
    kept_names: Option<KeptNames>,
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader").field("root", &self.root()).finish_non_exhaustive()
    }
}

impl Loader {
    /// A loader for the workspace at `root`, which must be absolute.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self {
            reach: Reach::of(normalize(&root)),
            cache: Arc::default(),
            store: None,
            unsaved: false,
            kept_walk: None,
            keeps_always: false,
            client: Value::Null,
            own: Default::default(),
            patience: Patience::default(),
            config: Arc::default(),
            shadows: BTreeMap::new(),
            reshadowed: BTreeSet::new(),
            set_anew: false,
            last: None,
            libraries: BTreeMap::new(),
            unreadable: None,
            lists: Arc::default(),
            styles: BTreeMap::new(),
            inline: Vec::new(),
            kept: BTreeMap::new(),
            texts: BTreeMap::new(),
            unsettled: BTreeSet::new(),
            briefs: BTreeMap::new(),
            languages: Arc::default(),
            lock: Default::default(),
            indexer: None,
            away: BTreeSet::new(),
            outcome: Outcome::new(),
            aliases: Arc::default(),
            gatherer: Gatherer::default(),
            entities: Arc::default(),
            gathered: Default::default(),
            kept_names: None,
        }
    }

    /// The root of the workspace around `path` (the absolute path of a file or folder): the nearest folder at
    /// or above it with a `glossator.toml`, else the nearest with a library or `.git`, else the folder
    /// itself.
    #[must_use]
    pub fn root_of(path: &Path) -> PathBuf {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        Self::described_root_of(path).unwrap_or_else(|| folder.to_path_buf())
    }

    /// The same, but `None` if no file or folder marks the root.
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
        self.reach.root()
    }

    /// When to load again even if nothing changes, because a file looked half written.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.patience.due()
    }

    /// Sets what is certainly the user's own rather than a workspace's: the settings in `file`
    /// ([`own_settings`]) and those in the editor's first message. Only these may name places outside the
    /// workspace. Takes effect with the next load.
    pub fn set_own_settings(&mut self, file: Value, first: Value) {
        self.own = [file, first];
        self.set_anew = true;
    }

    /// Sets the client's settings, which override `glossator.toml`. Takes effect with the next load.
    pub fn set_client_settings(&mut self, settings: Value) {
        self.client = settings;
        self.set_anew = true;
    }

    /// Sets the texts of open files, which shadow the disk. Takes effect with the next load.
    pub fn set_shadows(&mut self, shadows: BTreeMap<FileId, Text>) {
        let differs = |(file, text): &(&FileId, &Text), other: &BTreeMap<FileId, Text>| {
            other.get(*file).is_none_or(|other| other.as_str() != text.as_str())
        };
        let new = shadows.iter().filter(|one| differs(one, &self.shadows));
        let old = self.shadows.iter().filter(|one| differs(one, &shadows));
        self.reshadowed.extend(new.chain(old).map(|(file, _)| file.path().to_path_buf()));
        self.shadows = shadows;
    }

    /// Reads whatever is new or changed on disk since the last load (everything, the first time), and the
    /// names in it.
    pub fn load(&mut self, progress: &dyn Fn(Progress)) -> Loaded {
        let loaded = self.load_all(progress, None);
        Loaded { entities: self.names(), ..loaded }
    }

    /// Like [`Loader::load`], but in steps if there is much to read: `publish` receives intermediate
    /// results. `open` returns the files open in the editor at that moment; what the briefs among them cite
    /// is read first. The names are those known before; [`Loader::names`] has the new ones.
    pub fn load_in_steps(
        &mut self,
        progress: &dyn Fn(Progress),
        open: &dyn Fn() -> BTreeMap<FileId, Text>,
        publish: &mut dyn FnMut(Loaded),
    ) -> Loaded {
        self.load_all(progress, Some(Steps { open, publish }))
    }

    fn load_all(&mut self, progress: &dyn Fn(Progress), steps: Option<Steps<'_>>) -> Loaded {
        (self.set_anew, self.reshadowed) = (false, BTreeSet::new());
        let mut notices = Vec::new();
        let (written, settings_text) = self.read_config(&mut notices);
        let mut config = written.clone();
        if let Some(listed) = &mut config.library {
            // A library that may not be read must not be written to either.
            listed.retain(|path| self.reach.may(&normalize(&self.reach.root().join(path))).is_ok());
        }
        self.config = Arc::new(config);
        let is_first = self.texts.is_empty();
        let mut steps = steps.filter(|_| is_first);
        let begun = match &mut steps {
            Some(steps) => self.begin(settings_text.clone(), &notices, steps.publish),
            None => false,
        };
        let found = find::find(&self.reach, &written, &mut notices);
        let plan = self.plan(&found, settings_text, &mut notices);
        if self.indexer.is_none() {
            self.recall(&plan.wanted);
        }
        self.follow();
        if let Some(steps) =
            steps.filter(|_| begun || plan.wanted.len() >= STEPS_FROM || Self::is_large(&plan.wanted))
        {
            if !begun {
                (steps.publish)(self.loaded(Step::Keys, &plan, notices.clone()));
            }
            let cited = self.cited(&plan, (steps.open)());
            self.read_texts(&cited, progress);
            (steps.publish)(self.loaded(Step::Cited, &plan, notices.clone()));
        }
        self.forget_texts(&plan.wanted);
        self.read_texts(&plan.wanted, progress);
        if self.has_few_texts() {
            self.names();
        }
        if let Some(indexer) = &mut self.indexer {
            indexer.complete();
        }
        let loaded = self.loaded(Step::All, &plan, notices);
        self.save();
        self.save_walk(&found);
        loaded
    }

    /// Reads the briefs and libraries among what was `found`, and plans what else to read.
    fn plan(&mut self, found: &Found, settings_text: Option<Text>, notices: &mut Vec<Notice>) -> Plan {
        let config = self.config.clone();
        self.languages = Arc::new(self.project_languages(&found.briefs));
        self.read_briefs(&found.briefs, notices);
        let mut libraries = found.libraries.clone();
        self.lists = Arc::new(Lists::of_settings());
        if config.library.is_none() {
            let (named, lists) = self.named_libraries(notices);
            self.lists = Arc::new(lists);
            libraries.extend(named);
            libraries.sort();
            libraries.dedup();
        }
        self.read_libraries(&libraries, notices);
        self.read_styles();
        self.inline = self.inline_libraries();
        let mut wanted = found.sources.clone();
        let documents = self.documents(&wanted);
        self.away = self.away_of(&documents);
        self.say_what_is_away(notices);
        let alternates = self.alternates(&documents);
        for path in self.libraries.keys() {
            wanted.remove(&FileId::new(path.clone()));
        }
        wanted.extend(documents.values().filter_map(Document::text).cloned());
        wanted.extend(alternates.iter().map(|(_, file)| file.clone()));
        // A file that is read as a source is not a brief.
        self.briefs.retain(|path, _| !wanted.contains(&FileId::new(path.clone())));
        self.read_aliases(&config, notices);
        self.read_lock(notices);
        let [unread, other, media] = [&found.unread, &found.other, &found.media]
            .map(|paths| paths.iter().cloned().map(FileId::new).collect());
        Plan { settings_text, documents, alternates, wanted, unread, other, media }
    }

    /// The texts of `plan` that the briefs among `open` cite.
    fn cited(&self, plan: &Plan, open: BTreeMap<FileId, Text>) -> BTreeSet<FileId> {
        let briefs = open.into_iter().filter(|(file, _)| has_markdown_name(file.path()));
        let briefs: Vec<Brief> = briefs.map(|(_, text)| Brief::read(text)).collect();
        let keys: HashSet<&str> =
            briefs.iter().flat_map(|brief| &brief.citations).map(|citation| citation.key.as_str()).collect();
        let of_entries = keys.iter().filter_map(|key| plan.documents.get(*key)?.text());
        let named = |file: &&FileId| {
            let stem = file.path().file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
            keys.contains(key_of_file_name(&stem).as_str())
        };
        let further =
            plan.alternates.iter().filter(|(entry, _)| keys.contains(&*entry.key)).map(|(_, file)| file);
        of_entries.chain(further).chain(plan.wanted.iter().filter(named)).cloned().collect()
    }

    /// The current state of `plan`.
    fn loaded(&mut self, step: Step, plan: &Plan, mut notices: Vec<Notice>) -> Loaded {
        let listed: HashSet<&FileId> = plan.documents.values().filter_map(Document::text).collect();
        for (file, (_, text)) in &self.texts {
            if let (Err(why), false) = (text, listed.contains(file)) {
                notices.push(Notice::of_file(file.path(), format!("Not read: {why}.")));
            }
        }
        let sources = self.sources(plan, &mut notices);
        let shelf = self.shelf();
        let libraries = self.libraries.values().map(|(_, library)| library);
        let libraries: Vec<_> = libraries.chain(&self.inline).cloned().collect();
        let settings = self.root().join(CONFIG_FILE);
        let described = self.shadows.contains_key(&FileId::new(settings.clone())) || settings.is_file();
        if let Some(first) = plan.other.first() {
            let more = match plan.other.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let name = first.path().file_name().unwrap_or_default().to_string_lossy();
            let message = format!(
                "Ignored in the sources folder: {name}{more}. Source files end in {}.",
                Kind::endings()
            );
            notices.push(Notice { path: self.root().to_path_buf(), message, about: About::Remark });
        }
        let other = plan.media.iter().chain(&plan.other).cloned();
        let corpus = match &self.last {
            Some(last) => last.corpus.followed_by(sources, libraries, shelf),
            None => Corpus::new(sources, libraries, shelf),
        };
        let corpus = corpus.with_left_out(other).with_alternates(self.further(plan));
        let corpus = corpus.with_unreadable(self.unreadable.clone()).with_lists(self.lists.clone());
        notices.sort();
        notices.dedup();
        let briefs = self.briefs.iter();
        let loaded = Loaded {
            step,
            config: self.config.clone(),
            settings: described.then(|| settings.into()),
            settings_text: plan.settings_text.clone(),
            corpus: Arc::new(if step == Step::All { corpus } else { corpus.partly_read() }),
            entities: self.entities.clone(),
            briefs: Arc::new(
                briefs.map(|(path, (_, brief))| (FileId::new(path.clone()), brief.clone())).collect(),
            ),
            languages: self.languages.clone(),
            lock: self.lock.1.clone(),
            styles: Arc::new(
                self.styles.iter().map(|(path, (_, style))| (path.clone(), style.clone())).collect(),
            ),
            stamps: Arc::new(self.stamps()),
            notices,
        };
        self.last = Some(loaded.clone());
        loaded
    }

    fn read_briefs(&mut self, paths: &[PathBuf], notices: &mut Vec<Notice>) {
        let mut briefs = BTreeMap::new();
        for path in paths {
            let Some(stamp) = stamp(path) else { continue };
            let project = language_of(&self.languages, &FileId::new(path.clone()));
            match self.briefs.remove(path) {
                Some((old, brief)) if old == stamp && brief.project() == project.as_ref() => {
                    briefs.insert(path.clone(), (stamp, brief));
                }
                _ => match self.reach.check(path).and_then(|()| read_text(path)) {
                    Ok(text) => {
                        briefs.insert(
                            path.clone(),
                            (stamp, Arc::new(BriefFile::of_text(Text::new(text), project))),
                        );
                    }
                    Err(why) => {
                        notices.push(Notice::of_file(path, format!("Not read: {why}.")));
                    }
                },
            }
        }
        self.briefs = briefs;
    }
}

#[cfg(test)]
mod tests;
