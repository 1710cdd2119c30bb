//! The analyst's alias file, `entities.toml`, which overrides everything worked out from texts.
//!
//! ```toml
//! # Names that are none.
//! ignore = ["Related Posts"]
//!
//! [[entity]]
//! name = "Islamic State"
//! kind = "organisation"        # person, organisation, place or thing
//! aliases = ["ISIS", "IS"]     # other names for it; lower case matches any case
//! not = ["ISIS-K"]             # names that must not be joined to it
//! ```

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key::key;
use serde::{Deserialize, Serialize};

use super::meaning::Kind;
use super::tokens;
use crate::text::{Encoding, LineIndex, Span};

/// The contents of an alias file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aliases {
    /// In file order.
    pub(super) entities: Vec<Listed>,
    /// Keys of words that are not names.
    pub(super) ignored: BTreeSet<String>,
}

/// One entity of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) kind: Option<Kind>,
    pub(super) aliases: Vec<String>,
    pub(super) not: Vec<String>,
}

/// A part of the file that is not understood, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// From 1.
    pub line: usize,
    /// One or two sentences for the user.
    pub message: String,
}

impl Aliases {
    /// Reads the text of an alias file. Everything understood takes effect; the rest is returned as
    /// complaints.
    ///
    /// # Errors
    /// If it is not TOML, in which case none of it is understood.
    pub fn read(text: &str) -> Result<(Self, Vec<Complaint>), Complaint> {
        let lines = LineIndex::new(text);
        let line = |at: usize| 1 + lines.position(text, at, Encoding::Utf8).line as usize;
        let table = DeTable::parse(text).map_err(|error| Complaint {
            line: line(error.span().map_or(0, |span| span.start)),
            message: format!("This is not TOML: {}.", error.message().trim_end_matches('.')),
        })?;
        let mut reader = Reader { read: Self::default(), complaints: Vec::new(), owners: HashMap::new() };
        for (field, value) in table.get_ref().iter() {
            let at = line(field.span().start);
            match field.get_ref().as_ref() {
                "ignore" => {
                    for name in reader.names("ignore", value, &line) {
                        reader.read.ignored.insert(key(&name));
                    }
                }
                "entity" => {}
                other => reader.complain(
                    at,
                    format!("Unknown key `{other}`; it was ignored. Known keys: ignore, and [[entity]] for each entity."),
                ),
            }
        }
        let entities = table.get_ref().get("entity");
        match entities.map(Spanned::get_ref) {
            None => {}
            Some(DeValue::Array(rows)) => {
                for row in rows.iter() {
                    let at = line(row.span().start);
                    match row.get_ref() {
                        DeValue::Table(fields) => reader.entity(fields, at, &line),
                        _ => reader.complain(
                            at,
                            "An entity is a table: write [[entity]] on a line of its own.".into(),
                        ),
                    }
                }
            }
            Some(_) => {
                let at = entities.map_or(1, |value| line(value.span().start));
                reader.complain(at, "Entities are written as [[entity]], with two brackets.".into());
            }
        }
        reader.complaints.sort();
        Ok((reader.read, reader.complaints))
    }

    /// The spellings to look for in texts.
    pub(super) fn gazetteer(&self) -> Gazetteer {
        let mut rows: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        // Also look for names that are not the entity, so that it is not found in part of one.
        let listed =
            self.entities.iter().flat_map(|one| one.aliases.iter().chain([&one.name]).chain(&one.not));
        for spelling in listed {
            let span = Span::new(0, spelling.len());
            let words: Vec<String> = tokens::read(spelling, &[span])
                .iter()
                .map(|token| spelling[token.span.start..token.span.end].to_owned())
                .collect();
            if let Some(first) = words.first() {
                rows.entry(first.to_lowercase()).or_default().push(words);
            }
        }
        Gazetteer { rows }
    }
}

struct Reader {
    read: Aliases,
    complaints: Vec<Complaint>,
    /// The entity that has already claimed each name.
    owners: HashMap<String, String>,
}

impl Reader {
    fn complain(&mut self, line: usize, message: String) {
        self.complaints.push(Complaint { line, message });
    }

    /// Reads a list of names.
    fn names(
        &mut self,
        field: &str,
        value: &Spanned<DeValue<'_>>,
        line: &dyn Fn(usize) -> usize,
    ) -> Vec<String> {
        let at = line(value.span().start);
        let DeValue::Array(rows) = value.get_ref() else {
            self.complain(
                at,
                format!("`{field}` must be a list of names, such as [\"ISIS\", \"IS\"]; it was ignored."),
            );
            return Vec::new();
        };
        let mut names = Vec::new();
        for row in rows.iter() {
            match row.get_ref().as_str().map(str::trim).filter(|name| !key(name).is_empty()) {
                Some(name) => names.push(name.to_owned()),
                None => self.complain(
                    line(row.span().start),
                    format!("`{field}` contains something that is not a name: write it in quotation marks, or remove it."),
                ),
            }
        }
        names
    }

    fn entity(&mut self, fields: &DeTable<'_>, at: usize, line: &dyn Fn(usize) -> usize) {
        let Some(value) = fields.get("name") else {
            return self.complain(
                at,
                "This entity has no `name`; it was ignored. Write name = \"…\" below [[entity]].".into(),
            );
        };
        let name = value.get_ref().as_str().map(str::trim).filter(|name| !key(name).is_empty());
        let Some(name) = name.map(str::to_owned) else {
            return self.complain(
                line(value.span().start),
                "`name` must be a name in quotation marks; this entity was ignored.".into(),
            );
        };
        let mut listed = Listed { name: name.clone(), kind: None, aliases: Vec::new(), not: Vec::new() };
        let known: BTreeMap<&Cow<'_, str>, _> =
            fields.iter().map(|(field, value)| (field.get_ref(), (field, value))).collect();
        for (field, value) in known.into_values() {
            let here = line(field.span().start);
            match field.get_ref().as_ref() {
                "name" => {}
                "kind" => {
                    listed.kind = value.get_ref().as_str().and_then(Kind::of_name);
                    if listed.kind.is_none() {
                        let message = "`kind` must be \"person\", \"organisation\", \"place\" or \"thing\"; it was ignored.";
                        self.complain(here, message.into());
                    }
                }
                "aliases" => listed.aliases = self.names("aliases", value, line),
                "not" => listed.not = self.names("not", value, line),
                other => self.complain(
                    here,
                    format!("Unknown key `{other}` in an entity; it was ignored. Known keys: name, kind, aliases, not."),
                ),
            }
        }
        let mut own = Vec::new();
        for alias in std::iter::once(name.clone()).chain(std::mem::take(&mut listed.aliases)) {
            match self.owners.get(&key(&alias)) {
                Some(owner) if *owner != name => {
                    let message = format!(
                        "“{alias}” already belongs to {owner}; it was ignored here. A name can belong to one entity only."
                    );
                    self.complain(at, message);
                }
                _ => {
                    self.owners.insert(key(&alias), name.clone());
                    own.push(alias);
                }
            }
        }
        if own.first() != Some(&name) {
            return;
        }
        let keys: HashSet<String> = own.iter().map(|alias| key(alias)).collect();
        if let Some(both) = listed.not.iter().find(|name| keys.contains(&key(name))) {
            self.complain(
                at,
                format!(
                    "“{both}” is in both `aliases` and `not`; it stays an alias. Remove it from one of them."
                ),
            );
        }
        listed.not.retain(|name| !keys.contains(&key(name)));
        own.remove(0);
        listed.aliases = own;
        self.read.entities.push(listed);
    }
}

/// Names to match word by word.
#[derive(Debug, Clone, Default)]
pub(super) struct Gazetteer {
    /// Keyed by the first word in lower case.
    rows: HashMap<String, Vec<Vec<String>>>,
}

impl Gazetteer {
    /// The names that may begin with `word`.
    pub(super) fn starting(&self, word: &str) -> &[Vec<String>] {
        if self.rows.is_empty() {
            return &[];
        }
        self.rows.get(&word.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Whether `word` of a text matches `listed`: in any case if that is in lower case.
    pub(super) fn fits(listed: &str, word: &str) -> bool {
        let same = |a: char, b: char| a == b || matches!((a, b), ('\'' | '’', '\'' | '’'));
        if listed.chars().any(char::is_uppercase) {
            listed.chars().count() == word.chars().count()
                && listed.chars().zip(word.chars()).all(|(a, b)| same(a, b))
        } else {
            listed.to_lowercase() == word.to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> Vec<(usize, String)> {
        let (_, complaints) = Aliases::read(text).expect("TOML");
        complaints.into_iter().map(|one| (one.line, one.message)).collect()
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "ignore = [\"Related Posts\"]\n\n[[entity]]\nname = \"Islamic State\"\nkind = \"organisation\"\naliases = [\"ISIS\", \"IS\"]\nnot = [\"ISIS-K\"]\n\n[[entity]]\nname = \"mujahedeen\"\n";
        let (read, complaints) = Aliases::read(text).expect("TOML");
        assert_eq!(complaints, []);
        assert_eq!(read.entities.len(), 2);
        assert_eq!(read.entities[0].aliases, ["ISIS", "IS"]);
        assert_eq!(read.entities[0].kind, Some(Kind::Organisation));
        assert!(read.ignored.contains("related posts"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_the_rest_is_in_force() {
        let text = "entities = 3\nignore = \"x\"\n[[entity]]\nkind = \"person\"\n[[entity]]\nname = \"Asad\"\nkind = \"ruler\"\naliases = [\"Assad\", 3]\nalias = []\n[[entity]]\nname = \"Bashar\"\naliases = [\"Assad\"]\nnot = [\"Bashar\"]\n";
        let seen: Vec<(usize, String)> = complaints(text)
            .into_iter()
            .map(|(line, message)| (line, message.chars().take(30).collect()))
            .collect();
        let expected = [
            (1, "Unknown key `entities`; it was"),
            (2, "`ignore` must be a list of nam"),
            (3, "This entity has no `name`; it "),
            (7, "`kind` must be \"person\", \"orga"),
            (8, "`aliases` contains something t"),
            (9, "Unknown key `alias` in an enti"),
            (10, "“Assad” already belongs to Asa"),
            (10, "“Bashar” is in both `aliases` "),
        ];
        assert_eq!(seen, expected.map(|(line, message)| (line, message.to_owned())));
        let (read, _) = Aliases::read(text).expect("TOML");
        let names: Vec<&str> = read.entities.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Asad", "Bashar"]);
        assert_eq!(read.entities[0].aliases, ["Assad"]);
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_line() {
        let complaint = Aliases::read("ignore = []\n\n[[entity]\n").expect_err("broken");
        assert_eq!(complaint.line, 3);
        assert!(complaint.message.starts_with("This is not TOML: "), "{}", complaint.message);
    }

    #[test]
    fn small_letters_fit_any_case() {
        assert!(Gazetteer::fits("mujahedeen", "Mujahedeen"));
        assert!(Gazetteer::fits("O'Brien", "O’Brien"));
        assert!(!Gazetteer::fits("IS", "is") && !Gazetteer::fits("Asad", "asad"));
    }
}
