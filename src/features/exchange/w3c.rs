//! Web Annotations of the W3C in JSON-LD: <https://www.w3.org/TR/annotation-model/>. Reads an annotation, a list, a
//! page or a collection of them.

use serde_json::{Value, json};

use super::annotation::{About, Annotation, Portable};

/// The vocabulary's address, by which a file is recognised.
pub(super) const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";

/// The prefix of what only notes of this program have.
const OWN: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/notes.md#");

/// An annotation page with `all`.
#[must_use]
pub fn write(all: &[Portable]) -> Value {
    let items: Vec<Value> = all.iter().map(item).collect();
    json!({"@context": [CONTEXT, {"glossator": OWN}], "type": "AnnotationPage", "items": items})
}

fn item(one: &Portable) -> Value {
    let annotation = &one.annotation;
    let mut bodies = Vec::new();
    if !annotation.comment.is_empty() {
        bodies.push(json!({"type": "TextualBody", "purpose": "commenting", "format": "text/markdown", "value": annotation.comment}));
    }
    let tag = |tag: &String| json!({"type": "TextualBody", "purpose": "tagging", "value": tag});
    bodies.extend(annotation.tags.iter().map(tag));
    let mut selector = json!({"type": "TextQuoteSelector", "exact": annotation.words});
    if let Some((before, after)) = &annotation.around {
        selector["prefix"] = json!(before);
        selector["suffix"] = json!(after);
    }
    let motivation = if annotation.comment.is_empty() { "highlighting" } else { "commenting" };
    let mut item = json!({
        "id": one.id,
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": {"source": one.source, "selector": selector},
        "glossator:note": annotation.extra(),
    });
    if bodies_are_none(&item) {
        item.as_object_mut().map(|fields| fields.remove("body"));
    }
    item
}

fn bodies_are_none(item: &Value) -> bool {
    item["body"].as_array().is_some_and(Vec::is_empty)
}

/// The value, or those of the list.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(all) => all,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// The annotations in `value`, and the number of those that quote nothing.
#[must_use]
pub(super) fn read(value: &Value) -> (Vec<Annotation>, usize) {
    let mut left = 0;
    let mut out = Vec::new();
    for item in items(value) {
        match annotation(item) {
            Some(annotation) => out.push(annotation),
            None => left += 1,
        }
    }
    (out, left)
}

fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(all) => all.iter().flat_map(items).collect(),
        Value::Object(fields) => {
            let inner = ["items", "first", "@graph"].iter().find_map(|name| fields.get(*name));
            match inner {
                Some(inner) if inner.is_array() || inner.is_object() => items(inner),
                _ => vec![value],
            }
        }
        _ => Vec::new(),
    }
}

fn annotation(item: &Value) -> Option<Annotation> {
    let mut out = Annotation::default();
    let target = each(item.get("target")?).first()?;
    let source = target.get("source").unwrap_or(target);
    let source = source.as_str().or_else(|| source.get("id")?.as_str());
    let quote = quote(target.get("selector")?)?;
    out.words = quote.get("exact")?.as_str()?.trim().to_owned();
    if out.words.is_empty() {
        return None;
    }
    if let (Some(before), Some(after)) = (quote.get("prefix"), quote.get("suffix")) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        out.around = Some((text(before), text(after)));
    }
    for body in each(item.get("body").or_else(|| item.get("bodyValue")).unwrap_or(&Value::Null)) {
        let value = body.as_str().or_else(|| body.get("value")?.as_str()).unwrap_or_default().trim();
        match body.get("purpose").and_then(Value::as_str) {
            Some("tagging" | "classifying") => out.tags.push(value.to_owned()),
            _ if value.is_empty() => {}
            _ => {
                let gap = if out.comment.is_empty() { "" } else { "\n\n" };
                out.comment.push_str(gap);
                out.comment.push_str(value);
            }
        }
    }
    out.about = About { url: source.map(str::to_owned), file: source.map(str::to_owned), ..About::default() };
    if let Some(extra) = item.get("glossator:note") {
        out.take_extra(extra);
    }
    Some(out)
}

/// The quotation among selectors, also one that refines another.
fn quote(selectors: &Value) -> Option<&Value> {
    each(selectors).iter().find_map(|selector| {
        if selector.get("exact").is_some() {
            return Some(selector);
        }
        quote(selector.get("refinedBy")?)
    })
}
