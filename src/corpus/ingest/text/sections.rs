//! The sections of a text, by its headings.

use std::sync::LazyLock;

use regex::Regex;

use crate::corpus::source::{Class, Passage, Section};
use crate::text::Span;

/// A number at the beginning of a heading: `4.2 Rents`, `Chapter IV`, `§ 12`, `Article 5`, `A.3 Sources`.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^ (?: (?: chapter|section|part|article|annex|appendix|kapitel|abschnitt|teil|artikel|chapitre|partie
            |cap[ií]tulo|secci[oó]n|parte|art[ií]culo|capitolo|sezione|articolo|глава|раздел|часть|статья|book|§+ ) \.?\s+
            ( [0-9]+(?:\.[0-9]+)*[a-z]? | (?-i:[IVXLC]+|[A-Z]) ) (?: [\s.:—–)-] | $ )
          | ( [0-9]+(?:\.[0-9]+)* | [A-Z]\.[0-9]+(?:\.[0-9]+)* ) (?: [.):]? (?:\s|$) ) )",
    )
    .ok()
});

/// The number that `heading` begins with.
pub(in crate::corpus::ingest) fn number(heading: &str) -> Option<&str> {
    let found = NUMBER.as_ref()?.captures(heading)?;
    found.get(1).or_else(|| found.get(2)).map(|number| number.as_str())
}

/// The sections of `text`, a reading text in which headings begin with `#`, whose passages are `passages`. The
/// title of the document begins none.
pub(super) fn sections(text: &str, passages: &[Passage]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    // The sections that are not closed yet.
    let mut open: Vec<usize> = Vec::new();
    for passage in passages.iter().filter(|passage| passage.class == Class::Heading) {
        let start = passage.span.start;
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let signs = text[line..start].bytes().filter(|byte| *byte == b'#').count();
        let level = u8::try_from(signs.max(1)).unwrap_or(u8::MAX);
        while let Some(last) = open.pop_if(|last| sections[*last].level >= level) {
            sections[last].span.end = start;
        }
        let number = number(&text[start..passage.span.end]).map(Into::into);
        open.push(sections.len());
        sections.push(Section { span: Span::new(start, text.len()), level, number });
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_may_begin_with_its_number() {
        let cases = [
            ("4.2 Rents", Some("4.2")),
            ("4. Rents", Some("4")),
            ("Chapter IV", Some("IV")),
            ("Chapter 12: The weir", Some("12")),
            ("§ 12 Duties", Some("12")),
            ("Artikel 5a", Some("5a")),
            ("A.3 Sources", Some("A.3")),
            ("Глава 2. Соль", Some("2")),
            ("Rents", None),
            ("Part of the river", None),
            ("Part civil, part criminal", None),
            ("1911", Some("1911")),
            ("Section leaders", None),
        ];
        for (heading, expected) in cases {
            assert_eq!(number(heading), expected, "{heading}");
        }
    }
}
