//! What can be asked of an archive besides its documents: passages, its state, and to forget a document.

use serde_json::{Value, json};

use super::client::{Client, segment};
use super::fault::{Fault, plain};
use super::record;
use crate::config::{Archive, Fields};

/// Longest extract of a passage that is shown, in characters: enough for a long paragraph.
pub(super) const LONGEST_EXTRACT: usize = 2_000;

/// The most passages that one request deletes.
const REMOVED: usize = 1_000;

/// The most such requests: no document has a million passages, and an archive that lies must not keep anyone.
const ROUNDS: usize = 1_000;

/// A passage of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name of the archive.
    pub archive: String,
    /// The id of its document, for the field `archive` of a library entry.
    pub document: String,
    /// The title of the document.
    pub title: Option<String>,
    /// Where in the document it is, as a locator is written; `None` if the archive does not say.
    pub place: Option<String>,
    /// Its words.
    pub text: String,
}

/// The state of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The server and its version.
    pub server: String,
    /// Its own word for its health: green, yellow or red.
    pub health: String,
    /// The number of documents; of records, in an archive that another program filled.
    pub documents: u64,
    /// The number of passages; `None` in an archive that another program filled.
    pub passages: Option<u64>,
    /// The number of nodes.
    pub nodes: u64,
}

/// Cuts the text of `passage` to what is shown.
pub(super) fn clip(passage: &mut Found) {
    if let Some((end, _)) = passage.text.char_indices().nth(LONGEST_EXTRACT) {
        passage.text.truncate(end);
    }
}

impl Client {
    /// The passages that best match `words`, best first, at most `limit`. `words` has no syntax.
    ///
    /// # Errors
    /// If the archive does not answer, or only some of its shards do.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Found>, Fault> {
        let text = &self.archive().fields.text;
        let mut found = self.passages(&json!({"match": {text: words}}), LONGEST_EXTRACT, limit)?;
        found.iter_mut().for_each(clip);
        Ok(found)
    }

    /// The passages that match `wanted`, a query in the language of OpenSearch, at most `limit`. In an index of another
    /// program a record may have the text of a whole book: then `around` characters of it, where it matches best.
    pub(super) fn passages(&self, wanted: &Value, around: usize, limit: usize) -> Result<Vec<Found>, Fault> {
        let fields = &self.archive().fields;
        // Records of documents that are too large to be stored have their text, for readers.
        let query = json!({"bool": {"must": wanted, "must_not": {"term": {"kind": "document"}}}});
        let mut body = json!({"query": query});
        let shown = ["document", "title", "place", &fields.title];
        let whole = json!([&shown[..], &[&fields.text]].concat());
        if *fields != Fields::default() {
            body["_source"] = json!(shown);
            // The default kind, `unified`, did not come to an end within a minute where each of 16,000 sentences matched.
            body["highlight"] = json!({
                "fields": {&fields.text: {}}, "type": "plain", "order": "score", "number_of_fragments": 1,
                "fragment_size": around, "no_match_size": around, "pre_tags": [""], "post_tags": [""],
            });
            match self.records(&body, limit) {
                Ok(records) => {
                    let found = records.iter().map(|record| self.found(record));
                    if let Some(found) = found.collect() {
                        return Ok(found);
                    }
                }
                Err(fault) if fault.is_passing() => return Err(fault),
                Err(_) => {}
            }
            // Not every index can show a part of every text: not of a very long one, nor of one that it has as a list.
            body.as_object_mut().and_then(|body| body.remove("highlight"));
        }
        body["_source"] = whole;
        Ok(self.records(&body, limit)?.iter().filter_map(|record| self.found(record)).collect())
    }

    /// The passage in `record`, a record of an answer.
    fn found(&self, record: &Value) -> Option<Found> {
        let Archive { name, fields, .. } = self.archive();
        let content = record.get("_source")?;
        let word = |name: &str| content.get(name).and_then(Value::as_str);
        let document = word("document").or_else(|| record.get("_id")?.as_str())?;
        let shown = record.get("highlight").and_then(|shown| shown.get(&fields.text)?.get(0)?.as_str());
        Some(Found {
            archive: name.clone(),
            document: plain(document),
            title: record::text(content, &fields.title).map(|title| plain(&title)),
            place: word("place").map(plain),
            text: shown.map(str::to_owned).or_else(|| record::text(content, &fields.text))?,
        })
    }

    /// Asks for the state of the archive.
    ///
    /// # Errors
    /// If it does not answer, or has no such index.
    pub fn status(&self) -> Result<Status, Fault> {
        let root = self.ask("GET", "/", None)?;
        let word = |value: &Value, at: &str| {
            value.pointer(at).and_then(Value::as_str).map(plain).unwrap_or_else(|| "?".to_owned())
        };
        let kind = root.pointer("/version/distribution").and_then(Value::as_str).unwrap_or("elasticsearch");
        let server = format!("{} {}", plain(kind), word(&root, "/version/number"));
        let health = self.ask("GET", "/_cluster/health", None)?;
        let count = |query: Value| -> Result<u64, Fault> {
            let body = json!({"query": query}).to_string();
            let answer = self.ask("POST", &self.path("_count"), Some(body.as_bytes()))?;
            Ok(answer.get("count").and_then(Value::as_u64).unwrap_or(0))
        };
        let own = count(json!({"term": {"kind": "document"}}))?;
        let (documents, passages) = match own {
            0 => (count(json!({"match_all": {}}))?, None),
            own => (own, Some(count(json!({"term": {"kind": "passage"}}))?)),
        };
        let nodes = health.get("number_of_nodes").and_then(Value::as_u64).unwrap_or(0);
        Ok(Status { server, health: word(&health, "/status"), documents, passages, nodes })
    }

    /// Deletes the document `id` and its passages. Returns whether it was there.
    ///
    /// # Errors
    /// If the archive does not answer, or does not allow it. The document may be gone by then; the same call again
    /// deletes the rest.
    pub fn remove(&self, id: &str) -> Result<bool, Fault> {
        let mapping = self.ask("GET", &self.path("_mapping"), None)?;
        let is_ours = mapping.as_object().is_some_and(|indexes| {
            indexes.values().all(|index| index.pointer("/mappings/_meta/glossator").is_some())
        });
        if !is_ours {
            return Err(Fault::Odd(
                "its index was made by another program, which Glossator only reads".into(),
            ));
        }
        // First the record of the document, without which it counts as absent.
        let there = match self.ask("DELETE", &self.path(&format!("_doc/{}?refresh=true", segment(id))), None)
        {
            Ok(_) => true,
            Err(Fault::Missing) => false,
            Err(fault) => return Err(fault),
        };
        for _ in 0..ROUNDS {
            if !self.remove_passages(id)? {
                return Ok(there);
            }
        }
        Err(Fault::Odd("it still has passages of the document".into()))
    }

    /// Deletes some passages of the document `id`; returns false once there are none. Many short requests rather than
    /// one `_delete_by_query`, whose answer may take longer than anyone waits.
    fn remove_passages(&self, id: &str) -> Result<bool, Fault> {
        let query = json!({"size": REMOVED, "_source": false, "query": {"bool": {"filter": [
            {"term": {"document": id}}, {"term": {"kind": "passage"}},
        ]}}});
        let found = self.ask("POST", &self.path("_search"), Some(query.to_string().as_bytes()))?;
        let hits =
            found.pointer("/hits/hits").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let lines = hits
            .iter()
            .filter_map(|hit| Some(format!("{}\n", json!({"delete": {"_id": hit.get("_id")?.as_str()?}}))));
        let body: String = lines.collect();
        if body.is_empty() {
            return Ok(false);
        }
        let answer = self.ask("POST", &self.path("_bulk?refresh=true"), Some(body.as_bytes()))?;
        // The loop must come to an end.
        match answer.get("errors") {
            Some(Value::Bool(false)) => Ok(true),
            _ => {
                Err(Fault::Odd("it did not delete all passages; the same command goes on from there".into()))
            }
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", segment(&self.archive().index))
    }
}
