//! Terms of likelihood in a brief's own prose, if the settings choose a scale.

use crate::brief::Brief;
use crate::brief::markdown::{Block, BlockKind};
use crate::evidence::standards::{self, Scale, Term};
use crate::features::card::{Card, Line, emphasis, strong, taken, words};
use crate::text::Span;
use crate::workspace::Snapshot;

/// The scale chosen in the settings, if any.
pub(super) fn scale(snap: &Snapshot) -> Option<&'static Scale> {
    Scale::of_name(snap.config.likelihood)
}

/// The paragraphs in the writer's own words: no block quotations, headings or front matter.
pub(super) fn paragraphs(brief: &Brief) -> impl Iterator<Item = &Block> {
    brief.markdown.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph && block.quote.is_none())
}

/// The terms of likelihood in the prose of `block`, with their positions in the brief, except those in
/// quotations, citations and code.
pub(super) fn terms(brief: &Brief, block: &Block) -> Vec<Term> {
    let found = standards::terms(brief.text.slice(block.span)).into_iter().map(|term| {
        let span = Span::new(block.span.start + term.span.start, block.span.start + term.span.end);
        Term { span, ..term }
    });
    found.filter(|term| is_own(brief, block, term.span)).collect()
}

/// Whether `span` of `block` is the writer's own prose, neither quoted nor part of a citation.
pub(super) fn is_own(brief: &Brief, block: &Block, span: Span) -> bool {
    let meets = |other: Span| other.start < span.end && span.start < other.end;
    let quotations =
        &brief.quotations[..brief.quotations.partition_point(|quotation| quotation.span.start < span.end)];
    let groups = &brief.groups[..brief.groups.partition_point(|group| group.span.start < span.end)];
    block.prose.iter().any(|prose| prose.contains(span.start))
        && !quotations
            .iter()
            .rev()
            .take_while(|quotation| quotation.span.end > block.span.start)
            .any(|quotation| meets(quotation.span))
        && !groups
            .iter()
            .rev()
            .take_while(|group| group.span.end > block.span.start)
            .any(|group| meets(group.span))
}

/// The card for the term at byte `offset`: its range, and the rest of the scale.
pub(super) fn card(snap: &Snapshot, brief: &Brief, offset: usize) -> Option<(Span, Card)> {
    let scale = scale(snap)?;
    let block = brief.markdown.block_at(offset)?;
    let own = block.kind != BlockKind::Metadata && block.quote.is_none();
    let term = terms(brief, block).into_iter().find(|term| own && term.span.contains(offset))?;
    let card = match scale.step_of(&term.words) {
        Some((step, row)) => {
            let mut lines =
                vec![words![strong(taken(&term.words)), ": ", step.range, " (", scale.title, ")"]];
            let also = step.terms.iter().map(|(other, _)| *other).filter(|other| *other != term.words);
            let also: Vec<Line> = also.map(Line::from).collect();
            if !also.is_empty() {
                lines.push(words!["The same: "].and(Line::joined(also, ", ")));
            }
            let steps = scale.steps.iter().map(|step| {
                let of_row = step.terms.iter().find(|(_, other)| *other == row).or(step.terms.first());
                words![of_row.map_or("", |(term, _)| *term), " ", step.range]
            });
            Card::of(lines).and(emphasis(Line::joined(steps, " · ")))
        }
        None => {
            let (other, step) = scale.elsewhere(&term.words)?;
            let mut lines = vec![words![
                strong(taken(&term.words)),
                " is not a term of ",
                scale.title,
                "; in ",
                other.title,
                " it means ",
                step.range
            ]];
            let like = scale.like(step).and_then(|step| Some((step.terms.first()?.0, step.range)));
            lines.extend(
                like.map(|(words, range)| words!["Nearest term there: ", strong(words), ", ", range]),
            );
            Card::of(lines)
        }
    };
    Some((term.span, card))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::config::LIKELIHOOD;
    use crate::evidence::standards::{SCALES, Scale};
    use crate::features::fixture::workspace;
    use crate::features::hover::hover;

    /// The hover card in a brief for which `scale` is chosen.
    fn seen(scale: &str, brief: &str) -> Option<String> {
        let at = workspace(&format!(
            "//- glossator.toml\n[standards]\nlikelihood = \"{scale}\"\n//- brief.md\n{brief}"
        ));
        let hover = hover(&at.snap, &at.file, at.cursor)?;
        let text = at.snap.file_text(&at.file).expect("the brief");
        Some(format!("⟦{}⟧\n{}\n", text.slice(hover.span), hover.card.markdown()))
    }

    fn check(scale: &str, brief: &str, expected: Expect) {
        expected.assert_eq(&seen(scale, brief).expect("a card"));
    }

    #[test]
    fn a_term_shows_its_range() {
        check(
            "icd203",
            "𝕏 is pro<|>bably true.\n",
            expect![[r#"
                ⟦probably⟧
                **probably**: 55–80 % (ICD 203)  
                The same: likely, probable

                *remote 1–5 % · highly improbable 5–20 % · improbable 20–45 % · roughly even odds 45–55 % · probable 55–80 % · highly probable 80–95 % · nearly certain 95–99 %*
            "#]],
        );
        check(
            "phia",
            "A realistic\npossi<|>bility.\n",
            expect![[r#"
                ⟦realistic
                possibility⟧
                **realistic possibility**: about 40 to under 50 % (the PHIA yardstick)

                *remote chance above 0 to about 5 % · highly unlikely about 10–20 % · unlikely about 25–35 % · realistic possibility about 40 to under 50 % · likely about 55–75 % · highly likely about 80–90 % · almost certain about 95 to under 100 %*
            "#]],
        );
    }

    #[test]
    fn a_term_of_another_scale_shows_what_comes_nearest() {
        check(
            "icd203",
            "It is highly lik<|>ely.\n",
            expect![[r#"
                ⟦highly likely⟧
                **highly likely** is not a term of ICD 203; in the PHIA yardstick it means about 80–90 %  
                Nearest term there: **very likely**, 80–95 %
            "#]],
        );
    }

    #[test]
    fn nothing_is_shown_unasked_or_for_the_words_of_others() {
        assert_eq!(seen("off", "It is lik<|>ely.\n"), None);
        for brief in [
            "They call it “very lik<|>ely” now.\n",
            "> It is very lik<|>ely.\n",
            "Write `lik<|>ely` here.\n",
            "So [see the lik<|>ely @moss2020].\n",
            "It is not lik<|>ely.\n",
            "---\ntitle: The lik<|>ely case\n---\n",
        ] {
            assert_eq!(seen("icd203", brief), None, "{brief}");
        }
    }

    #[test]
    fn settings_name_the_scales() {
        assert_eq!(LIKELIHOOD[1..], SCALES.each_ref().map(|scale| scale.name));
        assert!(Scale::of_name(LIKELIHOOD[0]).is_none());
    }
}
