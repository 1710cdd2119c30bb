//! The integration tests: one binary, one module each.

mod pandoc;
mod tidy;
