//! A text that does not change ([`Text`]), and one that is being written ([`Document`]).

use std::sync::Arc;

use ropey::Rope;

use super::{Encoding, LineIndex, Position, Span};

/// An immutable text and where its lines begin. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Text {
    text: Arc<str>,
    lines: Arc<LineIndex>,
}

impl Text {
    /// Takes `text` and reads its lines.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = Arc::new(LineIndex::new(&text));
        Self { text, lines }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of `span`, clamped to the text and to character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let end = floor(&self.text, span.end);
        &self.text[floor(&self.text, span.start).min(end)..end]
    }

    /// Where the lines begin.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// The place of byte `offset`; see [`LineIndex::position`].
    #[must_use]
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        self.lines.position(&self.text, offset, encoding)
    }

    /// The byte offset of `position`; see [`LineIndex::offset`].
    #[must_use]
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        self.lines.offset(&self.text, position, encoding)
    }
}

/// `offset`, moved down to the text's end and to the start of its character.
pub(crate) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// One change of a text as a client sends it.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What is replaced, from start to end; the whole text when absent. A range whose end comes
    /// first is read the other way round.
    pub range: Option<(Position, Position)>,
    /// What stands there afterwards.
    pub text: String,
}

/// A text that is open in an editor.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    /// The client's version of the text.
    pub version: i32,
}

impl Document {
    /// A document that holds `text`.
    #[must_use]
    pub fn new(text: &str, version: i32) -> Self {
        Self { rope: Rope::from_str(text), version }
    }

    /// Applies `edit`, whose positions count in `encoding`. Positions past the end are clamped.
    pub fn apply(&mut self, edit: &Edit, encoding: Encoding) {
        let Some((start, end)) = edit.range else {
            self.rope = Rope::from_str(&edit.text);
            return;
        };
        let (a, b) = (self.char_at(start, encoding), self.char_at(end, encoding));
        let (start, end) = (a.min(b), a.max(b));
        self.rope.remove(start..end);
        self.rope.insert(start, &edit.text);
    }

    /// The text as it stands now.
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
        // One line only is copied: a keystroke costs in proportion to its line.
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
        // Inside the surrogate pair: down to its start.
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
            document.apply(&Edit { range: Some((start, end)), text: insert.clone() }, encoding);
            let before = Text::new(text.clone());
            let (x, y) = (before.offset(start, encoding), before.offset(end, encoding));
            let mut expected = text;
            expected.replace_range(x.min(y)..x.max(y), &insert);
            let after = document.text();
            prop_assert_eq!(after.as_str(), expected.as_str());
        }
    }
}
