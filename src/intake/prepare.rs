//! From a reading to what is stored and labelled: whose words it is, which words, and what the message points at. Pure.

mod apart;
mod chat;
mod form;

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;
use sha2::{Digest, Sha256};

use apart::apart;
pub use chat::{ChatMessage, chat};
pub use form::{form_key, own_form, survey_line};

use super::{
    attribution::{Attribution, Council, attribute},
    authentication::Authenticity,
    body,
    outline::{self, Outline, Outliner},
    parse::{Unreadable, read, read_outline},
    reading::{Automated, Beyond, Person, Reading},
    repair,
    screen::nobody_reads,
};
use crate::{
    casework::Office,
    config::MailboxKind,
    ids::{CaseReference, Uuid},
    labelling::{
        classifier::Unlabelled,
        context::{Context, Door, Sender},
    },
    replies::token::keyed_hash,
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
    /// References of cases that it quotes: anybody can.
    pub quotes: Vec<CaseReference>,
    /// No person wrote it.
    pub automated: bool,
    /// Staff pass somebody's message on.
    pub passes_on: bool,
    /// Staff wrote it, for themselves or passing something on.
    pub by_staff: bool,
    /// Whose being a party to a case opens it to this message.
    pub speaker: Option<String>,
    /// Somebody else says that the complainant is who they are: named in the case, but no party to it yet.
    pub claimed: bool,
    /// Whom letters go to in place of the complainant.
    pub answered: Option<Person>,
    /// Why nobody is written to before an officer has said whose complaint it is.
    pub unsure: Option<String>,
    /// The mail server says that it does not come from whom it names.
    pub disowned: bool,
    /// Other people's messages that staff passed on in the same one: each is a case of its own.
    pub others: Vec<Prepared>,
    /// All that a forgotten message leaves behind.
    pub forgotten_hash: String,
}

impl Prepared {
    /// The texts to label: this message's, then those of the others passed on with it.
    pub fn texts(&self) -> impl Iterator<Item = &Unlabelled> {
        std::iter::once(&self.to_label).chain(self.others.iter().map(|other| &other.to_label))
    }
}

/// A message with a body above this size (bytes) is known again by its beginning. Every message that is fetched in pieces
/// is bigger, whatever header servers have put on top, so that it is the same message before and after the rest has come.
const BIG_BODY: u64 = 4 * 1024 * 1024;
/// So much of a big message's body tells which message it is (bytes).
const TELLING: usize = 512 * 1024;

/// Prepares a mail that is in memory. `checked` is what we found out ourselves about its sender; the receiving server's word comes first.
///
/// # Errors
///
/// [`Unreadable`]: the message goes to quarantine.
pub fn mail(
    office: &Office,
    mailbox: &str,
    raw: &[u8],
    arrived_at: DateTime<Utc>,
    checked: Authenticity,
) -> Result<Prepared, Unreadable> {
    let mut reading = read(raw, &office.read_context())?;
    if reading.authenticity == Authenticity::Unknown {
        reading.authenticity = checked;
    }
    known(office, mailbox, reading, raw, raw.len() as u64, arrived_at)
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
    let context = office.read_context();
    let reading = match whole {
        Some(whole) => read_outline(whole, &context)?,
        None => {
            let mut reading = read_outline(&outline_of(first), &context)?;
            reading.beyond.push(Beyond::Beginning);
            reading
        }
    };
    known(office, mailbox, reading, first, size, arrived_at)
}

fn outline_of(raw: &[u8]) -> Outline {
    let mut outliner = Outliner::new(outline::Limits::default());
    outliner.push(raw);
    outliner.finish()
}

/// Marks our own letters, and gives a big message the hash of its beginning.
fn known(
    office: &Office,
    mailbox: &str,
    mut reading: Reading,
    first: &[u8],
    size: u64,
    arrived_at: DateTime<Utc>,
) -> Result<Prepared, Unreadable> {
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
        if let Ok(beginning) = read_outline(&outline_of(telling), &office.read_context()) {
            let words = format!("{}\n{}", beginning.visible_text, beginning.quoted_text);
            let author = beginning.author.map(|author| author.address).unwrap_or_default();
            reading.content_hash = sha256(&format!("big|{author}|{:?}|{}|{words}", beginning.date, beginning.subject));
        }
    }
    let readings = apart(reading, office);
    let mut prepared =
        readings.into_iter().enumerate().map(|(place, reading)| prepare(office, mailbox, reading, arrived_at, place));
    let Some(mut first) = prepared.next() else { return Err(Unreadable::Empty) };
    first.others = prepared.collect();
    Ok(first)
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

impl Council for Office {
    fn is_staff(&self, address: &str) -> bool {
        Self::is_staff(self, address)
    }

    fn is_own(&self, address: &str) -> bool {
        self.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(address))
    }
}

/// What the classifier sees of a message found in `mailbox`: only its author's own words, or those that staff pass on,
/// and how they came. `chat`: it came by chat.
#[must_use]
pub fn to_label(office: &Office, mailbox: &str, chat: bool, reading: &Reading) -> Unlabelled {
    attributed(office, mailbox, chat, reading, &attribute(reading, office))
}

/// The same, where it is known whose message it is.
fn attributed(office: &Office, mailbox: &str, chat: bool, reading: &Reading, found: &Attribution) -> Unlabelled {
    let door = match (chat, reading.by_form, office.policy(mailbox).kind) {
        (true, ..) => Door::Chat,
        (_, true, _) => Door::Form,
        (_, _, MailboxKind::Complaints) => Door::Complaints,
        (_, _, MailboxKind::Manager | MailboxKind::Forward) => Door::Manager,
    };
    let sender = match (found.passes_on, found.staff.is_some()) {
        // Whose words they are is for the words to say.
        (true, _) => Sender::Unknown,
        (false, true) => Sender::Staff,
        (false, false) => Sender::Outside,
    };
    let context = Context { sender, door, automatic: reading.automated.is_some() };
    Unlabelled { subject: found.subject.clone(), text: found.words.clone(), context }
}

/// Whom a stored message would be answered to, and whether an officer must look first, by what is known of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whom letters go to in place of the complainant.
    pub answered: Option<Person>,
    /// Somebody else says that the complainant is who they are.
    pub claimed: bool,
    /// Why nobody is written to before an officer has said whose complaint it is.
    pub unsure: Option<String>,
}

/// The standing of a stored message.
#[must_use]
pub fn standing(office: &Office, message: &Representation) -> Standing {
    if message.channel == "chat" {
        return Standing { answered: None, claimed: false, unsure: None };
    }
    let found = attribute(&message.reading, office);
    let address = &message.author_address;
    Standing { claimed: is_claimed(address.as_deref(), &found), answered: found.answered, unsure: found.unsure }
}

fn is_claimed(address: Option<&str>, found: &Attribution) -> bool {
    address.is_some() && (found.speaker.as_deref() != address || (found.passes_on && found.unsure.is_some()))
}

/// `place`: which of several messages passed on at once, from 0.
fn prepare(office: &Office, mailbox: &str, reading: Reading, arrived_at: DateTime<Utc>, place: usize) -> Prepared {
    let found = attribute(&reading, office);
    let complainant = found.complainant.clone();
    let (name, address) = complainant.map_or((None, None), |person| (person.name, Some(person.address)));
    let address = address.filter(|address| address.contains('@'));
    let claimed = is_claimed(address.as_deref(), &found);
    let to_label = attributed(office, mailbox, false, &reading, &found);
    // Whoever attaches a message can give it any Message-ID: only staff are believed.
    let passed_on =
        reading.forwarded.as_ref().filter(|_| found.passes_on).and_then(|forwarded| forwarded.message_id.clone());
    let mut points_at: Vec<String> = passed_on
        .into_iter()
        .chain(reading.in_reply_to.iter().cloned())
        .chain(reading.references.iter().rev().cloned())
        .collect();
    points_at.retain(|id| !id.is_empty());
    let mut seen = std::collections::HashSet::new();
    points_at.retain(|id| seen.insert(id.clone()));
    let content_key = match (reading.message_id.as_deref().unwrap_or_default(), place) {
        (id, 0) => format!("{id}|{}", reading.content_hash),
        (id, place) => format!("{id}|{}|{place}", reading.content_hash),
    };
    let automated = reading.automated.is_some() && !through_our_group(office, &reading);
    Prepared {
        forgotten_hash: keyed_hash(office.keys.current(), "forgotten", &content_key),
        points_at,
        quotes: quoted(&reading),
        automated,
        passes_on: found.passes_on,
        by_staff: found.staff.is_some(),
        claimed,
        speaker: found.speaker,
        answered: found.answered,
        unsure: found.unsure,
        disowned: found.disowned,
        others: Vec::new(),
        representation: Representation {
            id: Uuid::now_v7(),
            words_key: address.as_deref().and_then(|address| words_key(address, &to_label.text)),
            content_key,
            // The first of several has the message's own id; the others are found through their cases.
            message_id: reading.message_id.clone().filter(|_| place == 0),
            channel: if reading.by_form { "form" } else { "email" },
            mailbox: mailbox.to_owned(),
            received_at: arrived_at,
            author_name: name,
            author_address: address,
            passed_on_by: found.staff.map(|staff| staff.address),
            reading,
            state: "in-case",
            why: String::new(),
        },
        to_label,
    }
}

/// The references of cases that a message quotes in its subject and its author's words.
fn quoted(reading: &Reading) -> Vec<CaseReference> {
    static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bHRD-\d{2}-\d{5,9}-[A-Z]\b").ok());
    let Some(pattern) = REFERENCE.as_ref() else { return Vec::new() };
    let mut found: Vec<CaseReference> = Vec::new();
    for text in [&reading.subject, &reading.visible_text] {
        for hit in pattern.find_iter(body::cut(text, 64 * 1024)).take(20) {
            if let Ok(reference) = hit.as_str().parse()
                && !found.contains(&reference)
            {
                found.push(reference);
            }
        }
    }
    found
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
        let (_key, office) = office();
        let raw = "From: Head <head@calderbeck.example>\r\nSubject: FW: No bus\r\n\r\nPlease log this.\r\n\r\n\
                   -----Original Message-----\r\nFrom: Ann <ann@mail.example>\r\nSent: 03 October 2026 09:12\r\n\
                   To: Head\r\nSubject: No bus\r\n\r\nThe bus never came again.\r\n";
        let at = "2026-10-05T10:00:00Z".parse().unwrap();
        let prepared = mail(&office, "forward", raw.as_bytes(), at, Authenticity::Unknown).unwrap();
        assert_eq!(prepared.to_label.text.trim(), "The bus never came again.");
        assert_eq!(prepared.to_label, to_label(&office, "forward", false, &prepared.representation.reading));
        assert_eq!(prepared.representation.author_address.as_deref(), Some("ann@mail.example"));
        assert_eq!(prepared.representation.passed_on_by.as_deref(), Some("head@calderbeck.example"));
    }

    fn office() -> (tempfile::NamedTempFile, Office) {
        let key = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(key.path(), "0123456789abcdef0123456789abcdef").unwrap();
        let text = include_str!("../config/embedded.toml").replace("@DATA@/key", &key.path().display().to_string());
        let settings = crate::config::Settings::parse(&text, std::path::Path::new("embedded.toml")).unwrap();
        let office = Office::open(&settings).unwrap();
        (key, office)
    }

    #[test]
    fn several_families_passed_on_at_once_are_one_case_each_and_hold_nothing_of_one_another() {
        let (_key, office) = office();
        let attached = |from: &str, to: &str, words: &str| {
            format!(
                "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: {from}\r\nTo: {to}\r\nSubject: Bus\r\nMessage-ID: <{words}@x.example>\r\n\r\n{words}\r\n\r\nOn Sat, 3 Oct 2026 at 09:00, Duty <duty@calderbeck.example> wrote:\r\n> old {words}\r\n"
            )
        };
        let head = "head@calderbeck.example";
        let raw = format!(
            "From: Head <{head}>\r\nSubject: Three of them\r\nMessage-ID: <all@calderbeck.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease log these.\r\n{}{}{}{}--b--\r\n",
            attached("Ann <ann@mail.example>", head, "Anemone"),
            attached("Bo <bo@mail.example>", head, "Bluebell"),
            attached("Ann <ann@mail.example>", head, "Aster"),
            attached("Jo <jo@calderbeck.example>", "Ann <ann@mail.example>", "Jonquil"),
        );
        let first =
            mail(&office, "forward", raw.as_bytes(), "2026-10-05T10:00:00Z".parse().unwrap(), Authenticity::Unknown)
                .unwrap();
        let all: Vec<&Prepared> = std::iter::once(&first).chain(&first.others).collect();
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.representation.author_address.as_deref().unwrap(), one.unsure.is_some(), one.by_staff))
            .collect();
        assert_eq!(told, [("ann@mail.example", true, true), ("bo@mail.example", true, true)]);
        assert_ne!(first.representation.content_key, first.others[0].representation.content_key);
        let inside = |one: &Prepared| serde_json::to_string(&one.representation.reading).unwrap();
        for word in ["Anemone", "Aster", "Jonquil"] {
            assert!(inside(all[0]).contains(word) && !inside(all[1]).contains(word), "{word}");
        }
        assert!(inside(all[1]).contains("Bluebell") && !inside(all[0]).contains("Bluebell"));
        assert_eq!(all[0].to_label.text, "Anemone\n\nAster");
        assert_eq!(
            (all[0].representation.message_id.as_deref(), all[1].representation.message_id.as_deref()),
            (Some("all@calderbeck.example"), None)
        );
    }

    #[test]
    fn what_a_family_had_received_and_attached_stays_with_their_complaint() {
        let (_key, office) = office();
        let text = "Please log.\r\n\r\nFrom: Ann <ann@mail.example>\r\nSent: 3 October 2026 10:00\r\nTo: Head\r\nSubject: Bus\r\n\r\nSee what the school says.";
        let raw = format!(
            "From: Head <head@calderbeck.example>\r\nSubject: FW: Bus\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Ed <ed@school.example>\r\nTo: Ann <ann@mail.example>\r\nSubject: Your son\r\n\r\nHe is excluded.\r\n--b--\r\n"
        );
        let prepared =
            mail(&office, "forward", raw.as_bytes(), "2026-10-05T10:00:00Z".parse().unwrap(), Authenticity::Unknown)
                .unwrap();
        assert!(prepared.others.is_empty());
        assert!(prepared.representation.reading.quoted_text.contains("He is excluded."));
        assert_eq!(prepared.to_label.text.trim(), "See what the school says.");
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
