//! The integration tests: one binary, one module each.

mod cli;
mod client;
mod demo;
mod lsp;
mod pandoc;
mod rates;
mod tidy;
