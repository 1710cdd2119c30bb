//! Splits plain text and Markdown into passages: `layout` finds the paragraphs, `furniture` those that
//! belong to the page, and this module classifies the others. Spans refer to the text as it was read; nothing
//! is rewritten.

mod block;
mod headings;
mod label;
mod layout;
mod lines;
mod notes;
mod numbers;
mod pages;
mod sections;

use std::ops::RangeInclusive;

use crate::corpus::furniture::{self, Paragraph};
use crate::corpus::source::{Class, Furniture, Passage, SourceText, TextId};
use crate::text::{FileId, Span, Text};
use block::{Block, Marker};
use headings::headings;
use lines::{HEADING_WORDS, Reach, is_line, is_quoted, reach};
use numbers::Own;

pub(super) use sections::number as heading_number;

/// Most words in a title; the longest in the seeds has 19.
const TITLE_WORDS: usize = 30;
/// Longest standfirst in bytes; the longest in the seeds has 980.
const STANDFIRST_BYTES: usize = 1500;
/// Indentation beyond the text's own margin, in columns, that makes a paragraph a quotation.
const QUOTATION_INDENT: usize = 4;
/// Shorter indented paragraphs are centred lines rather than quotations.
const QUOTATION_BYTES: usize = 60;
/// A paragraph in quotation marks with fewer words is a heading or a title.
const QUOTATION_WORDS: usize = 5;
/// How much of the body, in bytes, is used to detect the language; more makes it no more reliable.
const LANGUAGE_BYTES: usize = 20_000;

/// A part of a text about which its format says something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Its span, in bytes of the text.
    pub(super) span: Span,
    /// Its class; `None` for the frame of a web page, which is a box beside the text or a control, depending on
    /// its words.
    pub(super) class: Option<Class>,
}

/// Splits `text` into passages and classifies them. `markdown` says whether headings begin with `#`; `known`, in
/// order and not overlapping, is what the format says about parts of it.
#[must_use]
pub(super) fn read(id: TextId, file: FileId, text: Text, markdown: bool, known: &[Known]) -> SourceText {
    let mut blocks = layout::blocks(text.as_str(), markdown);
    let framed = framed(&mut blocks, known);
    let (blocks, page) = apart(text.as_str(), blocks);
    let given: Vec<Option<Class>> =
        blocks.iter().map(|block| of_block(known, block).and_then(|known| known.class)).collect();
    let (mut passages, own) = passages(&blocks, given);
    passages.extend(page);
    passages.extend(framed);
    passages.sort_by_key(|passage| passage.span.start);
    let language = language(&text, &passages);
    let sections = if markdown { sections::sections(text.as_str(), &passages) } else { Vec::new() };
    SourceText { own, language, sections, ..SourceText::plain(id, file, text, passages) }
}

/// Fewest words in a sentence of the page's frame that is meant to be read; shorter ones are mostly labels and
/// links.
const ASIDE_WORDS: usize = 8;

/// The part of `known` that `block` begins in.
fn of_block<'k>(known: &'k [Known], block: &Block<'_>) -> Option<&'k Known> {
    let start = block.span().start;
    known
        .get(known.partition_point(|known| known.span.end <= start))
        .filter(|known| known.span.start <= start)
}

/// Removes the blocks that belong to the page or are notes, according to `known`, from `blocks`.
fn framed(blocks: &mut Vec<Block<'_>>, known: &[Known]) -> Vec<Passage> {
    let mut framed = Vec::new();
    blocks.retain(|block| {
        let Some(known) = of_block(known, block) else { return true };
        let by_words = || {
            let long = block.words.split_whitespace().nth(ASIDE_WORDS - 1).is_some();
            let read = long && lines::ends_sentence(block.words);
            if read { Furniture::Aside } else { Furniture::Control }
        };
        let Some(kind) = known.class.map_or_else(|| Some(by_words()), Class::furniture) else { return true };
        framed.extend(block.pieces.iter().map(|span| Passage::counted(*span, Class::Furniture(kind), None)));
        false
    });
    framed
}

/// Removes everything that belongs to the page from `blocks`: running heads, page numbers and notes. A
/// sentence interrupted by a page break continues in the same block.
fn apart<'t>(text: &'t str, blocks: Vec<Block<'t>>) -> (Vec<Block<'t>>, Vec<Passage>) {
    let (page, blocks): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|block| block.of_page);
    let notes = notes::notes(&blocks);
    let mut out: Vec<Passage> = Vec::new();
    let set_apart = |kind| move |span: &Span| Passage::counted(*span, Class::Furniture(kind), None);
    out.extend(page.iter().flat_map(|block| block.pieces.iter().map(set_apart(Furniture::RunningHead))));
    let noted =
        blocks.iter().zip(&notes).filter(|(_, is_note)| **is_note).map(|(block, _)| block.span().start);
    let mut cuts: Vec<usize> = out.iter().map(|passage| passage.span.start).chain(noted).collect();
    cuts.sort_unstable();
    let mut kept: Vec<Block<'t>> = Vec::new();
    for (block, is_note) in blocks.into_iter().zip(notes) {
        if is_note {
            out.extend(block.pieces.iter().map(set_apart(Furniture::Note)));
            continue;
        }
        if let Some(above) = kept.last_mut() {
            let between = above.span().end..block.span().start;
            let nth = cuts.partition_point(|cut| *cut < between.start);
            let cut = cuts.get(nth).is_some_and(|cut| between.contains(cut));
            if cut && goes_on(above, &block) {
                above.words = &text[above.span().start..block.span().end];
                above.pieces.extend(block.pieces);
                continue;
            }
        }
        kept.push(block);
    }
    (kept, out)
}

/// Whether a sentence continues from `above` to `below`, the next block of the text, across page furniture.
fn goes_on(above: &Block<'_>, below: &Block<'_>) -> bool {
    /// A block of fewer words without a full stop may be a heading or a list item.
    const WORDS: usize = HEADING_WORDS + 1;
    let last = above.words.lines().next_back().unwrap_or("");
    let open = !lines::ends_sentence(last) && !last.ends_with([';', '；']);
    let plain = |block: &Block<'_>| block.marker == Marker::Plain;
    let small = below.words.starts_with(char::is_lowercase);
    let cut = above.words.split_whitespace().nth(WORDS - 1).is_some()
        && last.ends_with(|c: char| c.is_alphanumeric() || c == '-');
    let item = label::is_item(below.words) || label::label(below.words).is_some();
    plain(above) && plain(below) && open && !item && (small || cut)
}

/// The class of each block (the `given` one, if its format says it), with its numbers: the count, and the source's own if they certainly are its own;
/// see [`SourceText::own`].
fn passages(blocks: &[Block<'_>], given: Vec<Option<Class>>) -> (Vec<Passage>, Option<RangeInclusive<u32>>) {
    let mut classes = classes(blocks, given);
    let numbering = numbers::numbering(blocks, &classes);
    let range = numbering.as_ref().and_then(|numbering| numbering.sure.clone());
    let own = numbering.map_or_else(|| vec![Own::default(); blocks.len()], |numbering| numbering.own);
    for (class, own) in classes.iter_mut().zip(&own) {
        if own.begins && !class.is_numbered() {
            *class = Class::Body;
        }
    }
    let mut count = 0;
    let all = classes.into_iter().zip(blocks).zip(own);
    let passages = all.flat_map(|((class, block), own)| {
        let pieces = block.pieces.iter();
        if !class.is_numbered() {
            return pieces.map(|span| Passage::counted(*span, class, None)).collect::<Vec<_>>();
        }
        count += 1;
        let paragraph = match range {
            Some(_) => own.printed.filter(|_| own.sure),
            None => Some(count),
        };
        let numbered =
            Passage { span: block.span(), class, number: Some(count), printed: own.printed, paragraph };
        pieces.map(|span| Passage { span: *span, ..numbered.clone() }).collect()
    });
    (passages.collect(), range.clone())
}

fn language(text: &Text, passages: &[Passage]) -> Option<&'static str> {
    let mut body = String::new();
    for passage in passages.iter().filter(|passage| passage.class.is_numbered()) {
        // A single paragraph may be the whole book.
        let end = passage.span.end.min(passage.span.start + LANGUAGE_BYTES - body.len());
        body.push_str(text.slice(Span::new(passage.span.start, end)));
        body.push('\n');
        if body.len() >= LANGUAGE_BYTES {
            break;
        }
    }
    let found = whatlang::detect(&body)?;
    found.is_reliable().then(|| found.lang().code())
}

fn classes(blocks: &[Block<'_>], given: Vec<Option<Class>>) -> Vec<Class> {
    let paragraphs: Vec<Paragraph<'_>> = blocks
        .iter()
        .map(|block| Paragraph { words: block.words, bulleted: block.marker == Marker::Bullet })
        .collect();
    let found = furniture::find(&paragraphs).into_iter().map(|kind| kind.map(Class::Furniture));
    let mut classes: Vec<Option<Class>> =
        given.into_iter().zip(found).map(|(given, found)| given.or(found)).collect();
    let titled = classes.iter().position(|class| *class == Some(Class::Title));
    if let Some(title) = titled.or_else(|| title(blocks, &classes)) {
        classes[title] = Some(Class::Title);
        standfirst(title, blocks, &mut classes);
    }
    let eligible: Vec<bool> = blocks
        .iter()
        .zip(&classes)
        .map(|(block, class)| class.is_none() && !matches!(block.marker, Marker::Heading | Marker::Bullet))
        .collect();
    // Publishers that use pull quotes use other furniture too; a speech or licence that repeats itself has
    // none.
    if classes.iter().any(|class| matches!(class, Some(Class::Furniture(_)))) {
        let repeats = furniture::pull_quotes(&paragraphs, &eligible);
        for ((class, repeats), block) in classes.iter_mut().zip(repeats).zip(blocks) {
            if repeats && may_be_pulled(block.words) {
                *class = Some(Class::Furniture(Furniture::PullQuote));
            }
        }
    }
    block_quotations(blocks, &mut classes);
    headings(blocks, &mut classes);
    let plain = |block: &Block<'_>| match block.marker {
        Marker::Bullet => Class::ListItem,
        Marker::Plain | Marker::Heading | Marker::Quote => Class::Body,
    };
    classes.into_iter().zip(blocks).map(|(class, block)| class.unwrap_or_else(|| plain(block))).collect()
}

/// Whether `words` could be a pull quote rather than a list item or part of a sentence.
fn may_be_pulled(words: &str) -> bool {
    let marked =
        words.starts_with(['-', '–', '—', '(']) || label::is_item(words) || label::label(words).is_some();
    !marked && !words.starts_with(char::is_lowercase) && !words.ends_with([';', ',', '；', '，'])
}

/// The first line, if it is short and has no full stop. A text that begins with a sentence has no title.
fn title(blocks: &[Block<'_>], classes: &[Option<Class>]) -> Option<usize> {
    let first = classes.iter().position(Option::is_none)?;
    let block = &blocks[first];
    let fits = block.marker == Marker::Heading
        || (block.marker == Marker::Plain && is_line(block.words, TITLE_WORDS) && !is_quoted(block.words));
    let body = classes[first + 1..].iter().any(Option::is_none);
    (fits && body).then_some(first)
}

/// Marks the editors' words between title and body. They read like the author's, so only the layout can
/// identify them: a subtitle without a full stop, or one paragraph separated from the body by a caption, a
/// byline or a wider gap than between other paragraphs.
fn standfirst(title: usize, blocks: &[Block<'_>], classes: &mut [Option<Class>]) {
    let free =
        |classes: &[Option<Class>], from: usize| (from..blocks.len()).find(|&at| classes[at].is_none());
    let Some(mut at) = free(classes, title + 1) else { return };
    let plain = |at: usize| blocks[at].marker == Marker::Plain;
    let Some(next) = free(classes, at + 1) else { return };
    if plain(at) && plain(next) && is_line(blocks[at].words, TITLE_WORDS) {
        if !is_line(blocks[next].words, HEADING_WORDS) {
            // A single heading before the first paragraph may just as well belong to the first section.
            return;
        }
        classes[at] = Some(Class::Standfirst);
        at = next;
    }
    let Some(next) = free(classes, at + 1) else { return };
    if !plain(at)
        || blocks[at].words.len() > STANDFIRST_BYTES
        || is_line(blocks[at].words, HEADING_WORDS)
        || is_quoted(blocks[at].words)
    {
        return;
    }
    // A caption alone proves nothing, since pictures also occur between paragraphs; it must be attached to
    // the words above it.
    let between = &classes[at + 1..next];
    let is = |kind: Furniture| between.contains(&Some(Class::Furniture(kind)));
    let set_off = is(Furniture::Byline)
        || (is(Furniture::Caption)
            && blocks[at + 1].gap < blocks[next].gap
            && blocks[at + 1].gap < blocks[at].gap);
    // The gap must be wider than every other gap before a similar paragraph: two blank lines before every
    // heading set nothing apart.
    let is_heading = |at: usize| is_line(blocks[at].words, HEADING_WORDS);
    let others = (next + 1..blocks.len())
        .filter(|&other| classes[other].is_none() && is_heading(other) == is_heading(next))
        .map(|other| blocks[other].gap)
        .max();
    let apart = next == at + 1
        && blocks[next].gap > blocks[at].gap
        && others.is_some_and(|others| blocks[next].gap > others);
    if set_off || apart {
        classes[at] = Some(Class::Standfirst);
    }
}

/// Marks paragraphs that consist entirely of somebody else's words: in quotation marks, marked as quotations,
/// or indented.
fn block_quotations(blocks: &[Block<'_>], classes: &mut [Option<Class>]) {
    let margin = margin(blocks);
    let mut open = false;
    for at in 0..blocks.len() {
        if classes[at].is_some() {
            continue;
        }
        let block = &blocks[at];
        let enough = block.words.split_whitespace().nth(QUOTATION_WORDS - 1).is_some();
        let quoted = enough
            && match reach(block.words) {
                Reach::Whole => true,
                // Each paragraph of a long quotation opens with the mark; only the last closes it.
                Reach::Open => {
                    let next = blocks.get(at + 1).map(|next| reach(next.words));
                    open || matches!(next, Some(Reach::Open | Reach::Whole))
                }
                Reach::None => false,
            };
        open = quoted && reach(block.words) == Reach::Open;
        let indented = block.marker == Marker::Plain
            && block.indent >= margin + QUOTATION_INDENT
            && block.words.len() >= QUOTATION_BYTES;
        if (quoted && !is_crosshead(block.words)) || indented || block.marker == Marker::Quote {
            classes[at] = Some(Class::BlockQuotation);
        }
    }
}

/// Whether `words` are a line in quotation marks without final punctuation: a heading, as in “A road without
/// an owner”.
fn is_crosshead(words: &str) -> bool {
    let marked = words.trim_end_matches(['”', '“', '"', '»', '«']);
    marked.len() < words.len()
        && headings::is_heading(words)
        && !lines::ends_sentence(words)
        && marked.ends_with(|c: char| c.is_alphanumeric())
}

/// The median indentation of paragraphs that are long enough to count.
fn margin(blocks: &[Block<'_>]) -> usize {
    let mut indents: Vec<usize> = blocks
        .iter()
        .filter(|block| block.marker == Marker::Plain && block.words.len() >= QUOTATION_BYTES)
        .map(|block| block.indent)
        .collect();
    indents.sort_unstable();
    indents.get(indents.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Locus;
    use Class::{BlockQuotation, Body, Heading, ListItem, Standfirst, Title};
    use Furniture::*;
    use proptest::prelude::*;

    const F: fn(Furniture) -> Class = Class::Furniture;

    fn source(name: &str, text: &str) -> SourceText {
        read(TextId(0), FileId::new(format!("/sources/{name}")), Text::new(text), name.ends_with(".md"), &[])
    }

    /// The one-based line of each passage, with its class and number.
    fn table(source: &SourceText) -> Vec<(usize, Class, Option<u32>)> {
        source
            .passages
            .iter()
            .map(|p| (source.text.as_str()[..p.span.start].matches('\n').count() + 1, p.class, p.number))
            .collect()
    }

    fn rows(rows: &[(usize, Class, u32)]) -> Vec<(usize, Class, Option<u32>)> {
        rows.iter().map(|&(line, class, n)| (line, class, (n > 0).then_some(n))).collect()
    }

    #[test]
    fn a_text_without_capitals_keeps_its_paragraphs() {
        let lines = [
            "so we went down to the weir and looked at it for a while",
            "and nobody said anything about the gate or the keeper",
            "then it rained again and we all went home by the bridge",
            "my brother says it was mended twice and never paid for",
        ];
        let read = source("talk.txt", &lines.join("\n\n"));
        assert_eq!(read.passages.len(), 4, "{:?}", read.passages);
    }

    #[test]
    fn a_word_parted_before_a_blank_line_keeps_its_paragraph_whole() {
        for (text, passages) in [
            ("No reason was ever gi-\n\nven. The ferrymen sang.\n\nThey went home.", 2),
            ("Es gab nie einen Gr\u{ad}\n\nund dafür.\n\nSie gingen heim.", 2),
            ("no one knew the rea-\n\nson for it.\n\nthey went home.\n\nso it was.", 3),
            // A list, and a dash.
            ("He sold pre-\n\n(a) war boats.\n\nThey went home.", 3),
            ("No reason was given -\n\nand none was asked.\n\nThey went home.", 3),
            ("The Act of 1931-\n\nso called.\n\nThey went home.", 3),
        ] {
            assert_eq!(source("talk.txt", text).passages.len(), passages, "{text}");
        }
    }

    #[test]
    fn seed_000() {
        let source = source("000.txt", include_str!("../../../seeds/000_e680bdc2707f90dc.txt"));
        assert_eq!(source.language, Some("eng"));
        assert_eq!(
            table(&source),
            rows(&[
                (1, Title, 0),
                (3, Body, 1),
                (5, Body, 2),
                (7, Body, 3),
                (9, Body, 4),
                (11, Body, 5),
                (13, Body, 6),
                (15, Body, 7),
                (17, Body, 8),
                (19, Body, 9),
                (21, Body, 10),
                (23, F(Bio), 0),
                (25, F(RelatedContent), 0),
            ])
        );
    }

    #[test]
    fn seed_001() {
        let source = source("001.txt", include_str!("../../../seeds/001_947c14ff7540f0f0.txt"));
        assert_eq!(
            table(&source),
            rows(&[
                (1, Body, 1),
                (2, Body, 2),
                (3, Heading, 0),
                (4, Body, 3),
                (5, Body, 4),
                (6, Body, 5),
                (7, Body, 6),
                (8, Heading, 0),
                (9, Body, 7),
                (10, Body, 8),
                (11, Body, 9),
                (12, Body, 10),
                (13, Heading, 0),
                (14, Body, 11),
                (15, Body, 12),
                (16, Body, 13),
                (17, F(Bio), 0),
            ])
        );
    }

    #[test]
    fn seed_002() {
        let source = source("002.txt", include_str!("../../../seeds/002_5d79f7ee2b0da524.txt"));
        assert_eq!(
            table(&source),
            rows(&[
                (1, F(Ticker), 0),
                (2, F(Ticker), 0),
                (3, F(Ticker), 0),
                (4, F(Ticker), 0),
                (6, Title, 0),
                (8, Standfirst, 0),
                (11, Heading, 0),
                (13, Body, 1),
                (15, Body, 2),
                (17, Body, 3),
                (19, Body, 4),
                (21, F(PullQuote), 0),
                (23, Body, 5),
                (25, Body, 6),
                (27, Body, 7),
                (29, Body, 8),
                (31, F(PullQuote), 0),
                (33, Body, 9),
                (35, Body, 10),
                (37, F(PullQuote), 0),
                (39, Heading, 0),
                (41, Body, 11),
                (43, Body, 12),
                (45, F(PullQuote), 0),
                (47, Body, 13),
                (49, Body, 14),
                (51, F(PullQuote), 0),
                (53, Body, 15),
                (55, Body, 16),
                (57, Body, 17),
                (59, Body, 18),
                (61, F(Newsletter), 0),
                (63, F(BrowserNotice), 0),
                (65, F(BrowserNotice), 0),
            ])
        );
    }

    #[test]
    fn seed_003() {
        let source = source("003.txt", include_str!("../../../seeds/003_13e63dcbeaa9edbd.txt"));
        assert_eq!(
            table(&source),
            rows(&[
                (1, Title, 0),
                (3, Standfirst, 0),
                (4, F(Caption), 0),
                (6, Body, 1),
                (8, Body, 2),
                (10, Heading, 0),
                (12, Body, 3),
                (14, Body, 4),
                (16, Body, 5),
                (18, BlockQuotation, 6),
                (20, Body, 7),
                (22, Heading, 0),
                (24, Body, 8),
                (26, Body, 9),
                (28, Heading, 0),
                (30, Body, 10),
                (32, Body, 11),
                (34, Body, 12),
                (36, Heading, 0),
                (38, Body, 13),
                (40, Body, 14),
                (43, F(Vocabulary), 0),
                (45, F(Vocabulary), 0),
                (47, F(Vocabulary), 0),
                (49, F(Vocabulary), 0),
                (51, F(Vocabulary), 0),
                (53, F(CommentForm), 0),
                (55, F(CommentForm), 0),
                (57, F(RelatedContent), 0),
                (58, F(Caption), 0),
                (59, F(Teaser), 0),
                (61, F(Teaser), 0),
                (63, F(Teaser), 0),
            ])
        );
    }

    #[test]
    fn seed_004() {
        let source = source("004.txt", include_str!("../../../seeds/004_d0ffb78fef87c962.txt"));
        assert_eq!(
            table(&source),
            rows(&[
                (1, Body, 1),
                (2, Body, 2),
                (3, Body, 3),
                (4, Heading, 0),
                (5, Body, 4),
                (6, Body, 5),
                (7, Body, 6),
                (8, Heading, 0),
                (9, Body, 7),
                (10, Body, 8),
                (11, Body, 9),
                (12, Body, 10),
                (13, Heading, 0),
                (14, Body, 11),
                (15, F(Bio), 0),
                (16, F(Caption), 0),
                (17, F(Disclaimer), 0),
            ])
        );
    }

    fn words(source: &SourceText) -> Vec<(&str, Class)> {
        source.passages.iter().map(|p| (source.words(p), p.class)).collect()
    }

    const LONG: &str = "The harbour had been closed since the spring, when the ice broke two of its gates, and \
        nobody in the town could say who would pay for them.";

    #[test]
    fn hard_wrapped_lines_make_one_passage() {
        let text = "The gates of the harbour\r\n\r\nThe harbour had been closed since the spring, when the\r\n\
            ice broke two of its gates, and nobody in the town could\r\nsay who would pay.\r\n\r\n\
            What the council knew\r\nThe council had known of the cracks for years, but the\r\n\
            engineer who found them was told to keep silent.\r\n";
        let source = source("wrapped.txt", text);
        let found = words(&source);
        assert_eq!(found.len(), 4);
        assert_eq!(found[0], ("The gates of the harbour", Title));
        assert!(found[1].0.starts_with("The harbour had") && found[1].0.ends_with("who would pay."));
        assert_eq!(found[2], ("What the council knew", Heading));
        assert!(found[3].0.starts_with("The council") && found[3].0.ends_with("keep silent."));
        assert_eq!(source.passages[3].number, Some(2));
    }

    #[test]
    fn short_paragraphs_on_lines_of_their_own_are_not_joined() {
        let source = source("lines.txt", "The gates broke.\nThe town waited.\nNobody came.\n");
        assert_eq!(source.passages.len(), 3);
    }

    #[test]
    fn every_kind_of_line_end_parts_lines() {
        let text = format!("{LONG}\r{LONG}\u{2028}{LONG}\u{c}{LONG}");
        assert_eq!(source("ends.txt", &text).numbered_count(), 4);
    }

    #[test]
    fn markdown_marks_are_no_part_of_a_passage() {
        let text = format!(
            "---\ntitle: x\n---\n# The gates #\n\n{LONG}\n\n## Costs\n\n> Nobody will\n> pay.\n\n- the town\n"
        );
        let source = source("gates.md", &text);
        assert_eq!(
            words(&source),
            [
                ("The gates", Title),
                (LONG, Body),
                ("Costs", Heading),
                ("Nobody will\n> pay.", BlockQuotation),
                ("the town", ListItem),
            ]
        );
    }

    #[test]
    fn only_a_paragraph_wholly_in_marks_is_a_block_quotation() {
        let class = |words: &str| source("q.txt", &format!("{LONG}\n\n{words}\n\n{LONG}")).passages[1].class;
        assert_eq!(class("“We saw the cracks and we were told to wait,” — Maria Tamm"), BlockQuotation);
        assert_eq!(class("„Wir haben die Risse im Tor gesehen.“"), BlockQuotation);
        assert_eq!(class("“We saw the cracks,” she said. “We were told to wait.”"), Body);
        assert_eq!(class("“We saw the cracks,” the engineer told the council in April."), Body);
        assert_eq!(
            class("    The council regrets the closing of the harbour and will pay for its gates."),
            BlockQuotation
        );
    }

    #[test]
    fn a_first_sentence_is_no_title_and_a_first_paragraph_no_standfirst() {
        let source = source("s.txt", &format!("The gates broke in April.\n\n{LONG}"));
        assert_eq!(source.title(), None);
        assert_eq!(source.numbered_count(), 2);
        let titled = self::source("t.txt", &format!("The gates\n\n{LONG}\n\nCosts\n\n{LONG}"));
        assert_eq!(titled.passages[1].class, Body);
    }

    #[test]
    fn a_last_line_or_a_colon_is_no_heading() {
        let source = source("l.txt", &format!("{LONG}\n\nShe told the council:\n\n{LONG}\n\nRiga, in April"));
        assert!(source.passages.iter().all(|passage| passage.class == Body));
    }

    /// The classes of `paragraphs`, placed between two long ones, by their letters.
    fn between(paragraphs: &[&str]) -> String {
        let text = format!("A title\n\n{LONG}\n\n{}\n\n{LONG}", paragraphs.join("\n\n"));
        let read = source("b.txt", &text);
        let classes = read.passages[2..read.passages.len() - 1].iter();
        classes.map(|passage| if passage.class.is_numbered() { 'B' } else { 'H' }).collect()
    }

    #[test]
    fn what_somebody_says_or_asks_is_no_heading() {
        assert_eq!(
            between(&["Q: When did it break?", "A: In April.", "Q: And then?", "A: Nothing."]),
            "BBBB"
        );
        assert_eq!(between(&["Weekly: Who paid?", "Tamm: We did.", "Weekly: Why you?"]), "BBB");
        assert_eq!(
            between(&["When did you see it?", "I saw it in April.", "Did you tell?", "I did."]),
            "BBBB"
        );
        assert_eq!(between(&["“Gone where?”", "“Away.”"]), "BB");
        assert_eq!(between(&["Why?", "Because it broke.", "Was it worth it?", "He laughs."]), "BBBB");
        assert_eq!(between(&["The gates held for years. Who had built them?"]), "B");
        assert_eq!(between(&["They were never charged for.[2]"]), "B");
        // They remain headings.
        assert_eq!(between(&["Who pays for the gates?", "The town does."]), "HB");
        assert_eq!(
            between(&["What next?", "A new hinge.", "Who pays?", "The town.", "Why is it shut?", "A crack."]),
            "HBHBHB"
        );
        assert_eq!(between(&["Option 1: Close", "It is cheap.", "Option 2: Wait", "It is not."]), "HBHB");
        assert_eq!(between(&["“A ROAD WITHOUT AN OWNER”"]), "H");
    }

    #[test]
    fn a_line_for_each_paragraph_is_no_wrapped_text() {
        // Short paragraphs and lines without a full stop, as on most news pages.
        let text = "Storm leaves thousands in the dark\nAbout 14,000 homes were without electricity on Monday.\n\
            Image source, Baltic Pictures\nWinds of up to 140 km/h were measured at the lighthouse.\n\
            More on this story\nPower firm fined\n";
        let read = source("s.txt", text);
        assert_eq!(read.passages.len(), 6);
        assert_eq!(read.numbered_count(), 2);
    }

    #[test]
    fn a_page_may_be_wrapped_in_parts() {
        let text = format!(
            "The gates\nShare\nPrint\n\n{LONG}\n\nThe council had known of the cracks for years, but the\n\
             engineer who found them was told to keep silent, and he\ndid so until the spring.\n\n{LONG}\n"
        );
        let read = source("m.txt", &text);
        assert_eq!(read.numbered_count(), 3);
        let middle =
            read.words(&read.passages[read.passage_at(Locus::Paragraph(2)).expect("a second")]).to_owned();
        assert!(middle.starts_with("The council") && middle.ends_with("spring."), "{middle}");
    }

    #[test]
    fn a_verse_is_one_passage_and_a_list_is_not() {
        let verse = "The bar has moved, the marks are wrong,\nThe pilot says it will be long\nBefore the harbour fills again.";
        let list = "- stop the war;\nopen the port;\nfeed the poor.";
        assert_eq!(source("v.txt", &format!("{LONG}\n\n{verse}\n\n{LONG}")).passages.len(), 3);
        assert_eq!(source("l.txt", &format!("{LONG}\n\n{list}\n\n{LONG}")).passages.len(), 5);
        assert_eq!(source("s.txt", &format!("{LONG}\n\nNobody\nminds.\n\n{LONG}")).passages.len(), 3);
        let words = "frozen – turned to ice\nport – a place for ships\ncoal – a black rock";
        assert_eq!(source("w.txt", &format!("{LONG}\n\n{words}\n\n{LONG}")).passages.len(), 5);
    }

    #[test]
    fn items_with_a_hanging_indent_are_one_paragraph_each() {
        let text = "   The guild may:\n    1. Let a mill, or take it back when the rent is not paid at\n       Michaelmas.\n\
            \u{20}   2. Sell the old wheel.\n    (a) Ask for a day of work from each house of the valley and of\n        the town.\n\
            \u{20}   - Burn what is left of the mill at the ford, if the guild of\n      the town does.\n";
        let source = source("g.txt", text);
        assert_eq!(source.numbered_count(), 5, "{:?}", words(&source));
        assert!(words(&source)[1].0.ends_with("Michaelmas."));
        assert!(words(&source)[4].0.ends_with("the town does."));
    }

    #[test]
    fn the_first_item_is_a_paragraph_as_the_others_are() {
        let text = "Every mill of the valley is let by one or the other of those who\nhave a part in the water, and these are:\n\
            1. The guild, by the vote of all of its masters in the spring;\n2. The board;\n3. The house of Korn, for as \
            long as it\nholds the upper weir.\n\nThe mill at the ford was let by nobody, as the law of the year\n\
            1931. The guild had wanted it so.\n";
        let source = source("g.txt", text);
        let found = words(&source);
        assert_eq!(found.len(), 5, "{found:?}");
        assert!(found[0].0.ends_with("these are:") && found[3].0.ends_with("weir."));
        assert!(found[4].0.contains("the year\n1931. The guild"), "a number in wrapped prose begins no item");
    }

    #[test]
    fn sentences_that_blank_lines_tear_apart_are_whole() {
        let torn = "THE MILLS OF THE VALLEY\n\nThe mill at Hallow was built in the year of the great frost, when the river\n\n\
            had been shut for nine weeks, and it has ground the corn of the valley, as\n\nthe books of the guild show,\n\n\
            without a day of rest. The board was asked to look at the wheel, and it says that\n\nthe wheel is sound.\n\n\
            The guild will hear the board in June.\n";
        assert_eq!(source("t.txt", torn).numbered_count(), 2);
        let short = "BEKANNTMACHUNG\n\nDie Mühle wurde auf Anordnung der Gilde geschlossen, und\n\n\
            den Müllern wurde kein Grund genannt, obwohl sie danach\n\nfragten.\n\nDie Gilde tagt im Juni wieder.\n";
        assert_eq!(source("s.txt", short).numbered_count(), 2);
        // Lists, headings and verses are kept intact.
        let list = "The guild has let:\n\nthe mill at Hallow with its wheel and its two stones;\n\nthe mill at the ford.\n";
        assert_eq!(source("l.txt", list).passages.len(), 3);
        let heading = format!(
            "{LONG}\n\nThe general who came back to the valley\n\nvan Korn had been away for nine years.\n\n{LONG}"
        );
        assert_eq!(source("h.txt", &heading).passages.len(), 4);
        let verse = "The wheel goes round and the river runs\nBelow the old grey mill\nAnd over the bridge with the broken ends\n\n\
            and under the windy hill\nIt carries the dust and the straw along\nTo a sea that is never still.\n";
        let stanza = source("v.txt", verse);
        assert!(words(&stanza).iter().any(|(words, _)| words.starts_with("and under the windy hill")));
    }

    #[test]
    fn quoted_lines_are_one_quotation() {
        let text = format!(
            "{LONG}\n\n> The mill was let to the guild for nine years,\n> as everybody knows.\n\n{LONG}\n\n{LONG}"
        );
        let source = source("m.txt", &text);
        assert_eq!(source.passages.len(), 4);
        assert_eq!(source.passages[1].class, BlockQuotation);
    }

    #[test]
    fn argument_is_no_pull_quote() {
        let clause = "to keep the water of the upper weir for those who have no other;";
        let speech = format!(
            "By Ilse Korn\n\nThe board has promised three things:\n\n-{clause}\n\n(b) {clause}\n\n{clause}\n\n\
             It was the first of these, {} which the millers had asked for, and they will see that it is kept.\n\n{LONG}",
            clause.trim_end_matches(';')
        );
        let found = source("s.txt", &format!("Mills\n\n{speech}"));
        assert!(found.passages.iter().all(|p| p.class != F(PullQuote)), "{:?}", words(&found));
        // A full sentence that the page repeats in large type is still a pull quote.
        let sentence = "The millers had asked for the water of the upper weir in vain";
        let page = format!(
            "Mills\n\nBy Ilse Korn\n\n{LONG}\n\n{sentence}\n\n{LONG} {sentence}, and nobody had heard them before that day.\n\n{LONG}"
        );
        assert!(source("p.txt", &page).passages.iter().any(|p| p.class == F(PullQuote)));
    }

    #[test]
    fn a_line_that_tells_how_to_reach_somebody_is_no_title() {
        for contact in [
            "Contact: Ilse Korn, 555-0142, ilse@mills.example",
            "Press office: +44 20 7946 0018",
            "Tel.: 0 30 / 22 73 02 13",
            "14 Mill Lane, Hallow",
            "www.mills.example",
            "Hallow, le 5 mai 1931",
            "Hallow, 5. Mai 1931",
            "Nr. 12/1931",
        ] {
            let page = source(
                "p.txt",
                &format!("PRESS RELEASE\n\n{contact}\n\nBoard Opens the Upper Weir\n\n{LONG}\n\n{LONG}"),
            );
            assert_eq!(page.title(), Some("Board Opens the Upper Weir"), "{contact}");
        }
        for title in [
            "Ten Mills, 1931-1934",
            "10 Downing Street: the inside story",
            "The 747-8 and its mills",
            "Mills 2030",
        ] {
            let page = source("p.txt", &format!("{title}\n\n{LONG}\n\n{LONG}"));
            assert_eq!(page.title(), Some(title));
        }
    }

    const PIECES: [&str; 22] = [
        "word ",
        "Grain prices ",
        "“",
        "”",
        "\"",
        ".",
        "?",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u{c}",
        "\u{2028}",
        "• ",
        "# ",
        "> ",
        "- ",
        "\t",
        "---",
        "é",
        "12.5 ",
        "\u{200b}",
    ];

    proptest! {
        #[test]
        fn passages_are_ordered_trimmed_numbered_and_leave_nothing_out(
            pieces in proptest::collection::vec(0..PIECES.len(), 0..60), markdown in any::<bool>(),
        ) {
            let text: String = pieces.into_iter().map(|p| PIECES[p]).collect();
            let source = source(if markdown { "a.md" } else { "a.txt" }, &text);
            let (mut end, mut number) = (0, 0);
            let mut last: Option<&str> = None;
            let is_marker = |c: char| c.is_whitespace() || "\u{200b}-•#>*_=~·+".contains(c);
            for passage in &source.passages {
                prop_assert!(passage.span.start >= end && !passage.span.is_empty());
                let words = source.words(passage);
                prop_assert_eq!(words.trim(), words);
                prop_assert!(text[end..passage.span.start].chars().all(is_marker));
                end = passage.span.end;
                prop_assert_eq!(passage.number.is_some(), passage.class.is_numbered());
                if let Some(n) = passage.number {
                    // A page may interrupt a paragraph, but not one that has ended.
                    let cut = n == number && last.is_some_and(|words| !lines::ends_sentence(words));
                    number += u32::from(!cut);
                    prop_assert_eq!(n, number);
                    last = Some(words);
                }
            }
            prop_assert!(text[end..].chars().all(is_marker));
        }
    }
}
