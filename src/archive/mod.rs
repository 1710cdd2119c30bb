//! Shared archives: indexes on OpenSearch, or another server with its interface, that many people read and write.
//!
//! `glossator archive push` reads files with the readers of the local index and writes each as one document (the file
//! itself, and what is known about it) and its passages, one record each. A document of an archive that a library
//! names is fetched once, kept in the cache, and from then on read like a local file: with the same passages, pages
//! and notes, and without the network.
//!
//! Only the loader's companions and the command line wait for an archive; an answer to an editor never does. What an
//! archive sends is as untrusted as any source: sizes are limited, a document that is named by its hash must have it,
//! and a redirect is never followed.

mod client;
mod credentials;
mod document;
mod fault;
mod push;
mod query;
mod question;
mod record;
mod several;

pub use client::Client;
pub use credentials::variable;
pub use document::{Fetched, Reference, Wanted, id_of};
pub use fault::Fault;
pub use push::{Parcel, Progress, Push, Pushed, Shape};
pub use query::{Found, Status};
pub use question::Question;
pub use several::{Heard, ask_all};
