//! `glossator manual`: writes the manual pages, for those who make packages.

use std::path::PathBuf;

use anyhow::Context;

use super::exit::Exit;
use super::layout;

/// Write `glossator.1` and a page for each command, such as `glossator-check.1`
#[derive(Debug, clap::Args)]
pub(super) struct Manual {
    /// An existing folder. Pages in it are replaced
    folder: PathBuf,
}

pub(super) fn run(manual: &Manual, command: clap::Command) -> anyhow::Result<Exit> {
    let written = clap_mangen::generate_to(command, &manual.folder);
    written.with_context(|| format!("{}: pages can't be written", layout::shown(&manual.folder)))?;
    Ok(Exit::Clean)
}
