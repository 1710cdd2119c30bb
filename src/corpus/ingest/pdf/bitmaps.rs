//! The letters of TeX's bitmap fonts, which PDF files name by their numbers only: `a65`.
//!
//! pdfTeX and dvips embed such fonts where no outlines are installed, as in most papers before 2005. They have
//! TeX's old text encoding (OT1) or the one of Cork (T1).

use hayro_syntax::object::{Array, Dict, Name, Number, Object};

/// The encoding of a bitmap font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Old,
    Cork,
}

const OLD_LOW: [&str; 32] = [
    "Γ", "Δ", "Θ", "Λ", "Ξ", "Π", "Σ", "Υ", "Φ", "Ψ", "Ω", "ff", "fi", "fl", "ffi", "ffl", "ı", "ȷ", "`",
    "´", "ˇ", "˘", "¯", "˚", "¸", "ß", "æ", "œ", "ø", "Æ", "Œ", "Ø",
];
const CORK_LOW: [&str; 32] = [
    "`", "´", "ˆ", "˜", "¨", "˝", "˚", "ˇ", "˘", "¯", "˙", "¸", "˛", "‚", "‹", "›", "“", "”", "„", "«", "»",
    "–", "—", "", "₀", "ı", "ȷ", "ff", "fi", "fl", "ffi", "ffl",
];
const CORK_HIGH: &str = "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖŒØÙÚÛÜÝÞẞàáâãäåæçèéêëìíîïðñòóôõöœøùúûüýþß";

impl Encoding {
    /// The encoding of the font `dict`, if it names its letters by their numbers and does not say what they are.
    pub(super) fn of(dict: &Dict<'_>) -> Option<Self> {
        if dict.get::<Name<'_>>(b"Subtype")?.as_ref() != b"Type3" || dict.contains_key(b"ToUnicode") {
            return None;
        }
        let differences = dict.get::<Dict<'_>>(b"Encoding")?.get::<Array<'_>>(b"Differences")?;
        let mut codes: Vec<u8> = Vec::new();
        let mut next = 0u32;
        for item in differences.iter::<Object<'_>>() {
            match item {
                Object::Number(code) => next = as_code(&code)?,
                Object::Name(name) => {
                    if name.as_ref() != b".notdef" {
                        let number = std::str::from_utf8(name.as_ref().strip_prefix(b"a")?).ok()?;
                        if number.parse::<u32>().ok()? != next {
                            return None;
                        }
                        codes.push(u8::try_from(next).ok()?);
                    }
                    next += 1;
                }
                _ => {}
            }
        }
        (!codes.is_empty()).then(|| Self::with(&codes))
    }

    /// The encoding in which a text would use `codes`: the two put ligatures, dashes and quotation marks elsewhere.
    fn with(codes: &[u8]) -> Self {
        let old = codes.iter().filter(|code| matches!(code, 0x0b..=0x0f | 0x5c | 0x7b | 0x7c)).count();
        let cork = codes
            .iter()
            .filter(|code| matches!(code, 0x10 | 0x11 | 0x15 | 0x16 | 0x1b..=0x1f | 0x80..))
            .count();
        if cork > old { Self::Cork } else { Self::Old }
    }

    /// The letters with number `code`.
    pub(super) fn letters(self, code: u32) -> Option<String> {
        let at = usize::try_from(code).ok()?;
        let known = match (self, code) {
            (_, 0x27) => "’",
            (_, 0x60) => "‘",
            (Self::Old, 0..0x20) => OLD_LOW[at],
            (Self::Old, 0x22 | 0x5c) => {
                if code == 0x22 {
                    "”"
                } else {
                    "“"
                }
            }
            (Self::Old, 0x3c) => "¡",
            (Self::Old, 0x3e) => "¿",
            (Self::Old, 0x5f) => "˙",
            (Self::Old, 0x7b) => "–",
            (Self::Old, 0x7c) => "—",
            (Self::Old, 0x7d) => "˝",
            (Self::Old, 0x7e) => "˜",
            (Self::Old, 0x7f) => "¨",
            (Self::Cork, 0..0x20) => CORK_LOW[at],
            (Self::Cork, 0x20) => "␣",
            (Self::Cork, 0x7f) => "-",
            (_, 0x20..0x7f) => return char::from_u32(code).map(String::from),
            (Self::Cork, 0x80..=0xff) => return CORK_HIGH.chars().nth(at - 0x80).map(String::from),
            _ => return None,
        };
        Some(known.to_owned())
    }
}

fn as_code(number: &Number) -> Option<u32> {
    let code = number.as_f64();
    (0.0..256.0).contains(&code).then_some(code as u32)
}

#[cfg(test)]
mod tests {
    use super::Encoding;

    fn read(encoding: Encoding, codes: &[u8]) -> String {
        codes.iter().filter_map(|code| encoding.letters(u32::from(*code))).collect()
    }

    #[test]
    fn ligatures_and_quotation_marks_tell_the_encodings_apart() {
        let old = b"a \x5cdi\x0ecult\" case\x7ct".as_slice();
        assert_eq!(read(Encoding::with(old), old), "a “difficult” case—t");
        let cork = b"a\x10di\x1ecult\x11\xe9t\xe9\x15".as_slice();
        assert_eq!(read(Encoding::with(cork), cork), "a“difficult”été–");
    }

    #[test]
    fn the_upper_half_of_cork_is_complete() {
        assert_eq!(super::CORK_HIGH.chars().count(), 128);
        assert_eq!(read(Encoding::Cork, &[0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xdf, 0xe0, 0xff]), "Ă§ă£Àẞàß");
    }
}
