//! The cards of sources and their passages, shared by hover, completion and the command line.

pub mod content;

use std::ops::RangeInclusive;

use crate::corpus::library::{Author, Entry};
use crate::corpus::source::{Class, Labels, Passage, Source, SourceText, TextState};
use crate::features::markup::{clip, flat};
use crate::features::original::Original;
use crate::features::{bibliography, notes, original};
use crate::text::FileSpan;
use crate::text::{Locus, LocusRange};
use crate::workspace::Snapshot;
pub use content::{Card, Line, Run};
pub(super) use content::{emphasis, own, strong, taken, words};

/// Longest excerpt of a neighbouring passage, in characters: about one line of a card.
const NEIGHBOUR: usize = 72;

/// Longest excerpt of a passage, in characters. The longest newspaper paragraphs have about 1,500, and nobody
/// reads a card that scrolls.
pub(super) const PASSAGE: usize = 1600;

/// A card and the range it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The card.
    pub card: Card,
    /// The key, locator, quotation, term or name.
    pub span: FileSpan,
}

/// The card of a source: what is known about it, and what is not.
#[must_use]
pub fn source(snap: &Snapshot, source: &Source) -> Card {
    let entry = source.entry.as_deref();
    let mut lines = vec![title(source)];
    let stated = source.text().map(|text| &text.metadata);
    if let Some(entry) = entry {
        lines.push(match stated.filter(|stated| entry.authors.is_empty() && !stated.authors.is_empty()) {
            Some(stated) => from_document(&stated.authors.join(", ")),
            None => authors(entry),
        });
        let outlet = match (entry.outlet.as_deref(), stated.and_then(|stated| stated.outlet.as_deref())) {
            (Some(outlet), _) => emphasis(taken(outlet)).into(),
            (None, Some(outlet)) => from_document(outlet),
            (None, None) => words!["outlet unknown"],
        };
        let date = match (entry.when(), stated.and_then(|stated| stated.date.as_deref())) {
            (Some(date), _) => taken(&date).into(),
            (None, Some(date)) => from_document(date),
            (None, None) => words!["date unknown"],
        };
        lines.push(Line::joined([outlet, date, language(source)], " · "));
        lines.push(match (entry.url.as_deref(), stated.and_then(|stated| stated.url.as_deref())) {
            (None, Some(url)) if is_web_address(url) => {
                words![Run::Address(url.to_owned()), " (from the document)"]
            }
            _ => url(entry),
        });
        lines.extend(entry.rating.map(|rating| own(format!("Rating {rating}")).into()));
    } else {
        // All that is known about a bare file is its language: do not add three lines of unknowns.
        lines.push(language(source));
    }
    let mut below = extent(source);
    below.push(cited(snap, &source.key));
    below.extend(source.text().and_then(|text| original::at(text, 0)).map(opens));
    let mut card = Card::of(lines).paragraph(below);
    if entry.is_none() {
        card = card.and(emphasis("No library entry: the key comes from the file name."));
    }
    if let Some(reference) = entry.and_then(|entry| bibliography::reference(snap, entry)) {
        card = card.and(taken(&reference));
    }
    let notes = entry.map(|entry| entry.notes.as_slice()).unwrap_or_default();
    notes.iter().fold(card, |card, note| card.and(words!["Note: ", taken(note)]))
}

/// `value`, which the document states about itself and the entry does not.
fn from_document(value: &str) -> Line {
    /// Longer values are cut, in characters.
    const LONGEST: usize = 200;
    words![taken(&clip(&flat(value), LONGEST)), " (from the document)"]
}

/// The link that opens the file a text was extracted from.
fn opens(original: Original) -> Line {
    Run::Link { words: words!["Open ", taken(&original.what)], url: original.url }.into()
}

/// The words of `passage`, cut where a card would scroll.
pub(super) fn excerpt(text: &SourceText, passage: &Passage) -> Line {
    taken(&clip(&flat(text.words(passage)), PASSAGE)).into()
}

/// The card of the passages of a source that `loci` name, in the order of the locator. A
/// single range is shown with a short excerpt of its neighbours; with several ranges each passage has its
/// number. `None` if none of the passages exist.
#[must_use]
pub fn passages(source: &Source, loci: &[LocusRange]) -> Option<Card> {
    let text = source.text()?;
    let shown = text.passages_at(loci);
    let (first, last) = (*shown.first()?, *shown.last()?);
    let label = loci.first()?.first.label();
    let named: Vec<String> = loci.iter().filter_map(|range| part(text, range, true)).collect();
    let alone = loci.len() == 1;
    let place = strong(taken(&format!("{label}{}", named.join(", "))));
    let mut card = Card::of([words![place, own(of_all_like(text, loci)), " · "].and(short(source))]);
    let before = text.passages[..first].iter().rev().find(|passage| passage.number.is_some());
    if let (Some(before), true) = (before, alone) {
        card = card.and(emphasis(neighbour(text, before)));
    }
    for &at in &shown {
        let passage = &text.passages[at];
        if let (Some(locator), false) = (text.locus(passage), alone) {
            card = card.and(taken(&locator.to_string()));
        }
        card = card.quotation([excerpt(text, passage)]);
    }
    let after = text.passages[last + 1..].iter().find(|passage| passage.number.is_some());
    if let (Some(after), true) = (after, alone) {
        card = card.and(emphasis(neighbour(text, after)));
    }
    if let Some(original) = original::at(text, text.offset_at(loci)) {
        card = card.and(opens(original));
    }
    let missing: Vec<String> = loci.iter().filter_map(|range| part(text, range, false)).collect();
    if !missing.is_empty() {
        card = card.and(words!["There is no ", taken(&format!("{label}{}", missing.join(", "))), "."]);
    }
    Some(card)
}

/// The passages that locators of `text` can name, as the end of a sentence.
pub(super) fn all_passages(text: &SourceText) -> String {
    match text.paragraphs() {
        Some(loci) if text.own.is_some() => {
            format!("it numbers its paragraphs {} to {}.", loci.start(), loci.end())
        }
        Some(loci) => format!("its passages are ¶ {} to ¶ {}.", loci.start(), loci.end()),
        None => "it has no numbered passages.".into(),
    }
}

/// The places of the same kind as `like` in `text`, as the end of a sentence.
pub(super) fn all_like(text: &SourceText, like: &Locus) -> String {
    let labels = || text.pages.iter().filter_map(|page| page.label.as_deref());
    match (like, labels().next().zip(labels().next_back()), text.times.last()) {
        (Locus::Page(_), Some((first, last)), _) => format!("its pages are {first} to {last}."),
        (Locus::Time(_), _, Some(last)) => format!("it ends at {}.", last.end),
        _ => all_passages(text),
    }
}

/// A sentence saying that `source`, whose text is `text`, has no `locus`.
pub(super) fn has_no(source: &Source, text: &SourceText, locus: &Locus) -> Line {
    words![taken(&source.key), " has no ", taken(&locus.to_string()), ": ", taken(&all_like(text, locus))]
}

/// What kind of number the places `loci` have: [`of_all`] after paragraphs, and where they come from if that is
/// not obvious; empty after other places.
pub(super) fn of_all_like(text: &SourceText, loci: &[LocusRange]) -> String {
    match (loci.first().map(|range| &range.first), text.labels) {
        (Some(Locus::Paragraph(_)), _) if text.own.is_some() => {
            format!("{}, as the source numbers them", of_all(text))
        }
        (Some(Locus::Paragraph(_)), _) => of_all(text),
        (Some(Locus::Page(_)), Labels::Stated) => " by the file’s page labels".into(),
        (Some(Locus::Page(_)), Labels::Counted) => {
            format!(", counted from the first of {}: no page numbers are printed", text.pages.len())
        }
        _ => String::new(),
    }
}

/// The number of paragraphs that can be named: ` of 12`, or ` of 37–39` if they do not begin with 1.
fn of_all(text: &SourceText) -> String {
    match text.paragraphs() {
        Some(loci) if *loci.start() == 1 => format!(" of {}", loci.end()),
        Some(loci) => format!(" of {}", numbers(&loci)),
        None => String::new(),
    }
}

/// `5–6`, or `5`.
fn numbers(range: &RangeInclusive<u32>) -> String {
    match range.start() == range.end() {
        true => range.start().to_string(),
        false => format!("{}–{}", range.start(), range.end()),
    }
}

/// The part of `range` that `text` has or, if `there` is false, lacks; for paragraphs, from the first such
/// number to the last. A writer may type a range of any length, so past the end of any source only its two
/// ends are tested.
fn part(text: &SourceText, range: &LocusRange, there: bool) -> Option<String> {
    /// Above the number of any passage in the longest texts.
    const MOST: u32 = 100_000;
    let Some(paragraphs) = range.paragraphs() else {
        return (text.has(&range.first) == Some(there)).then(|| range.value());
    };
    let (first, last) = paragraphs.into_inner();
    let wanted = |number: &u32| text.has(&Locus::Paragraph(*number)) == Some(there);
    let within = || first..=last.min(first.saturating_add(MOST));
    let start = within().find(&wanted)?;
    let end = if wanted(&last) { last } else { within().rev().find(&wanted)? };
    Some(numbers(&(start..=end)))
}

/// Where a passage is, for a card: `¶ 7`, or its class if it has no number.
#[must_use]
pub fn place(text: &SourceText, passage: &Passage) -> String {
    match (text.locus(passage), passage.number) {
        (Some(locus), _) => locus.to_string(),
        (None, Some(_)) => "in a paragraph without a number".into(),
        (None, None) => format!("in the {}", passage.class.name()),
    }
}

/// `Author · Outlet · year`, as far as known; the title or file if none of it is.
#[must_use]
pub fn detail(source: &Source) -> String {
    let Some(entry) = source.entry.as_deref() else {
        return source.title().map_or("no library entry".into(), |title| clip(&flat(title), NEIGHBOUR));
    };
    let mut parts: Vec<String> = families(entry).into_iter().collect();
    parts.extend(entry.outlet.clone());
    parts.extend(entry.year());
    if parts.is_empty() {
        parts.extend(source.title().map(|title| clip(&flat(title), NEIGHBOUR)));
    }
    parts.join(" · ")
}

/// The authors' family names as in a citation in running text; `None` if there are no authors.
pub(super) fn families(entry: &Entry) -> Option<String> {
    match entry.authors.as_slice() {
        [] => None,
        [one] => Some(one.family.clone()),
        [one, two] => Some(format!("{} and {}", one.family, two.family)),
        [one, ..] => Some(format!("{} et al.", one.family)),
    }
}

/// The beginning of a passage on one line, for lists.
#[must_use]
pub fn beginning(text: &SourceText, passage: &Passage) -> String {
    clip(&flat(text.words(passage)), NEIGHBOUR)
}

fn title(source: &Source) -> Line {
    let stated = source.text().and_then(|text| text.metadata.title.as_deref());
    match (source.title().or(stated), source.text()) {
        (Some(title), _) => strong(taken(title)).into(),
        (None, Some(text)) => {
            let name = text.file.path().file_name().unwrap_or_default().to_string_lossy();
            words![strong("Untitled"), " (", taken(&name), ")"]
        }
        (None, None) => strong("Untitled").into(),
    }
}

fn authors(entry: &Entry) -> Line {
    if entry.authors.is_empty() {
        return words!["author unknown"];
    }
    let names: Vec<String> = entry.authors.iter().map(Author::full).collect();
    let names: Line = taken(&names.join(", ")).into();
    // An institute that publishes its own staff is named once, as the outlet.
    match entry.affiliation.as_ref().filter(|at| entry.outlet.as_ref() != Some(*at)) {
        Some(affiliation) => names.and(words![" (", taken(affiliation), ")"]),
        None => names,
    }
}

fn language(source: &Source) -> Line {
    if let Some(written) = source.entry.as_ref().and_then(|entry| entry.language.as_deref()) {
        // BibLaTeX writes `english`.
        let mut letters = written.chars();
        let capital =
            letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
        return taken(&(capital + letters.as_str())).into();
    }
    let detected = source.text().and_then(|text| text.language).and_then(whatlang::Lang::from_code);
    detected.map_or(words!["language unknown"], |language| words![language.eng_name(), " (detected)"])
}

fn url(entry: &Entry) -> Line {
    match entry.url.as_deref() {
        None => words!["no URL known"],
        // Only an unambiguous address becomes a link.
        Some(url) if is_web_address(url) => Run::Address(url.to_owned()).into(),
        Some(url) => taken(url).into(),
    }
}

pub(super) fn is_web_address(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && !url.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\\`\"".contains(c))
}

/// How much text the source has.
fn extent(source: &Source) -> Vec<Line> {
    match &source.document {
        TextState::Present(text) => {
            let extent = match (text.facts.counted, text.facts.paragraphs) {
                (0, _) | (_, None) => words!["Its text has no numbered passages."],
                (1, Some((first, _))) => own(format!("1 passage (¶ {first})")).into(),
                (count, Some((first, last))) => {
                    own(format!("{count} passages (¶ {first} to ¶ {last})")).into()
                }
            };
            let others = source.other_documents();
            let names: Vec<Line> = others.iter().map(|path| taken(&path.to_string_lossy()).into()).collect();
            match names.is_empty() {
                true => vec![extent],
                false => vec![extent, words!["The entry also names "].and(Line::joined(names, ", "))],
            }
        }
        TextState::Unnamed => vec![words!["No text: the library entry names no file."]],
        TextState::Waiting { .. } => vec![words!["Its text is being read."]],
        TextState::Unread { file, why } => {
            let name = file.path().file_name().unwrap_or_default().to_string_lossy();
            vec![words!["No text: ", taken(&name), " is not read: ", taken(why), "."]]
        }
        TextState::Missing { file, why } => {
            let written = source.entry.as_ref().and_then(|entry| entry.files.first());
            let name = written.map_or(file.path(), |written| written.as_path()).to_string_lossy();
            vec![words!["No text: cannot read ", taken(&name), ": ", taken(why), "."]]
        }
    }
}

/// Where the source is cited in the workspace, and how many notes there are about it.
fn cited(snap: &Snapshot, key: &str) -> Line {
    let mut places = Vec::new();
    let mut times = 0;
    let mut noted: Vec<String> = Vec::new();
    let source = snap.corpus.find(key);
    let on_it = source.map(|source| notes::of_source(snap, source)).unwrap_or_default();
    for (file, brief) in snap.briefs() {
        let in_notes = notes::citations_in(file, brief);
        let count = brief.places_of(key).iter().filter(|at| in_notes.binary_search(at).is_err()).count();
        if count > 0 {
            times += count;
            places.push(notes::name(file));
        }
        if on_it.iter().any(|note| note.file == file) {
            noted.push(notes::name(file));
        }
    }
    let cited = match (times, places.len()) {
        (0, _) => words!["Not yet cited in this workspace."],
        (1, 1) => words!["Cited once, in "].and(listed(&places)).and("."),
        (_, 1) => Line::from(own(format!("Cited {times} times in "))).and(listed(&places)).and("."),
        (_, _) => Line::from(own(format!("Cited {times} times, in "))).and(listed(&places)).and("."),
    };
    match on_it.len() {
        0 => cited,
        count => {
            cited.and(own(format!(" {} on it, in ", notes::counted(count)))).and(listed(&noted)).and(".")
        }
    }
}

/// `a.md`, `a.md and b.md`, `a.md, b.md and 3 more`.
fn listed(names: &[String]) -> Line {
    match names {
        [] => Line::default(),
        [one] => taken(one).into(),
        [one, two] => words![taken(one), " and ", taken(two)],
        [one, two, rest @ ..] => {
            words![taken(one), ", ", taken(two), own(format!(" and {} more", rest.len()))]
        }
    }
}

/// The key and author of a source on one line.
pub(super) fn short(source: &Source) -> Line {
    let detail = detail(source);
    match detail.is_empty() {
        true => taken(&source.key).into(),
        false => words![taken(&source.key), " · ", taken(&detail)],
    }
}

fn neighbour(text: &SourceText, passage: &Passage) -> Line {
    debug_assert!(passage.class != Class::Title);
    let beginning = taken(&beginning(text, passage));
    match text.locus(passage) {
        Some(locus) => words![taken(&locus.to_string()), ": ", beginning],
        None => beginning.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_documents_of_an_entry_are_named() {
        let files = "//- refs.bib\n@misc{a, file={missing.txt;sources/a.txt;scan.pdf}}\n\
            @misc{b, file={sources/b.txt}}\n//- sources/a.txt\nTitle\n\nThe weir was mended twice in that year.\n\
            //- sources/b.txt\nTitle\n\nThe weir was mended twice in that year.\n";
        let at = crate::features::fixture::workspace(files);
        let card = |key: &str| {
            source(&at.snap, at.snap.corpus.source(at.snap.corpus.find(key).expect(key))).markdown()
        };
        assert!(card("a").contains("The entry also names missing.txt, scan.pdf"), "{}", card("a"));
        assert!(!card("b").contains("also names"), "{}", card("b"));
    }

    #[test]
    fn what_an_entry_lacks_is_taken_from_the_document_and_said_to_be() {
        let files = "//- refs.bib\n@misc{a, file={sources/a.html}}\n@misc{b, author={Reed, Tom}, date={2020}, url={https://b.example/}, file={sources/a.html}}\n\
            @misc{c, file={sources/c.txt}}\n//- sources/a.html\n<meta name=author content='Ada *Moss*'><meta property='og:site_name' content='The Gauge'>\
            <meta property='article:published_time' content='2020-05-04'><link rel=canonical href='https://gauge.example/1'>\
            <h1>On Weirs</h1><p>The weir was mended twice in that year.</p>\n//- sources/c.txt\nTitle\n\nThe weir was mended twice in that year.\n";
        let at = crate::features::fixture::workspace(files);
        let card = |key: &str| {
            source(&at.snap, at.snap.corpus.source(at.snap.corpus.find(key).expect(key))).markdown()
        };
        let a = card("a");
        for expected in [
            r"Ada \*Moss\* (from the document)",
            "The Gauge (from the document) · 2020-05-04 (from the document)",
            "<https://gauge.example/1> (from the document)",
        ] {
            assert!(a.contains(expected), "{a}");
        }
        let b = card("b");
        assert!(b.contains("Tom Reed") && b.contains("<https://b.example/>") && !b.contains("Moss"), "{b}");
        assert!(card("c").contains("author unknown") && card("c").contains("date unknown"));
    }
}
