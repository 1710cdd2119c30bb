//! A note, and where to find notes: all of a file, of a source, of a passage.

use std::borrow::Cow;

use crate::brief::Brief;
use crate::brief::annotation::{self, Annotation};
use crate::brief::citation::Citation;
use crate::brief::quotation::Quotation;
use crate::corpus::source::SourceId;
use crate::evidence::anchor::{Anchor, anchor};
use crate::text::{FileId, LocusRange, Span};
use crate::workspace::load::{in_folder_of_notes, literature_key};
use crate::workspace::{BriefFile, Snapshot};

/// An annotation and the file it is in.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// The file.
    pub file: &'a FileId,
    /// The content of the file.
    pub brief: &'a BriefFile,
    /// The annotation.
    pub annotation: &'a Annotation,
}

/// The key of the source that all of `file` is about: `source:` in its front matter, or its name if that is
/// `@key.md`.
#[must_use]
pub fn source_of_file<'a>(file: &'a FileId, brief: &Brief) -> Option<Cow<'a, str>> {
    annotation::default_source(brief.text.as_str(), &brief.markdown)
        .map(Cow::Owned)
        .or_else(|| literature_key(file.path()).map(Cow::Borrowed))
}

/// The annotations in `file` that are notes. In a brief, a paragraph below a block quotation is the brief's
/// own text, so only annotations with a tag or an id count there; in a file below a folder `notes`, or about a
/// single source, all of them do. Without a citation, only those in a file about a single source do.
pub fn of_file<'a>(file: &'a FileId, brief: &'a BriefFile) -> impl Iterator<Item = Note<'a>> {
    let said = brief.brief();
    let about_one = !said.annotations.is_empty() && source_of_file(file, said).is_some();
    let all = about_one || file.path().parent().is_some_and(in_folder_of_notes);
    let marked = move |one: &&Annotation| {
        (all || one.id.is_some() || !one.tags.is_empty()) && (about_one || !one.citations.is_empty())
    };
    said.annotations.iter().filter(marked).map(move |annotation| Note { file, brief, annotation })
}

impl<'a> Note<'a> {
    /// Its quotation.
    #[must_use]
    pub fn quotation(&self) -> Option<&'a Quotation> {
        self.brief.brief().quotations.get(self.annotation.quotation)
    }

    /// The citations at the end of its quotation.
    pub fn citations(&self) -> impl Iterator<Item = &'a Citation> + use<'a> {
        let said = self.brief.brief();
        self.annotation.citations.iter().filter_map(|&at| said.citations.get(at))
    }

    /// The whole note, from its quotation to the end of its comment, in bytes of the file's text.
    #[must_use]
    pub fn span(&self) -> Span {
        let said = self.brief.brief();
        annotation::span(self.annotation, &said.markdown, &said.quotations)
    }

    /// The quoted words on one line.
    #[must_use]
    pub fn quoted(&self) -> String {
        let words = self.quotation().map(|quotation| quotation.text(self.brief.text().as_str()));
        words.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Its comment on one line; empty if there is none.
    #[must_use]
    pub fn comment(&self) -> String {
        let said = self.brief.brief();
        self.annotation.comment(said.text.as_str(), &said.markdown)
    }

    /// The keys of the sources that it is about.
    #[must_use]
    pub fn keys(&self) -> Vec<Cow<'a, str>> {
        let mut keys: Vec<Cow<'a, str>> = Vec::new();
        for citation in self.citations() {
            if !keys.iter().any(|known| **known == *citation.key) {
                keys.push(Cow::Borrowed(&citation.key));
            }
        }
        if keys.is_empty() {
            keys.extend(source_of_file(self.file, self.brief.brief()));
        }
        keys
    }

    /// Returns true if it is about the source `key`.
    fn is_about(&self, key: &str) -> bool {
        self.keys().iter().any(|own| *own == key)
    }

    /// The places that it cites in `source`; none for another source.
    #[must_use]
    pub fn loci(&self, snap: &Snapshot, source: SourceId) -> Vec<LocusRange> {
        let key = &snap.corpus.source(source).key;
        let cited = self.citations().filter(|citation| citation.key == **key);
        cited
            .filter_map(|citation| citation.locator.as_ref())
            .flat_map(|locator| locator.loci.clone())
            .collect()
    }

    /// Where its words are in `source`.
    #[must_use]
    pub fn anchor(&self, snap: &Snapshot, source: SourceId) -> Anchor {
        let Some(quotation) = self.quotation() else { return Anchor::Unknown };
        let loci = self.loci(snap, source);
        anchor(&snap.corpus, &snap.memo, self.brief.brief(), quotation, source, &loci)
    }

    /// The passages of `source` that it is about, by index: those that contain its words, or if none do,
    /// those that its locator names.
    pub(in crate::features) fn passages(&self, snap: &Snapshot, source: SourceId) -> Vec<usize> {
        let Some(text) = snap.corpus.source(source).text() else { return Vec::new() };
        let anchor = self.anchor(snap, source);
        let places: Vec<_> = anchor.places().iter().filter(|place| place.source == source).collect();
        if places.is_empty() {
            return text.passages_at(&self.loci(snap, source));
        }
        let all = text.passages.iter().enumerate();
        let holds = |at: usize, span: Span| {
            places.iter().any(|place| {
                place.passage == at || place.span.start < span.end && span.start < place.span.end
            })
        };
        all.filter(|(at, passage)| holds(*at, passage.span)).map(|(at, _)| at).collect()
    }
}

/// All notes of the workspace, ordered by file and offset.
pub fn all(snap: &Snapshot) -> impl Iterator<Item = Note<'_>> {
    let files = snap.briefs().into_iter().take_while(|_| !snap.cancel.is_set());
    files.flat_map(|(file, brief)| of_file(file, brief))
}

/// The notes on the source `key`, ordered by file and offset.
pub fn of_key<'a>(snap: &'a Snapshot, key: &'a str) -> impl Iterator<Item = Note<'a>> {
    all(snap).filter(move |note| note.is_about(key))
}

/// The notes on the source `source`, ordered by file and offset.
#[must_use]
pub fn of_source(snap: &Snapshot, source: SourceId) -> Vec<Note<'_>> {
    of_key(snap, &snap.corpus.source(source).key).collect()
}

/// The notes on the passages `passages` of `source`, given by index, ordered by file and offset.
#[must_use]
pub fn on_passages<'a>(snap: &'a Snapshot, source: SourceId, passages: &[usize]) -> Vec<Note<'a>> {
    let on = |note: &Note<'_>| note.passages(snap, source).iter().any(|at| passages.contains(at));
    of_source(snap, source).into_iter().filter(on).collect()
}

/// The citations of `brief` that are in its notes, as sorted indices. They do not count as citations of a
/// source.
#[must_use]
pub fn citations_in(file: &FileId, brief: &BriefFile) -> Vec<usize> {
    let mut all: Vec<usize> =
        of_file(file, brief).flat_map(|note| note.annotation.citations.iter().copied()).collect();
    all.sort_unstable();
    all
}

/// The name of a file, for a card.
pub(in crate::features) fn name(file: &FileId) -> String {
    file.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
}
