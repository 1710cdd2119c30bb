//! The large English lists, each read when it is first asked for: names, nations, synonyms and the forms of words in
//! the index of passages. Names and rankings know no other language.

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::lists::{Phrases, WordList};

/// Words by which names are found and told apart; `en/names.toml` says what each list is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is documented where its words are")]
pub struct Names {
    pub functions: WordList,
    pub titles: WordList,
    pub ranks: WordList,
    pub particles: WordList,
    pub organisations: WordList,
    pub places: WordList,
    pub demonyms: WordList,
    pub faiths: WordList,
    pub times: WordList,
    pub countries: WordList,
    pub regions: WordList,
    pub labels: WordList,
    pub given: WordList,
    pub persons: WordList,
    pub letters: WordList,
    pub directions: WordList,
    pub qualifiers: WordList,
    pub offices: WordList,
    pub at: WordList,
    pub bodies: WordList,
    pub introducing: WordList,
    pub verbs: Phrases,
    pub states: WordList,
}

/// Words as the index of passages takes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Say nothing of a passage's matter.
    pub stop_words: WordList,
    /// The same, halves of contractions.
    pub halves: WordList,
    /// Words that are one to a reader: first the base, then its forms, blanks between.
    pub forms: Vec<String>,
}

/// A country or part of the world.
#[derive(Debug)]
pub struct Nation {
    /// Its name.
    pub country: String,
    /// Words for its people and language.
    pub people: Vec<String>,
    /// Other words for either.
    pub others: Vec<String>,
}

/// Words by which names are found.
#[must_use]
pub fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| read("names", include_str!("en/names.toml")));
    &NAMES
}

/// Stop words and irregular forms.
#[must_use]
pub fn index() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| read("index", include_str!("en/index.toml")));
    &INDEX
}

/// Countries and their people.
#[must_use]
pub fn nations() -> &'static [Nation] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rows {
        nations: Vec<String>,
    }
    static NATIONS: LazyLock<Vec<Nation>> = LazyLock::new(|| {
        let rows: Rows = read("nations", include_str!("en/nations.toml"));
        let nation = |row: &String| {
            let mut parts = row.split(", ");
            let mut words = || {
                parts.next().unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned)
            };
            Nation { country: words().collect(), people: words().collect(), others: words().collect() }
        };
        rows.nations.iter().map(nation).collect()
    });
    &NATIONS
}

/// Groups of words that reports use for one another, each with blanks between its words.
pub fn synonyms() -> impl Iterator<Item = &'static str> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Groups {
        groups: String,
    }
    static GROUPS: LazyLock<Groups> = LazyLock::new(|| read("synonyms", include_str!("en/synonyms.toml")));
    GROUPS.groups.lines()
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    match toml::from_str(text) {
        Ok(read) => read,
        // The tests read every file.
        Err(error) => unreachable!("en/{name}.toml: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_in_small_letters() {
        let all = [
            include_str!("en/names.toml"),
            include_str!("en/index.toml"),
            include_str!("en/nations.toml"),
            include_str!("en/synonyms.toml"),
        ];
        for text in all {
            let words = text.lines().filter(|line| !line.starts_with('#'));
            for line in words {
                assert_eq!(line, line.to_lowercase());
            }
        }
        assert!(names().given.has("ada") && index().stop_words.has("the") && index().forms.len() > 100);
        let denmark = nations().iter().find(|nation| nation.country == "denmark").expect("it is there");
        assert_eq!(
            (&denmark.people[..], &denmark.others[..]),
            (&["danish".into()][..], &["danes".into()][..])
        );
        assert!(synonyms().any(|group| group.contains("ship vessel")));
    }
}
