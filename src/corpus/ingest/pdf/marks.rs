//! What readers have marked in a PDF: highlights and lines under words, with their comments (ISO 32000-1, 12.5.6.10).

use hayro_font::kurbo::{Affine, Point, Rect};
use hayro_syntax::object::{Array, Dict, Name, Number, String as Bytes};
use hayro_syntax::page::Page;

use super::letters::decode;
use super::sheet::{Glyph, Sheet};
use crate::corpus::ingest::extract::Mark;

/// Marks of one page that are read. A student's textbook has 50.
const MAX_MARKS: usize = 2_000;

/// Boxes of one mark, one for each line of it. A whole page has 60.
const MAX_BOXES: usize = 500;

/// Letters and boxes compared on one page: as many marks as that would make reading it slow.
const MAX_COMPARED: usize = 20_000_000;

/// The height of the middle of a letter above its baseline, relative to the font size.
const MIDDLE: f32 = 0.3;

/// A gap of this part of the font size is a blank.
const BLANK: f32 = 0.15;

/// The marks on `page`, which has index `at` and was drawn as `sheet`.
pub(super) fn of_page(page: &Page<'_>, sheet: &Sheet, at: usize) -> Vec<Mark> {
    let Some(all) = page.raw().get::<Array<'_>>(b"Annots") else { return Vec::new() };
    let place = Affine::new(page.initial_transform(true).as_coeffs());
    let mut left = MAX_COMPARED;
    let mut marks = Vec::new();
    for dict in all.iter::<Dict<'_>>().take(MAX_MARKS) {
        let marked = |kind: Name<'_>| matches!(kind.as_ref(), b"Highlight" | b"Underline" | b"Squiggly");
        if !dict.get::<Name<'_>>(b"Subtype").is_some_and(marked) {
            continue;
        }
        let boxes = boxes(&dict, place);
        let cost = boxes.len() * sheet.glyphs.len();
        if cost > left {
            break;
        }
        left -= cost;
        let words = words(&sheet.glyphs, &boxes);
        let comment =
            dict.get::<Bytes<'_>>(b"Contents").map(|text| decode(text.as_bytes())).unwrap_or_default();
        let comment = comment.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        // Some programs put a copy of the words there.
        let comment = if letters(&comment) == letters(&words) { String::new() } else { comment };
        if !words.is_empty() || !comment.is_empty() {
            marks.push(Mark { page: at, words, comment });
        }
    }
    marks
}

/// The boxes of a mark, one for each line of it.
fn boxes(dict: &Dict<'_>, place: Affine) -> Vec<Rect> {
    let numbers = |key: &[u8]| -> Vec<f64> {
        let all = dict.get::<Array<'_>>(key);
        all.map(|all| all.iter::<Number>().take(8 * MAX_BOXES).map(|n| n.as_f64()).collect())
            .unwrap_or_default()
    };
    let around = |points: &[f64]| {
        let mut points = points.chunks_exact(2).map(|point| place * Point::new(point[0], point[1]));
        let first = points.next()?;
        Some(points.fold(Rect::from_points(first, first), |all, point| all.union_pt(point)))
    };
    let corners = numbers(b"QuadPoints");
    let boxes: Vec<Rect> = corners.chunks_exact(8).filter_map(around).collect();
    if boxes.is_empty() { around(&numbers(b"Rect")).into_iter().collect() } else { boxes }
}

/// The words in `boxes`, in order; a word that a hyphen divides between two of them is put together.
fn words(glyphs: &[Glyph], boxes: &[Rect]) -> String {
    let mut out = String::new();
    for inside in boxes {
        let mut line = String::new();
        let mut end: Option<f32> = None;
        for glyph in glyphs.iter().filter(|glyph| is_in(glyph, inside)) {
            let gap = end.is_some_and(|end| (glyph.at.0 - end).abs() > BLANK * glyph.size);
            if (gap || glyph.text.is_space()) && !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            if !glyph.text.is_space() {
                glyph.text.push_to(&mut line);
            }
            end = Some(glyph.at.0 + glyph.advance.0);
        }
        let line = line.trim();
        let divided = out.ends_with('-') && line.starts_with(char::is_lowercase);
        if divided {
            out.pop();
        } else if !out.is_empty() && !line.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Returns true if the middle of `glyph` is in the box.
fn is_in(glyph: &Glyph, inside: &Rect) -> bool {
    let (x, y) =
        (glyph.at.0 + glyph.advance.0 / 2.0, glyph.at.1 + glyph.advance.1 / 2.0 - MIDDLE * glyph.size);
    inside.contains(Point::new(f64::from(x), f64::from(y)))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
