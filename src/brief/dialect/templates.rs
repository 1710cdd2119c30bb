//! Syntax that site generators and note-taking programs add to Markdown and Pandoc does not know: shortcodes,
//! Liquid tags, attributes in braces, Obsidian links. Only reads the bytes it is given.

use std::ops::Range;

use memchr::memmem;

use super::shapes::{LONGEST_TAG, line_end};

/// The end of the shortcode or tag that begins at `at`: `{{< … >}}`, `{{% … %}}`, `{{ … }}`, `{% … %}`.
pub(super) fn shortcode(bytes: &[u8], at: usize) -> Option<usize> {
    const FORMS: [(&[u8], &[u8]); 4] = [(b"{{<", b">}}"), (b"{{%", b"%}}"), (b"{{", b"}}"), (b"{%", b"%}")];
    let near = &bytes[at..bytes.len().min(at + LONGEST_TAG)];
    let (opening, closing) = FORMS.into_iter().find(|(opening, _)| near.starts_with(opening))?;
    let length = memmem::find(&near[opening.len()..], closing)?;
    let end = at + opening.len() + length + closing.len();
    // It must not cross the end of a paragraph.
    memmem::find(&bytes[at..end], b"\n\n").is_none().then_some(end)
}

/// The end of the attributes that begin at `at`, `{.name #id key="value"}` or Kramdown's `{: …}`, and those
/// values that are captions, which Quarto reads as Markdown. `None` if the braces hold something else.
pub(super) fn attributes(text: &str, at: usize) -> Option<(usize, Vec<Range<usize>>)> {
    let bytes = &text.as_bytes()[..text.len().min(at + LONGEST_TAG)];
    let blanks = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut captions = Vec::new();
    let mut next = at + 1 + usize::from(bytes.get(at + 1) == Some(&b':'));
    let mut any = false;
    loop {
        next += blanks(next);
        if *bytes.get(next)? == b'}' {
            return any.then_some((next + 1, captions));
        }
        let name = next..next + bytes[next..].iter().take_while(|byte| is_name(**byte)).count();
        if name.is_empty() {
            return None;
        }
        next = name.end;
        any = true;
        if bytes.get(next) != Some(&b'=') {
            // A class or an identifier.
            if !matches!(bytes[name.start], b'.' | b'#') {
                return None;
            }
            continue;
        }
        next += 1;
        match *bytes.get(next)? {
            mark @ (b'"' | b'\'') => {
                let length = memchr::memchr(mark, &bytes[next + 1..])?;
                let value = next + 1..next + 1 + length;
                if memmem::find(&bytes[value.clone()], b"\n\n").is_some() {
                    return None;
                }
                next = value.end + 1;
                if is_caption(&text[name]) {
                    captions.push(value);
                }
            }
            _ => {
                let bare = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\"'}".contains(byte);
                next += bytes[next..].iter().take_while(bare).count();
            }
        }
    }
}

/// Whether the option or attribute of this name is a caption: `fig-cap`, `tbl-subcap`, `fig.cap`.
pub(in crate::brief) fn is_caption(name: &str) -> bool {
    let Some((kind, rest)) = name.split_once(['-', '.']) else { return false };
    matches!(kind, "fig" | "tbl" | "lst" | "table" | "tab") && matches!(rest, "cap" | "subcap" | "scap")
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'#' | b':') || byte >= 0x80
}

/// Whether the text has an Obsidian link: `[[note]]`.
pub(super) fn wikilinks(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = memmem::find(&bytes[at..], b"[[") {
        let start = at + found + 2;
        let line = &bytes[start..line_end(bytes, start)];
        if memmem::find(line, b"]]").is_some_and(|length| length > 0) {
            return true;
        }
        at = start;
    }
    false
}

/// The number of bytes between the `%%` at `at` and the one that closes it, for a text without Obsidian links. The
/// comment must end on its own line, or both marks must have lines of their own: `5 %% of it` has no comment.
/// `no_line` says that no further line has only `%%`.
pub(super) fn percents(bytes: &[u8], at: usize, no_line: &mut bool) -> Option<usize> {
    let before = bytes[..at].trim_ascii_end().last();
    let begins = (at == 0 || bytes[at - 1].is_ascii_whitespace()) && !before.is_some_and(u8::is_ascii_digit);
    if !begins {
        return None;
    }
    let inside = at + 2;
    let blank = bytes[inside..].iter().position(|byte| *byte == b'\n' || !byte.is_ascii_whitespace());
    let line = blank.map_or(bytes.len(), |length| inside + length);
    let alone = (at == 0 || bytes[at - 1] == b'\n') && bytes.get(line).is_none_or(|byte| *byte == b'\n');
    if alone && !*no_line {
        let found = memmem::find_iter(&bytes[line..], b"\n%%").find(|start| {
            let mut behind = bytes[line + start + b"\n%%".len()..].iter();
            behind
                .find(|byte| **byte == b'\n' || !byte.is_ascii_whitespace())
                .is_none_or(|byte| *byte == b'\n')
        });
        *no_line = found.is_none();
        return found.map(|length| line + length + 1 - inside);
    }
    // Not to the end of the line, which may be long and have many.
    let next = memmem::find(&bytes[inside..], b"%%")?;
    (!bytes[inside..inside + next].contains(&b'\n')).then_some(next)
}
