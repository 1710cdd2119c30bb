//! What goes into `glossator.lock`: the quotations that are right now, compared with those that were right when
//! the sources were last reviewed. Does not read or write the file.

use std::collections::{BTreeMap, BTreeSet};

use crate::brief::Brief;
use crate::brief::quotation::Quotation;
use crate::corpus::source::{Source, Volume};
use crate::evidence;
use crate::evidence::verdict::{Evidence, FEWEST_JUDGED, Place, Verdict};
use crate::features::lookup;
use crate::text::FileId;
use crate::workspace::Snapshot;
use crate::workspace::lock::{Lock, LockedQuotation, LockedSource};

/// What some briefs cite and quote now.
#[derive(Debug, Default)]
pub struct Now {
    /// The sources with a text, and the quotations whose words are there.
    pub lock: Lock,
    /// Quotations whose words are not in the source that they cite, by its key: the quotation, and the words that
    /// come nearest with their place.
    pub wrong: BTreeMap<String, Vec<(LockedQuotation, Option<LockedQuotation>)>>,
    /// The cited keys that no source has, or only one without a text.
    pub without_text: BTreeSet<String>,
    /// The names of the briefs.
    pub briefs: BTreeSet<String>,
}

/// How a lock names files, and the sums of their content.
pub trait Files {
    /// The name of `file`, and whether it is outside the workspace.
    fn name(&self, file: &FileId) -> (String, bool);
    /// The sum of the file of `volume`; `None` if it cannot be read.
    fn sum(&self, volume: &Volume) -> Option<String>;
}

/// Collects what the briefs in `briefs` cite and quote.
pub fn now(snap: &Snapshot, briefs: &[FileId], files: &dyn Files) -> Now {
    let mut now = Now::default();
    for file in briefs {
        let Some(contents) = snap.brief(file) else { continue };
        let (brief, name) = (contents.brief(), files.name(file).0);
        now.briefs.insert(name.clone());
        for citation in &brief.citations {
            match lookup::source_of(&snap.corpus, citation) {
                Some(id) => now.cite(snap.corpus.source(id), files),
                None => drop(now.without_text.insert(citation.key.clone())),
            }
        }
        for quotation in &brief.quotations {
            let evidence = evidence::check(&snap.corpus, &snap.memo, brief, quotation);
            now.quote(snap, brief, &name, quotation, &evidence);
        }
    }
    for source in now.lock.sources.values_mut() {
        source.quotations.sort();
        source.quotations.dedup();
    }
    now
}

impl Now {
    fn cite(&mut self, source: &Source, files: &dyn Files) {
        let key = &*source.key;
        if self.lock.sources.contains_key(key) || self.without_text.contains(key) {
            return;
        }
        let read = source.volume().and_then(|volume| Some((volume, files.sum(volume)?)));
        let Some((volume, sha256)) = read else {
            self.without_text.insert(key.to_owned());
            return;
        };
        let (file, outside) = files.name(&volume.file);
        let quotations = Vec::new();
        let locked = LockedSource { key: key.to_owned(), file, outside, sha256, quotations };
        self.lock.sources.insert(key.to_owned(), locked);
    }

    fn quote(
        &mut self,
        snap: &Snapshot,
        brief: &Brief,
        name: &str,
        quotation: &Quotation,
        evidence: &Evidence,
    ) {
        let cited = !quotation.citations.is_empty() || evidence.nearby;
        if !cited || evidence.words < FEWEST_JUDGED {
            return;
        }
        let words = quotation.text(brief.text.as_str());
        let mine = LockedQuotation { brief: name.to_owned(), words, source: None, locator: None };
        let theirs = |place: Place| quoted_at(snap, place, &mine);
        match (is_right(evidence.verdict), evidence.place) {
            (true, Some(place)) => {
                let key = &*snap.corpus.source(snap.corpus.of_document(place.source)).key;
                if let Some(locked) = self.lock.sources.get_mut(key) {
                    locked.quotations.extend(theirs(place));
                }
            }
            (false, place) if is_wrong(evidence.verdict) => {
                for key in keys_of(brief, quotation) {
                    let near = place.and_then(theirs);
                    self.wrong.entry(key.to_owned()).or_default().push((mine.clone(), near));
                }
            }
            _ => {}
        }
    }
}

/// The keys of the citations that own `quotation`, or else of those near it.
pub(super) fn keys_of<'a>(brief: &'a Brief, quotation: &Quotation) -> BTreeSet<&'a str> {
    let own = if quotation.citations.is_empty() { &quotation.nearby } else { &quotation.citations };
    own.iter().filter_map(|&at| Some(brief.citations.get(at)?.key.as_str())).collect()
}

/// Returns true if the words are in the cited source.
fn is_right(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Verbatim
            | Verdict::Edited
            | Verdict::Truncated
            | Verdict::HiddenLimiter
            | Verdict::Furniture
            | Verdict::WrongSpeaker
    )
}

/// Returns true if the words are not in the cited source as they are quoted.
pub(super) fn is_wrong(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Altered | Verdict::Spliced | Verdict::OtherSource | Verdict::NotFound)
}

/// `mine` with the source's words at `place` and their locator.
fn quoted_at(snap: &Snapshot, place: Place, mine: &LockedQuotation) -> Option<LockedQuotation> {
    let text = snap.corpus.source(place.source).text()?;
    let theirs = text.text.slice(place.span).split_whitespace().collect::<Vec<_>>().join(" ");
    let locus = text.passages.get(place.passage).and_then(|passage| text.locus_of(passage, place.span));
    Some(LockedQuotation {
        source: (theirs != mine.words).then_some(theirs),
        locator: locus.map(|locus| locus.to_string()),
        ..mine.clone()
    })
}

/// How a source differs from the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is not in the lock.
    New,
    /// Its content has changed.
    Changed,
    /// It is a different file: the names in the lock and now.
    Moved(String, String),
    /// It has no text any more.
    Missing,
    /// No brief cites it any more.
    Uncited,
    /// A quotation that is not in the lock.
    Quoted(LockedQuotation),
    /// A quotation that no brief has any more.
    Unquoted(LockedQuotation),
    /// The words of a quotation are elsewhere in the source: then and now.
    Elsewhere(LockedQuotation, LockedQuotation),
    /// The words of a quotation are gone: then, and what comes nearest now.
    Gone(LockedQuotation, Option<LockedQuotation>),
}

/// How `now` differs from `old`, by key. `cited` are the keys that any brief cites, and `there` the names of all
/// briefs.
pub fn differences(
    old: &Lock,
    now: &Now,
    cited: &BTreeSet<String>,
    there: &BTreeSet<String>,
) -> BTreeMap<String, Vec<What>> {
    let mut all: BTreeMap<String, Vec<What>> = BTreeMap::new();
    for (key, new) in &now.lock.sources {
        let whats = all.entry(key.clone()).or_default();
        let Some(old) = old.sources.get(key) else {
            whats.push(What::New);
            whats.extend(new.quotations.iter().cloned().map(What::Quoted));
            continue;
        };
        if old.sha256 != new.sha256 {
            whats.push(What::Changed);
        }
        if (&old.file, old.outside) != (&new.file, new.outside) {
            whats.push(What::Moved(old.file.clone(), new.file.clone()));
        }
    }
    for (key, locked) in &old.sources {
        let whats = all.entry(key.clone()).or_default();
        let new = now.lock.sources.get(key);
        if now.without_text.contains(key) {
            whats.push(What::Missing);
            continue;
        }
        if !cited.contains(key) {
            whats.push(What::Uncited);
            continue;
        }
        let new = new.map_or(&[][..], |source| &source.quotations);
        let wrong = now.wrong.get(key).map_or(&[][..], Vec::as_slice);
        let same = |a: &LockedQuotation, b: &LockedQuotation| a.brief == b.brief && a.words == b.words;
        for old in locked.quotations.iter().filter(|old| !new.contains(old)) {
            let elsewhere = new.iter().find(|new| same(new, old) && !locked.quotations.contains(new));
            let gone = wrong.iter().find(|(wrong, _)| same(wrong, old));
            match (elsewhere, gone) {
                (Some(new), _) => whats.push(What::Elsewhere(old.clone(), new.clone())),
                (None, Some((_, near))) => whats.push(What::Gone(old.clone(), near.clone())),
                (None, None) if now.briefs.contains(&old.brief) || !there.contains(&old.brief) => {
                    whats.push(What::Unquoted(old.clone()));
                }
                (None, None) => {}
            }
        }
        let is_known = |new: &LockedQuotation| locked.quotations.iter().any(|old| same(old, new));
        whats.extend(new.iter().filter(|new| !is_known(new)).cloned().map(What::Quoted));
    }
    all.retain(|_, whats| !whats.is_empty());
    all
}

/// `old` after `changes`. Unless `accept`, only what is new is added, and everything else stays as it was when it
/// was reviewed.
#[must_use]
pub fn merged(old: &Lock, now: &Now, changes: &BTreeMap<String, Vec<What>>, accept: bool) -> Lock {
    let mut lock = old.clone();
    for (key, whats) in changes {
        let new = now.lock.sources.get(key);
        if whats.contains(&What::Uncited) {
            if accept {
                lock.sources.remove(key);
            }
            continue;
        }
        let Some(new) = new else {
            if let Some(locked) = lock.sources.get_mut(key) {
                apply(whats, accept, locked);
            }
            continue;
        };
        let locked = lock
            .sources
            .entry(key.clone())
            .or_insert_with(|| LockedSource { quotations: Vec::new(), ..new.clone() });
        if accept {
            (locked.file, locked.outside, locked.sha256) =
                (new.file.clone(), new.outside, new.sha256.clone());
        }
        apply(whats, accept, locked);
    }
    lock
}

fn apply(whats: &[What], accept: bool, to: &mut LockedSource) {
    for what in whats {
        match what {
            What::Quoted(new) => to.quotations.push(new.clone()),
            What::Unquoted(old) | What::Gone(old, _) if accept => to.quotations.retain(|one| one != old),
            What::Elsewhere(old, new) if accept => {
                to.quotations.retain(|one| one != old);
                to.quotations.push(new.clone());
            }
            _ => {}
        }
    }
    to.quotations.sort();
    to.quotations.dedup();
}
