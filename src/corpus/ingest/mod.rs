//! Bytes to source: decoding, and one file per format. Pure; reading the disk is `workspace::load`'s.

pub mod text;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::corpus::source::SourceText;
use crate::text::FileId;

/// Files of more bytes than this are not read: named in a message instead. A long book is 2 MB of
/// text; 50 MB of plain text is a data dump, and its index would cost more than all else.
pub const MAX_BYTES: u64 = 20_000_000;

/// What the user is told of bytes that are no text.
const BINARY: &str = "this looks like a binary file, not like text (it holds NUL bytes); \
    save it as plain text in UTF-8 and name that file instead";

/// Decodes `bytes`: by byte order mark, else as UTF-8, else by detection. The mark is left out.
///
/// # Errors
/// In words for the user, when the bytes are no text (NUL bytes).
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        // A UTF-16 file holds NUL bytes by right, and NUL characters never.
        return checked(decode_as(encoding, &bytes[mark..]));
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(BINARY.to_owned());
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

fn checked(text: String) -> Result<String, String> {
    if text.contains('\0') { Err(BINARY.to_owned()) } else { Ok(text) }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Makes a source of `file` with content `bytes`. The format goes by the extension.
///
/// # Errors
/// In words for the user, when the bytes are no text.
pub fn read(file: FileId, bytes: &[u8]) -> Result<SourceText, String> {
    Ok(text::read(file, decode(bytes)?.into()))
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
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(decode(b"").as_deref(), Ok(""));
        let read = read(FileId::new("/s/empty.txt"), b"").expect("text");
        assert!(read.passages.is_empty() && read.language.is_none());
    }
}
