//! The passages of a source with notes on them, which completion offers first.

use crate::corpus::source::SourceId;
use crate::features::{markup, notes};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// Longest beginning of a note shown next to a candidate, in characters.
const BESIDE: usize = 40;

/// The places of the notes on one source, in bytes of its text, with the first words of each comment.
#[derive(Debug, Default)]
pub(super) struct Noted {
    places: Vec<(Span, String)>,
}

impl Noted {
    /// The notes on the source `key`, without the one at byte `offset` of `file`.
    pub(super) fn of(snap: &Snapshot, key: &str, file: &FileId, offset: usize) -> Self {
        snap.corpus.find(key).map(|id| Self::of_source(snap, id, file, offset)).unwrap_or_default()
    }

    /// The same for `source`.
    pub(super) fn of_source(snap: &Snapshot, source: SourceId, file: &FileId, offset: usize) -> Self {
        let mut places = Vec::new();
        for note in notes::of_source(snap, source) {
            if note.file == file && note.span().touches(offset) {
                continue;
            }
            let comment = note.comment();
            let told = if comment.is_empty() { "Note".into() } else { format!("Note: {comment}") };
            let told = markup::clip(&told, BESIDE);
            let anchor = note.anchor(snap, source);
            let own = anchor.places().iter().filter(|place| place.source == source);
            places.extend(own.map(|place| (place.span, told.clone())));
        }
        Self { places }
    }

    /// The beginning of the first note on words in `span`.
    pub(super) fn on(&self, span: Span) -> Option<&str> {
        let meets = |place: &Span| place.start < span.end && span.start < place.end;
        self.places.iter().find(|(place, _)| meets(place)).map(|(_, told)| told.as_str())
    }

    /// The end of the noted words around `span`, and the beginning of the note.
    pub(super) fn around(&self, span: Span) -> Option<(usize, &str)> {
        let around = |place: &Span| place.start <= span.start && span.end < place.end;
        self.places.iter().find(|(place, _)| around(place)).map(|(place, told)| (place.end, told.as_str()))
    }
}

/// `detail` after the beginning of a note, if there is one.
pub(super) fn beside(note: Option<&str>, detail: &str) -> String {
    note.map_or_else(|| detail.to_owned(), |note| format!("{note} · {detail}"))
}

#[cfg(test)]
mod tests {
    use crate::features::completion::{Candidate, complete};
    use crate::features::fixture::notes_on_harbours;

    fn candidates(brief: &str) -> Vec<Candidate> {
        let at = notes_on_harbours(brief);
        complete(&at.snap, &at.file, at.offset).candidates
    }

    #[test]
    fn passages_with_a_note_come_first_with_its_first_words() {
        let all = candidates("The council says so [@moss2020, <|>].\n");
        let told: Vec<(&str, bool)> =
            all.iter().map(|one| (one.label.as_str(), one.detail.starts_with("Note"))).collect();
        assert_eq!(told, [("¶ 2", true), ("¶ 3", true), ("¶ 1", false)]);
        assert!(all[0].detail.starts_with("Note: Hearsay. #dredging · The port"), "{}", all[0].detail);
        // The sentence fits the first passage; that counts where there are no notes.
        assert!(
            candidates("The tables were printed for pilots [@reed2021, <|>].\n")[0]
                .detail
                .starts_with("Tide")
        );
    }

    #[test]
    fn a_quotation_is_finished_as_in_the_note_first() {
        let note = "> Harbours silt up when nobody dredges [@moss2020, ¶ 1] ^a\n\nWho would?\n";
        let all = candidates(&format!("It is said that “Harbours silt up<|>\n\n{note}"));
        assert_eq!(all[0].insert, "up when nobody dredges” [@moss2020, ¶ 1]");
        assert_eq!(all[0].detail, "Note: Who would? · moss2020, ¶ 1");
        assert!(all[1].insert.starts_with("up when nobody dredges them, and"), "{all:?}");
        assert_eq!(all[1].detail, "moss2020, ¶ 1");
    }

    #[test]
    fn tags_are_completed_in_notes_only() {
        let labels = |brief: &str| -> Vec<String> {
            candidates(brief).into_iter().map(|one| format!("{} {}", one.insert, one.detail)).collect()
        };
        let note = "> Harbours silt up when nobody dredges them [@moss2020, ¶ 1] ^a\n\n";
        assert_eq!(labels(&format!("{note}Whose job? #dr<|>\n")), ["#dredging 1 note"]);
        assert_eq!(labels(&format!("{note}#<|>")), ["#dredging 1 note"]);
        assert_eq!(labels(&format!("{note}#edg<|>")), ["#dredging 1 note"]);
        assert!(labels(&format!("{note}Whose job?\n\n# Next\n\nIssue #dr<|>\n")).is_empty());
        assert!(labels("Issue #dr<|>\n").is_empty());
        assert!(labels(&format!("{note}C#dr<|>\n")).is_empty());
    }
}
