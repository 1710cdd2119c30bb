//! Two-character source ratings after NATO's Admiralty code: the reliability of the source (A to F) and the
//! credibility of what it says (1 to 6). The two are judged separately; F and 6 mean that nothing is known,
//! not that it is bad.
//!
//! No library format has a field for it. We read a custom field `rating` (in CSL-JSON under `custom`), or
//! else a keyword or note that says `rating: B2`.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// A source's rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// `A` to `F`.
    reliability: char,
    /// `1` to `6`.
    credibility: char,
}

/// `rating: B2` in running text; also `b-2` and `B/2`.
static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:source[ -])?rating\s*[:=]\s*([a-f])\s*[-/]?\s*([1-6])\b").ok());

impl Rating {
    /// Parses a field that holds only a rating: `B2`, `b2`, `B-2`.
    #[must_use]
    pub fn parse(field: &str) -> Option<Self> {
        let signs = field.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/'));
        let mut signs = signs.map(|c| c.to_ascii_uppercase());
        let (reliability, credibility) = (signs.next()?, signs.next()?);
        let known = ('A'..='F').contains(&reliability) && ('1'..='6').contains(&credibility);
        (known && signs.next().is_none()).then_some(Self { reliability, credibility })
    }

    /// Finds a rating named in text: `rating: B2` among other words.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let found = NAMED.as_ref()?.captures(text)?;
        Self::parse(&format!("{}{}", &found[1], &found[2]))
    }

    /// Whether `text` is nothing but a named rating.
    #[must_use]
    pub fn is_all_of(text: &str) -> bool {
        let found = NAMED.as_ref().and_then(|named| named.find(text));
        found.is_some_and(|found| found.as_str().len() == text.trim().trim_end_matches('.').len())
    }

    /// The reliability in words.
    #[must_use]
    pub fn reliability(self) -> &'static str {
        match self.reliability {
            'A' => "completely reliable",
            'B' => "usually reliable",
            'C' => "fairly reliable",
            'D' => "not usually reliable",
            'E' => "unreliable",
            _ => "reliability cannot be judged",
        }
    }

    /// The credibility in words.
    #[must_use]
    pub fn credibility(self) -> &'static str {
        match self.credibility {
            '1' => "confirmed by other sources",
            '2' => "probably true",
            '3' => "possibly true",
            '4' => "doubtful",
            '5' => "improbable",
            _ => "truth cannot be judged",
        }
    }
}

/// The rating spelled out: `B2: usually reliable, probably true`.
impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reliability, credibility } = self;
        write!(f, "{reliability}{credibility}: {}, {}", self.reliability(), self.credibility())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Library;
    use super::*;
    use crate::text::{FileId, Text};

    #[test]
    fn a_rating_is_a_letter_and_a_figure() {
        let words = |field: &str| Rating::parse(field).map(|rating| rating.to_string());
        assert_eq!(words("B2").as_deref(), Some("B2: usually reliable, probably true"));
        assert_eq!(
            words(" f-6 ").as_deref(),
            Some("F6: reliability cannot be judged, truth cannot be judged")
        );
        assert_eq!(words("a/1").as_deref(), Some("A1: completely reliable, confirmed by other sources"));
        for no in ["", "B", "2", "G2", "B7", "B0", "B22", "2B", "AAA", "BB"] {
            assert_eq!(words(no), None, "{no}");
        }
    }

    #[test]
    fn a_rating_is_named_in_other_words() {
        let words = |text: &str| Rating::named(text).map(|rating| rating.to_string()[..2].to_owned());
        assert_eq!(words("Zotero; rating: c3; other").as_deref(), Some("C3"));
        assert_eq!(words("Seen twice. Source rating = D/4.").as_deref(), Some("D4"));
        for no in
            ["Vitamin B2", "a credit rating: BB2", "rating: B2b", "operating: B2", "rating B2", "rating: B23"]
        {
            assert_eq!(words(no), None, "{no}");
        }
        assert!(Rating::is_all_of("rating: B2."));
        assert!(!Rating::is_all_of("rating: B2. No date is printed."));
    }

    #[test]
    fn every_format_has_a_place_for_it() {
        for (file, text) in [
            ("a.bib", "@online{x, title={T}, rating={B2}}"),
            ("a.bib", "@online{x, title={T}, keywords={press, rating: B2, iran}}"),
            ("a.bib", "@online{x, title={T}, note={No date. Rating: b2}}"),
            ("a.bib", "@online{x, title={T}, annotation={rating: B2}}"),
            ("a.json", r#"[{"id": "x", "title": "T", "custom": {"rating": "B2"}}]"#),
            ("a.json", r#"[{"id": "x", "title": "T", "keyword": "press, rating: B2"}]"#),
            ("a.json", r#"[{"id": "x", "title": "T", "note": "rating: B2"}]"#),
            ("a.yaml", "x:\n  type: web\n  title: T\n  rating: B2\n"),
            ("a.yaml", "x:\n  type: web\n  title: T\n  note: \"rating: B2\"\n"),
        ] {
            let library = Library::read(FileId::new(format!("/notes/{file}")), Text::new(text));
            let entry = library.entries.first().expect("an entry");
            let rating = entry.rating.map(|rating| rating.to_string());
            assert_eq!(rating.as_deref(), Some("B2: usually reliable, probably true"), "{text}");
            // The card shows the rating once.
            assert!(!entry.notes.iter().any(|note| note.eq_ignore_ascii_case("rating: b2")), "{text}");
        }
        for (file, text) in [
            ("a.bib", "@online{x, title={T}, keywords={B2, a1}, note={On vitamin B2}}"),
            ("a.bib", "@online{x, title={T}, rating={good}}"),
            ("a.json", r#"[{"id": "x", "title": "T", "custom": {"rating": 7}}]"#),
        ] {
            let library = Library::read(FileId::new(format!("/notes/{file}")), Text::new(text));
            assert_eq!(library.entries.first().expect("an entry").rating, None, "{text}");
        }
    }
}
