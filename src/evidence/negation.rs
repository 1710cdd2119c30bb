//! Words that negate a sentence.

/// Whether `lower`, a word in lower case, negates its sentence.
pub(super) fn is_negation(lower: &str) -> bool {
    const NEGATIONS: [&str; 15] = [
        "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "nowhere", "cannot", "without",
        "hardly", "scarcely", "barely", "non",
    ];
    NEGATIONS.contains(&lower) || lower.ends_with("n't")
}
