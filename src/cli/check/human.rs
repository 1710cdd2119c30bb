//! Findings for people: location, level, message, the line with the range underlined, and suggested fixes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::checked::Checked;
use super::quotations;
use crate::brief::Brief;
use crate::cli::layout::{self, columns};
use crate::config::Level;
use crate::corpus::source::TextState;
use crate::features::diagnostics::Finding;
use crate::text::FileId;

/// Printed before the line of the file.
const GUTTER: &str = "    ";

/// Prints the findings of `checked`, and unless `quiet` also what was compared, and totals.
pub(super) fn write(checked: &[Checked], colour: bool, quiet: bool, out: &mut dyn Write) -> io::Result<()> {
    for file in checked {
        for finding in &file.findings {
            write_finding(file, finding, colour, out)?;
        }
    }
    if quiet {
        return Ok(());
    }
    quotations::write(checked, out)?;
    for paragraph in
        unread(checked).into_iter().chain(compared(checked)).chain(bare(checked)).chain([summary(checked)])
    {
        for line in layout::wrap(&paragraph, columns()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Reports bracketed citations that could not be checked because their workspace has no sources.
fn unread(checked: &[Checked]) -> Option<String> {
    let without = checked.iter().filter(|file| file.snapshot.corpus.sources().is_empty());
    let briefs = without.filter_map(|file| file.snapshot.brief(&file.file));
    let in_brackets = |brief: &Brief| brief.citations.iter().filter(|one| !one.author_in_text).count();
    let count: usize = briefs.map(|brief| in_brackets(brief.brief())).sum();
    let what = if count == 1 { "1 citation was".into() } else { format!("{count} citations were") };
    (count > 0).then(|| {
        format!(
            "{what} not checked: no library was found. Looked for a `bibliography:` in the brief, every .bib, `library`, `references` or `bibliography` (.json, .yaml) at the root, and [corpus] library in glossator.toml."
        )
    })
}

/// Reports the libraries and texts that the briefs were compared with.
fn compared(checked: &[Checked]) -> Option<String> {
    const SHOWN: usize = 3;
    let mut libraries: BTreeMap<String, usize> = BTreeMap::new();
    let mut texts: BTreeSet<&FileId> = BTreeSet::new();
    for file in checked {
        let corpus = &file.snapshot.corpus;
        for library in &corpus.libraries {
            libraries.insert(layout::path_for_people(library.file.path()), library.entries.len());
        }
        texts.extend(corpus.sources().iter().filter_map(|source| source.volume()).map(|text| &text.file));
    }
    let counted =
        |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let shown = libraries.iter().take(SHOWN);
    let mut parts: Vec<String> =
        shown.map(|(path, entries)| format!("{path} ({})", counted(*entries, "entry", "entries"))).collect();
    if let Some(more @ 1..) = libraries.len().checked_sub(SHOWN) {
        parts.push(counted(more, "more library", "more libraries"));
    }
    if !texts.is_empty() {
        parts.push(counted(texts.len(), "text", "texts"));
    }
    let (last, before) = parts.split_last()?;
    let before = if before.is_empty() { String::new() } else { format!("{} and ", before.join(", ")) };
    Some(format!("Compared with {before}{last}."))
}

/// Lists cited sources that have a text but no entry, so that Pandoc knows neither author nor title.
fn bare(checked: &[Checked]) -> Option<String> {
    const SHOWN: usize = 3;
    let mut names: Vec<String> = Vec::new();
    for file in checked {
        let (corpus, Some(brief)) = (&file.snapshot.corpus, file.snapshot.brief(&file.file)) else {
            continue;
        };
        let has_library = !corpus.libraries.is_empty();
        for citation in brief.brief().citations.iter().filter(|_| has_library) {
            let Some(source) = corpus.find(&citation.key).map(|id| corpus.source(id)) else { continue };
            if let (None, TextState::Present(text)) = (&source.entry, &source.document) {
                names.push(layout::path_for_people(text.file.path()));
            }
        }
    }
    names.sort();
    names.dedup();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| format!("Cited, but in no library: {shown}{more}."))
}

fn write_finding(file: &Checked, finding: &Finding, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let place =
        layout::place(file.file.path(), file.text.file(), file.text.offset_in_file(finding.span.start));
    let label = format!("{}[{}]", finding.level.name(), finding.code.name());
    // Wrap the head before colouring the label, since escape codes take no columns.
    let first = layout::width(&place) + layout::width(&label) + 2;
    let mut lines = Vec::new();
    let mut rest = finding.message.as_str();
    if let Some(room) = columns().checked_sub(first) {
        let (head, tail) = split_at_width(rest, room);
        lines.push(head);
        rest = tail;
    } else {
        lines.push("");
    }
    let head = layout::plain(lines[0]);
    writeln!(out, "{}", format!("{place} {} {head}", paint(&label, finding.level, colour)).trim_end())?;
    for line in layout::wrap(rest, columns() - GUTTER.len()) {
        writeln!(out, "{GUTTER}{line}")?;
    }
    let (line, underline) =
        layout::excerpt(file.text.file(), file.text.in_file(finding.span), columns() - GUTTER.len() - 2);
    writeln!(out, "{GUTTER}| {}", line.trim_end())?;
    writeln!(out, "{GUTTER}| {}", paint(&underline, finding.level, colour))?;
    for fix in &finding.fixes {
        for (at, line) in layout::wrap(&fix.title, columns() - GUTTER.len() - 6).iter().enumerate() {
            writeln!(out, "{GUTTER}{}{line}", if at == 0 { "help: " } else { "      " })?;
        }
    }
    writeln!(out)
}

/// Splits `text` into the words that fit into `columns` and the rest.
fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    let mut taken = 0;
    let mut end = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if taken + layout::width(word.trim_end()) > columns {
            break;
        }
        taken += layout::width(word);
        end += word.len();
    }
    (text[..end].trim_end(), &text[end..])
}

/// The number of findings at each level.
fn summary(checked: &[Checked]) -> String {
    let files = |n: usize| if n == 1 { "1 file".into() } else { format!("{n} files") };
    let mut counts = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Information, Level::Hint] {
        let n =
            checked.iter().flat_map(|file| &file.findings).filter(|finding| finding.level == level).count();
        let name = match level {
            Level::Error if n == 1 => "error",
            Level::Error => "errors",
            Level::Warning if n == 1 => "warning",
            Level::Warning => "warnings",
            Level::Hint if n == 1 => "hint",
            Level::Hint => "hints",
            Level::Information => "for your information",
            Level::Off => continue,
        };
        if n > 0 {
            counts.push(format!("{n} {name}"));
        }
    }
    if checked.is_empty() {
        return "No briefs here: they are Markdown files that end in .md, .markdown, .qmd or .Rmd.".into();
    }
    if counts.is_empty() && unread(checked).is_some() {
        return format!("No other findings in {}.", files(checked.len()));
    }
    if counts.is_empty() {
        return format!("No findings in {}.", files(checked.len()));
    }
    let touched = checked.iter().filter(|file| !file.findings.is_empty()).count();
    format!("{} in {} of {}.", counts.join(", "), touched, files(checked.len()))
}

fn paint(text: &str, level: Level, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match level {
        Level::Error => "1;31",
        Level::Warning => "1;33",
        Level::Information => "1;34",
        Level::Hint | Level::Off => "1;36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Code;
    use crate::features::diagnostics::Fix;
    use crate::text::{FileId, Span, Text};
    use crate::workspace::Host;
    use expect_test::expect;

    fn checked(text: &str, findings: Vec<Finding>) -> Checked {
        Checked {
            root: "/desk".into(),
            snapshot: Host::default().snapshot(),
            file: FileId::new("/desk/rail.md"),
            text: Text::new(text),
            findings,
        }
    }

    fn drawn(file: Checked, colour: bool) -> String {
        let mut out = Vec::new();
        assert!(write(&[file], colour, false, &mut out).is_ok());
        String::from_utf8_lossy(&out).into_owned()
    }

    fn unknown(span: Span) -> Finding {
        Finding {
            code: Code::UnknownCitation,
            level: Level::Warning,
            span,
            message: "No library entry and no source file has the key `rial2021`.".into(),
            fixes: vec![Fix::new("Replace with `rail2021`", vec![(span, "rail2021".into())])],
            related: Vec::new(),
        }
    }

    #[test]
    fn a_finding_with_its_line_and_its_way_out() {
        let text = "# Rail\n\nFreight doubled [@rial2021].\n";
        expect![[r#"
            /desk/rail.md:3:19 warning[unknown-citation] No library entry and no source file
                has the key `rial2021`.
                | Freight doubled [@rial2021].
                |                   ^^^^^^^^
                help: Replace with `rail2021`

            1 warning in 1 of 1 file.
        "#]]
        .assert_eq(&drawn(checked(text, vec![unknown(Span::new(26, 34))]), false));
    }

    #[test]
    fn no_line_is_wider_than_eighty_columns() {
        let text = format!("{} [@rial2021] {}", "So it went on. ".repeat(20), "And on it went. ".repeat(20));
        let drawn = drawn(checked(&text, vec![unknown(Span::new(303, 311))]), false);
        for line in drawn.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(drawn.contains("@rial2021"));
    }

    #[test]
    fn a_clean_file() {
        assert_eq!(drawn(checked("Nothing.", Vec::new()), true), "No findings in 1 file.\n");
    }
}
