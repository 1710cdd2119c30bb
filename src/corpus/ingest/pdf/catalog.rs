//! What the file says about the document: outline, page labels, title, author.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, String as Bytes};

use super::letters::decode;
use super::numbers::Range;
use crate::corpus::source::Metadata;

/// Entries of an outline that are read. A book of laws has 3,000.
const MAX_ENTRIES: usize = 10_000;
/// Levels of an outline or of a tree of numbers.
const MAX_DEPTH: usize = 12;
/// Ranges of page labels. Two is usual.
const MAX_RANGES: usize = 10_000;

/// A heading named by the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its title.
    pub(super) title: String,
    /// Its level, from 1.
    pub(super) level: u8,
}

fn root(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
}

/// The entries of the outline, in order.
pub(super) fn outline(pdf: &Pdf) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    if let Some(outlines) = root(pdf).and_then(|root| root.get::<Dict<'_>>(b"Outlines")) {
        walk(&outlines, 1, &mut seen, &mut entries);
    }
    entries
}

fn walk(parent: &Dict<'_>, level: u8, seen: &mut HashSet<ObjectIdentifier>, entries: &mut Vec<Entry>) {
    let mut next = parent.get::<Dict<'_>>(b"First");
    while let Some(item) = next {
        // An outline may be a loop.
        let is_new = item.obj_id().is_none_or(|id| seen.insert(id));
        if !is_new || entries.len() >= MAX_ENTRIES {
            return;
        }
        if let Some(title) = item.get::<Bytes<'_>>(b"Title") {
            let title = decode(title.as_bytes()).split_whitespace().collect::<Vec<_>>().join(" ");
            entries.push(Entry { title, level });
        }
        if usize::from(level) < MAX_DEPTH {
            walk(&item, level + 1, seen, entries);
        }
        next = item.get::<Dict<'_>>(b"Next");
    }
}

/// The ranges of page labels.
pub(super) fn ranges(pdf: &Pdf) -> Vec<Range> {
    let mut ranges = Vec::new();
    if let Some(tree) = root(pdf).and_then(|root| root.get::<Dict<'_>>(b"PageLabels")) {
        collect(&tree, MAX_DEPTH, &mut ranges);
    }
    ranges
}

fn collect(tree: &Dict<'_>, depth: usize, ranges: &mut Vec<Range>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(numbers) = tree.get::<Array<'_>>(b"Nums") {
        let mut first: Option<usize> = None;
        for item in numbers.iter::<Object<'_>>() {
            match (item, first) {
                (Object::Number(number), _) => first = usize::try_from(number.as_i64()).ok(),
                (Object::Dict(range), Some(at)) if ranges.len() < MAX_RANGES => {
                    let style = range.get::<Name<'_>>(b"S").and_then(|name| name.as_ref().first().copied());
                    let prefix = range.get::<Bytes<'_>>(b"P").map(|text| decode(text.as_bytes()));
                    let start = range.get::<i32>(b"St").and_then(|start| u32::try_from(start).ok());
                    ranges.push(Range {
                        first: at,
                        style: style.unwrap_or(0),
                        prefix: prefix.unwrap_or_default(),
                        start: start.unwrap_or(1),
                    });
                    first = None;
                }
                _ => first = None,
            }
        }
    }
    if let Some(kids) = tree.get::<Array<'_>>(b"Kids") {
        for kid in kids.iter::<Dict<'_>>().take(MAX_RANGES) {
            if ranges.len() >= MAX_RANGES {
                return;
            }
            collect(&kid, depth, ranges);
        }
    }
}

/// The title, authors and language that the file states. Its dates are those of the file: a paper of 1995 that was
/// scanned or printed again in 2018 says 2018.
pub(super) fn metadata(pdf: &Pdf) -> Metadata {
    let info = pdf.metadata();
    let text = |bytes: &Option<Box<[u8]>>| {
        let text = decode(bytes.as_deref()?).split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty() && text.chars().count() < 500).then_some(text)
    };
    Metadata {
        title: text(&info.title).filter(|title| !is_no_title(title)),
        authors: text(&info.author).map(|author| authors(&author)).unwrap_or_default(),
        language: root(pdf)
            .and_then(|root| root.get::<Bytes<'_>>(b"Lang"))
            .map(|tag| decode(tag.as_bytes()))
            .filter(|tag| (2..20).contains(&tag.len())),
        ..Metadata::default()
    }
}

/// Returns true if `title` is what a program writes when it knows none.
fn is_no_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_file = [
        ".doc", ".docx", ".pdf", ".indd", ".qxd", ".qxp", ".tex", ".dvi", ".odt", ".rtf", ".ps", ".html",
        ".htm", ".wpd", ".pages",
    ]
    .iter()
    .any(|ending| lower.ends_with(ending));
    let is_default = [
        "untitled",
        "no title",
        "title",
        "(anonymous)",
        "unspecified",
        "unbenannt",
        "sans titre",
        "sin título",
        "без имени",
    ]
    .iter()
    .any(|name| lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ') == *name);
    let begins = [
        "microsoft word -",
        "microsoft powerpoint -",
        "document",
        "dokument",
        "slide ",
        "powerpoint presentation",
        "untitled-",
    ]
    .iter()
    .any(|begin| {
        lower.starts_with(begin)
            && (begin.ends_with('-') || begin.ends_with(' ') || lower.len() < begin.len() + 4)
    });
    is_file || is_default || begins || !title.chars().any(char::is_alphabetic)
}

/// The authors in a list such as `Ada Moss, Ben Quill and Cy Rook`. A login or an address is not a name.
fn authors(text: &str) -> Vec<String> {
    let is_no_name = |name: &str| {
        let login = !name.contains(' ') && name.starts_with(|c: char| c.is_lowercase());
        login
            || name.contains('@')
            || [
                "anonymous",
                "(anonymous)",
                "user",
                "admin",
                "administrator",
                "owner",
                "root",
                "unknown",
                "author",
                "(unspecified)",
            ]
            .contains(&&*name.to_lowercase())
    };
    text.split(';')
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" & "))
        .flat_map(|part| {
            let parts: Vec<&str> = part.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
            // `Moss, Ada` is one person.
            let several = parts.len() > 1 && parts.iter().all(|one| one.contains(' '));
            if several { parts } else { vec![part.trim_matches([' ', ','])] }
        })
        .filter(|name| name.chars().any(char::is_alphabetic) && !is_no_name(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_names_are_no_titles() {
        for junk in
            ["Microsoft Word - report final.doc", "untitled", "Untitled-2", "x.indd", "Document1", "1234"]
        {
            assert!(is_no_title(junk), "{junk}");
        }
        for title in ["The Weir", "Documents of the Board", "Titles and Deeds", "Untitled Landscapes"] {
            assert!(!is_no_title(title), "{title}");
        }
    }

    #[test]
    fn authors_are_several_people() {
        assert_eq!(authors("Ilse Korn; Jaan Tamm and Mari Saar"), ["Ilse Korn", "Jaan Tamm", "Mari Saar"]);
        let four = ["Ilse de Korn", "Jaan Tamm", "Mari Saar", "Ada Moss"];
        assert_eq!(authors("Ilse de Korn, Jaan Tamm, Mari Saar, and Ada Moss"), four);
        assert_eq!(authors("Korn, Ilse"), ["Korn, Ilse"]);
        assert_eq!(authors("UNESCO"), ["UNESCO"]);
        for none in ["anonymous", "ikorn", "ik-99", "ilse@desk (Ilse Korn)"] {
            assert!(authors(none).is_empty(), "{none}");
        }
    }
}
