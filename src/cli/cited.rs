//! `glossator cited`: lists every place in the briefs that relies on one source. Must not search for them
//! itself: they come from [`crate::features::references`].

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::{Value, json};

use super::exit::Exit;
use super::json::{self, Format};
use super::layout::{self, columns};
use super::open;
use crate::evidence::verdict::Evidence;
use crate::features::references::{self, Reference, What};
use crate::features::{card, lookup};
use crate::workspace::Snapshot;

/// `cited`
#[derive(Debug, clap::Args)]
pub(super) struct Cited {
    /// The citation key of the source, with or without `@`
    #[arg(value_name = "KEY")]
    key: String,
    /// The workspace, or a file or folder in it
    #[arg(long, value_name = "PATH", default_value = ".")]
    root: PathBuf,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(super) fn run(cited: &Cited, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(&cited.root)?);
    let snapshot = open::load(&root, err)?.snapshot();
    let key = cited.key.strip_prefix('@').unwrap_or(&cited.key);
    if snapshot.corpus.find(key).is_none() {
        match lookup::nearest(&snapshot.corpus, key) {
            Some(near) => {
                bail!("unknown citation key {}. Did you mean {}?", layout::plain(key), layout::plain(&near))
            }
            None => bail!("unknown citation key {}.", layout::plain(key)),
        }
    }
    let places = references::leaning(&snapshot, key);
    if cited.format == Format::Json {
        let all: Vec<Value> = places.iter().map(|place| data(&snapshot, place, &root)).collect();
        json::write(json!({"key": key, "places": all}), out)?;
        return Ok(Exit::Clean);
    }
    for place in &places {
        let at =
            layout::place(place.file.path(), place.text.file(), place.text.offset_in_file(place.span.start));
        writeln!(out, "{at}: {}", described(&snapshot, place))?;
    }
    if places.is_empty() {
        writeln!(out, "No brief uses {}.", layout::plain(key))?;
    }
    Ok(Exit::Clean)
}

/// A citation with its locator, or a quotation with its verdict and the place of its words in the source.
fn data(snapshot: &Snapshot, place: &Reference, root: &Path) -> Value {
    let span = place.text.in_file(place.span);
    let mut one = json::place(place.file.path(), root, place.text.file(), span);
    one["text"] = json!(place.text.slice(place.span));
    match &place.what {
        What::Citation(locator) => {
            one["kind"] = json!("citation");
            one["locator"] = json!(locator.as_ref().map(|locator| place.text.slice(locator.span)));
        }
        What::Quotation(_, evidence) => {
            one["kind"] = json!("quotation");
            one["verdict"] = json!(evidence.verdict.name());
            one["place"] = json!(passage(snapshot, evidence));
        }
        What::Entry => one["kind"] = json!("entry"),
        What::Mention => one["kind"] = json!("mention"),
    }
    one
}

/// The place of the words of a quotation in its source.
fn passage(snapshot: &Snapshot, evidence: &Evidence) -> Option<String> {
    let place = evidence.place?;
    let source = snapshot.corpus.source(place.source).text()?;
    Some(card::place(source, source.passages.get(place.passage)?))
}

/// A citation with its locator, or a quotation's verdict, location and first words.
fn described(snapshot: &Snapshot, place: &Reference) -> String {
    let words = layout::plain(place.text.slice(place.span).trim_start_matches(['>', ' ']));
    let (words, _, cut) = layout::beginning(&words, columns());
    let words = format!("{words}{}", if cut { "…" } else { "" });
    match &place.what {
        What::Citation(Some(locator)) => {
            format!("{words}, {}", layout::plain(place.text.slice(locator.span)))
        }
        What::Citation(None) | What::Entry | What::Mention => words,
        What::Quotation(_, evidence) => {
            let passage = passage(snapshot, evidence).map_or_else(String::new, |place| format!(", {place}"));
            format!("{}{passage}: {words}", evidence.verdict.name())
        }
    }
}
