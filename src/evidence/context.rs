//! The writer's own words around a quotation.

use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::text::Span;
use crate::text::position::floor;
use crate::text::sentence;

/// The writer's words before and after `quotation` in the same sentence. Other quotations in it are reduced
/// to their marks.
pub(super) fn context(brief: &Brief, quotation: &Quotation) -> (String, String) {
    /// Bytes on each side; longer sentences are cut.
    const REACH: usize = 300;
    let text = brief.text.as_str();
    let blocks = &brief.markdown.blocks;
    let block = blocks.partition_point(|block| block.span.start <= quotation.span.start).checked_sub(1);
    let block = block.map_or(quotation.span, |at| blocks[at].span);
    let start =
        floor(text, quotation.span.start.saturating_sub(REACH).max(block.start).min(quotation.span.start));
    let end =
        floor(text, (quotation.span.end + REACH).min(block.end.max(quotation.span.end)).min(text.len()));
    let (before, behind) = (quotation.span.start, quotation.span.end);
    // A sentence may begin with the quotation's own mark.
    let mark = text[before..].chars().next().map_or(0, char::len_utf8);
    let language = brief.markdown.language;
    let from = sentence::starts(language, &text[start..(before + mark).min(end)]).pop().unwrap_or(0);
    let to = sentence::starts(language, &text[behind..end]).first().copied().unwrap_or(end - behind);
    (
        unquoted(brief, Span::new((start + from).min(before), before)),
        unquoted(brief, Span::new(behind, behind + to)),
    )
}

/// The text of `brief` in `span`, with each quotation reduced to its marks.
fn unquoted(brief: &Brief, span: Span) -> String {
    let first = brief.quotations.partition_point(|quotation| quotation.span.end <= span.start);
    let mut out = String::new();
    let mut at = span.start;
    for other in brief.quotations[first..].iter().take_while(|other| other.span.start < span.end) {
        if other.span.start >= at {
            out.push_str(brief.text.slice(Span::new(at, other.span.start)));
            out.push_str("“”");
        }
        at = other.span.end.max(at);
    }
    out.push_str(brief.text.slice(Span::new(at.min(span.end), span.end)));
    out
}
