//! `glossator explain`: shows what an editor would show at one place in a brief, or the page of one finding. Must
//! not look anything up itself: card, jump target and completions come from [`crate::features`].

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use serde_json::json;

use super::exit::Exit;
use super::json::{self, Format};
use super::layout::{self, columns};
use super::open;
use crate::config::Code;
use crate::features::completion::{self, Candidate};
use crate::features::{definition, hover};
use crate::text::{Encoding, FileId, FileSpan, Position};

/// `explain`
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A place in a brief or a source, or the code of a finding such as altered-quotation. Lines and columns
    /// count from 1, columns in characters
    #[arg(value_name = "FILE:LINE:COL|CODE")]
    place: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// How many completions to show: as many as an editor lists without scrolling.
const CANDIDATES: usize = 10;

pub(super) fn run(explain: &Explain, out: &mut dyn Write, err: &mut dyn Write) -> anyhow::Result<Exit> {
    if let Some(code) = Code::of_name(&explain.place) {
        match explain.format {
            Format::Human => write!(out, "{}", code.page())?,
            Format::Json => json::write(json!({"code": code.name(), "page": code.page()}), out)?,
        }
        return Ok(Exit::Clean);
    }
    let (path, position) = parse(&explain.place)?;
    let path = open::existing(&path)?;
    if path.is_dir() {
        bail!("{}: is a folder. Name a file, a line and a column: brief.md:12:5", layout::shown(&path));
    }
    let root = open::root_of(&path);
    let mut host = open::load(&root, err)?;
    let file = FileId::new(path);
    // Sources have cards too.
    if host.snapshot().corpus.of_file(&file).is_none() {
        open::make_brief(&mut host, &file)?;
    }
    let snapshot = host.snapshot();
    let Some(text) = snapshot.file_text(&file) else {
        bail!("{}: can't be read", layout::path_for_people(file.path()));
    };
    let lines = text.lines().line_count();
    if position.line as usize >= lines {
        bail!("{}: has only {lines} lines", layout::path_for_people(file.path()));
    }
    let offset = text.offset(position, Encoding::Utf32);

    let found = hover::hover(&snapshot, &file, offset);
    let jump = definition::definition(&snapshot, &file, offset);
    let completions = snapshot
        .reading_text(&file)
        .map(|words| completion::complete(&snapshot, &file, words.offset_of(offset)))
        .unwrap_or_default();

    if explain.format == Format::Json {
        let span = found.as_ref().map_or(FileSpan::new(offset, offset), |found| found.span);
        let mut answer = json::place(file.path(), &root, &text, span);
        answer["card"] = json!(found.as_ref().map(|found| found.card.markdown()));
        answer["definition"] = json!(jump.as_ref().map(|jump| {
            json::place(jump.file.path(), &root, jump.text.file(), jump.text.in_file(jump.focus))
        }));
        let completion =
            |one: &Candidate| json!({"label": one.label, "detail": one.detail, "insert": one.insert});
        answer["completions"] = completions.candidates.iter().map(completion).collect();
        json::write(answer, out)?;
        return Ok(Exit::Clean);
    }
    writeln!(out, "{}", layout::place(file.path(), &text, offset))?;
    let span = found.as_ref().map_or(FileSpan::new(offset, offset), |found| found.span);
    let (line, underline) = layout::excerpt(&text, span, columns() - 6);
    writeln!(out, "    | {}\n    | {underline}", line.trim_end())?;

    writeln!(out, "\nCard")?;
    match &found {
        Some(found) => write_markdown(&found.card.markdown(), out)?,
        None => writeln!(
            out,
            "    none: there is no citation, locator, cited quotation, known name or source passage here"
        )?,
    }
    writeln!(out, "\nDefinition")?;
    match &jump {
        Some(jump) => {
            let (target, focus) = (jump.text.file(), jump.text.in_file(jump.focus));
            writeln!(out, "    {}", layout::place(jump.file.path(), target, focus.start))?;
            let (line, underline) = layout::excerpt(target, focus, columns() - 6);
            writeln!(out, "    | {}\n    | {underline}", line.trim_end())?;
        }
        None => writeln!(out, "    none")?,
    }
    writeln!(out, "\nCompletions")?;
    for candidate in completions.candidates.iter().take(CANDIDATES) {
        write_candidate(&candidate.label, &candidate.detail, out)?;
    }
    let more = completions.candidates.len().saturating_sub(CANDIDATES);
    if more > 0 {
        writeln!(out, "    and {more} more")?;
    }
    if completions.candidates.is_empty() {
        writeln!(out, "    none")?;
    }
    Ok(Exit::Clean)
}

/// Prints a card, indented and wrapped, keeping its line breaks.
pub(super) fn write_markdown(markdown: &str, out: &mut dyn Write) -> std::io::Result<()> {
    for line in markdown.lines() {
        let indent: String = line.chars().take_while(|c| matches!(c, ' ' | '>')).take(8).collect();
        let lines = layout::wrap(&line[indent.len()..], columns() - 4 - indent.len());
        if lines.is_empty() {
            writeln!(out, "{}", format!("    {indent}").trim_end())?;
        }
        for line in lines {
            writeln!(out, "    {indent}{line}")?;
        }
    }
    Ok(())
}

/// Prints one line of a completion list.
pub(super) fn write_candidate(label: &str, detail: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let line = format!("{label}  {detail}");
    let (line, _, cut) = layout::beginning(line.trim_end(), columns() - 5);
    writeln!(out, "    {line}{}", if cut { "…" } else { "" })
}

/// Parses `FILE:LINE:COL` from the end, since a file name may contain colons.
fn parse(place: &str) -> anyhow::Result<(PathBuf, Position)> {
    let mut parts = place.rsplitn(3, ':');
    let numbers = (parts.next().and_then(counted), parts.next().and_then(counted), parts.next());
    match numbers {
        (Some(character), Some(line), Some(path)) if !path.is_empty() => {
            Ok((path.into(), Position { line, character }))
        }
        _ => bail!(
            "Not a location or a finding: `{}`. Use FILE:LINE:COL, counting from 1, as in brief.md:12:5",
            layout::plain(place)
        ),
    }
}

/// Converts a 1-based number to a 0-based one.
fn counted(text: &str) -> Option<u32> {
    text.parse::<u32>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let at = |line, character| Position { line, character };
        assert_eq!(parse("rail.md:3:19").ok(), Some(("rail.md".into(), at(2, 18))));
        assert_eq!(parse(r"C:\desk\rail.md:1:1").ok(), Some((r"C:\desk\rail.md".into(), at(0, 0))));
        for wrong in ["rail.md", "rail.md:3", "rail.md:0:1", "rail.md:3:", ":3:4", "rail.md:-1:4", "3:4", ""]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
