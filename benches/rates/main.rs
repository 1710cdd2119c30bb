//! False alarms and misses of the quotation check: runs the program on thousands of correct and incorrect
//! quotations made from the texts of `tests/data/rates`. Prints a table; nothing is asserted. `-- --examples`
//! shows up to ten failures of each kind.

mod cases;
mod judge;

use std::io::Write as _;

use cases::Case;
use judge::Answer;

const SEED: u64 = 3;
/// Windows tried for each change; the debug build takes a minute or two for them.
const ROUNDS: usize = 2;
/// Number of failures of one kind to show.
const SHOWN: usize = 10;

fn main() -> std::io::Result<()> {
    let examples = std::env::args().any(|argument| argument == "--examples");
    let all = std::env::args().any(|argument| argument == "--all");
    let sources = cases::sources();
    let cases = cases::cases(&sources, ROUNDS, SEED);
    let answers = judge::answers(&sources, &cases);
    let mut out = std::io::stdout().lock();
    let mut kinds: Vec<(bool, &str)> = cases.iter().map(|case| (!case.accepted, case.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for accepted in [true, false] {
        let heads = if accepted {
            ["quoted as writers may", "n", "alarms", "softer", "unseen"]
        } else {
            ["quoted wrongly", "n", "misses", "words named", "unseen"]
        };
        writeln!(out, "{:<28}{:>8}{:>8}{:>13}{:>8}", heads[0], heads[1], heads[2], heads[3], heads[4])?;
        let mut sum = [0_usize; 4];
        let mut failures: Vec<(&str, Vec<(&Case, &Answer)>)> = Vec::new();
        for (_, kind) in kinds.iter().filter(|(wrong, _)| *wrong != accepted) {
            let of_kind = || cases.iter().zip(&answers).filter(|(case, _)| case.kind == *kind);
            let fails = |case: &Case, answer: &Answer| {
                if case.accepted { !answer.loud.is_empty() } else { answer.misses() }
            };
            let third = of_kind()
                .filter(|(case, answer)| if accepted { !answer.soft.is_empty() } else { answer.names(case) })
                .count();
            let unseen = of_kind()
                .filter(|(_, answer)| {
                    answer.verdicts.is_empty() || answer.verdicts.iter().all(|v| v == "unchecked")
                })
                .count();
            let failed: Vec<(&Case, &Answer)> = of_kind().filter(|(c, a)| fails(c, a)).collect();
            let row = [of_kind().count(), failed.len(), third, unseen];
            writeln!(out, "{kind:<28}{:>8}{:>8}{:>13}{:>8}", row[0], row[1], row[2], row[3])?;
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            failures.push((kind, failed));
            if all && !accepted {
                let unnamed = of_kind().filter(|(case, answer)| !answer.names(case) && !answer.misses());
                failures.push(("named otherwise", unnamed.collect()));
            }
        }
        writeln!(out, "{:<28}{:>8}{:>8}{:>13}{:>8}\n", "all", sum[0], sum[1], sum[2], sum[3])?;
        for (kind, failed) in failures.iter().filter(|_| examples) {
            for (case, answer) in failed.iter().take(SHOWN) {
                writeln!(out, "{kind}: {}\n  brief: {}", answer.verdicts.join(" "), case.paragraph)?;
                writeln!(
                    out,
                    "  source: {}\n  changed: {:?} for {:?}",
                    case.original, case.brief, case.source
                )?;
                let (loud, soft, differences) = (&answer.loud, &answer.soft, &answer.differences);
                writeln!(out, "  loud {loud:?} soft {soft:?} differences {differences:?}\n")?;
            }
        }
    }
    Ok(())
}
