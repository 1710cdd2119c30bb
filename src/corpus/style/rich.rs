//! Printed text: words with their look and links, and the formats it is written in.

/// Text in the order of reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rich(pub Vec<Run>);

/// Words of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// How they look.
    pub look: Look,
    /// The address that they lead to.
    pub link: Option<String>,
}

/// The look of words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // independent of each other
pub struct Look {
    /// Italic.
    pub italic: bool,
    /// Bold.
    pub bold: bool,
    /// In small capitals.
    pub small_caps: bool,
    /// Underlined.
    pub underline: bool,
    /// Raised.
    pub raised: bool,
    /// Lowered.
    pub lowered: bool,
}

impl Rich {
    /// Plain words.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self(vec![Run { text: text.to_owned(), look: Look::default(), link: None }])
    }

    /// Returns true if there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.text.trim().is_empty())
    }

    /// Adds words, to the last ones if they look the same.
    pub fn push(&mut self, text: &str, look: Look, link: Option<&str>) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.look == look && last.link.as_deref() == link => last.text.push_str(text),
            _ => self.0.push(Run { text: text.to_owned(), look, link: link.map(str::to_owned) }),
        }
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: &Self) {
        for run in &other.0 {
            self.push(&run.text, run.look, run.link.as_deref());
        }
    }

    /// The words alone.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|run| run.text.as_str()).collect()
    }

    /// Returns true if all of it is raised, as a number after a word is.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.iter().all(|run| run.look.raised)
    }

    /// As Markdown for Pandoc: characters that mean something there are escaped.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.written(true)
    }

    /// As Markdown for all programs, with tags for what has no marks there.
    #[must_use]
    pub fn common_markdown(&self) -> String {
        self.written(false)
    }

    fn written(&self, for_pandoc: bool) -> String {
        let mut out = String::new();
        for run in &self.0 {
            let inner = match &run.link {
                Some(url) if *url == run.text && is_address(url) => format!("<{url}>"),
                Some(url) => {
                    format!("[{}]({})", escaped(&run.text), url.replace(' ', "%20").replace(')', "%29"))
                }
                None => escaped(&run.text),
            };
            out.push_str(&wrapped(&inner, run.look, for_pandoc));
        }
        numbered(out)
    }

    /// As HTML.
    #[must_use]
    pub fn html(&self) -> String {
        let mut out = String::new();
        for run in &self.0 {
            let look = run.look;
            let tags = [
                (look.italic, "<em>", "</em>"),
                (look.bold, "<strong>", "</strong>"),
                (look.small_caps, "<span style=\"font-variant: small-caps\">", "</span>"),
                (look.underline, "<u>", "</u>"),
                (look.raised, "<sup>", "</sup>"),
                (look.lowered, "<sub>", "</sub>"),
            ];
            let tags = tags.iter().filter(|(on, ..)| *on);
            let link = run.link.as_deref().filter(|url| is_address(url));
            if let Some(url) = link {
                out.push_str(&format!("<a href=\"{}\">", in_html(url)));
            }
            out.extend(tags.clone().map(|(_, open, _)| *open));
            out.push_str(&in_html(&run.text).replace('\n', "<br />\n"));
            out.extend(tags.rev().map(|(.., close)| *close));
            if link.is_some() {
                out.push_str("</a>");
            }
        }
        out
    }
}

/// Returns true if a reader may be led to `url`: a page, not a script.
fn is_address(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && !url.contains(|c: char| c.is_whitespace() || "<>\"".contains(c))
}

/// `text` for HTML.
#[must_use]
pub fn in_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `text` for Markdown: backslashes before characters that mean something within a paragraph.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        let within = before.is_alphanumeric() && after.is_alphanumeric();
        let means = match c {
            '\\' | '*' | '[' | ']' | '<' | '`' | '$' | '^' | '~' => true,
            '_' => !within,
            // An address of mail is not a citation.
            '@' => !before.is_alphanumeric(),
            '&' => after.is_alphanumeric() || after == '#',
            _ => false,
        };
        if means {
            out.push('\\');
        }
        // A paragraph must not be broken.
        out.push_str(match c {
            '\n' => "\\\n",
            _ => text.get(at..at + c.len_utf8()).unwrap_or_default(),
        });
        before = c;
    }
    out
}

/// `inner` with the marks of Markdown for `look`, which must touch a word.
fn wrapped(inner: &str, look: Look, for_pandoc: bool) -> String {
    let words = inner.trim();
    if words.is_empty() || look == Look::default() {
        return inner.to_owned();
    }
    let start = inner.len() - inner.trim_start().len();
    let mut out = words.to_owned();
    let marks = [
        (look.small_caps, "[", "]{.smallcaps}", "", ""),
        (look.underline, "[", "]{.underline}", "<u>", "</u>"),
        (look.raised, "^", "^", "<sup>", "</sup>"),
        (look.lowered, "~", "~", "<sub>", "</sub>"),
    ];
    for (_, open, close, tag, end) in marks.into_iter().filter(|(on, ..)| *on) {
        out = match for_pandoc {
            true if open.len() == close.len() => format!("{open}{}{close}", out.replace(' ', "\\ ")),
            true => format!("{open}{out}{close}"),
            false => format!("{tag}{out}{end}"),
        };
    }
    if look.bold {
        out = format!("**{out}**");
    }
    if look.italic {
        out = format!("*{out}*");
    }
    format!("{}{out}{}", &inner[..start], &inner[start + words.len()..])
}

/// `paragraph` so that a number at its beginning does not make it an item of a list.
fn numbered(paragraph: String) -> String {
    let digits = paragraph.len() - paragraph.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match paragraph[digits..].chars().next() {
        Some(mark @ ('.' | ')')) if digits > 0 => {
            format!("{}\\{mark}{}", &paragraph[..digits], &paragraph[digits + 1..])
        }
        Some('-' | '+' | '#' | '>' | '|') if digits == 0 => format!("\\{paragraph}"),
        _ => paragraph,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, italic: bool, link: Option<&str>) -> Run {
        Run { text: text.to_owned(), look: Look { italic, ..Look::default() }, link: link.map(str::to_owned) }
    }

    #[test]
    fn what_means_something_in_markdown_is_escaped() {
        let rich = Rich(vec![
            run("1. A_b c_ *d* ", false, None),
            run("Tides ", true, None),
            run("[e] <f> @g h@i.j", false, None),
            run("https://x.example/a_b", false, Some("https://x.example/a_b")),
            run("evil", false, Some("javascript:alert(1)")),
        ]);
        assert_eq!(
            rich.markdown(),
            "1\\. A_b c\\_ \\*d\\* *Tides* \\[e\\] \\<f> \\@g h@i.j<https://x.example/a_b>[evil](javascript:alert(1%29)"
        );
        assert_eq!(
            rich.html(),
            "1. A_b c_ *d* <em>Tides </em>[e] &lt;f&gt; @g h@i.j<a href=\"https://x.example/a_b\">https://x.example/a_b</a>evil"
        );
        assert_eq!(Rich::plain("1999 was").markdown(), "1999 was");
        assert_eq!(Rich::plain("- a").markdown(), "\\- a");
    }
}
