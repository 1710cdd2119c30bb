//! How long the main jobs take, in-process. Each group has a floor measured in the same run: what
//! merely reading the same bytes costs. `cargo bench` prints the figures; nothing is asserted.

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use glossator::brief::Brief;
use glossator::brief::markdown::Markdown;
use glossator::features::{completion, definition, diagnostics, hover};
use glossator::text::{Edit, Encoding, FileId, Position, Text};
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host};

const BRIEF: &str = "seeds/briefs/taliban-and-moscow.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The bundled brief, without its front matter, over and over up to 100 KB.
fn long_brief() -> String {
    let text = std::fs::read_to_string(root().join(BRIEF)).expect("the bundled brief");
    let body = text.splitn(3, "---\n").nth(2).expect("front matter").to_owned();
    let mut long = String::new();
    while long.len() < 100_000 {
        long.push_str(&body);
        long.push('\n');
    }
    long
}

/// The bundled workspace with `text` open as its brief.
fn open(text: &str) -> (Host, FileId) {
    let mut host = Host::default();
    host.apply(Change::Loaded(Loader::new(root().to_path_buf()).load(&|_| {})));
    let file = FileId::new(root().join(BRIEF));
    let (language, text) = ("markdown".to_owned(), text.to_owned());
    host.apply(Change::Opened { file: file.clone(), language, version: 1, text });
    (host, file)
}

fn reading(c: &mut Criterion) {
    let text = long_brief();
    let mut group = c.benchmark_group("read a 100 KB brief");
    group.bench_function("floor: find its line breaks", |b| b.iter(|| Text::new(black_box(text.as_str()))));
    group.bench_function("citations and quotations", |b| {
        b.iter(|| Brief::read(Text::new(black_box(text.as_str()))))
    });
    group.finish();
    let mut group = c.benchmark_group("hostile briefs");
    for (name, piece, times) in [
        ("50,000 brackets", "[", 50_000),
        ("25,000 open citations", "[@a ", 25_000),
        ("10,000 quotation marks", "\"a ", 10_000),
    ] {
        let run = piece.repeat(times);
        group
            .sample_size(10)
            .bench_function(name, |b| b.iter(|| Brief::read(Text::new(black_box(run.as_str())))));
        group.sample_size(10).bench_function(format!("floor: Markdown alone, {name}"), |b| {
            b.iter(|| Markdown::read(black_box(&run)))
        });
    }
    group.finish();
}

fn loading(c: &mut Criterion) {
    let mut group = c.benchmark_group("load the seeds, cold");
    group.bench_function("floor: read the files", |b| {
        b.iter(|| {
            let folder = std::fs::read_dir(root().join("seeds")).expect("seeds");
            folder
                .flatten()
                .filter_map(|entry| std::fs::read(entry.path()).ok())
                .map(|bytes| bytes.len())
                .sum::<usize>()
        });
    });
    group.bench_function("load", |b| b.iter(|| Loader::new(root().to_path_buf()).load(&|_| {})));
    group.finish();
}

fn answering(c: &mut Criterion) {
    let text = long_brief();
    let (host, file) = open(&text);
    let snap = host.snapshot();
    black_box(snap.brief(&file).expect("the brief").brief());
    let key = text.find("@suchkov2021").expect("a key") + 3;
    let half = text.find("@suchkov2021").expect("a key") + 1;
    let mut group = c.benchmark_group("answer in a 100 KB brief");
    group.bench_function("floor: a snapshot", |b| b.iter(|| black_box(host.snapshot()).revision));
    group.bench_function("hover", |b| b.iter(|| hover::hover(&snap, &file, black_box(key)).expect("a card")));
    group.bench_function("definition", |b| {
        b.iter(|| definition::definition(&snap, &file, black_box(key)).expect("a place"))
    });
    group.bench_function("completion", |b| b.iter(|| completion::complete(&snap, &file, black_box(half))));
    group.bench_function("findings", |b| b.iter(|| diagnostics::of_file(&snap, &file)));
    group.bench_function("keystroke, then findings", |b| {
        b.iter_batched(
            || open(&text).0,
            |mut host| {
                let at = Position { line: 3, character: 0 };
                let edits = vec![Edit { range: Some((at, at)), text: "x".into() }];
                host.apply(Change::Edited {
                    file: file.clone(),
                    version: 2,
                    edits,
                    encoding: Encoding::Utf16,
                });
                diagnostics::of_file(&host.snapshot(), &file)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, reading, loading, answering);
criterion_main!(benches);
