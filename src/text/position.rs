//! Offset to line and character and back, in UTF-8, UTF-16 and UTF-32.
//!
//! Lines end at LF, CRLF or a lone CR and at nothing else (LSP 3.17, "Text Documents"). Every
//! function clamps: no position and no offset can make it panic.

/// In which units a [`Position`] counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, LSP's default.
    Utf16,
    /// Unicode code points.
    Utf32,
}

impl Encoding {
    /// How many units `text` is long.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            // By bytes, many at a time: every character has one that begins it, and those outside the basic plane,
            // which are two units, begin with 0xF0 or more. A line of 100 KB may have 10,000 findings.
            Self::Utf16 => {
                let begins = text.bytes().filter(|byte| byte & 0xc0 != 0x80).count();
                begins + text.bytes().filter(|byte| *byte >= 0xf0).count()
            }
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte offset in `line` of the character that holds unit `units`; the end of the line
    /// when it is shorter. A position inside a character is rounded down to its start.
    #[must_use]
    pub fn byte_offset(self, line: &str, units: usize) -> usize {
        let mut seen = 0;
        for (offset, c) in line.char_indices() {
            let width = match self {
                Self::Utf8 => c.len_utf8(),
                Self::Utf16 => c.len_utf16(),
                Self::Utf32 => 1,
            };
            if seen + width > units {
                return offset;
            }
            seen += width;
        }
        line.len()
    }
}

/// A place in a text as the protocol sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Zero-based.
    pub line: u32,
    /// Zero-based, in units of an [`Encoding`].
    pub character: u32,
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let cr_of_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !cr_of_crlf {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of `line` (zero-based) without its line break; the empty end of the text when
    /// there is no such line.
    #[must_use]
    pub fn line_span(&self, text: &str, line: usize) -> super::Span {
        let Some(&start) = self.starts.get(line) else {
            return super::Span::new(text.len(), text.len());
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let line = &text[start..end];
        let content = line.strip_suffix("\r\n").or_else(|| line.strip_suffix(['\n', '\r'])).unwrap_or(line);
        super::Span::new(start, start + content.len())
    }

    /// The place of byte `offset` of `text`. An offset past the end, or inside a character, is
    /// moved down to the nearest boundary.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = super::document::floor(text, offset);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let character = encoding.measure(&text[self.starts[line]..offset]);
        Position { line: to_u32(line), character: to_u32(character) }
    }

    /// The byte offset of `position` in `text`. A character past the end of its line means the
    /// end of the line (before its break), a line past the end of the text the end of the text.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let span = self.line_span(text, position.line as usize);
        span.start + encoding.byte_offset(&text[span.start..span.end], position.character as usize)
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
