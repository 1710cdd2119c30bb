//! Turns a reference typed by hand, such as “Suchkov (2021)”, into a citation with its source's key. Only if
//! family name and year match exactly one source.

use super::action::{Action, Ask, REWRITE};
use super::bracket;
use crate::brief::Brief;
use crate::brief::markdown::BlockKind;
use crate::corpus::Corpus;
use crate::corpus::library::Entry;
use crate::text::{Span, Text};

/// A parenthesis longer than this, in bytes, contains prose rather than references.
const LONGEST_BRACKET: usize = 300;

/// Words before a name in a bracket that become the citation's prefix.
const PREFIXES: [&str; 9] =
    ["see", "see also", "also", "cf.", "e.g.", "compare", "but see", "but compare", "so"];

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file) else { return };
    let brief = brief.brief();
    let Some(block) = brief.markdown.block_at(ask.range.start) else { return };
    if block.kind == BlockKind::Metadata {
        return;
    }
    let text = brief.text.as_str();
    for piece in block.prose.iter().filter(|piece| ask.touches(**piece)) {
        // Only those near the cursor can touch it.
        let near = |year: &Span| {
            year.start <= ask.range.end + LONGEST_BRACKET && ask.range.start <= year.end + LONGEST_BRACKET
        };
        for year in years(text, *piece).into_iter().filter(near) {
            let Some(found) = reference(&ask.snap.corpus, text, *piece, year) else { continue };
            if !ask.touches(found.span) || !is_own_prose(brief, found.span) {
                continue;
            }
            let edits = vec![(found.span, found.written)];
            if reads_as(brief, &edits, &found.keys) {
                let title = format!("Write {}", edits[0].1);
                if !out.iter().any(|known| known.title == title) {
                    out.extend(ask.action(title, REWRITE, edits));
                }
            }
        }
    }
}

/// A reference and its replacement.
struct Found {
    span: Span,
    written: String,
    keys: Vec<String>,
}

/// Whether `span` is neither quoted nor part of a citation.
fn is_own_prose(brief: &Brief, span: Span) -> bool {
    let meets = |other: Span| span.start < other.end && other.start < span.end;
    !brief.quotations.iter().flat_map(|quotation| &quotation.words).any(|words| meets(*words))
        && !brief.groups.iter().any(|group| meets(group.span))
}

/// Whether the edited brief cites `keys` there, and everything else as before.
fn reads_as(brief: &Brief, edits: &[(Span, String)], keys: &[String]) -> bool {
    let after = brief.clone().read_again(Text::new(bracket::edited(brief.text.as_str(), edits)));
    let Some((span, new)) = edits.first() else { return false };
    let now = Span::new(span.start, span.start + new.len());
    let there: Vec<&str> =
        after.citations.iter().filter(|one| now.covers(one.span)).map(|one| one.key.as_str()).collect();
    there == keys && after.citations.len() == brief.citations.len() + keys.len()
}

/// The years in `piece`: four digits by themselves.
fn years(text: &str, piece: Span) -> Vec<Span> {
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    let mut out = Vec::new();
    let mut at = piece.start;
    while at + 4 <= piece.end {
        let run = bytes[at..piece.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let joined = at > piece.start && (word(at - 1) || matches!(bytes[at - 1], b'-' | b'.' | b'/' | b'@'));
        if run == 4 && !joined && !word(at + 4) && matches!(bytes[at], b'1' | b'2') {
            out.push(Span::new(at, at + 4));
        }
        at += run.max(1);
    }
    out
}

fn reference(corpus: &Corpus, text: &str, piece: Span, year: Span) -> Option<Found> {
    let bytes = text.as_bytes();
    let before = &text[piece.start..year.start];
    // `Suchkov (2021)` and `Suchkov (2021, ¶ 4)`.
    if let Some(words) = before.strip_suffix('(') {
        let close = year.end + text[year.end..piece.end].find(')')?;
        let (key, name) = source(corpus, words.strip_suffix(' ')?, year, text)?;
        let span = Span::new(piece.start + words.len() - 1 - name, close + 1);
        let written = match locator(&text[year.end..close])? {
            "" => format!("@{key}"),
            locator => format!("@{key} [{locator}]"),
        };
        return Some(Found { span, written, keys: vec![key] });
    }
    if let Some(found) = in_bracket(corpus, text, piece, year) {
        return Some(found);
    }
    // `Suchkov 2021`; with a comma it may be a date: “According to Suchkov, 2021 was hot.”
    let words = before.strip_suffix(' ')?;
    let (key, name) = source(corpus, words, year, text)?;
    let possessive = matches!(bytes.get(year.end), Some(b'\''));
    // It would look odd in a bracket beside other references that could not be converted.
    let in_bracket = before.rfind(['(', ')']).is_some_and(|at| before[at..].starts_with('('));
    let goes_on = text[year.end..piece.end].starts_with(' ');
    if in_bracket && !goes_on {
        return None;
    }
    let span = Span::new(piece.start + words.len() - name, year.end);
    (!possessive).then(|| Found { span, written: format!("@{key}"), keys: vec![key] })
}

/// A parenthesis that contains only references: `(see Moss 2020; Suchkov, 2021, ¶ 4)`.
fn in_bracket(corpus: &Corpus, text: &str, piece: Span, year: Span) -> Option<Found> {
    let open = text[piece.start..year.start].rfind(['(', ')']).map(|at| piece.start + at)?;
    let close = year.end + text[year.end..piece.end].find(['(', ')'])?;
    let inner = text
        .get(open + 1..close)
        .filter(|_| text[open..].starts_with('(') && text[close..].starts_with(')'))?;
    if inner.len() > LONGEST_BRACKET {
        return None;
    }
    let (mut parts, mut keys) = (Vec::new(), Vec::new());
    for part in inner.split(';') {
        let part = part.trim();
        let whole = Span::new(0, part.len());
        let [year] = years(part, whole)[..] else { return None };
        let words = part[..year.start].trim_end();
        let words = words.strip_suffix(',').unwrap_or(words);
        let (key, name) = source(corpus, words, year, part)?;
        let prefix = words[..words.len() - name].trim();
        if !prefix.is_empty() && !PREFIXES.contains(&prefix.to_lowercase().as_str()) {
            return None;
        }
        let blank = if prefix.is_empty() { "" } else { " " };
        let locator = locator(&part[year.end..])?;
        let comma = if locator.is_empty() { "" } else { ", " };
        parts.push(format!("{prefix}{blank}@{key}{comma}{locator}"));
        keys.push(key);
    }
    Some(Found { span: Span::new(open, close + 1), written: format!("[{}]", parts.join("; ")), keys })
}

/// The locator after a year: empty, or a comma or colon and what Pandoc reads as a locator. `None` for
/// anything else.
fn locator(behind: &str) -> Option<&str> {
    let behind = behind.trim();
    if behind.is_empty() {
        return Some("");
    }
    let locator = behind.strip_prefix([',', ':'])?.trim();
    let parts = bracket::parts(&format!("[@a, {locator}]"))?;
    let [part] = parts.as_slice() else { return None };
    (part.citation.locator.is_some() && part.citation.suffix.trim().is_empty()).then_some(locator)
}

/// The key of the only source of that year whose authors end `words`, and the length of their names in bytes.
fn source(corpus: &Corpus, words: &str, year: Span, text: &str) -> Option<(String, usize)> {
    let number: i32 = text.get(year.start..year.end)?.parse().ok()?;
    let mut found: Option<(String, Option<usize>)> = None;
    for id in corpus.of_year(number) {
        let source = corpus.source(id);
        let Some(entry) = source.entry.as_deref() else { continue };
        // Two by the same first author could both be meant, whatever their coauthors.
        let family = &entry.authors[0].family;
        if !names(words, family) {
            continue;
        }
        if found.is_some() {
            return None;
        }
        found = Some((source.key.to_string(), authors(words, entry)));
    }
    let (key, length) = found?;
    // A key that needs braces would look odd in a sentence.
    Some((key, length?))
}

/// Whether `words` end by naming `family`, alone or before others.
fn names(words: &str, family: &str) -> bool {
    let near = words.len().saturating_sub(family.len() + 80);
    let near = &words[crate::text::position::floor(words, near)..];
    near.match_indices(family).any(|(at, _)| {
        let behind = &near[at + family.len()..];
        starts_word(near, at)
            && (behind.is_empty()
                || behind == " et al."
                || [" and ", " & "].iter().any(|and| {
                    behind.strip_prefix(and).is_some_and(|other| {
                        other.starts_with(char::is_uppercase) && !other.contains([',', '.', ';', '('])
                    })
                }))
    })
}

/// The number of bytes at the end of `words` that name all of the entry's authors as a citation would; `None`
/// if they name others.
fn authors(words: &str, entry: &Entry) -> Option<usize> {
    let forms = match entry.authors.as_slice() {
        [one] => vec![one.family.clone()],
        [one, two] => {
            vec![format!("{} and {}", one.family, two.family), format!("{} & {}", one.family, two.family)]
        }
        [one, ..] => vec![format!("{} et al.", one.family)],
        [] => return None,
    };
    let form = forms.into_iter().find(|form| words.ends_with(form.as_str()))?;
    starts_word(words, words.len() - form.len()).then_some(form.len())
}

fn starts_word(words: &str, at: usize) -> bool {
    !words[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '’' | '\'' | '@'))
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::{after, check};

    fn rewritten(brief: &str, expected: &[&str]) {
        check(brief, "Write", expected);
    }

    #[test]
    fn a_reference_in_the_sentence_keeps_its_author_there() {
        rewritten("As Moss (20<|>20) says.", &["As @moss2020 says."]);
        rewritten("As Mo<|>ss (2020, ¶ 2) says.", &["As @moss2020 [¶ 2] says."]);
        rewritten("As Moss 20<|>20 says, Reed 2021 too.", &["As @moss2020 says, Reed 2021 too."]);
    }

    #[test]
    fn a_reference_in_brackets_becomes_a_bracket() {
        for typed in ["(Moss, 20<|>20)", "(Moss 20<|>20)", "(Moss 2020<|>)"] {
            rewritten(&format!("Silt {typed}."), &["Silt [@moss2020]."]);
        }
        rewritten(
            "Silt (see Moss 2020, para. 2; but compare Reed, 20<|>21: 7).",
            &["Silt [see @moss2020, para. 2; but compare @reed2021, 7]."],
        );
    }

    #[test]
    fn what_only_looks_like_a_reference_stays() {
        for brief in [
            "According to Moss, 20<|>20 was dry.",
            "As Moss 20<|>19 says.",
            "As Bemoss 20<|>20 says.",
            "As O’Moss 20<|>20 says.",
            "As moss 20<|>20 says.",
            "As Moss and Reed 20<|>20 say.",
            "As Moss et al. 20<|>20 say.",
            "As Moss 20<|>20a says.",
            "He wrote “as Moss 20<|>20 says” [@reed2021].",
            "Silt [see Moss 20<|>20 and @moss2020].",
            "`Moss 20<|>20`",
            "[Moss](x) 20<|>20",
            "As Moss’s (20<|>20) tables say.",
            "Silt (Moss 2020; Nobody 20<|>20).",
            "Silt (Moss 2020, or so; Reed 20<|>21).",
            "As Moss 2020 says. He<|>re not.",
            "---\ntitle: Moss 20<|>20\n---\n",
            "As moss2020 20<|>20",
        ] {
            rewritten(brief, &[]);
        }
    }

    #[test]
    fn where_two_fit_none_is_chosen() {
        let fixture = |second: &str, brief: &str| {
            format!(
                "//- refs.bib\n@book{{a, author={{Moss, Ada}}, date={{2020}}}}\n@book{{b, author={{{second}}}, date={{2020}}}}\n//- brief.md\n{brief}"
            )
        };
        let one = fixture("Reed, Tom", "As Moss (20<|>20) says.");
        assert_eq!(after(&one, "Write", "brief.md"), ["As @a says."]);
        let two = fixture("Moss, Ben", "As Moss (20<|>20) says.");
        assert!(after(&two, "Write", "brief.md").is_empty());
        let pair = fixture("Moss, Ada and Reed, Tom", "As Moss (20<|>20) says.");
        assert!(after(&pair, "Write", "brief.md").is_empty());
        let both = fixture("Hale, Ida and Reed, Tom", "Silt (Hale & Reed, 20<|>20).");
        assert_eq!(after(&both, "Write", "brief.md"), ["Silt [@b]."]);
        let three = fixture("Hale, Ida and Reed, Tom and Po, X", "As Hale et al. (20<|>20) say.");
        assert_eq!(after(&three, "Write", "brief.md"), ["As @b say."]);
        let institute =
            fixture("{Port Office of the North}", "As the Port Office of the North 20<|>20 says.");
        assert_eq!(after(&institute, "Write", "brief.md"), ["As the @b says."]);
    }
}
