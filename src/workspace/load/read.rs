//! Reads the bytes of a file, or says why it cannot, in words for the user. Pipes and devices are never
//! opened, because reading them might never end.

use std::io::Read;
use std::path::Path;

use crate::corpus::ingest;

/// Reads and decodes the text of a brief or source.
///
/// # Errors
/// The reason, for the user, without the path.
pub fn read_text(path: &Path) -> Result<String, String> {
    read_text_within(path, ingest::MAX_BYTES)
}

/// Reads and decodes the text of a file of at most `most` bytes.
///
/// # Errors
/// As for [`read_bytes`].
pub fn read_text_within(path: &Path, most: u64) -> Result<String, String> {
    Ok(ingest::decode(&read_bytes(path, most)?)?.into_owned())
}

/// Reads the file at `path`, of at most `most` bytes.
///
/// # Errors
/// If it cannot be read, is not a file, or is larger. The message is for the user, without the path.
pub fn read_bytes(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| in_words(&error))?;
    if metadata.is_dir() {
        return Err("it is a folder, not a file".into());
    }
    if !metadata.is_file() {
        return Err(NO_FILE.into());
    }
    if metadata.len() > most {
        return Err(too_large(metadata.len(), most));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    let read = std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| in_words(&error))?;
    let size = bytes.len() as u64;
    if size > most { Err(too_large(size, most)) } else { Ok(bytes) }
}

fn too_large(size: u64, most: u64) -> String {
    format!(
        "it has {} MB, and files over {} MB are not read; split it or remove it from the corpus",
        size / 1_000_000,
        most / 1_000_000
    )
}

/// The message about pipes, sockets and devices.
pub(super) const NO_FILE: &str = "it is not a file but a pipe, a socket or a device";

pub(super) fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "you have no permission to read it".into(),
        _ => error.to_string(),
    }
}
