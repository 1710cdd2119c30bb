//! The head of a turn.

use crate::text::locus::Time;

/// What a line begins with that begins a turn, of a transcript or a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head<'t> {
    /// When it was said.
    pub(super) time: Option<Time>,
    /// Who says it; `None` where only a time is given, and for what the program of a chat says.
    pub(super) name: Option<&'t str>,
    /// Where the name begins, in bytes of the line.
    pub(super) named_at: usize,
    /// Its length in bytes, with the white space behind it.
    pub(super) length: usize,
}
