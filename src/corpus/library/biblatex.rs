//! BibLaTeX and BibTeX. The file is cut at its entries here, because a parser of whole files gives
//! up at the first fault; each entry is then read alone. Must not let one entry harm another.

use std::collections::HashMap;
use std::path::PathBuf;

use biblatex::{
    Bibliography, Chunk, Chunks, ChunksExt, Pair, ParseError, ParseErrorKind, Person, RawBibliography,
    RawChunk, Spanned, Token, Type,
};
use memchr::{memchr, memchr_iter, memchr3_iter, memrchr};
use rayon::prelude::*;

use super::{Author, Date, Entry, Found, Problem, doi_url, first_line, said};
use crate::text::{FileId, Span};

/// How deep braces may nest: the parser calls itself at each level, and real entries stay below 10.
const DEEPEST: usize = 64;

/// How many braces an entry may have: the parser takes quadratic time over them, and a paper with
/// 3,000 accented authors stays below this.
const MOST_BRACES: usize = 16_384;

/// Longest text, in bytes, that an abbreviation may stand for: they may name each other, and so
/// double at each step.
const LONGEST_ABBREVIATION: usize = 65_536;

/// What we read of an entry; all else isn't looked at.
const FIELDS: [&str; 30] = [
    "title",
    "subtitle",
    "author",
    "editor",
    "affiliation",
    "authoraffiliation",
    "journaltitle",
    "journal",
    "organization",
    "publisher",
    "institution",
    "howpublished",
    "date",
    "year",
    "month",
    "day",
    "url",
    "doi",
    "urldate",
    "langid",
    "language",
    "file",
    "note",
    "annotation",
    "annote",
    "journalsubtitle",
    "school",
    "maintitle",
    "rating",
    "keywords",
];

/// One `@kind{…}` of the file, in bytes.
struct Block<'t> {
    kind: &'t str,
    span: Span,
    closed: bool,
    round: bool,
}

pub(super) fn read(file: &FileId, text: &str) -> Found {
    let blocks = cut(text);
    let mut found = Found::default();
    let mut words = Abbreviations::new();
    for block in &blocks {
        if block.kind.eq_ignore_ascii_case("string") {
            define(text, block, &mut words, &mut found);
        }
    }
    let read: Vec<(Option<Entry>, Vec<Problem>)> = blocks
        .par_iter()
        .filter(|block| {
            !["string", "comment", "preamble", "xdata"]
                .iter()
                .any(|kind| block.kind.eq_ignore_ascii_case(kind))
        })
        .map(|block| {
            let mut problems = Found::default();
            let entry = entry(file, text, block, &words, &mut problems);
            (entry, problems.problems)
        })
        .collect();
    for (entry, problems) in read {
        found.entries.extend(entry);
        found.problems.extend(problems);
    }
    found
}

/// Cuts the file at its entries. An entry that isn't closed ends where a line begins with the
/// next one.
fn cut(text: &str) -> Vec<Block<'_>> {
    let bytes = text.as_bytes();
    let mut blocks = Vec::new();
    let mut from = 0;
    let mut trust_comments = true;
    let (mut seen, mut commented) = (0, false);
    while let Some(found) = memchr(b'@', &bytes[from..]) {
        let start = from + found;
        from = start + 1;
        let Some((kind, open)) = head(text, start) else { continue };
        // Each byte is looked at once, however many heads a line has.
        if let Some(at) = memrchr(b'\n', &bytes[seen..start]) {
            let line = text[seen + at + 1..start].trim_start();
            commented = line.starts_with('%');
        } else if seen == 0 {
            commented = text[..start].trim_start().starts_with('%');
        }
        seen = start;
        if commented {
            continue;
        }
        let round = bytes[open] == b'(';
        let comment = kind.eq_ignore_ascii_case("comment");
        let mut end = None;
        if comment && trust_comments {
            // What is commented out may hold whole entries. One that never ends is not believed,
            // and neither is any after it, or each would read to the end of the file.
            end = close(text, open, false).ok();
            trust_comments = end.is_some();
        }
        let (end, closed) = match end.map_or_else(|| close(text, open, true), Ok) {
            Ok(end) => (end, true),
            Err(end) => (end, false),
        };
        let end = if closed { end } else { start + text[start..end].trim_end().len() };
        blocks.push(Block { kind, span: Span::new(start, end), closed, round });
        from = end.max(from);
    }
    blocks
}

/// The word behind the `@` at `at` and where its bracket opens.
fn head(text: &str, at: usize) -> Option<(&str, usize)> {
    /// Longest name of an entry type that is looked for, in bytes.
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    let word =
        bytes[at + 1..].iter().take(LONGEST).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let blank = bytes[at + 1 + word..].iter().take(LONGEST).take_while(|b| b.is_ascii_whitespace()).count();
    let open = at + 1 + word + blank;
    (word > 0 && matches!(bytes.get(open), Some(b'{' | b'('))).then(|| (&text[at + 1..at + 1 + word], open))
}

/// Just past the bracket that closes the one at `open`; the error is where the search ended.
fn close(text: &str, open: usize, stop_at_entries: bool) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let round = bytes[open] == b'(';
    let mut depth = 0_usize;
    let mut at = open;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !round {
                    return Ok(at + 1);
                }
            }
            b')' if round && depth == 0 => return Ok(at + 1),
            b'@' if stop_at_entries && begins_line(bytes, at) && head(text, at).is_some() => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(text.len())
}

/// Whether only a little blank space stands before `at` in its line.
fn begins_line(bytes: &[u8], at: usize) -> bool {
    /// Deepest indentation of an entry that is looked for, in bytes.
    const DEEPEST_INDENT: usize = 16;
    let blank =
        bytes[..at].iter().rev().take(DEEPEST_INDENT).take_while(|b| matches!(b, b' ' | b'\t')).count();
    at == blank || matches!(bytes.get(at - blank - 1), Some(b'\n' | b'\r'))
}

/// What each abbreviation, in lower case, stands for.
type Abbreviations = HashMap<String, String>;

/// The TeX text of a field, its abbreviations resolved; the words that no `@string` defines stand
/// as they are, and are told.
fn resolve<'s>(field: &[Spanned<RawChunk<'s>>], words: &Abbreviations) -> (String, Vec<(&'s str, Span)>) {
    let mut text = String::new();
    let mut unknown = Vec::new();
    for part in field {
        match part.v {
            RawChunk::Normal(normal) => text.push_str(normal),
            RawChunk::Abbreviation(word) => match words.get(&word.to_lowercase()) {
                Some(meaning) => text.push_str(meaning),
                None => {
                    if month(word).is_none() {
                        unknown.push((word, Span::from(part.span.clone())));
                    }
                    text.push_str(word);
                }
            },
        }
    }
    (text, unknown)
}

fn define(text: &str, block: &Block<'_>, words: &mut Abbreviations, found: &mut Found) {
    let slice = &text[block.span.start..block.span.end];
    match RawBibliography::parse(slice) {
        Ok(raw) if block.closed => {
            for pair in raw.abbreviations {
                let (meaning, _) = resolve(&pair.value.v, words);
                if meaning.len() <= LONGEST_ABBREVIATION {
                    words.insert(pair.key.v.to_lowercase(), meaning);
                }
            }
        }
        Ok(_) | Err(_) => found.broken(
            first_line(text, block.span.start, block.span.end),
            "this @string can't be read: write it as @string{name = {words}}",
        ),
    }
}

fn entry(
    file: &FileId,
    text: &str,
    block: &Block<'_>,
    words: &Abbreviations,
    found: &mut Found,
) -> Option<Entry> {
    let Span { start, end } = block.span;
    let slice = &text[start..end];
    let place = first_line(text, start, end);
    if block.round {
        found.broken(place, "an entry in round brackets can't be read: use { and } around it");
        return None;
    }
    if let Some(why) = too_much(slice) {
        found.broken(place, why);
        return None;
    }
    let why = |error: &ParseError| {
        if !block.closed {
            return "this entry is not closed: a } is missing before the next entry".to_owned();
        }
        explain(error, text, start)
    };
    let raw = match RawBibliography::parse(slice) {
        Ok(raw) => raw,
        Err(error) => {
            found.broken(place, why(&error));
            return None;
        }
    };
    let Some(raw) = raw.entries.into_iter().next() else {
        found.broken(place, "this entry can't be read: write it as @online{key, title = {…}}");
        return None;
    };
    let raw = raw.v;
    if raw.key.v.is_empty() {
        found.broken(place, "this entry has no key: write one behind the {, then a comma");
        return None;
    }
    if let Some(b',' | b'}') = text.as_bytes()[end..].iter().find(|b| !b.is_ascii_whitespace()) {
        found.broken(
            place,
            "a } too many closes this entry before its last line: what stands behind it is not read",
        );
    }
    let key_span = Span::new(start + raw.key.span.start, start + raw.key.span.end);
    let mut entry = Entry::new(file, raw.key.v, Span::new(start, end), key_span);
    raw.kind.v.to_ascii_lowercase().clone_into(&mut entry.kind);

    let mut fields: HashMap<&str, (String, Chunks)> = HashMap::new();
    for pair in &raw.fields {
        let Some(&name) = FIELDS.iter().find(|name| pair.key.v.eq_ignore_ascii_case(name)) else { continue };
        let (tex, unknown) = resolve(&pair.value.v, words);
        for (word, at) in unknown {
            found.broken(
                Span::new(start + at.start, start + at.end),
                format!("no @string defines {word}: put it in braces, {{{word}}}, if it is a word"),
            );
        }
        let chunks = chunks(name, &tex);
        fields.insert(name, (tex, chunks));
    }
    fill(&mut entry, &fields);
    Some(entry)
}

/// Gives `v` a place: the crate reckons with places, and without one it overflows.
fn at_start<T>(v: T) -> Spanned<T> {
    Spanned::new(v, 0..0)
}

/// The crate's reading of one field's TeX; the plain text when the crate finds a fault in it
/// (a single `$`, say), for a title with a fault is better than no entry.
fn chunks(name: &str, tex: &str) -> Chunks {
    if !tex.contains(['\\', '{', '}', '$', '-', '\n', '\t', '\r']) && !tex.contains("  ") {
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

fn fill(entry: &mut Entry, fields: &HashMap<&str, (String, Chunks)>) {
    let words = |name: &str| fields.get(name).and_then(|(_, chunks)| said(&clean(&chunks.format_verbatim())));
    let raw = |name: &str| fields.get(name).and_then(|(tex, _)| said(&unescape(tex.trim())));
    entry.title = match (words("title").or_else(|| words("maintitle")), words("subtitle")) {
        (Some(title), Some(subtitle)) if title.ends_with([':', '?', '!', '.']) => {
            Some(format!("{title} {subtitle}"))
        }
        (Some(title), Some(subtitle)) => Some(format!("{title}: {subtitle}")),
        (title, subtitle) => title.or(subtitle),
    };
    entry.authors = ["author", "editor"]
        .iter()
        .filter_map(|&name| Some(people(&fields.get(name)?.1)))
        .find(|people| !people.is_empty())
        .unwrap_or_default();
    entry.affiliation = words("affiliation").or_else(|| words("authoraffiliation"));
    let published = words("howpublished");
    let published_at = fields.get("howpublished").and_then(|(tex, _)| address(tex));
    entry.outlet = ["journaltitle", "journal", "organization", "publisher", "institution", "school"]
        .iter()
        .find_map(|&name| words(name))
        .or(if published_at.is_some() { None } else { published });
    entry.date = raw("date").as_deref().and_then(Date::parse).or_else(|| {
        let year = raw("year")?;
        let whole = Date::parse(&year);
        let number = year.parse::<i32>().ok().filter(|_| whole.as_ref().is_some_and(|w| w.end.is_none()));
        let month = raw("month").as_deref().and_then(month);
        let day = raw("day").and_then(|day| day.parse::<u8>().ok()).filter(|_| month.is_some());
        match number {
            Some(year) => {
                Date::from_parts(year, month, day).or_else(|| Date::from_parts(year, month, None)).or(whole)
            }
            None => whole,
        }
    });
    entry.url = raw("url")
        .map(|url| address(&url).unwrap_or(url))
        .or_else(|| raw("doi").map(|doi| doi_url(&doi)))
        .or(published_at);
    entry.accessed = raw("urldate").as_deref().and_then(Date::parse);
    entry.language = words("langid").or_else(|| words("language"));
    entry.files = fields.get("file").map(|(tex, _)| files(tex)).unwrap_or_default();
    entry.notes = ["note", "annotation", "annote"].iter().filter_map(|&name| words(name)).collect();
    entry.rate(words("rating").as_deref(), raw("keywords").as_deref());
}

fn people(chunks: &Chunks) -> Vec<Author> {
    let people = Vec::<Person>::from_chunks(chunks).unwrap_or_default();
    let author = |person: Person| {
        let family = [person.prefix, person.name, person.suffix];
        let family: Vec<String> = family.iter().filter_map(|part| said(&clean(part))).collect();
        let given = clean(&person.given_name).trim().to_owned();
        // "and others" is no one's name.
        let no_one = family.is_empty() || given.is_empty() && family == ["others"];
        (!no_one).then(|| Author { family: family.join(" "), given })
    };
    people.into_iter().filter_map(author).collect()
}

/// Clears away what TeX the crate leaves: unknown commands keep their argument only, `~` is a
/// space, doubled marks are quotation marks.
fn clean(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut opened = 0_usize;
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek().is_some_and(char::is_ascii_alphabetic) => {
                while characters.next_if(char::is_ascii_alphabetic).is_some() {}
                if characters.next_if_eq(&'{').is_some() {
                    opened += 1;
                } else {
                    while characters.next_if_eq(&' ').is_some() {}
                }
            }
            '}' if opened > 0 => opened -= 1,
            '~' => plain.push(' '),
            '`' if characters.next_if_eq(&'`').is_some() => plain.push('“'),
            '\'' if characters.next_if_eq(&'\'').is_some() => plain.push('”'),
            _ => plain.push(c),
        }
    }
    plain
}

/// Undoes TeX's escapes in a text that is no prose: an address, a date, a path.
pub(super) fn unescape(tex: &str) -> String {
    let mut plain = String::with_capacity(tex.len());
    let mut characters = tex.chars().peekable();
    while let Some(c) = characters.next() {
        match characters.peek() {
            Some(&next) if c == '\\' && "\\:;_&%#{}$~ ".contains(next) => {
                plain.push(next);
                characters.next();
            }
            Some(_) | None => plain.push(c),
        }
    }
    plain
}

/// An address, bare or in `\url{…}`.
fn address(tex: &str) -> Option<String> {
    let tex = tex.trim();
    let bare = tex.strip_prefix("\\url{").and_then(|rest| rest.strip_suffix('}')).unwrap_or(tex);
    (bare.starts_with("http://") || bare.starts_with("https://")).then(|| unescape(bare))
}

/// The month that BibTeX's `month` names: a number, a name or its first three letters.
fn month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim().trim_end_matches('.').to_lowercase();
    if let Ok(number) = word.parse::<u8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    u8::try_from(at + 1).ok()
}

/// The paths of a `file` field: `a.txt; b.txt`, JabRef's `description:path:type` and Zotero's
/// same with all marks escaped.
fn files(tex: &str) -> Vec<PathBuf> {
    split(tex, b';').into_iter().filter_map(path).collect()
}

fn path(tex: &str) -> Option<PathBuf> {
    said(&unescape(path_part(tex))).map(PathBuf::from)
}

/// The part of one item of a `file` field that is the path.
fn path_part(tex: &str) -> &str {
    let tex = tex.trim();
    let parts = split(tex, b':');
    let drive = |part: &str| part.len() == 1 && part.as_bytes()[0].is_ascii_alphabetic();
    match parts[..] {
        // `C:\papers\a.txt`, whose colon nobody escaped, alone or as the middle of three.
        [letter, _] | [letter, _, _] if drive(letter) && tex[2..].starts_with(['\\', '/']) => tex,
        [first, letter, rest, ..] if drive(letter) && rest.starts_with(['\\', '/']) => {
            &tex[first.len() + 1..first.len() + 1 + letter.len() + 1 + rest.len()]
        }
        [_, path, _, ..] if !path.is_empty() && !path.starts_with("//") => path,
        ["", path] => path,
        _ => tex,
    }
}

/// Where the paths stand in the `file` field of the entry `slice`, in bytes of it. `None` when the field
/// is made of several parts.
pub(super) fn file_spans(slice: &str) -> Option<Vec<Span>> {
    let raw = RawBibliography::parse(slice).ok()?.entries.into_iter().next()?.v;
    let pair = raw.fields.iter().rfind(|pair| pair.key.v.eq_ignore_ascii_case("file"))?;
    let [Spanned { v: RawChunk::Normal(tex), .. }] = pair.value.v.as_slice() else { return None };
    let place = |part: &str| {
        let start = (part.as_ptr() as usize).checked_sub(slice.as_ptr() as usize)?;
        (start + part.len() <= slice.len()).then(|| Span::new(start, start + part.len()))
    };
    split(tex, b';')
        .into_iter()
        .filter(|part| path(part).is_some())
        .map(|part| place(path_part(part)))
        .collect()
}

/// Splits at the bytes `mark` that no backslash escapes.
fn split(tex: &str, mark: u8) -> Vec<&str> {
    let bytes = tex.as_bytes();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in memchr_iter(mark, bytes) {
        let slashes = bytes[from..at].iter().rev().take_while(|b| **b == b'\\').count();
        if slashes % 2 == 0 {
            parts.push(&tex[from..at]);
            from = at + 1;
        }
    }
    parts.push(&tex[from..]);
    parts
}

/// Why this entry is not given to the parser, if it would take it too long or too deep. Depth is
/// counted with and without escapes, since the parser does both.
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

/// What is wrong with the entry that begins at `start`, and how to mend it, with its line (counted
/// from 1) at which the parser stopped.
fn explain(error: &ParseError, text: &str, start: usize) -> String {
    let stop = (start + error.span.start).min(text.len());
    // Counted from the entry and not from the file, which would be read anew for each fault.
    let line = memchr_iter(b'\n', &text.as_bytes()[start..stop]).count() + 1;
    let what = match &error.kind {
        ParseErrorKind::Expected(Token::Comma) => "a comma is missing behind the key or a field".to_owned(),
        ParseErrorKind::Expected(Token::Equals) => "a field has no =: write name = {words}".to_owned(),
        ParseErrorKind::Expected(Token::Identifier) => "a field has no name: write name = {words}".to_owned(),
        ParseErrorKind::Expected(Token::ClosingBrace) => "a } is missing at its end".to_owned(),
        ParseErrorKind::Expected(Token::OpeningBrace) => "a { is missing".to_owned(),
        ParseErrorKind::UnexpectedEof => {
            "a field is not closed, or has no value: put its words in { and }".to_owned()
        }
        other => other.to_string(),
    };
    format!("this entry can't be read (line {line} of it): {what}")
}

#[cfg(test)]
mod tests {
    use super::super::{Library, ProblemKind};
    use super::*;
    use crate::text::Text;

    fn library(text: &str) -> Library {
        Library::read(FileId::new("/notes/library.bib"), Text::new(text))
    }

    fn messages(library: &Library) -> Vec<(&str, &str)> {
        let message = |problem: &Problem| match &problem.kind {
            ProblemKind::Broken(why) => why.clone().leak() as &str,
            ProblemKind::Duplicate { .. } => "duplicate",
        };
        library.problems.iter().map(|p| (library.text.slice(p.span), message(p))).collect()
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
                (
                    "@online{c",
                    "this entry can't be read (line 2 of it): a comma is missing behind the key or a field"
                ),
                (
                    "@online{, title = {No key}}",
                    "this entry has no key: write one behind the {, then a comma"
                ),
                ("b", "duplicate"),
                ("sometime", "no @string defines sometime: put it in braces, {sometime}, if it is a word"),
            ]
        );
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
        ] {
            assert_eq!(files(tex), [PathBuf::from(path)], "{tex}");
        }
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
