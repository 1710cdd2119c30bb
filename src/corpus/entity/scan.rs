//! Finds candidate names in running text: words that may name somebody or something, and the evidence around
//! them. Works on one text at a time; whether a candidate is a name is decided over all texts (`join`).

mod forms;
mod signs;
mod titles;

use super::aliases::Gazetteer;
use super::key::{Written, folded};
use super::tokens::{self, Gap, Shape, Token};
use super::words::{self, class};
use crate::text::Span;

/// An occurrence of a possible name.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) name: Written,
    /// What else it may be; decided over all texts.
    pub(super) doubt: Doubt,
    /// Evidence from the words around it.
    pub(super) signs: u16,
    /// The short form that the text ties to it, or the long form if it is the short one.
    pub(super) tied: Option<Written>,
}

/// Why a candidate may not be a name.
#[derive(Debug, Clone)]
pub(super) enum Doubt {
    /// Nothing suggests otherwise.
    None,
    /// It begins a sentence or heading, so its capital proves nothing. Without its first word it may be a
    /// different name.
    First(Option<Written>),
    /// A hyphen may join two names: Moscow-Beijing.
    Hyphen(Written, Written),
}

/// Preceded by a title.
pub(super) const TITLED: u16 = 1;
/// The context shows that it is a person.
pub(super) const PERSON: u16 = 1 << 1;
/// Preceded by `the`.
pub(super) const THE: u16 = 1 << 2;
/// Preceded by a word that places follow.
pub(super) const AT: u16 = 1 << 3;
/// The text explains it: `…, a port in the north,`.
pub(super) const TOLD: u16 = 1 << 4;
/// The word before explains it: `the warlord …`.
pub(super) const NAMED: u16 = 1 << 5;
/// It is in the alias file.
pub(super) const LISTED: u16 = 1 << 6;
/// Its capital proves nothing: it begins a sentence or is in a heading.
pub(super) const FIRST: u16 = 1 << 7;

/// How capitals are used in a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Running prose.
    Prose,
    /// A heading, or a language that capitalizes other words too: no new names are taken from here.
    Heading,
}

/// The possible names in `pieces` of `text`, in order and not overlapping. Calls `small` with each lower-case
/// word.
pub(super) fn scan(
    text: &str,
    pieces: &[Span],
    style: Style,
    listed: &Gazetteer,
    small: &mut dyn FnMut(&str),
) -> Vec<Found> {
    let tokens = tokens::read(text, pieces);
    let style = if is_title_case(text, &tokens) {
        if tokens.iter().any(|token| !listed.starting(&text[token.span.start..token.span.end]).is_empty()) {
            Style::Heading
        } else {
            return Vec::new();
        }
    } else {
        style
    };
    // Used repeatedly, and expensive for capitalized words.
    let capital = |token: &Token| match token.shape {
        Shape::Lower => 0,
        _ => class(&folded(text, token).to_lowercase()),
    };
    let classes = tokens.iter().map(capital).collect();
    let scanner = Scanner { text, tokens: &tokens, classes, listed, style };
    let mut found = Vec::new();
    let mut at = 0;
    let tied = scanner.tied();
    while at < tokens.len() {
        if let Some(length) = scanner.listed_at(at) {
            found.push(scanner.fixed(at, at + length));
            at += length;
            continue;
        }
        if let Some((_, to, short)) = tied.iter().find(|(from, ..)| *from == at) {
            let mut long = scanner.fixed(at, *to);
            long.signs &= !LISTED;
            long.signs |= TOLD;
            long.tied = Some(scanner.written(*short, *short + 1));
            found.push(long);
            at = *to;
            continue;
        }
        let Some(end) = scanner.run(at) else {
            if tokens[at].shape == Shape::Lower {
                small(&text[tokens[at].span.start..tokens[at].span.end]);
            }
            at += 1;
            continue;
        };
        // A listed or tied name within a run ends the run.
        let cut = (at + 1..end)
            .find(|inner| scanner.listed_at(*inner).is_some() || tied.iter().any(|(from, ..)| from == inner));
        let end = cut.unwrap_or(end);
        scanner.names(at, end, &mut found);
        at = end;
    }
    found
}

struct Scanner<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// The classes of all words not in lower case.
    classes: Vec<u32>,
    listed: &'a Gazetteer,
    style: Style,
}

impl Scanner<'_> {
    fn word(&self, at: usize) -> &str {
        let span = self.tokens[at].span;
        &self.text[span.start..span.end]
    }

    fn class(&self, at: usize) -> u32 {
        match self.tokens[at].shape {
            Shape::Lower => class(self.word(at)),
            _ => self.classes[at],
        }
    }

    fn is(&self, at: usize, bits: u32) -> bool {
        self.class(at) & bits != 0
    }

    fn shape(&self, at: usize) -> Option<Shape> {
        self.tokens.get(at).map(|token| token.shape)
    }

    fn is_capital(&self, at: usize) -> bool {
        matches!(self.shape(at), Some(Shape::Capital | Shape::Acronym | Shape::Initial))
    }

    fn written(&self, from: usize, to: usize) -> Written {
        let span = Span::new(self.tokens[from].span.start, self.tokens[to - 1].span.end);
        let spelling = self.text[span.start..span.end].split_whitespace().collect::<Vec<_>>().join(" ");
        let words: Vec<String> = self.tokens[from..to].iter().map(|token| folded(self.text, token)).collect();
        Written { span, spelling, key: words.join(" ") }
    }

    /// The number of words in the listed name at `at`. `None` if they are only part of a longer name, such as
    /// `ISIS-K` or `Asad Umar`.
    fn listed_at(&self, at: usize) -> Option<usize> {
        let rows = self.listed.starting(self.word(at));
        let fits = |row: &&Vec<String>| {
            row.len() <= self.tokens.len() - at
                && row.iter().enumerate().all(|(n, word)| {
                    let gap = self.tokens[at + n].gap;
                    Gazetteer::fits(word, self.word(at + n)) && (n == 0 || gap != Gap::Mark)
                })
                && !self.continues(at, at + row.len())
        };
        rows.iter().filter(fits).map(Vec::len).max()
    }

    /// Whether the name `from..to` is part of a longer one.
    fn continues(&self, from: usize, to: usize) -> bool {
        let other =
            words::TITLE | words::RANK | words::FUNCTION | words::DEMONYM | words::COUNTRY | words::CALENDAR;
        let joins = |at: usize, gap: usize| {
            self.is_capital(at)
                && !self.tokens[gap].start
                && match self.tokens[gap].gap {
                    Gap::Hyphen => true,
                    Gap::Blank | Gap::Stop | Gap::And => !self.is(at, other),
                    Gap::Mark => false,
                }
        };
        self.is_capital(from) && from > 0 && joins(from - 1, from)
            || self.is_capital(to - 1) && to < self.tokens.len() && joins(to, to)
    }

    /// A candidate that is certainly a name.
    fn fixed(&self, from: usize, to: usize) -> Found {
        let signs = LISTED | self.signs(from, to);
        Found { name: self.written(from, to), doubt: Doubt::None, signs, tied: None }
    }

    /// The end of the run of capitalized words that begins at `at`.
    fn run(&self, at: usize) -> Option<usize> {
        let arabic = self.shape(at) == Some(Shape::Lower)
            && matches!(self.word(at), "al" | "el" | "as" | "ash" | "an" | "ar")
            && self.tokens.get(at + 1).is_some_and(|next| next.gap == Gap::Hyphen)
            && self.is_capital(at + 1);
        if !self.is_capital(at) && !arabic {
            return None;
        }
        let mut end = at + 1 + usize::from(arabic);
        while end < self.tokens.len() && end - at < LONGEST {
            let next = &self.tokens[end];
            let joined = match next.gap {
                Gap::Blank | Gap::Hyphen | Gap::And => !next.start,
                Gap::Stop => true,
                Gap::Mark => false,
            };
            if !joined {
                break;
            }
            if self.is_capital(end) {
                end += 1;
                continue;
            }
            if let Some(further) = self.inner(at, end) {
                end = further;
                continue;
            }
            // Nord Stream 2, but not July 9 or Article 5.
            let number = next.shape == Shape::Number && self.word(end).len() == 1 && next.gap == Gap::Blank;
            if number && end - at >= 2 && !self.is(end - 1, words::CALENDAR | words::LABEL | words::FUNCTION)
            {
                end += 1;
            }
            break;
        }
        Some(end)
    }

    /// The index after the small words at `end` and the capitalized word that follows, if they belong to the
    /// name.
    fn inner(&self, from: usize, end: usize) -> Option<usize> {
        if self.shape(end) != Some(Shape::Lower) {
            return None;
        }
        let word = self.word(end);
        let joins = |at: usize| {
            self.is_capital(at)
                && matches!(self.tokens[at].gap, Gap::Blank | Gap::Hyphen)
                && !self.tokens[at].start
        };
        if class(word) & words::PARTICLE != 0 {
            let more = self.shape(end + 1) == Some(Shape::Lower) && self.is(end + 1, words::PARTICLE);
            let next = end + 1 + usize::from(more);
            return joins(next).then_some(next + 1);
        }
        if !matches!(word, "of" | "for") || self.tokens[end].gap != Gap::Blank {
            return None;
        }
        // Bank of England, but not Russia of Putin: the word before must be a kind of thing.
        let head = self.is(end - 1, words::ORGANISATION | words::PLACE)
            && !self.is(end - 1, words::COUNTRY)
            && (self.word(end - 1) != "States" || end > from + 1 && self.word(end - 2) == "United")
            && (from..end).any(|at| self.is_capital(at));
        let the = usize::from(self.shape(end + 1) == Some(Shape::Lower) && self.word(end + 1) == "the");
        let next = end + 1 + the;
        if !head || !joins(next) || self.is(next, words::FUNCTION | words::CALENDAR) {
            return None;
        }
        // The General Staff of the Soviet army: the capitalized word is only an adjective.
        let alone = !self.is_capital(next + 1) || self.tokens[next + 1].gap != Gap::Blank;
        let adjective = words::DEMONYM | if the == 0 { words::QUALIFIER } else { 0 };
        if alone && self.is(next, adjective) && self.shape(next) == Some(Shape::Capital) {
            return None;
        }
        // War with a country is not part of its army's name.
        (word == "of" || self.is(end - 1, words::ORGANISATION)).then_some(next + 1)
    }

    /// The names in the run `from..to`.
    fn names(&self, from: usize, to: usize, out: &mut Vec<Found>) {
        let mut from = from;
        // The Commissioner for External Relations: the office is not a name either.
        if from >= 2
            && self.word(from - 1) == "for"
            && self.is(from - 2, words::TITLE)
            && !self.is(from, words::COUNTRY)
        {
            return;
        }
        // Secretary of State Ann Price: skip what a minister is minister of.
        if from >= 2 && self.word(from - 1) == "of" && self.is(from - 2, words::TITLE) {
            let office = (from..to).take_while(|at| self.is(*at, words::OFFICE)).count();
            if office > 0 {
                from += office;
                if from < to {
                    self.emit(from, to, true, out);
                }
                return;
            }
        }
        // Skip words that are capitalized because they begin a sentence or title.
        while from < to && self.is_filler(from, to) {
            from += 1;
        }
        // They met in Moscow Friday.
        let mut to = to;
        while to - from.min(to) > 1 && self.is(to - 1, words::CALENDAR) && !self.is(to - 1, words::GIVEN) {
            to -= 1;
        }
        if from >= to {
            return;
        }
        // US Marine Corps: the country is a separate name.
        if to - from > 1
            && matches!(folded(self.text, &self.tokens[from]).as_str(), "US" | "UK" | "EU" | "USSR" | "USA")
            && self.tokens[from].shape == Shape::Acronym
            && self.tokens[from + 1].gap != Gap::And
        {
            self.emit(from, from + 1, false, out);
            return self.names(from + 1, to, out);
        }
        // A title in the middle separates two names: Pakistan Prime Minister Imran Khan. Not after `of`: the
        // Court of Justice.
        let small = (from..to)
            .find(|at| self.shape(*at) == Some(Shape::Lower) && matches!(self.word(*at), "of" | "for"));
        if let Some(title) = (from..small.unwrap_or(to)).find(|at| self.title(*at, to).is_some()) {
            let behind = self.title(title, to).unwrap_or(title);
            let organisation = self.is(to - 1, words::ORGANISATION | words::PLACE)
                && self.shape(to - 1) != Some(Shape::Initial)
                && !self.is(to - 1, words::GIVEN);
            if !organisation {
                if title > from {
                    self.emit(from, title, false, out);
                }
                if behind < to {
                    self.emit(behind, to, true, out);
                }
                return;
            }
        }
        self.emit(from, to, false, out);
    }

    /// Records the name in `from..to`, if there is one.
    fn emit(&self, from: usize, to: usize, titled: bool, out: &mut Vec<Found>) {
        let (mut from, mut to) = (from, to);
        let ends_named = (from + 1..to).any(|at| {
            let last = at + 1 == to || self.shape(at + 1) == Some(Shape::Lower);
            last && self.is(at, words::ORGANISATION | words::PLACE)
        });
        // Russian Mir, but Russian Federation.
        while to - from > 1
            && self.is(from, words::DEMONYM)
            && self.tokens[from + 1].gap == Gap::Blank
            && !ends_named
        {
            from += 1;
        }
        // Central Asians; American.
        while to > from && (self.is(to - 1, words::DEMONYM) || self.is_plural_demonym(to - 1)) {
            let joined = to - from > 1
                && !self.is_plural_demonym(to - 1)
                && !(from..to - 1).all(|at| self.is(at, words::QUALIFIER | words::DEMONYM | words::FUNCTION));
            if joined {
                break;
            }
            to -= 1;
        }
        if from >= to {
            return;
        }
        if !titled && self.is_refused(from, to) {
            return;
        }
        let mut signs = self.signs(from, to);
        if titled {
            signs |= TITLED | PERSON;
        }
        let first = &self.tokens[from];
        let whole_quotation = first.quoted && to - from > 1 && self.quotation_ends(to);
        let doubtful = self.style == Style::Heading
            || first.start && !whole_quotation && first.shape != Shape::Acronym && !titled;
        if doubtful {
            signs |= FIRST;
        }
        let hyphen = (from + 1..to).find(|at| self.tokens[*at].gap == Gap::Hyphen);
        // He told the Taliban Russia's wishes: two names that merely come one after the other.
        let beside = (from + 1..to).find(|at| {
            self.is(*at, words::COUNTRY)
                && self.tokens[*at].gap == Gap::Blank
                && self.is_capital(at - 1)
                && !self.is(at - 1, words::QUALIFIER | words::DEMONYM | words::COUNTRY)
        });
        // In Moscow Putin waits: the same after a small word at the start of a sentence.
        let opening = from > 0
            && to - from == 2
            && self.tokens[from - 1].start
            && self.tokens[from].gap == Gap::Blank
            && self.tokens[from + 1].gap == Gap::Blank
            && self.is(from - 1, words::FUNCTION);
        let hyphen = hyphen.or(beside).or(opening.then_some(from + 1));
        let doubt = match hyphen {
            Some(at) if self.is_capital(at) && (from..to).all(|at| self.is_capital(at)) => {
                Doubt::Hyphen(self.written(from, at), self.written(at, to))
            }
            _ if doubtful => {
                let tail = (from + 1..to).find(|at| self.is_capital(*at));
                let tail = tail.filter(|at| self.tokens[*at].gap == Gap::Blank && self.style == Style::Prose);
                let tail = tail.filter(|at| {
                    to - at > 1 || !self.is(*at, words::DEMONYM | words::CALENDAR | words::FUNCTION)
                });
                Doubt::First(tail.map(|at| self.written(at, to)))
            }
            _ => Doubt::None,
        };
        let tied = self.reversed(from, to);
        out.push(Found { name: self.written(from, to), doubt, signs, tied });
    }

    /// Whether the words `from..to` are of a kind that names nothing by itself.
    fn is_refused(&self, from: usize, to: usize) -> bool {
        let small = words::FUNCTION | words::CALENDAR | words::DEMONYM;
        if to - from > 1 {
            return (from..to).all(|at| match self.tokens[at].shape {
                Shape::Initial => true,
                Shape::Acronym => false,
                _ => self.is(at, small),
            });
        }
        let (word, class) = (self.word(from), self.class(from));
        match self.tokens[from].shape {
            Shape::Initial => true,
            Shape::Acronym => class & words::LETTERS != 0 || is_roman(word),
            _ => {
                class & (small | words::LABEL) != 0
                    || class & words::RANK != 0 && class & words::GIVEN == 0
                    || class & words::QUALIFIER != 0 && !self.is_direction(from)
                    || word.chars().count() < 2
                    || is_common(word)
            }
        }
    }

    fn is_direction(&self, at: usize) -> bool {
        matches!(self.word(at), "West" | "East" | "North" | "South")
    }

    fn is_plural_demonym(&self, at: usize) -> bool {
        let word = folded(self.text, &self.tokens[at]);
        let stem = word.strip_suffix("men").map(|stem| format!("{stem}man"));
        word.strip_suffix('s').is_some_and(|stem| class(stem) & words::DEMONYM != 0)
            || stem.is_some_and(|stem| class(&stem) & words::DEMONYM != 0)
    }
}

/// Whether the words are in title case: every longer one is capitalized, or all letters are.
fn is_title_case(text: &str, tokens: &[Token]) -> bool {
    let word = |token: &Token| &text[token.span.start..token.span.end];
    let long = |token: &&Token| word(token).chars().count() >= 4;
    let small = tokens
        .iter()
        .filter(long)
        .any(|token| token.shape == Shape::Lower && class(word(token)) & words::FUNCTION == 0);
    if small {
        return false;
    }
    let capitals =
        tokens.iter().filter(long).filter(|token| matches!(token.shape, Shape::Capital | Shape::Acronym));
    let shouted = tokens.len() > 3
        && tokens.iter().all(|token| token.shape != Shape::Lower && token.shape != Shape::Capital);
    shouted || capitals.count() >= 3 && tokens.len() <= TITLE_WORDS && !text_ends(text, tokens)
}

/// Most words in a name, roughly; longer runs of capitals are headlines and lists.
const LONGEST: usize = 16;

/// Most words in a title; a longer paragraph contains some long lower-case word.
const TITLE_WORDS: usize = 16;

/// Whether the text ends like a sentence.
fn text_ends(text: &str, tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return false };
    text[last.span.end..].trim_start_matches(['’', 's', '”', '"', ')']).starts_with(['.', '!', '…'])
}

/// Whether a single word is a capitalized common noun: the Department, Nationalists.
fn is_common(word: &str) -> bool {
    // There is only one of these in each state.
    const NAMES: [&str; 6] = ["congress", "parliament", "senate", "treasury", "parliaments", "caucasus"];
    let word = word.to_lowercase();
    let singular = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular =
        singular.or_else(|| word.strip_suffix('s').map(str::to_owned)).unwrap_or_else(|| word.clone());
    let kinds = words::ORGANISATION | words::PLACE | words::TITLE;
    let kind = (class(&word) | class(&singular)) & kinds != 0 && class(&word) & words::GIVEN == 0;
    let ending = ["ism", "ist", "ional", "ential"].iter().any(|ending| singular.ends_with(ending));
    !NAMES.contains(&word.as_str()) && (kind || ending && word.len() > 5)
}

fn is_roman(word: &str) -> bool {
    word.chars().all(|c| "IVXLCM".contains(c))
}
