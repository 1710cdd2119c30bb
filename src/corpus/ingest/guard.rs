//! Takes documents apart in a process of its own, with limits on time and memory.
//!
//! A small file may unpack to gigabytes, or send the reader of its format around for hours. The process that does the
//! work has limits and is ended when it reaches them; this one only waits. Before a program is known, as in tests,
//! the work is done here.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::extract::Extract;

/// The command of the program that takes a document apart.
pub const COMMAND: &str = "take-apart";

/// Seconds of computing that any document may take. 900 pages (4 MB) take 0.8 of one, and in a debug build 100 take 3.
const SECONDS: u64 = if cfg!(debug_assertions) { 10 } else { 2 };
/// One more second for as many bytes, once they have been read: see [`earn`].
const BYTES_PER_SECOND: u64 = 2_000_000;
/// Waiting takes longer than computing on a busy machine: this many times the seconds of computing.
const PATIENCE: u64 = 10;
/// Memory that any document may take, in bytes, besides two copies of it.
#[cfg(unix)]
const MEMORY: u64 = 300_000_000;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The result of reading a document.
pub type Outcome = Result<Extract, String>;

/// Makes `program` take documents apart from now on: a `glossator` with the command [`COMMAND`].
pub fn enable(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// Takes apart `bytes` with `here`, in another process if possible.
pub(super) fn run(bytes: &[u8], here: impl Fn(&[u8]) -> Outcome) -> Outcome {
    match PROGRAM.get().map(|program| elsewhere(program, bytes)) {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) => {
            tracing::warn!(%error, "no process to read documents in: reading here");
            here(bytes)
        }
        None => here(bytes),
    }
}

fn seconds(length: usize) -> u64 {
    SECONDS + length as u64 / BYTES_PER_SECOND
}

/// # Errors
/// If the program cannot be started.
fn elsewhere(program: &PathBuf, bytes: &[u8]) -> io::Result<Outcome> {
    let mut child = Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let child = Arc::new(Mutex::new(child));
    let limit = Duration::from_secs(PATIENCE * seconds(bytes.len()));
    let (done, waits) = mpsc::channel::<()>();
    let mut answer = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // It may stop reading, and says why with its answer.
            input.map(|mut input| input.write_all(bytes))
        });
        let guarded = child.clone();
        scope.spawn(move || {
            if waits.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = lock(&guarded).kill();
            }
        });
        if let Some(mut output) = output {
            let _ = output.read_to_end(&mut answer);
        }
        drop(done);
    });
    let status = lock(&child).wait()?;
    if status.success() {
        return Ok(serde_json::from_slice(&answer).unwrap_or_else(|error| Err(format!("no answer: {error}"))));
    }
    Ok(Err("it is damaged or made to be unreadable: reading it takes too much time or memory".into()))
}

fn lock(child: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The other side: reads a document from `input`, takes it apart with `read`, and writes the outcome to `output`.
///
/// # Errors
/// If one of them fails.
pub fn serve(mut input: impl Read, output: impl Write, read: impl Fn(&[u8]) -> Outcome) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    limit(bytes.len());
    serde_json::to_writer(output, &read(&bytes)).map_err(io::Error::from)
}

/// Limits what this process may use, as far as the system can.
#[cfg(unix)]
fn limit(length: usize) {
    use rlimit::Resource;
    let memory = MEMORY + 2 * length as u64;
    for (resource, most) in [(Resource::AS, memory), (Resource::CORE, 0)] {
        let _ = rlimit::setrlimit(resource, most, most);
    }
    let _ = rlimit::setrlimit(Resource::CPU, SECONDS, seconds(length));
    MOST_SECONDS.store(seconds(length), Ordering::Relaxed);
}

#[cfg(not(unix))]
fn limit(_: usize) {}

/// The seconds that this process may take if all of its document is read, and 0 if it has no limits.
static MOST_SECONDS: AtomicU64 = AtomicU64::new(0);

/// Gives a process with limits more time, because `read` bytes of the document have become text. What is only
/// large, or read again and again, earns nothing: a file of 3 MB that unpacks to 1 GB ends as early as a small one.
pub(super) fn earn(read: usize) {
    let most = MOST_SECONDS.load(Ordering::Relaxed);
    if most > SECONDS {
        #[cfg(unix)]
        let _ = rlimit::setrlimit(rlimit::Resource::CPU, seconds(read).min(most), most);
    }
}
