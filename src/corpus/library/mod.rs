//! Bibliographic entries and the files that they name, read entry by entry: one broken entry
//! costs one entry. BibLaTeX, CSL in JSON and YAML, Hayagriva YAML and RIS. Must not touch the disk, nor
//! guess a field that isn't written.

mod biblatex;
mod csl_json;
mod csl_yaml;
pub mod files;
mod hayagriva;
mod rating;
mod ris;
pub mod write;

use std::collections::HashMap;
use std::collections::hash_map;
use std::path::PathBuf;
use std::sync::Arc;

pub use rating::Rating;

use super::date::Date;
use crate::text::document::floor;
use crate::text::{FileId, Span, Text};

/// One library file.
#[derive(Debug)]
pub struct Library {
    /// Where it stands.
    pub file: FileId,
    /// Its text.
    pub text: Text,
    /// How it is written.
    pub format: Format,
    /// The entries that could be read, in order; of two with one key only the first.
    pub entries: Vec<Arc<Entry>>,
    /// The entries that say again what an earlier one with their key says.
    pub copies: Vec<Arc<Entry>>,
    /// What is wrong in it, in order.
    pub problems: Vec<Problem>,
}

/// What the library says of one source. A field that is absent is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The citation key.
    pub key: Arc<str>,
    /// The library file.
    pub library: FileId,
    /// The whole entry in the library file, in bytes.
    pub span: Span,
    /// The key in the library file, in bytes.
    pub key_span: Span,
    /// Type as the file names it: `online`, `article-newspaper` …
    pub kind: String,
    /// Title with its subtitle.
    pub title: Option<String>,
    /// The authors; editors when there are none.
    pub authors: Vec<Author>,
    /// The authors' affiliation.
    pub affiliation: Option<String>,
    /// Newspaper, journal, web site or publisher: who brought it out.
    pub outlet: Option<String>,
    /// When it came out.
    pub date: Option<Date>,
    /// What stands in place of a date that is none: “in press”, “1920a”.
    pub date_words: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// When it was looked at.
    pub accessed: Option<Date>,
    /// Language, as written.
    pub language: Option<String>,
    /// The files that hold its text, as written, relative to the library file.
    pub files: Vec<PathBuf>,
    /// The analyst's own words about it (`note`, `annotation`).
    pub notes: Vec<String>,
    /// How far the analyst trusts it.
    pub rating: Option<Rating>,
}

/// One author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Family name, or all of an organisation's name.
    pub family: String,
    /// Given names; empty for an organisation.
    pub given: String,
}

impl Author {
    /// Given name first.
    #[must_use]
    pub fn full(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{} {}", self.given, self.family) }
    }
}

/// Something wrong in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes of the library file.
    pub span: Span,
    /// What.
    pub kind: ProblemKind,
}

/// What can be wrong in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// An entry that can't be read, and why, in words for the user.
    Broken(String),
    /// Something in an entry that can be read all the same, in words for the user.
    Doubtful(String),
    /// A second entry with the key of an earlier one in this file.
    Duplicate {
        /// The key.
        key: Arc<str>,
        /// The key of the first, in bytes of the library file.
        first: Span,
    },
}

/// How a library file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// BibLaTeX or BibTeX.
    BibLatex,
    /// CSL-JSON.
    CslJson,
    /// CSL in YAML, as Pandoc reads it.
    CslYaml,
    /// Hayagriva YAML.
    Hayagriva,
    /// RIS.
    Ris,
}

impl Format {
    /// By the extension of `file`: `json` is CSL-JSON, `ris` is RIS, `yaml` and `yml` are CSL where they hold a list
    /// of references and Hayagriva else, all else is BibLaTeX.
    #[must_use]
    pub fn of(file: &FileId, text: &str) -> Self {
        match extension(file).as_str() {
            "json" => Self::CslJson,
            "ris" => Self::Ris,
            "yaml" | "yml" if csl_yaml::is_list(text) => Self::CslYaml,
            "yaml" | "yml" => Self::Hayagriva,
            _ => Self::BibLatex,
        }
    }

    /// Whether files like `file` are libraries of a known format, by the extension.
    #[must_use]
    pub fn is_known(file: &FileId) -> bool {
        matches!(extension(file).as_str(), "bib" | "bibtex" | "biblatex" | "json" | "yaml" | "yml" | "ris")
    }
}

fn extension(file: &FileId) -> String {
    file.path().extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase()
}

impl Library {
    /// Reads the library file `file` with content `text`; for its format see [`Format::of`].
    #[must_use]
    pub fn read(file: FileId, text: Text) -> Self {
        let format = Format::of(&file, text.as_str());
        let read = match format {
            Format::CslJson => csl_json::read(&file, text.as_str()),
            Format::CslYaml => csl_yaml::read(&file, text.as_str()),
            Format::Hayagriva => hayagriva::read(&file, text.as_str()),
            Format::Ris => ris::read(&file, text.as_str()),
            Format::BibLatex => biblatex::read(&file, text.as_str()),
        };
        Self::of_found(file, text, format, read)
    }

    /// The references in the metadata of the brief `file`; `None` where it has none.
    #[must_use]
    pub fn in_brief(file: &FileId, text: &Text) -> Option<Self> {
        let read = csl_yaml::in_brief(file, text.as_str())?;
        Some(Self::of_found(file.clone(), text.clone(), Format::CslYaml, read))
    }

    fn of_found(file: FileId, text: Text, format: Format, read: Found) -> Self {
        let mut problems = read.problems;
        let mut entries = Vec::with_capacity(read.entries.len());
        let mut copies = Vec::new();
        let mut firsts: HashMap<Arc<str>, usize> = HashMap::with_capacity(read.entries.len());
        for entry in read.entries {
            match firsts.entry(entry.key.clone()) {
                hash_map::Entry::Occupied(first) => {
                    let first: &Arc<Entry> = &entries[*first.get()];
                    if first.says_the_same(&entry) {
                        copies.push(Arc::new(entry));
                    } else {
                        let kind = ProblemKind::Duplicate { key: entry.key, first: first.key_span };
                        problems.push(Problem { span: entry.key_span, kind });
                    }
                }
                hash_map::Entry::Vacant(free) => {
                    free.insert(entries.len());
                    entries.push(Arc::new(entry));
                }
            }
        }
        problems.sort_by_key(|problem| problem.span);
        Self { file, text, format, entries, copies, problems }
    }

    /// Whether this is the beginning of `before` and breaks off within a line of it, or is empty: so
    /// a file looks while it is being written. One that lost its last entries ends with a line.
    #[must_use]
    pub fn breaks_off(&self, before: &Self) -> bool {
        let rest = before.text.as_str().strip_prefix(self.text.as_str());
        rest.is_some_and(|rest| {
            let ends = self.text.as_str().ends_with('\n') || rest.starts_with(['\n', '\r']);
            !rest.trim().is_empty() && (!ends || self.text.as_str().trim().is_empty())
        })
    }
}

/// What a format's reader found, each in the order of the file; keys may repeat.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl Found {
    fn broken(&mut self, span: Span, why: impl Into<String>) {
        self.problems.push(Problem { span, kind: ProblemKind::Broken(why.into()) });
    }
}

impl Entry {
    /// An entry of which nothing is known but where it stands.
    fn new(library: &FileId, key: &str, span: Span, key_span: Span) -> Self {
        Self {
            key: key.into(),
            library: library.clone(),
            span,
            key_span,
            kind: String::new(),
            title: None,
            authors: Vec::new(),
            affiliation: None,
            outlet: None,
            date: None,
            date_words: None,
            url: None,
            accessed: None,
            language: None,
            files: Vec::new(),
            notes: Vec::new(),
            rating: None,
        }
    }

    /// Whether `other` says the same of the same key, wherever it stands.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { library, span, key_span, .. } = self;
        *self == Self { library: library.clone(), span: *span, key_span: *key_span, ..other.clone() }
    }

    /// When it came out, for a person: the date, else what stands in its place.
    #[must_use]
    pub fn when(&self) -> Option<String> {
        self.date.as_ref().map(ToString::to_string).or_else(|| self.date_words.clone())
    }

    /// The year for a citation in the text: of the date, else what stands in its place.
    #[must_use]
    pub fn year(&self) -> Option<String> {
        self.date.as_ref().map(|date| date.year.to_string()).or_else(|| self.date_words.clone())
    }

    /// Takes the rating from its own field, else from keywords, else from the notes. A note that says
    /// nothing else goes.
    fn rate(&mut self, field: Option<&str>, keywords: Option<&str>) {
        let named = || self.notes.iter().find_map(|note| Rating::named(note));
        self.rating = field.and_then(Rating::parse).or_else(|| Rating::named(keywords?)).or_else(named);
        self.notes.retain(|note| !Rating::is_all_of(note));
    }
}

/// The first line of `text[start..end]`, where an entry that can't be read is reported; no more of it
/// than a screen shows, for a file without line ends has an entry in each place of one line.
fn first_line(text: &str, start: usize, end: usize) -> Span {
    const LONGEST: usize = 500;
    let line = text.get(start..floor(text, end.min(start + LONGEST))).unwrap_or("");
    let length = line.find(['\n', '\r']).unwrap_or(line.len());
    Span::new(start, start + line[..length].trim_end().len())
}

/// Address of a digital object identifier, which may be an address already.
fn doi_url(doi: &str) -> String {
    let doi = doi.trim();
    if doi.starts_with("http://") || doi.starts_with("https://") {
        return doi.to_owned();
    }
    format!("https://doi.org/{}", doi.strip_prefix("doi:").unwrap_or(doi).trim())
}

/// Words without space around them; `None` when nothing remains.
fn said(words: &str) -> Option<String> {
    let words = words.trim();
    (!words.is_empty()).then(|| words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(name: &str, text: &str) -> Library {
        Library::read(FileId::new(name), Text::new(text))
    }

    #[test]
    fn the_seed_library_is_read_whole() {
        let library = read("/seeds/library.bib", include_str!("../../../seeds/library.bib"));
        assert_eq!(library.problems, []);
        let keys: Vec<&str> = library.entries.iter().map(|e| &*e.key).collect();
        assert_eq!(keys, ["bugajski2021", "tenzer2021", "kalinovsky2024", "csactu2021", "suchkov2021"]);
        let [bugajski, tenzer, kalinovsky, csactu, suchkov] = &library.entries[..] else {
            panic!("five entries");
        };
        assert_eq!(bugajski.title.as_deref(), Some("What the Taliban’s restoration means for Moscow"));
        assert_eq!(bugajski.authors[0].full(), "Janusz Bugajski");
        assert_eq!(bugajski.affiliation.as_deref(), Some("Jamestown Foundation"));
        assert_eq!(bugajski.outlet.as_deref(), Some("Washington Examiner"));
        assert_eq!(bugajski.date.as_ref().map(ToString::to_string).as_deref(), Some("about August 2021"));
        assert_eq!(bugajski.files, [PathBuf::from("000_e680bdc2707f90dc.txt")]);
        assert_eq!(library.text.slice(bugajski.key_span), "bugajski2021");
        assert!(library.text.slice(bugajski.span).starts_with("@online{bugajski2021,"));
        assert!(library.text.slice(bugajski.span).ends_with("later.}\n}"));
        assert_eq!(tenzer.title, None);
        assert_eq!(tenzer.url.as_deref(), Some("https://desk-russie.info/?p=11587"));
        assert_eq!(
            kalinovsky.title.as_deref(),
            Some(
                "Unbanning the Taliban: Propping up the Afghan regime to boost regional stability, \
                 Russia becomes a target for ISIS"
            )
        );
        assert_eq!(kalinovsky.authors, [Author { family: "Kalinovsky".into(), given: "Artemy M.".into() }]);
        assert_eq!(kalinovsky.date.as_ref().map(ToString::to_string).as_deref(), Some("29 April 2024"));
        assert_eq!(csactu.authors, []);
        assert_eq!(csactu.language.as_deref(), Some("english"));
        assert_eq!(suchkov.title, None);
        assert_eq!(suchkov.url, None);
        assert_eq!(suchkov.notes.len(), 1);
        assert_eq!(suchkov.kind, "online");
    }

    proptest! {
        #[test]
        fn no_text_does_harm(pieces in proptest::collection::vec(0..PIECES.len(), 0..40)) {
            let text: String = pieces.into_iter().map(|p| PIECES[p]).collect();
            for name in ["/b.bib", "/b.json", "/b.yaml"] {
                let library = read(name, &text);
                for entry in &library.entries {
                    prop_assert!(text.get(entry.span.start..entry.span.end).is_some());
                    prop_assert!(text.get(entry.key_span.start..entry.key_span.end).is_some());
                }
                for problem in &library.problems {
                    prop_assert!(text.get(problem.span.start..problem.span.end).is_some());
                }
            }
        }

        #[test]
        fn no_field_does_harm(value in "[ -~é\u{301}\n]{0,40}", name in 0..FIELDS.len()) {
            let field = FIELDS[name];
            read("/b.bib", &format!("@online{{a,\n{field} = {{{value}}},\n}}\n"));
            read("/b.json", &format!("[{{\"id\": \"a\", \"{field}\": {value}}}]"));
            read("/b.yaml", &format!("a:\n  {field}: {value}\n"));
        }
    }

    const FIELDS: [&str; 7] = ["title", "author", "date", "file", "url", "note", "month"];

    const PIECES: [&str; 42] = [
        "@",
        "@online{",
        "@string{",
        "@comment{",
        "a",
        "key,",
        "title = ",
        "author = ",
        "{",
        "}",
        "\"",
        ",",
        "\n",
        "\r\n",
        "#",
        "\\",
        "\\\"",
        "$",
        "\u{feff}",
        "é",
        " and ",
        "month = jan",
        "date = {2021-07~},",
        "[",
        "]",
        "{\"id\": \"b\"",
        "\"items\": ",
        "\"author\": ",
        ":",
        "b:\n",
        "  title: ",
        "- ",
        "'",
        "|\n",
        "&x",
        "*x",
        "%",
        "~",
        "url: ",
        "file = {:a\\:b:PDF;c}",
        "\t",
        "?",
    ];
}
