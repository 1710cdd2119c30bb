//! Footnotes and endnotes: paragraphs that begin with a number referred to in the text above.

use std::collections::{HashMap, HashSet};

use super::block::{Block, Marker};
use super::label::{self, Dress, Label};
use super::lines::{is_line, is_space};

/// Minimum percentage of note numbers that the text above must refer to. A judgment also refers to its own
/// paragraphs, but seldom to later ones.
const NOTED_PERCENT: usize = 50;

/// Notes that do not begin with 1 are on the same page as their marks, at most this many blocks below.
const NEAR: usize = 6;

/// Whether the numbers of `chain`, blocks that each begin with one, are note numbers: the text above refers
/// to them, as `reasons.1`, `reasons.[1]` or `reasons¹`.
pub(super) fn are_notes(blocks: &[Block<'_>], labels: &[Option<Label<'_>>], chain: &[usize]) -> bool {
    let dress = chain.first().and_then(|&at| labels[at]).map_or(Dress::Bare, |label| label.dress);
    let mut seen: HashSet<u32> = HashSet::new();
    let (mut noted, mut read) = (0, 0);
    for &at in chain {
        for block in &blocks[read..at] {
            seen.extend(marks(block.words, dress));
        }
        read = at;
        noted += usize::from(labels[at].is_some_and(|label| seen.contains(&label.number)));
    }
    noted > 0 && noted * 100 >= chain.len() * NOTED_PERCENT
}

/// Which of `blocks` are notes.
pub(super) fn notes(blocks: &[Block<'_>]) -> Vec<bool> {
    let labels: Vec<Option<Label<'_>>> = blocks.iter().map(label).collect();
    let mut found: Vec<bool> = blocks.iter().map(|block| is_definition(block.words)).collect();
    signed(blocks, &mut found);
    for dress in [Dress::Bare, Dress::Square, Dress::Stop, Dress::Raised] {
        let of_dress = |at: usize| labels[at].filter(|label| label.dress == dress);
        let chain = label::chain(&labels, dress);
        if chain.is_empty() || !are_notes(blocks, &labels, &chain) {
            continue;
        }
        // Where each number was first referred to: the block, and the position among all marks.
        let mut seen: HashMap<u32, (usize, usize)> = HashMap::new();
        let mut count = 0;
        let mut last: Option<u32> = None;
        let mut at = 0;
        while at < blocks.len() {
            let first = of_dress(at);
            let rises = |&next: &usize| {
                let number = first.map_or(0, |first| first.number as usize + next - at);
                of_dress(next).is_some_and(|label| label.number as usize == number)
            };
            let run = first.map_or(0, |_| 1 + (at + 1..blocks.len()).take_while(rises).count());
            let places: Vec<Option<(usize, usize)>> = (at..at + run)
                .map(|at| of_dress(at).and_then(|label| seen.get(&label.number).copied()))
                .collect();
            // Notes are referred to in order, and begin with the first or on the page of their mark.
            let in_order = !places.is_empty()
                && places.iter().all(Option::is_some)
                && places.windows(2).all(|pair| pair[0] < pair[1]);
            let begins = first.is_some_and(|first| {
                let near = places.first().copied().flatten().is_some_and(|(block, _)| block + NEAR >= at);
                first.number == 1 || near || last.is_some_and(|last| first.number == last + 1)
            });
            // A single list item may have a number that happens to occur in the text.
            let enough = run > 1 || dress != Dress::Stop;
            if in_order && begins && enough {
                found[at..at + run].fill(true);
                last = first.map(|first| first.number + u32::try_from(run - 1).unwrap_or(0));
                at += run;
                continue;
            }
            for (at, block) in blocks.iter().enumerate().skip(at).take(run.max(1)) {
                for number in marks(block.words, dress) {
                    seen.entry(number).or_insert((at, count));
                    count += 1;
                }
            }
            at += run.max(1);
        }
    }
    // The heading of the notes at the end of a text.
    let end = found.iter().rposition(|is_note| !is_note);
    if let Some(last) =
        end.filter(|&last| last + 1 < blocks.len() && is_line(blocks[last].words, HEADING_WORDS))
    {
        found[last] = true;
    }
    found
}

/// Most words in the heading of notes: “Notes and references”.
const HEADING_WORDS: usize = 4;

/// Whether `words` are the definition of a Markdown footnote: `[^4]: See the order.`
fn is_definition(words: &str) -> bool {
    let label = words.strip_prefix("[^").and_then(|rest| rest.split_once("]:")).map(|(label, _)| label);
    label.is_some_and(|label| !label.is_empty() && !label.contains(|c: char| c.is_whitespace() || c == '['))
}

/// Marks the notes that begin with a sign instead of a number, `† See the order.`: the same sign follows a word
/// in one of the blocks shortly above.
fn signed(blocks: &[Block<'_>], found: &mut [bool]) {
    const SIGNS: [char; 4] = ['*', '†', '‡', '§'];
    let sign = |words: &str| {
        let sign = words.chars().next().filter(|c| SIGNS.contains(c))?;
        let rest = words.trim_start_matches(sign);
        let count = words.len() / sign.len_utf8() - rest.len() / sign.len_utf8();
        let begins = rest.trim_start_matches(is_space).chars().next()?;
        // `*The wheel* turned` is emphasis.
        let alone = !rest.contains(sign);
        (alone && count <= 3 && begins.is_alphabetic()).then_some(sign)
    };
    // Only the first of several signs is looked at, so that a long row of them takes linear time.
    let refers = |words: &str, sign: char| {
        words.match_indices(sign).filter(|(at, _)| !words[..*at].ends_with(sign)).any(|(at, _)| {
            let before = words[..at].chars().next_back();
            let behind = words[at..].trim_start_matches(sign).chars().next();
            let closes = |c: char| c.is_lowercase() || matches!(c, '.' | ',' | ';' | '”' | '"' | '’' | ')');
            before.is_some_and(closes) && behind.is_none_or(is_space)
        })
    };
    for at in 0..blocks.len() {
        let Some(sign) = sign(blocks[at].words).filter(|_| blocks[at].marker == Marker::Plain) else {
            continue;
        };
        found[at] |= blocks[at.saturating_sub(NEAR)..at].iter().any(|block| refers(block.words, sign));
    }
}

fn label<'t>(block: &Block<'t>) -> Option<Label<'t>> {
    if block.marker != Marker::Plain {
        return None;
    }
    let words = block.words;
    let raised: Vec<u32> = words.chars().map_while(raised).collect();
    if !raised.is_empty() && raised.len() <= label::DIGITS {
        let number = raised.iter().fold(0, |number, digit| number * 10 + digit);
        let rest = words.trim_start_matches(|c| self::raised(c).is_some());
        return Some(Label { dress: Dress::Raised, number, rest });
    }
    let small = || {
        // “3 ibid., p. 12”
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = words.split_at(digits);
        let refers =
            ["ibid", "id.", "op. cit", "see ", "cf"].iter().any(|word| rest.trim_start().starts_with(word));
        let fits = refers && rest.starts_with(' ') && (1..=label::DIGITS).contains(&digits);
        fits.then_some(Label { dress: Dress::Bare, number: number.parse().ok()?, rest })
    };
    label::label(words).filter(|label| !label.rest.is_empty()).or_else(small)
}

fn raised(c: char) -> Option<u32> {
    u32::try_from("⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c)?).ok()
}

/// The note numbers in `words` that refer to notes written in `dress`. References to `[1] …` are in brackets;
/// all others are superscript, or directly follow a word or its full stop, comma or closing mark.
fn marks(words: &str, dress: Dress) -> impl Iterator<Item = u32> + '_ {
    let square = dress == Dress::Square;
    let bytes = words.as_bytes();
    words.match_indices(|c: char| c.is_ascii_digit() || "¹²³⁰⁴⁵⁶⁷⁸⁹".contains(c)).filter_map(
        move |(at, _)| {
            let before = words[..at].chars().next_back()?;
            if let Some(first) = words[at..].chars().next().and_then(raised) {
                let more = words[at..].chars().skip(1).map_while(raised);
                let number = more.take(label::DIGITS).fold(first, |number, digit| number * 10 + digit);
                return (raised(before).is_none() && !square).then_some(number);
            }
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let after = bytes.get(at + length);
            let in_brackets = before == '[' && after == Some(&b']');
            // “12.5”, “A/RES/60” and “3,000” are not notes.
            let stop = matches!(before, '.' | ',' | ';' | '”' | '"' | '’' | ')' | '?' | '!')
                && words[..at].chars().rev().nth(1).is_some_and(|c| !c.is_ascii_digit() && !is_space(c));
            let ends = after.is_none_or(|byte| byte.is_ascii_whitespace());
            let glued = (stop || before.is_lowercase()) && ends;
            (length <= label::DIGITS && if square { in_brackets } else { glued })
                .then(|| words[at..at + length].parse().ok())?
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::corpus::source::{Class, Furniture, SourceText, TextId};
    use crate::text::{FileId, Locus, Text};

    fn read(paragraphs: &[&str]) -> SourceText {
        super::super::read(
            TextId(0),
            FileId::new("/sources/n.txt"),
            Text::new(paragraphs.join("\n\n")),
            false,
            &[],
        )
    }

    fn notes(paragraphs: &[&str]) -> usize {
        let source = read(paragraphs);
        source.passages.iter().filter(|p| p.class == Class::Furniture(Furniture::Note)).count()
    }

    const MORE: &str =
        "The millers of the valley have waited for the judgment since the spring of that year.";

    #[test]
    fn notes_are_not_counted() {
        for text in [
            [
                "The board shut the sluices.1 It gave no reasons.2",
                "1 Order of the board, on file.\n2 See the minutes of May.",
                MORE,
            ],
            [
                "The board shut the sluices [1]. It gave no reasons [2].",
                "[1] Order of the board, on file.\n[2] Minutes.",
                MORE,
            ],
            [
                "The board shut the sluices.¹ It gave no reasons.²",
                "¹ Order of the board, on file.\n² Minutes.",
                MORE,
            ],
            [
                "The board shut the sluices.1 It gave no reasons.2",
                "1. Order of the board, on file.\n2. Minutes of May.",
                MORE,
            ],
            [
                "The board shut the sluices.11 It gave no reasons.12",
                "11 Order of the board, on file.\n12 ibid., p. 4.",
                MORE,
            ],
        ] {
            let source = read(&text);
            assert_eq!(notes(&text), 2, "{text:?}");
            assert_eq!(source.numbered_count(), 2, "{text:?}");
        }
    }

    #[test]
    fn signs_and_markdown_definitions_begin_notes() {
        let text = [
            "The board shut the sluices.† It gave no reasons.‡",
            "† Order of the board.",
            "‡ Minutes.",
            MORE,
        ];
        assert_eq!(notes(&text), 2);
        let text = ["The board shut the sluices.[^a]", "[^a]: Order of the board, on file.", MORE];
        assert_eq!(notes(&text), 1);
        assert_eq!(notes(&["The board shut the sluices.", "† Ilse Korn, miller.", MORE]), 0);
    }

    #[test]
    fn a_sentence_goes_on_over_the_notes_of_a_page() {
        let text = [
            "The board shut the sluices.1 It gave the millers of the upper valley, who had asked it twice, no",
            "1 Order of the board, on file.",
            "reasons at all, and heard none of them.",
            MORE,
        ];
        let source = read(&text);
        assert_eq!(source.numbered_count(), 2);
        assert_eq!(source.passages_at(&[Locus::Paragraph(1).into()]).len(), 2);
    }

    #[test]
    fn lists_and_numbered_paragraphs_are_no_notes() {
        let list = ["1. The sluices are shut.", "2. The wheel is sold.", "3. Nobody minds."];
        let within: Vec<&str> = [MORE].into_iter().chain(list).chain([MORE]).collect();
        assert_eq!(notes(&within), 0);
        let named: Vec<&str> = ["The mp3 players and the CO2 meter of type2 were sold.1", MORE]
            .into_iter()
            .chain(list)
            .collect();
        assert_eq!(notes(&named), 0);
        assert_eq!(notes(&[MORE, "3 mills were built in that year.", "1931 The wheel burned.", MORE]), 0);
        let judgment: Vec<String> = (1..=9)
            .map(|n| format!("[{n}] As we said at [{}] above, the mill {n} was let.", n.max(2) - 1))
            .collect();
        assert_eq!(notes(&judgment.iter().map(String::as_str).collect::<Vec<_>>()), 0);
    }
}
