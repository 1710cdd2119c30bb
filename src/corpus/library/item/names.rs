//! Names as in CSL-JSON.

use serde_json::{Map, Value, json};

use super::{Author, said};

/// A person with these parts; an organisation if nothing but the family name is given. `None` without any name.
pub(super) fn name(
    family: &str,
    given: &str,
    particle: Option<(&str, String)>,
    suffix: &str,
) -> Option<Value> {
    let (family, given) = (said(family), said(given));
    let Some(family) = family else { return given.map(|given| json!({"literal": given})) };
    let particle = particle.filter(|(_, words)| !words.trim().is_empty());
    if given.is_none() && particle.is_none() && suffix.trim().is_empty() {
        return Some(json!({"literal": family}));
    }
    let mut parts = Map::new();
    let mut put = |name: &str, words: Option<String>| {
        if let Some(words) = words {
            parts.insert(name.to_owned(), Value::String(words));
        }
    };
    put("family", Some(family));
    put("given", given);
    put("suffix", said(suffix));
    if let Some((kind, words)) = particle {
        put(kind, said(&words));
    }
    Some(Value::Object(parts))
}

/// An author of an entry.
pub(super) fn of_author(author: &Author) -> Value {
    name(&author.family, &author.given, None, "").unwrap_or_else(|| json!({"literal": author.full()}))
}

/// A name written `Family, Given` or `Family, Suffix, Given` (EndNote: `Family, Given, Suffix`), or an organisation's
/// name without a comma.
pub(super) fn inverted(written: &str, suffix_last: bool) -> Option<Value> {
    let parts: Vec<&str> = written.split(',').map(str::trim).collect();
    match parts[..] {
        [family, given, suffix] if suffix_last => name(family, given, None, suffix),
        [family, suffix, given] => name(family, given, None, suffix),
        [family, given] => name(family, given, None, ""),
        _ => name(written, "", None, ""),
    }
}
