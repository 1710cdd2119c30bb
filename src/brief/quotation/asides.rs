//! Asides in a block quotation, which are next to the quoted words but not part of them: names, places, tags,
//! numbers and labels, as written by reading apps and quotation websites. Judged by appearance alone. Since a
//! source may contain the very same words, nothing found here is discarded.
//!
//! The shapes come from Kindle clippings, exports of Readwise, Zotero and Obsidian, and pages of quotations
//! in public repositories.

use std::ops::Range;

use super::attribution::{LONGEST, MOST_WORDS, has_office, is_date, is_name, is_place, is_place_word};
use super::marks::{Marks, Open};
use super::prose::Glyph;
use crate::brief::tags;

/// Most words before the colon of “Brandt writes:”.
const MOST_LEADING: usize = 10;

/// Most words in a speaker's name before a colon.
const MOST_OF_A_SPEAKER: usize = 4;

/// A number, a heading and a name may follow one another; anything longer is a line of numbers rather than
/// labels.
const MOST_LABELS: usize = 3;

/// Words that replace a page number in brackets: links by Zotero, Readwise and web clippers.
const LINKS: [&str; 17] = [
    "pdf",
    "link",
    "source",
    "zotero",
    "snapshot",
    "view highlight",
    "quelle",
    "fuente",
    "read more",
    "more",
    "continue reading",
    "open",
    "permalink",
    "weiterlesen",
    "mehr",
    "lire la suite",
    "leer más",
];

/// The words of a unit and its asides, as ranges of glyphs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stripped {
    pub(super) words: Range<usize>,
    pub(super) asides: Vec<Range<usize>>,
}

/// Separates the glyphs `unit` into quoted words and asides, judged by appearance. `last` says whether the
/// block quotation ends with it, where names may occur.
pub(super) fn strip(text: &str, glyphs: &[Glyph], unit: Range<usize>, last: bool) -> Stripped {
    let reader = Reader { text, glyphs };
    let whole = reader.trimmed(unit);
    let mut words = whole.clone();
    let mut asides = Vec::new();
    for _ in 0..MOST_LABELS {
        let Some(end) = reader.label(&words) else { break };
        asides.push(words.start..end);
        words = reader.trimmed(end..words.end);
    }
    while let Some(start) = reader.tail(&words, last) {
        asides.push(start..words.end);
        words = reader.trimmed(words.start..start);
    }
    if let Some(end) = reader.lead_in(&words) {
        asides.push(words.start..end);
        words = reader.trimmed(end..words.end);
    }
    asides.sort_by_key(|aside| aside.start);
    if reader.string(words.clone()).chars().any(char::is_alphanumeric) {
        Stripped { words, asides }
    } else {
        Stripped { words: whole, asides: Vec::new() }
    }
}

/// Whether the glyphs `unit`, the last of several paragraphs or lines, are only an attribution. `closed` says
/// that the words before it end a sentence.
pub(super) fn is_attribution(text: &str, glyphs: &[Glyph], unit: Range<usize>, closed: bool) -> bool {
    let reader = Reader { text, glyphs };
    let written = reader.string(reader.trimmed(unit));
    let name =
        written.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '―' | '-' | '~'));
    let dashed = name.len() < written.len();
    let several = name.split_whitespace().count() > 1 && !name.ends_with(['.', '!', '?']);
    (dashed || closed && several) && (is_name(name) || is_place(name))
}

/// Whether the paragraph `unit` is the label of a clipping, which says where the words below it come from:
/// `*Page 12*`, `**Highlight (yellow)**`.
pub(super) fn is_label(text: &str, glyphs: &[Glyph], unit: Range<usize>) -> bool {
    let reader = Reader { text, glyphs };
    let unit = reader.trimmed(unit);
    reader.is_heading(&unit, |_| false)
}

/// The passages within the glyphs `words` that have their own quotation marks, if these contain most of the
/// words but not all, or if there are several. The marks are left out.
pub(super) fn in_marks(text: &str, glyphs: &[Glyph], words: Range<usize>) -> Vec<Range<usize>> {
    let reader = Reader { text, glyphs };
    let count = |range: Range<usize>| {
        let all = reader.string(range);
        all.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
    };
    let found = reader.marked(&words);
    let inside: usize = found.iter().cloned().map(count).sum();
    let outside = count(words).saturating_sub(inside);
    let several = found.len() > 1 || !found.is_empty() && outside > 0;
    if several && inside > outside { found } else { Vec::new() }
}

/// Whether the glyphs `unit` begin and end with the marks of a single quotation.
pub(super) fn all_in_marks(text: &str, glyphs: &[Glyph], unit: Range<usize>) -> bool {
    let reader = Reader { text, glyphs };
    let found = reader.marked(&unit);
    let [only] = &found[..] else { return false };
    let bare = |range: Range<usize>| !reader.string(range).contains(char::is_alphanumeric);
    bare(unit.start..only.start) && bare(only.end..unit.end)
}

/// Whether a sentence may end after glyph `at`, ignoring closing marks.
pub(super) fn ends_sentence(glyphs: &[Glyph], at: usize) -> bool {
    let closes = |c: char| {
        matches!(
            c,
            '”' | '"'
                | '’'
                | '\''
                | '»'
                | '“'
                | '‘'
                | '›'
                | '‹'
                | '«'
                | '」'
                | '』'
                | '❞'
                | ')'
                | ']'
        )
    };
    let behind = glyphs[..=at].iter().rev().map(|glyph| glyph.c).take_while(|c| closes(*c)).count();
    let end = (at + 1).checked_sub(behind + 1).map(|at| glyphs[at].c);
    behind > 0 && glyphs[at].c != ')' && glyphs[at].c != ']'
        || end.is_some_and(|c| matches!(c, '.' | '?' | '!' | '…' | '。' | '？' | '！' | '؟' | '।'))
}

struct Reader<'a> {
    text: &'a str,
    glyphs: &'a [Glyph],
}

impl Reader<'_> {
    fn c(&self, at: usize) -> Option<char> {
        self.glyphs.get(at).map(|glyph| glyph.c)
    }

    fn string(&self, range: Range<usize>) -> String {
        self.glyphs.get(range).unwrap_or_default().iter().map(|glyph| glyph.c).collect()
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = range;
        let blank = |at: usize| self.glyphs[at].c.is_whitespace();
        while start < end && blank(start) {
            start += 1;
        }
        while end > start && blank(end - 1) {
            end -= 1;
        }
        start..end
    }

    /// Quotations in marks within `words`, without their marks.
    fn marked(&self, words: &Range<usize>) -> Vec<Range<usize>> {
        let glyphs = &self.glyphs[words.clone()];
        let marks = Marks::new(glyphs);
        let mut open: Option<Open> = None;
        let mut found = Vec::new();
        for i in 0..glyphs.len() {
            match &mut open {
                Some(current) => {
                    if i >= current.from && marks.closes(i, current) {
                        let end = (i + 1).saturating_sub(current.mark.width()).max(current.from);
                        found.push(words.start + current.from..words.start + end);
                        open = None;
                    }
                }
                None => open = marks.opening(i).map(|mark| Open::at(glyphs, mark, i)),
            }
        }
        found
    }

    /// The end of the first line of `words`, if another line follows.
    fn first_line(&self, words: &Range<usize>) -> Option<usize> {
        words.clone().find(|&at| self.glyphs[at].c == '\n')
    }

    /// The end of a label that begins `words`: a number, a bold heading, or a name and a colon.
    fn label(&self, words: &Range<usize>) -> Option<usize> {
        self.number(words).or_else(|| self.heading(words)).or_else(|| self.speaker(words))
    }

    /// `2.`, `2)`, `(2)`, `#2` before words that begin a sentence.
    fn number(&self, words: &Range<usize>) -> Option<usize> {
        let mut at = words.start;
        let opened = self.c(at).filter(|c| matches!(c, '(' | '[' | '#'));
        at += usize::from(opened.is_some());
        let digits = (at..words.end).take_while(|&at| self.glyphs[at].c.is_ascii_digit()).take(5).count();
        at += digits;
        let closes = self.c(at).is_some_and(|c| match opened {
            Some('(') => c == ')',
            Some('[') => c == ']',
            Some(_) => c.is_whitespace(),
            None => matches!(c, '.' | ')' | ':'),
        });
        let end = at + usize::from(opened != Some('#'));
        let blank = self.c(end).is_some_and(char::is_whitespace);
        let next = self.trimmed(end.min(words.end)..words.end).start;
        let begins = self.c(next).is_some_and(|c| !c.is_lowercase() && !c.is_ascii_digit());
        let fits = (1..=4).contains(&digits) && closes && blank && next < words.end && begins;
        fits.then_some(end)
    }

    /// A first line that is entirely bold, names a place in a book, or ends with a colon.
    fn heading(&self, words: &Range<usize>) -> Option<usize> {
        let end = self.first_line(words)?;
        let line = self.trimmed(words.start..end);
        let leads = |written: &str| written.ends_with(':') && !written.contains(['“', '"', '«', '„']);
        self.is_heading(&line, leads).then_some(end)
    }

    /// Whether `line` names a place in a book, is all bold, or is a heading by what `other` says of it.
    fn is_heading(&self, line: &Range<usize>, other: impl Fn(&str) -> bool) -> bool {
        let written = self.string(line.clone());
        let short = !written.is_empty() && written.split_whitespace().count() <= MOST_WORDS;
        let bold = || self.is_bold(line) && !written.ends_with(['.', '?', '!', '…', ',', ';', '”', '"', '»']);
        short && (other(&written) || is_place(&written) || bold())
    }

    /// Whether all of `range` is inside one pair of bold markers.
    fn is_bold(&self, range: &Range<usize>) -> bool {
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let (Some(first), Some(last)) =
            (self.glyphs.get(range.start), last.and_then(|last| self.glyphs.get(last)))
        else {
            return false;
        };
        let before = self.text.get(..first.at).unwrap_or_default();
        let after = self.text.get(last.end()..).unwrap_or_default();
        ["**", "__"].iter().any(|mark| before.ends_with(mark) && after.starts_with(mark))
    }

    /// `Ada Brandt:`, possibly in bold, before words that begin a sentence.
    fn speaker(&self, words: &Range<usize>) -> Option<usize> {
        let reach = words.start..words.end.min(words.start + LONGEST / 2);
        let colon = reach.clone().find(|&at| matches!(self.glyphs[at].c, ':' | '：' | '\n'))?;
        let (end, name) = (colon + 1, self.string(words.start..colon));
        let bold = self.is_bold(&(words.start..colon)) || self.is_bold(&(words.start..end));
        let short = name.split_whitespace().count() <= MOST_OF_A_SPEAKER;
        let next = self.trimmed(end..words.end).start;
        let begins = next < words.end && !self.glyphs[next].c.is_lowercase();
        let cased = name.chars().any(char::is_uppercase);
        let fits = self.glyphs[colon].c != '\n'
            && short
            && begins
            && self.c(end).is_some_and(char::is_whitespace)
            && (bold || cased && is_name(&name) && !name.contains(['“', '"', '«', '„', ',']));
        fits.then_some(end)
    }

    /// The start of an aside at the end of `words`.
    fn tail(&self, words: &Range<usize>, last: bool) -> Option<usize> {
        if words.is_empty() {
            return None;
        }
        let start = self.tag(words).or_else(|| self.bracket(words)).or_else(|| self.link(words));
        let start = start.or_else(|| self.element(words));
        let start = start.or_else(|| self.place(words));
        let start = start.or_else(|| if last { self.name(words) } else { None })?;
        (start > words.start).then_some(start)
    }

    /// The start of the last word, up to a blank.
    fn last_token(&self, words: &Range<usize>) -> usize {
        words.clone().rev().find(|&at| self.glyphs[at].c.is_whitespace()).map_or(words.start, |at| at + 1)
    }

    fn tag(&self, words: &Range<usize>) -> Option<usize> {
        let start = self.last_token(words);
        let token = self.string(start..words.end);
        let token = token.trim_end_matches([',', '.', ';']);
        // `Tags:` alone on a line, once the tags have been removed.
        let label = token.ends_with(':') && self.c(start.wrapping_sub(1)) == Some('\n');
        let marked = tags::mark(token, '#').is_some() || tags::mark(token, '^').is_some();
        (marked || label).then_some(start)
    }

    /// `(p. 12)`, `[12]`, `(Renner 2021, p. 4)`, `(pdf)`, `(Renner)`.
    fn bracket(&self, words: &Range<usize>) -> Option<usize> {
        let stop = usize::from(matches!(self.c(words.end - 1), Some('.' | ',' | ';')));
        let close = (words.end - 1).checked_sub(stop).filter(|close| *close > words.start)?;
        let pair = match self.glyphs[close].c {
            ')' => ('(', ')'),
            ']' => ('[', ']'),
            _ => return None,
        };
        let mut depth = 0_usize;
        let open = (words.start..=close).rev().take(LONGEST).find(|&at| {
            depth += usize::from(self.glyphs[at].c == pair.1);
            depth -= usize::from(self.glyphs[at].c == pair.0 && depth > 0);
            depth == 0
        })?;
        let inside = self.string(open + 1..close);
        let inside = inside.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')'));
        let before = self.trimmed(words.start..open).end.checked_sub(1).filter(|at| *at >= words.start)?;
        let number = !inside.is_empty()
            && inside.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | ':' | '.' | ',' | ' '));
        let year = inside
            .split(|c: char| !c.is_ascii_digit())
            .any(|digits| digits.len() == 4 && digits.starts_with(['1', '2']));
        let closed = ends_sentence(self.glyphs, before);
        let named = is_name(inside) && (year || closed);
        // `(letter of 3 March 1874)`: dated or numbered, and no sentence of its own.
        let dated = closed
            && inside.contains(|c: char| c.is_ascii_digit())
            && inside.split_whitespace().count() <= MOST_WORDS
            && !inside.ends_with(['.', '!', '?']);
        let fits =
            number || is_place(inside) || LINKS.contains(&inside.to_lowercase().as_str()) || named || dated;
        fits.then_some(open)
    }

    /// `<cite>Odo Tamsin, 1874</cite>`: HTML's own element for where words come from.
    fn element(&self, words: &Range<usize>) -> Option<usize> {
        let end = self.glyphs[words.end - 1].end();
        let (before, after) = (self.text.get(..end)?, self.text.get(end..)?.trim_start());
        ["cite", "footer"].iter().find_map(|name| {
            after.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
            let near = crate::text::position::floor(before, end.saturating_sub(LONGEST));
            let open = near + before[near..].rfind(&format!("<{name}"))?;
            Some(words.start + self.glyphs[words.clone()].partition_point(|glyph| glyph.at < open))
        })
    }

    /// `[Read more](https://…)` after the end of a sentence or a word that was cut short.
    fn link(&self, words: &Range<usize>) -> Option<usize> {
        let end = self.glyphs[words.end - 1].end();
        let before = self.text.get(..end).filter(|_| self.text[end..].starts_with("]("))?;
        let open = before.char_indices().rev().take(LONGEST).find(|(_, c)| *c == '[')?.0;
        let start = words.start + self.glyphs[words.clone()].partition_point(|glyph| glyph.at <= open);
        let closed = self.trimmed(words.start..start).end.checked_sub(1).filter(|at| *at >= words.start)?;
        let inside = self.string(start..words.end).to_lowercase();
        (LINKS.contains(&inside.as_str()) && ends_sentence(self.glyphs, closed)).then_some(start)
    }

    /// `p. 12`, or a bare number after the end of a sentence.
    fn place(&self, words: &Range<usize>) -> Option<usize> {
        let number = self.last_token(words);
        let token = self.string(number..words.end);
        let token = token.trim_end_matches('.');
        let digits = token.chars().filter(char::is_ascii_digit).count();
        let joins = token.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–'));
        if digits == 0 || digits > 9 || !joins || number == words.start {
            return None;
        }
        let before = self.trimmed(words.start..number);
        let label = self.last_token(&before);
        let word = self.string(label..before.end);
        let labelled = label > words.start && is_place_word(&word);
        let start = if labelled { label } else { number };
        let end = self.trimmed(words.start..start).end.checked_sub(1).filter(|at| *at >= words.start)?;
        let comma = labelled && matches!(self.glyphs[end].c, ',' | ';');
        (ends_sentence(self.glyphs, end) || comma).then_some(start)
    }

    /// The name of the author: after a dash, on its own line, or after the closing mark.
    fn name(&self, words: &Range<usize>) -> Option<usize> {
        let reach = words.start.max(words.end.saturating_sub(LONGEST))..words.end;
        let dash = |at: usize| match self.glyphs[at].c {
            '—' | '–' | '―' | '~' => true,
            '|' => self.c(at + 1).is_some_and(char::is_whitespace),
            '-' => {
                let blank = |at: Option<char>| at.is_none_or(|c| c.is_whitespace() || c == '-');
                at.checked_sub(1).is_some_and(|before| blank(self.c(before))) && blank(self.c(at + 1))
            }
            _ => false,
        };
        // The first of adjacent dashes, and the leftmost that is followed by a name.
        for at in reach.clone().filter(|&at| dash(at)) {
            let again = at > words.start && dash(at - 1);
            let glued = at > words.start && self.glyphs[at - 1].c.is_alphanumeric()
                || self.c(at + 1).is_some_and(char::is_lowercase);
            let name = self.string(at + 1..words.end);
            let name =
                name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-' | '.' | ','));
            let before = self.trimmed(words.start..at).end.checked_sub(1).filter(|at| *at >= words.start);
            let closed = before.is_some_and(|at| ends_sentence(self.glyphs, at));
            let named = is_name(name) || is_place(name) || self.in_italics(at + 1, words.end);
            if !again && !glued && (named || closed && (has_office(name) || is_date(name))) {
                return Some(at);
            }
        }
        if let Some(line) = reach.clone().rev().find(|&at| self.glyphs[at].c == '\n') {
            let written = self.string(line + 1..words.end);
            let before = self.trimmed(words.start..line).end.checked_sub(1).filter(|at| *at >= words.start);
            let closed = before.is_some_and(|at| ends_sentence(self.glyphs, at));
            let several = written.split_whitespace().count() > 1;
            if closed
                && several
                && (is_name(&written) || is_place(&written))
                && !written.ends_with(['.', '!', '?'])
            {
                return Some(line + 1);
            }
        }
        let marked = self.marked(words);
        let only = marked.first().filter(|only| only.start == words.start + 1)?;
        let behind = only.end + 1..words.end;
        let name = self.string(behind.clone());
        let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.'));
        (!name.is_empty() && is_name(name)).then_some(behind.start)
    }

    /// Whether the text after glyph `from` is a short title in italics, whatever its words.
    fn in_italics(&self, from: usize, end: usize) -> bool {
        let range = self.trimmed(from..end);
        if range.is_empty() || self.string(range.clone()).split_whitespace().count() > MOST_WORDS {
            return false;
        }
        let before = self.text.get(..self.glyphs[range.start].at).unwrap_or_default();
        let after = self.text.get(self.glyphs[range.end - 1].end()..).unwrap_or_default();
        before.ends_with(['*', '_']) && after.starts_with(['*', '_'])
    }

    /// `Brandt writes:` before words in marks that end `words`.
    fn lead_in(&self, words: &Range<usize>) -> Option<usize> {
        let marked = self.marked(words);
        let [only] = &marked[..] else { return None };
        let before = self.trimmed(words.start..only.start.saturating_sub(1));
        let behind = self.string(only.end..words.end);
        let lead = self.string(before.clone());
        let lead = lead.trim_end_matches(['`', '"', '“']).trim_end();
        let fits = lead.ends_with([':', '：'])
            && lead.split_whitespace().count() <= MOST_LEADING
            && !lead.contains(['.', '?', '!'])
            && !behind.contains(char::is_alphanumeric);
        fits.then_some(before.end)
    }
}
