//! EndNote records as CSL items, by the elements and types that Pandoc reads.

use super::super::endnote::{Field, each};
use super::super::entry::{Found, said};
use super::{Item, names};
use crate::corpus::date::Date;

/// The item in `slice`, which holds one record.
pub(in crate::corpus::library) fn item(slice: &str, key: &str) -> Option<Item> {
    let mut read: Option<Vec<Field>> = None;
    each(slice, &mut Found::default(), &mut |_, fields, _| {
        read.get_or_insert(fields);
    });
    let fields = read?;
    let all = |path: &'static str| {
        fields.iter().filter(move |field| field.path == path).map(|field| field.words.trim())
    };
    let one = |path| all(path).find_map(said);
    let people = |path| all(path).filter_map(|name| names::inverted(name, true)).collect::<Vec<_>>();
    let kind = csl_type(&fields);
    let book = kind == "book";
    let mut item = Item::new(key, kind);
    item.set("title", one("titles/title"));
    item.set("title-short", one("titles/short-title"));
    let container = one("titles/secondary-title").or_else(|| one("periodical/full-title"));
    item.set(if book { "collection-title" } else { "container-title" }, container);
    if !book {
        item.set("collection-title", one("titles/tertiary-title"));
    }
    item.set_names("author", people("contributors/authors/author"));
    item.set_names("editor", people("contributors/secondary-authors/author"));
    item.set_names("translator", people("contributors/subsidiary-authors/author"));
    item.set("publisher", one("publisher"));
    item.set("publisher-place", one("pub-location"));
    item.set("volume", one("volume"));
    item.set(
        if matches!(kind, "report" | "patent" | "legislation") { "number" } else { "issue" },
        one("number"),
    );
    item.set("edition", one("edition"));
    let pages = one("pages").map(|pages| pages.replace(['–', '—'], "-"));
    item.set(if book { "number-of-pages" } else { "page" }, pages);
    item.set(if matches!(kind, "book" | "chapter") { "ISBN" } else { "ISSN" }, one("isbn"));
    item.set("DOI", one("electronic-resource-num"));
    item.set("URL", one("urls/related-urls/url").or_else(|| one("urls/web-urls/url")));
    item.set("abstract", one("abstract"));
    item.set("language", one("language"));
    item.set("genre", one("work-type"));
    item.set("note", one("notes"));
    let (year, day) = (one("dates/year"), one("dates/pub-dates/date"));
    let whole = day.as_deref().and_then(Date::parse);
    let issued = whole.or_else(|| year.as_deref().and_then(Date::parse));
    item.set_date("issued", issued.as_ref(), year.or(day));
    item.set_date("accessed", one("access-date").as_deref().and_then(Date::parse).as_ref(), None);
    Some(item)
}

/// The type, by the number that EndNote gives it, in the words of the element.
fn csl_type(fields: &[Field]) -> &'static str {
    let written = fields.iter().find(|field| field.path == "ref-type").map_or("", |field| field.words.trim());
    match written {
        "0" | "17" | "43" => "article-journal",
        "19" => "article-magazine",
        "23" => "article-newspaper",
        "6" | "28" | "44" | "54" => "book",
        "5" | "7" | "60" => "chapter",
        "10" | "47" => "paper-conference",
        "53" => "entry-encyclopedia",
        "52" => "entry-dictionary",
        "27" | "46" | "58" => "report",
        "32" => "thesis",
        "12" | "16" => "webpage",
        "56" => "post-weblog",
        "25" => "patent",
        "59" => "dataset",
        "9" => "software",
        "4" => "bill",
        "18" => "hearing",
        "14" => "legal_case",
        "31" => "legislation",
        "21" => "motion_picture",
        "2" | "37" => "graphic",
        "20" => "map",
        "26" => "personal_communication",
        "34" | "36" => "manuscript",
        _ => "document",
    }
}
