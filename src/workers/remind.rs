//! Reminds people each working morning of what is due, and asks families how they have been treated since their case was closed.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::London;
use tokio_util::sync::CancellationToken;

use super::{Engine, StepError, ask_how_we_did, sleep};
use crate::{casework, clock::london_date};

/// How often it is looked whether it is time.
const PERIOD: Duration = Duration::from_secs(60);

/// Reminds whoever has something due, if it is time and they were not reminded today. Returns how many letters were queued.
///
/// # Errors
///
/// [`StepError`]; what was queued before stands, and nobody hears twice on one day.
pub async fn remind_if_time(engine: &Engine, now: DateTime<Utc>) -> Result<Option<usize>, StepError> {
    if now.with_timezone(&London).time() < engine.office.reminders.at {
        return Ok(None);
    }
    let mut tx = engine.store.begin().await?;
    let reminded = casework::remind(&engine.office, &mut tx, now).await?;
    tx.commit().await?;
    let asked = casework::check_ins(&engine.office, &engine.store, now).await?;
    if reminded + asked > 0 {
        engine.outgoing.notify_one();
    }
    Ok(Some(reminded + asked))
}

/// The same, and asks families how we did.
async fn all_if_time(engine: &Engine, now: DateTime<Utc>) -> Result<Option<usize>, StepError> {
    let Some(reminded) = remind_if_time(engine, now).await? else { return Ok(None) };
    Ok(Some(reminded + ask_how_we_did(engine, now).await?))
}

pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    // Once a day is enough: the keys in the outbox keep the other program, and this one after a restart, from a second time.
    let mut done: Option<NaiveDate> = None;
    loop {
        let now = engine.clock.now();
        if done != Some(london_date(now)) {
            match all_if_time(&engine, now).await {
                Ok(None) => {}
                Ok(Some(queued)) => {
                    done = Some(london_date(now));
                    tracing::info!(queued, "reminders written");
                }
                Err(error) => tracing::warn!(sort = error.sort(), "reminders wait"),
            }
        }
        if !sleep(None, PERIOD, &stop).await {
            return;
        }
    }
}
