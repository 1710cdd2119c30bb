//! Reads the XML inside Word, OpenDocument and EPUB files, step by step. Names are local names: producers choose
//! different prefixes. Entities that a document declares are not resolved, so they cannot multiply.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deepest nesting of elements that is followed. Word nests tables and text boxes about 20 elements deep each.
const DEPTH: usize = 400;

/// XML being read.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
    /// Whether the XML is not well-formed: it was read up to here.
    pub(super) damaged: bool,
}

/// One step through XML.
pub(super) enum Step<'x> {
    /// A start tag.
    Open(Tag<'x>),
    /// The end of the element with this local name.
    Close(Cow<'x, str>),
    /// Character data. An entity in the middle of words is a step of its own.
    Text(Cow<'x, str>),
}

/// A start tag.
pub(super) struct Tag<'x> {
    start: BytesStart<'x>,
}

impl Tag<'_> {
    /// The local name.
    pub(super) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The value of the attribute with local name `name`.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.start.attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == name)?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).unwrap_or(found.value))
    }

    /// The value of the attribute with local name `name`, if it is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }
}

impl<'x> Xml<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0, damaged: false }
    }

    /// Reads XML that may have tags without a counterpart, as in many EPUBs.
    pub(super) fn lenient(text: &'x str) -> Self {
        let mut xml = Self::new(text);
        let config = xml.reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        xml
    }

    /// Where in the text the damage begins.
    pub(super) fn damage(&self) -> usize {
        usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX)
    }

    /// The next step; `None` at the end, or where the XML is damaged.
    pub(super) fn step(&mut self) -> Option<Step<'x>> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(_) => {
                    self.damaged = true;
                    return None;
                }
            };
            return Some(match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH {
                        self.damaged = true;
                        return None;
                    }
                    Step::Open(Tag { start })
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::Close(Cow::Owned(end.local_name().into_inner().to_owned()))
                }
                Event::Text(text) => Step::Text(text.into_inner()),
                Event::CData(text) => Step::Text(text.into_inner()),
                Event::GeneralRef(entity) => {
                    let read = match entity.resolve_char_ref() {
                        Ok(Some(c)) => Some(c.to_string()),
                        Ok(None) => resolve_html5_entity(&entity.into_inner()).map(str::to_owned),
                        Err(_) => None,
                    };
                    let Some(read) = read else { continue };
                    Step::Text(Cow::Owned(read))
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
                Event::Eof => {
                    self.damaged |= self.depth > 0;
                    return None;
                }
            });
        }
    }

    /// Skips the rest of the element that was opened last.
    pub(super) fn skip(&mut self) {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside && self.step().is_some() {}
    }

    /// The character data of the element that was opened last, with that of its children.
    pub(super) fn words(&mut self) -> String {
        let outside = self.depth.saturating_sub(1);
        let mut words = String::new();
        while self.depth > outside {
            match self.step() {
                Some(Step::Text(text)) => words.push_str(&text),
                Some(Step::Open(_) | Step::Close(_)) => {}
                None => break,
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> (String, bool) {
        let mut xml = Xml::new(text);
        let mut words = String::new();
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) if tag.name() == "skip" => xml.skip(),
                Step::Text(text) => words.push_str(&text),
                Step::Open(_) | Step::Close(_) => {}
            }
        }
        (words, xml.damaged)
    }

    #[test]
    fn entities_are_read_and_their_declarations_are_not() {
        assert_eq!(
            words("<a>Salt &amp; rye&#8212;<b/><skip>no <c>x</c></skip>dear</a>"),
            ("Salt & rye—dear".into(), false)
        );
        let bomb = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>x&c;y</a>";
        assert_eq!(words(bomb), ("xy".into(), false));
    }

    #[test]
    fn damage_ends_the_words() {
        assert_eq!(words("<a>Salt <b>and</a>"), ("Salt and".into(), true));
        assert_eq!(words("<a>Salt"), ("Salt".into(), true));
        assert!(words(&"<a>".repeat(1_000_000)).1);
    }
}
