//! The integration tests: one binary, one module each.

mod cli;
mod client;
mod demo;
mod libraries;
mod lsp;
mod lsp_any_text;
mod lsp_commands;
mod lsp_disk;
mod lsp_encodings;
mod lsp_ends;
mod lsp_findings;
mod lsp_frames;
mod lsp_moved;
mod lsp_names;
mod lsp_outline;
mod lsp_quoting;
mod lsp_refs;
mod lsp_standards;
mod lsp_support;
mod pages;
mod pandoc;
mod quoting;
mod ranking;
mod rates;
mod tidy;
mod vscode;
