//! Frames of the base protocol: header, blank line, JSON. Malformed input is reported once, and reading
//! resumes at the next header, wherever that begins: even directly after a body that was longer or shorter
//! than its header said, or that had none.

use std::io::{BufRead, Read};

use serde_json::Value;

/// Longest message accepted, in bytes: no brief is this long, and it would only fail later after filling
/// memory.
const LONGEST_MESSAGE: usize = 256 << 20;

/// Longest header line that is examined completely, in bytes; only the end of a longer one is.
const LONGEST_HEADER: usize = 8 << 10;

/// How much of a long line to keep: enough for a header that begins after other bytes.
const TAIL: usize = 128;

/// The field with the length of the body, in lower case.
const LENGTH: &str = "content-length";

// Error codes of JSON-RPC 2.0, section 5.1.
const PARSE_ERROR: i64 = -32700;
pub(super) const INVALID_REQUEST: i64 = -32600;

/// A message or event from the input.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Value),
    /// Code and message of the reply to unreadable input.
    Malformed(i64, String),
    End,
}

/// Reads frames until the input ends or `give` returns false.
pub(super) fn read(input: impl BufRead, give: &mut dyn FnMut(Incoming) -> bool) {
    let mut input = Input { back: Vec::new(), at: 0, input };
    // Whether unreadable input has been reported and we are looking for its end.
    let mut lost = false;
    while let Some(header) = header(&mut input) {
        let fault = match header.length {
            _ if header.stray && !lost => {
                Some((PARSE_ERROR, "Skipped bytes that are not a message.".to_owned()))
            }
            None if !lost => Some((PARSE_ERROR, "The header has no Content-Length.".to_owned())),
            Some(length) if length > LONGEST_MESSAGE => {
                let why = format!("A message of {length} bytes is too long; the limit is {LONGEST_MESSAGE}.");
                Some((INVALID_REQUEST, why))
            }
            _ => None,
        };
        if let Some((code, why)) = fault
            && !give(Incoming::Malformed(code, why))
        {
            return;
        }
        // Do not trust its length: a wrong one would swallow everything that follows.
        let Some(length) = header.length.filter(|length| *length <= LONGEST_MESSAGE) else {
            lost = true;
            continue;
        };
        let Some((body, whole)) = body(&mut input, length) else { break };
        if !whole {
            let why = format!("The message is shorter than the {length} bytes in its header.");
            input.put_back(body);
            lost = true;
            if !give(Incoming::Malformed(PARSE_ERROR, why)) {
                return;
            }
            continue;
        }
        let incoming = match parse(&body) {
            Ok(message) if message.is_object() => Incoming::Message(message),
            Ok(_) => Incoming::Malformed(INVALID_REQUEST, "A message must be one JSON object.".into()),
            Err(error) => Incoming::Malformed(PARSE_ERROR, format!("The message is not JSON: {error}.")),
        };
        lost = matches!(incoming, Incoming::Malformed(PARSE_ERROR, _));
        if lost {
            // The length may be wrong, and the next header may be in what was taken for the body.
            input.put_back(body);
        }
        if !give(incoming) {
            return;
        }
    }
    give(Incoming::End);
}

/// Reads a body of `length` bytes. Also returns whether it is complete: if the header of another message
/// comes first, the rest will never arrive. JSON itself cannot contain a header, because line breaks in
/// strings are escaped. `None` at the end of the input.
fn body(input: &mut impl BufRead, length: usize) -> Option<(Vec<u8>, bool)> {
    const NEXT: &[u8] = b"\r\n\r\n";
    // The longest header to look for begins this far before its blank line.
    const HEADER: usize = 64;
    let mut body = Vec::with_capacity(length.min(1 << 20));
    while body.len() < length {
        let read = input.fill_buf().ok().filter(|read| !read.is_empty())?;
        let taken = read.len().min(length - body.len());
        let looked = body.len().saturating_sub(HEADER);
        body.extend_from_slice(&read[..taken]);
        input.consume(taken);
        for at in memchr::memmem::find_iter(&body[looked..], NEXT) {
            let before = &body[..looked + at];
            let line =
                memchr::memmem::rfind(&before[before.len().saturating_sub(HEADER)..], b"Content-Length: ");
            let digits = line.map(|at| &before[before.len().saturating_sub(HEADER) + at + 16..]);
            if digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)) {
                return Some((body, false));
            }
        }
    }
    Some((body, true))
}

/// The contents of a header.
#[derive(Debug, Default)]
struct Header {
    /// The length of the body, in bytes.
    length: Option<usize>,
    /// Whether other bytes came before it.
    stray: bool,
}

/// Reads a header up to its blank line; `None` at the end of the input. Blank lines before it are ignored.
fn header(input: &mut impl BufRead) -> Option<Header> {
    let mut header = Header::default();
    let mut begun = false;
    loop {
        let line = line(input)?;
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            if begun {
                return Some(header);
            }
            continue;
        }
        begun = true;
        match text.split_once(':') {
            // Header field names are case-insensitive.
            Some((name, value)) if name.trim().eq_ignore_ascii_case(LENGTH) => {
                let length = value.trim().parse().ok();
                // Of two that differ the shorter: waiting for bytes that never come would hold up all that follows,
                // while a body that was cut short is refused at once.
                header.length = match header.length {
                    Some(before) => Some(length.map_or(before, |length: usize| length.min(before))),
                    None => length,
                };
            }
            Some((name, _)) if is_field_name(name) => {}
            _ => {
                header.stray = true;
                header.length = length_at_end(text).or(header.length);
            }
        }
    }
}

fn is_field_name(name: &str) -> bool {
    let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    // With letters right before it, this is the one field that counts.
    !name.is_empty() && name.bytes().all(of_a_name) && !name.to_ascii_lowercase().ends_with(LENGTH)
}

/// The length given by a header that begins in the middle of a line. It cannot be part of an intact body,
/// because JSON has no line breaks in strings.
fn length_at_end(line: &str) -> Option<usize> {
    let from = line.to_ascii_lowercase().rfind(LENGTH)? + LENGTH.len();
    line[from..].trim_start().strip_prefix(':')?.trim().parse().ok()
}

/// Reads a line with its line break, keeping only the end of a very long one; `None` at the end of the input.
fn line(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let read = input.by_ref().take(LONGEST_HEADER as u64).read_until(b'\n', &mut line).ok()?;
        if read == 0 {
            return None;
        }
        if line.ends_with(b"\n") {
            return Some(line);
        }
        line.drain(..line.len().saturating_sub(TAIL));
    }
}

/// An input to which bytes can be returned.
struct Input<R> {
    back: Vec<u8>,
    at: usize,
    input: R,
}

impl<R> Input<R> {
    fn put_back(&mut self, mut bytes: Vec<u8>) {
        bytes.extend_from_slice(&self.back[self.at..]);
        (self.back, self.at) = (bytes, 0);
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.back.len() {
            return self.input.read(into);
        }
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.at == self.back.len() { self.input.fill_buf() } else { Ok(&self.back[self.at..]) }
    }

    fn consume(&mut self, amount: usize) {
        if self.at == self.back.len() {
            self.input.consume(amount);
        } else {
            self.at += amount;
            if self.at == self.back.len() {
                (self.back, self.at) = (Vec::new(), 0);
            }
        }
    }
}

/// Parses the JSON in `body`. An unpaired UTF-16 surrogate, which some editors send after splitting a pair,
/// is read as U+FFFD: it has the same width, and skipping the change would misplace all later ones.
fn parse(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(body).or_else(|error| match without_half_pairs(body) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// `None` if there is nothing to replace.
fn without_half_pairs(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut mended = None;
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'\\', &body[at..]) {
        at += step;
        match (unit(at), unit(at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => at += 12,
            (Some(0xd800..0xe000), _) => {
                mended.get_or_insert_with(|| body.to_vec())[at..at + 6].copy_from_slice(b"\\ufffd");
                at += 6;
            }
            // Together with the escaped character, which may be a backslash.
            _ => at += 2,
        }
        if at > body.len() {
            break;
        }
    }
    mended
}
