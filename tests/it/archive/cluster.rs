//! Tests on a real cluster. They need Maven and a JDK, so they are ignored; `.ci/run` runs them after
//! `tests/archive/build`.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};

use super::nodes::{Cluster, Running, until};
use super::{BRIEF, SOURCE, User, library};
use crate::folder::Folder;

/// A hundred sources in a folder, each with its own words.
fn hundred(folder: &Folder) -> PathBuf {
    for n in 0..100 {
        let paragraph = |at: u32| format!("In week {at} ship {n} left Vessby with {at} tonnes of grain.\n\n");
        folder.write(&format!("sources/report{n}.txt"), &(0..200).map(paragraph).collect::<String>());
    }
    folder.path.join("sources")
}

#[test]
#[ignore = "needs Maven and a JDK"]
fn a_document_goes_to_the_archive_and_comes_back() {
    let cluster = Cluster::start(1);
    let user = User::new(&cluster.urls(), &[("brief.md", BRIEF), ("out/halden.txt", SOURCE)]);
    let push = ["archive", "push", "out", "--to", "newsroom", "--replicas", "0"];
    let (said, code) = user.run(&push);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("1 documents with 2 passages written") && said.contains(", 0 were there"),
        "{said}"
    );
    let (said, _) = user.run(&push);
    assert!(said.contains("0 documents") && said.contains(", 1 were there"), "{said}");
    let (said, _) = user.run(&["archive", "status"]);
    assert!(
        said.contains("online: opensearch 2.19.6") && said.contains("1 documents with 2 passages"),
        "{said}"
    );
    let (said, _) = user.run(&["archive", "search", "--in", "newsroom", "captain", "ministry"]);
    assert!(said.contains("Captain Halden wrote"), "{said}");
    // Syntax of the query language has no meaning.
    let (said, code) = user.run(&["archive", "search", "--in", "newsroom", "text:* OR \"} {"]);
    assert_eq!(code, Some(0), "{said}");
    let file = std::fs::read(user.folder.path.join("out/halden.txt")).expect("there");
    let id = glossator::archive::id_of(&file);
    std::fs::remove_dir_all(user.folder.path.join("out")).expect("removed");
    user.folder.write("library.bib", &library(&id));
    let (said, code) = user.run(&["archive", "pull", "halden2020"]);
    assert_eq!(code, Some(0), "{said}");
    let (said, _) = user.run(&["check", "."]);
    assert_eq!(said.matches("quotation-not-found").count(), 1, "{said}");
    let (said, _) =
        user.run(&["archive", "push", "brief.md", "--to", "newsroom", "--anew", "--replicas", "0"]);
    assert!(said.contains("Replaced news-v1-1"), "{said}");
    let (said, code) = user.run(&["archive", "remove", &id, "--from", "newsroom"]);
    assert_eq!(code, Some(1), "it was replaced: {said}");
    let (said, code) = user.run(&["archive", "remove", "brief.md", "--from", "newsroom"]);
    assert_eq!(code, Some(0), "{said}");
    let (said, _) = user.run(&["archive", "status"]);
    assert!(said.contains("0 records"), "its passages are gone, too: {said}");
}

#[test]
#[ignore = "needs Maven and a JDK"]
fn a_node_that_is_killed_during_a_push_loses_nothing() {
    let mut cluster = Cluster::start(3);
    let user = User::new(&cluster.urls(), &[]);
    let sources = hundred(&user.folder);
    let sources = sources.to_str().expect("a name");
    let arguments = ["archive", "push", sources, "--to", "newsroom", "--shards", "3", "--replicas", "1"];
    let mut command = user.command(&arguments);
    let mut push = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs"));
    // Once passages are on their way.
    until("the first passages", || {
        // Counted is what a refresh has made visible.
        let _ = cluster.ask(0, "POST", "/news-v1-1/_refresh", None);
        let count = cluster.ask(0, "GET", "/news-v1-1/_count", None);
        count.and_then(|count| count["count"].as_u64()).is_some_and(|count| count > 0)
    });
    assert_eq!(push.0.try_wait().ok().flatten(), None, "the push is too short for this test");
    cluster.kill(1);
    assert_eq!(push.code(), Some(0));
    cluster.wait_for(2);
    let (said, _) = user.run(&["archive", "status"]);
    assert!(said.contains("2 nodes") && said.contains("100 documents with 20000 passages"), "{said}");
    cluster.restart(1);
    cluster.wait_for(3);
    let (said, _) = user.run(&arguments);
    assert!(said.contains("0 documents") && said.contains(", 100 were there"), "{said}");
    let (said, _) = user.run(&["archive", "status"]);
    assert!(said.contains("3 nodes") && said.contains("100 documents with 20000 passages"), "{said}");
}

#[test]
#[ignore = "needs Maven and a JDK"]
fn a_cluster_stops_in_the_middle_of_a_session_and_comes_back() {
    let mut cluster = Cluster::start(1);
    let user = User::new(&cluster.urls(), &[("brief.md", BRIEF), ("out/halden.txt", SOURCE)]);
    let (said, code) = user.run(&["archive", "push", "out", "--to", "newsroom", "--replicas", "0"]);
    assert_eq!(code, Some(0), "{said}");
    std::fs::remove_dir_all(user.folder.path.join("out")).expect("removed");
    cluster.kill(0);
    user.folder.write("library.bib", &library(&glossator::archive::id_of(SOURCE.as_bytes())));
    let mut server = user.command(&["serve"]);
    let mut client = crate::client::Client::of(&mut server);
    client.initialize(&user.folder.path, &["utf-8"]);
    client.notify("initialized", serde_json::json!({}));
    client.open(&user.folder.brief(), "markdown", BRIEF);
    let found = client.findings(&user.folder.brief());
    assert!(!format!("{found:?}").contains("quotation-not-found"), "{found:?}");
    cluster.restart(0);
    until("the finding", || {
        let (said, _) = user.run(&["check", "."]);
        said.contains("quotation-not-found")
    });
    // Without a keystroke, since the archive answers.
    let found = client.findings(&user.folder.brief());
    assert!(format!("{found:?}").contains("quotation-not-found"), "{found:?}");
    cluster.kill(0);
    // What was fetched is checked without the archive.
    let (said, _) = user.run(&["check", "."]);
    assert_eq!(said.matches("quotation-not-found").count(), 1, "{said}");
}

/// A user with an archive for the index `index` that another program filled.
fn reader(cluster: &Cluster, index: &str, fields: &str, id: &str) -> User {
    let user = User::new(&cluster.urls(), &[("brief.md", BRIEF), ("library.bib", &library(id))]);
    let settings = format!(
        "[[archive]]\nname = \"newsroom\"\nurl = {:?}\nindex = {index:?}\nsearch = true\nfields = {{ {fields} }}\n",
        cluster.urls()
    );
    std::fs::write(user.home.path().join("glossator/glossator.toml"), settings).expect("written");
    user
}

#[test]
#[ignore = "needs Maven and a JDK"]
fn documents_of_other_programs_are_read_by_their_own_mapping() {
    let cluster = Cluster::start(1);
    let put = |path: &str, body: Value| {
        let answer = cluster.ask(0, "PUT", path, Some(&body)).expect("an answer");
        assert!(answer.get("error").is_none(), "{answer}");
    };
    let no_copies = json!({"number_of_shards": 3, "number_of_replicas": 0});
    // As Datashare has it: the text in `content`, a document inside another one beside that, the names in it as records.
    let properties = json!({
        "content": {"type": "text", "index_options": "offsets"},
        "title": {"type": "keyword"},
        "type": {"type": "keyword"},
        "mention": {"type": "text"},
    });
    put("/local-datashare", json!({"settings": no_copies, "mappings": {"properties": properties}}));
    let outer = json!({"type": "Document", "title": "box.zip", "content": "Two letters about Vessby."});
    put("/local-datashare/_doc/outer?refresh=true", outer);
    let inner = json!({"type": "Document", "title": "winter.txt", "content": SOURCE});
    for root in ["outer", "another", "third", "fourth"] {
        // Kept where its root is, which no id tells.
        put(&format!("/local-datashare/_doc/in-{root}?routing={root}&refresh=true"), inner.clone());
    }
    put("/local-datashare/_doc/name?refresh=true", json!({"type": "NamedEntity", "mention": "Halden"}));
    // A whole book is one record; what is shown is where it matches.
    let pages = "Nothing of note was loaded at the northern quay on that day. ".repeat(8_000);
    let book =
        json!({"type": "Document", "title": "book.pdf", "content": format!("{pages}{SOURCE} {pages}")});
    put("/local-datashare/_doc/book?refresh=true", book);
    // As Aleph has it: the text as a list, searchable with all else of a record, the title in `caption`.
    let properties = json!({
        "caption": {"type": "keyword"},
        "schema": {"type": "keyword"},
        "text": {"type": "text"},
        "fingerprints": {"type": "keyword", "copy_to": "text"},
        "properties": {"type": "object", "properties": {"sourceUrl": {"type": "keyword", "copy_to": "text"}}},
    });
    let excluded = json!({"excludes": ["fingerprints"]});
    let mapping = json!({"dynamic": false, "_source": excluded, "properties": properties});
    put("/aleph-entity-pages-v1", json!({"settings": no_copies, "mappings": mapping}));
    let pages: Vec<&str> = SOURCE.split("\n\n").collect();
    let entity = json!({
        "caption": "Winter", "schema": "Pages", "text": pages, "fingerprints": ["winter"],
        "properties": {"sourceUrl": ["https://vessby.example/winter"]},
    });
    put("/aleph-entity-pages-v1/_doc/e1.abc?refresh=true", entity);

    let datashare = "text = \"content\"";
    let user = reader(&cluster, "local-datashare", datashare, "book");
    let (said, _) = user.run(&["archive", "search", "--in", "newsroom", "captain", "halden", "northern"]);
    assert!(said.contains("book.pdf") && said.contains("Captain Halden wrote"), "{said}");
    let aleph = "title = \"caption\", url = \"properties.sourceUrl\"";
    for (index, fields, id, title) in [
        ("local-datashare", datashare, "in-outer", "winter.txt"),
        ("local-datashare", datashare, "in-fourth", "winter.txt"),
        ("aleph-entity-pages-v1", aleph, "e1.abc", "Winter"),
        ("aleph-entity-pages-v1", aleph, "url:https://vessby.example/winter", "Winter"),
    ] {
        let user = reader(&cluster, index, fields, id);
        let (said, _) = user.run(&["archive", "status"]);
        assert!(said.contains("records of another program"), "{said}");
        let (said, _) = user.run(&["archive", "search", "--in", "newsroom", "captain", "ministry"]);
        assert!(said.contains(title) && said.contains("Captain Halden wrote"), "{index}: {said}");
        let (said, code) = user.run(&["archive", "pull"]);
        assert_eq!(code, Some(0), "{index} {id}: {said}");
        let (said, _) = user.run(&["check", "."]);
        assert_eq!(said.matches("quotation-not-found").count(), 1, "{index} {id}: {said}");
        // And never written.
        for arguments in [
            &["archive", "push", "brief.md", "--to", "newsroom"][..],
            &["archive", "remove", id, "--from", "newsroom"],
        ] {
            let (said, code) = user.run(arguments);
            assert!(code == Some(2) && said.contains("only reads"), "{index}: {said}");
        }
        let (said, _) = user.run(&["archive", "pull", "--again"]);
        assert!(said.contains("1 of 1 documents fetched"), "it is still there: {said}");
    }
}
