//! One Markdown text and what it says: blocks, citations, quotations and annotations. Never sees the corpus.
//! Reading cannot fail: broken Markdown yields whatever can be recognized.

pub mod annotation;
mod block;
mod chunks;
pub mod citation;
mod dialect;
mod entities;
mod html;
pub mod markdown;
mod metadata;
pub mod quotation;
mod reread;
mod tags;

use std::sync::Arc;

use crate::text::{Span, Text};
use annotation::Annotation;
use citation::{Citation, Group, Labelled};
use markdown::{Block, BlockKind, Markdown};
use quotation::{Quotation, Unfinished};

/// A parsed brief. Citations, groups and quotations are sorted by offset.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The text it was read from.
    pub text: Text,
    /// Its blocks and their stretches of prose.
    pub markdown: Markdown,
    /// All citations, in order.
    pub citations: Vec<Citation>,
    /// The brackets (or single author-in-text citations) that hold them.
    pub groups: Vec<Group>,
    /// Quotations: words in quotation marks, and block quotations.
    pub quotations: Vec<Quotation>,
    /// Block quotations that annotate a source, with the comments on them.
    pub annotations: Vec<Annotation>,
    labelled: Labelled,
}

impl Brief {
    /// Parses `text`.
    #[must_use]
    pub fn read(text: Text) -> Self {
        Self::read_in(text, None)
    }

    /// Parses `text` of a project in the language `project`, as a tag: `de-DE`. It applies if the text names no
    /// other.
    #[must_use]
    pub fn read_in(text: Text, project: Option<Arc<str>>) -> Self {
        let markdown = Markdown::read_in(text.as_str(), project);
        let labelled = Labelled::of(text.as_str(), text.as_str(), &markdown.blocks);
        let (citations, groups) = citation::find_in(
            text.as_str(),
            &markdown.blocks,
            markdown.language_tag(text.as_str()),
            &labelled,
        );
        let quotations = quotation::find(text.as_str(), &markdown, &citations);
        let annotations = annotation::find(text.as_str(), &markdown, &citations, &quotations);
        Self { text, markdown, citations, groups, quotations, annotations, labelled }
    }

    /// The value of the top-level field `name` of the front matter; `None` if it is missing or not on one line.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let front = self.markdown.blocks.iter().find(|block| block.kind == BlockKind::Metadata)?;
        metadata::field(self.text.slice(front.span), name)
    }

    /// The sentence around byte `offset`, without surrounding whitespace. `None` outside paragraphs.
    #[must_use]
    pub fn sentence_at(&self, offset: usize) -> Option<Span> {
        quotation::sentence_at(self.text.as_str(), &self.markdown, &self.citations, &self.quotations, offset)
    }

    /// The sentences of `block`, one of its own paragraphs, in order and without a gap between them. A citation
    /// behind a full stop belongs to the sentence before.
    #[must_use]
    pub fn sentences(&self, block: &Block) -> Vec<Span> {
        quotation::sentences_of(self.text.as_str(), &self.markdown, &self.citations, &self.quotations, block)
    }

    /// The quotation being written at byte `offset`: opened before it and not yet closed, or a block
    /// quotation that ends there. `None` if more of its words follow.
    #[must_use]
    pub fn unfinished_at(&self, offset: usize) -> Option<Unfinished> {
        quotation::unfinished_at(self.text.as_str(), &self.markdown, &self.citations, offset)
    }
}
