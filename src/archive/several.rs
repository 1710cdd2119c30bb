//! Several archives asked at once, for callers that wait for the answers.

use std::sync::mpsc::channel;
use std::time::Instant;

use super::client::Client;
use super::fault::Fault;
use super::query::Found;
use crate::config::Archive;

/// What an archive, by its name, has found, or why it did not answer.
pub type Heard = (String, Result<Vec<Found>, Fault>);

/// Asks those of `archives` that may be searched, all at once, and waits for each no longer than its time limit, however
/// many nodes it has.
#[must_use]
pub fn ask_all(
    archives: &[Archive],
    ask: impl Fn(&Client) -> Result<Vec<Found>, Fault> + Clone + Send + 'static,
) -> Vec<Heard> {
    let begin = Instant::now();
    let searched: Vec<&Archive> = archives.iter().filter(|archive| archive.search).collect();
    let asked: Vec<_> = searched
        .iter()
        .map(|&archive| {
            let (give, answer) = channel();
            let (archive, ask) = (archive.clone(), ask.clone());
            // Not in a scope, which would wait for an archive that does not answer. Nobody may be there any more.
            std::thread::spawn(move || give.send(ask(&Client::new(&archive))));
            answer
        })
        .collect();
    let heard = searched.into_iter().zip(asked).map(|(archive, answer)| {
        let left = archive.timeout.saturating_sub(begin.elapsed());
        (archive.name.clone(), answer.recv_timeout(left).unwrap_or(Err(Fault::Slow)))
    });
    heard.collect()
}
