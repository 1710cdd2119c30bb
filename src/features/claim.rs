//! The claim at a place in a brief: its sentence without citations, and the sentence before it.

use crate::brief::Brief;
use crate::brief::markdown::{Block, BlockKind};
use crate::evidence::relevance::Claim;
use crate::text::Span;

/// A claim made in a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    /// The sentence, in bytes; empty if there is none.
    pub(super) span: Span,
    /// Its words, without citations.
    pub(super) sentence: String,
    /// The words of the preceding sentence in the same paragraph; empty if there is none.
    pub(super) before: String,
}

impl Stated {
    /// An empty claim at byte `offset`.
    fn nothing(offset: usize) -> Self {
        Self { span: Span::new(offset, offset), sentence: String::new(), before: String::new() }
    }

    /// The claim in the form that the ranking takes.
    pub(super) fn claim(&self) -> Claim<'_> {
        Claim { sentence: &self.sentence, before: &self.before }
    }
}

/// The claim at byte `offset` of `brief`. Right after its full stop, a sentence is still the current one.
/// Empty outside paragraphs, since a heading is not a claim.
pub(super) fn at(brief: &Brief, offset: usize) -> Stated {
    let text = brief.text.as_str();
    // Blanks at the end of a paragraph belong to no block.
    let written = text.get(..offset).map_or(0, |before| before.trim_end_matches([' ', '\t']).len());
    let block = [offset, written, written.saturating_sub(1)]
        .into_iter()
        .find_map(|at| Some((at, brief.markdown.block_at(at)?)))
        .filter(|(_, block)| block.kind == BlockKind::Paragraph);
    let Some((at, block)) = block else { return Stated::nothing(offset) };
    let Some(mut span) = sentence(brief, block, at) else { return Stated::nothing(offset) };
    let mut words = self::words(brief, span);
    let mut in_front = previous(brief, block, span);
    if words.is_empty()
        && let Some(closed) = in_front
    {
        // Only a citation follows the full stop, possibly an incomplete one.
        words = self::words(brief, closed);
        in_front = previous(brief, block, closed);
        span = Span::new(closed.start, span.end);
    }
    let before = in_front.map(|span| self::words(brief, span)).unwrap_or_default();
    Stated { span, sentence: words, before }
}

/// The sentence at `at`, or at the last character of the block if `at` is its end.
fn sentence(brief: &Brief, block: &Block, at: usize) -> Option<Span> {
    let last = brief.text.as_str().get(block.span.start..block.span.end)?.char_indices().next_back()?.0;
    brief.sentence_at(at.min(block.span.start + last))
}

/// The sentence before the one at `span`.
fn previous(brief: &Brief, block: &Block, span: Span) -> Option<Span> {
    let head = brief.text.as_str().get(block.span.start..span.start)?.trim_end();
    let last = head.char_indices().next_back()?.0;
    brief.sentence_at(block.span.start + last).filter(|before| before.start < span.start)
}

/// The words of `span` without citations, including incomplete ones.
pub(super) fn words(brief: &Brief, span: Span) -> String {
    let text = brief.text.as_str();
    let mut out = String::new();
    let mut from = span.start;
    let first = brief.groups.partition_point(|group| group.span.start < span.start);
    for group in brief.groups[first..].iter().take_while(|group| group.span.start < span.end) {
        out.push_str(text.get(from..group.span.start).unwrap_or_default());
        out.push(' ');
        from = from.max(group.span.end);
    }
    out.push_str(text.get(from..span.end).unwrap_or_default());
    let words = out.split_whitespace().filter(|word| !word.contains('@') && *word != "[");
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::harbours;

    fn check(brief: &str, sentence: &str, before: &str) {
        let at = harbours(brief);
        let stated = super::at(at.snap.brief(&at.file).expect("the brief").brief(), at.offset);
        assert_eq!((stated.sentence.as_str(), stated.before.as_str()), (sentence, before), "{brief}");
    }

    #[test]
    fn a_claim_is_its_sentence_without_citations() {
        check("One is. Two a<|>re [see @moss2020, ¶ 2]. Three.\n", "Two are .", "One is.");
        check("One is. Two are.<|> Three.\n", "Two are.", "One is.");
        check("One is. Two are.<|>\n", "Two are.", "One is.");
        check("One is. Two are. <|>\n", "Two are.", "One is.");
        check("Gen. Moss left [@<|>\n", "Gen. Moss left", "");
        check("@moss2020 [¶ 1] says<|> so.\n", "says so.", "");
    }

    #[test]
    fn a_citation_behind_the_full_stop_belongs_to_what_it_closes() {
        check("One is. Two are. [@<|>]\n", "Two are.", "One is.");
        check("One is. Two are. [@moss2020, ¶ 2]<|>\n", "Two are.", "One is.");
    }

    #[test]
    fn a_heading_claims_nothing() {
        check("# One <|>is\n\nTwo.\n", "", "");
        check("<|>\n", "", "");
        check("---\ntitle: O<|>ne\n---\n\nTwo.\n", "", "");
    }
}
