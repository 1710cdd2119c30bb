//! Quoted words in a brief: inline in quotation marks, or as block quotations; and which
//! citations own each. Says nothing of whether the words are right: it never sees a source.

use super::citation::Citation;
use super::markdown::{Block, BlockKind, Markdown};
use crate::text::Span;

/// How a quotation is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// In quotation marks.
    Inline,
    /// A Markdown block quotation.
    Block,
}

/// Words that a brief presents as somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// How it is marked.
    pub form: Form,
    /// With its marks (or all of the block).
    pub span: Span,
    /// The pieces of the brief that hold its words: no marks, no Markdown markup, no `>`.
    pub words: Vec<Span>,
    /// Indices of the citations that own it; empty when it is uncited. Any of them may hold it.
    pub citations: Vec<usize>,
}

impl Quotation {
    /// The words as one string, pieces joined as they stand; line breaks become spaces.
    #[must_use]
    pub fn text(&self, brief: &str) -> String {
        let mut out = String::new();
        for piece in &self.words {
            out.push_str(&brief[piece.start..piece.end]);
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Finds the quotations of `text`, sorted by offset.
///
/// Marks are “ ” " " ‘ ’ ' ' « » „ “; a nested quotation belongs to the outer one; a quotation
/// that is not closed ends with its block, unless the next block begins with the mark again.
#[must_use]
pub fn find(text: &str, markdown: &Markdown, citations: &[Citation]) -> Vec<Quotation> {
    let mut out = Vec::new();
    let mut at = 0;
    // The quotation that the block before left open, and where the citations of its opening
    // sentence may stand.
    let mut carried: Option<Open> = None;
    while let Some(block) = markdown.blocks.get(at) {
        if block.kind != BlockKind::Paragraph {
            out.extend(carried.take().and_then(|open| close_inline(open, citations, markdown)));
            at += 1;
            continue;
        }
        let Some(quote) = block.quote else {
            let prose = Prose::read(text, block, citations);
            inline(text, block, &prose, citations, markdown, &mut carried, &mut out);
            at += 1;
            continue;
        };
        out.extend(carried.take().and_then(|open| close_inline(open, citations, markdown)));
        let inside = |next: &Block| {
            next.quote == Some(quote) || (next.quote.is_some() && next.quote_depth > block.quote_depth)
        };
        let count = markdown.blocks[at..].iter().take_while(|next| inside(next)).count().max(1);
        out.extend(block_quotation(text, markdown, at..at + count, citations));
        at += count;
    }
    out.extend(carried.take().and_then(|open| close_inline(open, citations, markdown)));
    out.sort_by_key(|quotation| (quotation.span.start, quotation.span.end));
    out
}

/// One character that a reader sees.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    at: usize,
    c: char,
}

impl Glyph {
    fn end(self) -> usize {
        self.at + self.c.len_utf8()
    }
}

/// What a reader sees of one block: neither markup nor citations.
#[derive(Debug, Default)]
struct Prose {
    glyphs: Vec<Glyph>,
    /// The citations with their brackets, in order and apart; whether the first in each is
    /// author-in-text.
    cited: Vec<(Span, bool)>,
}

impl Prose {
    fn read(text: &str, block: &Block, citations: &[Citation]) -> Self {
        let mut raw: Vec<Glyph> = Vec::new();
        for span in &block.prose {
            let Some(piece) = text.get(span.start..span.end) else { continue };
            if let Some(last) = raw.last().copied()
                && let Some(at) = text.get(last.end()..span.start).and_then(|gap| gap.find('\n'))
                && !last.c.is_whitespace()
            {
                raw.push(Glyph { at: last.end() + at, c: '\n' });
            }
            raw.extend(piece.char_indices().map(|(at, c)| Glyph { at: span.start + at, c }));
        }
        let inside = citations_in(citations, block.span);
        let (pairs, mut cited) = brackets(&raw, &citations[inside.clone()]);
        for citation in citations[inside].iter().filter(|citation| citation.author_in_text) {
            let mut end = citation.span.end.max(citation.locator.as_ref().map_or(0, |l| l.span.end));
            let behind = text.get(citation.span.end..).unwrap_or_default();
            let open = citation.span.end + usize::from(behind.starts_with([' ', '\n']));
            if let Ok(pair) = pairs.binary_search_by_key(&open, |pair| pair.0)
                && !matches!(text.as_bytes().get(open + 1), Some(b'^'))
                && !matches!(text.as_bytes().get(pairs[pair].1 + 1), Some(b'(' | b'['))
            {
                end = end.max(pairs[pair].1 + 1);
            }
            cited.push((Span::new(citation.span.start, end), true));
        }
        cited.sort_unstable();
        let mut merged: Vec<(Span, bool)> = Vec::new();
        for (span, author) in cited {
            match merged.last_mut() {
                Some(last) if span.start < last.0.end => last.0.end = last.0.end.max(span.end),
                Some(_) | None => merged.push((span, author)),
            }
        }
        let glyphs = visible(text, &raw, &merged, &pairs);
        Self { glyphs, cited: merged }
    }
}

/// The indices of the citations that begin in `span`.
fn citations_in(citations: &[Citation], span: Span) -> std::ops::Range<usize> {
    let start = citations.partition_point(|citation| citation.span.start < span.start);
    let end = citations.partition_point(|citation| citation.span.start < span.end);
    start..end.max(start)
}

/// The pairs of brackets in `raw`, sorted by their start, and those that hold a citation.
fn brackets(raw: &[Glyph], citations: &[Citation]) -> (Vec<(usize, usize)>, Vec<(Span, bool)>) {
    let mut stack: Vec<(usize, bool)> = Vec::new();
    let (mut pairs, mut cited) = (Vec::new(), Vec::new());
    let mut next = citations.iter().filter(|citation| !citation.author_in_text).peekable();
    let mut escaped = false;
    for glyph in raw {
        while next.next_if(|citation| citation.span.start <= glyph.at).is_some() {
            if let Some(top) = stack.last_mut() {
                top.1 = true;
            }
        }
        match glyph.c {
            '[' if !escaped => stack.push((glyph.at, false)),
            ']' if !escaped => {
                if let Some((open, holds)) = stack.pop() {
                    pairs.push((open, glyph.at));
                    if holds {
                        cited.push((Span::new(open, glyph.at + 1), false));
                    }
                }
            }
            _ => {}
        }
        escaped = glyph.c == '\\' && !escaped;
    }
    pairs.sort_unstable();
    (pairs, cited)
}

/// `raw` without the citations `cited`, emphasis, escapes, footnote marks and link brackets.
fn visible(text: &str, raw: &[Glyph], cited: &[(Span, bool)], pairs: &[(usize, usize)]) -> Vec<Glyph> {
    let bytes = text.as_bytes();
    let mut hidden: Vec<Span> = cited.iter().map(|(span, _)| *span).collect();
    for &(open, close) in pairs {
        if bytes.get(open + 1) == Some(&b'^') {
            hidden.push(Span::new(open, close + 1));
        } else if bytes.get(close + 1) == Some(&b'(') {
            hidden.push(Span::new(open, open + 1));
            hidden.push(Span::new(close, close + 1));
        }
    }
    hidden.sort_unstable();
    let mut hidden = hidden.into_iter().peekable();
    let mut until = 0;
    let mut escaped = false;
    let mut out: Vec<Glyph> = Vec::with_capacity(raw.len());
    for (i, &glyph) in raw.iter().enumerate() {
        while let Some(span) = hidden.next_if(|span| span.start <= glyph.at) {
            until = until.max(span.end);
        }
        if glyph.at < until {
            escaped = false;
            continue;
        }
        let next = raw.get(i + 1).map(|next| next.c);
        let literal = std::mem::take(&mut escaped);
        match glyph.c {
            '\\' if !literal && next.is_some_and(|c| c == '\n' || c == '\r' || c.is_ascii_punctuation()) => {
                escaped = true;
            }
            '*' | '_' if !literal => {
                let before = i.checked_sub(1).map(|i| raw[i].c);
                let loose = |c: Option<char>| c.is_none_or(char::is_whitespace);
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let kept = loose(before) && loose(next) || glyph.c == '_' && word(before) && word(next);
                if kept {
                    out.push(glyph);
                }
            }
            _ => out.push(glyph),
        }
    }
    out
}

/// The pieces of the brief that `glyphs` cover.
fn pieces(glyphs: &[Glyph]) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for glyph in glyphs {
        match out.last_mut() {
            Some(last) if last.end == glyph.at => last.end = glyph.end(),
            Some(_) | None => out.push(Span::new(glyph.at, glyph.end())),
        }
    }
    out
}

/// The family of an opening mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// “ ”
    Curly,
    /// " "
    Straight,
    /// ‘ ’
    Single,
    /// ' '
    StraightSingle,
    /// « »
    Guillemet,
    /// „ “
    Low,
}

/// A quotation whose closing mark is still to come.
#[derive(Debug)]
struct Open {
    mark: Mark,
    start: usize,
    /// How many marks of its own family are open.
    depth: usize,
    /// In a single quotation: double marks that are open.
    inner: usize,
    /// Where its words begin among the glyphs of this block.
    from: usize,
    words: Vec<Span>,
    end: usize,
    /// The sentence in which it began.
    sentence: Span,
    /// The sentence in which it stood last.
    last_sentence: Span,
    footnote: Option<String>,
}

/// What the neighbours of a single mark say of it.
#[derive(Debug, Clone, Copy)]
struct Later {
    /// A mark that may close follows.
    any: bool,
    /// A mark that can only close follows, before the next that opens.
    certain: bool,
}

/// A block's glyphs with what is needed to read its marks.
struct Marks<'a> {
    glyphs: &'a [Glyph],
    /// One for each glyph, empty when the block has no single mark.
    later: Vec<Later>,
}

impl<'a> Marks<'a> {
    fn new(glyphs: &'a [Glyph]) -> Self {
        let mut marks = Self { glyphs, later: Vec::new() };
        if glyphs.iter().any(|glyph| matches!(glyph.c, '‘' | '\'')) {
            let mut later = vec![Later { any: false, certain: false }; glyphs.len()];
            let mut state = Later { any: false, certain: false };
            for i in (0..glyphs.len()).rev() {
                later[i] = state;
                if !matches!(glyphs[i].c, '‘' | '’' | '\'') {
                    continue;
                }
                if glyphs[i].c != '’' && marks.looks_open(i) && !marks.elides(i) {
                    state.certain = false;
                } else if glyphs[i].c != '‘' && marks.looks_closed(i) {
                    state.any = true;
                    state.certain |= !marks.possessive(i);
                }
            }
            marks.later = later;
        }
        marks
    }

    fn c(&self, i: usize) -> Option<char> {
        self.glyphs.get(i).map(|glyph| glyph.c)
    }

    fn before(&self, i: usize) -> Option<char> {
        self.c(i.checked_sub(1)?)
    }

    /// Words may begin behind this mark: nothing that belongs to a word stands before it.
    fn looks_open(&self, i: usize) -> bool {
        let before = self.before(i);
        let free = before.is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '"' | '\'' | '“' | '‘' | '«' | '„' | ':')
        });
        free && self.c(i + 1).is_some_and(|c| !c.is_whitespace())
    }

    fn looks_closed(&self, i: usize) -> bool {
        self.before(i).is_some_and(|c| !c.is_whitespace())
            && !self.c(i + 1).is_some_and(char::is_alphanumeric)
    }

    /// `countries’ leaders`: behind an s, with a word to follow.
    fn possessive(&self, i: usize) -> bool {
        self.before(i) == Some('s')
            && self.c(i + 1).is_some_and(char::is_whitespace)
            && self.c(i + 2).is_some_and(char::is_alphanumeric)
    }

    /// `’90s`, `'n'`, `'tis`: letters left out at the start of a word.
    fn elides(&self, i: usize) -> bool {
        let word: String = self.glyphs[i + 1..]
            .iter()
            .map(|glyph| glyph.c)
            .take_while(|c| c.is_alphanumeric())
            .take(6)
            .collect();
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        let decade = digits == 2 && matches!(&word[2..], "" | "s");
        decade
            || matches!(
                word.to_lowercase().as_str(),
                "n" | "tis" | "twas" | "em" | "til" | "till" | "cause" | "bout"
            )
    }

    fn opening(&self, i: usize) -> Option<Mark> {
        match self.glyphs[i].c {
            '“' => Some(Mark::Curly),
            '„' => Some(Mark::Low),
            '«' => Some(Mark::Guillemet),
            '"' if self.looks_open(i) => Some(Mark::Straight),
            '‘' if self.looks_open(i) && !self.elides(i) => Some(Mark::Single),
            // So many are apostrophes that this one alone must be closed again.
            '\'' if self.looks_open(i)
                && !self.elides(i)
                && self.later.get(i).is_some_and(|later| later.any) =>
            {
                Some(Mark::StraightSingle)
            }
            _ => None,
        }
    }

    /// Reads glyph `i` inside `open`; true when it closes the quotation.
    fn closes(&self, i: usize, open: &mut Open) -> bool {
        let c = self.glyphs[i].c;
        let (opens, closes) = match open.mark {
            Mark::Curly => (c == '“', c == '”'),
            Mark::Guillemet => (c == '«', c == '»'),
            Mark::Low => (c == '„', matches!(c, '“' | '”')),
            Mark::Straight if c == '"' => {
                let only_opens = self.looks_open(i)
                    && self.before(i).is_some_and(|c| c.is_whitespace() || matches!(c, '(' | '['));
                (only_opens, !only_opens && !self.feet(i))
            }
            Mark::Single | Mark::StraightSingle if matches!(c, '“' | '«' | '„') => {
                open.inner += 1;
                (false, false)
            }
            Mark::Single | Mark::StraightSingle if matches!(c, '”' | '»') => {
                open.inner = open.inner.saturating_sub(1);
                (false, false)
            }
            Mark::Single if c == '‘' => (self.looks_open(i) && !self.elides(i), false),
            Mark::Single | Mark::StraightSingle
                if open.inner == 0 && c == (if open.mark == Mark::Single { '’' } else { '\'' }) =>
            {
                let certain = self.later.get(i).is_some_and(|later| later.certain);
                (false, self.looks_closed(i) && !(self.possessive(i) && certain))
            }
            Mark::Straight | Mark::Single | Mark::StraightSingle => (false, false),
        };
        open.depth += usize::from(opens);
        if closes {
            open.depth = open.depth.saturating_sub(1);
        }
        closes && open.depth == 0
    }

    /// `6'2"` inside a quotation.
    fn feet(&self, i: usize) -> bool {
        let digits =
            self.glyphs[..i].iter().rev().take(3).take_while(|glyph| glyph.c.is_ascii_digit()).count();
        digits > 0
            && i.checked_sub(digits + 1).is_some_and(|at| matches!(self.glyphs[at].c, '\'' | '’' | '′'))
            && i.checked_sub(digits + 2).is_some_and(|at| self.glyphs[at].c.is_ascii_digit())
    }
}

/// Reads the inline quotations of one block.
fn inline(
    text: &str,
    block: &Block,
    prose: &Prose,
    citations: &[Citation],
    markdown: &Markdown,
    carried: &mut Option<Open>,
    out: &mut Vec<Quotation>,
) {
    let glyphs = &prose.glyphs;
    let marks = Marks::new(glyphs);
    let mut open: Option<Open> = None;
    let mut found: Vec<Open> = Vec::new();
    let mut from = 0;
    if let Some(mut old) = carried.take() {
        let again = glyphs.iter().position(|glyph| !glyph.c.is_whitespace());
        let again = again.filter(|&i| old.footnote == block.footnote && marks.opening(i) == Some(old.mark));
        if let Some(i) = again {
            // The line break between the two paragraphs keeps their words apart.
            if let Some(at) = text.get(old.end..block.span.start).and_then(|gap| gap.find('\n')) {
                old.words.push(Span::new(old.end + at, old.end + at + 1));
            }
            (old.from, old.depth, old.inner) = (i + 1, 1, 0);
            from = i + 1;
            open = Some(old);
        } else {
            out.extend(close_inline(old, citations, markdown));
        }
    }
    for i in from..glyphs.len() {
        if let Some(current) = &mut open {
            if marks.closes(i, current) {
                let mut closed = open.take().into_iter();
                found.extend(closed.by_ref().map(|mut open| {
                    open.words.extend(pieces(&glyphs[open.from..i]));
                    open.end = glyphs[i].end();
                    open
                }));
            }
        } else if let Some(mark) = marks.opening(i) {
            let start = glyphs[i].at;
            let nowhere = Span::new(start, start);
            open = Some(Open {
                mark,
                start,
                depth: 1,
                inner: 0,
                from: i + 1,
                words: Vec::new(),
                end: start,
                sentence: nowhere,
                last_sentence: nowhere,
                footnote: block.footnote.clone(),
            });
        }
    }
    let unclosed = open.map(|mut open| {
        let end =
            glyphs.iter().rposition(|glyph| !glyph.c.is_whitespace()).map_or(open.from, |last| last + 1);
        let end = end.max(open.from);
        open.words.extend(pieces(&glyphs[open.from..end]));
        open.end = glyphs[..end].last().map_or(open.end, |glyph| glyph.end());
        open
    });
    let spans: Vec<Span> =
        found.iter().chain(&unclosed).map(|open| Span::new(open.start, open.end)).collect();
    let starts = sentences(prose, &spans);
    let sentence = |at: usize| {
        let next = starts.partition_point(|&start| start <= at);
        let start = next.checked_sub(1).map_or(block.span.start, |i| starts[i]);
        Span::new(start, starts.get(next).copied().unwrap_or(block.span.end))
    };
    let place = |open: &mut Open| {
        if open.start >= block.span.start {
            open.sentence = sentence(open.start);
        }
        open.last_sentence = sentence(open.start.max(block.span.start));
    };
    for mut open in found {
        place(&mut open);
        out.extend(close_inline(open, citations, markdown));
    }
    *carried = unclosed.map(|mut open| {
        place(&mut open);
        open
    });
}

/// The finished quotation, or none when it has no words.
fn close_inline(open: Open, citations: &[Citation], markdown: &Markdown) -> Option<Quotation> {
    if open.words.is_empty() {
        return None;
    }
    let span = Span::new(open.start, open.end);
    let mut owners = inline_owners(span, open.sentence, open.last_sentence, citations);
    if owners.is_empty()
        && let Some(label) = &open.footnote
    {
        let blocks = markdown.blocks.iter().filter(|block| block.footnote.as_ref() == Some(label));
        owners = blocks.flat_map(|block| citations_in(citations, block.span)).collect();
        owners.sort_unstable();
        owners.dedup();
    }
    Some(Quotation { form: Form::Inline, span, words: open.words, citations: owners })
}

/// The citations that own the inline quotation `span`: the first group behind its start, unless an
/// author-in-text citation stands between while another introduces the words; else the nearest
/// author-in-text citation before it, else the nearest group before it.
fn inline_owners(span: Span, sentence: Span, last: Span, citations: &[Citation]) -> Vec<usize> {
    let after = citations_in(citations, Span::new(span.start.max(last.start), last.end));
    let before = citations_in(citations, Span::new(sentence.start, span.start.min(sentence.end)));
    let introducing = before.clone().rev().find(|&at| citations[at].author_in_text);
    let first = after.clone().next();
    let follows = first.filter(|&at| !citations[at].author_in_text || introducing.is_none());
    follows.or(introducing).or(before.last()).map_or_else(Vec::new, |at| group_of(at, citations))
}

/// All citations in the group of citation `at`: groups are runs of neighbours.
fn group_of(at: usize, citations: &[Citation]) -> Vec<usize> {
    let group = citations[at].group;
    let first = citations[..at].iter().rposition(|citation| citation.group != group).map_or(0, |i| i + 1);
    let behind = citations[at..].iter().take_while(|citation| citation.group == group).count();
    (first..at + behind).collect()
}

/// Abbreviations behind whose full stop a sentence goes on, in lower case.
const ABBREVIATIONS: [&str; 44] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "col", "lt", "sgt", "capt", "maj", "adm", "sen", "rep", "gov",
    "pres", "st", "jr", "sr", "vs", "etc", "cf", "al", "vol", "ed", "eds", "inc", "ltd", "co", "corp", "jan",
    "feb", "aug", "sept", "oct", "nov", "dec", "para", "fig", "ca", "approx", "p", "pp", "brig",
];

/// Words that begin a sentence even behind `U.S.`.
const STARTERS: [&str; 14] =
    ["The", "A", "An", "In", "It", "He", "She", "They", "But", "This", "That", "We", "Its", "These"];

/// Where sentences of `prose` begin, the first left out, in order. No sentence ends inside one of
/// `quotations`; a citation behind a full stop belongs to the sentence that it closes.
fn sentences(prose: &Prose, quotations: &[Span]) -> Vec<usize> {
    let glyphs = &prose.glyphs;
    let mut out = Vec::new();
    let (mut quotation, mut cited) = (0, 0);
    let mut i = 0;
    while i < glyphs.len() {
        let stop = i;
        i += 1;
        if !matches!(glyphs[stop].c, '.' | '?' | '!' | '…') {
            continue;
        }
        let closer =
            |c: char| matches!(c, '”' | '"' | '’' | '\'' | '»' | '“' | ')' | ']' | '.' | '?' | '!' | '…');
        while glyphs.get(i).is_some_and(|glyph| closer(glyph.c)) {
            i += 1;
        }
        let closed = i;
        while glyphs.get(i).is_some_and(|glyph| glyph.c.is_whitespace()) {
            i += 1;
        }
        let end = glyphs[closed - 1].end();
        let next = glyphs.get(i).copied();
        while prose.cited.get(cited).is_some_and(|(span, _)| span.start < end) {
            cited += 1;
        }
        // A citation that begins the next sentence: author-in-text, between here and there.
        let mut author = None;
        let mut ahead = cited;
        while let Some(&(span, author_in_text)) = prose.cited.get(ahead)
            && next.is_none_or(|next| span.start < next.at)
            && author.is_none()
        {
            author = author_in_text.then_some(span.start);
            ahead += 1;
        }
        let Some(start) = author.or(next.map(|next| next.at)) else { break };
        while quotations.get(quotation).is_some_and(|span| span.end <= glyphs[stop].at) {
            quotation += 1;
        }
        let inside =
            quotations.get(quotation).is_some_and(|span| span.start < glyphs[stop].at && start < span.end);
        let begins = author.is_some()
            || closed < i
                && next.is_some_and(|next| {
                    next.c.is_uppercase()
                        || next.c.is_numeric()
                        || matches!(next.c, '“' | '"' | '‘' | '«' | '„' | '(' | '[')
                });
        if !inside && begins && !(glyphs[stop].c == '.' && closed == stop + 1 && abbreviates(glyphs, stop, i))
        {
            out.push(start);
        }
    }
    out
}

/// Whether the full stop at `stop` belongs to an abbreviation or an initial, with the next word
/// at `next`.
fn abbreviates(glyphs: &[Glyph], stop: usize, next: usize) -> bool {
    // No abbreviation is longer than this; a longer run of letters need not be read.
    const LONGEST: usize = 12;
    let before = glyphs[..stop].iter().rev().take(LONGEST + 1);
    let mut token: Vec<char> = before.map(|g| g.c).take_while(|&c| c.is_alphanumeric() || c == '.').collect();
    token.reverse();
    let token: String = token.into_iter().collect();
    let word: String =
        glyphs[next..].iter().map(|g| g.c).take_while(|c| c.is_alphanumeric()).take(LONGEST).collect();
    if token.chars().count() > LONGEST {
        return false;
    }
    if token.contains('.') && token.chars().any(char::is_alphabetic) {
        return !STARTERS.contains(&word.as_str());
    }
    let initial = token.chars().count() == 1 && token.chars().all(char::is_uppercase) && token != "I";
    let number = token == "No" || token == "Nos";
    initial
        || number && word.starts_with(|c: char| c.is_ascii_digit())
        || ABBREVIATIONS.contains(&token.to_lowercase().as_str())
}

/// Reads the blocks `range` as one block quotation.
fn block_quotation(
    text: &str,
    markdown: &Markdown,
    range: std::ops::Range<usize>,
    citations: &[Citation],
) -> Option<Quotation> {
    let blocks = &markdown.blocks[range.clone()];
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut cited = Vec::new();
    for block in blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
        let mut prose = Prose::read(text, block, citations);
        if let Some(last) = glyphs.last().copied()
            && let Some(at) = text.get(last.end()..block.span.start).and_then(|gap| gap.find('\n'))
        {
            glyphs.push(Glyph { at: last.end() + at, c: '\n' });
        }
        glyphs.append(&mut prose.glyphs);
        cited.append(&mut prose.cited);
    }
    let span = Span::new(blocks.first()?.span.start, blocks.iter().map(|block| block.span.end).max()?);
    // Citations and attribution lines are taken off the end until only words are left.
    let mut owners_from = span.end;
    loop {
        while glyphs.last().is_some_and(|glyph| glyph.c.is_whitespace()) {
            glyphs.pop();
        }
        if let Some(&(region, _)) = cited.last() {
            let behind = glyphs.partition_point(|glyph| glyph.at < region.end);
            if glyphs[behind..]
                .iter()
                .all(|glyph| glyph.c.is_whitespace() || matches!(glyph.c, '.' | ')' | ','))
            {
                glyphs.truncate(behind);
                owners_from = owners_from.min(region.start);
                cited.pop();
                continue;
            }
        }
        let line = glyphs.iter().rposition(|glyph| glyph.c == '\n').map_or(0, |at| at + 1);
        let mut opening = glyphs[line..].iter().map(|glyph| glyph.c).skip_while(|c| c.is_whitespace());
        let dashes = match opening.next() {
            Some('—' | '–' | '―') => true,
            Some('-') => opening.next() == Some('-'),
            _ => false,
        };
        if !dashes || line == 0 {
            break;
        }
        owners_from = owners_from.min(glyphs[line].at);
        glyphs.truncate(line);
        while cited.last().is_some_and(|(region, _)| region.start >= owners_from) {
            cited.pop();
        }
    }
    if glyphs.last().is_some_and(|glyph| glyph.c == '(') {
        glyphs.pop();
    }
    let words = pieces(&glyphs);
    if words.is_empty() {
        return None;
    }
    let mut owners: Vec<usize> = citations_in(citations, Span::new(owners_from, span.end)).collect();
    if owners.is_empty() {
        owners = introduced_by(text, markdown, range.start, citations);
    }
    Some(Quotation { form: Form::Block, span, words, citations: owners })
}

/// The citations of the paragraph before block `at` when it ends with a colon: those of its last
/// sentence that has any.
fn introduced_by(text: &str, markdown: &Markdown, at: usize, citations: &[Citation]) -> Vec<usize> {
    let Some(before) = at.checked_sub(1).and_then(|at| markdown.blocks.get(at)) else { return Vec::new() };
    let colon =
        text.get(before.span.start..before.span.end).is_some_and(|words| words.trim_end().ends_with(':'));
    if before.kind != BlockKind::Paragraph || !colon || before.quote_depth >= markdown.blocks[at].quote_depth
    {
        return Vec::new();
    }
    let prose = Prose::read(text, before, citations);
    let all = citations_in(citations, before.span);
    let Some(nearest) = all.clone().last() else { return Vec::new() };
    let start = sentences(&prose, &[]).last().copied().unwrap_or(before.span.start);
    let author = all.rev().find(|&at| citations[at].author_in_text && citations[at].span.start >= start);
    group_of(author.unwrap_or(nearest), citations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One paragraph per blank line; `> ` makes a block quotation; the prefix is no prose.
    fn markdown(text: &str) -> Markdown {
        let (mut blocks, mut at, mut quotes) = (Vec::<Block>::new(), 0, 0);
        let mut fresh = true;
        let mut quoting = false;
        for line in text.split_inclusive('\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let quote = line.starts_with('>');
            let skip = if line.starts_with("> ") { 2 } else { usize::from(quote) };
            if line[skip..].trim().is_empty() {
                fresh = true;
                quoting &= quote;
                continue;
            }
            if quote && !quoting {
                quotes += 1;
            }
            quoting = quote;
            let prose = Span::new(start + skip, end);
            match blocks.last_mut() {
                Some(block) if !fresh && block.quote.is_some() == quote => {
                    block.prose.push(prose);
                    block.span.end = end;
                }
                Some(_) | None => blocks.push(Block {
                    kind: BlockKind::Paragraph,
                    span: Span::new(start, end),
                    quote_depth: u8::from(quote),
                    quote: quote.then(|| quotes - 1),
                    footnote: None,
                    prose: vec![prose],
                }),
            }
            fresh = false;
        }
        Markdown { blocks, ..Markdown::default() }
    }

    /// Every `@key`; in one group when in one bracket.
    fn citations(text: &str) -> Vec<Citation> {
        let mut out = Vec::<Citation>::new();
        let mut group = 0;
        for (at, _) in text.match_indices('@') {
            let key: String = text[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
            let bracket = text[..at].rfind(['[', ']']).is_some_and(|b| text[b..].starts_with('['));
            let open = |from: &Citation| text[from.span.end..at].contains([']', '[']) || from.author_in_text;
            if out.last().is_some_and(|last| !bracket || open(last)) {
                group += 1;
            }
            let span = Span::new(at, at + 1 + key.len());
            out.push(Citation {
                key,
                span,
                key_span: Span::new(at + 1, span.end),
                group,
                author_in_text: !bracket,
                suppress_author: false,
                prefix: String::new(),
                suffix: String::new(),
                locator: None,
            });
        }
        out
    }

    /// `words < keys` for each quotation.
    fn read(text: &str) -> Vec<String> {
        let citations = citations(text);
        let found = find(text, &markdown(text), &citations);
        let keys = |q: &Quotation| {
            q.citations.iter().map(|&c| citations[c].key.clone()).collect::<Vec<_>>().join(",")
        };
        found.iter().map(|q| format!("{} < {}", q.text(text), keys(q))).collect()
    }

    #[test]
    fn marks_of_all_kinds() {
        assert_eq!(read("He said “no oil” today."), ["no oil < "]);
        assert_eq!(read("He said \"no oil\" today."), ["no oil < "]);
        assert_eq!(read("He said ‘no oil’ today."), ["no oil < "]);
        assert_eq!(read("He said 'no oil' today."), ["no oil < "]);
        assert_eq!(read("He said «no oil» and „kein Öl“."), ["no oil < ", "kein Öl < "]);
        assert_eq!(read("“He said ‘no *oil*\nnow’ to “us” here”"), ["He said ‘no oil now’ to “us” here < "]);
        assert_eq!(read("An \"open one\n\nNext."), ["An \"open one".replace("An \"", "") + " < "]);
    }

    #[test]
    fn apostrophes_and_inches_are_no_marks() {
        let text = "ISIS’ oil, the countries' budgets of the ’90s and '90s, don't, rock 'n' roll, 2\" of rain, 6'2\" tall.";
        assert_eq!(read(text), Vec::<String>::new());
        assert_eq!(read("‘the countries’ own oil’ ends"), ["the countries’ own oil < "]);
    }

    #[test]
    fn citations_of_the_sentence_own_it() {
        assert_eq!(read("“One two.” [@a] Then “three four” [@b; @c]."), ["One two. < a", "three four < b,c"]);
        assert_eq!(read("As @a put it, “one two”. He left [@b]."), ["one two < a"]);
        assert_eq!(read("“One two” and “three four” [@a]."), ["One two < a", "three four < a"]);
        assert_eq!(read("Gen. A. Sokol of the U.S. Army said “one two” [@a]."), ["one two < a"]);
        assert_eq!(read("“One two” is bold. @b disagrees."), ["One two < "]);
    }

    #[test]
    fn block_quotations() {
        assert_eq!(read("> One *two*\n> three.\n>\n> Four. [@a, ¶ 3]\n"), ["One two three. Four. < a"]);
        assert_eq!(read("> One two.\n> — Ann Bell [@a]\n"), ["One two. < a"]);
        assert_eq!(read("As @a argues:\n\n> One two.\n"), ["One two. < a"]);
        assert_eq!(read("As @a argues.\n\n> One two.\n"), ["One two. < "]);
    }

    #[test]
    fn a_quotation_over_paragraphs_repeats_its_mark() {
        assert_eq!(read("“One two.\n\n“Three four” [@a].\n"), ["One two. Three four < a"]);
    }

    #[test]
    fn long_and_hostile_texts_are_read_in_time() {
        for text in [
            "\"".repeat(10_000),
            "“".repeat(10_000),
            "‘a’ ".repeat(10_000),
            format!("“{}”", "ab ".repeat(350_000)),
        ] {
            let start = std::time::Instant::now();
            let _ = find(&text, &markdown(&text), &[]);
            assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a-zA-Z0-9“”\"‘’'«»„*_\\[\\]@^.?!>\\\\\n —-]{0,60}") {
            for quotation in find(&text, &markdown(&text), &citations(&text)) {
                for piece in &quotation.words {
                    prop_assert!(text.get(piece.start..piece.end).is_some());
                }
            }
        }
    }
}
