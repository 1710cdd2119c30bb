//! Updates references to files that are renamed or moved: paths in libraries, settings and the front matter
//! of briefs, and keys made from a file name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::corpus::library::files::{in_style_of, yaml_values};
use crate::corpus::library::write::relative;
use crate::corpus::library::{Entry, Library};
use crate::corpus::source::{TextState, key_of_file_name};
use crate::features::edits::Edits;
use crate::features::{key, rename};
use crate::text::{FileId, Span, Text};
use crate::workspace::Snapshot;
use crate::workspace::load::{bibliography, normalize};

/// A file or folder and its new name. Both are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The current path.
    pub from: PathBuf,
    /// The new path.
    pub to: PathBuf,
}

/// The edits to make for `moves` in the workspace at `root`, keyed by the current names of the edited files.
/// Anything that cannot be rewritten so that it reads back correctly is left alone.
#[must_use]
pub fn follow(snap: &Snapshot, root: &Path, moves: &[Move]) -> BTreeMap<FileId, Edits> {
    let moved = Moved { snap, root, moves };
    let mut all = moved.keys();
    let mut add = |file: &FileId, text: Text, mut edits: Vec<(Span, String)>| {
        if edits.is_empty() {
            return;
        }
        let known = all.entry(file.clone()).or_insert_with(|| Edits { text, edits: Vec::new() });
        known.edits.append(&mut edits);
        known.edits.sort_by_key(|(span, _)| *span);
    };
    for library in &snap.corpus.libraries {
        let Some(text) = snap.reading_text(&library.file) else { continue };
        if text.as_str() == library.text.as_str() {
            add(&library.file, text, moved.in_library(library));
        } else {
            // Edited a moment ago and not read again yet.
            let library = Library::read(library.file.clone(), text.clone());
            add(&library.file, text, moved.in_library(&library));
        }
    }
    if let Some(file) = snap.settings.as_deref().map(FileId::new)
        && let Some(text) = snap.reading_text(&file)
    {
        let edits = moved.in_settings(text.as_str());
        add(&file, text, edits);
    }
    for (file, brief) in snap.briefs() {
        let edits = moved.in_brief(file.path(), brief.text().as_str());
        add(file, brief.text().clone(), edits);
    }
    all
}

struct Moved<'a> {
    snap: &'a Snapshot,
    root: &'a Path,
    moves: &'a [Move],
}

impl Moved<'_> {
    /// The new path of `path`, if it moves: files move with their folder.
    fn of(&self, path: &Path) -> Option<PathBuf> {
        let below = |one: &&Move| path.starts_with(&one.from);
        let nearest = self.moves.iter().filter(below).max_by_key(|one| one.from.components().count())?;
        let rest = path.strip_prefix(&nearest.from).ok()?;
        Some(if rest.as_os_str().is_empty() { nearest.to.clone() } else { nearest.to.join(rest) })
    }

    fn after(&self, path: &Path) -> PathBuf {
        self.of(path).unwrap_or_else(|| path.to_path_buf())
    }

    /// The folder of `file` after the move.
    fn folder_after(&self, file: &Path) -> PathBuf {
        self.after(file).parent().unwrap_or(self.root).to_path_buf()
    }

    /// How `written`, which refers to `target`, must be written after the move; `None` if it stays. `seen`
    /// are the folders it is relative to before and after.
    fn rewritten(&self, written: &Path, seen: (&Path, &Path), target: &Path) -> Option<PathBuf> {
        let target_after = self.after(target);
        if written.is_absolute() {
            return (target_after != target).then_some(target_after);
        }
        if seen.0 == seen.1 && target_after == target {
            return None;
        }
        // A relative path that leaves the workspace would not be read.
        let within = target_after.starts_with(self.root);
        let path = relative(seen.1, &target_after).filter(|_| within);
        let path = path.map_or(target_after, |path| in_style_of(written, &path));
        (path != written).then_some(path)
    }

    fn in_library(&self, library: &Library) -> Vec<(Span, String)> {
        let mut edits = Vec::new();
        for entry in &library.entries {
            let files: Vec<Option<PathBuf>> =
                entry.files.iter().map(|written| self.of_entry(library, entry, written)).collect();
            if files.iter().all(Option::is_none) {
                continue;
            }
            let new: Vec<PathBuf> = files
                .into_iter()
                .zip(&entry.files)
                .map(|(new, old)| new.unwrap_or_else(|| old.clone()))
                .collect();
            edits.extend(library.with_files(entry, &new).unwrap_or_default());
        }
        edits
    }

    /// How the path `written` of `entry` must be written after the move. A relative path refers to a file
    /// below the library's folder, or else below the root, as when the sources were read.
    fn of_entry(&self, library: &Library, entry: &Entry, written: &Path) -> Option<PathBuf> {
        if written.is_absolute() {
            return self.rewritten(written, (self.root, self.root), &normalize(written));
        }
        let folder = library.file.path().parent().unwrap_or(self.root);
        let [near, far] = [folder, self.root].map(|base| normalize(&base.join(written)));
        let source = self.snap.corpus.find(&entry.key).map(|id| self.snap.corpus.source(id));
        let known = source.and_then(|source| match &source.document {
            TextState::Present(text) => Some(text.file.path()),
            TextState::Missing { file, .. }
            | TextState::Waiting { file }
            | TextState::Unread { file, .. } => Some(file.path()),
            TextState::Unnamed => None,
        });
        let by_root = match known {
            Some(known) if known == near => false,
            Some(known) if known == far => true,
            // A file that is not read as a source, such as a PDF beside it.
            _ => self.of(&near).is_none() && self.of(&far).is_some(),
        };
        if by_root {
            self.rewritten(written, (self.root, self.root), &far)
        } else {
            self.rewritten(written, (folder, &self.folder_after(library.file.path())), &near)
        }
    }

    fn in_settings(&self, text: &str) -> Vec<(Span, String)> {
        #[derive(Deserialize)]
        struct Settings {
            corpus: Option<Corpus>,
            briefs: Option<Briefs>,
        }
        #[derive(Deserialize)]
        struct Briefs {
            include: Option<Vec<Spanned<String>>>,
        }
        #[derive(Deserialize)]
        struct Corpus {
            roots: Option<Vec<Spanned<String>>>,
            library: Option<Vec<Spanned<String>>>,
        }
        let Ok(settings) = toml::from_str::<Settings>(text) else { return Vec::new() };
        let corpus = settings.corpus.map(|corpus| corpus.roots.into_iter().chain(corpus.library));
        let paths = corpus.into_iter().flatten().flatten();
        let globs = settings.briefs.and_then(|briefs| briefs.include).into_iter().flatten();
        let edit = |path: Spanned<String>| {
            // The folders of a glob before its first wildcard are a path.
            let parts: Vec<&str> = path.get_ref().split('/').collect();
            let fixed = parts.iter().take_while(|part| !part.contains(['*', '?', '[', '{'])).count();
            let (head, rest) = (parts[..fixed].join("/"), &parts[fixed..]);
            let target = normalize(&self.root.join(&head));
            let new = self.rewritten(Path::new(&head), (self.root, self.root), &target)?;
            let new = [&[new.to_str()?][..], rest].concat().join("/");
            let span = Span::from(path.span());
            let literal = text.get(span.start..span.end)?.starts_with('\'') && !new.contains('\'');
            // TOML's basic strings can be written like JSON strings.
            let quoted = if literal { format!("'{new}'") } else { serde_json::Value::from(new).to_string() };
            Some((span, quoted))
        };
        let mut edits: Vec<(Span, String)> = paths.chain(globs).filter_map(edit).collect();
        edits.sort_by_key(|(span, _)| *span);
        edits
    }

    /// The libraries that a brief names, relative to the brief as in Pandoc.
    fn in_brief(&self, brief: &Path, text: &str) -> Vec<(Span, String)> {
        let (Some(folder), true) = (brief.parent(), text.contains("bibliography")) else { return Vec::new() };
        let (old, folder_after) = (bibliography(text), self.folder_after(brief));
        let new: Vec<PathBuf> = old
            .iter()
            .map(|written| {
                let target = normalize(&folder.join(written));
                self.rewritten(written, (folder, &folder_after), &target).unwrap_or_else(|| written.clone())
            })
            .collect();
        let written = |paths: &[PathBuf]| -> Option<Vec<String>> {
            paths.iter().map(|path| path.to_str().map(str::to_owned)).collect()
        };
        let (Some(old), Some(new)) = (written(&old), written(&new)) else { return Vec::new() };
        let (old, new): (Vec<&str>, Vec<&str>) =
            (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
        if old == new {
            Vec::new()
        } else {
            yaml_values(text, "bibliography", &old, &new).unwrap_or_default()
        }
    }

    /// The citations of sources without an entry, whose key is made from the file name.
    fn keys(&self) -> BTreeMap<FileId, Edits> {
        let mut all: BTreeMap<FileId, Edits> = BTreeMap::new();
        for source in self.snap.corpus.sources() {
            let (Some(text), None) = (source.volume(), &source.entry) else { continue };
            let Some(to) = self.of(text.file.path()) else { continue };
            let Some(stem) = to.file_stem() else { continue };
            let new = key_of_file_name(&stem.to_string_lossy());
            if new == *source.key || self.snap.corpus.find(&new).is_some() {
                continue;
            }
            let Some(form) = key::form(&new) else { continue };
            for (file, mut edits) in rename::in_briefs(self.snap, &source.key, &new, form) {
                let known = all.entry(file).or_insert_with(|| Edits { text: edits.text, edits: Vec::new() });
                known.edits.append(&mut edits.edits);
                known.edits.sort_by_key(|(span, _)| *span);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::workspace;

    /// Each changed file afterwards, under its name, for moves such as `a.txt > b.txt`.
    fn followed(fixture: &str, moves: &[&str]) -> Vec<String> {
        let at = workspace(fixture);
        let root = at.folder().to_path_buf();
        let moves: Vec<Move> = moves
            .iter()
            .map(|one| {
                let (from, to) = one.split_once(" > ").expect("two names");
                Move { from: root.join(from), to: root.join(to) }
            })
            .collect();
        let name = |file: &FileId| file.path().strip_prefix(&root).expect("below").display().to_string();
        let all = follow(&at.snap, &root, &moves);
        all.iter().map(|(file, edits)| format!("{}: {}", name(file), edits.applied())).collect()
    }

    const SOURCE: &str = "On Silt\n\nThe pilots knew that well enough, and told nobody of it.\n";

    fn files(library: &str, entry: &str, more: &str) -> String {
        format!(
            "//- {library}\n{entry}\n//- sources/silt.txt\n{SOURCE}//- sources/old/moss.txt\n{SOURCE}{more}"
        )
    }

    #[test]
    fn the_file_field_follows_in_all_formats() {
        for (library, entry, expected) in [
            ("refs.bib", "@misc{a, file={sources/silt.txt}}", "@misc{a, file={sources/mud.txt}}"),
            ("refs/r.bib", "@misc{a, file={../sources/silt.txt}}", "@misc{a, file={../sources/mud.txt}}"),
            ("refs/r.bib", "@misc{a, file={sources/silt.txt}}", "@misc{a, file={sources/mud.txt}}"),
            (
                "library.json",
                "[{\"id\": \"a\", \"custom\": {\"file\": \"sources/silt.txt\"}}]",
                "[{\"id\": \"a\", \"custom\": {\"file\": \"sources/mud.txt\"}}]",
            ),
            ("library.yaml", "a:\n  file: sources/silt.txt", "a:\n  file: sources/mud.txt"),
        ] {
            let seen = followed(&files(library, entry, ""), &["sources/silt.txt > sources/mud.txt"]);
            assert_eq!(seen, [format!("{library}: {expected}\n")]);
        }
    }

    #[test]
    fn a_folder_takes_what_is_below_it_along() {
        let entries = "@misc{a, file={sources/silt.txt}}\n@misc{b, file={sources/old/moss.txt;sources/old/moss.pdf}}\n@misc{c, file={other/sources/x.txt}}";
        let settings = "//- glossator.toml\n# ours\n[corpus]\nroots = [\"sources\", 'sources/old', \"sourcesx\"]\nlibrary = [\"refs.bib\"]\n";
        assert_eq!(
            followed(&files("refs.bib", entries, settings), &["sources > texts/in"]),
            [
                "glossator.toml: # ours\n[corpus]\nroots = [\"texts/in\", 'texts/in/old', \"sourcesx\"]\nlibrary = [\"refs.bib\"]\n",
                "refs.bib: @misc{a, file={texts/in/silt.txt}}\n@misc{b, file={texts/in/old/moss.txt;texts/in/old/moss.pdf}}\n@misc{c, file={other/sources/x.txt}}\n",
            ]
        );
    }

    #[test]
    fn briefs_are_found_in_their_new_folder() {
        let settings = "//- glossator.toml\n[briefs]\ninclude = [\"work/briefs/**/*.md\", \"**/*.md\", \"work/*/a.md\"]\n[corpus]\nroots = [\"sources\"]\n";
        assert_eq!(
            followed(&files("refs.bib", "", settings), &["work > desk/2021"]),
            [
                "glossator.toml: [briefs]\ninclude = [\"desk/2021/briefs/**/*.md\", \"**/*.md\", \"desk/2021/*/a.md\"]\n[corpus]\nroots = [\"sources\"]\n"
            ]
        );
    }

    #[test]
    fn a_library_that_moves_keeps_its_files() {
        let brief = "//- briefs/b.md\n---\ntitle: refs.bib\nbibliography: ../refs.bib\n---\nSilt [@a].\n\
            //- glossator.toml\n[corpus]\nlibrary = [\"refs.bib\"]\nroots = [\"sources\"]\n";
        let entries = "@misc{a, file={sources/silt.txt}}\n@misc{b, file={nowhere.txt}}";
        assert_eq!(
            followed(&files("refs.bib", entries, brief), &["refs.bib > lib/ours.bib"]),
            [
                "briefs/b.md: ---\ntitle: refs.bib\nbibliography: ../lib/ours.bib\n---\nSilt [@a].\n",
                "glossator.toml: [corpus]\nlibrary = [\"lib/ours.bib\"]\nroots = [\"sources\"]\n",
                "refs.bib: @misc{a, file={../sources/silt.txt}}\n@misc{b, file={../nowhere.txt}}\n",
            ]
        );
        // It is still found from the root.
        let seen = followed(
            &files("refs/r.bib", "@misc{a, file={sources/silt.txt}}", ""),
            &["refs/r.bib > r2/r.bib"],
        );
        assert!(seen.is_empty(), "{seen:?}");
    }

    #[test]
    fn a_brief_that_moves_still_finds_its_library() {
        let brief = "//- b.md\n---\nbibliography: [refs.bib, 'x.bib']\n---\nSilt [@a].\n";
        assert_eq!(
            followed(&files("refs.bib", "@misc{a, file={sources/silt.txt}}", brief), &["b.md > briefs/c.md"]),
            ["b.md: ---\nbibliography: [../refs.bib, '../x.bib']\n---\nSilt [@a].\n"]
        );
    }

    #[test]
    fn a_key_made_from_the_name_follows() {
        let brief = "//- b.md\nSilt [@silt, ¶ 1; @{silt}] and @moss.\n";
        let seen = followed(&files("refs.bib", "", brief), &["sources/silt.txt > sources/my mud.txt"]);
        assert_eq!(seen, ["b.md: Silt [@my_mud, ¶ 1; @{my_mud}] and @moss.\n"]);
        // In another folder the name stays the same, and a key that is taken is not used.
        assert!(
            followed(&files("refs.bib", "", brief), &["sources/silt.txt > sources/old/silt.txt"]).is_empty()
        );
        assert!(followed(&files("refs.bib", "", brief), &["sources/silt.txt > sources/moss.txt"]).is_empty());
    }

    #[test]
    fn what_only_looks_alike_stays() {
        let entries =
            "@misc{a, title={sources/silt.txt}, file={sources/silt.txt.bak}}\n@misc{b, file={old/silt.txt}}";
        assert!(
            followed(&files("refs.bib", entries, ""), &["sources/silt.txt > sources/silt.txt"]).is_empty()
        );
        let seen = followed(&files("refs.bib", entries, ""), &["sources/old > sources/new"]);
        assert!(seen.is_empty(), "{seen:?}");
        assert!(followed(&files("refs.bib", entries, ""), &[]).is_empty());
    }

    #[test]
    fn out_of_the_workspace_the_path_is_absolute() {
        let at = workspace(&files("refs.bib", "@misc{a, file={sources/silt.txt}}", ""));
        let root = at.folder().to_path_buf();
        let away = root.parent().expect("a parent").join("away.txt");
        let moves = [Move { from: root.join("sources/silt.txt"), to: away.clone() }];
        let all = follow(&at.snap, &root, &moves);
        let after = all.values().next().expect("the library").applied();
        assert_eq!(after, format!("@misc{{a, file={{{}}}}}\n", away.display()));
    }
}
