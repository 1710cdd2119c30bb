//! Quotations whose correct verdict follows from how they were made: sentences of the sources, quoted in
//! permitted and in forbidden ways. Uses nothing from the crate.

#[path = "habits.rs"]
pub(crate) mod habits;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// A source: its key and its paragraphs.
pub(crate) struct Source {
    pub(crate) key: String,
    pub(crate) paragraphs: Vec<String>,
    /// The file extension, without the dot.
    pub(crate) ending: &'static str,
    /// The text of the file, if it is not just the paragraphs separated by blank lines.
    pub(crate) laid: Option<String>,
}

/// One quotation in its own paragraph.
pub(crate) struct Case {
    pub(crate) kind: &'static str,
    /// Whether the check should stay silent.
    pub(crate) accepted: bool,
    /// The paragraph of the brief.
    pub(crate) paragraph: String,
    /// The replacement in the brief, and the source's words; either may be empty.
    pub(crate) brief: String,
    pub(crate) source: String,
    /// The words it was made from.
    pub(crate) original: String,
}

/// SplitMix64.
pub(crate) struct Random(pub u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

/// A source made of sentences that other sources also contain.
const DIGEST: &str = "digest";

/// The texts of `tests/data/rates` by name, and a digest of them.
pub(crate) fn sources() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rates");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("tests/data/rates").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(key) = name.strip_suffix(".txt") {
            let text = std::fs::read_to_string(entry.path()).expect("a text");
            let paragraphs = text.split("\n\n").map(|p| p.trim().to_owned()).collect();
            out.push(Source { key: key.to_owned(), paragraphs, ending: "txt", laid: None });
        }
    }
    out.sort_by(|a, b| a.key.cmp(&b.key));
    let mut paragraphs = Vec::new();
    for source in &out {
        let long = sentences(source).into_iter().filter(|s| (12..40).contains(&s.tokens.len()));
        paragraphs.extend(long.step_by(12).map(|sentence| sentence.tokens.join(" ")));
    }
    out.push(Source { key: DIGEST.to_owned(), paragraphs, ending: "txt", laid: None });
    let scanned = out.iter().find(|source| source.key == SCANNED).expect("the text that is scanned");
    let (paragraphs, laid) = (scanned.paragraphs.clone(), scan(&scanned.paragraphs));
    out.push(Source { key: "scan".to_owned(), paragraphs, ending: "txt", laid: Some(laid) });
    let laid_out = habits::laid_out(&out);
    out.extend(laid_out);
    out
}

/// The text of which a version is made that looks like a scan.
const SCANNED: &str = "roosevelt1941";

/// `paragraphs` in lines as on a page: words split with a hyphen or soft hyphen, ligatures, non-breaking
/// spaces, and note numbers after some sentences.
fn scan(paragraphs: &[String]) -> String {
    const LINE: usize = 58;
    let mut random = Random(41);
    let mut out = String::new();
    for paragraph in paragraphs {
        let mut length = 0;
        for token in paragraph.split(' ') {
            let letters = token.len() >= 8 && token.bytes().all(|byte| byte.is_ascii_lowercase());
            let fits = length + token.len() < LINE;
            if !fits && letters && random.below(2) == 0 {
                let cut = 3 + random.below(token.len() - 6);
                out += &format!(" {}{}\n{}", &token[..cut], random.of(&["-", "\u{ad}"]), &token[cut..]);
                length = token.len() - cut;
                continue;
            }
            if length > 0 {
                out.push_str(if !fits { "\n" } else { random.of(&[" ", " ", " ", "\u{a0}"]) });
            }
            length = if fits { length + token.len() + 1 } else { token.len() };
            out += &token.replace("fi", "ﬁ").replace("fl", "ﬂ");
            if letters_then_stop(token) && random.below(4) == 0 {
                out += random.of(&["7", "12", "[3]"]);
            }
        }
        out += "\n\n";
    }
    out
}

/// Whether a note number may follow `token` without being mistaken for something else.
fn letters_then_stop(token: &str) -> bool {
    token.len() > 5
        && token.ends_with('.')
        && token[..token.len() - 1].bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Only letters and digits, in lower case, with single spaces between words.
pub(crate) fn bare(text: &str) -> String {
    let kept = text.replace(['’', '\''], "").to_lowercase();
    let kept: String =
        kept.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | ',') { c } else { ' ' }).collect();
    let words = kept.split_whitespace().map(|w| w.trim_matches(['.', ','])).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A sentence, split into tokens at its blanks.
struct Sentence<'a> {
    paragraph: usize,
    tokens: Vec<&'a str>,
}

fn sentences(source: &Source) -> Vec<Sentence<'_>> {
    const SHORT: [&str; 12] =
        ["Mr.", "Mrs.", "Dr.", "No.", "St.", "Gen.", "Hon.", "U.S.", "Messrs.", "Capt.", "vs.", "p.m."];
    let mut out = Vec::new();
    for (paragraph, text) in source.paragraphs.iter().enumerate() {
        let mut tokens: Vec<&str> = Vec::new();
        let all: Vec<&str> = text.split(' ').collect();
        for (at, token) in all.iter().enumerate() {
            tokens.push(token);
            let next = all.get(at + 1).is_none_or(|next| next.starts_with(|c: char| c.is_uppercase()));
            let short = SHORT.contains(token) || token.len() == 2 || token.matches('.').count() > 1;
            if token.ends_with(['.', '?', '!']) && next && !short {
                let whole = std::mem::take(&mut tokens);
                let plain = |t: &&str| !t.contains(['"', '[', ']', '(', ')', '“', '”', '*', '_', '<', '`']);
                if whole.iter().all(plain) {
                    out.push(Sentence { paragraph, tokens: whole });
                }
            }
        }
    }
    out
}

/// The word of a token without the punctuation around it; `None` if it is not a single plain word or number.
fn word(token: &str) -> Option<&str> {
    let word = token.trim_end_matches([',', ';', ':', '.', '?', '!']).trim_start_matches('$');
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | ',');
    (!word.is_empty() && word.chars().all(plain)).then_some(word)
}

fn with(token: &str, old: &str, new: &str) -> String {
    token.replacen(old, new, 1)
}

/// Words too common, or too tightly bound, to change the meaning on their own.
fn is_content(word: &str) -> bool {
    const COMMON: &str = " that this with from have been were will would could should shall upon them they their \
        there these those than then when where which what your ours into such some only also very more most \
        must might cannot does done being about before after under over between other another each every \
        itself himself themselves within without through during against toward towards among never nothing \
        much many while whose whom here just both even well still ";
    word.len() >= 4 && word.chars().all(|c| c.is_ascii_lowercase()) && !COMMON.contains(&format!(" {word} "))
}

const NUMBERS: [(&str, &str); 22] = [
    ("two", "three"),
    ("three", "five"),
    ("four", "six"),
    ("five", "nine"),
    ("six", "four"),
    ("seven", "eight"),
    ("eight", "six"),
    ("nine", "ten"),
    ("ten", "twelve"),
    ("eleven", "twelve"),
    ("fifteen", "fifty"),
    ("eighteen", "eighty"),
    ("nineteen", "ninety"),
    ("twenty", "thirty"),
    ("thirty", "forty"),
    ("sixty", "sixteen"),
    ("hundred", "thousand"),
    ("thousand", "million"),
    ("million", "billion"),
    ("half", "third"),
    ("quarter", "third"),
    ("third", "fifth"),
];
const HEDGES: [(&str, &str); 21] = [
    ("may", "will"),
    ("might", "will"),
    ("will", "may"),
    ("would", "will"),
    ("should", "must"),
    ("must", "should"),
    ("could", "can"),
    ("can", "could"),
    ("shall", "may"),
    ("probably", "certainly"),
    ("perhaps", "certainly"),
    ("some", "all"),
    ("many", "most"),
    ("most", "all"),
    ("all", "most"),
    ("nearly", "fully"),
    ("almost", "fully"),
    ("usually", "always"),
    ("often", "always"),
    ("always", "often"),
    ("largely", "wholly"),
];
const VERBS: [&str; 16] = [
    "is", "are", "was", "were", "will", "would", "should", "could", "must", "may", "can", "has", "have",
    "had", "shall", "do",
];
const ADVERBS: [&str; 8] =
    ["clearly", "openly", "largely", "gravely", "swiftly", "merely", "publicly", "formally"];
const LEADS: [&str; 5] = [
    "The text says that",
    "It is put like this:",
    "A later passage is clear:",
    "Here the author writes,",
    "One sentence stands out,",
];

/// All distinct cases for `sources`; each change is tried on `rounds` windows.
pub(crate) fn cases(sources: &[Source], rounds: usize, seed: u64) -> Vec<Case> {
    let all: Vec<String> = sources.iter().map(|s| format!(" {} ", bare(&s.paragraphs.join(" ")))).collect();
    let mut make = Make { random: Random(seed), all, out: Vec::new(), seen: HashSet::new() };
    for source in sources {
        let sentences = sentences(source);
        let mut lower: BTreeSet<&str> = BTreeSet::new();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for sentence in &sentences {
            for (at, token) in sentence.tokens.iter().enumerate() {
                let Some(word) = word(token) else { continue };
                if is_content(word) {
                    lower.insert(word);
                }
                if at > 0 && word.len() > 2 && word.starts_with(|c: char| c.is_ascii_uppercase()) {
                    *names.entry(word).or_default() += 1;
                }
            }
        }
        let text = format!(" {} ", source.paragraphs.join(" "));
        // A word that also occurs in lower case is an office or capitalized by a heading, not a name.
        let is_name = |name: &str| {
            name.chars().skip(1).all(|c| c.is_ascii_lowercase())
                && !text.contains(&format!(" {}", name.to_lowercase()))
        };
        let names: Vec<&str> = names.into_keys().filter(|name| is_name(name)).collect();
        let pool: Vec<&str> = lower.into_iter().collect();
        for _ in 0..rounds {
            for (at, sentence) in sentences.iter().enumerate() {
                if habits::is_quoted(&source.key) {
                    make.habits(source, sentence, &sentences[at + 1..], &pool);
                }
                if habits::is_laid_out(&source.key) {
                    continue;
                }
                make.accepted(source, sentence, sentences.get(at + 1), &names);
                if source.key != DIGEST {
                    make.altered(source, sentence, &pool, &names);
                }
            }
        }
    }
    make.out
}

struct Make {
    random: Random,
    all: Vec<String>,
    out: Vec<Case>,
    seen: HashSet<String>,
}

impl Make {
    /// A window of `from` to `to` tokens around `must`, as token indices.
    fn window(
        &mut self,
        sentence: &Sentence<'_>,
        must: usize,
        from: usize,
        to: usize,
    ) -> Option<(usize, usize)> {
        let count = sentence.tokens.len();
        if count < from {
            return None;
        }
        let length = from + self.random.below(to.min(count) - from + 1);
        let least = (must + 1).saturating_sub(length);
        let start = least + self.random.below(must.min(count - length) - least + 1);
        Some((start, start + length))
    }

    fn push(
        &mut self,
        kind: &'static str,
        accepted: bool,
        paragraph: String,
        change: (&str, &str),
        original: &str,
    ) {
        if self.seen.insert(format!("{kind} {paragraph}")) {
            let (brief, source) = (change.0.to_owned(), change.1.to_owned());
            let original = original.to_owned();
            self.out.push(Case { kind, accepted, paragraph, brief, source, original });
        }
    }

    fn lead(&mut self) -> &'static str {
        self.random.of(&LEADS)
    }

    fn accept(&mut self, kind: &'static str, quoted: &str, at: (&str, String), original: &str) {
        let (open, close) = if kind == "other marks" {
            self.random.of(&[("\"", "\""), ("«", "»"), ("„", "“")])
        } else {
            ("“", "”")
        };
        let paragraph = format!("{} {open}{quoted}{close} [@{}, ¶ {}].", self.lead(), at.0, at.1);
        self.push(kind, true, paragraph, ("", ""), original);
    }

    fn accepted(
        &mut self,
        source: &Source,
        sentence: &Sentence<'_>,
        next: Option<&Sentence<'_>>,
        names: &[&str],
    ) {
        let count = sentence.tokens.len();
        let key = source.key.as_str();
        let number = (sentence.paragraph + 1).to_string();
        let whole = sentence.tokens.join(" ");
        if !(6..=40).contains(&count) || !whole.is_ascii() && whole.contains('\u{a0}') {
            return;
        }
        let at = || (key, number.clone());
        if key == DIGEST {
            self.accept("in two sources", &whole, at(), &whole);
            return;
        }
        self.accept("full sentence", &whole, at(), &whole);
        let any = self.random.below(count);
        let Some((start, end)) = self.window(sentence, any, 6, 24) else { return };
        let tokens = &sentence.tokens[start..end];
        let part = tokens.join(" ").trim_end_matches([',', ';', ':', '.']).to_owned();
        let part = part.trim_end_matches(['—', '-', ' ']).to_owned();
        self.accept("fragment", &part, at(), &whole);
        self.accept("other marks", &part, at(), &whole);
        let mark = self.random.of(&[",", ".", ";", "?", "…"]);
        self.accept("trailing mark", &format!("{part}{mark}"), at(), &whole);

        let dash = self.random.of(&[" – ", " -- ", "–", " — "]);
        let mut set = tokens.join(" ").replace('—', dash).replace('\'', "’");
        for _ in 0..3 {
            let blanks: Vec<usize> = set.match_indices(' ').map(|(at, _)| at).collect();
            let blank = self.random.of(&blanks);
            let letter = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_alphabetic());
            if letter(set.as_bytes().get(blank + 1).copied())
                && letter(set.as_bytes().get(blank - 1).copied())
            {
                let to = self.random.of(&["\u{a0}", "\n", "\u{202f}", "  "]);
                set.replace_range(blank..=blank, to);
            }
        }
        self.accept("typography", &set, at(), &whole);

        let first = part.chars().next().unwrap_or(' ');
        let rest = &part[first.len_utf8()..];
        if first.is_ascii_alphabetic()
            && !part.starts_with("I ")
            && rest.starts_with(|c: char| c.is_ascii_lowercase())
        {
            let turned =
                if first.is_uppercase() { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
            self.accept("initial case", &format!("{turned}{rest}"), at(), &whole);
            self.accept("bracketed initial", &format!("[{turned}]{rest}"), at(), &whole);
        }

        let inner = start + 1 + self.random.below(end - start - 2);
        let mut marked: Vec<String> = tokens.iter().map(|&t| t.to_owned()).collect();
        if word(sentence.tokens[inner]).is_some() {
            let plain = marked[inner - start].clone();
            marked[inner - start] = format!("{plain} [sic]");
            self.accept("[sic]", &marked.join(" "), at(), &whole);
            let word = word(sentence.tokens[inner]).unwrap_or_default();
            let set = self.random.of(&["*", "**", "_"]);
            marked[inner - start] = with(&plain, word, &format!("{set}{word}{set}"));
            self.accept("emphasis", &marked.join(" "), at(), &whole);
            marked[inner - start] = plain;
        }
        // A name or pronoun replaced, but never at an end, where nothing shows what was replaced.
        const PRONOUNS: [&str; 9] = ["it", "they", "them", "he", "she", "their", "its", "this", "these"];
        let replaceable = |token: &str| PRONOUNS.contains(&token) || names.contains(&token);
        let places: Vec<usize> = (start + 1..end - 1).filter(|&p| replaceable(sentence.tokens[p])).collect();
        if !places.is_empty() {
            let place = self.random.of(&places);
            let new = self.random.of(&["[the government]", "[that country]", "[the whole people]"]);
            marked[place - start] = new.to_owned();
            self.accept("bracketed words", &marked.join(" "), at(), &whole);
        }

        let dots = self.random.of(&[" … ", " ... ", " [...] ", " […] ", " . . . "]);
        if count >= 10 {
            let cut = 4 + self.random.below(count - 9);
            let gap = 1 + self.random.below(count - cut - 4);
            let joined = format!(
                "{}{dots}{}",
                sentence.tokens[..cut].join(" "),
                sentence.tokens[cut + gap..].join(" ")
            );
            self.accept("ellipsis", &joined, at(), &whole);
        }
        if let Some(next) = next.filter(|n| n.paragraph <= sentence.paragraph + 1 && n.tokens.len() >= 6) {
            let head = sentence.tokens[count - (4 + self.random.below(count - 3)).min(count)..].join(" ");
            let tail = next.tokens[..4 + self.random.below(next.tokens.len() - 3)].join(" ");
            let locator = format!("{number}-{}", next.paragraph + 1);
            let locator = if next.paragraph == sentence.paragraph { number.clone() } else { locator };
            self.accept("ellipsis across sentences", &format!("{head}{dots}{tail}"), (key, locator), &whole);
        }
        let block = format!("{}\n\n> {whole}\n>\n> [@{key}, ¶ {number}]", self.lead());
        if word(sentence.tokens[0]).is_some_and(|w| w.starts_with(char::is_alphabetic)) {
            self.push("block quotation", true, block, ("", ""), &whole);
        }
    }

    /// Whether `tokens` are at least six words that no source has in this order.
    fn is_nowhere(&self, tokens: &[String]) -> bool {
        let plain = bare(&tokens.join(" "));
        plain.split(' ').count() >= 6 && !self.all.iter().any(|text| text.contains(&format!(" {plain} ")))
    }

    /// A quotation of tokens `start..end` in which those from `start` were replaced by `tokens`.
    fn alter(
        &mut self,
        kind: &'static str,
        source: &Source,
        sentence: &Sentence<'_>,
        tokens: &[String],
        change: (&str, &str),
    ) {
        if !self.is_nowhere(tokens) {
            return;
        }
        let quoted = tokens.join(" ").trim_end_matches([',', ';', ':', '.', '—']).to_owned();
        let paragraph =
            format!("{} “{quoted}” [@{}, ¶ {}].", self.lead(), source.key, sentence.paragraph + 1);
        self.push(kind, false, paragraph, change, &sentence.tokens.join(" "));
    }

    fn altered(&mut self, source: &Source, sentence: &Sentence<'_>, pool: &[&str], names: &[&str]) {
        let tokens = &sentence.tokens;
        let content: Vec<usize> =
            (0..tokens.len()).filter(|&at| word(tokens[at]).is_some_and(is_content)).collect();
        let replace = |make: &mut Self, kind, at: usize, new: &str| {
            let Some(old) = word(tokens[at]) else { return };
            let Some((start, end)) = make.window(sentence, at, 7, 40) else { return };
            let mut quoted: Vec<String> = tokens[start..end].iter().map(|&t| t.to_owned()).collect();
            quoted[at - start] = with(tokens[at], old, new);
            make.alter(kind, source, sentence, &quoted, (new, old));
        };
        if !content.is_empty() {
            let at = self.random.of(&content);
            let new = self.random.of(pool);
            // Two forms of one word are a smaller change than this kind claims.
            if word(tokens[at]).is_some_and(|old| old[..3] != new[..3]) {
                replace(self, "word changed", at, new);
            }
        }
        for (at, token) in tokens.iter().enumerate() {
            let Some(plain) = word(token) else { continue };
            if plain.contains(|c: char| c.is_ascii_digit()) {
                if plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
                    let new = if plain.contains('.') && self.random.below(2) == 0 {
                        plain.replace('.', "")
                    } else {
                        let digits: Vec<usize> =
                            (0..plain.len()).filter(|&i| plain.as_bytes()[i].is_ascii_digit()).collect();
                        let place = self.random.of(&digits);
                        let digit = u32::from(plain.as_bytes()[place] - b'0');
                        let digit = (digit + 1 + self.random.below(8) as u32) % 10;
                        format!("{}{digit}{}", &plain[..place], &plain[place + 1..])
                    };
                    replace(self, "number changed", at, &new);
                }
                continue;
            }
            if let Some((_, new)) = NUMBERS.iter().find(|(old, _)| *old == plain) {
                replace(self, "number changed", at, new);
            }
            if let Some((_, new)) = HEDGES.iter().find(|(old, _)| *old == plain) {
                replace(self, "modal or hedge changed", at, new);
            }
            if at > 0 && names.contains(&plain) && names.len() > 1 {
                let new = self.random.of(names);
                if new[..2] != plain[..2] {
                    replace(self, "name changed", at, new);
                }
            }
            if plain == "cannot" {
                replace(self, "negation dropped", at, "can");
            }
        }
        let inner = |make: &mut Self, at: usize| {
            let (start, end) = make.window(sentence, at, 7, 40)?;
            (at > start && at + 1 < end).then_some((start, end))
        };
        for at in 1..tokens.len().saturating_sub(1) {
            let take = |make: &mut Self, kind| {
                let Some((start, end)) = inner(make, at) else { return };
                let mut quoted: Vec<String> = tokens[start..end].iter().map(|&t| t.to_owned()).collect();
                let gone = quoted.remove(at - start);
                make.alter(kind, source, sentence, &quoted, ("", &gone));
            };
            if matches!(tokens[at], "not" | "never" | "no") {
                take(self, "negation dropped");
            }
            if content.contains(&at) && self.random.below(content.len()) < 1 {
                take(self, "word dropped");
            }
            let put = |make: &mut Self, kind, new: &str| {
                let Some((start, end)) = inner(make, at) else { return };
                let mut quoted: Vec<String> = tokens[start..end].iter().map(|&t| t.to_owned()).collect();
                quoted.insert(at - start + 1, new.to_owned());
                make.alter(kind, source, sentence, &quoted, (new, ""));
            };
            if VERBS.contains(&tokens[at]) && !matches!(word(tokens[at + 1]), Some("not" | "no" | "never")) {
                put(self, "negation added", "not");
            }
            if word(tokens[at]) == Some(tokens[at]) && self.random.below(tokens.len()) < 1 {
                let new = self.random.of(&ADVERBS);
                put(self, "word inserted", new);
            }
            if content.contains(&at) && content.contains(&(at + 1)) && word(tokens[at]) == Some(tokens[at]) {
                let (Some(one), Some(two)) = (word(tokens[at]), word(tokens[at + 1])) else { continue };
                let Some((start, end)) = inner(self, at) else { continue };
                if one == two || at + 1 >= end {
                    continue;
                }
                let mut quoted: Vec<String> = tokens[start..end].iter().map(|&t| t.to_owned()).collect();
                quoted[at - start] = two.to_owned();
                quoted[at + 1 - start] = with(tokens[at + 1], two, one);
                self.alter(
                    "words swapped",
                    source,
                    sentence,
                    &quoted,
                    (&format!("{two} {one}"), &format!("{one} {two}")),
                );
            }
        }
    }
}
