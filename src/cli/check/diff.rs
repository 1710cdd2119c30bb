//! Edits of a text as a unified diff, as `patch` and `git apply` read it.

use std::fmt::Write;

/// Lines shown around a change, as in `diff -u`.
const AROUND: usize = 3;

/// The diff of `text`, the file `path`, after `edits`: byte ranges with the words that replace them, sorted and
/// not overlapping. Empty if there are none.
pub(super) fn unified(path: &str, text: &str, edits: &[(std::ops::Range<usize>, String)]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(lines.len());
    let mut at = 0;
    for line in &lines {
        starts.push(at);
        at += line.len();
    }
    let line_of = |offset: usize| starts.partition_point(|start| *start <= offset).max(1) - 1;
    // Changes whose lines meet are one: its first line, the line after its last, and its edits.
    let mut changes: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for (at, (range, _)) in edits.iter().enumerate() {
        let (first, end) = (line_of(range.start), line_of(range.end) + 1);
        match changes.last_mut().filter(|(_, before, _)| first < *before) {
            Some((_, before, edits)) => {
                *before = end.max(*before);
                edits.push(at);
            }
            None => changes.push((first, end.min(lines.len()).max(first), vec![at])),
        }
    }
    let mut out = String::new();
    if changes.is_empty() {
        return out;
    }
    let _ = write!(out, "--- a/{path}\n+++ b/{path}\n");
    let mut rest = changes.as_slice();
    // The number of lines that the hunks so far have added.
    let mut added = 0_isize;
    while !rest.is_empty() {
        let near = |pair: &[(usize, usize, Vec<usize>)]| pair[1].0 <= pair[0].1 + 2 * AROUND;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (hunk, others) = rest.split_at(count);
        rest = others;
        let from = hunk[0].0.saturating_sub(AROUND);
        let to = (hunk[count - 1].1 + AROUND).min(lines.len());
        let mut body = String::new();
        let (mut at, mut old, mut new) = (from, 0, 0);
        for (first, end, inside) in hunk {
            for line in &lines[at..*first] {
                put(' ', line, &mut body);
            }
            (old, new) = (old + first - at, new + first - at);
            for line in &lines[*first..*end] {
                put('-', line, &mut body);
            }
            old += end - first;
            let (start, stop) = (starts[*first], starts.get(*end).copied().unwrap_or(text.len()));
            let changed = applied(text, start..stop, inside.iter().map(|&at| &edits[at]));
            for line in changed.split_inclusive('\n') {
                put('+', line, &mut body);
                new += 1;
            }
            at = *end;
        }
        for line in &lines[at..to] {
            put(' ', line, &mut body);
        }
        (old, new) = (old + to - at, new + to - at);
        let begins = from as isize + 1 + added;
        let _ = writeln!(out, "@@ -{},{old} +{begins},{new} @@", from + 1);
        out.push_str(&body);
        added += new as isize - old as isize;
    }
    out
}

/// `text[within]` after `edits`, which lie in it.
pub(super) fn applied<'a>(
    text: &str,
    within: std::ops::Range<usize>,
    edits: impl IntoIterator<Item = &'a (std::ops::Range<usize>, String)>,
) -> String {
    let mut out = String::new();
    let mut at = within.start;
    for (range, new) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
    }
    out.push_str(&text[at..within.end]);
    out
}

fn put(mark: char, line: &str, out: &mut String) {
    out.push(mark);
    out.push_str(line);
    if !line.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, edits: &[(&str, &str)], expected: Expect) {
        let edit = |(old, new): &(&str, &str)| {
            let at = text.find(old).expect("in the text");
            (at..at + old.len(), (*new).to_owned())
        };
        let edits: Vec<_> = edits.iter().map(edit).collect();
        expected.assert_eq(&unified("a b.md", text, &edits));
    }

    #[test]
    fn changes_near_each_other_share_a_hunk() {
        let text = "1 one\n2\n3\n4\n5\n6\n7\n8 eight\n9\n10\n11\n12\n13\n14\n15\n16 end";
        check(
            text,
            &[("one", "eins"), ("eight", "acht"), ("end", "Ende")],
            expect![[r"
                --- a/a b.md
                +++ b/a b.md
                @@ -1,11 +1,11 @@
                -1 one
                +1 eins
                 2
                 3
                 4
                 5
                 6
                 7
                -8 eight
                +8 acht
                 9
                 10
                 11
                @@ -13,4 +13,4 @@
                 13
                 14
                 15
                -16 end
                \ No newline at end of file
                +16 Ende
                \ No newline at end of file
            "]],
        );
    }

    #[test]
    fn lines_may_become_more_or_fewer() {
        check(
            "a\nb\nc d\n",
            &[("a\nb", "x"), ("d", "d\ne")],
            expect![[r"
                --- a/a b.md
                +++ b/a b.md
                @@ -1,3 +1,3 @@
                -a
                -b
                +x
                -c d
                +c d
                +e
            "]],
        );
        check("a\n", &[], expect![""]);
    }
}
