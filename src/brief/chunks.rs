//! Captions in code chunks, which knitr and Quarto render as Markdown: an option in the chunk's first line
//! (`fig.cap="…"`) or in the lines right below it (`#| fig-cap: …`).

use std::ops::Range;

use super::block::{Block, BlockKind};
use super::dialect::is_caption;
use crate::text::Span;

/// Adds the captions of the code chunks in `code` to `blocks`.
pub(super) fn captions(text: &str, code: &[Span], blocks: &mut Vec<Block>) {
    let mut found: Vec<Vec<Span>> = Vec::new();
    for code in code {
        let chunk = &text[code.start..code.end];
        let mut lines = chunk.split_inclusive('\n');
        let Some(head) = lines.next() else { continue };
        if !head.trim_start_matches(['`', '~']).trim_start().starts_with('{') || !head.starts_with(['`', '~'])
        {
            continue;
        }
        found.extend(
            in_head(head).map(|value| vec![Span::new(code.start + value.start, code.start + value.end)]),
        );
        let mut at = code.start + head.len();
        let mut caption: Option<(usize, Vec<Span>)> = None;
        for line in lines {
            let start = at;
            at += line.len();
            let Some(option) = option(line) else { break };
            let words = line[option..].trim_end();
            let column = words.len() - words.trim_start().len();
            let value = Span::new(start + option + column, start + option + words.len());
            // Lines indented further continue the caption.
            if let Some((parent, pieces)) = &mut caption
                && (column > *parent
                    || words.trim().is_empty()
                    || words.trim_start().starts_with("- ") && column == *parent)
            {
                pieces.push(value);
                continue;
            }
            found.extend(caption.take().map(|(_, pieces)| pieces));
            if let Some((name, rest)) = words.split_once(':')
                && is_caption(name.trim())
            {
                let rest_start = start + option + name.len() + 1;
                caption = Some((column, vec![Span::new(rest_start, rest_start + rest.len())]));
            }
        }
        found.extend(caption.map(|(_, pieces)| pieces));
    }
    for pieces in found {
        let prose: Vec<Span> = pieces.into_iter().filter_map(|piece| unmarked(text, piece)).collect();
        let (Some(first), Some(last)) = (prose.first(), prose.last()) else { continue };
        blocks.push(Block {
            kind: BlockKind::Paragraph,
            span: Span::new(first.start, last.end),
            quote_depth: 0,
            quote: None,
            footnote: None,
            prose,
        });
    }
    blocks.sort_by_key(|block| (block.span.start, block.span.end));
}

/// The value of `fig.cap` or a similar option in a chunk's first line, without quotation marks.
fn in_head(head: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = head[from..].find('=') {
        let equals = from + found;
        from = equals + 1;
        let name = head[..equals].trim_end();
        let name = name.rsplit([' ', ',', '{', '\t']).next().unwrap_or_default();
        let value = equals + 1 + (head[equals + 1..].len() - head[equals + 1..].trim_start().len());
        let Some(mark) = head[value..].chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let length = head[value + 1..].find(mark)?;
        if is_caption(name) {
            return Some(value + 1..value + 1 + length);
        }
        from = value + 1 + length + 1;
    }
    None
}

/// The offset just past `#|`, `//|`, `--|` or `%%|` in an option line.
fn option(line: &str) -> Option<usize> {
    let lead = line.len() - line.trim_start().len();
    ["#|", "//|", "--|", "%%|"]
        .iter()
        .find(|mark| line[lead..].starts_with(*mark))
        .map(|mark| lead + mark.len())
}

/// A YAML value without its quotation marks, list dash or block scalar indicator.
fn unmarked(text: &str, mut piece: Span) -> Option<Span> {
    let trim = |piece: Span| {
        let written = &text[piece.start..piece.end];
        let start = piece.start + (written.len() - written.trim_start().len());
        Span::new(start, start + written.trim().len())
    };
    piece = trim(piece);
    if text[piece.start..piece.end].starts_with("- ") {
        piece = trim(Span::new(piece.start + 2, piece.end));
    }
    let written = &text[piece.start..piece.end];
    if matches!(written, "|" | ">" | "|-" | ">-" | "|+" | ">+") {
        return None;
    }
    let mark = written.chars().next()?;
    if matches!(mark, '"' | '\'') && written.len() > 1 && written.ends_with(mark) {
        piece = Span::new(piece.start + 1, piece.end - 1);
    }
    (!piece.is_empty()).then_some(piece)
}

#[cfg(test)]
mod tests {
    use crate::brief::Brief;
    use crate::text::Text;

    fn keys(text: &str) -> Vec<String> {
        Brief::read(Text::new(text)).citations.into_iter().map(|citation| citation.key).collect()
    }

    #[test]
    fn captions_of_chunks_cite() {
        assert_eq!(keys("```{r, fig.cap=\"By @a, p. 3\", echo=FALSE}\nx@slot\n```\n\nSee @b.\n"), ["a", "b"]);
        assert_eq!(keys("```{r p, out.width='50%', fig.cap='As in [@a]'}\nx@slot\n```\n"), ["a"]);
        assert_eq!(keys("```{python}\n#| label: fig-x\n#| fig-cap: \"From [@a]\"\n@property\n```\n"), ["a"]);
        assert_eq!(
            keys("```{r}\n#| fig-cap:\n#|   - \"From [@a]\"\n#|   - As in @b\n#| echo: false\nx@c\n```\n"),
            ["a", "b"]
        );
        assert_eq!(
            keys("```{ojs}\n//| tbl-cap: |\n//|   From @a\n//|   and @b\n//| warning: \"@c\"\n```\n"),
            ["a", "b"]
        );
    }

    #[test]
    fn nothing_else_in_code_cites() {
        assert_eq!(keys("```{r, fig.alt=\"By @a\"}\nfig.cap = \"@b\"\n#| fig-cap: \"@c\"\n```\n"), [""; 0]);
        assert_eq!(keys("```r\n#| fig-cap: \"@c\"\n```\n\n`fig.cap=\"@d\"`\n"), [""; 0]);
    }
}
