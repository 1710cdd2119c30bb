//! What can be done at a place of a brief although nothing is wrong there.

use crate::evidence;
use crate::evidence::verdict::Verdict;
use crate::features::diagnostics::Fix;
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// The actions for bytes `range` of the brief `file`.
#[must_use]
pub fn at(snap: &Snapshot, file: &FileId, range: Span) -> Vec<Fix> {
    let Some(brief) = snap.brief(file) else { return Vec::new() };
    let brief = brief.brief();
    let touched = |span: Span| span.start <= range.end && range.start <= span.end;
    let mut actions: Vec<Fix> = Vec::new();
    for quotation in &brief.quotations {
        let owners = quotation.citations.iter().filter_map(|&at| brief.citations.get(at));
        if !touched(quotation.span) && !owners.clone().any(|citation| touched(citation.span)) {
            continue;
        }
        let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
        let stands = !matches!(
            evidence.verdict,
            Verdict::OtherSource | Verdict::Spliced | Verdict::NotFound | Verdict::Unchecked
        );
        let (Some(place), Some(owner), true) = (evidence.place, evidence.owner, stands) else { continue };
        let Some(citation) = owners.clone().nth(owner).filter(|citation| citation.locator.is_none()) else {
            continue;
        };
        let text = snap.corpus.source(place.source).text();
        let Some(number) = text.and_then(|text| text.passages.get(place.passage)?.number) else { continue };
        let end = Span::new(citation.span.end, citation.span.end);
        let locator =
            if citation.author_in_text { format!(" [¶ {number}]") } else { format!(", ¶ {number}") };
        let action = Fix { title: format!("Add the locator ¶ {number}"), edits: vec![(end, locator)] };
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::harbours;

    fn check(brief: &str, expected: &[&str]) {
        let at = harbours(brief);
        let text = at.snap.text(&at.file).expect("the brief");
        let seen: Vec<String> = super::at(&at.snap, &at.file, Span::new(at.offset, at.offset))
            .into_iter()
            .map(|fix| {
                let mut text = text.as_str().to_owned();
                for (span, new) in fix.edits.iter().rev() {
                    text.replace_range(span.start..span.end, new);
                }
                text
            })
            .collect();
        assert_eq!(seen, expected, "{brief}");
    }

    #[test]
    fn a_missing_locator_is_added() {
        check(
            "It would “begin <|>work before the winter” [see @moss2020].",
            &["It would “begin work before the winter” [see @moss2020, ¶ 2]."],
        );
        check(
            "@mos<|>s2020 says it would “begin work before the winter”.",
            &["@moss2020 [¶ 2] says it would “begin work before the winter”."],
        );
    }

    #[test]
    fn nothing_is_added_where_nothing_is_missing() {
        check("It would “begin <|>work before the winter” [@moss2020, ¶ 2].", &[]);
        check("It would “begin <|>work before the winter” [@moss2020, p. 9].", &[]);
        check("It <|>would “begin work before the winter” [@moss2020].", &[]);
        check("It would “beg<|>in nothing of the kind, ever” [@moss2020].", &[]);
    }
}
