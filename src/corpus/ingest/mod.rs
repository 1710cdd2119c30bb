//! Turns bytes into sources: decoding, and one module per format. Pure; `workspace::load` does the reading.

mod decode;
mod html;
pub mod kind;
mod markdown;
mod subtitles;
pub mod text;

use crate::corpus::source::{SourceText, TextId};
use crate::text::{FileId, FileText};
use kind::Kind;

pub use decode::{ByteMap, decode};

/// Files larger than this, in bytes, are reported instead of read. A long book is 2 MB of text; 50 MB of
/// plain text is a data dump, and its index would cost more than everything else.
pub const MAX_BYTES: u64 = 20_000_000;

/// Reads `file` with content `bytes` as a source. [`Kind::of`] determines its kind.
///
/// # Errors
/// If the kind is not supported or the bytes are not text. The message is for the user.
pub fn read(file: FileId, bytes: &[u8]) -> Result<SourceText, String> {
    let kind = Kind::of(file.path(), bytes);
    if let Some(unread) = kind.unread() {
        return Err(unread.why(file.path()));
    }
    let text = FileText::new(decode(bytes)?);
    let id = TextId::of(&file, bytes);
    Ok(match kind {
        Kind::Html => {
            let page = html::read(&text);
            text::read(id, file, page.text, true, &page.frame)
        }
        Kind::Markdown => text::read(id, file, markdown::words(text), true, &[]),
        Kind::Subtitles => {
            let (words, times) = subtitles::words(&text);
            SourceText { times, ..text::read(id, file, words, false, &[]) }
        }
        Kind::Text | Kind::Unread(_) => text::read(id, file, text.into(), false, &[]),
    })
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
