//! Glossator: a language server for people who write from sources.
//!
//! A *brief* is a Markdown document that an analyst writes; the *corpus* is what it is written
//! from. Glossator reads both and answers what joins them: which source a citation means, which
//! passage a locator points to, whether quoted words stand where the brief says they stand.
//!
//! # The rooms
//!
//! | room | holds | must not |
//! |---|---|---|
//! | [`text`] | offsets, positions, documents, folding for comparison | know briefs or sources |
//! | [`brief`] | one Markdown text and what it says: citations, quotations, annotations | see the corpus |
//! | [`corpus`] | files made into sources, passages, a library, an index and the names in them | see a brief |
//! | [`evidence`] | what joins a brief to the corpus | touch the disk |
//! | [`workspace`] | the state: one mutable `Host`, immutable `Snapshot`s; loading | know the protocol |
//! | [`features`] | what an editor can ask: pure functions over a `Snapshot` | know the protocol |
//! | [`server`] | the language server; alone names `tower_lsp`, `lsp_types`, `tokio` | decide what an answer says |
//! | [`cli`] | the verbs of the command line | decide what an answer says |
//!
//! `text <- brief, corpus <- evidence <- workspace <- features <- server, cli <- main`. An arrow
//! never turns back; `tests/it/tidy.rs` reads the `use` lines and holds it so.
//!
//! # Two ways
//!
//! A file's way: [`workspace::load`] reads bytes, [`corpus::ingest`] makes a source of them,
//! [`corpus::index`] makes it searchable, and a new immutable [`corpus::Corpus`] is put into the
//! `Host` by one pointer swap. Until the first load is done nothing is called unknown. Who and what the
//! sources mention ([`corpus::entity`]) follows in a swap of its own: in a large corpus it takes longer
//! than all the rest.
//!
//! A keystroke's way: the rope is edited before anything is awaited; a request takes its
//! `Snapshot` in its first statement and is answered from that snapshot alone.

pub mod config;
pub mod text;

pub mod brief;
pub mod corpus;

pub mod evidence;

pub mod workspace;

pub mod features;

pub mod cli;
pub mod server;
