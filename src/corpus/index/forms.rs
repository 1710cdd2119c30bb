//! Words that are one word to a reader and two to a stemmer: irregular forms, number words, countries and their
//! people, British and American spelling. Applied to passages and queries alike: two forms must come out alike, as
//! what does not matter. The cut into words is the engine's own ([`crate::text::words`] cuts for quotations): here
//! every letter and digit is indexed, and stems stand for words.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use tantivy::tokenizer::{Token, TokenFilter, TokenStream, Tokenizer};

use crate::text::language::{Language, english};

/// Each base with its forms: irregular forms, number words behind their digits, countries with their people.
fn rows() -> Vec<(String, Vec<String>)> {
    /// Of these the digits are as frequent as the word, and greater ones are rare.
    const NUMBERS: std::ops::RangeInclusive<f64> = 2.0..=90.0;
    let split = |row: &String| {
        let mut words = row.split(' ').map(str::to_owned);
        (words.next().unwrap_or_default(), words.collect())
    };
    let mut rows: Vec<(String, Vec<String>)> = english::index().forms.iter().map(split).collect();
    for numbers in Language::english().tables().map(|tables| &tables.numbers.words) {
        let counted = numbers.sorted().into_iter().filter(|(_, amount)| NUMBERS.contains(amount));
        rows.extend(counted.map(|(word, amount)| (amount.to_string(), vec![word.to_owned()])));
    }
    rows.extend(english::nations().iter().map(|nation| {
        (nation.country.clone(), nation.people.iter().chain(&nation.others).cloned().collect())
    }));
    rows
}

/// The base form of `word` (lower case).
fn base(word: &str) -> Option<&'static str> {
    static TABLE: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let mut table = HashMap::new();
        for (base, forms) in rows() {
            for form in forms {
                table.entry(form).or_insert_with(|| base.clone());
            }
        }
        table
    });
    TABLE.get(word).map(String::as_str)
}

/// `text` with abbreviations that the tokenizer would split joined into one word. The length is unchanged, so
/// offsets stay valid.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (dotted, joined) in [("U.S.", "US  "), ("U.N.", "UN  "), ("U.K.", "UK  "), ("E.U.", "EU  ")] {
        if text.contains(dotted) {
            text = Cow::Owned(text.replace(dotted, joined));
        }
    }
    text
}

/// Shortest word, in bytes, whose spelling is normalized: `four` and `rise` stay.
const SPELT: usize = 6;

/// Turns British into American spelling where endings show it. Some results are not words, but they are the
/// same for both spellings.
fn respell(word: &mut String) {
    if word.len() < SPELT || word == "fourth" {
        return;
    }
    if let Some(at) = word.find("our") {
        word.replace_range(at..at + 3, "or");
    }
    for ending in ["isation", "isations", "ise", "ised", "ises", "ising", "iser", "isers"] {
        if word.ends_with(ending) {
            let at = word.len() - ending.len() + 1;
            word.replace_range(at..=at, "z");
            break;
        }
    }
    // `terrorist` and `terrorism`, `economist` and `economic`: the stemmer does the rest.
    let end = word.trim_end_matches('s').len();
    if end >= 8 && word[..end].ends_with("ist") {
        word.truncate(end - 3);
    }
}

/// The token filter; goes after lower-casing and before the stemmer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forms;

impl TokenFilter for Forms {
    type Tokenizer<T: Tokenizer> = Filtered<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> Filtered<T> {
        Filtered(tokenizer)
    }
}

/// A tokenizer with [`Forms`] applied.
#[derive(Debug, Clone)]
pub(super) struct Filtered<T>(T);

impl<T: Tokenizer> Tokenizer for Filtered<T> {
    type TokenStream<'a> = Stream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        Stream(self.0.token_stream(text))
    }
}

#[derive(Debug)]
pub(super) struct Stream<S>(S);

impl<S: TokenStream> TokenStream for Stream<S> {
    fn advance(&mut self) -> bool {
        if !self.0.advance() {
            return false;
        }
        let text = &mut self.0.token_mut().text;
        match base(text) {
            Some(base) => {
                text.clear();
                text.push_str(base);
            }
            None => respell(text),
        }
        true
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::super::stems;
    use super::*;

    #[test]
    fn forms_of_a_word_come_out_alike() {
        for group in [
            "sold sells selling sale",
            "forty 40",
            "twice two 2",
            "Russian Russians Russia",
            "U.S. US American Americans America",
            "labour labor labours",
            "organise organized organising organization organisations",
            "programme programs",
            "centre centers",
            "economist economists economic",
            "terrorist terrorists terrorism",
            "harbour harbors harbours",
            "died deaths dies",
        ] {
            assert_eq!(stems(group).len(), 1, "{group}: {:?}", stems(group));
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for words in [
            "flour floor",
            "fourth forth",
            "rise rice",
            "promise premise",
            "list lit",
            "left leave",
            "poles pole vault polls",
        ] {
            assert_eq!(stems(words).len(), words.split(' ').count(), "{words}: {:?}", stems(words));
        }
    }

    #[test]
    fn no_form_belongs_to_two_words() {
        let mut seen: HashMap<String, String> = HashMap::new();
        for (base, forms) in rows() {
            for form in forms {
                assert_ne!(form, base);
                let other = seen.insert(form.clone(), base.clone());
                assert!(other.as_ref().is_none_or(|other| *other == base), "{form}: {base} and {other:?}");
            }
        }
        assert_eq!(seen.get("twelve").map(String::as_str), Some("12"));
        assert_eq!(seen.get("danes").map(String::as_str), Some("denmark"));
    }

    #[test]
    fn offsets_stay() {
        let text = "The U.S. and the U.N. in 𝄞 U.K.";
        assert_eq!(joined(text).len(), text.len());
        assert_eq!(joined("Nothing"), "Nothing");
    }
}
