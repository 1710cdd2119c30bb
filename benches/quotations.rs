//! How long the quotation check takes, compared with merely scanning the same corpus. `cargo bench --bench
//! quotations` prints the figures; no time is asserted.

#![allow(clippy::print_stderr)] // a benchmark talks to whoever started it

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use glossator::features::{completion, diagnostics};
use glossator::text::{Edit, Encoding, FileId, Position};
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host};
use memchr::memmem;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const SEEDS: [(&str, &str); 5] = [
    ("bugajski2021", "bugajski"),
    ("tenzer2021", "tenzer"),
    ("kalinovsky2024", "kalinovsky"),
    ("csactu2021", "csactu"),
    ("suchkov2021", "suchkov"),
];

/// The workspace at `folder` with `text` open as a brief.
fn open(folder: &Path, text: &str) -> (Host, FileId) {
    let mut host = Host::default();
    host.apply(Change::Loaded(Loader::new(folder.to_path_buf()).load(&|_| {})));
    let file = FileId::new(folder.join("bench.md"));
    let change =
        Change::Opened { file: file.clone(), language: "markdown".into(), version: 1, text: text.to_owned() };
    host.apply(change);
    (host, file)
}

/// A brief of 100 KB with 200 distinct quotations of 8 to 27 words from the seeds, every twentieth with one
/// word changed.
fn brief_of_two_hundred(host: &Host) -> String {
    let snap = host.snapshot();
    let mut text = String::new();
    let mut count = 0;
    'all: for round in 0.. {
        for (key, _) in SEEDS {
            let source = snap.corpus.source(snap.corpus.find(key).expect("a seed"));
            let source = source.text().expect("its text");
            for passage in source.passages.iter().filter(|passage| passage.class.is_numbered()) {
                let words: Vec<&str> = source.words(passage).split_whitespace().collect();
                let (from, length) = (round * 7, 8 + count % 20);
                let Some(words) = words.get(from..from + length) else { continue };
                let mut words: Vec<&str> = words.to_vec();
                if count % 20 == 0 {
                    words[4] = "otherwise";
                }
                let words = words.join(" ").replace(['“', '”', '"'], "");
                let filler = "So the question stays open for those who have to decide it. ".repeat(3);
                let _ = writeln!(text, "{filler}They say that “{words}” [@{key}]. {filler}\n");
                count += 1;
                if count == 200 {
                    break 'all;
                }
            }
        }
    }
    text
}

fn verifying(c: &mut Criterion) {
    let (host, _) = open(root(), "");
    let text = brief_of_two_hundred(&host);
    eprintln!("brief: {} bytes", text.len());
    let mut corpus = String::new();
    for path in std::fs::read_dir(root().join("seeds")).expect("seeds").flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|ending| ending == "txt") {
            corpus.push_str(&std::fs::read_to_string(path).expect("a seed"));
        }
    }
    let needles: Vec<&str> = text.split('“').skip(1).filter_map(|rest| rest.split('”').next()).collect();
    eprintln!("quotations: {}", needles.len());
    let mut group = c.benchmark_group("200 quotations against the seeds");
    group.sample_size(30);
    group.bench_function("floor: scan the corpus for each", |b| {
        b.iter(|| {
            needles
                .iter()
                .filter(|needle| memmem::find(corpus.as_bytes(), needle.as_bytes()).is_some())
                .count()
        })
    });
    group.bench_function("cold", |b| {
        b.iter_batched(
            || open(root(), &text),
            |(host, file)| diagnostics::of_file(&host.snapshot(), &file),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("after a keystroke", |b| {
        let (mut host, file) = open(root(), &text);
        let _ = diagnostics::of_file(&host.snapshot(), &file);
        let mut version = 1;
        b.iter(|| {
            version += 1;
            // Inside a quotation, so that one has to be rechecked each time.
            let at = Position { line: 200, character: 330 };
            let edits = vec![Edit { range: Some((at, at)), text: "x".into() }];
            host.apply(Change::Edited { file: file.clone(), version, edits, encoding: Encoding::Utf8 });
            diagnostics::of_file(&host.snapshot(), &file)
        });
    });
    group.finish();
}

/// Generated text, so that each passage has rare and common words.
fn passage(seed: usize) -> String {
    let mut state = seed as u64 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    const COMMON: [&str; 12] =
        ["the", "of", "council", "and", "harbour", "to", "was", "in", "their", "year", "that", "money"];
    let mut words = String::new();
    for _ in 0..60 {
        let word = match next() % 3 {
            0 => COMMON[next() % COMMON.len()].to_owned(),
            1 => format!("w{}", next() % 2_000),
            _ => format!("v{}", next() % 40_000),
        };
        let _ = write!(words, "{word} ");
    }
    words
}

fn looking_up(c: &mut Criterion) {
    const SOURCES: usize = 1_000;
    const PASSAGES: usize = 100;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("sources")).expect("a folder");
    let mut all = String::new();
    for source in 0..SOURCES {
        let text: String =
            (0..PASSAGES).map(|at| format!("So {}.\n\n", passage(source * PASSAGES + at).trim())).collect();
        std::fs::write(folder.path().join(format!("sources/s{source}.txt")), &text).expect("a source");
        all.push_str(&text);
    }
    let mut briefs = Vec::new();
    for at in 0..200 {
        let text = passage(at * 487 + 11);
        let mut words: Vec<&str> = text.split_whitespace().skip(5).take(20).collect();
        words[9] = "otherwise";
        briefs.push(format!("They say that “{}” here.\n", words.join(" ")));
    }
    let (mut host, file) = open(folder.path(), "");
    let mut times = Vec::new();
    for text in &briefs {
        host.apply(Change::Opened {
            file: file.clone(),
            language: "markdown".into(),
            version: 1,
            text: text.clone(),
        });
        let snap = host.snapshot();
        let start = std::time::Instant::now();
        let found = diagnostics::of_file(&snap, &file);
        times.push(start.elapsed());
        assert_eq!(found.len(), 1, "{text} {found:?}");
    }
    times.sort_unstable();
    eprintln!(
        "one altered, uncited quotation in 100,000 passages, each source read for the first time: p50 {:?} p95 {:?} max {:?}",
        times[100], times[190], times[199]
    );
    finishing(&mut host, &file, &all);
    let needle = memmem::Finder::new("otherwise w1 v2");
    let mut group = c.benchmark_group("one altered, uncited quotation in 100,000 passages");
    group.sample_size(20);
    group
        .bench_function("floor: scan the corpus once", |b| b.iter(|| needle.find(black_box(all.as_bytes()))));
    group.finish();
}

/// How long it takes to complete a quotation in 100,000 passages, after three words or two and a half.
fn finishing(host: &mut Host, file: &FileId, all: &str) {
    for (name, half) in [("three words", false), ("two words and two letters of the third", true)] {
        let (mut times, mut floors, mut offered) = (Vec::new(), Vec::new(), 0);
        for at in 0..400 {
            let text = passage(at * 211 + 7);
            let words: Vec<&str> = text.split_whitespace().skip(at % 50).take(3).collect();
            let mut typed = words.join(" ");
            if half {
                typed.truncate(typed.len() - words[2].len() + words[2].len().min(2));
            } else {
                typed.push(' ');
            }
            let brief = format!("They say that “{typed}");
            host.apply(Change::Opened {
                file: file.clone(),
                language: "markdown".into(),
                version: 1,
                text: brief.clone(),
            });
            let snap = host.snapshot();
            let start = std::time::Instant::now();
            let found = completion::complete(&snap, file, brief.len());
            times.push(start.elapsed());
            offered += usize::from(!found.candidates.is_empty());
            let start = std::time::Instant::now();
            black_box(memmem::find(black_box(all.as_bytes()), words.join(" ").as_bytes()));
            floors.push(start.elapsed());
        }
        times.sort_unstable();
        floors.sort_unstable();
        eprintln!(
            "a quotation of {name} finished in 100,000 passages: p50 {:?} p95 {:?} max {:?}, offered {offered} of 400; floor (scan up to the place): p50 {:?} p95 {:?}",
            times[200], times[380], times[399], floors[200], floors[380]
        );
    }
}

fn hostile(c: &mut Criterion) {
    let seed = "“Russia has no direct economic interest in Afghanistan, unlike our China” [@tenzer2021]. ";
    let mut group = c.benchmark_group("hostile briefs");
    group.sample_size(10);
    let words =
        "Russia has no direct economic interest in Afghanistan and the Taliban may not ".repeat(13_000);
    for (name, text) in [
        ("a quotation of 1 MB", format!("“{words}” [@tenzer2021].\n")),
        ("10,000 quotation marks", format!("{} [@tenzer2021]", "\"Russia has no ".repeat(10_000))),
        ("50,000 brackets in a quotation", format!("“{}” [@tenzer2021]", "Russia [has] ".repeat(50_000))),
        ("50,000 open brackets", format!("“{}” [@tenzer2021]", "[Russia ".repeat(50_000))),
        ("10,000 ellipses in a quotation", format!("“{}” [@tenzer2021]", "Russia has no … ".repeat(10_000))),
        ("one sentence 1,000 times", seed.repeat(1_000)),
        ("one sentence 1,000 times, a paragraph each", format!("{seed}\n\n").repeat(1_000)),
    ] {
        group.bench_function(name, |b| {
            b.iter_batched(
                || open(root(), &text),
                |(host, file)| diagnostics::of_file(&host.snapshot(), &file).len(),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, verifying, hostile, looking_up);
criterion_main!(benches);
