//! The kind of a file, by its first bytes or else by its extension. These are the only tables of extensions:
//! how a workspace uses the files with each ([`Use`]), and which are not read.

use std::path::Path;

use super::zipped::Package;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain text: anything not recognized as something else.
    Text,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// Subtitles: SubRip or WebVTT.
    Subtitles,
    /// An Org file.
    Org,
    /// A document that is no text file.
    Document(Format),
    /// A kind that cannot be read.
    Unread(&'static Unread),
}

/// The formats of documents that are no text files. [`super::extract()`] has the reader of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PDF (ISO 32000).
    Pdf,
    /// Office Open XML, as Word writes it (ECMA-376).
    Docx,
    /// OpenDocument text (ISO 26300).
    Odt,
    /// Rich Text Format 1.9.
    Rtf,
    /// EPUB 2 and 3.
    Epub,
    /// A web page saved as MHTML (RFC 2557).
    Mhtml,
    /// A web page saved by Safari (`.webarchive`).
    Webarchive,
    /// A web page saved by an extension of Firefox (MAFF).
    Maff,
    /// An e-mail or a mailbox (RFC 5322, RFC 4155).
    Mail,
}

/// A kind of file that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its common name with an article: “a PDF”.
    pub name: &'static str,
    /// Its extensions, in lower case without the dot.
    endings: &'static [&'static str],
    /// Its signatures; empty if only the extension identifies it.
    beginnings: &'static [&'static [u8]],
    /// Whether people quote from such files.
    pub is_document: bool,
}

/// How a workspace may use a file that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Settings.
    Settings,
    /// A library of entries.
    Library,
    /// Markdown used only for briefs: Quarto and R Markdown.
    Brief,
    /// A source; if it is Markdown, also a brief.
    Source(Kind),
}

/// The extensions that are read, in lower case without the dot.
static READ: [(Use, &[&str]); 17] = [
    (Use::Settings, &["toml"]),
    (Use::Library, &["bib", "bibtex", "biblatex", "json", "yaml", "yml", "ris", "xml"]),
    (Use::Brief, &["qmd", "rmd"]),
    (Use::Source(Kind::Text), &["txt", "text"]),
    (Use::Source(Kind::Markdown), &["md", "markdown"]),
    (Use::Source(Kind::Html), &["html", "htm", "xhtml"]),
    (Use::Source(Kind::Document(Format::Mhtml)), &["mhtml", "mht"]),
    (Use::Source(Kind::Document(Format::Webarchive)), &["webarchive"]),
    (Use::Source(Kind::Document(Format::Maff)), &["maff"]),
    (Use::Source(Kind::Subtitles), &["srt", "vtt"]),
    (Use::Source(Kind::Document(Format::Pdf)), &["pdf"]),
    (Use::Source(Kind::Document(Format::Docx)), &["docx", "docm", "dotx", "dotm"]),
    (Use::Source(Kind::Document(Format::Odt)), &["odt", "ott", "fodt"]),
    (Use::Source(Kind::Document(Format::Rtf)), &["rtf"]),
    (Use::Source(Kind::Document(Format::Epub)), &["epub"]),
    (Use::Source(Kind::Document(Format::Mail)), &["eml", "mbox"]),
    (Use::Source(Kind::Org), &["org"]),
];

impl Use {
    /// How a workspace may use a file called `path`; `None` if files with its extension are not read.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = &*ending(path);
        READ.iter().find(|(_, endings)| endings.contains(&ending)).map(|(what, _)| *what)
    }

    /// Whether it is Markdown, so that a file of this name may be a brief.
    #[must_use]
    pub fn is_markdown(self) -> bool {
        matches!(self, Self::Brief | Self::Source(Kind::Markdown))
    }
}

/// The extensions of all files that are read, so that an editor can be asked to report changes of them.
#[must_use]
pub fn watched() -> Vec<&'static str> {
    READ.iter().flat_map(|(_, endings)| *endings).copied().collect()
}

/// The extensions of all files that a library or brief may name, and whose renames it must follow.
#[must_use]
pub fn named() -> Vec<&'static str> {
    let read = READ.iter().filter(|(what, _)| *what != Use::Settings).flat_map(|(_, endings)| *endings);
    let unread = UNREAD.iter().filter(|kind| kind.is_document).flat_map(|kind| kind.endings);
    read.chain(unread).copied().collect()
}

const fn document(
    name: &'static str,
    endings: &'static [&'static str],
    beginnings: &'static [&'static [u8]],
) -> Unread {
    Unread { name, endings, beginnings, is_document: true }
}

const fn other(
    name: &'static str,
    endings: &'static [&'static str],
    beginnings: &'static [&'static [u8]],
) -> Unread {
    Unread { name, endings, beginnings, is_document: false }
}

/// Signatures are those of the format specifications, as known to file(1). ZIP comes after the formats that
/// are ZIP files: Word, OpenDocument and EPUB files are identified by extension.
static UNREAD: [Unread; 13] = [
    document("a Word file of the old kind (.doc)", &["doc", "dot"], &[]),
    document("RTF with pictures (RTFD)", &["rtfd"], &[]),
    document("an e-book", &["mobi", "azw", "azw3", "fb2"], &[]),
    document("DjVu", &["djvu", "djv"], &[b"AT&TFORM"]),
    document("PostScript", &["ps", "eps"], &[b"%!PS"]),
    document("Pages, Keynote or Numbers", &["pages", "key", "numbers"], &[]),
    document("slides", &["pptx", "ppt", "odp"], &[]),
    document("an e-mail of Outlook", &["msg", "pst"], &[]),
    document("a file of old Office programs", &[], &[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]),
    other("a spreadsheet", &["xlsx", "xls", "ods"], &[]),
    other(
        "an image",
        &["png", "jpg", "jpeg", "gif", "tif", "tiff", "webp", "heic", "bmp", "svg"],
        &[b"\x89PNG\r\n", b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"],
    ),
    other(
        "sound or film",
        &["mp3", "mp4", "m4a", "m4v", "wav", "ogg", "oga", "opus", "webm", "mov", "avi", "mkv", "flac"],
        &[b"ID3\x02", b"ID3\x03", b"ID3\x04", b"OggS", b"fLaC", b"\x1A\x45\xDF\xA3"],
    ),
    other("an archive (ZIP or the like)", &["zip", "gz", "7z", "tar", "rar", "xz"], &[ZIP, b"\x1F\x8B"]),
];

/// What ZIP files begin with.
const ZIP: &[u8] = b"PK\x03\x04";

/// How far into a file `%PDF-` may occur (ISO 32000-1, annex H: within the first 1,024 bytes).
const PDF_WITHIN: usize = 1024;

impl Kind {
    /// The kind of a file called `path`, judged by name alone.
    #[must_use]
    pub fn of_name(path: &Path) -> Self {
        if let Some(Use::Source(kind)) = Use::of(path) {
            return kind;
        }
        let ending = &*ending(path);
        let unread = UNREAD.iter().find(|kind| kind.endings.contains(&ending));
        unread.map_or(Self::Text, Self::Unread)
    }

    /// The kind of the file called `path` with content `bytes`. A recognized signature takes precedence over
    /// the extension.
    #[must_use]
    pub fn of(path: &Path, bytes: &[u8]) -> Self {
        let named = Self::of_name(path);
        if bytes.starts_with(b"{\\rtf") {
            return Self::Document(Format::Rtf);
        }
        let begins = |kind: &&Unread| kind.beginnings.iter().any(|beginning| bytes.starts_with(beginning));
        if let Some(kind) = UNREAD.iter().find(begins) {
            // Without its directory, only the name says which kind of ZIP file it is.
            let zipped = if bytes.starts_with(ZIP) { of_members(bytes) } else { None };
            let named = matches!(named, Self::Unread(_) | Self::Document(_)).then_some(named);
            return zipped.or(named).unwrap_or(Self::Unread(kind));
        }
        let head = &bytes[..bytes.len().min(PDF_WITHIN)];
        if memchr::memmem::find(head, b"%PDF-").is_some_and(|at| is_no_text(&head[..at])) {
            return Self::Document(Format::Pdf);
        }
        if is_flat_text(head) {
            return Self::Document(Format::Odt);
        }
        if super::saved::begins(bytes) {
            return Self::Document(Format::Webarchive);
        }
        // An e-mail may have pictures, as a saved page has.
        if super::mhtml::begins(bytes) && named != Self::Document(Format::Mail) {
            return Self::Document(Format::Mhtml);
        }
        if matches!(named, Self::Text | Self::Unread(_)) && begins_mail(head) {
            return Self::Document(Format::Mail);
        }
        match named {
            // A page saved under the name of an archive or a Word file.
            Self::Document(_) if begins_html(head) => Self::Html,
            Self::Text if begins_html(head) => Self::Html,
            // A web page saved under a PDF or Word name, or a stub: the content is what counts.
            Self::Unread(kind) if kind.is_document && begins_html(head) => Self::Html,
            Self::Document(_) if begins_html(head) => Self::Html,
            named => named,
        }
    }

    /// Whether reference managers attach files of this kind to entries, so that a missing one is no mistake.
    #[must_use]
    pub fn is_attachment(self) -> bool {
        matches!(self, Self::Html | Self::Document(_) | Self::Unread(_))
    }

    /// Whether a file of this name in a sources folder is a source.
    #[must_use]
    pub fn is_source(path: &Path) -> bool {
        matches!(Use::of(path), Some(Use::Source(_)))
    }

    /// The extensions accepted by [`Kind::is_source`], for a message.
    #[must_use]
    pub fn endings() -> String {
        let sources = READ.iter().filter(|(what, _)| matches!(what, Use::Source(_)));
        sources
            .flat_map(|(_, endings)| *endings)
            .map(|ending| format!(".{ending}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The kind, if it is one that cannot be read.
    #[must_use]
    pub fn unread(self) -> Option<&'static Unread> {
        match self {
            Self::Unread(kind) => Some(kind),
            Self::Text | Self::Markdown | Self::Html | Self::Subtitles | Self::Org | Self::Document(_) => {
                None
            }
        }
    }
}

impl Unread {
    /// The message about a file of this kind, without its path: what it is, and what to do.
    ///
    /// The loader looks for the text of `report.pdf` in `report.txt`. For a name that promises text, it looks
    /// nowhere else, so the file itself must be replaced.
    #[must_use]
    pub fn why(&self, path: &Path) -> String {
        if Kind::of_name(path).unread().is_none() {
            return format!(
                "it is {}, whatever its name says, a kind that is not read yet; save it as plain text under the same name",
                self.name
            );
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        format!("it is {}, a kind that is not read yet; save its text beside it as {stem}.txt", self.name)
    }
}

/// The extension of `path`, in lower case without its dot; empty if there is none.
pub(crate) fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// The kind of the ZIP file `bytes`, by its members; `None` if its directory is damaged.
fn of_members(bytes: &[u8]) -> Option<Kind> {
    let mut package = Package::open(bytes).ok()?;
    let unread = |name: &str| Some(Kind::of_name(Path::new(name)));
    if package.has("mimetype") {
        let stated = package.optional("mimetype").unwrap_or_default();
        match stated.trim().strip_prefix("application/") {
            Some("epub+zip") => return Some(Kind::Document(Format::Epub)),
            Some(kind) if kind.starts_with("vnd.oasis.opendocument.text") => {
                return Some(Kind::Document(Format::Odt));
            }
            Some(kind) if kind.starts_with("vnd.oasis.opendocument.spreadsheet") => return unread("a.ods"),
            Some(kind) if kind.starts_with("vnd.oasis.opendocument.presentation") => return unread("a.odp"),
            _ => {}
        }
    }
    if package.has("META-INF/container.xml") {
        return Some(Kind::Document(Format::Epub));
    }
    if package.has("word/document.xml") {
        return Some(Kind::Document(Format::Docx));
    }
    if package.has("[Content_Types].xml") {
        let types = package.optional("[Content_Types].xml").unwrap_or_default();
        let is = |folder: &str, kind: &str| {
            package.names().any(|name| name.starts_with(folder)) || types.contains(kind)
        };
        if types.contains("wordprocessingml.document.main") {
            return Some(Kind::Document(Format::Docx));
        }
        if is("xl/", "spreadsheetml") {
            return unread("a.xlsx");
        }
        if is("ppt/", "presentationml") {
            return unread("a.pptx");
        }
    }
    if package.names().any(|name| super::saved::is_index(&name)) {
        return Some(Kind::Document(Format::Maff));
    }
    if package.names().any(|name| name.starts_with("Index/") && name.ends_with(".iwa")) {
        return unread("a.pages");
    }
    unread("a.zip")
}

/// Whether the bytes before a signature rule out a text that merely mentions it.
fn is_no_text(before: &[u8]) -> bool {
    !before.iter().any(u8::is_ascii_lowercase)
}

/// Whether a file begins like an OpenDocument text in one XML file.
fn is_flat_text(head: &[u8]) -> bool {
    let has = |words: &[u8]| memchr::memmem::find(head, words).is_some();
    head.starts_with(b"<?xml")
        && has(b"<office:document")
        && !has(b".spreadsheet\"")
        && !has(b".presentation\"")
}

/// Whether a file begins like an e-mail or a mailbox. A typed memo has a few such lines as well, but none that only
/// programs write.
fn begins_mail(head: &[u8]) -> bool {
    const WRITTEN: [&str; 4] = ["message-id", "received", "mime-version", "return-path"];
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines().peekable();
    // `From ada@holm.example Sun May  4 10:00:00 2031`
    lines.next_if(|line| line.starts_with("From ") && line.contains(':'));
    let mut names: Vec<String> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            break;
        }
        names.push(name.to_lowercase());
    }
    let has = |name: &str| names.iter().any(|other| other == name);
    (has("from") || has("received")) && WRITTEN.into_iter().any(has)
}

/// Whether a file begins like a web page: with a doctype or outermost tag, after any whitespace, byte order
/// mark and comments.
fn begins_html(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    loop {
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?xml") {
            b"?>"
        } else {
            break;
        };
        let Some(at) = memchr::memmem::find(rest, end) else { return false };
        rest = rest[at + end.len()..].trim_ascii_start();
    }
    let names = |tag: &[u8]| {
        let next = rest.get(tag.len()).copied().unwrap_or(b'>');
        rest.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag))
            && (next == b'>' || next.is_ascii_whitespace())
    };
    names(b"<!doctype html") || names(b"<html") || names(b"<head")
}

#[cfg(test)]
mod tests {
    use super::super::zipped::pack;
    use super::*;

    fn name(path: &str, bytes: &[u8]) -> String {
        match Kind::of(Path::new(path), bytes) {
            Kind::Unread(kind) => kind.name.to_owned(),
            kind => format!("{kind:?}"),
        }
    }

    #[test]
    fn no_ending_has_two_meanings() {
        let mut all: Vec<&str> = watched();
        all.extend(UNREAD.iter().flat_map(|kind| kind.endings));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(
            all.iter().all(|ending| ending.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        );
    }

    #[test]
    fn each_file_has_its_use() {
        let of = |name: &str| Use::of(Path::new(name));
        assert_eq!(of("a/glossator.toml"), Some(Use::Settings));
        assert_eq!(of("refs.BIB"), Some(Use::Library));
        assert_eq!(of("brief.Rmd"), Some(Use::Brief));
        assert_eq!(of("page.htm"), Some(Use::Source(Kind::Html)));
        assert_eq!(of("report.pdf"), Some(Use::Source(Kind::Document(Format::Pdf))));
        assert_eq!(of("report.djvu"), None);
        assert!(named().contains(&"djvu") && !watched().contains(&"djvu"));
    }

    #[test]
    fn first_bytes_win_over_the_ending() {
        assert_eq!(name("a.txt", b"%PDF-1.4\n"), "Document(Pdf)");
        assert_eq!(name("a.txt", b"\n%\xE2\xE3\n%PDF-1.4\n"), "Document(Pdf)");
        assert_eq!(name("a.txt", b"{\\rtf1\\ansi Salt}"), "Document(Rtf)");
        assert_eq!(name("a.xml", b"<?xml version=\"1.0\"?>\n<office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">"), "Document(Odt)");
        assert_eq!(name("a.docx", b"PK\x03\x04\x14"), "Document(Docx)");
        assert_eq!(name("a.txt", b"PK\x03\x04\x14"), "an archive (ZIP or the like)");
        assert_eq!(name("clip.txt", b"<!-- saved --> <!DOCTYPE HTML PUBLIC \"x\">"), "Html");
        let mail = b"Received: from x\n by y\nFrom: a@x.example\nSubject: Salt\n\nSalt.\n";
        assert_eq!((name("a.txt", mail), name("a.md", mail)), ("Document(Mail)".into(), "Markdown".into()));
        assert_eq!(name("clip", b"\xEF\xBB\xBF\n<html lang=en>"), "Html");
        assert_eq!(name("report.pdf", b"<html><body>Sign in</body></html>"), "Html");
    }

    #[test]
    fn a_text_that_speaks_of_such_files_is_one() {
        assert_eq!(name("a.txt", b"A file that begins with %PDF-1.4 is a PDF.\n"), "Text");
        assert_eq!(name("a.md", b"{\\rt} PK ID4\n"), "Markdown");
        assert_eq!(name("a.txt", b"<htmlish> and <!doctype> are words\n"), "Text");
        assert_eq!(name("a.srt", b"1\n00:00:01 --> 00:00:02\nSalt.\n"), "Subtitles");
        assert_eq!(name("a", b""), "Text");
        assert_eq!(
            name("memo.txt", b"From: Ada\nTo: B\nDate: 4 May 2031\nSubject: The weir\n\nDear B,\n"),
            "Text"
        );
    }

    #[test]
    fn the_ending_tells_where_the_bytes_do_not() {
        assert_eq!(name("a.PDF", b""), "Document(Pdf)");
        assert_eq!(name("a.Docx", b"x"), "Document(Docx)");
        assert_eq!(name("a.html", b"no tag at all"), "Html");
        assert!(Kind::is_source(Path::new("/s/a.HTM")) && !Kind::is_source(Path::new("/s/a.tex")));
    }

    #[test]
    fn members_tell_kinds_of_zip_files_apart() {
        let kind = |path: &str, members: &[&str]| {
            let members: Vec<(&str, &str)> = members.iter().map(|name| (*name, "<a/>")).collect();
            name(path, &pack(&members))
        };
        let types = "[Content_Types].xml";
        assert_eq!(kind("report.pdf", &[types, "word/document.xml"]), "Document(Docx)");
        assert_eq!(kind("report.docx", &[types, "xl/workbook.xml"]), "a spreadsheet");
        assert_eq!(kind("report", &[types, "ppt/presentation.xml"]), "slides");
        assert_eq!(
            kind("mill.jar", &["META-INF/MANIFEST.MF", "word/document.txt"]),
            "an archive (ZIP or the like)"
        );
        assert_eq!(
            name("a.doc", &pack(&[("mimetype", "application/vnd.oasis.opendocument.text")])),
            "Document(Odt)"
        );
        assert_eq!(name("a.odt", &pack(&[("mimetype", "application/epub+zip")])), "Document(Epub)");
        assert_eq!(
            name("a.odt", &pack(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")])),
            "a spreadsheet"
        );
    }

    #[test]
    fn the_way_out_is_another_name() {
        let scan = Kind::of_name(Path::new("a.djvu")).unread().expect("DjVu");
        assert!(scan.why(Path::new("/s/a.djvu")).ends_with("not read yet; save its text beside it as a.txt"));
        let why = scan.why(Path::new("/s/a.TXT"));
        assert!(why.starts_with("it is DjVu") && why.ends_with("plain text under the same name"), "{why}");
    }
}
