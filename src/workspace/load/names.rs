//! The names in the sources, and the alias file, with which the analyst says which of them mean the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::paths::normalize;
use super::read::read_text_within;
use super::{Loader, Notice};
use crate::config::Config;
use crate::corpus::entity::{Aliases, Entities};
use crate::corpus::source::TextId;
use crate::text::FileId;
use crate::workspace::store::KeptNames;

/// The name of the alias file unless a setting names another.
const ALIAS_FILE: &str = "entities.toml";

/// Largest alias file read, in bytes: 20,000 entities take 3 MB.
const MAX_ALIASES: u64 = 20_000_000;

/// Up to this many bytes of sources, names are read along with them. A debug build on a busy machine took a
/// minute for 114 million bytes, so about a second for this many.
const NAMES_AT_ONCE: usize = 2_000_000;

/// The path of the alias file of the workspace at `root`, whether or not it exists.
pub(super) fn alias_file(root: &Path, config: &Config) -> PathBuf {
    normalize(&root.join(config.entities.as_deref().unwrap_or_else(|| Path::new(ALIAS_FILE))))
}

/// The names are kept again if more than one in so many texts are new.
const ONE_IN: usize = 50;

impl Loader {
    /// The names in what was loaded last. In a large corpus they take longer than everything else, so a
    /// server reads them afterwards.
    pub fn names(&mut self) -> Arc<Entities> {
        let texts = self.texts.values().filter_map(|(_, text)| text.as_ref().ok());
        let ids: Vec<TextId> = texts.map(|text| text.id).collect();
        if ids != self.gathered.0 || self.aliases != self.gathered.1 {
            self.recall_names();
            let texts = self.texts.values().filter_map(|(_, text)| text.as_ref().ok());
            self.entities = Arc::new(self.gatherer.gather(texts));
            self.gathered = (ids, self.aliases.clone());
            self.keep_names();
        }
        self.entities.clone()
    }

    /// Takes over the names that an earlier run kept.
    fn recall_names(&mut self) {
        let (Some(store), None) = (&self.store, &self.kept_names) else { return };
        let kept = store.names();
        self.kept_names = Some(kept.as_ref().map(KeptNames::of).unwrap_or_default());
        if let Some(kept) = kept {
            self.gatherer.recall(kept);
        }
    }

    /// Keeps the names for later runs, unless those of almost the same texts are kept already: to write all of
    /// them for each source that is edited takes longer than to read a few of them again.
    fn keep_names(&mut self) {
        let Some(store) = self.store.as_ref().filter(|store| store.writes()) else { return };
        let (texts, aliases) = &self.gathered;
        let is_close = self.kept_names.as_ref().is_some_and(|kept| {
            let new = texts.iter().filter(|id| !kept.texts.contains(id)).count();
            kept.aliases == *aliases && new <= texts.len() / ONE_IN
        });
        if !is_close {
            let names = self.gatherer.gathered();
            store.keep_names(&names);
            self.kept_names = Some(KeptNames::of(&names));
        }
    }

    /// Whether reading the names in the loaded texts is cheap.
    pub(super) fn has_few_texts(&self) -> bool {
        let texts = self.texts.values().filter_map(|(_, text)| text.as_ref().ok());
        texts.map(|text| text.facts.bytes).sum::<usize>() <= NAMES_AT_ONCE
    }

    /// Reads the alias file, if there is one. If it is not valid TOML, the last version that was stays in
    /// force.
    pub(super) fn read_aliases(&mut self, config: &Config, notices: &mut Vec<Notice>) {
        let written = config.entities.clone().unwrap_or_else(|| ALIAS_FILE.into());
        let path = alias_file(self.root(), config);
        if let Err(why) = self.reach.check(&path) {
            let message = format!("{} is ignored: {why}.", written.display());
            notices.push(Notice::of_settings(self.root().join(super::CONFIG_FILE), message));
            return;
        }
        let shadow = self.shadows.get(&FileId::new(path.clone())).map(|text| text.as_str().to_owned());
        let content = match shadow {
            Some(text) => Ok(text),
            None if config.entities.is_none() && !path.exists() => Ok(String::new()),
            None => read_text_within(&path, MAX_ALIASES),
        };
        let mut tell = |message: String| notices.push(Notice::of_file(&path, message));
        match content.as_deref().map(Aliases::read) {
            Ok(Ok((aliases, complaints))) => {
                for complaint in complaints {
                    tell(format!("Line {}: {}", complaint.line, complaint.message));
                }
                self.aliases = Arc::new(aliases);
            }
            Ok(Err(complaint)) => tell(format!(
                "Line {}: {} The last good version of this file applies until this is fixed.",
                complaint.line, complaint.message
            )),
            Err(why) => {
                tell(format!("Cannot read the names: {why}. The last good version of this file applies."))
            }
        }
        self.gatherer.set_aliases(self.aliases.clone());
    }
}
