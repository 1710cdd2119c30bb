//! Text added by printed pages: running heads and feet, page numbers, banners. Such lines are set apart by
//! blank lines or a form feed, recur on every page except for their numbers, and interrupt sentences, as no
//! heading or refrain does.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::block::{Line, Marker};
use super::label::{Dress, is_item, label};
use super::lines::{ends_sentence, is_prose_end, is_space};
use crate::text::language::{Language, Tables, WordList};
use crate::text::locus::roman;
use crate::text::words::spelled;

/// Longer lines, in characters, are prose; justified heads have up to 80.
const LONGEST: usize = 110;
/// A line with more words is prose.
const WORDS: usize = 14;
/// Largest difference between consecutive page numbers: left and right pages have alternating heads, and some
/// pages have none.
const STEP: u32 = 10;
/// A shorter line without a full stop, in characters, may be a heading, so what follows does not continue it.
const SENTENCE_CHARS: usize = 20;

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // A well-formed roman numeral: not every word made of these letters is one.
    let roman = r"(?:c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})|C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))";
    let number = format!(r"(?:\d{{1,4}}|{roman})");
    let page =
        r"(?i:page|pg\.?|p\.|pp\.|seite|s\.|página|pagina|pág\.|страница|стр\.|sida|strona|str\.|side|oldal)";
    let of = r"(?i:of|/|von|sur|de|di|из|av|z)";
    let dashes = r"[-–—~•|*=]{1,3}";
    let bare = format!(r"{number}(?: ?{of} ?\d{{1,4}})?");
    let brackets = format!(r"[\[({{<] ?(?:{page} ?)?{bare} ?[\])}}>]");
    Regex::new(&format!(
        r"^(?:{page} ?{bare}|{dashes} ?(?:{page} ?)?{bare} ?{dashes}|{brackets}|{bare}|{number}\.|(?i:fol|f)\. ?\d{{1,4}} ?[rv]?)$"
    ))
    .ok()
});

/// Banners that say who may read a page.
static BANNER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(?:NATO|EU|COSMIC|UN|UK|US) )?(?:TOP SECRET|SECRET|CONFIDENTIAL|RESTRICTED|UNCLASSIFIED|DECLASSIFIED|(?:LIMITED |FOR )?OFFICIAL(?:[ -]SENSITIVE| USE(?: ONLY)?)?|SENSITIVE BUT UNCLASSIFIED|CONTROLLED UNCLASSIFIED INFORMATION|C O N F I D E N T I A L|S E C R E T|U N C L A S ?S I F I E D|VS-NUR FÜR DEN DIENSTGEBRAUCH|CONFIDENTIEL|SECRET DÉFENSE|СЕКРЕТНО|ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ)(?: ?(?://?|[-–—]) ?[A-Z][A-Z ,/-]*)*(?: [A-Z ]{2,20} \d{2,8})?(?: SECTION \d+ OF \d+(?: [A-Z ]+ \d+)?)?$|^[A-Z ]{3,30} \d{5,8} \d{3} OF \d{3}$",
    )
    .ok()
});

/// The foot of a page printed from a browser: its address and `2/5`, possibly with the date and time.
static PRINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let date = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}(?:,? \d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?)?";
    let page = r"(?:(?i:page|seite|p\.) ?)?\d{1,4} ?(?:/|of|von|sur|из) ?\d{1,4}";
    Regex::new(&format!(
        r"^(?:{date}\s+)?(?:https?|file)://\S+\s+{page}(?:\s+{date})?$|^{page}\s+https?://\S+$"
    ))
    .ok()
});

fn fits(pattern: &Option<Regex>, words: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(words))
}

/// Whether `words` are only a mark: a page number in any style, or three dots. A year alone is a heading for
/// the events in it.
pub(super) fn is_mark(words: &str) -> bool {
    let year = words.len() == 4 && words.parse::<u32>().is_ok_and(|year| (1000..=2100).contains(&year));
    // The pattern also accepts an empty roman numeral.
    let numbered = || {
        words.contains(|c: char| c.is_ascii_digit())
            || words.split(is_space).any(|word| number(word).is_some())
    };
    // Three dots, a row of stars, a dash, an ornament.
    let rule = |c: char| matches!(c, '-' | '=' | '_' | ' ');
    let signs = || !words.chars().all(rule) && !words.contains(char::is_alphanumeric);
    (words.len() <= 30 && !year && (signs() || fits(&NUMBER, words) && numbered())) || fits(&PRINTED, words)
}

/// Which of `lines` belong to the page.
pub(super) fn of_page(lines: &[Line<'_>]) -> Vec<bool> {
    let shapes: Vec<Option<Shape>> = (0..lines.len()).map(|at| shape(lines, at)).collect();
    let mut kinds: HashMap<&str, Kind> = HashMap::new();
    for shape in shapes.iter().flatten() {
        kinds.entry(&shape.words).or_default().times += 1;
    }
    // Page lines occur together, such as a foot above the head of the next page.
    let may_be = |at: usize| {
        shapes[at].as_ref().is_some_and(|shape| {
            shape.is_mark || shape.is_banner || kinds.get(&*shape.words).is_some_and(|kind| kind.times > 1)
        })
    };
    let mut clusters: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|&at| may_be(at)) {
        match clusters.last_mut().filter(|cluster| cluster.end == at) {
            Some(cluster) => cluster.end = at + 1,
            None => clusters.push(at..at + 1),
        }
    }
    let mut ours = vec![false; lines.len()];
    for cluster in &clusters {
        if cluster.len() > STACKED {
            continue;
        }
        let feed = (cluster.start..=cluster.end).any(|at| lines.get(at).is_some_and(|line| line.feed));
        let within = cuts(lines, cluster);
        for at in cluster.clone() {
            let Some(shape) = &shapes[at] else { continue };
            ours[at] = shape.is_mark || (shape.is_banner && (within || feed));
            let Some(kind) = kinds.get_mut(&*shape.words) else { continue };
            kind.feeds += usize::from(feed);
            kind.cuts += usize::from(within);
            kind.numbers.push(&shape.edges);
        }
    }
    let rising: HashMap<&str, bool> = kinds.iter().map(|(words, kind)| (*words, kind.rises())).collect();
    for cluster in &clusters {
        for at in cluster.clone() {
            let Some((shape, kind)) = shapes[at].as_ref().and_then(|s| Some((s, kinds.get(&*s.words)?)))
            else {
                continue;
            };
            let numbered = rising.get(&*shape.words).is_some_and(|rises| *rises)
                && !(shape.is_prose && kind.feeds == 0)
                && (shape.of_all || kind.cuts * 3 >= kind.times || kind.feeds * 2 >= kind.times);
            let banner = shape.is_banner && kind.times > 1;
            let repeated = !shape.is_prose && kind.times > 1 && {
                (kind.cuts >= 2 && kind.cuts * 2 >= kind.times)
                    || (kind.feeds >= 2 && kind.feeds * 2 >= kind.times)
            };
            ours[at] |= numbered || banner || repeated;
        }
    }
    beside(lines, &shapes, &kinds, &clusters, &mut ours);
    // The title is not a running head, even if it recurs as one.
    for at in 0..lines.len().min(TOP) {
        let is_title = |shape: &Shape| shape.edges == [None; 2] && !shape.is_banner && !shape.is_mark;
        let own = shapes[at].as_ref().is_some_and(is_title);
        ours[at] &= !own;
    }
    ours
}

/// Most page lines that occur together: a foot of two lines, and the head of the next page.
const STACKED: usize = 5;

/// How many lines at the top of a text may be its title.
const TOP: usize = 3;

/// Marks heads that always occur next to a page line, such as a foot with the number.
fn beside(
    lines: &[Line<'_>],
    shapes: &[Option<Shape>],
    kinds: &HashMap<&str, Kind>,
    clusters: &[std::ops::Range<usize>],
    ours: &mut [bool],
) {
    let mut near: HashMap<&str, usize> = HashMap::new();
    let is_near = |ours: &[bool], cluster: &std::ops::Range<usize>| {
        cluster.clone().any(|at| ours[at] && shapes[at].as_ref().is_some_and(Shape::is_numbered))
    };
    let each = |ours: &[bool]| {
        let marked = clusters.iter().filter(|cluster| cluster.len() > 1 && is_near(ours, cluster)).cloned();
        marked.flatten().collect::<Vec<usize>>()
    };
    let places = each(ours);
    for &at in &places {
        if let Some(shape) = &shapes[at] {
            *near.entry(&shape.words).or_default() += 1;
        }
    }
    for at in places.into_iter().filter(|&at| at < lines.len()) {
        let Some(shape) = shapes[at].as_ref().filter(|shape| !shape.is_prose) else { continue };
        let times = kinds.get(&*shape.words).map_or(0, |kind| kind.times);
        ours[at] |= times > 1 && near.get(&*shape.words).is_some_and(|near| near * 2 > times);
    }
}

/// Whether a sentence of the text continues across `cluster`.
fn cuts(lines: &[Line<'_>], cluster: &std::ops::Range<usize>) -> bool {
    let Some(above) = cluster.start.checked_sub(1).map(|at| &lines[at]) else { return false };
    lines.get(cluster.end).is_some_and(|below| runs_on(above, below))
}

/// Whether the sentence that line `above` leaves open continues in lower case with `below`.
pub(super) fn runs_on(above: &Line<'_>, below: &Line<'_>) -> bool {
    let first = below.words.chars().find(|c| !matches!(c, '“' | '"' | '‘' | '«' | '„' | '\''));
    // “iPhone” counts as a capital.
    let small = first.is_some_and(char::is_lowercase)
        && !below.words.split(is_space).next().is_some_and(|word| word.chars().any(char::is_uppercase));
    small
        && below.marker == Marker::Plain
        && above.marker == Marker::Plain
        && above.chars >= SENTENCE_CHARS
        && !ends_sentence(above.words)
        && !above.words.ends_with([';', '；'])
}

/// A line that may belong to the page.
struct Shape {
    /// Its words, with `#` for each number and single spaces in between.
    words: String,
    /// The numbers at its beginning and end, one of which may be the page number.
    edges: [Option<u32>; 2],
    is_mark: bool,
    is_banner: bool,
    /// Whether it says of how many pages this is one: `Document 77 Page 12 of 30`.
    of_all: bool,
    /// Whether it is an item, or ends like prose or a speaker's name.
    is_prose: bool,
}

impl Shape {
    /// Whether it has a number that may be the page's: at an edge, or in a mark such as `12/30`.
    fn is_numbered(&self) -> bool {
        self.edges != [None; 2] || (self.is_mark && self.words.contains('#'))
    }
}

/// The occurrences of a shape.
#[derive(Default)]
struct Kind<'a> {
    times: usize,
    /// Next to a form feed.
    feeds: usize,
    /// In the middle of a sentence.
    cuts: usize,
    numbers: Vec<&'a [Option<u32>; 2]>,
}

impl Kind<'_> {
    /// Whether one of the numbers counts pages, rising a little from one occurrence to the next.
    fn rises(&self) -> bool {
        self.numbers.len() > 1
            && (0..2).any(|edge| {
                self.numbers.windows(2).all(|pair| match (pair[0][edge], pair[1][edge]) {
                    (Some(one), Some(next)) => next > one && next - one <= STEP,
                    _ => false,
                })
            })
    }
}

/// The shape of line `at`; `None` if it is inside a paragraph or is prose.
fn shape(lines: &[Line<'_>], at: usize) -> Option<Shape> {
    let line = &lines[at];
    let next = lines.get(at + 1);
    let apart = line.gap > 0 || at == 0 || line.feed;
    let alone = apart && next.is_none_or(|next| next.gap > 0 || next.feed);
    let at_feed = line.feed || next.is_some_and(|next| next.feed);
    if line.marker == Marker::Heading
        || line.chars > LONGEST
        || !(alone || at_feed)
        || line.words.split(is_space).filter(|word| !word.is_empty()).nth(WORDS).is_some()
    {
        return None;
    }
    let all: Vec<&str> = line.words.split(is_space).filter(|word| !word.is_empty()).collect();
    let mut words = String::new();
    for (nth, word) in all.iter().enumerate() {
        if nth > 0 {
            words.push(' ');
        }
        match number(word).filter(|_| nth == 0 || nth + 1 == all.len()) {
            Some(_) => words.push('#'),
            None => without_digits(word, &mut words),
        }
    }
    let plain = all.join(" ");
    let item = is_item(&plain) || label(&plain).is_some_and(|label| label.dress != Dress::Bare);
    let page = of_all(&all);
    Some(Shape {
        of_all: page.is_some(),
        is_mark: is_mark(&plain),
        is_banner: fits(&BANNER, &plain),
        is_prose: item || is_prose_end(line.words) || line.words.contains(CODE) || begins_small(&plain),
        edges: [
            all.first().and_then(|word| number(word)),
            page.or_else(|| all.last().and_then(|word| number(word))),
        ],
        words,
    })
}

/// The number of the page in `Page 12 of 30` at the end of `words`.
fn of_all(words: &[&str]) -> Option<u32> {
    let is_in = |word: &str, list: fn(&'static Tables) -> &'static WordList| {
        Language::every().has(&spelled(&word.trim_end_matches('.').to_lowercase()), list)
    };
    let [.., page, number_of, of, all] = words else { return None };
    let named = is_in(page, |tables| &tables.attributions.pages);
    let (one, all) = (number(number_of)?, number(all)?);
    (named && is_in(of, |tables| &tables.attributions.of) && one <= all).then_some(one)
}

/// Whether `words` begin in lower case or with a bracketed remark, as no head does.
fn begins_small(words: &str) -> bool {
    let first = words.chars().find(|c| !c.is_ascii_digit() && !is_space(*c));
    first.is_some_and(|c| c.is_lowercase()) || words.starts_with(['[', '('])
}

/// Characters typical of program code.
const CODE: [char; 9] = ['=', '{', '}', ';', '<', '>', '`', '$', '\\'];

/// The number that `word` is, in digits or roman numerals, ignoring brackets.
fn number(word: &str) -> Option<u32> {
    let bare = word.trim_matches(|c: char| matches!(c, '[' | ']' | '(' | ')' | '-' | '–' | '—' | '|' | '.'));
    if bare.len() <= 4 && !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return bare.parse().ok();
    }
    roman(bare)
}

/// Appends `word` to `words`, with `#` for each run of digits.
fn without_digits(word: &str, words: &mut String) {
    let mut digits = false;
    for c in word.chars() {
        if !c.is_ascii_digit() {
            words.push(c);
        } else if !digits {
            words.push('#');
        }
        digits = c.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::source::{Class, Furniture, SourceText, TextId};
    use crate::text::{FileId, Text};

    fn read(text: &str) -> SourceText {
        super::super::read(TextId(0), FileId::new("/sources/p.txt"), Text::new(text), false, &[])
    }

    fn heads(source: &SourceText) -> Vec<&str> {
        let heads = source.passages.iter().filter(|p| p.class == Class::Furniture(Furniture::RunningHead));
        heads.map(|passage| source.words(passage)).collect()
    }

    /// The count of the passage that contains `words`.
    fn count(source: &SourceText, words: &str) -> Option<u32> {
        let passage = source.passages.iter().find(|passage| source.words(passage).contains(words));
        passage.unwrap_or_else(|| panic!("no passage holds “{words}”")).number
    }

    const LINES: [&str; 4] = [
        "The mill at Hallow was built in the year of the great frost, when the river had",
        "been shut for nine weeks and the guild could grind nothing at all. It paid for the",
        "wheel out of its own chest and asked the valley for no more than a day of work from",
        "each house, which most of them gave gladly when the spring had come at last.",
    ];

    /// [`LINES`] on four pages, with what `head` puts between page `n` and the next.
    fn paged(head: impl Fn(usize) -> String) -> String {
        let mut text = String::from(
            "The mills of the valley\n\nNobody has counted them before now, and few remember all of them.\n\n",
        );
        for (n, line) in LINES.iter().enumerate() {
            text.push_str(line);
            text.push_str(&if n + 1 < LINES.len() {
                head(n + 7)
            } else {
                "\n\nThe last of them burned in May, and was not built again.\n".into()
            });
        }
        text
    }

    #[test]
    fn the_feet_of_printed_web_pages_are_no_words() {
        for foot in [
            "https://gazette.example/2021/mills.html 1/5",
            "https://gazette.example/2021/mills.html 1/5 04/05/2021, 10:12",
            "5/4/21, 10:12 AM https://gazette.example/mills Page 1 of 5",
            "https://gazette.example/mills Seite 1 von 5",
        ] {
            let source = read(&paged(|_| format!("\n\n{foot}\n\n")));
            assert_eq!(heads(&source), [foot; 3]);
            assert_eq!(source.numbered_count(), 3, "{foot}");
        }
        for words in [
            "See https://gazette.example/mills 1/5",
            "https://gazette.example/mills",
            "https://gazette.example 1/5 of it",
        ] {
            assert!(!is_mark(words), "{words}");
        }
    }

    #[test]
    fn a_sentence_over_pages_is_one_paragraph() {
        let roman = |n: usize| ["", "vii", "viii", "ix"][n - 6];
        let dresses: [&dyn Fn(usize) -> String; 12] = [
            &|n| format!("\n\nTHE MILLS OF THE VALLEY      {n}\n\n"),
            &|n| format!("\n\n{n}   I. Korn\n\n"),
            &|n| format!("\n\nPage {n} of 31\n\n"),
            &|n| format!("\n\nSeite {n} von 31\n\n"),
            &|n| format!("\n\n- {n} -\n\n"),
            &|n| format!("\n\n[{n}]\n\n"),
            &|n| format!("\n\n{}\n\n", roman(n)),
            &|n| format!("\n\nThe Mills of the Valley | {}\n\n", roman(n)),
            &|n| {
                format!(
                    "\n\n\n\nKorn          Report on mills          [Page {n}]\n\u{c}\nWB 14        The Mills        May 2031\n\n\n"
                )
            },
            &|n| format!("\n\n{n}\n\u{c}THE MILLS OF THE VALLEY\n"),
            &|_| "\n\nCONFIDENTIAL//VALLEY\n\n".into(),
            &|_| "\n\u{c}".into(),
        ];
        for (at, dress) in dresses.iter().enumerate() {
            let source = read(&paged(dress));
            assert_eq!(source.numbered_count(), 3, "{at}: {:?}", source.passages);
            assert_eq!(count(&source, "asked the valley"), Some(2), "{at}");
            assert_eq!(count(&source, "burned in May"), Some(3), "{at}");
            for head in heads(&source) {
                assert!(!LINES.iter().any(|line| line.contains(head)), "{at}: {head}");
            }
        }
    }

    #[test]
    fn the_title_is_no_running_head() {
        let text =
            format!("THE MILLS OF THE VALLEY\n\n{}", paged(|_| "\n\u{c}THE MILLS OF THE VALLEY\n\n".into()));
        let source = read(&text);
        assert_eq!(source.title(), Some("THE MILLS OF THE VALLEY"));
        assert_eq!(heads(&source).len(), 3);
    }

    #[test]
    fn what_comes_again_in_the_text_is_no_running_head() {
        let verse = "The wheel goes round and the river runs,\nAnd the miller counts his corn,\nAnd nobody knows but the miller’s sons\nWhere the miller’s gold was born,";
        let refrain = "Oh turn the wheel for me";
        let song = [verse, refrain, verse, refrain, verse, refrain].join("\n\n");
        assert!(heads(&read(&song)).is_empty());
        let said = "We ground what there was to grind in those years, and it was little enough.";
        let hearing = ["THE CHAIR", said, "MR. KORN", said, "THE CHAIR", said, "MR. KORN", said].join("\n\n");
        assert!(heads(&read(&hearing)).is_empty());
        let broken = [
            "THE CHAIR",
            "I was about to ask you whether the mill --",
            "MR. KORN",
            "it was never mine, and I never said that it was.",
            "THE CHAIR",
            said,
            "MR. KORN",
            said,
            "THE CHAIR",
            said,
            "MR. KORN",
            said,
        ]
        .join("\n\n");
        assert!(heads(&read(&broken)).is_empty());
        let cheers = [said, "Hear, hear.", said, "Hear, hear.", said, "Hear, hear."].join("\n\n");
        assert!(heads(&read(&cheers)).is_empty());
        let asked =
            ["Q. Was it yours?", "A. No.", "Q. Was it yours?", "A. No.", "Q. Whose was it?", "A. His."]
                .join("\n\n");
        assert!(heads(&read(&asked)).is_empty());
        let chapters = ["Chapter 1", said, "Chapter 2", said, "Chapter 3", said].join("\n\n");
        assert!(heads(&read(&chapters)).is_empty());
        let years = ["1931", said, "1932", said, "1933", said].join("\n\n");
        assert!(heads(&read(&years)).is_empty());
        let clauses = [
            "where in the year before",
            "(a) the wheel stood still, or",
            "where in the year after that one",
            "(a) the wheel stood still, or",
            "where in any year of the three",
        ]
        .join("\n\n");
        assert!(heads(&read(&clauses)).is_empty());
    }

    #[test]
    fn marks_alone_are_not_counted() {
        for mark in [
            "12", "- 12 -", "[12]", "(12)", "p. 12", "xii", "12 / 31", ". . .", "…", "2.", "⁂", "—",
            "fol. 3r",
        ] {
            assert!(is_mark(mark), "{mark}");
        }
        for words in ["1931", "civil", "mix", "12 men", "", "--", "Page", "p. 12 f. of it", "12.5"] {
            assert!(!is_mark(words), "{words}");
        }
    }
}
