//! Rereads a brief after an edit. Parses only the blocks around the edit, keeps what precedes them and shifts what
//! follows.
//!
//! The text can be cut at seams: starts of paragraphs and headings that no earlier block can extend over. The part
//! that is parsed runs from a seam well before the edit to one after it where the old and the new text are parsed
//! alike. Definitions from elsewhere are appended to the part for the parser.
//!
//! The result always equals that of [`Brief::read`]. Everything is read wherever the part and the rest could
//! influence each other:
//!
//! - something is never closed: a fence, a comment, an element, an environment, front matter;
//! - HTML block quotations, declarations and instructions, and `%%`, which may start an Obsidian comment;
//! - the part defines a link or a footnote, or changes the labels of examples, figures and sections;
//! - the edit changes the language or the default source in the front matter;
//! - a quotation outside the part is cited inside it, by a note or across a seam.

use std::ops::Range;

use super::citation::{self, Citation, Group, Labelled};
use super::dialect::LOOKAHEAD;
use super::markdown::{Block, Markdown, Ties};
use super::quotation::{self, MOST_BEFORE, MOST_BETWEEN, Quotation};
use super::{Brief, annotation};
use crate::text::{Span, Text};

/// Bytes of a line break and a blank line. At the end of the part, both must be outside the edit.
const BLANK_LINE: usize = "\r\n\r\n".len();

/// Most bytes of link targets, counted with repetition, that a partial read allows. pulldown-cmark stops resolving
/// links after as many bytes as the text has, but at least 100,000; half of that allows for links counted twice.
const MOST_COPIED: usize = 50_000;

/// Most seams to try as the end of the part.
const MOST_ENDS: usize = 8;

impl Brief {
    /// Reads `text`, a later version of this brief's text. Equals [`Brief::read`], but takes time in proportion
    /// to what differs.
    #[must_use]
    pub fn read_again(self, text: Text) -> Self {
        let project = self.markdown.project.clone();
        reread(self, &text).unwrap_or_else(|| Self::read_in(text, project))
    }
}

/// The difference between two texts: the bytes before `start` and those from the ends on are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    start: usize,
    old_end: usize,
    new_end: usize,
}

impl Change {
    fn between(old: &[u8], new: &[u8]) -> Self {
        /// Bytes to compare at once.
        const STEP: usize = 512;
        let longest = old.len().min(new.len());
        let mut start = 0;
        while start + STEP <= longest && old[start..start + STEP] == new[start..start + STEP] {
            start += STEP;
        }
        start += old[start..longest].iter().zip(&new[start..longest]).take_while(|(a, b)| a == b).count();
        let (rest_old, rest_new) = (&old[start..], &new[start..]);
        let longest = rest_old.len().min(rest_new.len());
        let tail = |bytes: &[u8], from: usize, length: usize| {
            let end = bytes.len() - from;
            end - length..end
        };
        let mut same = 0;
        while same + STEP <= longest
            && rest_old[tail(rest_old, same, STEP)] == rest_new[tail(rest_new, same, STEP)]
        {
            same += STEP;
        }
        let rest = longest - same;
        let (a, b) = (&rest_old[tail(rest_old, same, rest)], &rest_new[tail(rest_new, same, rest)]);
        same += a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        Self { start, old_end: old.len() - same, new_end: new.len() - same }
    }

    /// Add this to an offset after the edit, with wrapping.
    fn shift(self) -> usize {
        self.new_end.wrapping_sub(self.old_end)
    }
}

/// The part to parse: bytes `start..old_end` of the old text, `start..new_end` of the new one.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    old_end: usize,
    new_end: usize,
}

/// The result of parsing a part.
struct Read {
    part: Part,
    /// With offsets in the new text. Block quotations are numbered from 0.
    markdown: Markdown,
    citations: Vec<Citation>,
    /// Numbered from 0.
    groups: Vec<Group>,
}

/// `None` if all of `text` must be read.
fn reread(mut brief: Brief, text: &Text) -> Option<Brief> {
    if brief.markdown.ties.open {
        return None;
    }
    let before = brief.text.clone();
    let (old, new) = (before.as_str(), text.as_str());
    let read = read_part(&brief, new, Change::between(old.as_bytes(), new.as_bytes()))?;
    let part = read.part;
    let named = |text: &str, markdown: &Markdown| markdown.language_tag(text).map(str::to_owned);
    let names = (part.start == 0).then(|| named(old, &brief.markdown));
    let blocks = replace_markdown(&mut brief.markdown, read.markdown, part);
    if names.is_some_and(|names| names != named(new, &brief.markdown)) {
        return None;
    }
    let cited = replace_citations(&mut brief, read.citations, read.groups, part);
    let quoted = replace_quotations(&mut brief, new, part, blocks.new.clone(), &cited)?;
    replace_annotations(&mut brief, new, &blocks, &cited, &quoted);
    brief.text = text.clone();
    Some(brief)
}

/// Parses the part of `new` around `change`.
fn read_part(brief: &Brief, new: &str, change: Change) -> Option<Read> {
    let (old, ties) = (brief.text.as_str(), &brief.markdown.ties);
    let start = start_of_part(brief, change.start);
    let seams = &ties.seams[ties.seams.partition_point(|&seam| seam < change.old_end + BLANK_LINE)..];
    // Parse far enough beyond the part that every construct in it sees the text it would look at.
    let far = [LOOKAHEAD, 8 * LOOKAHEAD].map(|far| seams.iter().find(|&&end| end >= seams[0] + far).copied());
    for old_end in far.into_iter().flatten().chain([old.len()]) {
        let new_end = old_end.wrapping_add(change.shift());
        let markdown = read_alone(brief, new, start..new_end, start..old_end)?;
        let fits = |seam: &&usize| **seam + LOOKAHEAD <= old_end || old_end == old.len();
        let both = seams.iter().take_while(fits).filter(|&&seam| {
            let now = seam.wrapping_add(change.shift());
            markdown.ties.seams.binary_search(&now).is_ok() && block_from(&brief.markdown, seam).is_some()
        });
        let whole = (old_end == old.len()).then_some(old_end);
        for old_end in both.copied().take(MOST_ENDS).chain(whole) {
            let part = Part { start, old_end, new_end: old_end.wrapping_add(change.shift()) };
            if let Some(read) = cited_part(brief, new, &markdown, part) {
                return Some(read);
            }
        }
    }
    None
}

/// The last seam that an edit at byte `edit` cannot affect; 0 if there is none.
fn start_of_part(brief: &Brief, edit: usize) -> usize {
    let markdown = &brief.markdown;
    let seams = &markdown.ties.seams;
    let near = seams.partition_point(|seam| seam + LOOKAHEAD <= edit);
    let stands_apart = |seam: &&usize| {
        let Some(at) = block_from(markdown, **seam) else { return false };
        // The text below a block quotation may attribute it or comment on it.
        let quoted = at.checked_sub(1).is_some_and(|before| markdown.blocks[before].quote.is_some());
        let last = brief.annotations.partition_point(|annotation| annotation.blocks.start <= at);
        let noted = last.checked_sub(1).is_some_and(|last| brief.annotations[last].blocks.end > at);
        !quoted && !noted && are_apart(&brief.citations, **seam)
    };
    seams[..near].iter().rev().find(stands_apart).copied().unwrap_or(0)
}

/// The index of the block that starts at byte `seam`. An empty heading is not a block, so a quotation may continue
/// after it.
fn block_from(markdown: &Markdown, seam: usize) -> Option<usize> {
    let at = markdown.blocks.partition_point(|block| block.span.start < seam);
    markdown.blocks.get(at).filter(|block| block.span.start == seam).map(|_| at)
}

/// Whether the citations on both sides of byte `seam` are too far apart to be joined.
fn are_apart(citations: &[Citation], seam: usize) -> bool {
    let behind = citations.partition_point(|citation| citation.span.start < seam);
    let (Some(last), Some(next)) = (behind.checked_sub(1), citations.get(behind)) else { return true };
    next.span.start > end_of(&citations[last]) + MOST_BETWEEN
}

fn end_of(citation: &Citation) -> usize {
    citation.locator.as_ref().map_or(citation.span.end, |locator| locator.span.end.max(citation.span.end))
}

/// Parses bytes `range` of `new`, which were bytes `old` of the text of `brief`. `None` if the result may depend on
/// the text after them.
fn read_alone(brief: &Brief, new: &str, range: Range<usize>, old: Range<usize>) -> Option<Markdown> {
    let part = new.get(range.clone())?;
    let at_end = old.end == brief.text.as_str().len();
    let mut markdown = if let Some(below) = definitions_outside(brief, part, old)? {
        if at_end {
            return None;
        }
        let mut markdown = Markdown::read(&format!("{part}\n\n{below}"));
        let end = |spans: &[Span]| spans.partition_point(|span| span.start < part.len());
        markdown.blocks.retain(|block| block.span.start < part.len());
        markdown.comments.truncate(end(&markdown.comments));
        markdown.code.truncate(end(&markdown.code));
        markdown.ties.definitions.retain(|(at, _)| *at < part.len());
        markdown
    } else {
        Markdown::read(part)
    };
    if markdown.ties.open {
        return None;
    }
    move_markdown(&mut markdown, range.start);
    if range.start > 0 {
        markdown.ties.seams.insert(0, range.start);
    }
    Some(markdown)
}

/// Stand-ins for all definitions outside bytes `range` of the old text, to append to `part`. The outer `None` means
/// that a label cannot be written in plain characters.
#[expect(
    clippy::option_option,
    reason = "no definitions are not the same as definitions that can't be given"
)]
fn definitions_outside(brief: &Brief, part: &str, range: Range<usize>) -> Option<Option<String>> {
    let ties = &brief.markdown.ties;
    if ties.definitions.is_empty() || !part.contains('[') {
        return Some(None);
    }
    let notes = part.contains("[^");
    let mut below = String::new();
    for (at, label) in &ties.definitions {
        if range.contains(at) || label.starts_with('^') && !notes {
            continue;
        }
        let plain =
            |c: char| c.is_alphanumeric() || matches!(c, '^' | '-' | '_' | '.' | ':' | '@' | '/' | ' ');
        if !label.chars().all(plain) {
            return None;
        }
        below.push('[');
        below.push_str(label);
        below.push_str("]: x\n\n");
    }
    Some((!below.is_empty()).then_some(below))
}

/// Cuts `part` out of `read`, which starts with it, and finds its citations. `None` if the part cannot end there or
/// changes how the rest is read.
fn cited_part(brief: &Brief, new: &str, read: &Markdown, part: Part) -> Option<Read> {
    let old = &brief.markdown;
    let until = |spans: &[Span]| spans[..spans.partition_point(|span| span.start < part.new_end)].to_vec();
    let blocks = &read.blocks[..read.blocks.partition_point(|block| block.span.start < part.new_end)];
    let defines =
        |ties: &Ties, end: usize| ties.definitions.iter().any(|(at, _)| (part.start..end).contains(at));
    let copied = old.ties.copied + read.ties.copied * old.ties.longest_target;
    if defines(&old.ties, part.old_end) || defines(&read.ties, part.new_end) || copied > MOST_COPIED {
        return None;
    }
    let old_blocks = range_of(&old.blocks, part.start..part.old_end, |block| block.span.start);
    let labelled = |text: &str, end: usize, blocks: &[Block]| {
        Labelled::of(text, text.get(part.start..end).unwrap_or_default(), blocks)
    };
    if labelled(brief.text.as_str(), part.old_end, &old.blocks[old_blocks])
        != labelled(new, part.new_end, blocks)
    {
        return None;
    }
    let language = old.language_tag(brief.text.as_str());
    let (citations, groups) = citation::find_in(new, blocks, language, &brief.labelled);
    let old_cited = range_of(&brief.citations, part.start..part.old_end, |citation| citation.span.start);
    let apart = |last: Option<&Citation>, next: Option<&Citation>, shift: usize| match (last, next) {
        (Some(last), Some(next)) => next.span.start.wrapping_add(shift) > end_of(last) + MOST_BETWEEN,
        _ => true,
    };
    let shift = part.new_end.wrapping_sub(part.old_end);
    let (before, behind) = (&brief.citations[..old_cited.start], brief.citations.get(old_cited.end));
    let stands_apart = are_apart(&brief.citations, part.old_end)
        && apart(before.last(), citations.first(), 0)
        && apart(citations.last().or(before.last()), behind, shift);
    let ties = Ties {
        seams: read.ties.seams[..read.ties.seams.partition_point(|&seam| seam < part.new_end)].to_vec(),
        quotes: read.ties.quotes[..read.ties.quotes.partition_point(|&at| at < part.new_end)].to_vec(),
        definitions: Vec::new(),
        longest_target: old.ties.longest_target,
        copied,
        open: false,
    };
    let (comments, code) = (until(&read.comments), until(&read.code));
    let markdown = Markdown {
        blocks: blocks.to_vec(),
        comments,
        code,
        language: old.language,
        project: old.project.clone(),
        ties,
    };
    stands_apart.then_some(Read { part, markdown, citations, groups })
}

/// The indices that were replaced in a list, and those of their replacements.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Replaced {
    old: Range<usize>,
    new: Range<usize>,
}

impl Replaced {
    fn shift(&self) -> usize {
        self.new.end.wrapping_sub(self.old.end)
    }

    /// The new index of the item that was at `place`; `None` if it was replaced.
    fn moved(&self, place: usize) -> Option<usize> {
        if place < self.old.start {
            Some(place)
        } else {
            (place >= self.old.end).then(|| place.wrapping_add(self.shift()))
        }
    }
}

/// The indices of the items in the sorted `list` whose offsets are in `bytes`.
fn range_of<T>(list: &[T], bytes: Range<usize>, offset: impl Fn(&T) -> usize) -> Range<usize> {
    let start = list.partition_point(|one| offset(one) < bytes.start);
    start..start + list[start..].partition_point(|one| offset(one) < bytes.end)
}

/// Replaces the items of `list` in the part with `new`.
fn replace<T>(list: &mut Vec<T>, new: Vec<T>, part: Part, offset: impl Fn(&T) -> usize) -> Replaced {
    let old = range_of(list, part.start..part.old_end, offset);
    let new_range = old.start..old.start + new.len();
    list.splice(old.clone(), new);
    Replaced { old, new: new_range }
}

fn move_span(span: &mut Span, shift: usize) {
    *span = Span { start: span.start.wrapping_add(shift), end: span.end.wrapping_add(shift) };
}

fn move_spans(spans: &mut [Span], shift: usize) {
    spans.iter_mut().for_each(|span| move_span(span, shift));
}

fn move_block(block: &mut Block, quotes: usize, shift: usize) {
    move_span(&mut block.span, shift);
    move_spans(&mut block.prose, shift);
    block.quote = block.quote.map(|quote| quote.wrapping_add(quotes));
}

/// Shifts all offsets in `markdown`.
fn move_markdown(markdown: &mut Markdown, shift: usize) {
    markdown.blocks.iter_mut().for_each(|block| move_block(block, 0, shift));
    move_spans(&mut markdown.comments, shift);
    move_spans(&mut markdown.code, shift);
    let ties = &mut markdown.ties;
    ties.seams.iter_mut().chain(&mut ties.quotes).for_each(|at| *at = at.wrapping_add(shift));
    ties.definitions.iter_mut().for_each(|(at, _)| *at = at.wrapping_add(shift));
}

/// Returns the replaced blocks.
fn replace_markdown(markdown: &mut Markdown, mut new: Markdown, part: Part) -> Replaced {
    let shift = part.new_end.wrapping_sub(part.old_end);
    let ties = &mut markdown.ties;
    let quotes = replace(&mut ties.quotes, new.ties.quotes, part, |at| *at);
    ties.quotes[quotes.new.end..].iter_mut().for_each(|at| *at = at.wrapping_add(shift));
    let seams = replace(&mut ties.seams, new.ties.seams, part, |at| *at);
    ties.seams[seams.new.end..].iter_mut().for_each(|at| *at = at.wrapping_add(shift));
    let behind = ties.definitions.iter_mut().filter(|(at, _)| *at >= part.old_end);
    behind.for_each(|(at, _)| *at = at.wrapping_add(shift));
    ties.copied = new.ties.copied;
    new.blocks.iter_mut().for_each(|block| move_block(block, quotes.new.start, 0));
    let comments = replace(&mut markdown.comments, new.comments, part, |span| span.start);
    move_spans(&mut markdown.comments[comments.new.end..], shift);
    let code = replace(&mut markdown.code, new.code, part, |span| span.start);
    move_spans(&mut markdown.code[code.new.end..], shift);
    let blocks = replace(&mut markdown.blocks, new.blocks, part, |block| block.span.start);
    for block in &mut markdown.blocks[blocks.new.end..] {
        move_block(block, quotes.shift(), shift);
    }
    blocks
}

/// Returns the replaced citations.
fn replace_citations(brief: &mut Brief, mut new: Vec<Citation>, groups: Vec<Group>, part: Part) -> Replaced {
    let shift = part.new_end.wrapping_sub(part.old_end);
    let groups = replace(&mut brief.groups, groups, part, |group| group.span.start);
    for group in &mut brief.groups[groups.new.end..] {
        move_span(&mut group.span, shift);
        move_spans(&mut group.keyless_parts, shift);
    }
    new.iter_mut().for_each(|citation| citation.group += groups.new.start);
    let cited = replace(&mut brief.citations, new, part, |citation| citation.span.start);
    for citation in &mut brief.citations[cited.new.end..] {
        move_span(&mut citation.span, shift);
        move_span(&mut citation.key_span, shift);
        if let Some(locator) = &mut citation.locator {
            move_span(&mut locator.span, shift);
        }
        citation.group = citation.group.wrapping_add(groups.shift());
    }
    cited
}

/// Finds the quotations in `blocks`. Returns the replaced ones, or `None` if others are cited in the part, or may be
/// now.
fn replace_quotations(
    brief: &mut Brief,
    text: &str,
    part: Part,
    blocks: Range<usize>,
    cited: &Replaced,
) -> Option<Replaced> {
    let new = quotation::find_in(text, &brief.markdown, &brief.citations, blocks);
    let count = new.len();
    let shift = part.new_end.wrapping_sub(part.old_end);
    let old = range_of(&brief.quotations, part.start..part.old_end, |quotation| quotation.span.start);
    // Whether a quotation after the part keeps a citation depends on the few before it.
    let owns_behind = |quotations: &[Quotation], end: usize, citations: usize| {
        let near = &quotations[end.saturating_sub(MOST_BEFORE)..end];
        near.iter().any(|one| one.citations.first().is_some_and(|&at| at >= citations))
    };
    let follows = old.end < brief.quotations.len();
    if follows && owns_behind(&brief.quotations, old.end, cited.old.end) {
        return None;
    }
    let quoted = replace(&mut brief.quotations, new, part, |quotation| quotation.span.start);
    for (at, quotation) in brief.quotations.iter_mut().enumerate() {
        if quoted.new.contains(&at) {
            continue;
        }
        let indices = quotation.citations.iter_mut().chain(&mut quotation.nearby);
        for index in indices {
            *index = cited.moved(*index)?;
        }
        if at >= quoted.new.end {
            move_quotation(quotation, shift);
        }
    }
    quotation::release(text, &mut brief.quotations, &brief.citations, quoted.new.clone());
    let end = quoted.new.end;
    if follows && owns_behind(&brief.quotations, end, cited.new.end) {
        return None;
    }
    let notes_before = brief
        .markdown
        .ties
        .definitions
        .iter()
        .any(|(at, label)| *at < part.new_end && label.starts_with('^'));
    let near = brief.quotations[end..].iter().take(MOST_BEFORE);
    let has_note = |quotation: &Quotation| {
        let block = brief.markdown.block_at(quotation.span.start);
        let rest = block.and_then(|block| text.get(quotation.span.start..block.span.end));
        rest.is_none_or(|rest| rest.contains("[^")) || block.is_some_and(|block| block.footnote.is_some())
    };
    if notes_before && count != old.len() && near.clone().any(has_note) {
        return None;
    }
    Some(quoted)
}

fn move_quotation(quotation: &mut Quotation, shift: usize) {
    move_span(&mut quotation.span, shift);
    move_spans(&mut quotation.words, shift);
    quotation.asides.iter_mut().for_each(|aside| move_spans(aside, shift));
    quotation.passages.iter_mut().for_each(|passage| move_spans(&mut passage.words, shift));
}

fn replace_annotations(
    brief: &mut Brief,
    text: &str,
    blocks: &Replaced,
    cited: &Replaced,
    quoted: &Replaced,
) {
    let new =
        annotation::find_in(text, &brief.markdown, &brief.citations, &brief.quotations, quoted.new.clone());
    let old = range_of(&brief.annotations, quoted.old.clone(), |annotation| annotation.quotation);
    let behind = old.start + new.len();
    brief.annotations.splice(old, new);
    for annotation in &mut brief.annotations[behind..] {
        annotation.quotation = annotation.quotation.wrapping_add(quoted.shift());
        annotation.blocks.start = annotation.blocks.start.wrapping_add(blocks.shift());
        annotation.blocks.end = annotation.blocks.end.wrapping_add(blocks.shift());
        for citation in &mut annotation.citations {
            *citation = citation.wrapping_add(cited.shift());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Blocks as analysts write them, including unfinished ones.
    const BLOCKS: [&str; 44] = [
        "# The harbour\n\n",
        "## Rents {#sec-rents}\n\n",
        "Setext title\n============\n\n",
        "#\n\n",
        "The quay silted up in spring, says @moss2020, and “nobody believed it” [@reed2021, ¶ 2].\n\n",
        "Two lines of prose [see @moss2020, pp. 3-5; @reed2021]\nand a third “with words” (@lind).\n\n",
        "Mixed *emphasis*, `code @x` and a [link](https://a.example/@b) to [the plan][plan].\n\n",
        "See [plan] and [@key] and [^1] and [^note] and [^none].\n\n",
        "It “fell” by half.[^1] Then it “rose” again.[^note]\n\n",
        "He said “one thing that goes on\n\n",
        "“and goes on in the next paragraph” [@moss2020].\n\n",
        "and @lind says so.\n\n",
        "As @reed2021 argues:\n\n",
        "> nobody on the quay\n> believed it\n> [@moss2020, ¶ 2] ^quay\n\n",
        "> Tides rise.\n\n— Ann Bell [@reed2021]\n\n",
        "> > deeper\n>\n> and “back” [@a]\n\n",
        "> [!quote] Title @b\n> words\n\n",
        "Hearsay; compare the minutes. #dredging ^c1\n\n",
        "- an item [@a]\n- another “quoted” item\n\n  with a paragraph @b\n\n",
        "1. first\n2. second @c\n\n",
        "(@good) An example.\n\n",
        "As (@good) shows, @good.\n\n",
        "| a | b |\n|---|---|\n| “c” [@d] | e |\n\n",
        "  Right     Left\n-------     ------\n     12 @a   x\n\n",
        "```\ncode “no” @x\n\n# no heading\n```\n\n",
        "```{r, fig.cap=\"By @cap\"}\nx@slot\n```\n\n",
        "    indented @code\n\n",
        "<!-- glossator: ignore x -->\n\n",
        "A comment <!-- over\n\ntwo --> paragraphs @a.\n\n",
        "<div>\n\nInside @a.\n\n</div>\n\n",
        "::: {.note}\nSee @a.\n:::\n\n",
        "Term\n:   Definition @a\n\n",
        "Figure ![cap @a](x.png){#fig-map} and @fig-map, @vid-map {#vid-map}.\n\n",
        "* * *\n\n",
        "---\n\n",
        "\\begin{quote}\n@tex\n\n\\end{quote}\n\n",
        "Привет, “мир” [@moss2020]. Ещё раз.\n\n",
        "Plain prose without anything in it, over and over, to fill the page a little.\n\n",
        "Windows lines\r\n“one” [@a]\r\n\r\n",
        "Costs $5 and $x^2$ {{< video @v >}} 5 %% of it.\n\n",
        "It says “the $W$ of $90\\%$^12^ held” [@moss2020], &ldquo;as before&rdquo; [@reed2021].\n\n",
        "> *Page 12*\n>\n> Tides $h$ rise. | Ann Bell, miller [@lind]\n\n",
        "See <figure id=\"map-x\"> and @map-x, ``so' »here» `there' [[refs/@a#Notes]].\n\n",
        "%%\nhidden [@a]\n%%\n\n",
    ];

    /// Definitions at the end of the text.
    const ENDS: [&str; 6] = [
        "",
        "[^1]: A note [@moss2020] “with words”.\n[^note]: Another.\n",
        "[plan]: https://plan.example\n[@key]: words\n",
        "[^1]: One [@a].\n\n    Goes on “here”.\n\n[^note]: Two @b.\n\nAfter the notes “words” [@c].\n",
        "Last words",
        "```\nnot closed",
    ];

    const STARTS: [&str; 6] = [
        "",
        "---\ntitle: On @a\nlang: en\n---\n\n",
        "---\nsource: moss2020\n---\n\n",
        "+++\na = 1\n+++\n\n",
        "---\nnot closed\n\n",
        "---\n\ntitle: x\n---\n\n",
    ];

    /// Text to type.
    const TYPED: [&str; 45] = [
        "a",
        " ",
        "\n",
        "\n\n",
        "word ",
        "“",
        "”",
        "\"",
        "[@moss2020]",
        "[@",
        "]",
        "@k",
        "> ",
        "\n\n> ",
        "- ",
        "\n- ",
        "1. ",
        "    ",
        "`",
        "```\n",
        "\n```\n",
        "~~~\n",
        "<!-- ",
        "-->",
        "---\n",
        "\n---\n",
        "...\n",
        "[^1]",
        "\n[^1]: new\n\n",
        "\n[plan]: x\n\n",
        "<blockquote>",
        "</div>",
        "<pre>",
        "|",
        "$",
        "$h$",
        " id=\"fig-x\" ",
        "&quot;",
        "^1^",
        "»",
        "{#fig-x}",
        "\n# ",
        "\r\n",
        ": ",
        "%%",
    ];

    fn text() -> impl Strategy<Value = String> {
        let blocks = proptest::collection::vec(0..BLOCKS.len(), 0..60);
        // Enough prose between odd blocks to keep the parts small.
        (0..STARTS.len(), blocks, 0..ENDS.len(), 0..12_usize, 1..60_usize).prop_map(
            |(start, blocks, end, fill, length)| {
                let mut text = STARTS[start].to_owned();
                for block in blocks {
                    text.push_str(BLOCKS[block]);
                    if block % 12 < fill {
                        text.push_str(&"Prose that fills a page. ".repeat(length));
                        text.push_str("\n\n");
                    }
                }
                text + ENDS[end]
            },
        )
    }

    /// The place of a replacement, the number of characters to replace, and the index of the new text.
    type Typed = (prop::sample::Index, usize, usize);

    fn edit(text: &str, (place, length, typed): &Typed) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = place.index(places.len());
        let end = places[(at + length).min(places.len() - 1)];
        format!("{}{}{}", &text[..places[at]], TYPED[*typed], &text[end..])
    }

    /// Whether two briefs are equal. Ignores the number of copied bytes, an upper bound that may be higher
    /// than after a full read.
    fn same(one: &Brief, other: &Brief) -> bool {
        let parts = |brief: &Brief| {
            let mut markdown = brief.markdown.clone();
            markdown.ties.copied = 0;
            let Brief { text, citations, groups, quotations, annotations, labelled, .. } = brief.clone();
            (text.as_str().to_owned(), markdown, citations, groups, quotations, annotations, labelled)
        };
        parts(one) == parts(other)
    }

    fn check(before: &str, after: &str) -> bool {
        let old = Brief::read(Text::new(before));
        let text = Text::new(after);
        let Some(again) = reread(old, &text) else { return false };
        let whole = Brief::read(text);
        assert!(same(&again, &whole), "from {before:?}\nto {after:?}\n{again:#?}\n{whole:#?}");
        true
    }

    #[test]
    fn what_differs_is_found() {
        let change = |start, old_end, new_end| Change { start, old_end, new_end };
        assert_eq!(Change::between(b"abc", b"abXc"), change(2, 2, 3));
        assert_eq!(Change::between(b"aaa", b"aa"), change(2, 3, 2));
        assert_eq!(Change::between(b"same", b"same"), change(4, 4, 4));
        let long = "ab".repeat(3_000);
        let other = format!("{}XY{}", &long[..2_001], &long[2_002..]);
        assert_eq!(Change::between(long.as_bytes(), other.as_bytes()), change(2_001, 2_002, 2_003));
    }

    #[test]
    fn prose_in_a_long_brief_is_read_in_part() {
        let body: String = BLOCKS.iter().filter(|block| !block.contains(['<', '%', '{'])).copied().collect();
        let text = format!("{}{}{}", STARTS[1], body.repeat(8), ENDS[3]);
        let mut parts = 0;
        let places: Vec<usize> = text.match_indices(" it").map(|(at, _)| at).collect();
        for &at in &places {
            parts += usize::from(check(&text, &format!("{} now{}", &text[..at], &text[at..])));
        }
        // Notes at the end, and text near them, cause a full read.
        assert!(parts * 10 >= places.len() * 8, "{parts} of {}", places.len());
    }

    #[test]
    fn what_opens_and_does_not_close_is_read_to_the_end() {
        let page = "Prose that fills a page.\n\n".repeat(200);
        for typed in ["```\n", "<!-- ", "<pre>", "\\begin{x}", "---\nx", "<?", "<blockquote>"] {
            let before = format!("{page}Here.\n\n{page}```\n{page}");
            let after = format!("{page}{typed}Here.\n\n{page}```\n{page}");
            check(&before, &after);
            check(&after, &before);
            let closed = before.replacen("```\n", "", 1);
            let open = after.replacen("```\n", if typed == "```\n" { typed } else { "" }, 1);
            check(&closed, &open);
            check(&open, &closed);
        }
    }

    #[test]
    fn front_matter_counts_for_the_whole_text() {
        let page = "Prose that fills a page.\n\n".repeat(400);
        let with = |field: &str| {
            format!(
                "---\ntitle: x\n{field}\n---\n\n{page}By [@a, S. 3].\n\n> Tides rise.\n\nHearsay.\n\n{page}"
            )
        };
        for (one, other) in [("lang: de", "lang: en"), ("source: moss2020", "x: 1"), ("x: 1", "lang: de")] {
            check(&with(one), &with(other));
            check(&with(other), &with(one));
        }
        assert!(check(&with("subtitle: one"), &with("subtitle: two")));
    }

    #[test]
    fn citations_are_joined_over_the_ends_of_paragraphs() {
        let page = "Prose that fills a page.\n\n".repeat(400);
        let with = |end: &str| format!("{page}One “x y” here{end}\n\nSee [@b] for “two words”.\n\n{page}");
        check(&with("."), &with(" [@a] [x]"));
        check(&with(" [@a] [x]"), &with("."));
        assert!(check(&with("."), &with(" now.")));
    }

    /// How many texts to edit; `GLOSSATOR_REREAD_CASES` overrides the default.
    fn cases() -> u32 {
        std::env::var("GLOSSATOR_REREAD_CASES").map_or(100, |cases| cases.parse().expect("a number"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_brief_that_is_read_again_says_what_a_new_one_says(
            text in text(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_usize, 0..TYPED.len()), 1..6),
        ) {
            let mut text = text;
            let mut brief = Brief::read(Text::new(text.clone()));
            for typed in &edits {
                let after = edit(&text, typed);
                brief = brief.read_again(Text::new(after.clone()));
                let whole = Brief::read(Text::new(after.clone()));
                prop_assert!(same(&brief, &whole), "from {:?}\nto {:?}\n{:#?}\n{:#?}", text, after, brief, whole);
                text = after;
            }
        }
    }
}
