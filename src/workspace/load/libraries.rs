//! Reads the libraries. One that is being written keeps its last good entries for a moment.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::patience::GRACE;
use super::read::read_bytes;
use super::stamp::{Stamp, stamp};
use super::{About, BriefFile, Loader, Notice, front, normalize, read_text};
use crate::corpus::ingest;
use crate::corpus::library::{Entry, Format, Library, Lists, ProblemKind};
use crate::text::{FileId, Text};

/// Largest library read, in bytes. One with 100,000 entries and their abstracts takes 58 MB.
const MAX_LIBRARY: u64 = 250_000_000;

/// Files in which Quarto and bookdown name the libraries of all briefs and their language.
pub(super) const PROJECTS: [&str; 4] = ["_quarto.yml", "_quarto.yaml", "_bookdown.yml", "_metadata.yml"];

impl Loader {
    pub(super) fn read_libraries(&mut self, paths: &[PathBuf], notices: &mut Vec<Notice>) {
        let listed = self.config.library.is_some();
        self.libraries.retain(|path, _| paths.contains(path));
        self.unreadable = None;
        let patience = &mut self.patience;
        self.kept.retain(|path, _| patience.waits(path) || !patience.forget(path));
        for path in paths {
            let file = FileId::new(path.clone());
            let read = if let Some(text) = self.shadows.get(&file) {
                Ok((None, text.clone()))
            } else {
                let stamp = stamp(path);
                if let (Some(new), Some((Some(old), _))) = (stamp, self.libraries.get(path))
                    && new == *old
                {
                    continue;
                }
                let bytes = self.reach.check(path).and_then(|()| read_bytes(path, MAX_LIBRARY));
                bytes.and_then(|bytes| Ok((stamp, Text::new(ingest::decode(&bytes)?))))
            };
            match read {
                Ok((stamp, text)) => {
                    let library = Library::read(file.clone(), text);
                    if library.entries.is_empty() && !Format::is_known(&library.file) {
                        let message = "Not a library format that Glossator reads. Export it as BibLaTeX (.bib), CSL-JSON (.json), CSL or Hayagriva in YAML (.yaml), or RIS (.ris).";
                        notices.push(Notice::of_file(path, message));
                    }
                    self.keep_last_good(path, &library);
                    self.libraries.insert(path.clone(), (stamp, Arc::new(library)));
                }
                Err(why) => {
                    // A library that is being replaced is missing for a moment, so keep its entries.
                    if self.libraries.contains_key(path) && !self.patience.waits(path) {
                        self.libraries.remove(path);
                        self.patience.forget(path);
                    }
                    self.unreadable.get_or_insert(file);
                    let notice = Notice::of_file(path, format!("Cannot read the library: {why}."));
                    let about = if listed { About::Settings } else { About::File };
                    notices.push(Notice { about, ..notice });
                }
            }
        }
        for (path, kept) in &self.kept {
            let message = format!(
                "This library seems half written: {} from its last version still apply for {} seconds.",
                if kept.len() == 1 { "one entry".into() } else { format!("{} entries", kept.len()) },
                GRACE.as_secs()
            );
            notices.push(Notice { path: path.clone(), message, about: About::Remark });
        }
    }

    /// Keeps entries that a half-written library has lost: one with a broken entry, or one that breaks off
    /// within a line of its earlier text. They stay until the library reads correctly again, but no longer
    /// than a moment.
    fn keep_last_good(&mut self, path: &Path, library: &Library) {
        let broken = library.problems.iter().any(|problem| matches!(problem.kind, ProblemKind::Broken(_)));
        if !broken && !self.libraries.get(path).is_some_and(|(_, before)| library.breaks_off(before)) {
            self.kept.remove(path);
            self.patience.forget(path);
            return;
        }
        let Some((_, before)) = self.libraries.get(path) else { return };
        let now: HashSet<&str> = library.entries.iter().map(|entry| &*entry.key).collect();
        let mut kept = self.kept.remove(path).unwrap_or_default();
        kept.extend(before.entries.iter().cloned());
        kept.retain(|entry| !now.contains(&*entry.key));
        if !kept.is_empty() {
            self.patience.begin(path);
            self.kept.insert(path.to_path_buf(), kept);
        }
    }

    /// All entries; only the first of any with the same key.
    pub(super) fn entries(&self) -> Vec<Arc<Entry>> {
        // Within a library the keys differ already.
        let libraries = self.libraries.values().map(|(_, library)| &library.entries);
        let inline = self.inline.iter().map(|library| &library.entries);
        let lists = libraries.chain(self.kept.values()).chain(inline);
        let alone = lists.filter(|entries| !entries.is_empty()).nth(1).is_none();
        let mut seen = HashSet::new();
        let is_new = |entry: &&Arc<Entry>| alone || seen.insert(entry.key.clone());
        // Those of libraries that a brief names go before those that lie beside them.
        let (named, beside): (Vec<_>, Vec<_>) =
            self.libraries.values().partition(|(_, library)| self.lists.name(&library.file));
        let read = named.into_iter().chain(beside).flat_map(|(_, library)| &library.entries);
        let inline = self.inline.iter().flat_map(|library| &library.entries);
        read.chain(self.kept.values().flatten()).chain(inline).filter(is_new).cloned().collect()
    }

    /// The libraries in the metadata of briefs, under `references:`.
    pub(super) fn inline_libraries(&self) -> Vec<Arc<Library>> {
        let read = |(path, (_, brief)): (&PathBuf, &(Stamp, Arc<BriefFile>))| {
            let file = FileId::new(path.clone());
            let text = self.shadows.get(&file).unwrap_or_else(|| brief.text());
            Library::in_brief(&file, text).map(Arc::new)
        };
        self.briefs.iter().filter_map(read).collect()
    }

    /// The folders that a path in the front matter of `brief` may be relative to, nearest first: that of the brief and
    /// those above it in the workspace, since Pandoc uses the folder it is run in, bookdown that of the book.
    pub(super) fn folders_above<'a>(&'a self, brief: &'a Path) -> impl Iterator<Item = &'a Path> {
        brief.ancestors().skip(1).take_while(|folder| folder.starts_with(self.root()))
    }

    /// The libraries that the front matter of briefs names; those outside the workspace only if the user's
    /// own settings allow it. Also which of them are read together.
    pub(super) fn named_libraries(&self, notices: &mut Vec<Notice>) -> (Vec<PathBuf>, Lists) {
        let mut named = Vec::new();
        let mut lists = Lists::default();
        let projects = PROJECTS.map(|name| self.root().join(name));
        let projects = projects.iter().filter_map(|path| Some((path, read_text(path).ok()?)));
        let mut named_in: Vec<(&PathBuf, Vec<PathBuf>)> =
            projects.map(|(path, text)| (path, front::of_project(&text))).collect();
        let briefs = self.briefs.iter();
        named_in.extend(briefs.map(|(path, (_, brief))| (path, front::bibliography(brief.text().as_str()))));
        for (brief, written) in named_in {
            let first = named.len();
            for written in written {
                let mut paths = self.folders_above(brief).map(|folder| normalize(&folder.join(&written)));
                let there = |path: &PathBuf| self.reach.may(path).is_ok() && path.is_file();
                let near = normalize(&brief.parent().unwrap_or(self.root()).join(&written));
                let path = paths.find(there).unwrap_or(near);
                match self.reach.may(&path) {
                    Ok(()) => named.push(path),
                    Err(why) => {
                        let message = format!("bibliography: {}: not read because {why}.", written.display());
                        notices.push(Notice::of_file(brief, message));
                    }
                }
            }
            // A brief may have entries of its own.
            if let Some(list) = named.get(first..).filter(|list| !list.is_empty()) {
                lists.add(list.iter().chain([brief]).cloned().map(FileId::new));
            }
        }
        (named, lists)
    }
}
