//! `[[archive]]`: shared indexes on OpenSearch. Only the user's own settings may name them, so that a workspace can
//! neither add one nor move one to another host.

use std::time::Duration;

use serde_json::{Map, Value};

/// A shared archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Archive {
    /// The name that libraries and commands use: lower-case letters, digits and hyphens.
    pub name: String,
    /// The addresses of its nodes, without a slash at the end; at least one.
    pub urls: Vec<String>,
    /// The index, or the alias of one.
    pub index: String,
    /// The names of the fields in its documents.
    pub fields: Fields,
    /// The program, and its arguments, that prints the credentials; empty if they come from the environment alone.
    pub credentials: Vec<String>,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// Whether editors ask it for passages, which sends it sentences and quotations of open briefs; off unless the user
    /// switches it on.
    pub search: bool,
}

/// The names of the fields in the documents of an archive. The defaults are those of `glossator archive push`; an
/// index that another program filled has its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fields {
    /// The text: `text` in Aleph, `content` in Datashare.
    pub text: String,
    /// The title.
    pub title: String,
    /// The web address, as a keyword.
    pub url: String,
    /// The DOI, as a keyword.
    pub doi: String,
}

impl Default for Fields {
    fn default() -> Self {
        let [text, title, url, doi] = ["text", "title", "url", "doi"].map(str::to_owned);
        Self { text, title, url, doi }
    }
}

/// The default time limit: OpenSearch answers a search in milliseconds, and a distant one within a second.
const TIMEOUT: u64 = 10;

/// The longest time limit, in seconds.
const MOST_TIMEOUT: u64 = 300;

/// Longest name of an archive: it becomes the name of a folder and of a variable.
const LONGEST_NAME: usize = 40;

/// Reads `value`, the list of tables `[[archive]]`. Adds a complaint for each that is not usable, and ignores it.
pub(super) fn read(value: &Value, complaints: &mut Vec<String>) -> Vec<Archive> {
    let Some(tables) = value.as_array() else {
        complaints
            .push("`archive` must be a list of tables, each begun by [[archive]]; it was ignored.".into());
        return Vec::new();
    };
    let mut archives: Vec<Archive> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let read = table.as_object().ok_or_else(|| "it is not a table".to_owned()).and_then(one);
        let read = read.and_then(|archive| {
            let is_new = archives.iter().all(|other| other.name != archive.name);
            is_new.then_some(archive).ok_or_else(|| "another one has its name".to_owned())
        });
        match read {
            Ok(archive) => archives.push(archive),
            Err(why) => {
                let name = table.get("name").and_then(Value::as_str).unwrap_or_default();
                complaints.push(format!("The archive {} {name:?} was ignored: {why}.", at + 1));
            }
        }
    }
    archives
}

fn one(table: &Map<String, Value>) -> Result<Archive, String> {
    const KEYS: [&str; 7] = ["name", "url", "index", "fields", "credentials", "timeout", "search"];
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("`{key}` is not a setting of an archive; known settings: {}", KEYS.join(", ")));
    }
    let word = |key: &str| table.get(key).and_then(Value::as_str);
    let name = word("name").unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        return Err(format!("`name` must have 1 to {LONGEST_NAME} lower-case letters, digits and hyphens"));
    }
    let urls = match table.get("url") {
        Some(Value::String(url)) => vec![url.as_str()],
        Some(Value::Array(urls)) => urls.iter().map(|url| url.as_str().unwrap_or_default()).collect(),
        _ => Vec::new(),
    };
    if urls.is_empty() {
        return Err("`url` must be an address, such as \"https://search.example.org:9200\", or a list of the addresses of its nodes".into());
    }
    let urls = urls.into_iter().map(address).collect::<Result<_, _>>()?;
    let index = word("index").unwrap_or_default();
    // The rules of OpenSearch; a comma or a star would mean several.
    let allowed = |c: char| !c.is_uppercase() && !c.is_whitespace() && !"\\/*?\"<>|,#:".contains(c);
    if index.is_empty() || index.starts_with(['-', '_', '+', '.']) || !index.chars().all(allowed) {
        return Err("`index` must be the name of one index, such as \"newsroom\"".into());
    }
    let mut fields = Fields::default();
    if let Some(given) = table.get("fields") {
        let given = given.as_object().ok_or("`fields` must be a table, such as { text = \"content\" }")?;
        for (key, value) in given {
            let place = match key.as_str() {
                "text" => &mut fields.text,
                "title" => &mut fields.title,
                "url" => &mut fields.url,
                "doi" => &mut fields.doi,
                _ => return Err(format!("`fields.{key}` is unknown; known fields: text, title, url, doi")),
            };
            *place = value.as_str().ok_or_else(|| format!("`fields.{key}` must be a name"))?.to_owned();
        }
    }
    let credentials = match table.get("credentials") {
        None => Some(Vec::new()),
        Some(Value::Array(words)) if !words.is_empty() => {
            words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
        }
        Some(_) => None,
    };
    let credentials = credentials.ok_or(
        "`credentials` must be a program and its arguments, such as [\"pass\", \"show\", \"newsroom\"], never the credentials themselves",
    )?;
    let timeout = match table.get("timeout") {
        None => TIMEOUT,
        Some(value) => value
            .as_u64()
            .filter(|seconds| (1..=MOST_TIMEOUT).contains(seconds))
            .ok_or_else(|| format!("`timeout` must be a number of seconds from 1 to {MOST_TIMEOUT}"))?,
    };
    let search = match table.get("search") {
        // Unpublished sentences leave the machine only if the user has said so.
        None => false,
        Some(value) => value.as_bool().ok_or("`search` must be true or false")?,
    };
    let (name, index) = (name.to_owned(), index.to_owned());
    Ok(Archive { name, urls, index, fields, credentials, timeout: Duration::from_secs(timeout), search })
}

/// Checks the address of a node. Without TLS only this machine is allowed: texts and credentials would be readable
/// on the way.
fn address(url: &str) -> Result<String, String> {
    let bad = |why: &str| Err(format!("`url`: {why}"));
    let (is_safe, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return bad("an address must begin with https://"),
    };
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    if rest.contains('@') {
        return bad(
            "user and password do not belong in an address; set the variable that `glossator archive status` names",
        );
    }
    if host.is_empty()
        || rest.contains(['?', '#', '\\'])
        || rest.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return bad("not an address");
    }
    let bare = host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(bare, _)| bare);
    if !is_safe && !["localhost", "127.0.0.1", "[::1]"].contains(&bare) {
        return bad("an archive on another machine must be reached by https://");
    }
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn complaint(change: Value) -> Option<String> {
        let mut table =
            json!({"name": "newsroom", "url": "https://search.example.org:9200", "index": "news"});
        table.as_object_mut().expect("a table").extend(change.as_object().expect("a table").clone());
        let mut complaints = Vec::new();
        let archives = read(&json!([table]), &mut complaints);
        assert_eq!(archives.len() + complaints.len(), 1);
        complaints.pop()
    }

    #[test]
    fn an_archive_has_the_fields_of_a_push_unless_it_names_others() {
        let table = json!([{"name": "leaks", "url": ["https://a.example/os/", "http://127.0.0.1:9200"], "index": "ds", "fields": {"text": "content"}, "timeout": 3}]);
        let archives = read(&table, &mut Vec::new());
        assert_eq!(archives[0].urls, ["https://a.example/os", "http://127.0.0.1:9200"]);
        assert_eq!(archives[0].fields, Fields { text: "content".into(), ..Fields::default() });
        assert_eq!(archives[0].timeout, Duration::from_secs(3));
        assert!(!archives[0].search, "nothing is sent unless the user says so");
    }

    #[test]
    fn a_wrong_archive_is_named_and_ignored() {
        assert_eq!(complaint(json!({})), None);
        assert_eq!(complaint(json!({"url": "http://[::1]:9200"})), None);
        for (change, named) in [
            (json!({"url": "http://search.example.org"}), "https://"),
            (json!({"url": "http://localhost.example.org"}), "https://"),
            (json!({"url": "https://u:p@search.example.org"}), "password"),
            (json!({"url": "ftp://search.example.org"}), "https://"),
            (json!({"url": []}), "url"),
            (json!({"name": "../x"}), "name"),
            (json!({"index": "a,b"}), "index"),
            (json!({"index": "_all"}), "index"),
            (json!({"timeout": 0}), "timeout"),
            (json!({"search": "no"}), "search"),
            (json!({"credentials": "ada:secret"}), "never the credentials"),
            (json!({"credentials": []}), "never the credentials"),
            (json!({"fields": {"body": "x"}}), "fields.body"),
            (json!({"password": "x"}), "password"),
        ] {
            let complaint = complaint(change.clone());
            assert!(complaint.as_ref().is_some_and(|said| said.contains(named)), "{change} {complaint:?}");
        }
    }
}
