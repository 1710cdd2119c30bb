//! What the checks know of a language: abbreviations, months, number words, negations, verbs of saying and so on.
//! One TOML file per language, all with the same tables; `en.toml` says what each is for. A language is added with
//! one file, and the tests name what it lacks. Knows words only, neither briefs nor sources.

pub mod english;
mod lists;

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

pub use lists::{Abbreviations, Amounts, Phrases, Rows, WordList};

/// One language, or several that a text may be in; a word is looked for in the lists of each. Cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Language(u32);

impl Default for Language {
    fn default() -> Self {
        Self::unknown()
    }
}

/// A language file, as `build.rs` lists it.
struct File {
    /// Its name without the ending: the language's tag, `en`.
    tag: &'static str,
    /// The detector's code, ISO 639-3.
    code: &'static str,
    /// Its letters, ISO 15924.
    script: &'static str,
    text: &'static str,
}

const FILES: &[File] = &include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The tables of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tables {
    /// The detector's code, ISO 639-3.
    pub code: String,
    /// In English.
    pub name: String,
    /// Its letters, ISO 15924.
    pub script: String,
    /// For what the tables are filled.
    pub scope: Scope,
    /// Whether other words than names have capitals.
    pub capitalises_nouns: bool,
    /// Whether a number with a full stop is an ordinal: German `3. Mai`.
    pub ordinals: bool,
    /// Whether a name has other endings in other sentences.
    pub inflects_names: bool,
    /// Words that keep their full stop.
    pub abbreviations: Shortened,
    /// Months and days of the week.
    pub calendar: Calendar,
    /// Number words.
    pub numbers: Numbers,
    /// Words by their place in a sentence.
    pub sentences: Sentences,
    /// Words of questions.
    pub questions: Questions,
    /// How words are attributed.
    pub speech: Speech,
    /// What stands beside quoted words: who said them, and where in a book.
    pub attributions: Attributions,
    /// What turns a statement round, limits it or makes it less sure.
    pub statements: Statements,
    /// What a writer says of a quotation, and of words in quotation marks that are none.
    pub writing: Writing,
}

/// For what the tables of a language are filled.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everything: the checks use them for texts in this language.
    Checks,
    /// Some tables only, for what is looked up in all languages at once.
    #[default]
    Pages,
}

/// Words that keep their full stop.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shortened {
    /// Before a name.
    pub titles: Abbreviations,
    /// Anywhere.
    pub others: Abbreviations,
    /// Only before a number.
    pub numbers: Abbreviations,
}

/// Months and days of the week, their long names first.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calendar {
    /// Twelve rows.
    pub months: Rows,
    /// Seven rows, from Monday.
    pub weekdays: Rows,
}

impl Calendar {
    /// Whether `word`, written as here, is the short name of a month. Its full stop is its own.
    #[must_use]
    pub fn is_short_month(&self, word: &str) -> bool {
        let fits = |short: &String| {
            short == word || !short.contains(char::is_uppercase) && *short == word.to_lowercase()
        };
        (0..12).any(|month| self.months.written(month).iter().skip(1).any(fits))
    }
}

/// Number words.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbers {
    /// Words that count.
    pub words: Amounts,
    /// Words that multiply what stands before them.
    pub scales: Amounts,
    /// The same in letters: `bn`.
    pub signs: Amounts,
    /// Words that stand for something else as often: `one`.
    pub indefinite: WordList,
    /// Between units and tens in one word: German `und`.
    pub joint: String,
}

/// Words by their place in a sentence.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sentences {
    /// Small words that a sentence begins with and no name does.
    pub small: WordList,
    /// Others that are no name before or behind a verb of saying.
    pub no_names: WordList,
    /// Words that are no name although they stand before a verb of saying where a sentence begins.
    pub openers: WordList,
    /// Between the last two of several.
    pub joins: WordList,
}

/// Words of questions.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Questions {
    /// With these a question goes on with what was said before.
    pub go_on: WordList,
    /// These stand for somebody or something that was spoken of before.
    pub spoken_of: WordList,
    /// Who is spoken to.
    pub you: WordList,
    /// Who speaks.
    pub i: WordList,
}

/// How words are attributed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Speech {
    /// Verbs of saying.
    pub verbs: WordList,
    /// `according to`.
    pub according: Phrases,
}

/// What stands beside quoted words: who said them, and where in a book.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attributions {
    /// A page: `Page 3 of 12`.
    pub pages: WordList,
    /// Between the number of a page and of all pages.
    pub of: WordList,
    /// A place in a book or an e-book, before or behind a number.
    pub places: WordList,
    /// Before the number of a page of a work already named, or of another place.
    pub refers: WordList,
    /// Small words within names and titles.
    pub particles: WordList,
    /// Those of them with which a name may begin.
    pub openers: WordList,
    /// Who speaks, beside a verb and between commas: `he writes`.
    pub pronouns: WordList,
}

/// What turns a statement round, limits it or makes it less sure.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Statements {
    /// Words that turn a statement round.
    pub negations: WordList,
    /// Beginnings of words that do: French `n'`.
    pub negation_beginnings: Vec<String>,
    /// Endings of words that do: `n't`.
    pub negation_endings: Vec<String>,
    /// Those right before a quotation that turn round what is quoted.
    pub reversals: WordList,
    /// Other words by which a writer denies what is quoted.
    pub denials: WordList,
    /// Words that make a statement less sure.
    pub hedges: WordList,
    /// Modal verbs; those of a row may stand for one another.
    pub modals: Rows,
    /// Other words that change how much is said.
    pub amounts: WordList,
    /// Words with which a sentence goes on to limit what it said.
    pub limiters: Phrases,
    /// Words that an ellipsis must not hide.
    pub hidden: WordList,
    /// Words by which a writer carries such a limit himself.
    pub carried: WordList,
}

/// What a writer says of a quotation, and of words in quotation marks that are none.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Writing {
    /// Conjunctions by which a writer fits a quoted clause into a sentence: `that`.
    pub conjunctions: WordList,
    /// In brackets within a quotation: `emphasis added`.
    pub comments: Phrases,
    /// What has a title: `essay`.
    pub works: WordList,
    /// Before a title, however similar it is to the source's own words: `entitled`.
    pub titled: WordList,
    /// Question words that begin many titles and few quotations: `why`.
    pub asks: WordList,
    /// Words that stay in lower case within a title: `the`.
    pub title_small: WordList,
    /// Before a term or a title: `so-called`.
    pub cues: Vec<String>,
    /// Behind a term that is explained: `means`.
    pub explained: Vec<String>,
    /// Words behind which a number belongs to the text: `fig`.
    pub counted: WordList,
    /// What begins a note in brackets: `citation`.
    pub notes: WordList,
}

/// The tables of file `at`, read when they are first asked for: a session in English reads one file.
fn tables(at: usize) -> &'static Tables {
    static TABLES: LazyLock<Box<[OnceLock<Tables>]>> =
        LazyLock::new(|| FILES.iter().map(|_| OnceLock::new()).collect());
    TABLES[at].get_or_init(|| match toml::from_str(FILES[at].text) {
        Ok(tables) => tables,
        // The tests read every file.
        Err(error) => unreachable!("{}.toml: {error}", FILES[at].tag),
    })
}

impl Language {
    /// Neither of them: a word is in no list.
    const NONE: Self = Self(0);

    /// The language with the ISO 639-3 code that the detector gives. Without a code, and for a language whose file
    /// is not filled for the checks, [`Language::unknown`].
    #[must_use]
    pub fn of(code: Option<&str>) -> Self {
        let filled = |at: &usize| tables(*at).scope == Scope::Checks;
        let at = code.and_then(|code| FILES.iter().position(|file| file.code == code)).filter(filled);
        at.map_or_else(Self::unknown, |at| Self(1 << at))
    }

    /// The language with the tag `lang` (`de-DE`), as front matter names it; see [`Language::of`].
    #[must_use]
    pub fn of_tag(lang: Option<&str>) -> Self {
        let primary = |lang: &str| lang.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let file = lang.map(primary).and_then(|tag| FILES.iter().find(|file| file.tag == tag));
        Self::of(file.map(|file| file.code))
    }

    /// Of a text whose language nobody knows: English and the languages of other alphabets, whose words can't be
    /// taken for English ones.
    #[must_use]
    pub fn unknown() -> Self {
        let other = |at: &usize| FILES[*at].script != "Latn" && tables(*at).scope == Scope::Checks;
        (0..FILES.len()).filter(other).fold(Self::english(), |all, at| all.or(Self(1 << at)))
    }

    /// English.
    #[must_use]
    pub fn english() -> Self {
        FILES.iter().position(|file| file.code == "eng").map_or(Self::NONE, |at| Self(1 << at))
    }

    /// All languages, for words that are looked for before anything is known of the text.
    #[must_use]
    pub fn every() -> Self {
        (0..FILES.len()).fold(Self::NONE, |all, at| all.or(Self(1 << at)))
    }

    /// This language or `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The tables of each language, in the order of their tags.
    pub fn tables(self) -> impl Iterator<Item = &'static Tables> {
        (0..FILES.len()).filter(move |at| self.0 & (1 << at) != 0).map(tables)
    }

    /// Whether a list that `list` picks has `word`; see [`WordList::has`] for its spelling.
    #[must_use]
    pub fn has(self, word: &str, list: impl Fn(&'static Tables) -> &'static WordList) -> bool {
        self.tables().any(|tables| list(tables).has(word))
    }

    /// Whether `word`, in lower case, turns a statement round.
    #[must_use]
    pub fn negates(self, word: &str) -> bool {
        self.has(word, |tables| &tables.statements.negations) || self.holds_negation(word)
    }

    /// Whether a negation is written together with another word in `word`, in lower case: `don't`, `n'est`.
    #[must_use]
    pub fn holds_negation(self, word: &str) -> bool {
        self.tables().map(|tables| &tables.statements).any(|statements| {
            statements.negation_endings.iter().any(|ending| word.ends_with(ending.as_str()))
                || statements.negation_beginnings.iter().any(|beginning| word.starts_with(beginning.as_str()))
        })
    }

    /// The number, counted from 0, of the month that `word` names in any form; small letters.
    #[must_use]
    pub fn month(self, word: &str) -> Option<usize> {
        self.tables().find_map(|tables| tables.calendar.months.row(word))
    }

    /// The amount that the number word `word`, in lower case, stands for.
    #[must_use]
    pub fn number(self, word: &str) -> Option<f64> {
        self.tables().map(|tables| &tables.numbers).find_map(|numbers| {
            let joined = || {
                let joint = Some(numbers.joint.as_str()).filter(|joint| !joint.is_empty())?;
                word.match_indices(joint).find_map(|(at, _)| {
                    let units = numbers.words.get(&word[..at]).filter(|units| *units < 10.0)?;
                    let tens = numbers.words.get(&word[at + joint.len()..])?;
                    (20.0..100.0).contains(&tens).then_some(units + tens)
                })
            };
            numbers.words.get(word).or_else(joined)
        })
    }

    /// Whether `word`, in lower case, is a number or multiplies one; not a sign such as `bn`.
    #[must_use]
    pub fn counts(self, word: &str) -> bool {
        self.number(word).is_some() || self.tables().any(|tables| tables.numbers.scales.get(word).is_some())
    }

    /// What `word`, in lower case, multiplies the number before it by.
    #[must_use]
    pub fn scale(self, word: &str) -> Option<f64> {
        let numbers = || self.tables().map(|tables| &tables.numbers);
        let scale = numbers().find_map(|numbers| numbers.scales.get(word));
        scale.or_else(|| numbers().find_map(|numbers| numbers.signs.get(word)))
    }
}

#[cfg(test)]
mod tests;
