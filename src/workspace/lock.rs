//! `glossator.lock`: the sources that the briefs cite, as they were when someone last looked, with the words
//! quoted from them. Written by `glossator lock`, kept under version control, read by every load.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::text::{Encoding, LineIndex};

/// Its name; it is at the root of the workspace.
pub const LOCK_FILE: &str = "glossator.lock";

/// The largest lock read, in bytes: one of 10,000 quotations of 40 words has 4 MB.
pub const MAX_LOCK: u64 = 100_000_000;

/// The version of the format. Incremented whenever an older program would misread it.
const VERSION: u32 = 1;

/// Written above the content.
const HEAD: &str = "\
# The words that briefs quote, and the sources as they were when this was last reviewed.
# Written by `glossator lock`. Commit it; after a review run `glossator lock --update`.
";

/// The remedies for a lock that cannot be read.
const WAY_OUT: &str = "Correct it, restore it from version control, or delete it and run `glossator lock`.";

/// The content of a lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The sources, by citation key.
    pub sources: BTreeMap<String, LockedSource>,
}

/// A source as it was when it was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedSource {
    /// The citation key.
    pub key: String,
    /// Its file, relative to the root with `/`. Of a file outside the workspace the name alone, since its path
    /// differs from machine to machine and may contain a user's name.
    pub file: String,
    /// Whether the file is outside the workspace.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// The sum of its content; see [`sum_of`].
    pub sha256: String,
    /// The quotations from it, sorted, each once.
    #[serde(default, rename = "quotation", skip_serializing_if = "Vec::is_empty")]
    pub quotations: Vec<LockedQuotation>,
}

/// A quotation whose words were in its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedQuotation {
    /// The file of the brief, like that of a source.
    pub brief: String,
    /// The words as the brief has them, on one line.
    pub words: String,
    /// The source's words on one line, if they differ from the brief's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Where they were in the source: `¶ 2`, `p. 14`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
}

/// Why a lock cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do, for the user.
    pub message: String,
}

impl Lock {
    /// Reads the text of a lock.
    ///
    /// # Errors
    /// If it is not a lock of this format, completely.
    pub fn read(text: &str) -> Result<Self, Damage> {
        #[derive(Deserialize)]
        struct Versioned {
            version: Spanned<u32>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(rename = "version")]
            _version: u32,
            #[serde(default)]
            source: Vec<Spanned<LockedSource>>,
        }
        let lines = LineIndex::new(text);
        let damage = |at: usize, message: String| Damage {
            line: 1 + lines.position(text, at, Encoding::Utf8).line as usize,
            message,
        };
        let foreign = |error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            damage(at, format!("{}. {WAY_OUT}", error.message().trim_end_matches('.').replace('\n', " ")))
        };
        // Both sides of a merge are valid lines, with these around them.
        if let Some(at) = line_starting(text, "<<<<<<< ").or_else(|| line_starting(text, ">>>>>>> ")) {
            return Err(damage(at, format!("This is an unresolved merge conflict. {WAY_OUT}")));
        }
        let version = toml::from_str::<Versioned>(text).map_err(foreign)?.version;
        if *version.get_ref() != VERSION {
            let (at, written) = (version.span().start, version.get_ref());
            let message = format!(
                "This lock has format {written}, and this version of Glossator reads format {VERSION}. Update Glossator, or delete the file and run `glossator lock`."
            );
            return Err(damage(at, message));
        }
        let mut lock = Self::default();
        for source in toml::from_str::<File>(text).map_err(foreign)?.source {
            let at = source.span().start;
            let mut source = source.into_inner();
            source.quotations.sort();
            source.quotations.dedup();
            if let Some(first) = lock.sources.insert(source.key.clone(), source) {
                return Err(damage(at, format!("This is a second entry for {}. {WAY_OUT}", first.key)));
            }
        }
        Ok(lock)
    }

    /// The text of the file: the same for the same content.
    ///
    /// # Errors
    /// If it cannot be written as TOML, which no content leads to.
    pub fn written(&self) -> Result<String, toml::ser::Error> {
        #[derive(Serialize)]
        struct File<'a> {
            version: u32,
            source: Vec<&'a LockedSource>,
        }
        let file = File { version: VERSION, source: self.sources.values().collect() };
        Ok(format!("{HEAD}{}", toml::to_string(&file)?))
    }

    /// The quotation of `words` from the source `key`, in any brief. `words` are on one line.
    #[must_use]
    pub fn find(&self, key: &str, words: &str) -> Option<&LockedQuotation> {
        self.sources.get(key)?.quotations.iter().find(|quotation| quotation.words == words)
    }

    /// The number of quotations.
    #[must_use]
    pub fn quotations(&self) -> usize {
        self.sources.values().map(|source| source.quotations.len()).sum()
    }
}

impl LockedQuotation {
    /// The words as the source had them.
    #[must_use]
    pub fn of_source(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.words)
    }
}

/// The SHA-256 of `bytes` in hexadecimal, after line ends CR LF are replaced by LF and a UTF-8 byte order mark
/// is removed. Git does the former to texts on Windows (`core.autocrlf`), editors do the latter, and neither is
/// a change. For a file with neither it is what `sha256sum` prints.
#[must_use]
pub fn sum_of(bytes: &[u8]) -> String {
    let mut sum = Sha256::new();
    for line in bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                sum.update(line);
                sum.update(b"\n");
            }
            None => sum.update(line),
        }
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How a lock names the file at `path`, and whether it is outside the workspace at `root`; see
/// [`LockedSource::file`].
#[must_use]
pub fn name_of(path: &Path, root: &Path) -> (String, bool) {
    match path.strip_prefix(root) {
        Ok(below) => {
            let parts = below.components().filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy()),
                _ => None,
            });
            (parts.collect::<Vec<_>>().join("/"), false)
        }
        Err(_) => (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), true),
    }
}

/// The offset of the first line of `text` that begins with `start`.
fn line_starting(text: &str, start: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(start) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotation(brief: &str, words: &str) -> LockedQuotation {
        LockedQuotation { brief: brief.into(), words: words.into(), source: None, locator: None }
    }

    fn sample() -> Lock {
        let moss = LockedSource {
            key: "moss2020".into(),
            file: "sources/moss.txt".into(),
            outside: false,
            sha256: "00".into(),
            quotations: vec![LockedQuotation {
                source: Some("They said “no \\ yes”, and 'left' it.".into()),
                locator: Some("¶ 2".into()),
                ..quotation("briefs/a.md", "They said ... \"left\" it.")
            }],
        };
        let reed = LockedSource {
            key: "reed2021".into(),
            file: "reed.pdf".into(),
            outside: true,
            sha256: "11".into(),
            quotations: Vec::new(),
        };
        Lock { sources: [moss, reed].map(|one| (one.key.clone(), one)).into() }
    }

    #[test]
    fn a_lock_is_plain_toml() {
        let text = sample().written().expect("TOML");
        let (head, body) = text.split_once("version = 1\n").expect("a version");
        assert!(head.lines().all(|line| line.starts_with("# ")), "{head}");
        assert!(body.starts_with(
            "\n[[source]]\nkey = \"moss2020\"\nfile = \"sources/moss.txt\"\nsha256 = \"00\"\n\n\
             [[source.quotation]]\nbrief = \"briefs/a.md\"\nwords = "
        ));
        assert!(body.ends_with(
            "\nlocator = \"¶ 2\"\n\n[[source]]\nkey = \"reed2021\"\nfile = \"reed.pdf\"\noutside = true\nsha256 = \"11\"\n"
        ));
        assert_eq!(Lock::read(&text), Ok(sample()));
        assert_eq!(Lock::read(&text.replace('\n', "\r\n")), Ok(sample()), "as git checks it out on Windows");
        assert_eq!(Lock::read("version = 1\n"), Ok(Lock::default()));
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let text = sample().written().expect("TOML");
        let cut = &text[..text.find("¶").expect("there")];
        let conflict =
            text.replace("sha256 = \"00\"", "<<<<<<< ours\nsha256 = \"00\"\n=======\n>>>>>>> theirs");
        for (text, line, message) in [
            ("", 1, "missing field `version`"),
            (&text.replace("version = 1", "version = 2"), 3, "has format 2"),
            (&text.replace("outside = true", "outsid = true"), 19, "unknown field `outsid`"),
            (&text.replace("reed2021", "moss2020"), 16, "a second entry for moss2020"),
            (cut, 14, "string"),
            (&conflict, 8, "merge conflict"),
        ] {
            let damage = Lock::read(text).expect_err("it is damaged");
            assert!(damage.line == line && damage.message.contains(message), "{damage:?}");
            assert!(damage.message.contains("delete"), "{damage:?}");
        }
    }

    #[test]
    fn line_ends_and_a_mark_do_not_count() {
        let sum = sum_of(b"one\ntwo\n");
        // Of coreutils: printf 'one\ntwo\n' | sha256sum
        assert_eq!(sum, "c3f9c8c283a2b1f2f1896f27a01cbe3cddc0c9d93f752e4639035a0f5b36f6e8");
        assert_eq!(sum_of(b"\xEF\xBB\xBFone\r\ntwo\r\n"), sum);
        for other in [&b"one\ntwo"[..], b"one\r\r\ntwo\n", b"one two\n", b"", b"one\rtwo\r"] {
            assert_ne!(sum_of(other), sum, "{other:?}");
        }
    }

    #[test]
    fn files_outside_are_named_without_their_folder() {
        let root = Path::new("/home/ada/work");
        assert_eq!(name_of(Path::new("/home/ada/work/a b/c.txt"), root), ("a b/c.txt".into(), false));
        assert_eq!(name_of(Path::new("/home/ada/workshop/c.txt"), root), ("c.txt".into(), true));
    }
}
