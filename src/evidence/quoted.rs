//! A quotation as a set of claims: words that occur in the source, and the marks with which a writer shows
//! changes: brackets, `[sic]`, ellipses. Never sees a source.

use crate::text::Span;
use crate::text::language::Language;
use crate::text::words::Words;

/// One claim that a quotation makes about its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    /// The source has this word here (an index into the words of the quotation).
    Word(usize),
    /// The source has one word here that begins and ends like this, in lower case: `[t]he`, `say[s]`.
    Stub { at: usize, start: String, end: String },
    /// The writer's own words in brackets (their indices; none for a bracketed number, which may be a note
    /// mark), replacing some of the source's words or none.
    Added(std::ops::Range<usize>),
    /// The source has this word here, or one that was cut by the ellipsis beside it: an export keeps so many
    /// letters (`the gover...`, `...ernment is`).
    Cut { at: usize, missing: Missing },
    /// The writer omitted something.
    Omission,
}

impl Element {
    /// Whether the source must have a word for it.
    pub(super) fn is_word(&self) -> bool {
        match self {
            Self::Word(_) | Self::Stub { .. } | Self::Cut { .. } => true,
            Self::Added(_) | Self::Omission => false,
        }
    }
}

/// The part of a word that an ellipsis cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Beginning,
    End,
}

/// Beginnings that make the opposite of a word in some European language, so that to cut them off is a change:
/// “…able to pay” for “unable to pay”.
const OPPOSITES: [&str; 16] =
    ["un", "in", "im", "ir", "il", "dis", "dés", "des", "de", "non", "miss", "nie", "bez", "не", "ни", "без"];

impl Missing {
    /// Returns true if `word`, which touches the ellipsis, is `whole` without the missing part. If only the last
    /// letter is missing it is another form of the word: “the boat…” for “the boats”.
    pub(super) fn fits(self, word: &str, whole: &str) -> bool {
        match self {
            Self::End => whole.strip_prefix(word).is_some_and(|rest| rest.chars().count() > 1),
            Self::Beginning => {
                whole.strip_suffix(word).is_some_and(|rest| !rest.is_empty() && !OPPOSITES.contains(&rest))
            }
        }
    }
}

/// Fewest letters of a cut word: fewer would fit too many words.
const FEWEST_LEFT: usize = 2;

/// What directly follows a word that was cut short: an ellipsis, in brackets or not.
const CUTS: [&str; 6] = ["...", "…", "[...]", "[…]", "(...)", "(…)"];

/// From this many dots on, they form a leader; see [`Quoted::has_leader`].
const LEADER_DOTS: usize = 5;
/// The same for the character that is three dots.
const LEADER_SIGNS: usize = 3;

/// A quotation prepared for checking.
#[derive(Debug)]
pub(super) struct Quoted {
    pub(super) words: Words,
    pub(super) elements: Vec<Element>,
    /// Whether a comment such as `[sic]` was left out.
    pub(super) commented: bool,
    /// The brief's language, in which brackets are written.
    pub(super) language: Language,
}

impl Quoted {
    /// Reads the pieces `pieces` of `brief`.
    pub(super) fn read(language: Language, brief: &str, pieces: &[Span]) -> Self {
        Self::with(language, brief, pieces, true)
    }

    /// The same, but treats “(sic)” and the like as ordinary words of the source.
    pub(super) fn read_with_comments(language: Language, brief: &str, pieces: &[Span]) -> Self {
        Self::with(language, brief, pieces, false)
    }

    fn with(language: Language, brief: &str, pieces: &[Span], comments: bool) -> Self {
        let words = Words::read(brief, [pieces]);
        let mut quoted = Self { words, elements: Vec::new(), commented: false, language };
        let mut at = 0;
        while at < quoted.words.len() {
            if quoted.words.gap(at).contains("...")
                && !quoted.elements.is_empty()
                && !quoted.has_leader(brief, at)
            {
                quoted.cut_end(brief);
                quoted.omit();
            }
            if holds_number(quoted.words.gap(at)) {
                quoted.elements.push(Element::Added(at..at));
            }
            let close = opens(quoted.words.gap(at)).and_then(|mark| quoted.close(at, mark));
            match close {
                Some(end) => {
                    at = quoted.bracket(at, end, comments);
                }
                None => {
                    quoted.elements.push(Element::Word(at));
                    at += 1;
                }
            }
        }
        while quoted.elements.last() == Some(&Element::Omission) {
            quoted.elements.pop();
        }
        if matches!(quoted.elements.last(), Some(Element::Word(last)) if last + 1 == quoted.words.len()) {
            quoted.cut_end(brief);
        }
        if let Some(Element::Word(first)) = quoted.elements.first()
            && *first == 0
            && quoted.words.lower(0).chars().count() >= FEWEST_LEFT
            && quoted.words.lower(0).chars().all(char::is_lowercase)
            && brief
                .get(..quoted.words.span(0).start)
                .is_some_and(|before| CUTS.iter().any(|mark| before.ends_with(mark)))
        {
            quoted.elements[0] = Element::Cut { at: 0, missing: Missing::Beginning };
        }
        quoted
    }

    /// Takes the last word, if an ellipsis touches it, for one that may have been cut short.
    fn cut_end(&mut self, brief: &str) {
        let Some(Element::Word(last)) = self.elements.last().cloned() else { return };
        let touched = brief
            .get(self.words.span(last).end..)
            .is_some_and(|rest| CUTS.iter().any(|mark| rest.starts_with(mark)));
        if touched && self.words.lower(last).chars().count() >= FEWEST_LEFT {
            self.elements.pop();
            self.elements.push(Element::Cut { at: last, missing: Missing::End });
        }
    }

    /// Whether the dots before word `at` are a leader, as in a table of contents: an ellipsis has three or
    /// four dots (in Chinese and Japanese, two characters of three).
    fn has_leader(&self, brief: &str, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let between = brief.get(self.words.span(before).end..self.words.span(at).start).unwrap_or_default();
        let (dots, signs) = (between.matches('.').count(), between.matches('…').count());
        !between.contains(['[', '(']) && (dots >= LEADER_DOTS || signs >= LEADER_SIGNS)
    }

    fn omit(&mut self) {
        if self.elements.last() != Some(&Element::Omission) {
            self.elements.push(Element::Omission);
        }
    }

    /// The word after the bracket that opens before word `at`, if it closes soon.
    fn close(&self, at: usize, mark: char) -> Option<usize> {
        /// A longer bracket is not an insertion but the source's own.
        const LONGEST: usize = 12;
        (at + 1..=self.words.len().min(at + LONGEST)).find(|&end| self.words.gap(end).contains(mark))
    }

    /// Reads the bracket around words `at..end`; returns the next word.
    fn bracket(&mut self, at: usize, end: usize, comments: bool) -> usize {
        let inside: Vec<&str> = (at..end).map(|word| self.words.lower(word)).collect();
        let round = opens(self.words.gap(at)) == Some(')');
        // In whatever language the brief is: none of these is a word of another's prose.
        if Language::every().tables().any(|tables| tables.writing.comments.has(&inside)) {
            self.commented = comments;
            if !comments {
                self.elements.extend((at..end).map(Element::Word));
            }
            return end;
        }
        if round {
            // Words in round brackets may be the source's own, and may contain brackets of the writer's.
            self.elements.push(Element::Word(at));
            return at + 1;
        }
        if end == at + 1 && end < self.words.len() && self.words.gap(end) == "]'" {
            // `[I]’m`
            let rest = format!("'{}", self.words.lower(end));
            self.elements.push(Element::Stub { at: end, start: String::new(), end: rest });
            return end + 1;
        }
        let glued_behind = end < self.words.len() && self.words.gap(end) == "]";
        let glued_before = at > 0 && matches!(self.words.gap(at), "[" | "['");
        if end == at + 1 && glued_behind {
            let rest = self.words.lower(end).to_owned();
            // `[T]he` is the word “the”; `[re]think` may be “think”.
            self.elements.push(Element::Stub { at: end, start: String::new(), end: rest });
            return end + 1;
        }
        if end == at + 1 && glued_before && matches!(self.elements.last(), Some(Element::Word(_))) {
            self.elements.pop();
            let start = self.words.lower(at - 1).to_owned();
            self.elements.push(Element::Stub { at: at - 1, start, end: String::new() });
            return end;
        }
        self.elements.push(Element::Added(at..end));
        end
    }

    /// The non-empty stretches between omissions.
    pub(super) fn fragments(&self) -> Vec<&[Element]> {
        let parts = self.elements.split(|element| *element == Element::Omission);
        parts.filter(|part| part.iter().any(Element::is_word)).collect()
    }
}

/// Whether `gap` contains a number in square brackets, which is not a word because it may be a note mark.
fn holds_number(gap: &str) -> bool {
    gap.split('[').skip(1).any(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && rest[digits..].starts_with(']')
    })
}

/// The closing mark for the last bracket opened in `gap`.
fn opens(gap: &str) -> Option<char> {
    match gap.rfind(['[', ']', '(', ')']).map(|at| gap.as_bytes()[at]) {
        Some(b'[') => Some(']'),
        Some(b'(') => Some(')'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let quoted = Quoted::read(Language::english(), text, &[Span::new(0, text.len())]);
        let show = |element: &Element| match element {
            Element::Word(at) => quoted.words.written(*at).to_owned(),
            Element::Stub { start, end, .. } => format!("{start}~{end}"),
            Element::Added(range) => format!("+{}", range.len()),
            Element::Cut { at, missing: Missing::End } => format!("{}~", quoted.words.written(*at)),
            Element::Cut { at, missing: Missing::Beginning } => format!("~{}", quoted.words.written(*at)),
            Element::Omission => "…".into(),
        };
        quoted.elements.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_an_ellipsis_may_cut_off() {
        for (missing, word, whole) in [
            (Missing::End, "gover", "government"),
            (Missing::Beginning, "ost", "most"),
            (Missing::Beginning, "ernment", "government"),
        ] {
            assert!(missing.fits(word, whole), "{word} {whole}");
        }
        for (missing, word, whole) in [
            (Missing::End, "boat", "boats"),
            (Missing::End, "boat", "boat"),
            (Missing::Beginning, "able", "unable"),
            (Missing::Beginning, "возможно", "невозможно"),
            (Missing::Beginning, "most", "most"),
            (Missing::Beginning, "ost", "last"),
        ] {
            assert!(!missing.fits(word, whole), "{word} {whole}");
        }
    }

    #[test]
    fn brackets_and_ellipses() {
        assert_eq!(read("[T]he oil … was [nearly all] gone [sic] …"), "~he oil … was +2 gone");
        assert_eq!(read("… he say[s] it, […] they went (at last)."), "he say~ it … they went at last");
        assert_eq!(read("Oil for the lamp........ 6.50"), "Oil for the lamp 6 50".replace("6 50", "6.50"));
        assert_eq!(read("Nails . . . . . . 2 …… 3 ………… 4"), "Nails 2 … 3 4");
        assert_eq!(read("it was all gov…"), "it was all gov~");
        assert_eq!(read("…ernment was gov… and all"), "~ernment was gov~ … and all");
        assert_eq!(read("… the oil … was I…"), "the oil … was I");
        assert_eq!(read("it [unclosed and on"), "it unclosed and on");
        assert_eq!(read("so it is (emphasis added)"), "so it is");
        assert_eq!(read("gone (or [nearly] so … it seems) now"), "gone or +1 so … it seems now");
        assert_eq!(read("[I]’m sure that in [2019] they were"), "~'m sure that in +0 they were");
    }
}
