//! The places of a source that locators name: paragraphs, pages, sections, notes, figures, lines and times.

use std::ops::RangeInclusive;

use super::source::{Furniture, Labels, Noted, Passage, Section, SourceText};
use crate::text::language::Language;
use crate::text::locus::roman;
use crate::text::{Division, FileOffset, Locus, LocusRange, Span, sentence};

impl SourceText {
    /// The indices of the passages that `loci` name, in order; used by every feature that follows a locator.
    /// Empty if the source has no such places: see [`SourceText::has`]. Whoever cites a page does not mean its
    /// running head, so that is left out unless it is all there is.
    #[must_use]
    pub fn passages_at(&self, loci: &[LocusRange]) -> Vec<usize> {
        let wanted = self.wanted(loci);
        let mut found = self.positions(|passage| wanted.names(passage));
        let is_head = |at: &usize| self.passages[*at].class.furniture() == Some(Furniture::RunningHead);
        if !found.iter().all(is_head) {
            found.retain(|at| !is_head(at));
        }
        match (loci.first().and_then(LocusRange::paragraphs), &self.own) {
            // A scan may have lost a number, in which case its words continue the paragraph before.
            (Some(range), Some(own)) if found.is_empty() && own.contains(range.start()) => {
                let before = self.passages.iter().filter_map(|passage| passage.printed);
                let before = before.filter(|number| number < range.start()).max();
                self.positions(|passage| before.is_some() && passage.printed == before)
            }
            _ => found,
        }
    }

    /// The index of the first passage that `locus` names.
    #[must_use]
    pub fn passage_at(&self, locus: Locus) -> Option<usize> {
        self.passages_at(&[locus.into()]).first().copied()
    }

    /// Where the places that `loci` name begin, in bytes of the text; 0 if there are none.
    #[must_use]
    pub fn offset_at(&self, loci: &[LocusRange]) -> usize {
        // A page may begin within a passage.
        let spans = loci.first().map(|range| self.extents(range)).unwrap_or_default();
        let passage = || Some(self.passages.get(*self.passages_at(loci).first()?)?.span.start);
        spans.first().map(|span| span.start).or_else(passage).unwrap_or(0)
    }

    fn positions(&self, wanted: impl Fn(&Passage) -> bool) -> Vec<usize> {
        let passages = self.passages.iter().enumerate();
        passages.filter(|(_, passage)| wanted(passage)).map(|(at, _)| at).collect()
    }

    /// The places that `loci` name.
    #[must_use]
    pub fn wanted(&self, loci: &[LocusRange]) -> Wanted {
        Wanted {
            own: self.own.clone(),
            paragraphs: loci.iter().filter_map(LocusRange::paragraphs).collect(),
            spans: loci.iter().flat_map(|range| self.extents(range)).collect(),
        }
    }

    /// Whether the words at `span`, which lie in `passage`, may be cited with `loci`. A passage may run over
    /// several pages; then the sentences of the words must touch those that are named.
    #[must_use]
    pub fn allows(&self, loci: &[LocusRange], passage: &Passage, span: Span) -> bool {
        let wanted = self.wanted(loci);
        if !loci.iter().any(|range| matches!(range.first, Locus::Page(_))) {
            return wanted.allows(passage);
        }
        let language = Language::of(self.language);
        let within = Span::new(passage.span.start, passage.span.end.max(span.end));
        wanted.touches(sentence::around(language, self.text.as_str(), within, span))
    }

    /// Whether the source has `locus`. `None` if that cannot be known, as for pages in a text without page
    /// breaks; such locators are trusted.
    #[must_use]
    pub fn has(&self, locus: &Locus) -> Option<bool> {
        match locus {
            Locus::Paragraph(number) => Some(self.has_paragraph(*number)),
            Locus::Page(label) => {
                let mut labels = self.pages.iter().filter_map(|page| page.label.as_deref()).peekable();
                labels.peek()?;
                let found = labels.any(|known| is_same_number(known, label));
                // An extract from a book may be cited by the pages of the book.
                (found || self.labels != Labels::Counted).then_some(found)
            }
            Locus::Time(time) => self.times.last().map(|last| *time <= last.end),
            // Headings may be lost, notes counted anew in each chapter, and figures drawn: only what was found is
            // certain.
            Locus::Section(..) | Locus::Figure(_) | Locus::Line(_) | Locus::Note(_) => {
                (!self.extents(&locus.clone().into()).is_empty()).then_some(true)
            }
        }
    }

    /// Whether the source has places of the kind that `loci` name, so that the locator can be followed.
    #[must_use]
    pub fn counts_by(&self, loci: &[LocusRange]) -> bool {
        loci.iter().any(|range| self.has(&range.first).is_some())
    }

    /// How a brief cites `passage`, a passage of this text, or its beginning: by the source's own paragraph
    /// number, else by page, else by the count. `None` if it has none of these.
    #[must_use]
    pub fn locus(&self, passage: &Passage) -> Option<Locus> {
        self.locus_of(passage, Span::new(passage.span.start, passage.span.start)).map(|range| range.first)
    }

    /// How a brief cites the words at `span`, which begin in `passage`.
    #[must_use]
    pub fn locus_of(&self, passage: &Passage, span: Span) -> Option<LocusRange> {
        let note = self.note_at(passage.span.start).filter(|note| note.span.covers(passage.span));
        if let Some(note) = note {
            return Some(Locus::Note(note.mark.clone()).into());
        }
        let page = |offset| self.page_at(offset).map(Locus::Page);
        match passage.paragraph.filter(|_| self.own.is_some()).map(Locus::Paragraph) {
            Some(paragraph) => Some(paragraph.into()),
            None => match page(span.start) {
                Some(first) => Some(LocusRange { last: page(last_of(span)).unwrap_or(first.clone()), first }),
                None => passage.paragraph.map(|number| Locus::Paragraph(number).into()),
            },
        }
    }

    /// The place of the words at `span`, which begin in `passage`, in the same unit as `like`: their page for a
    /// page, their paragraph for a paragraph.
    #[must_use]
    pub fn locus_like(&self, passage: &Passage, span: Span, like: &Locus) -> Option<LocusRange> {
        let start = span.start;
        match like {
            Locus::Paragraph(_) => passage.paragraph.map(|number| Locus::Paragraph(number).into()),
            Locus::Page(_) => {
                let first = Locus::Page(self.page_at(start)?);
                let last = self.page_at(last_of(span)).map_or(first.clone(), Locus::Page);
                Some(LocusRange { first, last })
            }
            Locus::Time(_) => {
                let timed = self.times.iter().rfind(|timed| timed.at <= start)?;
                Some(Locus::Time(timed.start).into())
            }
            Locus::Section(division, _) => {
                let before = self.sections.partition_point(|section| section.span.start <= start);
                let mut inside = self.sections[..before].iter().rev().filter(|one| one.span.contains(start));
                let number = inside.find_map(|section| section.number.clone())?;
                Some(Locus::Section(*division, number).into())
            }
            Locus::Note(_) => Some(Locus::Note(self.note_at(start)?.mark.clone()).into()),
            Locus::Figure(_) | Locus::Line(_) => None,
        }
    }

    /// The label of the page with byte `offset`; `None` if it has none.
    fn page_at(&self, offset: usize) -> Option<Box<str>> {
        self.pages[self.page_index(offset)?].label.clone()
    }

    /// The index in [`SourceText::pages`] of the page with byte `offset`.
    #[must_use]
    pub fn page_index(&self, offset: usize) -> Option<usize> {
        self.pages.partition_point(|page| page.span.start <= offset).checked_sub(1)
    }

    /// The note with byte `offset`.
    fn note_at(&self, offset: usize) -> Option<&Noted> {
        let next = self.notes.partition_point(|note| note.span.end <= offset);
        self.notes.get(next).filter(|note| note.span.contains(offset))
    }

    /// The parts of the text that `range` names, if it is not one of paragraphs.
    fn extents(&self, range: &LocusRange) -> Vec<Span> {
        match (&range.first, &range.last) {
            (Locus::Page(first), Locus::Page(last)) => self.pages_from(first, last),
            (Locus::Time(first), Locus::Time(last)) => {
                if self.times.last().is_none_or(|end| *first > end.end) {
                    return Vec::new();
                }
                // A pause between two times belongs to the earlier one.
                let behind = |time| self.times.partition_point(|timed| timed.start <= time);
                let start = self.times.get(behind(*first).saturating_sub(1)).map_or(0, |first| first.at);
                let end =
                    self.times.get(behind(*last).max(1)).map_or(self.text.as_str().len(), |next| next.at);
                vec![Span::new(start, end)]
            }
            (Locus::Section(division, first), Locus::Section(_, last)) => {
                let starts = self.sections_called(*division, first);
                if first == last {
                    return starts;
                }
                let ends = self.sections_called(*division, last);
                let reach = |start: Span| ends.iter().find(|end| end.start >= start.start).map(|end| end.end);
                starts.into_iter().filter_map(|start| Some(Span::new(start.start, reach(start)?))).collect()
            }
            (Locus::Note(first), Locus::Note(last)) => {
                let number = |mark: &str| mark.parse::<u32>().ok();
                let within = |mark: &str| match (number(first), number(mark), number(last)) {
                    (Some(first), Some(mark), Some(last)) => first <= mark && mark <= last,
                    _ => mark == &**first || mark == &**last,
                };
                self.notes.iter().filter(|note| within(&note.mark)).map(|note| note.span).collect()
            }
            (Locus::Figure(number), _) => {
                let is_it = |passage: &&Passage| {
                    figure_number(self.words(passage)).is_some_and(|own| is_same_number(own, number))
                };
                self.passages.iter().filter(is_it).map(|passage| passage.span).collect()
            }
            // The lines of a view are not those of the document.
            (Locus::Line(first), Locus::Line(last)) if self.view.is_none() => {
                let lines = self.text.file().lines();
                let count = u32::try_from(lines.line_count()).unwrap_or(u32::MAX);
                let offset = |line: u32| {
                    let span = lines.line_span(self.text.file().as_str(), line as usize);
                    (line < count).then(|| self.text.offset_of(FileOffset(span.start)))
                };
                let Some(start) = first.checked_sub(1).and_then(offset) else { return Vec::new() };
                vec![Span::new(start, offset(*last).unwrap_or(self.text.as_str().len()))]
            }
            _ => Vec::new(),
        }
    }

    /// From the page labelled `first` to the next one labelled `last`.
    fn pages_from(&self, first: &str, last: &str) -> Vec<Span> {
        let is = |at: &usize, label: &str| {
            self.pages[*at].label.as_deref().is_some_and(|own| is_same_number(own, label))
        };
        let starts = (0..self.pages.len()).filter(|at| is(at, first));
        let reach = |start: usize| {
            let last = (start..self.pages.len()).find(|at| is(at, last)).unwrap_or(start);
            Span::new(self.pages[start].span.start, self.pages[last].span.end)
        };
        starts.map(reach).collect()
    }

    /// The sections with the number or heading `name`. Of those with the same number, chapters are the highest;
    /// parts, books and articles are called so in their headings.
    fn sections_called(&self, division: Division, name: &str) -> Vec<Span> {
        let heading = |section: &Section| {
            let inside = self.text.slice(section.span);
            inside.lines().next().unwrap_or_default().to_lowercase()
        };
        let wanted = name.to_lowercase();
        let is_it = |section: &&Section| match &section.number {
            Some(number)
                if is_same_number(number, name)
                    || value(number).is_some_and(|own| Some(own) == value(name)) =>
            {
                true
            }
            _ => words_of(&heading(section)).eq(words_of(&wanted)),
        };
        let mut found: Vec<&Section> = self.sections.iter().filter(is_it).collect();
        let called = |section: &&Section| {
            let heading = heading(section);
            NAMES[division as usize].iter().any(|name| heading.starts_with(name))
        };
        match division {
            Division::Section => {}
            Division::Chapter => {
                if found.iter().any(called) {
                    found.retain(called);
                }
                let highest = found.iter().map(|section| section.level).min();
                found.retain(|section| Some(section.level) == highest);
            }
            Division::Part | Division::Book | Division::Article => found.retain(called),
        }
        found.into_iter().map(|section| section.span).collect()
    }

    /// Whether a paragraph `number` exists, by either way of counting.
    fn has_paragraph(&self, number: u32) -> bool {
        (1..=self.numbered_count()).contains(&number)
            || self.own.as_ref().is_some_and(|own| own.contains(&number))
            || self.passages.iter().any(|passage| passage.printed == Some(number))
    }
}

/// The places of a text that some locators name.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// [`SourceText::own`].
    own: Option<RangeInclusive<u32>>,
    paragraphs: Vec<RangeInclusive<u32>>,
    spans: Vec<Span>,
}

impl Wanted {
    /// Whether they include `passage`. Paragraphs go by the source's own numbers if it has any, otherwise by the
    /// count.
    #[must_use]
    pub fn names(&self, passage: &Passage) -> bool {
        let named = |range| match &self.own {
            None => is_in(range, passage.number),
            Some(own) => {
                is_in(range, passage.printed)
                    || is_in(range, passage.number.filter(|number| !own.contains(number)))
            }
        };
        self.paragraphs.iter().any(named) || self.touches(passage.span)
    }

    /// Whether they may refer to `passage`. Counting the paragraphs of a source that numbers them is not an
    /// error: this accepts both, where [`Wanted::names`] prefers the source's own numbers.
    #[must_use]
    pub fn allows(&self, passage: &Passage) -> bool {
        let allowed = |range| is_in(range, passage.number) || is_in(range, passage.printed);
        self.paragraphs.iter().any(allowed) || self.touches(passage.span)
    }

    /// Whether `span` lies at least partly in the places that are no paragraphs.
    fn touches(&self, span: Span) -> bool {
        self.spans.iter().any(|place| meet(*place, span))
    }
}

/// The words for each [`Division`] that begin a heading, in lower case.
const NAMES: [&[&str]; 5] = [
    &["section", "§", "abschnitt", "sección", "sezione", "раздел"],
    &["chapter", "kapitel", "chapitre", "capítulo", "capitolo", "глава", "rozdział"],
    &["part", "teil", "partie", "parte", "часть", "część"],
    &["book", "buch", "livre", "libro", "книга", "księga"],
    &["art", "статья"],
];

/// The offset of the last byte of `span`.
fn last_of(span: Span) -> usize {
    span.end.saturating_sub(1).max(span.start)
}

/// The value of a number in digits or Roman numerals.
fn value(number: &str) -> Option<u32> {
    number.parse().ok().or_else(|| roman(number))
}

/// Whether `one` and `other` are the same label, in either case. The pages `v` and `5` of a book are two.
fn is_same_number(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The number of the figure whose caption is `words`: `Figure 3. Rents`, `Abb. 4: Mieten`.
fn figure_number(words: &str) -> Option<&str> {
    const BEGIN: [&str; 8] =
        ["figure ", "fig. ", "fig ", "abbildung ", "abb. ", "figura ", "рис. ", "рисунок "];
    let begins = BEGIN
        .iter()
        .find(|begin| words.get(..begin.len()).is_some_and(|head| head.to_lowercase() == **begin))?;
    let rest = words[begins.len()..].trim_start();
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches(['.', '-']);
    number.starts_with(|c: char| c.is_ascii_digit() || "IVXA".contains(c)).then_some(number)
}

fn is_in(range: &RangeInclusive<u32>, number: Option<u32>) -> bool {
    number.is_some_and(|number| range.contains(&number))
}

/// Whether two spans overlap.
fn meet(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::ingest::extract::{Extract, Part, Role};
    use crate::corpus::source::TextId;
    use crate::text::FileId;

    /// A book of two chapters on the pages `v`, `1` and `2`; the paragraph of the first chapter runs from `v` to
    /// `1`.
    fn book(labels: Labels) -> SourceText {
        let part = |role, words: &str| Part::new(role, words);
        let long = "The miller paid his rent in rye. Then the gate was lost in the flood. Nobody mended it after that.";
        let turn = long.find("flood").expect("the word");
        let note = Part {
            mark: Some("1".into()),
            ..part(Role::Furniture(Furniture::Note), "Minutes, folio three.")
        };
        let parts = vec![
            Part { breaks: vec![(0, 0)], ..part(Role::Heading(1), "Chapter I. Rents") },
            Part { breaks: vec![(turn, 1)], ..part(Role::Paragraph, long) },
            note,
            part(Role::Heading(2), "2.1 Repairs"),
            part(Role::Furniture(Furniture::Caption), "Figure 4: The gate in the year of the flood"),
            Part { breaks: vec![(0, 2)], ..part(Role::Heading(1), "Chapter II. Tolls") },
            part(Role::Paragraph, "The toll was a penny for every cart that crossed."),
        ];
        let pages = ["v", "1", "2"].map(|label| Some(label.into())).to_vec();
        Extract { parts, pages, labels, ..Extract::default() }.source(TextId(3), FileId::new("/s/book.pdf"))
    }

    /// The beginnings of the passages that a locator names.
    fn at(text: &SourceText, label: &str, value: &str) -> Vec<String> {
        let loci = Locus::parse(label, value);
        let words = |at: usize| text.words(&text.passages[at]).chars().take(9).collect();
        text.passages_at(&loci).into_iter().map(words).collect()
    }

    #[test]
    fn a_page_is_cited_for_its_text_and_not_for_its_running_head() {
        let part = |role, words: &str, page| Part { breaks: vec![(0, page)], ..Part::new(role, words) };
        let head = Role::Furniture(Furniture::RunningHead);
        let parts = vec![
            part(head, "Annals of the Weir", 0),
            part(Role::Paragraph, "The miller paid his rent in rye.", 0),
            part(Role::Furniture(Furniture::Note), "Minutes, folio three.", 0),
            part(head, "Plates", 1),
        ];
        let pages = ["1", "2"].map(|label| Some(label.into())).to_vec();
        let read = Extract { parts, pages, labels: Labels::Printed, ..Extract::default() };
        let text = read.source(TextId(3), FileId::new("/s/annals.pdf"));
        assert_eq!(at(&text, "page", "1"), ["The mille", "Minutes, "]);
        assert_eq!(at(&text, "page", "2"), ["Plates"], "it is all there is");
    }

    #[test]
    fn locators_of_each_kind_lead_to_their_passages() {
        let text = book(Labels::Printed);
        assert_eq!(at(&text, "page", "2"), ["Chapter I", "The toll "]);
        assert_eq!(at(&text, "page", "V"), ["Chapter I", "The mille"]);
        assert_eq!(at(&text, "chapter", "2"), ["Chapter I", "The toll "]);
        assert_eq!(at(&text, "chapter", "II"), ["Chapter I", "The toll "]);
        assert_eq!(at(&text, "section", "2.1"), ["2.1 Repai", "Figure 4:"]);
        assert_eq!(at(&text, "section", "Repairs"), [""; 0], "the heading has a number, too");
        assert_eq!(at(&text, "note", "1"), ["Minutes, "]);
        assert_eq!(at(&text, "figure", "4"), ["Figure 4:"]);
        for (label, value) in
            [("page", "3"), ("chapter", "3"), ("section", "9"), ("note", "2"), ("part", "2")]
        {
            assert_eq!(at(&text, label, value), [""; 0], "{label} {value}");
        }
    }

    #[test]
    fn only_what_is_certain_is_missing() {
        let text = book(Labels::Printed);
        let has =
            |text: &SourceText, label: &str, value: &str| text.has(&Locus::parse(label, value)[0].first);
        assert_eq!(has(&text, "page", "3"), Some(false));
        assert_eq!(has(&text, "page", "1"), Some(true));
        for (label, value) in
            [("chapter", "3"), ("section", "9"), ("note", "2"), ("figure", "5"), ("line", "2")]
        {
            assert_eq!(has(&text, label, value), None, "{label} {value}");
        }
        assert_eq!(has(&book(Labels::Counted), "page", "3"), None);
    }

    #[test]
    fn a_page_may_be_one_off_where_a_sentence_crosses_the_break() {
        let text = book(Labels::Printed);
        let passage = text.passages.iter().find(|passage| passage.number == Some(1)).expect("the paragraph");
        let span = |words: &str| {
            let start = text.text.as_str().find(words).expect("the words");
            Span::new(start, start + words.len())
        };
        let allows = |page: &str, words: &str| text.allows(&Locus::parse("page", page), passage, span(words));
        assert!(allows("v", "paid his rent") && !allows("1", "paid his rent"));
        assert!(allows("v", "the gate was lost") && allows("1", "the gate was lost"));
        assert!(
            allows("1", "Nobody mended it")
                && !allows("v", "Nobody mended it")
                && !allows("2", "Nobody mended it")
        );
        let cited = |words: &str| text.locus_of(passage, span(words)).expect("a page").to_string();
        assert_eq!(cited("paid his rent"), "p. v");
        assert_eq!(cited("lost in the flood"), "pp. v-1");
        assert_eq!(cited("Nobody mended it"), "p. 1");
    }
}
