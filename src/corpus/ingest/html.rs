//! Extracts the words of a web page: its text without tags, scripts and styles, one line per paragraph.
//! Headings, quotations and list items begin as in Markdown, so that the layout recognizes them. Accepts any
//! bytes and takes linear time.

mod article;
mod draw;
mod hints;
mod measure;
mod metadata;
mod notes;
mod tree;
mod walk;

use html5gum::Token;

use super::extract::{self, Part};
use super::text::Known;
use crate::corpus::source::{Class, Furniture, Metadata, Noted};
use crate::text::{FileText, Span, Text};
use draw::{Block, Drawing, Role};
use tree::Tree;

/// A web page read as a source.
pub(super) struct Page {
    /// Its words.
    pub(super) text: Text,
    /// The parts of which the page says what they are; in order.
    pub(super) known: Vec<Known>,
    /// Its notes.
    pub(super) notes: Vec<Noted>,
    /// What it says about itself.
    pub(super) metadata: Metadata,
}

/// Reads the page `file`.
pub(super) fn read(file: &FileText) -> Page {
    let (Drawing { pieces, blocks, notes: marks, .. }, metadata) = draw(file.as_str());
    let known = blocks.iter().filter_map(known).collect();
    let mut notes: Vec<(usize, Noted)> = Vec::new();
    for block in &blocks {
        let Role::Note(note) = block.role else { continue };
        match notes.last_mut() {
            Some((last, noted)) if *last == note => noted.span.end = block.span.end,
            _ => notes.extend(marks[note].clone().map(|mark| (note, Noted { span: block.span, mark }))),
        }
    }
    let notes = notes.into_iter().map(|(_, noted)| noted).collect();
    Page { text: Text::drawn(file, pieces), known, notes, metadata }
}

/// What the page says about `block`.
fn known(block: &Block) -> Option<Known> {
    let class = match block.role {
        _ if block.framed => None,
        Role::Row(_) => Some(Class::Table),
        Role::Numbered => Some(Class::ListItem),
        Role::Caption => Some(Class::Furniture(Furniture::Caption)),
        Role::Note(_) => Some(Class::Furniture(Furniture::Note)),
        Role::Paragraph | Role::Heading(_) | Role::Item | Role::Quotation => return None,
    };
    Some(Known { span: block.span, class })
}

/// Takes apart a page without metadata, such as a chapter of an EPUB or the body of an e-mail.
pub(super) fn parts(html: &str) -> Vec<Part> {
    document(html).0
}

/// Takes apart the page `html`. What does not belong to the article is furniture.
pub(super) fn document(html: &str) -> (Vec<Part>, Metadata) {
    let (Drawing { pieces, blocks, notes: marks, .. }, metadata) = draw(html);
    let text = Text::drawn(&FileText::new(html), pieces);
    let mut parts: Vec<Part> = Vec::new();
    // The table or note of the last part.
    let mut last = None;
    for block in blocks {
        let words = text.slice(block.span);
        if matches!(block.role, Role::Row(_) | Role::Note(_))
            && last == Some(block.role)
            && let Some(part) = parts.last_mut()
        {
            part.words.push('\n');
            part.words.push_str(words);
            continue;
        }
        let role = match block.role {
            _ if block.framed => extract::Role::Furniture(Furniture::Aside),
            Role::Paragraph => extract::Role::Paragraph,
            Role::Heading(level) => extract::Role::Heading(level),
            Role::Item | Role::Numbered => extract::Role::Item,
            Role::Quotation => extract::Role::Quotation,
            Role::Row(_) => extract::Role::Table,
            Role::Caption => extract::Role::Furniture(Furniture::Caption),
            Role::Note(_) => extract::Role::Furniture(Furniture::Note),
        };
        let mut part = Part::new(role, words);
        if let Role::Note(note) = block.role {
            part.mark.clone_from(&marks[note]);
        }
        parts.push(part);
        last = (!block.framed).then_some(block.role);
    }
    (parts, metadata)
}

fn draw(html: &str) -> (Drawing<'_>, Metadata) {
    let tokens = tree::tokens(html, false);
    let tree = Tree::of(&tokens);
    let metadata = metadata::of(html, &tokens, &tree);
    let fates = article::fates(html, &tree, false);
    let drawing = walk::draw(html, &tree, &fates);
    if drawing.blocks.iter().any(|block| !block.framed) {
        return (drawing, metadata);
    }
    // Some pages have their words only for readers without scripts.
    let tokens = tree::tokens(html, true);
    let tree = Tree::of(&tokens);
    let fates = article::fates(html, &tree, true);
    (walk::draw(html, &tree, &fates), metadata)
}

/// The tags and comments in `span` of `text`.
pub(super) fn tags(text: &str, span: Span) -> impl Iterator<Item = Span> {
    let tokens = tree::tokens(text.get(span.start..span.end).unwrap_or_default(), false);
    tokens.into_iter().filter_map(move |token| {
        let at = tree::place(&token);
        let words = matches!(token, Token::String(_));
        (!words).then(|| Span::new(span.start + at.start, span.start + at.end))
    })
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
        let frame = page.known.iter().filter(|known| known.class.is_none());
        frame.map(|known| page.text.slice(known.span).to_owned()).collect()
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
        assert_eq!(words("<table><tr><td>a</td><td>b</td></tr><tr><th>c"), "a\tb\n\nc");
        assert_eq!(words("<pre>one\ntwo\n\nthree</pre>"), "one two\n\nthree");
    }

    #[test]
    fn a_chapter_is_taken_apart() {
        let html = "<?xml version='1.0'?><html><head><title/></head><body><section><h1>The Weir</h1><h3>Rents</h3>\
            <p>The miller paid.<a epub:type='noteref' href='#n1'><sup>1</sup></a></p><blockquote><p>Never.</p></blockquote>\
            <ol start='4'><li><p>rye</p></li><li value='9'>oats</li></ol><ol type='a'><li>bran</li></ol>\
            <figure><img src='a'/><figcaption>The gate</figcaption></figure>\
            <table><tr><th>Year</th><th>Sacks</th></tr><tr><td><p>1911</p></td><td>12</td></tr></table>\
            <aside epub:type='footnote' id='n1'><p><a href='#r1'>1</a>. Minutes.</p><p>Folio 3.</p></aside></section>";
        let parts: Vec<String> = parts(html)
            .into_iter()
            .map(|part| {
                let mark = part.mark.map(|mark| format!(" [{mark}]")).unwrap_or_default();
                format!("{:?}{mark}: {}", part.role, part.words)
            })
            .collect();
        let expected = [
            "Heading(1): The Weir",
            "Heading(3): Rents",
            "Paragraph: The miller paid.",
            "Quotation: Never.",
            "Item: 4. rye",
            "Item: 9. oats",
            "Item: (a) bran",
            "Furniture(Caption): The gate",
            "Table: Year\tSacks\n1911\t12",
            "Furniture(Note) [1]: Minutes.\nFolio 3.",
        ];
        assert_eq!(parts, expected);
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
