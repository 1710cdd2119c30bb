//! Parses the locator at the start of a citation's suffix, by the rules of Pandoc's citeproc
//! (`Text.Pandoc.Citeproc.Locator`) and its English terms. Sees only the suffix, and knows nothing about
//! brackets or Markdown.

/// Labels with CSL's name for each. The common ones were measured with Pandoc 3.9; rarer plurals and long
/// forms follow CSL's English locale, unmeasured. Case is ignored, and the longest match wins.
const LABELS: &[(&str, &str)] = &[
    ("bk.", "book"),
    ("bks.", "book"),
    ("book", "book"),
    ("books", "book"),
    ("c.", "chapter"),
    ("chap.", "chapter"),
    ("chaps.", "chapter"),
    ("chapter", "chapter"),
    ("chapters", "chapter"),
    ("col.", "column"),
    ("cols.", "column"),
    ("column", "column"),
    ("columns", "column"),
    ("fig.", "figure"),
    ("figs.", "figure"),
    ("figure", "figure"),
    ("figures", "figure"),
    ("fol.", "folio"),
    ("fols.", "folio"),
    ("folio", "folio"),
    ("folios", "folio"),
    ("no.", "issue"),
    ("nos.", "issue"),
    ("issue", "issue"),
    ("issues", "issue"),
    ("l.", "line"),
    ("ll.", "line"),
    ("line", "line"),
    ("lines", "line"),
    ("n.", "note"),
    ("nn.", "note"),
    ("note", "note"),
    ("notes", "note"),
    ("op.", "opus"),
    ("opp.", "opus"),
    ("opus", "opus"),
    ("opera", "opus"),
    ("p.", "page"),
    ("pp.", "page"),
    ("page", "page"),
    ("pages", "page"),
    ("para.", "paragraph"),
    ("paras.", "paragraph"),
    ("paragraph", "paragraph"),
    ("paragraphs", "paragraph"),
    ("¶", "paragraph"),
    ("¶¶", "paragraph"),
    ("pt.", "part"),
    ("pts.", "part"),
    ("part", "part"),
    ("parts", "part"),
    ("sec.", "section"),
    ("secs.", "section"),
    ("section", "section"),
    ("sections", "section"),
    ("§", "section"),
    ("§§", "section"),
    ("s.v.", "sub-verbo"),
    ("s.vv.", "sub-verbo"),
    ("sub verbo", "sub-verbo"),
    ("sub verbis", "sub-verbo"),
    ("v.", "verse"),
    ("vv.", "verse"),
    ("verse", "verse"),
    ("verses", "verse"),
    ("vol.", "volume"),
    ("vols.", "volume"),
    ("volume", "volume"),
    ("volumes", "volume"),
];

/// Labels of another language: CSL's name, and the written forms in lower case.
pub(super) type Labels = &'static [(&'static str, &'static [&'static str])];

/// A locator found in a suffix, in byte offsets of that suffix.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) label: &'static str,
    /// `start..end` runs from the label (or opening brace) to the end of the value (or the closing brace).
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value_start: usize,
    pub(super) value_end: usize,
}

/// Parses the locator at the start of `suffix`, skipping a comma directly after the key. Labels may be
/// English or those in `local`.
pub(super) fn parse(suffix: &str, local: Labels) -> Option<Found> {
    let at = white(suffix, usize::from(suffix.starts_with(',')));
    if suffix[at..].starts_with('{') {
        return braced(suffix, at, local);
    }
    if let Some((label, length)) = label(&suffix[at..], local) {
        let value_start = white(suffix, at + length);
        let value_end = value(suffix, value_start, false)?;
        return Some(Found { label, start: at, end: value_end, value_start, value_end });
    }
    let value_end = value(suffix, at, true)?;
    Some(Found { label: "page", start: at, end: value_end, value_start: at, value_end })
}

/// Parses a locator in braces, which may contain anything; empty braces mean that there is none.
fn braced(suffix: &str, open: usize, local: Labels) -> Option<Found> {
    let close = balanced(suffix, open)?;
    let inner = &suffix[open + 1..close];
    if inner.trim().is_empty() {
        return None;
    }
    let at = white(suffix, open + 1);
    let (label, length) = label(&suffix[at..close], local).unwrap_or(("page", 0));
    let value_start = white(suffix, at + length).min(close);
    let value_end = value_start + suffix[value_start..close].trim_end().len();
    Some(Found { label, start: open, end: close + 1, value_start, value_end })
}

/// Offset of the bracket that closes the one at `open`.
fn balanced(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let opening = text.as_bytes()[open];
    let closing = match opening {
        b'{' => b'}',
        b'(' => b')',
        _ => b']',
    };
    for (at, byte) in text.bytes().enumerate().skip(open) {
        if byte == opening {
            depth += 1;
        } else if byte == closing {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// The longest label at the start of `text`, and its length in bytes. A label ending in a letter must end a
/// word.
fn label(text: &str, local: Labels) -> Option<(&'static str, usize)> {
    let mut best: Option<(&'static str, usize)> = None;
    let english = LABELS.iter().map(|&(written, name)| (written, name));
    let local = local.iter().flat_map(|&(name, all)| all.iter().map(move |&written| (written, name)));
    for (written, name) in local.chain(english) {
        let Some(length) = begins(text, written) else { continue };
        let ends = !written.ends_with(|c: char| c.is_alphabetic())
            || !text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '.');
        if ends && best.is_none_or(|(_, other)| length > other) {
            best = Some((name, length));
        }
    }
    best
}

/// The length in bytes of `written` at the start of `text`, ignoring case.
fn begins(text: &str, written: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    for want in written.chars() {
        let (_, c) = chars.next()?;
        if c != want && !c.to_lowercase().eq(want.to_lowercase()) {
            return None;
        }
    }
    Some(chars.next().map_or(text.len(), |(at, _)| at))
}

/// The end of the run of number-like words at `start`, which may be separated by `,` and spaces. Without a
/// label each word must contain a digit; after a label a roman numeral is enough.
fn value(suffix: &str, start: usize, digits_only: bool) -> Option<usize> {
    let mut end = None;
    let mut at = start;
    loop {
        let mut word = at;
        if end.is_some() && suffix[word..].starts_with(',') {
            word += 1;
        }
        word = white(suffix, word);
        let Some((word_end, has_digit, has_roman)) = self::word(suffix, word) else { break };
        if !(has_digit || has_roman && !digits_only) || word_end == at {
            break;
        }
        end = Some(word_end);
        at = word_end;
    }
    end
}

/// One word of a locator: units joined by periods, with any brackets directly next to them.
fn word(suffix: &str, start: usize) -> Option<(usize, bool, bool)> {
    let mut end = start;
    let (mut digit, mut numeral) = (false, false);
    loop {
        let rest = &suffix[end..];
        let (inner, next) = if rest.starts_with(['(', '[', '{']) {
            let Some(close) = balanced(suffix, end) else { break };
            (end + 1..close, close + 1)
        } else {
            let unit = end + usize::from(rest.starts_with('.') && end > start);
            let ends = |at: usize, c: char| c.is_whitespace() || is_break(c) || is_mark(&suffix[unit + at..]);
            let length = suffix[unit..].char_indices().find(|(at, c)| ends(*at, *c));
            let next = length.map_or(suffix.len(), |(at, _)| unit + at);
            (unit..next, next)
        };
        if inner.is_empty() && next <= end + 1 {
            break;
        }
        let written = &suffix[inner];
        digit |= written.bytes().any(|byte| byte.is_ascii_digit());
        numeral |= written.split(['-', '–']).next().is_some_and(roman);
        end = next;
    }
    (end > start).then_some((end, digit, numeral))
}

/// Whether `rest` starts with something that Pandoc converts: `---` is a dash, `^2^` a superscript and `~2~`
/// a subscript.
fn is_mark(rest: &str) -> bool {
    let set = |mark: char| {
        rest.strip_prefix(mark)
            .and_then(|inner| inner.split_once(mark))
            .is_some_and(|(inner, _)| !inner.is_empty() && !inner.contains(char::is_whitespace))
    };
    rest.starts_with("---") || set('^') || set('~')
}

/// Whether `c` is punctuation that ends a unit. Hyphen, en dash and colon occur inside ranges, and symbols
/// (`+`, `$`, `−`) are not punctuation.
fn is_break(c: char) -> bool {
    match c {
        '-' | '–' | ':' | '+' | '=' | '<' | '>' | '$' | '~' | '|' | '^' | '`' | '\u{2044}' | '\u{2052}' => {
            false
        }
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' => true,
        // Unicode's General Punctuation block.
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => true,
        _ => c.is_ascii_punctuation(),
    }
}

/// Whether `word` is a roman numeral in either case. Like Pandoc, accepts the numerals in descending order,
/// with any number of each of M, C, X and I.
fn roman(word: &str) -> bool {
    const SIGNS: [(&str, bool); 13] = [
        ("m", true),
        ("cm", false),
        ("d", false),
        ("cd", false),
        ("c", true),
        ("xc", false),
        ("l", false),
        ("xl", false),
        ("x", true),
        ("ix", false),
        ("v", false),
        ("iv", false),
        ("i", true),
    ];
    let mut rest = word;
    for (sign, repeats) in SIGNS {
        while let Some(head) = rest.get(..sign.len())
            && head.eq_ignore_ascii_case(sign)
        {
            rest = &rest[sign.len()..];
            if !repeats {
                break;
            }
        }
    }
    !word.is_empty() && rest.is_empty()
}

/// The first offset from `at` that is not whitespace.
fn white(text: &str, at: usize) -> usize {
    at + text[at..].len() - text[at..].trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(suffix: &str, expected: Option<(&str, &str)>) {
        let found = parse(suffix, &[]);
        let found = found.as_ref().map(|found| (found.label, &suffix[found.value_start..found.value_end]));
        assert_eq!(found, expected, "{suffix:?}");
    }

    #[test]
    fn labels_and_numbers() {
        check(", para. 7", Some(("paragraph", "7")));
        check(", ¶7", Some(("paragraph", "7")));
        check(" pp. 3-5, 9 and on", Some(("page", "3-5, 9")));
        check(", 33–35", Some(("page", "33–35")));
        check(", Chap. iv", Some(("chapter", "iv")));
        check("p.3", Some(("page", "3")));
        check(", {sec. on rents}", Some(("section", "on rents")));
    }

    #[test]
    fn punctuation_ends_a_value_and_symbols_do_not() {
        check(", p. 3/4", Some(("page", "3")));
        check(", 3---5", Some(("page", "3")));
        check(", p. 3--5", Some(("page", "3--5")));
        check(", p. 3‑4", Some(("page", "3")));
        check(", p. 3+4", Some(("page", "3+4")));
        check(", p. x-y", Some(("page", "x-y")));
    }

    #[test]
    fn near_misses_stay_suffixes() {
        check(" , p. 3", None);
        check(", p. y-x", None);
        check(", p. §3", None);
        check(", p. ½", None);
        check(", p. vv", None);
        check(", par. 7", None);
        check(", para 7", None);
        check(", iv", None);
        check(", p. see", None);
        check(", {}, 3", None);
        check(", see p. 3", None);
        check("", None);
    }
}
