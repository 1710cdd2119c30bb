//! BibLaTeX entries as CSL items. Types, fields and the values that BibLaTeX's `type` may have follow Pandoc's reader
//! and the BibLaTeX manual, 2.1 and 2.2.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use super::super::biblatex::{self, MARKS, Whole, unescape};
use super::super::entry::{Entry, said};
use super::title::sentence_case;
use super::{Item, names, titled};
use crate::corpus::date::Date;

/// The fields of an entry as TeX.
struct Fields<'a> {
    tex: &'a HashMap<&'static str, Cow<'a, str>>,
    /// Whether titles are put into sentence case: only English ones are written in title case.
    english: bool,
}

impl Fields<'_> {
    /// The text of a field, with the tags of CSL-JSON.
    fn words(&self, name: &str) -> Option<String> {
        Some(tagged(&biblatex::marked(name, self.tex.get(name)?)?))
    }

    /// The text of a field without tags.
    fn plain(&self, name: &str) -> Option<String> {
        let marks = MARKS.as_flattened();
        said(&biblatex::marked(name, self.tex.get(name)?)?.replace(marks, ""))
    }

    /// A field that is not TeX, such as a number or an address.
    fn raw(&self, name: &str) -> Option<String> {
        said(&unescape(self.tex.get(name)?.trim()))
    }

    /// A title as styles expect it.
    fn title(&self, name: &str) -> Option<String> {
        let words = biblatex::marked(name, self.tex.get(name)?)?;
        Some(tagged(&if self.english { sentence_case(&words) } else { words }))
    }

    fn with_subtitle(&self, title: &str, subtitle: &str) -> Option<String> {
        titled(self.title(title), self.title(subtitle))
    }

    fn one<const N: usize>(&self, names: [&str; N]) -> Option<String> {
        names.iter().find_map(|name| self.words(name))
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.tex.get(name).is_some_and(|tex| tex.trim().eq_ignore_ascii_case(value))
    }

    /// The people in a field. Particles are dropped in notes and lists unless the entry says `useprefix`.
    fn people(&self, name: &str) -> Vec<Value> {
        let Some(tex) = self.tex.get(name) else { return Vec::new() };
        let options = self.tex.get("options").map(|options| options.replace(' ', "")).unwrap_or_default();
        let kept = options.contains("useprefix=true") || options.split(',').any(|one| one == "useprefix");
        let kind = if kept { "non-dropping-particle" } else { "dropping-particle" };
        let people = biblatex::persons(tex);
        let named = |person: &biblatex::Named| {
            names::name(&person.family, &person.given, Some((kind, person.particle.clone())), &person.suffix)
        };
        people.iter().filter_map(named).collect()
    }
}

/// The item of `entry`, in the library `whole`. `None` if the entry is not there.
pub(in crate::corpus::library) fn item(
    whole: &Whole<'_>,
    entry: &Entry,
    language: Option<&str>,
) -> Option<Item> {
    let (kind, fields) = whole.fields(entry.span)?;
    let own = fields.get("langid").or_else(|| fields.get("language")).map(|tex| tex.trim().to_lowercase());
    let tag = own.as_deref().and_then(tag);
    let english = match (&own, tag) {
        (Some(_), tag) => tag.is_some_and(|tag| tag.starts_with("en")),
        (None, _) => language.is_none_or(|tag| tag.to_lowercase().starts_with("en")),
    };
    let of = Fields { tex: &fields, english };
    let mut item = Item::new(&entry.key, csl_type(&kind, &of));
    item.set("language", tag.map(str::to_owned).or(own.filter(|_| tag.is_none())));
    titles(&kind, &of, &mut item);
    numbers(&kind, &of, &mut item);
    people(&kind, &of, &mut item);
    published(&of, &mut item);
    dates(&of, entry, &mut item);
    Some(item)
}

fn is_article(kind: &str) -> bool {
    matches!(kind, "article" | "periodical" | "suppperiodical" | "review")
}

/// Returns true if an entry of this type is a part of the work in `booktitle`.
fn is_part(kind: &str) -> bool {
    matches!(
        kind,
        "inbook"
            | "incollection"
            | "bookinbook"
            | "suppbook"
            | "suppcollection"
            | "inproceedings"
            | "conference"
            | "inreference"
    )
}

fn csl_type(kind: &str, of: &Fields<'_>) -> &'static str {
    match kind {
        "article" | "suppperiodical" if of.is("entrysubtype", "magazine") => "article-magazine",
        "article" | "suppperiodical" if of.is("entrysubtype", "newspaper") => "article-newspaper",
        "article" | "suppperiodical" => "article-journal",
        "periodical" => "periodical",
        "book" | "mvbook" | "collection" | "mvcollection" | "reference" | "mvreference" | "proceedings"
        | "mvproceedings" | "manual" | "commentary" => "book",
        "booklet" => "pamphlet",
        "inbook" | "incollection" | "bookinbook" | "suppbook" | "suppcollection" => "chapter",
        "inproceedings" | "conference" => "paper-conference",
        "inreference" => "entry-encyclopedia",
        "thesis" | "phdthesis" | "mastersthesis" => "thesis",
        "report" | "techreport" => "report",
        "online" | "electronic" | "www" => "webpage",
        "patent" => "patent",
        "dataset" => "dataset",
        "software" => "software",
        "review" => "review",
        "standard" => "standard",
        "letter" => "personal_communication",
        "jurisdiction" => "legal_case",
        "legislation" => "legislation",
        "legal" => "treaty",
        "movie" | "video" => "motion_picture",
        "audio" | "music" => "song",
        "performance" => "performance",
        "artwork" | "image" => "graphic",
        "unpublished" if of.tex.contains_key("eventdate") || of.tex.contains_key("eventtitle") => "speech",
        "unpublished" => "manuscript",
        _ => "document",
    }
}

fn titles(kind: &str, of: &Fields<'_>, item: &mut Item) {
    let (part, periodical) = (is_part(kind), kind == "periodical");
    let main = of.tex.contains_key("maintitle");
    let (title, subtitle) = match (periodical, main && !part) {
        (true, _) => ("issuetitle", "issuesubtitle"),
        (false, true) => ("maintitle", "mainsubtitle"),
        (false, false) => ("title", "subtitle"),
    };
    let whole = of.with_subtitle(title, subtitle).or_else(|| of.with_subtitle("title", "subtitle"));
    let addon = of.title("titleaddon");
    let short = of.title("shorttitle").or_else(|| {
        let title = whole.as_deref()?;
        let (short, _) = title.split_once(": ")?;
        // Tags must be closed.
        (short.matches('<').count() == short.matches("</").count() * 2).then(|| short.to_owned())
    });
    let whole = match (whole, addon) {
        (Some(title), Some(addon)) => Some(format!("{}. {addon}", title.trim_end_matches('.'))),
        (title, addon) => title.or(addon),
    };
    item.set("title", whole);
    item.set("title-short", short);
    if main {
        let (title, subtitle) = if part { ("booktitle", "booksubtitle") } else { ("title", "subtitle") };
        item.set("volume-title", of.with_subtitle(title, subtitle));
    }
    // The name of a journal is not put into sentence case.
    let journal = || {
        let title = of.one(["journaltitle", "journal"])?;
        titled(Some(title), of.words("journalsubtitle"))
    };
    let container = if periodical {
        titled(of.words("title"), of.words("subtitle"))
    } else if part && main {
        of.with_subtitle("maintitle", "mainsubtitle")
    } else if part {
        of.with_subtitle("booktitle", "booksubtitle").or_else(journal)
    } else {
        journal().or_else(|| of.with_subtitle("booktitle", "booksubtitle"))
    };
    item.set("container-title", container);
    item.set("container-title-short", of.words("shortjournal"));
    item.set("collection-title", of.title("series"));
    item.set("event-title", of.title("eventtitle"));
    item.set("original-title", of.title("origtitle"));
}

fn numbers(kind: &str, of: &Fields<'_>, item: &mut Item) {
    let number = of.plain("number");
    let issue = of.plain("issue");
    if is_article(kind) {
        item.set(
            "issue",
            match (number, issue) {
                (Some(number), Some(issue)) => Some(format!("{number}, {issue}")),
                (number, issue) => number.or(issue),
            },
        );
    } else if of.tex.contains_key("series") {
        item.set("collection-number", number);
        item.set("issue", issue);
    } else {
        item.set("number", number);
        item.set("issue", issue);
    }
    for (csl, tex) in [
        ("volume", "volume"),
        ("edition", "edition"),
        ("number-of-volumes", "volumes"),
        ("number-of-pages", "pagetotal"),
        ("part-number", "part"),
        ("chapter-number", "chapter"),
        ("version", "version"),
        ("status", "pubstate"),
    ] {
        item.set(csl, of.plain(tex));
    }
    item.set("page", of.plain("pages").map(|pages| pages.replace(['–', '—'], "-").replace("--", "-")));
    let genre = match of.plain("type").as_deref().unwrap_or(kind) {
        "phdthesis" => Some("PhD thesis".to_owned()),
        "mathesis" | "mastersthesis" => Some("Master’s thesis".to_owned()),
        "bathesis" => Some("Bachelor’s thesis".to_owned()),
        "techreport" => Some("technical report".to_owned()),
        "resreport" => Some("research report".to_owned()),
        "candthesis" => Some("Candidate thesis".to_owned()),
        patent if patent.starts_with("patent") && patent != "patent" => Some("patent".to_owned()),
        _ => of.words("type"),
    };
    item.set("genre", genre.filter(|_| kind != "patent"));
    for (csl, tex) in [("ISBN", "isbn"), ("ISSN", "issn"), ("PMID", "pmid"), ("PMCID", "pmcid")] {
        item.set(csl, of.raw(tex));
    }
    let doi = of.raw("doi").map(|doi| {
        let at = doi.find("10.").filter(|_| doi.contains("doi.org/") || doi.starts_with("doi:"));
        doi[at.unwrap_or(0)..].to_owned()
    });
    item.set("DOI", doi);
}

fn people(kind: &str, of: &Fields<'_>, item: &mut Item) {
    item.set_names("author", of.people("author"));
    let role = match of.raw("editortype").unwrap_or_default().to_lowercase().as_str() {
        "director" => "director",
        "organizer" => "organizer",
        "compiler" => "compiler",
        "founder" | "continuator" | "redactor" | "reviser" | "collaborator" => "collection-editor",
        _ => "editor",
    };
    item.set_names(role, of.people("editor"));
    item.set_names("translator", of.people("translator"));
    item.set_names("container-author", of.people("bookauthor"));
    if kind == "patent" && item.fields().get("author").is_none() {
        item.set_names("author", of.people("holder"));
    }
}

fn published(of: &Fields<'_>, item: &mut Item) {
    let published_at = of.tex.get("howpublished").and_then(|tex| biblatex::address(tex));
    let names = ["school", "institution", "organization", "howpublished", "publisher"];
    let names = names.into_iter().filter(|name| *name != "howpublished" || published_at.is_none());
    let names: Vec<String> = names.filter_map(|name| of.words(name)).collect();
    item.set("publisher", said(&names.join("; ")));
    item.set("publisher-place", of.one(["location", "address"]));
    item.set("event-place", of.words("venue"));
    item.set("original-publisher", of.words("origpublisher"));
    item.set("original-publisher-place", of.words("origlocation"));
    let url =
        of.raw("url").map(|url| biblatex::address(&url).unwrap_or(url)).or(published_at).or_else(|| {
            let number = of.raw("eprint")?;
            let kind = of.raw("eprinttype").or_else(|| of.raw("archiveprefix"))?.to_lowercase();
            match kind.as_str() {
                "arxiv" => Some(format!("https://arxiv.org/abs/{number}")),
                "jstor" => Some(format!("https://www.jstor.org/stable/{number}")),
                _ => None,
            }
        });
    item.set("URL", url);
    let note = [of.words("note"), of.words("addendum")];
    let note: Vec<String> = note.into_iter().flatten().collect();
    item.set("note", said(&note.join(". ")));
    item.set("abstract", of.words("abstract"));
    item.set("archive", of.words("library"));
}

fn dates(of: &Fields<'_>, entry: &Entry, item: &mut Item) {
    let date = |name: &str| of.raw(name).as_deref().and_then(Date::parse);
    item.set_date("issued", entry.date.as_ref(), entry.date_words.clone());
    item.set_date("accessed", date("urldate").as_ref(), None);
    item.set_date("original-date", date("origdate").as_ref(), None);
    item.set_date("event-date", date("eventdate").as_ref(), None);
}

/// The language tag of a language as BibLaTeX names it; `None` if it is not one of the common ones.
fn tag(langid: &str) -> Option<&'static str> {
    Some(match langid {
        "english" | "american" | "usenglish" | "canadian" | "en" | "en-us" => "en-US",
        "british" | "ukenglish" | "australian" | "newzealand" | "en-gb" => "en-GB",
        "german" | "ngerman" | "de" | "de-de" => "de-DE",
        "austrian" | "naustrian" => "de-AT",
        "swissgerman" | "nswissgerman" => "de-CH",
        "french" | "francais" | "fr" => "fr-FR",
        "spanish" | "es" => "es-ES",
        "italian" | "it" => "it-IT",
        "dutch" | "nl" => "nl-NL",
        "portuguese" | "portuges" => "pt-PT",
        "brazilian" | "brazil" => "pt-BR",
        "polish" | "pl" => "pl-PL",
        "russian" | "ru" => "ru-RU",
        "danish" => "da-DK",
        "swedish" => "sv-SE",
        "norwegian" | "norsk" | "nynorsk" => "nb-NO",
        "finnish" => "fi-FI",
        "czech" => "cs-CZ",
        "ukrainian" => "uk-UA",
        "turkish" => "tr-TR",
        "greek" => "el-GR",
        "hungarian" | "magyar" => "hu-HU",
        "japanese" => "ja-JP",
        "chinese" => "zh-CN",
        _ => return None,
    })
}

/// `text` with the tags of CSL-JSON in place of marks.
fn tagged(text: &str) -> String {
    const TAGS: [[&str; 2]; 6] = [
        ["<i>", "</i>"],
        ["<b>", "</b>"],
        ["<sup>", "</sup>"],
        ["<sub>", "</sub>"],
        ["<span style=\"font-variant:small-caps;\">", "</span>"],
        ["<span class=\"nocase\">", "</span>"],
    ];
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        // What TeX prints for it.
        let c = if c == '\'' { '’' } else { c };
        match MARKS.iter().zip(TAGS).find(|(mark, _)| mark.contains(&c)) {
            Some((mark, tag)) => out.push_str(tag[usize::from(c == mark[1])]),
            None => out.push(c),
        }
    }
    out
}
