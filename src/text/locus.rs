//! Where in a source something is, in the units that a citation names.
//!
//! A brief writes a locator, and a source knows its own paragraphs, pages and times. Both speak in [`Locus`], so
//! that one place decides what a locator names: `corpus::source::SourceText::passages_at`.

use std::fmt;
use std::ops::RangeInclusive;

/// A place in a source, as a citation names it. [`fmt::Display`] writes it as a brief does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Locus {
    /// A paragraph: `¶ 7`. By the source's own numbers where it has any, else counted from 1; which of them
    /// is meant, only the source can tell.
    Paragraph(u32),
    /// A page, by the label that is printed on it: `p. 12`, `p. iv`, `p. A-3`.
    Page(Box<str>),
    /// A section or chapter, by its number or heading: `§ 4.2`.
    Section(Box<str>),
    /// A line, counted from 1: `l. 12`.
    Line(u32),
    /// A note, by its mark: `n. 3`.
    Note(Box<str>),
    /// A moment of a recording: `00:12:34`.
    Time(Time),
}

/// A moment, in milliseconds from the beginning of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// From one place to another of the same kind, both included. A single place is a range to itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocusRange {
    /// The first place.
    pub first: Locus,
    /// The last place.
    pub last: Locus,
}

impl Locus {
    /// The places that `value` names behind a label that CSL calls `label`, in the order in which they are
    /// written: of a paragraph `2, 5-6` is 2 and 5 to 6. Empty where the label has no such places (`volume`,
    /// `figure`) and where the value says nothing that could be looked up.
    #[must_use]
    pub fn parse(label: &str, value: &str) -> Vec<LocusRange> {
        let parts = value.split([',', '&', ';']);
        match label {
            "paragraph" => parts.filter_map(|part| numbers(part, Self::Paragraph)).collect(),
            "line" => parts.filter_map(|part| numbers(part, Self::Line)).collect(),
            "timestamp" => parts.filter_map(times).collect(),
            // A time without a label is read as a page, as are all numbers.
            "page" => parts.filter_map(|part| times(part).or_else(|| labels(part, Self::Page))).collect(),
            "section" | "chapter" => parts.filter_map(|part| labels(part, Self::Section)).collect(),
            "note" => parts.filter_map(|part| labels(part, Self::Note)).collect(),
            _ => Vec::new(),
        }
    }

    /// What a brief writes in front of the value, with the blank between: `¶ `.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Paragraph(_) => "¶ ",
            Self::Page(_) => "p. ",
            Self::Section(_) => "§ ",
            Self::Line(_) => "l. ",
            Self::Note(_) => "n. ",
            Self::Time(_) => "",
        }
    }

    /// The value alone: `7`, `iv`.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Paragraph(number) | Self::Line(number) => number.to_string(),
            Self::Page(label) | Self::Section(label) | Self::Note(label) => label.to_string(),
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
    /// Reads `01:02:03`, `02:03`, and both with a fraction behind `.` or `,` as subtitles have it.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let (whole, fraction) = written.trim().split_once(['.', ',']).unwrap_or((written.trim(), ""));
        let mut seconds: u64 = 0;
        let parts: Vec<&str> = whole.split(':').collect();
        if !(2..=3).contains(&parts.len()) {
            return None;
        }
        for (at, part) in parts.iter().enumerate() {
            // Hours may have any number of digits, the parts behind them have two.
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
    /// The range whose paragraph numbers are these; `None` for a range of another kind.
    #[must_use]
    pub fn paragraphs(&self) -> Option<RangeInclusive<u32>> {
        match (&self.first, &self.last) {
            (Locus::Paragraph(first), Locus::Paragraph(last)) => Some(*first..=*last),
            _ => None,
        }
    }

    /// The values alone: `7`, `7-9`.
    #[must_use]
    pub fn value(&self) -> String {
        match self.first == self.last {
            true => self.first.value(),
            false => format!("{}-{}", self.first.value(), self.last.value()),
        }
    }

    /// Whether `locus` is one of its ends, or a number or a time between them.
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

    /// Both ends; a single place twice.
    #[must_use]
    pub fn ends(&self) -> [&Locus; 2] {
        [&self.first, &self.last]
    }
}

impl From<Locus> for LocusRange {
    /// One place alone.
    fn from(locus: Locus) -> Self {
        Self { first: locus.clone(), last: locus }
    }
}

impl fmt::Display for LocusRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.first.label(), self.value())
    }
}

/// The number that `text` is, when it has nothing but digits.
fn digits(text: &str) -> Option<u32> {
    let only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| only)
}

/// `7`, `7-9`, `7 to 9`, `7a`: from the first number to the last. One that counts down ends where it begins.
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

/// `12`, `iv`, `A-3`, `12-15`, `iv-x`: a range where both ends are numbers of one sort. Of `123-5` the end is
/// 125, as page ranges are shortened.
fn labels(part: &str, of: fn(Box<str>) -> Locus) -> Option<LocusRange> {
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

/// Whether `word` has only the letters of Roman numbers, in one case.
fn is_roman(word: &str) -> bool {
    let within = |letters: &str| !word.is_empty() && word.chars().all(|c| letters.contains(c));
    within("ivxlcdm") || within("IVXLCDM")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each range as a brief writes it.
    fn parsed(label: &str, value: &str) -> Vec<String> {
        Locus::parse(label, value).iter().map(LocusRange::to_string).collect()
    }

    #[test]
    fn a_place_is_written_as_in_a_brief() {
        let written = |locus: Locus| locus.to_string();
        assert_eq!(written(Locus::Paragraph(7)), "¶ 7");
        assert_eq!(written(Locus::Page("iv".into())), "p. iv");
        assert_eq!(written(Locus::Section("4.2".into())), "§ 4.2");
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
        assert_eq!(parsed("page", "iv-x, 3--5"), ["p. iv-x", "p. 3-5"]);
        assert_eq!(parsed("page", "A-3"), ["p. A-3"]);
        assert_eq!(parsed("page", "123-5"), ["p. 123-125"]);
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
