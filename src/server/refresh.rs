//! Tells the client to repeat requests that it makes only once, when sources or settings have changed.

use tokio::runtime::Handle;
use tower_lsp::Client;

use super::state::State;

/// Tells the client to request its hints, lenses, tokens and findings again, without waiting for it.
pub(super) fn ask(client: &Client, state: &State, handle: &Handle) {
    let refresh = state.session().refresh;
    let pulls = state.session().pulls;
    let client = client.clone();
    handle.spawn(async move {
        // A client that refuses keeps showing what it has.
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
