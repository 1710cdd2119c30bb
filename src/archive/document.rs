//! One document of an archive: how a library names it, and how it is fetched.

use std::fmt::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::Client;
use super::fault::Fault;
use super::record;
use crate::config::{Archive, Fields};
use crate::corpus::ingest::kind::Kind;

/// Largest file that is stored in an archive as it is, in bytes. Of a larger one only the text is stored: an index
/// is no place for scans.
pub(super) const MOST_FILE: usize = 16_000_000;

/// Longest file name that is taken from an archive, in characters.
const LONGEST_NAME: usize = 80;

/// Longest id, address or DOI, in bytes: that of OpenSearch for ids.
const LONGEST_ID: usize = 512;

/// A document of an archive, as a library names it: `newsroom:ID`, `newsroom:url:ADDRESS` or `newsroom:doi:DOI`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The name of the archive.
    pub archive: String,
    /// Which of its documents.
    pub wanted: Wanted,
}

/// How a document is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// By its id; in an archive that Glossator wrote, the SHA-256 of the file in hexadecimal digits.
    Id(String),
    /// By its web address.
    Url(String),
    /// By its DOI.
    Doi(String),
}

impl Reference {
    /// Reads `written`, the field `archive` of a library entry. `None` if it does not name one of `archives`: the
    /// field is also used for the shelf marks of archives made of paper.
    #[must_use]
    pub fn read(written: &str, archives: &[Archive]) -> Option<Self> {
        let (name, rest) = written.trim().split_once(':')?;
        let archive = archives.iter().find(|archive| archive.name == name.trim())?.name.clone();
        let rest = rest.trim();
        let wanted = match (rest.strip_prefix("url:"), rest.strip_prefix("doi:")) {
            (Some(url), _) => Wanted::Url(url.trim().to_owned()),
            (_, Some(doi)) => Wanted::Doi(doi.trim().to_owned()),
            _ => Wanted::Id(rest.to_owned()),
        };
        (!rest.is_empty() && rest.len() <= LONGEST_ID).then_some(Self { archive, wanted })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id) = match &self.wanted {
            Wanted::Id(id) => ("", id),
            Wanted::Url(id) => ("url:", id),
            Wanted::Doi(id) => ("doi:", id),
        };
        write!(f, "{}:{kind}{id}", self.archive)
    }
}

/// A document as it came from an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// A plain file name, without folders, whose ending is that of a source.
    pub name: String,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

/// The id of a document: the SHA-256 of its file, in hexadecimal digits.
#[must_use]
pub fn id_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

impl Client {
    /// Fetches the document `wanted`.
    ///
    /// # Errors
    /// If the archive does not answer, has no such document, or what it sends is not that document.
    pub fn fetch(&self, wanted: &Wanted) -> Result<Fetched, Fault> {
        let fields = &self.archive().fields;
        // By value, never by pasting: a value has no syntax here. And by a search, since an index may keep the parts of
        // a document together, or consist of several.
        let (found, id) = match wanted {
            Wanted::Id(id) => (json!({"ids": {"values": [id]}}), Some(id.as_str())),
            Wanted::Url(url) => (json!({"term": {&fields.url: url}}), None),
            Wanted::Doi(doi) => (json!({"term": {&fields.doi: doi}}), None),
        };
        let query = json!({"bool": {"filter": found, "must_not": {"term": {"kind": "passage"}}}});
        let records = self.records(&json!({"query": query}), 1)?;
        let record = records.first().and_then(|record| record.get("_source"));
        read(record.ok_or(Fault::Missing)?, fields, id)
    }
}

fn no_text() -> Fault {
    Fault::Odd("the document has no text; `fields` in the settings of the archive says where it is".into())
}

/// Reads a record. If it has a file, that must be the one which its hash and `id` name.
fn read(document: &Value, fields: &Fields, id: Option<&str>) -> Result<Fetched, Fault> {
    let word = |name: &str| document.get(name).and_then(Value::as_str);
    let name = word("name").unwrap_or_default();
    if let Some(file) = word("file") {
        let bytes = STANDARD.decode(file).map_err(|_| Fault::Odd("the document is damaged".into()))?;
        let sum = id_of(&bytes);
        if word("sha256") != Some(&*sum) || id.is_some_and(|id| id != sum) {
            return Err(Fault::Odd(
                "the document is not the one that its hash names; it was not used".into(),
            ));
        }
        return Ok(Fetched { name: file_name(name, None), bytes });
    }
    let text = record::text(document, &fields.text).filter(|text| !text.trim().is_empty());
    Ok(Fetched { name: file_name(name, Some("txt")), bytes: text.ok_or_else(no_text)?.into_bytes() })
}

/// A file name made of `name`, with the given ending, or its own if that is one of a source.
fn file_name(name: &str, ending: Option<&str>) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let mut name: String = name.chars().map(plain).collect();
    if let Some((start, _)) = name.char_indices().rev().nth(LONGEST_NAME - 1) {
        name.drain(..start);
    }
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    let name = if name.is_empty() { "document" } else { name };
    match ending {
        None if Kind::is_source(name.as_ref()) => name.to_owned(),
        _ => format!("{name}.{}", ending.unwrap_or("txt")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn archives() -> Vec<Archive> {
        vec![Archive {
            name: "newsroom".into(),
            urls: vec!["http://localhost:1".into()],
            index: "news".into(),
            fields: Fields::default(),
            credentials: Vec::new(),
            timeout: Duration::from_secs(1),
            search: true,
        }]
    }

    #[test]
    fn a_reference_names_an_archive_of_the_settings() {
        let read = |written: &str| Reference::read(written, &archives()).map(|reference| reference.wanted);
        assert_eq!(read("newsroom:a:b"), Some(Wanted::Id("a:b".into())));
        assert_eq!(read(" newsroom: doi:10.1/x"), Some(Wanted::Doi("10.1/x".into())));
        assert_eq!(read("newsroom:url:https://a.example/1"), Some(Wanted::Url("https://a.example/1".into())));
        for near_miss in
            ["National Archives: FO 371/12", "newsroom", "newsroom:", "Newsroom:1", "arXiv:2101.1"]
        {
            assert_eq!(read(near_miss), None, "{near_miss}");
        }
    }

    #[test]
    fn a_file_name_from_an_archive_names_no_other_place() {
        for (name, expected) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "etc_passwd.txt"),
            (".glossator.toml", "glossator.toml.txt"),
            ("C:\\a b.md", "C__a_b.md"),
            ("", "document.txt"),
        ] {
            assert_eq!(file_name(name, None), expected);
        }
        assert!(file_name(&"é".repeat(500), None).chars().count() <= LONGEST_NAME + 4);
    }

    #[test]
    fn a_document_must_be_the_one_that_its_hash_names() {
        // `printf 'The port slept.' | sha256sum`
        let sum = "526384c6d464614ad2aa49967f22e9b6f0bbeaa7e92f605407d8718b2f5ed34f";
        let good = json!({"name": "a.txt", "sha256": sum, "file": STANDARD.encode("The port slept.")});
        let fetched = read(&good, &Fields::default(), Some(sum));
        assert_eq!(fetched.map(|fetched| fetched.bytes), Ok(b"The port slept.".to_vec()));
        let mut forged = good.clone();
        forged["file"] = json!(STANDARD.encode("The port burned."));
        assert!(read(&forged, &Fields::default(), Some(sum)).is_err());
        assert!(read(&good, &Fields::default(), Some("another")).is_err());
        let mut unhashed = good;
        unhashed["sha256"] = json!(null);
        assert!(read(&unhashed, &Fields::default(), None).is_err());
    }

    #[test]
    fn the_text_of_another_program_is_where_the_settings_say() {
        let fields = Fields { text: "body.content".into(), ..Fields::default() };
        let fetched = read(&json!({"body": {"content": "A text."}}), &fields, Some("17"));
        assert_eq!(fetched, Ok(Fetched { name: "document.txt".into(), bytes: b"A text.".to_vec() }));
        assert!(read(&json!({"text": "A text."}), &fields, Some("17")).is_err());
    }
}
