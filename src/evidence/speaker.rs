//! Speakers: words that a source puts in quotation marks are somebody else's, often named next to them, and a
//! brief may name a speaker too. Returns nothing when in doubt.

use crate::text::language::Language;
use crate::text::sentence;
use crate::text::words::spelled;

/// How far around a quotation to look for its speaker, in characters on each side.
const REACH: usize = 160;

/// The speaker of the words at bytes `start..end` of `passage`, and the text that names them. `None` if the
/// words are not in quotation marks there, `Some(None)` if they are but no name appears beside a verb of
/// saying.
pub(super) fn in_source(
    language: Language,
    passage: &str,
    start: usize,
    end: usize,
) -> Option<Option<(String, String)>> {
    let (before, after) = (passage.get(..start)?, passage.get(end..)?);
    let open = opening(before, after)?;
    // For joined halves, the speaker is named between them.
    let spoken = &passage[start..end];
    let closing: &[char] =
        if before[open..].starts_with('„') { &['“', '”'] } else { &['”', '"', '»'] };
    let after = spoken.find(closing).map_or(after, |at| &passage[start + at..]);
    let close = after.find(closing).unwrap_or(after.len());
    let behind = after[close..].trim_start_matches(['”', '"', '»', '“', ',', ' ', '\u{a0}']);
    // With the mark that opens, since a sentence may begin with it.
    let mark = before[open..].chars().next().map_or(0, char::len_utf8);
    let from = sentence::starts(language, &before[..open + mark]).pop().unwrap_or(0).min(open);
    let found = |text: &str| attribution(language, text).map(|name| (name, text.to_owned()));
    Some(found(clip(language, behind, REACH)).or_else(|| found(&before[from..open])))
}

/// The speaker that a brief names around a quotation, if any. A capitalized word at the start of the sentence
/// does not count as a name if `is_common` knows it.
pub(super) fn in_brief(
    language: Language,
    before: &str,
    after: &str,
    is_common: impl Fn(&str) -> bool,
) -> Option<String> {
    // “Moss said “a”, Reed “b””: text before another quotation refers to that one first.
    let nearest = before.rfind('”').map_or(before, |at| &before[at..]);
    let found = attribution(language, nearest).or_else(|| {
        let behind = after.trim_start_matches([',', ' ', '”']);
        let behind = behind.find('“').map_or(behind, |at| &behind[..at]);
        attribution(language, clip(language, behind, REACH))
    });
    // A citation ended what was said there.
    let closed = nearest.contains("[@") && nearest.len() < before.len();
    let found = found.or_else(|| attribution(language, before).filter(|_| !closed))?;
    let begins = before.trim_start().starts_with(&found) && !found.contains(' ');
    (!begins || !language.has(&spelled(&found), |tables| &tables.sentences.openers) && !is_common(&found))
        .then_some(found)
}

/// Where the quotation marks open that `before` leaves open and `after` closes.
fn opening(before: &str, after: &str) -> Option<usize> {
    if !before.contains(['“', '„', '«']) && !after.contains('”') {
        let open = before.rfind('"').filter(|_| before.matches('"').count() % 2 == 1);
        return open.filter(|_| after.contains('"'));
    }
    let mut open: Option<(usize, char)> = None;
    for (at, c) in before.char_indices() {
        open = match (c, open) {
            ('“', Some((_, '„'))) | ('”' | '»', _) => None,
            ('“' | '„' | '«', _) => Some((at, c)),
            _ => open,
        };
    }
    let closing: &[char] = match open?.1 {
        '„' => &['“', '”'],
        '«' => &['»'],
        _ => &['”'],
    };
    open.filter(|_| after.contains(closing)).map(|(at, _)| at)
}

/// The first `characters` of `text`, and of these the first sentence: a speaker is named in the same.
fn clip(language: Language, text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    sentence::starts(language, text).first().map_or(text, |at| &text[..*at])
}

/// The name next to a verb of saying or after “according to”.
fn attribution(language: Language, text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare: Vec<String> = words.iter().map(|word| bare(word)).collect();
    let according = |at: usize| {
        let ends = |phrase: &[Box<str>]| {
            let start = (at + 1).checked_sub(phrase.len());
            start.is_some_and(|start| phrase.iter().zip(&bare[start..=at]).all(|(a, b)| **a == **b))
        };
        language.tables().any(|tables| tables.speech.according.iter().any(ends))
    };
    for (at, word) in bare.iter().enumerate() {
        let behind = || name_from(language, &words[at + 1..]);
        if let Some(name) = according(at).then(behind).flatten() {
            return Some(name);
        }
        if language.has(word, |tables| &tables.speech.verbs) {
            let name = name_before(language, &words[..at]).or_else(behind);
            if name.is_some() {
                return name;
            }
        }
    }
    None
}

/// `word` without marks at its ends, as the lists of a language have it.
fn bare(word: &str) -> String {
    spelled(word.trim_matches(|c: char| !c.is_alphanumeric()))
}

fn is_name(language: Language, word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.chars().next().is_some_and(char::is_uppercase) && bare.chars().count() > 1 && {
        let lower = spelled(bare);
        !language.has(&lower, |tables| &tables.sentences.small)
            && !language.has(&lower, |tables| &tables.sentences.no_names)
    }
}

/// The run of capitalised words that `words` start with, a title or article before it left out. Where every noun has
/// a capital, only two and more words are a name for sure: a title or a first name, and another.
fn name_from(language: Language, words: &[&str]) -> Option<String> {
    let no_name = |word: &&&str| !is_name(language, word) && !word.ends_with(',');
    let most = if has_capital_nouns(language) { 0 } else { 6 };
    let skipped = words.iter().take(most).take_while(no_name).count();
    let rest = words[skipped.min(words.len())..].iter().copied();
    name(language, &rest.take_while(|word| is_name(language, word)).take(4).collect::<Vec<_>>())
}

fn name_before(language: Language, words: &[&str]) -> Option<String> {
    let before = words.iter().rev().copied();
    let mut run: Vec<&str> = before.take_while(|word| is_name(language, word)).take(4).collect();
    run.reverse();
    name(language, &run)
}

fn name(language: Language, run: &[&str]) -> Option<String> {
    let fewest = if has_capital_nouns(language) { 2 } else { 1 };
    let name: Vec<&str> = run.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    (name.len() >= fewest).then(|| name.join(" "))
}

fn has_capital_nouns(language: Language) -> bool {
    language.tables().any(|tables| tables.capitalises_nouns)
}

/// Whether two names can be one person's: a word of one is a word of the other, but for its ending where names have
/// several. Of names in different alphabets nobody can tell, so they can.
pub(super) fn same(language: Language, a: &str, b: &str) -> bool {
    let latin = |name: &str| name.chars().any(|c| c.is_alphabetic() && c < LATIN_ENDS);
    let inflects = language.tables().any(|tables| tables.inflects_names);
    let words = |name: &str| name.split(' ').map(str::to_lowercase).collect::<Vec<_>>();
    let b_words = words(b);
    latin(a) != latin(b)
        || words(a).iter().any(|a| {
            b_words
                .iter()
                .any(|b| a == b || inflects && stem(a) == stem(b) && stem(a).chars().count() >= STEM)
        })
}

/// Letters from here on are not those of the Latin alphabet (Unicode, Latin Extended-B ends).
const LATIN_ENDS: char = '\u{250}';

/// Fewer letters of a name without its ending may belong to another name.
const STEM: usize = 4;

/// `name` without the letters that change from case to case: `иванов` of `иванову` and `ивановым`, `шевченк` of
/// `шевченка`.
fn stem(name: &str) -> &str {
    name.trim_end_matches(['а', 'е', 'и', 'о', 'у', 'ы', 'я', 'ю', 'й', 'м', 'х', 'ь', 'і', 'ї', 'є', 'г'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(passage: &str, words: &str) -> Option<Option<String>> {
        let start = passage.find(words).expect("the words");
        in_source(Language::english(), passage, start, start + words.len())
            .map(|found| found.map(|(name, _)| name))
    }

    #[test]
    fn a_speaker_is_named_beside_the_marks() {
        let said = "“We waited for days,” said harbour master Ada Moss. Nobody came.";
        assert_eq!(source(said, "waited for days"), Some(Some("Ada Moss".into())));
        assert_eq!(source("Ann Reed told us: “It was cold.”", "It was cold"), Some(Some("Ann Reed".into())));
        let halves = "\"We waited,\" Moss told Reed, \"for days.\" The guard said so.";
        assert_eq!(source(halves, "We waited,\" Moss told Reed, \"for days"), Some(Some("Moss".into())));
        assert_eq!(source("She said it was “very cold” then.", "very cold"), Some(None));
        assert_eq!(source("Ann Reed said it was very cold.", "very cold"), None);
    }

    #[test]
    fn a_brief_names_one_or_none() {
        let named =
            |before: &str, after: &str| in_brief(Language::english(), before, after, |word| word == "Pilots");
        assert_eq!(named("According to Ada Moss, ", ""), Some("Ada Moss".into()));
        assert_eq!(named("Moss said that ", ""), Some("Moss".into()));
        assert_eq!(named("Moss said “”, and Ann Reed wrote ", ""), Some("Ann Reed".into()));
        assert_eq!(named("Moss said “” and ", "."), Some("Moss".into()));
        assert_eq!(named("The tables were ", " in spring"), None);
        assert_eq!(named("Others say that ", ""), None);
        assert_eq!(named("Pilots say that ", ""), None);
        let same = |a, b| same(Language::english(), a, b);
        assert!(same("Moss", "Ada Moss") && !same("Reed", "Ada Moss"));
    }

    #[test]
    fn speakers_of_other_languages() {
        let said = |code, passage: &str, words: &str| {
            let start = passage.find(words).expect("the words");
            in_source(Language::of(Some(code)), passage, start, start + words.len())
                .map(|found| found.map(|(name, _)| name))
        };
        let named = |name: &str| Some(Some(name.to_owned()));
        assert_eq!(
            said("fra", "« Il fait froid », a déclaré le maire Jean Petit.", "fait froid"),
            named("Jean Petit")
        );
        assert_eq!(said("spa", "“Hace frío”, dijo la alcaldesa Ana Gil.", "Hace frío"), named("Ana Gil"));
        assert_eq!(said("rus", "«Там холодно», — сказал Иван Петров.", "Там холодно"), named("Иван Петров"));
        assert_eq!(
            said("ukr", "«Там холодно», — зазначила Олена Бондар.", "Там холодно"),
            named("Олена Бондар")
        );
        assert_eq!(
            said("deu", "„Es ist kalt“, sagte Kanzlerin Roth.", "Es ist kalt"),
            named("Kanzlerin Roth")
        );
        // A noun is no name.
        assert_eq!(said("deu", "„Es ist kalt“, sagte der Minister.", "Es ist kalt"), Some(None));
        let russian = Language::of(Some("rus"));
        assert!(same(russian, "Иванова", "Петр Иванов") && same(russian, "Ivanov", "Иванов"));
        assert!(!same(russian, "Петров", "Иванов"));
    }
}
