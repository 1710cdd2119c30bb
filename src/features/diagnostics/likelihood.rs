//! Terms of likelihood that do not fit the scale chosen in the settings; silent if none is chosen.

use super::finding::{Finding, Fix, finding};
use crate::brief::Brief;
use crate::config::Code;
use crate::evidence::standards::{self, Scale, Step, Term};
use crate::features::likelihood;
use crate::text::Span;
use crate::workspace::Snapshot;

pub(super) fn check(snap: &Snapshot, brief: &Brief, findings: &mut Vec<Finding>) {
    let Some(scale) = likelihood::scale(snap) else { return };
    let mut all: Vec<Term> = Vec::new();
    for block in likelihood::paragraphs(brief).take_while(|_| !snap.cancel.is_set()) {
        let terms = likelihood::terms(brief, block);
        if scale.confidence_apart && !terms.is_empty() {
            for level in standards::confidence(brief.text.slice(block.span)) {
                let level = Span::new(block.span.start + level.start, block.span.start + level.end);
                let sentence =
                    brief.sentence_at(level.start).filter(|_| likelihood::is_own(brief, block, level));
                let beside =
                    terms.iter().find(|term| sentence.is_some_and(|sentence| sentence.covers(term.span)));
                if let Some(term) = beside {
                    findings.push(apart(scale, level, term));
                }
            }
        }
        all.extend(terms);
    }
    foreign(scale, &all, findings);
    mixed(scale, &all, findings);
}

fn apart(scale: &Scale, level: Span, term: &Term) -> Finding {
    let message = format!(
        "This sentence has both a confidence level and a likelihood term (“{}”). {} keeps them apart: one is about the evidence, the other about the event.",
        term.words, scale.title
    );
    finding(Code::LikelihoodWithConfidence, level, message)
}

/// Reports terms that `scale` does not have.
fn foreign(scale: &Scale, terms: &[Term], findings: &mut Vec<Finding>) {
    for term in terms.iter().filter(|term| scale.step_of(&term.words).is_none()) {
        let Some((other, step)) = scale.elsewhere(&term.words) else { continue };
        let like = scale.like(step);
        let meant = like.and_then(|like| Some((like.terms.first()?.0, like.range)));
        let meant =
            meant.map_or(String::new(), |(words, range)| format!("; the nearest term is “{words}”, {range}"));
        let message = format!(
            "“{}” is not a term of {}. In {} it means {}{meant}.",
            term.words, scale.title, other.title, step.range
        );
        let mut finding = finding(Code::MixedLikelihoodTerms, term.span, message);
        // Replacing a term by the nearest one would change the judgement if their meanings differ.
        let same = like.filter(|like| like.shares(step) > 0.5);
        finding.fixes.extend(same.and_then(|like| instead(term, like, None)));
        findings.push(finding);
    }
}

/// Reports terms from a different row of `scale` than the one the brief uses most, or, if two are used
/// equally, the one used first.
fn mixed(scale: &Scale, terms: &[Term], findings: &mut Vec<Finding>) {
    let rows = || terms.iter().filter_map(|term| Some((term, scale.step_of(&term.words)?)));
    let count = |row: u8| rows().filter(|(_, (_, other))| *other == row).count();
    let Some((_, (_, first))) = rows().next() else { return };
    let Some((_, (_, second))) = rows().find(|(_, (_, row))| *row != first) else { return };
    let (kept, left) = if count(second) > count(first) { (second, first) } else { (first, second) };
    let Some((example, _)) = rows().find(|(_, (_, row))| *row == kept) else { return };
    for (term, (step, _)) in rows().filter(|(_, (_, row))| *row == left) {
        let message = format!(
            "“{}” is in another row of {} than “{}”, which this brief uses too. Use the terms of one row only.",
            term.words, scale.title, example.words
        );
        let mut finding = finding(Code::MixedLikelihoodTerms, term.span, message);
        finding.fixes.extend(instead(term, step, Some(kept)));
        findings.push(finding);
    }
}

/// The fix that replaces `term` by the term of `step` (in the row `row`), if it fits the sentence: an
/// adjective for an adjective, an adverb for an adverb.
fn instead(term: &Term, step: &Step, row: Option<u8>) -> Option<Fix> {
    let rows = step.terms.iter().filter(|(_, of)| row.is_none_or(|row| row == *of));
    let place = |words: &str| match words.rsplit(' ').next().unwrap_or_default() {
        "chance" | "odds" | "possibility" => 0,
        "probably" | "improbably" | "certainly" => 1,
        _ => 2,
    };
    // `likely` is both.
    let fits =
        |words: &str| place(words) == place(&term.words) || (words == "likely" && place(&term.words) == 1);
    let (words, _) = rows.into_iter().find(|(words, _)| fits(words))?;
    Some(Fix::new(format!("Write “{words}”"), vec![(term.span, (*words).to_owned())]))
}

#[cfg(test)]
mod tests {
    use crate::features::diagnostics::of_file;
    use crate::features::fixture::workspace;

    /// Position, code and first fix of each finding in a brief for which `scale` is chosen.
    fn seen(scale: &str, brief: &str) -> Vec<String> {
        let at = workspace(&format!(
            "//- glossator.toml\n[standards]\nlikelihood = \"{scale}\"\n//- brief.md\n{brief}"
        ));
        let text = at.snap.reading_text(&at.file).expect("the brief");
        let found = of_file(&at.snap, &at.file).into_iter().map(|found| {
            let fix = found.fixes.first().map_or("", |fix| fix.title.as_str());
            format!("{} ⟦{}⟧ {fix}", found.code.name(), text.slice(found.span)).trim_end().to_owned()
        });
        found.collect()
    }

    #[test]
    fn confidence_and_likelihood_are_kept_apart() {
        let brief = "We assess with high\nconfidence that a deal is very likely. Other.\n";
        assert_eq!(seen("icd203", brief), ["likelihood-with-confidence ⟦high\nconfidence⟧"]);
        for silent in [
            "A deal is very likely. We have high confidence in this judgement.\n",
            "With high confidence we say so. It is likely.\n",
            "Low confidence in the government makes a defeat likely.\n",
            "They wrote: “with high confidence, it is likely”.\n",
            "It is not likely, we say with low confidence.\n",
        ] {
            assert_eq!(seen("icd203", silent), Vec::<String>::new(), "{silent}");
        }
        // The IPCC itself writes like this.
        assert_eq!(seen("ipcc", brief), Vec::<String>::new());
        assert_eq!(seen("off", brief), Vec::<String>::new());
    }

    #[test]
    fn terms_of_two_rows_are_marked_where_the_fewer_stand() {
        assert_eq!(
            seen(
                "icd203",
                "A is likely. B is very likely. C will probably come, and D is highly probable.\n\nE is almost certain.\n"
            ),
            [
                "mixed-likelihood-terms ⟦probably⟧ Write “likely”",
                "mixed-likelihood-terms ⟦highly probable⟧ Write “very likely”",
            ]
        );
        assert_eq!(
            seen("icd203", "A is probable. B is improbable, C is likely.\n"),
            ["mixed-likelihood-terms ⟦likely⟧ Write “probable”"]
        );
        for silent in [
            "A is likely, B unlikely, C almost certain, D has almost no chance.\n",
            "A is probable, B highly improbable.\n",
            "A is likely. They say “probably”.\n\n> It is probable.\n",
            "A is likely, B less probable than C.\n",
        ] {
            assert_eq!(seen("icd203", silent), Vec::<String>::new(), "{silent}");
        }
        assert_eq!(seen("phia", "A is likely, B probable.\n"), Vec::<String>::new());
    }

    #[test]
    fn terms_of_another_scale_are_marked() {
        assert_eq!(
            seen("icd203", "A is highly likely. There is a realistic possibility of B.\n"),
            [
                "mixed-likelihood-terms ⟦highly likely⟧ Write “very likely”",
                "mixed-likelihood-terms ⟦realistic possibility⟧",
            ]
        );
        assert_eq!(
            seen("phia", "A is very likely, B exceptionally unlikely.\n"),
            [
                "mixed-likelihood-terms ⟦very likely⟧ Write “highly likely”",
                "mixed-likelihood-terms ⟦exceptionally unlikely⟧",
            ]
        );
        assert_eq!(seen("off", "A is highly likely, B probable, C very likely.\n"), Vec::<String>::new());
    }
}
