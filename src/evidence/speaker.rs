//! Who speaks: words that a source itself puts in quotation marks are somebody else's, often
//! named beside them; and a brief may name a speaker of its own. Says nothing when in doubt.

/// Verbs by which texts attribute words.
const VERBS: [&str; 40] = [
    "said",
    "says",
    "say",
    "told",
    "tells",
    "wrote",
    "writes",
    "argued",
    "argues",
    "warned",
    "warns",
    "added",
    "adds",
    "noted",
    "notes",
    "stated",
    "states",
    "claimed",
    "claims",
    "insisted",
    "insists",
    "explained",
    "explains",
    "declared",
    "declares",
    "announced",
    "announces",
    "remarked",
    "replied",
    "asked",
    "called",
    "quipped",
    "tweeted",
    "observed",
    "observes",
    "concluded",
    "concludes",
    "admitted",
    "stressed",
    "stresses",
];

/// The words around a quotation in which its speaker is looked for, in characters on each side.
const REACH: usize = 160;

/// Who speaks the words at bytes `start..end` of `passage`, when they stand in quotation marks
/// there and a name stands beside a verb of saying. The outer option: whether they stand in marks.
pub(super) fn in_source(passage: &str, start: usize, end: usize) -> Option<Option<String>> {
    let (before, after) = (passage.get(..start)?, passage.get(end..)?);
    if !inside_marks(before, after) {
        return None;
    }
    let close = after.find(['”', '"', '»']).map_or(after.len(), |at| at);
    let open = before.rfind(['“', '"', '«']).unwrap_or(0);
    let behind = after[close..].trim_start_matches(['”', '"', '»', ',', ' ']);
    let head = sentence_end(before, open);
    Some(attribution(clip(behind, REACH)).or_else(|| attribution(head)))
}

/// Whom the words of a brief around a quotation name as its speaker, if they name anyone.
pub(super) fn in_brief(before: &str, after: &str) -> Option<String> {
    attribution(before).or_else(|| attribution(clip(after.trim_start_matches([',', ' ']), REACH)))
}

fn inside_marks(before: &str, after: &str) -> bool {
    if before.contains('“') || after.contains('”') {
        let opened = before.rfind('“');
        return opened.is_some_and(|at| !before[at..].contains('”')) && after.contains('”');
    }
    before.matches('"').count() % 2 == 1 && after.contains('"')
}

/// What of `before` belongs to the sentence of its byte `open`.
fn sentence_end(before: &str, open: usize) -> &str {
    let head = &before[..open];
    let from = head.rfind(['.', '?', '!']).map_or(0, |at| at + 1);
    &head[from..]
}

fn clip(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    // The speaker is named in the same sentence.
    text.find(". ").map_or(text, |at| &text[..at])
}

/// The name next to a verb of saying or behind “according to”.
fn attribution(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    for (at, word) in words.iter().enumerate() {
        let word = bare(word);
        let according = word == "to" && at > 0 && bare(words[at - 1]) == "according";
        if let Some(name) = according.then(|| name_from(&words[at + 1..])).flatten() {
            return Some(name);
        }
        if VERBS.contains(&word.as_str()) {
            let name = name_before(&words[..at]).or_else(|| name_from(&words[at + 1..]));
            if name.is_some() {
                return name;
            }
        }
    }
    None
}

fn is_name(word: &str) -> bool {
    const NO_NAMES: [&str; 24] = [
        "The", "A", "An", "He", "She", "It", "They", "We", "I", "You", "This", "That", "But", "And", "As",
        "In", "On", "At", "His", "Her", "Who", "What", "When", "One",
    ];
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    bare.chars().next().is_some_and(char::is_uppercase)
        && bare.chars().count() > 1
        && !NO_NAMES.contains(&bare)
}

/// The run of capitalised words that `words` start with, a title or article before it left out.
fn name_from(words: &[&str]) -> Option<String> {
    let skipped = words.iter().take(6).take_while(|word| !is_name(word) && !word.ends_with(',')).count();
    let run: Vec<&str> =
        words[skipped.min(words.len())..].iter().copied().take_while(|word| is_name(word)).take(4).collect();
    name(&run)
}

fn name_before(words: &[&str]) -> Option<String> {
    let mut run: Vec<&str> = words.iter().rev().copied().take_while(|word| is_name(word)).take(4).collect();
    run.reverse();
    name(&run)
}

fn name(run: &[&str]) -> Option<String> {
    let name: Vec<&str> = run.iter().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    (!name.is_empty()).then(|| name.join(" "))
}

/// Whether two names can be one person's: a word of one is a word of the other.
pub(super) fn same(a: &str, b: &str) -> bool {
    let words = |name: &str| name.split(' ').map(str::to_lowercase).collect::<Vec<_>>();
    let b = words(b);
    words(a).iter().any(|word| b.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(passage: &str, words: &str) -> Option<Option<String>> {
        let start = passage.find(words).expect("the words");
        in_source(passage, start, start + words.len())
    }

    #[test]
    fn a_speaker_is_named_beside_the_marks() {
        let said = "“We waited for days,” said harbour master Ada Moss. Nobody came.";
        assert_eq!(source(said, "waited for days"), Some(Some("Ada Moss".into())));
        assert_eq!(source("Ann Reed told us: “It was cold.”", "It was cold"), Some(Some("Ann Reed".into())));
        assert_eq!(source("She said it was “very cold” then.", "very cold"), Some(None));
        assert_eq!(source("Ann Reed said it was very cold.", "very cold"), None);
    }

    #[test]
    fn a_brief_names_one_or_none() {
        assert_eq!(in_brief("According to Ada Moss, ", ""), Some("Ada Moss".into()));
        assert_eq!(in_brief("The tables were ", " in spring"), None);
        assert!(same("Moss", "Ada Moss") && !same("Reed", "Ada Moss"));
    }
}
