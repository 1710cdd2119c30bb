//! Rereads only what changed. While the user edits a source, nothing else on disk is looked at: no walk, no
//! library, no other text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::names::alias_file;
use super::{CONFIG_FILE, Loaded, Loader, Progress, Step};
use crate::corpus::library::Library;
use crate::text::FileId;

impl Loader {
    /// Rereads the texts at `changed` and puts them into the corpus of the last load. `None` if something
    /// other than the contents of known texts may have changed, in which case [`Loader::load`] is needed.
    pub fn load_texts(&mut self, changed: &BTreeSet<PathBuf>, progress: &dyn Fn(Progress)) -> Option<Loaded> {
        let last = self.last.clone().filter(|last| last.step == Step::All)?;
        let waits = self.patience.due().is_some() || self.unreadable.is_some() || !self.kept.is_empty();
        if waits || self.set_anew {
            return None;
        }
        let mut texts = BTreeSet::new();
        for path in changed.iter().chain(&self.reshadowed) {
            if self.is_text_alone(path) {
                texts.insert(FileId::new(path.clone()));
            } else if changed.contains(path) || self.decides(path) {
                return None;
            }
        }
        self.follow();
        let known = |file: &FileId| Some((file.clone(), self.texts.get(file)?.1.as_ref().ok()?.id));
        let before: Vec<_> = texts.iter().filter_map(known).collect();
        self.read_texts(&texts, progress);
        let mut replaced = Vec::new();
        for (file, old) in before {
            let (_, Ok(text)) = self.texts.get(&file)? else { return None };
            if text.id != old {
                replaced.push((old, text.clone()));
            }
        }
        self.reshadowed.clear();
        if replaced.is_empty() {
            return Some(last);
        }
        if self.has_few_texts() {
            self.names();
        }
        let corpus = Arc::new(last.corpus.with_texts(&replaced, self.shelf()));
        let loaded = Loaded { corpus, entities: self.entities.clone(), ..last };
        self.last = Some(loaded.clone());
        self.save();
        Some(loaded)
    }

    /// Whether the file at `path` exists and was read as the text of a source and nothing else.
    #[must_use]
    pub fn is_text_alone(&self, path: &Path) -> bool {
        let file = FileId::new(path);
        let is_read = matches!(self.texts.get(&file), Some((_, Ok(_))));
        let is_there = || self.shadows.contains_key(&file) || path.is_file();
        is_read && !self.libraries.contains_key(path) && !self.briefs.contains_key(path) && is_there()
    }

    /// Whether the editor's text for `path`, which is not a source, affects how the workspace is read: it is
    /// the settings, the alias file, a library, or a brief that contains one.
    fn decides(&self, path: &Path) -> bool {
        let file = FileId::new(path);
        let holds = || {
            let held = self.inline.iter().any(|library| library.file == file);
            held || self.shadows.get(&file).is_some_and(|text| Library::in_brief(&file, text).is_some())
        };
        path == self.root().join(CONFIG_FILE)
            || path == alias_file(self.root(), &self.config)
            || self.libraries.contains_key(path)
            || self.briefs.contains_key(path) && holds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    /// A workspace with two sources, a library that names one of them, and a brief; loaded once.
    fn workspace() -> (tempfile::TempDir, Loader) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("sources")).expect("made");
        for (name, content) in [
            ("sources/moss.txt", "The port handled nine million tonnes of grain.\n"),
            ("sources/reed.txt", "Tide tables were printed for the pilots.\n"),
            (
                "library.bib",
                "@misc{moss2020, title = {Grain}, author = {Ada Moss}, year = 2020, file = {sources/moss.txt}}\n",
            ),
            ("brief.md", "# A brief\n"),
        ] {
            std::fs::write(folder.path().join(name), content).expect("written");
        }
        let mut loader = Loader::new(folder.path().to_path_buf());
        loader.load(&|_| {});
        (folder, loader)
    }

    fn again(loader: &mut Loader, changed: &[PathBuf]) -> Option<Loaded> {
        loader.load_texts(&changed.iter().cloned().collect(), &|_| {})
    }

    fn words(loaded: &Loaded, key: &str) -> String {
        let id = loaded.corpus.find(key).expect("it is there");
        loaded.corpus.source(id).text().expect("a text").text.as_str().to_owned()
    }

    #[test]
    fn a_saved_source_is_read_alone() {
        let (folder, mut loader) = workspace();
        let (moss, other) = (folder.path().join("sources/moss.txt"), folder.path().join("sources/new.txt"));
        std::fs::write(&moss, "The port handled ten million tonnes of barley.\n").expect("written");
        // This change is not reported, so it goes unnoticed.
        std::fs::write(&other, "Something else.\n").expect("written");
        let loaded = again(&mut loader, std::slice::from_ref(&moss)).expect("a text alone");
        assert_eq!(words(&loaded, "moss2020"), "The port handled ten million tonnes of barley.\n");
        assert_eq!(loaded.corpus.sources().len(), 2);
        let found = |words| loaded.corpus.search(words, 9).expect("memory").len();
        assert_eq!((found("barley"), found("grain")), (1, 0));
        let whole = loader.load(&|_| {});
        assert_eq!(whole.corpus.sources().len(), 3);
        assert_eq!(words(&whole, "moss2020"), words(&loaded, "moss2020"));
    }

    #[test]
    fn a_source_that_is_edited_is_read_from_the_editor() {
        let (folder, mut loader) = workspace();
        let moss = folder.path().join("sources/moss.txt");
        let open = Text::new("The port handled no grain.\n");
        loader.set_shadows([(FileId::new(moss.clone()), open)].into());
        let loaded = again(&mut loader, std::slice::from_ref(&moss)).expect("a text alone");
        assert_eq!(words(&loaded, "moss2020"), "The port handled no grain.\n");
        // Closed without being saved.
        loader.set_shadows(Default::default());
        let loaded = again(&mut loader, &[]).expect("a text alone");
        assert_eq!(words(&loaded, "moss2020"), "The port handled nine million tonnes of grain.\n");
    }

    #[test]
    fn what_decides_how_the_workspace_is_read_is_no_text_alone() {
        for (name, content) in [
            ("library.bib", Some("@misc{other, title = {Other}}\n")),
            ("sources/new.txt", Some("New.\n")),
            ("glossator.toml", Some("[corpus]\n")),
            ("entities.toml", Some("")),
            ("brief.md", Some("Words.\n")),
            ("sources/moss.txt", None),
            ("sources/moss.txt", Some("\0\0\0")),
        ] {
            let (folder, mut loader) = workspace();
            let path = folder.path().join(name);
            match content {
                Some(content) => std::fs::write(&path, content).expect("written"),
                None => std::fs::remove_file(&path).expect("removed"),
            }
            assert!(again(&mut loader, &[path]).is_none(), "{name} {content:?}");
        }
        let (_folder, mut loader) = workspace();
        loader.set_client_settings(serde_json::json!({"check": {}}));
        assert!(again(&mut loader, &[]).is_none(), "settings that are new");
        // A library open in the editor, and one inside a brief that is open there.
        for (name, text, alone) in [
            ("library.bib", "@misc{other, title = {Other}}\n", false),
            ("brief.md", "# A brief\n\nMore words.\n", true),
            ("brief.md", "---\nreferences:\n- id: inner\n  title: Inner\n---\n", false),
        ] {
            let (folder, mut loader) = workspace();
            let file = FileId::new(folder.path().join(name));
            loader.set_shadows([(file, Text::new(text))].into());
            let moss = folder.path().join("sources/moss.txt");
            assert_eq!(again(&mut loader, &[moss]).is_some(), alone, "{name} {text}");
        }
    }
}
