//! What a rendered brief shows beyond its words: the card of each citation and quotation, and which quoted
//! words differ from the source. For editor previews, which render the page themselves and only need to know
//! what is where.

use crate::config::Code;
use crate::features::rendered::{Rendered, Shown};
use crate::features::standing::Standing;
use crate::features::tokens::{self, Kind, Token};
use crate::features::{diagnostics, hover};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// A marked stretch of a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its span in bytes of the brief; on one line.
    pub span: Span,
    /// The kind of thing it marks.
    pub kind: Kind,
    /// Whether these words of a quotation differ from the source.
    pub changed: bool,
    /// The card shown on hover, as plain text; `None` if there is nothing to say.
    pub card: Option<String>,
    /// For a key, the text to show in its place; `None` to leave it.
    pub shown: Option<Shown>,
}

/// The marks of the brief `file`, in order and not overlapping.
#[must_use]
pub fn marks(snap: &Snapshot, file: &FileId) -> Vec<Mark> {
    let Some(brief) = snap.brief(file) else { return Vec::new() };
    let all = Span::new(0, brief.text().as_str().len());
    let altered: Vec<Span> = diagnostics::of_file(snap, file)
        .into_iter()
        .filter(|finding| finding.code == Code::AlteredQuotation)
        .map(|finding| finding.span)
        .collect();
    let citations = &brief.brief().citations;
    let rendered = Rendered::of(snap, brief.brief()).citations();
    let mut marks = Vec::new();
    for token in tokens::tokens(snap, file, all) {
        if snap.cancel.is_set() {
            return Vec::new();
        }
        let card = hover::hover(snap, file, brief.text().offset_in_file(token.span.start));
        let card = card.map(|found| found.card.plain());
        let mut pieces = pieces(token, &altered);
        pieces.retain(|(span, _)| !brief.text().slice(*span).trim().is_empty());
        let key = || citations.binary_search_by_key(&token.span.start, |citation| citation.span.start).ok();
        let shown = if token.kind == Kind::Key { key().and_then(|at| rendered[at].clone()) } else { None };
        for (span, changed) in pieces {
            marks.push(Mark { span, kind: token.kind, changed, card: card.clone(), shown: shown.clone() });
        }
    }
    marks
}

/// The spans of `token` inside and outside `altered`, which must be sorted.
fn pieces(token: Token, altered: &[Span]) -> Vec<(Span, bool)> {
    let Kind::Quotation(Some(Standing::Wrong | Standing::Doubtful)) = token.kind else {
        return vec![(token.span, false)];
    };
    let mut pieces = Vec::new();
    let mut at = token.span.start;
    for span in altered.iter().filter(|span| span.end > token.span.start && span.start < token.span.end) {
        let (start, end) = (span.start.max(at), span.end.min(token.span.end));
        pieces.push((Span::new(at, start), false));
        pieces.push((Span::new(start, end), true));
        at = end.max(at);
    }
    pieces.push((Span::new(at, token.span.end), false));
    pieces
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let text = at.snap.reading_text(&at.file).expect("the brief");
        let line = |mark: &Mark| {
            let changed = if mark.changed { " changed" } else { "" };
            format!("⟦{}⟧ {:?}{changed}\n", text.slice(mark.span), mark.kind)
        };
        let marks = marks(&at.snap, &at.file);
        expected.assert_eq(&marks.iter().map(line).collect::<String>());
    }

    #[test]
    fn the_words_that_differ_are_marked_apart() {
        check(
            "The tables were “sold to pilots at a shilling for every copy” [@reed2021, ¶ 1], and “The moon explains most\nof what the pilots show” [@reed2021].\n",
            expect![[r#"
                ⟦sold to⟧ Quotation(Some(Wrong)) changed
                ⟦pilots⟧ Quotation(Some(Wrong)) changed
                ⟦ at a shilling for ⟧ Quotation(Some(Wrong))
                ⟦every⟧ Quotation(Some(Wrong)) changed
                ⟦ copy⟧ Quotation(Some(Wrong))
                ⟦@reed2021⟧ Key
                ⟦¶ 1⟧ Locator
                ⟦The moon explains most⟧ Quotation(Some(Wrong))
                ⟦of what the ⟧ Quotation(Some(Wrong))
                ⟦pilots⟧ Quotation(Some(Wrong)) changed
                ⟦ show⟧ Quotation(Some(Wrong))
                ⟦@reed2021⟧ Key
            "#]],
        );
    }

    #[test]
    fn words_that_stand_in_the_source_are_one_mark() {
        check(
            "They were sold “at a shilling for each copy” [@reed2021].\n",
            expect![[r#"
                ⟦at a shilling for each copy⟧ Quotation(Some(Verified))
                ⟦@reed2021⟧ Key
            "#]],
        );
    }

    #[test]
    fn what_is_no_citation_is_not_marked() {
        check("Mail me@mail.example or see `@reed2021`; the “great silting” goes on.\n", expect![""]);
    }

    #[test]
    fn a_card_is_shown_without_its_markdown() {
        let at = harbours("They said “begin work before the summer” [@moss2020, ¶ 2].\n");
        let cards: Vec<String> = marks(&at.snap, &at.file).into_iter().filter_map(|mark| mark.card).collect();
        expect![[r#"
            Altered from moss2020 · Moss · The Gauge · 2020, ¶ 2
            • you: “summer” · source: “winter”

            The port authority said it would “begin work before the winter” if the money came, which nobody on the quay believed."#]]
        .assert_eq(&cards[0]);
        assert!(cards.iter().any(|card| card.contains("Ada Moss\nThe Gauge · 4 May 2020")), "{cards:#?}");
        assert!(cards.iter().all(|card| !card.contains('*') && !card.contains('\\')), "{cards:#?}");
    }
}
