//! One worker for each mailbox: fetch, store with the position, wait.

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::{Engine, StepError, Watched, back_off, raw, read::CHAT, rest};
use crate::{
    casework::MailboxPolicy,
    config::MailboxKind,
    intake::{
        mailbox::{Arrived, Batch, BatchLimits, Mailbox, MailboxError, Position},
        outline::Outline,
        parse::Unreadable,
        prepare::{self, Prepared},
        settle::settle,
    },
    labelling::{classifier::LabellingError, labels::Suggestion},
    store::{
        Tx,
        files::KeptFile,
        intake::{self, DeliveryState, NewDelivery},
    },
};

/// Private messages are read and labelled together, and held in memory meanwhile.
const PRIVATE_BATCH: usize = 16;

/// Watches one mailbox until `stop`.
pub(super) async fn watch(engine: Engine, mut watched: Watched, stop: CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let step = async {
            let n = step(&engine, &watched.name, &mut *watched.source).await?;
            if n == 0 {
                watched.source.wait(watched.poll).await?;
            }
            Ok::<_, StepError>(n)
        };
        let result = tokio::select! {
            () = stop.cancelled() => break,
            result = step => result,
        };
        match result {
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                // The database's words hold nothing private, and if it cannot be written the health page has no news.
                let database = match &error {
                    StepError::Store(fault) => Some(fault.words()),
                    _ => None,
                };
                tracing::warn!(
                    mailbox = watched.name,
                    fault = error.sort(),
                    database,
                    failures,
                    "mailbox not read; see the health page"
                );
                say_bad(&engine, &watched.name, &error).await;
                if !super::sleep(None, back_off(failures), &stop).await {
                    break;
                }
            }
        }
    }
}

/// Writes the fault on the health page; if the database itself is the fault, the log has it.
pub(super) async fn say_bad(engine: &Engine, name: &str, error: &StepError) {
    let kind = if name == CHAT { "chat" } else { engine.office.policy(name).kind.as_str() };
    let said = async {
        let mut tx = engine.store.begin().await?;
        let (trouble, words) = (error.sort(), error.to_string());
        intake::mailbox_bad(&mut tx, name, kind, trouble, &words, engine.clock.now()).await?;
        tx.commit().await
    };
    if let Err(error) = said.await {
        tracing::error!(%error, "the fault could not be written on the health page");
    }
}

/// Fetches one batch and stores it with the position. Returns how many messages it held.
pub(super) async fn step(engine: &Engine, name: &str, source: &mut dyn Mailbox) -> Result<usize, StepError> {
    let policy = engine.office.policy(name);
    let position = {
        let mut tx = engine.store.begin_read().await?;
        intake::position(&mut tx, name).await?
    };
    let private = policy.kind == MailboxKind::Manager;
    if private && engine.classifier.is_none() {
        return Err(
            LabellingError::NotLoaded("it is switched off or its files are missing; run heard doctor".into()).into()
        );
    }
    let limits = BatchLimits {
        messages: if private { PRIVATE_BATCH } else { BatchLimits::default().messages },
        ..BatchLimits::default()
    };
    let batch = source.after(position, limits).await?;
    let n = batch.messages.len();
    if private {
        store_private(engine, name, &policy, &batch, position, source).await?;
    } else {
        store_public(engine, name, &policy, &batch, position).await?;
    }
    // New messages come before the rest of large ones: their families wait for an answer.
    if n == 0 && rest::fetch_one(engine, name, source).await? {
        return Ok(1);
    }
    Ok(n)
}

/// Bytes and position in one transaction, before anything is read.
async fn store_public(
    engine: &Engine,
    name: &str,
    policy: &MailboxPolicy,
    batch: &Batch,
    position: Option<Position>,
) -> Result<(), StepError> {
    let now = engine.clock.now();
    let mut files = Vec::with_capacity(batch.messages.len());
    for arrived in &batch.messages {
        files.push(raw::keep(&engine.files.store, &arrived.raw, arrived.cut_from.is_some()).await?);
    }
    let mut tx = engine.store.begin().await?;
    for (arrived, file) in batch.messages.iter().zip(files) {
        intake::put_delivery(&mut tx, &new_delivery(name, batch, arrived, file), DeliveryState::Unread, now).await?;
    }
    finish(&mut tx, name, policy, batch, position, now).await?;
    tx.commit().await?;
    if !batch.messages.is_empty() {
        engine.unread.notify_one();
    }
    Ok(())
}

fn new_delivery<'a>(name: &'a str, batch: &Batch, arrived: &'a Arrived, raw_file: Option<KeptFile>) -> NewDelivery<'a> {
    NewDelivery {
        mailbox: name,
        uid_validity: i64::from(batch.uid_validity),
        uid: i64::from(arrived.uid),
        arrived_at: arrived.arrived_at,
        raw: if raw_file.is_some() { raw::beginning(&arrived.raw) } else { &arrived.raw },
        cut_from: arrived.cut_from,
        raw_file,
    }
}

async fn finish(
    tx: &mut Tx,
    name: &str,
    policy: &MailboxPolicy,
    batch: &Batch,
    position: Option<Position>,
    now: DateTime<Utc>,
) -> Result<(), StepError> {
    let fresh = position.is_none_or(|position| position.uid_validity != batch.uid_validity);
    match batch.messages.last() {
        Some(last) => {
            intake::set_position(tx, name, Position { uid_validity: batch.uid_validity, last_uid: last.uid }, now)
                .await?
        }
        None if fresh => {
            intake::set_position(tx, name, Position { uid_validity: batch.uid_validity, last_uid: 0 }, now).await?
        }
        None => {}
    }
    intake::mailbox_good(tx, name, policy.kind.as_str(), batch.waiting, now).await?;
    Ok(())
}

/// Private mail is read and labelled in memory; then, in one transaction with the position, stored or forgotten.
async fn store_private(
    engine: &Engine,
    name: &str,
    policy: &MailboxPolicy,
    batch: &Batch,
    position: Option<Position>,
    source: &mut dyn Mailbox,
) -> Result<(), StepError> {
    let read = read_private(engine, name, batch, source).await?;
    // A fault stops this mailbox, and its health says so: private mail is never put aside for somebody to look at.
    let now = engine.clock.now();
    let mut tx = engine.store.begin().await?;
    for (arrived, message) in batch.messages.iter().zip(&read) {
        settle_private(engine, &mut tx, policy, &new_delivery(name, batch, arrived, None), message, now).await?;
    }
    finish(&mut tx, name, policy, batch, position, now).await?;
    tx.commit().await?;
    engine.outgoing.notify_one();
    engine.files.wake.notify_one();
    Ok(())
}

type ReadPrivate = Result<(Prepared, Vec<Suggestion>), Unreadable>;

async fn read_private(
    engine: &Engine,
    name: &str,
    batch: &Batch,
    source: &mut dyn Mailbox,
) -> Result<Vec<ReadPrivate>, StepError> {
    let mut raws = Vec::with_capacity(batch.messages.len());
    for arrived in &batch.messages {
        // All words of a large message are judged, and none of its bytes reach the disk before: it runs through memory.
        let whole = match arrived.cut_from {
            Some(_) => whole(source, Position { uid_validity: batch.uid_validity, last_uid: arrived.uid }).await?,
            None => None,
        };
        raws.push((arrived.raw.clone(), arrived.cut_from, whole, arrived.arrived_at));
    }
    let (office, name) = (engine.office.clone(), name.to_owned());
    let wholes = batch.messages.iter().map(|arrived| arrived.cut_from.is_none().then_some(arrived.raw.as_slice()));
    let checked = engine.check_senders(wholes).await;
    let work = move || {
        let read = raws.iter().zip(checked).map(|((raw, cut_from, whole, at), checked)| match cut_from {
            Some(size) => prepare::big_mail(&office, &name, raw, *size, whole.as_ref(), *at),
            None => prepare::mail(&office, &name, raw, *at, checked),
        });
        read.collect::<Vec<_>>()
    };
    let prepared = tokio::task::spawn_blocking(work).await?;
    let to_label = prepared.iter().flatten().flat_map(Prepared::texts).cloned().collect();
    let Some(classifier) = &engine.classifier else {
        return Err(LabellingError::NotLoaded("it is switched off".into()).into());
    };
    let mut suggestions = classifier.label(to_label).await?.into_iter();
    let mut read = Vec::with_capacity(prepared.len());
    for message in prepared {
        read.push(match message {
            Ok(message) => {
                let wanted = message.texts().count();
                let given: Vec<Suggestion> = suggestions.by_ref().take(wanted).collect();
                if given.len() < wanted {
                    return Err(LabellingError::Failed("a suggestion is missing".into()).into());
                }
                Ok((message, given))
            }
            Err(unreadable) => Err(unreadable),
        });
    }
    Ok(read)
}

/// The outline of a large message in the mailbox; None if it cannot be had whole.
async fn whole(source: &mut dyn Mailbox, place: Position) -> Result<Option<Outline>, StepError> {
    match raw::outlined(source.whole(place)).await {
        Ok(outlined) => Ok(Some(outlined.outline)),
        Err(MailboxError::Gone | MailboxError::Withheld) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

async fn settle_private(
    engine: &Engine,
    tx: &mut Tx,
    policy: &MailboxPolicy,
    delivery: &NewDelivery<'_>,
    message: &ReadPrivate,
    now: DateTime<Utc>,
) -> Result<(), StepError> {
    match message {
        Ok((message, suggestions)) => {
            let settled = settle(&engine.office, &engine.lines(), tx, policy, message, suggestions, now).await?;
            if let Some(representation) = settled.representation() {
                let (mut why, mut delivery) = (None, *delivery);
                delivery.raw_file = raw::keep(&engine.files.store, delivery.raw, delivery.cut_from.is_some()).await?;
                if delivery.raw_file.is_some() {
                    delivery.raw = raw::beginning(delivery.raw);
                }
                let reading = &message.representation.reading;
                let state = raw::settled(representation, reading, delivery.cut_from.is_some(), &mut why);
                intake::put_delivery(tx, &delivery, state, now).await?;
            }
        }
        Err(unreadable) => {
            intake::put_delivery(tx, delivery, DeliveryState::Quarantined(&unreadable.to_string()), now).await?;
        }
    }
    Ok(())
}
