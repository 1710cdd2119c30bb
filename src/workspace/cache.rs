//! The cache on disk: the documents that have been read, their views, and what is kept of workspaces
//! (`store`). Deleting any of it is always safe.

use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;
use siphasher::sip::SipHasher13;

use super::load::read::read_bytes;
use crate::corpus::ingest;
use crate::corpus::ingest::extract::Extract;
use crate::corpus::ingest::kind::Format;
use crate::corpus::source::{Reader, SourceText, TextId, Volume};
use crate::text::FileId;

/// Identifies the readers of documents, by a hash of their source code (`build.rs`). Extracts by other readers are
/// not used.
const READERS: &str = env!("GLOSSATOR_READERS");

/// How long an extract or a view outlasts its last use.
const UNUSED: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How old the time of last use may be before it is written again.
const USED: Duration = Duration::from_secs(24 * 60 * 60);

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
        if let Some(extract) = kept.as_deref().and_then(read_kept::<Extract>) {
            if let Some(kept) = kept {
                use_again(&kept);
            }
            return Ok(extract);
        }
        let extract = ingest::extract(format, bytes)?;
        if let Some(kept) = kept
            && let Err(error) = keep(&kept, &extract)
        {
            tracing::warn!(%error, path = %kept.display(), "a document will be read again next time");
        }
        Ok(extract)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
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

    /// The cache in `folder`.
    #[cfg(test)]
    pub(super) fn at(folder: PathBuf) -> Self {
        Self { folder, keeps: true }
    }

    /// The folder for what is kept of all workspaces; `None` if nothing is kept.
    pub(super) fn workspaces(&self) -> Option<PathBuf> {
        self.keeps.then(|| self.folder.join("workspaces"))
    }

    /// Deletes extracts and views that were not used for [`UNUSED`].
    pub(super) fn tidy(&self) {
        let files = |folder: &Path| {
            let entries = std::fs::read_dir(folder).into_iter().flatten();
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect::<Vec<_>>()
        };
        let extracts = files(&self.folder.join("documents"));
        let folders = files(&self.folder.join("views"));
        let views = folders.iter().flat_map(|folder| files(folder));
        for file in extracts.into_iter().chain(views).filter(|file| is_older(file, UNUSED)) {
            // On Windows a file for reading only cannot be deleted.
            if let Ok(metadata) = std::fs::metadata(&file) {
                let mut permissions = metadata.permissions();
                #[cfg(windows)]
                permissions.set_readonly(false);
                #[cfg(unix)]
                std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
                let _ = std::fs::set_permissions(&file, permissions);
            }
            let _ = std::fs::remove_file(file);
        }
        for folder in folders {
            // Only if it is empty.
            let _ = std::fs::remove_dir(folder);
        }
    }

    /// The folder for what is kept of the workspace at `root`; `None` if nothing is kept.
    pub(super) fn of_workspace(&self, root: &Path) -> Option<PathBuf> {
        let name = format!("{:016x}", sum_of(root.as_os_str().as_encoded_bytes()));
        Some(self.workspaces()?.join(name))
    }
}

impl Reader for Cache {
    fn read(&self, volume: &Volume) -> Option<SourceText> {
        let path = volume.file.path();
        let bytes = read_bytes(path, ingest::most_bytes(path)).ok()?;
        if TextId::of(&volume.file, &bytes) != volume.id {
            return None;
        }
        self.read(volume.file.clone(), &bytes).ok()
    }
}

/// The value that [`keep`] wrote to `path`; `None` if there is none, or it is damaged.
pub(super) fn read_kept<T: DeserializeOwned>(path: &Path) -> Option<T> {
    read_with_sum(path).map(|(_, value)| value)
}

/// The same, with its checksum.
pub(super) fn read_with_sum<T: DeserializeOwned>(path: &Path) -> Option<(u64, T)> {
    let bytes = std::fs::read(path).ok()?;
    let (sum, bytes) = bytes.split_first_chunk::<8>()?;
    let sum = u64::from_le_bytes(*sum);
    (sum == sum_of(bytes)).then(|| Some((sum, postcard::from_bytes(bytes).ok()?))).flatten()
}

/// Writes `value` to `path` in one step, with a checksum.
///
/// # Errors
/// If it cannot be written.
pub(super) fn keep(path: &Path, value: &impl Serialize) -> io::Result<()> {
    keep_unless(path, value, None).map(drop)
}

/// The same, unless the checksum of `value` is `there`. Returns the checksum.
///
/// # Errors
/// If it cannot be written.
pub(super) fn keep_unless(path: &Path, value: &impl Serialize, there: Option<u64>) -> io::Result<u64> {
    let bytes = postcard::to_stdvec(value).map_err(io::Error::other)?;
    let sum = sum_of(&bytes);
    if there != Some(sum) {
        write(path, &[&sum.to_le_bytes()[..], &bytes].concat(), false)?;
    }
    Ok(sum)
}

/// Returns true if `file` is the view of a document, perhaps of one that has changed since.
#[must_use]
pub fn is_view(file: &FileId) -> bool {
    static VIEWS: LazyLock<PathBuf> = LazyLock::new(|| Cache::default().views());
    file.path().starts_with(&*VIEWS)
}

/// Whether the file at `path` was last modified longer than `age` ago, or cannot be looked at.
pub(super) fn is_older(path: &Path, age: Duration) -> bool {
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.is_err() || modified.is_ok_and(|then| then.elapsed().is_ok_and(|since| since > age))
}

/// Records that the file at `path` is in use, by its modification time.
fn use_again(path: &Path) {
    if is_older(path, USED) {
        // Opened for reading: a view is for reading only.
        let file = std::fs::File::open(path);
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }
}

/// Creates `folder`, for the user alone.
///
/// # Errors
/// If it cannot be created.
pub(super) fn create(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

pub(super) fn sum_of(bytes: &[u8]) -> u64 {
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
        Ok(there) if there.len() == words.len() as u64 => {
            use_again(view.path());
            Ok(())
        }
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
pub(super) fn write(path: &Path, bytes: &[u8], for_reading_only: bool) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = path.parent().unwrap_or(path);
    create(folder)?;
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
