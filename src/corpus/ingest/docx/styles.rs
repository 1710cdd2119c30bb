//! The styles of a Word document (`styles.xml`).

use std::collections::HashMap;

use crate::corpus::ingest::styles::{Styled, styled};
use crate::corpus::ingest::xml::{Step, Tag, Xml};

/// Longest chain of styles that are based on each other. Word allows eleven.
const CHAIN: usize = 16;

/// The styles of a document, by id.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    /// The id of the paragraph style that paragraphs without one have.
    default: Option<String>,
}

#[derive(Default)]
struct Style {
    styled: Option<Styled>,
    based: Option<String>,
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<u32>,
    hidden: Option<bool>,
}

/// What a style says about a paragraph or its letters, with what it is based on.
#[derive(Default, Clone)]
pub(super) struct Look {
    pub(super) styled: Option<Styled>,
    /// The level in the outline, from 0; 9 is body text.
    pub(super) outline: Option<u8>,
    /// The list that it is in, and the level there.
    pub(super) list: Option<u32>,
    pub(super) level: Option<u32>,
    pub(super) hidden: bool,
    /// The number of styles it is made of.
    depth: usize,
}

/// Whether `tag`, a property that is on or off, is on.
pub(super) fn is_on(tag: &Tag<'_>) -> bool {
    !matches!(tag.get("val").as_deref(), Some("0" | "false" | "off" | "none"))
}

impl Styles {
    /// Reads `styles.xml`.
    pub(super) fn read(text: &str) -> Self {
        let mut styles = Self::default();
        let mut current: Option<(String, Style)> = None;
        let mut xml = Xml::new(text);
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) if tag.name() == "style" => {
                    let id = tag.get("styleId").unwrap_or_default().into_owned();
                    let default = matches!(tag.get("default").as_deref(), Some("1" | "true" | "on"));
                    if default && tag.get("type").as_deref() == Some("paragraph") {
                        styles.default = Some(id.clone());
                    }
                    current = Some((id, Style::default()));
                }
                Step::Close(name) if name == "style" => styles.styles.extend(current.take()),
                Step::Open(tag) => {
                    let Some((_, style)) = &mut current else { continue };
                    match tag.name() {
                        "name" => style.styled = tag.get("val").and_then(|name| styled(&name)),
                        "basedOn" => style.based = tag.get("val").map(|id| id.into_owned()),
                        "outlineLvl" => {
                            style.outline = tag.number("val").and_then(|level| level.try_into().ok());
                        }
                        "numId" => style.list = tag.number("val"),
                        "ilvl" => style.level = tag.number("val"),
                        "vanish" => style.hidden = Some(is_on(&tag)),
                        // What the paragraph had before a tracked change, and how parts of tables look.
                        "pPrChange" | "rPrChange" | "tblStylePr" => xml.skip(),
                        _ => {}
                    }
                }
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        styles
    }

    /// The look of the style `id`, or that of paragraphs without a style.
    pub(super) fn look(&self, id: Option<&str>) -> Look {
        let mut look = Look::default();
        let mut hidden = None;
        let mut next = id.or(self.default.as_deref());
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else { break };
            // A subtitle is based on the title and is none.
            let inherited = style.styled.filter(|styled| *styled != Styled::Title || look.depth == 0);
            look.styled = look.styled.or(inherited);
            look.depth += 1;
            look.outline = look.outline.or(style.outline);
            look.list = look.list.or(style.list);
            look.level = look.level.or(style.level);
            hidden = hidden.or(style.hidden);
            next = style.based.as_deref();
        }
        look.hidden = hidden.unwrap_or(false);
        look
    }
}
