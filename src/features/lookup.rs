//! Finds the thing at an offset of a brief. Every feature starts here, so that hover, jump and list agree on
//! where a key begins and ends.

use std::sync::Arc;

use crate::brief::Brief;
use crate::brief::citation::{Citation, Locator};
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::corpus::library::Entry;
use crate::corpus::library::write::relative;
use crate::corpus::shelf::Hit;
use crate::corpus::source::{SourceId, SourceText};
use crate::evidence::{
    self,
    verdict::{Place, Verdict},
};
use crate::text::{FileId, FileOffset, Span};
use crate::workspace::Snapshot;

/// The things that can be under the cursor. A key takes precedence over a locator, and a locator over a
/// quotation.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// The key of a citation.
    Key(&'a Citation),
    /// The locator of a citation.
    Locator(&'a Citation, &'a Locator),
    /// A quotation.
    Quotation(&'a Quotation),
}

impl Thing<'_> {
    /// Its span, in bytes of the brief.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Thing::Key(citation) => citation.span,
            Thing::Locator(_, locator) => locator.span,
            Thing::Quotation(quotation) => quotation.span,
        }
    }
}

/// The thing at byte `offset` of `brief`.
#[must_use]
pub fn at(brief: &Brief, offset: usize) -> Option<Thing<'_>> {
    let before = brief.citations.partition_point(|citation| citation.span.start <= offset);
    // A citation may be in the suffix of another, so the locator under the cursor may belong to an earlier
    // one.
    let near = || brief.citations[..before].iter().rev().take(NESTED);
    let key = near().find(|citation| citation.span.contains(offset));
    let locator = || {
        near().find_map(|citation| {
            Some((citation, citation.locator.as_ref()?)).filter(|(_, l)| l.span.contains(offset))
        })
    };
    let quotation = || {
        let before = brief.quotations.partition_point(|quotation| quotation.span.start <= offset);
        brief.quotations[..before].iter().rev().take(NESTED).find(|quotation| quotation.span.contains(offset))
    };
    key.map(Thing::Key)
        .or_else(|| locator().map(|(citation, locator)| Thing::Locator(citation, locator)))
        .or_else(|| quotation().map(Thing::Quotation))
}

/// How many citations or quotations before the cursor to look at; in prose they never nest deeper.
pub(super) const NESTED: usize = 4;

/// The source that `citation` refers to: the document of its entry that has places of the kind that the locator
/// names, else the first one.
#[must_use]
pub fn source_of(corpus: &Corpus, citation: &Citation) -> Option<SourceId> {
    let id = corpus.find(&citation.key)?;
    let Some(locator) = &citation.locator else { return Some(id) };
    let counts = |id: &SourceId| corpus.source(*id).text().is_some_and(|text| text.counts_by(&locator.loci));
    Some(corpus.documents(id).find(counts).unwrap_or(id))
}

/// The `limit` passages that best match the free text `words`; empty if the shelf cannot answer.
#[must_use]
pub fn passages(corpus: &Corpus, words: &str, limit: usize) -> Vec<Hit> {
    corpus.search(words, limit).unwrap_or_else(|unavailable| {
        tracing::warn!(%unavailable, "no passages are listed");
        Vec::new()
    })
}

/// The source that had `key` before an entry named its file, and the file as that entry writes it.
#[must_use]
pub fn once_called(corpus: &Corpus, key: &str) -> Option<(SourceId, String)> {
    let id = corpus.once_called(key)?;
    let source = corpus.source(id);
    let text = source.text()?;
    let folder = source.entry.as_ref()?.library.path().parent();
    let below = folder.and_then(|folder| relative(folder, text.file.path()));
    let name = || text.file.path().file_name().map(|name| name.to_string_lossy().into_owned());
    Some((id, below.filter(|path| !path.starts_with("..")).or_else(name)?))
}

/// The places of the verbatim quotations owned by citation `at` of `brief` (an index into its citations), in
/// the order of the brief.
pub fn vouched<'a>(snap: &'a Snapshot, brief: &'a Brief, at: usize) -> impl Iterator<Item = Place> + 'a {
    brief.quotations.iter().filter_map(move |quotation| {
        let owner = quotation.citations.iter().position(|&citation| citation == at)?;
        let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
        let stands = evidence.verdict == Verdict::Verbatim && evidence.owner == Some(owner);
        evidence.place.filter(|_| stands)
    })
}

/// A source as shown in the editor. An edited text is split into passages again; what relies on it is known
/// only for the text last read, which catches up within a moment.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The source.
    pub id: SourceId,
    /// Its current text.
    pub text: Arc<SourceText>,
}

impl Opened {
    /// The source in `file`; `None` if it is not one.
    #[must_use]
    pub fn of(snap: &Snapshot, file: &FileId) -> Option<Self> {
        let id = snap.corpus.of_file(file)?;
        let known = snap.corpus.source(id).text()?;
        let now = snap.file_text(file)?;
        if now.as_str() == known.text.file().as_str() {
            return Some(Self { id, text: known.clone() });
        }
        // The view of an earlier version of a document is no source.
        let text = snap.open_source(file).filter(|_| snap.viewed(file).is_none())?;
        // Reading drops a byte order mark, which would shift everything after it.
        (text.text.file().as_str() == now.as_str()).then(|| Self { id, text: text.clone() })
    }

    /// The index of the passage that contains `at` or ends there.
    #[must_use]
    pub fn passage_at(&self, at: FileOffset) -> Option<usize> {
        let offset = self.text.text.offset_of(at);
        let before = self.text.passages.partition_point(|passage| passage.span.start <= offset);
        before.checked_sub(1).filter(|&at| self.text.passages[at].span.touches(offset))
    }

    /// The index of passage `at` in the text last read: the passage with the same words, or else with the
    /// same number.
    #[must_use]
    pub fn known(&self, snap: &Snapshot, at: usize) -> Option<usize> {
        let known = snap.corpus.source(self.id).text()?;
        if Arc::ptr_eq(known, &self.text) {
            return Some(at);
        }
        let passage = self.text.passages.get(at)?;
        let words = self.text.words(passage);
        let same = known.passages.iter().position(|one| known.words(one) == words);
        same.or_else(|| {
            known.passages.iter().position(|one| one.number.is_some() && one.number == passage.number)
        })
    }
}

/// The citation whose key is at byte `offset` of `brief` or ends there, for a cursor right after a word.
#[must_use]
pub fn key_at(brief: &Brief, offset: usize) -> Option<&Citation> {
    let key = |offset| match at(brief, offset) {
        Some(Thing::Key(citation)) => Some(citation),
        _ => None,
    };
    key(offset).or_else(|| key(offset.checked_sub(1)?))
}

/// The entry in the library `file` whose key contains `at` or ends there. `None` also if the file has been
/// edited since it was read, so that its entries may have moved.
#[must_use]
pub fn entry_at<'a>(snap: &'a Snapshot, file: &FileId, at: FileOffset) -> Option<&'a Entry> {
    let library = snap.corpus.libraries.iter().find(|library| library.file == *file)?;
    let offset = library.text.offset_of(at);
    let before = library.entries.partition_point(|entry| entry.span.start <= offset);
    let entry = library.entries.get(before.checked_sub(1)?)?;
    let current = || snap.reading_text(file).is_some_and(|text| text.slice(entry.key_span) == &*entry.key);
    (entry.key_span.touches(offset) && current()).then_some(entry)
}

/// Largest share of letters in which a misspelt key may differ: `kalinovski2024` for `kalinovsky2024` (1 of
/// 14), but not `reed2021` for `moss2020` (5 of 8).
const NEAR: f64 = 0.34;

/// The known key closest to `key`, if one is close enough. Looks at a bounded number of keys, however large
/// the library.
#[must_use]
pub fn nearest(corpus: &Corpus, key: &str) -> Option<String> {
    let wanted = key.to_lowercase();
    let length = wanted.chars().count();
    let allowed = (NEAR * length as f64).floor() as usize;
    let keys = corpus.with_key_like(&wanted).into_iter().map(|id| &corpus.source(id).key);
    let near_length = keys.filter(|known| known.chars().count().abs_diff(length) <= allowed);
    let rated = near_length.map(|known| (strsim::osa_distance(&wanted, &known.to_lowercase()), known));
    let near = rated.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance);
    near.map(|(_, known)| known.to_string())
}
