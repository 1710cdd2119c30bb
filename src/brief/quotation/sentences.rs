//! Where sentences begin in a paragraph: a citation owns the words of its own sentence. No sentence ends inside a
//! quotation, and a citation behind a full stop belongs to the sentence that it closes; where a sentence ends
//! otherwise, [`sentence`] says.

use super::prose::{Glyph, Prose};
use crate::text::Span;
use crate::text::language::Language;
use crate::text::sentence::{self, Letter};

impl Letter for Glyph {
    fn letter(&self) -> char {
        self.c
    }
}

/// Where sentences of `prose` begin, the first left out, in order.
pub(super) fn sentences(language: Language, prose: &Prose, quotations: &[Span]) -> Vec<usize> {
    let glyphs = &prose.glyphs;
    let mut out = Vec::new();
    let (mut quotation, mut cited) = (0, 0);
    let mut from = 0;
    while let Some(mark) = sentence::next_mark(glyphs, from) {
        from = mark.closed;
        let stop = glyphs[mark.at].at;
        let end = glyphs[mark.closed - 1].end();
        let next = glyphs.get(mark.next).copied();
        while prose.cited.get(cited).is_some_and(|(span, _)| span.start < end) {
            cited += 1;
        }
        // An author-in-text citation before the next word begins the next sentence.
        let mut author = None;
        let mut ahead = cited;
        while let Some(&(span, author_in_text)) = prose.cited.get(ahead)
            && next.is_none_or(|next| span.start < next.at)
            && author.is_none()
        {
            author = author_in_text.then_some(span.start);
            ahead += 1;
        }
        let Some(start) = author.or(next.map(|next| next.at)) else { break };
        while quotations.get(quotation).is_some_and(|span| span.end <= stop) {
            quotation += 1;
        }
        let inside = quotations.get(quotation).is_some_and(|span| span.start < stop && start < span.end);
        let short = || glyphs[mark.at].c == '.' && mark.closed == mark.at + 1;
        let begins = match author {
            Some(_) => !short() || !sentence::is_kept(language, glyphs, mark),
            None => sentence::ends(language, glyphs, mark),
        };
        if begins && !inside {
            out.push(start);
        }
    }
    out
}
