//! How a text is laid out: its lines, and which of them make up one paragraph. Looks at white
//! space, markers and line lengths only; what a paragraph says is not its business.

use crate::text::Span;

/// One paragraph, as the layout has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'t> {
    /// Byte offsets into the text, without markers and surrounding white space.
    pub span: Span,
    /// The words of `span`.
    pub words: &'t str,
    /// What marks it.
    pub marker: Marker,
    /// The least indentation of its lines, in columns; a tab is four.
    pub indent: usize,
    /// Blank lines before it.
    pub gap: usize,
}

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// Nothing.
    Plain,
    /// A bullet.
    Bullet,
    /// `#` (Markdown only), or underlined.
    Heading,
    /// `>`.
    Quote,
}

/// Lines up to this length may come from hard wrapping; it was 72 to 100 columns wherever text is
/// wrapped by custom. In the five seeds, which are not wrapped, half of all characters stand in
/// lines of more than 400.
const WRAP_COLUMNS: usize = 120;

/// Lines shorter than this part of the usual width end where a writer ended them, not where a
/// wrapper ran out of room. Low, because a PDF's proportional type makes ragged counts.
const SHORT_LINE_PERCENT: usize = 60;

/// A paragraph whose first line stands this much further in than the line above is a new one.
const INDENT_STEP: usize = 2;

struct Line<'t> {
    start: usize,
    words: &'t str,
    indent: usize,
    marker: Marker,
    /// Blank lines before it.
    gap: usize,
    chars: usize,
}

/// Whether `c` is white space, or a character that only looks like it.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// Cuts `text` into paragraphs.
pub(super) fn blocks(text: &str, markdown: bool) -> Vec<Block<'_>> {
    let lines = lines(text, markdown);
    let wrapped = is_wrapped(&lines);
    let width = usual_width(&lines);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let end = line.start + line.words.len();
        // Markdown quotations are often wrapped where its paragraphs are not.
        let quoted = markdown && line.marker == Marker::Quote;
        if at > 0
            && (wrapped || (quoted && lines[at - 1].chars <= WRAP_COLUMNS))
            && continues(&lines[at - 1], line, width, markdown)
            && let Some(block) = blocks.last_mut()
        {
            block.span.end = end;
            block.words = &text[block.span.start..end];
            block.indent = block.indent.min(line.indent);
            continue;
        }
        blocks.push(Block {
            span: Span::new(line.start, end),
            words: line.words,
            marker: line.marker,
            indent: line.indent,
            gap: line.gap,
        });
    }
    blocks
}

/// Whether `line` goes on with the paragraph of `above`, in a text that is hard-wrapped.
fn continues(above: &Line<'_>, line: &Line<'_>, width: usize, markdown: bool) -> bool {
    if line.gap > 0 || above.marker == Marker::Heading {
        return false;
    }
    match line.marker {
        Marker::Bullet | Marker::Heading => return false,
        Marker::Quote => return above.marker == Marker::Quote,
        Marker::Plain => {}
    }
    if markdown || above.marker != Marker::Plain {
        return true;
    }
    if line.indent >= above.indent + INDENT_STEP {
        return false;
    }
    let next_word = line.words.split(is_space).next().map_or(0, |word| word.chars().count());
    above.chars + 1 + next_word >= width * SHORT_LINE_PERCENT / 100
}

/// Whether lines were broken to a width, so that a paragraph is a run of them.
fn is_wrapped(lines: &[Line<'_>]) -> bool {
    // Half of all characters, not half of all lines: headings, captions and lists are many and short.
    let total: usize = lines.iter().map(|line| line.chars).sum();
    let long: usize = lines.iter().map(|line| line.chars).filter(|&chars| chars > WRAP_COLUMNS).sum();
    if long * 2 > total {
        return false;
    }
    // Wrapping ends lines anywhere. Lines that mostly end with their sentence are paragraphs.
    let (mut pairs, mut ended) = (0usize, 0usize);
    for pair in lines.windows(2) {
        if pair[1].gap == 0 && pair[1].marker == Marker::Plain && pair[0].marker == Marker::Plain {
            pairs += 1;
            ended += usize::from(super::ends_sentence(pair[0].words));
        }
    }
    ended * 2 <= pairs
}

/// The length, in characters, that nine of ten lines do not exceed.
fn usual_width(lines: &[Line<'_>]) -> usize {
    let mut lengths: Vec<usize> = lines.iter().map(|line| line.chars).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0)
}

/// The lines that are not blank.
fn lines(text: &str, markdown: bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut gap = 0;
    let mut start = if markdown { front_matter(text) } else { 0 };
    while start < text.len() {
        let rest = &text[start..];
        let (len, separator) = rest
            .char_indices()
            .find(|&(_, c)| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
            .map_or((rest.len(), None), |(at, c)| (at, Some(c)));
        let raw = &rest[..len];
        let mut next = start + len + separator.map_or(0, char::len_utf8);
        if separator == Some('\r') && text[next..].starts_with('\n') {
            next += 1;
        }
        match read_line(raw, start, markdown) {
            Reading::Blank => gap += 1,
            Reading::Rule(c) => {
                if let (0, '=' | '-', Some(above)) = (gap, c, lines.last_mut())
                    && above.chars <= WRAP_COLUMNS
                    && above.marker == Marker::Plain
                {
                    above.marker = Marker::Heading;
                }
                gap += 1;
            }
            Reading::Line(mut line) => {
                line.gap = gap;
                gap = 0;
                lines.push(line);
            }
        }
        // A new page and a paragraph separator part paragraphs as a blank line does.
        if matches!(separator, Some('\u{c}' | '\u{2029}')) {
            gap += 1;
        }
        start = next;
    }
    lines
}

enum Reading<'t> {
    Blank,
    /// Made of the marker that it is named for: `---`, `* * *`.
    Rule(char),
    Line(Line<'t>),
}

fn read_line(raw: &str, start: usize, markdown: bool) -> Reading<'_> {
    let mut words = raw.trim_matches(is_space);
    let Some(first) = words.chars().next() else { return Reading::Blank };
    if words.chars().all(|c| is_space(c) || matches!(c, '-' | '=' | '*' | '_' | '~' | '#' | '>' | '•' | '·'))
    {
        return Reading::Rule(first);
    }
    let lead = &raw[..raw.len() - raw.trim_start_matches(is_space).len()];
    let indent = lead.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    let mut marker = Marker::Plain;
    loop {
        let (found, rest) = strip_marker(words, markdown);
        if found == Marker::Plain || rest.is_empty() {
            break;
        }
        if marker == Marker::Plain {
            marker = found;
        }
        words = rest;
    }
    if marker == Marker::Heading {
        // `## Title ##`: the closing run is a marker too.
        let inner = words.trim_end_matches('#');
        if inner.len() < words.len() && inner.ends_with(is_space) {
            words = inner.trim_end_matches(is_space);
        }
    }
    let offset = words.as_ptr() as usize - raw.as_ptr() as usize;
    Reading::Line(Line { start: start + offset, words, indent, marker, gap: 0, chars: words.chars().count() })
}

/// Takes one marker off the front of `words`, which is trimmed.
fn strip_marker(words: &str, markdown: bool) -> (Marker, &str) {
    let (marker, rest) = match words.chars().next() {
        Some('>') => (Marker::Quote, &words[1..]),
        Some('#') if markdown => {
            let rest = words.trim_start_matches('#');
            let level = words.len() - rest.len();
            if level > 6 || !rest.starts_with(is_space) {
                return (Marker::Plain, words);
            }
            (Marker::Heading, rest)
        }
        Some(c @ ('•' | '‣' | '◦' | '▪' | '●' | '·')) => (Marker::Bullet, &words[c.len_utf8()..]),
        Some('-' | '*' | '+') if words[1..].starts_with(is_space) => (Marker::Bullet, &words[1..]),
        _ => return (Marker::Plain, words),
    };
    (marker, rest.trim_start_matches(is_space))
}

/// Where the text behind a YAML front matter begins; 0 without one. Front matter belongs to the
/// page's maker and is no passage.
fn front_matter(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else { return 0 };
    let mut at = text.len() - rest.len();
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if matches!(line.trim_end(), "---" | "...") {
            return at;
        }
        if !line.contains(':') && !line.starts_with([' ', '-', '\t']) {
            return 0;
        }
    }
    0
}
