//! `glossator init`: says what a folder has, and writes a `glossator.toml` for it. Never replaces a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::Value;

use super::exit::Exit;
use super::{add, layout, open};
use crate::config;
use crate::corpus::ingest::kind::{Format, Kind};
use crate::corpus::source::{Source, TextState};
use crate::features::entries;
use crate::text::FileId;
use crate::workspace::Snapshot;
use crate::workspace::load::{CONFIG_FILE, in_folder_of_notes, own_file, sources_below};

/// `init`
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The folder with your briefs and sources
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
    /// Also add a library entry for each source without one, with the title, author and date that it states
    #[arg(long)]
    entries: bool,
}

/// Folders of figures, templates and output: the documents in them are not sources.
const NO_SOURCES: [&str; 18] = [
    "figures",
    "figure",
    "figs",
    "fig",
    "images",
    "image",
    "img",
    "plots",
    "graphics",
    "media",
    "output",
    "build",
    "dist",
    "public",
    "style",
    "styles",
    "template",
    "templates",
];

/// Files that a generator of web sites or books keeps at the root: web pages are then its output.
const PROJECTS: [(&str, &str); 6] = [
    ("_quarto.yml", "Quarto"),
    ("_quarto.yaml", "Quarto"),
    ("_bookdown.yml", "bookdown"),
    ("_config.yml", "Jekyll"),
    ("mkdocs.yml", "MkDocs"),
    ("book.toml", "mdBook"),
];

/// Files at the root of a software project: texts and web pages below it are then rarely sources.
const SOFTWARE: [&str; 7] =
    ["Cargo.toml", "package.json", "pyproject.toml", "setup.py", "CMakeLists.txt", "Makefile", "go.mod"];

/// Most documents listed one by one, since they lie beside briefs. More make a list that is hard to keep.
const MOST_FILES: usize = 100;

/// Folders named on the screen.
const SHOWN: usize = 3;

/// Libraries named on the screen.
const SHOWN_LIBRARIES: usize = 6;

/// Width of the comments in the settings.
const COMMENT: usize = 100;

pub(super) fn run(init: &Init, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let root = open::existing(&init.folder)?;
    if !root.is_dir() {
        bail!("{} is a file. Name a folder.", layout::path_for_people(&root));
    }
    let settings = root.join(CONFIG_FILE);
    let described = settings.exists();
    let mut snap = open::load(&root, &mut io::sink())?.snapshot();
    let roots = if described { None } else { roots(&snap, &root) };
    if !described {
        let text = written(roots.as_deref());
        let mut file = std::fs::File::create_new(&settings)
            .with_context(|| format!("{}: can't be written", layout::path_for_people(&settings)))?;
        file.write_all(text.as_bytes())?;
        snap = open::load(&root, &mut io::sink())?.snapshot();
    }
    found(&snap, &root, out)?;
    writeln!(out)?;
    let shown = layout::path_for_people(&settings);
    match (&roots, described) {
        (_, true) => writeln!(out, "{shown} exists already and was not changed.")?,
        (Some(roots), false) => {
            let more = match roots.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let first = roots[..roots.len().min(SHOWN)].join(", ");
            writeln!(out, "Wrote {shown}: sources are read from {}{more}.", layout::plain(&first))?;
        }
        (None, false) => writeln!(out, "Wrote {shown}: nothing had to be set.")?,
    }
    let bare: Vec<_> = snap.corpus.sources().iter().filter(|source| source.entry.is_none()).collect();
    let texts: Vec<_> = bare.iter().filter_map(|source| Some((source.text()?.clone(), None))).collect();
    if init.entries && !texts.is_empty() {
        let Some(library) = entries::libraries_for(&snap, &root).into_iter().next() else {
            bail!("no library here takes entries. Name one with `glossator add --library library.bib .`");
        };
        return add::write_entries(&snap, &library, &texts, out, err);
    }
    next(&snap, texts.len(), out)?;
    Ok(Exit::Clean)
}

/// Lists what the workspace has.
fn found(snap: &Snapshot, root: &Path, out: &mut dyn Write) -> io::Result<()> {
    let mut row = |name: &str, text: &str| {
        let mut lines = layout::wrap(text, layout::COLUMNS - 12).into_iter();
        writeln!(out, "{name:<10}  {}", lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| writeln!(out, "{:<10}  {line}", ""))
    };
    let project = PROJECTS.iter().find(|(file, _)| root.join(file).is_file());
    if let Some((file, name)) = project {
        let more = if *name == "Quarto" || *name == "bookdown" { "; its bibliography is read" } else { "" };
        row("project", &format!("{name} ({file}){more}"))?;
    }
    if root.join(".obsidian").is_dir() {
        row("project", "Obsidian vault; every note counts as a brief, see [briefs] include")?;
    }
    let briefs = snap.briefs();
    let citing = briefs.iter().filter(|(_, brief)| !brief.brief().citations.is_empty()).count();
    row("briefs", &format!("{}, {citing} with citations", count(briefs.len(), "Markdown file")))?;
    let notes = briefs.iter().filter(|(file, _)| in_folder_of_notes(&relative(file.path(), root))).count();
    if notes > 0 {
        row("notes", &format!("{} in folders called notes", count(notes, "file")))?;
    }
    let libraries = &snap.corpus.libraries;
    for library in libraries.iter().take(SHOWN_LIBRARIES) {
        let entries = library.entries.len();
        let named = library.entries.iter().filter(|entry| !entry.files.is_empty()).count();
        let zotero = library.entries.iter().flat_map(|entry| &entry.files).any(|file| is_of_zotero(file));
        let mut text = layout::relative(library.file.path(), root);
        text.push_str(&format!(
            ": {}, {named} with a file",
            if entries == 1 { "1 entry".into() } else { format!("{entries} entries") }
        ));
        text.push_str(if zotero { " (exported from Zotero)" } else { "" });
        row("library", &text)?;
    }
    match libraries.len().checked_sub(SHOWN_LIBRARIES) {
        Some(more) if more > 0 => row("library", &format!("{more} more"))?,
        _ if libraries.is_empty() => row("library", "none")?,
        _ => {}
    }
    let sources = snap.corpus.sources();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for text in sources.iter().filter_map(|source| source.text()) {
        *kinds.entry(kind_name(text.file.path())).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, number)| count(*number, kind)).collect();
    row("sources", &if kinds.is_empty() { "none can be read".to_owned() } else { kinds.join(", ") })?;
    let far: Vec<&Path> = sources.iter().filter_map(|source| far(source, root)).collect();
    if let Some(first) = far.first() {
        let own = own_file().map_or_else(|| "your own settings".into(), |file| file.display().to_string());
        let (setting, folder) = storage(first);
        row(
            "",
            &format!(
                "{} outside this folder, such as {}. To have them read, write {setting} = [{:?}] under [corpus] into {own}.",
                if far.len() == 1 {
                    "1 entry names a file".to_owned()
                } else {
                    format!("{} entries name files", far.len())
                },
                first.display(),
                folder.display().to_string(),
            ),
        )?;
    }
    let missing = sources.iter().filter(|one| matches!(one.document, TextState::Missing { .. })).count();
    if missing > 0 {
        row("", &format!("{} that cannot be read; `glossator check` names them", count(missing, "file")))?;
    }
    Ok(())
}

/// Says what to do next.
fn next(snap: &Snapshot, bare: usize, out: &mut dyn Write) -> io::Result<()> {
    let readable = snap.corpus.sources().iter().any(|source| source.text().is_some());
    if !readable {
        writeln!(
            out,
            "\nNext: put sources into a folder sources: PDF, saved web pages, Word files, plain text. Then run\nglossator init --entries."
        )
    } else if bare > 0 {
        let whose = if bare == 1 {
            "1 source has no library entry".into()
        } else {
            format!("{bare} sources have no library entry")
        };
        writeln!(out, "\nNext: {whose}; glossator init --entries adds what the documents state.")
    } else {
        writeln!(out, "\nNext: glossator check, or open a brief in your editor.")
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn relative(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}

/// The name of a kind of source, for people.
fn kind_name(path: &Path) -> &'static str {
    match Kind::of_name(path) {
        Kind::Text => "plain text file",
        Kind::Markdown => "Markdown file",
        Kind::Html | Kind::Document(Format::Mhtml | Format::Webarchive | Format::Maff) => "web page",
        Kind::Subtitles => "subtitle file",
        Kind::Org => "Org file",
        Kind::Document(Format::Pdf) => "PDF file",
        Kind::Document(Format::Docx) => "Word file",
        Kind::Document(Format::Odt) => "OpenDocument text",
        Kind::Document(Format::Rtf) => "RTF file",
        Kind::Document(Format::Epub) => "EPUB",
        Kind::Document(Format::Mail) => "e-mail",
        Kind::Unread(_) => "other file",
    }
}

/// Whether Zotero wrote a path: into its storage (`storage/ABCD2345/x.pdf`) or beside an export (`files/12/x.pdf`).
fn is_of_zotero(file: &Path) -> bool {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    parts.windows(2).any(|pair| {
        let (folder, name) = (&*pair[0], &*pair[1]);
        let stored = name.len() == 8 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let exported = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
        folder == "storage" && stored || folder == "files" && exported
    })
}

/// The file outside the workspace that an entry names.
fn far<'a>(source: &'a Source, root: &Path) -> Option<&'a Path> {
    match &source.document {
        TextState::Unread { file, .. } | TextState::Missing { file, .. } => {
            Some(file.path()).filter(|path| !path.starts_with(root))
        }
        TextState::Present(_) | TextState::Unnamed | TextState::Waiting { .. } => None,
    }
}

/// The setting that allows `file` to be read, and the folder to name in it: Zotero's storage, else the file's own.
fn storage(file: &Path) -> (&'static str, PathBuf) {
    let zotero =
        file.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "storage"));
    match zotero.filter(|_| is_of_zotero(file)) {
        Some(folder) => ("attachments", folder.to_path_buf()),
        None => ("outside", file.parent().unwrap_or(file).to_path_buf()),
    }
}

/// The value for `[corpus] roots`; `None` if the default reads every source. Lists folders with documents but without
/// briefs, as Markdown in a folder of sources is not a brief, and other documents one by one.
fn roots(snap: &Snapshot, root: &Path) -> Option<Vec<String>> {
    let briefs: Vec<&Path> = snap.briefs().into_iter().map(|(file, _)| file.path()).collect();
    let stems: BTreeSet<_> = briefs.iter().filter_map(|path| path.file_stem()).collect();
    let project = PROJECTS.iter().any(|(file, _)| root.join(file).is_file());
    let software = SOFTWARE.iter().any(|file| root.join(file).is_file());
    let is_new = |path: &PathBuf| {
        let below = relative(path, root);
        let aside = below.iter().any(|part| NO_SOURCES.iter().any(|name| part.eq_ignore_ascii_case(name)));
        let document = match Kind::of_name(path) {
            Kind::Document(_) | Kind::Subtitles => true,
            Kind::Html | Kind::Text | Kind::Org => !project && !software,
            Kind::Markdown | Kind::Unread(_) => false,
        };
        // `brief.docx` beside `brief.md` is what Pandoc made of it.
        let made = path.file_stem().is_some_and(|stem| stems.contains(stem));
        document && !aside && !made && snap.corpus.of_file(&FileId::new(path)).is_none()
    };
    let new: Vec<PathBuf> = sources_below(root, root).into_iter().filter(is_new).collect();
    if new.is_empty() {
        return None;
    }
    let known = snap.corpus.sources().iter().filter(|source| source.entry.is_none());
    let known = known.filter_map(|source| Some(source.text()?.file.path().to_path_buf()));
    let all: BTreeSet<PathBuf> = known.chain(new).collect();
    let mut places = BTreeSet::new();
    for file in &all {
        let folders: Vec<&Path> = file.ancestors().skip(1).take_while(|folder| *folder != root).collect();
        let pure = |folder: &&Path| !briefs.iter().any(|brief| brief.starts_with(folder));
        match folders.into_iter().rev().find(pure) {
            Some(folder) => places.insert(layout::relative(folder, root)),
            // `thesis.pdf` and `thesis.docx` beside briefs are made from them.
            None if all
                .iter()
                .any(|other| other != file && other.with_extension("") == file.with_extension("")) =>
            {
                false
            }
            None => places.insert(layout::relative(file, root)),
        };
    }
    let (folders, files): (Vec<String>, Vec<String>) =
        places.into_iter().partition(|place| root.join(place).is_dir());
    let places: Vec<String> = folders.into_iter().chain(files.into_iter().take(MOST_FILES)).collect();
    (!places.is_empty()).then_some(places)
}

/// The text of the settings: every key of a workspace with its meaning, those with their default as comments.
fn written(roots: Option<&[String]>) -> String {
    let mut out = String::from(
        "# Settings of Glossator. Every key is optional: those with a # before them show the default.\n\
         # Paths are relative to this file.\n",
    );
    let mut section = "";
    for setting in config::settings().filter(|setting| setting.section != "diagnostics") {
        // Only the user's own settings may reach outside the folder.
        if matches!(setting.key, "outside" | "attachments") {
            continue;
        }
        if setting.section != section {
            section = setting.section;
            out.push_str(&format!("\n[{section}]\n"));
        } else {
            out.push('\n');
        }
        for line in layout::wrap(setting.help, COMMENT - 2) {
            out.push_str(&format!("# {line}\n"));
        }
        let set = roots.filter(|_| setting.name() == "corpus.roots");
        let (mark, value) = match (set, setting.default_value()) {
            (Some(roots), _) => ("", Value::from(roots.to_vec())),
            (None, Value::Null) if setting.key == "roots" => ("# ", Value::from(vec!["sources"])),
            (None, Value::Null) if setting.key == "library" => ("# ", Value::from(vec!["library.bib"])),
            (None, Value::Null) => ("# ", Value::from("entities.toml")),
            (None, value) => ("# ", value),
        };
        // A string, a switch, and a list of strings are the same in JSON and TOML.
        match value.as_array().filter(|list| mark.is_empty() && list.len() > SHOWN) {
            Some(list) => {
                let lines: String = list.iter().map(|one| format!("    {one},\n")).collect();
                out.push_str(&format!("{} = [\n{lines}]\n", setting.key));
            }
            None => out.push_str(&format!("{mark}{} = {value}\n", setting.key)),
        }
    }
    out.push_str(
        "\n[diagnostics]\n# The level of a finding: off, hint, information, warning or error. `glossator explain CODE` describes one.\n\
         # altered-quotation = \"error\"\n",
    );
    out
}
