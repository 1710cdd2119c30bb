//! `glossator check`: prints the findings in briefs and libraries, for people and for programs. Must not
//! judge: the findings come from [`crate::features::diagnostics::of_file`], the levels from the settings.

mod baseline;
mod checked;
mod diff;
mod fix;
mod github;
mod gitlab;
mod human;
mod json;
mod quotations;
mod sarif;
mod statistics;
mod watch;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;

use super::colour::Colour;
use super::exit::Exit;
use super::{layout, open};
use crate::config::Level;
use crate::corpus::ingest::{MAX_BYTES, decode};
use crate::features::markup;
use crate::text::FileId;
use crate::workspace::load::{About, Notice, has_markdown_name};
use crate::workspace::{Change, Host};
use checked::{Checked, named};
use fix::Fixed;
use watch::Look;

/// `check`
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Briefs, library files, or folders that hold them
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Check the text on standard input, as if it were the file --stdin-filename
    #[arg(long, conflicts_with = "paths")]
    stdin: bool,
    /// The file that the text on standard input is: its folder decides which sources it is compared with
    #[arg(long, value_name = "FILE", default_value = "stdin.md", requires = "stdin")]
    stdin_filename: PathBuf,
    /// Output format: for people or for a program
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Restore the source's words in cited quotations where that is certain, and show the changes first. With
    /// --stdin, print the text instead
    #[arg(long)]
    fix: bool,
    /// Only show what --fix would change
    #[arg(long)]
    diff: bool,
    /// Report only findings that are not in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings to the file of --baseline instead of comparing with it
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// Print the findings and nothing else
    #[arg(long, short)]
    quiet: bool,
    /// Print the number of findings of each kind instead of the findings
    #[arg(long, conflicts_with_all = ["format", "quiet"])]
    statistics: bool,
    /// Check again when files change, and print only what changed; on a terminal, all anew
    #[arg(long, conflicts_with_all = ["stdin", "format", "fix", "diff", "baseline", "statistics", "exit_zero"])]
    watch: bool,
    /// Exit with 0 even when there are findings
    #[arg(long)]
    exit_zero: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, as wide as the terminal
    Human,
    /// One JSON object: findings, citations, quotations
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
}

/// Checks what `check` names. Warnings and errors that no option accepts lead to [`Exit::Findings`].
///
/// # Errors
/// If something named does not exist or cannot be read, fixed or written.
pub(super) fn run(
    check: &Check,
    terminal: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    if check.watch {
        let look = Look { colour: check.color.is_on(terminal), quiet: check.quiet, terminal };
        return watch::run(&check.paths, look, out, err);
    }
    let mut failed: Vec<Notice> = Vec::new();
    // Keyed by file, so that overlapping paths report each file once.
    let mut checked = BTreeMap::new();
    let mut fixed: Vec<Fixed> = Vec::new();
    let targets = if check.stdin { stdin_target(check)? } else { open::targets(&check.paths)? };
    for (root, paths) in targets {
        let mut host = open::load(&root, err)?;
        let files = if check.stdin { opened(&mut host, &paths)? } else { named(&mut host, &root, &paths)? };
        if check.fix || check.diff {
            let snapshot = host.snapshot();
            for one in files.iter().filter_map(|file| Fixed::of(&snapshot, file)) {
                if check.fix && !check.diff {
                    let (file, text) = (one.file.clone(), one.after.clone());
                    host.apply(Change::Opened { file, language: "markdown".into(), version: 0, text });
                }
                fixed.push(one);
            }
        }
        let snapshot = host.snapshot();
        let files = files.into_iter().filter_map(|file| Some((Checked::of(&snapshot, &root, &file)?, file)));
        checked.extend(files.map(|(one, file)| (file, one)));
        failed.extend(snapshot.notices.iter().cloned());
    }
    let mut checked: Vec<Checked> = checked.into_values().collect();
    if checked.is_empty() {
        let places: Vec<String> = check.paths.iter().map(|path| layout::shown(path)).collect();
        writeln!(
            err,
            "glossator: {}: found no brief and no library, so nothing was checked",
            places.join(", ")
        )?;
    }
    let settings = failed.iter().any(|notice| notice.about == About::Settings);
    let ends = |found: bool| match (settings, found && !check.exit_zero) {
        (true, _) => Exit::Failed,
        (_, true) => Exit::Findings,
        (_, false) => Exit::Clean,
    };
    if check.diff {
        fixed.iter().try_for_each(|one| write!(out, "{}", one.diff()))?;
        return Ok(ends(!fixed.is_empty()));
    }
    let loud = |checked: &[Checked]| {
        checked.iter().flat_map(|file| &file.findings).any(|finding| finding.level >= Level::Warning)
    };
    if check.stdin && check.fix {
        checked.iter().try_for_each(|file| write!(out, "{}", file.text.file().as_str()))?;
        return Ok(ends(loud(&checked)));
    }
    for one in &fixed {
        if check.format == Format::Human && !check.quiet {
            write!(out, "{}", one.diff())?;
        }
        one.write()?;
    }
    if let (true, false) = (check.fix, check.quiet) {
        let places: usize = fixed.iter().map(Fixed::places).sum();
        let (places, files) = (markup::counted(places, "place"), markup::counted(fixed.len(), "file"));
        writeln!(err, "glossator: restored the source’s words in {places} of {files}")?;
    }
    if let Some(path) = &check.baseline {
        if check.write_baseline {
            let count = baseline::write(path, &checked)?;
            writeln!(
                err,
                "glossator: wrote {} to {}",
                markup::counted(count, "finding"),
                layout::shown(path)
            )?;
            return Ok(ends(false));
        }
        let gone = baseline::apply(path, &mut checked)?;
        if gone > 0 && !check.quiet {
            let (gone, path) = (markup::counted(gone, "finding"), layout::shown(path));
            writeln!(
                err,
                "glossator: gone since {path} was written: {gone}. Update it with --write-baseline"
            )?;
        }
    }
    match check.format {
        Format::Human if check.statistics => statistics::write(&checked, out)?,
        Format::Human => human::write(&checked, check.color.is_on(terminal), check.quiet, out)?,
        Format::Json => json::write(&checked, out)?,
        Format::Sarif => sarif::write(&checked, out)?,
        Format::Github => github::write(&checked, out)?,
        Format::Gitlab => gitlab::write(&checked, out)?,
    }
    Ok(ends(loud(&checked)))
}

/// The file that standard input stands for, which need not exist, below the root of its workspace.
fn stdin_target(check: &Check) -> anyhow::Result<BTreeMap<PathBuf, Vec<PathBuf>>> {
    let name = &check.stdin_filename;
    let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = open::existing(folder.unwrap_or(Path::new(".")))?;
    let Some(file) = name.file_name().map(|name| folder.join(name)) else {
        bail!("{}: is not the name of a file. Name a brief: --stdin-filename brief.md", layout::shown(name));
    };
    Ok(BTreeMap::from([(open::root_of(&file), vec![file])]))
}

/// Opens the text on standard input as the file in `paths`.
fn opened(host: &mut Host, paths: &[PathBuf]) -> anyhow::Result<Vec<FileId>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("standard input: has over {} MB, and longer briefs are not read", MAX_BYTES / 1_000_000);
    }
    let text = decode(&bytes).map_err(|why| anyhow::anyhow!("standard input: can't be read: {why}."))?;
    let mut files = Vec::new();
    for path in paths {
        let file = FileId::new(path.clone());
        let shown = layout::path_for_people(path);
        if host.snapshot().corpus.of_file(&file).is_some() || !has_markdown_name(path) {
            bail!(
                "{shown}: is not a brief. Name a Markdown file (.md, .markdown, .qmd, .rmd): --stdin-filename brief.md"
            );
        }
        let text = text.clone().into_owned();
        host.apply(Change::Opened { file: file.clone(), language: "markdown".into(), version: 0, text });
        files.push(file);
    }
    Ok(files)
}
