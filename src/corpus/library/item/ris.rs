//! RIS records as CSL items, by the tags and types that Pandoc reads.

use super::super::entry::{Found, said};
use super::super::ris::{date, records};
use super::{Item, names};

/// The item in `slice`, which holds one record.
pub(in crate::corpus::library) fn item(slice: &str, key: &str) -> Option<Item> {
    let records = records(slice, &mut Found::default());
    let fields = &records.first()?.fields;
    let all = |tags: &'static [&str]| {
        fields
            .iter()
            .filter(move |(tag, value)| tags.contains(tag) && !value.is_empty())
            .map(|(_, value)| *value)
    };
    let one = |tags| all(tags).next().and_then(said);
    let people = |tags| all(tags).filter_map(|name| names::inverted(name, true)).collect::<Vec<_>>();
    let kind = csl_type(&one(&["TY"]).unwrap_or_default());
    let book = kind == "book";
    let mut item = Item::new(key, kind);
    item.set("title", one(&["TI", "T1", "CT"]).or_else(|| if book { one(&["BT"]) } else { None }));
    item.set("title-short", one(&["ST"]));
    let container = one(&["JO", "JF", "T2", "JA"]).or_else(|| if book { None } else { one(&["BT"]) });
    item.set(if book { "collection-title" } else { "container-title" }, container);
    if !book {
        item.set("collection-title", one(&["T3"]));
    }
    item.set_names("author", people(&["AU", "A1"]));
    // In a book `A2` is the editor of the series; elsewhere that of the volume.
    item.set_names("editor", people(if book { &["ED"] } else { &["ED", "A2"] }));
    item.set_names("translator", people(&["A4"]));
    item.set("publisher", one(&["PB"]));
    item.set("publisher-place", one(&["CY", "PP"]));
    item.set("volume", one(&["VL"]));
    let number = one(&["IS"]);
    item.set(
        if matches!(kind, "report" | "patent" | "legislation" | "bill") { "number" } else { "issue" },
        number,
    );
    item.set("edition", one(&["ET"]));
    let page = match (one(&["SP"]), one(&["EP"])) {
        (Some(first), Some(last)) if first != last && !first.contains('-') => Some(format!("{first}-{last}")),
        (first, last) => first.or(last),
    };
    item.set(if book { "number-of-pages" } else { "page" }, page.map(|page| page.replace(['–', '—'], "-")));
    let serial = one(&["SN"]);
    item.set(if matches!(kind, "book" | "chapter") { "ISBN" } else { "ISSN" }, serial);
    item.set("DOI", one(&["DO"]));
    item.set("URL", one(&["UR", "LK"]));
    item.set("abstract", one(&["AB", "N2"]));
    item.set("language", one(&["LA"]));
    item.set("genre", one(&["M3"]));
    item.set("note", one(&["N1"]));
    let written = one(&["DA", "PY", "Y1"]);
    let year = one(&["PY", "Y1", "DA"]);
    let issued = written.as_deref().and_then(date).or_else(|| year.as_deref().and_then(date));
    item.set_date("issued", issued.as_ref(), year);
    item.set_date("accessed", one(&["Y2"]).as_deref().and_then(date).as_ref(), None);
    Some(item)
}

fn csl_type(written: &str) -> &'static str {
    match written {
        "ABST" | "INPR" | "JFULL" | "JOUR" | "EJOUR" => "article-journal",
        "MGZN" => "article-magazine",
        "NEWS" => "article-newspaper",
        "BOOK" | "EBOOK" | "EDBOOK" | "CLSWK" | "SER" => "book",
        "CHAP" | "ECHAP" | "SECT" => "chapter",
        "CONF" | "CPAPER" => "paper-conference",
        "ENCYC" => "entry-encyclopedia",
        "DICT" => "entry-dictionary",
        "RPRT" | "GOVDOC" | "STAND" => "report",
        "THES" => "thesis",
        "ELEC" | "WEB" => "webpage",
        "BLOG" => "post-weblog",
        "PAT" => "patent",
        "DATA" | "AGGR" => "dataset",
        "COMP" => "software",
        "CASE" => "legal_case",
        "BILL" => "bill",
        "STAT" | "LEGAL" => "legislation",
        "HEAR" => "hearing",
        "MPCT" | "VIDEO" | "ADVS" => "motion_picture",
        "MUSIC" | "SOUND" => "song",
        "MAP" => "map",
        "ART" | "FIGURE" => "graphic",
        "PAMP" => "pamphlet",
        "MANSCPT" | "UNPB" => "manuscript",
        "PCOMM" => "personal_communication",
        "SLIDE" => "speech",
        _ => "document",
    }
}
