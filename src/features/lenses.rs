//! Code lenses: above a heading of a brief, how much it cites and the verdicts on its quotations; in a
//! source, which passages the briefs rely on.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::brief::Brief;
use crate::brief::markdown::{Block, BlockKind};
use crate::corpus::source::{Passage, SourceText};
use crate::evidence;
use crate::evidence::verdict::Verdict;
use crate::features::lookup::{self, Opened};
use crate::features::{markup, notes};
use crate::text::{FileId, FileSpan, Span};
use crate::workspace::Snapshot;

/// One line above the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The heading or passage below it.
    pub span: FileSpan,
    /// Plain text.
    pub title: String,
}

/// The lenses of `file`, a brief or a source, sorted by position. None until the first load has finished.
#[must_use]
pub fn lenses(snap: &Snapshot, file: &FileId) -> Vec<Lens> {
    if !snap.loaded {
        return Vec::new();
    }
    if let Some(brief) = snap.brief(file) {
        return of_brief(snap, brief.brief());
    }
    Opened::of(snap, file).map_or_else(Vec::new, |opened| of_source(snap, &opened))
}

/// Headings without a citation or cited quotation get none.
fn of_brief(snap: &Snapshot, brief: &Brief) -> Vec<Lens> {
    let text = brief.text.as_str();
    let headings: Vec<(usize, &Block)> = brief
        .markdown
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Heading)
        .map(|block| (level(brief.text.slice(block.span)), block))
        .collect();
    // One pass from last to first: a heading covers its subheadings too.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut lenses = Vec::new();
    for &(depth, heading) in headings.iter().rev() {
        while open.last().is_some_and(|(deeper, _)| *deeper > depth) {
            open.pop();
        }
        let end = open.last().map_or(text.len(), |(_, start)| *start);
        open.push((depth, heading.span.start));
        let title = counts(snap, brief, Span::new(heading.span.start, end));
        lenses.extend(title.map(|title| Lens { span: brief.text.in_file(heading.span), title }));
    }
    lenses.reverse();
    lenses
}

/// 1 to 6, from `#` or the underline.
fn level(heading: &str) -> usize {
    match heading.len() - heading.trim_start_matches('#').len() {
        0 if heading.trim_end().ends_with('=') => 1,
        0 => 2,
        marks => marks,
    }
}

/// `4 citations · 3 quotations: 2 verbatim, 1 altered`; `None` if there is nothing to count. Uncited
/// quotations are not counted.
fn counts(snap: &Snapshot, brief: &Brief, section: Span) -> Option<String> {
    let citations = brief.citations.iter().filter(|citation| section.contains(citation.span.start)).count();
    let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for quotation in brief.quotations.iter().filter(|quotation| section.contains(quotation.span.start)) {
        if !quotation.citations.is_empty() {
            let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
            *verdicts.entry(evidence.verdict).or_default() += 1;
        }
    }
    let mut parts = Vec::new();
    if citations > 0 {
        parts.push(markup::counted(citations, "citation"));
    }
    if !verdicts.is_empty() {
        let named: Vec<String> =
            verdicts.iter().map(|(verdict, count)| format!("{count} {}", verdict.label())).collect();
        parts.push(format!(
            "{}: {}",
            markup::counted(verdicts.values().sum(), "quotation"),
            named.join(", ")
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What relies on a passage.
#[derive(Default)]
struct Leaning<'a> {
    /// How often each brief cites it, not counting notes.
    cited: BTreeMap<&'a FileId, usize>,
    /// The number of notes about it.
    notes: usize,
}

impl Leaning<'_> {
    /// `cited 3 times in brief.md · 1 note`.
    fn title(&self) -> String {
        let cited = (!self.cited.is_empty())
            .then(|| format!("cited {} in {}", times(self.cited.values().sum()), names(&self.cited)));
        let noted = (self.notes > 0).then(|| notes::counted(self.notes));
        cited.into_iter().chain(noted).collect::<Vec<_>>().join(" · ")
    }
}

fn of_source(snap: &Snapshot, opened: &Opened) -> Vec<Lens> {
    let source = snap.corpus.source(opened.id);
    let Some(text) = source.text() else { return Vec::new() };
    let mut all = 0;
    let mut passages: BTreeMap<usize, Leaning<'_>> = BTreeMap::new();
    for (file, brief) in snap.briefs() {
        let in_notes = notes::citations_in(file, brief);
        for &at in brief.places_of(&source.key).iter().filter(|at| in_notes.binary_search(at).is_err()) {
            all += 1;
            for passage in cited_passages(snap, brief.brief(), at, text) {
                *passages.entry(passage).or_default().cited.entry(file).or_default() += 1;
            }
        }
    }
    let noted = notes::of_source(snap, opened.id);
    for note in &noted {
        for passage in note.passages(snap, opened.id) {
            passages.entry(passage).or_default().notes += 1;
        }
    }
    let mut whole: Vec<String> = Vec::new();
    if all > 0 {
        whole.push(format!("cited {}", times(all)));
    }
    if !noted.is_empty() {
        whole.push(notes::counted(noted.len()));
    }
    // Maps passages of the last text read to those now in the editor.
    let shown = |known: usize| {
        let places = 0..opened.text.passages.len();
        match Arc::ptr_eq(text, &opened.text) {
            true => Some(known),
            false => places.into_iter().find(|&at| opened.known(snap, at) == Some(known)),
        }
    };
    let mut lenses = Vec::new();
    let place = |passage: &Passage| opened.text.text.in_file(passage.span);
    let first = opened.text.first_numbered().and_then(|at| opened.text.passages.get(at));
    if let (Some(first), false) = (first, whole.is_empty()) {
        lenses.push(Lens { span: place(first), title: format!("Whole source: {}", whole.join(" · ")) });
    }
    lenses.extend(passages.into_iter().filter_map(|(at, leaning)| {
        let span = place(opened.text.passages.get(shown(at)?)?);
        Some(Lens { span, title: leaning.title() })
    }));
    // A stable sort keeps the count for the whole source above that for its first passage.
    lenses.sort_by_key(|lens| lens.span.start);
    lenses
}

/// The passages of `text`, by index, that citation `at` of `brief` refers to: those its locator names, or
/// without a locator those that contain the words it vouches for.
fn cited_passages(snap: &Snapshot, brief: &Brief, at: usize, text: &SourceText) -> Vec<usize> {
    if let Some(locator) = &brief.citations[at].locator {
        return text.passages_at(&locator.loci);
    }
    let mut passages: Vec<usize> = lookup::vouched(snap, brief, at).map(|place| place.passage).collect();
    passages.sort_unstable();
    passages.dedup();
    passages
}

fn times(count: usize) -> String {
    if count == 1 { "once".into() } else { format!("{count} times") }
}

fn names(cited: &BTreeMap<&FileId, usize>) -> String {
    let names: Vec<_> = cited
        .keys()
        .map(|file| file.path().file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{Fixture, harbours, notes_on_harbours, workspace};

    use super::*;

    fn render(at: &Fixture, file: &FileId) -> String {
        let text = at.snap.file_text(file).expect("a text");
        let lenses = lenses(&at.snap, file).into_iter();
        let line = |lens: Lens| {
            let words: String = text.slice(lens.span).chars().take_while(|c| *c != '\n').take(24).collect();
            format!("{}\n  {words}\n", lens.title)
        };
        lenses.map(line).collect()
    }

    fn check_brief(brief: &str, expected: Expect) {
        let at = harbours(brief);
        expected.assert_eq(&render(&at, &at.file));
    }

    fn check_source(brief: &str, expected: Expect) {
        let at = harbours(brief);
        let moss = at.snap.corpus.find("moss2020").expect("moss");
        let file = at.snap.corpus.source(moss).text().expect("a text").file.clone();
        expected.assert_eq(&render(&at, &file));
    }

    #[test]
    fn a_heading_counts_what_stands_under_it_and_its_subheadings() {
        check_brief(
            "# Harbours\n\nIntroduction [@moss2020].\n\n## Winter\n\n\
             It would “begin work before the winter” [@moss2020; @reed2021].\n\n\
             ### Deeper\n\n“begin work before the summer” [@moss2020].\n\n## Nothing\n\nA “term”.\n\n\
             Second\n======\n\n“Tide tables were first printed for the pilots” [@reed2021].\n",
            expect![[r#"
                4 citations · 2 quotations: 1 verbatim, 1 altered
                  # Harbours
                3 citations · 2 quotations: 1 verbatim, 1 altered
                  ## Winter
                1 citation · 1 quotation: 1 altered
                  ### Deeper
                1 citation · 1 quotation: 1 verbatim
                  Second
            "#]],
        );
    }

    #[test]
    fn a_page_that_is_cited_counts_at_its_text_and_not_at_its_running_head() {
        let at = workspace(concat!(
            "//- sources/weir.pdf\n",
            include_str!("../../editors/document/weir.pdf"),
            "//- brief.md\nSee [@weir, p. 2].\n<|>"
        ));
        let weir = at.snap.corpus.find("weir").expect("the source");
        let view = at.snap.corpus.source(weir).text().and_then(|text| text.view.clone()).expect("a view");
        expect![[r#"
            Whole source: cited once
              The keepers of the weir
            cited once in brief.md
              The night watchman left
        "#]]
        .assert_eq(&render(&at, &view).replace(" \n", "\n"));
    }

    #[test]
    fn a_brief_without_headings_or_citations_has_none() {
        check_brief("Silt [@moss2020].\n", expect![""]);
        check_brief("# Harbours\n\nThe “great silting” of a winter.\n", expect![""]);
    }

    #[test]
    fn a_source_counts_its_citations_and_those_of_each_passage() {
        check_source(
            "See [@moss2020], [@moss2020, ¶ 1-2] and @moss2020 [¶ 2]. It would “begin work before the winter” \
             [@moss2020].\n\nFishermen now “land their catch across the bay” [@moss2020, ¶ 3].\n",
            expect![[r#"
                Whole source: cited 5 times
                  Harbours silt up when no
                cited once in brief.md
                  Harbours silt up when no
                cited 3 times in brief.md
                  The port authority said 
                cited once in brief.md
                  Fishermen from the north
            "#]],
        );
    }

    #[test]
    fn a_source_that_is_not_cited_has_none() {
        check_source("See [@reed2021, ¶ 1] and [@moss2019, ¶ 1].\n", expect![""]);
    }

    #[test]
    fn notes_are_counted_apart() {
        let at = notes_on_harbours("See [@moss2020, ¶ 2].\n");
        let moss = at.snap.corpus.find("moss2020").expect("moss");
        let file = at.snap.corpus.source(moss).text().expect("a text").file.clone();
        expect![[r#"
            Whole source: cited once · 3 notes
              Harbours silt up when no
            cited once in brief.md · 2 notes
              The port authority said 
            1 note
              Fishermen from the north
        "#]]
        .assert_eq(&render(&at, &file));
    }

    #[test]
    fn several_briefs_are_named() {
        let at = workspace(
            "//- refs.bib\n@online{a, file={a.txt}}\n//- a.txt\nOn Harbours\n\nThe port authority said it would begin work before the winter if the money came from the town.\n\
             //- one.md\n[@a, ¶ 1] [@a, ¶ 1]\n//- two.md\n[@a, ¶ 1]\n//- three.md\n[@a, ¶ 1]\n",
        );
        let source = at.snap.corpus.find("a").expect("a source");
        let file = at.snap.corpus.source(source).text().expect("a text").file.clone();
        expect![[r#"
            Whole source: cited 4 times
              The port authority said 
            cited 4 times in one.md, three.md and 1 more
              The port authority said 
        "#]]
        .assert_eq(&render(&at, &file));
    }
}
