//! The integration tests: one binary, one module each.

mod cli;
mod client;
mod demo;
mod lsp;
mod lsp_ends;
mod lsp_findings;
mod pandoc;
mod tidy;
