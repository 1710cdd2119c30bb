//! `glossator archive`: writes documents to a shared archive, shows its state, fetches and deletes documents.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::exit::Exit;
use super::layout::{self, columns};
use super::open;
use crate::archive::{Client, Fault, Found, Parcel, Progress, Push, Pushed, Shape, id_of, variable};
use crate::config::{Archive, Config, Whose};
use crate::corpus::ingest;
use crate::text::FileId;
use crate::workspace::archived;
use crate::workspace::cache::Cache;
use crate::workspace::load::{own_file, own_settings, read_bytes, sources_below};

/// `archive`
#[derive(Debug, clap::Args)]
pub(super) struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Write documents to an archive; those that it has are skipped
    Push(PushArguments),
    /// Show the archives of your settings and their state
    Status {
        /// The archive; all of them if none is named
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Fetch the documents of library entries, to work without the network
    Pull {
        /// The citation keys; all that name an archive if none is named
        #[arg(value_name = "KEY")]
        keys: Vec<String>,
        /// The workspace, or a file or folder in it
        #[arg(long, value_name = "PATH", default_value = ".")]
        root: PathBuf,
        /// Fetch again what is there
        #[arg(long)]
        again: bool,
    },
    /// Find the passages of an archive that best match some words
    Search {
        /// The archive
        #[arg(long = "in", value_name = "NAME")]
        name: String,
        /// What to look for
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
    },
    /// Delete documents from an archive
    Remove {
        /// The archive
        #[arg(long = "from", value_name = "NAME")]
        name: String,
        /// The files that were pushed, or the ids of documents
        #[arg(required = true, value_name = "FILE|ID")]
        documents: Vec<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct PushArguments {
    /// Files, or folders with sources
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The archive
    #[arg(long = "to", value_name = "NAME")]
    name: String,
    /// Make a new index, and replace the present one when all is written
    #[arg(long)]
    anew: bool,
    /// The number of shards of a new index
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    shards: u16,
    /// The number of copies of each shard of a new index, on other nodes
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=10))]
    replicas: u16,
}

/// How many files are read at once, however large they are: enough for all cores.
const FEWEST_AT_ONCE: usize = 32;

/// The most files that are read at once, and asked for with one request.
const MOST_AT_ONCE: usize = 1_000;

/// Size in bytes of the files that are read at once, between those: a bulk request full of passages, however short the
/// documents are. With 32 documents of 6 KB at once, requests were a twentieth as large.
const AT_ONCE: u64 = 4_000_000;

/// Batches that may wait to be written. Reading stops when the archive is slower.
const WAITING: usize = 2;

/// The least time limit of a push, in which a bulk request has to be answered.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many passages a search shows.
const RESULTS: usize = 10;

/// How many lines of each passage a search shows.
const LINES: usize = 3;

pub(super) fn run(command: &Command, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    match &command.verb {
        Verb::Push(push) => run_push(push, out, err),
        Verb::Status { name } => status(name.as_deref(), out, err),
        Verb::Pull { keys, root, again } => pull(keys, root, *again, out, err),
        Verb::Search { name, words } => search(name, &words.join(" "), out, err),
        Verb::Remove { name, documents } => remove(name, documents, out, err),
    }
}

/// The archives of the user's own settings.
fn archives(err: &mut dyn Write) -> anyhow::Result<Vec<Archive>> {
    let mut config = Config::default();
    let settings = own_settings().map_err(anyhow::Error::msg)?;
    for complaint in config.apply(&settings, Whose::User) {
        writeln!(err, "glossator: your own settings: {}", layout::plain(&complaint))?;
    }
    Ok(config.archives)
}

/// The archive called `name`.
fn archive(name: &str, err: &mut dyn Write) -> anyhow::Result<Archive> {
    let archives = archives(err)?;
    let known: Vec<&str> = archives.iter().map(|archive| archive.name.as_str()).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    match archives.iter().find(|archive| archive.name == name) {
        Some(archive) => Ok(archive.clone()),
        None => bail!(
            "{}: no such archive in your own settings{} (there: {known}). Add it there as [[archive]].",
            layout::plain(name),
            own_file().map_or_else(String::new, |file| format!(", {}", layout::path_for_people(&file))),
        ),
    }
}

/// The message about `fault` of `archive`, with what to do if the credentials are wrong.
fn failed(archive: &Archive, fault: &Fault) -> anyhow::Error {
    let help = match fault {
        Fault::Refused(_) => {
            format!(". Set {} to user:password or to “ApiKey …”", variable(&archive.name))
        }
        _ => String::new(),
    };
    anyhow::anyhow!("the archive {}: {}{help}", archive.name, layout::plain(&fault.to_string()))
}

fn run_push(push: &PushArguments, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let archive = archive(&push.name, err)?;
    let mut files: BTreeSet<PathBuf> = BTreeSet::new();
    for path in &push.paths {
        let path = open::existing(path)?;
        let below = if path.is_dir() { sources_below(&path, &path) } else { vec![path] };
        files.extend(below);
    }
    let files: Vec<PathBuf> = files.into_iter().collect();
    if files.is_empty() {
        bail!("no sources in {}", layout::path_for_people(&push.paths[0]));
    }
    let client = Client::new(&Archive { timeout: archive.timeout.max(PATIENCE), ..archive.clone() });
    let shape = Shape { shards: push.shards, replicas: push.replicas };
    let fail = |fault: Fault| failed(&archive, &fault);
    let target = Push::begin(&client, shape, push.anew).map_err(fail)?;
    let (sender, receiver) = sync_channel(WAITING);
    let (mut total, mut skipped, mut done) = (Pushed::default(), 0, 0);
    let mut unread: Vec<(PathBuf, String)> = Vec::new();
    let line = Line { begin: Instant::now(), is_shown: io::stderr().is_terminal() };
    std::thread::scope(|scope| -> Result<(), Fault> {
        scope.spawn({
            let (files, target) = (&files, &target);
            move || {
                for batch in batches(files, size_of) {
                    let read = read_batch(batch, target);
                    let ended = read.is_err();
                    if sender.send((batch.len(), read)).is_err() || ended {
                        return;
                    }
                }
            }
        });
        while let Ok((count, batch)) = receiver.recv() {
            let batch = batch?;
            skipped += batch.skipped;
            unread.extend(batch.unread);
            let pushed = target.send(batch.parcels)?;
            total.documents += pushed.documents;
            total.passages += pushed.passages;
            total.refused.extend(pushed.refused);
            done += count;
            line.show(Progress { done, total: files.len() });
        }
        // The reader must not wait for a receiver that has gone.
        drop(receiver);
        Ok(())
    })
    .map_err(fail)
    .with_context(|| "stopped before all was written; the same command goes on from there".to_owned())?;
    line.clear();
    for (path, why) in &unread {
        writeln!(err, "glossator: {}: not read: {}", layout::path_for_people(path), layout::plain(why))?;
    }
    for (id, why) in &total.refused {
        writeln!(err, "glossator: {}: {id}: refused: {}", archive.name, layout::plain(why))?;
    }
    if total.documents + skipped == 0 {
        bail!("nothing was written, and the archive stays as it was");
    }
    let replaced = target.finish().map_err(fail)?;
    let seconds = line.begin.elapsed().as_secs_f64().max(0.001);
    writeln!(
        out,
        "{}: {} documents with {} passages written in {seconds:.1} s ({:.0} passages/s), {skipped} were there",
        archive.name,
        total.documents,
        total.passages,
        total.passages as f64 / seconds
    )?;
    for index in replaced {
        writeln!(out, "Replaced {}.", layout::plain(&index))?;
    }
    Ok(if unread.is_empty() && total.refused.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Divides `files` into runs that are read at once, by their sizes.
fn batches(files: &[PathBuf], size: impl Fn(&Path) -> u64) -> Vec<&[PathBuf]> {
    let (mut count, mut bytes) = (0, 0);
    let together = |file: &PathBuf, _: &PathBuf| {
        (count, bytes) = (count + 1, bytes + size(file));
        let full = count >= MOST_AT_ONCE || count >= FEWEST_AT_ONCE && bytes >= AT_ONCE;
        if full {
            (count, bytes) = (0, 0);
        }
        !full
    };
    files.chunk_by(together).collect()
}

/// What a few files were read as.
struct Batch {
    parcels: Vec<Parcel>,
    /// The number of files that the archive has.
    skipped: usize,
    unread: Vec<(PathBuf, String)>,
}

fn read_batch(files: &[PathBuf], target: &Push<'_>) -> Result<Batch, Fault> {
    let read: Vec<_> = files
        .par_iter()
        .map(|path| match read_bytes(path, ingest::most_bytes(path)) {
            Ok(bytes) => Ok((path, id_of(&bytes), bytes)),
            Err(why) => Err((path.clone(), why)),
        })
        .collect();
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(one) => found.push(one),
            Err(one) => unread.push(one),
        }
    }
    let ids: BTreeSet<String> = found.iter().map(|(_, id, _)| id.clone()).collect();
    let mut known = target.present(&ids.into_iter().collect::<Vec<_>>())?;
    // A second file with the same content is there with the first.
    let before = found.len();
    found.retain(|(_, id, _)| known.insert(id.clone()));
    let skipped = before - found.len();
    let cache = Cache::default();
    let made: Vec<_> = found
        .par_iter()
        .map(|(path, _, bytes)| match cache.read(FileId::new((*path).clone()), bytes) {
            Ok(source) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                Ok(Parcel::new(&name, bytes, &source))
            }
            Err(why) => Err(((*path).clone(), why)),
        })
        .collect();
    let mut parcels = Vec::new();
    for one in made {
        match one {
            Ok(parcel) => parcels.push(parcel),
            Err(one) => unread.push(one),
        }
    }
    Ok(Batch { parcels, skipped, unread })
}

fn status(name: Option<&str>, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let asked = match name {
        Some(name) => vec![archive(name, err)?],
        None => archives(err)?,
    };
    if asked.is_empty() {
        writeln!(out, "Your own settings name no archive.")?;
    }
    let mut exit = Exit::Clean;
    for archive in asked {
        let index = layout::plain(&archive.index);
        writeln!(out, "{}: {index} at {}", archive.name, archive.urls.join(", "))?;
        let variable = variable(&archive.name);
        let from = match (std::env::var_os(&variable), archive.credentials.first()) {
            (Some(_), _) => format!("{variable} is set"),
            (None, Some(program)) => format!("{variable} is not set; printed by {}", layout::plain(program)),
            (None, None) => format!("{variable} is not set"),
        };
        writeln!(out, "  credentials: {from}")?;
        let asked = match archive.search {
            true => "search = true: sentences and quotations of open briefs are sent to it",
            false => "search = false: it is asked for cited documents only, and sees none of your text",
        };
        writeln!(out, "  while you write: {asked}")?;
        match Client::new(&archive).status() {
            Ok(status) => {
                let passages = status.passages.map_or_else(
                    || "records of another program".to_owned(),
                    |count| format!("documents with {count} passages"),
                );
                writeln!(
                    out,
                    "  online: {}, {} nodes, health {}\n  {} {passages}",
                    status.server, status.nodes, status.health, status.documents
                )?;
            }
            Err(fault) => {
                writeln!(out, "  offline: {}", layout::plain(&fault.to_string()))?;
                exit = Exit::Findings;
            }
        }
    }
    Ok(exit)
}

fn pull(
    keys: &[String],
    root: &Path,
    again: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(root)?);
    let mut loader = open::loader(&root, err)?;
    open::tell(&loader.load(&|_| {}), err)?;
    let mut references = loader.references();
    for key in keys {
        if !references.contains_key(key.as_str()) {
            bail!("{}: no library entry with this key names an archive of your settings", layout::plain(key));
        }
    }
    references.retain(|key, _| keys.is_empty() || keys.iter().any(|wanted| **wanted == **key));
    let cache = Cache::default();
    let is_wanted = |reference| again || cache.archived(reference).is_none();
    let wanted: BTreeSet<_> = references.values().filter(|(_, one)| is_wanted(one)).cloned().collect();
    let there = references.len() - wanted.len();
    let outcome = archived::fetch(&cache, &wanted);
    let mut fetched = 0;
    for (key, (_, reference)) in &references {
        match outcome.get(reference) {
            Some(Ok(())) => fetched += 1,
            Some(Err(fault)) => {
                let fault = layout::plain(&fault.to_string());
                writeln!(err, "glossator: {}: {}: {fault}", layout::plain(key), reference.archive)?;
            }
            None => {}
        }
    }
    writeln!(out, "{fetched} of {} documents fetched, {there} were there", references.len())?;
    Ok(if fetched + there == references.len() { Exit::Clean } else { Exit::Findings })
}

fn search(name: &str, words: &str, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let archive = archive(name, err)?;
    let found = Client::new(&archive).search(words, RESULTS).map_err(|fault| failed(&archive, &fault))?;
    passages(&found, out)?;
    if found.is_empty() {
        writeln!(out, "No passage of {name} has these words.")?;
    }
    Ok(Exit::Clean)
}

/// Prints passages of an archive, with what to write into a library entry.
pub(super) fn passages(found: &[Found], out: &mut dyn Write) -> anyhow::Result<()> {
    for (rank, passage) in found.iter().enumerate() {
        let place = passage.place.as_deref().unwrap_or_default();
        let title = passage.title.as_deref().unwrap_or_default();
        writeln!(out, "{:>2}. {}", rank + 1, layout::plain(format!("{title} {place}").trim()))?;
        writeln!(out, "    archive = {{{}:{}}}", passage.archive, layout::plain(&passage.document))?;
        for line in layout::wrap(&layout::plain(&passage.text), columns() - 5).iter().take(LINES) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn remove(
    name: &str,
    documents: &[PathBuf],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let archive = archive(name, err)?;
    let client = Client::new(&archive);
    let mut exit = Exit::Clean;
    for document in documents {
        let id = if document.is_file() {
            let bytes = read_bytes(document, ingest::most_bytes(document)).map_err(anyhow::Error::msg)?;
            id_of(&bytes)
        } else {
            document.to_string_lossy().into_owned()
        };
        let was_there = client.remove(&id).map_err(|fault| failed(&archive, &fault))?;
        let what = if was_there { "removed" } else { "not there" };
        writeln!(out, "{}: {what}", layout::path_for_people(document))?;
        if !was_there {
            exit = Exit::Findings;
        }
    }
    Ok(exit)
}

/// A line on the terminal that says how far the push has got.
struct Line {
    begin: Instant,
    is_shown: bool,
}

impl Line {
    fn show(&self, progress: Progress) {
        if self.is_shown {
            // A terminal that has gone away is no reason to stop.
            let _ = write!(io::stderr(), "\r{}\x1b[K", said(progress, self.begin.elapsed()));
        }
    }

    fn clear(&self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// `512 of 1000 files, 64 files/s, 8 s left`
fn said(Progress { done, total }: Progress, elapsed: Duration) -> String {
    let rate = done as f64 / elapsed.as_secs_f64().max(0.001);
    if done == 0 {
        return format!("0 of {total} files");
    }
    format!(
        "{done} of {total} files, {rate:.0} files/s, {:.0} s left",
        (total - done.min(total)) as f64 / rate
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is_and_how_long_it_takes() {
        let said = |done| said(Progress { done, total: 1000 }, Duration::from_secs(8));
        assert_eq!(said(0), "0 of 1000 files");
        assert_eq!(said(512), "512 of 1000 files, 64 files/s, 8 s left");
    }

    #[test]
    fn large_files_are_read_on_all_cores_and_short_ones_fill_a_request() {
        let files: Vec<PathBuf> = (0..2_500).map(|n| format!("{n}").into()).collect();
        let lengths = |size: u64| -> Vec<usize> {
            batches(&files, |_| size).into_iter().map(<[PathBuf]>::len).collect()
        };
        assert_eq!(lengths(5_000_000)[..3], [32, 32, 32]);
        assert_eq!(lengths(10_000), [400, 400, 400, 400, 400, 400, 100]);
        assert_eq!(lengths(0), [1_000, 1_000, 500]);
    }
}
