//! The elements of a web page, made from its tags: implied end tags are added, and end tags without a start are
//! ignored. Takes linear time and no recursion, whatever the tags are.

use std::collections::HashMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

use crate::text::Span;

/// Elements that interrupt a sentence.
const BLOCKS: [&[u8]; 51] = [
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
    b"head",
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
    b"td",
    b"tfoot",
    b"th",
    b"thead",
    b"title",
    b"tr",
    b"ul",
];

/// Elements without an end tag.
const VOID: [&[u8]; 14] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr",
];

/// Elements whose contents are closed by no end tag from inside and close nothing outside.
const SCOPES: [&[u8]; 7] = [b"table", b"td", b"th", b"caption", b"button", b"object", b"html"];

/// Elements whose contents the tokenizer reads as text.
const RAW: [&[u8]; 9] =
    [b"title", b"textarea", b"style", b"script", b"xmp", b"iframe", b"noembed", b"noframes", b"noscript"];

pub(super) type Tokens = Vec<Token<usize>>;

/// Splits `text` into tags, words and comments. If `noscript`, the contents of `noscript` elements are tags and
/// words too, otherwise text.
pub(super) fn tokens(text: &str, noscript: bool) -> Tokens {
    let mut tokens = Tokens::new();
    let mut from = 0;
    // Ends each round at a tag whose contents the tokenizer would mistake for text.
    loop {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut again = None;
        for mut token in Tokenizer::new_with_emitter(&text[from..], emitter).filter_map(Result::ok) {
            let span = match &mut token {
                Token::StartTag(tag) => &mut tag.span,
                Token::EndTag(tag) => &mut tag.span,
                Token::String(words) => &mut words.span,
                Token::Comment(comment) => &mut comment.span,
                Token::Doctype(doctype) => &mut doctype.span,
                Token::Error(_) => continue,
            };
            span.start += from;
            span.end += from;
            let end = span.end;
            if let Token::StartTag(tag) = &token {
                let name = &*tag.name.0;
                if (tag.self_closing && RAW.contains(&name)) || (noscript && name == b"noscript") {
                    again = Some(end);
                }
            }
            tokens.push(token);
            if again.is_some() {
                break;
            }
        }
        match again {
            Some(end) if end > from => from = end,
            _ => return tokens,
        }
    }
}

/// The place of `token` in the text.
pub(super) fn place(token: &Token<usize>) -> Span {
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

/// The elements and words of a page, each before its contents.
pub(super) struct Tree<'t> {
    pub(super) nodes: Vec<Node<'t>>,
}

/// An element, or words.
pub(super) struct Node<'t> {
    pub(super) kind: NodeKind<'t>,
    /// The index of the element that it is in; its own if it is in none.
    pub(super) parent: usize,
    /// The index of the first node after its contents.
    pub(super) next: usize,
    /// Where its end tag is in the text; where its contents end if there is none.
    pub(super) end: Span,
}

pub(super) enum NodeKind<'t> {
    Element(&'t StartTag<usize>),
    Words(Span),
}

impl<'t> Node<'t> {
    /// The name of the element; empty for words.
    pub(super) fn name(&self) -> &'t [u8] {
        match self.kind {
            NodeKind::Element(tag) => &tag.name.0,
            NodeKind::Words(_) => b"",
        }
    }

    /// The value of the attribute `name`.
    pub(super) fn attribute(&self, name: &[u8]) -> Option<&'t [u8]> {
        match self.kind {
            NodeKind::Element(tag) => tag.attributes.get(name).map(|value| value.value.0.as_slice()),
            NodeKind::Words(_) => None,
        }
    }

    /// Returns true if the element interrupts a sentence.
    pub(super) fn is_block(&self) -> bool {
        is_block(self.name())
    }
}

pub(super) fn is_block(name: &[u8]) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

impl<'t> Tree<'t> {
    pub(super) fn of(tokens: &'t Tokens) -> Self {
        let mut open = Open::default();
        let mut nodes: Vec<Node<'t>> = Vec::new();
        for token in tokens {
            match token {
                Token::StartTag(tag) => {
                    let name = &*tag.name.0;
                    let at = place(token).start;
                    open.imply(name, at, &mut nodes);
                    let parent = open.stack.last().map_or(nodes.len(), |last| last.node);
                    let next = nodes.len() + 1;
                    let end = Span::new(place(token).end, place(token).end);
                    nodes.push(Node { kind: NodeKind::Element(tag), parent, next, end });
                    if !tag.self_closing && !VOID.contains(&name) {
                        open.push(name, next - 1);
                    }
                }
                Token::EndTag(tag) => open.close(&tag.name.0, place(token), &mut nodes),
                Token::String(words) => {
                    let span = Span::new(words.span.start, words.span.end);
                    let parent = open.stack.last().map_or(nodes.len(), |last| last.node);
                    let (next, end) = (nodes.len() + 1, Span::new(span.end, span.end));
                    nodes.push(Node { kind: NodeKind::Words(span), parent, next, end });
                }
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        let end = tokens.last().map_or(0, |token| place(token).end);
        open.cut(0, Span::new(end, end), &mut nodes);
        Self { nodes }
    }

    /// The contents of node `at`, at any depth.
    pub(super) fn inside(&self, at: usize) -> std::ops::Range<usize> {
        at + 1..self.nodes[at].next
    }
}

/// An open element.
struct Opened<'t> {
    name: &'t [u8],
    node: usize,
}

/// The open elements. Remembers where those of each name are, so that looking for one takes constant time.
#[derive(Default)]
struct Open<'t> {
    stack: Vec<Opened<'t>>,
    named: HashMap<&'t [u8], Vec<usize>>,
    scopes: Vec<usize>,
    blocks: Vec<usize>,
}

impl<'t> Open<'t> {
    fn push(&mut self, name: &'t [u8], node: usize) {
        let at = self.stack.len();
        self.stack.push(Opened { name, node });
        self.named.entry(name).or_default().push(at);
        if SCOPES.contains(&name) {
            self.scopes.push(at);
        }
        if is_block(name) {
            self.blocks.push(at);
        }
    }

    /// Closes every element from the one at `depth` on.
    fn cut(&mut self, depth: usize, end: Span, nodes: &mut [Node<'_>]) {
        let next = nodes.len();
        while self.stack.len() > depth {
            let Some(last) = self.stack.pop() else { return };
            nodes[last.node].next = next;
            let inner = Span::new(end.start, end.start);
            nodes[last.node].end = if self.stack.len() == depth { end } else { inner };
            if let Some(places) = self.named.get_mut(last.name) {
                places.pop();
            }
            self.scopes.pop_if(|at| *at == self.stack.len());
            self.blocks.pop_if(|at| *at == self.stack.len());
        }
    }

    fn last(&self, name: &[u8]) -> Option<usize> {
        self.named.get(name)?.last().copied()
    }

    /// The innermost open element of `names` that is not outside the innermost one of `limits` or a scope.
    fn within(&self, names: &[&[u8]], limits: &[&[u8]]) -> Option<usize> {
        let found = names.iter().filter_map(|name| self.last(name)).max()?;
        let limit = limits.iter().filter_map(|name| self.last(name)).max();
        limit.is_none_or(|limit| limit < found).then_some(found)
    }

    /// Closes the elements that a start tag `name` closes.
    fn imply(&mut self, name: &[u8], at: usize, nodes: &mut [Node<'_>]) {
        let scope = self.scopes.last().copied();
        let inner = |found: Option<usize>| found.filter(|found| scope.is_none_or(|scope| scope < *found));
        let closed = match name {
            b"li" => inner(self.within(&[b"li"], &[b"ul", b"ol", b"menu"])),
            b"dt" | b"dd" => inner(self.within(&[b"dt", b"dd"], &[b"dl"])),
            b"td" | b"th" => self.within(&[b"td", b"th"], &[b"tr", b"table"]),
            b"tr" => self.within(&[b"tr", b"caption"], &[b"table", b"tbody", b"thead", b"tfoot"]),
            b"tbody" | b"thead" | b"tfoot" => {
                self.within(&[b"tbody", b"thead", b"tfoot", b"caption"], &[b"table"])
            }
            b"option" => inner(self.within(&[b"option"], &[b"select"])),
            b"a" => inner(self.last(b"a")),
            b"body" => self.last(b"head"),
            _ if is_block(name) => inner(self.last(b"p")),
            _ => None,
        };
        if let Some(depth) = closed {
            self.cut(depth, Span::new(at, at), nodes);
        }
    }

    fn close(&mut self, name: &[u8], end: Span, nodes: &mut [Node<'_>]) {
        let Some(depth) = self.last(name) else { return };
        let scope = self.scopes.last().is_some_and(|scope| depth < *scope);
        let table = matches!(name, b"table" | b"tr" | b"tbody" | b"thead" | b"tfoot" | b"html" | b"body");
        if scope && !SCOPES.contains(&name) && !table {
            return;
        }
        // `<b><p>One</b> two</p>` is one paragraph.
        let inline = !is_block(name) && !SCOPES.contains(&name) && name != b"a" && !RAW.contains(&name);
        if inline && self.blocks.last().is_some_and(|block| depth < *block) {
            return;
        }
        self.cut(depth, end, nodes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of `html`, in brackets around their contents.
    fn shape(html: &str) -> String {
        let tokens = tokens(html, false);
        let tree = Tree::of(&tokens);
        let mut out = String::new();
        let mut open: Vec<usize> = Vec::new();
        for (at, node) in tree.nodes.iter().enumerate() {
            while open.pop_if(|end| *end <= at).is_some() {
                out.push(')');
            }
            match node.kind {
                NodeKind::Words(span) => out.push_str(&html[span.start..span.end]),
                NodeKind::Element(_) => {
                    out.push_str(&String::from_utf8_lossy(node.name()));
                    out.push('(');
                    open.push(node.next);
                }
            }
        }
        out + &")".repeat(open.len())
    }

    #[test]
    fn the_names_are_sorted() {
        assert!(BLOCKS.is_sorted());
    }

    #[test]
    fn end_tags_may_be_missing() {
        assert_eq!(shape("<p>a<p>b<div>c</div>"), "p(a)p(b)div(c)");
        assert_eq!(shape("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>"), "ul(li(a)li(bul(li(c)))li(d))");
        assert_eq!(shape("<table><tr><td>a<td>b<tr><td><p>c</table>d"), "table(tr(td(a)td(b))tr(td(p(c))))d");
        assert_eq!(shape("<dl><dt>a<dd>b<dt>c</dl>"), "dl(dt(a)dd(b)dt(c))");
        assert_eq!(shape("<p>a<br>b<img src=x>c"), "p(abr()bimg()c)");
    }

    #[test]
    fn end_tags_may_be_in_the_wrong_place() {
        assert_eq!(shape("<div>a</p>b</div></div>c"), "div(ab)c");
        assert_eq!(shape("<b><p>a</b>b</p>c"), "b(p(ab)c)");
        assert_eq!(shape("<div><table><tr><td>a</div>b</table>c</div>"), "div(table(tr(td(ab)))c)");
        assert_eq!(shape("<a href=1>a<a href=2>b</a>c"), "a(a)a(b)c");
    }

    #[test]
    fn closed_elements_of_xhtml_swallow_nothing() {
        assert_eq!(shape("<title/><script src='x'/><p>a<a id='n'/>b</p>"), "title()script()p(aa()b)");
        assert_eq!(shape("<script>a<p>b</script>c"), "script(a<p>b)c");
    }

    #[test]
    fn deep_pages_take_linear_time() {
        const DEPTH: usize = 100_000;
        let html = "<div><b>".repeat(DEPTH) + &"</p></b>".repeat(DEPTH);
        let tokens = tokens(&html, false);
        assert_eq!(Tree::of(&tokens).nodes.len(), 2 * DEPTH);
        let html = "<p><table><tr><td>".repeat(DEPTH);
        let tokens = super::tokens(&html, false);
        assert!(Tree::of(&tokens).nodes.len() >= 4 * DEPTH);
    }
}
