//! `glossator settings`: prints the table of settings as JSON, from which the settings pages of editor
//! extensions are generated.

use std::io::Write;

use serde_json::json;

use super::exit::Exit;
use crate::config;

/// Print every setting as JSON: name and JSON schema with default and help
#[derive(Debug, clap::Args)]
pub(super) struct Settings {}

pub(super) fn run(out: &mut dyn Write) -> anyhow::Result<Exit> {
    let all = config::settings()
        .map(|setting| json!({"name": format!("glossator.{}", setting.name()), "schema": setting.schema()}));
    serde_json::to_writer_pretty(&mut *out, &all.collect::<Vec<_>>())?;
    writeln!(out)?;
    Ok(Exit::Clean)
}
