//! Pieces of text for tests that type at random: unfinished Markdown, marks that carry meaning, and
//! characters that programs tend to miscount.

/// The pieces that all of these tests type.
pub(crate) const PIECES: [&str; 29] = [
    "a", " ", "\n", "\n\n", "\r\n", "\r", "é", "𝕏", "“", "”", "\"", "[@", "]", ", ¶ 1", ";", "> ", "# ",
    "```\n", "`", "*", "<!-- ", "-->", "---\n", "\u{a0}", "\u{202e}", "e\u{301}", "[^1]", "|", "{",
];
