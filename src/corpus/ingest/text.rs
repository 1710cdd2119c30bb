//! Plain text and Markdown to passages.

use std::sync::Arc;

use crate::corpus::source::{SourceText, TextId};
use crate::text::{FileId, Text};

/// Cuts `text` into passages and classifies them.
#[must_use]
pub fn read(file: FileId, text: Arc<str>) -> SourceText {
    SourceText { id: TextId::fresh(), file, text: Text::new(text), passages: Vec::new(), language: None }
}
