//! The `glossator` program: arguments, logging to standard error, exit codes. The commands themselves are in
//! [`glossator::cli`].

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = glossator::cli::Arguments::parse();
    let filter = EnvFilter::try_from_env("GLOSSATOR_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Standard output is reserved for the protocol, or for the answer.
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_env_filter(filter).init();
    if let Ok(program) = std::env::current_exe() {
        glossator::corpus::ingest::guard::enable(program);
    }
    ExitCode::from(glossator::cli::run(&arguments).code())
}
