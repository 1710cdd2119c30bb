//! Where notes are written: the file with the notes on a source, which the first note creates.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::note::source_of_file;
use crate::config::Config;
use crate::corpus::source::{Source, SourceText};
use crate::features::edits::Edits;
use crate::text::{FileId, Span, Text};
use crate::workspace::load::{in_folder_of_notes, is_among_sources, normalize};
use crate::workspace::{BriefFile, Snapshot};

/// The folder of note files unless the settings name another.
const FOLDER: &str = "notes";

/// Returns true if `file` contains notes rather than a brief.
#[must_use]
pub fn is_of_notes(snap: &Snapshot, file: &FileId) -> bool {
    file.path().parent().is_some_and(in_folder_of_notes)
        || snap.brief(file).is_some_and(|brief| source_of_file(file, brief.brief()).is_some())
}

/// The edit that adds `block` at the end of `file`. `None` if its text is not available.
#[must_use]
pub fn appended(snap: &Snapshot, file: &FileId, block: &str) -> Option<Edits> {
    let text = snap.reading_text(file)?;
    let end = text.as_str().trim_end().len();
    let before = if end == 0 { "" } else { "\n\n" };
    let edits = vec![(Span::new(end, text.as_str().len()), format!("{before}{block}\n"))];
    Some(Edits { text, edits })
}

/// The file with the notes on `source`, and the edit that adds `block` to it. A file that does not exist yet has an
/// empty text. `None` if something else has its name.
#[must_use]
pub fn added(snap: &Snapshot, source: &Source, block: &str) -> Option<(FileId, Edits)> {
    let file = file_of(snap, source)?;
    let edits = match snap.brief(&file) {
        Some(_) => appended(snap, &file, block)?,
        None if snap.file_text(&file).is_some() || file.path().exists() => return None,
        None => {
            let text = format!("---\nsource: {}\n---\n\n{block}\n", source.key);
            Edits { text: Text::new(""), edits: vec![(Span::new(0, 0), text)] }
        }
    };
    Some((file, edits))
}

/// The file with the notes on `source`: the first one about it alone, or else one to be created.
fn file_of(snap: &Snapshot, source: &Source) -> Option<FileId> {
    let about = |(file, brief): &(&FileId, &Arc<BriefFile>)| {
        source_of_file(file, brief.brief()).is_some_and(|key| *key == *source.key)
    };
    if let Some((file, _)) = snap.briefs().into_iter().find(about) {
        return Some(file.clone());
    }
    let folder = folder(snap, source.text().map(|text| &**text))?;
    // A key may have signs that file names may not.
    let fits = |c: char| c.is_alphanumeric() || "_-+.".contains(c);
    let name: String = source.key.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let path = normalize(&folder.join(format!("{name}.md")));
    path.is_absolute().then(|| FileId::new(path))
}

/// The folder for new note files: the one in the settings, else one that has notes, else `notes` beside the
/// settings, the library or the folder of the sources.
fn folder(snap: &Snapshot, text: Option<&SourceText>) -> Option<PathBuf> {
    let library = snap.corpus.libraries.first().map(|library| library.file.path());
    let beside = text.and_then(|text| text.file.path().parent()).map(|parent| {
        let found = Config::default();
        let is_of_sources =
            |folder: &&Path| folder.parent().is_some_and(|root| is_among_sources(root, &found, folder));
        parent.ancestors().find(is_of_sources).and_then(Path::parent).unwrap_or(parent)
    });
    let root = snap.settings.as_deref().or(library).and_then(Path::parent).or(beside)?;
    if let Some(named) = &snap.config.notes {
        return Some(root.join(named));
    }
    let briefs = snap.briefs();
    let mut folders = briefs.iter().filter_map(|(file, _)| file.path().parent());
    let known =
        folders.find(|folder| folder.file_name().is_some_and(|name| name.eq_ignore_ascii_case(FOLDER)));
    Some(known.map_or_else(|| root.join(FOLDER), Path::to_path_buf))
}
