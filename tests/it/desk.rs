//! A workspace in a temporary folder, with the real server over pipes and `brief.md` open in it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::folder::Folder;

pub(crate) struct Desk {
    folder: Folder,
    pub(crate) path: PathBuf,
    pub(crate) client: Client,
    /// The findings in the brief when it was opened.
    pub(crate) findings: Vec<Value>,
}

impl Desk {
    /// Writes `files` (names and texts), which must include `brief.md`. On return, the brief is open and the
    /// sources have been read.
    pub(crate) fn of(encoding: &str, files: &[(&str, &str)]) -> Self {
        let folder = Folder::of(files);
        let client = Client::initialized(&folder.path, &[encoding]);
        Self::with(folder, client)
    }

    /// Opens the brief of `folder` in an initialized client.
    pub(crate) fn with(folder: Folder, mut client: Client) -> Self {
        let (path, brief) = (folder.path.clone(), folder.brief());
        client.open(&brief, "markdown", &std::fs::read_to_string(&brief).expect("a brief"));
        let findings = client.findings(&brief);
        Self { folder, path, client, findings }
    }

    pub(crate) fn brief(&self) -> PathBuf {
        self.folder.brief()
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
