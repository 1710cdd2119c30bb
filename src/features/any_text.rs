//! Whatever stands in a brief, a source and a library, every feature answers, wherever it is asked.

use proptest::prelude::*;

use crate::features::actions::Ask;
use crate::features::fixture::{Fixture, workspace};
use crate::features::*;
use crate::text::{FileId, Span};
use crate::workspace::{Change, Host};

/// White space and signs of more than one byte stand where ASCII is expected.
const PIECES: [&str; 48] = [
    "a",
    "é",
    "e\u{301}",
    "𝕏",
    "\n",
    "\r\n",
    "\r",
    "\u{c}",
    "\u{2028}",
    "\u{a0}",
    "\u{202f}",
    "\t",
    " ",
    "\n\n",
    "“",
    "”",
    "«\u{a0}",
    "\u{a0}»",
    "\"",
    "’",
    "…",
    "[…]",
    " . . . ",
    "@moss2020",
    "[@moss2020, ¶\u{a0}2]",
    "[-@reed2021; see ",
    "@{",
    "}",
    "[",
    "]",
    "> ",
    "# ",
    "- ",
    "| ",
    "`",
    "```\n",
    "[^1]",
    "[^1]: ",
    "<!--",
    "-->",
    "---\n",
    "^id",
    "#tag",
    "begin work before the winter",
    "nobody on the quay\u{2003}believed",
    "Port Authority",
    "¶",
    "\u{feff}",
];

fn texts() -> impl Strategy<Value = String> {
    proptest::collection::vec(0..PIECES.len(), 0..30)
        .prop_map(|pieces| pieces.into_iter().map(|piece| PIECES[piece]).collect())
}

fn ask_everything(at: &Fixture, file: &FileId, text: &str) {
    let mut host = Host::default();
    let loaded = crate::workspace::load::Loader::new(at.folder().to_path_buf()).load(&|_| {});
    host.apply(Change::Loaded(loaded));
    let (language, version) = (String::new(), 1);
    host.apply(Change::Opened { file: file.clone(), language, version, text: text.to_owned() });
    let snap = &host.snapshot();
    let all = Span::new(0, text.len());
    let spans = (diagnostics::of_file(snap, file), folds::folds(snap, file), lenses::lenses(snap, file));
    let shown = (hints::hints(snap, file, all), links::links(snap, file), tokens::tokens(snap, file, all));
    let listed =
        (symbols::of_file(snap, file), preview::marks(snap, file), quote::selection(snap, file, all));
    drop((spans, shown, listed));
    for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let cards = (hover::hover(snap, file, offset), completion::complete(snap, file, offset));
        let ghost = completion::quote::ghost(snap, file, offset);
        let jumps = (definition::definition(snap, file, offset), definition::declaration(snap, file, offset));
        let places =
            (references::references(snap, file, offset, true), highlight::highlight(snap, file, offset));
        let renamed = rename::rename(snap, file, offset, "other");
        let grown = selections::selections(snap, file, offset);
        let range = Span::new(offset, offset);
        let done = actions::at(&Ask { snap, file, range, invoked: true });
        for (_, edits) in done.iter().flat_map(|action| &action.edits) {
            for (span, _) in &edits.edits {
                let text = edits.text.as_str();
                assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
            }
        }
        for span in grown.into_iter().flatten() {
            assert!(text.get(span.start..span.end).is_some(), "{span:?}");
        }
        drop((cards, ghost, jumps, places, renamed));
    }
}

proptest! {
    // Each case asks at every letter.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_brief_stops_a_feature(text in texts()) {
        let at = fixture::harbours("");
        ask_everything(&at, &FileId::new(at.folder().join("brief.md")), &text);
    }

    #[test]
    fn no_source_or_library_stops_a_feature(text in texts(), entry in texts()) {
        let entry = entry.replace("<|>", "");
        let at = workspace(&format!(
            "//- refs.bib\n@online{{moss2020, title={{{entry}}}, author={{{entry}}}, date={{{entry}}}, note={{{entry}}}, file={{sources/moss.txt}}}}\n{entry}\n\
             //- sources/moss.txt\n{text}\n\nIt would begin work before the winter.\n//- brief.md\nIt would “begin work” [@moss2020, ¶ 1] in the Port Authority. [@\n"
        ));
        for (name, text) in [
            ("sources/moss.txt", format!("{text}\n\nIt would begin work before the winter.\n")),
            ("brief.md", "It would “begin work” [@moss2020, ¶ 1] in the Port Authority. [@\n".to_owned()),
        ] {
            ask_everything(&at, &FileId::new(at.folder().join(name)), &text);
        }
    }
}
