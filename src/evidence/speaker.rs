//! Speakers: words that a source puts in quotation marks are somebody else's, often named next to them, and a
//! brief may name a speaker too. Returns nothing when in doubt.

/// Verbs with which texts attribute words.
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

/// How far around a quotation to look for its speaker, in characters on each side.
const REACH: usize = 160;

/// The speaker of the words at bytes `start..end` of `passage`, and the text that names them. `None` if the
/// words are not in quotation marks there, `Some(None)` if they are but no name appears beside a verb of
/// saying.
pub(super) fn in_source(passage: &str, start: usize, end: usize) -> Option<Option<(String, String)>> {
    let (before, after) = (passage.get(..start)?, passage.get(end..)?);
    if !inside_marks(before, after) {
        return None;
    }
    // For joined halves, the speaker is named between them.
    let spoken = &passage[start..end];
    let after = spoken.find(['”', '"', '»']).map_or(after, |at| &passage[start + at..]);
    let close = after.find(['”', '"', '»']).map_or(after.len(), |at| at);
    let open = before.rfind(['“', '"', '«']).unwrap_or(0);
    let behind = after[close..].trim_start_matches(['”', '"', '»', ',', ' ']);
    let head = sentence_end(before, open);
    let found = |text: &str| attribution(text).map(|name| (name, text.to_owned()));
    Some(found(clip(behind, REACH)).or_else(|| found(head)))
}

/// The speaker that a brief names around a quotation, if any. A capitalized word at the start of the sentence
/// does not count as a name if `is_common` knows it.
pub(super) fn in_brief(before: &str, after: &str, is_common: impl Fn(&str) -> bool) -> Option<String> {
    // “Moss said “a”, Reed “b””: text before another quotation refers to that one first.
    let nearest = before.rfind('”').map_or(before, |at| &before[at..]);
    let found = attribution(nearest).or_else(|| {
        let behind = after.trim_start_matches([',', ' ', '”']);
        let behind = behind.find('“').map_or(behind, |at| &behind[..at]);
        attribution(clip(behind, REACH))
    });
    // A citation ended what was said there.
    let closed = nearest.contains("[@") && nearest.len() < before.len();
    let found = found.or_else(|| attribution(before).filter(|_| !closed))?;
    let begins = before.trim_start().starts_with(&found) && !found.contains(' ');
    (!begins || !opens_sentences(&found) && !is_common(&found)).then_some(found)
}

/// Words that often begin a sentence before a verb of saying without being names.
fn opens_sentences(word: &str) -> bool {
    const OPENERS: [&str; 58] = [
        "Others",
        "Another",
        "Some",
        "Many",
        "Most",
        "Several",
        "Few",
        "Both",
        "Each",
        "All",
        "None",
        "Nobody",
        "Everyone",
        "Everybody",
        "Someone",
        "Somebody",
        "People",
        "Critics",
        "Officials",
        "Analysts",
        "Experts",
        "Observers",
        "Sources",
        "Scholars",
        "Historians",
        "Economists",
        "Scientists",
        "Researchers",
        "Witnesses",
        "Residents",
        "Supporters",
        "Opponents",
        "Reports",
        "Studies",
        "Papers",
        "Authors",
        "Later",
        "Then",
        "Here",
        "There",
        "Once",
        "Now",
        "Also",
        "Yet",
        "Still",
        "So",
        "After",
        "Before",
        "While",
        "If",
        "To",
        "By",
        "Since",
        "Although",
        "Though",
        "Because",
        "These",
        "Those",
    ];
    OPENERS.contains(&word)
}

fn inside_marks(before: &str, after: &str) -> bool {
    if before.contains('“') || after.contains('”') {
        let opened = before.rfind('“');
        return opened.is_some_and(|at| !before[at..].contains('”')) && after.contains('”');
    }
    before.matches('"').count() % 2 == 1 && after.contains('"')
}

/// The part of `before` that belongs to the sentence at its byte `open`.
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

/// The name next to a verb of saying or after “according to”.
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

/// The capitalized words at the start of `words`, skipping a title or article.
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

/// Whether two names may refer to the same person: they share a word.
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
        in_source(passage, start, start + words.len()).map(|found| found.map(|(name, _)| name))
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
        let named = |before: &str, after: &str| in_brief(before, after, |word| word == "Pilots");
        assert_eq!(named("According to Ada Moss, ", ""), Some("Ada Moss".into()));
        assert_eq!(named("Moss said that ", ""), Some("Moss".into()));
        assert_eq!(named("Moss said “”, and Ann Reed wrote ", ""), Some("Ann Reed".into()));
        assert_eq!(named("Moss said “” and ", "."), Some("Moss".into()));
        assert_eq!(named("The tables were ", " in spring"), None);
        assert_eq!(named("Others say that ", ""), None);
        assert_eq!(named("Pilots say that ", ""), None);
        assert!(same("Moss", "Ada Moss") && !same("Reed", "Ada Moss"));
    }
}
