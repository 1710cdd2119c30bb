//! Reads the citation styles that settings and briefs name by a `.csl` file.

use std::path::{Path, PathBuf};

use super::stamp::stamp;
use super::{Loader, front, normalize, read_bytes};
use crate::corpus::{ingest, style};

impl Loader {
    /// Reads the styles that are new or changed. A brief's style is looked for beside the brief and in the folders above
    /// it, as its libraries are.
    pub(super) fn read_styles(&mut self) {
        let mut wanted: Vec<PathBuf> = Vec::new();
        for (path, (_, brief)) in &self.briefs {
            if let Some(written) = front::style(brief.text().as_str()) {
                let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(self.root()));
                let mut paths = folders.map(|folder| normalize(&folder.join(&written)));
                wanted.extend(paths.find(|path| is_style_file(path)));
            }
        }
        let named = self.config.style.as_ref().map(|written| normalize(&self.root().join(written)));
        wanted.extend(named.filter(|path| is_style_file(path)));
        self.styles.retain(|path, _| wanted.contains(path));
        for path in wanted {
            let stamp = stamp(&path);
            if self.styles.get(&path).is_some_and(|(known, _)| *known == stamp && stamp.is_some()) {
                continue;
            }
            let read = self.reach.check(&path).and_then(|()| read_bytes(&path, style::MAX_CSL));
            let read = read.and_then(|bytes| ingest::decode(&bytes));
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let style = read.and_then(|xml| style::of_csl(&name, &xml));
            self.styles.insert(path, (stamp, style));
        }
    }
}

/// Returns true if `path` is an existing file that may be a style; a name without an ending is that of a built-in one.
fn is_style_file(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csl")) && path.is_file()
}
