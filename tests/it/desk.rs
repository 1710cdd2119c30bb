//! A workspace in a temporary folder, with the real server over pipes and `brief.md` open in it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{Client, uri};

pub(crate) struct Desk {
    _kept: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) client: Client,
}

impl Desk {
    /// Writes `files` (names and texts), which must include `brief.md`. On return, the brief is open and the
    /// sources have been read.
    pub(crate) fn of(encoding: &str, files: &[(&str, &str)]) -> Self {
        let kept = tempfile::tempdir().expect("a folder");
        let path = kept.path().canonicalize().expect("there");
        for (name, text) in files {
            let file = path.join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(file, text).expect("written");
        }
        let brief = path.join("brief.md");
        let text = files.iter().find(|(name, _)| *name == "brief.md").expect("a brief").1;
        let mut client = Client::initialized(&path, &[encoding]);
        client.open(&brief, "markdown", text);
        client.findings(&brief);
        Self { _kept: kept, path, client }
    }

    pub(crate) fn uri(&self, file: &str) -> String {
        uri(&self.path.join(file))
    }

    /// The result of `textDocument/{what}` at a position in `file`.
    pub(crate) fn at(&mut self, what: &str, file: &str, line: u32, character: u32) -> Value {
        self.client.at(what, &self.path.join(file), line, character)
    }

    /// The same with `more` parameters; returns the whole reply.
    pub(crate) fn ask(
        &mut self,
        what: &str,
        file: &str,
        line: u32,
        character: u32,
        more: &[(&str, Value)],
    ) -> Value {
        let position = json!({"line": line, "character": character});
        let mut params = json!({"textDocument": {"uri": self.uri(file)}, "position": position});
        for (name, value) in more {
            params[*name] = value.clone();
        }
        self.client.request(&format!("textDocument/{what}"), params)
    }

    /// Runs a server command; returns the whole reply.
    pub(crate) fn run(&mut self, command: &str, argument: Value) -> Value {
        let params = json!({"command": command, "arguments": [argument]});
        self.client.request("workspace/executeCommand", params)
    }
}
