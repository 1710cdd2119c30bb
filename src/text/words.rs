//! Splits a text into words for comparison: folded as in [`super::fold`], with a map back to the original.
//! Knows nothing about quotations or sources.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::fold::{FoldedOffset, fold};
use super::span::Span;

/// One word, as ranges into the buffers of its [`Words`] and into the original.
#[derive(Debug, Clone, Copy)]
struct Word {
    /// Bytes of `folded`.
    written: (u32, u32),
    /// Bytes of `lower`.
    lower: (u32, u32),
    /// Bytes of the original.
    span: Span,
    /// The part it belongs to.
    part: u32,
}

/// The words of one text, or of parts of it, in order.
///
/// A word is a run of letters, or a run of digits with the points and commas between them (`2.5`, `10,000`).
/// An apostrophe between letters belongs to its word. Signs that change an amount (`$`, `€`, `£`, `¥`, `%`)
/// are separate words. In scripts without spaces between words, each letter is a word. Note marks, such as
/// `[12]` and superscript digits, are skipped.
#[derive(Debug, Default)]
pub struct Words {
    folded: String,
    lower: String,
    words: Vec<Word>,
    places: Places,
}

/// The indices of each distinct word. Built for every text and for every passage searched, so it takes four
/// allocations in all rather than two per word.
#[derive(Debug, Default)]
struct Places {
    hasher: RandomState,
    /// An open-addressing table with a power of two of slots, at most half of them used: the number of a distinct
    /// word, or [`Places::FREE`].
    slots: Vec<u32>,
    /// Where the indices of each distinct word begin in `indices`, and at last their end.
    starts: Vec<u32>,
    /// The indices of all words, grouped by distinct word and ascending within each.
    indices: Vec<u32>,
}

impl Places {
    const FREE: u32 = u32::MAX;

    /// Groups the words of `words`, in which `places` is still empty.
    fn of(words: &Words) -> Self {
        let mut places =
            Self { slots: vec![Self::FREE; (2 * words.len()).next_power_of_two()], ..Self::default() };
        // The first occurrence of each distinct word, and how often it occurs.
        let (mut firsts, mut counts): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut numbers = Vec::with_capacity(words.len());
        for at in 0..words.len() {
            let word = words.lower(at);
            let slot = places.slot(word, |number| words.lower(firsts[number as usize] as usize) == word);
            if places.slots[slot] == Self::FREE {
                places.slots[slot] = narrow(firsts.len());
                firsts.push(narrow(at));
                counts.push(0);
            }
            counts[places.slots[slot] as usize] += 1;
            numbers.push(places.slots[slot]);
        }
        let mut next = Vec::with_capacity(counts.len());
        let mut all = 0;
        for count in counts {
            next.push(all);
            all += count;
        }
        places.starts.clone_from(&next);
        places.starts.push(all);
        places.indices = vec![0; words.len()];
        for (at, number) in numbers.into_iter().enumerate() {
            let place = &mut next[number as usize];
            places.indices[*place as usize] = narrow(at);
            *place += 1;
        }
        places
    }

    /// The slot of `word`: the one whose number `is` it, or the free one where it belongs.
    fn slot(&self, word: &str, is: impl Fn(u32) -> bool) -> usize {
        let last = self.slots.len() - 1;
        let mut slot = usize::try_from(self.hasher.hash_one(word) & last as u64).unwrap_or_default();
        while self.slots[slot] != Self::FREE && !is(self.slots[slot]) {
            slot = (slot + 1) & last;
        }
        slot
    }

    /// The indices of `word` in `words`, the ones this was built from.
    fn get(&self, words: &Words, word: &str) -> &[u32] {
        if self.indices.is_empty() {
            return &[];
        }
        let range = |number: u32| {
            let number = number as usize;
            self.starts[number] as usize..self.starts[number + 1] as usize
        };
        let slot = self.slot(word, |number| words.lower(self.indices[range(number).start] as usize) == word);
        if self.slots[slot] == Self::FREE { &[] } else { &self.indices[range(self.slots[slot])] }
    }
}

impl Words {
    /// Reads the words of `parts` of `text`; each part is a list of pieces that are read as one.
    pub fn read<'a>(text: &str, parts: impl IntoIterator<Item = &'a [Span]>) -> Self {
        let mut words = Self::default();
        for (number, part) in parts.into_iter().enumerate() {
            let folded = fold(text, part);
            if !words.folded.is_empty() {
                words.folded.push('\n');
            }
            let base = words.folded.len();
            words.folded.push_str(folded.as_str());
            for (start, end) in cut(folded.as_str()) {
                let lower = words.lower.len();
                spell(&folded.as_str()[start..end], &mut words.lower);
                words.words.push(Word {
                    written: (narrow(base + start), narrow(base + end)),
                    lower: (narrow(lower), narrow(words.lower.len())),
                    span: folded.original(FoldedOffset(start)..FoldedOffset(end)),
                    part: narrow(number),
                });
            }
        }
        words.places = Places::of(&words);
        words
    }

    /// The number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Word `at` as written, with typography folded.
    #[must_use]
    pub fn written(&self, at: usize) -> &str {
        let (start, end) = self.words[at].written;
        &self.folded[start as usize..end as usize]
    }

    /// Word `at` as used in comparisons: in lower case, with ligatures and ß written out, ё as е, and without
    /// Arabic and Hebrew vowel marks, which printers add or omit at will.
    #[must_use]
    pub fn lower(&self, at: usize) -> &str {
        let (start, end) = self.words[at].lower;
        &self.lower[start as usize..end as usize]
    }

    /// The folded text between word `at` and the word before it: punctuation and spaces, and a line feed at
    /// the end of a part. If `at` equals [`Words::len`], the text after the last word.
    #[must_use]
    pub fn gap(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.words[before].written.1 as usize);
        let end = self.words.get(at).map_or(self.folded.len(), |word| word.written.0 as usize);
        &self.folded[start..end]
    }

    /// The span of word `at`, in bytes of the original.
    #[must_use]
    pub fn span(&self, at: usize) -> Span {
        self.words[at].span
    }

    /// The part that word `at` belongs to, counted from 0.
    #[must_use]
    pub fn part(&self, at: usize) -> usize {
        self.words[at].part as usize
    }

    /// The indices of the words that are `lower` in lower case, in order.
    #[must_use]
    pub fn places(&self, lower: &str) -> &[u32] {
        self.places.get(self, lower)
    }
}

/// `word` in the spelling by which words are compared, as [`Words::lower`] gives it.
#[must_use]
pub fn spelled(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    spell(&word.replace(['’', 'ʼ'], "'"), &mut out);
    out
}

/// Vowels that may carry the mark of stress.
const CYRILLIC_VOWELS: [char; 13] = ['а', 'е', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я', 'і', 'ї', 'є', 'ў'];

/// Appends `word` to `out`, spelled as in comparisons.
fn spell(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        return;
    }
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ß' => out.push_str("ss"),
            'ё' => out.push('е'),
            // Hebrew points; Arabic vowel marks and the tatweel.
            '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' => {
            }
            '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}' => {}
            // The stress that Russian and Ukrainian dictionaries and textbooks mark.
            '\u{301}' if out.ends_with(CYRILLIC_VOWELS) => {}
            c => out.push(c),
        }
    }
}

/// Texts of 4 GB are rejected long before this; larger offsets are clamped.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The role of a character in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    /// A letter of a script without spaces between words.
    Sole,
    Digit,
    Sign,
    Other,
}

/// Whether `c` is a letter of a script without spaces between words: Thai, Lao, Burmese, Khmer, Chinese or
/// Japanese. Such a letter counts for less than a word: a Chinese word averages one and a half of them.
#[must_use]
pub fn is_sole(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
        && c.is_alphabetic()
}

fn kind(c: char) -> Kind {
    match c {
        // Most texts are mostly ASCII, for which the tables need not be asked.
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        '$' | '€' | '£' | '¥' | '%' => Kind::Sign,
        '\0'..='\x7f' => Kind::Other,
        c if is_sole(c) => Kind::Sole,
        c if c.is_numeric() => Kind::Digit,
        c if c.is_alphanumeric() => Kind::Letter,
        // Combining marks that did not compose belong to their letter.
        c if is_mark(c) => Kind::Letter,
        _ => Kind::Other,
    }
}

fn is_mark(c: char) -> bool {
    c >= '\u{300}' && unicode_normalization::char::is_combining_mark(c)
}

/// The start and end of each word of `folded`, in bytes.
fn cut(folded: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut letters = folded.char_indices().peekable();
    let mut last = Kind::Other;
    while let Some((at, c)) = letters.next() {
        let end = at + c.len_utf8();
        let this = kind(c);
        let next = letters.peek().map_or(Kind::Other, |&(_, c)| kind(c));
        let joins = match c {
            '\'' => last == Kind::Letter && next == Kind::Letter,
            '.' | ',' => last == Kind::Digit && next == Kind::Digit,
            _ if last == Kind::Sole && this == Kind::Letter => is_mark(c),
            _ => this == last && matches!(this, Kind::Letter | Kind::Digit),
        };
        // A combining mark does not change the kind of its letter.
        let this = if joins && last == Kind::Sole { last } else { this };
        match out.last_mut() {
            Some(word) if joins => {
                word.1 = end;
                // Punctuation inside a word does not end it.
                if this == Kind::Other {
                    continue;
                }
            }
            _ if this != Kind::Other => out.push((at, end)),
            _ => {}
        }
        last = this;
    }
    let notes = marks_of_notes(folded);
    let raised = |c: char| matches!(c, '⁰'..='⁹' | '¹' | '²' | '³');
    let mut next = 0;
    out.retain(|&(start, end)| {
        while notes.get(next).is_some_and(|mark| mark.end <= start) {
            next += 1;
        }
        let bracketed = notes.get(next).is_some_and(|mark| mark.start <= start);
        !bracketed && !folded[start..end].chars().all(raised)
    });
    out
}

/// Note marks in brackets, in order: `[12]`, `[3, 4]`, `[5-7]`, `[^2]`. A number with more digits is a year.
fn marks_of_notes(folded: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 30;
    const DIGITS: usize = 3;
    let marks = memchr::memchr_iter(b'[', folded.as_bytes()).filter_map(|start| {
        let inner = &folded.as_bytes()[start + 1..];
        let end = inner.iter().take(LONGEST).position(|byte| *byte == b']')?;
        let inner = inner[..end].strip_prefix(b"^").unwrap_or(&inner[..end]);
        let mut numbers =
            inner.split(|byte| matches!(byte, b',' | b';' | b'-' | b' ')).filter(|part| !part.is_empty());
        let alone = inner.iter().all(u8::is_ascii_digit);
        let are_marks =
            numbers.all(|part| part.iter().all(u8::is_ascii_digit) && (alone || part.len() <= DIGITS));
        let any = inner.iter().any(u8::is_ascii_digit);
        (any && are_marks).then_some(start..start + 1 + end)
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let words = Words::read(text, [[Span::new(0, text.len())].as_slice()]);
        (0..words.len()).map(|at| words.written(at).to_owned()).collect()
    }

    #[test]
    fn words_numbers_and_signs() {
        assert_eq!(words("“They don’t,” he said."), ["They", "don't", "he", "said"]);
        assert_eq!(
            words("$10.0 million, 2.6million; 85% of 10,000."),
            ["$", "10.0", "million", "2.6", "million", "85", "%", "of", "10,000"]
        );
        assert_eq!(words("ISIS’ near-term — 1980s"), ["ISIS", "near", "term", "1980", "s"]);
        assert_eq!(
            words("oil[12] and gas² in [2019-20] (12)"),
            ["oil", "and", "gas", "in", "2019", "20", "12"]
        );
        assert_eq!(
            words("lost [3, 4] before [5–7] bells[1][2] and[^9], [3 boats] [a 4] [2019–20] [12"),
            ["lost", "before", "bells", "and", "3", "boats", "a", "4", "2019", "20", "12"]
        );
        assert_eq!(words("— … “”"), [""; 0]);
    }

    #[test]
    fn each_leads_back() {
        let text = "One “two”\n\nThe  oﬃce";
        let parts = [[Span::new(0, 13)], [Span::new(15, text.len())]];
        let words = Words::read(text, parts.iter().map(<[Span; 1]>::as_slice));
        let back: Vec<&str> =
            (0..words.len()).map(|at| &text[words.span(at).start..words.span(at).end]).collect();
        assert_eq!(back, ["One", "two", "The", "oﬃce"]);
        assert_eq!((words.part(1), words.part(2)), (0, 1));
        assert_eq!((words.gap(1), words.gap(2), words.gap(4)), (" '", "'\n", ""));
        assert_eq!(words.places("the"), [2]);
        assert_eq!(words.places("The"), [0_u32; 0]);
    }
}
