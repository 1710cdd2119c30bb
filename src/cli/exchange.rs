//! `glossator notes export` and `glossator notes import`. Must not know the formats: they are in
//! [`crate::features::exchange`].

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::exit::Exit;
use super::layout::{self, columns};
use super::replace::replace;
use super::save::save;
use crate::features::exchange::{self, Format};
use crate::features::markup;
use crate::features::notes::Note;
use crate::workspace::Snapshot;
use crate::workspace::load::read_bytes;

/// Most bytes of a file with annotations: an export of Hypothesis with 10,000 annotations has about 15 MB.
const MOST_BYTES: u64 = 64 << 20;

/// Most annotations left out that are listed.
const MOST_LISTED: usize = 20;

/// `notes export`
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// As Web Annotations of the W3C, in JSON-LD
    #[arg(long, required_unless_present = "hypothesis", conflicts_with = "hypothesis")]
    w3c: bool,
    /// As Hypothesis exports and imports them, in JSON
    #[arg(long)]
    hypothesis: bool,
    /// The file to write; by default standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes `notes`; their paths are relative to `root`.
pub(super) fn export(
    export: &Export,
    snap: &Snapshot,
    notes: &[Note<'_>],
    root: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let all = exchange::annotations(snap, notes, root);
    let value = if export.w3c { exchange::w3c(&all) } else { exchange::hypothesis(&all) };
    let text = format!("{}\n", serde_json::to_string_pretty(&value)?);
    match &export.output {
        None => out.write_all(text.as_bytes())?,
        Some(path) => {
            replace(path, &[text.as_bytes()]).with_context(|| layout::path_for_people(path))?;
            writeln!(
                out,
                "Wrote {} to {}.",
                markup::counted(all.len(), "note"),
                layout::path_for_people(path)
            )?;
        }
    }
    Ok(Exit::Clean)
}

/// `notes import`
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// PDF files with highlights, and files of Hypothesis, Zotero, Obsidian Annotator, Readwise or Kindle, or Web Annotations
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Say what would be added, and add nothing
    #[arg(long)]
    dry_run: bool,
}

/// Adds the annotations in the files to the notes of `snap`.
pub(super) fn import(
    import: &Import,
    snap: &Snapshot,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    for path in &import.files {
        let name = layout::path_for_people(path);
        let bytes = read_bytes(path, MOST_BYTES).map_err(|why| anyhow::anyhow!("{name}: {why}"))?;
        let (format, found, left): (Format, _, _) = exchange::read_file(&path.to_string_lossy(), &bytes)
            .map_err(|why| anyhow::anyhow!("{name}: {why}."))?;
        writeln!(out, "{name}: {} of {}.", markup::counted(found.len(), "annotation"), format.name())?;
        if left > 0 {
            writeln!(out, "    {} without words of a source left out.", markup::counted(left, "other"))?;
        }
        all.extend(found);
    }
    let imported = exchange::import(snap, &all);
    for (file, edits) in &imported.edits {
        let name = layout::path_for_people(file.path());
        if import.dry_run {
            writeln!(out, "Would write to {name}.")?;
            continue;
        }
        if let Some(folder) = file.path().parent() {
            std::fs::create_dir_all(folder).with_context(|| layout::path_for_people(folder))?;
        }
        save(file.path(), edits.text.as_str(), &edits.applied()).with_context(|| name.clone())?;
        writeln!(out, "Wrote to {name}.")?;
    }
    let known = match imported.known {
        0 => String::new(),
        known => format!(", {known} already there"),
    };
    let verb = if import.dry_run { "would be added" } else { "added" };
    writeln!(out, "{} {verb}{known}.", markup::counted(imported.added, "note"))?;
    for left in imported.left.iter().take(MOST_LISTED) {
        let words = layout::plain(&left.words);
        let (words, _, cut) = layout::beginning(&words, columns() / 2);
        writeln!(err, "Left out “{words}{}”: {}.", if cut { "…" } else { "" }, layout::plain(&left.why))?;
    }
    if let Some(more @ 1..) = imported.left.len().checked_sub(MOST_LISTED) {
        writeln!(err, "And {more} more left out.")?;
    }
    Ok(if imported.left.is_empty() { Exit::Clean } else { Exit::Failed })
}
