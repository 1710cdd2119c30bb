//! All conversions between the protocol's types and ours. Positions are converted with the text that the
//! answer was computed from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use super::session::{Session, TOKEN_TYPES};
use super::uris::{Uris, uri};
use super::views;
use crate::config::Level;
use crate::corpus::entity::Kind as EntityKind;
use crate::features::card::Card;
use crate::features::completion::Candidate;
use crate::features::diagnostics::Finding;
use crate::features::edits::Edits;
use crate::features::hints::Hint;
use crate::features::lenses::Lens;
use crate::features::links::Link;
use crate::features::markup;
use crate::features::standing::Standing;
use crate::features::symbols::{Kind as SymbolOf, Symbol, Which};
use crate::features::target::Jump;
use crate::features::tokens::{Kind, Token};
use crate::text::visible::visible;
use crate::text::{Edit, Encoding, FileId, FileSpan, FileText, Locus, LocusRange, Span, Text};
use crate::workspace::Snapshot;

/// `text` as shown to the user: other people's text may contain invisible characters.
pub(super) fn seen(text: String) -> String {
    match visible(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

pub(super) fn position_from(position: Position) -> crate::text::Position {
    crate::text::Position { line: position.line, character: position.character }
}

/// A text that resolves its own spans: [`Text`] those of the reading text, [`FileText`] those of a file. Both
/// give positions in the file.
pub(super) trait Places {
    /// A span of this kind of text.
    type Span: Copy;

    fn ends(&self, span: Self::Span, encoding: Encoding) -> (crate::text::Position, crate::text::Position);
}

impl Places for Text {
    type Span = Span;

    fn ends(&self, span: Span, encoding: Encoding) -> (crate::text::Position, crate::text::Position) {
        self.range(span, encoding)
    }
}

impl Places for FileText {
    type Span = FileSpan;

    fn ends(&self, span: FileSpan, encoding: Encoding) -> (crate::text::Position, crate::text::Position) {
        self.range(span, encoding)
    }
}

pub(super) fn range<T: Places>(text: &T, span: T::Span, encoding: Encoding) -> Range {
    let (start, end) = text.ends(span, encoding);
    Range { start: position(start), end: position(end) }
}

fn position(place: crate::text::Position) -> Position {
    Position { line: place.line, character: place.character }
}

pub(super) fn span(text: &FileText, range: Range, encoding: Encoding) -> FileSpan {
    let offset = |position| text.offset(position_from(position), encoding);
    FileSpan::new(offset(range.start), offset(range.end))
}

pub(super) fn hint(text: &FileText, hint: Hint, encoding: Encoding) -> InlayHint {
    InlayHint {
        position: position(text.position(hint.at, encoding)),
        label: InlayHintLabel::String(seen(hint.label)),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: (!hint.leads).then_some(true),
        padding_right: hint.leads.then_some(true),
        data: None,
    }
}

/// A lens that only shows text: clients display a command with an empty name, and a click on it does nothing.
pub(super) fn lens(text: &FileText, lens: Lens, encoding: Encoding) -> CodeLens {
    let command = Command { title: seen(lens.title), command: String::new(), arguments: None };
    CodeLens { range: range(text, lens.span, encoding), command: Some(command), data: None }
}

pub(super) fn link(text: &FileText, link: Link, encoding: Encoding) -> DocumentLink {
    DocumentLink {
        range: range(text, link.span, encoding),
        target: Url::parse(&link.target).ok(),
        tooltip: Some(seen(link.tooltip.into())),
        data: None,
    }
}

/// `None` for a single line.
pub(super) fn fold(text: &FileText, span: FileSpan, encoding: Encoding) -> Option<FoldingRange> {
    let range = range(text, span, encoding);
    (range.start.line < range.end.line).then(|| FoldingRange {
        start_line: range.start.line,
        end_line: range.end.line,
        kind: Some(FoldingRangeKind::Region),
        ..FoldingRange::default()
    })
}

/// `chain` from the innermost range outwards.
pub(super) fn selection(text: &Text, chain: &[Span], encoding: Encoding) -> Option<SelectionRange> {
    chain.iter().rev().fold(None, |parent, span| {
        Some(SelectionRange { range: range(text, *span, encoding), parent: parent.map(Box::new) })
    })
}

/// The legend for [`tokens`], whose numbers are indices into these lists. Clients that do not know our types
/// get the closest standard ones.
pub(super) fn legend(knows_ours: bool) -> SemanticTokensLegend {
    let nearest = [SemanticTokenType::VARIABLE, SemanticTokenType::NUMBER, SemanticTokenType::STRING];
    let token_types =
        if knows_ours { TOKEN_TYPES.map(SemanticTokenType::new).into() } else { nearest.into() };
    SemanticTokensLegend { token_types, token_modifiers: vec!["verified".into(), "wrong".into()] }
}

/// Whether it is a quotation not known to be in its source.
pub(super) fn is_unverified(kind: Kind) -> bool {
    matches!(kind, Kind::Quotation(standing) if standing != Some(Standing::Verified))
}

/// `tokens` must be in order, each on one line.
pub(super) fn tokens(text: &Text, tokens: &[Token], encoding: Encoding) -> SemanticTokens {
    let mut before = Position::default();
    let relative = tokens.iter().map(|token| {
        let Range { start, end } = range(text, token.span, encoding);
        let (token_type, modifiers) = match token.kind {
            Kind::Key => (0, 0),
            Kind::Locator => (1, 0),
            Kind::Quotation(Some(Standing::Verified)) => (2, 0b01),
            Kind::Quotation(Some(Standing::Wrong)) => (2, 0b10),
            Kind::Quotation(Some(Standing::Doubtful) | None) => (2, 0),
        };
        let delta_line = start.line - before.line;
        let from = if delta_line == 0 { before.character } else { 0 };
        before = start;
        SemanticToken {
            delta_line,
            delta_start: start.character - from,
            length: end.character - start.character,
            token_type,
            token_modifiers_bitset: modifiers,
        }
    });
    SemanticTokens { result_id: None, data: relative.collect() }
}

pub(super) fn edit(change: TextDocumentContentChangeEvent) -> Edit {
    let range = change.range.map(|range| (position_from(range.start), position_from(range.end)));
    Edit { range, text: change.text }
}

/// A card in the format that the client shows.
pub(super) fn markup(card: &Card, plain: bool) -> MarkupContent {
    if plain {
        return MarkupContent { kind: MarkupKind::PlainText, value: seen(card.plain()) };
    }
    MarkupContent { kind: MarkupKind::Markdown, value: seen(card.markdown()) }
}

pub(super) fn jump(
    from: &FileText,
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
        origin_selection_range: Some(range(from, jump.origin, encoding)),
        target_uri,
        target_range: range(&jump.text, jump.target, encoding),
        target_selection_range: focus,
    }]))
}

/// With `cuts_at_blanks`, text with blanks is sent as a snippet. `from` is passed on to [`asked_in`].
pub(super) fn candidate(
    text: &Text,
    rank: usize,
    candidate: Candidate,
    session: &Session,
    from: Option<&Url>,
) -> CompletionItem {
    let encoding = session.encoding;
    // VS Code shows `detail` only for the selected row, and `description` for all. Helix shows neither, so
    // the label must include it.
    let candidate = Candidate { label: seen(candidate.label), detail: seen(candidate.detail), ..candidate };
    let (label, detail, description) = match (session.label_details, candidate.is_name()) {
        (true, _) => (candidate.label, None, Some(candidate.detail)),
        (false, true) => (candidate.label, Some(candidate.detail), None),
        (false, false) => (beside(&candidate.label, &candidate.detail), Some(candidate.detail), None),
    };
    let snippet = session.cuts_at_blanks && candidate.insert.contains(char::is_whitespace);
    let new_text = if snippet { escaped(&candidate.insert) } else { candidate.insert };
    let edit = TextEdit { range: range(text, candidate.replace, encoding), new_text };
    let mut data = json!({"key": candidate.about.0});
    if let Some(locus) = &candidate.about.1 {
        data["place"] = json!([locus.first.term(), locus.value()]);
    }
    if let Some(uri) = from {
        data["in"] = json!(uri);
    }
    CompletionItem {
        label,
        kind: Some(CompletionItemKind::REFERENCE),
        label_details: description
            .map(|text| CompletionItemLabelDetails { detail: None, description: Some(text) }),
        detail,
        // Clients sort by this, and our order is the one that counts.
        sort_text: Some(format!("{rank:04}")),
        filter_text: Some(candidate.filter),
        insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(edit)),
        additional_text_edits: (!candidate.also.is_empty())
            .then(|| text_edits(text, &candidate.also, encoding)),
        data: Some(data),
        ..CompletionItem::default()
    }
}

/// Longest detail in a label, in characters: even with the longest keys, the list fits beside the text in a
/// window of 100 columns.
const BESIDE: usize = 48;

/// A label followed by the beginning of its detail.
fn beside(label: &str, detail: &str) -> String {
    if detail.is_empty() { label.to_owned() } else { format!("{label}  {}", markup::clip(detail, BESIDE)) }
}

/// `text` escaped as a literal snippet.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '}') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What a completion item is about, from its `data`.
pub(super) fn about(data: Option<&Value>) -> Option<(String, Option<LocusRange>)> {
    let data = data?;
    let place = data
        .get("place")
        .and_then(|place| Locus::parse(place.get(0)?.as_str()?, place.get(1)?.as_str()?).into_iter().next());
    Some((data.get("key")?.as_str()?.to_owned(), place))
}

/// The file in which a completion item was offered, from its `data`, if that matters.
pub(super) fn asked_in(data: Option<&Value>) -> Option<Url> {
    Url::parse(data?.get("in")?.as_str()?).ok()
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
            let text = snap.file_text(file).filter(|_| views::is_there(snap, file))?;
            let range = range(&text, *span, encoding);
            Some(DiagnosticRelatedInformation {
                location: Location { uri: uri(file)?, range },
                message: seen(message.clone()),
            })
        })
        .collect();
    Some(Diagnostic {
        range: range(text, finding.span, encoding),
        severity: Some(severity),
        code: Some(NumberOrString::String(finding.code.name().into())),
        code_description: documentation(finding.code),
        source: Some("glossator".into()),
        message: seen(finding.message.clone()),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    })
}

/// Converts `edits` of `text`.
pub(super) fn text_edits(text: &Text, edits: &[(Span, String)], encoding: Encoding) -> Vec<TextEdit> {
    let edit = |(span, new): &(Span, String)| TextEdit::new(range(text, *span, encoding), new.clone());
    edits.iter().map(edit).collect()
}

/// Edits of several files in the form that the client supports: if possible with the version of each text, so
/// that a text changed meanwhile is left alone.
pub(super) fn changes(session: &Session, edits: Vec<(Url, Option<i32>, Vec<TextEdit>)>) -> WorkspaceEdit {
    if !session.versions {
        let changes = edits.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let edits = edits.into_iter().map(|(uri, version, edits)| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    });
    let document_changes = Some(DocumentChanges::Edits(edits.collect()));
    WorkspaceEdit { document_changes, ..WorkspaceEdit::default() }
}

/// Edits of several files, except any without a URI. `version` gives the version of an open file.
pub(super) fn workspace_edit(
    session: &Session,
    uris: &Uris,
    version: &dyn Fn(&FileId) -> Option<i32>,
    edits: BTreeMap<FileId, Edits>,
    encoding: Encoding,
) -> WorkspaceEdit {
    let edit = |(file, found): (FileId, Edits)| {
        Some((uris.of(&file)?, version(&file), text_edits(&found.text, &found.edits, encoding)))
    };
    changes(session, edits.into_iter().filter_map(edit).collect())
}

/// The same if some of the files do not exist yet: they are created first. `None` if the client cannot create
/// files.
pub(super) fn edit_or_create(
    session: &Session,
    uris: &Uris,
    snap: &Snapshot,
    edits: BTreeMap<FileId, Edits>,
    encoding: Encoding,
) -> Option<WorkspaceEdit> {
    let is_new = |file: &FileId| snap.file_text(file).is_none();
    if !edits.keys().any(is_new) {
        return Some(workspace_edit(session, uris, &|file| snap.version(file), edits, encoding));
    }
    if !session.creates {
        return None;
    }
    let mut operations = Vec::new();
    for (file, found) in edits {
        let uri = uris.of(&file)?;
        if is_new(&file) {
            // Do not overwrite a file that somebody created meanwhile.
            let options = CreateFileOptions { overwrite: None, ignore_if_exists: Some(true) };
            let create = CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
            operations.push(DocumentChangeOperation::Op(ResourceOp::Create(create)));
        }
        let version = snap.version(&file);
        let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
        let edits = text_edits(&found.text, &found.edits, encoding).into_iter().map(OneOf::Left).collect();
        operations.push(DocumentChangeOperation::Edit(TextDocumentEdit { text_document, edits }));
    }
    let document_changes = Some(DocumentChanges::Operations(operations));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

/// The symbols of `file`, nested if the client supports that, otherwise as a flat list.
pub(super) fn symbols(
    text: &Text,
    file: &Url,
    symbols: Vec<Symbol>,
    encoding: Encoding,
    nested: bool,
) -> DocumentSymbolResponse {
    if nested {
        let all = symbols.into_iter().map(|symbol| document_symbol(text, symbol, encoding));
        return DocumentSymbolResponse::Nested(all.collect());
    }
    fn list(symbols: Vec<Symbol>, above: Option<&str>, add: &mut dyn FnMut(&Symbol, Option<&str>)) {
        for mut symbol in symbols {
            let below = std::mem::take(&mut symbol.children);
            add(&symbol, above);
            list(below, Some(&symbol.name), add);
        }
    }
    let mut all = Vec::new();
    list(symbols, None, &mut |one, above| {
        let location = Location { uri: file.clone(), range: range(text, one.span, encoding) };
        all.push(symbol(one.name.clone(), symbol_kind(one.kind), location, above.map(str::to_owned)));
    });
    DocumentSymbolResponse::Flat(all)
}

#[allow(deprecated)] // the protocol's old field must be filled
fn document_symbol(text: &Text, symbol: Symbol, encoding: Encoding) -> DocumentSymbol {
    let children = symbol.children.into_iter().map(|child| document_symbol(text, child, encoding));
    DocumentSymbol {
        name: seen(symbol.name),
        detail: symbol.detail.map(seen),
        kind: symbol_kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: range(text, symbol.span, encoding),
        selection_range: range(text, symbol.focus, encoding),
        children: Some(children.collect()),
    }
}

fn symbol_kind(kind: SymbolOf) -> SymbolKind {
    match kind {
        SymbolOf::Heading | SymbolOf::Passage => SymbolKind::STRING,
        SymbolOf::Quotation => SymbolKind::CONSTANT,
    }
}

/// The kind of a workspace symbol. The protocol has none for people or places.
pub(super) fn kind(which: Which) -> SymbolKind {
    match which {
        Which::Source => SymbolKind::FILE,
        Which::Passage => SymbolKind::STRING,
        Which::Note => SymbolKind::KEY,
        Which::Entity(Some(EntityKind::Person)) => SymbolKind::CLASS,
        Which::Entity(Some(EntityKind::Organisation)) => SymbolKind::INTERFACE,
        Which::Entity(Some(EntityKind::Place)) => SymbolKind::NAMESPACE,
        Which::Entity(Some(EntityKind::Thing) | None) => SymbolKind::OBJECT,
    }
}

#[allow(deprecated)] // the protocol's old field must be filled
pub(super) fn symbol(
    name: String,
    kind: SymbolKind,
    location: Location,
    container_name: Option<String>,
) -> SymbolInformation {
    let (name, container_name) = (seen(name), container_name.map(seen));
    SymbolInformation { name, kind, tags: None, deprecated: None, location, container_name }
}

/// The link for a diagnostic's code.
fn documentation(code: crate::config::Code) -> Option<CodeDescription> {
    Some(CodeDescription { href: Url::parse(&code.url()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_bare_labels_says_what_its_rows_are_about() {
        let offered = |label_details| {
            let candidate = Candidate {
                label: "¶ 7".into(),
                detail: "Pilots sold the tables to captains, who copied them at night and sold the copies"
                    .into(),
                filter: "¶ 7".into(),
                replace: Span::new(0, 0),
                insert: "¶ 7".into(),
                also: Vec::new(),
                about: ("reed2021".into(), Some(Locus::Paragraph(7).into())),
            };
            let session = Session { label_details, ..Session::new(&InitializeParams::default()) };
            super::candidate(&Text::new(""), 0, candidate, &session, None)
        };
        let bare = offered(false);
        assert_eq!(bare.label, "¶ 7  Pilots sold the tables to captains, who copied…");
        assert_eq!(bare.filter_text.as_deref(), Some("¶ 7"));
        assert!(matches!(bare.text_edit, Some(CompletionTextEdit::Edit(edit)) if edit.new_text == "¶ 7"));
        assert_eq!(offered(true).label, "¶ 7");
    }

    #[test]
    fn words_with_blanks_are_a_snippet_where_plain_ones_are_cut() {
        let text = Text::new("pay $");
        let offered = |insert: &str, cuts| {
            let candidate = Candidate {
                label: "label".into(),
                detail: String::new(),
                filter: insert.into(),
                replace: Span::new(4, 5),
                insert: insert.into(),
                also: Vec::new(),
                about: ("moss2020".into(), None),
            };
            let session = Session { cuts_at_blanks: cuts, ..Session::new(&InitializeParams::default()) };
            let item = super::candidate(&text, 0, candidate, &session, None);
            let Some(CompletionTextEdit::Edit(edit)) = item.text_edit else { panic!("no edit") };
            (edit.new_text, item.insert_text_format)
        };
        let plain = "$5 {in} C:\\d";
        assert_eq!(offered(plain, false), (plain.into(), None));
        assert_eq!(offered(plain, true), ("\\$5 {in\\} C:\\\\d".into(), Some(InsertTextFormat::SNIPPET)));
        assert_eq!(offered("moss2020", true), ("moss2020".into(), None));
    }
}
