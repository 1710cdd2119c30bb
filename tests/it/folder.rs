//! A folder of files, the real program run in it, and an editor that opens it.

use std::path::PathBuf;
use std::process::Command;

use crate::client::Client;

pub(crate) struct Folder {
    _kept: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

/// The program's output and exit code.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    /// Writes `files` (names and texts).
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let kept = tempfile::tempdir().expect("a folder");
        let path = kept.path().canonicalize().expect("there");
        let folder = Self { _kept: kept, path };
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let file = self.path.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(file, bytes).expect("written");
    }

    pub(crate) fn brief(&self) -> PathBuf {
        self.path.join("brief.md")
    }

    /// A client with `text` open as the brief, once the sources have been read.
    pub(crate) fn open(&self, encodings: &[&str], text: &str) -> Client {
        let mut client = Client::initialized(&self.path, encodings);
        client.open(&self.brief(), "markdown", text);
        client.findings(&self.brief());
        client
    }

    /// Runs `glossator check` with `arguments`.
    pub(crate) fn check(&self, arguments: &[&str]) -> Said {
        self.run(&[&["check"], arguments].concat())
    }

    /// Runs `glossator` with `arguments`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_glossator"))
            .args(arguments)
            .current_dir(&self.path)
            .env("XDG_CACHE_HOME", cache())
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Said {
            code: output.status.code().expect("a code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// A cache for tests, so that they leave the user's alone.
pub(crate) fn cache() -> PathBuf {
    std::env::temp_dir().join("glossator-tests")
}
