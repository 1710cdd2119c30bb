//! Tokenizes the marks in a block that matter to citations: brackets, semicolons, keys, and the quotation
//! marks and emphasis that shield their contents. Pairs them in one pass without interpreting them.

use super::labelled::Labelled;
use crate::text::Span;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A `[` that may open a citation group.
    Open,
    /// A `[` that cannot: the one of an inline note `^[`.
    Inert,
    /// The `[` of a link or the `![` of an image.
    Edge,
    /// A `]`, or the end of a link.
    Close,
    /// `;`
    Semicolon,
    /// A key. `example` marks the label of an example list item. `silent` keys take part in Pandoc's grammar,
    /// but we do not count them as citations.
    Key { suppress: bool, key: Span, silent: bool, example: bool },
    /// A quotation mark or a run of emphasis marks.
    Shield { mark: Mark, opens: bool, closes: bool },
    /// Something other than prose.
    Gap,
    /// Looks like a key but is not one.
    Plain,
}

/// The kind of a shield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Double,
    Single,
    /// Two tildes.
    Struck,
    /// Asterisks or underscores, and their number, at most 3.
    Run(u8, u8),
}

/// A token, and the index of the token it is paired with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) mate: Option<usize>,
}

/// Prefixes of cross-references that look like citations: Quarto's, before a dash
/// (<https://quarto.org/docs/authoring/cross-references.html>) …
const CROSS_REFERENCES: [&str; 22] = [
    "fig", "tbl", "sec", "eq", "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "prf", "sol",
    "rem", "alg", "nte", "tip", "wrn", "imp", "cau",
];

/// … and those of pandoc-crossref and pandoc-fignos, before a colon
/// (<https://lierdakil.github.io/pandoc-crossref/>).
const CROSS_REFERENCES_OF_FILTERS: [&str; 6] = ["fig", "tbl", "tab", "sec", "eq", "lst"];

/// Whether `key` looks like a cross-reference. Its first letter may be a capital, as at the start of a
/// sentence.
fn is_cross_reference(key: &str) -> bool {
    let Some(length) = key.find(['-', ':']) else { return false };
    let (kind, rest) = key.split_at(length);
    let all = if rest.starts_with(':') { &CROSS_REFERENCES_OF_FILTERS[..] } else { &CROSS_REFERENCES[..] };
    let same = |other: &str| {
        other.len() == kind.len() && other[..1].eq_ignore_ascii_case(&kind[..1]) && other[1..] == kind[1..]
    };
    kind.is_ascii() && !kind.is_empty() && all.iter().any(|other| same(other))
}

/// Whether `before` ends in an Obsidian link, right after its `[[` or a folder in it: `[[refs/`.
fn in_wikilink(before: &str) -> bool {
    let folders = before.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '-'));
    folders.ends_with("[[") && (before.ends_with("[[") || before.ends_with('/'))
}

/// The length in bytes of the host name at the start of `text`: `river.example`.
fn host(text: &str) -> Option<usize> {
    let length =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))).unwrap_or(text.len());
    let name = text[..length].trim_end_matches(['.', '-']);
    let labels = || name.split('.');
    let last = labels().next_back()?;
    (labels().count() > 1
        && labels().all(|label| !label.is_empty())
        && last.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic()))
    .then_some(name.len())
}

/// The tokens of the prose `pieces`, in order and paired. Keys that the text uses as labels are not citations.
pub(super) fn read(text: &str, pieces: &[Span], labelled: &Labelled) -> Vec<Token> {
    let mut lexer = Lexer { text, tokens: Vec::new(), url_end: 0, braces: Vec::new(), labelled };
    let mut previous: Option<Span> = None;
    for piece in pieces {
        if let Some(previous) = previous {
            lexer.gap(Span::new(previous.end, piece.start));
        }
        lexer.piece(*piece);
        previous = Some(*piece);
    }
    let mut tokens = lexer.tokens;
    pair(&mut tokens);
    behind_emphasis(&mut tokens);
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The end of the last bare URL.
    url_end: usize,
    /// Braces in the piece that may enclose a key, sorted.
    braces: Vec<(usize, usize)>,
    labelled: &'a Labelled,
}

impl Lexer<'_> {
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.tokens.push(Token { kind, span: Span::new(start, end), mate: None });
    }

    /// Tokenizes the gap between two pieces: the end of a link, the start of one, or something other than
    /// prose.
    fn gap(&mut self, span: Span) {
        let gap = &self.text[span.start..span.end];
        let closes = gap.starts_with(']');
        let opens = gap.ends_with('[');
        if closes {
            self.push(Kind::Close, span.start, span.end);
        }
        if opens {
            let start = if closes { span.end - 1 } else { span.start };
            self.push(Kind::Edge, start, span.end);
        }
        if !closes && !opens {
            self.push(Kind::Gap, span.start, span.end);
        }
    }

    fn piece(&mut self, piece: Span) {
        let bytes = &self.text.as_bytes()[..piece.end];
        self.braces = braces(self.text, piece);
        let mut at = piece.start;
        while at < piece.end {
            let byte = bytes[at];
            let next = bytes.get(at + 1).copied();
            match byte {
                b'\\' => {
                    // Only ASCII punctuation can be escaped, so both bytes are ASCII.
                    at += if next.is_some_and(|byte| byte.is_ascii_punctuation()) { 2 } else { 1 };
                    continue;
                }
                b'[' => {
                    if let Some(length) = footnote(&bytes[at..]) {
                        self.push(Kind::Gap, at, at + length);
                        at += length;
                        continue;
                    }
                    let inert = at > piece.start && bytes[at - 1] == b'^';
                    self.push(if inert { Kind::Inert } else { Kind::Open }, at, at + 1);
                }
                b']' => self.push(Kind::Close, at, at + 1),
                b';' => self.push(Kind::Semicolon, at, at + 1),
                b'&' => {
                    at += entity(&bytes[at..]).max(1);
                    continue;
                }
                b'"' => self.shield(Mark::Double, at, at + 1),
                b'\'' => self.shield(Mark::Single, at, at + 1),
                b':' if bytes[at..].starts_with(b"://")
                    && at > piece.start
                    && bytes[at - 1].is_ascii_alphanumeric()
                    && at >= self.url_end =>
                {
                    let stops = |c: &u8| c.is_ascii_whitespace() || b"<>\"];".contains(c);
                    self.url_end = bytes[at..].iter().position(stops).map_or(piece.end, |length| at + length);
                }
                b'@' => {
                    if let Some(end) = self.key(at, piece) {
                        at = end;
                        continue;
                    }
                }
                b'*' | b'_' | b'~' => {
                    let run = bytes[at..].iter().take_while(|other| **other == byte).count();
                    // Pandoc does not treat more than three as emphasis.
                    match u8::try_from(run) {
                        Ok(2) if byte == b'~' => self.shield(Mark::Struck, at, at + run),
                        Ok(length @ 1..=3) if byte != b'~' => {
                            self.shield(Mark::Run(byte, length), at, at + run)
                        }
                        Ok(_) | Err(_) => {}
                    }
                    at += run;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Reads the key at the `@` at `at`, pushes its token and returns its end.
    fn key(&mut self, at: usize, piece: Span) -> Option<usize> {
        let text = &self.text[..piece.end];
        let start_of_run = {
            let dashes =
                text.as_bytes()[piece.start..at].iter().rev().take(5).take_while(|b| **b == b'-').count();
            at - dashes
        };
        let behind_key = |offset: usize| {
            self.tokens
                .last()
                .is_some_and(|last| matches!(last.kind, Kind::Key { .. }) && last.span.end == offset)
        };
        let behind_word = |offset: usize| {
            offset > piece.start
                && !behind_key(offset)
                && (text[piece.start..offset].ends_with(char::is_alphanumeric)
                    // To Pandoc a period belongs to the word before it; three form an ellipsis.
                    || text[piece.start..offset].ends_with('.')
                        && !text[piece.start..offset].ends_with("..."))
        };
        if behind_word(at) {
            return None;
        }
        // Pandoc reads `--` and `---` as dashes, so only a fourth hyphen belongs to the key.
        let dashes = at - start_of_run;
        let suppress = dashes == 4 || dashes == 1 && !behind_word(start_of_run);
        let (key, end) = if text[at + 1..].starts_with('{') {
            let pair = self.braces.binary_search_by_key(&(at + 1), |pair| pair.0).ok()?;
            let close = self.braces[pair].1;
            (Span::new(at + 2, close), close + 1)
        } else {
            let mut end = simple(text, at + 1)?;
            // In an Obsidian link the key may be preceded by folders and followed by a heading or an alias.
            if in_wikilink(&text[piece.start..at]) {
                end = text[at..end].find(['#', '|']).map_or(end, |length| at + length);
                end -= if text[at..end].ends_with(".md") { ".md".len() } else { 0 };
            }
            // `@ada@river.example` is an address.
            if let Some(length) = text[end..].strip_prefix('@').and_then(host) {
                end += 1 + length;
                self.push(Kind::Plain, at, end);
                return Some(end);
            }
            (Span::new(at + 1, end), end)
        };
        let written = &text[key.start..key.end];
        let silent = at < self.url_end || is_cross_reference(written) || self.labelled.is_identifier(written);
        let example = self.labelled.is_example(written);
        let start = if suppress { at - 1 } else { at };
        self.push(Kind::Key { suppress, key, silent, example }, start, end);
        Some(end)
    }

    fn shield(&mut self, mark: Mark, start: usize, end: usize) {
        let (opens, closes) = sides(self.text, Span::new(start, end), mark);
        if opens || closes {
            self.push(Kind::Shield { mark, opens, closes }, start, end);
        }
    }
}

/// Whether a shield may open, and whether it may close.
fn sides(text: &str, span: Span, mark: Mark) -> (bool, bool) {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match mark {
        Mark::Double => (!space(after), true),
        Mark::Single => (!space(after) && !word(before), !word(after)),
        Mark::Run(b'_', _) => (!space(after) && !word(before), !word(after)),
        Mark::Struck => (!space(after), !space(before)),
        Mark::Run(..) => (!space(after), true),
    }
}

/// The length of the footnote reference `[^label]` at the start. Labels over 128 bytes are not recognized.
fn footnote(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"[^") {
        return None;
    }
    let near = &bytes[..bytes.len().min(130)];
    let length = near.iter().position(|byte| *byte == b']' || byte.is_ascii_whitespace())?;
    (length > 2 && near[length] == b']').then_some(length + 1)
}

/// The length of the entity (`&amp;`, `&#64;`) at the start, or 0. The longest in HTML takes 33 bytes.
fn entity(bytes: &[u8]) -> usize {
    let near = &bytes[1..bytes.len().min(34)];
    let name = near.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    if name > 1 && near.get(name) == Some(&b';') { name + 2 } else { 0 }
}

/// The end of the simple key that starts at `start`.
fn simple(text: &str, start: usize) -> Option<usize> {
    let mut chars = text[start..].char_indices().peekable();
    let (_, first) = chars.next()?;
    if !(first.is_alphanumeric() || first == '_' || first == '*') {
        return None;
    }
    let mut end = start + first.len_utf8();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let goes_on = c.is_alphanumeric()
            || c == '_'
            || ":.#$%&-+?<>~/".contains(c) && next.is_some_and(|next| next.is_alphanumeric() || next == '_')
            || (c == ':' || c == '/') && next == Some('/');
        if !goes_on {
            break;
        }
        end = start + at + c.len_utf8();
    }
    Some(end)
}

/// The pairs of braces in `piece` that enclose no whitespace, sorted by the opening one. Found in one pass,
/// because a run of `@{` would otherwise be rescanned for each key.
fn braces(text: &str, piece: Span) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    if !text[piece.start..piece.end].contains("@{") {
        return pairs;
    }
    for (at, c) in text[piece.start..piece.end].char_indices() {
        match c {
            '{' => open.push(piece.start + at),
            '}' => pairs.extend(open.pop().map(|open| (open, piece.start + at))),
            _ if c.is_whitespace() => open.clear(),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Pairs brackets, and shields within the same bracket. Takes one pass: each token is pushed and popped at
/// most once.
///
/// In Pandoc, unclosed emphasis extends to the end of the paragraph, past the bracket or quotation mark it
/// was opened in, which makes those literal.
fn pair(tokens: &mut [Token]) {
    let mut open = Openers::default();
    for index in 0..tokens.len() {
        match tokens[index].kind {
            Kind::Open | Kind::Inert | Kind::Edge => {
                open.brackets.push(open.stack.len());
                open.stack.push(index);
            }
            Kind::Close => {
                if let Some(place) = open.brackets.pop() {
                    let bracket = open.stack[place];
                    if open.forget_emphasis(place) == 0 || tokens[bracket].kind != Kind::Open {
                        join(tokens, bracket, index);
                    }
                    open.stack.truncate(place);
                }
            }
            Kind::Shield { mark: Mark::Run(byte, length), opens, closes } => {
                open.emphasis(tokens, index, (byte, length), opens, closes);
            }
            Kind::Shield { mark, opens, closes } => open.quote(tokens, index, mark, opens, closes),
            Kind::Semicolon | Kind::Key { .. } | Kind::Gap | Kind::Plain => {}
        }
    }
}

/// The tokens that are still open.
#[derive(Default)]
struct Openers {
    /// All of them in order, as token indices.
    stack: Vec<usize>,
    /// Positions of the brackets in `stack`.
    brackets: Vec<usize>,
    /// Positions of emphasis in `stack`, with its mark and the number of marks still to be closed.
    runs: Vec<(usize, u8, u8)>,
    /// Positions in `stack` of single quotation marks, strikeouts and double quotation marks, in that order.
    quotes: [Vec<usize>; 3],
}

impl Openers {
    /// The position in `stack` where the contents of the innermost bracket begin.
    fn floor(&self) -> usize {
        self.brackets.last().map_or(0, |place| place + 1)
    }

    /// Drops the emphasis above `place` and returns how many runs that was.
    fn forget_emphasis(&mut self, place: usize) -> usize {
        let kept = self.runs.iter().rposition(|run| run.0 <= place).map_or(0, |last| last + 1);
        let count = self.runs.len() - kept;
        self.runs.truncate(kept);
        count
    }

    /// Only the innermost emphasis can be closed. `***` may be closed in two steps, and may close two runs.
    fn emphasis(
        &mut self,
        tokens: &mut [Token],
        index: usize,
        (byte, length): (u8, u8),
        opens: bool,
        closes: bool,
    ) {
        let floor = self.floor();
        let top = self.runs.last().copied().filter(|run| run.0 >= floor && run.1 == byte && closes);
        if let Some((place, _, rest)) = top {
            if rest > length && rest == 3 {
                join(tokens, self.stack[place], index);
                if let Some(run) = self.runs.last_mut() {
                    run.2 = rest - length;
                }
                return;
            }
            let below = self.runs.len().checked_sub(2).map(|below| self.runs[below]);
            let both = below.filter(|run| run.0 >= floor && run.1 == byte && run.2 + rest == length);
            let closed = if rest == length { Some(place) } else { both.map(|run| run.0) };
            if let Some(closed) = closed {
                join(tokens, self.stack[place], index);
                join(tokens, self.stack[closed], index);
                self.runs.truncate(self.runs.len() - if closed == place { 1 } else { 2 });
                self.stack.truncate(closed);
                return;
            }
        }
        if opens {
            self.runs.push((self.stack.len(), byte, length));
            self.stack.push(index);
        }
    }

    fn quote(&mut self, tokens: &mut [Token], index: usize, mark: Mark, opens: bool, closes: bool) {
        let slot = match mark {
            Mark::Single => 0,
            Mark::Struck => 1,
            Mark::Double | Mark::Run(..) => 2,
        };
        // Drop openers that were popped along with their container.
        let stands = |stack: &[usize], place: usize| {
            stack.get(place).is_some_and(
                |token| matches!(tokens[*token].kind, Kind::Shield { mark: other, .. } if other == mark),
            )
        };
        while self.quotes[slot].last().is_some_and(|place| !stands(&self.stack, *place)) {
            self.quotes[slot].pop();
        }
        let floor = self.floor();
        let opener = self.quotes[slot].last().copied().filter(|place| *place >= floor);
        if let (Some(place), true) = (opener, closes) {
            if self.runs.last().is_some_and(|run| run.0 > place) {
                return;
            }
            join(tokens, self.stack[place], index);
            self.quotes[slot].pop();
            self.stack.truncate(place);
        } else if opens {
            self.quotes[slot].push(self.stack.len());
            self.stack.push(index);
        }
    }
}

/// As after a word, Pandoc reads no key directly after emphasis, and a `-` before the `@` is a hyphen.
fn behind_emphasis(tokens: &mut [Token]) {
    for index in 1..tokens.len() {
        let before = tokens[index - 1];
        let closed = matches!(before.kind, Kind::Shield { mark: Mark::Run(b'*' | b'_', _), .. })
            && before.mate.is_some_and(|mate| mate < index - 1)
            && before.span.end == tokens[index].span.start;
        if let (Kind::Key { suppress, key, silent, example }, true) = (tokens[index].kind, closed) {
            if suppress {
                tokens[index].kind = Kind::Key { suppress: false, key, silent, example };
                tokens[index].span.start += 1;
            } else {
                tokens[index].kind = Kind::Plain;
            }
        }
    }
}

fn join(tokens: &mut [Token], open: usize, close: usize) {
    tokens[open].mate = Some(close);
    tokens[close].mate = Some(open);
}
