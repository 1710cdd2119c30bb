//! Folds text for comparison, typography only, with a map from folded offsets back to the original. Letters
//! (and their case), digits, word order and decimal points are unchanged: texts that fold alike contain the
//! same words.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::span::Span;

/// A byte offset into folded text, never into the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FoldedOffset(pub usize);

/// Folded text that knows where each of its bytes comes from.
#[derive(Debug, Default)]
pub struct Folded {
    text: String,
    runs: Vec<Run>,
}

/// A stretch of folded text and its origin.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// Its offset in the folded text.
    folded: usize,
    /// The bytes of the original.
    original: Span,
    /// Whether it was copied byte for byte; otherwise the run represents `original` only as a whole.
    copied: bool,
}

impl Folded {
    /// The folded text, without whitespace at its ends.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that became `range`; a folded character counts as a whole. Offsets past the
    /// end are clamped; an empty range gives an empty span.
    #[must_use]
    pub fn original(&self, range: Range<FoldedOffset>) -> Span {
        let start = self.at(range.start.0).map_or(0, |(span, _)| span.start);
        if range.end <= range.start {
            return Span::new(start, start);
        }
        let end = self.at(range.end.0.min(self.text.len()).saturating_sub(1));
        Span::new(start, end.map_or(start, |(span, _)| span.end))
    }

    /// The origin of folded byte `offset`.
    fn at(&self, offset: usize) -> Option<(Span, bool)> {
        let run = &self.runs[self.runs.partition_point(|run| run.folded <= offset).checked_sub(1)?];
        if !run.copied {
            return Some((run.original, false));
        }
        let start = (run.original.start + offset - run.folded).min(run.original.end);
        Some((Span::new(start, (start + 1).min(run.original.end)), true))
    }

    fn copy(&mut self, at: usize, text: &str) {
        let end = at + text.len();
        match self.runs.last_mut() {
            Some(run) if run.copied && run.original.end == at => run.original.end = end,
            Some(_) | None => {
                let run = Run { folded: self.text.len(), original: Span::new(at, end), copied: true };
                self.runs.push(run);
            }
        }
        self.text.push_str(text);
    }

    fn replace(&mut self, original: Span, with: &str) {
        if !with.is_empty() {
            self.runs.push(Run { folded: self.text.len(), original, copied: false });
            self.text.push_str(with);
        }
    }
}

/// The characters of pieces of a text, each with its offset in the text.
#[derive(Clone)]
struct Chars<'a> {
    text: &'a str,
    /// The pieces not yet read to the end.
    pieces: &'a [Span],
    /// How much of the first of them has been read, in bytes.
    at: usize,
}

impl<'a> Chars<'a> {
    /// The rest of the first piece that has one, and its offset.
    fn rest(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let piece = self.pieces.first()?;
            let rest = self.text.get(piece.start + self.at..piece.end).unwrap_or_default();
            if !rest.is_empty() {
                return Some((piece.start + self.at, rest));
            }
            (self.pieces, self.at) = (&self.pieces[1..], 0);
        }
    }

    fn next(&mut self) -> Option<(usize, char)> {
        let (at, rest) = self.rest()?;
        let c = rest.chars().next()?;
        self.at += c.len_utf8();
        Some((at, c))
    }

    fn peek(&self) -> Option<(usize, char)> {
        self.clone().next()
    }

    /// Reads on over letters and digits of ASCII, which folding does not change: most of most texts. The last of
    /// them stays, because the next character may compose with it.
    fn plain_run(&mut self) -> Option<(usize, &'a str)> {
        let (at, rest) = self.rest()?;
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let run = rest.get(..run.saturating_sub(1)).filter(|run| !run.is_empty())?;
        self.at += run.len();
        Some((at, run))
    }
}

/// The gap before the next word, not yet written out.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    space: Option<Span>,
    has_break: bool,
    /// The dashes or dots, without the spaces around them.
    sign: Option<(&'static str, Span)>,
    /// Preceded by a soft hyphen.
    soft: bool,
}

impl Gap {
    fn flush(&mut self, out: &mut Folded) {
        let gap = std::mem::take(self);
        if let Some((sign, span)) = gap.sign {
            out.replace(span, sign);
        } else if let Some(span) = gap.space
            && !out.text.is_empty()
            && !(gap.soft && gap.has_break)
        {
            out.replace(span, " ");
        }
    }

    fn sign(&mut self, sign: &'static str, span: Span, out: &mut Folded) {
        match &mut self.sign {
            Some((same, old)) if *same == sign => old.end = span.end.max(old.end),
            Some(_) => {
                self.flush(out);
                self.sign = Some((sign, span));
            }
            None => self.sign = Some((sign, span)),
        }
    }
}

/// Folds the parts `pieces` of `text`, joined together. Pieces that lie outside the text or split a character
/// are skipped.
///
/// The text is normalized to NFC. Whitespace of any kind becomes one space. A soft hyphen is dropped, along
/// with a line break after it. Quotation marks and apostrophes become `'`. One or more dashes, minus signs or
/// hyphens become `-`, and an ellipsis (three or more dots, spaced or not) becomes `...`, both without the
/// spaces around them. Latin f-ligatures and the long s become letters, and zero-width spaces are dropped.
#[must_use]
pub fn fold(text: &str, pieces: &[Span]) -> Folded {
    let mut out = Folded::default();
    let mut gap = Gap::default();
    let mut chars = Chars { text, pieces, at: 0 };
    let mut cluster = String::new();
    loop {
        if let Some((at, run)) = chars.plain_run() {
            gap.flush(&mut out);
            out.copy(at, run);
        }
        let Some((at, c)) = chars.next() else { break };
        let mut span = Span::new(at, at + c.len_utf8());
        if c.is_whitespace() {
            gap.space = Some(Span::new(gap.space.map_or(at, |old| old.start), span.end));
            gap.has_break |= matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
            continue;
        }
        match c {
            '\u{ad}' => {
                if gap.space.is_none() {
                    gap.soft = true;
                }
                continue;
            }
            '\u{200b}' | '\u{2060}' | '\u{feff}' => continue,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
                gap.sign("-", span, &mut out);
                continue;
            }
            '.' | '…' => {
                let mut dots = if c == '.' { 1 } else { 3 };
                // Allow at most one space between dots, to bound the look-ahead.
                let mut ahead = chars.clone();
                loop {
                    let mut next = ahead.next();
                    if next.is_some_and(|(_, c)| c.is_whitespace()) {
                        next = ahead.next();
                    }
                    match next {
                        Some((at, c @ ('.' | '…'))) if dots < 3 || ahead_is_close(at, span) => {
                            dots += if c == '.' { 1 } else { 3 };
                            span.end = at + c.len_utf8();
                        }
                        Some(_) | None => break,
                    }
                    if dots >= 3 {
                        chars = ahead.clone();
                    }
                }
                if dots >= 3 {
                    gap.sign("...", span, &mut out);
                } else {
                    gap.flush(&mut out);
                    out.copy(at, ".");
                }
                continue;
            }
            _ => gap.flush(&mut out),
        }
        let composes =
            |c: char| !c.is_ascii() && is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes || is_mark(c);
        if composes(c) || chars.peek().is_some_and(|(_, next)| composes(next)) {
            cluster.clear();
            cluster.push(c);
            while let Some((at, next)) = chars.peek()
                && composes(next)
            {
                cluster.push(next);
                span.end = at + next.len_utf8();
                chars.next();
            }
            let composed: String = cluster.nfc().collect();
            out.replace(span, &composed);
            continue;
        }
        match c {
            '"' | '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' | '‹' | '›' | '′' | '″' | '\u{2bc}' => {
                out.replace(span, "'");
            }
            'ﬀ' => out.replace(span, "ff"),
            'ﬁ' => out.replace(span, "fi"),
            'ﬂ' => out.replace(span, "fl"),
            'ﬃ' => out.replace(span, "ffi"),
            'ﬄ' => out.replace(span, "ffl"),
            'ſ' => out.replace(span, "s"),
            _ => out.copy(at, c.encode_utf8(&mut [0; 4])),
        }
    }
    // Keep a sign at the end, but not whitespace.
    gap.space = None;
    gap.flush(&mut out);
    out
}

/// Whether a dot at `at` continues the dots `span`: directly, or after one space of at most three bytes
/// (U+202F).
fn ahead_is_close(at: usize, span: Span) -> bool {
    at <= span.end + 3
}

/// Whether `c` composes with the character before it: combining class other than 0.
fn is_mark(c: char) -> bool {
    c >= '\u{300}' && unicode_normalization::char::canonical_combining_class(c) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        fold(text, &[Span::new(0, text.len())]).as_str().to_owned()
    }

    #[test]
    fn typography_is_folded() {
        assert_eq!(folded("  “ISIS’ oil”\u{a0}\n fields "), "'ISIS' oil' fields");
        assert_eq!(folded("a — b"), "a-b");
        assert_eq!(folded("a—b"), "a-b");
        assert_eq!(folded("a - b"), "a-b");
        assert_eq!(folded("a -- b"), "a-b");
        assert_eq!(folded("we left … then"), "we left...then");
        assert_eq!(folded("we left . . . then"), "we left...then");
        assert_eq!(folded("we left.... Then"), "we left...Then");
        assert_eq!(folded("o\u{ad}\n il and o\u{ad}il"), "oil and oil");
        assert_eq!(folded("the o\u{ad} il"), "the o il");
        assert_eq!(folded("oﬃce ﬁre ﬂag"), "office fire flag");
        assert_eq!(folded("cafe\u{301} noir"), "café noir");
    }

    #[test]
    fn words_are_not() {
        assert_eq!(folded("The 2.5 and 2,5. Left. Right"), "The 2.5 and 2,5. Left. Right");
        assert_ne!(folded("2.5"), folded("25"));
        assert_ne!(folded("Oil"), folded("oil"));
        assert_ne!(folded("resume"), folded("résumé"));
    }

    #[test]
    fn a_match_leads_back_to_the_original() {
        let text = "xx “The  oﬃce — café” closed";
        let folded = fold(text, &[Span::new(3, text.len())]);
        assert_eq!(folded.as_str(), "'The office-café' closed");
        let back = |word: &str| {
            let at = folded.as_str().find(word).unwrap();
            let span = folded.original(FoldedOffset(at)..FoldedOffset(at + word.len()));
            &text[span.start..span.end]
        };
        assert_eq!(back("The office"), "The  oﬃce");
        assert_eq!(back("office-café"), "oﬃce — café");
        assert_eq!(back("café"), "café");
        assert_eq!(back("-"), "—");
    }

    #[test]
    fn pieces_are_joined_as_they_stand() {
        let text = "> no\n> *w*ay";
        let pieces = [Span::new(2, 5), Span::new(8, 9), Span::new(10, 12)];
        assert_eq!(fold(text, &pieces).as_str(), "no way");
    }

    proptest! {
        #[test]
        fn every_folded_character_comes_from_somewhere(
            text in "[a-z “”’.…\u{ad}\u{301}é\u{a0}\n—ﬁ-]{0,40}",
        ) {
            let pieces = [Span::new(0, text.len())];
            let once = fold(&text, &pieces);
            for (at, c) in once.as_str().char_indices() {
                let span = once.original(FoldedOffset(at)..FoldedOffset(at + c.len_utf8()));
                prop_assert!(text.get(span.start..span.end).is_some_and(|s| !s.is_empty()));
            }
        }
    }
}
