//! The front matter of a Markdown source, in which web clippers, Pandoc and makers of sites state what the text is. It is
//! no passage.

use serde_json::{Map, Value};

use crate::corpus::source::Metadata;
use crate::text::FrontMatter;

/// The fields for each statement, the best first. `created` and `modified` are left out: where a clipper writes them, they
/// say when the page was saved.
const TITLE: [&str; 1] = ["title"];
const AUTHORS: [&str; 3] = ["author", "authors", "byline"];
const DATE: [&str; 4] = ["published", "date-published", "publication_date", "date"];
const OUTLET: [&str; 5] = ["container-title", "publication", "publisher", "site", "site_name"];
const ADDRESS: [&str; 4] = ["url", "source", "source_url", "link"];
const LANGUAGE: [&str; 2] = ["lang", "language"];

/// The byte offset of the text after the front matter; 0 if there is none.
pub(super) fn end(text: &str) -> usize {
    stated(text).map_or(0, |(front, _)| front.end)
}

/// What the front matter of `text` states.
pub(super) fn metadata(text: &str) -> Metadata {
    let fields = stated(text).and_then(|(_, fields)| fields).unwrap_or_default();
    let one = |names: &[&str]| first(&fields, names).and_then(word);
    Metadata {
        title: one(&TITLE),
        authors: match first(&fields, &AUTHORS) {
            // A link to a note without quotation marks, `[[Ada Moss]]`, is a list in a list.
            Some(Value::Array(people)) => {
                let people = people
                    .iter()
                    .flat_map(|one| one.as_array().map_or(std::slice::from_ref(one), Vec::as_slice));
                people.filter_map(person).collect()
            }
            Some(one) => person(one).into_iter().collect(),
            None => Vec::new(),
        },
        date: one(&DATE),
        outlet: one(&OUTLET),
        url: one(&ADDRESS)
            .filter(|address| address.starts_with("https://") || address.starts_with("http://")),
        language: one(&LANGUAGE),
    }
}

/// The front matter of `text`, and its fields if they can be read. Words between two horizontal rules are no front matter.
fn stated(text: &str) -> Option<(FrontMatter, Option<Map<String, Value>>)> {
    let front = FrontMatter::of(text)?;
    let fields = front.fields(text);
    // A title with a colon in it breaks YAML, and is still no passage.
    let looks =
        |line: &str| line.trim().is_empty() || line.contains(':') || line.starts_with([' ', '-', '\t', '#']);
    (fields.is_some() || text[front.inner.start..front.inner.end].lines().all(looks))
        .then_some((front, fields))
}

/// The first of the fields `names` that says something.
fn first<'v>(fields: &'v Map<String, Value>, names: &[&str]) -> Option<&'v Value> {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    names.iter().find_map(|name| fields.get(*name).filter(|value| !empty(value)))
}

/// A word or number as written, without the brackets of a link to a note.
fn word(value: &Value) -> Option<String> {
    let written = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let inner = written.strip_prefix("[[").and_then(|inner| inner.strip_suffix("]]"));
    let inner = inner.map(|inner| inner.rsplit('|').next().unwrap_or(inner).trim().to_owned());
    Some(inner.unwrap_or(written)).filter(|word| !word.is_empty())
}

/// An author: a name, or an object with its parts.
fn person(value: &Value) -> Option<String> {
    let Value::Object(parts) = value else { return word(value) };
    let part = |name: &str| parts.get(name).and_then(word);
    let whole = part("name").or_else(|| part("literal"));
    whole.or_else(|| match (part("given"), part("family")) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => family.or(given),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clipped_page_states_what_it_is() {
        let text = "---\ntitle: \"The weir: a history\"\nsource: \"https://tides.example/weir\"\nauthor:\n  - \"[[Ada Moss]]\"\n  - \"[[people/reed|Ilse van Reed]]\"\npublished: 2031-05-04\ncreated: 2032-01-01\ntags:\n  - \"clippings\"\n---\nIt was shut.\n";
        let expected = Metadata {
            title: Some("The weir: a history".into()),
            authors: vec!["Ada Moss".into(), "Ilse van Reed".into()],
            date: Some("2031-05-04".into()),
            url: Some("https://tides.example/weir".into()),
            ..Metadata::default()
        };
        assert_eq!(metadata(text), expected);
        assert_eq!(&text[end(text)..], "It was shut.\n");
        let text = "+++\ntitle = \"The weir: a history\"\nauthors = [\"Ada Moss\", \"Ilse van Reed\"]\ndate = 2031-05-04\nlink = \"https://tides.example/weir\"\n+++\nIt was shut.\n";
        assert_eq!(metadata(text), expected);
        assert_eq!(&text[end(text)..], "It was shut.\n");
    }

    #[test]
    fn front_matter_that_is_broken_is_no_passage_but_words_between_rules_are() {
        for text in [
            "---\ntitle: The weir: a history\nauthor: Ada Moss\n---\nIt was shut.\n",
            "---\n# From the site.\ntags: [\n  weir\n]\n\nlang: en\n---\nIt was shut.\n",
        ] {
            assert_eq!(&text[end(text)..], "It was shut.\n");
        }
        for text in [
            "---\nNote: it was shut.\n\nNobody saw it.\n\n---\n",
            "---\nIt was shut.\n---\n",
            "---\n\nIt was shut.\n\n---\n",
        ] {
            assert_eq!(end(text), 0, "{text}");
        }
    }

    #[test]
    fn people_are_written_in_many_ways() {
        for (written, expected) in [
            ("author: Ada Moss", vec!["Ada Moss"]),
            ("authors: [Ada Moss, Ilse van Reed]", vec!["Ada Moss", "Ilse van Reed"]),
            (
                "author:\n- name: Ada Moss\n  affiliation: Korn\n- given: Ilse\n  family: van Reed",
                vec!["Ada Moss", "Ilse van Reed"],
            ),
            ("author: ''\nbyline: Ada Moss", vec!["Ada Moss"]),
            ("author: [[Ada Moss]]", vec!["Ada Moss"]),
            ("author: true", Vec::new()),
        ] {
            assert_eq!(metadata(&format!("---\n{written}\n---\n")).authors, expected, "{written}");
        }
    }

    #[test]
    fn nothing_is_stated_where_a_page_was_only_saved_or_nothing_can_be_read() {
        for text in [
            "---\ncreated: 2032-01-01\nmodified: 2032-01-02\nsource: the archive in Korn\ntitle:\n---\nIt was shut.\n",
            "---\ntitle: [\n---\nIt was shut.\n",
            "---\ntitle: The weir\n",
            "title: The weir\n---\n",
            "---\n\nA rule, and words.\n\n---\n",
            "",
        ] {
            assert_eq!(metadata(text), Metadata::default(), "{text}");
        }
    }
}
