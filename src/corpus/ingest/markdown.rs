//! Extracts the words of a Markdown source: its text without the markup inside paragraphs (link addresses,
//! images, note marks, tags, emphasis). Markers at the start of lines are left to the layout, which
//! recognizes headings, quotations and items in any text.

use std::borrow::Cow;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html;
use crate::text::position::floor;
use crate::text::{FileSpan, FileText, Span, Text};

/// A span of the file and the text to read in its place.
type Change = (Span, Cow<'static, str>);

/// Extracts the words of `file`; returns the text itself if there is nothing to remove.
pub(super) fn words(file: FileText) -> Text {
    let mut changes = of_parser(file.as_str());
    let code = std::mem::take(&mut changes.code);
    let in_code = |(span, _): &Change| {
        let before = code.partition_point(|code| code.start <= span.start);
        before.checked_sub(1).is_some_and(|at| span.start < code[at].end)
    };
    changes.found.extend(beyond(file.as_str()).filter(|change| !in_code(change)));
    let mut changes = changes.found;
    if changes.is_empty() {
        return file.into();
    }
    changes.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
    let mut pieces: Vec<(FileSpan, Option<Cow<'static, str>>)> = Vec::new();
    let mut at = 0;
    for (span, read) in changes {
        if span.start < at {
            continue;
        }
        pieces.push(((at..span.start).into(), None));
        pieces.push(((span.start..span.end).into(), Some(read)));
        at = span.end;
    }
    pieces.push(((at..file.as_str().len()).into(), None));
    Text::drawn(&file, pieces)
}

/// Markup around words: a link or emphasis.
struct Open {
    /// Its whole span.
    span: Span,
    /// Where the part read so far ends.
    read: usize,
    /// Whether a line has just ended, so that the layout handles what follows.
    line_ended: bool,
    /// Whether it is an image, whose contents are not part of the text.
    dropped: bool,
}

/// The markup found by the parser, and the spans of code.
#[derive(Default)]
struct Parsed {
    found: Vec<Change>,
    code: Vec<Span>,
}

fn of_parser(text: &str) -> Parsed {
    let options = Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES
        | Options::ENABLE_WIKILINKS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let parser = Parser::new_ext(text, options);
    let mut parsed = Parsed::default();
    let changes = &mut parsed.found;
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
                let address =
                    matches!(tag, Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. });
                let dropped = address || matches!(tag, Tag::Image { .. });
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
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => {
                code += 1;
                parsed.code.push(span);
            }
            Event::Code(_) => parsed.code.push(span),
            Event::End(TagEnd::CodeBlock | TagEnd::MetadataBlock(_)) => code = code.saturating_sub(1),
            // An entity: its character is part of the word.
            Event::Text(words) if code == 0 && text.get(span.start..span.end) != Some(&*words) => {
                changes.push((span, Cow::Owned(words.into_string())));
            }
            Event::Text(_) if code == 0 && span.start > 0 && text.as_bytes()[span.start - 1] == b'\\' => {
                // The backslash of an escape.
                changes.push((Span::new(span.start - 1, span.start), Cow::Borrowed("")));
            }
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => {
                changes.push((span, Cow::Borrowed(" ")));
            }
            Event::FootnoteReference(_) | Event::InlineHtml(_) => changes.push((span, Cow::Borrowed(""))),
            Event::Html(_) => changes.extend(html::tags(text, span).map(|tag| (tag, Cow::Borrowed("")))),
            _ => {}
        }
    }
    parsed
}

/// Markup of dialects other than CommonMark: inline notes, superscript note numbers, attributes.
fn beyond(text: &str) -> impl Iterator<Item = Change> {
    let cut = |span: Span| (span, Cow::Borrowed(""));
    let notes = memchr::memmem::find_iter(text.as_bytes(), b"^[")
        .filter_map(move |at| Some(cut(Span::new(at, at + 2 + closing(&text[at + 2..])?))));
    let raised = memchr::memmem::find_iter(text.as_bytes(), b"<sup>").filter_map(move |at| {
        let inner = &text[at + 5..];
        let end = start_of(inner).find("</sup>").filter(|end| *end <= LONGEST_MARK)?;
        let mark = inner[..end].trim_matches(['[', ']', '(', ')', ' ']);
        let is_mark =
            !mark.is_empty() && mark.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '*' | '†'));
        is_mark.then(|| cut(Span::new(at, at + 5 + end + 6)))
    });
    let carets = memchr::memchr_iter(b'^', text.as_bytes()).filter_map(move |at| {
        let inner = &text[at + 1..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        // `5^th^` and `m^2^` are words.
        let word = text[..at].chars().rev().take_while(|c| c.is_alphabetic()).take(3).count();
        let mark = text[..at].ends_with(['.', ',', ';', ':', '?', '!', '”', '"', '’', ')']);
        let is_mark = (1..=3).contains(&digits) && inner[digits..].starts_with('^') && (word > 2 || mark);
        is_mark.then(|| cut(Span::new(at, at + digits + 2)))
    });
    // `[words]{.class}`, and `# Heading {#name}`.
    let attributes = memchr::memmem::find_iter(text.as_bytes(), b"{").filter_map(move |at| {
        let inner = start_of(&text[at + 1..]);
        let end = inner.find(['}', '\n']).filter(|end| inner[*end..].starts_with('}'))?;
        let named = inner[..end].starts_with(['.', '#', '=']) || inner[..end].contains("=\"");
        let line = end_of(&text[..at]).rsplit('\n').next().unwrap_or_default();
        let placed = line.ends_with([']', ')']) || line.starts_with('#');
        (named && placed).then(|| cut(Span::new(at, at + end + 2)))
    });
    notes
        .chain(raised)
        .chain(carets)
        .chain(attributes)
        .chain(marks_of_notes(text))
        .chain(links(text))
        .chain(math(text))
}

/// Links whose text has brackets of its own, as converters write the notes of an encyclopedia: `[[4]](#note-4)`.
/// A note mark is dropped; other text loses its brackets and address.
fn links(text: &str) -> impl Iterator<Item = Change> {
    memchr::memmem::find_iter(text.as_bytes(), b"[[").flat_map(move |at| {
        let near = start_of(&text[at + 2..]);
        let found = near.find("]](").and_then(|close| {
            let address = &near[close + 3..];
            let end = address.find([')', '\n']).filter(|end| address[*end..].starts_with(')'))?;
            (!near[..close].contains(['[', ']', '\n'])).then_some((close, close + 3 + end + 1))
        });
        let Some((close, end)) = found else { return Vec::new() };
        let whole = Span::new(at, at + 2 + end);
        let words = &near[..close];
        let is_mark = words.len() <= LONGEST_MARK
            && (words.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | ' ' | ','))
                || words.chars().count() == 1);
        let kept = if is_mark { String::new() } else { words.to_owned() };
        vec![(whole, Cow::Owned(kept))]
    })
}

/// The markup around and within TeX math. By Pandoc's rule, math begins with a `$` before a non-space character
/// and ends with the next `$`, which follows a non-space character and precedes no digit. The rest is kept as it
/// is written, except for a lone superscript number, `$^{3}$`, which marks a note.
fn math(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'$', &bytes[from..]) {
        let at = from + found;
        from = at + 1;
        let inner = start_of(&text[from..]);
        let inner = &inner[..inner.find("\n\n").unwrap_or(inner.len())];
        let escaped = at > 0 && bytes[at - 1] == b'\\';
        if escaped || inner.starts_with(|c: char| c.is_whitespace() || c == '$') {
            from += inner.bytes().take_while(|byte| *byte == b'$').count();
            continue;
        }
        let closes = |end: &usize| {
            let (before, behind) = (&inner[..*end], text[from + end + 1..].chars().next());
            !before.ends_with(|c: char| c.is_whitespace() || c == '\\')
                && !behind.is_some_and(|c| c.is_ascii_digit())
        };
        let signs = memchr::memchr_iter(b'$', inner.as_bytes());
        let mut signs = signs.filter(|end| !inner[..*end].ends_with('\\'));
        let Some(end) = signs.next().filter(closes) else { continue };
        let note = inner[..end].trim_start_matches('^').trim_matches(['{', '}']);
        let behind = from + end + 1;
        if inner.starts_with('^') && note.bytes().all(|byte| byte.is_ascii_digit()) {
            changes.push((Span::new(at, behind), Cow::Borrowed("")));
        } else {
            changes.push((Span::new(at, from), Cow::Borrowed("")));
            changes.extend(inner[..end].match_indices('\\').filter_map(|(slash, _)| {
                let spaces = inner[slash + 1..].starts_with([',', ';', ':', '!', ' ']);
                let sign = inner[slash + 1..].starts_with(['%', '$', '&', '#', '_', '{', '}']);
                let length = 1 + usize::from(spaces);
                (spaces || sign).then(|| (Span::new(from + slash, from + slash + length), Cow::Borrowed("")))
            }));
            changes.push((Span::new(from + end, behind), Cow::Borrowed("")));
        }
        from = behind;
    }
    changes
}

/// How many bytes around a mark to look at, so that a very long line does not take quadratic time.
const AROUND: usize = 1_000;

fn start_of(text: &str) -> &str {
    &text[..floor(text, AROUND)]
}

fn end_of(text: &str) -> &str {
    &text[floor(text, text.len().saturating_sub(AROUND))..]
}

/// Longest superscript note mark, in characters.
const LONGEST_MARK: usize = 8;

/// The length up to and including the bracket that closes one opened before `text`, within the same
/// paragraph.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    let mut before = b' ';
    for (at, byte) in start_of(text).bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            b'\n' if before == b'\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
        before = byte;
    }
    None
}

/// Note marks, `[^3]`, including those whose note is missing. At the start of a line the mark begins the note
/// itself.
fn marks_of_notes(text: &str) -> impl Iterator<Item = Change> {
    const LONGEST: usize = 40;
    memchr::memmem::find_iter(text.as_bytes(), b"[^").filter_map(move |at| {
        let inner = text[at..].split_at_checked(2)?.1;
        let end = inner.bytes().take(LONGEST).position(|byte| byte == b']')?;
        let label = inner.get(..end)?;
        let begins = end_of(&text[..at]).rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
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
        words(FileText::new(text)).as_str().to_owned()
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
        assert_eq!(
            read("Closed <b>nine</b> days<br>and <!-- x --> more.\n"),
            "Closed nine days and  more.\n"
        );
        assert_eq!(read("<div class=\"a > b\">\nSalt <i>water</i>\n</div>\n"), "\nSalt water\n\n");
        assert_eq!(read("See <https://x.example/a_b>.\n"), "See .\n");
        assert_eq!(read("The [[ship|boats]] and [[bells]].\n"), "The boats and bells.\n");
        assert_eq!(read("Lost^[So [he] said.] before<sup>3</sup>, 5<sup>th</sup>.\n"), "Lost before, 5th.\n");
        assert_eq!(read("Lost[[4]](#cite-4) on [[the bar]](x).\n"), "Lost on the bar.\n");
        assert_eq!(read("Lost^12^ before.^3^ Of 5 m^2^.\n"), "Lost before. Of 5 m^2^.\n");
        assert_eq!(read("The $4$ of $Q_1$, $90\\,\\%$.$^{3}$\n"), "The 4 of Q_1, 90%.\n");
        assert_eq!(
            read("Paid $400 for it, $900 for them and $ 6.\n"),
            "Paid $400 for it, $900 for them and $ 6.\n"
        );
        assert_eq!(
            read("# Tides {#tides .x}\n\nThe [boats]{.small} {sic} sank.\n"),
            "# Tides \n\nThe [boats] {sic} sank.\n"
        );
    }

    #[test]
    fn what_the_layout_reads_stays() {
        let text = "# Harbour\n\n> One\n> two\n\n- a_b_c\n- 2 * 3 * 4\n\n1. x [y] (z)\n\n| a | b |\n|---|---|\n| c | d |\n";
        assert_eq!(read(text), text);
        assert_eq!(read("> See [the\n> *list*](x) of\n> it.\n"), "> See the\n> list of\n> it.\n");
        let code = "Text `[^1]`.\n\n    &amp; [a](b) <b> x^[y]\n\n```\n*x*[^2]\n```\n";
        assert_eq!(read(code), code);
        let front = "---\ntitle: \"A *b*\"\n---\n\nText.\n";
        assert_eq!(read(front), front);
    }

    #[test]
    fn a_place_is_that_of_the_file() {
        let text = words(FileText::new("The [fund](x) paid.\n"));
        let at = text.as_str().find("paid").expect("the word");
        assert_eq!(text.position(at, crate::text::Encoding::Utf8).character, 14);
    }

    proptest! {
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(0..PIECES.len(), 0..30)) {
            let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let drawn = words(FileText::new(text.as_str()));
            let places: Vec<usize> =
                drawn.as_str().char_indices().map(|(at, _)| drawn.offset_in_file(at).0).collect();
            prop_assert!(places.is_sorted() && places.iter().all(|at| text.is_char_boundary(*at)));
        }
    }

    const PIECES: [&str; 24] = [
        "a", " ", "\n", "\n\n", "> ", "- ", "[", "]", "(x)", "![", "*", "**", "_", "`", "<b>", "</b>",
        "&amp;", "\\", "[^1]", "[^1]: ", "é", "    ", "<", "---\n",
    ];
}
