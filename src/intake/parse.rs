//! Bytes to a [`Reading`]: bounded, total, and the same for the same message wherever it was delivered.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use data_encoding::HEXLOWER;
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MimeHeaders, PartType};
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use bounded::read_bytes;
pub(super) use listed::{attachment, file_parts};
use people::People;
use words::Source;

use super::{
    body::{self, Body, guarded},
    bounce,
    containers::{self, smime, uuencode},
    headers::{Headers, on_one_line},
    outline::{self, Outline, Outliner},
    reading::{Attachment, Automated, Forwarded, Person, Reading},
    repair, screen,
};

mod bounded;
mod listed;
mod people;
#[cfg(test)]
mod tests;
mod words;

/// What must be known about the council to read its mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadContext {
    /// Addresses of our own: the mailboxes that are read and the sender of our answers.
    pub own_addresses: Vec<String>,
    /// What the Message-IDs that we make end in, e.g. `@heard.council.example`; None if they cannot be told apart.
    pub own_domain_suffix_for_message_ids: Option<String>,
    /// Senders of web forms: the person is in Reply-To and may be answered there.
    pub form_senders: Vec<String>,
    /// The council's own domains: a form that writes from them is recognised, also when it is not on the list.
    pub staff_domains: Vec<String>,
    /// The receiving servers whose `Authentication-Results` are believed. Empty: the topmost field alone.
    pub trusted_servers: Vec<String>,
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

/// At most so many ids of `References` are kept: the last ones matter.
const MOST_REFERENCES: usize = 50;
/// Longest subject kept (bytes).
const LONGEST_SUBJECT: usize = 2_000;

/// Reads one message.
///
/// What goes beyond a limit is read as far as the limit, and the reading says so ([`Reading::beyond`]).
///
/// # Errors
///
/// [`Unreadable`] when there is neither a sender nor a subject nor any text.
pub fn read(raw: &[u8], context: &ReadContext) -> Result<Reading, Unreadable> {
    if !outline::is_needed(raw) {
        return read_bytes(raw, context);
    }
    let mut outliner = Outliner::new(outline::Limits::default());
    outliner.push(raw);
    read_outline(&outliner.finish(), context)
}

/// Reads a message by its outline: the same as [`read`] of all its bytes.
///
/// # Errors
///
/// As [`read`].
pub fn read_outline(outline: &Outline, context: &ReadContext) -> Result<Reading, Unreadable> {
    let mut reading = read_bytes(&outline.bytes, context)?;
    let known = reading.beyond;
    reading.beyond = outline.beyond.clone();
    reading.beyond.extend(known);
    Ok(reading)
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
    // All that stands below the original header, as other programs understand "text".
    let text = |f: &Forwarded| f.whole.clone().unwrap_or_else(|| f.text.clone());
    let show =
        |f: &Forwarded| json!({ "from": f.from, "to": f.to, "date": f.date, "subject": f.subject, "text": text(f) });
    let forwarded = reading.forwarded.as_ref().map(show);
    let mut shown = json!({
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
    });
    if let (false, Some(shown)) = (reading.also_forwarded.is_empty(), shown.as_object_mut()) {
        shown.insert("also_forwarded".into(), reading.also_forwarded.iter().map(show).collect());
    }
    shown
}

fn read_mended(raw: &[u8], context: &ReadContext, depth: usize) -> Result<Reading, Unreadable> {
    let raw = &*smime::opened(raw);
    let apart = repair::attached_messages_apart(raw);
    let message = MessageParser::default().parse(apart.as_ref()).ok_or(Unreadable::NotMail)?;
    let headers = Headers::of(&message);
    let mut people = People::of(&message, &headers, context);
    let subject = subject(&message, &headers);
    let is_known = people.author.is_some() || !subject.is_empty();
    let mut found = text_of(&message, raw, is_known);
    let in_text = uuencode::taken_out(&found.text).map_or_else(Vec::new, |(text, files)| {
        found.text = text;
        files
    });
    people.read_form(&found.text, context);
    let nothing = !is_known && found.text.trim().is_empty();
    if nothing {
        return Err(Unreadable::Empty);
    }
    let attachments = listed::attachments(&message, &found, &in_text);
    let message_id = ids(&message, &HeaderName::MessageId).into_iter().next();
    let parts = part_types(&message);
    let mut references = ids(&message, &HeaderName::References);
    if references.len() > MOST_REFERENCES {
        references.drain(..references.len() - MOST_REFERENCES);
    }
    let mut in_reply_to = ids(&message, &HeaderName::InReplyTo);
    in_reply_to.truncate(MOST_REFERENCES);
    let mut verdict = screen::judge(&screen::Signs {
        headers: &headers,
        authors: &people.from,
        authors_differ: people.differ,
        sender: people.sender.as_ref(),
        subject: &subject,
        text: &found.text,
        parts: &parts,
        answers: !in_reply_to.is_empty() || !references.is_empty(),
        message_id: message_id.as_deref(),
        own_addresses: &context.own_addresses,
        own_message_id_suffix: context.own_domain_suffix_for_message_ids.as_deref(),
        is_form: people.is_form(),
        is_form_without_person: people.is_form_without_person(),
    });
    if people.form.is_some() && verdict.automated == Some(Automated::Notice) {
        // The form is a machine, whoever filled it in is not.
        verdict.automated = None;
    }
    let source = Source {
        message: &message,
        found: &found,
        subject: &subject,
        author: people.author.as_ref(),
        automated: verdict.automated.as_ref(),
        depth,
    };
    let words = words::bounded(&source, context);
    if verdict.own_by_address_alone && words.forwarded.is_some() {
        // An officer at our own mailbox passes somebody's message on. It is still answered to nobody.
        (verdict.automated, verdict.because) = (None, None);
    }
    let is_report = matches!(verdict.automated, Some(Automated::Bounce | Automated::ReadReceipt));
    let date_text = headers.first("date").map(on_one_line).unwrap_or_default();
    Ok(Reading {
        content_hash: content_hash(people.author.as_ref(), &date_text, &subject, &found.text, &attachments),
        author: people.author,
        date: date(&message, &headers),
        subject,
        visible_text: words.visible,
        quoted_text: words.quoted,
        forwarded: words.forwarded,
        also_forwarded: words.also_forwarded,
        by_form: people.form.is_some(),
        form: people.form,
        resent_by: people.resent_by,
        authenticity: people.authentication.authenticity,
        report: if is_report { report(&message, &headers, &found.text, verdict.automated.as_ref()) } else { None },
        through_list: (verdict.automated == Some(Automated::List)).then(|| list_id(&headers)).flatten(),
        automated: verdict.automated,
        automated_because: verdict.because,
        no_answer: verdict.no_answer,
        message_id,
        earlier_ids: earlier_ids(&headers),
        in_reply_to,
        references,
        recipients: people.recipients,
        reply_to: people.reply_to,
        attachments,
        sealed: containers::sealed(&message, &found.text).or(words.sealed),
        beyond: Vec::new(),
        authentication: people.authentication.text,
    })
}

/// The words of a message whose attached messages were set apart; `raw` is the same before that.
pub(super) fn text_of(message: &Message<'_>, raw: &[u8], is_known: bool) -> Body {
    let mut found = body::of(message);
    // HTML that says nothing has no words in its bytes either.
    if found.text.trim().is_empty() && !has_files(message) && !(is_known && body::is_only_tags(message)) {
        found.text = body::raw_text(raw);
    }
    if found.text.trim().is_empty() {
        found.text = containers::winmail_text(message).unwrap_or_default();
    }
    found.text = named_again(&found.text);
    if let Some(readable) = containers::calendar_text(&found.text) {
        found.text = readable;
    }
    found
}

/// What a mail system's report says. A read receipt names a message, and says nothing of its delivery.
fn report(
    message: &Message<'_>,
    headers: &Headers,
    text: &str,
    automated: Option<&Automated>,
) -> Option<bounce::Report> {
    let mut report = bounce::of(message, headers, text)?;
    if automated != Some(&Automated::Bounce) {
        report.recipients.clear();
    }
    Some(report).filter(|report| !report.recipients.is_empty() || !report.about.is_empty())
}

/// Servers that give a message their own Message-ID keep the one it had.
const EARLIER_IDS: [&str; 5] = [
    "x-microsoft-original-message-id",
    "x-google-original-message-id",
    "x-original-message-id",
    "original-message-id",
    "resent-message-id",
];

fn earlier_ids(headers: &Headers) -> Vec<String> {
    let values = EARLIER_IDS.into_iter().flat_map(|name| headers.all(name));
    values.map(|id| id.trim_matches(['<', '>', ' ']).to_owned()).filter(|id| id.len() <= 998).take(5).collect()
}

/// The list's name for itself (RFC 2919), without its description.
fn list_id(headers: &Headers) -> Option<String> {
    let value = headers.first("list-id")?;
    let id = value.rsplit_once('<').map_or(value, |(_, id)| id).trim_matches(['>', ' ']);
    Some(body::cut(id, 255).to_ascii_lowercase()).filter(|id| !id.is_empty())
}

/// The text as it was before attached messages were set apart.
fn named_again(text: &str) -> String {
    let mut text = text.to_owned();
    for (apart, name) in [
        (repair::APART_RFC822, "message/rfc822"),
        (repair::APART_GLOBAL, "message/global"),
        ("text/rfc82_-headers", "text/rfc822-headers"),
        ("message/rfc82_-headers", "message/rfc822-headers"),
        ("message/globa_-", "message/global-"),
    ] {
        if text.contains(apart) {
            text = text.replace(apart, name);
        }
    }
    text
}

pub(super) fn media_type(kind: Option<&mail_parser::ContentType<'_>>) -> String {
    let Some(kind) = kind else { return "text/plain".to_owned() };
    let name = match kind.subtype() {
        Some(sub) => format!("{}/{sub}", kind.ctype()),
        None => kind.ctype().to_owned(),
    };
    named_again(&name.to_ascii_lowercase())
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
