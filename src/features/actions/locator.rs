//! Adds the missing locator to the citation of verified words.

use super::action::{Action, Ask, REWRITE};
use crate::brief::Brief;
use crate::brief::citation::Citation;
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
        let Some(named) = text.and_then(|text| text.locus_of(text.passages.get(place.passage)?, place.span))
        else {
            continue;
        };
        let (at, locator) = if !citation.author_in_text {
            (citation.span.end, format!(", {named}"))
        } else if let Some(open) = bracket_behind(brief, citation) {
            // In `@a [and more]` there is a suffix in the bracket, in `@a [@b]` another citation.
            let inner = &brief.text.as_str()[open + 1..];
            let mark = if citation.suffix.trim().is_empty() {
                "; "
            } else if inner.trim_start().starts_with(',') {
                ""
            } else {
                ", "
            };
            (open + 1, format!("{named}{mark}"))
        } else {
            (citation.span.end, format!(" [{named}]"))
        };
        let end = Span::new(at, at);
        let title = format!("Add the locator {named}");
        if !out.iter().any(|known| known.title == title) {
            out.extend(ask.action(title, REWRITE, vec![(end, locator)]));
        }
    }
}

/// Where the bracket of an author-in-text citation opens.
fn bracket_behind(brief: &Brief, citation: &Citation) -> Option<usize> {
    let group = brief.groups.get(citation.group)?;
    let behind = brief.text.slice(Span::new(citation.span.end, group.span.end));
    let open = behind.find('[').filter(|&at| behind[..at].trim().is_empty())?;
    Some(citation.span.end + open)
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
    fn what_stands_in_the_bracket_stays_behind_it() {
        for (brief, expected) in [
            (
                "@mos<|>s2020 [and others] says it would “begin work before the winter”.",
                "@moss2020 [¶ 2, and others] says it would “begin work before the winter”.",
            ),
            (
                "@mos<|>s2020 [@reed2021] says it would “begin work before the winter”.",
                "@moss2020 [¶ 2; @reed2021] says it would “begin work before the winter”.",
            ),
            (
                "It would “begin work before the winter” [@mos<|>s2020 and others].",
                "It would “begin work before the winter” [@moss2020, ¶ 2 and others].",
            ),
        ] {
            check(brief, "Add the locator", &[expected]);
        }
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
