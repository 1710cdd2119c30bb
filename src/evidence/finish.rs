//! Continuations in the sources of a quotation that is being typed. The typed words must occur one after
//! another, compared as in the check of quotations; furniture does not count. The work is bounded: cited
//! sources are searched completely, all others up to a fixed number of passages.

use std::sync::Arc;

use super::asked::Asked;
use super::limiter;
use super::locate::same_marks;
use super::memo::{Memo, SourceWords};
use super::nested::Nested;
use crate::corpus::Corpus;
use crate::corpus::source::SourceId;
use crate::text::Span;
use crate::text::language::Language;
use crate::text::position::floor;
use crate::text::sentence;
use crate::text::words::Words;

/// Fewest typed words before continuations are offered.
pub const FEWEST: usize = 3;

/// Number of trailing words to compare; anything typed before them may have been edited.
const MOST_WORDS: usize = 24;

/// The same in bytes.
const MOST_BYTES: usize = 400;

/// How far before the quotation, in bytes, a “not” still counts as the brief's own negation.
const BEFORE: usize = 160;

/// Number of trailing words to look up in the index; more make the result no rarer in practice.
const LOOKED_UP: usize = 8;

/// Number of passages with the rarest words to look at. In 100,000 passages three typed words then take 0.2
/// ms, at most 6 ms, and all of 400 were found (`benches/quotations.rs`); ten times as many took up to 29 ms.
/// If three words occur in nearly every passage, some places are found only once another word is typed.
const MOST_LOOKED_AT: usize = 2_000;

/// Most passages with the words to return.
const MOST_FOUND: usize = 32;

/// Most places in one cited source.
const MOST_PLACES: usize = 4_096;

/// Longest sentence in bytes; anything longer is a list or a table.
const LONGEST: usize = 1_200;

/// Shortest clause in words; the check would not judge a shorter one.
const FEWEST_IN_CLAUSE: usize = 4;

/// The last words of a quotation that is being written.
#[derive(Debug)]
pub struct Typed {
    words: Words,
    /// The first word to compare; those before it precede an ellipsis or are in brackets.
    from: usize,
    /// Whether the cursor touches the last word, so that more of its letters may follow.
    pub half: bool,
    /// Whether a mark that ends a sentence follows the last word.
    stopped: bool,
    /// Whether other words of the quotation precede these.
    cut: bool,
    /// The brief's words before the quotation.
    before: String,
}

impl Typed {
    /// Reads the words of a quotation from byte `start` of `brief`, in the pieces `pieces`, up to byte
    /// `offset`. `None` if there are fewer than [`FEWEST`] words since the writer's last bracket or ellipsis.
    #[must_use]
    pub fn read(brief: &str, start: usize, pieces: &[Span], offset: usize) -> Option<Self> {
        let before = brief[floor(brief, start.saturating_sub(BEFORE))..floor(brief, start)].to_owned();
        let mut near: Vec<Span> = Vec::new();
        let mut left = MOST_BYTES;
        for piece in pieces.iter().rev() {
            if piece.len() > left {
                near.push(Span::new(floor(brief, piece.end - left), piece.end));
                break;
            }
            left -= piece.len();
            near.push(*piece);
        }
        near.reverse();
        let cut = near.first().map(|span| span.start) != pieces.first().map(|span| span.start);
        let words = Words::read(brief, [near.as_slice()]);
        let edited = |at: &usize| words.gap(*at).contains(['[', ']']) || words.gap(*at).contains("...");
        // The first word may be incomplete.
        let first = usize::from(cut).max(words.len().saturating_sub(MOST_WORDS));
        if edited(&words.len()) {
            return None;
        }
        let from = (first..words.len()).rev().find(edited).unwrap_or(first);
        // In `[T]he`, the word after the bracket is only part of a word.
        let from = from + usize::from(from > first && words.gap(from) == "]");
        let half = words.len().checked_sub(1).is_some_and(|last| words.span(last).end == offset);
        let stopped = words.gap(words.len()).contains(['.', '?', '!']);
        (words.len() >= from + FEWEST).then_some(Self {
            words,
            from,
            half,
            stopped,
            cut: from > 0 || cut,
            before,
        })
    }

    /// Reads the first words of the same pieces, up to the writer's first bracket or ellipsis; `None` if
    /// there are fewer than [`FEWEST`].
    fn beginning(brief: &str, pieces: &[Span]) -> Option<Self> {
        let mut near: Vec<Span> = Vec::new();
        let mut left = MOST_BYTES;
        for piece in pieces {
            let part = Span::new(piece.start, floor(brief, piece.start + piece.len().min(left)));
            left -= part.len();
            near.push(part);
        }
        let words = Words::read(brief, [near.as_slice()]);
        let edited = |at: &usize| words.gap(*at).contains(['[', ']']) || words.gap(*at).contains("...");
        let end = (0..words.len()).find(edited).unwrap_or(words.len()).min(LOOKED_UP);
        let last = words.span(end.checked_sub(1)?).end;
        near.retain(|piece| piece.start < last);
        if let Some(piece) = near.last_mut() {
            piece.end = piece.end.min(last);
        }
        let words = Words::read(brief, [near.as_slice()]);
        let typed = Self { words, from: 0, half: false, stopped: false, cut: false, before: String::new() };
        (typed.count() >= FEWEST).then_some(typed)
    }

    /// The span of the last word, in bytes of the brief.
    #[must_use]
    pub fn last(&self) -> Span {
        self.words.span(self.words.len() - 1)
    }

    /// Number of words compared.
    fn count(&self) -> usize {
        self.words.len() - self.from
    }

    /// The complete words.
    fn whole(&self) -> std::ops::Range<usize> {
        self.from..self.words.len() - usize::from(self.half)
    }

    /// The words from `from` on, separated by blanks. One run of letters and digits (`1980s`) is two words
    /// here, and is kept together.
    fn written(&self, mut from: usize) -> String {
        while from > self.from && self.words.gap(from).is_empty() {
            from -= 1;
        }
        let mut out = String::new();
        for at in from..self.words.len() {
            if at > from && !self.words.gap(at).is_empty() {
                out.push(' ');
            }
            out.push_str(self.words.written(at));
        }
        out
    }

    /// Whether typed word `at` equals `lower`, or is the beginning of it while still being typed.
    fn is(&self, at: usize, lower: &str) -> bool {
        if self.half && at + 1 == self.words.len() {
            lower.starts_with(self.words.lower(at))
        } else {
            lower == self.words.lower(at)
        }
    }
}

/// A continuation of the typed words in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The source.
    pub source: SourceId,
    /// Index of the passage that contains the last typed word.
    pub passage: usize,
    /// Index of the passage that contains the first compared word.
    pub begins: usize,
    /// Whether the words match in case too.
    pub same: bool,
    /// The last typed word as it occurs in the source, in bytes of its text.
    pub last: Span,
    /// Where the next word of the passage begins.
    pub next: Option<usize>,
    /// Where the sentence ends, including its punctuation; `None` if it is too long to be a sentence. Never
    /// before the end of `last`.
    pub sentence: Option<usize>,
    /// Where the clause ends, before its punctuation, if that is before the end of the sentence and no “but”
    /// follows.
    pub clause: Option<usize>,
}

/// Continuations of `typed`: every place in the sources `cited`, then some of those in other sources. `stop`
/// is checked between passages.
#[must_use]
pub fn continuations(
    corpus: &Corpus,
    memo: &Memo,
    typed: &Typed,
    cited: &[SourceId],
    stop: &dyn Fn() -> bool,
) -> Vec<Continuation> {
    let mut out = Vec::new();
    for &id in cited {
        let Some(text) = corpus.source(id).text() else { continue };
        let asked = Asked { owner: None, id, text: text.clone(), words: memo.words(text) };
        for last in ends(&asked, typed) {
            if out.len() < MOST_FOUND && !stop() {
                out.push(continuation(&asked, typed, last));
            }
        }
    }
    let whole = typed.whole();
    let far = whole.end.saturating_sub(LOOKED_UP).max(whole.start);
    // The words may cross a passage boundary; the last three are in one passage.
    let near = whole.end.saturating_sub(FEWEST).max(whole.start);
    let before = out.len();
    elsewhere(corpus, typed, far, cited, stop, &mut out);
    if out.len() == before && near > far {
        elsewhere(corpus, typed, near, cited, stop, &mut out);
    }
    out
}

/// Index of the passage in which the quotation continued at `place` begins. Its words are those of `pieces`,
/// which end with `typed`.
#[must_use]
pub fn begins_in(
    corpus: &Corpus,
    memo: &Memo,
    brief: &str,
    pieces: &[Span],
    typed: &Typed,
    place: &Continuation,
) -> usize {
    let begins = || {
        let head = Typed::beginning(brief, pieces)?;
        let text = corpus.source(place.source).text()?;
        let asked = Asked { owner: None, id: place.source, text: text.clone(), words: memo.words(text) };
        let all = ends(&asked, &head).into_iter().map(|last| asked.passage(last + 1 - head.count()));
        all.filter(|&passage| passage <= place.begins).max()
    };
    if typed.cut { begins().unwrap_or(place.begins) } else { place.begins }
}

/// Looks up the words from `from` on in the index.
fn elsewhere(
    corpus: &Corpus,
    typed: &Typed,
    from: usize,
    cited: &[SourceId],
    stop: &dyn Fn() -> bool,
    out: &mut Vec<Continuation>,
) {
    let written = typed.written(from);
    let Some(run) = Run::new(&written, typed.half) else { return };
    let half =
        if typed.half { written.rfind(|c: char| !c.is_alphanumeric()).unwrap_or(0) } else { written.len() };
    let mut left = MOST_FOUND;
    let asked = corpus.shelf.with_all(&written[..half], MOST_LOOKED_AT, &mut |text, passage| {
        let Some(id) = corpus.of_text(text).filter(|id| !cited.contains(id)) else { return !stop() };
        let Some(text) = corpus.source(id).text() else { return !stop() };
        if !text.passages.get(passage).is_some_and(|found| run.stands_in(text.words(found))) {
            return !stop();
        }
        // Read only around the passage: reading a whole source would take milliseconds.
        let words = Arc::new(SourceWords::around(text, &[passage]));
        let asked = Asked { owner: None, id, text: text.clone(), words };
        for last in ends(&asked, typed) {
            if asked.passage(last) == passage {
                out.push(continuation(&asked, typed, last));
            }
        }
        left -= 1;
        left > 0 && out.len() < MOST_FOUND && !stop()
    });
    if let Err(unavailable) = asked {
        tracing::warn!(%unavailable, "quotations are not completed from sources that are not cited");
    }
}

/// The words of the source that match the last word of `typed`, preceded by the others.
fn ends(asked: &Asked, typed: &Typed) -> Vec<usize> {
    let words = &asked.words.words;
    let anchors = typed.whole().map(|at| (at, words.places(typed.words.lower(at))));
    let Some((anchor, places)) = anchors.min_by_key(|(_, places)| places.len()) else { return Vec::new() };
    let (before, after) = (anchor - typed.from, typed.words.len() - 1 - anchor);
    let stands = |place: usize| {
        let start = place.checked_sub(before)?;
        let end = place + after;
        let run = start..=end;
        let fits = end < words.len()
            && run.clone().all(|at| typed.is(typed.from + at - start, words.lower(at)))
            && (start + 1..=end).all(|at| asked.stream().runs_on(at - 1, at))
            && run.clone().all(|at| !asked.is_furniture(asked.passage(at)));
        // Punctuation that was not typed would be missing from the quotation.
        let marked = || {
            (start + 1..=end).all(|at| same_marks(typed.words.gap(typed.from + at - start), words.gap(at)))
        };
        // Never lead the writer to claim what the source denies.
        let denied =
            || !typed.cut && limiter::denied(asked, Language::default(), start, &typed.before).is_some();
        (fits && marked() && !denied()).then_some(end)
    };
    places.iter().take(MOST_PLACES).filter_map(|&place| stands(place as usize)).collect()
}

/// How the passage continues after word `last`.
fn continuation(asked: &Asked, typed: &Typed, last: usize) -> Continuation {
    let words = &asked.words.words;
    let text = asked.text.text.as_str();
    let passage = asked.text.passages[asked.passage(last)].span;
    let here = |at: usize| at < words.len() && words.part(at) == words.part(last);
    let next = here(last + 1).then(|| words.span(last + 1).start);
    // Start at the first typed word in this passage.
    let first = (last + 1 - typed.count()..=last).find(|at| here(*at)).unwrap_or(last);
    let start = words.span(first).start;
    let window = Span::new(start, floor(text, passage.end.min(words.span(last).end + LONGEST)));
    let written = asked.text.text.slice(window);
    let typed_end = words.span(last).end;
    let ends = |begins: usize| start + written[..begins].trim_end().len();
    let mut behind = sentence::starts(Language::of(asked.text.language), written)
        .into_iter()
        .filter(|begins| start + begins > typed_end)
        .peekable();
    if typed.stopped && behind.peek().is_some_and(|begins| next.is_some_and(|next| start + begins <= next)) {
        behind.next();
    }
    let whole = (window.end >= passage.end).then_some(window.start + written.trim_end().len());
    let mut sentence = behind.next().map(ends).or(whole);
    let mut clause = None;
    let letter = |span: Span| text[span.start..].chars().next();
    let mut marks =
        Nested::behind(asked.text.text.slice(Span::new(passage.start, start)), letter(words.span(first)));
    let mut brackets = 0_usize;
    let mut before = start;
    for at in first..words.len() {
        if !here(at) || sentence.is_some_and(|end| words.span(at).start >= end) {
            break;
        }
        let gap = Span::new(before, words.span(at).start);
        before = words.span(at).end;
        let between = if at == first { "" } else { asked.text.text.slice(gap) };
        // If the words began inside quotation marks of the source, stop where those close.
        if let Some(closed) =
            marks.read(text[..gap.start].chars().next_back(), between, letter(words.span(at)))
            && at > last
            && limiter::limited(asked, at).is_none()
        {
            sentence = Some(gap.start + closed);
            break;
        }
        let parts = between.contains([',', ';', ':', '—', '–', '(']) || between.contains(" - ");
        let long = at - first >= FEWEST_IN_CLAUSE && (at > last + 1 || at == last + 1 && typed.half);
        let whole = parts && brackets == 0 && !marks.is_open();
        if whole && long && clause.is_none() && limiter::limited(asked, at).is_none() {
            clause = Some(gap.start);
        }
        brackets = (brackets + between.matches('(').count()).saturating_sub(between.matches(')').count());
    }
    if let Some(end) = sentence.filter(|&end| end > before) {
        // The marks after the last word, and those that close a speech directly after the sentence.
        let closing = text[end..passage.end].chars().take_while(|c| "”\"»“’'".contains(*c));
        let reach = end + closing.map(char::len_utf8).sum::<usize>();
        let tail = Span::new(before, reach);
        let strays = marks.read(text[..before].chars().next_back(), asked.text.text.slice(tail), None);
        sentence = match strays {
            Some(at) => Some((before + at).min(end)),
            None if !marks.is_open() => Some(reach),
            None => None,
        };
    }
    let clause = clause.filter(|&clause| sentence.is_none_or(|sentence| clause < sentence));
    Continuation {
        source: asked.id,
        passage: asked.passage(last),
        begins: asked.passage(last + 1 - typed.count()),
        same: typed
            .whole()
            .all(|at| typed.words.written(at) == words.written(last + 1 + at - typed.words.len())),
        last: words.span(last),
        next,
        sentence,
        clause,
    }
}

/// A cheap test for words in the raw letters of a passage, to run before the check.
struct Run {
    /// Runs of letters and digits, in lower case.
    chunks: Vec<String>,
    /// The longest of them without its first letter, which may differ in case.
    finder: memchr::memmem::Finder<'static>,
    longest: usize,
    /// Length of its first letter in bytes.
    head: usize,
    half: bool,
}

impl Run {
    fn new(written: &str, half: bool) -> Option<Self> {
        let pieces = written.split(|c: char| !c.is_alphanumeric());
        let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
        let whole = pieces.len().saturating_sub(usize::from(half));
        let (longest, piece) = pieces.iter().take(whole).enumerate().max_by_key(|(_, piece)| piece.len())?;
        let head = piece.chars().next().map_or(0, char::len_utf8);
        let head = if head == piece.len() { 0 } else { head };
        let finder = memchr::memmem::Finder::new(&piece.as_bytes()[head..]).into_owned();
        let chunks = pieces.iter().map(|piece| piece.to_lowercase()).collect();
        Some(Self { chunks, finder, longest, head, half })
    }

    /// Whether the words occur in `passage` one after another. May accept passages that the check rejects.
    fn stands_in(&self, passage: &str) -> bool {
        self.finder.find_iter(passage.as_bytes()).any(|found| {
            let Some(start) = found.checked_sub(self.head).filter(|at| passage.is_char_boundary(*at)) else {
                return false;
            };
            let mut before = &passage[..start];
            let mut rest = &passage[start..];
            // A letter right before the chunk makes it part of another word.
            if before.chars().next_back().is_some_and(char::is_alphanumeric) {
                return false;
            }
            for (at, chunk) in self.chunks.iter().enumerate().skip(self.longest) {
                let open = self.half && at + 1 == self.chunks.len();
                match head(rest, at > self.longest) {
                    Some((word, behind)) if word == *chunk || open && word.starts_with(chunk.as_str()) => {
                        rest = behind;
                    }
                    _ => return false,
                }
            }
            self.chunks[..self.longest].iter().rev().all(|chunk| match tail(before) {
                Some((word, ahead)) => {
                    before = ahead;
                    word == *chunk
                }
                None => false,
            })
        })
    }
}

/// The first run of letters and digits in `text`, in lower case, and the text after it. Skips a note mark
/// before it.
fn head(text: &str, skip: bool) -> Option<(String, &str)> {
    let text = if skip { text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[') } else { text };
    let noted = text.strip_prefix('[').map(|inner| {
        let behind = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        behind.strip_prefix(']').unwrap_or(inner)
    });
    let text = noted.unwrap_or(text).trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_lowercase(), &text[end..]))
}

/// The last run of letters and digits in `text`, in lower case, and the text before it.
fn tail(text: &str) -> Option<(String, &str)> {
    let mut text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ']');
    if let Some(inner) = text.strip_suffix(']') {
        let before = inner.trim_end_matches(|c: char| c.is_ascii_digit());
        text = before.strip_suffix('[').unwrap_or(inner);
    }
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = text.rfind(|c: char| !c.is_alphanumeric());
    let start = start.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    (start < text.len()).then(|| (text[start..].to_lowercase(), &text[..start]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_seen_in_a_passage_without_reading_it_word_by_word() {
        let stands = |written: &[&str], half: bool, passage: &str| {
            let written = &written.join(" ");
            Run::new(written, half).is_some_and(|run| run.stands_in(passage))
        };
        let passage =
            "Ships don’t wait for pilots[12] in the outer\nroads; they wait, as all do, for 2.5 hours.";
        for (written, half) in [
            (&["Ships", "don't", "wait"][..], false),
            (&["pilots", "in", "the"][..], false),
            (&["outer", "roads", "th"][..], true),
            (&["wait", "as", "all"][..], false),
            (&["for", "2.5", "hours"][..], false),
            (&["ships", "don't"][..], true),
        ] {
            assert!(stands(written, half, passage), "{written:?}");
        }
        for (written, half) in [
            (&["wait", "pilots", "in"][..], false),
            (&["outer", "roads", "th"][..], false),
            (&["ips", "don't", "wait"][..], false),
            (&["as", "al", "do"][..], false),
            (&["for", "2.5", "hours", "more"][..], false),
            (&["half"][..], true),
            (&[][..], false),
        ] {
            assert!(!stands(written, half, passage), "{written:?}");
        }
    }

    /// The compared words, followed by `|` if the last may be incomplete.
    fn typed(brief: &str) -> String {
        let Some(typed) = Typed::read(brief, 0, &[Span::new(0, brief.len())], brief.len()) else {
            return String::new();
        };
        let words = (typed.from..typed.words.len()).map(|at| typed.words.written(at));
        words.collect::<Vec<_>>().join(" ") + if typed.half { "|" } else { "" }
    }

    #[test]
    fn the_words_since_the_writers_last_change_count() {
        assert_eq!(typed("Ships do not "), "Ships do not");
        assert_eq!(typed("Ships do n"), "Ships do n|");
        assert_eq!(typed("Ships do "), "");
        assert_eq!(typed("Ships … they wait, as "), "they wait as");
        assert_eq!(typed("[The] ships do not "), "ships do not");
        assert_eq!(typed("[T]he ships do not "), "ships do not");
        assert_eq!(typed("the ships [here] wait for "), "");
        assert_eq!(typed("the ships wait for [the"), "");
        assert_eq!(typed("the ships wait for …"), "");
        let long = "wait ".repeat(500);
        assert_eq!(typed(&long).split(' ').count(), MOST_WORDS);
        assert_eq!(typed(&"x".repeat(5_000)), "");
    }
}
