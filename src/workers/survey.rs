//! Asks families how we did, some working days after the end of their case.

use chrono::{DateTime, Utc};

use super::{Engine, StepError};
use crate::casework;

/// Asks every family whose time has come. Returns how many letters were queued.
///
/// # Errors
///
/// [`StepError`]; what was queued before stands, and nobody is asked twice.
pub async fn ask_how_we_did(engine: &Engine, now: DateTime<Utc>) -> Result<usize, StepError> {
    let asked = casework::survey::invite(&engine.office, &engine.store, now).await?;
    if asked > 0 {
        engine.outgoing.notify_one();
    }
    Ok(asked)
}
