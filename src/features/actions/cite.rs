//! Adds the missing citation to a quotation.

use super::action::{Action, Ask, REWRITE};
use crate::config::{Code, Level};
use crate::evidence;
use crate::evidence::verdict::FEWEST_UNCITED;
use crate::text::Span;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file) else { return };
    let brief = brief.brief();
    // For long quotations the finding says where they occur and offers the fix. Short ones are looked up only
    // on request, because many a term occurs in a source.
    let told = ask.snap.config.level(Code::QuotationUncited) != Level::Off;
    for quotation in &brief.quotations {
        if !ask.invoked || !ask.touches(quotation.span) || !quotation.citations.is_empty() {
            continue;
        }
        let found = evidence::check(&ask.snap.corpus, &ask.snap.memo, brief, quotation);
        if found.place.is_some() && found.words >= FEWEST_UNCITED && told {
            continue;
        }
        let place = evidence::only_place(&ask.snap.corpus, &ask.snap.memo, brief, quotation);
        let Some(place) = place else { continue };
        let source = ask.snap.corpus.source(place.source);
        let locus =
            source.text().and_then(|text| text.locus_of(text.passages.get(place.passage)?, place.span));
        let reference = match locus {
            Some(locator) => format!("@{}, {locator}", source.key),
            None => format!("@{}", source.key),
        };
        let at = quotation.place_of_citation(brief.text.as_str());
        let edits = vec![(Span::new(at, at), format!(" [{reference}]"))];
        out.extend(ask.action(format!("Cite {reference}"), REWRITE, edits));
    }
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::check;

    #[test]
    fn short_words_that_stand_in_one_place_are_cited() {
        check(
            "They spoke of “a shil<|>ling for each copy”, no more.",
            "Cite",
            &["They spoke of “a shilling for each copy” [@reed2021, ¶ 1], no more."],
        );
        check(
            "> the wind explains<|> what they miss\n\nSo.",
            "Cite",
            &["> the wind explains what they miss [@reed2021, ¶ 2]\n\nSo."],
        );
    }

    #[test]
    fn nothing_is_guessed() {
        for brief in [
            // Occurs in two passages, in none, is too short, is cited, is long enough for the finding.
            "Of “the <|>moon”.",
            "Of “the silent har<|>bour bell”.",
            "Of “silt <|>up”.",
            "Of “a shil<|>ling for each copy” [@moss2020].",
            "“Tide tables were first printed for the pi<|>lots of the estuary”, so.",
            "They spoke of “a shilling for each copy”, no <|>more.",
        ] {
            check(brief, "Cite", &[]);
        }
    }

    #[test]
    fn what_stands_twice_is_not_cited() {
        let both = "They “knew that <|>well enough”.";
        let fixture = format!(
            "//- a.txt\nOn Silt\n\nThe pilots knew that well enough, and told nobody of it at all.\n\n\
             Nor did the captains say that they knew that well enough.\n//- refs.bib\n@misc{{a, file={{a.txt}}}}\n//- brief.md\n{both}"
        );
        assert!(
            crate::features::actions::tests::titles(&fixture).iter().all(|title| !title.starts_with("Cite"))
        );
    }
}
