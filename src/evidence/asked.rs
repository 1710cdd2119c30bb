//! One source that a quotation is checked against: its words and their places.

use std::ops::Range;
use std::sync::Arc;

use super::locate::Stream;
use super::memo::{Memo, SourceWords};
use super::verdict::Place;
use crate::corpus::source::{Furniture, SourceId, SourceText};
use crate::text::Span;
use crate::text::language::Language;
use crate::text::sentence;

/// A source with its words.
pub(super) struct Asked {
    pub(super) owner: Option<usize>,
    pub(super) id: SourceId,
    pub(super) text: Arc<SourceText>,
    pub(super) words: Arc<SourceWords>,
}

impl Asked {
    pub(super) fn stream(&self) -> Stream<'_> {
        Stream { words: &self.words.words, apart_from: self.words.apart_from, language: self.language() }
    }

    /// This reading and, where it differs, one with the words in file order.
    pub(super) fn read_both_ways(self, memo: &Memo) -> Vec<Self> {
        let in_order = memo.in_order(&self.text);
        let (owner, id, text) = (self.owner, self.id, self.text.clone());
        let other = in_order.map(|words| Self { owner, id, text, words });
        std::iter::once(self).chain(other).collect()
    }

    /// The language of the source.
    pub(super) fn language(&self) -> Language {
        Language::of(self.text.language)
    }

    pub(super) fn passage(&self, word: usize) -> usize {
        self.words.passages[self.words.words.part(word)]
    }

    /// Whether quoting `passage` is worth a remark: the author's notes, and boxes to be read beside the text, are
    /// quoted like the text itself.
    pub(super) fn is_furniture(&self, passage: usize) -> bool {
        let kind = self.text.passages[passage].class.furniture();
        kind.is_some_and(|kind| !matches!(kind, Furniture::Aside | Furniture::Note))
    }

    /// Whether a sentence ends between word `at` and the one before it.
    pub(super) fn ends_sentence(&self, at: usize) -> bool {
        let words = &self.words.words;
        let gap = words.gap(at);
        if gap.contains(['?', '!', '\n', '。', '！', '？']) {
            return true;
        }
        // Words hold no full stops: of `5 a.m.` only the last letter is here.
        let short = |word: &str| {
            let next = if at < words.len() { words.written(at) } else { "" };
            word.chars().count() == 1 || sentence::keeps_stop(self.language(), word, next)
        };
        gap.contains('.')
            && !gap.contains("...")
            && gap.ends_with([' ', '\'', '(', '[', '-'])
            && at.checked_sub(1).is_some_and(|before| !short(words.written(before)))
    }

    /// Whether `words` lie entirely in furniture.
    pub(super) fn only_furniture(&self, words: &Range<usize>) -> bool {
        let parts = self.words.words.part(words.start)..=self.words.words.part(words.end - 1);
        parts.into_iter().all(|part| self.is_furniture(self.words.passages[part]))
    }

    pub(super) fn span(&self, words: &Range<usize>) -> Span {
        let (first, last) = (self.words.words.span(words.start), self.words.words.span(words.end - 1));
        Span::new(first.start, last.end.max(first.start))
    }

    pub(super) fn place(&self, words: &Range<usize>) -> Place {
        Place { source: self.id, passage: self.passage(words.start), span: self.span(words) }
    }
}
