//! The cache on disk: the documents that have been read, and their views. Deleting any of it is always safe.

use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use siphasher::sip::SipHasher13;

use crate::corpus::ingest;
use crate::corpus::ingest::extract::Extract;
use crate::corpus::ingest::kind::Format;
use crate::corpus::source::SourceText;
use crate::text::FileId;

/// Identifies the readers of documents, by a hash of their source code (`build.rs`). Extracts by other readers are
/// not used.
const READERS: &str = env!("GLOSSATOR_READERS");

/// The cache.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    /// Whether documents that have been read are kept.
    keeps: bool,
}

impl Default for Cache {
    /// In the user's cache folder: `$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on macOS, the local
    /// application data on Windows. Without one, views are written to the folder of temporary files, and nothing
    /// else is kept.
    fn default() -> Self {
        match dirs::cache_dir() {
            Some(folder) => Self { folder: folder.join("glossator"), keeps: true },
            None => Self { folder: std::env::temp_dir().join("glossator"), keeps: false },
        }
    }
}

impl Cache {
    /// Reads `file` with content `bytes` as a source, or takes what was read of such a document before.
    ///
    /// # Errors
    /// If it cannot be read as a source. The message is for the user.
    pub fn read(&self, file: FileId, bytes: &[u8]) -> Result<SourceText, String> {
        let mut text = ingest::read_with(file, bytes, |format, bytes| self.extract(format, bytes))?;
        text.view = text.view.map(|view| FileId::new(self.views().join(view.path())));
        Ok(text)
    }

    fn extract(&self, format: Format, bytes: &[u8]) -> Result<Extract, String> {
        let kept = self.extract_file(bytes);
        if let Some(extract) = kept.as_deref().and_then(read_extract) {
            return Ok(extract);
        }
        let extract = ingest::extract(format, bytes)?;
        if let Some(kept) = kept
            && let Err(error) = write_extract(&kept, &extract)
        {
            tracing::warn!(%error, path = %kept.display(), "a document will be read again next time");
        }
        Ok(extract)
    }

    /// The folder with the views of documents.
    fn views(&self) -> PathBuf {
        self.folder.join("views")
    }

    /// The file with the extract of the document with content `bytes`.
    fn extract_file(&self, bytes: &[u8]) -> Option<PathBuf> {
        let name = format!("{READERS}-{:016x}-{:x}", sum_of(bytes), bytes.len());
        self.keeps.then(|| self.folder.join("documents").join(name))
    }
}

/// The extract kept in `path`; `None` if there is none, or it is damaged.
fn read_extract(path: &Path) -> Option<Extract> {
    let bytes = std::fs::read(path).ok()?;
    let (sum, bytes) = bytes.split_first_chunk::<8>()?;
    (u64::from_le_bytes(*sum) == sum_of(bytes)).then(|| postcard::from_bytes(bytes).ok()).flatten()
}

fn write_extract(path: &Path, extract: &Extract) -> io::Result<()> {
    let bytes = postcard::to_stdvec(extract).map_err(io::Error::other)?;
    write(path, &[&sum_of(&bytes).to_le_bytes()[..], &bytes].concat(), false)
}

/// Returns true if `file` is the view of a document, perhaps of one that has changed since.
#[must_use]
pub fn is_view(file: &FileId) -> bool {
    static VIEWS: LazyLock<PathBuf> = LazyLock::new(|| Cache::default().views());
    file.path().starts_with(&*VIEWS)
}

fn sum_of(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// Writes the view of `text`, a document, unless it is there already. Its folder names the content, so that a
/// view never changes under a reader.
///
/// # Errors
/// If it cannot be written.
pub fn show(text: &SourceText) -> io::Result<()> {
    let Some(view) = &text.view else { return Ok(()) };
    let words = text.text.file().as_str().as_bytes();
    match std::fs::metadata(view.path()) {
        Ok(there) if there.len() == words.len() as u64 => Ok(()),
        _ => write(view.path(), words, true),
    }
}

/// Writes `page`, the review of the brief `file`, to the user's cache, and returns its path: the same for the same
/// file, so that a newer review replaces the older one.
///
/// # Errors
/// If it cannot be written.
pub fn keep_review(file: &Path, page: &str) -> io::Result<PathBuf> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let sum = sum_of(file.as_os_str().as_encoded_bytes());
    let path = Cache::default().folder.join("reviews").join(format!("{stem}-{sum:016x}.html"));
    write(&path, page.as_bytes(), false)?;
    Ok(path)
}

/// Writes `bytes` to `path` in one step, for the user alone.
fn write(path: &Path, bytes: &[u8], for_reading_only: bool) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = path.parent().unwrap_or(path);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let new = folder.join(format!(".{}-{count}.new", std::process::id()));
    std::fs::write(&new, bytes)?;
    if for_reading_only {
        let mut permissions = std::fs::metadata(&new)?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&new, permissions)?;
    }
    std::fs::rename(&new, path).inspect_err(|_| drop(std::fs::remove_file(&new)))
}
