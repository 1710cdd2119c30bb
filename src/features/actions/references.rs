//! Writes or refreshes the list of references.

use super::action::{Action, Ask, REWRITE};
use crate::features::bibliography::section::{self, Does};
use crate::text::Span;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    // It is about the whole brief, so only for those who ask, or where the list is.
    let Some(brief) = ask.snap.brief(ask.file).map(|file| file.brief()) else { return };
    let here = section::section(brief).is_some_and(|body| ask.touches(Span::new(body.start, body.end)));
    if !ask.snap.loaded || !(ask.invoked && brief.citations.iter().any(|one| ask.touches(one.span)) || here) {
        return;
    }
    // What is wrong with the style is told by `glossator bibliography`.
    let Ok(Some((does, edits))) = section::written(ask.snap, ask.file) else { return };
    let title = match does {
        Does::Write => "Write the list of references",
        Does::Refresh => "Refresh the list of references",
        Does::Beside => "Write a new list of references below the changed one",
    };
    out.extend(ask.action(title.into(), REWRITE, edits.edits));
}
