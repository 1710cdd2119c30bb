//! Invisible characters that change what a reader sees: escape sequences, control characters and
//! bidirectional marks. They are made visible in any text of others that we show.

use std::borrow::Cow;

/// `text` with each such character replaced by a symbol; line breaks and tabs are kept.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    text.chars().filter_map(shown).collect::<String>().into()
}

/// The symbol shown for `c`; `None` for marks that merely help with right-to-left text.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' => Some(c),
        // Unicode has pictures for the first 32 control characters and DEL, in the same order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => None,
        c => Some(c),
    }
}

/// The same for JSON, where each of these characters can be escaped without changing the value.
#[must_use]
pub fn in_json(json: &str) -> Cow<'_, str> {
    let safe = |c: char| shown(c) == Some(c);
    if json.chars().all(safe) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if safe(c) {
            out.push(c);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_shown() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}\0\u{7f}"), "a␛[31mb␇␀␡");
        assert_eq!(visible("ab\u{202e}dc\u{2066}x\u{85}"), "ab\u{fffd}dc\u{fffd}x\u{fffd}");
        assert_eq!(visible("שלום\u{200f}!"), "שלום!");
        assert!(matches!(visible("two\n\tlines — “é”\u{a0}\u{ad}"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same() {
        let text = "a\u{202e}\u{9b}b\n\u{1b}";
        let json = serde_json::to_string(text).expect("JSON");
        let shown = in_json(&json);
        assert!(!shown.contains(['\u{202e}', '\u{9b}', '\u{1b}']));
        assert_eq!(serde_json::from_str::<String>(&shown).ok().as_deref(), Some(text));
    }
}
