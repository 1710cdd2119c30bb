//! The rungs of the ladder by which notes are found in their sources; climbed in [`super::anchor`].

use super::verdict::Place;

/// How a note was found in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Word for word where the locator says.
    Located,
    /// Word for word in one passage, which the locator does not name.
    Unique,
    /// With the changes that a quotation may make.
    Folded,
    /// Nearly.
    Near,
}

/// A place that an orphan may belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The place.
    pub place: Place,
    /// The share of letters that differ, in percent.
    pub differs: usize,
}

/// Where a note belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// At one place.
    Held(Rung, Place),
    /// Its words occur in several passages, and its locator names none of them.
    Several(Vec<Place>),
    /// Nowhere. The places that come nearest, best first; there may be none.
    Orphan(Vec<Candidate>),
    /// The words are too few to be found again, or the source has no text.
    Unknown,
}

impl Anchor {
    /// The places of its words; none if they were not found.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        match self {
            Self::Held(_, place) => std::slice::from_ref(place),
            Self::Several(places) => places,
            Self::Orphan(_) | Self::Unknown => &[],
        }
    }
}
