//! What is printed on every page: running heads and feet, page numbers, line numbers.

use std::collections::HashMap;

use super::numbers::{Number, number};
use super::rows::{PageRows, Row, Word};

/// What the margins of the pages say.
#[derive(Debug, Default)]
pub(super) struct Margins {
    /// For each page: its rows that belong to no text, with the rule that found them.
    pub(super) taken: Vec<Vec<(Row, &'static str)>>,
    /// The numbers printed on the pages, with the index of the page.
    pub(super) numbers: Vec<(usize, Number)>,
}

/// The rows of a page, counted from its edge, that can be heads or feet.
const DEPTH: usize = 4;

/// Removes what is printed on every page.
pub(super) fn remove(pages: &mut [PageRows]) -> Margins {
    let mut margins = Margins { taken: vec![Vec::new(); pages.len()], numbers: Vec::new() };
    line_numbers(pages, &mut margins);
    let edges = [Edge::Top, Edge::Bottom];
    let counted = edges.map(|edge| printed(pages, edge));
    for (edge, numbers) in edges.iter().zip(&counted) {
        heads(pages, *edge, numbers, &mut margins);
    }
    margins.numbers.sort_by_key(|(page, _)| *page);
    margins
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Top,
    Bottom,
}

impl Edge {
    /// The rows of `page` from this edge inwards.
    fn rows(self, page: &PageRows) -> Vec<&Row> {
        match self {
            Self::Top => page.rows.iter().take(DEPTH).collect(),
            Self::Bottom => page.rows.iter().rev().take(DEPTH).collect(),
        }
    }
}

/// A number: the index of its page, the row from the edge, and itself.
type Placed = (usize, usize, Number);

/// Page numbers at an edge that count up with the pages: on which page, in which row from the edge.
fn printed(pages: &[PageRows], edge: Edge) -> HashMap<(usize, usize), Number> {
    /// A sentence may begin or end with a number; a head has few words.
    const WORDS: usize = 16;
    // By style, and by the difference from the place of the page in the file.
    let mut found: HashMap<(bool, i64), Vec<Placed>> = HashMap::new();
    for (at, page) in pages.iter().enumerate() {
        for (depth, row) in edge.rows(page).into_iter().enumerate().filter(|(_, row)| row.count() <= WORDS) {
            for number in candidates(row) {
                let key = (number.is_roman, i64::from(number.value) - at as i64);
                found.entry(key).or_default().push((at, depth, number));
            }
        }
    }
    let mut sequences: Vec<_> = found.into_iter().collect();
    sequences.sort_by_key(|(key, pages)| (std::cmp::Reverse(pages.len()), *key));
    let mut numbers = HashMap::new();
    let mut has = vec![false; pages.len()];
    for (_, of) in sequences {
        let distinct = of.iter().map(|(page, ..)| *page).collect::<std::collections::BTreeSet<_>>().len();
        let alone = pages.len() == 1 && of.iter().any(|(_, _, number)| number.value == 1 && !number.is_roman);
        if distinct < 2 && !alone {
            continue;
        }
        for (page, depth, number) in of {
            if !std::mem::replace(&mut has[page], true) {
                numbers.insert((page, depth), number);
            }
        }
    }
    numbers
}

/// The numbers that a row may print for its page.
fn candidates(row: &Row) -> Vec<Number> {
    let words: Vec<&str> = row.words.iter().filter(|word| !word.raised).map(|word| &*word.text).collect();
    let mut numbers = Vec::new();
    let mut add = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        numbers.extend(number(word));
    };
    match words.as_slice() {
        [] => {}
        // “Page 3 of 10”, “– 3 –”, “3 | Harbours”.
        few if few.len() <= 5 => few.iter().for_each(|word| add(word)),
        [first, .., last] => {
            add(first);
            add(last);
        }
        [only] => add(only),
    }
    numbers
}

/// `text` without what changes from page to page.
fn pattern(row: &Row) -> String {
    let mut pattern = String::new();
    for word in &row.words {
        let core = word.text.trim_matches(|c: char| !c.is_alphanumeric());
        if number(core).is_some() {
            pattern.push('#');
        } else {
            pattern.extend(
                word.text.chars().map(|c| if c.is_numeric() { '#' } else { c }).flat_map(char::to_lowercase),
            );
        }
        pattern.push(' ');
    }
    pattern
}

/// Moves the running heads or feet of all pages to `margins`.
fn heads(
    pages: &mut [PageRows],
    edge: Edge,
    numbers: &HashMap<(usize, usize), Number>,
    margins: &mut Margins,
) {
    /// Heads are at the same height of every page, in points.
    const SAME: f32 = 4.0;
    /// What is farther from the edge is no head, in parts of the height of the page.
    const MARGIN: f32 = 0.2;
    /// The pages of a short document.
    const FEW: usize = 5;
    /// The words of a line that may be a part of a head.
    const SHORT: usize = 8;
    // In a long document, two sentences may happen to end alike at the same height.
    let least = if pages.len() > FEW { 3 } else { 2 };
    let near = |heights: &[f32], y: f32| {
        heights.partition_point(|other| *other < y + SAME)
            - heights.partition_point(|other| *other <= y - SAME)
    };
    // The heights at which the same words are printed, with the same numbers and with others.
    let mut repeated: HashMap<String, Vec<f32>> = HashMap::new();
    for row in pages.iter().flat_map(|page| edge.rows(page)) {
        let pattern = pattern(row);
        if pattern.chars().any(char::is_alphabetic) {
            if pattern.contains('#') {
                repeated.entry(row.text()).or_default().push(row.y);
            }
            repeated.entry(pattern).or_default().push(row.y);
        }
    }
    repeated.values_mut().for_each(|heights| heights.sort_by(f32::total_cmp));
    let repeats =
        |words: &str, row: &Row| repeated.get(words).map_or(0, |heights| near(heights, row.y)) >= least;
    // How near the edge the other text of each page comes.
    let inwards = |y: f32| if edge == Edge::Top { y } else { -y };
    let mut outmost: Vec<f32> = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let rows = edge.rows(page);
        let is_text = |(row_at, row): &(usize, &&Row)| {
            !numbers.contains_key(&(at, *row_at)) && !repeats(&pattern(row), row)
        };
        outmost.extend(rows.iter().enumerate().find(is_text).map(|(_, row)| inwards(row.y)));
    }
    outmost.sort_by(f32::total_cmp);
    let is_repeated = |row: &Row| {
        let pattern = pattern(row);
        if !repeats(&pattern, row) {
            return false;
        }
        // Where other pages have text, a heading such as “Article 4” or a note such as “7 Ibid., p. 3” came by chance.
        let text = outmost.partition_point(|y| *y < inwards(row.y) + row.size);
        !pattern.contains('#')
            || repeats(&row.text(), row)
            || near(repeated.get(&pattern).map_or(&[], Vec::as_slice), row.y) > text
    };
    let mut slots: Vec<f32> = Vec::new();
    let mut depths = vec![0; pages.len()];
    for (at, page) in pages.iter().enumerate() {
        let rows = edge.rows(page);
        let is_margin = |row: &Row| match edge {
            Edge::Top => row.y < MARGIN * page.extent.1,
            Edge::Bottom => row.y > (1.0 - MARGIN) * page.extent.1,
        };
        let mut depth = 0;
        for (row_at, row) in rows.iter().enumerate() {
            let artifact = row.words.iter().all(|word| word.style.artifact);
            let counted = numbers.contains_key(&(at, row_at)) && has_air(&rows, row_at, page);
            if is_margin(row) && (artifact || counted || is_repeated(row)) {
                depth = row_at + 1;
                slots.push(row.y);
            } else if row_at > depth || row.count() > SHORT {
                // Only short words may be farther out than what is printed on every page.
                break;
            }
        }
        depths[at] = depth;
    }
    let known = slots.len();
    let ruled: Vec<f32> =
        pages.iter().filter_map(|page| beyond_rule(&edge.rows(page), edge, page)).map(|(_, y)| y).collect();
    for (at, page) in pages.iter_mut().enumerate() {
        let rows = edge.rows(page);
        // A head with other words, at the height of the others and apart from the text.
        if depths[at] == 0 && known >= 3 && !rows.is_empty() {
            let row = rows[0];
            let same = slots.iter().filter(|y| (*y - row.y).abs() < 2.0).count();
            let few = row.count() <= 2 * SHORT;
            if few && has_air(&rows, 0, page) && same >= 3 && same * 3 >= known {
                depths[at] = 1;
            }
        }
        let is_shared = |y: f32| ruled.iter().filter(|other| (*other - y).abs() < 1.0).count() >= 2;
        if let Some((depth, y)) = beyond_rule(&rows, edge, page)
            && is_shared(y)
        {
            depths[at] = depths[at].max(depth);
        }
        let count = depths[at];
        for row_at in 0..count {
            if let Some(number) = numbers.get(&(at, row_at)) {
                margins.numbers.push((at, number.clone()));
            }
        }
        let total = page.rows.len();
        let taken: Vec<Row> = match edge {
            Edge::Top => page.rows.drain(..count.min(total)).collect(),
            Edge::Bottom => page.rows.drain(total - count.min(total)..).collect(),
        };
        let why = match edge {
            Edge::Top => "printed at the head of the pages",
            Edge::Bottom => "printed at the foot of the pages",
        };
        margins.taken[at].extend(taken.into_iter().map(|row| (row, why)));
    }
}

/// How many rows are outside a rule across the page, and the height of the rule.
fn beyond_rule(rows: &[&Row], edge: Edge, page: &PageRows) -> Option<(usize, f32)> {
    /// Lines of a head.
    const MOST: usize = 3;
    let (left, right) =
        page.rows.iter().map(Row::x).fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(x.0), b.max(x.1)));
    let wide = page.rules.iter().filter(|rule| rule.x1 - rule.x0 > 0.8 * (right - left));
    let outside = |y: f32| {
        rows.iter()
            .take_while(|row| if edge == Edge::Top { row.y < y } else { row.y - 0.5 * row.size > y })
            .count()
    };
    wide.map(|rule| (outside(rule.y), rule.y))
        .find(|(count, _)| (1..=MOST).contains(count) && *count < rows.len())
}

/// Returns true if the row is farther from the next one inwards than lines of the text are from each other.
fn has_air(rows: &[&Row], at: usize, page: &PageRows) -> bool {
    let Some(next) = rows.get(at + 1) else { return true };
    let gap = (rows[at].y - next.y).abs();
    gap > 1.25 * pitch(&page.rows).unwrap_or(1.2 * next.size) || rows[at].count() == 1
}

/// The usual distance between the rows of a page.
pub(super) fn pitch(rows: &[Row]) -> Option<f32> {
    let mut gaps: Vec<f32> = rows
        .windows(2)
        .map(|pair| pair[1].y - pair[0].y)
        .zip(rows)
        .filter(|(gap, row)| *gap > 0.7 * row.size && *gap < 4.0 * row.size)
        .map(|(gap, _)| gap)
        .collect();
    gaps.sort_by(f32::total_cmp);
    gaps.get(gaps.len() / 2).copied()
}

/// Removes the numbers of lines beside the text.
fn line_numbers(pages: &mut [PageRows], margins: &mut Margins) {
    /// Fewer may be a list.
    const LEAST: usize = 4;
    // The columns of numbers found: from left to right edge.
    let mut columns: Vec<(f32, f32)> = Vec::new();
    for page in &*pages {
        let found: Vec<Margin> = numbers_beside(page);
        for side in [true, false] {
            let mut of: Vec<&Margin> = found.iter().filter(|number| number.is_left == side).collect();
            of.sort_by(|a, b| a.y.total_cmp(&b.y));
            let Some(first) = of.first() else { continue };
            // Line numbers are outside the text; those of a list or table of contents are in its column.
            let numbered: Vec<usize> = of.iter().map(|number| number.row).collect();
            let range = of[0].row..=of[of.len() - 1].row;
            let inside = page.rows.iter().enumerate().filter(|(at, row)| {
                let x = row.x();
                let beside = if side { x.0 < first.x.1 + 2.0 } else { x.1 > first.x.0 - 2.0 };
                range.contains(at) && !numbered.contains(at) && beside
            });
            if inside.count() * 10 > of.len() {
                continue;
            }
            let aligned: Vec<&&Margin> = of
                .iter()
                .filter(|number| (number.x.0 - first.x.0).abs() < 2.0 || (number.x.1 - first.x.1).abs() < 2.0)
                .collect();
            let steps: Vec<(i64, usize)> = aligned
                .windows(2)
                .map(|pair| (pair[1].value - pair[0].value, pair[1].row - pair[0].row))
                .collect();
            let Some(&(step, _)) = steps.first() else { continue };
            // Numbers of lines count lines: as many rows as the number goes up. Those of paragraphs do not.
            let regular = steps
                .iter()
                .filter(|(by, rows)| *by == step && *rows as i64 <= 2 * step && *rows as i64 * 2 >= step);
            if aligned.len() >= LEAST && (1..=10).contains(&step) && regular.count() * 10 >= steps.len() * 8 {
                let x = aligned.iter().fold(first.x, |(a, b), number| (a.min(number.x.0), b.max(number.x.1)));
                columns.push(x);
            }
        }
    }
    if columns.is_empty() {
        return;
    }
    for (page, taken) in pages.iter_mut().zip(&mut margins.taken) {
        let found = numbers_beside(page);
        let mut removed: Vec<(usize, bool)> = found
            .iter()
            .filter(|number| columns.iter().any(|x| number.x.0 > x.0 - 6.0 && number.x.1 < x.1 + 6.0))
            .map(|number| (number.row, number.is_left))
            .collect();
        removed.dedup();
        for (row, is_left) in removed {
            let words = &mut page.rows[row].words;
            let at = if is_left { 0 } else { words.len() - 1 };
            let word = words.remove(at);
            let (y, size) = (page.rows[row].y, page.rows[row].size);
            taken.push((Row { words: vec![word], y, size }, "the number of a line"));
        }
        page.rows.retain(|row| !row.words.is_empty());
    }
}

/// A number left or right of the words of a row.
struct Margin {
    row: usize,
    value: i64,
    x: (f32, f32),
    y: f32,
    is_left: bool,
}

fn numbers_beside(page: &PageRows) -> Vec<Margin> {
    /// The least distance from the words, in parts of their size.
    const AWAY: f32 = 0.55;
    let value = |word: &Word| {
        let is_number = word.text.len() <= 4 && word.text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| word.text.parse::<i64>().ok()).flatten()
    };
    let mut found = Vec::new();
    let (left, right) =
        page.rows.iter().map(Row::x).fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(x.0), b.max(x.1)));
    for (at, row) in page.rows.iter().enumerate() {
        let Some((first, last)) = row.words.first().zip(row.words.last()) else { continue };
        let mut add = |word: &Word, is_left: bool| {
            if let Some(value) = value(word) {
                found.push(Margin { row: at, value, x: word.x, y: row.y, is_left });
            }
        };
        if row.words.len() == 1 {
            let middle = f32::midpoint(left, right);
            if first.x.1 < left + 40.0 || first.x.0 > right - 40.0 {
                add(first, first.x.0 < middle);
            }
            continue;
        }
        if row.words[1].x.0 - first.x.1 > AWAY * row.size {
            add(first, true);
        }
        if last.x.0 - row.words[row.words.len() - 2].x.1 > AWAY * row.size {
            add(last, false);
        }
    }
    found
}
