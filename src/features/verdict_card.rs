//! The card of a quotation: the verdict and its evidence. As in [`super::card`], it reads well as plain text,
//! and everything from a source is escaped.

use super::card::{PASSAGE, place, short};
use super::markup::{clip, escape};
use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::evidence::verdict::{Difference, Evidence, Verdict};
use crate::evidence::{EditKind, comes_before};
use crate::features::lookup::once_called;

/// The card for `quotation`; `None` if there is nothing to say: too few words, no citation.
#[must_use]
pub fn quotation(
    corpus: &Corpus,
    brief: &Brief,
    quotation: &Quotation,
    evidence: &Evidence,
) -> Option<String> {
    let Some(found) = &evidence.place else {
        let citations = || quotation.citations.iter().filter_map(|&at| brief.citations.get(at));
        return match evidence.verdict {
            Verdict::NotFound => {
                let keys: Vec<String> = citations().map(|citation| escape(&citation.key)).collect();
                Some(format!("**Not found** in the text of {}.", keys.join(" or ")))
            }
            _ if evidence.why.contains("no text") => {
                let cited: Vec<&str> = citations().map(|citation| citation.key.as_str()).collect();
                let renamed = cited.iter().find_map(|key| Some((key, once_called(corpus, key)?)));
                match renamed {
                    Some((key, (id, file))) => Some(format!(
                        "**Not checked**: {} is cited as {}, and is now @{}.",
                        escape(&file),
                        escape(key),
                        escape(&corpus.source(id).key)
                    )),
                    None if cited.is_empty() => None,
                    None => Some(format!("**Not checked**: {}.", evidence.why)),
                }
            }
            _ => None,
        };
    };
    let source = corpus.source(found.source);
    let text = source.text()?;
    let passage = text.passages.get(found.passage)?;
    let at = format!("{}, {}", short(source), place(text, passage));
    let why = &evidence.why;
    let mut card = match evidence.verdict {
        Verdict::Verbatim => format!("**Verbatim** in {at}"),
        Verdict::Edited => format!("**Quoted with permitted edits** from {at}"),
        Verdict::Altered => format!("**Altered** from {at}"),
        Verdict::Spliced => {
            format!("**Spliced**: the parts do not follow one another; the first is in {at}")
        }
        Verdict::Truncated if comes_before(why) => {
            format!("**Cut off** after “{why}”: {at}")
        }
        Verdict::Truncated => format!("**Cut off** before “{why}”: {at}"),
        Verdict::HiddenLimiter => format!("**The ellipsis hides “{why}”**: {at}"),
        Verdict::Furniture => format!("**Only in furniture**: {at}"),
        Verdict::OtherSource => format!("**In another source**: {at}"),
        Verdict::WrongSpeaker => format!("**Another speaker** than {}: {at}", escape(why)),
        Verdict::NotFound | Verdict::Unchecked => return None,
    };
    if !evidence.edits.is_empty() {
        let edits: Vec<&str> = evidence.edits.iter().map(|edit| described(*edit)).collect();
        card.push_str(&format!("  \n{}", edits.join("; ")));
    }
    for difference in &evidence.differences {
        card.push_str(&format!("\n- {}", line(difference)));
    }
    if let Some(speaker) = &evidence.speaker {
        card.push_str(&format!("\n\nThere, the source quotes {}.", escape(speaker)));
    }
    card.push_str("\n\n> ");
    card.push_str(&clip(&escape(text.words(passage)), PASSAGE));
    Some(card)
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
fn line(difference: &Difference) -> String {
    let (mine, theirs) = (escape(&clip(&difference.brief, 200)), escape(&clip(&difference.source, 200)));
    match (mine.is_empty(), theirs.is_empty()) {
        (false, false) => format!("you: “{mine}” · source: “**{theirs}**”"),
        (true, _) => format!("omitted: “**{theirs}**”"),
        (false, true) => format!("not in the source: “{mine}”"),
    }
}
