//! Converts between byte offsets and line/character positions, in UTF-8, UTF-16 and UTF-32.
//!
//! Lines end at LF, CRLF or a lone CR and nowhere else (LSP 3.17, "Text Documents"). Every function clamps
//! its input, so no position or offset can cause a panic.

/// The unit in which a [`Position`] counts characters.
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
    /// The length of `text` in these units.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            // Counts bytes, many at a time: every character has one leading byte, and those outside the basic
            // plane, which take two units, lead with 0xF0 or more. A 100 KB line may have 10,000 findings.
            Self::Utf16 => {
                let begins = text.bytes().filter(|byte| byte & 0xc0 != 0x80).count();
                begins + text.bytes().filter(|byte| *byte >= 0xf0).count()
            }
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte offset in `line` of the character at unit `units`, clamped to the end of the line. A position
    /// inside a character is rounded down to its start.
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

/// A position in a text, as in the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Zero-based.
    pub line: u32,
    /// Zero-based, in units of an [`Encoding`].
    pub character: u32,
}

/// The line starts of a text.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// Checkpoints within long lines, in order, so that counting can start close to its target.
    marks: Vec<Mark>,
}

/// A checkpoint within a long line, with the number of units before it in that line.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    utf16: usize,
    chars: usize,
}

/// Bytes between two marks, and the shortest line that gets any. Counting this many bytes takes less than a
/// microsecond.
const STEP: usize = 2048;

impl Mark {
    fn units(self, encoding: Encoding, start: usize) -> usize {
        match encoding {
            Encoding::Utf8 => self.offset - start,
            Encoding::Utf16 => self.utf16,
            Encoding::Utf32 => self.chars,
        }
    }
}

impl LineIndex {
    /// Indexes the lines of `text`.
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
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let mut marks = Vec::new();
        for (start, end) in starts.iter().copied().zip(ends).filter(|(start, end)| end - start > STEP) {
            let mut last = Mark { offset: start, utf16: 0, chars: 0 };
            while last.offset + STEP < end {
                let offset = floor(text, last.offset + STEP);
                let piece = &text[last.offset..offset];
                let utf16 = last.utf16 + Encoding::Utf16.measure(piece);
                last = Mark { offset, utf16, chars: last.chars + piece.chars().count() };
                marks.push(last);
            }
        }
        Self { starts, marks }
    }

    /// The last mark of the line that begins at `start` for which `fits` holds, or else the beginning of the
    /// line.
    fn mark(&self, start: usize, fits: impl Fn(&Mark) -> bool) -> Mark {
        let first = self.marks.partition_point(|mark| mark.offset <= start);
        let within = &self.marks[first..];
        let count = within.partition_point(|mark| fits(mark));
        count.checked_sub(1).map_or(Mark { offset: start, utf16: 0, chars: 0 }, |at| within[at])
    }

    /// The number of lines; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of `line` (zero-based) without its line break; an empty span at the end of the text if there
    /// is no such line.
    #[must_use]
    pub fn line_span(&self, text: &str, line: usize) -> super::span::Span {
        let Some(&start) = self.starts.get(line) else {
            return super::span::Span::new(text.len(), text.len());
        };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let line = &text[start..end];
        let content = line.strip_suffix("\r\n").or_else(|| line.strip_suffix(['\n', '\r'])).unwrap_or(line);
        super::span::Span::new(start, start + content.len())
    }

    /// The position of byte `offset` of `text`. An offset past the end or inside a character is rounded down.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = floor(text, offset);
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        let mark = self.mark(start, |mark| mark.offset <= offset);
        let character = mark.units(encoding, start) + encoding.measure(&text[mark.offset..offset]);
        Position { line: to_u32(line), character: to_u32(character) }
    }

    /// The byte offset of `position` in `text`. A character past the end of its line means the end of the
    /// line, before its break; a line past the end of the text means the end of the text.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let span = self.line_span(text, position.line as usize);
        let units = position.character as usize;
        let mark =
            self.mark(span.start, |mark| mark.offset < span.end && mark.units(encoding, span.start) <= units);
        let rest = units - mark.units(encoding, span.start);
        mark.offset + encoding.byte_offset(&text[mark.offset..span.end], rest)
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// `offset`, clamped to the length of the text and rounded down to a character boundary.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
