//! Places in a source, in the units used by citations.
//!
//! A brief contains locators, and a source knows its paragraphs, pages and times. Both use [`Locus`], so that
//! a single function decides what a locator refers to: `corpus::source::SourceText::passages_at`.

use std::fmt;
use std::ops::RangeInclusive;

/// A place in a source, as named by a citation. [`fmt::Display`] writes it as in a brief.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Locus {
    /// A paragraph: `¶ 7`. Numbered by the source itself or else counted from 1; only the source can tell
    /// which.
    Paragraph(u32),
    /// A page, by its printed label: `p. 12`, `p. iv`, `p. A-3`.
    Page(Box<str>),
    /// A section, chapter or the like, by its number or heading: `§ 4.2`, `ch. 3`.
    Section(Division, Box<str>),
    /// A figure, by the number in its caption: `fig. 3`.
    Figure(Box<str>),
    /// A line, counted from 1: `l. 12`.
    Line(u32),
    /// A note, by its mark: `n. 3`.
    Note(Box<str>),
    /// A moment of a recording: `00:12:34`.
    Time(Time),
}

/// The divisions of a text that headings begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Division {
    /// A section, at any level.
    Section,
    /// A chapter.
    Chapter,
    /// A part.
    Part,
    /// A book within a work.
    Book,
    /// An article of a law or treaty.
    Article,
}

impl Division {
    /// The division that CSL calls `label`.
    fn of_label(label: &str) -> Option<Self> {
        Some(match label {
            "section" => Self::Section,
            "chapter" => Self::Chapter,
            "part" => Self::Part,
            "book" => Self::Book,
            "article-locator" => Self::Article,
            _ => return None,
        })
    }
}

/// A moment, in milliseconds from the beginning of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A range of places of the same kind, both ends included. A single place is a range by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocusRange {
    /// The first place.
    pub first: Locus,
    /// The last place.
    pub last: Locus,
}

impl Locus {
    /// The places that `value` names after a label called `label` in CSL, in the order written: `2, 5-6`
    /// names the paragraphs 2 and 5 to 6. Empty if the label has no such places (`volume`, `issue`) or the
    /// value cannot be looked up.
    #[must_use]
    pub fn parse(label: &str, value: &str) -> Vec<LocusRange> {
        let parts = value.split([',', '&', ';']);
        match label {
            "paragraph" => parts.filter_map(|part| numbers(part, Self::Paragraph)).collect(),
            "line" => parts.filter_map(|part| numbers(part, Self::Line)).collect(),
            "timestamp" => parts.filter_map(times).collect(),
            // Times without a label are read as pages, as all numbers are.
            "page" => parts.filter_map(|part| times(part).or_else(|| labels(part, Self::Page))).collect(),
            "note" => parts.filter_map(|part| labels(part, Self::Note)).collect(),
            "figure" => parts.filter_map(|part| labels(part, Self::Figure)).collect(),
            _ => match Division::of_label(label) {
                Some(of) => parts.filter_map(|part| labels(part, |label| Self::Section(of, label))).collect(),
                None => Vec::new(),
            },
        }
    }

    /// CSL's name for this kind of place, as [`Locus::parse`] takes it.
    #[must_use]
    pub fn term(&self) -> &'static str {
        match self {
            Self::Paragraph(_) => "paragraph",
            Self::Page(_) => "page",
            Self::Section(Division::Section, _) => "section",
            Self::Section(Division::Chapter, _) => "chapter",
            Self::Section(Division::Part, _) => "part",
            Self::Section(Division::Book, _) => "book",
            Self::Section(Division::Article, _) => "article-locator",
            Self::Figure(_) => "figure",
            Self::Line(_) => "line",
            Self::Note(_) => "note",
            Self::Time(_) => "timestamp",
        }
    }

    /// The label that a brief writes before the value, including the blank: `¶ `.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Paragraph(_) => "¶ ",
            Self::Page(_) => "p. ",
            Self::Section(Division::Section, _) => "§ ",
            Self::Section(Division::Chapter, _) => "ch. ",
            Self::Section(Division::Part, _) => "pt. ",
            Self::Section(Division::Book, _) => "bk. ",
            Self::Section(Division::Article, _) => "art. ",
            Self::Figure(_) => "fig. ",
            Self::Line(_) => "l. ",
            Self::Note(_) => "n. ",
            Self::Time(_) => "",
        }
    }

    /// The value without the label: `7`, `iv`.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Paragraph(number) | Self::Line(number) => number.to_string(),
            Self::Page(label) | Self::Section(_, label) | Self::Figure(label) | Self::Note(label) => {
                label.to_string()
            }
            Self::Time(time) => time.to_string(),
        }
    }
}

impl fmt::Display for Locus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.label(), self.value())
    }
}

impl fmt::Display for Time {
    /// Hours, minutes and seconds; fractions of a second are dropped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl Time {
    /// Parses `01:02:03` and `02:03`, optionally with a fraction after `.` or `,` as in subtitles.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let (whole, fraction) = written.trim().split_once(['.', ',']).unwrap_or((written.trim(), ""));
        let mut seconds: u64 = 0;
        let parts: Vec<&str> = whole.split(':').collect();
        if !(2..=3).contains(&parts.len()) {
            return None;
        }
        for (at, part) in parts.iter().enumerate() {
            // Hours may have up to four digits, the parts after them must have two.
            let length = if at == 0 { 1..=4 } else { 2..=2 };
            let number =
                digits(part).filter(|number| length.contains(&part.len()) && (at == 0 || *number < 60))?;
            seconds = seconds * 60 + u64::from(number);
        }
        let milliseconds = match fraction.len() {
            0 => 0,
            1..=3 => u64::from(digits(fraction)?) * 10_u64.pow(3 - u32::try_from(fraction.len()).ok()?),
            _ => return None,
        };
        Some(Self(seconds * 1000 + milliseconds))
    }
}

impl LocusRange {
    /// The paragraph numbers of the range; `None` for a range of another kind.
    #[must_use]
    pub fn paragraphs(&self) -> Option<RangeInclusive<u32>> {
        match (&self.first, &self.last) {
            (Locus::Paragraph(first), Locus::Paragraph(last)) => Some(*first..=*last),
            _ => None,
        }
    }

    /// The values without the label: `7`, `7-9`.
    #[must_use]
    pub fn value(&self) -> String {
        match self.first == self.last {
            true => self.first.value(),
            false => format!("{}-{}", self.first.value(), self.last.value()),
        }
    }

    /// Whether `locus` is one of its ends, or a number or time between them.
    #[must_use]
    pub fn contains(&self, locus: &Locus) -> bool {
        match (&self.first, locus, &self.last) {
            (Locus::Paragraph(first), Locus::Paragraph(number), Locus::Paragraph(last))
            | (Locus::Line(first), Locus::Line(number), Locus::Line(last)) => {
                (first..=last).contains(&number)
            }
            (Locus::Time(first), Locus::Time(time), Locus::Time(last)) => (first..=last).contains(&time),
            (first, other, last) => first == other || last == other,
        }
    }

    /// Both ends; for a single place, the same one twice.
    #[must_use]
    pub fn ends(&self) -> [&Locus; 2] {
        [&self.first, &self.last]
    }
}

impl From<Locus> for LocusRange {
    /// A single place.
    fn from(locus: Locus) -> Self {
        Self { first: locus.clone(), last: locus }
    }
}

impl fmt::Display for LocusRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = match &self.first {
            Locus::Page(_) if self.first != self.last => "pp. ",
            first => first.label(),
        };
        write!(f, "{label}{}", self.value())
    }
}

/// `text` as a number, if it consists of digits.
fn digits(text: &str) -> Option<u32> {
    let only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| only)
}

/// `7`, `7-9`, `7 to 9`, `7a`: from the first number to the last. A descending range ends where it begins.
fn numbers(part: &str, of: fn(u32) -> Locus) -> Option<LocusRange> {
    let mut numbers =
        part.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u32>().ok());
    let first = numbers.next()?;
    let last = numbers.next_back().map_or(first, |last| last.max(first));
    Some(LocusRange { first: of(first), last: of(last) })
}

fn times(part: &str) -> Option<LocusRange> {
    let mut ends = part.splitn(2, ['-', '–']);
    let first = Time::parse(ends.next()?)?;
    let last = match ends.next() {
        Some(end) => Time::parse(end.trim_start_matches('-'))?,
        None => first,
    };
    Some(LocusRange { first: Locus::Time(first), last: Locus::Time(last.max(first)) })
}

/// `12`, `iv`, `A-3`, `12-15`, `iv-x`: a range if both ends are numbers of the same kind. The end of `123-5`
/// is 125, since page ranges are often abbreviated.
fn labels(part: &str, of: impl Fn(Box<str>) -> Locus) -> Option<LocusRange> {
    let part = part.trim();
    if part.is_empty() {
        return None;
    }
    let mut ends = part.split(['-', '–']).map(str::trim).filter(|end| !end.is_empty());
    let (first, last, more) = (ends.next(), ends.next(), ends.next());
    let (Some(first), Some(last), None) = (first, last, more) else { return Some(of(part.into()).into()) };
    let last = match (digits(first), digits(last)) {
        (Some(from), Some(to)) if to < from && last.len() < first.len() => {
            format!("{}{last}", &first[..first.len() - last.len()])
        }
        (Some(_), Some(_)) => last.to_owned(),
        (None, None) if is_roman(first) && is_roman(last) => last.to_owned(),
        _ => return Some(of(part.into()).into()),
    };
    Some(LocusRange { first: of(first.into()), last: of(last.into()) })
}

/// The value of a Roman numeral up to 399, in a single case.
#[must_use]
pub fn roman(word: &str) -> Option<u32> {
    let value = |c: char| {
        Some(match c.to_ascii_lowercase() {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        })
    };
    let one_case =
        word.chars().all(|c| c.is_ascii_lowercase()) || word.chars().all(|c| c.is_ascii_uppercase());
    if word.is_empty() || word.len() > 7 || !one_case {
        return None;
    }
    let values: Vec<u32> = word.chars().map(value).collect::<Option<_>>()?;
    let signed = values.iter().enumerate().map(|(at, &one)| {
        let less = values.get(at + 1).is_some_and(|&next| next > one);
        if less { -i64::from(one) } else { i64::from(one) }
    });
    u32::try_from(signed.sum::<i64>()).ok().filter(|number| *number > 0)
}

/// Whether `word` consists of letters used in Roman numerals, in one case.
fn is_roman(word: &str) -> bool {
    let within = |letters: &str| !word.is_empty() && word.chars().all(|c| letters.contains(c));
    within("ivxlcdm") || within("IVXLCDM")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each range as written in a brief.
    fn parsed(label: &str, value: &str) -> Vec<String> {
        Locus::parse(label, value).iter().map(LocusRange::to_string).collect()
    }

    #[test]
    fn a_place_is_written_as_in_a_brief() {
        let written = |locus: Locus| locus.to_string();
        assert_eq!(written(Locus::Paragraph(7)), "¶ 7");
        assert_eq!(written(Locus::Page("iv".into())), "p. iv");
        assert_eq!(written(Locus::Section(Division::Section, "4.2".into())), "§ 4.2");
        assert_eq!(written(Locus::Line(12)), "l. 12");
        assert_eq!(written(Locus::Note("3".into())), "n. 3");
        assert_eq!(written(Locus::Time(Time(754_900))), "00:12:34");
    }

    #[test]
    fn paragraphs_are_lists_of_ranges() {
        assert_eq!(parsed("paragraph", "2, 5-6"), ["¶ 2", "¶ 5-6"]);
        assert_eq!(parsed("paragraph", "3 & 4; 0"), ["¶ 3", "¶ 4", "¶ 0"]);
        assert_eq!(parsed("paragraph", "9–7"), ["¶ 9"]);
        assert_eq!(parsed("paragraph", "7a"), ["¶ 7"]);
        assert_eq!(parsed("paragraph", "on rents"), [""; 0]);
        assert_eq!(Locus::parse("paragraph", "5-6")[0].paragraphs(), Some(5..=6));
    }

    #[test]
    fn pages_keep_their_labels() {
        assert_eq!(parsed("page", "iv"), ["p. iv"]);
        assert_eq!(parsed("page", "iv-x, 3--5"), ["pp. iv-x", "pp. 3-5"]);
        assert_eq!(parsed("page", "A-3"), ["p. A-3"]);
        assert_eq!(parsed("page", "123-5"), ["pp. 123-125"]);
        assert_eq!(parsed("page", "12-1-3"), ["p. 12-1-3"]);
        assert_eq!(parsed("section", "on rents"), ["§ on rents"]);
        assert_eq!(parsed("volume", "2"), [""; 0]);
    }

    #[test]
    fn times_are_told_from_pages() {
        assert_eq!(parsed("page", "00:12:34"), ["00:12:34"]);
        assert_eq!(parsed("timestamp", "12:34-1:12:40"), ["00:12:34-01:12:40"]);
        assert_eq!(parsed("page", "12:340"), ["p. 12:340"]);
        assert_eq!(Time::parse("00:00:01,5"), Some(Time(1_500)));
        assert_eq!(Time::parse("00:01.000"), Some(Time(1_000)));
        for wrong in ["", "12", "1:2", "00:60", "1:2:3:4", "a:bc", "00:01.0000", "-1:00"] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }
}
