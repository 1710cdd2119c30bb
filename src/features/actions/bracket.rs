//! Citation brackets as written: their parts, and the claims a brief makes before and after a bracket is
//! rewritten. An action that would change the claims is not offered.

use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::text::{Span, Text};

/// How far to look for the other end of a bracket, in bytes: the longest real ones have a few hundred.
const LONGEST: usize = 4_096;

/// One part of a bracket.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// As written, without surrounding whitespace.
    pub(super) written: String,
    /// The parsed citation; its spans are meaningless.
    pub(super) citation: Citation,
}

/// The parts of `bracket`, including `[` and `]`, if Pandoc reads all of it as one citation group.
pub(super) fn parts(bracket: &str) -> Option<Vec<Part>> {
    const LEAD: &str = "x ";
    let brief = Brief::read(Text::new(format!("{LEAD}{bracket}\n")));
    let whole = Span::new(LEAD.len(), LEAD.len() + bracket.len());
    let [group] = brief.groups.as_slice() else { return None };
    let apart = brief.citations.iter().all(|citation| !citation.author_in_text);
    if group.span != whole || !group.keyless_parts.is_empty() || !apart || brief.markdown.blocks.len() != 1 {
        return None;
    }
    let mut starts = vec![whole.start + 1];
    for pair in brief.citations.windows(2) {
        let between = brief.text.slice(Span::new(pair[0].span.end, pair[1].span.start));
        let (at, None) = (between.find(';')?, between.match_indices(';').nth(1)) else { return None };
        starts.push(pair[0].span.end + at + 1);
    }
    let ends = starts[1..].iter().map(|start| start - 1).chain([whole.end - 1]);
    let written = starts.iter().zip(ends).map(|(start, end)| brief.text.slice(Span::new(*start, end)));
    let written: Vec<String> = written.map(|part| part.trim().to_owned()).collect();
    Some(
        written
            .into_iter()
            .zip(brief.citations)
            .map(|(written, citation)| Part { written, citation })
            .collect(),
    )
}

/// The innermost bracket around byte `offset` of `text`, within `block`; the bracket characters count as
/// inside.
pub(super) fn around(text: &str, block: Span, offset: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let first = block.start.max(offset.saturating_sub(LONGEST));
    let escaped = |at: usize| at > 0 && bytes[at - 1] == b'\\';
    let mut depth = 0_usize;
    let mut at = offset.min(block.end);
    // Right after a closing bracket, that bracket is meant.
    if at > first && bytes.get(at.wrapping_sub(1)) == Some(&b']') && bytes.get(at) != Some(&b'[') {
        at -= 1;
    }
    if bytes.get(at) == Some(&b'[') && !escaped(at) {
        return Some(Span::new(at, closes(text, block, at)? + 1));
    }
    while at > first {
        at -= 1;
        match bytes[at] {
            b']' if !escaped(at) => depth += 1,
            b'[' if !escaped(at) && depth == 0 => return Some(Span::new(at, closes(text, block, at)? + 1)),
            b'[' if !escaped(at) => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where the bracket opened at `open` closes.
pub(super) fn closes(text: &str, block: Span, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let last = block.end.min(open + LONGEST).min(bytes.len());
    let mut depth = 0_usize;
    for at in open..last {
        let escaped = at > 0 && bytes[at - 1] == b'\\';
        match bytes[at] {
            b'[' if !escaped => depth += 1,
            b']' if !escaped => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the bracket closed at `close` opens.
pub(super) fn opens(text: &str, block: Span, close: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = block.start.max(close.saturating_sub(LONGEST));
    let mut depth = 0_usize;
    for at in (first..=close).rev() {
        let escaped = at > 0 && bytes[at - 1] == b'\\';
        match bytes.get(at)? {
            b']' if !escaped => depth += 1,
            b'[' if !escaped => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The claim of one citation: key, whether the author is suppressed or part of the sentence, prefix, locator
/// and suffix.
pub(super) type Claim = (String, [bool; 2], String, Option<(&'static str, String)>, String);

fn claim(citation: &Citation) -> Claim {
    let locator = citation.locator.as_ref().map(|locator| (locator.label, locator.value.clone()));
    let flat = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let (prefix, suffix) = (flat(&citation.prefix), flat(&citation.suffix));
    let author = [citation.suppress_author, citation.author_in_text];
    (citation.key.clone(), author, prefix, locator, suffix)
}

/// The claims of `citations`, sorted, because moving a citation to a note changes their order.
pub(super) fn claims<'a>(citations: impl IntoIterator<Item = &'a Citation>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = citations.into_iter().map(claim).collect();
    claims.sort();
    claims
}

/// `text` with `edits`, which must be sorted and not overlapping.
pub(super) fn edited(text: &str, edits: &[(Span, String)]) -> String {
    let mut out = text.to_owned();
    for (span, new) in edits.iter().rev() {
        out.replace_range(span.start..span.end, new);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bracket: &str) -> Option<Vec<String>> {
        Some(parts(bracket)?.into_iter().map(|part| part.written).collect())
    }

    #[test]
    fn parts_are_cut_where_pandoc_cuts_them() {
        let of = |parts: &[&str]| Some(parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!(written("[see @a, ¶ 2; -@b]"), of(&["see @a, ¶ 2", "-@b"]));
        assert_eq!(written("[@a, see \"x; y\"]"), of(&["@a, see \"x; y\""]));
        assert_eq!(written("[@a, see \"x; y\"; @b]"), None);
        assert_eq!(written("[@a; and so on]"), None);
        assert_eq!(written("[¶ 2]"), None);
        assert_eq!(written("[see [@a] there]"), None);
    }

    #[test]
    fn a_bracket_is_found_from_inside_and_from_its_marks() {
        let text = "a [b [c] d][e] \\[f]";
        let block = Span::new(0, text.len());
        let at = |offset| around(text, block, offset).map(|span| &text[span.start..span.end]);
        assert_eq!(at(0), None);
        assert_eq!(at(2), Some("[b [c] d]"));
        assert_eq!(at(6), Some("[c]"));
        assert_eq!(at(9), Some("[b [c] d]"));
        assert_eq!(at(11), Some("[e]"));
        assert_eq!(at(14), Some("[e]"));
        assert_eq!(at(18), None);
        assert_eq!(opens(text, block, 10), Some(2));
    }
}
