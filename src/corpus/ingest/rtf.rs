//! Reads Rich Text Format 1.9, and what earlier versions and other programs than Word make of it. Tracked changes are
//! read as accepted; hidden words, comments, field codes, pictures, running heads and feet are not read.

mod fonts;
mod tokens;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::draft::Draft;
use super::extract::{Extract, Role};
use super::numeral;
use super::office;
use super::styles::{Styled, styled};
use crate::corpus::source::Metadata;
use fonts::{Font, of_charset, of_page};
use tokens::{Token, Tokens};

/// Deepest nesting of groups that is followed.
const DEPTH: usize = 500;

/// Reads the RTF file `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut reader = Reader { ansi: WINDOWS_1252, ..Reader::new() };
    let mut tokens = Tokens::new(bytes);
    let mut damaged = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Word("bin", Some(length)) => {
                tokens.pass_over(usize::try_from(length).unwrap_or(0));
            }
            Token::Open if reader.outer.len() >= DEPTH => {
                damaged = true;
                break;
            }
            token => reader.take(&token),
        }
    }
    reader.flush();
    damaged |= !reader.outer.is_empty();
    reader.end_paragraph();
    reader.end_table();
    let mut remarks = Vec::new();
    if damaged {
        remarks.push("The file is damaged; its end could not be read.".to_owned());
    }
    let parts = reader.draft.finish()?;
    if parts.is_empty() && remarks.is_empty() {
        remarks.push("It has no words.".to_owned());
    }
    Ok(Extract { parts, metadata: reader.metadata, remarks, ..Extract::default() })
}

/// Where the words of a group go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// Into the text.
    Text,
    /// Nowhere.
    Nothing,
    /// The number before an item.
    Label,
    Fonts,
    Styles,
    /// A property of the document; its name.
    Info(&'static str),
    /// A drawing, which may have words in a group of its own.
    Drawing,
}

/// The state that a group inherits and gives back.
#[derive(Clone)]
struct Group {
    destination: Destination,
    /// What ends with it.
    ends: Ends,
    font: i32,
    hidden: bool,
    deleted: bool,
    /// How many characters follow `\u` for readers that do not know it.
    fallback: usize,
    /// Whether nothing but its name has been read: `\*` may follow.
    fresh: bool,
    /// Whether `\*` was read: a destination that is not known is to be ignored.
    ignorable: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Nothing,
    Note,
    Box,
    Label,
    Info(&'static str),
}

/// The kind of list of notes.
#[derive(Default, Clone, Copy)]
struct Counting {
    style: Option<numeral::Style>,
    last: Option<u32>,
    start: Option<u32>,
}

#[derive(Default, Clone)]
struct Style {
    styled: Option<Styled>,
    based: Option<i32>,
    outline: Option<u8>,
}

struct Reader {
    draft: Draft,
    group: Group,
    outer: Vec<Group>,
    ansi: &'static Encoding,
    fonts: HashMap<i32, Font>,
    styles: HashMap<i32, Style>,
    /// The style being defined.
    style: (i32, Style),
    /// The bytes read since the last control word, which may be parts of characters.
    bytes: Vec<u8>,
    /// The first half of a character beyond the first 65,536.
    high: Option<u16>,
    /// The number of characters to skip after `\u`.
    skip: usize,
    /// What has been read of a label, property or style name.
    aside: String,
    label: Option<String>,
    date: [Option<i32>; 3],
    metadata: Metadata,
    // The paragraph.
    of_style: Option<i32>,
    outline: Option<u8>,
    in_table: bool,
    // The table.
    table: bool,
    row: bool,
    cell: bool,
    // Notes.
    footnotes: Counting,
    endnotes: Counting,
    numbered: bool,
    is_endnote: bool,
}

impl Reader {
    fn new() -> Self {
        let group = Group {
            destination: Destination::Text,
            ends: Ends::Nothing,
            font: -1,
            hidden: false,
            deleted: false,
            fallback: 1,
            fresh: false,
            ignorable: false,
        };
        Self {
            draft: Draft::default(),
            group,
            outer: Vec::new(),
            ansi: WINDOWS_1252,
            fonts: HashMap::new(),
            styles: HashMap::new(),
            style: (0, Style::default()),
            bytes: Vec::new(),
            high: None,
            skip: 0,
            aside: String::new(),
            label: None,
            date: [None; 3],
            metadata: Metadata::default(),
            of_style: None,
            outline: None,
            in_table: false,
            table: false,
            row: false,
            cell: false,
            footnotes: Counting::default(),
            endnotes: Counting::default(),
            numbered: false,
            is_endnote: false,
        }
    }

    fn take(&mut self, token: &Token<'_>) {
        match *token {
            Token::Open => {
                self.flush();
                self.skip = 0;
                self.outer.push(self.group.clone());
                (self.group.fresh, self.group.ignorable, self.group.ends) = (true, false, Ends::Nothing);
            }
            Token::Close => {
                self.flush();
                self.skip = 0;
                self.close();
            }
            Token::Symbol(b'*') => self.group.ignorable = self.group.fresh,
            _ if self.skip > 0 => self.skip -= 1,
            Token::Byte(byte) => {
                self.group.fresh = false;
                self.bytes.push(byte);
            }
            Token::Symbol(symbol) => {
                self.flush();
                match symbol {
                    b'~' => self.words("\u{a0}"),
                    b'_' => self.words("\u{2011}"),
                    b'\r' | b'\n' => self.end_paragraph(),
                    b'{' | b'}' | b'\\' => self.bytes.push(symbol),
                    _ => {}
                }
            }
            Token::Word(word, number) => {
                if word != "u" {
                    self.flush();
                }
                self.word(word, number);
                self.group.fresh = false;
            }
        }
    }

    /// Decodes the bytes read so far.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = self.fonts.get(&self.group.font).copied().unwrap_or(Font::Of(self.ansi));
        match font {
            Font::Symbol if self.group.destination == Destination::Text => {
                let read: String =
                    bytes.iter().filter_map(|byte| office::symbol("symbol", u32::from(*byte))).collect();
                self.words(&read);
            }
            Font::Symbol => self.words(&String::from_utf8_lossy(&bytes)),
            Font::Of(encoding) => {
                let (read, _) = encoding.decode_without_bom_handling(&bytes);
                self.words(&read);
            }
        }
    }

    fn words(&mut self, words: &str) {
        self.high = None;
        match self.group.destination {
            Destination::Nothing | Destination::Drawing => {}
            Destination::Fonts => {}
            Destination::Label | Destination::Info(_) => self.aside.push_str(words),
            Destination::Styles => {
                for c in words.chars() {
                    if c == ';' {
                        let (id, mut style) = std::mem::take(&mut self.style);
                        style.styled = styled(self.aside.trim());
                        self.styles.insert(id, style);
                        self.aside.clear();
                    } else {
                        self.aside.push(c);
                    }
                }
            }
            Destination::Text if self.group.hidden || self.group.deleted => {}
            Destination::Text => {
                if !words.trim().is_empty() {
                    self.enter_cell();
                }
                self.draft.words(words);
            }
        }
    }

    /// Opens or ends a table, as the paragraph says.
    fn enter_cell(&mut self) {
        let beside =
            self.outer.iter().chain([&self.group]).any(|group| matches!(group.ends, Ends::Note | Ends::Box));
        if beside {
            return;
        }
        if !self.in_table {
            self.end_table();
        } else if !self.cell {
            if !self.table {
                self.draft.begin_table();
            }
            if !self.row {
                self.draft.begin_row();
            }
            self.draft.begin_cell();
            (self.table, self.row, self.cell) = (true, true, true);
        }
    }

    fn end_table(&mut self) {
        if self.cell {
            self.draft.end_cell();
        }
        if self.table {
            self.draft.end_table();
        }
        (self.table, self.row, self.cell) = (false, false, false);
    }

    fn close(&mut self) {
        match self.group.ends {
            Ends::Nothing => {}
            Ends::Note => {
                self.end_paragraph();
                let (counting, usual) = match self.is_endnote {
                    false => (&mut self.footnotes, numeral::Style::Decimal),
                    true => (&mut self.endnotes, numeral::Style::SmallRoman),
                };
                if self.numbered {
                    let number =
                        counting.last.map_or(counting.start.unwrap_or(1), |last| last.saturating_add(1));
                    counting.last = Some(number);
                    self.draft.mark_note(counting.style.unwrap_or(usual).write(number).into());
                }
                self.draft.end_note();
                (self.numbered, self.is_endnote) = (false, false);
            }
            Ends::Box => {
                self.end_paragraph();
                self.draft.end_box();
            }
            Ends::Label => {
                let label = std::mem::take(&mut self.aside);
                self.label = Some(label.trim().to_owned());
            }
            Ends::Info(name) => {
                let words = std::mem::take(&mut self.aside);
                self.info(name, words.trim());
            }
        }
        let paragraph = matches!(self.group.ends, Ends::Note | Ends::Box);
        if let Some(outer) = self.outer.pop() {
            self.group = outer;
        }
        if paragraph {
            (self.label, self.outline) = (None, None);
        }
    }

    fn info(&mut self, name: &str, words: &str) {
        if name == "created" {
            let [year, month, day] = self.date;
            if let (Some(year @ 1900..), Some(month), Some(day)) = (year, month, day) {
                self.metadata.date = Some(format!("{year:04}-{month:02}-{day:02}"));
            }
        } else if !words.is_empty() {
            let escaped = words.replace('&', "&amp;").replace('<', "&lt;");
            let read = office::metadata(&format!("<a><{name}>{escaped}</{name}></a>"));
            self.metadata.title = self.metadata.title.take().or(read.title);
            self.metadata.authors.extend(read.authors);
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        match word {
            "u" => {
                self.flush();
                self.unicode(number.unwrap_or(0));
                self.skip = self.group.fallback;
            }
            "uc" => {
                self.group.fallback = number.and_then(|number| number.try_into().ok()).unwrap_or(1).min(8)
            }
            "ansicpg" => self.ansi = number.and_then(of_page).unwrap_or(self.ansi),
            "mac" => self.ansi = of_page(10000).unwrap_or(self.ansi),
            "f" => self.group.font = number.unwrap_or(0),
            "plain" => (self.group.hidden, self.group.deleted) = (false, false),
            "v" => self.group.hidden = on,
            "deleted" | "mvf" => self.group.deleted = on,
            _ if self.group.destination == Destination::Fonts => {
                if let ("fcharset", Some(font)) = (word, number.and_then(of_charset)) {
                    self.fonts.insert(self.group.font, font);
                } else if let ("cpg", Some(encoding)) = (word, number.and_then(of_page)) {
                    self.fonts.insert(self.group.font, Font::Of(encoding));
                }
            }
            _ if self.group.destination == Destination::Styles => match word {
                "s" => self.style = (number.unwrap_or(0), Style::default()),
                // Styles of letters, sections and tables.
                "cs" | "ds" | "ts" => self.style = (-1, Style::default()),
                "sbasedon" => self.style.1.based = number,
                "outlinelevel" => self.style.1.outline = number.and_then(|level| level.try_into().ok()),
                _ => {}
            },
            "yr" => self.date[0] = number,
            "mo" => self.date[1] = number,
            "dy" => self.date[2] = number,
            "ftnstart" => self.footnotes.start = number.and_then(|number| number.try_into().ok()),
            "aftnstart" => self.endnotes.start = number.and_then(|number| number.try_into().ok()),
            "chftn" => self.numbered = true,
            "ftnalt" => self.is_endnote = true,
            _ if self.destination(word) => {}
            _ if word.starts_with("ftnn") || word.starts_with("aftnn") => self.count(word),
            _ if self.group.destination == Destination::Text => self.text(word, number),
            "tab" if self.group.destination == Destination::Label => self.aside.push(' '),
            _ => {}
        }
    }

    /// Follows a control word that sends its group elsewhere; returns false if it does not.
    fn destination(&mut self, word: &str) -> bool {
        let nowhere = self.group.destination == Destination::Nothing;
        let (destination, ends) = match word {
            "shptxt" if self.group.destination == Destination::Drawing => (Destination::Text, Ends::Box),
            "ud" => (
                self.outer.iter().rev().nth(1).map_or(Destination::Text, |group| group.destination),
                Ends::Nothing,
            ),
            "title" if !nowhere => (Destination::Info("title"), Ends::Info("title")),
            "author" if !nowhere => (Destination::Info("creator"), Ends::Info("creator")),
            "creatim" => {
                self.date = [None; 3];
                (Destination::Nothing, Ends::Info("created"))
            }
            "info" => (Destination::Info(""), Ends::Nothing),
            _ if nowhere => return self.group.ignorable,
            "footnote" => (Destination::Text, Ends::Note),
            "listtext" | "pntext" => (Destination::Label, Ends::Label),
            "fonttbl" => (Destination::Fonts, Ends::Nothing),
            "stylesheet" => (Destination::Styles, Ends::Nothing),
            "shpinst" | "do" | "dptxbx" => (Destination::Drawing, Ends::Nothing),
            "dptxbxtext" if self.group.destination == Destination::Drawing => (Destination::Text, Ends::Box),
            "colortbl" | "pict" | "objdata" | "objclass" | "header" | "headerl" | "headerr" | "headerf"
            | "footer" | "footerl" | "footerr" | "footerf" | "fldinst" | "annotation" | "atnid"
            | "atnauthor" | "shprslt" | "sp" | "nonshppict" | "xe" | "tc" | "rxe" | "bkmkstart"
            | "bkmkend" | "upr" | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn"
            | "subject" | "operator" | "keywords" | "comment" | "doccomm" | "revtim" | "printim"
            | "buptim" | "company" | "manager" | "category" | "private1" | "listtable"
            | "listoverridetable" | "revtbl" | "rsidtbl" | "generator" | "themedata" | "datastore"
            | "latentstyles" | "pgdsctbl" | "filetbl" => (Destination::Nothing, Ends::Nothing),
            _ if self.group.ignorable
                && !self.is_styles()
                && !matches!(word, "shppict" | "result" | "fldrslt") =>
            {
                (Destination::Nothing, Ends::Nothing)
            }
            _ => return false,
        };
        // Words that are destinations only at the beginning of a group, and properties of a document elsewhere.
        if !self.group.fresh
            && !self.group.ignorable
            && matches!(word, "title" | "author" | "comment" | "tc" | "sp" | "do")
        {
            return true;
        }
        (self.group.destination, self.group.ends, self.group.ignorable) = (destination, ends, false);
        match ends {
            Ends::Note => {
                (self.group.hidden, self.group.deleted) = (false, false);
                self.draft.begin_note(None);
            }
            Ends::Box => self.draft.begin_box(),
            Ends::Label | Ends::Info(_) => self.aside.clear(),
            Ends::Nothing => {}
        }
        true
    }

    fn is_styles(&self) -> bool {
        self.group.destination == Destination::Styles
    }

    /// How notes are numbered: `\ftnnar`, `\aftnnrlc`.
    fn count(&mut self, word: &str) {
        let (counting, rest) = match word.strip_prefix('a') {
            Some(rest) => (&mut self.endnotes, rest),
            None => (&mut self.footnotes, word),
        };
        counting.style = match rest {
            "ftnnar" => Some(numeral::Style::Decimal),
            "ftnnalc" => Some(numeral::Style::SmallLetter),
            "ftnnauc" => Some(numeral::Style::Letter),
            "ftnnrlc" => Some(numeral::Style::SmallRoman),
            "ftnnruc" => Some(numeral::Style::Roman),
            "ftnnchi" => Some(numeral::Style::Sign),
            _ => counting.style,
        };
    }

    fn text(&mut self, word: &str, number: Option<i32>) {
        match word {
            "par" | "sect" => self.end_paragraph(),
            "line" | "softline" => self.draft.line(),
            "tab" | "page" | "column" | "enspace" | "emspace" | "qmspace" | "nestcell" => self.words(" "),
            "nestrow" => self.draft.line(),
            "cell" => {
                self.in_table = true;
                self.enter_cell();
                self.end_paragraph();
                self.draft.end_cell();
                self.cell = false;
            }
            "row" => {
                if self.cell {
                    self.end_paragraph();
                    self.draft.end_cell();
                }
                (self.row, self.cell) = (false, false);
            }
            "intbl" => self.in_table = true,
            "pard" => (self.in_table, self.of_style, self.outline) = (false, None, None),
            "s" => self.of_style = number,
            "outlinelevel" => self.outline = number.and_then(|level| level.try_into().ok()),
            "emdash" => self.words("—"),
            "endash" => self.words("–"),
            "lquote" => self.words("‘"),
            "rquote" => self.words("’"),
            "ldblquote" => self.words("“"),
            "rdblquote" => self.words("”"),
            "bullet" => self.words("•"),
            _ => {}
        }
    }

    fn unicode(&mut self, number: i32) {
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else { return };
        let high = self.high.take();
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        let units = [high.unwrap_or(unit), unit];
        let from = usize::from(high.is_none());
        for c in char::decode_utf16(units[from..].iter().copied()).flatten() {
            let symbol = (0xf020..=0xf0ff).contains(&u32::from(c));
            match office::symbol("symbol", u32::from(c)).filter(|_| symbol) {
                Some(c) => self.words(c.encode_utf8(&mut [0; 4])),
                None if symbol => {}
                None => self.words(c.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn end_paragraph(&mut self) {
        let label = self.label.take();
        if !self.draft.has_words() {
            return;
        }
        let (mut found, mut outline) = (None, self.outline);
        let mut next = self.of_style;
        for depth in 0..16 {
            let Some(style) = next.and_then(|id| self.styles.get(&id)) else { break };
            found = found.or(style.styled.filter(|styled| *styled != Styled::Title || depth == 0));
            outline = outline.or(style.outline);
            next = style.based;
        }
        let words = self.draft.current();
        let (role, why) = Styled::role_of(found, outline, words);
        let mut mark = None;
        let role = match (role, label) {
            (role, None) => role,
            (Role::Heading(_), Some(label)) => {
                mark = (!label.is_empty()).then(|| label.into());
                role
            }
            (Role::Paragraph | Role::Quotation, Some(label))
                if label.contains(|c: char| c.is_ascii_alphanumeric()) =>
            {
                let role = if role == Role::Paragraph { Draft::item(words) } else { role };
                self.draft.label(&label);
                role
            }
            (Role::Paragraph, Some(_)) => Role::Item,
            (role, Some(_)) => role,
        };
        self.draft.paragraph(role, mark, why.map(Into::into));
    }
}

#[cfg(test)]
mod tests {
    use super::super::extract::Part;
    use super::*;

    fn document(body: &str) -> Extract {
        let head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset204 Times;}{\f2\fnil\fcharset2 Symbol;}{\f3\fcharset128 MS;}}
            {\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2\sbasedon1 My heading;}{\s3 Title;}{\s4 Quote;}{\*\cs10 Title;}}
            {\info{\title The weir}{\author Ada Korn}{\creatim\yr2031\mo5\dy4\hr10}{\company X}}{\header HEAD\par}";
        read(format!("{head}\n{body}}}").as_bytes()).expect("a document")
    }

    fn shown(extract: &Extract) -> Vec<String> {
        let mark = |part: &Part| part.mark.as_ref().map(|mark| format!(" [{mark}]")).unwrap_or_default();
        extract.parts.iter().map(|part| format!("{:?}{} {}", part.role, mark(part), part.words)).collect()
    }

    #[test]
    fn letters_are_read_in_every_code_page() {
        let body = r"\pard Caf\'e9 \f1\'d1\'ee\'eb\'fc\f0  {\uc2\u-10180\'3f?\u-9127 ??}{\uc1\u8212?}so {\f2 a\'b3}{\f3\'83A\'83\'43} \lquote a\rquote\~b\_c\-d\emdash {\b bold}\par";
        let read = document(body);
        assert_eq!(shown(&read), ["Paragraph Café Соль 🁙—so α≥アイ ‘a’\u{a0}b\u{2011}cd—bold"]);
        assert_eq!(read.metadata.title.as_deref(), Some("The weir"));
        assert_eq!(
            (read.metadata.authors, read.metadata.date.as_deref()),
            (vec!["Ada Korn".to_owned()], Some("2031-05-04"))
        );
        let old = super::read(b"{\\rtf1\\mac Caf\\'8e\\par}").expect("a document");
        assert_eq!(shown(&old), ["Paragraph Café"]);
    }

    #[test]
    fn what_is_not_seen_is_not_read() {
        let body = r"\pard The {\deleted never }{\v secretly }gate {\field{\*\fldinst HYPERLINK x}{\fldrslt was}} {\*\unknown lost}{\pict\wmetafile8 0102}{\*\bkmkstart a}{\*\annotation A comment.}{\revised mended}\line today.\par
            {\upr{odd}{\*\ud even}}{\*\bin4 }}}}{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard A box of words.\par}}{\shprslt A box of words.\par}}\par";
        assert_eq!(
            shown(&document(body)),
            ["Paragraph The gate was mended today.", "Paragraph even", "Furniture(Aside) A box of words."]
        );
    }

    #[test]
    fn styles_lists_notes_and_tables() {
        let body = r"\pard\s3 The weir\par\pard\s2 Rents\par\pard\s4 So it was.\par\pard\plain He paid{\super\chftn}{\footnote\pard\plain {\super\chftn} Minutes, f. 3.} in May{\super\chftn}{\footnote\ftnalt\pard{\super\chftn} An end.}.\par
            {\listtext\pard\plain 1.\tab}The sluices are shut.\par{\listtext\'b7\tab}salt\par
            \trowd\cellx100\cellx200\pard\intbl Year\cell Sacks\cell\row\trowd\cellx100\cellx200\pard\intbl 1911\cell 12\cell\row\pard He left.\par\pard\outlinelevel1 Repairs";
        assert_eq!(
            shown(&document(body)),
            [
                "Title The weir",
                "Heading(1) Rents",
                "Quotation So it was.",
                "Paragraph He paid in May.",
                "Furniture(Note) [1] Minutes, f. 3.",
                "Furniture(Note) [i] An end.",
                "Paragraph 1. The sluices are shut.",
                "Item salt",
                "Table Year\tSacks\n1911\t12",
                "Paragraph He left.",
                "Heading(2) Repairs"
            ]
        );
    }

    #[test]
    fn what_can_be_read_of_a_damaged_file_is() {
        let read = read(br"{\rtf1 The mill stood still.\par The {\b gate").expect("a document");
        assert_eq!(shown(&read), ["Paragraph The mill stood still.", "Paragraph The gate"]);
        assert_eq!(read.remarks.len(), 1);
        assert_eq!(super::read("{".repeat(100_000).as_bytes()).expect("a document").remarks.len(), 1);
    }
}
