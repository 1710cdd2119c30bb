//! The export file of Hypothesis, which its sidebar also imports.

use serde_json::{Value, json};

use super::annotation::{About, Annotation, Portable};

/// The file with `all`.
#[must_use]
pub fn write(all: &[Portable]) -> Value {
    let annotations: Vec<Value> = all.iter().map(one).collect();
    json!({"client_version": concat!("glossator ", env!("CARGO_PKG_VERSION")), "annotations": annotations})
}

fn one(one: &Portable) -> Value {
    let annotation = &one.annotation;
    let mut selector = json!({"type": "TextQuoteSelector", "exact": annotation.words});
    if let Some((before, after)) = &annotation.around {
        selector["prefix"] = json!(before);
        selector["suffix"] = json!(after);
    }
    json!({
        "id": one.id,
        "uri": one.source,
        "text": annotation.comment,
        "tags": annotation.tags,
        "target": [{"source": one.source, "selector": [selector]}],
        "document": {"title": annotation.about.title.iter().collect::<Vec<_>>()},
        "glossator": annotation.extra(),
    })
}

/// The annotations in `value`, and the number of those that quote nothing, such as notes on a whole page.
#[must_use]
pub(super) fn read(value: &Value) -> (Vec<Annotation>, usize) {
    let rows = value.get("annotations").or_else(|| value.get("rows")).unwrap_or(value);
    let one = std::slice::from_ref(rows);
    let rows: &[Value] = rows.as_array().map_or(one, Vec::as_slice);
    let read: Vec<Option<Annotation>> = rows.iter().map(annotation).collect();
    let left = read.iter().filter(|one| one.is_none()).count();
    (read.into_iter().flatten().collect(), left)
}

pub(super) fn annotation(item: &Value) -> Option<Annotation> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let targets = item.get("target")?.as_array()?;
    let selectors = targets.iter().filter_map(|target| target.get("selector")?.as_array()).flatten();
    let quote = selectors.into_iter().find(|selector| selector.get("exact").is_some())?;
    let words = text(quote.get("exact"));
    if words.is_empty() {
        return None;
    }
    let title = item.get("document").and_then(|document| document.get("title"));
    let title = title.and_then(|title| title.as_str().or_else(|| title.get(0)?.as_str()));
    let tags = item.get("tags").and_then(Value::as_array).into_iter().flatten();
    let url = item.get("uri").or_else(|| targets.first()?.get("source")).and_then(Value::as_str);
    let mut out = Annotation {
        about: About {
            url: url.map(str::to_owned),
            file: url.map(str::to_owned),
            title: title.map(str::to_owned),
            key: None,
        },
        words,
        around: Some((text(quote.get("prefix")), text(quote.get("suffix")))),
        comment: text(item.get("text")),
        tags: tags.filter_map(|tag| Some(tag.as_str()?.to_owned())).collect(),
        ..Annotation::default()
    };
    if let Some(extra) = item.get("glossator") {
        out.take_extra(extra);
    }
    Some(out)
}
