//! The blocks of a Markdown text and the stretches of prose in them, with byte spans. Finds prose but does
//! not interpret it: citations and quotations are read by neighbouring modules. Accepts any text and takes
//! linear time.

use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::block::apart;
pub use super::block::{Block, BlockKind};
use super::{chunks, dialect, html, metadata};
use crate::text::Span;
use crate::text::language::Language;

/// The structure of a Markdown text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// Ordered by start.
    pub blocks: Vec<Block>,
    /// HTML comments, for `<!-- glossator: ignore CODE -->`.
    pub comments: Vec<Span>,
    /// Fenced, indented and inline code; completion is off there.
    pub code: Vec<Span>,
    /// The language that the front matter or the project names, for abbreviations and the like; unknown without
    /// one.
    pub language: Language,
    /// The language tag of the project that the text belongs to, in force if the front matter names none.
    pub(super) project: Option<Arc<str>>,
    /// What connects the parts of the text.
    pub(super) ties: Ties,
}

/// Facts about a text that parsing only a part of it requires; see [`super::reread`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ties {
    /// Starts of paragraphs and headings that no earlier block can extend over, sorted. The text can be cut there.
    pub(super) seams: Vec<usize>,
    /// Starts of block quotations, sorted; they are numbered over the whole text.
    pub(super) quotes: Vec<usize>,
    /// Starts and labels of link definitions and, with `^` before the label, of footnotes. Sorted.
    pub(super) definitions: Vec<(usize, String)>,
    /// Length of the longest link target with its title, in bytes.
    pub(super) longest_target: usize,
    /// An upper bound of the bytes that links copied from their definitions; the parser has a limit.
    pub(super) copied: usize,
    /// Whether parsing may depend on everything that follows, as after an unclosed fence.
    pub(super) open: bool,
}

impl Markdown {
    /// Parses `text`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::read_in(text, None)
    }

    /// Parses `text` of a project in the language `project`, as a tag.
    #[must_use]
    pub(super) fn read_in(text: &str, project: Option<Arc<str>>) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let dialect = dialect::read(text);
        let parser = Parser::new_ext(&dialect.text, options);
        // CommonMark takes `[@key]: words` for a link definition; to Pandoc it is a citation followed by a
        // colon.
        let mut cited: Vec<Span> = Vec::new();
        let mut ties = Ties::default();
        for (label, definition) in parser.reference_definitions().iter() {
            if label.contains('@') {
                cited.push(definition.span.clone().into());
            }
            let target = definition.dest.len() + definition.title.as_ref().map_or(0, |title| title.len());
            ties.longest_target = ties.longest_target.max(target);
            ties.definitions.push((definition.span.start, label.to_owned()));
        }
        let mut reader = Reader { text, hidden: &dialect.hidden, ..Reader::default() };
        reader.markdown.ties = ties;
        for (event, range) in parser.into_offset_iter() {
            reader.event(event, range.into());
        }
        reader.close();
        reader.markdown.comments.extend(&dialect.comments);
        reader.markdown.code.extend(&dialect.code);
        for span in cited {
            reader.markdown.blocks.push(Block {
                kind: BlockKind::Paragraph,
                span,
                quote_depth: 0,
                quote: None,
                footnote: None,
                prose: vec![span],
            });
        }
        reader.markdown.blocks.sort_by_key(|block| (block.span.start, block.span.end));
        reader.markdown.comments.sort_unstable();
        reader.markdown.code.sort_unstable();
        let Markdown { mut blocks, comments, code, mut ties, .. } = reader.markdown;
        ties.definitions.sort_unstable();
        ties.seams.retain(|seam| dialect.fresh.binary_search(seam).is_ok());
        ties.open = dialect.unclosed || reads_on(text, reader.front_matter);
        let no_tags = [code.as_slice(), comments.as_slice()];
        html::quote(text, ties.quotes.len(), &no_tags, &mut blocks);
        chunks::captions(text, &code, &mut blocks);
        let mut markdown = Self { blocks, comments, code, language: Language::default(), project, ties };
        markdown.language = Language::of_tag(markdown.language_tag(text));
        markdown
    }

    /// The language tag that the front matter gives, or else the project: `lang: de-DE`.
    #[must_use]
    pub fn language_tag<'a>(&'a self, text: &'a str) -> Option<&'a str> {
        let block = self.blocks.iter().find(|block| block.kind == BlockKind::Metadata);
        let front = block.and_then(|block| text.get(block.span.start..block.span.end));
        front.and_then(|front| metadata::field(front, "lang")).or(self.project.as_deref())
    }

    /// The block that contains `offset` or ends there.
    #[must_use]
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let after = self.blocks.partition_point(|block| block.span.start <= offset);
        self.blocks[..after].iter().rev().find(|block| block.span.touches(offset))
    }
}

/// A block that is still being read.
struct Leaf {
    kind: BlockKind,
    /// Its span if an event gave one; otherwise the extent of its inlines is used.
    span: Option<Span>,
    /// Where its first inline starts.
    start: Option<usize>,
    /// Where its last inline so far ends.
    end: usize,
    /// The ranges that are not prose, ordered by start.
    cuts: Vec<Span>,
    /// A line has ended, so anything before the next inline is prefix or indentation.
    line_ended: bool,
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    /// Ranges that Pandoc does not treat as prose, in order.
    hidden: &'a [Span],
    markdown: Markdown,
    leaf: Option<Leaf>,
    /// The numbers of the open block quotations.
    quotes: Vec<usize>,
    /// The number of open elements.
    depth: usize,
    /// The end of the YAML front matter.
    front_matter: usize,
    footnotes: Vec<String>,
    /// How to cut each open link or image.
    links: Vec<LinkCut>,
    in_code: bool,
    in_metadata: bool,
}

/// Which part of a link is not prose.
#[derive(Clone, Copy)]
enum LinkCut {
    /// Its brackets and target.
    Target,
    /// All of it: `<https://…>`.
    All,
    /// None of it: Pandoc reads a citation.
    Nothing,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => {
                if self.depth == 0 && matches!(tag, Tag::Paragraph | Tag::Heading { .. }) {
                    self.markdown.ties.seams.push(span.start);
                }
                self.depth += 1;
                self.start(tag, span);
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(tag, span);
            }
            Event::Text(_) => {
                if self.in_metadata {
                    self.metadata(span);
                } else if !self.in_code {
                    self.inline(span);
                }
            }
            Event::Code(_) if quotes_as_tex(&self.text[span.start..span.end]) => self.inline(span),
            Event::Code(_) => {
                self.markdown.code.push(span);
                self.inline(span);
                self.cut(span);
            }
            Event::InlineHtml(html) => {
                if html.starts_with("<!--") {
                    self.markdown.comments.push(span);
                }
                self.inline(span);
                self.cut(span);
            }
            Event::FootnoteReference(_) => {
                self.inline(span);
                self.cut(span);
            }
            Event::SoftBreak | Event::HardBreak => {
                // Spaces before the break belong to the break; the line end itself is prose.
                self.inline(span);
                if let Some(leaf) = &mut self.leaf {
                    leaf.line_ended = true;
                }
            }
            // HTML blocks are handled as a whole; the others are disabled or hold no prose.
            Event::Html(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {
                self.inline(Span::new(span.start, span.start));
            }
            Tag::Link { link_type, id, dest_url, title } | Tag::Image { link_type, id, dest_url, title } => {
                if matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut) {
                    self.markdown.ties.copied += dest_url.len() + title.len();
                }
                self.link(link_type, &id, span);
            }
            Tag::Paragraph | Tag::TableCell | Tag::DefinitionListTitle => {
                self.open(BlockKind::Paragraph, Some(span));
            }
            Tag::Heading { .. } => self.open(BlockKind::Heading, Some(span)),
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes.push(self.markdown.ties.quotes.len());
                self.markdown.ties.quotes.push(span.start);
            }
            Tag::FootnoteDefinition(label) => {
                self.close();
                self.markdown.ties.definitions.push((span.start, format!("^{label}")));
                self.footnotes.push(label.to_string());
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.close();
                self.in_code = true;
                self.markdown.code.push(span);
            }
            Tag::HtmlBlock => {
                self.close();
                self.comments_in(span);
            }
            Tag::MetadataBlock(_) => {
                self.close();
                if span.start == 0 {
                    self.front_matter = span.end;
                }
                self.in_metadata = true;
                self.open(BlockKind::Metadata, Some(span));
            }
            Tag::List(_)
            | Tag::Item
            | Tag::DefinitionList
            | Tag::DefinitionListDefinition
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => self.inline(Span::new(span.end, span.end)),
            TagEnd::Link | TagEnd::Image => {
                let cut = self.links.pop().unwrap_or(LinkCut::Nothing);
                let inner = self.leaf.as_ref().map_or(span.end, |leaf| leaf.end);
                self.inline(Span::new(span.end, span.end));
                match cut {
                    LinkCut::Target => self.cut(Span::new(inner.min(span.end), span.end)),
                    LinkCut::All => self.cut(span),
                    LinkCut::Nothing => {}
                }
            }
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes.pop();
            }
            TagEnd::FootnoteDefinition => {
                self.close();
                self.footnotes.pop();
            }
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::MetadataBlock(_) => {
                self.close();
                self.in_metadata = false;
            }
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::HtmlBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close(),
        }
    }

    fn link(&mut self, kind: LinkType, label: &str, span: Span) {
        let cut = match kind {
            LinkType::Autolink | LinkType::Email => LinkCut::All,
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut if label.contains('@') => {
                LinkCut::Nothing
            }
            LinkType::Inline
            | LinkType::Reference
            | LinkType::ReferenceUnknown
            | LinkType::Collapsed
            | LinkType::CollapsedUnknown
            | LinkType::Shortcut
            | LinkType::ShortcutUnknown
            | LinkType::WikiLink { .. } => LinkCut::Target,
        };
        self.links.push(cut);
        let opening = if self.text[span.start..].starts_with('!') { 2 } else { 1 };
        let head = Span::new(span.start, (span.start + opening).min(span.end));
        match cut {
            LinkCut::Target => {
                self.inline(head);
                self.cut(head);
            }
            LinkCut::All | LinkCut::Nothing => self.inline(head),
        }
    }

    fn open(&mut self, kind: BlockKind, span: Option<Span>) {
        self.close();
        self.leaf = Some(Leaf { kind, span, start: None, end: 0, cuts: Vec::new(), line_ended: false });
    }

    fn inline(&mut self, span: Span) {
        if self.leaf.is_none() {
            self.open(BlockKind::Paragraph, None);
        }
        let Some(leaf) = &mut self.leaf else { return };
        // The event for an escaped character starts after its backslash.
        let mut start = span.start;
        let floor = if leaf.start.is_some() { leaf.end } else { leaf.span.map_or(0, |span| span.start) };
        if start > floor && self.text.as_bytes()[start - 1] == b'\\' {
            start -= 1;
        }
        if leaf.start.is_none() {
            leaf.start = Some(start);
            leaf.end = start;
        }
        if leaf.line_ended {
            leaf.line_ended = false;
            if leaf.end < start {
                leaf.cuts.push(Span::new(leaf.end, start));
            }
        }
        leaf.end = leaf.end.max(span.end);
    }

    fn cut(&mut self, span: Span) {
        if let Some(leaf) = &mut self.leaf {
            leaf.cuts.push(span);
        }
    }

    fn metadata(&mut self, span: Span) {
        if let Some(leaf) = &mut self.leaf {
            leaf.start.get_or_insert(span.start);
            leaf.end = leaf.end.max(span.end);
        }
    }

    fn comments_in(&mut self, span: Span) {
        let mut at = span.start;
        while let Some(found) = self.text[at..span.end].find("<!--") {
            let start = at + found;
            let end = self.text[start..span.end].find("-->").map_or(span.end, |length| start + length + 3);
            self.markdown.comments.push(Span::new(start, end));
            at = end;
        }
    }

    fn close(&mut self) {
        let Some(leaf) = self.leaf.take() else { return };
        let Some(start) = leaf.start else { return };
        let prose = without(Span::new(start, leaf.end), leaf.cuts);
        let first = self.hidden.partition_point(|hidden| hidden.end <= start);
        let count = self.hidden[first..].partition_point(|hidden| hidden.start < leaf.end);
        let prose = if count == 0 { prose } else { apart(&prose, &self.hidden[first..first + count]) };
        if count > 0 && prose.iter().all(|piece| self.text[piece.start..piece.end].trim().is_empty()) {
            return;
        }
        let prose = match leaf.kind {
            BlockKind::Paragraph | BlockKind::Heading => {
                let math = math(self.text, &prose);
                if math.is_empty() { prose } else { apart(&prose, &math) }
            }
            BlockKind::Metadata => apart(&prose, &metadata::no_prose(self.text, Span::new(start, leaf.end))),
        };
        self.markdown.blocks.push(Block {
            kind: leaf.kind,
            span: leaf.span.unwrap_or(Span::new(start, leaf.end)),
            quote_depth: u8::try_from(self.quotes.len()).unwrap_or(u8::MAX),
            quote: self.quotes.last().copied(),
            footnote: self.footnotes.last().cloned(),
            prose,
        });
    }
}

/// Whether `text` contains a construct with an end anywhere in the rest of the text that [`dialect`] does not look
/// for: an HTML declaration, instruction or block quotation, or a line `---` after the end of the front matter that
/// could start metadata.
fn reads_on(text: &str, front_matter: usize) -> bool {
    let bytes = text.as_bytes();
    let tag = |at: usize| match bytes.get(at + 1) {
        Some(b'?') => true,
        Some(b'!') => !bytes[at + 2..].starts_with(b"--"),
        _ => html::is_tag(bytes, at),
    };
    let mut rules = memchr::memmem::find_iter(bytes, "---").filter(|&at| at >= front_matter);
    let begins_metadata = |at: usize| {
        let starts = at == 0 || matches!(bytes[at - 1], b'\n' | b'\r');
        let line = |text: &str| text.find(['\n', '\r']).unwrap_or(text.len());
        let end = at + line(&text[at..]);
        let below = &text[end..];
        let below = below.strip_prefix("\r\n").or_else(|| below.get(1..)).unwrap_or_default();
        starts && text[at..end].trim_end() == "---" && !below[..line(below)].trim().is_empty()
    };
    rules.any(begins_metadata) || memchr::memchr_iter(b'<', bytes).any(tag)
}

/// Whether what CommonMark reads as code is really text in TeX quotation marks, two or more times: the code
/// span of
/// ``` ``one'' and ``two'' ``` would end before “two”.
fn quotes_as_tex(code: &str) -> bool {
    let inside = code.strip_prefix("``").and_then(|code| code.strip_suffix("``")).unwrap_or_default();
    inside.starts_with(char::is_alphanumeric) && inside.contains("''")
}

/// What remains of `span` without `cuts`, in order.
fn without(span: Span, mut cuts: Vec<Span>) -> Vec<Span> {
    cuts.sort_unstable();
    let mut left = Vec::new();
    let mut at = span.start;
    for cut in cuts {
        if cut.start > at {
            left.push(Span::new(at, cut.start.min(span.end)));
        }
        at = at.max(cut.end);
    }
    if at < span.end {
        left.push(Span::new(at, span.end));
    }
    left
}

/// Finds math by Pandoc's rule: from a `$` followed by a non-space to a `$` that has no space before it and
/// no digit after it, with no other `$` between them; or from `$$` to `$$`. The amounts in "from $5 to $6"
/// therefore do not count.
fn math(text: &str, prose: &[Span]) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut dollars = Vec::new();
    for piece in prose {
        let mut at = piece.start;
        while at < piece.end {
            match bytes[at] {
                b'\\' => at += 2,
                b'$' => {
                    dollars.push(at);
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }
    let white = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let mut found = Vec::new();
    let mut index = 0;
    let mut doubles = 0; // first index at which to look for a closing `$$`
    while index + 1 < dollars.len() {
        let open = dollars[index];
        if dollars[index + 1] == open + 1 {
            doubles = doubles.max(index + 2);
            while doubles + 1 < dollars.len() && dollars[doubles + 1] != dollars[doubles] + 1 {
                doubles += 1;
            }
            if doubles + 1 < dollars.len() {
                found.push(Span::new(open, dollars[doubles] + 2));
                index = doubles + 2;
            } else {
                index += 2;
            }
            continue;
        }
        let close = dollars[index + 1];
        let closes = !white(open + 1)
            && !white(close - 1)
            && close > open + 1
            && !bytes.get(close + 1).is_some_and(u8::is_ascii_digit);
        if closes {
            found.push(Span::new(open, close + 1));
            index += 2;
        } else {
            index += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let markdown = Markdown::read(text);
        let mut out = String::new();
        for block in &markdown.blocks {
            let prose: Vec<&str> = block.prose.iter().map(|span| &text[span.start..span.end]).collect();
            let _ = write!(out, "{:?} {prose:?}", block.kind);
            if let Some(quote) = block.quote {
                let _ = write!(out, " quote {quote} depth {}", block.quote_depth);
            }
            if let Some(label) = &block.footnote {
                let _ = write!(out, " footnote {label}");
            }
            out.push('\n');
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn code_comments_targets_and_prefixes_are_no_prose() {
        check(
            "---\ntitle: Rents\n---\n# The *city*\n\nSee `x` [the plan](http://a.example) <!-- y --> now.\n\n> One\n> two \\@b\n\n- tight\n  on\n",
            &expect![[r#"
                Metadata ["title: Rents\n"]
                Heading ["The *city*"]
                Paragraph ["See ", " ", "the plan", " ", " now."]
                Paragraph ["One\n", "two \\@b"] quote 0 depth 1
                Paragraph ["tight\n", "on"]
            "#]],
        );
    }

    #[test]
    fn cells_and_footnotes_stand_for_themselves() {
        check(
            "| a | b |\n|---|---|\n| c | d |\n\nText[^1].\n\n[^1]: A note.\n",
            &expect![[r#"
                Paragraph ["a"]
                Paragraph ["b"]
                Paragraph ["c"]
                Paragraph ["d"]
                Paragraph ["Text", "."]
                Paragraph ["A note."] footnote 1
            "#]],
        );
    }

    #[test]
    fn amounts_are_no_math() {
        check(
            "From $5 to $6, but $x+1$ and $$y$$.",
            &expect![[r#"
                Paragraph ["From $5 to $6, but ", " and ", "."]
            "#]],
        );
    }
}
