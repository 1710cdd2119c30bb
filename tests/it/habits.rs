//! How analysts really write quotations: block quotations with names, pages and tags next to the words,
//! callouts, lists of highlights, quotation marks of other languages, one citation for a paragraph. Each
//! layout is tried with the source's words, which must cause no warning, and with one word changed, which
//! must be found and named.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A sentence of a source, one of its words, and the wrong word that a careless writer uses instead.
struct Sentence {
    key: &'static str,
    words: &'static str,
    theirs: &'static str,
    mine: &'static str,
}

impl Sentence {
    fn altered(&self) -> String {
        assert_eq!(self.words.matches(self.theirs).count(), 1, "{}", self.words);
        self.words.replace(self.theirs, self.mine)
    }

    fn written(&self, changed: bool) -> String {
        if changed { self.altered() } else { self.words.to_owned() }
    }
}

const fn sentence(
    key: &'static str,
    words: &'static str,
    theirs: &'static str,
    mine: &'static str,
) -> Sentence {
    Sentence { key, words, theirs, mine }
}

/// English, German, French and Spanish; each the first sentence of a paragraph.
const SENTENCES: [Sentence; 16] = [
    sentence(
        "lock",
        "The keeper closed the upper gate before the flood reached the paper mill.",
        "upper",
        "lower",
    ),
    sentence("lock", "Nobody had greased the chains of the sluice for eleven winters.", "eleven", "seven"),
    sentence(
        "lock",
        "Two barges lay across the channel, and their masters refused to move them.",
        "refused",
        "agreed",
    ),
    sentence("lock", "Every village downstream kept a bell for such nights.", "downstream", "upstream"),
    sentence("lock", "The inspector signed the ledger without having seen the weir.", "without", "after"),
    sentence("lock", "A third of the toll went to the widows of boatmen.", "third", "quarter"),
    sentence(
        "schleuse",
        "Der Wärter schloss das obere Tor, bevor die Flut die Mühle erreichte.",
        "obere",
        "untere",
    ),
    sentence("schleuse", "Niemand hatte die Ketten des Wehres in elf Wintern gefettet.", "elf", "zwölf"),
    sentence(
        "schleuse",
        "Die Gemeinde zahlte den Schaden, obwohl sie ihn nicht verschuldet hatte.",
        "zahlte",
        "leugnete",
    ),
    sentence("schleuse", "Ein Drittel des Zolls ging an die Witwen der Schiffer.", "Drittel", "Viertel"),
    sentence(
        "ecluse",
        "Le gardien ferma la porte haute avant que la crue n’atteignît le moulin.",
        "haute",
        "basse",
    ),
    sentence(
        "ecluse",
        "Personne n’avait graissé les chaînes du barrage depuis onze hivers.",
        "onze",
        "douze",
    ),
    sentence("ecluse", "La commune paya les dégâts sans en être responsable.", "paya", "nia"),
    sentence(
        "esclusa",
        "El guarda cerró la compuerta alta antes de que la crecida llegara al molino.",
        "alta",
        "baja",
    ),
    sentence(
        "esclusa",
        "Nadie había engrasado las cadenas de la presa desde hacía once inviernos.",
        "once",
        "doce",
    ),
    sentence("esclusa", "El municipio pagó los daños aunque no tenía la culpa.", "pagó", "negó"),
];

/// Text between the sentences above in their sources.
const FILLINGS: [&str; 4] = [
    "Of the rest the minutes say little. Rain fell on the third day and again on the fifth; the clerk was ill.",
    "Davon steht sonst wenig im Protokoll. Am dritten Tag fiel Regen, am fünften wieder; der Schreiber war krank.",
    "Du reste le procès-verbal ne dit presque rien. Il plut le troisième jour, puis le cinquième; le greffier était malade.",
    "De lo demás el acta dice poco. Llovió el tercer día y de nuevo el quinto; el escribano estaba enfermo.",
];

const KEYS: [&str; 4] = ["lock", "schleuse", "ecluse", "esclusa"];

/// The messages of the findings, and the differing words with those of the source.
type Answer = (Vec<String>, Vec<(String, String)>);

/// Runs the program on `paragraphs`, each of which cites one source. Returns for each its findings of level
/// warning and above, and the differing words (the brief’s and the source’s).
fn run(paragraphs: &[String]) -> Vec<Answer> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let mut library = String::new();
    for (key, filling) in KEYS.iter().zip(FILLINGS) {
        let mut text = String::new();
        for (at, one) in SENTENCES.iter().filter(|one| one.key == *key).enumerate() {
            text += &format!("{} {filling} ({}.)\n\n", one.words, at + 1);
        }
        write(&format!("{key}.txt"), &text);
        library += &format!("@misc{{{key},\n  title = {{Text of {key}}},\n  file = {{{key}.txt}},\n}}\n\n");
    }
    write("library.bib", &library);
    write("glossator.toml", "[briefs]\ninclude = [\"brief.md\"]\n");
    let mut brief = String::from("# Notes\n\n");
    let mut spans = Vec::new();
    for paragraph in paragraphs {
        let start = brief.len();
        brief += paragraph;
        spans.push(start..brief.len());
        brief += "\n\nSo far.\n\n";
    }
    write("brief.md", &brief);
    let report = report(folder.path());
    let file = &report["files"][0];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (findings, quotations) = (list(&file["findings"]), list(&file["quotations"]));
    let at = |bytes: &Value| bytes[0].as_u64().map_or(usize::MAX, |at| at as usize);
    let about = |span: &std::ops::Range<usize>| {
        let loud = findings.iter().filter(|found| span.contains(&at(&found["range"]["bytes"])));
        let loud = loud.filter(|found| matches!(found["severity"].as_str(), Some("warning" | "error")));
        let loud = loud.map(|found| text(&found["message"])).collect();
        let inside = quotations.iter().filter(|quotation| span.contains(&at(&quotation["bytes"])));
        let differences = inside.flat_map(|quotation| list(&quotation["differences"]));
        (loud, differences.map(|one| (text(&one["brief"]), text(&one["source"]))).collect())
    };
    spans.iter().map(about).collect()
}

fn report(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_glossator"))
        .args(["check", "--format", "json", "."])
        .current_dir(folder)
        .output()
        .expect("the program runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Tries `layouts` with all sentences. In a layout, `{q}` is the sentence, `{w}` the same with a lower-case
/// initial and no full stop, `{o}` another sentence of the same source, unchanged, and `{k}` the key.
fn tried(layouts: &[&str]) -> (usize, usize) {
    let mut cases: Vec<(String, bool, &Sentence, &str)> = Vec::new();
    for layout in layouts {
        for (at, one) in SENTENCES.iter().enumerate() {
            let mut rest = SENTENCES[at + 1..].iter().chain(&SENTENCES[..at]);
            let other = rest.find(|other| other.key == one.key).expect("another").words;
            for changed in [false, true] {
                let words = one.written(changed);
                let bare = words.trim_end_matches('.');
                let small: String = bare.chars().next().into_iter().flat_map(char::to_lowercase).collect();
                let small = small + bare.chars().skip(1).collect::<String>().as_str();
                let text = layout
                    .replace("{q}", &words)
                    .replace("{w}", &small)
                    .replace("{o}", other)
                    .replace("{k}", one.key);
                cases.push((text, changed, one, layout));
            }
        }
    }
    let texts: Vec<String> = cases.iter().map(|case| case.0.clone()).collect();
    let mut faults: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((text, changed, one, layout), (loud, differences)) in cases.iter().zip(run(&texts)) {
        let named = (one.mine.to_owned(), one.theirs.to_owned());
        let right = if *changed { !loud.is_empty() && differences == [named] } else { loud.is_empty() };
        if !right {
            faults.entry(layout).or_default().push(format!("{text}\n    {loud:?} {differences:?}"));
        }
    }
    let told: Vec<String> =
        faults.iter().map(|(layout, all)| format!("{layout:?}: {}\n  {}", all.len(), all[0])).collect();
    assert!(told.is_empty(), "{} layouts fail:\n{}", told.len(), told.join("\n"));
    let altered = cases.iter().filter(|case| case.1).count();
    (cases.len() - altered, altered)
}

#[test]
fn what_stands_beside_the_words_of_a_block_quotation_is_not_quoted() {
    let counts = tried(&[
        "> {q} — Vera Holm [@{k}]",
        "> {q} – Holm, *The Weir* (1931) [@{k}]",
        "> {q} - **Vera Holm** [@{k}]",
        "> {q} ~ V. Holm [@{k}]",
        "> {q} *-- V. A. Holm* [@{k}]",
        "> “{q}” — Vera Holm [@{k}]",
        "> “{q}” Vera Holm, The Weir [@{k}]",
        "> {q} (p. 12) [@{k}]",
        "> {q} (12–13) [@{k}]",
        "> {q} [12] [@{k}]",
        "> {q} (Holm 1931, p. 4) [@{k}]",
        "> {q} (Holm) [@{k}]",
        "> “{q}” ([Holm, 1931, p. 4](zotero://select/items/1)) ([pdf](zotero://open-pdf/items/2?page=4)) [@{k}]",
        "> {q} ([Location 253](https://example.org/to?location=253)) [@{k}]",
        "> {q} — location: [253](kindle://book?x=y) ^ref-139 [@{k}]",
        "> {q} p. 12 [@{k}]",
        "> {q} S. 12 [@{k}]",
        "> {q} #river [@{k}]",
        "> {q} #river #toll/old [@{k}]",
        "> 2\\. {q} [@{k}]",
        "> (3) {q} [@{k}]",
        "> #4 {q} [@{k}]",
        "> Holm writes: “{q}” [@{k}]",
        "> Vera Holm: {q} [@{k}]",
        "> **Holm:** {q} [@{k}]",
        "> **On the flood**\n> {q} [@{k}]",
        "> Highlight (yellow) - Page 5 · Location 102\n> {q} [@{k}]",
        "> Page 5:\n> {q} [@{k}]",
        "> {q}\n> Vera Holm, The Weir\n> [@{k}]",
        "> {q}\n>\n> \\- Vera Holm\n>\n> [@{k}]",
        "> 📌 {q} [@{k}]",
        "> «{q}» (Holm, 1931) [@{k}]",
        "> {q} — *Vera Holm*, keeper of the gate [@{k}]",
        "> {q} — Vera Holm (keeper) [@{k}]",
        "> {q} — 12 March 1931 [@{k}]",
        "> {q} | Vera Holm | 1931 [@{k}]",
        "> {q} (ibid., p. 4) [@{k}]",
        "> {q} — Вера Хольм, с. 12 [@{k}]",
        "> *Page 12*\n>\n> {q} [@{k}]",
        "> {q}^12^ [@{k}]",
        "<blockquote>{q} [@{k}]</blockquote>",
        "<blockquote>\n<p>{q}</p>\n<footer>— Vera Holm</footer>\n[@{k}]\n</blockquote>",
    ]);
    assert_eq!(counts, (672, 672));
}

#[test]
fn callouts_of_two_kinds_quote_and_their_titles_do_not() {
    let counts = tried(&[
        "> [!quote]\n> {q} [@{k}]",
        "> [!QUOTE] From the ledger\n> {q}\n> [@{k}]",
        "> [!cite|right]- Page 4\n> “{q}”\n> — Vera Holm [@{k}]",
        "> [!quote] Holm [@{k}]\n> {q}",
        "> [!cite] {q} [@{k}]",
    ]);
    assert_eq!(counts, (80, 80));
}

#[test]
fn several_passages_in_one_block_are_checked_one_by_one() {
    let counts = tried(&[
        "> - {q}\n> - {o} [@{k}]",
        "> - {o}\n> - {q} [@{k}]",
        "> 1. {o} (p. 3)\n> 2. {q} (p. 4) [@{k}]",
        "> * “{q}”\n> * “{o}” — Holm [@{k}]",
        "> “{o}”\n> “{q}”\n> [@{k}]",
        "> “{o}” “{q}” [@{k}]",
        "> «{q}» … «{o}» [@{k}]",
        "> “{q}” and then “{o}” [@{k}]",
        "> {o} [@{k}]\n>\n> {q} [@{k}]",
        "> {q} [@{k}]\n> {o} [@{k}]",
    ]);
    assert_eq!(counts, (160, 160));
}

#[test]
fn marks_of_all_languages_and_formats_are_known() {
    let counts = tried(&[
        "So ”{w}” [@{k}].",
        "So ›{w}‹ [@{k}].",
        "So ‹{w}› [@{k}].",
        "So ``{w}'' [@{k}].",
        "So ``{w}'' and ``{o}'' [@{k}].",
        "So ❝{w}❞ [@{k}].",
        "So ＂{w}＂ [@{k}].",
        "So ‚{w}‘ [@{k}].",
        "So „{w}” [@{k}].",
        "So <q>{w}</q> [@{k}].",
        "So <q cite=\"https://example.org\">{w}</q> [@{k}].",
        "So »{w}« [@{k}].",
        "So »{w}» [@{k}].",
        "So ❛{w}❜ [@{k}].",
        "So `{w}' [@{k}].",
        "So ‟{w}” [@{k}].",
        "So ″{w}″ [@{k}].",
        "So &ldquo;{w}&rdquo; [@{k}].",
        "So &quot;{w}&quot; [@{k}].",
        "So &laquo; {w} &raquo; [@{k}].",
    ]);
    assert_eq!(counts, (320, 320));
}

#[test]
fn one_citation_serves_a_paragraph() {
    let counts = tried(&[
        // At its end.
        "The flood is told at length: “{w}”. It was a bad year for all. Much was lost [@{k}].",
        "They say “{w}”. Nobody contradicts them. [@{k}]",
        "“{q}” That is how it began. The rest is known, and so is the sum that was paid [@{k}, ¶ 1].",
        "One remark stands out: “{w}”. Another is like it: “{o}” [@{k}].",
        "One remark stands out: “{w}”. It is not the only one. “{o}” is another [@{k}].",
        "In this account „{w}“. Elsewhere less is said. The end is short [siehe @{k}, S. 4].",
        // In the sentence before, or at the beginning.
        "The ledger is our only witness [@{k}]. It says that “{w}”. We may believe it.",
        "@{k} has the whole story. In short: “{w}”. Nothing is missing.",
        "All this is in one text [@{k}]. It is long. Half of it is about money. But one line is not: «{w}».",
        "Much was lost [@{k}]. “{q}” So it goes on.",
        // In the middle.
        "First “{w}”. This is well known [@{k}]. Then the men went home.",
    ]);
    assert_eq!(counts, (176, 176));
}

#[test]
fn a_citation_of_the_paragraph_does_not_own_all_that_is_quoted_in_it() {
    // Nobody’s words, other people's texts, terms, titles, replies: none may be reported as wrong.
    let texts = [
        "He told me that “we were all far too young to understand it”. The toll was kept [@lock].",
        "Everyone calls it “the great and terrible drowning of the valley”. A mill was lost [@lock].",
        "My aunt said: “never trust a man who owns two boats and a dog”. The weir was old [@lock].",
        "The weir was old [@lock]. “To be or not to be, that is the question”, as the play has it.",
        "Her essay “Why the Keeper Closed the Gate on Us” is short. The weir was old [@lock].",
        "Sie nannten es „das große Sterben der kleinen Mühlen am Fluss“. Der Zoll blieb [@schleuse].",
        "Mein Onkel sagte: „trau keinem, der zwei Boote und einen Hund besitzt“. Das Wehr war alt [@schleuse].",
        "Das Wehr war alt [@schleuse]. „Wer zuletzt lacht, lacht am besten von allen“, heißt es.",
        "Il disait « nous étions tous bien trop jeunes pour comprendre cela ». Le péage resta [@ecluse].",
        "Le barrage était vieux [@ecluse]. On dit « rira bien qui rira le dernier de tous ».",
        "Decía «éramos todos demasiado jóvenes para entenderlo de verdad». El peaje siguió [@esclusa].",
        "La presa era vieja [@esclusa]. Se dice «quien ríe el último ríe siempre mejor».",
        "“The keeper closed the shop before the children reached the door.” So the tale. It is old [@lock].",
        "“A third of the men went to the war in boats.” So the tale. It is old [@lock].",
    ];
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let loud: Vec<_> =
        run(&texts).into_iter().zip(&texts).filter(|((loud, _), _)| !loud.is_empty()).collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

#[test]
fn own_words_in_and_around_quotations_are_left_alone() {
    let texts = [
        // The writer’s own callouts.
        "> [!note]\n> The village should be told that its bells are cracked, see [@lock].",
        "> [!WARNING] Read this\n> Nothing that stands here was ever said by anybody [@lock].",
        // Unclosed marks.
        "They say “the keeper closed the upp and the men went home. Later “nobody had greased the chains” [@lock].",
        "“The keeper closed the upper gate and “nobody had greased the chains of the sluice”. [@lock]",
        "They say “the keeper closed the upper ga [@lock].",
        "They say “the keeper closed the upper gate before the flo",
        "She is full of 'the keeper and his gate, and is frank about it. She is tempted to blame the men, and \
         by now the whole valley. A second witness tells what he saw of the 'upper gate' [@lock].",
        "@lock's ledger: 'nobody had greased the chains of the sluice' [@lock].",
        "- “The keeper closed the upp\n- “Nobody had greased the chains of the sluice.” [@lock]",
        "> Nobody had greased the chains of the slu[…] [@lock]",
        "> Nobody had greased the chains of the slu... [Read more](https://x.example) [@lock]",
        "The `gate`'s keeper and the ledger: 'nobody had greased the chains of the sluice' [@lock].",
        // Titles.
        "Her article “How the keeper lost his gate” is short [@lock].",
        "The chapter “How nobody had greased the chains” is the best of it [@lock].",
        "A speech entitled “The chains of the upper gate” was held [@lock].",
        "The essays “The chains and the gate” and “The gate and the chains” are short [@lock].",
        "They sang “The Keeper of the Upper Gate” there [@lock].",
        "Sein Aufsatz „Warum der Wärter das obere Tor verlor“ ist kurz [@schleuse].",
        "Son article « Comment le gardien perdit la porte haute » est bref [@ecluse].",
        "In “The Last Nights of the Old Paper Mill” the gate is named [@lock].",
        // Links between notes show their words.
        "> Nobody had greased the [[chains]] of the [[weir|sluice]] for eleven winters. [@lock]",
    ];
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let loud: Vec<_> =
        run(&texts).into_iter().zip(&texts).filter(|((loud, _), _)| !loud.is_empty()).collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

#[test]
fn altered_words_are_found_where_something_else_is_left_alone() {
    let cases = [
        // Text after a dash and in brackets that the source has as well.
        ("> Nobody had oiled the chains of the [[sluice]] for eleven winters. [@lock]", "oiled"),
        ("> Nobody had greased the [[ropes]] of the sluice for eleven winters. [@lock]", "ropes"),
        ("> Nobody had greased the [[chains|ropes]] of the sluice for eleven winters. [@lock]", "ropes"),
        ("> Nobody had greased the [ropes](r.html) of the sluice for eleven winters. [@lock]", "ropes"),
        ("> [!note]\n> The ledger says “nobody had oiled the chains of the sluice” [@lock].", "oiled"),
        ("They say “nobody had oiled the chains of the sluice for ele [@lock].", "oiled"),
        ("She writes in her essay: “nobody had oiled the chains of the sluice” [@lock].", "oiled"),
        ("In her essay “nobody had oiled the chains of the sluice for eleven winters” [@lock].", "oiled"),
        ("It says \"`nobody` had oiled the chains of the sluice\" [@lock].", "oiled"),
        ("A 6” beam; “nobody had oiled the chains of the sluice” [@lock].", "oiled"),
        (
            "> Of the rest the minutes say little. Rain fell on the third day – and twice on the fifth [@lock]",
            "twice",
        ),
    ];
    let texts: Vec<String> = cases.iter().map(|(text, _)| (*text).to_owned()).collect();
    for ((text, word), (loud, differences)) in cases.iter().zip(run(&texts)) {
        assert!(
            !loud.is_empty() && differences.iter().any(|(mine, _)| mine.contains(word)),
            "{text} {differences:?}"
        );
    }
}

#[test]
fn capitals_that_the_source_has_make_no_title_of_a_quotation() {
    let verdict = |text: &str, quotation: &str| {
        let folder = crate::folder::Folder::of(&[
            ("brief.md", &format!("They say “{quotation}” [@k].\n")),
            ("library.bib", "@misc{k, file = {k.txt}}\n"),
            ("k.txt", &format!("On councils\n\n{text}\n")),
        ]);
        let report: Value = serde_json::from_str(&folder.check(&["--format", "json"]).out).expect("JSON");
        report["files"][0]["quotations"][0]["verdict"].as_str().expect("a verdict").to_owned()
    };
    let text = "The Council of the Northern Provinces is a limited Council, and it sits in the spring.";
    assert_eq!(verdict(text, "Council of the Northern Provinces is a Council"), "altered");
    let text = "The weir, the council and the northern provinces were never on good terms before that.";
    assert_eq!(verdict(text, "The Weir, the Council and the Southern Provinces"), "unchecked");
}
