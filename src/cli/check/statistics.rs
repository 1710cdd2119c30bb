//! `check --statistics`: the number of findings of each kind, the most frequent first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::checked::Checked;
use crate::config::{Code, Level};

/// Prints a line for each kind: number, code, highest level. Prints nothing without findings.
pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: BTreeMap<Code, (usize, Level)> = BTreeMap::new();
    for finding in checked.iter().flat_map(|file| &file.findings) {
        let (count, level) = kinds.entry(finding.code).or_insert((0, finding.level));
        *count += 1;
        *level = finding.level.max(*level);
    }
    let mut kinds: Vec<(Code, (usize, Level))> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let width = kinds.first().map_or(0, |(_, (count, _))| count.to_string().len());
    for (code, (count, level)) in kinds {
        writeln!(out, "{count:>width$}  {}  {}", code.name(), level.name())?;
    }
    Ok(())
}
