//! A folder of files, and the real program run in it.

use std::process::Command;

pub(crate) struct Folder {
    kept: tempfile::TempDir,
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
        for (name, text) in files {
            let file = kept.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, text).expect("written");
        }
        Self { kept }
    }

    /// Runs `glossator check` with `arguments`.
    pub(crate) fn check(&self, arguments: &[&str]) -> Said {
        self.run(&[&["check"], arguments].concat())
    }

    /// Runs `glossator` with `arguments`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_glossator"))
            .args(arguments)
            .current_dir(self.kept.path())
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
