//! Turns bytes into sources: decoding, and one module per format. Pure; `workspace::load` does the reading.

mod html;
pub mod kind;
mod markdown;
mod subtitles;
pub mod text;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::corpus::source::{SourceText, TextId};
use crate::text::{FileId, FileText};
use kind::Kind;

/// Files larger than this, in bytes, are reported instead of read. A long book is 2 MB of text; 50 MB of
/// plain text is a data dump, and its index would cost more than everything else.
pub const MAX_BYTES: u64 = 20_000_000;

/// The message about binary files.
const BINARY: &str = "this looks like a binary file, not like text (it holds NUL bytes); \
    save it as plain text in UTF-8 and name that file instead";

/// Decodes `bytes`: by byte order mark, else as UTF-8, else by detection. The mark is removed.
///
/// # Errors
/// If the bytes are not text (they contain NUL bytes). The message is for the user.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    // Before the marks of UTF-16, one of which is a prefix of one of these.
    for (mark, read) in
        [(b"\xFF\xFE\0\0", u32::from_le_bytes as fn([u8; 4]) -> u32), (b"\0\0\xFE\xFF", u32::from_be_bytes)]
    {
        if let Some(text) = bytes.strip_prefix(mark).and_then(|bytes| utf32(bytes, read)) {
            return checked(text);
        }
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        // A UTF-16 file may contain NUL bytes, but not NUL characters.
        return checked(decode_as(encoding, &bytes[mark..]));
    }
    if memchr::memchr(0, bytes).is_some() {
        return wide(bytes).ok_or_else(|| BINARY.to_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            Ok(decode_as(detector.guess(None, Utf8Detection::Deny), bytes))
        }
    }
}

/// Decodes text with two or four bytes per character and no byte order mark. The positions of the NUL bytes
/// show which, as long as it contains spaces and line ends. `None` if no reading makes sense throughout.
fn wide(bytes: &[u8]) -> Option<String> {
    let zeros = |at: usize, of: usize| bytes.iter().skip(at).step_by(of).filter(|byte| **byte == 0).count();
    let candidates = if bytes.len().is_multiple_of(4) && zeros(0, 4).max(zeros(3, 4)) == bytes.len() / 4 {
        let read = if zeros(3, 4) == bytes.len() / 4 { u32::from_le_bytes } else { u32::from_be_bytes };
        utf32(bytes, read)
    } else if bytes.len().is_multiple_of(2) {
        // Most characters of a script share their upper byte, and in text the lower byte is rarely zero.
        let encoding = if zeros(0, 2) > zeros(1, 2) { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
        encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
    } else {
        None
    };
    candidates.filter(|text| is_text(text))
}

fn utf32(bytes: &[u8], read: fn([u8; 4]) -> u32) -> Option<String> {
    let (characters, rest) = bytes.as_chunks::<4>();
    let text: Option<String> = characters.iter().map(|one| char::from_u32(read(*one))).collect();
    text.filter(|_| rest.is_empty())
}

/// Whether `text` is mostly letters, with some whitespace and no control characters. Other data read as wide
/// characters is not.
fn is_text(text: &str) -> bool {
    let (mut all, mut letters, mut spaces) = (0usize, 0usize, 0usize);
    for c in text.chars() {
        if (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
            || ('\u{e000}'..='\u{f8ff}').contains(&c)
        {
            return false;
        }
        all += 1;
        letters += usize::from(c.is_alphanumeric() || c.is_ascii());
        spaces += usize::from(c.is_whitespace() || matches!(c, '。' | '，' | '、'));
    }
    letters * 10 >= all * 7 && spaces * 100 >= all
}

fn checked(text: String) -> Result<String, String> {
    if text.contains('\0') { Err(BINARY.to_owned()) } else { Ok(text) }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

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
    fn byte_order_marks_decide_and_are_left_out() {
        assert_eq!(decode(b"\xEF\xBB\xBFTallinn").as_deref(), Ok("Tallinn"));
        assert_eq!(decode(b"\xFF\xFET\0a\0r\0t\0u\0").as_deref(), Ok("Tartu"));
        assert_eq!(decode(b"\xFE\xFF\0N\0a\0r\0v\0a").as_deref(), Ok("Narva"));
    }

    #[test]
    fn wide_characters_are_read_with_a_mark_and_without() {
        let text = "Le député — “déjà” — répond.\nПереговоры.\n";
        let le32: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        let be32: Vec<u8> = text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        let le16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [&le32, &be32, &le16, &be16] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
        assert_eq!(decode(&[b"\xFF\xFE\0\0", &le32[..]].concat()).as_deref(), Ok(text));
        assert_eq!(decode(&[b"\0\0\xFE\xFF", &be32[..]].concat()).as_deref(), Ok(text));
    }

    #[test]
    fn old_encodings_are_detected() {
        // Windows-1252, then Windows-1251.
        let french =
            b"Le minist\xE8re a r\xE9pondu \xE0 la requ\xEAte du d\xE9put\xE9 apr\xE8s l\x92\xE9t\xE9.";
        assert_eq!(
            decode(french).as_deref(),
            Ok("Le ministère a répondu à la requête du député après l’été.")
        );
        let russian =
            b"\xCF\xE5\xF0\xE5\xE3\xEE\xE2\xEE\xF0\xFB \xEF\xF0\xEE\xE4\xEE\xEB\xE6\xE0\xF2\xF1\xFF.";
        assert_eq!(decode(russian).as_deref(), Ok("Переговоры продолжатся."));
    }

    #[test]
    fn a_binary_file_is_refused_in_words() {
        let error = decode(b"PK\x03\x04\0\0\0").expect_err("binary");
        assert!(error.contains("binary file") && error.contains("plain text"), "{error}");
        assert!(decode(b"\xFF\xFEa\0\0\0").is_err());
        assert!(decode(b"abc\0def\nabc\0def\n").is_err());
        // Audio samples, a table of small numbers.
        assert!(decode(&(0u16..400).flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).is_err());
        assert!(decode(&(0u32..400).flat_map(u32::to_le_bytes).collect::<Vec<u8>>()).is_err());
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(decode(b"").as_deref(), Ok(""));
        let read = read(FileId::new("/s/empty.txt"), b"").expect("text");
        assert!(read.passages.is_empty() && read.language.is_none());
    }
}
