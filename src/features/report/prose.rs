//! A brief as HTML, one row for each of its blocks, with its quotations marked. Everything that is not made
//! here is escaped; HTML in the brief is shown as text, and images are replaced by their description.

use std::fmt::Write;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::data::{Brief, Quotation, Shown};
use super::inert::{escape, escape_into};

/// A block of a brief.
pub(super) struct Row {
    /// As HTML.
    pub(super) html: String,
    /// Where it ends, in bytes of the brief.
    pub(super) end: usize,
}

/// How many quotations before a place to look at for one around it; in prose they never nest deeper.
const NESTED: usize = 4;

/// Highest level of a heading of the brief: the page has two above them.
const TOP: usize = 3;

/// The blocks of `brief`, in order; text between them, such as definitions of links, is shown as written.
pub(super) fn rows(brief: &Brief, sections: &[(usize, String)]) -> Vec<Row> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut writer = Writer::new(brief, sections);
    let mut rows: Vec<Row> = Vec::new();
    let (mut depth, mut end) = (0_usize, 0_usize);
    for (event, range) in Parser::new_ext(&brief.text, options).into_offset_iter() {
        if depth == 0 && range.start >= end {
            rows.extend(between(&brief.text, end, range.start));
        }
        let (opens, closes) = (matches!(event, Event::Start(_)), matches!(event, Event::End(_)));
        depth = depth + usize::from(opens) - usize::from(closes && depth > 0);
        end = end.max(range.end);
        writer.event(event, range.start, range.end);
        if depth == 0 {
            writer.links(end);
            let html = std::mem::take(&mut writer.out);
            if !html.is_empty() {
                rows.push(Row { html, end });
            }
        }
    }
    rows.extend(between(&brief.text, end, brief.text.len()));
    writer.links(usize::MAX);
    if !writer.out.is_empty() {
        rows.push(Row { html: writer.out, end: brief.text.len() });
    }
    rows
}

fn between(text: &str, start: usize, end: usize) -> Option<Row> {
    let between = text.get(start..end)?.trim();
    (!between.is_empty()).then(|| Row { html: format!("<pre class=\"raw\">{}</pre>", escape(between)), end })
}

struct Writer<'a> {
    text: &'a str,
    quotations: &'a [Quotation],
    /// The stretches with a different look: their ends, sorted.
    bounds: Vec<usize>,
    shown: &'a [Shown],
    /// The next one of `shown`.
    next: usize,
    /// The first quotation whose link has not been written.
    linked: usize,
    /// The end of what has been written of the text.
    written: usize,
    sections: &'a [(usize, String)],
    out: String,
    /// Level of the last heading.
    level: usize,
    links: usize,
    in_metadata: bool,
    in_image: usize,
    heads: bool,
}

impl<'a> Writer<'a> {
    fn new(brief: &'a Brief, sections: &'a [(usize, String)]) -> Self {
        let mut bounds: Vec<usize> = brief
            .quotations
            .iter()
            .flat_map(|quotation| {
                let differing = quotation.differences.iter().map(|difference| difference.span);
                differing.chain([quotation.words, [end_of(quotation); 2]]).flatten()
            })
            .collect();
        bounds.sort_unstable();
        bounds.dedup();
        Self {
            text: &brief.text,
            quotations: &brief.quotations,
            bounds,
            shown: &brief.shown,
            next: 0,
            linked: 0,
            written: 0,
            sections,
            out: String::new(),
            level: TOP - 1,
            links: 0,
            in_metadata: false,
            in_image: 0,
            heads: false,
        }
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) {
        match event {
            Event::Start(tag) => self.start(tag, start),
            Event::End(tag) => self.end(tag, end),
            Event::Text(_) if self.in_metadata => {}
            Event::Text(words) if self.text.get(start..end) == Some(&words) => self.words(start, end),
            Event::Text(words) => {
                self.links(start);
                escape_into(&words, &mut self.out);
            }
            Event::Code(words) => {
                self.links(start);
                self.out.push_str("<code>");
                escape_into(&words, &mut self.out);
                self.out.push_str("</code>");
            }
            Event::Html(raw) | Event::InlineHtml(raw) => {
                let raw = raw.trim();
                if !raw.is_empty() && !raw.starts_with("<!--") {
                    self.out.push_str("<code class=\"raw\">");
                    escape_into(raw, &mut self.out);
                    self.out.push_str("</code>");
                }
            }
            Event::InlineMath(words) | Event::DisplayMath(words) => escape_into(&words, &mut self.out),
            Event::FootnoteReference(label) => {
                self.links(start);
                self.out.push_str("<sup>[");
                escape_into(&label, &mut self.out);
                self.out.push_str("]</sup>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>"),
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, tag: Tag<'_>, start: usize) {
        let out = &mut self.out;
        match tag {
            Tag::Paragraph => out.push_str("<p>"),
            Tag::Heading { level, .. } => {
                // No level may be left out on the way down.
                let wanted = level as usize + TOP - 1;
                self.level = wanted.min(self.level + 1).clamp(TOP, 6);
                let id = self.sections.iter().find(|(at, _)| *at == start).map(|(_, id)| id.as_str());
                let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
                let _ = write!(out, "<h{}{id}>", self.level);
            }
            Tag::BlockQuote(_) => out.push_str("<blockquote>"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => out.push_str("<pre><code>"),
            Tag::List(Some(1)) => out.push_str("<ol>"),
            Tag::List(Some(first)) => {
                let _ = write!(out, "<ol start=\"{first}\">");
            }
            Tag::List(None) => out.push_str("<ul>"),
            Tag::Item => out.push_str("<li>"),
            Tag::FootnoteDefinition(label) => {
                let _ = write!(out, "<div class=\"note\"><sup>[{}]</sup> ", escape(&label));
            }
            Tag::Table(_) => {
                out.push_str("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>")
            }
            Tag::TableHead => {
                self.heads = true;
                out.push_str("<thead><tr>");
            }
            Tag::TableRow => out.push_str("<tr>"),
            Tag::TableCell => out.push_str(if self.heads { "<th scope=\"col\">" } else { "<td>" }),
            Tag::Emphasis => out.push_str("<em>"),
            Tag::Strong => out.push_str("<strong>"),
            Tag::Strikethrough => out.push_str("<s>"),
            Tag::Link { .. } => {
                self.links += 1;
                out.push_str("<span class=\"link\">");
            }
            Tag::Image { .. } => {
                self.in_image += 1;
                out.push_str("<span class=\"raw\">[picture: ");
            }
            Tag::MetadataBlock(_) => self.in_metadata = true,
            Tag::HtmlBlock
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd, end: usize) {
        if matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) {
            self.links(end);
        }
        let level = self.level;
        let out = &mut self.out;
        match tag {
            TagEnd::Paragraph => out.push_str("</p>\n"),
            TagEnd::Heading(_) => {
                let _ = writeln!(out, "</h{level}>");
            }
            TagEnd::BlockQuote(_) => out.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => out.push_str("</code></pre>\n"),
            TagEnd::List(true) => out.push_str("</ol>\n"),
            TagEnd::List(false) => out.push_str("</ul>\n"),
            TagEnd::Item => out.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => out.push_str("</div>\n"),
            TagEnd::Table => out.push_str("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.heads = false;
                out.push_str("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => out.push_str("</tr>\n"),
            TagEnd::TableCell => out.push_str(if self.heads { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => out.push_str("</em>"),
            TagEnd::Strong => out.push_str("</strong>"),
            TagEnd::Strikethrough => out.push_str("</s>"),
            TagEnd::Link => {
                self.links = self.links.saturating_sub(1);
                out.push_str("</span>");
            }
            TagEnd::Image => {
                self.in_image = self.in_image.saturating_sub(1);
                out.push_str("]</span>");
            }
            TagEnd::MetadataBlock(_) => self.in_metadata = false,
            TagEnd::HtmlBlock
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
        }
    }

    /// Writes bytes `start..end` of the text, with quotations marked and citations in their other form.
    fn words(&mut self, start: usize, end: usize) {
        let mut at = start.max(self.written.min(end));
        while at < end {
            while self.shown.get(self.next).is_some_and(|shown| shown.span[0] < at) {
                self.next += 1;
            }
            self.links(at);
            if let Some(shown) = self.shown.get(self.next).filter(|shown| shown.span[0] == at) {
                self.next += 1;
                escape_into(&shown.text, &mut self.out);
                at = shown.span[1].max(at + 1);
                continue;
            }
            let bound = self.bounds.partition_point(|bound| *bound <= at);
            let bound = self.bounds.get(bound).copied().unwrap_or(end);
            let shown = self.shown.get(self.next).map_or(end, |shown| shown.span[0]);
            let stop = end.min(bound).min(shown).max(at + 1);
            self.stretch(at, stop);
            at = stop;
        }
        self.links(at);
        self.written = at;
    }

    /// Writes bytes `start..end`, which look alike.
    fn stretch(&mut self, start: usize, end: usize) {
        let Some(words) = self.text.get(start..end) else { return };
        let before = self.quotations.partition_point(|quotation| quotation.words[0] <= start);
        let mut near = self.quotations[..before].iter().rev().take(NESTED);
        let quotation = near.find(|one| start < one.words[1]);
        let Some(quotation) = quotation else { return escape_into(words, &mut self.out) };
        let mut differences = quotation.differences.iter().map(|difference| difference.span);
        if differences.clone().any(|[from, to]| from == to && from == start) {
            self.out.push_str("<span class=\"gap\" aria-hidden=\"true\">‸</span>");
        }
        let differs = differences.any(|[from, to]| from <= start && start < to);
        let _ = write!(self.out, "<mark class=\"{}\">", quotation.standing.name());
        if differs {
            self.out.push_str("<u>");
        }
        escape_into(words, &mut self.out);
        self.out.push_str(if differs { "</u></mark>" } else { "</mark>" });
    }

    /// Writes the links of the quotations that end at byte `at` or before.
    fn links(&mut self, at: usize) {
        if self.links > 0 || self.in_image > 0 {
            return;
        }
        while let Some(quotation) = self.quotations.get(self.linked).filter(|one| end_of(one) <= at) {
            self.linked += 1;
            let (number, label) = (quotation.number, quotation.label);
            let class = quotation.standing.name();
            let _ = write!(
                self.out,
                "<a class=\"number {class}\" id=\"q{number}\" href=\"#p{number}\" aria-label=\"Quotation {number}, {label}: see the source\">{number}</a>"
            );
        }
    }
}

/// Where the link of `quotation` is written: after its closing mark, or in a block after its last word.
pub(super) fn end_of(quotation: &Quotation) -> usize {
    if quotation.block { quotation.words[1] } else { quotation.span[1] }
}
