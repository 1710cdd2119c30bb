//! Other places in a file that cite or mention the thing under the cursor.

use crate::features::{lookup, names};
use crate::text::{FileId, FileOffset, FileSpan, Text};
use crate::workspace::Snapshot;

/// In a brief, all citations of the key at `at`; on a name, in a brief or a source, all mentions of the same
/// entity; otherwise empty.
#[must_use]
pub fn highlight(snap: &Snapshot, file: &FileId, at: FileOffset) -> Vec<FileSpan> {
    let brief = snap.brief(file);
    let key_in = |text: &Text, brief| lookup::key_at(brief, text.offset_of(at));
    match brief.and_then(|brief| Some((brief, key_in(brief.text(), brief.brief())?))) {
        Some((brief, citation)) => {
            let text = brief.text();
            brief.citations_of(&citation.key).map(|citation| text.in_file(citation.span)).collect()
        }
        None => names::highlight(snap, file, at),
    }
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::harbours;

    use super::*;

    fn check(brief: &str, expected: &[&str]) {
        let at = harbours(brief);
        let text = at.snap.file_text(&at.file).expect("the brief");
        let seen: Vec<String> = highlight(&at.snap, &at.file, at.cursor)
            .into_iter()
            .map(|span| format!("{} {}", span.start.0, text.slice(span)))
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
