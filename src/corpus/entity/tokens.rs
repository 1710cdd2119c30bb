//! The words of running text as names need them: how each is written, and what stands before it. Another cut than
//! [`crate::text::words`] makes for quotations, on purpose: a name keeps its dots (`U.S.`) and loses its possessive
//! ending, and nothing is folded, since capitals and marks are all there is to go by. English word lists serve for
//! every language: names are joined over all texts of a corpus.

use crate::text::Span;
use crate::text::language::Language;
use crate::text::sentence;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Lower case.
    Lower,
    /// Capitalized.
    Capital,
    /// All capitals, two or more, possibly with digits: NATO, G7.
    Acronym,
    /// A capital with a full stop: `J.`
    Initial,
    /// Digits.
    Number,
    /// Part of an address, a key, code or the like; or a contraction.
    Other,
}

/// The gap between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Whitespace with at most one line break.
    Blank,
    /// A hyphen.
    Hyphen,
    /// The full stop of an initial or abbreviation, and a blank.
    Stop,
    /// ` & `.
    And,
    /// Anything else.
    Mark,
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Without a possessive ending; with the inner stops of `U.S.`
    pub(super) span: Span,
    pub(super) shape: Shape,
    pub(super) gap: Gap,
    /// Whether a sentence may begin with it.
    pub(super) start: bool,
    /// Whether a quotation mark opens right before it.
    pub(super) quoted: bool,
    /// Whether `’s` or `’` follows.
    pub(super) possessive: bool,
}

/// The words of `pieces` of `text`, which must be in order and are read as one.
pub(super) fn read(text: &str, pieces: &[Span]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut last = pieces.first().map_or(0, |piece| piece.start);
    let first = last;
    for piece in pieces {
        let mut at = piece.start;
        while let Some(c) = text.get(at..piece.end).and_then(|rest| rest.chars().next()) {
            if !c.is_alphanumeric() {
                at += c.len_utf8();
                continue;
            }
            let (end, shape) = word(&text[..piece.end], at);
            let between = &text[last..at];
            let shape = if in_address(text, first, at, end) { Shape::Other } else { shape };
            let (body, possessive) = possessive(&text[at..end], &text[end..piece.end]);
            let span = Span::new(at, at + body);
            let before = tokens.last();
            let quoted = between.ends_with(['“', '"', '„', '«', '‘'])
                && between.trim_end_matches(['“', '"', '„', '«', '‘']).chars().next_back().is_none_or(breaks);
            let gap = if before.is_none() { Gap::Mark } else { gap(text, before, between) };
            let start = before.is_none()
                || quoted
                || (gap == Gap::Mark && may_begin(text, before, between, &text[at..end]));
            tokens.push(Token { span, shape, gap, start, quoted, possessive });
            last = end;
            at = end;
        }
    }
    tokens
}

fn breaks(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–')
}

/// The end and shape of the word that begins at `at`.
fn word(text: &str, at: usize) -> (usize, Shape) {
    let rest = &text[at..];
    if let Some(length) = dotted(rest) {
        return (at + length, if length > 2 { Shape::Acronym } else { Shape::Initial });
    }
    let mut letters = rest.char_indices().peekable();
    let (mut end, mut upper, mut lower, mut digits) = (0, 0, 0, 0);
    let mut contracted = false;
    let first = rest.chars().next().unwrap_or(' ');
    while let Some((place, c)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        if c.is_numeric() {
            digits += 1;
        } else if c.is_uppercase() {
            upper += 1;
        } else if c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c) {
            lower += 1;
        } else if matches!(c, '\'' | '’' | 'ʼ') && next.is_alphabetic() && place > 0 {
            let tail: String =
                rest[place + c.len_utf8()..].chars().take_while(|c| c.is_alphanumeric()).collect();
            if tail == "s" || tail == "S" {
                end = place + c.len_utf8() + 1;
                break;
            }
            contracted |= matches!(tail.as_str(), "t" | "ll" | "re" | "ve" | "d" | "m");
        } else {
            break;
        }
        end = place + c.len_utf8();
    }
    let shape = if contracted {
        Shape::Other
    } else if first.is_numeric() {
        if upper + lower > 0 { Shape::Other } else { Shape::Number }
    } else if !first.is_uppercase() {
        if upper > 0 || digits > 0 { Shape::Other } else { Shape::Lower }
    } else if lower == 0 && upper + digits >= 2 {
        Shape::Acronym
    } else if upper >= 2 && lower == 1 && rest[..end].ends_with('s') {
        // NGOs.
        Shape::Acronym
    } else {
        Shape::Capital
    };
    (at + end, shape)
}

/// The length of `U.S.`, `D.C.` or a single initial `J.` at the start of `rest`.
fn dotted(rest: &str) -> Option<usize> {
    let mut length = 0;
    let mut letters = rest.chars();
    while let Some(c) = letters.next().filter(|c| c.is_uppercase()) {
        match letters.next() {
            Some('.') => length += c.len_utf8() + 1,
            // `U.S` at the end of a name.
            next if length > 0 && next.is_none_or(|next| !next.is_alphanumeric()) => {
                length += c.len_utf8();
                break;
            }
            _ => break,
        }
    }
    let tail = rest[length..].chars().next();
    (length > 0 && tail.is_none_or(|c| !c.is_alphanumeric())).then_some(length)
}

/// The length of `word` without its possessive ending, and whether it has one or one follows.
fn possessive(word: &str, rest: &str) -> (usize, bool) {
    for ending in ["’s", "'s", "ʼs", "’S", "'S"] {
        if let Some(body) = word.strip_suffix(ending) {
            return (body.len(), true);
        }
    }
    let follows = rest.starts_with(['’', '\'']) && word.ends_with(['s', 'S', 'x', 'z']);
    (word.len(), follows)
}

fn gap(text: &str, before: Option<&Token>, between: &str) -> Gap {
    let possessive = before.is_some_and(|before| before.possessive);
    let between = if possessive { between.trim_start_matches(['’', '\'', 's']) } else { between };
    let blank = |s: &str| !s.is_empty() && s.chars().all(char::is_whitespace) && s.matches('\n').count() < 2;
    if possessive {
        // Something possessed by a name is not part of it.
        return Gap::Mark;
    }
    match between {
        "-" | "‑" | "‐" => Gap::Hyphen,
        " & " => Gap::And,
        _ if blank(between) => Gap::Blank,
        _ => {
            let stops = between.strip_prefix('.').is_some_and(blank);
            let joins = |before: &Token| leads_on(&text[before.span.start..before.span.end]);
            if stops && before.is_some_and(joins) { Gap::Stop } else { Gap::Mark }
        }
    }
}

/// Whether a name may go on behind the full stop of `word`: `Gen. Moss`, `Mt. Ararat`, `No. 4`. Not behind every
/// abbreviation: `Inc. Moss` is no name.
fn leads_on(word: &str) -> bool {
    Language::english().tables().any(|tables| {
        let short = &tables.abbreviations;
        short.titles.has(word) || short.numbers.has(word) || tables.calendar.is_short_month(word)
    })
}

/// Whether the capital of `next` may be that of a beginning, with `between` behind the word before. More than the end
/// of a sentence: a colon, a line of its own or the mark of a list's item makes a capital say nothing too.
fn may_begin(text: &str, before: Option<&Token>, between: &str, next: &str) -> bool {
    let Some(mark) = between.find(['.', '?', '!', '…', ':', '\n', '•', '*', '#']) else {
        // `U.S. Then`: the stop belongs to the word but may also end the sentence.
        return false;
    };
    let c = between[mark..].chars().next().unwrap_or(' ');
    if c == '\n' {
        let breaks = between.matches('\n').count();
        return breaks > 1 || between.contains(['*', '#', '•', '>', '-', '–']);
    }
    let kept = |before: &Token| {
        let word = &text[before.span.start..before.span.end];
        sentence::keeps_stop(Language::english(), word, next)
    };
    if c == '.' && before.is_some_and(kept) {
        return false;
    }
    between[mark + c.len_utf8()..].contains(char::is_whitespace)
}

/// Whether the word at `at..end` is part of an address, a citation key or a path.
fn in_address(text: &str, from: usize, at: usize, end: usize) -> bool {
    // How far back a word can extend, in bytes: longer runs without blanks are not prose.
    const REACH: usize = 200;
    let start = crate::text::position::floor(text, at.saturating_sub(REACH).max(from));
    let head = text[start..at].rsplit(char::is_whitespace).next().unwrap_or_default();
    let rest = &text[end..];
    head.contains('@')
        || head.contains("://")
        || head.starts_with("www.")
        || head.ends_with(['_', '/', '\\', '#', '~', '='])
        || rest.starts_with(['_', '@', '\\'])
        || rest.starts_with("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<(&str, Shape)> {
        let tokens = read(text, &[Span::new(0, text.len())]);
        tokens.iter().map(|token| (&text[token.span.start..token.span.end], token.shape)).collect()
    }

    #[test]
    fn words_as_names_need_them() {
        use Shape::*;
        assert_eq!(
            shapes("The U.S. and J. O’Brien’s NGOs don’t see ISIS’ 2 men."),
            [
                ("The", Capital),
                ("U.S.", Acronym),
                ("and", Lower),
                ("J.", Initial),
                ("O’Brien", Capital),
                ("NGOs", Acronym),
                ("don’t", Other),
                ("see", Lower),
                ("ISIS", Acronym),
                ("2", Number),
                ("men", Lower),
            ]
        );
        assert_eq!(
            shapes("see @Moss2020 and https://Example.org/Kabul"),
            [
                ("see", Lower),
                ("Moss2020", Other),
                ("and", Lower),
                ("https", Other),
                ("Example", Other),
                ("org", Other),
                ("Kabul", Other),
            ]
        );
    }

    #[test]
    fn where_a_sentence_begins() {
        let text = "He met Gen. Petrov. Then (as Anna said) “Moscow waits.” It did: Kabul fell — Herat too";
        let starts: Vec<&str> = read(text, &[Span::new(0, text.len())])
            .iter()
            .filter(|token| token.start)
            .map(|token| &text[token.span.start..token.span.end])
            .collect();
        assert_eq!(starts, ["He", "Then", "Moscow", "It", "Kabul"]);
    }
}
