//! Formats words of a source as a quotation for a brief: in marks or as a block quotation, followed by the
//! citation. Changes only typography, never a word.

use crate::features::key;
use crate::text::{FileId, FileSpan, LocusRange, Span};
use crate::workspace::Snapshot;

/// A quoted passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The text to insert into a brief: `“words” [@key, ¶ 3]`, or a block quotation.
    pub text: String,
    /// The citation key.
    pub key: String,
    /// The locator: `¶ 3`, `¶ 3-5`; `None` for something without a number.
    pub locator: Option<String>,
    /// The kind of furniture, if that is what was quoted: `caption`.
    pub furniture: Option<&'static str>,
}

/// The bytes of the source in `file` to quote if `range` is selected, and whether that is a real selection:
/// the selected words, or else the passage at the cursor. Some editors select the character under the cursor.
#[must_use]
pub fn place(snap: &Snapshot, file: &FileId, range: FileSpan) -> Option<(Span, bool)> {
    let text = snap.corpus.source(snap.corpus.of_file(file)?).text()?;
    let range = text.text.span_of(range);
    if text.text.slice(range).chars().count() > 1 {
        return Some((range, true));
    }
    let passage = text.passages.iter().find(|passage| passage.span.touches(range.start))?;
    Some((passage.span, false))
}

/// The quotation of what [`place`] finds.
#[must_use]
pub fn selection(snap: &Snapshot, file: &FileId, range: FileSpan) -> Option<Quoted> {
    passage(snap, file, place(snap, file, range)?.0)
}

/// The words of bytes `span` of the source in `file`, extended to whole words and quoted for a brief. `None`
/// if it is not a source or there are no words.
///
/// Words from one paragraph are put in “ ”, those from several into a block quotation without the unnumbered
/// passages in between. Furniture by itself is quoted without a locator, since it has none: whoever selects a
/// caption wants the caption, and is told so.
#[must_use]
pub fn passage(snap: &Snapshot, file: &FileId, span: Span) -> Option<Quoted> {
    let Parts { words: parts, citation, key, locator, furniture } = parts(snap, file, span)?;
    let quoted = match parts.as_slice() {
        [] => return None,
        [words] => format!("“{}” {citation}", set(words, Some('“'))),
        _ => {
            let lines: Vec<String> = parts.iter().map(|words| format!("> {}", set(words, None))).collect();
            format!("{} {citation}\n", lines.join("\n>\n"))
        }
    };
    Some(Quoted { text: quoted, key, locator, furniture })
}

/// The words of bytes `span` of the source in `file` as the block quotation of a note, with the citation in its last
/// line. `None` as for [`passage`].
#[must_use]
pub(super) fn block(snap: &Snapshot, file: &FileId, span: Span) -> Option<String> {
    let Parts { words, citation, .. } = parts(snap, file, span)?;
    let lines: Vec<String> = words.iter().map(|words| format!("> {}", set(words, None))).collect();
    (!lines.is_empty()).then(|| format!("{}\n> {citation}", lines.join("\n>\n")))
}

/// The words of a selection, and how to cite them.
struct Parts<'a> {
    /// The words in each passage.
    words: Vec<&'a str>,
    citation: String,
    key: String,
    locator: Option<String>,
    furniture: Option<&'static str>,
}

fn parts<'a>(snap: &'a Snapshot, file: &FileId, span: Span) -> Option<Parts<'a>> {
    let source = snap.corpus.source(snap.corpus.of_file(file)?);
    let text = source.text()?;
    // The selection refers to the editor's text, which may be newer than what was read.
    if snap.file_text(file).is_some_and(|shown| shown.as_str() != text.text.file().as_str()) {
        return None;
    }
    let span = grown(text.text.as_str(), span)?;
    let inside = text.passages.iter().filter_map(|passage| {
        let part = Span::new(passage.span.start.max(span.start), passage.span.end.min(span.end));
        let words = text.text.slice(part);
        words.contains(char::is_alphanumeric).then_some((passage, words))
    });
    let mut parts: Vec<_> = inside.collect();
    // Whoever selects several paragraphs does not mean the caption or heading between them.
    if parts.iter().any(|(passage, _)| passage.number.is_some()) {
        parts.retain(|(passage, _)| passage.number.is_some());
    }
    // If one part has no number, those of the others do not cover it.
    let loci: Option<Vec<LocusRange>> = parts
        .iter()
        .map(|(passage, words)| {
            let start = words.as_ptr() as usize - text.text.as_str().as_ptr() as usize;
            text.locus_of(passage, Span::new(start, start + words.len()))
        })
        .collect();
    let range = loci.as_deref().and_then(|loci| {
        let (first, last) = (&loci.first()?.first, &loci.last()?.last);
        let alike = loci.iter().all(|locus| locus.first.term() == first.term());
        alike.then(|| LocusRange { first: first.clone(), last: last.clone() })
    });
    let locator = range.map(|range| range.to_string());
    let key = written(&source.key);
    let citation = match &locator {
        Some(locator) => format!("[@{key}, {locator}]"),
        None => format!("[@{key}]"),
    };
    let furniture = parts.iter().find_map(|(passage, _)| Some(passage.class.furniture()?.name()));
    let words = parts.into_iter().map(|(_, words)| words).collect();
    Some(Parts { words, citation, key: source.key.to_string(), locator, furniture })
}

/// `span` without blanks at its ends, extended to whole words.
fn grown(text: &str, span: Span) -> Option<Span> {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let before = text.get(..span.start)?;
    let behind = text.get(span.end..)?;
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // An apostrophe belongs to a word only between two letters; at the edge it is a quotation mark.
    let cut = |at: usize| {
        let mut before = text[..at].chars().rev();
        let mut behind = text[at..].chars();
        match (before.next(), behind.next()) {
            (Some('\'' | '’'), next) => letter(before.next()) && letter(next),
            (last, Some('\'' | '’')) => letter(last) && letter(behind.next()),
            (last, next) => letter(last) && letter(next),
        }
    };
    let start = if cut(span.start) { before.trim_end_matches(joins).len() } else { span.start };
    let end = if cut(span.end) { text.len() - behind.trim_start_matches(joins).len() } else { span.end };
    let words = text.get(start..end)?;
    let start = start + words.len() - words.trim_start().len();
    let words = words.trim();
    words.contains(char::is_alphanumeric).then(|| Span::new(start, start + words.len()))
}

/// `key` as written after an `@`, in braces if Pandoc needs them.
pub(super) fn written(key: &str) -> String {
    if key::needs_braces(key) { format!("{{{key}}}") } else { key.to_owned() }
}

/// `words` of a source on one line, adapted to a quotation opened with `mark` or to a block quotation:
/// quotation marks that would close ours become those of the next level, note marks are removed, and Markdown
/// markup is escaped.
pub(super) fn set(words: &str, mark: Option<char>) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    let chars: Vec<char> = words.chars().collect();
    let mut open: Vec<char> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let before = at.checked_sub(1).map(|at| chars[at]);
        let next = chars.get(at + 1).copied();
        let opens = before.is_none_or(|c| c.is_whitespace() || "([—–-“‘\"'«„".contains(c))
            && next.is_some_and(|c| !c.is_whitespace());
        at += 1;
        match c {
            '[' if next.is_some_and(|c| c.is_ascii_digit()) => {
                // A note mark: `[12]`.
                let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                if chars.get(at + digits) == Some(&']') {
                    at += digits + 1;
                } else {
                    out.push(c);
                }
            }
            '\u{ad}' => {}
            // Superscript digits are a note mark after punctuation, but may be an exponent after a letter.
            '⁰'..='⁹' | '¹' | '²' | '³' if before.is_some_and(raises) => {}
            '\n' | '\r' | '\t' | ' ' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            '\\' | '`' | '*' => out.extend(['\\', c]),
            '_' if !(before.is_some_and(char::is_alphanumeric)
                && next.is_some_and(char::is_alphanumeric)) =>
            {
                out.extend(['\\', c]);
            }
            '<' if next.is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')) => {
                out.extend(['\\', c]);
            }
            '@' if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '*'))
                && !before.is_some_and(char::is_alphanumeric) =>
            {
                out.extend(['\\', c]);
            }
            _ => out.push(inner(c, mark, opens, &chars[at..], &mut open)),
        }
    }
    // Close whatever the source's own marks left open.
    while let Some(close) = open.pop() {
        let end = out.trim_end().len();
        out.insert(end, close);
    }
    if mark.is_none() && out.starts_with(['#', '>', '+', '-', '=']) {
        out.insert(0, '\\');
    }
    out
}

/// Whether a superscript digit after `c` is a note mark or part of one.
fn raises(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '?' | '!' | '”' | '"' | '’' | ')' | '⁰'..='⁹' | '¹' | '²' | '³')
}

/// The mark to write for `c` inside a quotation opened with `mark`.
fn inner(c: char, mark: Option<char>, opens: bool, behind: &[char], open: &mut Vec<char>) -> char {
    let (own, theirs) = match mark {
        Some('“') => (('“', '”'), ('‘', '’')),
        Some('"') => (('"', '"'), ('\'', '\'')),
        Some('«') => (('«', '»'), ('‹', '›')),
        Some('„') => {
            return match (c, open.last()) {
                ('„', _) => {
                    open.push('‘');
                    '‚'
                }
                ('“', Some('‘')) => {
                    open.pop();
                    '‘'
                }
                ('“', _) => {
                    open.push('’');
                    '‘'
                }
                ('”', _) => {
                    open.pop();
                    '’'
                }
                _ => c,
            };
        }
        Some('‘') if c == '‘' || c == '’' && open.last() == Some(&'”') => {
            // Leave apostrophes alone: only close what was opened.
            let word = behind.first().is_some_and(|c| c.is_alphanumeric());
            return match c {
                '‘' if opens && behind.contains(&'’') => {
                    open.push('”');
                    '“'
                }
                '’' if !word => {
                    open.pop();
                    '”'
                }
                _ => c,
            };
        }
        _ => return c,
    };
    if c == own.0 && (own.0 != own.1 || opens) {
        open.push(theirs.1);
        return theirs.0;
    }
    if c == own.1 || c == own.0 {
        open.pop();
        return theirs.1;
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fixture::workspace;

    fn quoted(paragraphs: &str, from: &str, to: &str) -> Option<Quoted> {
        let at = workspace(&format!("//- sources/a note.txt\n{paragraphs}\n//- brief.md\n"));
        let source = at.snap.corpus.sources().first()?.text()?;
        let start = source.text.as_str().find(from).expect("the first words");
        let end = source.text.as_str().find(to).expect("the last words") + to.len();
        passage(&at.snap, &source.file, Span::new(start, end))
    }

    const TEXT: &str = "The price of grain\n\nMillers said that “nobody knows” what comes, and the *price* of grain doubled[4] in May; the state did nothing at all for them.\n\nBakers closed early for a week, and the loaf cost what a pair of shoes had cost before the drought of that year.\n";

    #[test]
    fn a_selection_becomes_a_quotation_with_its_citation() {
        let text =
            |from: &str, to: &str| quoted(TEXT, from, to).map(|quoted| quoted.text).unwrap_or_default();
        assert_eq!(text("said", "comes"), "“said that ‘nobody knows’ what comes” [@a_note, ¶ 1]");
        assert_eq!(text("llers", "th"), "“Millers said that” [@a_note, ¶ 1]", "whole words");
        assert_eq!(text("price* of", "doubled[4] in"), "“price\\* of grain doubled in” [@a_note, ¶ 1]");
        assert_eq!(text("nobody", "knows”"), "“nobody knows’” [@a_note, ¶ 1]");
        assert_eq!(
            text("state", "early"),
            "> state did nothing at all for them.\n>\n> Bakers closed early [@a_note, ¶ 1-2]\n"
        );
        assert_eq!(text("; ", "; "), "");
    }

    #[test]
    fn marks_give_way_to_ours_and_markup_is_escaped() {
        for (words, mark, expected) in [
            ("He said “no” twice", Some('“'), "He said ‘no’ twice"),
            ("He said \"no\" twice", Some('"'), "He said 'no' twice"),
            ("He said “no” twice", Some('"'), "He said “no” twice"),
            ("He said “no", Some('“'), "He said ‘no’"),
            ("He said ‘no’ to the states’ men", Some('‘'), "He said “no” to the states’ men"),
            ("They don’t", Some('‘'), "They don’t"),
            ("Er sagte „nein“ und “no”", Some('„'), "Er sagte ‚nein‘ und ‘no’"),
            ("Il dit «non» alors", Some('«'), "Il dit ‹non› alors"),
            (
                "a * b, snake_case _x_, `c`, <b>, 3 < 4, C:\\d",
                None,
                "a \\* b, snake_case \\_x\\_, \\`c\\`, \\<b>, 3 < 4, C:\\\\d",
            ),
            ("write to @moss or a@b.example", None, "write to \\@moss or a@b.example"),
            ("two\nlines  and im\u{ad}portant", None, "two lines and important"),
            ("# no heading", None, "\\# no heading"),
            ("It fell.¹² So 3 m² of it, too;³ then", None, "It fell. So 3 m² of it, too; then"),
            ("it says [12] and [sic]", Some('“'), "it says and [sic]"),
        ] {
            assert_eq!(set(words, mark), expected);
        }
    }

    #[test]
    fn furniture_is_quoted_and_named() {
        let caption = "Port calls fell in May, and with them the price of rope in all of the towns on the northern coast.\n\nPhoto: Ada Moss/The Gauge\n\nThe price of grain rose because of the drought in the north of the country and in the two valleys to the west.\n";
        let found = quoted(caption, "Photo", "Gauge").expect("words");
        assert_eq!(found.text, "“Photo: Ada Moss/The Gauge” [@a_note]");
        assert_eq!((found.locator, found.furniture), (None, Some("caption")));
    }
}
