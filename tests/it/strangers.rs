//! Habits of writers and printers in other languages: what stands beside quoted words, heads of printed pages, and
//! who speaks. Each with a near miss that must still be found.

use crate::folder::{Folder, Said};

const MILL: &str = "The mill at Hallow\n\nThe miller closed the sluice on the eve of the fair. Nobody in the valley had been told of it, \
    and the carts stood until dusk.\n\n“We shall grind again in May,” the miller said.\n";
const MLIN: &str = "Мельница в Холлоу\n\nМельник закрыл шлюз накануне ярмарки, и телеги стояли до самых сумерек. Никто в долине об этом не знал.\n\n\
    «Мы откроем в мае, — сказал мельник, — и ни днём раньше».\n";

/// The checks of `brief` against `source`.
fn check(source: &str, brief: &str) -> Said {
    let library = "@misc{k, title={A}, author={Korn, Ilse}, date={1931}, file={sources/k.txt}}\n";
    Folder::of(&[("sources/k.txt", source), ("library.bib", library), ("brief.md", brief)]).check(&["."])
}

fn is_silent(source: &str, briefs: &[&str]) {
    for brief in briefs {
        let said = check(source, brief);
        assert!(
            !said.out.contains("warning")
                && ["verbatim", "edited"]
                    .iter()
                    .any(|fine| said.out.contains(&format!("Quotations: 1 {fine}"))),
            "{brief}{said:?}"
        );
    }
}

fn is_altered(source: &str, briefs: &[(&str, &str)]) {
    for (brief, word) in briefs {
        let said = check(source, brief);
        let (flat, named) =
            (said.out.split_whitespace().collect::<Vec<_>>().join(" "), format!("not “{word}”"));
        assert!(flat.contains("warning[altered-quotation]") && flat.contains(&named), "{brief}{said:?}");
    }
}

#[test]
fn what_stands_behind_the_words_of_a_block_is_not_quoted() {
    is_silent(
        MILL,
        &[
            "> Nobody in the valley had been told of it, and the carts stood until dusk. (fol. 12v) [@k]\n",
            "> Nobody in the valley had been told of it, and the carts stood until dusk. (letter of 3 May 1931) [@k]\n",
            "> Nobody in the valley had been told of it, and the carts stood until dusk. (ebd., Bl. 4) [@k]\n",
            "> Nobody in the valley had been told of it, and the carts stood until dusk. <cite>Ilse Korn, 1931</cite> [@k]\n",
        ],
    );
    is_altered(
        MILL,
        &[
            (
                "> Nobody in the valley had been told of it, and the carts stood until dawn. (fol. 12v) [@k]\n",
                "dawn",
            ),
            (
                "> Nobody in the town had been told of it, and the carts stood until dusk. <cite>Korn</cite> [@k]\n",
                "town",
            ),
        ],
    );
    let bracket = MILL.replace("until dusk.", "until dusk. (It was the 3 May.)");
    is_altered(
        &bracket,
        &[(
            "> Nobody in the valley had been told of it, and the carts stood until dusk. (It was the 4 May) [@k]\n",
            "4",
        )],
    );
}

#[test]
fn who_speaks_may_be_said_within_the_marks() {
    is_silent(
        MLIN,
        &[
            "«Мельник закрыл шлюз накануне ярмарки, — пишет Ильза Корн, — и телеги стояли до самых сумерек» [@k].\n",
            "«Мы откроем в мае, — сказал мельник, — и ни днём раньше» [@k].\n",
            "«Мельник закры́л шлюз накануне ярмарки, и телеги стояли до самых сумерек» [@k].\n",
        ],
    );
    is_altered(
        MLIN,
        &[
            (
                "«Мельник закрыл шлюз накануне праздника, — пишет Корн, — и телеги стояли до самых сумерек» [@k].\n",
                "праздника",
            ),
            ("«Мы откроем в мае, — сказал пекарь, — и ни днём раньше» [@k].\n", "пекарь"),
        ],
    );
}

#[test]
fn a_numbered_chapter_has_a_title() {
    let said =
        check(MILL, "Chapter 3, “How the miller closed the sluice of the valley”, says little [@k].\n");
    assert!(!said.out.contains("warning"), "{said:?}");
    let said = check(MILL, "In chapter 3: “The miller closed the sluice on the eve of the war” [@k].\n");
    assert!(said.out.contains("altered-quotation"), "{said:?}");
}

#[test]
fn the_heads_of_court_papers_and_printed_web_pages_are_no_words() {
    for head in [
        "Case 2:31-cv-00412   Document 77   Filed 05/03/31   Page {n} of 30",
        "5/3/31, 9:41 AM   Mills of the valley\n\n{n}/30",
    ] {
        let mut source = "Mills of the valley\n\nBy Ilse Korn\n\nThe guild owned nine wheels on the river and let all of them.\n\nThe miller closed the sluice on the eve of the fair, and the carts of all the villages\n\n".to_owned();
        for (n, words) in [
            (11, "stood in the lane until dusk. Nobody in the valley had been told of it."),
            (12, "The guild met in the hall that same night and sent for the keeper of the weir."),
            (13, "He came at noon and brought the book in which each hour of the wheel is written."),
        ] {
            source.push_str(&format!("{}\n\n{words}\n\n", head.replace("{n}", &n.to_string())));
        }
        is_silent(&source, &["“the carts of all the villages stood in the lane until dusk” [@k].\n"]);
    }
}

#[test]
fn the_parts_of_numbered_paragraphs_are_cited_by_both_numbers() {
    let source = "Report on the mill\n\n1.1 The mill was let in 1931 to a miller from the ford.\n\n1.2 He ground for nine villages in an ordinary year.\n\n\
        2.1 The sluice was closed by a letter without reasons.\n\n2.2 He asked the guild twice and was told nothing.\n";
    let said = check(source, "“He asked the guild twice and was told nothing” [@k, para. 2.2].\n");
    assert!(!said.out.contains("locator"), "{said:?}");
    let said = check(source, "“He asked the guild twice and was told nothing” [@k, para. 1.2].\n");
    assert!(said.out.contains("locator-mismatch"), "{said:?}");
}

#[test]
fn accounts_and_anchors_are_no_unknown_keys() {
    for text in [
        "@vera @paul @rivertown\n\n# Mills\n",
        "See video.example/@channel for more.\n",
        "Write '@id' in the file.\n",
        "# The wheel {#wheel .x}\n\nSee @wheel and @part.\n\n[text]{#part}\n",
    ] {
        let said = check(MILL, &format!("So it is [@k].\n\n{text}"));
        assert!(!said.out.contains("unknown-citation"), "{text}{said:?}");
    }
    for text in [
        "See @vera and @paul.\n",
        "@vera1931 @paul1932\n",
        "See mills/@vera.\n",
        "# The wheel {#wheel1931}\n\nSee @wheel1931.\n",
    ] {
        let said = check(MILL, &format!("So it is [@k].\n\n{text}"));
        assert!(said.out.contains("unknown-citation"), "{text}{said:?}");
    }
}

#[test]
fn a_recording_that_a_brief_cites_is_named() {
    let files =
        [("sources/k.txt", MILL), ("sources/talk.mp3", "ID3"), ("brief.md", "So it is [@k], [@talk].\n")];
    let said = Folder::of(&files).check(&["."]);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("talk.mp3 is not read, as it is sound or film"), "{flat}");
    let said = Folder::of(&files[..2]).check(&["."]);
    assert!(!said.out.contains("talk.mp3"), "{said:?}");
}
