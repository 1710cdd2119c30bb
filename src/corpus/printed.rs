//! The author, outlet and date in the metadata of a text, or printed above its first paragraph, for a library entry
//! made from it. Of printed lines, only takes what is plain: an ambiguous line is ignored, and a list of authors with one doubtful
//! name is dropped as a whole.

use std::sync::LazyLock;

use regex::Regex;

use super::date::Date;
use super::source::{Class, Furniture, SourceText};
use crate::text::language::Language;
use crate::text::words::spelled as folded;

/// What a text says about itself. Anything absent or unclear is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// The authors' names as printed, in order.
    pub authors: Vec<String>,
    /// The newspaper, journal or site.
    pub outlet: Option<String>,
    /// The publication date.
    pub date: Option<Date>,
    /// Whether any of these is from the metadata of the document rather than printed.
    pub stated: bool,
}

/// A name has at least two words (a single word may be a place or a label on the page) and at most five.
const NAME_WORDS: std::ops::RangeInclusive<usize> = 2..=5;

/// Longer lines are sentences rather than the name of an outlet.
const OUTLET_WORDS: usize = 6;

/// Lower-case words that can be part of a name.
const PARTICLES: [&str; 20] = [
    "de", "del", "della", "der", "den", "di", "da", "do", "dos", "du", "la", "le", "van", "von", "zu", "ten",
    "ter", "bin", "ibn", "al",
];

/// Words that mark a line as a role, a desk or an organisation rather than a person.
const NO_PERSON: [&str; 48] = [
    "affairs",
    "agencies",
    "agency",
    "analyst",
    "associated",
    "associate",
    "board",
    "bureau",
    "chief",
    "columnist",
    "contributor",
    "contributors",
    "correspondent",
    "correspondents",
    "desk",
    "director",
    "editor",
    "editorial",
    "editors",
    "expert",
    "fellow",
    "freelance",
    "group",
    "institute",
    "journalist",
    "minister",
    "ministry",
    "network",
    "news",
    "newsroom",
    "office",
    "our",
    "photographer",
    "press",
    "producer",
    "professor",
    "reporter",
    "reporters",
    "researcher",
    "service",
    "special",
    "staff",
    "team",
    "the",
    "university",
    "wire",
    "writer",
    "writers",
];

/// Words that end the name of a newspaper or journal, or come second in it (`Times of …`).
const OUTLETS: [&str; 36] = [
    "advertiser",
    "argus",
    "bulletin",
    "chronicle",
    "citizen",
    "courier",
    "dispatch",
    "echo",
    "examiner",
    "express",
    "gazette",
    "globe",
    "guardian",
    "herald",
    "independent",
    "inquirer",
    "journal",
    "ledger",
    "magazine",
    "mercury",
    "mirror",
    "monitor",
    "observer",
    "post",
    "press",
    "quarterly",
    "record",
    "register",
    "review",
    "sentinel",
    "standard",
    "star",
    "telegraph",
    "times",
    "tribune",
    "weekly",
];

/// Words before such a word that make it a section of a page instead: `book review`.
const SECTIONS: [&str; 12] = [
    "book",
    "film",
    "music",
    "peer",
    "press",
    "weekly",
    "art",
    "food",
    "case",
    "literature",
    "media",
    "blog",
];

impl Printed {
    /// Reads the metadata of `text` and, for what they lack, the lines before its first numbered passage that were
    /// classified as a byline.
    #[must_use]
    pub fn of(text: &SourceText) -> Self {
        let head = text.passages.iter().take_while(|passage| passage.number.is_none());
        let lines = head
            .filter(|passage| passage.class == Class::Furniture(Furniture::Byline))
            .flat_map(|passage| text.words(passage).lines());
        let printed = Self::of_lines(lines);
        let authors: Vec<String> = text.metadata.authors.iter().map(|name| given_first(name)).collect();
        let date = text.metadata.date.as_deref().and_then(stated_date);
        let outlet = text.metadata.outlet.clone();
        Self {
            stated: !authors.is_empty() || date.is_some() || outlet.is_some(),
            authors: if authors.is_empty() { printed.authors } else { authors },
            outlet: outlet.or(printed.outlet),
            date: date.or(printed.date),
        }
    }

    fn of_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut authors: Vec<Vec<String>> = Vec::new();
        let (mut outlets, mut dates): (Vec<String>, Vec<Date>) = (Vec::new(), Vec::new());
        for piece in lines.flat_map(|line| line.split(['|', '·', '•'])).flat_map(dashed) {
            let piece = piece.trim();
            let (rest, at_end) = with_date(piece);
            dates.extend(at_end);
            let (rest, outlet) = with_outlet(rest);
            outlets.extend(outlet);
            if let Some(names) = by(rest) {
                // If any of them is doubtful, name nobody.
                authors.push(people(names).unwrap_or_default());
            }
        }
        outlets.dedup();
        dates.dedup();
        authors.dedup();
        // If two disagree, we cannot tell which is meant.
        let only = |mut all: Vec<Vec<String>>| if all.len() == 1 { all.remove(0) } else { Vec::new() };
        Self {
            authors: only(authors),
            outlet: if outlets.len() == 1 { outlets.pop() } else { None },
            date: if dates.len() == 1 { dates.pop() } else { None },
            stated: false,
        }
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.authors.is_empty() && self.outlet.is_none() && self.date.is_none()
    }
}

/// `Ada Moss` for `Moss, Ada`, as catalogues and journals write it.
fn given_first(name: &str) -> String {
    /// Most words in given names; more are no names.
    const WORDS: usize = 3;
    match name.split_once(", ") {
        Some((family, given))
            if !given.contains(',')
                && family.split(' ').count() == 1
                && given.split(' ').count() <= WORDS =>
        {
            format!("{given} {family}")
        }
        _ => name.to_owned(),
    }
}

/// A date of metadata: `2021-05-04T10:12:00Z`, `2021/05/04`, `2021`, or as printed.
pub fn stated_date(words: &str) -> Option<Date> {
    let day = words.split(['T', ' ']).next().unwrap_or_default().replace('/', "-");
    let digits = day.starts_with(|c: char| c.is_ascii_digit());
    Date::parse(&day).filter(|_| digits && day.len() >= 4).or_else(|| date(words))
}

/// The parts of a line separated by dashes or slashes with spaces around them.
fn dashed(line: &str) -> impl Iterator<Item = &str> {
    line.split(" – ").flat_map(|part| part.split(" — ")).flat_map(|part| part.split(" / "))
}

/// Splits a publication date off the end of `piece`. The date of an update does not count.
fn with_date(piece: &str) -> (&str, Option<Date>) {
    static CHANGED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:last )?(?:updated?|modified|edited|reviewed|corrected|accessed|retrieved|aktualisiert|mis à jour|actualizado|aggiornato)\b").ok()
    });
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?:first |originally )?(?:published|posted|released)|date|publié|veröffentlicht|publicado|pubblicato)(?: (?:on|le|am|el|il))?\s*:?\s+").ok()
    });
    if CHANGED.as_ref().is_some_and(|changed| changed.is_match(piece)) {
        return ("", None);
    }
    let label = LABEL.as_ref().and_then(|label| label.find(piece)).map_or(0, |found| found.end());
    let bare = &piece[label..];
    if let Some(date) = date(bare) {
        return ("", Some(date));
    }
    // `By Ada Moss, 4 May 2020` and `By Ada Moss, May 4, 2020`.
    let commas: Vec<usize> = bare.match_indices(", ").map(|(at, _)| at).collect();
    for at in commas {
        if let Some(date) = date(&bare[at + 2..]) {
            return (&bare[..at], Some(date));
        }
    }
    (piece, None)
}

/// A full date in words or as `2020-05-04`, optionally with a weekday before it and a time after it. Numeric
/// dates such as `04/05/2020` are ambiguous and rejected.
fn date(words: &str) -> Option<Date> {
    static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)[,.]?\s+(?:(?:at|à|um|a las)\s+)?\d{1,2}(?:[:.h]\d{2})?(?::\d{2})?\s*(?:[ap]\.?m\.?|uhr)?(?:\s*\(?[A-Z]{2,4}\)?)?$").ok()
    });
    let words = words.trim().trim_end_matches('.');
    let words = match words.split_once(char::is_whitespace) {
        Some((first, rest)) if is_weekday(first) => rest.trim_start(),
        _ => words,
    };
    let read = |words: &str| iso(words).or_else(|| spelled(words));
    read(words).or_else(|| {
        let time = TIME.as_ref()?.find(words)?;
        // `14 March 20` is not a day followed by a time.
        time.as_str().contains([':', '.', 'h', 'm', 'M']).then(|| read(&words[..time.start()])).flatten()
    })
}

/// Whether `word` names a day of the week, in whatever language.
fn is_weekday(word: &str) -> bool {
    let word = folded(word.trim_end_matches([',', '.']));
    Language::every().tables().any(|tables| tables.calendar.weekdays.row(&word).is_some())
}

fn iso(words: &str) -> Option<Date> {
    let bytes = words.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    Date::parse(words).filter(|_| shape)
}

/// The number of the month named by `word`, which must be in lower case.
pub(super) fn month(word: &str) -> Option<u8> {
    let at = Language::every().month(&folded(word))?;
    u8::try_from(at + 1).ok()
}

/// Parses `4 May 2020`, `May 4th, 2020`, `4. Mai 2020` and `4 de mayo de 2020`.
fn spelled(words: &str) -> Option<Date> {
    let parts: Vec<String> = words
        .split([' ', ',', '\u{a0}'])
        .map(|part| part.trim_matches('.').to_lowercase())
        .filter(|part| !part.is_empty() && !matches!(part.as_str(), "de" | "of" | "the"))
        .collect();
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ending = &word[digits.len()..];
        let fits = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er") && digits.len() <= 2;
        digits.parse::<u8>().ok().filter(|_| fits)
    };
    let year = |word: &str| {
        word.parse::<i32>().ok().filter(|_| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
    };
    match parts.as_slice() {
        [a, b, c] => match (day(a), month(b), month(a), day(b)) {
            (Some(day), Some(month), ..) | (.., Some(month), Some(day)) => {
                Date::from_parts(year(c)?, Some(month), Some(day))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Splits the name of an outlet off the end of `piece`.
fn with_outlet(piece: &str) -> (&str, Option<String>) {
    static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?:(?:first|originally) )?published (?:in|by)|(?:first|originally) appeared in|source:|publication:|newspaper:|outlet:|from)\s+").ok()
    });
    let label = LABEL.as_ref().and_then(|label| label.find(piece)).map_or(0, |found| found.end());
    let bare = piece[label..].trim_end_matches('.');
    // `By Associated Press` names an author.
    if is_outlet(bare) && by(piece).is_none() {
        return ("", Some(bare.to_owned()));
    }
    // `By Ada Moss, The Gauge Herald` and `By Ada Moss for the Gauge Herald`.
    let at = [", ", " for ", " of "].iter().filter_map(|between| {
        let at = bare.rfind(between)?;
        let name = &bare[at + between.len()..];
        (is_outlet(name) && name.starts_with("The ")).then_some(at).map(|at| (at, name))
    });
    match at.max() {
        Some((at, name)) => (&bare[..at], Some(name.to_owned())),
        None => (piece, None),
    }
}

/// Whether `words` look like the name of a newspaper or journal, judged by a word typical of one.
fn is_outlet(words: &str) -> bool {
    let parts: Vec<&str> = words.split(' ').collect();
    let capital = |word: &&str| {
        word.starts_with(char::is_uppercase) || matches!(*word, "of" | "and" | "&" | "the" | "for")
    };
    let letters =
        |word: &&str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '&'));
    if !(2..=OUTLET_WORDS).contains(&parts.len()) || !parts.iter().all(capital) || !parts.iter().all(letters)
    {
        return false;
    }
    if !parts[0].starts_with(char::is_uppercase) {
        return false;
    }
    let known = |word: &str| OUTLETS.contains(&word.to_lowercase().as_str());
    let before = |at: usize| parts[at - 1].to_lowercase();
    parts.iter().enumerate().skip(1).any(|(at, word)| {
        let ends = at + 1 == parts.len() || parts[at + 1] == "of";
        ends && known(word) && !SECTIONS.contains(&before(at).as_str())
    }) || (known(parts[0]) && parts.get(1) == Some(&"of"))
}

/// The text after a `By` or its equivalent.
fn by(piece: &str) -> Option<&str> {
    static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:(?i:(?:(?:written|reported|words|text|story|posted) )?by|author|authors|autor|autorin|auteur)\s*:?|Von|VON|Par|PAR|Por|POR|Di|Door)\s+").ok()
    });
    let found = BY.as_ref()?.find(piece)?;
    Some(&piece[found.end()..])
}

/// The people listed in `names`; `None` if any of them is doubtful.
fn people(names: &str) -> Option<Vec<String>> {
    let names = names.trim().trim_end_matches(['.', ',']);
    let mut groups: Vec<&str> = vec![names];
    for and in [" and ", " & ", " und ", " et ", " y ", " e "] {
        groups = groups.into_iter().flat_map(|part| part.split(and)).collect();
    }
    let closes = groups.len() > 1;
    let mut out: Vec<String> = Vec::new();
    for group in groups {
        for (at, part) in group.split(',').map(str::trim).filter(|part| !part.is_empty()).enumerate() {
            // After a comma comes another name only if the list closes with “and”. Otherwise it is a role,
            // which we skip, or a place.
            if has_role(part) && at > 0 {
                continue;
            }
            let part = part.split(" in ").next().unwrap_or(part);
            if !is_person(part) || (at > 0 && !closes) {
                return None;
            }
            out.push(part.to_owned());
        }
    }
    (!out.is_empty()).then_some(out)
}

fn has_role(part: &str) -> bool {
    part.split([' ', '-']).any(|word| NO_PERSON.contains(&word.to_lowercase().as_str()))
}

fn is_person(part: &str) -> bool {
    let words: Vec<&str> = part.split_whitespace().collect();
    let name = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-'));
        letters && (word.starts_with(char::is_uppercase) || PARTICLES.contains(word))
    };
    let whole = |word: &&str| word.starts_with(char::is_uppercase) && !word.ends_with('.');
    NAME_WORDS.contains(&words.len())
        && words.iter().all(name)
        && words.last().is_some_and(whole)
        && words.first().is_some_and(|word| word.starts_with(char::is_uppercase))
        && !has_role(part)
        && !is_outlet(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The authors, outlet and date read from these lines, separated by `;`.
    fn read(lines: &str) -> String {
        let found = Printed::of_lines(lines.lines());
        let date = found.date.map(|date| date.to_string()).unwrap_or_default();
        format!("{};{};{date}", found.authors.join("+"), found.outlet.unwrap_or_default())
    }

    #[test]
    fn what_is_printed_is_taken_as_it_is_printed() {
        for (lines, expected) in [
            ("By Ada Moss\nThe Gauge Herald\n4 May 2020", "Ada Moss;The Gauge Herald;4 May 2020"),
            ("By Ada Moss | The Gauge Herald | May 4, 2020", "Ada Moss;The Gauge Herald;4 May 2020"),
            ("By ADA MOSS and Tom Reed", "ADA MOSS+Tom Reed;;"),
            ("By Ada Moss, Tom Reed and Ida B. Hale", "Ada Moss+Tom Reed+Ida B. Hale;;"),
            ("By Ada Moss, Harbour Correspondent", "Ada Moss;;"),
            ("By Ada Moss, Harbour Correspondent, and Tom Reed, Chief Reporter", "Ada Moss+Tom Reed;;"),
            ("By Ada Moss in Rotterdam", "Ada Moss;;"),
            ("By Jan van der Berg, 4 May 2020", "Jan van der Berg;;4 May 2020"),
            ("By Ada Moss, The Gauge Herald", "Ada Moss;The Gauge Herald;"),
            ("Written by: Ada Moss", "Ada Moss;;"),
            ("Von Ada Möss\n4. März 2020", "Ada Möss;;4 March 2020"),
            ("Par Ada Moss\n12 janvier 2021 à 18h30", "Ada Moss;;12 January 2021"),
            ("Published: Monday, 4 May 2020 10:15 GMT", ";;4 May 2020"),
            ("Posted on March 4th, 2018", ";;4 March 2018"),
            ("2020-05-04", ";;4 May 2020"),
            ("4 de mayo de 2020", ";;4 May 2020"),
            ("4 May 2020\nUpdated 9 June 2021", ";;4 May 2020"),
            ("First published in Harbour Weekly", ";Harbour Weekly;"),
            ("Times of Tallinn", ";Times of Tallinn;"),
        ] {
            assert_eq!(read(lines), expected, "{lines}");
        }
    }

    #[test]
    fn what_could_mean_something_else_is_left_out() {
        for lines in [
            "By Our Own Correspondent",
            "By Staff",
            "By Reuters",
            "By Associated Press",
            "By the Editorial Board",
            "By Ada",
            "By Land and Sea",
            "By Ada Moss, New York",
            "By Ada Moss, Tom Reed",
            "By Ada Moss and agencies",
            "By 2030 all ports",
            "04/05/2020",
            "Updated 4 May 2020",
            "Accessed: 4 May 2020",
            "4 May 2020\n9 June 2021",
            "31 February 2020",
            "14 March 20",
            "May 2020",
            "Rotterdam",
            "New York",
            "World News",
            "Book Review",
            "Press Officer",
            "Harbour Correspondent",
            "the press",
            "The Gauge Herald\nThe Tide Tribune",
        ] {
            assert_eq!(read(lines), ";;", "{lines}");
        }
    }

    #[test]
    fn only_the_lines_above_the_first_paragraph_count() {
        let text = "On Harbours\n\nBy Ada Moss\n\nThe Gauge Herald\n\n4 May 2020\n\nHarbours silt up when nobody dredges them, and the council has not paid for that.\n\nBy Tom Reed\n\n9 June 2021\n";
        let text = crate::corpus::ingest::read(crate::text::FileId::new("/a.txt"), text.as_bytes());
        let found = Printed::of(&text.expect("a text"));
        assert_eq!(found.authors, ["Ada Moss"]);
        assert_eq!(found.outlet.as_deref(), Some("The Gauge Herald"));
        assert_eq!(found.date.map(|date| date.to_string()).as_deref(), Some("4 May 2020"));
    }

    #[test]
    fn what_a_page_states_comes_before_what_it_prints() {
        let page = "<html><head><meta name=citation_author content='Moss, Ada'><meta property='article:published_time' content='2020-05-04T08:00:00Z'></head>\
            <h1>On Harbours</h1><p>By Tom Reed</p><p>The Gauge Herald</p><p>9 June 2021</p><p>Harbours silt up when nobody dredges them, and the council has not paid for that.</p>";
        let text = crate::corpus::ingest::read(crate::text::FileId::new("/a.html"), page.as_bytes());
        let found = Printed::of(&text.expect("a text"));
        assert_eq!(found.authors, ["Ada Moss"]);
        assert_eq!(found.outlet.as_deref(), Some("The Gauge Herald"), "it states none");
        assert_eq!(found.date.map(|date| date.to_string()).as_deref(), Some("4 May 2020"));
        assert!(found.stated);
    }

    #[test]
    fn dates_and_names_of_metadata() {
        let read = |words: &str| stated_date(words).map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(read("2020-05-04T08:00:00+02:00"), "4 May 2020");
        assert_eq!(read("2020/05/04"), "4 May 2020");
        assert_eq!(read("May 4, 2020"), "4 May 2020");
        assert_eq!(read("yesterday"), "");
        assert_eq!(given_first("Moss, Ada B."), "Ada B. Moss");
        assert_eq!(given_first("Ada Moss, Tom Reed"), "Ada Moss, Tom Reed");
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read_without_harm(line in "[ByAdMo0-9,.|–·/ é\\-]{0,40}") {
            let _ = Printed::of_lines(line.lines());
        }
    }
}
