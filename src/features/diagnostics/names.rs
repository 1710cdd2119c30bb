//! Names spelled differently from the sources: Assad where they write Asad. Off by default and at most a
//! hint, because a writer may prefer another spelling.

use super::finding::{Finding, Fix, finding};
use crate::config::{Code, Level};
use crate::corpus::entity::{EntityId, Written};
use crate::text::Span;
use crate::workspace::{BriefFile, Snapshot};

pub(super) fn check(snap: &Snapshot, brief: &BriefFile, findings: &mut Vec<Finding>) {
    if snap.config.level(Code::EntitySpelling) == Level::Off {
        return;
    }
    let names = brief.names(snap);
    // A person with a different first name, unknown to the sources, is not a misspelling of one they mention.
    let strangers: Vec<&str> = names.unknown.iter().filter_map(|name| last_of_many(snap, name)).collect();
    for name in &names.unknown {
        if snap.cancel.is_set() {
            return;
        }
        for (span, word) in words(name) {
            let Some((right, id)) = snap.entities.respelt(word) else { continue };
            if strangers.contains(&word) || in_quotation(brief, span) {
                continue;
            }
            let one = snap.entities.entity(id);
            let message = format!("The sources spell this “{right}” ({}), not “{word}”.", one.name);
            let mut found = finding(Code::EntitySpelling, span, message);
            found.level = Level::Hint;
            found.fixes.push(Fix::new(format!("Write “{right}”"), vec![(span, right.to_string())]));
            findings.push(found);
        }
    }
}

/// The words of a name, with their positions.
fn words(name: &Written) -> impl Iterator<Item = (Span, &str)> {
    // The spelling is on one line; if the text has more blanks, positions are unknown.
    let exact = name.span.len() == name.spelling.len();
    let mut at = 0;
    name.spelling.split_inclusive([' ', '-']).filter_map(move |piece| {
        let start = name.span.start + at;
        at += piece.len();
        let word = piece.trim_end_matches([' ', '-']);
        exact.then_some((Span::new(start, start + word.len()), word))
    })
}

/// The last word of a multi-word name, if the words before it do not fit the entity it may refer to.
fn last_of_many<'a>(snap: &Snapshot, name: &'a Written) -> Option<&'a str> {
    let (head, last) = name.spelling.rsplit_once(' ')?;
    let (_, id) = snap.entities.respelt(last)?;
    (!fits(snap, id, head)).then_some(last)
}

/// Whether the words before a last name fit the entity's.
fn fits(snap: &Snapshot, id: EntityId, head: &str) -> bool {
    let one = snap.entities.entity(id);
    let mut names = std::iter::once(&one.name).chain(&one.aliases).filter(|name| name.contains([' ', '-']));
    let initial =
        |word: &str| word.chars().next().filter(|_| word.trim_end_matches('.').chars().count() == 1);
    names.any(|name| {
        let first = name.split([' ', '-']).next().unwrap_or_default();
        head.split([' ', '-']).next().is_some_and(|given| {
            given == first || initial(given).is_some_and(|letter| first.starts_with(letter))
        })
    })
}

/// Whether `span` is quoted: quoted words keep the spelling of their author.
fn in_quotation(brief: &BriefFile, span: Span) -> bool {
    let quotations = &brief.brief().quotations;
    let before = quotations.partition_point(|quotation| quotation.span.start <= span.start);
    quotations[..before]
        .iter()
        .rev()
        .take(crate::features::lookup::NESTED)
        .any(|quotation| quotation.span.covers(span))
}
