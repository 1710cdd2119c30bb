//! Merges adjacent citations into one group, and sorts a group.

use super::action::{Action, Ask, REWRITE};
use super::bracket::{self, Part};
use crate::brief::Brief;
use crate::brief::markdown::BlockKind;
use crate::text::{Span, Text};

/// More groups are never written side by side.
const MOST: usize = 32;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    let Some(brief) = ask.snap.brief(ask.file) else { return };
    let brief = brief.brief();
    let text = brief.text.as_str();
    let Some(block) = brief.markdown.block_at(ask.range.start) else { return };
    if block.kind == BlockKind::Metadata
        || brief.markdown.code.iter().any(|code| code.contains(ask.range.start))
    {
        return;
    }
    let Some(here) = bracket::around(text, block.span, ask.range.start) else { return };
    let run = run(text, block.span, here);
    let parts: Option<Vec<Part>> = run
        .iter()
        .map(|span| bracket::parts(brief.text.slice(*span)))
        .collect::<Option<Vec<_>>>()
        .map(|all| all.concat());
    let Some(parts) = parts else { return };
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    let whole = Span::new(first.start, last.end);
    // Everything elsewhere must be read as before, and all of this as one group.
    let outside = |brief: &Brief, whole: Span| {
        bracket::claims(brief.citations.iter().filter(|citation| !whole.covers(citation.span)))
    };
    let mut offer = |title: String, parts: &[&str]| {
        let new = format!("[{}]", parts.join("; "));
        let now = Span::new(whole.start, whole.start + new.len());
        let edits = vec![(whole, new)];
        let after = brief.clone().read_again(Text::new(bracket::edited(text, &edits)));
        let one = after.groups.iter().any(|group| group.span == now && group.keyless_parts.is_empty());
        if one && outside(&after, now) == outside(brief, whole) {
            out.extend(ask.action(title, REWRITE, edits));
        }
    };
    let written: Vec<&str> = parts.iter().map(|part| part.written.as_str()).collect();
    if run.len() > 1 {
        return offer("Merge into one citation group".into(), &written);
    }
    if let Some((key, merged)) = once(&parts) {
        let merged: Vec<&str> = merged.iter().map(String::as_str).collect();
        offer(format!("Name @{key} once"), &merged);
    }
    // A prefix such as “see” or “but compare” refers to what comes before it.
    let plain = |part: &Part| part.citation.prefix.is_empty() && part.citation.suffix.trim().is_empty();
    if ask.invoked && parts.iter().all(plain) {
        let mut sorted: Vec<&Part> = parts.iter().collect();
        sorted.sort_by_key(|part| part.citation.key.to_lowercase());
        let sorted: Vec<&str> = sorted.iter().map(|part| part.written.as_str()).collect();
        if sorted != written {
            offer("Sort the citation group by key".into(), &sorted);
        }
    }
}

/// The brackets adjacent to `here` with only whitespace in between, in order. Pandoc reads `[@a][@b]` as a
/// link, which nobody intends.
fn run(text: &str, block: Span, here: Span) -> Vec<Span> {
    let is_group = |span: Span| bracket::parts(&text[span.start..span.end]).is_some();
    let mut run = vec![here];
    while let Some(last) = run.last().copied().filter(|_| run.len() < MOST) {
        let rest = &text[last.end..block.end.max(last.end)];
        let open = last.end + rest.len() - rest.trim_start().len();
        let next = rest.trim_start().starts_with('[').then(|| bracket::closes(text, block, open)).flatten();
        let Some(next) = next.map(|close| Span::new(open, close + 1)).filter(|span| is_group(*span)) else {
            break;
        };
        run.push(next);
    }
    while let Some(first) = run.first().copied().filter(|_| run.len() < MOST) {
        let before = text[block.start..first.start].trim_end();
        let close = (block.start + before.len()).checked_sub(1).filter(|_| before.ends_with(']'));
        let open = close.and_then(|close| Some(Span::new(bracket::opens(text, block, close)?, close + 1)));
        let Some(open) = open.filter(|span| is_group(*span)) else { break };
        run.insert(0, open);
    }
    // `[@a](address)` and `[@a]{.class}` are a link and a span.
    if text[run.last().map_or(0, |last| last.end)..].starts_with(['(', '{', ':']) {
        run.pop();
    }
    run
}

/// The parts, with a key that two of them share named only once, if that means the same: both name paragraphs
/// and nothing else, or both are identical.
fn once(parts: &[Part]) -> Option<(String, Vec<String>)> {
    for (second, later) in parts.iter().enumerate() {
        let earlier = |part: &Part| part.citation.key == later.citation.key;
        let Some(first) = parts[..second].iter().position(earlier) else { continue };
        let joined = if parts[first].written == later.written {
            Some(later.written.clone())
        } else {
            joined(&parts[first], later)
        };
        let Some(joined) = joined else { continue };
        let mut out: Vec<String> = parts.iter().map(|part| part.written.clone()).collect();
        out[first] = joined;
        out.remove(second);
        return Some((later.citation.key.clone(), out));
    }
    None
}

/// `@a, ¶ 2` and `@a, ¶ 5` as `@a, ¶ 2, 5`.
fn joined(first: &Part, second: &Part) -> Option<String> {
    let plain = |part: &Part| {
        let one = &part.citation;
        one.prefix.is_empty() && one.suffix.is_empty() && !one.suppress_author
    };
    let (a, b) = (first.citation.locator.as_ref()?, second.citation.locator.as_ref()?);
    let (of_a, of_b) = (a.paragraphs(), b.paragraphs());
    if !plain(first) || !plain(second) || of_a.is_empty() || of_b.is_empty() {
        return None;
    }
    let mut all = [of_a, of_b].concat();
    all.sort_by_key(|range| (*range.start(), *range.end()));
    all.dedup();
    if all.windows(2).any(|pair| pair[0].end() >= pair[1].start()) {
        return None;
    }
    let numbers = all.iter().map(|range| match range.start() == range.end() {
        true => range.start().to_string(),
        false => format!("{}-{}", range.start(), range.end()),
    });
    let head = first.written.strip_suffix(a.value.as_str())?;
    let joined = format!("{head}{}", numbers.collect::<Vec<_>>().join(", "));
    // It must mean what Pandoc reads.
    let read = bracket::parts(&format!("[{joined}]"))?;
    let [part] = read.as_slice() else { return None };
    let same = part.citation.locator.as_ref().is_some_and(|locator| locator.paragraphs() == all);
    (same && part.citation.suffix.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::check;

    #[test]
    fn groups_side_by_side_become_one() {
        let merged = &["So [see @moss2020, ¶ 2; @reed2021]."];
        for brief in [
            "So [see @moss2020, ¶ 2][@re<|>ed2021].",
            "So [see @mo<|>ss2020, ¶ 2] [@reed2021].",
            "So [see @moss2020, ¶ 2<|>]\n[@reed2021].",
            "So [see @moss2020, ¶ 2] [@reed2021]<|>.",
        ] {
            check(brief, "Merge", merged);
        }
        check(
            "So [@a] [@<|>b; -@c, p. 3] [@d] and [@e].",
            "Merge",
            &["So [@a; @b; -@c, p. 3; @d] and [@e]."],
        );
    }

    #[test]
    fn what_is_no_group_is_not_merged() {
        for brief in [
            "So [@mo<|>ss2020] and [@reed2021].",
            "So [@mo<|>ss2020] [a link](x).",
            "So [@mo<|>ss2020] [@reed2021](x).",
            "So [@mo<|>ss2020]\n\n[@reed2021].",
            "So [@mo<|>ss2020] [@reed2021; and others].",
            "So `[@mo<|>ss2020] [@reed2021]`.",
            "So [@moss2020] [@reed2021] he<|>re.",
            "---\nx: '[@mo<|>ss2020] [@reed2021]'\n---\n",
        ] {
            check(brief, "Merge", &[]);
        }
    }

    #[test]
    fn a_group_is_sorted_by_its_keys() {
        check("So [@reed2021, ¶ 1; @mo<|>ss2020].", "Sort", &["So [@moss2020; @reed2021, ¶ 1]."]);
        check("So [@reed2021;<|> @Moss2020; -@a].", "Sort", &["So [-@a; @Moss2020; @reed2021]."]);
        check("So [@moss2020; @re<|>ed2021].", "Sort", &[]);
        check("So [see @reed2021; @mo<|>ss2020].", "Sort", &[]);
        check("So [@reed2021; but compare @mo<|>ss2020].", "Sort", &[]);
        check("So [@reed2021 on tides; @mo<|>ss2020].", "Sort", &[]);
        check("So @reed2021 [¶ 1; @re<|>ed2021; @moss2020].", "Sort", &[]);
    }

    #[test]
    fn a_key_is_named_once_where_that_says_the_same() {
        check("So [@moss2020, ¶ 3; @mo<|>ss2020, ¶ 1-2].", "once", &["So [@moss2020, ¶ 1-2, 3]."]);
        check(
            "So [@moss2020, para. 1; @r; @mo<|>ss2020, ¶ 3].",
            "once",
            &["So [@moss2020, para. 1, 3; @r]."],
        );
        check("So [see @moss2020; @r; see @mo<|>ss2020].", "once", &["So [see @moss2020; @r]."]);
        for brief in [
            "So [@moss2020, ¶ 3; @mo<|>ss2020].",
            "So [@moss2020, ¶ 3; @mo<|>ss2020, p. 4].",
            "So [@moss2020, ¶ 1-3; @mo<|>ss2020, ¶ 2].",
            "So [see @moss2020, ¶ 3; @mo<|>ss2020, ¶ 4].",
            "So [@moss2020, ¶ 3; -@mo<|>ss2020, ¶ 4].",
            "So [@moss2020, ¶ 3 on silt; @mo<|>ss2020, ¶ 4].",
        ] {
            check(brief, "once", &[]);
        }
    }
}
