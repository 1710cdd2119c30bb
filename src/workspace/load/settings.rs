//! The settings in force: the defaults, overridden by the user's own, those of the workspace and those that
//! the editor sends.

use std::path::PathBuf;

use serde_json::Value;

use super::Loader;
use super::read::read_text_within;
use crate::config::{Config, Whose};
use crate::text::{FileId, Text};
use crate::workspace::notice::{CLIENT_SETTINGS, CONFIG_FILE, Notice};

/// Largest settings file read, in bytes: settings are a few lines.
const MAX_SETTINGS: u64 = 1_000_000;

/// Used as the path in a [`Notice`] about the user's own settings.
const OWN_SETTINGS: &str = "your own settings";

impl Loader {
    /// The defaults, then `glossator.toml`, then the client's settings; and the text of the file.
    pub(super) fn read_config(&mut self, notices: &mut Vec<Notice>) -> (Config, Option<Text>) {
        let mut config = Config::default();
        let mut written = None;
        for complaint in config.apply(&self.own[0], Whose::User) {
            notices.push(Notice::of_settings(OWN_SETTINGS, complaint));
        }
        let mut first = Config::default();
        first.apply(&self.own[1], Whose::User);
        let listed = [&config.roots, &config.library].into_iter().flatten().flatten();
        let mut allowed: Vec<PathBuf> = {
            let own = [&config.outside, &config.attachments, &first.outside, &first.attachments];
            own.into_iter().flatten().chain(listed)
        }
        .cloned()
        .collect();
        if !config.archives.is_empty() {
            allowed.push(self.cache.archives());
        }
        self.reach.allow(allowed);
        config.attachments.append(&mut first.attachments);
        let path = self.root().join(CONFIG_FILE);
        let shadow = self.shadows.get(&FileId::new(path.clone())).map(|text| text.as_str().to_owned());
        let content = match shadow {
            Some(text) => Ok(Some(text)),
            None if path.symlink_metadata().is_err_and(|why| why.kind() == std::io::ErrorKind::NotFound) => {
                Ok(None)
            }
            None => self.reach.check(&path).and_then(|()| read_text_within(&path, MAX_SETTINGS)).map(Some),
        };
        let mut tell = |message: String| notices.push(Notice::of_settings(&path, message));
        match content {
            Ok(None) => {}
            Err(why) => tell(format!("Cannot read the settings: {why}. Default settings apply.")),
            Ok(Some(text)) => {
                match toml::from_str::<Value>(&text) {
                    Ok(settings) => config.apply(&settings, Whose::Workspace).into_iter().for_each(&mut tell),
                    Err(error) => {
                        let start = error.span().map_or(0, |span| span.start.min(text.len()));
                        let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
                        tell(format!(
                            "Line {line} is not TOML: {}. Default settings apply until this is fixed.",
                            error.message()
                        ));
                    }
                }
                written = Some(Text::new(text));
            }
        }
        for complaint in config.apply(&self.client, Whose::Editor) {
            notices.push(Notice::of_settings(CLIENT_SETTINGS, complaint));
        }
        (config, written)
    }
}
