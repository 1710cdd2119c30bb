//! What the client can do and has open, according to its first message.

use std::path::PathBuf;

use serde_json::Value;
use tower_lsp::lsp_types::*;

use crate::text::Encoding;
use crate::workspace::load::{Loader, normalize};

/// The names of our own token types. A client that knows them has colours for them.
pub(super) const TOKEN_TYPES: [&str; 3] = ["citation", "locator", "quotation"];

/// What the client says about itself in `initialize`.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// The encoding in which positions count.
    pub(super) encoding: Encoding,
    /// Whether completions with blanks must be sent as snippets: Neovim 0.11 inserts only the first word of a
    /// plain one.
    pub(super) cuts_at_blanks: bool,
    /// Whether definitions may be links with an origin.
    pub(super) links: bool,
    /// Whether the client has colours for our own token types.
    pub(super) knows_tokens: bool,
    /// Whether a completion list can show more than the label on every row.
    pub(super) label_details: bool,
    /// Whether cards must be plain text.
    pub(super) plain_cards: bool,
    /// Whether the cards of completions must be plain text.
    pub(super) plain_choices: bool,
    /// Whether progress may be shown.
    pub(super) progress: bool,
    /// Whether the client watches files for us.
    pub(super) watches: bool,
    /// Whether the client pulls the findings of the files that it has open.
    pub(super) pulls: bool,
    /// Whether settings can be requested.
    pub(super) configuration: bool,
    /// What the client requests again when told to.
    pub(super) refresh: Refresh,
    /// Whether it asks for the key before asking for its new name.
    pub(super) prepares: bool,
    /// Whether edits may carry the version of the text they are for.
    pub(super) versions: bool,
    /// Whether an edit may create a file.
    pub(super) creates: bool,
    /// Whether it can be asked to show a place in a file.
    pub(super) shows: bool,
    /// Whether the symbols of a file may be nested.
    pub(super) nested_symbols: bool,
    /// The folders that the client has open.
    pub(super) folders: Vec<PathBuf>,
    /// The roots of the workspaces that those belong to.
    pub(super) roots: Vec<PathBuf>,
    /// The settings that came with the first message.
    pub(super) settings: Value,
}

impl Session {
    /// Reads the session from `params`.
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
        let is_client = |name| params.client_info.as_ref().is_some_and(|client| client.name == name);
        Self {
            encoding: choose_encoding(&encodings.unwrap_or_default()),
            cuts_at_blanks: is_client("Neovim")
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
                    TOKEN_TYPES.into_iter().all(known)
                }),
            label_details: item.and_then(|item| item.label_details_support).unwrap_or(false),
            plain_cards: plain(formats),
            plain_choices: plain(choices),
            progress: caps.window.as_ref().and_then(|window| window.work_done_progress).unwrap_or(false),
            // Helix reports only the files that it writes itself (seen in 25.01 and 25.07): a library that Zotero
            // exports, or a new source, would stay unknown.
            watches: !is_client("helix")
                && workspace.and_then(|w| w.did_change_watched_files?.dynamic_registration).unwrap_or(false),
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
                // Neovim creates files, but does not announce `documentChanges`, the only way to send that.
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
            settings: params.initialization_options.as_ref().map(own_settings).unwrap_or_default(),
        }
    }
}

/// The requests that the client repeats when told to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Refresh {
    pub(super) findings: bool,
    pub(super) hints: bool,
    pub(super) lenses: bool,
    pub(super) tokens: bool,
}

impl Refresh {
    fn new(workspace: Option<&WorkspaceClientCapabilities>) -> Self {
        let Some(workspace) = workspace else { return Self::default() };
        let findings = workspace.diagnostic.as_ref().and_then(|findings| findings.refresh_support);
        let hints = workspace.inlay_hint.as_ref().and_then(|hints| hints.refresh_support);
        let lenses = workspace.code_lens.as_ref().and_then(|lenses| lenses.refresh_support);
        let tokens = workspace.semantic_tokens.as_ref().and_then(|tokens| tokens.refresh_support);
        Self {
            findings: findings.unwrap_or(false),
            hints: hints.unwrap_or(false),
            lenses: lenses.unwrap_or(false),
            tokens: tokens.unwrap_or(false),
        }
    }
}

/// UTF-8 if the client supports it, since all our offsets are bytes; otherwise UTF-16, which every client
/// supports; UTF-32 for a client that lists nothing else.
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

/// The settings of this server in what a client sent: under `glossator`, or at the top level.
pub(super) fn own_settings(sent: &Value) -> Value {
    sent.get("glossator").unwrap_or(sent).clone()
}
