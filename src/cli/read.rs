//! `glossator read`: shows how a file is read as a source.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

use super::exit::Exit;
use super::layout::{self, columns};
use super::open;
use crate::corpus::ingest;
use crate::corpus::source::{Class, Furniture, Labels, Passage, SourceText};
use crate::text::visible::visible;
use crate::text::{Encoding, FileId};
use crate::workspace::cache::Cache;
use crate::workspace::load::read_bytes;

/// `read`
#[derive(Debug, clap::Args)]
pub(super) struct Read {
    /// The file
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// `text`: the passages with their numbers; `json`: everything known about them; `markdown`: the text that an
    /// editor opens
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
}

#[derive(Serialize)]
struct Report<'a> {
    source: About<'a>,
    passages: Vec<PassageJson<'a>>,
}

#[derive(Serialize)]
struct About<'a> {
    path: String,
    title: Option<&'a str>,
    authors: &'a [String],
    date: Option<&'a str>,
    outlet: Option<&'a str>,
    url: Option<&'a str>,
    /// ISO 639-3, as detected.
    language: Option<&'a str>,
    /// The number of pages; 0 if they are not known.
    pages: usize,
    /// Where the labels of the pages come from.
    labels: Option<&'static str>,
    /// First and last paragraph number that a locator can use.
    paragraphs: Option<[u32; 2]>,
    /// Whether the source prints these numbers.
    own_numbers: bool,
    /// The file that shows the text in an editor, if the file itself is no text.
    view: Option<String>,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct PassageJson<'a> {
    /// The paragraph number in a locator.
    n: Option<u32>,
    class: &'static str,
    /// The page in the file, from 1.
    page: Option<usize>,
    /// The label of that page.
    label: Option<&'a str>,
    /// The line in the file, or in its view, from 1.
    line: u32,
    text: &'a str,
    /// The rule that took it for furniture.
    why: Option<&'a str>,
}

pub(super) fn run(read: &Read, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    let path = open::existing(&read.path)?;
    if path.is_dir() {
        anyhow::bail!("{} is a folder. Name a file in it.", layout::path_for_people(&path));
    }
    let named = || layout::path_for_people(&path);
    let bytes =
        read_bytes(&path, ingest::most_bytes(&path)).map_err(anyhow::Error::msg).with_context(named)?;
    let text =
        Cache::default().read(FileId::new(&path), &bytes).map_err(anyhow::Error::msg).with_context(named)?;
    match read.format {
        Format::Json => {
            let report = serde_json::to_string_pretty(&report(&text))?;
            writeln!(out, "{report}")?;
        }
        Format::Markdown => write!(out, "{}", visible(text.text.file().as_str()))?,
        Format::Text => passages(&text, out)?,
    }
    if read.format != Format::Json {
        for remark in &text.remarks {
            writeln!(err, "{remark}")?;
        }
    }
    Ok(Exit::Clean)
}

fn passages(text: &SourceText, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut label = None;
    for passage in &text.passages {
        let page = text.page_index(passage.span.start).and_then(|page| text.pages[page].label.as_deref());
        if page.is_some() && page != label {
            label = page;
            writeln!(out, "-- p. {} --\n", visible(page.unwrap_or_default()))?;
        }
        match (passage.paragraph, passage.number) {
            (Some(number), _) => writeln!(out, "¶ {number}")?,
            (None, Some(_)) => writeln!(out, "(no number)")?,
            (None, None) => writeln!(out, "({})", passage.class.name())?,
        }
        for line in layout::wrap(&visible(text.words(passage)), columns() - 4) {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn report(text: &SourceText) -> Report<'_> {
    let about = &text.metadata;
    Report {
        source: About {
            path: text.file.path().display().to_string(),
            title: about.title.as_deref().or_else(|| text.title()),
            authors: &about.authors,
            date: about.date.as_deref(),
            outlet: about.outlet.as_deref(),
            url: about.url.as_deref(),
            language: text.language,
            pages: text.pages.len(),
            labels: (!text.pages.is_empty()).then_some(match text.labels {
                Labels::Printed => "printed",
                Labels::Stated => "stated",
                Labels::Counted => "counted",
            }),
            paragraphs: text.paragraphs().map(|range| [*range.start(), *range.end()]),
            own_numbers: text.own.is_some(),
            view: text.view.as_ref().map(|view| view.path().display().to_string()),
            remarks: &text.remarks,
        },
        passages: text.passages.iter().map(|passage| passage_json(text, passage)).collect(),
    }
}

fn passage_json<'a>(text: &'a SourceText, passage: &Passage) -> PassageJson<'a> {
    let (class, why) = match passage.class {
        Class::Title => ("title", None),
        Class::Standfirst => ("standfirst", None),
        Class::Heading => ("heading", None),
        Class::Body => ("body", None),
        Class::BlockQuotation => ("block-quotation", None),
        Class::ListItem => ("list-item", None),
        Class::Table => ("table", None),
        Class::Furniture(Furniture::Note) => ("note", None),
        Class::Furniture(Furniture::Caption) => ("caption", None),
        Class::Furniture(kind) => ("furniture", Some(text.reason(passage).unwrap_or(kind.name()))),
    };
    let page = text.page_index(passage.span.start);
    PassageJson {
        n: passage.paragraph,
        class,
        page: page.map(|page| page + 1),
        label: page.and_then(|page| text.pages[page].label.as_deref()),
        line: text.text.position(passage.span.start, Encoding::Utf8).line + 1,
        text: text.words(passage),
        why,
    }
}
