//! Text, offsets and positions. Knows nothing about briefs or sources.

pub mod document;
pub mod file;
pub mod fold;
mod front_matter;
pub mod language;
pub mod locus;
pub mod position;
pub mod sentence;
mod span;
pub mod visible;
pub mod words;

pub use document::{Document, Edit, Text};
pub use file::{FileOffset, FileSpan, FileText};
pub use front_matter::{FrontMatter, Syntax, yaml_fields};
pub use locus::{Division, Locus, LocusRange};
pub use position::{Encoding, LineIndex, Position};
pub use span::{FileId, Span};
