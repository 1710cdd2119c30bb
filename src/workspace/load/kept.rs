//! Takes what earlier runs kept of the workspace instead of reading and indexing it again, and keeps it for
//! later ones.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::find::Found;
use super::{Loaded, Loader, Notice, Step};
use crate::corpus::index::Indexer;
use crate::corpus::source::{TextId, Volume};
use crate::text::{FileId, Text};
use crate::workspace::cache::sum_of;
use crate::workspace::store::{Catalogue, FORMAT, Kept, KeptText, Store};

/// An index is kept for workspaces with at least this many bytes of sources. 500 KB are read and indexed in a
/// fifth of a second.
const FEWEST_BYTES: u64 = 500_000;

/// What a walk through the folders found.
#[derive(Debug, Serialize, Deserialize)]
struct Walk<F> {
    /// Identifies the settings by which it was made, and the version of the program.
    settings: u64,
    found: F,
}

impl Loader {
    /// Publishes what an earlier run knew before the folders are walked, which takes long on a slow disk. Texts are as they
    /// were then; one that has changed since is not served, since a text is read with its checksum. Returns whether
    /// there was anything to publish.
    pub(super) fn begin(
        &mut self,
        settings_text: Option<Text>,
        notices: &[Notice],
        publish: &mut dyn FnMut(Loaded),
    ) -> bool {
        let Some((sum, walk)) = Store::walk::<Walk<Found>>(&self.cache, self.root()) else { return false };
        if walk.settings != self.settings_sum() {
            return false;
        }
        self.kept_walk = Some(sum);
        let plan = self.plan(&walk.found, settings_text, &mut Vec::new());
        self.recall(&plan.wanted);
        if self.indexer.is_none() {
            return false;
        }
        publish(self.loaded(Step::Keys, &plan, notices.to_vec()));
        true
    }

    /// Keeps what a walk has `found`, unless that is kept already.
    pub(super) fn save_walk(&mut self, found: &Found) {
        let Some(store) = self.store.as_ref().filter(|store| store.writes()) else { return };
        let walk = Walk { settings: self.settings_sum(), found };
        self.kept_walk = store.keep_walk(&walk, self.kept_walk);
    }

    /// Identifies the settings that decide what a walk finds and may read.
    fn settings_sum(&self) -> u64 {
        sum_of(format!("{FORMAT} {:?} {:?}", self.config, self.reach).as_bytes())
    }

    /// Opens what is kept of this workspace, and takes over the texts `wanted` that it knows. Called once, by the
    /// first load.
    pub(super) fn recall(&mut self, wanted: &BTreeSet<FileId>) {
        if !self.is_worth_keeping(wanted) {
            return;
        }
        let Some(store) = Store::open(&self.cache, self.reach.root()) else { return };
        let mut indexer = match Indexer::open(&store.index(), store.writes()) {
            Ok(indexer) => indexer,
            Err(why) => {
                tracing::info!("The index of this workspace is in memory only: {why:#}.");
                return;
            }
        };
        for Kept { path, stamp, text } in store.catalogue().texts {
            let file = FileId::new(path);
            if !wanted.contains(&file) || self.shadows.contains_key(&file) {
                continue;
            }
            let text = match text {
                Ok(text) if indexer.recall(TextId(text.id)) => {
                    let (view, reader) = (text.view.map(FileId::new), self.cache.clone());
                    Ok(Arc::new(Volume::unread(TextId(text.id), file.clone(), view, text.facts, reader)))
                }
                // It has no passages, or the index was made anew.
                Ok(_) => continue,
                Err(why) => Err(why),
            };
            self.texts.insert(file, (stamp, text));
        }
        (self.indexer, self.store) = (Some(indexer), Some(store));
    }

    /// Keeps an index of this workspace however small it is.
    pub fn keep_always(&mut self) {
        self.keeps_always = true;
    }

    /// Where the index of this workspace is kept, and its size in bytes with everything beside it; `None` if it is
    /// in memory only.
    #[must_use]
    pub fn kept(&self) -> Option<(&Path, u64)> {
        self.store.as_ref().map(Store::size)
    }

    /// Deletes what is kept of this workspace. Returns whether there was anything. Call it before loading.
    ///
    /// # Errors
    /// If another process is using it, or it cannot be deleted. The message is for the user.
    pub fn forget_kept(&mut self) -> Result<bool, String> {
        Store::remove(&self.cache, self.reach.root())
    }

    /// Deletes what is kept of workspaces and documents that were not used for a long time.
    pub fn tidy(&self) {
        Store::tidy(&self.cache);
        self.cache.tidy();
    }

    fn is_worth_keeping(&self, wanted: &BTreeSet<FileId>) -> bool {
        if self.keeps_always || Store::exists(&self.cache, self.reach.root()) {
            return true;
        }
        Self::is_large(wanted)
    }

    /// Whether the files `wanted` have so many bytes that reading them takes a while.
    pub(super) fn is_large(wanted: &BTreeSet<FileId>) -> bool {
        let mut bytes = 0;
        wanted.iter().filter_map(|file| std::fs::metadata(file.path()).ok()).any(|file| {
            bytes += file.len();
            bytes >= FEWEST_BYTES
        })
    }

    /// Takes over what other processes have written since, and their task if they ended.
    pub(super) fn follow(&mut self) {
        let Some(store) = self.store.as_mut().filter(|store| !store.writes()) else { return };
        let ended = store.take();
        self.catch_up(ended);
    }

    /// Whether another process writes what is kept of this workspace.
    #[must_use]
    pub fn is_follower(&self) -> bool {
        self.store.as_ref().is_some_and(|store| !store.writes())
    }

    /// Takes over the task of the process that writes if that has ended. Costs next to nothing if it has not.
    pub fn take_over(&mut self) {
        if self.is_follower() && self.store.as_mut().is_some_and(Store::take) {
            self.catch_up(true);
            self.save();
        }
    }

    /// Reads what other processes have written. If they `ended`, this one writes from now on.
    fn catch_up(&mut self, ended: bool) {
        let Some(indexer) = &mut self.indexer else { return };
        let lost = indexer.follow();
        if ended {
            indexer.may_write();
            self.unsaved = true;
        }
        for volume in self.texts.values().filter_map(|(_, text)| text.as_ref().ok()) {
            if lost.binary_search(&volume.id).is_ok()
                && let Some(text) = volume.glance()
            {
                indexer.add(&text, false);
            }
        }
    }

    /// Makes the index anew in memory, after the one on disk failed.
    pub(super) fn index_in_memory(&mut self) {
        self.store = None;
        let mut indexer = Indexer::new();
        for volume in self.texts.values().filter_map(|(_, text)| text.as_ref().ok()) {
            if let Some(text) = volume.glance() {
                indexer.add(&text, false);
            }
        }
        self.indexer = Some(indexer);
    }

    /// Keeps the catalogue of what was read, if it has changed.
    pub(super) fn save(&mut self) {
        let Some(store) = self.store.as_ref().filter(|store| store.writes() && self.unsaved) else { return };
        let kept = |(file, (stamp, text)): (&FileId, &(_, _))| {
            let settled = |stamp: &super::Stamp| !self.unsettled.contains(file) && stamp.is_storable();
            let text: &super::ReadText = text;
            let text = match text {
                Ok(text) => Ok(KeptText {
                    id: text.id.0,
                    view: text.view.as_ref().map(|view| view.path().to_path_buf()),
                    facts: text.facts.clone(),
                }),
                Err(why) => Err(why.clone()),
            };
            Kept {
                path: file.path().to_path_buf(),
                stamp: Option::<super::Stamp>::filter(*stamp, settled),
                text,
            }
        };
        // Text in the editor is not on disk; a path that is not Unicode cannot be written.
        let saved = self
            .texts
            .iter()
            .filter(|(file, _)| file.path().to_str().is_some() && !self.shadows.contains_key(file));
        store.keep(&Catalogue { texts: saved.map(kept).collect() });
        self.unsaved = false;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::workspace::cache::Cache;
    use crate::workspace::load::Loaded;

    /// A workspace with a few sources, and a cache in which its index is kept.
    struct Kept {
        folder: tempfile::TempDir,
    }

    impl Kept {
        fn new() -> Self {
            let kept = Self { folder: tempfile::tempdir().expect("a folder") };
            for n in 0..6 {
                kept.write(
                    &format!("report{n}"),
                    &format!("The port handled {n} million tonnes of grain.\n"),
                );
            }
            kept
        }

        fn root(&self) -> PathBuf {
            self.folder.path().join("work")
        }

        fn cache(&self) -> Cache {
            Cache::at(self.folder.path().join("cache"))
        }

        /// The folder of the store.
        fn store(&self) -> PathBuf {
            self.cache().of_workspace(&self.root()).expect("a folder")
        }

        fn path(&self, name: &str) -> PathBuf {
            self.root().join("sources").join(name).with_extension("txt")
        }

        /// Writes a source, as if a minute ago.
        fn write(&self, name: &str, text: &str) {
            let path = self.path(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, text).expect("written");
            let file = std::fs::File::options().write(true).open(&path).expect("opened");
            let then = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
            file.set_modified(then).expect("set");
        }

        /// A later run.
        fn loader(&self) -> Loader {
            let mut loader = Loader::new(self.root());
            loader.cache = Arc::new(self.cache());
            // As if it were large.
            loader.keep_always();
            loader
        }

        fn fresh(&self) -> Answers {
            let mut loader = Loader::new(self.root());
            loader.cache = Arc::new(Cache::at(self.folder.path().join("none")));
            answers(&loader.load(&|_| {}))
        }
    }

    /// Keys with titles and texts, and for some searches the keys found.
    type Answers = (Vec<(String, Option<String>, Option<String>)>, Vec<Vec<String>>);

    fn answers(loaded: &Loaded) -> Answers {
        let sources = loaded.corpus.sources().iter().map(|source| {
            let words = source.text().map(|text| text.text.as_str().to_owned());
            (source.key.to_string(), source.title().map(str::to_owned), words)
        });
        let found = ["grain", "port", "million tonnes", "barley", "3"].map(|words| {
            let hits = loaded.corpus.search(words, 100).expect("it answers");
            let key = |id| loaded.corpus.of_text(id).map(|id| loaded.corpus.source(id).key.to_string());
            let mut keys: Vec<String> =
                hits.iter().map(|hit| key(hit.text).unwrap_or_else(|| "stray".to_owned())).collect();
            keys.sort();
            keys
        });
        (sources.collect(), found.into())
    }

    /// The keys of the sources whose text was read.
    fn read(loaded: &Loaded) -> Vec<String> {
        let read = |volume: &Arc<Volume>| volume.in_memory().is_some();
        let sources = loaded.corpus.sources().iter().filter(|source| source.volume().is_some_and(read));
        sources.map(|source| source.key.to_string()).collect()
    }

    #[test]
    fn a_later_start_reads_only_what_has_changed() {
        let kept = Kept::new();
        assert_eq!(answers(&kept.loader().load(&|_| {})), kept.fresh());
        let again = kept.loader().load(&|_| {});
        assert_eq!(read(&again), [""; 0]);
        assert_eq!(answers(&again), kept.fresh());

        kept.write("report1", "The port handled barley and nothing else.\n");
        kept.write("new", "Barley came from the north.\n");
        std::fs::remove_file(kept.path("report2")).expect("removed");
        std::fs::rename(kept.path("report3"), kept.path("moved")).expect("moved");
        let changed = kept.loader().load(&|_| {});
        assert_eq!(read(&changed), ["moved", "new", "report1"]);
        assert_eq!(answers(&changed), kept.fresh());
        assert_eq!(read(&kept.loader().load(&|_| {})), [""; 0]);
    }

    /// The keys of each step of a later start.
    fn steps(loader: &mut Loader) -> Vec<(Step, Vec<String>)> {
        let keys = |loaded: &Loaded| {
            let keys = loaded.corpus.sources().iter().map(|source| source.key.to_string()).collect();
            (loaded.step, keys)
        };
        let mut steps = Vec::new();
        let last = loader.load_in_steps(&|_| {}, &BTreeMap::new, &mut |loaded| steps.push(keys(&loaded)));
        steps.push(keys(&last));
        steps
    }

    #[test]
    fn a_later_start_answers_before_the_folders_are_walked() {
        let kept = Kept::new();
        assert_eq!(steps(&mut kept.loader()).len(), 1, "nothing is kept, and the workspace is small");
        let before = ["report0", "report1", "report2", "report3", "report4", "report5"];
        kept.write("new", "Barley came from the north.\n");
        std::fs::remove_file(kept.path("report2")).expect("removed");
        let now = ["new", "report0", "report1", "report3", "report4", "report5"];
        let expected = [(Step::Keys, &before), (Step::Cited, &now), (Step::All, &now)];
        let expected = expected.map(|(step, keys)| (step, keys.map(str::to_owned).to_vec()));
        assert_eq!(steps(&mut kept.loader()), expected);

        // What has changed is not served as it was.
        kept.write("report1", "The port handled barley and nothing else.\n");
        let mut first = None;
        let publish = &mut |loaded: Loaded| {
            first.get_or_insert(loaded);
        };
        kept.loader().load_in_steps(&|_| {}, &BTreeMap::new, publish);
        let first = first.expect("a step");
        let text = |key| first.corpus.source(first.corpus.find(key).expect("there")).text();
        assert_eq!((text("report1").is_some(), text("report3").is_some()), (false, true));
    }

    #[test]
    fn a_walk_is_written_only_if_it_found_something_else() {
        let kept = Kept::new();
        let written = || {
            let file = std::fs::File::options().write(true).open(kept.store().join("walk")).expect("kept");
            let then = std::time::SystemTime::UNIX_EPOCH;
            let before = file.metadata().and_then(|walk| walk.modified()).expect("told");
            file.set_modified(then).expect("set");
            before != then
        };
        steps(&mut kept.loader());
        assert!(written());
        steps(&mut kept.loader());
        assert!(!written(), "nothing is new");
        kept.write("new", "Barley came from the north.\n");
        let mut loader = kept.loader();
        steps(&mut loader);
        assert!(written());
        loader.load(&|_| {});
        assert!(!written(), "nothing is new");
    }

    #[test]
    fn a_walk_by_other_settings_is_not_used() {
        let kept = Kept::new();
        kept.loader().load(&|_| {});
        kept.loader().load(&|_| {});
        std::fs::write(kept.root().join("glossator.toml"), "[corpus]\nroots = [\"texts\"]\n")
            .expect("written");
        std::fs::create_dir(kept.root().join("texts")).expect("made");
        assert_eq!(steps(&mut kept.loader()), [(Step::All, Vec::new())]);
    }

    #[test]
    fn a_text_that_was_shortened_a_moment_before_the_start_is_read() {
        let kept = Kept::new();
        kept.loader().load(&|_| {});
        std::fs::write(kept.path("report1"), "The port handled.\n").expect("written");
        assert_eq!(answers(&kept.loader().load(&|_| {})), kept.fresh());
    }

    #[test]
    fn a_file_that_may_have_been_written_again_is_read_again() {
        let kept = Kept::new();
        std::fs::write(kept.path("report1"), "The port handled barley.\n").expect("written");
        kept.loader().load(&|_| {});
        let store = Store::open(&kept.cache(), &kept.root()).expect("a store");
        let unsure = |kept: &&super::Kept| kept.stamp.is_none();
        let unsure: Vec<PathBuf> =
            store.catalogue().texts.iter().filter(unsure).map(|kept| kept.path.clone()).collect();
        assert_eq!(unsure, [kept.path("report1")]);
    }

    #[test]
    fn a_text_that_changes_before_it_is_looked_at_is_never_taken_for_the_old_one() {
        let kept = Kept::new();
        kept.loader().load(&|_| {});
        let again = kept.loader().load(&|_| {});
        kept.write("report1", "The port handled barley.\n");
        let id = again.corpus.find("report1").expect("there");
        assert!(again.corpus.source(id).text().is_none());
    }

    #[test]
    fn two_runs_at_once_answer_alike_and_one_of_them_writes() {
        let kept = Kept::new();
        let (mut one, mut other) = (kept.loader(), kept.loader());
        one.load(&|_| {});
        assert_eq!(answers(&other.load(&|_| {})), kept.fresh());
        assert!(
            one.store.as_ref().expect("a store").writes() && !other.store.as_ref().expect("one").writes()
        );
        // Each reads a change of its own first.
        kept.write("report1", "The port handled barley.\n");
        other.load(&|_| {});
        kept.write("report2", "Barley, not grain.\n");
        one.load(&|_| {});
        assert_eq!(answers(&one.load(&|_| {})), kept.fresh());
        assert_eq!(answers(&other.load(&|_| {})), kept.fresh());
        drop(one);
        kept.write("report3", "More barley.\n");
        assert_eq!(answers(&other.load(&|_| {})), kept.fresh());
        assert!(other.store.as_ref().expect("a store").writes(), "it takes over");
        drop(other);
        assert_eq!(answers(&kept.loader().load(&|_| {})), kept.fresh());
    }

    #[test]
    fn one_that_follows_takes_over_without_a_load() {
        let kept = Kept::new();
        let (mut one, mut other) = (kept.loader(), kept.loader());
        one.load(&|_| {});
        other.load(&|_| {});
        assert_eq!((one.is_follower(), other.is_follower()), (false, true));
        other.take_over();
        assert!(other.is_follower(), "the other one still writes");
        kept.write("report1", "The port handled barley.\n");
        one.load(&|_| {});
        drop(one);
        other.take_over();
        assert!(!other.is_follower());
        assert_eq!(answers(&other.load(&|_| {})), kept.fresh());
        drop(other);
        let again = kept.loader().load(&|_| {});
        assert_eq!((read(&again), answers(&again)), (Vec::new(), kept.fresh()));
    }

    #[test]
    fn what_is_kept_may_be_damaged_foreign_or_gone() {
        fn files(folder: &Path) -> Vec<PathBuf> {
            let mut all = Vec::new();
            for entry in std::fs::read_dir(folder).expect("there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
            }
            all.sort();
            all
        }
        let kept = Kept::new();
        kept.loader().load(&|_| {});
        let expected = kept.fresh();
        let names: Vec<PathBuf> = files(&kept.store())
            .iter()
            .map(|path| path.strip_prefix(kept.store()).expect("below").to_path_buf())
            .collect();
        assert!(names.len() > 8, "{names:?}");
        for name in names {
            for damage in 0..4 {
                // Whole again.
                kept.loader().load(&|_| {});
                let path = kept.store().join(&name);
                let Ok(mut bytes) = std::fs::read(&path) else { continue };
                match (damage, bytes.len()) {
                    (0, _) => std::fs::remove_file(&path).expect("removed"),
                    (1, length) => std::fs::write(&path, &bytes[..length / 2]).expect("written"),
                    (2, 1..) => {
                        let middle = bytes.len() / 2;
                        bytes[middle] ^= 0x15;
                        std::fs::write(&path, &bytes).expect("written");
                    }
                    _ => std::fs::write(&path, "0.0.1\n/elsewhere\n").expect("written"),
                }
                let loaded = kept.loader().load(&|_| {});
                assert_eq!(answers(&loaded), expected, "{name:?} {damage}");
                let again = kept.loader().load(&|_| {});
                assert_eq!(read(&again), [""; 0], "{name:?} {damage}");
                assert_eq!(answers(&again), expected, "{name:?} {damage}, again");
            }
        }
    }

    #[test]
    fn without_a_place_to_write_everything_is_in_memory() {
        let kept = Kept::new();
        kept.loader().load(&|_| {});
        for blocked in ["index", "lock", ""] {
            let path = if blocked.is_empty() { kept.store() } else { kept.store().join(blocked) };
            if path.is_dir() {
                std::fs::remove_dir_all(&path).expect("removed");
            } else if path.exists() {
                std::fs::remove_file(&path).expect("removed");
            }
            match blocked {
                // A folder in the place of a file, and files in the place of folders.
                "lock" => std::fs::create_dir(&path).expect("made"),
                _ => std::fs::write(&path, "").expect("written"),
            }
            for _ in 0..2 {
                assert_eq!(answers(&kept.loader().load(&|_| {})), kept.fresh(), "{blocked}");
            }
        }
    }

    #[test]
    fn what_is_not_used_any_more_is_deleted() {
        let kept = Kept::new();
        let (folder, store) = (kept.store(), || Store::open(&kept.cache(), &kept.root()));
        let aged = |days: u64| {
            let file = std::fs::File::options().write(true).open(folder.join("format")).expect("there");
            let then = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 24 * 60 * 60);
            file.set_modified(then).expect("set");
        };
        let tidied = || {
            Store::tidy(&kept.cache());
            folder.exists()
        };
        kept.loader().load(&|_| {});
        aged(89);
        assert!(tidied());
        aged(91);
        let using = Store::open(&kept.cache(), &kept.root());
        aged(91);
        assert!(tidied(), "it is in use");
        drop(using);
        assert!(!tidied());
        assert!(store().is_some());
        aged(8);
        assert!(tidied());
        std::fs::remove_dir_all(kept.root()).expect("removed");
        aged(6);
        assert!(tidied(), "its disk may come back");
        aged(8);
        assert!(!tidied());
    }

    #[test]
    fn what_the_editor_has_not_saved_is_not_kept() {
        let kept = Kept::new();
        let mut loader = kept.loader();
        let file = FileId::new(kept.path("report1"));
        loader.set_shadows([(file, crate::text::Text::new("Barley that nobody saved.\n"))].into());
        let (_, found) = answers(&loader.load(&|_| {}));
        assert_eq!(found[3], ["report1"]);
        drop(loader);
        let again = kept.loader().load(&|_| {});
        assert_eq!(read(&again), ["report1"]);
        assert_eq!(answers(&again), kept.fresh());
    }
}
