//! The words of a Markdown source: its text without the markup inside of paragraphs (addresses of links,
//! images, marks of notes, tags, emphasis). What stands at the beginning of lines is left to the layout, which
//! knows headings, quotations and items in any text.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::html;
use crate::text::{Span, Text};

/// What is read in place of some bytes of the file.
type Change = (Span, Cow<'static, str>);

/// Draws the words of `file`; the text itself when there is nothing to leave out.
pub(super) fn words(file: Text) -> Text {
    let mut changes = changes(file.as_str());
    changes.extend(marks_of_notes(file.as_str()));
    if changes.is_empty() {
        return file;
    }
    changes.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
    let mut pieces: Vec<(Span, Option<Cow<'static, str>>)> = Vec::new();
    let mut at = 0;
    for (span, read) in changes {
        if span.start < at {
            continue;
        }
        pieces.push((Span::new(at, span.start), None));
        pieces.push((span, Some(read)));
        at = span.end;
    }
    pieces.push((Span::new(at, file.as_str().len()), None));
    Text::drawn(&file, pieces)
}

/// A stretch of markup around words: a link, emphasis.
struct Open {
    /// All of it.
    span: Span,
    /// Where what was read of it ends.
    read: usize,
    /// Whether a line has just ended: what follows is the beginning of the next, and the layout's.
    line_ended: bool,
    /// An image: nothing in it is a word of the text.
    dropped: bool,
}

/// What the parser calls markup.
fn changes(text: &str) -> Vec<Change> {
    let options = Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let parser = Parser::new_ext(text, options);
    let mut changes: Vec<Change> = Vec::new();
    let definitions = parser.reference_definitions().iter();
    changes.extend(definitions.map(|(_, definition)| (definition.span.clone().into(), Cow::Borrowed(""))));
    changes.sort_by_key(|(span, _)| span.start);
    let mut open: Vec<Open> = Vec::new();
    let mut code = 0_usize;
    for (event, range) in parser.into_offset_iter() {
        let span = Span::from(range);
        if let Some(around) = open.last_mut() {
            if matches!(event, Event::SoftBreak | Event::HardBreak) {
                around.line_ended = true;
                around.read = span.end.max(around.read);
                continue;
            }
            let own_end = matches!(event, Event::End(_)) && span == around.span;
            if !own_end && span.start >= around.read {
                if !around.line_ended && span.start > around.read && !around.dropped {
                    changes.push((Span::new(around.read, span.start), Cow::Borrowed("")));
                }
                around.line_ended = false;
                around.read = span.end;
            }
        }
        match event {
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Subscript
                | Tag::Superscript),
            ) => {
                let dropped = matches!(tag, Tag::Image { .. });
                open.push(Open { span, read: span.start, line_ended: false, dropped });
            }
            Event::End(
                TagEnd::Link
                | TagEnd::Image
                | TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Subscript
                | TagEnd::Superscript,
            ) => {
                if let Some(around) = open.pop() {
                    let from = if around.dropped { around.span.start } else { around.read };
                    changes.push((Span::new(from, around.span.end), Cow::Borrowed("")));
                }
            }
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => code = code.saturating_sub(1),
            // An entity: its letter is the word's.
            Event::Text(words) if code == 0 && text.get(span.start..span.end) != Some(&*words) => {
                changes.push((span, Cow::Owned(words.into_string())));
            }
            Event::Text(_) if code == 0 && span.start > 0 && text.as_bytes()[span.start - 1] == b'\\' => {
                // The backslash that keeps a mark from being markup.
                changes.push((Span::new(span.start - 1, span.start), Cow::Borrowed("")));
            }
            Event::FootnoteReference(_) | Event::InlineHtml(_) => changes.push((span, Cow::Borrowed(""))),
            Event::Html(_) => changes.extend(html::tags(text, span).map(|tag| (tag, Cow::Borrowed("")))),
            _ => {}
        }
    }
    changes
}

/// Marks of notes, `[^3]`, also those whose note is missing. At the beginning of a line one begins the note
/// itself.
fn marks_of_notes(text: &str) -> impl Iterator<Item = Change> {
    const LONGEST: usize = 40;
    memchr::memmem::find_iter(text.as_bytes(), b"[^").filter_map(move |at| {
        let inner = text[at..].split_at_checked(2)?.1;
        let end = inner.bytes().take(LONGEST).position(|byte| byte == b']')?;
        let label = inner.get(..end)?;
        let begins = text[..at].rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
        let plain = !label.is_empty() && !label.contains(|c: char| c.is_whitespace() || c == '[');
        (plain && !(begins && inner[end + 1..].starts_with(':')))
            .then(|| (Span::new(at, at + 3 + end), Cow::Borrowed("")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        words(Text::new(text)).as_str().to_owned()
    }

    #[test]
    fn markup_within_paragraphs_is_no_word() {
        assert_eq!(
            read("Half of the [boats](https://x.example/b \"The b\") were lost.\n"),
            "Half of the boats were lost.\n"
        );
        assert_eq!(
            read("A [*big* one][b] and [small].\n\n[b]: /x\n[small]: /y\n"),
            "A big one and small.\n\n\n\n"
        );
        assert_eq!(read("Paid ![the fund](f.png) and [![alt](i.png)](l) done.\n"), "Paid  and  done.\n");
        assert_eq!(read("Lost[^3] before[^b-1].\n\n[^3]: The list.\n"), "Lost before.\n\n[^3]: The list.\n");
        assert_eq!(read("**Salt** and _no_ ***both*** ~~gone~~.\n"), "Salt and no both gone.\n");
        assert_eq!(read("Ebbe &amp; Flut, 5 &lt; 6, na&iuml;ve.\n"), "Ebbe & Flut, 5 < 6, naïve.\n");
        assert_eq!(read("He said \\*no\\*, 5 \\* 6.\n"), "He said *no*, 5 * 6.\n");
        assert_eq!(read("Closed <b>nine</b> days<br>and <!-- x --> more.\n"), "Closed nine daysand  more.\n");
        assert_eq!(read("<div class=\"a > b\">\nSalt <i>water</i>\n</div>\n"), "\nSalt water\n\n");
        assert_eq!(read("See <https://x.example/a_b>.\n"), "See https://x.example/a_b.\n");
    }

    #[test]
    fn what_the_layout_reads_stays() {
        let text = "# Harbour\n\n> One\n> two\n\n- a_b_c\n- 2 * 3 * 4\n\n1. x [y] (z)\n\n| a | b |\n|---|---|\n| c | d |\n";
        assert_eq!(read(text), text);
        assert_eq!(read("> See [the\n> *list*](x) of\n> it.\n"), "> See the\n> list of\n> it.\n");
        let code = "Text.\n\n    &amp; [a](b) <b>\n\n```\n*x*\n```\n";
        assert_eq!(read(code), code);
        let front = "---\ntitle: \"A *b*\"\n---\n\nText.\n";
        assert_eq!(read(front), front);
    }

    #[test]
    fn a_place_is_that_of_the_file() {
        let text = words(Text::new("The [fund](x) paid.\n"));
        let at = text.as_str().find("paid").expect("the word");
        assert_eq!(text.position(at, crate::text::Encoding::Utf8).character, 14);
    }

    proptest! {
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(0..PIECES.len(), 0..30)) {
            let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let drawn = words(Text::new(text.as_str()));
            let places: Vec<usize> =
                drawn.as_str().char_indices().map(|(at, _)| drawn.span_in_file(Span::new(at, at)).start).collect();
            prop_assert!(places.is_sorted() && places.iter().all(|at| text.is_char_boundary(*at)));
        }
    }

    const PIECES: [&str; 24] = [
        "a", " ", "\n", "\n\n", "> ", "- ", "[", "]", "(x)", "![", "*", "**", "_", "`", "<b>", "</b>",
        "&amp;", "\\", "[^1]", "[^1]: ", "é", "    ", "<", "---\n",
    ];
}
