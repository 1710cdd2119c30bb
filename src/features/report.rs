//! The review: what a reader of a brief needs to check it without an editor. [`Report`] is the data,
//! [`html::page`] the page made from it; neither depends on the other's form.

mod data;
mod gaps;
mod gather;
pub mod html;
mod inert;
mod prose;

pub use data::*;
pub use gather::of_briefs;

#[cfg(test)]
mod tests;
