//! The card of a passage in an open source: its number or why it has none, what relies on it, and the notes
//! on it.

use std::collections::BTreeMap;

use crate::corpus::source::{Class, Furniture, Passage, SourceText};
use crate::features::card::{self, Card, Hover, Line, own, strong, taken, words};
use crate::features::lookup::Opened;
use crate::features::notes;
use crate::features::references::{self, What};
use crate::text::{FileId, FileOffset};
use crate::workspace::Snapshot;

/// How many briefs to name before only counting them.
const MOST_NAMED: usize = 4;

/// The card for `at` in the source `file`; `None` between passages and in files that are not sources.
#[must_use]
pub fn hover(snap: &Snapshot, file: &FileId, at: FileOffset) -> Option<Hover> {
    let opened = Opened::of(snap, file)?;
    let at = opened.passage_at(at)?;
    let passage = opened.text.passages.get(at)?;
    let source = snap.corpus.source(opened.id);
    let mut card = Card::of([place(&opened.text, passage).and(" · ").and(card::short(source))]);
    if passage.number.is_none() {
        card = card.and(why_not_numbered(passage.class));
    }
    if let Some(known) = opened.known(snap, at) {
        let leaning = leaning(snap, &opened, known);
        // A passage that cannot be cited by number need not be reported as uncited.
        if !leaning.is_empty() {
            card = card.paragraph(leaning);
        } else if passage.number.is_some() {
            card = card.and("Neither cited nor quoted yet.");
        }
        card = card.above(notes::on_card(&notes::on_passages(snap, opened.id, &[known])));
    }
    Some(Hover { card, span: opened.text.text.in_file(passage.span) })
}

fn place(text: &SourceText, passage: &Passage) -> Line {
    if let Some(locator) = text.locus(passage) {
        let all = card::of_all_like(text, &[locator.clone().into()]);
        return words![strong(taken(&locator.to_string())), own(all)];
    }
    let name = passage.class.name();
    let mut letters = name.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    words![strong(own(capital + letters.as_str())), ", not numbered"]
}

fn why_not_numbered(class: Class) -> &'static str {
    match class.furniture() {
        Some(Furniture::Note) => "Notes are not counted as paragraphs.",
        Some(Furniture::Aside) => "Boxes beside the text are not counted as paragraphs.",
        Some(_) => "Page furniture, not part of the article: it has no ¶ number, and quoting it is flagged.",
        None => "Only body paragraphs and block quotations are counted.",
    }
}

/// Who cites and who quotes the passage at `at`, not counting notes; empty if nobody does.
fn leaning(snap: &Snapshot, opened: &Opened, at: usize) -> Vec<Line> {
    let (mut citing, mut quoting) = (Counts::new(), Counts::new());
    for one in references::of_passages(snap, opened.id, &[at]) {
        let Some(brief) = snap.brief(&one.file) else { continue };
        let said = brief.brief();
        let noted = |span| {
            notes::of_file(&one.file, brief)
                .filter_map(|note| said.quotations.get(note.annotation.quotation))
                .any(|quotation| quotation.span.covers(span))
        };
        if noted(one.span) {
            continue;
        }
        let counts = match one.what {
            What::Citation(_) => &mut citing,
            What::Quotation(..) => &mut quoting,
            What::Entry | What::Mention => continue,
        };
        *counts.entry(notes::name(&one.file)).or_default() += 1;
    }
    let counts = [("Cited", citing), ("Quoted", quoting)];
    let some = counts.iter().filter(|(_, counts)| !counts.is_empty());
    some.map(|(what, counts)| counted(what, counts)).collect()
}

/// The number of places, by file name.
type Counts = BTreeMap<String, usize>;

/// `Cited once, in a.md.`, `Cited 5 times: a.md 3, b.md 2.`
fn counted(what: &'static str, counts: &Counts) -> Line {
    let all: usize = counts.values().sum();
    let times = own(if all == 1 { " once".to_owned() } else { format!(" {all} times") });
    if let (Some((name, _)), 1) = (counts.first_key_value(), counts.len()) {
        return words![what, times, ", in ", taken(name), "."];
    }
    let named = counts.iter().take(MOST_NAMED);
    let named = Line::joined(named.map(|(name, count)| words![taken(name), own(format!(" {count}"))]), ", ");
    let more = match counts.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    words![what, times, ": "].and(named).and(words![own(more), "."])
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::workspace;
    use crate::features::hover;
    use crate::text::FileOffset;
    use crate::workspace::{Change, Host};

    const LIBRARY: &str =
        "//- refs.bib\n@online{moss2020, author={Moss, Ada}, date={2020}, file={sources/moss.txt}}\n";
    const BRIEFS: &str = "//- a.md\nSilt [@moss2020, ¶ 1; @moss2020, ¶ 1-2]. It would “begin work before the winter” [@moss2020].\n\
        //- b.md\nMoney [see @moss2020, ¶ 2].\n\
        //- notes/moss.md\n> which nobody on the quay believed [@moss2020, ¶ 2]\n\nHearsay. #dredging\n";
    const SOURCE: &str = "On Harbours\n\nHarbours silt up when nobody dredges them, and the council has not paid.\n\n\
        The port authority said that it would begin work before the winter, which nobody on the quay believed.\n\n\
        Photo by Ada Moss via Getty Images\n\nFishermen from the northern villages now land their catch across the bay.\n";

    fn check(source: &str, expected: Expect) {
        let at = workspace(&format!("{LIBRARY}{BRIEFS}//- sources/moss.txt\n{source}"));
        let found = hover::hover(&at.snap, &at.file, at.cursor).expect("a card");
        let text = at.snap.file_text(&at.file).expect("the source");
        let words: String = text.slice(found.span).chars().take(12).collect();
        expected.assert_eq(&format!("⟦{words}…⟧\n{}\n", found.card.markdown()));
    }

    #[test]
    fn a_passage_knows_its_number_its_readers_and_its_notes() {
        check(
            &SOURCE.replace("begin work", "begin wo<|>rk"),
            expect![[r#"
                ⟦The port aut…⟧
                **¶ 2** of 3 · moss2020 · Moss · 2020

                Cited 2 times: a.md 1, b.md 1.  
                Quoted once, in a.md.

                Note in moss.md: Hearsay. #dredging
            "#]],
        );
        check(
            &SOURCE.replace("Harbours silt", "Harb<|>ours silt"),
            expect![[r#"
                ⟦Harbours sil…⟧
                **¶ 1** of 3 · moss2020 · Moss · 2020

                Cited 2 times, in a.md.
            "#]],
        );
        check(
            &SOURCE.replace("Fishermen", "Fish<|>ermen"),
            expect![[r#"
                ⟦Fishermen fr…⟧
                **¶ 3** of 3 · moss2020 · Moss · 2020

                Neither cited nor quoted yet.
            "#]],
        );
    }

    #[test]
    fn what_is_not_counted_says_so() {
        check(
            &SOURCE.replace("Photo by", "Photo<|> by"),
            expect![[r#"
                ⟦Photo by Ada…⟧
                **Caption**, not numbered · moss2020 · Moss · 2020

                Page furniture, not part of the article: it has no ¶ number, and quoting it is flagged.
            "#]],
        );
        check(
            &SOURCE.replace("On Harbours", "On<|> Harbours"),
            expect![[r#"
                ⟦On Harbours…⟧
                **Title**, not numbered · moss2020 · Moss · 2020

                Only body paragraphs and block quotations are counted.
            "#]],
        );
    }

    #[test]
    fn a_source_in_markdown_is_no_brief_when_it_is_open() {
        let text = "# On Harbours\n\nThe port authority said that it would begin work before the winter.\n\n\
                    “The port authority said that it would begin work before the winter”, a fisherman repeats.\n";
        let at =
            workspace(&format!("//- refs.bib\n@online{{moss2020, file={{moss.md}}}}\n//- moss.md\n{text}"));
        let file = at.snap.corpus.sources()[0].text().expect("a text").file.clone();
        let mut host = Host::default();
        let loaded = crate::workspace::load::Loader::new(at.folder().to_path_buf()).load(&|_| {});
        host.apply(Change::Loaded(loaded));
        let (language, version) = ("markdown".to_owned(), 1);
        host.apply(Change::Opened { file: file.clone(), language, version, text: text.into() });
        let snap = host.snapshot();
        assert!(snap.brief(&file).is_none() && snap.briefs().is_empty());
        assert_eq!(crate::features::diagnostics::of_file(&snap, &file), []);
        let card = hover::hover(&snap, &file, FileOffset(20)).expect("a card").card.markdown();
        assert!(card.starts_with("**¶ 1** of 2"), "{card}");
        assert_eq!(snap.shadows().keys().collect::<Vec<_>>(), [&file]);
    }

    #[test]
    fn between_passages_there_is_no_card() {
        let at = workspace(&format!(
            "{LIBRARY}{BRIEFS}//- sources/moss.txt\n{}",
            SOURCE.replace("\n\nPhoto", "\n\n\n<|>\n\nPhoto")
        ));
        assert_eq!(hover::hover(&at.snap, &at.file, at.cursor), None);
    }

    #[test]
    fn an_edited_source_is_counted_as_it_stands_in_the_editor() {
        let at = workspace(&format!("{LIBRARY}{BRIEFS}//- sources/moss.txt\n{SOURCE}"));
        let file = at.snap.corpus.sources()[0].text().expect("a text").file.clone();
        let mut host = Host::default();
        let loaded = crate::workspace::load::Loader::new(at.folder().to_path_buf()).load(&|_| {});
        host.apply(Change::Loaded(loaded));
        let text = SOURCE
            .replace("Harbours silt", "A new paragraph stands before the others here.\n\nHarbours silt");
        let offset = FileOffset(text.find("port authority").expect("there"));
        host.apply(Change::Opened { file: file.clone(), language: "plaintext".into(), version: 1, text });
        let found = hover::hover(&host.snapshot(), &file, offset).expect("a card");
        assert!(found.card.markdown().starts_with("**¶ 3** of 4"), "{}", found.card.markdown());
        assert!(found.card.markdown().contains("Quoted once, in a.md."), "{}", found.card.markdown());
    }

    #[test]
    fn in_an_edited_page_the_card_is_that_of_the_passage_under_the_cursor() {
        let page = "<html><head><title>On Harbours</title></head><body><h1>On Harbours</h1>\n\
            <p>Harbours silt up when nobody dredges them, says the council of the town.</p>\n\
            <p>The port authority would <em>begin</em> work before the winter, it said to us.</p></body></html>\n";
        let library = "//- refs.bib\n@online{moss2020, file={sources/moss.html}}\n";
        let at = workspace(&format!("{library}//- sources/moss.html\n{page}"));
        let file = at.snap.corpus.sources()[0].text().expect("a text").file.clone();
        let mut host = Host::default();
        let loaded = crate::workspace::load::Loader::new(at.folder().to_path_buf()).load(&|_| {});
        host.apply(Change::Loaded(loaded));
        let new = "<!-- Not read. -->\n<p>A new paragraph was written before all the others in it.</p>\n<p>Harbours";
        let text = page.replace("<p>Harbours", new);
        let cursor = FileOffset(text.find("authority").expect("there"));
        let opened = text.clone();
        host.apply(Change::Opened { file: file.clone(), language: "html".into(), version: 1, text: opened });
        let found = hover::hover(&host.snapshot(), &file, cursor).expect("a card");
        assert!(found.card.markdown().starts_with("**¶ 3** of 3"), "{}", found.card.markdown());
        let end = text.find("</p></body>").expect("there");
        assert_eq!(
            &text[found.span.start.0..found.span.end.0],
            &text[text.find("The port").expect("there")..end]
        );
    }
}
