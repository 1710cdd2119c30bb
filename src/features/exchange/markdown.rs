//! Annotations in Markdown: Zotero's notes, Obsidian's Annotator and Readwise.

use std::sync::LazyLock;

use regex::Regex;

use super::annotation::{About, Annotation};
use super::hypothesis;

/// The fence that Annotator writes each annotation in.
pub(super) const ANNOTATOR: &str = "```annotation-json";

/// The front matter of Annotator's files that names the source.
const TARGET: &str = "annotation-target:";

/// What Annotator writes above the tags.
const TAGS: &str = "%%TAGS%%";

/// The annotations of Obsidian's Annotator, and the number of those that quote nothing.
#[must_use]
pub(super) fn annotator(text: &str) -> (Vec<Annotation>, usize) {
    let target =
        text.lines().find_map(|line| line.trim().strip_prefix(TARGET)).map(|target| target.trim().to_owned());
    let mut out = Vec::new();
    let mut left = 0;
    for part in text.split(ANNOTATOR).skip(1) {
        let unquoted: String =
            part.lines().map(|line| format!("{}\n", line.trim_start_matches(['>', ' ']))).collect();
        // The block ends at a line that begins with a fence: a comment with code has fences inside the JSON, too.
        let (json, rest) = unquoted.split_once("\n```").unwrap_or((&unquoted, ""));
        let value: Option<serde_json::Value> = serde_json::from_str(json.trim()).ok();
        let Some(mut one) = value.as_ref().and_then(hypothesis::annotation) else {
            left += 1;
            continue;
        };
        if let Some(line) = rest.split_once(TAGS).and_then(|(_, tags)| tags.trim_start().lines().next()) {
            let tags = line.split([',', ' ']).filter_map(|tag| tag.strip_prefix('#'));
            one.tags.extend(tags.map(str::to_owned));
            one.tags.dedup();
        }
        one.about.file = target.clone().or(one.about.file);
        out.push(one);
    }
    (out, left)
}

/// What Zotero's links begin with.
pub(super) const ZOTERO: &str = "zotero://";

/// A highlight as Zotero writes it: the words in marks, with or without a link; the citation; the comment.
static HIGHLIGHT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s)^\[?[“"](?P<words>.+?)[”"](?:\]\(zotero://[^)]*\))?\s*\((?:\[(?P<linked>[^\]]*)\]\(zotero://[^)]*\)|(?P<plain>[^()]*\d{4}[^()]*))\)(?P<rest>.*)$"#,
    )
    .expect("a regex")
});

/// A link of Zotero's in parentheses: `([pdf](zotero://open-pdf/…))`.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\(?\[[^\]]*\]\(zotero://[^)]*\)\)?").expect("a regex"));

/// The page at the end of a citation: `Moss, 2020, p. 3`.
static PAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:,\s*|^)(?P<label>pp?)\.\s*(?P<page>[\w–-]+)\s*$").expect("a regex"));

/// The highlights in a note of Zotero's, and the number of its other annotations, such as pictures.
#[must_use]
pub(super) fn zotero(text: &str) -> (Vec<Annotation>, usize) {
    let (mut out, mut left) = (Vec::new(), 0);
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        let lines: Vec<&str> =
            paragraph.lines().map(|line| line.trim_start_matches(['>', ' ']).trim_end()).collect();
        let paragraph = lines.join("\n");
        let Some(found) = HIGHLIGHT.captures(paragraph.trim()) else {
            left += usize::from(paragraph.contains("annotation=") && paragraph.contains(ZOTERO));
            continue;
        };
        let cited = found.name("linked").or(found.name("plain")).map_or("", |cited| cited.as_str());
        let page = PAGE.captures(cited);
        let locator = page.as_ref().map(|page| format!("{}. {}", &page["label"], &page["page"]));
        let title = page.as_ref().map_or(cited, |page| &cited[..page.get(0).map_or(0, |page| page.start())]);
        out.push(Annotation {
            about: About { title: Some(title.to_owned()), ..About::default() },
            words: flat(&found["words"]),
            comment: LINK.replace_all(&found["rest"], "").trim().to_owned(),
            locator,
            ..Annotation::default()
        });
    }
    (out, left)
}

/// The heading above Readwise's highlights.
pub(super) const READWISE: &str = "## Highlights";

/// What follows the words of one of Readwise's highlights: `([Location 12](https://…)) ^rw3`. Users' templates write the
/// link without the parentheses; then only one to Readwise is no part of the words.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\s*(?:\(\[(?P<place>[^\]]*)\]\([^)]*\)\)|\[(?P<bare>[^\[\]]*)\]\(https://(?:[a-z]+\.)?readwise\.io/[^)]*\))?(?:\s+\^rw\d+)?\s*$",
    )
    .expect("a regex")
});

/// The highlights that Readwise exports as Markdown, and the number of lines that are none.
#[must_use]
pub(super) fn readwise(text: &str) -> (Vec<Annotation>, usize) {
    let field = |name: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    let title = field("- Full Title:").or_else(|| field("# "));
    let url = field("- URL:");
    let (mut out, mut left): (Vec<Annotation>, usize) = (Vec::new(), 0);
    let lines = text.split_once(READWISE).map_or("", |(_, rest)| rest).lines();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let inner = line.trim_start();
        if let (true, Some(own)) = (line.starts_with([' ', '\t']), inner.strip_prefix("- ")) {
            let Some(last) = out.last_mut() else { continue };
            if let Some(note) = own.strip_prefix("Note:") {
                note.trim().clone_into(&mut last.comment);
            } else if let Some(tags) = own.strip_prefix("Tags:") {
                let tags = tags.split([' ', ',']).map(|tag| tag.trim_matches(['[', ']', '#']));
                last.tags.extend(tags.filter(|tag| !tag.is_empty()).map(str::to_owned));
            } else {
                left += 1;
            }
        } else if let Some(words) = inner.strip_prefix("- ") {
            let place = PLACE.captures(words);
            let place = place.as_ref().and_then(|place| place.name("place").or(place.name("bare")));
            let locator =
                place.and_then(|place| place.as_str().strip_prefix("Page ").map(|page| format!("p. {page}")));
            out.push(Annotation {
                about: About { title: title.clone(), url: url.clone(), ..About::default() },
                words: flat(&PLACE.replace(words, "")),
                locator,
                ..Annotation::default()
            });
        } else if line.starts_with('#') {
            continue;
        } else if let Some(last) = out.last_mut().filter(|last| last.comment.is_empty()) {
            // A highlight of several lines.
            last.words = flat(&format!("{} {}", last.words, PLACE.replace(inner, "")));
        }
    }
    (out, left)
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
