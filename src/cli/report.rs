//! `glossator report`: writes the review of briefs, as a page or as data. Decides nothing: both come from
//! [`crate::features::report`].

use std::io::Write;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::exit::Exit;
use super::{layout, open};
use crate::features::report::{self, html};
use crate::text::FileId;
use crate::text::visible::in_json;
use crate::workspace::Snapshot;

/// `report`
#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// Briefs, or folders that hold them, of one workspace
    #[arg(value_name = "BRIEF", required = true)]
    paths: Vec<PathBuf>,
    /// The file to write; standard output without it
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Output format: for people or for a program
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page for a browser, complete in itself
    Html,
    /// The same as one JSON object
    Json,
}

pub(super) fn run(report: &Report, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let targets = open::targets(&report.paths)?;
    let mut targets = targets.into_iter();
    let (Some((root, paths)), None) = (targets.next(), targets.next()) else {
        bail!("these briefs belong to several workspaces. Write one report for each.");
    };
    let mut host = open::load(&root, err)?;
    let files = open::briefs(&mut host, &paths)?;
    let snapshot = host.snapshot();
    if files.is_empty() {
        let places: Vec<String> = paths.iter().map(|path| layout::shown(path)).collect();
        bail!("{}: no brief found. Name a Markdown file (.md, .markdown, .qmd, .rmd).", places.join(", "));
    }
    let data = report::of_briefs(&snapshot, &files, &root, SystemTime::now());
    let written = match report.format {
        Format::Html => html::page(&data),
        Format::Json => format!("{}\n", in_json(&serde_json::to_string_pretty(&data)?)),
    };
    match &report.output {
        None => out.write_all(written.as_bytes())?,
        Some(path) => {
            refuse_inputs(&snapshot, path)?;
            std::fs::write(path, written)
                .with_context(|| format!("{}: cannot be written", layout::shown(path)))?;
            writeln!(err, "glossator: wrote {}", layout::shown(path))?;
        }
    }
    Ok(Exit::Clean)
}

/// Fails if `path` is a brief, a source, a library or the settings: a slip of the hand must not destroy it.
fn refuse_inputs(snapshot: &Snapshot, path: &std::path::Path) -> anyhow::Result<()> {
    if let Ok(path) = open::existing(path)
        && snapshot.file_text(&FileId::new(path.clone())).is_some()
    {
        bail!("{}: is a file of the workspace. Choose another name for the report.", layout::shown(&path));
    }
    Ok(())
}
