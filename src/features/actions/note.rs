//! Writes notes: on a selection in a source, on a quotation in a brief; and quotes what a note is about in a brief.

use serde_json::json;

use super::action::{Action, Ask, REWRITE};
use super::entry::SHOW;
use super::quote::{EXTRACT, briefs};
use crate::corpus::source::Source;
use crate::evidence::{self, anchor::Anchor};
use crate::features::notes::{self, Note};
use crate::features::{lookup, quote};

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file) else { return on_selection(ask, out) };
    let touched = |note: &Note<'_>| ask.touches(note.span());
    match notes::of_file(ask.file, brief).find(touched) {
        Some(note) => insert(ask, &note, out),
        None => on_quotation(ask, out),
    }
}

/// Annotates the selection in a source, or the passage at the cursor.
fn on_selection(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some((span, selected)) = quote::place(ask.snap, ask.file, ask.place) else { return };
    if !selected && !ask.invoked {
        return;
    }
    let what = if selected { "the selection" } else { "this passage" };
    let Some(id) = ask.snap.corpus.of_file(ask.file) else { return };
    let source = ask.snap.corpus.source(id);
    let Some(block) = quote::block(ask.snap, ask.file, span) else { return };
    out.extend(write(ask, source, &block, |name| format!("Annotate {what} in {name}"), EXTRACT));
}

/// Makes a note of a quotation in a brief, in the words of its source.
fn on_quotation(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file).filter(|_| ask.invoked) else { return };
    let Some(lookup::Thing::Quotation(quotation)) = lookup::at(brief.brief(), ask.range.start) else {
        return;
    };
    let found = evidence::check(&ask.snap.corpus, &ask.snap.memo, brief.brief(), quotation);
    let Some(place) = found.place else { return };
    let source = ask.snap.corpus.source(place.source);
    let Some(text) = source.text() else { return };
    let Some(block) = quote::block(ask.snap, text.shown(), place.span) else { return };
    // Once is enough.
    let noted = |note: &Note<'_>| matches!(note.anchor(ask.snap, place.source), Anchor::Held(_, own) if own.span == place.span);
    if !notes::of_source(ask.snap, place.source).iter().any(noted) {
        out.extend(write(ask, source, &block, |name| format!("Make a note of it in {name}"), REWRITE));
    }
}

/// Quotes the words that `note` is about at the end of an open brief, with their citation.
fn insert(ask: &Ask<'_>, note: &Note<'_>, out: &mut Vec<Action>) {
    let sources = note.keys().into_iter().filter_map(|key| ask.snap.corpus.find(&key)).collect::<Vec<_>>();
    let held = sources.into_iter().find_map(|source| match note.anchor(ask.snap, source) {
        Anchor::Held(_, place) => Some(place),
        // Which words are meant is not known.
        Anchor::Several(_) | Anchor::Orphan(_) | Anchor::Unknown => None,
    });
    let Some(place) = held else { return };
    let Some(text) = ask.snap.corpus.source(place.source).text() else { return };
    let Some(quoted) = quote::passage(ask.snap, text.shown(), place.span) else { return };
    for file in briefs(ask).filter(|file| *file != ask.file && !notes::is_of_notes(ask.snap, file)) {
        let Some(edits) = notes::appended(ask.snap, file, quoted.text.trim_end()) else { continue };
        out.push(Action {
            title: format!("Insert into {} as a quotation", notes::name(file)),
            kind: EXTRACT,
            edits: [(file.clone(), edits)].into_iter().collect(),
            command: None,
        });
    }
}

/// The action that adds the quotation `block` to the note file of `source`, which is created if there is none,
/// and shows where to write the comment.
fn write(
    ask: &Ask<'_>,
    source: &Source,
    block: &str,
    title: impl Fn(&str) -> String,
    kind: &'static str,
) -> Option<Action> {
    // A blank line for the comment.
    let (file, edits) = notes::added(ask.snap, source, &format!("{block}\n"))?;
    let line = edits.applied().trim_end().lines().count() + 1;
    let command = (SHOW, json!({"path": file.path().to_str()?, "line": line}));
    let title = title(&notes::name(&file));
    Some(Action { title, kind, edits: [(file, edits)].into_iter().collect(), command: Some(command) })
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::{after, titles};

    const LIBRARY: &str =
        "//- refs.bib\n@online{moss2020, author={Moss, Ada}, title={On Harbours}, file={sources/moss.txt}}\n";
    const SOURCE: &str = "//- sources/moss.txt\nOn Harbours\n\nHarbours silt up when nobody dredges them, and the council has not paid.\n\nFishermen land their catch across the bay, where the water is deep.\n";

    fn in_source(selected: &str) -> String {
        format!("{LIBRARY}{}", SOURCE.replace(selected, &format!("<|>{selected}")))
    }

    fn notes_of(text: &str, title: &str) -> Vec<String> {
        after(text, title, "notes/moss2020.md")
    }

    #[test]
    fn the_first_note_on_a_source_makes_its_file() {
        let text = in_source("Fishermen land");
        assert_eq!(
            notes_of(&text, "Annotate this passage in moss2020.md"),
            [
                "---\nsource: moss2020\n---\n\n> Fishermen land their catch across the bay, where the water is deep.\n> [@moss2020, ¶ 2]\n\n"
            ]
        );
    }

    #[test]
    fn later_notes_follow_wherever_the_file_is() {
        let note = "---\nsource: moss2020\n---\n\n> nobody dredges them\n> [@moss2020, ¶ 1]\n\nWhy?\n";
        let text = format!("{}//- notes/harbours.md\n{note}", in_source("Fishermen land"));
        let added =
            "\n> Fishermen land their catch across the bay, where the water is deep.\n> [@moss2020, ¶ 2]\n\n";
        assert_eq!(after(&text, "Annotate", "notes/harbours.md"), [format!("{note}{added}")]);
        let text = format!("{}//- vault/@moss2020.md\n# Moss\n", in_source("Fishermen land"));
        assert_eq!(after(&text, "Annotate", "vault/@moss2020.md"), [format!("# Moss\n{added}")]);
        // A file of that name that is about something else stays as it is.
        let text = format!("{}//- notes/moss2020.md\n# Moss\n\nA biography.\n", in_source("Fishermen land"));
        let all = notes_of(&text, "Annotate");
        assert!(all[0].starts_with("# Moss\n\nA biography.\n\n> Fishermen"), "{all:?}");
    }

    #[test]
    fn the_settings_say_where_note_files_are_made() {
        let text =
            format!("//- glossator.toml\n[notes]\nfolder = \"zettel/lit\"\n{}", in_source("Fishermen land"));
        assert_eq!(after(&text, "Annotate", "zettel/lit/moss2020.md").len(), 1);
    }

    #[test]
    fn a_quotation_becomes_a_note_once() {
        let brief = "It is said that “harbours silt<|> up when nobody dredges them” [@moss2020, ¶ 1].\n";
        let text = format!("{LIBRARY}{SOURCE}//- brief.md\n{brief}");
        assert_eq!(
            notes_of(&text, "Make a note of it in moss2020.md"),
            [
                "---\nsource: moss2020\n---\n\n> Harbours silt up when nobody dredges them\n> [@moss2020, ¶ 1]\n\n"
            ]
        );
        let noted = format!(
            "{text}//- notes/m.md\n> Harbours silt up when nobody dredges them\n> [@moss2020, ¶ 1]\n"
        );
        assert!(titles(&noted).iter().all(|title| !title.contains("note")), "{:?}", titles(&noted));
        let unknown = text.replace(
            "harbours silt<|> up when nobody dredges them",
            "seven sai<|>lors sang of a whale and of the dog",
        );
        assert!(titles(&unknown).iter().all(|title| !title.contains("Make a note")));
    }
}
