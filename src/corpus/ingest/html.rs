//! Extracts the words of a web page: its text without tags, scripts and styles, one line per paragraph.
//! Headings, quotations and list items begin as in Markdown, so that the layout recognizes them. Accepts any
//! bytes and takes linear time.

use std::borrow::Cow;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

use crate::text::{FileSpan, FileText, Span, Text};

/// A web page read as a source.
pub(super) struct Page {
    /// Its words.
    pub(super) text: Text,
    /// The parts that belong to the page rather than the article: menus, forms, boxes; in order.
    pub(super) frame: Vec<Span>,
}

/// Elements whose text is not visible on the page.
const UNSEEN: [&[u8]; 15] = [
    b"script",
    b"style",
    b"noscript",
    b"template",
    b"svg",
    b"math",
    b"iframe",
    b"object",
    b"canvas",
    b"audio",
    b"video",
    b"select",
    b"button",
    b"textarea",
    b"datalist",
];

/// Elements that interrupt a sentence.
const BLOCKS: [&[u8]; 47] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"caption",
    b"center",
    b"dd",
    b"details",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"hgroup",
    b"hr",
    b"html",
    b"legend",
    b"li",
    b"main",
    b"menu",
    b"nav",
    b"ol",
    b"optgroup",
    b"p",
    b"pre",
    b"search",
    b"section",
    b"summary",
    b"table",
    b"tbody",
    b"tfoot",
    b"thead",
    b"tr",
    b"ul",
];

/// Elements without an end tag.
const VOID: [&[u8]; 14] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr",
];

/// WAI-ARIA roles of elements around the text.
const FRAME_ROLES: [&[u8]; 8] = [
    b"navigation",
    b"banner",
    b"contentinfo",
    b"complementary",
    b"search",
    b"dialog",
    b"alertdialog",
    b"menu",
];

type Tokens = Vec<Token<usize>>;

fn tokens(text: &str) -> Tokens {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let tokens = Tokenizer::new_with_emitter(text, emitter);
    tokens.filter_map(Result::ok).filter(|token| !matches!(token, Token::Error(_))).collect()
}

/// The tags and comments in `span` of `text`.
pub(super) fn tags(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let tokens = tokens(text.get(span.start..span.end).unwrap_or_default());
    tokens.into_iter().filter_map(move |token| {
        let at = place(&token);
        let words = matches!(token, Token::String(_));
        (!words).then(|| Span::new(span.start + at.start, span.start + at.end))
    })
}

fn place(token: &Token<usize>) -> Span {
    let span = match token {
        Token::StartTag(tag) => tag.span,
        Token::EndTag(tag) => tag.span,
        Token::String(words) => words.span,
        Token::Comment(comment) => comment.span,
        Token::Doctype(doctype) => doctype.span,
        Token::Error(error) => error.span,
    };
    Span::new(span.start, span.end)
}

/// For each token that opens an element, the index of the token that closes it; `None` if there is none.
fn ends(tokens: &Tokens) -> Vec<Option<usize>> {
    let mut ends = vec![None; tokens.len()];
    let mut open: std::collections::HashMap<&[u8], Vec<usize>> = std::collections::HashMap::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::StartTag(tag) if !tag.self_closing && !VOID.contains(&&*tag.name.0) => {
                open.entry(&tag.name).or_default().push(at);
            }
            Token::EndTag(tag) => {
                if let Some(start) = open.get_mut(&*tag.name.0).and_then(Vec::pop) {
                    ends[start] = Some(at);
                }
            }
            _ => {}
        }
    }
    ends
}

/// Reads the page `file`.
pub(super) fn read(file: &FileText) -> Page {
    let tokens = tokens(file.as_str());
    let ends = ends(&tokens);
    let mut drawing = Drawing { file: file.as_str(), ..Drawing::default() };
    let main = main(&tokens, &ends);
    let is_h1 = |token: &Token<usize>| matches!(token, Token::StartTag(tag) if &*tag.name.0 == b"h1");
    let titled = tokens.iter().any(is_h1);
    // Where the outermost open frame element ends, and where each open quotation ends.
    let (mut frame, mut quoted): (usize, Vec<usize>) = (0, Vec::new());
    let mut pre = 0;
    let mut at = 0;
    while at < tokens.len() {
        quoted.retain(|end| *end > at);
        let outside = main.is_some_and(|(start, end)| at < start || at > end);
        drawing.framed = at < frame || outside;
        drawing.quoted = !quoted.is_empty();
        match &tokens[at] {
            Token::String(words) => drawing.text(Span::new(words.span.start, words.span.end), at < pre),
            Token::StartTag(tag) => {
                let name = &*tag.name.0;
                let end = ends[at];
                let attribute =
                    |wanted: &[u8]| tag.attributes.get(wanted).map(|value| value.value.0.as_slice());
                let hidden = tag.attributes.contains_key(&b"hidden"[..])
                    || attribute(b"aria-hidden") == Some(b"true")
                    || attribute(b"style").is_some_and(is_hidden);
                if let Some(end) = end
                    && (UNSEEN.contains(&name) || hidden || (name == b"sup" && is_mark(&tokens[at + 1..end])))
                {
                    if BLOCKS.contains(&name) {
                        drawing.part();
                    }
                    at = end + 1;
                    continue;
                }
                if let (b"title", Some(end)) = (name, end) {
                    if !titled {
                        title(&tokens[at + 1..end], &mut drawing);
                    }
                    at = end + 1;
                    continue;
                }
                let role = attribute(b"role").is_some_and(|role| FRAME_ROLES.contains(&role));
                let in_main = main.is_some_and(|(start, end)| start < at && at < end);
                let around = match name {
                    b"nav" | b"aside" | b"form" => true,
                    b"header" => main.is_none(),
                    b"footer" => quoted.is_empty() && !in_main,
                    _ => role,
                };
                if around {
                    frame = frame.max(end.unwrap_or(0));
                }
                match name {
                    b"br" => drawing.line(),
                    b"td" | b"th" | b"dt" => drawing.space(),
                    b"q" => drawing.put(place(&tokens[at]), "“"),
                    b"pre" => pre = end.unwrap_or(0).max(pre),
                    b"blockquote" => quoted.extend(end),
                    _ => {}
                }
                if BLOCKS.contains(&name) {
                    drawing.part();
                    drawing.marker = match name {
                        b"h1" => "# ",
                        b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => "## ",
                        b"li" => "- ",
                        // The paragraph inside a list item.
                        b"p" | b"div" if drawing.marker == "- " => "- ",
                        _ => "",
                    };
                }
            }
            Token::EndTag(tag) => {
                let name = &*tag.name.0;
                if name == b"q" {
                    drawing.put(place(&tokens[at]), "”");
                } else if BLOCKS.contains(&name) {
                    drawing.part();
                    drawing.marker = "";
                }
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        at += 1;
    }
    let Drawing { pieces, frame, own, .. } = drawing;
    // If all of the page's text is in frames, they do not mean what they usually do.
    let frame = if own { frame } else { Vec::new() };
    Page { text: Text::drawn(file, pieces), frame }
}

/// The element that contains the article, if the page marks it: its only `article`, or its `main`.
fn main(tokens: &Tokens, ends: &[Option<usize>]) -> Option<(usize, usize)> {
    let of_name = |wanted: &'static [u8]| {
        tokens.iter().enumerate().filter_map(move |(at, token)| match token {
            Token::StartTag(tag) if &*tag.name.0 == wanted => Some((at, ends[at]?)),
            _ => None,
        })
    };
    let only = |mut all: Vec<(usize, usize)>| if all.len() == 1 { all.pop() } else { None };
    only(of_name(b"article").collect()).or_else(|| only(of_name(b"main").collect()))
}

/// Writes the page's title, whose contents are `inner`, as a heading.
fn title(inner: &[Token<usize>], drawing: &mut Drawing<'_>) {
    let own = std::mem::replace(&mut drawing.framed, false);
    let before = drawing.own;
    drawing.part();
    drawing.marker = "# ";
    for token in inner {
        if let Token::String(words) = token {
            drawing.text(Span::new(words.span.start, words.span.end), false);
        }
    }
    drawing.part();
    drawing.marker = "";
    (drawing.framed, drawing.own) = (own, before);
}

fn is_hidden(style: &[u8]) -> bool {
    let style: Vec<u8> = style.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
    memchr::memmem::find(&style.to_ascii_lowercase(), b"display:none").is_some()
}

/// Whether superscript text is a note mark: a number, a letter or a sign, with or without brackets.
fn is_mark(inner: &[Token<usize>]) -> bool {
    const LONGEST: usize = 6;
    let words: String = inner
        .iter()
        .filter_map(|token| match token {
            Token::String(words) => Some(String::from_utf8_lossy(&words.value.0)),
            _ => None,
        })
        .collect();
    let words = words.trim();
    let linked = inner.iter().any(|token| matches!(token, Token::StartTag(tag) if &*tag.name.0 == b"a"));
    let bare = words.trim_matches(['[', ']', '(', ')']);
    let number =
        !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '–' | '-'));
    words.len() <= LONGEST && (number || linked || matches!(bare, "*" | "†" | "‡" | "**"))
}

/// A text being written out.
#[derive(Default)]
struct Drawing<'t> {
    file: &'t str,
    pieces: Vec<(FileSpan, Option<Cow<'static, str>>)>,
    /// Number of bytes written.
    drawn: usize,
    /// The gap before the next word.
    gap: Gap,
    /// The marker that the next paragraph begins with.
    marker: &'static str,
    quoted: bool,
    framed: bool,
    frame: Vec<Span>,
    /// Whether there are words outside the frame.
    own: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Space,
    /// A line break within a paragraph.
    Line,
    Paragraph,
}

impl Drawing<'_> {
    fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    /// A line break; a second one ends the paragraph.
    fn line(&mut self) {
        self.gap = if self.gap >= Gap::Line { Gap::Paragraph } else { Gap::Line };
    }

    fn part(&mut self) {
        self.gap = Gap::Paragraph;
    }

    /// Writes the words at `span`. In `pre`, line breaks are kept.
    fn text(&mut self, span: Span, pre: bool) {
        let mut at = span.start;
        while at < span.end {
            let rest = &self.file[at..span.end];
            let byte = rest.as_bytes()[0];
            if byte.is_ascii_whitespace() {
                if pre && byte == b'\n' {
                    self.line();
                } else {
                    self.space();
                }
                at += 1;
                continue;
            }
            if byte == b'&' {
                let length = entity(rest);
                let letters = decoded(&rest[..length]);
                if letters.trim_matches(|c: char| c.is_ascii_whitespace()).is_empty() {
                    self.space();
                } else {
                    self.put(Span::new(at, at + length), letters);
                }
                at += length;
                continue;
            }
            let length = rest.bytes().position(|byte| byte.is_ascii_whitespace() || byte == b'&');
            let length = length.unwrap_or(rest.len());
            self.begin(at);
            self.push(Span::new(at, at + length), None);
            at += length;
        }
    }

    fn put(&mut self, at: Span, words: impl Into<Cow<'static, str>>) {
        self.begin(at.start);
        self.push(at, Some(words.into()));
    }

    /// Writes the gap before a word at byte `at` of the file.
    fn begin(&mut self, at: usize) {
        let gap = std::mem::take(&mut self.gap);
        let nothing = Span::new(at, at);
        self.own |= !self.framed;
        if gap == Gap::Paragraph || self.drawn == 0 {
            if self.drawn > 0 {
                self.push(nothing, Some("\n\n".into()));
            }
            if self.quoted {
                self.push(nothing, Some("> ".into()));
            }
            let marker = std::mem::take(&mut self.marker);
            if !marker.is_empty() {
                self.push(nothing, Some(marker.into()));
            }
        } else if gap != Gap::None {
            self.push(nothing, Some(" ".into()));
        }
    }

    fn push(&mut self, of: Span, read: Option<Cow<'static, str>>) {
        let length = read.as_ref().map_or(of.len(), |read| read.len());
        let span = Span::new(self.drawn, self.drawn + length);
        if self.framed {
            match self.frame.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => self.frame.push(span),
            }
        }
        self.drawn = span.end;
        self.pieces.push(((of.start..of.end).into(), read));
    }
}

/// The length of the entity at the start of `text`, which begins with `&`; 1 if it is not an entity.
fn entity(text: &str) -> usize {
    /// `&CounterClockwiseContourIntegral;`
    const LONGEST: usize = 33;
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = 1 + text.as_bytes()[1..].iter().take(LONGEST).take_while(|byte| name(byte)).count();
    if text.as_bytes().get(length) == Some(&b';') { length + 1 } else { length }
}

/// The text an entity stands for.
fn decoded(entity: &str) -> String {
    let words = Tokenizer::new(entity).filter_map(Result::ok).filter_map(|token| match token {
        Token::String(words) => Some(String::from_utf8_lossy(&words.value.0).into_owned()),
        _ => None,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(html: &str) -> String {
        read(&FileText::new(html)).text.as_str().to_owned()
    }

    fn frame(html: &str) -> Vec<String> {
        let page = read(&FileText::new(html));
        page.frame.iter().map(|span| page.text.slice(*span).trim().to_owned()).collect()
    }

    #[test]
    fn tags_scripts_and_entities_are_no_words() {
        assert_eq!(
            words(
                "<p>Closed for <b>nine</b> days,\n  then <a href=\"/c?a=1&b=2\">open</a>.</p><script>var a=\"<p>b\";</script><p>End"
            ),
            "Closed for nine days, then open.\n\nEnd"
        );
        assert_eq!(
            words("Ebbe &amp; Flut&nbsp;&#8211; &ldquo;na&iuml;ve&rdquo; AT&T &unknown; R&D"),
            "Ebbe & Flut\u{a0}– “naïve” AT&T &unknown; R&D"
        );
        assert_eq!(words("<q>So</q> he <span style='display: none'>never</span>said"), "“So” he said");
        assert_eq!(words("1 < 2 and <3"), "1 < 2 and <3");
    }

    #[test]
    fn paragraphs_headings_quotations_and_items() {
        assert_eq!(
            words(
                "<title>T</title><h2>Part</h2><p>A<br>b<br><br>c</p><blockquote><p>Q one</p><p>Q two</p></blockquote><ul><li>x<li><p>y</p></ul>"
            ),
            "# T\n\n## Part\n\nA b\n\nc\n\n> Q one\n\n> Q two\n\n- x\n\n- y"
        );
        assert_eq!(words("<head><title>News</title></head><h1>Harbour</h1>"), "# Harbour");
        assert_eq!(words("<table><tr><td>a</td><td>b</td></tr><tr><th>c"), "a b\n\nc");
        assert_eq!(words("<pre>one\ntwo\n\nthree</pre>"), "one two\n\nthree");
    }

    #[test]
    fn raised_numbers_are_marks_of_notes() {
        assert_eq!(
            words("Lost<sup><a href='#n1'>[1]</a></sup> before<sup>2</sup>, 4<sup>th</sup>"),
            "Lost before, 4th"
        );
    }

    #[test]
    fn what_stands_around_the_text_is_the_frame() {
        assert_eq!(
            frame("<nav>Home Sport</nav><p>Text.</p><aside>More</aside><p>End.</p>"),
            ["Home Sport", "More"]
        );
        assert_eq!(
            frame("<p>Teaser</p><main><header>By A</header>Text.</main><p>Foot</p>"),
            ["Teaser", "Foot"]
        );
        assert_eq!(
            frame("<div role='navigation'>Menu</div>Text.<blockquote>Q<footer>A. B.</footer></blockquote>"),
            ["Menu"]
        );
        // If everything is in a frame, or the frame never ends, everything is text.
        assert_eq!(frame("<form><p>Text.</p></form>"), [""; 0]);
        assert_eq!(frame("<nav>Home <p>Text."), [""; 0]);
    }

    #[test]
    fn places_are_those_of_the_page() {
        let page = read(&FileText::new("<p>A &amp;\n <b>dry</b> year</p>"));
        let at = page.text.as_str().find("year").expect("the word");
        let place = page.text.position(at, crate::text::Encoding::Utf16);
        assert_eq!((place.line, place.character), (1, 12));
    }

    proptest! {
        #[test]
        fn no_page_does_harm(pieces in proptest::collection::vec(0..PIECES.len(), 0..40)) {
            let html: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
            let page = read(&FileText::new(html.as_str()));
            let place = |(at, _)| page.text.offset_in_file(at).0;
            let places: Vec<usize> = page.text.as_str().char_indices().map(place).collect();
            prop_assert!(places.is_sorted() && places.iter().all(|at| html.is_char_boundary(*at)));
        }
    }

    const PIECES: [&str; 26] = [
        "a",
        "é ",
        "\n",
        "<p>",
        "</p>",
        "<nav>",
        "</nav>",
        "<main>",
        "</main>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "&amp;",
        "&",
        ";",
        "<",
        ">",
        "<sup>",
        "</sup>",
        "<blockquote>",
        "</blockquote>",
        "<br>",
        "<title>",
        "</title>",
        "<a href='",
    ];
}
