//! What an entry takes from others: all fields of the `@xdata` entries that it names, and what it
//! lacks from its `crossref`, under the names of BibLaTeX's default rules (manual, appendix B): the
//! title of a book is the `booktitle` of a chapter. Must not mix two entries' dates.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::text::Span;

/// From how many entries one may take fields, all steps together; real ones have two or three. It
/// bounds the work where entries name each other.
const MOST_PARENTS: usize = 32;

/// Fields of the parent that are about the copy or the volume itself: an analyst's notes, the files,
/// its people.
const OWN: [&str; 12] = [
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
];

/// The fields that say when; only together they make a date.
const DATES: [&str; 4] = ["date", "year", "month", "day"];

/// One entry, its fields as TeX with abbreviations resolved.
#[derive(Debug)]
pub(super) struct Parsed<'t> {
    /// In lower case.
    pub(super) kind: String,
    pub(super) key: &'t str,
    pub(super) span: Span,
    pub(super) key_span: Span,
    pub(super) fields: HashMap<&'static str, String>,
}

/// The entries by their keys; empty when none takes anything from another.
pub(super) fn parents<'p>(parsed: &'p [Parsed<'_>]) -> HashMap<&'p str, usize> {
    let takes = |one: &Parsed<'_>| one.fields.contains_key("crossref") || one.fields.contains_key("xdata");
    if !parsed.iter().any(takes) {
        return HashMap::new();
    }
    // Of two entries with one key the first counts, here too.
    parsed.iter().enumerate().rev().map(|(at, one)| (one.key, at)).collect()
}

/// The fields of `one` with what it takes from others.
pub(super) fn all<'p>(
    one: &'p Parsed<'_>,
    parsed: &'p [Parsed<'_>],
    parents: &HashMap<&str, usize>,
) -> Cow<'p, HashMap<&'static str, String>> {
    if parents.is_empty() {
        return Cow::Borrowed(&one.fields);
    }
    full(one, parsed, parents, &mut { MOST_PARENTS })
}

/// `left` is how many more entries may be looked at.
fn full<'p>(
    one: &'p Parsed<'_>,
    parsed: &'p [Parsed<'_>],
    parents: &HashMap<&str, usize>,
    left: &mut usize,
) -> Cow<'p, HashMap<&'static str, String>> {
    let mut fields = Cow::Borrowed(&one.fields);
    let of = |name: &str| one.fields.get(name).map_or("", String::as_str);
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

/// Puts into `fields` what they lack of `parent`, the names changed by `names`. `volume` says that
/// the parent is a work of its own, of which not all goes over; `author` that its author goes.
fn take(
    fields: &mut Cow<'_, HashMap<&'static str, String>>,
    parent: &HashMap<&'static str, String>,
    names: &[(&'static str, &'static str)],
    volume: bool,
    author: bool,
) {
    let dated = DATES.iter().any(|name| fields.contains_key(name));
    for name in super::FIELDS {
        let Some(tex) = parent.get(name) else { continue };
        let target = names.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to);
        let own = OWN.contains(&name) && !(name == "author" && author);
        let skipped = volume && own || name == "crossref" || name == "xdata";
        if skipped || fields.contains_key(target) || dated && DATES.contains(&name) {
            continue;
        }
        // A subtitle goes with its title alone, which stands before it in the list.
        if name.ends_with("subtitle")
            && parent.get(&*name.replace("subtitle", "title"))
                != fields.get(&*target.replace("subtitle", "title"))
        {
            continue;
        }
        fields.to_mut().insert(target, tex.clone());
    }
}

/// Whether the author of a `parent` is that of a `child`, too: a chapter of a book, but not of a collection.
fn is_of_author(parent: &str, child: &str) -> bool {
    match parent {
        "book" => matches!(child, "inbook" | "bookinbook" | "suppbook"),
        "mvbook" => matches!(child, "book" | "inbook" | "bookinbook" | "suppbook"),
        _ => false,
    }
}

/// Under which names the titles of a `parent` go over to a `child`.
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
