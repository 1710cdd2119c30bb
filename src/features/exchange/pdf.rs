//! Highlights in a PDF, with their comments.

use super::annotation::{About, Annotation};
use crate::corpus::ingest::extract;
use crate::corpus::ingest::kind::Format;

/// The beginning of a PDF.
pub(super) const BEGINS: &[u8] = b"%PDF-";

/// The highlights in the PDF called `name` with content `bytes`, and the number of comments that mark no words.
///
/// # Errors
/// If it cannot be read: part of a sentence.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<(Vec<Annotation>, usize), String> {
    let document = extract(Format::Pdf, bytes)?;
    let of = |mark: &crate::corpus::ingest::extract::Mark| {
        let label = document.pages.get(mark.page).and_then(|label| label.as_deref());
        let page = label.map_or_else(|| (mark.page + 1).to_string(), str::to_owned);
        Annotation {
            about: About {
                file: Some(name.to_owned()),
                title: document.metadata.title.clone(),
                ..About::default()
            },
            words: mark.words.clone(),
            comment: mark.comment.clone(),
            locator: Some(format!("p. {page}")),
            ..Annotation::default()
        }
    };
    let (marked, others): (Vec<_>, Vec<_>) = document.marks.iter().partition(|mark| !mark.words.is_empty());
    Ok((marked.into_iter().map(of).collect(), others.len()))
}
