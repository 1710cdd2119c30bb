//! Asks one archive, in a thread of its own. Nothing waits for it: it takes letters, and reports what it hears.
//!
//! The sentence being written goes first, then the documents that the library names, then the quotations of open
//! briefs. While the archive does not answer, nothing is asked for a while, and longer each time; what was wanted
//! remains wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use super::archived::Outcome;
use super::cache::Cache;
use super::second::{Connection, Report};
use crate::archive::{Client, Fault, Question, Reference};
use crate::config::Archive;
use crate::text::FileId;

/// How long to wait before an archive that failed is asked again. Doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest such wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// How long a quotation must have stood in an open brief before it is asked for. With each key that is typed between
/// marks that are closed already it is another one: 28 requests were counted for one of 13 words.
const WRITTEN: Duration = Duration::from_secs(1);

/// How long answers are collected before they are reported: each report makes editors ask again.
const COLLECTED: Duration = Duration::from_millis(500);

/// What an archive is to be asked.
#[derive(Debug, Clone)]
pub enum Letter {
    /// For the sentence being written; replaces the one before it.
    Sentence(Question),
    /// For a brief; replaces what was wanted for it.
    Brief(FileId, Wants),
}

/// What a brief needs from an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// The documents that it cites, as far as they are not in the cache.
    pub documents: BTreeSet<Reference>,
    /// Its quotations that no source of the workspace has.
    pub quotations: BTreeSet<Question>,
}

/// What has been heard.
#[derive(Debug, Default)]
pub struct Heard {
    /// Answers and changes of the connection.
    pub news: Vec<Report>,
    /// The documents that are in the cache now, or why not.
    pub documents: Outcome,
}

impl Heard {
    fn is_empty(&self) -> bool {
        self.news.is_empty() && self.documents.is_empty()
    }
}

/// Starts the correspondent of `archive`, which keeps documents in `cache` and passes what it hears to `tell`. It ends
/// when the returned sender and its clones are gone.
pub fn start(archive: &Archive, cache: Cache, tell: impl FnMut(Heard) + Send + 'static) -> Sender<Letter> {
    let (letters, inbox) = channel();
    let mut correspondent = Correspondent {
        client: Client::new(archive),
        cache,
        tell,
        sentence: None,
        briefs: BTreeMap::new(),
        later: BTreeMap::new(),
        heard: Heard::default(),
        told: Instant::now(),
        connection: None,
        due: Instant::now(),
        pause: FIRST_PAUSE,
    };
    std::thread::spawn(move || correspondent.run(&inbox));
    letters
}

/// What is left to ask for a brief.
#[derive(Debug, Default)]
struct Brief {
    documents: BTreeSet<Reference>,
    /// Its quotations, and when each may be asked for.
    quotations: BTreeMap<Question, Instant>,
}

struct Correspondent<T> {
    client: Client,
    cache: Cache,
    tell: T,
    sentence: Option<Question>,
    briefs: BTreeMap<FileId, Brief>,
    /// When documents that the archive did not have may be asked for again.
    later: BTreeMap<Reference, Instant>,
    /// What has not been told.
    heard: Heard,
    /// When something was last told.
    told: Instant,
    connection: Option<Connection>,
    /// When the archive may be asked again.
    due: Instant,
    /// How long it is left alone after the next failure.
    pause: Duration,
}

impl<T: FnMut(Heard)> Correspondent<T> {
    fn run(&mut self, inbox: &Receiver<Letter>) {
        loop {
            let letter = match self.next() {
                Some(at) => match inbox.recv_timeout(at.saturating_duration_since(Instant::now())) {
                    Ok(letter) => letter,
                    Err(RecvTimeoutError::Timeout) => {
                        self.work();
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                },
                None => match inbox.recv() {
                    Ok(letter) => letter,
                    Err(_) => return,
                },
            };
            match letter {
                Letter::Sentence(question) => self.sentence = Some(question),
                Letter::Brief(file, wants) => self.want(file, wants),
            }
        }
    }

    /// Replaces what is wanted for `file`.
    fn want(&mut self, file: FileId, wants: Wants) {
        let known = self.briefs.remove(&file).unwrap_or_default();
        let from = Instant::now() + WRITTEN;
        let quotations = wants.quotations.into_iter().map(|question| {
            let from = known.quotations.get(&question).copied().unwrap_or(from);
            (question, from)
        });
        let brief = Brief { quotations: quotations.collect(), documents: wants.documents };
        self.briefs.insert(file, brief);
    }

    /// When there is something to ask; `None` if nothing is wanted.
    fn next(&self) -> Option<Instant> {
        let documents = self.briefs.values().flat_map(|brief| &brief.documents);
        let documents = documents.map(|one| self.later.get(one).copied().unwrap_or(self.due));
        let quotations = self.briefs.values().flat_map(|brief| brief.quotations.values().copied());
        let sentence = self.sentence.is_some().then_some(self.due);
        let first = documents.chain(quotations).chain(sentence).min()?;
        Some(first.max(self.due))
    }

    /// Asks for one thing.
    fn work(&mut self) {
        let now = Instant::now();
        let is_due = |one: &&Reference| self.later.get(one).is_none_or(|due| *due <= now);
        let document = || self.briefs.values().flat_map(|brief| &brief.documents).find(is_due).cloned();
        if let Some(question) = self.sentence.take() {
            if let Some(question) = self.ask(question) {
                self.sentence = Some(question);
            }
            self.tell();
        } else if let Some(reference) = document() {
            self.fetch(reference);
        } else if let Some((file, question)) = self.next_quotation(now)
            && let Some(question) = self.ask(question)
        {
            self.briefs.entry(file).or_default().quotations.insert(question, now);
        }
        let is_idle = self.next().is_none_or(|next| next > Instant::now());
        if is_idle || self.told.elapsed() > COLLECTED {
            self.tell();
        }
    }

    /// Takes a question out of those about quotations that may be asked `now`.
    fn next_quotation(&mut self, now: Instant) -> Option<(FileId, Question)> {
        self.briefs.iter_mut().find_map(|(file, brief)| {
            let question = brief.quotations.iter().find(|(_, from)| **from <= now)?.0.clone();
            brief.quotations.remove(&question);
            Some((file.clone(), question))
        })
    }

    /// Asks `question`, and returns it if it may be asked later.
    fn ask(&mut self, question: Question) -> Option<Question> {
        match self.client.answer(&question) {
            Ok(found) => {
                self.connect(None);
                let archive = self.client.archive().name.clone();
                self.heard.news.push(Report::Answer { archive, question, found });
                None
            }
            Err(fault) => {
                self.connect(Some(&fault));
                fault.is_passing().then_some(question)
            }
        }
    }

    fn fetch(&mut self, reference: Reference) {
        let outcome = if self.cache.archived(&reference).is_some() {
            Ok(())
        } else {
            let fetched = self.client.fetch(&reference.wanted);
            // An archive without the document is there.
            self.connect(fetched.as_ref().err().filter(|fault| **fault != Fault::Missing));
            fetched.and_then(|fetched| {
                let kept = self.cache.keep_archived(&reference, &fetched);
                kept.map(drop).map_err(|why| Fault::Odd(format!("it cannot be kept in the cache ({why})")))
            })
        };
        match &outcome {
            Ok(()) => self.briefs.values_mut().for_each(|brief| {
                brief.documents.remove(&reference);
            }),
            Err(fault) if fault.is_passing() => {}
            Err(_) => drop(self.later.insert(reference.clone(), Instant::now() + LONGEST_PAUSE)),
        }
        self.heard.documents.insert(reference, outcome);
    }

    /// Records whether the archive answered as it should, and if not, leaves it alone for a while.
    fn connect(&mut self, fault: Option<&Fault>) {
        if fault.is_some() {
            self.due = Instant::now() + self.pause;
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        } else {
            self.pause = FIRST_PAUSE;
        }
        let is_same = |known: &Connection| known.trouble.is_some() == fault.is_some();
        let since = self.connection.as_ref().filter(|known| is_same(known)).map(|known| known.since);
        let trouble = fault.map(Fault::to_string);
        let connection = Connection { since: since.unwrap_or_else(SystemTime::now), trouble };
        if self.connection.as_ref() != Some(&connection) {
            self.connection = Some(connection.clone());
            let archive = self.client.archive().name.clone();
            self.heard.news.push(Report::Connection { archive, connection });
        }
    }

    fn tell(&mut self) {
        self.told = Instant::now();
        if !self.heard.is_empty() {
            (self.tell)(std::mem::take(&mut self.heard));
        }
    }
}
