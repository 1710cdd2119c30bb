//! Reads the citation styles that settings and briefs name by a `.csl` file.

use std::path::{Path, PathBuf};

use super::read::read_text_within;
use super::stamp::stamp;
use super::{Loader, front, normalize};
use crate::corpus::style;

impl Loader {
    /// Reads the styles that are new or changed. A brief's style is looked for beside the brief and in the folders above
    /// it, as its libraries are. The disk is not asked for one that the user's settings do not allow to be read: that may
    /// be another machine. A built-in style of its name serves instead, or else it is reported.
    pub(super) fn read_styles(&mut self) {
        let may = |path: &PathBuf| self.reach.may(path).is_ok();
        let is_there = |path: &PathBuf| has_style_name(path) && (!may(path) || path.is_file());
        let mut wanted: Vec<PathBuf> = Vec::new();
        for (path, (_, brief)) in &self.briefs {
            if let Some(written) = front::style(brief.text().as_str()) {
                let mut paths = self.folders_above(path).map(|folder| normalize(&folder.join(&written)));
                wanted.extend(paths.find(is_there));
            }
        }
        let named = self.config.style.as_ref().map(|written| normalize(&self.root().join(written)));
        wanted.extend(named.filter(is_there));
        wanted.retain(|path| may(path) || style::named(&path.to_string_lossy()).is_none());
        self.styles.retain(|path, _| wanted.contains(path));
        for path in wanted {
            let stamp = if self.reach.may(&path).is_ok() { stamp(&path) } else { None };
            if self.styles.get(&path).is_some_and(|(known, _)| *known == stamp && stamp.is_some()) {
                continue;
            }
            let read = self.reach.check(&path).and_then(|()| read_text_within(&path, style::MAX_CSL));
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let style = read.and_then(|xml| style::of_csl(&name, &xml));
            self.styles.insert(path, (stamp, style));
        }
    }
}

/// Returns true if `path` may be the file of a style; a name without an ending is that of a built-in one.
fn has_style_name(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csl"))
}
