//! Patterns for one paragraph of a page, which are quick to build.

use regex::bytes::{Captures, Regex};

/// A pattern for words.
pub(super) struct Pattern(Option<Regex>);

impl Pattern {
    /// The pattern `written`, which the tests know to be valid. A counted wildcard in it, `.{0,60}` or `[^:]{2,40}`, counts
    /// bytes: for characters each of its copies would be a decoder of UTF-8. To build all patterns of this room took 131 ms
    /// so, and takes 66. A class of letters must not be counted, as in `[\p{L} ]{1,30}`, for the same reason: count words instead.
    pub(super) fn new(written: &str) -> Self {
        Self(Regex::new(&in_bytes(written)).ok())
    }

    /// Whether it is a regular expression.
    #[cfg(test)]
    pub(super) fn is_valid(&self) -> bool {
        self.0.is_some()
    }

    /// Whether `words` fit it.
    pub(super) fn fits(&self, words: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(words.as_bytes()))
    }

    /// The first place in `words` that fits it.
    pub(super) fn captures<'w>(&self, words: &'w str) -> Option<Captures<'w>> {
        self.0.as_ref()?.captures(words.as_bytes())
    }
}

/// `written` with its counted wildcards for bytes.
fn in_bytes(written: &str) -> String {
    let mut out = String::with_capacity(2 * written.len());
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            '[' => class(rest),
            _ => first.len_utf8(),
        };
        let (one, behind) = rest.split_at(length);
        let wild = one == "." || one.starts_with("[^") && one.is_ascii() && !one.contains("\\p");
        if wild && behind.starts_with('{') {
            out.push_str("(?-u:");
            out.push_str(one);
            out.push(')');
        } else {
            out.push_str(one);
        }
        rest = behind;
    }
    out
}

/// The length of the class that `text` begins with. A bracket in it is escaped.
fn class(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_wildcards_count_bytes() {
        for (written, expected) in [
            (r"^a.{0,9}b.*$", r"^a(?-u:.){0,9}b.*$"),
            (r"[^:\n]{2,4}[^–]{2}[^.]+", r"(?-u:[^:\n]){2,4}[^–]{2}[^.]+"),
            (r"\.{3}[.]{2}[\].{]{1}\p{L}{2}", r"\.{3}[.]{2}[\].{]{1}\p{L}{2}"),
        ] {
            assert_eq!(in_bytes(written), expected);
        }
        assert!(Pattern::new("^(?i)ЖУК.{0,4}ö$").fits("жукжуö"));
        assert!(!Pattern::new("^.{0,3}$").fits("жук"));
    }
}
