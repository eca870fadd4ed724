//! Messages from a folder, in the order of their dates, as if each had just arrived then.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Engine, StepError, raw};
use crate::{
    config::MailboxKind,
    intake::{
        authentication::Authenticity,
        folder::{FolderError, TreeMessage},
        outline::{Limits, outline},
        prepare::{self, ChatMessage, Prepared},
        settle::{Settled, settle},
    },
    labelling::labels::Suggestion,
    store::intake::{self, DeliveryState, NewDelivery},
};

/// What `heard ingest` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IngestCounts {
    /// Messages read.
    pub messages: u64,
    /// Cases opened.
    pub cases_opened: u64,
    /// Messages that joined a case.
    pub joined: u64,
    /// The same message by another way.
    pub delivered_before: u64,
    /// Stored, in no case.
    pub filed: u64,
    /// Private and nothing for us.
    pub forgotten: u64,
    /// Where an officer must look.
    pub quarantined: u64,
}

/// One message on its way in.
pub enum Ingesting {
    /// A mail that was read, or the reason why it could not be.
    Mail {
        /// Mailbox (folder name).
        mailbox: String,
        /// Its bytes, or the first of them.
        raw: Vec<u8>,
        /// Where all of them are, if they are many.
        file: Option<Box<TreeMessage>>,
        /// As if it had arrived then.
        arrived_at: DateTime<Utc>,
        /// What was read.
        prepared: Result<Box<Prepared>, String>,
    },
    /// A chat message.
    Chat(Box<Prepared>),
}

impl Ingesting {
    /// Reads a mail.
    #[must_use]
    pub fn mail(engine: &Engine, mailbox: &str, raw: Vec<u8>, arrived_at: DateTime<Utc>) -> Self {
        // No network here: what the receiving server wrote is all that is known of the sender.
        let prepared = prepare::mail(&engine.office, mailbox, &raw, arrived_at, Authenticity::Unknown)
            .map(Box::new)
            .map_err(|unreadable| unreadable.to_string());
        Self::Mail { mailbox: mailbox.to_owned(), raw, file: None, arrived_at, prepared }
    }

    /// Reads a mail in a file; a large one without having all of it in memory.
    ///
    /// # Errors
    ///
    /// [`FolderError`].
    pub fn file(engine: &Engine, message: TreeMessage, arrived_at: DateTime<Utc>) -> Result<Self, FolderError> {
        let mailbox = message.mailbox.clone();
        if message.size() <= raw::IN_ROW as u64 {
            return Ok(Self::mail(engine, &mailbox, message.load()?, arrived_at));
        }
        let raw = message.beginning(raw::FIRST)?;
        let outline = outline(message.open()?, Limits::default()).map_err(|cause| message.fault(cause))?;
        let prepared = prepare::big_mail(&engine.office, &mailbox, &raw, outline.size, Some(&outline), arrived_at)
            .map(Box::new)
            .map_err(|unreadable| unreadable.to_string());
        Ok(Self::Mail { mailbox, raw, file: Some(Box::new(message)), arrived_at, prepared })
    }

    /// Reads a chat message.
    #[must_use]
    pub fn chat(engine: &Engine, message: ChatMessage) -> Self {
        Self::Chat(Box::new(prepare::chat(&engine.office, "chat", message)))
    }

    /// As if it had arrived then.
    #[must_use]
    pub fn arrived_at(&self) -> DateTime<Utc> {
        match self {
            Self::Mail { arrived_at, .. } => *arrived_at,
            Self::Chat(message) => message.representation.received_at,
        }
    }

    /// The message to label, if a person wrote it.
    #[must_use]
    pub fn prepared(&self) -> Option<&Prepared> {
        match self {
            Self::Mail { prepared: Ok(message), .. } | Self::Chat(message) => Some(message),
            Self::Mail { .. } => None,
        }
    }
}

/// Keeps a large message as a file.
async fn keep(engine: &Engine, file: Option<&TreeMessage>, delivery: &mut NewDelivery<'_>) -> Result<(), StepError> {
    if let Some(file) = file {
        let reader = file.open().map_err(|fault| StepError::Files(std::io::Error::other(fault.to_string()).into()))?;
        delivery.raw_file = Some(raw::keep_reader(&engine.files.store, reader).await?);
        delivery.raw = raw::beginning(delivery.raw);
    }
    Ok(())
}

/// Settles one message as if it had just arrived then, and counts what became of it.
///
/// # Errors
///
/// [`StepError`]; nothing of the message is stored then.
pub async fn ingest_one(
    engine: &Engine,
    message: &Ingesting,
    suggestions: &[Suggestion],
    counts: &mut IngestCounts,
) -> Result<(), StepError> {
    let mut tx = engine.store.begin().await?;
    counts.messages += 1;
    let settled = match message {
        Ingesting::Chat(prepared) => {
            let policy = crate::casework::MailboxPolicy::plain(MailboxKind::Complaints);
            let now = prepared.representation.received_at;
            settle(&engine.office, &engine.lines(), &mut tx, &policy, prepared, suggestions, now).await?
        }
        Ingesting::Mail { mailbox, raw, file, arrived_at, prepared } => {
            let uid = intake::next_uid(&mut tx, mailbox).await?;
            let mut delivery = NewDelivery {
                mailbox,
                uid_validity: 0,
                uid,
                arrived_at: *arrived_at,
                raw,
                cut_from: None,
                raw_file: None,
            };
            let state = match prepared {
                Err(why) => {
                    counts.quarantined += 1;
                    keep(engine, file.as_deref(), &mut delivery).await?;
                    intake::put_delivery(&mut tx, &delivery, DeliveryState::Quarantined(why), *arrived_at).await?;
                    return Ok(tx.commit().await?);
                }
                Ok(prepared) => {
                    let policy = engine.office.policy(mailbox);
                    settle(&engine.office, &engine.lines(), &mut tx, &policy, prepared, suggestions, *arrived_at)
                        .await?
                }
            };
            if let (Some(representation), Ok(prepared)) = (state.representation(), prepared)
                && !intake::is_delivered(&mut tx, mailbox, representation).await?
            {
                // Private mail reaches the files folder only now that it is kept.
                keep(engine, file.as_deref(), &mut delivery).await?;
                let mut why = None;
                let read = raw::settled(representation, &prepared.representation.reading, false, &mut why);
                intake::put_delivery(&mut tx, &delivery, read, *arrived_at).await?;
            }
            state
        }
    };
    tx.commit().await?;
    match settled {
        Settled::Again(_) => counts.delivered_before += 1,
        Settled::Joined(_) => counts.joined += 1,
        Settled::Opened(..) => counts.cases_opened += 1,
        Settled::Filed(_) => counts.filed += 1,
        Settled::Forgotten => counts.forgotten += 1,
    }
    Ok(())
}
