//! `glossator search`: finds the passages that best match some words. Must not rank: the order is the
//! index's.

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use super::exit::Exit;
use super::json::{self, Format};
use super::layout::{self, columns};
use super::open;
use crate::corpus::source::{Passage, Source, SourceText};

/// `search`
#[derive(Debug, clap::Args)]
pub(super) struct Search {
    /// What to look for
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// The workspace, or a file or folder in it
    #[arg(long, value_name = "PATH", default_value = ".")]
    root: PathBuf,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How many passages to show: a screen or two.
const RESULTS: usize = 10;

/// How many lines of each passage to show before an ellipsis.
const LINES: usize = 3;

pub(super) fn run(search: &Search, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(&search.root)?);
    let snapshot = open::load(&root, err)?.snapshot();
    let corpus = &snapshot.corpus;
    if !corpus.sources().iter().any(|source| source.volume().is_some()) {
        anyhow::bail!(
            "{}: no source text found. Put the sources into this folder, or set corpus.roots in glossator.toml.",
            layout::path_for_people(&root)
        );
    }
    let words = search.words.join(" ");
    let hits = corpus.search(&words, RESULTS)?;
    let found: Vec<(&Source, &SourceText, &Passage)> = hits
        .iter()
        .filter_map(|hit| {
            let source = corpus.source(corpus.of_text(hit.text)?);
            let text = source.text()?;
            Some((source, &**text, text.passages.get(hit.passage)?))
        })
        .collect();
    let place = |text: &SourceText, passage: &Passage| {
        text.locus(passage).map_or_else(|| passage.class.name().to_owned(), |locus| locus.to_string())
    };
    if search.format == Format::Json {
        let data = |(source, text, passage): &(&Source, &SourceText, &Passage)| {
            let span = text.text.in_file(passage.span);
            let mut one = json::place(text.shown().path(), &root, text.text.file(), span);
            one["key"] = json!(source.key);
            one["title"] = json!(source.title());
            one["place"] = json!(place(text, passage));
            one["text"] = json!(text.words(passage));
            one
        };
        json::write(json!({"passages": found.iter().map(data).collect::<Vec<_>>()}), out)?;
        return Ok(Exit::Clean);
    }
    for (rank, (source, text, passage)) in found.iter().enumerate() {
        let place = place(text, passage);
        let head = format!("{:>2}. {} {place}", rank + 1, layout::plain(&source.key));
        let room = columns().saturating_sub(layout::width(&head) + 3);
        match source.title() {
            Some(title) => {
                let (title, _, cut) = layout::beginning(title, room);
                writeln!(out, "{head}  {title}{}", if cut { "…" } else { "" })?;
            }
            None => writeln!(out, "{head}")?,
        }
        let lines = layout::wrap(text.words(passage), columns() - 5);
        for (at, line) in lines.iter().take(LINES).enumerate() {
            let cut = at + 1 == LINES && lines.len() > LINES;
            writeln!(out, "    {line}{}", if cut { "…" } else { "" })?;
        }
    }
    if found.is_empty() {
        writeln!(out, "None of the {} sources has a passage with these words.", corpus.sources().len())?;
    }
    Ok(Exit::Clean)
}
