//! `glossator tour`.
use super::Exit;
use std::io::Write;
use std::path::PathBuf;

/// `tour`
#[derive(Debug, clap::Args)]
pub(super) struct Tour {
    /// A brief, or a folder
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(super) fn run(_tour: &Tour, _out: &mut dyn Write, _err: &mut dyn Write) -> anyhow::Result<Exit> {
    anyhow::bail!("being written")
}
