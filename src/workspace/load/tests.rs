use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;
use crate::corpus::source::{TextState, key_of_file_name};

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders can be made");
    std::fs::write(&path, text).expect("files can be written");
    path
}

fn load(loader: &mut Loader) -> Loaded {
    loader.load(&|_| {})
}

fn keys(loaded: &Loaded) -> Vec<String> {
    loaded.corpus.sources().iter().map(|source| source.key.to_string()).collect()
}

#[test]
fn a_file_without_an_entry_gets_a_key_from_its_name() {
    for (stem, key) in [
        ("press release (draft)", "press_release__draft_"),
        ("harbour-report.v2", "harbour-report.v2"),
        ("-x-", "_x_"),
        ("порт", "порт"),
        ("e\u{301}te\u{301}", "été"),
        ("", "_"),
    ] {
        assert_eq!(key_of_file_name(stem), key);
    }
}

#[test]
fn sources_and_library_are_found_without_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "refs.bib", "@online{moss2020, title={On Harbours}, file={texts/moss.txt}}\n");
    write(folder.path(), "texts/moss.txt", "Harbours silt up.\n\nNobody dredges them.\n");
    write(folder.path(), "sources/tide tables.txt", "The tide was late.\n");
    write(folder.path(), "brief.md", "See [@moss2020].\n");
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    assert_eq!(keys(&loaded), ["moss2020", "tide_tables"]);
    assert!(loaded.corpus.sources().iter().all(|source| source.text().is_some()));
    assert_eq!(loaded.briefs.len(), 1);
    assert_eq!(loaded.notices, []);
}

#[test]
fn the_clients_settings_win_over_the_file_and_wrong_keys_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "glossator.toml", "[briefs]\ninclude = [\"drafts/*.md\"]\n[corpus]\nroot = 3\n");
    write(folder.path(), "drafts/a.md", "a");
    write(folder.path(), "b.md", "b");
    let mut loader = Loader::new(folder.path().to_path_buf());
    let loaded = load(&mut loader);
    assert_eq!(loaded.briefs.len(), 1);
    assert_eq!(loaded.notices.len(), 1);
    assert!(loaded.notices[0].path.ends_with("glossator.toml"));
    assert!(loaded.notices[0].message.contains("`corpus.root`"));
    loader.set_client_settings(json!({"briefs": {"include": ["*.md"]}}));
    let briefs = load(&mut loader).briefs;
    let names: Vec<_> =
        briefs.keys().map(|file| file.path().file_name().expect("a name").to_owned()).collect();
    assert_eq!(names, ["b.md"]);
}

#[test]
fn broken_settings_are_named_with_their_line() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "glossator.toml", "[corpus]\nroots = [\n");
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    assert!(loaded.notices[0].message.contains("is not TOML"), "{:?}", loaded.notices);
}

#[test]
fn a_half_written_library_keeps_the_last_good_entries() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = "@online{moss2020, title={On Harbours}}\n\n@online{reed2021, title={On Tides}}\n\n@online{fenn2022, title={On Piers}}\n";
    write(folder.path(), "refs.bib", whole);
    let mut loader = Loader::new(folder.path().to_path_buf());
    assert_eq!(keys(&load(&mut loader)).len(), 3);
    write(folder.path(), "refs.bib", "@online{moss2020, title={On Harbours}}\n\n@online{reed2021, ti");
    assert_eq!(keys(&load(&mut loader)), ["fenn2022", "moss2020", "reed2021"]);
    // Fixed without the third entry, which is now really gone.
    write(
        folder.path(),
        "refs.bib",
        "@online{moss2020, title={On Harbours}}\n\n@online{reed2021, title={On Tides}}\n",
    );
    assert_eq!(keys(&load(&mut loader)), ["moss2020", "reed2021"]);
}

#[test]
fn a_library_that_breaks_off_without_a_fault_keeps_the_last_good_entries() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = "moss2020:\n  title: On Harbours\nreed2021:\n  title: On Tides\n";
    for (half, kept) in [
        ("", 2),
        ("moss2020:\n  title: On Har", 2),
        // The last entry was removed on purpose.
        ("moss2020:\n  title: On Harbours\n", 1),
        ("moss2020:\n  title: On Harbours", 1),
        ("moss2020:\n  title: On Piers", 1),
    ] {
        let mut loader = Loader::new(folder.path().to_path_buf());
        write(folder.path(), "references.yaml", whole);
        assert_eq!(keys(&load(&mut loader)).len(), 2);
        write(folder.path(), "references.yaml", half);
        assert_eq!(keys(&load(&mut loader)).len(), kept, "{half:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "glossator.toml", "[corpus]\nroots = [\"texts\", \"../elsewhere\", \"nowhere\"]\n");
    write(folder.path(), "texts/good.txt", "The ferry left at nine, as it always did on weekdays.\n");
    write(folder.path(), "texts/binary.txt", "a\0b\0c");
    let large = std::fs::File::create(folder.path().join("texts/large.txt")).expect("a file");
    large.set_len(50_000_000).expect("a sparse file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("texts"), folder.path().join("texts/loop"))
        .expect("a link");
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    assert_eq!(keys(&loaded), ["good"]);
    let named = |part: &str| {
        loaded
            .notices
            .iter()
            .any(|notice| format!("{} {}", notice.path.display(), notice.message).contains(part))
    };
    for part in [
        "binary.txt",
        "large.txt Not read: it has 50 MB",
        "../elsewhere is ignored: it is outside",
        "nowhere",
    ] {
        assert!(named(part), "{part}: {:#?}", loaded.notices);
    }
    #[cfg(unix)]
    assert!(named("loop"), "{:#?}", loaded.notices);
}

#[test]
fn an_open_buffer_shadows_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "sources/log.txt", "The keeper saw a light.\n");
    let mut loader = Loader::new(folder.path().to_path_buf());
    load(&mut loader);
    let shadow = [(FileId::new(path), Text::new("The keeper saw two lights.\n"))].into_iter().collect();
    loader.set_shadows(shadow);
    let text = |loaded: &Loaded| loaded.corpus.sources()[0].text().expect("a text").text.as_str().to_owned();
    assert_eq!(text(&load(&mut loader)), "The keeper saw two lights.\n");
    loader.set_shadows(BTreeMap::new());
    assert_eq!(text(&load(&mut loader)), "The keeper saw a light.\n");
}

#[test]
fn an_entry_whose_file_is_missing_stays_citable() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "refs.bib", "@online{moss2020, title={On Harbours}, file={moss.txt}}\n");
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    assert_eq!(keys(&loaded), ["moss2020"]);
    assert!(
        matches!(&loaded.corpus.sources()[0].document, TextState::Missing { why, .. } if why.contains("no such file"))
    );
}

#[test]
fn a_library_that_a_brief_names_is_read() {
    let entry =
        |key: &str| format!("[{{\"id\": \"{key}\", \"type\": \"book\", \"title\": \"On Harbours\"}}]");
    for (front, expected) in [
        ("---\nbibliography: ../refs/cited.json\n---\n", &["moss2020"][..]),
        (
            "---\r\ntitle: x\r\nbibliography: [../refs/cited.json, more.json]\r\n...\r\n",
            &["moss2020", "reed2021"],
        ),
        ("---\nbibliography:\n  - more.json\n---\n", &["reed2021"]),
        // Near misses: no front matter, unclosed front matter, another field, no YAML, no path.
        ("\n---\nbibliography: more.json\n---\n", &[]),
        ("---\nbibliography: more.json\n", &[]),
        ("---\nnotes:\n  bibliography: more.json\n---\n", &[]),
        ("---\nbibliography: [more.json\n---\n", &[]),
        ("---\nbibliography: 3\n---\n", &[]),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "refs/cited.json", &entry("moss2020"));
        write(folder.path(), "notes/more.json", &entry("reed2021"));
        write(folder.path(), "notes/brief.md", front);
        let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
        assert_eq!(keys(&loaded), expected, "{front}");
        assert_eq!(loaded.notices, [], "{front}");
    }
}

#[test]
fn a_brief_names_libraries_only_where_no_setting_does_and_inside_the_workspace() {
    let folder = tempfile::tempdir().expect("a folder");
    let outside = "---\nbibliography: ../elsewhere.json\n---\n";
    write(folder.path(), "brief.md", outside);
    let mut loader = Loader::new(folder.path().to_path_buf());
    let loaded = load(&mut loader);
    assert_eq!(loaded.notices.len(), 1, "{:?}", loaded.notices);
    assert!(loaded.notices[0].message.contains("outside the workspace"), "{:?}", loaded.notices);
    write(folder.path(), "refs.bib", "@online{fenn2022, title={On Piers}}\n");
    loader.set_client_settings(json!({"corpus": {"library": ["refs.bib"]}}));
    let loaded = load(&mut loader);
    assert_eq!(keys(&loaded), ["fenn2022"]);
    assert_eq!(loaded.notices, []);
}

#[test]
fn notes_are_read_beside_the_briefs_that_the_settings_name() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "glossator.toml",
        "[briefs]\ninclude = [\"briefs/*.md\"]\n[corpus]\nroots = [\"texts\"]\n",
    );
    for name in [
        "briefs/a.md",
        "notes/b.md",
        "work/Notes/2021/c.md",
        "d.md",
        "notes.md",
        "notes/e.txt",
        "texts/notes/f.md",
    ] {
        write(folder.path(), name, "Harbours silt up.\n\nNobody dredges them.\n");
    }
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    let root = folder.path();
    let names: Vec<_> = loaded.briefs.keys().filter_map(|file| file.path().strip_prefix(root).ok()).collect();
    assert_eq!(names, ["briefs/a.md", "notes/b.md", "work/Notes/2021/c.md"].map(Path::new));
    assert_eq!(keys(&loaded), ["f"]);
}

#[test]
fn the_alias_file_is_found_or_named_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "sources/log.txt",
        "The keeper saw Halden. Near Hallden it rained, and in Halden too.\n",
    );
    let entity = "[[entity]]\nname = \"Halden\"\naliases = [\"Hallden\"]\n";
    write(folder.path(), "entities.toml", entity);
    let mut loader = Loader::new(folder.path().to_path_buf());
    let mentions = |loaded: &Loaded| -> Vec<(String, u32)> {
        loaded.entities.all().iter().map(|one| (one.name.to_string(), one.mentions)).collect()
    };
    let joined = [("Halden".to_owned(), 3)];
    let loaded = load(&mut loader);
    assert_eq!((mentions(&loaded), loaded.notices), (joined.to_vec(), vec![]));
    // Broken: the last good version counts.
    write(folder.path(), "entities.toml", "[[entity]\n");
    let loaded = load(&mut loader);
    assert_eq!(mentions(&loaded), joined);
    assert!(loaded.notices[0].path.ends_with("entities.toml"), "{:?}", loaded.notices);
    assert!(loaded.notices[0].message.starts_with("Line 1: This is not TOML"), "{:?}", loaded.notices);
    // Gone: nothing is listed.
    std::fs::remove_file(folder.path().join("entities.toml")).expect("removed");
    let loaded = load(&mut loader);
    assert_eq!((mentions(&loaded).len(), loaded.notices), (2, vec![]));
    // Another place, named by a setting.
    write(folder.path(), "names/all.toml", &format!("{entity}kid = \"place\"\n"));
    loader.set_client_settings(json!({"corpus": {"entities": "names/all.toml"}}));
    let loaded = load(&mut loader);
    assert_eq!(mentions(&loaded), joined);
    assert!(
        loaded.notices[0].message.starts_with("Line 4: Unknown key `kid` in an entity"),
        "{:?}",
        loaded.notices
    );
    for (setting, told) in [("nowhere.toml", "no such file"), ("../all.toml", "outside the workspace")] {
        loader.set_client_settings(json!({"corpus": {"entities": setting}}));
        let loaded = load(&mut loader);
        assert!(loaded.notices[0].message.contains(told), "{:?}", loaded.notices);
    }
}

#[test]
fn a_source_that_is_saved_changes_its_mentions_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "sources/a.txt", "They sailed from Halden to Oslo.\n");
    write(folder.path(), "sources/b.txt", "It rained in Halden.\n");
    let mut loader = Loader::new(folder.path().to_path_buf());
    let mentions = |loaded: &Loaded| -> Vec<(String, u32)> {
        loaded.entities.all().iter().map(|one| (one.name.to_string(), one.mentions)).collect()
    };
    let both = |halden: u32| vec![("Halden".to_owned(), halden), ("Oslo".to_owned(), 1)];
    assert_eq!(mentions(&load(&mut loader)), both(2));
    write(folder.path(), "sources/b.txt", "It rained in Halden, and in all of Halden.\n");
    assert_eq!(mentions(&load(&mut loader)), both(3));
    std::fs::remove_file(folder.path().join("sources/b.txt")).expect("removed");
    assert_eq!(mentions(&load(&mut loader)), both(1));
}

#[test]
fn broken_settings_of_every_kind_leave_the_built_in_ones_in_force() {
    for (settings, told) in [
        (&b"a = 1\na = 2\n"[..], "Line 2 is not TOML"),
        (b"\0\0", "Cannot read the settings: this looks like a binary file"),
        (b"roots = [\"texts\"]\n", "`roots` belongs in the section [corpus]"),
        (b"[briefs]\ninclude = [\"[a\"]\n", "`[a` is not a glob"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("glossator.toml"), settings).expect("written");
        write(folder.path(), "sources/log.txt", "The keeper saw a light.\n");
        write(folder.path(), "brief.md", "See [@log].\n");
        let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
        assert_eq!((keys(&loaded), loaded.briefs.len()), (vec!["log".to_owned()], 1));
        assert!(
            loaded.notices.len() == 1 && loaded.notices[0].message.contains(told),
            "{:?}",
            loaded.notices
        );
    }
    // A byte order mark and Windows line ends are fine.
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "glossator.toml", "\u{feff}[corpus]\r\nroots = [\"texts\"]\r\n");
    write(folder.path(), "texts/log.txt", "The keeper saw a light.\n");
    let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
    assert_eq!((keys(&loaded), loaded.notices), (vec!["log".to_owned()], vec![]));
}

/// Reading a pipe would wait for ever for somebody to write to it.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_never_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "sources/good.txt", "The ferry left at nine, as it always did.\n");
    write(root, "refs.bib", "@online{moss2020, title={On Harbours}, file={/dev/zero}}\n");
    std::fs::create_dir_all(root.join("sources/folder.md")).expect("a folder");
    std::fs::create_dir_all(root.join("folder.bib")).expect("a folder");
    for name in ["sources/socket.txt", "brief.md", "more.bib"] {
        drop(std::os::unix::net::UnixListener::bind(root.join(name)).expect("a socket"));
    }
    let loaded = load(&mut Loader::new(root.to_path_buf()));
    assert_eq!(keys(&loaded), ["good", "moss2020"]);
    let told: Vec<_> =
        loaded.notices.iter().filter(|notice| notice.message.contains("a pipe, a socket")).collect();
    assert_eq!(told.len(), 3, "{:?}", loaded.notices);
    assert!(read_text(&root.join("brief.md")).is_err_and(|why| why.contains("a pipe, a socket")));
    // The settings too.
    drop(std::os::unix::net::UnixListener::bind(root.join("glossator.toml")).expect("a socket"));
    let loaded = load(&mut Loader::new(root.to_path_buf()));
    let settings = loaded.notices.iter().find(|notice| notice.path.ends_with("glossator.toml"));
    assert!(settings.is_some_and(|notice| notice.message.contains("a pipe")), "{:?}", loaded.notices);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_workspace_is_named_and_not_followed() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    write(elsewhere.path(), "far.txt", "Nobody put this here.\n");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "texts/near.txt", "The ferry left at nine, as it always did.\n");
    let link = |to: &Path, from: &str| std::os::unix::fs::symlink(to, root.join(from)).expect("a link");
    write(root, "sources/good.txt", "The ferry came back at ten.\n");
    link(elsewhere.path(), "sources/out");
    link(&elsewhere.path().join("far.txt"), "sources/far.txt");
    link(&root.join("nowhere.txt"), "sources/lost.txt");
    // A link that stays inside is followed.
    link(&root.join("texts"), "sources/inside");
    let loaded = load(&mut Loader::new(root.to_path_buf()));
    assert_eq!(keys(&loaded), ["good", "near"]);
    let told = |name: &str, what: &str| {
        loaded.notices.iter().any(|notice| notice.path.ends_with(name) && notice.message.contains(what))
    };
    assert!(
        told("sources/out", "is outside") && told("sources/far.txt", "is outside"),
        "{:?}",
        loaded.notices
    );
    assert!(told("sources/lost.txt", "link is broken"), "{:?}", loaded.notices);
    // And so is a link that is itself the sources folder, if the user allows it.
    std::fs::remove_dir_all(root.join("sources")).expect("removed");
    link(elsewhere.path(), "sources");
    let mut loader = Loader::new(root.to_path_buf());
    let loaded = load(&mut loader);
    assert_eq!((keys(&loaded), loaded.notices.len()), (vec![], 1));
    loader.set_own_settings(json!({"corpus": {"outside": [elsewhere.path()]}}), json!(null));
    let loaded = load(&mut loader);
    assert_eq!((keys(&loaded), loaded.notices), (vec!["far".to_owned()], vec![]));
}

#[test]
fn nothing_of_a_workspace_names_what_lies_outside_of_it() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let far = write(elsewhere.path(), "far.txt", "Nobody put this here, in the spring or later.\n");
    let bib = write(elsewhere.path(), "far.bib", "@misc{far2020}\n");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let entry = |file: &str| format!("@misc{{k, file = {{{file}}}}}\n");
    let settings = |key: &str, path: &Path| format!("[corpus]\n{key} = [{:?}]\n", path.display().to_string());
    let cases = [
        ("refs.bib", entry(&far.display().to_string())),
        ("refs.bib", entry(&format!("file://{}", far.display()))),
        ("refs.bib", entry("../far.txt")),
        ("glossator.toml", settings("roots", elsewhere.path())),
        ("glossator.toml", settings("library", &bib)),
        ("glossator.toml", format!("{}outside = [\"/\"]\n", settings("roots", &far))),
        ("brief.md", format!("---\nbibliography: {}\n---\n", bib.display())),
    ];
    for (name, text) in &cases {
        let file = write(root, name, text);
        let loaded = load(&mut Loader::new(root.to_path_buf()));
        assert!(loaded.corpus.sources().iter().all(|source| source.text().is_none()), "{name}: {text}");
        assert!(!keys(&loaded).contains(&"far2020".to_owned()), "{name}: {text}");
        assert!(
            loaded.notices.iter().any(|notice| notice.message.contains("outside the workspace")),
            "{text}"
        );
        // The editor's settings may come from the workspace.
        let mut loader = Loader::new(root.to_path_buf());
        loader.set_client_settings(json!({"corpus": {"outside": [elsewhere.path()]}}));
        assert!(load(&mut loader).corpus.sources().iter().all(|source| source.text().is_none()), "{text}");
        if !text.contains("../far.txt") {
            loader.set_own_settings(json!(null), json!({"corpus": {"outside": [elsewhere.path()]}}));
            let loaded = load(&mut loader);
            let read = loaded.corpus.sources().iter().any(|source| source.text().is_some());
            assert!(read || keys(&loaded).contains(&"far2020".to_owned()), "{text}: {:?}", loaded.notices);
        }
        std::fs::remove_file(file).expect("removed");
    }
}

#[test]
fn a_style_outside_is_not_looked_at_unless_the_user_allows_it() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let there = write(elsewhere.path(), "house.csl", "<style/>");
    let [gone, usual] = ["gone.csl", "apa.csl"].map(|name| elsewhere.path().join(name));
    for style in [&there, &gone, &usual] {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "brief.md", &format!("---\ncsl: {}\n---\n", style.display()));
        let loaded = load(&mut Loader::new(folder.path().to_path_buf()));
        let found = loaded.styles.get(style).map(|style| style.as_ref().expect_err("it is not read"));
        let told = found.is_some_and(|why| why.contains("outside the workspace"));
        // The same for a file that exists and one that does not, so nobody can tell which.
        assert_eq!(told, style != &usual, "{style:?}: {found:?}");
        assert_eq!(found.is_none(), style == &usual, "the built-in one serves");
        let mut loader = Loader::new(folder.path().to_path_buf());
        loader.set_own_settings(json!(null), json!({"corpus": {"outside": [elsewhere.path()]}}));
        assert_eq!(load(&mut loader).styles.contains_key(style), style == &there, "{style:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_link_within_a_path_leads_nowhere_else() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    write(elsewhere.path(), "secret.txt", "Nobody put this here, in the spring or later.\n");
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::os::unix::fs::symlink(elsewhere.path(), root.join("d")).expect("a link");
    write(root, "refs.bib", "@misc{k, file = {d/secret.txt}}\n");
    let loaded = load(&mut Loader::new(root.to_path_buf()));
    assert!(loaded.corpus.sources()[0].text().is_none());
    write(root, "glossator.toml", "[corpus]\nroots = [\"d\"]\n");
    assert_eq!(keys(&load(&mut Loader::new(root.to_path_buf()))), ["k"]);
    std::fs::remove_file(root.join("glossator.toml")).expect("removed");
    write(elsewhere.path(), "settings.toml", "[briefs]\ninclude = [\"x/*.md\"]\n");
    std::os::unix::fs::symlink(elsewhere.path().join("settings.toml"), root.join("glossator.toml"))
        .expect("a link");
    let loaded = load(&mut Loader::new(root.to_path_buf()));
    assert!(
        loaded.notices.iter().any(|notice| notice.message.contains("Cannot read the settings")),
        "{:?}",
        loaded.notices
    );
}

#[test]
fn an_emptied_library_and_a_shortened_text_are_what_they_are_after_a_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let (library, text) = ("@misc{moss2020}\n", "Harbours silt up in the spring.\n\nNobody dredges them.\n");
    write(folder.path(), "refs.bib", library);
    write(folder.path(), "sources/silt.txt", text);
    let mut loader = Loader::new(folder.path().to_path_buf());
    assert_eq!(keys(&load(&mut loader)), ["moss2020", "silt"]);
    assert_eq!(loader.due(), None);
    write(folder.path(), "refs.bib", "");
    write(folder.path(), "sources/silt.txt", "Harbours silt");
    let passages =
        |loaded: &Loaded| loaded.corpus.sources().last().and_then(|one| Some(one.text()?.passages.len()));
    let loaded = load(&mut loader);
    assert_eq!((keys(&loaded).len(), passages(&loaded)), (2, Some(2)));
    assert!(
        loaded.notices.iter().any(|notice| notice.message.starts_with("This library seems half written")),
        "{:?}",
        loaded.notices
    );
    let due = loader.due().expect("not for long");
    std::thread::sleep(due.saturating_duration_since(Instant::now()) + std::time::Duration::from_millis(50));
    let loaded = load(&mut loader);
    assert_eq!((keys(&loaded), passages(&loaded)), (vec!["silt".to_owned()], Some(1)));
    assert_eq!((loader.due(), loaded.notices.len()), (None, 0));
}

#[test]
fn a_large_corpus_is_known_before_it_is_read() {
    // Many texts, and a few long ones.
    for (count, lines) in [(STEPS_FROM, 1), (12, 2_000)] {
        is_known_before_it_is_read(count, lines);
    }
}

fn is_known_before_it_is_read(count: usize, lines: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    for at in 0..count {
        write(
            folder.path(),
            &format!("sources/text{at}.txt"),
            &format!("Harbour {at} silted up in the spring.\n").repeat(lines),
        );
    }
    write(folder.path(), "refs.bib", "@misc{moss2020, title = {Silt}, file = {sources/text7.txt}}\n");
    let open = FileId::new(folder.path().join("brief.md"));
    let open = BTreeMap::from([(open, Text::new("See [@moss2020] and [@text9].\n"))]);
    let mut steps = Vec::new();
    let mut loader = Loader::new(folder.path().to_path_buf());
    let last = loader.load_in_steps(&|_| {}, &|| open.clone(), &mut |loaded| steps.push(loaded));
    let read = |loaded: &Loaded| {
        let texts = loaded.corpus.sources().iter().filter(|source| source.text().is_some());
        (loaded.step, loaded.corpus.sources().len(), texts.count(), loaded.corpus.is_partly_read())
    };
    assert_eq!(
        steps.iter().chain([&last]).map(read).collect::<Vec<_>>(),
        [(Step::Keys, count, 0, true), (Step::Cited, count, 2, true), (Step::All, count, count, false)]
    );
    // Nothing is new.
    let mut again = 0;
    loader.load_in_steps(&|_| {}, &|| open.clone(), &mut |_| again += 1);
    assert_eq!(again, 0);
}

#[test]
fn texts_beside_the_briefs_are_sources_where_no_folder_of_sources_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["rail.txt", "requirements.txt", "deep/other.txt"] {
        write(folder.path(), name, "Freight rose in the spring of that year.\n");
    }
    write(folder.path(), "brief.md", "It rose [@rail].\n");
    assert_eq!(keys(&load(&mut Loader::new(folder.path().to_path_buf()))), ["rail"]);
    write(folder.path(), "sources/log.txt", "The keeper saw a light.\n");
    assert_eq!(keys(&load(&mut Loader::new(folder.path().to_path_buf()))), ["log"]);
}

#[test]
fn attachments_are_found_in_zoteros_storage_on_this_machine() {
    let storage = tempfile::tempdir().expect("a folder");
    for (name, words) in [("ABCD2345/weir.txt", "The weir broke."), ("papers/gate.txt", "The gate was lost.")]
    {
        write(storage.path(), name, words);
    }
    let library = "@misc{a, file = {/Users/ada/Zotero/storage/ABCD2345/weir.txt}}\n\
        @misc{b, file = {C:\\\\Users\\\\ada\\\\Zotero\\\\storage\\\\ABCD2345\\\\weir.txt}}\n\
        @misc{c, file = {attachments:papers/gate.txt}}\n@misc{d, file = {papers/gate.txt}}\n\
        @misc{e, file = {/Users/ada/elsewhere/gate.txt}}\n@misc{f, file = {storage:../../etc/passwd}}\n";
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "library.bib", library);
    let read = |settings: Option<serde_json::Value>| {
        let mut loader = Loader::new(folder.path().to_path_buf());
        if let Some(settings) = settings {
            loader.set_own_settings(settings, serde_json::Value::Null);
        }
        let loaded = load(&mut loader);
        let texts: Vec<String> = (loaded.corpus.sources().iter())
            .filter_map(|source| Some(format!("{}: {}", source.key, source.text()?.text.as_str())))
            .collect();
        texts
    };
    assert_eq!(read(None), [""; 0]);
    let own = serde_json::json!({"corpus": {"attachments": storage.path()}});
    assert_eq!(
        read(Some(own)),
        ["a: The weir broke.", "b: The weir broke.", "c: The gate was lost.", "d: The gate was lost."]
    );
}
