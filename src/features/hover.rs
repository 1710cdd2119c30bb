//! The card for what stands under the cursor: a source on a key, a passage on a locator, and on a
//! quotation where its words stand; on a term of likelihood its range, if a scale is chosen.

use crate::evidence;
use crate::features::lookup::{self, Thing, source_of};
use crate::features::{card, likelihood, verdict_card};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// A card and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// CommonMark, source text escaped.
    pub markdown: String,
    /// The key, locator, quotation or term, in bytes of the brief.
    pub span: Span,
}

/// The card for byte `offset` of the brief `file`; `None` for what is not ours.
#[must_use]
pub fn hover(snap: &Snapshot, file: &FileId, offset: usize) -> Option<Hover> {
    let brief = snap.brief(file)?.brief();
    let Some(thing) = lookup::at(brief, offset) else {
        let (span, markdown) = likelihood::card(snap, brief, offset)?;
        return Some(Hover { markdown, span });
    };
    let markdown = match thing {
        Thing::Key(citation) => match source_of(&snap.corpus, citation) {
            Some(id) => card::source(snap, snap.corpus.source(id)),
            // Until the first load is done nothing is called unknown.
            None if snap.loaded => format!("No source has the key {}.", card::escape(&citation.key)),
            None => "The sources are still being read.".into(),
        },
        Thing::Locator(citation, locator) => {
            let source = snap.corpus.source(source_of(&snap.corpus, citation)?);
            let text = source.text()?;
            match lookup::paragraphs(locator) {
                Some((first, last)) => card::passage(source, first, last).unwrap_or_else(|| {
                    format!(
                        "{} has no ¶ {first}: its passages are ¶ 1 to ¶ {}.",
                        card::escape(&source.key),
                        text.numbered_count()
                    )
                }),
                None => format!(
                    "This source has no pages or sections to go by; its passages are ¶ 1 to ¶ {}.",
                    text.numbered_count()
                ),
            }
        }
        Thing::Quotation(quotation) => {
            let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
            verdict_card::quotation(&snap.corpus, brief, quotation, &evidence)?
        }
    };
    Some(Hover { markdown, span: thing.span() })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let hover = hover(&at.snap, &at.file, at.offset).expect("a card");
        let text = at.snap.text(&at.file).expect("the brief");
        expected.assert_eq(&format!("⟦{}⟧\n{}\n", text.slice(hover.span), hover.markdown));
    }

    fn check_none(brief: &str) {
        let at = harbours(brief);
        assert_eq!(hover(&at.snap, &at.file, at.offset), None);
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
    fn a_rating_is_shown_with_its_words() {
        let library = "@online{moss2020, author={Moss, Ada}, title={On Harbours}, keywords={ports, rating: B2}, note={Rating: B2}}";
        let at = crate::features::fixture::workspace(&format!(
            "//- refs.bib\n{library}\n//- brief.md\nSee @mo<|>ss2020.\n"
        ));
        let card = hover(&at.snap, &at.file, at.offset).expect("a card").markdown;
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

                No text: sources/fenn.txt could not be read: there is no such file.  
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
    fn nothing_is_shown_beside_a_key() {
        check_none("Harbours <|>silt up [see @moss2020, ¶ 1].\n");
        check_none("Harbours silt up [s<|>ee @moss2020, ¶ 1].\n");
        check_none("Harbours silt up [@moss2020, ¶ 1<|>].\n");
        check_none("Write `@mo<|>ss2020` to cite.\n");
        check_none("The “great<|> silting” goes on [@moss2020].\n");
    }
}
