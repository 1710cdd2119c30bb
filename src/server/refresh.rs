//! What the client shows beside the text and asks for once: it is told when the answer may be
//! another one, because the sources or the settings are.

use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::lsp_types::WorkspaceClientCapabilities;

use super::state::State;

/// What the client asks for again when told to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Refresh {
    findings: bool,
    hints: bool,
    lenses: bool,
    tokens: bool,
}

impl Refresh {
    pub(super) fn new(workspace: Option<&WorkspaceClientCapabilities>) -> Self {
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

/// Has the client ask again. Does not wait for it.
pub(super) fn ask(client: &Client, state: &State, handle: &Handle) {
    let refresh = state.session().refresh;
    let pulls = state.session().pulls;
    let client = client.clone();
    handle.spawn(async move {
        // A client that refuses shows what it has.
        if pulls && refresh.findings {
            let _ = client.workspace_diagnostic_refresh().await;
        }
        if refresh.hints {
            let _ = client.inlay_hint_refresh().await;
        }
        if refresh.lenses {
            let _ = client.code_lens_refresh().await;
        }
        if refresh.tokens {
            let _ = client.semantic_tokens_refresh().await;
        }
    });
}
