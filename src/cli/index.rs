//! `glossator index`: reads the sources of a workspace ahead of time and keeps their index, shows what is kept, or
//! deletes it.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::exit::Exit;
use super::layout;
use super::open;
use crate::corpus::source::TextState;
use crate::workspace::load::{Loaded, Loader, Progress};

/// `index`
#[derive(Debug, clap::Args)]
pub(super) struct Index {
    /// The workspace, or a file or folder in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Delete the index first and make it anew
    #[arg(long, conflicts_with = "clear")]
    rebuild: bool,
    /// Show how many sources are read, what was left out and why
    #[arg(long, conflicts_with = "clear")]
    stats: bool,
    /// Delete the index
    #[arg(long)]
    clear: bool,
}

/// How often the line with the progress is written again.
const STEP: Duration = Duration::from_millis(100);

pub(super) fn run(index: &Index, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(&index.path)?);
    let mut loader = open::loader(&root, err)?;
    let shown = layout::path_for_people(&root);
    if index.clear || index.rebuild {
        let deleted = loader.forget_kept().map_err(anyhow::Error::msg)?;
        if index.clear {
            let what = if deleted { "The index of" } else { "There was no index of" };
            writeln!(out, "{what} {shown}{}", if deleted { " was deleted." } else { "." })?;
            return Ok(Exit::Clean);
        }
    }
    loader.keep_always();
    let line = Line { begin: Instant::now(), last: Cell::new(None), is_shown: io::stderr().is_terminal() };
    let loaded = loader.load(&|progress| line.show(progress));
    line.clear();
    open::tell(&loaded, err)?;
    summary(&loaded, &loader, index.stats, out)?;
    Ok(Exit::Clean)
}

/// Writes what was read and where it is kept; with `details`, also what has no text.
fn summary(loaded: &Loaded, loader: &Loader, details: bool, out: &mut dyn Write) -> io::Result<()> {
    let sources = loaded.corpus.sources();
    let texts = sources.iter().filter_map(|source| source.volume());
    let bytes: usize = texts.clone().map(|text| text.facts.bytes).sum();
    let passages: u64 = texts.clone().map(|text| u64::from(text.facts.counted)).sum();
    writeln!(
        out,
        "{} sources, {} with a text: {passages} passages, {}",
        sources.len(),
        texts.count(),
        megabytes(bytes as u64)
    )?;
    match loader.kept() {
        Some((folder, bytes)) => {
            writeln!(out, "Index: {} in {}", megabytes(bytes), layout::path_for_people(folder))?;
        }
        None => writeln!(
            out,
            "The index is not kept: the cache folder cannot be written, or another Glossator is making it."
        )?,
    }
    if details {
        for source in sources {
            let why = match &source.document {
                TextState::Present(_) | TextState::Waiting { .. } => continue,
                TextState::Unnamed => "the library entry names no file".to_owned(),
                TextState::Missing { file, why } | TextState::Unread { file, why } => {
                    format!("{}: {}", layout::path_for_people(file.path()), layout::plain(why))
                }
            };
            writeln!(out, "No text: {}: {why}", layout::plain(&source.key))?;
        }
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A line on the terminal that says how far the work has got.
struct Line {
    begin: Instant,
    last: Cell<Option<Instant>>,
    is_shown: bool,
}

impl Line {
    fn show(&self, progress: Progress) {
        let is_due = self.last.get().is_none_or(|last| last.elapsed() >= STEP);
        if !self.is_shown || !is_due || progress.total == 0 {
            return;
        }
        self.last.set(Some(Instant::now()));
        // A terminal that has gone away is no reason to stop.
        let _ = write!(io::stderr(), "\r{}\x1b[K", said(progress, self.begin.elapsed()));
    }

    fn clear(&self) {
        if self.last.get().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// `512 of 1000 files, 2.6 MB, 1.3 MB/s, 2 s left`
fn said(progress: Progress, elapsed: Duration) -> String {
    let Progress { done, total, bytes } = progress;
    let seconds = elapsed.as_secs_f64().max(0.001);
    let mut line = format!("{done} of {total} files, {}", megabytes(bytes));
    if done > 0 {
        let left = seconds * (total - done.min(total)) as f64 / done as f64;
        line.push_str(&format!(", {:.1} MB/s, {left:.0} s left", bytes as f64 / 1e6 / seconds));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is_and_how_long_it_takes() {
        let said = |done, bytes| said(Progress { done, total: 1000, bytes }, Duration::from_secs(2));
        assert_eq!(said(0, 0), "0 of 1000 files, 0.0 MB");
        assert_eq!(said(500, 2_600_000), "500 of 1000 files, 2.6 MB, 1.3 MB/s, 2 s left");
        assert_eq!(said(1000, 5_200_000), "1000 of 1000 files, 5.2 MB, 2.6 MB/s, 0 s left");
    }
}
