//! Cards on a terminal: the marks of Markdown become bold and italic letters, or nothing.

use std::io::{self, Write};

use super::layout::{self, columns};

const BOLD: (&str, &str) = ("\x1b[1m", "\x1b[22m");
const ITALIC: (&str, &str) = ("\x1b[3m", "\x1b[23m");

/// Prints a card, indented and wrapped, keeping its line breaks. Without `colour`, marks are left out.
pub(super) fn write_card(markdown: &str, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let (mut bold, mut italic) = (false, false);
    for line in unlinked(markdown).lines() {
        let (quoted, rest) = line.strip_prefix("> ").map_or((line == ">", line), |rest| (true, rest));
        let indent = if quoted { "  │ " } else { "  " };
        let rest = if line == ">" { "" } else { rest };
        let wrapped = layout::wrap(rest, columns() - 2 - indent.len());
        if wrapped.is_empty() {
            writeln!(out, "{}", format!("  {indent}").trim_end())?;
        }
        for line in wrapped {
            writeln!(out, "  {indent}{}", shown(&line, colour, &mut bold, &mut italic))?;
        }
    }
    Ok(())
}

/// One line, with its marks turned into letters of that kind. What is open at its end continues in the next.
fn shown(line: &str, colour: bool, bold: &mut bool, italic: &mut bool) -> String {
    let mut out = String::new();
    let begin = |on: bool, (begin, end): (&str, &str), out: &mut String| {
        if colour {
            out.push_str(if on { begin } else { end });
        }
    };
    for (on, kind) in [(*bold, BOLD), (*italic, ITALIC)] {
        if on {
            begin(true, kind, &mut out);
        }
    }
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek().is_some_and(char::is_ascii_punctuation) => out.extend(letters.next()),
            '*' if letters.next_if_eq(&'*').is_some() => {
                *bold = !*bold;
                begin(*bold, BOLD, &mut out);
            }
            '*' => {
                *italic = !*italic;
                begin(*italic, ITALIC, &mut out);
            }
            '`' => {}
            letter => out.push(letter),
        }
    }
    // The indentation of the next line is plain.
    for (on, kind) in [(*bold, BOLD), (*italic, ITALIC)] {
        if on {
            begin(false, kind, &mut out);
        }
    }
    out
}

/// `text` with links replaced by their words.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let (Some(open), Some(close)) = (before.rfind('['), after.find(')')) else { break };
        out.push_str(&before[..open]);
        out.push_str(&before[open + 1..]);
        rest = &after[close + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(markdown: &str, colour: bool) -> String {
        let mut out = Vec::new();
        write_card(markdown, colour, &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn marks_become_letters_or_nothing() {
        let markdown = "**The ferry** (*Holm*)\n\n> 2 \\* 3 [here](https://a.example/b)\n>\n> `x`";
        assert_eq!(card(markdown, false), "    The ferry (Holm)\n\n    │ 2 * 3 here\n    │\n    │ x\n");
        assert_eq!(card("**a** *b*", true), "    \x1b[1ma\x1b[22m \x1b[3mb\x1b[23m\n");
    }

    #[test]
    fn what_is_open_continues_in_the_next_line() {
        let long = format!("*{}*", "word ".repeat(20).trim_end());
        let lines = card(&long, true);
        assert!(lines.lines().count() == 2, "{lines:?}");
        let whole = |line: &str| line.starts_with("    \x1b[3mword") && line.ends_with("word\x1b[23m");
        assert!(lines.lines().all(whole), "{lines:?}");
    }
}
