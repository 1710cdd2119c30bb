//! Hover cards: the source for a key, the passage for a locator, the evidence for a quotation; for a term of
//! likelihood its range, if a scale is chosen; for a name the entity.

use crate::brief::Brief;
use crate::brief::annotation;
use crate::brief::citation::Locator;
use crate::corpus::source::SourceId;
use crate::evidence;
use crate::features::card::{self, Card, Hover, Line, own, taken, words};
use crate::features::lookup::{self, Thing, source_of};
use crate::features::notes::Note;
use crate::features::{likelihood, names, notes, passage_card, verdict_card};
use crate::text::{FileId, FileOffset};
use crate::workspace::Snapshot;

/// The card for `at` in the brief or source `file`; `None` if there is nothing to say.
#[must_use]
pub fn hover(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Hover> {
    // In a source, the card of a name is more useful than that of the passage.
    let first = if snap.brief(file).is_none() { None } else { of_thing(snap, file, at) };
    let name = || names::hover(snap, file, at);
    let passage = || snap.brief(file).is_none().then(|| passage_card::hover(snap, file, at)).flatten();
    first.or_else(name).or_else(passage)
}

/// The card for something written in a brief: a key, locator, quotation or term of likelihood.
fn of_thing(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Hover> {
    let brief = snap.brief(file)?.brief();
    let offset = brief.text.offset_of(at);
    let Some(thing) = lookup::at(brief, offset) else {
        let (span, card) = likelihood::card(snap, brief, offset)?;
        return Some(Hover { card, span: brief.text.in_file(span) });
    };
    let card = match thing {
        Thing::Key(citation) => match source_of(&snap.corpus, citation) {
            Some(id) => {
                let card = card::source(snap, snap.corpus.source(id));
                let named = citation.locator.as_ref().map(|locator| named(snap, id, locator));
                let notes = match named.filter(|passages| !passages.is_empty()) {
                    Some(passages) => notes::on_passages(snap, id, &passages),
                    None => notes::of_source(snap, id),
                };
                card.above(others(file, brief, thing, notes))
            }
            // Until the first load has finished, nothing is reported as unknown.
            None => Card::of([unknown(snap, &citation.key)]),
        },
        Thing::Locator(citation, locator) => {
            let id = source_of(&snap.corpus, citation)?;
            let source = snap.corpus.source(id);
            let text = source.text()?;
            let on_them = || notes::on_passages(snap, id, &named(snap, id, locator));
            match locator.loci.first().filter(|_| text.counts_by(&locator.loci)) {
                Some(range) => match card::passages(source, &locator.loci) {
                    Some(card) => card.above(others(file, brief, thing, on_them())),
                    None => Card::of([card::has_no(source, text, &range.first)]),
                },
                None => Card::of([words![
                    "This source has no page or section numbers; ",
                    own(card::all_passages(text))
                ]]),
            }
        }
        Thing::Quotation(quotation) => {
            let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
            let card = verdict_card::quotation(&snap.corpus, brief, quotation, &evidence)?;
            let on_it = evidence.place.map(|place| notes::on_passages(snap, place.source, &[place.passage]));
            card.above(others(file, brief, thing, on_it.unwrap_or_default()))
        }
    };
    Some(Hover { card, span: brief.text.in_file(thing.span()) })
}

/// What is known of a key that names no source.
fn unknown(snap: &Snapshot, key: &str) -> Line {
    // Until the first load has finished, nothing is reported as unknown.
    if !snap.loaded {
        return words!["The sources are still being read."];
    }
    match lookup::once_called(&snap.corpus, key) {
        Some((id, file)) => {
            let now = taken(&snap.corpus.source(id).key);
            words!["Unknown citation key ", taken(key), ": cite ", taken(&file), " as @", now, " now."]
        }
        None => words!["Unknown citation key ", taken(key), "."],
    }
}

/// The passages of `source` that `locator` names, by index.
fn named(snap: &Snapshot, source: SourceId, locator: &Locator) -> Vec<usize> {
    let text = snap.corpus.source(source).text();
    text.map(|text| text.passages_at(&locator.loci)).unwrap_or_default()
}

/// The notes at the end of a card, without the note that the cursor is in.
fn others(file: &FileId, brief: &Brief, thing: Thing<'_>, notes: Vec<Note<'_>>) -> Card {
    let inside = |note: &Note<'_>| {
        note.file == file
            && annotation::span(note.annotation, &brief.markdown, &brief.quotations).covers(thing.span())
    };
    notes::on_card(&notes.into_iter().filter(|note| !inside(note)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{harbours, notes_on_harbours};

    use super::*;

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let hover = hover(&at.snap, &at.file, at.cursor).expect("a card");
        let text = at.snap.file_text(&at.file).expect("the brief");
        expected.assert_eq(&format!("⟦{}⟧\n{}\n", text.slice(hover.span), hover.card.markdown()));
    }

    fn check_none(brief: &str) {
        let at = harbours(brief);
        assert_eq!(hover(&at.snap, &at.file, at.cursor), None);
    }

    #[test]
    fn a_key_shows_its_source() {
        check(
            "Harbours silt up [see @mo<|>ss2020, ¶ 1].\n",
            expect![[r#"
                ⟦@moss2020⟧
                **On Harbours**  
                Ada Moss  
                *The Gauge* · 4 May 2020 · English (detected)  
                <https://gauge.example/1>

                3 passages (¶ 1 to ¶ 3)  
                Cited once, in brief.md.
            "#]],
        );
    }

    #[test]
    fn a_key_that_a_file_had_before_its_entry_is_explained() {
        let files = "//- refs.bib\n@misc{reed2021, file={tides.txt}}\n//- tides.txt\nTides\n\nTide tables were first printed for the pilots of the estuary.\n//- brief.md\n";
        let card = |brief: &str| {
            let at = crate::features::fixture::workspace(&format!("{files}{brief}"));
            hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown()
        };
        assert_eq!(
            card("See [@ti<|>des, ¶ 1].\n"),
            "Unknown citation key tides: cite tides.txt as @reed2021 now."
        );
        assert_eq!(
            card("“Tide tables were fir<|>st printed for the pilots” [@tides, ¶ 1].\n"),
            "**Not checked**: tides.txt is cited as tides, and is now @reed2021."
        );
        assert_eq!(card("See [@ebb<|>ing, ¶ 1].\n"), "Unknown citation key ebbing.");
    }

    #[test]
    fn a_rating_is_shown_with_its_words() {
        let library = "@online{moss2020, author={Moss, Ada}, title={On Harbours}, keywords={ports, rating: B2}, note={Rating: B2}}";
        let at = crate::features::fixture::workspace(&format!(
            "//- refs.bib\n{library}\n//- brief.md\nSee @mo<|>ss2020.\n"
        ));
        let card = hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown();
        expect![[r#"
            **On Harbours**  
            Ada Moss  
            outlet unknown · date unknown · language unknown  
            no URL known  
            Rating B2: usually reliable, probably true

            No text: the library entry names no file.  
            Cited once, in brief.md."#]]
        .assert_eq(&card);
    }

    #[test]
    fn what_is_unknown_is_said_to_be() {
        check(
            "Piers [@fe<|>nn2022; @reed2021].\n",
            expect![[r#"
                ⟦@fenn2022⟧
                **Piers**  
                author unknown  
                outlet unknown · date unknown · language unknown  
                no URL known

                No text: cannot read sources/fenn.txt: there is no such file.  
                Cited once, in brief.md.
            "#]],
        );
    }

    #[test]
    fn a_locator_shows_its_passage_between_its_neighbours() {
        check(
            "Work may begin [@moss2020, ¶<|> 2].\n",
            expect![[r#"
                ⟦¶ 2⟧
                **¶ 2** of 3 · moss2020 · Moss · The Gauge · 2020

                *¶ 1: Harbours silt up when nobody dredges them, and the council has not paid…*

                > The port authority said it would “begin work before the winter” if the money came, which nobody on the quay believed.

                *¶ 3: Fishermen from the northern villages now land their catch across the…*
            "#]],
        );
    }

    #[test]
    fn a_list_of_paragraphs_shows_those_that_it_names() {
        check(
            "Money and boats [@moss2020, ¶<|> 1, 3].\n",
            expect![[r#"
                ⟦¶ 1, 3⟧
                **¶ 1, 3** of 3 · moss2020 · Moss · The Gauge · 2020

                ¶ 1

                > Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year.

                ¶ 3

                > Fishermen from the northern villages now land their catch across the bay, where the water is deep enough at every tide.
            "#]],
        );
        check(
            "Money and boats [@moss2020, ¶<|> 3, 40].\n",
            expect![[r#"
                ⟦¶ 3, 40⟧
                **¶ 3** of 3 · moss2020 · Moss · The Gauge · 2020

                ¶ 3

                > Fishermen from the northern villages now land their catch across the bay, where the water is deep enough at every tide.

                There is no ¶ 40.
            "#]],
        );
        check(
            "Boats [@moss2020, ¶<|> 40].\n",
            expect![[r#"
            ⟦¶ 40⟧
            moss2020 has no ¶ 40: its passages are ¶ 1 to ¶ 3.
        "#]],
        );
    }

    #[test]
    fn verbatim_words_show_where_they_stand() {
        check(
            "The tables were sold “at a shilling <|>for each copy” [@reed2021].\n",
            expect![[r#"
                ⟦“at a shilling for each copy”⟧
                **Verbatim** in reed2021 · Reed · 2021, ¶ 1

                > Tide tables were first printed for the pilots of the estuary, who sold them to captains at a shilling for each copy.
            "#]],
        );
    }

    #[test]
    fn words_that_differ_are_shown_beside_the_sources() {
        check(
            "They said “begin work b<|>efore the summer” [@moss2020].\n",
            expect![[r#"
                ⟦“begin work before the summer”⟧
                **Altered** from moss2020 · Moss · The Gauge · 2020, ¶ 2
                - you: “summer” · source: “**winter**”

                > The port authority said it would “begin work before the winter” if the money came, which nobody on the quay believed.
            "#]],
        );
    }

    #[test]
    fn a_locator_shows_the_paragraph_that_the_source_gives_that_number() {
        let at = crate::features::fixture::workspace(
            "//- sources/extract.txt\nExtract\n\n58. The sluices were shut in May.\n\n\
             59. Nobody was told why, and:\n\n(a) nobody was heard;\n\n60. The order is quashed.\n\
             //- brief.md\nSo [@extract, ¶ 5<|>9].\n",
        );
        let card = hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown();
        expect![[r#"
            **¶ 59** of 58–60, as the source numbers them · extract · Extract

            *¶ 58: 58\. The sluices were shut in May.*

            > 59\. Nobody was told why, and:

            > (a) nobody was heard;

            *¶ 60: 60\. The order is quashed.*"#]]
        .assert_eq(&card);
    }

    fn check_notes(brief: &str, expected: Expect) {
        let at = notes_on_harbours(brief);
        let card = hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown();
        let notes = card.find("Note in").map_or("none", |from| &card[from..]);
        expected.assert_eq(&format!(
            "{}\n{notes}\n",
            card.lines().find(|line| line.contains("Cited")).unwrap_or_default()
        ));
    }

    #[test]
    fn cards_end_with_the_notes_on_what_they_show() {
        check_notes(
            "It would [@moss2020, ¶ <|>2].\n",
            expect![[r#"

                Note in moss.md: Hearsay. #dredging

                Note in moss.md, without a comment.
            "#]],
        );
        check_notes(
            "It would [@mo<|>ss2020, ¶ 2].\n",
            expect![[r#"
                Cited once, in brief.md. 3 notes on it, in moss.md.
                Note in moss.md: Hearsay. #dredging

                Note in moss.md, without a comment.
            "#]],
        );
        check_notes(
            "It would [@mo<|>ss2020].\n",
            expect![[r#"
                Cited once, in brief.md. 3 notes on it, in moss.md.
                Note in moss.md: Hearsay. #dredging

                Note in moss.md: Since when?

                Note in moss.md, without a comment.
            "#]],
        );
        check_notes(
            "It would “begin w<|>ork before the winter” [@moss2020].\n",
            expect![[r#"

                Note in moss.md: Hearsay. #dredging

                Note in moss.md, without a comment.
            "#]],
        );
        check_notes(
            "It would [@moss2020, ¶ <|>1].\n",
            expect![[r#"

                none
            "#]],
        );
        // A note is not shown on its own card.
        check_notes(
            "> A History of Tides that nobody knows [@re<|>ed2021, ¶ 1] ^a\n\nMine.\n",
            expect![[r#"

                none
            "#]],
        );
    }

    #[test]
    fn nothing_is_shown_beside_a_key() {
        check_none("Harbours <|>silt up [see @moss2020, ¶ 1].\n");
        check_none("Harbours silt up [s<|>ee @moss2020, ¶ 1].\n");
        check_none("Harbours silt up [@moss2020, ¶ 1<|>].\n");
        check_none("Write `@mo<|>ss2020` to cite.\n");
        check_none("The “great<|> silting” goes on [@moss2020].\n");
    }
}
