//! What stands under an offset of a brief? Each feature starts here, so that a hover, a jump and
//! a list agree on where a key begins and ends.

use std::sync::Arc;

use crate::brief::Brief;
use crate::brief::citation::{Citation, Locator};
use crate::brief::quotation::Quotation;
use crate::corpus::Corpus;
use crate::corpus::ingest;
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

/// What can stand under the cursor. The key wins over a locator, a locator over a quotation.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// The key of a citation.
    Key(&'a Citation),
    /// The locator of a citation.
    Locator(&'a Citation, &'a Locator),
    /// Quoted words.
    Quotation(&'a Quotation),
}

impl Thing<'_> {
    /// Where it stands, in bytes of the brief.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Thing::Key(citation) => citation.span,
            Thing::Locator(_, locator) => locator.span,
            Thing::Quotation(quotation) => quotation.span,
        }
    }
}

/// What stands at byte `offset` of `brief`.
#[must_use]
pub fn at(brief: &Brief, offset: usize) -> Option<Thing<'_>> {
    let before = brief.citations.partition_point(|citation| citation.span.start <= offset);
    // A citation can stand in the suffix of another: the locator under the cursor may be that of
    // the last but one.
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

/// How many citations or quotations before the cursor are looked at: more never nest in prose.
pub(super) const NESTED: usize = 4;

/// The paragraph that a locator names first, counted from 1. `None` when it names none.
#[must_use]
pub fn first_paragraph(locator: &Locator) -> Option<u32> {
    locator.paragraphs().first().map(|range| *range.start())
}

/// The source that `citation` names.
#[must_use]
pub fn source_of(corpus: &Corpus, citation: &Citation) -> Option<SourceId> {
    corpus.find(&citation.key)
}

/// The `limit` passages that fit the free text `words` best; none while the shelf cannot say.
#[must_use]
pub fn passages(corpus: &Corpus, words: &str, limit: usize) -> Vec<Hit> {
    corpus.search(words, limit).unwrap_or_else(|unavailable| {
        tracing::warn!(%unavailable, "no passages are listed");
        Vec::new()
    })
}

/// The source that `key` named while no entry named its file, and the file as its entry writes it.
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

/// Where the words stand, word for word, that citation `at` of `brief` (its place in the list) is
/// the owner of, in the order of the brief.
pub fn vouched<'a>(snap: &'a Snapshot, brief: &'a Brief, at: usize) -> impl Iterator<Item = Place> + 'a {
    brief.quotations.iter().filter_map(move |quotation| {
        let owner = quotation.citations.iter().position(|&citation| citation == at)?;
        let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
        let stands = evidence.verdict == Verdict::Verbatim && evidence.owner == Some(owner);
        evidence.place.filter(|_| stands)
    })
}

/// A source as the editor has it. A text that was edited is cut into passages anew; what leans on it is
/// known of the text that was read last, which follows within a moment.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The source.
    pub id: SourceId,
    /// Its text now.
    pub text: Arc<SourceText>,
}

impl Opened {
    /// The source in `file`; `None` for what is none.
    #[must_use]
    pub fn of(snap: &Snapshot, file: &FileId) -> Option<Self> {
        let id = snap.corpus.of_file(file)?;
        let known = snap.corpus.source(id).text()?;
        let now = snap.file_text(file)?;
        if now.as_str() == known.text.file().as_str() {
            return Some(Self { id, text: known.clone() });
        }
        let text = ingest::read(file.clone(), now.as_str().as_bytes()).ok()?;
        // Reading drops a byte order mark, which would move all that follows.
        (text.text.file().as_str() == now.as_str()).then(|| Self { id, text: Arc::new(text) })
    }

    /// The passage, by its place, that holds `at` or ends there.
    #[must_use]
    pub fn passage_at(&self, at: FileOffset) -> Option<usize> {
        let offset = self.text.text.offset_of(at);
        let before = self.text.passages.partition_point(|passage| passage.span.start <= offset);
        before.checked_sub(1).filter(|&at| self.text.passages[at].span.touches(offset))
    }

    /// The place of passage `at` in the text that was read last: the one of the same words, or else of the
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

/// The citation whose key stands at byte `offset` of `brief`, or ends there, as before a cursor
/// behind a word.
#[must_use]
pub fn key_at(brief: &Brief, offset: usize) -> Option<&Citation> {
    let key = |offset| match at(brief, offset) {
        Some(Thing::Key(citation)) => Some(citation),
        _ => None,
    };
    key(offset).or_else(|| key(offset.checked_sub(1)?))
}

/// The entry in the library `file` whose key holds `at` or ends there. `None` also where the file was edited and
/// not yet read again, so that its entries have moved.
#[must_use]
pub fn entry_at<'a>(snap: &'a Snapshot, file: &FileId, at: FileOffset) -> Option<&'a Entry> {
    let library = snap.corpus.libraries.iter().find(|library| library.file == *file)?;
    let offset = library.text.offset_of(at);
    let before = library.entries.partition_point(|entry| entry.span.start <= offset);
    let entry = library.entries.get(before.checked_sub(1)?)?;
    let current = || snap.reading_text(file).is_some_and(|text| text.slice(entry.key_span) == &*entry.key);
    (entry.key_span.touches(offset) && current()).then_some(entry)
}

/// A key is taken for a misspelt one when at most this share of its letters differs:
/// `kalinovski2024` for `kalinovsky2024` (1 of 14), but not `reed2021` for `moss2020` (5 of 8).
const NEAR: f64 = 0.34;

/// The known key that differs least from `key`, when one is near. Looks at a bounded number of
/// keys, however large the library.
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
