//! Quoted words in a brief: inline in quotation marks, or as block quotations; and which
//! citations own each.

use super::citation::Citation;
use super::markdown::Markdown;
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
#[must_use]
pub fn find(_text: &str, _markdown: &Markdown, _citations: &[Citation]) -> Vec<Quotation> {
    Vec::new()
}
