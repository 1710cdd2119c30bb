//! The integration tests: one binary, one module each.

mod cli;
mod pandoc;
mod tidy;
