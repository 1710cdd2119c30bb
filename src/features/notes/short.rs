//! Notes in a few words, for cards and lists.

use super::note::{Note, name};
use crate::features::card::{Card, Line, own, taken, words};
use crate::features::markup;

/// How many notes a card shows before it only counts them: nobody reads a card that scrolls.
const MOST_SHOWN: usize = 3;

/// Longest comment shown, in characters: about three lines of a card.
const COMMENT: usize = 240;

/// `note` on one line.
fn short(note: &Note<'_>) -> Line {
    let name = taken(&name(note.file));
    let comment = note.comment();
    match comment.is_empty() {
        true => words!["Note in ", name, ", without a comment."],
        false => words!["Note in ", name, ": ", taken(&markup::clip(&markup::flat(&comment), COMMENT))],
    }
}

/// Short versions of the notes for the end of a card; empty if there are none.
#[must_use]
pub fn on_card(notes: &[Note<'_>]) -> Card {
    let card = notes.iter().take(MOST_SHOWN).fold(Card::default(), |card, note| card.and(short(note)));
    match notes.len().saturating_sub(MOST_SHOWN) {
        0 => card,
        1 => card.and("And one more note."),
        more => card.and(own(format!("And {more} more notes."))),
    }
}

/// `2 notes`.
#[must_use]
pub fn counted(count: usize) -> String {
    markup::counted(count, "note")
}

#[cfg(test)]
mod tests {
    use super::short;

    use crate::features::fixture::{Fixture, notes_on_harbours};
    use crate::features::notes::on_passages;
    use crate::text::Locus;

    fn on(at: &Fixture, key: &str, number: u32) -> Vec<String> {
        let source = at.snap.corpus.find(key).expect("a source");
        let passage =
            at.snap.corpus.source(source).text().and_then(|text| text.passage_at(Locus::Paragraph(number)));
        on_passages(&at.snap, source, &[passage.expect("a passage")])
            .iter()
            .map(|note| short(note).markdown())
            .collect()
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
