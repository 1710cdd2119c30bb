//! The user's own settings, which apply to all workspaces.

use std::path::PathBuf;

use serde_json::Value;

use super::read::read_text;
use crate::workspace::notice::CONFIG_FILE;

/// The user's own settings for all workspaces: `glossator/glossator.toml` in the configuration folder.
#[must_use]
pub fn own_file() -> Option<PathBuf> {
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

/// The user's own settings; null if there are none.
///
/// # Errors
/// If the file cannot be read or is not TOML. The message is for the user.
pub fn own_settings() -> Result<Value, String> {
    let Some(file) = own_file().filter(|file| file.exists()) else { return Ok(Value::Null) };
    let read =
        read_text(&file).and_then(|text| toml::from_str(&text).map_err(|error| error.message().to_owned()));
    read.map_err(|why| format!("Cannot read your own settings in {}: {why}.", file.display()))
}
