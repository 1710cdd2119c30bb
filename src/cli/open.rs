//! Turns a path on the command line into a loaded workspace. Prints nothing but notices, and leaves all
//! reading to the loader.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use globset::{GlobBuilder, GlobMatcher};

use super::layout;
use crate::text::FileId;
use crate::workspace::load::{
    Loaded, Loader, has_markdown_name, markdown_below, normalize, own_settings, read_text,
};
use crate::workspace::{Change, Host};

/// Makes `path`, which must exist, absolute and free of `.` and `..`.
///
/// # Errors
/// If there is no such file or folder, or it cannot be accessed.
pub(super) fn existing(path: &Path) -> anyhow::Result<PathBuf> {
    let absolute = std::path::absolute(path)
        .with_context(|| format!("{}: not a path. Name a brief or a folder", layout::shown(path)))?;
    match std::fs::metadata(&absolute) {
        Ok(_) => Ok(normalize(&absolute)),
        Err(why) if why.kind() == io::ErrorKind::NotFound => bail!(
            "{}: no such file or folder. Check the spelling, or name the folder with your briefs.",
            layout::shown(path)
        ),
        Err(why) => bail!("{}: can't be read ({why}). Check its permissions.", layout::shown(path)),
    }
}

/// The root of the workspace around the existing, absolute `path`.
pub(super) fn root_of(path: &Path) -> PathBuf {
    let root = Loader::root_of(path);
    match root.parent() {
        Some(folder) if root.is_file() => folder.to_path_buf(),
        _ => root,
    }
}

/// Groups `paths`, which must exist or be patterns of existing briefs, by the root of their workspace.
///
/// # Errors
/// If there is no such file or folder, or it cannot be accessed.
pub(super) fn targets(paths: &[PathBuf]) -> anyhow::Result<BTreeMap<PathBuf, Vec<PathBuf>>> {
    let mut targets: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let files = match Pattern::of(path) {
            Some(pattern) => pattern.briefs(path)?,
            None => vec![existing(path)?],
        };
        for path in files {
            targets.entry(root_of(&path)).or_default().push(path);
        }
    }
    Ok(targets)
}

/// A pattern such as `briefs/**/*.md`, which shells on Windows and programs that start us without a shell leave as it
/// is.
struct Pattern {
    /// The folder before the first component with a sign of a pattern.
    folder: PathBuf,
    /// The rest.
    matcher: GlobMatcher,
}

impl Pattern {
    /// `None` if `path` is that of a file, or has no sign of a pattern.
    fn of(path: &Path) -> Option<Self> {
        let is_plain =
            |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        if path.components().all(|part| is_plain(&part)) || path.exists() {
            return None;
        }
        let folder: PathBuf = path.components().take_while(is_plain).collect();
        let rest: PathBuf = path.components().skip_while(is_plain).collect();
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        let glob = GlobBuilder::new(&rest.to_string_lossy()).literal_separator(true).build().ok()?;
        Some(Self { folder, matcher: glob.compile_matcher() })
    }

    /// The Markdown files that match, sorted, of those that a load would find.
    ///
    /// # Errors
    /// If there are none.
    fn briefs(&self, written: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let folder = existing(&self.folder)?;
        let mut found = markdown_below(&folder);
        found.retain(|path| path.strip_prefix(&folder).is_ok_and(|path| self.matcher.is_match(path)));
        if found.is_empty() {
            bail!(
                "{}: no Markdown file matches. Check the pattern, or name a folder.",
                layout::shown(written)
            );
        }
        Ok(found)
    }
}

/// The briefs that `paths` name: files, which become briefs if they are not, and those in folders. Each once, in
/// the order of `paths`.
///
/// # Errors
/// If a file is not Markdown or cannot be read.
pub(super) fn briefs(host: &mut Host, paths: &[PathBuf]) -> anyhow::Result<Vec<FileId>> {
    let mut files: Vec<FileId> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let snapshot = host.snapshot();
            let briefs = snapshot.briefs().into_iter().map(|(file, _)| file);
            files.extend(briefs.filter(|file| file.path().starts_with(path)).cloned());
        } else {
            let file = FileId::new(path.clone());
            make_brief(host, &file)?;
            files.push(file);
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    Ok(files)
}

/// Loads the workspace at `root`, reporting what could not be read to `err`.
///
/// # Errors
/// If writing to `err` fails.
pub(super) fn load(root: &Path, err: &mut dyn Write) -> io::Result<ManuallyDrop<Host>> {
    let loaded = loader(root, err)?.load(&|_| {});
    tell(&loaded, err)?;
    // The program ends soon; to free 100,000 entries one by one would take a tenth of a second.
    let mut host = ManuallyDrop::new(Host::default());
    host.apply(Change::Loaded(loaded));
    Ok(host)
}

/// A loader for the workspace at `root`, with the user's own settings.
///
/// # Errors
/// If writing to `err` fails.
pub(super) fn loader(root: &Path, err: &mut dyn Write) -> io::Result<Loader> {
    let mut loader = Loader::new(root.to_path_buf());
    match own_settings() {
        Ok(settings) => loader.set_own_settings(settings, serde_json::Value::Null),
        Err(why) => writeln!(err, "glossator: {}", layout::plain(&why))?,
    }
    Ok(loader)
}

/// Reports to `err` what could not be read.
///
/// # Errors
/// If writing fails.
pub(super) fn tell(loaded: &Loaded, err: &mut dyn Write) -> io::Result<()> {
    for notice in &loaded.notices {
        writeln!(
            err,
            "glossator: {}: {}",
            layout::path_for_people(&notice.path),
            layout::plain(&notice.message)
        )?;
    }
    Ok(())
}

/// Treats `file`, which the user named, as a brief even if `[briefs] include` leaves it out.
///
/// # Errors
/// If it is not Markdown or cannot be read.
pub(super) fn make_brief(host: &mut Host, file: &FileId) -> anyhow::Result<()> {
    let snapshot = host.snapshot();
    if snapshot.brief(file).is_some() {
        return Ok(());
    }
    let shown = layout::path_for_people(file.path());
    let is_source = snapshot.corpus.of_file(file).is_some();
    if is_source || !has_markdown_name(file.path()) {
        let what = if is_source { "is a source, not a brief" } else { "is not a brief" };
        bail!("{shown}: {what}. Name a Markdown file (.md, .markdown, .qmd, .rmd).");
    }
    let text = match read_text(file.path()) {
        Ok(text) => text,
        Err(why) => bail!("{shown}: can't be read: {why}."),
    };
    host.apply(Change::Opened { file: file.clone(), language: "markdown".into(), version: 0, text });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_resolved() {
        assert_eq!(normalize(Path::new("/desk/briefs/../notes/./a.md")), Path::new("/desk/notes/a.md"));
        assert_eq!(normalize(Path::new("/../a.md")), Path::new("/a.md"));
    }
}
