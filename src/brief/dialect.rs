//! Handles the block syntax where Pandoc's Markdown differs from CommonMark. Such places are overwritten byte
//! for byte, so that all offsets stay valid, before the CommonMark parser sees the text. Decides what is
//! hidden, never what it means. Accepts any text and takes linear time.
//!
//! Measured with Pandoc 3.9: prose continues inside HTML elements, except `pre`, `script`, `style` and
//! `textarea`, and after a comment; a fence or comment that is never closed is text; a `:::` line is a block
//! by itself; `: ` begins a definition; TeX environments and arguments of TeX commands hold no citations.

mod shapes;
mod tables;
mod templates;

use std::borrow::Cow;
use std::collections::HashSet;

use memchr::memmem;

use shapes::{
    Closer, LONGEST_TAG, argument, body, closers, colons, columns, definition, delimiters, html_name,
    letter_marker, line_end, list_marker, next_line, reference, tag,
};
use tables::{Table, dashes, table};
pub(super) use templates::is_caption;
use templates::{attributes, percents, shortcode, wikilinks};

use crate::text::{FrontMatter, Span, Syntax};

/// How many kinds of unclosed elements and environments are tolerated before we stop looking for ends: each
/// failed search runs to the end of the text.
const MOST_UNCLOSED: usize = 64;

/// Elements whose text Pandoc does not read as Markdown.
const VERBATIM: [&str; 4] = ["pre", "script", "style", "textarea"];

/// HTML elements that separate blocks.
const BLOCKS: [&str; 40] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// What a hidden range is overwritten with: letters continue the paragraph, blanks end it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filling {
    Letters,
    Blanks,
}

/// A text prepared for the CommonMark parser.
#[derive(Debug)]
pub(super) struct Dialect<'a> {
    /// The masked text, of the same length as the original.
    pub(super) text: Cow<'a, str>,
    /// Ranges that are not prose, though the parser may take them for it; sorted, not overlapping.
    pub(super) hidden: Vec<Span>,
    /// Those that are HTML comments.
    pub(super) comments: Vec<Span>,
    /// Those that are code.
    pub(super) code: Vec<Span>,
    /// Starts of lines that [begin afresh](begins_afresh) outside any paragraph, table or line block; sorted.
    pub(super) fresh: Vec<usize>,
    /// Whether something is never closed, so that text added far after it could change how it is read.
    pub(super) unclosed: bool,
}

/// How far ahead the end of a construct is looked for, in bytes, unless it is one of those that set
/// [`Dialect::unclosed`].
pub(super) const LOOKAHEAD: usize = LONGEST_TAG;

/// Whether the line at `at` cannot continue anything: a blank line precedes it, and its first column has a letter
/// or a `#`.
fn begins_afresh(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[..at];
    let blank = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    blank && text[at..].starts_with(|c: char| c == '#' || c.is_alphabetic())
}

/// Masks the parts of `text` where Pandoc and CommonMark differ.
pub(super) fn read(text: &str) -> Dialect<'_> {
    let mut reader = Reader {
        text,
        out: None,
        hidden: Vec::new(),
        comments: Vec::new(),
        code: Vec::new(),
        closers: closers(text),
        unclosed: [usize::MAX; 2],
        no_comment_end: false,
        no_run: Vec::new(),
        no_element_end: HashSet::new(),
        obsidian: None,
        fresh: Vec::new(),
        unclosed_start: false,
        no_percent_line: false,
    };
    reader.run();
    let unclosed = reader.unclosed_start
        || reader.unclosed != [usize::MAX; 2]
        || reader.no_comment_end
        || !reader.no_element_end.is_empty()
        || reader.obsidian.is_some();
    // Only whole characters are overwritten, and with ASCII, so this is valid UTF-8.
    let masked = reader.out.and_then(|bytes| String::from_utf8(bytes).ok());
    Dialect {
        text: masked.map_or(Cow::Borrowed(text), Cow::Owned),
        hidden: reader.hidden,
        comments: reader.comments,
        code: reader.code,
        fresh: reader.fresh,
        unclosed,
    }
}

struct Reader<'a> {
    text: &'a str,
    out: Option<Vec<u8>>,
    hidden: Vec<Span>,
    comments: Vec<Span>,
    code: Vec<Span>,
    /// In order.
    closers: Vec<Closer>,
    /// The shortest fence of backticks and of tildes known to be unclosed.
    unclosed: [usize; 2],
    /// No comment ends after the current position.
    no_comment_end: bool,
    /// Lengths of backtick runs known to be unclosed, each with the end of the paragraph for which that
    /// holds.
    no_run: Vec<(usize, usize)>,
    /// Closing tags known not to occur in the rest of the text: `</pre`, `\end{quote}`.
    no_element_end: HashSet<String>,
    /// Whether no further line of `%%` alone follows.
    no_percent_line: bool,
    /// Whether Obsidian comments may follow; `None` before the first `%%`.
    obsidian: Option<bool>,
    /// See [`Dialect::fresh`].
    fresh: Vec<usize>,
    /// Whether the text starts like front matter that never ends.
    unclosed_start: bool,
}

/// The state carried from line to line.
#[derive(Default)]
struct State {
    /// The next line may continue a paragraph.
    in_paragraph: bool,
    in_list: bool,
    in_bars: bool,
    in_table: Option<Table>,
    any: bool,
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut state = State::default();
        let front = FrontMatter::of(self.text);
        let mut at = front.map_or(0, |front| front.end);
        if front.is_some_and(|front| front.syntax == Syntax::Toml) {
            self.fill(Span::new(0, at), Filling::Blanks);
            self.hidden.push(Span::new(0, at));
        }
        self.unclosed_start = at == 0 && (self.text.starts_with("---") || self.text.starts_with("+++"));
        while at < self.text.len() {
            let goes_on = state.in_paragraph || state.in_bars || state.in_table.is_some();
            if !goes_on && begins_afresh(self.text, at) {
                self.fresh.push(at);
            }
            at = self.line(at, &mut state);
        }
    }

    /// Reads the line that begins at `start` and anything that opens in it; returns where the next unread
    /// line begins.
    fn line(&mut self, start: usize, state: &mut State) -> usize {
        let bytes = self.text.as_bytes();
        let end = line_end(bytes, start);
        let (body, quoted) = body(bytes, start, end);
        if body == end {
            state.in_paragraph = false;
            state.in_bars = false;
            if state.in_table == Some(Table::Simple) {
                state.in_table = None;
            }
            return next_line(bytes, end);
        }
        if !quoted {
            state.in_table = table(bytes, start..end, state.in_table, state.in_paragraph);
            if state.in_table.is_some() && dashes(&bytes[start..end]).is_some() {
                // CommonMark sees a thematic break here.
                state.in_paragraph = false;
                return next_line(bytes, end);
            }
        }
        let indent = if quoted { 0 } else { columns(&bytes[start..body]) };
        let marker = list_marker(&bytes[body..end]);
        if !quoted && !state.in_paragraph && indent == 0 && !marker {
            state.in_list = false;
        }
        if indent >= 4 && !state.in_paragraph && !state.in_list {
            if state.in_table.is_none() {
                return next_line(bytes, end);
            }
            // Not code, but the first cell of a right-aligned row.
            let blank = Span::new(start, start + 1);
            self.fill(blank, Filling::Letters);
            self.hidden.push(blank);
        }
        if let Some(next) = self.fence(start, body, end, quoted, state) {
            state.any = true;
            return next;
        }
        state.in_list |= marker;
        if !quoted && colons(&bytes[body..end]) {
            self.fill(Span::new(body, end), Filling::Blanks);
            self.hidden.push(Span::new(body, end));
            state.in_paragraph = false;
            return next_line(bytes, end);
        }
        if state.any
            && !quoted
            && indent < 4
            && definition(&bytes[body..end])
            && (bytes[body] == b':' || state.in_paragraph)
        {
            self.overwrite(body, b"-");
            state.in_list = true;
        }
        if !quoted && !state.in_paragraph && reference(&self.text[body..end]) {
            self.hidden.push(Span::new(body, end));
            return next_line(bytes, end);
        }
        if bytes[body] == b'|' && !quoted {
            // Read the lines of a line block one by one, but not the rows of a table.
            let next = next_line(bytes, end);
            let below = &bytes[next.min(bytes.len())..line_end(bytes, next.min(bytes.len()))];
            state.in_bars |= !state.in_paragraph && !delimiters(below) && !delimiters(&bytes[body..end]);
            if state.in_bars && !bytes[body + 1..end].starts_with(b"    ") {
                self.overwrite(body, b"-");
            }
        }
        if state.in_list
            && state.in_paragraph
            && let Some(mark) = letter_marker(&bytes[body..end])
        {
            self.fill(Span::new(body, body + mark), Filling::Blanks);
            self.overwrite(body + mark, b"-");
        }
        state.any = true;
        let opened = state.in_paragraph;
        let end = self.inlines(body, end, opened);
        // If masking left only blanks, the line ends the paragraph.
        let rest = self.out.as_deref().unwrap_or(bytes);
        state.in_paragraph = rest[body..end].iter().any(|byte| !byte.is_ascii_whitespace());
        next_line(bytes, end)
    }

    /// If a fence opens at `body`, returns where the line after its block begins; `None` if this is not a
    /// fence. A fence that is never closed is overwritten.
    fn fence(
        &mut self,
        start: usize,
        body: usize,
        end: usize,
        quoted: bool,
        state: &mut State,
    ) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mark = bytes[body];
        let length = bytes[body..end].iter().take_while(|byte| **byte == mark).count();
        if !matches!(mark, b'`' | b'~') || length < 3 {
            return None;
        }
        let info = self.text[body + length..end].trim();
        // After a `{` come a chunk's options, which may contain anything.
        let ticks = mark == b'`' && info.contains('`');
        if ticks && !info.starts_with('{') {
            return None;
        }
        // Pandoc treats tildes as text within a paragraph or when several words follow them.
        let words = info.contains(char::is_whitespace) && !info.contains('{');
        let text = mark == b'~' && (words || state.in_paragraph && !state.in_list && !quoted);
        if !text && let Some(closer) = self.closer(mark, length, end) {
            let line = self.closers[closer].line.clone();
            let deep = bytes[line.clone()].iter().take_while(|byte| **byte == b' ').count();
            if !quoted && deep > 3 && bytes[start] == mark {
                self.overwrite(line.start, &vec![mark; deep]);
            }
            for tick in memchr::memchr_iter(b'`', &bytes[body + length..end]).filter(|_| ticks) {
                self.overwrite(body + length + tick, b"x");
            }
            state.in_paragraph = false;
            return Some(next_line(bytes, line.end));
        }
        if quoted || state.in_list {
            return None;
        }
        let run = Span::new(body, body + length);
        match self.code_span(body, length) {
            Some(close) if mark == b'`' && !text => {
                let span = Span::new(body, close);
                self.fill(span, Filling::Letters);
                self.hidden.push(span);
                self.code.push(span);
                let end = line_end(bytes, close);
                let end = self.inlines(close, end, true);
                state.in_paragraph = true;
                Some(next_line(bytes, end))
            }
            Some(_) | None => {
                self.fill(run, Filling::Letters);
                let end = self.inlines(run.end, end, true);
                state.in_paragraph = true;
                Some(next_line(bytes, end))
            }
        }
    }

    /// The first line after `from` that closes a fence.
    fn closer(&mut self, mark: u8, length: usize, from: usize) -> Option<usize> {
        let known = &mut self.unclosed[usize::from(mark == b'~')];
        if length >= *known {
            return None;
        }
        let first = self.closers.partition_point(|closer| closer.line.start < from);
        let closes = |closer: &Closer| closer.mark == mark && closer.length >= length;
        let found = self.closers[first..].iter().position(closes);
        if found.is_none() {
            *known = length;
        }
        found.map(|at| first + at)
    }

    /// Reads from `start` to the end of the line. If something that begins here ends on a later line, returns
    /// the end of that line. `opened` says whether this line continues a paragraph.
    fn inlines(&mut self, start: usize, mut end: usize, opened: bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let marks = |byte: &u8| matches!(byte, b'\\' | b'`' | b'<' | b'{' | b'%');
        while let Some(found) = bytes[at..end].iter().position(marks) {
            at += found;
            let next = match bytes[at] {
                b'\\' => self.tex(at),
                b'`' => self.ticks(at),
                b'{' => self.brace(at),
                b'%' => self.percent(at),
                _ => self.angle(at, start, opened),
            };
            at = next;
            if at > end {
                end = line_end(bytes, at);
            }
        }
        end
    }

    fn ticks(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let length = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        let Some(end) = self.code_span(at, length) else { return self.shorter_ticks(at, length) };
        // In Pandoc, a bar inside code does not separate cells.
        for bar in memchr::memchr_iter(b'|', &bytes[at..end]) {
            self.overwrite(at + bar, b"x");
        }
        end
    }

    /// Handles an unclosed run of backticks: in Pandoc its last ones may open code by themselves.
    fn shorter_ticks(&mut self, at: usize, length: usize) -> usize {
        for short in (1..length.min(4)).rev() {
            let start = at + length - short;
            if let Some(end) = self.code_span(start, short) {
                let span = Span::new(start, end);
                self.fill(Span::new(at, end), Filling::Letters);
                self.hidden.push(span);
                self.code.push(span);
                return end;
            }
        }
        at + length
    }

    /// Where the code span opened at `at` by `length` backticks ends.
    fn code_span(&mut self, at: usize, length: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        self.no_run.retain(|(_, until)| *until > at);
        if self.no_run.iter().any(|(other, _)| *other == length) {
            return None;
        }
        let mut from = at + length;
        while let Some(found) = memchr::memchr2(b'`', b'\n', &bytes[from..]) {
            from += found;
            if bytes[from] == b'\n' {
                let next = line_end(bytes, from + 1);
                if bytes[from + 1..next].iter().all(u8::is_ascii_whitespace) {
                    break;
                }
                from += 1;
                continue;
            }
            let run = bytes[from..].iter().take_while(|byte| **byte == b'`').count();
            if run == length {
                return Some(from + run);
            }
            from += run;
        }
        self.no_run.push((length, from));
        None
    }

    /// Reads a backslash: an escape, a TeX environment, or a TeX command whose arguments contain an `@`.
    fn tex(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        let name = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if name == 0 {
            return (at + 2).min(self.text.len()).max(at + 1);
        }
        let behind = at + 1 + name;
        if &bytes[at + 1..behind] == b"begin" && bytes.get(behind) == Some(&b'{') {
            let near = &bytes[behind..bytes.len().min(behind + 64)];
            let Some(close) = memchr::memchr(b'}', near) else { return behind };
            let closing = format!("\\end{}", &self.text[behind..=behind + close]);
            let Some(end) = self.element_end(behind, &closing) else { return behind };
            let span = Span::new(at, end);
            self.fill(span, Filling::Letters);
            self.hidden.push(span);
            return end;
        }
        let limit = bytes.len().min(behind + LONGEST_TAG);
        let mut end = behind;
        while let Some(close) = argument(&bytes[..limit], end) {
            end = close;
        }
        if end > behind && memchr::memchr(b'@', &bytes[behind..end]).is_some() {
            let span = Span::new(at, end);
            self.fill(span, Filling::Letters);
            self.hidden.push(span);
            return end;
        }
        behind
    }

    /// Reads a `{`: a shortcode or Liquid tag, or attributes containing an `@`, of which only captions are
    /// prose.
    fn brace(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        if let Some(end) = shortcode(bytes, at) {
            let span = Span::new(at, end);
            self.fill(span, Filling::Letters);
            self.hidden.push(span);
            return end;
        }
        let Some((end, captions)) = attributes(self.text, at) else { return at + 1 };
        if memchr::memchr(b'@', &bytes[at..end]).is_none() {
            return at + 1;
        }
        let mut from = at;
        for caption in captions {
            self.hidden.push(Span::new(from, caption.start));
            from = caption.end;
        }
        self.hidden.push(Span::new(from, end));
        end
    }

    /// Reads a `%`: an Obsidian comment, `%% … %%`. Without Obsidian links in the text, [`percents`] decides.
    fn percent(&mut self, at: usize) -> usize {
        let bytes = self.text.as_bytes();
        if !bytes[at..].starts_with(b"%%") {
            return at + 1;
        }
        let obsidian = *self.obsidian.get_or_insert_with(|| wikilinks(bytes));
        let length = if obsidian {
            memmem::find(&bytes[at + 2..], b"%%")
        } else {
            percents(bytes, at, &mut self.no_percent_line)
        };
        let Some(length) = length else {
            self.obsidian = Some(false);
            return at + 2;
        };
        let span = Span::new(at, at + 2 + length + 2);
        self.fill(span, Filling::Letters);
        self.hidden.push(span);
        span.end
    }

    /// Reads a `<`: a comment, or a tag at the start of its line.
    fn angle(&mut self, at: usize, body: usize, opened: bool) -> usize {
        let bytes = self.text.as_bytes();
        if bytes[at..].starts_with(b"<!--") {
            let end = if self.no_comment_end { None } else { memmem::find(&bytes[at + 4..], b"-->") };
            let Some(length) = end else {
                self.no_comment_end = true;
                self.overwrite(at, b"x");
                return at + 4;
            };
            let span = Span::new(at, at + 4 + length + 3);
            self.hide(span, at == body && !opened);
            self.comments.push(span);
            return span.end;
        }
        if at != body {
            return at + 1;
        }
        let Some((name, end)) = tag(self.text, at) else {
            if html_name(bytes, at).is_some() {
                self.overwrite(at, b"x");
            }
            return at + 1;
        };
        let name = name.to_ascii_lowercase();
        if VERBATIM.contains(&name.as_str()) && bytes[at + 1] != b'/' {
            let closing = format!("</{name}>");
            if let Some(end) = self.element_end(end, &closing) {
                let span = Span::new(at, end);
                self.hide(span, !opened);
                return end;
            }
        }
        let block = BLOCKS.contains(&name.as_str());
        self.hide(Span::new(at, end), block);
        end
    }

    /// The end of the first `closing` after `from`.
    fn element_end(&mut self, from: usize, closing: &str) -> Option<usize> {
        if self.no_element_end.len() >= MOST_UNCLOSED || self.no_element_end.contains(closing) {
            return None;
        }
        let found = memmem::find(&self.text.as_bytes()[from..], closing.as_bytes());
        if found.is_none() {
            self.no_element_end.insert(closing.to_owned());
        }
        found.map(|at| from + at + closing.len())
    }

    /// Hides `span`. If it `parts` blocks and nothing else is on its lines, they become blank.
    fn hide(&mut self, span: Span, parts: bool) {
        let bytes = self.text.as_bytes();
        let behind = &bytes[span.end..line_end(bytes, span.end)];
        let alone = parts && behind.iter().all(u8::is_ascii_whitespace);
        self.fill(span, if alone { Filling::Blanks } else { Filling::Letters });
        self.hidden.push(span);
    }

    fn fill(&mut self, span: Span, filling: Filling) {
        let out = self.out.get_or_insert_with(|| self.text.as_bytes().to_vec());
        for byte in &mut out[span.start..span.end] {
            match filling {
                Filling::Letters => *byte = b'x',
                Filling::Blanks if matches!(*byte, b'\n' | b'\r') => {}
                Filling::Blanks => *byte = b' ',
            }
        }
    }

    fn overwrite(&mut self, at: usize, with: &[u8]) {
        let out = self.out.get_or_insert_with(|| self.text.as_bytes().to_vec());
        out[at..at + with.len()].copy_from_slice(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(read(text).text, expected, "{text:?}");
    }

    #[test]
    fn what_commonmark_hides_and_pandoc_reads_is_laid_open() {
        check("<p>See @a</p>", "xxxSee @a</p>");
        check("<div>\nSee @a\n</div>\n", "     \nSee @a\n      \n");
        check("<!-- x --> See", "xxxxxxxxxx See");
        check("<!--\nx\n-->\nSee", "    \n \n   \nSee");
        check("One <!-- a\n\nb --> two", "One xxxxxxxxxxxxx two");
        check("```\nSee", "xxx\nSee");
        check("Open <!-- see", "Open x!-- see");
        check("- see [@a,\n  n. 4]\n", "- see [@a,\n   - 4]\n");
        check("Term\n:   Words\n\n    more\n", "Term\n-   Words\n\n    more\n");
        check("::: {.note}\nSee\n:::\n", "           \nSee\n   \n");
        check("+++\na = \"@b\"\n+++\nSee\n", "   \n        \n   \nSee\n");
        check("See {{< x \"@a\" >}} and {% b %}", "See xxxxxxxxxxxxxx and xxxxxxx");
        check("```{r, a=\"by `b`\"}\nx@y\n```\nSee\n", "```{r, a=\"by xbx\"}\nx@y\n```\nSee\n");
        check("  A    B\n---- ----\n    1 @a\n\n    code\n", "  A    B\n---- ----\nx   1 @a\n\n    code\n");
        check(
            "-----\n A  B\n-- --\n    @a\n\n    @b\n-----\n\n    code\n",
            "-----\n A  B\n-- --\nx   @a\n\nx   @b\n-----\n\n    code\n",
        );
        check("[[a]] %% b %% c", "[[a]] xxxxxxx c");
        check("%%\r\nb @a\r\n%% \r\nc\r\n", "xxxxxxxxxxxx \r\nc\r\n");
    }

    #[test]
    fn what_both_read_alike_stays_as_it_is() {
        for text in [
            "",
            "See [@a] and `<!-- x -->` and \\<div>.",
            "```\n<div>\n```\n",
            "~~~ {.html}\n<!-- x -->\n~~~\n",
            "    <div>\n",
            "> ```\n> <p>\n> ```\n",
            "a <b>bold</b> word <https://x.example/@a>",
            "| a | b |\n|---|---|\n| c | d |\n",
            "- see [@a,\n  p. 4] and\n  pp. 4",
            "see [@a,\nn. 4]",
            "- by\n  A. Lind",
            "C:\\papers\\x and \\emph{words}",
            "---\ntitle: <p>\n---\nText: a\n",
            "100 %% of a and %% of b",
            "[[a]] and 5 %% of b",
            "{ a } {b} {{c",
            "- - -\n\n    code\n",
            "-----\n\n    code\n",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn hostile_runs_are_read_to_their_end() {
        for run in [
            "<!--",
            "<div",
            "<pre>",
            "<a b=\"",
            "```\n",
            "````a\n",
            "~~~\n",
            "` `` ",
            "\\begin{a}",
            "\\a{@",
            "\\a[",
            ":::\n",
            ": x\n",
            "| x\n",
            "<script>\n",
            "[a]: @\n",
            "> ```\n",
            "- ```\n",
            "{{< a ",
            "{a=\"",
            "{.a ",
            "[[a]] %%",
            "-----\n",
            "-- --\n",
        ] {
            let text = run.repeat(50_000);
            assert_eq!(read(&text).text.len(), text.len());
        }
        let environments: String = (0..5_000).map(|n| format!("\\begin{{a{n}}}")).collect();
        assert_eq!(read(&environments).text, environments);
        let fences: String = (3..400).rev().map(|length| "`".repeat(length) + "a\n").collect();
        assert_eq!(read(&fences).text.len(), fences.len());
    }
}
