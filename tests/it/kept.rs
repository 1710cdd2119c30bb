//! The index on disk, made by real processes that are killed at any moment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// A workspace with thirty sources.
fn workspace() -> Folder {
    let folder = Folder::of(&[("glossator.toml", "")]);
    for n in 0..30 {
        let paragraph = |at: u32| {
            format!(
                "In year {at} Captain Halden moved {n} tonnes of grain, and the port of Vessby{n} slept.\n\n"
            )
        };
        folder.write(&format!("sources/report{n}.txt"), &(0..25).map(paragraph).collect::<String>());
    }
    folder
}

fn glossator(folder: &Folder, cache: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glossator"));
    command.args(arguments).current_dir(&folder.path).env("XDG_CACHE_HOME", cache);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a search says.
fn found(folder: &Folder, cache: &Path) -> String {
    let output =
        glossator(folder, cache, &["search", "Vessby7", "captain", "grain"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn index(folder: &Folder, cache: &Path) -> String {
    let output = glossator(folder, cache, &["index"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// All files below `folder`, by the names in it, and what they end in.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn a_process_that_is_killed_leaves_nothing_that_later_ones_believe() {
    let (folder, cache) = (workspace(), tempfile::tempdir().expect("a folder"));
    let expected = found(&folder, &cache.path().join("none"));
    assert!(expected.contains("report7"), "{expected}");
    let cache = cache.path().join("cache");
    let begin = Instant::now();
    index(&folder, &cache);
    let whole = begin.elapsed();
    let clean = files(&cache).len();
    let mut killed = 0;
    for at in 0..36_u32 {
        let mut running = glossator(&folder, &cache, &["index", "--rebuild"]).spawn().expect("it runs");
        // 13 is prime to 36, so that all parts of the run have their turn soon.
        std::thread::sleep(whole * (at * 13 % 36) / 34);
        killed += u32::from(running.try_wait().expect("a state").is_none());
        running.kill().expect("killed");
        running.wait().expect("ended");
        assert_eq!(found(&folder, &cache), expected, "killed {at}/34 of {whole:?} after the start");
    }
    assert!(killed > 0, "it was never in time");
    index(&folder, &cache);
    assert_eq!(found(&folder, &cache), expected);
    let left = files(&cache);
    assert!(left.len() <= clean + 1, "{clean} {left:#?}");
}

#[test]
fn two_processes_index_one_workspace_at_once() {
    let (folder, cache) = (workspace(), tempfile::tempdir().expect("a folder"));
    let expected = found(&folder, &cache.path().join("none"));
    let running: Vec<_> = (0..4)
        .map(|at| {
            std::thread::sleep(Duration::from_millis(20 * at));
            glossator(&folder, cache.path(), &["index"]).spawn().expect("it runs")
        })
        .collect();
    assert_eq!(found(&folder, cache.path()), expected);
    for one in running {
        let output = one.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("30 sources, 30 with a text: 750 passages"),
            "{said}"
        );
    }
    assert_eq!(found(&folder, cache.path()), expected);
}

#[test]
fn an_index_is_shown_made_anew_and_deleted() {
    let (folder, cache) = (workspace(), tempfile::tempdir().expect("a folder"));
    folder.write_bytes("sources/torn.txt", b"\0\0\0");
    let run = |arguments: &[&str]| {
        let output = glossator(&folder, cache.path(), arguments).output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let (ok, said, told) = run(&["index", "--stats"]);
    assert!(ok && said.contains("30 with a text: 750 passages") && said.contains("Index: "), "{said}");
    assert!(told.contains("torn.txt: Not read"), "{told}");
    // Nobody had to read them again.
    let (ok, again, _) = run(&["index", "sources"]);
    assert!(ok && again == said, "{again}");
    assert!(run(&["index", "--rebuild"]).1.contains("30 with a text"));
    assert!(run(&["index", "--clear"]).1.ends_with(" was deleted.\n"));
    let kept: Vec<_> = files(cache.path()).into_iter().filter(|file| !file.ends_with("lock")).collect();
    assert!(kept.is_empty(), "{kept:?}");
    assert!(!run(&["index", "--clear", "--stats"]).0);
}
