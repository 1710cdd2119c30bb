//! Numbers written as lists, notes and pages of word processors write them.

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Style {
    /// 1, 2, 3
    #[default]
    Decimal,
    /// 01, 02, 03
    Padded,
    /// i, ii, iii
    SmallRoman,
    /// I, II, III
    Roman,
    /// a, b, … z, aa, bb
    SmallLetter,
    /// A, B, … Z, AA, BB
    Letter,
    /// *, †, ‡, §, **, ††
    Sign,
}

impl Style {
    /// Writes `number`.
    pub(super) fn write(self, number: u32) -> String {
        match self {
            Self::Decimal => number.to_string(),
            Self::Padded => format!("{number:02}"),
            Self::SmallRoman | Self::Roman if number == 0 || number >= MOST => number.to_string(),
            Self::SmallRoman => roman(number),
            Self::Roman => roman(number).to_uppercase(),
            Self::SmallLetter => repeated(number, |nth| char::from(b'a' + nth), 26),
            Self::Letter => repeated(number, |nth| char::from(b'A' + nth), 26),
            Self::Sign => repeated(number, |nth| ['*', '†', '‡', '§'][usize::from(nth)], 4),
        }
    }
}

/// Above this, numbers of other kinds are written as digits; no list or page goes so far.
const MOST: u32 = 4_000;

/// The sign of `number` among `count` signs, doubled when they begin again.
fn repeated(number: u32, sign: impl Fn(u8) -> char, count: u32) -> String {
    if number == 0 || number > MOST {
        return number.to_string();
    }
    let nth = u8::try_from((number - 1) % count).unwrap_or(0);
    std::iter::repeat_n(sign(nth), ((number - 1) / count + 1) as usize).collect()
}

/// The Roman signs in small letters, with their values, from the highest.
pub(super) const ROMAN: [(u32, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

/// `number` as a Roman numeral in small letters; empty for 0. The caller limits it, because every further thousand
/// is a letter.
pub(super) fn roman(mut number: u32) -> String {
    let mut written = String::new();
    for (value, sign) in ROMAN {
        while number >= value {
            written.push_str(sign);
            number -= value;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_every_style() {
        assert_eq!(Style::SmallRoman.write(1949), "mcmxlix");
        assert_eq!(Style::Letter.write(28), "BB");
        assert_eq!(Style::Sign.write(6), "††");
        assert_eq!(Style::Padded.write(7), "07");
        assert_eq!(Style::SmallLetter.write(u32::MAX), u32::MAX.to_string());
    }
}
