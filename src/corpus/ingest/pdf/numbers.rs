//! The numbers of pages: as printed, and as the file states them.

use super::super::numeral::{self, ROMAN};
use crate::corpus::source::Labels;

/// A page number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// Its value.
    pub(super) value: u32,
    /// It is a roman numeral.
    pub(super) is_roman: bool,
    /// It is in capitals.
    is_upper: bool,
}

/// The page number that `word` is.
pub(super) fn number(word: &str) -> Option<Number> {
    if word.is_empty() || word.len() > 8 {
        return None;
    }
    if word.bytes().all(|b| b.is_ascii_digit()) {
        let value = word.parse().ok().filter(|value| word.len() <= 5 && *value > 0)?;
        return Some(Number { value, is_roman: false, is_upper: false });
    }
    let is_upper = word.bytes().all(|b| b.is_ascii_uppercase());
    if !is_upper && !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let value = from_roman(&word.to_ascii_lowercase())?;
    Some(Number { value, is_roman: true, is_upper })
}

impl Number {
    fn label(&self, value: u32) -> Box<str> {
        match (self.is_roman, self.is_upper) {
            (false, _) => value.to_string().into(),
            (true, false) => roman(value).into(),
            (true, true) => roman(value).to_uppercase().into(),
        }
    }
}

fn from_roman(word: &str) -> Option<u32> {
    let mut rest = word;
    let mut value = 0;
    for (worth, letters) in ROMAN {
        while let Some(after) = rest.strip_prefix(letters) {
            rest = after;
            value += worth;
        }
    }
    (rest.is_empty() && roman(value) == word).then_some(value)
}

/// The Roman numeral of `value`, in small letters.
fn roman(value: u32) -> String {
    // The file may state any number; a numeral of thousands of letters helps nobody.
    if value > 9999 { value.to_string() } else { numeral::roman(value) }
}

/// A range of pages that are labelled alike, as in `/PageLabels`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Range {
    /// The index of its first page.
    pub(super) first: usize,
    /// `D`, `R`, `r`, `A`, `a`, or 0 for none.
    pub(super) style: u8,
    /// What comes before the number.
    pub(super) prefix: String,
    /// The number of its first page.
    pub(super) start: u32,
}

impl Range {
    fn label(&self, page: usize) -> Option<Box<str>> {
        let value = self.start.checked_add(u32::try_from(page - self.first).ok()?)?;
        let number = match self.style {
            b'D' => value.to_string(),
            b'R' => roman(value).to_uppercase(),
            b'r' => roman(value),
            b'A' => letters(value),
            b'a' => letters(value).to_lowercase(),
            _ => String::new(),
        };
        let label = format!("{}{number}", self.prefix);
        (!label.trim().is_empty()).then(|| label.trim().into())
    }
}

/// A to Z, AA to ZZ and so on.
fn letters(value: u32) -> String {
    const MOST: u32 = 8;
    let Some(value) = value.checked_sub(1) else { return String::new() };
    let letter = char::from(b'A' + (value % 26) as u8);
    std::iter::repeat_n(letter, (value / 26 + 1).min(MOST) as usize).collect()
}

/// The labels of `count` pages: as the file states them in `ranges`, else as printed, else the count.
pub(super) fn labels(
    count: usize,
    mut ranges: Vec<Range>,
    printed: &[(usize, Number)],
) -> (Vec<Option<Box<str>>>, Labels) {
    let counted: Vec<Option<Box<str>>> = (1..=count).map(|page| Some(page.to_string().into())).collect();
    ranges.sort_by_key(|range| range.first);
    let stated: Vec<Option<Box<str>>> = (0..count)
        .map(|page| ranges.iter().rfind(|range| range.first <= page).and_then(|range| range.label(page)))
        .collect();
    // Labels that only count the pages say nothing, and are written by programs that know no better.
    if !ranges.is_empty() && stated != counted {
        return (stated, Labels::Stated);
    }
    let found = from_printed(count, printed);
    match found {
        Some(labels) if labels != counted => (labels, Labels::Printed),
        Some(labels) if ranges.is_empty() => (labels, Labels::Printed),
        _ if !ranges.is_empty() => (stated, Labels::Stated),
        _ => (counted, Labels::Counted),
    }
}

/// The labels of all pages, from the numbers on some of them.
fn from_printed(count: usize, printed: &[(usize, Number)]) -> Option<Vec<Option<Box<str>>>> {
    // Sequences of numbers that count with the pages.
    let key = |page: usize, number: &Number| (number.is_roman, i64::from(number.value) - page as i64);
    let mut support: Vec<((bool, i64), usize)> = Vec::new();
    for (page, number) in printed {
        let key = key(*page, number);
        match support.iter_mut().find(|(known, _)| *known == key) {
            Some((_, pages)) => *pages += 1,
            None => support.push((key, 1)),
        }
    }
    let of = |page: usize, number: &Number| {
        support.iter().find(|(known, _)| *known == key(page, number)).map_or(0, |(_, pages)| *pages)
    };
    let mut evidence: Vec<Option<&Number>> = vec![None; count];
    for (page, number) in printed {
        let better = evidence.get(*page)?.is_none_or(|known| of(*page, known) < of(*page, number));
        if of(*page, number) >= 2 && better {
            evidence[*page] = Some(number);
        }
    }
    let known = evidence.iter().flatten().count();
    if known < 2 || known * 5 < count * 2 {
        return None;
    }
    let mut labels: Vec<Option<Box<str>>> = Vec::with_capacity(count);
    for page in 0..count {
        let before = (0..=page).rev().find_map(|at| evidence[at].map(|number| (at, number)));
        let after = (page..count).find_map(|at| evidence[at].map(|number| (at, number)));
        // The first page of a chapter often has no number, and belongs to what follows.
        let from_after = after.and_then(|(at, number)| {
            let value = number.value.checked_sub((at - page) as u32).filter(|value| *value > 0)?;
            Some(number.label(value))
        });
        let from_before = before.map(|(at, number)| number.label(number.value + (page - at) as u32));
        labels.push(from_after.or(from_before));
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(numbers: &[(usize, &str)]) -> Vec<(usize, Number)> {
        numbers.iter().map(|(page, word)| (*page, number(word).expect("a number"))).collect()
    }

    fn texts(labels: &[Option<Box<str>>]) -> Vec<&str> {
        labels.iter().map(|label| label.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn roman_numerals_are_read_strictly() {
        let value = |word: &str| number(word).map(|number| number.value);
        assert_eq!(value("xiv"), Some(14));
        assert_eq!(value("XL"), Some(40));
        assert_eq!(value("iiii"), None);
        assert_eq!(value("Mix"), None);
        assert_eq!(value("civic"), None);
        assert_eq!(value("117"), Some(117));
        assert_eq!(value("0"), None);
    }

    #[test]
    fn pages_without_a_number_count_with_their_neighbours() {
        let of = [(1, "ii"), (2, "iii"), (4, "2"), (5, "3"), (6, "4")];
        let (labels, kind) = labels(7, Vec::new(), &printed(&of));
        assert_eq!(kind, Labels::Printed);
        assert_eq!(texts(&labels), ["i", "ii", "iii", "1", "2", "3", "4"]);
    }

    #[test]
    fn few_numbers_are_no_page_numbers() {
        let (labels, kind) = labels(9, Vec::new(), &printed(&[(1, "12"), (5, "16")]));
        assert_eq!(kind, Labels::Counted);
        assert_eq!(texts(&labels)[..2], ["1", "2"]);
    }

    #[test]
    fn what_the_file_states_wins_unless_it_only_counts() {
        let front = Range { first: 0, style: b'r', prefix: String::new(), start: 1 };
        let main = Range { first: 2, style: b'D', prefix: String::new(), start: 1 };
        let annex = Range { first: 3, style: b'A', prefix: "A-".into(), start: 1 };
        let (stated, kind) = labels(4, vec![main.clone(), front, annex], &printed(&[(0, "9"), (1, "10")]));
        assert_eq!(kind, Labels::Stated);
        assert_eq!(texts(&stated), ["i", "ii", "1", "A-A"]);
        let plain = Range { first: 0, ..main };
        let (found, kind) = labels(3, vec![plain], &printed(&[(0, "117"), (1, "118"), (2, "119")]));
        assert_eq!((texts(&found), kind), (vec!["117", "118", "119"], Labels::Printed));
    }
}
