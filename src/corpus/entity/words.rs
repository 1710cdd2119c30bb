//! The classes of words that tell a name from other capitalised words, in English; the words themselves are in
//! `text/language/en`. What follows from a class is decided where names are read.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text::language::{Language, english};

/// Says nothing by itself: capitalized only at the start of a sentence or title.
pub(super) const FUNCTION: u32 = 1;
/// Precedes a person's name.
pub(super) const TITLE: u32 = 1 << 1;
/// Precedes a title: `Prime` Minister, `Vice` President.
pub(super) const RANK: u32 = 1 << 2;
/// Joins parts of a name although it is in lower case: Ludwig `van` Beethoven.
pub(super) const PARTICLE: u32 = 1 << 3;
/// Last word of an organisation's name.
pub(super) const ORGANISATION: u32 = 1 << 4;
/// Last word of a place's name.
pub(super) const PLACE: u32 = 1 << 5;
/// Nationality, language, faith: not an entity by itself.
pub(super) const DEMONYM: u32 = 1 << 6;
/// Month or weekday.
pub(super) const CALENDAR: u32 = 1 << 7;
/// A country or region of the world.
pub(super) const COUNTRY: u32 = 1 << 8;
/// Precedes a number: `Article` 5.
pub(super) const LABEL: u32 = 1 << 9;
/// A common given name.
pub(super) const GIVEN: u32 = 1 << 10;
/// A word for a person by trade or kinship, in lower case next to a name.
pub(super) const PERSON: u32 = 1 << 11;
/// Letters that name nothing in particular: CEO.
pub(super) const LETTERS: u32 = 1 << 12;
/// Begins the names of many places and parties, so it is not a given name.
pub(super) const QUALIFIER: u32 = 1 << 13;
/// What a minister is minister of.
pub(super) const OFFICE: u32 = 1 << 14;
/// A small word that a place may follow.
pub(super) const AT: u32 = 1 << 15;

/// The classes of `word` (lower case, folded), as bits.
pub(super) fn class(word: &str) -> u32 {
    static CLASSES: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(classes);
    CLASSES.get(word).copied().unwrap_or(0)
}

fn classes() -> HashMap<&'static str, u32> {
    let names = english::names();
    let lists = [
        (&names.functions, FUNCTION),
        (&english::index().stop_words, FUNCTION),
        (&names.titles, TITLE),
        (&names.ranks, RANK),
        (&names.particles, PARTICLE),
        (&names.organisations, ORGANISATION),
        (&names.places, PLACE),
        (&names.demonyms, DEMONYM),
        (&names.faiths, DEMONYM),
        (&names.times, CALENDAR),
        (&names.countries, COUNTRY),
        (&names.regions, COUNTRY),
        (&names.labels, LABEL),
        (&names.given, GIVEN),
        (&names.persons, PERSON),
        (&names.letters, LETTERS),
        (&names.directions, QUALIFIER),
        (&names.qualifiers, QUALIFIER),
        (&names.offices, OFFICE),
        (&names.at, AT),
    ];
    let mut classes: HashMap<&'static str, u32> = HashMap::new();
    let mut put = |word: &'static str, bit: u32| *classes.entry(word).or_default() |= bit;
    for (list, bit) in lists {
        list.iter().for_each(|word| put(word, bit));
    }
    for nation in english::nations() {
        put(&nation.country, COUNTRY);
        nation.people.iter().for_each(|people| put(people, DEMONYM));
    }
    for calendar in Language::english().tables().map(|tables| &tables.calendar) {
        calendar.months.words().chain(calendar.weekdays.words()).for_each(|word| put(word, CALENDAR));
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_of_several_classes() {
        assert_eq!(class("shah"), TITLE | GIVEN);
        assert_eq!(class("house") & (ORGANISATION | PLACE), ORGANISATION | PLACE);
        assert_eq!(class("may") & (CALENDAR | FUNCTION), CALENDAR | FUNCTION);
        assert_eq!((class("danish"), class("denmark")), (DEMONYM, COUNTRY));
        assert_eq!(class("xylophone"), 0);
    }
}
