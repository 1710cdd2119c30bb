//! The classes, ids and roles by which sites mark the parts of their pages.

use super::tree::Node;

/// What the marks of an element say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    /// The text of the article.
    Body,
    /// Words of the article outside of its text: a summary below the title.
    Lead,
    /// Part of the page rather than of the article.
    Frame,
    /// Readers' comments.
    Comments,
    Caption,
}

/// WAI-ARIA roles of elements around the text.
const FRAME_ROLES: [&[u8]; 9] = [
    b"navigation",
    b"banner",
    b"contentinfo",
    b"complementary",
    b"search",
    b"dialog",
    b"alertdialog",
    b"menu",
    b"tooltip",
];

/// Names of classes and ids of the text of an article, without hyphens and the like.
const BODY: [&str; 45] = [
    "articlebody",
    "articlecontent",
    "articlebodycontent",
    "articlemaincontent",
    "articletext",
    "articlecopy",
    "articlebodytext",
    "articlebodycopy",
    "articledetailbody",
    "bodycopy",
    "bodytext",
    "blogpostcontent",
    "blogcontent",
    "centry",
    "centrycontent",
    "contentbody",
    "contentarticle",
    "detailtext",
    "entrycontent",
    "fieldnamebody",
    "fieldbody",
    "ghcontent",
    "mainarticle",
    "maincontenttext",
    "mwparseroutput",
    "newsbody",
    "newscontent",
    "newstext",
    "pagecontenttext",
    "postarticle",
    "postbody",
    "postcontent",
    "postfullcontent",
    "posttext",
    "pressreleasebody",
    "releasebody",
    "richtext",
    "singlecontent",
    "storybody",
    "storybodytext",
    "storycontent",
    "storytext",
    "tdpostcontent",
    "textbody",
    "thearticle",
];

const LEAD: [&str; 18] = [
    "standfirst",
    "dek",
    "excerpt",
    "subtitle",
    "subheadline",
    "subhead",
    "lead",
    "lede",
    "chapo",
    "perex",
    "deck",
    "intro",
    "summary",
    "teasertext",
    "vorspann",
    "articlesummary",
    "articleintro",
    "strapline",
];

/// Words in the names of classes and ids of what is around an article.
const FRAME: [&str; 116] = [
    "ad",
    "ads",
    "adbox",
    "adslot",
    "adunit",
    "advert",
    "adverts",
    "advertisement",
    "advertising",
    "advertorial",
    "addthis",
    "addtoany",
    "aside",
    "author",
    "authors",
    "authorbox",
    "banner",
    "bio",
    "blogroll",
    "bookmark",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "bylines",
    "catlinks",
    "cmp",
    "consent",
    "cookie",
    "cookies",
    "copyright",
    "crumbs",
    "dateline",
    "dfp",
    "disclaimer",
    "donate",
    "donation",
    "editsection",
    "fb",
    "follow",
    "footer",
    "gdpr",
    "hatnote",
    "keywords",
    "login",
    "masthead",
    "menu",
    "menus",
    "meta",
    "metadata",
    "modal",
    "mostread",
    "nav",
    "navbar",
    "navbox",
    "navigation",
    "navlinks",
    "newsletter",
    "newsletters",
    "noprint",
    "onetrust",
    "outbrain",
    "overlay",
    "pager",
    "pagination",
    "paywall",
    "popular",
    "popup",
    "postmeta",
    "printfooter",
    "promo",
    "promos",
    "promotion",
    "pubdate",
    "rating",
    "readmore",
    "recirc",
    "recirculation",
    "recommend",
    "recommendation",
    "recommendations",
    "recommended",
    "regwall",
    "related",
    "relatedposts",
    "rss",
    "share",
    "sharedaddy",
    "sharing",
    "shares",
    "shortlink",
    "sidebar",
    "sidebars",
    "signup",
    "sitesub",
    "skip",
    "skiplink",
    "social",
    "socials",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "tags",
    "taglist",
    "teaser",
    "teasers",
    "timestamp",
    "toc",
    "toolbar",
    "tools",
    "tooltip",
    "trending",
    "widget",
    "widgets",
    "zergnet",
];

const COMMENTS: [&str; 9] = [
    "comment",
    "comments",
    "commentlist",
    "commentarea",
    "commentsarea",
    "disqus",
    "respond",
    "kommentare",
    "commentaires",
];

const CAPTIONS: [&str; 12] = [
    "caption",
    "captions",
    "captiontext",
    "imagecaption",
    "imgcaption",
    "photocaption",
    "photocredit",
    "imagecredit",
    "credit",
    "credits",
    "gallery",
    "wpcaptiontext",
];

/// Beginnings of classes that say what an article is about or how it is laid out, not what an element is.
const NEUTRAL: [&str; 15] = [
    "tag-",
    "category-",
    "cat-",
    "type-",
    "status-",
    "format-",
    "has-",
    "no-",
    "with-",
    "is-",
    "js-",
    "single-",
    "page-",
    "postid-",
    "without-",
];

/// Longer names are made by programs.
const LONGEST: usize = 60;
/// Elements have at most this many names worth reading.
const NAMES: usize = 24;

/// What the class, id, role and other attributes of `node` say; its id only if `with_id`.
pub(super) fn hint(node: &Node<'_>, with_id: bool) -> Option<Hint> {
    if node.attribute(b"role").is_some_and(|role| FRAME_ROLES.contains(&role)) {
        return Some(Hint::Frame);
    }
    if let Some(property) = node.attribute(b"itemprop") {
        match property {
            b"articleBody" | b"reviewBody" => return Some(Hint::Body),
            b"caption" => return Some(Hint::Caption),
            b"author" | b"datePublished" | b"dateModified" | b"publisher" | b"keywords" => {
                return Some(Hint::Frame);
            }
            b"comment" => return Some(Hint::Comments),
            _ => {}
        }
    }
    let mut found = None;
    // The classes of an article say what it is about.
    if node.name() == b"article" {
        return None;
    }
    for name in [&b"class"[..], b"id", b"data-component", b"data-testid", b"data-type"] {
        if name == b"id" && !with_id {
            continue;
        }
        let Some(value) = node.attribute(name) else { continue };
        let values = value.split(|byte| byte.is_ascii_whitespace()).filter(|name| !name.is_empty());
        for name in values.take(NAMES).filter(|name| name.len() <= LONGEST) {
            let hint = std::str::from_utf8(name).ok().and_then(of_name);
            match hint {
                Some(Hint::Body) => return hint,
                // The most certain one wins.
                Some(Hint::Comments | Hint::Caption) => found = hint,
                Some(_) => found = found.or(hint),
                None => {}
            }
        }
    }
    found
}

fn of_name(name: &str) -> Option<Hint> {
    let lower = name.to_ascii_lowercase();
    if NEUTRAL.iter().any(|neutral| lower.starts_with(neutral)) {
        return None;
    }
    let plain: String = lower.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if BODY.contains(&plain.as_str()) {
        return Some(Hint::Body);
    }
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if COMMENTS.contains(&plain.as_str()) || has(&COMMENTS) {
        return Some(Hint::Comments);
    }
    if CAPTIONS.contains(&plain.as_str()) || (has(&["caption"]) && !has(&["video", "player"])) {
        return Some(Hint::Caption);
    }
    if has(&["pullquote"]) || plain.contains("pullquote") {
        return Some(Hint::Frame);
    }
    if FRAME.contains(&plain.as_str()) || has(&FRAME) {
        return Some(Hint::Frame);
    }
    let pairs = ["readmore", "readnext", "morefrom", "moreon", "upnext", "alsoread", "youmaylike", "infobox"];
    if pairs.iter().take(7).any(|pair| plain.contains(pair)) {
        return Some(Hint::Frame);
    }
    (LEAD.contains(&plain.as_str()) || has(&LEAD)).then_some(Hint::Lead)
}

/// The words of a name: `relatedPosts`, `related-posts` and `article__related` have `related`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        let begins = c.is_ascii_uppercase() && small;
        small = c.is_ascii_lowercase();
        if !c.is_ascii_alphabetic() || begins {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut().filter(|_| c.is_ascii_alphabetic()) {
            last.push(c.to_ascii_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_elements_are() {
        for (name, expected) in [
            ("entry-content", Some(Hint::Body)),
            ("story-body__inner", None),
            ("field--name-body", Some(Hint::Body)),
            ("mw-parser-output", Some(Hint::Body)),
            ("relatedPosts", Some(Hint::Frame)),
            ("article__share-buttons", Some(Hint::Frame)),
            ("wp-caption-text", Some(Hint::Caption)),
            ("comments-area", Some(Hint::Comments)),
            ("article-standfirst", Some(Hint::Lead)),
            // What an article is about is not what an element is.
            ("tag-cookies", None),
            ("category-advertising", None),
            ("has-sidebar", None),
            ("shared-content", None),
            ("headline", None),
            ("adaptive", None),
        ] {
            assert_eq!(of_name(name), expected, "{name}");
        }
    }
}
