//! The languages of projects: `lang:` in `_quarto.yml` applies to all briefs in its folder that name no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::libraries::PROJECTS;
use super::{Loader, front, read_text};

impl Loader {
    /// The language tag of each folder above `briefs`, up to the root, that has a project file with one.
    pub(super) fn project_languages(&self, briefs: &[PathBuf]) -> BTreeMap<PathBuf, Arc<str>> {
        let above = |path: &PathBuf| path.parent().map(Path::to_path_buf);
        let parents: BTreeSet<PathBuf> = briefs.iter().filter_map(above).collect();
        let mut folders = BTreeSet::from([self.root().to_path_buf()]);
        for parent in &parents {
            let up = parent.ancestors().take_while(|folder| folder.starts_with(self.root()));
            folders.extend(up.map(Path::to_path_buf));
        }
        let tag = |folder: PathBuf| {
            let files = PROJECTS.map(|name| folder.join(name));
            let tag = files.iter().find_map(|file| front::language(&read_text(file).ok()?))?;
            Some((folder, tag.into()))
        };
        folders.into_iter().filter_map(tag).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_project_file_names_the_language() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("fr/deep")).expect("made");
        for (name, content) in [
            ("_quarto.yml", "project:\n  type: website\nlang: de\n"),
            ("fr/_metadata.yml", "lang: \"fr-CA\" # French\n"),
            ("fr/deep/_quarto.yml", "format:\n  html:\n    lang: it\n"),
            ("own.qmd", "---\nlang: en\n---\n\nSee [@moss2020, S. 5].\n"),
            ("german.qmd", "Siehe [@moss2020, S. 5].\n"),
            ("fr/deep/french.qmd", "Voir [@moss2020, al. 5].\n"),
        ] {
            std::fs::write(folder.path().join(name), content).expect("written");
        }
        let mut loader = Loader::new(folder.path().to_path_buf());
        let loaded = loader.load(&|_| {});
        let labels: Vec<&str> = loaded
            .briefs
            .values()
            .flat_map(|brief| brief.brief().citations.iter())
            .map(|citation| citation.locator.as_ref().map_or("", |locator| locator.label))
            .collect();
        assert_eq!(labels, ["paragraph", "page", ""]);
        // A language that is gone applies no longer.
        std::fs::write(folder.path().join("_quarto.yml"), "project:\n").expect("written");
        let loaded = loader.load(&|_| {});
        let german = crate::text::FileId::new(folder.path().join("german.qmd"));
        assert_eq!(loaded.briefs[&german].brief().citations[0].locator, None);
    }
}
