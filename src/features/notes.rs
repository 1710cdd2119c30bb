//! Notes on sources: the annotations that analysts keep in Markdown files, found through the passage, the source
//! or the tag that they are about.

mod book;
mod note;
mod short;

pub use book::{added, appended, is_of_notes};
pub(super) use note::name;
pub use note::{Note, all, citations_in, of_file, of_key, of_source, on_passages, source_of_file};
pub use short::{counted, on_card};
