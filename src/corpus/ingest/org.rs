//! Extracts the words of an Org file: its text without drawers, properties, comments, keywords and markup. Headings
//! begin as in Markdown, so that the layout recognizes them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::text::Known;
use crate::corpus::source::{Class, Furniture, Metadata, Noted};
use crate::text::{FileSpan, FileText, Span, Text};

/// An Org file read as a source.
pub(super) struct Org {
    pub(super) text: Text,
    /// The parts of which the file says what they are, in order.
    pub(super) known: Vec<Known>,
    pub(super) notes: Vec<Noted>,
    pub(super) metadata: Metadata,
}

/// Links, note marks, targets, citations and forced line breaks. Their first or second group is what is read in their place.
static INLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \[\[ [^\]\[]+ \]\[ ( [^\]\[]+ ) \]\] | \[\[ ( [^\]\[]+ ) \]\] | [\ ]? \[fn: [^\]\[\n]* \] | <<<? [^<>\n]+ >>>?
          | [\ ]? \[cite [^\]\[]* \] | \\\\ [\ \t]* (?m:$)",
    )
    .ok()
});

/// A headline: stars, keyword, priority, words, tags.
static HEADLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(\*+) +(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED) +)?(?:\[#[A-Z0-9]\] +)?(.*?)(?: +:[\w@#%:]+:)?[ \t]*$").ok()
});

/// The definition of a note at the start of a line.
static NOTE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\[fn:([\w-]+)\][ \t]*").ok());

/// What lines belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Text,
    /// A drawer, or a block that is no part of the text.
    Nothing,
    /// A block of words as they are.
    Verbatim,
    Quotation,
}

#[derive(Default)]
struct Drawing<'t> {
    file: &'t str,
    pieces: Vec<(FileSpan, Option<Cow<'static, str>>)>,
    /// The number of bytes drawn.
    drawn: usize,
    known: Vec<Known>,
    notes: Vec<Noted>,
}

/// Extracts the words of `file`.
pub(super) fn words(file: &FileText) -> Org {
    let mut drawing = Drawing { file: file.as_str(), ..Drawing::default() };
    let mut metadata = Metadata::default();
    let mut inside = Inside::Text;
    // What begins with `#+begin_` or a drawer, to be ended by the same.
    let mut block = String::new();
    // Where the quotation or note that is open began in the drawn text, and the mark of the note.
    let mut quotation = None;
    let mut note: Option<(usize, String)> = None;
    // The lines of the paragraph that is open.
    let mut run: Option<Span> = None;
    // The level of a headline that is a comment.
    let mut commented = usize::MAX;
    let titled =
        file.as_str().lines().any(|line| keyword(line.trim()).is_some_and(|(key, _)| key == "title"));
    let mut at = 0;
    for line in file.as_str().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim();
        let lower = words.to_lowercase();
        let headline = HEADLINE
            .as_ref()
            .filter(|_| line.starts_with('*'))
            .and_then(|headline| headline.captures(line.trim_end()));
        let is_text = inside == Inside::Text || inside == Inside::Quotation;
        let is_block = lower.strip_prefix("#+begin_").filter(|_| is_text);
        let is_drawer = inside == Inside::Text && is_drawer(words);
        let markup = words.is_empty()
            || headline.is_some()
            || words.starts_with('#')
            || is_drawer
            || is_planning(words)
            || is_rule(words);
        if markup || !is_text || NOTE.as_ref().is_some_and(|note| note.is_match(line)) {
            drawing.run(run.take(), is_text || inside == Inside::Verbatim);
        }
        if let Some(headline) = headline.filter(|_| is_text) {
            drawing.end_note(&mut note);
            let level = headline[1].len();
            let title =
                headline.get(2).map_or(start..start, |title| start + title.start()..start + title.end());
            if level <= commented {
                commented = if headline[2].starts_with("COMMENT") { level } else { usize::MAX };
            }
            if commented == usize::MAX {
                drawing.gap();
                let signs = "#".repeat((level + usize::from(titled)).min(6));
                drawing.put(start, &format!("{signs} "));
                drawing.inline(title.into());
                drawing.gap();
            }
            continue;
        }
        if commented < usize::MAX {
            continue;
        }
        match inside {
            Inside::Nothing | Inside::Verbatim | Inside::Quotation
                if lower.starts_with(&format!("#+end_{block}")) =>
            {
                if let Some(from) = quotation.take() {
                    let span = Span::new(from, drawing.drawn);
                    drawing.known.push(Known { span, class: Some(Class::BlockQuotation) });
                }
                inside = Inside::Text;
                drawing.gap();
            }
            Inside::Nothing => {
                if block == ":" && lower == ":end:" {
                    inside = Inside::Text;
                }
            }
            Inside::Verbatim => {
                drawing.copy((start..at).into());
            }
            Inside::Text | Inside::Quotation => {
                if let Some(name) = is_block {
                    block = name.split_whitespace().next().unwrap_or_default().to_owned();
                    drawing.gap();
                    inside = match block.as_str() {
                        "quote" => {
                            quotation = Some(drawing.drawn);
                            Inside::Quotation
                        }
                        "comment" | "export" => Inside::Nothing,
                        "src" | "example" => Inside::Verbatim,
                        // Verse and blocks that only arrange their words: the end is one more keyword.
                        _ => Inside::Text,
                    };
                } else if is_drawer {
                    (inside, block) = (Inside::Nothing, ":".to_owned());
                } else if words.is_empty() {
                    drawing.gap();
                } else if let Some((key, value)) = keyword(words) {
                    let value = value.trim();
                    match key.as_str() {
                        "title" => {
                            metadata.title = Some(value.to_owned());
                            drawing.gap();
                            drawing.put(start, "# ");
                            let from = start + line.find(value).unwrap_or(0);
                            drawing.inline((from..from + value.len()).into());
                            drawing.gap();
                        }
                        "author" if !value.is_empty() => metadata.authors.push(value.to_owned()),
                        "date" if !value.is_empty() => {
                            metadata.date = Some(value.trim_matches(['<', '>', '[', ']']).to_owned());
                        }
                        "language" => metadata.language = Some(value.to_owned()),
                        "caption" if !value.is_empty() => {
                            drawing.gap();
                            let from = start + line.find(value).unwrap_or(0);
                            drawing.inline((from..from + value.len()).into());
                            drawing.gap();
                        }
                        _ => {}
                    }
                } else if words.starts_with("# ") || words == "#" || is_planning(words) || is_rule(words) {
                    // A comment, a date to do it, a line of a table.
                } else if let Some(found) = NOTE.as_ref().and_then(|note| note.captures(line)) {
                    drawing.end_note(&mut note);
                    drawing.gap();
                    note = Some((drawing.drawn, found[1].to_owned()));
                    run = Some(Span::new(start + found[0].len(), at));
                } else {
                    run = Some(Span::new(run.map_or(start, |run| run.start), at));
                }
                if words.is_empty() && run.is_none() {
                    // Two empty lines end a note; one is enough before the next or a headline.
                    let ends = note.as_ref().is_some_and(|(from, _)| drawing.drawn > *from);
                    if ends {
                        drawing.end_note(&mut note);
                    }
                }
            }
        }
    }
    drawing.run(run, true);
    drawing.end_note(&mut note);
    let Drawing { pieces, mut known, notes, .. } = drawing;
    known.sort_by_key(|known| known.span.start);
    Org { text: Text::drawn(file, pieces), known, notes, metadata }
}

/// The key and value of `#+KEY: value`.
fn keyword(words: &str) -> Option<(String, &str)> {
    let (key, value) = words.strip_prefix("#+")?.split_once(':')?;
    (!key.contains(char::is_whitespace)).then(|| (key.to_lowercase(), value))
}

/// `:PROPERTIES:`
fn is_drawer(words: &str) -> bool {
    let name = words.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    })
}

fn is_planning(words: &str) -> bool {
    ["SCHEDULED:", "DEADLINE:", "CLOSED:", "CLOCK:"].iter().any(|begin| words.starts_with(begin))
}

fn is_rule(words: &str) -> bool {
    words.starts_with("|-") && words.chars().all(|c| matches!(c, '|' | '-' | '+'))
}

impl Drawing<'_> {
    fn push(&mut self, of: Span, read: Option<Cow<'static, str>>) {
        self.drawn += read.as_ref().map_or(of.len(), |read| read.len());
        self.pieces.push(((of.start..of.end).into(), read));
    }

    fn copy(&mut self, span: Span) {
        if span.start < span.end {
            self.push(span, None);
        }
    }

    /// Draws `words`, which are not in the file.
    fn put(&mut self, at: usize, words: &str) {
        self.push(Span::new(at, at), Some(words.to_owned().into()));
    }

    /// Draws an empty line, once.
    fn gap(&mut self) {
        let at = self.pieces.last().map_or(0, |(of, _)| of.end.0);
        let drawn = self.pieces.last().is_none_or(|(_, read)| read.as_deref() == Some("\n\n"));
        if !drawn {
            self.put(at, "\n\n");
        }
    }

    fn end_note(&mut self, note: &mut Option<(usize, String)>) {
        let Some((from, mark)) = note.take() else { return };
        // Without the gap after it.
        let gap = self.pieces.last().is_some_and(|(_, read)| read.as_deref() == Some("\n\n"));
        let span = Span::new(from, self.drawn - if gap { 2 } else { 0 });
        if span.start < span.end {
            self.known.push(Known { span, class: Some(Class::Furniture(Furniture::Note)) });
            self.notes.push(Noted { span, mark: mark.into() });
        }
    }

    /// Draws the lines of a paragraph.
    fn run(&mut self, run: Option<Span>, is_text: bool) {
        let Some(run) = run.filter(|_| is_text) else { return };
        self.inline(run);
    }

    /// Draws the words in `span` without their markup.
    fn inline(&mut self, span: Span) {
        let words = &self.file[span.start..span.end];
        let mut cuts: Vec<Span> = emphasis(words);
        let found =
            INLINE.as_ref().map(|inline| inline.captures_iter(words).collect::<Vec<_>>()).unwrap_or_default();
        for link in found {
            let Some(whole) = link.get(0) else { continue };
            match link.get(1).or(link.get(2)) {
                Some(inner) => {
                    cuts.push(Span::new(whole.start(), inner.start()));
                    cuts.push(Span::new(inner.end(), whole.end()));
                }
                // The words of a target are linked from elsewhere.
                None if whole.as_str().starts_with("<<<") => {
                    cuts.push(Span::new(whole.start(), whole.start() + 3));
                    cuts.push(Span::new(whole.end() - 3, whole.end()));
                }
                None => cuts.push(Span::new(whole.start(), whole.end())),
            }
        }
        let mut offset = 0;
        for line in words.split_inclusive('\n') {
            let trimmed = line.trim_start();
            let start = offset + line.len() - trimmed.len();
            offset += line.len();
            if let Some(row) = trimmed.trim_end().strip_prefix('|') {
                let bars = row.match_indices('|').map(|(at, _)| start + 1 + at);
                cuts.push(Span::new(start, start + 1));
                cuts.extend(bars.map(|at| Span::new(at, at + 1)));
            } else if trimmed.starts_with(": ") {
                cuts.push(Span::new(start, start + 2));
            } else if let Some(item) =
                trimmed.strip_prefix(['-', '+']).and_then(|item| item.strip_prefix(' '))
                && ["[ ] ", "[X] ", "[-] "].iter().any(|check| item.starts_with(check))
            {
                cuts.push(Span::new(start + 2, start + 6));
            }
        }
        cuts.sort_by_key(|cut| (cut.start, usize::MAX - cut.end));
        let mut from = 0;
        for cut in cuts {
            if cut.start < from {
                continue;
            }
            self.copy(Span::new(span.start + from, span.start + cut.start));
            from = cut.end;
        }
        self.copy(Span::new(span.start + from, span.end));
    }
}

/// The markers of emphasis in `words`: `*bold*`, `/italic/`, `_underlined_`, `=code=`, `~code~`, `+struck+`.
fn emphasis(words: &str) -> Vec<Span> {
    /// Longest emphasis in bytes.
    const LONGEST: usize = 1000;
    let bytes = words.as_bytes();
    let mut cuts = Vec::new();
    let mut from = 0;
    let before = |at: usize| {
        words[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || "-–—('\"{“‘„«".contains(c))
    };
    let after = |at: usize| {
        words[at..].chars().next().is_none_or(|c| c.is_whitespace() || "-–—.,;:!?'\")}[”’“»…".contains(c))
    };
    while let Some(found) = words[from..].find(['*', '/', '_', '=', '~', '+']) {
        let at = from + found;
        from = at + 1;
        let marker = bytes[at];
        let inner = &words[at + 1..];
        if !before(at) || inner.starts_with(|c: char| c.is_whitespace() || c == char::from(marker)) {
            continue;
        }
        let ends = memchr::memchr_iter(marker, &inner.as_bytes()[..inner.len().min(LONGEST)])
            .map(|end| at + 1 + end);
        let mut ends = ends.filter(|&end| !words[..end].ends_with(char::is_whitespace) && after(end + 1));
        // Emphasis goes over one line break at most.
        let Some(end) = ends.next().filter(|&end| words[at..end].matches('\n').count() <= 1) else {
            continue;
        };
        cuts.extend([Span::new(at, at + 1), Span::new(end, end + 1)]);
        // Words within code are as they are; others may be emphasized again.
        if matches!(marker, b'=' | b'~') {
            from = end + 1;
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Org {
        words(&FileText::new(text))
    }

    #[test]
    fn markup_is_no_part_of_the_words() {
        let org = "#+TITLE: The weir\n#+AUTHOR: Ada Korn\n#+DATE: <2031-05-04 Sun>\n#+OPTIONS: toc:nil\n\n* TODO [#A] Rents :tax:old:\nSCHEDULED: <2031-05-05>\n:PROPERTIES:\n:ID: 7\n:END:\n\
            The *miller* paid /until\nthe gate/ was [[https://x.example][lost]][fn:1], =a_b= and 3*4*5. See [[file:a.org]].\n# A comment.\n\n** Repairs\n- [X] salt\n| Year | Sacks |\n|------+-------|\n| 1911 | 12 |\n\n* COMMENT Drafts\nNot this.\n** Nor this\nNo.\n* End\nDone.\n";
        let read = read(org);
        assert_eq!(
            read.text.as_str().split("\n\n").map(str::trim).collect::<Vec<_>>(),
            [
                "# The weir",
                "## Rents",
                "The miller paid until\nthe gate was lost, a_b and 3*4*5. See file:a.org.",
                "### Repairs",
                "- salt\n Year  Sacks \n 1911  12",
                "## End",
                "Done."
            ]
        );
        assert_eq!(read.metadata.title.as_deref(), Some("The weir"));
        assert_eq!((read.metadata.authors.len(), read.metadata.date.as_deref()), (1, Some("2031-05-04 Sun")));
    }

    #[test]
    fn quotations_and_notes_are_known() {
        let org = "Before.[fn:a]\n\n#+BEGIN_QUOTE\nSo it /was/.\n#+END_QUOTE\n\n#+begin_src sh\n* no heading\n#+end_src\n\n[fn:a] Minutes,\nf. 3.\n\n[fn:2] More.\n\nAfter.\n";
        let read = read(org);
        let known: Vec<(Option<Class>, &str)> =
            read.known.iter().map(|known| (known.class, read.text.slice(known.span).trim())).collect();
        let note = Some(Class::Furniture(Furniture::Note));
        assert_eq!(
            known,
            [(Some(Class::BlockQuotation), "So it was."), (note, "Minutes,\nf. 3."), (note, "More.")]
        );
        let marks: Vec<&str> = read.notes.iter().map(|note| &*note.mark).collect();
        assert_eq!(marks, ["a", "2"]);
        assert!(read.text.as_str().ends_with("After.\n") && read.text.as_str().contains("* no heading"));
        let at = read.text.as_str().find("f. 3").expect("the words");
        assert_eq!(read.text.position(at, crate::text::Encoding::Utf8).line, 11);
    }

    #[test]
    fn signs_that_are_no_markup_stay() {
        let plain = "A/B and 2 * 3 * 4, well-known_names_ and ~ or / alone: see https://x.example/a_b/c.\n";
        assert_eq!(read(plain).text.as_str(), plain);
        assert_eq!(read("").text.as_str(), "");
    }
}
