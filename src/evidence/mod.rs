//! What joins a brief to the corpus. Pure: reads a brief and a corpus, touches nothing.

pub mod relevance;
pub mod verbatim;
