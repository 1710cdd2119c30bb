//! Recognizes the shape of a line or tag: markers, fences, HTML tags, arguments of TeX commands. Only reads
//! the bytes it is given.

use std::ops::Range;

use memchr::memmem;

/// Longest HTML tag, and longest arguments of a TeX command, in bytes. Bounds the work when many are opened
/// and none is closed.
pub(super) const LONGEST_TAG: usize = 2_048;

/// A line that may close a fence.
pub(super) struct Closer {
    /// The line without its line end.
    pub(super) line: Range<usize>,
    pub(super) mark: u8,
    pub(super) length: usize,
}

/// The lines that contain nothing but a fence.
pub(super) fn closers(text: &str) -> Vec<Closer> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let (body, _) = body(bytes, at, end);
        if let Some(&mark @ (b'`' | b'~')) = bytes[..end].get(body) {
            let length = bytes[body..end].iter().take_while(|byte| **byte == mark).count();
            if length >= 3 && bytes[body + length..end].iter().all(u8::is_ascii_whitespace) {
                found.push(Closer { line: at..end, mark, length });
            }
        }
        at = next_line(bytes, end);
    }
    found
}

/// The end of the line around `at`, before its line end.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// The start of the line after the line end at `end`.
pub(super) fn next_line(bytes: &[u8], end: usize) -> usize {
    end + if bytes[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < bytes.len()) }
}

/// The offset of the line's own text, after spaces and block quotation markers, and whether there is such a
/// marker.
pub(super) fn body(bytes: &[u8], start: usize, end: usize) -> (usize, bool) {
    let lead = bytes[start..end].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).count();
    (start + lead, bytes[start..start + lead].contains(&b'>'))
}

pub(super) fn columns(lead: &[u8]) -> usize {
    lead.iter().fold(0, |column, byte| if *byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// Whether the line begins a list item.
pub(super) fn list_marker(line: &[u8]) -> bool {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = match line.get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if digits > 0 => digits + 1,
        _ => return false,
    };
    line.get(mark).is_none_or(|byte| matches!(byte, b' ' | b'\t'))
}

/// The offset of the mark after the letter or roman numeral of a list item: `n. words`, `(iv) words`. Within
/// a list such a line begins the next item, even if it is really a wrapped locator; only `p. 4` is taken for
/// a page.
pub(super) fn letter_marker(line: &[u8]) -> Option<usize> {
    let open = usize::from(line.first() == Some(&b'('));
    let letters = line[open..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = &line[open..open + letters];
    let at = open + letters;
    let mark = *line.get(at)?;
    let ends = mark == b')' || mark == b'.' && open == 0;
    let roman = |word: &[u8]| word.iter().all(|byte| b"ivxlcdm".contains(byte));
    if !(ends && line.get(at + 1) == Some(&b' ') && (letters == 1 || letters > 1 && roman(word))) {
        return None;
    }
    let page = word == b"p" && mark == b'.' && line.get(at + 2).is_some_and(u8::is_ascii_digit);
    // Initials do not count: after a capital and a period, Pandoc requires two blanks.
    let initial = word[0].is_ascii_uppercase() && mark == b'.' && line.get(at + 2) != Some(&b' ');
    (!page && !initial).then_some(at)
}

/// Whether the line opens or closes a fenced div: `:::`, `::: name`, `::: {.name} :::`.
pub(super) fn colons(line: &[u8]) -> bool {
    let run = line.iter().take_while(|byte| **byte == b':').count();
    if run < 3 {
        return false;
    }
    let rest = line[run..].trim_ascii();
    let rest = match rest.iter().rposition(|byte| *byte != b':') {
        Some(last) => rest[..=last].trim_ascii(),
        None => &[],
    };
    rest.starts_with(b"{") && rest.ends_with(b"}")
        || !rest.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'@')
}

/// Whether the line defines a link reference whose address contains an `@`: `[label]: address`.
pub(super) fn reference(line: &str) -> bool {
    let inner = line.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
    inner.is_some_and(|(label, address)| {
        !label.is_empty()
            && !address.contains('[')
            && !label.starts_with('^')
            && !label.contains(['@', ']'])
            && address.contains('@')
    })
}

/// Whether the line separates the head of a pipe table from its rows.
pub(super) fn delimiters(line: &[u8]) -> bool {
    line.contains(&b'-') && line.iter().all(|byte| b"-|:+ \t".contains(byte))
}

/// Whether the line begins a definition.
pub(super) fn definition(line: &[u8]) -> bool {
    matches!(line, [b':' | b'~', b' ' | b'\t', rest @ ..] if rest.iter().any(|byte| !byte.is_ascii_whitespace()))
}

/// The end of the argument of a TeX command, `{…}` or `[…]`, that begins at `at`.
pub(super) fn argument(bytes: &[u8], at: usize) -> Option<usize> {
    let (open, close) = match bytes.get(at)? {
        b'{' => (b'{', b'}'),
        b'[' => (b'[', b']'),
        _ => return None,
    };
    let mut depth = 0_usize;
    for (offset, byte) in bytes[at..].iter().enumerate() {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at + offset + 1);
            }
        } else if *byte == b'\n' && bytes.get(at + offset + 1).is_none_or(u8::is_ascii_whitespace) {
            return None;
        }
    }
    None
}

/// The range of the name after `<` or `</`, if a tag could follow.
pub(super) fn html_name(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + 1 + usize::from(bytes.get(at + 1) == Some(&b'/'));
    if !bytes.get(start)?.is_ascii_alphabetic() {
        return None;
    }
    let length =
        bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let end = start + length;
    bytes
        .get(end)
        .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        .then_some(start..end)
}

/// The name and end of the HTML tag at `at`. Attributes are read loosely: a name of letters, digits and
/// `-_:.`, and a value that is quoted or free of blanks.
pub(super) fn tag(text: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = &text.as_bytes()[..text.len().min(at + LONGEST_TAG)];
    let name = html_name(bytes, at)?;
    let mut next = name.end;
    loop {
        let white = bytes[next..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if memmem::find(&bytes[next..next + white], b"\n\n").is_some() {
            return None;
        }
        next += white;
        match *bytes.get(next)? {
            b'>' => return Some((&text[name], next + 1)),
            b'/' if bytes.get(next + 1) == Some(&b'>') => return Some((&text[name], next + 2)),
            byte if white > 0 && (byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':')) => {}
            _ => return None,
        }
        let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
        next += bytes[next..].iter().take_while(in_name).count();
        let gap = bytes[next..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if bytes.get(next + gap) != Some(&b'=') {
            continue;
        }
        next += gap + 1;
        next += bytes[next..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match *bytes.get(next)? {
            mark @ (b'"' | b'\'') => next += memchr::memchr(mark, &bytes[next + 1..])? + 2,
            _ => {
                let bare = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(byte);
                let length = bytes[next..].iter().take_while(bare).count();
                if length == 0 {
                    return None;
                }
                next += length;
            }
        }
    }
}
