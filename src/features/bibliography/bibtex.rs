//! Items as BibLaTeX. The fields and types are those that our reader takes for the same item (`library::item::bib`).

use serde_json::Value;

use crate::corpus::library::Item;

/// Fields that are written as they are, in order: the CSL name and that of BibLaTeX.
const FIELDS: [(&str, &str); 26] = [
    ("title", "title"),
    ("title-short", "shorttitle"),
    ("collection-title", "series"),
    ("event-title", "eventtitle"),
    ("event-place", "venue"),
    ("volume", "volume"),
    ("issue", "number"),
    ("number", "number"),
    ("collection-number", "number"),
    ("edition", "edition"),
    ("chapter-number", "chapter"),
    ("part-number", "part"),
    ("number-of-volumes", "volumes"),
    ("number-of-pages", "pagetotal"),
    ("version", "version"),
    ("genre", "type"),
    ("publisher-place", "location"),
    ("original-publisher", "origpublisher"),
    ("original-title", "origtitle"),
    ("status", "pubstate"),
    ("note", "note"),
    ("ISBN", "isbn"),
    ("ISSN", "issn"),
    ("PMID", "pmid"),
    ("DOI", "doi"),
    ("URL", "url"),
];

/// People: the CSL role and the field of BibLaTeX.
const PEOPLE: [(&str, &str); 4] = [
    ("author", "author"),
    ("editor", "editor"),
    ("translator", "translator"),
    ("container-author", "bookauthor"),
];

/// Dates: the CSL name and that of BibLaTeX.
const DATES: [(&str, &str); 4] =
    [("issued", "date"), ("accessed", "urldate"), ("original-date", "origdate"), ("event-date", "eventdate")];

/// `items` as a BibLaTeX library.
#[must_use]
pub fn bibtex(items: &[Item]) -> String {
    let entries: Vec<String> = items.iter().map(entry).collect();
    entries.join("\n")
}

fn entry(item: &Item) -> String {
    let (kind, container, publisher, subtype) = of_type(item.kind());
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (csl, name) in PEOPLE {
        let people = item.fields().get(csl).and_then(Value::as_array);
        let people: Vec<String> = people.into_iter().flatten().map(person).collect();
        if !people.is_empty() {
            fields.push((name, people.join(" and ")));
        }
    }
    let mut put = |name: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !fields.iter().any(|(known, _)| *known == name)) {
            fields.push((name, value));
        }
    };
    for (csl, name) in FIELDS {
        let value = item.text(csl);
        put(
            name,
            match name {
                "doi" | "url" | "isbn" | "issn" | "pmid" => value,
                _ => value.map(|text| tex(&text)),
            },
        );
    }
    put(container, item.text("container-title").map(|text| tex(&text)));
    put("pages", item.text("page").map(|pages| pages.replace('-', "--")));
    put(publisher, item.text("publisher").map(|text| tex(&text)));
    put("entrysubtype", subtype.map(str::to_owned));
    for (csl, name) in DATES {
        put(name, item.fields().get(csl).and_then(date));
    }
    // Our reader and Pandoc's would put an English title into sentence case a second time, which changes nothing.
    let mut out = format!("@{kind}{{{},\n", item.key());
    for (name, value) in fields {
        out.push_str(&format!("  {name} = {{{value}}},\n"));
    }
    out + "}\n"
}

/// The type, and the fields for the container and the publisher.
fn of_type(csl: &str) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
    match csl {
        "article-journal" => ("article", "journaltitle", "publisher", None),
        "article-magazine" => ("article", "journaltitle", "publisher", Some("magazine")),
        "article-newspaper" => ("article", "journaltitle", "publisher", Some("newspaper")),
        "review" | "review-book" => ("review", "journaltitle", "publisher", None),
        "book" => ("book", "booktitle", "publisher", None),
        "pamphlet" => ("booklet", "booktitle", "publisher", None),
        "chapter" => ("incollection", "booktitle", "publisher", None),
        "paper-conference" => ("inproceedings", "booktitle", "publisher", None),
        "entry-encyclopedia" | "entry-dictionary" | "entry" => {
            ("inreference", "booktitle", "publisher", None)
        }
        "report" => ("report", "booktitle", "institution", None),
        "thesis" => ("thesis", "booktitle", "institution", None),
        "webpage" | "post-weblog" | "post" => ("online", "booktitle", "organization", None),
        "patent" => ("patent", "booktitle", "publisher", None),
        "dataset" => ("dataset", "booktitle", "publisher", None),
        "software" => ("software", "booktitle", "publisher", None),
        "manuscript" | "speech" => ("unpublished", "booktitle", "publisher", None),
        "personal_communication" => ("letter", "booktitle", "publisher", None),
        "legal_case" => ("jurisdiction", "journaltitle", "publisher", None),
        "legislation" | "bill" => ("legislation", "journaltitle", "publisher", None),
        "motion_picture" => ("movie", "booktitle", "publisher", None),
        "song" => ("music", "booktitle", "publisher", None),
        "graphic" => ("artwork", "booktitle", "publisher", None),
        "standard" => ("standard", "booktitle", "publisher", None),
        "performance" => ("performance", "booktitle", "publisher", None),
        _ => ("misc", "booktitle", "publisher", None),
    }
}

fn person(person: &Value) -> String {
    let part = |name: &str| person.get(name).and_then(Value::as_str).map(tex);
    if let Some(literal) = part("literal") {
        return format!("{{{literal}}}");
    }
    let particle = part("non-dropping-particle").or_else(|| part("dropping-particle"));
    let family = part("family").unwrap_or_default();
    let family = particle.map_or_else(|| family.clone(), |particle| format!("{particle} {family}"));
    let parts = [Some(family), part("suffix"), part("given")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A date as EDTF.
fn date(value: &Value) -> Option<String> {
    if let Some(words) = value.get("literal").and_then(Value::as_str) {
        return Some(tex(words));
    }
    let circa = if value.get("circa").and_then(Value::as_bool) == Some(true) { "~" } else { "" };
    let parts = value.get("date-parts")?.as_array()?;
    let one = |parts: &Value| -> Option<String> {
        let mut numbers = parts.as_array()?.iter().filter_map(Value::as_i64);
        // CSL has no year 0, EDTF has.
        let year = numbers.next().map(|year| if year < 0 { year + 1 } else { year })?;
        let sign = if year < 0 { "-" } else { "" };
        let rest: String = numbers.map(|number| format!("-{number:02}")).collect();
        Some(format!("{sign}{:04}{rest}{circa}", year.abs()))
    };
    let dates: Vec<String> = parts.iter().filter_map(one).collect();
    (!dates.is_empty()).then(|| dates.join("/"))
}

/// A text of CSL-JSON as TeX.
fn tex(text: &str) -> String {
    const TAGS: [(&str, &str); 8] = [
        ("<i>", "\\emph{"),
        ("<b>", "\\textbf{"),
        ("<sup>", "\\textsuperscript{"),
        ("<sub>", "\\textsubscript{"),
        ("<span style=\"font-variant:small-caps;\">", "\\textsc{"),
        ("<span class=\"nocase\">", "{"),
        ("</i>", "}"),
        ("</span>", "}"),
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((tag, tex)) = TAGS
            .iter()
            .chain(&[("</b>", "}"), ("</sup>", "}"), ("</sub>", "}")])
            .find(|(tag, _)| rest.starts_with(tag))
        {
            out.push_str(tex);
            rest = &rest[tag.len()..];
            continue;
        }
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' | '}' | '%' | '&' | '#' | '$' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}
