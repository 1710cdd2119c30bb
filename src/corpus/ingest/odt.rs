//! Reads OpenDocument texts (ISO 26300), zipped (`.odt`) or as one XML file (`.fodt`). Tracked changes are read as
//! accepted; hidden words, comments, running heads and feet are not read.

mod styles;

use std::collections::HashMap;

use super::decode::decode;
use super::draft::Draft;
use super::extract::{Extract, Role};
use super::office;
use super::xml::{Step, Tag, Xml};
use super::zipped::Package;
use crate::corpus::source::Labels;
use styles::{LEVELS, Styles, label};

/// A row or cell that is repeated more often only fills a page.
const REPEATED: u32 = 100;

/// Reads the OpenDocument text `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    if !bytes.starts_with(b"PK") {
        let text = decode(bytes)?;
        return extract(&text, &text, &text);
    }
    let mut package = Package::open(bytes)?;
    if package.optional("META-INF/manifest.xml").is_some_and(|manifest| manifest.contains("encryption-data"))
    {
        return Err("it is protected by a password".into());
    }
    let content = package.text("content.xml")?.ok_or("it is damaged: it has no content.xml")?;
    let styles = package.optional("styles.xml").unwrap_or_default();
    let meta = package.optional("meta.xml").unwrap_or_default();
    extract(&content, &styles, &meta)
}

fn extract(content: &str, styles: &str, meta: &str) -> Result<Extract, String> {
    let mut story = Story::default();
    story.styles.read(styles);
    story.styles.read(content);
    story.begin_page(None, None);
    let mut xml = Xml::new(content);
    story.read(&mut xml);
    let mut remarks = Vec::new();
    if xml.damaged {
        remarks.push("The file is damaged; its end could not be read.".to_owned());
    }
    let labels = story.labels();
    let mut parts = story.draft.finish()?;
    let (pages, labels) = office::confirmed(labels, pages(meta), &mut parts);
    if parts.is_empty() && remarks.is_empty() {
        remarks.push(office::NO_WORDS.to_owned());
    }
    let start = meta.find("<office:meta").unwrap_or(0);
    let end = meta.find("</office:meta>").unwrap_or(meta.len());
    let metadata = office::metadata(meta.get(start..end).unwrap_or_default());
    Ok(Extract { parts, pages, labels, metadata, remarks, ..Extract::default() })
}

/// The number of pages that the metadata state.
fn pages(meta: &str) -> Option<usize> {
    let mut xml = Xml::new(meta);
    while let Some(step) = xml.step() {
        if let Step::Open(tag) = step
            && tag.name() == "document-statistic"
        {
            return tag.number("page-count").map(|count| count as usize);
        }
    }
    None
}

/// A paragraph or heading that is open.
struct Paragraph {
    /// The level of a heading.
    heading: Option<u8>,
    style: Option<String>,
    /// For each open span, whether it is hidden.
    hidden: Vec<bool>,
}

/// A list that is open.
struct List {
    style: Option<String>,
    id: Option<String>,
    /// Whether the item has had its number.
    labelled: bool,
}

/// A page: the number that it begins to count at, and its kind, if the document says so.
struct Page {
    number: Option<u32>,
    master: Option<String>,
}

#[derive(Default)]
struct Story {
    styles: Styles,
    draft: Draft,
    paragraphs: Vec<Paragraph>,
    lists: Vec<List>,
    /// The numbers reached by the open list, by those that have ended, and by headings.
    counts: [u32; LEVELS],
    ended: HashMap<String, [u32; LEVELS]>,
    headings: [u32; LEVELS],
    pages: Vec<Page>,
    /// Open notes and boxes, in which there are no pages.
    beside: usize,
}

impl Story {
    fn begin_page(&mut self, number: Option<u32>, master: Option<String>) {
        self.draft.page();
        self.pages.push(Page { number, master });
    }

    fn read(&mut self, xml: &mut Xml<'_>) {
        let mut body = false;
        let mut citation = None;
        while let Some(step) = xml.step() {
            match step {
                Step::Open(tag) if tag.name() == "body" => body = true,
                Step::Open(_) | Step::Close(_) | Step::Text(_) if !body => {}
                Step::Open(tag) if tag.name() == "note-citation" => citation = Some(xml.words()),
                Step::Open(tag) if tag.name() == "note-body" => {
                    let mark =
                        citation.take().map(|mark| mark.trim().to_owned()).filter(|mark| !mark.is_empty());
                    self.draft.begin_note(mark.map(Into::into));
                    self.beside += 1;
                }
                Step::Open(tag) => self.open(xml, &tag),
                Step::Close(name) => self.close(&name),
                Step::Text(words) => {
                    if self.visible() {
                        self.draft.words(&words);
                    }
                }
            }
        }
    }

    fn visible(&self) -> bool {
        self.paragraphs.last().is_some_and(|paragraph| paragraph.hidden.iter().all(|hidden| !hidden))
    }

    fn open(&mut self, xml: &mut Xml<'_>, tag: &Tag<'_>) {
        match tag.name() {
            name @ ("p" | "h") => {
                let style = tag.get("style-name").map(|name| name.into_owned());
                let page = self.styles.page_break(style.as_deref());
                if page.before && self.beside == 0 {
                    // The first paragraph says what the first page is.
                    if self.draft.is_empty() {
                        self.pages = vec![Page { number: page.number, master: page.master }];
                    } else {
                        self.begin_page(page.number, page.master);
                    }
                }
                let level = tag.number("outline-level").unwrap_or(1).clamp(1, LEVELS as u32);
                let heading = (name == "h").then_some(level).and_then(|level| level.try_into().ok());
                let hidden = vec![self.styles.look(style.as_deref()).hidden];
                self.paragraphs.push(Paragraph { heading, style, hidden });
            }
            "span" => {
                let hidden = tag.get("style-name").is_some_and(|name| self.styles.hides(&name));
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.hidden.push(hidden);
                }
            }
            "s" | "tab" if self.visible() => self.draft.words(" "),
            "line-break" if self.visible() => self.draft.line(),
            "soft-page-break" if self.beside == 0 => self.begin_page(None, None),
            "list" => self.begin_list(tag),
            "list-item" | "list-header" => {
                let start = tag.number("start-value").and_then(|start| start.checked_sub(1));
                let at = self.lists.len().clamp(1, LEVELS) - 1;
                if let Some(start) = start {
                    self.counts[at] = start;
                }
                if let Some(list) = self.lists.last_mut() {
                    list.labelled = tag.name() == "list-header";
                }
            }
            "table" => self.draft.begin_table(),
            "table-row" => {
                if tag.number("number-rows-repeated").is_some_and(|times| times > REPEATED) {
                    return xml.skip();
                }
                self.draft.begin_row();
            }
            "table-cell" | "covered-table-cell" => self.draft.begin_cell(),
            "text-box" | "custom-shape" | "rect" | "ellipse" => {
                self.draft.begin_box();
                self.beside += 1;
            }
            "section" if tag.get("display").as_deref() == Some("none") => xml.skip(),
            // What was deleted, comments, readings of Chinese characters, the sources of indexes, and what describes
            // pictures.
            "tracked-changes" | "annotation" | "ruby-text" | "forms" | "script" | "title" | "desc"
            | "hidden-text" | "hidden-paragraph" | "binary-data" | "object" | "event-listeners" => xml.skip(),
            name if name.ends_with("-source") => xml.skip(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => self.end_paragraph(),
            "span" => {
                if let Some(paragraph) = self.paragraphs.last_mut()
                    && paragraph.hidden.len() > 1
                {
                    paragraph.hidden.pop();
                }
            }
            "list" => self.end_list(),
            "note-body" => {
                self.draft.end_note();
                self.beside = self.beside.saturating_sub(1);
            }
            "table" => self.draft.end_table(),
            "table-cell" | "covered-table-cell" => self.draft.end_cell(),
            "text-box" | "custom-shape" | "rect" | "ellipse" => {
                self.draft.end_box();
                self.beside = self.beside.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn begin_list(&mut self, tag: &Tag<'_>) {
        let named = |name| tag.get(name).map(|value| value.into_owned());
        let style = named("style-name").or_else(|| self.lists.last().and_then(|list| list.style.clone()));
        if self.lists.is_empty() {
            let before = match (named("continue-list"), tag.get("continue-numbering").as_deref()) {
                (Some(id), _) => self.ended.get(&id),
                (None, Some("true")) => self.ended.get(style.as_deref().unwrap_or_default()),
                _ => None,
            };
            self.counts = before.copied().unwrap_or_else(|| self.starts(style.as_deref()));
        }
        self.lists.push(List { style, id: named("id"), labelled: true });
    }

    /// The counts before the first item of a list.
    fn starts(&self, style: Option<&str>) -> [u32; LEVELS] {
        let levels = self.styles.levels(Some(style.unwrap_or_default()));
        let start = |at: usize| levels.and_then(|levels| levels[at].as_ref()).map_or(1, |level| level.start);
        std::array::from_fn(|at| start(at).saturating_sub(1))
    }

    fn end_list(&mut self) {
        let Some(list) = self.lists.pop() else { return };
        if self.lists.is_empty() {
            let keys = list.id.into_iter().chain(list.style);
            self.ended.extend(keys.map(|key| (key, self.counts)));
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let look = self.styles.look(paragraph.style.as_deref());
        let (mut role, why) = match look.styled.map(super::styles::Styled::role) {
            Some((Role::Heading(_), _)) | None => {
                (paragraph.heading.map_or(Role::Paragraph, Role::Heading), None)
            }
            Some(known) => known,
        };
        let mut mark = None;
        if let (Role::Heading(_), Some(level)) = (role, paragraph.heading) {
            mark = self.number_heading(usize::from(level).clamp(1, LEVELS) - 1);
        }
        let depth = self.lists.len();
        if depth > 0 && self.beside == 0 {
            let at = depth.min(LEVELS) - 1;
            let labelled =
                self.lists.last_mut().is_none_or(|list| std::mem::replace(&mut list.labelled, true));
            let style = self.lists.last().and_then(|list| list.style.clone()).unwrap_or_default();
            if !labelled {
                self.counts[at] = self.counts[at].saturating_add(1);
                let starts = self.starts(Some(&style));
                self.counts[at + 1..].copy_from_slice(&starts[at + 1..]);
            }
            let levels = self.styles.levels(Some(&style));
            let label = levels.filter(|_| !labelled).and_then(|levels| label(levels, &self.counts, at));
            match (role, label) {
                (Role::Paragraph, None) if !labelled => role = Role::Item,
                (Role::Paragraph | Role::Quotation, Some(label)) => {
                    role = if role == Role::Paragraph { Draft::item(self.draft.current()) } else { role };
                    self.draft.label(&label);
                }
                (Role::Heading(_), Some(label)) => mark = Some(label.into()),
                _ => {}
            }
        }
        self.draft.paragraph(role, mark, why.map(Into::into));
        let page = self.styles.page_break(paragraph.style.as_deref());
        if page.after && self.beside == 0 {
            self.begin_page(None, None);
        }
    }

    /// Counts a heading of level `at`, and returns its number if headings are numbered.
    fn number_heading(&mut self, at: usize) -> Option<Box<str>> {
        self.headings[at] += 1;
        self.headings[at + 1..].fill(0);
        let levels = self.styles.levels(None)?;
        label(levels, &self.headings, at).map(Into::into)
    }

    /// The labels of the pages.
    fn labels(&self) -> (Vec<Option<Box<str>>>, Labels) {
        let mut master = None;
        let mut number = 0;
        let mut stated = false;
        let mut labels: Vec<Option<Box<str>>> = Vec::new();
        for page in &self.pages {
            master = page.master.as_deref().or(master);
            number = page.number.unwrap_or(number + 1);
            let style = self.styles.of_pages(master);
            stated |= page.number.is_some() || style != super::numeral::Style::Decimal;
            labels.push(Some(style.write(number).into()));
        }
        (labels, if stated { Labels::Stated } else { Labels::Counted })
    }
}

#[cfg(test)]
mod tests {
    use super::super::extract::Part;
    use super::super::zipped::pack;
    use super::*;

    const STYLES: &str = r#"<office:document-styles><office:styles>
        <style:style style:name="Title" style:family="paragraph"/><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"/>
        <style:style style:name="Quotations" style:family="paragraph"/>
        <text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/></text:outline-style>
        <text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
        <text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/></text:list-style>
        <text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style></office:styles>
        <office:automatic-styles><style:page-layout style:name="pm1"><style:page-layout-properties style:num-format="i"/></style:page-layout></office:automatic-styles>
        <office:master-styles><style:master-page style:name="Front" style:page-layout-name="pm1"><style:header><text:p>HEAD</text:p></style:header></style:master-page>
        <style:master-page style:name="Standard"/></office:master-styles></office:document-styles>"#;

    const AUTOMATIC: &str = r#"<office:automatic-styles><style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title" style:master-page-name="Front"/>
        <style:style style:name="P2" style:family="paragraph" style:master-page-name="Main"><style:paragraph-properties style:page-number="1"/></style:style>
        <style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style></office:automatic-styles>"#;

    fn document(body: &str, meta: &str) -> Extract {
        let content = format!(
            "<office:document-content>{AUTOMATIC}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        let members = [
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_str()),
            ("styles.xml", STYLES),
            ("meta.xml", meta),
        ];
        read(&pack(&members)).expect("a document")
    }

    fn shown(extract: &Extract) -> Vec<String> {
        let mark = |part: &Part| part.mark.as_ref().map(|mark| format!(" [{mark}]")).unwrap_or_default();
        extract.parts.iter().map(|part| format!("{:?}{} {}", part.role, mark(part), part.words)).collect()
    }

    #[test]
    fn styles_and_outline_say_what_a_paragraph_is() {
        let body = r#"<text:p text:style-name="P1">The weir</text:p><text:h text:outline-level="1" text:style-name="Heading_20_1">Rents</text:h>
            <text:p text:style-name="Quotations">So it was.</text:p><text:p>The  mill<text:s text:c="3"/>stood<text:tab/>still<text:line-break/>all
            day<text:span text:style-name="T1"> hidden</text:span>.</text:p><text:h text:outline-level="2">Repairs</text:h>"#;
        assert_eq!(
            shown(&document(body, "")),
            [
                "Title The weir",
                "Heading(1) [I.] Rents",
                "Quotation So it was.",
                "Paragraph The mill stood still all day.",
                "Heading(2) Repairs"
            ]
        );
    }

    #[test]
    fn lists_count_and_continue() {
        let item = |words: &str| format!("<text:list-item><text:p>{words}</text:p></text:list-item>");
        let list = |more: &str, items: &[String]| {
            format!("<text:list text:style-name=\"Numbers\" {more}>{}</text:list>", items.concat())
        };
        let nested = format!(
            "<text:list-item><text:p>Every miller keeps a book.</text:p><text:list>{}{}</text:list></text:list-item>",
            item("by the hour;"),
            item("by the day.")
        );
        let body = [
            list("xml:id=\"l1\"", &[item("The sluices are shut."), nested]),
            "<text:p>A paragraph between.</text:p>".into(),
            list("text:continue-list=\"l1\"", &[item("It stays so.")]),
            list("", &[item("Again from one.")]),
            format!("<text:list text:style-name=\"Dots\">{}</text:list>", item("salt")),
        ];
        assert_eq!(
            shown(&document(&body.concat(), "")),
            [
                "Paragraph 1. The sluices are shut.",
                "Paragraph 2. Every miller keeps a book.",
                "Paragraph (a) by the hour;",
                "Paragraph (b) by the day.",
                "Paragraph A paragraph between.",
                "Paragraph 3. It stays so.",
                "Paragraph 1. Again from one.",
                "Item salt"
            ]
        );
    }

    #[test]
    fn notes_boxes_and_tables_have_their_places() {
        let body = r#"<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>
            <text:p>The miller<text:change-start/> paid<text:note text:note-class="footnote"><text:note-citation>7</text:note-citation><text:note-body><text:p>Minutes, f. 3.</text:p></text:note-body></text:note>
            <office:annotation><text:p>A comment.</text:p></office:annotation><draw:frame><svg:title>x</svg:title><draw:text-box><text:p>A box of words.</text:p></draw:text-box></draw:frame>in May.</text:p>
            <table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell><table:table-cell><text:p>Sacks</text:p></table:table-cell></table:table-row></table:table>
            <text:p>He <text:ruby><text:ruby-base>left</text:ruby-base><text:ruby-text>x</text:ruby-text></text:ruby>.</text:p>"#;
        assert_eq!(
            shown(&document(body, "")),
            [
                "Paragraph The miller paid in May.",
                "Furniture(Note) [7] Minutes, f. 3.",
                "Furniture(Aside) A box of words.",
                "Table Year\tSacks",
                "Paragraph He left."
            ]
        );
    }

    #[test]
    fn pages_are_known_if_all_breaks_are_written() {
        let body = "<text:p text:style-name=\"P1\">Preface.</text:p><text:p>It goes <text:soft-page-break/>on.</text:p><text:p text:style-name=\"P2\">The gate.</text:p>";
        let meta = |count: u32| {
            format!(
                "<office:document-meta><office:meta><meta:document-statistic meta:page-count=\"{count}\"/><meta:initial-creator>Ada Korn</meta:initial-creator><dc:creator>X</dc:creator></office:meta></office:document-meta>"
            )
        };
        let read = document(body, &meta(3));
        let labels: Vec<_> = read.pages.iter().flatten().map(|label| &**label).collect();
        assert_eq!((labels.as_slice(), read.labels), (["i", "ii", "1"].as_slice(), Labels::Stated));
        assert_eq!((&read.parts[1].breaks, &read.parts[2].breaks), (&vec![(8, 1)], &vec![(0, 2)]));
        assert_eq!(read.metadata.authors, ["Ada Korn"]);
        assert!(document(body, &meta(4)).pages.is_empty());
    }

    #[test]
    fn one_xml_file_is_read_and_a_password_is_named() {
        let flat = format!(
            "<?xml version=\"1.0\"?><office:document>{AUTOMATIC}<office:body><office:text><text:p>The gate.</text:p></office:text></office:body></office:document>"
        );
        assert_eq!(shown(&read(flat.as_bytes()).expect("a document")), ["Paragraph The gate."]);
        let locked =
            pack(&[("content.xml", "\u{1}\u{2}"), ("META-INF/manifest.xml", "<manifest:encryption-data/>")]);
        assert_eq!(read(&locked), Err("it is protected by a password".to_owned()));
    }
}
