//! The styles that are built in, and those in files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hayagriva::archive::{self, ArchivedStyle};
use hayagriva::citationberg::{self, IndependentStyle, Locale, StyleClass};

use super::mend::mend;

/// The style of bibliographies unless another is named: author and date, which most readers know.
pub const DEFAULT: &str = "chicago-author-date";

/// Largest `.csl` file read, in bytes. The largest in the public repository has about 250 KB.
pub const MAX_CSL: u64 = 4_000_000;

/// A citation style that prints references.
#[derive(Debug)]
pub struct Style {
    /// The name it was asked for by.
    pub name: String,
    pub(super) csl: IndependentStyle,
    /// The same, with citations in the order in which they are written.
    pub(super) unsorted: IndependentStyle,
}

/// Files of citation styles by path, or the reason why one cannot be used, for the user.
pub type StyleFiles = BTreeMap<PathBuf, Result<Arc<Style>, String>>;

/// Names of styles in the public repository (`zotero.org/styles`) and common short ones, with ours for the same style.
const ALIASES: [(&str, &str); 17] = [
    ("chicago", "chicago-author-date"),
    ("chicago-notes-bibliography", "chicago-notes"),
    ("chicago-note-bibliography", "chicago-notes"),
    ("chicago-fullnote-bibliography", "chicago-notes"),
    ("chicago-shortened-notes-bibliography", "chicago-shortened-notes"),
    ("harvard", "harvard-cite-them-right"),
    ("mhra", "modern-humanities-research-association"),
    ("mhra-notes", "modern-humanities-research-association"),
    ("turabian", "turabian-author-date"),
    ("turabian-fullnote-bibliography", "turabian-fullnote-8"),
    ("turabian-fullnote-bibliography-8th-edition", "turabian-fullnote-8"),
    ("ama", "american-medical-association"),
    ("acs", "american-chemical-society"),
    ("acm", "association-for-computing-machinery"),
    ("asa", "american-sociological-association"),
    ("apsa", "american-political-science-association"),
    ("iso690-author-date-en", "iso-690-author-date"),
];

/// The styles built in, by their usual names, sorted.
#[must_use]
pub fn names() -> Vec<&'static str> {
    // The shortest name is the one that people use: `apa`.
    let usual = |style: &ArchivedStyle| style.names().iter().copied().min_by_key(|name| name.len());
    let mut names: Vec<&str> =
        ArchivedStyle::all().iter().filter(|style| prints(**style)).filter_map(usual).collect();
    names.sort_unstable();
    names
}

/// Returns true if the style has a list of references; Typst's own *alphanumeric* has not.
fn prints(style: ArchivedStyle) -> bool {
    !matches!(style, ArchivedStyle::Alphanumeric)
}

/// The built-in style `name`: a name, the name of a `.csl` file, or an address at `zotero.org/styles`. Styles are unpacked
/// once.
#[must_use]
pub fn named(name: &str) -> Option<Arc<Style>> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Style>>> = Mutex::new(BTreeMap::new());
    let last = name.trim().trim_end_matches('/').rsplit(['/', '\\']).next()?.to_lowercase();
    let last = last.strip_suffix(".csl").unwrap_or(&last);
    let usual = ALIASES.iter().find(|(alias, _)| *alias == last).map_or(last, |(_, usual)| usual);
    if let Some(style) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(usual) {
        return Some(style.clone());
    }
    let archived = ArchivedStyle::by_name(usual).filter(|style| prints(*style))?;
    let citationberg::Style::Independent(csl) = archived.get() else { return None };
    let style = Arc::new(Style::new(usual, csl));
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(usual.to_owned(), style.clone());
    Some(style)
}

/// Reads the style in a `.csl` file with content `xml`.
///
/// # Errors
/// If it is not a CSL style, prints no list of references, or is only another name for a style that is not built in. The
/// message is for the user, without the file's name.
pub fn of_csl(name: &str, xml: &str) -> Result<Arc<Style>, String> {
    let style = citationberg::Style::from_xml(xml).map_err(|error| {
        let why = error.to_string();
        let why = why.lines().next().unwrap_or_default().trim_end_matches('.');
        // The place within the style, if it is one.
        let place = if why.contains("`.`") { String::new() } else { format!(" ({why})") };
        format!("it is not a CSL style{place}. Download it again from zotero.org/styles")
    })?;
    match style {
        citationberg::Style::Independent(csl) if csl.bibliography.is_none() => {
            Err("this style has no list of references. Choose another style".into())
        }
        citationberg::Style::Independent(csl) => Ok(Arc::new(Style::new(name, csl))),
        citationberg::Style::Dependent(other) => {
            let parent = other.parent_link.href;
            named(&parent)
                .ok_or_else(|| format!("it is only another name for the style {parent}. Download that one"))
        }
    }
}

impl Style {
    fn new(name: &str, mut csl: IndependentStyle) -> Self {
        mend(&mut csl);
        let mut unsorted = csl.clone();
        unsorted.citation.sort = None;
        Self { name: name.to_owned(), csl, unsorted }
    }

    /// Its title: *American Psychological Association 7th edition*.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.csl.info.title.value
    }

    /// Returns true if its citations are footnotes.
    #[must_use]
    pub fn is_in_notes(&self) -> bool {
        self.csl.settings.class == StyleClass::Note
    }
}

/// The terms of all languages that there are.
pub(super) fn locales() -> &'static [Locale] {
    static LOCALES: OnceLock<Vec<Locale>> = OnceLock::new();
    LOCALES.get_or_init(archive::locales)
}
