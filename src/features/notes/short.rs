//! Notes in a few words, for cards and lists.

use super::note::{Note, name};
use crate::features::markup;

/// How many notes a card shows before it only counts them: nobody reads a card that scrolls.
const MOST_SHOWN: usize = 3;

/// Longest comment shown, in characters: about three lines of a card.
const COMMENT: usize = 240;

/// `note` on one line, escaped for a card.
fn short(note: &Note<'_>) -> String {
    let name = markup::escape(&name(note.file));
    let comment = note.comment();
    match comment.is_empty() {
        true => format!("Note in {name}, without a comment."),
        false => format!("Note in {name}: {}", markup::clip(&markup::escape(&comment), COMMENT)),
    }
}

/// Short versions of the notes for the end of a card; empty if there are none.
#[must_use]
pub fn on_card(notes: &[Note<'_>]) -> String {
    let mut out = String::new();
    for note in notes.iter().take(MOST_SHOWN) {
        out.push_str("\n\n");
        out.push_str(&short(note));
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
        on_passages(&at.snap, source, &[passage.expect("a passage")]).iter().map(short).collect()
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
