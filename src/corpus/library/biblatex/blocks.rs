//! Splits a BibLaTeX file into its entries, as stretches of text.

use memchr::{memchr, memchr3, memrchr};

use crate::text::Span;

/// One `@kind{…}` of the file. Spans are byte offsets.
pub(super) struct Block<'t> {
    pub(super) kind: &'t str,
    pub(super) span: Span,
    /// Offset of the opening bracket.
    pub(super) open: usize,
    pub(super) closed: bool,
    /// Whether a backslash escapes the brace after it. Pandoc says yes, BibTeX says no; BibTeX's rule is used
    /// where the entry would otherwise not be closed: `{C:\papers\}`.
    pub(super) escapes: bool,
}

/// Splits the file into entries. An unclosed entry ends at the line where the next one begins.
pub(super) fn cut(text: &str) -> Vec<Block<'_>> {
    let bytes = text.as_bytes();
    let mut blocks = Vec::new();
    let mut from = 0;
    let mut trust_comments = true;
    let (mut seen, mut commented) = (0, false);
    while let Some(found) = memchr(b'@', &bytes[from..]) {
        let start = from + found;
        from = start + 1;
        let Some((kind, open)) = head(text, start) else { continue };
        // Scan each byte once, however many `@` a line has.
        if let Some(at) = memrchr(b'\n', &bytes[seen..start]) {
            let line = text[seen + at + 1..start].trim_start();
            commented = line.starts_with('%');
        } else if seen == 0 {
            commented = text[..start].trim_start().starts_with('%');
        }
        seen = start;
        if commented {
            continue;
        }
        let comment = kind.eq_ignore_ascii_case("comment");
        let mut end = None;
        if comment && trust_comments {
            // A comment may hold whole entries. If one is never closed, stop trusting it and every later one;
            // otherwise each would be scanned to the end of the file.
            end = close(text, open, false, true).ok();
            trust_comments = end.is_some();
        }
        let mut escapes = true;
        let (end, closed) = match end.map_or_else(|| close(text, open, true, true), Ok) {
            Ok(end) => (end, true),
            Err(end) => match close(&text[..end], open, true, false) {
                Ok(end) => {
                    escapes = false;
                    (end, true)
                }
                Err(_) => (end, false),
            },
        };
        let end = if closed { end } else { start + text[start..end].trim_end().len() };
        blocks.push(Block { kind, span: Span::new(start, end), open, closed, escapes });
        from = end.max(from);
    }
    blocks
}

/// The word after the `@` at `at`, and the offset of its opening bracket.
fn head(text: &str, at: usize) -> Option<(&str, usize)> {
    /// Longest entry type recognized, in bytes.
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    let word =
        bytes[at + 1..].iter().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let blank = bytes[at + 1 + word..].iter().take(LONGEST).take_while(|b| b.is_ascii_whitespace()).count();
    let open = at + 1 + word + blank;
    (word > 0 && matches!(bytes.get(open), Some(b'{' | b'('))).then(|| (&text[at + 1..at + 1 + word], open))
}

/// The offset just past the bracket that closes the one at `open`. The error is the offset where the search
/// stopped: the end of the file, or the start of another entry that cannot be nested in this one.
fn close(text: &str, open: usize, stop_at_entries: bool, escapes: bool) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let round = bytes[open] == b'(';
    let mut depth = usize::from(round);
    let mut at = open + usize::from(round);
    // Nested braces are unambiguous; round brackets may also appear inside quotation marks.
    let mut quoted = false;
    let next = |from: usize| {
        let rest = bytes.get(from..)?;
        let found = match round {
            true => rest.iter().position(|byte| matches!(byte, b'{' | b'}' | b'@' | b'"' | b')')),
            false => memchr3(b'{', b'}', b'@', rest),
        };
        found.map(|length| from + length)
    };
    while let Some(found) = next(at) {
        at = found + 1;
        if escapes && is_escaped(bytes, open, found) {
            continue;
        }
        match bytes[found] {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1).max(usize::from(round));
                if depth == 0 {
                    return Ok(at);
                }
            }
            b'"' if round && depth == 1 => quoted = !quoted,
            b')' if round && depth == 1 && !quoted => return Ok(at),
            b'@' if stop_at_entries
                && (begins_line(bytes, found)
                    || depth == 1 && follows_value(bytes, open, found, escapes))
                && head(text, found).is_some() =>
            {
                return Err(found);
            }
            _ => {}
        }
    }
    Err(text.len())
}

/// Whether a backslash behind `open` escapes the byte at `at`.
fn is_escaped(bytes: &[u8], open: usize, at: usize) -> bool {
    bytes[open..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Whether a value ends before `at`, behind the bracket at `open`.
fn follows_value(bytes: &[u8], open: usize, at: usize, escapes: bool) -> bool {
    let last = bytes[open + 1..at].iter().rposition(|byte| !byte.is_ascii_whitespace());
    last.map(|last| open + 1 + last)
        .is_some_and(|last| matches!(bytes[last], b'}' | b'"') && !(escapes && is_escaped(bytes, open, last)))
}

/// Whether `at` is preceded by nothing but a little indentation on its line.
fn begins_line(bytes: &[u8], at: usize) -> bool {
    /// Deepest indentation at which an entry is recognized, in bytes.
    const DEEPEST_INDENT: usize = 16;
    let blank =
        bytes[..at].iter().rev().take(DEEPEST_INDENT).take_while(|b| matches!(b, b' ' | b'\t')).count();
    at == blank || matches!(bytes.get(at - blank - 1), Some(b'\n' | b'\r'))
}

/// The text between the brackets of `block`.
pub(super) fn inside<'t>(text: &'t str, block: &Block<'_>) -> &'t str {
    &text[block.open + 1..block.span.end - usize::from(block.closed)]
}

/// The offset in `text` of `part`, which must be a slice of it.
pub(super) fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}
