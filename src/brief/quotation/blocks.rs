//! Block quotations: their words without the citations and the attribution behind them. Marks
//! inside them are words like any other.

use super::ownership::{attributed_below, citations_in, introduced_by, noted};
use super::prose::{Glyph, Prose, pieces, with_code};
use super::{Form, Quotation};
use crate::brief::annotation;
use crate::brief::citation::Citation;
use crate::brief::markdown::{BlockKind, Markdown};
use crate::text::Span;

/// Reads the blocks `range` as one block quotation.
pub(super) fn block_quotation(
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
    // The id of an annotation that cites nothing.
    let all: String = glyphs.iter().map(|glyph| glyph.c).collect();
    if let Some(start) = annotation::trailing_id(&all) {
        glyphs.truncate(all[..start].chars().count());
    }
    // Citations and attribution lines are taken off the end until only words are left.
    let mut owners_from = span.end;
    loop {
        while glyphs.last().is_some_and(|glyph| glyph.c.is_whitespace()) {
            glyphs.pop();
        }
        if let Some(&(region, _)) = cited.last() {
            let behind = glyphs.partition_point(|glyph| glyph.at < region.end);
            let tail: String = glyphs[behind..].iter().map(|glyph| glyph.c).collect();
            if annotation::only_marks(&tail) {
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
        let words_end = words.last().map_or(span.start, |words| words.end);
        owners = noted(text, Span::new(words_end, span.end), markdown, citations);
    }
    if owners.is_empty() {
        owners = attributed_below(text, markdown, range.end, citations);
    }
    if owners.is_empty() {
        owners = introduced_by(text, markdown, range.start, citations);
    }
    let until = words.last().map_or(span.start, |words| words.end);
    let words = with_code(text, words, Span::new(span.start, until), markdown);
    Some(Quotation { form: Form::Block, span, words, citations: owners })
}
