//! Looks at what was left alone in a manager's mailbox, when an officer asks. A message is read in memory; nothing of it is
//! stored unless the officer makes it a case.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::StreamExt;

use super::{Engine, StepError, raw};
use crate::{
    config::MailboxKind,
    elusion::sample::Span,
    ids::CaseReference,
    intake::{
        authentication::Authenticity,
        mailbox::{Listed, Listing, Mailbox, MailboxError, Position},
        prepare::{self, Prepared},
        settle::{Settled, settle_found},
    },
    labelling::labels::Suggestion,
    store::{
        Tx, elusion,
        files::KeptFile,
        intake::{self, NewDelivery},
    },
};

/// A message above this size (bytes) is read by its outline.
const WHOLE: usize = 5 * 1024 * 1024;

/// Opens a connection of its own to a mailbox by its configured name; None for a mailbox without a source.
pub type Opener = Arc<dyn Fn(&str) -> Option<Result<Box<dyn Mailbox>, MailboxError>> + Send + Sync>;

/// Why a mailbox was not looked into.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// It is no manager's, or has no source here.
    #[error("there is no such manager's mailbox")]
    NoSuchMailbox,
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The message cannot be read.
    #[error("the message cannot be read: {0}")]
    Unreadable(String),
    /// It was stored before, in no case.
    #[error("the message is stored already, among the automatic mail")]
    NoCase,
    /// Database, classifier, files, or a rule.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// A message in memory.
pub struct InMemory {
    /// As it was read.
    pub prepared: Prepared,
    place: Position,
    arrived_at: DateTime<Utc>,
    raw: Vec<u8>,
    cut_from: Option<u64>,
}

/// What is done for a message before the transaction that makes it a case.
pub struct Ready {
    suggestions: Vec<Option<Suggestion>>,
    raw_file: Option<KeptFile>,
}

/// Looks into managers' mailboxes.
#[derive(Clone)]
pub struct Looker {
    engine: Engine,
    open: Opener,
}

impl Looker {
    /// With connections of `open`, apart from those that watch.
    #[must_use]
    pub fn new(engine: Engine, open: Opener) -> Self {
        Self { engine, open }
    }

    fn source(&self, mailbox: &str) -> Result<Box<dyn Mailbox>, LookError> {
        if self.engine.office.policy(mailbox).kind != MailboxKind::Manager {
            return Err(LookError::NoSuchMailbox);
        }
        Ok((self.open)(mailbox).ok_or(LookError::NoSuchMailbox)??)
    }

    /// Which messages of `span` lie in the mailbox now.
    ///
    /// # Errors
    ///
    /// [`LookError`].
    pub async fn list(&self, mailbox: &str, span: Span) -> Result<Listing, LookError> {
        let (from, to) = span.instants();
        Ok(self.source(mailbox)?.list(from, to).await?)
    }

    /// Reads a message. None if it is no longer there.
    ///
    /// # Errors
    ///
    /// [`LookError`].
    pub async fn read(&self, mailbox: &str, uid_validity: u32, one: Listed) -> Result<Option<InMemory>, LookError> {
        let mut source = self.source(mailbox)?;
        let place = Position { uid_validity, last_uid: one.uid };
        let raw = match first(&mut *source, place).await {
            Err(MailboxError::Gone | MailboxError::Withheld) => return Ok(None),
            other => other?,
        };
        let office = Arc::clone(&self.engine.office);
        let (mailbox, arrived_at) = (mailbox.to_owned(), one.arrived_at);
        if raw.len() > WHOLE {
            let outlined = raw::outlined(source.whole(place)).await?;
            let size = outlined.outline.size;
            let raw = outlined.first;
            let prepared = prepare::big_mail(&office, &mailbox, &raw, size, Some(&outlined.outline), arrived_at);
            let prepared = prepared.map_err(|fault| LookError::Unreadable(fault.to_string()))?;
            return Ok(Some(InMemory { prepared, place, arrived_at, raw, cut_from: Some(size) }));
        }
        let checked = self.engine.check_senders(std::iter::once(Some(raw.as_slice()))).await;
        let checked = checked.into_iter().next().unwrap_or(Authenticity::Unknown);
        let read = move || {
            let prepared = prepare::mail(&office, &mailbox, &raw, arrived_at, checked);
            prepared.map(|prepared| InMemory { prepared, place, arrived_at, raw, cut_from: None })
        };
        let read = tokio::task::spawn_blocking(read).await.map_err(StepError::from)?;
        Ok(Some(read.map_err(|fault| LookError::Unreadable(fault.to_string()))?))
    }

    /// What can be done for a message before the transaction that makes it a case: the machine's suggestions, and its file.
    ///
    /// # Errors
    ///
    /// [`LookError`].
    pub async fn ready(&self, message: &InMemory) -> Result<Ready, LookError> {
        let suggestions = self.engine.suggest(message.prepared.texts().cloned().collect()).await;
        let raw_file = raw::keep(&self.engine.files.store, &message.raw, message.cut_from.is_some()).await?;
        Ok(Ready { suggestions, raw_file })
    }

    /// Makes a message a case, or part of the case it belongs to, as if the mailbox's owner had passed it on. The reference.
    ///
    /// # Errors
    ///
    /// [`LookError`]; then the transaction must not be committed.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        mailbox: &str,
        message: &InMemory,
        ready: Ready,
        now: DateTime<Utc>,
    ) -> Result<CaseReference, LookError> {
        let (engine, prepared) = (&self.engine, &message.prepared);
        let lines = engine.lines();
        let mut first = None;
        // Staff may have passed several families' messages on in this one.
        for (one, suggestion) in std::iter::once(prepared).chain(&prepared.others).zip(&ready.suggestions) {
            let settled = settle_found(&engine.office, &lines, tx, one, suggestion.as_ref(), now).await;
            let settled = settled.map_err(StepError::from)?;
            first.get_or_insert(settled);
        }
        let Some((settled, representation)) = first.and_then(|settled| Some((settled, settled.representation()?)))
        else {
            return Err(LookError::NoCase);
        };
        let raw_file = ready.raw_file;
        let delivery = NewDelivery {
            mailbox,
            uid_validity: i64::from(message.place.uid_validity),
            uid: i64::from(message.place.last_uid),
            arrived_at: message.arrived_at,
            raw: if raw_file.is_some() { raw::beginning(&message.raw) } else { &message.raw },
            cut_from: message.cut_from,
            raw_file,
        };
        let reading = &prepared.representation.reading;
        let mut why = None;
        let state = raw::settled(representation, reading, message.cut_from.is_some(), &mut why);
        intake::put_delivery(tx, &delivery, state, now).await.map_err(StepError::from)?;
        if let Settled::Opened(_, opened) = settled {
            return Ok(opened.reference);
        }
        let case = elusion::case_of(tx, representation).await.map_err(StepError::from)?;
        case.and_then(|case| case.parse().ok()).ok_or(LookError::NoCase)
    }

    /// What follows once a case is committed: letters go out, files are taken out of the message.
    pub fn wake(&self) {
        self.engine.outgoing.notify_one();
        self.engine.files.wake.notify_one();
    }
}

/// A message's bytes, or a little more than [`WHOLE`] of them.
async fn first(source: &mut dyn Mailbox, place: Position) -> Result<Vec<u8>, MailboxError> {
    let mut raw = Vec::new();
    let mut pieces = source.whole(place);
    while let Some(piece) = pieces.next().await {
        raw.extend_from_slice(&piece?);
        if raw.len() > WHOLE {
            break;
        }
    }
    Ok(raw)
}
