//! Bytes to a [`Reading`]: bounded, total, and the same for the same message wherever it was delivered.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use data_encoding::HEXLOWER;
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(super) use listed::{attachment, file_parts};
use people::People;

use super::{
    body::{self, Body, guarded},
    containers::{self, smime, uuencode},
    forward,
    headers::{Headers, on_one_line},
    reading::{Attachment, Automated, Forwarded, Person, Reading},
    repair, screen, strip,
};

mod listed;
mod people;
#[cfg(test)]
mod tests;

/// What must be known about the council to read its mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadContext {
    /// Addresses of our own: the mailboxes that are read and the sender of our answers.
    pub own_addresses: Vec<String>,
    /// What the Message-IDs that we make end in, e.g. `@heard.council.example`; None if they cannot be told apart.
    pub own_domain_suffix_for_message_ids: Option<String>,
    /// Senders of web forms: the person is in Reply-To and may be answered there.
    pub form_senders: Vec<String>,
}

/// There is nothing in these bytes to read. They are kept; a person looks at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No header was found.
    #[error("this is not an email: it has no header; open the stored file to see what it is")]
    NotMail,
    /// A header, but neither sender nor subject nor words.
    #[error("this email has no sender, no subject and no text; open the stored file to see what it is")]
    Empty,
    /// The parser failed.
    #[error("this email could not be taken apart; it is stored whole and can be read again after an update")]
    Broken,
}

/// How deep attached messages are opened.
const DEEPEST_ATTACHED: usize = 6;
/// At most so many ids of `References` are kept: the last ones matter.
const MOST_REFERENCES: usize = 50;
/// Longest subject kept (bytes).
const LONGEST_SUBJECT: usize = 2_000;

/// Reads one message.
///
/// # Errors
///
/// [`Unreadable`] when there is neither a sender nor a subject nor any text.
pub fn read(raw: &[u8], context: &ReadContext) -> Result<Reading, Unreadable> {
    let bytes = repair::mended(raw);
    let first = guarded(|| read_mended(&bytes, context, 0)).unwrap_or(Err(Unreadable::Broken));
    match first {
        Ok(reading) => Ok(reading),
        // Mixed line ends hide everything from the parser.
        Err(fault) if raw.contains(&b'\r') => {
            let plain = repair::with_plain_line_ends(raw);
            let plain = repair::mended(&plain);
            guarded(|| read_mended(&plain, context, 0)).unwrap_or(Err(Unreadable::Broken)).map_err(|_| fault)
        }
        Err(fault) => Err(fault),
    }
}

/// When the topmost server, which is the council's own, says that it received the message.
#[must_use]
pub fn received_at(raw: &[u8]) -> Option<DateTime<Utc>> {
    header_instants(raw).1
}

/// The `Date` header and the topmost `Received` date; `raw` may be the beginning of a message only.
#[must_use]
pub fn header_instants(raw: &[u8]) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let header = repair::mended(raw);
    let header = header.get(..repair::header_length(&header)).unwrap_or_default();
    guarded(|| {
        let message = MessageParser::default().parse_headers(header)?;
        let received = message
            .parts
            .first()
            .and_then(|part| part.headers.iter().find(|h| h.name == HeaderName::Received))
            .and_then(|field| field.value.as_received()?.date)
            .and_then(|date| instant(&date));
        Some((date(&message, &Headers::of(&message)), received))
    })
    .flatten()
    .unwrap_or_default()
}

/// What `heard parse` prints.
#[must_use]
pub fn parse_json(reading: &Reading) -> Value {
    let forwarded = reading
        .forwarded
        .as_ref()
        .map(|f| json!({ "from": f.from, "to": f.to, "date": f.date, "subject": f.subject, "text": f.text }));
    json!({
        "author": reading.author,
        "date": reading.date,
        "subject": reading.subject,
        "visible_text": reading.visible_text,
        "quoted_text": reading.quoted_text,
        "forwarded": forwarded,
        "automated": reading.automated,
        "references": reading.references,
        "attachments": reading.attachments,
        "authentication": reading.authentication,
    })
}

fn read_mended(raw: &[u8], context: &ReadContext, depth: usize) -> Result<Reading, Unreadable> {
    let raw = &*smime::opened(raw);
    let apart = repair::attached_messages_apart(raw);
    let message = MessageParser::default().parse(apart.as_ref()).ok_or(Unreadable::NotMail)?;
    let headers = Headers::of(&message);
    let mut found = body::of(&message);
    if found.text.trim().is_empty() && !has_files(&message) {
        found.text = body::raw_text(raw);
    }
    if found.text.trim().is_empty() {
        found.text = containers::winmail_text(&message).unwrap_or_default();
    }
    found.text = named_again(&found.text);
    if let Some(readable) = containers::calendar_text(&found.text) {
        found.text = readable;
    }
    let in_text = uuencode::taken_out(&found.text).map_or_else(Vec::new, |(text, files)| {
        found.text = text;
        files
    });
    let people = People::of(&message, &headers, context);
    let subject = subject(&message, &headers);
    let nothing = people.author.is_none() && subject.is_empty() && found.text.trim().is_empty();
    if nothing {
        return Err(Unreadable::Empty);
    }
    let attachments = listed::attachments(&message, &found, &in_text);
    let message_id = ids(&message, &HeaderName::MessageId).into_iter().next();
    let parts = part_types(&message);
    let verdict = screen::judge(&screen::Signs {
        headers: &headers,
        authors: &people.from,
        authors_differ: people.differ,
        sender: people.sender.as_ref(),
        subject: &subject,
        text: &found.text,
        parts: &parts,
        message_id: message_id.as_deref(),
        own_addresses: &context.own_addresses,
        own_message_id_suffix: context.own_domain_suffix_for_message_ids.as_deref(),
        is_form: people.is_form,
        is_form_without_person: people.is_form_without_person,
    });
    let words = words(&message, &found, &subject, people.author.as_ref(), verdict.automated.as_ref(), depth);
    let date_text = headers.first("date").map(on_one_line).unwrap_or_default();
    let mut references = ids(&message, &HeaderName::References);
    if references.len() > MOST_REFERENCES {
        references.drain(..references.len() - MOST_REFERENCES);
    }
    let mut in_reply_to = ids(&message, &HeaderName::InReplyTo);
    in_reply_to.truncate(MOST_REFERENCES);
    Ok(Reading {
        content_hash: content_hash(people.author.as_ref(), &date_text, &subject, &found.text, &attachments),
        author: people.author,
        date: date(&message, &headers),
        subject,
        visible_text: words.visible,
        quoted_text: words.quoted,
        forwarded: words.forwarded,
        by_form: people.is_form,
        automated: verdict.automated,
        no_answer: verdict.no_answer,
        message_id,
        in_reply_to,
        references,
        recipients: people.recipients,
        reply_to: people.reply_to,
        attachments,
        sealed: containers::sealed(&message, &found.text).or(words.sealed),
        authentication: headers.first("authentication-results").map(|text| body::cut(text, 4_000).to_owned()),
    })
}

/// The text as it was before attached messages were set apart.
fn named_again(text: &str) -> String {
    let mut text = text.to_owned();
    for (apart, name) in [(repair::APART_RFC822, "message/rfc822"), (repair::APART_GLOBAL, "message/global")] {
        if text.contains(apart) {
            text = text.replace(apart, name);
        }
    }
    text
}

#[derive(Debug, Default)]
struct Words {
    visible: String,
    quoted: String,
    forwarded: Option<Forwarded>,
    sealed: Option<containers::Sealed>,
}

/// Divides the text: typed now, quoted, passed on.
fn words(
    message: &Message<'_>,
    found: &Body,
    subject: &str,
    author: Option<&Person>,
    automated: Option<&Automated>,
    depth: usize,
) -> Words {
    let is_report = matches!(automated, Some(Automated::Bounce | Automated::ReadReceipt));
    let mut words = Words::default();
    let attached = if is_report || depth >= DEEPEST_ATTACHED { None } else { attached(message, depth) };
    match attached {
        Some(inner) => {
            let split = strip::split(&found.text);
            words.visible = split.visible;
            words.quoted = split.quoted;
            words.sealed = inner.sealed;
            let own = inner.author.is_some() && inner.author.as_ref().map(|a| &a.address) == author.map(|a| &a.address);
            // An attached message that itself passes one on was written by whoever wrote the innermost.
            let (text, below) = match inner.forwarded {
                Some(deeper) if inner.visible_text.trim().is_empty() && !own => {
                    words.forwarded = Some(deeper);
                    return words;
                }
                Some(deeper) => (inner.visible_text, format!("{}\n{}", deeper.text, inner.quoted_text)),
                None => (inner.visible_text, inner.quoted_text),
            };
            add(&mut words.quoted, &below);
            if own {
                // Their own earlier message sent along is theirs to be heard, not a quotation.
                add(&mut words.visible, &text);
            } else {
                words.forwarded = Some(Forwarded {
                    from: inner.author,
                    to: recipients_text(&inner.recipients),
                    date: inner.date.map(|date| date.to_rfc3339()),
                    subject: Some(inner.subject),
                    text,
                    message_id: inner.message_id,
                });
            }
        }
        None => match forward::inline(&found.text, subject, author).filter(|_| !is_report) {
            Some(inline) if inline.own => {
                words.visible = inline.note;
                add(&mut words.visible, &inline.forwarded.text);
                words.quoted = inline.rest;
            }
            Some(inline) => {
                words.visible = inline.note;
                words.quoted = inline.rest;
                words.forwarded = Some(inline.forwarded);
            }
            None => {
                let split = strip::split(&found.text);
                words.visible = split.visible;
                words.quoted = split.quoted;
            }
        },
    }
    words
}

fn add(to: &mut String, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        if !to.is_empty() {
            to.push_str("\n\n");
        }
        to.push_str(text);
    }
}

fn recipients_text(people: &[Person]) -> Option<String> {
    let text: Vec<String> = people
        .iter()
        .map(|person| match &person.name {
            Some(name) => format!("{name} <{}>", person.address),
            None => person.address.clone(),
        })
        .collect();
    (!text.is_empty()).then(|| text.join(", "))
}

/// The first attached message that can be read.
fn attached(message: &Message<'_>, depth: usize) -> Option<Reading> {
    message.parts.iter().take(200).filter(|part| is_attached_message(&media_type(part.content_type()))).find_map(
        |part| {
            let bytes = match &part.body {
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.as_ref(),
                PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
                PartType::Message(_) | PartType::Multipart(_) => return None,
            };
            let inner = repair::mended(bytes);
            read_mended(&inner, &ReadContext::default(), depth + 1)
                .ok()
                .filter(|inner| inner.author.is_some() || !inner.subject.is_empty())
        },
    )
}

fn is_attached_message(kind: &str) -> bool {
    matches!(kind, "message/rfc822" | "message/global")
}

fn media_type(kind: Option<&mail_parser::ContentType<'_>>) -> String {
    let Some(kind) = kind else { return "text/plain".to_owned() };
    let name = match kind.subtype() {
        Some(sub) => format!("{}/{sub}", kind.ctype()),
        None => kind.ctype().to_owned(),
    };
    match name.to_ascii_lowercase() {
        name if name == repair::APART_RFC822 => "message/rfc822".to_owned(),
        name if name == repair::APART_GLOBAL => "message/global".to_owned(),
        name => name,
    }
}

fn part_types(message: &Message<'_>) -> Vec<(String, Option<String>)> {
    message
        .parts
        .iter()
        .take(1_000)
        .map(|part| {
            let kind = part.content_type();
            let parameter = kind
                .and_then(|kind| kind.attribute("method").or_else(|| kind.attribute("report-type")))
                .map(str::to_ascii_lowercase);
            (media_type(kind), parameter)
        })
        .collect()
}

fn has_files(message: &Message<'_>) -> bool {
    message.parts.iter().any(|part| matches!(part.body, PartType::Binary(_) | PartType::InlineBinary(_)))
}

fn subject(message: &Message<'_>, headers: &Headers) -> String {
    let first = message.parts.first().and_then(|part| {
        part.headers.iter().find(|h| h.name == HeaderName::Subject).and_then(|h| h.value.as_text().map(on_one_line))
    });
    let subject = first.filter(|s| !s.is_empty()).or_else(|| headers.first("thread-topic").map(on_one_line));
    body::cut(&subject.unwrap_or_default(), LONGEST_SUBJECT).to_owned()
}

fn ids(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<String> {
    let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    let Some(field) = fields.iter().find(|field| field.name == *name) else { return Vec::new() };
    let tidy = |id: &str| {
        let id = on_one_line(id.trim().trim_matches(['<', '>']));
        (!id.is_empty() && id.len() <= 998).then_some(id)
    };
    match &field.value {
        HeaderValue::Text(id) => tidy(id).into_iter().collect(),
        HeaderValue::TextList(list) => list.iter().filter_map(|id| tidy(id)).collect(),
        _ => Vec::new(),
    }
}

/// The `Date` header. A zone of more than 14 hours is none, whatever the parser makes of it.
fn date(message: &Message<'_>, headers: &Headers) -> Option<DateTime<Utc>> {
    static ZONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[+-](\d{2})(\d{2,})").ok());
    let zone = headers.first("date").and_then(|text| ZONE.as_ref()?.captures_iter(text).last());
    let part = |n: usize| zone.as_ref().and_then(|zone| zone.get(n)?.as_str().parse::<u32>().ok()).unwrap_or(0);
    if part(1) > 14 || part(2) > 59 {
        return None;
    }
    message.date().and_then(instant)
}

/// A date that exists, as an instant.
fn instant(date: &mail_parser::DateTime) -> Option<DateTime<Utc>> {
    let day = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))?;
    let time = day.and_hms_opt(u32::from(date.hour), u32::from(date.minute), u32::from(date.second.min(59)))?;
    if date.tz_hour > 15 || date.tz_minute > 59 || !(1970..=2200).contains(&date.year) {
        return None;
    }
    let seconds = i32::from(date.tz_hour) * 3600 + i32::from(date.tz_minute) * 60;
    let zone = FixedOffset::east_opt(if date.tz_before_gmt { -seconds } else { seconds })?;
    Some(zone.from_local_datetime(&time).single()?.to_utc())
}

/// SHA-256 over what every delivery of a message has in common. Fields are length-prefixed so that none runs into the next.
fn content_hash(author: Option<&Person>, date: &str, subject: &str, text: &str, files: &[Attachment]) -> String {
    let mut hash = Sha256::new();
    let mut feed = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    feed(author.map_or("", |person| &person.address));
    feed(date);
    feed(subject);
    feed(&on_one_line(text));
    for file in files {
        feed(&file.filename);
        feed(&file.size.to_string());
    }
    HEXLOWER.encode(&hash.finalize())
}
