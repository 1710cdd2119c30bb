//! How long the main jobs take, in-process. Each group includes a baseline from the same run: the cost of
//! merely reading the same bytes. `cargo bench` prints the figures; nothing is asserted.

#![allow(clippy::print_stderr)] // a benchmark talks to whoever started it

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use glossator::brief::Brief;
use glossator::brief::markdown::Markdown;
use glossator::corpus::entity::Gatherer;
use glossator::corpus::ingest;
use glossator::corpus::source::Volume;
use glossator::features::{completion, definition, diagnostics, hover};
use glossator::text::{Edit, Encoding, FileId, FileOffset, Position, Text};
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host};

const BRIEF: &str = "seeds/briefs/taliban-and-moscow.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The bundled brief without its front matter, repeated up to 100 KB.
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
    let key = FileOffset(text.find("@suchkov2021").expect("a key") + 3);
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

/// The names mentioned by the generated sources: `count` given names with last names, none of which occurs in
/// our texts.
fn people(count: usize) -> Vec<String> {
    const SYLLABLES: [&str; 12] =
        ["ka", "lo", "mir", "ven", "tos", "rug", "hal", "den", "bri", "sul", "ost", "per"];
    let word = |mut n: usize, length: usize| -> String {
        let mut word = String::new();
        for _ in 0..length {
            word.push_str(SYLLABLES[n % SYLLABLES.len()]);
            n /= SYLLABLES.len();
        }
        word[..1].to_uppercase() + &word[1..]
    };
    (0..count).map(|n| format!("{} {}", word(n % 199, 2), word(n * 7, 4))).collect()
}

/// 10,000 sources of ten passages each: prose with five invented people per passage, a few of them mentioned
/// often and many once or twice.
fn large() -> Vec<Arc<Volume>> {
    let prose = std::fs::read_to_string(root().join("tests/data/rates/kennedy1962.txt")).expect("prose");
    let sentences: Vec<&str> =
        prose.split_inclusive(". ").filter(|one| one.len() > 60 && !one.contains('\n')).collect();
    let people = people(40_000);
    let mut seed = 1_u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    let mut text = |at: usize| {
        let mut text = String::new();
        for _ in 0..10 {
            for _ in 0..5 {
                let rank = next(people.len());
                // Squared, so that the first ones are mentioned most.
                let person = &people[rank * rank / people.len()];
                let last = person.split(' ').next_back().unwrap_or_default();
                text.push_str(sentences[next(sentences.len())].trim_end());
                text.push_str(&format!(" They had asked {person} for it, and then {last} left. "));
            }
            text.push_str("\n\n");
        }
        let file = FileId::new(format!("/sources/{at}.txt"));
        Arc::new(ingest::read(file, text.as_bytes()).expect("text").into())
    };
    (0..10_000).map(&mut text).collect()
}

fn naming(c: &mut Criterion) {
    let texts = large();
    let words = |text: &Arc<Volume>| text.text().expect("in memory").clone();
    let passages: usize = texts.iter().map(|text| words(text).passages.len()).sum();
    let mut group = c.benchmark_group(format!("names of {passages} passages"));
    group.sample_size(10);
    group.bench_function("floor: count the capitals", |b| {
        let capitals =
            |text: &Arc<Volume>| words(text).text.as_str().bytes().filter(u8::is_ascii_uppercase).count();
        b.iter(|| texts.iter().map(capitals).sum::<usize>());
    });
    group.bench_function("read all and join", |b| b.iter(|| Gatherer::default().gather(texts.iter())));
    let mut gatherer = Gatherer::default();
    let entities = gatherer.gather(texts.iter());
    let saved = ingest::read(texts[0].file.clone(), words(&texts[0]).text.as_str().as_bytes()).expect("text");
    let mut changed = texts.clone();
    changed[0] = Arc::new(saved.into());
    let mut turn = false;
    group.bench_function("one of them saved: read it and join", |b| {
        b.iter(|| {
            turn = !turn;
            gatherer.gather(if turn { changed.iter() } else { texts.iter() })
        });
    });
    let near: Vec<_> = texts.iter().take(20).map(|text| text.id).collect();
    let middle = texts[0].facts.bytes / 2;
    group.bench_function(format!("two letters, of {} entities", entities.all().len()), |b| {
        b.iter(|| entities.beginning(black_box("Ka"), &near, 10))
    });
    group.bench_function("name under the cursor of a source", |b| {
        b.iter(|| entities.mention_at(texts[0].id, black_box(middle)))
    });
    group.bench_function("a misspelt word", |b| b.iter(|| entities.respelt(black_box("Kallomiven"))));
    let brief = Brief::read(Text::new(long_brief().as_str()));
    group.bench_function("names of a 100 KB brief", |b| {
        b.iter(|| {
            let prose = brief.markdown.blocks.iter().map(|block| block.prose.as_slice());
            entities.read(brief.text.as_str(), prose)
        });
    });
    group.finish();
}

/// Writes a workspace to `folder` with a library of `count` entries, the first 200 with a text of 5 KB.
/// `edited` is added to the title of the last entry.
fn write_library(folder: &Path, count: usize, edited: &str) {
    let people = people(count);
    let mut library = String::new();
    for (at, person) in people.iter().enumerate() {
        let (given, family) = person.split_once(' ').expect("two names");
        let year = 1950 + at % 70;
        let title = format!("The {family} papers on {} and {given}", people[at * 31 % count].to_lowercase());
        let edited = if at + 1 == count { edited } else { "" };
        library.push_str(&format!(
            "@article{{{}{year}n{at}, title = {{{title}{edited}}}, author = {{{family}, {given}}}, journal = {{Quarterly {}}}, year = {year}, url = {{https://example.org/{at}}}",
            family.to_lowercase(),
            at % 97,
        ));
        if at < 200 {
            library.push_str(&format!(", file = {{sources/{at}.txt}}"));
        }
        library.push_str("}\n");
    }
    std::fs::write(folder.join("library.bib"), library).expect("written");
}

/// How long it takes to follow one edited source or one edited entry, compared with loading from scratch:
/// corpus, index and everything that the first keystroke needs.
fn following(c: &mut Criterion) {
    let prose = std::fs::read_to_string(root().join("tests/data/rates/kennedy1962.txt")).expect("prose");
    for count in [10_000, 100_000] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("sources")).expect("made");
        for at in 0..200 {
            let from = (0..at * 53).rev().find(|from| prose.is_char_boundary(*from)).unwrap_or(0);
            let text: String = prose[from % (prose.len() / 2)..].chars().take(5_000).collect();
            std::fs::write(folder.path().join(format!("sources/{at}.txt")), text).expect("written");
        }
        write_library(folder.path(), count, "");
        let edited = folder.path().join("sources/100.txt");
        let text = std::fs::read_to_string(&edited).expect("a text");
        let from_zero = || {
            let mut loader = Loader::new(folder.path().to_path_buf());
            loader.load(&|_| {}).corpus.prepare();
            loader
        };
        let mut loader = from_zero();
        let mut number = 0;
        let mut one_source = |loader: &mut Loader| {
            number += 1;
            std::fs::write(&edited, format!("{text}\n\nEdit number{number}.\n")).expect("written");
            let loaded = loader.load_texts(&[edited.clone()].into(), &|_| {}).expect("a text alone");
            loaded.corpus.prepare();
            assert_eq!(loaded.corpus.search(&format!("number{number}"), 2).expect("memory").len(), 1);
        };
        let one_entry = |loader: &mut Loader| loader.load(&|_| {}).corpus.prepare();
        let mut group = c.benchmark_group(format!("follow a change among {count} entries"));
        group.sample_size(10);
        group.bench_function("floor: load all from zero", |b| b.iter(|| drop(black_box(from_zero()))));
        group.bench_function("one source edited", |b| b.iter(|| one_source(&mut loader)));
        let mut turn = 0;
        group.bench_function("one entry edited, the library read again", |b| {
            b.iter_batched(
                || {
                    turn += 1;
                    write_library(folder.path(), count, &format!(" edited{turn}"));
                },
                |()| one_entry(&mut loader),
                BatchSize::PerIteration,
            );
        });
        group.finish();
        // The ratio of the two, each the best of five alternating runs.
        let mut best = [f64::MAX; 2];
        for _ in 0..5 {
            let start = Instant::now();
            let mut loader = from_zero();
            best[0] = best[0].min(start.elapsed().as_secs_f64());
            let start = Instant::now();
            one_source(&mut loader);
            best[1] = best[1].min(start.elapsed().as_secs_f64());
        }
        eprintln!("one edited source among {count} entries: 1/{:.0} of a load from zero", best[0] / best[1]);
    }
}

/// How long a start takes when nothing is kept from an earlier one, and when everything is, with the names in
/// the sources: 1,000 sources of 5 KB.
fn starting(c: &mut Criterion) {
    const SOURCES: usize = 1_000;
    let prose = std::fs::read_to_string(root().join("tests/data/rates/kennedy1962.txt")).expect("prose");
    let sentences: Vec<&str> = prose.split_inclusive(". ").collect();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("sources")).expect("made");
    for at in 0..SOURCES {
        let mut text = format!("Report {at}\n\n");
        for sentence in (0..).map(|n| sentences[(at * 31 + n * 17) % sentences.len()]) {
            text.push_str(sentence);
            if text.len() > 5_000 {
                break;
            }
        }
        std::fs::write(folder.path().join(format!("sources/{at}.txt")), text).expect("written");
    }
    let start = || {
        let mut loader = Loader::new(folder.path().to_path_buf());
        let loaded = loader.load(&|_| {});
        assert_eq!(loaded.corpus.sources().len(), SOURCES);
        loaded.entities.all().len()
    };
    let forget = || {
        Loader::new(folder.path().to_path_buf()).forget_kept().expect("deleted");
    };
    // Files that were written a moment ago are read again.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let mut group = c.benchmark_group(format!("start with {SOURCES} sources"));
    group.sample_size(10);
    group.bench_function("floor: look at the files", |b| {
        let look =
            |at| std::fs::metadata(folder.path().join(format!("sources/{at}.txt"))).map(|file| file.len());
        b.iter(|| (0..SOURCES).filter_map(|at| look(at).ok()).sum::<u64>());
    });
    group
        .bench_function("nothing is kept", |b| b.iter_batched(forget, |()| start(), BatchSize::PerIteration));
    group.bench_function("all is kept", |b| b.iter(start));
    group.finish();
    // The ratio of the two, each the best of five alternating runs.
    let mut best = [f64::MAX; 2];
    for _ in 0..5 {
        forget();
        for best in &mut best {
            let begin = Instant::now();
            black_box(start());
            *best = best.min(begin.elapsed().as_secs_f64());
        }
    }
    eprintln!("a start with {SOURCES} sources: 1/{:.0} of the first one", best[0] / best[1]);
    forget();
}

criterion_group!(benches, reading, loading, answering, naming, following, starting);
criterion_main!(benches);
