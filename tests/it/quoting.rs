//! Quotes every sentence of the five seeds and of the texts in `tests/data/rates` by typing three words and
//! accepting a completion. The result must occur in the source, be found verbatim there, and cite the right
//! paragraph.

use std::path::Path;

use glossator::brief::Brief;
use glossator::corpus::source::Source;
use glossator::evidence;
use glossator::evidence::EditKind;
use glossator::evidence::verdict::Verdict;
use glossator::features::{completion, quote};
use glossator::text::{FileId, Span, Text};
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host, Snapshot};
use proptest::prelude::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

struct Typist {
    host: Host,
    file: FileId,
}

impl Typist {
    fn new(folder: &Path) -> Self {
        let mut host = Host::default();
        host.apply(Change::Loaded(Loader::new(folder.to_path_buf()).load(&|_| {})));
        Self { host, file: FileId::new(folder.join("typed.md")) }
    }

    fn open(&mut self, text: &str) -> Snapshot {
        let (language, text) = ("markdown".to_owned(), text.to_owned());
        self.host.apply(Change::Opened { file: self.file.clone(), language, version: 1, text });
        self.host.snapshot()
    }
}

/// The openings of the sentences in `passage`, found by punctuation and capitals alone, if three more words
/// follow that are unaffected by Markdown and the writer's marks.
fn beginnings(passage: &str) -> Vec<String> {
    let mut starts = vec![0];
    for (at, _) in passage.match_indices(". ") {
        if passage[at + 2..].starts_with(|c: char| c.is_uppercase()) {
            starts.push(at + 2);
        }
    }
    let three = |start: usize| {
        let words: Vec<&str> = passage[start..].split(' ').take(3).collect();
        let plain = |word: &&str| word.chars().all(|c| c.is_alphabetic() || c == '’');
        (words.len() == 3 && words.iter().all(plain)).then(|| words.join(" "))
    };
    starts.into_iter().filter_map(three).collect()
}

fn plain(text: &str) -> String {
    text.replace(['‘', '’', '“', '”', '"', '\'', '\\'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Types every opening of `source`. Returns how many were typed and how many candidates were accepted.
fn type_all(desk: &mut Typist, source: &Source, every: usize, faults: &mut Vec<String>) -> (usize, usize) {
    let (mut typed, mut taken) = (0, 0);
    let Some(text) = source.text() else { return (0, 0) };
    for passage in text.passages.iter().filter(|passage| passage.number.is_some()) {
        let words = text.words(passage);
        for (at, beginning) in beginnings(words).into_iter().enumerate() {
            if (at + passage.span.start) % every > 0 {
                continue;
            }
            if beginning.ends_with(" I") || beginning.ends_with(" a") {
                continue;
            }
            let (open, behind) = [("“", ""), ("“", "”"), ("\"", "\""), ("‘", "’")][typed % 4];
            typed += 1;
            let half = if typed % 3 == 0 {
                &beginning[..beginning.char_indices().last().expect("a word").0]
            } else {
                &beginning
            };
            let blank = if typed % 2 == 0 && half == beginning { " " } else { "" };
            let head = format!("𝕏 They write: {open}{half}{blank}");
            let brief = format!("{head}{behind} then.\n");
            let snap = desk.open(&brief);
            let found = completion::complete(&snap, &desk.file, head.len());
            let own = |candidate: &&completion::Candidate| {
                candidate.about.0 == *source.key && number_of(candidate) == passage.number
            };
            if !found.candidates.iter().any(|candidate| own(&candidate))
                && found.candidates.len() < 8
                && open != "‘"
            {
                faults.push(format!("not offered: {head} {:?} {:?}", source.key, passage.number));
            }
            for candidate in &found.candidates {
                taken += 1;
                let mut after = brief.clone();
                after.replace_range(candidate.replace.start..candidate.replace.end, &candidate.insert);
                let about = format!("{after}{:?}", candidate.about);
                let read = Brief::read(Text::new(after.clone()));
                let [quotation] = read.quotations.as_slice() else {
                    faults.push(format!("{} quotations: {about}", read.quotations.len()));
                    continue;
                };
                let source = snap.corpus.source(snap.corpus.find(&candidate.about.0).expect("a source"));
                let text = source.text().expect("its text");
                let quoted = plain(&quotation.text(&after));
                // Compare letters only, since the first letter may be lower case in the source.
                let same = |words: &str| plain(words).to_lowercase().contains(&quoted.to_lowercase());
                let places =
                    text.passages.iter().enumerate().filter(|(_, p)| p.number == number_of(candidate));
                let place = places.map(|(at, _)| at).find(|&at| same(text.words(&text.passages[at])));
                let evidence = evidence::check(&snap.corpus, &snap.memo, &read, quotation);
                let cited = read
                    .citations
                    .iter()
                    .map(|c| (c.key.clone(), c.locator.as_ref().map(|l| l.paragraphs())));
                let cited: Vec<_> = cited.collect();
                let locator = number_of(candidate).map(|number| vec![number..=number]);
                let right = cited == [(candidate.about.0.clone(), locator)];
                let small = place.is_some_and(|at| !plain(text.words(&text.passages[at])).contains(&quoted));
                let verbatim = match evidence.verdict {
                    Verdict::Verbatim => true,
                    Verdict::Edited if small => evidence.edits == [EditKind::Case],
                    // Words that the source itself puts in brackets look like the writer's.
                    Verdict::Edited => evidence.edits == [EditKind::Brackets] && quoted.contains('['),
                    _ => false,
                };
                let stands = place.is_some_and(|at| evidence.passages.contains(&at));
                if !stands || !right || !verbatim {
                    let edits = &evidence.edits;
                    faults.push(format!("{} {edits:?} {stands} {cited:?}: {about}", evidence.verdict.name()));
                }
            }
        }
    }
    (typed, taken)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
    #[test]
    fn any_text_can_be_written(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "“", "”", "\"", "'", "‘", "’", "«", "„", "Russia has also ", "kept", " the movement on ", "[", "]",
                "… ", ". ", ", ", "\n", "\r\n\r\n", "> ", "@kalinovsky2024", " [¶ 1]", "[@suchkov2021]", "é", "𝕏", "`", "*",
                "$", "\\", "| ", "- ", "[^1]: ", "<!--", "12",
            ]),
            0..16,
        ),
        at in 0_usize..200,
    ) {
        let text = format!("“Russia has also {}", pieces.concat());
        let offset = (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).expect("the end");
        static SEEDS: std::sync::OnceLock<std::sync::Mutex<Typist>> = std::sync::OnceLock::new();
        let desk = SEEDS.get_or_init(|| Typist::new(root()).into());
        let mut desk = desk.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let snap = desk.open(&text);
        let shown = completion::quote::ghost(&snap, &desk.file, offset);
        let found = completion::complete(&snap, &desk.file, offset);
        for candidate in found.candidates.into_iter().chain(shown) {
            let replaced = &text[candidate.replace.start..candidate.replace.end];
            prop_assert!(candidate.replace.touches(offset));
            prop_assert!(!replaced.contains('\n') && !candidate.insert.contains('\n'));
            prop_assert!(candidate.filter.starts_with(&text[candidate.replace.start..offset]));
            prop_assert!(candidate.also.iter().all(|(span, _)| span.end <= candidate.replace.start));
        }
    }
}

#[test]
fn sentences_of_the_seeds_are_quoted_verbatim() {
    let mut desk = Typist::new(root());
    let snap = desk.host.snapshot();
    let mut faults = Vec::new();
    let (mut typed, mut taken) = (0, 0);
    for source in snap.corpus.sources() {
        let (a, b) = type_all(&mut desk, source, 1, &mut faults);
        (typed, taken) = (typed + a, taken + b);
    }
    assert!(typed > 150 && taken > typed, "{typed} {taken}");
    assert!(faults.is_empty(), "{typed} typed, {taken} taken:\n{}", faults.join("\n"));
}

#[test]
fn passages_of_the_seeds_are_quoted_verbatim() {
    let mut desk = Typist::new(root());
    let snap = desk.host.snapshot();
    let mut count = 0;
    for source in snap.corpus.sources() {
        let Some(text) = source.text() else { continue };
        let numbered: Vec<_> = text.passages.iter().filter(|passage| passage.number.is_some()).collect();
        for (at, passage) in numbered.iter().enumerate() {
            // The passage, its inner half, and the passage with the next.
            let (start, end) = (passage.span.start, passage.span.end);
            let quarter = |of: usize| {
                (start + (end - start) * of / 4..)
                    .find(|at| text.text.as_str().is_char_boundary(*at))
                    .expect("the end")
            };
            let mut spans = vec![Span::new(start, end), Span::new(quarter(1), quarter(3))];
            spans.extend(numbered.get(at + 1).map(|next| Span::new(start, next.span.end)));
            for (kind, span) in spans.into_iter().enumerate() {
                let quoted = quote::passage(&snap, &text.file, span).expect("words");
                let snap = desk.open(&format!("Before.\n\n{}\n", quoted.text));
                let brief = snap.brief(&desk.file).expect("the brief").brief();
                let [quotation] = brief.quotations.as_slice() else {
                    panic!("{} quotations: {}", brief.quotations.len(), quoted.text)
                };
                let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
                // The half may break off before a “but”, which the check reports.
                let fine = matches!(evidence.verdict, Verdict::Verbatim)
                    || kind == 1 && evidence.verdict == Verdict::Truncated;
                assert!(fine, "{} {:?}: {}", evidence.verdict.name(), evidence.edits, quoted.text);
                let number = passage.number.expect("a number");
                let last = if kind == 2 { format!("-{}", number + 1) } else { String::new() };
                assert_eq!(quoted.locator, Some(format!("¶ {number}{last}")));
                count += 1;
            }
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn sentences_of_other_texts_are_quoted_verbatim() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("sources")).expect("a folder");
    for entry in std::fs::read_dir(root().join("tests/data/rates")).expect("texts").flatten() {
        if entry.path().extension().is_some_and(|end| end == "txt") {
            std::fs::copy(entry.path(), folder.path().join("sources").join(entry.file_name()))
                .expect("copied");
        }
    }
    let mut desk = Typist::new(folder.path());
    let snap = desk.host.snapshot();
    let mut faults = Vec::new();
    let (mut typed, mut taken) = (0, 0);
    for source in snap.corpus.sources() {
        let (a, b) = type_all(&mut desk, source, 1, &mut faults);
        (typed, taken) = (typed + a, taken + b);
    }
    assert!(typed > 150 && taken > typed, "{typed} {taken}");
    assert!(faults.is_empty(), "{typed} typed, {taken} taken:\n{}", faults.join("\n"));
}

/// The paragraph that `candidate` was taken from.
fn number_of(candidate: &completion::Candidate) -> Option<u32> {
    candidate.about.1.as_ref().and_then(|locus| locus.paragraphs()).map(|range| *range.start())
}
