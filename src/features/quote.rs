//! Words of a source in the form in which a brief quotes them: in marks or as a block quotation, with
//! the citation behind them. Changes typography only, never a word.

use crate::corpus::source::Class;
use crate::features::rename;
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// A passage, quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// What is to be put into a brief: `“words” [@key, ¶ 3]`, or a block quotation.
    pub text: String,
    /// The citation key.
    pub key: String,
    /// Where the words stand: `¶ 3`, `¶ 3-5`; `None` for what has no number.
    pub locator: Option<String>,
    /// What the words are when they are nobody's argument: `caption`.
    pub furniture: Option<&'static str>,
}

/// The words of bytes `span` of the source in `file`, grown to whole words, as a brief quotes them.
/// `None` when that is no source, or when there is no word.
///
/// Words of one paragraph stand in “ ”, of several in a block quotation. Furniture is quoted too,
/// without a locator, as it has none: who selects a caption wants the caption, and is told.
#[must_use]
pub fn passage(snap: &Snapshot, file: &FileId, span: Span) -> Option<Quoted> {
    let source = snap.corpus.source(snap.corpus.of_file(file)?);
    let text = source.text()?;
    // What the editor shows may be newer than what was read: the selection is one of the former.
    if snap.text(file).is_some_and(|shown| shown.as_str() != text.text.as_str()) {
        return None;
    }
    let span = grown(text.text.as_str(), span)?;
    let inside = text.passages.iter().filter_map(|passage| {
        let part = Span::new(passage.span.start.max(span.start), passage.span.end.min(span.end));
        let words = text.text.slice(part);
        words.contains(char::is_alphanumeric).then_some((passage, words))
    });
    let parts: Vec<_> = inside.collect();
    let numbers = || parts.iter().filter_map(|(passage, _)| passage.number);
    let locator = match (numbers().min(), numbers().max()) {
        (Some(first), Some(last)) if first < last => Some(format!("¶ {first}-{last}")),
        (Some(first), _) => Some(format!("¶ {first}")),
        (None, _) => None,
    };
    let key = written(&source.key);
    let citation = match &locator {
        Some(locator) => format!("[@{key}, {locator}]"),
        None => format!("[@{key}]"),
    };
    let quoted = match parts.as_slice() {
        [] => return None,
        [(_, words)] => format!("“{}” {citation}", set(words, Some('“'))),
        _ => {
            let lines: Vec<String> =
                parts.iter().map(|(_, words)| format!("> {}", set(words, None))).collect();
            format!("{} {citation}\n", lines.join("\n>\n"))
        }
    };
    let furniture = parts.iter().find_map(|(passage, _)| match passage.class {
        Class::Furniture(kind) => Some(kind.name()),
        Class::Title | Class::Standfirst | Class::Heading | Class::Body | Class::BlockQuotation => None,
    });
    Some(Quoted { text: quoted, key: source.key.to_string(), locator, furniture })
}

/// `span` without blanks at its ends, grown to whole words.
fn grown(text: &str, span: Span) -> Option<Span> {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let before = text.get(..span.start)?;
    let behind = text.get(span.end..)?;
    let cut = |at: usize| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        letter(text[..at].chars().next_back()) && letter(text[at..].chars().next())
    };
    let start = if cut(span.start) { before.trim_end_matches(joins).len() } else { span.start };
    let end = if cut(span.end) { text.len() - behind.trim_start_matches(joins).len() } else { span.end };
    let words = text.get(start..end)?;
    let start = start + words.len() - words.trim_start().len();
    let words = words.trim();
    words.contains(char::is_alphanumeric).then(|| Span::new(start, start + words.len()))
}

/// `key` as it stands behind an `@`, in braces where Pandoc needs them.
pub(super) fn written(key: &str) -> String {
    if rename::needs_braces(key) { format!("{{{key}}}") } else { key.to_owned() }
}

/// `words` of a source on one line, as they stand in a quotation that `mark` opens, or in a block
/// quotation: marks that would close ours become those of the next level, marks of notes go, and
/// what Markdown would read as markup is escaped.
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
                // The mark of a note: `[12]`.
                let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                if chars.get(at + digits) == Some(&']') {
                    at += digits + 1;
                } else {
                    out.push(c);
                }
            }
            '\u{ad}' => {}
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
    // What is broken off inside of the source's own marks ends there.
    while let Some(close) = open.pop() {
        let end = out.trim_end().len();
        out.insert(end, close);
    }
    if mark.is_none() && out.starts_with(['#', '>', '+', '-', '=']) {
        out.insert(0, '\\');
    }
    out
}

/// The mark that stands for `c` inside of what `mark` opens.
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
            // An apostrophe is left alone: only what was opened is closed.
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
