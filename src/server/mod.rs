//! The language server: the one room that names `tower_lsp`, `lsp_types` and `tokio`. It takes
//! messages apart, asks `features`, and puts answers together; what an answer says is not decided here.

mod actions;
mod capabilities;
mod convert;
mod publish;
mod state;
mod transport;
mod watch;

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::request::{GotoDeclarationParams, GotoDeclarationResponse};
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, LanguageServer, LspService};

use crate::config::Code;
use crate::features::{completion, definition, hover};
use crate::workspace::Change;
use capabilities::Session;
use state::State;

/// Serves one client on standard input and output, and ends the process: with 0 when the client
/// said `shutdown` and then `exit`, else with 1.
pub fn serve() -> ! {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime");
            std::process::exit(1);
        }
    };
    let state = Arc::new(State::default());
    let (service, socket) = LspService::new(|client| Server { client, state: state.clone() });
    let code = runtime.block_on(transport::run(service, socket));
    // Not by dropping the runtime: that would wait for what still runs.
    std::process::exit(code)
}

/// What the router calls. Cheap to clone.
struct Server {
    client: Client,
    state: Arc<State>,
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        transport::watch_parent(params.process_id);
        let session = Session::new(&params);
        let capabilities = session.offered();
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
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        let files: Vec<_> = params.changes.iter().map(|change| self.state.file(&change.uri)).collect();
        self.state.reload(&files);
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        watch::settings_changed(&self.client, &self.state, params.settings);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        let plain = self.state.session().plain_cards;
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let card = hover::hover(snap, file, offset)?;
                let range = Some(convert::range(&text, card.span, encoding));
                Some(Hover { contents: HoverContents::Markup(convert::markup(card.markdown, plain)), range })
            })
            .await
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
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                let found = completion::complete(snap, file, offset);
                let items = found.candidates.into_iter().enumerate();
                let items = items
                    .map(|(rank, candidate)| convert::candidate(&text, rank, candidate, encoding))
                    .collect();
                Some(CompletionResponse::List(CompletionList { is_incomplete: found.incomplete, items }))
            })
            .await
    }

    async fn completion_resolve(&self, mut item: CompletionItem) -> Result<CompletionItem> {
        let snap = self.state.snapshot();
        let plain = self.state.session().plain_cards;
        let Some((key, number)) = convert::about(item.data.as_ref()) else { return Ok(item) };
        let card = state::compute(move |_| completion::card(&snap, &key, number)).await?;
        item.documentation = card.map(|card| Documentation::MarkupContent(convert::markup(card, plain)));
        Ok(item)
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        publish::report(&self.state, params).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let uri = params.text_document.uri.clone();
        self.state
            .answer(&uri, move |snap, file, encoding| actions::actions(snap, file, &params, encoding))
            .await
    }
}

impl Server {
    /// Answers a jump that `find` finds.
    async fn jump(
        &self,
        place: TextDocumentPositionParams,
        find: fn(&crate::workspace::Snapshot, &crate::text::FileId, usize) -> Option<definition::Jump>,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let links = self.state.session().links;
        self.state
            .answer(&place.text_document.uri, move |snap, file, encoding| {
                let text = snap.text(file)?;
                let offset = text.offset(convert::position_from(place.position), encoding);
                convert::jump(&text, find(snap, file, offset)?, encoding, links)
            })
            .await
    }
}

/// The settings of this server in what a client sent: under `glossator`, or at the top.
fn own_settings(sent: &Value) -> Value {
    sent.get("glossator").unwrap_or(sent).clone()
}

/// The link that a diagnostic's code leads to.
fn documentation(code: Code) -> Option<CodeDescription> {
    Some(CodeDescription { href: Url::parse(&code.url()).ok()? })
}
