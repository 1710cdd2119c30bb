//! Glossator: a language server for people who write from sources.
//!
//! A *brief* is a Markdown document that an analyst writes; the *corpus* holds the sources it is written
//! from. Glossator reads both and connects them: which source a citation refers to, which passage a locator
//! points at, and whether quoted words really appear where the brief says they do.
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
//! | [`server`] | the language server; the only room that names `tower_lsp`, `lsp_types`, `tokio` | decide what an answer says |
//! | [`cli`] | the commands of the command line | decide what an answer says |
//!
//! `text <- brief, corpus <- evidence <- workspace <- features <- server, cli <- main`. Dependencies never
//! point the other way; `tests/it/tidy.rs` reads the `use` lines and enforces it.
//!
//! # How data flows
//!
//! A file: [`workspace::load`] reads the bytes, [`corpus::ingest`] turns them into a source,
//! [`corpus::index`] makes it searchable, and a new immutable [`corpus::Corpus`] is swapped into the `Host`
//! with one pointer. Until the first load finishes, nothing is reported as unknown. The people and things
//! that sources mention ([`corpus::entity`]) arrive in a second swap, because in a large corpus collecting
//! them takes longer than everything else.
//!
//! A keystroke: the rope is edited before anything is awaited. A request takes its `Snapshot` in its first
//! statement and is answered from that snapshot alone.

pub mod config;
pub mod text;

pub mod brief;
pub mod corpus;

pub mod evidence;

pub mod workspace;

pub mod features;

pub mod cli;
pub mod server;
