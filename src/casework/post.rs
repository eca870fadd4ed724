//! Letters that officers send to a family about its case: where they may go, and how they go out.

use chrono::{DateTime, Utc};

use super::{
    CaseworkError, Office, enclose, fold,
    letters::{Envelope, outgoing, thread},
};
use crate::{
    ids::Uuid,
    replies::{render::Rendered, token::TokenClass},
    store::{
        Tx,
        cases::{self, CaseRow, ContactDetails},
        outbox::{self, NewOutgoing},
    },
};

/// How the family gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// By a letter of ours.
    Letter,
    /// By a letter of ours, with these documents of the case.
    LetterWith(Vec<Uuid>),
    /// Another way, in the officer's words: by post, at a meeting.
    Otherwise(String),
    /// Nobody is told.
    Nobody,
}

impl Given {
    /// By a letter of ours, with these documents of the case, if any.
    #[must_use]
    pub fn by_letter(documents: Vec<Uuid>) -> Self {
        if documents.is_empty() { Self::Letter } else { Self::LetterWith(documents) }
    }

    /// The key of the letter, if there is one, how they get it otherwise, and the documents that go with the letter.
    pub(super) fn parts(self) -> (Option<Uuid>, String, Vec<Uuid>) {
        match self {
            Self::Letter => (Some(Uuid::now_v7()), String::new(), Vec::new()),
            Self::LetterWith(documents) => (Some(Uuid::now_v7()), String::new(), documents),
            Self::Otherwise(how) => (None, how, Vec::new()),
            Self::Nobody => (None, String::new(), Vec::new()),
        }
    }
}

/// How to answer a letter of ours.
pub(super) const FOLLOW_UP: &str = "Reply to this email, or call us.";

/// The address that the letter goes to, or why there is none.
pub(super) fn may_go(office: &Office, row: &CaseRow, known: &ContactDetails) -> Result<String, &'static str> {
    let Some(to) = known.address.clone().filter(|address| address.contains('@')) else {
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
    let printed = enclose::printed(office, tx, &case, (reference, kind, &rendered), now).await?;
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
    let mut message = outgoing(office, rendered, envelope);
    message.enclosures = printed.into_iter().chain(documents).collect();
    enclose::fits(office, &message)?;
    let key = format!("{kind}:{}:{about}", row.id);
    let new = NewOutgoing {
        id,
        dedupe_key: &key,
        case_id: Some(row.id),
        kind,
        channel: "email",
        message: &message,
        held: None,
    };
    outbox::put(tx, &new, now).await?;
    cases::add_thread_id(tx, row.id, &message.message_id).await?;
    Ok(())
}
