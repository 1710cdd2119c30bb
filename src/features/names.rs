//! Names of people, organisations and places under the cursor: what is known about them, where they are
//! introduced, and where they are mentioned.

use std::sync::Arc;

use crate::corpus::entity::{Entities, EntityId, Meaning, Mention};
use crate::corpus::source::{SourceText, TextId};
use crate::features::card::{self, Card, Hover, Line, own, strong, taken, words};
use crate::features::markup::{clip, flat};
use crate::features::notes;
use crate::features::notes::Note;
use crate::features::target::Jump;
use crate::text::language::Language;
use crate::text::sentence;
use crate::text::{FileId, FileOffset, FileSpan, Span, Text};
use crate::workspace::Snapshot;

/// How many sources a card names, those with the most mentions first.
const SOURCES: usize = 5;

/// How many other names a card shows: texts spell some names in a dozen ways.
const ALIASES: usize = 8;

/// How many passages to show besides the introducing one.
const MORE: usize = 2;

/// Longest excerpt in characters: three lines of a card.
const EXCERPT: usize = 280;

/// Most mentions returned: longer lists are useless in an editor, and sending a hundred thousand places takes
/// seconds.
pub const MOST: usize = 5_000;

/// The mention at `at` in `file`, a brief or a source, and the text that its span refers to.
#[must_use]
pub fn at(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<(Text, Mention)> {
    if let Some(SourceText { id, text, .. }) = source_text(snap, file).map(|text| &**text) {
        let mention = snap.entities.mention_at(*id, text.offset_of(at))?;
        // In a file edited since it was read, names have moved.
        let place = text.in_file(mention.span);
        let current = snap.file_text(file).is_some_and(|now| now.slice(place) == text.file().slice(place));
        return current.then(|| (text.clone(), mention));
    }
    let brief = snap.brief(file)?;
    let (names, offset) = (brief.names(snap), brief.text().offset_of(at));
    let before = names.known.partition_point(|mention| mention.span.start <= offset);
    let mention = names.known[..before].last().filter(|mention| mention.span.touches(offset))?;
    Some((brief.text().clone(), mention.clone()))
}

fn source_text<'a>(snap: &'a Snapshot, file: &FileId) -> Option<&'a Arc<SourceText>> {
    snap.corpus.source(snap.corpus.of_file(file)?).text()
}

/// The card for the name at `offset` in `file`.
#[must_use]
pub fn hover(snap: &Snapshot, file: &FileId, offset: FileOffset) -> Option<Hover> {
    let (text, mention) = at(snap, file, offset)?;
    let card = match &mention.meaning {
        Meaning::One(id) => {
            let inside = |note: &Note<'_>| note.file == file && note.span().covers(mention.span);
            let notes: Vec<Note<'_>> = noted(snap, *id).filter(|note| !inside(note)).collect();
            entity(snap, *id).above(notes::on_card(&notes))
        }
        Meaning::Several(ids) => several(snap, text.slice(mention.span), ids),
    };
    Some(Hover { card, span: text.in_file(mention.span) })
}

/// The card of the entity called `name`, for a list.
#[must_use]
pub fn card_of(snap: &Snapshot, name: &str) -> Option<Card> {
    match snap.entities.find(name)? {
        Meaning::One(id) => {
            let notes: Vec<Note<'_>> = noted(snap, *id).collect();
            Some(entity(snap, *id).above(notes::on_card(&notes)))
        }
        Meaning::Several(ids) => Some(several(snap, name, ids)),
    }
}

/// The notes that mention `id` in their quotation or comment, ordered by file and offset.
fn noted(snap: &Snapshot, id: EntityId) -> impl Iterator<Item = Note<'_>> {
    notes::all(snap).filter(move |note| {
        let (names, span) = (note.brief.names(snap), note.span());
        let from = names.known.partition_point(|mention| mention.span.start < span.start);
        let mut inside = names.known[from..].iter().take_while(|mention| mention.span.start < span.end);
        inside.any(|mention| mention.meaning == Meaning::One(id))
    })
}

fn entity(snap: &Snapshot, id: EntityId) -> Card {
    let entities = &snap.entities;
    let one = entities.entity(id);
    let mut lines = vec![match one.kind {
        Some(kind) => words![strong(taken(&one.name)), " · ", kind.name()],
        None => strong(taken(&one.name)).into(),
    }];
    let mut aliases: Vec<Line> = one.aliases.iter().take(ALIASES).map(|alias| taken(alias).into()).collect();
    if one.aliases.len() > ALIASES {
        aliases.push(own(format!("{} more", one.aliases.len() - ALIASES)).into());
    }
    if !aliases.is_empty() {
        lines.push(words!["Also: "].and(Line::joined(aliases, ", ")));
    }
    lines.push(mentioned(snap, id));
    let mut card = Card::of(lines);
    let mut shown: Vec<(TextId, usize)> = Vec::new();
    if let Some((text, passage, span)) = entities.introduction(id) {
        shown.push((text, passage));
        card = with_excerpt(card, snap, text, passage, span);
    }
    for (text, passage) in telling(entities, id, &shown) {
        let Some(mention) = mention_in(entities, id, text, passage, snap) else { continue };
        card = with_excerpt(card, snap, text, passage, mention);
    }
    card
}

/// Where it is mentioned, on one line.
fn mentioned(snap: &Snapshot, id: EntityId) -> Line {
    let entities = &snap.entities;
    let sources: Vec<(TextId, u32)> = entities.mentioned(id).take(SOURCES).collect();
    let all = entities.mentioned(id).count();
    let mentions = entities.entity(id).mentions;
    let row = |(text, count): &(TextId, u32)| {
        let source = snap.corpus.source(snap.corpus.of_text(*text)?);
        let count = if mentions == 1 { String::new() } else { format!(" ({count})") };
        Some(words![taken(&source.key), own(count)])
    };
    let mut named: Vec<Line> = sources.iter().filter_map(row).collect();
    if all > named.len() {
        named.push(own(format!("{} more", all - named.len())).into());
    }
    let named = Line::joined(named, ", ");
    match (mentions, all) {
        (0, _) => words!["No source mentions it."],
        (1, _) => words!["Mentioned once: "].and(named),
        (times, 1) => words![own(format!("Mentioned {times} times: "))].and(named),
        (times, all) => words![own(format!("Mentioned {times} times in {all} sources: "))].and(named),
    }
}

fn several(snap: &Snapshot, name: &str, ids: &[EntityId]) -> Card {
    let item = |id: &EntityId| {
        let one = snap.entities.entity(*id);
        let kind = one.kind.map_or(words![], |kind| words![" · ", kind.name()]);
        words![strong(taken(&one.name))].and(kind).and(". ").and(mentioned(snap, *id))
    };
    Card::of([words![strong(taken(name)), " could be any of these:"]])
        .items(ids.iter().take(ALIASES).map(item))
}

/// The passages with the most mentions of `id`, from the sources with the most; excluding `shown`.
fn telling(entities: &Entities, id: EntityId, shown: &[(TextId, usize)]) -> Vec<(TextId, usize)> {
    let mut found: Vec<(u32, usize, TextId, usize)> = Vec::new();
    for (rank, (text, _)) in entities.mentioned(id).take(SOURCES).enumerate() {
        for (passage, count) in entities.passages(id, text) {
            if !shown.contains(&(text, passage)) {
                found.push((count, rank, text, passage));
            }
        }
    }
    found.sort_by_key(|(count, rank, _, passage)| (std::cmp::Reverse(*count), *rank, *passage));
    found.into_iter().take(MORE).map(|(_, _, text, passage)| (text, passage)).collect()
}

/// The first mention of `id` in the passage.
fn mention_in(
    entities: &Entities,
    id: EntityId,
    text: TextId,
    passage: usize,
    snap: &Snapshot,
) -> Option<Span> {
    let source = snap.corpus.source(snap.corpus.of_text(text)?).text()?;
    let within = source.passages.get(passage)?.span;
    let mut mentions = entities.mentions_in(text).filter(|mention| within.covers(mention.span));
    mentions.find(|mention| mention.meaning == Meaning::One(id)).map(|mention| mention.span)
}

/// `card` with the sentence around a mention, as a quotation with its place.
fn with_excerpt(card: Card, snap: &Snapshot, text: TextId, passage: usize, mention: Span) -> Card {
    let source = snap.corpus.of_text(text).map(|id| snap.corpus.source(id));
    let found = source.and_then(|source| {
        let text = source.text()?;
        Some((source, text, text.passages.get(passage)?))
    });
    let Some((source, text, passage)) = found else { return card };
    let language = Language::of(text.language);
    let sentence = sentence::around(language, text.text.as_str(), passage.span, mention);
    let words = taken(&clip(&flat(text.text.slice(sentence)), EXCERPT));
    card.quotation([words.into(), words![taken(&source.key), ", ", taken(&card::place(text, passage))]])
}

/// The passage that introduces the entity mentioned at `offset` in `file`, with the cursor at its name.
#[must_use]
pub fn definition(snap: &Snapshot, file: &FileId, offset: FileOffset) -> Option<Jump> {
    let (from, mention) = at(snap, file, offset)?;
    let Meaning::One(id) = mention.meaning else { return None };
    let origin = from.in_file(mention.span);
    let (text, passage, focus) = snap.entities.introduction(id)?;
    let text = snap.corpus.source(snap.corpus.of_text(text)?).text()?;
    let target = text.passages.get(passage)?.span;
    Some(Jump { origin, file: text.shown().clone(), text: text.text.clone(), target, focus })
}

/// A mention: the file, its text, and the span in bytes.
pub type Place = (FileId, Text, Span);

/// All mentions of the entity at `offset` in `file`: those in briefs, then those in sources, each in file
/// order; at most [`MOST`]. `None` if nothing is mentioned there.
#[must_use]
pub fn references(snap: &Snapshot, file: &FileId, offset: FileOffset) -> Option<Vec<Place>> {
    let Meaning::One(id) = at(snap, file, offset)?.1.meaning else { return Some(Vec::new()) };
    let is = |mention: &&Mention| mention.meaning == Meaning::One(id);
    let mut all = Vec::new();
    for (file, brief) in snap.briefs() {
        if snap.cancel.is_set() {
            return Some(Vec::new());
        }
        let names = brief.names(snap);
        all.extend(names.known.iter().filter(is).map(|one| (file.clone(), brief.text().clone(), one.span)));
    }
    let texts = snap
        .entities
        .mentioned(id)
        .filter_map(|(text, _)| Some((text, snap.corpus.source(snap.corpus.of_text(text)?).text()?)));
    let mut texts: Vec<(TextId, &Arc<SourceText>)> = texts.collect();
    texts.sort_by_key(|(_, text)| &text.file);
    for (id, text) in texts {
        if all.len() >= MOST || snap.cancel.is_set() {
            break;
        }
        let mentions = snap.entities.mentions_in(id).filter(|mention| is(&mention));
        all.extend(mentions.map(|one| (text.shown().clone(), text.text.clone(), one.span)));
    }
    all.truncate(MOST);
    Some(all)
}

/// The mentions in `file` of the entity at `offset`.
#[must_use]
pub fn highlight(snap: &Snapshot, file: &FileId, offset: FileOffset) -> Vec<FileSpan> {
    let Some((text, here)) = at(snap, file, offset) else { return Vec::new() };
    // If the name is ambiguous, highlight the same word.
    let same = |one: &Mention| match here.meaning {
        Meaning::One(_) => one.meaning == here.meaning,
        Meaning::Several(_) => one.key == here.key,
    };
    match source_text(snap, file) {
        Some(source) => {
            let all = snap.entities.mentions_in(source.id).filter(same);
            all.map(|one| text.in_file(one.span)).collect()
        }
        None => snap.brief(file).map_or(Vec::new(), |brief| {
            let names = brief.names(snap);
            names.known.iter().filter(|one| same(one)).map(|one| text.in_file(one.span)).collect()
        }),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{Fixture, workspace};
    use crate::features::{completion, diagnostics, hover, symbols};

    use super::*;

    /// Two sources that name two people with the same last name, and a library that cites them.
    const STEPPE: &str = "\
//- refs.bib
@online{rail, title={Rails}, file={sources/rail.txt}}

@online{coast, title={Coasts}, file={sources/coast.txt}}
//- sources/rail.txt
Rails across the steppe

Freight doubled, said Vera Orlova, the engineer who built the line for the Northern Rail Authority (NRA).

Nobody at the NRA had asked Orlova. The NRA, the NRA’s men and Orlova met in Halden.
//- sources/coast.txt
Coasts without rails

They met the painter Anton Orlova near Halden. In Halden Orlova paints.
";

    fn steppe(rest: &str) -> Fixture {
        workspace(&format!("{STEPPE}{rest}"))
    }

    fn card(rest: &str, expected: Expect) {
        let at = steppe(rest);
        let hover = hover::hover(&at.snap, &at.file, at.cursor).expect("a card");
        let text = at.snap.file_text(&at.file).expect("a text");
        expected.assert_eq(&format!("⟦{}⟧\n{}\n", text.slice(hover.span), hover.card.markdown()));
    }

    #[test]
    fn a_name_shows_whom_it_names() {
        card(
            "//- brief.md\nThe NR<|>A’s men were not asked.\n",
            expect![[r#"
            ⟦NRA⟧
            **Northern Rail Authority** · organisation  
            Also: NRA  
            Mentioned 5 times: rail (5)

            > Freight doubled, said Vera Orlova, the engineer who built the line for the Northern Rail Authority (NRA).
            >
            > rail, ¶ 1

            > Nobody at the NRA had asked Orlova.
            >
            > rail, ¶ 2
        "#]],
        );
    }

    #[test]
    fn a_last_name_of_two_is_told_apart_by_what_is_cited() {
        card(
            "//- brief.md\n𝄞 “Orlova” said Orl<|>ova’s men [@rail].\n",
            expect![[r#"
            ⟦Orlova⟧
            **Vera Orlova** · person  
            Also: Orlova  
            Mentioned 3 times: rail (3)

            > Freight doubled, said Vera Orlova, the engineer who built the line for the Northern Rail Authority (NRA).
            >
            > rail, ¶ 1

            > Nobody at the NRA had asked Orlova.
            >
            > rail, ¶ 2
        "#]],
        );
        card(
            "//- brief.md\nOrlo<|>va paints [@coast; @rail].\n",
            expect![[r#"
                ⟦Orlova⟧
                **Orlova** could be any of these:
                - **Anton Orlova** · person. Mentioned once: coast
                - **Vera Orlova** · person. Mentioned 3 times: rail (3)
            "#]],
        );
    }

    #[test]
    fn a_card_ends_with_the_notes_that_mention_the_name() {
        const NOTES: &str = "//- notes/rail.md\n> Freight doubled [@rail, ¶ 1]\n\nWas Halden asked?\n\n\
                             > Nobody at the NRA had asked Orlova [@rail, ¶ 2]\n\nNor the NR^A's men.\n\n\
                             > The NRA, the NRA’s men and Orlova met in Halden [@rail, ¶ 2]\n";
        let notes = |brief: &str, notes: &str| {
            let at = steppe(&format!("{notes}//- brief.md\n{brief}\n"));
            let card = super::hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown();
            card.split("\n\nNote in ").skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        let plain = NOTES.replace('^', "");
        assert_eq!(
            notes("In Hal<|>den.", &plain),
            ["rail.md: Was Halden asked?", "rail.md, without a comment."]
        );
        assert_eq!(
            notes("The NR<|>A.", &plain),
            ["rail.md: Nor the NRA's men.", "rail.md, without a comment."]
        );
        assert!(notes("Anton Or<|>lova paints.", &plain).is_empty());
        // In a note, the others.
        assert_eq!(notes("", &NOTES.replace('^', "<|>")), ["rail.md, without a comment."]);
    }

    #[test]
    fn a_source_is_served_too() {
        let source = STEPPE.replacen("In Halden Orl", "In Hal<|>den Orl", 1);
        let at = workspace(&source);
        assert!(
            hover::hover(&at.snap, &at.file, at.cursor)
                .is_some_and(|card| card.card.markdown().starts_with("**Halden**"))
        );
        assert_eq!(highlight(&at.snap, &at.file, at.cursor).len(), 2);
    }

    #[test]
    fn nothing_is_said_of_what_is_no_name() {
        for brief in [
            "The<|> men.",
            "`NR<|>A`",
            "[@NR<|>A]",
            "https://NR<|>A.example",
            "He met Boris Orl<|>ova.",
            "Boris Orlova went, and Orl<|>ova slept [@rail].",
            "Halden Cas<|>tle.",
        ] {
            let at = steppe(&format!("//- brief.md\n{brief}\n"));
            assert_eq!(super::hover(&at.snap, &at.file, at.cursor), None, "{brief}");
        }
    }

    #[test]
    fn a_quotation_keeps_its_own_card() {
        let at = steppe("//- brief.md\nThey “met the painter Anton Or<|>lova near Halden” [@coast].\n");
        let card = hover::hover(&at.snap, &at.file, at.cursor).expect("a card").card.markdown();
        assert!(card.starts_with("**Verbatim**"), "{card}");
    }

    #[test]
    fn the_definition_is_the_passage_that_says_who_it_is() {
        let at = steppe("//- brief.md\nMuch is said of Ver<|>a Orlova.\n");
        let jump = definition(&at.snap, &at.file, at.cursor).expect("a place");
        assert_eq!(jump.text.slice(jump.focus), "Vera Orlova");
        assert!(jump.text.slice(jump.target).starts_with("Freight doubled"));
        assert_eq!(at.snap.file_text(&at.file).expect("the brief").slice(jump.origin), "Vera Orlova");
    }

    #[test]
    fn every_mention_is_found_in_briefs_and_sources() {
        let at = steppe(
            "//- brief.md\nThe N<|>RA paid. The Northern Rail Authority denies it, and NRAs do not count.\n",
        );
        let all = references(&at.snap, &at.file, at.cursor).expect("a name");
        let seen: Vec<(String, &str)> = all
            .iter()
            .map(|(file, text, span)| {
                let name = file.path().file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
                (name, text.slice(*span))
            })
            .collect();
        let long = "Northern Rail Authority";
        let expected = [
            ("brief.md", "NRA"),
            ("brief.md", long),
            ("brief.md", "NRAs"),
            ("rail.txt", long),
            ("rail.txt", "NRA"),
            ("rail.txt", "NRA"),
            ("rail.txt", "NRA"),
            ("rail.txt", "NRA"),
        ];
        assert_eq!(seen, expected.map(|(file, words)| (file.to_owned(), words)));
        assert_eq!(highlight(&at.snap, &at.file, at.cursor).len(), 3);
    }

    fn offered(brief: &str) -> Vec<(String, String)> {
        let at = steppe(&format!("//- brief.md\n{brief}\n"));
        let text = at.snap.file_text(&at.file).expect("the brief").as_str().to_owned();
        let offers = completion::complete(&at.snap, &at.file, at.offset).candidates;
        offers
            .into_iter()
            .map(|offer| {
                let mut text = text.clone();
                text.replace_range(offer.replace.start..offer.replace.end, &offer.insert);
                (offer.label, text.trim_end().to_owned())
            })
            .collect()
    }

    #[test]
    fn names_are_offered_behind_a_capital_letter() {
        assert_eq!(
            offered("𝄞 They met Ve<|>ra."),
            [("Vera Orlova".into(), "𝄞 They met Vera Orlova.".into())]
        );
        assert_eq!(
            offered("They met Vera Or<|>."),
            [
                ("Vera Orlova".into(), "They met Vera Orlova.".into()),
                ("Orlova".into(), "They met Vera Orlova.".into())
            ][..1]
        );
        assert_eq!(offered("In Ha<|>"), [("Halden".into(), "In Halden".into())]);
        assert_eq!(offered("“In Ha<|>").len(), 1);
    }

    #[test]
    fn no_name_is_offered_elsewhere() {
        for brief in [
            "In ha<|>",
            "On<|>",
            "In H<|>",
            "`Ha<|>`",
            "```\nHa<|>\n```",
            "[@rail, p. Ha]<|>",
            "https://x.example/Ha<|>",
            "#Ha<|>",
            "In Halden<|>",
            "@{Ha<|>}",
            "In aHa<|>",
            "---\ntitle: Ha<|>\n---",
        ] {
            let offers = offered(brief);
            assert!(offers.iter().all(|(label, _)| label != "Halden"), "{brief}: {offers:?}");
        }
    }

    #[test]
    fn an_offer_has_the_card_of_its_name() {
        let at = steppe("//- brief.md\nIn Ha<|>\n");
        let offer = completion::complete(&at.snap, &at.file, at.offset).candidates.remove(0);
        assert_eq!(offer.detail, "3 mentions");
        let card =
            completion::card(&at.snap, &offer.about.0, offer.about.1.as_ref()).expect("a card").markdown();
        assert!(card.starts_with("**Halden**"), "{card}");
    }

    #[test]
    fn entities_stand_behind_the_sources_among_the_symbols() {
        let at = steppe("//- brief.md\n");
        let found = |query: &str| -> Vec<(String, bool)> {
            symbols::of_workspace(&at.snap, query)
                .into_iter()
                .map(|one| (one.name, matches!(one.which, symbols::Which::Entity(_))))
                .collect()
        };
        assert_eq!(found("Northern"), [("Northern Rail Authority · NRA".to_owned(), true)]);
        assert_eq!(found("rail")[0].0, "rail · Rails");
        assert!(found("").iter().all(|(_, entity)| !entity));
    }

    #[test]
    fn a_spelling_is_a_hint_when_it_is_asked_for() {
        let settings = "//- glossator.toml\n[diagnostics]\nentity-spelling = \"warning\"\n//- entities.toml\n[[entity]]\nname = \"Halten\"\n";
        let brief = "Orllova and Vera Orllova left Haldenn. Boris Horlova, Halten, Hilden and “Orllova” stayed. They met Anna Haldden and Haldden.";
        let seen = |settings: &str| -> Vec<(String, crate::config::Level)> {
            let at = steppe(&format!("{settings}//- brief.md\n{brief}<|>\n"));
            let text = at.snap.reading_text(&at.file).expect("the brief");
            diagnostics::of_file(&at.snap, &at.file)
                .into_iter()
                .map(|one| (format!("{} > {}", text.slice(one.span), one.fixes[0].edits[0].1), one.level))
                .collect()
        };
        let hint = |words: &str| (words.to_owned(), crate::config::Level::Hint);
        assert_eq!(seen(settings), [hint("Haldenn > Halden")]);
        assert_eq!(seen(""), []);
    }
}
