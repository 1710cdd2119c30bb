//! `workspace/executeCommand`: what editors ask for beyond the protocol's own requests. Each command
//! takes one JSON object and answers one; what an answer says is decided in `features`.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{MessageType, Position, Range, Url};

use super::state::{State, compute};
use super::{convert, publish};
use crate::features::standing::Standing;
use crate::features::tokens::Kind;
use crate::features::{diagnostics, picker, preview, quote, support as supporting};
use crate::text::{Encoding, FileId, Span, Text};
use crate::workspace::Snapshot;

/// One command.
struct Command {
    name: &'static str,
    run: fn(&Ask<'_>) -> Result<Value>,
}

/// Every command. The same names stand in `editors/README.md`.
const COMMANDS: &[Command] = &[
    Command { name: "glossator.check", run: check },
    Command { name: "glossator.preview", run: preview },
    Command { name: "glossator.quote", run: quoted },
    Command { name: "glossator.sources", run: sources },
    Command { name: "glossator.status", run: status },
    Command { name: "glossator.support", run: support },
];

/// What a command sees.
struct Ask<'a> {
    /// Of the workspace of `textDocument`, or of the first.
    snap: &'a Snapshot,
    root: Option<&'a Path>,
    state: &'a State,
    encoding: Encoding,
    argument: Map<String, Value>,
}

impl Ask<'_> {
    /// The text of `name`; empty when it is not there.
    fn text(&self, name: &str) -> &str {
        self.argument.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The file of `textDocument`, when one is named.
    fn file(&self) -> Option<FileId> {
        file(&self.argument)
    }

    /// The file of `textDocument` and the byte of `position` in it.
    fn place(&self) -> Option<(FileId, usize)> {
        let file = self.file()?;
        let position: Position = serde_json::from_value(self.argument.get("position")?.clone()).ok()?;
        let offset = self.snap.text(&file)?.offset(convert::position_from(position), self.encoding);
        Some((file, offset))
    }
}

/// The file of `textDocument` in `argument`.
fn file(argument: &Map<String, Value>) -> Option<FileId> {
    let uri = argument.get("textDocument")?.get("uri")?.as_str()?;
    Some(convert::file(&Url::parse(uri).ok()?))
}

/// The names of all commands, for the capabilities.
pub(super) fn names() -> Vec<String> {
    COMMANDS.iter().map(|command| command.name.to_owned()).collect()
}

/// Runs the command `name` with the first of `arguments`.
pub(super) async fn run(
    client: &Client,
    state: &Arc<State>,
    name: &str,
    arguments: Vec<Value>,
) -> Result<Option<Value>> {
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(Error::invalid_params(format!(
            "There is no command {name}. Known: {}.",
            names().join(", ")
        )));
    };
    let argument = match arguments.into_iter().next() {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(argument)) => argument,
        Some(other) => {
            return Err(Error::invalid_params(format!("{name} takes one object, not {other}.")));
        }
    };
    let file = file(&argument);
    let workspace = file.map_or_else(|| state.first(), |file| state.of(&file));
    workspace.first_load().await;
    if name == "glossator.check" {
        // Each brief's findings are with the client before it is told how many there are.
        for workspace in state.all() {
            let files: Vec<FileId> =
                workspace.snapshot().briefs().into_iter().map(|(file, _)| file.clone()).collect();
            for file in files {
                publish::one(client, state, file).await;
            }
        }
    }
    let (mut snap, state, encoding) = (workspace.snapshot(), state.clone(), state.session().encoding);
    let root = workspace.root.clone();
    let show = argument.get("show").and_then(Value::as_bool).unwrap_or(false);
    let answer = compute(move |cancel| {
        snap.cancel = cancel.clone();
        (command.run)(&Ask { snap: &snap, root: root.as_deref(), state: &state, encoding, argument })
    });
    let answer = answer.await??;
    // For clients that throw away what a command answers.
    if let (true, Some(text)) = (show, answer.get("text").and_then(Value::as_str)) {
        client.show_message(MessageType::INFO, text).await;
    }
    Ok(Some(answer))
}

/// How many findings the briefs have. That the client is told of them has been seen to.
fn check(ask: &Ask<'_>) -> Result<Value> {
    let (mut count, mut findings) = (0, 0);
    for snap in ask.state.all().iter().map(|workspace| workspace.snapshot()) {
        let briefs = snap.briefs();
        count += briefs.len();
        findings += briefs.iter().map(|(file, _)| diagnostics::of_file(&snap, file).len()).sum::<usize>();
    }
    Ok(json!({"briefs": count, "findings": findings}))
}

/// The words at `range` of the source `textDocument` as a brief quotes them; with `show` the user is
/// shown them too. `null` where nothing can be quoted.
fn quoted(ask: &Ask<'_>) -> Result<Value> {
    let quoted = || {
        let file = ask.file()?;
        let range: Range = serde_json::from_value(ask.argument.get("range")?.clone()).ok()?;
        quote::selection(ask.snap, &file, convert::span(&ask.snap.text(&file)?, range, ask.encoding))
    };
    Ok(quoted().map_or(Value::Null, |quoted| {
        json!({
            "text": quoted.text,
            "key": quoted.key,
            "locator": quoted.locator,
            "furniture": quoted.furniture,
        })
    }))
}

/// What can be cited: `query` (words), else what fits the sentence at `textDocument` and `position`.
fn sources(ask: &Ask<'_>) -> Result<Value> {
    let place = ask.place();
    let place = place.as_ref().map(|(file, offset)| (file, *offset));
    let items = picker::picks(ask.snap, ask.text("query"), place).into_iter().map(|pick| {
        json!({
            "key": pick.key,
            "locator": pick.number.map(|number| format!("¶ {number}")),
            "label": pick.label,
            "detail": pick.detail,
            "preview": pick.preview,
            "insert": pick.insert,
            "uri": ask.state.uri(&pick.file),
            "range": convert::range(&pick.text, pick.span, ask.encoding),
        })
    });
    Ok(json!({"items": items.collect::<Vec<_>>()}))
}

/// What a rendered `textDocument` shows beyond its words. A mark's text is what a renderer can look for
/// on its line, as places are lost in rendering.
fn preview(ask: &Ask<'_>) -> Result<Value> {
    let file = ask.file().unwrap_or_else(|| FileId::new(std::path::PathBuf::new()));
    let text = ask.snap.text(&file).unwrap_or_else(|| Text::new(""));
    let marks = preview::marks(ask.snap, &file).into_iter().map(|mark| {
        let (kind, standing) = match mark.kind {
            Kind::Key => ("citation", None),
            Kind::Locator => ("locator", None),
            Kind::Quotation(standing) => ("quotation", standing),
        };
        let standing = standing.map(|standing| match standing {
            Standing::Verified => "verified",
            Standing::Doubtful => "doubtful",
            Standing::Wrong => "wrong",
        });
        json!({
            "line": convert::range(&text, mark.span, ask.encoding).start.line,
            "text": text.slice(mark.span),
            "kind": kind,
            "standing": standing,
            "changed": mark.changed,
            "card": mark.card,
        })
    });
    Ok(json!({"marks": marks.collect::<Vec<_>>()}))
}

/// Most passages that support a claim in a list.
const SUPPORTING: usize = 20;

/// The passages that speak to the claim at `range` of `textDocument`: the selected words, or the
/// sentence at an empty range. Each with the edit of the brief that cites it.
fn support(ask: &Ask<'_>) -> Result<Value> {
    let wanted = || Error::invalid_params("glossator.support takes `textDocument` and `range`.");
    let file = ask.file().ok_or_else(wanted)?;
    let range = ask.argument.get("range").cloned().unwrap_or_default();
    let range: Range = serde_json::from_value(range).map_err(|_| wanted())?;
    let Some(text) = ask.snap.text(&file) else { return Ok(json!({"items": []})) };
    let offset = |position| text.offset(convert::position_from(position), ask.encoding);
    let (start, end) = (offset(range.start), offset(range.end));
    let claim = Span::new(start.min(end), start.max(end));
    let items = supporting::support(ask.snap, &file, claim, SUPPORTING).into_iter().map(|found| {
        let locator = format!("¶ {}", found.number);
        json!({
            "label": format!("{}, {locator}", found.key),
            "key": found.key,
            "locator": locator,
            "detail": found.detail,
            "preview": found.words,
            "edit": {"range": convert::range(&text, found.edit.0, ask.encoding), "newText": found.edit.1},
            "uri": ask.state.uri(&found.file),
            "range": convert::range(&found.text, found.span, ask.encoding),
        })
    });
    Ok(json!({"items": items.collect::<Vec<_>>()}))
}

/// What was read, and what was left out and why.
fn status(ask: &Ask<'_>) -> Result<Value> {
    let corpus = &ask.snap.corpus;
    let texts = || corpus.sources().iter().filter_map(|source| source.text());
    let libraries = corpus
        .libraries
        .iter()
        .map(|library| json!({"path": library.file.path(), "entries": library.entries.len()}));
    let left_out = ask.snap.notices.iter().map(|notice| json!({"path": notice.path, "why": notice.message}));
    Ok(json!({
        "loaded": ask.snap.loaded,
        "root": ask.root,
        "settings": ask.snap.settings,
        "sources": corpus.sources().len(),
        "texts": texts().count(),
        "passages": texts().map(|text| text.numbered_count() as usize).sum::<usize>(),
        "briefs": ask.snap.briefs().len(),
        "libraries": libraries.collect::<Vec<_>>(),
        "leftOut": left_out.collect::<Vec<_>>(),
    }))
}
