//! `glossator lock`: writes `glossator.lock`, and prints how the sources differ from it. Does not judge
//! quotations: what is right comes from [`crate::features::lock`].

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::exit::Exit;
use super::layout::{self, columns};
use super::open;
use super::replace::replace;
use crate::corpus::source::Volume;
use crate::features::lock::{self, Files, Now, What};
use crate::features::lookup::source_of;
use crate::features::markup;
use crate::text::FileId;
use crate::workspace::Snapshot;
use crate::workspace::load::{About, read_bytes, read_text_within};
use crate::workspace::lock::{LOCK_FILE, Lock as Content, LockedQuotation, MAX_LOCK, name_of, sum_of};

/// `lock`
#[derive(Debug, clap::Args)]
pub(super) struct Lock {
    /// Briefs, or folders that hold them: record what these quote
    #[arg(value_name = "BRIEF", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Accept everything that has changed, after a review: record the sources as they are now, and drop what is no
    /// longer cited
    #[arg(long)]
    update: bool,
    /// Only print what --update would change; exit with 1 if there is anything
    #[arg(long, conflicts_with = "update")]
    check: bool,
}

/// Writes the locks of the workspaces that `asked` names.
///
/// # Errors
/// If something named does not exist, or a lock cannot be read or written. An existing lock is then unchanged.
pub(super) fn run(asked: &Lock, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut exit = Exit::Clean;
    for (root, paths) in open::targets(&asked.paths)? {
        let path = root.join(LOCK_FILE);
        let (old, text) = existing(&path)?;
        let mut host = open::load(&root, err)?;
        let files = open::briefs(&mut host, &paths)?;
        let snapshot = host.snapshot();
        if snapshot.notices.iter().any(|notice| notice.about == About::Settings) {
            bail!("{}: not written, because of the mistakes in the settings", layout::path_for_people(&path));
        }
        let on_disk = OnDisk { root: &root };
        let now = lock::now(&snapshot, &files, &on_disk);
        let (cited, there) = all_cited(&snapshot, &on_disk);
        let changes = lock::differences(&old, &now, &cited, &there);
        for (key, whats) in &changes {
            print(key, whats, &old, &now, out)?;
        }
        tell(&now, err)?;
        let shown = layout::path_for_people(&path);
        if asked.check {
            if changes.is_empty() {
                writeln!(out, "{shown} is up to date.")?;
            } else {
                exit = Exit::Findings;
            }
            continue;
        }
        let new = lock::merged(&old, &now, &changes, asked.update);
        let written = new.written()?;
        let sources = markup::counted(new.sources.len(), "source");
        let quotations = markup::counted(new.quotations(), "quotation");
        if text.is_none() && new.sources.is_empty() {
            writeln!(err, "glossator: {shown} not written, because no brief cites a source with a text")?;
        } else if text.is_some_and(|text| text.replace("\r\n", "\n") == written) {
            writeln!(out, "{shown} is unchanged: {sources}, {quotations}.")?;
        } else {
            replace(&path, &[written.as_bytes()]).with_context(|| format!("{shown}: can't be written"))?;
            writeln!(out, "Wrote {shown}: {sources}, {quotations}.")?;
        }
        let left = lock::differences(&new, &now, &cited, &there);
        if !asked.update && left.values().flatten().any(|what| *what != What::Missing) {
            let line =
                "What has changed is still recorded as it was. Review it, then accept it with --update.";
            writeln!(out, "{line}")?;
        }
    }
    Ok(exit)
}

/// The lock at `path` and its text; an empty one if there is no such file.
fn existing(path: &Path) -> anyhow::Result<(Content, Option<String>)> {
    let shown = layout::path_for_people(path);
    if matches!(std::fs::symlink_metadata(path), Err(why) if why.kind() == io::ErrorKind::NotFound) {
        return Ok(Default::default());
    }
    match read_text_within(path, MAX_LOCK) {
        Ok(text) => match Content::read(&text) {
            Ok(lock) => Ok((lock, Some(text))),
            Err(damage) => bail!("{shown}:{}: {}", damage.line, layout::plain(&damage.message)),
        },
        Err(why) => bail!("{shown}: can't be read: {why}."),
    }
}

/// The workspace at `root`, as its lock names and sums its files.
struct OnDisk<'a> {
    root: &'a Path,
}

impl Files for OnDisk<'_> {
    fn name(&self, file: &FileId) -> (String, bool) {
        name_of(file.path(), self.root)
    }

    fn sum(&self, volume: &Volume) -> Option<String> {
        // The loader has read it, so that its size is within the limits.
        read_bytes(volume.file.path(), u64::MAX - 1).ok().map(|bytes| sum_of(&bytes))
    }
}

/// The keys that any brief of the workspace cites, and the names of all briefs.
fn all_cited(snapshot: &Snapshot, files: &OnDisk<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut cited, mut there) = (BTreeSet::new(), BTreeSet::new());
    for (file, brief) in snapshot.briefs() {
        there.insert(files.name(file).0);
        for citation in &brief.brief().citations {
            let key = source_of(&snapshot.corpus, citation)
                .map_or(citation.key.as_str(), |id| &snapshot.corpus.source(id).key);
            cited.insert(key.to_owned());
        }
    }
    (cited, there)
}

/// Reports what the lock cannot record.
fn tell(now: &Now, err: &mut dyn Write) -> io::Result<()> {
    let named = |keys: &mut dyn Iterator<Item = &String>| {
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        layout::plain(&keys.join(", "))
    };
    if !now.without_text.is_empty() {
        let keys = named(&mut now.without_text.iter());
        writeln!(err, "glossator: not recorded, because there is no text: {keys}")?;
    }
    let wrong: usize = now.wrong.values().map(Vec::len).sum();
    if wrong > 0 {
        let (count, keys) = (markup::counted(wrong, "quotation"), named(&mut now.wrong.keys()));
        writeln!(err, "glossator: not recorded, because the words are not in the source: {count} ({keys})")?;
    }
    Ok(())
}

/// Prints how the source `key` differs from the lock, like a diff.
fn print(key: &str, whats: &[What], old: &Content, now: &Now, out: &mut dyn Write) -> io::Result<()> {
    let file = now.lock.sources.get(key).or_else(|| old.sources.get(key)).map_or("", |source| &source.file);
    let mut states: Vec<String> = Vec::new();
    for what in whats {
        match what {
            What::New => states.push("new".into()),
            What::Changed => states.push("changed".into()),
            What::Moved(from, _) => states.push(format!("was {from}")),
            What::Missing => states.push("has no text any more".into()),
            What::Uncited => states.push("not cited any more".into()),
            What::Quoted(_) | What::Unquoted(_) | What::Elsewhere(..) | What::Gone(..) => {}
        }
    }
    let intact = whats.contains(&What::Changed) && !whats.iter().any(|what| matches!(what, What::Gone(..)));
    if intact {
        states.push("all quoted words are still there".into());
    }
    let states = if states.is_empty() { String::new() } else { format!(": {}", states.join("; ")) };
    writeln!(out, "{}", layout::plain(&format!("{key} ({file}){states}")))?;
    for what in whats {
        match what {
            What::Quoted(new) => line('+', new, "", out)?,
            What::Unquoted(old) => line('-', old, "", out)?,
            What::Elsewhere(old, new) => {
                line('-', old, "", out)?;
                line('+', new, "", out)?;
            }
            What::Gone(old, near) => {
                line('-', old, " gone:", out)?;
                if let Some(near) = near {
                    line('+', near, " nearest:", out)?;
                }
            }
            What::New | What::Changed | What::Moved(..) | What::Missing | What::Uncited => {}
        }
    }
    Ok(())
}

/// `- briefs/a.md, ¶ 2: “words”`, wrapped.
fn line(mark: char, quotation: &LockedQuotation, note: &str, out: &mut dyn Write) -> io::Result<()> {
    let at = quotation.locator.as_deref().map(|locator| format!(", {locator}")).unwrap_or_default();
    let text = format!("{}{at}:{note} “{}”", quotation.brief, quotation.of_source());
    for (number, line) in layout::wrap(&layout::plain(&text), columns() - 4).iter().enumerate() {
        writeln!(out, "{} {line}", if number == 0 { format!("  {mark}") } else { "     ".into() })?;
    }
    Ok(())
}
