//! Inlay hints: in a brief, author and year of a key and the verdict on a quotation; in a source, the number
//! of each passage and of the notes on it.

use unicode_normalization::UnicodeNormalization;

use crate::corpus::library::Entry;
use crate::corpus::source::Passage;
use crate::features::lookup::{Opened, source_of};
use crate::features::standing::{Standing, Standings};
use crate::features::{card, markup, notes};
use crate::text::{FileId, FileOffset, FileSpan, Locus};
use crate::workspace::Snapshot;

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where in the file it is shown.
    pub at: FileOffset,
    /// Whether it belongs to what follows rather than to what precedes it. A space separates the two.
    pub leads: bool,
    /// Plain text on one line.
    pub label: String,
}

/// Longest author and year, in characters: an organisation's name can be a whole sentence.
const LONGEST: usize = 40;

/// The hints chosen in the settings for the part `shown` of `file`, a brief or a source, sorted by position.
/// None until the first load has finished.
#[must_use]
pub fn hints(snap: &Snapshot, file: &FileId, shown: FileSpan) -> Vec<Hint> {
    let wanted = snap.config.hints;
    if !snap.loaded {
        return Vec::new();
    }
    let Some(brief) = snap.brief(file) else {
        return if wanted.passages { of_source(snap, file, shown) } else { Vec::new() };
    };
    let brief = brief.brief();
    let place = |offset: usize| Some(brief.text.offset_in_file(offset)).filter(|at| shown.touches(*at));
    let mut hints = Vec::new();
    if wanted.author {
        for citation in &brief.citations {
            let Some(at) = place(citation.span.end) else { continue };
            let label = source_of(&snap.corpus, citation).and_then(|id| {
                let entry = snap.corpus.source(id).entry.as_deref()?;
                if key_says(entry) {
                    return None;
                }
                let year = entry.year();
                let by = card::families(entry).or_else(|| entry.outlet.clone());
                let parts: Vec<String> = by.into_iter().chain(year).collect();
                (!parts.is_empty()).then(|| markup::clip(&markup::flat(&parts.join(" ")), LONGEST))
            });
            hints.extend(label.map(|label| Hint { at, leads: false, label }));
        }
    }
    if wanted.verdict {
        let standings = Standings::of(snap, file);
        for quotation in brief.quotations.iter().filter(|quotation| place(quotation.span.end).is_some()) {
            let mark = match standings.of_quotation(snap, brief, quotation) {
                Some(Standing::Verified) => "✓",
                Some(Standing::Doubtful) => "?",
                Some(Standing::Wrong) => "✗",
                None => continue,
            };
            // A block quotation ends with its line break, but the mark belongs on the line before.
            let end = brief.text.slice(quotation.span).trim_end().len() + quotation.span.start;
            hints.extend(place(end).map(|at| Hint { at, leads: false, label: mark.into() }));
        }
    }
    hints.sort_by_key(|hint| hint.at);
    hints
}

/// The numbers of the passages in the source `file`, each before its first word.
fn of_source(snap: &Snapshot, file: &FileId, shown: FileSpan) -> Vec<Hint> {
    let Some(opened) = Opened::of(snap, file) else { return Vec::new() };
    let noted: Vec<usize> =
        notes::of_source(snap, opened.id).iter().flat_map(|note| note.passages(snap, opened.id)).collect();
    let hint = |(at, passage): (usize, &Passage)| {
        let known = if noted.is_empty() { None } else { opened.known(snap, at) };
        let count = known.map_or(0, |known| noted.iter().filter(|noted| **noted == known).count());
        let at = opened.text.text.offset_in_file(passage.span.start);
        // The view of a document has marks where its pages begin.
        let is_marked = |locus: &Locus| matches!(locus, Locus::Page(_)) && opened.text.view.is_some();
        let locus = opened.text.locus(passage).filter(|locus| !is_marked(locus))?;
        let label = match count {
            0 => locus.to_string(),
            count => format!("{locus} · {}", notes::counted(count)),
        };
        Some(Hint { at, leads: true, label })
    };
    let passages = opened.text.passages.iter().enumerate();
    let is_shown = |passage: &Passage| shown.touches(opened.text.text.offset_in_file(passage.span.start));
    passages.filter(|(_, passage)| is_shown(passage)).filter_map(hint).collect()
}

/// Whether the key of `entry` already says what a hint would: the names it is cited by and the year.
/// `holm2025` does for Holm 2025, `Holm_Reed:2025` for Holm and Reed 2025, but `holmes2025` does not.
fn key_says(entry: &Entry) -> bool {
    let names: Vec<&str> = match entry.authors.as_slice() {
        [] => entry.outlet.as_deref().into_iter().collect(),
        [one] => vec![&one.family],
        [one, two] => vec![&one.family, &two.family],
        // The key need not contain the other authors, since the hint does not name them.
        [one, ..] => vec![&one.family],
    };
    let key: Vec<char> = entry.key.nfd().filter(|c| !is_accent(*c)).collect();
    let year_said = entry.date.as_ref().is_none_or(|date| {
        let year = date.year.to_string();
        key.split(|c| !c.is_ascii_digit()).any(|run| run.iter().copied().eq(year.chars()))
    });
    let mut from = 0;
    year_said
        && names.iter().enumerate().all(|(at, name)| {
            let spelled = spellings(name).into_iter().filter(|name| !name.is_empty());
            let is_last = at + 1 == names.len();
            let end = spelled.filter_map(|name| end_of_name(&key, from, &name, is_last)).next();
            from = end.unwrap_or(from);
            end.is_some()
        })
}

/// The end of `name` in `key`, if it occurs as a word from `from` on. Names may be run together
/// (`holmreed2025`), and a capital begins a word (`holmCranes2025`).
fn end_of_name(key: &[char], from: usize, name: &[char], is_last: bool) -> Option<usize> {
    let letter = |at: usize| key.get(at).is_some_and(|c| c.is_alphabetic());
    let capital = |at: usize| key.get(at).is_some_and(|c| c.is_uppercase());
    (from..key.len()).find_map(|start| {
        let begins = start == 0 || start == from || !letter(start - 1) || capital(start);
        let mut written = key[start..].iter().enumerate().filter(|(_, c)| c.is_alphanumeric());
        let mut last = start;
        for wanted in name {
            let (at, found) = written.next()?;
            if !found.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            last = start + at;
        }
        let ends = !is_last || !letter(last + 1) || (capital(last + 1) && !capital(last));
        (begins && ends).then_some(last + 1)
    })
}

/// The letters of `name` without accents, and as spelled in German and Scandinavian keys: Müller is `muller`
/// or `mueller`.
fn spellings(name: &str) -> [Vec<char>; 2] {
    let plain = |name: &str| -> Vec<char> {
        name.nfd().filter(|c| !is_accent(*c) && c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let written = name.to_lowercase().nfc().collect::<String>();
    let doubled = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("å", "aa"), ("ø", "oe"), ("æ", "ae")]
        .iter()
        .fold(written, |name, (letter, two)| name.replace(letter, two));
    [plain(name), plain(&doubled)]
}

fn is_accent(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{Fixture, harbours, workspace};

    use super::*;

    fn render(at: &Fixture, shown: FileSpan) -> String {
        let text = at.snap.file_text(&at.file).expect("the brief");
        let mut out = text.as_str().to_owned();
        for hint in hints(&at.snap, &at.file, shown).into_iter().rev() {
            let shown =
                if hint.leads { format!("⟨{} ⟩", hint.label) } else { format!("⟨ {}⟩", hint.label) };
            out.insert_str(hint.at.0, &shown);
        }
        out
    }

    fn check(brief: &str, expected: Expect) {
        expected.assert_eq(&render(&harbours(brief), (0..brief.len()).into()));
    }

    /// The hints in a brief that cites one entry with these fields by `key`.
    fn of_key(key: &str, fields: &str) -> String {
        let brief = format!("Silt [@{key}].\n");
        let files = format!("//- refs.bib\n@online{{{key}, {fields}}}\n//- brief.md\n{brief}");
        render(&workspace(&files), (0..brief.len()).into())
    }

    #[test]
    fn a_key_is_followed_by_author_and_year() {
        let brief = "Silt [see @silt, ¶ 1; @tides] and @{silt} [¶ 2].\n";
        let files = "//- refs.bib\n@online{silt, author={Moss, Ada}, date={2020}}\n@online{tides, author={Reed, Tom}, date={2021}}\n//- brief.md\n";
        assert_eq!(
            render(&workspace(&format!("{files}{brief}")), (0..brief.len()).into()),
            "Silt [see @silt⟨ Moss 2020⟩, ¶ 1; @tides⟨ Reed 2021⟩] and @{silt}⟨ Moss 2020⟩ [¶ 2].\n"
        );
    }

    #[test]
    fn what_the_key_says_already_is_not_said_again() {
        for (key, fields) in [
            ("moss2020", "author={Moss, Ada}, date={2020-05}"),
            ("Moss:2020a", "author={Moss, Ada}, date={2020}"),
            ("2020_moss_silt", "author={Moss, Ada}, date={2020}"),
            ("mossSilt2020", "author={Moss, Ada}, date={2020}"),
            ("mossReed2020", "author={Moss, Ada and Reed, Tom}, date={2020}"),
            ("mossreed2020", "author={Moss, Ada and Reed, Tom}, date={2020}"),
            ("muller2020", "author={Müller, Ada}, date={2020}"),
            ("mueller2020", "author={Müller, Ada}, date={2020}"),
            ("vanderberg2020", "author={van der Berg, Ada}, date={2020}"),
            ("van-der-berg2020", "author={van der Berg, Ada}, date={2020}"),
            ("moss2020", "author={Moss, Ada and Reed, Tom and Po, Li}, date={2020}"),
            ("thegauge2020", "organization={The Gauge}, date={2020}"),
            ("moss", "author={Moss, Ada}"),
        ] {
            assert_eq!(of_key(key, fields), format!("Silt [@{key}].\n"), "{fields}");
        }
        for (key, fields, said) in [
            ("mosset2020", "author={Moss, Ada}, date={2020}", "Moss 2020"),
            ("demoss2020", "author={Moss, Ada}, date={2020}", "Moss 2020"),
            ("moss2020", "author={Moss, Ada}, date={2021}", "Moss 2021"),
            ("moss20201", "author={Moss, Ada}, date={2020}", "Moss 2020"),
            ("moss", "author={Moss, Ada}, date={2020}", "Moss 2020"),
            ("moss2020", "author={Moss, Ada and Reed, Tom}, date={2020}", "Moss and Reed 2020"),
            ("reed2020", "author={Moss, Ada and Reed, Tom and Po, Li}, date={2020}", "Moss et al. 2020"),
            ("gauge2020", "organization={The Gauge}, date={2020}", "The Gauge 2020"),
        ] {
            assert_eq!(of_key(key, fields), format!("Silt [@{key}⟨ {said}⟩].\n"), "{fields}");
        }
    }

    #[test]
    fn a_source_shows_the_number_of_each_passage() {
        let text = "On Harbours\n\nBy Ada Moss\n\nHarbours silt up when nobody dredges them, and the council pays for nothing.\n\nThe port authority said it would begin work before the winter, if the money came.\n";
        let files = format!("//- sources/moss.txt\n<|>{text}");
        let whole = (0..text.len()).into();
        let numbered =
            text.replace("Harbours silt", "⟨¶ 1 ⟩Harbours silt").replace("The port", "⟨¶ 2 ⟩The port");
        assert_eq!(render(&workspace(&files), whole), numbered);
        let off = format!("//- glossator.toml\n[hints]\npassages = false\n{files}");
        assert_eq!(render(&workspace(&off), whole), text);
        // Only what is on screen.
        let at = workspace(&files);
        let second = text.find("The port").expect("it is there");
        assert_eq!(hints(&at.snap, &at.file, (second..text.len()).into()).len(), 1);
    }

    #[test]
    fn the_view_of_a_document_needs_no_page_before_each_paragraph() {
        let at = crate::features::fixture::paged(None, "<|>");
        let mut texts = at.snap.corpus.sources().iter().filter_map(|source| source.text());
        let text = texts.next().expect("the document");
        assert!(text.pages.len() == 3 && text.text.file().as_str().contains("⟦p. 2⟧"));
        let view = text.view.as_ref().expect("a view");
        let whole = (0..text.text.file().as_str().len()).into();
        assert_eq!(hints(&at.snap, view, whole), []);
    }

    #[test]
    fn what_is_not_known_is_not_shown() {
        check(
            "Piers [@fenn2022], [@nobody1999] and `@moss2020`.\n",
            expect![[r#"
                Piers [@fenn2022], [@nobody1999] and `@moss2020`.
            "#]],
        );
    }

    #[test]
    fn where_nobody_signs_the_outlet_stands() {
        let at = workspace(
            "//- refs.bib\n@online{a, organization={The Gauge}, date={2021}}\n//- brief.md\nSilt [@a].\n",
        );
        assert_eq!(render(&at, (0..11).into()), "Silt [@a⟨ The Gauge 2021⟩].\n");
    }

    #[test]
    fn a_checked_quotation_is_followed_by_its_mark() {
        check(
            "It would “begin work before the winter” [-@moss2020]. The “great silting” goes on [-@moss2020].\n\n\
             Tides: “wind explains most of what the coloured tables show” [-@reed2021].\n\n\
             > The port authority said it would begin\n> work before the winter [-@moss2020]\n\nEnd “begin work before the winter”.\n",
            expect![[r#"
                It would “begin work before the winter”⟨ ✓⟩ [-@moss2020]. The “great silting” goes on [-@moss2020].

                Tides: “wind explains most of what the coloured tables show”⟨ ✗⟩ [-@reed2021].

                > The port authority said it would begin
                > work before the winter [-@moss2020]⟨ ✓⟩

                End “begin work before the winter”.
            "#]],
        );
    }

    #[test]
    fn only_what_is_on_screen_is_marked() {
        let at = harbours(
            "“begin work before the winter” [@moss2020].\n\nB “a shilling for each copy” [@reed2021].\n",
        );
        assert_eq!(hints(&at.snap, &at.file, (0..40).into()).len(), 1);
        assert_eq!(hints(&at.snap, &at.file, (47..50).into()), []);
    }

    #[test]
    fn settings_switch_hints_off() {
        let brief = "It would “begin work before the winter” [@a].\n";
        let files = "//- refs.bib\n@online{a, author={Moss, Ada}, date={2020}, file={a.txt}}\n\
                     //- a.txt\nOn Harbours\n\nThe port authority said it would begin work before the winter if the money came from the town.\n";
        for (settings, expected) in [
            ("author = false", "It would “begin work before the winter”⟨ ✓⟩ [@a].\n"),
            ("verdict = false", "It would “begin work before the winter” [@a⟨ Moss 2020⟩].\n"),
        ] {
            let at =
                workspace(&format!("//- glossator.toml\n[hints]\n{settings}\n{files}//- brief.md\n{brief}"));
            assert_eq!(render(&at, (0..brief.len()).into()), expected);
        }
    }
}
