//! In a source: quotes the selection, or the passage at the cursor, in a brief.

use serde_json::json;

use super::action::{Action, Ask};
use crate::features::edits::Edits;
use crate::features::quote;
use crate::text::{FileId, Span};

/// The kind of these actions as named in the protocol: they extract something from the file.
pub const EXTRACT: &str = "refactor.extract";

/// With more open briefs the list would turn into a file browser.
const MOST_BRIEFS: usize = 3;

/// The first briefs that are open in the editor.
pub(super) fn briefs<'a>(ask: &Ask<'a>) -> impl Iterator<Item = &'a FileId> + use<'a> {
    let snap = ask.snap;
    let is_brief = |file: &&FileId| snap.brief(file).is_some() && snap.corpus.of_file(file).is_none();
    snap.open_files().filter(is_brief).take(MOST_BRIEFS)
}

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some((span, selected)) = quote::place(ask.snap, ask.file, ask.place) else { return };
    if !selected && !ask.invoked {
        return;
    }
    let Some(quoted) = quote::passage(ask.snap, ask.file, span) else { return };
    let what = match (quoted.furniture, selected) {
        (Some(kind), _) => format!("this {kind}"),
        (None, true) => "the selection".into(),
        (None, false) => "this passage".into(),
    };
    for brief in briefs(ask) {
        let Some(text) = ask.snap.reading_text(brief) else { continue };
        let name = brief.path().file_name().map(|name| name.to_string_lossy().into_owned());
        let end = text.as_str().trim_end().len();
        let before = if end == 0 { "" } else { "\n\n" };
        let edits =
            vec![(Span::new(end, text.as_str().len()), format!("{before}{}\n", quoted.text.trim_end()))];
        out.push(Action {
            title: format!("Quote {what} at the end of {}", name.unwrap_or_default()),
            kind: EXTRACT,
            edits: [(brief.clone(), Edits { text, edits })].into_iter().collect(),
            command: None,
        });
    }
    out.push(Action {
        title: format!("Show {what} as a quotation"),
        kind: EXTRACT,
        edits: Default::default(),
        // The server adds the place that was asked about.
        command: Some(("glossator.quote", json!({"show": true}))),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::workspace;
    use crate::workspace::load::Loader;
    use crate::workspace::{Change, Host};

    const CORPUS: &str = "\
//- refs.bib
@online{moss2020, author={Moss, Ada}, title={On Harbours}, date={2020}, file={sources/moss.txt}}
//- sources/moss.txt
On Harbours

Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring.
";

    #[test]
    fn a_passage_is_put_at_the_end_of_an_open_brief() {
        let at = workspace(&format!("{CORPUS}//- brief.md\n# Ports\n\nText.\n\n"));
        let source = at.snap.corpus.source(at.snap.corpus.find("moss2020").expect("a source"));
        let text = source.text().expect("its text").clone();
        let mut host = Host::default();
        let folder = at.file.path().parent().expect("a folder").to_path_buf();
        host.apply(Change::Loaded(Loader::new(folder).load(&|_| {})));
        let brief = Change::Opened {
            file: at.file.clone(),
            language: "markdown".into(),
            version: 1,
            text: "# Ports\n\nText.\n\n".into(),
        };
        let ask = |host: &Host, from: &str, to: &str, invoked: bool| {
            let (start, end) =
                (text.text.as_str().find(from).expect("there"), text.text.as_str().find(to).expect("there"));
            let mut out = Vec::new();
            let snap = host.snapshot();
            super::at(&Ask::new(&snap, &text.file, (start..end).into(), invoked), &mut out);
            out.into_iter()
                .map(|action| (action.title, action.edits.values().map(Edits::applied).collect::<String>()))
                .collect::<Vec<_>>()
        };
        let none: [(String, String); 0] = [];
        assert_eq!(
            ask(&host, "silt up", "dredges", false),
            [("Show the selection as a quotation".into(), String::new())]
        );
        host.apply(brief);
        let whole = "Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring.";
        assert_eq!(
            ask(&host, "silt up", "silt up", true),
            [
                (
                    "Quote this passage at the end of brief.md".into(),
                    format!("# Ports\n\nText.\n\n“{whole}” [@moss2020, ¶ 1]\n")
                ),
                ("Show this passage as a quotation".into(), String::new())
            ]
        );
        assert_eq!(ask(&host, "silt up", "silt up", false), none, "nobody asked");
        let quoted = ask(&host, "ilt up", "obody dredges", false);
        assert_eq!(quoted[0].1, "# Ports\n\nText.\n\n“silt up when nobody” [@moss2020, ¶ 1]\n");
    }
}
