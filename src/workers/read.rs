//! Reads what is stored: parse, label, match, open or join, acknowledge. One transaction settles a message for good.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::{
    Engine, StepError,
    raw::{self, Outlined},
};
use crate::{
    casework::{MailboxPolicy, Office},
    config::MailboxKind,
    intake::{
        authentication::Authenticity,
        channel::{self, Heard, Wrote, heard},
        own_form::{Submission, WEB_FORM},
        prepare::{self, Prepared},
        settle::settle,
        talk::Talking,
    },
    labelling::{classifier::Unlabelled, labels::Suggestion, policy::Lines},
    store::{
        Tx,
        intake::{self, Delivery, DeliveryState},
        rest,
    },
};

/// Messages settled in one transaction: one flush to disk serves them all.
const TOGETHER: i64 = 16;
/// Attempts before a message that cannot be settled is put where an officer sees it.
const ATTEMPTS: i64 = 5;
/// Mailbox name of chat updates.
pub(super) const CHAT: &str = channel::TELEGRAM;

/// What a delivery turned out to be.
enum Read {
    Message(Box<Prepared>),
    /// Somebody wrote in a chat.
    Chat(Box<Prepared>, Box<Wrote>),
    /// Somebody did something else there.
    Did(Heard),
    /// Nobody says anything in it: settled, kept as received.
    Nothing,
    Unreadable(String),
}

/// Reads until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        match read_some(&engine).await {
            Ok(0) => {
                failures = 0;
                if !super::sleep(Some(&engine.unread), Duration::from_secs(5), &stop).await {
                    break;
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::error!(%error, "stored messages could not be read; they wait");
                if !super::sleep(None, super::back_off(failures), &stop).await {
                    break;
                }
            }
        }
    }
}

/// Reads the oldest unread deliveries. Returns how many.
pub(super) async fn read_some(engine: &Engine) -> Result<usize, StepError> {
    let mut deliveries = {
        let mut tx = engine.store.begin_read().await?;
        intake::unread(&mut tx, TOGETHER, ATTEMPTS).await?
    };
    if deliveries.is_empty() {
        return Ok(0);
    }
    // One large message at a time.
    if let Some(large) = deliveries.iter().position(|delivery| delivery.raw_file.is_some()) {
        deliveries.truncate(large + 1);
    }
    let n = deliveries.len();
    let mut with_outlines = Vec::with_capacity(n);
    for delivery in deliveries {
        with_outlines.push((raw::of_delivery(&engine.files.store, &delivery).await?, delivery));
    }
    let office = engine.office.clone();
    let wholes = with_outlines
        .iter()
        .map(|(large, delivery)| (large.is_none() && delivery.cut_from.is_none()).then_some(delivery.raw.as_slice()));
    let checked = engine.check_senders(wholes).await;
    let work = move || -> Vec<_> {
        let read = with_outlines.into_iter().zip(checked);
        read.map(|((large, delivery), checked)| (read_one(&office, &delivery, large, checked), delivery)).collect()
    };
    let read = tokio::task::spawn_blocking(work).await?;
    let suggestions = suggestions(engine, &read).await;
    let now = engine.clock.now();
    if settle_all(engine, &read, &suggestions, now).await.is_err() {
        // Somewhere in the batch is a message that fails: each by itself, so that it holds up nobody else.
        for ((read, delivery), suggestion) in read.iter().zip(&suggestions) {
            settle_alone(engine, read, delivery, suggestion, now).await?;
        }
    }
    engine.outgoing.notify_one();
    engine.files.wake.notify_one();
    Ok(n)
}

fn read_one(
    office: &Office,
    delivery: &Delivery,
    large: Option<Result<Outlined, String>>,
    checked: Authenticity,
) -> Read {
    if delivery.mailbox == CHAT {
        let Ok(update) = serde_json::from_slice(&delivery.raw) else {
            return Read::Unreadable("the chat update is not JSON".into());
        };
        return match heard(CHAT, &update, delivery.arrived_at) {
            Some(Heard::Wrote(wrote)) => {
                Read::Chat(Box::new(prepare::chat(office, CHAT, wrote.message.clone())), wrote)
            }
            Some(other) => Read::Did(other),
            None => Read::Nothing,
        };
    }
    if delivery.mailbox == WEB_FORM {
        let first = match &large {
            Some(Err(missing)) => return Read::Unreadable(missing.clone()),
            Some(Ok(large)) => &large.first,
            None => &delivery.raw,
        };
        return match Submission::from_mail(first) {
            Ok(submission) => {
                // The files are not here to be hashed: what was held is the message of its delivery.
                let hash = delivery.id.to_string();
                Read::Message(Box::new(prepare::own_form(office, &submission, &hash, delivery.arrived_at)))
            }
            Err(unreadable) => Read::Unreadable(unreadable.to_string()),
        };
    }
    let size = |size: i64| u64::try_from(size).unwrap_or_default();
    let (mailbox, at) = (delivery.mailbox.as_str(), delivery.arrived_at);
    let read = match (large, delivery.cut_from) {
        (Some(Err(missing)), _) => return Read::Unreadable(missing),
        (Some(Ok(large)), _) => {
            prepare::big_mail(office, mailbox, &large.first, large.outline.size, Some(&large.outline), at)
        }
        (None, Some(whole)) => prepare::big_mail(office, mailbox, &delivery.raw, size(whole), None, at),
        (None, None) => prepare::mail(office, mailbox, &delivery.raw, at, checked),
    };
    match read {
        Ok(message) => Read::Message(Box::new(message)),
        Err(unreadable) => Read::Unreadable(unreadable.to_string()),
    }
}

/// What the classifier says of each message's texts; empty for a machine's, and when it did not answer in time.
async fn suggestions(engine: &Engine, read: &[(Read, Delivery)]) -> Vec<Vec<Suggestion>> {
    let texts = |read: &Read| match read {
        Read::Message(message) | Read::Chat(message, _) if !message.automated => message.texts().cloned().collect(),
        _ => Vec::new(),
    };
    let asked: Vec<Vec<Unlabelled>> = read.iter().map(|(read, _)| texts(read)).collect();
    let mut answers = engine.suggest(asked.iter().flatten().cloned().collect()).await.into_iter();
    asked.iter().map(|texts| answers.by_ref().take(texts.len()).flatten().collect()).collect()
}

async fn settle_all(
    engine: &Engine,
    read: &[(Read, Delivery)],
    suggestions: &[Vec<Suggestion>],
    now: DateTime<Utc>,
) -> Result<(), StepError> {
    let mut tx = engine.store.begin().await?;
    for ((read, delivery), suggestion) in read.iter().zip(suggestions) {
        settle_one(engine, &mut tx, read, delivery, suggestion, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn settle_one(
    engine: &Engine,
    tx: &mut Tx,
    read: &Read,
    delivery: &Delivery,
    suggestions: &[Suggestion],
    now: DateTime<Utc>,
) -> Result<(), StepError> {
    match read {
        Read::Message(message) if delivery.representation_id.is_some() => {
            complete(engine, tx, message, delivery).await?;
        }
        Read::Message(_) if suggestions.is_empty() && is_private(engine, delivery) => {
            let why = "it was found in a manager's mailbox, and the classifier did not answer";
            intake::settle(tx, delivery.id, DeliveryState::Quarantined(why)).await?;
        }
        Read::Message(message) => {
            let mut why = None;
            let settled = settle(
                &engine.office,
                &engine.lines(),
                tx,
                &engine.office.policy(&delivery.mailbox),
                message,
                suggestions,
                now,
            )
            .await?;
            let settled = match settled.representation() {
                Some(id) => {
                    let reading = &message.representation.reading;
                    let state = raw::settled(id, reading, delivery.cut_from.is_some(), &mut why);
                    intake::settle(tx, delivery.id, state).await?
                }
                // Private, and nothing for us: its bytes go too.
                None => intake::forget_delivery(tx, delivery.id, "unread").await?,
            };
            if !settled {
                // Somebody else settled it in the meantime: their work stands, ours is rolled back.
                return Err(StepError::Casework(crate::casework::CaseworkError::Changed));
            }
        }
        Read::Chat(message, wrote) => {
            let policy = engine.office.policy(&delivery.mailbox);
            let lines = engine.lines();
            let settled =
                talking(engine, (&lines, &policy), delivery, now).wrote(tx, wrote, message, suggestions).await?;
            let settled = match settled {
                Some(id) => intake::settle(tx, delivery.id, DeliveryState::Read(id)).await?,
                None => intake::settle_empty(tx, delivery.id).await?,
            };
            if !settled {
                return Err(StepError::Casework(crate::casework::CaseworkError::Changed));
            }
        }
        Read::Did(heard) => {
            let policy = engine.office.policy(&delivery.mailbox);
            let lines = engine.lines();
            let talking = talking(engine, (&lines, &policy), delivery, now);
            match heard {
                Heard::Pressed(pressed) => talking.pressed(tx, pressed).await?,
                Heard::TookBack { chat, messages, .. } => talking.took_back(tx, chat, messages).await?,
                Heard::ShutOut { chat, .. } => talking.shut_out(tx, chat).await?,
                Heard::Wrote(_) => {}
            }
            if !intake::settle_empty(tx, delivery.id).await? {
                return Err(StepError::Casework(crate::casework::CaseworkError::Changed));
            }
        }
        Read::Nothing => {
            intake::settle_empty(tx, delivery.id).await?;
        }
        // What is in a case stays there, whatever becomes of its rest.
        Read::Unreadable(why) => {
            let state = match delivery.representation_id {
                Some(id) => DeliveryState::InPart(id, why),
                None => DeliveryState::Quarantined(why),
            };
            intake::settle(tx, delivery.id, state).await?;
        }
    }
    Ok(())
}

fn talking<'a>(
    engine: &'a Engine,
    (lines, policy): (&'a Lines, &'a MailboxPolicy),
    delivery: &'a Delivery,
    now: DateTime<Utc>,
) -> Talking<'a> {
    Talking { office: &engine.office, lines, policy, mailbox: &delivery.mailbox, delivery: delivery.id, now }
}

/// The rest of a large message has come: what was stored of it is completed. Whose it is, its case and its answer stay.
async fn complete(engine: &Engine, tx: &mut Tx, message: &Prepared, delivery: &Delivery) -> Result<(), StepError> {
    let Some(id) = delivery.representation_id else { return Ok(()) };
    let reading = &message.representation.reading;
    let before = rest::reading_of(tx, id).await?;
    let label_again = engine.classifier.is_some()
        && before.is_some_and(|before| {
            prepare::to_label(&engine.office, &delivery.mailbox, false, &before) != message.to_label
        });
    rest::complete(tx, id, reading, label_again).await?;
    let mut why = None;
    let state = raw::settled(id, reading, false, &mut why);
    if !intake::settle(tx, delivery.id, state).await? {
        return Err(StepError::Casework(crate::casework::CaseworkError::Changed));
    }
    Ok(())
}

/// Only private mail that could not be read before comes this way, when an officer lets it be tried again.
fn is_private(engine: &Engine, delivery: &Delivery) -> bool {
    delivery.mailbox != CHAT && engine.office.policy(&delivery.mailbox).kind == MailboxKind::Manager
}

async fn settle_alone(
    engine: &Engine,
    read: &Read,
    delivery: &Delivery,
    suggestions: &[Suggestion],
    now: DateTime<Utc>,
) -> Result<(), StepError> {
    let alone = async {
        let mut tx = engine.store.begin().await?;
        settle_one(engine, &mut tx, read, delivery, suggestions, now).await?;
        tx.commit().await?;
        Ok::<_, StepError>(())
    };
    let Err(error) = alone.await else { return Ok(()) };
    if matches!(&error, StepError::Store(fault) if fault.passes()) {
        return Err(error);
    }
    tracing::warn!(delivery = %delivery.id, fault = error.sort(), "a message could not be settled");
    let mut tx = engine.store.begin().await?;
    if delivery.attempts + 1 >= ATTEMPTS {
        intake::settle(&mut tx, delivery.id, DeliveryState::Quarantined(&error.to_string())).await?;
    } else {
        intake::count_attempt(&mut tx, delivery.id).await?;
    }
    tx.commit().await?;
    Ok(())
}
