//! Recognizes the heads of messages in exported chats: day, time and sender.
//!
//! ```text
//! [31.12.23, 21:41:30] Alice Moor: It was shut.      Alice Moor, [31.12.23 21:41]
//! 12/31/23, 9:41 PM - Alice Moor: It was shut.       It was shut.
//! ```
//!
//! The first two are those of WhatsApp on iOS and Android, the third is that of Telegram.

use std::sync::LazyLock;

use regex::Regex;

use super::head::Head;

/// Fewest messages with a sender in a chat.
const MESSAGES: usize = 4;

/// Of the paragraphs of a chat, at least one in this many begins with a head. A message may have several.
const PARAGRAPHS_PER_HEAD: usize = 6;

/// Invisible marks of direction, which WhatsApp writes before heads and words.
const MARKS: &str = r"[\u{200e}\u{200f}\u{202a}-\u{202e}]*";

/// The heads. The group `name` is the sender; what the program itself says has none.
static HEADS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    const DAY: &str = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?";
    const CLOCK: &str = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[AaPp]\.?\s?[Mm]\.?)?";
    // Phone numbers and signs of fun are names as well.
    const SENDER: &str = r"(?:(?P<name>[^:\[\]]{1,60}?):(?:\s|$))?";
    let stamp = format!(r"{DAY},?\s+(?:\w{{1,3}}\s)?{CLOCK}");
    let heads = [
        format!(r"^{MARKS}\[{stamp}\]\s*{MARKS}{SENDER}{MARKS}"),
        format!(r"^{MARKS}{stamp}\s+[-–]\s+{MARKS}{SENDER}{MARKS}"),
        format!(r"^(?P<name>[^:\[\]]{{1,60}}?),?\s+\[{stamp}\]:?$"),
    ];
    heads.iter().filter_map(|head| Regex::new(head).ok()).collect()
});

/// What programs write into logs where a chat has the sender.
static LEVEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:trace|debug|info|notice|warn(?:ing)?|error|critical|fatal|alert|emergency)$").ok()
});

/// Returns the head of a line with these `words`.
pub(super) fn head(words: &str) -> Option<Head<'_>> {
    let first = words.trim_start_matches(is_mark);
    let may_begin = first.starts_with(|c: char| c == '[' || c.is_ascii_digit());
    if !may_begin && !words.ends_with(']') && !words.ends_with("]:") {
        return None;
    }
    HEADS.iter().find_map(|head| {
        let found = head.captures(words)?;
        let (name, length) = (found.name("name"), found[0].len());
        let named_at = name.map_or(length, |name| name.start());
        Some(Head { time: None, name: name.map(|name| name.as_str()), named_at, length })
    })
}

/// Returns true for one of [`MARKS`].
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
}

/// Returns true if a text of so many `paragraphs` is a chat, judging by the `senders` of its messages and the number of
/// its `heads`.
pub(super) fn is_chat(senders: &[&str], heads: usize, paragraphs: usize) -> bool {
    let is_level = |sender: &&str| LEVEL.as_ref().is_some_and(|level| level.is_match(sender));
    senders.len() >= MESSAGES && heads * PARAGRAPHS_PER_HEAD >= paragraphs && !senders.iter().all(is_level)
}
