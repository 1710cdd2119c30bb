//! Who speaks, said within the quotation marks: Russian `«Хлеб обещан, — пишет автор, — и уголь тоже»`, Spanish
//! `«El pan —escribe ella— llegó»`, French `« Le pain, dit-il, est là »`, English “The bread, he writes, is there” and
//! “The bread (said he) is there”. So may a reference: “the bread (p. 12) and the coal”. Judged by appearance alone: a
//! source may contain the very same words.

use super::attribution::is_place;
use crate::text::Span;
use crate::text::language::Language;
use crate::text::words::spelled;

/// Most words that say who speaks: `— пишет в своём отчёте Тамсин —`.
const MOST_WORDS: usize = 6;

/// Longest such remark in bytes.
const LONGEST: usize = 160;

/// The remarks within `words`, pieces of `text`, from their first mark to their last.
pub(super) fn incises(text: &str, words: &[Span]) -> Vec<Span> {
    words.iter().flat_map(|piece| in_piece(&text[piece.start..piece.end], piece.start)).collect()
}

/// `words` without `incises`.
pub(super) fn without(words: &[Span], incises: &[Span]) -> Vec<Span> {
    let mut out = Vec::new();
    for piece in words {
        let mut start = piece.start;
        for cut in incises.iter().filter(|cut| piece.start <= cut.start && cut.end <= piece.end) {
            out.push(Span::new(start, cut.start));
            start = cut.end;
        }
        out.push(Span::new(start, piece.end));
    }
    out.retain(|piece| !piece.is_empty());
    out
}

fn in_piece(piece: &str, base: usize) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut from = 0;
    for (at, c) in piece.char_indices() {
        if at < from || !matches!(c, '—' | '–' | '―' | ',' | '(') {
            continue;
        }
        if c == '(' {
            if let Some(end) = in_bracket(piece, at) {
                out.push(Span::new(base + at, base + end));
                from = end;
            }
            continue;
        }
        let before = piece[..at].trim_end();
        let behind = &piece[at + c.len_utf8()..];
        let dashed = c != ',';
        let after_a_mark = before.ends_with([',', '.', '!', '?', '…', ';']);
        let glued = before.len() < at && behind.starts_with(char::is_alphabetic);
        if !before.contains(char::is_alphanumeric) || dashed && !after_a_mark && !glued {
            continue;
        }
        let closes = |c: char| if dashed { matches!(c, '—' | '–' | '―') } else { c == ',' };
        let close = behind.char_indices().take_while(|(at, _)| *at < LONGEST).find(|(_, c)| closes(*c));
        let (inside, end) = match close {
            Some((length, mark)) => (&behind[..length], at + c.len_utf8() + length + mark.len_utf8()),
            None if dashed && behind.len() <= LONGEST => (behind, piece.len()),
            None => continue,
        };
        if says_who(inside, if dashed { Between::Dashes } else { Between::Commas }) {
            out.push(Span::new(base + at, base + end));
            from = end;
        }
    }
    out
}

/// The end of the bracket that opens at `at`, within the quoted words, if it says who speaks or where the words are.
fn in_bracket(piece: &str, at: usize) -> Option<usize> {
    let behind = &piece[at + 1..];
    let length = behind.char_indices().take_while(|(at, _)| *at < LONGEST).find(|(_, c)| *c == ')')?.0;
    let inside = behind[..length].trim();
    let between =
        piece[..at].contains(char::is_alphanumeric) && behind[length..].contains(char::is_alphanumeric);
    (between && (is_reference(inside) || says_who(inside, Between::Brackets))).then_some(at + length + 2)
}

/// Returns true for `p. 12`, `verse 36`, `Genesis 9:6`, `12`: a place in a book and nothing else.
fn is_reference(inside: &str) -> bool {
    let verse = |word: &str| {
        let digits = |part: &str| part.len() < 4 && part.starts_with(|c: char| c.is_ascii_digit());
        word.split_once(':').is_some_and(|(chapter, verse)| digits(chapter) && digits(verse))
    };
    let named = |words: &str| words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let last = inside.rsplit(' ').next().unwrap_or_default();
    inside.split_whitespace().count() <= MOST_WORDS
        && (is_place(inside) || verse(last) && named(inside) && !inside.contains(['.', '?', '!']))
}

/// The marks that a remark is between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Dashes,
    Commas,
    Brackets,
}

/// Returns true if `remark` has a verb of saying and little else. Between commas that is the verb and a pronoun or a name,
/// `he writes`, `says Brandt`, or French `dit-il`.
fn says_who(remark: &str, between: Between) -> bool {
    let remark = remark.trim().trim_end_matches([',', '.', ':', ';']);
    let says =
        |word: &str| Language::every().has(&spelled(&word.to_lowercase()), |tables| &tables.speech.verbs);
    let turned = |word: &str| {
        let (verb, pronoun) = word.rsplit_once(['-', '‑']).unwrap_or_default();
        let verb = verb.trim_end_matches("-t");
        matches!(pronoun, "il" | "elle" | "on" | "ils" | "elles")
            && (says(verb) || matches!(verb, "a" | "ont"))
    };
    let words: Vec<&str> = remark.split_whitespace().collect();
    let said = |verb: &str| says(verb) || OLD_VERBS.contains(&verb);
    let is_pronoun =
        |word: &str| Language::every().has(&spelled(word), |tables| &tables.attributions.pronouns);
    let who = |words: &[&str]| match words {
        [pronoun] if is_pronoun(pronoun) => true,
        names => names.iter().all(|name| name.starts_with(char::is_uppercase)),
    };
    // `he writes`, `schreibt sie`, `says Ada Brandt`, `Brandt writes`
    let paired = || match words[..] {
        [verb, ref names @ ..] if said(verb) && !names.is_empty() => who(names),
        [ref names @ .., verb] if said(verb) && !names.is_empty() => who(names),
        _ => false,
    };
    (1..=MOST_WORDS).contains(&words.len())
        && !remark.contains(['.', '!', '?', '…', '«', '“', '"'])
        && (remark.starts_with(char::is_lowercase) || between != Between::Dashes && paired())
        && match between {
            Between::Dashes => words.iter().any(|word| turned(word) || says(word)),
            Between::Brackets => {
                paired()
                    || words.iter().any(|word| turned(word))
                    || says(words[0])
                    || OLD_VERBS.contains(&words[0])
            }
            Between::Commas => paired() || words.iter().any(|word| turned(word)),
        }
}

/// Verbs of saying that only old texts have.
const OLD_VERBS: [&str; 3] = ["saith", "quoth", "spake"];

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        let all = [Span::new(0, text.len())];
        let found = incises(text, &all);
        without(&all, &found).iter().map(|piece| &text[piece.start..piece.end]).collect()
    }

    #[test]
    fn says_who_speaks_within_the_marks() {
        for (text, left) in [
            ("Мост закрыли, — пишет Ада Брандт, — и никто не знал", "Мост закрыли,  и никто не знал"),
            ("Мост закрыли, — сообщил он. — Паромы стояли", "Мост закрыли,  Паромы стояли"),
            ("Міст зачинили, — каже вона, — і ніхто не знав", "Міст зачинили,  і ніхто не знав"),
            ("El puente —escribe Brandt— se cerró en mayo", "El puente  se cerró en mayo"),
            ("Le pont, écrit-elle, fut fermé", "Le pont fut fermé"),
            ("Le pont, a-t-il dit, fut fermé", "Le pont fut fermé"),
            ("The bridge, he writes, was closed in May", "The bridge was closed in May"),
            ("Die Brücke, schreibt sie, war im Mai zu", "Die Brücke war im Mai zu"),
            ("The bridge, says Ada Brandt, was closed in May", "The bridge was closed in May"),
            ("The bridge, Brandt writes, was closed in May", "The bridge was closed in May"),
            ("The bridge (said he) was closed in May", "The bridge  was closed in May"),
            ("The bridge (verse 36) was closed", "The bridge  was closed"),
            ("The bridge (saith the miller) was closed", "The bridge  was closed"),
            ("The bridge was closed (Genesis 9:6). Nobody knew", "The bridge was closed . Nobody knew"),
        ] {
            assert_eq!(cut(text).replace("  ", " "), left.replace("  ", " "), "{text}");
        }
    }

    #[test]
    fn other_words_between_dashes_are_quoted() {
        for text in [
            "Мост закрыли — и надолго — по приказу мэра",
            "Мост, — старый и узкий, — закрыли",
            "El puente —viejo y estrecho— se cerró",
            "The bridge – nobody said why – was closed in May",
            "The clerk, says the reeve of the mill, was paid",
            "The clerk, Brandt thinks, was paid",
            "The clerk, he thinks, was paid",
            "The clerk, they of the mill said, was paid",
            "The bridge (which he said was old) was closed",
            "The bridge (about 36 yards) was closed",
            "The bridge was closed (Genesis 9:6)",
        ] {
            assert_eq!(cut(text), text);
        }
    }
}
