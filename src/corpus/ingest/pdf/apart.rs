//! What is apart from the running text: footnotes, captions and tables.

use std::sync::LazyLock;

use regex::Regex;

use super::blocks::{Column, Flow};
use super::columns::Line;
use super::sheet::Rule;

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The running text.
    Body,
    /// The notes at the foot of a page.
    Note,
    /// The text below a figure or above a table.
    Caption,
    /// A row of a table.
    Table,
}

/// The kind of each of `lines`.
pub(super) fn kinds(lines: &[Flow], columns: &[Column], pages: &[Page], body: f32) -> Vec<Kind> {
    let mut kinds = vec![Kind::Body; lines.len()];
    let mut from = 0;
    while from < lines.len() {
        let to =
            (from..lines.len()).find(|&at| lines[at].column != lines[from].column).unwrap_or(lines.len());
        let column = &columns[lines[from].column];
        let page = &pages[lines[from].page];
        if let Some(notes) = notes(&lines[from..to], column, page, body) {
            kinds[from + notes..to].fill(Kind::Note);
        }
        tables(&lines[from..to], &mut kinds[from..to]);
        captions(&lines[from..to], column, body, &mut kinds[from..to]);
        from = to;
    }
    kinds
}

/// What is known of a page besides its lines.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// Its height.
    pub(super) height: f32,
    /// Its horizontal lines.
    pub(super) rules: Vec<Rule>,
}

/// Where the footnotes of a column begin.
fn notes(lines: &[Flow], column: &Column, page: &Page, body: f32) -> Option<usize> {
    /// Notes are at least this much smaller than the text.
    const SMALL: f32 = 0.94;
    let line = |at: usize| &lines[at].line;
    let small = lines.iter().rposition(|flow| flow.line.size >= SMALL * body).map_or(0, |at| at + 1);
    let ruled = |at: usize, any: bool| {
        let top = if at == 0 { line(0).y - 4.0 * body } else { line(at - 1).y - 0.2 * body };
        page.rules.iter().any(|rule| {
            let width = rule.x1 - rule.x0;
            rule.y > top
                && rule.y < line(at).y - 0.3 * line(at).size
                && (rule.x0 - column.left).abs() < 8.0
                && (any || width < 0.7 * (column.right - column.left))
        })
    };
    let is_low = |at: usize| line(at).y > 0.35 * page.height;
    if small < lines.len() {
        if is_low(small) && (mark(line(small)).is_some() || ruled(small, true)) {
            return Some(small);
        }
        let begins = |at: &usize| {
            let at = *at;
            let apart = at > small && line(at).y - line(at - 1).y > 1.4 * line(at).size;
            is_low(at) && mark(line(at)).is_some() && (apart || ruled(at, true))
        };
        return (small + 1..lines.len()).find(begins);
    }
    (1..lines.len()).find(|&at| is_low(at) && ruled(at, false) && mark(line(at)).is_some())
}

/// The mark of the note that `line` begins.
pub(super) fn mark(line: &Line) -> Option<&str> {
    let first = line.words.first().filter(|_| line.words.len() > 1)?;
    let core = first.text.trim_start_matches(['[', '(']).trim_end_matches([']', ')', '.', ':']);
    let is_number = core.len() <= 3 && !core.is_empty() && core.bytes().all(|b| b.is_ascii_digit());
    let is_symbol =
        core.chars().count() <= 3 && !core.is_empty() && core.chars().all(|c| "*†‡§¶∗#".contains(c));
    let is_letter = first.raised && core.chars().count() == 1 && core.chars().all(|c| c.is_ascii_lowercase());
    let is_roman = first.raised && super::numbers::number(core).is_some();
    (is_number || is_symbol || is_letter || is_roman).then_some(core)
}

/// Marks captions: a line that begins with “Figure 3” and the lines that go on with it.
fn captions(lines: &[Flow], column: &Column, body: f32, kinds: &mut [Kind]) {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| {
        let words = "fig(?:ure|s)?|tab(?:le|elle|leau|la|ela)?|abb(?:ildung)?|figura|abbildung|grafik|chart|map|plate|photo|graph|\
            exhibit|box|illustration|рис(?:унок)?|таблица|табл|schaubild|图|表|図";
        Regex::new(&format!(r"(?i)^(?:{words})\.?\s*[0-9IVX]+(?:[.-][0-9]+)*\s?[:.–—|]")).expect("a pattern")
    });
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at].line;
        let apart = at == 0 || {
            let before = &lines[at - 1].line;
            kinds[at - 1] != Kind::Body
                || line.y - before.y > 1.28 * column.pitch
                || (before.size - line.size).abs() > 0.04 * body
        };
        if kinds[at] != Kind::Body || !apart || line.size > 1.05 * body || !BEGIN.is_match(&line.text()) {
            at += 1;
            continue;
        }
        kinds[at] = Kind::Caption;
        at += 1;
        while at < lines.len() && kinds[at] == Kind::Body {
            let (before, line) = (&lines[at - 1].line, &lines[at].line);
            let same = (before.size - line.size).abs() < 0.04 * body
                && lines[at].is_bold == lines[at - 1].is_bold
                || before.size < 0.94 * body && line.size < 0.94 * body;
            let full = column.right - before.x.1 < 6.0 * before.size;
            if !same
                || line.y - before.y > 1.35 * line.size.max(column.pitch * 0.9)
                || line.size > 0.96 * body && !full
            {
                break;
            }
            kinds[at] = Kind::Caption;
            at += 1;
        }
    }
}

/// The stretches of a row of a table.
pub(super) fn cells(line: &Line) -> Vec<std::ops::Range<usize>> {
    /// Cells are this far apart, in parts of the font size.
    const GAP: f32 = 1.6;
    /// In a line stretched to the width of its column, all gaps are wide.
    const MORE: f32 = 2.2;
    let mut gaps: Vec<f32> = line.words.windows(2).map(|pair| pair[1].x.0 - pair[0].x.1).collect();
    gaps.sort_by(f32::total_cmp);
    let least = gaps.get(gaps.len() / 2).filter(|_| gaps.len() > 3).map_or(0.0, |middle| MORE * middle);
    let gap = (GAP * line.size).max(least);
    let mut cells: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, word) in line.words.iter().enumerate() {
        match cells.last_mut() {
            Some(cell) if word.x.0 - line.words[at - 1].x.1 < gap => cell.end = at + 1,
            _ => cells.push(at..at + 1),
        }
    }
    cells
}

/// Returns true if dots lead from words to a page number, as in a table of contents.
pub(super) fn is_leader(word: &str) -> bool {
    word.chars().count() >= 3 && word.chars().all(|c| matches!(c, '.' | '…' | '·' | '_'))
}

fn leads(line: &Line) -> bool {
    let dots = line.words.iter().filter(|word| word.text == "." || word.text == "·").count();
    let ends = line.words.last().is_some_and(|word| super::numbers::number(&word.text).is_some());
    ends && (dots >= 4 || line.words.iter().any(|word| is_leader(&word.text) || word.text.ends_with("....")))
}

/// Marks the rows of tables: lines with the same gaps.
fn tables(lines: &[Flow], kinds: &mut [Kind]) {
    const LEAST: usize = 3;
    let starts: Vec<Vec<(f32, f32)>> = lines
        .iter()
        .map(|flow| {
            let cells = cells(&flow.line).into_iter().skip(1);
            cells
                .map(|cell| {
                    let words = &flow.line.words[cell];
                    let is_number = words.iter().all(|word| word.text.chars().any(char::is_numeric));
                    // Text begins at the same place in every row; numbers may end there instead.
                    (words[0].x.0, if is_number { words[words.len() - 1].x.1 } else { f32::NAN })
                })
                .collect()
        })
        .collect();
    let aligned = |a: usize, b: usize| {
        starts[a].iter().any(|one| {
            starts[b].iter().any(|other| (one.0 - other.0).abs() < 3.0 || (one.1 - other.1).abs() < 3.0)
        })
    };
    let mut from = 0;
    while from < lines.len() {
        let mut to = from + 1;
        while to < lines.len() && aligned(to - 1, to) {
            to += 1;
        }
        if to - from >= LEAST {
            for kind in kinds[from..to].iter_mut().filter(|kind| **kind == Kind::Body) {
                *kind = Kind::Table;
            }
        }
        from = to;
    }
    for (flow, kind) in lines.iter().zip(kinds) {
        if *kind == Kind::Body && leads(&flow.line) {
            *kind = Kind::Table;
        }
    }
}
