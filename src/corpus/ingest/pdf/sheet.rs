//! A page as its content stream draws it: letters with their places, and rules.

use std::rc::Rc;

/// A page with its letters. Coordinates are in points, from the upper left corner, for a reader who holds the
/// page so that most of its lines are horizontal.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// Its width and height.
    pub(super) extent: (f32, f32),
    /// The letters, in the order of the content stream.
    pub(super) glyphs: Vec<Glyph>,
    /// Horizontal lines, such as the one above the footnotes.
    pub(super) rules: Vec<Rule>,
    /// How many letters the font does not explain.
    pub(super) unknown: usize,
    /// Whether some of its content was not read because it is too much.
    pub(super) is_cut: bool,
}

/// A letter, or several that the font draws as one.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// What it stands for.
    pub(super) text: Letters,
    /// Where it begins, on its baseline.
    pub(super) at: (f32, f32),
    /// Where the next one would begin, relative to `at`.
    pub(super) advance: (f32, f32),
    /// The font size.
    pub(super) size: f32,
    /// The style of its font.
    pub(super) style: Style,
}

/// Properties of letters other than their size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Heavy strokes.
    pub(super) bold: bool,
    /// Slanted.
    pub(super) italic: bool,
    /// The file marks it as an artifact of the page, as for running heads.
    pub(super) artifact: bool,
    /// A digit that the font draws as a superscript.
    pub(super) superior: bool,
}

/// A horizontal line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Its left end.
    pub(super) x0: f32,
    /// Its right end.
    pub(super) x1: f32,
    /// Its height on the page.
    pub(super) y: f32,
}

/// The text of a glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Letters {
    /// The usual case.
    One(char),
    /// A ligature, or a letter with its accents.
    More(Rc<str>),
}

impl Letters {
    /// The letters of `text`; `None` if there are none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => None,
            (Some(one), None) => Some(Self::One(one)),
            _ => Some(Self::More(text.into())),
        }
    }

    /// Appends them to `text`.
    pub(super) fn push_to(&self, text: &mut String) {
        match self {
            Self::One(one) => text.push(*one),
            Self::More(more) => text.push_str(more),
        }
    }

    /// The first of them.
    pub(super) fn first(&self) -> char {
        match self {
            Self::One(one) => *one,
            Self::More(more) => more.chars().next().unwrap_or(' '),
        }
    }

    /// Returns true if they are a space.
    pub(super) fn is_space(&self) -> bool {
        self.first().is_whitespace()
    }
}
