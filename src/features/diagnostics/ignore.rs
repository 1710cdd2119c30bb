//! `<!-- glossator: ignore CODE -->` suppresses findings with that code on the next non-blank line, and on
//! the rest of a quotation or table that begins there. A comment that suppresses nothing is itself a finding.

use super::finding::{Finding, Fix, finding};
use crate::brief::Brief;
use crate::config::Code;
use crate::text::Span;

/// Removes the findings that comments suppress, and adds findings about those comments.
pub(super) fn apply(brief: &Brief, findings: &mut Vec<Finding>) {
    let text = brief.text.as_str();
    for comment in &brief.markdown.comments {
        let Some(codes) = codes(&text[comment.start..comment.end]) else { continue };
        let line = covered(brief, next_line(text, comment.end));
        let mut codes = codes.split([' ', ',']).filter(|code| !code.is_empty()).peekable();
        if codes.peek().is_none() {
            findings.push(unused(*comment, "Name the code to ignore, such as quotation-not-found.".into()));
        }
        for name in codes {
            let before = findings.len();
            if Code::of_name(name).is_none() {
                findings.push(unused(*comment, format!("Unknown code {name}.")));
                continue;
            }
            findings.retain(|found| found.code.name() != name || !line.contains(found.span.start));
            if findings.len() == before {
                findings.push(unused(*comment, format!("The next line has no {name} to ignore.")));
            }
        }
    }
}

/// The codes that `comment`, an HTML comment, suppresses, as written; `None` if it is about something else.
pub(in crate::features) fn codes(comment: &str) -> Option<&str> {
    let inner = comment.trim_start_matches("<!--").trim_end_matches("-->").trim();
    let codes = inner.strip_prefix("glossator:")?.trim().strip_prefix("ignore")?;
    (codes.is_empty() || codes.starts_with([' ', '\t', '\n'])).then(|| codes.trim())
}

fn unused(comment: Span, message: String) -> Finding {
    let mut found = finding(Code::UnusedIgnore, comment, message);
    found.fixes.push(Fix::new("Remove this comment", vec![(comment, String::new())]));
    found
}

/// `line`, extended to the end of anything that begins on it: a quotation of several lines, the rows of a
/// table.
fn covered(brief: &Brief, line: Span) -> Span {
    let text = brief.text.as_str();
    let begun = brief.quotations.iter().filter(|quotation| line.contains(quotation.span.start));
    let mut end = begun.map(|quotation| quotation.span.end).fold(line.end, usize::max);
    let row = |line: &str| line.trim_start().starts_with('|');
    if row(&text[line.start..line.end]) {
        let rows = text[line.end..].split_inclusive('\n').take_while(|line| row(line));
        end = end.max(line.end + rows.map(str::len).sum::<usize>());
    }
    Span::new(line.start, end)
}

/// The first non-blank line after that of `offset`.
fn next_line(text: &str, offset: usize) -> Span {
    let mut start = text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1);
    loop {
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
        if end == start || !text[start..end].trim().is_empty() {
            return Span::new(start, end);
        }
        start = end;
    }
}
