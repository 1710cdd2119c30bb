//! Rewrites a chapter, which is XML, as a page of HTML with marks where pages, chapters and notes begin.

use std::collections::HashMap;

use super::contents::{Contents, resolve};
use crate::corpus::ingest::xml::{Step, Tag, Xml};

/// A mark is its number between these two characters, which no book has.
const OPEN: char = '\u{10f0f0}';
const CLOSE: char = '\u{10f0f1}';

/// Longest mark of a note, in characters.
const LONGEST: usize = 8;

/// The place of something in a book.
#[derive(Clone)]
pub(super) enum Mark {
    /// A page begins, with its label.
    Page(Box<str>),
    /// An entry of the contents leads here.
    Chapter(usize),
    /// A note is at this place.
    Note(String),
}

/// The marks of a book.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) all: Vec<Mark>,
    /// The places of chapters and pages.
    chapters: HashMap<String, Vec<usize>>,
    pages: HashMap<String, Box<str>>,
    /// The mark of the note at each place, as the reference to it has it.
    pub(super) references: HashMap<String, Box<str>>,
}

impl Marks {
    pub(super) fn of(contents: &Contents) -> Self {
        let mut marks = Self::default();
        for (nth, entry) in contents.chapters.iter().enumerate() {
            marks.chapters.entry(entry.target.clone()).or_default().push(nth);
        }
        for entry in &contents.pages {
            marks.pages.insert(entry.target.clone(), entry.words.as_str().into());
        }
        marks
    }

    fn add(&mut self, mark: Mark, out: &mut String) {
        out.push(OPEN);
        out.push_str(&self.all.len().to_string());
        out.push(CLOSE);
        self.all.push(mark);
    }
}

/// Removes the marks from `words`, and returns their numbers with their offsets.
pub(super) fn strip(words: &mut String) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    while let Some(start) = words.find(OPEN) {
        let Some(end) = words[start..].find(CLOSE).map(|end| start + end) else { break };
        if let Ok(mark) = words[start + OPEN.len_utf8()..end].parse() {
            found.push((start, mark));
        }
        words.replace_range(start..end + CLOSE.len_utf8(), "");
        // Do not leave two spaces, or one at the beginning.
        let space = |c: char| matches!(c, ' ' | '\n');
        if words[start..].starts_with(space) && (start == 0 || words[..start].ends_with(space)) {
            words.remove(start);
        }
    }
    if words.ends_with(' ') {
        words.truncate(words.trim_end().len());
    }
    found
}

fn is(tag: &Tag<'_>, name: &str, words: &[&str]) -> bool {
    tag.get(name).is_some_and(|value| value.split_whitespace().any(|word| words.contains(&word)))
}

/// The chapter `text`, the file `name`, as HTML.
pub(super) fn html(text: &str, name: &str, marks: &mut Marks) -> String {
    let mut out = String::with_capacity(text.len());
    let mut xml = Xml::lenient(text);
    let mut open: Vec<&'static str> = Vec::new();
    while let Some(step) = xml.step() {
        match step {
            Step::Open(tag) => {
                let own = tag.name().to_ascii_lowercase();
                let place = tag.get("id").map(|id| format!("{name}#{id}"));
                if is(&tag, "type", &["pagebreak"]) || is(&tag, "role", &["doc-pagebreak"]) {
                    let listed = place.as_ref().and_then(|place| marks.pages.get(place).cloned());
                    let stated = tag.get("title").or(tag.get("aria-label")).map(|label| label.into_owned());
                    let id = tag.get("id").unwrap_or_default().into_owned();
                    let words = xml.words();
                    let label = listed.map(String::from).or(stated).unwrap_or(words);
                    let label = label.trim().trim_start_matches("Page ").trim_start_matches("page ");
                    let label = if label.is_empty() {
                        id.trim_start_matches(|c: char| !c.is_ascii_digit())
                    } else {
                        label
                    };
                    marks.add(Mark::Page(label.trim_end_matches('.').trim().into()), &mut out);
                    continue;
                }
                if matches!(own.as_str(), "head" | "script" | "style" | "svg" | "math")
                    || (own == "nav" && is(&tag, "type", &["toc", "page-list", "landmarks", "loi", "lot"]))
                {
                    if own == "math" {
                        out.push_str(&escaped(&xml.words()));
                    } else {
                        xml.skip();
                    }
                    continue;
                }
                if own == "a" && (is(&tag, "type", &["noteref"]) || is(&tag, "role", &["doc-noteref"])) {
                    let target = tag.get("href").and_then(|href| resolve(name, &href));
                    let words = xml.words();
                    let mark = words.trim().trim_matches(['[', ']', '(', ')']);
                    if let Some(target) =
                        target.filter(|_| !mark.is_empty() && mark.chars().count() <= LONGEST)
                    {
                        marks.references.insert(target, mark.into());
                    }
                    continue;
                }
                let element = element(&own, &tag);
                if let Some(element) = element {
                    out.push('<');
                    out.push_str(element);
                    for key in ["id", "class", "href", "style", "hidden"] {
                        if let Some(value) = tag.get(key) {
                            out.push_str(&format!(" {key}=\"{}\"", escaped(&value)));
                        }
                    }
                    if is_note(&tag) {
                        out.push_str(" epub:type=\"footnote\"");
                    }
                    out.push('>');
                }
                open.push(element.unwrap_or_default());
                if let Some(place) = place {
                    if let Some(chapters) = marks.chapters.remove(&place) {
                        chapters.into_iter().for_each(|nth| marks.add(Mark::Chapter(nth), &mut out));
                    }
                    if let Some(label) = marks.pages.remove(&place) {
                        marks.add(Mark::Page(label), &mut out);
                    }
                    if is_note(&tag) {
                        marks.add(Mark::Note(place), &mut out);
                    }
                }
                if own == "body" {
                    let chapters = marks.chapters.remove(name).unwrap_or_default();
                    chapters.into_iter().for_each(|nth| marks.add(Mark::Chapter(nth), &mut out));
                    if let Some(label) = marks.pages.remove(name) {
                        marks.add(Mark::Page(label), &mut out);
                    }
                }
            }
            Step::Close(_) => {
                if let Some(element) =
                    open.pop().filter(|element| !element.is_empty() && !VOID.contains(element))
                {
                    out.push_str(&format!("</{element}>"));
                }
            }
            Step::Text(words) => out.push_str(&escaped_text(&words)),
        }
    }
    if xml.damaged {
        // It is no XML from here on. The reader of web pages takes anything.
        out.push_str(text.get(xml.damage()..).filter(|_| xml.damage() > 0).unwrap_or_default());
    }
    out
}

fn is_note(tag: &Tag<'_>) -> bool {
    is(tag, "type", &["footnote", "endnote", "rearnote", "note"])
        || is(tag, "role", &["doc-footnote", "doc-endnote"])
}

const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// The element of HTML that stands for `own`; `None` for one without a meaning for the words. Nothing in a book is
/// beside its text but notes.
fn element(own: &str, tag: &Tag<'_>) -> Option<&'static str> {
    const KEPT: [&str; 50] = [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "pre",
        "br",
        "hr",
        "sup",
        "sub",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "a",
        "span",
        "q",
        "cite",
        "body",
        "html",
        "small",
        "code",
        "ruby",
        "rt",
        "rp",
        "address",
        "wbr",
        "del",
        "ins",
    ];
    match own {
        "li" if is_note(tag) => Some("li"),
        _ if is_note(tag) => Some("aside"),
        "section" | "article" | "main" | "nav" | "aside" | "header" | "footer" | "form" | "center"
        | "hgroup" | "details" | "summary" => Some("div"),
        _ => KEPT.into_iter().find(|kept| *kept == own),
    }
}

fn escaped(value: &str) -> String {
    escaped_text(value).replace('"', "&quot;")
}

fn escaped_text(words: &str) -> String {
    if words.contains(['&', '<', '>']) {
        words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        words.to_owned()
    }
}
