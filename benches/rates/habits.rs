//! Quotations as people keep and copy them: with the author's name inside the block, with an extra word at an
//! edge, with sentences left out, with one citation for several sentences, from pages with running heads and
//! from saved web pages.

use super::{Make, Random, SCANNED, Sentence, Source, is_content, with, word};

/// Sources whose file is not just plain paragraphs: key, kind if quoted correctly, kind if a word is changed.
const LAID_OUT: [(&str, &str, &str); 4] = [
    ("pages", "pages with running heads", "pages, word changed"),
    ("sheets", "pages with feet", "sheets, word changed"),
    ("clipping", "clipping in Markdown", "clipping, word changed"),
    ("webpage", "saved web page", "web page, word changed"),
];

/// The text used for these sources.
const PRINTED: &str = "coolidge1923";

/// Sources with the words of one text, each laid out differently.
pub(super) fn laid_out(sources: &[Source]) -> Vec<Source> {
    let printed = sources.iter().find(|source| source.key == PRINTED).expect("the text that is printed");
    let lay = |(key, _, _): (&str, _, _)| Source {
        key: key.to_owned(),
        paragraphs: printed.paragraphs.clone(),
        ending: match key {
            "clipping" => "md",
            "webpage" => "html",
            _ => "txt",
        },
        laid: Some(match key {
            "clipping" => clipping(&printed.paragraphs),
            "webpage" => webpage(&printed.paragraphs),
            "sheets" => sheets(&printed.paragraphs),
            _ => pages(&printed.paragraphs),
        }),
    };
    LAID_OUT.into_iter().map(lay).collect()
}

/// Whether `key` is one of these sources, which are quoted for their layout alone.
pub(super) fn is_laid_out(key: &str) -> bool {
    LAID_OUT.iter().any(|(other, _, _)| *other == key)
}

/// `paragraphs` in lines as on a page, with an empty line after each paragraph.
fn lines(paragraphs: &[String]) -> Vec<String> {
    const LINE: usize = 66;
    let mut out = Vec::new();
    for paragraph in paragraphs {
        let mut line = String::new();
        for token in paragraph.split(' ') {
            if line.len() + token.len() > LINE {
                out.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line += token;
            line.push(' ');
        }
        out.push(line.trim_end().to_owned());
        out.push(String::new());
    }
    out
}

/// Lines per page.
const PAGE: usize = 32;

/// A form feed and a running head with the page number before each page except the first.
fn pages(paragraphs: &[String]) -> String {
    let mut out = String::new();
    for (number, page) in lines(paragraphs).chunks(PAGE).enumerate() {
        if number > 0 {
            out += &format!("\u{c}FIRST ANNUAL MESSAGE{:>44}\n\n", number + 1);
        }
        out += page.join("\n").trim_matches('\n');
        out.push('\n');
    }
    out
}

/// “Page 3 of 9” below each page and a head above the next, without form feeds.
fn sheets(paragraphs: &[String]) -> String {
    let lines = lines(paragraphs);
    let all = lines.chunks(PAGE).len();
    let sheet = |(number, page): (usize, &[String])| {
        let head = if number == 0 { "" } else { "The President's Message, December 1923\n\n" };
        format!("{head}{}\n\n{:>30} {} of {all}\n\n", page.join("\n").trim_matches('\n'), "Page", number + 1)
    };
    lines.chunks(PAGE).enumerate().map(sheet).collect()
}

/// An article as saved by a web clipper: front matter, links, emphasis, pictures, notes, entities.
fn clipping(paragraphs: &[String]) -> String {
    let mut random = Random(7);
    let mut out =
        String::from("---\ntitle: First annual message\nsource: https://messages.example/1923\n---\n\n");
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let mark = |token: &str| match random.below(40) {
            0 => format!("[{token}](https://messages.example/{number}?a=b_c)"),
            1 => format!("**{token}**"),
            2 => format!("*{token}*"),
            3 if token.ends_with('.') => format!("{token}[^{number}]"),
            _ => token.replace('\'', "&#8217;"),
        };
        let words: Vec<String> = paragraph.split(' ').map(mark).collect();
        out += &format!("{}\n\n", words.join(" "));
        if number % 5 == 2 {
            out += "![A picture of the Capitol](https://messages.example/capitol.jpg)\n\n";
        }
    }
    out
}

/// An article as saved by a browser: a head with a script, a menu, the article, a footer.
fn webpage(paragraphs: &[String]) -> String {
    let mut random = Random(8);
    let mut out = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>First annual message</title>\n<style>p > b { color: red }</style>\n\
         <script>if (1 < 2) { var text = \"<p>no text</p>\"; }</script></head>\n<body>\n<nav><a href=\"/\">Home</a> <a href=\"/all\">All \
         messages</a></nav>\n<article>\n<h1>First annual message</h1>\n",
    );
    for paragraph in paragraphs {
        let mark = |token: &str| match random.below(40) {
            0 => format!("<a href=\"/more?a=1&amp;b=2\" title=\"More of it\">{token}</a>"),
            1 => format!("<b>{token}</b>"),
            2 => format!("<em class=\"x\">{token}</em>"),
            3 => format!("\n  {token}"),
            4 if token.ends_with('.') => format!("{token}<sup><a href=\"#n3\">3</a></sup>"),
            _ => token.replace('\'', "&rsquo;").replace('—', "&mdash;"),
        };
        let words: Vec<String> = paragraph.split(' ').map(mark).collect();
        out += &format!("<p>{}</p>\n", words.join(" "));
    }
    out + "</article>\n<footer>Messages Example, all rights reserved</footer>\n</body></html>\n"
}

const NAMES: [&str; 4] = ["Ada Brandt", "Paul Renner", "M. O. Okafor", "Jean-Luc Férey"];

impl Make {
    /// Quotations of `sentence`, which is followed by `rest` in `source`.
    pub(super) fn habits(
        &mut self,
        source: &Source,
        sentence: &Sentence<'_>,
        rest: &[Sentence<'_>],
        pool: &[&str],
    ) {
        if !(8..=40).contains(&sentence.tokens.len()) {
            return;
        }
        if let Some((_, right, wrong)) = LAID_OUT.iter().find(|(key, _, _)| *key == source.key) {
            self.laid_out(source, sentence, pool, (right, wrong));
            return;
        }
        self.attributed(source, sentence, pool);
        self.cited_once(source, sentence, rest, pool);
        self.edges(source, sentence, pool);
        self.left_out(source, sentence, rest);
        self.open_mark(source, sentence);
    }

    fn laid_out(
        &mut self,
        source: &Source,
        sentence: &Sentence<'_>,
        pool: &[&str],
        (right, wrong): (&'static str, &'static str),
    ) {
        let whole = sentence.tokens.join(" ");
        self.accept(right, &whole, (&source.key, (sentence.paragraph + 1).to_string()), &whole);
        if let Some((tokens, new, old)) = self.one_changed(sentence, pool) {
            self.alter(wrong, source, sentence, &tokens, (&new, &old));
        }
    }

    /// The tokens of `sentence` with one content word exchanged; the new word and the old one.
    fn one_changed(
        &mut self,
        sentence: &Sentence<'_>,
        pool: &[&str],
    ) -> Option<(Vec<String>, String, String)> {
        let tokens = &sentence.tokens;
        let places: Vec<usize> =
            (0..tokens.len()).filter(|&at| word(tokens[at]).is_some_and(is_content)).collect();
        if places.is_empty() || pool.is_empty() {
            return None;
        }
        let at = self.random.of(&places);
        let (old, new) = (word(tokens[at])?, self.random.of(pool));
        if old[..3] == new[..3] {
            return None;
        }
        let mut changed: Vec<String> = tokens.iter().map(|&token| token.to_owned()).collect();
        changed[at] = with(tokens[at], old, new);
        self.is_nowhere(&changed).then(|| (changed, new.to_owned(), old.to_owned()))
    }

    /// A block quotation with a name, a page, a label or a tag inside its paragraph.
    fn attributed(&mut self, source: &Source, sentence: &Sentence<'_>, pool: &[&str]) {
        if !sentence.tokens[0].starts_with(char::is_alphabetic) {
            return;
        }
        let cite = format!("[@{}, ¶ {}]", source.key, sentence.paragraph + 1);
        let layout = self.random.below(10);
        let name = self.random.of(&NAMES);
        let last = name.rsplit(' ').next().unwrap_or_default();
        let page = 2 + self.random.below(300);
        let block = |words: &str| match layout {
            0 => format!("> {words} — {name} {cite}"),
            1 => format!("> {words} ({last} 2021, p. {page}) {cite}"),
            2 => format!("> {words} (p. {page}) {cite}"),
            3 => format!("> “{words}” {name}, Office of Ports {cite}"),
            4 => format!("> **{name}**\n> {words} {cite}"),
            5 => format!("> {last} writes: “{words}” {cite}"),
            6 => format!("> - {words} {cite}"),
            7 => format!("> {words} #reading {cite}"),
            8 => format!("> [!quote] Highlight, page {page}\n> {words} {cite}"),
            _ => format!("> {words}\n>\n> – {name}, *Collected Papers*, {page} {cite}"),
        };
        let whole = sentence.tokens.join(" ");
        let lead = self.lead();
        self.push("attribution in the block", true, format!("{lead}\n\n{}", block(&whole)), ("", ""), &whole);
        if let Some((tokens, new, old)) = self.one_changed(sentence, pool) {
            let text = format!("{lead}\n\n{}", block(&tokens.join(" ")));
            self.push("attribution, word changed", false, text, (&new, &old), &whole);
        }
    }

    /// Two quotations in two sentences, with one citation at the end of the second or after the first.
    fn cited_once(&mut self, source: &Source, sentence: &Sentence<'_>, rest: &[Sentence<'_>], pool: &[&str]) {
        let Some(other) = rest.iter().take(6).find(|other| (8..=40).contains(&other.tokens.len())) else {
            return;
        };
        let (one, two) = (sentence.tokens.join(" "), other.tokens.join(" "));
        let key = &source.key;
        let before = self.random.below(2) == 0;
        let set = |one: &str, two: &str| {
            let (one, two) = (one.trim_end_matches('.'), two.trim_end_matches('.'));
            if before {
                format!("The first part says “{one}” [@{key}]. Later it adds that “{two}”.")
            } else {
                format!("The first part says “{one}”. Later it adds that “{two}” [@{key}].")
            }
        };
        self.push("one citation for two", true, set(&one, &two), ("", ""), &one);
        let changed = if before { other } else { sentence };
        if let Some((tokens, new, old)) = self.one_changed(changed, pool) {
            let altered = tokens.join(" ");
            let text = if before { set(&one, &altered) } else { set(&altered, &two) };
            let original = if before { &two } else { &one };
            self.push("one citation, word changed", false, text, (&new, &old), original);
        }
    }

    /// An extra word at an edge, and a last word that an export cut short.
    fn edges(&mut self, source: &Source, sentence: &Sentence<'_>, pool: &[&str]) {
        let whole = sentence.tokens.join(" ");
        let tokens: Vec<String> = sentence.tokens.iter().map(|&token| token.to_owned()).collect();
        let new = self.random.of(pool).to_owned();
        let mut longer = tokens.clone();
        if let Some(last) = longer.last_mut() {
            *last = last.trim_end_matches(['.', '?', '!', ';', ':', ',']).to_owned();
        }
        longer.push(new.clone());
        self.alter("word added at the end", source, sentence, &longer, (&new, ""));
        let new = self.random.of(&["that", "and", "because", "although", "suddenly"]).to_owned();
        if sentence.tokens[0] != new {
            let mut longer = tokens.clone();
            longer.insert(0, new.clone());
            self.alter("word added at the start", source, sentence, &longer, (&new, ""));
        }
        let cut = sentence.tokens.iter().rposition(|token| word(token).is_some_and(|word| word.len() > 5));
        if let Some(cut) = cut.filter(|&cut| cut >= 7) {
            let (head, last) = (sentence.tokens[..cut].join(" "), sentence.tokens[cut]);
            if last.is_ascii() {
                let cite = format!("[@{}, ¶ {}]", source.key, sentence.paragraph + 1);
                let block = format!("{}\n\n> {head} {}... {cite}", self.lead(), &last[..3]);
                self.push("last word cut by an export", true, block, ("", ""), &whole);
            }
        }
    }

    /// Sentences left out between two others, with nothing to show it.
    fn left_out(&mut self, source: &Source, sentence: &Sentence<'_>, rest: &[Sentence<'_>]) {
        let gap = 1 + self.random.below(3);
        let Some(other) = rest.get(gap).filter(|other| (6..=40).contains(&other.tokens.len())) else {
            return;
        };
        let mut tokens: Vec<String> = sentence.tokens.iter().map(|&token| token.to_owned()).collect();
        tokens.extend(other.tokens.iter().map(|&token| token.to_owned()));
        self.alter(LEFT_OUT, source, sentence, &tokens, ("", ""));
    }

    /// An unclosed mark before a correct quotation.
    fn open_mark(&mut self, source: &Source, sentence: &Sentence<'_>) {
        let whole = sentence.tokens.join(" ");
        let cite = format!("[@{}, ¶ {}]", source.key, sentence.paragraph + 1);
        let open = self.random.of(&["“the old", "\"the old", "‘the old", "'the old"]);
        let text =
            format!("The office called it {open} way of doing things. {} “{whole}” {cite}.", self.lead());
        self.push("mark left open before", true, text, ("", ""), &whole);
    }
}

/// The kind for which no quoted word may be reported as changed, since all of them are the source's.
pub(crate) const LEFT_OUT: &str = "sentences left out";

/// Whether sentences of `key` are quoted for more than its layout.
pub(super) fn is_quoted(key: &str) -> bool {
    key != super::DIGEST && key != "scan" && key != SCANNED
}
