//! Notes on sources: the annotations that analysts keep in Markdown files, found through the passage or
//! source they are about.

use crate::brief::annotation::{self, Annotation};
use crate::corpus::source::SourceId;
use crate::features::markup;
use crate::text::{FileId, LocusRange};
use crate::workspace::load::in_folder_of_notes;
use crate::workspace::{BriefFile, Snapshot};

/// How many notes a card shows before it only counts them: nobody reads a card that scrolls.
const MOST_SHOWN: usize = 3;

/// Longest comment shown, in characters: about three lines of a card.
const COMMENT: usize = 240;

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

/// The annotations in `file` that are notes. In a brief, a paragraph below a block quotation is the brief's
/// own text, so only annotations with a tag or an id count there; in a file below a folder `notes`, or with
/// `source:` in its front matter, all of them do.
pub fn of_file<'a>(file: &'a FileId, brief: &'a BriefFile) -> impl Iterator<Item = Note<'a>> {
    let said = brief.brief();
    let all = !said.annotations.is_empty()
        && (file.path().parent().is_some_and(in_folder_of_notes)
            || annotation::default_source(said.text.as_str(), &said.markdown).is_some());
    let marked = move |one: &&Annotation| all || one.id.is_some() || !one.tags.is_empty();
    said.annotations.iter().filter(marked).map(move |annotation| Note { file, brief, annotation })
}

impl Note<'_> {
    /// Whether it is about the source `key`.
    fn is_about(&self, key: &str) -> bool {
        let said = self.brief.brief();
        let cited = || self.annotation.citations.iter().filter_map(|&at| said.citations.get(at));
        if self.annotation.citations.is_empty() {
            return annotation::default_source(said.text.as_str(), &said.markdown).as_deref() == Some(key);
        }
        cited().any(|citation| citation.key == key)
    }

    /// The passages of `source` that it is about, by index: those that contain its words, or if none do,
    /// those that its locator names.
    pub(super) fn passages(&self, snap: &Snapshot, source: SourceId) -> Vec<usize> {
        let known = snap.corpus.source(source);
        let Some(text) = known.text() else { return Vec::new() };
        let leaning = self.brief.leaning_on(snap, source);
        let all = text.passages.iter().enumerate();
        if let Some((_, evidence)) = leaning.iter().find(|(at, _)| *at == self.annotation.quotation) {
            return all.filter(|(at, passage)| evidence.is_in(*at, passage)).map(|(at, _)| at).collect();
        }
        let said = self.brief.brief();
        let cited = self.annotation.citations.iter().filter_map(|&at| said.citations.get(at));
        let loci: Vec<LocusRange> = cited
            .filter(|citation| citation.key == *known.key)
            .filter_map(|citation| citation.locator.as_ref())
            .flat_map(|locator| locator.loci.iter().cloned())
            .collect();
        text.passages_at(&loci)
    }

    /// Its comment on one line, escaped for a card.
    fn short(&self) -> String {
        let said = self.brief.brief();
        let name = markup::escape(&name(self.file));
        let comment = self.annotation.comment(said.text.as_str(), &said.markdown);
        match comment.is_empty() {
            true => format!("Note in {name}, without a comment."),
            false => format!("Note in {name}: {}", markup::clip(&markup::escape(&comment), COMMENT)),
        }
    }
}

/// The notes on the source `source`, ordered by file and offset.
#[must_use]
pub fn of_source(snap: &Snapshot, source: SourceId) -> Vec<Note<'_>> {
    let key = &snap.corpus.source(source).key;
    let files = snap.briefs().into_iter().take_while(|_| !snap.cancel.is_set());
    files.flat_map(|(file, brief)| of_file(file, brief)).filter(|note| note.is_about(key)).collect()
}

/// The notes on the passages `passages` of `source`, given by index, ordered by file and offset.
#[must_use]
pub fn on_passages<'a>(snap: &'a Snapshot, source: SourceId, passages: &[usize]) -> Vec<Note<'a>> {
    let on = |note: &Note<'_>| note.passages(snap, source).iter().any(|at| passages.contains(at));
    of_source(snap, source).into_iter().filter(on).collect()
}

/// Short versions of the notes for the end of a card; empty if there are none.
#[must_use]
pub fn on_card(notes: &[Note<'_>]) -> String {
    let mut out = String::new();
    for note in notes.iter().take(MOST_SHOWN) {
        out.push_str("\n\n");
        out.push_str(&note.short());
    }
    match notes.len().saturating_sub(MOST_SHOWN) {
        0 => {}
        1 => out.push_str("\n\nAnd one more note."),
        more => out.push_str(&format!("\n\nAnd {more} more notes.")),
    }
    out
}

/// `2 notes`.
#[must_use]
pub fn counted(count: usize) -> String {
    markup::counted(count, "note")
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
pub(super) fn name(file: &FileId) -> String {
    file.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::{Fixture, notes_on_harbours};
    use crate::text::Locus;

    fn on(at: &Fixture, key: &str, number: u32) -> Vec<String> {
        let source = at.snap.corpus.find(key).expect("a source");
        let passage =
            at.snap.corpus.source(source).text().and_then(|text| text.passage_at(Locus::Paragraph(number)));
        on_passages(&at.snap, source, &[passage.expect("a passage")]).iter().map(Note::short).collect()
    }

    #[test]
    fn a_passage_has_the_notes_whose_words_stand_in_it() {
        let at = notes_on_harbours("");
        assert_eq!(
            on(&at, "moss2020", 2),
            ["Note in moss.md: Hearsay. #dredging", "Note in moss.md, without a comment."]
        );
        // The locator says ¶ 1, but the words are in ¶ 3.
        assert_eq!(on(&at, "moss2020", 3), ["Note in moss.md: Since when?"]);
        assert!(on(&at, "moss2020", 1).is_empty());
    }

    #[test]
    fn a_note_whose_words_stand_nowhere_is_on_what_its_locator_names() {
        let at = notes_on_harbours("> something that nobody wrote at any time [@moss2020, ¶ 1]\n\nOdd.\n");
        assert!(on(&at, "moss2020", 1).is_empty(), "brief.md is no file of notes");
        let at =
            notes_on_harbours("> something that nobody wrote at any time [@moss2020, ¶ 1] ^odd\n\nOdd.\n");
        assert_eq!(on(&at, "moss2020", 1), ["Note in brief.md: Odd."]);
    }

    #[test]
    fn front_matter_names_the_source_of_uncited_quotations() {
        let at = notes_on_harbours(
            "---\nsource: reed2021\n---\n\n> Tide tables were first printed for the pilots of the estuary\n\nWhen?\n",
        );
        assert_eq!(on(&at, "reed2021", 1), ["Note in brief.md: When?"]);
        assert!(on(&at, "reed2021", 2).is_empty());
    }

    #[test]
    fn what_a_comment_holds_is_shown_as_text() {
        let at = notes_on_harbours(
            "> so quoted by nobody at any time at all [@reed2021, ¶ 1] ^a\n\n<b>x</b> [run](command:x) `code`\n",
        );
        assert_eq!(on(&at, "reed2021", 1), ["Note in brief.md: x run"]);
    }
}
