//! Answers for tools that draft text, in plain words that a language model can use. Each answer is bounded, and
//! says so when something was left out.

use std::fmt::Write;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::archive::{Found, Heard, Question};
use crate::brief::Brief;
use crate::corpus::source::{Passage, Source, SourceId, SourceText, TextState};
use crate::evidence::relevance::{self, Claim};
use crate::evidence::verdict::{FEWEST_UNCITED, Unchecked};
use crate::features::report::{self, Quotation, Standing};
use crate::features::{card, lookup, markup, second};
use crate::text::visible::visible;
use crate::text::{FileId, LocusRange, Text};
use crate::workspace::Snapshot;

/// Most results of a search.
pub const MOST_RESULTS: usize = 20;

/// Longest query or claim, in bytes.
pub const LONGEST_QUERY: usize = 4_000;

/// Longest quotation, in bytes: some 1,500 words.
pub const LONGEST_QUOTATION: usize = 10_000;

/// Longest draft, in bytes: some 30,000 words.
pub const LONGEST_DRAFT: usize = 200_000;

/// Longest answer, in characters: some 10,000 tokens, which leaves a model room for its own work.
pub const LONGEST_ANSWER: usize = 40_000;

/// Longest excerpt of a passage in a list, in characters.
const EXCERPT: usize = 400;

/// Most passages named at once.
const MOST_PASSAGES: usize = 50;

/// An answer, or the reason why there is none and what to do about it.
pub type Answer = Result<String, String>;

/// The passages that best match `words`, best first, at most `limit`.
///
/// # Errors
/// If `words` are blank or too long, or the sources cannot be searched.
pub fn search(snap: &Snapshot, words: &str, limit: usize) -> Answer {
    let words = asked("query", words, LONGEST_QUERY)?;
    let corpus = &snap.corpus;
    let hits = corpus.search(words, limit.clamp(1, MOST_RESULTS)).map_err(|why| format!("{why}."))?;
    let mut out = String::new();
    for hit in hits {
        if let Some(id) = corpus.of_text(hit.text) {
            result(corpus.source(id), hit.passage, &mut out);
        }
    }
    if out.is_empty() {
        return Ok(format!(
            "No passage of the {} has these words.",
            markup::counted(corpus.sources().len(), "source")
        ));
    }
    Ok(bounded(out))
}

/// Adds to `answer`, that of [`search`], what each archive found, or why it did not answer or was not asked.
#[must_use]
pub fn with_archives(snap: &Snapshot, answer: String, heard: &[Heard]) -> String {
    let mut out = answer;
    for (name, found) in heard {
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                let _ = writeln!(out, "\nThe archive {name} was not searched: {why}.");
                continue;
            }
        };
        if !found.is_empty() {
            let _ = writeln!(
                out,
                "\nIn the archive {name}, not among the sources yet. To cite a document, its library entry must name it:\n"
            );
        }
        found.iter().for_each(|passage| archived(passage, &mut out));
    }
    let unasked = unasked(snap);
    if !unasked.is_empty() {
        let _ = writeln!(out, "\n{unasked}");
    }
    bounded(out)
}

/// One passage of an archive, with the field that names its document.
fn archived(passage: &Found, out: &mut String) {
    let words = markup::clip(&markup::flat(&passage.text), EXCERPT);
    let place = passage.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
    let title = passage.title.as_deref().unwrap_or("untitled");
    let named = format!("archive = {{{}}}", second::reference(passage));
    let _ = writeln!(out, "{named} {}{place}\n  {words}\n", markup::flat(title));
}

/// A sentence about the archives that must not be searched; empty if there are none.
fn unasked(snap: &Snapshot) -> String {
    let unasked = snap.config.archives.iter().filter(|archive| !archive.search);
    let names: Vec<&str> = unasked.map(|archive| &*archive.name).collect();
    match *names.as_slice() {
        [] => String::new(),
        [name] => format!("The archive {name} was not asked: the user does not allow it to be searched."),
        _ => format!(
            "The archives {} were not asked: the user does not allow them to be searched.",
            names.join(", ")
        ),
    }
}

/// The passages that best support `claim`, with the citation to write.
///
/// # Errors
/// If `claim` is blank or too long.
pub fn cite(snap: &Snapshot, claim: &str, limit: usize) -> Answer {
    let claim = asked("claim", claim, LONGEST_QUERY)?;
    let claim = Claim { sentence: claim, before: "" };
    let mut out = String::new();
    for hit in relevance::support(&snap.corpus, claim, limit.clamp(1, MOST_RESULTS)) {
        result(snap.corpus.source(hit.source), hit.passage, &mut out);
    }
    if out.is_empty() {
        let elsewhere = match snap.config.archives.iter().any(|archive| archive.search) {
            true => " No archive was asked; search asks them.",
            false => "",
        };
        return Ok(format!("No passage supports this claim. Do not cite a source for it.{elsewhere}"));
    }
    Ok(bounded(format!(
        "Passages about the claim, best first. Read them before you cite: they may contradict it.\n\n{out}"
    )))
}

/// One passage of a list, with its citation.
fn result(source: &Source, at: usize, out: &mut String) {
    let Some((text, passage)) = source.text().and_then(|text| Some((text, text.passages.get(at)?))) else {
        return;
    };
    let words = markup::clip(&markup::flat(text.words(passage)), EXCERPT);
    let _ = writeln!(out, "{} {}\n  {words}\n", citation(source, text, passage), card::detail(source));
}

/// `[@moss2020, ¶ 3]`.
fn citation(source: &Source, text: &SourceText, passage: &Passage) -> String {
    match text.locus(passage) {
        Some(locus) => format!("[@{}, {locus}]", source.key),
        None => format!("[@{}] ({})", source.key, passage.class.name()),
    }
}

/// The passages of `key` that `locator` names; without one, the first ones.
///
/// # Errors
/// If there is no such source, text or passage.
pub fn passage(snap: &Snapshot, key: &str, locator: &str) -> Answer {
    let (id, loci) = named(snap, key, locator)?;
    let source = snap.corpus.source(id);
    let text = source.text().ok_or_else(|| no_text(source))?;
    let found: Vec<usize> = match loci.is_empty() {
        true => (0..text.passages.len()).filter(|at| text.passages[*at].number.is_some()).collect(),
        false => text.passages_at(&loci),
    };
    if found.is_empty() {
        return Err(match loci.first() {
            Some(range) => card::has_no(source, text, &range.first).plain(),
            None => format!("{} has no numbered passages.", source.key),
        });
    }
    let mut out = format!("{}\nLocators: {}\n\n", described(source), card::all_passages(text));
    for &at in found.iter().take(MOST_PASSAGES) {
        write_passage(text, &text.passages[at], &mut out);
    }
    if found.len() > MOST_PASSAGES {
        let _ = writeln!(out, "{} more; name them with a locator.", found.len() - MOST_PASSAGES);
    }
    Ok(bounded(out))
}

fn write_passage(text: &SourceText, passage: &Passage, out: &mut String) {
    let place = card::place(text, passage);
    let _ = writeln!(out, "{place}: {}\n", markup::flat(text.words(passage)));
}

/// The source `key`, and the places that `locator` names in it.
fn named(snap: &Snapshot, key: &str, locator: &str) -> Result<(SourceId, Vec<LocusRange>), String> {
    let key = key.trim().trim_start_matches('@');
    let Some(id) = snap.corpus.find(key) else {
        return Err(match lookup::nearest(&snap.corpus, key) {
            Some(near) => format!("Unknown key {key}. Did you mean {near}?"),
            None => format!("Unknown key {key}. Use search to find sources."),
        });
    };
    let locator = locator.trim();
    if locator.is_empty() {
        return Ok((id, Vec::new()));
    }
    let brief = Brief::read(Text::new(format!("[@{{{key}}}, {locator}]")));
    let read = brief.citations.first().filter(|citation| citation.key == key);
    match read.and_then(|citation| Some((citation, citation.locator.as_ref()?))) {
        Some((citation, read)) if !read.loci.is_empty() => {
            Ok((lookup::source_of(&snap.corpus, citation).unwrap_or(id), read.loci.clone()))
        }
        _ => Err(format!("{locator} is not a locator. Write ¶ 3, ¶ 3-5, p. 12, chap. 2 or the like.")),
    }
}

fn no_text(source: &Source) -> String {
    let why = match &source.document {
        TextState::Missing { why, .. } | TextState::Unread { why, .. } => why.as_str(),
        TextState::Waiting { .. } => "it is still being read",
        TextState::Unnamed | TextState::Present(_) => "the library entry names no file",
    };
    format!("{} has no text: {why}. Quotations from it cannot be verified.", source.key)
}

/// Key, title, author, outlet and date on one line.
fn described(source: &Source) -> String {
    let title = source.title().map(|title| format!("“{}”, ", markup::flat(title))).unwrap_or_default();
    format!("@{}: {title}{}", source.key, card::detail(source))
}

/// The whole text of a source with the number of each passage, as far as it fits into an answer.
///
/// # Errors
/// If there is no such source, or it has no text.
pub fn source(snap: &Snapshot, key: &str) -> Answer {
    let (id, _) = named(snap, key, "")?;
    let source = snap.corpus.source(id);
    let text = source.text().ok_or_else(|| no_text(source))?;
    let mut out = format!("{}\n\n", described(source));
    for passage in text.passages.iter().filter(|passage| passage.class.furniture().is_none()) {
        write_passage(text, passage, &mut out);
        if out.len() > 4 * LONGEST_ANSWER {
            break;
        }
    }
    Ok(bounded(out))
}

/// The sources with a text, by key: key and description.
#[must_use]
pub fn sources(snap: &Snapshot) -> Vec<(String, String)> {
    let with_text = snap.corpus.sources().iter().filter(|source| source.volume().is_some());
    with_text.map(|source| (source.key.to_string(), visible(&described(source)).into_owned())).collect()
}

/// The Markdown that presents `words` as a quotation from `key`, or from anyone if it is blank.
///
/// # Errors
/// If the words are blank or too long.
pub fn as_draft(words: &str, key: &str) -> Answer {
    let words = asked("quotation", words, LONGEST_QUOTATION)?;
    let words = words.trim_matches(['“', '”', '"', '„', '«', '»', '>', ' ']);
    let lines: Vec<String> = words.lines().map(|line| format!("> {}\n", line.trim())).collect();
    let key = key.trim().trim_start_matches('@');
    let cite = if key.is_empty() { String::new() } else { format!(">\n> [@{{{key}}}]\n") };
    Ok(format!("{}{cite}", lines.concat()))
}

/// What is known about the only quotation of `draft`, which [`as_draft`] made with the same `key`. If no source is named or has
/// the words, `ask` asks the archives.
///
/// # Errors
/// If the source is unknown or has no text.
pub fn verified(
    snap: &Snapshot,
    draft: &FileId,
    key: &str,
    ask: impl FnOnce(&Question) -> Vec<Heard>,
) -> Answer {
    if !key.trim().is_empty() {
        let (id, _) = named(snap, key, "")?;
        let mut documents = snap.corpus.documents(id);
        if !documents.any(|id| snap.corpus.source(id).text().is_some()) {
            return Err(no_text(snap.corpus.source(id)));
        }
    }
    let report = report::of_briefs(snap, std::slice::from_ref(draft), Path::new(""), UNIX_EPOCH);
    let quotations = report.briefs.iter().flat_map(|brief| &brief.quotations);
    let Some(quotation) = quotations.max_by_key(|quotation| quotation.text.len()) else {
        return Err("There are no words to verify.".into());
    };
    if quotation.unchecked == Some(Unchecked::Uncited) {
        if quotation.text.split_whitespace().count() < FEWEST_UNCITED {
            return Ok(format!(
                "Not checked: fewer than {FEWEST_UNCITED} words occur in too many places. Name the key of the source."
            ));
        }
        let (all, texts) = (snap.corpus.sources().len(), sources(snap).len());
        let unread = match all - texts {
            0 => String::new(),
            count => format!(" {} cannot be searched, having no text.", markup::counted(count, "source")),
        };
        let mut out = format!("NOT FOUND in any of {}.{unread}", markup::counted(texts, "text"));
        let question = Question::quoting(&quotation.text);
        let heard = question.as_ref().map(ask).unwrap_or_default();
        if question.is_none() && snap.config.archives.iter().any(|archive| archive.search) {
            out.push_str(" No archive was asked: the words are too many for one passage, or too few.");
        }
        let mut has = Vec::new();
        for (name, found) in &heard {
            let _ = match found {
                Ok(found) if found.is_empty() => {
                    write!(out, " The archive {name} has no passage with these words.")
                }
                Ok(found) => {
                    has.extend(found);
                    write!(out, " The archive {name} HAS these words.")
                }
                Err(why) => write!(out, " The archive {name} was not searched: {why}."),
            };
        }
        for said in [unasked(snap)].iter().filter(|said| !said.is_empty()) {
            let _ = write!(out, " {said}");
        }
        if has.is_empty() {
            out.push_str(" Do not present these words as a quotation.");
        } else {
            out.push_str(" To quote them, a library entry must name the document:\n\n");
            has.into_iter().for_each(|passage| archived(passage, &mut out));
        }
        return Ok(bounded(out));
    }
    Ok(bounded(told(quotation, false)))
}

/// What is known about every quotation in the file `draft`, those that need a change first.
///
/// # Errors
/// If it is not a brief.
pub fn checked(snap: &Snapshot, draft: &FileId) -> Answer {
    let report = report::of_briefs(snap, std::slice::from_ref(draft), Path::new(""), UNIX_EPOCH);
    let Some(brief) = report.briefs.first() else { return Err("The draft cannot be read.".into()) };
    let counts: Vec<String> =
        report.verdicts.iter().map(|count| format!("{} {}", count.count, count.label)).collect();
    let mut out = match counts.is_empty() {
        true => "The draft has no quotations.\n".to_owned(),
        false => {
            format!("{}: {}.\n", markup::counted(brief.quotations.len(), "quotation"), counts.join(", "))
        }
    };
    let is_wrong = |one: &&Quotation| {
        matches!(one.standing, Standing::Wrong | Standing::Doubtful) || !one.findings.is_empty()
    };
    let (wrong, right): (Vec<&Quotation>, Vec<&Quotation>) = brief.quotations.iter().partition(is_wrong);
    if !wrong.is_empty() {
        out.push_str("\nChange or remove these:\n\n");
    }
    for quotation in wrong {
        let _ = writeln!(out, "{}", told(quotation, true));
    }
    for finding in &brief.findings {
        let _ = writeln!(out, "Line {}: {}", finding.line, finding.message);
    }
    if !right.is_empty() {
        out.push_str("\nThe others:\n\n");
    }
    for quotation in right {
        let place = quotation.place.as_ref().map(|place| format!(" @{}, {}", place.key, place.at));
        let words = markup::clip(&quotation.text, 80);
        let _ = writeln!(
            out,
            "Line {}, “{words}”: {}{}",
            quotation.line,
            quotation.says,
            place.unwrap_or_default()
        );
    }
    let is_unknown = |one: &&Quotation| one.unchecked == Some(Unchecked::Uncited);
    if !snap.config.archives.is_empty() && brief.quotations.iter().any(|one| is_unknown(&one)) {
        out.push_str(
            "\nArchives were not asked for quotations without a citation; verify_quotation asks for one.\n",
        );
    }
    out.push_str("\nOnly words in quotation marks and block quotations are compared with the sources. Whether a source supports a statement in other words, read it with passage.\n");
    Ok(bounded(out))
}

/// A quotation with its verdict, the differing words and the source's words.
fn told(quotation: &Quotation, with_line: bool) -> String {
    let words = markup::clip(&quotation.text, EXCERPT);
    let line = if with_line { format!("Line {}, ", quotation.line) } else { String::new() };
    let mut out = format!("{line}“{words}”: {}. {}\n", quotation.label.to_uppercase(), quotation.says);
    for edit in &quotation.edits {
        let _ = writeln!(out, "  Permitted: {edit}.");
    }
    for difference in &quotation.differences {
        let _ = match (difference.brief.is_empty(), difference.source.is_empty()) {
            (true, _) => writeln!(out, "  Missing: “{}”.", difference.source),
            (_, true) => writeln!(out, "  Not in the source: “{}”.", difference.brief),
            (false, false) => {
                writeln!(out, "  You: “{}”. Source: “{}”.", difference.brief, difference.source)
            }
        };
    }
    if let Some(place) = &quotation.place {
        let [start, end] = place.words;
        let words = place.passage.get(start..end).map(markup::flat).unwrap_or_default();
        let _ = writeln!(out, "  Source, @{}, {}: “{}”", place.key, place.at, markup::clip(&words, EXCERPT));
        if let Some(speaker) = &place.speaker {
            let _ = writeln!(out, "  There, the source quotes {speaker}.");
        }
    }
    for finding in &quotation.findings {
        let _ = writeln!(out, "  {}", finding.message);
    }
    out
}

/// The draft `text`, unless it is blank or too long.
///
/// # Errors
/// If it is.
pub fn draft(text: &str) -> Answer {
    asked("draft", text, LONGEST_DRAFT).map(str::to_owned)
}

/// `text` without blanks around it, unless nothing is left or it has more than `most` bytes.
fn asked<'a>(name: &str, text: &'a str, most: usize) -> Result<&'a str, String> {
    let text = text.trim_end();
    match text.len() {
        0 => Err(format!("`{name}` is empty.")),
        length if length > most => {
            Err(format!("`{name}` has {length} bytes, and at most {most} are read. Send it in parts."))
        }
        _ => Ok(text),
    }
}

/// `text`, cut after [`LONGEST_ANSWER`] characters, with invisible characters made visible.
fn bounded(text: String) -> String {
    let text = visible(text.trim_end()).into_owned();
    match text.char_indices().nth(LONGEST_ANSWER) {
        None => text,
        Some((cut, _)) => format!(
            "{}\n… The answer is longer than {LONGEST_ANSWER} characters. Ask for less at once.",
            &text[..cut]
        ),
    }
}
