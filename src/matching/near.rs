//! Cases that a message may be about although it points at none, and what each is to it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    likeness::{Words, words_of},
    names::{Names, Spoken, as_name},
    same::{Best, Choice, Near, Told, follows_up, turns_away, verdict},
};
use crate::{
    casework::Office,
    ids::Uuid,
    intake::{
        prepare::{self, Prepared},
        reading::{Person, Reading},
    },
    labelling::{
        classifier::Unlabelled,
        labels::{Act, Suggestion},
    },
    store::{
        Stored, Tx, cases,
        intake::Representation,
        near::{self, Said},
    },
};

/// Names of a message that cases are looked up by: its author's and the children's first, then others.
const MOST_NAMES: usize = 24;

/// A case and why it is taken for the message's.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Which.
    pub case: Uuid,
    /// The author is a party to it.
    pub by_party: bool,
    /// Why, for officers.
    pub why: String,
}

/// What was found near a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nearest {
    /// The case that it is about.
    pub same: Option<Found>,
    /// The case that it may be about.
    pub possible: Option<Found>,
}

/// Looks at the cases of the message's author, and at those of people who bear the names in it.
pub async fn nearest(
    office: &Office,
    tx: &mut Tx,
    message: &Prepared,
    suggestion: Option<&Suggestion>,
) -> Stored<Nearest> {
    let representation = &message.representation;
    // Whoever writes a note for a family is not of it.
    let for_themselves = !message.by_staff || message.passes_on;
    let author_name = representation.author_name.as_deref().filter(|_| for_themselves);
    let author_address = representation.author_address.as_deref().filter(|_| for_themselves);
    let told = told(&message.to_label, &representation.reading, author_name, author_address, suggestion);
    let mut of_author = Vec::new();
    // Whoever the mail server disowns is nobody known.
    if let Some(address) = author_address.filter(|_| !message.disowned) {
        of_author = near::of_author(tx, address).await?;
    }
    let telling = told.names.telling();
    let names: BTreeSet<&str> = telling.chain(told.names.others.iter().map(String::as_str)).take(MOST_NAMES).collect();
    let mut cases: Vec<(Uuid, bool)> = of_author.iter().map(|case| (*case, true)).collect();
    let by_names = near::by_names(tx, &names).await?;
    cases.extend(by_names.into_iter().filter(|case| !of_author.contains(case)).map(|case| (case, false)));
    let mut best = Best::default();
    for (case, of_author) in cases {
        if let Some(known) = known(office, tx, case, of_author, representation.received_at).await? {
            best.offer(case, of_author, verdict(&told, &known));
        }
    }
    let found = |choice: Choice<Uuid>| Found { case: choice.case, by_party: choice.of_author, why: choice.why };
    let (mut same, possible) = (best.same.map(found), best.possible.map(found));
    // Who has only written in a case may still wait to be recognised there.
    if let (Some(found), Some(address)) = (&mut same, &representation.author_address)
        && found.by_party
    {
        found.by_party = cases::is_participant(tx, found.case, address).await?;
    }
    Ok(Nearest { same, possible })
}

/// The names that `message` adds to those its case is found by.
#[must_use]
pub fn telling_names(office: &Office, message: &Representation) -> Vec<String> {
    let Representation { mailbox, channel, reading, author_name, author_address, .. } = message;
    let (author_name, author_address) = (author_name.as_deref(), author_address.as_deref());
    let (_, names) = names_in(office, mailbox, *channel == "chat", reading, author_name, author_address);
    names.telling().map(str::to_owned).collect()
}

/// What a message says, without what it quotes, and the names in it.
#[must_use]
pub fn names_in(
    office: &Office,
    mailbox: &str,
    chat: bool,
    reading: &Reading,
    author_name: Option<&str>,
    author_address: Option<&str>,
) -> (Unlabelled, Names) {
    let said = prepare::to_label(office, mailbox, chat, reading);
    let names = names(&said, reading, author_name, author_address);
    (said, names)
}

/// Words of the names of those that a message was sent to.
#[must_use]
pub fn recipients_of(reading: &Reading) -> Vec<String> {
    let mut recipients = Vec::new();
    for Person { name, address } in &reading.recipients {
        recipients.extend(name.clone());
        recipients.push(as_name(address));
    }
    recipients
}

fn names(said: &Unlabelled, reading: &Reading, author_name: Option<&str>, author_address: Option<&str>) -> Names {
    let recipients = recipients_of(reading);
    let (subject, text) = (said.subject.as_str(), said.text.as_str());
    Names::of(Spoken { author_name, author_address, subject, text, recipients: &recipients })
}

fn told(
    said: &Unlabelled,
    reading: &Reading,
    author_name: Option<&str>,
    author_address: Option<&str>,
    suggestion: Option<&Suggestion>,
) -> Told {
    Told {
        words: Words::new(&format!("{}\n{}", said.subject, said.text)),
        length: words_of(&said.text).count(),
        quoted: Words::new(&reading.quoted_text),
        names: names(said, reading, author_name, author_address),
        themes: suggestion.map(|suggestion| suggestion.themes.clone()).unwrap_or_default(),
        dissatisfied: suggestion.is_none_or(|suggestion| suggestion.act.is_dissatisfaction()),
        turns_away: turns_away(&said.subject) || turns_away(&said.text),
        follows_up: follows_up(&said.text),
    }
}

/// What is looked at of a stored message.
#[must_use]
pub fn told_in(office: &Office, message: &Representation, suggestion: Option<&Suggestion>) -> Told {
    let Representation { mailbox, channel, reading, author_name, author_address, .. } = message;
    let said = prepare::to_label(office, mailbox, *channel == "chat", reading);
    told(&said, reading, author_name.as_deref(), author_address.as_deref(), suggestion)
}

async fn known(office: &Office, tx: &mut Tx, case: Uuid, of_author: bool, now: DateTime<Utc>) -> Stored<Option<Near>> {
    let said = near::said(tx, case).await?;
    let Some(latest) = said.first() else { return Ok(None) };
    let (status, act) = (latest.status.clone(), latest.act.clone());
    let days = (now - latest.message.received_at).num_days();
    let messages = said.iter().map(|Said { message, .. }| {
        let words = prepare::to_label(office, &message.mailbox, message.channel == "chat", &message.reading);
        let (name, address) = (message.author_name.as_deref(), message.author_address.as_deref());
        told(&words, &message.reading, name, address, message.body.as_deref())
    });
    let dissatisfied = act.parse::<Act>().is_ok_and(Act::is_dissatisfaction);
    let open = !matches!(status.as_str(), "closed" | "dismissed");
    Ok(Some(Near { of_author, open, dissatisfied, days, messages: messages.collect() }))
}
