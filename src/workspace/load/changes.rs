//! Which changes on disk matter to a workspace, and which places outside its root it reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::stamp::{Stamp, stamp};
use super::{CONFIG_FILE, Loader, find, paths};
use crate::text::FileId;

/// Most folders outside the root that are watched: a reference manager gives each file its own folder.
const MOST_OUTSIDE: usize = 512;

impl Loader {
    /// The stamps of the briefs, libraries and settings that were read.
    pub(super) fn stamps(&self) -> BTreeMap<FileId, Stamp> {
        let briefs = self.briefs.iter().map(|(path, (stamp, _))| (path, *stamp));
        let libraries = self.libraries.iter().filter_map(|(path, (stamp, _))| Some((path, (*stamp)?)));
        let all = briefs.chain(libraries).map(|(path, stamp)| (FileId::new(path.clone()), stamp));
        let settings = self.root().join(CONFIG_FILE);
        let settings = stamp(&settings).map(|stamp| (FileId::new(settings), stamp));
        all.chain(settings).collect()
    }

    /// Whether a change of `path` on disk can matter to this workspace. Files written by other programs, such
    /// as logs, do not.
    #[must_use]
    pub fn concerns(&self, path: &Path) -> bool {
        if path == self.lock_file() || self.reads_below(path) || self.listed().any(|listed| listed == path) {
            return true;
        }
        let hidden = path.components().any(|part| part.as_os_str() == ".git");
        let within = path.starts_with(self.root()) || self.listed().any(|listed| path.starts_with(listed));
        within && !hidden && (find::may_be_read(path, &self.config.include) || path.is_dir())
    }

    /// The folders outside the root that this workspace reads from, and whether each is read recursively.
    #[must_use]
    pub fn outside(&self) -> BTreeMap<PathBuf, bool> {
        let mut folders = BTreeMap::new();
        let texts = self.texts.keys().map(|file| file.path().to_path_buf());
        let read = texts.chain(self.libraries.keys().cloned()).chain(self.briefs.keys().cloned());
        for path in self.listed().chain(read).filter(|path| !path.starts_with(self.root())) {
            if folders.len() == MOST_OUTSIDE {
                tracing::warn!("more than {MOST_OUTSIDE} folders outside the workspace: not all are watched");
                break;
            }
            if path.is_dir() {
                folders.insert(path, true);
            } else if let Some(folder) = path.parent() {
                folders.entry(folder.to_path_buf()).or_insert(false);
            }
        }
        folders
    }

    /// Whether the editor's text of the file at `path` differs from the disk.
    #[must_use]
    pub fn is_unsaved(&self, path: &Path) -> bool {
        let shadow = self.shadows.get(&FileId::new(path.to_path_buf()));
        shadow.is_some_and(|text| std::fs::read(path).ok().as_deref() != Some(text.as_str().as_bytes()))
    }

    /// Whether `path` was read, or is a folder with something that was.
    fn reads_below(&self, path: &Path) -> bool {
        fn holds<T>(read: &BTreeMap<PathBuf, T>, path: &Path) -> bool {
            read.range(path.to_path_buf()..).next().is_some_and(|(first, _)| first.starts_with(path))
        }
        let file = FileId::new(path);
        // In the order of their bytes, what lies in the folder follows the folder with a slash.
        let below = FileId::new(path.join(""));
        let first = self.texts.range(below..).next();
        self.texts.contains_key(&file)
            || first.is_some_and(|(first, _)| first.path().starts_with(path))
            || holds(&self.libraries, path)
            || holds(&self.briefs, path)
    }

    /// The sources and libraries that the settings name.
    fn listed(&self) -> impl Iterator<Item = PathBuf> {
        let listed = [&self.config.roots, &self.config.library].into_iter().flatten().flatten();
        listed.map(|path| paths::normalize(&self.root().join(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_or_may_be_matters_and_logs_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (root, outside) = (folder.path().join("work"), folder.path().join("elsewhere"));
        for made in ["sources/deep", "target"] {
            std::fs::create_dir_all(root.join(made)).expect("made");
        }
        std::fs::create_dir_all(outside.join("texts")).expect("made");
        let settings = format!(
            "[corpus]\nroots = [\"sources\", {:?}]\nlibrary = [{:?}]\n[briefs]\ninclude = [\"**/*.brief\"]\n",
            outside.join("texts"),
            outside.join("z.lib"),
        );
        std::fs::write(root.join("glossator.toml"), settings).expect("written");
        std::fs::create_dir_all(root.join("sources/deep-er")).expect("made");
        std::fs::write(root.join("sources/deep/a.txt"), "A text.\n").expect("written");
        std::fs::write(root.join("sources/deep-er/b.txt"), "A text.\n").expect("written");
        let mut loader = Loader::new(root.clone());
        let own = serde_json::json!({"corpus": {"outside": [&outside]}});
        loader.set_own_settings(own, serde_json::Value::Null);
        loader.load(&|_| {});
        std::fs::remove_dir_all(root.join("sources/deep")).expect("removed");
        for (path, matters) in [
            ("glossator.toml", true),
            ("glossator.lock", true),
            ("Cargo.lock", false),
            ("sources/glossator.lock", false),
            ("new.bib", true),
            ("a.brief", true),
            (".gitignore", true),
            ("sources", true),
            // Gone, along with what was read from it.
            ("sources/deep", true),
            ("sources/deep-e", false),
            ("sources/other", false),
            ("build.log", false),
            ("target/a.o", false),
            (".git/index", false),
            (".git/a.txt", false),
        ] {
            assert_eq!(loader.concerns(&root.join(path)), matters, "{path}");
        }
        assert!(loader.concerns(&outside.join("z.lib")));
        assert!(loader.concerns(&outside.join("texts/b.txt")));
        assert!(!loader.concerns(&outside.join("b.txt")));
        let expected = [(outside.clone(), false), (outside.join("texts"), true)];
        assert_eq!(loader.outside(), BTreeMap::from(expected));
    }
}
