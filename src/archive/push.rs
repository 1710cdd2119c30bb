//! Writes documents to an archive.
//!
//! Glossator writes to an index of its own, `NAME-vMAPPING-N`, and readers use the alias `NAME`. A first push, and one
//! that makes everything anew, fills a new index and moves the alias when all is there. The record of a document is
//! written after its passages are, so a document that has a record is whole: a push that was broken off goes on where
//! it was, and to push a file again changes nothing.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::client::{Client, PATIENCE, pause, segment};
use super::document::{MOST_FILE, id_of};
use super::fault::{Fault, plain};
use crate::corpus::source::SourceText;

/// The version of the mapping. Raise it with every change: a push then makes a new index.
const MAPPING: u32 = 1;

/// Size of a bulk request from which it is sent, in bytes. OpenSearch advises 5 to 15 MB; a smaller one keeps a node
/// with little memory out of trouble.
const BULK: usize = 4_000_000;

/// The shape of a new index.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The number of shards.
    pub shards: u16,
    /// The number of copies of each shard, on other nodes.
    pub replicas: u16,
}

/// A document on its way to an archive.
#[derive(Debug)]
pub struct Parcel {
    /// Its id: the SHA-256 of the file.
    pub id: String,
    /// The name of its file.
    pub name: String,
    passages: Vec<Record>,
    document: Record,
}

#[derive(Debug)]
struct Record {
    /// The id of the document.
    document: String,
    /// Two lines: what to do, and the record.
    lines: String,
}

impl Parcel {
    /// The document in the file `name` with content `bytes`, which was read as `source`.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8], source: &SourceText) -> Self {
        let id = id_of(bytes);
        let record = |own: &str, record: &Value| Record {
            document: id.clone(),
            lines: format!("{}\n{record}\n", json!({"index": {"_id": own}})),
        };
        // One without a title is known by the name of its file.
        let title = source.title().or(source.metadata.title.as_deref()).unwrap_or(name);
        let passages = source.passages.iter().enumerate();
        let passages = passages.map(|(at, passage)| {
            let place = source.locus(passage).map(|locus| locus.to_string());
            record(
                &format!("{id}-{at}"),
                &json!({
                    "kind": "passage", "document": id, "at": at, "place": place, "title": title,
                    "text": source.words(passage),
                }),
            )
        });
        let passages: Vec<Record> = passages.collect();
        let url = source.metadata.url.as_deref();
        let doi = url.and_then(|url| url.split_once("doi.org/")).map(|(_, doi)| doi);
        let mut known = json!({
            "kind": "document", "sha256": id, "name": name, "title": title, "url": url, "doi": doi,
            "authors": source.metadata.authors, "language": source.language, "passages": passages.len(),
        });
        match bytes.len() <= MOST_FILE {
            true => known["file"] = json!(STANDARD.encode(bytes)),
            false => known["text"] = json!(source.text.as_str()),
        }
        let document = record(&id, &known);
        Self { id, name: name.to_owned(), passages, document }
    }
}

/// What became of parcels.
#[derive(Debug, Default)]
pub struct Pushed {
    /// The number of documents that are in the archive now.
    pub documents: usize,
    /// The number of their passages.
    pub passages: usize,
    /// The documents that the archive does not take, by id, and why.
    pub refused: BTreeMap<String, String>,
}

/// How far a push has got.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Files that are done.
    pub done: usize,
    /// All files.
    pub total: usize,
}

/// A push that has begun.
#[derive(Debug)]
pub struct Push<'a> {
    client: &'a Client,
    /// The index that is written.
    index: String,
    /// The index or indexes that readers use until this is done.
    old: Vec<String>,
}

impl<'a> Push<'a> {
    /// Begins to write to the archive: to its index, or to a new one of this `shape` if it has none, if its mapping
    /// is that of another version, or if `anew`.
    ///
    /// # Errors
    /// If the archive does not answer, or its index was made by another program.
    pub fn begin(client: &'a Client, shape: Shape, anew: bool) -> Result<Self, Fault> {
        let name = &client.archive().index;
        let get = |path: String| match client.ask_patiently("GET", &path, None) {
            Err(Fault::Missing) => Ok(Value::Null),
            answer => answer,
        };
        let keys = |value: Value| -> Vec<String> {
            value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
        };
        let current = keys(get(format!("/{}/_alias", segment(name)))?);
        if current.contains(name) {
            return Err(Fault::Odd(format!(
                "{name} is an index of another program, which Glossator only reads; name another `index` for documents of your own"
            )));
        }
        let stem = format!("{name}-v{MAPPING}-");
        let all = keys(get(format!("/{}*/_alias", segment(&stem)))?);
        let number = |index: &String| index.strip_prefix(&stem)?.parse::<u32>().ok();
        let newest = all.iter().filter_map(number).max();
        // One that no reader uses was left by a push that was broken off.
        let unfinished = newest.map(|n| format!("{stem}{n}")).filter(|index| !current.contains(index));
        let used = current.iter().find(|index| index.starts_with(&stem)).filter(|_| !anew);
        if let Some(index) = used.cloned().or(unfinished) {
            return Ok(Self { client, index, old: current });
        }
        let index = format!("{stem}{}", newest.unwrap_or(0) + 1);
        let body = mapping(shape).to_string();
        match client.ask_patiently("PUT", &format!("/{}", segment(&index)), Some(body.as_bytes())) {
            // The answer to an earlier try was lost.
            Err(Fault::Odd(why)) if why.contains("already exists") => {}
            answer => drop(answer?),
        }
        Ok(Self { client, index, old: current })
    }

    /// Those of `ids` that are in the archive already.
    ///
    /// # Errors
    /// If the archive does not answer.
    pub fn present(&self, ids: &[String]) -> Result<HashSet<String>, Fault> {
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let path = format!("/{}/_mget?_source=false", segment(&self.index));
        let body = json!({"ids": ids}).to_string();
        let answer = self.client.ask_patiently("POST", &path, Some(body.as_bytes()))?;
        let documents = answer.get("docs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let found = documents.iter().filter(|one| one.get("found") == Some(&Value::Bool(true)));
        Ok(found.filter_map(|one| one.get("_id")?.as_str().map(str::to_owned)).collect())
    }

    /// Writes `parcels`: first all passages, then the records of the documents.
    ///
    /// # Errors
    /// If the archive does not answer for two minutes, or refuses the request. What it took stays.
    pub fn send(&self, parcels: Vec<Parcel>) -> Result<Pushed, Fault> {
        let mut pushed = Pushed::default();
        let (mut passages, mut documents) = (Vec::new(), Vec::new());
        for parcel in parcels {
            pushed.passages += parcel.passages.len();
            passages.extend(parcel.passages);
            documents.push(parcel.document);
        }
        self.write(passages, &mut pushed.refused)?;
        documents.retain(|record| !pushed.refused.contains_key(&record.document));
        let count = documents.len();
        let before = pushed.refused.len();
        self.write(documents, &mut pushed.refused)?;
        pushed.documents = count - (pushed.refused.len() - before);
        Ok(pushed)
    }

    fn write(&self, records: Vec<Record>, refused: &mut BTreeMap<String, String>) -> Result<(), Fault> {
        let mut batch = Vec::new();
        let mut size = 0;
        for record in records {
            size += record.lines.len();
            batch.push(record);
            if size >= BULK {
                self.bulk(std::mem::take(&mut batch), refused)?;
                size = 0;
            }
        }
        self.bulk(batch, refused)
    }

    /// Writes `batch` with one request, and again what the archive was too busy for.
    fn bulk(&self, mut batch: Vec<Record>, refused: &mut BTreeMap<String, String>) -> Result<(), Fault> {
        let path = format!("/{}/_bulk?filter_path=items.*.status,items.*.error.reason", segment(&self.index));
        let (mut tries, mut progress) = (0, Instant::now());
        while !batch.is_empty() {
            let body: String = batch.iter().map(|record| record.lines.as_str()).collect();
            let fault = match self.client.ask("POST", &path, Some(body.as_bytes())) {
                Ok(answer) => {
                    let before = batch.len();
                    let fault = sort_out(&answer, &mut batch, refused);
                    if batch.len() < before {
                        (tries, progress) = (0, Instant::now());
                    }
                    fault
                }
                Err(fault) if fault.is_passing() => Some(fault),
                Err(fault) => return Err(fault),
            };
            if let Some(fault) = fault {
                if progress.elapsed() > PATIENCE {
                    return Err(fault);
                }
                std::thread::sleep(pause(tries));
                tries += 1;
            }
        }
        Ok(())
    }

    /// Makes what was written visible, and moves the alias to it. Returns the indexes that were replaced and deleted.
    ///
    /// # Errors
    /// If the archive does not answer.
    pub fn finish(self) -> Result<Vec<String>, Fault> {
        let ask =
            |method: &str, path: &str, body: Option<&[u8]>| self.client.ask_patiently(method, path, body);
        ask("POST", &format!("/{}/_refresh", segment(&self.index)), None)?;
        if self.old.contains(&self.index) {
            return Ok(Vec::new());
        }
        let alias = &self.client.archive().index;
        let mut actions = vec![json!({"add": {"index": self.index, "alias": alias}})];
        actions.extend(self.old.iter().map(|old| json!({"remove": {"index": old, "alias": alias}})));
        ask("POST", "/_aliases", Some(json!({"actions": actions}).to_string().as_bytes()))?;
        for old in &self.old {
            match ask("DELETE", &format!("/{}", segment(old)), None) {
                Ok(_) | Err(Fault::Missing) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(self.old)
    }
}

/// Takes out of `batch` what the archive wrote or refused, by its `answer`. Returns a fault if anything is left.
fn sort_out(
    answer: &Value,
    batch: &mut Vec<Record>,
    refused: &mut BTreeMap<String, String>,
) -> Option<Fault> {
    let items = answer.get("items").and_then(Value::as_array).filter(|items| items.len() == batch.len());
    let Some(items) = items else {
        return Some(Fault::Unreachable("it answered only a part of what was sent".into()));
    };
    let mut items = items.iter().map(|item| item.get("index").unwrap_or(&Value::Null));
    let mut fault = None;
    batch.retain(|record| {
        let item = items.next().unwrap_or(&Value::Null);
        match item.get("status").and_then(Value::as_u64) {
            Some(200..=299) => false,
            Some(status @ 400..=499) if status != 429 => {
                let reason = item.pointer("/error/reason").and_then(Value::as_str);
                refused.insert(record.document.clone(), plain(reason.unwrap_or("no reason given")));
                false
            }
            status => {
                fault = Some(Fault::Busy(status.and_then(|status| status.try_into().ok()).unwrap_or(503)));
                true
            }
        }
    });
    fault
}

/// The settings and mapping of a new index.
fn mapping(shape: Shape) -> Value {
    let stored = json!({"type": "keyword", "index": false, "doc_values": false});
    json!({
        "settings": {"number_of_shards": shape.shards, "number_of_replicas": shape.replicas},
        "mappings": {
            "dynamic": false,
            "_meta": {"glossator": MAPPING},
            "properties": {
                "kind": {"type": "keyword"},
                "document": {"type": "keyword"},
                "sha256": {"type": "keyword"},
                "url": {"type": "keyword", "ignore_above": 2048},
                "doi": {"type": "keyword", "ignore_above": 512},
                "title": {"type": "text"},
                "text": {"type": "text"},
                "at": {"type": "integer"},
                "place": stored,
                "name": stored,
                "file": {"type": "binary"},
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(count: usize) -> Vec<Record> {
        (0..count).map(|n| Record { document: format!("d{n}"), lines: String::new() }).collect()
    }

    #[test]
    fn only_what_the_archive_was_too_busy_for_is_sent_again() {
        let (mut batch, mut refused) = (records(4), BTreeMap::new());
        let answer = json!({"items": [
            {"index": {"status": 201}},
            {"index": {"status": 429}},
            {"index": {"status": 400, "error": {"reason": "no such field"}}},
            {"index": {"status": 200}},
        ]});
        assert_eq!(sort_out(&answer, &mut batch, &mut refused), Some(Fault::Busy(429)));
        assert_eq!(batch.iter().map(|record| &*record.document).collect::<Vec<_>>(), ["d1"]);
        assert_eq!(refused, BTreeMap::from([("d2".to_owned(), "no such field".to_owned())]));
    }

    #[test]
    fn an_answer_with_less_than_was_sent_confirms_nothing() {
        for answer in [json!({"items": [{"index": {"status": 201}}]}), json!({}), json!([])] {
            let (mut batch, mut refused) = (records(2), BTreeMap::new());
            assert!(sort_out(&answer, &mut batch, &mut refused).is_some_and(|fault| fault.is_passing()));
            assert_eq!((batch.len(), refused.len()), (2, 0), "{answer}");
        }
    }
}
