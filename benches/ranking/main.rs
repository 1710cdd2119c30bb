//! How well the sources and passages that a sentence was made from are ranked: claims of
//! `tests/data/ranking` put to the program itself. Prints a table; nothing is asserted.
//! `-- --examples` shows the claims of the development half whose passage does not come first.

mod measure;

use std::io::Write as _;

use measure::{Figures, Ranks};

fn main() -> std::io::Result<()> {
    let examples = std::env::args().any(|argument| argument == "--examples");
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<34}{:>5}{:>8}{:>8}{:>8}", "", "n", "MRR", "r@1", "r@5")?;
    for name in ["develop", "held-out", "seeds"] {
        let (set, corpus) = (measure::set(name), measure::corpus(name));
        let ranks: Vec<Ranks> = set.claims.iter().map(|case| measure::ranks(&corpus, case)).collect();
        let of = |with_text: bool, rank: fn(&Ranks) -> Option<usize>| {
            let cases = set.claims.iter().zip(&ranks);
            let chosen = cases.filter(|(case, _)| case.passage.is_some() == with_text);
            Figures::of(&chosen.map(|(_, ranks)| rank(ranks)).collect::<Vec<_>>())
        };
        for (what, figures) in [
            ("source", of(true, |ranks| ranks.source)),
            ("source known by its title", of(false, |ranks| ranks.source)),
            ("passage in all sources", of(true, |ranks| ranks.passage)),
            ("passage in its source", of(true, |ranks| ranks.within)),
        ] {
            if figures.n > 0 {
                let Figures { n, mrr, first, five } = figures;
                let label = format!("{name}: {what}");
                writeln!(out, "{label:<38}{n:>4}{mrr:>8.3}{first:>8.3}{five:>8.3}")?;
            }
        }
        let fits = |sentences: Vec<(&str, &str)>| {
            let mut fits: Vec<f32> = sentences
                .into_iter()
                .map(|(before, sentence)| {
                    measure::best(&corpus, measure::claim(before, sentence)).map_or(0.0, |best| best.2)
                })
                .collect();
            fits.sort_by(f32::total_cmp);
            fits
        };
        let right = set.claims.iter().zip(&ranks).filter(|(_, ranks)| ranks.passage == Some(1));
        let right = fits(right.map(|(case, _)| (case.before.as_str(), case.sentence.as_str())).collect());
        let other = fits(set.distractors.iter().map(|one| ("", one.sentence.as_str())).collect());
        writeln!(out, "fit of right passages: {right:.2?}\nfit for distractors: {other:.2?}\n")?;
        if examples && name != "held-out" {
            for (case, ranks) in set.claims.iter().zip(&ranks) {
                if ranks.source != Some(1) || (case.passage.is_some() && ranks.passage != Some(1)) {
                    writeln!(out, "{ranks:?} {} ¶ {:?}: {}", case.key, case.passage, case.sentence)?;
                    let claim = measure::claim(&case.before, &case.sentence);
                    if let Some((source, passage, fit)) = measure::best(&corpus, claim)
                        && let Some(text) = corpus.source(source).text()
                    {
                        let words = text.words(&text.passages[passage]);
                        writeln!(out, "    {fit:.2} {}: {words}", corpus.source(source).key)?;
                    }
                }
            }
        }
    }
    Ok(())
}
