//! An immutable text ([`Text`]) and one that is open in an editor ([`Document`]).

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use ropey::Rope;

use super::position::floor;
use super::{Encoding, FileOffset, FileSpan, FileText, LineIndex, Position, Span};

/// The reading text of a file: immutable, and cheap to clone.
///
/// Usually this is the file's text itself. It may also be [drawn](Text::drawn) from it, as the words of a
/// page are from its HTML. Byte offsets and [`Span`]s refer to the reading text; positions always refer to
/// the file, so that an editor jumps to the right line.
#[derive(Debug, Clone)]
pub struct Text {
    words: FileText,
    origin: Option<Arc<Origin>>,
}

/// The file that a text was drawn from.
#[derive(Debug)]
struct Origin {
    file: FileText,
    /// In the order of both texts.
    pieces: Vec<Drawn>,
}

/// A piece of a drawn text.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    /// Its offset in the drawn text.
    start: usize,
    /// The part of the file that it comes from.
    of: Span,
    /// Whether it was copied byte for byte; otherwise the piece corresponds to `of` only as a whole.
    copied: bool,
}

impl Text {
    /// A file's text as its own reading text.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self::from(FileText::new(text))
    }

    /// Builds a text from `pieces`, in order: each is a span of `file` and the text to read in its place, or
    /// `None` to copy the bytes themselves.
    #[must_use]
    pub fn drawn<'a>(
        file: &FileText,
        pieces: impl IntoIterator<Item = (FileSpan, Option<Cow<'a, str>>)>,
    ) -> Self {
        let mut text = String::with_capacity(file.as_str().len());
        let mut drawn: Vec<Drawn> = Vec::new();
        for (from, read) in pieces {
            let start = text.len();
            let copied = read.is_none();
            let of = Span::new(from.start.0, from.end.0);
            text.push_str(read.as_deref().unwrap_or_else(|| file.slice(from)));
            match drawn.last_mut() {
                Some(last) if last.copied && copied && last.of.end == of.start => last.of.end = of.end,
                _ if text.len() > start => drawn.push(Drawn { start, of, copied }),
                _ => {}
            }
        }
        Self {
            words: FileText::new(text),
            origin: Some(Arc::new(Origin { file: file.clone(), pieces: drawn })),
        }
    }

    /// The text of the file it was read from.
    #[must_use]
    pub fn file(&self) -> &FileText {
        self.origin.as_ref().map_or(&self.words, |origin| &origin.file)
    }

    /// Whether it differs from the file's text because it was drawn from it.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.origin.is_some()
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.words.as_str()
    }

    /// The bytes of `span`, clamped to the text and to character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.words.slice(FileSpan::new(FileOffset(span.start), FileOffset(span.end)))
    }

    /// The line index of the reading text; if it was drawn, its lines are not those of the file.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.words.lines()
    }

    /// The position in the file of byte `offset`; see [`LineIndex::position`].
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        self.file().position(self.offset_in_file(offset), encoding)
    }

    /// The positions of both ends of `span` in the file.
    #[must_use]
    pub fn range(&self, span: Span, encoding: Encoding) -> (Position, Position) {
        self.file().range(self.in_file(span), encoding)
    }

    /// The part of the file that `span` comes from.
    #[must_use]
    pub fn in_file(&self, span: Span) -> FileSpan {
        let start = self.offset_in_file(span.start);
        let end = match &self.origin {
            // The next byte may come from much further on in the file, so use the end of the last byte.
            Some(origin) if !span.is_empty() => FileOffset(origin.end_in_file(span.end)),
            Some(_) => start,
            None => FileOffset(span.end),
        };
        FileSpan::new(start, end)
    }

    /// The offset in the file that byte `offset` comes from.
    #[must_use]
    pub fn offset_in_file(&self, offset: usize) -> FileOffset {
        FileOffset(self.origin.as_ref().map_or(offset, |origin| origin.in_file(offset)))
    }

    /// The byte offset of the text that comes from `offset` of the file, or of the next text after it.
    #[must_use]
    pub fn offset_of(&self, offset: FileOffset) -> usize {
        match &self.origin {
            Some(origin) => {
                let text = self.as_str();
                floor(text, origin.drawn(offset.0).unwrap_or(text.len()))
            }
            None => offset.0,
        }
    }

    /// The part of the text that comes from `span` of the file.
    #[must_use]
    pub fn span_of(&self, span: FileSpan) -> Span {
        Span::new(self.offset_of(span.start), self.offset_of(span.end))
    }

    /// The byte offset of the text at `position` of the file; see [`Text::offset_of`].
    #[must_use]
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        self.offset_of(self.file().offset(position, encoding))
    }
}

impl From<FileText> for Text {
    /// A file's text as its own reading text.
    fn from(words: FileText) -> Self {
        Self { words, origin: None }
    }
}

impl Origin {
    /// The byte of the file that byte `offset` of the drawn text comes from.
    fn in_file(&self, offset: usize) -> usize {
        let behind = self.pieces.partition_point(|piece| piece.start <= offset);
        let Some(piece) = behind.checked_sub(1).map(|at| self.pieces[at]) else { return 0 };
        if piece.copied { (piece.of.start + offset - piece.start).min(piece.of.end) } else { piece.of.start }
    }

    /// The byte of the file just past the one that byte `offset - 1` of the drawn text comes from.
    fn end_in_file(&self, offset: usize) -> usize {
        let behind = self.pieces.partition_point(|piece| piece.start < offset);
        let Some(piece) = behind.checked_sub(1).map(|at| self.pieces[at]) else { return 0 };
        if piece.copied { (piece.of.start + offset - piece.start).min(piece.of.end) } else { piece.of.end }
    }

    /// The byte of the drawn text that comes from byte `offset` of the file, or from the next byte that is
    /// read.
    fn drawn(&self, offset: usize) -> Option<usize> {
        let at = self.pieces.partition_point(|piece| piece.of.end <= offset);
        let piece = self.pieces.get(at)?;
        Some(piece.start + if piece.copied { offset.saturating_sub(piece.of.start) } else { 0 })
    }
}

/// One change to a text, as sent by a client.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The range to replace, or the whole text if absent. The ends of a reversed range are swapped.
    pub range: Option<(Position, Position)>,
    /// The replacement.
    pub text: String,
}

/// A text that is open in an editor.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    version: i32,
    /// The last changes in the order of their versions, for one that arrives late.
    recent: VecDeque<Applied>,
}

/// How many changes may overtake another. Helix 25.01 gives each change to a task of its own: two that it makes at once,
/// as when a completion is accepted, were seen in the wrong order on a busy machine.
const OVERTAKING: usize = 8;

/// A change that has been applied.
#[derive(Debug, Clone)]
struct Applied {
    before: Rope,
    version_before: i32,
    version: i32,
    edits: Arc<[Edit]>,
}

impl Document {
    /// Opens a document that holds `text`.
    #[must_use]
    pub fn new(text: &str, version: i32) -> Self {
        Self { rope: Rope::from_str(text), version, recent: VecDeque::new() }
    }

    /// The client's version number.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Applies `edits`, one after the other, which make it `version` and whose positions count in `encoding`. If later
    /// versions have overtaken this one, they are taken back and applied again after it.
    pub fn change(&mut self, version: i32, edits: impl Into<Arc<[Edit]>>, encoding: Encoding) {
        let overtaken = |later: &Applied| later.version_before < version && version < later.version;
        let at = self.recent.iter().position(overtaken).unwrap_or(self.recent.len());
        let overtook = self.recent.split_off(at);
        if let Some(first) = overtook.front() {
            (self.rope, self.version) = (first.before.clone(), first.version_before);
        }
        self.go_on(version, edits.into(), encoding);
        for later in overtook {
            self.go_on(later.version, later.edits, encoding);
        }
    }

    fn go_on(&mut self, version: i32, edits: Arc<[Edit]>, encoding: Encoding) {
        let (before, version_before) = (self.rope.clone(), self.version);
        edits.iter().for_each(|edit| self.apply(edit, encoding));
        self.version = version;
        if self.recent.len() == OVERTAKING {
            self.recent.pop_front();
        }
        self.recent.push_back(Applied { before, version_before, version, edits });
    }

    /// Applies `edit`, whose positions count in `encoding`. Positions past the end are clamped.
    fn apply(&mut self, edit: &Edit, encoding: Encoding) {
        let Some((start, end)) = edit.range else {
            self.rope = Rope::from_str(&edit.text);
            return;
        };
        let (a, b) = (self.char_at(start, encoding), self.char_at(end, encoding));
        let (start, end) = (a.min(b), a.max(b));
        self.rope.remove(start..end);
        self.rope.insert(start, &edit.text);
    }

    /// The current text.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(String::from(&self.rope))
    }

    /// The index of the character at `position`.
    fn char_at(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.rope.len_lines() {
            return self.rope.len_chars();
        }
        let start = self.rope.line_to_char(line);
        // Copies a single line, so that a keystroke costs in proportion to its line.
        let content = self.rope.line(line).to_string();
        let content = content.trim_end_matches(['\n', '\r']);
        let offset = encoding.byte_offset(content, position.character as usize);
        start + content[..offset].chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PIECES: [&str; 9] = ["a", "é", "𝕏", "\n", "\r\n", "\r", "\u{c}", "\u{2028}", "“w”"];

    fn texts() -> impl Strategy<Value = String> {
        proptest::collection::vec(0..PIECES.len(), 0..24)
            .prop_map(|pieces| pieces.into_iter().map(|p| PIECES[p]).collect())
    }

    fn encodings() -> impl Strategy<Value = Encoding> {
        prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16), Just(Encoding::Utf32)]
    }

    #[test]
    fn lines_end_at_lf_crlf_and_cr_only() {
        let text = Text::new("a\u{b}b\u{c}c\u{85}d\u{2028}e\nf\r\ng\rh");
        assert_eq!(text.lines().line_count(), 4);
        assert_eq!(Rope::from_str(text.as_str()).len_lines(), 4);
    }

    #[test]
    fn characters_are_counted_in_the_agreed_units() {
        let text = Text::new("x𝕏é!");
        let at = |encoding| text.position(text.as_str().len() - 1, encoding).character;
        assert_eq!(at(Encoding::Utf8), 7);
        assert_eq!(at(Encoding::Utf16), 4);
        assert_eq!(at(Encoding::Utf32), 3);
        // Inside the surrogate pair: rounded down to its start.
        assert_eq!(text.offset(Position { line: 0, character: 2 }, Encoding::Utf16), 1);
    }

    #[test]
    fn a_position_past_the_end_is_clamped() {
        let text = Text::new("ab\r\ncd");
        let offset = |line, character| text.offset(Position { line, character }, Encoding::Utf16);
        assert_eq!(offset(0, 99), 2);
        assert_eq!(offset(1, 99), 6);
        assert_eq!(offset(99, 0), 6);
    }

    #[test]
    fn a_drawn_text_keeps_its_places_in_the_file() {
        let file = FileText::new("<p>A\n <b>dry</b> &amp;\nsalt</p>");
        let pieces = [
            ((3..4).into(), None),
            ((4..6).into(), Some(" ".into())),
            ((9..12).into(), None),
            ((16..17).into(), None),
            ((17..22).into(), Some("&".into())),
            ((22..27).into(), None),
        ];
        let text = Text::drawn(&file, pieces);
        assert_eq!(text.as_str(), "A dry &\nsalt");
        let place = |line, character| Position { line, character };
        let range = |word: &str| {
            let at = text.as_str().find(word).expect("the word");
            text.range(Span::new(at, at + word.len()), Encoding::Utf16)
        };
        assert_eq!(range("A"), (place(0, 3), place(0, 4)));
        assert_eq!(range("dry"), (place(1, 4), place(1, 7)));
        assert_eq!(range("dry &"), (place(1, 4), place(1, 17)));
        assert_eq!(range("salt"), (place(2, 0), place(2, 4)));
        let back = |line, character| text.offset(place(line, character), Encoding::Utf16);
        // In the tag before the word, in the word, in the entity, at the end.
        assert_eq!([back(1, 2), back(1, 5), back(1, 14), back(9, 9)], [2, 3, 6, 12]);
        assert_eq!(text.file().as_str(), file.as_str());
        assert_eq!(Text::drawn(&file, []).offset(place(0, 0), Encoding::Utf8), 0);
        assert_eq!(Text::drawn(&file, []).position(7, Encoding::Utf8), place(0, 0));
    }

    #[test]
    fn long_lines_are_counted_from_near() {
        let line = "aé𝕏“ß”".repeat(1_500);
        let text = Text::new(format!("x\n{line}\n\n{line}\r\n{line}"));
        let short = text.as_str().char_indices().filter(|(_, c)| *c != '\n' && *c != '\r').step_by(97);
        for (offset, _) in short {
            let line = text.as_str()[..offset].matches('\n').count();
            let start = text.as_str()[..offset].rfind('\n').map_or(0, |at| at + 1);
            let before = &text.as_str()[start..offset];
            for (encoding, character) in [
                (Encoding::Utf8, before.len()),
                (Encoding::Utf16, before.encode_utf16().count()),
                (Encoding::Utf32, before.chars().count()),
            ] {
                let place = Position { line: line as u32, character: character as u32 };
                assert_eq!(text.position(offset, encoding), place);
                assert_eq!(text.offset(place, encoding), offset);
            }
        }
        let past = Position { line: 1, character: 1 << 20 };
        assert_eq!(text.offset(past, Encoding::Utf16), 2 + line.len());
    }

    fn replacing(start: u32, end: u32, text: &str) -> Edit {
        let at = |character| Position { line: 0, character };
        Edit { range: Some((at(start), at(end))), text: text.into() }
    }

    #[test]
    fn changes_that_arrive_in_the_wrong_order_are_applied_in_the_right_one() {
        // “tid” is taken back, and “tides2020” written in its place.
        let changes =
            [(4, replacing(1, 4, "")), (5, replacing(1, 1, "tides2020")), (6, replacing(10, 10, ", p. 3"))];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut document = Document::new("@tid]", 3);
            for (version, edit) in order.map(|at: usize| changes[at].clone()) {
                document.change(version, [edit], Encoding::Utf16);
            }
            assert_eq!(document.text().as_str(), "@tides2020, p. 3]", "{order:?}");
            assert_eq!(document.version(), 6);
        }
    }

    #[test]
    fn versions_that_do_not_count_leave_the_order_of_arrival() {
        // All the same, from the start again, and with leaps.
        for versions in [[7, 7, 7], [7, 1, 2], [8, 20, 21]] {
            let mut document = Document::new("", 7);
            for (at, version) in (0..).zip(versions) {
                document.change(version, [replacing(at, at, &at.to_string())], Encoding::Utf16);
            }
            assert_eq!(document.text().as_str(), "012", "{versions:?}");
            assert_eq!(document.version(), versions[2]);
        }
    }

    #[test]
    fn what_overtakes_far_is_not_taken_back() {
        let mut document = Document::new("", 0);
        for version in 2..=10 {
            document.change(version, [replacing(99, 99, "a")], Encoding::Utf16);
        }
        document.change(1, [replacing(99, 99, "b")], Encoding::Utf16);
        assert_eq!(document.text().as_str(), "aaaaaaaaab");
    }

    proptest! {
        #[test]
        fn offset_and_position_are_inverse(text in texts(), encoding in encodings()) {
            let text = Text::new(text);
            for (offset, _) in text.as_str().char_indices() {
                let inside_crlf = text.as_str()[..offset].ends_with('\r') && text.as_str()[offset..].starts_with('\n');
                if !inside_crlf {
                    prop_assert_eq!(text.offset(text.position(offset, encoding), encoding), offset);
                }
            }
        }

        #[test]
        fn edits_are_what_a_plain_string_makes_of_them(
            text in texts(), insert in texts(), encoding in encodings(),
            a in 0u32..6, b in 0u32..6, c in 0u32..9, d in 0u32..9,
        ) {
            let (start, end) = (Position { line: a, character: c }, Position { line: b, character: d });
            let mut document = Document::new(&text, 0);
            document.change(1, [Edit { range: Some((start, end)), text: insert.clone() }], encoding);
            let before = Text::new(text.clone());
            let (x, y) = (before.offset(start, encoding), before.offset(end, encoding));
            let mut expected = text;
            expected.replace_range(x.min(y)..x.max(y), &insert);
            let after = document.text();
            prop_assert_eq!(after.as_str(), expected.as_str());
        }
    }
}
