//! Annotations: a block quotation that ends with a citation, or that nothing cites, followed by the analyst's
//! comment. Finds what is annotated and quoted; does not check whether a source contains the words.
//!
//! ```markdown
//! > nobody on the quay believed it
//! > [@moss2020, ¶ 2] ^quay
//!
//! Hearsay; compare the council's minutes. #dredging
//! ```

use std::ops::Range;

use super::citation::Citation;
use super::markdown::{BlockKind, Markdown};
use super::quotation::{self, Form, Quotation};
use super::tags::mark;
use crate::text::Span;

/// A block quotation and the comment on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// The quotation, as an index into the brief's quotations.
    pub quotation: usize,
    /// The citations at its end, as indices into the brief's citations. Empty if nothing cites it: then it is one
    /// only in a file about a single source, see [`default_source`].
    pub citations: Vec<usize>,
    /// The blocks of the comment: everything up to the next block quotation, heading or footnote.
    pub blocks: Range<usize>,
    /// The tags without their `#`, in order, without duplicates.
    pub tags: Vec<String>,
    /// The identifier after `^`, at the end of the quotation or of a line of the comment.
    pub id: Option<String>,
}

impl Annotation {
    /// The comment as plain text on one line, without its `^id`; empty if there is none.
    #[must_use]
    pub fn comment(&self, text: &str, markdown: &Markdown) -> String {
        let blocks = markdown.blocks.get(self.blocks.clone()).unwrap_or_default();
        let mut words: Vec<String> = Vec::new();
        for block in blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
            let plain = quotation::plain(text, block);
            words
                .extend(plain.split_whitespace().filter(|word| mark(word, '^').is_none()).map(str::to_owned));
        }
        words.join(" ")
    }
}

/// The source that the front matter names for all quotations of the file: `source: moss2020`.
#[must_use]
pub fn default_source(text: &str, markdown: &Markdown) -> Option<String> {
    let block = markdown.blocks.first().filter(|block| block.kind == BlockKind::Metadata)?;
    let fields = text.get(block.span.start..block.span.end)?;
    let written = fields.lines().find_map(|line| line.strip_prefix("source:"))?;
    let key = written.trim().trim_matches(['"', '\'']).trim_start_matches('@');
    (!key.is_empty() && !key.contains(char::is_whitespace)).then(|| key.to_owned())
}

/// Finds the annotations in `text`, in order.
#[must_use]
pub fn find(
    text: &str,
    markdown: &Markdown,
    citations: &[Citation],
    quotations: &[Quotation],
) -> Vec<Annotation> {
    find_in(text, markdown, citations, quotations, 0..quotations.len())
}

/// Finds the annotations whose quotations are in `range`, in order.
pub(super) fn find_in(
    text: &str,
    markdown: &Markdown,
    citations: &[Citation],
    quotations: &[Quotation],
    range: Range<usize>,
) -> Vec<Annotation> {
    let mut out = Vec::new();
    let quoted = quotations.iter().enumerate().take(range.end).skip(range.start);
    for (at, quotation) in quoted.filter(|(_, one)| one.form == Form::Block) {
        let words_end = quotation.words.last().map_or(quotation.span.start, |words| words.end);
        let ends = |citation: &&usize| {
            citations
                .get(**citation)
                .is_some_and(|one| one.span.start >= words_end && quotation.span.covers(one.span))
        };
        let cited: Vec<usize> = quotation.citations.iter().filter(ends).copied().collect();
        // One that nothing cites may be about the source that the file is about.
        if cited.is_empty() && !quotation.citations.is_empty() {
            continue;
        }
        let first = markdown.blocks.partition_point(|block| block.span.start < quotation.span.end);
        let stops = |block: &&super::markdown::Block| {
            block.kind != BlockKind::Paragraph || block.quote.is_some() || block.footnote.is_some()
        };
        let count = markdown.blocks[first..].iter().take_while(|block| !stops(block)).count();
        let mut annotation = Annotation {
            quotation: at,
            citations: cited,
            blocks: first..first + count,
            tags: Vec::new(),
            id: None,
        };
        let behind = text.get(words_end..quotation.span.end).unwrap_or_default();
        annotation.read_marks(behind);
        for block in &markdown.blocks[first..first + count] {
            annotation.read_marks(&quotation::plain(text, block));
        }
        out.push(annotation);
    }
    out
}

impl Annotation {
    fn read_marks(&mut self, words: &str) {
        for line in words.lines() {
            for word in line.split_whitespace() {
                if let Some(tag) = mark(word.trim_end_matches(['.', ',', ';', ':', ')']), '#')
                    && !self.tags.iter().any(|known| known == tag)
                {
                    self.tags.push(tag.to_owned());
                }
            }
            let last = line.split_whitespace().next_back().and_then(|word| mark(word, '^'));
            if self.id.is_none() {
                self.id = last.map(str::to_owned);
            }
        }
    }
}

/// The whole annotation, from its quotation to the end of the comment, in bytes.
#[must_use]
pub fn span(annotation: &Annotation, markdown: &Markdown, quotations: &[Quotation]) -> Span {
    let quotation = quotations.get(annotation.quotation).map_or(Span::new(0, 0), |one| one.span);
    let blocks = markdown.blocks.get(annotation.blocks.clone()).unwrap_or_default();
    Span::new(quotation.start, blocks.last().map_or(quotation.end, |block| block.span.end.max(quotation.end)))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::brief::Brief;
    use crate::text::Text;

    fn check(text: &str, expected: Expect) {
        let brief = Brief::read(Text::new(text));
        let mut out = String::new();
        let about_one = super::default_source(text, &brief.markdown).is_some();
        for one in brief.annotations.iter().filter(|one| about_one || !one.citations.is_empty()) {
            let quotation = &brief.quotations[one.quotation];
            let keys: Vec<&str> = one.citations.iter().map(|&at| brief.citations[at].key.as_str()).collect();
            out.push_str(&format!(
                "“{}” {keys:?} {:?} {:?}\n  {}\n",
                quotation.text(text),
                one.tags,
                one.id,
                one.comment(text, &brief.markdown)
            ));
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn a_block_quotation_with_its_citation_and_the_comment_below() {
        check(
            "# Moss\n\n> nobody on the *quay*\n> believed it [@moss2020, ¶ 2] ^quay-1\n\nHearsay; *compare* [@reed2021, ¶ 1]. #dredging\n\n- minutes, #council/2020.\n\n> The moon explains most. [@reed2021; @moss2020]\n\n# Next\n\nNot this.\n",
            expect![[r##"
                “nobody on the quay believed it” ["moss2020"] ["dredging", "council/2020"] Some("quay-1")
                  Hearsay; compare [@reed2021, ¶ 1]. #dredging minutes, #council/2020.
                “The moon explains most.” ["reed2021", "moss2020"] [] None
                  
            "##]],
        );
    }

    #[test]
    fn marks_behind_the_citation_are_no_quoted_words() {
        check(
            "> It silts up.\n> [@moss2020] #silt ^a\n\n> It silts up. ^b\n\nFrom below: ^c\n",
            expect![[r#"
                “It silts up.” ["moss2020"] ["silt"] Some("a")
                  
            "#]],
        );
        // Numbers are not tags.
        check(
            "> Vote #remain\n> [@moss2020]\n\nSee #1 and a#b and `#code`.\n",
            expect![[r##"
                “Vote” ["moss2020"] ["remain"] None
                  See #1 and a#b and .
            "##]],
        );
    }

    #[test]
    fn the_front_matter_can_name_the_source_of_all() {
        check(
            "---\ntitle: On Moss\nsource: \"@moss2020\"\n---\n> It silts up.\n\nTrue. ^x\n\n> Tides rise [@reed2021]\n",
            expect![[r#"
                “It silts up.” [] [] Some("x")
                  True.
                “Tides rise” ["reed2021"] [] None
                  
            "#]],
        );
    }

    #[test]
    fn what_quotes_without_a_citation_at_its_end_is_none() {
        check("> It silts up.\n\nSo [@moss2020].\n\nAs @moss2020 says:\n\n> It silts up.\n", expect![""]);
        check("> See [@moss2020, ¶ 1] for the tides and more.\n\nYes.\n", expect![""]);
        check("It “silts up” [@moss2020].\n\nA comment.\n", expect![""]);
    }

    #[test]
    fn a_footnote_ends_the_comment() {
        check(
            "> It silts up [@moss2020].\n\nTrue[^1].\n\n[^1]: So [@reed2021].\n",
            expect![[r#"
                “It silts up” ["moss2020"] [] None
                  True.
            "#]],
        );
    }
}
