//! Selection ranges in a brief: from the key to its citation, the bracket, the sentence and the block.

use crate::brief::Brief;
use crate::features::lookup::{self, Thing};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// The spans around byte `offset` of the brief `file`, in bytes: each contains the previous one and is
/// longer; the last is the whole text. `None` if it is not a brief.
#[must_use]
pub fn selections(snap: &Snapshot, file: &FileId, offset: usize) -> Option<Vec<Span>> {
    let brief = snap.brief(file)?.brief();
    let mut spans = Vec::new();
    match lookup::at(brief, offset) {
        Some(Thing::Key(citation)) => {
            if citation.key_span.touches(offset) {
                spans.push(citation.key_span);
            }
            spans.push(citation.span);
            spans.extend(citation.locator.as_ref().map(|l| Span::new(citation.span.start, l.span.end)));
        }
        Some(Thing::Locator(citation, locator)) => {
            spans.push(locator.span);
            spans.push(Span::new(citation.span.start, locator.span.end));
        }
        Some(Thing::Quotation(quotation)) => {
            spans.extend(quotation.words.iter().find(|words| words.touches(offset)));
            spans.push(quotation.span);
        }
        None => {}
    }
    spans.extend(group(brief, offset));
    spans.extend(brief.sentence_at(offset));
    spans.extend(brief.markdown.block_at(offset).map(|block| block.span));
    // A span that ends with a line does not contain the beginning of the next.
    let text = brief.text.as_str();
    let line_begins = text.get(..offset).is_some_and(|before| before.ends_with(['\n', '\r']));
    spans.retain(|span| span.contains(offset) || (span.touches(offset) && !line_begins));
    spans.push(Span::new(0, text.len()));
    let mut chain: Vec<Span> = Vec::new();
    for span in spans {
        // Skip anything that crosses the others, such as a quotation across two sentences.
        if chain.last().is_none_or(|inner| span != *inner && span.covers(*inner)) {
            chain.push(span);
        }
    }
    Some(chain)
}

/// The innermost bracket around `offset`.
fn group(brief: &Brief, offset: usize) -> Option<Span> {
    let before = brief.groups.partition_point(|group| group.span.start <= offset);
    let near = brief.groups[..before].iter().rev().take(lookup::NESTED);
    near.map(|group| group.span).find(|span| span.contains(offset))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let text = at.snap.reading_text(&at.file).expect("the brief");
        let chain = selections(&at.snap, &at.file, at.offset).expect("a brief");
        expected
            .assert_eq(&chain.iter().map(|span| format!("{:?}\n", text.slice(*span))).collect::<String>());
    }

    #[test]
    fn from_a_key_to_the_text() {
        check(
            "# Tides\n\nIt rains. Harbours silt up [see @mo<|>ss2020, ¶ 1; @reed2021]. So be it.\n",
            expect![[r##"
                "moss2020"
                "@moss2020"
                "@moss2020, ¶ 1"
                "[see @moss2020, ¶ 1; @reed2021]"
                "Harbours silt up [see @moss2020, ¶ 1; @reed2021]."
                "It rains. Harbours silt up [see @moss2020, ¶ 1; @reed2021]. So be it.\n"
                "# Tides\n\nIt rains. Harbours silt up [see @moss2020, ¶ 1; @reed2021]. So be it.\n"
            "##]],
        );
    }

    #[test]
    fn from_a_locator_and_from_a_quotation() {
        check(
            "It rains. See @moss2020 [¶ <|>1].\n",
            expect![[r#"
                "¶ 1"
                "@moss2020 [¶ 1"
                "@moss2020 [¶ 1]"
                "See @moss2020 [¶ 1]."
                "It rains. See @moss2020 [¶ 1].\n"
            "#]],
        );
        check(
            "It rains. It “is so. It<|> was”, she said. So be it.\n",
            expect![[r#"
                "is so. It was"
                "“is so. It was”"
                "It “is so. It was”, she said."
                "It rains. It “is so. It was”, she said. So be it.\n"
            "#]],
        );
    }

    #[test]
    fn behind_a_line_break_the_line_before_is_no_selection() {
        check(
            "One.\n<|>\nTwo.\n",
            expect![[r#"
                "One.\n\nTwo.\n"
            "#]],
        );
        check(
            "One “two\nthree” four.\n<|>",
            expect![[r#"
                "One “two\nthree” four.\n"
            "#]],
        );
    }

    #[test]
    fn between_blocks_there_is_the_text_alone() {
        check(
            "One.\n\n<|>\n\nTwo.\n",
            expect![[r#"
            "One.\n\n\n\nTwo.\n"
        "#]],
        );
    }
}
