//! Between the protocol's types and ours; every conversion stands here. Positions are converted
//! with the text that the answer was made from.

use std::path::PathBuf;

use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use crate::config::Level;
use crate::features::completion::Candidate;
use crate::features::definition::Jump;
use crate::features::diagnostics::{Finding, Fix};
use crate::text::{Edit, Encoding, FileId, Span, Text};
use crate::workspace::Snapshot;
use crate::workspace::load::normalize;

/// The file that `uri` names; a URI of another scheme stands for itself.
pub(super) fn file(uri: &Url) -> FileId {
    match uri.to_file_path() {
        Ok(path) if uri.scheme() == "file" => FileId::new(normalize(&path)),
        _ => FileId::new(PathBuf::from(uri.as_str())),
    }
}

/// The URI of `file`.
pub(super) fn uri(file: &FileId) -> Option<Url> {
    Url::from_file_path(file.path()).ok().or_else(|| Url::parse(file.path().to_str()?).ok())
}

pub(super) fn position_from(position: Position) -> crate::text::Position {
    crate::text::Position { line: position.line, character: position.character }
}

fn position(text: &Text, offset: usize, encoding: Encoding) -> Position {
    let place = text.position(offset, encoding);
    Position { line: place.line, character: place.character }
}

pub(super) fn range(text: &Text, span: Span, encoding: Encoding) -> Range {
    Range { start: position(text, span.start, encoding), end: position(text, span.end, encoding) }
}

pub(super) fn edit(change: TextDocumentContentChangeEvent) -> Edit {
    let range = change.range.map(|range| (position_from(range.start), position_from(range.end)));
    Edit { range, text: change.text }
}

/// A card in the form that the client shows. Ours reads well as plain text, so only the kind differs.
pub(super) fn markup(markdown: String, plain: bool) -> MarkupContent {
    let kind = if plain { MarkupKind::PlainText } else { MarkupKind::Markdown };
    MarkupContent { kind, value: markdown }
}

pub(super) fn jump(
    brief: &Text,
    jump: Jump,
    encoding: Encoding,
    links: bool,
) -> Option<GotoDefinitionResponse> {
    let target_uri = uri(&jump.file)?;
    let focus = range(&jump.text, jump.focus, encoding);
    if !links {
        return Some(GotoDefinitionResponse::Scalar(Location { uri: target_uri, range: focus }));
    }
    Some(GotoDefinitionResponse::Link(vec![LocationLink {
        origin_selection_range: Some(range(brief, jump.origin, encoding)),
        target_uri,
        target_range: range(&jump.text, jump.target, encoding),
        target_selection_range: focus,
    }]))
}

pub(super) fn candidate(
    text: &Text,
    rank: usize,
    candidate: Candidate,
    encoding: Encoding,
) -> CompletionItem {
    let edit = TextEdit { range: range(text, candidate.replace, encoding), new_text: candidate.insert };
    CompletionItem {
        label: candidate.label,
        kind: Some(CompletionItemKind::REFERENCE),
        detail: Some(candidate.detail),
        // Clients sort by this, and ours is the order that counts.
        sort_text: Some(format!("{rank:04}")),
        filter_text: Some(candidate.filter),
        text_edit: Some(CompletionTextEdit::Edit(edit)),
        data: Some(json!({"key": candidate.about.0, "number": candidate.about.1})),
        ..CompletionItem::default()
    }
}

/// What a completion item is about, from its `data`.
pub(super) fn about(data: Option<&Value>) -> Option<(String, Option<u32>)> {
    let data = data?;
    let number = data.get("number").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    Some((data.get("key")?.as_str()?.to_owned(), number))
}

/// `None` for a finding that is switched off.
pub(super) fn diagnostic(
    snap: &Snapshot,
    text: &Text,
    finding: &Finding,
    encoding: Encoding,
) -> Option<Diagnostic> {
    let severity = match finding.level {
        Level::Off => return None,
        Level::Hint => DiagnosticSeverity::HINT,
        Level::Information => DiagnosticSeverity::INFORMATION,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Error => DiagnosticSeverity::ERROR,
    };
    let related: Vec<_> = finding
        .related
        .iter()
        .filter_map(|(file, span, message)| {
            let range = range(&snap.text(file)?, *span, encoding);
            Some(DiagnosticRelatedInformation {
                location: Location { uri: uri(file)?, range },
                message: message.clone(),
            })
        })
        .collect();
    Some(Diagnostic {
        range: range(text, finding.span, encoding),
        severity: Some(severity),
        code: Some(NumberOrString::String(finding.code.name().into())),
        code_description: super::documentation(finding.code),
        source: Some("glossator".into()),
        message: finding.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    })
}

/// The edits of a fix; its places count in `text`.
pub(super) fn edits(text: &Text, fix: &Fix, encoding: Encoding) -> Vec<TextEdit> {
    let edits = fix.edits.iter();
    edits
        .map(|(span, new_text)| TextEdit { range: range(text, *span, encoding), new_text: new_text.clone() })
        .collect()
}
