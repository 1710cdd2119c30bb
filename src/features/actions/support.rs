//! Finds support for a sentence: lists passages that support it, and cites the one chosen.

use super::action::{Action, Ask};
use crate::features::{markup, support};

/// The kind of these actions, so that an editor can request them alone.
pub(super) const SUPPORT: &str = "refactor.rewrite.support";

/// Longer menus are not read.
const OFFERED: usize = 5;

/// Characters of the passage shown in the menu.
const WORDS: usize = 72;

pub(super) fn at(ask: &Ask<'_>, out: &mut Vec<Action>) {
    // On every cursor movement it would be noise.
    if !ask.invoked {
        return;
    }
    for found in support::support(ask.snap, ask.file, ask.range, OFFERED) {
        // A quotation there already offers this citation, see `cite`.
        let quoted = format!("Cite @{}, {}", found.key, found.locus);
        if out.iter().any(|action| action.title == quoted) {
            continue;
        }
        let words = markup::clip(&found.words, WORDS);
        let title = format!("Passage: {}, {}: “{words}”", found.key, found.locus);
        out.extend(ask.action(title, SUPPORT, vec![found.edit]));
    }
}

#[cfg(test)]
mod tests {
    use crate::features::actions::tests::check;

    /// Checks the brief after each offered support.
    fn offers(brief: &str, expected: &[&str]) {
        check(brief, "Passage: ", expected);
    }

    #[test]
    fn a_passage_is_cited_in_front_of_the_full_stop() {
        offers(
            "Nobody knows. Pilots so<|>ld printed tables to the captains. So it is.",
            &["Nobody knows. Pilots sold printed tables to the captains [@reed2021, ¶ 1]. So it is."],
        );
        offers(
            "- Fishermen from the north land their fish across the bay<|>\n- Other\n",
            &["- Fishermen from the north land their fish across the bay [@moss2020, ¶ 3]\n- Other\n"],
        );
        offers(
            "“Fishermen land their fish across the b<|>ay.”",
            &["“Fishermen land their fish across the bay.” [@moss2020, ¶ 3]"],
        );
        offers(
            "Fishermen land their fish across the b<|>ay.[^1]\n\n[^1]: Note.\n",
            &["Fishermen land their fish across the bay [@moss2020, ¶ 3].[^1]\n\n[^1]: Note.\n"],
        );
    }

    #[test]
    fn other_places_of_prose_are_served() {
        offers(
            "| a | b |\n|---|---|\n| Pilots so<|>ld printed tables to the captains | x |\n",
            &["| a | b |\n|---|---|\n| Pilots sold printed tables to the captains [@reed2021, ¶ 1] | x |\n"],
        );
        offers(
            "Note.[^1]\n\n[^1]: Pilots so<|>ld printed tables to the captains.\n",
            &["Note.[^1]\n\n[^1]: Pilots sold printed tables to the captains [@reed2021, ¶ 1].\n"],
        );
        offers(
            "Pilots so<|>ld printed\r\ntables to the captains.\r\nSo.\r\n",
            &["Pilots sold printed\r\ntables to the captains [@reed2021, ¶ 1].\r\nSo.\r\n"],
        );
        offers(
            "Pilots so<|>ld printed tables to [the captains](https://x.example).\n",
            &["Pilots sold printed tables to [the captains](https://x.example) [@reed2021, ¶ 1].\n"],
        );
        offers(
            "They say: pilots so<|>ld printed tables to the captains:\n\n> So it is.\n",
            &["They say: pilots sold printed tables to the captains [@reed2021, ¶ 1]:\n\n> So it is.\n"],
        );
    }

    #[test]
    fn emphasis_of_the_next_sentence_is_left_alone() {
        offers(
            "Pilots so<|>ld printed tables to the captains.\n*(So.)*\n",
            &["Pilots sold printed tables to the captains [@reed2021, ¶ 1].\n*(So.)*\n"],
        );
        offers(
            "**Pilots so<|>ld printed tables to the captains.** **So** it is.\n",
            &["**Pilots sold printed tables to the captains.** [@reed2021, ¶ 1] **So** it is.\n"],
        );
    }

    #[test]
    fn a_citation_joins_the_bracket_that_closes_the_sentence() {
        offers(
            "Pilots so<|>ld printed tables to the captains [see @fenn2022].",
            &["Pilots sold printed tables to the captains [see @fenn2022; @reed2021, ¶ 1]."],
        );
        offers(
            "Pilots so<|>ld printed tables to the captains. [@fenn2022] So.",
            &["Pilots sold printed tables to the captains. [@fenn2022; @reed2021, ¶ 1] So."],
        );
        offers(
            "Pilots so<|>ld printed tables to the captains [@reed2021].",
            &["Pilots sold printed tables to the captains [@reed2021, ¶ 1]."],
        );
        offers(
            "As @reed2021 has it, pilots so<|>ld printed tables to the captains.",
            &["As @reed2021 [¶ 1] has it, pilots sold printed tables to the captains."],
        );
        offers(
            "Pilots so<|>ld printed tables to the captains [@reed2021, ¶ 2].",
            &["Pilots sold printed tables to the captains [@reed2021, ¶¶ 1, 2]."],
        );
    }

    #[test]
    fn a_passage_of_a_cited_source_joins_its_locator() {
        for (cited, expected) in [
            ("[@reed2021, ¶¶ 2, 5-7]", "[@reed2021, ¶¶ 1, 2, 5-7]"),
            ("[@fenn2022; @reed2021, ¶ 2]", "[@fenn2022; @reed2021, ¶¶ 1, 2]"),
            ("[@reed2021, ¶ 2; @fenn2022]", "[@reed2021, ¶¶ 1, 2; @fenn2022]"),
            // Text after the locator may refer to it, and other labels are not rewritten.
            ("[@reed2021, ¶ 2, on the wind]", "[@reed2021, ¶ 2, on the wind; @reed2021, ¶ 1]"),
            ("[@reed2021, para. 2]", "[@reed2021, para. 2; @reed2021, ¶ 1]"),
            ("[@reed2021, p. 2]", "[@reed2021, p. 2; @reed2021, ¶ 1]"),
        ] {
            let of = |cited: &str| format!("Pilots sold printed tables to the captains {cited}.");
            offers(&of(cited).replacen("sold", "so<|>ld", 1), &[&of(expected)]);
        }
        // A citation in mid-sentence vouches for what comes before it.
        offers(
            "Pilots [@reed2021, ¶ 2] so<|>ld printed tables to the captains.",
            &["Pilots [@reed2021, ¶ 2] sold printed tables to the captains [@reed2021, ¶ 1]."],
        );
    }

    #[test]
    fn a_quotation_that_stands_there_is_cited_once() {
        let brief = "Pilots sold them “at a shil<|>ling for each copy” to the captains.";
        let cited = ["Pilots sold them “at a shilling for each copy” [@reed2021, ¶ 1] to the captains."];
        check(brief, "Cite @", &cited);
        check(brief, "", &cited);
    }

    #[test]
    fn nothing_is_offered_where_it_would_be_wrong() {
        for brief in [
            "Pilots so<|>ld printed tables to the captains [@reed2021, ¶ 1].",
            "Pilots so<|>ld printed tables to the captains [@fenn2022; @reed2021, ¶ 1-2].",
            "Pilots sold printed tables to the captains, says<|> @fenn2022.",
            "Pilots so<|>ld printed tables to the captains [@reed2021, ¶ 1; and elsewhere].",
            "The quarterly bond auc<|>tion was postponed.",
            "What is this<|> about?",
            "# Pilots sold<|> printed tables to the captains\n",
            "<|>\n",
            "`Pilots sold<|> printed tables to the captains.`\n",
        ] {
            offers(brief, &[]);
        }
    }
}
