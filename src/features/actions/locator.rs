//! The locator that a citation of checked words lacks.

use super::{Action, Ask, REWRITE};
use crate::evidence;
use crate::evidence::verdict::Verdict;
use crate::text::Span;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file) else { return };
    let brief = brief.brief();
    for quotation in &brief.quotations {
        let owners = quotation.citations.iter().filter_map(|&at| brief.citations.get(at));
        if !ask.touches(quotation.span) && !owners.clone().any(|citation| ask.touches(citation.span)) {
            continue;
        }
        let evidence = evidence::check(&ask.snap.corpus, &ask.snap.memo, brief, quotation);
        let stands = !matches!(
            evidence.verdict,
            Verdict::OtherSource | Verdict::Spliced | Verdict::NotFound | Verdict::Unchecked
        );
        let (Some(place), Some(owner), true) = (evidence.place, evidence.owner, stands) else { continue };
        let Some(citation) = owners.clone().nth(owner).filter(|citation| citation.locator.is_none()) else {
            continue;
        };
        let text = ask.snap.corpus.source(place.source).text();
        let Some(number) = text.and_then(|text| text.passages.get(place.passage)?.number) else { continue };
        let end = Span::new(citation.span.end, citation.span.end);
        let locator =
            if citation.author_in_text { format!(" [¶ {number}]") } else { format!(", ¶ {number}") };
        let title = format!("Add the locator ¶ {number}");
        if !out.iter().any(|known| known.title == title) {
            out.extend(ask.action(title, REWRITE, vec![(end, locator)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::check;

    #[test]
    fn a_missing_locator_is_added() {
        check(
            "It would “begin <|>work before the winter” [see @moss2020].",
            "Add the locator",
            &["It would “begin work before the winter” [see @moss2020, ¶ 2]."],
        );
        check(
            "@mos<|>s2020 says it would “begin work before the winter”.",
            "Add the locator",
            &["@moss2020 [¶ 2] says it would “begin work before the winter”."],
        );
    }

    #[test]
    fn nothing_is_added_where_nothing_is_missing() {
        for brief in [
            "It would “begin <|>work before the winter” [@moss2020, ¶ 2].",
            "It would “begin <|>work before the winter” [@moss2020, p. 9].",
            "It <|>would “begin work before the winter” [@moss2020].",
            "It would “beg<|>in nothing of the kind, ever” [@moss2020].",
        ] {
            check(brief, "Add the locator", &[]);
        }
    }
}
