//! BibLaTeX and BibTeX. We split the file into entries ourselves, because a whole-file parser gives up at the
//! first fault, and parse each entry separately with the `biblatex` crate. One entry must never affect
//! another.

mod blocks;
mod fields;
mod inherit;
mod paths;
mod tex;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use biblatex::{
    Bibliography, Chunk, Chunks, ChunksExt, Pair, Person, RawBibliography, RawChunk, Spanned, Type,
};
use memchr::{memchr_iter, memchr3_iter};
use rayon::prelude::*;

use blocks::{Block, cut, inside, offset};
use fields::{FIELDS, Fault, Field, PRINTED, Part};
use inherit::{Fields, Parsed};
use paths::files;
pub(super) use paths::{file_spans, unescape};
pub(super) use tex::MARKS;
use tex::{clean, prepared};

use super::entry::{Author, Entry, Found, MOST_AUTHORS, Problem, ProblemKind, doi_url, first_line, said};
use crate::corpus::date::Date;
use crate::text::language::{Language, Rows};
use crate::text::{FileId, Span};

/// Deepest nesting of braces accepted. The parser recurses at each level; real entries stay below 10.
const DEEPEST: usize = 64;

/// Most braces accepted in one entry. The parser is quadratic in their number; a paper with 3,000 accented
/// authors stays below this.
const MOST_BRACES: usize = 16_384;

/// Longest text, in bytes, that an `@string` may expand to. Abbreviations can refer to each other, so their
/// length can double at each step.
const LONGEST_ABBREVIATION: usize = 65_536;

pub(super) fn read(file: &FileId, text: &str) -> Found {
    let blocks = cut(text);
    let mut found = Found::default();
    let mut words = Abbreviations::new();
    for block in &blocks {
        if block.kind.eq_ignore_ascii_case("string") {
            define(text, block, &mut words, &mut found);
        }
    }
    let skipped = |block: &&Block<'_>| {
        ["string", "comment", "preamble"].iter().any(|kind| block.kind.eq_ignore_ascii_case(kind))
    };
    let blocks: Vec<&Block<'_>> = blocks.iter().filter(|block| !skipped(block)).collect();
    let parse = |block: &Block<'_>| {
        let mut problems = Found::default();
        let parsed = parse(text, block, FIELDS, &words, &mut problems);
        (parsed, problems.problems)
    };
    // In most libraries no entry inherits from another. Then the fields of each can go as soon as it has been read, which
    // saves a third of the memory that 100,000 entries take.
    let alone: Option<Vec<(Option<Entry>, Vec<Problem>)>> = blocks
        .par_iter()
        .map(|block| {
            let (parsed, problems) = parse(block);
            let Some(one) = parsed else { return Some((None, problems)) };
            (!one.inherits()).then(|| (entry(file, &one, &one.fields), problems))
        })
        .collect();
    let (entries, problems): (Vec<_>, Vec<_>) = match alone {
        Some(read) => read.into_iter().unzip(),
        None => {
            let read: Vec<(Option<Parsed<'_>>, Vec<Problem>)> =
                blocks.par_iter().map(|block| parse(block)).collect();
            let (parsed, problems): (Vec<_>, Vec<_>) = read.into_iter().unzip();
            let parsed: Vec<Parsed<'_>> = parsed.into_iter().flatten().collect();
            let parents = inherit::parents(&parsed);
            let read = |one: &Parsed<'_>| entry(file, one, &inherit::all(one, &parsed, &parents));
            (parsed.par_iter().map(read).collect(), problems)
        }
    };
    found.entries = entries.into_iter().flatten().collect();
    found.problems.extend(problems.into_iter().flatten());
    found
}

/// The expansion of each `@string`, by its name in lower case.
type Abbreviations = HashMap<String, String>;

/// The TeX of a field with its abbreviations expanded, and the words that no `@string` defines. Those are
/// left in the text as written.
fn resolve<'s>(field: &Field<'s>, words: &Abbreviations) -> (Cow<'s, str>, Vec<&'s str>) {
    if let [Part::Written(written)] = field.parts[..] {
        return (written.into(), Vec::new());
    }
    let mut text = String::new();
    let mut unknown = Vec::new();
    for part in &field.parts {
        match part {
            Part::Written(written) => text.push_str(written),
            Part::Abbreviation(word) => match words.get(&word.to_lowercase()) {
                Some(meaning) => text.push_str(meaning),
                None => {
                    if month(word).is_none() {
                        unknown.push(*word);
                    }
                    text.push_str(word);
                }
            },
        }
    }
    (text.into(), unknown)
}

fn define(text: &str, block: &Block<'_>, words: &mut Abbreviations, found: &mut Found) {
    match fields::list(inside(text, block), block.escapes) {
        Ok(fields) if block.closed => {
            for field in fields {
                let (meaning, _) = resolve(&field, words);
                if meaning.len() <= LONGEST_ABBREVIATION {
                    words.insert(field.name.to_lowercase(), meaning.into_owned());
                }
            }
        }
        Ok(_) | Err(_) => found.broken(
            first_line(text, block.span.start, block.span.end),
            "cannot read this @string: write it as @string{name = {words}}",
        ),
    }
}

/// A whole library, for reading its entries again with all their fields.
pub(super) struct Whole<'t> {
    text: &'t str,
    words: Abbreviations,
    /// All entries; only read if one of them inherits from another.
    all: OnceCell<Vec<Parsed<'t>>>,
}

impl<'t> Whole<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut words = Abbreviations::new();
        if text.contains("@string") || text.contains("@String") || text.contains("@STRING") {
            for block in cut(text).iter().filter(|block| block.kind.eq_ignore_ascii_case("string")) {
                define(text, block, &mut words, &mut Found::default());
            }
        }
        Self { text, words, all: OnceCell::new() }
    }

    /// The kind of the entry in `span`, and its fields as TeX, with those it inherits. `None` if it cannot be read.
    pub(super) fn fields(&self, span: Span) -> Option<(String, Fields<'t>)> {
        let slice = self.text.get(span.start..span.end)?;
        let blocks = cut(slice);
        let one = parse(slice, blocks.first()?, &PRINTED, &self.words, &mut Found::default())?;
        if !one.inherits() {
            return Some((one.kind, one.fields));
        }
        let all = self.all.get_or_init(|| {
            let blocks = cut(self.text);
            let read = |block| parse(self.text, block, &PRINTED, &self.words, &mut Found::default());
            blocks.iter().filter_map(read).collect()
        });
        let fields = inherit::all(&one, all, &inherit::parents(all)).into_owned();
        Some((one.kind, fields))
    }
}

/// The text that `tex` stands for, with the marks of `tex::MARKS` around what is emphasized or protected.
pub(super) fn marked(name: &str, tex: &str) -> Option<String> {
    said(&clean(&chunks(name, &tex::with_marks(tex)).format_verbatim()))
}

/// A person whose name has these parts, each of which may be empty.
pub(super) struct Named {
    pub(super) family: String,
    pub(super) given: String,
    /// *von*, *de la*.
    pub(super) particle: String,
    /// *Jr.*
    pub(super) suffix: String,
}

/// The people that `tex` names. *And others* is ignored.
pub(super) fn persons(tex: &str) -> Vec<Named> {
    let tex = first_names(tex, MOST_AUTHORS);
    let people = Vec::<Person>::from_chunks(&chunks("author", tex)).unwrap_or_default();
    let part = |words: &str| clean(words).trim().to_owned();
    let read = people.iter().map(|person| Named {
        family: part(&person.name),
        given: part(&person.given_name),
        particle: part(&person.prefix),
        suffix: part(&person.suffix),
    });
    let no_one = |one: &Named| one.family.is_empty() || one.family == "others" && one.given.is_empty();
    read.filter(|one| !no_one(one)).collect()
}

/// Parses the key and fields of an entry, reporting faults to `found`.
fn parse<'t>(
    text: &'t str,
    block: &Block<'_>,
    names: &[&'static str],
    words: &Abbreviations,
    found: &mut Found,
) -> Option<Parsed<'t>> {
    let Span { start, end } = block.span;
    let place = first_line(text, start, end);
    if let Some(why) = too_much(&text[start..end]) {
        found.broken(place, why);
        return None;
    }
    if !block.closed {
        let mark = if text.as_bytes()[block.open] == b'(' { ')' } else { '}' };
        let before = if end == text.trim_end().len() { "the end of the file" } else { "the next entry" };
        found.broken(place, format!("this entry is not closed: a {mark} is missing before {before}"));
        return None;
    }
    let inside = inside(text, block);
    let (key, read) = fields::entry(inside, block.escapes);
    let read = match read {
        Ok(_) if key.is_empty() => {
            found.broken(place, "this entry has no key: write one after the {, followed by a comma");
            return None;
        }
        Ok(read) => read,
        Err(fault) => {
            found.broken(place, explain(&fault, text, start));
            return None;
        }
    };
    let too_early = goes_on(&text[end..]);
    if too_early {
        found.broken(place, "an extra } closes this entry early; the lines after it are ignored");
    }
    let at = offset(text, key);
    let mut fields = Fields::new();
    for field in &read {
        let Some(&name) = names.iter().find(|name| field.name.eq_ignore_ascii_case(name)) else { continue };
        let (tex, unknown) = resolve(field, words);
        for word in unknown.into_iter().filter(|_| !too_early) {
            let at = offset(text, word);
            let why = format!(
                "{word} is not defined by any @string; if it is a plain word, put it in braces: {{{word}}}"
            );
            let kind = ProblemKind::Doubtful(why);
            found.problems.push(Problem { span: Span::new(at, at + word.len()), kind });
        }
        fields.insert(name, tex);
    }
    Some(Parsed {
        kind: block.kind.to_ascii_lowercase(),
        key,
        span: block.span,
        key_span: Span::new(at, at + key.len()),
        fields,
    })
}

/// Returns true if fields follow a closed entry, so that it was closed too early. BibTeX ignores everything else
/// between entries, such as the comma that some write after each.
fn goes_on(behind: &str) -> bool {
    let marks = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | '}');
    let rest = behind.trim_start_matches(marks);
    let name =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
    let parted = behind[..behind.len() - rest.len()].contains([',', '}']);
    parted && name > 0 && rest[name..].trim_start().starts_with('=')
}

/// The entry with `fields`; `None` for `@xdata`, which only others inherit.
fn entry(file: &FileId, parsed: &Parsed<'_>, fields: &Fields<'_>) -> Option<Entry> {
    if parsed.kind == "xdata" {
        return None;
    }
    let mut entry = Entry::new(file, parsed.key, parsed.span, parsed.key_span);
    entry.kind.clone_from(&parsed.kind);
    let read = fields
        .iter()
        .map(|(name, tex)| {
            let names = matches!(*name, "author" | "editor");
            let tex = if names { first_names(tex, MOST_AUTHORS) } else { tex };
            (*name, (tex, chunks(name, tex)))
        })
        .collect();
    fill(&mut entry, &read);
    Some(entry)
}

/// The part of `tex`, a list of names, that has the first `most` of them. An `and` in braces separates nothing.
fn first_names(tex: &str, most: usize) -> &str {
    // Each name but the last is followed by ` and `.
    if tex.len() < most * " and ".len() {
        return tex;
    }
    let (mut depth, mut names) = (0_usize, 0);
    let bytes = tex.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'a' | b'A' if depth == 0 && at > 0 && bytes[at - 1].is_ascii_whitespace() => {
                let word = bytes[at..].get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"and"));
                names += usize::from(word && bytes.get(at + 3).is_some_and(u8::is_ascii_whitespace));
                if names == most {
                    return &tex[..at];
                }
            }
            _ => {}
        }
    }
    tex
}

/// Wraps `v` in a dummy position: the crate does arithmetic on positions and overflows without one.
fn at_start<T>(v: T) -> Spanned<T> {
    Spanned::new(v, 0..0)
}

/// The crate's reading of one field's TeX. Falls back to the plain text when the crate rejects it (a single
/// `$`, say): a title with a fault is better than no entry.
fn chunks(name: &str, tex: &str) -> Chunks {
    let tex = &*prepared(name, tex);
    // Only two hyphens or more are something else.
    if !tex.contains(['\\', '{', '}', '$', '\n', '\t', '\r']) && !tex.contains("  ") && !tex.contains("--") {
        return vec![at_start(Chunk::Normal(tex.to_owned()))];
    }
    let pair = Pair::new(at_start(name), at_start(vec![at_start(RawChunk::Normal(tex))]));
    let raw = RawBibliography {
        preamble: String::new(),
        entries: vec![at_start(biblatex::RawEntry {
            key: at_start("key"),
            kind: at_start("misc"),
            fields: vec![pair],
        })],
        abbreviations: Vec::new(),
    };
    Bibliography::from_raw(raw)
        .ok()
        .and_then(|all| all.into_iter().next()?.fields.remove(name))
        .unwrap_or_else(|| vec![at_start(Chunk::Normal(tex.replace(['{', '}'], "")))])
}

fn fill(entry: &mut Entry, fields: &HashMap<&str, (&str, Chunks)>) {
    let words = |name: &str| fields.get(name).and_then(|(_, chunks)| said(&clean(&chunks.format_verbatim())));
    let raw = |name: &str| fields.get(name).and_then(|(tex, _)| said(&unescape(tex.trim())));
    let titled = |title: Option<String>, subtitle: &str| match (title, words(subtitle)) {
        (Some(title), Some(subtitle)) if title.ends_with([':', '?', '!', '.']) => {
            Some(format!("{title} {subtitle}"))
        }
        (Some(title), Some(subtitle)) => Some(format!("{title}: {subtitle}")),
        (title, _) => title,
    };
    entry.title =
        titled(words("title").or_else(|| words("maintitle")), "subtitle").or_else(|| words("subtitle"));
    entry.authors = ["author", "editor"]
        .iter()
        .filter_map(|&name| Some(people(&fields.get(name)?.1)))
        .find(|people| !people.is_empty())
        .unwrap_or_default();
    entry.affiliation = words("affiliation").or_else(|| words("authoraffiliation"));
    let published = words("howpublished");
    let published_at = fields.get("howpublished").and_then(|(tex, _)| address(tex));
    entry.outlet = ["journaltitle", "journal"]
        .iter()
        .find_map(|&name| words(name))
        .or_else(|| titled(words("booktitle"), "booksubtitle"))
        .or_else(|| {
            ["organization", "publisher", "institution", "school"].iter().find_map(|&name| words(name))
        })
        .or(if published_at.is_some() { None } else { published });
    entry.date = raw("date").as_deref().and_then(Date::parse).or_else(|| {
        let year = raw("year")?;
        let whole = Date::parse(&year);
        let number = year.parse::<i32>().ok().filter(|_| whole.as_ref().is_some_and(|w| w.end.is_none()));
        let (month, beside) =
            raw("month").as_deref().and_then(month).map_or((None, None), |(m, d)| (Some(m), d));
        let day = raw("day").and_then(|day| day.parse::<u8>().ok()).or(beside).filter(|_| month.is_some());
        match number {
            Some(year) => {
                Date::from_parts(year, month, day).or_else(|| Date::from_parts(year, month, None)).or(whole)
            }
            None => whole,
        }
    });
    if entry.date.is_none() {
        entry.date_words = words("date").or_else(|| words("year"));
    }
    entry.url = raw("url")
        .map(|url| address(&url).unwrap_or(url))
        .or_else(|| raw("doi").map(|doi| doi_url(&doi)))
        .or(published_at);
    entry.accessed = raw("urldate").as_deref().and_then(Date::parse);
    entry.language = words("langid").or_else(|| words("language"));
    entry.files = fields.get("file").map(|(tex, _)| files(tex)).unwrap_or_default();
    entry.archive = raw("archive");
    entry.notes = ["note", "annotation", "annote"].iter().filter_map(|&name| words(name)).collect();
    entry.rate(words("rating").as_deref(), raw("keywords").as_deref());
}

fn people(chunks: &Chunks) -> Vec<Author> {
    let people = Vec::<Person>::from_chunks(chunks).unwrap_or_default();
    let author = |person: Person| {
        let family = [person.prefix, person.name, person.suffix];
        let family: Vec<String> = family.iter().filter_map(|part| said(&clean(part))).collect();
        let given = clean(&person.given_name).trim().to_owned();
        // "and others" is not a person.
        let no_one = family.is_empty() || given.is_empty() && family == ["others"];
        (!no_one).then(|| Author { family: family.join(" "), given })
    };
    people.into_iter().filter_map(author).collect()
}

/// An address, either bare or in `\url{…}`.
pub(super) fn address(tex: &str) -> Option<String> {
    let tex = tex.trim();
    let bare = tex.strip_prefix("\\url{").and_then(|rest| rest.strip_suffix('}')).unwrap_or(tex);
    (bare.starts_with("http://") || bare.starts_with("https://")).then(|| unescape(bare))
}

/// Reads BibTeX's `month` field, with a day if it names one: `3`, `March`, `mar`, `10~mar`. With several days
/// it returns only the month; with several months, nothing.
fn month(words: &str) -> Option<(u8, Option<u8>)> {
    let words = words.to_lowercase();
    if let Ok(number) = words.trim().parse::<u8>() {
        return (1..=12).contains(&number).then_some((number, None));
    }
    // BibTeX's own names are English, and cut short at will.
    let begins = |word: &str| {
        let mut calendars = Language::english().tables().map(|tables| &tables.calendar.months);
        let long = |months: &Rows, at: usize| months.written(at).first().map(|month| month.to_lowercase());
        calendars.find_map(|months| (0..12).find(|at| long(months, *at).is_some_and(|m| m.starts_with(word))))
    };
    let named = |word: &str| {
        let at = Language::every().month(word).or_else(|| begins(word).filter(|_| word.len() >= 3))?;
        u8::try_from(at + 1).ok()
    };
    let words: Vec<&str> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut months = words.iter().filter_map(|word| named(word));
    let (month, None) = (months.next()?, months.next()) else { return None };
    let others: Vec<&&str> = words.iter().filter(|word| named(word).is_none()).collect();
    match others[..] {
        [] => Some((month, None)),
        [day] => Some((month, day.parse().ok())),
        // Allow day numbers and words such as "to", but nothing that could turn this into another date.
        _ => others.iter().all(|word| word.parse::<u8>().is_ok()).then_some((month, None)),
    }
}

/// Why this entry is not handed to the parser, if it would take too long or recurse too deep. Depth is
/// counted with and without escapes, because the parser does both.
fn too_much(slice: &str) -> Option<String> {
    let bytes = slice.as_bytes();
    let (mut braces, mut depth, mut plain_depth) = (0_usize, 0_usize, 0_usize);
    let mut escaped_at = None;
    for at in memchr3_iter(b'{', b'}', b'\\', bytes) {
        let escaped = escaped_at == Some(at);
        match bytes[at] {
            b'\\' if !escaped => escaped_at = Some(at + 1),
            b'{' => {
                braces += 1;
                plain_depth += 1;
                depth += usize::from(!escaped);
            }
            b'}' => {
                plain_depth = plain_depth.saturating_sub(1);
                depth = depth.saturating_sub(usize::from(!escaped));
            }
            _ => {}
        }
        if depth.max(plain_depth) > DEEPEST {
            return Some(format!("braces nest more than {DEEPEST} deep here: is a }} missing?"));
        }
    }
    (braces > MOST_BRACES).then(|| format!("this entry has more than {MOST_BRACES} braces: is a }} missing?"))
}

/// An error message for the entry that begins at `start`: the fault, how to fix it, and its line within the
/// entry.
fn explain(fault: &Fault<'_>, text: &str, start: usize) -> String {
    let at = offset(text, fault.at);
    // Counted from the start of the entry: counting from the start of the file would rescan it for each
    // fault.
    let line = memchr_iter(b'\n', &text.as_bytes()[start..at]).count() + 1;
    format!("cannot read this entry (line {line} of it): {}", fault.what)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::{Library, ProblemKind};
    use super::*;
    use crate::text::Text;

    fn library(text: &str) -> Library {
        Library::read(FileId::new("/notes/library.bib"), Text::new(text))
    }

    fn messages(library: &Library) -> Vec<(&str, &str)> {
        let message = |problem: &Problem| match &problem.kind {
            ProblemKind::Broken(why) | ProblemKind::Doubtful(why) => why.clone().leak() as &str,
            ProblemKind::Duplicate { .. } => "duplicate",
        };
        library.problems.iter().map(|p| (library.text.slice(p.span), message(p))).collect()
    }

    #[test]
    fn a_chapter_has_the_author_of_its_book_and_not_of_a_collection() {
        let of = |child: &str, parent: &str| {
            let text = format!(
                "@{child}{{a, title = {{T}}, crossref = {{b}}}}\n@{parent}{{b, title = {{B}}, author = {{Moss, Ada}}}}\n"
            );
            library(&text).entries[0].authors.len()
        };
        assert_eq!([of("inbook", "book"), of("suppbook", "mvbook"), of("book", "mvbook")], [1, 1, 1]);
        assert_eq!([of("incollection", "collection"), of("inproceedings", "proceedings")], [0, 0]);
    }

    #[test]
    fn of_a_million_names_the_first_are_kept() {
        assert_eq!(first_names("A, B and {C and D} and E", 2), "A, B and {C and D} ");
        assert_eq!(first_names("A, B AND C, Andy\nand\tE", 2), "A, B AND C, Andy\n");
        assert_eq!(first_names("A and B", 2), "A and B");
        let text =
            format!("@book{{a, author = {{{}}}}}\n", "Moss, Ada and ".repeat(MOST_AUTHORS + 9) + "Reed, Bo");
        let library = library(&text);
        assert_eq!((library.entries[0].authors.len(), library.problems.len()), (MOST_AUTHORS, 0));
    }

    #[test]
    fn what_is_no_date_is_kept_as_it_is_written() {
        let of = |fields: &str| {
            let entry = library(&format!("@book{{a, {fields}}}")).entries[0].clone();
            (entry.date.is_some(), entry.when().unwrap_or_default())
        };
        assert_eq!(of("year = {in press}"), (false, "in press".into()));
        assert_eq!(of("year = {1920a}"), (false, "1920a".into()));
        assert_eq!(of("date = {Spring \\emph{ca.} 1920}"), (false, "Spring ca. 1920".into()));
        assert_eq!(of("year = 1920, month = {in press}"), (true, "1920".into()));
        assert_eq!(of("title = {T}"), (false, String::new()));
    }

    #[test]
    fn addresses_are_no_files() {
        let of = |file: &str| library(&format!("@book{{a, file = {{{file}}}}}")).entries[0].files.len();
        assert_eq!(
            [of("ftp://x.example/a.ps"), of("https://x.example/a.pdf"), of("zotero://select/a")],
            [0; 3]
        );
        assert_eq!(
            [of("file:///a.pdf"), of("C:\\\\a.pdf"), of("x:a.pdf:PDF"), of("a.txt; ftp://x/b")],
            [1; 4]
        );
    }

    #[test]
    fn tex_is_cleared_away() {
        let library = library(
            "\u{feff}@string{hg = {Harbour Gazette}}\r\n@Article{lind2020,\r\n  author = {M{\\\"u}ller, J{\\'o}n and \
             {Port Office} and van der Berg, Bo and others},\r\n  title = {The {\\emph{Icy}} Sound~-- a ``note''},\r\n  \
             journal = HG # { Weekly},\r\n  year = 2020, month = mar,\r\n  doi = {10.1000/x_y},\r\n  \
             file = {Full Text:files/1/a.txt:text/plain;:b\\:c.txt:TXT; d.txt},\r\n  note = \"costs $5\",\r\n  \
             annote = {two}\r\n}\r\n",
        );
        assert_eq!(library.problems, []);
        let entry = &library.entries[0];
        let names: Vec<String> = entry.authors.iter().map(Author::full).collect();
        assert_eq!(names, ["Jón Müller", "Port Office", "Bo van der Berg"]);
        assert_eq!(entry.title.as_deref(), Some("The Icy Sound – a “note”"));
        assert_eq!(entry.outlet.as_deref(), Some("Harbour Gazette Weekly"));
        assert_eq!(entry.date.as_ref().map(ToString::to_string).as_deref(), Some("March 2020"));
        assert_eq!(entry.url.as_deref(), Some("https://doi.org/10.1000/x_y"));
        assert_eq!(entry.files, ["files/1/a.txt", "b:c.txt", "d.txt"].map(PathBuf::from));
        assert_eq!(entry.notes, ["costs $5", "two"]);
        assert_eq!(entry.kind, "article");
    }

    #[test]
    fn a_broken_entry_costs_itself() {
        let library = library(
            "@online{a,\n  title = {Open\n\n@online{b,\n  title = {Whole},\n}\n@online{c\n  title = {No comma}\n}\n\
             @online{, title = {No key}}\n@online{b, title = {Again}}\n@comment{@online{d, title = {Out}}}\n\
             % @online{e, title = {Out}}\nmail a@b.example\n@misc{f, month = sometime}\n",
        );
        let keys: Vec<&str> = library.entries.iter().map(|e| &*e.key).collect();
        assert_eq!(keys, ["b", "f"]);
        assert_eq!(
            messages(&library),
            [
                ("@online{a,", "this entry is not closed: a } is missing before the next entry"),
                ("@online{c", "cannot read this entry (line 1 of it): a comma is missing after the key"),
                (
                    "@online{, title = {No key}}",
                    "this entry has no key: write one after the {, followed by a comma"
                ),
                ("b", "duplicate"),
                (
                    "sometime",
                    "sometime is not defined by any @string; if it is a plain word, put it in braces: {sometime}"
                ),
            ]
        );
    }

    #[test]
    fn every_break_costs_one_entry_wherever_it_stands() {
        let breaks = [
            "@misc{broken title = {x}, year = 2020}",
            "@misc{broken, title = {x} year = 2020}",
            "@misc{broken, title = {x, year = 2020}",
            "@misc{broken, title = x}, year = 2020}",
            "@misc{broken, title {x}, year = 2020}",
            "@misc{broken, title = , year = 2020}",
            "@misc{broken, = {x}, year = 2020}",
            "@misc{broken, title = \"x, year = 2020}",
            "@misc{broken, title = x\", year = 2020}",
            "@misc{broken, title = {x}, year = 2020",
            "@misc{broken, title = {x}",
            "@misc{broken,",
            "@misc{",
            "@misc{, title = {x}}",
            "@misc{b r o k e n, title = {x}}",
            "@misc{\"broken\", title = {x}}",
            "@misc{broken, title = {x} # , year = 2020}",
            "@misc{broken, title == {x}}",
            "@misc{broken, title = {x}}, year = 2020}",
            "@misc(broken, title = {x}, year = 2020",
            "@misc(broken, title = \"x, year = 2020)",
            "@misc(broken title = {x})",
            "@misc{broken, title = {x}\n  year = {2020},\n  note = {z}\n}",
            "@misc{broken, title = {x,\n  year = {2020},\n  note = {z}\n}",
            "@misc{broken, {x}}",
        ];
        let whole = ["@misc{a, title = {A}}", "@misc(b, title = {B})", "@misc{c, title = {C}}"];
        for broken in breaks {
            for at in 0..3 {
                for gap in ["\n", "\n\n", "\r\n"] {
                    let mut entries = whole.to_vec();
                    entries.insert(at, broken);
                    if at == 2 {
                        entries.swap(2, 3);
                    }
                    let text = entries.join(gap);
                    let library = library(&text);
                    let keys: Vec<&str> = library.entries.iter().map(|e| &*e.key).collect();
                    // The text before an extra } is readable, but still reported.
                    let kept = keys.iter().filter(|key| **key != "broken").count();
                    assert_eq!(kept, 3, "{text:?} gives {keys:?}");
                    let problems = messages(&library);
                    assert_eq!(problems.len(), 1, "{text:?} gives {problems:?}");
                    let place = library.problems[0].span.start;
                    let before: usize =
                        entries.iter().take_while(|e| **e != broken).map(|e| e.len() + gap.len()).sum();
                    assert_eq!(place, before, "{text:?} gives {problems:?}");
                }
            }
        }
    }

    #[test]
    fn a_comma_between_entries_closes_nothing_early() {
        for fine in [
            "@misc{a, title = {A}},\n\n@misc{b, title = {B}}\n",
            "@misc{a, title = {A}}\n}\n\n@misc{b, title = {B}},\n",
            "@misc{a, title = {A}},\n% year = old\n@misc{b, title = {B}}\nyear = 2020",
        ] {
            let library = library(fine);
            assert_eq!(library.entries.len(), 2, "{fine}");
            assert!(messages(&library).is_empty(), "{fine}");
        }
        let library = library("@misc{a, title = {A}},\n  year = {2020}\n}\n\n@misc{b, title = {B}}\n");
        assert_eq!(messages(&library).len(), 1);
    }

    #[test]
    fn entries_on_one_line_do_not_harm_each_other() {
        let library = library(
            "@misc{a, title = {A}} @misc{b, title = {B} @misc{c, title = {C}} @misc{d, note = {@misc{x, y}}}",
        );
        let keys: Vec<&str> = library.entries.iter().map(|e| &*e.key).collect();
        assert_eq!(keys, ["a", "c", "d"]);
        assert_eq!(library.problems.len(), 1);
    }

    #[test]
    fn round_brackets_and_quotation_marks_are_read_as_they_nest() {
        let library = library(
            "@string(hg = \"Harbour\" # { Gazette})\n@article(lind2020, title = \"A {\"}round{\"} (one)\", \
             journal = hg, year = 2020)\n@misc{b, title = {Path}, file = {C:\\papers\\}}\n@misc{c}\n\
             @misc{d, title = {na{\\\"\\i}ve \\'{\\i} \\ldots{} x\\ y},, year = 2020,}\n",
        );
        assert_eq!(library.problems, []);
        let titles: Vec<Option<&str>> = library.entries.iter().map(|e| e.title.as_deref()).collect();
        assert_eq!(titles, [Some("A \"round\" (one)"), Some("Path"), None, Some("naïve í … x y")]);
        assert_eq!(library.entries[0].outlet.as_deref(), Some("Harbour Gazette"));
        assert_eq!(library.entries[1].files, [PathBuf::from("C:\\papers\\")]);
        assert!(library.text.slice(library.entries[0].span).ends_with("2020)"));
    }

    #[test]
    fn fields_are_inherited_by_biblatex_rules() {
        let library = library(
            "@incollection{child, crossref = {book}, author = {Lind, Bo}, title = {Tides}}\n\
             @incollection{dated, crossref = {book}, title = {Ice}, year = {2020}}\n\
             @inproceedings{own, crossref = {book}, title = {Fog}, booktitle = {Own}}\n\
             @misc{lost, crossref = {nowhere}, title = {Lost}}\n\
             @misc{ring, crossref = {ring}, xdata = {ring, ring}, title = {Ring}}\n\
             @online{site, title = {Page}, xdata = {gazette, more}}\n\
             @article{issue, crossref = {paper}, title = {News}}\n\
             @collection{book, editor = {Ed, A.}, title = {Harbours}, subtitle = {A History}, date = {2019-05~}, \
             publisher = {Quay}, file = {book.txt}, note = {mine}}\n\
             @periodical{paper, title = {Harbour Weekly}, date = {2018}}\n\
             @xdata{gazette, organization = {Harbour Gazette}, langid = {english}, date = {2021}}\n\
             @xdata{more, url = {https://h.example}, date = {1999}}\n",
        );
        assert_eq!(library.problems, []);
        let shown: Vec<String> = library
            .entries
            .iter()
            .map(|e| {
                let date = e.date.as_ref().map(ToString::to_string).unwrap_or_default();
                let outlet = e.outlet.as_deref().unwrap_or_default();
                format!("{} | {} | {outlet} | {date}", e.key, e.title.as_deref().unwrap_or_default())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "child | Tides | Harbours: A History | about May 2019",
                "dated | Ice | Harbours: A History | 2020",
                "own | Fog | Own | about May 2019",
                "lost | Lost |  | ",
                "ring | Ring |  | ",
                "site | Page | Harbour Gazette | 2021",
                "issue | News | Harbour Weekly | 2018",
                "book | Harbours: A History | Quay | about May 2019",
                "paper | Harbour Weekly |  | 2018",
            ]
        );
        let [child, dated, .., _book, _paper] = &library.entries[..] else { panic!("entries") };
        assert!(child.files.is_empty() && child.notes.is_empty());
        assert!(dated.authors.is_empty(), "the editor of a book wrote no chapter");
        assert_eq!(library.entries[5].url.as_deref(), Some("https://h.example"));
    }

    #[test]
    fn old_dates_are_as_precise_as_they_are_written() {
        for (fields, date) in [
            ("year = 2020, month = mar", "March 2020"),
            ("year = 2020, month = {Mar.}, day = 4", "4 March 2020"),
            ("year = 2020, month = jun # \"~3\"", "3 June 2020"),
            ("year = 2020, month = \"10~\" # jan", "10 January 2020"),
            ("year = 2020, month = {10--12 March}", "March 2020"),
            ("year = 2020, month = {January/February}", "2020"),
            ("year = 2020, month = {31 February}", "February 2020"),
            ("year = 2020, month = 13", "2020"),
            ("year = 2020, month = {Winter}", "2020"),
            ("year = {2020/2021}", "2020 to 2021"),
            ("year = {c. 1850}", "none"),
            ("year = {in press}, month = mar", "none"),
            ("date = {2021-21}, year = 1999", "2021"),
            ("date = {2021-07~/2021-09?}", "about July 2021 to perhaps September 2021"),
            ("date = {2021-02-30}", "none"),
        ] {
            let library = library(&format!("@misc{{a, {fields}}}"));
            let shown = library.entries[0].date.as_ref().map_or("none".to_owned(), ToString::to_string);
            assert_eq!(shown, date, "{fields}");
        }
    }

    #[test]
    fn paths_are_found_in_every_form() {
        for (tex, path) in [
            ("a.txt", "a.txt"),
            (":a.txt:TXT", "a.txt"),
            (":a.txt", "a.txt"),
            ("C:\\papers\\a.txt", "C:\\papers\\a.txt"),
            (":C\\:\\\\papers\\\\a.txt:TXT", "C:\\papers\\a.txt"),
            ("PDF:C:\\papers\\a.txt:TXT", "C:\\papers\\a.txt"),
            ("my\\_notes.txt", "my_notes.txt"),
            ("file:///home/a.txt", "/home/a.txt"),
        ] {
            assert_eq!(files(tex), [PathBuf::from(path)], "{tex}");
        }
        assert_eq!(files("https://a.example/a.pdf:URL"), Vec::<PathBuf>::new());
    }

    #[test]
    fn hostile_nesting_is_refused_and_quick() {
        let deep = format!("@online{{a, title = {{{}{}}}}}", "\\x{".repeat(50_000), "}".repeat(50_000));
        assert_eq!(library(&deep).entries.len(), 0);
        assert_eq!(library(&"@comment{".repeat(50_000)).entries.len(), 0);
        let bomb: String = (1..64).map(|n| format!("@string{{a{n} = a{} # a{}}}\n", n - 1, n - 1)).collect();
        assert_eq!(
            library(&format!("@string{{a0 = {{xx}}}}\n{bomb}@misc{{k, title = a63}}")).entries.len(),
            1
        );
    }
}
