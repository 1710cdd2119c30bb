//! What office programs say about a document in its properties, and the letters of their symbol fonts.

use super::extract::Part;
use super::xml::{Step, Xml};
use crate::corpus::source::{Labels, Metadata};

/// The metadata in `docProps/core.xml` of Office Open XML, `meta.xml` of OpenDocument, and the metadata of an
/// EPUB: all use the names of Dublin Core.
pub(super) fn metadata(text: &str) -> Metadata {
    let mut metadata = Metadata::default();
    let (mut initial, mut created, mut modified) = (None, None, None);
    // In OpenDocument, the author and date of Dublin Core are those of the last change.
    let mut begun = None;
    let mut xml = Xml::new(text);
    while let Some(step) = xml.step() {
        let Step::Open(tag) = step else { continue };
        let of_change = tag.get("event").is_some_and(|event| event.contains("modif"));
        let of_creation = tag.get("event").is_some_and(|event| event.contains("creat"));
        let name = tag.name().to_owned();
        match name.as_str() {
            "title" | "creator" | "initial-creator" | "publisher" | "language" | "created"
            | "creation-date" | "modified" | "date" => {}
            _ => continue,
        }
        let words = xml.words().split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            continue;
        }
        match name.as_str() {
            "title" if metadata.title.is_none() && !is_filler(&words) => metadata.title = Some(words),
            "creator" => metadata.authors.extend(authors(&words)),
            "initial-creator" => initial = Some(words),
            "publisher" if metadata.outlet.is_none() => metadata.outlet = Some(words),
            "language" if metadata.language.is_none() => metadata.language = Some(words),
            "created" => created = day(&words),
            "creation-date" => begun = day(&words),
            "modified" => modified = day(&words),
            "date" if of_change => modified = day(&words),
            "date" if of_creation => created = day(&words),
            "date" if metadata.date.is_none() => metadata.date = day(&words),
            _ => {}
        }
    }
    if let Some(initial) = initial {
        metadata.authors = authors(&initial).collect();
    }
    metadata.date = begun.or(metadata.date).or(created).or(modified);
    metadata
}

/// The authors named in `words`, without what programs write when they know none.
fn authors(words: &str) -> impl Iterator<Item = String> {
    const NOBODY: [&str; 12] = [
        "admin",
        "administrator",
        "author",
        "microsoft office user",
        "owner",
        "python-docx",
        "root",
        "unknown",
        "user",
        "windows user",
        "пользователь windows",
        "un-named",
    ];
    let names = words.split(';').map(str::trim).filter(|name| !name.is_empty());
    names
        .filter(|name| !NOBODY.contains(&name.to_lowercase().as_str()))
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Whether a title is one that a program wrote.
fn is_filler(title: &str) -> bool {
    let lower = title.to_lowercase();
    lower.starts_with("microsoft word - ")
        || ["untitled", "unknown", "word document", "powerpoint presentation", "template"]
            .contains(&lower.as_str())
        || [".doc", ".docx", ".odt", ".rtf", ".dot"].iter().any(|ending| lower.ends_with(ending))
        || lower.strip_prefix("document").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The day of a date and time such as `2021-08-19T10:00:00Z`.
fn day(words: &str) -> Option<String> {
    let day = words.split(['T', ' ']).next()?;
    let fits = day.len() >= 4 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    // What programs write when they know none.
    let filler = words == "2013-12-23T23:15:00Z" || day.starts_with("0000") || day.starts_with("1601");
    (fits && !filler).then(|| day.to_owned())
}

/// The number of pages that `docProps/app.xml` states.
pub(super) fn pages(text: &str) -> Option<usize> {
    let mut xml = Xml::new(text);
    while let Some(step) = xml.step() {
        if let Step::Open(tag) = step
            && tag.name() == "Pages"
        {
            return xml.words().trim().parse().ok();
        }
    }
    None
}

/// The remark about a document without words.
pub(super) const NO_WORDS: &str = "It has no words.";

/// The pages of a document and where their labels come from.
pub(super) type Pages = (Vec<Option<Box<str>>>, Labels);

/// `pages`, if they are as many as the document counts (`counted`). Otherwise the program did not save where all of
/// them begin: then there are none, and the breaks in `parts` are removed.
pub(super) fn confirmed(pages: Pages, counted: Option<usize>, parts: &mut [Part]) -> Pages {
    if counted.is_some_and(|count| count > 1 && count == pages.0.len()) {
        return pages;
    }
    parts.iter_mut().for_each(|part| part.breaks.clear());
    (Vec::new(), Labels::default())
}

/// The letter that `code` is in `font`. Symbol fonts have their signs from U+F020 on. `None` for a sign that is no
/// letter and not known.
pub(super) fn symbol(font: &str, code: u32) -> Option<char> {
    /// The letters of Adobe's Symbol from 0x41 and 0x61 on.
    const GREEK: [&str; 2] = ["ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"];
    const SIGNS: [(u32, char); 24] = [
        (0x22, '∀'),
        (0x24, '∃'),
        (0x2d, '−'),
        (0xa2, '′'),
        (0xa3, '≤'),
        (0xa5, '∞'),
        (0xac, '←'),
        (0xad, '↑'),
        (0xae, '→'),
        (0xaf, '↓'),
        (0xb0, '°'),
        (0xb1, '±'),
        (0xb2, '″'),
        (0xb3, '≥'),
        (0xb4, '×'),
        (0xb7, '•'),
        (0xb8, '÷'),
        (0xb9, '≠'),
        (0xba, '≡'),
        (0xbb, '≈'),
        (0xbc, '…'),
        (0xd6, '√'),
        (0xde, '⇒'),
        (0xe5, '∑'),
    ];
    let private = (0xf020..=0xf0ff).contains(&code);
    let low = if private { code - 0xf000 } else { code };
    let font = font.to_lowercase();
    if font == "symbol" {
        let nth = |from: u32, letters: &str| letters.chars().nth(low.checked_sub(from)? as usize);
        let sign = SIGNS.iter().find(|(code, _)| *code == low).map(|(_, sign)| *sign);
        return match low {
            0x41..=0x5a => nth(0x41, GREEK[0]),
            0x61..=0x7a => nth(0x61, GREEK[1]),
            _ if sign.is_some() => sign,
            0x20..=0x7e => char::from_u32(low),
            _ => None,
        };
    }
    if font.starts_with("wingdings") || font.starts_with("webdings") {
        return match (font.as_str(), low) {
            ("wingdings", 0x6f | 0xa8) => Some('☐'),
            ("wingdings", 0xfe) => Some('☑'),
            ("wingdings", 0xfc) => Some('✓'),
            ("wingdings", 0xe0) => Some('→'),
            ("wingdings", 0x4a) => Some('☺'),
            _ => None,
        };
    }
    if private { None } else { char::from_u32(code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_say_who_wrote_it_and_when() {
        let core = "<cp:coreProperties><dc:title>The  weir</dc:title><dc:creator>Ada Korn; B. Moss</dc:creator>\
            <dcterms:created>2031-05-04T10:00:00Z</dcterms:created><dcterms:modified>2031-06-01</dcterms:modified></cp:coreProperties>";
        let read = metadata(core);
        assert_eq!(read.title.as_deref(), Some("The weir"));
        assert_eq!(read.authors, ["Ada Korn", "B. Moss"]);
        assert_eq!(read.date.as_deref(), Some("2031-05-04"));
        let filler = "<p><title>Microsoft Word - a.doc</title><creator>python-docx</creator></p>";
        assert_eq!(metadata(filler), Metadata::default());
    }

    #[test]
    fn symbol_fonts_have_letters_of_their_own() {
        assert_eq!(symbol("Symbol", 0xf061), Some('α'));
        assert_eq!(symbol("Symbol", 0xb3), Some('≥'));
        assert_eq!(symbol("Wingdings", 0xf0fe), Some('☑'));
        assert_eq!(symbol("Arial", 0xf0b7), None);
        assert_eq!(symbol("Arial", 0xe9), Some('é'));
    }
}
