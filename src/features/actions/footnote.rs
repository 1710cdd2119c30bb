//! Moves a citation group from the text into a footnote, and back.
//!
//! The bracket is moved unchanged, so that Pandoc reads the same citation in the note: after a key without a
//! bracket, the prefix, locator and suffix would be plain words. An author-in-text citation is part of its
//! sentence and stays. The mark goes after the punctuation that follows the citation. The note then ends with
//! a full stop; if it has none, moving back leaves the punctuation where it is.

use super::action::{Action, Ask, REWRITE};
use super::bracket;
use crate::brief::Brief;
use crate::brief::markdown::{Block, BlockKind};
use crate::text::{Span, Text};

/// Punctuation that a note mark follows and a citation precedes.
const PUNCTUATION: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// Longest label in bytes.
const LONGEST_LABEL: usize = 200;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    // Offered only on request, since every citation could be a note.
    let Some(brief) = ask.snap.brief(ask.file).filter(|_| ask.invoked) else { return };
    let brief = brief.brief();
    let edits = to_note(brief, ask.range.start).map(|edits| ("Move the citation into a footnote", edits));
    let back = || from_note(brief, ask.range.start).map(|edits| ("Move the citation into the text", edits));
    if let Some((title, edits)) = edits.or_else(back) {
        out.extend(ask.action(title.into(), REWRITE, edits));
    }
}

/// The edits that move the citation group at byte `offset` into a note at the end of the text.
fn to_note(brief: &Brief, offset: usize) -> Option<Vec<(Span, String)>> {
    let text = brief.text.as_str();
    let block = brief.markdown.block_at(offset)?;
    if block.kind != BlockKind::Paragraph || block.footnote.is_some() {
        return None;
    }
    let mut whole = bracket::around(text, block.span, offset)?;
    // From a bracket inside the suffix to the group itself.
    while bracket::parts(brief.text.slice(whole)).is_none() {
        whole = bracket::around(text, block.span, whole.start.checked_sub(1)?)?;
    }
    let group = brief.groups.iter().find(|group| group.span == whole && group.keyless_parts.is_empty())?;
    // Pandoc reads no note inside a note or the text of a link.
    if enclosed(text, block, group.span.start) {
        return None;
    }
    let lead = lead(text, block, whole.start);
    let before = &text[block.span.start..lead];
    if before.trim_end_matches(['>', ' ', '-', '*', '+']).is_empty() {
        return None;
    }
    let behind = &text[whole.end..block.span.end.max(whole.end)];
    let marks = behind.len() - behind.trim_start_matches(PUNCTUATION).len();
    let moved = if before.ends_with(PUNCTUATION) { 0 } else { marks };
    let label = free_label(text);
    let line = line_break(text);
    let mark = format!("{}[^{label}]", &behind[..moved]);
    let end = text.trim_end().len();
    let stop = if moved > 0 { "." } else { "" };
    // On one line: a line that begins with a marker could become a block.
    let bracket = brief.text.slice(whole).split_whitespace().collect::<Vec<_>>().join(" ");
    let note = format!("{line}{line}[^{label}]: {bracket}{stop}");
    let replaced = Span::new(lead, whole.end + moved);
    // The text may end with the citation.
    let edits = match replaced.end >= end {
        true => vec![(replaced, format!("{mark}{note}"))],
        false => vec![(replaced, mark), (Span::new(end, end), note)],
    };
    checked(brief, edits, Some(&label))
}

/// The edits that move the only citation of a note to the place of its mark. Byte `offset` is in the mark or
/// the definition.
fn from_note(brief: &Brief, offset: usize) -> Option<Vec<(Span, String)>> {
    let text = brief.text.as_str();
    let marks = marks(brief);
    let block = brief.markdown.block_at(offset);
    let label = marks
        .iter()
        .find(|(span, _)| span.touches(offset))
        .map(|(_, label)| *label)
        .or_else(|| block?.footnote.as_deref())?;
    let mut named = marks.iter().filter(|(_, known)| *known == label).map(|(span, _)| *span);
    let (mark, None) = (named.find(|span| !defines(text, *span))?, named.find(|span| !defines(text, *span)))
    else {
        return None;
    };
    let mut defined = marks.iter().filter(|(span, known)| *known == label && defines(text, *span));
    let (definition, None) = (defined.next()?.0, defined.next()) else { return None };
    let mut blocks = brief.markdown.blocks.iter().filter(|block| block.footnote.as_deref() == Some(label));
    let (note, None) = (blocks.next()?, blocks.next()) else { return None };
    if note.kind != BlockKind::Paragraph {
        return None;
    }
    let body = text.get(definition.end + 1..note.span.end)?.trim();
    let (citation, stop) = alone(body)?;
    let home = brief.markdown.block_at(mark.start).filter(|home| home.footnote.is_none())?;
    let before = &text[home.span.start..mark.start];
    let words = before.trim_end();
    let moved = if stop { words.len() - words.trim_end_matches(PUNCTUATION).len() } else { 0 };
    let words = &words[..words.len() - moved];
    let blank = if words.is_empty() { "" } else { " " };
    let start = home.span.start + words.len();
    let punctuation = &text[start..start + moved];
    let put = (Span::new(start, mark.end), format!("{blank}{citation}{punctuation}"));
    let mut edits = vec![put, (removed(text, definition.start, note.span.end), String::new())];
    edits.sort_unstable_by_key(|(span, _)| span.start);
    if edits[0].0.end > edits[1].0.start {
        return None;
    }
    checked(brief, edits, None)
}

/// `edits`, if the brief makes the same claims after them and, given a `label`, that note exists.
fn checked(brief: &Brief, edits: Vec<(Span, String)>, label: Option<&str>) -> Option<Vec<(Span, String)>> {
    let after = brief.clone().read_again(Text::new(bracket::edited(brief.text.as_str(), &edits)));
    let noted =
        |label: &str| after.markdown.blocks.iter().any(|block| block.footnote.as_deref() == Some(label));
    // Moved out of a note, the key may become part of a bracket, which is intended.
    let same = match label {
        Some(label) => noted(label) && bracket::claims(&after.citations) == bracket::claims(&brief.citations),
        None => keys(&after) == keys(brief) && after.groups.len() == brief.groups.len(),
    };
    same.then_some(edits)
}

fn keys(brief: &Brief) -> Vec<&str> {
    let mut keys: Vec<&str> = brief.citations.iter().map(|citation| citation.key.as_str()).collect();
    keys.sort_unstable();
    keys
}

/// Whether byte `at` of `block` is inside a bracket.
fn enclosed(text: &str, block: &Block, at: usize) -> bool {
    let mut depth = 0_usize;
    let mut escaped = false;
    for byte in text[block.span.start..at].bytes() {
        match byte {
            b'[' if !escaped => depth += 1,
            b']' if !escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    depth > 0
}

/// The start of the whitespace before byte `at`, including block quotation markers at the start of a line.
fn lead(text: &str, block: &Block, at: usize) -> usize {
    let before = &text[block.span.start..at];
    let blank = before.trim_end();
    if block.quote.is_some() && blank.ends_with('>') {
        let words = before.trim_end_matches(|c: char| c.is_whitespace() || c == '>');
        let gap = &before[words.len()..];
        if gap.find('\n') < gap.find('>') {
            return block.span.start + words.len();
        }
    }
    block.span.start + blank.len()
}

/// The marks `[^label]` outside code, including definitions, in order.
fn marks(brief: &Brief) -> Vec<(Span, &str)> {
    let text = brief.text.as_str();
    let mark = |(at, _): (usize, &str)| {
        let length = text.as_bytes()[at..].iter().take(LONGEST_LABEL).position(|byte| *byte == b']')?;
        let label = text.get(at + 2..at + length)?;
        let is_label = !label.is_empty() && !label.contains(|c: char| c.is_whitespace() || c == '[');
        let in_code = brief.markdown.code.iter().any(|code| code.contains(at));
        (is_label && !in_code).then_some((Span::new(at, at + length + 1), label))
    };
    text.match_indices("[^").filter_map(mark).collect()
}

/// Whether the mark at `span` begins the definition of its note.
fn defines(text: &str, span: Span) -> bool {
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    text[line..span.start].trim().is_empty() && text[span.end..].starts_with(':')
}

/// The smallest number not used as a label in the text.
fn free_label(text: &str) -> String {
    let taken = |label: &str| text.contains(&format!("[^{label}]"));
    (1_usize..).map(|number| number.to_string()).find(|label| !taken(label)).unwrap_or_default()
}

fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The bracket that makes up the text of a note, and whether it ends with a full stop: one group, or one
/// author-in-text citation followed by its locator.
fn alone(body: &str) -> Option<(String, bool)> {
    let (words, stop) = match body.strip_suffix('.') {
        Some(words) => (words.trim_end(), true),
        None => (body, false),
    };
    // A full stop could be read as part of a key, so the key must not end with one.
    if bracket::parts(words).is_some() {
        return Some((words.to_owned(), stop));
    }
    let key = words.strip_prefix('@').filter(|_| !words.contains([';', '\n']))?;
    let end = key.find([',', ' ', '[']).unwrap_or(key.len());
    let (key, rest) = key.split_at(end);
    let rest = rest.trim();
    let locator = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let locator = locator.or_else(|| rest.strip_prefix(',')).unwrap_or(rest).trim();
    let written = if locator.is_empty() { format!("[@{key}]") } else { format!("[@{key}, {locator}]") };
    let parts = bracket::parts(&written)?;
    let [part] = parts.as_slice() else { return None };
    let told = locator.is_empty() || part.citation.locator.is_some();
    (told && part.citation.suffix.trim().is_empty()).then_some((written, stop))
}

/// The span to remove with the definition from `start` to `end`: its lines and surrounding blank lines,
/// keeping the text before and after it separate.
fn removed(text: &str, start: usize, end: usize) -> Span {
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = end.min(text.len());
    let end = if text[..end].ends_with('\n') {
        end
    } else {
        text[end..].find('\n').map_or(text.len(), |at| end + at + 1)
    };
    if text[end..].trim().is_empty() {
        // Keep the whitespace at the end of the text.
        let kept = text[..end].trim_end().len();
        return Span::new(text[..start].trim_end().len(), kept);
    }
    let blank = text[end..].len() - text[end..].trim_start_matches(['\n', '\r']).len();
    Span::new(start, end + blank)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::actions::tests::check;

    #[test]
    fn a_group_becomes_a_note_and_keeps_what_it_says() {
        check(
            "Silt [see @moss2020, ¶ 2; -@re<|>ed2021 on tides].\n\nMore.\n",
            "into a footnote",
            &["Silt.[^1]\n\nMore.\n\n[^1]: [see @moss2020, ¶ 2; -@reed2021 on tides].\n"],
        );
        check(
            "Silt[^1] here\n[@mo<|>ss2020], and\r\n[^1]: So.",
            "into a footnote",
            &["Silt[^1] here,[^2] and\r\n[^1]: So.\n\n[^2]: [@moss2020]."],
        );
        check("Silt [see @mo<|>ss2020,\n  ¶ 2 and\n- @reed2021].\n", "into a footnote", &[]);
        check(
            "Silt [see @mo<|>ss2020,\n¶ 2; @reed2021 on\ntides].\n",
            "into a footnote",
            &["Silt.[^1]\n\n[^1]: [see @moss2020, ¶ 2; @reed2021 on tides].\n"],
        );
        check("Silt [@mo<|>ss2020]", "into a footnote", &["Silt[^1]\n\n[^1]: [@moss2020]"]);
        check(
            "> Silt is here\n> [@mo<|>ss2020].\n\nMore.",
            "into a footnote",
            &["> Silt is here.[^1]\n\nMore.\n\n[^1]: [@moss2020]."],
        );
    }

    #[test]
    fn what_belongs_to_its_sentence_stays() {
        for brief in [
            "As @mo<|>ss2020 says.\n",
            "As @moss2020 [¶ <|>2] says.\n",
            "# Silt [@mo<|>ss2020]\n",
            "Silt[^a].\n\n[^a]: As [@mo<|>ss2020] has it.\n",
            "Silt^[As [@mo<|>ss2020] has it].\n",
            "[Silt [@mo<|>ss2020]](x).\n",
            "[@mo<|>ss2020] says so.\n",
            "Silt [@mo<|>ss2020; and more].\n",
            "Silt [@reed2021][@mo<|>ss2020].\n",
            "`Silt [@mo<|>ss2020]`.\n",
            "Silt <|>here [@moss2020].\n",
        ] {
            check(brief, "into a footnote", &[]);
        }
    }

    #[test]
    fn a_note_that_only_cites_comes_back() {
        let text = &["Silt [see @moss2020, ¶ 2].\n\nMore.\n"];
        check("Silt.[<|>^1]\n\nMore.\n\n[^1]: [see @moss2020, ¶ 2].\n", "into the text", text);
        check("Silt.[^1]\n\nMore.\n\n[^1]: [see @mo<|>ss2020, ¶ 2].\n", "into the text", text);
        check("Silt.[^1]\n\n[^1]: [see @mo<|>ss2020, ¶ 2].\n\nMore.\n", "into the text", text);
        // As people write it by hand.
        check("Silt.[<|>^n]\n\n[^n]: @moss2020, ¶ 2.\n", "into the text", &["Silt [@moss2020, ¶ 2].\n"]);
        check("Silt.[<|>^n]\n\n[^n]: @moss2020 [¶ 2].\n", "into the text", &["Silt [@moss2020, ¶ 2].\n"]);
        check("Silt?[<|>^n] No.\n\n[^n]: [@moss2020]\n", "into the text", &["Silt? [@moss2020] No.\n"]);
    }

    #[test]
    fn a_note_that_says_more_stays() {
        for brief in [
            "Silt.[<|>^1]\n\n[^1]: So says [@moss2020].\n",
            "Silt.[<|>^1]\n\n[^1]: @moss2020 says so.\n",
            "Silt.[<|>^1]\n\n[^1]: [@moss2020].\n\n    More.\n",
            "Silt.[<|>^1] Tides.[^1]\n\n[^1]: [@moss2020].\n",
            "Silt.[<|>^1]\n\n[^1]: [@moss2020; and more].\n",
            "Silt.[<|>^1]\n",
            "Silt.<|> Here.[^1]\n\n[^1]: [@moss2020].\n",
        ] {
            check(brief, "into the text", &[]);
        }
    }

    #[test]
    fn the_quoted_words_keep_their_source() {
        let at = crate::features::fixture::harbours("");
        for text in [
            "It would “begin work before the winter” [@moss2020, ¶ 2].\n",
            "> It would begin work before the winter [@moss2020, ¶ 2].\n",
        ] {
            let before = Brief::read(Text::new(text));
            let edits = to_note(&before, text.find("@moss").expect("there")).expect("a note");
            let after = Brief::read(Text::new(bracket::edited(text, &edits)));
            let owner = |brief: &Brief| {
                let evidence =
                    crate::evidence::check(&at.snap.corpus, &at.snap.memo, brief, &brief.quotations[0]);
                (evidence.verdict, evidence.owner)
            };
            assert_eq!(owner(&after), owner(&before), "{text}");
            assert_eq!(owner(&after).1, Some(0));
        }
    }

    fn words() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "Silt",
            " and",
            " tides",
            ".",
            ",",
            "?",
            "…",
            "”",
            " “so",
            " [@b]",
            " [^7]",
            "\n",
            "\n\n",
            "\r\n",
            " *it*",
            " \\[x]",
            " [a](b)",
            "\n\n> quoted",
            "\n\n- item",
            " é𝕏",
            "\n\n# Head\n\n",
            " `code`",
            "\n\n[^7]: A note.\n\n",
        ]);
        proptest::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn there_and_back_gives_the_same_text(before in words(), after in words()) {
            let text = format!("Words here{before} [see @a, ¶ 2; -@c]{after}");
            let brief = Brief::read(Text::new(text.as_str()));
            let offset = text.find("@a").expect("there");
            if let Some(edits) = to_note(&brief, offset) {
                let moved = bracket::edited(&text, &edits);
                let noted = Brief::read(Text::new(moved.as_str()));
                let back = from_note(&noted, moved.find("@a").expect("there"));
                prop_assert!(back.is_some(), "{moved:?}");
                let back = bracket::edited(&moved, &back.unwrap_or_default());
                let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(flat(&back), flat(&text), "{:?}", moved);
            }
        }
    }
}
