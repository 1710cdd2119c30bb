//! Records in the answers of an archive, whatever program wrote them.

use serde_json::{Value, json};

use super::client::{Client, segment};
use super::fault::Fault;

impl Client {
    /// The records that a search with `body` finds, at most `limit`.
    ///
    /// # Errors
    /// If the archive does not answer, or only some of its shards do.
    pub(super) fn records(&self, body: &Value, limit: usize) -> Result<Vec<Value>, Fault> {
        let mut body = body.clone();
        body["size"] = json!(limit);
        let path = format!("/{}/_search", segment(&self.archive().index));
        let mut answer = self.ask("POST", &path, Some(body.to_string().as_bytes()))?;
        let failed = answer.pointer("/_shards/failed").and_then(Value::as_u64).unwrap_or(0);
        if failed > 0 || answer.get("timed_out") == Some(&Value::Bool(true)) {
            return Err(Fault::Unreachable("only a part of it answered".into()));
        }
        match answer.pointer_mut("/hits/hits").map(Value::take) {
            Some(Value::Array(mut hits)) => {
                hits.truncate(limit);
                Ok(hits)
            }
            _ => Err(Fault::Odd("its answer is not that of a search".into())),
        }
    }
}

/// The text in `field` of the content of a record: a string, or a list of strings as paragraphs. A field of a field is
/// written with dots.
pub(super) fn text(content: &Value, field: &str) -> Option<String> {
    match field.split('.').try_fold(content, |value, name| value.get(name))? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
            (!parts.is_empty()).then(|| parts.join("\n\n"))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_be_in_a_field_of_a_field_and_in_pieces() {
        let content =
            json!({"text": ["One.", 2, "Three."], "properties": {"title": "T"}, "none": [], "number": 7});
        assert_eq!(text(&content, "text").as_deref(), Some("One.\n\nThree."));
        assert_eq!(text(&content, "properties.title").as_deref(), Some("T"));
        for missing in ["none", "number", "properties", "title", ""] {
            assert_eq!(text(&content, missing), None, "{missing}");
        }
    }
}
