//! Runs the content streams of pages as far as text is concerned.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use hayro_cmap::{BfString, load_embedded};
use hayro_font::kurbo::{Affine, Point, Shape};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};

use super::bitmaps;
use super::letters;
use super::sheet::{Glyph, Letters, Rule, Sheet, Style};

/// Forms within forms. Real files have three levels at most; a form that draws itself would never end.
const MAX_DEPTH: usize = 12;
/// Saved graphics states. The specification allows 28.
const MAX_SAVED: usize = 512;
/// Instructions and letters in one document. A page has about 3,000, and a book of 1,500 pages 5 million.
const MAX_STEPS: u64 = 20_000_000;
/// Letters on one page. A newspaper page has 40,000.
const MAX_GLYPHS: usize = 200_000;
/// Horizontal lines on one page that are kept.
const MAX_RULES: usize = 1000;
/// An alternative text for more glyphs than these describes a picture or paragraph, not a ligature.
const MAX_REPLACED: usize = 8;

/// Reads pages of one document.
pub(super) struct Painter<'a> {
    cache: FontCache<'a>,
    fonts: FontResolverFn,
    cmaps: CMapResolverFn,
    faces: Vec<Option<Face<'a>>>,
    /// Index in `faces` by the place of the resources in the file and the name.
    named: HashMap<(usize, Box<[u8]>), usize>,
    /// Index in `faces` by the place of the font in the file.
    placed: HashMap<usize, usize>,
    steps: u64,
}

/// A font with what is known of its codes.
struct Face<'a> {
    font: Font<'a>,
    style: Style,
    /// The height of letters relative to the font size.
    scale: f64,
    /// How TeX numbers its letters, if the file does not say what they are.
    bitmaps: Option<bitmaps::Encoding>,
    codes: HashMap<u32, Code>,
}

#[derive(Clone)]
struct Code {
    letters: Option<Letters>,
    advance: (f64, f64),
    origin: (f64, f64),
    /// A digit that the font itself draws small and high.
    superior: bool,
}

/// The part of the graphics state that text depends on.
#[derive(Clone)]
struct State {
    matrix: Affine,
    spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    face: Option<usize>,
    size: f64,
    rise: f64,
}

/// Content marked by the file.
struct Marked {
    start: usize,
    replacement: Option<String>,
    artifact: bool,
}

/// A content stream being run.
struct Run<'s> {
    sheet: &'s mut Sheet,
    state: State,
    saved: Vec<State>,
    text: Affine,
    line: Affine,
    pen: Option<Point>,
    marked: Vec<Marked>,
    depth: usize,
}

impl<'a> Painter<'a> {
    pub(super) fn new() -> Self {
        let fonts: FontResolverFn = Arc::new(|query| {
            Some(match query {
                FontQuery::Standard(font) => font.get_font_data(),
                FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
            })
        });
        Self {
            cache: FontCache::new(),
            fonts,
            cmaps: Arc::new(load_embedded),
            faces: Vec::new(),
            named: HashMap::new(),
            placed: HashMap::new(),
            steps: MAX_STEPS,
        }
    }

    /// Reads `page`.
    pub(super) fn page(&mut self, page: &Page<'a>) -> Sheet {
        let (width, height) = page.render_dimensions();
        let mut sheet = Sheet { extent: (width, height), ..Sheet::default() };
        let initial = Affine::new(page.initial_transform(true).as_coeffs());
        let mut run = Run {
            sheet: &mut sheet,
            state: State {
                matrix: initial,
                spacing: 0.0,
                word_spacing: 0.0,
                stretch: 1.0,
                leading: 0.0,
                face: None,
                size: 0.0,
                rise: 0.0,
            },
            saved: Vec::new(),
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
            pen: None,
            marked: Vec::new(),
            depth: 0,
        };
        let resources = page.resources().clone();
        self.run(&mut run, page.typed_operations(), &resources);
        sheet
    }

    fn run(&mut self, run: &mut Run<'_>, mut ops: TypedIter<'_>, resources: &Resources<'a>) {
        let saved = run.saved.len();
        let marked = run.marked.len();
        while let Some(op) = ops.next() {
            if self.steps == 0 || run.sheet.glyphs.len() >= MAX_GLYPHS {
                run.sheet.is_cut = true;
                break;
            }
            self.steps -= 1;
            self.step(run, &op, resources);
        }
        run.saved.truncate(saved);
        while run.marked.len() > marked {
            run.unmark();
        }
    }

    fn step(&mut self, run: &mut Run<'_>, op: &Op<'_, '_>, resources: &Resources<'a>) {
        match op {
            Op::SaveState(_) if run.saved.len() < MAX_SAVED => run.saved.push(run.state.clone()),
            Op::RestoreState(_) => {
                if let Some(state) = run.saved.pop() {
                    run.state = state;
                }
            }
            Op::Transform(m) => {
                run.state.matrix *= affine([m.0, m.1, m.2, m.3, m.4, m.5]);
            }
            Op::CharacterSpacing(n) => run.state.spacing = n.0.as_f64(),
            Op::WordSpacing(n) => run.state.word_spacing = n.0.as_f64(),
            Op::HorizontalScaling(n) => run.state.stretch = n.0.as_f64() / 100.0,
            Op::TextLeading(n) => run.state.leading = n.0.as_f64(),
            Op::TextRise(n) => run.state.rise = n.0.as_f64(),
            Op::TextFont(font) => {
                run.state.size = font.1.as_f64();
                run.state.face = self.face(font.0, resources);
            }
            Op::SetGraphicsState(name) => {
                let font =
                    resources.get_ext_g_state(name.0).and_then(|state| state.get::<Array<'a>>(b"Font"));
                if let Some(font) = font {
                    let mut items = font.flex_iter();
                    if let (Some(dict), Some(size)) = (items.next::<Dict<'a>>(), items.next::<Number>()) {
                        run.state.size = size.as_f64();
                        run.state.face = self.load(&dict);
                    }
                }
            }
            Op::BeginText(_) => {
                run.text = Affine::IDENTITY;
                run.line = Affine::IDENTITY;
            }
            Op::SetTextMatrix(m) => {
                run.line = affine([m.0, m.1, m.2, m.3, m.4, m.5]);
                run.text = run.line;
            }
            Op::NextLine(by) => run.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                run.state.leading = -by.1.as_f64();
                run.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => run.next_line(0.0, -run.state.leading),
            Op::ShowText(text) => self.show(run, text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                run.next_line(0.0, -run.state.leading);
                self.show(run, text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                run.state.word_spacing = text.0.as_f64();
                run.state.spacing = text.1.as_f64();
                run.next_line(0.0, -run.state.leading);
                self.show(run, text.2.as_bytes());
            }
            Op::ShowTexts(texts) => {
                for item in texts.0.iter::<Object<'_>>() {
                    match item {
                        Object::String(text) => self.show(run, text.as_bytes()),
                        Object::Number(by) => self.adjust(run, by.as_f64()),
                        _ => {}
                    }
                }
            }
            Op::XObject(name) => self.form(run, name.0, resources),
            Op::BeginMarkedContent(tag) => run.mark(tag.0, None),
            Op::BeginMarkedContentWithProperties(mark) => match mark.1 {
                Object::Dict(dict) => run.mark(mark.0, Some(dict)),
                Object::Name(name) => {
                    run.mark(mark.0, resources.properties.get::<Dict<'_>>(name.as_ref()).as_ref());
                }
                _ => run.mark(mark.0, None),
            },
            Op::EndMarkedContent(_) => run.unmark(),
            Op::RectPath(rect) => {
                let corner = Point::new(rect.0.as_f64(), rect.1.as_f64());
                run.rule(corner, corner + (rect.2.as_f64(), rect.3.as_f64()));
            }
            Op::MoveTo(to) => run.pen = Some(Point::new(to.0.as_f64(), to.1.as_f64())),
            Op::LineTo(to) => {
                let to = Point::new(to.0.as_f64(), to.1.as_f64());
                if let Some(from) = run.pen.replace(to) {
                    run.rule(from, to);
                }
            }
            _ => {}
        }
    }

    fn form(&mut self, run: &mut Run<'_>, name: &Name<'_>, resources: &Resources<'a>) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict();
        if run.depth >= MAX_DEPTH
            || dict.get::<Name<'_>>(b"Subtype").is_none_or(|kind| kind.as_ref() != b"Form")
        {
            return;
        }
        let Ok(data) = stream.decoded_data() else { return };
        let own = dict.get::<Dict<'a>>(b"Resources").map(Resources::new);
        let before = run.state.clone();
        if let Some(matrix) = dict.get::<[f32; 6]>(b"Matrix") {
            run.state.matrix *= Affine::new(matrix.map(f64::from));
        }
        let places = (run.text, run.line);
        run.depth += 1;
        self.run(run, TypedIter::new(&data), own.as_ref().unwrap_or(resources));
        run.depth -= 1;
        (run.text, run.line) = places;
        run.state = before;
    }

    fn face(&mut self, name: &Name<'_>, resources: &Resources<'a>) -> Option<usize> {
        let key = (resources.fonts.data().as_ptr() as usize, Box::from(name.as_ref()));
        if let Some(&face) = self.named.get(&key) {
            return Some(face);
        }
        let face = self.load(&resources.get_font(name)?)?;
        self.named.insert(key, face);
        Some(face)
    }

    fn load(&mut self, dict: &Dict<'a>) -> Option<usize> {
        let place = dict.data().as_ptr() as usize;
        if let Some(&face) = self.placed.get(&place) {
            return Some(face);
        }
        let face = self.cache.font(dict, &self.fonts, &self.cmaps).map(|font| Face {
            font,
            style: style(dict),
            scale: scale(dict),
            bitmaps: bitmaps::Encoding::of(dict),
            codes: HashMap::new(),
        });
        self.faces.push(face);
        self.placed.insert(place, self.faces.len() - 1);
        Some(self.faces.len() - 1)
    }

    fn adjust(&self, run: &mut Run<'_>, by: f64) {
        let by = -by / 1000.0 * run.state.size;
        let horizontal = run
            .state
            .face
            .and_then(|at| self.faces[at].as_ref())
            .is_none_or(|face| face.font.is_horizontal());
        let by = if horizontal { (by * run.state.stretch, 0.0) } else { (0.0, by) };
        run.text *= Affine::translate(by);
    }

    fn show(&mut self, run: &mut Run<'_>, bytes: &[u8]) {
        let Some(face) = run.state.face.and_then(|at| self.faces[at].as_mut()) else { return };
        let artifact = run.marked.iter().any(|marked| marked.artifact);
        let horizontal = face.font.is_horizontal();
        let mut at = 0;
        while at < bytes.len() {
            let (code, length) = face.font.read_code(bytes, at);
            let length = length.max(1);
            at += length;
            if self.steps == 0 || run.sheet.glyphs.len() >= MAX_GLYPHS {
                run.sheet.is_cut = true;
                return;
            }
            self.steps -= 1;
            let known = match face.codes.get(&code) {
                Some(known) => known.clone(),
                None => {
                    let known = face.read(code);
                    face.codes.insert(code, known.clone());
                    known
                }
            };
            let state = &run.state;
            let (size, stretch) = (state.size, state.stretch);
            let placed = state.matrix
                * run.text
                * Affine::new([size * stretch, 0.0, 0.0, size, 0.0, state.rise])
                * Affine::scale(0.001);
            let spacing = state.spacing + if code == 32 && length == 1 { state.word_spacing } else { 0.0 };
            let origin = Point::new(known.origin.0, if horizontal { known.origin.1 } else { 0.0 });
            let start = placed * if horizontal { origin } else { Point::ORIGIN };
            let end = placed * (Point::ORIGIN + known.advance) + (start - placed * Point::ORIGIN);
            let up = placed * Point::new(0.0, 1000.0) - placed * Point::ORIGIN;
            let letters = known.letters.unwrap_or_else(|| {
                run.sheet.unknown += 1;
                Letters::One('\u{fffd}')
            });
            let height = up.hypot() * face.scale;
            if start.x.is_finite()
                && start.y.is_finite()
                && end.x.is_finite()
                && end.y.is_finite()
                && height < 10_000.0
            {
                run.sheet.glyphs.push(Glyph {
                    text: letters,
                    at: (start.x as f32, start.y as f32),
                    advance: ((end.x - start.x) as f32, (end.y - start.y) as f32),
                    size: height as f32,
                    style: Style { artifact, superior: known.superior, ..face.style },
                });
            }
            let by = if horizontal {
                ((known.advance.0 / 1000.0 * size + spacing) * stretch, 0.0)
            } else {
                (0.0, known.advance.1 / 1000.0 * size + spacing)
            };
            run.text *= Affine::translate(by);
        }
    }
}

impl Face<'_> {
    fn read(&self, code: u32) -> Code {
        let glyph = self.font.glyph(self.font.map_code(code), code);
        let unicode = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let text = match unicode {
            Some(BfString::Char(one)) => Some(one.to_string()),
            Some(BfString::String(more)) => Some(more),
            None => self.bitmaps.and_then(|encoding| encoding.letters(code)),
        };
        let advance = self.font.code_advance(code);
        let is_digit =
            text.as_deref().is_some_and(|text| text.len() == 1 && text.as_bytes()[0].is_ascii_digit());
        let superior = is_digit && is_superior(&glyph);
        let origin = self.font.origin_displacement(code);
        Code {
            letters: text.and_then(|text| Letters::of(&letters::clean(&text))),
            advance: (advance.x, advance.y),
            origin: (origin.x, origin.y),
            superior,
        }
    }
}

/// The bytes in the file of the content streams of `page` that are not among those `known`, which they join.
pub(super) fn length(page: &Page<'_>, known: &mut HashSet<ObjectIdentifier>) -> usize {
    let of = |stream: Stream<'_>| {
        if known.insert(stream.obj_id()) { stream.raw_data().len() } else { 0 }
    };
    match page.raw().get::<Object<'_>>(b"Contents") {
        Some(Object::Stream(stream)) => Some(stream).into_iter().map(of).sum(),
        Some(Object::Array(streams)) => streams.iter::<Stream<'_>>().map(of).sum(),
        _ => 0,
    }
}

/// Returns true if a digit floats above the baseline.
fn is_superior(glyph: &FontGlyph<'_>) -> bool {
    /// In thousandths of the font size. Digits are on the baseline or below it.
    const LEAST: f64 = 180.0;
    let FontGlyph::Outline(glyph) = glyph else { return false };
    let outline = glyph.outline();
    !outline.elements().is_empty() && outline.bounding_box().y0 > LEAST
}

impl Run<'_> {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.text = self.line;
    }

    fn mark(&mut self, tag: &Name<'_>, properties: Option<&Dict<'_>>) {
        let replacement = properties
            .and_then(|properties| properties.get::<hayro_syntax::object::String<'_>>(b"ActualText"))
            .map(|text| letters::clean(&letters::decode(text.as_bytes())));
        let artifact = tag.as_ref() == b"Artifact";
        self.marked.push(Marked { start: self.sheet.glyphs.len(), replacement, artifact });
    }

    fn unmark(&mut self) {
        let Some(Marked { start, replacement: Some(text), .. }) = self.marked.pop() else { return };
        let glyphs = &mut self.sheet.glyphs;
        if glyphs.len() <= start || glyphs.len() - start > MAX_REPLACED {
            return;
        }
        // A letter and its accents come in any order: the widest of them is the letter.
        let width = |glyph: &Glyph| glyph.advance.0.hypot(glyph.advance.1);
        let cluster = &glyphs[start..];
        let Some(mut letter) = cluster.iter().max_by(|a, b| width(a).total_cmp(&width(b))).cloned() else {
            return;
        };
        let long = width(&letter).max(f32::MIN_POSITIVE);
        let along = (letter.advance.0 / long, letter.advance.1 / long);
        let (mut from, mut to) = (0.0f32, long);
        for glyph in cluster {
            let by = (glyph.at.0 - letter.at.0) * along.0 + (glyph.at.1 - letter.at.1) * along.1;
            let wide = glyph.advance.0 * along.0 + glyph.advance.1 * along.1;
            // Accents may stick out of their letter.
            if wide > 0.1 * long {
                from = from.min(by);
                to = to.max(by + wide);
            }
        }
        glyphs.truncate(start);
        let Some(letters) = Letters::of(&text) else { return };
        letter.text = letters;
        letter.at = (letter.at.0 + from * along.0, letter.at.1 + from * along.1);
        letter.advance = ((to - from) * along.0, (to - from) * along.1);
        glyphs.push(letter);
    }

    /// Keeps the rectangle or line between two corners if it is a horizontal rule.
    fn rule(&mut self, from: Point, to: Point) {
        const THICKEST: f64 = 2.0;
        const SHORTEST: f64 = 30.0;
        let (from, to) = (self.state.matrix * from, self.state.matrix * to);
        if (from.y - to.y).abs() < THICKEST
            && (from.x - to.x).abs() > SHORTEST
            && self.sheet.rules.len() < MAX_RULES
        {
            self.sheet.rules.push(Rule {
                x0: from.x.min(to.x) as f32,
                x1: from.x.max(to.x) as f32,
                y: from.y.max(to.y) as f32,
            });
        }
    }
}

fn affine(numbers: [Number; 6]) -> Affine {
    Affine::new(numbers.map(|number| number.as_f64()))
}

/// The style of a font, from its name and flags.
fn style(dict: &Dict<'_>) -> Style {
    const FORCE_BOLD: i32 = 1 << 18;
    const ITALIC: i32 = 1 << 6;
    let descendant =
        dict.get::<Array<'_>>(b"DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let font = descendant.as_ref().unwrap_or(dict);
    let descriptor = font.get::<Dict<'_>>(b"FontDescriptor");
    let flags = descriptor.as_ref().and_then(|of| of.get::<i32>(b"Flags")).unwrap_or(0);
    let weight = descriptor.as_ref().and_then(|of| of.get::<f32>(b"FontWeight")).unwrap_or(0.0);
    let name = dict.get::<Name<'_>>(b"BaseFont").map(|name| name.as_str().to_lowercase()).unwrap_or_default();
    let name = name.rsplit('+').next().unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    Style {
        // Computer Modern has its weight in front: CMBX10, SFBX1000, LMRoman10-Bold.
        bold: has(&["bold", "black", "heavy", "cmbx", "sfbx", "cmssbx", "ecbx", "-bd", "semibold"])
            || flags & FORCE_BOLD != 0
            || weight >= 600.0,
        italic: has(&["italic", "oblique", "cmti", "sfti", "cmsl"]) || flags & ITALIC != 0,
        artifact: false,
        superior: false,
    }
}

/// The height of letters relative to the font size. It is 1 but for fonts whose letters are content streams.
fn scale(dict: &Dict<'_>) -> f64 {
    if dict.get::<Name<'_>>(b"Subtype").is_none_or(|kind| kind.as_ref() != b"Type3") {
        return 1.0;
    }
    let matrix = dict.get::<[f32; 6]>(b"FontMatrix").unwrap_or([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
    let extent = dict.get::<[f32; 4]>(b"FontBBox").map_or(0.0, |of| (of[3] - of[1]).abs());
    let height = if extent > 0.0 { extent } else { 1000.0 };
    f64::from(matrix[3].abs() * height).clamp(0.01, 100.0)
}
