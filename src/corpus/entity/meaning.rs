//! What a name means: entities, and where texts mention them.

use std::sync::Arc;

use crate::text::Span;

/// Place of an entity in [`Entities::all`]; good for one corpus only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person.
    Person,
    /// A state body, an alliance, a firm, an armed group …
    Organisation,
    /// A country, a town, a river …
    Place,
    /// Anything else that has a name.
    Thing,
}

impl Kind {
    /// As a card and the alias file spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Place => "place",
            Self::Thing => "thing",
        }
    }

    /// The kind that is spelled `name`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = if name == "organization" { "organisation" } else { name };
        [Self::Person, Self::Organisation, Self::Place, Self::Thing]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// Somebody or something that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its fullest name, in the spelling of the sources.
    pub name: Arc<str>,
    /// Its other spellings, those first that occur most.
    pub aliases: Vec<Arc<str>>,
    /// What it is, where the texts or the analyst say so.
    pub kind: Option<Kind>,
    /// How often the sources mention it; furniture does not count.
    pub mentions: u32,
    /// Whether the alias file names it.
    pub listed: bool,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// One entity.
    One(EntityId),
    /// One of several, and the text does not say which.
    Several(Arc<[EntityId]>),
}

/// A mention of an entity in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the text.
    pub span: Span,
    /// What is mentioned.
    pub meaning: Meaning,
    /// What equal names have in common.
    pub key: Arc<str>,
}

/// The meaning of a name that may mean any of `ids`; `None` when there is none.
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
