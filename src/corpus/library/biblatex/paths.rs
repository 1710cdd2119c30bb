//! Paths in a `file` field, as BibLaTeX, JabRef and Zotero write them, with their positions.

use std::path::PathBuf;

use memchr::memchr_iter;

use super::blocks::{cut, inside, offset};
use super::fields::{self, Part};
use crate::corpus::library::entry::said;
use crate::text::Span;

/// Undoes TeX escapes in an address, date or path.
pub(in super::super) fn unescape(tex: &str) -> String {
    let mut plain = String::with_capacity(tex.len());
    let mut characters = tex.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(&next) if c == '\\' && "\\:;_&%#{}$~ ".contains(next) => {
                plain.push(next);
                characters.next();
            }
            Some(_) | None => plain.push(c),
        }
    }
    plain
}

/// The paths in a `file` field: `a.txt; b.txt`, JabRef's `description:path:type`, or Zotero's version of it
/// with every separator escaped.
pub(super) fn files(tex: &str) -> Vec<PathBuf> {
    split(tex, b';').into_iter().filter_map(path).collect()
}

/// The path in one item; `None` for a web address.
fn path(tex: &str) -> Option<PathBuf> {
    // Mendeley's spelling of a backslash.
    let plain = tex.replace("$\\backslash$", "\\");
    let part = path_part(&plain);
    let scheme = tex.trim_start().split_once("://").map_or("", |(scheme, _)| scheme);
    // A single letter is a Windows drive, and JabRef writes a description before the colon. Of a local file,
    // `file://` says where it is.
    let named =
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let scheme = scheme.to_ascii_lowercase();
    let address = named && scheme != "file" || tex.trim_start().to_ascii_lowercase().starts_with("doi:10.");
    if address {
        return None;
    }
    said(&unescape(part)).map(PathBuf::from)
}

/// The path within one item of a `file` field.
fn path_part(tex: &str) -> &str {
    let tex = tex.trim();
    let tex = tex.strip_prefix("file://").unwrap_or(tex);
    let parts = split(tex, b':');
    let drive = |part: &str| part.len() == 1 && part.as_bytes()[0].is_ascii_alphabetic();
    match parts[..] {
        // `C:\papers\a.txt` with an unescaped colon, alone or as the middle of three parts.
        [letter, _] | [letter, _, _] if drive(letter) && tex[2..].starts_with(['\\', '/']) => tex,
        [first, letter, rest, ..] if drive(letter) && rest.starts_with(['\\', '/']) => {
            &tex[first.len() + 1..first.len() + 1 + letter.len() + 1 + rest.len()]
        }
        [_, path, _, ..] if !path.is_empty() && !path.starts_with("//") => path,
        ["", path] => path,
        _ => tex,
    }
}

/// The spans of the paths in the `file` field of the entry `slice`, in bytes of it. `None` if the value is
/// joined from several parts.
pub(in super::super) fn file_spans(slice: &str) -> Option<Vec<Span>> {
    let blocks = cut(slice);
    let block = blocks.first()?;
    let fields = fields::entry(inside(slice, block), block.escapes).1.ok()?;
    let field = fields.iter().rfind(|field| field.name.eq_ignore_ascii_case("file"))?;
    let [Part::Written(tex)] = field.parts.as_slice() else { return None };
    let place = |part: &str| {
        let start = offset(slice, part);
        Span::new(start, start + part.len())
    };
    let paths = split(tex, b';').into_iter().filter(|part| path(part).is_some());
    Some(paths.map(|part| place(path_part(part))).collect())
}

/// Splits at each byte `mark` that is not escaped by a backslash.
fn split(tex: &str, mark: u8) -> Vec<&str> {
    let bytes = tex.as_bytes();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in memchr_iter(mark, bytes) {
        let slashes = bytes[from..at].iter().rev().take_while(|b| **b == b'\\').count();
        if slashes % 2 == 0 {
            parts.push(&tex[from..at]);
            from = at + 1;
        }
    }
    parts.push(&tex[from..]);
    parts
}
