//! What the front matter of briefs, and the settings of projects, say about libraries, languages and styles. Empty if it
//! is not valid: it is being written, and other tools report that.

use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::text::{FrontMatter, yaml_fields};

/// The paths that `bibliography:` in a brief names, as written.
#[must_use]
pub fn bibliography(brief: &str) -> Vec<PathBuf> {
    fields(brief).map(|fields| paths(&fields)).unwrap_or_default()
}

/// The paths that `bibliography:` in the file of a project names, as written.
pub(super) fn of_project(yaml: &str) -> Vec<PathBuf> {
    yaml_fields(yaml).map(|fields| paths(&fields)).unwrap_or_default()
}

/// The language tag that `lang:` in the file of a project gives.
pub(super) fn language(yaml: &str) -> Option<String> {
    said(yaml_fields(yaml)?.get("lang")?)
}

/// The style that `csl:` in a brief names, as written; Quarto's `citation-style:` and Pandoc's older field of that name are
/// the same.
pub(super) fn style(brief: &str) -> Option<String> {
    let fields = fields(brief)?;
    said(fields.get("csl").or_else(|| fields.get("citation-style"))?)
}

fn fields(brief: &str) -> Option<Map<String, Value>> {
    FrontMatter::of(brief)?.fields(brief)
}

fn paths(fields: &Map<String, Value>) -> Vec<PathBuf> {
    let paths = match fields.get("bibliography") {
        Some(Value::String(path)) => vec![path.as_str()],
        Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    paths.into_iter().filter(|path| !path.is_empty()).map(PathBuf::from).collect()
}

fn said(value: &Value) -> Option<String> {
    let words = value.as_str()?.trim();
    (!words.is_empty()).then(|| words.to_owned())
}
