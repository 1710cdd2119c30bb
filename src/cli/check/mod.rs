//! `glossator check`: prints the findings in briefs and libraries, for people and for programs. Must not
//! judge: the findings come from [`diagnostics::of_file`], the levels from the settings.

mod checked;
mod github;
mod human;
mod json;
mod quotations;
mod sarif;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::colour::Colour;
use super::exit::Exit;
use super::{layout, open};
use crate::config::Level;
use crate::features::diagnostics;
use crate::text::FileId;
use crate::workspace::load::{About, Notice};
use checked::Checked;

/// `check`
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Briefs, library files, or folders that hold them
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Output format: for people or for a program
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Exit with 0 even when there are findings
    #[arg(long)]
    exit_zero: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, 80 columns wide
    Human,
    /// One JSON object: findings, citations, quotations
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

pub(super) fn run(
    check: &Check,
    terminal: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let mut targets: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in &check.paths {
        let path = open::existing(path)?;
        targets.entry(open::root_of(&path)).or_default().push(path);
    }
    let mut failed: Vec<Notice> = Vec::new();
    // Keyed by file, so that overlapping paths report each file once.
    let mut checked = BTreeMap::new();
    for (root, paths) in targets {
        failed.extend(check_workspace(&root, &paths, &mut checked, err)?);
    }
    let checked: Vec<Checked> = checked.into_values().collect();
    if checked.is_empty() {
        let places: Vec<String> = check.paths.iter().map(|path| layout::shown(path)).collect();
        writeln!(
            err,
            "glossator: {}: found no brief and no library, so nothing was checked",
            places.join(", ")
        )?;
    }
    match check.format {
        Format::Human => human::write(&checked, check.color.is_on(terminal), out)?,
        Format::Json => json::write(&checked, out)?,
        Format::Sarif => sarif::write(&checked, out)?,
        Format::Github => github::write(&checked, out)?,
    }
    if failed.iter().any(|notice| notice.about == About::Settings) {
        return Ok(Exit::Failed);
    }
    let loud = checked.iter().flat_map(|file| &file.findings).any(|finding| finding.level >= Level::Warning);
    Ok(if loud && !check.exit_zero { Exit::Findings } else { Exit::Clean })
}

/// Checks the files that `paths` name in the workspace at `root`. Returns what could not be read there.
fn check_workspace(
    root: &Path,
    paths: &[PathBuf],
    checked: &mut BTreeMap<FileId, Checked>,
    err: &mut dyn Write,
) -> anyhow::Result<Vec<Notice>> {
    let mut host = open::load(root, err)?;
    let mut files = Vec::new();
    for path in paths {
        let snapshot = host.snapshot();
        let libraries = || snapshot.corpus.libraries.iter().map(|library| &library.file);
        if path.is_dir() {
            // A library outside the workspace still belongs to the workspace as a whole.
            let below = |file: &FileId| file.path().starts_with(path);
            files.extend(
                snapshot.briefs().into_iter().map(|(file, _)| file).filter(|file| below(file)).cloned(),
            );
            files.extend(libraries().filter(|file| path == root || below(file)).cloned());
        } else {
            let file = FileId::new(path.clone());
            if !libraries().any(|library| *library == file) {
                open::make_brief(&mut host, &file)?;
            }
            files.push(file);
        }
    }
    let snapshot = host.snapshot();
    for file in files {
        let Some(text) = snapshot.reading_text(&file) else { continue };
        let findings = diagnostics::of_file(&snapshot, &file);
        let entry = Checked {
            root: root.to_path_buf(),
            snapshot: snapshot.clone(),
            file: file.clone(),
            text,
            findings,
        };
        checked.insert(file, entry);
    }
    Ok(snapshot.notices.to_vec())
}
