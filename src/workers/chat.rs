//! The chat worker: updates and the offset are stored in one transaction before the update is confirmed to the service.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Engine, StepError, back_off, read::CHAT};
use crate::{
    intake::{
        channel::{ChatService, RawUpdate},
        mailbox::Position,
    },
    store::intake::{self, DeliveryState, NewDelivery},
};

/// Seconds of one long poll.
const LONG_POLL: u32 = 50;

/// A service that does not take the notes about pressed buttons holds up nobody's messages for longer.
const NOTICED_WITHIN: Duration = Duration::from_secs(5);

/// Polls until `stop`.
pub(super) async fn watch(engine: Engine, source: Arc<dyn ChatService>, stop: CancellationToken) {
    let mut failures = 0;
    while !stop.is_cancelled() {
        let result = tokio::select! {
            () = stop.cancelled() => break,
            result = step(&engine, &*source, LONG_POLL) => result,
        };
        match result {
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::warn!(fault = error.sort(), failures, "chat not read; see the health page");
                super::poll::say_bad(&engine, CHAT, &error).await;
                if !super::sleep(None, back_off(failures), &stop).await {
                    break;
                }
            }
        }
    }
}

/// Takes in everything that waits.
pub(super) async fn drain(engine: &Engine, source: &dyn ChatService) -> Result<(), StepError> {
    while step(engine, source, 0).await? > 0 {}
    Ok(())
}

/// One call: what came is stored with the next offset. Only the next call confirms it to the service.
async fn step(engine: &Engine, source: &dyn ChatService, seconds: u32) -> Result<usize, StepError> {
    let offset = {
        let mut tx = engine.store.begin_read().await?;
        intake::position(&mut tx, CHAT).await?.map(|position| i64::from(position.last_uid) + 1)
    };
    let updates = source.updates(offset, seconds).await.map_err(|error| StepError::Chat(error.to_string()))?;
    let now = engine.clock.now();
    let mut tx = engine.store.begin().await?;
    for RawUpdate { update_id, json } in &updates {
        let raw = json.to_string();
        let delivery = NewDelivery {
            mailbox: CHAT,
            uid_validity: 0,
            uid: *update_id,
            arrived_at: now,
            raw: raw.as_bytes(),
            cut_from: None,
            raw_file: None,
        };
        intake::put_delivery(&mut tx, &delivery, DeliveryState::Unread, now).await?;
    }
    if let Some(last) = updates.iter().map(|update| update.update_id).max() {
        let last_uid =
            u32::try_from(last).map_err(|_| StepError::Chat(format!("the update number {last} is out of range")))?;
        intake::set_position(&mut tx, CHAT, Position { uid_validity: 0, last_uid }, now).await?;
    }
    intake::mailbox_good(&mut tx, CHAT, "chat", 0, now).await?;
    tx.commit().await?;
    if !updates.is_empty() {
        engine.unread.notify_one();
    }
    // Best effort: whoever pressed a button sees that it was noticed, and waits for nothing else.
    let noticed = futures::future::join_all(updates.iter().map(|update| source.noticed(&update.json)));
    let _ = tokio::time::timeout(NOTICED_WITHIN, noticed).await;
    Ok(updates.len())
}
