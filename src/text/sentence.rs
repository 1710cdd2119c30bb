//! Where a sentence ends: at a mark that no abbreviation keeps, with the beginning of another behind it. Everything
//! that cuts running text into sentences asks here.
//!
//! Four places decide more than that, and keep their own rule on top of the words from [`super::language`]: the
//! paragraphs of a brief, where a citation behind the full stop belongs to the sentence before
//! (`brief/quotation/sentences.rs`); the words of a source around a quotation, of which only the gaps are known
//! (`evidence/asked.rs`, `evidence/limiter.rs`); a line of a text, of which nobody knows what follows
//! (`corpus/ingest/text/lines.rs`); and the words of a name, where a colon or an item's bullet makes a capital say
//! nothing as well (`corpus/entity/tokens.rs`).

use super::Span;
use super::language::Language;
use super::words::spelled;

/// Whether `c` may end a sentence.
#[must_use]
pub fn is_mark(c: char) -> bool {
    matches!(c, '.' | '?' | '!' | '…') || is_wide(c) || matches!(c, '؟' | '।' | '۔')
}

/// Marks of scripts that set no space behind them.
fn is_wide(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '．' | '｡')
}

/// Whether `c` may stand between the mark of a sentence and its end.
fn closes(c: char) -> bool {
    is_mark(c) || matches!(c, '”' | '"' | '’' | '\'' | '»' | '“' | '‘' | '›' | ')' | ']' | '」' | '』' | '）')
}

/// Whether a sentence may begin with `c`.
fn opens(c: char) -> bool {
    let cased = c.is_lowercase() || !c.is_alphabetic();
    c.is_uppercase()
        || c.is_numeric()
        || !cased
        || matches!(c, '“' | '"' | '‘' | '«' | '„' | '(' | '[' | '¿' | '¡')
}

/// One letter of a text, be it read as it is or without markup.
pub trait Letter {
    /// The letter.
    fn letter(&self) -> char;
}

impl Letter for (usize, char) {
    fn letter(&self) -> char {
        self.1
    }
}

/// A mark that may end a sentence, by places in a list of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The mark.
    pub at: usize,
    /// Behind it and the marks that close with it.
    pub closed: usize,
    /// The next letter that is no white space; the number of letters when there is none.
    pub next: usize,
}

/// The first mark of `letters` from place `from` on.
pub fn next_mark<L: Letter>(letters: &[L], from: usize) -> Option<Mark> {
    let behind = |from: usize, skipped: fn(char) -> bool| {
        let rest = letters.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|letter| skipped(letter.letter())).count()
    };
    let at = behind(from, |c| !is_mark(c));
    let closed = (at < letters.len()).then(|| behind(at + 1, closes))?;
    Some(Mark { at, closed, next: behind(closed, char::is_whitespace) })
}

/// Whether a sentence ends with `mark` and another begins at `mark.next`.
pub fn ends<L: Letter>(language: Language, letters: &[L], mark: Mark) -> bool {
    let Some(next) = letters.get(mark.next).map(Letter::letter) else { return false };
    let spaced = mark.closed < mark.next || is_wide(letters[mark.closed - 1].letter());
    let stop = letters[mark.at].letter() == '.' && mark.closed == mark.at + 1;
    spaced && opens(next) && !(stop && is_kept(language, letters, mark))
}

/// Whether the full stop at `mark` belongs to the word before it.
pub fn is_kept<L: Letter>(language: Language, letters: &[L], mark: Mark) -> bool {
    // No abbreviation is longer than this; a longer run of letters need not be read.
    const LONGEST: usize = 12;
    let part = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | 'º' | 'ª' | '№');
    let before = letters[..mark.at].iter().rev().take(LONGEST + 1);
    let mut word: Vec<char> = before.map(Letter::letter).take_while(part).collect();
    word.reverse();
    let behind = letters[mark.next..].iter().map(Letter::letter);
    let next: String = behind.take_while(|c| c.is_alphanumeric()).take(LONGEST).collect();
    // `rue J. Moss`, `av. J.-C.`: an initial is not the small word that looks like it.
    let initial =
        next.chars().count() == 1 && letters.get(mark.next + 1).is_some_and(|letter| letter.letter() == '.');
    let next = if initial { String::new() } else { next };
    word.len() <= LONGEST && keeps_stop(language, &word.into_iter().collect::<String>(), &next)
}

/// Whether a full stop behind `word` belongs to it, when `next` stands behind the stop: `Gen. Moss`, `No. 4`,
/// `J. Moss`, `the U.S. Navy`, but not `the U.S. They`. `word` may hold full stops itself.
#[must_use]
pub fn keeps_stop(language: Language, word: &str, next: &str) -> bool {
    let begins = || {
        next.starts_with(char::is_uppercase) && {
            let next = spelled(next);
            language.tables().map(|tables| &tables.sentences).any(|sentences| {
                [&sentences.small, &sentences.no_names, &sentences.openers].iter().any(|list| list.has(&next))
            })
        }
    };
    let mut letters = word.chars();
    let (first, single) = (letters.next(), letters.next().is_none());
    let Some(first) = first else { return false };
    if word.contains('.') && word.contains(char::is_alphabetic) {
        return !begins();
    }
    // “I” is a word.
    if single && first.is_uppercase() && first != 'I' {
        return true;
    }
    let number = next.starts_with(|c: char| c.is_ascii_digit());
    language.tables().any(|tables| {
        let short = &tables.abbreviations;
        let ordinal = tables.ordinals && word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        number && short.numbers.has(word)
            || (short.titles.has(word)
                || short.others.has(word)
                || tables.calendar.is_short_month(word)
                || ordinal)
                && !begins()
    })
}

/// Where sentences begin in `text`, in bytes, the first left out. A sentence may end inside quotation marks; the
/// mark of a note (`[12]`, a raised number) belongs to the one before.
#[must_use]
pub fn starts(language: Language, text: &str) -> Vec<usize> {
    let letters = without_notes(text);
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(mark) = next_mark(&letters, from) {
        from = mark.closed;
        if ends(language, &letters, mark) {
            out.push(letters[mark.next].0);
        }
    }
    out
}

/// The letters of `text` with their places, the marks of notes left out.
fn without_notes(text: &str) -> Vec<(usize, char)> {
    let mut out = Vec::with_capacity(text.len());
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        let digits = text[at + c.len_utf8()..].bytes().take_while(u8::is_ascii_digit).count();
        if c == '[' && digits > 0 && text[at + 1 + digits..].starts_with(']') {
            letters.nth(digits);
        } else if !matches!(c, '⁰'..='⁹' | '¹' | '²' | '³') {
            out.push((at, c));
        }
    }
    out
}

/// The sentence of `within` that holds `part`, both in bytes of `text`, without white space around it.
#[must_use]
pub fn around(language: Language, text: &str, within: Span, part: Span) -> Span {
    let whole = text.get(within.start..within.end).unwrap_or_default();
    let starts = starts(language, whole);
    let start = starts.iter().rev().map(|at| within.start + at).find(|at| *at <= part.start);
    let start = start.unwrap_or(within.start);
    let end = starts.iter().map(|at| within.start + at).find(|at| *at >= part.end && *at > start);
    let words = &text[start..end.unwrap_or(within.end)];
    let lead = words.len() - words.trim_start().len();
    Span::new(start + lead, start + words.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(language: Language, text: &str) -> Vec<&str> {
        let mut from = 0;
        let mut out = Vec::new();
        for at in starts(language, text).into_iter().chain([text.len()]) {
            out.push(text[from..at].trim());
            from = at;
        }
        out
    }

    #[test]
    fn a_mark_ends_a_sentence_when_another_begins() {
        let english = Language::english();
        for text in [
            "It fell. Then it rose.|“It fell.” He left.|(It fell.) He left.|Why? Because.|It fell… He left.",
            "It fell. 12 rose.|I do. I did.|They met in the U.S. They left.|He met J. Moss. She left.",
            "他走了。她来了。",
        ] {
            for text in text.split('|') {
                assert_eq!(cut(english, text).len(), 2, "{text}");
            }
        }
        for text in [
            "The U.S. Navy and Gen. Moss",
            "See No. 4 and vol. 2",
            "On Oct. 3 it fell",
            "J. R. Moss left",
            "It was 2.5 m. high",
            "Wait... what",
            "",
        ] {
            assert_eq!(cut(english, text).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_mark_of_a_note_belongs_to_the_sentence_before() {
        let text = "It fell.[12] Dr. Moss of the U.S. Navy said “we wait. We do.”² Then m² [3] rose";
        assert_eq!(cut(Language::english(), text).len(), 4);
    }

    #[test]
    fn abbreviations_are_those_of_the_language() {
        for (code, text, sentences) in [
            ("fra", "M. Dupont a vu Mme. Petit au chap. Deux. Elle est partie.", 2),
            ("deu", "Am 3. Mai kam Dr. Meier, z. B. mit Frau Roth. Der Zug fuhr ab.", 2),
            ("spa", "El Sr. Pérez y la Sra. Gil viven en la Avda. Sur. Ella no.", 2),
            ("rus", "В 2019 г. Иванов и проф. Петров жили на ул. Мира. Он уехал.", 2),
            ("ukr", "У 2019 р. Іваненко та проф. Петренко жили на вул. Миру. Він поїхав.", 2),
            ("fra", "Il naquit en 493 av. J.-C. à Rome, rue M. Mot.", 1),
            ("eng", "Art. Two of it was long. It ended.", 3),
        ] {
            let cut = cut(Language::of(Some(code)), text);
            assert_eq!(cut.len(), sentences, "{cut:?}");
        }
    }

    #[test]
    fn the_sentence_around_words() {
        let text = "One is. Gen. Moss left the U.S. Navy! Three.";
        let at = |part: &str| {
            let start = text.find(part).expect("it is there");
            let part = Span::new(start, start + part.len());
            let found = around(Language::english(), text, Span::new(0, text.len()), part);
            &text[found.start..found.end]
        };
        assert_eq!(at("Moss"), "Gen. Moss left the U.S. Navy!");
        assert_eq!((at("One"), at("Three")), ("One is.", "Three."));
    }
}
