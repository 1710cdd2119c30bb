//! The styles, lists and pages that an OpenDocument text defines.

use std::collections::HashMap;

use crate::corpus::ingest::numeral;
use crate::corpus::ingest::styles::{Styled, styled};
use crate::corpus::ingest::xml::{Step, Tag, Xml};

/// What the names of styles of letters begin with here; a style of paragraphs may have the same name.
const OF_LETTERS: &str = "letters ";

/// Longest chain of styles that are based on each other.
const CHAIN: usize = 16;

/// Levels of a list.
pub(super) const LEVELS: usize = 10;

/// What a document defines, by name.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    lists: HashMap<String, [Option<Level>; LEVELS]>,
    /// How headings are numbered.
    outline: [Option<Level>; LEVELS],
    /// The layout of each kind of page, and the numbers of each layout.
    masters: HashMap<String, String>,
    layouts: HashMap<String, numeral::Style>,
}

#[derive(Default)]
struct Style {
    styled: Option<Styled>,
    parent: Option<String>,
    hidden: Option<bool>,
    /// Whether it is a style of one paragraph, which the writer never saw.
    automatic: bool,
    page: PageBreak,
}

/// The page breaks around a paragraph.
#[derive(Default, Clone)]
pub(super) struct PageBreak {
    pub(super) before: bool,
    pub(super) after: bool,
    /// The kind of page that begins, if another.
    pub(super) master: Option<String>,
    /// The number of that page, if it does not follow the last.
    pub(super) number: Option<u32>,
}

/// A level of a list.
#[derive(Clone, Default)]
pub(super) struct Level {
    /// `None` for a bullet.
    style: Option<numeral::Style>,
    prefix: String,
    suffix: String,
    pub(super) start: u32,
    /// How many levels are shown.
    shown: usize,
}

/// What a style says about its words.
#[derive(Default)]
pub(super) struct Look {
    pub(super) styled: Option<Styled>,
    pub(super) hidden: bool,
}

fn style_of(format: &str) -> Option<numeral::Style> {
    Some(match format {
        "1" => numeral::Style::Decimal,
        "a" => numeral::Style::SmallLetter,
        "A" => numeral::Style::Letter,
        "i" => numeral::Style::SmallRoman,
        "I" => numeral::Style::Roman,
        _ => return None,
    })
}

impl Level {
    fn of(tag: &Tag<'_>) -> Self {
        let own = |name| tag.get(name).unwrap_or_default().into_owned();
        Self {
            style: tag.get("num-format").and_then(|format| style_of(&format)),
            prefix: own("num-prefix"),
            suffix: own("num-suffix"),
            start: tag.number("start-value").unwrap_or(1),
            shown: tag.number("display-levels").map_or(1, |shown| shown as usize),
        }
    }
}

impl Styles {
    /// Reads the definitions in `text`, up to the body.
    pub(super) fn read(&mut self, text: &str) {
        let mut xml = Xml::new(text);
        let mut automatic = false;
        let mut style: Option<(String, Style)> = None;
        let mut list: Option<(String, [Option<Level>; LEVELS])> = None;
        let mut layout: Option<String> = None;
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) => match tag.name() {
                    "body" => break,
                    "automatic-styles" => automatic = true,
                    "style" => {
                        let family =
                            if tag.get("family").as_deref() == Some("text") { OF_LETTERS } else { "" };
                        let named = |name| tag.get(name).map(|name| format!("{family}{name}"));
                        let name = named("name").unwrap_or_default();
                        let shown = tag.get("display-name").or(tag.get("name")).filter(|_| !automatic);
                        let master = tag.get("master-page-name").filter(|name| !name.is_empty());
                        let page = PageBreak {
                            before: master.is_some(),
                            master: master.map(|name| name.into_owned()),
                            ..PageBreak::default()
                        };
                        let styled = shown.and_then(|name| styled(&name));
                        let parent = named("parent-style-name");
                        style = Some((name, Style { styled, parent, hidden: None, automatic, page }));
                    }
                    "text-properties" => {
                        if let (Some((_, style)), Some(display)) = (&mut style, tag.get("display")) {
                            style.hidden = Some(&*display == "none");
                        }
                    }
                    "paragraph-properties" | "table-properties" => {
                        let Some((_, style)) = &mut style else { continue };
                        style.page.before |= tag.get("break-before").as_deref() == Some("page");
                        style.page.after |= tag.get("break-after").as_deref() == Some("page");
                        style.page.number = tag.number("page-number").filter(|number| *number > 0);
                    }
                    "list-style" => {
                        list = Some((tag.get("name").unwrap_or_default().into_owned(), Default::default()))
                    }
                    "list-level-style-number" | "list-level-style-bullet" | "list-level-style-image" => {
                        let at = tag.number("level").unwrap_or(0) as usize;
                        if let (Some((_, list)), 1..=LEVELS) = (&mut list, at) {
                            list[at - 1] = Some(Level::of(&tag));
                        }
                    }
                    "outline-level-style" => {
                        let at = tag.number("level").unwrap_or(0) as usize;
                        if let 1..=LEVELS = at {
                            self.outline[at - 1] = Some(Level::of(&tag));
                        }
                    }
                    "page-layout" => layout = tag.get("name").map(|name| name.into_owned()),
                    "page-layout-properties" => {
                        let format = tag.get("num-format").and_then(|format| style_of(&format));
                        if let (Some(layout), Some(format)) = (&layout, format) {
                            self.layouts.insert(layout.clone(), format);
                        }
                    }
                    "master-page" => {
                        if let (Some(name), Some(layout)) = (tag.get("name"), tag.get("page-layout-name")) {
                            self.masters.insert(name.into_owned(), layout.into_owned());
                        }
                        // Running heads and feet.
                        xml.skip();
                    }
                    _ => {}
                },
                Step::Close(name) => match &*name {
                    "automatic-styles" => automatic = false,
                    "style" => self.styles.extend(style.take()),
                    "list-style" => self.lists.extend(list.take()),
                    _ => {}
                },
                Step::Text(_) => {}
            }
        }
    }

    /// The look of the style `name`.
    pub(super) fn look(&self, name: Option<&str>) -> Look {
        let mut look = Look::default();
        let mut hidden = None;
        let mut next = name;
        let mut own = true;
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|name| self.styles.get(name)) else {
                // Some programs do not define the styles that all others know.
                look.styled = look.styled.or_else(|| styled(next?));
                break;
            };
            // A subtitle is based on the title and is none.
            let inherited = style.styled.filter(|styled| *styled != Styled::Title || own);
            look.styled = look.styled.or(inherited);
            hidden = hidden.or(style.hidden);
            own &= style.automatic;
            next = style.parent.as_deref();
        }
        look.hidden = hidden.unwrap_or(false);
        look
    }

    /// Whether letters of the style `name` are hidden.
    pub(super) fn hides(&self, name: &str) -> bool {
        self.look(Some(&format!("{OF_LETTERS}{name}"))).hidden
    }

    /// The page breaks of the style `name`.
    pub(super) fn page_break(&self, name: Option<&str>) -> PageBreak {
        let mut found = PageBreak::default();
        let mut next = name;
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|name| self.styles.get(name)) else { break };
            found.before |= style.page.before;
            found.after |= style.page.after;
            found.number = found.number.or(style.page.number);
            found.master = found.master.or(style.page.master.clone());
            next = style.parent.as_deref();
        }
        found
    }

    /// How pages of the kind `master` are numbered.
    pub(super) fn of_pages(&self, master: Option<&str>) -> numeral::Style {
        let layout = master.and_then(|master| self.masters.get(master));
        layout.and_then(|layout| self.layouts.get(layout)).copied().unwrap_or_default()
    }

    /// The levels of the list `name`; those of headings without a name.
    pub(super) fn levels(&self, name: Option<&str>) -> Option<&[Option<Level>; LEVELS]> {
        name.map_or(Some(&self.outline), |name| self.lists.get(name))
    }
}

/// What is printed before an item at level `at` of a list, if it is a number: `counts` has those of all levels.
pub(super) fn label(levels: &[Option<Level>; LEVELS], counts: &[u32; LEVELS], at: usize) -> Option<String> {
    let own = levels[at].as_ref()?;
    own.style?;
    let first = (at + 1).saturating_sub(own.shown.max(1));
    let numbers = (first..=at).filter_map(|nth| Some(levels[nth].as_ref()?.style?.write(counts[nth])));
    let label = format!("{}{}{}", own.prefix, numbers.collect::<Vec<_>>().join("."), own.suffix);
    Some(label.trim().to_owned()).filter(|label| !label.is_empty())
}
