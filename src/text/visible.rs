//! Characters that are not seen and change what is: escape sequences, controls, marks that turn the direction of
//! writing. In what we show of other people's texts they are made visible.

use std::borrow::Cow;

/// `text` with a sign in place of each of these; line breaks and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| shown(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    text.chars().filter_map(shown).collect::<String>().into()
}

/// What is shown of `c`; nothing of the marks that only help writing from right to left.
fn shown(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' => Some(c),
        // Unicode has pictures of the first 32 and of DEL, in their order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => None,
        c => Some(c),
    }
}

/// The same in JSON, where each can be written so that it is still the character that it is.
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
