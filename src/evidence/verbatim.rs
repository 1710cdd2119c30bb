//! Where quoted words stand, word for word, in a cited source. It says "verbatim in the copy that
//! we have", no more: it must not judge a quotation that it can't find.

use memchr::memmem;
use unicode_segmentation::UnicodeSegmentation;

use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::corpus::source::{Class, SourceId, SourceText};
use crate::text::Span;
use crate::text::fold::{Folded, FoldedOffset, fold};

/// A place in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// Place in its passages (the first, when the words run over several).
    pub passage: usize,
    /// The very words, in bytes of the source's text.
    pub span: Span,
}

/// Fewest words of a quotation that is looked for: 40 % of quoted single words are scare quotes,
/// titles or terms (measured on 8,076 spans of 1,008 news articles).
const FEWEST_WORDS: usize = 2;

/// How many finds inside longer words are stepped over one by one before whole needles are; it
/// bounds the work on text made of repetitions.
const MOST_REJECTED: usize = 64;

/// Where `quotation` stands verbatim in one of the sources that its citations name: the cited
/// passage first when a locator names one, then argument before furniture, then the earliest.
/// Typography is folded (see [`crate::text::fold`]); no letter, digit or word order is.
#[must_use]
pub fn find(corpus: &Corpus, brief: &Brief, quotation: &Quotation) -> Option<Place> {
    if quotation.citations.is_empty() {
        return None;
    }
    let needle = Needle::new(fold(brief.text.as_str(), &quotation.words).as_str())?;
    let mut best: Option<(Rank, Place)> = None;
    for &citation in &quotation.citations {
        let Some(citation) = brief.citations.get(citation) else { continue };
        let Some(source) = corpus.find(&citation.key) else { continue };
        let Some(text) = corpus.source(source).text() else { continue };
        let cited = cited_passages(text, citation);
        let found = search(text, source, &needle, &cited);
        // Of equals the earlier citation stays.
        if let Some((rank, place)) = found
            && best.is_none_or(|(least, _)| (rank.0, rank.1) < (least.0, least.1))
        {
            best = Some((rank, place));
        }
    }
    best.map(|(_, place)| place)
}

/// Where `quotation_text` (the words without their outer marks or with them) stands verbatim in
/// `source`: in the passage at place `passage` if it does, then in argument before furniture, then
/// the earliest. The search beneath [`find`].
#[must_use]
pub fn stands_in(
    corpus: &Corpus,
    source: SourceId,
    quotation_text: &str,
    passage: Option<usize>,
) -> Option<Place> {
    let text = corpus.sources().get(source.0 as usize)?.text()?;
    let whole = Span::new(0, quotation_text.len());
    let needle = Needle::new(fold(quotation_text, &[whole]).as_str())?;
    search(text, source, &needle, passage.as_slice()).map(|(_, place)| place)
}

/// The places of the passages that the locator of `citation` names.
fn cited_passages(text: &SourceText, citation: &Citation) -> Vec<usize> {
    let Some(locator) = &citation.locator else { return Vec::new() };
    let ranges = locator.paragraphs();
    let named = |n: Option<u32>| n.is_some_and(|n| ranges.iter().any(|range| range.contains(&n)));
    let passages = text.passages.iter().enumerate();
    passages.filter(|(_, passage)| named(passage.number)).map(|(at, _)| at).collect()
}

/// Folded words to look for, and the word that a text must hold to be worth folding.
struct Needle {
    words: String,
    /// The longest word that no folding can have made out of something else, see [`hides`].
    rare: Option<String>,
}

impl Needle {
    fn new(folded: &str) -> Option<Self> {
        let outer = |c: char| c == '\'' || c == ' ' || c == '-';
        let words = folded.strip_prefix("...").unwrap_or(folded).trim_start_matches(outer);
        let words =
            words.trim_end_matches(|c: char| outer(c) || matches!(c, ',' | '.' | ';' | ':' | '?' | '!'));
        if words.unicode_words().take(FEWEST_WORDS).count() < FEWEST_WORDS {
            return None;
        }
        // ASCII letters and digits only: what can hide those in a text is a short list.
        let rare = words.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|word| word.len());
        let rare = rare.filter(|word| !word.is_empty()).map(str::to_owned);
        Some(Self { words: words.to_owned(), rare })
    }
}

/// Smaller is better: not in a cited passage, in furniture, place among the passages.
type Rank = (bool, bool, usize);

fn is_furniture(text: &SourceText, passage: usize) -> bool {
    matches!(text.passages[passage].class, Class::Furniture(_))
}

/// The best place of `needle` in `text`.
fn search(text: &SourceText, source: SourceId, needle: &Needle, cited: &[usize]) -> Option<(Rank, Place)> {
    let candidates = candidates(text, needle);
    let rank = |passage: usize| (!cited.contains(&passage), is_furniture(text, passage), passage);
    let mut order = candidates.clone();
    order.sort_by_key(|&passage| rank(passage));
    for passage in order {
        let span = text.passages[passage].span;
        if span.len() * 2 < needle.words.len() {
            continue;
        }
        let folded = fold(text.text.as_str(), &[span]);
        if let Some(at) = find_words(folded.as_str(), &needle.words, 0) {
            let span = folded.original(FoldedOffset(at)..FoldedOffset(at + needle.words.len()));
            return Some((rank(passage), Place { source, passage, span }));
        }
    }
    // Over several passages: first over the argument as if no furniture stood between, then as
    // everything stands.
    let argument: Vec<usize> = (0..text.passages.len()).filter(|&at| !is_furniture(text, at)).collect();
    let all: Vec<usize> = (0..text.passages.len()).collect();
    let both = [&argument, &all];
    let sequences = if argument.len() == all.len() { &both[..1] } else { &both[..] };
    for sequence in sequences {
        let mut best: Option<(Rank, Place)> = None;
        for window in windows(text, sequence, &candidates, needle.words.len()) {
            for bare in [false, true] {
                let window = Window::new(text, &sequence[window.clone()], bare);
                for (passage, span) in window.places(&needle.words) {
                    let found = (rank(passage), Place { source, passage, span });
                    if best.is_none_or(|(least, _)| found.0 < least) {
                        best = Some(found);
                    }
                }
            }
        }
        if best.is_some() {
            return best;
        }
    }
    None
}

/// The passages that may hold the rare word of `needle`, in order.
fn candidates(text: &SourceText, needle: &Needle) -> Vec<usize> {
    let Some(rare) = &needle.rare else {
        return (0..text.passages.len()).collect();
    };
    let mut hits: Vec<usize> = memmem::find_iter(text.text.as_str().as_bytes(), rare.as_bytes()).collect();
    hides(text.text.as_str(), &mut hits);
    let passage = |at: usize| {
        let passage = text.passages.partition_point(|passage| passage.span.start <= at).checked_sub(1)?;
        text.passages[passage].span.contains(at).then_some(passage)
    };
    let mut found: Vec<usize> = hits.into_iter().filter_map(passage).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Adds the offsets of all in `text` that folding can turn into, or take out from between, ASCII
/// letters: soft hyphens, zero-width spaces, combining marks (U+0300–U+036F), ligatures (U+FB00…),
/// the Kelvin sign.
fn hides(text: &str, hits: &mut Vec<usize>) {
    hits.extend(memchr::memchr3_iter(0xCC, 0xCD, 0xEF, text.as_bytes()));
    for sign in ["\u{ad}", "\u{200b}", "\u{2060}", "\u{212a}"] {
        hits.extend(memmem::find_iter(text.as_bytes(), sign));
    }
}

/// The stretches of `sequence` in which words of `length` bytes can stand that run over one of
/// `candidates`; in order and apart. Twice the length on each side, since folding shortens.
fn windows(
    text: &SourceText,
    sequence: &[usize],
    candidates: &[usize],
    length: usize,
) -> Vec<std::ops::Range<usize>> {
    let mut ends = Vec::with_capacity(sequence.len());
    let mut total = 0;
    for &passage in sequence {
        total += text.passages[passage].span.len();
        ends.push(total);
    }
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    for candidate in candidates {
        let Ok(at) = sequence.binary_search(candidate) else { continue };
        let start_bytes = if at == 0 { 0 } else { ends[at - 1] };
        let first = ends.partition_point(|&end| end < start_bytes.saturating_sub(2 * length)).min(at);
        let last = ends.partition_point(|&end| end < ends[at] + 2 * length).min(sequence.len() - 1);
        // The neighbours always belong to it, however short the words are.
        let (first, last) = (first.min(at.saturating_sub(1)), last.max(at));
        match out.last_mut() {
            Some(range) if first < range.end => range.end = range.end.max(last + 1),
            Some(_) | None => out.push(first..last + 1),
        }
    }
    out.retain(|range| range.len() > 1);
    out
}

/// Several passages as one folded text.
struct Window {
    folded: String,
    /// Where each begins in `folded`, its place, its own folded text and how much of that is
    /// left out at its start.
    parts: Vec<(usize, usize, Folded, usize)>,
}

impl Window {
    /// Joins `passages` by spaces; `bare` leaves out the opening mark that later paragraphs of
    /// one speech repeat.
    fn new(text: &SourceText, passages: &[usize], bare: bool) -> Self {
        let mut window = Self { folded: String::new(), parts: Vec::with_capacity(passages.len()) };
        for &passage in passages {
            let folded = fold(text.text.as_str(), &[text.passages[passage].span]);
            if !window.folded.is_empty() {
                window.folded.push(' ');
            }
            let skipped = usize::from(bare && !window.parts.is_empty() && folded.as_str().starts_with('\''));
            let start = window.folded.len();
            window.folded.push_str(&folded.as_str()[skipped..]);
            window.parts.push((start, passage, folded, skipped));
        }
        window
    }

    /// All places of `words`: the passage in which they begin, and their span.
    fn places(&self, words: &str) -> Vec<(usize, Span)> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some(at) = find_words(&self.folded, words, from) {
            from = at + words.len();
            if let (Some((passage, start)), Some((_, end))) = (self.origin(at), self.origin(from - 1)) {
                out.push((passage, Span::new(start.start, end.end)));
            }
        }
        out
    }

    fn origin(&self, at: usize) -> Option<(usize, Span)> {
        let part = self.parts.partition_point(|part| part.0 <= at).checked_sub(1)?;
        let (start, passage, folded, skipped) = &self.parts[part];
        let inside = at - start + skipped;
        Some((*passage, folded.original(FoldedOffset(inside)..FoldedOffset(inside + 1))))
    }
}

/// The first place of `words` in `text`, from byte `from` on, that cuts no word and no number.
fn find_words(text: &str, words: &str, mut from: usize) -> Option<usize> {
    let finder = memmem::Finder::new(words);
    let mut rejected = 0;
    loop {
        let at = from + finder.find(text.as_bytes().get(from..)?)?;
        let end = at + words.len();
        let before_cut = cuts(text[..at].chars().rev(), words.chars().next());
        let after_cut = cuts(text[end..].chars(), words.chars().next_back());
        if !before_cut && !after_cut {
            return Some(at);
        }
        rejected += 1;
        let step = words.chars().next().map_or(1, char::len_utf8);
        from = if rejected < MOST_REJECTED { at + step } else { end };
    }
}

/// Whether the characters `outside`, nearest first, go on with the word or the number that ends
/// in `edge`: `2` in `2.5`, `we` in `we're`.
fn cuts(mut outside: impl Iterator<Item = char>, edge: Option<char>) -> bool {
    let Some(edge) = edge.filter(|edge| edge.is_alphanumeric()) else { return false };
    match (outside.next(), outside.next()) {
        (Some(near), _) if near.is_alphanumeric() => true,
        (Some('.' | ','), Some(far)) => edge.is_ascii_digit() && far.is_ascii_digit(),
        (Some('\''), Some(far)) => far.is_alphanumeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::index::Index;
    use crate::corpus::source::{Furniture, Passage, Source, TextId, TextState};
    use crate::text::{FileId, Text};

    /// Paragraphs are passages; one that begins with `#` is a pull quote.
    fn corpus(text: &str) -> Corpus {
        let (mut at, mut number, mut passages) = (0, 0, Vec::new());
        for paragraph in text.split("\n\n") {
            let furniture = paragraph.starts_with('#');
            number += u32::from(!furniture);
            passages.push(Passage {
                span: Span::new(at, at + paragraph.len()),
                class: if furniture { Class::Furniture(Furniture::PullQuote) } else { Class::Body },
                number: (!furniture).then_some(number),
            });
            at += paragraph.len() + 2;
        }
        let file = FileId::new("/a.txt");
        let text = SourceText { id: TextId::fresh(), file, text: Text::new(text), passages, language: None };
        let document = TextState::Present(Arc::new(text));
        Corpus::new(vec![Source { key: "a".into(), entry: None, document }], Vec::new(), Index::default())
    }

    fn place(text: &str, words: &str, passage: Option<usize>) -> Option<(usize, String)> {
        let place = stands_in(&corpus(text), SourceId(0), words, passage)?;
        Some((place.passage, text[place.span.start..place.span.end].to_owned()))
    }

    const TEXT: &str = "# no oil at all\n\n“There is no oil\u{a0}at all — yet,” he said.\n\nWe waited, no oil at all.\n\nA 2.5 per\u{ad}\ncent rise, they're sure.";

    #[test]
    fn typography_does_not_matter() {
        assert_eq!(place(TEXT, "'no oil at all - yet.'", None), Some((1, "no oil\u{a0}at all — yet".into())));
        assert_eq!(place(TEXT, "2.5 percent rise", None), Some((3, "2.5 per\u{ad}\ncent rise".into())));
    }

    #[test]
    fn cited_then_argument_then_earliest() {
        assert_eq!(place(TEXT, "no oil at all", Some(2)), Some((2, "no oil at all".into())));
        assert_eq!(place(TEXT, "no oil at all", None).map(|p| p.0), Some(1));
        assert_eq!(place(TEXT, "no oil at all", Some(0)).map(|p| p.0), Some(0));
    }

    #[test]
    fn words_and_numbers_are_not_cut() {
        assert_eq!(place(TEXT, "5 percent rise", None), None);
        assert_eq!(place(TEXT, "rise, they", None), None);
        assert_eq!(place(TEXT, "No oil at all", None), None);
        assert_eq!(place(TEXT, "oil", None), None);
    }

    #[test]
    fn words_may_run_over_passages() {
        let found = place(TEXT, "he said. We waited", None);
        assert_eq!(found, Some((1, "he said.\n\nWe waited".into())));
    }
}
