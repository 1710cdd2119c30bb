//! Rows to blocks of lines in reading order: the columns of a page.

use super::letters::is_rtl;
use super::rows::{Row, Word, extent, text};

/// A line of one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its words, from left to right.
    pub(super) words: Vec<Word>,
    /// The height of its baseline on the page.
    pub(super) y: f32,
    /// The font size of most of its letters.
    pub(super) size: f32,
    /// Its left and right edge.
    pub(super) x: (f32, f32),
}

/// Lines below one another, in one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// The lines, from the top.
    pub(super) lines: Vec<Line>,
}

/// Columns within columns: one level for each of them.
const MAX_DEPTH: usize = 6;

/// The blocks of each page, in reading order.
pub(super) fn blocks(pages: Vec<Vec<Row>>) -> Vec<Vec<Block>> {
    /// The gutters of two pages differ by rounding only, in points.
    const SAME: f32 = 6.0;
    let pages: Vec<(Vec<Line>, Option<Gutter>)> = pages
        .into_iter()
        .map(|rows| {
            let lines: Vec<Line> = rows.into_iter().filter_map(|row| Line::of(row.words)).collect();
            let gutter = gutter(&lines);
            (lines, gutter)
        })
        .collect();
    let mut known: Vec<Gutter> = pages.iter().filter_map(|(_, gutter)| *gutter).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    known.dedup_by(|a, b| (a.1 - b.1).abs() < SAME);
    pages
        .into_iter()
        .map(|(lines, gutter)| {
            let gutter = gutter.or_else(|| short_column(&lines, &known));
            let mut blocks = Vec::new();
            order(lines, gutter, MAX_DEPTH, &mut blocks);
            blocks
        })
        .collect()
}

/// The left and right edge of the gap between two columns.
type Gutter = (f32, f32);

/// The gutter of a page with so few lines in its last column that only other pages, with gutters `known`, tell
/// that it is one: that of the last page, most of the time.
fn short_column(lines: &[Line], known: &[Gutter]) -> Option<Gutter> {
    /// The first words of a paragraph are at most so far from the edge of their column, in parts of their size.
    const INDENT: f32 = 3.0;
    /// Lines of text fill a column at least so far; cells of a table do not.
    const FULL: f32 = 0.6;
    let spans: Vec<Vec<(f32, f32)>> = lines.iter().map(Line::spans).collect();
    let left = lines.iter().fold(f32::MAX, |least, line| least.min(line.x.0));
    let right = lines.iter().fold(f32::MIN, |most, line| most.max(line.x.1));
    let fits = |gap: &&Gutter| {
        let middle = f32::midpoint(gap.0, gap.1);
        if spans.iter().flatten().any(|span| span.0 < middle && span.1 > middle) {
            return false;
        }
        let side = |is_left: bool| {
            let of = spans.iter().zip(lines).map(move |(spans, line)| {
                let of = spans.iter().filter(|span| (span.1 <= middle) == is_left);
                (of.fold((f32::MAX, f32::MIN), |x, span| (x.0.min(span.0), x.1.max(span.1))), line.size)
            });
            of.filter(|(x, _)| x.0 < x.1).collect::<Vec<_>>()
        };
        let (before, after) = (side(true), side(false));
        let short_is_left = before.len() < after.len();
        let (long, short) = if short_is_left { (&after, &before) } else { (&before, &after) };
        let width = if short_is_left { right - gap.1 } else { gap.0 - left };
        let full = long.iter().filter(|(x, _)| x.1 - x.0 > FULL * width).count();
        let is_flush = |(x, size): &((f32, f32), f32)| {
            (if short_is_left { gap.0 - x.1 } else { x.0 - gap.1 }).abs() < INDENT * size
        };
        !short.is_empty() && full * 2 > long.len() && short.iter().all(is_flush)
    };
    known.iter().find(fits).copied()
}

impl Line {
    fn of(words: Vec<Word>) -> Option<Self> {
        let x = extent(&words);
        // The size and height of most letters.
        let mut sizes: Vec<(f32, f32, usize)> = Vec::new();
        for word in words.iter().filter(|word| !word.raised) {
            let letters = word.text.chars().count();
            match sizes.iter_mut().find(|(size, ..)| (*size - word.size).abs() < 0.26) {
                Some((.., count)) => *count += letters,
                None => sizes.push((word.size, word.y, letters)),
            }
        }
        let first = words.first().map(|word| (word.size, word.y, 0));
        let (size, y, _) = sizes.into_iter().max_by_key(|(.., count)| *count).or(first)?;
        Some(Self { words, y, size, x })
    }

    /// Its text, with a space between words.
    pub(super) fn text(&self) -> String {
        text(&self.words)
    }

    /// Its stretches without wide gaps.
    fn spans(&self) -> Vec<(f32, f32)> {
        /// Wider than a space in a stretched line, narrower than a gutter; in parts of the font size.
        const WIDE: f32 = 0.7;
        let mut spans: Vec<(f32, f32)> = Vec::new();
        for word in &self.words {
            match spans.last_mut() {
                Some(last) if word.x.0 - last.1 < WIDE * self.size => last.1 = last.1.max(word.x.1),
                _ => spans.push(word.x),
            }
        }
        spans
    }
}

fn order(lines: Vec<Line>, gap: Option<Gutter>, depth: usize, blocks: &mut Vec<Block>) {
    let Some(gap) = gap.filter(|_| depth > 0) else {
        if !lines.is_empty() {
            blocks.push(Block { lines });
        }
        return;
    };
    let leftwards = is_written_leftwards(&lines);
    let middle = f32::midpoint(gap.0, gap.1);
    let crosses = |line: &Line| line.spans().iter().any(|span| span.0 < middle && span.1 > middle);
    let mut bands: Vec<(bool, Vec<Line>)> = Vec::new();
    for line in lines {
        let full = crosses(&line);
        match bands.last_mut() {
            Some((kind, band)) if *kind == full => band.push(line),
            _ => bands.push((full, vec![line])),
        }
    }
    for (full, band) in bands {
        if full {
            let gap = gutter(&band);
            order(band, gap, depth - 1, blocks);
            continue;
        }
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for line in band {
            let words = line.words;
            let (before, after): (Vec<Word>, Vec<Word>) =
                words.into_iter().partition(|word| f32::midpoint(word.x.0, word.x.1) < middle);
            left.extend(Line::of(before));
            right.extend(Line::of(after));
        }
        let sides = if leftwards { [right, left] } else { [left, right] };
        for side in sides {
            let gap = gutter(&side);
            order(side, gap, depth - 1, blocks);
        }
    }
}

/// Returns true if most letters are of a script written from right to left. Its first column is the right one.
fn is_written_leftwards(lines: &[Line]) -> bool {
    let (mut leftwards, mut letters) = (0, 0);
    for c in lines.iter().flat_map(|line| &line.words).flat_map(|word| word.text.chars()) {
        letters += usize::from(c.is_alphabetic());
        leftwards += usize::from(c.is_alphabetic() && is_rtl(c));
    }
    leftwards * 2 > letters
}

/// The gap between two columns, if there are some.
fn gutter(lines: &[Line]) -> Option<Gutter> {
    /// Fewer lines on one side are a heading, a label or a coincidence.
    const LEAST: usize = 4;
    let (left, right) =
        lines.iter().fold((f32::MAX, f32::MIN), |(a, b), line| (a.min(line.x.0), b.max(line.x.1)));
    let width = right - left;
    if lines.len() < LEAST || !(40.0..10_000.0).contains(&width) {
        return None;
    }
    let size = lines.iter().map(|line| line.size).sum::<f32>() / lines.len() as f32;
    let spans: Vec<Vec<(f32, f32)>> = lines.iter().map(Line::spans).collect();
    // How many lines cover each point, and how many have words left and right of it.
    let points = width.ceil() as usize + 1;
    let mut covered = vec![0usize; points];
    let at = |x: f32| ((x - left).max(0.0) as usize).min(points - 1);
    for line in &spans {
        for &(from, to) in line {
            for point in &mut covered[at(from)..=at(to)] {
                *point += 1;
            }
        }
    }
    let most = covered.iter().copied().max().unwrap_or(0);
    let mut best: Option<(f32, (f32, f32))> = None;
    let limit = most / 4;
    let mut from = 0;
    while from < points {
        if covered[from] > limit {
            from += 1;
            continue;
        }
        let to = (from..points).find(|&point| covered[point] > limit).unwrap_or(points);
        // The emptiest part of the gap counts.
        let least = covered[from..to].iter().copied().min().unwrap_or(0);
        let start = (from..to).find(|&point| covered[point] == least).unwrap_or(from);
        let end = (start..to).find(|&point| covered[point] > least).unwrap_or(to);
        let gap = (left + start as f32, left + end as f32);
        if (end - start) as f32 >= (0.75 * size).max(5.0)
            && let Some(score) = columns(&spans, lines, gap, width)
            && best.is_none_or(|(most, _)| score > most)
        {
            best = Some((score, gap));
        }
        from = to;
    }
    best.map(|(_, gap)| gap)
}

/// How well the words left and right of `gap` look like columns of text; `None` if they do not.
fn columns(spans: &[Vec<(f32, f32)>], lines: &[Line], gap: (f32, f32), width: f32) -> Option<f32> {
    const LEAST: usize = 4;
    let middle = f32::midpoint(gap.0, gap.1);
    let size = lines.first()?.size.max(4.0);
    let mut sides: [Vec<f32>; 2] = [Vec::new(), Vec::new()];
    let mut extents = [(f32::MAX, f32::MIN); 2];
    let mut heights = [(f32::MAX, f32::MIN); 2];
    let mut crossing = 0;
    for (spans, line) in spans.iter().zip(lines) {
        if spans.iter().any(|span| span.0 < middle && span.1 > middle) {
            crossing += 1;
            continue;
        }
        for side in 0..2 {
            let of = spans.iter().filter(|span| (span.1 <= middle) == (side == 0));
            let (from, to) = of.fold((f32::MAX, f32::MIN), |(a, b), span| (a.min(span.0), b.max(span.1)));
            if from < to {
                sides[side].push(to - from);
                extents[side] = (extents[side].0.min(from), extents[side].1.max(to));
                heights[side] = (heights[side].0.min(line.y), heights[side].1.max(line.y));
            }
        }
    }
    let fewest = sides[0].len().min(sides[1].len());
    let overlap = heights[0].1.min(heights[1].1) - heights[0].0.max(heights[1].0);
    if fewest < LEAST || overlap < size * 2.0 || crossing > 3 * fewest {
        return None;
    }
    let mut fills = [0.0f32; 2];
    for side in 0..2 {
        sides[side].sort_by(f32::total_cmp);
        let typical = sides[side][sides[side].len() / 2];
        // Labels, numbers and bullets make no column.
        if typical < (6.0 * size).max(0.13 * width) {
            return None;
        }
        fills[side] = typical / (extents[side].1 - extents[side].0).max(1.0);
    }
    // Cells of a table leave most of their column empty.
    if fills[0].max(fills[1]) < 0.6 || fills[0].min(fills[1]) < 0.4 {
        return None;
    }
    Some(fewest as f32 - crossing as f32 * 0.5 + (gap.1 - gap.0) / width)
}
