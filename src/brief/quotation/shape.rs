//! What a quotation consists of: its marks, its words, and the asides next to them.

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
    /// Its span including its marks (or the whole block).
    pub span: Span,
    /// The pieces of the brief that contain its words, without quotation marks, Markdown markup or `>`.
    pub words: Vec<Span>,
    /// Indices of the citations that own it; empty if it is uncited. Its words may come from any of them.
    pub citations: Vec<usize>,
    /// Indices of citations in other sentences of its paragraph, the likeliest first. If no citation owns it,
    /// one of these may be meant for it.
    pub nearby: Vec<usize>,
    /// Whether its closing mark is present; `true` for a block quotation.
    pub closed: bool,
    /// Asides next to its words, judged by appearance to be the writer's: a name, a page, a tag, a number. A
    /// source may still contain the same words.
    ///
    /// Each is a list of pieces of the brief, including the mark before it (a dash or bracket).
    pub asides: Vec<Vec<Span>>,
    /// Its words split into passages that may have been quoted separately; empty if there is only one.
    pub passages: Vec<Passage>,
}

/// A part of a [`Quotation`] that may come from a different place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The pieces of the brief that contain its words, as in [`Quotation::words`].
    pub words: Vec<Span>,
    /// Whether it is a list item or has its own quotation marks. Unlike a line or paragraph of running text,
    /// it then need not be near the previous passage in the source.
    pub apart: bool,
}

impl Quotation {
    /// The words as one string, with the pieces joined and line breaks as spaces.
    #[must_use]
    pub fn text(&self, brief: &str) -> String {
        let mut out = String::new();
        for piece in &self.words {
            out.push_str(&brief[piece.start..piece.end]);
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where to insert a citation for it: after the closing mark, or in a block after the last words and the
    /// punctuation of their sentence.
    #[must_use]
    pub fn place_of_citation(&self, brief: &str) -> usize {
        match self.form {
            Form::Inline => self.span.end,
            Form::Block => {
                let from = self.words.last().map_or(self.span.start, |words| words.end);
                let behind = brief.get(from..self.span.end).unwrap_or_default();
                let line = behind.split(['\n', '\r']).next().unwrap_or_default();
                // The id of an annotation stays last.
                from + line.find(" ^").unwrap_or(line.trim_end().len())
            }
        }
    }
}
