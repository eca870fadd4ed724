//! Letters that officers send to a family about its case: where they may go, and how they go out.

use chrono::{DateTime, Utc};

use super::{
    CaseworkError, Office, enclose, fold,
    letters::{Envelope, outgoing, thread},
};
use crate::{
    ids::Uuid,
    intake::channel::is_chat,
    procedure::decide::Refusal,
    replies::{
        chat::Speaker,
        letters::Letter,
        render::{DraftError, Rendered},
        token::TokenClass,
    },
    store::{
        Tx,
        cases::{self, CaseRow, ContactDetails},
        officers,
        outbox::{self, NewOutgoing},
    },
};

/// Why what has files with it does not go to a chat.
pub(super) const CARRIES_NO_FILES: &str =
    "they wrote by chat, and no files go there: give it to them another way, by email or by post, and say how";

/// How the family gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// By a letter of ours.
    Letter,
    /// By a letter of ours that the officer drafted.
    Drafted(Draft),
    /// Another way, in the officer's words: by post, at a meeting.
    Otherwise(String),
    /// Nobody is told.
    Nobody,
}

/// What an officer made of a letter of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The letter in the officer's own words; none: as its template has it.
    pub words: Option<String>,
    /// The documents of the case that go with it.
    pub with: Vec<Uuid>,
}

/// How the family gets it, in parts.
#[derive(Default)]
pub(super) struct Parts {
    /// The key of the letter, if there is one.
    pub outbox: Option<Uuid>,
    /// How they get it otherwise.
    pub how: String,
    /// The letter in the officer's own words.
    pub words: Option<String>,
    /// The documents that go with the letter.
    pub documents: Vec<Uuid>,
}

impl Given {
    /// By a letter of ours, perhaps in the officer's own words, perhaps with documents of the case.
    #[must_use]
    pub fn by_letter(words: Option<String>, with: Vec<Uuid>) -> Self {
        if words.is_none() && with.is_empty() { Self::Letter } else { Self::Drafted(Draft { words, with }) }
    }

    /// What casework needs of it.
    pub(super) fn parts(self) -> Parts {
        match self {
            Self::Letter => Parts { outbox: Some(Uuid::now_v7()), ..Parts::default() },
            Self::Drafted(Draft { words, with }) => {
                Parts { outbox: Some(Uuid::now_v7()), words, documents: with, ..Parts::default() }
            }
            Self::Otherwise(how) => Parts { how, ..Parts::default() },
            Self::Nobody => Parts::default(),
        }
    }
}

/// What the letter says: as its template has it, or in the officer's own words.
///
/// # Errors
///
/// [`Refusal::Words`] where the words leave out what the letter must say; the template's faults.
pub fn write(office: &Office, letter: &Letter, words: Option<&str>) -> Result<Rendered, CaseworkError> {
    let Some(words) = words else { return Ok(office.letters.render(letter)?) };
    office.letters.in_words(letter, words).map_err(|fault| match fault {
        DraftError::Letter(fault) => fault.into(),
        fault => Refusal::Words(fault.to_string()).into(),
    })
}

/// Writes down that an officer changed the words of a letter. What went out lies in the outbox.
pub(super) async fn note_words(
    tx: &mut Tx,
    row: &CaseRow,
    (by, letter): (Uuid, Uuid),
    words: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    if words.is_some() {
        let what = format!("changed the words of a letter: {letter}");
        officers::audit(tx, Some(by), &what, Some(row.id), now).await?;
    }
    Ok(())
}

/// The chat that a message of ours goes to, if it may.
pub(super) fn may_go_by_chat(office: &Office, row: &CaseRow, known: &ContactDetails) -> Option<String> {
    known.address.clone().filter(|address| is_chat(address) && office.may_write_about(&row.mailbox))
}

/// How to answer what goes to `to`.
pub(super) fn follow_up(speaker: &Speaker<'_>, to: &str) -> String {
    speaker.say(if is_chat(to) { "letter-follow-chat" } else { "letter-follow-mail" }, &[])
}

/// The address that the letter goes to, an email address or the chat that they wrote from, or why there is none.
pub(super) fn may_go(office: &Office, row: &CaseRow, known: &ContactDetails) -> Result<String, &'static str> {
    if let Some(chat) = may_go_by_chat(office, row, known) {
        return Ok(chat);
    }
    let Some(to) = known.address.clone().filter(|address| address.contains('@') || is_chat(address)) else {
        return Err("they have no email address here: give the answer another way, and say how");
    };
    if office.own_addresses().iter().any(|own| own.eq_ignore_ascii_case(&to)) {
        return Err("their address is one of ours: correct whose complaint it is");
    }
    if !office.sending {
        return Err("sending is switched off ([sending] enabled): give the answer another way, and say how");
    }
    if office.policy(&row.mailbox).record_only {
        return Err("this mailbox only records (record_only): give the answer another way, and say how");
    }
    Ok(to)
}

/// A letter to the family, ready to go.
pub(super) struct Queued {
    /// Its row in the outbox.
    pub id: Uuid,
    pub kind: &'static str,
    /// To whom, and what it says.
    pub letter: (String, Rendered),
    /// The version of the case that it goes with: nothing is said twice by one.
    pub about: i64,
    /// The documents of the case that go with it.
    pub documents: Vec<Uuid>,
}

pub(super) async fn queue(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    queued: Queued,
    now: DateTime<Utc>,
) -> Result<(), CaseworkError> {
    let Queued { id, kind, letter: (to, rendered), about, documents } = queued;
    let (message_id, reading) = cases::opening_message(tx, row.id).await?.unwrap_or_default();
    let reference = row.reference.parse().map_err(|_| CaseworkError::BrokenHistory(row.id))?;
    let case = fold(&cases::history(tx, row.id).await?, row.id)?;
    let chat = is_chat(&to);
    let rendered = if chat { Rendered { subject: String::new(), ..rendered } } else { rendered };
    if chat && !documents.is_empty() {
        return Err(Refusal::NoLetter(CARRIES_NO_FILES).into());
    }
    let printed = match chat {
        true => None,
        false => enclose::printed(office, tx, &case, (reference, kind, &rendered), now).await?,
    };
    let documents = enclose::chosen(office, tx, row.id, &documents).await?;
    let (answered, references) = thread(&row.channel, &reading, message_id.as_deref(), &to);
    let envelope = Envelope {
        message_id: office.keys.message_id(TokenClass::Acknowledgement, reference, id, office.domain()),
        to,
        reply_about: Some(reference),
        answered,
        references,
        automatic: false,
    };
    let channel = if chat { "chat" } else { "email" };
    let mut message = outgoing(office, rendered, envelope);
    message.enclosures = printed.into_iter().chain(documents).collect();
    enclose::fits(office, &message)?;
    let key = format!("{kind}:{}:{about}", row.id);
    let new = NewOutgoing { id, dedupe_key: &key, case_id: Some(row.id), kind, channel, message: &message, held: None };
    outbox::put(tx, &new, now).await?;
    cases::add_thread_id(tx, row.id, &message.message_id).await?;
    Ok(())
}
