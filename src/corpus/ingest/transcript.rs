//! Recognizes transcripts in plain text: turns that begin with a speaker's name, a time or both. Each turn is a
//! paragraph, and times are no part of its words. An exported chat ([`chat`]) is a transcript whose turns are messages;
//! their days and times are no part of the words either, and since it may go on for years, no locators.
//!
//! ```text
//! [00:12:34] REED: It was shut.       Reed (12:34):        12:34           Q. Was it shut?
//! [12:34] <reed> It was shut.         It was shut.         it was shut     A. It was.
//! ```

mod chat;
mod head;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::text::Known;
use crate::corpus::source::{Class, Timed};
use crate::text::locus::Time;
use crate::text::{FileSpan, FileText, Span, Text};
use head::Head;

/// Fewest turns in a transcript; up to three times or repeated names begin lines of any text.
const TURNS: usize = 4;

/// Of the paragraphs of a transcript, at least one in this many begins with a time. Between times, people may say a lot.
const PARAGRAPHS_PER_TIME: usize = 6;

/// The same for names without times. Lower, because pages and manuals have words before colons as well, and again and
/// again: `Photo:`, `Note:`.
const PARAGRAPHS_PER_NAME: usize = 2;

/// At least one time in this many does not end in 0 or 5. Programmes and timetables begin their lines with times too, but
/// with round ones.
const TIMES_PER_ODD_ONE: usize = 3;

/// Most words in a name.
const NAME_WORDS: usize = 6;

/// Longest lower-case word within a name, in characters: `van der`, `of the`.
const PARTICLE: usize = 3;

/// Longest abbreviation within a name, in characters: `Prof.`
const ABBREVIATION: usize = 4;

/// How far into a line to look for a colon, in bytes. The longest name that [`HEADS`] can match, with its times, is shorter.
const REACH: usize = 120;

/// What a turn begins with, each in the groups `time`, `name` and `after`, the name with its punctuation.
static HEADS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    const TIME: &str = r"\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?";
    // The first time of a range counts.
    let range = |group: &str| format!(r"(?P<{group}>{TIME})(?:\s*(?:-->|[-–—])\s*{TIME})?");
    // `THE PRESIDING OFFICER (Mr. Vandenberghe)`
    const NAME: &str = r"(?P<name>[^:：\[\]]{1,45}?)";
    let heads = [
        // `[00:12:34] Reed: words`, `12:34 <reed> words`, `12:34 words`
        format!(
            r"^(?:\[{}\]|\({}\)|{}(?:\s|$))\s*(?:[-–—|]\s+)?(?:<(?P<nick>[^<>\s]{{1,30}})>\s+|{NAME}\s?(?::(?:\s|$)|：))?",
            range("a"),
            range("b"),
            range("c")
        ),
        // `Reed (12:34): words`, `Reed  12:34`
        format!(r"^{NAME}\s+(?:\[{}\]|\({}\)|{}\s*:?$)\s*[:：]?(?:\s|$)", range("a"), range("b"), range("c")),
        // `Reed: words`
        format!(r"^{NAME}\s?(?::(?:\s|$)|：)"),
        // `Q. Words`
        r"^(?P<name>[QA])\.(?:\s|$)".to_owned(),
    ];
    heads.iter().filter_map(|head| Regex::new(head).ok()).collect()
});

/// A transcript, without the times.
pub(super) struct Transcript {
    /// Its words.
    pub(super) text: Text,
    /// When the words were spoken; empty if the times are not in order.
    pub(super) times: Vec<Timed>,
    /// The turns, up to the first line break.
    pub(super) known: Vec<Known>,
}

/// Reads `file` as a transcript; `None` if it is not one.
pub(super) fn read(file: &FileText) -> Option<Transcript> {
    let mut at = 0;
    let lines = file.as_str().split_inclusive('\n').map(|text| {
        let line = Line::of(text, at);
        at += text.len();
        line
    });
    let mut lines: Vec<Line<'_>> = lines.collect();
    lines.iter_mut().for_each(|line| line.head = chat::head(line.words));
    let is_chat = is_chat(&lines);
    if !is_chat {
        lines.iter_mut().for_each(|line| line.head = Head::of(line.words));
        keep_turns(&mut lines)?;
    }
    let mut out = Drawing::default();
    lines.iter().for_each(|line| out.draw(line));
    if is_chat {
        out.join_lines();
    }
    let in_order = out.times.is_sorted_by_key(|(_, time)| *time);
    let ends = out.times.iter().skip(1).map(|(_, time)| *time).chain([Time(u64::MAX)]);
    let times = out.times.iter().zip(ends).map(|(&(at, start), end)| Timed { at, start, end });
    Some(Transcript {
        times: if in_order { times.collect() } else { Vec::new() },
        known: out.known,
        text: Text::drawn(file, out.pieces),
    })
}

/// A line of the file.
struct Line<'t> {
    /// Without white space around it.
    words: &'t str,
    /// The offsets in the file of its start, of these words, and behind its line break.
    start: usize,
    at: usize,
    end: usize,
    /// `None` until it has been looked for, and if there is none.
    head: Option<Head<'t>>,
}

impl<'t> Line<'t> {
    fn of(text: &'t str, start: usize) -> Self {
        let words = text.trim();
        let indent = text.len() - text.trim_start().len();
        Self { words, start, at: start + indent, end: start + text.len(), head: None }
    }
}

impl<'t> Head<'t> {
    /// The head of a line with these `words`.
    fn of(words: &'t str) -> Option<Self> {
        let has_mark = |(at, c)| matches!(c, ':' | '：') || (at == 1 && c == '.');
        if !words.char_indices().take_while(|(at, _)| *at <= REACH).any(has_mark) {
            return None;
        }
        HEADS.iter().find_map(|head| Self::of_match(&head.captures(words)?))
    }

    fn of_match(found: &Captures<'t>) -> Option<Self> {
        let time = ["a", "b", "c"].iter().find_map(|group| Time::parse(found.name(group)?.as_str()));
        if let Some(nick) = found.name("nick") {
            return Some(Self {
                time,
                name: Some(nick.as_str()),
                named_at: nick.start(),
                length: found[0].len(),
            });
        }
        let before_colon = found.name("name");
        let name = before_colon.filter(|name| is_name(name.as_str()));
        let length = match before_colon {
            // A sentence with a colon, behind a time: all of it was said.
            Some(sentence) if name.is_none() && time.is_some() && sentence.start() > 0 => sentence.start(),
            Some(_) if name.is_none() => return None,
            _ => found[0].len(),
        };
        let named_at = name.map_or(length, |name| name.start());
        Some(Self { time, name: name.map(|name| name.as_str()), named_at, length })
    }
}

/// Whether `words` could be what a transcript calls a speaker: `REED`, `Speaker 2`, `Mr. van der Berg (via interpreter)`.
fn is_name(words: &str) -> bool {
    let inner = words
        .strip_suffix(')')
        .and_then(|words| words.split_once('('))
        .map_or(words, |(name, _)| name)
        .trim_end();
    let begins = inner.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let fits = |word: &str| {
        let stem = word.trim_end_matches('.');
        let short = |most: usize| stem.chars().count() <= most;
        (!stem.starts_with(char::is_lowercase) || short(PARTICLE))
            && (stem.len() == word.len() || short(ABBREVIATION))
            && word.chars().all(|c| c.is_alphanumeric() || "'’.-&".contains(c))
    };
    begins && inner.split_whitespace().count() <= NAME_WORDS && inner.split_whitespace().all(fits)
}

/// The number of paragraphs: what follows an empty line, or begins with a head.
fn paragraphs(lines: &[Line<'_>]) -> usize {
    let mut blank = true;
    let begins = |line: &&Line<'_>| {
        let begins = (blank || line.head.is_some()) && !line.words.is_empty();
        blank = line.words.is_empty();
        begins
    };
    lines.iter().filter(begins).count()
}

/// Returns true if `lines`, with the heads of messages, are those of a chat.
fn is_chat(lines: &[Line<'_>]) -> bool {
    let heads = || lines.iter().filter_map(|line| line.head);
    let senders: Vec<&str> = heads().filter_map(|head| head.name).collect();
    chat::is_chat(&senders, heads().count(), paragraphs(lines))
}

/// Takes the heads from `lines` that begin no turns. `None` if too few are left for a transcript.
fn keep_turns(lines: &mut [Line<'_>]) -> Option<()> {
    let times: Vec<Time> = lines.iter().filter_map(|line| line.head?.time).collect();
    let odd = times.iter().filter(|time| time.0 / 1000 % 60 % 5 != 0).count();
    let mut named: HashMap<&str, usize> = HashMap::new();
    for name in lines.iter().filter_map(|line| line.head?.name) {
        *named.entry(name).or_default() += 1;
    }
    let again = |name: &str| named.get(name).is_some_and(|&count| count > 1);
    let speakers = named.values().filter(|&&count| count > 1).count();
    let paragraphs = paragraphs(lines);
    let timed = times.len() >= TURNS
        && times.len() * PARAGRAPHS_PER_TIME >= paragraphs
        && odd * TIMES_PER_ODD_ONE >= times.len();
    for line in lines.iter_mut() {
        // A manual has words on lines of their own: `Parameters:`, `Return:`.
        let speaks = |head: &Head<'_>| timed || head.length < line.words.len();
        line.head = line.head.filter(|head| match head.time {
            Some(_) => timed,
            None => head.name.is_some_and(again) && speaks(head),
        });
    }
    let turns = lines.iter().filter(|line| line.head.is_some()).count();
    let spoken = speakers > 1 && turns >= TURNS && turns * PARAGRAPHS_PER_NAME >= paragraphs;
    (timed || spoken).then_some(())
}

/// The text of a transcript while it is drawn.
#[derive(Default)]
struct Drawing {
    pieces: Vec<(FileSpan, Option<Cow<'static, str>>)>,
    /// The bytes drawn.
    length: usize,
    times: Vec<(usize, Time)>,
    known: Vec<Known>,
    /// Whether the words of a turn begin on a later line than its head.
    waits: bool,
}

impl Drawing {
    fn draw(&mut self, line: &Line<'_>) {
        let Some(head) = line.head else {
            // With indentation and line break, which the layout of a text depends on.
            match self.waits {
                true if line.words.is_empty() => {}
                true => self.copy(line.at, line.end),
                false => self.copy(line.start, line.end),
            }
            self.waits &= line.words.is_empty();
            return;
        };
        self.put(line.start, "\n\n");
        let start = self.length;
        self.times.extend(head.time.map(|time| (start, time)));
        let words = line.at + head.length;
        if let Some(name) = head.name {
            let end = line.at + head.named_at + name.len();
            self.copy(line.at + head.named_at, end);
            // `Q.` keeps its full stop.
            let stop = line.words[head.named_at + name.len()..].starts_with('.');
            self.put(end, if stop { ". " } else { ": " });
        }
        self.waits = head.length == line.words.len();
        if !self.waits {
            self.copy(words, line.end);
        }
        self.known
            .push(Known { span: Span::new(start, self.length.max(start + 1)), class: Some(Class::Body) });
    }

    /// Makes all lines up to the next head part of a turn: a chat has no headings.
    fn join_lines(&mut self) {
        let starts: Vec<usize> = self.known.iter().skip(1).map(|known| known.span.start).collect();
        for (known, end) in self.known.iter_mut().zip(starts.into_iter().chain([self.length])) {
            known.span.end = end.max(known.span.end);
        }
    }

    fn copy(&mut self, start: usize, end: usize) {
        self.pieces.push(((start..end).into(), None));
        self.length += end - start;
    }

    fn put(&mut self, at: usize, words: &'static str) {
        self.pieces.push(((at..at).into(), Some(words.into())));
        self.length += words.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Encoding, FileId};

    /// The turns of `text`, each with its time; empty if it is no transcript.
    fn turns(text: &str) -> Vec<(String, String)> {
        let Some(read) = read(&FileText::new(text)) else { return Vec::new() };
        let words = read.text.as_str();
        let starts = read.known.iter().map(|known| known.span.start);
        let ends = starts.clone().skip(1).chain([words.len()]);
        let time =
            |at: usize| read.times.iter().find(|timed| timed.at == at).map(|timed| timed.start.to_string());
        let turn = |(start, end): (usize, usize)| {
            (time(start).unwrap_or_default(), words[start..end].trim().to_owned())
        };
        starts.zip(ends).map(turn).collect()
    }

    fn pairs(turns: &[(String, String)]) -> Vec<(&str, &str)> {
        turns.iter().map(|(time, words)| (&**time, &**words)).collect()
    }

    #[test]
    fn turns_begin_with_time_and_name_in_any_order() {
        let expected = [
            ("00:00:03", "Moss: Who kept the weir?"),
            ("00:00:09", "Dr. Ilse van der Reed: My father did: alone."),
            ("00:01:31", "Moss: And the tolls?"),
            ("01:02:10", "Dr. Ilse van der Reed: Nobody asked."),
        ];
        let bracketed = "[00:00:03] Moss: Who kept the weir?\n[00:00:09.5] Dr. Ilse van der Reed: My father did: alone.\n[00:01:31 - 00:01:40] Moss: And the tolls?\n[01:02:10] Dr. Ilse van der Reed: Nobody asked.\n";
        let above = "Moss (00:03):\r\nWho kept the weir?\r\n\r\nDr. Ilse van der Reed (00:09):\r\nMy father did: alone.\r\n\r\nMoss (01:31):\r\nAnd the tolls?\r\n\r\nDr. Ilse van der Reed (1:02:10):\r\nNobody asked.\r\n";
        let behind = "Moss  0:03\nWho kept the weir?\n\nDr. Ilse van der Reed  0:09 \nMy father did: alone.\n\nMoss  1:31\nAnd the tolls?\n\nDr. Ilse van der Reed  1:02:10\n\nNobody asked.\n";
        for text in [bracketed, above, behind] {
            assert_eq!(pairs(&turns(text)), expected, "{text}");
        }
    }

    #[test]
    fn times_alone_begin_turns() {
        let text = "0:03\nwho kept the weir he said: my\n0:07\nfather did alone and\n0:11\nnobody asked\n0:16\nabout the tolls\n";
        let expected = [
            ("00:00:03", "who kept the weir he said: my"),
            ("00:00:07", "father did alone and"),
            ("00:00:11", "nobody asked"),
            ("00:00:16", "about the tolls"),
        ];
        assert_eq!(pairs(&turns(text)), expected);
    }

    #[test]
    fn names_that_return_begin_turns() {
        let text = "Inquiry into the weir\n\nTHE CHAIR: Who kept it?\nMR. REED: My father did. The rule\nwas this: nobody else.\nTHE CHAIR: And the tolls?\nMR. REED: Nobody asked.\nNote: The clock stopped.\n";
        let expected = [
            ("", "THE CHAIR: Who kept it?"),
            ("", "MR. REED: My father did. The rule\nwas this: nobody else."),
            ("", "THE CHAIR: And the tolls?"),
            ("", "MR. REED: Nobody asked.\nNote: The clock stopped."),
        ];
        assert_eq!(pairs(&turns(text)), expected);
        let text = "Q. Who kept it?\nA. My father did.\nQ. And the tolls?\nA. Nobody asked.\n";
        let expected = [
            ("", "Q. Who kept it?"),
            ("", "A. My father did."),
            ("", "Q. And the tolls?"),
            ("", "A. Nobody asked."),
        ];
        assert_eq!(pairs(&turns(text)), expected);
        let text = "主持人：谁管这座水坝？\n里德：我父亲。\n主持人：通行费呢？\n里德：没有人问。\n";
        assert_eq!(turns(text).len(), 4);
    }

    #[test]
    fn messages_of_a_chat_are_turns_without_their_days() {
        let words = [
            ("", "Ilse van Reed: We open the gate at nine: not before."),
            ("", "+49 170 555 0101: Who says so?"),
            ("", "Ilse van Reed: The warden.\nIt is in the log."),
            ("", "moss 🌱: Then at nine."),
        ];
        let ios = "\u{200e}[31.12.23, 21:41:30] Ilse van Reed: We open the gate at nine: not before.\r\n[31.12.23, 21:42:02] +49 170 555 0101: Who says so?\r\n[31.12.23, 21:42:40] Ilse van Reed: The warden.\r\nIt is in the log.\r\n[01.01.24, 08:15:09] moss 🌱: \u{200e}Then at nine.\r\n";
        let android = "12/31/23, 9:41\u{202f}PM - Ilse van Reed: We open the gate at nine: not before.\n12/31/23, 9:42\u{202f}PM - +49 170 555 0101: Who says so?\n12/31/23, 9:42\u{202f}PM - Ilse van Reed: The warden.\nIt is in the log.\n1/1/24, 8:15\u{202f}AM - moss 🌱: Then at nine.\n";
        let telegram = "Ilse van Reed, [31.12.23 21:41]\nWe open the gate at nine: not before.\n\n+49 170 555 0101, [31.12.23 21:42]\nWho says so?\n\nIlse van Reed, [31.12.23 21:42]\nThe warden.\nIt is in the log.\n\nmoss 🌱, [01.01.24 08:15]\nThen at nine.\n";
        for text in [ios.replace("\r\n", "\n").as_str(), android, telegram] {
            assert_eq!(pairs(&turns(text)), words, "{text}");
        }
        // The program speaks, too.
        let text = format!("{android}1/1/24, 8:20 AM - moss 🌱 left\n");
        assert_eq!(turns(&text).last().expect("a turn").1, "moss 🌱 left");
        let relay = "[21:41] <reed> We open the gate at nine.\n[21:42] <moss> Who says so?\n[21:42] * reed shrugs\n[21:43] <reed> The warden.\n";
        let expected = [
            ("00:21:41", "reed: We open the gate at nine."),
            ("00:21:42", "moss: Who says so?"),
            ("00:21:42", "* reed shrugs"),
            ("00:21:43", "reed: The warden."),
        ];
        assert_eq!(pairs(&turns(relay)), expected);
    }

    #[test]
    fn a_line_of_a_message_is_no_title() {
        let text = "12/07/24, 19:44 - Reed: Write it so:\nBEER = 1\nWINE = 2\n\n12/07/24, 19:45 - Moss: Like this?\n12/07/24, 19:46 - Reed: Yes, and nothing else.\n12/07/24, 19:47 - Moss: Good.\n";
        let file = FileId::new("/work/chat.txt");
        let read = crate::corpus::ingest::read(file, text.as_bytes()).expect("read");
        assert_eq!(read.title(), None);
        let classes = read.passages.iter().map(|passage| passage.class);
        assert!(classes.clone().all(|class| class == Class::Body), "{:?}", classes.collect::<Vec<_>>());
    }

    #[test]
    fn other_texts_with_times_and_colons_are_no_transcripts() {
        for text in [
            // A log.
            "[2023-12-31 21:41:12] gate.ERROR: It is shut\n[2023-12-31 21:41:13] gate.INFO: Opening\n[2023-12-31 21:41:14] gate.INFO: Open\n[2023-12-31 21:41:19] gate.WARNING: Wet\n",
            // A diary.
            "12.3.1911 - Rain: the weir holds.\n13.3.1911 - Rain: it still holds.\n14.3.1911 - Sun: nobody came.\n15.3.1911 - Sun: the gate is open.\n",
            // Days of meetings.
            "On 12.3.24, 9:00 - the chair: late again.\n\nThe next was worse.\n\nNobody wrote it down.\n",
            // A programme.
            "9:00 Welcome\n9:30 The weir, by Ada Moss\n10:15 Coffee\n10:45 The tolls\n12:00 Lunch\n",
            // A record.
            "Title: The Weir\nAuthor: Ada Moss\nDate: 1911\nPlace: Korn\nPages: 40\n",
            // Notes in a manual.
            "Open the gate.\n\nNote: Mind the rope.\n\nClose it.\n\nNote: It is heavy.\n\nWarning: Sharp.\n\nGo home.\n\nRest.\n\nWarning: Wet.\n\nEat.\n\nSleep.\n",
            // Prose.
            "He said at 12:31: it is over.\nThe rule is this: nobody pays.\nThe rule is this: nobody rows.\nSee https://x.example/1.\nSee https://x.example/2.\n",
            // A reference.
            "lock()\n\nParameters:\n  gate, a number\n\nReturn:\n  nothing\n\nopen()\n\nParameters:\n  rope, a number\n\nReturn:\n  nothing\n",
            // A list.
            "A. The weir\nB. The gate\nC. The tolls\nD. The rope\n",
            "",
        ] {
            assert_eq!(pairs(&turns(text)), [], "{text}");
        }
    }

    #[test]
    fn positions_are_those_of_the_file() {
        let text = "[0:03] Moss: Who kept it?\n[0:07] Reed: My father did.\n[0:11] Moss: Alone?\n[0:14] Reed: Alone.\n";
        let read = read(&FileText::new(text)).expect("a transcript");
        let at = read.text.as_str().find("father").expect("the word");
        let place = read.text.position(at, Encoding::Utf8);
        assert_eq!((place.line, place.character), (1, 16));
    }
}
