//! Decodes bytes to text, and maps parts of the text back to the bytes they came from.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::text::FileSpan;

/// The message about binary files.
const BINARY: &str = "this looks like a binary file, not like text (it holds NUL bytes); \
    save it as plain text in UTF-8 and name that file instead";

/// How the bytes of a file encode characters.
#[derive(Debug, Clone, Copy)]
enum Coding {
    /// They are the text itself.
    Utf8,
    /// Four bytes per character.
    Utf32,
    /// All others, and invalid UTF-8.
    Other(&'static Encoding),
}

struct Decoded<'b> {
    text: Cow<'b, str>,
    coding: Coding,
    /// The length of the byte order mark.
    mark: usize,
}

/// Decodes `bytes`: by byte order mark, else as UTF-8, else by detection. The mark is removed. UTF-8 is not copied.
///
/// # Errors
/// If the bytes are not text (they contain NUL bytes). The message is for the user.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    read(bytes).map(|decoded| decoded.text)
}

fn read(bytes: &[u8]) -> Result<Decoded<'_>, String> {
    // Before the marks of UTF-16, one of which is a prefix of one of these.
    for (mark, join) in
        [(b"\xFF\xFE\0\0", u32::from_le_bytes as fn([u8; 4]) -> u32), (b"\0\0\xFE\xFF", u32::from_be_bytes)]
    {
        if let Some(text) = bytes.strip_prefix(mark).and_then(|bytes| utf32(bytes, join)) {
            return checked(Decoded { text: text.into(), coding: Coding::Utf32, mark: mark.len() });
        }
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        // A UTF-16 file may contain NUL bytes, but not NUL characters.
        return checked(decode_as(encoding, bytes, mark));
    }
    if memchr::memchr(0, bytes).is_some() {
        return wide(bytes).ok_or_else(|| BINARY.to_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.into(), coding: Coding::Utf8, mark: 0 }),
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            Ok(decode_as(detector.guess(None, Utf8Detection::Deny), bytes, 0))
        }
    }
}

/// Decodes text with two or four bytes per character and no byte order mark. The positions of the NUL bytes
/// show which, as long as it contains spaces and line ends. `None` if no reading makes sense throughout.
fn wide(bytes: &[u8]) -> Option<Decoded<'static>> {
    let zeros = |at: usize, of: usize| bytes.iter().skip(at).step_by(of).filter(|byte| **byte == 0).count();
    let (text, coding) = if bytes.len().is_multiple_of(4) && zeros(0, 4).max(zeros(3, 4)) == bytes.len() / 4 {
        let join = if zeros(3, 4) == bytes.len() / 4 { u32::from_le_bytes } else { u32::from_be_bytes };
        (utf32(bytes, join)?, Coding::Utf32)
    } else if bytes.len().is_multiple_of(2) {
        // Most characters of a script share their upper byte, and in text the lower byte is rarely zero.
        let encoding = if zeros(0, 2) > zeros(1, 2) { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        (text.into_owned(), Coding::Other(encoding))
    } else {
        return None;
    };
    is_text(&text).then_some(Decoded { text: text.into(), coding, mark: 0 })
}

fn utf32(bytes: &[u8], join: fn([u8; 4]) -> u32) -> Option<String> {
    let (characters, rest) = bytes.as_chunks::<4>();
    let text: Option<String> = characters.iter().map(|one| char::from_u32(join(*one))).collect();
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

fn checked(decoded: Decoded<'_>) -> Result<Decoded<'_>, String> {
    if decoded.text.contains('\0') { Err(BINARY.to_owned()) } else { Ok(decoded) }
}

fn decode_as<'b>(encoding: &'static Encoding, bytes: &'b [u8], mark: usize) -> Decoded<'b> {
    let text = encoding.decode_without_bom_handling(&bytes[mark..]).0;
    Decoded { text, coding: Coding::Other(encoding), mark }
}

/// Maps each part of a decoded text to its bytes in the file. Editors never need it, so it is built from the
/// file's bytes on request and not kept.
#[derive(Debug)]
pub struct ByteMap {
    text: String,
    /// In order; each applies up to the next.
    runs: Vec<Run>,
}

/// A part of a text that is as long in the file as in the text, or a single character.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Its offset in the text.
    text: usize,
    /// Its offset in the file.
    file: usize,
}

impl ByteMap {
    /// Decodes `bytes` as [`decode`] does, character by character.
    ///
    /// # Errors
    /// If the bytes are not text. The message is for the user.
    pub fn of(bytes: &[u8]) -> Result<Self, String> {
        let Decoded { text, coding, mark } = read(bytes)?;
        let mut map = Self { text: String::with_capacity(text.len()), runs: Vec::new() };
        match coding {
            Coding::Utf8 => {
                map.runs.push(Run { text: 0, file: 0 });
                map.text = text.into_owned();
                return Ok(map);
            }
            Coding::Utf32 => {
                for (at, c) in text.chars().enumerate() {
                    map.add(c, mark + at * 4);
                }
            }
            Coding::Other(encoding) => map.feed(encoding, bytes, mark),
        }
        map.end(bytes.len());
        Ok(map)
    }

    /// Decodes `bytes` from `mark` on one at a time, so that a character appears when its last byte is read.
    fn feed(&mut self, encoding: &'static Encoding, bytes: &[u8], mark: usize) {
        /// Enough for all characters that one byte can complete: an error, and what follows it.
        const ROOM: usize = 32;
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut out = [0; ROOM];
        let mut start = mark;
        for at in mark..=bytes.len() {
            let byte = bytes.get(at..=at).unwrap_or_default();
            let (_, _, written, _) = decoder.decode_to_utf8(byte, &mut out, byte.is_empty());
            for c in String::from_utf8_lossy(&out[..written]).chars() {
                self.add(c, start);
                // Of several characters, all but the first come from the byte that revealed the error.
                start = at;
            }
            if written > 0 {
                start = at + 1;
            }
        }
    }

    /// Appends `c`, which begins at byte `file`.
    fn add(&mut self, c: char, file: usize) {
        let text = self.text.len();
        if self.runs.last().is_none_or(|run| file.wrapping_sub(run.file) != text - run.text) {
            self.runs.push(Run { text, file });
        }
        self.text.push(c);
    }

    fn end(&mut self, file: usize) {
        let text = self.text.len();
        self.runs.push(Run { text, file });
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file that `span` of the text came from: the first, and just past the last.
    #[must_use]
    pub fn bytes(&self, span: FileSpan) -> [usize; 2] {
        let byte = |offset: usize| {
            let behind = self.runs.partition_point(|run| run.text <= offset);
            let run = behind.checked_sub(1).map(|at| self.runs[at]);
            run.map_or(offset, |run| run.file + offset - run.text)
        };
        [byte(span.start.0), byte(span.end.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// The bytes that `map` gives for the first `words`.
    fn cut<'a>(bytes: &'a [u8], words: &str) -> &'a [u8] {
        let map = ByteMap::of(bytes).expect("text");
        let at = map.text().find(words).expect("the words");
        let [start, end] = map.bytes((at..at + words.len()).into());
        &bytes[start..end]
    }

    #[test]
    fn the_bytes_of_words_are_those_of_the_file() {
        // Written by hand, so that nothing here is decoded by the code under test.
        assert_eq!(cut(b"\xEF\xBB\xBFThe weir", "weir"), b"weir");
        assert_eq!(cut(b"\xFF\xFET\0h\0e\0 \0w\0\xE4\0r\0", "wär"), b"w\0\xE4\0r\0");
        assert_eq!(cut(b"\xFE\xFF\0A\xD8\x35\xDD\x4F\0B", "𝕏B"), b"\xD8\x35\xDD\x4F\0B");
        assert_eq!(cut(b"\xFF\xFE\0\0a\0\0\0b\0\0\0", "b"), b"b\0\0\0");
        let french = b"Le minist\xE8re a r\xE9pondu \xE0 la requ\xEAte apr\xE8s l\x92\xE9t\xE9.";
        assert_eq!(cut(french, "répondu à"), b"r\xE9pondu \xE0");
        assert_eq!(cut(french, "l’été."), b"l\x92\xE9t\xE9.");
        // UTF-8 after a mark, with an invalid byte.
        assert_eq!(cut(b"\xEF\xBB\xBFa\xFFb caf\xC3\xA9", "café"), b"caf\xC3\xA9");
        assert_eq!(cut(b"The weir", "weir"), b"weir");
    }

    proptest! {
        #[test]
        fn a_map_reads_as_the_decoder_does(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(ByteMap::of(&bytes).map(|map| map.text), decode(&bytes).map(Cow::into_owned));
        }

        #[test]
        fn every_byte_is_in_some_character(text in "[a-zé€𝕏 ]{0,20}", big in any::<bool>()) {
            let unit = if big { u16::to_be_bytes } else { u16::to_le_bytes };
            let mark = if big { [0xFE, 0xFF] } else { [0xFF, 0xFE] };
            let bytes: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect();
            let map = ByteMap::of(&bytes).expect("text");
            let mut behind = 2;
            for (at, c) in text.char_indices() {
                let [start, end] = map.bytes((at..at + c.len_utf8()).into());
                prop_assert_eq!((start, end), (behind, behind + 2 * c.len_utf16()));
                behind = end;
            }
            prop_assert_eq!(behind, bytes.len());
        }
    }
}
