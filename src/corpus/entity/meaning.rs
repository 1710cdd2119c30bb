//! The meaning of names: entities, and their mentions in texts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// Index of an entity in [`Entities::all`](super::Entities::all); valid for one corpus only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// The kind of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A person.
    Person,
    /// A government body, an alliance, a company, an armed group …
    Organisation,
    /// A country, a town, a river …
    Place,
    /// Anything else that has a name.
    Thing,
}

impl Kind {
    /// The name used on cards and in the alias file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Place => "place",
            Self::Thing => "thing",
        }
    }

    /// The kind called `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = if name == "organization" { "organisation" } else { name };
        [Self::Person, Self::Organisation, Self::Place, Self::Thing]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// A named person or thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its fullest name, as spelled in the sources.
    pub name: Arc<str>,
    /// Its other spellings, the most frequent first.
    pub aliases: Vec<Arc<str>>,
    /// Its kind, if the texts or the analyst say so.
    pub kind: Option<Kind>,
    /// How often the sources mention it, not counting furniture.
    pub mentions: u32,
    /// Whether it is in the alias file.
    pub listed: bool,
}

/// The meaning of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// One entity.
    One(EntityId),
    /// One of several; the text does not say which.
    Several(Arc<[EntityId]>),
}

/// A mention of an entity in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its span in the text, in bytes.
    pub span: Span,
    /// The entity or entities mentioned.
    pub meaning: Meaning,
    /// The key of the name; see [`key`](super::key()).
    pub key: Arc<str>,
}

/// The meaning of a name that may refer to any of `ids`; `None` if there are none.
pub(super) fn one_or_several(ids: impl Iterator<Item = EntityId>) -> Option<Meaning> {
    let mut ids: Vec<EntityId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [] => None,
        [one] => Some(Meaning::One(*one)),
        _ => Some(Meaning::Several(ids.into())),
    }
}
