//! Completion: citation keys after `@`, locators after a key, the rest of a quoted sentence, names after a
//! capital letter, and tags of notes after `#`. Passages with a note come first.
//!
//! Before anything is typed, the sources that match the sentence come first; after that the typed letters
//! decide, and the match with the sentence breaks ties. A candidate's filter text starts with what was typed,
//! so that the client does not drop a source found by its author or title.

mod archived;
mod candidate;
mod context;
mod names;
mod noted;
pub mod quote;
mod tags;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use frizbee::{CaseMatching, Config as Fuzzy, Matcher};

use crate::archive::Question;
use crate::corpus::source::{Furniture, Passage, Source, SourceId, SourceText};
use crate::evidence::relevance::{self, Claim};
use crate::features::card::{self, Card};
use crate::features::{markup, second};
use crate::text::{Division, FileId, Locus, LocusRange, Span};
use crate::workspace::Snapshot;
use candidate::{BESIDE, NAME};
pub use candidate::{Candidate, Completions, LIMIT};
use context::Context;
use noted::Noted;

/// Libraries with fewer sources than this are searched completely, in under half a millisecond.
const FEW_ROWS: usize = 5_000;

/// Number of typed letters from which one typo is forgiven; with fewer, nearly every row of a large library
/// would match.
const TYPO_FROM: usize = 5;

/// The completions at byte `offset` of the brief `file`.
#[must_use]
pub fn complete(snap: &Snapshot, file: &FileId, offset: usize) -> Completions {
    let Some(brief) = snap.brief(file) else { return Completions::default() };
    let brief = brief.brief();
    match context::at(brief, offset) {
        Some(Context::Key { typed, replace, stated }) => keys(snap, &typed, replace, stated.claim()),
        Some(Context::Locator { key, typed, replace, stated }) => {
            let noted = Noted::of(snap, &key, file, offset);
            locators(snap, &key, &typed, replace, stated.claim(), &noted)
        }
        Some(Context::Quote(open)) => {
            let found = quote::complete(snap, file, brief, offset, &open);
            if found.candidates.is_empty() { names::complete(snap, brief, offset) } else { found }
        }
        None => tags::complete(snap, file, offset).unwrap_or_else(|| names::complete(snap, brief, offset)),
    }
}

/// The card of a candidate, from its `about`.
#[must_use]
pub fn card(snap: &Snapshot, key: &str, locus: Option<&LocusRange>) -> Option<Card> {
    if let Some(name) = key.strip_prefix(NAME) {
        return names::card(snap, name);
    }
    if snap.corpus.find(key).is_none() {
        return archived::card(snap, key);
    }
    let source = snap.corpus.source(snap.corpus.find(key)?);
    match locus {
        Some(locus) => card::passages(source, std::slice::from_ref(locus)),
        None => Some(card::source(snap, source)),
    }
}

/// The question to archives whose answer completes the key at byte `offset` of the brief `file`. `None` if no key is
/// being written there, or if all archives have answered.
#[must_use]
pub fn open_question(snap: &Snapshot, file: &FileId, offset: usize) -> Option<Question> {
    let Some(Context::Key { stated, .. }) = context::at(snap.brief(file)?.brief(), offset) else {
        return None;
    };
    second::about_sentence(snap, &stated.sentence).filter(|question| second::is_open(snap, question))
}

fn keys(snap: &Snapshot, typed: &str, replace: Span, claim: Claim) -> Completions {
    let fit = relevance::sources(&snap.corpus, claim);
    let ranked = if typed.is_empty() { by_fit(snap, &fit) } else { by_match(snap, typed, &fit, LIMIT + 1) };
    let cut = ranked.len() > LIMIT;
    let candidates: Vec<Candidate> = ranked
        .into_iter()
        .take(LIMIT)
        .take_while(|_| !snap.cancel.is_set())
        .map(|id| {
            let source = snap.corpus.source(id);
            Candidate {
                label: source.key.to_string(),
                detail: markup::clip(&card::detail(source), BESIDE),
                filter: filter(source, typed),
                replace,
                insert: source.key.to_string(),
                also: Vec::new(),
                about: (source.key.to_string(), None),
            }
        })
        .collect();
    // The client filters by the key alone or by what was typed. As long as a row may match by author or
    // title, it must ask again after every letter.
    let by_other_words = candidates.iter().any(|candidate| candidate.filter != candidate.label);
    let by_nothing = typed.is_empty() && !candidates.is_empty();
    let mut found = Completions { incomplete: cut || by_nothing || by_other_words, candidates };
    archived::add(snap, typed, replace, claim, &mut found);
    found
}

/// The sources that match the sentence, best first, then the others by key. Returns one more than is shown,
/// so that the caller can tell whether the list was cut.
pub(super) fn by_fit(snap: &Snapshot, fit: &HashMap<SourceId, f32>) -> Vec<SourceId> {
    let mut ranked: Vec<(SourceId, f32)> = fit.iter().map(|(id, score)| (*id, *score)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let rest = (0..).map(SourceId).take(snap.corpus.sources().len()).filter(|id| !fit.contains_key(id));
    ranked.iter().map(|(id, _)| *id).chain(rest).take(LIMIT + 1).collect()
}

/// The sources whose key, author, title, outlet or file matches `typed`, best first; keys that begin with it
/// come before all others. At most `most`, which must not be 0.
pub(super) fn by_match(
    snap: &Snapshot,
    typed: &str,
    fit: &HashMap<SourceId, f32>,
    most: usize,
) -> Vec<SourceId> {
    let max_typos = u16::from(typed.chars().count() >= TYPO_FROM);
    let config = Fuzzy { max_typos: Some(max_typos), casing: CaseMatching::Ignore, ..Fuzzy::default() };
    let lower = typed.to_lowercase();
    let rows = snap.corpus.rows();
    let mut matcher = Matcher::new(typed, &config);
    // If any rows contain the typed text as such, show only those: its letters scattered over other rows are
    // then not a match. In a large library only words that begin with it are considered, since comparing all
    // 100,000 rows takes 5 ms.
    let has = |id: &SourceId| rows.all()[id.0 as usize].contains(&lower);
    let begun = if rows.all().len() > FEW_ROWS {
        rows.beginning(&lower).map(|mut begun| {
            begun.extend(fit.keys().filter(|id| has(id)));
            begun.sort_unstable();
            begun.dedup();
            begun
        })
    } else {
        Some((0..).map(SourceId).take(rows.all().len()).filter(has).collect())
    };
    let matches: Vec<(SourceId, u16)> = match begun.filter(|begun| !begun.is_empty()) {
        Some(begun) => {
            let some: Vec<&str> = begun.iter().map(|id| &*rows.all()[id.0 as usize]).collect();
            matcher
                .match_list(&some)
                .into_iter()
                .map(|found| (begun[found.index as usize], found.score))
                .collect()
        }
        None => matcher
            .match_list(rows.all())
            .into_iter()
            .map(|found| (SourceId(found.index), found.score))
            .collect(),
    };
    let mut ranked: Vec<(bool, u16, f32, SourceId)> = matches
        .into_iter()
        .take_while(|_| !snap.cancel.is_set())
        .map(|(id, score)| {
            let key = &snap.corpus.source(id).key;
            let begins = key.get(..typed.len()).is_some_and(|head| head.to_lowercase() == lower);
            (begins, score, fit.get(&id).copied().unwrap_or(0.0), id)
        })
        .collect();
    let order = |a: &(bool, u16, f32, SourceId), b: &(bool, u16, f32, SourceId)| -> Ordering {
        b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.total_cmp(&a.2)).then(a.3.cmp(&b.3))
    };
    if ranked.len() > most {
        ranked.select_nth_unstable_by(most - 1, order);
        ranked.truncate(most);
    }
    ranked.sort_by(order);
    ranked.into_iter().map(|(.., id)| id).collect()
}

/// The text by which the client filters a row.
fn filter(source: &Source, typed: &str) -> String {
    let key = &source.key;
    if typed.is_empty() || key.starts_with(typed) {
        key.to_string()
    } else {
        format!("{typed} {key} {}", card::detail(source))
    }
}

fn locators(
    snap: &Snapshot,
    key: &str,
    typed: &str,
    replace: Span,
    claim: Claim,
    noted: &Noted,
) -> Completions {
    let Some(id) = snap.corpus.find(key) else { return Completions::default() };
    let source = snap.corpus.source(id);
    let Some(text) = source.text() else { return Completions::default() };
    let fit = relevance::passages(&snap.corpus, id, claim);
    let asked = Asked::of(typed);
    let mut rows: Vec<(bool, f32, usize, LocusRange, String)> = Vec::new();
    let mut known: HashMap<LocusRange, usize> = HashMap::new();
    for (at, passage) in text.passages.iter().enumerate().take_while(|_| !snap.cancel.is_set()) {
        let fit = fit.get(&at).copied().unwrap_or(0.0);
        let note = noted.on(passage.span);
        for (locus, passage) in asked.loci(text, passage) {
            let beginning = || noted::beside(note, &card::beginning(text, &passage));
            // Items below a numbered paragraph share its number, and the passages of a page its label. The one
            // that fits best speaks for all.
            match known.entry(locus.clone()) {
                Entry::Vacant(new) => {
                    new.insert(rows.len());
                    rows.push((note.is_some(), fit, rows.len(), locus, beginning()));
                }
                Entry::Occupied(of) => {
                    let row = &mut rows[*of.get()];
                    if (note.is_some(), fit) > (row.0, row.1) {
                        (row.0, row.1, row.4) = (note.is_some(), fit, beginning());
                    }
                }
            }
        }
    }
    // Passages with a note come first: somebody has chosen them.
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let cut = rows.len() > LIMIT;
    let candidates = rows
        .into_iter()
        .take(LIMIT)
        .map(|(_, _, _, locus, beginning)| {
            let label = locus.to_string();
            let filter = if label.starts_with(typed) { label.clone() } else { format!("{typed} {label}") };
            Candidate {
                insert: label.clone(),
                also: Vec::new(),
                label,
                detail: beginning,
                filter,
                replace,
                about: (key.to_owned(), Some(locus)),
            }
        })
        .collect();
    Completions { candidates, incomplete: cut }
}

/// The locators that are asked for: by what has been typed.
struct Asked {
    /// The unit of the typed label; `None` if there is none.
    like: Option<Locus>,
    /// What the value must begin with, in lower case.
    value: String,
}

impl Asked {
    fn of(typed: &str) -> Self {
        let typed = typed.trim_start();
        let label = typed.find(|c: char| c.is_ascii_digit()).unwrap_or(typed.len());
        let (label, value) = typed.split_at(label);
        let label = label.trim().trim_end_matches('.').to_lowercase();
        let none = || Box::from("");
        let like = match &*label {
            "p" | "pp" | "page" | "pages" => Some(Locus::Page(none())),
            "¶" | "¶¶" | "para" | "paras" | "par" | "paragraph" | "paragraphs" => {
                Some(Locus::Paragraph(0))
            }
            "§" | "§§" | "sec" | "secs" | "section" | "sections" => {
                Some(Locus::Section(Division::Section, none()))
            }
            "ch" | "chap" | "chaps" | "chapter" | "chapters" => {
                Some(Locus::Section(Division::Chapter, none()))
            }
            "n" | "nn" | "note" | "notes" => Some(Locus::Note(none())),
            _ => None,
        };
        Self { like, value: value.trim().to_lowercase() }
    }

    /// The locators to offer for `passage`: how it is cited, or its place in the unit asked for; each with the
    /// part of the passage that begins there, since a passage may run over several pages.
    fn loci(&self, text: &SourceText, passage: &Passage) -> Vec<(LocusRange, Passage)> {
        if passage.class.furniture().is_some_and(|kind| kind != Furniture::Note) {
            return Vec::new();
        }
        let pages = text.pages.partition_point(|page| page.span.start <= passage.span.start);
        let pages = text.pages[pages..].iter().map(|page| page.span.start);
        let starts = [passage.span.start].into_iter().chain(pages);
        let starts = starts.take_while(|start| *start == passage.span.start || *start < passage.span.end);
        let parts =
            starts.map(|start| Passage { span: Span::new(start, passage.span.end), ..passage.clone() });
        parts.filter_map(|part| Some((self.locus(text, &part)?, part))).collect()
    }

    fn locus(&self, text: &SourceText, passage: &Passage) -> Option<LocusRange> {
        let start = Span::new(passage.span.start, passage.span.start);
        let own = text.locus(passage).map(LocusRange::from);
        let found = match &self.like {
            Some(like) => text.locus_like(passage, start, like).or(own),
            // A note is offered when its label is typed.
            None => own.filter(|own| !matches!(own.first, Locus::Note(_))),
        };
        found.filter(|locus| locus.value().to_lowercase().starts_with(&self.value))
    }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::{harbours, workspace};

    use super::*;

    fn labels(brief: &str) -> Vec<String> {
        let at = harbours(brief);
        complete(&at.snap, &at.file, at.offset)
            .candidates
            .into_iter()
            .map(|candidate| candidate.label)
            .collect()
    }

    /// The brief after accepting the first candidate.
    fn taken(brief: &str) -> String {
        let at = harbours(brief);
        let first =
            complete(&at.snap, &at.file, at.offset).candidates.into_iter().next().expect("a candidate");
        let mut text = at.snap.reading_text(&at.file).expect("the brief").as_str().to_owned();
        text.replace_range(first.replace.start..first.replace.end, &first.insert);
        text
    }

    #[test]
    fn the_source_that_speaks_to_the_sentence_comes_first() {
        assert_eq!(
            labels("Pilots sold printed tables to captains [@<|>"),
            ["reed2021", "fenn2022", "moss2020"]
        );
        assert_eq!(labels("The council has not paid for dredging @<|>.")[0], "moss2020");
        assert_eq!(labels("Pilots sold tables. The council paid for no dredging [@<|>]")[0], "moss2020");
    }

    #[test]
    fn keys_authors_and_titles_are_found() {
        assert_eq!(labels("See [@ree<|>]")[0], "reed2021");
        assert_eq!(labels("See [@Ada<|>]")[0], "moss2020");
        assert_eq!(labels("See [@tides<|>]")[0], "reed2021");
    }

    #[test]
    fn the_client_keeps_what_was_found_by_author() {
        let at = harbours("See [@ada<|>]");
        let found = complete(&at.snap, &at.file, at.offset);
        assert!(found.candidates[0].filter.starts_with("ada"));
        assert!(found.incomplete);
        // Scattered letters in other rows do not match if a key contains the text.
        let offered = |typed: &str| {
            let at = workspace(&format!(
                "//- refs.bib\n@misc{{reed2021}}\n@misc{{roads, title = {{Rivers ever ended}}}}\n\
                 //- brief.md\nSee [@{typed}<|>]"
            ));
            let found = complete(&at.snap, &at.file, at.offset).candidates;
            found.into_iter().map(|candidate| candidate.label).collect::<Vec<_>>()
        };
        assert_eq!(offered("reed"), ["reed2021"]);
        assert_eq!(offered("rvee"), ["roads"]);
        // With nothing typed there is nothing to filter yet; an author may follow.
        let at = harbours("See [@<|>]");
        assert!(complete(&at.snap, &at.file, at.offset).incomplete);
    }

    #[test]
    fn the_whole_key_is_replaced() {
        assert_eq!(taken("See [@mo<|>ss19].\n"), "See [@moss2020].\n");
        assert_eq!(taken("See [@moss2020; @re<|>].\n"), "See [@moss2020; @reed2021].\n");
        assert_eq!(taken("See @re<|>.\n"), "See @reed2021.\n");
        assert_eq!(taken("𝕏 “é” [-@re<|>]\n"), "𝕏 “é” [-@reed2021]\n");
        assert_eq!(taken("See @{re<|>}\n"), "See @{reed2021}\n");
        assert_eq!(taken("See <b>@re<|></b>\n"), "See <b>@reed2021</b>\n");
        assert_eq!(taken("See <b>@<|></b>\n").replace(|c: char| c.is_alphanumeric(), ""), " <>@</>\n");
        assert_eq!(taken("See @re<|>e.d/x--y.\n"), "See @reed2021--y.\n");
    }

    #[test]
    fn every_place_of_prose_is_served() {
        for brief in [
            "> Quoted @re<|>",
            "- item [@re<|>]",
            "| a | b |\n|---|---|\n| x [@re<|>] | y |\n",
            "Text.[^1]\n\n[^1]: Note @re<|>\n",
        ] {
            assert_eq!(labels(brief).first().map(String::as_str), Some("reed2021"), "{brief}");
        }
    }

    #[test]
    fn locators_come_with_the_fitting_passage_first() {
        assert_eq!(labels("Fishermen land their catch across the bay [@moss2020, <|>]")[0], "¶ 3");
        assert_eq!(labels("See [@moss2020, ¶ 2<|>]"), ["¶ 2"]);
        assert_eq!(taken("Fishermen land a catch @moss2020 [<|>]"), "Fishermen land a catch @moss2020 [¶ 3]");
        assert_eq!(taken("See [@moss2020, para. 1<|>]"), "See [@moss2020, ¶ 1]");
    }

    #[test]
    fn locators_come_at_the_end_of_a_line_whose_bracket_is_open() {
        for brief in [
            "Fishermen land a catch [@moss2020, <|>",
            "Fishermen land a catch [@moss2020, <|>\n",
            "Fishermen land a catch [@moss2020, <|>\n\nMore.\n",
            "Fishermen land a catch\n[@moss2020, <|>\nby day.\n",
            "- Fishermen land a catch [@moss2020, <|>\n- More.\n",
            "> Fishermen land a catch [@moss2020, <|>\n",
            "Fishermen land a catch [@moss2020, ¶ <|>\n",
        ] {
            assert_eq!(labels(brief).first().map(String::as_str), Some("¶ 3"), "{brief}");
        }
        for brief in ["See `[@moss2020,` <|>\n", "See [@moss2020, \n<|>\n", "See [@moss2020, \n\n <|>\n"] {
            assert_eq!(labels(brief), Vec::<String>::new(), "{brief}");
        }
    }

    #[test]
    fn nothing_is_offered_elsewhere() {
        for brief in [
            "`@re<|>`",
            "```\n@re<|>\n```\n",
            "mail me@re<|>",
            "\\@re<|>",
            "https://x.example/@re<|>",
            "plain re<|>",
            "See [@moss2020, and so on <|>]",
            "@moss2020, <|>",
        ] {
            assert_eq!(labels(brief), Vec::<String>::new(), "{brief}");
        }
    }

    #[test]
    fn a_cancelled_list_is_given_up() {
        for brief in [
            "See [@mo<|>].\n",
            "See [@<|>].\n",
            "See [@moss2020, ¶ <|>].\n",
            "He says “harbours silt up <|>\n",
        ] {
            let at = harbours(brief);
            assert_ne!(complete(&at.snap, &at.file, at.offset).candidates, [], "{brief}");
            at.snap.cancel.set();
            assert_eq!(complete(&at.snap, &at.file, at.offset).candidates, [], "{brief}");
        }
    }

    #[test]
    fn locators_are_the_sources_own_numbers() {
        let at = workspace(
            "//- sources/extract.txt\nExtract\n\n58. The sluices were shut in May.\n\n\
             59. Nobody was told why, and:\n\n(a) nobody was heard;\n\n60. The order is quashed.\n\
             //- brief.md\nSo [@extract, ¶ <|>].\n",
        );
        let rows = complete(&at.snap, &at.file, at.offset).candidates;
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["¶ 58", "¶ 59", "¶ 60"]);
    }
}
