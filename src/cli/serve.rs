//! `glossator serve`: starts the language server. Must not print, since standard output belongs to the
//! protocol.

use super::exit::Exit;

/// `serve`
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Accepted because many editors add it; standard input and output are used in any case
    #[arg(long)]
    stdio: bool,
}

/// Serves until the client disconnects; the server then ends the process itself.
pub(super) fn run() -> anyhow::Result<Exit> {
    crate::server::serve()
}
