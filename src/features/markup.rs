//! Prepares words for people: puts them on one line, clips them, and escapes them for Markdown.

use std::time::SystemTime;

use time::OffsetDateTime;

/// `text` with all whitespace as single blanks.
#[must_use]
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `1 source`, `2 sources`.
#[must_use]
pub fn counted(count: usize, of: &str) -> String {
    if count == 1 { format!("1 {of}") } else { format!("{count} {of}s") }
}

/// The minute of `at`: `2026-05-04 09:30 UTC`.
#[must_use]
pub fn minute(at: SystemTime) -> String {
    let at = OffsetDateTime::from(at);
    format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
}

/// At most `limit` characters of `text`, cut at a word with "…".
#[must_use]
pub fn clip(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let head = &text[..cut];
    let head = head.rfind(' ').map_or(head, |blank| &head[..blank]);
    // A backslash left at the cut would escape what follows.
    format!("{}…", head.trim_end_matches(['\\', ' ', ',', ';']))
}

/// `text` on one line, escaped so that CommonMark shows it literally. Escapes whatever could begin markup, a
/// link (GitHub's Markdown also links bare addresses), an image, HTML or an entity, and nothing else, because
/// two of three editors show the backslashes.
#[must_use]
pub fn escape(text: &str) -> String {
    let text = flat(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let inside_word = before.is_alphanumeric() && next.is_alphanumeric();
        let risky = match letter {
            '`' | '*' | '[' | ']' | '<' | '|' | '~' => true,
            '\\' => next.is_ascii_punctuation(),
            '_' => !inside_word,
            '&' => next == '#' || next.is_ascii_alphabetic(),
            '#' | '>' | '+' | '-' | '=' => out.is_empty(),
            '!' => next == '[',
            // Where editors link bare addresses, the link would include the backslashes.
            ':' => before.is_alphanumeric() && next == '/' && letters.clone().nth(1) == Some('/'),
            '.' if ends_with_www(&out) => true,
            '@' => (before.is_alphanumeric() || "._-+".contains(before)) && next.is_alphanumeric(),
            '.' | ')' => !out.is_empty() && out.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if risky {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    /// The text that CommonMark (with the extensions used by editors) shows for `markdown`, and whether it is
    /// nothing but text.
    fn shown(markdown: &str) -> (String, bool) {
        let mut text = String::new();
        let mut plain = true;
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::Start(pulldown_cmark::Tag::Paragraph) | Event::End(_) => {}
                _ => plain = false,
            }
        }
        (text, plain)
    }

    #[test]
    fn nothing_but_text_comes_out_of_a_source() {
        for hostile in [
            "<script>alert(1)</script>",
            "[run](command:workbench.action.terminal.new)",
            "![pixel](https://tracker.example/x.png)",
            "&lt;b&gt; &#60; AT&T",
            "*bold* _it_ `code` ~~gone~~ snake_case",
            "# heading",
            "- list",
            "1. list",
            "> quote",
            "a \\* b \\",
            "<https://example.org>",
            "[ref]: https://example.org",
            "| a | b |",
            "=== ---",
            "https://example.org/<b> and HTTP://x.example/![i](u)",
            "www.example.org/\\<b> or ada@moss.example",
        ] {
            let (text, plain) = shown(&escape(hostile));
            assert!(plain, "{hostile}");
            assert_eq!(text, hostile);
        }
    }

    #[test]
    fn no_bare_address_is_left_of_which_a_link_is_made() {
        // In GitHub's Markdown a link begins with one of these, or is a mail address.
        for (text, escaped) in [
            ("see https://x.example/<b>", "see https\\://x.example/\\<b>"),
            ("www.x.example, WWW.x.example", "www\\.x.example, WWW\\.x.example"),
            ("ada.m+a@moss.example", "ada.m+a\\@moss.example"),
            ("Awww. The @handle: a/b // c", "Awww\\. The @handle: a/b // c"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }

    #[test]
    fn prose_is_left_alone() {
        let prose = "Russia’s “near abroad” cost $0.3bn (85%) in snake_case; U.S. & others — 1,000.";
        assert_eq!(escape(prose), prose);
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_in_a_source_is_shown_as_text(text in "[-a-c1.*_`<>!\\[\\]()\\\\&#;~| ]{0,24}") {
            let flat = flat(&text);
            let (seen, plain) = shown(&escape(&text));
            proptest::prop_assert!(plain, "{:?}", escape(&text));
            proptest::prop_assert_eq!(seen, flat);
        }
    }
}
