//! The names of one text. A large corpus has millions of occurrences, so they are packed: in a tenth of the memory
//! that they take unpacked.

use serde::{Deserialize, Serialize};

use crate::corpus::source::TextId;
use crate::text::Span;

/// Stands for a missing number.
pub(super) const NONE: u32 = u32::MAX;

/// An occurrence of a name in a text; spellings and keys are numbers of the
/// [`Ledger`](super::ledger::Ledger).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where the second name begins if this may be two, and where the first one ends at a hyphen.
    pub(super) second: u32,
    pub(super) first_end: u32,
    pub(super) passage: u32,
    /// Spelling and key of the whole.
    pub(super) name: (u32, u32),
    /// Spelling and key of the part before a hyphen.
    pub(super) left: (u32, u32),
    /// Spelling and key of the part after a hyphen, or of all words but the first.
    pub(super) right: (u32, u32),
    pub(super) signs: u16,
    pub(super) doubt: How,
}

/// Why an occurrence may not be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum How {
    Sure,
    /// It begins a sentence.
    First,
    /// It is part of a heading.
    Heading,
    /// It contains a hyphen.
    Hyphen,
}

/// Span, spelling and key of a name.
type Reading = Option<(Span, u32, u32)>;

impl Place {
    /// The names it is read as: the whole, all but its first word, or the two sides of a hyphen.
    pub(super) fn readings(&self, split: impl Fn(u32) -> bool, known: impl Fn(u32) -> bool) -> [Reading; 2] {
        let span = |from: u32, to: u32| Span::new(from as usize, to as usize);
        let whole = (span(self.start, self.end), self.name.0, self.name.1);
        match self.doubt {
            How::Hyphen if split(self.name.1) => [
                Some((span(self.start, self.first_end), self.left.0, self.left.1)),
                Some((span(self.second, self.end), self.right.0, self.right.1)),
            ],
            How::First if self.right.1 != NONE && !known(self.name.1) => {
                [Some((span(self.second, self.end), self.right.0, self.right.1)), None]
            }
            _ => [Some(whole), None],
        }
    }
}

/// The names of one text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TextNames {
    pub(super) id: TextId,
    pub(super) places: Places,
    /// Words in lower case.
    pub(super) small: Tally,
    /// Keys of short and long forms that the text introduces together.
    pub(super) ties: Vec<(u32, u32)>,
}

/// The occurrences of names in a text, packed. Sorted; no two overlap.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Places {
    count: u32,
    packed: Box<[u8]>,
}

/// A [`Place`] as it is packed.
#[derive(Serialize, Deserialize)]
struct Packed {
    /// Bytes since the start of the one before.
    start: u32,
    /// In bytes.
    length: u32,
    /// Passages since that of the one before.
    passage: u32,
    name: (u32, u32),
    signs: u16,
    doubt: How,
    parts: Option<Parts>,
}

/// What only a place with two possible names has.
#[derive(PartialEq, Serialize, Deserialize)]
struct Parts {
    second: u32,
    first_end: u32,
    left: (u32, u32),
    right: (u32, u32),
}

/// The parts of a place with one name.
const WHOLE: Parts = Parts { second: 0, first_end: 0, left: (NONE, NONE), right: (NONE, NONE) };

impl Places {
    /// Packs `places`, which must be sorted.
    pub(super) fn new(places: &[Place]) -> Self {
        let mut packed = Vec::new();
        let (mut start, mut passage) = (0, 0);
        for place in places {
            let Place { second, first_end, left, right, .. } = *place;
            let parts = Parts { second, first_end, left, right };
            let place = Packed {
                start: place.start.wrapping_sub(start),
                length: place.end.wrapping_sub(place.start),
                passage: place.passage.wrapping_sub(passage),
                name: place.name,
                signs: place.signs,
                doubt: place.doubt,
                parts: (parts != WHOLE).then_some(parts),
            };
            (start, passage) = (start.wrapping_add(place.start), passage.wrapping_add(place.passage));
            // A `Vec` can always be written to.
            packed = postcard::to_extend(&place, packed).unwrap_or_default();
        }
        Self { count: narrow(places.len()), packed: packed.into() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    /// In order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Place> {
        let (mut rest, mut start, mut passage) = (&*self.packed, 0_u32, 0_u32);
        std::iter::from_fn(move || {
            let (place, behind) = postcard::take_from_bytes::<Packed>(rest).ok()?;
            rest = behind;
            (start, passage) = (start.wrapping_add(place.start), passage.wrapping_add(place.passage));
            let Packed { length, name, signs, doubt, parts, .. } = place;
            let Parts { second, first_end, left, right } = parts.unwrap_or(WHOLE);
            let end = start.wrapping_add(length);
            Some(Place { start, end, second, first_end, passage, name, left, right, signs, doubt })
        })
    }
}

/// How often each word occurs in a text, packed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Tally(Box<[u8]>);

impl Tally {
    /// Packs `counts`: numbers of words, and how often each occurs.
    pub(super) fn new(mut counts: Vec<(u32, u32)>) -> Self {
        counts.sort_unstable();
        let mut before = 0;
        for (word, _) in &mut counts {
            (*word, before) = (*word - before, *word);
        }
        Self(postcard::to_stdvec(&counts).unwrap_or_default().into())
    }

    /// The numbers of words and how often each occurs, in the order of the numbers.
    pub(super) fn counts(&self) -> Vec<(u32, u32)> {
        let mut counts: Vec<(u32, u32)> = postcard::from_bytes(&self.0).unwrap_or_default();
        let mut word = 0_u32;
        for (skip, _) in &mut counts {
            word = word.wrapping_add(*skip);
            *skip = word;
        }
        counts
    }
}

/// `n` as a `u32`. A text has at most 20 MB, so nothing is lost.
pub(super) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        let (none, sure) = ((NONE, NONE), How::Sure);
        let whole = Place {
            start: 7,
            end: 12,
            second: 0,
            first_end: 0,
            passage: 0,
            name: (70_000, 3),
            left: none,
            right: none,
            signs: 5,
            doubt: sure,
        };
        let parts = Place {
            start: 300,
            end: 320,
            second: 310,
            first_end: 309,
            passage: 4,
            left: (1, 2),
            right: (3, 4),
            doubt: How::Hyphen,
            ..whole
        };
        let tail = Place {
            start: 20_000_000,
            end: 20_000_009,
            first_end: 0,
            left: none,
            doubt: How::First,
            ..parts
        };
        let all = [whole, parts, tail];
        let places = Places::new(&all);
        assert_eq!(places.len(), 3);
        assert_eq!(places.iter().collect::<Vec<_>>(), all);
        assert_eq!(Places::new(&[]).iter().count(), 0);
        let tally = Tally::new(vec![(900, 2), (4, 1), (1_000_000, 70_000), (0, 3)]);
        assert_eq!(tally.counts(), [(0, 3), (4, 1), (900, 2), (1_000_000, 70_000)]);
        assert!(Tally::default().counts().is_empty());
    }
}
