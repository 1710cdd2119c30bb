//! Pandoc's simple and multiline tables. Lines of dashes mark their columns, and the first cell of a row may
//! be indented as far as code.

use std::ops::Range;

use super::shapes::{line_end, next_line};

/// Most lines in the head of a table.
const LONGEST_HEAD: usize = 8;

/// A Pandoc table whose columns are marked by lines of dashes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Ends at a blank line.
    Simple,
    /// Has blank lines between its rows and ends with a line of dashes.
    Multiline,
}

/// The table that `line` begins or continues. `known` is the table of the line before; `in_paragraph` says
/// whether a paragraph is open.
pub(super) fn table(
    bytes: &[u8],
    line: Range<usize>,
    known: Option<Table>,
    in_paragraph: bool,
) -> Option<Table> {
    let here = &bytes[line.clone()];
    match (known, dashes(here)) {
        (Some(Table::Multiline), Some(1)) => None,
        (Some(known), _) => Some(known),
        (None, Some(columns)) if columns > 1 => Some(Table::Simple),
        (None, Some(1)) if !in_paragraph => {
            // Its head comes next, then the line that marks the columns.
            let mut next = next_line(bytes, line.end);
            for _ in 0..LONGEST_HEAD {
                let end = line_end(bytes, next);
                if bytes[next..end].trim_ascii().is_empty() {
                    return None;
                }
                if dashes(&bytes[next..end]).is_some_and(|columns| columns > 1) {
                    return Some(Table::Multiline);
                }
                next = next_line(bytes, end);
            }
            None
        }
        (None, _) => None,
    }
}

/// The number of columns marked by a line of dashes: runs of two or more, separated by spaces. `None` for any
/// other line, including a rule of single dashes (`- - -`).
pub(super) fn dashes(line: &[u8]) -> Option<usize> {
    let line = line.trim_ascii();
    let mut runs = 0;
    for run in line.split(|byte| *byte == b' ').filter(|run| !run.is_empty()) {
        if run.len() < 2 || run.iter().any(|byte| *byte != b'-') {
            return None;
        }
        runs += 1;
    }
    (runs > 0 && line.len() > 2).then_some(runs)
}
