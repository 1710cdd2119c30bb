//! `glossator search`: finds the passages that best match some words. Must not rank: the order is the
//! index's.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::exit::Exit;
use super::json::{self, Format};
use super::layout::{self, columns};
use super::open;
use crate::archive::{Heard, ask_all};
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
    let archives = &snapshot.config.archives;
    let is_searched = archives.iter().any(|archive| archive.search);
    if !is_searched && !corpus.sources().iter().any(|source| source.volume().is_some()) {
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
    let heard = ask_all(archives, {
        let words = words.clone();
        move |client| client.search(&words, RESULTS)
    });
    let unasked: Vec<&str> =
        archives.iter().filter(|archive| !archive.search).map(|archive| &*archive.name).collect();
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
        let asked = heard.iter().map(data_of_archive);
        let unasked = unasked.iter().map(|name| json!({"name": name, "asked": false}));
        let archives: Vec<Value> = asked.chain(unasked).collect();
        let passages = found.iter().map(data).collect::<Vec<_>>();
        json::write(json!({"passages": passages, "archives": archives}), out)?;
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
        extract(text.words(passage), out)?;
    }
    if found.is_empty() {
        writeln!(out, "None of the {} sources has a passage with these words.", corpus.sources().len())?;
    }
    for one in &heard {
        of_archive(one, out)?;
    }
    for name in unasked {
        writeln!(
            out,
            "\nThe archive {name} was not asked. `glossator archive search --in {name} WORDS` asks it; so does this command with `search = true` in its settings."
        )?;
    }
    Ok(Exit::Clean)
}

/// Prints the first lines of a passage.
fn extract(words: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let lines = layout::wrap(words, columns() - 5);
    for (at, line) in lines.iter().take(LINES).enumerate() {
        let cut = at + 1 == LINES && lines.len() > LINES;
        writeln!(out, "    {line}{}", if cut { "…" } else { "" })?;
    }
    Ok(())
}

/// Prints what an archive found, or why it did not answer.
fn of_archive((name, found): &Heard, out: &mut dyn Write) -> anyhow::Result<()> {
    match found {
        Err(why) => {
            writeln!(out, "\nThe archive {name} was not searched: {}.", layout::plain(&why.to_string()))?;
        }
        Ok(found) if found.is_empty() => {
            writeln!(out, "\nThe archive {name} has no passage with these words.")?;
        }
        Ok(found) => {
            writeln!(out, "\nIn the archive {name}:")?;
            super::archive::passages(found, out)?;
        }
    }
    Ok(())
}

/// What an archive found, as JSON.
fn data_of_archive((name, found): &Heard) -> Value {
    match found {
        Err(why) => json!({"name": name, "asked": true, "trouble": why.to_string()}),
        Ok(found) => {
            let passages = found.iter().map(|passage| {
                json!({
                    "archive": format!("{name}:{}", passage.document), "title": passage.title,
                    "place": passage.place, "text": passage.text,
                })
            });
            json!({"name": name, "asked": true, "passages": passages.collect::<Vec<_>>()})
        }
    }
}
