//! Page furniture: decides which passages are not part of the article, and why, by rules meant to hold on any
//! site. Sees paragraphs in order and knows nothing about files. In doubt a paragraph counts as the author's,
//! because a quotation from a lost paragraph would be reported as invented.

mod page;
mod pattern;
mod phrases;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::source::Furniture;
use phrases::NOTICE_BYTES;

/// A paragraph as the rules see it.
#[derive(Debug, Clone, Copy)]
pub struct Paragraph<'t> {
    /// Its text, trimmed, without markers.
    pub words: &'t str,
    /// Whether it began with a bullet.
    pub bulleted: bool,
}

/// A list of other articles or a comment section ends the page only if what follows is at most this
/// percentage of what comes before. In the one seed with such a list it is 8 %; a heading such as "Related"
/// in mid-article has far more after it.
const TAIL_PERCENT: usize = 50;

/// How many of the last paragraphs may be about the authors.
const MAX_BIOS: usize = 6;

/// How many paragraphs below the title may give the date and the author.
const TOP: usize = 10;

/// Most words in a title or in a line that links to another article.
const LINK_WORDS: usize = 25;

/// How many lines without a full stop below the last paragraph may be labels or keywords.
const MAX_LABELS: usize = 6;

/// A paragraph longer than this, in bytes, may be part of the article, so names in it are not taken for the
/// author's.
const ARGUMENT_BYTES: usize = 120;

/// Finds all furniture except pull quotes.
#[must_use]
pub fn find(paragraphs: &[Paragraph<'_>]) -> Vec<Option<Furniture>> {
    // A phrase is the same however the page wraps it, and with or without emphasis.
    let plain: Vec<Cow<'_, str>> = paragraphs.iter().map(|paragraph| plain(paragraph.words)).collect();
    let paragraphs: Vec<Paragraph<'_>> = paragraphs
        .iter()
        .zip(&plain)
        .map(|(paragraph, words)| Paragraph { words, bulleted: paragraph.bulleted })
        .collect();
    let paragraphs = paragraphs.as_slice();
    let mut kinds = vec![None; paragraphs.len()];
    let start = ticker(paragraphs, &mut kinds);
    let start = above_the_title(paragraphs, &mut kinds, start);
    let mut long = 0;
    for (at, paragraph) in paragraphs.iter().enumerate().skip(start) {
        // The first words of a page are its title, whatever they say.
        if paragraph.words.len() <= NOTICE_BYTES && at > start {
            // A standfirst may come above the date.
            let top = long <= 1 && at <= start + TOP;
            kinds[at] = page::kind(paragraph.words, top).or_else(|| phrases::kind(paragraph.words));
        }
        long += usize::from(paragraph.words.len() > ARGUMENT_BYTES && kinds[at].is_none());
    }
    controls(paragraphs, &mut kinds, start + 1);
    names_beside_the_date(paragraphs, &mut kinds, start + 1);
    browser_names(paragraphs, &mut kinds);
    vocabulary(paragraphs, &mut kinds);
    glossary(paragraphs, &mut kinds);
    after_the_article(paragraphs, &mut kinds);
    authors(paragraphs, &mut kinds);
    kinds
}

/// `words` with ordinary spaces, without surrounding emphasis marks and without a link target.
fn plain(words: &str) -> Cow<'_, str> {
    // Longer paragraphs are not set phrases and need no copy.
    if words.len() > 2 * NOTICE_BYTES {
        return words.into();
    }
    let mut words = words.trim_matches(['*', '_']);
    if let Some(link) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(')'))
        && let Some((shown, target)) = link.split_once("](")
        && !target.contains([' ', ']'])
    {
        words = shown;
    }
    let odd = |c: char| c != ' ' && c.is_whitespace();
    if words.contains(odd) { words.replace(odd, " ").into() } else { words.into() }
}

/// Marks market prices before the title; returns where they end.
fn ticker(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) -> usize {
    let entries = paragraphs
        .iter()
        .take_while(|paragraph| phrases::is_price(paragraph.words) || phrases::is_number(paragraph.words))
        .count();
    let (run, _) = paragraphs.split_at(entries);
    let prices = run.iter().filter(|paragraph| phrases::is_price(paragraph.words)).count();
    let bulleted = run.iter().any(|paragraph| paragraph.bulleted);
    // A single price without a bullet may be a title ("MH17").
    if prices < 2 && !(prices == 1 && bulleted) {
        return 0;
    }
    kinds[..entries].fill(Some(Furniture::Ticker));
    entries
}

/// Marks everything above the title: menus, labels, dates, notices; returns where it ends.
fn above_the_title(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>], start: usize) -> usize {
    let mut at = start;
    while let [paragraph, next, ..] = &paragraphs[at..] {
        let words = paragraph.words;
        let kind = match page::kind(words, true) {
            _ if words.len() > NOTICE_BYTES || paragraph.bulleted => None,
            Some(kind) => Some(kind),
            None if page::is_contact(words) => Some(Furniture::Disclaimer),
            // A label may come before the title; if what follows is not a title, the label is the title.
            None if page::is_label(words) && is_open_line(next.words) => Some(Furniture::Control),
            None if page::is_weak_control(words) && page::is_weak_control(next.words) => {
                Some(Furniture::Control)
            }
            None => None,
        };
        let Some(kind) = kind else { break };
        kinds[at] = Some(kind);
        at += 1;
    }
    at
}

/// Names of buttons and sections next to another control.
fn controls(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>], from: usize) {
    let is_control = |kinds: &[Option<Furniture>], at: usize| {
        at >= from
            && paragraphs.get(at).is_some_and(|paragraph| {
                matches!(kinds[at], Some(Furniture::Control | Furniture::Newsletter))
                    || (!paragraph.bulleted && page::is_weak_control(paragraph.words))
            })
    };
    let found: Vec<usize> = (from..paragraphs.len())
        .filter(|&at| kinds[at].is_none() && is_control(kinds, at))
        .filter(|&at| is_control(kinds, at - 1) || is_control(kinds, at + 1))
        .collect();
    for at in found {
        kinds[at] = Some(Furniture::Control);
    }
}

/// Names on a line by themselves, next to the date.
fn names_beside_the_date(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>], from: usize) {
    for at in from..paragraphs.len().min(from + TOP) {
        let beside = |at: usize| at >= from && kinds.get(at) == Some(&Some(Furniture::Byline));
        if kinds[at].is_none() && (beside(at - 1) || beside(at + 1)) && page::is_names(paragraphs[at].words) {
            kinds[at] = Some(Furniture::Byline);
        }
    }
}

/// Whether `words` are a line that does not end like a sentence: a title or a link.
fn is_open_line(words: &str) -> bool {
    let cut = words.ends_with(['…', ']'])
        && (words.ends_with('…') || words.ends_with("[…]") || words.ends_with("[...]"));
    cut || words.ends_with("...")
        || (words.split_whitespace().nth(LINK_WORDS).is_none()
            && !words
                .trim_end_matches(['”', '"', '»', '’', ')'])
                .ends_with(['.', '!', ':', ';', ',', '。', '！']))
}

/// Names of browsers are a notice only next to a notice, or if there are two of them.
fn browser_names(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) {
    for at in 1..paragraphs.len() {
        if kinds[at].is_some() {
            continue;
        }
        let names = phrases::browser_names(paragraphs[at].words);
        if names >= 2 || (names == 1 && kinds[at - 1] == Some(Furniture::BrowserNotice)) {
            kinds[at] = Some(Furniture::BrowserNotice);
        }
    }
}

/// `word = meaning`, at least twice in a row: a single one may be a formula.
fn vocabulary(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) {
    let mut at = 0;
    while at < paragraphs.len() {
        let run = paragraphs[at..].iter().take_while(|paragraph| phrases::is_gloss(paragraph.words)).count();
        if run >= 2 {
            kinds[at..at + run].fill(Some(Furniture::Vocabulary));
        }
        at += run + 1;
    }
}

/// `word – meaning` below a heading that announces a word list.
fn glossary(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) {
    for at in 1..paragraphs.len() {
        if !phrases::announces_words(paragraphs[at].words) {
            continue;
        }
        let run = paragraphs[at + 1..].iter().take_while(|next| phrases::is_explained(next.words)).count();
        if run >= 2 {
            kinds[at..=at + run].fill(Some(Furniture::Vocabulary));
        }
    }
}

/// Marks everything after a list of other articles or a comment form.
fn after_the_article(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) {
    let total: usize = paragraphs.iter().map(|paragraph| paragraph.words.len()).sum();
    let mut before = 0;
    let mut behind: Option<Furniture> = None;
    for at in 0..paragraphs.len() {
        let words = paragraphs[at].words;
        before += words.len();
        let closes = (total - before) * 100 <= before * TAIL_PERCENT;
        match kinds[at].and_then(|_| phrases::kind_of_heading(words)) {
            Some(Furniture::Teaser) => {
                let links = other_articles(paragraphs, kinds, at + 1);
                let all = closes && links.all;
                behind = all.then_some(Furniture::Teaser);
                if !all {
                    kinds[at + 1..links.end]
                        .iter_mut()
                        .for_each(|kind| *kind = kind.or(Some(Furniture::Teaser)));
                }
            }
            Some(heading) if closes || phrases::begins_comments(words) => behind = Some(heading),
            _ => kinds[at] = kinds[at].or(behind),
        }
    }
}

/// A list of other articles.
struct Links {
    /// Where the links at its beginning end.
    end: usize,
    /// Whether everything up to the next part of the page belongs to the list: titles, possibly each with the
    /// beginning of its article. Several paragraphs in a row belong to an article.
    all: bool,
}

fn other_articles(paragraphs: &[Paragraph<'_>], kinds: &[Option<Furniture>], from: usize) -> Links {
    let mut links = Links { end: from, all: true };
    let mut leading = true;
    // Lines since the last paragraph.
    let mut lines = 0;
    for at in from..paragraphs.len() {
        let words = paragraphs[at].words;
        if kinds[at].is_some() {
            if phrases::kind_of_heading(words).is_some() {
                break;
            }
        } else if is_open_line(words) {
            lines += 1;
        } else {
            leading = false;
            links.all &= lines == 1;
            lines = 0;
        }
        if leading {
            links.end = at + 1;
        }
    }
    links
}

/// Marks what is said about the authors and the outlet, in the last paragraphs only: "X is a fellow at Y" in
/// mid-article introduces a witness.
fn authors(paragraphs: &[Paragraph<'_>], kinds: &mut [Option<Furniture>]) {
    let named = named_authors(paragraphs, kinds);
    let (mut bios, mut labels) = (0, 0);
    for at in (1..paragraphs.len()).rev() {
        if kinds[at].is_some() {
            continue;
        }
        let words = paragraphs[at].words;
        let begins = words.get(..words.len().min(ARGUMENT_BYTES)).unwrap_or(words).to_lowercase();
        let by_name = named
            .iter()
            .any(|name| begins.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with([' ', ','])));
        if phrases::is_disclaimer(words) {
            kinds[at] = Some(Furniture::Disclaimer);
        } else if bios < MAX_BIOS
            && ((by_name && words.len() <= NOTICE_BYTES && !is_open_line(words))
                || (phrases::is_bio(words) && !is_in_the_story(words, &paragraphs[..at], kinds)))
        {
            bios += 1;
            kinds[at] = Some(Furniture::Bio);
        } else if labels < MAX_LABELS && bios == 0 && is_open_line(words) && words.len() <= ARGUMENT_BYTES {
            labels += 1;
        } else {
            return;
        }
    }
}

/// The names of the authors in lower case, from bylines and the lines below the title.
fn named_authors(paragraphs: &[Paragraph<'_>], kinds: &[Option<Furniture>]) -> Vec<String> {
    let title = kinds.iter().position(Option::is_none).unwrap_or(0);
    let mut names = Vec::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let below =
            at > title && at <= title + TOP && kinds[at].is_none() && paragraph.words.len() <= ARGUMENT_BYTES;
        if kinds[at] == Some(Furniture::Byline) || (below && is_open_line(paragraph.words)) {
            names.extend(page::names(paragraph.words));
        }
    }
    names
}

/// Whether the article mentions the person that `bio` begins with, who is then not its author.
fn is_in_the_story(bio: &str, before: &[Paragraph<'_>], kinds: &[Option<Furniture>]) -> bool {
    let Some(family) = phrases::family_name(bio) else { return false };
    // The first paragraphs may be an editor's introduction of the author.
    before
        .iter()
        .zip(kinds)
        .skip(3)
        .filter(|(paragraph, kind)| kind.is_none() && paragraph.words.len() > ARGUMENT_BYTES)
        .any(|(paragraph, _)| paragraph.words.contains(family))
}

/// Number of consecutive words compared when looking for repeated text.
const GRAM_WORDS: usize = 3;
/// Fewest words in a pull quote; shorter repetitions are headings, names and refrains. The shortest in the
/// seeds has 15.
const PULL_MIN_WORDS: usize = 8;
/// Most words in a pull quote; the longest in the seeds has 24.
const PULL_MAX_WORDS: usize = 60;
/// Minimum length of the repeated paragraph as a percentage of the pull quote, in words; otherwise it is the
/// same paragraph twice.
const PULL_BODY_PERCENT: usize = 130;
/// Minimum percentage of the pull quote's triples that must occur in one paragraph. One pull quote in the
/// seeds has two words changed, which leaves 82 %.
const PULL_OVERLAP_PERCENT: usize = 70;
/// Most paragraphs between a pull quote and the words it repeats.
const PULL_DISTANCE: usize = 12;

/// A pull quote repeats its first and last words: one of this many triples at either end must match. A
/// changed word breaks three.
const PULL_EDGE: usize = 4;

/// Which of `paragraphs` repeat, exactly or nearly, part of a longer paragraph nearby. Only paragraphs marked
/// in `eligible` are considered on either side. Takes linear time.
#[must_use]
pub fn pull_quotes(paragraphs: &[Paragraph<'_>], eligible: &[bool]) -> Vec<bool> {
    let lengths: Vec<usize> = paragraphs.iter().map(|p| words_of(p.words).count()).collect();
    let grams: Vec<Vec<u64>> = (0..paragraphs.len())
        .map(|at| {
            let candidate = eligible[at] && (PULL_MIN_WORDS..=PULL_MAX_WORDS).contains(&lengths[at]);
            if candidate { grams_of(paragraphs[at].words) } else { Vec::new() }
        })
        .collect();
    let wanted: HashSet<u64> = grams.iter().flatten().copied().collect();
    let mut found = vec![false; paragraphs.len()];
    if wanted.is_empty() {
        return found;
    }
    // Two passes over the text, remembering only the last paragraph with each triple: a list of places could
    // grow long in a hostile text.
    for backwards in [false, true] {
        let mut last: HashMap<u64, usize> = HashMap::new();
        for step in 0..paragraphs.len() {
            let at = if backwards { paragraphs.len() - 1 - step } else { step };
            if !eligible[at] {
                continue;
            }
            if !grams[at].is_empty() && !found[at] {
                found[at] = repeats(at, &grams[at], &last, &lengths);
            }
            if lengths[at] * 100 >= PULL_MIN_WORDS * PULL_BODY_PERCENT {
                for gram in grams_of(paragraphs[at].words) {
                    // The pull quote must not hide the paragraph it repeats.
                    if wanted.contains(&gram) && !found[at] {
                        last.insert(gram, at);
                    }
                }
            }
        }
    }
    found
}

fn repeats(at: usize, grams: &[u64], last: &HashMap<u64, usize>, lengths: &[usize]) -> bool {
    let near = |place: usize| {
        place.abs_diff(at) <= PULL_DISTANCE && lengths[place] * 100 >= lengths[at] * PULL_BODY_PERCENT
    };
    // Which triple occurs in which paragraph, sorted by paragraph.
    let found = grams.iter().enumerate().filter_map(|(nth, gram)| Some((*last.get(gram)?, nth)));
    let mut found: Vec<(usize, usize)> = found.filter(|(place, _)| near(*place)).collect();
    found.sort_unstable();
    found.chunk_by(|a, b| a.0 == b.0).any(|here| {
        // If it begins or ends with different words it is a parallel passage, not a pull quote.
        let begins = here.first().is_some_and(|(_, nth)| *nth < PULL_EDGE);
        let ends = here.last().is_some_and(|(_, nth)| *nth + PULL_EDGE >= grams.len());
        begins && ends && here.len() * 100 >= grams.len() * PULL_OVERLAP_PERCENT
    })
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    // Splitting at apostrophes keeps words comparable however those are written.
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn grams_of(text: &str) -> Vec<u64> {
    let words: Vec<u64> = words_of(text)
        .map(|word| {
            let mut hasher = DefaultHasher::new();
            for c in word.chars().flat_map(char::to_lowercase) {
                c.hash(&mut hasher);
            }
            hasher.finish()
        })
        .collect();
    words
        .windows(GRAM_WORDS)
        .map(|window| {
            let mut hasher = DefaultHasher::new();
            window.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "The harbour had been closed since the spring, when the ice broke two of its gates, and \
        nobody in the town could say who would pay for them or when the first ships might return.";

    fn kinds(paragraphs: &[&str]) -> Vec<Option<Furniture>> {
        let paragraphs: Vec<Paragraph<'_>> =
            paragraphs.iter().map(|words| Paragraph { words, bulleted: false }).collect();
        find(&paragraphs)
    }

    fn pulled(paragraphs: &[&str]) -> Vec<bool> {
        let paragraphs: Vec<Paragraph<'_>> =
            paragraphs.iter().map(|words| Paragraph { words, bulleted: false }).collect();
        pull_quotes(&paragraphs, &vec![true; paragraphs.len()])
    }

    #[test]
    fn prices_need_company_before_the_title() {
        let found = kinds(&["GBP 1.27", "OIL 81.7", "33", "A harbour without ships", LONG]);
        assert_eq!(
            found,
            [Some(Furniture::Ticker), Some(Furniture::Ticker), Some(Furniture::Ticker), None, None]
        );
        assert_eq!(kinds(&["MH17", LONG]), [None, None]);
        assert_eq!(kinds(&["1989", LONG, "MH17", "GBP 1.27", LONG]), [None; 5]);
    }

    #[test]
    fn one_equation_is_no_vocabulary() {
        assert_eq!(kinds(&[LONG, "power = money", LONG]), [None; 3]);
        let list = kinds(&[LONG, "gate = Tor", "ice = Eis"]);
        assert_eq!(list, [None, Some(Furniture::Vocabulary), Some(Furniture::Vocabulary)]);
    }

    #[test]
    fn a_fellow_in_mid_article_is_a_witness() {
        let fellow = "Maria Tamm is a senior fellow at the Baltic Forum.";
        assert_eq!(kinds(&[LONG, fellow, LONG])[1], None);
        assert_eq!(kinds(&[LONG, LONG, fellow])[2], Some(Furniture::Bio));
        // Also at the end, if the article has mentioned her before.
        let told = "Maria Tamm, who has studied the harbour for twenty years, told the council in April that the \
            gates would have to be replaced, and that the town could not bear the cost of it alone.";
        assert_eq!(kinds(&[LONG, LONG, LONG, told, fellow])[4], None);
    }

    #[test]
    fn what_follows_a_list_of_articles_is_theirs_only_at_the_end() {
        let end = kinds(&[LONG, LONG, LONG, LONG, "Related Articles", "Ice in the gulf", "A short one."]);
        assert_eq!(end[4], Some(Furniture::RelatedContent));
        assert_eq!(end[5..], [Some(Furniture::Teaser), Some(Furniture::Teaser)]);
        let middle = kinds(&[LONG, "Related Articles", LONG, LONG, LONG]);
        assert_eq!(middle[1..], [Some(Furniture::RelatedContent), None, None, None]);
    }

    #[test]
    fn links_in_mid_article_do_not_swallow_what_follows() {
        let links = ["Related Articles", "Ice in the gulf", "Ferries late again"];
        // The rest of the article is short enough for a tail, but continues in paragraphs.
        let page = [&["Title", LONG, LONG, LONG, LONG][..], &links, &[LONG, LONG]].concat();
        let found = kinds(&page);
        assert_eq!(
            found[5..],
            [Some(Furniture::RelatedContent), Some(Furniture::Teaser), Some(Furniture::Teaser), None, None]
        );
    }

    #[test]
    fn readers_comments_may_be_longer_than_the_article() {
        let found = kinds(&["Title", LONG, "2 thoughts on “Title”", LONG, LONG, LONG, LONG]);
        assert_eq!(found[1], None);
        assert_eq!(found[2..], [Some(Furniture::CommentForm); 5]);
    }

    #[test]
    fn an_author_is_known_by_the_byline() {
        let last = "Elena Varga grew up on the shore and has written on ferries for the Gazette since 1998.";
        let page = |byline| kinds(&["The ferry", byline, LONG, LONG, last]);
        assert_eq!(page("By Elena Varga")[4], Some(Furniture::Bio));
        assert_eq!(page("By Maria Tamm")[4], None);
    }

    #[test]
    fn the_title_stands_below_menus_and_labels() {
        let found = kinds(&["Home", "News", "Opinion", "The ferry that never came", LONG]);
        assert_eq!(found[..3], [Some(Furniture::Control); 3]);
        assert_eq!(found[3..], [None, None]);
        // A label alone is the title.
        assert_eq!(kinds(&["Opinion", LONG]), [None, None]);
        // Company names as headings are just headings.
        assert_eq!(kinds(&["Title", LONG, "Facebook", LONG, "Twitter", LONG]), [None; 6]);
    }

    #[test]
    fn pull_quotes_repeat_a_longer_paragraph() {
        let exact = "Nobody in the town could say who would pay for them";
        let nearly =
            "Nobody in this town could say who would pay for them or when the first ships might return";
        assert_eq!(pulled(&[LONG, exact]), [false, true]);
        assert_eq!(pulled(&[exact, LONG]), [true, false]);
        assert_eq!(pulled(&[LONG, nearly]), [false, true]);
        // The same subject in other words, the same paragraph twice, a few words from a heading.
        assert_eq!(
            pulled(&[LONG, "The town could not say who was to pay for the two gates"]),
            [false, false]
        );
        assert_eq!(pulled(&[exact, exact]), [false, false]);
        // Three paragraphs of one speech with the same beginning and different endings.
        let speech = "by an act of the public will, and without regard to party, we are bound to";
        let parallel = [
            format!("First, {speech} a national defence that leaves nothing out"),
            format!(
                "Second, {speech} full support of all those who stand up, wherever they are, to the oppressor"
            ),
            format!(
                "Third, {speech} the view that no peace will hold that the oppressor dictates and others pay for"
            ),
        ];
        assert_eq!(pulled(&parallel.each_ref().map(String::as_str)), [false; 3]);
        assert_eq!(pulled(&[LONG, "The first ships might return"]), [false, false]);
    }
}
