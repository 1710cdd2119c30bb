//! `glossator mcp`: serves drafting tools over the Model Context Protocol. Must not print, since standard output
//! belongs to the protocol.

use std::path::PathBuf;

use super::exit::Exit;
use super::open;

/// `mcp`
#[derive(Debug, clap::Args)]
pub(super) struct Mcp {
    /// The workspace, or a file or folder in it
    #[arg(value_name = "PATH", default_value = ".")]
    root: PathBuf,
}

/// Serves until the client disconnects.
///
/// # Errors
/// If the workspace does not exist, or the protocol breaks down.
pub(super) fn run(mcp: &Mcp) -> anyhow::Result<Exit> {
    let root = open::root_of(&open::existing(&mcp.root)?);
    crate::server::mcp::serve(root)?;
    Ok(Exit::Clean)
}
