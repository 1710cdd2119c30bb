//! Where a note belongs in its source: the ladder by which the words that it quotes are found again after the
//! source has changed.
//!
//! 1. word for word in a passage that the locator names;
//! 2. word for word in one passage only;
//! 3. the same with the changes that a quotation may make, such as case and marked omissions;
//! 4. nearly: up to a fifth of the letters differ, in spelling or by words added or dropped, and no other place
//!    comes near;
//! 5. otherwise the note is an orphan.
//!
//! In doubt a note is an orphan: a reader can find its passage again, but does not notice one that has moved to
//! a similar sentence.

use super::align::alike;
use super::asked::Asked;
use super::check::{Check, check, whole};
use super::memo::Memo;
use super::nearly::{self, Change, Near};
use super::quoted::{Element, Quoted};
pub use super::rung::{Anchor, Candidate, Rung};
use super::verdict::{FEWEST_JUDGED, FEWEST_UNCITED, Place, Verdict};
use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::corpus::source::SourceId;
use crate::text::LocusRange;

/// Largest share of the letters in which a place may differ from the quoted words, in percent.
const MOST_CHANGED: usize = 20;

/// How much further, in percent of the letters, the next place must differ.
const MARGIN: usize = 20;

/// Places that differ in more than this share of the letters, in percent, are not even suggested.
const MOST_SUGGESTED: usize = 50;

/// Longest quotation that is compared with places that differ, in words: the table grows with its square.
const MOST_COMPARED: usize = 400;

/// Finds `quotation` of `brief` in the documents of `source`; `loci` are the places that its citation names.
#[must_use]
pub fn anchor(
    corpus: &Corpus,
    memo: &Memo,
    brief: &Brief,
    quotation: &Quotation,
    source: SourceId,
    loci: &[LocusRange],
) -> Anchor {
    let key = (source, brief.text.slice(quotation.span).to_owned(), loci.to_vec());
    memo.anchor(key, || find(corpus, memo, brief, quotation, source, loci))
}

fn find(
    corpus: &Corpus,
    memo: &Memo,
    brief: &Brief,
    quotation: &Quotation,
    source: SourceId,
    loci: &[LocusRange],
) -> Anchor {
    let quoted = Quoted::read(brief.markdown.language, brief.text.as_str(), &quotation.words);
    let asking =
        Check { corpus, memo, brief, quotation, quoted: &quoted, citations: &[], before: "", after: "" };
    let documents: Vec<Asked> = corpus
        .documents(source)
        .filter_map(|id| asking.asked(id, None))
        .flat_map(|asked| asked.read_both_ways(memo))
        .collect();
    if documents.is_empty() || quoted.words.is_empty() {
        return Anchor::Unknown;
    }
    let enough = asking.word_count() >= FEWEST_JUDGED;
    if let Some(found) = exactly(&asking, &documents, loci, enough) {
        return found;
    }
    if !enough {
        return Anchor::Unknown;
    }
    // The check knows more ways to read a quotation: with an attribution, or as several passages.
    let evidence = check(corpus, memo, brief, quotation);
    let stands = matches!(
        evidence.verdict,
        Verdict::Verbatim
            | Verdict::Edited
            | Verdict::Truncated
            | Verdict::HiddenLimiter
            | Verdict::WrongSpeaker
            | Verdict::Furniture
    );
    if let Some(place) =
        evidence.place.filter(|place| stands && documents.iter().any(|a| a.id == place.source))
    {
        return Anchor::Held(Rung::Folded, place);
    }
    nearly(&quoted, &documents)
}

/// The first three rungs. `None` if the words occur nowhere, or are too few to be recognised without a locator.
fn exactly(asking: &Check<'_>, documents: &[Asked], loci: &[LocusRange], enough: bool) -> Option<Anchor> {
    // Without the permitted changes first; in the text first.
    let mut all: Vec<(bool, bool, bool, Place)> = Vec::new();
    for asked in documents {
        for found in asking.located(&asked.stream()) {
            let words = whole(&found);
            let place = asked.place(&words);
            let furniture = asked.only_furniture(&words);
            if all.iter().all(|(.., known)| (known.source, known.span) != (place.source, place.span)) {
                all.push((furniture, !found.edits.is_empty(), is_named(asked, loci, &place), place));
            }
        }
    }
    // Page furniture often repeats the text.
    if all.iter().any(|(furniture, ..)| !furniture) {
        all.retain(|(furniture, ..)| !furniture);
    }
    // A page says nothing about a text without pages.
    let counted = !loci.is_empty() && documents.iter().any(|asked| asked.text.counts_by(loci));
    for (changed, held) in [(false, Rung::Unique), (true, Rung::Folded)] {
        let of_rung = || all.iter().filter(|(_, edited, ..)| *edited == changed);
        if let Some((.., place)) = of_rung().find(|(_, _, named, _)| *named) {
            return Some(Anchor::Held(if changed { held } else { Rung::Located }, *place));
        }
        let mut places: Vec<Place> = of_rung().map(|(.., place)| *place).collect();
        places.dedup_by_key(|place| (place.source, place.passage));
        match places.as_slice() {
            [] => {}
            [place] if enough || !counted => return Some(Anchor::Held(held, *place)),
            [_] => return None,
            _ => return Some(Anchor::Several(places)),
        }
    }
    None
}

/// Returns true if `loci` name the passage of `place`.
fn is_named(asked: &Asked, loci: &[LocusRange], place: &Place) -> bool {
    !loci.is_empty()
        && asked
            .text
            .passages
            .get(place.passage)
            .is_some_and(|passage| asked.text.allows(loci, passage, place.span))
}

/// The last two rungs.
fn nearly(quoted: &Quoted, documents: &[Asked]) -> Anchor {
    // Of a quotation with omissions, the longest part.
    let fragments = quoted.fragments();
    let longest = fragments.iter().max_by_key(|fragment| fragment.len());
    let of_words = |element: &Element| match element {
        Element::Word(at) | Element::Cut { at, .. } => Some(*at),
        Element::Stub { .. } | Element::Added(_) | Element::Omission => None,
    };
    let words: Vec<usize> =
        longest.map_or(&[][..], |fragment| fragment).iter().filter_map(of_words).collect();
    let lower: Vec<&str> = words.iter().map(|&at| quoted.words.lower(at)).collect();
    if lower.len() < FEWEST_JUDGED || lower.len() > MOST_COMPARED {
        return Anchor::Orphan(Vec::new());
    }
    let whole = nearly::weight_of(&lower);
    let limit = whole * MOST_SUGGESTED / 100;
    let mut complete = true;
    let mut found: Vec<(&Asked, Near)> = Vec::new();
    for asked in documents {
        let near = nearly::find(&asked.stream(), &lower, limit);
        complete &= near.complete;
        found.extend(near.places.into_iter().map(|near| (asked, near)));
    }
    found.sort_by_key(|(_, near)| near.distance);
    // Both readings of a source have the same places.
    let mut places: Vec<(&Asked, Near, Place)> = Vec::new();
    for (asked, near) in found {
        let place = asked.place(&near.words);
        let meets = |known: &Place| {
            known.source == place.source
                && known.span.start < place.span.end
                && place.span.start < known.span.end
        };
        if !places.iter().any(|(.., known)| meets(known)) {
            places.push((asked, near, place));
        }
    }
    if let Some((asked, near, place)) = places.first() {
        let next = places.get(1).map_or(limit, |(_, next, _)| next.distance);
        let alone = complete && next >= near.distance + whole * MARGIN / 100;
        let close = near.distance <= whole * MOST_CHANGED / 100;
        let changes = nearly::changes(&asked.stream(), &lower, near.words.clone());
        // Fewer, such as “before the harvest, and the council”, nearly occur in other sentences too.
        let long = lower.len() >= FEWEST_UNCITED;
        if alone && close && long && changes.iter().all(|change| is_slight(quoted, &words, asked, change)) {
            return Anchor::Held(Rung::Near, *place);
        }
    }
    let candidates = places
        .iter()
        .map(|(_, near, place)| Candidate { place: *place, differs: 100 * near.distance / whole });
    Anchor::Orphan(candidates.collect())
}

/// Returns true if `change` leaves the statement recognisable: a word spelled otherwise, added, or missing in the
/// middle. Another word makes it another statement, as does a missing one at an end, where the source has another
/// one; so does a number, a month or a negation.
fn is_slight(quoted: &Quoted, words: &[usize], asked: &Asked, change: &Change) -> bool {
    let mine = change.0.and_then(|at| words.get(at)).map(|&at| quoted.words.lower(at));
    let theirs = change.1.map(|at| asked.words.words.lower(at));
    let language = asked.language().or(quoted.language);
    let tells = |word: &str| {
        word.contains(char::is_numeric)
            || language.number(word).is_some()
            || language.month(word).is_some()
            || language.negates(word)
    };
    let at_end = change.0 == Some(0) || change.0 == words.len().checked_sub(1);
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => !tells(mine) && !tells(theirs) && alike(mine, theirs),
        (Some(word), None) => !tells(word) && !at_end,
        (None, Some(word)) => !tells(word),
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    use super::*;
    use crate::corpus::shelf::Down;
    use crate::corpus::source::{Class, Passage, Source, SourceText, TextId, TextState};
    use crate::text::{FileId, Locus, Span, Text};

    /// A source with one paragraph per line.
    fn source(text: &str) -> SourceText {
        let (mut passages, mut at) = (Vec::new(), 0);
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            passages.push(Passage::counted(
                Span::new(at, at + line.trim_end().len()),
                Class::Body,
                Some(number),
            ));
            at += line.len();
        }
        let file = FileId::new("/moss.txt");
        let id = TextId::of(&file, text.as_bytes());
        let plain = SourceText::plain(id, file, Text::new(text), passages);
        SourceText { language: Some("eng"), ..plain }
    }

    /// Where a note that quotes `quoted` from paragraph `number` belongs in `text`.
    fn found(text: &str, quoted: &str, number: Option<u32>) -> Anchor {
        let document = TextState::Present(Arc::new(source(text).into()));
        let one = Source { key: "moss".into(), entry: None, document };
        let corpus = Corpus::new(vec![one], Vec::new(), Arc::new(Down::new("closed")));
        let locator = number.map_or(String::new(), |number| format!(", ¶ {number}"));
        let brief = Brief::read(Text::new(format!("> {quoted} [@moss{locator}]\n\nA remark.\n")));
        let loci: Vec<LocusRange> =
            number.map(|number| Locus::Paragraph(number).into()).into_iter().collect();
        let quotation = brief.quotations.first().expect("a quotation");
        let id = corpus.find("moss").expect("the source");
        anchor(&corpus, &Memo::default(), &brief, quotation, id, &loci)
    }

    /// The rung and the words of the place, or the number of places.
    fn shown(text: &str, quoted: &str, number: Option<u32>) -> String {
        match found(text, quoted, number) {
            Anchor::Held(rung, place) => {
                format!("{rung:?} ¶ {}: {}", place.passage + 1, &text[place.span.start..place.span.end])
            }
            Anchor::Several(places) => format!("{} places", places.len()),
            Anchor::Orphan(candidates) => {
                let all =
                    candidates.iter().map(|one| format!(" {} at ¶ {}", one.differs, one.place.passage + 1));
                format!("orphan{}", all.collect::<String>())
            }
            Anchor::Unknown => "unknown".into(),
        }
    }

    const HARBOUR: &str = "The weir was mended in the spring by three masons of the town.\n\
        Nobody paid the masons before the harvest, and the weir broke again.\n\
        The weir was mended in the spring by three masons of the town.\n\
        A ferry ran twice a day until the river froze over in December.\n\
        The council voted 40 pounds for a new gate at the northern quay.\n";

    #[test]
    fn the_ladder_is_climbed_down_in_order() {
        let gate = "voted 40 pounds for a new gate at the northern quay";
        assert_eq!(shown(HARBOUR, gate, Some(5)), format!("Located ¶ 5: {gate}"));
        assert_eq!(shown(HARBOUR, gate, Some(2)), format!("Unique ¶ 5: {gate}"));
        assert_eq!(shown(HARBOUR, gate, None), format!("Unique ¶ 5: {gate}"));
        let mended = "mended in the spring by three masons";
        assert_eq!(shown(HARBOUR, mended, Some(3)), format!("Located ¶ 3: {mended}"));
        assert_eq!(shown(HARBOUR, mended, Some(4)), "2 places");
        assert_eq!(shown(HARBOUR, mended, None), "2 places");
        assert_eq!(
            shown(HARBOUR, "a ferry ran … until the river froze", None),
            "Folded ¶ 4: A ferry ran twice a day until the river froze"
        );
        assert_eq!(
            shown(HARBOUR, "a fery ran twice a full day until the river froze over", Some(4)),
            "Near ¶ 4: A ferry ran twice a day until the river froze over"
        );
    }

    #[test]
    fn a_statement_that_became_another_is_an_orphan() {
        for quoted in [
            "The council voted 45 pounds for a new gate at the northern quay",
            "The council never voted 40 pounds for a new gate at the northern quay",
            "mended in the summer and the autumn by sixty sailors of another village",
        ] {
            assert!(shown(HARBOUR, quoted, None).starts_with("orphan"), "{quoted}");
        }
        // Another word may make another sentence, even where the locator says.
        let quoted = "A ferry ran twice a day until the harbour froze over in December";
        assert_eq!(shown(HARBOUR, quoted, Some(4)), "orphan 12 at ¶ 4");
    }

    #[test]
    fn of_two_places_that_are_nearly_alike_none_is_chosen() {
        let text = "The ferry of the eastern bank ran twice a day until winter.\nThe ferry of the western bank ran twice a day until winter.\n";
        assert_eq!(
            shown(text, "The ferry of the lower bank ran twice a day until winter", Some(1)),
            "orphan 14 at ¶ 1 14 at ¶ 2"
        );
    }

    #[test]
    fn a_few_words_are_only_found_where_the_locator_says() {
        assert_eq!(shown(HARBOUR, "northern quay", Some(5)), "Located ¶ 5: northern quay");
        assert_eq!(shown(HARBOUR, "northern quay", Some(2)), "unknown");
        assert_eq!(shown(HARBOUR, "northern quay", None), "Unique ¶ 5: northern quay");
        assert_eq!(shown(HARBOUR, "southern quay", Some(5)), "unknown");
    }

    /// A word of a generated source, and whether the note quotes it.
    type Word = (String, Origin);

    /// How a word came into the source.
    #[derive(Clone, Copy, PartialEq)]
    enum Origin {
        /// As one of those that the note quotes, or written into them.
        Yes,
        /// As a copy of one of those.
        Copied,
        No,
    }

    /// Draws from a fixed sequence.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % limit.max(1)
        }

        fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
            words[self.below(words.len())]
        }
    }

    const THINGS: [&str; 16] = [
        "weir",
        "harbour",
        "bridge",
        "quay",
        "mill",
        "ferry",
        "gate",
        "market",
        "granary",
        "lighthouse",
        "canal",
        "chapel",
        "orchard",
        "tannery",
        "customs",
        "shipyard",
    ];
    const DEEDS: [&str; 12] = [
        "mended",
        "sold",
        "opened",
        "closed",
        "burned",
        "leased",
        "surveyed",
        "painted",
        "flooded",
        "bought",
        "inspected",
        "abandoned",
    ];
    const PLACES: [&str; 8] = ["Holm", "Reed", "Fenn", "Vane", "Carrow", "Ashby", "Thorne", "Wick"];
    const WHEN: [&str; 6] =
        ["before the harvest", "in the spring", "after the war", "at night", "in May", "that winter"];
    const PEOPLE: [&str; 8] =
        ["masons", "pilots", "sailors", "clerks", "farmers", "weavers", "millers", "captains"];

    /// Sentences as of minutes: many differ from another one in a word, a name or a number.
    fn sentence(dice: &mut Dice) -> String {
        match dice.below(4) {
            0 => format!(
                "The {} of {} was {} by {} {} {}.",
                dice.of(&THINGS),
                dice.of(&PLACES),
                dice.of(&DEEDS),
                dice.below(90) + 2,
                dice.of(&PEOPLE),
                dice.of(&WHEN)
            ),
            1 => format!(
                "Nobody among the {} knew that the {} had been {} {}, and the council said so.",
                dice.of(&PEOPLE),
                dice.of(&THINGS),
                dice.of(&DEEDS),
                dice.of(&WHEN)
            ),
            2 => format!(
                "The council of {} paid {} pounds for the {} and {} pounds for the {}.",
                dice.of(&PLACES),
                dice.below(900),
                dice.of(&THINGS),
                dice.below(900),
                dice.of(&THINGS)
            ),
            _ => {
                let words: Vec<&str> = (0..dice.below(12) + 8)
                    .map(|at| match at % 4 {
                        0 => dice.of(&PEOPLE),
                        1 => dice.of(&DEEDS),
                        2 => dice.of(&["the", "a", "every", "no", "their"]),
                        _ => dice.of(&THINGS),
                    })
                    .collect();
                format!("Some {}.", words.join(" "))
            }
        }
    }

    fn paragraph(dice: &mut Dice) -> Vec<Word> {
        let sentences: Vec<String> = (0..dice.below(3) + 1).map(|_| sentence(dice)).collect();
        sentences.join(" ").split(' ').map(|word| (word.to_owned(), Origin::No)).collect()
    }

    /// The paragraph with the quoted words, and their range in it; they may have been moved apart.
    fn tracked(text: &[Vec<Word>]) -> Option<(usize, std::ops::Range<usize>)> {
        text.iter().enumerate().find_map(|(at, words)| {
            let first = words.iter().position(|word| word.1 == Origin::Yes)?;
            let last = words.iter().rposition(|word| word.1 == Origin::Yes)?;
            Some((at, first..last + 1))
        })
    }

    /// Edits the source: outside the quoted words, inside, by moving, duplicating, reflowing or deleting them.
    fn edit(text: &mut Vec<Vec<Word>>, kind: u8, dice: &mut Dice) {
        let Some((at, range)) = tracked(text) else { return };
        match kind {
            0 => match dice.below(3) {
                0 => text.insert(dice.below(text.len() + 1), paragraph(dice)),
                1 => {
                    let other = dice.below(text.len());
                    if text[other].iter().all(|word| word.1 != Origin::Yes) {
                        text.remove(other);
                    }
                }
                _ => {
                    let other = dice.below(text.len());
                    let word = dice.below(text[other].len());
                    if text[other][word].1 != Origin::Yes {
                        text[other][word].0 = dice.of(&THINGS).into();
                    }
                }
            },
            1 => {
                for _ in 0..dice.below(4) + 1 {
                    let Some((at, range)) = tracked(text) else { return };
                    let word = range.start + dice.below(range.len());
                    match dice.below(4) {
                        0 => text[at][word].0 = dice.of(&DEEDS).into(),
                        1 => text[at].insert(word, (dice.of(&THINGS).into(), Origin::Yes)),
                        2 => drop(text[at].remove(word)),
                        _ => {
                            let old = &text[at][word].0;
                            let cut = old.char_indices().nth(2).map_or(old.len(), |(at, _)| at);
                            text[at][word].0 =
                                format!("{}{}", &old[..cut], old.get(cut + 1..).unwrap_or_default());
                        }
                    }
                }
            }
            2 => {
                let moved: Vec<Word> = match dice.below(2) {
                    0 => text.remove(at),
                    _ => text[at].drain(range).collect(),
                };
                text.retain(|words| !words.is_empty());
                text.insert(dice.below(text.len() + 1), moved);
            }
            3 => {
                let copy: Vec<Word> =
                    text[at][range].iter().map(|(word, _)| (word.clone(), Origin::Copied)).collect();
                if dice.below(2) == 0 {
                    text.insert(dice.below(text.len() + 1), copy);
                } else {
                    let other = dice.below(text.len());
                    let place = if other == at { text[at].len() } else { dice.below(text[other].len() + 1) };
                    text[other].splice(place..place, copy);
                }
            }
            4 => {
                let end = text[at].len();
                match dice.below(3) {
                    0 if end > 1 => {
                        let rest = text[at].split_off(1 + dice.below(end - 1));
                        text.insert(at + 1, rest);
                    }
                    1 if at + 1 < text.len() => {
                        let next = text.remove(at + 1);
                        text[at].extend(next);
                    }
                    _ => text[at][range].iter_mut().for_each(|word| word.0 = word.0.replace(['.', ','], "")),
                }
            }
            _ => {
                text.iter_mut().for_each(|words| words.retain(|word| word.1 != Origin::Yes));
                text.retain(|words| !words.is_empty());
            }
        }
    }

    /// What became of a note after edits of its source.
    fn outcome(seed: u64, edits: &[u8]) -> (&'static str, String) {
        let mut dice = Dice(seed);
        let mut text: Vec<Vec<Word>> = (0..dice.below(10) + 4).map(|_| paragraph(&mut dice)).collect();
        let at = dice.below(text.len());
        let length = text[at].len().min(dice.below(18) + 5);
        let first = dice.below(text[at].len() - length + 1);
        text[at][first..first + length].iter_mut().for_each(|word| word.1 = Origin::Yes);
        let quoted: Vec<String> = text[at][first..first + length].iter().map(|word| word.0.clone()).collect();
        let number = (dice.below(3) > 0).then(|| u32::try_from(at).expect("few paragraphs") + 1);
        for &kind in edits {
            edit(&mut text, kind, &mut dice);
        }
        let mut all = String::new();
        let mut words: Vec<(usize, usize, Origin)> = Vec::new();
        for paragraph in &text {
            for (at, (word, tracked)) in paragraph.iter().enumerate() {
                all.push_str(if at == 0 { "" } else { " " });
                words.push((all.len(), all.len() + word.len(), *tracked));
                all.push_str(word);
            }
            all.push('\n');
        }
        let quoted = quoted.join(" ");
        let anchor = found(&all, &quoted, number);
        let told = format!("{quoted:?} {number:?} in\n{all}{anchor:?}");
        let Anchor::Held(_, place) = anchor else { return ("refused", told) };
        let inside =
            words.iter().filter(|(start, end, _)| *start < place.span.end && place.span.start < *end);
        let inside: Vec<Origin> = inside.map(|(.., quoted)| *quoted).collect();
        let most =
            |wanted: &[Origin]| 2 * inside.iter().filter(|one| wanted.contains(one)).count() > inside.len();
        let letters = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        // A copy of the words, or a sentence that happens to have the same ones, cannot be distinguished from them.
        let same = letters(&all[place.span.start..place.span.end]) == letters(&quoted);
        let outcome = match () {
            () if most(&[Origin::Yes]) => "recalled",
            () if same || most(&[Origin::Copied, Origin::Yes]) => "recalled at a copy",
            () => "wrong",
        };
        (outcome, told)
    }

    #[test]
    fn after_any_edits_of_its_source_no_note_is_at_a_wrong_place() {
        let cases = 10_000;
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let counts: RefCell<BTreeMap<(&str, String), usize>> = RefCell::default();
        let wrong: RefCell<Vec<String>> = RefCell::default();
        let edits = proptest::collection::vec(0_u8..6, 1..4);
        let ran = runner.run(&(any::<u64>(), edits), |(seed, edits)| {
            let (outcome, told) = outcome(seed, &edits);
            let names = ["outside", "inside", "moved", "duplicated", "reflowed", "deleted"];
            let deleted = edits.contains(&5);
            let kind = if deleted {
                names[5]
            } else if edits.len() == 1 {
                names[usize::from(edits[0])]
            } else {
                "several"
            };
            *counts.borrow_mut().entry((outcome, kind.to_owned())).or_default() += 1;
            if outcome == "wrong" {
                wrong.borrow_mut().push(told);
            }
            Ok(())
        });
        let counts = counts.into_inner();
        ran.expect("it ran");
        let wrong = wrong.into_inner();
        assert!(
            wrong.is_empty(),
            "{counts:?}\n{}: {}",
            wrong.len(),
            wrong[..wrong.len().min(6)].join("\n---\n")
        );
        let all = |outcome: &str| {
            counts.iter().filter(|((one, _), _)| *one == outcome).map(|(_, n)| n).sum::<usize>()
        };
        // A ladder that refuses everything is never wrong.
        assert!(3 * all("recalled") > cases as usize, "{counts:#?}");
    }
}
