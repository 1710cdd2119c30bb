//! PDF files (ISO 32000): letters and their places by the `hayro` crates, and what they mean by geometry.
//!
//! A PDF has no paragraphs. The pages are drawn without pictures ([`content`]), their letters become words and
//! rows ([`rows`]), running heads and line numbers are removed ([`furniture`]), the columns put in order
//! ([`columns`]), and their lines joined to paragraphs ([`paragraphs`]), over page ends as well.

mod apart;
mod bitmaps;
mod blocks;
mod catalog;
mod columns;
mod content;
mod furniture;
mod joins;
mod letters;
mod marks;
mod numbers;
mod paragraphs;
mod parts;
mod rows;
mod sheet;

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::extract::Extract;
use super::guard;

/// Pages that are read. The longest documents that people quote have 3,000.
const MAX_PAGES: usize = 10_000;

/// Takes apart the PDF with content `bytes`.
///
/// # Errors
/// If it cannot be opened. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    // The reader of the file format is free of unsafe code that matters here, but it may panic on damaged files.
    let quiet = AssertUnwindSafe(|| open(bytes));
    catch_unwind(quiet).unwrap_or_else(|_| Err("it is damaged, and nothing of it can be read".into()))
}

fn open(bytes: &[u8]) -> Result<Extract, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "it is locked with a password; save an unlocked copy in its place".to_owned()
        }
        LoadPdfError::Decryption(_) => "it is encrypted in a way that is not known".to_owned(),
        LoadPdfError::Invalid => "it is damaged, and nothing of it can be read".to_owned(),
    })?;
    let mut remarks = Vec::new();
    let pages = pdf.pages();
    let count = pages.len().min(MAX_PAGES);
    if pages.len() > MAX_PAGES {
        remarks.push(format!("It has {} pages; only the first {MAX_PAGES} are read.", pages.len()));
    }
    let mut painter = content::Painter::new();
    let mut drawn: Vec<rows::PageRows> = Vec::with_capacity(count);
    let (mut broken, mut cut, mut marks) = (Vec::new(), Vec::new(), Vec::new());
    let mut streams = HashSet::new();
    let mut read = 0;
    for (at, page) in pages.iter().take(count).enumerate() {
        let sheet = catch_unwind(AssertUnwindSafe(|| painter.page(page)));
        let sheet = sheet.unwrap_or_else(|_| {
            broken.push(at);
            sheet::Sheet::default()
        });
        if sheet.is_cut {
            cut.push(at);
        }
        // A damaged annotation costs those of its page.
        let marked = catch_unwind(AssertUnwindSafe(|| marks::of_page(page, &sheet, at)));
        marks.extend(marked.unwrap_or_default());
        drawn.push(rows::rows(sheet));
        read += content::length(page, &mut streams);
        guard::earn(read);
    }
    let numbers = |of: fn(&rows::PageRows) -> bool| -> Vec<usize> {
        drawn
            .iter()
            .enumerate()
            .filter(|(at, page)| of(page) && !broken.contains(at))
            .map(|(at, _)| at)
            .collect()
    };
    let empty = numbers(|page| page.letters == 0);
    let unknown = numbers(|page| page.letters > 0 && page.unknown * 3 > page.letters);
    remark(&mut remarks, &empty, ("has no text; it may be a scan", "have no text; they may be scans"));
    remark(
        &mut remarks,
        &unknown,
        (
            "uses fonts that do not say which letters they show",
            "use fonts that do not say which letters they show",
        ),
    );
    remark(&mut remarks, &broken, ("is damaged and was not read", "are damaged and were not read"));
    remark(&mut remarks, &cut, ("is too large and was read in part", "are too large and were read in part"));

    let margins = furniture::remove(&mut drawn);
    let (labels, origin) = numbers::labels(count, catalog::ranges(&pdf), &margins.numbers);
    Ok(Extract {
        parts: parts::parts(drawn, margins, &catalog::outline(&pdf)),
        pages: labels,
        labels: origin,
        metadata: catalog::metadata(&pdf),
        remarks,
        marks,
    })
}

/// Adds a sentence about the pages at the indices `pages`, in ranges.
fn remark(remarks: &mut Vec<String>, pages: &[usize], (one, several): (&str, &str)) {
    const MOST: usize = 20;
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &page in pages {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == page => *last = page,
            _ => ranges.push((page, page)),
        }
    }
    let name = |(first, last): &(usize, usize)| match last - first {
        0 => format!("{}", first + 1),
        1 => format!("{} and {}", first + 1, last + 1),
        _ => format!("{} to {}", first + 1, last + 1),
    };
    match (pages, ranges.as_slice()) {
        ([], _) => {}
        ([page], _) => remarks.push(format!("Page {} {one}.", page + 1)),
        (_, few) if few.len() <= MOST => {
            let names: Vec<String> = few.iter().map(name).collect();
            remarks.push(format!("Pages {} {several}.", names.join(", ")));
        }
        _ => remarks.push(format!("{} pages {several}.", pages.len())),
    }
}

#[cfg(test)]
mod tests;
