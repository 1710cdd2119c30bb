//! RIS, as exported by reference managers and catalogues: one field per line, one record from `TY  - ` to `ER
//! - `. Fields, their meaning and the generated key of a record without one all follow Pandoc.

use std::collections::HashMap;

use super::entry::{Entry, Found, MOST_AUTHORS, attachment, doi_url, first_line, person, said};
use crate::corpus::date::Date;
use crate::text::{FileId, Span};

/// One record: its fields in order, and its span in the file.
pub(super) struct Record<'t> {
    pub(super) fields: Vec<(&'t str, &'t str)>,
    span: Span,
}

pub(super) fn read(file: &FileId, text: &str) -> Found {
    let mut found = Found::default();
    let mut seen: HashMap<String, u8> = HashMap::new();
    for record in records(text, &mut found) {
        let mut entry = entry(file, text, &record);
        if entry.key.is_empty() {
            let place = first_line(text, record.span.start, record.span.end);
            found.broken(place, "this record has no key: give it one, ID  - key");
            continue;
        }
        // As in Pandoc, the second record with the same generated key gets an `a` appended.
        let count = seen.entry(entry.key.to_string()).or_insert(b'a');
        if entry.key_span.is_empty() && *count > b'a' {
            let letter = char::from((*count - 1).min(b'z'));
            entry.key = format!("{}{letter}", entry.key).into();
        }
        *count = count.saturating_add(1);
        found.entries.push(entry);
    }
    found
}

pub(super) fn records<'t>(text: &'t str, found: &mut Found) -> Vec<Record<'t>> {
    let mut records: Vec<Record<'t>> = Vec::new();
    let mut open: Option<Record<'t>> = None;
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    for line in text[at..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((tag, value)) = field(line) else { continue };
        match (tag, &mut open) {
            ("TY", _) => {
                if let Some(before) = open.take() {
                    let place = first_line(text, before.span.start, before.span.end);
                    found.broken(
                        place,
                        "this record is not closed: write ER  - on a line of its own after it",
                    );
                    records.push(before);
                }
                open = Some(Record {
                    fields: vec![(tag, value)],
                    span: Span::new(start, start + line.trim_end().len()),
                });
            }
            ("ER", Some(record)) => {
                record.span.end = start + line.trim_end().len();
                records.extend(open.take());
            }
            (_, Some(record)) => {
                record.fields.push((tag, value));
                record.span.end = start + line.trim_end().len();
            }
            (_, None) => {}
        }
    }
    records.extend(open);
    records
}

/// The tag and value of a line: two capitals or digits, blanks, a hyphen, then the value.
fn field(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let (tag, rest) = line.split_at_checked(2)?;
    let value = rest.trim_start_matches(' ');
    let marked = tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let value = value.strip_prefix('-').filter(|value| value.is_empty() || value.starts_with([' ', '\t']))?;
    (marked && rest.starts_with(' ')).then(|| (tag, value.trim()))
}

fn entry(file: &FileId, text: &str, record: &Record<'_>) -> Entry {
    let all = |tags: &'static [&str]| {
        record
            .fields
            .iter()
            .filter(move |(tag, value)| tags.contains(tag) && !value.is_empty())
            .map(|(_, value)| *value)
    };
    let one = |tags| all(tags).next().and_then(said);
    let place = |value: &str| {
        let start = value.as_ptr() as usize - text.as_ptr() as usize;
        Span::new(start, start + value.len())
    };
    let id = all(&["ID"]).next();
    let made = || {
        let families: Vec<&str> = all(&["AU", "A1"])
            .map(|name| name.split(|c: char| c == ',' || c.is_whitespace()).next().unwrap_or_default())
            .collect();
        let dates: String = all(&["PY", "Y1"]).map(|date| format!("_{date}")).collect();
        format!("{}{dates}", families.join("_"))
    };
    let nowhere = Span::new(record.span.start, record.span.start);
    let key = id.map_or_else(made, str::to_owned);
    let mut entry = Entry::new(file, &key, record.span, id.map_or(nowhere, place));
    entry.kind = one(&["TY"]).unwrap_or_default();
    let book = matches!(entry.kind.as_str(), "BOOK" | "EBOOK" | "EDBOOK" | "CLSWK");
    entry.title = one(&["TI", "T1", "CT"]).or_else(|| if book { one(&["BT"]) } else { None });
    entry.authors = all(&["AU", "A1"]).map(person).take(MOST_AUTHORS).collect();
    if entry.authors.is_empty() {
        entry.authors = all(&["ED", "A2"]).map(person).take(MOST_AUTHORS).collect();
    }
    let container = if book { None } else { one(&["BT"]) };
    entry.outlet = one(&["JO", "JF", "T2", "JA"]).or(container).or_else(|| one(&["PB"]));
    let written = one(&["DA", "PY", "Y1"]);
    let year = one(&["PY", "Y1", "DA"]);
    entry.date = written.as_deref().and_then(date).or_else(|| year.as_deref().and_then(date));
    if entry.date.is_none() {
        entry.date_words = year;
    }
    entry.url = one(&["UR", "LK"]).or_else(|| one(&["DO"]).map(|doi| doi_url(&doi)));
    entry.accessed = one(&["Y2"]).as_deref().and_then(date);
    entry.language = one(&["LA"]);
    entry.files = all(&["L1", "L2"]).filter_map(attachment).collect();
    entry.notes = all(&["N1"]).filter_map(said).collect();
    let keywords: Vec<&str> = all(&["KW"]).collect();
    entry.rate(None, said(&keywords.join(", ")).as_deref());
    entry
}

/// Parses `2031`, `2031/05/17`, `2031/05//` and `2031/05/17/Spring`, as well as everything [`Date`] reads.
pub(super) fn date(written: &str) -> Option<Date> {
    let mut parts = written.split('/').map(str::trim);
    let year = parts.next()?.parse().ok();
    let small = |part: Option<&str>| part.and_then(|part| part.parse::<u8>().ok());
    match year {
        Some(year) => {
            let (month, day) = (small(parts.next()), small(parts.next()));
            let day = day.filter(|_| month.is_some());
            Date::from_parts(year, month, day).or_else(|| Date::from_parts(year, None, None))
        }
        None => Date::parse(written),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Library;
    use crate::text::{FileId, Text};

    fn read(text: &str) -> Library {
        Library::read(FileId::new("/r.ris"), Text::new(text))
    }

    #[test]
    fn records_are_read_with_their_places() {
        let library = read(
            "\u{feff}TY  - JOUR\r\nID  - moss2020\r\nAU  - Moss, Ada\r\nA1  - Lind, Bo\r\nTI  - Silt - and sand\r\nT2  - Harbour Review\r\nDA  - 2020/05/17/\r\nPY  - 2020\r\nDO  - 10.1000/x\r\nL1  - papers/moss.pdf\r\nL1  - https://x.example/m.pdf\r\nER  - \r\n\r\nTY  - BOOK\r\nBT  - Ice\r\nED  - Reed, C.\r\nPY  - in press\r\nER  -\r\n",
        );
        let [moss, ice] = &library.entries[..] else { panic!("two: {:?}", library.problems) };
        assert_eq!((&*moss.key, library.text.slice(moss.key_span)), ("moss2020", "moss2020"));
        assert!(
            library.text.slice(moss.span).starts_with("TY  - JOUR")
                && library.text.slice(moss.span).ends_with("ER  -")
        );
        assert_eq!(moss.title.as_deref(), Some("Silt - and sand"));
        assert_eq!(moss.authors.iter().map(|a| a.full()).collect::<Vec<_>>(), ["Ada Moss", "Bo Lind"]);
        assert_eq!(moss.date.as_ref().map(ToString::to_string).as_deref(), Some("17 May 2020"));
        assert_eq!(moss.outlet.as_deref(), Some("Harbour Review"));
        assert_eq!(moss.url.as_deref(), Some("https://doi.org/10.1000/x"));
        assert_eq!(moss.files, [std::path::PathBuf::from("papers/moss.pdf")]);
        assert_eq!((ice.title.as_deref(), ice.date_words.as_deref()), (Some("Ice"), Some("in press")));
        assert_eq!(ice.authors[0].full(), "C. Reed");
    }

    #[test]
    fn a_record_without_a_key_gets_pandocs() {
        let record = "TY  - JOUR\nAU  - Moss, Ada\nAU  - Lind, Bo\nPY  - 2020\nER  - \n";
        let library = read(&[record, record, record, "TY  - GEN\nTI  - X\nER  - \n"].concat());
        let keys: Vec<&str> = library.entries.iter().map(|entry| &*entry.key).collect();
        assert_eq!(keys, ["Moss_Lind_2020", "Moss_Lind_2020a", "Moss_Lind_2020b"]);
        assert_eq!(library.problems.len(), 1);
    }

    #[test]
    fn a_record_that_is_not_closed_costs_nothing() {
        let library = read("TY  - JOUR\nID  - a\nTY  - JOUR\nID  - b\nAU  - Moss");
        assert_eq!((library.entries.len(), library.problems.len()), (2, 1));
    }
}
