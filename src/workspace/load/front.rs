//! The front matter of a brief: the YAML between `---` on its first line and the next `---` or `...`.

use std::path::PathBuf;

use serde_json::Value;

/// The paths that `bibliography:` in a brief names, as written. Empty if the front matter is not valid YAML:
/// it is being written, and other tools report that.
#[must_use]
pub fn bibliography(brief: &str) -> Vec<PathBuf> {
    front_matter(brief).map(of_yaml).unwrap_or_default()
}

/// The paths that `bibliography:` in `yaml` names, as written.
#[must_use]
pub(super) fn of_yaml(yaml: &str) -> Vec<PathBuf> {
    let Ok(Value::Object(fields)) = serde_saphyr::from_str::<Value>(yaml) else { return Vec::new() };
    let paths = match fields.get("bibliography") {
        Some(Value::String(path)) => vec![path.as_str()],
        Some(Value::Array(paths)) => paths.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    paths.into_iter().filter(|path| !path.is_empty()).map(PathBuf::from).collect()
}

/// The language tag that `lang:` in `yaml` gives.
#[must_use]
pub(super) fn language(yaml: &str) -> Option<String> {
    let Ok(Value::Object(fields)) = serde_saphyr::from_str::<Value>(yaml) else { return None };
    let tag = fields.get("lang")?.as_str()?.trim();
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// The style that `csl:` in a brief names, as written; Quarto's `citation-style:` and Pandoc's older field of that name are
/// the same.
#[must_use]
pub(super) fn style(brief: &str) -> Option<String> {
    let Ok(Value::Object(fields)) = serde_saphyr::from_str::<Value>(front_matter(brief)?) else {
        return None;
    };
    let written = fields.get("csl").or_else(|| fields.get("citation-style"))?.as_str()?.trim();
    (!written.is_empty()).then(|| written.to_owned())
}

fn front_matter(brief: &str) -> Option<&str> {
    let brief = brief.strip_prefix('\u{feff}').unwrap_or(brief);
    let mut lines = brief.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut end = first.len();
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return Some(&brief[first.len()..end]);
        }
        end += line.len();
    }
    None
}
