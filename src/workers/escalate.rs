//! Writes to those who hear next of a child at risk while nobody has acknowledged the alert. Each level of each case hears once,
//! however many programs look: the first to write the event has done it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::{Engine, StepError};
use crate::{
    casework::{self, CaseworkError},
    store::safeguarding,
};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(30);

/// Looks until `stop`.
pub(super) async fn run(engine: Engine, stop: CancellationToken) {
    while super::sleep(None, EVERY, &stop).await {
        if let Err(error) = look(&engine, engine.clock.now()).await {
            tracing::warn!(fault = error.sort(), "alerts that nobody has acknowledged were not looked for");
        }
    }
}

/// Looks once, as at `now`. How many cases were told of to others.
///
/// # Errors
///
/// The database's. What went wrong with one case keeps no other from its turn.
pub async fn look(engine: &Engine, now: DateTime<Utc>) -> Result<u64, StepError> {
    let office = &engine.office;
    let soonest = office.safeguarding.escalate.iter().map(|level| level.after_minutes).min();
    let Some(soonest) = soonest.filter(|_| office.sending) else { return Ok(0) };
    let before = now - TimeDelta::minutes(soonest.into());
    let levels = office.safeguarding.escalate.len();
    let cases = safeguarding::due(&mut engine.store.begin_read().await?, before, levels).await?;
    let mut told = 0;
    for case in cases {
        let mut tx = engine.store.begin().await?;
        match casework::escalate(office, &mut tx, case, now).await {
            Ok(true) => {
                tx.commit().await?;
                told += 1;
            }
            // Another program was quicker, or somebody has just acknowledged it.
            Ok(false) | Err(CaseworkError::Changed | CaseworkError::Refused(_)) => {}
            Err(error) => {
                let error = StepError::from(error);
                tracing::error!(fault = error.sort(), %case, "those who hear next of a child at risk were not written to");
            }
        }
    }
    if told > 0 {
        engine.outgoing.notify_one();
    }
    Ok(told)
}
