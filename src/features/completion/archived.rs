//! Keys for documents of archives that the library does not have yet.

use super::candidate::{BESIDE, Candidate, Completions, LIMIT};
use crate::evidence::relevance::Claim;
use crate::features::card::{Card, taken};
use crate::features::{markup, second};
use crate::text::Span;
use crate::workspace::Snapshot;

/// How many sources of the workspace come before those of archives.
const BEFORE: usize = 5;

/// Longest extract on a card, in characters.
const EXTRACT: usize = 600;

/// Adds what archives found for the sentence of `claim` to `completions`, the sources of the workspace. As long as an
/// archive has not answered, the client must ask again after every letter.
pub(super) fn add(
    snap: &Snapshot,
    typed: &str,
    replace: Span,
    claim: Claim<'_>,
    completions: &mut Completions,
) {
    let Some(question) = second::about_sentence(snap, claim.sentence) else { return };
    completions.incomplete |= second::is_open(snap, &question);
    let lower = typed.to_lowercase();
    let candidates = second::new_documents(snap, &question).into_iter().filter_map(|found| {
        let key = second::new_key(found);
        let detail = markup::clip(&markup::flat(&second::place(found)), BESIDE);
        let begins = key.starts_with(&lower);
        let is_meant = begins || detail.to_lowercase().contains(&lower);
        is_meant.then(|| Candidate {
            filter: if begins { key.clone() } else { format!("{typed} {key} {detail}") },
            label: key.clone(),
            detail,
            replace,
            insert: key.clone(),
            also: Vec::new(),
            about: (key, None),
        })
    });
    let at = BEFORE.min(completions.candidates.len());
    completions.candidates.splice(at..at, candidates);
    completions.candidates.truncate(LIMIT);
}

/// The card of the document with the new key `key`.
pub(super) fn card(snap: &Snapshot, key: &str) -> Option<Card> {
    let found = snap.second.all().find(|found| second::new_key(found) == key)?;
    let words = taken(&markup::clip(&markup::flat(&found.text), EXTRACT));
    let card = Card::of([taken(&second::place(found)).into()]).and(words);
    Some(card.and("Not in your library yet. Once it is cited, an action at the citation creates its entry."))
}
