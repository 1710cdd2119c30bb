//! The integration tests: one binary, one module each.

mod cli;
mod demo;
mod pandoc;
mod tidy;
