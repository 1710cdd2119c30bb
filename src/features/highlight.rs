//! The other places of a file that cite, or mention, what the cursor stands on.

use crate::features::{lookup, names};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// All citations, in bytes of the brief `file`, of the key at byte `offset`; on a name, in a brief or a source,
/// all mentions of what it names; empty elsewhere.
#[must_use]
pub fn highlight(snap: &Snapshot, file: &FileId, offset: usize) -> Vec<Span> {
    let brief = snap.brief(file);
    match brief.and_then(|brief| Some((brief, lookup::key_at(brief.brief(), offset)?))) {
        Some((brief, citation)) => brief.citations_of(&citation.key).map(|citation| citation.span).collect(),
        None => names::highlight(snap, file, offset),
    }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: &[&str]) {
        let at = harbours(brief);
        let text = at.snap.text(&at.file).expect("the brief");
        let seen: Vec<String> = highlight(&at.snap, &at.file, at.offset)
            .into_iter()
            .map(|span| format!("{} {}", span.start, text.slice(span)))
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn each_citation_of_the_key() {
        check("See [@mo<|>ss2020; @reed2021] and @{moss2020}.\n", &["5 @moss2020", "31 @{moss2020}"]);
        check("As @moss2020<|> says.\n", &["3 @moss2020"]);
        check("Nobody has @nobody19<|>99.\n", &["11 @nobody1999"]);
    }

    #[test]
    fn nothing_beside_a_key() {
        check("S<|>ee [@moss2020].\n", &[]);
        check("See [@moss2020, ¶ <|>2].\n", &[]);
        check("It is `@mo<|>ss2020`.\n", &[]);
    }
}
