//! Reads EPUB 2 and 3: the chapters in the order of the spine, with their numbers from the table of contents and
//! the pages that the book states.

mod chapter;
mod contents;

use std::collections::HashMap;

use super::extract::{Extract, Part, Role};
use super::html;
use super::office;
use super::xml::{Step, Xml};
use super::zipped::Package;
use crate::corpus::source::{Furniture, Labels};
use chapter::{Mark, Marks};
use contents::{Contents, resolve};

/// Most bytes of words in a book: five long ones.
const MOST_BYTES: usize = 10_000_000;

/// A heading that is no further than this many parts from where the contents lead is meant.
const NEAR: usize = 2;

/// Fonts that are only obfuscated, which is no protection of the text.
const OF_FONTS: [&str; 2] = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Reads the EPUB `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut package = Package::open(bytes)?;
    if package.optional("META-INF/encryption.xml").is_some_and(|text| is_locked(&text)) {
        return Err(
            "it is protected by digital rights management; only its reading program can open it".into()
        );
    }
    let container = package.text("META-INF/container.xml")?.unwrap_or_default();
    let main = root_file(&container)
        .or_else(|| package.names().find(|name| name.ends_with(".opf")).map(|name| name.into_owned()))
        .ok_or("it is damaged: it does not say where its contents are")?;
    let opf = package.text(&main)?.ok_or_else(|| format!("it is damaged: it has no {main}"))?;
    let book = Book::of(&opf, &main);
    let navigation = book.navigation.as_ref().and_then(|name| Some((package.optional(name)?, name)));
    let mut contents =
        navigation.map(|(text, name)| Contents::of_navigation(&text, name)).unwrap_or_default();
    if (contents.chapters.is_empty() || contents.pages.is_empty())
        && let Some(name) = &book.ncx
        && let Some(text) = package.optional(name)
    {
        let ncx = Contents::of_ncx(&text, name);
        if contents.chapters.is_empty() {
            contents.chapters = ncx.chapters;
        }
        if contents.pages.is_empty() {
            contents.pages = ncx.pages;
        }
    }
    let mut reader =
        Reader { numbers: contents.numbers(), marks: Marks::of(&contents), contents, ..Reader::default() };
    let mut remarks = Vec::new();
    for name in &book.spine {
        match package.text(name) {
            Ok(Some(text)) => reader.chapter(&text, name),
            Ok(None) => remarks.push(format!("The chapter {name} is missing.")),
            Err(why) => remarks.push(format!("The chapter {name} could not be read: {why}.")),
        }
        if reader.bytes > MOST_BYTES {
            return Err(format!("it has more than {} MB of words", MOST_BYTES / 1_000_000));
        }
    }
    if reader.parts.is_empty() && remarks.is_empty() {
        remarks.push("It has no words.".to_owned());
    }
    let parts = reader.finish();
    let labels = if reader_has_pages(&parts) { Labels::Stated } else { Labels::default() };
    Ok(Extract {
        parts,
        pages: reader.pages,
        labels,
        metadata: office::metadata(&opf),
        remarks,
        ..Extract::default()
    })
}

fn reader_has_pages(parts: &[Part]) -> bool {
    parts.iter().any(|part| !part.breaks.is_empty())
}

/// Whether `encryption.xml` says that anything but fonts is encrypted.
fn is_locked(text: &str) -> bool {
    let mut xml = Xml::new(text);
    while let Some(step) = xml.step() {
        if let Step::Open(tag) = step
            && tag.name() == "EncryptionMethod"
            && !tag.get("Algorithm").is_some_and(|name| OF_FONTS.contains(&&*name))
        {
            return true;
        }
    }
    false
}

fn root_file(container: &str) -> Option<String> {
    let mut xml = Xml::new(container);
    while let Some(step) = xml.step() {
        if let Step::Open(tag) = step
            && tag.name() == "rootfile"
        {
            return tag.get("full-path").map(|path| path.into_owned());
        }
    }
    None
}

/// The files of a book.
#[derive(Default)]
struct Book {
    /// The chapters in reading order, what is beside it last.
    spine: Vec<String>,
    navigation: Option<String>,
    ncx: Option<String>,
}

impl Book {
    /// Reads the package document `opf`, the file `of`.
    fn of(opf: &str, of: &str) -> Self {
        let mut book = Self::default();
        let mut files: HashMap<String, String> = HashMap::new();
        let mut beside = Vec::new();
        let mut toc = None;
        let mut ncx = None;
        let mut xml = Xml::new(opf);
        while let Some(step) = xml.step() {
            let Step::Open(tag) = step else { continue };
            match tag.name() {
                "item" => {
                    let (Some(id), Some(href)) = (tag.get("id"), tag.get("href")) else { continue };
                    let Some(path) = resolve(of, &href) else { continue };
                    if tag.get("properties").is_some_and(|all| all.split_whitespace().any(|one| one == "nav"))
                    {
                        book.navigation = Some(path.clone());
                    }
                    if tag.get("media-type").is_some_and(|kind| kind.contains("dtbncx")) {
                        ncx = Some(path.clone());
                    }
                    files.insert(id.into_owned(), path);
                }
                "spine" => toc = tag.get("toc").map(|id| id.into_owned()),
                "itemref" => {
                    let Some(path) = tag.get("idref").and_then(|id| files.get(&*id)) else { continue };
                    let aside = tag.get("linear").as_deref() == Some("no");
                    if aside { &mut beside } else { &mut book.spine }.push(path.clone());
                }
                _ => {}
            }
        }
        book.ncx = toc.and_then(|id| files.remove(&id)).or(ncx);
        book.spine.append(&mut beside);
        book
    }
}

#[derive(Default)]
struct Reader {
    contents: Contents,
    /// The number of each chapter in the contents.
    numbers: Vec<Option<u32>>,
    marks: Marks,
    parts: Vec<Part>,
    pages: Vec<Option<Box<str>>>,
    /// Pages that have begun since the last word.
    pending: Vec<usize>,
    /// The note that each part is, as its place in the book.
    notes: Vec<(usize, String)>,
    bytes: usize,
}

impl Reader {
    /// Reads the chapter `text`, the file `name`.
    fn chapter(&mut self, text: &str, name: &str) {
        let html = chapter::html(text, name, &mut self.marks);
        // The entry of the contents that leads here, and the part after which it does.
        let mut entry: Option<(usize, usize)> = None;
        let mut note = None;
        for mut part in html::parts(&html) {
            let found = chapter::strip(&mut part.words);
            let mut breaks = Vec::new();
            for (at, mark) in found {
                match self.marks.all.get(mark).cloned() {
                    Some(Mark::Page(label)) => {
                        self.pending.push(self.pages.len());
                        self.pages.push(Some(label).filter(|label| !label.is_empty()));
                        if at < part.words.len() {
                            breaks.extend(self.pending.drain(..).map(|page| (at, page)));
                        }
                    }
                    Some(Mark::Chapter(chapter)) => {
                        self.settle(&mut entry);
                        entry = Some((chapter, self.parts.len()));
                    }
                    Some(Mark::Note(place)) => note = Some(place),
                    None => {}
                }
            }
            if part.words.trim().is_empty() {
                continue;
            }
            if !self.pending.is_empty() {
                let mut all: Vec<(usize, usize)> = self.pending.drain(..).map(|page| (0, page)).collect();
                all.append(&mut breaks);
                all.sort_by_key(|(_, page)| *page);
                breaks = all;
            }
            part.breaks = breaks;
            self.bytes += part.words.len();
            if let (Role::Furniture(Furniture::Note), Some(place)) = (part.role, note.take()) {
                self.notes.push((self.parts.len(), place));
            }
            self.parts.push(part);
        }
        self.settle(&mut entry);
    }

    /// Numbers the heading that `entry` leads to, or writes it if the book only has it in its contents.
    fn settle(&mut self, entry: &mut Option<(usize, usize)>) {
        let Some((chapter, from)) = entry.take() else { return };
        let number = self.numbers.get(chapter).copied().flatten();
        let near = self.parts.len().min(from + 1 + NEAR);
        let is_heading = |at: &usize| matches!(self.parts[*at].role, Role::Heading(_) | Role::Title);
        let words = &self.contents.chapters[chapter].words;
        match (from..near).find(is_heading) {
            Some(at) => {
                let part = &mut self.parts[at];
                if matches!(part.role, Role::Heading(_)) && part.mark.is_none() {
                    part.mark = number.map(|number| number.to_string().into());
                }
            }
            None if from < self.parts.len() && !words.is_empty() && number.is_some() => {
                let mut part = Part::new(Role::Heading(1), words.clone());
                part.mark = number.map(|number| number.to_string().into());
                for (at, _) in &mut self.notes {
                    *at += usize::from(*at >= from);
                }
                // A page that begins with the chapter begins with its heading.
                let first = &mut self.parts[from];
                let begins: Vec<_> = first.breaks.iter().copied().filter(|(at, _)| *at == 0).collect();
                first.breaks.retain(|(at, _)| *at > 0);
                part.breaks = begins;
                self.parts.insert(from, part);
            }
            None => {}
        }
    }

    /// The parts, with the marks of notes that only the references to them have.
    fn finish(&mut self) -> Vec<Part> {
        let mut parts = std::mem::take(&mut self.parts);
        for (at, place) in &self.notes {
            if parts[*at].mark.is_none() {
                parts[*at].mark = self.marks.references.get(place).cloned();
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::super::zipped::pack;
    use super::*;

    const CONTAINER: &str =
        "<container><rootfiles><rootfile full-path=\"O/book.opf\"/></rootfiles></container>";

    fn page(body: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns:epub=\"x\"><head><title/><script src=\"a.js\"/></head><body>{body}</body></html>"
        )
    }

    fn opf(more: &str, spine: &str) -> String {
        format!(
            "<package><metadata><dc:title>The weir</dc:title><dc:creator>Ada Korn</dc:creator><dc:date>2031</dc:date><dc:language>en</dc:language></metadata>\
            <manifest><item id=\"a\" href=\"text/a.xhtml\"/><item id=\"b\" href=\"text/b%20b.xhtml\"/><item id=\"n\" href=\"nav.xhtml\" properties=\"nav\"/>\
            <item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/></manifest><spine {more}>{spine}</spine></package>"
        )
    }

    fn shown(extract: &Extract) -> Vec<String> {
        let mark = |part: &Part| part.mark.as_ref().map(|mark| format!(" [{mark}]")).unwrap_or_default();
        extract.parts.iter().map(|part| format!("{:?}{} {}", part.role, mark(part), part.words)).collect()
    }

    fn book(members: &[(&str, &str)]) -> Extract {
        let mut all = vec![("mimetype", "application/epub+zip"), ("META-INF/container.xml", CONTAINER)];
        all.extend(members);
        read(&pack(&all)).expect("a book")
    }

    #[test]
    fn chapters_follow_the_spine_and_have_the_numbers_of_the_contents() {
        let nav = page(
            "<nav epub:type=\"toc\"><ol><li><a href=\"text/a.xhtml\">Preface</a></li><li><a href=\"text/a.xhtml#rents\">Rents</a></li>\
            <li><a href=\"text/b%20b.xhtml\">Repairs</a></li></ol></nav><nav epub:type=\"page-list\"><ol><li><a href=\"text/a.xhtml#p1\">1</a></li><li><a href=\"text/a.xhtml#p2\">2</a></li></ol></nav>",
        );
        let first = page(
            "<h1>Preface</h1><p>It began at&nbsp;noon &amp; ended.</p><section id=\"rents\"><h1><span epub:type=\"pagebreak\" id=\"p1\"/>Rents</h1>\
            <p>The gate was <span id=\"p2\" epub:type=\"pagebreak\">2</span>lost<a epub:type=\"noteref\" href=\"#n1\">1</a>.</p></section>\
            <aside epub:type=\"footnote\" id=\"n1\"><p>Minutes, f. 3.</p></aside>",
        );
        let second = page("<p>Nobody mended it.</p>");
        let spine = "<itemref idref=\"b\" linear=\"no\"/><itemref idref=\"a\"/>";
        let read = book(&[
            ("O/book.opf", &opf("", spine)),
            ("O/nav.xhtml", &nav),
            ("O/text/a.xhtml", &first),
            ("O/text/b b.xhtml", &second),
        ]);
        assert_eq!(
            shown(&read),
            [
                "Heading(1) Preface",
                "Paragraph It began at\u{a0}noon & ended.",
                "Heading(1) [1] Rents",
                "Paragraph The gate was lost.",
                "Furniture(Note) [1] Minutes, f. 3.",
                "Heading(1) [2] Repairs",
                "Paragraph Nobody mended it."
            ]
        );
        let labels: Vec<_> = read.pages.iter().flatten().map(|label| &**label).collect();
        assert_eq!((labels.as_slice(), read.labels), (["1", "2"].as_slice(), Labels::Stated));
        assert_eq!((&read.parts[2].breaks, &read.parts[3].breaks), (&vec![(0, 0)], &vec![(13, 1)]));
        assert_eq!(
            (read.metadata.title.as_deref(), read.metadata.date.as_deref()),
            (Some("The weir"), Some("2031"))
        );
    }

    #[test]
    fn an_old_book_has_its_contents_in_an_ncx_and_may_state_numbers() {
        let ncx = "<ncx><navMap><navPoint><navLabel><text>Chapter 1</text></navLabel><content src=\"text/a.xhtml\"/></navPoint>\
            <navPoint><navLabel><text>An end</text></navLabel><content src=\"text/b%20b.xhtml\"/></navPoint></navMap></ncx>";
        let spine = "<itemref idref=\"a\"/><itemref idref=\"b\"/><itemref idref=\"c\"/>";
        let opf = opf("toc=\"ncx\"", spine).replace(" properties=\"nav\"", "");
        // The second is no XML.
        let read = book(&[
            ("O/book.opf", &opf),
            ("O/toc.ncx", ncx),
            ("O/text/a.xhtml", &page("<h2>Chapter 1</h2><p>Salt &mdash; and<br/>rye.</p>")),
            ("O/text/b b.xhtml", &page("<h2>An end</h2><p>Who & where <i>is</p><p>it all?</p>")),
        ]);
        assert_eq!(
            shown(&read),
            [
                "Heading(2) Chapter 1",
                "Paragraph Salt — and rye.",
                "Heading(2) An end",
                "Paragraph Who & where is",
                "Paragraph it all?"
            ]
        );
    }

    #[test]
    fn protected_books_are_named_and_obfuscated_fonts_are_none() {
        let lock = |name: &str| {
            format!(
                "<encryption><EncryptedData><EncryptionMethod Algorithm=\"{name}\"/></EncryptedData></encryption>"
            )
        };
        let opf = opf("", "<itemref idref=\"a\"/>");
        let chapter = page("<p>Salt.</p>");
        let of = |lock: &str| {
            read(&pack(&[
                ("META-INF/container.xml", CONTAINER),
                ("META-INF/encryption.xml", lock),
                ("O/book.opf", &opf),
                ("O/text/a.xhtml", &chapter),
            ]))
        };
        assert!(of(&lock("http://www.idpf.org/2008/embedding")).is_ok());
        let why = of(&lock("http://www.w3.org/2001/04/xmlenc#aes256-cbc")).expect_err("locked");
        assert!(why.contains("digital rights management"), "{why}");
    }
}
