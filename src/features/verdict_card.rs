//! The card of a quotation: the verdict and its evidence.

use super::card::{Card, Line, excerpt, own, place, short, strong, taken, words};
use super::markup::{clip, flat};
use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::evidence::EditKind;
use crate::evidence::verdict::{Difference, Evidence, Reason, Unchecked, Verdict};
use crate::features::lookup::once_called;

/// Longest words of a difference, in characters.
const DIFFERENCE: usize = 200;

/// The card for `quotation`; `None` if there is nothing to say: too few words, no citation.
#[must_use]
pub fn quotation(corpus: &Corpus, brief: &Brief, quotation: &Quotation, evidence: &Evidence) -> Option<Card> {
    let Some(found) = &evidence.place else {
        let citations = || quotation.citations.iter().filter_map(|&at| brief.citations.get(at));
        return match evidence.unchecked() {
            None if evidence.verdict == Verdict::NotFound => {
                let keys = Line::joined(citations().map(|citation| taken(&citation.key).into()), " or ");
                Some(Card::of([words![strong("Not found"), " in the text of "].and(keys).and(".")]))
            }
            Some(why @ (Unchecked::NoText | Unchecked::TextMissing)) => {
                let cited: Vec<&str> = citations().map(|citation| citation.key.as_str()).collect();
                let renamed = cited.iter().find_map(|key| Some((key, once_called(corpus, key)?)));
                let why = match renamed {
                    Some((key, (id, file))) => words![
                        taken(&file),
                        " is cited as ",
                        taken(key),
                        ", and is now @",
                        taken(&corpus.source(id).key),
                        "."
                    ],
                    None if cited.is_empty() => return None,
                    None => words![own(why.to_string()), "."],
                };
                Some(Card::of([words![strong("Not checked"), ": "].and(why)]))
            }
            _ => None,
        };
    };
    let source = corpus.source(found.source);
    let text = source.text()?;
    let passage = text.passages.get(found.passage)?;
    let at = short(source).and(words![", ", taken(&place(text, passage))]);
    let verdict = match evidence.verdict {
        Verdict::Verbatim => words![strong("Verbatim"), " in "],
        Verdict::Edited => words![strong("Quoted with permitted edits"), " from "],
        Verdict::Altered => words![strong("Altered"), " from "],
        Verdict::Spliced => {
            words![strong("Spliced"), ": the parts do not follow one another; the first is in "]
        }
        Verdict::Furniture => words![strong("Only in furniture"), ": "],
        Verdict::OtherSource => words![strong("In another source"), ": "],
        Verdict::Truncated | Verdict::HiddenLimiter | Verdict::WrongSpeaker => match &evidence.reason {
            Reason::Before(word) => words![strong("Cut off"), " after “", taken(word), "”: "],
            Reason::After(word) => words![strong("Cut off"), " before “", taken(word), "”: "],
            Reason::Omitted(word) => words![strong(words!["The ellipsis hides “", taken(word), "”"]), ": "],
            Reason::Named(speaker) => words![strong("Another speaker"), " than ", taken(speaker), ": "],
            Reason::Words | Reason::Unchecked(_) => return None,
        },
        Verdict::NotFound | Verdict::Unchecked => return None,
    };
    let mut lines = vec![verdict.and(at)];
    if !evidence.edits.is_empty() {
        lines.push(Line::joined(evidence.edits.iter().map(|edit| described(*edit).into()), "; "));
    }
    let mut card = Card::of(lines).items(evidence.differences.iter().map(differs));
    if let Some(speaker) = &evidence.speaker {
        card = card.and(words!["There, the source quotes ", taken(speaker), "."]);
    }
    Some(card.quotation([excerpt(text, passage)]))
}

/// The edit in words, for a list.
pub(super) fn described(edit: EditKind) -> &'static str {
    match edit {
        EditKind::Case => "letter case changed",
        EditKind::Brackets => "words in brackets",
        EditKind::Comment => "a comment in brackets",
        EditKind::Omission => "words omitted with an ellipsis",
        EditKind::Joined => "halves joined across the source’s own words",
        EditKind::Misprint => "a misprint corrected",
        EditKind::Punctuation => "punctuation changed",
    }
}

/// One difference, the brief's words first.
fn differs(difference: &Difference) -> Line {
    let words = |words: &str| taken(&clip(&flat(words), DIFFERENCE));
    let (mine, theirs) = (words(&difference.brief), strong(words(&difference.source)));
    match (difference.brief.trim().is_empty(), difference.source.trim().is_empty()) {
        (false, false) => words!["you: “", mine, "” · source: “", theirs, "”"],
        (true, _) => words!["omitted: “", theirs, "”"],
        (false, true) => words!["not in the source: “", mine, "”"],
    }
}
