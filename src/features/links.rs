//! Links from a key to its source on the web, opening the page at the quoted words.

use std::collections::HashSet;

use crate::brief::citation::Citation;
use crate::corpus::source::{Class, SourceText};
use crate::evidence::verdict::Place;
use crate::features::card;
use crate::features::lookup::{self, Opened, source_of};
use crate::features::original;
use crate::text::{FileId, FileSpan, Span};
use crate::workspace::Snapshot;

/// A link out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The key with its `@`, or the title of a source.
    pub span: FileSpan,
    /// An `http` or `https` address, or that of a document.
    pub target: String,
    /// What clicking it does.
    pub tooltip: &'static str,
}

/// Longest text fragment given verbatim, in words; of longer ones only the first and last words are given.
const WHOLE: usize = 8;

/// How many words to give from either end; fewer might occur twice on a page.
const EDGE: usize = 4;

/// How many quotations of one citation are marked on the page.
const MOST_MARKED: usize = 4;

/// The links of the brief `file`, sorted by position: one for each key whose source has an address. If the
/// citation vouches for verbatim words, the page opens at those. In a source, the title links to its address.
#[must_use]
pub fn links(snap: &Snapshot, file: &FileId) -> Vec<Link> {
    let Some(brief) = snap.brief(file) else { return of_source(snap, file).into_iter().collect() };
    let brief = brief.brief();
    let link = |(at, citation): (usize, &Citation)| {
        let source = snap.corpus.source(source_of(&snap.corpus, citation)?);
        let url = source.entry.as_ref()?.url.as_deref().filter(|url| card::is_web_address(url))?;
        let fragments: Vec<String> = source.text().map_or_else(Vec::new, |text| {
            lookup::vouched(snap, brief, at)
                .take(MOST_MARKED)
                .filter_map(|place| directive(text, &place))
                .collect()
        });
        let tooltip =
            if fragments.is_empty() { "Open the source" } else { "Open the source at the quoted words" };
        let span = brief.text.in_file(citation.span);
        Some(Link { span, target: with_fragments(url, &fragments), tooltip })
    };
    let original = |citation: &Citation| {
        let text = snap.corpus.source(source_of(&snap.corpus, citation)?).text()?;
        let locator = citation.locator.as_ref();
        let target = original::at(text, text.offset_at(locator.map_or(&[][..], |locator| &locator.loci)))?;
        // The key leads to the web page if there is one.
        let span = locator.map_or(citation.span, |locator| locator.span);
        let tooltip = "Open the document at this page";
        Some(Link { span: brief.text.in_file(span), target: target.url, tooltip })
    };
    let mut links: Vec<Link> = brief.citations.iter().enumerate().filter_map(link).collect();
    let taken: HashSet<FileSpan> = links.iter().map(|link| link.span).collect();
    links.extend(brief.citations.iter().filter_map(original).filter(|link| !taken.contains(&link.span)));
    links.sort_by_key(|link| link.span.start);
    links
}

fn of_source(snap: &Snapshot, file: &FileId) -> Option<Link> {
    let opened = Opened::of(snap, file)?;
    let title = opened.text.passages.iter().find(|passage| passage.class == Class::Title)?;
    let entry = snap.corpus.source(opened.id).entry.as_ref()?;
    let url = entry.url.as_deref().filter(|url| card::is_web_address(url))?;
    let span = opened.text.text.in_file(title.span);
    Some(Link { span, target: url.to_owned(), tooltip: "Open the source" })
}

/// `url` with text directives (WICG, URL Fragment Text Directives), after any existing fragment.
fn with_fragments(url: &str, fragments: &[String]) -> String {
    if fragments.is_empty() || url.contains(":~:") {
        return url.to_owned();
    }
    let hash = if url.contains('#') { "" } else { "#" };
    format!("{url}{hash}:~:{}", fragments.join("&"))
}

/// `text=words`, or `text=first,last`. Neither crosses a paragraph, because browsers look for each within
/// one.
fn directive(text: &SourceText, place: &Place) -> Option<String> {
    let first = text.passages.get(place.passage)?;
    let last = text.passages.iter().rfind(|passage| passage.span.start < place.span.end)?;
    let words = |from: usize, to: usize| -> Vec<&str> {
        text.text.slice(Span::new(from, to)).split_whitespace().collect()
    };
    let whole = words(place.span.start, place.span.end);
    if first.span == last.span && whole.len() <= WHOLE {
        return (!whole.is_empty()).then(|| format!("text={}", encoded(&whole)));
    }
    let start = words(place.span.start, place.span.end.min(first.span.end));
    let end = words(place.span.start.max(last.span.start), place.span.end);
    if start.is_empty() || end.is_empty() {
        return None;
    }
    let (start, end) = (&start[..start.len().min(EDGE)], &end[end.len().saturating_sub(EDGE)..]);
    Some(format!("text={},{}", encoded(start), encoded(end)))
}

/// Percent-encodes `words`, including `-`, `,` and `&`, which have a meaning in text directives.
fn encoded(words: &[&str]) -> String {
    let mut out = String::new();
    for byte in words.join(" ").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::features::fixture::{Fixture, harbours, workspace};

    use super::*;

    fn render(at: &Fixture) -> String {
        let text = at.snap.file_text(&at.file).expect("the brief");
        let links = links(&at.snap, &at.file);
        links.iter().map(|link| format!("{} {}\n", text.slice(link.span), link.target)).collect()
    }

    fn check(brief: &str, expected: Expect) {
        expected.assert_eq(&render(&harbours(brief)));
    }

    #[test]
    fn a_key_leads_to_its_address() {
        check(
            "Silt [see @moss2020, ¶ 1], @{moss2020}, [@reed2021; @nobody1999] and `@moss2020`.\n",
            expect![[r#"
                @moss2020 https://gauge.example/1
                @{moss2020} https://gauge.example/1
            "#]],
        );
    }

    #[test]
    fn verbatim_words_are_found_on_the_page() {
        check(
            "It would “begin work before the winter” [@moss2020].\n\n\
             Fishermen “now land their catch across the bay, where the water is deep enough” [@moss2020].\n\n\
             Both “silt up when nobody” and “deep enough at every tide” [@moss2020].\n",
            expect![[r#"
                @moss2020 https://gauge.example/1#:~:text=begin%20work%20before%20the%20winter
                @moss2020 https://gauge.example/1#:~:text=now%20land%20their%20catch,water%20is%20deep%20enough
                @moss2020 https://gauge.example/1#:~:text=silt%20up%20when%20nobody&text=deep%20enough%20at%20every%20tide
            "#]],
        );
    }

    #[test]
    fn words_that_differ_are_not_looked_for() {
        check(
            "It would “begin work before the summer” [@moss2020].\n",
            expect![[r#"
                @moss2020 https://gauge.example/1
            "#]],
        );
    }

    #[test]
    fn the_title_of_a_source_leads_to_its_address() {
        let at = harbours("");
        let file = |key| {
            let source = at.snap.corpus.find(key).expect("a source");
            at.snap.corpus.source(source).text().expect("a text").clone()
        };
        let (moss, reed) = (file("moss2020"), file("reed2021"));
        let of_moss = links(&at.snap, &moss.file);
        assert_eq!(
            of_moss.iter().map(|link| moss.text.file().slice(link.span)).collect::<Vec<_>>(),
            ["On Harbours"]
        );
        assert_eq!(of_moss[0].target, "https://gauge.example/1");
        assert_eq!(links(&at.snap, &reed.file), []);
    }

    #[test]
    fn only_web_addresses_become_links() {
        let at = workspace(
            "//- refs.bib\n@online{a, url={javascript:alert(1)}}\n@online{b, url={file:///etc/passwd}}\n@online{c, url={http://x.example/p#part}}\n\
             //- brief.md\n[@a; @b; @c]\n",
        );
        assert_eq!(render(&at), "@c http://x.example/p#part\n");
    }

    #[test]
    fn signs_that_mean_something_in_a_directive_are_encoded() {
        assert_eq!(
            encoded(&["so-called", "“aid”,", "50%", "&"]),
            "so%2Dcalled%20%E2%80%9Caid%E2%80%9D%2C%2050%25%20%26"
        );
        assert_eq!(
            with_fragments("https://x.example/#a", &["text=b".into()]),
            "https://x.example/#a:~:text=b"
        );
    }
}
