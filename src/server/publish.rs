//! Findings to the client: after a short quiet, from one snapshot, and only where they differ
//! from what the client knows. A client that asks for the findings of open files is answered
//! instead; it is still told of files that it has not open, such as libraries.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};
use tower_lsp::Client;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::*;

use super::convert;
use super::state::{Published, State};
use super::work::compute;
use crate::features::diagnostics;
use crate::text::{Encoding, FileId};
use crate::workspace::Snapshot;

/// How long nobody must have typed. Half of the pause between two keys of a slow typist (240 ms at
/// 50 words a minute), so that a finding comes while the word is still looked at.
const QUIET: Duration = Duration::from_millis(120);

/// After so long without a key the findings are worked out, so that they are at hand when the quiet
/// is over: a long brief takes 2 to 5 ms after a keystroke. Nobody who types fast has it done for each key.
const PAUSE: Duration = Duration::from_millis(60);

/// Publishes for as long as the server runs.
pub(super) async fn run(client: Client, state: Arc<State>) {
    loop {
        state.changed.notified().await;
        loop {
            let quiet = Instant::now() + QUIET;
            if timeout(PAUSE, state.changed.notified()).await.is_ok() {
                continue;
            }
            // Until the first load is done nothing is said; the load has every open brief looked at.
            let mut stale = state.take_stale();
            stale.retain(|file| state.of(file).snapshot().loaded);
            if stale.is_empty() {
                break;
            }
            let mut made = Vec::new();
            for file in &stale {
                made.push(make(&state, file.clone()).await);
            }
            if timeout_at(quiet, state.changed.notified()).await.is_ok() {
                state.put_back(stale);
                continue;
            }
            for report in made.into_iter().flatten() {
                tell(&client, &state, report).await;
            }
            break;
        }
    }
}

/// What is to be said of a file.
struct Report {
    file: FileId,
    found: Vec<Diagnostic>,
    /// The client's version of the text that was looked at, when the file is open.
    version: Option<i32>,
    /// Which opening of the file that was.
    opening: Option<u64>,
    /// The client asks for these findings and need not be told.
    asked_for: bool,
}

/// Tells the client at once what is to be said of `file`, if that is not what it was told last.
pub(super) async fn one(client: &Client, state: &State, file: FileId) {
    if let Some(report) = make(state, file).await {
        tell(client, state, report).await;
    }
}

/// `None` after a panic: what was told stays.
async fn make(state: &State, file: FileId) -> Option<Report> {
    let snap = state.of(&file).snapshot();
    let encoding = state.session().encoding;
    let (version, opening) = (snap.version(&file), snap.opening(&file));
    // What was told of it while it was closed is taken back: the client would show it twice.
    let asked_for = version.is_some() && state.session().pulls;
    let of = file.clone();
    let found = compute(move |_| if asked_for { None } else { findings(&snap, &of, encoding) }).await;
    // A file that is gone has no findings.
    Some(Report { file, found: found.ok()?.unwrap_or_default(), version, opening, asked_for })
}

async fn tell(client: &Client, state: &State, report: Report) {
    let Report { file, found, version, opening, asked_for } = report;
    let now = Published { findings: found.clone(), place: opening.zip(version) };
    let Ok(before) = state.publish(&file, now) else { return };
    let differs = match before {
        Some(before) => before.findings != found,
        // Clients wait for the findings of an open brief, even if it has none.
        None => (version.is_some() && !asked_for) || !found.is_empty(),
    };
    if let (true, Some(uri)) = (differs, state.uri(&file)) {
        client.publish_diagnostics(uri, found, version).await;
    }
}

/// What the client is told of `file`; `None` for a file of which we have no text.
fn findings(snap: &Snapshot, file: &FileId, encoding: Encoding) -> Option<Vec<Diagnostic>> {
    let text = snap.reading_text(file)?;
    let findings = diagnostics::of_file(snap, file);
    Some(findings.iter().filter_map(|found| convert::diagnostic(snap, &text, found, encoding)).collect())
}

/// Answers a client that asks for the findings of a file. Until the first load is done nothing is
/// known, so the answer waits for it.
pub(super) async fn report(
    state: &State,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult> {
    state.first_load(&params.text_document.uri).await;
    let answer = state.answer(&params.text_document.uri, |snap, file, encoding| {
        Some((findings(snap, file, encoding).unwrap_or_default(), snap.opening(file)))
    });
    let (found, opening) = answer.await?.unwrap_or_default();
    let id = result_id(&found, opening);
    let report = if params.previous_result_id.as_ref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(id),
                items: found,
            },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// An id for a list of findings: a hash of what they say, so nothing is kept between two requests, and of the
/// opening of the file, because a client that opens a file again has forgotten its findings.
fn result_id(found: &[Diagnostic], opening: Option<u64>) -> String {
    let mut hasher = DefaultHasher::new();
    opening.hash(&mut hasher);
    found.len().hash(&mut hasher);
    for diagnostic in found {
        hash(diagnostic, &mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn hash(diagnostic: &Diagnostic, hasher: &mut DefaultHasher) {
    let place = |range: &Range| {
        let Range { start, end } = range;
        [start.line, start.character, end.line, end.character]
    };
    // Without `..`: a part that is added later must be hashed, too.
    let Diagnostic {
        range,
        severity,
        code,
        code_description,
        source,
        message,
        related_information,
        tags,
        data,
    } = diagnostic;
    let code = code.as_ref().map(|code| match code {
        NumberOrString::Number(number) => (Some(*number), None),
        NumberOrString::String(name) => (None, Some(name)),
    });
    (place(range), format!("{severity:?} {tags:?}"), code).hash(hasher);
    (code_description.as_ref().map(|page| &page.href), source, message, data).hash(hasher);
    let related = related_information.iter().flatten();
    let related = related.map(|one| (&one.location.uri, place(&one.location.range), &one.message));
    related.collect::<Vec<_>>().hash(hasher);
}
