//! EndNote XML (`File > Export > XML`): one `<record>` per entry. Keys follow Pandoc: the record's `<key>`, else its
//! number. The words of a field may be cut into `<style>` elements.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

use super::entry::{Entry, Found, MOST_AUTHORS, attachment, doi_url, first_line, person, said};
use crate::corpus::date::Date;
use crate::text::{FileId, Span};

/// Deepest nesting that is followed; a record has five levels.
const DEPTH: usize = 32;

/// A field of a record: the names of its elements below `<record>`, its words and their place.
pub(super) struct Field {
    pub(super) path: String,
    pub(super) words: String,
    span: Span,
}

pub(super) fn read(file: &FileId, text: &str) -> Found {
    let mut found = Found::default();
    each(text, &mut found, &mut |span, fields, found| take(file, text, span, &fields, found));
    found
}

/// Calls `record` with the place and the fields of each record of `text`. Broken XML is reported to `found`.
pub(super) fn each(text: &str, found: &mut Found, record: &mut dyn FnMut(Span, Vec<Field>, &mut Found)) {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    // The elements below the open record, where it begins, and its fields.
    let (mut path, mut open): (Vec<String>, Option<usize>) = (Vec::new(), None);
    let mut fields: Vec<Field> = Vec::new();
    let offset = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(text.len());
    loop {
        let start = offset(&reader);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let place = first_line(text, open.unwrap_or(start).min(text.len()), text.len());
                found.broken(place, format!("the XML is broken here ({error}); what follows is not read"));
                break;
            }
        };
        let end = offset(&reader);
        match event {
            Event::Eof => break,
            Event::Start(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                if open.is_none() {
                    if name == "record" {
                        open = Some(start);
                    }
                } else if path.len() < DEPTH {
                    let is_style = name == "style";
                    path.push(name);
                    if !is_style {
                        let path = path.join("/");
                        fields.push(Field { path, words: String::new(), span: Span::new(end, end) });
                    }
                }
            }
            Event::End(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                match open.filter(|_| path.is_empty()) {
                    Some(begin) if name == "record" => {
                        record(Span::new(begin, end), std::mem::take(&mut fields), found);
                        open = None;
                    }
                    _ => {
                        if path.last() == Some(&name) {
                            path.pop();
                        }
                    }
                }
            }
            Event::Text(words) => add(&mut fields, &words, Span::new(start, end)),
            Event::CData(words) => add(&mut fields, &words, Span::new(start, end)),
            Event::GeneralRef(name) => {
                let letter = match name.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => resolve_xml_entity(&name).unwrap_or_default().to_owned(),
                };
                add(&mut fields, &letter, Span::new(start, end));
            }
            _ => {}
        }
    }
}

fn add(fields: &mut [Field], words: &str, place: Span) {
    let Some(field) = fields.last_mut() else { return };
    if field.words.is_empty() {
        let blank = words.len() - words.trim_start().len();
        field.span = Span::new(place.start + blank, place.start + blank);
    }
    field.words.push_str(words);
    if !words.trim().is_empty() {
        field.span = Span::new(field.span.start, place.start + words.trim_end().len());
    }
}

fn take(file: &FileId, text: &str, span: Span, fields: &[Field], found: &mut Found) {
    let all = |path: &'static str| {
        let named = fields.iter().filter(move |field| field.path == path);
        named.map(|field| (field.words.trim(), field.span)).filter(|(words, _)| !words.is_empty())
    };
    let one = |path| all(path).next().and_then(|(words, _)| said(words));
    let key = all("key").chain(all("foreign-keys/key")).chain(all("rec-number")).next();
    let Some((key, place)) = key else {
        found.broken(first_line(text, span.start, span.end), "this record has no number: export it again");
        return;
    };
    let mut entry = Entry::new(file, key, span, place);
    entry.title = one("titles/title");
    entry.authors =
        all("contributors/authors/author").map(|(name, _)| person(name)).take(MOST_AUTHORS).collect();
    if entry.authors.is_empty() {
        entry.authors = all("contributors/secondary-authors/author")
            .map(|(name, _)| person(name))
            .take(MOST_AUTHORS)
            .collect();
    }
    entry.outlet =
        one("titles/secondary-title").or_else(|| one("periodical/full-title")).or_else(|| one("publisher"));
    let year = one("dates/year");
    entry.date = year.as_deref().and_then(Date::parse);
    if entry.date.is_none() {
        entry.date_words = year;
    }
    let doi = || one("electronic-resource-num").map(|doi| doi_url(&doi));
    entry.url = one("urls/related-urls/url").or_else(|| one("urls/web-urls/url")).or_else(doi);
    entry.language = one("language");
    entry.files = all("urls/pdf-urls/url").filter_map(|(written, _)| attachment(written)).collect();
    entry.notes = ["notes", "research-notes"].into_iter().filter_map(one).collect();
    found.entries.push(entry);
}

#[cfg(test)]
mod tests {
    use super::super::Library;
    use crate::text::{FileId, Text};

    const EXPORT: &str = r#"<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database name="My.enl" path="/My.enl">My.enl</database><source-app name="EndNote" version="20">EndNote</source-app><rec-number>12</rec-number><foreign-keys><key app="EN" db-id="x" timestamp="1">12</key></foreign-keys><ref-type name="Journal Article">17</ref-type><contributors><authors><author><style face="normal" font="default" size="100%">Moss, Ada</style></author><author>Lind, Bo</author></authors></contributors><titles><title><style face="normal">Silt &amp; </style><style face="italic">sand</style></title><secondary-title>Harbour Review</secondary-title></titles><dates><year><style>2020</style></year></dates><urls><related-urls><url>https://x.example/1</url></related-urls><pdf-urls><url>papers/moss.pdf</url><url>internal-pdf://123/moss.pdf</url></pdf-urls></urls></record>
<record><rec-number>13</rec-number><titles><title>Ice</title></titles><dates><year>in press</year></dates></record></records></xml>"#;

    fn read(text: &str) -> Library {
        Library::read(FileId::new("/l/library.xml"), Text::new(text))
    }

    #[test]
    fn a_record_becomes_an_entry_with_the_key_that_pandoc_gives_it() {
        let library = read(EXPORT);
        assert_eq!(library.problems, []);
        let [moss, ice] = library.entries.as_slice() else { panic!("{} entries", library.entries.len()) };
        assert_eq!((&*moss.key, library.text.slice(moss.key_span)), ("12", "12"));
        assert_eq!(moss.title.as_deref(), Some("Silt & sand"));
        let names: Vec<String> = moss.authors.iter().map(|author| author.full()).collect();
        assert_eq!(names, ["Ada Moss", "Bo Lind"]);
        assert_eq!(moss.outlet.as_deref(), Some("Harbour Review"));
        assert_eq!(moss.date.as_ref().map(|date| date.year), Some(2020));
        assert_eq!(moss.url.as_deref(), Some("https://x.example/1"));
        assert_eq!(moss.files, [std::path::PathBuf::from("papers/moss.pdf")]);
        assert_eq!((&*ice.key, ice.date_words.as_deref()), ("13", Some("in press")));
        assert!(library.text.slice(ice.span).starts_with("<record>"), "{}", library.text.slice(ice.span));
    }

    #[test]
    fn what_stands_before_broken_xml_is_read() {
        let library = read(&EXPORT[..EXPORT.len() - 60]);
        assert_eq!(library.entries.len(), 1);
        let deep = format!("<xml><records><record><rec-number>1</rec-number>{}", "<a>".repeat(100_000));
        assert!(read(&deep).entries.is_empty());
        assert!(read("<xml><records></records></xml>").entries.is_empty());
    }
}
