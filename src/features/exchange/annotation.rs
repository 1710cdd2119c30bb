//! An annotation between formats.

use serde_json::{Value, json};

/// What an annotation says about its source, as far as it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The citation key.
    pub key: Option<String>,
    /// The web address.
    pub url: Option<String>,
    /// The title, as the other program has it.
    pub title: Option<String>,
    /// The path or name of the file.
    pub file: Option<String>,
}

/// An annotation in any format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotation {
    /// What it is about.
    pub about: About,
    /// The annotated words, as plain text.
    pub words: String,
    /// The words before and after them in the source, for programs that look for these.
    pub around: Option<(String, String)>,
    /// The comment, in Markdown.
    pub comment: String,
    /// The tags without `#`; those in the comment included.
    pub tags: Vec<String>,
    /// The place in the source, as a locator: `p. 3`.
    pub locator: Option<String>,
    /// What only notes of this program have, so that nothing is lost on the way out and back.
    pub own: Option<Own>,
}

/// The parts of a note that other programs have no place for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// The quotation in Markdown, without `>`, if it differs from the words of the source.
    pub quotation: Option<String>,
    /// The citation, tags and id that follow it, as written.
    pub ending: String,
}

/// A note as an annotation, with its place in the workspace.
#[derive(Debug, Clone)]
pub struct Portable {
    /// The annotation.
    pub annotation: Annotation,
    /// `notes/moss.md#^quay`, or with the number of the note in its file.
    pub id: String,
    /// The address of the source, or else its file in the workspace, or its key.
    pub source: String,
}

impl Annotation {
    /// What other formats have no place for, as the object that both JSON formats carry along.
    pub(super) fn extra(&self) -> Value {
        let mut value = json!({});
        if let Some(key) = &self.about.key {
            value["key"] = json!(key);
        }
        if let Some(locator) = &self.locator {
            value["locator"] = json!(locator);
        }
        if let Some(own) = &self.own {
            value["ending"] = json!(own.ending);
            if let Some(quotation) = &own.quotation {
                value["quotation"] = json!(quotation);
            }
        }
        value
    }

    /// Reads what [`Self::extra`] wrote.
    pub(super) fn take_extra(&mut self, value: &Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        self.about.key = text("key").or(self.about.key.take());
        self.locator = text("locator").or(self.locator.take());
        if let Some(ending) = text("ending") {
            self.own = Some(Own { quotation: text("quotation"), ending });
        }
    }
}
