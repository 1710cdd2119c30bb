//! A sample of the quotations in `benches/rates`, none of which may be misjudged.

#[path = "../../benches/rates/cases.rs"]
mod cases;
#[path = "../../benches/rates/judge.rs"]
mod judge;

/// Number of quotations of each sort.
const SAMPLE: usize = 150;

#[test]
fn no_false_alarms_and_no_changed_number_name_or_negation_missed() {
    let sources = cases::sources();
    let all = cases::cases(&sources, 1, 17);
    let grave = ["number changed", "name changed", "negation added", "negation dropped"];
    let (accepted, altered): (Vec<_>, Vec<_>) = all.into_iter().partition(|case| case.accepted);
    let altered: Vec<_> = altered.into_iter().filter(|case| grave.contains(&case.kind)).collect();
    let every = |cases: Vec<cases::Case>| {
        let step = cases.len() / SAMPLE;
        cases.into_iter().step_by(step).collect::<Vec<_>>()
    };
    let mut sample = every(accepted);
    sample.extend(every(altered));
    assert!(sample.len() >= 2 * SAMPLE);
    let mut named = 0;
    for (case, answer) in sample.iter().zip(judge::answers(&sources, &sample)) {
        let wrong = if case.accepted { !answer.loud.is_empty() } else { answer.misses() };
        let (about, soft) = (format!("{} from: {}", case.paragraph, case.original), &answer.soft);
        assert!(!wrong, "{}: {:?} {:?} {soft:?} {about}", case.kind, answer.verdicts, answer.loud);
        named += usize::from(!case.accepted && answer.names(case));
    }
    assert!(named * 100 >= SAMPLE * 95, "the words that differ are named in {named} of {SAMPLE}");
}
