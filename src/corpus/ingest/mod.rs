//! Turns bytes into sources: decoding, and one module per format. Pure; `workspace::load` does the reading.

mod decode;
mod docx;
mod draft;
mod epub;
pub mod extract;
mod front;
pub mod guard;
mod html;
pub mod kind;
mod mail;
mod markdown;
mod mhtml;
mod numeral;
mod odt;
mod office;
mod org;
mod pdf;
mod rtf;
mod saved;
mod styles;
mod subtitles;
mod text;
mod transcript;
mod xml;
mod zipped;

use std::path::Path;

use crate::corpus::source::{SourceText, TextId};
use crate::text::{FileId, FileText};
use extract::Extract;
use kind::{Format, Kind};

pub use decode::{ByteMap, decode};

/// Files larger than this, in bytes, are reported instead of read. A long book is 2 MB of text; 50 MB of
/// plain text is a data dump, and its index would cost more than everything else.
pub const MAX_BYTES: u64 = 20_000_000;

/// Larger documents, in bytes, are reported instead of read. Pictures make a PDF large, not words: an illustrated
/// book of 600 pages has 100 MB.
const MAX_DOCUMENT_BYTES: u64 = 300_000_000;

/// The size in bytes from which a file called `path` is reported instead of read.
#[must_use]
pub fn most_bytes(path: &Path) -> u64 {
    match Kind::of_name(path) {
        Kind::Document(_) => MAX_DOCUMENT_BYTES,
        Kind::Text | Kind::Markdown | Kind::Html | Kind::Subtitles | Kind::Org | Kind::Unread(_) => MAX_BYTES,
    }
}

/// Reads `file` with content `bytes` as a source. [`Kind::of`] determines its kind.
///
/// # Errors
/// If the kind is not supported or the bytes are not text. The message is for the user.
pub fn read(file: FileId, bytes: &[u8]) -> Result<SourceText, String> {
    read_with(file, bytes, extract)
}

/// The same, but takes documents apart with `extract`, which may know them already.
///
/// # Errors
/// Like [`read()`].
pub fn read_with(
    file: FileId,
    bytes: &[u8],
    extract: impl FnOnce(Format, &[u8]) -> Result<Extract, String>,
) -> Result<SourceText, String> {
    let kind = Kind::of(file.path(), bytes);
    if let Some(unread) = kind.unread() {
        return Err(unread.why(file.path()));
    }
    let id = TextId::of(&file, bytes);
    if let Kind::Document(format) = kind {
        return Ok(extract(format, bytes)?.source(id, file));
    }
    let text = FileText::new(decode(bytes)?);
    Ok(match kind {
        Kind::Html => {
            let page = html::read(&text);
            SourceText {
                notes: page.notes,
                metadata: page.metadata,
                ..text::read(id, file, page.text, true, &page.known)
            }
        }
        Kind::Markdown => {
            let metadata = front::metadata(text.as_str());
            SourceText { metadata, ..text::read(id, file, markdown::words(text), true, &[]) }
        }
        Kind::Subtitles => {
            let (words, times) = subtitles::words(&text);
            SourceText { times, ..text::read(id, file, words, false, &[]) }
        }
        Kind::Org => {
            let page = org::words(&text);
            let read = text::read(id, file, page.text, true, &page.known);
            SourceText { notes: page.notes, metadata: page.metadata, ..read }
        }
        Kind::Text | Kind::Document(_) | Kind::Unread(_) => match transcript::read(&text) {
            Some(read) => {
                SourceText { times: read.times, ..text::read(id, file, read.text, false, &read.known) }
            }
            None => text::read(id, file, text.into(), false, &[]),
        },
    })
}

/// Takes apart the document with content `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user: part of a sentence, in lower case.
pub fn extract(format: Format, bytes: &[u8]) -> Result<Extract, String> {
    match format {
        Format::Docx => docx::read(bytes),
        Format::Odt => odt::read(bytes),
        Format::Rtf => rtf::read(bytes),
        Format::Epub => epub::read(bytes),
        Format::Mail => mail::read(bytes),
        Format::Mhtml => mhtml::read(bytes),
        Format::Webarchive => saved::webarchive(bytes),
        Format::Maff => saved::maff(bytes),
        Format::Pdf => guard::run(bytes, pdf::read),
    }
}

/// Takes apart the PDF on `input` within the limits of a process of its own, and writes the outcome to `output`: the
/// other side of [`guard`].
///
/// # Errors
/// If one of them fails.
pub fn take_apart(input: impl std::io::Read, output: impl std::io::Write) -> std::io::Result<()> {
    guard::serve(input, output, pdf::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(decode(b"").as_deref(), Ok(""));
        let read = read(FileId::new("/s/empty.txt"), b"").expect("text");
        assert!(read.passages.is_empty() && read.language.is_none());
    }
}
