//! Decides which elements of a web page belong to the article: first the element that contains most of the
//! prose, then what in it belongs to the page, by marks ([`super::hints`]) and by how much of it is links.

use super::hints::{Hint, hint};
use super::measure::{PROSE, is_akin, is_prose, is_unseen, letters};
use super::notes::is_note;
use super::tree::{NodeKind, Tree};

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The same as the element that it is in.
    Inherit,
    /// It is not visible.
    Drop,
    /// It belongs to the page.
    Frame,
    /// It belongs to the article.
    Article,
    /// It is the caption of a picture.
    Caption,
}

/// A marked element with a larger percentage of the page's prose contains the article, whatever its marks say.
const FRAME_PERCENT: usize = 40;
/// The element of the article has at least this percentage of the prose of the element around it, unless the
/// others are like it.
const ARTICLE_PERCENT: usize = 55;
/// The text marked as an article's body is it if it has at least this percentage of the page's prose.
const BODY_PERCENT: usize = 35;
/// Of several elements marked as the text, one is it alone if it has at least this percentage of their prose.
const MARKED_PERCENT: usize = 90;
/// Lists and boxes with a larger percentage of letters in links belong to the page.
const LIST_PERCENT: usize = 85;
const BOX_PERCENT: usize = 60;
/// Fewest letters of prose in an article beside which comments may be longer than itself.
const ARTICLE: usize = 250;

/// The fate of each node of `tree`, the elements of `file`. If `noscript`, what is for readers without scripts is
/// visible.
pub(super) fn fates(file: &str, tree: &Tree<'_>, noscript: bool) -> Vec<Fate> {
    let mut page = Page::of(file, tree, noscript);
    page.unmark();
    page.weigh();
    let root = page.root();
    page.decide(root)
}

/// A page as measured.
struct Page<'p> {
    file: &'p str,
    tree: &'p Tree<'p>,
    /// The letters of the page's title, in lower case.
    stated: String,
    unseen: Vec<bool>,
    hints: Vec<Option<Hint>>,
    /// Letters in each element at any depth, and those of them in links.
    letters: Vec<usize>,
    linked: Vec<usize>,
    /// The same without what is in blocks inside it.
    own: Vec<usize>,
    own_linked: Vec<usize>,
    /// Letters in paragraphs of prose at any depth, and those of them in no marked element.
    prose: Vec<usize>,
    free: Vec<usize>,
    /// The number of the latter.
    paragraphs: Vec<usize>,
}

impl<'p> Page<'p> {
    fn of(file: &'p str, tree: &'p Tree<'p>, noscript: bool) -> Self {
        let count = tree.nodes.len();
        let mut page = Self {
            file,
            tree,
            stated: String::new(),
            unseen: vec![false; count],
            hints: vec![None; count],
            letters: vec![0; count],
            linked: vec![0; count],
            own: vec![0; count],
            own_linked: vec![0; count],
            prose: vec![0; count],
            free: vec![0; count],
            paragraphs: vec![0; count],
        };
        page.stated = tree
            .nodes
            .iter()
            .position(|node| node.name() == b"title")
            .map(|at| page.words(at))
            .unwrap_or_default();
        // The end of the innermost link, and the innermost block.
        let mut link = 0;
        let mut blocks: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(node) = tree.nodes.get(at) {
            blocks.truncate(blocks.partition_point(|block| tree.nodes[*block].next > at));
            match node.kind {
                NodeKind::Words(span) => {
                    let letters = letters(&file[span.start..span.end]);
                    let linked = if at < link { letters } else { 0 };
                    page.letters[at] = letters;
                    page.linked[at] = linked;
                    if let Some(block) = blocks.last() {
                        page.own[*block] += letters;
                        page.own_linked[*block] += linked;
                    }
                }
                NodeKind::Element(_) => {
                    let name = node.name();
                    if is_unseen(node, noscript) || name == b"head" {
                        page.unseen[at..node.next].fill(true);
                        at = node.next;
                        continue;
                    }
                    if name == b"a" && node.attribute(b"href").is_some() {
                        link = link.max(node.next);
                    }
                    if node.is_block() {
                        blocks.push(at);
                    }
                    page.hints[at] = page.hint(at);
                }
            }
            at += 1;
        }
        for at in (1..count).rev() {
            let parent = tree.nodes[at].parent;
            if parent != at {
                page.letters[parent] += page.letters[at];
                page.linked[parent] += page.linked[at];
            }
            if is_prose(page.own[at], page.own_linked[at]) {
                page.prose[at] += page.own[at];
            }
            if parent != at {
                page.prose[parent] += page.prose[at];
            }
        }
        page
    }

    /// What marks and name of element `at` say that it is.
    fn hint(&self, at: usize) -> Option<Hint> {
        let node = &self.tree.nodes[at];
        match node.name() {
            b"nav" | b"form" | b"footer" | b"aside" | b"dialog" | b"menu" | b"search" => {
                let note = is_note(self.tree, at);
                let quoted = node.name() == b"footer" && self.tree.nodes[node.parent].name() == b"blockquote";
                (!note && !quoted).then_some(Hint::Frame)
            }
            b"figcaption" => Some(Hint::Caption),
            b"html" | b"body" | b"h1" | b"tr" | b"tbody" => None,
            _ => match hint(node, true) {
                None => None,
                Some(_) if self.is_named_by_heading(at) => hint(node, false),
                found => found,
            },
        }
    }

    /// Returns true if the id of element `at` is made of the words of a heading, as programs for documentation do: it
    /// says what a section is about, not what it is. A box may have its short name as its heading, too:
    /// “Related articles”.
    fn is_named_by_heading(&self, at: usize) -> bool {
        /// Names of boxes are shorter, in words.
        const WORDS: usize = 4;
        /// The heading is among the first nodes of its section.
        const NEAR: usize = 12;
        let nodes = &self.tree.nodes;
        let Some(id) = nodes[at].attribute(b"id").and_then(|id| std::str::from_utf8(id).ok()) else {
            return false;
        };
        let is_heading = |node: usize| matches!(nodes[node].name(), [b'h', b'1'..=b'6']);
        let end = nodes[at].next.min(at + NEAR);
        let Some(heading) = (at..end).find(|node| is_heading(*node)) else { return false };
        let letters: String =
            id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        words >= WORDS && !letters.is_empty() && self.words(heading).starts_with(&letters)
    }

    fn total(&self) -> usize {
        self.tree
            .nodes
            .iter()
            .enumerate()
            .filter(|(at, node)| node.parent == *at)
            .map(|(at, _)| self.prose[at])
            .sum()
    }

    /// Removes marks from elements that contain too much of the page to be what they say.
    fn unmark(&mut self) {
        let total = self.total();
        let comments: usize =
            self.outermost(|hint| hint == Hint::Comments).iter().map(|at| self.prose[*at]).sum();
        let without = total.saturating_sub(comments);
        let forum = without < ARTICLE && comments > without;
        for at in 0..self.hints.len() {
            let much = |of: usize| self.prose[at] * 100 > of * FRAME_PERCENT && self.prose[at] > 0;
            match self.hints[at] {
                Some(Hint::Comments) if forum => self.hints[at] = None,
                // Nothing else is called so, however long it is.
                Some(Hint::Frame) if matches!(self.tree.nodes[at].name(), b"aside" | b"nav" | b"footer") => {}
                Some(Hint::Frame | Hint::Caption | Hint::Lead) if much(without) || (forum && much(total)) => {
                    self.hints[at] = None;
                }
                _ => {}
            }
        }
    }

    /// The elements with a hint that `wanted` accepts which are in no other.
    fn outermost(&self, wanted: impl Fn(Hint) -> bool) -> Vec<usize> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < self.hints.len() {
            if self.hints[at].is_some_and(&wanted) {
                found.push(at);
                at = self.tree.nodes[at].next;
            } else {
                at += 1;
            }
        }
        found
    }

    fn is_frame(&self, at: usize) -> bool {
        self.unseen[at] || matches!(self.hints[at], Some(Hint::Frame | Hint::Comments | Hint::Caption))
    }

    /// Measures the prose that is in no marked element.
    fn weigh(&mut self) {
        let mut end = 0;
        let mut free = vec![0; self.free.len()];
        for (at, free) in free.iter_mut().enumerate() {
            if at >= end && self.is_frame(at) {
                end = self.tree.nodes[at].next;
            }
            if at >= end && is_prose(self.own[at], self.own_linked[at]) {
                *free = self.own[at];
                self.paragraphs[at] = 1;
            }
        }
        for at in (1..free.len()).rev() {
            let parent = self.tree.nodes[at].parent;
            if parent != at {
                free[parent] += free[at];
                self.paragraphs[parent] += self.paragraphs[at];
            }
        }
        self.free = free;
    }

    /// The element of the article.
    fn root(&self) -> Option<usize> {
        let nodes = &self.tree.nodes;
        let top = (0..nodes.len())
            .filter(|at| nodes[*at].parent == *at && !self.unseen[*at])
            .max_by_key(|at| (self.free[*at], usize::MAX - at))?;
        let total = self.free[top];
        if total == 0 {
            return self.named(b"article").or_else(|| self.named(b"main"));
        }
        let enough = |at: &usize, percent: usize| self.free[*at] * 100 >= total * percent;
        // What the site marks as the text.
        let marked = self.outermost(|hint| hint == Hint::Body);
        let marked: Vec<usize> = marked.into_iter().filter(|at| self.free[*at] > 0).collect();
        if let Some(largest) = marked.iter().copied().max_by_key(|at| (self.free[*at], usize::MAX - at)) {
            let all: usize = marked.iter().map(|at| self.free[*at]).sum();
            if self.free[largest] * 100 >= all * MARKED_PERCENT && enough(&largest, BODY_PERCENT) {
                return Some(largest);
            }
            if all * 100 >= total * ARTICLE_PERCENT {
                return Some(self.around(&marked));
            }
        }
        let semantic = self.named(b"article").filter(|at| enough(at, ARTICLE_PERCENT));
        let semantic = semantic.or_else(|| self.named(b"main").filter(|at| enough(at, BODY_PERCENT)));
        let mut at = semantic.unwrap_or(top);
        loop {
            let Some(child) = self.largest(at) else { return Some(at) };
            let container = !matches!(
                nodes[child].name(),
                b"p" | b"pre" | b"blockquote" | b"ul" | b"ol" | b"dl" | b"li" | b"h2" | b"h3"
            );
            let share = self.free[child] * 100;
            let whole = share >= self.free[at] * 95;
            let most = share >= self.free[at] * ARTICLE_PERCENT
                && !self.has_like(at, child)
                && self.paragraphs[child] > 1;
            if !container || !(whole || most) {
                return Some(at);
            }
            at = child;
        }
    }

    /// The only element `name` with prose, or the one with most of it.
    fn named(&self, name: &[u8]) -> Option<usize> {
        let nodes = &self.tree.nodes;
        let all = (0..nodes.len()).filter(|at| {
            !self.unseen[*at]
                && (nodes[*at].name() == name
                    || (name == b"main" && nodes[*at].attribute(b"role") == Some(b"main")))
        });
        all.max_by_key(|at| (self.free[*at], self.letters[*at], usize::MAX - at))
    }

    fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.tree.nodes[at].next;
        let mut child = at + 1;
        std::iter::from_fn(move || {
            let here = child;
            (here < end).then(|| child = self.tree.nodes[here].next)?;
            Some(here)
        })
    }

    fn largest(&self, at: usize) -> Option<usize> {
        let children = self.children(at).filter(|child| self.free[*child] > 0 && !self.is_frame(*child));
        children.max_by_key(|child| (self.free[*child], usize::MAX - child))
    }

    /// Returns true if `at` has other children with prose that look like `child`, or paragraphs of its own.
    fn has_like(&self, at: usize, child: usize) -> bool {
        let nodes = &self.tree.nodes;
        let is_like = |other: usize| {
            let (one, other) = (&nodes[child], &nodes[other]);
            matches!(other.name(), b"p" | b"blockquote")
                || (one.name() == other.name() && one.attribute(b"class") == other.attribute(b"class"))
        };
        let like: usize = self
            .children(at)
            .filter(|other| *other != child && !self.is_frame(*other) && is_like(*other))
            .map(|other| self.free[other])
            .sum();
        like * 100 >= self.free[at] * 10
    }

    /// The innermost element around all of `marked`.
    fn around(&self, marked: &[usize]) -> usize {
        let nodes = &self.tree.nodes;
        let (first, last) = (marked[0], marked[marked.len() - 1]);
        let mut at = first;
        while nodes[at].next <= last && nodes[at].parent != at {
            at = nodes[at].parent;
        }
        at
    }

    fn decide(&self, root: Option<usize>) -> Vec<Fate> {
        let nodes = &self.tree.nodes;
        let mut fates = vec![Fate::Inherit; nodes.len()];
        let within = |outer: usize, at: usize| outer <= at && at < nodes[outer].next;
        let title = self.title(root);
        // Whether there are words of the article, and where the outermost frame ends.
        let (mut any, mut framed) = (false, 0);
        let mut at = 0;
        while at < nodes.len() {
            let node = &nodes[at];
            let in_root = root.is_none_or(|root| within(root, at));
            let holds = root.is_some_and(|root| within(at, root) && at != root);
            if node.name() == b"head" {
                at += 1;
                continue;
            }
            if node.name() == b"title" && title.is_none() {
                fates[at] = Fate::Article;
                at = node.next;
                continue;
            }
            if self.unseen[at] || node.name() == b"title" {
                fates[at] = Fate::Drop;
                at = node.next;
                continue;
            }
            let lead = self.hints[at] == Some(Hint::Lead) && !in_root && self.is_lead(at, root, title);
            let beside = !in_root && self.is_beside(at, root);
            if Some(at) == title || lead || beside {
                fates[at] = Fate::Article;
                if !beside {
                    at = node.next;
                    continue;
                }
                let end = node.next;
                at += 1;
                while at < end {
                    if self.unseen[at] {
                        fates[at] = Fate::Drop;
                    } else if self.is_frame(at) || self.is_list_of_links(at) {
                        fates[at] =
                            if self.hints[at] == Some(Hint::Caption) { Fate::Caption } else { Fate::Frame };
                    }
                    at = if fates[at] == Fate::Inherit { at + 1 } else { nodes[at].next };
                }
                continue;
            }
            fates[at] = match self.hints[at] {
                _ if Some(at) == root => Fate::Article,
                _ if holds => Fate::Inherit,
                Some(Hint::Caption) => Fate::Caption,
                Some(Hint::Frame | Hint::Comments) => Fate::Frame,
                _ if !in_root => Fate::Frame,
                _ if self.is_list_of_links(at) => Fate::Frame,
                _ => Fate::Inherit,
            };
            if matches!(fates[at], Fate::Frame | Fate::Caption) {
                framed = framed.max(node.next);
            }
            let words = matches!(node.kind, NodeKind::Words(_)) && self.letters[at] > 0;
            any |= in_root && words && at >= framed;
            at += 1;
        }
        // What is around the root belongs to the page.
        if let Some(root) = root {
            for at in 0..root {
                let node = &nodes[at];
                if fates[at] == Fate::Inherit && within(at, root) && node.parent == at {
                    fates[at] = Fate::Frame;
                }
            }
        }
        self.headings(root, &mut fates);
        // If all of the page's text is in frames, they do not mean what they usually do.
        if !any {
            fates.iter_mut().filter(|fate| **fate == Fate::Frame).for_each(|fate| *fate = Fate::Inherit);
        }
        fates
    }

    /// Frames the headings above what is framed: “Related articles”.
    fn headings(&self, root: Option<usize>, fates: &mut [Fate]) {
        let nodes = &self.tree.nodes;
        let end = root.map_or(nodes.len(), |root| nodes[root].next);
        /// Fewer letters, as in an advertisement's label, need no heading.
        const FRAMED: usize = 20;
        // Since the last heading: the heading, and whether there were words of the article and of the page.
        let mut last: Option<usize> = None;
        let (mut own, mut framed) = (false, false);
        let mut frames = 0;
        let mut at = root.unwrap_or(0);
        while at < end {
            let node = &nodes[at];
            if fates[at] == Fate::Drop {
                at = node.next;
                continue;
            }
            if matches!(fates[at], Fate::Frame | Fate::Caption) {
                frames = frames.max(node.next);
                framed |= fates[at] == Fate::Frame && self.letters[at] > FRAMED;
                at = node.next;
                continue;
            }
            if matches!(node.name(), b"h2" | b"h3" | b"h4" | b"h5" | b"h6") && self.letters[at] > 0 {
                if let Some(last) = last.filter(|_| framed && !own) {
                    fates[last] = Fate::Frame;
                }
                (last, own, framed) = (Some(at), false, false);
                at = node.next;
                continue;
            }
            own |= matches!(node.kind, NodeKind::Words(_)) && self.letters[at] > 0;
            at += 1;
        }
        if let Some(last) = last.filter(|_| framed && !own) {
            fates[last] = Fate::Frame;
        }
    }

    /// The heading that is the title of the page: a first-level one in the article, else the one before it that
    /// is most like the page's title.
    fn title(&self, root: Option<usize>) -> Option<usize> {
        let nodes = &self.tree.nodes;
        let stated = &self.stated;
        let mut best: Option<(usize, usize)> = None;
        for at in (0..nodes.len())
            .filter(|at| nodes[*at].name() == b"h1" && !self.unseen[*at] && self.letters[*at] > 0)
        {
            let inside = root.is_some_and(|root| root <= at && at < nodes[root].next);
            let words = self.words(at);
            let like = !words.is_empty() && stated.contains(&words);
            // Of the logo and the title, the longer one is the title.
            let score = usize::from(inside) * 200 + usize::from(like) * 400 + words.len().min(100);
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((at, score));
            }
        }
        best.map(|(at, _)| at).or_else(|| {
            let mut headings = (0..nodes.len()).filter(|at| matches!(nodes[*at].name(), b"h2" | b"h3"));
            headings.find(|at| !self.unseen[*at] && self.is_like_title(*at))
        })
    }

    /// Returns true if the words of heading `at` are in the page's title.
    fn is_like_title(&self, at: usize) -> bool {
        /// Fewer letters may be there by chance.
        const LEAST: usize = 12;
        let words = self.words(at);
        words.len() >= LEAST && self.stated.contains(&words)
    }

    /// The letters and digits in element `at`, in lower case.
    fn words(&self, at: usize) -> String {
        /// Longer headings are not compared.
        const MOST: usize = 400;
        /// Limits the time for headings in headings.
        const NODES: usize = 50;
        let mut out = String::new();
        for inner in self.tree.inside(at).take(NODES) {
            if let NodeKind::Words(span) = self.tree.nodes[inner].kind {
                let words = &self.file[span.start..span.end];
                out.extend(
                    words.chars().take(MOST).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase),
                );
            }
            if out.len() > MOST {
                break;
            }
        }
        out
    }

    /// Returns true if `at` is beside the root, has prose, and belongs to the article: it comes before the root, or
    /// its class is the same.
    fn is_beside(&self, at: usize, root: Option<usize>) -> bool {
        let nodes = &self.tree.nodes;
        root.is_some_and(|root| {
            nodes[at].parent == nodes[root].parent
                && at != nodes[at].parent
                && self.free[at] > 0
                && self.linked[at] * 3 < self.letters[at]
                && !self.is_frame(at)
                && !matches!(nodes[root].name(), b"td" | b"body")
                && (at < root || is_akin(&nodes[at], &nodes[root]))
        })
    }

    /// Returns true if `at` is a summary between the title and the article.
    fn is_lead(&self, at: usize, root: Option<usize>, title: Option<usize>) -> bool {
        /// A longer one, in letters, is no summary.
        const LONGEST: usize = 600;
        root.is_some_and(|root| at < root)
            && title.is_some_and(|title| title < at)
            && (PROSE..LONGEST).contains(&self.letters[at])
            && self.linked[at] * 3 < self.letters[at]
    }

    /// Returns true if `at` is a list, box or paragraph that consists of links.
    fn is_list_of_links(&self, at: usize) -> bool {
        let (letters, linked) = (self.letters[at], self.linked[at]);
        if letters == 0 || is_note(self.tree, at) {
            return false;
        }
        match self.tree.nodes[at].name() {
            b"ul" | b"ol" | b"dl" => self.prose[at] * 3 < letters && linked * 100 > letters * LIST_PERCENT,
            b"div" | b"section" | b"table" => {
                self.prose[at] * 3 < letters && linked * 100 > letters * BOX_PERCENT
            }
            // A teaser: the title of another article.
            b"p" => self.prose[at] == 0 && linked * 100 > letters * 70 && letters > 15,
            b"h2" | b"h3" | b"h4" => linked * 100 > letters * 95 && letters > 20 && !self.is_like_title(at),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::corpus::ingest::html::{Page, read};
    use crate::text::FileText;

    const ONE: &str = "The miller has kept the gate shut since spring, although the river had fallen by a yard, and nobody knows why.";
    const TWO: &str = "A clerk at the guild asked for a second look at the books, before the commission could hear the keeper of the weir.";
    const THREE: &str = "Nobody in the valley lost as many boats in the great frost as the old ferry company, which was never paid for them.";
    const OTHER: &str = "Every sluice in the lower valley will be painted green before the summer, as the board decided on Monday evening.";

    /// The words of the article, in paragraphs.
    fn article(html: &str) -> Vec<String> {
        let Page { text, known, .. } = read(&FileText::new(html));
        let mut from = 0;
        let mut out = String::new();
        for known in known.iter().filter(|known| known.class.is_none()) {
            out += &text.as_str()[from..known.span.start];
            from = known.span.end;
        }
        out += &text.as_str()[from..];
        let lines =
            out.lines().map(|line| line.trim_start_matches(['#', '>', '-', ' ']).trim_end().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn a_blog_with_a_sidebar_and_comments() {
        let html = format!(
            "<title>The gate – Notes</title><div id=masthead><h1><a href=/>Notes</a></h1></div><div id=primary>\
             <article class='post tag-related category-cookies'><h1>The gate</h1><div class=entry-content><p>{ONE}</p><p>{TWO}</p>\
             <div class=sharedaddy><h3>Share this:</h3><ul><li><a href=t>Twitter</a></ul></div></div></article>\
             <div class=comments-area><h2>Two thoughts</h2><p>{OTHER}</p><p>{OTHER}</p><p>{OTHER}</p></div></div>\
             <div class=widget-area><p>{OTHER}</p></div>"
        );
        assert_eq!(article(&html), ["The gate", ONE, TWO]);
    }

    #[test]
    fn teasers_within_the_article() {
        let html = format!(
            "<h1>The gate</h1><div class=a><div class=b><p>{ONE}</p><p>{TWO}</p><p><strong><a href=/x>Another title of an article</a></strong></p>\
             <div class=inline-related><h4>More</h4><p>{OTHER}</p></div><p>{THREE}</p><h3>You may like</h3>\
             <div class=c><a href=1>The board and the sluice</a> <a href=2>The ferry that never came</a></div></div>\
             <div class=d><p>{OTHER}</p></div></div>"
        );
        assert_eq!(article(&html), ["The gate", ONE, TWO, THREE]);
    }

    #[test]
    fn columns_that_look_alike_are_one_article() {
        let html = format!(
            "<body><nav>Home</nav><div><section><div class=col><p>{ONE}</p></div><div class=slot><a href=1>Skip advertisement</a></div>\
             <div class=col><p>{TWO}</p></div><div class=col><p>{THREE}</p></div></section></div>"
        );
        assert_eq!(article(&html), [ONE, TWO, THREE]);
    }

    #[test]
    fn a_table_may_lay_out_the_page() {
        let html = format!(
            "<table width=780><tr><td><a href=1>Home</a><br><a href=2>Archive of speeches</a></td><td><b>The gate</b><br><br>{ONE}<br><br>{TWO}\
             <p>{THREE}</td><td><a href=3>Other news of the board</a></td></tr></table>"
        );
        assert_eq!(article(&html), ["The gate", ONE, TWO, THREE]);
    }

    #[test]
    fn a_forum_is_made_of_posts() {
        let post = |words: &str| format!("<div class=comment><p>{words}</p></div>");
        let html =
            format!("<h1>Gate</h1><div class=comments>{}{}{}</div>", post(ONE), post(TWO), post(THREE));
        assert_eq!(article(&html), ["Gate", ONE, TWO, THREE]);
    }

    #[test]
    fn marks_that_hold_most_of_the_page_mean_something_else() {
        let html = format!(
            "<div class='sidebar-layout'><p>{ONE}</p><p>{TWO}</p></div><div class=sidebar><p>{OTHER}</p></div>"
        );
        assert_eq!(article(&html), [ONE, TWO]);
    }

    #[test]
    fn a_box_may_be_longer_than_the_article() {
        assert_eq!(
            article(&format!("<h1>Gate</h1><p>It is shut.</p><aside><p>{ONE}</p></aside>")),
            ["Gate", "It is shut."]
        );
    }

    #[test]
    fn the_summary_between_title_and_text_is_kept() {
        let html = format!(
            "<div><header><h1>The gate</h1><p class=standfirst>{OTHER}</p><p class=byline>Ilse Korn</p></header><div class=article-body><p>{ONE}</p><p>{TWO}</p></div></div>"
        );
        assert_eq!(article(&html), ["The gate", OTHER, ONE, TWO]);
    }

    #[test]
    fn sections_named_by_their_headings_belong_to_the_article() {
        let section = |id: &str, heading: &str| {
            article(&format!(
                "<article><p>{ONE}</p><p>{THREE}</p><p>{OTHER}</p><div class=section id={id}><h2>{heading}</h2><p>{TWO}</p></div></article>"
            ))
        };
        assert!(
            section("sharing-with-a-single-miller", "Sharing with a single miller¶")
                .contains(&TWO.to_owned())
        );
        // Boxes are called what they are.
        assert!(!section("related-posts", "Related posts").contains(&TWO.to_owned()));
        assert!(!section("sharing-with-a-single-miller", "Our other pages").contains(&TWO.to_owned()));
    }

    #[test]
    fn words_for_readers_without_scripts() {
        assert_eq!(article(&format!("<div id=app></div><noscript><p>{ONE}</p></noscript>")), [ONE]);
        assert_eq!(article(&format!("<p>{ONE}</p><noscript><p>Enable scripts.</p></noscript>")), [ONE]);
    }

    #[test]
    fn nested_elements_take_linear_time() {
        for (open, close) in [
            ("<div>", "</div>"),
            ("<ol><li>", ""),
            ("<h2>", ""),
            ("<ul class=nav><li><a href=x>", ""),
            ("<table><tr><td>", ""),
        ] {
            let html = format!("{}{ONE}{}", open.repeat(20_000), close.repeat(20_000));
            assert_eq!(article(&html).len(), 1, "{open}");
        }
    }
}
