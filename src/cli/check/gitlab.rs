//! Findings as a GitLab Code Quality report, which is shown in merge requests. The format is that of GitLab's
//! documentation, “Code Quality report format”.

use std::collections::HashMap;
use std::hash::Hasher;
use std::io::{self, Write};

use serde_json::{Value, json};
use siphasher::sip::SipHasher13;

use super::checked::Checked;
use crate::cli::layout;
use crate::config::Level;
use crate::text::Encoding;
use crate::text::visible::{in_json, visible};

pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    // GitLab takes findings with one fingerprint for the same.
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let mut issues: Vec<Value> = Vec::new();
    for file in checked {
        let path = layout::path_from_here(file.file.path());
        for finding in &file.findings {
            let line = file.text.position(finding.span.start, Encoding::Utf32).line + 1;
            let severity = match finding.level {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Information | Level::Hint | Level::Off => "info",
            };
            let mut hasher = SipHasher13::new();
            for part in [path.as_str(), finding.code.name(), file.text.slice(finding.span)] {
                hasher.write(part.as_bytes());
                hasher.write(&[0]);
            }
            let occurrence = seen.entry(hasher.finish()).or_default();
            *occurrence += 1;
            hasher.write_u64(*occurrence);
            issues.push(json!({
                "description": visible(&finding.message),
                "check_name": finding.code.name(),
                "fingerprint": format!("{:016x}", hasher.finish()),
                "severity": severity,
                "location": {"path": path, "lines": {"begin": line}},
            }));
        }
    }
    write!(out, "{}", in_json(&serde_json::to_string_pretty(&issues)?))?;
    writeln!(out)
}
