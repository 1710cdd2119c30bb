//! Edits of one file that belong together.

use crate::text::{Span, Text};

/// Edits of one text.
#[derive(Debug, Clone)]
pub struct Edits {
    /// The text; the spans below are offsets into it.
    pub text: Text,
    /// Sorted by position and not overlapping.
    pub edits: Vec<(Span, String)>,
}

impl Edits {
    /// The text after the edits.
    #[must_use]
    pub fn applied(&self) -> String {
        let mut text = self.text.as_str().to_owned();
        for (span, new) in self.edits.iter().rev() {
            text.replace_range(span.start..span.end, new);
        }
        text
    }
}
