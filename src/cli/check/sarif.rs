//! Findings as SARIF 2.1.0 (OASIS), for code scanning. Lines and columns count from 1, columns are Unicode
//! code points, and the end of a region is just past its last character.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::checked::Checked;
use crate::cli::{client, layout};
use crate::config::{Code, Level};
use crate::features::diagnostics::{Finding, Fix};
use crate::text::visible::in_json;
use crate::text::{Encoding, Span, Text};

pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = Code::ALL
        .iter()
        .map(|code| {
            json!({
                "id": code.name(),
                "shortDescription": { "text": code.help() },
                "helpUri": code.url(),
                "defaultConfiguration": { "level": level(code.default_level()) },
            })
        })
        .collect();
    let results: Vec<Value> =
        checked.iter().flat_map(|file| file.findings.iter().map(|finding| result(file, finding))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "glossator",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    write!(out, "{}", in_json(&serde_json::to_string_pretty(&log)?))?;
    writeln!(out)
}

fn result(file: &Checked, finding: &Finding) -> Value {
    let artifact = json!({ "uri": uri(file) });
    let mut result = json!({
        "ruleId": finding.code.name(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.level),
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact,
            "region": region(&file.text, finding.span),
        } }],
    });
    // SARIF requires at least one change per fix, and one replacement per change.
    let fixes: Vec<Value> = finding
        .fixes
        .iter()
        .filter(|fix| !fix.edits.is_empty())
        .map(|fix| fix_json(&file.text, &artifact, fix))
        .collect();
    if !fixes.is_empty() {
        result["fixes"] = fixes.into();
    }
    result
}

fn fix_json(text: &Text, artifact: &Value, fix: &Fix) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(
            |(span, new)| json!({ "deletedRegion": region(text, *span), "insertedContent": { "text": new } }),
        )
        .collect();
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{ "artifactLocation": artifact, "replacements": replacements }],
    })
}

/// Relative to the current folder, which is the repository in code scanning.
fn uri(file: &Checked) -> String {
    let path = layout::path_from_here(file.file.path());
    if std::path::Path::new(&path).is_absolute() {
        client::uri_of(file.file.path())
    } else {
        client::percent_encoded(&path)
    }
}

fn region(text: &Text, span: Span) -> Value {
    let (start, end) = (text.position(span.start, Encoding::Utf32), text.position(span.end, Encoding::Utf32));
    json!({
        "startLine": start.line + 1,
        "startColumn": start.character + 1,
        "endLine": end.line + 1,
        "endColumn": end.character + 1,
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Information | Level::Hint => "note",
        Level::Off => "none",
    }
}
