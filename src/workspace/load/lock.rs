//! Reads `glossator.lock`.

use std::path::PathBuf;
use std::sync::Arc;

use super::read::read_text_within;
use super::stamp::stamp;
use super::{Loader, Notice};
use crate::workspace::lock::{LOCK_FILE, Lock, MAX_LOCK};

impl Loader {
    /// The path of the lock, whether or not it exists.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.root().join(LOCK_FILE)
    }

    /// Reads the lock if it has changed. If it cannot be read, the last good version stays in force, and the
    /// file is read again by the next load.
    pub(super) fn read_lock(&mut self, notices: &mut Vec<Notice>) {
        let path = self.lock_file();
        let Some(stamp) = stamp(&path) else {
            self.lock = Default::default();
            return;
        };
        if self.lock.0 == Some(stamp) {
            return;
        }
        let read = self.reach.check(&path).and_then(|()| read_text_within(&path, MAX_LOCK));
        let read = read.map_err(|why| format!("Not read: {why}."));
        let read = read.and_then(|text| {
            Lock::read(&text).map_err(|damage| format!("Line {}: {}", damage.line, damage.message))
        });
        match read {
            Ok(lock) => self.lock = (Some(stamp), Arc::new(lock)),
            Err(why) => {
                self.lock.0 = None;
                notices.push(Notice::of_file(path, why));
            }
        }
    }
}
