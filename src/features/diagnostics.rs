//! Findings in briefs and libraries, with fixes.

mod citations;
mod figures;
mod finding;
pub(in crate::features) mod ignore;
mod library;
mod likelihood;
mod lock;
mod names;
mod notes;
mod quotations;

use crate::config::Level;
use crate::text::FileId;
use crate::workspace::Snapshot;
pub use finding::{Finding, Fix};

/// The findings in `file`, a brief or a library, sorted by position. Empty until the first load has finished.
#[must_use]
pub fn of_file(snap: &Snapshot, file: &FileId) -> Vec<Finding> {
    if !snap.loaded {
        return Vec::new();
    }
    let mut findings = Vec::new();
    if let Some(brief) = snap.brief(file) {
        citations::check(snap, file, brief.brief(), &mut findings);
        quotations::check(snap, brief.brief(), &mut findings);
        notes::check(snap, file, brief, &mut findings);
        lock::check(snap, brief.brief(), &mut findings);
        figures::check(snap, brief.brief(), &mut findings);
        likelihood::check(snap, brief.brief(), &mut findings);
        names::check(snap, brief, &mut findings);
        ignore::apply(brief.brief(), &mut findings);
    } else if let Some(known) = snap.corpus.libraries.iter().find(|library| library.file == *file) {
        library::check(snap, known, &mut findings);
    }
    for finding in &mut findings {
        finding.level = finding.level.min(snap.config.level(finding.code));
    }
    findings.retain(|finding| finding.level != Level::Off);
    findings.sort_by_key(|finding| (finding.span, finding.code));
    findings
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::config::Code;
    use crate::features::fixture::{Fixture, harbours, paged, workspace};

    use super::*;

    fn render(at: &Fixture, file: &FileId) -> String {
        let text = at.snap.reading_text(file).expect("a text");
        let mut out = String::new();
        for finding in of_file(&at.snap, file) {
            out.push_str(&format!(
                "⟦{}⟧ {}: {}\n",
                text.slice(finding.span),
                finding.code.name(),
                finding.message
            ));
            for fix in finding.fixes {
                out.push_str(&format!("  {}\n", fix.title));
            }
        }
        out
    }

    fn check(brief: &str, expected: Expect) {
        let at = harbours(brief);
        expected.assert_eq(&render(&at, &at.file));
    }

    #[test]
    fn an_unknown_key_is_named_with_the_nearest() {
        check(
            "See [@mos2020] and @nobody1999.\n",
            expect![[r#"
                ⟦@mos2020⟧ unknown-citation: Unknown citation key mos2020. Did you mean moss2020?
                  Change to moss2020
                ⟦@nobody1999⟧ unknown-citation: Unknown citation key nobody1999.
            "#]],
        );
    }

    #[test]
    fn a_key_made_from_a_file_name_is_known_when_an_entry_gave_the_file_another() {
        let files = |brief: &str| {
            format!(
                "//- refs.bib\n@misc{{reed2021, file={{sources/tide tables.txt}}}}\n//- sources/tide tables.txt\nTides\n\nThey rise and fall.\n//- brief.md\n{brief}<|>"
            )
        };
        let shown = |brief: &str| {
            let at = crate::features::fixture::workspace(&files(brief));
            render(&at, &at.file)
        };
        expect![[r#"
            ⟦@tide_tables⟧ unknown-citation: Unknown citation key tide_tables: cite sources/tide tables.txt as @reed2021 now.
              Write @reed2021 (all 2 places)
            ⟦@{tide_tables}⟧ unknown-citation: Unknown citation key tide_tables: cite sources/tide tables.txt as @reed2021 now.
              Write @reed2021 (all 2 places)
        "#]]
        .assert_eq(&shown("See [@tide_tables, ¶ 1] and @{tide_tables}.\n"));
        expect![[r#"
            ⟦@tide_tables⟧ unknown-citation: Unknown citation key tide_tables: cite sources/tide tables.txt as @reed2021 now.
              Write @reed2021
            ⟦@reed202⟧ unknown-citation: Unknown citation key reed202. Did you mean reed2021?
              Change to reed2021
        "#]]
        .assert_eq(&shown("See @tide_tables and @reed202.\n"));
        // It cannot be known which of two is meant.
        let two = files("See [@tide_tables] of 2021.\n").replace(
            "//- brief.md",
            "//- more.bib\n@misc{hale2022, file={notes/tide tables.txt}}\n//- notes/tide tables.txt\nTides\n\nThey ebb.\n//- brief.md",
        );
        let at = crate::features::fixture::workspace(&two);
        expect![[r#"
            ⟦@tide_tables⟧ unknown-citation: Unknown citation key tide_tables.
        "#]]
        .assert_eq(&render(&at, &at.file));
    }

    #[test]
    fn a_key_that_needs_braces_gets_them() {
        let at = crate::features::fixture::workspace(
            "//- refs.bib\n@misc{o'neill2019, title={Tides}}\n@misc{été(2020), title={Été}}\n//- brief.md\nSee [@o'neill2019, p. 3] and [@{o'neill2019}] and [@o’hara]. [@été(2020)]\n<|>",
        );
        expect![[r#"
            ⟦@o⟧ unknown-citation: Pandoc reads only o as the key, which no source has. Did you mean o'neill2019? It needs braces.
              Write @{o'neill2019}
            ⟦@o⟧ unknown-citation: Unknown citation key o.
            ⟦@été⟧ unknown-citation: Pandoc reads only été as the key, which no source has. Did you mean été(2020)? It needs braces.
              Write @{été(2020)}
        "#]]
        .assert_eq(&render(&at, &at.file));
    }

    #[test]
    fn a_locator_past_the_end_is_named() {
        check(
            "See [@moss2020, ¶ 4; @reed2021, ¶ 1-3] and [@moss2020, para. 0], but [@moss2020, ¶ 2, 40] or [@moss2020, ¶ 1-2, 3].\n",
            expect![[r#"
                ⟦¶ 4⟧ locator-out-of-range: moss2020 has no ¶ 4: its passages are ¶ 1 to ¶ 3.
                ⟦¶ 1-3⟧ locator-out-of-range: reed2021 has no ¶ 3: its passages are ¶ 1 to ¶ 2.
                ⟦para. 0⟧ locator-out-of-range: moss2020 has no ¶ 0: its passages are ¶ 1 to ¶ 3.
                ⟦¶ 2, 40⟧ locator-out-of-range: moss2020 has no ¶ 40: its passages are ¶ 1 to ¶ 3.
            "#]],
        );
    }

    #[test]
    fn a_part_without_a_key_is_named() {
        check(
            "See [@moss2020, ¶ 1; and elsewhere].\n",
            expect![[r#"
                ⟦ and elsewhere⟧ citation-part-without-key: Pandoc ignores this bracket because “and elsewhere” has no citation key. Replace the semicolon with a comma, or add a key.
                  Replace the semicolon with a comma
            "#]],
        );
    }

    #[test]
    fn what_is_right_stays_silent() {
        for brief in [
            "See [@moss2020, ¶ 3], @reed2021 [para. 1-2], [-@fenn2022, p. 400] and [@moss2020, chap. 9].\n",
            "Mail me@nobody.example, \\@nobody, `@nobody`, https://x.example/@nobody, <!-- @nobody -->.\n",
            "[see this; and that] and [a link](x) and @fig-one.\n",
            "---\nnocite: '@*'\n---\n",
        ] {
            check(brief, expect![""]);
        }
    }

    #[test]
    fn words_that_differ_are_underlined() {
        check(
            "They said “begin work before the summer” [@moss2020, ¶ 2]. He wrote:\n\n> Tide tables were printed for the\n> pilots of the estuary, who sold them to sailors [@reed2021, ¶ 1].\n",
            expect![[r#"
                ⟦summer⟧ altered-quotation: The source has “winter” here, not “summer” (moss2020, ¶ 2).
                  Write “winter”
                ⟦were printed⟧ altered-quotation: The source has “first” here, omitted without an ellipsis (reed2021, ¶ 1).
                  Insert “first”
                  Mark the omission with […]
                  Replace all differences with the source’s words
                ⟦sailors⟧ altered-quotation: The source has “captains” here, not “sailors” (reed2021, ¶ 1).
                  Write “captains”
                  Replace all differences with the source’s words
            "#]],
        );
    }

    #[test]
    fn words_of_another_place_are_led_back() {
        check(
            "“the wind explains what they miss” [@reed2021, ¶ 1]; “the water is deep enough at every tide” [@reed2021]; “nobody will ever see the ships again” [@moss2020].\n\nAnd “Tide tables were first printed for the pilots of the estuary”, so.\n",
            expect![[r#"
                ⟦¶ 1⟧ locator-mismatch: The quoted words are in ¶ 2, not in ¶ 1.
                  Correct the locator to ¶ 2
                ⟦“the water is deep enough at every tide”⟧ quotation-from-other-source: These words are not in the cited source. They appear in moss2020, ¶ 3.
                  Cite @moss2020, ¶ 3 instead
                ⟦“nobody will ever see the ships again”⟧ quotation-not-found: These words were not found in the text of moss2020.
                ⟦“Tide tables were first printed for the pilots of the estuary”⟧ quotation-uncited: These words appear in reed2021, ¶ 1. Cite it.
                  Cite @reed2021, ¶ 1
            "#]],
        );
    }

    #[test]
    fn short_ones_are_hinted_at_only() {
        let at = harbours("“begin work before summer” [@moss2020] “the silent harbour” [@moss2020]\n");
        let levels: Vec<Level> = of_file(&at.snap, &at.file).iter().map(|found| found.level).collect();
        assert_eq!(levels, [Level::Hint]);
    }

    #[test]
    fn quotations_that_are_right_stay_silent() {
        for brief in [
            "It “would ‘begin work before the winter’ if the money came” [@moss2020, ¶ 2].\n",
            "It would “begin … before the winter if the money came” [@moss2020, ¶ 1-2].\n",
            "“Begin work before the winter,” they said [@moss2020].\n",
            "The so-called “great silting of the northern harbours” [@moss2020]. He called “Harbours” [@moss2020] dull.\n",
            "“Les ports s’envasent quand personne ne les drague plus depuis longtemps” [@moss2020].\n",
            "“Whatever this pier may say of its own past and future” [@fenn2022].\n",
            "See “On Harbours” [@moss2020] and “A History of Tides” [@reed2021].\n",
        ] {
            check(brief, expect![""]);
        }
    }

    const MENTIONS: &str = "Thanks to @octocat and [@jane-doe](https://hub.example). Use @media, @scope/pkg\nor [@types/node@1.2.0], **@lead** decides, cc @org/team.\n";

    #[test]
    fn a_page_that_cites_nothing_known_mentions_people_and_packages() {
        check(MENTIONS, expect![""]);
        // A year, a bracket or a key close to a known one: these are citations.
        check(
            "See @reed1999, [@reed; @fen, p. 3] and @mos2020.\n",
            expect![[r#"
                ⟦@reed1999⟧ unknown-citation: Unknown citation key reed1999.
                ⟦@reed⟧ unknown-citation: Unknown citation key reed: cite sources/reed.txt as @reed2021 now.
                  Write @reed2021
                ⟦@fen⟧ unknown-citation: Unknown citation key fen.
                ⟦@mos2020⟧ unknown-citation: Unknown citation key mos2020. Did you mean moss2020?
                  Change to moss2020
            "#]],
        );
    }

    #[test]
    fn mentions_are_citations_where_something_known_is_cited_or_the_settings_name_the_brief() {
        let unknown = |at: &crate::features::fixture::Fixture| {
            of_file(&at.snap, &at.file).iter().filter(|found| found.code == Code::UnknownCitation).count()
        };
        assert_eq!(unknown(&harbours("So says @moss2020, and so does @octocat.\n")), 1);
        let settings = "//- glossator.toml\n[briefs]\ninclude = [\"briefs/*.md\"]\n//- sources/rail.txt\nRail\n\nIt rose.\n";
        let page = |name: &str| {
            crate::features::fixture::workspace(&format!("{settings}//- {name}\nThanks to @octocat.<|>\n"))
        };
        assert_eq!(unknown(&page("briefs/a.md")), 1);
        assert_eq!(unknown(&page("README.md")), 0);
    }

    #[test]
    fn a_comment_takes_off_a_finding_of_the_next_line() {
        check(
            "<!-- glossator: ignore altered-quotation -->\n“begin work before the summer” [@moss2020].\n\n<!-- glossator: ignore altered-quotation -->\n“begin work before the winter” [@moss2020].\n\n<!-- glossator: ignore nonsense -->\n<!-- glossator: ignored -->\n",
            expect![[r#"
                ⟦<!-- glossator: ignore altered-quotation -->⟧ unused-ignore: The next line has no altered-quotation to ignore.
                  Remove this comment
                ⟦<!-- glossator: ignore nonsense -->⟧ unused-ignore: Unknown code nonsense.
                  Remove this comment
            "#]],
        );
    }

    #[test]
    fn a_comment_covers_the_quotation_or_the_table_that_begins_behind_it() {
        let comment = "<!-- glossator: ignore altered-quotation -->";
        let wrong = "“begin work before the summer” [@moss2020]";
        for brief in [
            format!("{comment}\n“begin work before\nthe summer” [@moss2020].\n"),
            format!("{comment}\n> begin work before\n> the summer [@moss2020]\n"),
            format!("{comment}\n- {wrong}.\n"),
            format!("{comment}\n\n| a |\n|---|\n| b |\n| {wrong} |\n"),
        ] {
            check(&brief, expect![""]);
        }
        let at = harbours(&format!("{comment}\n{wrong} and\n{wrong}.\n"));
        assert_eq!(of_file(&at.snap, &at.file).len(), 1, "the second begins a line later");
    }

    #[test]
    fn figures_are_compared_when_asked_for() {
        let workspace = "//- glossator.toml\n[diagnostics]\nfigure-mismatch = \"hint\"\n//- sources/rail.txt\nRail\n\nFreight rose by 75 percent in 2019, to nine million tonnes.\n\nThe line has 12 stations.\n//- brief.md\n";
        let brief = "Freight rose by 85 % [@rail, ¶ 1]. It rose to 9 million tonnes in 2019 [@rail, ¶ 1]. There are 12 stations [@rail, ¶ 1]. There are 12 [@rail, ¶ 2] or “13” [@rail]. In 1999 nobody counted. They had 7 [@nobody].\n";
        let at = crate::features::fixture::workspace(&format!("{workspace}{brief}<|>"));
        let seen = render(&at, &at.file);
        let seen: Vec<&str> = seen.lines().filter(|line| line.contains("figure")).collect();
        assert_eq!(
            seen,
            [
                "⟦85⟧ figure-mismatch: 85 does not appear in the cited passages of rail; the figures there are 75, 2019, nine.",
                "⟦12⟧ figure-mismatch: 12 does not appear in the cited passages of rail; the figures there are 75, 2019, nine.",
            ]
        );
        let silent = harbours("Freight rose by 85 % [@moss2020, ¶ 1].\n");
        assert_eq!(of_file(&silent.snap, &silent.file), []);
    }

    #[test]
    fn a_missing_file_is_named_at_its_entry() {
        let at = harbours("");
        let library = at.snap.corpus.libraries[0].file.clone();
        let seen = render(&at, &library);
        assert!(
            seen.starts_with("⟦fenn2022⟧ missing-source-file: Cannot read the source of fenn2022 at "),
            "{seen}"
        );
        assert_eq!(seen.lines().count(), 1);
    }

    /// An order of three numbered paragraphs, the second of which has items.
    const ORDER: &str = "\
//- refs.bib
@misc{order14, title={Order 14}, file={sources/order.txt}}
//- sources/order.txt
Order 14 of the Water Board

The Water Board,

Having heard the millers of both valleys,

1. Orders the sluices at Hallow Bridge to be shut from dusk until dawn;

2. Asks every miller to keep a book of the hours at which his wheel turns:

(a) In summer by the hour, and on feast days by the quarter;

3. Names the inspector of weirs to read the books of the millers.
";

    fn of_order(brief: &str, expected: Expect) {
        let at = workspace(&format!("{ORDER}//- brief.md\n{brief}"));
        expected.assert_eq(&render(&at, &at.file));
    }

    #[test]
    fn a_locator_that_names_the_sources_own_number_is_right() {
        of_order(
            "It is “to be shut from dusk until dawn” [@order14, para. 1], “by the hour, and on feast days by the quarter” \
             [@order14, ¶ 2] and “to read the books of the millers” [@order14, ¶¶ 2-3].\n",
            expect![""],
        );
        // The count works too: the order has two paragraphs above its first number.
        of_order("It is “to be shut from dusk until dawn” [@order14, ¶ 3].\n", expect![""]);
    }

    #[test]
    fn a_wrong_locator_is_corrected_to_the_sources_own_number() {
        of_order(
            "It is “to read the books of the millers” [@order14, ¶ 2]. It was done “Having heard the millers of both \
             valleys” [@order14, para. 3]. See [@order14, ¶ 9].\n",
            expect![[r#"
                ⟦¶ 2⟧ locator-mismatch: The quoted words are in ¶ 3, not in ¶ 2.
                  Correct the locator to ¶ 3
                ⟦para. 3⟧ locator-mismatch: The quoted words are outside the numbered paragraphs, not in para. 3.
                ⟦¶ 9⟧ locator-out-of-range: order14 has no ¶ 9: it numbers its paragraphs 1 to 3.
            "#]],
        );
    }

    #[test]
    fn a_page_of_a_file_without_page_numbers_may_be_one_of_the_book() {
        let brief =
            "He “asked for a second boat and was refused” [@vane1911, p. 3], see [@vane1911, p. 41].\n";
        let counted = paged(None, brief);
        expect![[r#"
            ⟦p. 3⟧ locator-mismatch: The quoted words are in p. 2, not in p. 3. Pages are counted from the first of the file.
              Correct the locator to p. 2
        "#]]
        .assert_eq(&render(&counted, &counted.file));
        let found = of_file(&counted.snap, &counted.file);
        assert_eq!((found[0].level, found[0].fixes[0].sure), (Level::Information, false));

        // The file says that it begins with page 40.
        let numbered = paged(Some(40), &brief.replace("p. 3", "p. 42"));
        let found = of_file(&numbered.snap, &numbered.file);
        assert_eq!((found[0].level, found[0].fixes[0].sure), (Level::Warning, true), "{found:?}");
        assert!(found[0].message.ends_with("in p. 41, not in p. 42."), "{}", found[0].message);

        let right = paged(None, &brief.replace("p. 3", "p. 2"));
        assert_eq!(render(&right, &right.file), "");
    }
}
