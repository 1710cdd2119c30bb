//! HTML block quotations: text inside `<blockquote>` is quoted just as after `>`. Knows no HTML beyond these
//! tags, and never fails.

use super::block::{Block, BlockKind, apart};
use crate::text::Span;

/// The tag name.
const NAME: &[u8] = b"blockquote";

/// Marks those of `blocks` that lie in HTML block quotations, splitting any block in which one begins or
/// ends. HTML quotations are numbered starting at `first`. Tags inside `no_tags`, lists of sorted spans, are
/// text.
pub(super) fn quote(text: &str, first: usize, no_tags: &[&[Span]], blocks: &mut Vec<Block>) {
    let found = elements(text, no_tags);
    if found.is_empty() {
        return;
    }
    let mut at = 0;
    for block in std::mem::take(blocks) {
        while at < found.len() && found[at].whole.end <= block.span.start {
            at += 1;
        }
        let mut rest = block;
        for (number, element) in found.iter().enumerate().skip(at) {
            if element.whole.start >= rest.span.end || rest.kind != BlockKind::Paragraph {
                break;
            }
            let before = part(text, &rest, Span::new(rest.span.start, element.whole.start));
            blocks.extend(before);
            let inside = part(text, &rest, element.inside);
            blocks.extend(inside.map(|mut block| {
                block.quote = block.quote.or(Some(first + number));
                block.quote_depth = block.quote_depth.saturating_add(1);
                block
            }));
            let end = rest.span.end;
            rest.span.start = element.whole.end.clamp(rest.span.start, end);
        }
        let span = rest.span;
        blocks.extend(if span.is_empty() { None } else { part(text, &rest, span) });
    }
}

/// An HTML block quotation.
struct Element {
    whole: Span,
    /// Without the tags.
    inside: Span,
}

/// The outermost HTML block quotations in `text`, in order. Unclosed ones are ignored.
fn elements(text: &str, no_tags: &[&[Span]]) -> Vec<Element> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut open: Option<Span> = None;
    let mut depth = 0_usize;
    for at in memchr::memchr_iter(b'<', bytes) {
        if !is_tag(bytes, at) || no_tags.iter().any(|spans| holds(spans, at)) {
            continue;
        }
        let closes = bytes.get(at + 1) == Some(&b'/');
        let Some(length) = memchr::memchr(b'>', &bytes[at..]) else { break };
        let tag = Span::new(at, at + length + 1);
        if !closes {
            depth += 1;
            open.get_or_insert(tag);
        } else if depth > 0 {
            depth -= 1;
            if depth == 0
                && let Some(open) = open.take()
            {
                out.push(Element {
                    whole: Span::new(open.start, tag.end),
                    inside: Span::new(open.end, tag.start),
                });
            }
        }
    }
    out
}

/// Whether the `<` at byte `at` starts a block quotation tag.
pub(super) fn is_tag(bytes: &[u8], at: usize) -> bool {
    let name = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'/'));
    let named = bytes.get(name..name + NAME.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(NAME));
    named && bytes.get(name + NAME.len()).is_some_and(|byte| matches!(byte, b'>' | b' ' | b'\n'))
}

/// Whether one of the sorted `spans` contains byte `at`.
fn holds(spans: &[Span], at: usize) -> bool {
    let before = spans.partition_point(|span| span.start <= at);
    before.checked_sub(1).is_some_and(|last| spans[last].end > at)
}

/// The part of `block` that lies in `within`, if it has words.
fn part(text: &str, block: &Block, within: Span) -> Option<Block> {
    let span = Span::new(block.span.start.max(within.start), block.span.end.min(within.end));
    if span.start >= span.end {
        return None;
    }
    let outside = [Span::new(0, span.start), Span::new(span.end, text.len())];
    let prose = apart(&block.prose, &outside);
    let words = prose.iter().any(|piece| !text[piece.start..piece.end].trim().is_empty());
    words.then(|| Block { span, prose, ..block.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::markdown::Markdown;

    fn read(text: &str) -> Vec<String> {
        let show = |block: &Block| {
            let words: String = block.prose.iter().map(|piece| &text[piece.start..piece.end]).collect();
            let quote = block.quote.map_or(String::new(), |quote| format!("{quote}:{}", block.quote_depth));
            format!("{quote}|{}", words.trim())
        };
        Markdown::read(text).blocks.iter().map(show).collect()
    }

    #[test]
    fn what_stands_in_the_element_is_quoted() {
        assert_eq!(read("<blockquote>One two.</blockquote>\n"), ["0:1|One two."]);
        assert_eq!(
            read(
                "Before.\n\n<blockquote class=\"x\">\n<p>One\ntwo.</p>\n\nThree.\n</blockquote>\n\nAfter.\n"
            ),
            ["|Before.", "0:1|One\ntwo.", "0:1|Three.", "|After."]
        );
        assert_eq!(
            read("Before\n<BLOCKQUOTE>one</BLOCKQUOTE>\nafter, <blockquote>two</blockquote>\n"),
            ["|Before", "0:1|one", "|after,", "1:1|two"]
        );
        assert_eq!(read("> A\n\n<blockquote>B</blockquote>\n"), ["0:1|A", "1:1|B"]);
    }

    #[test]
    fn code_and_what_nobody_closes_quote_nothing() {
        assert_eq!(read("<blockquote>One.\n\nTwo.\n"), ["|One.", "|Two."]);
        assert_eq!(read("`<blockquote>` one `</blockquote>`\n"), ["|one"]);
        assert_eq!(read("One </blockquote> two\n"), ["|One  two"]);
    }
}
