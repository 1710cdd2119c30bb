//! Bibliographic entries and the files they name: BibLaTeX, CSL in JSON and YAML, Hayagriva YAML and RIS.
//! Read entry by entry, so that a broken entry costs only itself. Must not touch the disk or guess a field
//! that isn't written.

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
use crate::text::position::floor;
use crate::text::{FileId, Span, Text};

/// One library file.
#[derive(Debug)]
pub struct Library {
    /// The path of the file.
    pub file: FileId,
    /// The content of the file.
    pub text: Text,
    /// Its format.
    pub format: Format,
    /// The readable entries, in file order; only the first of any with the same key.
    pub entries: Vec<Arc<Entry>>,
    /// Entries that repeat word for word what an earlier entry with their key says.
    pub copies: Vec<Arc<Entry>>,
    /// The problems found, in file order.
    pub problems: Vec<Problem>,
}

/// What the library says about one source. An absent field is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The citation key.
    pub key: Arc<str>,
    /// The library file that holds the entry.
    pub library: FileId,
    /// The whole entry in the library file, in bytes.
    pub span: Span,
    /// The key in the library file, in bytes.
    pub key_span: Span,
    /// The type as written in the file: `online`, `article-newspaper` …
    pub kind: String,
    /// The title, with its subtitle.
    pub title: Option<String>,
    /// The authors, or the editors if there are none.
    pub authors: Vec<Author>,
    /// The authors' affiliation.
    pub affiliation: Option<String>,
    /// The newspaper, journal, web site or publisher it appeared in.
    pub outlet: Option<String>,
    /// The publication date.
    pub date: Option<Date>,
    /// Text in place of a real date: “in press”, “1920a”.
    pub date_words: Option<String>,
    /// The URL.
    pub url: Option<String>,
    /// The date the URL was visited.
    pub accessed: Option<Date>,
    /// The language, as written.
    pub language: Option<String>,
    /// The files that hold the text of the source, as written, relative to the library file.
    pub files: Vec<PathBuf>,
    /// The analyst's own notes (`note`, `annotation`).
    pub notes: Vec<String>,
    /// How reliable the analyst considers it.
    pub rating: Option<Rating>,
}

/// One author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The family name, or an organisation's full name.
    pub family: String,
    /// The given names; empty for an organisation.
    pub given: String,
}

impl Author {
    /// The full name, given names first.
    #[must_use]
    pub fn full(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{} {}", self.given, self.family) }
    }
}

/// A problem in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is, in bytes of the library file.
    pub span: Span,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// The kinds of problem in a library file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// An entry that cannot be read, with the reason as shown to the user.
    Broken(String),
    /// A doubtful part of a readable entry, with the reason as shown to the user.
    Doubtful(String),
    /// A second entry with a key used earlier in this file.
    Duplicate {
        /// The repeated key.
        key: Arc<str>,
        /// The first entry's key, in bytes of the library file.
        first: Span,
    },
}

/// The format of a library file.
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
    /// The format of `file`, by its extension: `json` is CSL-JSON; `ris` is RIS; `yaml` and `yml` are CSL if
    /// they hold a list of references and Hayagriva otherwise; anything else is BibLaTeX.
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

    /// Whether the extension of `file` belongs to a library format.
    #[must_use]
    pub fn is_known(file: &FileId) -> bool {
        matches!(extension(file).as_str(), "bib" | "bibtex" | "biblatex" | "json" | "yaml" | "yml" | "ris")
    }
}

fn extension(file: &FileId) -> String {
    file.path().extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase()
}

impl Library {
    /// Reads the library file `file` with content `text`; see [`Format::of`] for how the format is chosen.
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

    /// The references in the metadata of the brief `file`; `None` if it has none.
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

    /// Whether this looks like `before` in the middle of being written: empty, or a beginning of it that
    /// breaks off within a line. A file that merely lost its last entries ends at a line end.
    #[must_use]
    pub fn breaks_off(&self, before: &Self) -> bool {
        let rest = before.text.as_str().strip_prefix(self.text.as_str());
        rest.is_some_and(|rest| {
            let ends = self.text.as_str().ends_with('\n') || rest.starts_with(['\n', '\r']);
            !rest.trim().is_empty() && (!ends || self.text.as_str().trim().is_empty())
        })
    }
}

/// What a format's reader returns, in file order; keys may repeat.
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
    /// An entry with nothing known but its key and position.
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

    /// Whether `other` has the same key and the same content, wherever the two are.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Self { library, span, key_span, .. } = self;
        *self == Self { library: library.clone(), span: *span, key_span: *key_span, ..other.clone() }
    }

    /// The date to show a reader, or the text written in its place.
    #[must_use]
    pub fn when(&self) -> Option<String> {
        self.date.as_ref().map(ToString::to_string).or_else(|| self.date_words.clone())
    }

    /// The year to cite in running text, or the text written in place of the date.
    #[must_use]
    pub fn year(&self) -> Option<String> {
        self.date.as_ref().map(|date| date.year.to_string()).or_else(|| self.date_words.clone())
    }

    /// Sets the rating from its own field, else from keywords, else from the notes. Drops notes that say
    /// nothing else.
    fn rate(&mut self, field: Option<&str>, keywords: Option<&str>) {
        let named = || self.notes.iter().find_map(|note| Rating::named(note));
        self.rating = field.and_then(Rating::parse).or_else(|| Rating::named(keywords?)).or_else(named);
        self.notes.retain(|note| !Rating::is_all_of(note));
    }
}

/// The first line of `text[start..end]`, where an unreadable entry is reported. Capped at about a screenful,
/// because a file without line ends may hold all its entries on one line.
fn first_line(text: &str, start: usize, end: usize) -> Span {
    const LONGEST: usize = 500;
    let line = text.get(start..floor(text, end.min(start + LONGEST))).unwrap_or("");
    let length = line.find(['\n', '\r']).unwrap_or(line.len());
    Span::new(start, start + line[..length].trim_end().len())
}

/// The URL of a digital object identifier, which may already be a URL.
fn doi_url(doi: &str) -> String {
    let doi = doi.trim();
    if doi.starts_with("http://") || doi.starts_with("https://") {
        return doi.to_owned();
    }
    format!("https://doi.org/{}", doi.strip_prefix("doi:").unwrap_or(doi).trim())
}

/// `words` without surrounding whitespace; `None` if nothing is left.
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
