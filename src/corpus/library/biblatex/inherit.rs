//! Inheritance between entries. An entry takes all fields of the `@xdata` entries it names, and those it
//! lacks from its `crossref`, renamed by BibLaTeX's default rules (manual, appendix B): a book's `title`
//! becomes a chapter's `booktitle`. Must not mix the dates of two entries.

use std::borrow::Cow;
use std::collections::HashMap;

use super::fields::PRINTED;
use crate::text::Span;

/// How many entries one entry may inherit from, across all levels; real ones have two or three. Bounds the
/// work when entries refer to each other.
const MOST_PARENTS: usize = 32;

/// Fields that concern the parent alone and are not inherited: its people, its files, an analyst's notes.
const OWN: [&str; 17] = [
    "author",
    "editor",
    "affiliation",
    "authoraffiliation",
    "file",
    "note",
    "annotation",
    "annote",
    "rating",
    "keywords",
    "crossref",
    "xdata",
    "shorttitle",
    "pages",
    "entrysubtype",
    "options",
    "addendum",
];

/// The fields that make up a date; they are inherited together or not at all.
const DATES: [&str; 4] = ["date", "year", "month", "day"];

/// One entry, its fields as TeX with abbreviations expanded.
#[derive(Debug)]
pub(super) struct Parsed<'t> {
    /// In lower case.
    pub(super) kind: String,
    pub(super) key: &'t str,
    pub(super) span: Span,
    pub(super) key_span: Span,
    pub(super) fields: Fields<'t>,
}

/// Fields by name.
pub(super) type Fields<'t> = HashMap<&'static str, Cow<'t, str>>;

impl Parsed<'_> {
    /// Whether it inherits from another entry.
    pub(super) fn inherits(&self) -> bool {
        self.fields.contains_key("crossref") || self.fields.contains_key("xdata")
    }
}

/// Entries by key; empty if no entry inherits from another.
pub(super) fn parents<'p>(parsed: &'p [Parsed<'_>]) -> HashMap<&'p str, usize> {
    if !parsed.iter().any(Parsed::inherits) {
        return HashMap::new();
    }
    // Of two entries with the same key the first wins, as everywhere.
    parsed.iter().enumerate().rev().map(|(at, one)| (one.key, at)).collect()
}

/// The fields of `one`, with those it inherits.
pub(super) fn all<'p, 't>(
    one: &'p Parsed<'t>,
    parsed: &'p [Parsed<'t>],
    parents: &HashMap<&str, usize>,
) -> Cow<'p, Fields<'t>> {
    if parents.is_empty() {
        return Cow::Borrowed(&one.fields);
    }
    full(one, parsed, parents, &mut { MOST_PARENTS })
}

/// `left` is how many more parents may be visited.
fn full<'p, 't>(
    one: &'p Parsed<'t>,
    parsed: &'p [Parsed<'t>],
    parents: &HashMap<&str, usize>,
    left: &mut usize,
) -> Cow<'p, Fields<'t>> {
    let mut fields = Cow::Borrowed(&one.fields);
    let of = |name: &str| one.fields.get(name).map_or("", |tex| &**tex);
    let data = of("xdata").split(',').map(|key| (key, false));
    for (key, volume) in data.chain(std::iter::once((of("crossref"), true))) {
        let Some(&at) = parents.get(key.trim()) else { continue };
        let Some(rest) = left.checked_sub(1) else { break };
        *left = rest;
        let parent = full(&parsed[at], parsed, parents, left);
        let names = if volume { renamed(&parsed[at].kind, &one.kind) } else { &[] };
        take(&mut fields, &parent, names, volume, is_of_author(&parsed[at].kind, &one.kind));
    }
    fields
}

/// Copies into `fields` those it lacks from `parent`, renamed by `names`. `volume` means that the parent is a
/// separate work, from which some fields are not inherited; `author` means that its author is inherited.
fn take<'t>(
    fields: &mut Cow<'_, Fields<'t>>,
    parent: &Fields<'t>,
    names: &[(&'static str, &'static str)],
    volume: bool,
    author: bool,
) {
    let dated = DATES.iter().any(|name| fields.contains_key(name));
    for name in PRINTED {
        let Some(tex) = parent.get(name) else { continue };
        let target = names.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to);
        let own = OWN.contains(&name) && !(name == "author" && author);
        let skipped = volume && own || name == "crossref" || name == "xdata";
        if skipped || fields.contains_key(target) || dated && DATES.contains(&name) {
            continue;
        }
        // A subtitle is inherited only with its title, which comes earlier in the list.
        if name.ends_with("subtitle")
            && parent.get(&*name.replace("subtitle", "title"))
                != fields.get(&*target.replace("subtitle", "title"))
        {
            continue;
        }
        fields.to_mut().insert(target, tex.clone());
    }
}

/// Whether the author of a `parent` is also that of a `child`: true for a chapter of a book, not of a
/// collection.
fn is_of_author(parent: &str, child: &str) -> bool {
    match parent {
        "book" => matches!(child, "inbook" | "bookinbook" | "suppbook"),
        "mvbook" => matches!(child, "book" | "inbook" | "bookinbook" | "suppbook"),
        _ => false,
    }
}

/// How titles of a `parent` are renamed in a `child`.
fn renamed(parent: &str, child: &str) -> &'static [(&'static str, &'static str)] {
    const BOOK: &[(&str, &str)] = &[("title", "booktitle"), ("subtitle", "booksubtitle")];
    const PERIODICAL: &[(&str, &str)] = &[("title", "journaltitle"), ("subtitle", "journalsubtitle")];
    const VOLUMES: &[(&str, &str)] = &[("title", "maintitle"), ("subtitle", "mainsubtitle")];
    match (parent, child) {
        (
            "book" | "collection" | "reference" | "proceedings",
            "inbook" | "bookinbook" | "suppbook" | "incollection" | "suppcollection" | "inreference"
            | "inproceedings" | "conference",
        ) => BOOK,
        ("periodical", "article" | "suppperiodical") => PERIODICAL,
        ("mvbook" | "mvcollection" | "mvreference" | "mvproceedings", _) => VOLUMES,
        _ => &[],
    }
}
