//! Quotation marks within quoted words: which of them open and close there, and which were opened outside.

/// Reads the marks of a text from left to right.
#[derive(Debug, Default, Clone)]
pub(super) struct Nested {
    double: usize,
    single: usize,
    /// Whether a mark was open before the first word read.
    outer: Outer,
}

#[derive(Debug, Default, Clone, Copy)]
struct Outer {
    double: bool,
    single: bool,
}

enum Side {
    Opens,
    Closes,
}

impl Nested {
    /// For words that follow `before`, the text from the start of their passage.
    pub(super) fn behind(before: &str, first: Option<char>) -> Self {
        let mut outside = Self::default();
        let mut rest = before;
        let mut last = None;
        // Surplus closing marks belong to quotations opened in an earlier paragraph.
        while let Some(at) = outside.read(last, rest, first) {
            let mark = rest[at..].chars().next();
            rest = &rest[at + mark.map_or(1, char::len_utf8)..];
            last = mark;
        }
        let outer = Outer { double: outside.double > 0, single: outside.single > 0 };
        Self { outer, ..Self::default() }
    }

    /// Whether a double mark is open. For a single mark this cannot be told: it may be an apostrophe.
    pub(super) fn is_open(&self) -> bool {
        self.double > 0
    }

    /// Whether a single mark, or an apostrophe that looks like one, is open.
    pub(super) fn is_single_open(&self) -> bool {
        self.single > 0
    }

    /// Reads `gap`, the text between the characters `before` and `after`. Returns the byte in it of the first
    /// mark that closes more than was opened.
    pub(super) fn read(&mut self, before: Option<char>, gap: &str, after: Option<char>) -> Option<usize> {
        let mut previous = before;
        let mut all = gap.char_indices().peekable();
        while let Some((at, c)) = all.next() {
            let next = all.peek().map(|(_, next)| *next).or(after);
            let strays = match c {
                '“' | '”' | '„' | '‟' | '«' | '»' | '"' | '「' | '」' | '『' | '』' => {
                    self.double(previous, c, next)
                }
                '‘' | '’' | '‚' | '‹' | '›' | '\'' => self.single(previous, c, next),
                _ => false,
            };
            if strays {
                return Some(at);
            }
            previous = Some(c);
        }
        None
    }

    fn double(&mut self, previous: Option<char>, c: char, next: Option<char>) -> bool {
        let side = match (side(previous, next), c) {
            (Some(side), _) => side,
            (None, '“' | '„' | '‟' | '«' | '「' | '『') => Side::Opens,
            (None, '"') if self.double == 0 && !self.outer.double => Side::Opens,
            (None, _) => Side::Closes,
        };
        match side {
            Side::Opens => self.double += 1,
            Side::Closes if self.double > 0 => self.double -= 1,
            // A measure in inches.
            Side::Closes => {
                let measure = c == '"' && previous.is_some_and(char::is_numeric) && !self.outer.double;
                return !measure;
            }
        }
        false
    }

    fn single(&mut self, previous: Option<char>, c: char, next: Option<char>) -> bool {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if letter(previous) && letter(next) {
            return false;
        }
        match side(previous, next) {
            Some(Side::Opens) => self.single += 1,
            None if matches!(c, '‘' | '‚' | '‹') => self.single += 1,
            None => {}
            Some(Side::Closes) => {
                let owner =
                    matches!(previous, Some('s' | 'S' | 'x' | 'z')) && next.is_some_and(char::is_whitespace);
                if self.single > 0 && !owner {
                    self.single -= 1;
                } else if self.single == 0 {
                    // After a letter it may be an apostrophe.
                    return !letter(previous) || matches!(c, '›' | '‹') || self.outer.single && !owner;
                }
            }
        }
        false
    }
}

/// Whether a mark between these two characters opens or closes, if that is clear.
fn side(previous: Option<char>, next: Option<char>) -> Option<Side> {
    let is_mark = |c: char| "“”„‟«»\"‘’‚‹›'「」『』".contains(c);
    let leads = previous.is_none_or(|c| c.is_whitespace() || "([{—–¿¡/".contains(c));
    let trails = next.is_none_or(|c| c.is_whitespace() || ".,;:!?)]}—–…/".contains(c));
    match (leads, trails) {
        (true, false) => Some(Side::Opens),
        (false, true) => Some(Side::Closes),
        (false, false) if previous.is_some_and(|c| ".,;:!?…".contains(c)) => Some(Side::Closes),
        (false, false) if next.is_some_and(is_mark) && previous.is_some_and(char::is_alphanumeric) => {
            Some(Side::Closes)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text up to the first stray mark.
    fn before_stray(text: &str) -> &str {
        Nested::default().read(None, text, None).map_or("", |at| &text[..at])
    }

    #[test]
    fn marks_in_pairs_are_nobody_s_strays() {
        for text in [
            "she said “no” and left",
            "she said \"no\" and left",
            "she said: \"No.\" He left.",
            "« Non », dit-elle.",
            "„Nein“, sagte sie.",
            "»Nein«, sagte sie.",
            "the owners’ boats and the masters' house",
            "it’s the ‘old’ way",
            "'Twas late, and nobody was goin' home",
            "a board of 9\" by 12\"",
            "「不」她说",
            "(\"no\")",
            "the ‘‘old’’ way",
        ] {
            assert_eq!(before_stray(text), "", "{text}");
        }
    }

    #[test]
    fn a_mark_that_was_opened_before_strays() {
        for (text, kept) in [
            ("we knew it.\"", "we knew it."),
            ("we knew it.”", "we knew it."),
            ("we knew it,\" she said", "we knew it,"),
            ("we knew it.'", "we knew it."),
            ("we knew it.’ He left", "we knew it."),
            ("we “all” knew it”.", "we “all” knew it"),
            ("wir wussten es.“", "wir wussten es."),
            ("nous savions »", "nous savions "),
            ("we knew it›", "we knew it"),
        ] {
            assert_eq!(before_stray(text), kept, "{text}");
        }
    }

    #[test]
    fn what_was_opened_before_decides_where_a_mark_can_be_both() {
        let stray =
            |before: &str, text: &str| Nested::behind(before, text.chars().next()).read(None, text, None);
        assert_eq!(stray("He called: '", "we knew it'. And"), Some(10));
        assert_eq!(stray("He wrote: ", "we knew it'. And"), None);
        assert_eq!(stray("Boards: \"", "of 9\", he said"), Some(4));
        assert_eq!(stray("Boards: ", "of 9\", he said"), None);
    }
}
