//! Terms of likelihood and the scales that define their ranges, levels of confidence, and ratings of sources.
//! The settings choose the scale; by default none is in force.
//!
//! Only includes scales whose complete table was read at the place named by [`Scale::source`].

use std::sync::OnceLock;

use regex::Regex;

use crate::text::Span;

/// A scale of likelihood.
#[derive(Debug)]
pub struct Scale {
    /// The name used in settings.
    pub name: &'static str,
    /// The name analysts use.
    pub title: &'static str,
    /// Where the table was read.
    pub source: &'static str,
    /// The steps, from least to most likely.
    pub steps: &'static [Step],
    /// Whether its rules forbid a likelihood and a level of confidence in the same sentence.
    pub confidence_apart: bool,
}

/// One step of a scale.
#[derive(Debug)]
pub struct Step {
    /// The range as printed in the table.
    pub range: &'static str,
    /// The ends of the range, in per cent.
    pub ends: (f32, f32),
    /// The terms in lower case, each with the number of its row in the table.
    pub terms: &'static [(&'static str, u8)],
}

const fn step(range: &'static str, ends: (f32, f32), terms: &'static [(&'static str, u8)]) -> Step {
    Step { range, ends, terms }
}

/// The scales, in the order of the documentation.
pub static SCALES: [Scale; 4] = [
    Scale {
        name: "icd203",
        title: "ICD 203",
        source: "the table of Intelligence Community Directive 203 as github.com/wesinator/ICD203-intel-analysis and the MISP taxonomy estimative-language give it",
        confidence_apart: true,
        steps: &[
            step("1–5 %", (1.0, 5.0), &[("almost no chance", 0), ("remote", 1), ("remote chance", 1)]),
            step("5–20 %", (5.0, 20.0), &[("very unlikely", 0), ("highly improbable", 1)]),
            step("20–45 %", (20.0, 45.0), &[("unlikely", 0), ("improbable", 1), ("improbably", 1)]),
            step("45–55 %", (45.0, 55.0), &[("roughly even chance", 0), ("roughly even odds", 1)]),
            step("55–80 %", (55.0, 80.0), &[("likely", 0), ("probable", 1), ("probably", 1)]),
            step("80–95 %", (80.0, 95.0), &[("very likely", 0), ("highly probable", 1)]),
            step(
                "95–99 %",
                (95.0, 99.0),
                &[("almost certain", 0), ("almost certainly", 0), ("nearly certain", 1)],
            ),
        ],
    },
    Scale {
        name: "phia",
        title: "the PHIA yardstick",
        source: "the Professional Head of Intelligence Assessment's yardstick (gov.uk, Explaining Uncertainty in UK Intelligence Assessment) as github.com/kierr/ic-authorship-voice, spec/style.md, gives it; the page itself was not read",
        confidence_apart: false,
        steps: &[
            step("above 0 to about 5 %", (0.0, 5.0), &[("remote chance", 0)]),
            step("about 10–20 %", (10.0, 20.0), &[("highly unlikely", 0)]),
            step("about 25–35 %", (25.0, 35.0), &[("unlikely", 0)]),
            step("about 40 to under 50 %", (40.0, 50.0), &[("realistic possibility", 0)]),
            step("about 55–75 %", (55.0, 75.0), &[("likely", 0), ("probable", 0), ("probably", 0)]),
            step("about 80–90 %", (80.0, 90.0), &[("highly likely", 0)]),
            step("about 95 to under 100 %", (95.0, 100.0), &[("almost certain", 0), ("almost certainly", 0)]),
        ],
    },
    Scale {
        name: "nz",
        title: "New Zealand’s scale",
        source: "the New Zealand Ministry for the Environment, Our atmosphere and climate 2023, appendix B, which says that other agencies of that government use the same (environment.govt.nz)",
        confidence_apart: false,
        steps: &[
            step("under 10 %", (0.0, 10.0), &[("remote", 0), ("remote chance", 0), ("highly unlikely", 0)]),
            step("15–20 %", (15.0, 20.0), &[("unlikely", 0), ("improbable", 0), ("improbably", 0)]),
            step("25–50 %", (25.0, 50.0), &[("realistic possibility", 0)]),
            step("55–70 %", (55.0, 70.0), &[("likely", 0), ("probable", 0), ("probably", 0)]),
            step(
                "75–85 %",
                (75.0, 85.0),
                &[("highly likely", 0), ("highly probable", 0), ("very likely", 0), ("very probable", 0)],
            ),
            step("over 90 %", (90.0, 100.0), &[("almost certain", 0), ("almost certainly", 0)]),
        ],
    },
    Scale {
        name: "ipcc",
        title: "the IPCC’s scale",
        source: "the IPCC's Fourth Assessment Report, Working Group I, Technical Summary, as sejarchive.org/resource/IPCC_terminology.htm gives it",
        confidence_apart: false,
        steps: &[
            step("under 1 %", (0.0, 1.0), &[("exceptionally unlikely", 0)]),
            step("under 5 %", (0.0, 5.0), &[("extremely unlikely", 0)]),
            step("under 10 %", (0.0, 10.0), &[("very unlikely", 0)]),
            step("under 33 %", (0.0, 33.0), &[("unlikely", 0)]),
            step("33–66 %", (33.0, 66.0), &[("about as likely as not", 0)]),
            step("over 50 %", (50.0, 100.0), &[("more likely than not", 0)]),
            step("over 66 %", (66.0, 100.0), &[("likely", 0)]),
            step("over 90 %", (90.0, 100.0), &[("very likely", 0)]),
            step("over 95 %", (95.0, 100.0), &[("extremely likely", 0)]),
            step("over 99 %", (99.0, 100.0), &[("virtually certain", 0)]),
        ],
    },
];

impl Step {
    /// The fraction of `other`'s range that lies in this one, from 0 to 1.
    #[must_use]
    pub fn shares(&self, other: &Self) -> f32 {
        let both = self.ends.1.min(other.ends.1) - self.ends.0.max(other.ends.0);
        both.max(0.0) / (other.ends.1 - other.ends.0)
    }
}

impl Scale {
    /// The scale that settings call `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<&'static Self> {
        SCALES.iter().find(|scale| scale.name == name)
    }

    /// The step that has the term `words`, and the row of the table that the term is in.
    #[must_use]
    pub fn step_of(&self, words: &str) -> Option<(&Step, u8)> {
        self.steps.iter().find_map(|step| {
            let (_, row) = step.terms.iter().find(|(term, _)| *term == words)?;
            Some((step, *row))
        })
    }

    /// Another scale that has the term `words`, and its step there.
    #[must_use]
    pub fn elsewhere(&self, words: &str) -> Option<(&'static Self, &'static Step)> {
        let others = SCALES.iter().filter(|other| other.name != self.name);
        others.into_iter().find_map(|other| Some((other, other.step_of(words)?.0)))
    }

    /// The step that contains the middle of `other`'s range, preferring narrow steps: this scale's equivalent
    /// of another scale's step. `None` if the middle falls between two steps.
    #[must_use]
    pub fn like(&self, other: &Step) -> Option<&Step> {
        let middle = f32::midpoint(other.ends.0, other.ends.1);
        let holds = self.steps.iter().filter(|step| step.ends.0 <= middle && middle <= step.ends.1);
        holds.min_by(|a, b| (a.ends.1 - a.ends.0).total_cmp(&(b.ends.1 - b.ends.0)))
    }
}

/// A term of likelihood, from any scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its span, in bytes of the text that was read.
    pub span: Span,
    /// In lower case with single blanks, as in [`Step::terms`].
    pub words: String,
}

/// Words that turn the following term into a comparison or denial: “less likely”, “not probable”.
const UNMAKE: [&str; 16] = [
    "not",
    "less",
    "more",
    "most",
    "least",
    "as",
    "so",
    "how",
    "too",
    "equally",
    "hardly",
    "any",
    "never",
    "isn’t",
    "isn't",
    "otherwise",
];

/// The terms of likelihood in `text`, in order.
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    static TERMS: OnceLock<Regex> = OnceLock::new();
    let regex = TERMS.get_or_init(|| {
        let mut all: Vec<&str> = SCALES
            .iter()
            .flat_map(|scale| scale.steps)
            .flat_map(|step| step.terms)
            .map(|term| term.0)
            .collect();
        // Longest first: “highly unlikely” is not “unlikely”.
        all.sort_by_key(|term| std::cmp::Reverse(term.len()));
        all.dedup();
        let any = all.join("|").replace(' ', r"\s+");
        compiled(&format!(r"(?i)\b(?:{any})\b"))
    });
    let mut terms = Vec::new();
    for found in regex.find_iter(text) {
        let words = found.as_str().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let before = text[..found.start()].trim_end();
        let behind = text[found.end()..].trim_start();
        let last =
            before.rsplit(|c: char| !c.is_alphanumeric() && !"’'-".contains(c)).next().unwrap_or_default();
        let gap = found.start() - before.len();
        let unmade = gap > 0 && UNMAKE.contains(&last.to_lowercase().as_str());
        // `likely-looking`, `un-likely`.
        let joined = before.ends_with('-') && gap == 0 || text[found.end()..].starts_with('-');
        let cause = words == "probable" && behind.starts_with("cause");
        if !unmade && !joined && !cause && (words != "remote" || is_likelihood(before, behind)) {
            terms.push(Term { span: Span::new(found.start(), found.end()), words });
        }
    }
    terms
}

/// Whether a “remote” between `before` and `behind` describes a chance rather than a village.
fn is_likelihood(before: &str, behind: &str) -> bool {
    const CHANCES: [&str; 7] =
        ["chance", "chances", "possibility", "likelihood", "probability", "odds", "prospect"];
    let word =
        |text: &str| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    if CHANCES.contains(&word(behind).as_str()) {
        return true;
    }
    let mut last = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let verb = last.next().unwrap_or_default().to_lowercase();
    let is = ["is", "are", "was", "were", "remains", "remain", "seems", "seem"].contains(&verb.as_str());
    // “The chances of a deal are remote.”
    is && last.take(6).any(|word| CHANCES.contains(&word.to_lowercase().as_str()))
}

/// The levels of confidence in `text`, in order: “high confidence”, “our confidence is moderate”. Confidence
/// in a person, a bank or a government does not count.
#[must_use]
pub fn confidence(text: &str) -> Vec<Span> {
    static LEVELS: OnceLock<Regex> = OnceLock::new();
    let regex = LEVELS.get_or_init(|| {
        compiled(
            r"(?i)\b(?:very\s+)?(?:high|moderate|medium|low)(?:\s+to\s+(?:high|moderate|medium|low))?\s+(?:analytic(?:al)?\s+)?confidence\b|\b(?:our|my|analytic|analytical|overall)\s+confidence\b[^.;:?!]{0,60}?\b(?:is|remains)\s+(?:very\s+)?(?:high|moderate|medium|low)\b",
        )
    });
    static OBJECT: OnceLock<Regex> = OnceLock::new();
    let judged = OBJECT.get_or_init(|| {
        compiled(r"(?i)^\s+in\s+(?:\S+\s+){0,3}?(?:judge?ments?|assess\w*|estimates?|conclusions?|findings?|forecasts?|analys[ei]s)\b")
    });
    static IN: OnceLock<Regex> = OnceLock::new();
    let object = IN.get_or_init(|| compiled(r"(?i)^(?:-|\s+(?:in|among|of)\b)"));
    let levels = regex.find_iter(text).filter(|found| {
        let behind = &text[found.end()..];
        !object.is_match(behind) || judged.is_match(behind)
    });
    levels.map(|found| Span::new(found.start(), found.end())).collect()
}

/// Compiles a fixed pattern; `terms_are_found` and `confidence_is_a_level` make sure that each is valid.
fn compiled(pattern: &str) -> Regex {
    match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => unreachable!("{error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        terms(text).into_iter().map(|term| term.words).collect()
    }

    #[test]
    fn terms_are_found() {
        assert_eq!(
            words("It is Likely, even highly\nlikely, that X; almost certainly Y. A remote chance."),
            ["likely", "highly likely", "almost certainly", "remote chance"]
        );
        assert_eq!(
            words("It is more likely than not; about as likely as not."),
            ["more likely than not", "about as likely as not"]
        );
        assert_eq!(
            words("The chances of a deal are remote. Chances are roughly even odds."),
            ["remote", "roughly even odds"]
        );
    }

    #[test]
    fn what_is_no_judgement_is_no_term() {
        for text in [
            "It is not likely that they agree.",
            "This is less likely than that, and the most likely case is less probable.",
            "As likely as this may be, how likely is it?",
            "They searched a remote village for probable cause.",
            "A remote control. The likelihood of rain. Unlikelihood.",
            "A likely-looking lad.",
            "The village is remote and the road is bad.",
        ] {
            assert_eq!(words(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn confidence_is_a_level() {
        let seen = |text: &str| {
            confidence(text).into_iter().map(|span| text[span.start..span.end].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(seen("We have high confidence that X."), ["high confidence"]);
        assert_eq!(seen("With low to moderate\nconfidence we say so."), ["low to moderate\nconfidence"]);
        assert_eq!(seen("We have moderate confidence in this judgement."), ["moderate confidence"]);
        assert_eq!(seen("Our confidence in that is low."), ["Our confidence in that is low"]);
        for text in [
            "Low confidence in the government makes defeat likely.",
            "Consumer confidence is low.",
            "High confidence among investors.",
            "They lost a vote of no confidence.",
            "High confidence-building hopes.",
        ] {
            assert_eq!(seen(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn every_scale_rises_and_has_each_term_once() {
        for scale in &SCALES {
            let mut seen = std::collections::BTreeSet::new();
            for step in scale.steps {
                assert!(step.ends.0 < step.ends.1, "{}", step.range);
                for (term, _) in step.terms {
                    assert!(seen.insert(term), "{term} stands twice in {}", scale.name);
                    assert_eq!(*term, term.to_lowercase());
                }
            }
            let middles: Vec<f32> = scale.steps.iter().map(|step| step.ends.0 + step.ends.1).collect();
            assert!(middles.is_sorted(), "{}", scale.name);
        }
    }

    #[test]
    fn a_term_of_another_scale_is_known_with_its_like() {
        let icd = Scale::of_name("icd203").expect("it is there");
        let (other, step) = icd.elsewhere("highly likely").expect("PHIA has it");
        assert_eq!((other.name, step.range), ("phia", "about 80–90 %"));
        assert_eq!(icd.like(step).map(|step| step.terms[0].0), Some("very likely"));
        assert_eq!(icd.step_of("probably").map(|(step, row)| (step.range, row)), Some(("55–80 %", 1)));
        assert!(icd.step_of("highly likely").is_none());
        let very_likely = icd.step_of("very likely").expect("it has it").0;
        assert!(very_likely.shares(step) > 0.99 && (step.shares(very_likely) - 10.0 / 15.0).abs() < 0.01);
        let (_, possible) = icd.elsewhere("realistic possibility").expect("PHIA has it");
        assert!((icd.like(possible).expect("a step").shares(possible) - 0.5).abs() < 0.01);
        let phia = Scale::of_name("phia").expect("it is there");
        let (_, even) = phia.elsewhere("roughly even chance").expect("ICD 203 has it");
        assert_eq!(phia.like(even).map(|step| step.terms[0].0), Some("realistic possibility"));
        assert!(Scale::of_name("off").is_none());
    }
}
