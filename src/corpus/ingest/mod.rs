//! Bytes to source: decoding, and one file per format. Pure; reading the disk is `workspace::load`'s.

pub mod text;

use crate::corpus::source::SourceText;
use crate::text::FileId;

/// Files of more bytes than this are not read: named in a message instead. A long book is 2 MB of
/// text; 50 MB of plain text is a data dump, and its index would cost more than all else.
pub const MAX_BYTES: u64 = 20_000_000;

/// Decodes `bytes`: by byte order mark, else as UTF-8, else by detection.
///
/// # Errors
/// In words for the user, when the bytes are no text (NUL bytes).
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())
}

/// Makes a source of `file` with content `bytes`. The format goes by the extension.
///
/// # Errors
/// In words for the user, when the bytes are no text.
pub fn read(file: FileId, bytes: &[u8]) -> Result<SourceText, String> {
    Ok(text::read(file, decode(bytes)?.into()))
}
