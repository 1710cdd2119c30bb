//! Semantic tokens in a brief: keys, locators and cited quotations. Everything else is left to the editor's
//! own Markdown highlighting.

use crate::brief::quotation::Quotation;
use crate::features::standing::{Standing, Standings};
use crate::text::{FileId, Span, Text};
use crate::workspace::Snapshot;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A key with its `@`.
    Key,
    /// A locator.
    Locator,
    /// Words of a cited quotation, with its status.
    Quotation(Option<Standing>),
}

/// A coloured stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its span in bytes of the brief; on one line, as most editors require.
    pub span: Span,
    /// Its kind.
    pub kind: Kind,
}

/// The tokens in the bytes `shown` of the brief `file`, in order and not overlapping.
#[must_use]
pub fn tokens(snap: &Snapshot, file: &FileId, shown: Span) -> Vec<Token> {
    let Some(brief) = snap.brief(file) else { return Vec::new() };
    let brief = brief.brief();
    let meets = |span: Span| span.start <= shown.end && shown.start <= span.end;
    let mut tokens = Vec::new();
    for citation in &brief.citations {
        tokens.push(Token { span: citation.span, kind: Kind::Key });
        tokens.extend(citation.locator.as_ref().map(|l| Token { span: l.span, kind: Kind::Locator }));
    }
    let cited = |quotation: &&Quotation| !quotation.citations.is_empty() && meets(quotation.span);
    let standings = Standings::of(snap, file);
    for quotation in brief.quotations.iter().filter(cited) {
        let kind = Kind::Quotation(standings.of_quotation(snap, brief, quotation));
        tokens.extend(quotation.words.iter().map(|span| Token { span: *span, kind }));
    }
    // Citations come before the words around them: what one token covers, no other does.
    tokens.sort_by_key(|token| (token.span.start, usize::MAX - token.span.end));
    let mut lines: Vec<Token> = Vec::new();
    for token in apart(tokens) {
        lines.extend(by_line(&brief.text, token));
    }
    lines.retain(|token| meets(token.span));
    lines
}

/// Makes `tokens`, sorted by start and then longest first, free of overlaps by cutting each around those
/// inside it.
fn apart(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut open: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut colour = |token: &Token, at: &mut usize, end: usize| {
        if *at < end {
            out.push(Token { span: Span::new(*at, end), ..*token });
            *at = end;
        }
    };
    for token in tokens {
        while let Some(inner) = open.pop_if(|inner| inner.span.end <= token.span.start) {
            colour(&inner, &mut at, inner.span.end);
        }
        if let Some(around) = open.last() {
            colour(around, &mut at, token.span.start);
        }
        at = at.max(token.span.start);
        open.push(token);
    }
    while let Some(inner) = open.pop() {
        colour(&inner, &mut at, inner.span.end);
    }
    out
}

/// One token for each line of `token`, without surrounding whitespace.
fn by_line(text: &Text, token: Token) -> impl Iterator<Item = Token> {
    let words = text.slice(token.span);
    let mut start = token.span.start;
    words.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let at = start + line.len() - line.trim_start().len();
        start += line.len();
        let span = Span::new(at, at + line.trim().len());
        (!span.is_empty()).then_some(Token { span, ..token })
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let text = at.snap.reading_text(&at.file).expect("the brief");
        let tokens = tokens(&at.snap, &at.file, Span::new(0, brief.len()));
        let line = |token: &Token| format!("{:?} {}\n", token.kind, text.slice(token.span));
        expected.assert_eq(&tokens.iter().map(line).collect::<String>());
    }

    #[test]
    fn keys_locators_and_cited_words_are_coloured() {
        check(
            "It would “begin work\nbefore the winter” [see @moss2020, ¶ 2] or “work before the year two thousand came on” [@reed2021].\n",
            expect![[r#"
                Quotation(Some(Verified)) begin work
                Quotation(Some(Verified)) before the winter
                Key @moss2020
                Locator ¶ 2
                Quotation(Some(Wrong)) work before the year two thousand came on
                Key @reed2021
            "#]],
        );
    }

    #[test]
    fn the_rest_is_left_alone() {
        check(
            "# A “term”\n\nIt is *so*, `@code`, me@mail.example and “work before the winter”.\n",
            expect![""],
        );
    }

    #[test]
    fn a_block_quotation_is_coloured_without_its_signs() {
        check(
            "> The port authority said it would begin\n> work before the winter [@moss2020, ¶ 2]\n",
            expect![[r#"
                Quotation(Some(Verified)) The port authority said it would begin
                Quotation(Some(Verified)) work before the winter
                Key @moss2020
                Locator ¶ 2
            "#]],
        );
    }

    #[test]
    fn what_nests_is_cut_apart() {
        let key = |start, end| Token { span: Span::new(start, end), kind: Kind::Key };
        let locator = |start, end| Token { span: Span::new(start, end), kind: Kind::Locator };
        let spans =
            |tokens: Vec<Token>| apart(tokens).iter().map(|t| (t.span.start, t.span.end)).collect::<Vec<_>>();
        assert_eq!(
            spans(vec![locator(0, 10), key(3, 7), locator(4, 5)]),
            [(0, 3), (3, 4), (4, 5), (5, 7), (7, 10)]
        );
        assert_eq!(spans(vec![locator(0, 4), key(2, 6), key(5, 8)]), [(0, 2), (2, 5), (5, 8)]);
        assert_eq!(spans(vec![locator(0, 4), key(0, 2), key(2, 4)]), [(0, 2), (2, 4)]);
    }

    #[test]
    fn a_range_gets_its_own_tokens() {
        let at = harbours("A [@moss2020].\n\nB [@reed2021].\n");
        assert_eq!(tokens(&at.snap, &at.file, Span::new(0, 13)).len(), 1);
        assert_eq!(tokens(&at.snap, &at.file, Span::new(14, 16)), []);
    }

    #[test]
    fn what_holds_another_is_cut_at_it() {
        let token = |start, end, kind| Token { span: Span::new(start, end), kind };
        let outer = Kind::Quotation(None);
        assert_eq!(
            apart(vec![token(0, 9, outer), token(2, 4, Kind::Key), token(6, 9, Kind::Locator)]),
            [token(0, 2, outer), token(2, 4, Kind::Key), token(4, 6, outer), token(6, 9, Kind::Locator),]
        );
    }
}
