//! Words that reports use for one another, in groups from `text/language/en/synonyms.toml`: a paraphrase says
//! “vessel” where its source says “ship”. A synonym counts for less than the word itself, see [`super`].

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::corpus::index;
use crate::text::language::english;

/// The stems of the synonyms of the word with the stem `stem`, excluding itself.
pub(super) fn of(stem: &str) -> &'static [String] {
    static TABLE: OnceLock<HashMap<String, Vec<String>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<String, Vec<String>> = HashMap::new();
        for line in english::synonyms() {
            let stems = index::stems(line);
            for stem in &stems {
                let known = table.entry(stem.clone()).or_default();
                for other in stems.iter().filter(|other| *other != stem) {
                    if !known.contains(other) {
                        known.push(other.clone());
                    }
                }
            }
        }
        table
    });
    table.get(stem).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_any_form_has_its_synonyms() {
        let of = |word: &str| {
            let stem = index::stems(word).pop().expect("a stem");
            super::of(&stem)
        };
        let stem = |word: &str| index::stems(word).remove(0);
        assert!(of("ships").contains(&stem("vessel")) && of("vessels").contains(&stem("ship")));
        assert!(!of("ship").contains(&stem("ships")));
        assert!(of("Taliban").is_empty());
    }

    #[test]
    fn groups_are_words_in_lower_case() {
        for line in english::synonyms() {
            let words: Vec<&str> = line.split(' ').collect();
            assert!(
                words.iter().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())),
                "{line}"
            );
            let mut distinct = words.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), words.len(), "{line}");
        }
    }
}
