//! The marks in a block that matter to citations: brackets, semicolons, keys, and the quotation
//! marks and emphasis that shield what they hold. Pairs them in one pass; gives them no meaning.

use crate::text::Span;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `[` that may open a citation group.
    Open,
    /// `[` that can't: of an inline note `^[`.
    Inert,
    /// The `[` of a link or the `![` of an image.
    Edge,
    /// `]`, or the end of a link.
    Close,
    /// `;`
    Semicolon,
    /// A key. `example` is the label of an example list's item; `silent` ones have a part in Pandoc's grammar but are no citations to us.
    Key { suppress: bool, key: Span, silent: bool, example: bool },
    /// A quotation mark or a run of emphasis marks.
    Shield { mark: Mark, opens: bool, closes: bool },
    /// Something that is not prose.
    Gap,
}

/// What kind of shield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Double,
    Single,
    /// Asterisks, underscores or tildes, and how many of them, at most 3.
    Run(u8, u8),
}

/// One token, and the index of the token it is paired with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
    pub(super) mate: Option<usize>,
}

/// Quarto's cross-references are written like citations (<https://quarto.org/docs/authoring/cross-references.html>).
const CROSS_REFERENCES: [&str; 18] = [
    "fig-", "tbl-", "sec-", "eq-", "lst-", "thm-", "lem-", "cor-", "prp-", "cnj-", "def-", "exm-", "exr-",
    "nte-", "tip-", "wrn-", "imp-", "cau-",
];

/// The tokens of the prose `pieces`, in order, paired. `examples` are the labels of example lists,
/// sorted.
pub(super) fn read(text: &str, pieces: &[Span], examples: &[&str]) -> Vec<Token> {
    let mut lexer = Lexer { text, tokens: Vec::new(), url_end: 0, braces: Vec::new(), examples };
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
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// Where the bare URL ends that was met last.
    url_end: usize,
    /// Braces of the piece that may hold a key, sorted.
    braces: Vec<(usize, usize)>,
    examples: &'a [&'a str],
}

impl Lexer<'_> {
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.tokens.push(Token { kind, span: Span::new(start, end), mate: None });
    }

    /// Between two pieces: the end of a link, the start of one, or something that is not prose.
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
                    // Only ASCII punctuation can be escaped; both bytes are ASCII then.
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
                    if byte != b'~' || run == 2 {
                        let length = u8::try_from(run.min(3)).unwrap_or(3);
                        self.shield(Mark::Run(byte, length), at, at + run);
                    }
                    at += run;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// The key at the `@` at `at`, pushed; where it ends.
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
                    // A period goes with the word to Pandoc; three are an ellipsis.
                    || text[piece.start..offset].ends_with('.')
                        && !text[piece.start..offset].ends_with("..."))
        };
        if behind_word(at) {
            return None;
        }
        // `--` and `---` are dashes to Pandoc, so that a fourth stands before the key.
        let dashes = at - start_of_run;
        let suppress = dashes == 4 || dashes == 1 && !behind_word(start_of_run);
        let (key, end) = if text[at + 1..].starts_with('{') {
            let pair = self.braces.binary_search_by_key(&(at + 1), |pair| pair.0).ok()?;
            let close = self.braces[pair].1;
            (Span::new(at + 2, close), close + 1)
        } else {
            let end = simple(text, at + 1)?;
            (Span::new(at + 1, end), end)
        };
        let written = &text[key.start..key.end];
        let silent = at < self.url_end || CROSS_REFERENCES.iter().any(|prefix| written.starts_with(prefix));
        let example = self.examples.binary_search(&written).is_ok();
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
        Mark::Run(b'_', _) => (!space(after) && !word(before), !space(before) && !word(after)),
        Mark::Run(..) => (!space(after), !space(before)),
    }
}

/// Length of the footnote reference `[^label]` at the start; a longer label than 128 bytes is none.
fn footnote(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"[^") {
        return None;
    }
    let near = &bytes[..bytes.len().min(130)];
    let length = near.iter().position(|byte| *byte == b']' || byte.is_ascii_whitespace())?;
    (length > 2 && near[length] == b']').then_some(length + 1)
}

/// Length of the entity (`&amp;`, `&#64;`) at the start, or 0. HTML's longest has 33 bytes.
fn entity(bytes: &[u8]) -> usize {
    let near = &bytes[1..bytes.len().min(34)];
    let name = near.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    if name > 1 && near.get(name) == Some(&b';') { name + 2 } else { 0 }
}

/// Where the simple key that starts at `start` ends.
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

/// The pairs of braces in `piece` with no white space between, sorted by the opening one. Found in
/// one pass, since a run of `@{` would be read again and again otherwise.
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

/// Pairs brackets, and shields that stand in the same bracket. One pass: a token is pushed and
/// popped at most once.
fn pair(tokens: &mut [Token]) {
    let mut stack: Vec<usize> = Vec::new();
    // Positions in `stack` of each kind's openers.
    let mut brackets: Vec<usize> = Vec::new();
    let mut shields: Vec<(Mark, Vec<usize>)> = Vec::new();
    for index in 0..tokens.len() {
        match tokens[index].kind {
            Kind::Open | Kind::Inert | Kind::Edge => {
                brackets.push(stack.len());
                stack.push(index);
            }
            Kind::Close => {
                if let Some(place) = brackets.pop() {
                    join(tokens, stack[place], index);
                    stack.truncate(place);
                }
            }
            Kind::Shield { mark, opens, closes } => {
                let slot = match shields.iter().position(|(other, _)| *other == mark) {
                    Some(slot) => slot,
                    None => {
                        shields.push((mark, Vec::new()));
                        shields.len() - 1
                    }
                };
                let places = &mut shields[slot].1;
                // Openers that were popped with a bracket are forgotten here.
                while places.last().is_some_and(|place| {
                    stack.get(*place).is_none_or(
                        |token| !matches!(tokens[*token].kind, Kind::Shield { mark: other, .. } if other == mark),
                    )
                }) {
                    places.pop();
                }
                let floor = brackets.last().copied();
                let opener = places.last().copied().filter(|place| floor.is_none_or(|floor| *place > floor));
                if let (Some(place), true) = (opener, closes) {
                    join(tokens, stack[place], index);
                    places.pop();
                    stack.truncate(place);
                } else if opens {
                    places.push(stack.len());
                    stack.push(index);
                }
            }
            Kind::Semicolon | Kind::Key { .. } | Kind::Gap => {}
        }
    }
}

fn join(tokens: &mut [Token], open: usize, close: usize) {
    tokens[open].mate = Some(close);
    tokens[close].mate = Some(open);
}
