//! Rewrites the file paths of an entry, in the format of its library. Everything else in the entry stays byte
//! for byte the same.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::write::{json, tex_path};
use super::{Entry, Format, Library, biblatex};
use crate::text::{Span, Text};

impl Library {
    /// The edits that replace the files of `entry`, an entry of this library, with `new`: the same number, in
    /// the same order. `None` if a path cannot be written so that it reads back unchanged.
    #[must_use]
    pub fn with_files(&self, entry: &Entry, new: &[PathBuf]) -> Option<Vec<(Span, String)>> {
        if new.len() != entry.files.len() {
            return None;
        }
        let slice = self.text.slice(entry.span);
        let written: Option<Vec<&str>> = new.iter().map(|path| path.to_str()).collect();
        let edits = match self.format {
            Format::CslYaml | Format::Ris | Format::EndNote => None,
            Format::BibLatex => in_biblatex(slice, &written?),
            Format::CslJson => in_csl_json(slice, &written?),
            Format::Hayagriva => in_hayagriva(slice, entry, &written?),
        }?;
        let mut after = slice.to_owned();
        for (span, text) in edits.iter().rev() {
            after.replace_range(span.start..span.end, text);
        }
        let alone = match self.format {
            Format::CslJson => format!("[{after}]"),
            Format::BibLatex | Format::Hayagriva | Format::CslYaml | Format::Ris | Format::EndNote => after,
        };
        let read = Self::read(self.file.clone(), Text::new(alone));
        let [again] = read.entries.as_slice() else { return None };
        let same = Entry { files: new.to_vec(), span: again.span, key_span: again.key_span, ..entry.clone() };
        // The entry is reread alone, where the file's abbreviations are not known.
        let as_meant = again.files == same.files && again.key == same.key && again.title == same.title;
        let moved = |(span, text): (Span, String)| {
            (Span::new(entry.span.start + span.start, entry.span.start + span.end), text)
        };
        as_meant.then(|| edits.into_iter().map(moved).collect())
    }
}

fn in_biblatex(slice: &str, new: &[&str]) -> Option<Vec<(Span, String)>> {
    let spans = biblatex::file_spans(slice)?;
    if spans.len() != new.len() {
        return None;
    }
    let changed = spans
        .iter()
        .zip(new)
        .filter(|(span, path)| biblatex::unescape(&slice[span.start..span.end]) != **path);
    Some(changed.map(|(span, path)| (*span, tex_path(path))).collect())
}

#[derive(Deserialize)]
struct Item<'t> {
    #[serde(borrow)]
    custom: Option<&'t RawValue>,
    #[serde(borrow)]
    file: Option<&'t RawValue>,
}

fn in_csl_json(slice: &str, new: &[&str]) -> Option<Vec<(Span, String)>> {
    let item: Item<'_> = serde_json::from_str(slice).ok()?;
    let inner = item.custom.and_then(|custom| serde_json::from_str::<Item<'_>>(custom.get()).ok());
    let raw = inner.and_then(|custom| custom.file).or(item.file)?;
    let at = |raw: &RawValue| {
        let start = raw.get().as_ptr() as usize - slice.as_ptr() as usize;
        Span::new(start, start + raw.get().len())
    };
    let mut new = new.iter();
    let mut edits = Vec::new();
    let list: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_else(|_| vec![raw]);
    let parted = !raw.get().starts_with('[');
    for raw in list {
        let Ok(written) = serde_json::from_str::<String>(raw.get()) else { continue };
        let mut parts: Vec<String> =
            if parted { written.split(';').map(str::to_owned).collect() } else { vec![written.clone()] };
        for part in parts.iter_mut().filter(|part| !part.trim().is_empty()) {
            let path = new.next()?;
            if parted && path.contains(';') {
                return None;
            }
            *part = part.replace(part.trim(), path);
        }
        let joined = parts.join(";");
        if joined != written {
            edits.push((at(raw), json(&joined)));
        }
    }
    Some(edits)
}

fn in_hayagriva(slice: &str, entry: &Entry, new: &[&str]) -> Option<Vec<(Span, String)>> {
    let old: Vec<&str> = entry.files.iter().filter_map(|path| path.to_str()).collect();
    yaml_values(slice, "file", &old, new)
}

/// The edits that replace the values `old` of the field `field` in `yaml` with `new`. The field may hold one
/// text or a list of texts; the first line that starts with it is used.
#[must_use]
pub fn yaml_values(yaml: &str, field: &str, old: &[&str], new: &[&str]) -> Option<Vec<(Span, String)>> {
    let mut start = 0;
    let mut found = None;
    for line in yaml.split_inclusive('\n') {
        let words = line.trim_start();
        if words.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with(':')) {
            let colon = line.find(':')?;
            found = Some((line.len() - words.len(), start + colon + 1));
            break;
        }
        start += line.len();
    }
    let (indent, from) = found?;
    let first = yaml[from..].find('\n').map_or(yaml.len(), |at| from + at + 1);
    let mut end = first;
    for line in yaml[first..].split_inclusive('\n') {
        let words = line.trim_start();
        let deeper = line.len() - words.len() > indent;
        if !(words.is_empty() || deeper || words.starts_with("- ")) {
            break;
        }
        end += line.len();
    }
    let mut at = from;
    let mut edits = Vec::new();
    for (old, new) in old.iter().zip(new) {
        let start = at + yaml[at..end].find(old)?;
        at = start + old.len();
        if old == new {
            continue;
        }
        let (before, behind) = (yaml[..start].chars().next_back(), yaml[at..].chars().next());
        let marked = json(new);
        let written = match before {
            Some('"') => marked[1..marked.len() - 1].to_owned(),
            Some('\'') => new.replace('\'', "''"),
            _ if plain(new) => (*new).to_owned(),
            Some(' ' | '[' | ',') if matches!(behind, None | Some('\n' | '\r' | ',' | ']' | ' ')) => marked,
            _ => return None,
        };
        edits.push((Span::new(start, at), written));
    }
    Some(edits)
}

/// Whether YAML reads `text` back unchanged without quotation marks, in a list as well.
fn plain(text: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || "/._-~+()@ ".contains(c);
    text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_'))
        && text.chars().all(inner)
        && text.contains(char::is_alphabetic)
        && !text.ends_with(' ')
}

/// `path` with the separators that `written` uses.
#[must_use]
pub fn in_style_of(written: &Path, path: &str) -> PathBuf {
    let old = written.to_string_lossy();
    if old.contains('\\') && !old.contains('/') { path.replace('/', "\\").into() } else { path.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    /// The library after all files of its first entry were renamed to `new`.
    fn renamed(name: &str, text: &str, new: &[&str]) -> Option<String> {
        let library = Library::read(FileId::new(name), Text::new(text));
        let new: Vec<PathBuf> = new.iter().map(PathBuf::from).collect();
        let mut out = text.to_owned();
        for (span, text) in library.with_files(&library.entries[0], &new)?.iter().rev() {
            out.replace_range(span.start..span.end, text);
        }
        Some(out)
    }

    #[test]
    fn a_bib_entry_keeps_all_but_the_path() {
        for (field, new, expected) in [
            ("{a.txt}", &["b.txt"][..], "{b.txt}"),
            ("\"a.txt\"", &["x/b c.txt"], "\"x/b c.txt\""),
            ("{ a.txt ; c.pdf}", &["b.txt", "c.pdf"], "{ b.txt ; c.pdf}"),
            ("{Text:a.txt:TXT;:c.pdf:PDF}", &["b.txt", "c.pdf"], "{Text:b.txt:TXT;:c.pdf:PDF}"),
            ("{a.txt}", &["b: 1.txt"], "{b\\: 1.txt}"),
            ("{my\\_a.txt}", &["my_a.txt"], "{my\\_a.txt}"),
        ] {
            let entry = |field: &str| format!("@misc{{k,\n  title = {{a.txt}},\n  file = {field}\n}}\n");
            assert_eq!(renamed("/r.bib", &entry(field), new), Some(entry(expected)), "{field}");
        }
        assert_eq!(renamed("/r.bib", "@misc{k, file = \"a\" # \".txt\"}", &["b.txt"]), None);
    }

    #[test]
    fn a_csl_item_keeps_all_but_the_path() {
        let item = |file: &str| {
            format!("[{{\"id\": \"k\", \"title\": \"a.txt\", \"custom\": {{\"file\": {file}}}}}]")
        };
        for (file, new, expected) in [
            ("\"a.txt\"", &["b \"c\".txt"][..], "\"b \\\"c\\\".txt\""),
            ("\"a.txt; c.pdf\"", &["b.txt", "c.pdf"], "\"b.txt; c.pdf\""),
            ("[\"a.txt\", \"c.pdf\"]", &["a.txt", "d;e.pdf"], "[\"a.txt\", \"d;e.pdf\"]"),
        ] {
            assert_eq!(renamed("/r.json", &item(file), new), Some(item(expected)), "{file}");
        }
        assert_eq!(renamed("/r.json", &item("\"a.txt\""), &["b;c.txt"]), None);
    }

    #[test]
    fn a_hayagriva_entry_keeps_all_but_the_path() {
        for (file, new, expected) in [
            ("a.txt", &["b.txt"][..], "b.txt"),
            ("\"a.txt\" # ours", &["b \"c\".txt"], "\"b \\\"c\\\".txt\" # ours"),
            ("'a.txt'", &["it's.txt"], "'it''s.txt'"),
            ("a.txt", &["b: c.txt"], "\"b: c.txt\""),
            ("[a.txt, c.pdf]", &["b.txt", "c.pdf"], "[b.txt, c.pdf]"),
            ("\n    - a.txt\n    - c.pdf", &["a.txt", "d.pdf"], "\n    - a.txt\n    - d.pdf"),
        ] {
            let entry =
                |file: &str| format!("k:\n  title: a.txt\n  file: {file}\n  note: a.txt\nl:\n  title: L\n");
            assert_eq!(renamed("/r.yaml", &entry(file), new), Some(entry(expected)), "{file}");
        }
    }
}
