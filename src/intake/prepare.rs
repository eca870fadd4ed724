//! From a reading to what is stored and labelled: whose words it is, which words, and what the message points at. Pure.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{
    body,
    outline::{self, Outline, Outliner},
    parse::{ReadContext, Unreadable, read, read_outline},
    reading::{Attachment, Automated, Beyond, Reading},
    repair,
    screen::nobody_reads,
    telegram,
};
use crate::{
    casework::Office, ids::Uuid, labelling::classifier::Unlabelled, replies::token::keyed_hash,
    store::intake::Representation,
};

/// Words that two messages must share, in letters and digits, before they count as the same text: "Any news?" twice is
/// two messages.
const SAME_WORDS_FROM: usize = 120;

/// A message, ready to be labelled, matched and stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// What will be stored.
    pub representation: Representation,
    /// What the classifier sees: only the author's own words.
    pub to_label: Unlabelled,
    /// Message-IDs it answers or refers to, nearest first.
    pub points_at: Vec<String>,
    /// No person wrote it.
    pub automated: bool,
    /// Staff pass somebody's message on.
    pub passes_on: bool,
    /// Staff wrote it, for themselves or passing something on.
    pub by_staff: bool,
    /// All that a forgotten message leaves behind.
    pub forgotten_hash: String,
}

/// A message with a body above this size (bytes) is known again by its beginning. Every message that is fetched in pieces
/// is bigger, whatever header servers have put on top, so that it is the same message before and after the rest has come.
const BIG_BODY: u64 = 4 * 1024 * 1024;
/// So much of a big message's body tells which message it is (bytes).
const TELLING: usize = 512 * 1024;

/// Prepares a mail that is in memory.
///
/// # Errors
///
/// [`Unreadable`]: the message goes to quarantine.
pub fn mail(office: &Office, mailbox: &str, raw: &[u8], arrived_at: DateTime<Utc>) -> Result<Prepared, Unreadable> {
    let context = context(office);
    let reading = read(raw, &context)?;
    Ok(known(office, mailbox, reading, raw, raw.len() as u64, arrived_at, &context))
}

/// Prepares a mail of which only the beginning is in memory: `first`, of `size` bytes. `whole` is the outline of all of it,
/// None when the rest has not come yet.
///
/// # Errors
///
/// [`Unreadable`]: the message goes to quarantine.
pub fn big_mail(
    office: &Office,
    mailbox: &str,
    first: &[u8],
    size: u64,
    whole: Option<&Outline>,
    arrived_at: DateTime<Utc>,
) -> Result<Prepared, Unreadable> {
    let context = context(office);
    let reading = match whole {
        Some(whole) => read_outline(whole, &context)?,
        None => {
            let mut reading = read_outline(&outline_of(first), &context)?;
            reading.beyond.push(Beyond::Beginning);
            reading
        }
    };
    Ok(known(office, mailbox, reading, first, size, arrived_at, &context))
}

fn outline_of(raw: &[u8]) -> Outline {
    let mut outliner = Outliner::new(outline::Limits::default());
    outliner.push(raw);
    outliner.finish()
}

fn context(office: &Office) -> ReadContext {
    ReadContext {
        own_addresses: office.own_addresses(),
        own_domain_suffix_for_message_ids: None,
        form_senders: office.form_senders.clone(),
    }
}

/// Marks our own letters, and gives a big message the hash of its beginning.
fn known(
    office: &Office,
    mailbox: &str,
    mut reading: Reading,
    first: &[u8],
    size: u64,
    arrived_at: DateTime<Utc>,
    context: &ReadContext,
) -> Prepared {
    // Our keyed Message-ID tells our own letter whatever was done to its other fields, also where a server gave it a new one.
    if reading.message_id.iter().chain(&reading.earlier_ids).any(|id| office.keys.is_ours(id)) {
        let why = "it is our own letter come back";
        reading.no_answer.push(why.into());
        reading.automated.get_or_insert(Automated::Own);
        reading.automated_because.get_or_insert_with(|| why.into());
    }
    let header = repair::header_length(first);
    if size.saturating_sub(header as u64) > BIG_BODY {
        let telling = first.get(..header.saturating_add(TELLING)).unwrap_or(first);
        if let Ok(beginning) = read_outline(&outline_of(telling), context) {
            let words = format!("{}\n{}", beginning.visible_text, beginning.quoted_text);
            let author = beginning.author.map(|author| author.address).unwrap_or_default();
            reading.content_hash = sha256(&format!("big|{author}|{:?}|{}|{words}", beginning.date, beginning.subject));
        }
    }
    prepare(office, mailbox, reading, arrived_at)
}

/// Whether a person wrote to us through a list of the council's own, such as a group of managers: the list's fields say
/// nothing about them. The answer is withheld all the same, since it might go to the whole group.
fn through_our_group(office: &Office, reading: &Reading) -> bool {
    let ours = reading.through_list.as_deref().is_some_and(|list| office.is_staff(&format!("list@{list}")));
    let by_family = reading.author.as_ref().is_some_and(|author| {
        author.address.contains('@') && !office.is_staff(&author.address) && !nobody_reads(&author.address)
    });
    reading.automated == Some(Automated::List) && ours && by_family
}

/// Whose words a message brings, and which.
struct Own {
    by_staff: bool,
    passes_on: bool,
    name: Option<String>,
    address: Option<String>,
    to_label: Unlabelled,
}

fn own(office: &Office, reading: &Reading) -> Own {
    let author = reading.author.clone();
    let by_staff = author.as_ref().is_some_and(|author| office.is_staff(&author.address));
    let original = reading.forwarded.as_ref().filter(|_| by_staff);
    let (person, words) = match (original, &reading.forwarded) {
        // Staff passing on staff's words are nobody's complaint yet: an officer finds out whose it is.
        (Some(original), _) => (original.from.clone().filter(|from| !office.is_staff(&from.address)), &original.text),
        (None, _) if by_staff => (None, &reading.visible_text),
        // A family that forwards something to us: their own words count, or what they send if they say nothing.
        (None, Some(forwarded)) if reading.visible_text.trim().is_empty() => (author, &forwarded.text),
        (None, _) => (author, &reading.visible_text),
    };
    let (name, address) = person.map_or((None, None), |person| (person.name, Some(person.address)));
    let subject = original.and_then(|original| original.subject.as_ref()).unwrap_or(&reading.subject);
    Own {
        by_staff,
        passes_on: original.is_some(),
        name,
        address: address.filter(|address| address.contains('@')),
        to_label: Unlabelled { subject: subject.clone(), text: words.clone() },
    }
}

/// What the classifier sees of a message: only its author's own words, or those that staff pass on.
#[must_use]
pub fn to_label(office: &Office, reading: &Reading) -> Unlabelled {
    own(office, reading).to_label
}

fn prepare(office: &Office, mailbox: &str, reading: Reading, arrived_at: DateTime<Utc>) -> Prepared {
    let Own { by_staff, passes_on, name, address, to_label } = own(office, &reading);
    let passed_on = reading.forwarded.as_ref().and_then(|forwarded| forwarded.message_id.clone());
    let mut points_at: Vec<String> = passed_on
        .into_iter()
        .chain(reading.in_reply_to.iter().cloned())
        .chain(reading.references.iter().rev().cloned())
        .collect();
    points_at.retain(|id| !id.is_empty());
    let mut seen = std::collections::HashSet::new();
    points_at.retain(|id| seen.insert(id.clone()));
    let content_key = format!("{}|{}", reading.message_id.as_deref().unwrap_or_default(), reading.content_hash);
    let automated = reading.automated.is_some() && !through_our_group(office, &reading);
    Prepared {
        forgotten_hash: keyed_hash(office.keys.current(), "forgotten", &content_key),
        points_at,
        automated,
        passes_on,
        by_staff,
        representation: Representation {
            id: Uuid::now_v7(),
            words_key: address.as_deref().and_then(|address| words_key(address, &to_label.text)),
            content_key,
            message_id: reading.message_id.clone(),
            channel: if reading.by_form { "form" } else { "email" },
            mailbox: mailbox.to_owned(),
            received_at: arrived_at,
            author_name: name,
            author_address: address,
            passed_on_by: reading.author.as_ref().filter(|_| by_staff).map(|author| author.address.clone()),
            reading,
            state: "in-case",
            why: String::new(),
        },
        to_label,
    }
}

/// A message in a chat, wherever it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatMessage {
    /// Unique among all chat messages, e.g. `tg:<chat>:<message>`.
    pub id: String,
    /// Where answers go: `telegram:<chat>`.
    pub address: String,
    /// Who wrote it, as they call themselves.
    pub from_name: Option<String>,
    /// When.
    pub date: DateTime<Utc>,
    /// Their words.
    pub text: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Why nothing may be answered; empty when something may.
    pub no_answer: Vec<String>,
    /// A machine wrote it, or it says nothing (a button, the start command).
    pub silent: bool,
    /// The message whose text it changes.
    pub changes: Option<String>,
}

impl From<telegram::ChatLine> for ChatMessage {
    fn from(line: telegram::ChatLine) -> Self {
        let mut no_answer = Vec::new();
        if line.from_bot {
            no_answer.push("another program wrote it".to_owned());
        }
        if !line.is_private {
            no_answer.push("in a group nothing about a case may be said".to_owned());
        }
        // An edited message is told apart by when it was changed; the first text stays as received.
        let first = format!("tg:{}:{}", line.chat_id, line.message_id);
        let (id, changes) =
            if line.is_edit { (format!("{first}:{}", line.date.timestamp()), Some(first)) } else { (first, None) };
        // A database may refuse a zero byte, in words as in a file's name.
        let clean = |file: Attachment| Attachment { filename: body::clean(&file.filename), ..file };
        Self {
            id,
            changes,
            address: format!("telegram:{}", line.chat_id),
            from_name: Some(line.from_name).filter(|name| !name.is_empty()),
            date: line.date,
            text: body::clean(&line.text),
            attachments: line.attachments.into_iter().map(|attachment| clean(attachment.file)).collect(),
            no_answer,
            silent: line.from_bot || line.is_start_command,
        }
    }
}

/// Prepares a chat message found in `source`.
#[must_use]
pub fn chat(office: &Office, source: &str, message: ChatMessage) -> Prepared {
    let content_hash = sha256(&message.text);
    let content_key = format!("{}|{content_hash}", message.id);
    Prepared {
        forgotten_hash: keyed_hash(office.keys.current(), "forgotten", &content_key),
        to_label: Unlabelled { subject: String::new(), text: message.text.clone() },
        // A changed message belongs where the first one is, however long ago that was.
        points_at: message.changes.into_iter().collect(),
        automated: message.silent,
        passes_on: false,
        by_staff: false,
        representation: Representation {
            id: Uuid::now_v7(),
            content_key,
            words_key: None,
            message_id: Some(message.id),
            channel: "chat",
            mailbox: source.to_owned(),
            received_at: message.date,
            author_name: message.from_name,
            author_address: Some(message.address),
            passed_on_by: None,
            reading: Reading {
                date: Some(message.date),
                visible_text: message.text,
                content_hash,
                attachments: message.attachments,
                no_answer: message.no_answer,
                ..Reading::default()
            },
            state: "in-case",
            why: String::new(),
        },
    }
}

/// Same words by the same author, same key. None for a text too short to tell.
fn words_key(address: &str, words: &str) -> Option<String> {
    let bare: String = words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (bare.chars().count() >= SAME_WORDS_FROM).then(|| sha256(&format!("{}|{bare}", address.to_lowercase())))
}

fn sha256(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_staff_pass_on_is_labelled_by_the_familys_words_also_when_it_is_labelled_late() {
        let key = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(key.path(), "0123456789abcdef0123456789abcdef").unwrap();
        let text = include_str!("../config/embedded.toml").replace("@DATA@/key", &key.path().display().to_string());
        let settings = crate::config::Settings::parse(&text, std::path::Path::new("embedded.toml")).unwrap();
        let office = Office::open(&settings).unwrap();
        let raw = "From: Head <head@calderbeck.example>\r\nSubject: FW: No bus\r\n\r\nPlease log this.\r\n\r\n\
                   -----Original Message-----\r\nFrom: Ann <ann@mail.example>\r\nSent: 03 October 2026 09:12\r\n\
                   To: Head\r\nSubject: No bus\r\n\r\nThe bus never came again.\r\n";
        let prepared = mail(&office, "forward", raw.as_bytes(), "2026-10-05T10:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(prepared.to_label.text.trim(), "The bus never came again.");
        assert_eq!(prepared.to_label, to_label(&office, &prepared.representation.reading));
        assert_eq!(prepared.representation.author_address.as_deref(), Some("ann@mail.example"));
        assert_eq!(prepared.representation.passed_on_by.as_deref(), Some("head@calderbeck.example"));
    }

    #[test]
    fn the_same_words_count_whatever_the_layout_and_short_ones_never() {
        let long = "The social worker has not rung me back for three weeks. ".repeat(3);
        let quoted = long.replace(". ", ".\r\n> ");
        assert_eq!(words_key("a@b.example", &long), words_key("A@B.example", &quoted));
        assert_ne!(words_key("a@b.example", &long), words_key("c@b.example", &long));
        assert_eq!(words_key("a@b.example", "Any news please?"), None);
    }
}
