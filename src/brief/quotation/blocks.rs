//! Block quotations: their words without the citations and attributions that follow, and the passages they
//! may be assembled from. If a block quotation has citations after several passages, each passage is a
//! separate quotation.

use std::ops::Range;

use super::asides::{self, ends_sentence, strip};
use super::callout::Callout;
use super::ownership::{attributed_below, introduced_by, noted};
use super::prose::{Glyph, Prose, pieces, with_code};
use super::shape::{Form, Passage, Quotation};
use crate::brief::citation::{Citation, citations_in};
use crate::brief::markdown::{Block, BlockKind, Markdown};
use crate::brief::tags;
use crate::text::Span;

/// Each passage is searched separately, and again with every keystroke in one of them, so a block quotation
/// with more of them is read as one text.
const MOST_PASSAGES: usize = 64;

/// The parsed contents of one block quotation.
struct Blocks<'a> {
    text: &'a str,
    markdown: &'a Markdown,
    citations: &'a [Citation],
    /// Its blocks, as a range of the text's blocks.
    range: Range<usize>,
    span: Span,
    /// The characters of its paragraphs, separated by line feeds.
    glyphs: Vec<Glyph>,
    /// The citations with their brackets, and whether the first in each is author-in-text.
    cited: Vec<(Span, bool)>,
    /// Where paragraphs begin among the glyphs, and whether each is a list item.
    paragraphs: Vec<(usize, bool)>,
    callout: Option<Callout>,
}

/// Reads the blocks `range` as one block quotation. If it is a `callout`, it begins with the title.
pub(super) fn block_quotations(
    text: &str,
    markdown: &Markdown,
    range: Range<usize>,
    callout: Option<Callout>,
    citations: &[Citation],
) -> Vec<Quotation> {
    let blocks = &markdown.blocks[range.clone()];
    let (Some(first), Some(end)) = (blocks.first(), blocks.iter().map(|block| block.span.end).max()) else {
        return Vec::new();
    };
    let span = Span::new(first.span.start, end);
    let mut all = Blocks {
        text,
        markdown,
        citations,
        range: range.clone(),
        span,
        glyphs: Vec::new(),
        cited: Vec::new(),
        paragraphs: Vec::new(),
        callout,
    };
    for block in blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
        all.read(block);
    }
    let cuts = all.cuts();
    let mut out = Vec::new();
    let mut from = 0;
    for (at, &until) in cuts.iter().enumerate() {
        out.extend(all.quotation(from..until, at == 0, at + 1 == cuts.len()));
        from = until;
    }
    out
}

impl Blocks<'_> {
    fn read(&mut self, block: &Block) {
        let mut prose = Prose::read(self.text, block, self.citations);
        if let Some(callout) = self.callout {
            prose.glyphs.retain(|glyph| glyph.at >= callout.title.end);
            prose.cited.retain(|(span, _)| span.start >= callout.title.end);
        }
        let gap =
            |last: &Glyph| self.text.get(last.end()..block.span.start)?.find('\n').map(|at| last.end() + at);
        if let Some(at) = self.glyphs.last().and_then(gap) {
            self.glyphs.push(Glyph::new(at, '\n'));
        }
        self.paragraphs.push((self.glyphs.len(), is_item(self.text, block)));
        self.glyphs.append(&mut prose.glyphs);
        self.cited.append(&mut prose.cited);
    }

    /// Where quotations end among the glyphs: after a citation at the end of a paragraph, or at the end of a
    /// line that ends a sentence. The last one is the end of all glyphs.
    fn cuts(&self) -> Vec<usize> {
        let mut cuts = Vec::new();
        let mut from = 0;
        for (region, _) in &self.cited {
            let at = self.glyphs.partition_point(|glyph| glyph.at < region.start).max(from);
            let behind = self.glyphs.partition_point(|glyph| glyph.at < region.end).max(at);
            let words =
                |range: Range<usize>| self.glyphs[range].iter().any(|glyph| glyph.c.is_alphanumeric());
            let Some(line) = (behind..self.glyphs.len()).find(|&i| self.glyphs[i].c == '\n') else { break };
            let tail: String = self.glyphs[behind..line].iter().map(|glyph| glyph.c).collect();
            if !tags::only_marks(&tail) || !words(from..at) || !words(line..self.glyphs.len()) {
                continue;
            }
            let last = self.glyphs[from..at].iter().rposition(|glyph| !glyph.c.is_whitespace());
            let ended = tail.trim_start().starts_with('.')
                || last.is_some_and(|last| ends_sentence(&self.glyphs, from + last));
            let paragraph = self.paragraphs.binary_search_by_key(&(line + 1), |(start, _)| *start).is_ok();
            let dash = self.glyphs[line + 1..].iter().find(|glyph| !glyph.c.is_whitespace());
            if dash.is_some_and(|glyph| matches!(glyph.c, '—' | '–' | '―' | '-')) && !paragraph {
                continue;
            }
            let begins = dash.is_some_and(|glyph| !glyph.c.is_lowercase());
            if paragraph || ended && begins {
                cuts.push(line + 1);
                from = line + 1;
            }
        }
        cuts.push(self.glyphs.len());
        cuts
    }

    /// The quotation made of the glyphs `range`.
    fn quotation(&self, range: Range<usize>, first: bool, last: bool) -> Option<Quotation> {
        let start = if first { self.span.start } else { self.glyphs.get(range.start)?.at };
        let end = if last { self.span.end } else { self.glyphs.get(range.end)?.at };
        let mut glyphs = self.glyphs[range.clone()].to_vec();
        let until = |at: usize| self.cited.partition_point(|(span, _)| span.start < at);
        let mut cited: Vec<(Span, bool)> = self.cited[until(start)..until(end).max(until(start))].to_vec();
        let end = if last {
            end
        } else {
            let ends = glyphs.iter().rev().find(|glyph| !glyph.c.is_whitespace()).map(|glyph| glyph.end());
            ends.into_iter().chain(cited.last().map(|(span, _)| span.end)).max()?
        };
        let span = Span::new(start, end);
        let owners_from = without_citations(&mut glyphs, &mut cited, span.end);
        let units = self.units(&glyphs, range.start);
        let count = units.len();
        let mut words: Vec<Span> = Vec::new();
        let (mut asides, mut passages) = (Vec::new(), Vec::new());
        for (at, (unit, item)) in units.into_iter().enumerate() {
            let before = glyphs[..unit.start].iter().rposition(|glyph| !glyph.c.is_whitespace());
            let closed = before.is_some_and(|before| ends_sentence(&glyphs, before));
            let end = at > 0 && at + 1 == count && !item;
            if end && !words.is_empty() && asides::is_attribution(self.text, &glyphs, unit.clone(), closed) {
                asides.push(self.with_code(&glyphs[unit]));
                continue;
            }
            if at + 1 < count
                && !item
                && words.is_empty()
                && asides::is_label(self.text, &glyphs, unit.clone())
            {
                asides.push(self.with_code(&glyphs[unit]));
                continue;
            }
            let stripped = strip(self.text, &glyphs, unit, at + 1 == count);
            asides.extend(stripped.asides.into_iter().map(|aside| self.with_code(&glyphs[aside])));
            let inside = stripped.words;
            if let Some(last) = words.last().copied()
                && let Some(at) =
                    self.text.get(last.end..glyphs[inside.start].at).and_then(|gap| gap.find('\n'))
            {
                words.push(Span::new(last.end + at, last.end + at + 1));
            }
            let all = self.with_code(&glyphs[inside.clone()]);
            words.extend(&all);
            let apart = item || asides::all_in_marks(self.text, &glyphs, inside.clone());
            passages.push(Passage { words: all, apart });
            if count == 1 {
                let marked = asides::in_marks(self.text, &glyphs, inside);
                let marked = marked.into_iter().map(|marked| self.with_code(&glyphs[marked]));
                passages = marked.map(|words| Passage { words, apart: true }).collect();
            }
        }
        if words.is_empty() {
            return None;
        }
        passages.retain(|passage| !passage.words.is_empty());
        if passages.len() > MOST_PASSAGES || count > 1 && passages.len() < 2 {
            passages.clear();
        }
        let until = words.last().map_or(span.start, |words| words.end);
        Some(Quotation {
            form: Form::Block,
            span,
            citations: self.owners(Span::new(owners_from, span.end), until),
            nearby: Vec::new(),
            closed: true,
            words,
            asides,
            passages,
        })
    }

    fn with_code(&self, glyphs: &[Glyph]) -> Vec<Span> {
        let words = pieces(glyphs);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return words };
        let span = Span::new(first.start, last.end);
        with_code(self.text, words, span, self.markdown)
    }

    /// The citations in `span`, after the words that end at byte `words_end`, or else those around the block
    /// quotation.
    fn owners(&self, span: Span, words_end: usize) -> Vec<usize> {
        let (text, markdown, citations) = (self.text, self.markdown, self.citations);
        let mut owners: Vec<usize> = citations_in(citations, span).collect();
        if owners.is_empty() {
            owners = noted(text, Span::new(words_end, span.end), markdown, citations);
        }
        if owners.is_empty()
            && let Some(callout) = self.callout
        {
            owners = citations_in(citations, callout.title).collect();
        }
        if owners.is_empty() {
            owners = attributed_below(text, markdown, self.range.end, citations);
        }
        if owners.is_empty() {
            owners = introduced_by(text, markdown, self.range.start, citations);
        }
        owners
    }

    /// The parts of `glyphs` that may have been quoted separately: list items, paragraphs, and lines if each
    /// ends a sentence. `from` is their offset among all glyphs. Also returns whether each is a list item.
    fn units(&self, glyphs: &[Glyph], from: usize) -> Vec<(Range<usize>, bool)> {
        let until = |at: usize| self.paragraphs.partition_point(|(start, _)| *start < at);
        let (first, behind) = (until(from), until(from + glyphs.len()));
        let begun = &self.paragraphs[first..behind.max(first)];
        let mut starts: Vec<(usize, bool)> =
            begun.iter().map(|(start, item)| (start - from, *item)).collect();
        if starts.first().is_none_or(|(start, _)| *start > 0) {
            let item = first.checked_sub(1).is_some_and(|before| self.paragraphs[before].1);
            starts.insert(0, (0, item));
        }
        let mut out = Vec::new();
        for (at, &(start, item)) in starts.iter().enumerate() {
            let end = starts.get(at + 1).map_or(glyphs.len(), |next| next.0);
            let feeds: Vec<usize> = (start..end).filter(|&i| glyphs[i].c == '\n').collect();
            let bare = |range: Range<usize>| !glyphs[range].iter().any(|glyph| glyph.c.is_alphanumeric());
            let ends = |&feed: &usize| {
                let last = glyphs[start..feed].iter().rposition(|glyph| !glyph.c.is_whitespace());
                let next = glyphs[feed..end].iter().find(|glyph| !glyph.c.is_whitespace());
                next.is_none_or(|next| !next.c.is_lowercase())
                    && last.is_some_and(|last| is_unit_end(self.text, glyphs, start, start + last))
            };
            let inner = &feeds[..feeds.iter().rposition(|&feed| !bare(feed..end)).map_or(0, |at| at + 1)];
            let lines = !inner.is_empty() && inner.iter().all(ends);
            let mut begin = start;
            for &feed in inner.iter().filter(|_| lines) {
                out.push((begin..feed, item));
                begin = feed + 1;
            }
            out.push((begin..end, item));
        }
        out.retain(|(unit, _)| glyphs[unit.clone()].iter().any(|glyph| glyph.c.is_alphanumeric()));
        out
    }
}

/// Whether the line that ends with glyph `last` ends a sentence, ignoring asides.
fn is_unit_end(text: &str, glyphs: &[Glyph], start: usize, last: usize) -> bool {
    let line =
        glyphs[start..last].iter().rposition(|glyph| glyph.c == '\n').map_or(start, |at| start + at + 1);
    let stripped = strip(text, glyphs, line..last + 1, false);
    stripped.words.end.checked_sub(1).is_some_and(|end| ends_sentence(glyphs, end))
}

/// Whether `block` is the text of a list item, inside or outside a block quotation.
pub(super) fn is_item(text: &str, block: &Block) -> bool {
    let start = block.prose.first().map_or(block.span.start, |prose| prose.start);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..start].trim_matches(|c: char| matches!(c, '>' | ' ' | '\t' | '*' | '_'));
    let before = before.trim_start_matches(['>', ' ', '\t']);
    let number = before.trim_end_matches(['.', ')']);
    let bullet = text[line..start].trim_start_matches(['>', ' ', '\t']).starts_with(['-', '*', '+']);
    bullet && text[line..start].ends_with(' ')
        || number.len() < before.len()
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes citations and attributions from the end of `glyphs` until only words are left. Returns where the
/// citations that own the words begin.
fn without_citations(glyphs: &mut Vec<Glyph>, cited: &mut Vec<(Span, bool)>, end: usize) -> usize {
    // The id of an annotation that cites nothing.
    let all: String = glyphs.iter().map(|glyph| glyph.c).collect();
    if let Some(start) = tags::trailing_id(&all) {
        glyphs.truncate(all[..start].chars().count());
    }
    let mut owners_from = end;
    loop {
        while glyphs.last().is_some_and(|glyph| glyph.c.is_whitespace()) {
            glyphs.pop();
        }
        if let Some(&(region, _)) = cited.last() {
            let behind = glyphs.partition_point(|glyph| glyph.at < region.end);
            let tail: String = glyphs[behind..].iter().map(|glyph| glyph.c).collect();
            if tags::only_marks(&tail) {
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
    owners_from
}
