//! The language server: the only room that names `tower_lsp`, `lsp_types` and `tokio`. Unpacks messages, asks
//! `features`, and packs answers; what an answer says is not decided here.

mod actions;
mod capabilities;
mod colours;
mod commands;
mod convert;
mod desk;
pub mod mcp;
mod orders;
mod publish;
mod refresh;
mod session;
mod state;
mod transport;
mod uris;
mod views;
mod watch;
mod work;
mod workspaces;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::request::{GotoDeclarationParams, GotoDeclarationResponse};
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, LanguageServer, LspService};

use crate::features::{
    completion, definition, folds, highlight, hints, hover, lenses, links, moved, references, rename,
    selections, symbols, target, tokens,
};
use crate::text::{FileId, Span};
use crate::workspace::Change;
use crate::workspace::load::is_read_only;
use session::Session;
use state::State;

/// Threads that answer requests at the same time.
const MOST_THREADS: usize = 16;

/// Serves one client on standard input and output, then ends the process: with 0 if the client sent
/// `shutdown` and then `exit`, otherwise with 1.
pub fn serve() -> ! {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // Computations never block, so more threads than cores would only take memory.
    let runtime = match runtime.worker_threads(2).max_blocking_threads(MOST_THREADS).enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime");
            std::process::exit(1);
        }
    };
    let state = Arc::new(State::default());
    let (service, socket) = LspService::build(|client| Server { client, state: state.clone() })
        .custom_method("textDocument/inlineCompletion", Server::inline_completion)
        .finish();
    let code = transport::run(
        runtime.handle(),
        service,
        socket,
        std::io::stdin().lock(),
        std::io::stdout(),
        // Nobody can be answered any more, but the input may stay open for ever.
        || std::process::exit(1),
    );
    // Do not drop the runtime, which would wait for whatever is still running.
    std::process::exit(code)
}

/// The handlers called by the router. Cheap to clone.
struct Server {
    client: Client,
    state: Arc<State>,
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        transport::watch_parent(params.process_id);
        let session = Session::new(&params);
        let capabilities = capabilities::offered(&session);
        self.state.begin(session);
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: "glossator".into(),
                version: Some(env!("CARGO_PKG_VERSION").into()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        watch::start(&self.client, &self.state);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let file = self.state.file(&document.uri);
        self.state.remember(&file, &document.uri);
        let (language, version, text) = (document.language_id, document.version, document.text);
        self.state.change(&file, Change::Opened { file: file.clone(), language, version, text });
        watch::opened(&self.client, &self.state, &file);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let file = self.state.file(&params.text_document.uri);
        let encoding = self.state.session().encoding;
        let edits = params.content_changes.into_iter().map(convert::edit).collect();
        let version = params.text_document.version;
        self.state.change(&file, Change::Edited { file: file.clone(), version, edits, encoding });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let file = self.state.file(&params.text_document.uri);
        self.state.change(&file, Change::Closed { file: file.clone() });
        self.state.forget_colours(&file);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let files: Vec<_> = params.changes.iter().map(|change| self.state.file(&change.uri)).collect();
        self.state.all().iter().for_each(|workspace| workspace.reload(&files));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        watch::folders_changed(&self.client, &self.state, &params.event);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        watch::settings_changed(&self.client, &self.state, params.settings);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        let plain = self.state.session().plain_cards;
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let found = hover::hover(snap, file, offset)?;
                let range = Some(convert::range(&text, found.span, encoding));
                Some(Hover { contents: HoverContents::Markup(convert::markup(&found.card, plain)), range })
            })
            .await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        // Not every client can be told to ask again once the sources are read.
        self.state.first_load(&params.text_document.uri).await;
        self.state
            .answer(&params.text_document.uri, move |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let shown = hints::hints(snap, file, convert::span(&text, params.range, encoding));
                Some(shown.into_iter().map(|hint| convert::hint(&text, hint, encoding)).collect())
            })
            .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        // Not every client can be told to ask again once the sources are read.
        self.state.first_load(&params.text_document.uri).await;
        self.state
            .answer(&params.text_document.uri, |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let shown = lenses::lenses(snap, file);
                Some(shown.into_iter().map(|lens| convert::lens(&text, lens, encoding)).collect())
            })
            .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        // Clients ask once when a file is opened, and cannot be told to ask again.
        self.state.first_load(&params.text_document.uri).await;
        self.state
            .answer(&params.text_document.uri, |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let links = links::links(snap, file);
                Some(links.into_iter().map(|link| convert::link(&text, link, encoding)).collect())
            })
            .await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        // Clients ask once when a file is opened, and cannot be told to ask again.
        self.state.first_load(&params.text_document.uri).await;
        self.state
            .answer(&params.text_document.uri, |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let folds = folds::folds(snap, file);
                Some(folds.into_iter().filter_map(|span| convert::fold(&text, span, encoding)).collect())
            })
            .await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.state
            .answer(&params.text_document.uri, move |snap, file, encoding| {
                let text = snap.reading_text(file)?;
                let places = params.positions.into_iter().map(|place| {
                    let offset = text.offset(convert::position_from(place), encoding);
                    convert::selection(&text, &selections::selections(snap, file, offset)?, encoding)
                });
                places.collect()
            })
            .await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let uri = params.text_document.uri;
        let tokens = self.colour(&uri, None).await?;
        Ok(tokens.map(|tokens| SemanticTokensResult::Tokens(self.state.colours(&uri, tokens))))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let uri = params.text_document.uri;
        let tokens = self.colour(&uri, None).await?;
        Ok(tokens.map(|tokens| self.state.colours_since(&uri, &params.previous_result_id, tokens)))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let tokens = self.colour(&params.text_document.uri, Some(params.range)).await?;
        Ok(tokens.map(SemanticTokensRangeResult::Tokens))
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.jump(params.text_document_position_params, definition::definition).await
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.jump(params.text_document_position_params, definition::declaration).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = params.text_document_position;
        let state = self.state.clone();
        // Only then does resolving a card require the file.
        let several = self.state.all().len() > 1;
        let workspace = state.of(&state.file(&place.text_document.uri));
        self.state
            .answer(&place.text_document.uri.clone(), move |snap, file, encoding| {
                let text = snap.reading_text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let found = completion::complete(snap, file, offset);
                if let Some(question) = completion::open_question(snap, file, offset) {
                    desk::send_question(&workspace, snap, &question);
                }
                if found.candidates.is_empty() && !found.incomplete {
                    return None;
                }
                let items = found.candidates.into_iter().enumerate();
                let from = several.then_some(&place.text_document.uri);
                let items = items
                    .map(|(rank, candidate)| {
                        convert::candidate(&text, rank, candidate, state.session(), from)
                    })
                    .collect();
                Some(CompletionResponse::List(CompletionList { is_incomplete: found.incomplete, items }))
            })
            .await
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        let plain = self.state.session().plain_choices;
        let Some((key, place)) = convert::about(item.data.as_ref()) else { return Ok(item) };
        let file = convert::asked_in(item.data.as_ref()).map(|uri| self.state.file(&uri));
        let snap = file.map_or_else(|| self.state.first(), |file| self.state.of(&file)).snapshot();
        let card = work::compute(move |_| completion::card(&snap, &key, place.as_ref())).await?;
        item.documentation = card.map(|card| Documentation::MarkupContent(convert::markup(&card, plain)));
        Ok(item)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        publish::report(&self.state, params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        let state = self.state.clone();
        self.state
            .answer(&uri, move |snap, file, encoding| actions::actions(&state, snap, file, &params, encoding))
            .await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        commands::run(&self.client, &self.state, &params.command, params.arguments).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let place = params.text_document_position;
        let uri = place.text_document.uri;
        let state = self.state.clone();
        let workspace = self.state.of(&self.state.file(&uri));
        let asked = workspace.snapshot();
        // The disk may have changed since it was read.
        let snap = workspace.current(&asked).await.unwrap_or(asked);
        self.state
            .answer_from(snap, &uri, move |snap, file, encoding| {
                let offset = snap.file_text(file)?.offset(convert::position_from(place.position), encoding);
                let and_entry = params.context.include_declaration;
                let all = references::references(snap, file, offset, and_entry).into_iter();
                let location = |one: references::Reference| {
                    let range = convert::range(&one.text, one.span, encoding);
                    Some(Location { uri: views::uri(&state, snap, &one.file)?, range })
                };
                Some(all.filter_map(location).collect())
            })
            .await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        let place = params.text_document_position_params;
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let spans = highlight::highlight(snap, file, offset).into_iter();
                let range = |span| convert::range(&text, span, encoding);
                Some(spans.map(|span| DocumentHighlight { range: range(span), kind: None }).collect())
            })
            .await
    }

    async fn prepare_rename(
        &self,
        place: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        let answer = self.state.answer(&place.text_document.uri, move |snap, file, encoding| {
            let text = snap.file_text(file)?;
            let offset = text.offset(convert::position_from(place.position), encoding);
            let found = rename::prepare(snap, file, offset).transpose()?;
            Some(found.map(|(span, placeholder)| PrepareRenameResponse::RangeWithPlaceholder {
                range: convert::range(&text, span, encoding),
                placeholder,
            }))
        });
        answer.await?.transpose().map_err(Error::invalid_params)
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let place = params.text_document_position;
        let state = self.state.clone();
        let workspace = self.state.of(&self.state.file(&place.text_document.uri));
        let Some(snap) = workspace.current(&workspace.snapshot()).await else {
            return Err(Error::invalid_params(
                "The files on disk keep changing, so nothing was renamed. Try again in a moment.",
            ));
        };
        let answer = self.state.answer_from(snap, &place.text_document.uri, move |snap, file, encoding| {
            let offset = snap.file_text(file)?.offset(convert::position_from(place.position), encoding);
            let found = rename::rename(snap, file, offset, &params.new_name).transpose()?;
            Some(found.and_then(|all| {
                // Half a rename would leave citations without a source.
                match all.keys().find(|file| is_read_only(file.path())) {
                    Some(file) => Err(format!(
                        "{} has the key too but is read-only, so nothing was renamed. Make it writable and try again.",
                        file.path().display()
                    )),
                    None => convert::edit_or_create(state.session(), &state.uris(), snap, all, encoding)
                        .ok_or_else(|| "There is no library, and this editor cannot create files. Create library.bib first.".into()),
                }
            }))
        });
        answer.await?.transpose().map_err(Error::invalid_params)
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let path = |uri: &str| Some(uris::file(&Url::parse(uri).ok()?).path().to_path_buf());
        let moves = params
            .files
            .iter()
            .filter_map(|file| Some(moved::Move { from: path(&file.old_uri)?, to: path(&file.new_uri)? }));
        let (moves, encoding) = (moves.collect::<Vec<_>>(), self.state.session().encoding);
        // As they are now, however long reading the disk takes.
        let asked: Vec<_> = self.state.all().into_iter().map(|one| (one.snapshot(), one)).collect();
        let mut snaps = Vec::new();
        for (asked, workspace) in asked {
            if let Some(root) = &workspace.root {
                // Files that are not known yet could not be updated.
                workspace.first_load().await;
                match workspace.current(&asked).await {
                    Some(snap) => snaps.push((root.clone(), snap)),
                    None => {
                        tracing::warn!("the disk changes faster than it is read: nothing follows the file")
                    }
                }
            }
        }
        let state = self.state.clone();
        let answer = work::compute(move |cancel| {
            let mut all = BTreeMap::new();
            let mut versions: BTreeMap<FileId, i32> = BTreeMap::new();
            for (root, mut snap) in snaps {
                snap.cancel = cancel.clone();
                versions
                    .extend(snap.open_files().filter_map(|file| Some((file.clone(), snap.version(file)?))));
                let root = snap.settings.as_deref().and_then(Path::parent).map_or(root, Into::into);
                all.extend(moved::follow(&snap, &root, &moves));
            }
            (!all.is_empty()).then(|| {
                let version = |file: &FileId| versions.get(file).copied();
                convert::workspace_edit(state.session(), &state.uris(), &version, all, encoding)
            })
        });
        answer.await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        let uri = params.text_document.uri;
        let nested = self.state.session().nested_symbols;
        self.state
            .answer(&uri.clone(), move |snap, file, encoding| {
                let (text, symbols) = symbols::of_file(snap, file)?;
                Some(convert::symbols(&text, &uri, symbols, encoding, nested))
            })
            .await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<Vec<SymbolInformation>>> {
        let state = self.state.clone();
        let snaps: Vec<_> = self.state.all().iter().map(|workspace| workspace.snapshot()).collect();
        let encoding = self.state.session().encoding;
        let all = work::compute(move |_| {
            let all =
                |snap| symbols::of_workspace(snap, &params.query).into_iter().map(move |one| (snap, one));
            let found = snaps.iter().flat_map(all);
            let symbol = |(snap, one): (&crate::workspace::Snapshot, symbols::Found)| {
                let range = convert::range(&one.text, one.span, encoding);
                let location = Location { uri: views::uri(&state, snap, &one.file)?, range };
                Some(convert::symbol(one.name, convert::kind(one.which), location, Some(one.detail)))
            };
            found.filter_map(symbol).collect()
        });
        all.await.map(Some)
    }
}

impl Server {
    /// Returns the semantic tokens of `shown`, or of the whole file.
    async fn colour(&self, uri: &Url, shown: Option<Range>) -> Result<Option<SemanticTokens>> {
        let knows_ours = self.state.session().knows_tokens;
        self.state
            .answer(uri, move |snap, file, encoding| {
                let text = snap.reading_text(file)?;
                let all = Span::new(0, text.as_str().len());
                let shown =
                    shown.map_or(all, |range| text.span_of(convert::span(text.file(), range, encoding)));
                let mut tokens = tokens::tokens(snap, file, shown);
                // Other clients show every quotation as a string in one colour, which must be reserved for
                // verified ones.
                tokens.retain(|token| knows_ours || !convert::is_unverified(token.kind));
                Some(convert::tokens(&text, &tokens, encoding))
            })
            .await
    }

    /// Inline completion: LSP 3.18, which tower-lsp does not know yet.
    async fn inline_completion(&self, place: TextDocumentPositionParams) -> Result<Option<Value>> {
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.reading_text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let found = completion::quote::ghost(snap, file, offset)?;
                let range = convert::range(&text, found.replace, encoding);
                let item = json!({"insertText": found.insert, "filterText": found.filter, "range": range});
                Some(json!({"items": [item]}))
            })
            .await
    }

    /// Answers with the jump that `find` returns.
    async fn jump(
        &self,
        place: TextDocumentPositionParams,
        find: fn(
            &crate::workspace::Snapshot,
            &crate::text::FileId,
            crate::text::FileOffset,
        ) -> Option<target::Jump>,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let links = self.state.session().links;
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.file_text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let jump = find(snap, file, offset).filter(|jump| views::is_there(snap, &jump.file))?;
                convert::jump(&text, jump, encoding, links)
            })
            .await
    }
}
