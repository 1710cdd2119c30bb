//! Changes of one file that belong together.

use crate::text::{Span, Text};

/// What is put in place of which bytes of one text.
#[derive(Debug, Clone)]
pub struct Edits {
    /// The text in which the spans are offsets.
    pub text: Text,
    /// Sorted by place, apart.
    pub edits: Vec<(Span, String)>,
}

#[cfg(test)]
impl Edits {
    /// The text afterwards.
    pub(crate) fn applied(&self) -> String {
        let mut text = self.text.as_str().to_owned();
        for (span, new) in self.edits.iter().rev() {
            text.replace_range(span.start..span.end, new);
        }
        text
    }
}
