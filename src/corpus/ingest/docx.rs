//! Reads Word documents (Office Open XML, ECMA-376). Tracked changes are read as accepted; hidden and deleted
//! words, comments, field codes, running heads and feet are not read.

mod numbering;
mod styles;

use std::collections::HashMap;

use super::draft::Draft;
use super::extract::{Extract, Part, Role};
use super::numeral;
use super::office;
use super::styles::Styled;
use super::xml::{Step, Tag, Xml};
use super::zipped::Package;
use crate::corpus::source::{Furniture, Labels};
use numbering::{Label, Numbering, style_of};
use styles::{Styles, is_on};

/// Reads the Word document `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package);
    let text = package.text(&main)?.ok_or_else(|| format!("it is damaged: it has no {main}"))?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut member = |name: &str| package.optional(&format!("{folder}/{name}"));
    let mut story = Story {
        styles: member("styles.xml").map(|text| Styles::read(&text)).unwrap_or_default(),
        numbering: member("numbering.xml").map(|text| Numbering::read(&text)).unwrap_or_default(),
        ..Story::default()
    };
    if let Some(settings) = member("settings.xml") {
        story.settings(&settings);
    }
    let footnotes = member("footnotes.xml").map(|text| story.notes(&text, "footnote"));
    let endnotes = member("endnotes.xml").map(|text| story.notes(&text, "endnote"));
    story.footnotes = footnotes.unwrap_or_default();
    story.endnotes = endnotes.unwrap_or_default();
    let mut xml = Xml::new(&text);
    story.begin_page();
    story.read(&mut xml, None);
    let mut remarks = Vec::new();
    if xml.damaged {
        remarks.push("The file is damaged; its end could not be read.".to_owned());
    }
    if story.embeds {
        remarks.push("A part of it is another document, embedded in it, and was not read.".to_owned());
    }
    let (marks, labels) = (story.marks(), story.labels());
    let mut parts = story.draft.finish()?;
    for part in &mut parts {
        if let (Role::Furniture(Furniture::Note), Some(mark)) = (part.role, &mut part.mark)
            && let Some(shown) =
                mark.strip_prefix(REFERENCE).and_then(|nth| marks.get(nth.parse::<usize>().ok()?))
        {
            *mark = shown.clone();
        }
    }
    // Word writes where its pages began, other programs only a part of it.
    let counted = package.optional("docProps/app.xml").and_then(|text| office::pages(&text));
    let (pages, labels) = office::confirmed(labels, counted, &mut parts);
    if parts.is_empty() && remarks.is_empty() {
        remarks.push(office::NO_WORDS.to_owned());
    }
    let metadata =
        package.optional("docProps/core.xml").map(|text| office::metadata(&text)).unwrap_or_default();
    Ok(Extract { parts, pages, labels, metadata, remarks, ..Extract::default() })
}

/// The name of the member that has the text: Word calls it `word/document.xml`, others may not.
fn main_part(package: &mut Package<'_>) -> String {
    const USUAL: &str = "word/document.xml";
    if package.has(USUAL) {
        return USUAL.to_owned();
    }
    let types = package.optional("[Content_Types].xml").unwrap_or_default();
    let mut xml = Xml::new(&types);
    while let Some(step) = xml.step() {
        if let Step::Open(tag) = step
            && tag
                .get("ContentType")
                .is_some_and(|kind| kind.contains("wordprocessingml") && kind.contains("main"))
            && let Some(name) = tag.get("PartName")
        {
            return name.trim_start_matches('/').to_owned();
        }
    }
    USUAL.to_owned()
}

/// How notes are numbered.
#[derive(Default, Clone, Copy)]
struct Counting {
    style: Option<numeral::Style>,
    start: Option<u32>,
    /// Whether each section begins anew.
    anew: bool,
}

/// A section of a document: a run of pages.
#[derive(Default, Clone, Copy)]
struct Section {
    page_style: Option<numeral::Style>,
    page_start: Option<u32>,
    footnotes: Counting,
    endnotes: Counting,
}

/// A reference to a note.
struct Reference {
    is_footnote: bool,
    section: usize,
    /// The mark, if the writer chose it.
    custom: Option<String>,
}

/// What marks of notes begin with until they are counted.
const REFERENCE: &str = "reference ";

#[derive(Default)]
struct Paragraph {
    style: Option<String>,
    outline: Option<u8>,
    list: Option<u32>,
    level: Option<u32>,
    /// Whether its end was deleted, so that it continues in the next.
    joins: bool,
}

/// The place in a text or box.
#[derive(Default)]
struct Place {
    paragraph: Paragraph,
    /// Whether the run is hidden.
    hidden: bool,
    /// Whether each open field has shown its code, so that its result follows.
    fields: Vec<bool>,
    /// The font of the run, if it is one of symbols.
    font: Option<String>,
}

#[derive(Default)]
struct Story {
    styles: Styles,
    numbering: Numbering,
    footnotes: HashMap<String, Vec<Part>>,
    endnotes: HashMap<String, Vec<Part>>,
    draft: Draft,
    place: Place,
    outer: Vec<Place>,
    /// For each open group of alternatives, whether one was taken.
    alternatives: Vec<bool>,
    /// The sections that have ended.
    sections: Vec<Section>,
    defaults: Section,
    references: Vec<Reference>,
    /// The section that each page begins in.
    pages: Vec<usize>,
    /// Whether the words that follow are the mark of the last reference.
    marking: bool,
    embeds: bool,
}

impl Story {
    fn begin_page(&mut self) {
        self.draft.page();
        self.pages.push(self.sections.len());
    }

    fn visible(&self) -> bool {
        !self.place.hidden && self.place.fields.iter().all(|shown| *shown)
    }

    /// Reads up to the end of the element `until`, or to the end.
    fn read(&mut self, xml: &mut Xml<'_>, until: Option<&str>) {
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) => self.open(xml, &tag),
                Step::Close(name) if Some(&*name) == until => break,
                Step::Close(name) => self.close(&name),
                Step::Text(_) => {}
            }
        }
    }

    fn open(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) {
        match tag.name() {
            "p" if !self.place.paragraph.joins => self.place.paragraph = Paragraph::default(),
            "p" => self.place.paragraph.joins = false,
            "pPr" => self.paragraph(xml),
            "r" => (self.place.hidden, self.place.font) = (false, None),
            "rPr" => self.run(xml),
            "t" => {
                let words = xml.words();
                self.words(&words);
            }
            "tab" | "ptab" if self.visible() => self.draft.words(" "),
            "cr" if self.visible() => self.draft.line(),
            "br" if self.visible() => match tag.get("type").as_deref() {
                Some("page" | "column") => self.draft.words(" "),
                _ => self.draft.line(),
            },
            "noBreakHyphen" if self.visible() => self.draft.words("\u{2011}"),
            "sym" if self.visible() => {
                if let (Some(font), Some(code)) = (tag.get("font"), tag.get("char"))
                    && let Ok(code) = u32::from_str_radix(&code, 16)
                    && let Some(c) = office::symbol(&font, code)
                {
                    self.draft.words(c.encode_utf8(&mut [0; 4]));
                }
            }
            "fldChar" => {
                match tag.get("fldCharType").as_deref() {
                    Some("begin") => self.place.fields.push(false),
                    Some("separate") => {
                        if let Some(last) = self.place.fields.last_mut() {
                            *last = true;
                        }
                    }
                    Some("end") => drop(self.place.fields.pop()),
                    _ => {}
                }
                xml.skip();
            }
            name @ ("footnoteReference" | "endnoteReference") => self.refer(name == "footnoteReference", tag),
            "lastRenderedPageBreak" if self.outer.is_empty() => self.begin_page(),
            "tbl" => self.draft.begin_table(),
            "tr" => self.draft.begin_row(),
            "tc" => self.draft.begin_cell(),
            "txbxContent" => {
                self.draft.begin_box();
                self.outer.push(std::mem::take(&mut self.place));
            }
            "sectPr" => self.section(xml),
            "AlternateContent" => self.alternatives.push(false),
            "Choice" => match self.alternatives.last_mut() {
                Some(taken) if !*taken => *taken = true,
                _ => xml.skip(),
            },
            "altChunk" => self.embeds = true,
            // What was deleted or moved away, other versions of what was read, readings of Chinese characters,
            // codes of fields, and properties.
            "del" | "moveFrom" | "Fallback" | "rt" | "instrText" | "delText" | "delInstrText" | "sdtPr"
            | "sdtEndPr" | "smartTagPr" | "customXmlPr" | "tblPr" | "tblPrEx" | "tblGrid" | "trPr"
            | "tcPr" => xml.skip(),
            name if name.ends_with("Change") => xml.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" if !self.place.paragraph.joins => self.end_paragraph(),
            "r" => {
                (self.place.hidden, self.place.font) = (false, None);
                self.marking = false;
            }
            "tbl" => self.draft.end_table(),
            "tc" => self.draft.end_cell(),
            "txbxContent" => {
                self.draft.end_box();
                if let Some(outer) = self.outer.pop() {
                    self.place = outer;
                }
            }
            "AlternateContent" => drop(self.alternatives.pop()),
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if !self.visible() {
            return;
        }
        if self.marking {
            if let Some(custom) = self.references.last_mut().and_then(|last| last.custom.as_mut()) {
                custom.push_str(words.trim());
            }
            return;
        }
        if words.contains(|c| ('\u{f020}'..='\u{f0ff}').contains(&c)) {
            let font = self.place.font.as_deref().unwrap_or_default();
            let read: String = words.chars().filter_map(|c| office::symbol(font, c as u32)).collect();
            self.draft.words(&read);
            return;
        }
        self.draft.words(words);
    }

    /// Reads the properties of a paragraph.
    fn paragraph(&mut self, xml: &mut Xml<'_>) {
        // Inside the properties of the letters that end it.
        let mut mark = false;
        let mut paragraph = Paragraph::default();
        while let Some(step) = xml.step() {
            match step {
                Step::Close(name) if name == "pPr" => break,
                Step::Close(name) if name == "rPr" => mark = false,
                Step::Open(tag) => match tag.name() {
                    "rPr" => mark = true,
                    "del" | "moveFrom" if mark => paragraph.joins = true,
                    "pStyle" => paragraph.style = tag.get("val").map(|id| id.into_owned()),
                    "outlineLvl" => {
                        paragraph.outline = tag.number("val").and_then(|level| level.try_into().ok());
                    }
                    "numId" => paragraph.list = tag.number("val"),
                    "ilvl" => paragraph.level = tag.number("val"),
                    "sectPr" => self.section(xml),
                    name if name.ends_with("Change") => xml.skip(),
                    _ => {}
                },
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        self.place.paragraph = paragraph;
    }

    /// Reads the properties of a run of letters.
    fn run(&mut self, xml: &mut Xml<'_>) {
        let mut hidden = None;
        while let Some(step) = xml.step() {
            match step {
                Step::Close(name) if name == "rPr" => break,
                Step::Open(tag) => match tag.name() {
                    "vanish" => hidden = Some(is_on(&tag)),
                    "rStyle" if hidden.is_none() => {
                        hidden = tag
                            .get("val")
                            .map(|id| self.styles.look(Some(&id)).hidden)
                            .filter(|hidden| *hidden);
                    }
                    "rFonts" => {
                        self.place.font =
                            tag.get("ascii").or_else(|| tag.get("hAnsi")).map(|font| font.into_owned());
                    }
                    name if name.ends_with("Change") => xml.skip(),
                    _ => {}
                },
                Step::Close(_) | Step::Text(_) => {}
            }
        }
        let of_paragraph = || self.styles.look(self.place.paragraph.style.as_deref()).hidden;
        self.place.hidden = hidden.unwrap_or_else(of_paragraph);
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.place.paragraph);
        let look = self.styles.look(paragraph.style.as_deref());
        let list = paragraph.list.or(look.list).filter(|list| *list > 0);
        let label = list.and_then(|list| {
            let by_style =
                || paragraph.style.as_deref().and_then(|style| self.numbering.level_of(list, style));
            let level = paragraph.level.or_else(by_style).or(look.level).unwrap_or(0);
            self.numbering.next(list, level)
        });
        let words = self.draft.current();
        // What the paragraph itself says goes before its style.
        let is_outlined = paragraph.outline.is_some();
        let styled = look.styled.filter(|styled| !(is_outlined && matches!(styled, Styled::Heading(_))));
        let (role, why) = Styled::role_of(styled, paragraph.outline.or(look.outline), words);
        let mut mark = None;
        let role = match (role, label) {
            (Role::Paragraph, Some(Label::Bullet | Label::Unknown)) => Role::Item,
            (Role::Heading(_), Some(Label::Number(label))) => {
                mark = Some(label.into());
                role
            }
            (Role::Paragraph | Role::Quotation, Some(Label::Number(label))) => {
                let role = if role == Role::Paragraph { Draft::item(words) } else { role };
                self.draft.label(&label);
                role
            }
            (role, _) => role,
        };
        self.draft.paragraph(role, mark, why.map(Into::into));
    }

    /// Reads the notes of `notes.xml`, each an element called `element`.
    fn notes(&mut self, text: &str, element: &str) -> HashMap<String, Vec<Part>> {
        let mut notes = HashMap::new();
        let mut xml = Xml::new(text);
        while let Some(step) = xml.step() {
            let Step::Open(tag) = step else { continue };
            if tag.name() != element {
                continue;
            }
            let id = tag.get("id").unwrap_or_default().into_owned();
            // Separators of the notes from the text.
            if tag.get("type").is_some_and(|kind| kind != "normal") {
                xml.skip();
                continue;
            }
            self.place = Place::default();
            self.outer.push(Place::default());
            self.read(&mut xml, Some(element));
            self.outer.clear();
            let parts = std::mem::take(&mut self.draft).finish().unwrap_or_default();
            notes.insert(id, parts);
        }
        self.place = Place::default();
        self.references.clear();
        notes
    }

    fn refer(&mut self, is_footnote: bool, tag: &Tag<'_>) {
        let notes = if is_footnote { &mut self.footnotes } else { &mut self.endnotes };
        let Some(parts) = tag.get("id").and_then(|id| notes.remove(&*id)) else { return };
        let custom = tag.get("customMarkFollows").is_some_and(|on| matches!(&*on, "1" | "true" | "on"));
        self.marking = custom;
        let mark = format!("{REFERENCE}{}", self.references.len());
        self.draft.note(Some(mark.into()), parts);
        let (section, custom) = (self.sections.len(), custom.then(String::new));
        self.references.push(Reference { is_footnote, section, custom });
    }

    /// Reads the properties of the section that ends here.
    fn section(&mut self, xml: &mut Xml<'_>) {
        let mut section = self.defaults;
        section.read(xml, "sectPr");
        self.sections.push(section);
    }

    fn settings(&mut self, text: &str) {
        self.defaults.read(&mut Xml::new(text), "settings");
    }

    /// The marks of the references, as displayed.
    fn marks(&self) -> Vec<Box<str>> {
        let mut counts = [None::<u32>; 2];
        let mut before = 0;
        let mut marks = Vec::new();
        for reference in &self.references {
            let section = self.sections.get(reference.section).unwrap_or(&self.defaults);
            let (at, counting, usual) = match reference.is_footnote {
                true => (0, section.footnotes, numeral::Style::Decimal),
                false => (1, section.endnotes, numeral::Style::SmallRoman),
            };
            if before != reference.section && counting.anew {
                counts[at] = None;
            }
            before = reference.section;
            if let Some(custom) = &reference.custom {
                marks.push(custom.as_str().into());
                continue;
            }
            let count = counts[at].map_or(counting.start.unwrap_or(1), |count| count + 1);
            counts[at] = Some(count);
            marks.push(counting.style.unwrap_or(usual).write(count).into());
        }
        marks
    }

    /// The labels of the pages, by the settings of their sections.
    fn labels(&self) -> (Vec<Option<Box<str>>>, Labels) {
        let stated =
            self.sections.iter().any(|section| section.page_start.is_some() || section.page_style.is_some());
        let (mut number, mut before) = (0, usize::MAX);
        let label = |&at: &usize| -> Option<Box<str>> {
            let section = self.sections.get(at).unwrap_or(&self.defaults);
            number = section.page_start.filter(|_| before != at).unwrap_or(number + 1);
            before = at;
            Some(section.page_style.unwrap_or_default().write(number).into())
        };
        let labels = self.pages.iter().map(label).collect();
        (labels, if stated { Labels::Stated } else { Labels::Counted })
    }
}

impl Section {
    /// Reads what the element `until` says, up to its end.
    fn read(&mut self, xml: &mut Xml<'_>, until: &str) {
        let mut notes = None;
        while let Some(step) = xml.step() {
            match step {
                Step::Close(name) if name == until => break,
                Step::Close(name) if matches!(&*name, "footnotePr" | "endnotePr") => notes = None,
                Step::Open(tag) => {
                    let counting = match notes {
                        Some(true) => Some(&mut self.footnotes),
                        Some(false) => Some(&mut self.endnotes),
                        None => None,
                    };
                    match (tag.name(), counting) {
                        ("footnotePr", _) => notes = Some(true),
                        ("endnotePr", _) => notes = Some(false),
                        ("numFmt", Some(counting)) => {
                            counting.style = tag.get("val").and_then(|name| style_of(&name))
                        }
                        ("numStart", Some(counting)) => counting.start = tag.number("val"),
                        ("numRestart", Some(counting)) => {
                            counting.anew = tag.get("val").as_deref() == Some("eachSect")
                        }
                        ("pgNumType", _) => {
                            self.page_start = tag.number("start");
                            self.page_style = tag.get("fmt").and_then(|name| style_of(&name));
                        }
                        ("sectPrChange", _) => xml.skip(),
                        _ => {}
                    }
                }
                Step::Close(_) | Step::Text(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::zipped::pack;
    use super::*;

    const STYLES: &str = r#"<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
        <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
        <w:style w:styleId="Kapitel"><w:name w:val="My chapter"/><w:basedOn w:val="berschrift1"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="Sub"><w:name w:val="Subtitle"/><w:basedOn w:val="Titel"/></w:style>
        <w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style><w:style w:styleId="V1"><w:name w:val="toc 1"/></w:style>
        <w:style w:type="character" w:styleId="Unsichtbar"><w:name w:val="Hidden"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;

    const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Chapter %1"/><w:pStyle w:val="Kapitel"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num></w:numbering>"#;

    fn document(body: &str, more: &[(&str, &str)]) -> Extract {
        let body =
            format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
        let mut members = vec![
            ("word/document.xml", body.as_str()),
            ("word/styles.xml", STYLES),
            ("word/numbering.xml", NUMBERING),
        ];
        members.extend(more);
        read(&pack(&members)).expect("a document")
    }

    fn shown(extract: &Extract) -> Vec<String> {
        let mark = |part: &Part| part.mark.as_ref().map(|mark| format!(" [{mark}]")).unwrap_or_default();
        extract.parts.iter().map(|part| format!("{:?}{} {}", part.role, mark(part), part.words)).collect()
    }

    fn p(words: &str) -> String {
        format!("<w:p><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p>")
    }

    fn styled(style: &str, words: &str) -> String {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>")
    }

    fn listed(list: u32, level: u32, words: &str) -> String {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"
        )
    }

    #[test]
    fn styles_say_what_a_paragraph_is() {
        let body = [
            styled("Titel", "The weir"),
            styled("Sub", "A report"),
            styled("V1", "Rents 3"),
            styled("Kapitel", "Rents"),
            styled("Zitat", "So it was."),
            p("The mill stood still."),
            "<w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>Repairs</w:t></w:r></w:p>".into(),
            format!(
                "<w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>",
                "mill ".repeat(50)
            ),
        ];
        let seen = shown(&document(&body.concat(), &[]));
        assert_eq!(
            seen[..7],
            [
                "Title The weir",
                "Paragraph A report",
                "Furniture(Control) Rents 3",
                "Heading(1) [Chapter I] Rents",
                "Quotation So it was.",
                "Paragraph The mill stood still.",
                "Heading(2) Repairs"
            ]
        );
        assert!(seen[7].starts_with("Paragraph mill"), "too long for a heading");
    }

    #[test]
    fn automatic_numbers_are_part_of_the_words() {
        let body = [
            listed(1, 0, "The sluices are shut at night."),
            listed(1, 1, "in summer, by the hour;"),
            listed(1, 1, "in winter, by the day."),
            listed(1, 0, "The millers keep a book."),
            listed(4, 0, "The books are read."),
            listed(1, 0, "rye"),
            listed(3, 0, "salt"),
            listed(0, 0, "No list any more."),
        ];
        assert_eq!(
            shown(&document(&body.concat(), &[])),
            [
                "Paragraph 1. The sluices are shut at night.",
                "Paragraph (a) in summer, by the hour;",
                "Paragraph (b) in winter, by the day.",
                "Paragraph 2. The millers keep a book.",
                "Paragraph 7. The books are read.",
                "Item 8. rye",
                "Item salt",
                "Paragraph No list any more."
            ]
        );
    }

    #[test]
    fn changes_are_accepted_and_what_is_not_seen_is_not_read() {
        let body = "<w:p><w:r><w:t>The gate </w:t></w:r><w:ins><w:r><w:t>was </w:t></w:r></w:ins><w:del><w:r><w:delText>is </w:delText><w:t>is </w:t></w:r></w:del>\
            <w:moveFrom><w:r><w:t>never </w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r>\
            <w:r><w:rPr><w:rStyle w:val=\"Unsichtbar\"/></w:rPr><w:t>very </w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>mend</w:t></w:r><w:proofErr/><w:r><w:softHyphen/><w:t>ed</w:t></w:r>\
            <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"x\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
            <w:r><w:tab/><w:t>in </w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:hyperlink><w:smartTag><w:r><w:t>May</w:t></w:r></w:smartTag></w:hyperlink>\
            <w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent><w:r><w:t>,</w:t><w:br/><w:t>co</w:t><w:noBreakHyphen/><w:t>op </w:t><w:sym w:font=\"Symbol\" w:char=\"F061\"/></w:r></w:sdtContent></w:sdt>\
            <w:r><w:commentReference w:id=\"1\"/></w:r></w:p>\
            <w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p><w:p><w:r><w:t>paragraph.</w:t></w:r></w:p>";
        assert_eq!(
            shown(&document(body, &[])),
            ["Paragraph The gate was mended in May, co\u{2011}op α", "Paragraph One paragraph."]
        );
    }

    #[test]
    fn notes_follow_the_paragraph_that_refers_to_them() {
        let footnotes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"0\"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>\
            <w:footnote w:id=\"5\"><w:p><w:r><w:footnoteRef/><w:t> Minutes, f. 3.</w:t></w:r></w:p><w:p><w:r><w:t>Also f. 4.</w:t></w:r></w:p></w:footnote>\
            <w:footnote w:id=\"6\"><w:p><w:r><w:t>By hand.</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let endnotes = "<w:endnotes><w:endnote w:id=\"2\"><w:p><w:r><w:t>An end.</w:t></w:r></w:p></w:endnote></w:endnotes>";
        let body = format!(
            "<w:p><w:r><w:t>The miller</w:t></w:r><w:r><w:footnoteReference w:id=\"5\"/></w:r><w:r><w:t> paid</w:t></w:r>\
            <w:r><w:footnoteReference w:customMarkFollows=\"1\" w:id=\"6\"/><w:t>*</w:t></w:r><w:r><w:t>.</w:t></w:r><w:r><w:endnoteReference w:id=\"2\"/></w:r></w:p>{}",
            p("Then he left.")
        );
        let read = document(&body, &[("word/footnotes.xml", footnotes), ("word/endnotes.xml", endnotes)]);
        assert_eq!(
            shown(&read),
            [
                "Paragraph The miller paid.",
                "Furniture(Note) [1] Minutes, f. 3.",
                "Furniture(Note) Also f. 4.",
                "Furniture(Note) [*] By hand.",
                "Furniture(Note) [i] An end.",
                "Paragraph Then he left."
            ]
        );
    }

    #[test]
    fn tables_are_rows_unless_they_only_arrange_paragraphs() {
        let cell = |words: &str| format!("<w:tc><w:tcPr/>{}</w:tc>", p(words));
        let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
        let table = |rows: &[String]| format!("<w:tbl><w:tblPr/>{}</w:tbl>", rows.concat());
        let long = "The court heard the millers of both valleys on four days and found that ".repeat(4);
        let body = [
            table(&[row(&[cell("Year"), cell("Sacks")]), row(&[cell("1911"), cell("12")])]),
            table(&[row(&[cell("14."), cell(&long)]), row(&[cell("15."), cell("So ordered.")])]),
        ];
        let seen = shown(&document(&body.concat(), &[]));
        assert_eq!(seen[0], "Table Year\tSacks\n1911\t12");
        assert!(seen[1].starts_with("Paragraph 14. The court heard"), "{}", seen[1]);
        assert_eq!(seen[2], "Paragraph 15. So ordered.");
    }

    #[test]
    fn a_text_box_is_read_once_and_beside_the_paragraph() {
        let inner = |words: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(words));
        let body = format!(
            "<w:p><w:r><w:t>Nobody mended </w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>{}</w:drawing></mc:Choice>\
            <mc:Fallback><w:pict>{}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>the gate.</w:t></w:r></w:p>",
            inner("A box of words."),
            inner("A box of words.")
        );
        assert_eq!(
            shown(&document(&body, &[])),
            ["Paragraph Nobody mended the gate.", "Furniture(Aside) A box of words."]
        );
    }

    #[test]
    fn pages_are_known_only_where_word_wrote_all_of_them() {
        let page = "<w:r><w:lastRenderedPageBreak/></w:r>";
        let section = |number: &str| format!("<w:sectPr><w:pgNumType {number}/></w:sectPr>");
        let body = format!(
            "<w:p><w:pPr>{}</w:pPr><w:r><w:t>Preface.</w:t></w:r></w:p><w:p>{page}<w:r><w:t>The gate </w:t></w:r>{page}<w:r><w:t>was lost.</w:t></w:r></w:p>{}",
            section("w:fmt=\"lowerRoman\""),
            section("w:fmt=\"decimal\" w:start=\"1\"")
        );
        let app = |count: u32| format!("<Properties><Pages>{count}</Pages></Properties>");
        let read = document(&body, &[("docProps/app.xml", &app(3))]);
        let labels: Vec<_> = read.pages.iter().flatten().map(|label| &**label).collect();
        assert_eq!((labels.as_slice(), read.labels), (["i", "1", "2"].as_slice(), Labels::Stated));
        assert_eq!(read.parts[1].breaks, [(0, 1), (9, 2)]);
        let other = document(&body, &[("docProps/app.xml", &app(5))]);
        assert!(other.pages.is_empty() && other.parts.iter().all(|part| part.breaks.is_empty()));
    }

    #[test]
    fn what_can_be_read_of_a_damaged_document_is() {
        let cut = format!("<w:document><w:body>{}<w:p><w:r><w:t>The gate", p("The mill stood still."));
        let read = read(&pack(&[("word/document.xml", &cut)])).expect("a document");
        assert_eq!(shown(&read), ["Paragraph The mill stood still.", "Paragraph The gate"]);
        assert!(read.remarks[0].starts_with("The file is damaged"));
        assert!(super::read(b"PK\x03\x04 nothing").is_err_and(|why| why.starts_with("it is damaged")));
        assert!(
            super::read(&pack(&[("a.txt", "Salt.")])).is_err_and(|why| why.contains("word/document.xml"))
        );
    }
}
