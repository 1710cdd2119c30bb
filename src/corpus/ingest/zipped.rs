//! The ZIP file that a Word, OpenDocument or EPUB document is, read within limits.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::decode::decode;

/// Most members in a document; an EPUB of a thousand chapters and pictures has a few thousand.
const MEMBERS: usize = 50_000;

/// Most bytes of one member, once inflated. The text of a book of 1,000 pages is 20 MB of Word's XML.
const MEMBER_BYTES: u64 = 64_000_000;

/// Most bytes read from one document, once inflated.
const TOTAL_BYTES: u64 = 128_000_000;

/// Word's XML deflates to a tenth or a twentieth. A member that grows more than this many times is a bomb if it
/// has more than [`FREE_BYTES`].
const RATIO: u64 = 150;
const FREE_BYTES: u64 = 8_000_000;

/// A ZIP file.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The number of bytes inflated so far.
    read: u64,
}

impl<'b> Package<'b> {
    /// Opens the ZIP file `bytes`.
    ///
    /// # Errors
    /// If it is damaged or has too many members.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| "it is damaged: its ZIP directory cannot be read".to_owned())?;
        if archive.len() > MEMBERS {
            return Err(format!("it has {} members, more than the {MEMBERS} that are read", archive.len()));
        }
        Ok(Self { archive, read: 0 })
    }

    /// The names of its members.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.archive.file_names().flatten()
    }

    /// Whether it has the member `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The content of the member `name`; `None` if there is none.
    ///
    /// # Errors
    /// If the member is damaged, encrypted or too large.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let member = match self.archive.by_name(name) {
            Ok(member) => member,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err("it is protected by a password".into());
            }
            Err(_) => return Err(format!("it is damaged: {name} in it cannot be read")),
        };
        let packed = member.compressed_size().max(1);
        let most = MEMBER_BYTES
            .min(TOTAL_BYTES.saturating_sub(self.read))
            .min(FREE_BYTES.max(packed.saturating_mul(RATIO)));
        let mut bytes = Vec::new();
        // The size that the directory states may be wrong.
        member
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| format!("it is damaged: {name} in it cannot be inflated"))?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(format!(
                "{name} in it inflates to more than {} MB, which no document needs",
                most / 1_000_000
            ));
        }
        self.read += length;
        Ok(Some(bytes))
    }

    /// The content of the member `name` as text; `None` if there is none.
    ///
    /// # Errors
    /// As [`Package::bytes`], or if it is not text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let text = decode(error.as_bytes());
                text.map_err(|_| format!("it is damaged: {name} in it is not text"))?.into_owned()
            }
        };
        Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    /// The content of the member `name` as text, if it is there and can be read. For what a document can do
    /// without.
    pub(super) fn optional(&mut self, name: &str) -> Option<String> {
        self.text(name).ok().flatten()
    }
}

/// A ZIP file of `members`, for tests; a member called `mimetype` is stored.
#[cfg(test)]
pub(super) fn pack(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let method = if *name == "mimetype" {
            zip::CompressionMethod::Stored
        } else {
            zip::CompressionMethod::Deflated
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("a member");
        writer.write_all(content.as_bytes()).expect("its content");
    }
    writer.finish().expect("a ZIP file").into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_inflates_without_end_is_not_read() {
        let bomb = pack(&[("a.xml", &" ".repeat(9_000_000)), ("b.xml", "<b/>")]);
        let mut package = Package::open(&bomb).expect("a ZIP file");
        let why = package.bytes("a.xml").expect_err("too large");
        assert!(why.contains("a.xml in it inflates to more than"), "{why}");
        assert_eq!(package.optional("b.xml").as_deref(), Some("<b/>"));
        assert_eq!(package.bytes("c.xml"), Ok(None));
    }

    #[test]
    fn a_file_cut_off_has_no_directory() {
        let whole = pack(&[("a.xml", "<a/>")]);
        assert!(
            Package::open(&whole[..whole.len() - 10])
                .err()
                .is_some_and(|why| why.starts_with("it is damaged"))
        );
    }
}
