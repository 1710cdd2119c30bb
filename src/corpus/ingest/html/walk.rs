//! Draws a web page from its elements: which of them begin paragraphs, and of which role.

use super::super::numeral;
use super::article::Fate;
use super::draw::{Drawing, Role};
use super::notes::{few_words, is_mark, is_note, mark_of_note};
use super::tree::{NodeKind, Tree};
use crate::text::Span;

/// An element whose contents are being drawn.
struct Within {
    /// The index of the first node after it.
    next: usize,
    /// Its node.
    at: usize,
    /// Whether it belongs to the page rather than the article.
    framed: bool,
    pre: bool,
    quoted: bool,
    /// The data table that it is in.
    table: Option<usize>,
    caption: bool,
    note: Option<usize>,
    /// Whether it is a cell with the number of the paragraph in the next cell.
    label: bool,
}

/// Draws `tree`, the elements of `file`.
pub(super) fn draw<'t>(file: &'t str, tree: &Tree<'_>, fates: &[Fate]) -> Drawing<'t> {
    let mut drawing = Drawing::of(file);
    let mut open: Vec<Within> = Vec::new();
    // The numbers of the open ordered lists.
    let mut lists: Vec<List> = Vec::new();
    let mut at = 0;
    loop {
        while let Some(last) = open.pop_if(|last| last.next <= at) {
            close(tree, &last, open.last(), &mut lists, &mut drawing);
        }
        let Some(node) = tree.nodes.get(at) else { return drawing };
        let above = open.last();
        let fate = fates[at];
        if fate == Fate::Drop {
            if node.is_block() {
                drawing.part();
            }
            at = node.next;
            continue;
        }
        let framed = match fate {
            Fate::Frame => true,
            Fate::Article => false,
            Fate::Caption | Fate::Inherit | Fate::Drop => above.is_some_and(|above| above.framed),
        };
        drawing.framed = framed;
        let tag = match node.kind {
            NodeKind::Words(span) => {
                match above {
                    Some(Within { note: Some(_), .. }) if drawing.begins() => drawing.text_of_note(span),
                    _ => drawing.text(span, above.is_some_and(|above| above.pre)),
                }
                at += 1;
                continue;
            }
            NodeKind::Element(tag) => tag,
        };
        let name = node.name();
        let mut within = Within {
            next: node.next,
            at,
            framed,
            pre: name == b"pre" || above.is_some_and(|above| above.pre),
            quoted: name == b"blockquote" || above.is_some_and(|above| above.quoted),
            table: above.and_then(|above| above.table),
            caption: fate == Fate::Caption
                || matches!(name, b"figcaption" | b"caption")
                || above.is_some_and(|above| above.caption),
            note: above.and_then(|above| above.note),
            label: false,
        };
        let number = lists.last_mut().filter(|_| name == b"li").and_then(|list| list.number(tree, at));
        if within.note.is_none() && is_note(tree, at) {
            within.note = Some(drawing.notes.len());
            let mark = number.clone().map(|number| number.trim_matches(['(', ')', '.', ' ']).into());
            drawing.notes.push(mark);
        }
        match (within.note, name) {
            (Some(note), b"sup" | b"a") => {
                if let Some(mark) = mark_of_note(tree, file, at) {
                    let known = &mut drawing.notes[note];
                    if known.is_none() && mark.contains(char::is_alphanumeric) {
                        *known = Some(mark.into());
                    }
                    at = node.next;
                    continue;
                }
            }
            (None, b"sup") if is_mark(tree, file, at) => {
                at = node.next;
                continue;
            }
            _ => {}
        }
        if name == b"table" && within.table.is_none() && is_data(tree, at) {
            within.table = Some(at);
        }
        let start = Span::new(tag.span.start, tag.span.end);
        match name {
            b"br" => drawing.line(),
            b"q" => drawing.put(start, "“"),
            b"ol" => lists.push(List::of(tree, at)),
            b"ul" | b"menu" | b"dir" => lists.push(List::default()),
            _ => {}
        }
        if within.table.is_none() && name == b"td" && above.is_some_and(|above| above.at == node.parent) {
            within.label = is_label(tree, file, at);
        }
        match (within.table, name) {
            (Some(_), b"td" | b"th") => drawing.cell(),
            (Some(_), b"table" | b"tr" | b"caption" | b"thead" | b"tbody" | b"tfoot") => drawing.part(),
            (Some(_), _) if node.is_block() => drawing.space(),
            (None, _) if node.is_block() => {
                // The paragraph inside an item is the item.
                let fresh = drawing.begins() && matches!(drawing.role, Role::Item | Role::Numbered);
                drawing.part();
                if fresh && matches!(name, b"p" | b"div" | b"span" | b"section") {
                    open.push(within);
                    at += 1;
                    continue;
                }
                drawing.label = None;
            }
            _ => {}
        }
        if node.is_block() {
            drawing.role = role(name, &within);
            if drawing.role == Role::Item
                && let Some(number) = number
            {
                drawing.role = Role::Numbered;
                drawing.label = Some(number);
            }
        }
        open.push(within);
        at += 1;
    }
}

fn close(
    tree: &Tree<'_>,
    last: &Within,
    above: Option<&Within>,
    lists: &mut Vec<List>,
    drawing: &mut Drawing<'_>,
) {
    let node = &tree.nodes[last.at];
    let name = node.name();
    if last.next == last.at + 1 && !node.is_block() && name != b"q" {
        return;
    }
    drawing.framed = last.framed;
    match name {
        b"q" => drawing.put(node.end, "”"),
        b"ol" | b"ul" | b"menu" | b"dir" => drop(lists.pop()),
        _ => {}
    }
    if !node.is_block() {
        return;
    }
    if last.label {
        drawing.hold();
        return;
    }
    match (last.table, name) {
        (Some(_), b"td" | b"th") => drawing.cell(),
        (Some(_), b"table" | b"tr" | b"caption" | b"thead" | b"tbody" | b"tfoot") => drawing.part(),
        (Some(_), _) => drawing.space(),
        (None, _) => drawing.part(),
    }
    drawing.label = None;
    drawing.role = above.map_or(Role::Paragraph, |above| role(b"", above));
}

/// The role of a paragraph that begins with the element `name`, or with words, in `within`.
fn role(name: &[u8], within: &Within) -> Role {
    if let Some(note) = within.note {
        return Role::Note(note);
    }
    if within.caption {
        return Role::Caption;
    }
    if let Some(table) = within.table {
        return Role::Row(table);
    }
    match name {
        b"title" => Role::Heading(1),
        [b'h', level @ b'1'..=b'6'] => Role::Heading(level - b'0'),
        b"li" => Role::Item,
        _ if within.quoted => Role::Quotation,
        _ => Role::Paragraph,
    }
}

/// An ordered list, or with `next` `None` one without numbers.
#[derive(Default)]
struct List {
    next: Option<i64>,
    step: i64,
    style: u8,
}

/// Items of a numbered text, in bytes on average, are at least so long.
const CITED: i64 = 60;
/// Nodes of a list that are looked at to tell, which limits the time for lists in lists.
const LOOKED_AT: usize = 2000;

impl List {
    fn of(tree: &Tree<'_>, at: usize) -> Self {
        let node = &tree.nodes[at];
        let items = || {
            let mut item = at + 1;
            std::iter::from_fn(move || {
                let here = item;
                (here < node.next).then(|| item = tree.nodes[here].next)?;
                Some(here)
            })
            .filter(|item| tree.nodes[*item].name() == b"li")
        };
        let reversed = node.attribute(b"reversed").is_some();
        let count = i64::try_from(items().count()).unwrap_or(0);
        let first = if reversed { count } else { 1 };
        let start = node.attribute(b"start").and_then(integer).unwrap_or(first);
        let numbered = node.attribute(b"start").is_some()
            || items().any(|item| tree.nodes[item].attribute(b"value").is_some());
        // The numbers of short items are not cited.
        let bytes: usize = tree
            .inside(at)
            .take(LOOKED_AT)
            .filter_map(|inner| match tree.nodes[inner].kind {
                NodeKind::Words(span) => Some(span.len()),
                NodeKind::Element(_) => None,
            })
            .sum();
        if !numbered && node.attribute(b"type").is_none() && i64::try_from(bytes).unwrap_or(0) < count * CITED
        {
            return Self::default();
        }
        let style = node.attribute(b"type").and_then(|style| style.first().copied()).unwrap_or(b'1');
        Self { next: Some(start), step: if reversed { -1 } else { 1 }, style }
    }

    /// The number of its item `at`, as written before it.
    fn number(&mut self, tree: &Tree<'_>, at: usize) -> Option<String> {
        let next = self.next?;
        let number = tree.nodes[at].attribute(b"value").and_then(integer).unwrap_or(next);
        self.next = Some(number.saturating_add(self.step));
        let letter = |first: u8| {
            let letter = u8::try_from(number - 1).ok().filter(|letter| *letter < 26)?;
            Some(format!("({}) ", char::from(first + letter)))
        };
        match self.style {
            b'a' => letter(b'a'),
            b'A' => letter(b'A'),
            b'i' => roman(number).map(|roman| format!("({roman}) ")),
            b'I' => roman(number).map(|roman| format!("{}. ", roman.to_uppercase())),
            _ => (number > 0).then(|| format!("{number}. ")),
        }
    }
}

fn integer(value: &[u8]) -> Option<i64> {
    /// Longer numbers are no numbers of items.
    const DIGITS: usize = 6;
    let text = std::str::from_utf8(value).ok()?.trim();
    if text.len() <= DIGITS { text.parse().ok() } else { None }
}

/// `number` as a Roman numeral in lower case.
fn roman(number: i64) -> Option<String> {
    u32::try_from(number).ok().filter(|number| (1..4000).contains(number)).map(numeral::roman)
}

/// Returns true if cell `at` has only the number or letter of the paragraph in the next cell, as in the laws of the
/// European Union: `12`, `(a)`, `—`.
fn is_label(tree: &Tree<'_>, file: &str, at: usize) -> bool {
    const LONGEST: usize = 6;
    let next = tree.nodes.get(tree.nodes[at].next);
    let follows = next.is_some_and(|next| next.parent == tree.nodes[at].parent);
    follows
        && few_words(tree, file, at).is_some_and(|words| {
            let bare = words.trim_matches(['(', ')', '[', ']', '.', ' ']);
            let number = bare.len() <= 4 && !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit());
            let letter =
                words.starts_with('(') && words.ends_with(')') && bare.chars().all(char::is_alphabetic);
            words.len() <= LONGEST && (number || letter || matches!(&*words, "—" | "–" | "-" | "•"))
        })
}

/// Returns true if table `at` is a table of data rather than one that lays out the page.
fn is_data(tree: &Tree<'_>, at: usize) -> bool {
    let node = &tree.nodes[at];
    if matches!(node.attribute(b"role"), Some(b"presentation" | b"none")) {
        return false;
    }
    /// The cells of a table without headings, in bytes on average.
    const CELL: usize = 100;
    let (mut rows, mut cells, mut blocks, mut heads, mut bytes) = (0usize, 0usize, 0usize, 0usize, 0usize);
    for inner in tree.inside(at) {
        let node = &tree.nodes[inner];
        if let NodeKind::Words(span) = node.kind {
            bytes += span.len();
        }
        match node.name() {
            b"table" | b"h1" | b"h2" | b"form" | b"article" | b"nav" => return false,
            b"tr" => rows += 1,
            b"td" => cells += 1,
            b"th" | b"caption" | b"thead" => heads += 1,
            b"p" | b"h3" | b"h4" | b"ul" | b"ol" | b"blockquote" | b"br" => blocks += 1,
            _ => {}
        }
    }
    let cells = cells + heads;
    cells > rows && (heads > 0 || (rows > 1 && bytes <= cells * CELL)) && blocks <= cells * 2
}
