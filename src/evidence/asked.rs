//! One source that is asked for a quotation: its words, and where they stand.

use std::ops::Range;
use std::sync::Arc;

use super::locate::Stream;
use super::memo::SourceWords;
use super::verdict::Place;
use crate::corpus::source::{Class, SourceId, SourceText};
use crate::text::Span;

/// One source with its words.
pub(super) struct Asked {
    pub(super) owner: Option<usize>,
    pub(super) id: SourceId,
    pub(super) text: Arc<SourceText>,
    pub(super) words: Arc<SourceWords>,
}

impl Asked {
    pub(super) fn stream(&self) -> Stream<'_> {
        Stream { words: &self.words.words, apart_from: self.words.apart_from }
    }

    pub(super) fn passage(&self, word: usize) -> usize {
        self.words.passages[self.words.words.part(word)]
    }

    pub(super) fn is_furniture(&self, passage: usize) -> bool {
        matches!(self.text.passages[passage].class, Class::Furniture(_))
    }

    pub(super) fn span(&self, words: &Range<usize>) -> Span {
        let (first, last) = (self.words.words.span(words.start), self.words.words.span(words.end - 1));
        Span::new(first.start, last.end.max(first.start))
    }

    pub(super) fn place(&self, words: &Range<usize>) -> Place {
        Place { source: self.id, passage: self.passage(words.start), span: self.span(words) }
    }
}
