//! Completes names after a word that begins with a capital letter, as spelled in the sources.

use super::candidate::{Candidate, Completions, NAME};
use crate::brief::Brief;
use crate::brief::markdown::BlockKind;
use crate::corpus::entity::{self, EntityId};
use crate::corpus::source::TextId;
use crate::features::card::Card;
use crate::features::{lookup, names};
use crate::text::Span;
use crate::text::position::floor;
use crate::workspace::Snapshot;

/// Most names listed: nobody reads a longer list while typing prose.
const MOST: usize = 10;

/// Number of letters from which names are offered.
const SHORTEST: usize = 2;

/// How many of the cited sources to consult for the names they mention.
const NEAR: usize = 40;

/// How far before the cursor a name may begin, in bytes, and how many of its words may be typed there.
const REACH: usize = 120;
const WORDS: usize = 3;

/// The names that may be meant at byte `offset` of `brief`.
pub(super) fn complete(snap: &Snapshot, brief: &Brief, offset: usize) -> Completions {
    let mut out = Completions::default();
    let Some((typed, before)) = typed(brief, offset) else { return out };
    let text = brief.text.as_str();
    let rest = text[offset..].find(|c: char| !is_of_word(c)).unwrap_or(text.len() - offset);
    let replace = Span::new(offset - typed.len(), offset + rest);
    let whole = &text[replace.start..replace.end];
    let near = near(snap, brief);
    let entities = &snap.entities;
    // Try the longest beginning first: both words of `Ahmad Sha`.
    for (words, from) in before.iter().enumerate().rev() {
        let begun = &text[*from..offset];
        for offer in entities.beginning(begun, &near, MOST + 1) {
            if snap.cancel.is_set() {
                return Completions::default();
            }
            // Skip the words that are already there.
            let Some(insert) = offer.name.splitn(words + 1, ' ').nth(words) else { continue };
            if insert == whole || out.candidates.iter().any(|known| known.insert == insert) {
                continue;
            }
            out.candidates.push(Candidate {
                label: offer.name.to_string(),
                detail: detail(snap, offer.entity, &offer.name),
                filter: if insert.starts_with(typed) {
                    insert.to_owned()
                } else {
                    format!("{typed} {insert}")
                },
                replace,
                insert: insert.to_owned(),
                also: Vec::new(),
                about: (format!("{}{}", NAME, entities.entity(offer.entity).name), None),
            });
        }
    }
    out.incomplete = true;
    out.candidates.truncate(MOST);
    out
}

/// The full name if another is offered, the kind, and the number of mentions.
fn detail(snap: &Snapshot, id: EntityId, offered: &str) -> String {
    let one = snap.entities.entity(id);
    let name = (*one.name != *offered).then(|| one.name.to_string());
    let kind = one.kind.map(|kind| kind.name().to_owned());
    let mentions = match one.mentions {
        0 => None,
        1 => Some("1 mention".to_owned()),
        n => Some(format!("{n} mentions")),
    };
    name.into_iter().chain(kind).chain(mentions).collect::<Vec<_>>().join(" · ")
}

/// The word before the cursor, and where a name ending in it may begin: at that word, or at the capitalized
/// words before it. `None` if no name is being written.
fn typed(brief: &Brief, offset: usize) -> Option<(&str, Vec<usize>)> {
    let text = brief.text.as_str();
    if !text.is_char_boundary(offset)
        || brief.markdown.code.iter().any(|code| code.contains(offset) && code.start < offset)
    {
        return None;
    }
    let block = brief.markdown.block_at(offset)?;
    if block.kind == BlockKind::Metadata || !block.prose.iter().any(|prose| prose.touches(offset)) {
        return None;
    }
    let from = floor(text, offset.saturating_sub(REACH)).max(block.span.start.min(offset));
    let before = &text[from..offset];
    let start = before
        .rfind(|c: char| !is_of_word(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let word = before[start..].trim_start_matches(['-', '’', '\'']);
    let start = before.len() - word.len();
    let is_begun = word.starts_with(char::is_uppercase) && word.chars().count() >= SHORTEST;
    // Part of a key, an address, a path or a tag.
    let head = before[..start].rsplit(char::is_whitespace).next().unwrap_or_default();
    let foreign = head.contains(['@', '/', '\\', '_', '#', '=', '&', '~']) || head.contains("www.");
    if !is_begun
        || foreign
        || lookup::at(brief, offset).is_some_and(|thing| !matches!(thing, lookup::Thing::Quotation(_)))
    {
        return None;
    }
    let mut starts = vec![from + start];
    let mut end = start;
    while starts.len() <= WORDS && before[..end].ends_with(' ') {
        let head = &before[..end - 1];
        let begin = head
            .rfind(|c: char| !is_of_word(c))
            .map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        if !head[begin..].starts_with(char::is_uppercase) {
            break;
        }
        starts.push(from + begin);
        end = begin;
    }
    // Someone who wrote `In` is not looking for India, but after `Vera`, `Or` may begin a name.
    (starts.len() > 1 || !entity::is_small_word(word)).then_some((word, starts))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '’' | '\'')
}

/// The texts that the brief cites, without duplicates.
fn near(snap: &Snapshot, brief: &Brief) -> Vec<TextId> {
    let mut near = Vec::new();
    for citation in &brief.citations {
        let text = lookup::source_of(&snap.corpus, citation).and_then(|id| snap.corpus.source(id).text());
        if let Some(text) = text.filter(|text| !near.contains(&text.id)) {
            near.push(text.id);
            if near.len() == NEAR {
                break;
            }
        }
    }
    near
}

/// The card of an offered name.
pub(super) fn card(snap: &Snapshot, name: &str) -> Option<Card> {
    names::card_of(snap, name)
}
