//! A brief for readers without Pandoc: its citations printed in a style, with the list of references.

use std::collections::HashMap;
use std::io;

use pulldown_cmark::{Options, Parser, html};

use super::cite::{Cited, citations};
use super::docx::docx;
use super::{Works, cited, section};
use crate::brief::Brief;
use crate::corpus::style::{self, Look, PrintedCitation, Rich, Style, in_html};
use crate::text::{FileId, FrontMatter, Span};
use crate::workspace::Snapshot;

/// A brief with its citations printed.
#[derive(Debug)]
pub struct Exported {
    /// Its title in the front matter.
    pub title: Option<String>,
    /// Its language: `de-DE`.
    pub language: Option<String>,
    /// Its text in Markdown with footnotes as in CommonMark programs, without front matter.
    pub markdown: String,
    /// What it cites, and what of that is unknown: those citations are left as written.
    pub works: Works,
}

/// Punctuation that the mark of a note follows.
const PUNCTUATION: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// Exports the brief `file` in `style`. With `notes` its citations become footnotes, which in a style of notes they always
/// are.
///
/// # Errors
/// If the style cannot print a reference, or the file is not a brief. The message is for the user.
pub fn export(snap: &Snapshot, file: &FileId, style: &Style, notes: bool) -> Result<Exported, String> {
    let brief = snap.brief(file).map(|file| file.brief()).ok_or("it is not a brief")?;
    let works = cited(snap, std::slice::from_ref(file));
    let notes = notes || style.is_in_notes();
    let known: HashMap<&str, usize> =
        works.items.iter().enumerate().map(|(at, item)| (item.key(), at)).collect();
    let cites = citations(brief, &known, notes);
    let clusters: Vec<_> = cites.iter().map(|one| one.cluster.clone()).collect();
    let text = brief.text.as_str();
    let language = brief.markdown.language_tag(text).map(str::to_owned);
    let printed = style::print(style, &works.items, &clusters, language.as_deref())?;
    let mut writer =
        Writer { text, notes, in_notes: style.is_in_notes(), edits: Vec::new(), definitions: Vec::new() };
    for (one, printed) in cites.iter().zip(&printed.citations) {
        writer.add(one, printed);
    }
    let Writer { mut edits, definitions, .. } = writer;
    let references: Vec<String> =
        printed.entries.iter().map(|entry| entry.whole().common_markdown()).collect();
    let references = references.join("\n\n");
    if !printed.entries.is_empty() {
        edits.push(section::placed(brief, &references)?);
    }
    edits.extend(front_matter(brief));
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for (span, new) in edits {
        // A citation in a list of references that is replaced.
        if span.start < at {
            continue;
        }
        out.push_str(&text[at..span.start]);
        out.push_str(&new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    let mut markdown = out.trim_start().trim_end().to_owned() + "\n";
    for definition in definitions {
        markdown.push_str(&format!("\n{definition}\n"));
    }
    let title = brief.field("title").map(str::to_owned);
    Ok(Exported { title, language, markdown, works })
}

struct Writer<'a> {
    text: &'a str,
    notes: bool,
    /// Whether the style is one of notes.
    in_notes: bool,
    edits: Vec<(Span, String)>,
    /// The notes, in order.
    definitions: Vec<String>,
}

impl Writer<'_> {
    fn add(&mut self, one: &Cited, printed: &PrintedCitation) {
        let mut inline = printed.whole.clone();
        if one.author_in_text {
            inline = printed.author.clone();
        }
        if !self.notes || one.in_note {
            if self.in_notes {
                // Part of a sentence of the note.
                inline = printed.whole.clone();
                if let Some(last) = inline.0.last_mut() {
                    last.text.truncate(last.text.trim_end_matches('.').len());
                }
            } else if one.author_in_text && !printed.rest.is_empty() {
                inline.push(" ", Look::default(), None);
                inline.append(&printed.rest);
            }
            let start = if inline.is_raised() { self.lead(one.span) } else { one.span.start };
            self.edits.push((Span::new(start, one.span.end), inline.common_markdown()));
            return;
        }
        let label = self.free_label();
        let note = if one.author_in_text { &printed.rest } else { &printed.whole };
        self.definitions.push(format!("[^{label}]: {}", sentence(note).common_markdown()));
        let mark = format!("[^{label}]");
        if one.author_in_text {
            self.edits.push((one.span, format!("{}{mark}", inline.common_markdown())));
            return;
        }
        let start = self.lead(one.span);
        let before = &self.text[..start];
        let behind = &self.text[one.span.end..];
        let marks = behind.len() - behind.trim_start_matches(PUNCTUATION).len();
        let moved = if before.ends_with(PUNCTUATION) { 0 } else { marks };
        self.edits.push((Span::new(start, one.span.end + moved), format!("{}{mark}", &behind[..moved])));
    }

    /// Where the blanks before `span` begin, since a mark follows a word without any; in a quotation set apart, with the
    /// mark of the line. At the beginning of a paragraph there is nothing to follow.
    fn lead(&self, span: Span) -> usize {
        let before = &self.text[..span.start];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let quoted = |line: &str| line.trim_start().starts_with('>');
        let begins = before[line..].chars().all(|c| matches!(c, ' ' | '\t' | '>')) && quoted(&before[line..]);
        let goes_on = || quoted(before[..line].lines().next_back().unwrap_or_default());
        let end = if begins && goes_on() { line } else { span.start };
        let lead = self.text[..end].trim_end_matches([' ', '\t', '\n', '\r']).len();
        let gap = &self.text[lead..span.start];
        // `>` alone is an empty line.
        let empty = self.text[..lead].ends_with('>') || gap.matches('\n').count() > 1;
        if empty || lead == 0 { span.start } else { lead }
    }

    /// A label that the text does not use.
    fn free_label(&self) -> String {
        let mut at = self.definitions.len() + 1;
        let mut label = format!("cite-{at}");
        while self.text.contains(&format!("[^{label}]")) {
            at += 1000;
            label = format!("cite-{at}");
        }
        label
    }
}

/// `note` as a sentence: without brackets around all of it, with a capital and a full stop.
fn sentence(note: &Rich) -> Rich {
    let mut note = note.clone();
    let text = note.text();
    let bracketed = text.starts_with('(') && text.ends_with(')') && text.matches('(').count() == 1;
    if bracketed {
        if let Some(first) = note.0.first_mut() {
            first.text.remove(0);
        }
        if let Some(last) = note.0.last_mut() {
            last.text.pop();
        }
    }
    note.0.retain(|run| !run.text.is_empty());
    if let Some(first) = note.0.first_mut().filter(|run| run.link.is_none()) {
        let mut letters = first.text.chars();
        let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first.text = capital + letters.as_str();
    }
    let ends = note.text().trim_end_matches(['”', '’', ')']).ends_with(['.', '!', '?']);
    if !ends {
        note.push(".", Look::default(), None);
    }
    note
}

/// The edit that takes the front matter away; the title becomes a heading.
fn front_matter(brief: &Brief) -> Option<(Span, String)> {
    let text = brief.text.as_str();
    let end = FrontMatter::of(text)?.end;
    let title = brief.field("title").map_or_else(String::new, |title| format!("# {title}\n\n"));
    let end = text.len() - text[end..].trim_start_matches(['\n', '\r']).len();
    Some((Span::new(0, end), title))
}

/// The options of Markdown that an export is read with.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
}

impl Exported {
    /// A page in HTML, complete in itself.
    #[must_use]
    pub fn html(&self, name: &str) -> String {
        let mut body = String::new();
        html::push_html(&mut body, Parser::new_ext(&self.markdown, options()));
        let title = in_html(self.title.as_deref().unwrap_or(name));
        let language = in_html(self.language.as_deref().unwrap_or("en"));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>body {{ max-width: 42em; margin: 2em auto; padding: 0 1em; line-height: 1.5; font-family: serif }}\n\
             .footnote-definition p {{ display: inline }}\n.footnote-definition {{ margin: 0.5em 0; font-size: 0.9em }}</style>\n\
             </head>\n<body>\n{body}</body>\n</html>\n"
        )
    }

    /// A Word file, with Word's own notes.
    ///
    /// # Errors
    /// If it is too large for the format.
    pub fn docx(&self, name: &str) -> io::Result<Vec<u8>> {
        let title = self.title.as_deref().unwrap_or(name);
        docx(&self.markdown, options(), title, self.language.as_deref().unwrap_or("en-US"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::harbours;

    fn exported(brief: &str, style: &str, notes: bool) -> String {
        let at = harbours(brief);
        let style = style::named(style).expect("a style");
        export(&at.snap, &at.file, &style, notes).expect("an export").markdown
    }

    #[test]
    fn every_form_of_citation_is_printed() {
        let text = "---\ntitle: Silt\nbibliography: refs.bib\n---\n\nOne [see @moss2020, p. 3, emphasis added; @reed2021]. As @moss2020 [p. 3] says. Moss [-@moss2020] says.\n\nUnknown [@nobody1900].\n";
        let out = exported(text, "apa", false);
        assert!(out.starts_with("# Silt\n\nOne (see Moss, 2020, p. 3, emphasis added; Reed, ca. 2021). As Moss (2020, p. 3) says. Moss (2020) says.\n\nUnknown [@nobody1900].\n\n# References\n\nMoss, A. (2020, May 4)."), "{out}");
        assert!(!out.contains("glossator"), "{out}");
    }

    #[test]
    fn the_list_takes_the_place_of_pandocs() {
        let out = exported("Silt [@moss2020].\n\n# Works\n\n::: {#refs}\n:::\n\n# End\n", "apa", false);
        assert!(out.contains("# Works\n\nMoss, A. (2020, May 4)."), "{out}");
        assert!(out.ends_with("\n\n# End\n") && !out.contains(":::") && !out.contains("\n\n\n"), "{out}");
    }

    #[test]
    fn notes_follow_the_punctuation() {
        let text = "One [@moss2020, ¶ 2]. As @reed2021 says.\n\nTwo [@moss2020, ¶ 3], three.[^a]\n\n[^a]: See @reed2021 and [@moss2020].\n";
        let out = exported(text, "chicago-notes", false);
        assert!(
            out.starts_with(
                "One.[^cite-1] As Reed[^cite-2] says.\n\nTwo,[^cite-3] three.[^a]\n\n[^a]: See Reed"
            ),
            "{out}"
        );
        assert!(out.contains("\n[^cite-1]: Ada Moss, “On Harbours,” The Gauge, May 4, 2020, para. 2, <https://gauge.example/1>.\n"), "{out}");
        // In quotations set apart, and where one begins.
        let text =
            "> Silt rose\n> [@moss2020, ¶ 2].\n\nSo\n> [@moss2020] says.\n\n> Silt\n>\n> [@moss2020]\n";
        let out = exported(text, "apa", true);
        assert!(
            out.starts_with("> Silt rose.[^cite-1]\n\nSo\n> [^cite-2] says.\n\n> Silt\n>\n> [^cite-3]\n"),
            "{out}"
        );
        // A style of the text, in notes.
        let out = exported("One [@moss2020, p. 3].\n", "apa", true);
        assert!(
            out.starts_with("One.[^cite-1]\n") && out.ends_with("\n[^cite-1]: Moss, 2020, p. 3.\n"),
            "{out}"
        );
    }
}
