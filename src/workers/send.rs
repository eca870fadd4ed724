//! Sends what lies in the outbox: claimed for a while, sent outside any transaction, then marked.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{Engine, StepError, enclosures, links};
use crate::{
    alerts::Trouble,
    casework,
    replies::courier::{Courier, Delivery},
    store::{
        alerts,
        outbox::{self, Claimed},
    },
};

/// How many messages are taken at once.
const BATCH: i64 = 16;
/// How many are under way at once. A program killed between the last byte of a letter and the server's answer cannot
/// know whether it was taken (RFC 1047): one at a time, that is at most one letter, and it waits for an officer.
const AT_ONCE: usize = 1;
/// If the program dies while sending, another may take the message after so long (minutes).
const LEASE_MINUTES: i64 = 2;

/// Sends until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        match send_due(&engine).await {
            Ok(0) => {
                failures = 0;
                if !super::sleep(Some(&engine.outgoing), Duration::from_secs(5), &stop).await {
                    break;
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::error!(%error, "the outbox could not be served; letters wait");
                if !super::sleep(None, super::back_off(failures), &stop).await {
                    break;
                }
            }
        }
    }
}

/// Makes one attempt for each message that is due, up to a batch. Returns how many attempts.
///
/// # Errors
///
/// The database's.
pub async fn send_due(engine: &Engine) -> Result<usize, StepError> {
    if !engine.office.sending {
        return Ok(0);
    }
    engine.store.mark_unmarked(engine.clock.now()).await?;
    let claimed = {
        let mut tx = engine.store.begin().await?;
        let claimed =
            outbox::claim(&mut tx, BATCH, &engine.name, chrono::Duration::minutes(LEASE_MINUTES), engine.clock.now())
                .await?;
        tx.commit().await?;
        claimed
    };
    let n = claimed.len();
    let results: Vec<_> =
        stream::iter(claimed).map(|message| send_one(engine, message)).buffer_unordered(AT_ONCE).collect().await;
    results.into_iter().collect::<Result<Vec<()>, StepError>>()?;
    Ok(n)
}

/// A letter never goes without what belongs to it: it waits for an officer.
async fn hold(engine: &Engine, claimed: &Claimed, why: &str) -> Result<(), StepError> {
    let mut tx = engine.store.begin().await?;
    outbox::hold_enclosure(&mut tx, claimed.id, &engine.name, why).await?;
    tx.commit().await?;
    tracing::warn!(outbox = %claimed.id, "what goes with it is not there or may not go; see the held letters");
    Ok(())
}

async fn send_one(engine: &Engine, mut claimed: Claimed) -> Result<(), StepError> {
    match enclosures::read(engine, &mut claimed.message).await {
        Ok(None) => {}
        Ok(Some(why)) => return hold(engine, &claimed, &why).await,
        Err(StepError::Files(fault)) => {
            let mut tx = engine.store.begin().await?;
            outbox::later(&mut tx, &claimed, &engine.name, &fault.to_string(), engine.clock.now()).await?;
            tracing::warn!(outbox = %claimed.id, attempts = claimed.attempts, "what goes with it cannot be read; not sent yet");
            return Ok(tx.commit().await?);
        }
        Err(fault) => return Err(fault),
    }
    if let Some(why) = links::fill(engine, &mut claimed.message).await? {
        return hold(engine, &claimed, why).await;
    }
    if claimed.again {
        let mut tx = engine.store.begin_read().await?;
        let says = casework::says_it_again(&engine.office, &mut tx, &claimed.message.to).await?;
        claimed.message.text = format!("{says}\n\n{}", claimed.message.text);
    }
    let courier: Option<&dyn Courier> = match claimed.channel.as_str() {
        "chat" => engine.couriers.chat.as_deref(),
        _ => Some(&*engine.couriers.email),
    };
    let delivery = match courier {
        Some(courier) => courier.send_noting(&claimed.message, engine.store.on_the_way(claimed.id)).await,
        None => Delivery::Unavailable(Trouble::Chat, "no chat is configured: add [chat] to the configuration".into()),
    };
    if delivery == Delivery::Delivered {
        // Written down at once, before the database has its turn: a program killed now must not send it again.
        engine.store.note_sent(claimed.id);
    } else {
        engine.store.note_not_taken(claimed.id);
    }
    let now = engine.clock.now();
    let mut tx = engine.store.begin().await?;
    match &delivery {
        Delivery::Delivered => {
            outbox::sent(&mut tx, claimed.id, &engine.name, now).await?;
        }
        Delivery::Wait(time, why) => {
            outbox::later(&mut tx, &claimed, &engine.name, why, now).await?;
            let time = chrono::Duration::from_std(*time).unwrap_or_else(|_| chrono::Duration::hours(1));
            outbox::wait_all(&mut tx, &claimed.channel, now + time).await?;
        }
        Delivery::TryLater(why) | Delivery::Unavailable(_, why) => {
            outbox::later(&mut tx, &claimed, &engine.name, why, now).await?;
        }
        Delivery::Unsure(_, why) => {
            outbox::unsure(&mut tx, claimed.id).await?;
            outbox::later(&mut tx, &claimed, &engine.name, why, now).await?;
        }
        Delivery::Refused(why) => {
            outbox::failed(&mut tx, claimed.id, &engine.name, why, now).await?;
        }
    }
    match &delivery {
        Delivery::Unavailable(trouble, _) | Delivery::Unsure(trouble, _) => {
            alerts::sending_bad(&mut tx, &claimed.channel, trouble.as_str(), now).await?;
        }
        // Whatever the server said of this message, it answered.
        Delivery::Delivered | Delivery::Wait(..) | Delivery::TryLater(_) | Delivery::Refused(_) => {
            alerts::sending_good(&mut tx, &claimed.channel, now).await?;
        }
    }
    tx.commit().await?;
    engine.store.marked_sent(claimed.id);
    match delivery {
        Delivery::Delivered => tracing::info!(outbox = %claimed.id, attempts = claimed.attempts, "sent"),
        Delivery::Wait(..) | Delivery::TryLater(_) | Delivery::Unavailable(..) | Delivery::Unsure(..) => {
            tracing::warn!(outbox = %claimed.id, attempts = claimed.attempts, "not sent yet")
        }
        Delivery::Refused(_) => tracing::error!(outbox = %claimed.id, "refused for good; see the held letters"),
    }
    Ok(())
}
