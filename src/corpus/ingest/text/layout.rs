//! The layout of a text: its lines, and which of them form one paragraph. Looks at whitespace, markers and
//! line lengths only, never at what a paragraph says.

use super::block::{Block, Line, Marker};
use super::label::{Dress, is_item, label};
use super::lines::{HEADING_WORDS, ends_sentence, is_prose_end, is_space};
use super::pages::{self, runs_on};
use crate::corpus::ingest::front;
use crate::text::Span;

/// Longest line that may come from hard wrapping, which is customarily done at 72 to 100 columns. In the five
/// seeds, which are not wrapped, half of all characters are in lines of more than 400.
const WRAP_COLUMNS: usize = 120;

/// Shorter lines are not evidence of wrapping whatever follows, since word lists have them. Newspaper columns
/// have 35 characters or more.
const WRAP_MIN_COLUMNS: usize = 35;

/// Minimum percentage of lines with a neighbour below that continue there in lower case, for a text to count
/// as wrapped. Wrapped prose has 55 % (German) to 85 %; pages with one paragraph per line have under 5 %,
/// even lists of definitions.
const WRAPPED_PERCENT: usize = 25;

/// The same within one run of lines, in a text that is not wrapped elsewhere; requires at least two lines.
const WRAPPED_RUN_PERCENT: usize = 50;

/// Lines shorter than this percentage of the usual width were ended by the writer, not by wrapping. Low,
/// because proportional type in PDFs gives uneven counts.
const SHORT_LINE_PERCENT: usize = 60;

/// The same for scripts without lower case, where it is the only evidence of wrapping.
const FULL_LINE_PERCENT: usize = 80;

/// From this many lines on that certainly continue, the shortest of them shows how far the wrapper fills a
/// line.
const SURE_LINES: usize = 10;

/// A first line indented this much further than the line above begins a new paragraph.
const INDENT_STEP: usize = 2;

/// A text was torn by OCR if at least this many blank lines, and this percentage of all, interrupt a
/// sentence. In press releases read by OCR it is 20 to 60 %.
const TORN: usize = 3;
const TORN_PERCENT: usize = 10;

/// In a short text, this many are enough if they are this percentage of all. Only blocks that begin with a capital
/// go on there: the items of a list may all be written small.
const TORN_SHORT: usize = 2;
const TORN_SHORT_PERCENT: usize = 35;

/// If this percentage of paragraphs begin in lower case, the writer uses no capitals; in pages read by OCR it
/// is at most 60 %.
const SMALL_PERCENT: usize = 80;

/// Fewest lines in a verse, and the longest line in characters.
const VERSE_LINES: usize = 3;
const VERSE_COLUMNS: usize = 60;

/// Splits `text` into paragraphs.
pub(super) fn blocks(text: &str, markdown: bool) -> Vec<Block<'_>> {
    let lines = lines(text, markdown);
    let wrapping = Wrapping::of(&lines);
    let of_page = pages::of_page(&lines);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut items = Items::default();
    // The first line of the block.
    let mut first = 0;
    for (at, line) in lines.iter().enumerate() {
        let end = line.start + line.words.len();
        let item = items.begin(&lines, at);
        let beside_the_page = of_page[at] || at.checked_sub(1).is_some_and(|above| of_page[above]);
        if let Some(block) = blocks.last_mut().filter(|_| at > 0 && !beside_the_page && !item)
            && (wrapping.joins(&lines, first, at, markdown) || wrapping.is_torn(&lines, block, at))
        {
            let start = block.span().start;
            block.pieces = vec![Span::new(start, end)];
            block.words = &text[start..end];
            block.indent = block.indent.min(line.indent);
            continue;
        }
        first = at;
        blocks.push(Block {
            pieces: vec![Span::new(line.start, end)],
            words: line.words,
            marker: line.marker,
            indent: line.indent,
            gap: line.gap,
            of_page: of_page[at],
        });
    }
    blocks
}

/// List items, recognized by their numbers and letters. Even the first is its own paragraph, although no
/// blank line separates it from the words that introduce it.
#[derive(Default)]
struct Items {
    /// The number of the last item.
    last: Option<(Dress, u32)>,
    /// The letter of the last sub-item.
    letter: Option<u8>,
}

impl Items {
    /// Whether line `at` begins an item, rather than being prose that happens to begin with a number.
    fn begin(&mut self, lines: &[Line<'_>], at: usize) -> bool {
        let line = &lines[at];
        if line.marker != Marker::Plain {
            return false;
        }
        let ended = at == 0 || line.gap > 0 || is_prose_end(lines[at - 1].words);
        let Some(label) = label(line.words).filter(|label| label.dress != Dress::Bare) else {
            let letter = letter(line.words);
            let follows = |letter: u8| {
                let next = self.letter.is_some_and(|last| letter == last + 1);
                // `ii)` after `i)`, `v)` after `iv)`: roman numerals are recognized by their letters alone.
                next || matches!(letter, b'a' | b'i' | b'v' | b'x')
            };
            let begins = ended && letter.is_some_and(follows);
            if begins || line.gap > 0 {
                self.letter = letter;
            }
            return begins;
        };
        let own = Some((label.dress, label.number));
        let follows = self.last.is_some_and(|(dress, number)| own == Some((dress, number + 1)));
        let begins = follows || (ended && label.number == 1);
        if begins || line.gap > 0 {
            self.last = own;
        }
        begins && ended
    }
}

/// The letter of the item at the start of `words`, in lower case; the first letter of a roman numeral.
fn letter(words: &str) -> Option<u8> {
    let letter = words.bytes().find(u8::is_ascii_alphabetic)?;
    is_item(words).then_some(letter.to_ascii_lowercase())
}

/// Where lines were wrapped to a width, so that a paragraph is a run of them. One file may contain both: page
/// furniture line by line around a wrapped text.
struct Wrapping {
    /// For each line, whether its run of lines was wrapped.
    wrapped: Vec<bool>,
    /// For each line, whether its run of lines is a verse.
    verse: Vec<bool>,
    /// A line with fewer characters than this, including the first word of the next, was ended by its writer.
    full: usize,
    /// Whether blank lines interrupt sentences, as they do after OCR.
    torn: bool,
    /// Whether a short text is torn like that; see [`TORN_SHORT`].
    torn_short: bool,
    /// Whether nothing begins with a capital, so that a lower-case letter does not show a continuation.
    small: bool,
}

impl Wrapping {
    fn of(lines: &[Line<'_>]) -> Self {
        let mut wrapping = Self {
            wrapped: vec![false; lines.len()],
            verse: vec![false; lines.len()],
            full: 0,
            torn: false,
            torn_short: false,
            small: false,
        };
        // Half of all characters rather than lines, because headings, captions and list items are many and
        // short.
        let total: usize = lines.iter().map(|line| line.chars).sum();
        let long: usize = lines.iter().map(|line| line.chars).filter(|&chars| chars > WRAP_COLUMNS).sum();
        let sure: Vec<bool> = (0..lines.len()).map(|at| at > 0 && surely_goes_on(lines, at)).collect();
        // Items are separate paragraphs, and indented lines are set out, whether wrapped or not.
        let alike = |at: &usize| {
            let (above, line) = (&lines[at - 1], &lines[*at]);
            let item =
                is_item(line.words) || label(line.words).is_some_and(|label| label.dress != Dress::Bare);
            are_neighbours(above, line) && !item && line.indent < above.indent + INDENT_STEP
        };
        let pairs = (1..lines.len()).filter(alike).count();
        let known = sure.iter().filter(|sure| **sure).count();
        let everywhere = long * 2 <= total && known > 0 && known * 100 >= pairs * WRAPPED_PERCENT;
        let mut start = 0;
        for end in 1..=lines.len() {
            if end < lines.len() && lines[end].gap == 0 {
                continue;
            }
            let run = &lines[start..end];
            let known = sure[start..end].iter().skip(1).filter(|sure| **sure).count();
            let here = known >= 2
                && known * 100 >= (run.len() - 1) * WRAPPED_RUN_PERCENT
                && run.iter().all(|line| line.chars <= WRAP_COLUMNS);
            wrapping.wrapped[start..end].fill(everywhere || here);
            wrapping.verse[start..end].fill(run.len() < lines.len() && is_verse(run));
            start = end;
        }
        let mut lengths: Vec<usize> = lines
            .iter()
            .zip(&wrapping.wrapped)
            .filter(|(line, wrapped)| **wrapped && line.chars <= WRAP_COLUMNS)
            .map(|(line, _)| line.chars)
            .collect();
        lengths.sort_unstable();
        // The length that nine in ten lines do not exceed.
        let width = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0);
        let mut filled: Vec<usize> = (1..lines.len())
            .filter(|&at| sure[at] && wrapping.wrapped[at])
            .map(|at| filled(&lines[at - 1], &lines[at]))
            .collect();
        filled.sort_unstable();
        let shortest = if filled.len() >= SURE_LINES { filled.get(filled.len() / 50).copied() } else { None };
        let gaps = (1..lines.len()).filter(|&at| lines[at].gap > 0);
        let torn = gaps.clone().filter(|&at| {
            let above = &lines[at - 1];
            runs_on(above, &lines[at]) && ends_within(above.words) && above.chars >= WRAP_MIN_COLUMNS
        });
        let torn = torn.count();
        let begins = gaps.clone().filter_map(|at| lines[at].words.chars().find(|c| c.is_alphabetic()));
        let (small, all) =
            begins.fold((0, 0), |(small, all), c| (small + usize::from(c.is_lowercase()), all + 1));
        wrapping.small = small * 100 > all * SMALL_PERCENT;
        let gaps = gaps.count();
        wrapping.torn = torn >= TORN && torn * 100 >= gaps * TORN_PERCENT;
        wrapping.torn_short = torn >= TORN_SHORT && torn * 100 >= gaps * TORN_SHORT_PERCENT;
        wrapping.full = (width * SHORT_LINE_PERCENT / 100).max(shortest.unwrap_or(0));
        wrapping
    }

    /// Whether line `at`, below a blank line, continues the sentence that `block` leaves open.
    fn is_torn(&self, lines: &[Line<'_>], block: &Block<'_>, at: usize) -> bool {
        /// A line of fewer words may be a heading, which has no final punctuation either.
        const WORDS: usize = HEADING_WORDS + 1;
        let (above, line) = (&lines[at - 1], &lines[at]);
        let parted = is_parted(above, line);
        let begins = || !block.words.starts_with(|c: char| c.is_lowercase());
        let short =
            || self.torn_short && above.chars >= WRAP_MIN_COLUMNS && ends_within(above.words) && begins();
        let sure = line.feed || self.torn || parted || short();
        line.gap > 0
            && (line.feed || parted || !self.small)
            && block.marker == Marker::Plain
            && !self.verse[at - 1]
            && !self.verse[at]
            && (parted || runs_on(above, line))
            && (sure || (ends_within(above.words) && block.words.split_whitespace().nth(WORDS - 1).is_some()))
    }

    /// Whether line `at` continues the paragraph of the line above, which began with line `first`.
    fn joins(&self, lines: &[Line<'_>], first: usize, at: usize, markdown: bool) -> bool {
        let (above, line) = (&lines[at - 1], &lines[at]);
        if line.gap > 0 || above.marker == Marker::Heading {
            return false;
        }
        match line.marker {
            Marker::Bullet | Marker::Heading => return false,
            // Quotations are often wrapped even if paragraphs are not.
            Marker::Quote => {
                return above.marker == Marker::Quote && above.chars <= WRAP_COLUMNS;
            }
            Marker::Plain => {}
        }
        if self.verse[at] {
            return true;
        }
        if begins_with_a_label(line.words) {
            return false;
        }
        if hangs(&lines[first], line) {
            return true;
        }
        if !self.wrapped[at] || above.chars > WRAP_COLUMNS {
            return false;
        }
        if markdown {
            return true;
        }
        if above.marker == Marker::Quote
            || (above.marker == Marker::Plain && line.indent >= above.indent + INDENT_STEP)
        {
            return false;
        }
        let goes_on = surely_goes_on(lines, at) || (runs_on(above, line) && ends_within(above.words));
        above.marker == Marker::Bullet || goes_on || filled(above, line) >= self.full
    }
}

/// Whether `line` is indented as far as the words of the item that begins with line `first`.
fn hangs(first: &Line<'_>, line: &Line<'_>) -> bool {
    /// Tolerance for a hanging indent, in columns.
    const LEEWAY: usize = 1;
    let column = match first.marker {
        Marker::Bullet => first.column,
        Marker::Plain => {
            let rest = label(first.words).map(|label| label.rest).or_else(|| {
                let mark = is_item(first.words).then(|| first.words.split(is_space).next())??;
                Some(first.words[mark.len()..].trim_start_matches(is_space))
            });
            let Some(rest) = rest.filter(|rest| !rest.is_empty()) else { return false };
            first.column + first.words[..first.words.len() - rest.len()].chars().count()
        }
        Marker::Heading | Marker::Quote => return false,
    };
    line.indent > first.indent && line.indent.abs_diff(column) <= LEEWAY
}

/// Returns true if a hyphen ends line `above` within a word and `line` begins with the rest of it.
fn is_parted(above: &Line<'_>, line: &Line<'_>) -> bool {
    let cut = above.words.strip_suffix(['-', '‐', '\u{ad}']);
    let plain = above.marker == Marker::Plain && line.marker == Marker::Plain;
    plain
        && cut.is_some_and(|cut| cut.ends_with(char::is_lowercase))
        && line.words.starts_with(char::is_lowercase)
        && !is_item(line.words)
        && label(line.words).is_none()
}

/// Whether `words` end in mid-sentence: after a word, or within one.
fn ends_within(words: &str) -> bool {
    words.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '‐' | '’' | '\u{ad}'))
}

/// Whether two lines may belong together, judging by blank lines and markers.
fn are_neighbours(above: &Line<'_>, line: &Line<'_>) -> bool {
    line.gap == 0 && line.marker == Marker::Plain && matches!(above.marker, Marker::Plain | Marker::Bullet)
}

/// Whether line `at` certainly continues a sentence that the line above leaves open. In scripts without lower
/// case: whether the line above is open and full.
fn surely_goes_on(lines: &[Line<'_>], at: usize) -> bool {
    let (above, line) = (&lines[at - 1], &lines[at]);
    if !are_neighbours(above, line)
        || above.chars > WRAP_COLUMNS
        || ends_sentence(above.words)
        || line.indent >= above.indent + INDENT_STEP
    {
        return false;
    }
    // “(a)” begins a list item.
    let first = line.words.chars().find(|c| !matches!(c, '“' | '"' | '‘' | '„' | '«' | '\'' | '—' | '–'));
    let near = &lines[at.saturating_sub(NEAR_LINES)..(at + NEAR_LINES).min(lines.len())];
    let width = near.iter().map(|line| line.chars).filter(|&chars| chars <= WRAP_COLUMNS).max().unwrap_or(0);
    let is_full = |percent: usize| above.chars * 100 >= width * percent;
    match first {
        Some(c) if c.is_lowercase() => above.chars >= WRAP_MIN_COLUMNS && is_full(SHORT_LINE_PERCENT),
        Some(c) if c.is_alphabetic() && !c.is_uppercase() => is_full(FULL_LINE_PERCENT),
        _ => false,
    }
}

/// Whether `words` begin with a field of a memorandum or a speaker: `FROM:`, `Q:`.
fn begins_with_a_label(words: &str) -> bool {
    /// Longest label in bytes: `MR. HRONEK:`.
    const LABEL_BYTES: usize = 30;
    let label = words.split_once(':').map_or("", |(label, _)| label);
    label.len() <= LABEL_BYTES
        && label.chars().any(char::is_alphabetic)
        && label.chars().all(|c| c.is_uppercase() || c.is_numeric() || " .-".contains(c))
}

/// How many lines above and below to consider for the usual line length.
const NEAR_LINES: usize = 10;

/// The length that a wrapper would have had to fit into one line.
fn filled(above: &Line<'_>, line: &Line<'_>) -> usize {
    above.chars + 1 + line.words.split(is_space).next().map_or(0, |word| word.chars().count())
}

/// Whether a run of lines between blank ones is a verse: short lines broken for the metre, the last one
/// ending a sentence. List items begin with a marker or end alike. A single sentence that continues through
/// all lines in lower case also counts.
fn is_verse(run: &[Line<'_>]) -> bool {
    let [first, below @ ..] = run else { return false };
    let Some((last, above)) = run.split_last() else { return false };
    let short = |line: &Line<'_>| line.marker == Marker::Plain && line.chars <= VERSE_COLUMNS;
    if !ends_sentence(last.words) || !run.iter().all(short) {
        return false;
    }
    let begins = |line: &Line<'_>| {
        let first = line.words.chars().next().unwrap_or(' ');
        (first.is_alphabetic() && !first.is_lowercase()) || "“\"‘’'«„—".contains(first)
    };
    let open = above.iter().filter(|line| !ends_sentence(line.words)).count();
    let items = above.iter().filter(|line| line.words.ends_with(';')).count();
    let verse = run.len() >= VERSE_LINES && open * 2 >= above.len() && items < 2 && run.iter().all(begins);
    let runs_on = !below.is_empty()
        && begins(first)
        && open == above.len()
        && items == 0
        && below.iter().all(|line| line.words.starts_with(char::is_lowercase));
    verse || runs_on
}

/// The non-blank lines.
fn lines(text: &str, markdown: bool) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let (mut gap, mut feed) = (0, false);
    let mut start = if markdown { front::end(text) } else { 0 };
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
                line.feed = feed;
                (gap, feed) = (0, false);
                lines.push(line);
            }
        }
        // A page break or paragraph separator separates paragraphs like a blank line.
        if matches!(separator, Some('\u{c}' | '\u{2029}')) {
            gap += 1;
            feed |= separator == Some('\u{c}');
        }
        start = next;
    }
    lines
}

enum Reading<'t> {
    Blank,
    /// A rule made of the given character: `---`, `* * *`.
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
    // `- 12 -` is not an item.
    let mark = words.starts_with(['-', '*', '•', '·']) && pages::is_mark(words);
    loop {
        let (found, rest) = strip_marker(words, markdown);
        if mark || found == Marker::Plain || rest.is_empty() {
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
    let column = indent + raw[lead.len()..offset].chars().count();
    let chars = words.chars().count();
    Reading::Line(Line { start: start + offset, words, indent, column, marker, gap: 0, feed: false, chars })
}

/// Removes one marker from the start of `words`, which must be trimmed.
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
        // A bullet as used by typewriters and RFCs.
        Some('o') if words[1..].starts_with("  ") => (Marker::Bullet, &words[1..]),
        _ => return (Marker::Plain, words),
    };
    (marker, rest.trim_start_matches(is_space))
}
