//! The lists of a Word document (`numbering.xml`), and the numbers that they give to paragraphs.

use std::collections::{HashMap, HashSet};

use crate::corpus::ingest::numeral;
use crate::corpus::ingest::xml::{Step, Tag, Xml};

/// Levels of a list.
const LEVELS: usize = 9;

/// The lists of a document, and how far each has counted.
#[derive(Default)]
pub(super) struct Numbering {
    patterns: HashMap<u32, Pattern>,
    lists: HashMap<u32, List>,
    counts: HashMap<u32, [Option<u32>; LEVELS]>,
    /// The lists that have begun.
    begun: HashSet<(u32, usize)>,
}

/// How a kind of list counts (`abstractNum`).
#[derive(Default)]
struct Pattern {
    levels: [Option<Level>; LEVELS],
    /// The style that defines it instead, and the one that it defines.
    defined_by: Option<String>,
    defines: Option<String>,
}

#[derive(Default, Clone)]
struct Level {
    start: Option<u32>,
    format: Format,
    /// `%1.%2`
    text: String,
    /// Whether it counts on when a higher level has counted.
    counts_on: bool,
    /// Whether all its numbers are written as digits.
    legal: bool,
    style: Option<String>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Format {
    Number(numeral::Style),
    Bullet,
    None,
    /// One of the sixty others.
    #[default]
    Other,
}

/// A list (`num`).
#[derive(Default)]
struct List {
    pattern: u32,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// What Word prints before a paragraph of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// A bullet.
    Bullet,
    /// A number, with its punctuation.
    Number(String),
    /// A number in a script that is not written here.
    Unknown,
}

/// The style of numbers that Word calls `name`.
pub(super) fn style_of(name: &str) -> Option<numeral::Style> {
    Some(match name {
        "decimal" | "numberInDash" => numeral::Style::Decimal,
        "decimalZero" => numeral::Style::Padded,
        "lowerRoman" => numeral::Style::SmallRoman,
        "upperRoman" => numeral::Style::Roman,
        "lowerLetter" => numeral::Style::SmallLetter,
        "upperLetter" => numeral::Style::Letter,
        "chicago" => numeral::Style::Sign,
        _ => return None,
    })
}

fn index(tag: &Tag<'_>) -> Option<usize> {
    Some(tag.number("ilvl")? as usize).filter(|level| *level < LEVELS)
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub(super) fn read(text: &str) -> Self {
        let mut numbering = Self::default();
        let mut pattern: Option<(u32, Pattern)> = None;
        let mut list: Option<(u32, List)> = None;
        let mut level: Option<(usize, Level)> = None;
        let mut overridden = None;
        let mut xml = Xml::new(text);
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) => match (tag.name(), &mut level) {
                    ("abstractNum", _) => {
                        pattern = tag.number("abstractNumId").map(|id| (id, Pattern::default()));
                    }
                    ("num", _) => list = tag.number("numId").map(|id| (id, List::default())),
                    ("lvl", _) => level = index(&tag).map(|at| (at, Level::default())),
                    ("lvlOverride", _) => overridden = index(&tag),
                    ("startOverride", _) => {
                        if let (Some((_, list)), Some(at)) = (&mut list, overridden) {
                            list.starts[at] = tag.number("val");
                        }
                    }
                    ("abstractNumId", _) => {
                        if let (Some((_, list)), Some(id)) = (&mut list, tag.number("val")) {
                            list.pattern = id;
                        }
                    }
                    ("numStyleLink", _) => {
                        if let Some((_, pattern)) = &mut pattern {
                            pattern.defined_by = tag.get("val").map(|id| id.into_owned());
                        }
                    }
                    ("styleLink", _) => {
                        if let Some((_, pattern)) = &mut pattern {
                            pattern.defines = tag.get("val").map(|id| id.into_owned());
                        }
                    }
                    ("start", Some((_, level))) => level.start = tag.number("val"),
                    ("numFmt", Some((_, level))) => {
                        level.format = match tag.get("val").as_deref() {
                            Some("bullet") => Format::Bullet,
                            Some("none") => Format::None,
                            Some(name) => style_of(name).map_or(Format::Other, Format::Number),
                            None => Format::Other,
                        };
                    }
                    ("lvlText", Some((_, level))) => {
                        level.text = tag.get("val").unwrap_or_default().into_owned();
                    }
                    ("lvlRestart", Some((_, level))) => level.counts_on = tag.number("val") == Some(0),
                    ("isLgl", Some((_, level))) => level.legal = super::styles::is_on(&tag),
                    ("pStyle", Some((_, level))) => {
                        level.style = tag.get("val").map(|id| id.into_owned());
                    }
                    _ => {}
                },
                Step::Close(name) => match &*name {
                    "lvl" => {
                        let Some((at, level)) = level.take() else { continue };
                        match (&mut list, &mut pattern) {
                            (Some((_, list)), _) => list.levels[at] = Some(level),
                            (None, Some((_, pattern))) => pattern.levels[at] = Some(level),
                            (None, None) => {}
                        }
                    }
                    "lvlOverride" => overridden = None,
                    "abstractNum" => numbering.patterns.extend(pattern.take()),
                    "num" => numbering.lists.extend(list.take()),
                    _ => {}
                },
                Step::Text(_) => {}
            }
        }
        numbering
    }

    /// The pattern of `list`, following a link to another once.
    fn pattern<'n>(patterns: &'n HashMap<u32, Pattern>, list: &List) -> Option<(u32, &'n Pattern)> {
        let pattern = patterns.get(&list.pattern)?;
        let Some(style) = &pattern.defined_by else { return Some((list.pattern, pattern)) };
        let found = patterns.iter().filter(|(_, other)| other.defines.as_ref() == Some(style));
        found.min_by_key(|(id, _)| **id).map(|(id, pattern)| (*id, pattern))
    }

    fn level<'n>(list: &'n List, pattern: &'n Pattern, at: usize) -> Option<&'n Level> {
        list.levels[at].as_ref().or(pattern.levels[at].as_ref())
    }

    /// The level of list `id` that paragraphs of the style `style` have.
    pub(super) fn level_of(&self, id: u32, style: &str) -> Option<u32> {
        let list = self.lists.get(&id)?;
        let (_, pattern) = Self::pattern(&self.patterns, list)?;
        let is = |at: &usize| {
            Self::level(list, pattern, *at).is_some_and(|level| level.style.as_deref() == Some(style))
        };
        (0..LEVELS).find(is).and_then(|at| at.try_into().ok())
    }

    /// Counts one more paragraph at `level` of list `id`, and returns its label; `None` if it has none.
    pub(super) fn next(&mut self, id: u32, level: u32) -> Option<Label> {
        let at = (level as usize).min(LEVELS - 1);
        let Self { patterns, lists, counts, begun } = self;
        let list = lists.get(&id)?;
        let (key, pattern) = Self::pattern(patterns, list)?;
        let own = Self::level(list, pattern, at)?;
        let counts = counts.entry(key).or_default();
        // Lists of one pattern count on, except where one says that it starts anew.
        if let (Some(start), true) = (list.starts[at], begun.insert((id, at))) {
            counts[at] = Some(start);
        } else {
            counts[at] = Some(counts[at].map_or(own.start.unwrap_or(0), |count| count.saturating_add(1)));
        }
        for (below, count) in counts.iter_mut().enumerate().skip(at + 1) {
            if !Self::level(list, pattern, below).is_some_and(|level| level.counts_on) {
                *count = None;
            }
        }
        match own.format {
            Format::Bullet => return Some(Label::Bullet),
            Format::None if !own.text.contains('%') => return None,
            Format::Other => return Some(Label::Unknown),
            Format::None | Format::Number(_) => {}
        }
        let mut label = String::new();
        let mut signs = own.text.chars().peekable();
        while let Some(sign) = signs.next() {
            let digit = signs.peek().and_then(|c| c.to_digit(10)).filter(|n| (1..=9).contains(n));
            let Some(nth) = digit.filter(|_| sign == '%') else {
                label.push(sign);
                continue;
            };
            signs.next();
            let nth = nth as usize - 1;
            let of = Self::level(list, pattern, nth);
            let count = counts[nth].or(of.and_then(|level| level.start)).unwrap_or(1);
            let style = match of.map(|level| level.format) {
                Some(Format::Number(_)) if own.legal => numeral::Style::Decimal,
                Some(Format::Number(style)) => style,
                Some(Format::None) => continue,
                _ => numeral::Style::Decimal,
            };
            label.push_str(&style.write(count));
        }
        let label = label.trim();
        (!label.is_empty()).then(|| Label::Number(label.to_owned()))
    }
}
