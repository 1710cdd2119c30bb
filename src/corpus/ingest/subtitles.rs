//! Extracts the words of subtitles, SubRip (`.srt`) and WebVTT (`.vtt`), without cue numbers, times, notes,
//! styles and tags. Each cue is a paragraph.

use std::borrow::Cow;

use super::html;
use crate::corpus::source::Timed;
use crate::text::locus::Time;
use crate::text::{FileSpan, FileText, Span, Text};

/// Extracts the words of `file`, and when each cue is shown.
pub(super) fn words(file: &FileText) -> (Text, Vec<Timed>) {
    let text = file.as_str();
    let mut pieces: Vec<(FileSpan, Option<Cow<'static, str>>)> = Vec::new();
    // Whether the current line belongs to a cue, and whether that cue has words already.
    let (mut inside, mut begun) = (false, false);
    let (mut shown, mut times) = (None, Vec::new());
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim();
        if words.is_empty() || words.contains("-->") {
            inside = words.contains("-->");
            begun = false;
            shown = timing(words);
            continue;
        }
        if !inside {
            continue;
        }
        let start = start + line.len() - line.trim_start().len();
        let gap = match (pieces.is_empty(), begun) {
            (true, _) => "",
            (false, true) => " ",
            (false, false) => "\n\n",
        };
        pieces.push(((start..start).into(), Some(gap.into())));
        if let Some((start, end)) = shown.take() {
            times.push((pieces.len(), start, end));
        }
        let mut from = start;
        for tag in html::tags(text, Span::new(start, start + words.len())) {
            pieces.push(((from..tag.start).into(), None));
            from = tag.end;
        }
        pieces.push(((from..start + words.len()).into(), None));
        begun = true;
    }
    let lengths = pieces.iter().scan(0, |at, (of, read)| {
        let start = *at;
        *at += read.as_ref().map_or(of.end.0 - of.start.0, |read| read.len());
        Some(start)
    });
    let starts: Vec<usize> = lengths.collect();
    let mut times: Vec<Timed> =
        times.into_iter().map(|(piece, start, end)| Timed { at: starts[piece], start, end }).collect();
    // Both formats require cues to be in order; if they are not, times cannot be looked up.
    if !times.is_sorted_by_key(|timed| timed.start) {
        times.clear();
    }
    (Text::drawn(file, pieces), times)
}

/// The times in a line `00:00:01,000 --> 00:00:04,000`; in WebVTT, settings may follow.
fn timing(line: &str) -> Option<(Time, Time)> {
    let (start, end) = line.split_once("-->")?;
    Some((Time::parse(start)?, Time::parse(end.split_whitespace().next()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_paragraphs_and_their_times_no_words() {
        let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:04,000\r\nThe weir was\r\n<i>mended</i> twice.\r\n\r\n2\r\n00:00:05,000 --> 00:00:07,000\r\nIn 1911\r\n12\r\n";
        let (words, times) = words(&FileText::new(srt));
        assert_eq!(words.as_str(), "The weir was mended twice.\n\nIn 1911 12");
        let at = words.as_str().find("mended").expect("the word");
        let place = words.position(at, crate::text::Encoding::Utf8);
        assert_eq!((place.line, place.character), (3, 3));
        let said: Vec<(&str, Time)> =
            times.iter().map(|timed| (&words.as_str()[timed.at..timed.at + 2], timed.start)).collect();
        assert_eq!(said, [("Th", Time(1_000)), ("In", Time(5_000))]);
    }

    #[test]
    fn what_webvtt_adds_is_left_out() {
        let vtt = "WEBVTT - A talk\n\nSTYLE\n::cue { color: red }\n\nNOTE\nNot said.\n\nintro\n00:01.000 --> 00:04.000 align:start\n<v Ada>Good evening &amp; welcome.</v>\n";
        assert_eq!(words(&FileText::new(vtt)).0.as_str(), "Good evening &amp; welcome.");
    }
}
