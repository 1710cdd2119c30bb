//! Titles of BibLaTeX entries. They are written in title case (*The Silt of the Baltic Harbours*) and braces protect
//! names (`{Baltic}`), while styles expect sentence case and capitalize by themselves. So a title in title case is put
//! into sentence case, as Pandoc does. Unlike Pandoc, a title that is in sentence case already is left alone: its
//! capitals are names, protected or not.

/// Marks of protected words in a title that is being read: code points for private use, which no title has.
pub(super) const KEEP: [char; 2] = ['\u{e010}', '\u{e011}'];

/// Words that title case leaves in lower case although they are long (Chicago 18, 8.160).
const SMALL: [&str; 28] = [
    "about", "above", "across", "after", "against", "along", "among", "around", "because", "before",
    "behind", "below", "beneath", "beside", "besides", "between", "beyond", "during", "since", "through",
    "toward", "towards", "under", "until", "versus", "within", "without", "where",
];

/// Shortest word that title case capitalizes whatever it is, in letters.
const LONG: usize = 5;

/// `title` in sentence case if it is in title case, else unchanged. Words between [`KEEP`] marks are not touched.
pub(super) fn sentence_case(title: &str) -> String {
    if !is_title_case(title) {
        return title.to_owned();
    }
    let mut out = String::with_capacity(title.len());
    let mut kept = 0_usize;
    let mut first = true;
    for piece in title.split_inclusive(char::is_whitespace) {
        // A word with a mark inside is partly protected: `{NASA}'s`.
        let marked = piece.contains(KEEP);
        if kept == 0 && !marked && !first {
            out.push_str(&lowered(piece));
        } else if let (0, false, Some((begin, rest))) = (kept, marked, piece.split_once('-')) {
            // `Self-Mooring` at the beginning.
            out.push_str(begin);
            out.push('-');
            out.push_str(&lowered(rest));
        } else {
            out.push_str(piece);
        }
        kept = (kept + piece.matches(KEEP[0]).count()).saturating_sub(piece.matches(KEEP[1]).count());
        let end = piece.trim_end().trim_end_matches(|c: char| c == '”' || c == '"' || is_tag(c));
        first = end.ends_with([':', '?', '!', '.']) || first && !piece.contains(char::is_alphanumeric);
    }
    out
}

/// Returns true if no long word of `title`, after the first, begins in lower case.
fn is_title_case(title: &str) -> bool {
    let mut kept = 0_usize;
    let mut words = 0;
    for (at, piece) in title.split_whitespace().enumerate() {
        let before = kept;
        kept = (kept + piece.matches(KEEP[0]).count()).saturating_sub(piece.matches(KEEP[1]).count());
        if before > 0 || piece.contains(KEEP) {
            continue;
        }
        let word: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
        // A word such as *eTide* says nothing.
        let small = SMALL.contains(&word.as_str()) || word.contains(char::is_uppercase);
        if at > 0 && word.starts_with(char::is_lowercase) && word.chars().count() >= LONG && !small {
            return false;
        }
        words += 1;
    }
    words > 1
}

/// The word in lower case, if it has a capital at its beginning and nowhere else; a hyphen begins another.
fn lowered(word: &str) -> String {
    let start = word.find(char::is_alphabetic).unwrap_or(word.len());
    let letters = word.get(start..).unwrap_or_default();
    let mut rest = letters.chars();
    let begins = rest.next().is_some_and(char::is_uppercase);
    let capital = |part: &str| part.chars().skip(1).any(char::is_uppercase);
    if begins && !letters.split('-').any(capital) { word.to_lowercase() } else { word.to_owned() }
}

fn is_tag(c: char) -> bool {
    ('\u{e000}'..='\u{e00f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_case_becomes_sentence_case_and_sentence_case_stays() {
        for (title, expected) in [
            (
                "The Silt of the \u{e010}Baltic\u{e011} Harbours: A Survey",
                "The silt of the \u{e010}Baltic\u{e011} harbours: A survey",
            ),
            ("Tides and Trade", "Tides and trade"),
            ("Counting Ferries with NASA Data and eTide", "Counting ferries with NASA data and eTide"),
            ("Self-Mooring Buoys", "Self-mooring buoys"),
            ("Who Owns the Quay? An Answer", "Who owns the quay? An answer"),
            ("Trade Between the Wars", "Trade between the wars"),
            // In sentence case: the capitals are names.
            ("What the Herring’s return means for Dunmore", "What the Herring’s return means for Dunmore"),
            ("Dunmore", "Dunmore"),
            ("tidekit", "tidekit"),
            ("", ""),
        ] {
            assert_eq!(sentence_case(title), expected, "{title}");
        }
    }
}
