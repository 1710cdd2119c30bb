//! An archive on a real cluster beside the cluster itself: how fast documents are written, how long a search takes, and
//! whether a keystroke notices. Needs Maven and a JDK:
//!
//! ```sh
//! cargo bench --profile release --bench archive
//! ```
//!
//! Two nodes run on this machine, so everything shares its cores. `GLOSSATOR_ARCHIVE_DOCUMENTS` sets the number of
//! documents, of ten paragraphs each; the default is 100,000. What the product does is measured beside the bare requests in
//! the same run, and printed as a ratio.

#![expect(clippy::print_stdout, reason = "figures")]

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/it/client.rs"]
mod client;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/it/folder.rs"]
mod folder;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/it/archive/nodes.rs"]
mod nodes;

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use glossator::archive::{Client, Question};
use glossator::config::{Archive, Fields};
use nodes::Cluster;
use serde_json::{Value, json};

/// Size of a request of the floor, as OpenSearch advises.
const BULK: usize = 5_000_000;

/// Searches of each kind, and keystrokes.
const ROUNDS: usize = 300;

/// The keystrokes that do not count: they find the sources unread.
const FIRST: usize = 50;

fn main() {
    let documents = std::env::var("GLOSSATOR_ARCHIVE_DOCUMENTS").ok();
    let documents: usize = documents.and_then(|number| number.parse().ok()).unwrap_or(100_000);
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archive/build");
    let built = Command::new(build).status().expect("it starts");
    if !built.success() {
        println!("skipped: OpenSearch cannot be fetched or built here");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let texts = Texts::write(&folder.path().join("sources"), documents);
    let cluster = Cluster::start(2);
    let config = folder.path().join("config");
    settings(&config, &cluster.urls());
    pushing(&cluster, &config, folder.path());
    searching(&cluster, &texts);
    typing(&cluster, folder.path(), &texts);
}

fn pushing(cluster: &Cluster, config: &Path, folder: &Path) {
    let begin = Instant::now();
    let push = glossator(config, folder)
        .args(["archive", "push", "sources", "--to", "bench", "--shards", "2", "--replicas", "1"])
        .output()
        .expect("it runs");
    let ours = begin.elapsed();
    assert!(push.status.success(), "{}", String::from_utf8_lossy(&push.stderr));
    print!("{}", String::from_utf8_lossy(&push.stdout));
    // The cluster looks at its files every ten seconds.
    ask(cluster, "POST", "/bench/_flush", "");
    std::thread::sleep(Duration::from_secs(11));
    let size = ask(cluster, "GET", "/bench/_stats/store", "");
    let size = size.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64).unwrap_or(0);
    println!("the index without copies: {} MB", size / 1_000_000);

    // The very records, ready-made.
    let made = records(cluster, &folder.join("made"));
    let old = ask(cluster, "GET", "/bench/_mapping", "");
    let mapping = old.as_object().and_then(|old| old.values().next()).expect("an index")["mappings"].clone();
    let index = json!({"settings": {"number_of_shards": 2, "number_of_replicas": 1}, "mappings": mapping});
    ask(cluster, "PUT", "/floor", &index.to_string());
    let begin = Instant::now();
    let mut records = 0;
    for file in &made {
        let body = std::fs::read_to_string(file).expect("written above");
        records += body.lines().count() / 2;
        ask(cluster, "POST", "/floor/_bulk?filter_path=errors", &body);
    }
    ask(cluster, "POST", "/floor/_refresh", "");
    let floor = begin.elapsed();
    ask(cluster, "DELETE", "/floor", "");
    println!(
        "push: {records} records in {:.1} s; ready-made in {:.1} s; {:.0} % of the cluster's own rate",
        ours.as_secs_f64(),
        floor.as_secs_f64(),
        100.0 * floor.as_secs_f64() / ours.as_secs_f64()
    );
}

fn searching(cluster: &Cluster, texts: &Texts) {
    let archive = Archive {
        name: "bench".into(),
        urls: cluster.urls(),
        index: "bench".into(),
        fields: Fields::default(),
        credentials: Vec::new(),
        timeout: Duration::from_secs(60),
        search: true,
    };
    let client = Client::new(&archive);
    for (name, kind) in [("a sentence", "match"), ("a quotation", "match_phrase")] {
        let question = if kind == "match" { Question::matching } else { Question::quoting };
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let words = texts.words(round * 7 + 3, if kind == "match" { 16 } else { 12 });
            let question = question(&words).expect("enough words");
            let body = json!({
                "size": 8,
                "query": {"bool": {
                    "must": {kind: {"text": words}}, "must_not": {"term": {"kind": "document"}},
                }},
                "_source": ["document", "title", "place", "title", "text"],
            })
            .to_string();
            let asked = || {
                let begin = Instant::now();
                let found = client.answer(&question).expect("it answers");
                assert!(!found.is_empty(), "{words}");
                begin.elapsed()
            };
            let bare = || {
                let begin = Instant::now();
                let answer = ask(cluster, "POST", "/bench/_search", &body);
                assert!(answer.pointer("/hits/hits/0").is_some(), "{words}");
                begin.elapsed()
            };
            // Whoever comes second finds the pages in memory.
            if round % 2 == 0 {
                ours.push(asked());
                floor.push(bare());
            } else {
                floor.push(bare());
                ours.push(asked());
            }
        }
        let ([o50, o95], [f50, f95]) = (percentiles(ours), percentiles(floor));
        println!(
            "{name}: p50 {o50:.1} ms, p95 {o95:.1} ms; bare request p50 {f50:.1} ms, p95 {f95:.1} ms; ratio of p95 {:.2}",
            o95 / f95
        );
    }
}

/// The program, with the user's own settings in `config`.
fn glossator(config: &Path, folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_glossator"));
    program.env("XDG_CONFIG_HOME", config).env("XDG_CACHE_HOME", folder.join("cache")).current_dir(folder);
    program
}

/// A keystroke and the completion after it, with the archive as it may be.
fn typing(cluster: &Cluster, folder: &Path, texts: &Texts) {
    let desk = folder.join("desk");
    std::fs::create_dir_all(desk.join("sources")).expect("made");
    for (at, file) in texts.files.iter().take(5).enumerate() {
        std::fs::copy(file, desk.join(format!("sources/near{at}.txt"))).expect("copied");
    }
    let far = distant_server(Duration::from_millis(50));
    let slow = distant_server(Duration::from_secs(5));
    // Nothing listens there once it has been dropped.
    let dead = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a port");
    let cases = [
        ("none", None),
        ("up, on these cores", Some(cluster.urls())),
        ("up, 50 ms", Some(vec![far])),
        ("slow, 5 s", Some(vec![slow])),
        ("down", Some(vec![format!("http://{dead}")])),
        ("none again", None),
    ];
    for (name, urls) in cases {
        let config = folder.join("typing");
        settings(&config, urls.as_deref().unwrap_or_default());
        let mut server = glossator(&config, folder);
        let [half, most] = percentiles(type_on(&desk, server.arg("serve"), texts));
        println!("keystroke and completion, archive {name}: p50 {half:.2} ms, p95 {most:.2} ms");
    }
}

/// Answers every request after `delay`, with one passage: an archive whose work is done by another machine.
fn distant_server(delay: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 65_536]);
                std::thread::sleep(delay);
                let hit = json!({"_id": "17-0", "_source": {"document": "17", "title": "The winter", "text": "The port slept."}});
                let body = json!({"_shards": {"failed": 0}, "hits": {"hits": [hit]}}).to_string();
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
                let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
            });
        }
    });
    url
}

/// The median and the 95th percentile, in milliseconds.
fn percentiles(mut times: Vec<Duration>) -> [f64; 2] {
    times.sort_unstable();
    [50, 95].map(|percent| times[times.len() * percent / 100].as_secs_f64() * 1_000.0)
}

/// Writes the user's own settings.
fn settings(config: &Path, urls: &[String]) {
    let mut text = String::new();
    if !urls.is_empty() {
        write!(text, "[[archive]]\nname = \"bench\"\nindex = \"bench\"\nsearch = true\nurl = {urls:?}\n")
            .expect("a string");
    }
    let file = config.join("glossator/glossator.toml");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(file, text).expect("written");
}

/// Generated documents.
struct Texts {
    files: Vec<PathBuf>,
}

impl Texts {
    /// Writes `count` documents of ten paragraphs of eighty words, whose frequencies follow Zipf's law.
    fn write(folder: &Path, count: usize) -> Self {
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let vocabulary: Vec<String> = (0..50_000).map(|_| random.word()).collect();
        // Of rank r is 1/r: uniform in the logarithm of the rank.
        let top = (vocabulary.len() as f64).ln();
        let mut files = Vec::new();
        for number in 0..count {
            let folder = folder.join(format!("{:03}", number / 1_000));
            if number % 1_000 == 0 {
                std::fs::create_dir_all(&folder).expect("made");
            }
            let mut text = format!("Report {number}\n");
            for _ in 0..10 {
                text.push('\n');
                for at in 0..80 {
                    let rank = (random.fraction() * top).exp() as usize;
                    let word = &vocabulary[rank.min(vocabulary.len() - 1)];
                    let end = if at % 16 == 15 { ". " } else { " " };
                    text.push_str(word);
                    text.push_str(end);
                }
                text.push('\n');
            }
            let file = folder.join(format!("report{number}.txt"));
            std::fs::write(&file, text).expect("written");
            files.push(file);
        }
        Self { files }
    }

    /// `count` words, one after the other, of a sentence of some document.
    fn words(&self, seed: usize, count: usize) -> String {
        let text = std::fs::read_to_string(&self.files[seed * 7_919 % self.files.len()]).expect("written");
        let paragraph = text.split("\n\n").nth(1 + seed % 10).expect("ten of them");
        paragraph
            .split_whitespace()
            .take(count)
            .collect::<Vec<_>>()
            .join(" ")
            .trim_end_matches('.')
            .to_owned()
    }
}

/// A xorshift generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "cor", "den", "el", "fi", "gra", "hu", "in", "lo", "mer", "nu", "os", "pri", "sta", "tel",
            "vo",
        ];
        (0..2 + self.next() % 3).map(|_| SYLLABLES[(self.next() % 16) as usize]).collect()
    }
}

/// Asks the first node, as long as it may take.
fn ask(cluster: &Cluster, method: &str, path: &str, body: &str) -> Value {
    cluster.send(0, method, path, body, Duration::from_secs(120)).expect("it answers")
}

/// Writes all records of the index to files in `folder`, each the body of a bulk request.
fn records(cluster: &Cluster, folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("made");
    let (mut files, mut body) = (Vec::new(), String::new());
    let keep = |body: &mut String, files: &mut Vec<PathBuf>| {
        let file = folder.join(files.len().to_string());
        std::fs::write(&file, std::mem::take(body)).expect("written");
        files.push(file);
    };
    let query = json!({"size": 2_000, "sort": ["_doc"], "query": {"match_all": {}}}).to_string();
    let mut page = ask(cluster, "POST", "/bench/_search?scroll=5m", &query);
    loop {
        let hits = page["hits"]["hits"].as_array().expect("hits");
        if hits.is_empty() {
            break;
        }
        for hit in hits {
            writeln!(body, "{}\n{}", json!({"index": {"_id": hit["_id"]}}), hit["_source"])
                .expect("a string");
            if body.len() >= BULK {
                keep(&mut body, &mut files);
            }
        }
        let next = json!({"scroll": "5m", "scroll_id": page["_scroll_id"]}).to_string();
        page = ask(cluster, "POST", "/_search/scroll", &next);
    }
    if !body.is_empty() {
        keep(&mut body, &mut files);
    }
    files
}

/// The durations of keystrokes with the completion after each, while sentences that end in a citation are written.
fn type_on(desk: &Path, server: &mut Command, texts: &Texts) -> Vec<Duration> {
    let brief = desk.join("brief.md");
    let mut client = client::Client::of(server);
    client.initialize(desk, &["utf-16"]);
    client.notify("initialized", json!({}));
    client.open(&brief, "markdown", "");
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        // A new sentence each time, so that no answer of an earlier one serves.
        let text = format!("{}, as “{}” has it [@n", texts.words(round, 14), texts.words(round + 1, 12));
        let column = u32::try_from(text.encode_utf16().count()).expect("a short line");
        let begin = Instant::now();
        let change = json!({
            "textDocument": {"uri": client::uri(&brief), "version": round + 2}, "contentChanges": [{"text": text}],
        });
        client.notify("textDocument/didChange", change);
        let answer = client.at("completion", &brief, 0, column);
        times.push(begin.elapsed());
        assert!(round < FIRST || !answer.is_null(), "{answer}");
        std::thread::sleep(Duration::from_millis(20));
    }
    times.split_off(FIRST)
}
