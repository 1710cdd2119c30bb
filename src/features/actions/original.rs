//! Opens the original of a document, at the page of what is cited or quoted.

use serde_json::json;

use super::action::{Action, Ask};
use crate::evidence;
use crate::features::lookup::{self, Opened, Thing, source_of};
use crate::features::original;

/// The command that opens an address outside the editor.
pub const OPEN: &str = "glossator.open";

/// The kind, which no editor lists among the corrections.
const KIND: &str = "source";

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    if !ask.invoked {
        return;
    }
    let Some(original) = original_at(ask) else { return };
    out.push(Action {
        title: format!("Open {}", original.what),
        kind: KIND,
        edits: Default::default(),
        // The server adds the place that was asked about.
        command: Some((OPEN, json!({}))),
    });
}

/// The original of the document that is cited, quoted or shown at the place asked about.
#[must_use]
pub fn original_at(ask: &Ask<'_>) -> Option<original::Original> {
    in_brief(ask).or_else(|| in_view(ask))
}

fn in_brief(ask: &Ask<'_>) -> Option<original::Original> {
    let brief = ask.snap.brief(ask.file)?.brief();
    let corpus = &ask.snap.corpus;
    let citation = match lookup::at(brief, ask.range.start)? {
        Thing::Quotation(quotation) => {
            let place = evidence::check(corpus, &ask.snap.memo, brief, quotation).place?;
            return original::at(corpus.source(place.source).text()?, place.span.start);
        }
        Thing::Key(citation) | Thing::Locator(citation, _) => citation,
    };
    let text = corpus.source(source_of(corpus, citation)?).text()?;
    let loci = citation.locator.as_ref().map_or(&[][..], |locator| &locator.loci);
    original::at(text, text.offset_at(loci))
}

fn in_view(ask: &Ask<'_>) -> Option<original::Original> {
    let opened = Opened::of(ask.snap, ask.file)?;
    original::at(&opened.text, opened.text.text.offset_of(ask.place.start))
}
