//! Reads web pages saved as MHTML (RFC 2557): the page is the first part in HTML, or the one that the file names
//! as its start. Pictures and styles are ignored.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::extract::Extract;
use super::{decode, html};

/// Most parts looked at. A saved page has one for each picture and style, some hundreds.
const PARTS: usize = 5000;
/// Longest header of the file or of a part, in bytes.
const HEADER: usize = 64 * 1024;

/// How far into a file the type of its contents may be.
const WITHIN: usize = 4096;

/// Returns true if a file with first bytes `head` is a saved page: a message that a browser wrote, or one of
/// related parts that begins with a page.
pub(super) fn begins(head: &[u8]) -> bool {
    if head.starts_with(b"From: <Saved by ") {
        return true;
    }
    let head = &head[..head.len().min(WITHIN)];
    // A header, rather than a text that mentions one.
    let named = head.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'-')).unwrap_or(0);
    if named == 0 || head.get(named) != Some(&b':') {
        return false;
    }
    let (header, _) = Header::split(head);
    header.field("mime-version").is_some()
        && header.field("content-type").is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            kind.starts_with("multipart/related") && kind.contains("text/html")
        })
        // An e-mail has somebody to whom it was sent.
        && header.field("to").is_none()
}

/// Takes apart the page in `bytes`.
///
/// # Errors
/// If there is no page in it. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let (top, body) = Header::split(bytes);
    let place = |header: &Header| {
        header.field("snapshot-content-location").or_else(|| header.field("content-location"))
    };
    let start = top.field("content-type").and_then(|kind| parameter(&kind, "start"));
    let mut pages: Vec<(Header, &[u8])> = Vec::new();
    let mut count = 0;
    // Parts may have parts: the page with its alternatives in plain text.
    let mut waiting = vec![(top.clone(), body)];
    while let Some((header, body)) = waiting.pop() {
        let kind = header.field("content-type").unwrap_or_default();
        let lower = kind.to_ascii_lowercase();
        if lower.starts_with("multipart/") {
            let Some(boundary) = parameter(&kind, "boundary").filter(|boundary| !boundary.is_empty()) else {
                continue;
            };
            let parts = parts(body, &boundary, PARTS - count);
            count += parts.len();
            waiting.extend(parts.into_iter().rev().map(Header::split));
        } else if lower.starts_with("text/html") || lower.starts_with("application/xhtml") {
            pages.push((header, body));
        }
        if count >= PARTS {
            break;
        }
    }
    let saved = place(&top);
    let is_start = |header: &Header| {
        let id = header.field("content-id");
        (start.is_some() && id == start) || (saved.is_some() && header.field("content-location") == saved)
    };
    let at = pages.iter().position(|(header, _)| is_start(header)).unwrap_or(0);
    let (header, body) = pages.get(at).ok_or("it has no part in HTML")?;
    let text = text(header, body)?;
    let (parts, mut metadata) = html::document(&text);
    let url = saved
        .or_else(|| place(header))
        .filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    metadata.url = url.or(metadata.url);
    Ok(Extract { parts, metadata, ..Extract::default() })
}

/// The words of a part, decoded.
fn text(header: &Header, body: &[u8]) -> Result<String, String> {
    let coding = header.field("content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
    let bytes = match coding.trim() {
        "quoted-printable" => quoted_printable(body),
        "base64" => base64(body),
        _ => body.to_vec(),
    };
    let charset = header.field("content-type").and_then(|kind| parameter(&kind, "charset"));
    match charset.and_then(|label| Encoding::for_label(label.as_bytes())) {
        Some(encoding) if std::str::from_utf8(&bytes).is_err() => Ok(encoding.decode(&bytes).0.into_owned()),
        _ => decode(&bytes).map(Cow::into_owned),
    }
}

/// The fields of a header.
#[derive(Clone, Default)]
struct Header {
    /// With names in lower case.
    fields: Vec<(String, String)>,
}

impl Header {
    /// Splits `bytes` after the empty line that ends the header.
    fn split(bytes: &[u8]) -> (Self, &[u8]) {
        let mut header = Self::default();
        let mut at = 0;
        while at < bytes.len().min(HEADER) {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
            let line = String::from_utf8_lossy(bytes[at..end].trim_ascii_end()).into_owned();
            at = end;
            if line.is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = header.fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                header.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        (header, &bytes[at..])
    }

    fn field(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone())
    }
}

/// The parameter `name` of a field: `text/html; charset="utf-8"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The parts of `body` between lines with `boundary`, at most `most`.
fn parts<'b>(body: &'b [u8], boundary: &str, most: usize) -> Vec<&'b [u8]> {
    let line = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut from = None;
    for at in memchr::memmem::find_iter(body, line.as_bytes()) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        if let Some(from) = from {
            parts.push(&body[from..at]);
        }
        let after = at + line.len();
        if body[after..].starts_with(b"--") || parts.len() >= most {
            return parts;
        }
        from = Some(memchr::memchr(b'\n', &body[after..]).map_or(body.len(), |end| after + end + 1));
    }
    // A file may be cut off.
    parts.extend(from.map(|from| &body[from..]));
    parts
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'=' {
            out.push(body[at]);
            at += 1;
            continue;
        }
        let digit = |at: usize| {
            body.get(at)
                .and_then(|byte| char::from(*byte).to_digit(16))
                .and_then(|digit| u8::try_from(digit).ok())
        };
        match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            _ if body[at + 1..].starts_with(b"\r\n") => at += 3,
            _ if body[at + 1..].starts_with(b"\n") => at += 2,
            _ => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out
}

fn base64(body: &[u8]) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in body.iter().take_while(|byte| **byte != b'=').filter_map(|byte| value(*byte)) {
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xff).unwrap_or(0));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAVED: &str = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/gate\r\nSubject: Gate\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"----Part--x\"\r\n\r\n\r\n------Part--x\r\nContent-Type: text/css\r\n\r\np { }\r\n\
        ------Part--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://ads.example/\r\n\r\n<p>Buy=\r\n now</p>\r\n\
        ------Part--x\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://gazette.example/gate\r\n\r\n\
        <html lang=3D\"en\"><meta name=3D\"author\" content=3D\"Ilse Korn\"><h1>The g=C3=A2te</h1><p>The miller has kept the gate shut si=\r\nnce spring.</p>\r\n------Part--x--\r\n";

    fn words(extract: &Extract) -> Vec<&str> {
        extract.parts.iter().map(|part| part.words.as_str()).collect()
    }

    #[test]
    fn the_page_is_the_part_that_was_saved() {
        let read = read(SAVED.as_bytes()).expect("a page");
        assert_eq!(words(&read), ["The gâte", "The miller has kept the gate shut since spring."]);
        assert_eq!(read.metadata.url.as_deref(), Some("https://gazette.example/gate"));
        assert_eq!(read.metadata.authors, ["Ilse Korn"]);
    }

    #[test]
    fn a_page_may_be_cut_off_in_base64_or_missing() {
        let message = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; type=text/html\n\n--b\nContent-Type: text/html; charset=windows-1252\n\
             Content-Transfer-Encoding: base64\n\nPHA+VGhlIGfi\ndGUgaXMgc2h1dC48L3A+\n";
        assert!(begins(message.as_bytes()));
        assert_eq!(words(&read(message.as_bytes()).expect("a page")), ["The gâte is shut."]);
        assert!(read(b"MIME-Version: 1.0\nContent-Type: image/png\n\nx").is_err());
        assert!(read(b"").is_err());
    }

    #[test]
    fn mail_and_texts_are_no_saved_pages() {
        for text in [
            "To: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=x\n\n",
            "Saved pages begin with MIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"\n",
            "MIME-Version: 1.0\nContent-Type: text/plain\n\nText",
            "",
        ] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn damaged_files_do_no_harm(cut in 0..SAVED.len(), at in 0..SAVED.len(), byte in any::<u8>()) {
            let mut bytes = SAVED.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = read(&bytes[..cut]);
        }
    }
}
