//! `glossator notes`: lists the notes on sources, and selects those to export. Must not find or anchor them itself: they come from
//! [`crate::features::notes`].

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use serde_json::{Value, json};

use super::exchange;
use super::exit::Exit;
use super::json::Format;
use super::layout::{self, columns};
use super::open;
use crate::evidence::anchor::{Anchor, Rung};
use crate::features::lookup;
use crate::features::notes::{self, Note};
use crate::workspace::Snapshot;

/// `notes`
#[derive(Debug, clap::Args)]
pub(super) struct Notes {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Only notes with this tag, or one below it (`assess` finds #assess/b3)
    #[arg(long, global = true, value_name = "TAG")]
    tag: Vec<String>,
    /// Only notes on this source
    #[arg(long, global = true, value_name = "KEY")]
    source: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// The workspace, or a file or folder in it
    #[arg(long, global = true, value_name = "PATH", default_value = ".")]
    root: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Write the notes in a format that other programs read
    Export(exchange::Export),
    /// Add the annotations of other programs as notes; nothing is overwritten or added twice
    Import(exchange::Import),
}

pub(super) fn run(asked: &Notes, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(&asked.root)?);
    let snapshot = open::load(&root, err)?.snapshot();
    if let Some(Verb::Import(import)) = &asked.verb {
        return exchange::import(import, &snapshot, out, err);
    }
    let key = asked.source.as_deref().map(|key| key.strip_prefix('@').unwrap_or(key));
    let tags: Vec<String> = asked.tag.iter().map(|tag| tag.trim_start_matches('#').to_lowercase()).collect();
    let has = |note: &Note<'_>, wanted: &String| {
        note.annotation.tags.iter().any(|tag| {
            let tag = tag.to_lowercase();
            tag == *wanted || tag.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let about = |note: &Note<'_>| key.is_none_or(|key| note.keys().iter().any(|own| own == key));
    let found: Vec<Note<'_>> =
        notes::all(&snapshot).filter(|note| about(note) && tags.iter().all(|tag| has(note, tag))).collect();
    if let (Some(key), true) = (key, found.is_empty())
        && snapshot.corpus.find(key).is_none()
    {
        match lookup::nearest(&snapshot.corpus, key) {
            Some(near) => {
                bail!("unknown citation key {}. Did you mean {}?", layout::plain(key), layout::plain(&near))
            }
            None => bail!("unknown citation key {}.", layout::plain(key)),
        }
    }
    if let Some(Verb::Export(export)) = &asked.verb {
        return exchange::export(export, &snapshot, &found, &root, out);
    }
    if asked.format == Format::Json {
        let all: Vec<Value> = found.iter().map(|note| data(&snapshot, note, &root)).collect();
        super::json::write(json!({"notes": all}), out)?;
        return Ok(Exit::Clean);
    }
    for note in &found {
        human(&snapshot, note, out)?;
    }
    if found.is_empty() {
        let why = if asked.tag.is_empty() && key.is_none() {
            "No notes yet: a note is a block quotation that ends with a citation, in a file below a folder `notes`."
        } else {
            "No such notes."
        };
        writeln!(out, "{why}")?;
    }
    Ok(Exit::Clean)
}

/// Where it is, what it is about, the quoted words, the comment.
fn human(snapshot: &Snapshot, note: &Note<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let text = note.brief.text();
    let at = layout::place(note.file.path(), text.file(), text.offset_in_file(note.span().start));
    let (place, state) = standing(snapshot, note);
    let lost = if state == "orphan" { " (its words are no longer there)" } else { "" };
    writeln!(out, "{at}: {}{lost}", layout::plain(&place))?;
    let quoted = layout::plain(&format!("“{}”", note.quoted()));
    let (words, _, cut) = layout::beginning(&quoted, columns() - 4);
    writeln!(out, "    {words}{}", if cut { "…" } else { "" })?;
    for line in layout::wrap(&layout::plain(&note.comment()), columns() - 4) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// `moss2020, ¶ 2`, and how the words were found: by the names of the ladder, `several`, `orphan` or
/// `unknown`.
fn standing(snapshot: &Snapshot, note: &Note<'_>) -> (String, &'static str) {
    let mut first = None;
    for key in note.keys() {
        let Some(source) = snapshot.corpus.find(&key) else {
            first.get_or_insert((key.into_owned(), "unknown"));
            continue;
        };
        let anchor = note.anchor(snapshot, source);
        let state = match anchor {
            Anchor::Held(Rung::Located, _) => "located",
            Anchor::Held(Rung::Unique, _) => "unique",
            Anchor::Held(Rung::Folded, _) => "folded",
            Anchor::Held(Rung::Near, _) => "near",
            Anchor::Several(_) => "several",
            Anchor::Orphan(_) => "orphan",
            Anchor::Unknown => "unknown",
        };
        let locus = anchor.places().first().and_then(|place| {
            let text = snapshot.corpus.source(place.source).text()?;
            text.locus_of(text.passages.get(place.passage)?, place.span)
        });
        let cited = || note.citations().find(|citation| citation.key == key)?.locator.as_ref();
        let locus = match locus {
            Some(locus) => Some(locus.to_string()),
            None => cited().map(|locator| note.brief.text().slice(locator.span).to_owned()),
        };
        let place = locus.map_or_else(|| key.to_string(), |locus| format!("{key}, {locus}"));
        if matches!(anchor, Anchor::Held(..)) {
            return (place, state);
        }
        first.get_or_insert((place, state));
    }
    first.unwrap_or_default()
}

fn data(snapshot: &Snapshot, note: &Note<'_>, root: &std::path::Path) -> Value {
    let text = note.brief.text();
    let position = text.file().position(text.offset_in_file(note.span().start), crate::text::Encoding::Utf32);
    let (place, state) = standing(snapshot, note);
    json!({
        "file": layout::relative(note.file.path(), root),
        "line": position.line + 1,
        "sources": note.keys(),
        "place": place,
        "anchor": state,
        "quotation": note.quoted(),
        "comment": note.comment(),
        "tags": note.annotation.tags,
        "id": note.annotation.id,
    })
}
