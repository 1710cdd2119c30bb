//! The quotation being written: its words up to the cursor, and what follows. Does not check the words.

use super::callout::Callout;
use super::marks::{Marks, Open};
use super::prose::{Glyph, Prose, Q_OPENS, pieces};
use crate::brief::citation::Citation;
use crate::brief::markdown::{Block, BlockKind, Markdown};
use crate::text::Span;

/// A quotation that is open at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its opening mark; `None` in a block quotation, which needs no marks.
    pub opened: Option<char>,
    /// Where it begins: the byte of the opening mark, or of the first word of the block.
    pub start: usize,
    /// The pieces of the brief that contain its words before the cursor, without markup or `>`.
    pub words: Vec<Span>,
    /// The closing mark after the cursor with no word in between, as inserted by editors.
    pub closed: Option<Span>,
}

impl Unfinished {
    /// The mark that closes [`Self::opened`]; empty in a block quotation.
    #[must_use]
    pub fn closing(&self) -> &'static str {
        self.opened.map_or("", closes)
    }
}

/// The mark that closes a quotation opened with `mark`.
fn closes(mark: char) -> &'static str {
    match mark {
        '“' | '‟' => "”",
        '"' => "\"",
        '‘' => "’",
        '\'' => "'",
        '«' => "»",
        '„' => "“",
        '”' => "”",
        '»' => "«",
        '‹' => "›",
        '›' => "‹",
        '‚' => "‘",
        '❝' => "❞",
        '❛' => "❜",
        '＂' => "＂",
        '`' => "''",
        '「' => "」",
        '『' => "』",
        Q_OPENS => "</q>",
        _ => "",
    }
}

/// The quotation being written at byte `offset` of `text`: opened before it and not yet closed, or a block
/// quotation that ends there. `None` if more of its words follow, so that nothing can be inserted.
#[must_use]
pub fn unfinished_at(
    text: &str,
    markdown: &Markdown,
    citations: &[Citation],
    offset: usize,
) -> Option<Unfinished> {
    // A blank at the end of a paragraph belongs to no block.
    let written = text.get(..offset)?.trim_end_matches([' ', '\t']).len();
    let block = markdown.block_at(written).filter(|block| block.kind == BlockKind::Paragraph)?;
    if !block.prose.iter().any(|prose| prose.touches(written))
        || markdown.code.iter().any(|code| code.start < written && written < code.end)
    {
        return None;
    }
    let prose = Prose::read(text, block, citations);
    let before = prose.glyphs.partition_point(|glyph| glyph.end() <= offset);
    let blocks = &markdown.blocks;
    let first = block.quote.and_then(|quote| blocks.iter().position(|other| other.quote == Some(quote)));
    let callout = first.and_then(|first| Callout::of(text, &blocks[first], blocks.get(first + 1)));
    if block.quote.is_some() && callout.is_none_or(|callout| callout.quotes) {
        if prose.glyphs[before..].iter().any(|glyph| glyph.c.is_alphanumeric()) {
            return None;
        }
        let written = Prose { glyphs: prose.glyphs[..before].to_vec(), cited: prose.cited };
        in_block(text, markdown, citations, block, written, callout)
    } else {
        in_marks(&prose, before, offset)
    }
}

/// The block quotation that ends with `block`, of which `written` is the part before the cursor. All its
/// words count, and the cursor must be after the last.
fn in_block(
    text: &str,
    markdown: &Markdown,
    citations: &[Citation],
    block: &Block,
    written: Prose,
    callout: Option<Callout>,
) -> Option<Unfinished> {
    let last = markdown.blocks.iter().rev().find(|other| other.quote == block.quote);
    if last.is_none_or(|last| last.span != block.span) {
        return None;
    }
    let mut glyphs: Vec<Glyph> = Vec::new();
    let earlier = markdown.blocks.iter().filter(|other| {
        other.quote == block.quote && other.kind == BlockKind::Paragraph && other.span.end <= block.span.start
    });
    let mut cited = Vec::new();
    for other in earlier {
        let mut read = Prose::read(text, other, citations);
        glyphs.append(&mut read.glyphs);
        if let Some(last) = glyphs.last().copied()
            && let Some(line) = text.get(last.end()..block.span.start).and_then(|gap| gap.find('\n'))
        {
            glyphs.push(Glyph::new(last.end() + line, '\n'));
        }
        cited.append(&mut read.cited);
    }
    glyphs.extend(written.glyphs);
    if let Some(callout) = callout {
        glyphs.retain(|glyph| glyph.at >= callout.title.end);
    }
    cited.extend(written.cited);
    let start = glyphs.iter().find(|glyph| !glyph.c.is_whitespace())?.at;
    let end = glyphs.last()?.end();
    // Nothing is quoted after the citation that ends the block.
    if cited.iter().any(|(cited, _)| cited.start >= start && cited.end <= end) {
        return None;
    }
    Some(Unfinished { opened: None, start, words: pieces(&glyphs), closed: None })
}

fn in_marks(prose: &Prose, before: usize, offset: usize) -> Option<Unfinished> {
    let glyphs = &prose.glyphs;
    let open = open(glyphs, before).or_else(|| {
        // A straight single mark opens a quotation only if another closes it, and that one may still be
        // missing.
        let blanks = glyphs[..before].iter().rev().take_while(|glyph| glyph.c.is_whitespace()).count();
        let mut cut = glyphs[..before - blanks].to_vec();
        cut.push(Glyph::new(offset, '\''));
        open(&cut, before - blanks)
    })?;
    let closed = match closing(glyphs, before, &open) {
        Some(at) if glyphs[before..at].iter().any(|glyph| glyph.c.is_alphanumeric()) => return None,
        Some(at) => Some(Span::new(glyphs[at].at, glyphs[at].end())),
        None => None,
    };
    let opened = glyphs.get(open.from.checked_sub(open.mark.width())?)?.c;
    // The cursor may be between the two characters of one mark.
    let words = pieces(glyphs.get(open.from..before)?);
    Some(Unfinished { opened: Some(opened), start: open.start, words, closed })
}

/// The quotation that is open after the first `before` glyphs.
fn open(glyphs: &[Glyph], before: usize) -> Option<Open> {
    let marks = Marks::new(glyphs);
    let mut open: Option<Open> = None;
    for i in 0..before {
        match &mut open {
            Some(current) => {
                if marks.closes(i, current) {
                    open = None;
                }
            }
            None => open = marks.opening(i).map(|mark| Open::at(glyphs, mark, i)),
        }
    }
    open
}

/// The first glyph from `from` on that closes `open`.
fn closing(glyphs: &[Glyph], from: usize, open: &Open) -> Option<usize> {
    // Editors insert the closing mark at the cursor; after a blank it looks like an opening one.
    let own = glyphs
        .get(from)
        .filter(|glyph| closes(glyphs[open.from - open.mark.width()].c) == glyph.c.to_string());
    if own.is_some() && !glyphs.get(from + 1).is_some_and(|next| next.c.is_alphanumeric()) {
        return Some(from);
    }
    let marks = Marks::new(glyphs);
    let mut open = Open::at(glyphs, open.mark, open.from - open.mark.width());
    // Only count inner marks from here: any left open before the cursor are closed with it.
    (from..glyphs.len()).find(|&i| marks.closes(i, &mut open))
}

#[cfg(test)]
mod tests {
    use crate::brief::Brief;
    use crate::text::Text;

    /// `opening mark|words|closing mark` at `<|>`, or nothing.
    fn read(marked: &str) -> String {
        let offset = marked.find("<|>").expect("a cursor");
        let text = marked.replace("<|>", "");
        let brief = Brief::read(Text::new(text.clone()));
        let Some(found) = brief.unfinished_at(offset) else { return String::new() };
        let words: String = found.words.iter().map(|piece| &text[piece.start..piece.end]).collect();
        let closed = found.closed.map_or("", |span| &text[span.start..span.end]);
        assert!(found.opened.is_none_or(|mark| text[found.start..].starts_with(mark)), "{marked}");
        format!("{}|{words}|{closed}", found.opened.map(String::from).unwrap_or_default())
    }

    #[test]
    fn marks_of_all_kinds() {
        assert_eq!(read("He said “no *oil* <|>"), "“|no oil|");
        assert_eq!(read("He said \"no oil <|>\""), "\"|no oil |\"");
        assert_eq!(read("He said \"no oil<|> and left."), "\"|no oil|");
        assert_eq!(read("He said ‘no oil<|>’ and left."), "‘|no oil|’");
        assert_eq!(read("He said 'no oil<|>' and left."), "'|no oil|'");
        assert_eq!(read("He said 'no oil <|>"), "'|no oil|");
        assert_eq!(read("«no oil<|> .» and"), "«|no oil|»");
        assert_eq!(read("„kein Öl<|>“"), "„|kein Öl|“");
        assert_eq!(read("\"no oil <|>\"."), "\"|no oil |\"");
        assert_eq!(read("(‘no oil <|>’), then"), "‘|no oil |’");
        assert_eq!(read("'no oil <|>'."), "'|no oil |'");
        assert_eq!(read("“He said ‘no <|>"), "“|He said ‘no|");
        assert_eq!(read("“no\noil <|>\n\nNext “other”."), "“|no\noil|");
        assert_eq!(read("“no oil <|> and said “other words” then."), "“|no oil |");
    }

    #[test]
    fn a_block_quotation_is_open_at_its_end() {
        assert_eq!(read("> No oil <|>\n"), "|No oil|");
        assert_eq!(read("> No oil.\n>\n> No gas<|>\n\nText.\n"), "|No oil.\nNo gas|");
        assert_eq!(read("> No oil<|> [@a, ¶ 2]\n"), "|No oil|");
        assert_eq!(read("> No <|> oil\n"), "");
        assert_eq!(read("> No oil<|>\n>\n> No gas\n"), "");
        assert_eq!(read("> No oil [@a, ¶ 2] and so<|>\n"), "");
    }

    #[test]
    fn nothing_is_open_elsewhere() {
        for text in [
            "no oil <|>",
            "“no oil” and <|>",
            "“no <|> oil”",
            "`“no oil <|>`",
            "```\n“no oil <|>\n```\n",
            "---\ntitle: “no oil <|>\n---\n",
            "# “no oil <|>\n",
            "$“no oil <|> x$",
            "the countries' oil <|>",
            "ISIS’ oil of the ’90s <|>",
            "don't, rock 'n' roll <|>",
            "6'2\" tall and <|>",
            "<!-- “no oil <|> -->",
            "“one\n\ntwo <|>",
        ] {
            assert_eq!(read(text), "", "{text}");
        }
    }
}
