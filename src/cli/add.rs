//! `glossator add`: adds library entries for sources. What an entry says comes from [`crate::features::entries`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use super::exit::Exit;
use super::layout;
use super::open;
use super::save::save;
use crate::corpus::ingest;
use crate::corpus::ingest::kind::{Format, Kind};
use crate::corpus::library::Library;
use crate::corpus::library::write::NewEntry;
use crate::corpus::source::SourceText;
use crate::features::entries;
use crate::text::{FileId, Text};
use crate::workspace::Snapshot;
use crate::workspace::cache::Cache;
use crate::workspace::load::{has_markdown_name, normalize, read_bytes, sources_below};

/// `add`
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// Files, or folders with files, that lie in the workspace
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The citation key of the new entry, for a single file. By default the first author's name and the year, if the
    /// document states both, else the file name
    #[arg(long)]
    key: Option<String>,
    /// The library to add to, created if it does not exist. By default the first that takes entries, else library.bib
    #[arg(long, value_name = "FILE")]
    library: Option<PathBuf>,
}

pub(super) fn run(add: &Add, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let paths: Vec<PathBuf> = add.paths.iter().map(|path| open::existing(path)).collect::<Result<_, _>>()?;
    let Some(first) = paths.first() else { bail!("name a file or a folder") };
    let root = open::root_of(first);
    if let Some(far) = paths.iter().find(|path| !path.starts_with(&root)) {
        bail!(
            "{} lies outside the workspace {}. Copy it there first.",
            layout::path_for_people(far),
            layout::shown(&root)
        );
    }
    let host = open::load(&root, err)?;
    let snap = host.snapshot();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let below = sources_below(&root, &path);
            // A brief is named as a file to become a source.
            files.extend(below.into_iter().filter(|file| !is_brief(&snap, file)));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files.dedup();
    let mut texts = Vec::new();
    for file in files {
        match unlisted(&snap, &file) {
            Ok(Some(text)) => texts.push((text, add.key.clone())),
            Ok(None) => {}
            Err(why) => writeln!(err, "{}: {why}", layout::path_for_people(&file))?,
        }
    }
    if add.key.is_some() && texts.len() > 1 {
        bail!("--key names one entry, but there are {} files. Name one file.", texts.len());
    }
    if texts.is_empty() {
        writeln!(out, "Nothing to add: every source there has an entry.")?;
        return Ok(Exit::Clean);
    }
    let library = match &add.library {
        Some(path) => Some(named_library(&snap, path)?),
        None => entries::libraries_for(&snap, &root).into_iter().next(),
    };
    let Some(library) = library else {
        bail!("no library here takes entries. Name one to create: --library library.bib");
    };
    if !library.takes_entries() {
        bail!(
            "{}: entries are added to .bib, .json (CSL) and .yaml (Hayagriva) only. Name another with --library.",
            layout::path_for_people(library.file.path())
        );
    }
    write_entries(&snap, &library, &texts, out, err)
}

/// Adds entries for `texts` to `library`, on disk, and lists them.
pub(super) fn write_entries(
    snap: &Snapshot,
    library: &Arc<Library>,
    texts: &[(Arc<SourceText>, Option<String>)],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let added = entries::add(snap, library, texts);
    for file in &added.refused {
        writeln!(
            err,
            "{}: no entry can be written: its name has characters that the library's format cannot hold, the key \
             cannot be cited, or it is taken. Rename the file, or name another key with --key.",
            layout::path_for_people(file.path())
        )?;
    }
    if added.entries.is_empty() {
        bail!("{}: nothing was added", layout::path_for_people(library.file.path()));
    }
    save(added.library.file.path(), added.library.text.as_str(), &added.text)
        .with_context(|| layout::path_for_people(library.file.path()))?;
    let count = match added.entries.len() {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    writeln!(out, "Added {count} to {}:", layout::path_for_people(library.file.path()))?;
    for (file, new) in &added.entries {
        let (key, file) = (layout::plain(&new.key), layout::path_for_people(file.path()));
        writeln!(out, "  @{key}  {file}\n      {}", layout::plain(&stated(new)))?;
    }
    let guessed = |file: &FileId| matches!(Kind::of_name(file.path()), Kind::Document(Format::Pdf));
    if added.entries.iter().any(|(file, _)| guessed(file)) {
        writeln!(out, "Check what came from PDF files: many state a wrong title, or none.")?;
    }
    Ok(if added.refused.is_empty() { Exit::Clean } else { Exit::Failed })
}

fn is_brief(snap: &Snapshot, file: &Path) -> bool {
    has_markdown_name(file) && snap.brief(&FileId::new(file)).is_some()
}

/// The text of `file`, if no entry names it yet.
///
/// # Errors
/// If it cannot be read as a source, or already has an entry.
fn unlisted(snap: &Snapshot, file: &Path) -> Result<Option<Arc<SourceText>>, String> {
    let id = FileId::new(file);
    if let Some(source) = snap.corpus.of_file(&id).map(|id| snap.corpus.source(id)) {
        if let Some(entry) = &source.entry {
            return Err(format!("already has the entry {}", layout::plain(&entry.key)));
        }
        if let Some(text) = source.text() {
            return Ok(Some(text.clone()));
        }
    }
    let bytes = read_bytes(file, ingest::most_bytes(file))?;
    Cache::default().read(id, &bytes).map(|text| Some(Arc::new(text)))
}

fn named_library(snap: &Snapshot, path: &Path) -> anyhow::Result<Arc<Library>> {
    let path = normalize(&std::path::absolute(path)?);
    let known = snap.corpus.libraries.iter().find(|library| library.file.path() == path);
    if let Some(library) = known {
        return Ok(library.clone());
    }
    if path.exists() {
        bail!(
            "{}: not among the libraries of this workspace; see corpus.library",
            layout::path_for_people(&path)
        );
    }
    Ok(Arc::new(Library::read(FileId::new(path), Text::new(""))))
}

/// What the new entry says, and what its author must add.
fn stated(new: &NewEntry) -> String {
    let printed = &new.printed;
    let authors = (!printed.authors.is_empty()).then(|| printed.authors.join(", "));
    let parts = [
        ("author", authors),
        ("title", new.title.clone()),
        ("date", printed.date.as_ref().map(ToString::to_string)),
    ];
    let missing: Vec<&str> =
        parts.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    let known: Vec<&str> = parts.iter().filter_map(|(_, value)| value.as_deref()).collect();
    let add = match missing.as_slice() {
        [] => String::new(),
        [one] => format!("(add {one})"),
        [others @ .., last] => format!("(add {} and {last})", others.join(", ")),
    };
    [known.join(" · "), add].join(" ").trim().to_owned()
}
