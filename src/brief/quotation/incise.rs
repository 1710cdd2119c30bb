//! Who speaks, said within the quotation marks: Russian `«Хлеб обещан, — пишет автор, — и уголь тоже»`, Spanish
//! `«El pan —escribe ella— llegó»`, French `« Le pain, dit-il, est là »`. Judged by appearance alone: a source may
//! contain the very same words.

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
        if at < from || !matches!(c, '—' | '–' | '―' | ',') {
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
        if says_who(inside, dashed) {
            out.push(Span::new(base + at, base + end));
            from = end;
        }
    }
    out
}

/// Whether `remark` has a verb of saying and little else; without dashes it must be turned round: `dit-il`.
fn says_who(remark: &str, dashed: bool) -> bool {
    let remark = remark.trim().trim_end_matches([',', '.', ':', ';']);
    let says =
        |word: &str| Language::every().has(&spelled(&word.to_lowercase()), |tables| &tables.speech.verbs);
    let turned = |word: &str| {
        let (verb, pronoun) = word.rsplit_once(['-', '‑']).unwrap_or_default();
        let verb = verb.trim_end_matches("-t");
        matches!(pronoun, "il" | "elle" | "on" | "ils" | "elles")
            && (says(verb) || matches!(verb, "a" | "ont"))
    };
    let count = remark.split_whitespace().count();
    (1..=MOST_WORDS).contains(&count)
        && !remark.contains(['.', '!', '?', '…', '«', '“', '"'])
        && remark.starts_with(|c: char| c.is_lowercase())
        && remark.split_whitespace().any(|word| turned(word) || dashed && says(word))
}

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
            "Le pont, dit Vieux, fut fermé",
            "The bridge – nobody said why – was closed in May",
            "The clerk, he says, was paid",
        ] {
            assert_eq!(cut(text), text);
        }
    }
}
