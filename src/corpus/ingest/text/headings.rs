//! Decides which short lines are headings: those followed by body text that are not a question, answer or
//! reply by a speaker.

use std::collections::HashMap;

use super::block::{Block, Marker};
use super::lines::{HEADING_WORDS, ends_sentence, has_two_sentences, is_line, is_question, is_quoted};
use crate::corpus::source::Class;
use crate::text::language::Language;
use crate::text::position::floor;
use crate::text::words::spelled;

/// More headings in a row than this are a list or verse instead.
const HEADINGS_IN_A_ROW: usize = 3;
/// This many of them without a blank line in between are a list, even after a heading.
const LINES_OF_A_LIST: usize = 3;
/// Most words in a speaker's name before a colon, as in an interview or minutes.
const SPEAKER_WORDS: usize = 4;

/// Marks the headings among `blocks`.
pub(super) fn headings(blocks: &[Block<'_>], classes: &mut [Option<Class>]) {
    // Only questions need it.
    let language = if blocks.iter().any(|block| is_question(block.words)) {
        language(blocks)
    } else {
        Language::unknown()
    };
    let spoken = spoken(language, blocks);
    // On a page made of questions and answers, all questions are headings.
    let asked =
        || blocks.iter().map(|block| block.words).filter(|words| is_question(words) && is_heading(words));
    let for_themselves = asked().filter(|words| !goes_on(language, words)).count();
    let questions = for_themselves >= QUESTIONS || (for_themselves > 0 && asked().count() > QUESTIONS);
    // Go backwards, so that it is known what follows: body, or how many headings in a row.
    let mut body_follows = false;
    let mut row: Vec<usize> = Vec::new();
    for at in (0..blocks.len()).rev() {
        if classes[at].is_some_and(|class| !class.is_numbered()) {
            continue;
        }
        let marked = blocks[at].marker == Marker::Heading;
        let next = blocks.get(at + 1).map_or("", |next| next.words);
        let line = blocks[at].marker == Marker::Plain
            && !spoken[at]
            && is_heading(blocks[at].words)
            && (questions || !goes_on(language, blocks[at].words))
            && !(begins_within(next) && blocks[at].words.contains(char::is_lowercase));
        if classes[at].is_none() && (marked || (line && body_follows)) {
            classes[at] = Some(Class::Heading);
            if !marked {
                row.push(at);
            }
        } else {
            close(&mut row, blocks, classes);
            body_follows = true;
        }
    }
    close(&mut row, blocks, classes);
}

/// The language of `blocks`, as far as their first words tell.
fn language(blocks: &[Block<'_>]) -> Language {
    /// The detector is sure with less.
    const BYTES: usize = 2_000;
    let mut words = String::new();
    for block in blocks.iter().filter(|block| !is_line(block.words, HEADING_WORDS)) {
        words.push_str(&block.words[..floor(block.words, BYTES)]);
        words.push('\n');
        if words.len() >= BYTES {
            break;
        }
    }
    let found = whatlang::detect(&words).filter(whatlang::Info::is_reliable);
    Language::of(found.map(|found| found.lang().code()))
}

/// From this many independent questions on, questions are the headings of a page.
const QUESTIONS: usize = 2;

/// Whether `words` ask about something mentioned before, as headings do not: “Was it worth it?”
fn goes_on(language: Language, words: &str) -> bool {
    // “3. Why is it shut?” is numbered like a heading.
    is_question(words)
        && !words.starts_with(|c: char| c.is_ascii_digit())
        && has_word(words, |word| language.has(word, |tables| &tables.questions.spoken_of))
}

/// Whether `words` continue a sentence begun earlier, as list items do.
fn begins_within(words: &str) -> bool {
    let item = words.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(item, _)| item);
    words.starts_with(char::is_lowercase)
        || item.is_some_and(|item| item.len() <= 4 && item.chars().all(|c| c.is_ascii_lowercase()))
}

/// Whether `words`, taken alone, may be a heading.
pub(super) fn is_heading(words: &str) -> bool {
    // “— Who closed the bridge?”: somebody speaks.
    let spoken =
        words.strip_prefix(['—', '–', '―']).is_some_and(|said| said.starts_with(char::is_whitespace));
    if spoken || !is_line(words, HEADING_WORDS) || has_two_sentences(words) {
        return false;
    }
    // “Where?” is somebody's line; “A road without an owner”, without final punctuation, is a heading.
    if is_quoted(words) && ends_sentence(words) {
        return false;
    }
    // A one-word question, or one that continues a previous statement, is part of the author's text.
    let first = words.split_whitespace().next().unwrap_or("").trim_start_matches('¿');
    let goes_on = || {
        // In whatever language: none of these words begins a question in another.
        let goes_on = Language::every().has(&spelled(first), |tables| &tables.questions.go_on);
        goes_on && first.starts_with(char::is_uppercase)
    };
    !is_question(words) || !(one_word(words) || goes_on())
}

fn one_word(words: &str) -> bool {
    // Chinese and Japanese are written without spaces.
    words.split_whitespace().nth(1).is_none() && words.chars().all(|c| (c as u32) < 0x2e80)
}

/// If there are more lines in a row than headings allow, those close together, or all of them, are a list.
fn close(row: &mut Vec<usize>, blocks: &[Block<'_>], classes: &mut [Option<Class>]) {
    if row.len() > HEADINGS_IN_A_ROW {
        row.reverse();
        // The time above an event.
        if row.last().is_some_and(|&at| is_time(blocks[at].words)) {
            row.pop();
        }
        // A number that no neighbour has counts sections, not items.
        let numbered: Vec<bool> =
            row.iter().map(|&at| blocks[at].words.starts_with(|c: char| c.is_ascii_digit())).collect();
        let alone = |nth: usize| {
            let has = |nth: Option<usize>| nth.and_then(|nth| numbered.get(nth)).is_some_and(|has| *has);
            has(Some(nth)) && !has(nth.checked_sub(1)) && !has(Some(nth + 1))
        };
        let mut nth = 0;
        row.retain(|&at| {
            nth += 1;
            !(alone(nth - 1) && blocks[at].words.contains(char::is_alphabetic))
        });
        let close_together = |pair: &[usize]| pair[1] == pair[0] + 1 && blocks[pair[1]].gap == 0;
        let runs: Vec<&[usize]> = row.chunk_by(|a, b| close_together(&[*a, *b])).collect();
        let lists = runs.iter().filter(|run| run.len() >= LINES_OF_A_LIST);
        let listed: usize = lists.clone().map(|run| run.len()).sum();
        let rest = row.len() - listed;
        let body: Vec<usize> = if listed > 0 && rest <= HEADINGS_IN_A_ROW {
            lists.flat_map(|run| run.iter().copied()).collect()
        } else {
            row.clone()
        };
        for at in body {
            classes[at] = None;
        }
    }
    row.clear();
}

/// `18.05`, `6:40 pm`.
fn is_time(words: &str) -> bool {
    let (time, rest) = words
        .split_at(words.find(|c: char| !c.is_ascii_digit() && !".:h".contains(c)).unwrap_or(words.len()));
    let digits = time.split(['.', ':', 'h']).map(str::len).collect::<Vec<_>>();
    matches!(digits.as_slice(), [1 | 2, 2]) && rest.chars().all(|c| " apmAPMGTUCh.".contains(c))
}

/// Which lines are spoken: they begin with a name and a colon, and so does another line with the same name;
/// or they ask someone a question, who answers in the first person.
fn spoken(language: Language, blocks: &[Block<'_>]) -> Vec<bool> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for label in blocks.iter().filter_map(|block| speaker(block.words)) {
        *times.entry(label).or_default() += 1;
    }
    let labelled = |words: &str| {
        speaker(words).is_some_and(|label| label == "Q" || times.get(label).is_some_and(|&times| times > 1))
    };
    let mut spoken: Vec<bool> = blocks.iter().map(|block| labelled(block.words)).collect();
    let you = |word: &str| language.has(word, |tables| &tables.questions.you);
    let i = |word: &str| language.has(word, |tables| &tables.questions.i);
    let asks = |at: usize| {
        let answer = blocks.get(at + 1).map_or("", |next| next.words);
        is_question(blocks[at].words) && has_word(blocks[at].words, you) && has_word(answer, i)
    };
    let asked: Vec<usize> = (0..blocks.len()).filter(|&at| asks(at)).collect();
    // A single such question may be a heading that addresses the reader.
    if asked.len() >= 2 {
        for at in asked {
            spoken[at] = true;
        }
    }
    spoken
}

fn has_word(words: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    /// An answer mentions the speaker early.
    const WORDS: usize = 30;
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(WORDS).any(|word| is_wanted(&spelled(word)))
}

/// The name before a colon at the start of `words`. Questions in minutes are numbered (`Q12 Chair`).
fn speaker(words: &str) -> Option<&str> {
    /// Longest name in bytes.
    const NAME_BYTES: usize = 60;
    let (label, rest) = words.split_once([':', '：'])?;
    let starts = label.chars().next().is_some_and(char::is_uppercase);
    if label.len() > NAME_BYTES
        || !starts
        || rest.trim().is_empty()
        || label.split_whitespace().count() > SPEAKER_WORDS
    {
        return None;
    }
    let numbered = label.strip_prefix('Q').is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.is_empty() || (rest.starts_with(' ') && label.as_bytes().get(1).is_some_and(u8::is_ascii_digit))
    });
    Some(if numbered { "Q" } else { label })
}
