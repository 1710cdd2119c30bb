//! Annotations of other programs as notes: each goes to the file with the notes on its source. Nothing that is there
//! changes, and nothing is added twice.

use std::collections::{BTreeMap, BTreeSet};

use super::annotation::Annotation;
use crate::brief::Brief;
use crate::corpus::source::{Source, SourceId};
use crate::evidence::{self, anchor::Anchor};
use crate::features::edits::Edits;
use crate::features::{notes, quote};
use crate::text::{FileId, Text};
use crate::workspace::Snapshot;

/// An annotation that became no note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its words.
    pub words: String,
    /// Why: a clause.
    pub why: String,
}

/// The result of an import.
#[derive(Debug, Default)]
pub struct Imported {
    /// The edits of each note file; files to be created have an empty text.
    pub edits: BTreeMap<FileId, Edits>,
    /// The number of new notes.
    pub added: usize,
    /// The number of annotations that were there.
    pub known: usize,
    /// Those of which the source is unknown, or has nowhere to write to.
    pub left: Vec<Left>,
}

/// A note by its source, the letters of its words and those of its comment.
type Seen = (String, String, String);

/// Turns `annotations` into notes.
#[must_use]
pub fn import(snap: &Snapshot, annotations: &[Annotation]) -> Imported {
    let mut out = Imported::default();
    let mut seen: BTreeSet<Seen> = BTreeSet::new();
    for note in notes::all(snap) {
        for key in note.keys() {
            seen.insert((key.to_string(), letters(&note.quoted()), letters(&without_tags(&note.comment()))));
        }
    }
    let mut blocks: BTreeMap<SourceId, Vec<String>> = BTreeMap::new();
    for one in annotations {
        let Some(id) = source_of(snap, one) else {
            let named = [&one.about.key, &one.about.title, &one.about.url, &one.about.file];
            let named = named.into_iter().flatten().find(|name| !name.is_empty());
            let why = match named {
                Some(name) => format!("no source here is {name}, and none has these words alone"),
                None => "it names no source, and none here has these words alone".into(),
            };
            out.left.push(Left { words: one.words.clone(), why });
            continue;
        };
        let key = &snap.corpus.source(id).key;
        let block = block(snap, one, id);
        let (words, comment) = read_back(&block);
        let known = |(of, own, said): &Seen| {
            **of == **key
                && (*own == words || *own == letters(&one.words))
                && (comment.is_empty() || *said == comment)
        };
        if seen.iter().any(known) {
            out.known += 1;
            continue;
        }
        seen.insert((key.to_string(), words, comment));
        blocks.entry(id).or_default().push(block);
        out.added += 1;
    }
    for (id, blocks) in blocks {
        let source = snap.corpus.source(id);
        match notes::added(snap, source, &blocks.join("\n\n")) {
            Some((file, edits)) => drop(out.edits.insert(file, edits)),
            None => {
                out.added -= blocks.len();
                let why = format!(
                    "there is no place for notes on {}: a file that is not read has their name",
                    source.key
                );
                out.left.extend(blocks.into_iter().map(|words| Left { words, why: why.clone() }));
            }
        }
    }
    out
}

/// The source of `one`: by what it says, or else the only one that has its words.
fn source_of(snap: &Snapshot, one: &Annotation) -> Option<SourceId> {
    let corpus = &snap.corpus;
    let about = &one.about;
    let by_key = about.key.as_deref().and_then(|key| corpus.find(key));
    let by_address = || corpus.of_address(about.url.as_deref()?);
    let by_file = || {
        let wanted = file_name(about.file.as_deref()?);
        only(corpus.sources().iter().enumerate().filter(|(_, source)| {
            let own = source.volume().and_then(|volume| volume.file.path().file_name()?.to_str());
            own.is_some_and(|own| own.eq_ignore_ascii_case(&wanted))
        }))
    };
    let by_title = || {
        let wanted = letters(about.title.as_deref()?);
        // Kindle puts the author after the title: `On Harbours (Ada Moss)`.
        let bare = letters(about.title.as_deref()?.split(" (").next()?);
        only(corpus.sources().iter().enumerate().filter(|(_, source)| {
            let own = source.title().map(letters).filter(|own| !own.is_empty());
            own.is_some_and(|own| own == wanted || own == bare)
        }))
    };
    let by_author = || {
        let cited = about.title.as_deref()?;
        only(corpus.sources().iter().enumerate().filter(|(_, source)| is_cited_as(source, cited)))
    };
    by_key
        .or_else(by_address)
        .or_else(by_file)
        .or_else(by_title)
        .or_else(by_author)
        .or_else(|| by_words(snap, one))
}

/// The only one of `found`.
fn only<'a, S: 'a>(found: impl Iterator<Item = (usize, &'a S)>) -> Option<SourceId> {
    let mut found = found;
    let (at, _) = found.next()?;
    let id = u32::try_from(at).ok().map(SourceId);
    id.filter(|_| found.next().is_none())
}

/// The last part of a path or an address, without what a web server would not take for its name.
fn file_name(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .replace("%20", " ")
        .trim_matches(['[', ']', '"'])
        .to_owned()
}

/// Returns true if `cited` names the first author and the year: `Moss, 2020`, `Moss et al., 2020`.
fn is_cited_as(source: &Source, cited: &str) -> bool {
    let Some(entry) = &source.entry else { return false };
    let (Some(author), Some(year)) = (entry.authors.first(), entry.year()) else { return false };
    let family = author.family.to_lowercase();
    let year: String = year.chars().filter(char::is_ascii_digit).take(4).collect();
    cited.to_lowercase().starts_with(&family) && year.len() == 4 && cited.contains(&year)
}

/// The only source with the words.
fn by_words(snap: &Snapshot, one: &Annotation) -> Option<SourceId> {
    let brief = Brief::read(Text::new(format!("> {}\n", quote::set(&one.words, None))));
    let quotation = brief.quotations.first()?;
    let place = evidence::only_place(&snap.corpus, &snap.memo, &brief, quotation)?;
    Some(snap.corpus.of_document(place.source))
}

/// The note, in Markdown.
fn block(snap: &Snapshot, one: &Annotation, id: SourceId) -> String {
    let source = snap.corpus.source(id);
    let key = quote::written(&source.key);
    let citation = match &one.locator {
        Some(locator) => format!("[@{key}, {locator}]"),
        None => format!("[@{key}]"),
    };
    let (mut quotation, ending) = match &one.own {
        Some(own) => {
            let words = own.quotation.clone().unwrap_or_else(|| quote::set(&one.words, None));
            let cites = own.ending.contains('@');
            (quoted(&words), if cites { own.ending.clone() } else { format!("{citation} {}", own.ending) })
        }
        None => (quoted(&quote::set(&one.words, None)), citation.clone()),
    };
    quotation.push('\n');
    quotation.push_str(&quoted(ending.trim_end()));
    if one.own.is_none() {
        // In the words of the source, with the place where they are.
        let brief = Brief::read(Text::new(format!("{quotation}\n")));
        let loci = brief.citations.first().and_then(|citation| citation.locator.as_ref());
        let loci = loci.map_or(&[][..], |locator| &locator.loci);
        let found = brief
            .quotations
            .first()
            .map(|quotation| evidence::anchor::anchor(&snap.corpus, &snap.memo, &brief, quotation, id, loci));
        if let Some(Anchor::Held(_, place)) = found
            && let Some(text) = snap.corpus.source(place.source).text()
            && let Some(block) = quote::block(snap, text.shown(), place.span)
        {
            quotation = block;
        }
    }
    let comment = comment(one, &quotation);
    if comment.is_empty() { quotation } else { format!("{quotation}\n\n{comment}") }
}

/// `text` as lines of a block quotation.
fn quoted(text: &str) -> String {
    let line = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {line}") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The comment, with the tags that are not in it yet.
fn comment(one: &Annotation, quotation: &str) -> String {
    // A heading or a block quotation would end the note.
    let safe = |line: &str| match line.trim_start().starts_with('>') || is_heading(line) {
        true => format!("\\{}", line.trim_start()),
        false => line.to_owned(),
    };
    let lines: Vec<String> = one.comment.lines().map(safe).collect();
    let mut comment = lines.join("\n").trim().to_owned();
    for tag in &one.tags {
        let fits = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '/') { c } else { '-' };
        let tag: String = tag.trim_start_matches('#').chars().map(fits).collect();
        let written = format!("#{tag}");
        let there = |text: &str| {
            text.split_whitespace().any(|word| word.trim_end_matches(['.', ',', ';', ':', ')']) == written)
        };
        if tag.contains(char::is_alphabetic) && !there(&comment) && !there(quotation) {
            comment.push_str(if comment.is_empty() { "" } else { " " });
            comment.push_str(&written);
        }
    }
    comment
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches('#');
    rest.len() < line.trim_start().len() && (rest.is_empty() || rest.starts_with(' '))
}

/// The letters of the words and of the comment of the note `block`, read as a note file would be.
fn read_back(block: &str) -> (String, String) {
    let brief = Brief::read(Text::new(format!("{block}\n")));
    let text = brief.text.as_str();
    let words = brief.quotations.first().map(|quotation| quotation.text(text));
    let comment = brief.annotations.first().map(|one| one.comment(text, &brief.markdown));
    (letters(&words.unwrap_or_default()), letters(&without_tags(&comment.unwrap_or_default())))
}

fn without_tags(comment: &str) -> String {
    comment.split_whitespace().filter(|word| !word.starts_with('#')).collect::<Vec<_>>().join(" ")
}

/// The letters and digits of `text`, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
