//! The state: a [`Host`] that changes, and [`Snapshot`]s that don't.
//!
//! Every change is one of the closed set [`Change`], applied under the caller's lock without any
//! I/O. A snapshot is a handful of `Arc`s; what is computed from a text (its [`Brief`]) is
//! computed once, when first asked for.

mod host;
pub mod load;
mod notice;

pub use host::{BriefFile, Cancel, Change, Host, Names, Snapshot};
