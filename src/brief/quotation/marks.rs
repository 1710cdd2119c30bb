//! Quotation marks: which open, which close, and which are apostrophes, feet or inches. Reads one
//! block's characters and says nothing of whose words stand between the marks.

use super::prose::Glyph;
use crate::text::Span;

/// The family of an opening mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// “ ”
    Curly,
    /// " "
    Straight,
    /// ‘ ’
    Single,
    /// ' '
    StraightSingle,
    /// « »
    Guillemet,
    /// » «
    Inward,
    /// 「 」
    Corner,
    /// 『 』
    WhiteCorner,
    /// „ “
    Low,
}

/// A quotation whose closing mark is still to come.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) mark: Mark,
    pub(super) start: usize,
    /// How many marks of its own family are open.
    pub(super) depth: usize,
    /// In a single quotation: double marks that are open.
    pub(super) inner: usize,
    /// Where its words begin among the glyphs of this block.
    pub(super) from: usize,
    pub(super) words: Vec<Span>,
    pub(super) end: usize,
    /// The sentence in which it began.
    pub(super) sentence: Span,
    /// The sentence in which it stood last.
    pub(super) last_sentence: Span,
    pub(super) footnote: Option<String>,
}

impl Open {
    /// What `mark`, glyph `i` of `glyphs`, opens.
    pub(super) fn at(glyphs: &[Glyph], mark: Mark, i: usize) -> Self {
        let start = glyphs[i].at;
        let nowhere = Span::new(start, start);
        Self {
            mark,
            start,
            depth: 1,
            inner: 0,
            from: i + 1,
            words: Vec::new(),
            end: start,
            sentence: nowhere,
            last_sentence: nowhere,
            footnote: None,
        }
    }
}

/// What the neighbours of a single mark say of it.
#[derive(Debug, Clone, Copy)]
struct Later {
    /// A mark that may close follows.
    any: bool,
    /// A mark that can only close follows, before the next that opens.
    certain: bool,
}

/// A block's glyphs with what is needed to read its marks.
pub(super) struct Marks<'a> {
    glyphs: &'a [Glyph],
    /// One for each glyph, empty when the block has no single mark.
    later: Vec<Later>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(glyphs: &'a [Glyph]) -> Self {
        let mut marks = Self { glyphs, later: Vec::new() };
        if glyphs.iter().any(|glyph| matches!(glyph.c, '‘' | '\'')) {
            let mut later = vec![Later { any: false, certain: false }; glyphs.len()];
            let mut state = Later { any: false, certain: false };
            for i in (0..glyphs.len()).rev() {
                later[i] = state;
                if !matches!(glyphs[i].c, '‘' | '’' | '\'') {
                    continue;
                }
                if glyphs[i].c != '’' && marks.looks_open(i) && !marks.elides(i) {
                    state.certain = false;
                } else if glyphs[i].c != '‘' && marks.looks_closed(i) {
                    state.any = true;
                    state.certain |= !marks.possessive(i);
                }
            }
            marks.later = later;
        }
        marks
    }

    fn c(&self, i: usize) -> Option<char> {
        self.glyphs.get(i).map(|glyph| glyph.c)
    }

    fn before(&self, i: usize) -> Option<char> {
        self.c(i.checked_sub(1)?)
    }

    /// Words may begin behind this mark: nothing that belongs to a word stands before it.
    fn looks_open(&self, i: usize) -> bool {
        let before = self.before(i);
        let free = before.is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '"' | '\'' | '“' | '‘' | '«' | '„' | ':')
        });
        free && self.c(i + 1).is_some_and(|c| !c.is_whitespace())
    }

    /// Whether `mark` comes behind glyph `i` within a quotation of usual length, and before the
    /// same mark again.
    fn later_is(&self, i: usize, mark: char) -> bool {
        /// Characters; longer quotations are set off.
        const LONGEST: usize = 2_000;
        let own = self.glyphs[i].c;
        let next = self.glyphs[i + 1..].iter().take(LONGEST).find(|glyph| glyph.c == mark || glyph.c == own);
        next.is_some_and(|next| next.c == mark)
    }

    fn looks_closed(&self, i: usize) -> bool {
        self.before(i).is_some_and(|c| !c.is_whitespace())
            && !self.c(i + 1).is_some_and(char::is_alphanumeric)
    }

    /// `countries’ leaders`: behind an s, with a word to follow.
    fn possessive(&self, i: usize) -> bool {
        self.before(i) == Some('s')
            && self.c(i + 1).is_some_and(char::is_whitespace)
            && self.c(i + 2).is_some_and(char::is_alphanumeric)
    }

    /// `’90s`, `'n'`, `'tis`: letters left out at the start of a word.
    fn elides(&self, i: usize) -> bool {
        let word: String = self.glyphs[i + 1..]
            .iter()
            .map(|glyph| glyph.c)
            .take_while(|c| c.is_alphanumeric())
            .take(6)
            .collect();
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        // `‘11.18 …`: a time or an amount.
        let mark = self.c(i + 1 + word.chars().count());
        let counts = mark == Some('%')
            || matches!(mark, Some('.' | ',' | ':'))
                && self.c(i + 2 + word.chars().count()).is_some_and(|c| c.is_ascii_digit());
        let decade = digits == 2 && matches!(&word[2..], "" | "s") && !counts;
        decade
            || matches!(
                word.to_lowercase().as_str(),
                "n" | "tis" | "twas" | "em" | "til" | "till" | "cause" | "bout"
            )
    }

    pub(super) fn opening(&self, i: usize) -> Option<Mark> {
        match self.glyphs[i].c {
            '“' => Some(Mark::Curly),
            '„' => Some(Mark::Low),
            '«' => Some(Mark::Guillemet),
            // In other texts this one closes.
            '»' if self.looks_open(i) && self.later_is(i, '«') => Some(Mark::Inward),
            '「' => Some(Mark::Corner),
            '『' => Some(Mark::WhiteCorner),
            '"' if self.looks_open(i) => Some(Mark::Straight),
            '‘' if self.looks_open(i) && !self.elides(i) => Some(Mark::Single),
            // So many are apostrophes that this one alone must be closed again.
            '\'' if self.looks_open(i)
                && !self.elides(i)
                && self.later.get(i).is_some_and(|later| later.any) =>
            {
                Some(Mark::StraightSingle)
            }
            _ => None,
        }
    }

    /// Reads glyph `i` inside `open`; true when it closes the quotation.
    pub(super) fn closes(&self, i: usize, open: &mut Open) -> bool {
        let c = self.glyphs[i].c;
        let (opens, closes) = match open.mark {
            Mark::Curly => (c == '“', c == '”'),
            Mark::Guillemet => (c == '«', c == '»'),
            Mark::Inward => (false, c == '«'),
            Mark::Corner => (c == '「', c == '」'),
            Mark::WhiteCorner => (c == '『', c == '』'),
            Mark::Low => (c == '„', matches!(c, '“' | '”')),
            Mark::Straight if c == '"' => {
                let only_opens = self.looks_open(i)
                    && self.before(i).is_some_and(|c| c.is_whitespace() || matches!(c, '(' | '['));
                (only_opens, !only_opens && !self.feet(i))
            }
            Mark::Single | Mark::StraightSingle if matches!(c, '“' | '«' | '„') => {
                open.inner += 1;
                (false, false)
            }
            Mark::Single | Mark::StraightSingle if matches!(c, '”' | '»') => {
                open.inner = open.inner.saturating_sub(1);
                (false, false)
            }
            Mark::Single if c == '‘' => (self.looks_open(i) && !self.elides(i), false),
            Mark::Single | Mark::StraightSingle
                if open.inner == 0 && c == (if open.mark == Mark::Single { '’' } else { '\'' }) =>
            {
                let certain = self.later.get(i).is_some_and(|later| later.certain);
                (false, self.looks_closed(i) && !(self.possessive(i) && certain))
            }
            Mark::Straight | Mark::Single | Mark::StraightSingle => (false, false),
        };
        open.depth += usize::from(opens);
        if closes {
            open.depth = open.depth.saturating_sub(1);
        }
        closes && open.depth == 0
    }

    /// `6'2"` inside a quotation.
    fn feet(&self, i: usize) -> bool {
        let digits =
            self.glyphs[..i].iter().rev().take(3).take_while(|glyph| glyph.c.is_ascii_digit()).count();
        digits > 0
            && i.checked_sub(digits + 1).is_some_and(|at| matches!(self.glyphs[at].c, '\'' | '’' | '′'))
            && i.checked_sub(digits + 2).is_some_and(|at| self.glyphs[at].c.is_ascii_digit())
    }
}
