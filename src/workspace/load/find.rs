//! Finds the libraries, sources and briefs of a workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::paths::normalize;
use super::reach::Reach;
use super::read::{NO_FILE, in_words};
use crate::config::{BRIEFS, Config};
use crate::corpus::ingest::kind::{Kind, Use, ending};
use crate::text::FileId;
use crate::workspace::notice::{About, CONFIG_FILE, Notice};

/// Folders at the root that hold sources if no setting names any.
const SOURCE_FOLDERS: [&str; 3] = ["sources", "corpus", "seeds"];

/// Text files at the root that are meant for programs rather than for citing.
const NO_SOURCES: [&str; 7] =
    ["requirements", "constraints", "robots", "humans", "license", "licence", "cmakelists"];

/// Names (without extension) of CSL, Hayagriva and RIS libraries that are found without a setting, since a
/// workspace contains many other .json and .yaml files. The last two are Zotero's.
const LIBRARY_STEMS: [&str; 5] = ["library", "references", "bibliography", "my library", "exported items"];

/// Folders filled by tools: packages, environments, and the output of Quarto, R Markdown, Jekyll and Sphinx. Names that
/// people give to folders of their own, such as `build` or `target`, are not among them: `.gitignore` has those.
const MADE_BY_TOOLS: [&str; 12] = [
    "node_modules",
    "bower_components",
    "site-packages",
    "__pycache__",
    "venv",
    "renv",
    "packrat",
    "_site",
    "_build",
    "_book",
    "_freeze",
    "site_libs",
];

/// A walk stops after this many files and folders, with a notice: a server started in a home directory must
/// not read all of it.
const MAX_WALK: usize = 500_000;

/// The contents of a workspace; the lists are sorted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::workspace) struct Found {
    pub(super) libraries: Vec<PathBuf>,
    #[serde(serialize_with = "write_files", deserialize_with = "read_files")]
    pub(super) sources: BTreeSet<FileId>,
    pub(super) briefs: Vec<PathBuf>,
    /// Documents of unsupported kinds among the sources.
    pub(super) unread: Vec<PathBuf>,
    /// Files among the sources that may be intended as such but cannot be read.
    pub(super) other: Vec<PathBuf>,
    /// Sound, film, pictures and the like among the sources: mentioned only where a brief cites them.
    pub(super) media: Vec<PathBuf>,
}

fn write_files<S: Serializer>(files: &BTreeSet<FileId>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(files.iter().map(FileId::path))
}

fn read_files<'a, D: Deserializer<'a>>(from: D) -> Result<BTreeSet<FileId>, D::Error> {
    Ok(Vec::<PathBuf>::deserialize(from)?.into_iter().map(FileId::new).collect())
}

/// Walks the workspace of `reach` as `config` says.
pub(super) fn find(reach: &Reach, config: &Config, notices: &mut Vec<Notice>) -> Found {
    let root = reach.root();
    let mut found = Found::default();
    let include = globs(root, &config.include, notices);
    let named = config.include != Config::default().include;
    let is_brief = |path: &Path| path.strip_prefix(root).is_ok_and(|path| include.is_match(path));
    let folders: Vec<PathBuf> = match &config.roots {
        Some(listed) => listed.iter().filter_map(|path| within(reach, path, notices)).collect(),
        None => {
            let there = SOURCE_FOLDERS.iter().map(|name| root.join(name)).filter(|path| path.is_dir());
            let may = |path: &PathBuf| {
                let checked = reach.check(path);
                if let Err(why) = &checked {
                    notices.push(Notice::of_file(path, format!("Ignored: {why}.")));
                }
                checked.is_ok()
            };
            there.filter(may).collect()
        }
    };
    let mut folders = folders;
    folders.sort();
    folders.dedup();
    // A source folder around the root has everything in it.
    let around = folders.iter().any(|folder| root.starts_with(folder));
    let beside = if around { Vec::new() } else { walk(reach, root, &folders, notices) };
    let notebooks: Vec<&PathBuf> = beside.iter().filter(|path| ending(path) == "ipynb").collect();
    let notebooks = notebooks.first().map(|first| (first.to_path_buf(), notebooks.len() - 1));
    for path in beside.into_iter().filter(|path| !folders.contains(path)) {
        if config.library.is_none() && is_library(root, &path) {
            found.libraries.push(path);
        } else if is_brief(&path) || is_note(root, &path) {
            found.briefs.push(path);
        } else if config.roots.is_none() && folders.is_empty() && is_text_beside_briefs(root, &path) {
            found.sources.insert(FileId::new(path));
        }
    }
    if let Some(listed) = &config.library {
        found.libraries.extend(listed.iter().filter_map(|path| within(reach, path, notices)));
    }
    for folder in &folders {
        if !folder.exists() {
            notices
                .push(Notice::of_settings(folder, "This source folder does not exist; check corpus.roots."));
            continue;
        }
        if folder.is_file() && !Kind::is_source(folder) {
            let endings = Kind::endings();
            let message = format!("Ignored: source files end in {endings}; check corpus.roots.");
            notices.push(Notice::of_settings(folder, message));
        }
        let files = walk(reach, folder, &folders, notices);
        let unread = |path: &&PathBuf| Kind::of_name(path).unread().is_some_and(|kind| kind.is_document);
        found.unread.extend(files.iter().filter(unread).cloned());
        let media = |path: &&PathBuf| Kind::of_name(path).unread().is_some_and(|kind| !kind.is_document);
        found.media.extend(files.iter().filter(media).cloned());
        found.other.extend(files.iter().filter(|path| may_be_meant(path)).cloned());
        for path in files {
            if config.library.is_none() && is_library(root, &path) {
                found.libraries.push(path);
            } else if named && is_brief(&path) {
                // Unless the settings say so, Markdown inside a source folder is not a brief.
                found.briefs.push(path);
            } else if Kind::is_source(&path) {
                found.sources.insert(FileId::new(path));
            }
        }
    }
    if let (Some((first, more)), true) = (notebooks, found.briefs.is_empty()) {
        let name = first.file_name().unwrap_or_default().to_string_lossy();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let message = format!(
            "Notebooks are not read: {name}{more}. To check their text, make Markdown of them: jupytext --to md, or quarto convert."
        );
        notices.push(Notice { path: root.to_path_buf(), message, about: About::Remark });
    }
    for list in
        [&mut found.libraries, &mut found.briefs, &mut found.unread, &mut found.other, &mut found.media]
    {
        list.sort();
        list.dedup();
    }
    found
}

/// Returns true if a source in `path` would be read as one of the workspace at `root`, without an entry that names it.
#[must_use]
pub fn is_among_sources(root: &Path, config: &Config, path: &Path) -> bool {
    match &config.roots {
        Some(listed) => listed.iter().any(|folder| path.starts_with(normalize(&root.join(folder)))),
        None => SOURCE_FOLDERS.iter().any(|name| path.starts_with(root.join(name))),
    }
}

/// The files below `folder` that could be sources, judged by name, in the workspace at `root`; sorted. Leaves out what
/// a load leaves out too: hidden files, those excluded by .gitignore, what tools made, and links out of the workspace.
#[must_use]
pub fn sources_below(root: &Path, folder: &Path) -> Vec<PathBuf> {
    below(root, folder, Kind::is_source)
}

/// The Markdown files below `folder`, which also leaves out what a load leaves out; sorted.
#[must_use]
pub fn markdown_below(folder: &Path) -> Vec<PathBuf> {
    below(folder, folder, has_markdown_name)
}

fn below(root: &Path, folder: &Path, wanted: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut reach = Reach::of(root.to_path_buf());
    reach.allow([]);
    let mut files = walk(&reach, folder, &[], &mut Vec::new());
    files.retain(|path| wanted(path));
    files.sort();
    files.dedup();
    files
}

/// The files below `folder`, except hidden ones, those excluded by .gitignore, and those in the `named` folders,
/// which have walks of their own. A link out of the workspace is not followed.
fn walk(reach: &Reach, folder: &Path, named: &[PathBuf], notices: &mut Vec<Notice>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let leaving: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let inside: Vec<PathBuf> = reach.real().iter().cloned().chain(folder.canonicalize().ok()).collect();
    let (left, named) = (leaving.clone(), named.to_vec());
    let stays = move |entry: &ignore::DirEntry| {
        let path = entry.path();
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_named = || named.iter().any(|named| named == path);
        if entry.depth() > 0 && is_folder && is_named() {
            return false;
        }
        // For a dangling link the walk reports an error.
        let target = if entry.path_is_symlink() { path.canonicalize().ok() } else { None };
        let stays = target.is_none_or(|target| inside.iter().any(|folder| target.starts_with(folder)));
        if !stays
            && !is_named()
            && (path.is_dir() || may_concern(path))
            && let Ok(mut left) = left.lock()
        {
            left.push(normalize(path));
        }
        entry.depth() == 0 || stays && !(is_folder && is_made(path))
    };
    let walker = WalkBuilder::new(folder).follow_links(true).require_git(false).filter_entry(stays).build();
    let mut tell = |path: &Path, message: String| notices.push(Notice::of_file(normalize(path), message));
    for (count, step) in walker.enumerate() {
        if count >= MAX_WALK {
            let message = format!(
                "Only the first {MAX_WALK} files and folders were read; set corpus.roots in glossator.toml to the source folders."
            );
            tell(folder, message);
            break;
        }
        match step {
            Ok(entry) => match entry.file_type() {
                Some(kind) if kind.is_file() => files.push(normalize(entry.path())),
                Some(kind) if !kind.is_dir() && may_concern(entry.path()) => {
                    tell(entry.path(), format!("Ignored: {NO_FILE}."));
                }
                _ => {}
            },
            Err(error) => tell(path_of(&error).unwrap_or(folder), format!("Ignored: {}.", of_walk(&error))),
        }
    }
    for path in leaving.lock().map(|mut left| std::mem::take(&mut *left)).unwrap_or_default() {
        if let Err(why) = reach.check(&path) {
            tell(&path, format!("Ignored: {why}."));
        }
    }
    files
}

/// Whether tools fill the folder: judged by its name, or by the file with which caches
/// (<https://bford.info/cachedir/>) and Python's environments (PEP 405) mark themselves.
fn is_made(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    MADE_BY_TOOLS.iter().any(|made| name == *made)
        || ["CACHEDIR.TAG", "pyvenv.cfg"].iter().any(|mark| folder.join(mark).is_file())
}

/// The path that a walk's error is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// The message for a walk's error, without the path.
fn of_walk(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { path, err } => match (err.io_error(), path.is_symlink()) {
            (Some(io), true) if io.kind() == std::io::ErrorKind::NotFound => {
                "this link is broken; remove it or restore its target".into()
            }
            _ => of_walk(err),
        },
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => of_walk(err),
        ignore::Error::Loop { ancestor, .. } => {
            format!("this link leads back to {}, one of its own parent folders", ancestor.display())
        }
        other => other.io_error().map_or_else(|| other.to_string(), in_words),
    }
}

/// Whether a file among the sources may be intended as one despite its extension: not a picture, a library or
/// anything that programs keep there.
fn may_be_meant(path: &Path) -> bool {
    const OTHERS: [&str; 7] = ["css", "js", "csl", "ini", "lock", "py", "sh"];
    let ending = ending(path);
    !(Use::of(path).is_some()
        || Kind::of_name(path).unread().is_some()
        || ending.is_empty()
        || OTHERS.contains(&ending.as_str()))
}

/// Whether a file of this name would be read at all.
fn may_concern(path: &Path) -> bool {
    Kind::is_source(path) || has_markdown_name(path) || ending(path) == "bib"
}

fn globs(root: &Path, patterns: &[String], notices: &mut Vec<Notice>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        // File systems differ in whether `A.QMD` and `a.qmd` are alike, so the default takes both.
        let default = pattern == BRIEFS;
        match GlobBuilder::new(pattern).literal_separator(true).case_insensitive(default).build() {
            Ok(glob) => {
                builder.add(glob);
            }
            Err(error) => {
                let message = format!(
                    "In briefs.include, `{pattern}` is not a glob ({}) and was ignored.",
                    error.kind()
                );
                notices.push(Notice::of_settings(root.join(CONFIG_FILE), message));
            }
        }
    }
    match builder.build() {
        Ok(globs) if !globs.is_empty() || patterns.is_empty() => globs,
        // If none of them is valid, act as if there were none.
        _ => Glob::new(BRIEFS).and_then(|glob| GlobSet::builder().add(glob).build()).unwrap_or_default(),
    }
}

/// A path from the settings, made absolute, if it may be read.
fn within(reach: &Reach, path: &Path, notices: &mut Vec<Notice>) -> Option<PathBuf> {
    let absolute = normalize(&reach.root().join(path));
    if let Err(why) = reach.check(&absolute) {
        let message = format!("{} is ignored: {why}.", path.display());
        notices.push(Notice::of_settings(reach.root().join(CONFIG_FILE), message));
        return None;
    }
    Some(absolute)
}

fn is_library(root: &Path, path: &Path) -> bool {
    match ending(path).as_str() {
        "bib" => true,
        "json" | "yaml" | "yml" | "ris" | "xml" => {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
            // Manubot reads `content/manual-references*.*` (<https://github.com/manubot/rootstock>, USAGE.md).
            stem.starts_with("manual-references")
                || path.parent() == Some(root) && LIBRARY_STEMS.contains(&stem.as_str())
        }
        _ => false,
    }
}

/// Whether `path` is a text at the root, where a few briefs and their sources may lie together.
fn is_text_beside_briefs(root: &Path, path: &Path) -> bool {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    path.parent() == Some(root)
        && Use::of(path) == Some(Use::Source(Kind::Text))
        && !NO_SOURCES.iter().any(|name| stem.starts_with(name))
}

/// Returns true if `path` is a Markdown file in a folder of notes, or a literature note, which need not be among
/// the briefs.
fn is_note(root: &Path, path: &Path) -> bool {
    let folder = path.strip_prefix(root).ok().and_then(Path::parent);
    has_markdown_name(path) && (folder.is_some_and(in_folder_of_notes) || literature_key(path).is_some())
}

/// The key in the name of a literature note, as Obsidian and Zettlr write it: `@moss2020.md`.
#[must_use]
pub fn literature_key(path: &Path) -> Option<&str> {
    let key = path.file_stem()?.to_str()?.strip_prefix('@')?;
    (has_markdown_name(path) && !key.is_empty() && !key.contains(char::is_whitespace)).then_some(key)
}

/// Whether a folder in `path` is called `notes`: Markdown files below it contain notes on sources.
#[must_use]
pub fn in_folder_of_notes(path: &Path) -> bool {
    path.iter().any(|part| part.eq_ignore_ascii_case("notes"))
}

/// Whether `folder` itself contains a BibLaTeX library.
pub(super) fn holds_library(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| ending(&entry.path()) == "bib" && entry.path().is_file())
}

/// Whether a file at `path` may be a library, a source, a brief or a setting, judging by its name alone.
pub(super) fn may_be_read(path: &Path, include: &[String]) -> bool {
    let ending = ending(path);
    let known = Use::of(path).is_some() || Kind::of_name(path).unread().is_some_and(|kind| kind.is_document);
    // `**/*.{a,b}` or `drafts/*` may match any extension.
    let included = |glob: &String| match glob.rsplit_once('.') {
        Some((_, last)) if last.chars().all(char::is_alphanumeric) => last.to_lowercase() == ending,
        _ => true,
    };
    known
        || include.iter().any(included)
        || path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore")
}

/// Whether there is a read-only file at `path`.
#[must_use]
pub fn is_read_only(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.permissions().readonly())
}

/// Whether `path` has a Markdown extension.
#[must_use]
pub fn has_markdown_name(path: &Path) -> bool {
    Use::of(path).is_some_and(Use::is_markdown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::load::Loader;

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }

    #[test]
    fn folders_that_tools_fill_are_left_out_unless_they_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in [
            "sources/_build",
            "sources/deep/node_modules",
            "sources/cached",
            "sources/python",
            "sources/build",
        ] {
            write(root, &format!("{name}/file.txt"), "The tide was late.\n");
            write(&root.join("notes"), &format!("{name}/brief.md"), "The tide was late.\n");
        }
        for at in [root.to_path_buf(), root.join("notes")] {
            write(&at, "sources/cached/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
            write(&at, "sources/python/pyvenv.cfg", "home = /usr/bin\n");
        }
        let loaded = Loader::new(root.to_path_buf()).load(&|_| {});
        assert_eq!(loaded.corpus.sources().len(), 1, "only that in build");
        let briefs: Vec<&Path> = loaded.briefs.keys().map(FileId::path).collect();
        assert_eq!(briefs, [root.join("notes/sources/build/brief.md")]);

        // Named in a setting, or by an entry.
        write(root, "glossator.toml", "[corpus]\nroots = [\"sources/_build\"]\n");
        write(root, "refs.bib", "@misc{tide, title={Tides}, file={sources/deep/node_modules/kept.txt}}\n");
        write(root, "sources/deep/node_modules/kept.txt", "The tide was early.\n");
        let loaded = Loader::new(root.to_path_buf()).load(&|_| {});
        assert_eq!(loaded.corpus.sources().len(), 2);
        assert!(loaded.corpus.sources().iter().all(|source| source.text().is_some()));
    }
}
