//! Full-text index over passages, built on tantivy, in memory or in a folder. Texts are added and removed by
//! id; a search accepts whatever a user types and never fails on it. Must not read sources, know keys or
//! entries, or expose any type of the engine.

mod disk;
mod engine;
mod forms;
mod schema;
mod view;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::source::{SourceText, TextId};
use disk::Disk;
use engine::Engine;
pub use schema::{is_stop_word, plain, stemmed, stems};
pub use view::Index;

/// Adds and removes texts; [`Indexer::commit`] creates a new view.
///
/// There may be two layers: one on disk, which outlives the process, and one in memory, for texts that are not
/// to be kept or cannot be written. A view shows both as one index.
pub struct Indexer {
    disk: Option<Disk>,
    /// Created with the first text, because its threads take time that an empty corpus need not spend.
    memory: Option<Engine>,
    /// The texts in `memory`.
    in_memory: HashSet<TextId>,
    /// The ids of all texts added and not removed.
    present: HashSet<TextId>,
    /// Texts that were removed but are still on disk.
    removed: BTreeSet<TextId>,
    /// Whether all texts of the corpus have been added once, so that others on disk are not part of it.
    complete: bool,
    /// Whether anything has changed since `view` was created.
    changed: bool,
    /// Why the index lacks texts, or could not be written.
    failed: Option<anyhow::Error>,
    view: Index,
}

impl std::fmt::Debug for Indexer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Indexer").field("texts", &self.present.len()).field("changed", &self.changed).finish()
    }
}

impl Default for Indexer {
    fn default() -> Self {
        Self::new()
    }
}

impl Indexer {
    /// Creates an empty index in memory, at no cost until the first [`Indexer::add`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            disk: None,
            memory: None,
            in_memory: HashSet::new(),
            present: HashSet::new(),
            removed: BTreeSet::new(),
            complete: false,
            changed: false,
            failed: None,
            view: Index::default(),
        }
    }

    /// Opens the index in `folder`. If it is missing or damaged and this process `writes`, a new one is made
    /// there. Only one process may write at a time; the others follow it.
    ///
    /// # Errors
    /// If the folder cannot be used.
    pub fn open(folder: &Path, writes: bool) -> anyhow::Result<Self> {
        Ok(Self { disk: Some(Disk::open(folder, writes)?), ..Self::new() })
    }

    /// Whether it has the passages of the text `id`.
    fn has(&self, id: TextId) -> bool {
        self.in_memory.contains(&id) || self.disk.as_ref().is_some_and(|disk| disk.has(id))
    }

    /// Adds the text `id` if its passages are known from before. Returns whether they are.
    pub fn recall(&mut self, id: TextId) -> bool {
        let has = self.has(id);
        if has && self.present.insert(id) {
            self.removed.remove(&id);
            self.changed = true;
        }
        has
    }

    /// Adds the passages of `text`, except furniture, under its id. They are written to disk if the text is to
    /// be `kept` and there is an index that this process may write to. If a text cannot be added,
    /// [`Indexer::commit`] fails from then on.
    pub fn add(&mut self, text: &SourceText, kept: bool) {
        if self.recall(text.id) {
            return;
        }
        self.present.insert(text.id);
        self.changed = true;
        let added = match &mut self.disk {
            Some(disk) if kept && disk.writes() => disk.add(text),
            _ => self.remember(text),
        };
        if let Err(error) = added {
            tracing::error!("{} could not be indexed: {error:#}", text.file.path().display());
            self.failed = Some(error);
        }
    }

    /// Adds `text` in memory.
    fn remember(&mut self, text: &SourceText) -> anyhow::Result<()> {
        let memory = match &mut self.memory {
            Some(memory) => memory,
            none => none.insert(Engine::in_memory()?),
        };
        // Even after a failure: some of its passages may be in the index and must be removed with it.
        self.in_memory.insert(text.id);
        memory.add(text)?;
        Ok(())
    }

    /// Removes the text `id`, if there is one.
    pub fn remove(&mut self, id: TextId) {
        if !self.present.remove(&id) {
            return;
        }
        self.changed = true;
        if self.disk.as_ref().is_some_and(|disk| disk.has(id)) {
            self.removed.insert(id);
        }
        self.forget(id);
    }

    /// Removes the text `id` from memory.
    fn forget(&mut self, id: TextId) {
        if self.in_memory.remove(&id)
            && let Some(memory) = &mut self.memory
            && let Err(error) = memory.remove(id)
        {
            self.failed = Some(error.into());
        }
    }

    /// Records that every text of the corpus has been added: from now on, others on disk are not shown, and are
    /// removed if this process may write.
    pub fn complete(&mut self) {
        self.changed |= !self.complete;
        self.complete = true;
    }

    /// Records that this process may write to the index on disk.
    pub fn may_write(&mut self) {
        if let Some(disk) = &mut self.disk {
            disk.may_write();
        }
    }

    /// Whether there is an index on disk that this process writes to.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.disk.as_ref().is_some_and(Disk::writes)
    }

    /// Whether there is an index on disk.
    #[must_use]
    pub fn is_on_disk(&self) -> bool {
        self.disk.is_some()
    }

    /// Takes over what another process has written. Returns the texts that were there and are not any more, and
    /// so must be added again.
    pub fn follow(&mut self) -> Vec<TextId> {
        let Some(disk) = &mut self.disk else { return Vec::new() };
        if !disk.follow() {
            return Vec::new();
        }
        self.changed = true;
        let twice: Vec<TextId> = self.in_memory.iter().filter(|id| disk.has(**id)).copied().collect();
        self.removed.retain(|id| disk.has(*id));
        for id in twice {
            self.forget(id);
        }
        let mut lost: Vec<TextId> = self.present.iter().filter(|id| !self.has(**id)).copied().collect();
        lost.sort_unstable();
        for id in &lost {
            self.present.remove(id);
        }
        lost
    }

    /// Publishes all additions and removals in a new view. Earlier views stay unchanged.
    ///
    /// # Errors
    /// If the index cannot be written, or lacks a text that was added. It is then of no use any more.
    pub fn commit(&mut self) -> anyhow::Result<Index> {
        if self.changed && self.failed.is_none() {
            match self.made() {
                Ok(view) => (self.view, self.changed) = (view, false),
                Err(error) => self.failed = Some(error),
            }
        }
        match &self.failed {
            Some(error) => Err(anyhow::anyhow!("{error:#}")),
            None => Ok(self.view.clone()),
        }
    }

    fn made(&mut self) -> anyhow::Result<Index> {
        let mut layers = Vec::new();
        if let Some(disk) = &mut self.disk {
            let gone: BTreeSet<TextId> = if self.complete {
                disk.ids().difference(&self.present).copied().collect()
            } else {
                std::mem::take(&mut self.removed)
            };
            if disk.writes() {
                for id in &gone {
                    disk.remove(*id)?;
                }
                disk.commit()?;
                layers.push(disk.engine().layer(BTreeSet::new()));
            } else {
                layers.push(disk.engine().layer(gone.clone()));
                self.removed = gone;
            }
        }
        if let Some(memory) = &mut self.memory {
            memory.commit()?;
            layers.push(memory.layer(BTreeSet::new()));
        }
        Ok(Index::new(layers))
    }

    /// Ends the threads that write, with the memory that they keep, until the next change.
    pub fn rest(&mut self) {
        if let Some(disk) = &mut self.disk {
            disk.rest();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::corpus::shelf::{Asked, Hit, Shelf as _};
    use crate::corpus::source::{Class, Furniture, Passage};
    use crate::text::{FileId, Span, Text};

    fn text_of(paragraphs: &[(&str, Class)]) -> SourceText {
        let (mut text, mut passages) = (String::new(), Vec::new());
        for &(paragraph, class) in paragraphs {
            let start = text.len();
            text.push_str(paragraph);
            passages.push(Passage::counted(Span::new(start, text.len()), class, None));
            text.push_str("\n\n");
        }
        // Each in its own file, so that equal texts have different ids.
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let file = FileId::new(format!("/briefs/sources/invented{number}.md"));
        let id = TextId::of(&file, text.as_bytes());
        SourceText::plain(id, file, Text::new(text), passages)
    }

    fn body(paragraphs: &[&str]) -> SourceText {
        text_of(&paragraphs.iter().map(|&paragraph| (paragraph, Class::Body)).collect::<Vec<_>>())
    }

    fn search(index: &Index, words: &str, limit: usize) -> Vec<Hit> {
        within(index, None, &plain(words), limit)
    }

    fn within(index: &Index, text: Option<TextId>, asked: &[Asked<'_>], limit: usize) -> Vec<Hit> {
        index.ranked(text, asked, limit).expect("memory")
    }

    fn places(hits: &[Hit]) -> Vec<(TextId, usize)> {
        hits.iter().map(|hit| (hit.text, hit.passage)).collect()
    }

    #[test]
    fn an_empty_index_answers_with_nothing() {
        assert_eq!(search(&Index::default(), "grain", 10), []);
        let mut indexer = Indexer::new();
        indexer.remove(TextId(7));
        let index = indexer.commit().expect("memory");
        assert_eq!(search(&index, "grain", 10), []);
        assert!(indexer.memory.is_none(), "no thread is started for nothing");
    }

    #[test]
    fn words_are_found_in_other_forms() {
        let harbour = body(&["The harbours were dredged.", "Café prices in Muğla rose.", "It rained."]);
        let mut indexer = Indexer::new();
        indexer.add(&harbour, true);
        let index = indexer.commit().expect("memory");
        assert_eq!(places(&search(&index, "DREDGING a harbour", 10)), [(harbour.id, 0)]);
        assert_eq!(places(&search(&index, "cafe in Mugla", 10)), [(harbour.id, 1)]);
        assert_eq!(search(&index, "harm", 10), []);
        assert_eq!(search(&index, "harbour", 0), []);
        assert_eq!(places(&search(&index, "harbour", usize::MAX)), [(harbour.id, 0)]);
    }

    #[test]
    fn furniture_is_left_out_and_places_are_kept() {
        let text = text_of(&[
            ("Grain at the port", Class::Title),
            ("Wheat 211.5 +0.3, grain futures", Class::Furniture(Furniture::Ticker)),
            ("The port moved more grain than ever.", Class::Body),
        ]);
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        let index = indexer.commit().expect("memory");
        let mut found = places(&search(&index, "grain", 10));
        found.sort_unstable();
        assert_eq!(found, [(text.id, 0), (text.id, 2)]);
        assert_eq!(search(&index, "futures", 10), []);
    }

    #[test]
    fn what_is_removed_is_hidden_and_old_views_stay() {
        let (first, second) =
            (body(&["The glacier shrinks."]), body(&["The glacier is old.", "So is the inn."]));
        let mut indexer = Indexer::new();
        indexer.add(&first, true);
        indexer.add(&second, true);
        let before = indexer.commit().expect("memory");
        let both = search(&before, "glacier", 10);
        assert_eq!(both.len(), 2);

        indexer.remove(first.id);
        assert_eq!(search(&before, "glacier", 10), both);
        let without = indexer.commit().expect("memory");
        assert_eq!(places(&search(&without, "glacier", 10)), [(second.id, 0)]);
        assert_eq!(within(&without, Some(first.id), &plain("glacier"), 10), []);
        assert_eq!(search(&before, "glacier", 10), both);

        // Added again, twice: it is found once.
        indexer.add(&first, true);
        indexer.add(&first, true);
        let again = indexer.commit().expect("memory");
        assert_eq!(places(&within(&again, Some(first.id), &plain("glacier"), 10)), [(first.id, 0)]);
        assert_eq!(search(&again, "glacier", 10).len(), 2);
        assert_eq!(places(&search(&without, "glacier", 10)), [(second.id, 0)]);
        drop(indexer);
        assert_eq!(search(&before, "glacier", 10), both, "a view outlives the indexer");
    }

    #[test]
    fn many_small_commits_are_joined_and_lose_nothing() {
        let mut indexer = Indexer::new();
        let mut view = Index::default();
        let texts: Vec<SourceText> =
            (0..30).map(|n| body(&[&format!("Report number{n} of the weather station.")])).collect();
        for (at, text) in texts.iter().enumerate() {
            indexer.add(text, true);
            if at >= 3 && at % 3 == 0 {
                indexer.remove(texts[at - 3].id);
            }
            view = indexer.commit().expect("memory");
        }
        let segments = view.segments();
        assert!(segments <= engine::MAX_SMALL_SEGMENTS, "{segments}");
        // 0, 3, … 24 were removed: nine of thirty.
        assert_eq!(search(&view, "weather", 100).len(), 21);
        assert_eq!(search(&view, "number24", 5), []);
        assert_eq!(places(&search(&view, "number27", 5)), [(texts[27].id, 0)]);
    }

    #[test]
    fn equals_come_in_order_of_text_and_passage_also_at_the_cut() {
        let mut texts: Vec<SourceText> = (0..6)
            .map(|_| body(&["All rights reserved by Vessby Press.", "All rights reserved by Vessby Press."]))
            .collect();
        texts.sort_by_key(|text| text.id);
        let expected =
            [(texts[0].id, 0), (texts[0].id, 1), (texts[1].id, 0), (texts[1].id, 1), (texts[2].id, 0)];
        let mut indexer = Indexer::new();
        for text in texts.iter().rev() {
            indexer.add(text, true);
            indexer.commit().expect("memory");
        }
        let index = indexer.commit().expect("memory");
        for _ in 0..3 {
            assert_eq!(places(&search(&index, "rights reserved Vessby Press", 5)), expected);
        }
        assert_eq!(places(&within(&index, Some(texts[4].id), &plain("press"), 1)), [(texts[4].id, 0)]);
    }

    #[test]
    fn nothing_in_a_query_is_syntax() {
        let text = body(&["Ships AND barges waited at the lock.", "Nothing else moved."]);
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        let index = indexer.commit().expect("memory");
        for nothing in
            ["", "   ", "\"", "AND OR *", "***", "-", "(((", "text:[0 TO *]", "the of and", "\0", "\u{301}"]
        {
            assert_eq!(search(&index, nothing, 10), [], "{nothing:?}");
        }
        for lock in
            ["\"lock", "lock~2", "-lock", "words:lock", "(lock", "lock AND missing", "+missing lock^9"]
        {
            assert_eq!(places(&search(&index, lock, 10)), [(text.id, 0)], "{lock:?}");
        }
    }

    #[test]
    fn a_megabyte_of_words_is_answered_like_a_page() {
        let text = body(&["Ships waited at the lock."]);
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        let index = indexer.commit().expect("memory");
        let same = "lock ".repeat(200_000);
        let other: String = (0..150_000).map(|n| format!("w{n} ")).collect();
        let one = "x".repeat(1_000_000);
        assert_eq!(places(&search(&index, &same, 10)), [(text.id, 0)]);
        assert_eq!(search(&index, &other, 10), []);
        assert_eq!(search(&index, &one, 10), []);
    }

    #[test]
    fn of_many_words_the_rarest_decide() {
        let mut paragraphs: Vec<String> = Vec::new();
        let common: Vec<String> = (0..40).map(|n| format!("common{n}")).collect();
        for _ in 0..3 {
            paragraphs.push(common.join(" "));
        }
        paragraphs.push("A lone wolverine".to_owned());
        let text = body(&paragraphs.iter().map(String::as_str).collect::<Vec<_>>());
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        let index = indexer.commit().expect("memory");
        let hits = search(&index, &format!("{} wolverine", common.join(" ")), 10);
        assert!(places(&hits).contains(&(text.id, 3)), "the fortieth word counts, for it is rare: {hits:?}");
    }

    #[test]
    fn passages_with_all_of_some_words_are_given_one_by_one() {
        let text = text_of(&[
            ("The port of grain", Class::Title),
            ("The port and the grain of it", Class::Furniture(Furniture::Caption)),
            ("Grain came to the port of Vessby, and it rotted.", Class::Body),
            ("The port of Vessby closed.", Class::Body),
        ]);
        let gone = body(&["The grain of the port"]);
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        indexer.add(&gone, true);
        indexer.commit().expect("memory");
        indexer.remove(gone.id);
        let index = indexer.commit().expect("memory");
        let all = |words: &str, most: usize, wanted: usize| {
            let mut found = Vec::new();
            index
                .with_all(words, most, &mut |text, passage| {
                    found.push((text, passage));
                    found.len() < wanted
                })
                .expect("memory");
            found.sort_unstable();
            found
        };
        assert_eq!(all("the grain of the port", 100, 10), [(text.id, 0), (text.id, 2)]);
        assert_eq!(all("the grain of the port", 100, 1).len(), 1);
        assert_eq!(all("the grain of the port", 0, 10), []);
        assert_eq!(all("of the", 100, 10).len(), 3, "stop words count here");
        assert_eq!(all("the grain of Atlantis", 100, 10), []);
        assert_eq!(all("", 100, 10), []);
        let nothing = Index::default().with_all("grain", 9, &mut |_, _| panic!("there is nothing"));
        assert_eq!(nothing, Ok(()));
    }

    #[test]
    fn two_indexes_of_the_same_texts_agree() {
        let texts: Vec<SourceText> = (0..20)
            .map(|n| {
                body(&[
                    &format!("Barley and oats in year {n}."),
                    "Oats were dear.",
                    "Barley was cheap, oats were not.",
                ])
            })
            .collect();
        let build = || {
            let mut indexer = Indexer::new();
            for text in &texts {
                indexer.add(text, true);
            }
            indexer.commit().expect("memory")
        };
        let (one, other) = (build(), build());
        for words in ["oats", "barley oats", "cheap barley in the year 7", "dear"] {
            assert_eq!(search(&one, words, 7), search(&other, words, 7), "{words}");
        }
    }

    #[test]
    fn a_word_counts_once_however_many_stand_for_it() {
        let ships =
            body(&["Ships, vessels, boats and craft.", "Ships waited at the pier.", "A pier and a lock."]);
        let mut indexer = Indexer::new();
        indexer.add(&ships, true);
        let index = indexer.commit().expect("memory");
        let words = |text: &str| stems(text).remove(0);
        let ship =
            Asked { stem: words("ship"), others: &stems("vessel boat craft"), other: 0.5, weight: 1.0 };
        let pier = Asked { stem: words("pier"), others: &[], other: 0.0, weight: 1.0 };
        let hits = within(&index, None, &[ship, pier], 3);
        assert_eq!(places(&hits), [(ships.id, 1), (ships.id, 0), (ships.id, 2)]);
        // A missing word is found through its stand-in, at the stand-in's weight.
        let full = Asked { stem: words("craft"), others: &[], other: 0.0, weight: 1.0 };
        let half = Asked { stem: words("dinghy"), others: &stems("craft"), other: 0.5, weight: 1.0 };
        let (full, half) = (within(&index, None, &[full], 3), within(&index, None, &[half], 3));
        assert_eq!(places(&half), places(&full));
        assert!((half[0].score * 2.0 - full[0].score).abs() < 0.01, "{half:?} {full:?}");
    }

    #[test]
    fn the_weight_is_that_of_all_words() {
        let text = body(&["Ships waited at the pier.", "Trucks waited at the gate.", "Planes waited."]);
        let mut indexer = Indexer::new();
        indexer.add(&text, true);
        let index = indexer.commit().expect("memory");
        let weight = |index: &Index, asked: &[Asked<'_>]| index.weight(asked).expect("memory");
        let all = weight(&index, &plain("ships waited at the pier"));
        let best = search(&index, "ships waited at the pier", 1)[0].score;
        assert!((0.7..1.3).contains(&(best / all)), "{best} of {all}");
        assert!(weight(&index, &plain("ships and absent words")) > all, "absent words weigh most");
        assert!(weight(&index, &[]) > 0.0 && weight(&Index::default(), &[]) > 0.0);
    }

    /// Every passage that contains all of `words`, sorted.
    fn all(index: &Index, words: &str) -> Vec<(TextId, usize)> {
        let mut found = Vec::new();
        let take = &mut |text, passage| {
            found.push((text, passage));
            true
        };
        index.with_all(words, usize::MAX, take).expect("it answers");
        found.sort_unstable();
        found
    }

    const ASKED: [&str; 5] = ["barley", "barley oats", "rye in the year 3", "the oats were dear", "wheat"];

    /// The answers of `index`, without the scores.
    fn answers(index: &Index) -> Vec<Vec<(TextId, usize)>> {
        let ranked = |words: &str| {
            let mut places = places(&search(index, words, 1_000));
            places.sort_unstable();
            places
        };
        ASKED.iter().flat_map(|words| [ranked(words), all(index, words)]).collect()
    }

    fn some_texts() -> Vec<SourceText> {
        const GRAINS: [&str; 4] = ["barley", "oats", "rye", "wheat"];
        let text = |n: usize| {
            let (one, other) = (GRAINS[n % 4], GRAINS[n / 4 % 4]);
            let first = format!("The {one} and the {other} of year {n} were dear.");
            body(&[&first, "The oats were not.", &format!("Then {other} was cheap, and {one} was not.")])
        };
        (0..16).map(text).collect()
    }

    fn fresh<'a>(texts: impl IntoIterator<Item = &'a SourceText>) -> Index {
        let mut indexer = Indexer::new();
        for text in texts {
            indexer.add(text, true);
        }
        indexer.commit().expect("memory")
    }

    #[test]
    fn an_index_on_disk_outlives_the_process_and_scores_as_one_in_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("index");
        let texts = some_texts();
        let mut indexer = Indexer::open(&folder, true).expect("made");
        for text in &texts[..12] {
            indexer.add(text, true);
        }
        indexer.commit().expect("written");
        drop(indexer);
        let mut indexer = Indexer::open(&folder, true).expect("opened");
        assert!(texts[..12].iter().all(|text| indexer.recall(text.id)));
        assert!(!indexer.recall(texts[12].id));
        // Two on disk and two in memory.
        for (at, text) in texts.iter().enumerate().skip(12) {
            indexer.add(text, at % 2 == 0);
        }
        let (index, expected) = (indexer.commit().expect("written"), fresh(&texts));
        for words in ASKED {
            assert_eq!(search(&index, words, 7), search(&expected, words, 7), "{words}");
            assert_eq!(all(&index, words), all(&expected, words), "{words}");
            let asked = plain(words);
            assert_eq!(index.weight(&asked), expected.weight(&asked), "{words}");
        }
        drop(indexer);
        let mut indexer = Indexer::open(&folder, true).expect("opened");
        let kept: Vec<bool> = texts[12..].iter().map(|text| indexer.recall(text.id)).collect();
        assert_eq!(kept, [true, false, true, false], "what was not to be kept is not on disk");
    }

    #[test]
    fn one_process_writes_and_another_follows() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("index");
        let texts = some_texts();
        assert!(Indexer::open(&folder, false).is_err(), "only one that writes makes an index");
        let mut writer = Indexer::open(&folder, true).expect("made");
        writer.add(&texts[0], true);
        writer.commit().expect("written");
        let mut other = Indexer::open(&folder, false).expect("opened");
        assert!(other.recall(texts[0].id) && !other.recall(texts[1].id));
        other.add(&texts[1], true);
        other.complete();
        assert_eq!(answers(&other.commit().expect("memory")), answers(&fresh(&texts[..2])));
        // The writer has the second text too, and a third that the other does not want.
        writer.add(&texts[1], true);
        writer.add(&texts[2], true);
        writer.commit().expect("written");
        assert_eq!(other.follow(), []);
        assert!(other.in_memory.is_empty(), "it is on disk now");
        assert_eq!(answers(&other.commit().expect("memory")), answers(&fresh(&texts[..2])));
        // It gives up the first one, which the other still wants.
        writer.remove(texts[0].id);
        writer.complete();
        assert_eq!(answers(&writer.commit().expect("written")), answers(&fresh(&texts[1..3])));
        assert_eq!(other.follow(), [texts[0].id]);
        other.add(&texts[0], true);
        assert_eq!(answers(&other.commit().expect("memory")), answers(&fresh(&texts[..2])));
        drop(writer);
        other.may_write();
        other.add(&texts[5], true);
        let wanted = [&texts[0], &texts[1], &texts[5]];
        assert_eq!(answers(&other.commit().expect("written")), answers(&fresh(wanted)));
        let mut later = Indexer::open(&folder, true).expect("opened");
        assert!(later.recall(texts[5].id) && !later.recall(texts[2].id));
    }

    #[test]
    fn a_damaged_index_is_made_anew_and_never_believed() {
        let texts = some_texts();
        let made = |folder: &Path| {
            let mut indexer = Indexer::open(folder, true).expect("made");
            for text in &texts {
                indexer.add(text, true);
            }
            indexer.commit().expect("written");
            indexer.remove(texts[3].id);
            indexer.complete();
            indexer.commit().expect("written");
        };
        let names = |folder: &Path| -> Vec<std::ffi::OsString> {
            let mut all: Vec<_> = std::fs::read_dir(folder)
                .expect("there")
                .map(|file| file.expect("a file").file_name())
                .collect();
            all.sort();
            all
        };
        let whole = tempfile::tempdir().expect("a folder");
        made(whole.path());
        let expected = answers(&fresh(texts.iter().filter(|text| text.id != texts[3].id)));
        for name in names(whole.path()) {
            let bytes = std::fs::read(whole.path().join(&name)).expect("a file");
            let flip = |at: usize| {
                let mut bytes = bytes.clone();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0x15;
                }
                Some(bytes)
            };
            let (middle, end) = (bytes.len() / 2, bytes.len().saturating_sub(1));
            let half = Some(bytes[..middle].to_vec());
            for damaged in [flip(0), flip(middle), flip(middle / 2), flip(end), half, Some(Vec::new()), None]
            {
                let folder = tempfile::tempdir().expect("a folder");
                for other in names(whole.path()) {
                    std::fs::copy(whole.path().join(&other), folder.path().join(&other)).expect("copied");
                }
                let path = folder.path().join(&name);
                match &damaged {
                    Some(bytes) => std::fs::write(path, bytes).expect("written"),
                    None => std::fs::remove_file(path).expect("removed"),
                }
                let what = format!("{name:?} {:?}", damaged.map(|bytes| bytes.len()));
                if let Ok(mut other) = Indexer::open(folder.path(), false) {
                    // Only what does no harm is accepted.
                    for text in texts.iter().filter(|text| text.id != texts[3].id) {
                        assert!(other.recall(text.id), "{what}");
                    }
                    assert_eq!(answers(&other.commit().expect(&what)), expected, "{what}");
                }
                let mut indexer = Indexer::open(folder.path(), true).expect(&what);
                for text in texts.iter().filter(|text| text.id != texts[3].id) {
                    indexer.add(text, true);
                }
                indexer.complete();
                assert_eq!(answers(&indexer.commit().expect(&what)), expected, "{what}");
            }
        }
    }

    proptest::proptest! {
        // Each case opens a few indexes on disk.
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
        #[test]
        fn whatever_happens_an_index_on_disk_answers_as_one_made_anew(
            steps in proptest::collection::vec((0_usize..16, 0_u8..8), 1..40),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let texts = some_texts();
            let mut wanted: BTreeSet<usize> = BTreeSet::new();
            let mut indexer = Indexer::open(folder.path(), true).expect("made");
            for (at, step) in steps {
                match step {
                    0..=2 => {
                        indexer.add(&texts[at], step > 0);
                        wanted.insert(at);
                    }
                    3 | 4 => {
                        indexer.remove(texts[at].id);
                        wanted.remove(&at);
                    }
                    5 | 6 => drop(indexer.commit().expect("written")),
                    _ => {
                        // Another run, which may lose what was not committed.
                        drop(indexer);
                        indexer = Indexer::open(folder.path(), true).expect("opened");
                        for at in &wanted {
                            indexer.add(&texts[*at], true);
                        }
                        indexer.complete();
                    }
                }
            }
            let index = indexer.commit().expect("written");
            let expected = answers(&fresh(wanted.iter().map(|at| &texts[*at])));
            proptest::prop_assert_eq!(answers(&index), expected);
        }
    }
}
