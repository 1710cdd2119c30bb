//! The names of the styles that word processors come with, in the languages of their users. The name says what a
//! paragraph is.

use super::extract::Role;
use crate::corpus::source::Furniture;

/// What a paragraph of a style is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Styled {
    /// The title of the document.
    Title,
    /// A heading, with its level from 1.
    Heading(u8),
    /// A quotation set apart.
    Quotation,
    /// A caption.
    Caption,
    /// A line in a table of contents.
    Contents,
    /// A running head or foot.
    RunningHead,
    /// The author or the date.
    Byline,
}

impl Styled {
    /// The role of such a paragraph, and the rule that says so if it is not part of the text.
    pub(super) fn role(self) -> (Role, Option<&'static str>) {
        let of_page = |kind, why| (Role::Furniture(kind), Some(why));
        match self {
            Self::Title => (Role::Title, None),
            Self::Heading(level) => (Role::Heading(level), None),
            Self::Quotation => (Role::Quotation, None),
            Self::Caption => of_page(Furniture::Caption, "a caption, by its style"),
            Self::Contents => of_page(Furniture::Control, "a table of contents, by its style"),
            Self::RunningHead => of_page(Furniture::RunningHead, "a running head, by its style"),
            Self::Byline => of_page(Furniture::Byline, "the author or date, by its style"),
        }
    }
}

/// More words than this are no heading, whatever their style: some judgments outline every paragraph.
const HEADING_WORDS: usize = 40;

impl Styled {
    /// The role of the paragraph `words` with a style that is `styled`, and the level `outline` in the outline of the
    /// document (from 0; 9 is body text), as word processors count it. Also the rule, as [`Styled::role`].
    pub(super) fn role_of(
        styled: Option<Self>,
        outline: Option<u8>,
        words: &str,
    ) -> (Role, Option<&'static str>) {
        let level = match styled {
            Some(Self::Heading(level)) => Some(level),
            Some(other) => return other.role(),
            None => outline.filter(|level| *level < 9).map(|level| level + 1),
        };
        let is_long = words.split_whitespace().nth(HEADING_WORDS).is_some();
        (level.filter(|_| !is_long).map_or(Role::Paragraph, Role::Heading), None)
    }
}

/// Words before the number of a heading's level. English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Russian, Ukrainian, Polish, Swedish, Danish and Norwegian, Finnish, Czech, Turkish, Chinese, Japanese.
const HEADINGS: [&str; 19] = [
    "heading",
    "überschrift",
    "titre",
    "título",
    "titulo",
    "titolo",
    "ttulo",
    "kop",
    "заголовок",
    "nagłówek",
    "rubrik",
    "overskrift",
    "otsikko",
    "nadpis",
    "başlık",
    "标题",
    "標題",
    "見出し",
    "berschrift",
];

const TITLES: [&str; 18] = [
    "title",
    "titel",
    "haupttitel",
    "titre",
    "título",
    "titulo",
    "titolo",
    "назва",
    "название",
    "заголовок",
    "tytuł",
    "otsikko",
    "název",
    "konu başlığı",
    "标题",
    "標題",
    "表題",
    "tittel",
];

const QUOTATIONS: [&str; 30] = [
    "quote",
    "intense quote",
    "quotations",
    "quotation",
    "block text",
    "block quote",
    "block quotation",
    "blockquote",
    "zitat",
    "intensives zitat",
    "blocktext",
    "citation",
    "citation intense",
    "cita",
    "cita destacada",
    "citas",
    "citazione",
    "citazione intensa",
    "citação",
    "citação intensa",
    "citaat",
    "duidelijk citaat",
    "цитата",
    "цитата 2",
    "выделенная цитата",
    "насичена цитата",
    "cytat",
    "citat",
    "引用",
    "明显引用",
];

const CAPTIONS: [&str; 14] = [
    "caption",
    "image caption",
    "table caption",
    "captioned figure",
    "beschriftung",
    "légende",
    "descripción",
    "epígrafe",
    "didascalia",
    "legenda",
    "bijschrift",
    "название объекта",
    "题注",
    "図表番号",
];

const CONTENTS: [&str; 11] = [
    "toc",
    "contents",
    "verzeichnis",
    "inhaltsverzeichnis",
    "tm",
    "tdc",
    "sommario",
    "table of figures",
    "оглавление",
    "содержание",
    "目录",
];

/// What a paragraph of the style called `name` is, if the name says it. `_20_` is how OpenDocument writes a space.
pub(super) fn styled(name: &str) -> Option<Styled> {
    let name = name.replace("_20_", " ").to_lowercase();
    let name = name.trim();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let level: Option<u8> = name[stem.len()..].parse().ok().filter(|level| (1..=10).contains(level));
    let stem = stem.trim_end_matches([' ', '-', '_']);
    if let Some(level) = level {
        if HEADINGS.contains(&stem) {
            return Some(Styled::Heading(level));
        }
        if CONTENTS.contains(&stem) {
            return Some(Styled::Contents);
        }
    }
    let is = |names: &[&str]| names.contains(&name);
    if is(&TITLES) {
        Some(Styled::Title)
    } else if is(&QUOTATIONS) {
        Some(Styled::Quotation)
    } else if is(&CAPTIONS) {
        Some(Styled::Caption)
    } else if is(&["author", "date"]) {
        Some(Styled::Byline)
    } else if is(&["header", "footer", "kopfzeile", "fußzeile", "running head"]) {
        Some(Styled::RunningHead)
    } else if is(&["table of figures", "index heading"]) || name.starts_with("contents ") {
        Some(Styled::Contents)
    } else if is(&["toc heading", "contents heading", "inhaltsverzeichnisüberschrift"]) {
        Some(Styled::Heading(1))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_known_by_the_names_of_many_languages() {
        for (name, expected) in [
            ("heading 2", Some(Styled::Heading(2))),
            ("Heading_20_3", Some(Styled::Heading(3))),
            ("Überschrift 1", Some(Styled::Heading(1))),
            ("Titre 1", Some(Styled::Heading(1))),
            ("Titre", Some(Styled::Title)),
            ("Заголовок 4", Some(Styled::Heading(4))),
            ("toc 1", Some(Styled::Contents)),
            ("Contents_20_1", Some(Styled::Contents)),
            ("Intense Quote", Some(Styled::Quotation)),
            ("Block Text", Some(Styled::Quotation)),
            ("caption", Some(Styled::Caption)),
            ("heading", None),
            ("Normal", None),
            ("Citation 12", None),
            ("Heading 2018", None),
        ] {
            assert_eq!(styled(name), expected, "{name}");
        }
    }
}
