//! How citation keys are written, in briefs and in libraries.

use crate::brief::Brief;
use crate::text::Text;
use crate::text::visible::visible;

/// How a key is written after `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `@key`
    Bare,
    /// `@{key}`
    Braced,
}

/// Whether `key` can only be cited in braces: `@{a key}`.
pub(super) fn needs_braces(key: &str) -> bool {
    let simple = |c: char| c.is_alphanumeric() || c == '_';
    !key.chars().all(simple) && matches!(form(key), Some(Form::Braced))
}

/// How `key` must be written; `None` if it cannot be cited. Asks the brief parser, so that both agree.
pub(super) fn form(key: &str) -> Option<Form> {
    let reads = |written: String| {
        let brief = Brief::read(Text::new(written));
        brief.citations.len() == 1 && brief.citations[0].key == key
    };
    /// Longest key accepted, in characters.
    const LONGEST: usize = 200;
    // Whitespace would end the key or the paragraph, and invisible characters would go unnoticed.
    let unseen = visible(key) != key || key.contains(['\t', '\u{200b}', '\u{2060}', '\u{feff}', '\u{ad}']);
    if key.is_empty()
        || key == "*"
        || unseen
        || key.contains(char::is_whitespace)
        || key.chars().nth(LONGEST).is_some()
    {
        return None;
    }
    if reads(format!("See [@{key}, more].\n")) && reads(format!("See @{key}.\n")) {
        Some(Form::Bare)
    } else {
        reads(format!("See [@{{{key}}}, more].\n")).then_some(Form::Braced)
    }
}

/// Whether `c` is an ordinary character of a key in the library file `name`, with no meaning in the file's
/// syntax.
pub(super) fn fits_library(name: &str, c: char) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "json" => !matches!(c, '"' | '\\'),
        "yaml" | "yml" => c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+'),
        _ => !matches!(c, '"' | '#' | '%' | '\'' | '(' | ')' | ',' | '=' | '{' | '}' | '~' | '\\' | '@'),
    }
}
