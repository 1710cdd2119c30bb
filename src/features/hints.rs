//! What an editor shows between the words of a brief: whom a key means, and how a quotation stands.

use crate::features::card;
use crate::features::lookup::source_of;
use crate::features::standing::{Standing, Standings};
use crate::text::{FileId, Span};
use crate::workspace::Snapshot;

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Behind which byte of the brief it is shown, with a blank before it.
    pub at: usize,
    /// Plain text on one line.
    pub label: String,
}

/// Author and year are cut to this many characters: an organisation's name can be a sentence.
const LONGEST: usize = 40;

/// The hints that the settings ask for in the bytes `shown` of the brief `file`, sorted by place.
/// None until the first load is done.
#[must_use]
pub fn hints(snap: &Snapshot, file: &FileId, shown: Span) -> Vec<Hint> {
    let wanted = snap.config.hints;
    let Some(brief) = snap.brief(file).filter(|_| snap.loaded) else { return Vec::new() };
    let brief = brief.brief();
    let mut hints = Vec::new();
    if wanted.author {
        for citation in brief.citations.iter().filter(|citation| shown.touches(citation.span.end)) {
            let label = source_of(&snap.corpus, citation).and_then(|id| {
                let entry = snap.corpus.source(id).entry.as_deref()?;
                let year = entry.date.as_ref().map(|date| date.year.to_string());
                // A year alone, behind a key that mostly ends with it, says nothing.
                let by = card::families(entry).or_else(|| entry.outlet.clone());
                let parts: Vec<String> = by.into_iter().chain(year).collect();
                (!parts.is_empty()).then(|| card::clip(&card::flat(&parts.join(" ")), LONGEST))
            });
            hints.extend(label.map(|label| Hint { at: citation.span.end, label }));
        }
    }
    if wanted.verdict {
        let standings = Standings::of(snap, file);
        for quotation in brief.quotations.iter().filter(|quotation| shown.touches(quotation.span.end)) {
            let mark = match standings.of_quotation(snap, brief, quotation) {
                Some(Standing::Verified) => "✓",
                Some(Standing::Doubtful) => "?",
                Some(Standing::Wrong) => "✗",
                None => continue,
            };
            // A block quotation ends with its line break; the mark belongs on the line before.
            let end = brief.text.slice(quotation.span).trim_end().len() + quotation.span.start;
            hints.push(Hint { at: end, label: mark.into() });
        }
    }
    hints.sort_by_key(|hint| hint.at);
    hints
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{Fixture, harbours, workspace};

    use super::*;

    fn render(at: &Fixture, shown: Span) -> String {
        let text = at.snap.text(&at.file).expect("the brief");
        let mut out = text.as_str().to_owned();
        for hint in hints(&at.snap, &at.file, shown).into_iter().rev() {
            out.insert_str(hint.at, &format!("⟨ {}⟩", hint.label));
        }
        out
    }

    fn check(brief: &str, expected: Expect) {
        expected.assert_eq(&render(&harbours(brief), Span::new(0, brief.len())));
    }

    #[test]
    fn a_key_is_followed_by_author_and_year() {
        check(
            "Silt [see @moss2020, ¶ 1; @reed2021] and @{moss2020} [¶ 2].\n",
            expect![[r#"
                Silt [see @moss2020⟨ Moss 2020⟩, ¶ 1; @reed2021⟨ Reed 2021⟩] and @{moss2020}⟨ Moss 2020⟩ [¶ 2].
            "#]],
        );
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
        assert_eq!(render(&at, Span::new(0, 11)), "Silt [@a⟨ The Gauge 2021⟩].\n");
    }

    #[test]
    fn a_checked_quotation_is_followed_by_its_mark() {
        check(
            "It would “begin work before the winter” [-@moss2020]. The “great silting” goes on [-@moss2020].\n\n\
             Tides: “wind explains most of what the coloured tables show” [-@reed2021].\n\n\
             > The port authority said it would begin\n> work before the winter [-@moss2020]\n\nEnd “begin work before the winter”.\n",
            expect![[r#"
                It would “begin work before the winter”⟨ ✓⟩ [-@moss2020⟨ Moss 2020⟩]. The “great silting” goes on [-@moss2020⟨ Moss 2020⟩].

                Tides: “wind explains most of what the coloured tables show”⟨ ✗⟩ [-@reed2021⟨ Reed 2021⟩].

                > The port authority said it would begin
                > work before the winter [-@moss2020⟨ Moss 2020⟩]⟨ ✓⟩

                End “begin work before the winter”.
            "#]],
        );
    }

    #[test]
    fn only_what_is_on_screen_is_marked() {
        let at = harbours("A [@moss2020].\n\nB [@reed2021].\n");
        assert_eq!(hints(&at.snap, &at.file, Span::new(0, 14)).len(), 1);
        assert_eq!(hints(&at.snap, &at.file, Span::new(14, 16)), []);
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
            assert_eq!(render(&at, Span::new(0, brief.len())), expected);
        }
    }
}
