//! Notes as other programs exchange them: W3C Web Annotations and Hypothesis in both directions, and the notes that
//! Zotero, Obsidian Annotator, Readwise and Kindle write, and highlights in PDF files.
//!
//! One [`Annotation`] stands between all formats. Each format is a file with a pure function; a broken annotation is
//! left out and counted, the others still count.

mod annotation;
mod clippings;
mod export;
mod format;
mod hypothesis;
mod import;
mod markdown;
mod pdf;
mod w3c;

pub use annotation::{About, Annotation, Portable};
pub use export::annotations;
pub use format::{Format, read, read_file};
pub use hypothesis::write as hypothesis;
pub use import::{Imported, Left, import};
pub use w3c::write as w3c;

#[cfg(test)]
mod tests;
