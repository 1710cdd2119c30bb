//! Numbers in a claim that the cited passages do not contain. Compares amounts rather than spellings: `nine
//! million` equals `9,000,000`. Judges only numbers that the brief writes in digits, and does not know what
//! they count.

use crate::text::Span;
use crate::text::language::Language;
use crate::text::words::Words;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// As written, without its unit.
    pub written: String,
    /// Its span, in bytes of the text it was read from.
    pub span: Span,
    /// The amounts it may stand for: by itself, and multiplied by a following “million”.
    amounts: Vec<f64>,
    /// Whether it is written in digits.
    digits: bool,
}

/// The numbers in `pieces` of `text`, in order; each piece is read separately.
#[must_use]
pub fn of(language: Language, text: &str, pieces: &[Span]) -> Vec<Figure> {
    let words = Words::read(text, pieces.iter().map(std::slice::from_ref));
    let mut out = Vec::new();
    for at in 0..words.len() {
        let written = words.lower(at);
        let Some(amount) = digits(written).or_else(|| language.number(written)) else { continue };
        let mut amounts = vec![amount];
        if let Some(scale) = (at + 1 < words.len()).then(|| language.scale(words.lower(at + 1))).flatten() {
            amounts.push(amount * scale);
        }
        out.push(Figure {
            written: words.written(at).to_owned(),
            span: words.span(at),
            amounts,
            digits: written.starts_with(|c: char| c.is_ascii_digit()),
        });
    }
    out
}

/// The figures of `claim` that match none in `source`; only those written in digits are judged.
#[must_use]
pub fn missing<'a>(claim: &'a [Figure], source: &[Figure]) -> Vec<&'a Figure> {
    // Amounts are products of a few digits and powers of ten, so equal ones differ only by rounding.
    let equal = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    let agrees = |figure: &Figure| {
        let mut amounts = figure.amounts.iter();
        amounts.any(|a| source.iter().any(|other| other.amounts.iter().any(|b| equal(*a, *b))))
    };
    claim.iter().filter(|figure| figure.digits && !agrees(figure)).collect()
}

/// Parses `10,000` and `2.5`; a comma that does not separate thousands is a decimal comma.
fn digits(word: &str) -> Option<f64> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let thousands =
        word.split(',').skip(1).all(|group| group.split('.').next().is_some_and(|g| g.len() == 3));
    let plain = if thousands { word.replace(',', "") } else { word.replace(',', ".") };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Vec<Figure> {
        of(Language::english(), text, &[Span::new(0, text.len())])
    }

    fn check(claim: &str, source: &str, expected: &[&str]) {
        let claimed = figures(claim);
        let seen: Vec<&str> =
            missing(&claimed, &figures(source)).iter().map(|f| f.written.as_str()).collect();
        assert_eq!(seen, expected, "{claim} / {source}");
    }

    #[test]
    fn an_amount_that_is_not_there_is_named() {
        check("It rose by 85 %.", "It rose by 75 percent.", &["85"]);
        check("It cost $2.5 million in 2021.", "It cost 25 million in 2021.", &["2.5"]);
        check("12,000 tanks", "12.000 tanks", &["12,000"]);
    }

    #[test]
    fn other_spellings_of_an_amount_stay_silent() {
        check("9,000,000 tonnes and 85%", "nine million tonnes, 85 per cent", &[]);
        check("30 tanks, 2.6million and 1,5", "thirty tanks, 2.6 million; 1.5", &[]);
        check("nine ships", "ten ships", &[]);
    }
}
