//! Highlights from reading devices: Kindle's `My Clippings.txt` and Readwise's CSV.

use super::annotation::{About, Annotation};

/// The line between two of Kindle's clippings.
pub(super) const KINDLE: &str = "==========";

/// The words for a note of one's own in Kindle's languages, in lower case.
const NOTES: [&str; 6] = ["note", "notiz", "nota", "notitie", "заметка", "anteckning"];

/// The words for a bookmark.
const BOOKMARKS: [&str; 6] = ["bookmark", "lesezeichen", "marcador", "signet", "segnalibro", "bladwijzer"];

/// The words for a page.
const PAGES: [&str; 6] = ["page", "seite", "página", "pagina", "страниц", "sidan"];

/// One of Kindle's clippings.
struct Clipping {
    title: String,
    is_note: bool,
    page: Option<String>,
    /// First and last location.
    location: Option<(u64, u64)>,
    words: String,
}

/// The highlights in `text`, each with the note at its end; and the number of notes without one.
#[must_use]
pub(super) fn kindle(text: &str) -> (Vec<Annotation>, usize) {
    let clippings: Vec<Clipping> = text.split(KINDLE).filter_map(clipping).collect();
    let mut out: Vec<(&Clipping, Annotation)> = Vec::new();
    for one in clippings.iter().filter(|one| !one.is_note) {
        let about = About { title: Some(one.title.clone()), ..About::default() };
        let locator = one.page.as_ref().map(|page| format!("p. {page}"));
        out.push((one, Annotation { about, words: one.words.clone(), locator, ..Annotation::default() }));
    }
    let mut left = 0;
    for note in clippings.iter().filter(|one| one.is_note) {
        let here = |highlight: &Clipping| {
            let inside =
                |(first, last): (u64, u64)| note.location.is_some_and(|(at, _)| first <= at && at <= last);
            highlight.title == note.title
                && highlight
                    .location
                    .map_or_else(|| note.location.is_none() && highlight.page == note.page, inside)
        };
        match out.iter_mut().find(|(highlight, one)| one.comment.is_empty() && here(highlight)) {
            Some((_, one)) => one.comment.clone_from(&note.words),
            None => left += 1,
        }
    }
    (out.into_iter().map(|(_, one)| one).collect(), left)
}

fn clipping(text: &str) -> Option<Clipping> {
    let mut lines = text.trim_start_matches(['\u{feff}', '\r', '\n']).lines();
    let title = lines.next()?.trim_matches(['\u{feff}', ' ']).to_owned();
    let about = lines.next()?.trim().strip_prefix('-')?.to_lowercase();
    let words = lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let kind = about.split('|').next().unwrap_or_default();
    let says = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    if words.is_empty() || says(&BOOKMARKS, kind) {
        return None;
    }
    let (mut page, mut location) = (None, None);
    // The last part is the date.
    let parts: Vec<&str> = about.split('|').collect();
    for part in &parts[..parts.len().saturating_sub(1).max(1)] {
        let Some(numbers) = numbers(part) else { continue };
        match says(&PAGES, part) {
            true => page = Some(numbers),
            false => location = range(&numbers),
        }
    }
    Some(Clipping { title, is_note: says(&NOTES, kind), page, location, words })
}

/// The last number or range in `text`: `170-171`.
fn numbers(text: &str) -> Option<String> {
    let digit = |c: char| c.is_ascii_digit() || c == '-';
    let run = text.split(|c: char| !digit(c)).rfind(|run| run.contains(|c: char| c.is_ascii_digit()))?;
    Some(run.trim_matches('-').to_owned())
}

/// The ends of `170-71` or `170`; the last digits may be shortened.
fn range(numbers: &str) -> Option<(u64, u64)> {
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let kept = first.len().saturating_sub(last.len());
    let last = format!("{}{last}", first.get(..kept)?);
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// The columns of Readwise's CSV by which it is recognised.
pub(super) const READWISE: [&str; 2] = ["Highlight", "Book Title"];

/// The highlights in Readwise's CSV, and the number of rows without one.
#[must_use]
pub(super) fn readwise(text: &str) -> (Vec<Annotation>, usize) {
    let mut rows = rows(text).into_iter();
    let head = rows.next().unwrap_or_default();
    let column = |name: &str| head.iter().position(|own| own.trim_start_matches('\u{feff}') == name);
    let [highlight, title, note, tags, unit, place] =
        ["Highlight", "Book Title", "Note", "Tags", "Location Type", "Location"].map(column);
    let mut left = 0;
    let mut out = Vec::new();
    for row in rows {
        let field = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |field| field.trim());
        if field(highlight).is_empty() {
            left += usize::from(row.iter().any(|field| !field.is_empty()));
            continue;
        }
        let is_page = field(unit).eq_ignore_ascii_case("page") && !field(place).is_empty();
        out.push(Annotation {
            about: About { title: Some(field(title).to_owned()), ..About::default() },
            words: field(highlight).to_owned(),
            comment: field(note).to_owned(),
            tags: field(tags)
                .split(',')
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            locator: is_page.then(|| format!("p. {}", field(place))),
            ..Annotation::default()
        });
    }
    (out, left)
}

/// The rows of comma-separated values, as RFC 4180 has them.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}
