//! Front matter: what is stated about a text on its first lines, in YAML between lines of `---` as Pandoc reads it, or in
//! TOML between lines of `+++` as Hugo does.

use serde_json::{Map, Value};

use super::Span;

/// Longest front matter whose fields are read, in bytes. What people and programs write takes a few lines.
const LONGEST: usize = 64_000;

/// The front matter of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontMatter {
    /// The language it is written in.
    pub syntax: Syntax,
    /// What stands between the two lines.
    pub inner: Span,
    /// The byte offset of the text after it.
    pub end: usize,
}

/// A language of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Between `---` and `---` or `...`.
    Yaml,
    /// Between `+++` and `+++`.
    Toml,
}

impl FrontMatter {
    /// The front matter of `text`. A blank line after the first makes that a horizontal rule, as in Pandoc.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (first, begin) = line(text, start);
        let (syntax, closing): (_, &[&str]) = match first {
            "---" => (Syntax::Yaml, &["---", "..."]),
            "+++" => (Syntax::Toml, &["+++"]),
            _ => return None,
        };
        if syntax == Syntax::Yaml && line(text, begin).0.is_empty() {
            return None;
        }
        let mut at = begin;
        while at < text.len() {
            let (words, next) = line(text, at);
            if closing.contains(&words) {
                return Some(Self { syntax, inner: Span::new(begin, at), end: next });
            }
            at = next;
        }
        None
    }

    /// Its fields, where `text` is the text it was found in; `None` if they cannot be read, perhaps because they are being
    /// written. A date is text.
    #[must_use]
    pub fn fields(&self, text: &str) -> Option<Map<String, Value>> {
        let inner = text.get(self.inner.start..self.inner.end).filter(|inner| inner.len() <= LONGEST)?;
        match self.syntax {
            Syntax::Yaml => yaml_fields(inner),
            Syntax::Toml => Some(toml_fields(toml::from_str(inner).ok()?)),
        }
    }
}

/// The fields of `yaml`; `None` if it is something else.
#[must_use]
pub fn yaml_fields(yaml: &str) -> Option<Map<String, Value>> {
    match serde_saphyr::from_str(yaml) {
        Ok(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

fn toml_fields(table: toml::Table) -> Map<String, Value> {
    table.into_iter().map(|(name, value)| (name, toml_value(value))).collect()
}

fn toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(set) => set.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.into_iter().map(toml_value).collect(),
        toml::Value::Table(table) => toml_fields(table).into(),
    }
}

/// The line that begins at `start`, without blanks at its end, and where the next one begins.
fn line(text: &str, start: usize) -> (&str, usize) {
    let bytes = text.as_bytes();
    let end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(text.len(), |length| start + length);
    let width = if bytes[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < text.len()) };
    (text[start..end].trim_end(), end + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The front matter of `text`, and what comes after it.
    fn parts(text: &str) -> Option<(&str, &str)> {
        let found = FrontMatter::of(text)?;
        Some((&text[found.inner.start..found.inner.end], &text[found.end..]))
    }

    #[test]
    fn it_ends_with_a_line_of_its_own() {
        for (text, expected) in [
            ("---\ntitle: A\n---\nText", ("title: A\n", "Text")),
            (
                "\u{feff}---\r\ntitle: A\r\n\r\nlang: de\r\n...\r\nText",
                ("title: A\r\n\r\nlang: de\r\n", "Text"),
            ),
            ("---\rtitle: A\r---\rText", ("title: A\r", "Text")),
            ("--- \n# A remark.\nitems: [\n]\n---", ("# A remark.\nitems: [\n]\n", "")),
            ("---\n---\nText", ("", "Text")),
            ("+++\n\ntitle = 'A'\n+++\nText", ("\ntitle = 'A'\n", "Text")),
        ] {
            assert_eq!(parts(text), Some(expected), "{text:?}");
        }
        for text in [
            "",
            "---",
            "---\ntitle: A\n",
            "---\n\nA rule.\n\n---\n",
            "\n---\ntitle: A\n---\n",
            "----\na: b\n----\n",
            "+++\na = 1\n---\n",
        ] {
            assert_eq!(parts(text), None, "{text:?}");
        }
    }

    #[test]
    fn fields_are_read_in_both_languages() {
        for text in [
            "---\ntitle: A\ndate: 2031-05-04\ntags: [b, c]\n---\n",
            "+++\ntitle = 'A'\ndate = 2031-05-04\ntags = ['b', 'c']\n+++\n",
        ] {
            let fields = FrontMatter::of(text).expect("front matter").fields(text).expect("fields");
            let expected = serde_json::json!({"title": "A", "date": "2031-05-04", "tags": ["b", "c"]});
            assert_eq!(Value::Object(fields), expected, "{text}");
        }
        for text in ["---\ntitle: [\n---\n", "---\nJust words.\n---\n", "+++\ntitle =\n+++\n"] {
            assert_eq!(FrontMatter::of(text).expect("front matter").fields(text), None, "{text}");
        }
    }
}
