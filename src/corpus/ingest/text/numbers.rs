//! Paragraph numbers printed in the source itself, as in resolutions, judgments, reports and cables. Locators
//! use them; only texts without them are counted.
//!
//! A list within an article begins the same way. The difference is how much of the text the numbers cover:
//! nearly all of it, up to its end. If that is in doubt, paragraphs are counted.

use std::ops::RangeInclusive;

use super::block::{Block, Marker};
use super::label::{Dress, Label, chain, is_item, is_part, label};
use super::lines::{ends_sentence, is_prose_end};
use super::notes::are_notes;
use crate::corpus::source::Class;

/// Fewest numbered paragraphs in a numbered text; with fewer it is a list. Two are enough if they do not
/// begin with 1 and there is nothing else.
const LEAST: usize = 3;
/// Minimum percentage of numbered paragraphs that must end like prose, unlike the rows of a table.
const PROSE_PERCENT: usize = 60;
/// Unnumbered paragraphs shorter than this, in words, do not count against the numbers: “Done at Geneva on 5
/// May 2031.”
const FREE_WORDS: usize = 8;
/// How many numbered paragraphs are required per free paragraph after them. An article continues after a
/// list, but a numbered text hardly does: in the judgments and reports tried, only an annex follows, or
/// nothing.
const NUMBERED_FOR_ONE_AFTER: usize = 10;
/// How many numbered paragraphs are required per free paragraph above them, if they follow one directly and
/// may be a list that it introduces.
const NUMBERED_FOR_ONE_BEFORE: usize = 3;
/// Numbers of the same dress that do not fit the sequence belong to a list or an annex. If there is more than
/// one of them per this many numbered paragraphs, the numbers restart in each part.
const NUMBERED_FOR_ONE_STRAY: usize = 2;
/// This many numbers in a row are not a list in an article, provided that they make up half of the text.
const LONG: usize = 20;
/// This many may not be a list either, whatever else the text contains: locators that use the numbers are not
/// reported, though the count is offered.
const LONG_LIST: usize = 12;
/// Chronologies number their paragraphs by year.
const YEARS: RangeInclusive<u32> = 1000..=2100;

/// The source's own number of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Own {
    /// The number that a locator may use.
    pub printed: Option<u32>,
    /// Whether that number is offered in locators.
    pub sure: bool,
    /// Whether the block begins with it, and so is a paragraph whatever else it looks like.
    pub begins: bool,
}

/// The source's own paragraph numbers, if it has any.
pub(super) struct Numbering {
    /// One for each block.
    pub own: Vec<Own>,
    /// The first and last number, if they certainly belong to the text and replace the count.
    pub sure: Option<RangeInclusive<u32>>,
}

/// Reads the numbering of `blocks`, given their preliminary classes.
pub(super) fn numbering(blocks: &[Block<'_>], classes: &[Class]) -> Option<Numbering> {
    let labels = labels(blocks);
    let quoted = quoted(blocks);
    let own_labels: Vec<Option<Label<'_>>> =
        labels.iter().zip(&quoted).map(|(label, quoted)| label.filter(|_| !quoted)).collect();
    let all = longest(&labels);
    let own = longest(&own_labels);
    // Unclosed quotation marks hide the text's own numbers.
    let chain = if own.iter().all(|at| all.binary_search(at).is_ok()) { all } else { own };
    let text = Shape::of(blocks, classes, &labels, &own_labels, &chain)?;
    let sure = text.is_numbered();
    if !sure && !text.may_be_numbered() {
        return None;
    }
    let mut numbers = vec![Own::default(); blocks.len()];
    let number = |at: usize| labels[at].map(|label| label.number);
    let (first, last) = (*chain.first()?, *chain.last()?);
    let mut follows = chain.iter().copied().peekable();
    let mut scope = None;
    // A heading ends what belongs to the paragraph above it. If a number is missing, it is unclear which of
    // two paragraphs continues.
    let mut within = false;
    let strays =
        |at: usize| own_labels[at].filter(|label| label.dress == text.dress).map(|label| label.number);
    if sure {
        for (at, own) in numbers.iter_mut().enumerate().take(first) {
            own.printed = strays(at);
        }
    }
    for at in first..blocks.len() {
        if follows.next_if_eq(&at).is_some() {
            scope = number(at);
            numbers[at] = Own { printed: scope, sure, begins: sure };
            let next = follows.peek().copied().and_then(number);
            within = next.is_none() || next == scope.map(|number| number + 1);
            continue;
        }
        within &= classes[at] != Class::Heading;
        if !sure {
            continue;
        }
        let belongs = within && (at < last || !is_free(blocks, classes, at));
        let stray = strays(at);
        numbers[at] = match stray {
            // The same numbers again, in an annex or a list: it is unclear which is meant.
            Some(_) => Own { printed: stray, sure: false, begins: false },
            None if at < last || belongs => Own { printed: scope, sure: belongs, begins: false },
            None => Own::default(),
        };
    }
    let range = number(first)?..=number(last)?;
    Some(Numbering { own: numbers, sure: sure.then_some(range) })
}

/// The number of each block. One on a line by itself belongs to the next block.
fn labels<'t>(blocks: &[Block<'t>]) -> Vec<Option<Label<'t>>> {
    let own = |block: &Block<'t>| (block.marker == Marker::Plain).then(|| label(block.words)).flatten();
    let mut labels: Vec<Option<Label<'_>>> = blocks.iter().map(own).collect();
    for at in (0..labels.len()).rev() {
        let Some(alone) = labels[at].filter(|label| label.rest.is_empty()) else { continue };
        labels[at] = None;
        if alone.dress == Dress::Stop
            && let Some(next @ None) = labels.get_mut(at + 1)
        {
            *next = Some(Label { rest: blocks[at + 1].words, ..alone });
        }
    }
    labels
}

/// Which blocks begin within a quotation that was opened in a block above and is closed in them or below:
/// what a court quotes has its own numbers.
fn quoted(blocks: &[Block<'_>]) -> Vec<bool> {
    /// A mark not closed within this many blocks is never closed.
    const LONGEST: usize = 60;
    let mut quoted = vec![false; blocks.len()];
    // For each block, whether a quotation is open after it, and whether it closes one opened earlier.
    let last = |block: &Block<'_>, marks: [char; 2]| block.words.rfind(marks);
    let ends: Vec<(bool, bool)> = blocks
        .iter()
        .map(|block| (last(block, ['“', '«']), last(block, ['”', '»'])))
        .map(|(open, close)| (open > close, close > open))
        .collect();
    let mut at = 0;
    while at < blocks.len() {
        let (opens, _) = ends[at];
        let closes = (at + 1..blocks.len()).take(LONGEST).find(|&at| ends[at].1);
        match closes.filter(|_| opens) {
            Some(end) => {
                quoted[at + 1..=end].fill(true);
                at = end + 1;
            }
            None => at += 1,
        }
    }
    quoted
}

/// The longest chain for any dress.
fn longest(labels: &[Option<Label<'_>>]) -> Vec<usize> {
    const ALL: [Dress; 5] = [Dress::Stop, Dress::Square, Dress::Bare, Dress::Brackets, Dress::Bracket];
    ALL.into_iter().map(|dress| chain(labels, dress)).max_by_key(Vec::len).unwrap_or_default()
}

/// A chain of labels and the paragraphs around it.
struct Shape {
    dress: Dress,
    /// Number of numbered paragraphs.
    numbered: usize,
    /// The first number.
    first: u32,
    /// Number of paragraphs above of any kind, except parts of a sentence that introduces the first number.
    above: usize,
    /// Number of free paragraphs above, within and below.
    before: usize,
    inside: usize,
    after: usize,
    /// Whether the text directly above introduces the first of them as an article introduces a list, and
    /// whether it does so with a colon.
    led_up_to: bool,
    colon: bool,
    /// Whether there is a heading between the last of them and the next free paragraph.
    closed: bool,
}

impl Shape {
    /// `None` for what is never a paragraph numbering: too few numbers, rows of a table, years, notes.
    fn of(
        blocks: &[Block<'_>],
        classes: &[Class],
        labels: &[Option<Label<'_>>],
        own: &[Option<Label<'_>>],
        chain: &[usize],
    ) -> Option<Self> {
        let (&from, &to) = (chain.first()?, chain.last()?);
        let label = labels[from]?;
        let free = |range: std::ops::Range<usize>| {
            range.filter(|&at| is_free(blocks, classes, at) && chain.binary_search(&at).is_err()).count()
        };
        let prose = chain.iter().filter(|&&at| is_prose_end(blocks[at].words)).count();
        let steps = chain.windows(2).filter(|pair| {
            labels[pair[0]].map(|label| label.number + 1) == labels[pair[1]].map(|label| label.number)
        });
        let by_one = steps.count();
        let above = from.checked_sub(1).map(|at| (at, blocks[at].words));
        let colon = above.is_some_and(|(_, words)| words.ends_with([':', '：']));
        let alike = |at: &usize| own[*at].is_some_and(|other| other.dress == label.dress);
        let strays = (0..own.len()).filter(|at| alike(at) && chain.binary_search(at).is_err()).count();
        let shape = Self {
            dress: label.dress,
            numbered: chain.len(),
            first: label.number,
            above: (0..from)
                .filter(|&at| {
                    matches!(classes[at], Class::Body | Class::ListItem)
                        && !blocks[at].words.ends_with([',', ';', ':'])
                })
                .count(),
            before: free(0..from),
            inside: free(from..to),
            after: free(to..blocks.len()),
            led_up_to: colon || above.is_some_and(|(at, _)| is_free(blocks, classes, at)),
            colon,
            closed: (to + 1..blocks.len())
                .take_while(|&at| !is_free(blocks, classes, at))
                .any(|at| classes[at] == Class::Heading),
        };
        let least = if shape.first > 1 && shape.free() == 0 { LEAST - 1 } else { LEAST };
        let fits = shape.numbered >= least
            && prose * 100 >= shape.numbered * PROSE_PERCENT
            && by_one * 3 >= (shape.numbered - 1) * 2
            && strays * NUMBERED_FOR_ONE_STRAY <= shape.numbered
            && !YEARS.contains(&shape.first)
            && !are_notes(blocks, labels, chain);
        fits.then_some(shape)
    }

    fn free(&self) -> usize {
        self.before + self.inside + self.after
    }

    /// Whether the numbers certainly belong to the text.
    fn is_numbered(&self) -> bool {
        // No list in an article begins in the middle, or has the brackets of a law report.
        let list_like = self.first <= 1 && self.dress != Dress::Square;
        let (before, after) = match list_like {
            true if self.led_up_to => (NUMBERED_FOR_ONE_BEFORE, NUMBERED_FOR_ONE_AFTER),
            true => (1, NUMBERED_FOR_ONE_AFTER),
            false => (1, 1),
        };
        let long = self.numbered >= LONG
            && self.numbered >= self.before + self.after
            && self.numbered * 2 > self.inside;
        let led_up_to = list_like && self.led_up_to;
        long || (self.numbered > self.free()
            && (!led_up_to || self.numbered >= self.above)
            && self.numbered >= self.before * before
            && self.numbered >= self.after * after)
    }

    /// Whether they may belong to the text, so that a locator using one must not be reported as wrong.
    fn may_be_numbered(&self) -> bool {
        let most = self.numbered > LEAST
            && self.numbered > self.free()
            && !(self.colon && self.after > 0 && !self.closed);
        most || (self.numbered >= LONG_LIST && self.numbered > self.inside)
    }
}

/// Whether block `at` is an independent paragraph of the body: not an item, a quotation or part of a
/// sentence.
fn is_free(blocks: &[Block<'_>], classes: &[Class], at: usize) -> bool {
    let block = &blocks[at];
    let above = at.checked_sub(1).map_or("", |above| blocks[above].words);
    matches!(classes[at], Class::Body | Class::ListItem)
        && block.marker == Marker::Plain
        && ends_sentence(block.words)
        && !block.words.ends_with([':', '：'])
        && !block.words.starts_with(|c: char| c.is_lowercase() || "“\"«„‘'…[—–-".contains(c))
        && !is_item(block.words)
        && !is_part(block.words)
        && !above.ends_with([':', '：'])
        && block.words.split_whitespace().nth(FREE_WORDS - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::source::{SourceText, TextId};
    use crate::text::{FileId, Locus, Text};

    fn read(text: &str) -> SourceText {
        super::super::read(TextId(0), FileId::new("/sources/n.txt"), Text::new(text), false, &[])
    }

    fn has(source: &SourceText, number: u32) -> bool {
        source.has(&Locus::Paragraph(number)) == Some(true)
    }

    /// The locator written for the passage that contains `words`.
    fn locator(source: &SourceText, words: &str) -> Option<String> {
        let passage = source.passages.iter().find(|passage| source.words(passage).contains(words));
        let passage = passage.unwrap_or_else(|| panic!("no passage holds “{words}”"));
        source.locus(passage).map(|locus| locus.to_string())
    }

    fn at(text: &str, words: &str) -> Option<String> {
        locator(&read(text), words)
    }

    const ORDER: &str = "Order 14 of the Water Board\n\nThe Water Board,\n\nHaving heard the millers of both valleys,\n\n\
        Bearing in mind the drought of the last two summers,\n\n\
        1. Orders the sluices at Hallow Bridge to be shut from dusk until dawn;\n\n\
        2. Asks every miller to keep a book of the hours at which his wheel turns:\n\n\
        (a) In summer, by the hour;\n\n(b) In winter, by the day;\n\n\
        3. Names Ilse Korn to read the books;\n\n4. Stays seized of the drought.\n";

    #[test]
    fn an_order_is_cited_by_its_own_numbers() {
        let order = read(ORDER);
        assert_eq!(order.paragraphs(), Some(1..=4));
        assert_eq!(locator(&order, "keep a book").as_deref(), Some("¶ 2"));
        assert_eq!(locator(&order, "In winter").as_deref(), Some("¶ 2"), "an item belongs to its paragraph");
        assert_eq!(locator(&order, "Stays seized").as_deref(), Some("¶ 4"));
        assert_eq!(locator(&order, "Having heard"), None, "the preamble has no number");
        let words: Vec<&str> = order
            .passages_at(&[Locus::Paragraph(2).into()])
            .into_iter()
            .map(|at| order.words(&order.passages[at]))
            .collect();
        assert_eq!(words.len(), 3);
        assert!(words[0].starts_with("2. Asks"));
        assert!(has(&order, 4) && has(&order, 9) && !has(&order, 40), "the count is no error either");
    }

    #[test]
    fn an_excerpt_begins_where_it_begins() {
        let text = "Korn v Water Board (extract)\n\n58. The board shut the sluices without hearing the millers.\n\n\
            59. Nobody was told how long they would stay shut.\n\n60. The appeal is allowed.\n";
        let source = read(text);
        assert_eq!(source.paragraphs(), Some(58..=60));
        assert_eq!(locator(&source, "Nobody was told").as_deref(), Some("¶ 59"));
        assert!(has(&source, 59) && !has(&source, 61) && has(&source, 2));
        let two = "58. The board shut the sluices without hearing the millers.\n\n59. Nobody was told why.\n";
        assert_eq!(at(two, "Nobody").as_deref(), Some("¶ 59"));
    }

    #[test]
    fn a_short_numbered_paragraph_is_no_heading() {
        let text = "Korn v Water Board\n\n[1] The board shut the sluices without hearing the millers.\n\n\
            [2] Appeal allowed\n\n[3] The costs are the board’s, as it should have heard them first.\n\n\
            [4] The board shall pay them within a month.\n";
        assert_eq!(at(text, "Appeal allowed").as_deref(), Some("¶ 2"));
        assert_eq!(at(text, "The costs").as_deref(), Some("¶ 3"));
    }

    #[test]
    fn summaries_headings_and_quotations_do_not_shift_the_numbers() {
        let text = "Report on the mills\n\nSummary\n\nThe inspector found that half of the mills stood still in July.\n\n\
            I. The valley\n\n1) The upper valley has nine mills, of which four are driven by steam.\n\n\
            2) The miller at Hallow said:\n\n“We have not ground a sack since the feast of Saint John, and we shall not.”\n\n\
            II. The drought\n\n3) The river fell by a third between May and August of that year.\n\n\
            4) It has not risen since.\n\n5) Nothing else is known of it.\n";
        assert_eq!(at(text, "the river fell".replace("the", "The").as_str()).as_deref(), Some("¶ 3"));
        assert_eq!(at(text, "not ground a sack").as_deref(), Some("¶ 2"));
        assert_eq!(at(text, "The inspector found"), None);
    }

    #[test]
    fn a_number_on_a_line_of_its_own_is_the_next_paragraphs() {
        let text = "1.\n\nThe board shut the sluices without hearing the millers.\n\n2.\n\nNobody was told how long \
            they would stay shut.\n\n3.\n\nThe appeal is allowed, and the order is quashed.\n";
        let source = read(text);
        assert_eq!(locator(&source, "Nobody was told").as_deref(), Some("¶ 2"));
    }

    #[test]
    fn a_lost_number_leads_to_the_paragraph_before() {
        let text: String = (1..=12)
            .filter(|n| *n != 7)
            .map(|n| {
                format!("{n}. The miller of the mill by the ford number {n} was heard in the spring.\n\n")
            })
            .collect();
        let source = read(&text);
        let places = source.passages_at(&[Locus::Paragraph(7).into()]);
        assert_eq!(places.len(), 1);
        assert!(source.words(&source.passages[places[0]]).starts_with("6."));
        assert!(has(&source, 7));
        assert_eq!(locator(&source, "number 8").as_deref(), Some("¶ 8"));
    }

    const ARTICLE: &str = "The mills stand still this summer, and nobody in the valley knows for how long.";

    /// Whether passages are counted in the text made of `paragraphs`.
    fn counted(paragraphs: &[&str]) -> bool {
        let source = read(&paragraphs.join("\n\n"));
        source.own.is_none() && source.passages.iter().all(|passage| passage.paragraph == passage.number)
    }

    #[test]
    fn lists_within_an_article_do_not_number_it() {
        let list = [
            "1. The sluices are shut from dusk until dawn.",
            "2. The wheel at Hallow has been sold.",
            "3. Steam costs more than the flour brings.",
            "4. The bridge bears no carts.",
            "5. The millers have left the valley.",
        ];
        let more = "None of this can be undone before the autumn rains, as the board well knows.";
        let within: Vec<&str> = [ARTICLE].into_iter().chain(list).chain([more]).collect();
        assert!(counted(&within));
        let led: Vec<&str> =
            ["Mills", "Why they stand still:"].into_iter().chain(list).chain([more]).collect();
        assert!(counted(&led));
        let last: Vec<&str> =
            ["Mills", ARTICLE, more, "There are five reasons for all of this, says the board."]
                .into_iter()
                .chain(list)
                .collect();
        assert!(counted(&last));
        // Lines that are not sentences are text too.
        let page = [
            "Mills",
            "Opening hours",
            "Monday to Friday 8-12",
            "The sluice keeper is at home",
            "Fees",
            "Two pence a sack",
            "Barges",
            "A shilling each",
            "The following rules hold from dusk until dawn each day:",
        ];
        assert!(counted(&page.into_iter().chain(list).collect::<Vec<_>>()));
    }

    #[test]
    fn what_else_begins_with_numbers_does_not_number_a_text() {
        let more = "None of this can be undone before the autumn rains, as the board well knows.";
        // Endnotes.
        assert!(counted(&[
            "The board shut the sluices.1 The millers went to court.2",
            "The court heard them in May.3",
            "1 Order of the board, on file.",
            "2 Korn v Water Board, unreported.",
            "3 The hearing is on tape.",
        ]));
        assert!(counted(&[
            "The board shut the sluices [1]. The millers went to court [2].",
            "The court heard them in May [3].",
            "[1] Order of the board, on file.",
            "[2] Korn v Water Board, unreported.",
            "[3] The hearing is on tape.",
        ]));
        // Years.
        assert!(counted(&[
            "1931. The wheel at Hallow is built.",
            "1932. The first flour is sold.",
            "1933. The wheel burns.",
            "1934. It is built again.",
        ]));
        // Sections with their own text, and with numbers below.
        assert!(counted(&[
            "1. The valley",
            ARTICLE,
            more,
            "2. The drought",
            more,
            ARTICLE,
            "3. The end",
            ARTICLE
        ]));
        assert!(counted(&["1.1 The valley has mills.", "1.2 They stand still.", "1.3 Nobody minds."]));
        // A ranking.
        assert!(counted(&["1. Hallow 45", "2. Ford 31", "3. Upper Mill 12", "4. Lower Mill 7", ARTICLE]));
    }

    #[test]
    fn numbers_of_what_is_quoted_are_not_the_texts_own() {
        let quoted = "The award says:\n\n“14. The mill was let to the guild for nine years.\n\n15. The guild paid for \
            four of them.\n\n16. It left the mill in the fifth.”\n\n";
        let own = |n: u32| format!("{n}. The court has read what the miller wrote of year {n}.\n\n");
        let text = format!("{}{}{quoted}{}", own(1), own(2), (3..=6).map(own).collect::<String>());
        assert_eq!(at(&text, "year 4").as_deref(), Some("¶ 4"));
        assert_eq!(
            at(&text, "four of them").as_deref(),
            Some("¶ 2"),
            "it belongs to the paragraph that quotes it"
        );
        // An unclosed mark hides no number.
        let open = text.replace("of year 3", "of “year 3").replace("of year 5", "of “year” 5");
        assert_eq!(at(&open, "year 4").as_deref(), Some("¶ 4"));
    }

    #[test]
    fn a_headnote_with_numbers_of_its_own_is_no_error() {
        let text = "Korn v Water Board\n\nHeld:\n\n1. The sluices may be shut.\n\n2. The millers must be heard.\n\nKorn J:\n\n\
            1. The board shut the sluices in May of that year.\n\n2. It had not heard the millers.\n\n3. It gave no reasons.\n\n\
            4. The Act asks for none.\n\n5. The appeal is allowed all the same.\n";
        let source = read(text);
        assert_eq!(locator(&source, "asks for none").as_deref(), Some("¶ 4"));
        assert_eq!(locator(&source, "must be heard"), None);
        assert_eq!(source.passages_at(&[Locus::Paragraph(2).into()]).len(), 2, "either may be meant");
    }

    #[test]
    fn recitals_may_be_named_by_their_numbers() {
        let text = "Order 9 of the Water Board\n\nWhereas:\n\n(1) The sluices have been shut since the drought began.\n\n\
            (2) The mills have stood still since then.\n\n(3) Bread is dear in both of the valleys.\n\n\
            (4) It is right to open the upper weir.\n\nHas adopted this order:\n\nArticle 1\n\n\
            The upper weir is opened at dawn on each day of the week.\n";
        let source = read(text);
        assert_eq!(source.own, None, "the articles have no numbers of that sort");
        let named = |n: u32| {
            source.passages.iter().filter(|p| source.allows(&[Locus::Paragraph(n).into()], p, p.span)).count()
        };
        assert_eq!(named(4), 2, "by the count and by its number");
        assert_eq!(locator(&source, "Bread is dear").as_deref(), Some("¶ 4"));
    }

    #[test]
    fn a_paragraph_that_begins_with_a_year_has_a_number() {
        assert_eq!(label("64. In 1996, the guild built a mill").map(|label| label.number), Some(64));
        assert_eq!(label("362. The 1978 Act").map(|label| label.number), Some(362));
        assert_eq!(label("5 May: the mill burned"), None);
    }

    #[test]
    fn numbers_that_begin_again_in_each_section_are_no_numbers_of_the_text() {
        let article = |n: u32| {
            let item = |at| format!("{at}. Party {at} shall keep sluice {n} shut from dusk until dawn.\n\n");
            format!("Article {n}\n\n{}", (1..=3).map(item).collect::<String>())
        };
        let text: String = (1..=5).map(article).collect();
        let source = read(&text);
        assert_eq!(source.own, None);
        assert_eq!(source.numbered_count(), 15);
    }

    #[test]
    fn an_annex_that_counts_again_is_not_offered_by_number() {
        let body: String =
            (1..=20).map(|n| format!("{n}. The mill number {n} was seen in the spring.\n\n")).collect();
        let annex =
            "Annex\n\n1. The board names the inspector of mills.\n\n2. The inspector is sworn in May.\n";
        let source = read(&format!("{body}{annex}"));
        assert_eq!(locator(&source, "number 20 was").as_deref(), Some("¶ 20"));
        assert_eq!(locator(&source, "is sworn"), None);
        let named = source.passages_at(&[Locus::Paragraph(2).into()]);
        assert_eq!(named.len(), 2, "either may be meant");
    }

    #[test]
    fn time_does_not_grow_with_the_square_of_the_labels() {
        // Falling and rising numbers, each of which could follow half of the others.
        let text: String = (0..40_000u32).map(|n| format!("{}. Mill.\n\n", 1 + (n * 7919) % 9000)).collect();
        assert!(read(&text).own.is_none());
    }
}
