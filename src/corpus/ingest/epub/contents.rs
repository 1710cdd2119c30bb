//! The table of contents and the list of pages of an EPUB: its navigation document (EPUB 3) or NCX (EPUB 2).

use crate::corpus::ingest::text::heading_number;
use crate::corpus::ingest::xml::{Step, Xml};

/// An entry: its words, and the file and place that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) words: String,
    /// `text/c1.xhtml#p12`, relative to the root of the EPUB.
    pub(super) target: String,
    /// How deep it is in the list, from 0.
    depth: usize,
}

/// What an EPUB says about its order.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) chapters: Vec<Entry>,
    pub(super) pages: Vec<Entry>,
}

/// `link`, found in the file `of`, relative to the root; `None` if it leads out of the EPUB.
pub(super) fn resolve(of: &str, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, place) = link.split_once('#').map_or((link, None), |(path, place)| (path, Some(place)));
    let mut steps: Vec<&str> = of.split('/').collect();
    let decoded = decoded(path);
    if !decoded.is_empty() {
        steps.pop();
        for step in decoded.split('/') {
            match step {
                "." | "" => {}
                ".." => drop(steps.pop()),
                step => steps.push(step),
            }
        }
    }
    let path = steps.join("/");
    Some(place.map_or(path.clone(), |place| format!("{path}#{place}")))
}

/// `path` with its `%20` and the like decoded.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn tidy(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Contents {
    /// Reads the navigation document `text`, the file `of`.
    pub(super) fn of_navigation(text: &str, of: &str) -> Self {
        let mut contents = Self::default();
        let mut xml = Xml::new(text);
        // Which list is open, if any, and how deep.
        let (mut list, mut depth) = (None, 0_usize);
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) => match tag.name() {
                    "nav" => {
                        let kind = tag.get("type").unwrap_or_default().into_owned();
                        list = ["toc", "page-list"]
                            .into_iter()
                            .find(|name| kind.split_whitespace().any(|word| word == *name));
                    }
                    "ol" => depth += 1,
                    "a" => {
                        let target = tag.get("href").and_then(|href| resolve(of, &href));
                        let words = tidy(&xml.words());
                        let (Some(target), Some(list)) = (target, list) else { continue };
                        let entry = Entry { words, target, depth: depth.saturating_sub(1) };
                        if list == "toc" { contents.chapters.push(entry) } else { contents.pages.push(entry) }
                    }
                    _ => {}
                },
                Step::Close(name) if name == "nav" => list = None,
                Step::Close(name) if name == "ol" => depth = depth.saturating_sub(1),
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        contents
    }

    /// Reads the NCX `text`, the file `of`.
    pub(super) fn of_ncx(text: &str, of: &str) -> Self {
        let mut contents = Self::default();
        let mut xml = Xml::new(text);
        let mut depth = 0_usize;
        let mut words = String::new();
        let mut page = false;
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) => match tag.name() {
                    "navPoint" => (depth, page) = (depth + 1, false),
                    "pageTarget" => page = true,
                    "text" => words = tidy(&xml.words()),
                    "content" => {
                        let Some(target) = tag.get("src").and_then(|link| resolve(of, &link)) else {
                            continue;
                        };
                        let entry = Entry {
                            words: std::mem::take(&mut words),
                            target,
                            depth: depth.saturating_sub(1),
                        };
                        if page {
                            contents.pages.push(entry);
                        } else if depth > 0 {
                            contents.chapters.push(entry);
                        }
                    }
                    _ => {}
                },
                Step::Close(name) if name == "navPoint" => depth = depth.saturating_sub(1),
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        contents
    }

    /// The number of each chapter. If any of them states its number, none is counted.
    pub(super) fn numbers(&self) -> Vec<Option<u32>> {
        let none = vec![None; self.chapters.len()];
        // Where the first level has parts of a book, the second has its chapters.
        let parts = |entry: &&Entry| {
            let first = entry.words.split_whitespace().next().unwrap_or_default().to_lowercase();
            entry.depth == 0
                && ["part", "book", "teil", "partie", "parte", "часть", "buch"].contains(&first.as_str())
        };
        let in_parts = self.chapters.iter().filter(parts).count() > 1;
        let level = usize::from(in_parts && self.chapters.iter().any(|entry| entry.depth == 1));
        let chapters: Vec<usize> = (0..self.chapters.len())
            .filter(|at| self.chapters[*at].depth == level && !is_around(&self.chapters[*at].words))
            .collect();
        if chapters.iter().any(|at| states_number(&self.chapters[*at].words)) {
            return none;
        }
        let mut numbers = none;
        for (number, at) in (1..).zip(chapters) {
            numbers[at] = Some(number);
        }
        numbers
    }
}

fn states_number(words: &str) -> bool {
    let roman = words.split(['.', ' ', ':']).next().unwrap_or_default();
    let is_roman =
        roman.len() <= 6 && !roman.is_empty() && roman.bytes().all(|byte| b"IVXLC".contains(&byte));
    heading_number(words).is_some()
        || (is_roman && (roman.len() == words.len() || roman.len() > 1 || words.starts_with("I.")))
}

/// Whether `words` are the heading of something around the chapters of a book.
fn is_around(words: &str) -> bool {
    const AROUND: [&str; 44] = [
        "cover",
        "title page",
        "title",
        "copyright",
        "copyright page",
        "contents",
        "table of contents",
        "dedication",
        "epigraph",
        "foreword",
        "preface",
        "prologue",
        "introduction",
        "acknowledgments",
        "acknowledgements",
        "about the author",
        "about this book",
        "notes",
        "endnotes",
        "footnotes",
        "bibliography",
        "references",
        "index",
        "glossary",
        "appendix",
        "epilogue",
        "afterword",
        "colophon",
        "list of figures",
        "illustrations",
        "abbreviations",
        "imprint",
        "inhalt",
        "inhaltsverzeichnis",
        "vorwort",
        "einleitung",
        "anmerkungen",
        "impressum",
        "table des matières",
        "préface",
        "índice",
        "prólogo",
        "оглавление",
        "предисловие",
    ];
    let words = words.to_lowercase();
    words.is_empty() || AROUND.contains(&words.trim_end_matches(['.', ':']))
}
