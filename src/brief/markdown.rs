//! Blocks and inlines of a Markdown text, with byte spans into it.

use crate::text::Span;

/// What a block is, as far as citations and quotations care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, a table cell, a list item's text: running prose.
    Paragraph,
    /// A heading.
    Heading,
    /// YAML front matter.
    Metadata,
}

/// One stretch of prose that is read on its own: citations and sentences never cross its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// All of it, markup included.
    pub span: Span,
    /// How many block quotations (`>`) it stands in.
    pub quote_depth: u8,
    /// Number of the innermost block quotation it stands in, counted from 0 over the text.
    pub quote: Option<usize>,
    /// Label of the footnote definition it stands in.
    pub footnote: Option<String>,
    /// The parts of `span` that are prose, in order and apart: no code, HTML, link target, math,
    /// `>` prefix or list indentation.
    pub prose: Vec<Span>,
}

/// The structure of one Markdown text.
#[derive(Debug, Default)]
pub struct Markdown {
    /// In order of their start.
    pub blocks: Vec<Block>,
    /// HTML comments, for `<!-- glossator: ignore CODE -->`.
    pub comments: Vec<Span>,
    /// Code, fenced, indented or inline: nothing is completed there.
    pub code: Vec<Span>,
}

impl Markdown {
    /// Reads `text`.
    #[must_use]
    pub fn read(_text: &str) -> Self {
        Self::default()
    }

    /// The block that `offset` stands in or directly behind.
    #[must_use]
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let after = self.blocks.partition_point(|block| block.span.start <= offset);
        self.blocks[..after].iter().rev().find(|block| block.span.touches(offset))
    }
}
