//! Lists of sources sorted by one of their properties, and the difference between two catalogues. A change
//! costs one pass over numbers, plus the work for the sources that changed; the others are neither reread nor
//! sorted again.

use std::sync::Arc;

use super::library::Entry;
use super::source::{Source, SourceId, TextState};

/// If more than one in this many sources changed, everything is built from scratch, on all cores …
const LARGEST_SHARE: usize = 4;

/// … unless at most this many changed, since a small catalogue takes no time either way.
const FEWEST_ANEW: usize = 16;

/// What became of the sources of one catalogue in the next; both are sorted by key.
#[derive(Debug)]
pub(super) struct Delta {
    /// For each old source: the place of the first new one whose key is not before its own, and whether that
    /// is the same source. Places only increase.
    places: Vec<(SourceId, bool)>,
    /// The new places of sources that were added or replaced.
    pub(super) fresh: Vec<SourceId>,
    /// The sources that were replaced in place, with their replacements; `None` if any were added or removed,
    /// because places have then moved.
    replaced: Option<Vec<(Arc<Source>, Arc<Source>)>>,
}

impl Delta {
    /// The change from `old` to `new`; `None` if so much changed that building from scratch is as fast.
    pub(super) fn between(old: &[Arc<Source>], new: &[Arc<Source>]) -> Option<Self> {
        let mut places = Vec::with_capacity(old.len());
        let (mut fresh, mut replaced, mut moved) = (Vec::new(), Vec::new(), old.len() != new.len());
        let mut before = old.iter().peekable();
        for (at, source) in new.iter().enumerate() {
            while before.next_if(|one| one.key < source.key).is_some() {
                places.push((id(at), false));
                moved = true;
            }
            match before.next_if(|one| one.key == source.key) {
                Some(one) => {
                    let same = is_same(one, source);
                    places.push((id(at), same));
                    if !same {
                        fresh.push(id(at));
                        replaced.push((one.clone(), source.clone()));
                    }
                }
                None => {
                    moved = true;
                    fresh.push(id(at));
                }
            }
            if fresh.len() > FEWEST_ANEW && fresh.len() * LARGEST_SHARE > new.len() {
                return None;
            }
        }
        places.resize(old.len(), (id(new.len()), false));
        Some(Self { places, fresh, replaced: (!moved).then_some(replaced) })
    }

    /// Whether no source moved and the property `of` is unchanged for all, so that anything built from it
    /// remains valid.
    pub(super) fn keeps<T: PartialEq>(&self, of: impl Fn(&Source) -> T) -> bool {
        let replaced = self.replaced.as_ref();
        replaced.is_some_and(|replaced| replaced.iter().all(|(old, new)| of(old) == of(new)))
    }

    /// The new place of the source that was at `old`, if it is still the same.
    pub(super) fn kept(&self, old: SourceId) -> Option<SourceId> {
        self.places.get(old.0 as usize).filter(|(_, kept)| *kept).map(|(place, _)| *place)
    }

    /// The place in the new order of the source that was at `old`, or the place it would have.
    pub(super) fn place(&self, old: SourceId) -> SourceId {
        self.places.get(old.0 as usize).map_or(SourceId(u32::MAX), |(place, _)| *place)
    }
}

/// The id of the source at `place`.
pub(super) fn id(place: usize) -> SourceId {
    SourceId(u32::try_from(place).unwrap_or(u32::MAX))
}

/// Whether two sources with the same key agree in everything that [`super::tables`] uses.
fn is_same(one: &Arc<Source>, other: &Arc<Source>) -> bool {
    // Other fields and the position in the library may differ, because no table contains them.
    fn read(entry: &Entry) -> impl PartialEq + '_ {
        (&entry.authors, &entry.title, &entry.outlet, &entry.url, &entry.date)
    }
    let entries = || match (&one.entry, &other.entry) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other) || read(one) == read(other),
        (None, None) => true,
        _ => false,
    };
    let documents = || match (&one.document, &other.document) {
        (TextState::Present(one), TextState::Present(other)) => Arc::ptr_eq(one, other),
        (TextState::Unnamed, TextState::Unnamed) => true,
        (TextState::Waiting { file: one }, TextState::Waiting { file: other }) => one == other,
        (TextState::Missing { file, why }, TextState::Missing { file: other, why: because })
        | (TextState::Unread { file, why }, TextState::Unread { file: other, why: because }) => {
            (file, why) == (other, because)
        }
        _ => false,
    };
    Arc::ptr_eq(one, other) || entries() && documents()
}

/// Sources sorted by a property, then by place.
#[derive(Debug)]
pub(super) struct Sorted<K>(Vec<(K, SourceId)>);

impl<K: Ord + Clone> Sorted<K> {
    /// Sorts `sources` by the property `of`; those without it are left out.
    pub(super) fn new(sources: &[Arc<Source>], of: impl Fn(&Source) -> Option<K>) -> Self {
        let all = sources.iter().enumerate();
        let mut all: Vec<_> = all.filter_map(|(at, source)| Some((of(source)?, id(at)))).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The list for `sources`, derived from this one; `delta` is the change from the old sources to the new
    /// ones.
    pub(super) fn after(
        &self,
        delta: &Delta,
        sources: &[Arc<Source>],
        of: impl Fn(&Source) -> Option<K>,
    ) -> Self {
        let value = |id: &SourceId| Some((of(&sources[id.0 as usize])?, *id));
        let mut fresh: Vec<_> = delta.fresh.iter().filter_map(value).collect();
        fresh.sort_unstable();
        let keep = |(value, old): &(K, SourceId)| Some((value.clone(), delta.kept(*old)?));
        let before =
            |(value, old): &(K, SourceId), (new, id): &(K, SourceId)| (value, delta.place(*old)) < (new, *id);
        Self(merged(&self.0, keep, fresh, before))
    }

    /// The elements for which `order` returns `Equal`, ordered by place. `order` compares an element's
    /// property with the one looked for.
    pub(super) fn equal(&self, order: impl Fn(&K) -> std::cmp::Ordering) -> &[(K, SourceId)] {
        let first = self.0.partition_point(|(value, _)| order(value).is_lt());
        let count = self.0[first..].partition_point(|(value, _)| order(value).is_eq());
        &self.0[first..first + count]
    }

    /// All elements, in order.
    pub(super) fn all(&self) -> &[(K, SourceId)] {
        &self.0
    }
}

/// Merges what `keep` returns for the sorted list `old` with the sorted list `fresh`. `before` says whether
/// an old element comes before a fresh one; it is called for only a few old elements per fresh one.
pub(super) fn merged<T>(
    old: &[T],
    keep: impl Fn(&T) -> Option<T>,
    fresh: Vec<T>,
    before: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut all = Vec::with_capacity(old.len() + fresh.len());
    let mut rest = old;
    for one in fresh {
        let (head, tail) = rest.split_at(rest.partition_point(|old| before(old, &one)));
        all.extend(head.iter().filter_map(&keep));
        all.push(one);
        rest = tail;
    }
    all.extend(rest.iter().filter_map(&keep));
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sources with these keys; the number determines the property that these tests sort by.
    fn catalogue(keys: &std::collections::BTreeMap<u8, u8>) -> Vec<Arc<Source>> {
        let source = |(key, value): (&u8, &u8)| {
            let file = crate::text::FileId::new(format!("/{}", value % 8));
            let document = TextState::Waiting { file };
            Arc::new(Source { key: format!("{key:03}").into(), entry: None, document })
        };
        keys.iter().map(source).collect()
    }

    /// The property of a source; some have none.
    fn value(source: &Source) -> Option<String> {
        match &source.document {
            TextState::Waiting { file } => {
                let value = file.path().to_string_lossy().into_owned();
                (value != "/0").then_some(value)
            }
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn a_list_that_follows_a_change_is_the_list_made_anew(
            mut keys in proptest::collection::btree_map(any::<u8>(), any::<u8>(), 0..60),
            changes in proptest::collection::vec((any::<u8>(), proptest::option::of(any::<u8>())), 0..12),
        ) {
            let before = catalogue(&keys);
            let list = Sorted::new(&before, value);
            for (key, change) in changes {
                match change {
                    Some(value) => drop(keys.insert(key, value)),
                    None => drop(keys.remove(&key)),
                }
            }
            // Unchanged sources are shared, as they are between two loads.
            let after: Vec<Arc<Source>> = catalogue(&keys)
                .into_iter()
                .map(|new| {
                    let same = |old: &&Arc<Source>| old.key == new.key && value(old) == value(&new);
                    before.iter().find(same).cloned().unwrap_or(new)
                })
                .collect();
            let anew = Sorted::new(&after, value);
            if let Some(delta) = Delta::between(&before, &after) {
                let list = if delta.keeps(value) { list } else { list.after(&delta, &after, value) };
                prop_assert_eq!(list.all(), anew.all());
            }
        }
    }

    #[test]
    fn equal_values_come_in_the_order_of_the_sources() {
        let keys = std::collections::BTreeMap::from([(1, 3), (2, 5), (3, 3)]);
        let list = Sorted::new(&catalogue(&keys), value);
        let found = list.equal(|value| value.as_str().cmp("/3"));
        assert_eq!(found.iter().map(|(_, id)| id.0).collect::<Vec<_>>(), [0, 2]);
        assert!(list.equal(|value| value.as_str().cmp("/4")).is_empty());
    }
}
