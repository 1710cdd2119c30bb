//! Reads e-mails (RFC 5322) and mailboxes (RFC 4155): their plain text, or else their HTML. Quoted lines are
//! quotations. Attachments are named and not read.

use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use super::extract::{Extract, Part, Role};
use super::html;
use crate::corpus::source::{Furniture, Metadata};

/// Most messages read from a mailbox.
const MESSAGES: usize = 5_000;

/// Most bytes of words in a mailbox.
const MOST_BYTES: usize = 10_000_000;

/// Most attachments that are named.
const NAMED: usize = 5;

/// Programs wrap lines at 65 to 80 characters. A line that the next word would make longer than this was wrapped.
const WRAPPED: usize = 60;

/// Reads the e-mail or mailbox `bytes`.
///
/// # Errors
/// If nothing of it can be read. The message is for the user.
pub(super) fn read(bytes: &[u8]) -> Result<Extract, String> {
    let mut extract = Extract::default();
    let mut attached = Vec::new();
    if bytes.starts_with(b"From ") {
        let messages = messages(bytes);
        if messages.len() > MESSAGES {
            return Err(format!(
                "it has {} messages, more than the {MESSAGES} that are read",
                messages.len()
            ));
        }
        let mut bytes = 0;
        for message in messages {
            let Some(message) = MessageParser::default().parse(&message) else { continue };
            let subject = message.subject().map(tidy).filter(|subject| !subject.is_empty());
            let about: Vec<String> =
                [day(&message), authors(&message).into_iter().next()].into_iter().flatten().collect();
            let about = about.join(", ");
            let heading = match subject {
                Some(subject) if about.is_empty() => subject,
                Some(subject) => format!("{subject} ({about})"),
                None => about,
            };
            extract.parts.push(Part::new(Role::Heading(1), heading));
            let body = body(&message, &mut attached);
            bytes += body.iter().map(|part| part.words.len()).sum::<usize>();
            if bytes > MOST_BYTES {
                return Err(format!("it has more than {} MB of words", MOST_BYTES / 1_000_000));
            }
            extract.parts.extend(body);
        }
    } else {
        let message = MessageParser::default().parse(bytes).ok_or("it is damaged: it has no headers")?;
        let subject = message.subject().map(tidy).filter(|subject| !subject.is_empty());
        extract.metadata = Metadata {
            title: subject.clone(),
            authors: authors(&message),
            date: day(&message),
            ..Metadata::default()
        };
        extract.parts.extend(subject.map(|subject| Part::new(Role::Title, subject)));
        extract.parts.extend(body(&message, &mut attached));
    }
    extract.parts.retain(|part| !part.words.is_empty());
    let more = attached.len().saturating_sub(NAMED);
    attached.truncate(NAMED);
    match (attached.len(), more) {
        (0, _) => {}
        (1, 0) => extract.remarks.push(format!("The attachment {} was not read.", attached[0])),
        (_, 0) => extract.remarks.push(format!("The attachments {} were not read.", attached.join(", "))),
        (_, more) => {
            extract
                .remarks
                .push(format!("The attachments {} and {more} more were not read.", attached.join(", ")));
        }
    }
    if extract.parts.is_empty() && extract.remarks.is_empty() {
        extract.remarks.push("It has no words.".to_owned());
    }
    Ok(extract)
}

fn tidy(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The messages of a mailbox, each without the line that separates it.
fn messages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut blank = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if blank && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            // A line of the text that begins with `From ` was quoted.
            let quotes = line.iter().take_while(|byte| **byte == b'>').count();
            let escaped = quotes > 0 && line[quotes..].starts_with(b"From ");
            message.extend_from_slice(&line[usize::from(escaped)..]);
        }
        blank = line.trim_ascii().is_empty();
    }
    messages
}

fn authors(message: &Message<'_>) -> Vec<String> {
    let Some(from) = message.from() else { return Vec::new() };
    let all: Vec<_> = match from {
        Address::List(all) => all.iter().collect(),
        Address::Group(groups) => groups.iter().flat_map(|group| &group.addresses).collect(),
    };
    let named = all.into_iter().filter_map(|one| one.name.as_deref().or(one.address.as_deref()));
    named.map(tidy).filter(|name| !name.is_empty()).collect()
}

fn day(message: &Message<'_>) -> Option<String> {
    let date = message.date()?;
    (date.year > 1900 && (1..=12).contains(&date.month) && (1..=31).contains(&date.day))
        .then(|| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}

/// The parts of the text of `message`. The names of its attachments go to `attached`.
fn body(message: &Message<'_>, attached: &mut Vec<String>) -> Vec<Part> {
    let named = message.attachments().filter(|part| !matches!(part.body, PartType::Multipart(_)));
    attached.extend(named.filter_map(|part| part.attachment_name()).map(tidy));
    let mut parts = Vec::new();
    for id in &message.text_body {
        let Some(part) = message.parts.get(usize::try_from(*id).unwrap_or(usize::MAX)) else { continue };
        match &part.body {
            PartType::Text(words) => {
                let attribute = |name| part.content_type().and_then(|kind| kind.attribute(name));
                let flowed = attribute("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                let deletes = attribute("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
                parts.extend(plain(words, flowed.then_some(deletes)));
            }
            PartType::Html(words) => parts.extend(html::parts(words)),
            _ => {}
        }
    }
    parts
}

/// The parts of the plain text `words`. In `flowed` text (RFC 3676) a line that ends with a space continues, and the
/// space may be deleted.
fn plain(words: &str, flowed: Option<bool>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    // How deep the paragraph is quoted, and whether it is open and its last line continues.
    let (mut depth, mut open, mut continues) = (0, false, false);
    let mut last = 0;
    let mut signed = false;
    for line in words.lines() {
        let (level, line) = quoted(line, flowed.is_some());
        if line.trim_end() == "--" && level == 0 {
            (signed, open) = (true, false);
            continue;
        }
        if line.trim().is_empty() {
            open = false;
            continue;
        }
        let first = line.split_whitespace().next().unwrap_or_default().chars().count();
        let role = match (signed, level) {
            (true, _) => Role::Furniture(Furniture::Bio),
            (false, 0) => Role::Paragraph,
            (false, _) => Role::Quotation,
        };
        let trimmed = line.trim();
        match parts.last_mut() {
            Some(part) if open && level == depth && part.role == role => {
                let joins = match flowed {
                    Some(_) => continues,
                    None => last + 1 + first > WRAPPED,
                };
                match (joins, flowed) {
                    (true, Some(true)) => {}
                    (true, _) => part.words.push(' '),
                    (false, _) => part.words.push('\n'),
                }
                part.words.push_str(trimmed);
            }
            _ => {
                let mut part = Part::new(role, trimmed);
                part.why = signed.then(|| "a signature".into());
                parts.push(part);
            }
        }
        (depth, open, continues, last) = (level, true, line.ends_with(' '), line.trim_end().chars().count());
    }
    // Lines that the writer ended are paragraphs of their own.
    let lines = |part: Part| {
        let alone = |words: &str| Part { words: words.to_owned(), ..part.clone() };
        part.words.lines().map(alone).collect::<Vec<_>>()
    };
    parts.into_iter().flat_map(lines).collect()
}

/// How often `line` is quoted, and its words.
fn quoted(line: &str, flowed: bool) -> (usize, &str) {
    let mut level = 0;
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix('>') {
        level += 1;
        rest = inner;
        // `> > words`
        if !flowed && rest.starts_with(" >") {
            rest = &rest[1..];
        }
    }
    let stuffed = level > 0 || flowed;
    (level, if stuffed { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(extract: &Extract) -> Vec<String> {
        extract.parts.iter().map(|part| format!("{:?} {}", part.role, part.words)).collect()
    }

    #[test]
    fn an_email_has_its_subject_as_title_and_quotes_others() {
        let mail = "From: =?utf-8?q?Ada_K=C3=B6rn?= <ada@holm.example>\r\nTo: b@holm.example\r\nDate: Sun, 4 May 2031 10:00:00 +0200\r\n\
            Subject: Re: The\r\n weir\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            The gate was mended twice and never paid for by anyone in the town who=\r\n\r\nremembers Caf=E9 prices.\r\n\r\n> When did the keeper leave?\r\n> > Who asks?\r\n\r\nYours,\r\nAda\r\n\r\n-- \r\nAda K\r\n";
        let read = read(mail.as_bytes()).expect("an e-mail");
        assert_eq!(
            shown(&read),
            [
                "Title Re: The weir",
                "Paragraph The gate was mended twice and never paid for by anyone in the town who remembers Café prices.",
                "Quotation When did the keeper leave?",
                "Quotation Who asks?",
                "Paragraph Yours,",
                "Paragraph Ada",
                "Furniture(Bio) Ada K"
            ]
        );
        assert_eq!(read.metadata.authors, ["Ada Körn"]);
        assert_eq!(
            (read.metadata.title.as_deref(), read.metadata.date.as_deref()),
            (Some("Re: The weir"), Some("2031-05-04"))
        );
    }

    #[test]
    fn flowed_lines_continue() {
        let words = "The mill \nstood still.\nAll day.\n> It \n> did.\n From there.\n";
        let parts: Vec<String> = plain(words, Some(false)).into_iter().map(|part| part.words).collect();
        assert_eq!(parts, ["The mill stood still.", "All day.", "It did.", "From there."]);
    }

    #[test]
    fn attachments_are_named_and_plain_text_is_preferred() {
        let mail = "From: a@holm.example\nSubject: Minutes\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\
            Content-Type: multipart/alternative; boundary=y\n\n--y\nContent-Type: text/plain\n\nThe gate.\n--y\nContent-Type: text/html\n\n<p>The <b>gate</b>.</p>\n--y--\n\
            --x\nContent-Type: application/pdf; name=\"minutes.pdf\"\nContent-Disposition: attachment; filename=\"minutes.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--x--\n";
        let read = read(mail.as_bytes()).expect("an e-mail");
        assert_eq!(shown(&read), ["Title Minutes", "Paragraph The gate."]);
        assert_eq!(read.remarks, ["The attachment minutes.pdf was not read."]);
        let html = "From: a@holm.example\nSubject: Minutes\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>The <b>gate</b>.</p>\n";
        assert_eq!(
            shown(&super::read(html.as_bytes()).expect("an e-mail")),
            ["Title Minutes", "Paragraph The gate."]
        );
    }

    #[test]
    fn the_messages_of_a_mailbox_are_sections() {
        let mailbox = "From ada@holm.example Sun May  4 10:00:00 2031\nFrom: Ada <ada@holm.example>\nDate: Sun, 4 May 2031 10:00:00 +0200\nSubject: The weir\n\n\
            The gate was lost.\n\n>From here on nobody knows.\n\nFrom b@holm.example Mon May  5 10:00:00 2031\nFrom: b@holm.example\nSubject: Re: The weir\n\nWho said so?\n";
        let read = read(mailbox.as_bytes()).expect("a mailbox");
        assert_eq!(
            shown(&read),
            [
                "Heading(1) The weir (2031-05-04, Ada)",
                "Paragraph The gate was lost.",
                "Paragraph From here on nobody knows.",
                "Heading(1) Re: The weir (b@holm.example)",
                "Paragraph Who said so?"
            ]
        );
    }
}
