//! Completes the sentence being quoted from its source, with the closing mark and the citation it needs.
//! Whatever is accepted must pass the check as verbatim.

use std::collections::{HashMap, HashSet};

use super::candidate::{Candidate, Completions};
use super::noted::{Noted, beside};
use crate::brief::Brief;
use crate::brief::citation::Citation;
use crate::brief::quotation::{Form, Unfinished};
use crate::corpus::source::{SourceId, SourceText};
use crate::evidence::finish::{self, Continuation, Typed};
use crate::evidence::relevance;
use crate::features::{claim, markup, quote};
use crate::text::{FileId, LocusRange, Span, Text};
use crate::workspace::Snapshot;

/// Most places listed: with more, typing another word narrows them down faster than reading.
const MOST_PLACES: usize = 8;

/// Longest candidate shown, in characters; the card shows the rest.
const LABEL: usize = 60;

/// How the quotation `open` of `brief` may continue at byte `offset`.
pub(super) fn complete(
    snap: &Snapshot,
    file: &FileId,
    brief: &Brief,
    offset: usize,
    open: &Unfinished,
) -> Completions {
    let desk = Desk { snap, file, brief, offset, open };
    let endings = desk.endings();
    let incomplete = !endings.is_empty();
    Completions { candidates: endings.into_iter().map(|ending| ending.candidate).collect(), incomplete }
}

/// The single continuation of the quotation at byte `offset` of the brief `file`, for inline completion:
/// `None` if another is as good.
#[must_use]
pub fn ghost(snap: &Snapshot, file: &FileId, offset: usize) -> Option<Candidate> {
    let brief = snap.brief(file)?.brief();
    let Some(super::context::Context::Quote(open)) = super::context::at(brief, offset) else { return None };
    let desk = Desk { snap, file, brief, offset, open: &open };
    let mut best = desk.endings().into_iter().filter(|ending| !ending.is_clause);
    let first = best.next()?;
    let clear = best.next().is_none_or(|second| first.rank == OWNER && second.rank > OWNER);
    // Inline completion can only show text at the cursor. Drop a locator that belongs elsewhere, unless the
    // existing one would be wrong without it.
    (clear && !first.needs_more).then_some(Candidate { also: Vec::new(), ..first.candidate })
}

/// The source is cited for these very words.
const OWNER: u8 = 0;
/// The source is cited in the paragraph.
const NEAR: u8 = 1;
/// The source is not cited nearby.
const FAR: u8 = 2;

/// A possible continuation.
struct Ending {
    candidate: Candidate,
    rank: u8,
    is_clause: bool,
    /// Whether the citation would be wrong without the edits elsewhere.
    needs_more: bool,
}

struct Desk<'a> {
    snap: &'a Snapshot,
    file: &'a FileId,
    brief: &'a Brief,
    offset: usize,
    open: &'a Unfinished,
}

/// A citation that owns the quotation, and whether it comes after the cursor.
struct Owner {
    citation: Citation,
    behind: bool,
    /// Whether it comes right after the closing mark.
    adjacent: bool,
    /// Whether it owns other quotations as well.
    shared: bool,
}

/// The text to write for the citation.
#[derive(Default)]
struct Attached {
    /// After the closing mark.
    behind: String,
    /// Elsewhere, before the cursor.
    also: Vec<(Span, String)>,
    needs_more: bool,
}

impl Desk<'_> {
    fn endings(&self) -> Vec<Ending> {
        let text = self.brief.text.as_str();
        let Some(typed) = Typed::read(text, self.open.start, &self.open.words, self.offset) else {
            return Vec::new();
        };
        let corpus = &self.snap.corpus;
        let block = self.block();
        // A block quotation is introduced by the paragraph before it.
        let above = self.brief.markdown.blocks.iter().rfind(|above| above.span.end <= block.start);
        let above =
            above.filter(|_| self.open.opened.is_none()).map_or(block.start, |above| above.span.start);
        let around = Span::new(above, block.end.max(self.offset));
        let near = self.brief.citations.iter().filter(|citation| around.covers(citation.span));
        let mut cited: Vec<SourceId> = near
            .filter_map(|citation| corpus.find(&citation.key))
            .flat_map(|id| corpus.documents(id))
            .collect();
        cited.sort_unstable();
        cited.dedup();
        let stop = || self.snap.cancel.is_set();
        let found = finish::continuations(corpus, &self.snap.memo, &typed, &cited, &stop);
        if found.is_empty() || stop() {
            return Vec::new();
        }
        let owners = self.owners();
        let owned = |id: SourceId| owners.iter().any(|owner| *corpus.source(id).key == *owner.citation.key);
        let rank = |id: SourceId| match (owned(id), cited.contains(&id)) {
            (true, _) => OWNER,
            (false, true) => NEAR,
            (false, false) => FAR,
        };
        let several = found.iter().any(|place| place.source != found[0].source);
        let stated = claim::at(self.brief, self.offset);
        let fit = if several { relevance::sources(corpus, stated.claim()) } else { HashMap::new() };
        let fit = |id: SourceId| fit.get(&id).copied().unwrap_or(0.0);
        let mut notes: HashMap<SourceId, Noted> = HashMap::new();
        for place in &found {
            let read = || Noted::of_source(self.snap, place.source, self.file, self.offset);
            notes.entry(place.source).or_insert_with(read);
        }
        let noted =
            |place: &Continuation| notes.get(&place.source).and_then(|noted| noted.around(place.last));
        let mut places: Vec<(u8, Continuation, Attached)> = Vec::new();
        for place in found {
            // A citation right after the words says that they come from its source.
            if owners.iter().any(|owner| owner.adjacent) && !owned(place.source) {
                continue;
            }
            if let Some(attached) = self.attached(&typed, &place, &owners) {
                // If the locator names another passage, another passage is meant.
                let rank = rank(place.source).max(if attached.needs_more { NEAR } else { OWNER });
                places.push((rank, place, attached));
            }
        }
        places.sort_by(|(a_rank, a, _), (b_rank, b, _)| {
            a_rank
                .cmp(b_rank)
                // Somebody has chosen these words before.
                .then_with(|| noted(b).is_some().cmp(&noted(a).is_some()))
                .then_with(|| b.same.cmp(&a.same))
                .then_with(|| fit(b.source).total_cmp(&fit(a.source)))
                .then_with(|| (a.source, a.passage, a.last.start).cmp(&(b.source, b.passage, b.last.start)))
        });
        let mut seen = HashSet::new();
        let mut endings: Vec<Ending> = Vec::new();
        for (rank, place, attached) in places {
            if endings.len() > MOST_PLACES || stop() {
                break;
            }
            let Some(source) = corpus.source(place.source).text() else { continue };
            let note = noted(&place);
            let ends = [
                (note.map(|(end, _)| end), false),
                (place.sentence, false),
                (place.clause.filter(|_| endings.is_empty()), true),
            ];
            for (end, is_clause) in ends.into_iter().filter_map(|(end, clause)| Some((end?, clause))) {
                let words = markup::flat(source.text.slice(Span::new(place.last.start, end)));
                if !seen.insert(words.to_lowercase()) {
                    continue;
                }
                if let Some(mut candidate) = self.candidate(&typed, &place, source, end, &attached) {
                    let of_note = note.filter(|(noted, _)| *noted == end).map(|(_, told)| told);
                    candidate.detail = beside(of_note, &candidate.detail);
                    let needs_more = attached.needs_more;
                    endings.push(Ending { candidate, rank, is_clause, needs_more });
                }
            }
        }
        endings
    }

    /// The paragraph in which the quotation begins.
    fn block(&self) -> Span {
        let block = self.brief.markdown.block_at(self.open.start).map(|block| block.span);
        block.unwrap_or(Span::new(self.open.start, self.offset))
    }

    /// The citations that will own the quotation once it is closed at the cursor. Asks the brief parser, so
    /// that this agrees with the check.
    fn owners(&self) -> Vec<Owner> {
        let text = self.brief.text.as_str();
        let head = text[..self.offset].trim_end();
        let rest = self.open.closed.map_or(self.offset, |closed| closed.end);
        let behind = head.len() + self.open.closing().len();
        let written;
        let brief = if behind == rest {
            self.brief
        } else {
            written = self.brief.clone().read_again(Text::new(format!(
                "{head}{}{}",
                self.open.closing(),
                &text[rest..]
            )));
            &written
        };
        let quotes = |start: usize, form: Form, span: Span| match self.open.opened {
            Some(_) => form == Form::Inline && start == self.open.start,
            None => form == Form::Block && span.contains(self.open.start),
        };
        let Some(own) = brief.quotations.iter().position(|q| quotes(q.span.start, q.form, q.span)) else {
            return Vec::new();
        };
        let text = brief.text.as_str();
        let bracket = text[behind..].trim_start().strip_prefix('[').map(|rest| text.len() - rest.len());
        let adjacent = bracket.and_then(|start| Some(Span::new(start, start + text[start..].find(']')?)));
        let owners = brief.quotations[own].citations.iter().filter_map(|&at| {
            let citation = brief.citations.get(at)?.clone();
            let adjacent = adjacent.is_some_and(|bracket| bracket.contains(citation.span.start));
            let behind = citation.span.start >= behind;
            let others = brief.quotations.iter().enumerate();
            let shared = others.filter(|(other, _)| *other != own).any(|(_, q)| q.citations.contains(&at));
            Some(Owner { citation, behind, adjacent, shared })
        });
        owners.collect()
    }

    /// How to cite `place`, given the citations there. `None` if those name another passage.
    fn attached(&self, typed: &Typed, place: &Continuation, owners: &[Owner]) -> Option<Attached> {
        let (snap, brief) = (self.snap, self.brief.text.as_str());
        let source = snap.corpus.source(place.source);
        let text = source.text()?;
        let passages = &text.passages;
        let last = text.locus_of(passages.get(place.passage)?, place.last);
        let begins = finish::begins_in(&snap.corpus, &snap.memo, brief, &self.open.words, typed, place);
        let first = if begins == place.passage {
            last.clone()
        } else {
            text.locus(passages.get(begins)?).map(Into::into)
        };
        let key = quote::written(&source.key);
        let Some(last) = last else {
            let cited = owners.iter().any(|owner| owner.citation.key == *source.key);
            let behind = if cited { String::new() } else { format!(" [@{key}]") };
            return Some(Attached { behind, ..Attached::default() });
        };
        let first = first.filter(|first| first.first.term() == last.first.term());
        let range = LocusRange {
            first: first.map_or_else(|| last.first.clone(), |first| first.first),
            last: last.last,
        };
        let (locator, run) = (range.to_string(), range.value());
        let whole = Attached { behind: format!(" [@{key}, {locator}]"), ..Attached::default() };
        let mut own = owners.iter().filter(|owner| owner.citation.key == *source.key);
        let says = |owner: &Owner| {
            let locator = owner.citation.locator.as_ref();
            let passage = passages.get(place.passage);
            locator
                .zip(passage)
                .is_some_and(|(locator, passage)| text.allows(&locator.loci, passage, place.last))
        };
        if own.clone().any(says) {
            return Some(Attached::default());
        }
        let Some(owner) = own.next() else { return Some(whole) };
        let citation = &owner.citation;
        match &citation.locator {
            // Trust a locator that cannot be followed.
            Some(locator) if !text.counts_by(&locator.loci) => Some(Attached::default()),
            Some(_) if owner.adjacent => None,
            Some(_) if owner.behind || !citation.author_in_text => Some(whole),
            Some(locator) => {
                let more = (Span::new(locator.span.end, locator.span.end), format!(", {run}"));
                Some(Attached { also: vec![more], needs_more: true, ..Attached::default() })
            }
            // Edits after the cursor go astray in Neovim and Helix, and other quotations may be elsewhere in
            // the source. The citation is correct without a locator too.
            None if owner.behind || owner.shared => Some(Attached::default()),
            None => {
                let end = citation.span.end;
                let bracket = self.brief.text.as_str()[end..].trim_start_matches(' ').starts_with('[');
                // In an unclosed bracket, a key reads as one in the sentence.
                let before = &brief[self.block().start.min(citation.span.start)..citation.span.start];
                let opened = before.rfind(['[', ']']).is_some_and(|at| before[at..].starts_with('['));
                let locator = match citation.author_in_text {
                    true if bracket || opened => return Some(Attached::default()),
                    true => format!(" [{locator}]"),
                    false => format!(", {locator}"),
                };
                Some(Attached { also: vec![(Span::new(end, end), locator)], ..Attached::default() })
            }
        }
    }

    /// The candidate that ends at byte `end` of `source`. `None` if it would not read back as one quotation.
    fn candidate(
        &self,
        typed: &Typed,
        place: &Continuation,
        source: &SourceText,
        end: usize,
        attached: &Attached,
    ) -> Option<Candidate> {
        let text = self.brief.text.as_str();
        let last = typed.last();
        // Replace the word at the cursor, by which all editors filter; or nothing; or the blank after it if
        // the source has more than a blank there.
        let (start, from) = if typed.half {
            (last.start, place.last.start)
        } else {
            let next = place.next.filter(|next| *next < end).unwrap_or(end);
            let gap = source.text.slice(Span::new(place.last.end, next));
            let own = &text[last.end..self.offset];
            let (blanks, left) = behind_typed(own, gap);
            (self.offset - blanks, next - left)
        };
        let words = source.text.slice(Span::new(from, end));
        let mut insert = quote::set(words, self.open.opened);
        if self.open.opened.is_some() {
            insert = without_stop(&insert);
        }
        insert.truncate(insert.trim_end().len());
        let closed = self.open.closed;
        let behind = closed.map_or(self.offset, |closed| closed.end);
        let between = text.get(self.offset..closed.map_or(behind, |closed| closed.start))?;
        if between.contains('\n') {
            return None;
        }
        let words = insert.clone();
        insert.push_str(between.trim());
        insert.push_str(self.open.closing());
        let quoted = insert.len();
        insert.push_str(&attached.behind);
        if closed.is_none() && text[behind..].starts_with(char::is_alphanumeric) {
            insert.push(' ');
        }
        let replace = Span::new(start, behind);
        if insert == text[replace.start..replace.end] || !self.reads_back(replace, &insert, quoted) {
            return None;
        }
        let label = if words.trim().is_empty() { insert.trim_start().to_owned() } else { clip(words.trim()) };
        let key = self.snap.corpus.source(place.source).key.to_string();
        let locus = source.locus_of(&source.passages[place.passage], place.last);
        let written = &text[start..self.offset];
        let filter = if insert.starts_with(written) { insert.clone() } else { format!("{written} {insert}") };
        Some(Candidate {
            label,
            detail: match &locus {
                Some(locus) => format!("{key}, {locus}"),
                None => format!("{key}, {}", source.passages[place.passage].class.name()),
            },
            filter,
            replace,
            insert,
            also: attached.also.clone(),
            about: (key, locus),
        })
    }

    /// Whether the paragraph with the candidate has a single quotation from our mark to the closing one: an
    /// apostrophe in a word may look like the closing mark.
    fn reads_back(&self, replace: Span, insert: &str, quoted: usize) -> bool {
        if self.open.opened.is_none() {
            return true;
        }
        let text = self.brief.text.as_str();
        let block = self.block();
        let (from, to) = (block.start.min(self.open.start), block.end.max(replace.end));
        let paragraph = format!("{}{insert}{}", &text[from..replace.start], &text[replace.end..to]);
        let brief = Brief::read(Text::new(paragraph));
        let span = Span::new(self.open.start - from, replace.start - from + quoted);
        brief.quotations.iter().any(|quotation| quotation.span == span)
    }
}

/// How many bytes at the end of `own`, typed after a word, to replace, and how many at the end of `gap`, the
/// source's text there, still have to be written.
fn behind_typed(own: &str, gap: &str) -> (usize, usize) {
    let kind = |c: char| match c {
        '“' | '”' | '"' | '‘' | '’' | '\'' | '«' | '»' | '„' | '‹' | '›' => '"',
        '–' | '—' | '-' => '-',
        _ => c,
    };
    let mut left = gap;
    for c in own.chars().filter(|c| !c.is_whitespace()) {
        let mut rest = left.trim_start().chars();
        if rest.next().map(kind) != Some(kind(c)) {
            // Something else was typed: keep it and continue with the word.
            return (0, 0);
        }
        left = rest.as_str();
    }
    let noted = left.strip_prefix('[').map(|inner| inner.trim_start_matches(|c: char| c.is_ascii_digit()));
    left = noted.and_then(|inner| inner.strip_prefix(']')).unwrap_or(left);
    let blanks = own.len() - own.trim_end().len();
    let spaced = left.trim_start();
    if blanks == 0 {
        (0, left.len())
    } else if spaced.len() < left.len() || spaced.is_empty() || own.contains('\n') {
        (0, spaced.len())
    } else {
        (blanks, left.len())
    }
}

/// `words` without the final punctuation, which belongs after the citation or to the source's sentence. Keeps
/// the full stop of an abbreviation, multiple dots, `?` and `!`.
fn without_stop(words: &str) -> String {
    let closers = |c: char| matches!(c, '”' | '"' | '’' | '\'' | '»' | '›' | ')' | ']');
    let end = words.trim_end().trim_end_matches(closers).len();
    let Some(bare) = words[..end].strip_suffix(['.', ',', ';', ':']) else { return words.to_owned() };
    let last = bare.rsplit(char::is_whitespace).next().unwrap_or_default();
    if words[..end].ends_with('.') && (last.contains('.') || last.is_empty()) {
        return words.to_owned();
    }
    format!("{bare}{}", &words[end..])
}

/// The beginning and end of `words`: a clause and its sentence begin alike.
fn clip(words: &str) -> String {
    let count = words.chars().count();
    if count <= LABEL {
        return words.to_owned();
    }
    let at = |nth: usize| words.char_indices().nth(nth).map_or(words.len(), |(at, _)| at);
    let head = &words[..at(LABEL * 3 / 5)];
    let tail = &words[at(count - LABEL * 2 / 5)..];
    let head = &head[..head.rfind(' ').unwrap_or(head.len())];
    let tail = tail.find(' ').map_or(tail, |blank| &tail[blank + 1..]);
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence;
    use crate::features::fixture::{Fixture, harbours, workspace};

    /// The brief after accepting `candidate` as an editor does: first the text at the cursor.
    fn taken(at: &Fixture, candidate: &Candidate) -> String {
        let mut text = at.snap.reading_text(&at.file).expect("the brief").as_str().to_owned();
        assert!(candidate.replace.touches(at.offset));
        let written = &text[candidate.replace.start..at.offset];
        assert!(candidate.filter.starts_with(written), "{candidate:?}");
        assert!(!written.trim().contains(char::is_whitespace), "editors filter by one word: {candidate:?}");
        text.replace_range(candidate.replace.start..candidate.replace.end, &candidate.insert);
        for (span, new) in candidate.also.iter().rev() {
            assert!(span.end <= candidate.replace.start);
            text.replace_range(span.start..span.end, new);
        }
        text
    }

    /// The verdicts on the quotations of `text` in the workspace `at`.
    fn verdicts(at: &Fixture, text: &str) -> String {
        let brief = Brief::read(Text::new(text));
        let judged = brief.quotations.iter().map(|quotation| {
            evidence::check(&at.snap.corpus, &at.snap.memo, &brief, quotation).verdict.name()
        });
        judged.collect::<Vec<_>>().join(" ")
    }

    /// Checks every brief that can result from `brief`; all must be found verbatim.
    fn check(brief: &str, expected: &[&str]) {
        let at = harbours(brief);
        let found = super::super::complete(&at.snap, &at.file, at.offset).candidates;
        let all: Vec<String> = found.iter().map(|candidate| taken(&at, candidate)).collect();
        assert_eq!(all, expected, "{brief}");
        for text in &all {
            assert_eq!(verdicts(&at, text), "verbatim", "{text}");
        }
    }

    fn ghosts(brief: &str) -> Option<String> {
        let at = harbours(brief);
        let found = ghost(&at.snap, &at.file, at.offset)?;
        assert_eq!(found.also, []);
        Some(taken(&at, &found))
    }

    const WHOLE: &str = "“Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year” [@moss2020, ¶ 1]";
    const CLAUSE: &str = "“Harbours silt up when nobody dredges them” [@moss2020, ¶ 1]";

    #[test]
    fn the_sentence_and_its_clause_are_finished() {
        for typed in [
            "“Harbours silt up <|>",
            "“Harbours silt u<|>",
            "“Harbours silt up<|>",
            "“Harbours silt up when <|>",
        ] {
            check(typed, &[WHOLE, CLAUSE]);
            check(
                &format!("Text 𝕏 é. {typed} and so on."),
                &[&format!("Text 𝕏 é. {WHOLE} and so on."), &format!("Text 𝕏 é. {CLAUSE} and so on.")],
            );
        }
        check("“Harbours silt up when nobody dredges them <|>\n\nNext.\n", &[&format!("{WHOLE}\n\nNext.\n")]);
        check("“Harbours silt up when nobody dredges them, <|>", &[WHOLE]);
        check("“Harbours silt up when nobody dredges them, a<|>", &[WHOLE]);
    }

    #[test]
    fn what_stands_behind_is_not_doubled() {
        check("“Harbours silt up <|>”.", &[&format!("{WHOLE}."), &format!("{CLAUSE}.")]);
        check(
            "“Harbours silt u<|> ,” he said",
            &[
                &WHOLE
                    .replace('”', ",” he said")
                    .replace(" he said [@moss2020, ¶ 1]", " [@moss2020, ¶ 1] he said"),
                &CLAUSE
                    .replace('”', ",” he said")
                    .replace(" he said [@moss2020, ¶ 1]", " [@moss2020, ¶ 1] he said"),
            ],
        );
        check(
            "\"Harbours silt up <|>\".",
            &[
                &format!("{}.", WHOLE.replace(['“', '”'], "\"")),
                &format!("{}.", CLAUSE.replace(['“', '”'], "\"")),
            ],
        );
        check(
            "- ‘Harbours silt up <|>’)\r\n\r\n- more",
            &[
                &format!("- {})\r\n\r\n- more", WHOLE.replace('“', "‘").replace('”', "’")),
                &format!("- {})\r\n\r\n- more", CLAUSE.replace('“', "‘").replace('”', "’")),
            ],
        );
        check(
            "\"Harbours silt up <|>\" then",
            &[
                &format!("{} then", WHOLE.replace(['“', '”'], "\"")),
                &format!("{} then", CLAUSE.replace(['“', '”'], "\"")),
            ],
        );
        check("“Harbours silt <|> dredges them”.", &[]);
        check("“Harbours silt up <|>” [@moss2020, ¶ 1].", &[&format!("{WHOLE}."), &format!("{CLAUSE}.")]);
    }

    #[test]
    fn the_citation_has_the_form_that_the_sentence_needs() {
        check(
            "As [@moss2020, p. 3 has it, “Harbours silt up when nobody <|>",
            &[
                "As [@moss2020, p. 3 has it, “Harbours silt up when nobody dredges them, and the council has not paid for dredging since the spring of that year”",
                "As [@moss2020, p. 3 has it, “Harbours silt up when nobody dredges them”",
            ],
        );
        let tide = "Tide tables were first printed for the pilots of the estuary, who sold them to captains at a shilling for each copy";
        let first = |brief: &str| {
            let at = harbours(brief);
            let found = super::super::complete(&at.snap, &at.file, at.offset).candidates;
            let text = found.first().map(|candidate| taken(&at, candidate)).unwrap_or_default();
            assert!(found.is_empty() || verdicts(&at, &text).starts_with("verbatim"), "{text}");
            text.replace(tide, "T")
        };
        for (brief, expected) in [
            ("@reed2021 says “Tide tables were <|>", "@reed2021 [¶ 1] says “T”"),
            ("@reed2021 [¶ 1] says “Tide tables were <|>", "@reed2021 [¶ 1] says “T”"),
            ("@reed2021 [¶ 2] says “Tide tables were <|>", "@reed2021 [¶ 2, 1] says “T”"),
            ("@reed2021 [p. 9] says “Tide tables were <|>", "@reed2021 [p. 9] says “T”"),
            ("@reed2021 [with care] says “Tide tables were <|>", "@reed2021 [with care] says “T”"),
            ("Reed [@reed2021] says “Tide tables were <|>", "Reed [@reed2021, ¶ 1] says “T”"),
            (
                "Reed [@reed2021, ¶ 2] says “Tide tables were <|>",
                "Reed [@reed2021, ¶ 2] says “T” [@reed2021, ¶ 1]",
            ),
            ("“Tide tables were <|>” [@reed2021].", "“T” [@reed2021]."),
            ("“Tide tables were <|>” [see @reed2021, ¶ 1-2].", "“T” [see @reed2021, ¶ 1-2]."),
            ("“Tide tables were <|>” [@reed2021, ¶ 2].", ""),
            ("“Tide tables were <|>” [@moss2020, ¶ 1].", ""),
            ("“Tide tables were <|> and so on [@moss2020].", "“T” [@reed2021, ¶ 1] and so on [@moss2020]."),
            ("“Tide tables were <|>”, he says [@reed2021].", "“T”, he says [@reed2021]."),
            (
                "“Tide tables were <|>”, he says [@reed2021, ¶ 2].",
                "“T” [@reed2021, ¶ 1], he says [@reed2021, ¶ 2].",
            ),
            ("@moss2020 says “Tide tables were <|>", "@moss2020 says “T” [@reed2021, ¶ 1]"),
            (
                "@reed2021 says “the wind explains what they miss” and “Tide tables were <|>",
                "@reed2021 says “the wind explains what they miss” and “T”",
            ),
            (
                "It is so [@moss2020]. Others: “Tide tables were <|>",
                "It is so [@moss2020]. Others: “T” [@reed2021, ¶ 1]",
            ),
            ("As @reed2021 says:\n\n> Tide tables were <|>\n", "As @reed2021 [¶ 1] says:\n\n> T.\n"),
            ("> Tide tables were <|>\n\nMore.\n", "> T. [@reed2021, ¶ 1]\n\nMore.\n"),
            ("> Tide tables were<|> [@reed2021, ¶ 1]\n", "> T. [@reed2021, ¶ 1]\n"),
            (
                &format!("> {tide}.\n>\n> The moon explains <|>\n"),
                "> T.\n>\n> The moon explains most of what the tables show, but the wind explains what they miss, and pilots knew that long before. [@reed2021, ¶ 1-2]\n",
            ),
        ] {
            assert_eq!(first(brief), expected, "{brief}");
        }
    }

    #[test]
    fn words_come_as_the_source_spells_them() {
        check(
            "«The port authority said <|>»",
            &[
                "«The port authority said it would “begin work before the winter” if the money came, which nobody on the quay believed» [@moss2020, ¶ 2]",
                "«The port authority said it would “begin work before the winter” if the money came» [@moss2020, ¶ 2]",
            ],
        );
        check(
            "“The port authority said <|>",
            &[
                "“The port authority said it would ‘begin work before the winter’ if the money came, which nobody on the quay believed” [@moss2020, ¶ 2]",
                "“The port authority said it would ‘begin work before the winter’ if the money came” [@moss2020, ¶ 2]",
            ],
        );
        check(
            "It would “begin work before <|>",
            &["It would “begin work before the winter” [@moss2020, ¶ 2]"],
        );
        check(
            "It would “begin work before the winter<|>”.",
            &["It would “begin work before the winter” [@moss2020, ¶ 2]."],
        );
    }

    #[test]
    fn what_is_shown_unasked_is_the_one_way_to_go_on() {
        assert_eq!(ghosts("“Harbours silt up <|>"), Some(WHOLE.into()));
        assert_eq!(ghosts("“Harbours silt u<|>”"), Some(WHOLE.into()));
        assert_eq!(
            ghosts("@moss2020 says “Harbours silt up <|>").as_deref().map(|text| text.contains('[')),
            Some(false)
        );
        assert_eq!(ghosts("@moss2020 [¶ 2] says “Harbours silt up <|>"), None);
        assert_eq!(ghosts("“Harbours silt <|>"), None);
        assert_eq!(ghosts("See [@mo<|>"), None);
        let two = "\
//- sources/a.txt
Port calls fell in May. The price of grain rose because of the drought in the north of the country.

The port was shut for a week, and the price of grain rose because of panic.
//- sources/b.txt
The price of grain rose because of the war, says the mill.

The price of grain rose because of the drought in the north of the country.
//- brief.md
";
        let all = |brief: &str| {
            let at = workspace(&format!("{two}{brief}"));
            let found = super::super::complete(&at.snap, &at.file, at.offset).candidates;
            let details: Vec<String> = found.iter().map(|candidate| candidate.detail.clone()).collect();
            (details, ghost(&at.snap, &at.file, at.offset).map(|found| found.insert))
        };
        let (details, shown) = all("“the price of grain <|>");
        // Capitals as typed first, then by match; each text once.
        assert_eq!(details, ["a, ¶ 2", "b, ¶ 1", "b, ¶ 2"]);
        assert_eq!(shown, None, "three ways to go on");
        let (details, shown) = all("“price of grain rose because of the war<|>");
        assert_eq!(
            (details, shown.as_deref()),
            (vec!["b, ¶ 1".into(), "b, ¶ 1".into()], Some("war, says the mill” [@b, ¶ 1]"))
        );
        let (details, shown) = all("@b [¶ 1] says “price of grain <|>");
        assert_eq!(details[0], "b, ¶ 1");
        assert_eq!(shown.as_deref(), Some("rose because of the war, says the mill”"));
    }

    #[test]
    fn a_long_label_shows_where_it_ends() {
        assert_eq!(clip("up when nobody dredges them"), "up when nobody dredges them");
        assert_eq!(
            clip("up when nobody dredges them, and the council has not paid for dredging since the spring"),
            "up when nobody dredges them, and … since the spring"
        );
        assert_eq!(clip(&"𝕏".repeat(90)).chars().count(), 63);
    }

    #[test]
    fn what_was_typed_behind_a_word_is_not_written_again() {
        for (own, gap, expected) in [
            (" ", " ", ""),
            ("", ", ", ", "),
            (" ", ", ", "<, "),
            (", ", ", ", ""),
            (",", ", ", " "),
            (". ", ". “", "“"),
            (". \"", ". “", ""),
            (" ", " (", "("),
            (" - ", " — ", ""),
            ("; ", ", ", ""),
            (" ", "", ""),
            (". ", ".[12] ", ""),
            (" ", "[12] ", ""),
            ("\n", ", ", ", "),
        ] {
            let (blanks, left) = behind_typed(own, gap);
            let written = format!("{}{}", "<".repeat(blanks), &gap[gap.len() - left..]);
            assert_eq!(written, expected, "{own:?} {gap:?}");
        }
    }

    #[test]
    fn the_end_of_a_sentence_is_its_own() {
        for (words, expected) in [
            ("it fell.", "it fell"),
            ("it fell,", "it fell"),
            ("he said ‘it fell.’", "he said ‘it fell’"),
            ("did it fall?", "did it fall?"),
            ("in the U.S.", "in the U.S."),
            ("and so on...", "and so on..."),
            (".", "."),
        ] {
            assert_eq!(without_stop(words), expected);
        }
        let at = workspace(
            "//- sources/a.txt\nThe tide fell twice.[12] The “pilots of the bay,” as they say, wait. Nobody comes to the U.S. Navy in June. In the 1980s a 5G mast stood there. She said that “the boats wait for high water.”\n//- brief.md\n“The tide fell <|>",
        );
        let inserts = |brief: &str| {
            let mut host = crate::workspace::Host::default();
            let folder = at.file.path().parent().expect("a folder").to_path_buf();
            host.apply(crate::workspace::Change::Loaded(
                crate::workspace::load::Loader::new(folder).load(&|_| {}),
            ));
            let text = brief.to_owned();
            host.apply(crate::workspace::Change::Opened {
                file: at.file.clone(),
                language: "markdown".into(),
                version: 1,
                text,
            });
            let found = super::super::complete(&host.snapshot(), &at.file, brief.len()).candidates;
            found.into_iter().map(|candidate| candidate.insert).collect::<Vec<_>>()
        };
        assert_eq!(inserts("“The tide fell "), ["twice” [@a, ¶ 1]"]);
        assert_eq!(
            inserts("“The tide fell twice. "),
            ["The ‘pilots of the bay,’ as they say, wait” [@a, ¶ 1]", "The ‘pilots of the bay’” [@a, ¶ 1]"]
        );
        assert_eq!(
            inserts("“The tide fell twice."),
            [" The ‘pilots of the bay,’ as they say, wait” [@a, ¶ 1]", " The ‘pilots of the bay’” [@a, ¶ 1]"]
        );
        assert_eq!(inserts("They are “pilots of the "), ["bay” [@a, ¶ 1]"]);
        for typed in ["“In the 1980s ", "“In the 1980s a 5", "“In the 1980s a 5G "] {
            let all = inserts(typed);
            assert!(all.len() == 1 && all[0].ends_with("mast stood there” [@a, ¶ 1]"), "{typed} {all:?}");
        }
        assert_eq!(inserts("“Nobody comes to "), ["the U.S. Navy in June” [@a, ¶ 1]"]);
        assert_eq!(inserts("“Nobody comes to the U.S. Navy in June"), ["June” [@a, ¶ 1]"]);
        // If the quotation begins inside the source's own marks, their closing mark is not ours.
        assert_eq!(inserts("So “the boats wait for "), ["high water” [@a, ¶ 1]"]);
        assert_eq!(inserts("“She said that "), ["‘the boats wait for high water’” [@a, ¶ 1]"]);
    }

    #[test]
    fn nothing_is_offered_elsewhere() {
        for brief in [
            "Harbours silt up <|>",
            "“Harbours silt <|>",
            "“Harbours silt up” and <|>",
            "“Harbours silt over <|>",
            "“up silt Harbours <|>",
            "`“Harbours silt up <|>`",
            "```\n“Harbours silt up <|>\n```\n",
            "---\ntitle: “Harbours silt up <|>\n---\n",
            "$“Harbours silt up <|> x$",
            "The harbours' silt up <|>",
            "<!-- “Harbours silt up <|> -->",
            "“Online harbours silt <|>",
            "“Harbours silt up when [all but] nobody <|>",
        ] {
            check(brief, &[]);
        }
    }
}
