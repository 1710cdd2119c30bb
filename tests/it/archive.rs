//! Shared archives: servers that lie, in `second` what an editor sees of them, and in `cluster` a real one.

mod cluster;
mod nodes;
mod second;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use glossator::archive::{Client, Fault, Wanted};
use glossator::config::{Archive, Fields};

use crate::folder::Folder;
use nodes::Running;

/// A server that sends the same bytes to everyone, and what it was asked.
struct Liar {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    count: Arc<AtomicUsize>,
}

impl Liar {
    fn new(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::serving(move |mut stream| drop(stream.write_all(&answer)))
    }

    fn serving(serve: impl Fn(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, count) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicUsize>::default());
        let (log, counter) = (asked.clone(), count.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut head = Vec::new();
                let mut reader = BufReader::new(&stream);
                while !head.ends_with(b"\r\n\r\n") {
                    if reader.read_until(b'\n', &mut head).unwrap_or(0) == 0 {
                        break;
                    }
                }
                let mut request = String::from_utf8_lossy(&head).into_owned();
                let length = request.to_lowercase().split("content-length: ").nth(1).map_or(0, |rest| {
                    rest.split_whitespace().next().and_then(|length| length.parse().ok()).unwrap_or(0)
                });
                let _ = reader.take(length).read_to_string(&mut request);
                log.lock().expect("free").push(request);
                serve(stream);
            }
        });
        Self { url, asked, count }
    }

    fn archive(&self) -> Archive {
        Archive {
            name: "newsroom".into(),
            urls: vec![self.url.clone()],
            index: "news".into(),
            fields: Fields::default(),
            credentials: Vec::new(),
            timeout: Duration::from_secs(2),
            search: true,
        }
    }

    fn fetch(&self) -> Result<Vec<u8>, Fault> {
        let client = Client::with(&self.archive(), Some("ada:secret"));
        client.fetch(&Wanted::Id("17".into())).map(|fetched| fetched.bytes)
    }
}

fn reply(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// The answer to a search that found a record with this content.
fn record(content: &str) -> String {
    format!(r#"{{"hits": {{"hits": [{{"_id": "17", "_source": {content}}}]}}}}"#)
}

#[test]
fn an_archive_that_fails_says_so_and_how() {
    for (answer, passing, named) in [
        (reply("429 Too Many Requests", ""), true, "429"),
        (reply("503 Service Unavailable", "<html>"), true, "503"),
        (reply("401 Unauthorized", "{}"), false, "credentials"),
        (reply("404 Not Found", "{}"), false, "no such"),
        (reply("200 OK", "<html>welcome</html>"), false, "JSON"),
        (reply("200 OK", &record(r#"{"body": "x"}"#)), false, "fields"),
        (reply("200 OK", "[1]"), false, "not that of a search"),
        (reply("200 OK", r#"{"hits": {"hits": []}}"#), false, "no such document"),
        (
            reply("400 Bad Request", r#"{"error": {"reason": "wrong\u001b[31m mapping"}}"#),
            false,
            "wrong[31m mapping",
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"_source\"".to_owned(), true, "reached"),
        (String::new(), true, "reached"),
    ] {
        let liar = Liar::new(answer.clone());
        let fault = liar.fetch().expect_err(&answer);
        assert_eq!(fault.is_passing(), passing, "{answer}: {fault}");
        assert!(fault.to_string().contains(named), "{answer}: {fault}");
        assert!(!format!("{fault} {fault:?}").contains("secret"));
    }
}

#[test]
fn an_honest_answer_is_taken() {
    let liar = Liar::new(reply("200 OK", &record(r#"{"text": "The port slept."}"#)));
    assert_eq!(liar.fetch(), Ok(b"The port slept.".to_vec()));
    let asked = liar.asked.lock().expect("free").concat();
    assert!(asked.starts_with("POST /news/_search "), "{asked}");
    // printf ada:secret | base64
    assert!(asked.to_lowercase().contains("authorization: basic ywrhonnly3jlda=="), "{asked}");
}

#[cfg(unix)]
#[test]
fn credentials_may_come_from_a_command_of_the_users_own_settings() {
    let liar = Liar::new(reply("200 OK", &record(r#"{"text": "The port slept."}"#)));
    let user = User::new(std::slice::from_ref(&liar.url), &[("library.bib", &library("17"))]);
    let settings = user.home.path().join("glossator/glossator.toml");
    let text = std::fs::read_to_string(&settings).expect("there");
    std::fs::write(&settings, format!("{text}credentials = ['printf', 'eve:secret']\n")).expect("written");
    let mut command = user.command(&["archive", "pull"]);
    let child =
        command.env_remove("GLOSSATOR_ARCHIVE_NEWSROOM").stdout(Stdio::null()).spawn().expect("it runs");
    assert_eq!(Running(child).code(), Some(0));
    let asked = liar.asked.lock().expect("free").concat().to_lowercase();
    // printf eve:secret | base64
    assert!(asked.contains("authorization: basic zxzlonnly3jlda=="), "{asked}");
}

#[test]
fn a_silent_archive_is_given_up() {
    let liar = Liar::serving(|mut stream| {
        // Until the other side hangs up.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    assert_eq!(liar.fetch(), Err(Fault::Slow));
}

#[test]
fn credentials_never_follow_a_redirect() {
    let other = Liar::new(reply("200 OK", &record(r#"{"text": "bait"}"#)));
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let answer = format!("HTTP/1.1 {status}\r\nLocation: {}/x\r\nContent-Length: 0\r\n\r\n", other.url);
        let fault = Liar::new(answer).fetch().expect_err(status);
        assert!(fault.to_string().contains("redirect"), "{status}: {fault}");
    }
    assert_eq!(other.count.load(Ordering::SeqCst), 0);
}

#[test]
fn a_huge_answer_is_not_read_to_its_end() {
    let liar = Liar::serving(|mut stream| {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n{\"_source\": {\"text\": \"");
        // Ends when the other side hangs up.
        while stream.write_all(&[b'a'; 65_536]).is_ok() {}
    });
    let archive = Archive { timeout: Duration::from_secs(60), ..liar.archive() };
    let fault = Client::with(&archive, None).fetch(&Wanted::Id("17".into())).expect_err("too much");
    assert!(fault.to_string().contains("64 MB"), "{fault}");
}

#[test]
fn only_whole_answers_to_a_search_count() {
    let hit = r#"{"_id": "7", "_source": {"text": "The port slept."}}"#;
    for (body, found) in [
        (format!(r#"{{"_shards": {{"failed": 0}}, "hits": {{"hits": [{hit}]}}}}"#), Some(1)),
        (format!(r#"{{"_shards": {{"failed": 1}}, "hits": {{"hits": [{hit}]}}}}"#), None),
        (format!(r#"{{"timed_out": true, "hits": {{"hits": [{hit}]}}}}"#), None),
        (r#"{"acknowledged": true}"#.to_owned(), None),
    ] {
        let liar = Liar::new(reply("200 OK", &body));
        let hits = Client::with(&liar.archive(), None).search("port", 5);
        assert_eq!(hits.ok().map(|hits| hits.len()), found, "{body}");
    }
}

/// A user with settings, a cache and a workspace.
struct User {
    home: tempfile::TempDir,
    folder: Folder,
}

impl User {
    fn new(urls: &[String], files: &[(&str, &str)]) -> Self {
        let user = Self { home: tempfile::tempdir().expect("a folder"), folder: Folder::of(files) };
        let settings = user.home.path().join("glossator");
        std::fs::create_dir_all(&settings).expect("made");
        let settings = settings.join("glossator.toml");
        let text = format!(
            "[[archive]]\nname = \"newsroom\"\nurl = {urls:?}\nindex = \"news\"\ntimeout = 5\nsearch = true\n"
        );
        std::fs::write(settings, text).expect("written");
        user
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_glossator"));
        command.args(arguments).current_dir(&self.folder.path);
        command
            .env("XDG_CONFIG_HOME", self.home.path())
            .env("XDG_CACHE_HOME", self.home.path().join("cache"));
        command.env("GLOSSATOR_ARCHIVE_NEWSROOM", "ada:secret");
        command
    }

    /// What it says, and its exit code.
    fn run(&self, arguments: &[&str]) -> (String, Option<i32>) {
        // Into a file, so that it need not be read while the program is waited for.
        let said = self.home.path().join("said");
        let out = File::create(&said).expect("made");
        let err = out.try_clone().expect("cloned");
        let mut command = self.command(arguments);
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().expect("it runs");
        let code = Running(child).code();
        (std::fs::read_to_string(said).expect("UTF-8"), code)
    }
}

const BRIEF: &str = "The harbour was calm: “the port of Vessby slept through the winter” [@halden2020].\n\n\
    It was not: “the port of Vessby burned down in a single night” [@halden2020].\n";

const SOURCE: &str = "In 1920 the port of Vessby slept through the winter, and no grain was moved.\n\n\
    Captain Halden wrote to the ministry in spring.\n";

fn library(id: &str) -> String {
    format!("@online{{halden2020,\n  title = {{The winter}},\n  archive = {{newsroom:{id}}}\n}}\n")
}

#[test]
fn quotations_from_a_document_that_is_away_are_not_called_wrong() {
    let library = library("17");
    let liar = Liar::new(reply("503 Service Unavailable", ""));
    let user = User::new(std::slice::from_ref(&liar.url), &[("brief.md", BRIEF), ("library.bib", &library)]);
    let (said, code) = user.run(&["archive", "pull", "halden2020"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("503") && said.contains("0 of 1"), "{said}");
    let (said, _) = user.run(&["check", "."]);
    assert!(!said.contains("not-found") && !said.contains("missing"), "{said}");
    let (said, _) = user.run(&["explain", "brief.md:1:70"]);
    assert!(said.contains("archive pull halden2020"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn a_document_that_was_fetched_is_checked_like_a_local_one() {
    let library = library("17");
    let text = serde_json::json!({"text": SOURCE}).to_string();
    let liar = Liar::new(reply("200 OK", &record(&text)));
    let user = User::new(std::slice::from_ref(&liar.url), &[("brief.md", BRIEF), ("library.bib", &library)]);
    let (said, code) = user.run(&["archive", "pull"]);
    assert_eq!(code, Some(0), "{said}");
    let asked = liar.count.load(Ordering::SeqCst);
    let (said, _) = user.run(&["check", "."]);
    assert_eq!(said.matches("quotation-not-found").count(), 1, "{said}");
    assert!(said.contains("brief.md:3"), "{said}");
    assert_eq!(liar.count.load(Ordering::SeqCst), asked, "a check asks no archive");
}

#[test]
fn a_workspace_cannot_draw_the_credentials_to_its_own_host() {
    let (good, bad) = (Liar::new(reply("404 Not Found", "{}")), Liar::new(reply("200 OK", "{}")));
    let settings = format!("[[archive]]\nname = \"newsroom\"\nurl = \"{}\"\nindex = \"x\"\n", bad.url);
    let library = library("17");
    let files = [("brief.md", BRIEF), ("library.bib", &*library), ("glossator.toml", &*settings)];
    let user = User::new(std::slice::from_ref(&good.url), &files);
    let (said, _) = user.run(&["archive", "pull"]);
    assert!(said.contains("only takes effect in your own settings"), "{said}");
    assert_eq!((good.count.load(Ordering::SeqCst), bad.count.load(Ordering::SeqCst)), (1, 0));
    // Nor can it introduce an archive that the user does not have.
    std::fs::write(user.home.path().join("glossator/glossator.toml"), "").expect("written");
    user.run(&["archive", "pull"]);
    assert_eq!(bad.count.load(Ordering::SeqCst), 0);
}
