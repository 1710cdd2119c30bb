//! The part of a passage to show in a list of matches for a query.

use regex::Regex;

use crate::text::language::Language;
use crate::text::sentence;

/// Matches any word of `query` in a passage; short words are ignored because they occur everywhere.
pub(super) fn any_of(query: &str) -> Option<Regex> {
    let words = query.split_whitespace().filter(|word| word.chars().count() > 3).map(regex::escape);
    let words: Vec<String> = words.collect();
    let any = format!("(?i)\\b(?:{})", words.join("|"));
    if words.is_empty() { None } else { Regex::new(&any).ok() }
}

/// `words` from the first sentence that `asked` matches, so that a list shows why the passage is in it.
pub(super) fn excerpt(language: Language, words: String, asked: Option<&Regex>) -> String {
    let found = asked.and_then(|asked| asked.find(&words)).map_or(0, |found| found.start());
    let start = sentence::starts(language, &words).into_iter().rev().find(|start| *start <= found);
    match start {
        Some(start) => format!("… {}", &words[start..]),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_shown_from_the_sentence_that_was_looked_for() {
        let words = "The moon pulls. U.S. pilots knew. Do they still? “They do.” The Wind explains more.";
        for (query, shown) in [
            ("moon", words),
            ("wind explains", "… The Wind explains more."),
            ("still", "… Do they still? “They do.” The Wind explains more."),
            // A short word, or another form of a word, does not show where to start.
            ("do", words),
            ("(explaining", words),
        ] {
            assert_eq!(
                excerpt(Language::english(), words.to_owned(), any_of(query).as_ref()),
                shown,
                "{query}"
            );
        }
    }
}
