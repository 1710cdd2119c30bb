//! One Markdown text and what it says: blocks, citations, quotations, annotations. Never sees the corpus.
//! Reading a brief can't fail: broken Markdown yields what can be made out of it.

pub mod annotation;
mod chunks;
pub mod citation;
mod dialect;
mod html;
pub mod markdown;
mod metadata;
pub mod quotation;

use crate::text::{Span, Text};
use annotation::Annotation;
use citation::{Citation, Group};
use markdown::Markdown;
use quotation::{Quotation, Unfinished};

/// What one Markdown text says. Citations, groups and quotations are sorted by offset.
#[derive(Debug)]
pub struct Brief {
    /// The text itself.
    pub text: Text,
    /// Its blocks and the ranges in which prose stands.
    pub markdown: Markdown,
    /// Every citation, in order.
    pub citations: Vec<Citation>,
    /// The brackets (or single author-in-text citations) that hold them.
    pub groups: Vec<Group>,
    /// The words in quotation marks and the block quotations.
    pub quotations: Vec<Quotation>,
    /// The block quotations that annotate a source, with the comments on them.
    pub annotations: Vec<Annotation>,
}

impl Brief {
    /// Reads `text`.
    #[must_use]
    pub fn read(text: Text) -> Self {
        let markdown = Markdown::read(text.as_str());
        let (citations, groups) = citation::find(text.as_str(), &markdown);
        let quotations = quotation::find(text.as_str(), &markdown, &citations);
        let annotations = annotation::find(text.as_str(), &markdown, &citations, &quotations);
        Self { text, markdown, citations, groups, quotations, annotations }
    }

    /// The sentence that holds byte `offset`, in bytes, without white space around it. `None`
    /// outside of paragraphs.
    #[must_use]
    pub fn sentence_at(&self, offset: usize) -> Option<Span> {
        quotation::sentence_at(self, offset)
    }

    /// The quotation that is being written at byte `offset`: opened before it and not closed, or a
    /// block quotation that ends there. `None` also where words of it follow.
    #[must_use]
    pub fn unfinished_at(&self, offset: usize) -> Option<Unfinished> {
        quotation::unfinished_at(self, offset)
    }
}
