//! People, organisations, places and other named things in the sources: their names, which names mean
//! the same thing, and where each occurs.
//!
//! Names come from the texts (`scan` reads capitalised words) and from the analyst's alias file
//! ([`Aliases`]), which takes precedence. `gather` reads possible names text by text and keeps them as
//! long as the text stays; `join` decides over all texts which names belong together. Two entities for
//! one person are better than one for two: in doubt, names stay apart.

mod aliases;
mod entities;
mod gather;
mod join;
mod key;
mod ledger;
mod meaning;
mod rank;
mod scan;
mod spelling;
mod text_names;
mod tokens;
mod words;

pub use aliases::{Aliases, Complaint};
pub use entities::Entities;
pub use gather::{Gathered, Gatherer};
pub use key::{Written, key};
pub use meaning::{Entity, EntityId, Kind, Meaning, Mention};
pub use rank::Offer;

/// Whether `word` is a function word such as In, The or However, which may begin a sentence but names nothing.
#[must_use]
pub fn is_small_word(word: &str) -> bool {
    words::class(&word.to_lowercase()) & words::FUNCTION != 0
}

#[cfg(test)]
mod tests;
