//! The user's own settings, which hold for all workspaces.

use std::path::PathBuf;

use serde_json::Value;

use super::read::read_text;
use crate::workspace::notice::CONFIG_FILE;

/// Where the user's own settings are kept, for all workspaces: `glossator/glossator.toml` in the folder for settings.
pub(super) fn own_file() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = if cfg!(windows) {
        variable("APPDATA")
    } else {
        variable("XDG_CONFIG_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| Some(std::env::home_dir()?.join(".config")))
    };
    Some(folder?.join("glossator").join(CONFIG_FILE))
}

/// The user's own settings; null where there are none.
///
/// # Errors
/// In words for the user, when the file can't be read or is no TOML.
pub fn own_settings() -> Result<Value, String> {
    let Some(file) = own_file().filter(|file| file.exists()) else { return Ok(Value::Null) };
    let read =
        read_text(&file).and_then(|text| toml::from_str(&text).map_err(|error| error.message().to_owned()));
    read.map_err(|why| format!("Cannot read your own settings in {}: {why}.", file.display()))
}
