//! What this client can do, and what we offer it.

use std::path::PathBuf;

use serde_json::Value;
use tower_lsp::lsp_types::*;

use super::refresh::Refresh;
use crate::text::Encoding;
use crate::workspace::load::{Loader, normalize};

/// The files of whose renames we are told.
const RENAMED: &str = "**/*.{bib,json,yaml,yml,txt,text,md,markdown,qmd,rmd,html,htm,pdf,docx,epub}";

/// What was agreed when the session began.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// In which units positions count.
    pub(super) encoding: Encoding,
    /// Whether text with blanks has to be offered as a snippet: Neovim 0.11 writes no more than the
    /// first word of a plain one.
    pub(super) cuts_at_blanks: bool,
    /// Whether definitions may be links with an origin.
    pub(super) links: bool,
    /// Whether the client has colours for our own types of tokens.
    pub(super) knows_tokens: bool,
    /// Whether a list of completions can show more than the label on every row.
    pub(super) label_details: bool,
    /// Whether cards must be plain text.
    pub(super) plain_cards: bool,
    /// Whether the cards of completions must be.
    pub(super) plain_choices: bool,
    /// Whether progress may be shown.
    pub(super) progress: bool,
    /// Whether the client watches files for us.
    pub(super) watches: bool,
    /// Whether the client asks for the findings of the files that it has open.
    pub(super) pulls: bool,
    /// Whether settings can be asked for.
    pub(super) configuration: bool,
    /// What the client asks for again when told to.
    pub(super) refresh: Refresh,
    /// Whether it asks for the key before it asks for its new name.
    pub(super) prepares: bool,
    /// Whether edits may say for which version of a text they are made.
    pub(super) versions: bool,
    /// Whether an edit may make a file.
    pub(super) creates: bool,
    /// Whether it can be asked to show a place of a file.
    pub(super) shows: bool,
    /// Whether the symbols of a file may be nested.
    pub(super) nested_symbols: bool,
    /// The folders that the client has open.
    pub(super) folders: Vec<PathBuf>,
    /// The roots of the workspaces that they belong to.
    pub(super) roots: Vec<PathBuf>,
    /// The settings that came with the first message.
    pub(super) settings: Value,
}

impl Session {
    /// What `params` agree to.
    pub(super) fn new(params: &InitializeParams) -> Self {
        let caps = &params.capabilities;
        let encodings = caps.general.as_ref().and_then(|general| general.position_encodings.clone());
        let formats =
            caps.text_document.as_ref().and_then(|text| text.hover.as_ref()?.content_format.clone());
        let item =
            caps.text_document.as_ref().and_then(|text| text.completion.as_ref()?.completion_item.as_ref());
        let choices = item.and_then(|item| item.documentation_format.clone());
        let plain = |formats: Option<Vec<MarkupKind>>| {
            formats.is_some_and(|formats| !formats.contains(&MarkupKind::Markdown))
        };
        let workspace = caps.workspace.as_ref();
        let folders = folders(params);
        Self {
            encoding: choose_encoding(&encodings.unwrap_or_default()),
            cuts_at_blanks: params.client_info.as_ref().is_some_and(|client| client.name == "Neovim")
                && item.and_then(|item| item.snippet_support).unwrap_or(false),
            links: caps
                .text_document
                .as_ref()
                .and_then(|text| text.definition?.link_support)
                .unwrap_or(false),
            knows_tokens: caps
                .text_document
                .as_ref()
                .and_then(|text| text.semantic_tokens.as_ref())
                .is_some_and(|tokens| {
                    let known = |name| tokens.token_types.iter().any(|one| one.as_str() == name);
                    super::convert::TOKEN_TYPES.into_iter().all(known)
                }),
            label_details: item.and_then(|item| item.label_details_support).unwrap_or(false),
            plain_cards: plain(formats),
            plain_choices: plain(choices),
            progress: caps.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or(false),
            watches: workspace
                .and_then(|w| w.did_change_watched_files?.dynamic_registration)
                .unwrap_or(false),
            pulls: caps.text_document.as_ref().is_some_and(|text| text.diagnostic.is_some()),
            configuration: workspace.and_then(|w| w.configuration).unwrap_or(false),
            refresh: Refresh::new(workspace),
            prepares: caps
                .text_document
                .as_ref()
                .and_then(|text| text.rename.as_ref()?.prepare_support)
                .unwrap_or(false),
            versions: workspace.and_then(|w| w.workspace_edit.as_ref()?.document_changes).unwrap_or(false),
            creates: workspace.and_then(|w| w.workspace_edit.as_ref()).is_some_and(|edits| {
                // Neovim makes files, and says nothing of `documentChanges`, in which alone that can be sent.
                let operations = edits.resource_operations.as_deref().unwrap_or_default();
                operations.contains(&ResourceOperationKind::Create)
            }),
            shows: caps
                .window
                .as_ref()
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
            nested_symbols: caps
                .text_document
                .as_ref()
                .and_then(|text| text.document_symbol.as_ref()?.hierarchical_document_symbol_support)
                .unwrap_or(false),
            roots: folders.iter().map(|folder| Loader::root_of(folder)).collect(),
            folders,
            settings: params.initialization_options.as_ref().map(super::own_settings).unwrap_or_default(),
        }
    }

    /// What we offer. Few trigger characters: other servers serve Markdown beside us.
    pub(super) fn offered(&self) -> ServerCapabilities {
        let encoding = match self.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        };
        ServerCapabilities {
            position_encoding: Some(encoding),
            text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::INCREMENTAL),
                ..TextDocumentSyncOptions::default()
            })),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            definition_provider: Some(OneOf::Left(true)),
            declaration_provider: Some(DeclarationCapability::Simple(true)),
            completion_provider: Some(CompletionOptions {
                // A blank for the locator behind `key, `; anywhere else it is answered with nothing at once.
                trigger_characters: Some(vec!["@".into(), " ".into(), "¶".into()]),
                resolve_provider: Some(true),
                ..CompletionOptions::default()
            }),
            inlay_hint_provider: Some(OneOf::Left(true)),
            code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: Some(false),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
            semantic_tokens_provider: Some(
                SemanticTokensOptions {
                    legend: super::convert::legend(self.knows_tokens),
                    range: Some(true),
                    full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                    ..SemanticTokensOptions::default()
                }
                .into(),
            ),
            code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![
                    CodeActionKind::QUICKFIX,
                    CodeActionKind::REFACTOR_EXTRACT,
                    CodeActionKind::REFACTOR_REWRITE,
                    CodeActionKind::new(super::actions::FIX_ALL),
                ]),
                ..CodeActionOptions::default()
            })),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: super::commands::names(),
                ..ExecuteCommandOptions::default()
            }),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            document_symbol_provider: Some(OneOf::Left(true)),
            workspace_symbol_provider: Some(OneOf::Left(true)),
            // Only a client that says it prepares renames may be told more than yes.
            rename_provider: Some(if self.prepares {
                OneOf::Right(RenameOptions {
                    prepare_provider: Some(true),
                    work_done_progress_options: WorkDoneProgressOptions::default(),
                })
            } else {
                OneOf::Left(true)
            }),
            diagnostic_provider: self.pulls.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some("glossator".into()),
                    inter_file_dependencies: true,
                    workspace_diagnostics: false,
                    ..DiagnosticOptions::default()
                })
            }),
            workspace: Some(WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                file_operations: Some(WorkspaceFileOperationsServerCapabilities {
                    will_rename: Some(renames()),
                    ..WorkspaceFileOperationsServerCapabilities::default()
                }),
            }),
            ..ServerCapabilities::default()
        }
    }
}

/// Of which renames we want to know: of libraries, of what may be a source or stand beside one, of
/// briefs, and of folders.
fn renames() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".into()),
        pattern: FileOperationPattern { glob: glob.into(), matches: Some(matches), options: None },
    };
    FileOperationRegistrationOptions {
        filters: vec![
            filter(RENAMED, FileOperationPatternKind::File),
            filter("**/*", FileOperationPatternKind::Folder),
        ],
    }
}

/// UTF-8 when the client takes it, as all our offsets are bytes; UTF-16, which every client takes, otherwise;
/// UTF-32 for a client that lists nothing else.
fn choose_encoding(offered: &[PositionEncodingKind]) -> Encoding {
    if offered.contains(&PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offered.contains(&PositionEncodingKind::UTF32)
        && !offered.contains(&PositionEncodingKind::UTF16)
    {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten().map(|folder| folder.uri.clone());
    let mut uris: Vec<Url> = folders.collect();
    #[allow(deprecated)] // older clients send nothing else
    if uris.is_empty() {
        uris.extend(params.root_uri.clone());
    }
    let mut paths: Vec<PathBuf> = uris.iter().filter_map(folder).collect();
    #[allow(deprecated)] // still older ones send this
    if uris.is_empty() {
        paths.extend(params.root_path.as_ref().map(|path| normalize(path.as_ref())));
    }
    paths.retain(|path| path.is_absolute());
    paths
}

/// The folder at `uri`.
pub(super) fn folder(uri: &Url) -> Option<PathBuf> {
    Some(normalize(&uri.to_file_path().ok()?))
}
