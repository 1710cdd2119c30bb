//! The columns of a document as paragraphs are read in them: edges, line pitch, and the lines in order.

use super::columns::{Block, Line};
use super::letters::is_rtl;
use super::rows::Word;

/// A line on its way into a paragraph.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    /// The line. Lines written from right to left are mirrored, with their words in reading order.
    pub(super) line: Line,
    /// The index of its page.
    pub(super) page: usize,
    /// The index of its column in the document.
    pub(super) column: usize,
    /// Its index in the column.
    pub(super) at: usize,
    /// Larger than the text, as headings are.
    pub(super) is_large: bool,
    /// Bold throughout, in a document that is not.
    pub(super) is_bold: bool,
}

/// A column of one page.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    /// The left edge of its lines, without indents.
    pub(super) left: f32,
    /// The right edge of full lines.
    pub(super) right: f32,
    /// The distance of its lines.
    pub(super) pitch: f32,
    /// Its lines end at the right edge.
    pub(super) is_justified: bool,
    /// First lines are at the edge, and the others are set in, as in bibliographies.
    pub(super) hangs: bool,
    /// The number of its lines.
    lines: usize,
}

/// The lines and columns of a document with text of size `body`.
pub(super) fn flows(pages: Vec<Vec<Block>>, body: f32) -> (Vec<Flow>, Vec<Column>) {
    let mut flows: Vec<Flow> = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    for (page, blocks) in pages.into_iter().enumerate() {
        for block in blocks {
            let lines: Vec<Line> = block.lines.into_iter().map(mirrored).collect();
            columns.push(Column::of(&lines, body));
            let column = columns.len() - 1;
            flows.extend(lines.into_iter().enumerate().map(|(at, line)| {
                let letters = |bold: bool| {
                    let words = line.words.iter().filter(|word| word.style.bold == bold);
                    words.map(|word| word.text.len()).sum::<usize>()
                };
                let is_bold = letters(true) > 9 * letters(false);
                Flow { is_large: line.size > 1.12 * body, is_bold, line, page, column, at }
            }));
        }
    }
    let bold = flows.iter().filter(|flow| flow.is_bold).count();
    if bold * 2 > flows.len() {
        flows.iter_mut().for_each(|flow| flow.is_bold = false);
    }
    widen(&mut columns);
    (flows, columns)
}

/// A line written from right to left, as if it ran from left to right; other lines unchanged.
fn mirrored(mut line: Line) -> Line {
    let count = |of: fn(char) -> bool| {
        line.words.iter().flat_map(|word| word.text.chars()).filter(|c| of(*c)).count()
    };
    let right = count(is_rtl);
    if right == 0 || right < count(|c| c.is_alphabetic() && !is_rtl(c)) {
        return line;
    }
    for word in &mut line.words {
        word.x = (-word.x.1, -word.x.0);
    }
    line.words.reverse();
    // What is glued to the word on its left is glued to the one that follows it now.
    let glued: Vec<bool> = line.words.iter().map(|word| word.glued).collect();
    for (at, word) in line.words.iter_mut().enumerate() {
        word.glued = at > 0 && glued[at - 1];
    }
    line.x = (-line.x.1, -line.x.0);
    // Words of other scripts run from left to right among themselves.
    let is_left =
        |word: &Word| word.text.chars().any(|c| c.is_alphabetic()) && !word.text.chars().any(is_rtl);
    let mut at = 0;
    while at < line.words.len() {
        let end = (at..line.words.len()).find(|&at| !is_left(&line.words[at])).unwrap_or(line.words.len());
        let texts: Vec<String> = line.words[at..end].iter().rev().map(|word| word.text.clone()).collect();
        for (word, text) in line.words[at..end].iter_mut().zip(texts) {
            word.text = text;
        }
        at = end + 1;
    }
    line
}

impl Column {
    fn of(lines: &[Line], body: f32) -> Self {
        let main: Vec<&Line> = lines.iter().filter(|line| line.size < 1.12 * body).collect();
        let main = if main.is_empty() { lines.iter().collect() } else { main };
        let mut rights: Vec<f32> = main.iter().map(|line| line.x.1).collect();
        rights.sort_by(|a, b| b.total_cmp(a));
        let size = main.first().map_or(body, |line| line.size);
        // The edge at which many lines end, else where the longest do. Single lines may stick out.
        let ending = |right: f32| rights.iter().filter(|other| (**other - right).abs() < 0.12 * size).count();
        let shared = rights.iter().copied().max_by_key(|right| ending(*right)).unwrap_or(0.0);
        let is_justified = ending(shared) * 3 > main.len() && main.len() > 2;
        let longest = rights.get(rights.len() / 12).copied().unwrap_or(0.0);
        let right = if is_justified { shared } else { longest };
        let mut lefts: Vec<f32> = main.iter().map(|line| line.x.0).collect();
        lefts.sort_by(f32::total_cmp);
        // The leftmost edge that a good part of the lines share.
        let share = (lefts.len() / 5).max(2);
        let left = lefts
            .iter()
            .copied()
            .find(|left| lefts.iter().filter(|other| (**other - left).abs() < 1.5).count() >= share)
            .or(lefts.first().copied())
            .unwrap_or(0.0);
        let mut gaps: Vec<f32> = lines
            .windows(2)
            .filter(|pair| (pair[0].size - pair[1].size).abs() < 0.6 && pair[0].size < 1.12 * body)
            .map(|pair| pair[1].y - pair[0].y)
            .filter(|gap| *gap > 0.5 * body && *gap < 4.0 * body)
            .collect();
        gaps.sort_by(f32::total_cmp);
        // Gaps between paragraphs are wider; the lower third is within them.
        let pitch = gaps.get(gaps.len() / 3).copied().unwrap_or(1.25 * body);
        let mut column = Self { left, right, pitch, is_justified, hangs: false, lines: main.len() };
        column.hangs = column.is_hanging(&main);
        column
    }

    fn is_hanging(&self, lines: &[&Line]) -> bool {
        let (mut hanging, mut normal) = (0, 0);
        for pair in lines.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let indent = b.x.0 - self.left;
            let short = self.right - a.x.1 > 3.0 * a.size;
            let is_in = indent > 0.6 * b.size && indent < 6.0 * b.size;
            match (short, is_in) {
                (false, true) if (a.x.0 - self.left).abs() < 0.5 * a.size => hanging += 1,
                (true, true) => normal += 1,
                _ => {}
            }
        }
        hanging >= 3 && hanging > 3 * normal
    }
}

/// Gives columns with few lines the edges of a longer one that they fit in.
fn widen(columns: &mut [Column]) {
    const FEW: usize = 7;
    let known: Vec<Column> = columns.iter().filter(|column| column.lines >= FEW).cloned().collect();
    for column in columns.iter_mut().filter(|column| column.lines < FEW) {
        let slack = |other: &&Column| (column.left - other.left) + (other.right - column.right);
        let fits = known.iter().filter(|other| {
            other.left < column.left + 3.0
                && other.right > column.right - 3.0
                && column.left - other.left < 40.0
        });
        if let Some(best) = fits.min_by(|a, b| slack(a).total_cmp(&slack(b))) {
            column.left = best.left;
            column.right = best.right;
            column.is_justified |= best.is_justified;
            if column.lines < 3 {
                column.pitch = best.pitch;
            }
        }
    }
}
