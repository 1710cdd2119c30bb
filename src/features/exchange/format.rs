//! Recognises the format of a file with annotations by what is in it.

use serde_json::Value;

use super::annotation::Annotation;
use super::{clippings, hypothesis, markdown, pdf, w3c};

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Web Annotations of the W3C.
    W3c,
    /// The export of Hypothesis.
    Hypothesis,
    /// A note of Zotero's in Markdown.
    Zotero,
    /// A file of Obsidian's Annotator.
    Annotator,
    /// Highlights of Readwise, in CSV or Markdown.
    Readwise,
    /// Kindle's `My Clippings.txt`.
    Kindle,
    /// Highlights in a PDF.
    Pdf,
}

impl Format {
    /// The name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::W3c => "W3C Web Annotations",
            Self::Hypothesis => "Hypothesis",
            Self::Zotero => "Zotero",
            Self::Annotator => "Obsidian Annotator",
            Self::Readwise => "Readwise",
            Self::Kindle => "Kindle",
            Self::Pdf => "a PDF",
        }
    }
}

/// The annotations in the file called `name` with content `bytes`, and the number of those that quote nothing.
///
/// # Errors
/// If it cannot be read or its format is unknown: part of a sentence.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<(Format, Vec<Annotation>, usize), String> {
    if bytes.starts_with(pdf::BEGINS) {
        return pdf::read(name, bytes).map(|(all, left)| (Format::Pdf, all, left));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8; export it again as UTF-8".to_owned())?;
    read(text)
}

/// The annotations in `text`, and the number of those that quote nothing.
///
/// # Errors
/// If the format is unknown, in a sentence that says which ones are read.
pub fn read(text: &str) -> Result<(Format, Vec<Annotation>, usize), String> {
    let text = text.trim_start_matches('\u{feff}');
    let with = |format: Format, (all, left): (Vec<Annotation>, usize)| Ok((format, all, left));
    if text.trim_start().starts_with(['{', '[']) {
        let value: Value =
            serde_json::from_str(text).map_err(|why| format!("it begins like JSON, but is not: {why}"))?;
        return match is_w3c(&value) {
            true => with(Format::W3c, w3c::read(&value)),
            false => with(Format::Hypothesis, hypothesis::read(&value)),
        };
    }
    let first = text.lines().next().unwrap_or_default();
    if text.lines().any(|line| line.trim() == clippings::KINDLE) {
        return with(Format::Kindle, clippings::kindle(text));
    }
    if clippings::READWISE.iter().all(|column| first.contains(column)) && first.contains(',') {
        return with(Format::Readwise, clippings::readwise(text));
    }
    if text.contains(markdown::ANNOTATOR) {
        return with(Format::Annotator, markdown::annotator(text));
    }
    if text.contains(markdown::ZOTERO) || first.trim_start_matches('#').trim() == "Annotations" {
        return with(Format::Zotero, markdown::zotero(text));
    }
    if text.lines().any(|line| line.trim_end() == markdown::READWISE) {
        return with(Format::Readwise, markdown::readwise(text));
    }
    Err("its format is unknown. Web Annotations (JSON-LD), the exports of Hypothesis, Readwise (CSV or Markdown) and \
         Kindle (My Clippings.txt), Zotero’s notes in Markdown, files of Obsidian’s Annotator and highlights in PDF files are read"
        .into())
}

/// Returns true if `value` is in the vocabulary of the W3C.
fn is_w3c(value: &Value) -> bool {
    let of_type = |value: &Value| {
        value.get("type").is_some_and(|kind| kind.to_string().contains("Annotation"))
            || value.get("@context").is_some_and(|context| context.to_string().contains(w3c::CONTEXT))
    };
    of_type(value) || value.get(0).is_some_and(of_type)
}
