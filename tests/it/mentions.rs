//! Uses of `@` that are not citations, next to citations. Every text was made up for this test; where Pandoc
//! has an opinion, we follow it.

use glossator::brief::Brief;
use glossator::text::Text;

fn keys(text: &str) -> Vec<String> {
    Brief::read(Text::new(text)).citations.into_iter().map(|citation| citation.key).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(keys(text), *expected, "{text}");
    }
}

#[test]
fn cross_references_are_no_citations() {
    check(&[
        ("@fig:gates and [@tbl:tolls; @eq:flow], @lst:run, @sec:weir", &[]),
        ("@Fig:gates, @Tbl-tolls and @Sec-weir", &[]),
        ("@thm-weir, @prf-weir, @nte-ice", &[]),
        ("@vid-flood and @dia:gates\n\n![x](y.mp4){#vid-flood}\n\n::: {#dia:gates}\nx\n:::\n", &[]),
        (
            "[@figueroa:2020], [@sector-x], [@definition-3], [@secretariat2021]",
            &["figueroa:2020", "sector-x", "definition-3", "secretariat2021"],
        ),
        ("[@thm:weir] and [@vid-flood]", &["thm:weir", "vid-flood"]),
        ("# Holm {#holm2020}\n\nSee [@holm2020].", &["holm2020"]),
        ("[@FIG-x]", &["FIG-x"]),
    ]);
}

#[test]
fn people_and_packages_on_the_web_are_no_citations() {
    check(&[
        ("Write to @holm@lock.example or (@vera@a.b-c.org).", &[]),
        ("@holm@2020 and @holm@x", &["holm", "2020", "holm", "x"]),
        ("{{< post user=\"@lockkeeper\" >}} [@holm2020]", &["holm2020"]),
        ("{{% note by=\"@lockkeeper\" %}} and {% include a.html who='@vera' %} and {{ '@x' }}", &[]),
        ("{{ not closed, says @holm2020", &["holm2020"]),
        ("{% not closed\n\n[@holm2020] %}", &["holm2020"]),
        ("![Gate](g.png){fig-alt=\"Drawn by @vera\" width=50%}", &[]),
        ("![Gate](g.png){fig-cap=\"After [@holm2020]\" fig-alt=\"by @vera\"}", &["holm2020"]),
        ("[the gate]{.term data-by='@vera'} {: .note by=\"@vera\"}", &[]),
        ("{see [@holm2020]} and {@holm2021}", &["holm2020", "holm2021"]),
    ]);
}

#[test]
fn front_matter_cites_in_its_texts_alone() {
    check(&[
        (
            "---\ntitle: After @holm2020\nmastodon: \"@vera@lock.example\"\nauthor:\n  - name: Vera\n    github: \"@vera\"\n---\n",
            &["holm2020"],
        ),
        ("---\nnocite: |\n  @holm2020, @*\nlinks:\n- \"@lock\"\n---\n", &["holm2020", "*"]),
        ("+++\nauthor = \"@vera\"\n+++\n\n[@holm2020]\n", &["holm2020"]),
    ]);
}

#[test]
fn obsidian_s_links_and_comments() {
    check(&[
        (
            "[[@holm2020#Gates]], ![[@holm2021#^a1|the gate]] and [[@holm2022|Holm]]",
            &["holm2020", "holm2021", "holm2022"],
        ),
        ("[[Gates]] %% [@holm2020] %% [@holm2021]", &["holm2021"]),
        ("[[Gates]]\n\n%%\nlater: [@holm2020]\n\n[@holm2021]\n%%\n\n[@holm2022]", &["holm2022"]),
        ("[[Gates]] rose by 5 %% after [@holm2020]", &["holm2020"]),
        ("100 %% of [@holm2020] and 5 %% of [@holm2021]", &["holm2020", "holm2021"]),
        ("[@holm2020#gates]", &["holm2020#gates"]),
    ]);
}

#[test]
fn tables_hold_prose_however_far_in() {
    check(&[
        (
            "  Toll       By\n------ --------\n    12 [@holm2020]\n   123 @holm2021\n\n    @code\n",
            &["holm2020", "holm2021"],
        ),
        (
            "-------------\n  Toll    By\n------ ------\n    12 @holm2020\n\n     3 @holm2021\n-------------\n\n    @code\n",
            &["holm2020", "holm2021"],
        ),
        ("Text.\n\n---\n\n    @code\n", &[]),
    ]);
}

#[test]
fn locators_are_read_in_the_language_of_the_text() {
    let locator = |text: &str| {
        let found = Brief::read(Text::new(text)).citations.into_iter().find_map(|citation| citation.locator);
        found.map(|locator| format!("{} {}", locator.label, locator.value))
    };
    for (lang, written, expected) in [
        ("de", "S. 5", "page 5"),
        ("de-AT", "Kap. 3", "chapter 3"),
        ("de", "Abs. 9", "paragraph 9"),
        ("fr-CA", "paragr. 4", "paragraph 4"),
        ("es", "párr. 7-9", "paragraph 7-9"),
        ("sv", "s. 12", "page 12"),
        ("ru", "с. 12", "page 12"),
        ("nb", "kap. 2", "chapter 2"),
        ("de", "p. 5", "page 5"),
        ("en", "c. 3", "chapter 3"),
    ] {
        let text = format!("---\nlang: {lang}\n---\n\n[@holm2020, {written}]\n");
        assert_eq!(locator(&text).as_deref(), Some(expected), "{lang}: {written}");
    }
    assert_eq!(locator("[@holm2020, S. 5]"), None);
    assert_eq!(locator("---\nlang: xx\n---\n\n[@holm2020, Kap. 5]"), None);
}
