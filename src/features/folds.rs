//! Folding ranges in a source: page furniture.

use crate::corpus::source::Class;
use crate::features::lookup::Opened;
use crate::text::{FileId, FileSpan, Span};
use crate::workspace::Snapshot;

/// The runs of furniture in the source `file`, in order and not overlapping. A run may be a single line,
/// which an editor cannot fold. Empty if `file` is not a source.
#[must_use]
pub fn folds(snap: &Snapshot, file: &FileId) -> Vec<FileSpan> {
    let Some(opened) = Opened::of(snap, file) else { return Vec::new() };
    let runs = opened.text.passages.chunk_by(|a, b| is_furniture(a.class) == is_furniture(b.class));
    runs.filter(|run| is_furniture(run[0].class))
        .map(|run| Span::new(run[0].span.start, run[run.len() - 1].span.end))
        .map(|run| opened.text.text.in_file(run))
        .collect()
}

fn is_furniture(class: Class) -> bool {
    matches!(class, Class::Furniture(_))
}

#[cfg(test)]
mod tests {
    use crate::features::fixture::workspace;
    use crate::workspace::load::Loader;
    use crate::workspace::{Change, Host};

    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let at = workspace(&format!("//- refs.bib\n@online{{a, file={{a.txt}}}}\n//- a.txt\n{source}"));
        let source = at.snap.corpus.find("a").expect("a source");
        let text = at.snap.corpus.source(source).text().expect("a text");
        let seen: Vec<&str> =
            folds(&at.snap, &text.file).into_iter().map(|span| text.text.file().slice(span)).collect();
        assert_eq!(seen, expected);
    }

    const BODY: &str =
        "The port authority said it would begin work before the winter if the money came from the town.";

    #[test]
    fn furniture_that_follows_furniture_is_one_fold() {
        check(
            &format!(
                "On Harbours\n\n{BODY}\n\nSign up for our newsletter to get the best of The Gauge every morning.\n\n\
                 Photo by Ada Moss via Getty Images\n"
            ),
            &["Sign up for our newsletter to get the best of The Gauge every morning.\n\n\
               Photo by Ada Moss via Getty Images"],
        );
    }

    #[test]
    fn an_edited_source_folds_as_it_stands_in_the_editor() {
        let at = workspace(
            "//- refs.bib\n@online{a, file={a.txt}}\n//- a.txt\nOn Harbours\n\nA short paragraph.\n",
        );
        let file = at.snap.corpus.sources()[0].text().expect("a text").file.clone();
        let mut host = Host::default();
        host.apply(Change::Loaded(Loader::new(at.folder().to_path_buf()).load(&|_| {})));
        let text = format!("On Harbours\n\n{BODY}\n\nPhoto by Ada Moss via Getty Images\n");
        let opened = text.clone();
        host.apply(Change::Opened {
            file: file.clone(),
            language: "plaintext".into(),
            version: 1,
            text: opened,
        });
        let folds = folds(&host.snapshot(), &file);
        assert_eq!(
            folds.iter().map(|fold| &text[fold.start.0..fold.end.0]).collect::<Vec<_>>(),
            ["Photo by Ada Moss via Getty Images"]
        );
    }

    #[test]
    fn the_argument_is_never_folded() {
        check(&format!("On Harbours\n\n{BODY}\n\nFishermen land their catch across the bay now.\n"), &[]);
    }
}
