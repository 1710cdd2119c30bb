//! Text output for people: wrapping to the terminal's width, terminal-safe characters, paths. Must not know
//! about findings or sources.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::OnceLock;

use unicode_width::UnicodeWidthChar;

use crate::text::{Encoding, FileOffset, FileSpan, FileText};

/// Width of text that does not go to a terminal, or to one of unknown width: the narrowest still common.
pub(super) const COLUMNS: usize = 80;

/// Output is laid out for at least this many columns; a narrower terminal wraps it.
const FEWEST_COLUMNS: usize = 40;

/// Text in longer lines is hard to read, however wide the terminal is.
const MOST_COLUMNS: usize = 100;

/// Width of output for people in columns: that of the terminal, within limits.
pub(super) fn columns() -> usize {
    static WIDTH: OnceLock<usize> = OnceLock::new();
    *WIDTH.get_or_init(|| {
        let size = if std::io::stdout().is_terminal() { terminal_size::terminal_size() } else { None };
        size.map_or(COLUMNS, |(width, _)| usize::from(width.0).clamp(FEWEST_COLUMNS, MOST_COLUMNS))
    })
}

/// The character shown for `c`. A file written by someone else must never get control or bidirectional
/// characters onto the terminal.
fn visible(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// The number of terminal columns `c` takes; control characters are shown as one.
fn width_of(c: char) -> usize {
    c.width().unwrap_or(1)
}

/// The number of columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// `text` on one line, safe for a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// `path` as the user gave it, safe for a terminal.
pub(super) fn shown(path: &Path) -> String {
    plain(&path.display().to_string())
}

/// `path` relative to `root`, separated by `/`; the whole path if it lies elsewhere.
pub(super) fn relative(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    let text = below.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// `path` relative to the current folder if it lies below it.
pub(super) fn path_from_here(path: &Path) -> String {
    std::env::current_dir().map_or_else(|_| relative(path, Path::new("")), |here| relative(path, &here))
}

/// The same, safe for a terminal.
pub(super) fn path_for_people(path: &Path) -> String {
    plain(&path_from_here(path))
}

/// `path:line:column` of byte `offset`, both counted from 1, the column in characters.
pub(super) fn place(path: &Path, text: &FileText, offset: FileOffset) -> String {
    let position = text.position(offset, Encoding::Utf32);
    format!("{}:{}:{}", path_for_people(path), position.line + 1, position.character + 1)
}

/// Wraps `text` at word boundaries into lines of at most `columns`. Words that are too long stay whole, so
/// that a path can be copied; scripts without spaces are broken anywhere.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut taken = 0;
    for word in text.split_whitespace() {
        let word = plain(word);
        let mut rest = word.as_str();
        let mut wide = width(rest);
        if taken > 0 && taken + 1 + wide > columns && !has_no_spaces(rest) {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        if taken > 0 {
            line.push(' ');
            taken += 1;
        }
        while has_no_spaces(rest) && taken + wide > columns {
            let room = columns.saturating_sub(taken).max(if taken == 0 { 2 } else { 0 });
            let (head, _, _) = beginning(rest, room);
            line.push_str(&head);
            // The shown text may differ in byte length from the original, but not in its number of
            // characters.
            rest = &rest[rest.char_indices().nth(head.chars().count()).map_or(rest.len(), |(at, _)| at)..];
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            (taken, wide) = (0, width(rest));
        }
        line.push_str(rest);
        taken += wide;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Whether `word` is mostly in a script that is written without spaces.
fn has_no_spaces(word: &str) -> bool {
    word.chars().filter(|c| width_of(*c) == 2).count() * 2 > word.chars().count()
}

/// The beginning of `text` that fits into `columns`, its width, and whether anything was cut off.
pub(super) fn beginning(text: &str, columns: usize) -> (String, usize, bool) {
    let mut out = String::new();
    let mut taken = 0;
    for c in text.chars() {
        if taken + width_of(c) > columns {
            return (out, taken, true);
        }
        taken += width_of(c);
        out.push(visible(c));
    }
    (out, taken, false)
}

/// The end of `text` that fits into `columns`, its width, and whether anything was cut off.
fn ending(text: &str, columns: usize) -> (String, usize, bool) {
    let mut taken = 0;
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        if taken + width_of(c) > columns {
            break;
        }
        taken += width_of(c);
        from = at;
    }
    (plain(&text[from..]), taken, from > 0)
}

/// The line in which `span` begins, trimmed to `columns` around it, and the line that underlines it. A longer
/// span is underlined to the end of its first line; an empty one gets one mark. Reads no more of a long line
/// than it shows.
pub(super) fn excerpt(text: &FileText, span: FileSpan, columns: usize) -> (String, String) {
    let whole = text.as_str();
    let line = text.position(span.start, Encoding::Utf8).line as usize;
    let line = text.lines().line_span(whole, line);
    let start = span.start.0.clamp(line.start, line.end);
    let end = span.end.0.clamp(start, line.end);
    let (before, inside, after) = (
        text.slice((line.start..start).into()),
        text.slice((start..end).into()),
        text.slice((end..line.end).into()),
    );
    // Leave one column on each side for an ellipsis.
    let room = columns.saturating_sub(2);
    let (inside, marked, inside_cut) = beginning(inside, room);
    let rest = room - marked;
    let wide_after = if inside_cut { 0 } else { beginning(after, rest).1 };
    let for_before = (rest / 2).max(rest - wide_after);
    let (before, indent, before_cut) = ending(before, for_before);
    let (after, _, after_cut) = beginning(after, if inside_cut { 0 } else { rest - indent });
    let left = if before_cut { "…" } else { "" };
    let right = if after_cut || inside_cut { "…" } else { "" };
    let shown = format!("{left}{before}{inside}{after}{right}");
    let underline = format!("{}{}", " ".repeat(indent + usize::from(before_cut)), "^".repeat(marked.max(1)));
    (shown, underline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_is_shown_whole() {
        let text = FileText::new("First line.\nTrade rose [@rail2021].\n");
        let (shown, underline) = excerpt(&text, (24..33).into(), 40);
        assert_eq!(shown, "Trade rose [@rail2021].");
        assert_eq!(underline, "            ^^^^^^^^^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_range() {
        let text = FileText::new(
            "Freight along the northern line has doubled since the spring [@rail2021], say the drivers who ran it.",
        );
        let (shown, underline) = excerpt(&text, (62..72).into(), 30);
        assert_eq!(shown, "… spring [@rail2021], say the…");
        assert_eq!(underline, "          ^^^^^^^^^^");
        assert_eq!(shown.chars().count(), 30);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let text = FileText::new("red \u{1b}[31m and \u{202e}back");
        let (shown, _) = excerpt(&text, (0..3).into(), 60);
        assert_eq!(shown, "red \u{fffd}[31m and \u{fffd}back");
    }

    #[test]
    fn a_span_past_the_end_gets_one_mark() {
        let text = FileText::new("short");
        assert_eq!(excerpt(&text, (90..95).into(), 20), ("short".into(), "     ^".into()));
    }

    #[test]
    fn words_are_never_broken() {
        assert_eq!(wrap("the drivers who ran it", 11), ["the drivers", "who ran it"]);
        assert_eq!(wrap("incomprehensibilities, they said", 9), ["incomprehensibilities,", "they said"]);
    }

    #[test]
    fn scripts_without_spaces_are_broken_anywhere() {
        assert_eq!(wrap("港は冬に閉ざされた。 the end", 9), ["港は冬に", "閉ざされ", "た。 the", "end"]);
        assert_eq!(wrap("in 東京都は静か", 8), ["in 東京", "都は静か"]);
        assert_eq!(wrap("東", 1), ["東"]);
        for columns in 1..12 {
            let broken = wrap("a 東京 b都c は静か。\u{301} long-word", columns);
            assert_eq!(broken.concat().replace(' ', ""), "a東京b都cは静か。\u{301}long-word");
        }
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(beginning("東京都", 5), ("東京".into(), 4, true));
    }
}
