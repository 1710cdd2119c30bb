//! Quotations for a reviewer: the brief's words above the source's, with differences in brackets, and the
//! number of quotations with each verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::checked::Checked;
use crate::brief::quotation::Quotation;
use crate::cli::layout::{self, columns};
use crate::config::Code;
use crate::evidence;
use crate::evidence::verdict::{Evidence, Unchecked, Verdict};
use crate::features::card;

/// Labels printed before the words of brief and source.
const LABELS: [&str; 2] = ["    brief   ", "    source  "];

/// How much text to show on each side of a difference, in characters.
const AROUND: usize = 40;

/// Prints each quotation that differs from its source, then the totals.
pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let mut counts = [0_usize; Verdict::ALL.len()];
    let mut unchecked: BTreeMap<Unchecked, (usize, BTreeSet<String>)> = BTreeMap::new();
    for file in checked {
        let Some(brief) = file.snapshot.brief(&file.file) else { continue };
        for quotation in &brief.brief().quotations {
            let evidence =
                evidence::check(&file.snapshot.corpus, &file.snapshot.memo, brief.brief(), quotation);
            if let Some(count) = Verdict::ALL.iter().position(|verdict| *verdict == evidence.verdict) {
                counts[count] += 1;
            }
            if let Some(why) = evidence.unchecked() {
                let (count, keys) = unchecked.entry(why.clone()).or_default();
                *count += 1;
                let cited = quotation.citations.iter().filter_map(|&at| brief.brief().citations.get(at));
                let corpus = &file.snapshot.corpus;
                let unread = |key: &str| corpus.find(key).is_none_or(|id| corpus.source(id).text().is_none());
                keys.extend(cited.map(|citation| citation.key.clone()).filter(|key| unread(key)));
            }
            // Not if the finding is in a baseline, or ignored.
            let is_told = file.findings.iter().any(|finding| {
                finding.code == Code::AlteredQuotation
                    && finding.span.start <= quotation.span.end
                    && quotation.span.start <= finding.span.end
            });
            if evidence.verdict == Verdict::Altered && is_told {
                write_altered(file, quotation, &evidence, out)?;
            }
        }
    }
    let parts: Vec<String> = Verdict::ALL
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count} {}", verdict.name()))
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    let why = unchecked
        .into_iter()
        .map(|(why, (count, keys))| format!("Unchecked: {count}, {why}{}.", named(&keys)));
    for paragraph in std::iter::once(format!("Quotations: {}.", parts.join(", "))).chain(why) {
        for line in layout::wrap(&paragraph, columns()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// The first few `keys` in parentheses, and the number of others.
fn named(keys: &BTreeSet<String>) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = keys.iter().take(SHOWN).map(String::as_str).collect();
    match keys.len().saturating_sub(SHOWN) {
        0 if shown.is_empty() => String::new(),
        0 => format!(" ({})", shown.join(", ")),
        more => format!(" ({} and {more} more)", shown.join(", ")),
    }
}

fn write_altered(
    file: &Checked,
    quotation: &Quotation,
    evidence: &Evidence,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(place) = evidence.place else { return Ok(()) };
    let source = file.snapshot.corpus.source(place.source);
    let Some(text) = source.text() else { return Ok(()) };
    let passage =
        text.passages.get(place.passage).map(|passage| card::place(text, passage)).unwrap_or_default();
    let at =
        layout::place(file.file.path(), file.text.file(), file.text.offset_in_file(quotation.span.start));
    writeln!(out, "{at} altered from {}, {passage}", source.key)?;
    let whole = file.text.slice(quotation.span);
    for difference in &evidence.differences {
        let mine = marked(whole, difference.at.start, difference.at.end);
        let theirs = marked(text.text.as_str(), difference.span.start, difference.span.end);
        for (label, words) in LABELS.iter().zip([mine, theirs]) {
            for (at, line) in layout::wrap(&words, columns() - label.len()).iter().enumerate() {
                writeln!(out, "{}{line}", if at == 0 { label } else { "            " })?;
            }
        }
    }
    writeln!(out)
}

/// The words around bytes `start..end` of `text` on one line, with those bytes in brackets.
fn marked(text: &str, start: usize, end: usize) -> String {
    let before = text[..start].char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let after = text[end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
    // Show only whole words, and nothing from the neighbouring paragraphs.
    let head = text[before..start].rsplit("\n\n").next().unwrap_or_default();
    let head = if before > 0 { head.split_once(' ').map_or(head, |(_, rest)| rest) } else { head };
    let tail = text[end..after].split("\n\n").next().unwrap_or_default();
    let tail = if after < text.len() { tail.rsplit_once(' ').map_or(tail, |(rest, _)| rest) } else { tail };
    let joined = format!("{head}[{}]{tail}", &text[start..end]);
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_differs_stands_in_brackets() {
        assert_eq!(marked("“sold at a pound\n> each”", 13, 18), "“sold at a [pound] > each”");
        assert_eq!(marked("one two", 3, 3), "one[] two");
    }
}
