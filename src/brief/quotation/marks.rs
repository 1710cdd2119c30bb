//! Quotation marks: decides which open, which close, and which are apostrophes, feet or inches. Reads the
//! characters of one block, regardless of whose words they enclose.

use super::prose::{Glyph, Q_CLOSES, Q_OPENS};
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
    /// ‚ ‘
    SingleLow,
    /// ” ”, as in Swedish and Finnish.
    Right,
    /// » », as in Swedish and Finnish books.
    RightGuillemet,
    /// ‹ ›
    SingleGuillemet,
    /// › ‹
    SingleInward,
    /// ❝ ❞
    Heavy,
    /// ❛ ❜
    HeavySingle,
    /// ″ ″
    Prime,
    /// 〝 〞
    HighPrime,
    /// ＂ ＂
    Wide,
    /// \`\` '', as in TeX: two characters each.
    Doubled,
    /// \` ', the single marks of TeX.
    Grave,
    /// `<q>` `</q>`
    Tag,
}

impl Mark {
    /// Whether it cannot be mistaken for an apostrophe.
    pub(super) fn is_double(self) -> bool {
        !matches!(self, Self::Single | Self::StraightSingle | Self::SingleLow | Self::Grave)
    }

    /// The number of characters in it.
    pub(super) fn width(self) -> usize {
        if self == Self::Doubled { 2 } else { 1 }
    }
}

/// A quotation whose closing mark has not been reached.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) mark: Mark,
    pub(super) start: usize,
    /// The number of open marks of the same family.
    pub(super) depth: usize,
    /// In a single quotation: the number of open double marks.
    pub(super) inner: usize,
    /// Where its words begin among the glyphs of the current block.
    pub(super) from: usize,
    pub(super) words: Vec<Span>,
    pub(super) end: usize,
    /// The sentence in which it began.
    pub(super) sentence: Span,
    /// The last sentence it has reached.
    pub(super) last_sentence: Span,
    pub(super) footnote: Option<String>,
    /// The last block it has reached.
    pub(super) paragraph: Span,
    /// Whether its closing mark was found.
    pub(super) closed: bool,
    /// For a quotation carried into later paragraphs: the number of `words` up to the end of each paragraph
    /// but the last.
    pub(super) breaks: Vec<usize>,
    /// Glyphs of this block at which marks of the same family open within it and are not yet closed.
    pub(super) again: Vec<usize>,
    /// Non-overlapping pairs of such marks: the opening and the closing glyph.
    pub(super) nested: Vec<(usize, usize)>,
}

impl Open {
    /// The quotation opened by `mark`, which is glyph `i` of `glyphs`.
    pub(super) fn at(glyphs: &[Glyph], mark: Mark, i: usize) -> Self {
        let start = glyphs[i].at;
        let nowhere = Span::new(start, start);
        Self {
            mark,
            start,
            depth: 1,
            inner: 0,
            from: i + mark.width(),
            words: Vec::new(),
            end: start,
            sentence: nowhere,
            last_sentence: nowhere,
            footnote: None,
            paragraph: nowhere,
            closed: false,
            breaks: Vec::new(),
            again: Vec::new(),
            nested: Vec::new(),
        }
    }

    /// Continues in the next block, at glyph `from`.
    pub(super) fn carry_on(&mut self, from: usize) {
        (self.from, self.depth, self.inner) = (from, 1, 0);
        self.again.clear();
        self.nested.clear();
    }

    /// The first mark that opens within it, where the quotation ends if it is never closed.
    pub(super) fn first_within(&self) -> Option<usize> {
        let nested = self.nested.first().map(|pair| pair.0);
        [nested, self.again.first().copied()].into_iter().flatten().min()
    }

    /// The quotations within it, which count separately if the whole is never closed: the opening glyph and,
    /// if there is one, the closing glyph.
    pub(super) fn within(&self) -> Vec<(usize, Option<usize>)> {
        let nested = self.nested.iter().map(|pair| (pair.0, Some(pair.1)));
        let mut all: Vec<_> = nested.chain(self.again.iter().map(|&at| (at, None))).collect();
        all.sort_unstable();
        all
    }
}

/// Longest quotation in marks, in characters, for which a mark is matched up; longer ones are set as block
/// quotations.
const LONGEST: usize = 2_000;

/// In [`Mark::Single`] and similar families, a mark that opens again after this many words means that the
/// first was never closed. Nested quotations use other marks, and elisions come after fewer words.
const WORDS_BEFORE_AGAIN: usize = 6;

/// Which marks follow a single mark.
#[derive(Debug, Clone, Copy)]
struct Later {
    /// A mark that may close follows.
    any: bool,
    /// A mark that can only close follows, before the next one that opens.
    certain: bool,
}

/// A block's glyphs, prepared for reading its marks.
pub(super) struct Marks<'a> {
    glyphs: &'a [Glyph],
    /// One per glyph; empty if the block has no single marks.
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

    /// The character before glyph `i`; a letter in place of code.
    fn before(&self, i: usize) -> Option<char> {
        if self.glyphs.get(i).is_some_and(|glyph| glyph.behind_code) {
            return Some('x');
        }
        self.c(i.checked_sub(1)?)
    }

    /// The character after glyph `i`; a letter in place of code.
    fn after(&self, i: usize) -> Option<char> {
        if self.glyphs.get(i + 1).is_some_and(|glyph| glyph.behind_code) {
            return Some('x');
        }
        self.c(i + 1)
    }

    /// Whether words may begin after this mark, because nothing before it belongs to a word.
    fn looks_open(&self, i: usize) -> bool {
        let before = self.before(i);
        let free = before.is_none_or(|c| {
            c.is_whitespace()
                || matches!(c, '(' | '[' | '—' | '–' | '-' | '/' | '"' | '\'' | '“' | '‘' | '«' | '„' | ':')
        });
        free && self.after(i).is_some_and(|c| !c.is_whitespace())
    }

    /// Whether `mark` follows glyph `i` within the length of a usual quotation, and before the same mark
    /// again.
    fn later_is(&self, i: usize, mark: char) -> bool {
        let own = self.glyphs[i].c;
        let next = self.glyphs[i + 1..].iter().take(LONGEST).find(|glyph| glyph.c == mark || glyph.c == own);
        next.is_some_and(|next| next.c == mark)
    }

    /// Whether the same mark follows glyph `i` within the length of a usual quotation.
    fn later_is_again(&self, i: usize) -> bool {
        let own = self.glyphs[i].c;
        self.glyphs[i + 1..].iter().take(LONGEST).any(|glyph| glyph.c == own)
    }

    /// Whether the mark at glyph `i`, which closes in most texts, is closed by the next of its own kind, before
    /// any of `others`.
    fn closed_by_itself(&self, i: usize, others: &[char]) -> bool {
        let own = self.glyphs[i].c;
        let mut rest = self.glyphs[i + 1..].iter().take(LONGEST).enumerate();
        let next = rest.find(|(_, glyph)| glyph.c == own || others.contains(&glyph.c));
        next.is_some_and(|(at, glyph)| glyph.c == own && self.looks_closed(i + 1 + at))
    }

    /// Whether the \` at glyph `i`, which begins no code, is closed by an apostrophe before the next of its kind.
    fn closes_grave(&self, i: usize) -> bool {
        let rest = self.glyphs[i + 1..].iter().take(LONGEST);
        let mut rest = rest.take_while(|glyph| glyph.c != '`').enumerate();
        rest.any(|(at, glyph)| glyph.c == '\'' && self.looks_closed(i + 1 + at))
    }

    /// Whether the ‚ at glyph `i` is closed before the next one.
    fn closes_single_low(&self, i: usize) -> bool {
        let next = self.glyphs[i + 1..].iter().take(LONGEST).find(|glyph| matches!(glyph.c, '‚' | '‘'));
        next.is_some_and(|glyph| glyph.c == '‘')
    }

    fn looks_closed(&self, i: usize) -> bool {
        self.before(i).is_some_and(|c| !c.is_whitespace())
            && !self.after(i).is_some_and(char::is_alphanumeric)
    }

    /// `countries’ leaders`: after an s, with another word following.
    fn possessive(&self, i: usize) -> bool {
        self.before(i) == Some('s')
            && self.c(i + 1).is_some_and(char::is_whitespace)
            && self.c(i + 2).is_some_and(char::is_alphanumeric)
    }

    /// `’90s`, `'n'`, `'tis`: letters omitted at the start of a word.
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

    /// Whether the mark at glyph `i`, which closes in most texts, opens before a word and its like closes.
    fn opens_by_itself(&self, i: usize, others: &[char]) -> bool {
        self.looks_open(i)
            && self.after(i).is_some_and(char::is_alphanumeric)
            && self.closed_by_itself(i, others)
    }

    pub(super) fn opening(&self, i: usize) -> Option<Mark> {
        match self.glyphs[i].c {
            // The second is what some fonts and converters make of the first.
            '“' | '‟' => Some(Mark::Curly),
            '„' => Some(Mark::Low),
            '«' => Some(Mark::Guillemet),
            // In other texts this one closes.
            '»' if self.looks_open(i) && self.later_is(i, '«') => Some(Mark::Inward),
            '»' if self.opens_by_itself(i, &['«']) => Some(Mark::RightGuillemet),
            '″' if self.opens_by_itself(i, &[]) => Some(Mark::Prime),
            '〝' => Some(Mark::HighPrime),
            '「' => Some(Mark::Corner),
            '『' => Some(Mark::WhiteCorner),
            '❝' => Some(Mark::Heavy),
            '❛' => Some(Mark::HeavySingle),
            '‹' if self.later_is(i, '›') => Some(Mark::SingleGuillemet),
            '›' if self.looks_open(i) && self.later_is(i, '‹') => Some(Mark::SingleInward),
            // In most texts this one closes, or means inches.
            '”' if self.opens_by_itself(i, &['“', '„']) => Some(Mark::Right),
            '‚' if self.looks_open(i) && self.closes_single_low(i) => Some(Mark::SingleLow),
            '＂' if self.later_is_again(i) => Some(Mark::Wide),
            '`' if self.c(i + 1) == Some('`')
                && self.c(i + 2).is_some_and(|c| c != '`' && !c.is_whitespace()) =>
            {
                Some(Mark::Doubled)
            }
            '`' if self.looks_open(i)
                && self.after(i).is_some_and(char::is_alphanumeric)
                && self.closes_grave(i) =>
            {
                Some(Mark::Grave)
            }
            Q_OPENS => Some(Mark::Tag),
            '"' if self.looks_open(i) => Some(Mark::Straight),
            '‘' if self.looks_open(i) && !self.elides(i) => Some(Mark::Single),
            // These are so often apostrophes that an opening one must have a closing one.
            '\'' if self.looks_open(i)
                && !self.elides(i)
                && self.later.get(i).is_some_and(|later| later.any) =>
            {
                Some(Mark::StraightSingle)
            }
            _ => None,
        }
    }

    /// Reads glyph `i` inside `open`; true if it closes the quotation.
    pub(super) fn closes(&self, i: usize, open: &mut Open) -> bool {
        let c = self.glyphs[i].c;
        let (opens, closes) = match open.mark {
            Mark::Curly => (c == '“', c == '”'),
            Mark::Guillemet => (c == '«', c == '»'),
            Mark::Inward => (false, c == '«'),
            Mark::Corner => (c == '「', c == '」'),
            Mark::WhiteCorner => (c == '『', c == '』'),
            Mark::Low => (c == '„', matches!(c, '“' | '”')),
            Mark::SingleLow => (false, c == '‘'),
            Mark::Right => (false, c == '”' && self.looks_closed(i)),
            Mark::RightGuillemet => (false, c == '»' && self.looks_closed(i)),
            Mark::Prime => (false, c == '″' && self.looks_closed(i)),
            Mark::HighPrime => (c == '〝', matches!(c, '〞' | '〟')),
            Mark::Grave => (false, c == '\'' && self.looks_closed(i)),
            Mark::SingleGuillemet => (c == '‹', c == '›'),
            Mark::SingleInward => (false, c == '‹'),
            Mark::Heavy => (c == '❝', c == '❞'),
            Mark::HeavySingle => (c == '❛', c == '❜'),
            Mark::Wide => (false, c == '＂'),
            // The second of the two.
            Mark::Doubled => (false, c == '\'' && i > open.from && self.c(i - 1) == Some('\'')),
            Mark::Tag => (c == Q_OPENS, c == Q_CLOSES),
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
                let closes = self.looks_closed(i) && !(self.possessive(i) && certain);
                if !closes && open.mark == Mark::StraightSingle && self.opens_again(i, open) {
                    open.again.push(i);
                }
                (false, closes)
            }
            Mark::Straight | Mark::Single | Mark::StraightSingle => (false, false),
        };
        if opens {
            open.depth += 1;
            open.again.push(i);
        }
        if closes {
            open.depth = open.depth.saturating_sub(1);
            if open.depth > 0
                && let Some(start) = open.again.pop()
            {
                while open.nested.last().is_some_and(|pair| pair.0 > start) {
                    open.nested.pop();
                }
                open.nested.push((start, i));
            }
        }
        if closes && open.depth == 0 && open.mark == Mark::StraightSingle && !open.again.is_empty() {
            // `'a few words … 'quoted'`: the first was never closed.
            let start = open.again.remove(0);
            open.again.clear();
            open.nested.push((start, i));
            open.depth = 1;
            return false;
        }
        closes && open.depth == 0
    }

    /// Whether the straight single mark at glyph `i` opens a separate quotation within `open`.
    fn opens_again(&self, i: usize, open: &Open) -> bool {
        let words = || {
            let glyphs = &self.glyphs[open.from.min(i)..i];
            let blank = |glyph: &&Glyph| glyph.c.is_whitespace();
            let ends = |pair: &[Glyph]| matches!(pair[0].c, '.' | '?' | '!') && pair[1].c.is_whitespace();
            glyphs.iter().filter(blank).take(WORDS_BEFORE_AGAIN).count() == WORDS_BEFORE_AGAIN
                || glyphs.windows(2).any(ends)
        };
        open.again.is_empty()
            && open.nested.is_empty()
            && self.before(i).is_some_and(char::is_whitespace)
            && self.looks_open(i)
            && !self.elides(i)
            && self.later.get(i).is_some_and(|later| later.any)
            && words()
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
