//! Pieces of text for the tests that type at random: unfinished Markdown, marks with a meaning, and characters
//! that are easily miscounted.

/// The pieces that all these tests type.
pub(crate) const PIECES: [&str; 29] = [
    "a", " ", "\n", "\n\n", "\r\n", "\r", "é", "𝕏", "“", "”", "\"", "[@", "]", ", ¶ 1", ";", "> ", "# ",
    "```\n", "`", "*", "<!-- ", "-->", "---\n", "\u{a0}", "\u{202e}", "e\u{301}", "[^1]", "|", "{",
];
