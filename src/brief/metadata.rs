//! The YAML front matter of a brief: which fields hold text, and which parts of that text are not prose.
//! Reads line by line and knows no more YAML than that, so it copes with half-written front matter.

use crate::text::Span;

/// The value of the top-level field `name` in `text`, without quotation marks and comments.
pub(super) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then_some(value)
}

/// The column and name of the field that begins in `line`, after any list dashes.
fn name(line: &str) -> Option<(usize, &str)> {
    let mut column = line.len() - line.trim_start().len();
    while let Some(rest) = line[column..].strip_prefix("- ") {
        column += 2 + (rest.len() - rest.trim_start().len());
    }
    let (name, rest) = line[column..].split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '"' | '\'');
    let begins = name.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '\''));
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']);
    (begins && ends && name.chars().all(plain)).then(|| (column, name.trim_matches(['"', '\''])))
}

/// Whether Pandoc, Quarto or Manubot print the text of this field. In other fields an `@` begins a user name.
fn is_text(name: &str) -> bool {
    const WORDS: [&str; 30] = [
        "title",
        "subtitle",
        "shorttitle",
        "abstract",
        "nocite",
        "description",
        "summary",
        "caption",
        "cap",
        "subcap",
        "note",
        "notes",
        "thanks",
        "acknowledgements",
        "acknowledgments",
        "acknowledgement",
        "epigraph",
        "dedication",
        "preface",
        "foreword",
        "excerpt",
        "synopsis",
        "lead",
        "lede",
        "teaser",
        "text",
        "statement",
        "disclaimer",
        "header",
        "footer",
    ];
    let lower = name.to_lowercase();
    lower.split(['-', '_', '.', ' ']).any(|word| WORDS.contains(&word))
}

/// The parts of the front matter that are not prose: fields that hold no text, YAML comments, and code, math
/// and HTML comments that begin and end on one line. A `#` in a block scalar (`|` or `>`) is text, not a
/// comment.
pub(super) fn no_prose(text: &str, span: Span) -> Vec<Span> {
    let mut cuts = Vec::new();
    let mut at = span.start;
    let mut block: Option<usize> = None;
    // The open fields: their column, and whether they hold text.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut library = false;
    for line in text[span.start..span.end].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim();
        let indent = line.len() - line.trim_start().len();
        if words.is_empty() {
            continue;
        }
        let scalar = block.is_some_and(|parent| indent > parent);
        if !scalar {
            block = None;
            if let Some((column, name)) = name(line) {
                open.retain(|(other, _)| *other < column);
                let inside = open.last().map(|(_, texts)| *texts);
                // A library in the front matter holds other people's words.
                library = if inside.is_none() { name == "references" } else { library };
                open.push((column, inside == Some(true) || !library && is_text(name)));
            }
        }
        if !open.last().is_some_and(|(_, texts)| *texts) {
            cuts.push(Span::new(start, at));
            continue;
        }
        let comment = if scalar { None } else { comment(line) };
        let length = comment.unwrap_or(line.len());
        let value = line[..length]
            .trim_end()
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        if !scalar && (value.ends_with(": |") || value.ends_with(": >")) {
            block = Some(indent);
        }
        cuts.extend(
            code_and_math(&line[..length])
                .into_iter()
                .map(|cut| Span::new(start + cut.start, start + cut.end)),
        );
        cuts.extend(comment.map(|from| Span::new(start + from, at)));
    }
    cuts
}

/// The offset of the YAML comment in `line`: a `#` after a blank, outside quotation marks.
fn comment(line: &str) -> Option<usize> {
    let mut open = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (open, c) {
            (None, '#') if before.is_whitespace() => return Some(at),
            // A mark within a word is an apostrophe.
            (None, '"' | '\'') if !before.is_alphanumeric() => open = Some(c),
            (Some(mark), _) if c == mark && before != '\\' => open = None,
            _ => {}
        }
        before = c;
    }
    None
}

/// The code, math and HTML comments on one line, sorted and not overlapping.
fn code_and_math(line: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = line[at..].find(['`', '$', '<']) {
        let start = at + next;
        let rest = &line[start..];
        let length = if let Some(inner) = rest.strip_prefix("<!--") {
            inner.find("-->").map(|end| end + 7)
        } else if let Some(inner) = rest.strip_prefix('$') {
            let closed = |end: &usize| !inner.starts_with(' ') && *end > 0 && !inner[..*end].ends_with(' ');
            inner.find('$').filter(closed).map(|end| end + 2)
        } else {
            rest.strip_prefix('`').and_then(|inner| inner.find('`')).map(|end| end + 2)
        };
        if let Some(length) = length {
            found.push(Span::new(start, start + length));
        }
        at = start + length.unwrap_or(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::block::apart;

    fn prose(text: &str) -> String {
        let whole = Span::new(0, text.len());
        let pieces = apart(&[whole], &no_prose(text, whole));
        pieces.iter().map(|piece| &text[piece.start..piece.end]).collect()
    }

    #[test]
    fn fields_of_text_are_prose_and_others_are_not() {
        assert_eq!(
            prose("title: On @a\ntwitter: \"@b\"\nabstract: |\n  See @c\n\n  and @d\nx: 1\n"),
            "title: On @a\nabstract: |\n  See @c\n\n  and @d\n"
        );
        assert_eq!(
            prose("author:\n  - name: A\n    mastodon: \"@a@b.example\"\n    note: See @c\n"),
            "    note: See @c\n"
        );
        assert_eq!(prose("nocite: |\n  @a, @b\n"), "nocite: |\n  @a, @b\n");
        assert_eq!(prose("references:\n- id: a\n  title: With @b\n  note: x @c\n"), "");
        assert_eq!(prose("format:\n  html:\n    fig-cap: See @a\n    theme: x\n"), "    fig-cap: See @a\n");
        assert_eq!(prose("description: >-\n  See\n  @a\ntwitter: @b\n"), "description: >-\n  See\n  @a\n");
    }

    #[test]
    fn a_field_without_its_marks() {
        assert_eq!(field("title: x\nlang: de-DE\n", "lang"), Some("de-DE"));
        assert_eq!(field("lang: \"fr\" # French\n", "lang"), Some("fr"));
        assert_eq!(field("language: fr\n  lang: de\n", "lang"), None);
    }
}
