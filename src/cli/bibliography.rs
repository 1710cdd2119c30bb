//! `glossator bibliography`: prints the works that briefs cite. Decides nothing: the list comes from
//! [`crate::features::bibliography`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::ValueEnum;

use super::exit::Exit;
use super::replace::replace;
use super::{layout, open};
use crate::corpus::style::{self, Style};
use crate::features::bibliography::{self, Works};
use crate::text::FileId;
use crate::workspace::Snapshot;
use crate::workspace::load::{normalize, read_text_within};

/// `bibliography`
#[derive(Debug, clap::Args)]
pub(super) struct Bibliography {
    /// Briefs, or folders that hold them, of one workspace
    #[arg(value_name = "BRIEF", required_unless_present = "styles")]
    paths: Vec<PathBuf>,
    /// The citation style: a name such as apa, or a .csl file. Without it the style that the brief or the settings name,
    /// or else chicago-author-date
    #[arg(long, value_name = "STYLE")]
    style: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    /// The file to write; standard output without it
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List the built-in styles instead
    #[arg(long)]
    styles: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown, one paragraph for each work
    Markdown,
    /// A piece of HTML to put into a page
    Html,
    /// Plain text, one line for each work
    Text,
    /// BibLaTeX, for LaTeX and reference managers
    Bibtex,
    /// CSL-JSON, for Pandoc, Zotero and others
    CslJson,
}

pub(super) fn run(
    bibliography: &Bibliography,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Exit> {
    if bibliography.styles {
        for name in style::names() {
            let title = style::named(name).map(|style| style.title().to_owned()).unwrap_or_default();
            writeln!(out, "{name}  {title}")?;
        }
        return Ok(Exit::Clean);
    }
    let (root, snapshot, files) = briefs(&bibliography.paths, err)?;
    let works = bibliography::cited(&snapshot, &files);
    let missing = tell(&snapshot, &works, err)?;
    let language = bibliography::language(&snapshot, &files);
    let written = match bibliography.format {
        Format::Bibtex => bibliography::bibtex(&works.items),
        Format::CslJson => bibliography::csl_json(&works.items),
        Format::Markdown | Format::Html | Format::Text => {
            let style = style(bibliography.style.as_deref(), &snapshot, &files)?;
            let list =
                bibliography::list(&style, &works.items, language.as_deref()).map_err(anyhow::Error::msg)?;
            match bibliography.format {
                Format::Html => bibliography::html(&list),
                Format::Text => bibliography::text(&list),
                _ if list.is_empty() => String::new(),
                _ => bibliography::markdown(&list) + "\n",
            }
        }
    };
    deliver(&snapshot, &root, bibliography.output.as_deref(), written.as_bytes(), out, err)?;
    Ok(if missing { Exit::Findings } else { Exit::Clean })
}

/// The workspace of `paths` and the briefs that they name.
///
/// # Errors
/// If they belong to several workspaces, or are no briefs.
pub(super) fn briefs(
    paths: &[PathBuf],
    err: &mut dyn Write,
) -> anyhow::Result<(PathBuf, Snapshot, Vec<FileId>)> {
    let mut targets = open::targets(paths)?.into_iter();
    let (Some((root, paths)), None) = (targets.next(), targets.next()) else {
        bail!("these briefs belong to several workspaces. Run the command once for each.");
    };
    let mut host = open::load(&root, err)?;
    let files = open::briefs(&mut host, &paths)?;
    if files.is_empty() {
        let places: Vec<String> = paths.iter().map(|path| layout::shown(path)).collect();
        bail!("{}: no brief found. Name a Markdown file (.md, .markdown, .qmd, .rmd).", places.join(", "));
    }
    Ok((root, host.snapshot(), files))
}

/// Reports unknown keys and sources without an entry. Returns true if a key is unknown.
pub(super) fn tell(snapshot: &Snapshot, works: &Works, err: &mut dyn Write) -> anyhow::Result<bool> {
    for one in &works.unknown {
        let text = snapshot.brief(&one.file).map(|file| file.text().clone());
        let place = text.map_or_else(
            || layout::path_for_people(one.file.path()),
            |text| layout::place(one.file.path(), text.file(), text.offset_in_file(one.span.start)),
        );
        let way_out = match &one.near {
            Some(near) => format!("Did you mean {}?", layout::plain(near)),
            None => "Add an entry, or correct the key.".to_owned(),
        };
        writeln!(err, "{place}: unknown citation key {}: left out. {way_out}", layout::plain(&one.key))?;
    }
    for key in &works.bare {
        let key = layout::plain(key);
        writeln!(
            err,
            "glossator: {key} has no library entry, only its title is known. `glossator add` makes one."
        )?;
    }
    Ok(!works.unknown.is_empty())
}

/// The style `asked` for, or else that of the first brief.
///
/// # Errors
/// If there is no such style, or the file is not one.
pub(super) fn style(
    asked: Option<&str>,
    snapshot: &Snapshot,
    files: &[FileId],
) -> anyhow::Result<Arc<Style>> {
    let Some(asked) = asked else {
        let Some(file) = files.first() else { bail!("no brief") };
        return bibliography::style_of(snapshot, file)
            .map_err(|why| anyhow::anyhow!("{}: {why}", layout::path_for_people(file.path())));
    };
    let path = Path::new(asked);
    if path.is_file() {
        let shown = layout::shown(path);
        let read = read_text_within(path, style::MAX_CSL);
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        return read
            .and_then(|xml| style::of_csl(&name, &xml))
            .map_err(|why| anyhow::anyhow!("{shown}: {why}."));
    }
    match style::named(asked) {
        Some(style) => Ok(style),
        None => bail!("--style: {}", bibliography::no_style(&layout::plain(asked))),
    }
}

/// Writes `written` to the file `output`, or to `out` without one.
///
/// # Errors
/// If the file is one of the workspace's, or cannot be written.
pub(super) fn deliver(
    snapshot: &Snapshot,
    root: &Path,
    output: Option<&Path>,
    written: &[u8],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<()> {
    let Some(path) = output else {
        out.write_all(written)?;
        return Ok(());
    };
    let shown = layout::shown(path);
    let absolute = normalize(&std::path::absolute(path).with_context(|| format!("{shown}: not a path"))?);
    let file = FileId::new(absolute.clone());
    let library = snapshot.corpus.libraries.iter().any(|library| library.file == file);
    if library || snapshot.corpus.of_file(&file).is_some() || snapshot.settings.as_deref() == Some(&absolute)
    {
        bail!("{shown}: is a file that the workspace is made from. Choose another name.");
    }
    if snapshot.brief(&file).is_some() {
        bail!("{shown}: is a brief of the workspace. Choose another name, or delete it first.");
    }
    if crate::corpus::ingest::kind::Kind::is_source(&absolute)
        && crate::workspace::load::is_among_sources(root, &snapshot.config, &absolute)
    {
        bail!("{shown}: is among the sources, and would be read as one. Choose another folder.");
    }
    replace(path, &[written]).with_context(|| format!("{shown}: cannot be written"))?;
    writeln!(err, "glossator: wrote {shown}")?;
    Ok(())
}
