//! What a card says, apart from how it looks: paragraphs, quotations and items, made of lines, made of runs of words. Words
//! taken from a file are marked as such where they are put in, and made harmless where Markdown is written, so that no link,
//! image, HTML or command can come out of a source.

use std::borrow::Cow;

use crate::features::markup::{escape, flat};

/// The content of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card(Vec<Block>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(Vec<Line>),
    /// The paragraphs of a block quotation.
    Quotation(Vec<Line>),
    Items(Vec<Line>),
}

/// Words on one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<Run>);

/// Words that look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Glossator's own words.
    Own(Cow<'static, str>),
    /// Words of a file, without line breaks.
    Taken(String),
    /// Words in bold.
    Strong(Line),
    /// Words in italics.
    Emphasis(Line),
    /// Words that lead to a web address or file, which must be safe.
    Link {
        /// The words.
        words: Line,
        /// The address.
        url: String,
    },
    /// A web address that leads to itself and must be safe.
    Address(String),
}

/// A line of the given runs, each of them a [`Run`] or Glossator's own words.
macro_rules! words {
    ($($run:expr),* $(,)?) => {
        $crate::features::card::content::Line::of(vec![$($crate::features::card::content::Run::from($run)),*])
    };
}
pub(crate) use words;

impl From<&'static str> for Run {
    fn from(words: &'static str) -> Self {
        Self::Own(words.into())
    }
}

/// Glossator's own words, put together from numbers and names of its own.
pub(crate) fn own(words: impl Into<String>) -> Run {
    Run::Own(Cow::Owned(words.into()))
}

/// Words of a file.
pub(crate) fn taken(words: &str) -> Run {
    Run::Taken(flat(words))
}

/// `words` in bold.
pub(crate) fn strong(words: impl Into<Line>) -> Run {
    Run::Strong(words.into())
}

/// `words` in italics.
pub(crate) fn emphasis(words: impl Into<Line>) -> Run {
    Run::Emphasis(words.into())
}

impl<R: Into<Run>> From<R> for Line {
    fn from(run: R) -> Self {
        Self(vec![run.into()])
    }
}

impl Line {
    /// The line of `runs`.
    pub(crate) fn of(runs: Vec<Run>) -> Self {
        Self(runs)
    }

    /// `lines` as one, with `between` each two of them.
    pub(crate) fn joined(lines: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let mut all = Self::default();
        for line in lines {
            if !all.0.is_empty() {
                all.0.push(between.into());
            }
            all.0.extend(line.0);
        }
        all
    }

    /// This line, and `more` behind it.
    pub(crate) fn and(mut self, more: impl Into<Self>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// As CommonMark.
    #[must_use]
    pub fn markdown(&self) -> String {
        let run = |run: &Run| match run {
            Run::Own(words) => words.to_string(),
            Run::Taken(words) => escape(words),
            Run::Strong(words) => format!("**{}**", words.markdown()),
            Run::Emphasis(words) => format!("*{}*", words.markdown()),
            Run::Link { words, url } => format!("[{}]({url})", words.markdown()),
            Run::Address(url) => format!("<{url}>"),
        };
        self.0.iter().map(run).collect()
    }

    /// As plain text.
    #[must_use]
    pub fn plain(&self) -> String {
        let run = |run: &Run| match run {
            Run::Own(words) => words.to_string(),
            Run::Taken(words) | Run::Address(words) => words.clone(),
            Run::Strong(words) | Run::Emphasis(words) | Run::Link { words, .. } => words.plain(),
        };
        self.0.iter().map(run).collect()
    }
}

impl Card {
    /// A card with one paragraph of `lines`.
    pub(crate) fn of(lines: impl IntoIterator<Item = Line>) -> Self {
        Self::default().paragraph(lines)
    }

    /// Adds a paragraph, which may have several lines.
    pub(crate) fn paragraph(mut self, lines: impl IntoIterator<Item = Line>) -> Self {
        self.0.push(Block::Paragraph(lines.into_iter().collect()));
        self
    }

    /// Adds a paragraph of one line.
    pub(crate) fn and(self, line: impl Into<Line>) -> Self {
        self.paragraph([line.into()])
    }

    /// Adds a block quotation of `paragraphs`.
    pub(crate) fn quotation(mut self, paragraphs: impl IntoIterator<Item = Line>) -> Self {
        self.0.push(Block::Quotation(paragraphs.into_iter().collect()));
        self
    }

    /// Adds a list, unless there are no `items`.
    pub(crate) fn items(mut self, items: impl IntoIterator<Item = Line>) -> Self {
        let items: Vec<Line> = items.into_iter().collect();
        if !items.is_empty() {
            self.0.push(Block::Items(items));
        }
        self
    }

    /// This card, and `other` below it.
    pub(crate) fn above(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// As CommonMark, without tables or HTML. It also reads well raw, as Neovim and Helix show much of it.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.written(|block| {
            let of = |lines: &[Line], between: &str| {
                lines.iter().map(Line::markdown).collect::<Vec<_>>().join(between)
            };
            match block {
                Block::Paragraph(lines) => of(lines, "  \n"),
                Block::Quotation(lines) => format!("> {}", of(lines, "\n>\n> ")),
                Block::Items(lines) => format!("- {}", of(lines, "\n- ")),
            }
        })
    }

    /// As plain text, with blank lines between paragraphs and bullets before items.
    #[must_use]
    pub fn plain(&self) -> String {
        self.written(|block| {
            let of = |lines: &[Line], between: &str| {
                lines.iter().map(Line::plain).collect::<Vec<_>>().join(between)
            };
            match block {
                Block::Paragraph(lines) => of(lines, "\n"),
                Block::Quotation(lines) => of(lines, "\n\n"),
                Block::Items(lines) => format!("• {}", of(lines, "\n• ")),
            }
        })
    }

    /// All blocks, each as `write` gives it. A list stands right below its paragraph.
    fn written(&self, write: impl Fn(&Block) -> String) -> String {
        let mut out = String::new();
        for block in &self.0 {
            if !out.is_empty() {
                out.push_str(if matches!(block, Block::Items(_)) { "\n" } else { "\n\n" });
            }
            out.push_str(&write(block));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_markdown_or_plain_text() {
        let link = Run::Link { words: words!["Open ", taken("a_b.pdf")], url: "file:///a_b.pdf".into() };
        let card = Card::of([
            strong(words!["On ", taken("*Harbours*")]).into(),
            taken("Ada <b>\n Moss").into(),
            Run::Address("https://x.example".into()).into(),
        ])
        .items([words!["one"], words!["two: ", emphasis("2")]])
        .quotation([taken("It *silts*").into(), words![taken("moss2020"), ", ", own(format!("¶ {}", 3))]])
        .and(link)
        .above(Card::of([words!["The end."]]));
        assert_eq!(
            card.markdown(),
            "**On \\*Harbours\\***  \nAda \\<b> Moss  \n<https://x.example>\n- one\n- two: *2*\n\n\
             > It \\*silts\\*\n>\n> moss2020, ¶ 3\n\n[Open a_b.pdf](file:///a_b.pdf)\n\nThe end."
        );
        assert_eq!(
            card.plain(),
            "On *Harbours*\nAda <b> Moss\nhttps://x.example\n• one\n• two: 2\n\n\
             It *silts*\n\nmoss2020, ¶ 3\n\nOpen a_b.pdf\n\nThe end."
        );
    }

    #[test]
    fn lines_are_joined() {
        let joined = |keys: &[&str]| Line::joined(keys.iter().map(|key| taken(key).into()), " or ").plain();
        assert_eq!([joined(&[]), joined(&["a"]), joined(&["a", "b"])], ["", "a", "a or b"]);
    }
}
