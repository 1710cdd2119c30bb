//! The parts of a document, from its pages in rows.

use std::borrow::Cow;

use super::apart::{self, Kind};
use super::blocks::{Column, Flow, flows};
use super::catalog::Entry;
use super::columns::blocks;
use super::furniture::Margins;
use super::joins::Vocabulary;
use super::paragraphs::{self, Group};
use super::rows::{PageRows, Row};
use crate::corpus::ingest::extract::{Part, Role};
use crate::corpus::source::Furniture;

/// A part with its place among the others.
struct Placed {
    part: Part,
    /// The page it begins on.
    page: usize,
    /// Its place on the page: see the constants.
    rank: u8,
    at: usize,
}

/// Heads of the page, its text, its notes, its feet, and the paragraph that goes on on the next page.
const HEAD: u8 = 0;
const TEXT: u8 = 1;
const NOTES: u8 = 2;
const FOOT: u8 = 3;
const OVER: u8 = 4;

/// The parts of the document with these `pages`, in reading order.
pub(super) fn parts(pages: Vec<PageRows>, margins: Margins, outline: &[Entry]) -> Vec<Part> {
    let body = body_size(&pages);
    let about: Vec<apart::Page> =
        pages.iter().map(|page| apart::Page { height: page.extent.1, rules: page.rules.clone() }).collect();
    let (lines, columns) = flows(blocks(pages.into_iter().map(|page| page.rows).collect()), body);
    let mut vocabulary = Vocabulary::default();
    lines.iter().for_each(|flow| vocabulary.add(&flow.line));
    let kinds = apart::kinds(&lines, &columns, &about, body);

    let order: Vec<(usize, usize)> = lines.iter().map(|flow| (flow.column, flow.at)).collect();
    let place = |flow: &Flow| order.binary_search(&(flow.column, flow.at)).unwrap_or_else(|at| at);
    let of = |kind: Kind| -> Vec<Flow> {
        lines.iter().zip(&kinds).filter(|(_, known)| **known == kind).map(|(flow, _)| flow.clone()).collect()
    };
    let mut placed: Vec<Placed> = Vec::new();
    for group in paragraphs::group(of(Kind::Body), &columns) {
        placed.extend(paragraph(&group, &columns, &vocabulary, place(&group.lines[0])));
    }
    title_and_headings(&mut placed, &lines, body, outline);
    for group in runs(of(Kind::Caption), |before, flow| {
        before.column == flow.column
            && before.at + 1 == flow.at
            && flow.line.y - before.line.y < 2.0 * flow.line.size
    }) {
        let at = place(&group.lines[0]);
        let (words, _) = paragraphs::words(&group, &vocabulary);
        let why = Some(Cow::Borrowed("begins like a caption"));
        placed.push(Placed {
            part: Part { why, ..Part::new(Role::Furniture(Furniture::Caption), words) },
            page: group.lines[0].page,
            rank: TEXT,
            at,
        });
    }
    for group in
        runs(of(Kind::Table), |before, flow| before.column == flow.column && before.at + 1 == flow.at)
    {
        let at = place(&group.lines[0]);
        placed.push(Placed { part: table(&group), page: group.lines[0].page, rank: TEXT, at });
    }
    notes(of(Kind::Note), &vocabulary, &mut placed);
    furniture(margins, &mut placed);

    placed.sort_by_key(|one| (one.page, one.rank, one.at));
    let mut begun = None;
    let mut parts = Vec::with_capacity(placed.len());
    for Placed { mut part, page, .. } in placed {
        if part.words.trim().is_empty() {
            continue;
        }
        if begun.is_none_or(|begun| begun < page) {
            part.breaks.insert(0, (0, page));
        }
        begun = begun.max(Some(page)).max(part.breaks.last().map(|(_, page)| *page));
        parts.push(part);
    }
    parts
}

/// The font size of most of the text.
fn body_size(pages: &[PageRows]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for row in pages.iter().flat_map(|page| &page.rows) {
        let letters: usize = row.words.iter().map(|word| word.text.len()).sum();
        match sizes.iter_mut().find(|(size, _)| (*size - row.size).abs() < 0.3) {
            Some((_, count)) => *count += letters,
            None => sizes.push((row.size, letters)),
        }
    }
    sizes.into_iter().max_by_key(|(_, count)| *count).map_or(10.0, |(size, _)| size.max(1.0))
}

fn paragraph(group: &Group, columns: &[Column], vocabulary: &Vocabulary, at: usize) -> Option<Placed> {
    let first = group.lines.first()?;
    let (mut words, breaks) = paragraphs::words(group, vocabulary);
    let mut role = Role::Paragraph;
    let bullet =
        first.line.words.first().filter(|_| first.line.words.len() > 1).map(|word| word.text.clone());
    if let Some(bullet) = bullet.filter(|word| paragraphs::is_bullet(word))
        && breaks.is_empty()
    {
        if let Some(rest) = words.strip_prefix(&*bullet) {
            words = rest.trim_start().to_owned();
            role = Role::Item;
        }
    } else if is_quotation(group, columns) {
        role = Role::Quotation;
    }
    let rank = if breaks.is_empty() { TEXT } else { OVER };
    Some(Placed { part: Part { breaks, ..Part::new(role, words) }, page: first.page, rank, at })
}

/// Returns true if a paragraph is set in from both edges, as quotations are.
fn is_quotation(group: &Group, columns: &[Column]) -> bool {
    group.lines.len() >= 2
        && !group.is_verse
        && group.lines.iter().all(|flow| {
            let column = &columns[flow.column];
            let size = flow.line.size;
            flow.line.x.0 > column.left + size && flow.line.x.1 < column.right - size && !flow.is_bold
        })
}

/// Decides which parts are headings, and which is the title.
fn title_and_headings(placed: &mut [Placed], lines: &[Flow], body: f32, outline: &[Entry]) {
    let fold = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let entries: Vec<(String, u8)> = outline.iter().map(|entry| (fold(&entry.title), entry.level)).collect();
    let size = |one: &Placed| lines[one.at].line.size;
    let largest = placed.iter().filter(|one| one.page == 0).map(size).fold(0.0, f32::max);
    let mut sizes: Vec<f32> = Vec::new();
    let mut headings: Vec<usize> = Vec::new();
    let mut has_title = false;
    for (at, one) in placed.iter_mut().enumerate() {
        let flow = &lines[one.at];
        let words = &one.part.words;
        let letters = words.chars().filter(|c| c.is_alphabetic()).count();
        if letters < 2
            || !one.part.breaks.is_empty()
            || !matches!(one.part.role, Role::Paragraph | Role::Quotation)
        {
            continue;
        }
        let length = words.chars().count();
        if !has_title
            && one.page == 0
            && flow.line.size > 1.18 * body
            && flow.line.size > largest - 0.3
            && length < 300
        {
            has_title = true;
            one.part.role = Role::Title;
            continue;
        }
        let folded = fold(words);
        let entry = entries.iter().find(|(title, _)| {
            !title.is_empty()
                && (*title == folded || folded.ends_with(title) && folded.len() < title.len() + 8)
        });
        let bold = flow.is_bold && length < 160 && (!words.ends_with(['.', ',', ';']) || length < 60);
        let large = flow.is_large && length < 300;
        if let Some((_, level)) = entry.filter(|_| length < 300) {
            one.part.role = Role::Heading(*level);
        } else if large || bold {
            if !sizes.iter().any(|known| (known - flow.line.size).abs() < 0.4) {
                sizes.push(flow.line.size);
            }
            headings.push(at);
        }
    }
    sizes.sort_by(|a, b| b.total_cmp(a));
    for at in headings {
        let own = size(&placed[at]);
        let level = sizes.iter().position(|known| (known - own).abs() < 0.4).unwrap_or(0);
        placed[at].part.role = Role::Heading(u8::try_from(level + 1).unwrap_or(6).min(6));
    }
}

/// Groups lines that follow each other.
fn runs(lines: Vec<Flow>, follows: impl Fn(&Flow, &Flow) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for flow in lines {
        match groups.last_mut() {
            Some(open) if open.lines.last().is_some_and(|last| follows(last, &flow)) => open.lines.push(flow),
            _ => groups.push(Group { lines: vec![flow], is_verse: false }),
        }
    }
    groups
}

fn table(group: &Group) -> Part {
    let rows: Vec<String> = group
        .lines
        .iter()
        .map(|flow| {
            let words = &flow.line.words;
            let cells = apart::cells(&flow.line).into_iter().map(|cell| {
                let words =
                    words[cell].iter().filter(|word| !apart::is_leader(&word.text) && word.text != ".");
                words.map(|word| word.text.trim_end_matches("....")).collect::<Vec<_>>().join(" ")
            });
            cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("\t")
        })
        .filter(|row| !row.is_empty())
        .collect();
    Part::new(Role::Table, rows.join("\n"))
}

/// Adds the notes. A note that goes on on the next page is one part, on the page it begins on.
fn notes(lines: Vec<Flow>, vocabulary: &Vocabulary, placed: &mut Vec<Placed>) {
    let mut open: Vec<(Option<Box<str>>, Group)> = Vec::new();
    for mut flow in lines {
        let value = |mark: &str| mark.parse::<u32>().ok();
        let before = open.last().and_then(|(mark, _)| mark.as_deref()).and_then(value);
        let mark = apart::mark(&flow.line).filter(|mark| {
            let raised = flow.line.words[0].raised;
            match (value(mark), before) {
                (Some(value), Some(before)) if !raised => value == before + 1 || value == 1,
                _ => true,
            }
        });
        if let Some(mark) = mark {
            let mark: Box<str> = mark.into();
            flow.line.words.remove(0);
            if let Some(first) = flow.line.words.first_mut() {
                first.glued = false;
            }
            open.push((Some(mark), Group::default()));
        } else if open.is_empty() {
            open.push((None, Group::default()));
        }
        if let Some((_, group)) = open.last_mut() {
            group.lines.push(flow);
        }
    }
    for (at, (mark, group)) in open.into_iter().enumerate() {
        let Some(first) = group.lines.first() else { continue };
        let (words, _) = paragraphs::words(&group, vocabulary);
        let why = Some(Cow::Borrowed("small, at the foot of the page, after a mark"));
        let part = Part { mark, why, ..Part::new(Role::Furniture(Furniture::Note), words) };
        placed.push(Placed { part, page: first.page, rank: NOTES, at });
    }
}

/// Adds what is printed on every page. The numbers of lines are one part for each page.
fn furniture(margins: Margins, placed: &mut Vec<Placed>) {
    for (page, taken) in margins.taken.into_iter().enumerate() {
        let (numbers, rows): (Vec<_>, Vec<_>) = taken.into_iter().partition(|(_, why)| why.contains("line"));
        let mut add = |words: String, why: &'static str, rank: u8, at: usize| {
            let part = Part {
                why: Some(Cow::Borrowed(why)),
                ..Part::new(Role::Furniture(Furniture::RunningHead), words)
            };
            placed.push(Placed { part, page, rank, at });
        };
        for (at, (row, why)) in rows.iter().enumerate() {
            let rank = if why.contains("head") { HEAD } else { FOOT };
            add(row.text(), why, rank, at);
        }
        let words: Vec<String> = numbers.iter().map(|(row, _): &(Row, _)| row.text()).collect();
        if let Some((_, why)) = numbers.first() {
            add(words.join(" "), why, FOOT, usize::MAX);
        }
    }
}
