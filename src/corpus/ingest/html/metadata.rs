//! The metadata of a web page: JSON-LD (schema.org), Highwire (`citation_*`), Dublin Core, Open Graph, in this
//! order of preference. Values are as written, and nothing is inferred.

use html5gum::Token;
use serde_json::Value;

use super::draw::plain;
use super::tree::{Node, NodeKind, Tokens, Tree};
use crate::corpus::source::Metadata;

/// Longer values, in bytes, are no titles or names.
const LONGEST: usize = 1000;
/// Most authors of one page; the longest lists of physics papers have some thousands.
const AUTHORS: usize = 200;
/// Most values looked at in one page's JSON-LD.
const VALUES: usize = 2000;

/// What one vocabulary says.
#[derive(Default)]
struct Found {
    title: Option<String>,
    authors: Vec<String>,
    date: Option<String>,
    outlet: Option<String>,
    language: Option<String>,
}

/// The metadata of the page with elements `tree`, made from `tokens` of `file`.
pub(super) fn of(file: &str, tokens: &Tokens, tree: &Tree<'_>) -> Metadata {
    let stated = Stated::of(tree);
    let highwire = Found {
        title: stated.first(&["citation_title"]),
        authors: stated.all(&["citation_author"]),
        date: stated.first(&["citation_publication_date", "citation_date", "citation_online_date"]),
        outlet: stated.first(&["citation_journal_title", "citation_publisher"]),
        language: stated.first(&["citation_language"]),
    };
    let dublin = Found {
        title: stated.first(&["dc.title", "dcterms.title"]),
        authors: stated.all(&["dc.creator", "dcterms.creator"]),
        date: stated.first(&[
            "dc.date.issued",
            "dcterms.issued",
            "dc.date",
            "dcterms.date",
            "dcterms.created",
        ]),
        outlet: stated.first(&["dc.publisher", "dcterms.publisher"]),
        language: stated.first(&["dc.language", "dcterms.language"]),
    };
    let graph = Found {
        title: stated.first(&["og:title", "twitter:title"]),
        authors: [&["article:author"][..], &["author"]]
            .iter()
            .map(|names| stated.all(names))
            .find(|all| !all.is_empty())
            .unwrap_or_default(),
        date: stated.first(&["article:published_time", "datepublished", "pubdate", "date"]),
        outlet: stated.first(&["og:site_name", "application-name"]),
        language: None,
    };
    let all = [json(file, tree), highwire, dublin, graph];
    let first = |of: fn(&Found) -> &Option<String>| all.iter().find_map(|found| of(found).clone());
    let outlet = first(|found| &found.outlet);
    let mut authors =
        all.iter().map(|found| &found.authors).find(|all| !all.is_empty()).cloned().unwrap_or_default();
    // A site that names itself as the author names none.
    authors.retain(|author| Some(author) != outlet.as_ref());
    let lang = tree.nodes.iter().find(|node| node.name() == b"html");
    let lang =
        lang.and_then(|node| node.attribute(b"lang").or_else(|| node.attribute(b"xml:lang"))).and_then(value);
    Metadata {
        title: first(|found| &found.title),
        authors,
        date: first(|found| &found.date),
        outlet,
        url: stated
            .canonical
            .clone()
            .or_else(|| stated.first(&["og:url"]).filter(|url| is_url(url)))
            .or_else(|| saved_from(tokens)),
        language: lang.or_else(|| first(|found| &found.language)),
    }
}

/// The `meta` elements of a page, with names in lower case.
struct Stated {
    meta: Vec<(String, String)>,
    canonical: Option<String>,
}

impl Stated {
    fn of(tree: &Tree<'_>) -> Self {
        let mut stated = Self { meta: Vec::new(), canonical: None };
        for node in &tree.nodes {
            match node.name() {
                b"meta" => {
                    let name =
                        [&b"property"[..], b"name", b"itemprop"].iter().find_map(|name| node.attribute(name));
                    if let (Some(name), Some(content)) =
                        (name.and_then(value), node.attribute(b"content").and_then(value))
                    {
                        stated.meta.push((name.to_lowercase(), content));
                    }
                }
                b"link" if node.attribute(b"rel") == Some(b"canonical") && stated.canonical.is_none() => {
                    stated.canonical = node.attribute(b"href").and_then(value).filter(|url| is_url(url));
                }
                b"time" => stated.time(node),
                _ => {}
            }
        }
        stated
    }

    /// `<time itemprop="datePublished" datetime="…">`
    fn time(&mut self, node: &Node<'_>) {
        let published =
            node.attribute(b"itemprop") == Some(b"datePublished") || node.attribute(b"pubdate").is_some();
        if let Some(date) = node.attribute(b"datetime").and_then(value).filter(|_| published) {
            self.meta.push(("datepublished".into(), date));
        }
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.meta.iter().find(|(stated, _)| stated == name))
            .map(|(_, value)| value.clone())
    }

    fn all(&self, names: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (name, value) in &self.meta {
            if names.contains(&name.as_str()) && is_name(value) && !all.contains(value) && all.len() < AUTHORS
            {
                all.push(value.clone());
            }
        }
        all
    }
}

/// What the JSON-LD of the page says about its article.
fn json(file: &str, tree: &Tree<'_>) -> Found {
    let mut found = Found::default();
    for (at, node) in tree.nodes.iter().enumerate() {
        let is_json = node.name() == b"script"
            && node
                .attribute(b"type")
                .is_some_and(|kind| kind.trim_ascii().eq_ignore_ascii_case(b"application/ld+json"));
        if !is_json {
            continue;
        }
        let Some(NodeKind::Words(span)) =
            tree.nodes.get(at + 1).filter(|_| at + 1 < node.next).map(|node| &node.kind)
        else {
            continue;
        };
        let text = file[span.start..span.end].trim();
        let text = text
            .trim_start_matches("<!--")
            .trim_start_matches("//<![CDATA[")
            .trim_end_matches("//]]>")
            .trim_end_matches("-->");
        // Deeper values than a parser's limit are an error.
        let Ok(document) = serde_json::from_str::<Value>(text) else { continue };
        if let Some(article) = article(&document) {
            found = of_article(article, &document);
            if found.title.is_some() {
                break;
            }
        }
    }
    found
}

/// The first article in `document`.
fn article(document: &Value) -> Option<&Value> {
    let mut waiting = std::collections::VecDeque::from([document]);
    for _ in 0..VALUES {
        let value = waiting.pop_front()?;
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(fields) => {
                if is_article(&fields.get("@type").cloned().unwrap_or_default()) {
                    return Some(value);
                }
                waiting.extend(
                    ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|name| fields.get(*name)),
                );
            }
            _ => {}
        }
    }
    None
}

fn is_article(kind: &Value) -> bool {
    let of_name = |name: &str| {
        name.ends_with("Article")
            || matches!(name, "Report" | "BlogPosting" | "LiveBlogPosting" | "Book" | "Chapter" | "Thesis")
    };
    match kind {
        Value::String(name) => of_name(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(of_name),
        _ => false,
    }
}

fn of_article(article: &Value, document: &Value) -> Found {
    let text = |name: &str| article.get(name).and_then(text_of);
    let outlet = article.get("publisher").or_else(|| article.get("sourceOrganization"));
    let outlet = outlet.and_then(|publisher| named(publisher, document));
    let mut authors = Vec::new();
    let stated = article.get("author").or_else(|| article.get("creator"));
    let list: Vec<&Value> = match stated {
        Some(Value::Array(items)) => items.iter().take(AUTHORS).collect(),
        Some(other) => vec![other],
        None => Vec::new(),
    };
    for author in list {
        let name = named(author, document).filter(|name| is_name(name));
        if let Some(name) = name.filter(|name| !authors.contains(name)) {
            authors.push(name);
        }
    }
    Found {
        title: text("headline").or_else(|| text("name")),
        authors,
        date: text("datePublished").or_else(|| text("dateCreated")),
        outlet,
        language: text("inLanguage"),
    }
}

/// The name of a person or organization, which may be elsewhere in `document` under the same `@id`.
fn named(value: &Value, document: &Value) -> Option<String> {
    if let Some(name) = text_of(value).or_else(|| value.get("name").and_then(text_of)) {
        return Some(name);
    }
    if let Value::Array(items) = value {
        return items.first().and_then(|item| item.get("name")).and_then(text_of);
    }
    let id = value.get("@id")?.as_str()?;
    let graph = document.get("@graph").and_then(Value::as_array)?;
    let other = graph.iter().take(VALUES).find(|other| other.get("@id").and_then(Value::as_str) == Some(id));
    other?.get("name").and_then(text_of)
}

fn text_of(value: &Value) -> Option<String> {
    let text = plain(value.as_str().filter(|text| text.len() <= LONGEST)?);
    (!text.is_empty()).then_some(text)
}

fn value(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Whether an author is a name rather than an address.
fn is_name(text: &str) -> bool {
    !is_url(text)
        && !text.starts_with('@')
        && !text.contains(".com/")
        && text.chars().any(char::is_alphabetic)
}

/// The address in the comment that `SingleFile` or a browser writes into a page that it saves.
fn saved_from(tokens: &Tokens) -> Option<String> {
    /// The comment is before the page's contents.
    const WITHIN: usize = 200;
    tokens.iter().take(WITHIN).find_map(|token| {
        let Token::Comment(comment) = token else { return None };
        let text = std::str::from_utf8(&comment.value.0).ok()?;
        let url = if text.contains("Page saved with SingleFile") {
            text.lines().find_map(|line| line.trim().strip_prefix("url:"))?
        } else {
            // `saved from url=(0029)https://…`: the number is the length.
            text.trim().strip_prefix("saved from url=(")?.split_once(')')?.1
        };
        Some(url.trim().to_owned()).filter(|url| is_url(url) && url.len() <= LONGEST)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Metadata {
        let tokens = super::super::tree::tokens(html, false);
        of(html, &tokens, &Tree::of(&tokens))
    }

    #[test]
    fn an_article_in_json_comes_first() {
        let html = r#"<html lang="en-GB"><head><meta property="og:title" content="The Gate – Gazette">
            <meta name="author" content="Web Desk"><link rel="canonical" href="https://gazette.example/gate">
            <script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Organization","@id":"o","name":"The Gazette"},
            {"@type":["NewsArticle"],"headline":"Who shut the gate &amp; why","author":[{"@type":"Person","name":"Ilse Korn"},{"@type":"Person","name":"Tom Reed"}],
            "datePublished":"2021-05-04T10:12:00Z","publisher":{"@id":"o"}}]}</script></head>"#;
        let found = read(html);
        assert_eq!(found.title.as_deref(), Some("Who shut the gate & why"));
        assert_eq!(found.authors, ["Ilse Korn", "Tom Reed"]);
        assert_eq!(found.date.as_deref(), Some("2021-05-04T10:12:00Z"));
        assert_eq!(found.outlet.as_deref(), Some("The Gazette"));
        assert_eq!(found.url.as_deref(), Some("https://gazette.example/gate"));
        assert_eq!(found.language.as_deref(), Some("en-GB"));
    }

    #[test]
    fn journals_and_libraries_have_their_own_names() {
        let html = r#"<meta name="citation_title" content="On Weirs"><meta name="citation_author" content="Korn, Ilse">
            <meta name="citation_author" content="Reed, Tom"><meta name="citation_journal_title" content="Water">
            <meta name="DC.Date" content="2021"><meta property="og:title" content="On Weirs | Water">"#;
        let found = read(html);
        assert_eq!(found.title.as_deref(), Some("On Weirs"));
        assert_eq!(found.authors, ["Korn, Ilse", "Reed, Tom"]);
        assert_eq!((found.outlet.as_deref(), found.date.as_deref()), (Some("Water"), Some("2021")));
    }

    #[test]
    fn nothing_is_invented() {
        let found = read(
            r#"<title>The Gate</title><meta property="article:author" content="https://social.example/gazette">
            <meta property="og:site_name" content="Gazette"><meta name="author" content="Gazette">
            <script type="application/ld+json">{"@type":"WebSite","name":"Gazette","author":"Someone"}</script>
            <script type="application/ld+json">{broken</script><p>By Ilse Korn</p>"#,
        );
        assert_eq!(found.title, None);
        assert!(found.authors.is_empty(), "{:?}", found.authors);
        assert_eq!(found.outlet.as_deref(), Some("Gazette"));
        assert_eq!((found.date, found.url), (None, None));
    }

    #[test]
    fn saved_pages_know_their_address() {
        let saved = "<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: https://gazette.example/gate \n saved date: Tue May 04 2021 \n-->";
        assert_eq!(read(saved).url.as_deref(), Some("https://gazette.example/gate"));
        let saved = "<!-- saved from url=(0028)https://gazette.example/gate -->";
        assert_eq!(read(saved).url.as_deref(), Some("https://gazette.example/gate"));
        assert_eq!(read("<p>A</p><!-- url: https://gazette.example/ -->").url, None);
    }
}
