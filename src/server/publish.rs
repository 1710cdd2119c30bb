//! Findings to the client: after a short quiet, from one snapshot, and only where they differ
//! from what the client knows.

use std::sync::Arc;
use std::time::Duration;

use tower_lsp::Client;

use super::convert;
use super::state::{State, compute, lock};
use crate::features::diagnostics;

/// How long nobody must have typed. Half of the pause between two keys of a slow typist (240 ms at
/// 50 words a minute), so that a finding comes while the word is still looked at.
const QUIET: Duration = Duration::from_millis(120);

/// Publishes for as long as the server runs.
pub(super) async fn run(client: Client, state: Arc<State>) {
    loop {
        state.changed.notified().await;
        while tokio::time::timeout(QUIET, state.changed.notified()).await.is_ok() {}
        // Until the first load is done nothing is said; the load has every open brief looked at.
        if !state.snapshot().loaded {
            continue;
        }
        let files = std::mem::take(&mut *lock(&state.stale));
        for file in files {
            let snap = state.snapshot();
            let encoding = state.session().encoding;
            let of = file.clone();
            let version = snap.version(&file);
            let found = compute(move |_| {
                let text = snap.text(&of)?;
                let findings = diagnostics::of_file(&snap, &of);
                Some(
                    findings
                        .iter()
                        .filter_map(|found| convert::diagnostic(&snap, &text, found, encoding))
                        .collect(),
                )
            })
            .await;
            // A file that is gone has no findings; after a panic the old ones stay.
            let Ok(found) = found else { continue };
            let found: Vec<_> = found.unwrap_or_default();
            let open = version.is_some();
            let differs = {
                let mut published = lock(&state.published);
                let old = published.insert(file.clone(), found.clone());
                match old {
                    Some(old) => old != found,
                    // An open brief is told even that it has none: clients wait for it.
                    None => open || !found.is_empty(),
                }
            };
            if let (true, Some(uri)) = (differs, state.uri(&file)) {
                client.publish_diagnostics(uri, found, version).await;
            }
        }
    }
}
