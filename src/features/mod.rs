//! What an editor can ask: one file each, pure functions over a [`crate::workspace::Snapshot`].
//! Knows offsets, not the protocol's positions.

#[cfg(test)]
mod fixture;

pub mod lookup;

pub mod card;
pub mod completion;
pub mod definition;
pub mod diagnostics;
pub mod highlight;
pub mod hover;
pub mod references;
pub mod rename;
pub mod symbols;
pub mod verdict_card;
