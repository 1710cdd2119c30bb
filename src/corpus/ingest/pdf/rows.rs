//! Letters to words and rows of words.

use super::letters;
use super::sheet::{Glyph, Letters, Rule, Sheet, Style};

/// A word as drawn: no space within, one before and after unless `glued`.
#[derive(Debug, Clone, Default)]
pub(super) struct Word {
    /// Its letters, in reading order.
    pub(super) text: String,
    /// Its left and right edge.
    pub(super) x: (f32, f32),
    /// The height of its baseline on the page.
    pub(super) y: f32,
    /// The font size of its largest letter.
    pub(super) size: f32,
    /// The style of its first letter.
    pub(super) style: Style,
    /// It is small and above the line, as the mark of a note.
    pub(super) raised: bool,
    /// No space comes before it.
    pub(super) glued: bool,
}

/// The words on one baseline, over the whole page.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// Its words, from left to right.
    pub(super) words: Vec<Word>,
    /// The height of its baseline on the page.
    pub(super) y: f32,
    /// The font size of most of its letters.
    pub(super) size: f32,
}

/// A page in rows.
#[derive(Debug, Clone, Default)]
pub(super) struct PageRows {
    /// Width and height.
    pub(super) extent: (f32, f32),
    /// The rows, from the top.
    pub(super) rows: Vec<Row>,
    /// Horizontal lines.
    pub(super) rules: Vec<Rule>,
    /// The number of letters.
    pub(super) letters: usize,
    /// How many letters the fonts do not explain.
    pub(super) unknown: usize,
}

/// A letter with its place.
#[derive(Debug, Clone)]
struct Placed {
    text: Letters,
    x: (f32, f32),
    y: f32,
    size: f32,
    style: Style,
    raised: bool,
}

/// Words on one baseline that are not far apart.
struct Fragment {
    glyphs: Vec<Placed>,
    x: (f32, f32),
    y: f32,
    size: f32,
}

/// Takes a page apart into rows.
pub(super) fn rows(sheet: Sheet) -> PageRows {
    let unknown = sheet.unknown;
    let upright = Upright::of(&sheet);
    let extent = upright.extent(sheet.extent);
    let rules = if matches!(upright, Upright::Right) { sheet.rules } else { Vec::new() };
    let placed = join_points(join_accents(upright.place(sheet.glyphs, extent)));
    let letters = placed.iter().filter(|glyph| !glyph.text.is_space()).count();
    let mut rows = assemble(attach(fragments(placed)));
    rows.retain(|row| !row.words.is_empty());
    PageRows { extent, rows, rules, letters, unknown }
}

/// The direction of most text on a page.
enum Upright {
    Right,
    Down,
    Left,
    Up,
}

impl Upright {
    fn of(sheet: &Sheet) -> Self {
        let mut counts = [0usize; 4];
        for glyph in sheet.glyphs.iter().filter(|glyph| !glyph.text.is_space()) {
            let (x, y) = glyph.advance;
            let direction = match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
                (true, true, _) => 0,
                (false, _, true) => 1,
                (true, false, _) => 2,
                (false, _, false) => 3,
            };
            counts[direction] += 1;
        }
        let most = (1..4).fold(0, |best, at| if counts[at] > counts[best] { at } else { best });
        [Self::Right, Self::Down, Self::Left, Self::Up].into_iter().nth(most).unwrap_or(Self::Right)
    }

    fn extent(&self, (width, height): (f32, f32)) -> (f32, f32) {
        match self {
            Self::Right | Self::Left => (width, height),
            Self::Down | Self::Up => (height, width),
        }
    }

    /// The letters in this direction that are on the page.
    fn place(&self, glyphs: Vec<Glyph>, (width, height): (f32, f32)) -> Vec<Placed> {
        /// Letters may touch the edge; farther out they are not printed.
        const MARGIN: f32 = 3.0;
        /// Words at a steeper angle are stamps and labels of diagrams.
        const STEEPEST: f32 = 0.06;
        let mut placed = Vec::with_capacity(glyphs.len());
        for glyph in glyphs {
            let turn = |(x, y): (f32, f32)| match self {
                Self::Right => (x, y),
                Self::Down => (y, -x),
                Self::Left => (-x, -y),
                Self::Up => (-y, x),
            };
            let (mut x, mut y) = turn(glyph.at);
            match self {
                Self::Right => {}
                Self::Down => y += height,
                Self::Left => {
                    x += width;
                    y += height;
                }
                Self::Up => x += width,
            }
            let (dx, dy) = turn(glyph.advance);
            let is_level = dy.abs() <= STEEPEST * dx.abs().max(0.01) || dx.abs() + dy.abs() < 0.01;
            let is_inside = x > -MARGIN && x < width + MARGIN && y > -MARGIN && y < height + MARGIN;
            if is_level && dx >= -0.01 && is_inside && glyph.size > 0.5 {
                placed.push(Placed {
                    text: glyph.text,
                    x: (x, x + dx),
                    y,
                    size: glyph.size,
                    style: glyph.style,
                    raised: glyph.style.superior,
                });
            }
        }
        placed
    }
}

/// Joins letters and accents that are drawn one over the other.
fn join_accents(glyphs: Vec<Placed>) -> Vec<Placed> {
    let mut joined: Vec<Placed> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let Some(last) = joined.last_mut() else {
            joined.push(glyph);
            continue;
        };
        let covers = |wide: &Placed, narrow: &Placed| {
            let middle = f32::midpoint(narrow.x.0, narrow.x.1);
            middle >= wide.x.0 - 0.02 * wide.size
                && middle <= wide.x.1 + 0.02 * wide.size
                && (wide.y - narrow.y).abs() < 0.5 * wide.size
        };
        let both = match (&last.text, &glyph.text) {
            (Letters::One(a), Letters::One(b)) => Some((*a, *b)),
            _ => None,
        };
        if let Some((before, after)) = both {
            let accent = letters::combining(before).filter(|_| covers(&glyph, last));
            if let Some(one) = accent.and_then(|mark| letters::accented(after, mark)) {
                *last = Placed { text: Letters::One(one), ..glyph };
                continue;
            }
            let accent = letters::combining(after).filter(|_| covers(last, &glyph));
            if let Some(one) = accent.and_then(|mark| letters::accented(before, mark)) {
                last.text = Letters::One(one);
                continue;
            }
        }
        joined.push(glyph);
    }
    joined
}

/// Gives the vowel points of Arabic and Hebrew, which are drawn above and below the line, to their letters.
fn join_points(mut glyphs: Vec<Placed>) -> Vec<Placed> {
    /// A point is drawn soon before or after its letter.
    const NEAR: usize = 6;
    /// The width of a point that the file gives the words of its letter as well, in parts of the font size.
    const NARROW: f32 = 0.02;
    let is_point = |glyph: &Placed| match &glyph.text {
        Letters::One(one) => letters::is_point(*one),
        Letters::More(more) => {
            more.chars().all(letters::is_point)
                || more.ends_with(letters::is_point) && glyph.x.1 - glyph.x.0 < NARROW * glyph.size
        }
    };
    if !glyphs.iter().any(is_point) {
        return glyphs;
    }
    for at in 0..glyphs.len() {
        let point = &glyphs[at];
        if !is_point(point) {
            continue;
        }
        let middle = f32::midpoint(point.x.0, point.x.1);
        let away = |letter: &Placed| (f32::midpoint(letter.x.0, letter.x.1) - middle).abs();
        let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(glyphs.len());
        let owner = near
            .filter(|&other| {
                let letter = &glyphs[other];
                !is_point(letter)
                    && !letter.text.is_space()
                    && away(letter) <= 0.5 * (letter.x.1 - letter.x.0) + 0.1 * letter.size
                    && (letter.y - point.y).abs() < letter.size
            })
            .min_by(|a, b| away(&glyphs[*a]).total_cmp(&away(&glyphs[*b])));
        if let Some(owner) = owner {
            let (mut text, mut point) = (String::new(), String::new());
            glyphs[owner].text.push_to(&mut text);
            glyphs[at].text.push_to(&mut point);
            // The words of the letter that a point is said to be, as well, may be another part of a ligature.
            let letter = point.trim_end_matches(letters::is_point);
            if text.ends_with(letter) {
                text.push_str(&point[letter.len()..]);
            } else if !text.ends_with(&point) {
                text.push_str(&point);
            }
            glyphs[owner].text = Letters::More(text.into());
            // Nothing is left of it but a place without size.
            glyphs[at].size = 0.0;
        }
    }
    glyphs.retain(|glyph| glyph.size > 0.0);
    glyphs
}

/// Groups letters by baseline, and cuts where the size changes or there is a wide gap.
fn fragments(mut glyphs: Vec<Placed>) -> Vec<Fragment> {
    /// Letters of one baseline differ by rounding only, in parts of the font size.
    const SAME: f32 = 0.08;
    /// A gap that no space between words reaches, in parts of the font size.
    const FAR: f32 = 1.2;
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut groups: Vec<Vec<Placed>> = Vec::new();
    let mut base = f32::MIN;
    for glyph in glyphs {
        match groups.last_mut() {
            Some(group) if glyph.y - base <= (SAME * glyph.size).max(0.3) => group.push(glyph),
            _ => {
                base = glyph.y;
                groups.push(vec![glyph]);
            }
        }
    }
    let mut fragments: Vec<Fragment> = Vec::new();
    for mut group in groups {
        group.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
        let mut open: Option<Fragment> = None;
        for glyph in group {
            if glyph.text.is_space() && open.is_none() {
                continue;
            }
            let fits = open.as_ref().is_some_and(|open| {
                glyph.x.0 - open.x.1 < FAR * open.size.max(glyph.size)
                    && glyph.size < 1.2 * open.size
                    && open.size < 1.2 * glyph.size
            });
            match open.as_mut().filter(|_| fits) {
                Some(open) => {
                    open.x.1 = open.x.1.max(glyph.x.1);
                    open.glyphs.push(glyph);
                }
                None => {
                    let next = Fragment { x: glyph.x, y: glyph.y, size: glyph.size, glyphs: vec![glyph] };
                    fragments.extend(open.replace(next));
                }
            }
        }
        fragments.extend(open);
    }
    for fragment in &mut fragments {
        while fragment.glyphs.last().is_some_and(|glyph| glyph.text.is_space()) {
            fragment.glyphs.pop();
        }
        fragment.x.1 = fragment.glyphs.iter().fold(fragment.x.0, |end, glyph| end.max(glyph.x.1));
    }
    fragments.retain(|fragment| !fragment.glyphs.is_empty());
    fragments
}

/// Moves small fragments above or below a line to that line.
fn attach(mut fragments: Vec<Fragment>) -> Vec<Fragment> {
    /// The least and greatest height of a superscript over its line, in parts of the line's size.
    const RAISED: std::ops::Range<f32> = 0.12..0.75;
    /// More are a map or a drawing, and comparing them all takes long.
    const MOST: usize = 5000;
    /// The greatest depth of a subscript.
    const LOWERED: f32 = 0.35;
    let tallest = fragments.iter().fold(0.0f32, |most, fragment| most.max(fragment.size)).min(100.0);
    // In the order of their baselines, so that only near ones are compared.
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y));
    if fragments.len() > MOST {
        return fragments;
    }
    for at in 0..fragments.len() {
        let small = &fragments[at];
        let near = |other: &Fragment| {
            small.size < 0.86 * other.size
                && small.x.0 < other.x.1 + 0.6 * other.size
                && small.x.1 > other.x.0 - 0.6 * other.size
                && small.x.1 - small.x.0 < 6.0 * other.size
        };
        let (low, high) = (small.y - tallest, small.y + tallest);
        let from = fragments.partition_point(|other| other.y < low);
        let mut best: Option<(f32, f32, bool)> = None;
        for other in fragments[from..].iter().take_while(|other| other.y <= high) {
            let height = (other.y - small.y) / other.size;
            let raised = RAISED.contains(&height);
            let lowered = height < 0.0 && -height < LOWERED;
            if near(other) && (raised || lowered || height.abs() < 0.12) {
                let distance = (other.y - small.y).abs();
                if best.is_none_or(|(least, ..)| distance < least) {
                    best = Some((distance, other.y, raised));
                }
            }
        }
        if let Some((_, y, raised)) = best {
            let small = &mut fragments[at];
            for glyph in &mut small.glyphs {
                glyph.raised = raised;
                glyph.y = y;
            }
        }
    }
    for fragment in &mut fragments {
        fragment.y = fragment.glyphs.first().map_or(fragment.y, |glyph| glyph.y);
    }
    fragments
}

fn assemble(mut fragments: Vec<Fragment>) -> Vec<Row> {
    /// Baselines this near are one row, in parts of the font size.
    const SAME: f32 = 0.2;
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<(f32, Vec<Placed>)> = Vec::new();
    for fragment in fragments {
        let size = fragment.size.min(24.0);
        match rows.last_mut() {
            Some((y, glyphs)) if (fragment.y - *y).abs() <= SAME * size => glyphs.extend(fragment.glyphs),
            _ => rows.push((fragment.y, fragment.glyphs)),
        }
    }
    rows.into_iter()
        .map(|(y, mut glyphs)| {
            glyphs.sort_by(|a, b| a.x.0.total_cmp(&b.x.0));
            Row { size: main_size(&glyphs), words: words(glyphs), y }
        })
        .collect()
}

/// The font size of most letters.
fn main_size(glyphs: &[Placed]) -> f32 {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for glyph in glyphs.iter().filter(|glyph| !glyph.raised && !glyph.text.is_space()) {
        match sizes.iter_mut().find(|(size, _)| (*size - glyph.size).abs() < 0.26) {
            Some((_, count)) => *count += 1,
            None => sizes.push((glyph.size, 1)),
        }
    }
    sizes
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map_or_else(|| glyphs.first().map_or(0.0, |glyph| glyph.size), |(size, _)| size)
}

/// Cuts the letters of a row, from left to right, into words.
fn words(glyphs: Vec<Placed>) -> Vec<Word> {
    let glyphs = without_doubles(glyphs);
    let gap = word_gap(&glyphs);
    let mut words: Vec<Word> = Vec::new();
    let mut open: Vec<Placed> = Vec::new();
    let mut glued = false;
    let mut end = f32::MIN;
    for glyph in glyphs {
        if glyph.text.is_space() {
            words.extend(word(&mut open, glued));
            glued = false;
            continue;
        }
        if let Some(last) = open.last() {
            let space = glyph.x.0 - end;
            let size = last.size.max(glyph.size);
            let cjk = letters::is_cjk(last.text.first()) && letters::is_cjk(glyph.text.first());
            // Beside a heading of the next column, the size of the text counts.
            let is_gap = space > if cjk { 0.8 * last.size.min(glyph.size) } else { gap * size };
            if is_gap || last.raised != glyph.raised {
                words.extend(word(&mut open, glued));
                glued = !is_gap;
            }
        }
        end = glyph.x.1;
        open.push(glyph);
    }
    words.extend(word(&mut open, glued));
    words
}

/// Removes letters drawn twice to look bold.
fn without_doubles(glyphs: Vec<Placed>) -> Vec<Placed> {
    let mut kept: Vec<Placed> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let width = (glyph.x.1 - glyph.x.0).max(0.1);
        let is_double = kept.iter().rev().take(3).any(|last| {
            last.text == glyph.text
                && (last.x.0 - glyph.x.0).abs() < 0.25 * width
                && last.raised == glyph.raised
        });
        if !is_double || glyph.text.is_space() {
            kept.push(glyph);
        }
    }
    kept
}

/// The least gap between two words of a row, in parts of the font size.
fn word_gap(glyphs: &[Placed]) -> f32 {
    /// Without spaces in the file, gaps show where words end: those between words have 0.2 or more where a line is
    /// tight, kerning less than 0.1.
    const TIGHT: f32 = 0.13;
    /// With spaces, a gap matters only if it is a space itself.
    const LOOSE: f32 = 0.17;
    let spaces = glyphs.iter().filter(|glyph| glyph.text.is_space()).count();
    let least = if spaces * 14 >= glyphs.len() { LOOSE } else { TIGHT };
    // Letters set wide apart.
    let mut gaps: Vec<f32> = glyphs
        .windows(2)
        .filter(|pair| !pair[0].text.is_space() && !pair[1].text.is_space())
        .map(|pair| (pair[1].x.0 - pair[0].x.1) / pair[1].size.max(0.1))
        .collect();
    if gaps.len() < 4 {
        return least;
    }
    gaps.sort_by(f32::total_cmp);
    let middle = gaps[gaps.len() / 2];
    if middle > 0.07 { (middle * 1.9).max(least) } else { least }
}

fn word(glyphs: &mut Vec<Placed>, glued: bool) -> Option<Word> {
    let first = glyphs.first()?;
    let x = glyphs.iter().fold((first.x.0, first.x.1), |(a, b), glyph| (a.min(glyph.x.0), b.max(glyph.x.1)));
    let mut word = Word {
        text: String::with_capacity(glyphs.len() + 4),
        x,
        y: first.y,
        size: glyphs.iter().fold(0.0, |most, glyph| glyph.size.max(most)),
        style: first.style,
        raised: first.raised,
        glued,
    };
    word.style.bold = glyphs.iter().filter(|glyph| glyph.style.bold).count() * 2 > glyphs.len();
    if glyphs.iter().any(|glyph| letters::is_rtl(glyph.text.first())) {
        push_reversed(glyphs, &mut word.text);
    } else {
        for glyph in &*glyphs {
            glyph.text.push_to(&mut word.text);
        }
    }
    glyphs.clear();
    (!word.text.trim().is_empty()).then_some(word)
}

/// Appends the letters of a word written from right to left; numbers in it run from left to right.
fn push_reversed(glyphs: &[Placed], text: &mut String) {
    let is_number = |glyph: &Placed| {
        let c = glyph.text.first();
        c.is_numeric() || c.is_ascii_alphabetic()
    };
    let mut at = glyphs.len();
    while at > 0 {
        let end = at;
        at -= 1;
        if is_number(&glyphs[at]) {
            while at > 0 && is_number(&glyphs[at - 1]) {
                at -= 1;
            }
        }
        for glyph in &glyphs[at..end] {
            glyph.text.push_to(text);
        }
    }
}

impl Row {
    /// Its left and right edge.
    pub(super) fn x(&self) -> (f32, f32) {
        extent(&self.words)
    }

    /// Its text, with a space between words.
    pub(super) fn text(&self) -> String {
        text(&self.words)
    }

    /// The number of its words. Where a script has no spaces, two characters make a word.
    pub(super) fn count(&self) -> usize {
        let cjk = |word: &Word| word.text.chars().filter(|c| letters::is_cjk(*c)).count();
        self.words.iter().map(|word| cjk(word).div_ceil(2).max(1)).sum()
    }
}

/// The left edge of the first and the right edge of the last of `words`.
pub(super) fn extent(words: &[Word]) -> (f32, f32) {
    words.iter().fold((f32::MAX, f32::MIN), |(a, b), word| (a.min(word.x.0), b.max(word.x.1)))
}

/// The text of `words` on a row, with a space between words.
pub(super) fn text(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !word.glued {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}
