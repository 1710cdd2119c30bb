//! Runs random texts, however incomplete, through every feature: none may panic. In debug builds this
//! includes overflows.

use glossator::features::{
    actions, completion, definition, diagnostics, folds, hints, hover, lenses, links, rename, selections,
    symbols, tokens,
};
use glossator::text::{FileId, FileOffset, FileSpan, Span};
use glossator::workspace::load::Loader;
use glossator::workspace::{Change, Host};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::odd::PIECES;

/// Pieces for this test alone.
const MORE: [&str; 39] = [
    "B ",
    "@moss2020",
    "@k",
    "p. 3",
    "``",
    "''",
    "**",
    "[^1]: ",
    "}",
    "<",
    "<b>",
    "</b>",
    "<q>",
    "<blockquote>",
    "$",
    "\\",
    "- ",
    "1. ",
    "    ",
    "\t",
    "\0",
    "’",
    "‘",
    "…",
    "...",
    "(",
    ")",
    "[",
    "«",
    "»",
    "„",
    "$$",
    "::: ",
    "{{< ",
    "+++\n",
    "references:\n- id: k\n",
    "the quiet harbour measured by the keepers",
    "who came in the spring",
    "nobody asked them",
];

#[test]
fn no_text_makes_a_feature_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("there");
    std::fs::create_dir(root.join("sources")).expect("made");
    let text = "Silt\n\nThe quiet harbour measured by the keepers who came in the spring of that year.\n\n\
                Nobody asked them, said Ada Brandt. It was [3] so.\n";
    std::fs::write(root.join("sources/silt.txt"), text).expect("written");
    let library = "@misc{moss2020, title={Silt}, author={Moss, Ada}, file={sources/silt.txt}}\n@misc{k}\n";
    std::fs::write(root.join("library.bib"), library).expect("written");
    let mut host = Host::default();
    host.apply(Change::Loaded(Loader::new(root.clone()).load(&|_| {})));
    let host = std::cell::RefCell::new(host);
    let file = FileId::new(root.join("brief.md"));
    let texts =
        (proptest::collection::vec(0..PIECES.len() + MORE.len(), 1..30), any::<prop::sample::Index>());
    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let done = runner.run(&texts, |(pieces, place)| {
        let piece =
            |piece: usize| PIECES.get(piece).or_else(|| MORE.get(piece - PIECES.len())).expect("a piece");
        let text: String = pieces.into_iter().map(|at| *piece(at)).collect();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (at, all) = (places[place.index(places.len())], Span::new(0, text.len()));
        let opened = Change::Opened { file: file.clone(), language: "markdown".into(), version: 0, text };
        host.borrow_mut().apply(opened);
        let snap = host.borrow().snapshot();
        let inside = |span: Span| span.start <= span.end && span.end <= all.end;
        prop_assert!(diagnostics::of_file(&snap, &file).iter().all(|finding| inside(finding.span)));
        prop_assert!(tokens::tokens(&snap, &file, all).iter().all(|token| inside(token.span)));
        let whole = FileSpan::from(all.start..all.end);
        prop_assert!(hints::hints(&snap, &file, whole).iter().all(|hint| hint.at <= whole.end));
        prop_assert!(selections::selections(&snap, &file, at).into_iter().flatten().all(inside));
        let _ = lenses::lenses(&snap, &file);
        let _ = folds::folds(&snap, &file);
        let _ = links::links(&snap, &file);
        let _ = symbols::of_file(&snap, &file);
        let _ = hover::hover(&snap, &file, FileOffset(at));
        let _ = definition::definition(&snap, &file, FileOffset(at));
        let _ = rename::prepare(&snap, &file, FileOffset(at));
        let _ = completion::complete(&snap, &file, at);
        let _ = completion::quote::ghost(&snap, &file, at);
        let _ = actions::at(&actions::Ask::new(&snap, &file, (at..all.end).into(), true));
        Ok(())
    });
    done.unwrap_or_else(|why| panic!("{why}"));
}
