//! New library entries for sources of which only the text is known: made by a code action, by renaming a key, and by
//! `glossator add`. Only says what is known; author, outlet and date are those that the document states in its
//! metadata or prints.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::edits::Edits;
use super::{card, key, markup};
use crate::corpus::library::Library;
use crate::corpus::library::write::{NewEntry, relative};
use crate::corpus::printed::Printed;
use crate::corpus::source::{Source, SourceText, key_of_file_name};
use crate::text::{FileId, Text};
use crate::workspace::Snapshot;
use crate::workspace::load::normalize;

/// With more libraries than this, a menu with all of them would hide the other actions.
const MOST_LIBRARIES: usize = 3;

/// The library created if there is none.
const NEW_LIBRARY: &str = "library.bib";

/// The edit that gives `source`, of which only the text is known, an entry with the key `key` in the first
/// library that can take it; and that library's file.
pub(super) fn first_entry(
    snap: &Snapshot,
    file: &FileId,
    source: &Source,
    key: &str,
) -> Option<(FileId, Edits)> {
    let libraries = libraries(snap, file);
    let text = source.text()?;
    libraries.iter().find_map(|library| Some((library.file.clone(), of_text(library, text, key)?.0)))
}

/// The edit that adds an entry with the key `key` for `text` to `library`, and the entry.
pub(super) fn of_text(library: &Library, text: &SourceText, key: &str) -> Option<(Edits, NewEntry)> {
    let file = relative(library.file.path().parent()?, text.file.path())?;
    // The title of a page often ends with the name of its site; what it states does not.
    let stated = text.metadata.title.as_deref();
    let title = match (text.title(), stated) {
        (Some(title), Some(stated)) if title.contains(stated) => Some(stated),
        (title, stated) => title.or(stated),
    };
    // Letters that a PDF has no name for.
    let legible =
        |title: &&str| !title.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
    let title = title.filter(legible).map(markup::flat);
    let url = text.metadata.url.clone().filter(|url| card::is_web_address(url));
    let bare = NewEntry { key: key.to_owned(), title, url, file: Some(file), ..NewEntry::default() };
    // Anything that cannot be written so that it reads back as printed is left to the user.
    let full = NewEntry { printed: Printed::of(text), ..bare.clone() };
    [full, bare].into_iter().find_map(|new| Some((appended(library, &new)?, new)))
}

/// The libraries that an entry can be added to, except those edited since they were read. If there are none,
/// the one that the settings name, or a new one beside the settings or `file`.
pub(super) fn libraries(snap: &Snapshot, file: &FileId) -> Vec<Arc<Library>> {
    let current = |library: &&Arc<Library>| {
        snap.file_text(&library.file).is_some_and(|text| text.as_str() == library.text.as_str())
    };
    let mut taking = snap.corpus.libraries.iter().filter(|library| library.takes_entries()).peekable();
    if !snap.loaded || taking.peek().is_some() {
        return taking.filter(current).take(MOST_LIBRARIES).cloned().collect();
    }
    let beside = snap.settings.as_deref().unwrap_or_else(|| file.path()).parent();
    let named = match &snap.config.library {
        None => Some(Path::new(NEW_LIBRARY)),
        Some(named) => named.first().map(PathBuf::as_path),
    };
    let path = beside.zip(named).map(|(folder, named)| normalize(&folder.join(named)));
    let new = path.filter(|path| path.is_absolute()).map(FileId::new);
    new.filter(|file| snap.file_text(file).is_none())
        .map(|file| Arc::new(Library::read(file, Text::new(""))))
        .into_iter()
        .collect()
}

/// The edit that appends `new`; `None` if its key cannot be cited or `library` cannot take it.
pub(super) fn appended(library: &Library, new: &NewEntry) -> Option<Edits> {
    let named = name(library);
    if !new.key.chars().all(|c| key::fits_library(&named, c)) || key::form(&new.key).is_none() {
        return None;
    }
    Some(Edits { text: library.text.clone(), edits: vec![library.appended(new)?] })
}

/// The file name of `library`.
pub(super) fn name(library: &Library) -> String {
    library.file.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Entries added to one library.
#[derive(Debug)]
pub struct Added {
    /// The library as it was read; empty for a new file.
    pub library: Arc<Library>,
    /// The text of the library with the new entries.
    pub text: String,
    /// The new entries, each with the file of its source.
    pub entries: Vec<(FileId, NewEntry)>,
    /// Files for which no entry could be written, because a name in it cannot be written in this format.
    pub refused: Vec<FileId>,
}

/// Adds an entry for each of `texts` to `library`. A text without a key gets the first author's name and the year
/// if it states both, else its file name; if briefs already cite it by its file name, that key stays.
#[must_use]
pub fn add(snap: &Snapshot, library: &Arc<Library>, texts: &[(Arc<SourceText>, Option<String>)]) -> Added {
    let mut added = Added {
        library: library.clone(),
        text: library.text.as_str().to_owned(),
        entries: Vec::new(),
        refused: Vec::new(),
    };
    let cited: BTreeSet<&str> = snap
        .briefs()
        .iter()
        .flat_map(|(_, brief)| &brief.brief().citations)
        .map(|citation| citation.key.as_str())
        .collect();
    let mut grown = library.clone();
    for (text, key) in texts {
        let free = |key: &str| {
            let other = snap.corpus.find(key).map(|id| snap.corpus.source(id));
            let own = other.is_none_or(|source| {
                source.entry.is_none() && source.volume().is_some_and(|known| known.file == text.file)
            });
            own && !added.entries.iter().any(|(_, taken)| taken.key == key)
        };
        let by_file = key_of_file_name(&text.file.path().file_stem().unwrap_or_default().to_string_lossy());
        let by_author = author_and_year(text).filter(|_| !cited.contains(by_file.as_str()));
        let key = key.clone().or_else(|| by_author.and_then(|key| lettered(&key, free)));
        let key = key.or_else(|| lettered(&by_file, free));
        match key.and_then(|key| of_text(&grown, text, &key)) {
            Some((edits, new)) => {
                added.text = edits.applied();
                grown = Arc::new(Library::read(library.file.clone(), Text::new(added.text.as_str())));
                added.entries.push((text.file.clone(), new));
            }
            None => added.refused.push(text.file.clone()),
        }
    }
    added
}

/// The libraries that `glossator add` may write to, the preferred one first. If there are none, one to be created:
/// the one that the settings name, or `library.bib`, beside the settings or in `folder`.
#[must_use]
pub fn libraries_for(snap: &Snapshot, folder: &Path) -> Vec<Arc<Library>> {
    libraries(snap, &FileId::new(folder.join(NEW_LIBRARY)))
}

/// `holm2019`: the first author's last name and the year, if `text` states both. One word may be an organisation.
fn author_and_year(text: &SourceText) -> Option<String> {
    let printed = Printed::of(text);
    let (_, last) = printed.authors.first()?.rsplit_once(' ')?;
    let name: String = last.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let year = printed.date?.year;
    (!name.is_empty() && name.chars().all(char::is_alphabetic)).then(|| format!("{name}{year}"))
}

/// `key`, else the first of `keyb`, `keyc` … that is free.
fn lettered(key: &str, free: impl Fn(&str) -> bool) -> Option<String> {
    let suffixed = ('b'..='z').map(|letter| format!("{key}{letter}"));
    std::iter::once(key.to_owned()).chain(suffixed).find(|key| free(key))
}
