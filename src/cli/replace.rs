//! Writes files in one step: a file of the user's is the old one or the new one, never a part of it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes `parts`, one after the other, to the file at `path`, which is created or replaced. Nothing is lost if that
/// fails half-way: they go to a file beside it, which then takes its place. A link stays, and the file that it leads
/// to is replaced; permissions stay.
///
/// # Errors
/// If the file cannot be written. Then it is as it was.
pub(super) fn replace(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            let mut file = File::create_new(path)?;
            return parts.iter().try_for_each(|part| file.write_all(part));
        }
        Err(why) => return Err(why),
    };
    let before = std::fs::metadata(&path)?;
    // `/dev/stdout`, a pipe: there is nothing to lose.
    if !before.is_file() {
        let mut file = File::options().write(true).open(&path)?;
        return parts.iter().try_for_each(|part| file.write_all(part));
    }
    // A rename would replace it all the same.
    if before.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let beside = path.with_added_extension("glossator-new");
    let mut file = File::create_new(&beside)?;
    let written = parts
        .iter()
        .try_for_each(|part| file.write_all(part))
        .and_then(|()| std::fs::set_permissions(&beside, before.permissions()))
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_replaced_or_left_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("brief.md");
        let text = || std::fs::read_to_string(&path).expect("readable");
        replace(&path, &[b"One ", b"brief.\n"]).expect("created");
        assert_eq!(text(), "One brief.\n");
        replace(&path, &[b"Another.\n"]).expect("replaced");
        assert_eq!(text(), "Another.\n");
        let mut permissions = std::fs::metadata(&path).expect("there").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).expect("set");
        replace(&path, &[b"Lost.\n"]).expect_err("it is for reading only");
        assert_eq!(text(), "Another.\n");
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_so_do_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("real.bib"), folder.path().join("library.bib"));
        std::fs::write(&path, "old").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        symlink(&path, &link).expect("linked");
        replace(&link, &[b"new"]).expect("replaced");
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "new");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
    }
}
