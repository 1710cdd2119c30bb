//! Lines to paragraphs, headings, notes, captions and tables.

use super::blocks::{Column, Flow};
use super::columns::Line;
use super::joins::{self, Vocabulary};

/// Lines that belong together.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The lines, in order.
    pub(super) lines: Vec<Flow>,
    /// Each line is one of the writer's, as in verse.
    pub(super) is_verse: bool,
}

/// Groups the lines of the body to paragraphs, over the ends of columns and pages.
pub(super) fn group(lines: Vec<Flow>, columns: &[Column]) -> Vec<Group> {
    let indents = uses_indents(&lines, columns);
    let mut groups: Vec<Group> = Vec::new();
    let mut before: Option<Flow> = None;
    let mut earlier: Option<Flow> = None;
    for flow in lines {
        let begins = match &before {
            None => true,
            Some(last) if last.column == flow.column && last.at + 1 == flow.at => {
                begins(earlier.as_ref(), last, &flow, &columns[flow.column])
            }
            Some(last) => !continues(last, &flow, columns, indents),
        };
        if begins {
            groups.push(Group::default());
        }
        earlier = before.take().filter(|_| !begins);
        before = Some(flow.clone());
        if let Some(open) = groups.last_mut() {
            open.lines.push(flow);
        }
    }
    verses(groups, columns)
}

/// How far a line may be from an edge and still be at it, in parts of the font size.
const AT_EDGE: f32 = 0.45;
/// The least indent of a first line.
const INDENT: f32 = 0.6;

/// Returns true if `line` begins a new paragraph after `last`, the line above it.
fn begins(earlier: Option<&Flow>, last: &Flow, line: &Flow, column: &Column) -> bool {
    /// Lines of a paragraph are this much farther from each other than usual at most.
    const AIR: f32 = 1.28;
    let (a, b) = (&last.line, &line.line);
    let size = b.size.max(1.0);
    let gap = b.y - a.y;
    let ratio = a.size.max(0.1) / size;
    let same_size = (0.92..1.09).contains(&ratio);
    let large = last.is_large && line.is_large;
    if large {
        return !same_size || gap > 1.75 * size || last.is_bold != line.is_bold;
    }
    if !same_size || last.is_large != line.is_large {
        return true;
    }
    if gap > AIR * column.pitch.max(0.9 * size) {
        return true;
    }
    if last.is_bold != line.is_bold
        && (is_short(a, b, column) || line.is_bold && !last.is_bold && b.words.len() < 12)
    {
        return true;
    }
    if is_item(b)
        && b.x.0 <= a.x.0 + AT_EDGE * size
        && (is_short(a, b, column) || starts_item(last, column) || ends_sentence(&a.text()))
    {
        return true;
    }
    let indent = b.x.0 - a.x.0;
    if indent > INDENT * size {
        // The text of an item is set in from its number.
        let hangs = is_item(a) && a.words.get(1).is_some_and(|word| (word.x.0 - b.x.0).abs() < 0.8 * size);
        let is_first = earlier.is_none();
        if hangs || column.hangs && is_first && !is_short(a, b, column) {
            return false;
        }
        return true;
    }
    if -indent > INDENT * size {
        // Out again: after a first line that is set in, the paragraph goes on.
        let after_first = earlier.is_none();
        if !after_first && !column.hangs {
            return true;
        }
        if column.hangs && !after_first {
            return true;
        }
    }
    is_short(a, b, column)
}

/// Returns true if the first word of `next` would have had a place at the end of `line`.
fn is_short(line: &Line, next: &Line, column: &Column) -> bool {
    let Some(first) = next.words.first() else { return false };
    // A word is broken at the end.
    let is_broken = line
        .words
        .last()
        .is_some_and(|word| word.text.len() > 1 && word.text.ends_with(['-', '\u{2010}', '\u{ad}']));
    if is_broken && first.text.starts_with(char::is_lowercase) {
        return false;
    }
    let size = line.size.max(1.0);
    let slack = column.right - line.x.1;
    // Words with hyphens and slashes may be broken at them.
    let width = first.x.1 - first.x.0;
    slack > width + 0.3 * size + if column.is_justified { 0.0 } else { 0.35 * size } && slack > 0.9 * size
}

fn starts_item(last: &Flow, _: &Column) -> bool {
    is_item(&last.line)
}

/// Returns true if `line` begins like an item of a list, or a numbered paragraph.
pub(super) fn is_item(line: &Line) -> bool {
    let Some(first) = line.words.first().filter(|_| line.words.len() > 1) else { return false };
    is_bullet(&first.text) || is_numbering(&first.text)
}

pub(super) fn is_bullet(word: &str) -> bool {
    matches!(
        word,
        "•" | "◦"
            | "▪"
            | "■"
            | "●"
            | "○"
            | "‣"
            | "⁃"
            | "–"
            | "—"
            | "-"
            | "*"
            | "·"
            | "∙"
            | "\u{f0b7}"
            | "\u{f0a7}"
            | ""
            | "⋄"
            | "►"
    )
}

/// `1.`, `(a)`, `iv)`, `[12]`, `§`.
fn is_numbering(word: &str) -> bool {
    let core = word.trim_start_matches(['(', '[']);
    let end = core.trim_end_matches(['.', ')', ']']);
    if end.len() == core.len() || end.is_empty() {
        return false;
    }
    let is_number = end.len() <= 7 && end.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_letter = end.chars().count() == 1 && end.chars().all(char::is_lowercase);
    let is_roman = super::numbers::number(&end.to_lowercase()).is_some() && end.len() <= 5;
    is_number || is_letter || is_roman
}

/// Returns true if `text` ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']' | '“' | '」' | '』' | '）') || c.is_ascii_digit()
    });
    text.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '؟', '।', '։', '۔'])
}

/// Returns true if paragraphs of the document begin with an indent.
fn uses_indents(lines: &[Flow], columns: &[Column]) -> bool {
    let (mut set_in, mut flush) = (0, 0);
    for pair in lines.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.column != b.column || a.at + 1 != b.at || a.is_large || b.is_large {
            continue;
        }
        let column = &columns[b.column];
        if is_short(&a.line, &b.line, column) && ends_sentence(&a.line.text()) {
            let indent = b.line.x.0 - column.left;
            if indent > INDENT * b.line.size && indent < 6.0 * b.line.size {
                set_in += 1;
            } else if indent.abs() < AT_EDGE * b.line.size {
                flush += 1;
            }
        }
    }
    set_in > 0 && set_in * 2 >= flush
}

/// Returns true if the paragraph of `last` goes on with `line`, which is in another column or on another page, or
/// after a table or picture.
fn continues(last: &Flow, line: &Flow, columns: &[Column], indents: bool) -> bool {
    let (a, b) = (&last.line, &line.line);
    let ratio = a.size.max(0.1) / b.size.max(0.1);
    if !(0.94..1.07).contains(&ratio) || last.is_large || line.is_large || last.is_bold != line.is_bold {
        return false;
    }
    let text = a.text();
    let first = b.words.first().and_then(|word| word.text.chars().find(|c| c.is_alphanumeric()));
    let lower = first.is_some_and(char::is_lowercase);
    let ends = ends_sentence(&text);
    if is_item(b) && !lower && (ends || is_short(a, b, &columns[last.column])) {
        return false;
    }
    if text.ends_with(['-', '\u{ad}', '\u{2010}']) || lower && !ends {
        return true;
    }
    let (from, to) = (&columns[last.column], &columns[line.column]);
    if is_short(a, b, from) {
        return false;
    }
    let indent = b.x.0 - to.left;
    if indent > INDENT * b.size && indents {
        return false;
    }
    !ends || indents || lower
}

/// Joins lines that are the writer's own, such as those of verse.
fn verses(groups: Vec<Group>, columns: &[Column]) -> Vec<Group> {
    const LEAST: usize = 3;
    let is_line = |group: &Group| {
        let [flow] = group.lines.as_slice() else { return false };
        let column = &columns[flow.column];
        let fill = (flow.line.x.1 - column.left) / (column.right - column.left).max(1.0);
        !flow.is_large && !flow.is_bold && !is_item(&flow.line) && fill < 0.85 && flow.line.words.len() > 1
    };
    let mut out: Vec<Group> = Vec::with_capacity(groups.len());
    let mut run: Vec<Group> = Vec::new();
    let flush = |run: &mut Vec<Group>, out: &mut Vec<Group>| {
        let open = run.iter().filter(|group| !ends_sentence(&group.lines[0].line.text())).count();
        if run.len() >= LEAST && open * 2 >= run.len() {
            let lines = run.drain(..).flat_map(|group| group.lines).collect();
            out.push(Group { lines, is_verse: true });
        } else {
            out.append(run);
        }
    };
    for group in groups {
        let follows = run.last().and_then(|last| last.lines.last()).is_some_and(|last| {
            let next = &group.lines[0];
            let column = &columns[next.column];
            last.column == next.column
                && last.at + 1 == next.at
                && next.line.y - last.line.y < 1.28 * column.pitch.max(0.9 * next.line.size)
                && (last.line.size - next.line.size).abs() < 0.6
        });
        if !is_line(&group) || !(run.is_empty() || follows) {
            flush(&mut run, &mut out);
        }
        if is_line(&group) {
            run.push(group);
        } else {
            out.push(group);
        }
    }
    flush(&mut run, &mut out);
    out
}

/// The words of `lines` as running text, and where pages begin in it.
pub(super) fn words(group: &Group, vocabulary: &Vocabulary) -> (String, Vec<(usize, usize)>) {
    let mut text = String::new();
    let mut breaks = Vec::new();
    let mut page = group.lines.first().map(|flow| flow.page);
    for flow in &group.lines {
        let start = if group.is_verse {
            let mut line = String::new();
            joins::append(&mut line, &flow.line, vocabulary);
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
            text.len() - line.len()
        } else {
            joins::append(&mut text, &flow.line, vocabulary)
        };
        if page != Some(flow.page) {
            page = Some(flow.page);
            breaks.push((start, flow.page));
        }
    }
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{ad}').len();
    text.truncate(end);
    breaks.retain(|(at, _)| *at < end);
    (text, breaks)
}
