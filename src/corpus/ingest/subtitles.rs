//! Extracts the words of subtitles, SubRip (`.srt`) and WebVTT (`.vtt`), without cue numbers, times, notes,
//! styles and tags. Each cue is a paragraph.

use std::borrow::Cow;

use super::html;
use crate::text::{FileSpan, FileText, Span, Text};

/// Extracts the words of `file`.
pub(super) fn words(file: &FileText) -> Text {
    let text = file.as_str();
    let mut pieces: Vec<(FileSpan, Option<Cow<'static, str>>)> = Vec::new();
    // Whether the current line belongs to a cue, and whether that cue has words already.
    let (mut inside, mut begun) = (false, false);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let words = line.trim();
        if words.is_empty() || words.contains("-->") {
            inside = words.contains("-->");
            begun = false;
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
        let mut from = start;
        for tag in html::tags(text, Span::new(start, start + words.len())) {
            pieces.push(((from..tag.start).into(), None));
            from = tag.end;
        }
        pieces.push(((from..start + words.len()).into(), None));
        begun = true;
    }
    Text::drawn(file, pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_paragraphs_and_their_times_no_words() {
        let srt = "\u{feff}1\r\n00:00:01,000 --> 00:00:04,000\r\nThe weir was\r\n<i>mended</i> twice.\r\n\r\n2\r\n00:00:05,000 --> 00:00:07,000\r\nIn 1911\r\n12\r\n";
        let words = words(&FileText::new(srt));
        assert_eq!(words.as_str(), "The weir was mended twice.\n\nIn 1911 12");
        let at = words.as_str().find("mended").expect("the word");
        let place = words.position(at, crate::text::Encoding::Utf8);
        assert_eq!((place.line, place.character), (3, 3));
    }

    #[test]
    fn what_webvtt_adds_is_left_out() {
        let vtt = "WEBVTT - A talk\n\nSTYLE\n::cue { color: red }\n\nNOTE\nNot said.\n\nintro\n00:01.000 --> 00:04.000 align:start\n<v Ada>Good evening &amp; welcome.</v>\n";
        assert_eq!(words(&FileText::new(vtt)).as_str(), "Good evening &amp; welcome.");
    }
}
