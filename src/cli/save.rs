//! Writes texts that were read before, such as libraries and notes, unless they have changed since.

use std::io;
use std::path::Path;

use anyhow::bail;

use super::replace::replace;

/// Writes `text` to the file at `path`, which had the text `read`, or did not exist.
///
/// # Errors
/// If the file has changed since it was read, or cannot be written.
pub(super) fn save(path: &Path, read: &str, text: &str) -> anyhow::Result<()> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let before = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(replace(path, &[text.as_bytes()])?),
        Err(why) => return Err(why.into()),
    };
    let (mark, there) = before.strip_prefix(MARK).map_or((&b""[..], &*before), |text| (MARK, text));
    if there != read.trim_start_matches('\u{feff}').as_bytes() {
        bail!("it is not UTF-8, or was changed just now; save it as UTF-8 and try again");
    }
    let text = text.trim_start_matches('\u{feff}');
    Ok(replace(path, &[mark, text.as_bytes()])?)
}
