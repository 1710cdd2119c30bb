//! Names in our own prose and in the five seeds, compared with what a reader finds there.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::corpus::ingest;
use crate::corpus::source::{SourceText, TextId, Volume};
use crate::text::FileId;

fn source(name: &str, text: &str) -> Arc<SourceText> {
    let file = FileId::new(format!("/sources/{name}"));
    Arc::new(ingest::read(file, text.as_bytes()).expect("text"))
}

fn aliases(text: &str) -> Arc<Aliases> {
    let (aliases, complaints) = Aliases::read(text).expect("TOML");
    assert_eq!(complaints, []);
    Arc::new(aliases)
}

fn volumes(texts: &[Arc<SourceText>]) -> Vec<Arc<Volume>> {
    texts.iter().map(|text| Arc::new(text.clone().into())).collect()
}

fn gathered(texts: &[Arc<SourceText>], listed: &str) -> Entities {
    let mut gatherer = Gatherer::default();
    gatherer.set_aliases(aliases(listed));
    gatherer.gather(volumes(texts).iter())
}

/// `Name = Alias, Alias (mentions)`, one per line.
fn seen(entities: &Entities) -> Vec<String> {
    let row = |one: &Entity| {
        let mut aliases: Vec<&str> = one.aliases.iter().map(|alias| &**alias).collect();
        aliases.sort_unstable();
        let also = if aliases.is_empty() { String::new() } else { format!(" = {}", aliases.join(", ")) };
        format!("{}{also} ({})", one.name, one.mentions)
    };
    entities.all().iter().map(row).collect()
}

/// Checks the entities of paragraphs; each of `texts` is a source.
fn check(texts: &[&str], expected: &[&str]) {
    let texts: Vec<_> =
        texts.iter().enumerate().map(|(at, text)| source(&format!("{at}.txt"), text)).collect();
    assert_eq!(seen(&gathered(&texts, "")), expected);
}

#[test]
fn titles_demonyms_and_possessives_are_no_part_of_a_name() {
    check(
        &[
            "We met Foreign Minister Pekka Haavisto and Gen. Olaf Brandt’s aide. The Swedish Prime Minister, Ulf Lind, \
           left with French President Emma Roy and U.S. Secretary of State Ann Price on a Russian Sukhoi jet.",
        ],
        &[
            "Ann Price (1)",
            "Emma Roy (1)",
            "Olaf Brandt (1)",
            "Pekka Haavisto (1)",
            "Sukhoi (1)",
            "U.S. (1)",
            "Ulf Lind (1)",
        ],
    );
}

#[test]
fn small_words_inside_a_name_belong_to_it() {
    check(
        &["They asked Ludwig van Beek, Omar bin Said, Charles de Roux and the Bank of Estonia, \
           not the al-Noor brigade; nobody asked the University of the South or Bashar al-Amin."],
        &[
            "Bank of Estonia (1)",
            "Bashar al-Amin (1)",
            "Charles de Roux (1)",
            "Ludwig van Beek (1)",
            "Omar bin Said (1)",
            "University of the South (1)",
            "al-Noor (1)",
        ],
    );
}

#[test]
fn where_a_sentence_begins_a_capital_says_nothing() {
    check(
        &[
            "Harbours silt up. Dredging costs money. Yesterday Halden paid. Nobody thanked Halden. Tides turn. \
           “Everything changes,” he said. However, the Council did not. In Halden it rained.",
        ],
        &["Halden (3)"],
    );
}

#[test]
fn months_headings_and_common_words_are_no_names() {
    check(
        &[
            "The Great Harbour Plan\n\nOn Friday, 3 May, the Government met. In April the government had not met; the \
           government rarely does. See Article 4 and Table 2. The CEO and two NGOs came.\n\n\
           Money For Everyone\n\nIt was a European matter for Muslims, Germans and Central Asians.",
        ],
        &[],
    );
}

#[test]
fn short_forms_are_tied_to_their_long_ones() {
    check(
        &[
            "The Northern Rail Authority (NRA) paid. The NRA was late. So was the OHB (Outer Harbour Board). The Office \
             of Tides and Harbours (OTH) was not.",
            "The Federal Customs Union met; an FCU official spoke, and the NRA listened.",
        ],
        &[
            "Federal Customs Union = FCU (2)",
            "Northern Rail Authority = NRA (4)",
            "Office of Tides and Harbours = OTH (2)",
            "Outer Harbour Board = OHB (2)",
        ],
    );
}

#[test]
fn a_short_form_of_two_bodies_means_each_where_it_is_explained() {
    check(
        &[
            "The Coast Patrol Agency (CPA) sails. The CPA is old.",
            "The Central Party Assembly (CPA) meets. The CPA is new.",
        ],
        &["Central Party Assembly = CPA (3)", "Coast Patrol Agency = CPA (3)"],
    );
}

#[test]
fn a_last_name_means_the_one_who_is_named_in_full() {
    check(
        &[
            "We met the minister, Vera Orlova, there. Later Orlova left, and nobody followed Orlova.",
            "They wrote to Orlova again.",
        ],
        &["Vera Orlova = Orlova (4)"],
    );
    // Also if it only begins sentences, unless it is a word as well.
    check(
        &[
            "They met the pilot Vera Orlova and the pilot Ida Silt. Orlova left. Silt is cheap; the silt was old.",
        ],
        &["Ida Silt (1)", "Vera Orlova = Orlova (2)"],
    );
}

#[test]
fn two_people_of_one_last_name_stay_two() {
    let texts = [
        source("0.txt", "The poet Anna Kern wrote. They read Kern aloud."),
        source("1.txt", "The judge Peter Kern ruled. They feared Kern."),
        source("2.txt", "Everybody knew Kern, and nobody asked Kern."),
    ];
    let entities = gathered(&texts, "");
    assert_eq!(seen(&entities), ["Anna Kern = Kern (2)", "Peter Kern = Kern (2)"]);
    let third: Vec<Meaning> = entities.mentions_in(texts[2].id).map(|mention| mention.meaning).collect();
    assert_eq!(third.len(), 2);
    assert!(matches!(&third[0], Meaning::Several(ids) if ids.len() == 2), "{third:?}");
}

#[test]
fn a_middle_name_parts_people_and_a_middle_initial_does_not() {
    check(
        &[
            "The warlord Omar Shah Karim came. The prince Omar Karim came.",
            "The poet Ida M. Roth wrote; the poet Ida Roth sang.",
        ],
        &["Ida M. Roth = Ida Roth (2)", "Omar Karim (1)", "Omar Shah Karim (1)"],
    );
}

#[test]
fn a_town_is_not_the_person_of_its_name() {
    check(
        &[
            "The general George Halden fell. People moved to Halden and lived in Halden.",
            "There is rain in Halden.",
        ],
        &["George Halden (1)", "Halden (3)"],
    );
}

#[test]
fn a_branch_is_not_its_parent_and_a_part_is_not_the_whole() {
    check(
        &[
            "They fought RSK, RSK-N and RSK-Norrland. In RSK Norrland men left RSK. North Tarnia is not Tarnia; United \
           Tarnia is a party. They like United Tarnia and Tarnia.",
        ],
        &[
            "North Tarnia (1)",
            "RSK (2)",
            "RSK Norrland = RSK-N, RSK-Norrland (3)",
            "Tarnia (2)",
            "United Tarnia (2)",
        ],
    );
}

#[test]
fn a_hyphen_may_stand_between_two() {
    check(
        &[
            "The Oslo-Bergen line links Oslo and Bergen. They like Oslo, Bergen and Baden-Baden; the poet Jean-Luc Roy too.",
        ],
        &["Baden-Baden (1)", "Bergen (3)", "Jean-Luc Roy (1)", "Oslo (3)"],
    );
}

#[test]
fn names_that_only_stand_side_by_side_are_two() {
    check(
        &[
            "He told the Brigade Tarnia’s wishes. They gave the Orbans Ukraine’s answer. The Orbans and Ukraine agree; see Ukraine and the Orbans.",
        ],
        &["Brigade Tarnia (1)", "Orbans (3)", "Ukraine (3)"],
    );
}

#[test]
fn the_alias_file_joins_parts_and_leaves_out() {
    let text = "They fought ISIS and the Islamic State; the mujahedeen and Mujahadeen came. ISIS-K met an Asad Umar and President Bashar Kemal. The ISIS Prize is none. \
                Kabul and the capital fell. The two Kerns, Anna Kern and Kern, left.";
    let listed = "ignore = [\"Kabul\"]\n[[entity]]\nname = \"Islamic State\"\naliases = [\"ISIS\"]\nnot = [\"ISIS-K\"]\n\
                  [[entity]]\nname = \"mujahedeen\"\nkind = \"thing\"\naliases = [\"mujahadeen\"]\n\
                  [[entity]]\nname = \"Anna Kern\"\nnot = [\"Kern\"]\n[[entity]]\nname = \"Kemal\"\naliases = [\"Asad\"]\n";
    let entities = gathered(&[source("0.txt", text)], listed);
    assert_eq!(
        seen(&entities),
        [
            "Anna Kern (1)",
            "Asad Umar (1)",
            "ISIS Prize (1)",
            "ISIS-K (1)",
            "Islamic State = ISIS (2)",
            "Kemal = Asad, Bashar Kemal (1)",
            "Kern (1)",
            "Kerns (1)",
            "mujahedeen = Mujahadeen, mujahadeen (2)",
        ]
    );
}

#[test]
fn what_was_gathered_once_is_the_same_when_a_text_changes() {
    let texts = [
        source("0.txt", "They saw Halden and the poet Vera Orlova."),
        source("1.txt", "They saw Orlova, not the halden. Halden is a halden. A halden."),
        source("2.txt", "We met Orlova in Halden."),
    ];
    let mut gatherer = Gatherer::default();
    gatherer.gather(volumes(&texts).iter());
    let changed = [texts[0].clone(), source("1.txt", "They saw Orlova."), texts[2].clone()];
    let again = seen(&gatherer.gather(volumes(&changed).iter()));
    assert_eq!(again, seen(&gathered(&changed, "")));
    assert_eq!(again, ["Halden (2)", "Vera Orlova = Orlova (3)"]);
}

#[test]
fn names_that_were_kept_are_as_if_read_anew() {
    let texts = [
        source("0.txt", "They saw Halden and the poet Vera Orlova of the Grain Board (GB)."),
        source("1.txt", "They saw Orlova, not the halden. Halden-Vessby is a halden. The GB left."),
        source("2.txt", "We met Orlova in Halden."),
    ];
    let listed = "[[entity]]\nname = \"Halden\"\nkind = \"place\"\n";
    let mut first = Gatherer::default();
    first.set_aliases(aliases(listed));
    first.gather(volumes(&texts[..2]).iter());
    let kept = || {
        let bytes = postcard::to_stdvec(&first.gathered()).expect("written");
        postcard::from_bytes::<Gathered>(&bytes).expect("read")
    };
    assert_eq!(kept().ids().collect::<Vec<_>>().len(), 2);
    // Another text comes and one goes; those that stay are not read.
    struct Nothing;
    impl crate::corpus::source::Reader for Nothing {
        fn read(&self, volume: &Volume) -> Option<SourceText> {
            panic!("{} is read", volume.file.path().display())
        }
    }
    let unread = |text: &Arc<SourceText>| {
        let facts = Volume::from(text.clone()).facts;
        Arc::new(Volume::unread(text.id, text.file.clone(), None, facts, Arc::new(Nothing)))
    };
    for now in [vec![0, 1], vec![0, 1, 2], vec![1, 2], vec![2]] {
        let mut later = Gatherer::default();
        later.set_aliases(aliases(listed));
        later.recall(kept());
        let volume =
            |at: &usize| if *at < 2 { unread(&texts[*at]) } else { Arc::new(texts[*at].clone().into()) };
        let volumes: Vec<Arc<Volume>> = now.iter().map(volume).collect();
        let expected: Vec<Arc<SourceText>> = now.iter().map(|at| texts[*at].clone()).collect();
        assert_eq!(seen(&later.gather(volumes.iter())), seen(&gathered(&expected, listed)), "{now:?}");
    }
    // By another alias file the same words are other names.
    let mut other = Gatherer::default();
    other.set_aliases(aliases("ignore = [\"Halden\"]\n"));
    other.recall(kept());
    assert_eq!(
        seen(&other.gather(volumes(&texts).iter())),
        seen(&gathered(&texts, "ignore = [\"Halden\"]\n"))
    );
}

#[test]
fn the_passage_that_says_what_it_is_introduces_it() {
    let texts = [
        source(
            "0.txt",
            "They saw Halden from afar.\n\nThen they came to Halden, a port in the north, and slept.",
        ),
        source("1.txt", "Nobody loves Halden. Halden is cold. They left Halden."),
    ];
    let entities = gathered(&texts, "");
    let Some(Meaning::One(id)) = entities.find("Halden") else { panic!("it is known") };
    let (text, passage, span) = entities.introduction(*id).expect("it is introduced");
    assert_eq!((text, passage, texts[0].text.slice(span)), (texts[0].id, 1, "Halden"));
    assert_eq!(entities.mentioned(*id).collect::<Vec<_>>(), [(texts[1].id, 3), (texts[0].id, 2)]);
}

#[test]
fn names_are_found_by_their_beginning_most_mentioned_first() {
    let texts = [
        source("0.txt", "In Halden, Hamar and Hamar they met the poet Anna Hald. Near Harstad it rained."),
        source("1.txt", "In Hamar and Halden. In Oslo. In Harstad. In Halden."),
    ];
    let entities = gathered(&texts, "");
    let names = |typed: &str, near: &[TextId]| -> Vec<String> {
        entities.beginning(typed, near, 10).into_iter().map(|offer| offer.name.to_string()).collect()
    };
    assert_eq!(names("Ha", &[]), ["Halden", "Hamar", "Harstad", "Hald"]);
    assert_eq!(names("Ha", &[texts[0].id])[0], "Hamar");
    assert_eq!(names("hal", &[]), ["Halden", "Hald"]);
    assert_eq!(names("Anna H", &[]), ["Anna Hald"]);
    assert_eq!(names("Zz", &[]), [""; 0]);
}

#[test]
fn a_spelling_is_held_against_one_that_is_used_often_only() {
    let text = "They asked Asad. Then Asad, Zelensky and Zelensky. Of Asad, Zelensky said: Kadyrov, Lavrov, Kerr. Of Kerr \
                and Kerr. Of Ker, Ker and Ker. In Iraq, in Iraq, in Iraq and in Australia, in Australia and in Australia. Of \
                Lavrov and Lavrov.";
    let entities = gathered(&[source("0.txt", text)], "");
    let right = |word: &str| entities.respelt(word).map(|(right, _)| right.to_string());
    assert_eq!(right("Assad").as_deref(), Some("Asad"));
    assert_eq!(right("Zelenskyy").as_deref(), Some("Zelensky"));
    assert_eq!(right("Lavorv").as_deref(), Some("Lavrov"));
    for silent in
        ["Asad", "Iran", "Austria", "Kadirov", "Lavrova", "Lavrovs", "Lavrow2", "Said", "Ase", "Kher"]
    {
        assert_eq!(right(silent), None, "{silent}");
    }
}

#[test]
fn no_text_breaks_the_reader() {
    for text in [
        "",
        "’s",
        "A.B.C",
        "É. – “",
        "U.S.-",
        "(ABC)",
        "X (ABC",
        "the of The Of",
        "a-A-a-A",
        "Æ’s Ø’",
        "Of (OF)",
    ] {
        gathered(&[source("0.txt", text)], "");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_read_and_each_name_stands_where_it_is_said_to(
        text in "([A-Ca-c]{1,3}|[ .,’“”()\\-\n@&]|U\\.S\\.|é|𝕏|of|the|Dr\\.|King|Ministry|7){0,40}"
    ) {
        let texts = [source("0.txt", &text)];
        let entities = gathered(&texts, "[[entity]]\nname = \"Ab c\"\n");
        let mut end = 0;
        for mention in entities.mentions_in(texts[0].id) {
            proptest::prop_assert!(mention.span.start >= end && texts[0].text.as_str().get(mention.span.start..mention.span.end).is_some());
            end = mention.span.end;
        }
    }
}

fn seeds() -> Vec<Arc<SourceText>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("seeds").flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a seed");
        Arc::new(ingest::read(FileId::new(path.clone()), &bytes).expect("text"))
    };
    files.iter().map(read).collect()
}

/// The people in the seeds and how often the body of each text mentions them, counted by reading.
const PEOPLE: [(&str, u32); 24] = [
    ("Joe Biden", 7),
    ("Ahmad Massoud", 2),
    ("Ramzan Kadyrov", 1),
    ("Vladimir Putin", 14),
    ("Merkel", 1),
    ("Obama", 2),
    ("Donald Trump", 3),
    ("Sergei Lavrov", 1),
    ("Benoît Vitkine", 1),
    ("Jean-Yves Le Drian", 1),
    ("Artemy M. Kalinovsky", 1),
    ("Yeltsin", 1),
    ("Ahmad Shah Massoud", 5),
    ("Emomali Rahmon", 2),
    ("Asad", 3),
    ("Mikhail Moiseev", 1),
    ("Sirojidin Muhriddin", 1),
    ("Alexei Navalny", 1),
    ("Alexander Lukashenko", 1),
    ("Maria Zakharova", 1),
    ("Zamir Kabulov", 1),
    ("Janusz Bugajski", 0),
    ("Jack Guez", 0),
    ("Isaiah Campbell", 0),
];

/// The organisations, counted the same way; not those named after a place (the Kremlin, Washington).
const BODIES: [(&str, u32); 26] = [
    ("Taliban", 86),
    ("NATO", 3),
    ("Chinese Communist Party", 1),
    ("Le Monde", 1),
    ("Al-Qaeda", 2),
    ("ISIS", 15),
    ("ISIS-K", 5),
    ("Islamic State", 3),
    ("Eurasian Economic Union", 1),
    ("CSTO", 4),
    ("Council of Ministers", 1),
    ("Temple University", 1),
    ("UTO", 3),
    ("Northern Distribution Network", 2),
    ("General Staff", 1),
    ("United Russia", 2),
    ("ANA", 2),
    ("Moscow Times", 1),
    ("EU", 1),
    ("Foreign Ministry", 2),
    ("GRU", 1),
    ("Defense Ministry", 1),
    ("FSB", 2),
    ("Federal Drug Control Service", 1),
    ("Jamestown Foundation", 0),
    ("Getty Images", 0),
];

#[test]
fn the_seeds_mention_whom_a_reader_finds_in_them() {
    let texts = seeds();
    let entities = gathered(&texts, "");
    let mentions = |name: &str| match entities.find(name) {
        Some(Meaning::One(id)) => entities.entity(*id).mentions,
        Some(Meaning::Several(_)) | None => 0,
    };
    let wrong: Vec<String> = PEOPLE
        .iter()
        .chain(&BODIES)
        .filter(|(name, count)| mentions(name) != *count)
        .map(|(name, count)| format!("{name}: {} for {count}", mentions(name)))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_traps_of_the_seeds() {
    let texts = seeds();
    let entities = gathered(&texts, "");
    let one = |name: &str| match entities.find(name) {
        Some(Meaning::One(id)) => *id,
        other => panic!("{name}: {other:?}"),
    };
    for (a, b) in [
        ("ISIS-K", "ISIS-Khorasan"),
        ("ISIS-K", "ISIS Khorasan"),
        ("CSTO", "Collective Security Treaty Organization"),
        ("FSB", "Federal Security Services"),
        ("NDN", "Northern Distribution Network"),
        ("US", "United States"),
        ("U.S.", "United States"),
        ("IS", "Islamic State"),
        ("Asad", "Bashar-al-Asad"),
        ("al-Qaeda", "Al-Qaeda"),
    ] {
        assert_eq!(one(a), one(b), "{a} {b}");
    }
    for (a, b) in [
        ("ISIS", "ISIS-K"),
        ("Ahmad Massoud", "Ahmad Shah Massoud"),
        ("Russia", "United Russia"),
        ("Russia", "Russian Federation"),
        ("Moscow", "Moscow Times"),
        ("Asia", "Central Asia"),
        ("Panjshir", "Panjshir Valley"),
        ("Caucasus", "North Caucasus"),
    ] {
        assert_ne!(one(a), one(b), "{a} {b}");
    }
    // Each in his own source, and neither elsewhere.
    let massoud = |at: usize| entities.find_in(texts[at].id, "massoud");
    assert_eq!(massoud(0), Some(Meaning::One(one("Ahmad Massoud"))));
    assert_eq!(massoud(2), Some(Meaning::One(one("Ahmad Shah Massoud"))));
    assert!(matches!(entities.find("Massoud"), Some(Meaning::Several(ids)) if ids.len() == 2));
    // These occur only in furniture.
    for absent in ["Eritrea", "Jack Guez", "TASS", "Wikimedia Commons", "Perrin", "Oil"] {
        assert_eq!(entities.find(absent), None, "{absent}");
    }
    let (text, _, span) = entities.introduction(one("Ahmad Massoud")).expect("he is introduced");
    assert_eq!((text, texts[0].text.slice(span)), (texts[0].id, "Ahmad Massoud"));
}

#[test]
fn the_names_of_removed_texts_are_freed() {
    let stays = source("stays.txt", "They asked Ada Moss about the harbour. Then Moss left for Vessby.\n");
    let edited = |n: usize| {
        // Letters only: each draft mentions a different person and body, in different words.
        let word: String = n.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect();
        let text = format!(
            "They met Karl Lom{word} of the Brim{word} Council ({word}lore). He left with Ada Moss and Tor{word}.\n"
        );
        source("edited.txt", &text)
    };
    let mut gatherer = Gatherer::default();
    let sizes = |gatherer: &Gatherer| {
        let ledger = &gatherer.ledger;
        [ledger.key_facts.len(), ledger.name_facts.len(), ledger.small.len()]
    };
    let mut one = None;
    for n in 0..40 {
        let texts = [stays.clone(), edited(n)];
        let entities = gatherer.gather(volumes(&texts).iter());
        let anew = gathered(&texts, "");
        assert_eq!(seen(&entities), seen(&anew), "draft {n}");
        for text in &texts {
            let spans =
                |all: &Entities| all.mentions_in(text.id).map(|one| (one.span, one.key)).collect::<Vec<_>>();
            assert_eq!(spans(&entities), spans(&anew), "draft {n}");
        }
        let first = *one.get_or_insert(sizes(&gatherer));
        // Of the drafts since the last tidying, no more is kept than the current texts hold.
        for (now, first) in sizes(&gatherer).into_iter().zip(first) {
            assert!(now <= first * 3, "{now} after draft {n}, {first} after the first");
        }
    }
    assert_eq!(gatherer.gather(std::iter::empty()).all(), []);
    assert_eq!(sizes(&gatherer), [0; 3]);
}
